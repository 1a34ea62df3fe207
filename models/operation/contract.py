"""Contracts in operation: what a contracted plant generates, what a supply in use may bring, and what falls short."""

from __future__ import annotations

from typing import Any

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import weighted
from models.operation.connection import import_bound
from models.operation.links import Links


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
