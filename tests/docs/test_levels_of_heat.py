"""The cascade of docs/levels-of-heat.md does what the page says, planned as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from models.errors import CaseError
from planner.park import read_case
from planner.planning.run import Options, plan_park

TEXT = (Path(__file__).parents[2] / "docs" / "levels-of-heat.md").read_text(encoding="utf-8")
BASE = {
    "park.toml": 'name = "Levels"\ncurrency = "CNY"\nprice_year = 2025\ndiscount_rate = 0.0\nbase_year = 2025\nbase_emissions = 90000.0\n'
    'first_year = 2026\nlast_year = 2026\nstandard = "own"\n',
    "goal.toml": 'target = "zero-carbon"\nby = 2026\n',
    "stages.csv": "standard,stage,order,metric,sense,limit\nown,zero-carbon,1,gross_ratio,<=,1\n",
    "emission_factors.csv": "supply,value,unit\ngas,0.2,t/MWh\noff-gas,0,t/MWh\ncooling-water,0,t/MWh\n",
    "profiles.csv": "hour,furnace\n" + "".join(f"{h},{1 if 8 <= h < 20 else 0}\n" for h in range(24)),
}


def written(folder: Path) -> Path:
    for name, content in (BASE | dict(re.findall(r"`(\w+\.csv)`\n\n```\n(.*?)```", TEXT, re.DOTALL))).items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_heat_is_led_down_and_waste_heat_comes_in_at_its_level(tmp_path):
    """By day 1 + 1.02 (2 + 1.02) - 2 MW of steam, by night 1 + 1.02 (2 + 1.02 x 3)."""
    plan = plan_park(read_case(written(tmp_path)), Options(gap=1e-6, compare=False)).target
    steam = plan.tables["dispatch"].query("flow == 'out' and name == 'steam-boiler'").sort_values("hour")["value"].to_numpy()
    assert steam == pytest.approx(np.array([2.0804 if 8 <= h < 20 else 6.1612 for h in range(24)]), abs=1e-4)
    assert plan.system_cost == pytest.approx(365 * 12 * (2.0804 + 6.1612) * 100, rel=1e-5)


def test_halls_that_need_more_are_refused_as_the_page_says(tmp_path):
    demand = written(tmp_path) / "demand.csv"
    demand.write_text(demand.read_text().replace("MWh,40", "MWh,50"))
    with pytest.raises(CaseError) as error:
        read_case(tmp_path)
    (fault,) = error.value.complaints
    assert str(fault) in TEXT
