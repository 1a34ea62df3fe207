"""Weather files of every source give one sky: the sun stands where it stood, whatever the file calls its hours."""

import sys
import zipfile
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("pvlib")

import skies
from skies import NOON

from models.errors import CaseError
from planner.importers.dialect import Answers
from planner.importers.generation import pv_profile
from planner.importers.profile import Told
from planner.importers.subjects import WEATHER
from planner.importers.times import zone_of
from planner.importers.weather import read_weather, read_years, source_of
from planner.language.language import ENGLISH


def years(path, zone="", year=None, every=False, kind="", told=None):
    return read_years([path], kind, zone_of(zone), year, every, told or Told())


def one(path, zone="", **options):
    (weather,) = years(path, zone, **options)
    return weather


def plant(weather, told=None):
    return pv_profile(weather, Answers(WEATHER[0], {}), "pv", told or Told()).values


def middle(values):
    """Where the middle of the mean day lies [h], hours counted at their middles."""
    day = values.reshape(365, 24).mean(axis=0)
    return float((day * (np.arange(24) + 0.5)).sum() / day.sum())


WRITERS = {
    "epw": (lambda p: skies.epw(p / "w.epw"), ""),
    "epw of a real year": (lambda p: skies.epw(p / "w.epw", 2023), ""),
    "pvgis typical": (lambda p: skies.pvgis_typical(p / "w.csv"), "Asia/Shanghai"),
    "pvgis hourly": (lambda p: skies.pvgis_hourly(p / "w.csv"), "Asia/Shanghai"),
    "era5": (lambda p: skies.era5(p / "w.csv"), "Asia/Shanghai"),
}


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Output of a plant under the sky, from the EPW."""
    return plant(one(skies.epw(tmp_path_factory.mktemp("sky") / "w.epw")))


@pytest.mark.slow
@pytest.mark.parametrize("source", WRITERS)
def test_the_same_sky_in_every_format_gives_the_same_plant(tmp_path, reference, source):
    write, zone = WRITERS[source]
    told = Told()
    values = plant(one(write(tmp_path), zone), told)
    assert values.sum() == pytest.approx(reference.sum(), rel=0.01) and middle(values) == pytest.approx(middle(reference), abs=0.05)
    assert np.corrcoef(values, reference)[0, 1] > 0.998 and not any("time zone" in line for line in told.sentences(ENGLISH))


def test_hours_of_an_epw_are_symmetric_about_the_sun_s_noon(reference):
    """EPW names an hour by its end. Read as its start, the day would be half an hour to an hour late."""
    assert middle(reference) == pytest.approx(NOON, abs=0.05)


@pytest.mark.parametrize(("clock", "unit"), [("LST", "Wh/m^2"), ("UTC", "W/m^2"), ("LST", "MJ/hr")])
def test_nasa_power_is_read_in_its_clock_and_unit(tmp_path, reference, clock, unit):
    """It has the level's radiation only, which is split after Erbs: close, and not the same."""
    told = Told()
    values = plant(one(skies.power(tmp_path / "w.csv", clock=clock, unit=unit), "Asia/Shanghai"), told)
    assert values.sum() == pytest.approx(reference.sum(), rel=0.06) and middle(values) == pytest.approx(NOON, abs=0.05)
    assert "split after Erbs" in "".join(told.sentences(ENGLISH))


def test_a_typical_year_of_pvgis_is_rolled_and_not_shifted(tmp_path):
    """The first hour in Shanghai is 16:00 UTC of 31 December, which is at the end of the file: nothing is lost, nothing doubled."""
    path = skies.pvgis_typical(tmp_path / "w.csv")
    lines = path.read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("time(UTC)")) + 1
    for i in range(8760):
        cells = lines[first + i].split(",")
        cells[7] = f"{i / 100:.2f}"  # the wind is the number of the row
        lines[first + i] = ",".join(cells)
    path.write_text("\r\n".join(lines) + "\r\n")
    rows = one(path, "Asia/Shanghai").data["wind_speed"].to_numpy() * 100
    assert rows.round().astype(int).tolist() == [*range(8752, 8760), *range(8752)]


def test_times_of_utc_ask_for_the_zone(tmp_path):
    for path in (skies.pvgis_typical(tmp_path / "p.csv"), skies.era5(tmp_path / "e.csv"),
        skies.power(tmp_path / "n.csv", clock="UTC")):
        with pytest.raises(CaseError, match=r"its times are of UTC; say the park's zone, e.g. --zone Asia/Shanghai"):
            years(path)


