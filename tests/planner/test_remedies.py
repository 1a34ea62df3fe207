"""Remedies of a goal that cannot be met: each kind on a park whose amount and cost follow from a few lines of arithmetic.

Without a goal every park here takes 1 MW all year from a grid of 0.5 t/MWh and 100 CNY/MWh: 876,000 CNY and 4380 t.
"""

from collections.abc import Iterable

import pytest
from parks import Draft

from models.case import ParkRule
from planner.explain.elastic import Elastic, Try
from planner.explain.explanation import (
    BLOCKING_SECONDS,
    ENDED_AFTER,
    HELPS,
    WAYS_SECONDS,
    Remedies,
    RemedySearch,
    chosen_years,
    figure,
    say_remedies,
)
from planner.machine.stopping import Stopped
from planner.plan import Remedy, Run
from planner.planning.run import Options, plan_park

#: Halving the emissions of one year: 0.5 MW must be clean.
HALF = 0.5
METHODS = ("whole", "decomposed")


def park(limit: float = HALF, metric: str = "gross_ratio", last: int = 2026, **fields) -> Draft:
    draft = Draft(last=last, **fields)
    draft.demand()
    draft.supply(factor=0.5)
    draft.rule(metric, "<=", limit)
    return draft


def explained(draft: Draft, method: str = "whole") -> Run:
    run = plan_park(draft.case(), Options(gap=1e-9, method=method))
    assert run.target.status == "infeasible"
    return run


def enough(run: Run) -> dict[tuple, Remedy]:
    """The ways that are enough, by where the park states them."""
    return {(w.table, w.name, w.parameter, w.year): w for w in run.remedies if w.is_enough}


def bought(**limit) -> Draft:
    """Clean power at 300 CNY/MWh."""
    draft = park()
    draft.supply("hydro", price=300.0, **limit)
    return draft


def stored(**limit) -> Draft:
    """A kiln gives off 0.5 t/h beside the grid's 0.5 t/h; 0.25 t/h of it must be stored, at 60 CNY/t."""
    draft = park(0.75, base_emissions=8760.0)
    draft.process("kiln", 4380.0, scope=1, capturable=1)
    draft.capture("scrubber", {"kiln": 1.0}, capital_cost=0.0)
    draft.supply("storage", "co2", price=None, prices={"export": -60.0}, **limit)
    return draft


def built(room: float = 9.0, money: float = 0.0, **limit) -> Draft:
    """Each MW costs 2 M and saves 876,000 of grid power; 2 ha each of a yard, with so much money."""
    draft = park()
    draft.site("yard", room)
    draft.converter("hydro", capital_cost=2e6, site="yard", area=2.0, **limit)
    if money:
        draft.budget(2026, money)
    return draft


def credits() -> Draft:
    draft = park(0.0, "net_ratio")
    draft.offset("removals", "removal", 200.0, 1000.0)
    return draft


def forest(**limit) -> Draft:
    """A tenth of 4380 t, at 10 t/ha and year."""
    draft = park(0.9, "net_ratio")
    draft.restoration("forest", {0: 10.0}, fixed_cost=1000.0, inside=1, **limit)
    return draft


def line(**fields) -> Draft:
    """Clean power at 300 CNY/MWh stands in the hills; a tenth is lost on the way."""
    draft = Draft()
    draft.demand(zone="town")
    draft.supply(factor=0.5, zone="town")
    draft.supply("hydro", price=300.0, zone="hills")
    draft.link("cable", "hills", "town", loss=0.1, capital_cost=10_000.0, **fields)
    draft.rule("gross_ratio", "<=", HALF)
    return draft


