"""Tenants: green power by hour, and shares of costs and emissions, worked out from where the energy of each place ends up; and
footprints of tenants and products."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from models.units import yearly_factor
from planner.ledger.contracts import is_generating
from planner.ledger.figures import ELECTRICITY
from planner.ledger.flows import LedgerYear
from planner.ledger.matching import matched_of

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
        if is_generating(s) and s.green_share == 1 and s.carrier == ELECTRICITY:
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
