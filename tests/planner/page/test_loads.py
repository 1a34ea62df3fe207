"""Loads of a run's page: figures of what was read, beside bills and tariffs."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from planner.answer.loads import GreenPower, loads_of, prices_of, tariffs_table
from planner.tables.facts import LoadFacts

#: 1 MW, on workdays from 8 to 18 3 MW, from Monday 1 January; on Tuesday 2 January nothing more.
DAY = np.array([3.0 if 8 <= h < 18 else 1.0 for h in range(24)])
LOAD = np.concatenate([np.ones(24) if d % 7 > 4 or d == 1 else DAY for d in range(365)])


def case(hours: int = 8760) -> SimpleNamespace:
    tariff = SimpleNamespace(supply="grid", item="energy", months="12-2", days="weekday", hours="8-11", factor=2.0)
    price = SimpleNamespace(supply="grid", item="energy", year=2025, value=0.1, unit="EUR/kWh", profile="")
    demand = SimpleNamespace(demand="machines", carrier="electricity", year=2025, value=float(LOAD.sum()), unit="MWh",
        profile="meter")
    steady = SimpleNamespace(demand="cooling", carrier="cold", year=None, value=8760.0, unit="MWh", profile="")
    bill = SimpleNamespace(supply="grid", year=2025, value=15.5, unit="GWh", cost=1.9e6)
    park = SimpleNamespace(first_weekday=0, currency="EUR", base_year=2025)
    supply = SimpleNamespace(supply="grid", carrier="electricity")
    return SimpleNamespace(demand=[steady, demand], profiles={"meter": LOAD / 2}, supplies=[supply], prices=[price],
        tariff=[tariff], bills=[bill], park=park, hours=hours)


def test_figures_quiet_days_bills_and_prices():
    found = loads_of(case())  # type: ignore[arg-type]
    LoadFacts.model_validate(json.loads(json.dumps(found)))
    machines, cooling = found["demands"]
    assert (machines["demand"], machines["energy"], machines["highest"], machines["lowest"]) == ("machines",
        pytest.approx(LOAD.sum()), 3.0, 1.0)
    assert machines["load_factor"] == pytest.approx(LOAD.mean() / 3, abs=1e-4) and machines["quiet"] == ["01-02"]
    assert cooling["load_factor"] == 1.0
    assert found["bills"] == [{"supply": "grid", "carrier": "electricity", "year": 2025, "energy": 15500.0, "cost": 1.9e6}]
    rows = tariffs_table(case())  # type: ignore[arg-type]
    assert [*rows["price"].groupby([rows["months"], rows["days"]]).sum().items()] == [(("1–2, 12", "weekends"), 2400.0),
        (("1–2, 12", "workdays"), 2800.0), (("3–11", "all"), 2400.0)]
    prices = prices_of(case(), case().supplies[0])  # type: ignore[arg-type]
    assert prices is not None and prices.shape == (12, 2, 24) and prices.min() == 100.0
    assert (prices[[0, 1, 11], 0, 8:12] == 200).all() and (prices == 200).sum() == 12


def test_a_park_without_a_calendar_year_tells_of_none():
    assert loads_of(case(24)) == {}  # type: ignore[arg-type]


def test_green_power_counts_in_the_hour_of_its_use():
    """10 MW are used in two hours that stand for 100 h each; a plant gives 12 and 0 MW, a contract 3 MW in both: 1,000 of 2,000 MWh
    are matched by the plant, 1,300 with the contract."""
    flows = [(0, "demand", "machines", 10.0), (1, "demand", "machines", 10.0), (0, "out", "pv", 12.0), (0, "import", "wind", 3.0),
        (1, "import", "wind", 3.0), (1, "import", "grid", 7.0)]
    table = pd.DataFrame(flows, columns=["hour", "flow", "name", "value"]).assign(carrier="electricity", weight=100.0)
    green = GreenPower(*map(frozenset, (["pv"], [], ["wind"], ["wind"])))
    assert green.by_hour(table) == {"hourly_use": 2000.0, "matched_own": 1000.0, "matched": 1300.0}
