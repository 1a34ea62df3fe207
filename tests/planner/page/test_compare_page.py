"""compare.html: the numbers of each run under its name, and what cannot be compared left out and said."""

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from reading import chart_table, column, read, rows
from tabled import retell

from planner.compare import compare_outputs
from planner.compare.page import comparison_page
from planner.language.language import Language

GOAL = ("--target", "zero-carbon", "--by", 2028)


@pytest.fixture
def runs(plan, small, tmp_path) -> Path:
    """`out`, and `dear` of one year more with grid power at twice the price, in tmp_path."""
    assert plan.once("--park", "park", *GOAL, "--out", "out").code == 0
    small.edit("prices.csv", "500", "1000")
    small.edit("park.toml", "last_year = 2028", "last_year = 2029")
    assert plan.once("--park", "park", *GOAL, "--out", "dear").code == 0
    return tmp_path


@pytest.mark.slow
def test_the_charts_hold_the_numbers_of_both_runs(plan, runs) -> None:
    said = plan("compare", "out", "dear", "--out", "both")
    assert said.code == 0 and "compare.html" in said.out
    page = read((runs / "both" / "compare.html").read_text(encoding="utf-8"))
    shown = chart_table(page.one("emissions"), "Net emissions")
    assert [row[0] for row in shown[1:]] == ["2026", "2027", "2028", "2029"]
    for name in ("out", "dear"):
        net = pd.read_csv(runs / name / "emissions.csv").query("item == 'net'").set_index("year")["value"]
        here = {str(row[0]): row[shown[0].index(name)] for row in shown[1:]}
        assert {y: here[str(y)] for y in net.index} == pytest.approx(net.to_dict())
    assert shown[-1][shown[0].index("out")] == "–"  # 2029 is beyond its horizon
    money = chart_table(page.one("money"), "Capital by year")
    paid = pd.read_csv(runs / "out" / "costs.csv").query("item in ('capital', 'measures', 'restoration')")["value"].sum()
    assert sum(column(money, "out").values()) == pytest.approx(paid / 1e6)
    (costs,) = [t for t in page.one("money").all("table") if rows(t)[0][0] == "what"]
    total = rows(costs)[1]
    assert total[1:] == pytest.approx([json.loads((runs / n / "summary.json").read_text())["system_cost"] for n in ("out", "dear")])


def test_runs_in_other_money_show_no_charts_of_money(runs) -> None:
    shutil.copytree(runs / "out", runs / "<b>euro")
    said = json.loads((runs / "out" / "summary.json").read_text())
    retell(runs / "<b>euro", {**said, "currency": "EUR", "park": "<script>x</script>"})
    page = read(comparison_page(compare_outputs([runs / "out", runs / "<b>euro"]), Language("zh")))
    assert page.one("money").all("figure") == [] and page.one("emissions").all("figure") != []
    assert [e.text for e in page.all("script")] == [files("planner.answer.page").joinpath("script.js").read_text(encoding="utf-8")
    ] and "<script>x</script>" in page.one("runs").text


def test_what_changes_in_the_orders_is_listed_year_by_year(runs) -> None:
    shutil.copytree(runs / "out", runs / "less")
    path = runs / "less" / "investments.csv"
    built = pd.read_csv(path)
    built.loc[0, "build"] /= 3.0
    built.to_csv(path, index=False)
    page = read(comparison_page(compare_outputs([runs / "out", runs / "less"])))
    (listed,) = [t for t in page.one("builds").all("table") if rows(t)[0] == ["year", "what", "unit", "out", "less"]]
    first = built.iloc[0]
    wanted = [str(first["year"]), f"build {first['technology']}", first["unit"], pytest.approx(3.0 * first["build"]),
        pytest.approx(first["build"])]
    assert rows(listed)[1:] == [wanted]