@pytest.mark.slow
def test_a_wrong_zone_is_seen_by_its_noon(tmp_path):
    path, told = skies.epw(tmp_path / "w.epw"), Told()
    plant(one(path, "Europe/Berlin"), told)  # both move: the sun goes with the clock
    assert "time zone" not in "".join(told.sentences(ENGLISH))
    path.write_text(path.read_text().replace(f"{skies.LONGITUDE},{skies.ZONE:.1f},", f"{skies.LONGITUDE},1.0,"))  # another clock
    plant(one(path), told)
    assert "is the time zone right?" in "".join(told.sentences(ENGLISH))


def test_the_epw_of_pvgis_has_moments_and_is_read_so(tmp_path, reference):
    """Its hour 1 is 01:00 and ten minutes, and the offset is told from 02:00: an hour later than another EPW has it."""
    rows = list(skies.typical(skies.ZONE))
    path = skies.epw(tmp_path / "w.epw")
    lines = path.read_text().splitlines()
    moments = skies.pd.DatetimeIndex([t + skies.HOUR for _, t in rows])
    values = skies.sky(moments + 0.1761 * skies.HOUR)
    for i, (g, b, d) in enumerate(zip(values["ghi"], values["dni"], values["dhi"], strict=True)):
        cells = lines[8 + i].split(",")
        cells[13:16] = [f"{g:.1f}", f"{b:.1f}", f"{d:.1f}"]
        lines[8 + i] = ",".join(cells)
    lines[6] = "COMMENTS 2,Irradiance Time Offset (h):-0.8239"
    path.write_text("\n".join(lines) + "\n")
    values = plant(one(path, "Asia/Shanghai"))
    assert middle(values) == pytest.approx(NOON, abs=0.05) and np.corrcoef(values, reference)[0, 1] > 0.998


def test_years_that_are_leap_or_not_whole(tmp_path):
    told = Told()
    weather = one(skies.epw(tmp_path / "w.epw", 2024), told=told)
    assert len(weather.data) == 8760 and not ((weather.data.index.month == 2) & (weather.data.index.day == 29)).any()
    assert "29 February is left out" in "".join(told.sentences(ENGLISH))
    assert skies.MONTHS[1] % 4 == 0
    weather = one(skies.epw(tmp_path / "w.epw"))
    assert weather.label == "typical year"
    days = weather.column("temp_air").reshape(365, 24).mean(axis=1)
    assert np.abs(np.diff(days)).max() < 0.3  # no day is missing or doubled about the end of February
    path = skies.epw(tmp_path / "w.epw", 2023)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[: 8 + 24 * 200]) + "\n")
    with pytest.raises(CaseError, match="2023 is not whole: 3,960 hours are missing, the first 2023-07-20 00:00"):
        years(path)
    with pytest.raises(CaseError, match="2022 is not whole"):
        years(skies.epw(tmp_path / "v.epw", 2023), year=2022)


def test_years_in_a_folder_are_each_a_profile(tmp_path):
    folder = tmp_path / "years"
    folder.mkdir()
    for year in (2021, 2022, 2023):
        skies.power(folder / f"{year}.csv", year)
    assert [w.label for w in years(folder, every=True)] == ["2021", "2022", "2023"]
    told = Told()
    assert one(folder, told=told).label == "2023" and "2021, 2022, 2023; 2023 is taken" in "".join(told.sentences(ENGLISH))
    assert one(folder, year=2021).label == "2021"


def test_holes_of_the_weather_are_filled(tmp_path):
    whole = one(skies.power(tmp_path / "a.csv")).column("ghi")
    holed = one(skies.power(tmp_path / "b.csv", holes=(100, 101, 5000))).column("ghi")
    assert holed == pytest.approx(whole, abs=60)
    with pytest.raises(CaseError, match="2023 is not whole"):
        years(skies.power(tmp_path / "c.csv", holes=tuple(range(100, 160))))
    # 9999 in one hour is filled; pressure that is missing in many is left out and blocks nothing.
    path = skies.epw(tmp_path / "w.epw", 2023)
    lines = path.read_text().splitlines()
    for i, line in enumerate(lines[8:], start=8):
        cells = line.split(",")
        cells[9] = "999999" if i % 3 == 0 else cells[9]
        cells[6] = "9999" if i == 4000 else cells[6]
        lines[i] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n")
    weather = one(path)
    assert "pressure" not in weather.data and weather.column("temp_air").max() < 40
    weather = one(skies.era5(tmp_path / "w.csv"), "Asia/Shanghai")
    values = weather.column("temp_air")
    assert values[:7] == pytest.approx(values[24:31], abs=0.2)


