"""Budgets of CO2 over years: how much of each is for which year."""

from __future__ import annotations

from pyomo.core import Block

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import weighted


def add_allowances(model: Block, inputs: Inputs) -> None:
    r"""Yearly allowances of every budget.

    .. math::
        \sum_{y \ge y_b} a_{b,y} \le B_b \qquad a_{b,y} \ge 0

    for b in BUDGETS; the operation of each year keeps to its allowance, so that a year below 0 counts 0.

    a  allowance   t (b,y)     B  limit   t (b)
    """
    budgets = {budget.rule.allowance: budget for budget in inputs.carbon.budgets}
    years = allowances(inputs)
    model.allowance = variables(
        years, bounds=lambda _, b, y: (0, max(budgets[b].rule.limit, 0.0)), doc="what a year may use of a budget over years [t]"
    )

    @rows(model, list(budgets), doc="the years together keep to the budget [t]")
    def allowance_limit(model, b):
        return weighted((1.0, model.allowance[b, y]) for own, y in years if own == b) <= budgets[b].rule.limit


def allowances(inputs: Inputs) -> list[tuple[str, int]]:
    """Budgets and the years that they are for."""
    return [(budget.rule.allowance, y) for budget in inputs.carbon.budgets for y in inputs.years if y >= budget.first]
