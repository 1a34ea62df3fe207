"""When a reading was: orders of day and month, ends and starts, changed clocks, gaps, doubled times, several years, registers."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from meters import answers, loaded, said, text, week, write, year
from slowly import first

from models.errors import CaseError
from planner.importers.meters import load_profile
from planner.importers.profile import Told

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def put(tmp_path, rows, head="time,load (MW)", form="%Y-%m-%d %H:%M", name="m.csv"):
    return write(tmp_path / name, text(rows, head, form))


@pytest.mark.parametrize("form",
    first(6,
        ["%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H时%M分", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p",
         "%Y%m%d%H%M", "%Y%m%d %H:%M", "%d/%m/%y %H:%M", "%d-%b-%Y %H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M - x"]))
def test_dates_are_read_as_people_write_them(tmp_path, form):
    form = form.replace("x", "%d.%m.%Y %H:%M")
    assert np.allclose(loaded(put(tmp_path, year(), form=form)).values, [v for _, v in year()])


def test_chinese_halves_of_the_day_are_read(tmp_path):
    rows = [f"{t:%Y/%m/%d} {'上午' if t.hour < 12 else '下午'}{t:%I:%M},{v:g}" for t, v in year()]
    profile = loaded(write(tmp_path / "m.csv", "时间,功率(MW)\n" + "\n".join(rows)))
    assert np.allclose(profile.values, [v for _, v in year()])


def test_an_order_that_the_file_does_not_show_is_asked_for(tmp_path):
    """Twelve days of twelve months: each could be the other. No year is whole, so what is asked is seen in the next fault."""
    rows = [(t, v) for t, v in year() if t.day <= 12]
    path = put(tmp_path, rows, form="%d/%m/%Y %H:%M")
    with pytest.raises(CaseError,
        match=r"dates such as 01/01/2023 may begin with the day or with the month; say --order dmy or --order mdy"):
        loaded(path)
    with pytest.raises(CaseError, match=r"nothing from 2023-01-13 00:00 to 2023-02-01 00:00"):
        loaded(path, order="dmy")


def test_times_are_ends_where_the_file_shows_it(tmp_path):
    profile = loaded(put(tmp_path, [(t + HOUR, v) for t, v in year()]))
    assert np.allclose(profile.values, [v for _, v in year()])
    assert "A time is the end of its interval: the first is 01:00" in said(profile)
    rows = [f"{t:%Y-%m-%d} 23:59,{v:g}" if t.hour == 23 else f"{t + HOUR:%Y-%m-%d %H:%M},{v:g}" for t, v in year()]
    profile = loaded(write(tmp_path / "m.csv", "time,load (MW)\n" + "\n".join(rows)))
    assert np.allclose(profile.values, [v for _, v in year()]) and "365 times such as 23:59 were moved" in said(profile)
    rows = [f"{t:%Y-%m-%d} {t.hour + 1:02d}:00,{v:g}" for t, v in year()]
    assert np.allclose(loaded(write(tmp_path / "m.csv", "time,load (MW)\n" + "\n".join(rows))).values, [v for _, v in year()])
    rows = [(t, v) for t, v in year(until=datetime(2024, 1, 1, 5)) if t >= datetime(2023, 1, 1, 3)]
    path = put(tmp_path, rows)
    with pytest.raises(CaseError, match=r"begins at 03:00 and ends at 04:00.*say --stamp start or --stamp end"):
        loaded(path)
    starts, ends = loaded(path, stamp="start"), loaded(path, stamp="end")
    assert starts.values[100] == pytest.approx(week(datetime(2023, 1, 5, 4))) and ends.values[99] == starts.values[100]


def berlin(minutes, utc_power):
    """(wall clock, MW) of Berlin in 2023, in order: a day of 23 hours in March, one of 25 in October."""
    time = datetime(2022, 12, 31, 23, tzinfo=ZoneInfo("UTC"))
    while time < datetime(2023, 12, 31, 23, tzinfo=ZoneInfo("UTC")):
        yield time.astimezone(BERLIN).replace(tzinfo=None), utc_power(time)
        time += timedelta(minutes=minutes)


def standard(time):
    """What `week` gives in Berlin's standard time."""
    return week(time.replace(tzinfo=None) + HOUR)


