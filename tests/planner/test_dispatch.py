"""Hourly flows are held year by year, compressed, and are one table to who asks for it."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from planner.answer.files import _write_dispatch
from planner.tables.flows import Dispatch, DispatchFlow, Tables


def flow(name: str, values: list[float], zone: str = "park") -> DispatchFlow:
    return DispatchFlow("import", name, zone, "electricity", 1, np.array(values))


@pytest.fixture
def dispatch() -> Dispatch:
    """Two snapshots of 100 and 265 hours; gas comes in the second year only."""
    found = Dispatch(np.array([100.0, 265.0]))
    found.add(2026, [flow("grid", [1.0, 2.5])])
    found.add(2027, [flow("gas", [0.0, -0.0]), flow("grid", [3.0, 1e-300], "town")])
    return found


def test_the_table_has_every_flow_of_every_year_hour_by_hour(dispatch) -> None:
    table = dispatch.table()
    assert table.to_dict("list") == {"year": [2026, 2026, 2027, 2027, 2027, 2027], "hour": [0, 1] * 3, "weight": [100.0, 265.0] * 3,
        "flow": ["import"] * 6, "name": ["grid", "grid", "gas", "gas", "grid", "grid"], "zone": ["park"] * 4 + ["town"] * 2,
        "carrier": ["electricity"] * 6, "value": [1.0, 2.5, 0.0, -0.0, 3.0, 1e-300], "unit": ["MW"] * 6}
    table, own = dispatch.table(), dispatch.table([2027])
    pd.testing.assert_frame_equal(own, table[table["year"] == 2027].reset_index(drop=True))
    assert list(own["name"].cat.categories) == ["grid", "gas"]


def test_tables_give_the_hours_when_asked_for_and_a_copy_of_them_is_of_plain_tables(dispatch) -> None:
    tables = Tables({"costs": pd.DataFrame({"year": [2026]})}, dispatch)
    assert list(tables) == ["costs", "dispatch"] and tables.data["dispatch"] is dispatch
    pd.testing.assert_frame_equal({**tables}["dispatch"], dispatch.table())
    tables["dispatch"] = dispatch.table([2027])
    assert tables.dispatch_of(2026).empty and len(tables.dispatch_of(2027)) == 4


def test_a_file_has_a_group_of_rows_for_each_year_and_reads_as_the_table(dispatch, tmp_path) -> None:
    none = pd.DataFrame({"year": []})
    tables = Tables({"emissions": pd.DataFrame({"year": [2026, 2026, 2027]}), "typical_days": none}, dispatch)
    _write_dispatch(tables, tmp_path, None)
    assert pq.ParquetFile(tmp_path / "dispatch.parquet").num_row_groups == 2
    found = pd.read_parquet(tmp_path / "dispatch.parquet")
    pd.testing.assert_frame_equal(found.drop(columns="timestamp"), dispatch.table())
    assert found["timestamp"].tolist()[-1] == pd.Timestamp("2027-01-01T01")


def test_hours_of_a_large_park_take_a_tenth_of_their_table() -> None:
    """A plant by a profile, one that stands still, a demand of whole tenths: 20 years of 8,760 hours take 14 MB as a table."""
    hours = np.arange(8760)
    found = Dispatch(np.ones(8760))
    for y in range(2026, 2046):
        demand = np.round(2 + np.sin(hours / 24), 1)
        found.add(y, [flow("plant", np.maximum(np.sin(hours), 0.0)), flow("still", 0.0 * hours), flow("demand", demand)])
    assert sum(map(len, found.packed.values())) < 0.1 * found.table().memory_usage().sum()
