"""Why a goal cannot be met: rules that block it one by one, else the least total breach, else what is not served."""

import re

import pytest
from parks import Draft

from models.case import Goal
from planner.explain.blocking import say_blocking, say_unserved
from planner.language.language import Language
from planner.park import GoalRequest, read_case
from planner.plan import Breach, Run
from planner.planning.run import Options, plan_park

HEAD = "standard,stage,order,metric,sense,limit\n"


@pytest.fixture
def explained(small):
    """Plans the small park, with its stages as given, to zero-carbon by a year; it must be out of reach."""
    def explain(stages: str = "", by: int = 2028, **milestones: int) -> Run:
        if stages:
            small.write("stages.csv", HEAD + stages)
        steps = tuple((stage.replace("_", "-"), year) for stage, year in milestones.items())
        run = plan_park(read_case(small.folder, goal=GoalRequest("zero-carbon", by, steps)), Options(gap=1e-6))
        assert run.target.status == "infeasible" and not run.target.has_tables and set(run.plans) == {"target"}
        return run
    return explain


def named(breaches) -> list[tuple[str, str, int]]:
    return [(b.stage, b.metric, b.year) for b in breaches]


# The least gross emissions of the park: 8760 MWh less a tenth (led), less half of the rest (sun), at 0.5 t/MWh.
LEAST = 8760 * 0.9 * 0.5 * 0.5


def test_a_rule_in_one_year_blocks_alone_by_what_is_too_much(explained) -> None:
    run = explained("ladder,zero-carbon,3,gross_ratio,<=,0.1\n")
    assert named(run.blocking) == [("zero-carbon", "gross_ratio", 2028)]
    assert run.blocking[0].amount == pytest.approx(LEAST - 438, rel=1e-6)
    assert run.explanation[0] == (
        "zero-carbon by 2028 cannot be met: 1,533 t too much in 2028 for gross emissions (gross_ratio) of zero-carbon.")
    assert run.explanation[1].startswith("Remedies") and run.explanation[-2:] == (
        "Leaving out any one of these rules makes it possible:",
        "  2028  zero-carbon: gross emissions (gross_ratio), broken by 1,533 t")
    assert [Language("zh").tell(run.explanation[i]) for i in (0, -2, -1)] == ["2028 年实现零碳无法达到：2028 年零碳的总排放（gross_ratio）超出 1,533 t。",
        "去掉下列任一规则即可实现：", "  2028 年  零碳：总排放（gross_ratio），超出或不足 1,533 t"]


def test_two_rules_that_contradict_each_other_both_block(explained) -> None:
    """Net zero needs 1971 t of credits; at most 438 t are allowed."""
    run = explained("ladder,zero-carbon,3,net_ratio,<=,0\nladder,zero-carbon,3,offset_ratio,<=,0.1\n")
    wanted = {("zero-carbon", "net_ratio", 2028), ("zero-carbon", "offset_ratio", 2028)}
    assert set(named(run.blocking)) == wanted and [b.amount for b in run.blocking] == pytest.approx([LEAST - 438] * 2, rel=1e-6)


def test_a_rule_that_is_out_of_reach_but_not_alone_does_not_block_alone(explained) -> None:
    """Both the gross limit and the net limit with too few credits are out of reach: no single one helps."""
    run = explained("ladder,zero-carbon,3,gross_ratio,<=,0.1\nladder,zero-carbon,3,net_ratio,<=,-0.1\n")
    assert run.blocking == ()
    amounts = {(b.metric, b.year): b.amount for b in run.breaches}
    # 2000 t of credits can be had: net is LEAST - 2000 at best, where -438 is asked for.
    assert amounts == {("gross_ratio", 2028): pytest.approx(LEAST - 438, rel=1e-6),
        ("net_ratio", 2028): pytest.approx(LEAST - 2000 + 438, rel=1e-6)}