def test_output_of_pvgis_and_archives_are_taken(tmp_path):
    """2 kWp that give 2 W for each W/m² on the level: a share of G / 1000."""
    told = Told()
    weather = one(skies.pvgis_hourly(tmp_path / "w.csv", power=True, slope=30), "Asia/Shanghai")
    values = plant(weather, told)
    assert values.max() == pytest.approx(0.9 * np.cos(np.radians(skies.LATITUDE - 23.4)), abs=0.01)
    assert "holds the output of a plant" in "".join(told.sentences(ENGLISH))
    with pytest.raises(CaseError,
        match=r"is of a tilted plane; ask PVGIS for a level one \(slope 0\), or for the output of a plant"):
        years(skies.pvgis_hourly(tmp_path / "w.csv", slope=30), "Asia/Shanghai")
    skies.era5(tmp_path / "w.csv")
    with zipfile.ZipFile(tmp_path / "w.zip", "w") as archive:
        archive.write(tmp_path / "w.csv", "data.csv")
    assert one(tmp_path / "w.zip", "Asia/Shanghai").label == "2023"
    found = {"epw": skies.epw(tmp_path / "a"), "era5": skies.era5(tmp_path / "d"), "pvgis": skies.pvgis_hourly(tmp_path / "e"),
        "power": skies.power(tmp_path / "f")}
    assert {name: source_of(path.read_text()) for name, path in found.items()} == {name: name for name in found}


@pytest.mark.parametrize(("content", "words"), [
    *((content, "is no weather file that is known; take EPW, or CSV of PVGIS, ERA5 .* or NASA POWER, or say --format, one of epw")
      for content in (b"hello\n", b"\x89HDF\r\n", b"Source,Location ID,City\n", b'{"inputs": {"radiation_db": "PVGIS-ERA5"}}')),
    (b"LOCATION,a,b\n", "cannot be read as epw"),
    (b"valid_time,latitude,longitude\n", "cannot be read as era5"),
    (b"-BEGIN HEADER-\n-END HEADER-\n", "cannot be read as power"),
    (b"Latitude (decimal degrees): x\n", "cannot be read as pvgis"),
])
def test_what_is_no_weather_file_is_told_in_a_line(tmp_path, content, words):
    (tmp_path / "w.csv").write_bytes(content)
    with pytest.raises(CaseError, match=words) as caught:
        read_weather(tmp_path / "w.csv")
    assert len(caught.value.complaints) == 1


def test_a_missing_library_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pvlib", None)
    with pytest.raises(CaseError, match=r'weather files need the extra: pip install "parkzero\[weather\]"'):
        read_weather(skies._put(tmp_path / "w.epw", "LOCATION,\n"))


@pytest.mark.parametrize(("place", "said"), [
    ((31.2, 121.5), ""),
    ((32.0, 120.6), "the weather is of a place 117 km from the park"),
    ((121.4 - 90, 31.2), "refused"),
    ((-31.2, 121.4), "refused")])
def test_weather_is_held_against_the_place_of_the_park(tmp_path, place, said):
    """The file says 31.2 N, 121.4 E; latitude and longitude the other way round, or the wrong half of the earth, are far off."""
    path, told = skies.epw(tmp_path / "w.epw"), Told()
    if said == "refused":
        with pytest.raises(CaseError, match="put latitude and longitude right"):
            read_years([path], "", None, None, False, told, place)
        return
    assert len(read_years([path], "", None, None, False, told, place)) == 1
    lines = [ENGLISH.tell(line) for line, is_warning in told.lines if is_warning]
    assert [said in line for line in lines] == ([True] if said else [])


def test_of_files_of_several_places_the_nearest_is_taken(tmp_path):
    from planner.importers.weather import nearest_of

    near = read_weather(skies.epw(tmp_path / "near.epw"))
    far, told = replace(near, latitude=33.0), Told()
    assert nearest_of([far, near], (31.3, 121.4), told) == [near]
    assert [ENGLISH.tell(line) for line, _ in told.lines] == [
        "1 files are of places farther from the park and are left out; the nearest is 11 km away."]


def test_a_park_says_where_it_lies(tmp_path):
    from planner.importers.weather import place_of
    from planner.templates.blank import blank, wanted_of
    from planner.templates.write import write_folder

    write_folder(tmp_path / "park", blank(wanted_of("park", "electricity", "20MW", "cn")))
    assert place_of(tmp_path / "park") is None
    text = (tmp_path / "park" / "park.toml").read_text()
    (tmp_path / "park" / "park.toml").write_text(f"latitude = 31.3\nlongitude = 121.4\n{text}")
    assert place_of(tmp_path / "park") == (31.3, 121.4)
