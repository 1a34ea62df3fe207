"""The sums that a board reads: the cost of the goal, of a tonne, and what a zero is made of."""

import io
import json

import pytest
from parks import Draft
from rich.console import Console

from planner.answer.console import print_run
from planner.answer.hangs_on import composition, told_composition
from planner.answer.money import goal_range
from planner.answer.summary import summary
from planner.language.language import Language
from planner.planning.run import Options, plan_park


def park(rate: float = 0.0, **wind: float) -> Draft:
    """1 MW for two years; wind costs 1,000,000 a MW and year where the grid costs 876,000. From 2027 on half is to be green."""
    found = Draft(2026, 2027, discount_rate=rate)
    found.demand()
    found.supply(factor=0.5)
    found.converter("wind", capital_cost=1e6, green=1, **wind)
    found.rule("gross_ratio", "<=", 0.5)
    return found


def planned(found: Draft):
    case = found.case()
    run = plan_park(case, Options(gap=1e-7))
    return case, run, json.loads(json.dumps(summary(run, case)))


def test_the_cost_of_the_goal_is_told_in_money_and_for_both_kinds_of_tonnes():
    # Half a MW of wind in each year instead of the grid: 500,000 - 438,000 = 62,000 more in each, and 2190 t less.
    _, run, said = planned(park(0.1))
    money, tonnes = 62_000 * (1 + 1 / 1.1), 2190 * (1 + 1 / 1.1)
    assert run.goal_cost is not None
    assert said["goal_cost"] == {"money": pytest.approx(money), "per_tonne_discounted": pytest.approx(money / tonnes),
        "per_tonne_undiscounted": pytest.approx(money / 4380)}
    assert said["plans"]["target"]["abatement_cost"] == pytest.approx(said["goal_cost"])  # nothing stands: the reference buys too


def facts_of(target: dict, least: dict) -> dict:
    """What summary.json says of the two plans; costs in M CNY."""
    def plan(own: dict) -> dict:
        known = dict.fromkeys(("system_cost", "bound", "gap", "typical_days"))
        return known | {key: value * 1e6 if key in ("system_cost", "bound") else value for key, value in own.items()}
    goal = {"money": 1e6 * (target["system_cost"] - least["system_cost"]), "per_tonne_discounted": None,
        "per_tonne_undiscounted": None}
    plans = {"target": plan(target), "least-cost": plan(least)}
    return {**plans["target"], "plans": plans, "goal_cost": goal, "currency": "CNY"}


def on_days(count: int, cost: float, bound: float | None) -> dict:
    return {"count": count, "cost": 1e6 * cost, "bound": None if bound is None else 1e6 * bound, "gap": bound and 1 - bound / cost}


FOUND = {"system_cost": 104.0, "typical_days": on_days(12, 103.0, 102.0)}
LEAST = {"system_cost": 91.0, "typical_days": on_days(12, 90.0, 88.0)}


@pytest.mark.parametrize(
    ("target", "least", "days", "between"),
    [
        (FOUND, LEAST, 12, (102.0 - 90.0, 103.0 - 88.0)),  # on typical days: no bound of all hours
        (FOUND | {"bound": 101.0, "gap": 3 / 104}, LEAST, 12, (12.0, 15.0)),  # one of the plans is proven in all hours
        (FOUND | {"bound": 101.0, "gap": 3 / 104}, LEAST | {"bound": 90.5, "gap": 0.5 / 91}, 0, (101.0 - 91.0, 104.0 - 90.5)),
        (FOUND, LEAST | {"typical_days": on_days(12, 102.5, 88.0)}, 12, (0.0, 15.0)),  # a goal only adds rules
        (FOUND, LEAST | {"typical_days": on_days(13, 90.0, 88.0)}, None, None),  # other days
        (FOUND, LEAST | {"typical_days": on_days(12, 90.0, None)}, None, None),
        (FOUND, LEAST | {"typical_days": on_days(12, 90.0, 88.0) | {"added": [38]}}, None, None),  # eleven and one that was added
        (FOUND, LEAST | {"typical_days": None}, None, None),
    ],
)
def test_the_cost_of_the_goal_lies_between_what_is_proven_of_both_plans(target, least, days, between) -> None:
    found = goal_range(facts_of(target, least))
    if between is None:
        assert found is None
        return
    assert found is not None and found["typical_days"] == days
    assert (found["least"] / 1e6, found["most"] / 1e6) == pytest.approx(between)


