"""Slips in what people take from bills, tariffs, meters and weather: each is told, and its honest neighbour is not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tabled import cases_of
from test_slips import DAY, DYEING, SUN, said

from models.errors import CaseError
from planner.importers.dialect import Answers
from planner.importers.meters import load_profile
from planner.importers.profile import Told
from planner.importers.subjects import METER

#: What the roof makes of the 12,000 MWh; gas of 40 GWh of steam at 0.93.
OWN, GAS = 0.5 * sum(SUN) / 24 * 8760, 40_000 / 0.93
BOUGHT = 12_000 - OWN


def _mean_factor() -> float:
    """The mean factor of Jiangsu's tariff at the load of the dyeing park, by hand: days of months by hours of their day."""
    days = dict(enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), start=1))
    total = 0.0
    for month, count in days.items():
        wide = month in (6, 7, 8, 12, 1, 2)
        for hour, load in enumerate(DAY):
            peak = 14 <= hour <= 21 if wide else 15 <= hour <= 21
            valley = (hour <= 5 or hour in (11, 12)) if wide else (2 <= hour <= 5 or 10 <= hour <= 13)
            total += count * load * (1.49 if peak else 0.6 if valley else 1.0)
    return total / (365 * sum(DAY))


#: Highest hour of the demand [MW], of what is bought.
PEAK = BOUGHT / 8760 / (sum(DAY) / 24)
POWER_COST = BOUGHT * 640 * _mean_factor() + 12 * PEAK * 48_000
PARK = DYEING | {
    "bills.csv": f"supply,year,value,unit,cost\ngrid,2025,{BOUGHT:.0f},MWh,{POWER_COST:.0f}\ngas,2025,{GAS:.0f},MWh,{GAS * 390:.0f}\n",
    "connections.csv": "connection,carrier,max_import\nfeeder,electricity,10\n",
    "emission_factors.csv": "supply,basis,year,value,unit\ngrid,,2025,0.57,t/MWh\n",
    "supplies.csv": """supply,carrier,kind,max_import,max_export,scope,fuel,connection,profile,contract_max,first_year
grid,electricity,grid,10,2,2,grid-jiangsu,feeder,,,
ppa,electricity,grid,,,2,green-power-contract,,sun,5,2027
gas,gas,fuel,,,1,natural-gas,,,,
waste-heat,waste-heat,fuel,6,,1,waste-heat,,,,
""",
    "prices.csv": DYEING["prices.csv"] + "ppa,energy,,420,CNY/MWh\n",
}


#: What slipped: file, what stands there, the slip, an honest neighbour, a piece of what is said.
CASES = dict(cases_of(__file__, "slips of data"))


@pytest.fixture
def dyeing(tmp_path: Path) -> Path:
    for name, text in PARK.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_park_without_a_slip_has_nothing_to_say(dyeing):
    assert said(dyeing) == ()


@pytest.mark.parametrize("slip", CASES)
def test_a_slip_is_told_and_its_honest_neighbour_is_not(dyeing, slip):
    file, old, new, honest, piece = CASES[slip]
    assert old in PARK[file]
    (dyeing / file).write_text(PARK[file].replace(old, new, 1))
    found = said(dyeing)
    assert any(piece in line for line in found) and found, found
    (dyeing / file).write_text(PARK[file].replace(old, honest, 1))
    assert said(dyeing) == ()


