"""Numbers that a solver has trouble with: ranges told, what spans too much named, and an unbounded problem refused."""

import json
from pathlib import Path

import pytest
from parks import Draft

from models.errors import CaseError
from models.inputs import resolve
from models.park import build_park
from planner.days import choose_days
from planner.explain.explanation import earners, say_component
from planner.park import GoalRequest, read_case
from planner.plan import Run
from planner.planning.run import Options, plan_park
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.numerics import WIDEST, measure, unbounded_direction

METHODS = ("whole", "decomposed")


def paid_to_buy(capital_cost: float = 10.0, factor: float = -1.0, **grid: float) -> Draft:
    """1 MW all day; from 0 to 3 o'clock the price is -100 CNY/MWh. A store gives back half of what it takes. A MWh of store is
    filled twice as fast as it holds: 4 h × 1 MW in, half out. In 3 years and four hours of each day a MW that is bought and lost
    earns 100 × 4 × 365 × 3 CNY, less what is given back in other hours."""
    draft = Draft(2026, 2028)
    draft.demand()
    draft.supply(**grid)
    draft.tariff(factor, hours="0-3")
    draft.store(capital_cost=capital_cost, charge_efficiency=0.5, full_power_hours=2.0, lifetime=3)
    draft.rule("gross_ratio", "<=", 1.0)
    return draft


def planned(draft: Draft, method: str) -> Run:
    return plan_park(draft.case(), Options(gap=1e-4, method=method))


@pytest.mark.parametrize("method", METHODS)
def test_a_price_below_zero_without_a_limit_names_the_supply_and_what_uses_it_up(method: str) -> None:
    with pytest.raises(CaseError) as refused:
        planned(paid_to_buy(), method)
    assert refused.value.exit_code == 2
    assert refused.value.complaints == (
        "supplies.csv: grid: has no limit and a price of -100 CNY/MWh in 2026, hour 0 of the profiles; any amount of battery "
        "that uses it up pays for itself, so the problem is unbounded; give max_import",)


@pytest.mark.parametrize("method", METHODS)
#: The last: all that a MWh of store can ever earn is below 100 × 8760 × 3 CNY.
@pytest.mark.parametrize("fields", [{"max_import": 5.0}, {"max_import_year": 20_000.0}, {"factor": 0.1}, {"capital_cost": 3e6}])
def test_what_has_a_limit_or_is_dear_to_use_up_is_planned(fields: dict[str, float], method: str) -> None:
    assert planned(paid_to_buy(**fields), method).target.status == "optimal"


def test_whole_units_earn_without_end_too() -> None:
    """HiGHS says 'infeasible or unbounded' of a mixed-integer park, which is no goal out of reach."""
    draft = paid_to_buy()
    draft.converter("engine", {"gas": -2.5, "electricity": 1.0}, capital_cost=6.0, unit_size=0.3, max_capacity=1.0)
    draft.supply("gas", "gas", price=500.0)
    for method in METHODS:
        with pytest.raises(CaseError, match="grid: has no limit"):
            planned(draft, method)


def test_the_goals_rules_do_not_hide_it_from_the_least_cost_plan() -> None:
    draft = paid_to_buy(factor=-1.0)
    draft.rows["emission_factors"][0] = draft.rows["emission_factors"][0].model_copy(update={"value": 0.1})
    model = build_park(draft.inputs())
    assert unbounded_direction(compile_model(model)) is None
    with pytest.raises(CaseError, match="grid: has no limit"):
        planned(draft, "whole")


def test_only_a_supply_without_limit_and_with_a_price_below_zero_is_looked_at() -> None:
    assert earners(paid_to_buy().inputs()) == (("grid", 2026, 0), ("grid", 2027, 0), ("grid", 2028, 0))
    assert earners(paid_to_buy(max_import=1e9).inputs()) == () and earners(paid_to_buy(factor=0.0).inputs()) == ()


def test_the_command_ends_with_the_fault_and_its_line(small, plan) -> None:
    small.edit("supplies.csv", "grid,electricity,grid,2,2", "grid,electricity,grid,,2")
    small.write("tariff.csv", "supply,item,hours,factor\ngrid,energy,10-12,-0.5\n")
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,0,1,,sun\npit,pit,0,,,")
    small.edit("types.csv", "solar,", "pit,store,0.3,\nsolar,")
    small.edit("ports.csv", "solar,", "pit,electricity,in,1\nsolar,")
    small.edit("costs.csv", "solar,", "pit,capital_cost,,1,CNY/kWh\npit,lifetime,,20,year\nsolar,")
    said = plan("--park", small.folder, "--target", "low-carbon", "--by", 2028)
    assert said.code == 2, said.err
    assert "supplies.csv line 2: grid: has no limit and a price of -250 CNY/MWh in 2026, hour 10 of the profiles" in said.err
    assert "any amount of pit" in said.err and "give max_import" in said.err


