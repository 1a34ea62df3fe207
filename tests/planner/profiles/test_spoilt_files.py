"""Files that are spoilt in any way give a sentence and never a traceback."""

from __future__ import annotations

import contextlib
import random
from datetime import datetime

import pytest
from meters import text, year

from models.errors import CaseError
from planner.profiles.bills import read_bills
from planner.profiles.load import Request, load_profile
from planner.profiles.told import Told

LONG = text(year(minutes=15, until=datetime(2023, 1, 3)), "时间,有功功率(kW)")
WIDE = "日期," + ",".join(f"{(i + 1) // 4}:{(i + 1) % 4 * 15:02d}" for i in range(96)) + "\n" + "\n".join(
    f"2023-01-{day:02d}," + ",".join("1.5" for _ in range(96)) for day in range(1, 8)
)
BILLS = "月份,电量(kWh)\n" + "\n".join(f"{m}月,{m * 10}" for m in range(1, 13))
EPW = "LOCATION,a,-,c,d,1,31.2,121.4,8.0,4\n" + "\n".join(f"L{i},0" for i in range(7)) + "\n" + "\n".join(
    f"2009,1,{1 + i // 24},{i % 24 + 1},60,x,1.0,1,60,101325,0,0,300,10,10,5,0,0,0,0,180,3.2,5,5,9999,99999,9,9,0,0.1,0,88,0.2,0,0" for i in range(48)
)
POWER = "-BEGIN HEADER-\nDates in LST\nLocation: Latitude  31.2   Longitude 121.4 \n-END HEADER-\nYEAR,MO,DY,HR,ALLSKY_SFC_SW_DWN,T2M\n" + "\n".join(
    f"2023,1,{1 + i // 24},{i % 24},5,6" for i in range(48)
)
PIECES = (b",", b"\n", b'"', b"9" * 30, b"-", b"\x00", b"2099-13-45", b"1e400", b"nan", b";", b"31/12/9999 24:00", b"0000-01-01", b"\xff\xfe")


def spoilt(content: str, chance: random.Random) -> bytes:
    """The content in some encoding, with bytes changed, cut out, put in or doubled."""
    data = bytearray(content.encode(chance.choice(["utf-8", "gbk", "utf-16"])))
    for _ in range(chance.choice([1, 1, 3, 20])):
        at = chance.randrange(len(data) or 1)
        how = chance.random()
        if how < 0.5:
            del data[at : at + chance.randrange(1, 200)]
        elif how < 0.75:
            data[at:at] = chance.choice(PIECES)
        else:
            data[at:at] = data[: chance.randrange(1, 80)]
    return bytes(data)


@pytest.mark.parametrize("seed", range(6))
def test_spoilt_meters_and_bills_give_a_sentence(tmp_path, seed):
    chance = random.Random(seed)
    path = tmp_path / "m.csv"
    for _ in range(25):
        path.write_bytes(spoilt(chance.choice([LONG, WIDE, BILLS]), chance))
        request = Request(
            stamp=chance.choice(["", "start", "end"]), zone=chance.choice(["", "Europe/Berlin"]), register=chance.choice([None, True, False]),
            doubled=chance.choice(["", "sum", "mean"]), unit=chance.choice(["", "kWh"]), year=chance.choice([None, 2023]), times=1.0,
        )  # fmt: skip
        for read in (lambda: load_profile([path], "m", request), lambda: read_bills(path, "", "", None, None, Told())):  # noqa: B023
            with contextlib.suppress(CaseError):
                read()


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_weather_gives_a_sentence(tmp_path, seed):
    pytest.importorskip("pvlib")
    from planner.profiles.readers import FORMATS, read_years

    chance = random.Random(seed)
    path = tmp_path / "w.csv"
    for _ in range(12):
        path.write_bytes(spoilt(chance.choice([EPW, POWER]), chance))
        with pytest.raises(CaseError):  # none is a whole year
            read_years([path], chance.choice(["", "", *FORMATS]), None, None, False, Told())
