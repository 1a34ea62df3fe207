"""A chain of plans that know some years ahead, by hand: PV that pays only if the grid becomes dear, and what not knowing costs."""

import json

import pandas as pd
import pytest
from parks import Draft

from models.case import Case
from planner.planning.run import Options
from planner.questions.built import known_until
from planner.questions.foresight import Chain, Foresight, plan_chain

QUICK = Options(gap=1e-7, compare=False)


def park(last: int = 2028, **pv) -> Draft:
    """1 MW from a grid at 100 CNY/MWh in 2026 and 2027, 876,000 CNY a year, and at 1,000 in 2028. PV may be ordered in 2026 only, for
    3,000,000, and serves all for three years: so who knows 2028 orders it, and who does not pays 2,628,000 rather, as it seems."""
    d = Draft(2026, last, discount_rate=0.0)
    d.demand()
    d.supply(price={2026: 100.0, 2027: 100.0, 2028: 1000.0})
    d.converter("pv", **({"capital_cost": 3_000_000.0, "lifetime": 3, "max_capacity": 1.0, "until_year": 2026} | pv))
    d.rule("gross_ratio", "<=", 2.0)
    d.goal(last)
    return d


def chain(case: Case, years: int, step: int = 1) -> Chain:
    found = plan_chain(case, Foresight(years, step), QUICK, lambda *_: None)
    assert found.failed is None
    return found


def test_who_knows_too_little_pays_the_difference():
    """Known all: PV, 3,000,000. Known two years: the grid, 876 + 876 + 8,760 thousand; 7,512,000 more, all by the orders of 2026."""
    found = chain(park().case(), 2)
    assert found.least == pytest.approx(3_000_000)
    assert [(s.year, s.known, s.until) for s in found.steps] == [(2026, 2027, 2026), (2027, 2028, 2028)]
    assert [s.cost for s in found.steps] == pytest.approx([7_512_000, 0])
    assert found.steps[0].decided == {} and found.steps[0].if_known == {("build", "pv", 2026): pytest.approx(1.0)}
    assert found.run.target.system_cost == pytest.approx(10_512_000)
    found = chain(park().case(), 3)
    assert [(s.year, s.known, s.until, s.cost) for s in found.steps] == [(2026, 2028, 2028, 0.0)]
    assert found.run.target.system_cost == pytest.approx(3_000_000)
    # 100 in 2026 and 300 in 2028 is 200 in 2027; the goal, how long things last and all that is before stays.
    d = park()
    d.rows["prices"] = []
    d.price("grid", "energy", {2026: 100.0, 2028: 300.0}, "CNY/MWh")
    case = known_until(d.case(), 2027)
    assert [(row.year, row.value) for row in case.prices if row.item == "energy"] == [(2026, 100.0), (2027, 200.0)]
    assert case.costs == d.case().costs and case.goal == d.case().goal and case.stages == d.case().stages
    found = plan_chain(park().case(), Foresight(3), Options(gap=1e-7), lambda *_: None).run
    assert found.target.status == "optimal" and found.goal_cost is not None and found.foresight.cost == pytest.approx(3_000_000)


def test_orders_of_a_step_are_kept_by_the_next_and_are_worth_what_they_cost():
    """A falling price: 100 CNY/MWh in 2026, then 10. Of 2026 alone it looks like 876,000 a year, so PV at 2,000,000 is ordered for
    three. Who knew would pay 876,000 + 2 · 87,600 = 1,051,200."""
    d = park(capital_cost=2_000_000.0)
    d.rows["prices"] = []
    d.price("grid", "energy", {2026: 100.0, 2027: 10.0}, "CNY/MWh")
    found = chain(d.case(), 1)
    assert found.least == pytest.approx(1_051_200) and [s.cost for s in found.steps] == pytest.approx([948_800, 0, 0])
    assert found.run.target.system_cost == pytest.approx(2_000_000)
    two = chain(d.case(), 2, 2)
    assert [(s.year, s.until) for s in two.steps] == [(2026, 2027), (2028, 2028)]


def test_a_chain_has_the_bound_and_the_other_plans_of_who_knows_all():
    """10,512,000 is within (10,512 - 3,000) / 10,512 = 71.5 % of the least possible, which is what knowing all costs."""
    found = plan_chain(park().case(), Foresight(2), Options(gap=1e-7), lambda *_: None).run
    assert found.target.status == "feasible" and found.target.bound == pytest.approx(3_000_000)
    assert found.target.gap == pytest.approx(1 - 3_000 / 10_512) and found.goal_cost is None
    assert found.plans["least-cost"].system_cost == pytest.approx(3_000_000)
    assert (found.foresight.cost, found.foresight.least) == pytest.approx((10_512_000, 3_000_000))


