"""Boundary: what is bought and sold, over connections that supplies share, and under contracts.

What is bought may be sold in the same hour, up to the limits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pyomo.core import Block, NonNegativeReals, Reals

from models.inputs import Inputs
from models.linear import rows, variables, weighted
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

    year.imports = variables(
        supplies.importers, snapshots, doc="power bought [MW]", bounds=lambda _, s, t: (0, supplies.most(supplies.import_max, s, y))
    )
    year.exports = variables(
        supplies.exporters,
        snapshots,
        doc="power sold or given away [MW]",
        bounds=lambda _, s, t: (0, supplies.most(supplies.export_max, s, y)),
    )
    add_totals(year, inputs, y)

    @rows(year, supplies.importers, doc="imports of the year [MWh]")
    def import_total(year, s):
        return weighted([(weight[t], year.imports[s, t]) for t in snapshots] + [(-1.0, year.imported[s])]) == 0

    @rows(year, supplies.exporters, doc="exports of the year [MWh]")
    def export_total(year, s):
        return weighted([(weight[t], year.exports[s, t]) for t in snapshots] + [(-1.0, year.exported[s])]) == 0

    hourly = {p: (inputs.calendar.weight * shape).tolist() for p, shape in supplies.factor_shape.items()}

    @rows(year, list(year.factored), doc="imports of the year, each hour times the profile of its factor [MWh]")
    def factor_total(year, s, p):
        return weighted([(hourly[p][t], year.imports[s, t]) for t in snapshots] + [(-1.0, year.factored[s, p])]) == 0


def add_totals(year: Block, inputs: Inputs, y: int) -> None:
    """The year's sums of what is bought and sold."""
    supplies = inputs.supplies
    year.imported = variables(
        supplies.importers, doc="bought in the year [MWh]", bounds=lambda _, s: (0, supplies.most(supplies.import_year_max, s, y))
    )
    year.exported = variables(
        supplies.exporters,
        doc="sold or given away in the year [MWh]",
        bounds=lambda _, s: (0, supplies.most(supplies.export_year_max, s, y)),
    )
    factored = dict.fromkeys((s, profile) for (s, _), profile in supplies.factor_profile.items() if s in supplies.importers)
    year.factored = variables(
        list(factored), within=Reals, doc="bought in the year, each hour times the profile of its factor [MWh]"
    )


def emitting_imports(year: Any, inputs: Inputs, s: str, basis: str) -> Any:
    """What the factor of a supply on a basis is of: imports of the year (MWh), as its profile weighs them."""
    profile = inputs.supplies.factor_profile.get((s, basis))
    return year.imported[s] if profile is None else year.factored[s, profile]


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

    year.certified = variables(usable, within=NonNegativeReals, doc="imports greened by certificates [MWh]")

    @rows(year, usable, doc="certificates green a share of the year's imports at most [MWh]")
    def certificate_limit(year, c):
        return year.certified[c] <= supplies.certificate_share[c, y] * year.imported[supplies.certificate_supply[c]]

    @rows(year, greened, doc="no import is certified twice [MWh]")
    def certified_once(year, s):
        own = [(1.0, year.certified[c]) for c in usable if supplies.certificate_supply[c] == s]
        return weighted([*own, (-1.0, year.imported[s])]) <= 0


# --- connections -------------------------------------------------------------------------------------------------------------


