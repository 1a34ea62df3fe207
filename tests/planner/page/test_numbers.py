"""Every number of the page is that of a table: each section is read back and compared, with a park that has something for each."""

from pathlib import Path

import pandas as pd
import pytest
from parks import Draft
from reading import Element, chart_table, read, rows, title_of

from planner.answer.files import write_run
from planner.answer.hours import flows_over_hours
from planner.answer.money import cumulated
from planner.answer.page.report import Report
from planner.language.language import ENGLISH
from planner.planning.run import Options, plan_park
from planner.tables.facts import read_dispatch
from planner.tables.output import read_output

FIRST, LAST = 2026, 2028


def park() -> Draft:
    """Three years of two days: a town and a hill, power, heat, a battery, a boiler with capture, a certificate, credits."""
    draft = Draft(FIRST, LAST, hours=48, base_emissions=9000.0, discount_rate=0.05)
    draft.profile("sun", [0.0] * 7 + [0.3, 0.6, 0.8, 0.9, 1.0, 0.9, 0.8, 0.6, 0.3] + [0.0] * 8)
    draft.demand("power", zone="town", mwh={FIRST: 8760.0, LAST: 9500.0})
    draft.demand("warmth", "heat", zone="town", mwh=4380.0)
    draft.supply("grid", zone="town", price=100.0, factor={"location": 0.6, "market": 0.5}, tce_per_mwh=0.12)
    draft.supply("gas", "gas", zone="town", price=40.0, factor=0.2)
    draft.supply("well", "co2", zone="town", price=None, max_export=2.0, prices={"export": -5.0})
    draft.price("*", "carbon", 200.0, "CNY/t")
    draft.certificate("gec", price=2.0, max_share=0.2)
    draft.converter("pv", zone="hill", capital_cost=300_000.0, lifetime=20, max_capacity=4.0, profile="sun", green=1)
    draft.converter("boiler", {"gas": -1.1, "heat": 1.0}, zone="town", existing=3.0, fixed_cost=500.0)
    draft.converter("pump", {"electricity": -0.3, "heat": 1.0}, zone="town", capital_cost=90_000.0, lifetime=20, max_capacity=0.3)
    draft.store(zone="town", capital_cost=20_000.0, lifetime=10, max_capacity=3.0, charge_efficiency=0.9, full_power_hours=3.0)
    draft.capture("scrubber", {"boiler": 0.9}, {"heat": -0.1}, zone="town", capital_cost=1000.0, lifetime=15)
    draft.link("line", "hill", "town", loss=0.05, existing=3.0)
    draft.measure("led", {"power": 0.1}, capital_cost=100_000.0, lifetime=9)
    draft.offset("biochar", "removal", 120.0)
    draft.restoration("forest", {0: 1.0, 2: 5.0}, max_area=60.0, max_plant=20.0, capital_cost=10.0, fixed_cost=1.0)
    draft.budget(FIRST, 1e6)
    draft.rule("gross_ratio", "<=", 0.45)
    draft.rule("net_ratio", "<=", 0.3)
    draft.rule("clean_share", ">=", 0.01)
    draft.goal(2027)
    return draft


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = park().case()
    folder = tmp_path_factory.mktemp("numbers") / "out"
    run = plan_park(case, Options(gap=1e-6))
    assert run.target.status == "optimal"
    write_run(run, case, folder, {})
    return folder


@pytest.fixture(scope="module")
def page(out: Path) -> Element:
    return read((out / "report.html").read_text(encoding="utf-8"))


def titles(out: Path) -> dict[str, str]:
    """Name -> what the page calls it."""
    names = pd.read_csv(next(p for p in (out, *out.parents) if (p / "names.csv").exists()) / "names.csv", keep_default_na=False)
    return dict(zip(names["name"], names["title_en"], strict=True))


def table(out: Path, name: str) -> pd.DataFrame:
    """A table, with what the page calls things in place of their names."""
    rows, words = pd.read_csv(out / f"{name}.csv", keep_default_na=False), titles(out)
    named = [c for c in ("technology", "measure", "project", "offset", "certificate", "supply", "name") if c in rows]
    return rows.assign(**{c: rows[c].map(lambda name: words.get(name, name)) for c in named})


