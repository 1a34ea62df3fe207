"""Stages: the rules that hold in the year, each a ratio written as a linear row."""

from __future__ import annotations

from pyomo.environ import Block

from models.inputs import Inputs
from models.linear import weighted
from models.metrics import BASE, METRICS


def add_stages(year: Block, inputs: Inputs, y: int) -> None:
    r"""Every rule of the stage in force.

    .. math::
        N_r - L_r\, D_r \le 0 \quad (\text{or} \ge)

    for r in RULES of the year.

    N  numerator, D  denominator   t, tce or MWh (r)     L  limit   1, for intensity t/tce (r)
    """
    rules = {(r.stage, r.metric, r.sense): r for r in inputs.carbon.rules.get(y, ())}
    base = inputs.carbon.base

    @year.Constraint(list(rules), doc="a rule of the stage in force [t, tce or MWh]")
    def stage_rule(year, stage, metric, sense):
        above, below = METRICS[metric].ratio
        limit = rules[stage, metric, sense].limit
        constant = -limit * base if below == BASE else 0.0
        against = [] if below == BASE else [(-limit, year.figure[below])]
        body = weighted([(1.0, year.figure[above]), *against], constant)
        return body <= 0 if sense == "<=" else body >= 0
