"""Laws that every plan must obey, on random small parks. Each plan is also worked out a second time by the ledger."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_parks import FIRST, GAP, cost_of, plan_of, random_park
from slowly import TIMES

from models.case import TABLES, Case, Goal
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, TARGET
from planner.planning.run import Options, plan_park

#: Money below which two costs are the same.
CENT = 1e-2
seeds = st.integers(0, 10**6)
few = settings(max_examples=max(2, round(4 * TIMES)))


def case_of(seed: int) -> Case:
    return random_park(seed).case()


def changed(case: Case, table: str, change: Callable[[Any], Any]) -> Case:
    """The case with every row of a table changed; None drops a row."""
    rows = [change(row) for row in getattr(case, table)]
    return case.model_copy(update={table: tuple(row for row in rows if row is not None)})


def scaled(case: Case, table: str, factor: float, *columns: str, where: Callable[[Any], bool] = lambda _: True) -> Case:
    """The case with columns of a table multiplied; what is left out stays left out."""
    def change(row: Any) -> Any:
        given = {c: factor * getattr(row, c) for c in columns if getattr(row, c) is not None}
        return row.model_copy(update=given) if where(row) else row
    return changed(case, table, change)


def no_dearer(cheap: float, dear: float) -> bool:
    return cheap <= dear + 2 * GAP * abs(dear) + CENT


@few
@given(seeds)
def test_a_tighter_stage_never_costs_less(seed: int) -> None:
    case = case_of(seed)
    tighter = changed(case, "stages", lambda r: r.model_copy(update={"limit": 0.8 * r.limit if r.sense == "<=" else r.limit}))
    assert no_dearer(cost_of(case), cost_of(tighter))


@few
@given(seeds, st.sampled_from(["technologies", "measures", "restoration", "certificates"]))
def test_more_options_never_cost_more(seed: int, table: str) -> None:
    case = case_of(seed)
    rows = getattr(case, table)
    optional = [r for r in rows if table != "technologies" or r.technology in ("pv", "battery", "heat-pump")]
    needed = table == "certificates" and any(r.metric == "gross_ratio" for r in case.stages)
    if not optional or needed:
        return
    fewer = changed(case, table, lambda r: None if r is optional[0] else r)
    if table == "measures":
        fewer = changed(fewer, "savings", lambda s: None if s.measure == optional[0].measure else s)
    assert no_dearer(cost_of(case), cost_of(fewer))


@few
@given(seeds)
def test_a_dearer_input_never_makes_the_plan_cheaper(seed: int) -> None:
    case = case_of(seed)
    dearer = scaled(case, "prices", 1.1, "value", where=lambda r: r.item != "export")
    dearer = scaled(dearer, "costs", 1.1, "value", where=lambda r: r.parameter in ("capital_cost", "fixed_cost", "project_cost"))
    assert no_dearer(cost_of(case), cost_of(dearer))


@few
@given(seeds)
def test_a_later_deadline_never_costs_more(seed: int) -> None:
    case = case_of(seed)
    if case.goal.by == case.park.last_year:
        return
    later = case.model_copy(update={"goal": Goal(target=case.goal.target, by=case.goal.by + 1)})
    assert no_dearer(cost_of(later), cost_of(case))


def doubled(case: Case) -> Case:
    """Twice the park: demands, limits, what stands, and whatever is paid once."""
    case = scaled(case, "demand", 2.0, "value")
    case = scaled(case, "technologies", 2.0, "existing", "max_capacity", "max_build", "min_build", "unit_size")
    case = scaled(case, "types", 2.0, "min_build", "unit_size")
    case = scaled(case, "supplies", 2.0, "max_import", "max_export", "max_import_year", "max_export_year")
    case = scaled(case, "process_emissions", 2.0, "value")
    case = scaled(case, "offsets", 2.0, "max_volume")
    case = scaled(case, "restoration", 2.0, "max_area", "max_plant")
    case = scaled(case, "measures", 2.0, "capital_cost", "fixed_cost")
    case = scaled(case, "costs", 2.0, "value", where=lambda r: r.parameter == "project_cost")
    return case.model_copy(update={"park": case.park.model_copy(update={"base_emissions": 2 * case.park.base_emissions})})


@few
@given(seeds)
def test_doubling_demand_and_limits_doubles_the_cost(seed: int) -> None:
    case = case_of(seed)
    assert cost_of(doubled(case)) == pytest.approx(2 * cost_of(case), rel=2 * GAP, abs=CENT)


@few
@given(seeds)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    case = case_of(seed)
    other = turned(case)
    assert other.technologies[0] != case.technologies[0] and cost_of(other) == pytest.approx(cost_of(case), rel=2 * GAP, abs=CENT)


@pytest.mark.parametrize("seed", [0, 1, 4])
def test_rows_in_another_order_give_the_same_tables_in_their_own_order(seed: int) -> None:
    """Of a park that is planned whole, also where the gap leaves room for other plans."""
    case = case_of(seed)
    found = [plan_park(own, Options(gap=1e-3, compare=False, method="whole")).target for own in (case, turned(case))]
    first, second = ({name: by_keys(table) for name, table in plan.tables.items()} for plan in found)
    assert first.keys() == second.keys()
    for name in first:
        pd.testing.assert_frame_equal(first[name], second[name], rtol=1e-6, atol=1e-6, obj=name)
    ends = [plan.tables["capacity"][plan.tables["capacity"]["year"] == case.park.last_year] for plan in found]
    listed = [end["technology"].tolist() for end in ends]
    assert listed[0] == [t.technology for t in case.technologies if t.technology in listed[0]] == listed[1][::-1]


def turned(case: Case) -> Case:
    """The rows of each table the other way round, but those whose order says something."""
    rows = {table: getattr(case, table)[::-1] for table in TABLES if table not in ("tariff", "ports", "measures")}
    return case.model_copy(update=rows | {"profiles": dict(reversed(case.profiles.items()))})


def by_keys(table: pd.DataFrame) -> pd.DataFrame:
    """The rows by what names them, whatever order they come in."""
    keys = [column for column in table if not pd.api.types.is_float_dtype(table[column])]
    return table.astype(dict.fromkeys(keys, str)).sort_values(keys, kind="stable", ignore_index=True)


@few
@given(seeds)
def test_units_change_nothing(seed: int) -> None:
    """The same figures in other units: MWh as GJ, CNY/MWh as CNY/kWh, CNY/MW as CNY/kW, t/MWh as kg/kWh."""
    case = case_of(seed)
    other = changed(case, "demand", lambda r: r.model_copy(update={"value": 3.6 * r.value, "unit": "GJ"}))
    other = changed(other, "emission_factors", lambda r: r.model_copy(update={"unit": "kg/kWh"}))
    for table in ("prices", "costs"):
        for given_in, unit in (("CNY/MWh", "CNY/kWh"), ("CNY/MW", "CNY/kW"), ("CNY/MW/year", "CNY/kW/year")):
            other = changed(other, table, lambda r, a=given_in, b=unit: _in_unit(r, a, b))
    assert {r.unit for r in other.costs} >= {"CNY/kW", "year"}
    assert cost_of(other) == pytest.approx(cost_of(case), rel=2 * GAP, abs=CENT)


def _in_unit(row: Any, given_in: str, unit: str) -> Any:
    return row.model_copy(update={"value": row.value / 1e3, "unit": unit}) if row.unit == given_in else row


@few
@given(seeds, st.sampled_from([1e-3, 7.1, 1e3]))
def test_the_scale_of_the_currency_changes_only_the_scale_of_the_cost(seed: int, scale: float) -> None:
    case = case_of(seed)
    money = scaled(case, "costs", scale, "value", where=lambda r: "CNY" in r.unit)
    for table, columns in (("prices", ["value"]), ("offsets", ["price"]), ("certificates", ["price"]),
        ("measures", ["capital_cost", "fixed_cost"]), ("restoration", ["capital_cost", "fixed_cost"])):
        money = scaled(money, table, scale, *columns)
    assert cost_of(money) == pytest.approx(scale * cost_of(case), rel=2 * GAP)


@few
@given(seeds)
def test_a_year_alone_costs_what_it_costs_among_others(seed: int) -> None:
    """Where nothing can be built, adopted or planted, and retiring saves nothing, each year stands for itself."""
    case = case_of(seed)
    stands = {"heater": 20.0}
    case = changed(case, "technologies",
        lambda r: r.model_copy(update={"max_build": 0.0, "existing": stands.get(r.technology, r.existing)}))
    case = changed(case, "costs", lambda r: None if r.parameter == "fixed_cost" else r)
    case = case.model_copy(update={"measures": (), "savings": (), "restoration": (), "uptake": ()})
    terms = plan_of(case).tables["system_cost"]
    for y in range(FIRST, case.park.last_year + 1):
        alone = case.model_copy(update={"park": case.park.model_copy(update={"first_year": y, "last_year": y})})
        discount = (1 + case.park.discount_rate) ** -(y - FIRST)
        among = terms[terms["year"] == y]["value"].sum()
        assert cost_of(alone) * discount == pytest.approx(among, rel=2 * GAP, abs=CENT)


@few
@given(seeds)
def test_each_plan_that_may_do_less_costs_no_less(seed: int) -> None:
    """The reference is feasible for least-cost, and the target is too."""
    case = changed(case_of(seed), "technologies",
        lambda r: r.model_copy(update={"reference": 1}) if r.technology == "heater" else r)
    plans = plan_park(case, Options(gap=GAP)).plans
    assert all(plans[name].status == "optimal" for name in (TARGET, LEAST_COST, REFERENCE))
    costs = {name: p.system_cost for name, p in plans.items()}
    assert no_dearer(costs[LEAST_COST], costs[TARGET]) and no_dearer(costs[LEAST_COST], costs[REFERENCE])
    as_usual = plans[BUSINESS]  # what stands may not serve the demand
    assert as_usual.status in ("optimal", "infeasible")
    assert as_usual.status == "infeasible" or no_dearer(costs[LEAST_COST], costs[BUSINESS])
