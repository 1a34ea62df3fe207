r"""Tenants: which green power each used in which month, and its share of what the park pays and emits in a year.

Green power is shared out hour by hour, by the use of electricity:

.. math::
    g_{n,k,t} = M_t\, \frac{u_{n,t}}{D_t}\, \frac{p_{k,t}}{\sum_k p_{k,t}}

M  matched   MW (t)     u  electricity that end uses of the tenant draw   MW (n,t)     D  all use of electricity   MW (t)
p  green power made, bought and delivered by stores   MW (k,t)

Money and tonnes are those of the year, by the energy that carries them: each end use bears what its carrier carries, traced through
everything that converts it; what comes with no energy, or leaves with what is sold, is shared by the energy of all end uses. What
makes up for emissions is shared as they are. Within a year an hour of a carrier costs and emits as any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from models.inputs import Inputs
from models.inputs.calendar import DAYS_OF_MONTH, Calendar
from models.operation.matching import ELECTRICITY, green_contracts
from planner.output import flows as hourly_flows
from planner.output.tracing import SMALL, Amounts, Flow, equations, solve

#: What green power is of, as it is told.
GREEN = ("green_own", "green_direct", "green_contract", "green_stored")
#: Of what comes with energy, in this order.
CAPITAL, PAID, EMITTED = range(3)
CAPITAL_ITEMS = ("capital", "measures", "restoration")
#: Items of costs that are paid for what is bought.
BOUGHT = ("energy", "contract", "fixed", "shortfall", "demand_charge", "capacity_charge", "carbon")

#: (year, tenant, item, month, value, unit)
Row = tuple[int, str, str, str, float, str]


def tenant_rows(
    flows: list[hourly_flows.Flow], inputs: Inputs, y: int, rows: Mapping[str, list[tuple]], currency: str
) -> list[Row]:
    """Rows of tenants.csv of a year, from its hourly flows and from the rows of the other tables; none without a tenant."""
    tenant = inputs.demands.tenant
    if not tenant:
        return []
    found: list[Row] = []
    for (who, item), power in _electricity(flows, inputs).items():
        found += [(y, who, item, month, energy, "MWh") for month, energy in by_month(inputs.calendar, power)]
    energy = [Flow((zone, carrier), flow, name, value) for when, zone, carrier, flow, name, value, _ in rows["energy"] if when == y]
    energy = [f for f in energy if f.node[1] != "co2"]
    costs = [(item, name, value) for when, item, name, value, _ in rows["costs"] if when == y]
    sources = [(source, item, value) for when, source, item, value, _ in rows["emission_sources"] if when == y]
    figures = {item: value for when, item, value, _ in rows["emissions"] if when == y}
    paid = [sum(v for item, _, v in costs if (item in CAPITAL_ITEMS) == wanted) for wanted in (True, False)]
    shares = _shares(energy, _amounts(energy, costs, sources, inputs), np.array([*paid, figures["gross"]]), tenant)
    use, whole = _use(energy, tenant), sum(f.value for f in energy if f.flow == "demand")
    for who, own in shares.items():
        part = own[EMITTED] / figures["gross"] if abs(figures["gross"]) > SMALL else use[who] / max(whole, SMALL)
        yearly = (
            ("energy_used", use[who], "MWh"), ("cost", own[PAID], currency), ("capital", own[CAPITAL], currency),
            ("gross", own[EMITTED], "t"), ("net", part * figures["net"], "t"),
        )  # fmt: skip
        found += [(y, who, item, "all", float(value), unit) for item, value, unit in yearly]
    return found


def _electricity(flows: list[hourly_flows.Flow], inputs: Inputs) -> dict[tuple[str, str], np.ndarray]:
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
    for who in sorted({*inputs.demands.tenant.values(), ""}):
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
) -> Amounts:
    """What comes with each flow: capital, other costs (money) and gross emissions (t)."""
    supplies, connections = inputs.supplies, inputs.connections
    gives = {f.name: f.flow for f in flows if f.flow in ("out", "discharge", "arrived") and f.value > SMALL}
    bought = {f.name: f.value for f in flows if f.flow == "import" and f.value > SMALL}
    found: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(3))

    def place(name: str, kind: int, value: float) -> None:
        behind = [s for s in bought if connections.of(s) == name] if name in connections.connections else [name]
        total = sum(bought.get(s, 0.0) for s in behind)
        for s in behind if total > SMALL else ():
            found["import", s][kind] += value * bought[s] / total

    for item, name, value in costs:
        kind = CAPITAL if item in CAPITAL_ITEMS else PAID
        if name in connections.connections or item in BOUGHT:
            place(name, kind, value)
        elif item == "certificates":
            place(supplies.certificate_supply[name], kind, value)
        elif name in gives:
            found[gives[name], name][kind] += value
    for source, item, value in sources:
        if item in ("scope1", f"scope2_{inputs.carbon.accounting}"):
            place(source, EMITTED, value)
        elif item == "scope2_certified" and inputs.carbon.accounting == "market":
            place(supplies.certificate_supply[source], EMITTED, value)
    return found


def _use(flows: Iterable[Flow], tenant: Mapping[str, str]) -> dict[str, float]:
    """Energy of all end uses of each tenant, of all carriers (MWh)."""
    found = dict.fromkeys(sorted({*tenant.values(), ""}), 0.0)
    for f in flows:
        if f.flow == "demand":
            found[tenant.get(f.name, "")] += f.value
    return found


def _shares(flows: list[Flow], amounts: Amounts, totals: np.ndarray, tenant: Mapping[str, str]) -> dict[str, np.ndarray]:
    """Tenant -> its part of the totals: what its energy carries, and of what no end use carries a part by its energy."""
    carried = solve({node: own for node, own in equations(flows, amounts, with_stores=True).items() if own[0] > SMALL}, len(totals))
    use = _use(flows, tenant)
    whole = sum(use.values())
    found = {who: np.zeros(len(totals)) for who in use}
    for f in flows:
        if f.flow == "demand":
            found[tenant.get(f.name, "")] += f.value * carried.get(f.node, np.zeros(len(totals)))
    rest = totals - sum(found.values(), np.zeros(len(totals)))
    return {who: own + rest * (use[who] / whole if whole > SMALL else 1 / len(use)) for who, own in found.items()}
