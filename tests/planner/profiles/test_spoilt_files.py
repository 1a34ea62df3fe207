"""Files that are spoilt in any way give a sentence and never a traceback."""

import contextlib
import random
from datetime import datetime

import pytest
from meters import answers, text, year

from models.errors import CaseError
from planner.importers.bills import Asked
from planner.importers.meters import load_profile
from planner.importers.profile import Told
from planner.importers.shapes import read_bills

LONG = text(year(minutes=15, until=datetime(2023, 1, 3)), "时间,有功功率(kW)")
WIDE = ("日期," + ",".join(f"{(i + 1) // 4}:{(i + 1) % 4 * 15:02d}" for i in range(96)) + "\n"
    + "\n".join(f"2023-01-{day:02d}," + ",".join("1.5" for _ in range(96)) for day in range(1, 8)))
BILLS = "月份,电量(kWh)\n" + "\n".join(f"{m}月,{m * 10}" for m in range(1, 13))
EPW = (
    "LOCATION,a,-,c,d,1,31.2,121.4,8.0,4\n"
    + "\n".join(f"L{i},0" for i in range(7))
    + "\n"
    + "\n".join(
        f"2009,1,{1 + i // 24},{i % 24 + 1},60,x,1.0,1,60,101325,0,0,300,10,10,5,0,0,0,0,180,3.2,5,5,9999,99999,9,9,0,0.1,0,88,0.2,0,0"
        for i in range(48))
)
POWER = (
    "-BEGIN HEADER-\nDates in LST\nLocation: Latitude  31.2   Longitude 121.4 \n-END HEADER-\nYEAR,MO,DY,HR,ALLSKY_SFC_SW_DWN,T2M\n"
    + "\n".join(f"2023,1,{1 + i // 24},{i % 24},5,6" for i in range(48)))
PIECES = (b",", b"\n", b'"', b"9" * 30, b"-", b"\x00", b"2099-13-45", b"1e400", b"nan", b";", b"31/12/9999 24:00", b"0000-01-01",
    b"\xff\xfe")


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
        request = answers(stamp=chance.choice(["", "start", "end"]), zone=chance.choice(["", "Europe/Berlin"]),
            register=chance.choice([None, True, False]), doubled=chance.choice(["", "sum", "mean"]),
            unit=chance.choice(["", "kWh"]), year=chance.choice([None, 2023]), times=1)
        for read in (lambda: load_profile([path], "m", request, Told()), lambda: read_bills(path, Asked(), "electricity", None, Told())):  # noqa: B023
            with contextlib.suppress(CaseError):
                read()


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_weather_gives_a_sentence(tmp_path, seed):
    pytest.importorskip("pvlib")
    from planner.importers.weather import READERS, read_years

    chance = random.Random(seed)
    path = tmp_path / "w.csv"
    for _ in range(12):
        path.write_bytes(spoilt(chance.choice([EPW, POWER]), chance))
        with pytest.raises(CaseError):  # none is a whole year
            read_years([path], chance.choice(["", "", *READERS]), None, None, False, Told())


@pytest.mark.parametrize(("head", "value", "fault"), [
    ("time,load (kW)", "1e308", "m.csv line 2: 1e+308 kW: is more than any park uses; at most 1e+09"),
    ("time,load (MWh)", "-2e6", "m.csv line 2: -2e+06 MWh: is more than any park uses; at most 1e+06"),
    ("time,steam (t/h)", "2e9", "m.csv line 2: 2e+09 t/h: is more than any park uses; at most 1e+09"),
])
def test_readings_beyond_any_park_are_named_and_nothing_is_written(plan, tmp_path, park, head, value, fault):
    rows = text(year(), head).splitlines()
    wrong = [f"{row.split(',')[0]},{value}" if 0 < i < 8 else row for i, row in enumerate(rows)]
    (tmp_path / "m.csv").write_text("\n".join(wrong) + "\n")
    said = plan("import", "meter", "m.csv", *park)
    assert said.code == 2 and said.err.splitlines()[0] == fault, said.err
    assert said.err.splitlines()[5:] == ["m.csv: 2 more readings are too large", "6 faults"]


def test_readings_that_are_multiplied_beyond_any_park_are_refused(plan, tmp_path, park):
    (tmp_path / "m.csv").write_text(text(year()))
    said = plan("import", "meter", "m.csv", "--times", "9e8", *park)
    assert said.code == 2 and "m.csv: 6.3e+09 MW at 2023-01-01 00:00: is more than any park uses; at most 1e+06" in said.err


def test_of_a_whole_year_with_holes_only_their_share_is_wrong(tmp_path):
    """8,760 hours of which every second one is missing; of a year from March on, the last 365 days are looked at."""
    for first, end in ((datetime(2025, 1, 1), datetime(2026, 1, 1)), (datetime(2024, 3, 1), datetime(2025, 3, 2))):
        rows = [row for row in (*year(2024), *year(2025)) if first <= row[0] < end]
        path = tmp_path / "m.csv"
        path.write_text(text((time, value if time.hour % 2 else float("nan")) for time, value in rows))
        with pytest.raises(CaseError) as found:
            load_profile([path], "m", answers(), Told())
        assert list(found.value.complaints) == [f"{path}: 50.0% of the year is missing; at most 5% is filled"]


def test_bills_and_energies_beyond_any_park_are_refused_and_nothing_is_written(plan, tmp_path, park):
    """A million MW in every hour is 8.76e9 MWh a year."""
    (tmp_path / "b.csv").write_text("month,kWh\n" + "".join(f"2025-{m},{'1e300' if m == 3 else 9}\n" for m in range(1, 13)))
    for given, fault in (
        (("--bills", "b.csv"), "b.csv line 4: 1e+300 kWh: is more than any park uses; at most 8.76e+12"),
        (("--energy", "9999999999MWh"), "--energy 9999999999MWh: is more than any park uses; at most 8.76e+09 MWh"),
        (("--energy", "1.2.3MWh"), "--energy 1.2.3MWh: is no energy; write for example 12000MWh"),
    ):
        said = plan("import", "shape", "office", "--year", 2025, *park, *given)
        assert said.code == 2 and said.err.splitlines() == [fault, "1 fault"]