def charts(section: Element) -> dict[str, list[list[float | str]]]:
    """Title -> table of every chart of a section."""
    titles = [title_of(f.all("h3")[0]) for f in section.all("figure") if f.all("details", "behind")]
    assert len(set(titles)) == len(titles)
    return {title: chart_table(section, title) for title in titles}


def frame(shown: list[list[float | str]]) -> pd.DataFrame:
    """A chart's table as numbers by year and series."""
    return pd.DataFrame([r[1:] for r in shown[1:]], index=[int(r[0]) for r in shown[1:]], columns=shown[0][1:])


def same(found: pd.Series, wanted: pd.Series) -> None:
    assert found.tolist() == pytest.approx(wanted.reindex(found.index).fillna(0.0).tolist(), abs=1e-9)


@pytest.mark.slow
def test_capacity(out, page) -> None:
    capacity = table(out, "capacity")
    shown = {name: frame(t) for name, t in charts(page.one("capacity")).items()}
    wanted_in = {"Capacity: heat": {"boiler", "pump"}}  # one thing alone has no chart: pv; nor has what never changes: battery, line
    assert set(shown) == set(wanted_in)
    wanted = capacity.pivot_table(index="year", columns="technology", values="capacity")
    for name, own in wanted_in.items():
        assert set(shown[name].columns) == {k for k in own if wanted[k].max() > 0}
        for k in shown[name]:
            same(shown[name][k], wanted[k])


def test_supply_and_use_of_every_carrier(out, page) -> None:
    energy = table(out, "energy")
    energy["carrier"] = energy["carrier"].replace("co2", "CO2")
    for carrier, own in energy.groupby("carrier"):
        if carrier in ("CO2", "gas"):  # one supply and one use of as much: a mirror
            assert f"Supply and use: {carrier}" not in page.one("energy").text
            continue
        scale = 1e3
        shown = frame(chart_table(page.one("energy"), f"Supply and use: {carrier}"))
        flows = own.pivot_table(index="year", columns=["flow", "name"], values="value", aggfunc="sum")
        told = {}
        for flow, name in flows:
            if flow in ("import", "out"):
                told[name] = flows[flow, name] / scale
            elif flow in ("demand", "in", "export"):
                told[name] = -flows[flow, name] / scale
        for name, series in told.items():
            if series.abs().max() > 0:
                same(shown[name], series)
        assert shown.sum(axis=1).abs().max() < 1e-6  # supply is use and losses
        lost = shown.get("lost in stores and links")
        assert (lost is not None) == (carrier == "electricity")


def test_the_flows_of_a_year_balance_at_every_node(out, page) -> None:
    energy = table(out, "energy")
    shown = chart_table(page.one("flows"), "Energy flows in 2027")
    assert shown[0] == ["from", "to", "carrier", "GWh"]
    came: dict[str, float] = {}
    went: dict[str, float] = {}
    for start, end, _, value in shown[1:]:
        went[str(start)] = went.get(str(start), 0.0) + float(value)
        came[str(end)] = came.get(str(end), 0.0) + float(value)
    for node in set(came) & set(went):
        assert came[node] == pytest.approx(went[node], rel=1e-3), node
    used = energy[(energy["flow"] == "demand") & (energy["year"] == 2027)].set_index("name")["value"]
    assert {n: came[n] for n in used.index} == pytest.approx((used / 1e3).to_dict())


def test_dispatch_of_every_carrier_hour_by_hour(out) -> None:
    report = Report(read_output(out), ENGLISH)
    flows = read_dispatch(out, 2027)
    for carrier, own in flows.groupby("carrier", observed=True):
        wide = own.pivot_table(index="hour", columns=["flow", "name"], values="value", aggfunc="sum", observed=True)
        numbers = flows_over_hours(report, range(48), own)
        for flow, who in wide:
            if wide[flow, who].abs().max() < 1e-6 or flow in ("curtailed", "captured", "sent", "arrived", "held"):
                continue
            sign = -1.0 if flow in ("demand", "in", "charge", "export") else 1.0
            title = (who if who in numbers and flow != "charge"
                else f"{who} ({ {'charge': 'charging', 'export': 'export'}.get(flow, 'use') })")
            assert numbers[title].tolist() == pytest.approx((sign * wide[flow, who]).tolist(), abs=1e-6), (flow, who)
        assert numbers.sum(axis=1).abs().max() < 1e-3 * numbers.abs().to_numpy().max(), carrier


