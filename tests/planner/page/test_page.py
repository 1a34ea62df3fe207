"""report.html: what it says, that its numbers are those of the tables, and that no name gets out of its place."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from reading import captions, chart_table, column, is_short, read, rows, title_of
from tabled import retell

from planner.answer.files import write_run
from planner.answer.first import why_not
from planner.answer.money import decision
from planner.answer.page.charts import text_width
from planner.answer.page.page import make_page
from planner.answer.page.sankey import PRINTED
from planner.answer.page.sankey import _lines as sankey_lines
from planner.answer.page.table import COUNT, LONG, Styles, added_up, changed, leading, most_in, most_of, table
from planner.answer.views import views
from planner.compare import compare_outputs
from planner.compare.page import comparison_page
from planner.explain.blocking import NOT_IN_HOURS
from planner.language.language import ENGLISH, Language, words
from planner.language.message import Message, as_json
from planner.park import read_case
from planner.park.remarks import NO_DEMAND, PLACE, PLACED
from planner.planning.run import Options, plan_park

#: All that may run in a page.
SCRIPT = files("planner.answer.page").joinpath("script.js").read_text(encoding="utf-8")


@pytest.fixture
def written(small, written_once, tmp_path):
    """Plans the park as it stands; gives the output folder."""

    def write(language: str = "en", goal: str = 'target = "zero-carbon"\nby = 2028\n') -> Path:
        small.write("goal.toml", goal)
        written_once(small.folder, tmp_path / "out", language)
        return tmp_path / "out"

    return write


def test_a_run_writes_its_report(written) -> None:
    out = written()
    page = read((out / "report.html").read_text(encoding="utf-8"))
    assert [e.text for e in page.all("head")[0].all("title")] == ["Tiny [Park]: zero-carbon by 2028, by the rules of ladder"]
    lead = [p.text for box in page.all("div", "lead") for p in box.all("p")]
    assert lead[0].startswith("Yes: Tiny [Park] can be zero-carbon by 2028")
    assert page.all("ul", "approve")[0].all("li")[0].text.startswith("Approve the orders of 2026 now")
    figures = [tile.all("span")[0].text for tile in page.all("ul", "figures")[0].all("li")]
    assert figures == ["To be invested", "The goal costs", "Saves against business as usual", "Pays back in"]
    assert [title_of(h) for h in page.one("answer").all("h3")] == ["Net emissions by year", "Orders by year"]
    assert [h.text for h in page.all("h2")] == ["The answer", "What to do", "What it costs", "Emissions and rules",
        "Energy in and out", "How sure", "Tables"]
    assert "today's kinds of equipment, optimised" in page.one("costs").all("table", "plans")[0].text


def test_the_decision_is_the_first_year_and_as_far_as_the_least_cost_plan_orders_it_too_it_is_right_anyway() -> None:
    """By hand: of 300 now, 100 for 4 MW of which the other plan orders 1 by then, 200 for what it orders in full: 225 of 300."""
    def plan(*orders: tuple) -> dict[str, pd.DataFrame]:
        columns = ["year", "technology", "build", "capital_cost", "committed"]
        made = pd.DataFrame(orders, columns=columns).assign(unit="MW", works_from=2027, works_until=2040)
        empty = pd.DataFrame(columns=["year", "item", "name", "project", "measure", "works_until", "capital_cost", "value", "unit"])
        years = pd.DataFrame({"year": [2026, 2030]})
        return {"investments": made, "measures": empty, "restoration": empty, "costs": empty, "emissions": years}
    mine = plan((2026, "pv", 4.0, 100.0, 0), (2026, "pump", 1.0, 200.0, 0), (2026, "old", 1.0, 50.0, 1), (2028, "pv", 1.0, 9.0, 0))
    other = plan((2027, "pv", 1.0, 25.0, 0), (2026, "pump", 3.0, 600.0, 0), (2029, "pv", 9.0, 99.0, 0))
    assert decision(mine, other) == (2026, 2028, 300.0, 9.0, 0.75) and decision(mine, None).right is None
    assert decision(plan(), other) is None


def test_milestones_that_the_goal_leaves_out_are_named_beside_the_goal(plan, small, tmp_path) -> None:
    small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n\n[milestones]\nlow-carbon = 2027\n')
    assert plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet").code == 0
    page = read((tmp_path / "out" / "report.html").read_text())
    (said,) = (line.text for line in page.all("ul", "checks")[0].all("li") if line.text.startswith("By whose rules?"))
    assert "Whose zero-carbon it is" in said and ("not required of this plan, and whether it meets them was not looked at: low-carbon by 2027." in said)


def test_the_report_is_made_again_from_the_tables_alone(plan, written) -> None:
    out = written()
    first = (out / "report.html").read_bytes()
    (out / "report.html").unlink()
    said = plan("report", out)
    assert said.code == 0, said.err
    assert said.out.split() == [str(out / "report.html"), str(out / "plan.xlsx")] and (out / "report.html").read_bytes() == first
    assert plan("report", out, "--language", "zh").code == 0 and "2028 年实现零碳" in (out / "report.html").read_text(encoding="utf-8")
    assert sorted(p.name for p in out.iterdir() if p.name.startswith(".")) == []


def test_a_folder_that_is_no_output_has_no_report(plan, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    said = plan("report", "empty", "--language", "fr")
    assert said.code == 2 and "empty: is no output of a run" in said.err and "--language fr" in said.err
    assert list((tmp_path / "empty").iterdir()) == []


def test_an_output_that_is_not_whole_is_a_fault_and_no_traceback(plan, written) -> None:
    out = written()
    (out / "emissions.csv").write_text("year,item\nx,y\n")
    said = plan("report", out)
    assert said.code == 2 and "emissions.csv: has no column 'value'" in said.err and "Traceback" not in said.err


def test_the_emissions_of_the_page_are_those_of_the_tables(written) -> None:
    out = written()
    page = read((out / "report.html").read_text(encoding="utf-8"))
    shown = chart_table(page.one("emissions"), "Emissions by source, down to net")
    emissions = pd.read_csv(out / "emissions.csv").pivot_table(index="year", columns="item", values="value")
    sources = pd.read_csv(out / "emission_sources.csv").query("item == 'scope2_market'").set_index("year")["value"]
    assert list(column(shown, "net, target").values()) == pytest.approx(list(emissions["net"]))
    assert list(column(shown, "grid").values()) == pytest.approx(list(sources))
    assert list(column(shown, "removal credits").values()) == pytest.approx(list(-emissions["removal_credits"]))
    reference = pd.read_csv(out / "reference" / "emissions.csv").query("item == 'net'")["value"]
    assert list(column(shown, "net, reference").values()) == pytest.approx(list(reference))
    parts = [c for c in shown[0][1:] if not str(c).startswith(("net", "gross", "limit"))]
    for year, net in emissions["net"].items():
        assert sum(column(shown, str(c))[str(year)] for c in parts) == pytest.approx(net, abs=1e-6)
    limits = column([[r[0], r[-1]] for r in (shown[0], shown[-1])], "limit: net emissions of base")
    assert limits == {"2028": 0.0}


def test_the_schedule_is_the_table_of_investments(written) -> None:
    out = written()
    page = read((out / "report.html").read_text(encoding="utf-8"))
    paid = pd.concat([pd.read_csv(out / f"{name}.csv")[["year", "capital_cost"]] for name in ("investments", "measures")])
    head, *orders, whole = [[e.text for e in row.inside] for row in page.one("answer").all("table", "orders")[0].all("tr")]
    assert head[:3] == ["order", "what", "size"] and {row[1].split()[0] for row in orders} == {"pv", "led"}
    assert sorted(int(row[0]) for row in orders) == sorted(paid["year"]) and whole[-1] == f"{paid['capital_cost'].sum() / 1e6:,.1f}"


def test_names_of_a_case_are_text_wherever_they_stand(small, written) -> None:
    evil = "<script>alert(1)</script>&\"'x"
    quoted = '"' + evil.replace('"', '""') + '"'
    small.edit("technologies.csv", "pv,solar", f"{quoted},solar")
    small.edit("demand.csv", "machines", quoted)
    small.edit("savings.csv", "machines", quoted)
    small.edit("measures.csv", "led", '"<b>led"')
    small.edit("savings.csv", "led", '"<b>led"')
    small.edit("park.toml", 'name = "Tiny [Park]"', "name = '<img src=x onerror=alert(2)>'")
    out = written()
    text = (out / "report.html").read_text(encoding="utf-8")
    page = read(text)
    assert [e for e in page.everything() if e.name in ("script", "img", "b") and "led" in e.text] == []
    assert [e.text for e in page.all("script")] == [SCRIPT] and not page.all("img")
    policy = next(str(m.attributes["content"]) for m in page.all("meta") if "http-equiv" in m.attributes)
    assert f"script-src 'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'" in policy
    assert evil in page.one("answer").text and "<img src=x onerror=alert(2)>" in page.all("h1")[0].text


def test_a_goal_that_cannot_be_met_has_a_report_that_says_why_and_the_ways_out(small, written) -> None:
    small.edit("offsets.csv", "300,2000", "300,20")
    out = written()
    page = read((out / "report.html").read_text(encoding="utf-8"))
    said = json.loads((out / "summary.json").read_text())
    ways = pd.read_csv(out / "explain.csv")
    lead = [p.text for p in page.all("div", "lead")[0].all("p")]
    assert lead[0] == "No: Tiny [Park] cannot be zero-carbon by 2028."
    worst = max([*said["breaches"], *said["blocking"]], key=lambda b: b["amount"])
    assert f"{worst['amount']:,.0f} t in {worst['year']}" in lead[1]
    first = ways[ways["needed"].notna()].iloc[0]
    assert first["table"] == "offsets" and f"more credits of {first['name']}" in lead[2]
    assert f"{first['needed']:,.0f} t/year instead of {first['now']:,.0f} t/year" in lead[2]
    _, *enough = next(own for t in page.one("ways").all("table") if (own := rows(t))[0][0] == "what would have to change")
    assert [row[-1] for row in enough] == pytest.approx(ways[ways["needed"].notna()]["extra_cost"].tolist())
    assert [s.attributes["id"] for s in page.all("section")] == ["answer", "ways", "assumptions"]


@pytest.mark.parametrize("is_chain", [False, True])
def test_the_page_says_on_what_it_rests_that_a_goal_cannot_be_met(is_chain) -> None:
    """On typical days alone; and of a chain of plans, which another plan than the chain can meet, where the chain ends."""
    ended, covers = Message("The chain ends in 2026."), Message(NOT_IN_HOURS, count=4)
    breach = {"amount": 5.0, "unit": "t", "year": 2028, "metric": "net_ratio"}
    summary = {"park": "Tiny", "target": "zero-carbon", "by": 2028, "status": "infeasible", "breaches": [breach]}
    summary |= {"foresight": {"years": 1}} if is_chain else {}
    explanation = [*([ended] if is_chain else []), Message("words"), covers]
    ways = pd.DataFrame({"needed": [], "together": []})
    output = SimpleNamespace(summary=summary, explanation=explanation, explain=ways)
    told = list(why_not(SimpleNamespace(language=ENGLISH, output=output)))
    assert told[0] == (str(ended) if is_chain else "No: Tiny cannot be zero-carbon by 2028.")
    assert told[2] == str(covers) and told[1].startswith("What comes nearest misses by 5 t")


@pytest.mark.slow
def test_every_word_of_the_chinese_pages_is_in_the_catalogue(small, tmp_path, monkeypatch) -> None:
    """Babel finds no message inside an f-string; here every message is caught as it is asked for."""
    asked: set[str] = set()
    translate = Language.translate

    def note(self: Language, text: str, **values: object) -> str:
        if self.code == "zh" and text not in words("zh"):
            asked.add(text)
        return translate(self, text, **values)

    def write() -> None:
        case = read_case(small.folder)
        write_run(plan_park(case, Options(gap=1e-6)), case, out, {}, Language("zh"))

    monkeypatch.setattr(Language, "translate", note)
    small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
    out = tmp_path / "out"
    write()
    comparison_page(compare_outputs([out, out]), Language("zh"))
    small.edit("offsets.csv", "300,2000", "300,20")
    write()
    assert asked == set()


VERDICTS = {"en": ("✓ Yes: the plan was operated in every hour", "✗ Not shown", "hour by hour", "✓ verified", "unverified"),
    "zh": ("✓ 可行：方案在 2026 至 2028 年逐时模拟运行", "✗ 未经校核", "逐时校核", "✓ 已校核", "未校核")}


@pytest.mark.parametrize("language", VERDICTS)
@pytest.mark.parametrize("verified", [True, False, None])
def test_whether_a_plan_is_verified_is_said_in_one_place(written, verified, language) -> None:
    out = written()
    said = json.loads((out / "summary.json").read_text())
    for facts in (said, *said["plans"].values()):
        facts.pop("verified", None)
        if verified is not None:
            facts["verified"] = verified
    if verified is not None:
        del said["plans"]["reference"]["verified"]
    retell(out, said)
    page = read(make_page(out, Language(language)))
    good, bad, column, yes, no = VERDICTS[language]
    for begin, wanted in ((good, verified is True), (bad, verified is False)):
        assert sum(begin in line.text for line in page.all("ul", "checks")[0].all("li")) == wanted
    head, *plans = rows(page.one("costs").all("table", "plans")[0])
    assert (column in head) is (verified is not None)
    if verified is not None:
        assert [row[head.index(column)] for row in plans] == [yes if verified else no] * 2 + ["–"] + [yes if verified else no]


def test_what_the_plan_cost_on_typical_days_is_said_beside_what_it_costs(written) -> None:
    out = written()
    said = json.loads((out / "summary.json").read_text())
    row = [2026, "system_cost", "energy", "", 1.0, 2.0, 1.0, "CNY"]
    columns = ["year", "table", "item", "name", "typical_days", "hourly", "difference", "unit"]
    pd.DataFrame([row], columns=columns).to_csv(out / "hourly.csv", index=False)
    for share in (1.02, 0.98):
        planned = said["system_cost"] * share
        facts = {"typical_days": {**ON_DAYS, "cost": planned}, "verified": True, "repairs": 2}
        retell(out, {**said, **facts})
        page = read(make_page(out))
        told = page.all("div", "hours_rest_on")[0].text
        assert f"On typical days it cost {planned / 1e6:,.1f} M CNY; over all hours it costs {said['system_cost'] / 1e6:,.1f} M" in told
        assert "Times that it was repaired until it held: 2." in told


def test_warnings_and_the_size_of_the_model_are_in_the_language_of_the_page(written) -> None:
    out = written()
    said = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    warned = [
        "measures.csv line 2: measure 'led: a': saves nothing; savings.csv has no row of it",
        "catalogue: what no remark says",
        "demand.csv: states no demand, so nothing has to be supplied",
    ]
    retell(out, {**said, "warnings": warned})
    # What the run keeps of them: the first of a row of a file, the second of no template, the third of a file.
    kept = [
        Message(PLACED, place=Message(PLACE, file="measures.csv", line=2), words=Message("measure {measure}: saves nothing; savings.csv has no row of it", measure="'led: a'")),
        warned[1],
        Message(PLACED, place="demand.csv", words=Message(NO_DEMAND)),
    ]
    assert kept == warned
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    facts["messages"]["warnings"] = [as_json(text) for text in kept]
    (out / "run.json").write_text(json.dumps(facts), encoding="utf-8")
    wanted = {"en": warned,
        "zh": ["measures.csv 第 2 行：节能措施 'led: a' 没有任何节约；savings.csv 中没有它的行", warned[1], "demand.csv：没有任何需求，因此无需供应"]}
    for language, lines in wanted.items():
        part = read(make_page(out, Language(language))).one("assumptions")
        assert [li.text for li in part.all("ul")[-1].all("li")] == lines
        assert ("个非零元" in part.text, "nonzeros" in part.text) == (language == "zh", language == "en")


@pytest.mark.parametrize(("name", "room", "lines"),
    [("grid", 99, ["grid 3.5"]), ("biomass-boiler-steam", 132, ["biomass-boiler-", "steam 3.5"]),
     ("heat-pump-excess-heat", 132, ["heat-pump-", "excess-heat 3.5"]), ("averyveryverylongname", 126, ["averyveryvery…", "3.5"]),
     ("averyveryverylongname", 225, ["averyveryverylongname 3.5"])])
def test_names_of_energy_flows_take_a_second_line_before_they_are_shortened(name, room, lines) -> None:
    assert sankey_lines(name, " 3.5", room) == lines and all(text_width(line, PRINTED) <= room for line in lines)


def test_a_name_looks_the_same_in_all_charts_where_it_can() -> None:
    styles = Styles()
    first = styles.of([f"n{i}" for i in range(COUNT)])
    assert sorted(first.values()) == list(range(COUNT))
    styles.of(["late", "later"])  # want the looks of n0 and n1
    one, two = styles.of(["late", "n0", "n2", "n3"]), styles.of(["n3", "n2", "late", "n0"])
    assert one == two and one["n2"] == first["n2"] and one["n0"] == first["n0"] and len(set(one.values())) == 4
    assert set(styles.of([f"x{i}" for i in range(COUNT + 3)]).values()) == set(range(COUNT))


def test_a_long_table_scrolls_in_its_box_and_a_short_one_is_whole() -> None:
    boxes = [read(table(["year"], [[str(n)] for n in range(count)], 1, "years")).all("div")[0] for count in (LONG, LONG + 1)]
    assert [box.attributes["class"] for box in boxes] == ["scroll", "scroll long"]


def test_no_version_is_told_twice(written) -> None:
    page = read(make_page(written()))
    (run,) = [t for t in page.one("assumptions").all("table") if "highspy" in t.text]
    names = [str(row[0]) for row in rows(run)]
    assert "parkzero" in names and len(names) == len(set(names))


def test_nothing_of_the_page_is_fetched_or_run(written) -> None:
    out = written()
    text, beside = make_page(out), {path.name for path in out.iterdir()}
    page = read(text)
    links = [str(e.attributes[a]) for e in page.everything() for a in ("href", "src", "xlink:href", "action") if a in e.attributes]
    assert links and all(link.startswith(("#", "data:,")) or link in beside for link in links)
    assert "http://" not in text.replace("http://www.w3.org", "") and "@import" not in text
    assert not [a for e in page.everything() for a in e.attributes if a.startswith("on")]


ON_DAYS = {"count": 4, "cost": 1e6, "bound": 0.9995e6, "gap": 0.0005}


@pytest.mark.parametrize(("facts", "begins", "proven"), [
    (
        {"bound": 1e6, "system_cost": 1.001e6, "gap": 1e3 / 1.001e6},
        "Yes: Tiny [Park] can be zero-carbon by 2028.",
        "Counting every hour of every year, no plan that meets the goal is more than 0.10% (1,000 CNY) cheaper.",
    ),
    ({"typical_days": ON_DAYS, "bound": None, "verified": True}, "Yes: Tiny [Park] can be zero-carbon by 2028.",
     "Counting 4 typical days that stand for the year, no plan that meets the goal is more than 0.05% cheaper. "
     "Counting all hours, this is not proven; a plan made on every hour can prove it.",),
    (
        {"typical_days": ON_DAYS, "bound": None, "verified": False, "note": "stopped by Ctrl-C"},
        "On typical days Tiny [Park] is zero-carbon by 2028; that it is in all hours was not shown.",
        "Counting 4 typical days",
    ),
    ({"typical_days": {**ON_DAYS, "gap": None}, "bound": None, "verified": True}, "Yes: ",
     "Not proven: there may be cheaper plans."),
    ({"hourly_failure": "1 MW"}, "Not as planned: Tiny [Park] cannot be served in every hour", "Counting every hour"),
])
def test_the_answer_says_what_is_proven_and_what_fails(written, facts, begins, proven) -> None:
    out = written()
    retell(out, json.loads((out / "summary.json").read_text(encoding="utf-8")) | facts)
    page = read(make_page(out, Language()))
    assert page.all("div", "lead")[0].all("p")[0].text.startswith(begins)
    sure = page.all("ul", "checks")[0]
    (line,) = (li.text for li in sure.all("li") if li.text.startswith("Is it the cheapest way?"))
    assert line.removeprefix("Is it the cheapest way? ").replace("cheaper.Counting", "cheaper. Counting").startswith(proven)
    assert ("The search was stopped at a limit." in sure.text) is ("note" in facts)


def test_the_cost_of_the_goal_lies_between_the_bounds_of_both_plans(written) -> None:
    out = written()
    said = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    said |= {"system_cost": 3e6, "bound": 2.9e6, "gap": 0.1 / 3}
    said["plans"]["target"] |= {"system_cost": 3e6, "bound": 2.9e6}
    said["plans"]["least-cost"] |= {"system_cost": 2e6, "bound": 1.8e6, "gap": 0.1}
    retell(out, said)
    of_goal = read(make_page(out)).all("ul", "figures")[0].all("li")[1].text
    assert of_goal.startswith("The goal costs0.") and "proven: 0.9 M CNY to 1.2 M CNY" in of_goal


def test_what_a_price_may_change_is_the_difference_of_the_bills_of_the_tables(written) -> None:
    out = written()
    bills = [pd.read_csv(f / "system_cost.csv").query("item == 'energy'")["value"].sum() for f in (out / "business-as-usual", out)]
    said = json.loads((out / "summary.json").read_text())["plans"]
    saved = said["business-as-usual"]["system_cost"] - said["target"]["system_cost"]
    risks = read(make_page(out)).one("risks")
    assert saved > 0 and bills[0] > bills[1]
    row, capital, rate = rows(risks.all("table")[0])[1:]
    assert [row[0], capital[0], str(rate[0])[:13]] == ["grid", "pv, capital", "discount rate"]
    assert row[2:4] == pytest.approx([saved - 0.3 * (bills[0] - bills[1]), saved + 0.3 * (bills[0] - bills[1])])
    ends = -saved / (bills[0] - bills[1])
    assert row[1] == (f"{ends:+.0%}" if abs(ends) <= 1 else "none")


@pytest.mark.slow
@pytest.mark.parametrize("code", ["en", "zh"])
def test_captions_are_short_and_charts_say_what_they_show(written, code) -> None:
    page = read((written(code) / "report.html").read_text(encoding="utf-8"))
    said = captions(page)
    assert len(said) > 4 and [own for own in said if not is_short(own)] == []
    assert all(is_short(v.note[code == "zh"]) for v in views().values() if v.note)
    headings = [f.all("h3")[0] for f in page.all("figure") if f.all("svg", "chart")]
    plain = [title_of(h) for h in headings if not h.all("small")]
    assert not plain and len(headings) > 3, plain


def test_a_caption_of_twenty_one_words_or_forty_one_characters_is_long() -> None:
    assert is_short("a " * 20) and not is_short("a " * 21) and is_short("字" * 40) and not is_short("字" * 41)


def test_findings_are_the_figures_of_the_chart() -> None:
    """By hand: 100 t down to 10 t is 90 % less; 6 of 8 MW are three quarters; 30 of 40 M in 2027."""
    bars = pd.DataFrame({"a": [1.0, 2.0], "b": [5.0, 6.0], "sold": [-9.0, -9.0]}, index=[2026, 2030])
    assert leading(bars, "MW", Language()) == "2030: b is largest: 75% of 8 MW"
    assert leading(bars.rename(columns={"b": "other"}), "MW", Language()) == "2030: a is largest: 25% of 8 MW"
    assert leading(bars[["a"]], "MW", Language()) == "From 1 in 2026 to 2 MW in 2030"
    assert most_of(pd.Series({"a": 2.0, "b": 0.0}), "MWh", Language()) == "a is all: 2 MWh"
    assert most_of(pd.Series({"a": 2.0, "b": 6.0}), "MWh", Language()) == "b is largest: 75% of 8 MWh"
    net = pd.Series({2026: 100.0, 2030: 10.0})
    assert changed(net, 2030, Language()) == "Net emissions fall by 90.0% from 2026 to 2030"
    assert changed(net * [1, 11], 2030, Language()) == "Net emissions rise by 10.0% from 2026 to 2030"
    assert changed(net * [0, 1], 2030, Language()) == changed(net, 2026, Language()) == ""
    assert changed(net, 2030, Language("zh")) == "2026 年至 2030 年净排放下降 90.0%"
    assert most_in(pd.Series({2026: 10.0, 2027: 30.0}), "M", Language()) == "Most in 2027: 75% of 40 M"
    assert added_up(pd.Series({2026: 1.0, 2027: -3.0}), "M", Language()) == "3 M paid more by 2027, not discounted"
