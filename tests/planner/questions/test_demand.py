"""What other demand does to the saving, by hand: 1 MW from a grid at 500 CNY/MWh, and 0.8 MW of hydro that costs 100,000 a MW."""

from types import SimpleNamespace

import pandas as pd
import pytest
from parks import Draft

from models.errors import CaseError
from planner.answer.summary import summary
from planner.language.language import Language
from planner.questions.earned import demand_swing, told_demand
from planner.tables.facts import empty_table
from planner.tables.schema import TABLES


def swung(max_import: float) -> tuple[float, SimpleNamespace, pd.DataFrame]:
    park = Draft()
    park.demand()
    park.supply(price=500.0, max_import=max_import)
    park.converter("hydro", {"electricity": 1.0}, max_capacity=0.8, capital_cost=100_000.0, lifetime=1)
    case, run = park.case(), park.run()
    said, plans = summary(run, case), {name: plan.tables for name, plan in run.plans.items()}
    output = SimpleNamespace(summary=said, plans=plans, alone={"swings": empty_table(TABLES["swings"])})
    return said["plans"]["business-as-usual"]["system_cost"] - said["system_cost"], output, demand_swing(case, 1.0, output, None, lambda _: None)


@pytest.mark.slow
def test_less_demand_needs_less_of_the_hydro_and_more_cannot_be_bought():
    """0.8 MW less is bought: 3,504,000 less 80,000 saved. Of 0.7 MW all is hydro's: 0.1 MW x 8,760 h x 500 less is saved. 1.3 MW are
    more than going on as today can buy, or served by both: then as much is saved as now."""
    saving, output, table = swung(1.2)
    assert saving == pytest.approx(0.8 * 8760 * 500 - 80_000)
    (row,) = table.itertuples(index=False)
    assert (row.what, row.low, row.high) == ("demand", -0.3, 0.3)
    assert row.saving_low == pytest.approx(saving - 0.1 * 8760 * 500) and pd.isna(row.saving_high)
    assert "+30%: cannot all be served" in told_demand(table, "CNY", Language())
    _, _, more = swung(2.0)
    assert more["saving_high"].tolist() == pytest.approx([saving])
    assert more["goal_high"].tolist() == pytest.approx([0.0]), "the least-cost plan is the same"
    output.summary["plans"]["business-as-usual"] |= {"system_cost": 0.0, "saved": -1.0}
    with pytest.raises(CaseError, match="saves nothing"):
        demand_swing(None, 1.0, output, None, lambda _: None)


def test_without_a_plan_of_going_on_as_today_that_is_said_and_not_that_nothing_is_saved():
    for status in ({}, {"business-as-usual": {"status": "failed", "system_cost": None}}):
        output = SimpleNamespace(summary={"plans": status, "system_cost": 1.0}, plans={"target": {}})
        with pytest.raises(CaseError, match="no business-as-usual plan to compare with"):
            demand_swing(None, 1.0, output, None, lambda _: None)
