"""Next year's plan: what was built stands, the rest is planned anew, near to the plan of before; on parks worked out by hand."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from parks import Draft

from models.case import Case
from models.errors import CaseError
from planner.plan import Plan
from planner.planning.run import Options, plan_park
from planner.questions.built import Built, as_planned, kept_case, read_built
from planner.questions.keep import Keep, KeptRun, plan_kept

#: Two plants that serve alike; 1, 2, 3 MW are used.
USED = {2026: 8760.0, 2027: 17520.0, 2028: 26280.0}


def park(a: float = 1e6, b: float = 1e6, **fields: object) -> Draft:
    """A MW of either serves for twenty years, of which 3, 2 or 1 lie within the horizon; the grid costs 876,000 CNY a MW and year."""
    d = Draft(2026, 2028, **fields)
    d.demand(mwh=USED)
    d.supply(price=100.0)
    d.converter("a", capital_cost=a, lifetime=20)
    d.converter("b", capital_cost=b, lifetime=20)
    d.rule("gross_ratio", "<=", 1.0)
    d.goal(2028)
    return d


def orders(plan: Plan) -> dict[tuple[str, int], float]:
    return {(r.technology, int(r.year)): round(r.build, 4) for r in plan.tables["investments"].itertuples()}


@pytest.fixture(scope="module")
def before() -> Plan:
    """The earlier plan: b costs half more, so a is built, a MW a year."""
    found = plan_park(park(b=1.5e6).case(), Options(compare=False)).target
    assert orders(found) == {("a", 2026): 1, ("a", 2027): 1, ("a", 2028): 1}
    return found


def keep(old: Plan, case: Case, gap: float, built: Built | None = None, method: str = "auto") -> KeptRun:
    output = SimpleNamespace(target=old.tables, folder=Path("one"), currency="CNY")
    own = Keep(output, 2027, None, built or as_planned(old.tables, 2027))  # type: ignore[arg-type]
    return plan_kept(case, own, Options(gap=gap, compare=False, method=method), lambda *_: None)[1]


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_the_earlier_plan_stays_where_it_is_within_the_gap(before, method):
    """b is a thousandth cheaper now: 150 CNY of 300,000, half of the gap. With a finer gap b is built."""
    case = park(b=0.999e6).case()
    stays, fine = (keep(before, case, gap, method=method) for gap in (1e-3, 1e-5))
    assert stays.stays and orders(stays.run.target) == {("a", 2026): 1, ("a", 2027): 1, ("a", 2028): 1}
    assert stays.run.target.status == "optimal" and stays.held.system_cost == pytest.approx(300_000)
    assert not fine.stays and orders(fine.run.target) == {("a", 2026): 1, ("b", 2027): 1, ("b", 2028): 1}
    assert fine.run.target.system_cost == pytest.approx(299_850)


def test_where_keeping_as_it_is_costs_more_the_table_says_what_and_why_in_money(before):
    """b costs half now: the earlier plan 300,000, the new one 150,000 of a and 75,000 of b."""
    found = keep(before, park(b=0.5e6).case(), 1e-9)
    assert found.run.target.system_cost == pytest.approx(225_000) and found.held.system_cost == pytest.approx(300_000)
    assert found.changes is not None
    rows = {(r.what, r.item, r.name, None if r.what == "cost" else r.year): (r.before, r.now) for r in found.changes.itertuples()}
    assert rows[("order", "build", "a", 2027)] == pytest.approx((1, 0)) and rows[("order", "build", "b", 2028)] == pytest.approx(
        (0, 1))
    assert rows[("cost", "capital", "a", None)] == pytest.approx((300_000, 150_000))
    assert rows[("cost", "capital", "b", None)] == pytest.approx((0, 75_000)) and len(rows) == 6


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_what_was_built_is_what_stands_and_nothing_else_is_ordered_before(before, method):
    """0.4 MW in place of 1: 60,000 of it, 525,600 of the grid for 0.6 MW in 2026, then 160,000 and 50,000; budgets of 2026 are past."""
    d = park()
    d.budget(2026, 1.0)
    case = kept_case(d.case(), Built({("a", 2026): (0.4, None)}), 2027)
    run = plan_park(case, Options(method=method))
    assert run.target.system_cost == pytest.approx(795_600, rel=1e-3)
    assert sum(size for (_, y), size in orders(run.target).items() if y == 2026) == pytest.approx(0.4)
    without = plan_park(park().case(), Options(method=method, compare=False)).target
    assert without.system_cost == pytest.approx(300_000, rel=1e-3)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_measures_planting_and_lines_are_kept_in_every_plan_though_they_pay_in_none(method):
    """They cost and serve nothing that pays: with what was built the plan has them in 2026, else not."""
    d = park()
    d.measure("led", {"power": 0.1}, capital_cost=5e6, lifetime=3)
    d.restoration("forest", {0: 2.0, 2: 2.0}, capital_cost=1e5)
    case = d.case()
    free = plan_park(case, Options(method=method, compare=False)).target
    assert free.tables["measures"].empty
    built = Built({("b", 2026): (0.5, 2e6)}, [("led", 2026)], {("forest", 2026): 5.0})
    run = plan_park(kept_case(case, built, 2027), Options(method=method))
    assert {plan.status for plan in run.plans.values()} <= {"optimal", "feasible"}
    for plan in run.plans.values():
        assert [(r.measure, r.year) for r in plan.tables["measures"].itertuples()] == [("led", 2026)]
        planted = plan.tables["restoration"].query("item == 'planted'").set_index("year")["value"]
        assert planted.to_dict() == {2026: 5.0, 2027: 0.0, 2028: 0.0}
        paid = plan.tables["costs"].query("year == 2026 and item in ('capital', 'measures', 'restoration')")["value"].sum()
        assert paid == pytest.approx(0.5 * 2e6 + 5e6 + 5 * 1e5)


def test_a_line_that_was_built_is_kept():
    """A line of 1 MW from the cheap zone, built in 2026, and none more."""
    d = Draft(2026, 2027)
    d.demand(zone="south", mwh=8760.0)
    d.supply("far", price=10.0, zone="north")
    d.supply("near", price=11.0, zone="south")
    d.link("line", "north", "south", capital_cost=1e9, lifetime=20, max_capacity=5)
    d.rule("gross_ratio", "<=", 1.0)
    d.goal(2027)
    assert plan_park(d.case(), Options(compare=False)).target.tables["investments"].empty
    kept = plan_park(kept_case(d.case(), Built({("line", 2026): (1.0, None)}), 2027), Options(compare=False)).target
    assert orders(kept) == {("line", 2026): 1.0} and kept.system_cost == pytest.approx(2 * 87_600 + 1e9 * 2 / 20)


def test_what_was_retired_before_is_gone(before):
    """2 MW stand; the plan of before retired 0.5 in 2026."""
    d = park()
    d.converter("old", existing=2.0)
    case = kept_case(d.case(), Built(retired={("old", 2026): 0.5}), 2027)
    found = plan_park(case, Options(compare=False)).target
    stands = found.tables["capacity"].query("technology == 'old'").set_index("year")["capacity"]
    assert stands.to_dict() == {2026: 1.5, 2027: 1.5, 2028: 1.5}


def test_what_was_retired_of_a_line_is_gone_too():
    """4 MW stand at 1000 CNY a MW and year; 1.5 went in 2026, of which the new plan would need all from 2028 on."""
    d = Draft(2026, 2028)
    d.demand(zone="south", mwh={2026: 0.0, 2027: 0.0, 2028: 4 * 8760.0})
    d.supply("far", price=10.0, zone="north")
    d.supply("near", price=11.0, zone="south")
    d.link("line", "north", "south", existing=4.0, fixed_cost=1000.0)
    d.rule("gross_ratio", "<=", 1.0)
    d.goal(2028)
    for gone, left in ({}, 4.0), ({("line", 2026): 1.5}, 2.5):
        found = plan_park(kept_case(d.case(), Built(retired=gone), 2027), Options(compare=False)).target
        stands = found.tables["capacity"].query("technology == 'line'").set_index("year")["capacity"]
        assert stands.to_dict() == pytest.approx(dict.fromkeys((2026, 2027, 2028), left))


def test_built_csv_is_read_and_every_fault_of_it_told(tmp_path):
    d = park()
    d.measure("led", {"power": 0.1})
    file = tmp_path / "built.csv"
    file.write_text("technology,year,build,capital_cost,note\na,2026,0.4,900000,paid\nled,2026,1,,\nb,2025,0.2,,\n")
    found = read_built(file, d.case(), 2027)
    assert found.orders == {("a", 2026): (0.4, 900_000.0), ("b", 2025): (0.2, None)} and found.measures == [("led", 2026)]
    file.write_text("technology,year,build\nc,2026,1\nled,2026,2\na,2027,1\nled,2025,1\na,2026,x\nb,2026,1\nb,2026,1\n")
    with pytest.raises(CaseError) as told:
        read_built(file, d.case(), 2027)
    assert str(told.value).splitlines() == [
        "built.csv line 2: technology 'c': is no technology, link, connection, measure or project of the park; write 'a' or 'b' or 'led'",
        "built.csv line 3: build = 2: is not 1, which a measure is",
        "built.csv line 4: year = 2027: is no year before 2027",
        "built.csv line 5: year = 2025: is before first_year 2026; measures and planting are known from it on",
        "built.csv line 6: build = x: is not above 0",
        "built.csv line 8: 'b' in 2026: is stated twice",
    ]


@pytest.mark.slow
def test_the_command_keeps_a_run_tells_what_changed_and_refuses_what_it_cannot_keep(plan, small, tmp_path):
    goal = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--no-verify")
    assert plan.once(*goal, "--out", "one", "--quiet").code == 0
    small.edit("costs.csv", ",5000,", ",9000,")
    said = plan(*goal, "--out", "two", "--keep", "one", "--from", 2027)
    assert said.code == 0, said.err
    assert "Orders kept before 2027: 2 (as one orders them)" in said.out
    with (tmp_path / "two" / "investments.csv").open() as file:
        assert [(r["year"], r["committed"], r["capital_cost"]) for r in csv.DictReader(file)] == [("2026", "1", "4500000")]
    assert (tmp_path / "two" / "changes.csv").read_text().startswith("what,item,name,year,before,now,change,unit\n")
    described = json.loads((tmp_path / "two" / "datapackage.json").read_text())
    assert described["title"] == "Tiny [Park], target" and "changes" in [r["name"] for r in described["resources"]]
    assert "keeps one; plan it with --keep again" in plan("--rerun", "two/run.json").err
    assert "state it in committed.csv" in plan("export", "two", "--format", "iamc").err
    assert plan("report", "two", "--language", "zh").code == 0
    small.write("built.csv", "technology,year,build\npv,2026,0.3\n")
    chinese = plan(*goal, "--out", "three", "--keep", "one", "--from", 2027, "--language", "zh")
    assert "保留 2027 年之前的 1 项" in chinese.out
    assert plan(*goal, "--out", "four", "--quiet").code == 0  # built.csv is of no other command
    for given, words in ((("--keep", "one"), "needs --from YEAR"),
        (("--keep", "one", "--from", 2026), "is not within 2027 to 2028"), (("--from", 2027), "are of --keep"),
        (("--keep", "park", "--from", 2027), "is no output of a run")):
        said = plan(*goal, "--out", "five", *given)
        assert (said.code, words in said.err) == (2, True), said.err
    assert not (tmp_path / "five").exists()


@pytest.mark.slow
def test_the_run_that_is_kept_is_not_overwritten(plan, small, tmp_path):
    goal = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--no-verify")
    assert plan.once(*goal, "--out", "one", "--quiet").code == 0
    (tmp_path / "link").symlink_to("one")
    before = (tmp_path / "one" / "run.json").read_bytes()
    for kept, out in (("one", "one"), ("one", "park/../one"), ("one", "link"), ("link", tmp_path / "one")):
        said = plan(*goal, "--keep", kept, "--from", 2027, "--out", out)
        assert said.code == 2 and f"--out {out}: {kept}, which is read, lies in it; name another folder" in said.err, said.err
    assert (tmp_path / "one" / "run.json").read_bytes() == before


@pytest.mark.slow
def test_a_run_of_another_park_is_no_run_to_keep(plan, small, tmp_path):
    """Each thing that does not fit, a line. Of the same name or with the same things it may be the park as it has become."""
    goal = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--no-verify", "--quiet")
    assert plan.once(*goal, "--out", "one").code == 0
    small.edit("park.toml", "Tiny [Park]", "Another")
    assert plan(*goal, "--keep", "one", "--from", 2027, "--out", "renamed").code == 0
    for file in ("technologies.csv", "types.csv", "ports.csv", "costs.csv"):
        small.write(file, (small.folder / file).read_text().replace("pv,", "roof,").replace("solar", "panel"))
    small.edit("park.toml", "first_year = 2026", "first_year = 2025")
    small.write("built.csv", "technology,year,build\nroof,2026,0.3\n")
    said = plan(*goal, "--keep", "one", "--from", 2027, "--out", "two")
    assert said.code == 2 and not (tmp_path / "two").exists()
    assert said.err.splitlines() == [
        "--keep one: is of the park 'Tiny [Park]' and has 'pv', which this one, 'Another', does not have; name a run of this park",
        "--keep one: is of the park 'Tiny [Park]', which begins in 2026, and this one, 'Another', in 2025; name a run of this park",
        "2 faults",
    ]


def test_what_the_earlier_plan_orders_later_and_the_park_does_not_offer_any_more_cannot_be_kept():
    old = plan_park(park(b=1.5e6).case(), Options(compare=False)).target
    d = Draft(2026, 2028)
    d.demand(mwh=USED)
    d.supply(price=100.0)
    d.converter("b", capital_cost=1e6, lifetime=20)
    d.rule("gross_ratio", "<=", 1.0)
    d.goal(2028)
    kept = keep(old, d.case(), 1e-3, Built())
    assert kept.run.target.has_tables and not kept.held.has_tables
    assert kept.held.note == "it orders 'a', which the park does not have any more"
