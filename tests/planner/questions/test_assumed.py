"""Assumed figures at their low and high: a pencil park whose costs can be worked out by hand."""

from types import SimpleNamespace

import pytest
from distributed import LocalCluster

from models.case import PARAMETERS
from models.errors import CaseError
from planner.park import read_case
from planner.plan import Plan
from planner.planning import relaxed
from planner.questions import assumed
from planner.questions import figures as of_figures
from planner.questions.assumed import AskedPark, Outcome, Ranked, has_same_years, outcome_of, rank
from planner.questions.change import changed
from planner.questions.figures import AssumedFigure, assumed_figures


@pytest.fixture
def pencil(small):
    """1 MW from a grid whose factor and whose PV come from the catalogue; the goal holds without anything done."""
    small.write("goal.toml", 'target = "low-carbon"\nby = 2028\n')
    small.write("technologies.csv", "technology,type,existing,max_capacity,max_build,profile\npv,solar-rooftop,0,1,,sun\n")
    for name in ("types.csv", "ports.csv", "costs.csv", "measures.csv", "savings.csv"):
        (small.folder / name).unlink()
    small.write("supplies.csv", "supply,carrier,kind,max_import,scope,fuel\ngrid,electricity,grid,2,2,grid-china\n")
    (small.folder / "emission_factors.csv").unlink()
    small.edit("park.toml", "base_emissions = 4380.0", "base_emissions = 9000.0")
    return small


@pytest.fixture
def ask(pencil, tmp_path_factory, monkeypatch):
    """Ranks the figures on one typical day, with nothing known from before."""
    def asked(jobs: int = 1, tell=lambda _: None, **options):
        monkeypatch.setattr(assumed, "_plans", {})
        return rank(read_case(pencil.folder), 1, jobs, tmp_path_factory.mktemp("asked"), tell, **options)

    return asked


def test_low_and_high_are_stated_or_follow_the_grade_in_all_years(pencil):
    """PV is `seen` at 2,700 CNY/kW of 2024 and `derived` after: 20 % either way; its variable cost of 0 is no figure."""
    figures = {(f.name, f.parameter): f for f in assumed_figures(read_case(pencil.folder))}
    assert ("grid", "factor") in figures and ("solar-rooftop", "capital_cost") in figures
    capital = figures["solar-rooftop", "capital_cost"]
    assert (capital.low, capital.high, capital.grade) == (0.8, 1.2, "derived") and ("solar-rooftop", "variable_cost") not in figures
    pencil.edit("technologies.csv", "pv,solar-rooftop,0,1,,sun", "pv,wind-distributed,0,1,,sun")
    figures = {(f.name, f.parameter): f for f in assumed_figures(read_case(pencil.folder))}
    wind = figures["wind-distributed", "capital_cost"]
    assert (wind.low, wind.high) == pytest.approx((4000 / 4800, 6000 / 4800))
    case = read_case(pencil.folder)
    figure = next(f for f in assumed_figures(case) if f.parameter == "capital_cost")
    before = [c.value for c in case.costs if c.parameter == "capital_cost"]
    after = [c.value for c in changed(case, figure.times(0.5)).costs if c.parameter == "capital_cost"]
    assert after == pytest.approx([value / 2 for value in before]) and case.prices == changed(case, figure.times(0.5)).prices


def test_every_figure_that_may_be_assumed_is_found_somewhere():
    kinds = [("costs", parameter) for parameter in PARAMETERS]
    others = [("emission_factors", "factor"), ("ports", "in gas"), *of_figures.COLUMNS.items()]
    for table, parameter in [*kinds, *others]:
        assert AssumedFigure(table, "any", parameter, 1.0, "", "derived", 0.8, 1.2).found


def test_base_emissions_stay_only_where_the_operation_of_the_base_year_does(pencil, monkeypatch):
    """A start or a MWh that costs otherwise may be operated otherwise in the base year."""
    case, seen = read_case(pencil.folder), []
    monkeypatch.setattr(assumed, "changed", lambda case, *_: case)
    failed = SimpleNamespace(target=Plan("target", "failed"))
    monkeypatch.setattr(assumed, "plan_park", lambda case, _: seen.append(case.park.base_emissions) or failed)
    for parameter in ("capital_cost", "lifetime", "variable_cost", "start_cost"):
        outcome_of(AskedPark(case, 1, 123.0, is_large=False), ("assumed", "costs", "any", parameter, "0.8"))
    assert seen == [123.0, 123.0, 9000.0, 9000.0]


