"""What the reserves of a park cost, planned anew and beside the plan, by hand.

One year, 2 MW of heat in all hours unless said otherwise. Gas costs nothing, a boiler of 1 MW 1,000 CNY and lives a year: two serve, and
with any one out three are needed.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from one_megawatt import one_megawatt

from planner.answer.sure import sentences
from planner.clock import Clock
from planner.explain.elastic import LimitAsRows, build_elastic
from planner.language.language import Language
from planner.machine.stopping import Watch, watched
from planner.park import read_case
from planner.questions.beside import Beside, LoosenedMethod, found_again, key_of, task_of
from planner.questions.change import lift
from planner.questions.rules import prices, reserve_limits
from planner.questions.session import RunSession

pytestmark = pytest.mark.slow

ALL_OUT = "carrier,largest_out,operated\nheat,1,1\n"
SUMS = "carrier,largest_out\nheat,1\n"
MARGIN = "carrier,margin\nheat,0.2\n"
PARK = {
    **one_megawatt(),
    "park.toml": one_megawatt()["park.toml"] + "typical_days = 2\n",
    "demand.csv": "demand,carrier,year,value,unit\nwarmth,heat,,17520,MWh\n",
    "supplies.csv": "supply,carrier,kind,scope\ngas,gas,fuel,1\n",
    "prices.csv": "supply,item,year,value,unit\ngas,energy,,0,CNY/MWh\n",
    "emission_factors.csv": "supply,basis,year,value,unit\ngas,,,0,t/MWh\n",
    "technologies.csv": "technology,max_capacity,unit_size\nboiler,20,1\n",
    "types.csv": "type,role\nboiler,converter\n",
    "ports.csv": "type,carrier,direction,ratio\nboiler,gas,in,1\nboiler,heat,out,1\n",
    "costs.csv": "type,parameter,year,value,unit\nboiler,capital_cost,,1000,CNY/MW\nboiler,lifetime,,1,year\nboiler,fixed_cost,,0,%/year\n",
    "profiles.csv": "hour,steady\n" + "".join(f"{h},{1 - h // 24 % 2 / 100}\n" for h in range(8760)),
}
#: Cold beside it, 1 MW from coolers of 1 MW that are driven by gas, 500 CNY each.
COLD = {
    "demand": PARK["demand.csv"] + "coolth,cold,,8760,MWh\n",
    "technologies": PARK["technologies.csv"] + "cooler,20,1\n",
    "types": PARK["types.csv"] + "cooler,converter\n",
    "ports": PARK["ports.csv"] + "cooler,gas,in,1\ncooler,cold,out,1\n",
    "costs": PARK["costs.csv"] + "cooler,capital_cost,,500,CNY/MW\ncooler,lifetime,,1,year\ncooler,fixed_cost,,0,%/year\n",
}
#: 1.5 MW of heat from three boilers that stand and 1.5 MW of gas at most. With a margin of 20 % there must be 1.8 MW on a stress day:
#: 0.3 MW come from collectors of 1,000 CNY/MW. One MW of gas more saves 1,000 CNY there and nothing in the year.
SHORT_OF_GAS = {"reserves": "carrier,margin,largest_out,operated\nheat,0.2,1,1\n",
    "demand": "demand,carrier,year,value,unit\nwarmth,heat,,13140,MWh\n",
    "supplies": "supply,carrier,kind,max_import,scope\ngas,gas,fuel,1.5,1\n",
    "technologies": "technology,existing,existing_unit,max_capacity,max_build,profile\nboiler,3,1,3,0,\ncollector,0,,5,,steady\n",
    "types": "type,role\nboiler,converter\ncollector,converter\n", "ports": PARK["ports.csv"] + "collector,heat,out,1\n",
    "costs": "type,parameter,year,value,unit\ncollector,capital_cost,,1000,CNY/MW\ncollector,lifetime,,1,year\n"
    "collector,fixed_cost,,0,%/year\n", "profiles": "hour,steady\n" + "".join(f"{h},1\n" for h in range(8760)),}
both = pytest.mark.parametrize("method", ["whole", "decomposed"])


def write(folder: Path, **tables: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in {**PARK, **{f"{name}.csv": text for name, text in tables.items()}}.items():
        (folder / name).write_text(text)


def planned(plan, method: str) -> None:
    said = plan("--park", "park", "--out", "out", "--gap", "1e-6", "--no-verify", "--quiet", "--method", method)
    assert said.code == 0, said.err


def asked(plan, tmp_path, *words: object) -> tuple[pd.DataFrame, str]:
    """The rows of limit_costs.csv, and what the command said in one line."""
    said = plan("explain", "--rules", "out", "--jobs", 1, *words)
    assert said.code == 0, said.err
    rows = pd.read_csv(tmp_path / "out" / "limit_costs.csv", keep_default_na=False,
        na_values=dict.fromkeys(("price", "cost", "least", "most"), ""))
    return rows, said.out.replace("\n", " ")


def of_reserves(rows: pd.DataFrame) -> dict[str, float]:
    own = rows[rows["table"] == "reserves"]
    return dict(zip(own["name"], own["cost"].tolist(), strict=True))


@both
@pytest.mark.parametrize("reserve", [ALL_OUT, SUMS])
def test_one_unit_more_is_what_any_one_unit_out_costs(plan, tmp_path, method, reserve):
    write(tmp_path / "park", reserves=reserve)
    planned(plan, method)
    rows, told = asked(plan, tmp_path)
    own = rows[rows["table"] == "reserves"]
    assert own[["name", "parameter", "year", "now", "unit"]].values.tolist() == [["heat", "largest_out", 2026, 1, 1]]
    assert own["price"].isna().all()
    cost, least, most = own[["cost", "least", "most"]].iloc[0]
    assert cost == pytest.approx(1000, abs=0.1) and least - 0.1 <= 1000 <= most + 0.1 and most - least < 1
    assert own["note"].iloc[0].split("; ")[0] == "no price: a unit is out or not"
    words = "Reserves of heat cost 1,000 CNY (at least 1,000 CNY, at most 1,000 CNY)."
    assert words in told and words in (tmp_path / "out" / "report.html").read_text()


@both
def test_a_margin_costs_the_capacity_that_it_asks_for(plan, tmp_path, method):
    """2.4 MW in place of 2, in any size."""
    write(tmp_path / "park", reserves=MARGIN, technologies="technology,max_capacity\nboiler,20\n")
    planned(plan, method)
    rows, told = asked(plan, tmp_path)
    own = rows[rows["table"] == "reserves"]
    assert own[["name", "parameter", "now"]].values.tolist() == [["heat", "margin", 0.2]]
    assert own["cost"].iloc[0] == pytest.approx(400, abs=0.1)
    assert own["note"].iloc[0].split("; ")[0] == "no price: a margin is asked for or not"
    assert "Reserves of heat cost 400 CNY (at least 400 CNY, at most 400 CNY)." in told


@both
@pytest.mark.parametrize("operated", [0, 1])
def test_reserves_are_done_without_one_by_one_and_all_together(plan, tmp_path, method, operated):
    write(tmp_path / "park", reserves=f"carrier,largest_out,operated\nheat,1,{operated}\ncold,1,{operated}\n", **COLD)
    planned(plan, method)
    rows, told = asked(plan, tmp_path)
    first = of_reserves(rows)
    assert list(first) == ["*", "cold", "heat"] and first["*"] == pytest.approx(1500, abs=0.1)
    if method == "decomposed":  # of a large park that alone is sought where no number is asked for
        assert np.isnan(first["heat"]) and np.isnan(first["cold"])
    assert of_reserves(asked(plan, tmp_path, "--dearest", 10)[0]) == pytest.approx({"*": 1500, "heat": 1000, "cold": 500}, abs=0.1)
    words = "Reserves of cold, heat cost 1,500 CNY (at least 1,500 CNY, at most 1,500 CNY)."
    assert words in told


def test_a_park_without_reserves_and_prices_alone_have_no_such_rows(plan, tmp_path):
    write(tmp_path / "park")
    planned(plan, "whole")
    assert of_reserves(asked(plan, tmp_path)[0]) == {}
    write(tmp_path / "park", reserves=ALL_OUT)
    (tmp_path / "out").rename(tmp_path / "without")
    planned(plan, "whole")
    assert of_reserves(asked(plan, tmp_path, "--dearest", 0)[0]) == {}


@both
def test_a_limit_that_binds_with_a_unit_out_alone_has_a_price(plan, tmp_path, method):
    write(tmp_path / "park", **SHORT_OF_GAS)
    planned(plan, method)
    rows, _ = asked(plan, tmp_path)
    own = rows[rows["parameter"] == "max_import"]
    assert own[["name", "year"]].values.tolist() == [["gas", 2026]]
    assert own["price"].iloc[0] == pytest.approx(1000, rel=1e-6) and own["cost"].iloc[0] == pytest.approx(300, abs=0.1)
    assert of_reserves(rows) == pytest.approx({"heat": 300}, abs=0.1)


def test_without_a_reserve_the_rest_is_asked_as_before_and_after(plan, tmp_path):
    """Beside the plan: the gas limit saves 300 before and after the reserve was done without, and prices are the same."""
    write(tmp_path / "park", **SHORT_OF_GAS)
    planned(plan, "decomposed")
    with watched(Watch(None)):
        question = RunSession(tmp_path / "out", None, 1, lambda *_: None)
        task = task_of(question.case, question.options, Clock(lambda *_: None, Watch(None)))
        method = LoosenedMethod(task, question.case)
        found = found_again(question.output, method)
        assert found is not None
        beside = Beside(method, found)

        def priced() -> dict[str, dict[int, float]]:
            return {key_of(LimitAsRows(**said)): own for said, own in beside.prices()}

        gas = next(limit for key, limit in beside.method.limits.items() if key.startswith("supplies gas max_import"))
        (heat,) = reserve_limits(question.case)
        before, kept = priced(), list(beside.master.cuts.outage_rows)
        first, heats, outages = beside.plan(lift(gas)), beside.plan(lift(heat)), beside.master.outages
        rows = beside.master.cuts.outage_rows
        again, after = beside.plan(lift(gas)), priced()
        assert heats.cost == pytest.approx(beside.cost - 300, abs=0.1)
        assert kept and rows[: len(kept)] == kept and outages.all and outages.holds
        assert again.cost == pytest.approx(first.cost, abs=0.1) and first.cost == pytest.approx(beside.cost - 300, abs=0.1)
        assert {key: own[2026] for key, own in after.items()} == pytest.approx({key: own[2026] for key, own in before.items()},
            rel=1e-6)
        assert beside.plan(lift(heat)).cost == pytest.approx(heats.cost, abs=0.1) and np.isfinite(beside.master.matrix.row_lower).any()
        question_case = question.case
        model, limits = build_elastic(task.inputs, question_case, task.inputs.years)
        whole = dict(zip([limit.parameter for limit in limits], prices(model, limits, task.inputs, 1e-8), strict=True))
        assert whole["max_import"][2026] == pytest.approx(before["supplies gas max_import "][2026], rel=1e-6)


def test_reserves_that_hold_are_listed_with_the_first_year_and_their_zones(tmp_path):
    """Of a zone it is named; one that a supply without a limit feeds asks for nothing."""
    write(tmp_path / "park",
        demand="demand,carrier,zone,year,value,unit\nwarmth,heat,hall,,17520,MWh\npower,electricity,hall,,8760,MWh\n",
        supplies="supply,carrier,zone,kind,scope\ngas,gas,hall,fuel,1\ngrid,electricity,hall,grid,2\n",
        prices="supply,item,year,value,unit\ngas,energy,,0,CNY/MWh\ngrid,energy,,0,CNY/MWh\n",
        emission_factors="supply,basis,year,value,unit\ngas,,,0,t/MWh\ngrid,,,0,t/MWh\n",
        technologies="technology,zone,max_capacity,unit_size\nboiler,hall,20,1\n",
        reserves="carrier,zone,year,margin,largest_out\nheat,hall,2027,0.1,0\nheat,hall,2028,0.3,1\nelectricity,hall,,0.1,0\n")
    (tmp_path / "park" / "park.toml").write_text(PARK["park.toml"].replace("last_year = 2026", "last_year = 2029"))
    (tmp_path / "park" / "goal.toml").write_text('target = "zero-carbon"\nby = 2029\n')
    found = reserve_limits(read_case(tmp_path / "park", (), None))
    assert [(one.table, one.name, one.parameter, one.year, one.now) for one in found] == [
        ("reserves", "heat (hall)", "largest_out", 2027, 1.0)]


def told(*rows: tuple, code: str = "en") -> list[str]:
    columns = ["table", "name", "parameter", "year", "now", "price", "cost", "least", "most"]
    return list(sentences("limit_costs", pd.DataFrame(rows, columns=columns).assign(unit="MW"), "CNY", Language(code)))


def test_what_reserves_cost_is_told_once_of_all_together_and_never_below_nothing():
    heat = "reserves", "heat", "largest_out", 2026, 1.0, None, -5.0, -10.0, 2000.0
    cold = "reserves", "cold", "margin", 2026, 0.2, None, 400.0, 300.0, 500.0
    all_of_them = "reserves", "*", "largest_out", 2026, 1.0, None, 2e6, 1e6, 3e6
    assert told(heat) == ["Reserves of heat cost 0.00 CNY (at least 0.00 CNY, at most 2,000 CNY)."]
    nothing = (*heat[:6], 0.0, -10.0, 0.0)
    assert told(nothing) == ["Reserves of heat cost 0.00 CNY (at least 0.00 CNY, at most 0.00 CNY)."]
    assert told(all_of_them, heat, cold) == [
        "Reserves of heat, cold cost 2.0 M CNY (at least 1.0 M CNY, at most 3.0 M CNY)."]
    assert told((*heat[:6], None, None, None)) == []
    dear = (*heat[:6], *all_of_them[6:])
    assert told(dear, code="zh") == ["heat 的备用，代价为 200 万元（至少 100 万元，至多 300 万元）。"]
    limit = "supplies", "gas", "max_import", 2026, 10.0, 3e6, 9e6, 8e6, 1e7
    assert told(limit, heat)[1:] == ["10% more of supplies.csv gas max_import would save about 3.0 M CNY."]