#: Half of the power at 300 CNY/MWh; half a MW that costs 2 M; what is sent for half a MW in town, and its cost with the line.
HALF_DEAR, HALF_BUILT, SENT = 8760 * (0.5 * 100 + 0.5 * 300), 876_000 + 0.5 * (2e6 - 876_000), 0.5 / 0.9
SENT_COST = 438_000 + SENT * 8760 * 300 + (SENT - 0.3) * 10_000
#: A park that is short of a limit, where it states that, how much is needed, and the system cost with it. Units are of 0.4 MW, and
#: the cost of a project is paid whatever the size of its order.
RESOURCES = {
    "contract": (lambda: bought(max_import=0.2), ("supplies", "hydro", "max_import"), 0.5, HALF_DEAR),
    "volume": (lambda: bought(max_import_year=1000.0), ("supplies", "hydro", "max_import_year"), 4380.0, HALF_DEAR),
    "sink": (lambda: stored(max_export=0.1), ("supplies", "storage", "max_export"), 0.25, 876_000 + 0.25 * 8760 * 60),
    "sink volume": (lambda: stored(max_export=9.0, max_export_year=500.0), ("supplies", "storage", "max_export_year"), 2190.0,
        876_000 + 2190 * 60),
    "capacity": (lambda: built(max_capacity=0.3), ("technologies", "hydro", "max_capacity"), 0.5, HALF_BUILT),
    "building": (lambda: built(max_build=0.3), ("technologies", "hydro", "max_build"), 0.5, HALF_BUILT),
    "whole units": (lambda: built(max_capacity=0.5, unit_size=0.4), ("technologies", "hydro", "max_capacity"), 0.8,
        876_000 + 0.8 * (2e6 - 876_000)),
    "project": (lambda: built(project_cost=50_000.0, max_capacity=0.3), ("technologies", "hydro", "max_capacity"), 0.5,
        HALF_BUILT + 50_000),
    "roof": (lambda: built(room=0.6), ("sites", "yard", "area"), 1.0, HALF_BUILT),
    "budget": (lambda: built(money=300_000.0), ("budget", "", "capital"), 1e6, HALF_BUILT),
    "credits": (credits, ("offsets", "removals", "max_volume"), 4380.0, 876_000 + 4380 * 200),
    "planting": (lambda: forest(max_plant=20.0), ("restoration", "forest", "max_plant"), 43.8, 876_000 + 43.8 * 1000),
    "land": (lambda: forest(max_area=20.0), ("restoration", "forest", "max_area"), 43.8, 876_000 + 43.8 * 1000),
    "line": (lambda: line(existing=0.3, max_capacity=0.3), ("links", "cable", "max_capacity"), SENT, SENT_COST),
    "line a year": (lambda: line(existing=0.0, max_build=0.3), ("links", "cable", "max_build"), SENT, SENT_COST + 0.3 * 10_000),
}


def resource(name: str) -> tuple[Draft, tuple, float, float]:
    make, where, needed, cost = RESOURCES[name]
    return make(), (*where, 2026 if where[0] == "budget" else None), needed, cost


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", RESOURCES)
def test_the_least_more_of_a_resource_and_its_cost(name: str, method: str) -> None:
    draft, where, needed, cost = resource(name)
    run = explained(draft, method)
    remedy = enough(run)[where]
    assert remedy.needed == pytest.approx(needed, rel=1e-5) and remedy.needed > remedy.now
    assert remedy.system_cost == pytest.approx(cost, rel=1e-5) and not remedy.together
    assert {key[0] for key in enough(run)} <= {where[0], "stages"}


@pytest.mark.parametrize("name", RESOURCES)
def test_the_amount_is_enough_and_a_little_less_is_not(name: str) -> None:
    """The case itself, with the amount written into it, is planned."""
    draft, (table, of, parameter, year), _, _ = resource(name)
    remedy = enough(explained(draft))[table, of, parameter, year]
    for share, status in ((1 + 1e-5, "optimal"), (1 - 1e-3, "infeasible")):
        changed = draft.case()
        rows = tuple(row.model_copy(update={parameter: remedy.needed * share}) if of in ("", getattr(row, row.key[0])) else row
            for row in getattr(changed, table))
        plan = plan_park(changed.model_copy(update={table: rows}), Options(gap=1e-9, compare=False)).target
        assert plan.status == status
        if share > 1:
            assert plan.system_cost == pytest.approx(remedy.system_cost, rel=1e-4)


def late_wind(by: int = 2026, **milestones: int) -> Draft:
    """Hydro power takes two years to build, so that half of the emissions can be gone in 2028 at the earliest."""
    draft = park(last=2031)
    draft.converter("hydro", capital_cost=2e6, lifetime=20, lead_time=2)
    if milestones:
        draft.rule("gross_ratio", "<=", 0.7, "low-carbon")
    draft.goal(by, **milestones)
    return draft


