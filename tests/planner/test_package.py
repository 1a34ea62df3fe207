"""datapackage.json describes every table of an output, and no more; moments, currencies and planned days stand in the tables."""

import json
import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from planner.answer.files import write_run
from planner.park import GoalRequest, read_case
from planner.plan import PLANS, TARGET
from planner.planning.run import Options, plan_park
from planner.tables.flows import timestamps
from planner.tables.output import read_output
from planner.tables.schema import TABLES

GOAL = GoalRequest("zero-carbon", 2028, ())


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """The small park over a year of hours, on two typical days and in every hour."""
    own = runpy.run_path(str(Path(__file__).parent / "conftest.py"))  # other folders have a conftest, too
    SMALL, SmallPark = own["SMALL"], own["SmallPark"]
    folder = tmp_path_factory.mktemp("package")
    park = SmallPark(folder / "park")
    park.folder.mkdir()
    for name, content in SMALL.items():
        park.write(name, content)
    sun = "".join(f"{h},{(1 if 6 <= h % 24 < 18 else 0) * (0.95 if h // 24 % 3 else 1)}\n" for h in range(8760))
    park.write("profiles.csv", "hour,sun\n" + sun)
    park.edit("park.toml", "last_year = 2028", "last_year = 2028\ntypical_days = 2")
    case = read_case(park.folder, goal=GOAL)
    write_run(plan_park(case, Options(gap=1e-3, days=2)), case, folder / "out", {})
    return folder / "out"


@pytest.mark.slow
@pytest.mark.parametrize("plan", PLANS)
def test_every_table_is_described_with_every_column_in_its_order(out, plan):
    folder = out if plan == TARGET else out / plan
    package = json.loads((folder / "datapackage.json").read_text())
    described = {resource["path"]: resource for resource in package["resources"]}
    there = {path.name for path in folder.iterdir() if path.suffix in (".csv", ".parquet")}
    assert set(described) == there
    for name, resource in described.items():
        columns = pq.read_schema(folder / name).names if name.endswith("parquet") else [*pd.read_csv(folder / name, nrows=0)]
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == columns, name
        assert set(resource["schema"].get("primaryKey", [])) <= set(columns) and all(field["description"] for field in fields)


@pytest.mark.slow
def test_every_cell_is_of_the_type_and_every_number_has_a_unit(out):
    package = json.loads((out / "datapackage.json").read_text())
    reads = {"integer": int, "number": float, "string": str, "boolean": {"True": True, "False": False}.__getitem__}
    for resource in package["resources"]:
        if resource["format"] != "csv":
            continue
        rows = pd.read_csv(out / resource["path"], dtype=str, keep_default_na=False)
        for field in resource["schema"]["fields"]:
            cells = rows[field["name"]]
            assert "unit" in field or field["type"] in ("string", "boolean"), (resource["path"], field["name"])
            assert (cells != "").all() or "constraints" not in field, (resource["path"], field["name"])
            [reads[field["type"]](cell) for cell in cells if cell]
    money = {r["path"]: f["unit"] for r in package["resources"] for f in r["schema"]["fields"] if f["name"] == "capital_cost"}
    assert money["investments.csv"] == money["measures.csv"] == "CNY"


def test_money_has_its_currency_and_hours_their_moments(out):
    for name in ("investments", "measures", "offsets", "certificates"):
        columns = TABLES[name].columns
        assert any(c.unit == "money" for c in columns)
        assert [c.name for c in columns if c.name != "embodied"][-1] == "currency"  # that came later, and is in t
        assert set(read_output(out).target[name]["currency"]) <= {"CNY"}
    assert len(pd.read_csv(out / "offsets.csv"))
    flows = pd.read_parquet(out / "dispatch.parquet")
    first = flows[flows["year"] == 2028].drop_duplicates("hour").set_index("hour")["timestamp"]
    assert first[0] == pd.Timestamp("2028-01-01 00:00") and first[59 * 24 - 1] == pd.Timestamp("2028-02-28 23:00")
    assert first[59 * 24] == pd.Timestamp("2028-03-01 00:00"), "2028 is a leap year"
    assert first[8759] == pd.Timestamp("2028-12-31 23:00")
    tables = read_output(out).target
    assert tables["typical_days"].empty
    days = tables["planned_days"]
    assert len(days) == 365 and days["typical_day"].nunique() >= 2
    own = days.drop_duplicates("typical_day").set_index("typical_day")["drawn"]
    assert all(days.set_index("day")["typical_day"][day] == typical for typical, day in own.items())
    assert len(tables["planned_profiles"]) == 24 * days["typical_day"].nunique()


def test_a_typical_day_bears_the_date_that_it_was():
    found = timestamps(np.array([2026, 2026]), np.array([5, 29]), drawn=np.array([3, 31]))
    assert [str(moment) for moment in found] == ["2026-01-04T05:00:00", "2026-02-01T05:00:00"]
