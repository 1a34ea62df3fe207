"""All months of all years with a unit out, by hand: heat of 2 MW from two boilers of 1 MW."""

import pytest
from parks import Draft

from models.case import Reserve
from models.inputs import resolve
from models.inputs.reserves import all_months
from planner.planning.run import Options, plan_park
from planner.planning.task import short_rows
from planner.questions.operate import keep_orders
from planner.questions.stress import short_months


def heated(**profile: object) -> Draft:
    park = Draft(2026, 2027, hours=24 * 60)
    park.demand("warmth", "heat", mwh=2 * 8760.0, **profile)
    park.supply("gas", "gas", price=0.0)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, capital_cost=1000.0, max_capacity=20.0, unit_size=1.0)
    return park


def test_every_month_of_every_year_is_short_of_the_unit_that_is_out():
    """Sixty days: January has 744 h, and 29 days of the rest 696, each short of 1 MW; nothing is short with both."""
    park = heated()
    plan = plan_park(park.case(), Options(gap=1e-9, compare=False)).target
    park.add(Reserve(carrier="heat", largest_out=1, operated=1))
    case = park.case()
    inputs = resolve(case, case.goal, 0.0, None)
    kept, years = keep_orders(inputs, plan.tables), []
    rows, _ = short_rows(kept.model, inputs, all_months(case, inputs.years, inputs.outages), years.append)
    found = {(y, name, first): (lost, days, hours, energy, worst) for y, name, lost, _, first, days, hours, energy, worst in rows}
    assert years == [2026, 2027] and set(found) == {(y, "boiler", first) for y in years for first in (1, 32, 60)}
    assert found[2026, "boiler", 1] == pytest.approx((1, 31, 744, 744, 1)) and found[2027, "boiler", 32] == pytest.approx(
        (1, 28, 672, 672, 1))


def test_the_worst_month_of_each_unit_is_told():
    import pandas as pd

    from planner.tables.schema import TABLES

    rows = [(2026, "boiler", 1.0, "MW", 1, 31, 744, 744.0, 1.0), (2026, "boiler", 1.0, "MW", 32, 28, 0, 0.0, 0.0)]
    table = pd.DataFrame(rows, columns=list(TABLES["stress_outages"].names))
    assert [str(line) for line in short_months(table)] == [
        "boiler out: 1 of 2 months are short, most that of day 1 in 2026: 744.0 MWh, at worst 1.00 MW"]
    assert "all demand is met" in str(short_months(table[1:])[0])
