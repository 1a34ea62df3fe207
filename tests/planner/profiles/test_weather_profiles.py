"""Sun, wind and heat pumps by the hour: against published output, and by pencil."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("pvlib")

import skies

from models.errors import CaseError
from planner.importers.dialect import Answers
from planner.importers.generation import (
    cop,
    heat_pump_profile,
    of_type,
    on_hours,
    pv_output,
    read_curve,
    read_sink,
    wind_output,
    wind_profile,
)
from planner.importers.profile import Proposal, Told
from planner.importers.subjects import WEATHER
from planner.importers.weather import Weather, read_years
from planner.language.language import ENGLISH

#: Two winter days of the hourly output that PVWatts (NREL, version 5) gives for a rack of 4 kW at 39.73 N, 105.18 W, 1,820 m, tilt 20,
#: 14.08 % losses, 1.2 of DC to AC: day of January, hour, beam, sky, air, wind, AC watts.
PVWATTS = """3 8 727 39 -6 1 1107.176|3 9 881 56 -4 1 1883.328|3 10 947 66 -2 1 2371.535|3 11 977 70 0 2 2664.825|3 12 974 71 0 2 2675.289
3 13 946 68 0 2 2439.126|3 14 884 59 -1 1 1937.698|3 15 740 44 -3 1 1208.685|3 16 337 16 -6 1 325.726|8 8 677 36 1 3 1008.902
8 9 839 48 3 2 1739.874|8 10 911 55 5 2 2237.815|8 11 939 59 6 2 2491.081|8 12 459 179 6 2 1876.099|8 13 85 191 5 1 914.093
8 14 0 25 4 1 67.537|8 15 1 74 2 0 260.408|8 16 0 14 0 0 30.205"""


PV, WIND, _, PUMP = WEATHER


def pv(**said):
    return Answers(PV, said)


def wind(**said):
    return Answers(WIND, said)


def pump(**said):
    return Answers(PUMP, {"sink": "50", **said})


def weather(**columns):
    index = pd.date_range("2023-01-01 00:30", periods=8760, freq="h", tz="Etc/GMT-8")
    data = pd.DataFrame({name: np.broadcast_to(value, 8760).astype(float) for name, value in columns.items()}, index=index)
    return Weather("pencil", "2023", data, 31.2, 121.4, 0.0, 100.0, 30.0)


def test_the_chain_gives_the_output_of_pvwatts():
    """A chain over whole days of given radiation: within 3 % in sum, and 2 % of capacity in each hour."""
    rows = np.array([[float(v) for v in row.split()] for row in PVWATTS.replace("\n", "|").split("|")])
    times = pd.DatetimeIndex([pd.Timestamp(2023, 1, int(d), int(h), 30) for d, h in rows[:, :2]]).tz_localize("Etc/GMT+7")
    whole = pd.date_range("2023-01-03 00:30", "2023-01-08 23:30", freq="h", tz="Etc/GMT+7")
    data = pd.DataFrame({"dni": 0.0, "dhi": 0.0, "temp_air": 0.0, "wind_speed": 1.0}, index=whole)
    data.loc[times, ["dni", "dhi", "temp_air", "wind_speed"]] = rows[:, 2:6]
    denver = Weather("PVWatts", "typical year", data, 39.73, -105.18, 1819.6, 10.0, 30.0)
    plant = pv(tilt=20, losses=0.1408, dc_ac=1.2, coefficient=-0.0047)
    ours = pd.Series(pv_output(denver, plant, 180.0, Told()), whole)[times].to_numpy()
    assert ours.sum() == pytest.approx(rows[:, 6].sum() / 4000, rel=0.03) and ours == pytest.approx(rows[:, 6] / 4000, abs=0.02)


@pytest.mark.slow
def test_the_inverter_is_the_limit_of_the_share():
    bright = weather(dni=1000.0, dhi=300.0, ghi=1100.0, temp_air=-20.0, wind_speed=10.0)
    most = pv_output(bright, pv(tilt=30, losses=0.0, dc_ac=1.6), 180.0, Told()).max()
    assert most == pytest.approx(1 / 1.6, abs=1e-6)
    assert pv_output(bright, pv(tilt=30, losses=0.0, dc_ac=1.6, of="ac"), 180.0, Told()).max() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.slow
def test_a_warmer_roof_gives_less_than_a_rack():
    sunny = weather(dni=700.0, dhi=200.0, ghi=800.0, temp_air=30.0, wind_speed=2.0)
    rack, roof = (pv_output(sunny, pv(mounting=m), 180.0, Told()).sum() for m in ("rack", "roof"))
    assert 0.97 < roof / rack < 0.999


def test_moments_are_brought_to_the_middle_of_the_hour():
    """Ten minutes past: a third of the way to the next hour's moment is the half hour."""
    values = np.arange(24.0)
    assert on_hours(values, 10.0)[:3] == pytest.approx([1 / 3, 4 / 3, 7 / 3])
    assert on_hours(values, 50.0)[1:3] == pytest.approx([2 / 3, 5 / 3]) and on_hours(values, 30.0) is values