@pytest.mark.slow
def test_what_changes_the_cost_most_comes_first_and_cheaper_never_costs_more(ask):
    """Power costs 500 CNY/MWh and PV pays: its capital cost of some 2,700 CNY/kW weighs more than its upkeep."""
    base, ranked = ask()
    assert base.cost is not None and base.orders["pv"] > 0
    order = [(r.figure.name, r.figure.parameter) for r in ranked]
    assert order.index(("solar-rooftop", "capital_cost")) < order.index(("solar-rooftop", "fixed_cost"))
    capital = ranked[order.index(("solar-rooftop", "capital_cost"))]
    low, high = capital.cost_changes
    assert low < 0 < high
    factor = next(r for r in ranked if r.figure.name == "grid")
    assert factor.cost_changes == (pytest.approx(0, abs=1), pytest.approx(0, abs=1))


@pytest.mark.slow
def test_the_command_lists_tasks_with_money_and_where_to_look(plan, pencil):
    said = plan("what-if", "park", "--assumed", "--days", 1, "--jobs", 1)
    assert said.code == 0, said.err
    assert "Assumed figures by what they change (CNY)" in said.out
    assert "1. solar-rooftop" in said.out and "look in: two or three quotations" in said.out
    count = len(assumed_figures(read_case(pencil.folder)))
    first, *others = said.err.splitlines()
    assert first == f"planning as assumed; then {count} figures, each at its low and high"
    assert [line.split(":")[0] for line in others] == [f"figure {n} of {count}" for n in range(1, count + 1)]
    said = plan("what-if", "park", "--assumed", "--days", 1, "--jobs", 1, "--language", "zh")
    assert "询价" in said.out and len(said.err.splitlines()) == 1, "every answer is kept"


@pytest.mark.slow
def test_figures_that_change_the_cost_by_less_than_the_gap_are_listed_with_all_alone(plan, pencil):
    """No rule asks for the emission factor of the grid, so it changes no cost."""
    said = plan("what-if", "park", "--assumed", "--days", 1, "--jobs", 1)
    table, after = said.out.split("Assumed figures by what they change (CNY)")[1].split("0: a change smaller than the gaps of")
    assert "solar-rooftop" in table and "grid factor" not in table and "--all lists them" in after
    everything = plan("what-if", "park", "--assumed", "--days", 1, "--jobs", 1, "--all").out
    table, after = everything.split("Assumed figures by what they change (CNY)")[1].split("0: a change smaller than the gaps of")
    row = next(line for line in table.splitlines() if line.strip().startswith("grid factor"))
    assert row.split()[-3:-1] == ["0", "0"] and "--all lists them" not in after


def test_a_change_is_told_by_the_gaps_of_both_plans():
    """Gaps of 1 and 2 at a cost of 1,000: 3.5 less is told, 2.5 more is not."""
    figure = AssumedFigure("costs", "any", "capital_cost", 1.0, "", "derived", 0.8, 1.2)
    base, low, high = Outcome(1000.0, gap=1.0), Outcome(996.5, gap=2.0), Outcome(1002.5, gap=2.0)
    row = Ranked(figure, base, low, high)
    assert [row.exceeds_gap(change) for change in row.cost_changes] == [True, False] and row.has_effect
    assert not Ranked(figure, base, high, high).has_effect and Ranked(figure, base, high, Outcome(None)).has_effect


@pytest.mark.slow
def test_two_processes_find_what_one_does(pencil, ask):
    one, two = ask()[1], ask(jobs=2)[1]
    assert [r.figure for r in one] == [r.figure for r in two] and [r.weight for r in one] == pytest.approx([r.weight for r in two])