@pytest.mark.parametrize("method", METHODS)
def test_the_earliest_deadline_that_works_is_found(method: str) -> None:
    remedy = enough(explained(late_wind(), method))["goal", "zero-carbon", "by", None]
    assert (remedy.now, remedy.needed, remedy.unit) == (2026, 2028, "year")
    # It pays for itself: 1 MW is ordered in 2026, bears 4/20 of its cost within the horizon, and works from 2028 on.
    assert remedy.system_cost == pytest.approx(2 * 876_000 + 2e6 * 4 / 20, rel=1e-5)


@pytest.mark.parametrize("year", [2027, 2028, 2029, 2030, 2031])
def test_the_deadline_is_the_first_that_works_wherever_it_lies(year: int) -> None:
    draft = park(last=2031)
    draft.supply("hydro", price={2025: 300.0}, max_import=0.2)
    draft.offset("removals", "removal", 200.0)
    draft.converter("wind", capital_cost=2e6, lifetime=20, first_year=year)
    remedy = enough(explained(draft))["goal", "zero-carbon", "by", None]
    assert remedy.needed == year


def test_where_a_milestone_is_too_early_all_stages_move_alike() -> None:
    remedy = enough(explained(late_wind(2029, low_carbon=2027)))["goal", "zero-carbon", "by", None]
    assert (remedy.needed, remedy.note) == (2030, "every stage 1 years later")


def test_a_goal_that_no_year_reaches_has_no_deadline() -> None:
    draft = park(last=2028)
    run = explained(draft)
    (remedy,) = [w for w in run.remedies if w.table == "goal"]
    assert (remedy.needed, remedy.note) == (None, "not enough alone")
    assert "Not enough alone, however much: a later deadline for zero-carbon." in run.explanation


@pytest.mark.parametrize("method", METHODS)
def test_where_no_single_budget_is_enough_all_of_them_are_raised(method: str) -> None:
    """A quarter of a MW may be ordered a year, and half a MW is needed in the second: both years are short."""
    draft = park(last=2027)
    draft.goal(2027)
    draft.converter("hydro", capital_cost=2e6, lifetime=20, max_build=0.25)
    draft.budget(2026, 200_000.0)
    draft.budget(2027, 400_000.0)
    run = explained(draft, method)
    found = {key: w for key, w in enough(run).items() if key[0] == "budget"}
    assert {key[3]: w.needed for key, w in found.items()} == pytest.approx({2026: 500_000, 2027: 500_000}, rel=1e-5)
    assert all(w.together for w in found.values())
    # 2026 orders bear 2/20 of their cost and save two years, those of 2027 1/20 and one year.
    cost = 2 * 876_000 - 3 * 0.25 * 876_000 + 500_000 * 3 / 20
    assert [w.system_cost for w in found.values()] == pytest.approx([cost, cost], rel=1e-5)


def two_short_supplies() -> Draft:
    draft = Draft()
    draft.demand()
    draft.demand("ovens", "gas")
    draft.supply(max_import=0.6)
    draft.supply("pipe", "gas", price=50.0, max_import=0.9)
    draft.rule("gross_ratio", "<=", 1.0)
    return draft


@pytest.mark.parametrize("method", METHODS)
def test_what_is_enough_only_together_is_said_together(method: str) -> None:
    run = explained(two_short_supplies(), method)
    assert run.blocking == run.breaches == ()
    found = {w.name: (w.needed, w.together) for w in run.remedies if w.is_enough}
    assert found == {"grid": (pytest.approx(1.0, rel=1e-5), True), "pipe": (pytest.approx(1.0, rel=1e-5), True)}
    assert [w.system_cost for w in run.remedies if w.is_enough] == pytest.approx([8760 * 150] * 2, rel=1e-5)
    assert "Enough together:" in run.explanation
    assert not [line for line in run.explanation if line.startswith("Not enough alone")]  # it would read as a contradiction


def test_where_all_resources_together_are_not_enough_none_is_tried_alone() -> None:
    """Grid and pipe may grow, and both emit; no resource is clean. The rule itself is then tried alone."""
    draft = two_short_supplies()
    draft.goal(2026)
    draft.rule("net_ratio", "<=", -1.0)
    search = RemedySearch(Elastic(draft.inputs(), draft.case()), None)
    asked: list[list[int]] = []
    least = search.elastic.least
    def told(lifted: Iterable[int] = (), seconds: float | None = None) -> Try | None:
        asked.append(list(lifted))
        return least(lifted, seconds)
    search.elastic.least = told  # type: ignore[method-assign]
    found = search.run()
    assert search.resources in asked and len(search.resources) > 1
    assert not [lifted for lifted in asked if len(lifted) == 1 and lifted[0] in search.resources] and found.untried == 0
    assert {w.name for w in found.remedies if w.table == "supplies" and not w.is_enough} >= {"grid", "pipe"}