def test_the_least_cost_of_the_goal_is_within_the_range_of_a_coarse_search() -> None:
    # Wind in whole orders of 0.4 MW, two of them where half a MW would do: 800,000 + 0.2 * 876,000 - 876,000 = 99,200 a year.
    case = park(unit_size=0.4).case()
    exact, coarse = (plan_park(case, Options(gap=gap)) for gap in (1e-9, 0.5))
    said, true = summary(coarse, case)["goal_cost_range"], exact.goal_cost
    assert true is not None and true.money == pytest.approx(198_400) and said["typical_days"] == 0
    assert 0 < said["least"] <= true.money <= said["most"] * (1 + 1e-9)
    assert said["least"] < said["most"] - 1e3  # the coarse search left something open
    narrow = summary(exact, case)["goal_cost_range"]
    assert (narrow["least"], narrow["most"]) == pytest.approx((198_400, 198_400))


def test_a_goal_that_changes_nothing_costs_nothing():
    found = park()
    found.rows["stages"].clear()
    found.rule("gross_ratio", "<=", 1.0)
    _, _, said = planned(found)
    assert said["goal_cost"]["money"] == pytest.approx(0, abs=1e-3) and said["goal_cost"]["per_tonne_discounted"] is None


def mixed() -> Draft:
    """A year of 1 MW from a grid of 0.5 t/MWh: 3000 MWh are certified, 1000 t of credits bought; gas emits 500 t beside it."""
    found = Draft(2026, 2026, base_emissions=10_000.0)
    found.demand()
    found.demand("kiln", "heat", mwh=2500.0)
    found.supply(factor=0.5)
    found.supply("gas", "gas", price=10.0, factor=0.2)
    found.converter("boiler", {"heat": 1.0, "gas": -1.0}, existing=1.0)
    found.certificate(price=10.0)
    found.offset("removals", "removal", price=5.0, max_volume=1000.0)
    found.rule("net_ratio", "<=", 0.238)
    return found


def test_what_a_stage_rests_on_is_taken_apart():
    # 4380 t of the grid and 500 t of gas; 1500 t certified: gross 3380. Net may be 2380: 1000 t of credits.
    case, run, said = planned(mixed())
    parts = said["composition"]
    assert parts == {"year": 2026, "emitted_by_source": pytest.approx({"grid": 4380.0, "gas": 500.0}),
        "certificates": pytest.approx(1500.0), "captured": 0.0, "restoration": 0.0, "credits": pytest.approx(1000.0),
        "gross": pytest.approx(3380.0), "net": pytest.approx(2380.0), "gross_location": pytest.approx(4880.0)}
    taken = sum(parts[k] for k in ("certificates", "captured", "restoration", "credits"))
    assert parts["net"] == pytest.approx(sum(parts["emitted_by_source"].values()) - taken)
    words = "net 2,380 t in 2026: 4,880 t emitted less certificates 1,500 t, credits 1,000 t; gross on the location basis 4,880 t"
    assert told_composition(Language(), parts, said["base_emissions"]) == words
    assert told_composition(Language(), parts, said["base_emissions"], 5000.0) == f"{words} (5,000 t in the base year)"
    small = words.replace("net 2,380 t", "net 0 t")
    assert told_composition(Language(), parts | {"net": -3.97}, 102_953.0) == small  # 0.004 % of base: a credit too many
    assert told_composition(Language(), parts | {"net": -1.0}, 4380.0) == small.replace("net 0 t", "net -1 t")
    console = Console(width=100, file=io.StringIO())
    print_run(run, case, console, None, details=True)
    assert words in " ".join(console.file.getvalue().split())
    on_location = composition(run.target.tables, "location", 2026)
    assert on_location["certificates"] == 0.0 and on_location["emitted_by_source"]["grid"] == pytest.approx(4380.0)