def test_a_park_without_a_goal_or_without_a_plan_is_told(plan, pencil):
    (pencil.folder / "goal.toml").unlink()
    assert "--assumed: the park has no goal" in plan("what-if", "park", "--assumed").err
    assert "--days 0" in plan("what-if", "park", "--assumed", "--days", 0).err
    pencil.write("goal.toml", 'target = "zero-carbon"\nby = 2027\n')
    pencil.edit("stages.csv", "ladder,zero-carbon,3,gross_ratio,<=,0.5", "ladder,zero-carbon,3,gross_ratio,<=,0.001")
    assert "cannot be met as the park stands" in plan("what-if", "park", "--assumed", "--days", 1, "--jobs", 1).err


@pytest.mark.slow
def test_a_cluster_finds_what_this_machine_does(ask, monkeypatch):
    real = assumed_figures
    monkeypatch.setattr(assumed, "assumed_figures", lambda case: real(case)[:2])
    here, said = ask()[1], []
    with LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as own:
        there = ask(tell=said.append, scheduler=own.scheduler_address)[1]
    assert sorted(line.split(":")[0] for line in said[1:]) == ["figure 1 of 2", "figure 2 of 2"]
    assert [(r.figure, r.weight) for r in there] == [(r.figure, pytest.approx(r.weight)) for r in here]


@pytest.mark.slow
def test_a_large_park_is_ranked_by_plans_without_whole_numbers(plan, ask, monkeypatch):
    """This park has no whole numbers: its plans are those of one matrix, each to its gap. Each process begins from the plan as assumed."""
    as_whole, whole = ask()
    monkeypatch.setattr(relaxed, "is_large", lambda _: True)
    base, ranked = ask()
    assert base.is_relaxed and base.cost == pytest.approx(as_whole.cost, rel=relaxed.RELAXED_GAP)
    assert 0 <= base.gap <= relaxed.RELAXED_GAP * base.cost
    found = {r.figure: r for r in ranked}
    for row in whole:
        for own, other in ((found[row.figure].low, row.low), (found[row.figure].high, row.high)):
            assert own.is_relaxed and own.cost == pytest.approx(other.cost, rel=relaxed.RELAXED_GAP)
    said = plan("what-if", "park", "--assumed", "--days", 1, "--jobs", 1)
    assert "may order any number in place of whole ones" in said.out


def test_whole_numbers_may_be_any_in_the_plans_of_a_large_park(pencil, monkeypatch):
    """PV in steps of 0.4 MW up to 1 MW: 0.8 in whole steps, all of 1 MW without; the cheaper roof is the dearer plan."""
    pencil.write("technologies.csv",
        "technology,type,existing,max_capacity,max_build,profile,unit_size\npv,solar-rooftop,0,1,,sun,0.4\n")
    case = read_case(pencil.folder)
    dear = next(f for f in assumed_figures(case) if f.parameter == "capital_cost").times(1.1)
    whole, more = (outcome_of(AskedPark(case, 1, 9000.0, is_large=False), change) for change in ((), dear))
    monkeypatch.setattr(relaxed, "is_large", lambda _: True)
    monkeypatch.setattr(assumed, "_plans", {})
    dearer, loose = (outcome_of(AskedPark(case, 1, 9000.0), change) for change in (dear, ()))
    assert loose.cost < whole.cost * (1 - relaxed.RELAXED_GAP)
    assert loose.orders["pv"] == pytest.approx(whole.orders["pv"] / 0.8, rel=0.05)
    assert has_same_years(dear)
    assert dearer.cost - loose.cost == pytest.approx((more.cost - whole.cost) / 0.8, rel=0.15)


def test_a_large_park_whose_goal_is_lost_has_no_plan(pencil, ask, monkeypatch):
    monkeypatch.setattr(relaxed, "is_large", lambda _: True)
    pencil.edit("stages.csv", "ladder,zero-carbon,3,gross_ratio,<=,0.5", "ladder,zero-carbon,3,gross_ratio,<=,0.001")
    pencil.write("goal.toml", 'target = "zero-carbon"\nby = 2027\n')
    with pytest.raises(CaseError, match="cannot be met as the park stands"):
        ask()
