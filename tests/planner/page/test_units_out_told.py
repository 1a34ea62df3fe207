"""The page says beside "all demand is met" what is met with a unit out, where a reserve is operated so."""

from pathlib import Path

import pandas as pd
import pytest
from reading import read

from planner.answer.page.page import make_page
from planner.language.language import Language

MET = {
    "en": "With any one unit out it is met on the stress days of 2026 to 2028; of the weeks around them that outages.csv tells up to 0 h "
    "of a week are short.", "zh": "任一台机组停运时，2026 至 2028 年各紧张日的全部需求仍得到满足；outages.csv 所列各周中，一周最多有 0 小时供应不足。",}
SHORT = {"en": "tells up to 5 h of a week are short.", "zh": "一周最多有 5 小时供应不足。"}


def planned(small, written_once, out: Path, language: str, operated: int) -> Path:
    """A boiler house of two units for 0.01 MW of heat, each enough by itself."""
    small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
    small.write("technologies.csv",
        "technology,type,existing,existing_unit,max_capacity,max_build,profile\npv,solar,0,,1,,sun\nhouse,boiler,0.04,0.02,0.04,0,\n")
    small.edit("types.csv", "solar,converter,,1\n", "solar,converter,,1\nboiler,converter,,\n")
    small.edit("ports.csv", "out,1\n", "out,1\nboiler,heat,out,1\nboiler,electricity,in,1\n")
    small.edit("costs.csv", "solar,lifetime", "boiler,capital_cost,,100,CNY/kW\nboiler,lifetime,,20,year\nsolar,lifetime")
    small.edit("demand.csv", "machines", "warmth,heat,,87.6,MWh,\nmachines")
    small.write("reserves.csv", f"carrier,largest_out,operated\nheat,1,{operated}\n")
    written_once(small.folder, out, language)
    return out


def said(out: Path, language: str) -> str:
    """What the page says of whether the plan can be done."""
    page = read(make_page(out, Language(language)))
    return page.all("ul", "checks")[0].all("li")[0].text


@pytest.mark.slow
@pytest.mark.parametrize("language", MET)
def test_what_is_met_with_a_unit_out_is_said_beside_the_hours(small, written_once, tmp_path, language) -> None:
    out = planned(small, written_once, tmp_path / "out", language, operated=1)
    assert MET[language] in said(out, language)
    rows = pd.read_csv(out / "outages.csv")
    weeks = [rows.assign(first_day=8 + hours, hours_short=hours, energy_short=0.002 * hours, worst=0.002) for hours in (3, 5, 0)]
    pd.concat(weeks).to_csv(out / "outages.csv", index=False)
    assert SHORT[language] in said(out, language)