def uneven(area: float) -> Draft:
    """A roof of 3 ha, of which a MW takes `area`; the other numbers of the matrix lie between 1/8760 and 8760."""
    draft = Draft()
    draft.demand()
    draft.supply()
    draft.profile("sun", [0.0, 1.0])
    draft.site("roof", 3.0)
    draft.converter("pv", capital_cost=500.0, profile="sun", site="roof", area=area)
    draft.rule("gross_ratio", "<=", 1.0)
    return draft


def test_the_ranges_of_a_park_by_hand() -> None:
    """A MWh from the grid costs 100 CNY and an hour stands for 365: 36,500 CNY a MW; a MW of pv costs 500 CNY."""
    found = measure({0: compile_model(build_park(uneven(1.5).inputs()))})
    assert found.matrix == (1.0, 365.0) and found.objective == (500.0, 36_500.0)
    assert found.bounds == (2.0, 2.0)  # what the roof has room for
    assert found.sides == pytest.approx((1.0, 4380.0))


@pytest.mark.parametrize("method", METHODS)
def test_what_spans_too_much_is_named_and_what_spans_little_is_not(method: str) -> None:
    run = planned(uneven(2e-8), method)
    assert run.target.status == "optimal"
    (warning,) = run.warnings
    assert warning.startswith("the coefficients of the model span 2e+10, and above 1e+09 a solver may lose digits: from 2.0e-08 (")
    assert (
        "(technologies.csv pv, 2026: capacity that works; in sites.csv roof, 2026: capacity on a site shares its area)" in warning)
    assert " to 3.6e+02 (supplies.csv grid" in warning or " to 3.6e+02 (technologies.csv pv" in warning
    assert planned(uneven(1.5), method).warnings == ()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "by"), [("lakeside", 2030), ("steelworks", 2035)])
def test_the_example_parks_span_less_than_is_warned_of(name: str, by: int) -> None:
    """In two years, on one typical day; with budgets in money they spanned 1e12."""
    folder = Path(__file__).parents[2] / "data" / "parks" / name
    case = read_case(folder, (), GoalRequest("zero-carbon", by, ()))
    last = max(case.park.first_year + 1, min((b.year for b in case.budget), default=0))
    case = case.model_copy(update={"park": case.park.model_copy(update={"last_year": last})})
    model = build_park(resolve(case, case.goal, 1e5, choose_days(case, 1)))
    assert 1e6 < measure({0: compile_model(model)}).span < WIDEST


@pytest.mark.slow
def test_the_log_and_run_json_have_the_ranges(small, plan, tmp_path) -> None:
    for method in METHODS:
        said = plan("--park", small.folder, "--target", "low-carbon", "--by", 2028, "--method", method, "--out", "o")
        assert said.code == 0
        (line,) = [line for line in said.err.splitlines() if line.startswith("model coefficients: ")]
        assert "matrix " in line and "objective " in line and "bounds " in line and "right-hand sides " in line
        ranges = json.loads((tmp_path / "o" / "run.json").read_text())["coefficients"]
        assert set(ranges) == {"matrix", "objective", "bounds", "right-hand sides"}
        assert all(0 < least <= most for least, most in ranges.values())


def test_words_of_a_row_and_a_link() -> None:
    draft = paid_to_buy()
    draft.supply("far", zone="b")
    draft.link("cable", "b", "park", capital_cost=1.0)
    inputs = draft.inputs()
    model = build_park(inputs)
    year = model.year[2027]
    assert say_component(year.balance["park", "electricity", 3], inputs) == "park electricity, 2027: what comes equals what goes"
    assert say_component(model.build["cable", 2026], inputs) == "links.csv cable, 2026: capacity ordered"
    rule = year.stage_rule["zero-carbon", "gross_ratio", "<="] if len(year.stage_rule) else None
    assert rule is None or say_component(rule, inputs).startswith("stages.csv zero-carbon gross_ratio <=, 2027")
