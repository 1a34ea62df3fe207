"""What limits of a run that the decomposed method has planned cost: prices and plans beside its plan, against one matrix and re-solves."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.answer.files import write_run
from planner.clock import Clock
from planner.explain.elastic import LimitAsRows, build_elastic
from planner.language.language import Language
from planner.machine.stopping import Watch, watched
from planner.park import GoalRequest, read_case
from planner.planning.rerun import RunOrder
from planner.planning.run import Options, plan_park
from planner.questions.beside import Beside, LoosenedMethod, found_again, key_of, task_of, year_of
from planner.questions.change import lift
from planner.questions.rules import prices
from planner.questions.session import DIGEST, RunSession, write_kept
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver, solve_linear
from planner.solve.rounding.rounding import rounding
from planner.solve.whole.whole import Limits, solve_whole
from tests.planner.conftest import SMALL

TYPES = ("solar", 4000), ("mirror", 5000), ("pump", 3000), ("boiler", 500), ("mill", 6000)
FACTORS = ("grid", 0.5), ("cheap", 0.1), ("deal", 0), ("club", 0.5), ("spare", 0.4), ("gas", 0.2), ("wood", 0.1)
#: Limits of every kind, of which most bind: of power, of a year's energy, of a connection, a contract and a supply with a fee, of what
#: may stand and be ordered, of a roof, a budget, land, credits; rules of stages, of rules.csv, and a budget of CO2 over years.
PARK = {
    "park.toml": SMALL["park.toml"] + "typical_days = 2\n",
    "demand.csv": "demand,carrier,year,value,unit\nmachines,electricity,,8760,MWh\nwarmth,heat,,4380,MWh\n",
    "technologies.csv": "technology,type,existing,max_capacity,max_build,profile,site,area\npv,solar,0,,,sun,roofs,2\n"
    "mirrors,mirror,0,0.3,,sun,roofs,1\npump,pump,0,0.2,0.12,,,\nboiler,boiler,1,1,,,,\nmill,mill,0,0.4,0.15,wind,,\n",
    "types.csv": "type,role,green\nsolar,converter,1\nmirror,converter,1\npump,converter,\nboiler,converter,\nmill,converter,1\n",
    "ports.csv": "type,carrier,direction,ratio\nsolar,electricity,out,1\nmirror,electricity,out,1\nmill,electricity,out,1\n"
    "pump,electricity,in,1\npump,heat,out,3\nboiler,gas,in,1.1\nboiler,heat,out,1\n",
    "costs.csv": "type,parameter,year,value,unit\n"
    + "".join(f"{t},capital_cost,,{cost},CNY/kW\n{t},lifetime,,20,year\n" for t, cost in TYPES)
    + "mill,project_cost,,20000,CNY\n",
    "sites.csv": "site,area\nroofs,1\n",
    "budget.csv": "year,capital\n2026,2500000\n",
    "measures.csv": SMALL["measures.csv"],
    "savings.csv": SMALL["savings.csv"],
    "connections.csv": "connection,carrier,max_import,max_export\nline,electricity,0.3,0.15\n",
    "supplies.csv": "supply,carrier,kind,max_import,max_export,max_import_year,max_export_year,connection,profile,contract_max,scope\n"
    "grid,electricity,grid,0.25,,,,line,,,2\ncheap,electricity,grid,,,600,,line,,,2\ndeal,electricity,grid,,,,,,sun,0.2,2\n"
    "club,electricity,grid,0.1,,,,,,,2\nspare,electricity,grid,,,,,,,,2\ngas,gas,fuel,,,600,,,,,1\nwood,gas,fuel,,,,,,,,1\n"
    "bath,heat,sink,,0.02,,,,,,\nspa,heat,sink,,1,,100,,,,\n",
    "prices.csv": "supply,item,year,value,unit\ngrid,energy,,500,CNY/MWh\ncheap,energy,,300,CNY/MWh\ndeal,energy,,150,CNY/MWh\n"
    "club,energy,,250,CNY/MWh\nclub,fixed,,30000,CNY/year\nspare,energy,,1500,CNY/MWh\ngas,energy,,300,CNY/MWh\n"
    "wood,energy,,700,CNY/MWh\nbath,export,,2500,CNY/MWh\nspa,export,,2400,CNY/MWh\n",
    "emission_factors.csv": "supply,basis,year,value,unit\n" + "".join(f"{s},,,{factor},t/MWh\n" for s, factor in FACTORS),
    "offsets.csv": "offset,kind,year,price,max_volume\nremovals,removal,,300,700\nair,removal,,2000,\n",
    "restoration.csv": "project,max_area,max_plant,capital_cost,fixed_cost,lifetime,buffer,inside\nforest,50,30,2000,10,30,0,1\n",
    "uptake.csv": "project,age,value\nforest,0,5\n",
    "rules.csv": "rule,metric,sense,limit,year\nown,gross_ratio,<=,0.7,\nlaw,cumulated_net,<=,3500,2027\n",
    "stages.csv": "standard,stage,order,metric,sense,limit\nladder,low-carbon,1,gross_ratio,<=,0.62\n"
    "ladder,low-carbon,1,direct_green_share,>=,0.3\nladder,zero-carbon,3,gross_ratio,<=,0.55\nladder,zero-carbon,3,net_ratio,<=,0.3\n",
    "profiles.csv": "hour,sun,wind\n"
    + "".join(f"{h},{(0.4 + h // 24 % 3 / 10) * (6 <= h % 24 < 18):g},{0.2 + 0.1 * (h // 24 % 3) + 0.01 * (h % 24):g}\n"
        for h in range(8760)),
}
#: Tables of limits.
KINDS = {"supplies", "connections", "technologies", "sites", "budget", "restoration", "offsets", "stages", "rules"}


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """The park and a run of it by the decomposed method, in a folder."""
    folder = tmp_path_factory.mktemp("limits")
    (folder / "park").mkdir()
    for name, text in PARK.items():
        (folder / "park" / name).write_text(text)
    goal = GoalRequest("zero-carbon", 2028, (("low-carbon", 2027),))
    case = read_case(folder / "park", (), goal)
    options = Options(gap=1e-6, compare=False, verify=False, method="decomposed")
    facts = RunOrder(folder / "park", (), goal, options, folder / "out").facts()
    write_run(plan_park(case, options), case, folder / "out", facts, Language("en"), has_report=False)
    return folder


@pytest.fixture(scope="module")
def beside(run) -> Beside:
    """The plan of the run, whose limits are columns."""
    clock = Clock(lambda *_: None, Watch(None))
    with watched(clock.watch):
        question = RunSession(run / "out", None, 1, lambda *_: None)
        method = LoosenedMethod(task_of(question.case, question.options, clock), question.case)
        found = found_again(question.output, method)
        assert found is not None
        return Beside(method, found)


def test_the_plan_of_a_large_park_is_found_again_on_the_segments_that_it_was_searched_on(run, tmp_path, monkeypatch):
    """On segments of six hours a plan costs otherwise than on the hours; the deal is free, so that all of it is contracted."""
    monkeypatch.setattr("planner.planning.methods.is_large", lambda _: True)
    monkeypatch.setattr("planner.questions.beside.is_large", lambda _: True)
    shutil.copytree(run / "park", tmp_path / "park")
    prices_file = tmp_path / "park" / "prices.csv"
    prices_file.write_text(prices_file.read_text().replace("deal,energy,,150", "deal,energy,,0"))
    goal = GoalRequest("zero-carbon", 2028, (("low-carbon", 2027),))
    case, options = read_case(tmp_path / "park", (), goal), Options(gap=1e-4, compare=False, verify=False, method="decomposed", segments=4)
    facts = RunOrder(tmp_path / "park", (), goal, options, tmp_path / "out").facts()
    write_run(plan_park(case, options), case, tmp_path / "out", facts, Language("en"), has_report=False)
    clock = Clock(lambda *_: None, Watch(None))
    with watched(clock.watch):
        question = RunSession(tmp_path / "out", None, 1, lambda *_: None)
        method = LoosenedMethod(task_of(question.case, question.options, clock), question.case)
        found = found_again(question.output, method)
        assert found is not None and method.model.contract["deal", 2026].lb == 0
        assert found.cost == pytest.approx(question.output.summary["typical_days"]["cost"], rel=1e-4)


class Whole:
    """The same park as one matrix, its whole numbers fixed as in its best plan."""

    def __init__(self, plan: Beside) -> None:
        method = plan.method
        self.inputs = method.task.inputs
        model, self.limits = build_elastic(self.inputs, method.case, self.inputs.years)
        self.prices = prices(model, self.limits, self.inputs, 1e-8)
        self.matrix = matrix = compile_model(model)
        self.solver = Solver(matrix)
        best = solve_whole(self.solver, Limits(gap=1e-8), rounding=rounding(matrix, model, self.inputs))
        places = np.flatnonzero(matrix.integer).astype(np.int32)
        self.solver.set_bounds(places, np.round(best.values[places]), np.round(best.values[places]))
        self.solver.free_rows(matrix.rows_of({id(row): row for one in self.limits for row, _ in one.orders}.values()))
        self.solver.relax(True)
        self.cost = self.solved()

    def solved(self) -> float:
        """The least cost with these whole numbers; infinite where there is none."""
        self.solver.forget()
        answer = solve_linear(self.solver)
        return answer.objective if answer.status == "optimal" else float("inf")

    def with_more(self, limit: LimitAsRows, y: int, more: float) -> float:
        """The least cost with as much more of a limit in a year."""
        rows = [(self.matrix.row[id(row)], by) for row, by in limit.rows if year_of(row, self.inputs.years) == y]
        places, by = np.array([place for place, _ in rows], dtype=np.int32), more * np.array([loosens for _, loosens in rows])
        lower, upper = self.matrix.row_lower[places], self.matrix.row_upper[places]
        self.solver.set_row_bounds(places, lower - by, upper + by)
        cost = self.solved()
        self.solver.set_row_bounds(places, lower, upper)
        return cost


def priced(beside: Beside) -> dict[str, dict[int, float]]:
    """Limit -> year -> its price beside the plan."""
    return {key_of(LimitAsRows(**said)): own for said, own in beside.prices()}


@pytest.fixture(scope="module")
def whole(beside) -> Whole:
    return Whole(beside)


@pytest.mark.slow
def test_prices_beside_the_plan_are_those_of_the_whole_programme(beside, whole):
    """Each lies between what a little more of the limit saves and what a little less costs; where these are one number, so are both
    prices. That is so of limits of every kind."""
    found, told = priced(beside), beside.method.limits
    assert {key_of(one) for one in whole.limits} == {*told} and beside.cost == pytest.approx(whole.cost, rel=1e-6)
    sharp = set()
    for limit, anew in zip(whole.limits, whole.prices, strict=True):
        key = key_of(limit)
        assert (told[key].now, told[key].unit, told[key].scale) == (limit.now, limit.unit, limit.scale)
        for y in {*anew, *found.get(key, {})}:
            step = 1e-3 * limit.scale
            gains = (whole.cost - whole.with_more(limit, y, step)) / step, (whole.with_more(limit, y, -step) - whole.cost) / step
            near = 1e-4 * gains[0] + 1.0 / step
            for price in (anew.get(y, 0.0), found.get(key, {}).get(y, 0.0)):
                assert gains[0] - near <= price <= gains[1] + near, (key, y)
            if gains[1] - gains[0] <= near:
                assert found[key][y] == pytest.approx(anew[y], rel=1e-4), (key, y)
                sharp.add((limit.table, limit.parameter))
    assert {table for table, _ in sharp} >= KINDS - {"sites"}  # of the roof and what stands on it only one is told apart
    assert sharp >= {("supplies", p) for p in ("max_import", "max_export", "max_import_year", "max_export_year")}
    assert ("rules", "cumulated_net") in sharp and ("connections", "max_import") in sharp


@pytest.mark.slow
def test_without_a_limit_the_plan_costs_what_it_does_where_the_limit_is_far_away(beside, whole):
    """A connection of 20 times as much, in all years and with the whole numbers as they are. What is found is within its bounds, and the
    columns are 0 again afterwards."""
    limit = next(one for one in whole.limits if key_of(one) == "connections line max_import ")
    rows = [(whole.matrix.row[id(row)], by) for row, by in limit.rows]
    places = np.array([place for place, _ in rows], dtype=np.int32)
    whole.solver.set_row_bounds(places, whole.matrix.row_lower[places], whole.matrix.row_upper[places] + 19 * limit.now)
    least = whole.solved()
    whole.solver.restore_rows(places)
    found = beside.plan(lift(limit))
    assert found.bound - 1 <= least <= found.cost + 1 and found.cost - found.bound <= 0.05 * (beside.cost - found.cost)
    before, after = priced(beside), beside.plan(lift(limit))
    assert after.cost == pytest.approx(found.cost, abs=0.05 * (beside.cost - found.cost))
    assert priced(beside)["budget  capital 2026"] == pytest.approx(before["budget  capital 2026"])


@pytest.mark.slow
def test_limits_of_a_large_park_are_told_with_their_note_and_kept(run, tmp_path, plan, monkeypatch):
    """The three dearest are done without, beside the plan, or as many as asked for; what was found is not sought again, and the page
    says it in Chinese."""
    shutil.copytree(run, tmp_path, dirs_exist_ok=True)
    first = plan("explain", "--rules", "out", "--jobs", 1)
    assert first.code == 0 and first.err.count("found beside the plan") == 5, first.err
    said = plan("explain", "--rules", "out", "--jobs", 1, "--dearest", 10)
    assert said.code == 0 and said.err.count("found beside the plan") == 7, said.err
    rows = pd.read_csv(tmp_path / "out" / "limit_costs.csv", keep_default_na=False, na_values={"cost": "", "least": "", "most": ""})
    tried = rows[rows["cost"].notna()]
    assert len(tried.drop_duplicates(["table", "name", "parameter"])) == 10
    assert ((tried["least"] <= tried["cost"] + 1e-3).all() and (tried["cost"] <= tried["most"] + 1e-3).all()
        and (tried["cost"] > 0).all())
    assert tried["note"].str.endswith("beside the plan: the whole numbers of all else as planned").all()
    assert {*rows[rows["table"] == "rules"]["name"]} == {"own", "law"}
    kept = tmp_path / "out-questions" / "beside.json"
    facts = json.loads(kept.read_text())
    facts["prices"][0][1] = {"2027": 123.25e9}
    write_kept(kept, {key: own for key, own in facts.items() if key != DIGEST})
    again = plan("explain", "--rules", "out", "--language", "zh")
    assert again.code == 0 and not again.err and pd.read_csv(tmp_path / "out" / "limit_costs.csv")["price"].max() == 123.25e9
    assert "在方案旁求得" in (tmp_path / "out" / "report.html").read_text()
    facts.pop(next(key for key in facts if key.startswith("own lift")))
    write_kept(kept, {key: own for key, own in facts.items() if key != DIGEST})
    monkeypatch.setattr(Beside, "prices", lambda _: pytest.fail("priced twice"))
    assert plan("explain", "--rules", "out", "--jobs", 1, "--dearest", 10).err.count("found beside the plan") == 1
    assert "--dearest -1: is below 0" in plan("explain", "--rules", "out", "--dearest", -1).err