@pytest.mark.parametrize("turned", [False, True])
def test_days_of_92_and_of_100_quarter_hours_keep_all_their_energy(tmp_path, turned):
    rows = list(berlin(15, standard))
    by_day = {}
    for t, _ in rows:
        by_day[t.date()] = by_day.get(t.date(), 0) + 1
    assert sorted(set(by_day.values())) == [92, 96, 100]
    profile = loaded(put(tmp_path, rows[::-1] if turned else rows), zone="Europe/Berlin")
    assert np.allclose(profile.values, [v for _, v in year()])
    assert "comes twice" not in said(profile) and "the clock shows twice was read in its order: 2023-10-29" in said(profile)
    assert profile.demand["value"] == pytest.approx(sum(v for _, v in year()), abs=0.06)


def test_ends_of_intervals_are_moved_on_the_clock_that_never_changes(tmp_path):
    time, rows = datetime(2022, 12, 31, 23, tzinfo=ZoneInfo("UTC")), []
    for _ in range(8760):
        end = (time + HOUR).astimezone(BERLIN).replace(tzinfo=None)
        rows.append((end, standard(time)))
        time += HOUR
    profile = loaded(put(tmp_path, rows), zone="Europe/Berlin", stamp="end")
    assert np.allclose(profile.values, [v for _, v in year()])


def test_a_changed_clock_asks_for_its_zone(tmp_path):
    path = put(tmp_path, berlin(15, standard))
    with pytest.raises(CaseError,
        match=r"missing on 2023-03-26 and one comes twice on 2023-10-29: the clock was changed; say its zone, e.g. --zone Europe/Berlin") as asked:
        loaded(path)
    assert len(asked.value.complaints) == 1  # the hour that comes twice is no second question
    path = put(tmp_path, year())
    with pytest.raises(CaseError,
        match=r"has a value at 2023-03-26 02:00, an hour that the clocks of Europe/Berlin skip.*--zone \+01:00"):
        loaded(path, zone="Europe/Berlin")
    assert np.allclose(loaded(path, zone="+01:00").values, [v for _, v in year()])
    rows = [f"{t.isoformat()},{standard(t.astimezone(ZoneInfo('UTC'))):g}" for t in _instants(BERLIN)]
    profile = loaded(write(tmp_path / "m.csv", "time,load (MW)\n" + "\n".join(rows)))
    assert np.allclose(profile.values, [v for _, v in year()])
    with pytest.raises(CaseError, match=r"--zone Mars/Olympus: is no time zone"):
        loaded(put(tmp_path, year()), zone="Mars/Olympus")


def _instants(zone):
    time = datetime(2022, 12, 31, 23, tzinfo=ZoneInfo("UTC"))
    return [(time + i * HOUR).astimezone(zone) for i in range(8760)]


def test_times_of_utc_ask_for_the_zone_and_are_moved_into_it(tmp_path):
    """Shanghai's year begins eight hours before that of UTC: the file has to hold these."""
    rows = [
        f"{t.isoformat().replace('+00:00', 'Z')},{week(t.replace(tzinfo=None) + 8 * HOUR):g}" for t in _instants(ZoneInfo("UTC"))]
    rows = [f"2022-12-31T{16 + i}:00:00Z,{week(datetime(2023, 1, 1, i)):g}" for i in range(7)] + rows[:-7]
    path = write(tmp_path / "m.csv", "time,load (MW)\n" + "\n".join(rows))
    with pytest.raises(CaseError, match=r"its times are of UTC; say the park's zone"):
        loaded(path)
    profile = loaded(path, zone="Asia/Shanghai", year=2023, stamp="start")
    assert np.allclose(profile.values[: 8760 - 24], [v for _, v in year()][: 8760 - 24])


