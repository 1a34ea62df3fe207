"""The rows of docs/flexibility.md do what the page says: each section is a park of one day, planned as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from planner.park import read_case
from planner.plan import TARGET, Plan
from planner.planning.run import Options, plan_park
from planner.templates.blank import BlankWanted, blank
from planner.templates.examples import with_processes
from planner.templates.write import write_folder

PAGE = Path(__file__).parents[2] / "docs" / "flexibility.md"
#: A grid at 100 a MWh, at 40 from midnight to 8; 20 °C by night and 30 by day, above a limit of -18.
BASE = {
    "park.toml": 'name = "Rows"\ncurrency = "CNY"\nprice_year = 2025\ndiscount_rate = 0.0\nbase_year = 2025\nbase_emissions = 9000.0\n'
    'first_year = 2026\nlast_year = 2026\nstandard = "own"\n',
    "goal.toml": 'target = "zero-carbon"\nby = 2026\n',
    "stages.csv": "standard,stage,order,metric,sense,limit\nown,zero-carbon,1,gross_ratio,<=,1\n",
    "supplies.csv": "supply,carrier,kind,scope\ngrid,electricity,grid,2\n",
    "prices.csv": "supply,item,value,unit\ngrid,energy,100,CNY/MWh\n",
    "tariff.csv": "supply,hours,factor\ngrid,0-7,0.4\n",
    "profiles.csv": "hour,above-limit,calls\n"
    + "".join(f"{h},{48 if 8 <= h < 20 else 38},{5 if h == 18 else 1}\n" for h in range(24)),
}
FACTORS = "supply,value,unit\n{}"


def planned(folder: Path, section: str, without: tuple[str, ...] = ()) -> Plan:
    """The plan of the rows of a section, some columns left out."""
    text = PAGE.read_text(encoding="utf-8").split(f"## {section}\n")[1].split("\n## ")[0]
    files = BASE | dict(re.findall(r"`(\w+\.csv)`\n\n```\n(.*?)```", text, re.DOTALL))
    if "connections.csv" in files:
        del files["tariff.csv"]
    supplies = [line.split(",")[0] for line in files["supplies.csv"].splitlines()[1:]]
    files["emission_factors.csv"] = FACTORS.format("".join(f"{s},0.5,t/MWh\n" for s in supplies))
    if without:
        head, row = files["demand.csv"].splitlines()
        kept = [(c, v) for c, v in zip(head.split(","), row.split(","), strict=True) if c not in without]
        files["demand.csv"] = "\n".join(",".join(cells) for cells in zip(*kept, strict=True)) + "\n"
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    plan = plan_park(read_case(folder), Options(gap=1e-6, compare=False)).plans[TARGET]
    assert plan.status == "optimal"
    return plan


def flow(plan: Plan, kind: str, name: str) -> np.ndarray:
    own = plan.tables["dispatch"].query("flow == @kind and name == @name").sort_values("hour")
    return own["value"].to_numpy()


def test_a_silo_lets_the_mill_run_by_night(tmp_path):
    # 1.5 MW in the eight cheap hours, of which 4 MWh stay for later; 12 MWh of the day at the full price.
    assert planned(tmp_path, "A stock between two steps").system_cost == pytest.approx(365 * (8 * 1.5 * 40 + 12 * 100))


def test_the_cold_store_follows_the_balance_of_heat_within_its_band(tmp_path):
    plan = planned(tmp_path, "A cold store and its band of temperature")
    cold, held = flow(plan, "out", "freezer"), flow(plan, "held", "cold-rooms")
    outdoor = np.array([30.0 if 8 <= h < 20 else 20.0 for h in range(24)])
    goods = -18 - held / 1.2
    before = np.roll(goods, 1)
    assert goods == pytest.approx(before + (0.012 * (outdoor - before) - cold) / 1.2)
    assert goods.min() >= -24 - 1e-6 and goods.max() <= -18 + 1e-6
    assert goods.min() < -21  # it is cooled by night


def test_an_interruptible_tariff_pays_only_where_enough_can_be_shed(tmp_path):
    plan = planned(tmp_path, "Interruptible tariffs")
    assert plan.tables["schemes"]["scheme"].tolist() == ["on-call"]
    assert plan.system_cost == pytest.approx(365 * (23 * 90 + 0.8 * 450 + 0.2 * 300))
    plan = planned(tmp_path, "Interruptible tariffs", ("shed_share", "shed_price", "shed_hours", "firm_shed"))
    assert plan.tables["schemes"]["scheme"].tolist() == ["firm"]
    assert plan.system_cost == pytest.approx(365 * 24 * 100 + 40_000)


def test_a_contract_for_standing_ready_brings_what_the_page_says(tmp_path):
    plan = planned(tmp_path, "Payments for standing ready")
    assert plan.system_cost == pytest.approx(365 * (8 * 40 + 16 * 100) - 0.08 * 40_000)


def test_a_new_park_with_processes_is_one_to_begin_with(tmp_path):
    wanted = BlankWanted()
    write_folder(tmp_path / "mill", with_processes(blank(wanted), wanted))
    assert not read_case(tmp_path / "mill").warnings
    settings = tmp_path / "mill" / "park.toml"
    shorter = (
        settings.read_text(encoding="utf-8").replace("last_year = 2035", "last_year = 2026").replace("reduction-ladder", "own")
    )
    own = {"tariff.csv": "supply,hours,factor\ngrid,14-21,1.49\n"}  # that of the park is of summer, and its day of January
    for name, text in {"park.toml": shorter, **{n: BASE[n] for n in ("goal.toml", "stages.csv")}, **own}.items():
        (tmp_path / "mill" / name).write_text(text, encoding="utf-8")
    plan = plan_park(read_case(tmp_path / "mill"), Options(gap=1e-4, compare=False)).plans[TARGET]
    moved = plan.tables["flexibility"].query("item == 'moved' and demand == 'batches'")["value"].sum()
    assert moved > 100
    assert flow(plan, "held", "silo").max() > 0.5 and flow(plan, "held", "cold-rooms").max() > 0.5
