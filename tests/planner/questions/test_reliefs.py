"""What a little more of a limit would save, in a sentence: never more than the plan without the limit does."""

import pandas as pd
import pytest

from planner.answer.sure import sentences
from planner.language.language import Language

COLUMNS = ["table", "name", "parameter", "year", "now", "price", "cost", "least", "most"]


def told(*rows: tuple) -> list[str]:
    return list(sentences("limit_costs", pd.DataFrame(rows, columns=COLUMNS).assign(unit="MW"), "CNY", Language("en")))


def margin(name: str, price: str, year: int = 2026) -> str:
    return f"{name}: at the margin, whole numbers as planned, one unit more has a price of {price} CNY/MW in {year}."


#: Below the limits that the park was not planned without.
NO_SAVING = ("A price at the margin is no saving: what more of such a limit saves is known once the park is planned without it "
    "(`plan explain --rules OUT --dearest N`).")


def vain(name: str) -> str:
    return f"More of {name} alone would save nothing, whatever its price: another limit binds as well, and has to give, too."


def test_a_price_says_what_a_tenth_more_saves_only_where_the_plan_without_the_limit_saves_as_much():
    """A tenth of 10 MW at 3 M CNY a MW saves 3 M."""
    own = "technologies", "pv", "max_capacity", 2026, 10.0, 3e6
    assert told((*own, 9e6, 8e6, 1e7)) == ["10% more of technologies.csv pv max_capacity would save about 3.0 M CNY."]


def test_where_the_park_was_not_planned_without_a_limit_its_price_is_one_at_the_margin():
    """The dearest price of its years, and no saving, which the plan without it could contradict."""
    own, later = ("technologies", "pv", "max_capacity", 2026, 10.0, 3e6), ("technologies", "pv", "max_capacity", 2027, 10.0, 4e6)
    not_known = (None, None, None)
    assert told((*own, *not_known), (*later, *not_known)) == [margin("technologies.csv pv max_capacity", "4,000,000", 2027), NO_SAVING]
    assert told((*own, 0.0, -1e5, 5e5)) == [vain("technologies.csv pv max_capacity")]
    lifted = "sites", "roof", "area", 2027, 10.0, 1e6, 9e6, 8e6, 1e7
    assert told((*own, *not_known), lifted) == ["10% more of sites.csv roof area would save about 1.0 M CNY.",
        margin("technologies.csv pv max_capacity", "3,000,000"), NO_SAVING]


def test_of_a_budget_only_the_years_that_the_park_was_planned_without_save():
    """1 M of the first year; of the second nothing is known."""
    first = "budget", "", "capital", 2026, 10e6, 1.0, 5e6, 4e6, 6e6
    second = "budget", "", "capital", 2027, 10e6, 9.0, None, None, None
    assert told(first, second) == ["10% more of budget.csv capital would save about 1.0 M CNY."]


def test_where_the_plan_without_a_limit_saves_nothing_it_is_said_in_place_of_the_price():
    own = "technologies", "pv", "max_capacity", 2026, 10.0, 3e6
    for known in ((0.0, -3e5, 3e5), (-1e5, -4e5, 2e5), (1e5, -2e5, 4e5)):
        assert told((*own, *known)) == [vain("technologies.csv pv max_capacity")]


def test_no_more_is_said_to_be_saved_than_without_the_limit_in_all_years():
    """2 M and 1 M by the prices of two years, and 1.2 M without the limit at all."""
    first = "technologies", "pv", "max_capacity", 2026, 10.0, 2e6, 1.2e6, 1.1e6, 1.3e6
    second = "technologies", "pv", "max_capacity", 2027, 10.0, 1e6, 1.2e6, 1.1e6, 1.3e6
    assert told(first, second) == ["10% more of technologies.csv pv max_capacity would save about 1.2 M CNY."]


def test_each_year_of_a_budget_is_a_limit_of_its_own():
    """2 M of the first year, of which nothing is saved, and 1 M of the second, which saves 5 M without its limit."""
    first = "budget", "", "capital", 2026, 10e6, 2.0, 0.0, -1e5, 1e5
    second = "budget", "", "capital", 2027, 10e6, 1.0, 5e6, 4e6, 6e6
    assert told(first, second) == ["10% more of budget.csv capital would save about 1.0 M CNY."]


def test_what_saves_something_is_told_before_what_does_not():
    dear = "technologies", "pv", "max_capacity", 2026, 10.0, 9e6, 0.0, -1e5, 1e5
    prices = {"a": 1e6, "b": 3e6, "c": 2e6, "d": 4e6}
    others = [("sites", name, "area", 2026, 10.0, price, None, None, None) for name, price in prices.items()]
    lines = told(dear, *others)
    assert lines[:3] == [margin(f"sites.csv {name} area", f"{price},000,000") for name, price in zip("dbc", "432", strict=True)]
    assert lines[3:] == [vain("technologies.csv pv max_capacity"), NO_SAVING]


@pytest.mark.slow
def test_of_two_limits_that_bind_alike_the_command_says_that_neither_alone_saves(plan, small):
    """Half a MW of pv may stand, and half a ha of roof has room for it: more of one saves nothing without the other."""
    small.write("goal.toml", 'target = "low-carbon"\nby = 2028\n')
    small.write("technologies.csv",
        "technology,type,existing,max_capacity,max_build,profile,site,area\npv,solar,0,0.5,,sun,roof,1\n")
    small.write("sites.csv", "site,area\nroof,0.5\n")
    assert plan.once("--park", "park", "--out", "out", "--gap", "1e-6", "--quiet").code == 0
    said = plan("explain", "--rules", "out", "--jobs", 1)
    assert said.code == 0, said.err
    assert "alone would save nothing" in said.out
    assert not [line for line in said.out.splitlines() if "10% more" in line and ("pv" in line or "roof" in line)]