def test_a_chain_without_a_plan_says_so_first():
    """The grid emits nothing from 2027 on, which only who knows 2027 knows. Then it emits what it does in 2026: 4,380 t of 4,380."""
    d = Draft(2026, 2027)
    d.demand()
    d.supply(factor={2026: 0.5, 2027: 0.0})
    d.rule("gross_ratio", "<=", 0.1)
    d.goal(2027)
    found = plan_chain(d.case(), Foresight(1), QUICK, lambda *_: None)
    assert found.failed == 2026 and found.run.target.status == "infeasible" and found.run.foresight.failed == 2026
    first, then = found.run.explanation[:2]
    assert first.startswith("The chain of plans (years known ahead: 1) ends in 2026") and "cannot be met" in then


#: The park of above as tables.
TABLES = {
    "park.toml": """name = "Foresight Park"
currency = "CNY"
price_year = 2025
discount_rate = 0.0
base_year = 2025
base_emissions = 4380.0
first_year = 2026
last_year = 2028
standard = "ladder"
""",
    "goal.toml": 'target = "zero-carbon"\nby = 2028\n',
    "stages.csv": "standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,2\n",
    "demand.csv": "demand,carrier,year,value,unit\nmachines,electricity,,8760,MWh\n",
    "supplies.csv": "supply,carrier,kind,max_import,scope\ngrid,electricity,grid,2,2\n",
    "prices.csv": "supply,item,year,value,unit\n"
    + "".join(f"grid,energy,{y},{v},CNY/MWh\n" for y, v in ((2026, 100), (2027, 100), (2028, 1000))),
    "emission_factors.csv": "supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\n",
    "technologies.csv": "technology,max_capacity,until_year\nhydro,1,2026\n",
    "types.csv": "type,role\nhydro,converter\n",
    "ports.csv": "type,carrier,direction,ratio\nhydro,electricity,out,1\n",
    "costs.csv": "type,parameter,year,value,unit\nhydro,capital_cost,,3000000,CNY/MW\nhydro,lifetime,,3,year\n",
}


@pytest.mark.slow
def test_the_command_writes_the_chain_and_refuses_what_makes_none(plan, tmp_path):
    (tmp_path / "park").mkdir()
    for name, text in TABLES.items():
        (tmp_path / "park" / name).write_text(text)
    said = plan.once("--park", "park", "--out", "o", "--gap", "1e-7", "--foresight", 2)
    assert said.code == 0, said.err
    rows = pd.read_csv(tmp_path / "o" / "foresight.csv", keep_default_na=False)
    assert "What it costs not to know more" in (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    found = {(r.decided, r.known_until, r.item, r.name): (r.value, r.if_known) for r in rows.itertuples()}
    assert found[2026, 2027, "cost", ""] == pytest.approx((7_512_000, 0)) and found[2026, 2027, "build", "hydro"] == pytest.approx(
        (0, 1))
    assert "7.5 M CNY" in said.out and "build hydro in 2026: 0, if all were known 1" in " ".join(said.out.split())
    facts = json.loads((tmp_path / "o" / "summary.json").read_text(encoding="utf-8"))
    assert facts["status"] == "feasible" and facts["foresight"]["more"] == pytest.approx(7_512_000)
    assert "not knowing the others costs 7.5 M CNY" in said.out.replace("\n", " ")
    again = plan.once("--rerun", "o/run.json", "--out", "p")
    assert again.code == 2 and "--foresight" in again.err
    for question in (("explain", "--projects"), ("explain", "--rules"), ("what-if", "--outages"), ("export", "--format", "mps")):
        asked = plan.once(question[0], "o", *question[1:])
        assert asked.code == 2 and "o: is the end of a chain of plans (--foresight)" in asked.err and "--rerun" not in asked.err
    for options, words in ((("--foresight", 0), ("--foresight 0",)), (("--step", 2), ("--step",)),
        (("--foresight", 1, "--step", 2, "--quick"), ("--step 2", "--quick"))):
        said = plan.once("--park", "park", "--out", "q", *options)
        assert said.code == 2 and all(word in said.err for word in words) and not (tmp_path / "q").exists()