def test_short_gaps_are_filled_and_long_or_many_refused(tmp_path):
    """Every Monday is alike, so the filled hours of a Monday are exact."""
    rows = [(t, v) for t, v in year() if not datetime(2023, 5, 8, 3) <= t < datetime(2023, 5, 9, 20)]
    profile = loaded(put(tmp_path, rows))
    assert np.allclose(profile.values, [v for _, v in year()])
    assert "41 h were missing (gaps: 1, the longest of 41 h)" in said(profile)
    rows = [(t, v) for t, v in year() if not datetime(2023, 5, 8, 3) <= t < datetime(2023, 5, 11, 4)]
    path = put(tmp_path, rows)
    with pytest.raises(CaseError,
        match=r"nothing from 2023-05-08 03:00 to 2023-05-11 04:00 \(73 h\); at most 48 h are filled, see --longest-gap"):
        loaded(path, year=2023)
    assert np.allclose(loaded(path, longest_gap=80.0).values, [v for _, v in year()])
    rows = [(t, v) for t, v in year() if t.hour > 1]
    with pytest.raises(CaseError, match=r"8.3% of the year is missing; at most 5% is filled"):
        loaded(put(tmp_path, rows), year=2023, stamp="start")


def test_rows_twice_are_left_out_and_two_values_asked_about(tmp_path):
    rows = list(year())
    profile = loaded(put(tmp_path, rows + rows[100:130]), stamp="start")
    assert np.allclose(profile.values, [v for _, v in year()]) and "30 rows stood twice" in said(profile)
    rows = list(year())
    path = put(tmp_path, [*rows, (rows[100][0], 9.0)])
    with pytest.raises(CaseError, match=r"2023-01-05 04:00 has the values"):
        loaded(path)
    assert loaded(path, doubled="last").values[100] == 9.0 and loaded(path, doubled="first").values[100] == pytest.approx(4.04)
    assert loaded(path, doubled="mean").values[100] == pytest.approx((4.04 + 9) / 2)
    path = put(tmp_path, [(t, -v if t.hour == 12 and t.month == 7 else v) for t, v in year()])
    with pytest.raises(CaseError, match=r"31 values are below 0, the first at 2023-07-01 12:00.*--negative zero"):
        loaded(path)
    assert loaded(path, negative="zero").values.min() == 0
    rows = [(t, 0.0 if datetime(2023, 5, 1) <= t < datetime(2023, 5, 4) else v) for t, v in year()]
    assert "The same value, 0 MW, stands for 72 h from 2023-05-01 00:00" in said(loaded(put(tmp_path, rows)))


def test_a_sum_of_two_meters_of_which_one_has_a_hole_is_filled_and_not_too_small(tmp_path):
    one = put(tmp_path, year(), name="one.csv")
    two = put(tmp_path, [(t, v) for t, v in year() if t != datetime(2023, 6, 7, 12)], name="two.csv")
    profile = load_profile([one, two], "m", answers(doubled="sum"), Told())
    assert np.allclose(profile.values, [2 * v for _, v in year()])
    assert "Times at which not all of them have a value: 1" in said(profile)


def test_a_leap_year_keeps_weekdays_seasons_and_energy(tmp_path):
    """2024 begins on a Monday. Every hour of the profile is of the weekday that first_weekday = 0 gives it, also after February."""
    profile = loaded(put(tmp_path, year(2024)))
    assert profile.first_weekday == 0
    expected = [day % 7 + 1 + hour / 100 for day in range(365) for hour in range(24)]
    assert np.allclose(profile.values, expected) and "It is a leap year" in said(profile)
    profile = loaded(put(tmp_path, year(2024, power=lambda t: float(t.timetuple().tm_yday))))
    days = profile.values[::24]
    assert days[58] == 59 and days[59] == 60 and days[60] == 61  # 28 and 29 February, 1 March in the place of the 2nd
    assert days[364] == 365  # 30 December; the 31st is left out
    profile = loaded(put(tmp_path, year(2024, power=lambda t: 1.0)))
    assert "Energy of 2024: 8,784.0 MWh" in said(profile) and profile.demand["value"] == 8760.0


@pytest.mark.parametrize("weekday", first(2, range(7)))
def test_a_profile_follows_the_calendar_of_the_park(tmp_path, weekday):
    profile = loaded(put(tmp_path, year(2023)), first_weekday=weekday)
    assert np.allclose(profile.values, [(weekday + d) % 7 + 1 + h / 100 for d in range(365) for h in range(24)])
    assert profile.first_weekday == weekday
    ordinal = loaded(put(tmp_path, year(2023, power=lambda t: float(t.timetuple().tm_yday))), first_weekday=weekday).values[::24]
    assert np.abs((ordinal - np.arange(1, 366) + 182) % 365 - 182).max() <= 4  # no day moved further