def add_connections(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""What the supplies behind a connection import together, and export together, is within its limit or its capacity.

    .. math::
        \sum_{s \in c} m_{s,t} \le \overline{m}_c, \quad \sum_{s \in c} x_{s,t} \le \overline{x}_c, \qquad
        \sum_{s \in c} m_{s,t} \le C_c, \quad \sum_{s \in c} x_{s,t} \le C_c
    .. math::
        \frac{1}{\overline{m}_c} \sum_{s \in c} m_{s,t} + \frac{1}{\overline{x}_c} \sum_{s \in c} x_{s,t} \le 1, \qquad
        \sum_{s \in c} (m_{s,t} + x_{s,t}) \le C_c

    for c in CONNECTIONS, t in SNAPSHOTS; the first two where it has a limit, the others where its capacity is an investment;
    the last line where it works one way at a time: the convex hull of either way. With a unit out a limit of imports is a link too.

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

    @rows(year, limited, snapshots, doc="supplies behind a connection share its limit [MW]")
    def connection_limit(year, c, way, t):
        if way == "import" and c in links.capacity:
            return weighted([*together(c, way, t), (-1.0, links.capacity[c])]) <= 0
        return weighted(together(c, way, t)) <= limits[way][c]

    @rows(year, sized, snapshots, doc="supplies behind a connection share its capacity [MW]")
    def connection_capacity(year, c, way, t):
        return weighted([*together(c, way, t), (-1.0, links.capacity[c] if c in present else 0.0)]) <= 0

    both = [c for c in connections.one_way if members["import"][c] and members["export"][c]]

    @rows(year, both, snapshots, doc="imports and exports of an hour share the connection [1, MW]")
    def connection_one_way(year, c, t):
        """Of a type: imports + exports ≤ capacity (MW); else their shares of the limits ≤ 1 (1, c, t)."""
        if c in connections.sized:
            own = [*together(c, "import", t), *together(c, "export", t)]
            return weighted([*own, (-1.0, links.capacity[c] if c in present else 0.0)]) <= 0
        shares = [(1.0 / limit, way) for limit, way in zip(connections.one_way[c], limits, strict=True) if limit > 0]
        return weighted((share, v) for share, way in shares for _, v in together(c, way, t)) <= 1


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


# --- contracts ---------------------------------------------------------------------------------------------------------------


def add_contract_limits(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""What is imported under an as-generated contract is generated in that hour; what is not imported is curtailed.

    .. math::
        m_{s,t} \le \gamma_{s,t} c_s \qquad m_{s,t} \le \overline{m}_s u_s \qquad x_{s,t} \le \overline{x}_s u_s

    for t in SNAPSHOTS; the first for s in AS-GENERATED CONTRACTS, the second for other supplies whose use is a yes or no, the third
    for all of these that export.

    m  imports, x  exports   MW (s,t)     c  contract, a link   MW (s)     u  used, a link   1 (s)     γ  shape   1 (s,t)
    """
    contracts, supplies, snapshots = inputs.contracts, inputs.supplies, list(inputs.calendar.snapshots)
    own = [s for s, when in contracts.contracts if when == y]
    shape = {s: contracts.shape[s].tolist() for s in own}
    optional = [s for s, when in contracts.optional if when == y]

    @rows(year, own, snapshots, doc="imports of a contract are what is generated, or less [MW]")
    def contract_import(year, s, t):
        return weighted([(1.0, year.imports[s, t]), (-shape[s][t], links.contract[s])]) <= 0

    importing = [s for s in optional if s in supplies.importers and s not in own]

    @rows(year, importing, snapshots, doc="only what is used imports [MW]")
    def used_import(year, s, t):
        return weighted([(1.0, year.imports[s, t]), (-contracts.import_most[s], links.used[s])]) <= 0

    @rows(year, [s for s in optional if s in supplies.exporters], snapshots, doc="only what is used exports [MW]")
    def used_export(year, s, t):
        return weighted([(1.0, year.exports[s, t]), (-contracts.export_most[s], links.used[s])]) <= 0


def add_schemes_in_force(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Supplies that are sold under another scheme than the one in force stand still.

    .. math::
        m_{s,t} \le G_s s_{\sigma(s)} \qquad x_{s,t} \le \overline{x}_s s_{\sigma(s)}

    for s in SUPPLIES with a scheme, t in SNAPSHOTS; what is contracted under it is 0 then by itself.

    m  imports, x  exports   MW (s,t)     s  scheme, a link   1 (σ)     G  import_bound   MW (s)
    """
    contracts, supplies, snapshots = inputs.contracts, inputs.supplies, list(inputs.calendar.snapshots)
    own = [s for s in inputs.connections.scheme_of if s in supplies.offered[y]]
    key, most = inputs.connections.scheme_of, {s: import_bound(inputs, s) for s in own if s in supplies.importers}

    @rows(year, [s for s in most if s not in contracts.most], snapshots, doc="imports under the scheme in force [MW]")
    def scheme_import(year, s, t):
        return weighted([(1.0, year.imports[s, t]), (-most[s], links.scheme[key[s]])]) <= 0

    @rows(year, [s for s in own if s in supplies.exporters], snapshots, doc="exports under the scheme in force [MW]")
    def scheme_export(year, s, t):
        return weighted([(1.0, year.exports[s, t]), (-supplies.export_max[s], links.scheme[key[s]])]) <= 0


def add_shortfall(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Energy of the year that is paid for and neither bought nor taken.

    .. math::
        f_s \ge E_s u_s - P_s, \quad f_s \ge 0, \qquad P_s = \theta_s c_s \sum_t w_t \gamma_{s,t} + (1 - \theta_s) M_s

    for s in SUPPLIES with a least energy of the year; without an as-generated contract P is M.

    f  shortfall   MWh (s)     E  least_paid   MWh (s)     u  used, a link   1 (s)     P  paid energy   MWh (s)
    c  contract, a link   MW (s)     θ  take   1 (s)       M  imported   MWh (s)       γ  shape         1 (s,t)
    """
    contracts, supplies = inputs.contracts, inputs.supplies
    asked = [s for s in contracts.least_paid if s in supplies.offered[y] and s in supplies.importers]
    year.shortfall = variables(asked, within=NonNegativeReals, doc="energy short of the least of the year, paid for [MWh]")

    @rows(year, asked, doc="what falls short of the least energy of the year [MWh]")
    def shortfall_limit(year, s):
        sold = links.scheme.get(inputs.connections.scheme_of.get(s, ""), 1.0)
        used, paid = links.used.get(s, sold), paid_energy(inputs, s, links.contract.get(s, 0.0), year.imported[s])
        return weighted([*paid, (1.0, year.shortfall[s]), (-contracts.least_paid[s], used)]) >= 0


def paid_energy(inputs: Inputs, s: str, contract: Any, imported: Any) -> list[tuple[float, Any]]:
    """Energy of the year that is paid for (MWh), as terms of a sum of what is contracted (MW) and imported (MWh)."""
    contracts = inputs.contracts
    if s not in contracts.most:
        return [(1.0, imported)]
    return [(contracts.take[s] * generated_by_one(inputs, s), contract), (1 - contracts.take[s], imported)]


def generated_by_one(inputs: Inputs, s: str) -> float:
    """What a MW contracted generates in a year (MWh)."""
    return inputs.calendar.total(inputs.contracts.shape[s])