RULES = [("gross_ratio", "<=", 0.4, 0.5, 1_314_000.0), ("net_ratio", "<=", 0.4, 0.5, 1_314_000.0),
    ("intensity", "<=", 2.0, 0.5 * 0.5 / 0.1, 1_314_000.0), ("clean_share", ">=", 0.7, 0.5, 1_314_000.0),
    ("direct_green_share", ">=", 0.2, 0.0, 876_000.0), ("certificate_share", ">=", 0.2, 0.0, 876_000.0)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("metric", "sense", "limit", "reached", "cost"), RULES, ids=[r[0] for r in RULES])
def test_the_number_of_the_rule_itself_comes_last(metric, sense, limit, reached, cost, method) -> None:
    """Half of the power can be clean at 200 CNY/MWh, and no more."""
    draft = Draft()
    draft.demand()
    draft.supply(factor=0.5, tce_per_mwh=0.1)
    draft.supply("hydro", price=200.0, max_import=0.5, green_share=1.0, tce_per_mwh=0.1)
    draft.rule(metric, sense, limit)
    run = explained(draft, method)
    remedy = run.remedies[[w.table for w in run.remedies].index("stages")]
    assert (remedy.name, remedy.parameter, remedy.now, remedy.unit) == ("zero-carbon", metric, limit, "1")
    assert remedy.needed == pytest.approx(reached, rel=1e-5, abs=1e-9) and remedy.system_cost == pytest.approx(cost, rel=1e-5)
    ranks = [(not w.is_enough, w.table == "stages") for w in run.remedies]
    assert ranks == sorted(ranks)


def test_what_is_enough_with_others_is_not_said_to_be_too_little_alone() -> None:
    """Grid and pipe are enough together; the battery is of use and not enough."""
    both = [Remedy("supplies", name, "max_import", None, 0.6, 1.0, "MW", True, 9.0) for name in ("grid", "pipe")]
    weak = [Remedy("supplies", "grid", "max_import", None, 0.6, None, "MW", note=HELPS)]
    weak += [Remedy("technologies", "battery", "max_capacity", None, 1.0, None, "MWh", note=HELPS)]
    text = say_remedies(Remedies((*both, *weak), None, 1), "CNY", "")
    assert "Enough together:" in text and "Not enough alone, however much: more battery." in text


@pytest.mark.parametrize(("price", "told"), [(50.0, "0.1 M less"), (100.0, "0 more"), (300.0, "0.9 M more")])
def test_a_remedy_that_saves_more_than_the_goal_costs_is_said_to_cost_less(price, told) -> None:
    """0.3 MW more of hydro in place of the grid at 100: at 50 CNY/MWh it costs 131,400 less than without a goal. At 300 none is
    bought without a goal, and half a MW with it: 876,000 more."""
    draft = park()
    draft.supply("hydro", price=price, max_import=0.2)
    (line,) = [line for line in explained(draft).explanation if "a larger connection for hydro" in line]
    assert line.endswith(f"{told} than without a goal")


def test_an_amount_is_rounded_to_the_side_on_which_it_is_enough() -> None:
    assert [figure(v) for v in (0.12341, 12.3401, 1234.1, 123_412.0)] == ["0.1235", "12.35", "1,235", "123,500"]
    assert [figure(v, up=False) for v in (0.12349, 12.3499, 0.5)] == ["0.1234", "12.34", "0.5"]


def test_without_time_nothing_is_tried_and_the_text_says_so() -> None:
    draft, where, _, _ = resource("contract")
    case = draft.case()
    search = RemedySearch(Elastic(draft.inputs(), case), 0.0)
    found = search.run()
    assert found.untried > 0 and where not in {(w.table, w.name, w.parameter, w.year) for w in found.remedies if w.is_enough}
    assert f"Limits that the time did not suffice to try: {found.untried}." in say_remedies(found, "CNY", "")


