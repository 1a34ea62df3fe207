"""Stages: the rules that hold in the year, each a ratio written as a linear row."""

from __future__ import annotations

from pyomo.core import Block

from models.components import rows
from models.inputs import Inputs
from models.linear import weighted
from models.metrics import ALLOWANCE, BASE, OF_RULES
from models.operation.carbon import figure_of_rule
from models.operation.links import Links


def add_stages(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Every rule in force: of the stage, and of rules.csv.

    .. math::
        N_r - L_r\, D_r \le 0 \quad (\text{or} \ge)

    for r in RULES of the year. Of a budget over years the row is :math:`N_r \le a_r`, what the year may use of it.

    N  numerator, D  denominator   t, tce or MWh (r)     L  limit   1, for intensity t/tce (r)
    a  allowance, a link   t (r)
    """
    rules = {r.key: r for r in inputs.carbon.rules.get(y, ())}

    @rows(year, list(rules), doc="a rule in force [t, tce or MWh]")
    def stage_rule(year, stage, metric, sense):
        """N - L D ≤ 0, or ≥ 0 (stage, metric, sense); base emissions are a number in it, the allowance of a budget a variable."""
        above, below = OF_RULES[metric].ratio
        if below == ALLOWANCE:
            return year.figure[above] <= links.allowance[rules[stage, metric, sense].allowance]
        rule = rules[stage, metric, sense]
        above, below = (figure_of_rule(inputs, name, rule.lasting) for name in (above, below))
        constant = -rule.limit * inputs.carbon.base_of(rule) if below == BASE else 0.0
        against = [] if below == BASE else [(-rule.limit, year.figure[below])]
        body = weighted([(1.0, year.figure[above]), *against], constant)
        return body <= 0 if sense == "<=" else body >= 0
