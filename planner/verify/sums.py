r"""What the tables say of one another: energy is balanced, what works is what stood and was ordered less what was retired, and
figures of a year are sums of their own tables.

.. math::
    \sum_{f \in \text{feeds}} E_f = \sum_{f \in \text{draws}} E_f \qquad
    C_{k,y} = S_{k,y} + \sum_{o \in W_{k,y}} x_o - \sum_{z \le y} \rho_{k,z}
.. math::
    use = \sum_s \tau_s (M_s - X_s) + \tau_e G \qquad clean = \sum_s \tau_s \kappa_s M_s + \tau_e (G - X_e)

E  flow of a year, by zone and carrier   MWh, t    C  capacity that works   unit (k,y)     S  stood before                unit (k,y)
x  an order that works                   unit (o)  ρ  retired early         unit (k,z)     G  electricity of green plants  MWh
M, X  imported, exported                 MWh (s)   τ  coal equivalent       tce/MWh        κ  green share                  1 (s)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.language.message import Message
from planner.verify.certificate import Finding, PlanCertificate, emissions_of, same

#: Flows that come into a zone and carrier, and that leave it.
FEEDS = ("import", "out", "discharge", "arrived")
DRAWS = ("export", "in", "charge", "demand", "sent")
#: Flows that tell something else than the balance.
BESIDE = ("captured", "curtailed")
#: Table -> item of emissions that its rows add up to: by column and value of the rows, all where it has none.
TOTALS = (
    ("offsets", "kind", "avoidance", "avoidance"),
    ("offsets", "kind", "removal", "removal_credits"),
    ("certificates", "", "", "certified"),
    ("restoration", "item", "counted", "restoration"),
    ("restoration", "item", "uptake", "restoration_uptake"),
    ("energy", "flow", "captured", "captured"),
)
#: Tonnes and energy of a year by item.
Emissions = dict[int, dict[str, float]]


def check_sums(own: PlanCertificate) -> Iterator[Finding]:
    """Balances, capacities, signed orders, and figures of the year."""
    emissions = emissions_of(own)
    wrong = [*_balances(own), *_capacities(own), *_signed(own), *_totals(own, emissions), *_energy(own, emissions)]
    if wrong:
        yield Finding(
            Message("sums: {count} figures of tables do not agree, first {first}", count=len(wrong), first=wrong[0]), True
        )
    else:
        words = Message(
            "sums: energy of {count} years is balanced, and capacities follow from orders and retirements", count=len(emissions)
        )
        yield Finding(words)


def _balances(own: PlanCertificate) -> Iterator[str]:
    """Zones and carriers where what comes in over a year is not what leaves, and flows of an unknown kind."""
    sums: dict[tuple[int, str, str], float] = defaultdict(float)
    sizes: dict[tuple[int, str, str], float] = defaultdict(float)
    years = _years(own)
    for r in own.tables["energy"]:
        y, value = int(r["year"]), float(r["value"])
        if y not in years or r["flow"] not in (*FEEDS, *DRAWS, *BESIDE):
            yield f"energy.csv {r['flow']} {r['name']} {y}"
        if r["flow"] not in BESIDE:
            sums[y, r["zone"], r["carrier"]] += value if r["flow"] in FEEDS else -value
            sizes[y, r["zone"], r["carrier"]] += abs(value)
    for (y, zone, carrier), left in sums.items():
        if not same(left, 0.0, sizes[y, zone, carrier]):
            yield f"energy.csv {zone} {carrier} {y}"


def _capacities(own: PlanCertificate) -> Iterator[str]:
    """What works in a year and is not what stood and was ordered less what was retired."""
    stood, found = own.told["standing"], defaultdict[tuple[str, int], float](float)
    works: dict[tuple[str, int], float] = defaultdict(float)
    for r in own.tables["capacity"]:
        found[r["technology"], int(r["year"])] += float(r["capacity"])
    for k, by_year in stood.items():
        for y, size in by_year.items():
            works[k, int(y)] += float(size)
    orders: dict[tuple[str, int], int] = {}
    for r in own.tables["investments"]:
        k, until = r["technology"], int(r["works_until"])
        orders[k, int(r["year"])] = until
        for y in _years(own):
            if int(r["works_from"]) <= y <= until:
                works[k, y] += float(r["build"])
    for r in own.tables["retirements"]:
        k, gone, ordered = r["technology"], int(r["year"]), int(r["ordered"])
        if ordered and (k, ordered) not in orders:
            yield f"retirements.csv {k} {gone}"
        for y in (y for y in _years(own) if y >= gone):
            if y <= orders.get((k, ordered), y) if ordered else str(y) in stood.get(k, {}):
                works[k, y] -= float(r["retired"])
    for k, y in sorted({*found, *works}):
        if not same(found[k, y], works[k, y], 1.0):
            yield f"capacity.csv {k} {y}"


def _signed(own: PlanCertificate) -> Iterator[str]:
    """Orders that are said to be signed and are not those of the park."""
    said: dict[tuple[str, int], float] = defaultdict(float)
    for r in own.tables["investments"]:
        if r["committed"] == "1":
            said[r["technology"], int(r["year"])] += float(r["build"])
    stated = {(k, int(y)): float(size) for k, of in own.told["signed"].items() for y, size in of.items()}
    for k, y in sorted({*said, *stated}):
        if not same(said[k, y], stated.get((k, y), 0.0)):
            yield f"investments.csv {k} {y}"


def _totals(own: PlanCertificate, emissions: Emissions) -> Iterator[str]:
    """Amounts of a table that are not what emissions.csv says of the year."""
    for table, column, value, item in TOTALS:
        sums: dict[int, float] = defaultdict(float)
        for r in own.tables[table]:
            if not column or r[column] == value:
                sums[int(r["year"])] += float(r["value"])
        for y in sorted({*sums, *emissions}):
            figures = emissions.get(y, {})
            told = sum(figures.get(name, 0.0) for name in _items(item))
            if not same(sums[y], told, 1e-3 * figures.get("base", 0.0) if item != "certified" else 1.0):
                yield f"{table}.csv {item} {y}"


def _items(item: str) -> tuple[str, ...]:
    return ("captured_fossil", "captured_removals") if item == "captured" else (item,)


def _energy(own: PlanCertificate, emissions: Emissions) -> Iterator[str]:
    """Energy used and clean energy, electricity used and direct green electricity that do not follow from energy.csv."""
    terms = own.told["energy"]
    tce, green_share, green, of_electricity = terms["tce"], terms["green_share"], {*terms["green"]}, float(terms["electricity"])
    for y, figures in emissions.items():
        rows = [(r, float(r["value"])) for r in own.tables["energy"] if int(r["year"]) == y]
        electric = [(r["flow"], r["name"], v) for r, v in rows if r["carrier"] == "electricity"]
        made = sum(v for flow, _, v in electric if flow == "out")
        green_made = sum(v for flow, name, v in electric if flow == "out" and name in green)
        sold, bought = (sum(v for flow, _, v in electric if flow == kind) for kind in ("export", "import"))
        traded = [(r["flow"], r["name"], v) for r, v in rows if r["flow"] in ("import", "export") and r["name"] in tce]
        use = sum(float(tce[name]) * (v if flow == "import" else -v) for flow, name, v in traded)
        clean = sum(float(tce[name]) * float(green_share[name]) * v for flow, name, v in traded if flow == "import")
        expected = {
            "electricity_used": bought + made - sold,
            "direct_green": green_made - sold,
            "energy_use": use + of_electricity * green_made,
            "clean_energy": clean + of_electricity * (green_made - sold),
        }
        size = bought + made + sold
        for item, value in expected.items():
            if not same(figures[item], value, size):
                yield f"{item} {y}"


def _years(own: PlanCertificate) -> range:
    return range(int(own.told["first_year"]), int(own.told["last_year"]) + 1)
