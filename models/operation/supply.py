"""Supply: what is bought and sold at the boundary, and what the size of the connection costs.

What is bought may be sold in the same hour, up to the limits.
"""

from __future__ import annotations

import math
from typing import Any

from pyomo.environ import Block, NonNegativeReals, Reals, Var

from models.inputs import Inputs
from models.linear import weighted
from models.operation.links import Links


def add_supply(year: Block, inputs: Inputs, y: int) -> None:
    r"""Imports and exports of every hour and of the year.

    .. math::
        0 \le m_{s,t} \le \overline{m}_s, \quad 0 \le x_{s,t} \le \overline{x}_s, \quad
        M_s = \sum_t w_t m_{s,t} \le \overline{M}_s, \quad X_s = \sum_t w_t x_{s,t} \le \overline{X}_s
    .. math::
        F_{s,p} = \sum_t w_t\, \pi_{p,t}\, m_{s,t}

    for s in SUPPLIES, t in SNAPSHOTS, p the profiles of its emission factors; all are 0 in a year in which the supply is not
    offered.

    m  imports    MW (s,t)    M  imported   MWh (s)      w  weight   h (t)      F  factored     MWh (s,p)
    x  exports    MW (s,t)    X  exported   MWh (s)      (t and t/h for co2)    π  factor_shape   1 (p,t)
    """
    supplies, snapshots = inputs.supplies, list(inputs.calendar.snapshots)
    weight = inputs.calendar.weight.tolist()

    year.imports = Var(
        supplies.importers, snapshots, doc="power bought [MW]",
        bounds=lambda _, s, t: (0, supplies.most(supplies.import_max, s, y)),
    )  # fmt: skip
    year.exports = Var(
        supplies.exporters, snapshots, doc="power sold or given away [MW]",
        bounds=lambda _, s, t: (0, supplies.most(supplies.export_max, s, y)),
    )  # fmt: skip
    year.imported = Var(
        supplies.importers, doc="bought in the year [MWh]",
        bounds=lambda _, s: (0, supplies.most(supplies.import_year_max, s, y)),
    )  # fmt: skip
    year.exported = Var(
        supplies.exporters, doc="sold or given away in the year [MWh]",
        bounds=lambda _, s: (0, supplies.most(supplies.export_year_max, s, y)),
    )  # fmt: skip

    @year.Constraint(supplies.importers, doc="imports of the year [MWh]")
    def import_total(year, s):
        return weighted([(weight[t], year.imports[s, t]) for t in snapshots] + [(-1.0, year.imported[s])]) == 0

    @year.Constraint(supplies.exporters, doc="exports of the year [MWh]")
    def export_total(year, s):
        return weighted([(weight[t], year.exports[s, t]) for t in snapshots] + [(-1.0, year.exported[s])]) == 0

    factored = factored_imports(inputs)
    hourly = {p: (inputs.calendar.weight * shape).tolist() for p, shape in supplies.factor_shape.items()}
    year.factored = Var(factored, within=Reals, doc="bought in the year, each hour times the profile of its factor [MWh]")

    @year.Constraint(factored, doc="imports of the year, each hour times the profile of its factor [MWh]")
    def factor_total(year, s, p):
        return weighted([(hourly[p][t], year.imports[s, t]) for t in snapshots] + [(-1.0, year.factored[s, p])]) == 0


def factored_imports(inputs: Inputs) -> list[tuple[str, str]]:
    """Supplies that can be bought whose emission factor has a profile, and the profile."""
    supplies = inputs.supplies
    return list(dict.fromkeys((s, profile) for (s, _), profile in supplies.factor_profile.items() if s in supplies.importers))


def emitting_imports(year: Any, inputs: Inputs, s: str, basis: str) -> Any:
    """What the factor of a supply on a basis is of: imports of the year (MWh), as its profile weighs them."""
    profile = inputs.supplies.factor_profile.get((s, basis))
    return year.imported[s] if profile is None else year.factored[s, profile]


