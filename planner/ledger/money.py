"""Money: cash of each year from prices and quantities, then discounted and, for capital, shared out over the horizon."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from models.errors import Message
from models.units import yearly_factor
from planner.ledger.carbon import bought, counted_imports, factor
from planner.ledger.connections import (
    certificate_figures,
    certified,
    charges,
    contracted,
    credit_figures,
    matched_of,
    paid_contracts,
    paid_peaks,
    scheme_in_force,
    used,
)
from planner.ledger.equipment import activity_of, noise_of_moves, shift_cash, started
from planner.ledger.figures import ELECTRICITY, NOISE, Book, Builds, Figures, LedgerAsset, lasting, lines, works
from planner.ledger.flows import LedgerYear, adoptions, in_force, price_shape, restoration_items
from planner.ledger.outages import response_cash

#: (item, name) -> money
Cash = dict[tuple[str, str], float]
CAPITAL = ("capital", "measures", "restoration")
FLOWS = ("energy", "export")


def annuity(rate: float, payments: float) -> float:
    """Value of yearly payments of 1, the first one now, the last one in part."""
    whole = int(payments + 1e-9)
    part = max(payments - whole, 0.0) / (1 + rate) ** whole
    return part + (whole if rate == 0 else (1 - (1 + rate) ** -whole) * (1 + rate) / rate)


def horizon_share(figures: Figures, first_use: int, lifetime: float) -> float:
    """Share of a capital cost that falls within the horizon."""
    used = min(lifetime, figures.park.last_year - first_use + 1)
    return annuity(figures.park.discount_rate, used) / annuity(figures.park.discount_rate, lifetime) if used > 0 else 0.0


def discount(figures: Figures, y: int) -> float:
    """Value in the first year of money of a year."""
    return 1.0 / (1.0 + figures.park.discount_rate) ** (y - figures.park.first_year)


def capital_of(figures: Figures, asset: LedgerAsset, y: int, size: float) -> float:
    """What an order costs in its year, grants taken off."""
    price, project, grant = (figures.cost(asset, p).get(y, 0.0) for p in ("capital_cost", "project_cost", "grant"))
    return (1 - grant) * (price * size + (project if size > 0 else 0.0))


def committed_capital(figures: Figures, asset: LedgerAsset, v: int, size: float) -> float:
    """What an order that was signed costs in its year: nothing before the horizon, no grant and no project cost."""
    stated = {(c.technology, c.year): c.capital_cost for c in figures.case.committed}.get((asset.name, v))
    price = figures.cost(asset, "capital_cost").get(v, 0.0) if stated is None else stated
    return price * size if v in figures.years else 0.0


def fixed_cost(figures: Figures, asset: LedgerAsset, builds: Builds, y: int, capacity: float) -> float:
    """What is paid in a year to keep capacity: at the price of that year, or what is left of each order at that of its own year,
    and what stood before at that of first_year."""
    if not figures.pays_by_order(asset):
        return figures.cost(asset, "fixed_cost").get(y, 0.0) * capacity
    paid, stood = 0.0, capacity
    for (k, v), size in builds.ordered.items():
        if k == asset.name and y in works(figures, asset, v):
            left = size - math.fsum(gone for (own, w, z), gone in builds.retired.items() if (own, w) == (k, v) and z <= y)
            left *= lasting(figures, asset, v, y)
            paid += figures.cost_of_order(asset, "fixed_cost", v) * left
            stood -= left
    return paid + figures.cost_of_order(asset, "fixed_cost", figures.park.first_year) * stood


def decisions_cash(figures: Figures, tables: Mapping[str, pd.DataFrame], builds: Builds, y: int) -> Cash:
    """Capital of a year and the cost of owning what stands, is in force and is kept up."""
    cash: Cash = {}
    for (k, v), size in builds.decided.items():
        if v == y and k in figures.assets:
            cash["capital", k] = capital_of(figures, figures.assets[k], y, size)
    for (k, v), size in builds.committed.items():
        if v == y and k in figures.assets:
            cash["capital", k] = cash.get(("capital", k), 0.0) + committed_capital(figures, figures.assets[k], y, size)
    for r in lines(tables["capacity"]):
        if r.year == y and r.technology in figures.assets:
            cash["fixed_cost", r.technology] = fixed_cost(figures, figures.assets[r.technology], builds, y, r.capacity)
    for (k, v), size in builds.ordered.items():
        if k in figures.assets and y in works(figures, figures.assets[k], v):
            price = figures.cost_of_order(figures.assets[k], "annuity", v)
            cash["annuity", k] = cash.get(("annuity", k), 0.0) + price * size
    for (k, _, z), size in builds.retired.items():
        if z == y and k in figures.assets:
            price = figures.cost(figures.assets[k], "retirement_cost").get(y, 0.0)
            cash["retirement_cost", k] = cash.get(("retirement_cost", k), 0.0) + price * size
    cash["fixed_cost", "park"] = figures.park_cost[y]
    for m in in_force(figures, tables, y):
        cash["measure_cost", m.measure] = m.fixed_cost
    rows = {m.measure: m for m in figures.case.measures}
    for name, v in adoptions(tables):
        if v == y and name in rows:
            cash["measures", name] = rows[name].capital_cost
    said = restoration_items(tables)
    for p in figures.case.restoration:
        cash["restoration", p.project] = p.capital_cost * said.get(("planted", p.project, y), 0.0)
        cash["restoration_cost", p.project] = p.fixed_cost * said.get(("kept_up", p.project, y), 0.0)
    return cash | response_cash(figures, tables, y)


def operating_cash(year: LedgerYear, scope1: float) -> Cash:
    """What is paid in the year for energy, connections, running equipment, certificates, credits and emissions."""
    return _boundary(year) | _running(year) | shift_cash(year) | _papers(year) | _carbon_price(year, scope1)


def _boundary(year: LedgerYear) -> Cash:
    cash: Cash = {}
    peaks, contracts = paid_peaks(year), paid_contracts(year)
    for s in year.figures.case.supplies:
        prices = {i: year.figures.price(s.supply, i).get(year.y, 0.0) for i in FLOWS}
        for item, flow, sign in (("energy", "import", 1.0), ("export", "export", -1.0)):
            series = year.flow(flow, s.supply)
            if series.any():
                shape = price_shape(year.figures.case, s.supply, item, year.hours)
                paid = 1 - s.take if item == "energy" and s.is_as_generated else 1.0
                cash[item, s.supply] = paid * sign * prices[item] * year.hours.total(series * shape)
        if s.is_as_generated:
            shape = price_shape(year.figures.case, s.supply, "energy", year.hours) * year.hours.profile(s.profile)
            cash["contract", s.supply] = s.take * prices["energy"] * contracted(year, s) * year.hours.total(shape)
        cash["fixed", s.supply] = year.figures.price(s.supply, "fixed").get(year.y, 0.0) * used(year, s)
        short = year.said("contracts", "supply", "item").get((s.supply, "shortfall"), 0.0)
        cash["shortfall", s.supply] = prices["energy"] * short
    for c in year.figures.case.connections:
        asked_for = {"", scheme_in_force(year, c.connection)}
        fees = [year.figures.price(c.connection, "fixed", scheme).get(year.y, 0.0) for scheme in asked_for]
        cash["fixed", c.connection] = math.fsum(fees)
    for name, scheme, period in charges(year):
        months = math.fsum(m.times * peaks.get((name, scheme, period, m.label), 0.0) for m in year.hours.months)
        if year.figures.has_yearly_charge(name, scheme, period):
            months = 12 * peaks.get((name, scheme, period, "all"), 0.0)  # the price is of a month
        on = {"demand_charge": months} | ({} if period else {"capacity_charge": 12 * contracts.get((name, scheme), 0.0)})
        for item, billed in on.items():
            price = year.figures.price(name, item, scheme, period).get(year.y, 0.0)
            cash[item, name] = cash.get((item, name), 0.0) + price * billed
    return cash


def _running(year: LedgerYear) -> Cash:
    cash: Cash = {}
    for name, asset in year.figures.assets.items():
        price = year.figures.cost(asset, "variable_cost").get(year.y, 0.0)
        if price:
            cash["variable_cost", name] = price * year.hours.total(_run(year, name))
        if name in year.figures.technologies and year.figures.is_committed(name):
            price = year.figures.cost(asset, "start_cost").get(year.y, 0.0)
            cash["start_cost", name] = price * year.hours.total(started(year, name))
    return cash


def _run(year: LedgerYear, name: str) -> np.ndarray:
    """What a variable cost is paid on: activity, discharge, what is sent."""
    if name not in year.figures.technologies:
        return year.flow("sent", name)
    is_store = year.figures.types[year.figures.technologies[name].type_name].role == "store"
    return year.flow("discharge", name) if is_store else activity_of(year, name)


def _papers(year: LedgerYear) -> Cash:
    cash: Cash = {}
    credits, certificates = credit_figures(year.figures), certificate_figures(year.figures)
    for table, key, price in (
        ("offsets", "offset", {o: p for o, (_, p, _) in credits.items()}),
        ("certificates", "certificate", {c: p for c, (_, p, _) in certificates.items()}),
    ):
        costs = year.said(table, key, value="cost")
        for name, quantity in year.said(table, key).items():
            cash[table, name] = quantity * price[name][year.y]
            year.book.equal(Message("cost in {table}.csv", table=table), year.y, name, costs[name], cash[table, name])
    return cash


def _carbon_price(year: LedgerYear, scope1: float) -> Cash:
    figures, cash = year.figures, {}
    paid_share = 1 - figures.park.carbon_free_share
    accounting = figures.park.accounting
    green = certified(year)
    for scope in (1, 2):
        for s, energy in bought(year, scope).items():
            price = figures.price(s, "carbon").get(year.y, 0.0)
            off = green.get(s, 0.0) * factor(year, s, "market") if scope == 2 and accounting == "market" else 0.0
            emitted = counted_imports(year, s, accounting) if scope == 2 else energy * factor(year, s, accounting)
            cash["carbon", s] = price * paid_share * (emitted - off)
    cash["carbon", "*"] = figures.price("*", "carbon").get(year.y, 0.0) * paid_share * scope1
    return cash


def in_system_cost(figures: Figures, y: int, cash: Cash) -> Cash:
    """The same terms as the objective counts them."""
    lifetimes = {m.measure: m.lifetime for m in figures.case.measures}
    lead = {m.measure: m.lead_time for m in figures.case.measures}
    lifetimes |= {p.project: p.lifetime for p in figures.case.restoration}
    counted: Cash = {}
    for (item, name), money in cash.items():
        share = 1.0
        if item == "capital":
            asset = figures.assets[name]
            share = horizon_share(figures, y + asset.lead_time, figures.lifetime(asset))
        elif item in CAPITAL:
            share = horizon_share(figures, y + lead.get(name, 0), lifetimes[name])
        counted[item, name] = discount(figures, y) * share * money
    return counted


def earned_by_orders(figures: Figures, builds: Builds, y: int) -> float:
    """What orders of a year with a capital cost below 0 come to, which count nothing in the budget."""
    earned = 0.0
    for (k, v), size in builds.decided.items():
        if v == y and k in figures.assets and figures.cost(figures.assets[k], "capital_cost").get(y, 0.0) < 0:
            earned += capital_of(figures, figures.assets[k], y, size)
    for (k, v), size in builds.committed.items():
        if v == y and k in figures.assets:
            earned += min(0.0, committed_capital(figures, figures.assets[k], y, size))
    return earned


def check_costs(year: LedgerYear, cash: Cash, lost: Cash, builds: Builds) -> None:
    """costs.csv and system_cost.csv of the year, term by term, and capital within the budget; `lost` is what `given_up` gives."""
    figures, y = year.figures, year.y
    noise = _noise(year, cash)
    year.book.equal_items("costs.csv", y, year.said("costs", "item", "name"), cash, noise=noise)
    counted = in_system_cost(figures, y, cash) | {key: discount(figures, y) * money for key, money in lost.items()}
    year.book.equal_items("system_cost.csv", y, year.said("system_cost", "item", "name"), counted, noise=noise)
    spent = math.fsum(v for (item, _), v in cash.items() if item in CAPITAL) - earned_by_orders(figures, builds, y)
    allowed = {str(row.year): row.capital for row in figures.case.budget if row.year == y}
    year.book.equal_items("budget.csv", y, year.said("budget", "year", value="budget"), allowed)
    for limit in allowed.values():
        year.book.at_most("capital within the budget", y, "all capital", spent, limit)


def _noise(year: LedgerYear, cash: Cash) -> Cash:
    """What a term may be off beside its own 1e-6: orders too small to be listed, and the tolerance of emissions."""
    figures, y = year.figures, year.y
    found = {("capital", k): NOISE * abs(capital_of(figures, a, y, 1.0)) for k, a in figures.assets.items()}
    for k, a in figures.assets.items():  # a little of each order may be listed in a later year than it is retired in
        found["retirement_cost", k] = NOISE * (1 + len(figures.years)) * figures.cost(a, "retirement_cost").get(y, 0.0)
        found["annuity", k] = NOISE * sum(abs(figures.cost_of_order(a, "annuity", v)) for v in figures.years)
        if figures.pays_by_order(a):
            prices = [abs(figures.cost_of_order(a, "fixed_cost", v)) for v in figures.years]
            found["fixed_cost", k] = NOISE * (1 + len(figures.years)) * sum(prices)
        # what is on may be off by 1e-7 in every hour, which counts as a start
        hours = year.hours.total(np.ones(year.hours.count))
        found["start_cost", k] = 0.1 * NOISE * hours * figures.cost(a, "start_cost").get(y, 0.0)
    found |= noise_of_moves(year)
    tonnes = 1 + sum(energy * factor(year, s, figures.park.accounting) for n in (1, 2) for s, energy in bought(year, n).items())
    for item, name in cash:
        if item == "carbon":
            found[item, name] = NOISE * tonnes * figures.price(name, "carbon").get(y, 0.0)
    return found


def check_capital_columns(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame]) -> None:
    """The money beside orders and adoptions is what costs.csv says of them."""
    for r in lines(tables["investments"]):
        if r.technology in figures.assets:
            cost = committed_capital if r.committed else capital_of
            found = cost(figures, figures.assets[r.technology], int(r.year), r.build)
            book.equal("capital_cost in investments.csv", int(r.year), r.technology, r.capital_cost, found)
            built = r.build * figures.cost_of_order(figures.assets[r.technology], "embodied", int(r.year))
            book.equal("embodied in investments.csv", int(r.year), r.technology, r.embodied, built)
            years = works(figures, figures.assets[r.technology], int(r.year))
            book.equal("first year of an order", int(r.year), r.technology, r.works_from, years.start, noise=0.0)
            book.equal("last year of an order", int(r.year), r.technology, r.works_until, years.stop - 1, noise=0.0)
    rows = {m.measure: m for m in figures.case.measures}
    for r in lines(tables["measures"]):
        if r.measure in rows:
            row = rows[r.measure]
            last = int(r.year) + row.lead_time + int(row.lifetime + 1e-9) - 1
            book.equal("capital_cost in measures.csv", int(r.year), r.measure, r.capital_cost, row.capital_cost)
            book.equal("last year of a measure", int(r.year), r.measure, r.works_until, last, noise=0.0)


# --- tenants ---------------------------------------------------------------------------------------------------------------
# Tenants: green power by hour, and shares of costs and emissions, worked out from where the energy of each place ends up; and
# footprints of tenants and products.

#: (zone, carrier)
Place = tuple[str, str]
#: A row by its key.
Told = dict[tuple[str, str, str], float]
ONCE = ("capital", "measures", "restoration")
OF_SUPPLIES = ("energy", "contract", "fixed", "shortfall", "demand_charge", "capacity_charge", "carbon")
#: Tonnes that footprints.csv tells.
TONNES = ("scope1", "scope2_location", "scope2_market", "scope3", "captured", "certificates")
#: Energy below this is none (MWh).
LEAST = 1e-6


def check_tenants(year: LedgerYear) -> None:
    """Every figure of tenants.csv and footprints.csv; nothing is told where nothing has a tenant and no product is stated."""
    case = year.figures.case
    tenant = {d.demand: d.tenant for d in case.demand if d.tenant}
    names = ("", *tenant.values(), *(p.tenant for p in case.process_emissions if p.tenant))
    said = year.said("tenants", "tenant", "item", "month")
    said = {(_name(who), item, month): value for (who, item, month), value in said.items()}
    found: dict[tuple[str, str, str], float] = {}
    shares = _shares(year, tenant, names) if len(names) > 1 or case.products else {}
    if len(names) > 1:
        if all(r.metric != "hourly_green_share" for r in case.rules):
            matched_of(year)
        found = _green(year, tenant, names) | {key: value for key, value in shares.items() if key[1] not in TONNES}
    for own, theirs, scale in _by_item(found, said, 1):
        year.book.equal_items("tenants.csv", year.y, theirs, own, scale)
    told = year.said("footprints", "tenant", "product", "item")
    told = {(_name(who), _name(product), item): value for (who, product, item), value in told.items()}
    for own, theirs, scale in _by_item(_footprints(year, shares), told, 2):
        year.book.equal_items("footprints.csv", year.y, theirs, own, scale)


def _name(cell: str) -> str:
    return "" if cell == "nan" else cell


def _by_item(found: Told, said: Told, place: int) -> Iterator[tuple[Told, Told, float]]:
    """Both tables and what the first comes to, item by item; the item stands at that place of the key."""
    for item in dict.fromkeys(key[place] for key in [*said, *found]):
        own, theirs = ({k: v for k, v in rows.items() if k[place] == item} for rows in (found, said))
        yield own, theirs, math.fsum(abs(v) for v in own.values())


def _footprints(year: LedgerYear, shares: Told) -> Told:
    """What products.csv makes of the shares of tenants: by the share that is stated, else by the amounts of the tenant."""
    found = {(who, "", item): value for (who, item, _), value in shares.items() if item in TONNES}
    points: dict[tuple[str, str], list[tuple[int | None, float]]] = {}
    for p in year.figures.case.products:
        points.setdefault((p.tenant, p.product), []).append((p.year, p.amount * yearly_factor(p.unit, "t")))
    stated = {(p.tenant, p.product): p.share for p in year.figures.case.products}
    made = {name: year.figures.series(rows)[year.y] for name, rows in points.items()}
    for (who, product), amount in made.items():
        of_tenant = [a for (other, _), a in made.items() if other == who]
        part = stated[who, product]
        if part is None:
            part = amount / math.fsum(of_tenant) if any(of_tenant) else 1 / len(of_tenant)
        found[who, product, "amount"] = amount
        for item in TONNES:
            found[who, product, item] = tonnes = part * shares[who, item, "all"]
            if amount > 0 and item in ("scope1", "scope2_location", "scope2_market"):
                found[who, product, f"specific_{item}"] = tonnes / amount
    return found


def _green(year: LedgerYear, tenant: dict[str, str], names: Sequence[str]) -> Told:
    """Electricity of each tenant by month, and what of it each kind of green power covers."""
    count, case = year.hours.count, year.figures.case
    draws: dict[str, np.ndarray] = {who: np.zeros(count) for who in names}
    kinds = {kind: np.zeros(count) for kind in ("green_own", "green_direct", "green_contract", "green_stored")}
    for (flow, name, _, carrier), values in year.flows.items():
        if carrier == ELECTRICITY and flow in ("demand", "in"):
            who = tenant.get(name, "") if flow == "demand" else ""
            draws[who] = draws[who] + values
    for k, kind in year.figures.of_role("converter").items():
        kinds["green_own"] += year.flow("out", k, ELECTRICITY) if kind.green else 0.0
    for k in year.figures.of_role("store"):
        kinds["green_stored"] += year.flow("green_discharge", k)
    for s in case.supplies:
        if s.is_as_generated and s.green_share == 1 and s.carrier == ELECTRICITY:
            kinds["green_direct" if s.direct else "green_contract"] += year.flow("import", s.supply)
    matched = year.flow("matched", ELECTRICITY)
    use, made = np.sum(list(draws.values()), axis=0), np.sum(list(kinds.values()), axis=0)
    per = np.where((use > 0) & (made > 0), matched / np.maximum(use * made, 1e-300), 0.0)
    found: Told = {}
    for who, power in draws.items():
        series = {"electricity": power} | {kind: power * per * values for kind, values in kinds.items()}
        for item, values in series.items():
            found |= {(who, item, month): energy for month, energy in year.hours.by_month(values).items()}
    return found


def _shares(year: LedgerYear, tenant: dict[str, str], names: Sequence[str]) -> Told:
    """Energy of each tenant, and its part of cost, capital, and emissions."""
    ends = {(zone, carrier) for (flow, _, zone, carrier) in year.flows if flow == "demand"}
    used: dict[str, float] = dict.fromkeys(names, 0.0)
    drawn: dict[str, dict[Place, float]] = {who: dict.fromkeys(ends, 0.0) for who in used}
    for (flow, name, zone, carrier), values in year.flows.items():
        if flow == "demand":
            who = tenant.get(name, "")
            used[who] += year.hours.total(values)
            drawn[who][zone, carrier] += year.hours.total(values)
    ended = _ended(year, drawn)
    comes = _comes(year)
    own_processes = _of_processes(year)
    figures = year.said("emissions", "item")
    costs = year.said("costs", "item", "name")
    once = math.fsum(v for (item, _), v in costs.items() if item in ONCE)
    totals = {"cost": math.fsum(costs.values()) - once, "capital": once} | {item: figures[item] for item in TONNES[:4]}
    sources = year.said("emission_sources", "name", "item").items()
    totals["captured"] = figures["captured_fossil"]
    totals["certificates"] = -math.fsum(v for (_, item), v in sources if item == "scope2_certified")
    whole = math.fsum(used.values())
    found: Told = {}
    for item, total in totals.items():
        borne = {who: math.fsum(v * ended[who].get(place, 0.0) for place, v in comes.get(item, {}).items()) for who in used}
        borne = {who: value + own_processes.get((who, item), 0.0) for who, value in borne.items()}
        rest = total - math.fsum(borne.values())
        for who, own in used.items():
            found[who, item, "all"] = borne[who] + rest * (own / whole if whole > LEAST else 1 / len(used))
    for who, own in used.items():
        gross = figures["gross"]
        counted = ("scope1", f"scope2_{year.figures.park.accounting}", "scope3")
        found[who, "gross", "all"] = math.fsum(found[who, item, "all"] for item in counted)
        part = found[who, "gross", "all"] / gross if abs(gross) > LEAST else own / max(whole, LEAST)
        found[who, "net", "all"], found[who, "energy_used", "all"] = part * figures["net"], own
    return found


def _of_processes(year: LedgerYear) -> dict[tuple[str, str], float]:
    """(tenant, item) -> tonnes of the processes that are its own, and what is captured of them."""
    own = {p.source: (p.tenant, f"scope{p.scope}") for p in year.figures.case.process_emissions if p.tenant}
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (source, item), tonnes in year.said("emission_sources", "name", "item").items():
        if source in own:
            found[own[source]] += tonnes
            if item.endswith("captured"):
                found[own[source][0], "captured"] -= tonnes
    return found


def _ended(year: LedgerYear, drawn: dict[str, dict[Place, float]]) -> dict[str, dict[Place, float]]:
    """Share of the energy of each place that ends with each tenant, whatever it is converted into on the way."""
    came: dict[Place, float] = defaultdict(float)
    passed: dict[tuple[Place, Place], float] = defaultdict(float)
    ports: dict[tuple[str, str], list[tuple[Place, float]]] = defaultdict(list)
    for (flow, name, zone, carrier), values in year.flows.items():
        if carrier != "co2" and flow in ("import", "out", "in", "charge", "discharge", "sent", "arrived"):
            ports[flow, name].append(((zone, carrier), year.hours.total(values)))
    for (flow, _), own in ports.items():
        for place, energy in own if flow in ("import", "out", "discharge", "arrived") else ():
            came[place] += energy
    for (flow, name), own in ports.items():
        takes = {"out": "in", "discharge": "charge", "arrived": "sent"}.get(flow)
        total = sum(energy for _, energy in own)
        for place, energy in own if takes and total > 0 else ():
            for source, taken in ports.get((takes or "", name), []):
                if energy > 0 and (flow != "arrived" or source != place):
                    passed[source, place] += taken * (energy / total if flow == "out" else 1.0)
    places = [p for p, energy in came.items() if energy > LEAST]
    matrix = np.diag([came[p] for p in places])
    for i, source in enumerate(places):
        for j, place in enumerate(places):
            matrix[i, j] -= passed.get((source, place), 0.0)
    ended = {}
    for who, taken_by in drawn.items():
        solved = np.linalg.lstsq(matrix, np.array([taken_by.get(p, 0.0) for p in places]), rcond=None)[0]
        ended[who] = dict(zip(places, solved.tolist(), strict=True))
    return ended


def _comes(year: LedgerYear) -> dict[str, dict[Place, float]]:
    """Where cost, capital (money) and emissions (t) come in with energy."""
    case = year.figures.case
    found: dict[str, dict[Place, float]] = defaultdict(lambda: defaultdict(float))
    bought = {s.supply: year.total("import", [s.supply]) for s in case.supplies}
    certified = {c.certificate: c.supply for c in case.certificates}
    connections = {c.connection for c in case.connections}

    def enter(what: str, name: str, amount: float) -> None:
        """Spread an amount over the places of the supplies of this name, or of this connection, by what they bring."""
        shared = [s for s in case.supplies if bought[s.supply] > LEAST and name in (s.supply, s.connection)]
        energy = sum(bought[s.supply] for s in shared)
        for s in shared:
            found[what][s.zone, s.carrier] += amount * bought[s.supply] / energy

    def leave(what: str, name: str, amount: float, flows: tuple[str, ...]) -> None:
        """Spread an amount over the places into which these flows of a technology go, by their energy."""
        gives = [
            ((zone, carrier), year.hours.total(values))
            for (flow, own, zone, carrier), values in year.flows.items()
            if own == name and flow in flows and carrier != "co2"
        ]
        energy = sum(e for _, e in gives)
        for place, e in gives if energy > LEAST else ():
            found[what][place] += amount * e / energy

    for (item, name), money in year.said("costs", "item", "name").items():
        what = "capital" if item in ONCE else "cost"
        if name in connections or item in OF_SUPPLIES:
            enter(what, name, money)
        elif item == "certificates":
            enter(what, certified[name], money)
        else:
            leave(what, name, money, ("out", "discharge", "arrived"))
    processes = {p.source for p in case.process_emissions}
    for (source, item), tonnes in year.said("emission_sources", "name", "item").items():
        if item == "scope2_certified":
            enter("scope2_market", certified[source], tonnes)
            enter("certificates", certified[source], -tonnes)
        elif source not in processes and item.endswith("_captured"):
            leave(item.removesuffix("_captured"), source, tonnes, ("out",))
            leave("captured", source, -tonnes, ("out",))
        elif source not in processes:
            enter(item, source, tonnes)
    return found
