"""What moving saves, by hand: one day of 24 hours stands for the year; a MWh costs 100, at 13 o'clock 40."""

import pandas as pd
import pytest
from parks import Draft

from planner.language.language import Language
from planner.questions.earned import moving_table, saved_by_stream

DAYS = 365


def two_hours(**supply) -> Draft:
    """2 MW at noon, half of which may come an hour earlier or later; a MW of the highest hour costs 10 a month."""
    park = Draft()
    asked = park.profile("asked", [2.0 * (h == 12) for h in range(24)])
    park.demand("power", mwh=2.0 * DAYS, profile=asked, shift_share=0.5, shift_hours=1)
    park.supply(prices={"demand_charge": 10.0}, **supply)
    park.tariff(0.4, hours="13")
    return park


def table_of(park: Draft) -> pd.DataFrame:
    case = park.case()
    found = moving_table(case, case.park.base_emissions, park.solve().tables, lambda _: None)
    assert found is not None
    return found


def saved(table: pd.DataFrame) -> dict[str, float]:
    """Money of all years by stream."""
    return table[table["unit"] == "CNY"].groupby("stream")["saved"].sum().to_dict()


def test_what_moves_saves_energy_and_peak():
    """1 MWh a day at 40 for 100, and 1 MW in place of 2."""
    table = table_of(two_hours())
    own = table.set_index("item")
    assert own.loc["energy", ["planned", "unmoved", "saved"]].tolist() == pytest.approx([DAYS * 140, DAYS * 200, DAYS * 60])
    assert own.loc["demand_charge", ["planned", "unmoved", "saved"]].tolist() == pytest.approx([120, 240, 120])
    assert not (table["stream"] == "short").any()
    (line,) = saved_by_stream(table, "CNY", Language())
    assert "22,020" in line and "21,900" in line and "120" in line


def test_what_orders_cannot_serve_without_moving_is_said():
    """1 MW from the grid: of 2 MWh a day asked at noon one goes unserved, and less is paid for."""
    table = table_of(two_hours(max_import=1.0))
    own = table.set_index("item")
    assert own.loc["unserved", ["planned", "unmoved"]].tolist() == pytest.approx([0, DAYS])
    assert own.loc["unserved_worst", "unmoved"] == pytest.approx(1) and saved(table)["energy"] == pytest.approx(DAYS * (100 - 140))
    assert "365 MWh" in [*saved_by_stream(table, "CNY", Language())][1]
    is_short = table["item"] == "unserved"
    table.loc[is_short, "planned"], table.loc[is_short, "saved"] = table.loc[is_short, "unmoved"], 0.0
    assert len([*saved_by_stream(table, "CNY", Language())]) == 1  # short as planned, too


def test_vehicles_are_charged_as_they_arrive_whatever_their_chargers_can():
    """2 MWh a day from 11 to 15 o'clock at 2 MW, chargers of 1 MW: one MWh at 40 and one at 100, or both at 100."""
    park = Draft()
    park.supply()
    park.tariff(0.4, hours="13")
    park.chargers(max_power=1.0)
    park.session("11:00", "15:00", 2.0, 2.0)
    assert saved(table_of(park))["energy"] == pytest.approx(DAYS * 60)


def test_contracted_capacity_is_chosen_anew():
    """As the first, with a charge on contracted capacity in place of the highest import: 1 MW less of it at 10 a month."""
    park = two_hours()
    park.rows["prices"] = [
        r.model_copy(update={"item": "capacity_charge"}) if r.item == "demand_charge" else r for r in park.rows["prices"]]
    assert saved(table_of(park)) == pytest.approx({"energy": DAYS * 60, "connection": 120})


def test_what_is_shed_is_bought_without_and_what_it_costs_stands_beside():
    """1 MWh a day at 100, half of it shed for 30 a MWh: 50 saved, 15 paid."""
    park = Draft()
    park.demand(mwh=DAYS, profile=park.profile("noon", [1.0 * (h == 12) for h in range(24)]), shed_share=0.5, shed_price=30.0)
    park.supply()
    assert saved(table_of(park)) == pytest.approx({"energy": DAYS * 50, "moving": DAYS * -15})