@pytest.mark.slow
def test_of_several_years_the_latest_whole_one_is_taken_and_told(tmp_path):
    rows = [*year(2021), *year(2022, power=lambda t: 2.0), *year(2023, power=lambda t: 3.0, until=datetime(2023, 6, 1))]
    path = put(tmp_path, rows)
    profile = loaded(path)
    assert profile.values == pytest.approx(2.0) and "The file holds the years 2021, 2022; 2022 is taken" in said(profile)
    assert np.allclose(loaded(path, year=2021).values, [v for _, v in year(2021)])
    with pytest.raises(CaseError, match=r"2023: nothing from 2023-06-01 00:00 to 2024-01-01 00:00"):
        loaded(path, year=2023)
    rows = [(t, v) for t, v in (*year(2022), *year(2023)) if datetime(2022, 7, 1) <= t < datetime(2023, 7, 1)]
    profile = loaded(put(tmp_path, rows), first_weekday=6)
    assert np.allclose(profile.values, [(6 + d) % 7 + 1 + h / 100 for d in range(365) for h in range(24)])
    assert "the twelve months 2022-07-01 to 2023-06-30" in said(profile)
    path = put(tmp_path, [(t, v) for t, v in year() if t.month < 12])
    with pytest.raises(CaseError, match=r"holds 2023-01-01 to 2023-11-30; a year of 365 days is needed") as caught:
        loaded(path)
    assert "nothing from 2023-12-01 00:00 to 2024-01-01 00:00 (744 h)" in str(caught.value)
    paths = [put(tmp_path, [(t, v) for t, v in year() if t.month == m], name=f"{m}.csv") for m in (3, 1, 2, *range(4, 13))]
    assert np.allclose(load_profile(paths, "m", answers(), Told()).values, [v for _, v in year()])


def values(tmp_path, count, head="load (MW)"):
    return write(tmp_path / "list.csv", head + "\n" + "\n".join(f"{1 + i % 24 / 100:g}" for i in range(count)) + "\n")


@pytest.mark.parametrize("count", [1, 4, 12, 96, 168, 365, 366, 5000])
def test_a_list_that_is_no_year_is_told_what_a_year_is_and_where_amounts_go(tmp_path, count):
    with pytest.raises(CaseError, match=f"{count:,} values and no times; 8,760 hours, .*of amounts of .* plan import shape KIND --bills FILE"):
        loaded(values(tmp_path, count), year=2023)


def test_lists_of_a_year_ask_which_year_it_is(tmp_path):
    path = values(tmp_path, 8760)
    with pytest.raises(CaseError, match=r"8,760 values and no times of 60 minutes; say of which year, e.g. --year 2024"):
        loaded(path)
    profile = loaded(path, year=2023)
    assert profile.first_weekday == 6 and profile.values[:25] == pytest.approx([1 + i % 24 / 100 for i in range(25)])
    with pytest.raises(CaseError, match=r"are those of a leap year; 2023 is none"):
        loaded(values(tmp_path, 8784), year=2023)
    assert "29 February is taken as left out" in said(loaded(values(tmp_path, 8760), year=2024))
    daily = [(datetime(2023, 1, 1) + timedelta(days=d), 5.0) for d in range(365)]
    with pytest.raises(CaseError, match=r"its readings are daily.*plan import shape"):
        loaded(put(tmp_path, daily, form="%Y-%m-%d"))
    monthly = [(datetime(2023, m, 1), 5.0) for m in range(1, 13)]
    with pytest.raises(CaseError, match=r"its readings are monthly"):
        loaded(put(tmp_path, monthly, form="%Y-%m-%d"))


@pytest.mark.parametrize(("count", "of", "minutes"),
    [(8784, 2024, 60), (35040, 2023, 15), (35136, 2024, 15), (17520, 2023, 30), (17568, 2024, 30)])
def test_lists_of_other_intervals_and_of_leap_years_are_read(tmp_path, count, of, minutes):
    profile = loaded(values(tmp_path, count), year=of)
    assert profile.facts["minutes"] == minutes and profile.first_weekday == (0 if of == 2024 else 6)


