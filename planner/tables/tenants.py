r"""Tenants: which green power each used in which month, and its share of what the park pays and emits in a year.

Green power is shared out hour by hour, by the use of electricity:

.. math::
    g_{n,k,t} = M_t\, \frac{u_{n,t}}{D_t}\, \frac{p_{k,t}}{\sum_k p_{k,t}}

M  matched   MW (t)     u  electricity that end uses of the tenant draw   MW (n,t)     D  all use of electricity   MW (t)
p  green power made, bought and delivered by stores   MW (k,t)

Money and tonnes are those of the year, by the energy that carries them: each end use bears what its carrier carries, traced through
everything that converts it; a process is its tenant's; what comes with no energy, or leaves with what is sold, is shared by the
energy of all end uses.

What makes up for emissions is shared as they are. Within a year an hour of a carrier costs and emits as any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.inputs import Inputs
from models.inputs.calendar import DAYS_OF_MONTH, Calendar
from models.operation.equipment import present_arcs, present_pairs, present_stores
from models.operation.green_power import ELECTRICITY, green_contracts, green_stores
from models.operation.links import SolvedYear
from planner.plan import CAPITAL_ITEMS
from planner.tables import flows as hourly_flows
from planner.tables.flows import DispatchFlow, hourly

# --- tracing ---------------------------------------------------------------------------------------------------------------
# Tracing: what a MWh of each carrier carries of what is bought, tonnes or money, through everything that converts it.
#
# An output's share of what its inputs carry is its share of the energy that comes out. Every balance is an equality, so what is
# shared out this way adds up without a remainder.

#: (zone, carrier)
Node = tuple[str, str]
#: Energy of a node, an amount (a number for each thing that is traced), and energy of other nodes: the first times what a MWh of
#: the node carries is the amount and the others' together.
Equation = tuple[float, Any, dict[Node, float]]
#: What comes with a flow: (flow, name) -> an amount, a number for each thing that is traced.
Amounts = Mapping[tuple[str, str], Any]
#: Energy below this is noise (MWh).
SMALL = 1e-6
#: Flow -> whether it feeds its balance or draws from it.
SIGNS = {"out": 1, "in": -1, "discharge": 1, "charge": -1, "arrived": 1, "sent": -1, "import": 1, "export": -1, "demand": -1}


@dataclass(frozen=True)
class Flow:
    """A row of energy.csv of a year (MWh)."""

    node: Node
    flow: str
    name: str
    value: float


def traced(reference: list[Flow], plan: list[Flow], theirs: Amounts, mine: Amounts, count: int = 1) -> dict[Node, np.ndarray]:
    r"""What a MWh of each carrier in each zone carries, `count` numbers a node, by the flows of a year of two plans.

    .. math::
        E_n\, x_n = a_n + \sum_m d_{nm}\, x_m

    E  energy that comes to a node   MWh (n)     a  what comes with it   t or money (n)     d  energy of m drawn for it   MWh (n,m)

    Of the reference. Where that has none of a carrier: what is bought for it in the plan; where nothing is, what its use replaces.
    """
    nodes = sorted({f.node for flows in (reference, plan) for f in flows})
    given, own, used = equations(reference, theirs), equations(plan, mine), _uses(plan)
    bought = {f.node for f in plan if f.flow == "import" and f.value > SMALL}
    chosen: dict[Node, Equation] = {}
    for node in nodes:
        choices = [given, own, used] if node in bought else [given, used, own]
        chosen[node] = next((e[node] for e in choices if node in e and e[node][0] > SMALL), (1.0, 0.0, {}))
    return solve(chosen, count)


def solve(equations: Mapping[Node, Equation], count: int) -> dict[Node, np.ndarray]:
    """What a MWh of each node carries, `count` numbers a node; a node without an equation carries nothing."""
    place = {node: i for i, node in enumerate(equations)}
    matrix, right = np.zeros((len(place), len(place))), np.zeros((len(place), count))
    for node, (energy, amount, drawn) in equations.items():
        matrix[place[node], place[node]] += energy
        right[place[node]] = amount
        for source, part in drawn.items():
            if source in place:
                matrix[place[node], place[source]] -= part
    solved = np.linalg.lstsq(matrix, right, rcond=None)[0]
    return {node: solved[i] for node, i in place.items()}


def _by_name(flows: Iterable[Flow]) -> dict[tuple[str, str], list[Flow]]:
    """(flow, name) -> its rows."""
    found: dict[tuple[str, str], list[Flow]] = {}
    for f in flows:
        found.setdefault((f.flow, f.name), []).append(f)
    return found


def _uses(flows: list[Flow]) -> dict[Node, Equation]:
    """node -> (energy drawn from it, 0, energy given to other nodes for it)."""
    by = _by_name(flows)
    found: dict[Node, Equation] = {}
    for (flow, name), own in by.items():
        if flow not in ("in", "sent"):
            continue
        gives = by.get(("out" if flow == "in" else "arrived", name), [])
        total = sum(f.value for f in own)
        for f in own:
            if f.value <= 0:
                continue
            drawn, _, given = found.setdefault(f.node, (0.0, 0.0, {}))
            for g in gives:
                if g.node != f.node:
                    given[g.node] = given.get(g.node, 0.0) + g.value * (f.value / total if flow == "in" else 1.0)
            found[f.node] = (drawn + f.value, 0.0, given)
    return found


def equations(flows: list[Flow], amounts: Amounts, with_stores: bool = False) -> dict[Node, Equation]:
    """node -> (energy that comes, what comes with it, energy drawn from other nodes for it).

    What comes with an `out` flow is shared among the outputs by their energy. With stores, what they give carries what they took.
    """
    found: dict[Node, Equation] = {}

    def add(node: Node, energy: float, amount: Any, drawn: Iterable[tuple[Node, float]]) -> None:
        came, fixed, sources = found.get(node, (0.0, 0.0, {}))
        for source, value in drawn:
            sources[source] = sources.get(source, 0.0) + value
        found[node] = came + energy, fixed + amount, sources

    by = _by_name(flows)
    for (flow, name), own in by.items():
        total = sum(f.value for f in own)
        if flow == "discharge" and not with_stores:
            continue
        for f in own:
            amount = amounts.get((flow, name), 0.0) * (f.value / total if total > 0 else 1.0 / len(own))
            if flow == "import":
                add(f.node, f.value, amount, ())
            elif flow == "out" and f.value > 0:
                add(f.node, f.value, amount, [(i.node, i.value * f.value / total) for i in by.get(("in", name), [])])
            elif flow == "arrived":
                add(f.node, f.value, amount, [(g.node, g.value) for g in by.get(("sent", name), []) if g.node != f.node])
            elif flow == "discharge" and f.value > 0:
                add(f.node, f.value, amount, [(c.node, c.value) for c in by.get(("charge", name), [])])
    return found


# --- tenants ---------------------------------------------------------------------------------------------------------------

#: What green power is of, as it is told.
GREEN = ("green_own", "green_direct", "green_contract", "green_stored")
#: What is borne, in this order: money, and tonnes as `emissions` has them; what capture and certificates took off stands beside.
BORNE = ("capital", "cost", "scope1", "scope2_location", "scope2_market", "scope3", "captured", "certificates")
#: Items of costs that are paid for what is bought.
BOUGHT = ("energy", "contract", "fixed", "shortfall", "demand_charge", "capacity_charge", "carbon")

#: (year, tenant, item, month, value, unit)
Row = tuple[int, str, str, str, float, str]
#: What a tenant bears of each item.
Borne = dict[str, float]


def tenant_rows(
    flows: list[hourly_flows.DispatchFlow], inputs: Inputs, y: int, borne: Mapping[str, Borne], currency: str
) -> list[Row]:
    """Rows of tenants.csv of a year, from its hourly flows and from what each tenant bears; none without a tenant."""
    if not tenants_of(inputs):
        return []
    found: list[Row] = []
    for (who, item), power in _electricity(flows, inputs).items():
        found += [(y, who, item, month, energy, "MWh") for month, energy in by_month(inputs.calendar, power)]
    units = {"energy_used": "MWh", "cost": currency, "capital": currency, "gross": "t", "net": "t"}
    return found + [(y, who, item, "all", own[item], unit) for who, own in borne.items() for item, unit in units.items()]


def tenants_of(inputs: Inputs) -> tuple[str, ...]:
    """All tenants of demands and of processes."""
    return tuple(sorted({*inputs.demands.tenant.values(), *inputs.products.process.values()}))


def borne_by_tenants(inputs: Inputs, y: int, rows: Mapping[str, list[tuple]]) -> dict[str, Borne]:
    """Tenant -> what it bears in a year of BORNE, of gross and net emissions, and its energy (MWh), from the rows of other tables.

    Without a tenant all is borne by '', where products are stated; else nothing is told.
    """
    names = tenants_of(inputs)
    if not names and not inputs.products.amount:
        return {}
    energy = [Flow((zone, carrier), flow, name, value) for when, zone, carrier, flow, name, value, _ in rows["energy"] if when == y]
    energy = [f for f in energy if f.node[1] != "co2"]
    costs = [(item, name, value) for when, item, name, value, _ in rows["costs"] if when == y]
    sources = [(source, item, value) for when, source, item, value, _ in rows["emission_sources"] if when == y]
    figures = {item: value for when, item, value, _ in rows["emissions"] if when == y}
    certified = -sum(value for _, item, value in sources if item == "scope2_certified")
    paid = [sum(v for item, _, v in costs if (item in CAPITAL_ITEMS) == wanted) for wanted in (True, False)]
    scopes = [figures[item] for item in BORNE if item.startswith("scope")]
    totals = np.array([*paid, *scopes, figures["captured_fossil"], certified])
    use = dict.fromkeys([*names, ""], 0.0)
    for f in energy:
        if f.flow == "demand":
            use[inputs.demands.tenant.get(f.name, "")] += f.value
    amounts, of_processes = _amounts(energy, costs, sources, inputs)
    found, whole = {}, sum(use.values())
    for who, own in _shares(energy, amounts, of_processes, totals, use, inputs.demands.tenant).items():
        borne = dict(zip(BORNE, own.tolist(), strict=True)) | {"energy_used": use[who]}
        borne["gross"] = borne["scope1"] + borne[f"scope2_{inputs.carbon.accounting}"] + borne["scope3"]
        part = borne["gross"] / figures["gross"] if abs(figures["gross"]) > SMALL else use[who] / max(whole, SMALL)
        found[who] = borne | {"net": part * figures["net"]}
    return found


def _electricity(flows: list[hourly_flows.DispatchFlow], inputs: Inputs) -> dict[tuple[str, str], np.ndarray]:
    """(tenant, item) -> MW in each hour: electricity that is used, and the green power of it by what it is of."""
    count, direct, contracts = len(inputs.calendar.weight), inputs.contracts.direct, green_contracts(inputs)
    used: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(count))
    pool = {kind: np.zeros(count) for kind in GREEN}
    matched = np.zeros(count)
    for f in flows:
        if f.carrier != ELECTRICITY:
            continue
        if f.flow in ("demand", "in"):
            used[inputs.demands.tenant.get(f.name, "") if f.flow == "demand" else ""] += f.values
        elif f.flow == "out" and f.name in inputs.conversion.green:
            pool["green_own"] += f.values
        elif f.flow == "import" and f.name in contracts:
            pool["green_direct" if f.name in direct else "green_contract"] += f.values
        elif f.flow == "green_discharge":
            pool["green_stored"] += f.values
        elif f.flow == "matched":
            matched = f.values
    all_use, all_green = sum(used.values(), np.zeros(count)), sum(pool.values(), np.zeros(count))
    covered = _ratio(matched, all_use)
    found = {}
    for who in sorted({*tenants_of(inputs), ""}):
        found[who, "electricity"] = used[who]
        found |= {(who, kind): used[who] * covered * _ratio(power, all_green) for kind, power in pool.items()}
    return found


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.zeros(len(above)), where=below > 0)


def by_month(calendar: Calendar, power: np.ndarray) -> Iterator[tuple[str, float]]:
    """(month, MWh) of a series of powers; `all` where the profiles are of a few days."""
    if calendar.has_typical_days:
        days = power.reshape(-1, 24).sum(axis=1)
        of_month = np.repeat(np.arange(1, 13), DAYS_OF_MONTH)
        yield from ((str(m), float(days[calendar.of_day[of_month == m]].sum())) for m in range(1, 13))
    elif len(calendar.billing) == 12:
        for m, (_, own) in enumerate(calendar.billing, 1):
            yield str(m), float(power[list(own)].sum())
    else:
        yield "all", calendar.total(power)


def _amounts(
    flows: list[Flow], costs: Iterable[tuple[str, str, float]], sources: Iterable[tuple[str, str, float]], inputs: Inputs
) -> tuple[Amounts, dict[str, np.ndarray]]:
    """What of BORNE comes with each flow; and what processes of a tenant emit, by tenant.

    What is captured of a fuel goes with what is made of the fuel, what is captured of a process with the process.
    """
    supplies, connections, process = inputs.supplies, inputs.connections, inputs.products.process
    gives = {f.name: f.flow for f in flows if f.flow in ("out", "discharge", "arrived") and f.value > SMALL}
    bought = {f.name: f.value for f in flows if f.flow == "import" and f.value > SMALL}
    found: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(len(BORNE)))
    of_processes: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(len(BORNE)))

    def place(name: str, kind: str, value: float) -> None:
        behind = [s for s in bought if connections.of(s) == name] if name in connections.connections else [name]
        total = sum(bought.get(s, 0.0) for s in behind)
        for s in behind if total > SMALL else ():
            found["import", s][BORNE.index(kind)] += value * bought[s] / total

    for item, name, value in costs:
        kind = "capital" if item in CAPITAL_ITEMS else "cost"
        if name in connections.connections or item in BOUGHT:
            place(name, kind, value)
        elif item == "certificates":
            place(supplies.certificate_supply[name], kind, value)
        elif name in gives:
            found[gives[name], name][BORNE.index(kind)] += value
    for source, item, value in sources:
        if item == "scope2_certified":
            place(supplies.certificate_supply[source], "scope2_market", value)
            place(supplies.certificate_supply[source], "certificates", -value)
            continue
        scope, is_captured = item.removesuffix("_captured"), item.endswith("_captured")
        for kind, tonnes in ((scope, value), *((("captured", -value),) if is_captured else ())):
            if source in process:
                of_processes[process[source]][BORNE.index(kind)] += tonnes
            elif is_captured and gives.get(source) == "out":
                found["out", source][BORNE.index(kind)] += tonnes
            elif not is_captured:
                place(source, kind, tonnes)
    return found, of_processes


def _shares(
    flows: list[Flow],
    amounts: Amounts,
    of_processes: Mapping[str, np.ndarray],
    totals: np.ndarray,
    use: Mapping[str, float],
    tenant: Mapping[str, str],
) -> dict[str, np.ndarray]:
    """Tenant -> its part of the totals: what its energy carries, its processes, and of what nobody carries a part by its energy."""
    carried = solve({node: own for node, own in equations(flows, amounts, with_stores=True).items() if own[0] > SMALL}, len(totals))
    whole = sum(use.values())
    found = {who: np.zeros(len(totals)) + of_processes.get(who, 0.0) for who in use}
    for f in flows:
        if f.flow == "demand":
            found[tenant.get(f.name, "")] += f.value * carried.get(f.node, np.zeros(len(totals)))
    rest = totals - sum(found.values(), np.zeros(len(totals)))
    return {who: own + rest * (use[who] / whole if whole > SMALL else 1 / len(use)) for who, own in found.items()}


# --- matching --------------------------------------------------------------------------------------------------------------
# matching.

# --- matching --------------------------------------------------------------------------------------------------------------
# Green power in the hour of its use, of a dispatch as it stands: the most of each hour's use that it covers.
#
# The optimum may cover less where more is of no use; what is reported is the most (see `add_matching` of models/operation).

#: Stands for the zone of what is told of all zones together.
ALL_ZONES = "*"
#: What a store does of which a part may be green.
PARTS = ("charge", "discharge", "held")


def matched_flows(year: SolvedYear, inputs: Inputs, y: int) -> list[DispatchFlow]:
    """The most electricity that green power covers in each hour, and the green part of stores; none where neither a rule nor a
    tenant asks for it."""
    if not inputs.carbon.matches_hours and not tenants_of(inputs):
        return []
    matched, parts = most_matched(year, inputs, y)
    zone = inputs.storage.zone
    found = [DispatchFlow("matched", ELECTRICITY, ALL_ZONES, ELECTRICITY, 0, matched)]
    return found + [DispatchFlow(f"green_{part}", s, zone[s], ELECTRICITY, 0, values) for (s, part), values in parts.items()]


def most_matched(year: SolvedYear, inputs: Inputs, y: int) -> tuple[np.ndarray, dict[tuple[str, str], np.ndarray]]:
    """The most that green power covers of the use of each hour (MW), and of each store the green part of what it does."""
    snapshots = list(inputs.calendar.snapshots)
    made, use = np.zeros(len(snapshots)), np.zeros(len(snapshots))
    for k in inputs.conversion.converters:
        if k in inputs.capacity.present[y]:
            power = inputs.conversion.net(k, ELECTRICITY, out_only=True) * hourly(year.activity, (k,), snapshots)
            use += power
            made += power if k in inputs.conversion.green else 0.0
    supplies, storage = inputs.supplies, inputs.storage
    for s in supplies.importers:
        if supplies.carrier[s] == ELECTRICITY:
            power = hourly(year.imports, (s,), snapshots)
            use += power
            made += power if s in green_contracts(inputs) else 0.0
    for s in supplies.exporters:
        use -= hourly(year.exports, (s,), snapshots) if supplies.carrier[s] == ELECTRICITY else 0.0
    for s in (s for s in present_stores(inputs, y) if storage.carrier[s] == ELECTRICITY):
        use += hourly(year.discharge, (s,), snapshots) - hourly(year.charge, (s,), snapshots)
    for a in (a for a in present_arcs(inputs, y) if inputs.network.carrier[a] == ELECTRICITY):
        use -= (1 - inputs.network.delivered[a]) * hourly(year.flow, a, snapshots)
    for k, q in present_pairs(inputs, y):
        ratio = sum(p.ratio for p in inputs.captures.ports[k] if p.carrier == ELECTRICITY and p.ratio > 0)
        use += ratio * hourly(year.captured, (k, q), snapshots) if ratio else 0.0
    stores = [s for s in green_stores(inputs, y) if hourly(year.charge, (s,), snapshots).any()]
    if not stores:
        return np.minimum(np.maximum(use, 0.0), made), {}
    return _with_stores(year, inputs, np.maximum(use, 0.0), made, stores)


def _with_stores(
    year: SolvedYear, inputs: Inputs, use: np.ndarray, made: np.ndarray, stores: list[str]
) -> tuple[np.ndarray, dict[tuple[str, str], np.ndarray]]:
    """The linear programme of the green parts of the stores: matched, then charge, discharge and held of each."""
    from scipy import sparse  # here, since Pyomo must be imported first (models.linear), and few parks match hours
    from scipy.optimize import linprog

    count, weight, storage = len(use), inputs.calendar.weight, inputs.storage
    one, before = (
        sparse.identity(count, format="csr"),
        sparse.csr_matrix((np.ones(count), (np.arange(count), inputs.calendar.before)), shape=(count, count)),
    )
    zero, most, kept, steps = sparse.csr_matrix((count, count)), [use], [one], []
    for i, s in enumerate(stores):
        most += [hourly(getattr(year, family), (s,), list(range(count))) for family in PARTS]
        kept += [one, -one, zero]
        left = one - (1 - storage.standing_loss[s]) * before
        own = [-storage.charge_efficiency[s] * one, one / storage.discharge_efficiency[s], left]
        steps.append([zero, *[zero] * 3 * i, *own, *[zero] * 3 * (len(stores) - 1 - i)])
    found = linprog(
        -np.concatenate([weight, np.zeros(3 * len(stores) * count)]),
        A_ub=sparse.hstack(kept),
        b_ub=made,
        A_eq=sparse.bmat(steps),
        b_eq=np.zeros(len(stores) * count),
        bounds=np.stack([np.zeros(len(most) * count), np.maximum(np.concatenate(most), 0.0)], axis=1),
    )
    assert found.status == 0, found.message
    series = found.x.reshape(-1, count)
    names = [(s, part) for s in stores for part in PARTS]
    return series[0], dict(zip(names, series[1:], strict=True))