def test_over_several_years_the_least_total_breach_is_told_year_by_year(explained) -> None:
    run = explained("ladder,zero-carbon,3,gross_ratio,<=,0.1\n", by=2026)
    assert run.blocking == () and sorted(named(run.breaches)) == [("zero-carbon", "gross_ratio", y) for y in (2026, 2027, 2028)]
    assert [b.amount for b in run.breaches] == pytest.approx([LEAST - 438] * 3, rel=1e-6)
    assert run.explanation[-4] == "No single rule blocks it; the least total breach falls on:"
    assert {line[:6] for line in run.explanation[-3:]} == {"  2026", "  2027", "  2028"}


def test_the_five_rules_that_break_most_are_listed_the_others_are_counted() -> None:
    breaches = [Breach("zero-carbon", "gross_ratio", 2030 + i, 10.0 * (i if i < 6 else 6 + 1e-9 * i), "t", sense="<=") for i in range(1, 8)]
    first, _, *lines = say_blocking(Goal(target="zero-carbon", by=2031), (), breaches)
    assert "60.0 t too much in 2036" in first
    assert lines[-1] == "  and 2 more (summary.json)" and [line[:6] for line in lines] == ["  2036", "  2037", "  2035", "  2034", "  2033", "  and "]


def test_a_rule_of_a_milestone_can_block_too(explained, small) -> None:
    small.edit("types.csv", "green\nsolar,converter,,1", "green,lead_time\nsolar,converter,,1,1")
    small.edit("stages.csv", "ladder,low-carbon,1,gross_ratio,<=,0.95", "ladder,low-carbon,1,gross_ratio,<=,0.6")
    run = explained(low_carbon=2026)
    assert named(run.blocking) == [("low-carbon", "gross_ratio", 2026)]
    assert run.blocking[0].amount == pytest.approx(8760 * 0.9 * 0.5 - 0.6 * 4380, rel=1e-6)
    assert "in 2026 for gross emissions (gross_ratio) of low-carbon" in run.explanation[0]


def test_a_share_that_must_be_reached_is_too_little(explained) -> None:
    run = explained("ladder,zero-carbon,3,direct_green_share,>=,0.9\n")
    assert named(run.blocking) == [("zero-carbon", "direct_green_share", 2028)]
    assert "too little in 2028 for direct green supply (direct_green_share)" in run.explanation[0] and run.blocking[0].unit == "MWh"


#: PV in whole units of 0.6 MW, ordered once: 0.6 MW is the most. With fractions of a unit the goal could be met.
WHOLE = "technology,type,max_capacity,unit_size,until_year,profile\npv,solar,1,0.6,2026,sun\n"
LEAST_WHOLE = 0.5 * (8760 * 0.9 - 0.6 * 4380)


def test_integers_are_kept_when_a_rule_is_left_out(explained, small) -> None:
    small.write("technologies.csv", WHOLE)
    run = explained("ladder,zero-carbon,3,gross_ratio,<=,0.55\n")
    assert named(run.blocking) == [("zero-carbon", "gross_ratio", 2028)]
    assert run.blocking[0].amount == pytest.approx(LEAST_WHOLE - 0.55 * 4380, rel=1e-5)


def test_integers_count_in_the_least_total_breach_too(explained, small) -> None:
    small.write("technologies.csv", WHOLE)
    run = explained("ladder,zero-carbon,3,gross_ratio,<=,0.55\n", by=2027)
    assert run.blocking == () and [b.amount for b in run.breaches] == pytest.approx([LEAST_WHOLE - 0.55 * 4380] * 2, rel=1e-3)


def test_demand_that_cannot_be_served_is_told_with_hour_and_amount(explained, small) -> None:
    """The grid gives 0.5 MW; with the led 0.9 MW are needed, and in the twelve hours without sun a store has 1 MWh."""
    small.edit("supplies.csv", "grid,electricity,grid,2,2", "grid,electricity,grid,0.5,2")
    small.edit("technologies.csv", "pv,solar,0,1,,sun\n", "pv,solar,0,1,,sun\nbattery,battery,1,1,,\n")
    small.edit("types.csv", "solar,converter,,1\n", "solar,converter,,1\nbattery,store,1,\n")
    small.edit("ports.csv", "out,1\n", "out,1\nbattery,electricity,in,1\n")
    small.edit("costs.csv", "lifetime,,20,year\n",
        "lifetime,,20,year\nbattery,lifetime,,20,year\nbattery,capital_cost,,1,CNY/kWh\n")
    run = explained()
    assert run.blocking == run.breaches == ()
    found = re.fullmatch(
        r"demand cannot be met even without a goal: (0\.\d+) MW of electricity are missing in 20\d\d, hour (\d+) of the "
        r"profiles; hours in all: (\d+)\.", run.explanation[0],)
    assert found and 0 < float(found[1]) <= 0.4 + 1e-6 and not 6 <= int(found[2]) < 18 and 3 * 10 <= int(found[3]) <= 3 * 12


