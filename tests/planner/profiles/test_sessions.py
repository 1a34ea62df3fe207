"""plan profiles sessions: exports of charge points, ACN-Data and timetables become rows that a park can be planned with."""

from pathlib import Path

import pytest

from models.errors import CaseError
from planner.importers.profile import Told
from planner.importers.sessions import group_sessions, read_sessions
from planner.importers.times import zone_of

OCPP = """transactionId,meterStart,meterStop,startTimestamp,stopTimestamp
1,100000,118000,2025-03-03T08:05:00+08:00,2025-03-03T17:10:00+08:00
2,118000,130000,2025-03-04T08:20:00+08:00,2025-03-04T17:40:00+08:00
3,5000,25000,2025-03-04T08:10:00+08:00,2025-03-04T17:20:00+08:00
4,25000,31000,2025-03-08T10:00:00+08:00,2025-03-08T12:30:00+08:00
"""


def asked(path: Path, zone: str = "", decimal: str = ""):
    told = Told()
    with told.asking():
        return read_sessions(path, zone_of(zone), told, decimal)


def rows_of(path: Path, text: str, zone: str = "", slot_rows: int = 40):
    path.write_text(text, encoding="utf-8")
    found = group_sessions(asked(path, zone), "depot", 0.9, 0.011, slot_rows)
    return [(r.day, r.arrive, r.leave, r.energy, r.power, r.number) for r in found.rows], found


def test_an_export_of_charge_points_becomes_rows_of_a_mean_day(tmp_path):
    # Monday to Saturday: five weekdays and a day of the weekend. Two sessions are alike: from the later arrival to the earlier leaving.
    rows, found = rows_of(tmp_path / "ocpp.csv", OCPP, "Asia/Shanghai")
    assert rows == [("weekday", "08:10", "17:10", 19.0, 0.011, 0.4), ("weekday", "08:20", "17:40", 12.0, 0.011, 0.2),
        ("weekend", "10:00", "12:30", 6.0, 0.011, 1.0)]
    assert found.slot == 0.5 and found.cut == 0 and found.lost == 0
    fewer, found = rows_of(tmp_path / "ocpp.csv", OCPP, "Asia/Shanghai", slot_rows=2)
    assert fewer[0] == ("weekday", "08:20", "17:10", pytest.approx(50 / 3, rel=1e-5), 0.011, 0.6) and found.slot == 1.0


def test_a_timetable_has_clock_times_power_and_numbers(tmp_path):
    text = "vehicle,days,arrive,leave,energy kWh,power kW,number\nartic,weekday,18:30,05:30,180,60,12\nvan,,20:00,07:00,25,11,5\n"
    rows, _ = rows_of(tmp_path / "fleet.csv", text)
    assert rows == [("all", "20:00", "07:00", 25.0, 0.011, 5.0), ("weekday", "18:30", "05:30", 180.0, 0.06, 12.0)]


def test_energy_that_does_not_fit_and_long_stays_are_told(tmp_path):
    text = "start,stop,kWh\n2025-03-03 08:00,2025-03-03 09:00,20\n2025-03-03 10:00,2025-03-06 09:00,5\n"
    rows, found = rows_of(tmp_path / "few.csv", text)
    assert found.cut == 1 and found.lost == pytest.approx(0.020 - 0.0099) and ("weekday", "10:00", "10:00", 5.0, 0.011, 1.0) in rows


@pytest.mark.parametrize(("name", "text", "words"), [
    ("a.csv", "start,stop\n2025-03-03 08:00,2025-03-03 09:00\n", "needs columns of arrival, leaving and energy"),
    ("b.csv", "start,stop,kWh\n2025-03-03 08:00,2025-03-03 07:00,4\nx,y,z\n", "b.csv line 2: needs a time of arrival"),
    ("c.json", "{}", "is JSON; save its sessions as a CSV table"),
])
def test_a_file_that_is_none_is_told(tmp_path, name, text, words):
    with pytest.raises(CaseError) as caught:
        rows_of(tmp_path / name, text)
    assert words in "\n".join(caught.value.lines)


def test_rows_of_a_group_are_only_replaced_if_asked(plan, tmp_path):
    (tmp_path / "park").mkdir()
    (tmp_path / "ocpp.csv").write_text(OCPP)
    (tmp_path / "park" / "park.toml").write_text("")
    (tmp_path / "park" / "sessions.csv").write_text("chargers,day,arrive,leave,energy,power\nother,all,08:00,12:00,0.1,0.05\n")
    args = ("import", "sessions", "ocpp.csv", "--park", "park", "--chargers", "depot")
    assert plan(*args).code == 0 and not (tmp_path / "park" / "chargers.csv").exists(), "shown, and not taken"
    assert plan(*args, "--take").code == 0 and (tmp_path / "park" / "chargers.csv").exists()
    lines = (tmp_path / "park" / "sessions.csv").read_text().splitlines()
    assert lines[1].startswith("other,all,08:00,12:00") and len(lines) == 5
    assert "has a row of depot already" in plan(*args, "--take").err
    assert plan(*args, "--take", "--replace").code == 0
    assert (tmp_path / "park" / "sessions.csv").read_text().splitlines() == lines


def test_decimal_commas_of_sessions_are_read_or_asked_about(tmp_path):
    text = "start;stop;energy kWh;power kW\n2025-03-03 08:00;2025-03-03 17:00;{};11,0\n"
    rows, _ = rows_of(tmp_path / "comma.csv", text.format("12,5"))
    assert rows == [("weekday", "08:00", "17:00", 12.5, 0.011, 1.0)]
    path = tmp_path / "either.csv"
    path.write_text(text.format("1,250").replace("11,0", "11"))
    with pytest.raises(CaseError, match="may hold a decimal comma or thousands"):
        asked(path)
    assert asked(path, decimal="comma")[0].energy == pytest.approx(0.00125)


def test_a_typical_group_of_the_catalogue_becomes_rows_with_their_source(plan, small):
    said = plan.once("import", "sessions", "lorries-two-shifts", "--vehicles", 8, "--chargers", "depot", "--take", "--park", small.folder)
    assert said.code == 0, said.err
    assert "energy and clock times are general knowledge" in said.out
    rows = (small.folder / "sessions.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 3 and all(',8,"Borlaug' in row and row.endswith(",general knowledge") for row in rows[1:])
    assert plan.once("check", small.folder).code == 0
    said = plan.once("import", "sessions", small.folder / "demand.csv", "--vehicles", 8, "--chargers", "depot", "--park", small.folder)
    assert said.code == 2 and "--vehicles: is of a typical group only (commuters, depot-buses," in said.err