# --- wind -------------------------------------------------------------------------------------------------------------


def test_the_generic_curve_by_pencil():
    """Without blur: (7³ - 3³) / (11³ - 3³) = 316 / 1304 of the capacity at 7 m/s; nothing below 3, all from 11 to 25, nothing above."""
    assert wind_output(np.array([2.9, 7.0, 11.0, 24.9, 25.5]), blur=0.0) == pytest.approx([0, 316 / 1304, 1, 1, 0], abs=1e-3)
    blurred = wind_output(np.array([3.0, 11.0]))
    assert 0 < blurred[0] < 0.05 and 0.8 < blurred[1] < 1


def test_the_wind_at_the_hub_by_pencil():
    """8 m/s at 100 m are 8 × 1.2^0.14 = 8.207 m/s at 120 m; air of 15 °C at sea level, 120 m up, has 0.986 of the density."""
    told = Told()
    profile = wind_profile(weather(wind_high=8.0, temp_air=15.0, pressure=101325.0), wind(), None, "w", told, 0.0)
    felt = 8 * 1.2**0.14 * (101325 * np.exp(-9.81 * 120 / (287.05 * 288.15)) / (287.05 * 288.15) / 1.225) ** (1 / 3)
    assert profile.values == pytest.approx(0.9 * (felt**3 - 27) / 1304, rel=2e-3)
    assert f"{profile.values.sum():,.0f} full-load hours" in "".join(told.sentences(ENGLISH))
    assert "say that of a wind atlas with --mean-speed" in "".join(told.sentences(ENGLISH))


def test_speeds_are_scaled_to_the_mean_that_is_known(tmp_path):
    """ERA5 says 6 m/s at 100 m; the atlas 7.5 at the hub."""
    (era5,) = read_years([skies.era5(tmp_path / "w.csv")], "", skies_zone(), None, False, Told())
    own = wind_profile(era5, wind(), None, "w", Told())
    told = Told()
    scaled = wind_profile(era5, wind(mean_speed=7.5), None, "w", told)
    assert own.facts["mean_speed_of_file"] == pytest.approx(6 * 1.2**0.14, abs=1e-3) and scaled.facts["mean_speed"] == 7.5
    assert scaled.facts["full_load_hours"] > own.facts["full_load_hours"]
    assert "Speeds were multiplied by" in "".join(told.sentences(ENGLISH)) and "wind atlas" not in "".join(told.sentences(ENGLISH))


def skies_zone():
    from planner.importers.times import zone_of

    return zone_of("Asia/Shanghai")


