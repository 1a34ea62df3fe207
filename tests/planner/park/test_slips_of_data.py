"""Slips in what people take from bills, tariffs, meters and weather: each is told, and its honest neighbour is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from test_slips import DAY, DYEING, SLIPS, SUN, said

from models.errors import CaseError
from planner.profiles.load import Request, load_profile

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
GRID_ROW, GAS_ROW = (line for line in PARK["bills.csv"].splitlines()[1:])


def shifted(text: str, by: int) -> str:
    """A tariff whose hours are so much later."""

    def later(part: str) -> str:
        return "-".join(str((int(n) + by) % 24) for n in part.split("-"))

    lines = text.splitlines()
    cells = [line.split(",") for line in lines[1:]]
    return "\n".join([lines[0], *(",".join([*c[:4], ";".join(later(p) for p in c[4].split(";")), c[5]]) for c in cells)]) + "\n"


def sun_at(by: int) -> str:
    return "hour,day,sun\n" + "".join(f"{h},{DAY[h]},{SUN[(h - by) % 24]}\n" for h in range(24))


def bill(row: str, value: float = 1.0, cost: float = 1.0) -> str:
    supply, year, energy, unit, money = row.split(",")
    return f"{supply},{year},{float(energy) * value:.0f},{unit},{float(money) * cost:.0f}"


#: What slipped: file, what stands there, the slip, an honest neighbour, a piece of what is said.
CASES: dict[str, tuple[str, str, str, str, str]] = {
    "a feeder in kW": ("connections.csv", "electricity,10", "electricity,10000", "electricity,100", "max_import = 10000"),
    "a bill of gas by its gross calorific value": (
        "bills.csv",
        GAS_ROW,
        bill(GAS_ROW, 1.108),
        bill(GAS_ROW, 1.05),
        "gross by the net calorific value",
    ),
    "a price of gas per kWh of the gross calorific value": (
        "prices.csv",
        "390,CNY/MWh",
        f"{390 / 1.108:.1f},CNY/MWh",
        "405,CNY/MWh",
        "gross by the net calorific value",
    ),
    "VAT in a bill": ("bills.csv", GAS_ROW, bill(GAS_ROW, 1, 1.13), bill(GAS_ROW, 1, 1.04), "that is VAT of 13 % in the bill"),
    "VAT in a price": ("prices.csv", "390,CNY/MWh", f"{390 * 1.09:.1f},CNY/MWh", "405,CNY/MWh", "that is VAT of 9 % in the prices"),
    "VAT in a bill of a tariff with a demand charge": (
        "bills.csv",
        GRID_ROW,
        bill(GRID_ROW, 1, 1.13),
        bill(GRID_ROW, 1, 0.96),
        "that is VAT of 13 % in the bill",
    ),
    "a demand charge by the year": (
        "prices.csv",
        "48,CNY/kW/month",
        "48,CNY/kW/year",
        "40,CNY/kW/month",
        "demand_charge = 48 CNY/kW/year",
    ),
    "a demand charge of a year by the month": (
        "prices.csv",
        "48,CNY/kW/month",
        "576,CNY/kW/month",
        "50,CNY/kW/month",
        "demand_charge = 576 CNY/kW/month",
    ),
    "a demand charge of a quarter by the month": (
        "prices.csv",
        "48,CNY/kW/month",
        "144,CNY/kW/month",
        "52,CNY/kW/month",
        "demand charges by month or year",
    ),
    "a tariff two hours late": (
        "tariff.csv",
        DYEING["tariff.csv"],
        shifted(DYEING["tariff.csv"], 2),
        DYEING["tariff.csv"].replace("14-21", "13-20"),
        "2 hours later",
    ),
    "a tariff an hour early": (
        "tariff.csv",
        DYEING["tariff.csv"],
        shifted(DYEING["tariff.csv"], -1),
        DYEING["tariff.csv"].replace("15-21", "16-21"),
        "1 hours earlier",
    ),
    "a multiplier of six left out": (
        "demand.csv",
        "2025,12000,MWh",
        "2025,2000,MWh",
        "2025,12300,MWh",
        "is a multiplier of transformers left out",
    ),
    "a power read as energy of quarter hours": (
        "demand.csv",
        "dyeing,electricity,2025,12000",
        "dyeing,electricity,2025,46800",
        "dyeing,electricity,2025,11800",
        "the number of intervals of an hour",
    ),
    "steam in tonnes": (
        "demand.csv",
        "steam,steam,,40,GWh",
        "steam,steam,,57.1,GWh",
        "steam,steam,,41,GWh",
        "bill of 'gas': has 43,011 MWh",
    ),
    "a bill in ten thousand kWh": (
        "bills.csv",
        GRID_ROW,
        bill(GRID_ROW, 0.1),
        bill(GRID_ROW, 1.03),
        "is a multiplier of transformers left out",
    ),
    "a roof twice its size": ("sites.csv", "roofs,6", "roofs,12", "roofs,7", "one of the two is about twice or half the other"),
    "a contract of 5,000 MW": ("supplies.csv", "sun,5,2027", "sun,5000,2027", "sun,50,2027", "contract_max = 5000"),
    "a factor in kg": ("emission_factors.csv", "0.57,t/MWh", "0.57,kg/MWh", "570,kg/MWh", "grid emission factor = 0.57 kg/MWh"),
    "a sun of UTC": ("profiles.csv", DYEING["profiles.csv"], sun_at(-8), sun_at(2), "has its middle at 0"),
    "a sun eight hours late": ("profiles.csv", DYEING["profiles.csv"], sun_at(8), sun_at(-1), "has its middle at 19:59"),
    "a rate of six per mille": (
        "park.toml",
        "discount_rate = 0.06",
        "discount_rate = 0.006",
        "discount_rate = 0.05",
        "discount_rate = 0.006",
    ),
    "a last year of another century": ("park.toml", "last_year = 2035", "last_year = 2305", "last_year = 2045", ""),
}


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


def test_there_are_as_many_as_the_page_tells():
    assert len(CASES) + len(SLIPS) + 3 >= 57


# --- slips in readings, told as they are loaded ------------------------------------------------------------------------


def hourly(path: Path, head: str, value) -> Path:  # type: ignore[no-untyped-def]
    start = datetime(2025, 1, 1)
    path.write_text(head + "\n" + "".join(f"{start + timedelta(hours=h):%Y-%m-%d %H:%M},{value(h)}\n" for h in range(8760)))
    return path


def test_tonnes_an_hour_of_steam_as_megawatts_are_refused(tmp_path):
    path = hourly(tmp_path / "s.csv", "时间,蒸汽流量(t/h)", lambda h: 8 + h % 3)
    with pytest.raises(CaseError, match="the file says t/h, --unit says MW"):
        load_profile([path], "steam", Request(unit="MW"))
    assert load_profile([path], "steam", Request()).facts["energy_mwh"] == pytest.approx(9 * 0.7 * 8760)


def test_one_reading_of_five_times_all_others_is_asked_about_and_one_of_twice_is_not(tmp_path):
    path = hourly(tmp_path / "a.csv", "time,load (kW)", lambda h: 500 if h == 4000 else 90 + h % 10)
    with pytest.raises(CaseError, match=r"is 5 times what all but a thousandth of the readings reach"):
        load_profile([path], "m", Request())
    load_profile([hourly(tmp_path / "b.csv", "time,load (kW)", lambda h: 200 if h == 4000 else 90 + h % 10)], "m", Request())


def test_one_hour_of_a_profile_far_above_all_others_is_told(dyeing):
    def profiles(peak: float) -> str:
        return "hour,day,sun\n" + "".join(f"{h},{peak if h == 5000 else DAY[h % 24]},{SUN[h % 24]}\n" for h in range(8760))

    (dyeing / "supplies.csv").write_text(PARK["supplies.csv"].replace("grid,electricity,grid,10", "grid,electricity,grid,50"))
    (dyeing / "connections.csv").write_text(PARK["connections.csv"].replace(",10", ",50"))
    (dyeing / "profiles.csv").write_text(profiles(5))
    assert any("hour 5000 has 5 times what all but a thousandth of its hours reach" in line for line in said(dyeing))
    (dyeing / "profiles.csv").write_text(profiles(1.5))
    assert said(dyeing) == ()


# --- no false alarm -----------------------------------------------------------------------------------------------------

HONEST = [
    (region, tariff, carriers, grid)
    for region, tariffs in (
        ("cn", ("", "jiangsu-10kv", "shandong-110kv")),
        ("eu", ("", "germany-medium-voltage")),
        ("us", ("us-industry-midwest",)),
    )
    for tariff in tariffs
    for carriers, grid in (
        ("electricity", "2MW"),
        ("electricity,steam", "60MW"),
        ("electricity,heat,cooling", "8MW"),
        ("electricity,steam,heat,cooling", "40MW"),
    )
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
        assert said(tmp_path / str(n)) == (), (region, tariff, carriers, grid)


def test_the_blank_park_takes_the_chiller_of_the_catalogue():
    import csv

    from planner.parks.new import data_folder
    from planner.templates.blank import CHILLED

    with (data_folder() / "catalogue" / "ports.csv").open(encoding="utf-8") as file:
        ports = [row for row in csv.DictReader(file) if (row["type"], row["direction"]) == ("chiller-electric", "in")]
    assert [float(row["ratio"]) for row in ports] == [CHILLED]