HOUR = np.arange(8760)
#: Saturday and Sunday of 2025, whose first day is a Wednesday; weather and readings are never the same twice.
WEEKEND, WEATHER = (HOUR // 24 + 2) % 7 >= 5, np.random.default_rng(1).uniform(0.4, 1, 365)[HOUR // 24]
LOAD = np.array(DAY)[HOUR % 24] * np.where(WEEKEND, 0.6, 1) * (1 + 0.02 * np.sin(HOUR))
READ = {"day": LOAD, "steam": LOAD**0.5, "sun": 1.6 * np.array(SUN)[HOUR % 24] * WEATHER}
JULY, FEBRUARY, SUMMER = slice(4344, 5088), slice(744, 1416), slice(88 * 24 + 2, 298 * 24 + 2)


def read_year(**changed: np.ndarray) -> str:
    rows = np.column_stack([*(READ | changed).values()])
    return "hour,day,steam,sun\n" + "".join(f"{h},{a:.4f},{b:.4f},{c:.4f}\n" for h, (a, b, c) in enumerate(rows))


def put(column: str, when: slice, change: Callable[[np.ndarray], np.ndarray | float]) -> str:
    values = READ[column].copy()
    values[when] = change(values)[when] if callable(change) else change
    return read_year(**{column: values})


YEAR_PARK = DYEING | {
    "park.toml": DYEING["park.toml"] + "first_weekday = 2\n",
    "demand.csv": DYEING["demand.csv"].replace("40,GWh,day", "40,GWh,steam"),
    "profiles.csv": read_year(),
    "tariff.csv": "supply,item,months,days,hours,factor\n"
    + "".join(f"grid,{item},{months},,{hours},{factor}\n" for item in ("energy", "export")
        for months, hours, factor in (("5-9", "8-21", 1.3), ("5-9", "22-7", 0.6), ("10-4", "7-20", 1.2), ("10-4", "0-5", 0.7))),
}
#: A whole file, or what stands there and what the slip and an honest neighbour write; and a piece of what is said.
YEAR_SLIPS: dict[str, tuple[str, str, str, str, str]] = {
    "a load of zero in July": ("profiles.csv", "", put("day", JULY, 0), put("day", slice(4344, 4584), 0),
        "line 4346: profile 'day': has one"),
    "no steam in February": ("profiles.csv", "", put("steam", FEBRUARY, 0),
        put("steam", slice(0, 8760), lambda v: v * np.clip(abs(HOUR - 4500) / 300 - 1, 0, 1)), "672 hours (02-01 to 02-28)"),
    "a meter that stood still": ("profiles.csv", "", put("day", slice(6000, 6720), 0.83), put("day", slice(6000, 6240), 0.83),
        "has one value, 0.83, for 720 hours"),
    "a load in UTC": ("profiles.csv", "", put("day", slice(0, 8760), lambda v: np.roll(v, -8)),
        put("day", slice(0, 8760), lambda v: np.roll(v, 2)), "has the middle of its day at 05:05"),
    "a load an hour early in summer": ("profiles.csv", "", put("day", SUMMER, lambda v: np.roll(v, -1)),
        put("day", SUMMER, lambda v: 1.3 * v + 0.1 * np.sin(HOUR / 24) ** 2), "is an hour earlier from spring to autumn"),
    "a load an hour late in summer": ("profiles.csv", "", put("day", SUMMER, lambda v: np.roll(v, 1)),
        put("day", SUMMER, lambda v: 0.8 * v), "is an hour later from spring to autumn"),
    "a first weekday of another year": ("park.toml", "first_weekday = 2", "first_weekday = 3", "first_weekday = 2 # Wednesday",
        "if these are Saturday and Sunday, write first_weekday = 2"),
    "hours 8-22 before 22-7": ("tariff.csv", "8-21,1.3", "8-22,1.3", "10-21,1.3",
        "hours 8-22: end with hour 22, with which line 3 begins"),
    "hours 7-21 beside 7-20": ("tariff.csv", "export,10-4,,7-20,1.2", "export,10-4,,7-21,1.2", "export,10-4,,7-21,1.1",
        "hours 7-21: are one more than 7-20 of line 4"),
    "an hour in no row": ("tariff.csv", "22-7,0.6", "23-7,0.6", "0-7,0.6", "hour 22: is in no row"),
    "the last hour of a tariff of the catalogue": ("tariff.csv", "", DYEING["tariff.csv"].replace("15-21", "15-22"),
        DYEING["tariff.csv"], "hours 15-22: end an hour later than in jiangsu"),
    "import and export swapped": ("prices.csv", "0.64,CNY/kWh\ngrid,export,2025,0.25", "0.25,CNY/kWh\ngrid,export,2025,0.64",
        "0.64,CNY/kWh\ngrid,export,2025,0.35", "prices.csv line 3: value = 0.64 CNY/kWh: is paid for what 'grid' takes back"),
    "gas by the GJ": ("prices.csv", "390,CNY/MWh", "108,CNY/MWh", "108,CNY/GJ",
        "if it is the price of a GJ, write the unit CNY/GJ"),
    "kWac as kWp": ("profiles.csv", "", put("sun", slice(0, 8760), lambda v: np.minimum(1.8 * v, 1)),
        put("sun", slice(0, 8760), lambda v: np.minimum(1.3 * v, 0.8)), "as of an inverter that cuts off"),
    "a saving of 0.5 for 0.05": ("savings.csv", "steam,0.05", "steam,0.5", "steam,0.09", "if 5 % is meant, write 0.05"),
}


@pytest.mark.parametrize("slip", YEAR_SLIPS)
def test_a_slip_beside_a_year_of_readings_is_told_and_its_honest_neighbour_is_not(tmp_path, slip):
    for name, text in YEAR_PARK.items():
        (tmp_path / name).write_text(text)
    file, old, new, honest, piece = YEAR_SLIPS[slip]
    assert old in YEAR_PARK[file]
    (tmp_path / file).write_text(YEAR_PARK[file].replace(old, honest, 1) if old else honest)
    assert said(tmp_path) == ()
    (tmp_path / file).write_text(YEAR_PARK[file].replace(old, new, 1) if old else new)
    lines = said(tmp_path)
    assert any(piece in line for line in lines) and all(line.startswith(file) for line in lines), lines


def test_where_the_clocks_are_changed_a_load_is_an_hour_early_in_standard_time(tmp_path):
    for name, text in (YEAR_PARK | {"profiles.csv": put("day", SUMMER, lambda v: np.roll(v, -1))}).items():
        (tmp_path / name).write_text(text.replace("CNY", "EUR"))
    assert not any("from spring to autumn" in line for line in said(tmp_path))


@pytest.mark.parametrize("park", ["lakeside", "steelworks"])
def test_the_examples_have_nothing_to_say(park):
    from planner.examples import data_folder

    assert said(data_folder() / "parks" / park) == ()


def hourly(path: Path, head: str, value) -> Path:  # type: ignore[no-untyped-def]
    start = datetime(2025, 1, 1)
    path.write_text(head + "\n" + "".join(f"{start + timedelta(hours=h):%Y-%m-%d %H:%M},{value(h)}\n" for h in range(8760)))
    return path


def test_tonnes_an_hour_of_steam_as_megawatts_are_refused(tmp_path):
    path = hourly(tmp_path / "s.csv", "时间,蒸汽流量(t/h)", lambda h: 8 + h % 3)
    with pytest.raises(CaseError, match="the file says t/h, --unit says MW"):
        load_profile([path], "steam", Answers(METER, {"unit": "MW"}), Told())
    assert load_profile([path], "steam", Answers(METER, {}), Told()).facts["energy_mwh"] == pytest.approx(9 * 0.7 * 8760)


def test_one_reading_of_five_times_all_others_is_asked_about_and_one_of_twice_is_not(tmp_path):
    path = hourly(tmp_path / "a.csv", "time,load (kW)", lambda h: 500 if h == 4000 else 90 + h % 10)
    with pytest.raises(CaseError, match=r"is 5 times what all but a thousandth of the readings reach"):
        load_profile([path], "m", Answers(METER, {}), Told())
    load_profile([hourly(tmp_path / "b.csv", "time,load (kW)", lambda h: 200 if h == 4000 else 90 + h % 10)], "m", Answers(METER, {}), Told())


def test_one_hour_of_a_profile_far_above_all_others_is_told(dyeing):
    def profiles(peak: float) -> str:
        return "hour,day,sun\n" + "".join(f"{h},{peak if h == 5000 else DAY[h % 24]},{SUN[h % 24]}\n" for h in range(8760))
    (dyeing / "supplies.csv").write_text(PARK["supplies.csv"].replace("grid,electricity,grid,10", "grid,electricity,grid,50"))
    (dyeing / "connections.csv").write_text(PARK["connections.csv"].replace(",10", ",50"))
    (dyeing / "profiles.csv").write_text(profiles(5))
    assert any("hour 5000 has 5 times what all but a thousandth of its hours reach" in line for line in said(dyeing))
    (dyeing / "profiles.csv").write_text(profiles(1.5))
    assert said(dyeing) == ()


HONEST = [
    (region, tariff, carriers, grid)
    for region, tariffs in (("cn", ("", "jiangsu-10kv", "shandong-110kv")), ("eu", ("", "germany-medium-voltage")),
        ("us", ("us-industry-midwest",)))
    for tariff in tariffs
    for carriers, grid in (("electricity", "2MW"), ("electricity,steam", "60MW"), ("electricity,heat,cooling", "8MW"),
        ("electricity,steam,heat,cooling", "40MW"))
]


def test_honest_parks_of_three_regions_have_nothing_to_say(tmp_path):
    from planner.templates.blank import blank, wanted_of
    from planner.templates.examples import tariff_rows
    from planner.templates.write import write_folder

    assert len(HONEST) >= 20
    for n, (region, tariff, carriers, grid) in enumerate(HONEST):
        tables = blank(wanted_of("P", carriers, grid, region))
        if tariff:
            money = {row["key"]: row["value"] for row in tables["park"]}
            prices, hours = tariff_rows(tariff, "grid", money["currency"], int(money["price_year"]))
            tables |= {"prices": [*prices, *(row for row in tables["prices"] if row["supply"] != "grid")], "tariff": hours}
            tables["bills"] = [{**row, "cost": ""} for row in tables["bills"]]
        write_folder(tmp_path / str(n), tables)
        others = [line for line in said(tmp_path / str(n)) if not line.endswith("are examples still; write your own, or delete them")]
        assert others == [], (region, tariff, carriers, grid)


def test_the_blank_park_takes_the_chiller_of_the_catalogue():
    import csv

    from planner.examples import data_folder
    from planner.templates.blank import CHILLED

    with (data_folder() / "catalogue" / "ports.csv").open(encoding="utf-8") as file:
        ports = [row for row in csv.DictReader(file) if (row["type"], row["direction"]) == ("chiller-electric", "in")]
    assert [float(row["ratio"]) for row in ports] == [CHILLED]


def test_waste_heat_that_comes_off_is_no_output():
    """A chiller makes 3.3 of cold by one of power, and 4.3 of condenser heat beside it: 3.3, which is usual."""
    from types import SimpleNamespace

    from models.case import Port
    from planner.park.rules import FACTS

    cold, power, heat = (Port(type="chiller", carrier=c, direction=d, ratio=r) for c, d, r in
        (("cooling", "out", 3.3), ("electricity", "in", 1.0), ("waste-heat", "out", 4.3)))
    draft = SimpleNamespace(ports={"chiller": [cold, power, heat]})
    assert FACTS["efficiency"](cold, draft) == 3.3
