"""Connections: what supplies share, and what the size of a connection costs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pyomo.environ import Block, NonNegativeReals, Var

from models.inputs import Inputs
from models.linear import weighted
from models.operation.links import Links


def add_connections(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""What the supplies behind a connection import together, and export together, is within its limit or its capacity.

    .. math::
        \sum_{s \in c} m_{s,t} \le \overline{m}_c, \quad \sum_{s \in c} x_{s,t} \le \overline{x}_c, \qquad
        \sum_{s \in c} m_{s,t} \le C_c, \quad \sum_{s \in c} x_{s,t} \le C_c

    for c in CONNECTIONS, t in SNAPSHOTS; the first two where it has a limit, the others where its capacity is an investment.

    m  imports, x  exports   MW, t/h (s,t)     C  capacity, a link   MW, t/h (c)
    """
    connections, snapshots = inputs.connections, list(inputs.calendar.snapshots)
    members = {"import": connections.importers, "export": connections.exporters}
    flows = {"import": year.imports, "export": year.exports}
    limits = {"import": connections.import_max, "export": connections.export_max}
    limited = [(c, way) for c in connections.connections for way in limits if c in limits[way] and members[way][c]]
    sized = [(c, way) for c in connections.connections for way in limits if c in connections.sized and members[way][c]]

    present = set(inputs.capacity.present[y])

    def together(c: str, way: str, t: int) -> Iterator[tuple[float, Any]]:
        return ((1.0, flows[way][s, t]) for s in members[way][c])

    @year.Constraint(limited, snapshots, doc="supplies behind a connection share its limit [MW]")
    def connection_limit(year, c, way, t):
        return weighted(together(c, way, t)) <= limits[way][c]

    @year.Constraint(sized, snapshots, doc="supplies behind a connection share its capacity [MW]")
    def connection_capacity(year, c, way, t):
        return weighted([*together(c, way, t), (-1.0, links.capacity[c] if c in present else 0.0)]) <= 0


