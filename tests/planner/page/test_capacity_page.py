"""Capacity by carrier: what makes two of them stands in the charts of both."""

from types import SimpleNamespace

import pandas as pd
from reading import read, rows, title_of

from planner.answer.page.report import Report, capacity_section
from planner.answer.page.table import join
from planner.answer.purchase import Titles
from planner.language.language import Language


def test_steam_of_a_chp_stands_beside_that_of_the_boiler() -> None:
    """A CHP of 4 MW of electricity makes 150 of steam with 100 of electricity: 6 MW of steam."""
    capacity = pd.DataFrame([(2026, "chp", 4.0, "MW"), (2026, "boiler", 5.0, "MW"), (2026, "pv", 1.0, "MW")],
        columns=["year", "technology", "capacity", "unit"])
    flows = [("out", "chp", "electricity", 100.0), ("out", "chp", "steam", 150.0), ("in", "chp", "gas", 300.0),
        ("out", "boiler", "steam", 50.0)]
    energy = pd.DataFrame([(2026, "park", carrier, flow, name, value, "MWh") for flow, name, carrier, value in flows],
        columns=["year", "zone", "carrier", "flow", "name", "value", "unit"])
    output = SimpleNamespace(target={"capacity": capacity, "energy": energy}, years=[2026], summary={})
    report = Report(output, Language(), Titles({}, {}, {"chp": "electricity", "boiler": "steam", "pv": "electricity"}, {}))  # type: ignore[arg-type]
    said = read(join([*capacity_section(report).content]))
    assert [title_of(title) for title in said.all("h3")] == ["Capacity: electricity", "Capacity: steam"]
    power, steam = (rows(table) for table in said.all("table"))
    assert (power[0][1:], power[1][1:]) == (["chp", "pv"], [4.0, 1.0])
    assert dict(zip(steam[0][1:], steam[1][1:], strict=True)) == {"chp": 6.0, "boiler": 5.0}
