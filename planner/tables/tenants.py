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

import numpy as np

from models.inputs import Inputs
from models.inputs.calendar import DAYS_OF_MONTH, Calendar
from models.operation.matching import ELECTRICITY, green_contracts
from planner.plan import CAPITAL_ITEMS
from planner.tables import flows as hourly_flows
from planner.tables.tracing import SMALL, Amounts, Flow, equations, solve

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