def test_a_power_curve_of_a_maker_is_used(tmp_path):
    path = tmp_path / "curve.csv"
    path.write_text("speed,power (kW)\n2,0\n4,100\n12,3000\n25,3000\n")
    assert wind_output(np.array([3.0, 8.0, 12.0, 30.0]), read_curve(path), blur=0.0) == pytest.approx(
        [50 / 3000, 1550 / 3000, 1, 0])
    path.write_text("speed,power\n4,100\n2,0\n12,5\n")
    with pytest.raises(CaseError, match="is no power curve; two columns are needed, speeds that rise"):
        read_curve(path)


# --- heat pumps -------------------------------------------------------------------------------------------------------


def test_the_cop_by_pencil():
    """Half of Carnot from 0 to 50 °C without exchangers: 0.5 × 323.15 / 50 = 3.2315; with 5 K at each 0.5 × 328.15 / 60 = 2.7346."""
    cold = np.zeros(3)
    assert cop(pump(approach=0.0), cold) == pytest.approx(3.2315)
    assert cop(pump(), cold) == pytest.approx(2.734583, rel=1e-6)
    assert cop(pump(source=30.0), cold) == pytest.approx(0.5 * 328.15 / 30)
    assert cop(pump(highest=2.0), cold) == pytest.approx(2.0)


def test_a_sink_follows_the_outside_temperature():
    """-10:60,15:35 is 47.5 °C at 2.5 °C, 60 below -10 and 35 above 15."""
    found = cop(pump(sink="15:35,-10:60", approach=0.0), np.array([-20.0, 2.5, 20.0]))
    assert found == pytest.approx([0.5 * 333.15 / 80, 0.5 * 320.65 / 45, min(0.5 * 308.15 / 15, 8)])


@pytest.mark.parametrize("text", ["warm", "1:2:3", "10:50,10:40", "", "5:"])
def test_a_sink_that_cannot_be_read_is_a_fault(text):
    with pytest.raises(CaseError, match="is no temperature and no list of OUTSIDE:SINK"):
        read_sink(text)


def test_a_source_warmer_than_the_sink_is_a_fault():
    with pytest.raises(CaseError, match="is never colder than the sink"):
        cop(pump(source=60.0), np.zeros(3))