def test_what_was_found_before_the_search_is_ended_is_told(monkeypatch) -> None:
    """The deadline comes first; nothing is said of what was not tried, here the one rule."""
    def ended(*_) -> None:
        raise Stopped
    monkeypatch.setattr(RemedySearch, "alone", ended)
    run = explained(late_wind())
    assert enough(run)["goal", "zero-carbon", "by", None].needed == 2028 and len(run.remedies) == 1
    assert any(line.startswith("Limits that the time did not suffice to try") for line in run.explanation)
    monkeypatch.setattr(RemedySearch, "deadline", ended)
    run = explained(late_wind())
    assert not run.remedies and run.explanation[1].startswith("Limits that the time did not suffice to try")
    assert not any("is enough" in line for line in run.explanation)


def test_a_later_deadline_that_was_not_tried_to_the_end_is_not_said_to_be_of_no_use() -> None:
    case = late_wind().case()
    search = RemedySearch(Elastic(late_wind().inputs(), case), 0.0)
    search.run()
    assert search.deadline_open and not [remedy for remedy in search.found().remedies if remedy.table == "goal"]


def test_the_seconds_of_an_explanation_are_those_that_a_person_waits() -> None:
    """Half a minute, and two thirds of a minute whatever a solver does."""
    assert BLOCKING_SECONDS + WAYS_SECONDS <= 30 and ENDED_AFTER * (BLOCKING_SECONDS + WAYS_SECONDS) <= 40


def test_a_long_horizon_is_seen_through_chosen_years() -> None:
    draft = park(last=2045)
    draft.goal(2030, low_carbon=2027)
    assert chosen_years(draft.case(), range(2026, 2046)) == (2026, 2027, 2030, 2031, 2032, 2034, 2038, 2045)


def test_with_chosen_years_the_amounts_are_the_same_where_the_years_are_alike() -> None:
    draft, where, needed, _ = resource("contract")
    draft.park = draft.park.model_copy(update={"last_year": 2031})
    all_years, few = (Elastic(draft.inputs(), draft.case(), years) for years in (None, (2026, 2027, 2031)))
    i = [(limit.table, limit.name, limit.parameter, limit.year) for limit in few.limits].index(where)
    found = few.least([i])
    assert found.more[i] == pytest.approx(needed - 0.2, rel=1e-5)
    assert few.cost(found.more) == pytest.approx(all_years.cost(found.more), rel=1e-6)
    assert few.cost(found.more) == pytest.approx(6 * 8760 * 200, rel=1e-5)


def test_a_larger_contract_is_a_way_out():
    # Half of 1 MW all day must be clean: of a plant that generates by half of the day 1 MW; 0.2 MW may be contracted.
    draft = park()
    draft.profile("night", [1.0] * 12 + [0.0] * 12)
    draft.supply("farm", price=300.0, profile="night", contract_max=0.2, green_share=1)
    remedy = enough(explained(draft))["supplies", "farm", "contract_max", None]
    assert remedy.needed == pytest.approx(1.0) and remedy.system_cost == pytest.approx(4380 * (100 + 300))


def lawful(limit: float, **fields) -> Draft:
    """1 MW of use and sun for half of the day; at least `limit` of what 2 MW could generate is to be used here."""
    draft = park(last=fields.pop("last", 2026))
    draft.profile("sun", [1.0] * 12 + [0.0] * 12)
    draft.converter("pv", existing=2.0, profile="sun", green=1)
    draft.add(ParkRule(rule="law", metric="self_use_share", sense=">=", limit=limit, **fields))
    return draft


def test_a_looser_rule_of_rules_csv_is_a_way_out_even_where_there_is_no_plan_without_a_goal():
    # 8,760 MWh could be generated and 4,380 are used: a half.
    run = explained(lawful(0.6))
    remedy = enough(run)["rules", "law", "self_use_share", None]
    assert (remedy.needed, remedy.system_cost) == (pytest.approx(0.5), pytest.approx(438_000))
    assert "a looser rule of law on own use of green power (self_use_share): 0.5 instead of 0.6" in "\n".join(run.explanation)


def test_a_larger_budget_over_years_is_a_way_out():
    draft = park(1.0, last=2027)
    draft.add(ParkRule(rule="budget", metric="cumulated_gross", sense="<=", limit=5000.0))
    remedy = enough(explained(draft))["rules", "budget", "cumulated_gross", 2026]
    assert (remedy.needed, remedy.unit) == (pytest.approx(8760), "t")
