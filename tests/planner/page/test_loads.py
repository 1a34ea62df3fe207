"""Loads of a run's page: figures and calendars of what was read, beside bills and tariffs; a picture is checked dot by dot."""

import base64
import json
import struct
import zlib
from types import SimpleNamespace

import numpy as np
import pytest

from planner.answer.loads import loads_of, loads_section
from planner.language.language import Language
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


def dots(picture: str) -> np.ndarray:
    """The places in the palette of a PNG of ours."""
    data = base64.b64decode(picture)
    width, height, bits, kind = struct.unpack(">IIBB", data[16:26])
    assert (bits, kind) == (4, 3)
    at = data.index(b"IDAT")
    lines = np.frombuffer(zlib.decompress(data[at + 4 : at + 4 + struct.unpack(">I", data[at - 4 : at])[0]]),
        dtype=np.uint8).reshape(height, -1)
    assert not lines[:, 0].any(), "no filter"
    return np.stack([lines[:, 1:] >> 4, lines[:, 1:] & 15], axis=2).reshape(height, -1)[:, :width]


def test_figures_quiet_days_bills_prices_and_the_hours_as_a_picture():
    found = loads_of(case())  # type: ignore[arg-type]
    LoadFacts.model_validate(json.loads(json.dumps(found)))
    machines, cooling = found["demands"]
    assert (machines["demand"], machines["energy"], machines["highest"], machines["lowest"]) == ("machines",
        pytest.approx(LOAD.sum()), 3.0, 1.0)
    assert machines["load_factor"] == pytest.approx(LOAD.mean() / 3, abs=1e-4) and machines["quiet"] == ["01-02"]
    shown = dots(machines["calendar"])
    assert shown.shape == (24, 365) and (shown == np.where(LOAD.reshape(365, 24).T > 2, 8, 0)).all()
    assert (cooling["calendar"], cooling["load_factor"]) == ("", 1.0)
    assert found["bills"] == [{"supply": "grid", "carrier": "electricity", "year": 2025, "energy": 15500.0, "cost": 1.9e6}]
    (tariff,) = found["tariffs"]
    assert (tariff["lowest"], tariff["highest"], tariff["kinds"]) == (100.0, 200.0, 2)
    prices = dots(tariff["picture"])
    assert prices.shape == (24, 25) and (prices[:, 12] == 9).all(), "workdays, a blank column, weekends"
    assert (prices[8:12, [0, 1, 11]] == 8).all() and prices[:, :12].sum() == 4 * 3 * 8 and not prices[:, 13:].any()
    assert len(json.dumps(found)) < 3000


def test_a_park_without_a_calendar_year_tells_of_none_and_its_page_has_no_section():
    assert loads_of(case(24)) == {}  # type: ignore[arg-type]
    assert loads_section(SimpleNamespace(language=Language(), output=SimpleNamespace(facts={}))) is None  # type: ignore[arg-type]
