"""The annex: on paper only, its numbers are those of the tables; no print below 7 pt."""

from __future__ import annotations

import re
from importlib.resources import files

import pandas as pd
import pytest
from reading import cell, read, rows

from planner.answer.page import make_page
from planner.tables.output import read_output


@pytest.fixture
def annex(small, plan, tmp_path):
    said = plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet")
    assert said.code == 0, said.err
    page = read(make_page(tmp_path / "out"))
    return page, page.one("annex"), read_output(tmp_path / "out")


def test_the_annex_has_the_numbers_of_the_tables(annex):
    _, part, output = annex
    titles = [title.text for title in part.all("h3")]
    assert titles[0] == "Emissions by source [t CO2e]"
    tables = dict(zip([t for t in titles if t != "Sources"], part.all("table"), strict=True))
    capacity = {row.all("th")[0].text: [cell(c) for c in row.all("td")] for row in tables["Capacity [MW, MWh, t/h]"].all("tr")[1:]}
    stands = output.target["capacity"].query("capacity > 0").pivot_table(index="technology", columns="year", values="capacity")
    assert set(capacity) == set(stands.index) == {"pv"}
    assert capacity["pv"] == pytest.approx(stands.loc["pv"].tolist(), rel=1e-9)
    cash = tables["Paid in the year, not discounted [CNY]"]
    shown = [[float(str(d.attributes["value"])) for d in row.all("data")] for row in cash.all("tr")[1:]]
    assert sum(map(sum, shown)) == pytest.approx(output.target["costs"]["value"].sum(), rel=1e-9)


def test_every_order_of_some_size_is_printed_behind_the_first_ones(annex):
    page, _, output = annex
    (printed,) = page.one("answer").all("div", "printed")
    listed = " ".join(row.text for row in printed.all("table")[0].all("tr"))
    for name in [*output.target["investments"]["technology"], *output.target["measures"]["measure"]]:
        assert name in listed


def test_the_sum_of_a_year_stands_beside_its_last_printed_order_and_that_of_all_below(annex):
    page, _, output = annex
    head, *shown = rows(page.one("answer").all("div", "printed")[0].all("table")[0])
    assert head[1:2] + head[-2:] == ["order", "CNY", "all of the year, CNY"]
    paid = pd.concat([output.target[name][["year", "capital_cost"]] for name in ("investments", "measures")])
    by_year = paid.groupby("year")["capital_cost"].sum()
    listed = [row for row in shown if row[0] != "all years"]
    for row, after in zip(listed, [*listed[1:], [None, None]], strict=True):
        assert row[5] == ("" if after[1] == row[1] else pytest.approx(by_year[int(row[1])]))
    assert [row[5] for row in shown if row[0] == "all years"] == [pytest.approx(by_year.sum())]


def test_no_link_leads_to_the_annex_and_the_screen_does_not_show_it(annex):
    page, _, _ = annex
    assert not [a for a in page.all("a") if a.attributes.get("href") == "#annex"]
    style = page.all("style")[0].text
    before = style[: style.index("#annex { display: block")]
    assert "#annex { display: none; }" in before


def test_no_print_is_below_seven_points():
    style = files("planner.answer.page").joinpath("style.css").read_text(encoding="utf-8")
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)pt", style)]
    assert len(sizes) > 10
    assert min(sizes) >= 7
    assert pd.Series(sizes).max() <= 18
