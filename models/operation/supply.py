"""Supply: what is bought and sold at the boundary.

What is bought may be sold in the same hour, up to the limits.
"""

from __future__ import annotations

from typing import Any

from pyomo.core import Block, NonNegativeReals, Reals

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import weighted


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
    year.imported = variables(
        supplies.importers, doc="bought in the year [MWh]", bounds=lambda _, s: (0, supplies.most(supplies.import_year_max, s, y))
    )
    year.exported = variables(
        supplies.exporters,
        doc="sold or given away in the year [MWh]",
        bounds=lambda _, s: (0, supplies.most(supplies.export_year_max, s, y)),
    )

    @rows(year, supplies.importers, doc="imports of the year [MWh]")
    def import_total(year, s):
        return weighted([(weight[t], year.imports[s, t]) for t in snapshots] + [(-1.0, year.imported[s])]) == 0

    @rows(year, supplies.exporters, doc="exports of the year [MWh]")
    def export_total(year, s):
        return weighted([(weight[t], year.exports[s, t]) for t in snapshots] + [(-1.0, year.exported[s])]) == 0

    factored = factored_imports(inputs)
    hourly = {p: (inputs.calendar.weight * shape).tolist() for p, shape in supplies.factor_shape.items()}
    year.factored = variables(factored, within=Reals, doc="bought in the year, each hour times the profile of its factor [MWh]")

    @rows(year, factored, doc="imports of the year, each hour times the profile of its factor [MWh]")
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
