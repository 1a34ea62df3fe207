"""A park by hand with many small options of the catalogue, whose plan is read like a list of orders.

No size is stated in it: all come from the catalogue's types. What is asserted is that each line can be ordered, not what is ordered.
"""

import math
from itertools import pairwise

import pandas as pd
import pytest

from planner.park import read_case
from planner.planning.run import Options, plan_park

LAST = 2029
TABLES = {
    "park.toml": f'name = "Small options"\ncurrency = "CNY"\nprice_year = 2025\ndiscount_rate = 0.06\nbase_year = 2025\n'
    f'first_year = 2026\nlast_year = {LAST}\nstandard = "reduction-ladder"\nregion = "cn"\n',
    "goal.toml": f'target = "low-carbon"\nby = {LAST}\n',
    "technologies.csv": """technology,type,existing,existing_until,max_capacity,profile,site,area
pv,solar-rooftop,0,,1.8,sun,roofs,1
battery,battery,0,,,,,
tank,hot-water-tank,0,,,,,
cold-tank,cold-water-tank,0,,,,,
boiler,gas-boiler,1.56,2028,,,,
steam-boiler,gas-boiler-steam,1.14,,,,,
wood-steam,biomass-boiler-steam,0,,,,,
e-boiler,electric-boiler,0,,,,,
e-steam,electric-boiler-steam,0,,,,,
air-pump,heat-pump-air,0,,,,,
excess-pump,heat-pump-excess-heat,0,,,,,
steam-pump,heat-pump-steam,0,,,,,
chiller,chiller-electric,0.78,2028,,,,
""",
    "carriers.csv": "carrier,temperature\nsteam,120\n",
    "sites.csv": "site,area\nroofs,1.8\n",
    "demand.csv": f"""demand,carrier,year,value,unit,profile
machines,electricity,2025,7200,MWh,day
machines,electricity,{LAST},8300,MWh,day
steam,steam,2025,4200,MWh,day
steam,steam,{LAST},4800,MWh,day
heat,heat,2025,2700,MWh,cold
heat,heat,{LAST},3100,MWh,cold
cooling,cooling,2025,1500,MWh,hot
cooling,cooling,{LAST},1700,MWh,hot
""",
    "supplies.csv": """supply,carrier,kind,max_import,max_export,scope,fuel
grid,electricity,grid,7.2,0,2,grid-china
gas,gas,fuel,,,1,natural-gas
biomass,biomass,fuel,3.6,,1,biomass-wood
waste-heat,waste-heat,fuel,0.6,,1,waste-heat
""",
    "prices.csv": """supply,item,year,value,unit
grid,energy,2025,640,CNY/MWh
grid,demand_charge,2025,48,CNY/kW/month
gas,energy,2025,394,CNY/MWh
biomass,energy,2025,220,CNY/MWh
waste-heat,energy,,0,CNY/MWh
*,carbon,2026,80,CNY/t
""",
    "tariff.csv": "supply,item,months,days,hours,factor\ngrid,energy,1-12,all,10-19,1.6\ngrid,energy,1-12,all,0-8,0.45\n",
    "measures.csv": "measure,capital_cost,fixed_cost,lifetime\nled,240000,0,10\ndrives,420000,6000,12\ntraps,120000,3000,8\n",
    "savings.csv": "measure,demand,saving\nled,machines,0.03\ndrives,machines,0.05\ntraps,steam,0.08\n",
    "reserves.csv": "carrier,year,largest_out\nsteam,2028,1\nheat,2028,1\n",
}


