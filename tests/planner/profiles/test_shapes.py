"""Bills and shapes: the months have the energy of their bills, and holidays are like Sundays."""

from datetime import date, timedelta

import numpy as np
import pytest

from models.errors import CaseError
from planner.importers.bills import Asked
from planner.importers.profile import Told
from planner.importers.shapes import days_off, german_holidays, read_bills, scaled, shape_profile, shifts
from planner.importers.words import DATA

BILLS = [100, 90, 100, 80, 80, 120, 130, 130, 100, 90, 100, 110]
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def made(kind, year=2025, holidays="none", first=None, energies=()):
    return shape_profile(kind, year, holidays, first, None, None, energies, "m", "electricity", Told())


def test_a_shape_has_the_energy_of_its_bills_and_the_calendar_of_the_park():
    profile = made("two-shift", energies=BILLS)
    months = np.repeat(np.arange(12), np.array(DAYS) * 24)
    assert np.bincount(months, weights=profile.values) == pytest.approx(BILLS)
    assert profile.demand == {"demand": "m", "carrier": "electricity", "year": 2025, "value": 1230.0, "unit": "MWh", "profile": "m"}
    # A workday has 1×.2×7 + .6 + 1×4 + .8 + 1×4 + .6 + .2×6 = 12.6; 2025 begins on a Wednesday.
    values = shifts("one-shift", 2025, "none").reshape(365, 24)
    assert values[0].sum() == pytest.approx(12.6)
    assert values[3].sum() == pytest.approx(0.2 * 19 + 0.4 * 5)  # Saturday, 4 January
    assert values[4].sum() == pytest.approx(0.2 * 24)
    days = made("one-shift", first=0).values.reshape(365, 24).sum(axis=1)
    assert (days[5::7] < days[4::7][: len(days[5::7])]).all() and (days[6::7] < days[5::7][: len(days[6::7])]).all()


@pytest.mark.parametrize("kind", DATA["shapes"])
def test_a_shape_without_bills_has_a_mean_of_one(kind):
    profile = made(kind)
    assert profile.values.mean() == pytest.approx(1.0) and profile.demand == {}


@pytest.mark.parametrize(("count", "days"), [(1, 365), (4, 365), (12, 366), (365, 365), (366, 366)])
def test_amounts_of_years_quarters_months_and_days_are_kept(count, days):
    start = date(2025 if days == 365 else 2024, 1, 1)
    values = scaled(np.ones(days * 24), start, [7.0] * count)
    assert values.sum() == pytest.approx(7.0 * count)


def test_amounts_that_fit_no_year_and_energy_without_shape_are_faults():
    with pytest.raises(CaseError, match="366 amounts are none of a year of 365 days"):
        scaled(np.ones(8760), date(2025, 1, 1), [1.0] * 366)
    with pytest.raises(CaseError,
        match="amount 2 of 12 is above 0 where the shape is 0 all the time; say another --base, or a --floor"):
        scaled(np.concatenate([np.ones(744), np.zeros(8016)]), date(2025, 1, 1), [1.0] * 2 + [0.0] * 10)


def test_holidays_and_quiet_sundays():
    assert german_holidays(2025) == [
        date(2025, *d) for d in ((1, 1), (4, 18), (4, 21), (5, 1), (5, 29), (6, 9), (10, 3), (12, 25), (12, 26))]
    assert date(2024, 4, 1) in german_holidays(2024)  # Easter Monday; Easter was on 31 March
    # 2025, notice of November 2024: Spring Festival from 28 January to 4 February; 26 January, a Sunday, and 8 February are worked.
    pytest.importorskip("chinese_calendar")
    off = days_off(2025, "cn")
    assert all(off[date(2025, 1, d)] for d in (1, 28, 29, 30, 31)) and off[date(2025, 2, 4)]
    assert off[date(2025, 1, 26)] is False and off[date(2025, 2, 8)] is False
    values = shifts("one-shift", 2025, "cn").reshape(365, 24).sum(axis=1)
    assert values[27] == pytest.approx(4.8) and values[25] == pytest.approx(12.6)
    with pytest.raises(CaseError, match="the holidays of 2090 are not known yet; say --holidays none"):
        days_off(2090, "cn")
    pytest.importorskip("demandlib")
    values = made("bdew-g1", 2023).values.reshape(365, 24).sum(axis=1)  # 2023 begins on a Sunday
    assert values[0] < 0.5 * values[3] and made("bdew-g3", 2024).values.mean() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("module", ["demandlib", "chinese_calendar"])
def test_a_missing_extra_is_one_line(monkeypatch, module):
    import sys

    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(CaseError, match=r'pip install "parkzero\[shapes\]"'):
        made("bdew-g0") if module == "demandlib" else days_off(2025, "cn")


