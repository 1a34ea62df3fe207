"""What a store earns, by hand: one day of 24 hours stands for the year; a MWh costs 100, at 13 o'clock 40; 2 MW at 14 o'clock."""

import pandas as pd
import pytest
from parks import Draft

from models.case import Financing, OwnTerms, Reserve
from planner.language.language import Language
from planner.questions.earned import earned_by_stream, stores_table

DAYS = 365


def two_hours(**park) -> Draft:
    """2 MWh a day at 14 o'clock, a battery of 1 MWh; a MW of the highest hour costs 10 a month."""
    draft = Draft(**park)
    draft.demand("power", mwh=2.0 * DAYS, profile=draft.profile("asked", [2.0 * (h == 14) for h in range(24)]))
    draft.supply(prices={"demand_charge": 10.0}, max_import=2.0)
    draft.tariff(0.4, hours="13")
    return draft


def table_of(park: Draft) -> pd.DataFrame:
    case = park.case()
    found = stores_table(case, case.park.base_emissions, park.solve().tables, lambda _: None)
    assert found is not None
    return found


def test_a_battery_earns_by_stream_and_its_owner_shares_by_contract():
    """1 MWh a day at 40 for 100, and 1 MW in place of 2; the service company keeps 0.7 of both."""
    park = two_hours(finance=Financing(owners={"service": OwnTerms(saving_share=0.7)}))
    park.store(existing=1.0, owner="service")
    table = table_of(park)
    own = table.set_index("stream")
    assert own.loc["energy", ["planned", "idle", "saved"]].tolist() == pytest.approx([DAYS * 140, DAYS * 200, DAYS * 60])
    assert own.loc["peak", ["planned", "idle", "saved"]].tolist() == pytest.approx([120, 240, 120])
    assert own.loc["energy", ["owner", "kept", "passed"]].tolist() == ["service", pytest.approx(DAYS * 42), pytest.approx(DAYS * 18)]
    said = " ".join(earned_by_stream(table, "CNY", Language()))
    assert "22,020" in said and "service keeps" in said and "15,414" in said and "6,606" in said


def test_what_it_counts_in_a_reserve_is_told_in_megawatts():
    """2 MW from the grid and 0.25 MW of a store of 1 MWh over four hours: of 1.125 x 2 MW nothing is short, without it 0.25."""
    park = two_hours()
    park.store(existing=1.0)
    park.add(Reserve(carrier="electricity", zone="park", margin=0.125))
    own = table_of(park).set_index("stream")
    assert own.loc["reserve", ["planned", "idle", "saved", "unit"]].tolist() == [*map(pytest.approx, (2.25, 2.0, 0.25)), "MW"]
    assert own.loc["short", ["item", "idle"]].tolist() == ["reserve electricity park", pytest.approx(0.25)]