def test_costs_and_the_difference_to_the_reference(out, page) -> None:
    costs, reference = table(out, "costs"), table(out / "reference", "costs")
    shown = {name: frame(t) for name, t in charts(page.one("costs")).items()}
    kinds = shown["Cost of each year by kind"]
    same(kinds["total"], costs.groupby("year")["value"].sum() / 1e6)
    assert kinds.drop(columns="total").sum(axis=1).tolist() == pytest.approx(kinds["total"].tolist())
    same(kinds["energy bought"], costs[costs["item"] == "energy"].groupby("year")["value"].sum() / 1e6)
    saved = (reference.groupby("year")["value"].sum() - costs.groupby("year")["value"].sum()) / 1e6
    difference = shown["Difference to the reference plan"]
    same(difference["saved in the year"], saved)
    same(difference["added up"], saved.cumsum())
    budget = frame(chart_table(page.one("schedule"), "Capital by year"))["budget"]
    assert budget[FIRST] == 1.0 and budget[LAST] == "–"


def test_every_rule_of_every_year(out, page) -> None:
    rules = table(out, "stages")
    (shown,) = [t for t in page.one("stages").all("table") if "rules" in (t.attributes.get("class") or "")]
    head, *told = rows(shown)
    years = [int(y) for y in head[3:]]
    assert years == sorted(set(rules["year"])) == [2027, 2028] and len(told) == 3
    cells = [row.all("td") for row in shown.all("tbody")[0].all("tr")]
    for values, row, (metric, own) in zip(told, cells, rules.groupby("metric", sort=False), strict=True):
        assert values[3:] == pytest.approx(own.sort_values("year")["value"].tolist(), abs=1e-9), metric
        assert values[2] == f"{'≤' if own['sense'].iloc[0] == '<=' else '≥'} {100 * own['limit'].iloc[0]:.1f}%"
        assert [c.text[-1] for c in row[2:]] == ["✓" if h else "✗" for h in own.sort_values("year")["holds"]]


def test_both_books_of_scope_2(out, page) -> None:
    items = table(out, "emissions").pivot_table(index="year", columns="item", values="value")
    books = frame(chart_table(page.one("stages"), "Scope 2 in both books"))
    same(books["scope 2, location basis"], items["scope2_location"])
    same(books["scope 2, market basis"], items["scope2_market"])
    same(books["gross emissions, market basis"], items["gross"])


def test_the_wedges_add_up_to_the_difference_of_net_emissions(page) -> None:
    wedges = frame(chart_table(page.one("emissions"), "What cuts emissions"))
    cut = wedges.drop(columns=["net, reference", "net, target"]).sum(axis=1)
    assert cut.tolist() == pytest.approx((wedges["net, reference"] - wedges["net, target"]).tolist(), abs=0.1)


def test_assumptions_and_versions(out, page) -> None:
    section, facts = page.one("assumptions"), read_output(out).facts
    assert facts["parkzero"] in section.text and facts["case_sha256"] in section.text
    assert facts["versions"]["highspy"] in section.text and "What is not modelled" in [h.text for h in section.all("h3")]


def test_money_saved_is_discounted_to_the_first_year() -> None:
    def plan(*money: float) -> dict[str, pd.DataFrame]:
        years = pd.DataFrame({"year": [2026, 2027]})
        return {"costs": years.assign(value=money, item="energy"), "emissions": years}
    assert cumulated(plan(10.0, 1.0), plan(5.0, 12.0)).tolist() == [-5.0, 6.0]
    assert cumulated(plan(10.0, 1.0), plan(5.0, 12.0), 0.1).tolist() == pytest.approx([-5.0, 5.0])