def profiles() -> str:
    """One day in spring."""
    lines = ["hour,day,cold,hot,sun"]
    for hour in range(24):
        turn = 2 * math.pi * hour / 24
        sun = max(0.0, math.sin((hour - 5.5) / 13 * math.pi)) * 0.6
        lines.append(
            f"{hour},{1 if 6 <= hour < 20 else 0.5},{1 + 0.25 * math.cos(turn - 1):.4f},{0.6 - 0.4 * math.cos(turn - 1):.4f},{sun:.4f}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """The case and the plan under its goal, on every hour."""
    folder = tmp_path_factory.mktemp("small-options")
    for name, text in (TABLES | {"profiles.csv": profiles()}).items():
        (folder / name).write_text(text, encoding="utf-8")
    case = read_case(folder)
    plan = plan_park(case, Options(gap=0.05, compare=False)).target
    assert plan.has_tables and len(plan.tables["investments"]) > 4
    return case, plan


def kind_of(case, technology: str):
    row = next(t for t in case.technologies if t.technology == technology)
    return next(t for t in case.types if t.type == row.type_name)


def in_units(size: float, unit: float) -> bool:
    return abs(size / unit - round(size / unit)) < 1e-6 and round(size / unit) >= 1


@pytest.mark.slow
def test_every_order_is_one_that_is_sold_spaced_and_works_for_years(planned):
    case, plan = planned
    for technology, build in plan.tables["investments"][["technology", "build"]].itertuples(index=False):
        kind = kind_of(case, technology)
        if kind.unit_size:
            assert in_units(build, kind.unit_size), (technology, build)
        else:
            assert build >= kind.min_build * (1 - 1e-6) > 0, (technology, build)
    for technology, own in plan.tables["investments"].groupby("technology"):
        years = sorted(own["year"].tolist())
        assert all(b - a >= kind_of(case, technology).order_spacing >= 3 for a, b in pairwise(years)), technology
    # No order is retired before it has worked three years, or to the end.
    gone = {(t, v): z for z, t, v in plan.tables["retirements"][["year", "technology", "ordered"]].itertuples(index=False)}
    for year, technology, start in plan.tables["investments"][["year", "technology", "works_from"]].itertuples(index=False):
        assert start == year + kind_of(case, technology).lead_time <= LAST, technology
        assert gone.get((technology, year), LAST + 1) >= min(start + 3, LAST + 1), technology
    stood = {t.technology: t.existing for t in case.technologies}
    ordered = plan.tables["investments"].set_index(["technology", "year"])["build"]
    gone = plan.tables["retirements"]
    assert not gone.empty
    for _, technology, v, size in gone[["year", "technology", "ordered", "retired"]].itertuples(index=False):
        kind = kind_of(case, technology)
        if v:
            assert in_units(size, kind.unit_size) if kind.unit_size else size == pytest.approx(ordered[technology, v]), technology
        else:
            rest = math.fmod(stood[technology], kind.existing_unit)
            assert any(abs(left) < 1e-6 or in_units(left, kind.existing_unit) for left in (size, size - rest)), (technology, size)
    flows = plan.tables["dispatch"]
    used = flows[flows["flow"].isin(["out", "discharge"]) & (flows["value"] > 1e-6)]
    held = {r.carrier for r in case.reserves}
    makes = {
        t.technology: {p.carrier for p in case.ports if p.type == t.type_name and p.direction == "out"} for t in case.technologies}
    for technology in pd.unique(plan.tables["investments"]["technology"]):
        assert technology in set(used["name"]) or makes[technology] & held, technology


def test_a_boiler_of_the_catalogue_is_retired_by_the_unit_or_by_any_part_where_its_park_says_so(tmp_path):
    """1 MW of heat is needed of 3 MW that stand, in two units of 1.4 MW and a rest of 0.2: one unit stays, or 1 MW."""
    for column, left in (("", 1.4), ("0", 1.0)):
        folder = tmp_path / f"unit{column}"
        folder.mkdir()
        own = {
            "park.toml": TABLES["park.toml"] + "base_emissions = 1000000\n",
            "goal.toml": TABLES["goal.toml"],
            "technologies.csv": f"technology,type,existing,max_capacity,existing_unit\nboiler,gas-boiler,3,3,{column}\n",
            "demand.csv": "demand,carrier,year,value,unit\nheat,heat,2025,8760,MWh\n",
            "supplies.csv": "supply,carrier,kind,scope,fuel\ngas,gas,fuel,1,natural-gas\n",
            "prices.csv": "supply,item,year,value,unit\ngas,energy,2025,394,CNY/MWh\n",
            "profiles.csv": "\n".join(["hour,day", *(f"{hour},1" for hour in range(24))]) + "\n",
        }
        for name, text in own.items():
            (folder / name).write_text(text, encoding="utf-8")
        plan = plan_park(read_case(folder), Options(gap=1e-6, compare=False)).target
        assert plan.has_tables and plan.tables["capacity"]["capacity"].tolist() == pytest.approx([left] * 4)
