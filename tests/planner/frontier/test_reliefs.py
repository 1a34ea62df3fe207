"""What a little more of a limit would save, in a sentence: never more than the plan without the limit does."""

from __future__ import annotations

from io import StringIO

import pandas as pd
from rich.console import Console

from planner.answer.page.questions import cells, console_table, folded, sentences
from planner.language.language import Language

COLUMNS = ["table", "name", "parameter", "year", "now", "price", "cost", "least", "most"]


def told(*rows: tuple) -> list[str]:
    return list(sentences("limit_costs", pd.DataFrame(rows, columns=COLUMNS).assign(unit="MW"), "CNY", Language("en")))


def margin(name: str, price: str, year: int = 2026) -> str:
    return f"{name}: at the margin, whole numbers as planned, one unit more has a price of {price} CNY/MW in {year}."


#: Below the limits that the park was not planned without.
NO_SAVING = (
    "A price at the margin is no saving: what more of such a limit saves is known once the park is planned without it "
    "(`plan explain --rules OUT --dearest N`)."
)


def vain(name: str) -> str:
    return f"More of {name} alone would save nothing, whatever its price: another limit binds as well, and has to give, too."


def together(name: str, others: str) -> str:
    return f"More of {name} alone would save nothing, whatever its price: it binds together with {others}, one of which has to give, too."


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
    assert lines[3:] == [together("technologies.csv pv max_capacity", "sites.csv d area, sites.csv b area, sites.csv c area"), NO_SAVING]


def test_of_limits_that_save_nothing_alone_each_names_the_other():
    """Both have a price in 2026, and the plan without either saves nothing; a third, dearer one saves by itself."""
    pv, roof = ("technologies", "pv", "max_capacity", 2026, 10.0, 3e6), ("sites", "roof", "area", 2026, 5.0, 4e6)
    bought = "supplies", "wood", "max_import_year", 2026, 10.0, 9e6, 9e6, 8e6, 1e7
    later = "supplies", "gas", "max_import_year", 2027, 10.0, 9e5, 0.0, -1e5, 1e5
    lines = told((*pv, 0.0, -1e5, 1e5), (*roof, 0.0, -1e5, 1e5), bought, later)
    assert lines[1:3] == [together("technologies.csv pv max_capacity", "sites.csv roof area"),
        together("sites.csv roof area", "technologies.csv pv max_capacity")]
    assert lines[3:] == [vain("supplies.csv gas max_import_year")]


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


def test_years_of_one_price_stand_in_one_row_of_the_table():
    rows = [
        ("sites", "roof", "area", y, 10.0, price, None, None, None, "ha", "", "CNY")
        for y, price in ((2026, 5.0), (2027, 5.0), (2028, 7.0), (2030, 7.0))
    ]
    _, _, found = cells("limit_costs", pd.DataFrame(rows, columns=[*COLUMNS, "unit", "note", "currency"]), "CNY", Language("en"))
    assert [row[2][1] for row in found] == ["2026–2027", "2028", "2030"] and [row[4][0] for row in found] == [5.0, 7.0, 7.0]


def test_a_terminal_has_one_row_for_each_limit_with_the_highest_price_of_its_years():
    """The roof binds in three of five years, a budget costs something else in each of two."""
    rows = [
        ("sites", "roof", "area", y, 10.0, price, None, None, None, "ha", note, "CNY")
        for y, price, note in ((2026, 5.0, "low"), (2027, 5.0, "low"), (2030, 7.0, "high"))
    ]
    rows += [
        ("budget", "", "capital", y, 1e6, 0.5, cost, cost, cost, "CNY", "", "CNY") for y, cost in ((2026, 100.0), (2027, 200.0))
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "unit", "note", "currency"])
    console = Console(width=120, record=True, file=StringIO())
    console.print(console_table("limit_costs", frame, "CNY", Language("en")))
    text = console.export_text()
    (roof,) = [line for line in text.splitlines() if "roof" in line]
    assert "2026–2030 (3)" in roof and roof.split()[-6:] == ["10", "7", "–", "–", "–", "(1)"], roof
    assert "low" not in text and "(1) high" in text
    assert [year for line in text.splitlines() for year in ("2026 ", "2027 ") if year in line] == ["2026 ", "2027 "]
    assert "The price is the highest of these years; limit_costs.csv has that of each." in text


def test_names_of_limits_are_parted_where_words_are_joined():
    assert folded("technologies.csv heat-pump-excess-heat max_capacity") == "technologies\nheat-pump-\nexcess-heat\nmax_capacity"
    assert folded("supplies.csv biomass max_import_year") == "supplies\nbiomass max_\nimport_year"
    assert folded("zero-carbon: net emissions of base") == "zero-carbon:\nnet emissions\nof base"
    assert folded("零碳：净排放占基准比例") == "零碳：净排放占基准比例"


def test_what_a_limit_costs_a_tonne_is_in_the_currency_of_the_run():
    rows = [("stages", "zero-carbon", "gross_ratio", 2030, 0.1, 9e8, None, None, None, "1", "16911.7 money/t", "CNY")]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "unit", "note", "currency"])
    assert [cells("limit_costs", frame, "CNY", Language(code))[2][0][-1][1] for code in ("en", "zh")] == ["16,912 CNY/t",
        "16,912 元/t"]
