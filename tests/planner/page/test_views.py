"""Views: what a row of views.toml draws of the rows of a table, and the facts that are made for them."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import planner.answer.tree  # noqa: F401  (its facts)
from planner.answer.facts import FACTS, scheme_ranges
from planner.answer.page.charts import YearChart
from planner.answer.page.report import Report
from planner.answer.purchase import Titles
from planner.answer.sure import called_anew
from planner.answer.views import View, console_table, parts, shown, views
from planner.language.language import ENGLISH, Language
from planner.tables.output import Output
from planner.tables.schema import TABLES

TITLES = Titles({"gas": "Natural gas", "roof-pv": "Rooftop PV", "led": "LED lighting"}, {}, {"chp": "electricity", "Rooftop PV": "electricity", "boiler": "steam"}, {})


def report(years: list[int], language: Language = ENGLISH, **tables: pd.DataFrame) -> Report:
    summary = {"system_cost": 1e9, "by": years[-1]}
    output = SimpleNamespace(target=tables, alone=tables, years=years, currency="CNY", summary=summary, facts={}, has_plan=True)
    return Report(output, language, TITLES)  # type: ignore[arg-type]


def one(view: View | str, of: Report):
    """All that a view shows."""
    return list(shown(views()[view] if isinstance(view, str) else view, of))


def test_every_view_names_a_table_or_a_fact_and_columns_that_it_has():
    for view in views().values():
        assert view.table in TABLES or view.table in FACTS, view.id
        asked = {text.split(":")[0] for text in (*view.columns, *view.rows)} | {*view.where, *([view.each] if view.each else [])}
        assert view.table in FACTS or asked <= set(TABLES[view.table].names), view.id
        assert view.section in {"", *(part.id for part in parts())} and set(view.below) <= asked
    with pytest.raises(TypeError):
        View(id="x", table="costs", kind="list", title=["a", "b"], colour="red")  # type: ignore[call-arg]


@given(st.lists(st.tuples(st.sampled_from([2026, 2027]), st.sampled_from(["a", "b"]), st.floats(-1e6, 1e6)), max_size=9))
def test_every_number_that_is_shown_is_a_sum_of_rows_of_the_table(rows):
    table = pd.DataFrame(rows, columns=["year", "item", "value"]).assign(unit="t", other="x")
    sums = {round(v, 6) for v in table.groupby(["item", "year"])["value"].sum()} | {0.0}
    for kind in ("years", "bars", "list"):
        view = View(id="v", table="rows", kind=kind, title=["T", "题"], series="item", columns=["other:text", "value"], most=9)
        for each in one(view, report([2026, 2027], rows=table)):
            if isinstance(each, YearChart):
                assert {round(v, 6) for v in each.whole.to_numpy().ravel()} <= sums
            else:
                told = {round(value, 6) for row in each.rows for value, _ in row if value is not None}
                assert told <= (sums if kind == "years" else {round(v, 6) for v in table["value"]})


def test_a_filter_a_format_and_what_a_terminal_has_no_room_for():
    """Of three rows one counts; money is told in millions; a long note stands below by number, and not where none is."""
    rows = pd.DataFrame([["gas", "technology", 4e6, "since then"], ["led", "measure", 2e6, ""], ["x", "supply", 1e6, ""]],
        columns=["name", "kind", "cost", "note"])
    view = View(id="v", table="rows", kind="list", title=["T {last}", "题 {last}"], where={"kind": ["technology", "measure"]},
        columns=["name:thing:what", "kind:account", "cost:money", "note:text"], below=["note"])
    (table,) = one(view, report([2026], rows=rows))
    assert (table.title, table.head, table.texts) == ("T 2026", ["what", "kind", "cost [M CNY]", "note"], 2)
    assert table.rows[0] == [(None, "Natural gas"), (None, "technology"), (4e6, "4"), (None, "since then")] and len(table.rows) == 2
    (bare,) = one(view, report([2026], rows=rows.iloc[1:]))
    assert bare.head == ["what", "kind", "cost [M CNY]"] and one(view, report([2026], rows=rows.iloc[2:])) == []


def test_a_terminal_has_notes_below_the_table_and_an_answer_its_own_name_of_a_project():
    """`project` alone is the column of restoration.csv."""
    row = {c.name: 1.0 if c.kind == "number" else "pv" for c in TABLES["worth"].columns} | {"note": "a long story"}
    frames = {"worth": pd.DataFrame([row])}
    output = Output(Path(), {"system_cost": 1.0, "currency": "CNY"}, {}, {}, {})
    table = console_table("worth", output, frames, Language("zh"))
    assert str(table.columns[0].header) == "方案中的项目" and table.caption == "(1) a long story"
    assert Language("zh").translate("project") == "修复项目"


def test_steam_of_a_chp_stands_beside_that_of_the_boiler():
    """A CHP of 4 MW of electricity makes 150 of steam with 100 of electricity: 6 MW of steam."""
    sizes = [(2026, "chp", 4.0, "MW"), (2026, "boiler", 5.0, "MW"), (2026, "Rooftop PV", 3.0, "MW")]
    capacity = pd.DataFrame(sizes, columns=["year", "technology", "capacity", "unit"])
    flows = [("out", "chp", "electricity", 100.0), ("out", "chp", "steam", 150.0), ("out", "boiler", "steam", 50.0)]
    energy = pd.DataFrame([(2026, "park", c, f, n, v, "MWh") for f, n, c, v in flows],
        columns=["year", "zone", "carrier", "flow", "name", "value", "unit"])
    power, steam = one("capacity", report([2026], capacity=capacity, energy=energy))
    assert [power.title, steam.title] == ["Capacity: electricity", "Capacity: steam"]
    assert power.bars.loc[2026].to_dict() == {"chp": 4.0, "Rooftop PV": 3.0}
    assert steam.bars.loc[2026].to_dict() == {"chp": 6.0, "boiler": 5.0}


def test_what_is_retired_early_is_told_with_what_is_given_up():
    """3 MW that stood go in 2028; of an order of 2027 2 MW go in 2030 and 1 MW in 2032, and 500 of value with them."""
    gone = [(2028, "boiler", 0, 3.0, "MW"), (2030, "chp", 2027, 2.0, "MW"), (2032, "chp", 2027, 1.0, "MW")]
    costs = [(2027, "value_given_up", "chp", 500.0), (2027, "capital", "chp", 9000.0)]
    tables = {"retirements": pd.DataFrame(gone, columns=["year", "technology", "ordered", "retired", "unit"]),
        "system_cost": pd.DataFrame(costs, columns=["year", "item", "name", "value"])}
    (told,) = one("retired", report([2026], **tables))
    assert [[value or text for value, text in row] for row in told.rows] == [["boiler", "3 (2028)", "MW", "stood before", "–"],
        ["chp", "2 (2030); 1 (2032)", "MW", "2027", 500.0]]
    assert one("retired", report([2026], **{**tables, "retirements": tables["retirements"].iloc[:0]})) == []


def test_what_changes_and_each_order_is_called_by_its_title():
    rows = pd.DataFrame({"name": ["gas", None], "orders": ["roof-pv 11.7 → 16.2 MW; led 0 → 1; new 0 → 3 MW", None]})
    called = called_anew(rows, TITLES)
    assert called["name"].tolist() == ["Natural gas", ""]
    assert called["orders"].tolist() == ["Rooftop PV 11.7 → 16.2 MW; LED lighting 0 → 1; new 0 → 3 MW", ""]


def test_a_scheme_of_twenty_years_is_one_range():
    """Twenty years by demand; another scheme in between, or a year without one, makes two ranges."""
    rows = pd.DataFrame({"year": np.arange(2026, 2046), "connection": "feeder", "scheme": "by-demand"})
    assert scheme_ranges(rows).to_numpy().tolist() == [["feeder", "by-demand", "2026–2045"]]
    assert scheme_ranges(rows[rows["year"] != 2030])["years"].tolist() == ["2026–2029", "2031–2045"]
    rows.loc[0, "scheme"] = "by-capacity"
    assert scheme_ranges(rows)["years"].tolist() == ["2026", "2027–2045"]


def test_what_is_in_the_way_may_be_nothing():
    """A run that ended before anything was found: no rule blocks, none is broken."""
    assert one("blocking", report([2026])) == one("breaches", report([2026])) == []


def test_what_is_bought_keeps_the_factor_of_the_year_of_the_goal():
    """100 MWh at 0.2 t/MWh in 2030, 50 MWh at 0.1 in 2031: 5 t more than planned where 0.2 stays; at most 10 % of 100 t may be."""
    energy = pd.DataFrame([(2030, "import", "grid", 100.0), (2031, "import", "grid", 50.0)], columns=["year", "flow", "name", "value"])
    sources = pd.DataFrame([(2030, "grid", "scope2_market", 20.0), (2031, "grid", "scope2_market", 5.0)],
        columns=["year", "name", "item", "value"])
    items = [(y, item, value) for y in (2030, 2031) for item, value in (("net", 1.0), ("gross", 8.0), ("base", 100.0))]
    rules = pd.DataFrame([(2031, "gross_ratio", "<=", 0.1, "park")], columns=["year", "metric", "sense", "limit", "factors"])
    emissions = pd.DataFrame(items, columns=["year", "item", "value"])
    of = report([2030, 2031], energy=energy, emission_sources=sources, emissions=emissions, stages=rules)
    of.output.summary["by"] = 2030
    (table,) = one("grid_stays", of)
    assert {row[0][1]: row[-1][0] for row in table.rows} == {"gross emissions, as planned [t]": 8.0,
        "gross emissions, factors as in 2030 [t]": 13.0, "gross emissions, the limit [t]": 10.0, "net emissions, as planned [t]": 1.0,
        "net emissions, factors as in 2030 [t]": 6.0}


def test_green_shares_stand_side_by_side_and_a_notice_year_by_year():
    """Of 200 MWh 80 are made in the park, 40 bought green, 20 certified: 40, 20, 10 and 70 %; 90 of 180 MWh by the hour."""
    green = {"electricity_used": 200.0, "direct_green": 80.0, "direct_contracts": 0.0, "contracts": 40.0, "certified": 20.0,
        "hourly_use": 180.0, "matched_own": 72.0, "matched": 90.0}
    power = pd.DataFrame([(2030, *row) for row in green.items()], columns=["year", "item", "value"])
    (table,) = one("green_shares", report([2030], green_power=power))
    assert [row[-1][0] for row in table.rows] == [40.0, 20.0, 10.0, 70.0, 40.0, 50.0]
    rules = pd.DataFrame([(y, name, "intensity", v, "<=", 0.2, v <= 0.2) for name, factor in (("china-national", 1), ("other", 2))
        for y, v in ((2030, 0.1 * factor), (2031, 0.3 * factor))], columns=TABLES["standards"].names)
    of = report([2030, 2031], standards=rules)
    (chart,), (told,) = one("notice_index", of), one("other_standards", of)
    assert chart.lines.iloc[:, 0].tolist() == [0.1, 0.3] and chart.limits.iloc[:, 0].tolist() == [0.2, 0.2]
    assert [text for _, text in told.rows[0]] == ["china-national", "emissions per energy at most 0.20 t/tce [t/tce]", "0.1", "0.3"]


def test_a_tariff_is_drawn_by_the_hour():
    rows = pd.DataFrame([("grid", "1–12", "all", h, 400.0 + h) for h in range(24)], columns=TABLES["tariffs"].names)
    (chart,) = one("tariffs", report([2030], tariffs=rows))
    assert chart.finding == "From 400 CNY/MWh to 423 CNY/MWh" and chart.whole.index.tolist() == list(range(24)) and chart.first == "hour"


def test_what_the_base_year_rests_on():
    """A stated figure rests on park.toml; one that was worked out on the model, and on bills where the park has any of that year."""
    of = report([2030])
    of.output.summary.update(base_year=2025, base_emissions=100.0, base_location=None)
    assert [row[2][1] for table in one("base_rests_on", of) for row in table.rows] == ["stated in park.toml; not worked out here"]
    of.output.summary["base_location"] = 90.0
    of.output.facts["loads"] = {"bills": [{"supply": "gas", "year": 2025}]}
    (table,) = one("base_rests_on", of)
    assert [row[-1][0] for row in table.rows] == [100.0, 90.0] and table.rows[0][2][1].startswith("bills of Natural gas; ")
    of.output.summary["base_operated"] = 80.0
    assert [row[-1][0] for row in one("base_rests_on", of)[0].rows] == [100.0, 90.0, 80.0]


def test_tables_with_the_same_cells_are_shown_once():
    """What the plan buys is paid for alike whatever it is compared with; a third table with other cells stays."""
    rows = pd.DataFrame([("a", 2026, "x", 1.0), ("b", 2026, "x", 1.0), ("c", 2026, "x", 2.0)], columns=["against", "year", "item", "value"])
    view = View(id="v", table="rows", kind="years", title=["T {against}", "题"], each="against", unit="t")
    assert [table.rows[0][-1][0] for table in one(view, report([2026], rows=rows))] == [1.0, 2.0]


def test_a_plan_is_drawn_from_its_table_of_energy():
    """A grid for machines and, from 2030, a capture that takes power and gives CO2 to a store; what never runs is not drawn."""
    from planner.answer.page.diagram import PlantGroup, Scheme, scheme_of_energy

    rows = [(2026, "electricity", "import", "grid", 9.0), (2026, "electricity", "demand", "machines", 8.0),
        (2026, "electricity", "charge", "battery", 2.0), (2026, "electricity", "discharge", "battery", 1.0),
        (2030, "electricity", "in", "capture", 1.0), (2030, "co2", "out", "capture", 5.0), (2030, "co2", "export", "store", 5.0),
        (2030, "electricity", "out", "turbine", 0.0)]
    assert scheme_of_energy(pd.DataFrame(rows, columns=["year", "carrier", "flow", "name", "value"])) == Scheme(
        {"electricity": ["grid"]},
        [PlantGroup(("electricity",), ("co2",), (), ("capture",)), PlantGroup(("electricity",), ("electricity",), ("battery",))],
        {"electricity": ["machines"], "co2": ["store"]})
