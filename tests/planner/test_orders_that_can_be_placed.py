"""A park by hand with many small options of the catalogue, whose plan is read like a list of orders.

No size is stated in it: all come from the catalogue's types. What is asserted is that each line can be ordered, not what is ordered.
"""

import math
from itertools import pairwise

import pandas as pd
import pytest
from tabled import park_of

from planner.park import read_case
from planner.planning.run import Options, plan_park

LAST = 2029
TABLES = park_of(__file__, "small options")


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