def add_connection_charges(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""The peak that a demand charge is paid on, and the contracted capacity that limits imports.

    .. math::
        p_{b,i} + K_b \ge \sum_{s \in b} m_{s,t} \;\; \forall t \in i \qquad p_{b,i} \le G_b (1 - z_b) \qquad K_b \le G_b z_b

    for b a supply, or a connection with the supplies behind it, that has a charge, i its billing months. p is absent where only a
    capacity charge is given, K where only a demand charge is, and the last two rows stand only where z chooses between them. One
    row an hour serves both, so that a fraction of z pays in full for what it uses. Charges of the schemes of a connection share a
    row likewise; those of schemes that are not in force are 0, and under a scheme without such a charge nothing is paid:

    .. math::
        \sum_{\sigma} (p_{b(\sigma),i} + K_{b(\sigma)}) + G_b \sum_{\sigma \text{ without}} s_\sigma \ge \sum_{s \in b} m_{s,t}
        \qquad p_{b(\sigma),i} \le G_b s_\sigma \qquad K_{b(\sigma)} \le G_b s_\sigma

    What is sold under a scheme is covered by the charges of that scheme alone. With whole schemes this says nothing new; a fraction
    of a scheme cannot sell under one and be charged under the other:

    .. math::
        p_{b(\sigma),i} + K_{b(\sigma)} \ge \sum_{s \in b, \sigma(s) = \sigma} m_{s,t}

    A typical day stands in several months, which know it by its highest import:

    .. math::
        q_{b,j} \ge \sum_{s \in b} m_{s,t} \;\; \forall t \in j \qquad p_{b,i} + K_b \ge q_{b,j} \;\; \forall j \in i

    for j in TYPICAL DAYS.

    p  peak         MW (b,i)      z  pays_capacity, a link   1  (b)      q  day_peak   MW (b,j)
    K  contracted   MW (b)        G  import_bound            MW (b)      s  scheme, a link   1 (σ)
    """
    supplies, snapshots, chosen = inputs.supplies, list(inputs.calendar.snapshots), list(links.pays_capacity)
    of = supplies.billed
    billed = [b for b in of if of[b] and (b, y) in supplies.demand_charge]
    contracts = [b for b in of if of[b] and (b, y) in supplies.capacity_charge]
    groups, sources = _groups(inputs, [b for b in of if b in billed or b in contracts])
    by_month = [g for g, own in groups.items() if any(b in billed for b in own)]
    billing = range(len(inputs.calendar.billing))
    has_days = inputs.calendar.has_typical_days
    days = range(len(snapshots) // 24 if has_days else 0)
    parts = [dict.fromkeys(t // 24 if has_days else t for t in hours) for _, hours in inputs.calendar.billing]
    months = [(g, i, part) for g in by_month for i in billing for part in parts[i]]
    bound = {b: import_bound(inputs, b) for own in groups.values() for b in own}
    under = {b: links.scheme[supplies.bill_scheme[b]] for b in bound if b in supplies.bill_scheme}

    year.peak = Var(billed, billing, within=NonNegativeReals, doc="highest import of a month that is paid for [MW]")
    year.day_peak = Var(by_month, days, within=NonNegativeReals, doc="highest import of a typical day [MW]")
    year.contracted = Var(contracts, within=NonNegativeReals, doc="contracted capacity that is paid for [MW]")

    def imported(g: str, t: int) -> Any:
        return weighted((1.0, year.imports[s, t]) for s in sources[g])

    def covered(g: str, i: int | None) -> list[tuple[float, Any]]:
        """What is paid for in a month: peaks, contracts, and all that is free under schemes without a charge."""
        peaks = [(1.0, year.peak[b, i]) for b in groups[g] if b in billed and i is not None]
        paid = [(1.0, year.contracted[b]) for b in groups[g] if b in contracts and (b in chosen or b not in billed)]
        first, own = groups[g][0], {supplies.bill_scheme.get(b) for b in groups[g]}
        is_of_all = sources[g] == of[first]
        free = [key for key in _schemes_of(inputs, first) if key not in own] if is_of_all else []
        return [*peaks, *paid, *((bound[first], links.scheme[key]) for key in free)]

    @year.Constraint(by_month, snapshots if has_days else [], doc="the highest import of a typical day [MW]")
    def day_peak_limit(year, g, t):
        return year.day_peak[g, t // 24] >= imported(g, t)

    @year.Constraint(months, doc="each import is covered by the month's peak or by the contract [MW]")
    def month_peak(year, g, i, part):
        return weighted(covered(g, i)) >= (year.day_peak[g, part] if has_days else imported(g, part))

    @year.Constraint([g for g in groups if g not in by_month], snapshots, doc="imports stay within the contract [MW]")
    def contract_limit(year, g, t):
        return weighted(covered(g, None)) >= imported(g, t)

    @year.Constraint(chosen, billing, doc="no peak is paid where the contract is [MW]")
    def peak_where_paid(year, b, i):
        return year.peak[b, i] <= bound[b] * (1 - links.pays_capacity[b])

    @year.Constraint(chosen, doc="no contract is paid where the peak is [MW]")
    def contract_where_paid(year, b):
        return year.contracted[b] <= bound[b] * links.pays_capacity[b]

    @year.Constraint([b for b in billed if b in under], billing, doc="no peak is paid under another scheme [MW]")
    def peak_in_force(year, b, i):
        return weighted([(1.0, year.peak[b, i]), (-bound[b], under[b])]) <= 0

    @year.Constraint([b for b in contracts if b in under], doc="no contract is paid under another scheme [MW]")
    def charge_in_force(year, b):
        return weighted([(1.0, year.contracted[b]), (-bound[b], under[b])]) <= 0


def _groups(inputs: Inputs, bills: list[str]) -> tuple[dict[str, list[str]], dict[str, tuple[str, ...]]]:
    """Charges that cover imports together, and the supplies whose imports these are.

    One charge under each scheme, or those of all schemes; and each of a scheme for what is sold under it, if that is not all.
    """
    supplies = inputs.supplies
    found: dict[str, list[str]] = {}
    for b in bills:
        found.setdefault(f"{supplies.payer[b]} (schemes)" if b in supplies.bill_scheme else b, []).append(b)
    sources = {g: supplies.billed[own[0]] for g, own in found.items()}
    for b in (b for b in bills if b in supplies.bill_scheme):
        sold = tuple(s for s in supplies.billed[b] if inputs.connections.scheme_of.get(s) == supplies.bill_scheme[b])
        if sold and sold != supplies.billed[b]:
            found[f"{b} (sold under it)"], sources[f"{b} (sold under it)"] = [b], sold
    return found, sources


def _schemes_of(inputs: Inputs, b: str) -> tuple[str, ...]:
    """The schemes of the connection of a charge that is paid under one."""
    if b not in inputs.supplies.bill_scheme:
        return ()
    payer = inputs.supplies.payer[b]
    return inputs.connections.keys(payer if payer in inputs.connections.connections else inputs.connections.of(payer))


def import_bound(inputs: Inputs, b: str) -> float:
    """An import (MW) that no sensible plan exceeds, of a supply or of all behind a connection: its limit, else a multiple of all
    that can pull power.

    What pulls is demand at its peak, what may be exported or stored as CO2, and process CO2 that may be captured.
    """
    demands, supplies, connections = inputs.demands, inputs.supplies, inputs.connections
    pulls = [max(demands.energy[u, y] for y in inputs.years) * demands.shape[u].max() for u in demands.demands]
    pulls += [supplies.export_max[e] for e in supplies.exporters]
    pulls += [max(inputs.captures.process_co2.values(), default=0.0)]
    payer = supplies.payer[b]
    own = sum(min(supplies.import_max.get(s, math.inf), inputs.contracts.most.get(s, math.inf)) for s in supplies.billed[b])
    shared = [connections.import_max.get(c, math.inf) for c in (payer, connections.of(payer))]
    sized = [c for c in (payer, connections.of(payer)) if c in connections.sized]
    shared += [max(inputs.capacity.max_capacity.get((c, y), math.inf) for y in inputs.years) for c in sized]
    return min(own, *shared, 20.0 * float(sum(pulls)))