def add_connection_charges(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""The peak that a demand charge is paid on, and the contracted capacity that limits imports.

    .. math::
        p_{s,b} + K_s \ge m_{s,t} \;\; \forall t \in b \qquad p_{s,b} \le G_s (1 - z_s) \qquad K_s \le G_s z_s

    for s in SUPPLIES with a charge, b its billing months. p is absent where only a capacity charge is given, K where only
    a demand charge is, and the last two rows stand only where z chooses between them. One row an hour serves both, so
    that a fraction of z pays in full for what it uses. A typical day stands in several months, which know it by its
    highest import:

    .. math::
        q_{s,j} \ge m_{s,t} \;\; \forall t \in j \qquad p_{s,b} + K_s \ge q_{s,j} \;\; \forall j \in b

    for j in TYPICAL DAYS.

    p  peak         MW (s,b)      z  pays_capacity, a link   1  (s)      q  day_peak   MW (s,j)
    K  contracted   MW (s)        G  import_bound            MW (s)
    """
    supplies, snapshots = inputs.supplies, list(inputs.calendar.snapshots)
    billed = [s for s in supplies.importers if (s, y) in supplies.demand_charge]
    contracts = [s for s in supplies.importers if (s, y) in supplies.capacity_charge]
    chosen = list(links.pays_capacity)
    billing = range(len(inputs.calendar.billing))
    has_days = inputs.calendar.has_typical_days
    days = range(len(snapshots) // 24 if has_days else 0)
    parts = [dict.fromkeys(t // 24 if has_days else t for t in hours) for _, hours in inputs.calendar.billing]
    months = [(s, b, part) for s in billed for b in billing for part in parts[b]]
    bound = {s: import_bound(inputs, s) for s in chosen}

    year.peak = Var(billed, billing, within=NonNegativeReals, doc="highest import of a month that is paid for [MW]")
    year.day_peak = Var(billed, days, within=NonNegativeReals, doc="highest import of a typical day [MW]")
    year.contracted = Var(contracts, within=NonNegativeReals, doc="contracted capacity that is paid for [MW]")

    highest = year.day_peak if has_days else year.imports

    @year.Constraint(billed, snapshots if has_days else [], doc="the highest import of a typical day [MW]")
    def day_peak_limit(year, s, t):
        return year.day_peak[s, t // 24] >= year.imports[s, t]

    @year.Constraint(months, doc="each import is covered by the month's peak or by the contract [MW]")
    def month_peak(year, s, b, part):
        contracted = year.contracted[s] if s in chosen else 0.0
        return year.peak[s, b] + contracted >= highest[s, part]

    @year.Constraint([s for s in contracts if s not in billed], snapshots, doc="imports stay within the contract [MW]")
    def contract_limit(year, s, t):
        return year.contracted[s] >= year.imports[s, t]

    @year.Constraint(chosen, billing, doc="no peak is paid where the contract is [MW]")
    def peak_where_paid(year, s, b):
        return year.peak[s, b] <= bound[s] * (1 - links.pays_capacity[s])

    @year.Constraint(chosen, doc="no contract is paid where the peak is [MW]")
    def contract_where_paid(year, s):
        return year.contracted[s] <= bound[s] * links.pays_capacity[s]


def import_bound(inputs: Inputs, s: str) -> float:
    """An import (MW) that no sensible plan exceeds: the connection's limit, else a multiple of all that can pull power.

    What pulls is demand at its peak, what may be exported or stored as CO2, and process CO2 that may be captured.
    """
    demands, supplies = inputs.demands, inputs.supplies
    pulls = [max(demands.energy[u, y] for y in inputs.years) * demands.shape[u].max() for u in demands.demands]
    pulls += [supplies.export_max[e] for e in supplies.exporters]
    pulls += [max(inputs.captures.process_co2.values(), default=0.0)]
    return min(supplies.import_max.get(s, math.inf), 20.0 * float(sum(pulls)))


def add_certificates(year: Block, inputs: Inputs, y: int) -> None:
    r"""Certificates green imports on the market basis, as a volume of the year.

    .. math::
        g_c \le \sigma_c M_{s(c)} \qquad \sum_{c: s(c) = s} g_c \le M_s

    for c in CERTIFICATES.

    g  certified   MWh (c)     σ  certificate_share   1 (c)     M  imported   MWh (s)
    """
    supplies = inputs.supplies
    usable = [c for c in supplies.certificates if supplies.certificate_supply[c] in supplies.importers]
    greened = list(dict.fromkeys(supplies.certificate_supply[c] for c in usable))

    year.certified = Var(usable, within=NonNegativeReals, doc="imports greened by certificates [MWh]")

    @year.Constraint(usable, doc="certificates green a share of the year's imports at most [MWh]")
    def certificate_limit(year, c):
        return year.certified[c] <= supplies.certificate_share[c, y] * year.imported[supplies.certificate_supply[c]]

    @year.Constraint(greened, doc="no import is certified twice [MWh]")
    def certified_once(year, s):
        own = [(1.0, year.certified[c]) for c in usable if supplies.certificate_supply[c] == s]
        return weighted([*own, (-1.0, year.imported[s])]) <= 0
