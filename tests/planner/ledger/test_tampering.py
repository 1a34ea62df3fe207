"""The ledger works out every number: each figure of each table of a park with every subject is changed in turn, and refused."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from parks import Draft
from slowly import first
from whole import whole_park

from models.case import Case
from models.errors import LedgerError
from models.metrics import OF_RULES
from planner.ledger import stages as metrics
from planner.ledger.ledger import check_plan
from planner.plan import Plan
from planner.tables.accounts import COLUMNS


@pytest.fixture(scope="module")
def planned() -> tuple[Case, float, Plan]:
    park = whole_park()
    plan = park.solve()
    case = park.case()
    assert case.park.base_emissions is not None
    return case, case.park.base_emissions, plan


def numbers(plan: Plan) -> Iterator[tuple[str, str, int]]:
    """A row of every kind of number: the largest of each (column, item or flow) of every table."""
    for name, table in plan.tables.items():
        kinds = [c for c in ("item", "flow", "kind", "metric") if c in table]
        groups = table.groupby(kinds, observed=True, sort=False) if kinds else [("", table)]
        for _, rows in groups:
            for column in rows.select_dtypes("float"):
                if column != "weight" and len(rows) and np.abs(rows[column]).max() > 1e-6:
                    yield name, column, int(rows[column].abs().idxmax())


#: Parts of the numbers that are changed by a test of their own.
PARTS = 5


@pytest.mark.slow
def test_the_park_has_something_in_every_table(planned) -> None:
    _, _, plan = planned
    empty = {name for name in COLUMNS if plan.tables[name].empty}
    assert empty <= {"seasonal", "typical_days", "profiles", "planned_days", "planned_profiles", "retirements", "hourly", "outages"}


def test_footprints_add_up_to_what_the_park_emits(planned) -> None:
    _, _, plan = planned
    told = plan.tables["footprints"]
    rows = told.query("product == ''").groupby(["year", "item"])["value"].sum()
    emitted = plan.tables["emissions"].set_index(["year", "item"])["value"]
    certified = plan.tables["emission_sources"].query("item == 'scope2_certified'").groupby("year")["value"].sum()
    assert (plan.tables["emissions"].query("item == 'captured_fossil'")["value"] > 0).any()
    for y in (2026, 2027, 2028):
        for item in ("scope1", "scope2_location", "scope2_market", "scope3"):
            assert rows[y, item] == pytest.approx(emitted[y, item], abs=1e-6)
        assert rows[y, "captured"] == pytest.approx(emitted[y, "captured_fossil"], abs=1e-6)
        assert rows[y, "certificates"] == pytest.approx(-certified.get(y, 0.0), abs=1e-6)
    lime, works = (told.query(f"{own} and item == 'scope1'")["value"].tolist()
        for own in ("product == 'lime'", "tenant == 'works' and product == ''"))
    assert lime == pytest.approx(works)


@pytest.mark.slow
@pytest.mark.parametrize("part", first(1, range(PARTS)))
def test_every_number_of_every_table_is_worked_out_again(planned, part) -> None:
    """Each part changes the numbers that fall to it in turn; the first has some of every table."""
    case, base, plan = planned
    check_plan(case, plan, base)
    every = list(numbers(plan))
    assert len(every) > 60
    changed = every[part::PARTS]
    if part == 0:  # of a table that has none of these: one that the ledger does not read is always found
        assert set(plan.tables) <= set(COLUMNS)
        first_of = {table: (table, column, row) for table, column, row in reversed(every)}
        assert len(first_of) > 10
        changed += [one for table, one in first_of.items() if table not in {table for table, _, _ in changed}]
    missed = []
    for table, column, row in changed:
        wrong: pd.DataFrame = plan.tables[table].copy()
        value = wrong.loc[row, column]
        wrong.loc[row, column] += np.copysign(max(1e-4 * abs(value), 1e-5), value)
        tampered = replace(plan, tables={**plan.tables, table: wrong})
        try:
            check_plan(case, tampered, base)
        except LedgerError:
            continue
        missed.append((table, column, wrong.loc[row].to_dict()))
    assert missed == []


def test_the_ledger_reckons_every_metric_that_a_rule_may_have() -> None:
    assert set(OF_RULES) == {*metrics.RATIOS, *metrics.BUDGETS}


@pytest.mark.parametrize("table", ["energy", "emissions", "costs", "system_cost", "capacity", "stages", "dispatch"])
def test_a_row_that_is_left_out_is_missed(planned, table) -> None:
    case, base, plan = planned
    whole = plan.tables[table]
    value = next(c for c in ("value", "capacity") if c in whole)
    without = whole.drop(index=whole[value].abs().idxmax())
    with pytest.raises(LedgerError):
        check_plan(case, replace(plan, tables={**plan.tables, table: without}), base)


def test_the_ledger_follows_a_seasonal_store_over_the_calendar() -> None:
    """Two kinds of days, sun in one and none in the other; what is held at the start of each day is told."""
    park = Draft(hours=8760, discount_rate=0.0)
    park.profile("sun", [1.0])
    park.demand("warmth", "heat", mwh=8760.0)
    park.supply("gas", "gas", price=100.0)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=2.0)
    park.converter("collector", {"heat": 1.0}, existing=3.0, profile="sun")
    park.store("pit", "heat", existing=200.0, seasonal=1, standing_loss=1e-4, full_power_hours=24.0, charge_efficiency=0.9)
    case = park.case()
    plan = park.solve_on_days([0] * 5 + [1] * 360, sun=[1.0] * 24 + [0.0] * 24)
    assert len(plan.tables["seasonal"]) == 365 and len(plan.tables["typical_days"]) == 365
    for table, column in (("seasonal", "held"), ("typical_days", "typical_day"), ("profiles", "value")):
        wrong = plan.tables[table].copy()
        wrong.loc[2, column] = wrong.loc[2, column] + 1 if column == "typical_day" else wrong.loc[2, column] * 0.99
        with pytest.raises(LedgerError):
            check_plan(case, replace(plan, tables={**plan.tables, table: wrong}), case.park.base_emissions)


def with_dispatch(plan: Plan, dispatch: pd.DataFrame) -> Plan:
    return replace(plan, tables={**plan.tables, "dispatch": dispatch})


ORDERS = {
    "hours backwards in each flow": lambda d: d.sort_values(["flow", "name", "hour"], ascending=[True, True, False], kind="stable"),
    "years the other way round": lambda d: d.iloc[::-1],
    "as it falls": lambda d: d.sample(frac=1.0, random_state=3),
}


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_the_rows_of_dispatch_says_nothing(planned, order):
    case, base, plan = planned
    check_plan(case, with_dispatch(plan, ORDERS[order](plan.tables["dispatch"])), base)


@pytest.mark.parametrize("change", ["gone", "twice", "in place of another"])
def test_every_hour_of_a_flow_stands_in_dispatch_once(planned, change):
    case, base, plan = planned
    dispatch = plan.tables["dispatch"].reset_index(drop=True)
    row = int(np.flatnonzero(dispatch["hour"] == 5)[3])
    if change == "gone":
        spoilt = dispatch.drop(index=row)
    elif change == "twice":
        spoilt = pd.concat([dispatch.iloc[: row + 1], dispatch.iloc[row:]])
    else:
        spoilt = dispatch.assign(hour=dispatch["hour"].where(dispatch.index != row, 6))
    with pytest.raises(LedgerError, match="dispatch"):
        check_plan(case, with_dispatch(plan, spoilt), base)