def bills(path, **asked):
    told = Told()
    with told.asking():
        return read_bills(path, Asked(**asked), "electricity", None, told)


@pytest.mark.parametrize("form", ["2025-{m:02d}", "2025年{m}月", "{m}月", "{m}", "2025/{m}/1"])
def test_months_are_read_as_people_write_them(tmp_path, form):
    path = tmp_path / "bills.csv"
    rows = "\n".join(f"{form.format(m=m)},{BILLS[m - 1]}" for m in (3, 1, 2, *range(4, 13)))
    path.write_text(f"月份,电量(MWh)\n{rows}\n合计,1230\n", encoding="gbk")
    found, amounts, _ = bills(path)
    assert amounts == BILLS and found.unit == "MWh" and found.year == (2025 if "2025" in form else None)


def test_units_columns_and_years_of_bills(tmp_path):
    path = tmp_path / "bills.csv"
    rows = "\n".join(f"{m},{BILLS[m - 1] / 10},{m * 1000}" for m in range(1, 13))
    path.write_text(f"month,energy (万kWh),cost (CNY)\n{rows}\n", encoding="utf-8")
    assert bills(path)[1] == pytest.approx(BILLS)
    with pytest.raises(CaseError, match=r"column 'cost \(CNY\)': the unit is not told"):
        bills(path, column="cost")
    with pytest.raises(CaseError, match="kW is a power; bills are of energy"):
        bills(path, column="cost", unit="kW")
    path.write_text("gas (m3)\n" + "\n".join("100000" for _ in range(12)) + "\n", encoding="utf-8")
    _, amounts, carrier = bills(path)
    assert amounts == pytest.approx([1e5 * 0.038931 / 3.6] * 12) and carrier == "gas"
    path.write_text("month,energy (MWh)\n" + "\n".join(f"{m},5" for m in range(1, 11)) + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match="has 10 amounts of a year; a year has 12 months, 4 quarters, 365 days, or one amount"):
        bills(path)
    rows = "\n".join(f"{y}-{m:02d},{y - 2000}" for y in (2023, 2024) for m in range(1, 13))
    path.write_text(f"month,energy (MWh)\n{rows}", encoding="utf-8")
    assert bills(path)[1] == [24.0] * 12 and bills(path)[0].year == 2024 and bills(path, year=2023)[1] == [23.0] * 12
    days = "\n".join(f"{date(2025, 1, 1) + timedelta(n)},{n}" for n in range(365))
    path.write_text(f"day,energy (MWh)\n{days}", encoding="utf-8")
    assert bills(path)[1] == list(range(365))


def test_the_command_makes_a_column_and_a_row(plan, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "park").mkdir()
    (tmp_path / "park" / "park.toml").write_text("first_weekday = 2\n")
    done = plan("import", "shape", "three-shift", "--energy", "12000MWh", "--year", 2025, "--take", "--park", "park", "--name", "mill")
    assert done.code == 0, done.err
    assert "mill,electricity,2025,12000.0,MWh,mill" in done.out
    table = np.loadtxt(tmp_path / "park" / "profiles.csv", delimiter=",", skiprows=1)
    assert table[:, 1].sum() == pytest.approx(12000, rel=1e-4)


def test_degree_hours_follow_the_weather(plan, tmp_path, monkeypatch, park):
    pytest.importorskip("pvlib")
    import skies

    monkeypatch.chdir(tmp_path)
    skies.epw(tmp_path / "w.epw")
    done = plan("import", "shape", "heating", "--weather", "w.epw", "--energy", "8760MWh", "--year", 2024, "--name", "heat", "--take", *park)
    assert done.code == 0, done.err
    values = np.loadtxt(tmp_path / "park" / "profiles.csv", delimiter=",", skiprows=1)[:, 1]
    assert values[:24].mean() > 2 and values[4700] == 0 and "heat,heat,2024," in done.out


@pytest.mark.parametrize(("options", "words"), [
    (("three-shifts",), "did you mean 'three-shift'?"),
    (("heating", "--energy", "5MWh", "--year", 2025), "give a weather file with --weather"),
    (("office", "--energy", "5 apples", "--year", 2025), "--energy 5 apples: is no energy"),
    (("office", "--energy", "5MWh"), "--year: is needed"),
    (("office", "--holidays", "fr", "--year", 2025), "--holidays fr: is none of none, cn, de"),
    (("office", "--bills", "no.csv"), "no.csv: is missing"),
    (("office", "--floor", 2, "--year", 2025), "--floor 2"),
    (("office", "--year", 25), "--year 25"),
])
def test_a_wrong_option_is_a_fault(plan, tmp_path, monkeypatch, park, options, words):
    monkeypatch.chdir(tmp_path)
    done = plan("import", "shape", *options, *park)
    assert done.code == 2 and words in done.err