def test_a_type_gets_a_profile_of_its_port_and_a_derating_by_pencil(plan, place):
    """Sink 55 °C, 5 K at each exchanger, half of Carnot: at 7 °C outside 333.15 / 58 / 2 = 2.8720, at -8 °C 333.15 / 73 / 2 = 2.2818;
    the catalogue's port takes 1 / 3.2, so it is multiplied by 3.2 / COP; of the capacity of 7 °C there are 58 / 73 at -8 °C."""
    assert plan("new", "p", "--blank", "--region", "eu", "--carriers", "electricity,heat", "--grid", "8MW").code == 0
    (place / "p" / "ports.csv").unlink(missing_ok=True)
    (place / "p" / "technologies.csv").write_text("technology,type,existing\nhp,heat-pump-air,1\npv,solar-rooftop,1\n")
    said, told = Answers(PUMP, {"sink": "55", "type": "heat-pump-air", "park": place / "p"}), Told()
    cold = heat_pump_profile(weather(temp_air=np.where(np.arange(8760) == 9, -8.0, 10.0)), said, "cop", told)
    shape, derating = of_type(Proposal("cop", told, [cold]), said, told).profiles
    assert cold.values[9] == pytest.approx(2.28185, rel=1e-5) and shape.values[9] == pytest.approx(3.2 / 2.28185, rel=1e-5)
    assert derating.values[9] == pytest.approx(58 / 73) and derating.values[8] == 1
    assert cop(Answers(PUMP, {"cold": 6.0}), np.array([35.0])) == pytest.approx(0.5 * 274.15 / 39)
    command = ("import", "weather", "heat-pump", "w.epw", "--sink", "55", "--name", "cop", "--park", "p", "--take")
    assert "--type 'heat-pump': is no type of a technology of the park" in plan(*command, "--type", "heat-pump").err
    done = plan(*command, "--type", "heat-pump-air")
    assert done.code == 0, done.err
    tables = {name: pd.read_csv(place / "p" / f"{name}.csv", keep_default_na=False) for name in ("ports", "technologies", "profiles")}
    assert tables["ports"][["direction", "ratio", "profile"]].values.tolist() == [["out", 1.0, ""], ["in", 0.3125, "cop"]]
    assert tables["technologies"].set_index("technology")["derating"].to_dict() == {"hp": "cop-derating", "pv": ""}
    assert [*tables["profiles"]][-2:] == ["cop", "cop-derating"] and tables["profiles"]["cop-derating"].max() <= 1
    assert "technologies.csv: heat-pump-air has a derating already, cop-derating" in plan(*command, "--type", "heat-pump-air", "--name", "b").err


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working folder with the sky as an EPW, and a park."""
    monkeypatch.chdir(tmp_path)
    skies.epw(tmp_path / "w.epw")
    (tmp_path / "park").mkdir()
    (tmp_path / "park" / "park.toml").write_text("first_weekday = 2\n")
    return tmp_path


@pytest.mark.slow
def test_the_commands_fill_a_park(plan, place):
    for options in (("pv", "--name", "sun"), ("wind", "--name", "wind", "--mean-speed", 6.5), ("temperature", "--name", "air"),
        ("heat-pump", "--name", "cop", "--sink", "55")):
        done = plan("import", "weather", options[0], "w.epw", "--take", "--park", "park", *options[1:])
        assert done.code == 0, done.err
    table = pd.read_csv(place / "park" / "profiles.csv")
    assert list(table.columns) == ["hour", "sun", "wind", "air", "cop"] and len(table) == 8760
    assert table["sun"].between(0, 1).all() and table["wind"].between(0, 1).all()
    assert table["sun"][12] > 0.3 and table["sun"][0] == 0 and table["cop"].between(1, 8).all()
    report = json.loads((place / "park" / "profiles" / "sun.json").read_text())
    assert report["full_load_hours"] == pytest.approx(table["sun"].sum(), rel=1e-4) and "first_weekday" not in report
    assert "December to February" in (place / "park" / "profiles" / "sun.svg").read_text()


def test_each_year_is_a_column_of_its_own(plan, place):
    (place / "years").mkdir()
    for year in (2022, 2023):
        skies.power(place / "years" / f"{year}.csv", year)
    done = plan("import", "weather", "temperature", "years", "--each-year", "--take", "--park", "park", "--name", "air")
    assert done.code == 0, done.err
    assert (place / "park" / "profiles.csv").read_text().splitlines()[0] == "hour,air_2022,air_2023"
    assert sorted(p.name for p in (place / "park" / "profiles").iterdir()) == ["air_2022.json", "air_2022.svg",
        "air_2023.json", "air_2023.svg"]


@pytest.mark.parametrize(("options", "words"), [
    (("pv", "w.epw", "--tilt", 100), "--tilt 100: is not within 0 to 90"),
    (("pv", "w.epw", "--mounting", "sea"), "--mounting sea: is none of rack, roof"),
    (("pv", "w.epw", "--losses", 14), "--losses 14: is not within 0 to 0.9"),
    (("pv", "nowhere.epw"), "nowhere.epw: is missing"),
    (("wind", "w.epw", "--mean-speed", 60), "--mean-speed 60"),
    (("heat-pump", "w.epw", "--sink", "hot"), "--sink hot"),
    (("heat-pump", "w.epw", "--sink", "50", "--quality", 50), "--quality 50: is not within 0.05 to 1"),
    (("pv", "w.epw", "--format", "xls"), "--format xls"),
    (("pv", "w.epw", "--each-year", "--year", 2020), "contradict"),
    (("pv", "park"), "is no weather file"),
    (("pv", "w.epw", "--zone", "here"), "--zone here"),
])
def test_a_wrong_option_is_a_fault_of_one_line(plan, place, options, words):
    done = plan("import", "weather", *options, "--park", "park")
    assert done.code == 2 and words in done.err