def bare(metric: str, sense: str, limit: float) -> Draft:
    """1 MW from a grid of 0.1 t/MWh is 876 t; a process gives off as much, of which half can be captured; nothing is green."""
    draft = Draft()
    draft.demand()
    draft.supply(factor=0.1)
    draft.process("kiln", 876.0, scope=1, capturable=1)
    draft.capture("scrubber", {"kiln": 0.5}, capital_cost=1.0)
    draft.supply("storage", "co2", price=None, max_export=9.0)
    draft.rule(metric, sense, limit)
    return draft


@pytest.mark.parametrize("method", ["whole", "decomposed"])
@pytest.mark.parametrize(("metric", "sense", "limit", "amount", "words"), [
    ("gross_ratio", "<=", 0.05, 876 + 438 - 219, "1,095 t too much in 2026"),
    ("net_ratio", "<=", 0.0, 876 + 438, "1,314 t too much in 2026"),
    ("direct_green_share", ">=", 0.5, 4380, "4,380 MWh too little in 2026"),
    ("certificate_share", ">=", 0.5, 4380, "4,380 MWh too little in 2026"),
])
def test_what_nothing_in_the_park_can_meet_is_told_with_its_amount(metric, sense, limit, amount, words, method) -> None:
    run = plan_park(bare(metric, sense, limit).case(), Options(gap=1e-9, compare=False, method=method))
    assert run.target.status == "infeasible" and words in run.explanation[0]
    ((stage, found, y),) = named(run.blocking)
    assert (stage, found, y, run.blocking[0].amount) == ("zero-carbon", metric, 2026, pytest.approx(amount, rel=1e-6))


@pytest.mark.parametrize("method", ["whole", "decomposed"])
@pytest.mark.parametrize("rule", [1.0, 0.0])
def test_demand_above_all_supply_is_told_by_hour_whatever_the_rules(rule, method) -> None:
    """1 MW is needed for twelve hours; the grid gives 0.6, an engine 0.1, a store 0.4 MWh: 0.3 MW less 1/30."""
    draft = Draft()
    draft.demand(mwh=8760 * 2 / 3, profile=draft.profile("day", [3.0] * 12 + [1.0] * 12))
    draft.supply(max_import=0.6, factor=0.1)
    draft.converter("engine", existing=0.1)
    draft.store(existing=0.4, full_power_hours=2.0)
    draft.rule("gross_ratio", "<=", rule)
    run = plan_park(draft.case(), Options(gap=1e-9, compare=False, method=method))
    assert run.blocking == run.breaches == ()
    assert "0.3 MW of electricity are missing in 2026" in run.explanation[0] and "hours in all: 12" in run.explanation[0]
    if rule:
        assert [w.needed for w in run.remedies if w.table == "supplies"] == [pytest.approx(0.9 - 0.4 / 12, rel=1e-5)]
        assert run.cost_without_goal is None


def test_limits_that_contradict_each_other_are_told() -> None:
    """Nothing is missing, and there is no plan all the same."""
    assert say_unserved([], 0) == ("The park cannot be planned even without a goal: its limits contradict each other.",)


def test_an_hour_of_a_typical_day_is_told_as_such() -> None:
    (sentence,) = say_unserved([(2027, "town", "heat", 30, 1.5), (2027, "town", "heat", 31, 1.0)], 2)
    assert sentence == ("demand cannot be met even without a goal: 1.5 MW of heat are missing in 2027, hour 6 of typical day 2 "
        "(zone town); hours in all: 2.")