def register(start=1000.0, size=1e9, skip=()):
    """Readings at the start of each hour and at the end of the year, MWh; what is counted is `week`."""
    total, rows = start, []
    for time, value in year():
        if time not in skip:
            rows.append((time, total % size))
        total += value
    return [*rows, (datetime(2024, 1, 1), total % size)]


def exact(rows, head):
    return head + "\n" + "\n".join(f"{t:%Y-%m-%d %H:%M},{v:.2f}" for t, v in rows)


def test_a_register_is_counted_over_rollovers_and_exchanges(tmp_path):
    path = write(tmp_path / "m.csv", exact(register(), "时间,正向有功总示数(MWh)"))
    assert np.allclose(loaded(path).values, [v for _, v in year()], atol=0.011)
    path = write(tmp_path / "m.csv", exact(register(), "time,energy (MWh)"))
    with pytest.raises(CaseError, match=r"its values rise all the time: say --register .* --no-register if not"):
        loaded(path)
    assert np.allclose(loaded(path, register=True).values, [v for _, v in year()], atol=0.011)
    path = write(tmp_path / "m.csv", exact(register(start=99000.0, size=1e5), "time,register (MWh)"))
    profile = loaded(path)
    assert np.allclose(profile.values, [v for _, v in year()], atol=0.011) and "The register began again at 0" in said(profile)
    rows = [(t, v if t < datetime(2023, 6, 5, 10) else v - 15000) for t, v in register()]
    profile = loaded(write(tmp_path / "m.csv", exact(rows, "time,register (MWh)")))
    assert np.allclose(profile.values, [v for _, v in year()], atol=0.02) and "a meter was exchanged" in said(profile)
    with pytest.raises(CaseError, match=r"a register counts an amount, and kW is none"):
        loaded(put(tmp_path, year(), "time,register (kW)"))


def test_readings_that_are_missing_leave_their_energy_known(tmp_path):
    """Twice the use of other Wednesdays from 3 to 6 o'clock: the register tells its sum, like days its shape."""
    hours = [datetime(2023, 6, 7, h) for h in (4, 5)]
    rows, extra = [], 0.0
    for time, value in register():
        if time not in hours:
            rows.append((time, value + extra))
        if datetime(2023, 6, 7, 3) <= time < datetime(2023, 6, 7, 6):
            extra += week(time)
    profile = loaded(write(tmp_path / "m.csv", exact(rows, "time,register (MWh)")))
    at = (datetime(2023, 6, 7, 3) - datetime(2023, 1, 1)).days * 24
    assert profile.values[at + 3 : at + 6] == pytest.approx([2 * 3.03, 2 * 3.04, 2 * 3.05], abs=0.02)


def test_peaks_of_quarter_hours_are_kept_and_odd_intervals_refused(tmp_path):
    """2 MW all year, and 6 MW in one quarter of each month's first hour: (6 + 3 × 2) / 4 = 3 MW in the hour, half of 6."""
    profile = loaded(put(tmp_path, year(minutes=15, power=lambda t: 6.0 if (t.day, t.hour, t.minute) == (1, 0, 0) else 2.0)))
    assert [(p.month, p.interval, p.hour) for p in profile.peaks] == [(m, 6.0, 3.0) for m in range(1, 13)]
    assert profile.peak_ratio == pytest.approx(2.0)
    assert loaded(put(tmp_path, year())).peaks == ()
    with pytest.raises(CaseError, match=r"its readings are 45 minutes apart"):
        loaded(put(tmp_path, year(minutes=45)))
    rows = [(t + timedelta(minutes=7 if i == 50 else 0), v) for i, (t, v) in enumerate(year())]
    with pytest.raises(CaseError, match=r"2023-01-03 02:07:00 is not on the grid of 60 minutes .1 times are not"):
        loaded(put(tmp_path, rows))
    rows = [*year(), (datetime(9023, 1, 1, 23), 1.0)]
    with pytest.raises(CaseError, match=r"its times reach from 2023-01-01 to 9023-01-01; is a year misspelt\?"):
        loaded(put(tmp_path, rows))
    
    rows = "\n".join(f"{t:%Y-%m-%d %H:%M}," for t, _ in year())
    with pytest.raises(CaseError, match="no time has a value"):
        loaded(write(tmp_path / "m.csv", f"time,load (MW)\n{rows}\n"), column="load")
