"""Captured CO2 of fuels that are bought and made in the park: a fuel's CO2 is counted where it enters the park.

What is captured over the year goes against what was counted of the bought fuel first. Which molecule was burnt in which hour is
not asked.
"""

from __future__ import annotations

from typing import Any

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import weighted
from models.operation.equipment import present_pairs


def add_own_fuel(year: Block, inputs: Inputs, y: int) -> None:
    r"""CO2 captured of each carrier that is made in the park too: what of it is taken off scope 1.

    .. math::
        B_c \le \sum_{s \in c} \varphi_s M_s \qquad B_c \le \Gamma_c = \sum_{k,q} a_{q,c} \Gamma_{k,q}

    for c in CARRIERS made in the park. The rest, :math:`\Gamma_c - B_c`, is a removal where the makers of c are biogenic, and
    does not count else. B is reported as the least of the two, which lowers emissions most.

    B  captured_bought   t (c)     Γ  captured_total   t (k,q)     a  own_share   1 (q,c)
    M  imported          MWh (s)   φ  factor           t/MWh (s)
    """
    carriers = sorted({c for _, q in present_pairs(inputs, y) for c in own_carriers(inputs, q, y)})
    year.captured_bought = variables(carriers, within=NonNegativeReals, doc="captured of what was counted when bought [t]")

    @rows(year, carriers, doc="no more is taken off than was counted when bought [t]")
    def bought_limit(year, c):
        return weighted([*((-a, v) for a, v in counted_when_bought(year, inputs, y, c)), (1.0, year.captured_bought[c])]) <= 0

    @rows(year, carriers, doc="no more is taken off than is captured [t]")
    def taken_limit(year, c):
        taken = ((-a, v) for a, v in captured_of_carrier(year, inputs, y, c))
        return weighted([*taken, (1.0, year.captured_bought[c])]) <= 0


def own_carriers(inputs: Inputs, q: str, y: int) -> list[str]:
    """Carriers made in the park that a source burns."""
    return [c for c in inputs.captures.own_makers if inputs.captures.own_share.get((q, c, y))]


def counted_when_bought(year: Block, inputs: Inputs, y: int, carrier: str) -> list[tuple[float, Any]]:
    """What scope 1 counts of the imports of a carrier, as terms of a sum (t)."""
    supplies = inputs.supplies
    counted = supplies.market if inputs.carbon.accounting == "market" else supplies.location
    bought = [s for s in supplies.importers if supplies.carrier[s] == carrier and supplies.scope.get(s) == 1]
    return [(counted[s, y], year.imported[s]) for s in bought]


def captured_of_carrier(year: Block, inputs: Inputs, y: int, carrier: str) -> list[tuple[float, Any]]:
    """What is captured of a carrier made in the park, as terms of a sum (t)."""
    share = inputs.captures.own_share
    return [(share[q, carrier, y], year.captured_total[k, q]) for k, q in present_pairs(inputs, y) if (q, carrier, y) in share]


def take_off_what_was_bought(year: Any, inputs: Inputs, y: int) -> None:
    """Let a solved year take off as much as it may, and its figures follow: the optimum may be one that takes off less."""
    figure, makers = year.figure, inputs.captures.own_makers
    for c in year.captured_bought:
        taken = sum(a * v.value for a, v in captured_of_carrier(year, inputs, y, c))
        counted = sum(a * v.value for a, v in counted_when_bought(year, inputs, y, c))
        most = max(0.0, min(taken, counted))
        more = most - year.captured_bought[c].value
        year.captured_bought[c].set_value(most)
        changes = {"scope1": -more, "gross": -more, "captured_fossil": more}
        changes |= {"captured_removals": -more} if makers[c] else {"net": -more}
        if inputs.standard.applies:
            changes |= {"standard_gross": -more} | ({} if makers[c] else {"standard_net": -more})
        for name, change in changes.items():
            figure[name].set_value(figure[name].value + change)
