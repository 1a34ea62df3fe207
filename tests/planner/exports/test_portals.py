"""Readings as portals of four countries export them: rows above, numbered hours, multipliers, kinds of rows, changed clocks."""

from datetime import datetime, timedelta
from pathlib import Path

import portals
import pytest

from models.errors import CaseError
from planner.importers.dialect import Answers
from planner.importers.meters import load_profile
from planner.importers.profile import Profile, Told
from planner.importers.subjects import METER
from planner.language.language import ENGLISH


def loaded(path: Path, *, add: tuple[Path, ...] = (), less: tuple[Path, ...] = (), **request: object) -> Profile:
    return load_profile([path], "m", Answers(METER, {"add": list(add), "less": list(less), **request}), Told())  # type: ignore[arg-type]


def said(profile: Profile) -> str:
    return "\n".join(profile.told.sentences(ENGLISH))


def lines(head: str, power, rows_per_day: int = 24) -> str:  # type: ignore[no-untyped-def]
    """A long table of 2025, a row an hour."""
    start = datetime(2025, 1, 1)
    return head + "".join(f"{start + timedelta(hours=h):%Y-%m-%d %H:%M};{power(h)}\n" for h in range(8760))


def test_hours_numbered_1_to_25_under_rows_of_keys_are_read_and_a_changed_clock_loses_nothing(tmp_path):
    profile = loaded(portals.spanish_meter(tmp_path / "m.csv"), zone="Europe/Madrid")
    assert profile.facts["metered_mwh"] == pytest.approx(sum(portals.by_month(portals.dairy, portals.MADRID)), rel=2e-4)
    told = said(profile)
    assert "Above the table: ES0031405123456001JN0F, 01/01/2025 – 31/12/2025." in told and "5 h were missing (gaps: 1" in told
    assert "Working days with little use, such as holidays: 2025-01-01, 2025-12-25." in told
    assert profile.values[24 * 200 + 12 - 1] == pytest.approx(portals.dairy(datetime(2025, 7, 20, 12))), (
        "noon of summer is 11 h of standard time")


def test_numbered_hours_of_a_changed_clock_ask_for_their_zone_and_refuse_a_wrong_one(tmp_path):
    path = portals.spanish_meter(tmp_path / "m.csv")
    with pytest.raises(CaseError, match=r"2025-10-26 has more than 24 hours: the clock was changed; say its zone"):
        loaded(path)
    with pytest.raises(CaseError, match=r"2025-10-26 has more hours than the clocks of Asia/Shanghai show on it"):
        loaded(path, zone="Asia/Shanghai")


def test_a_row_a_day_with_kinds_and_a_multiplier_that_is_not_in_it_yet(tmp_path):
    profile = loaded(portals.chinese_meter(tmp_path / "m.csv"))
    assert profile.facts["metered_mwh"] == pytest.approx(sum(portals.by_month(portals.textile, minutes=15)), rel=1e-4)
    told = said(profile)
    assert "states a multiplier of 6,000, and its values were multiplied by it" in told
    assert "Of several kinds of rows those with 数据类型 = 正向有功功率 were taken." in told
    assert "2025-01-28 – 02-04, 2025-05-01 – 05-02" in told


@pytest.mark.slow
def test_a_multiplier_of_which_nothing_is_said_is_asked_about(tmp_path):
    path = portals.chinese_meter(tmp_path / "m.csv")
    text = path.read_bytes().decode("gb18030")
    path.write_bytes(text.replace("备注：数值为二次侧，未乘倍率", "备注：").encode("gb18030"))
    with pytest.raises(CaseError, match="states a multiplier of 6000; say --times 6000"):
        loaded(path)
    path.write_bytes(text.replace("备注：数值为二次侧，未乘倍率", "备注：已乘倍率").encode("gb18030"))
    assert loaded(path).facts["metered_mwh"] == pytest.approx(sum(portals.by_month(portals.textile, minutes=15)) / 6000, rel=1e-3)


def test_half_hours_hh1_to_hh50_of_a_day_in_a_row(tmp_path):
    profile = loaded(portals.british_meter(tmp_path / "m.csv"), zone="Europe/London")
    assert profile.facts["metered_mwh"] == pytest.approx(sum(portals.by_month(portals.dairy, portals.LONDON, 30)), rel=1e-4)
    assert "Reading Type = Active Import" in said(profile)


def test_keys_with_their_values_below_and_offsets_from_utc(tmp_path):
    profile = loaded(portals.french_meter(tmp_path / "m.csv"))
    assert profile.facts["metered_mwh"] == pytest.approx(sum(portals.by_month(portals.dairy, portals.PARIS, 30)), rel=1e-4)
    assert "in W" in said(profile) and "stood twice" not in said(profile) and "missing" not in said(profile)


# --- small things -----------------------------------------------------------------------------------------------------


def test_a_row_of_units_below_the_headings_and_german_words(tmp_path):
    head = "Zählernummer:;4711\nZeitraum;01.01.2025;31.12.2025\nZeitstempel;Wirkleistung Bezug;Blindleistung\n[TT.MM.JJJJ hh:mm];[kW];[kvar]\n"
    path = tmp_path / "m.csv"
    path.write_text(lines(head, lambda h: f"{100 + h % 24},5;{h % 7},0"), encoding="cp1252")
    profile = loaded(path)
    assert profile.facts["metered_mwh"] == pytest.approx((100.5 + 11.5) * 8.76)
    assert "Above the table: 4711, 01.01.2025 – 31.12.2025." in said(profile)


def test_dates_with_months_in_words_of_french_german_and_spanish(tmp_path):
    from planner.importers.times import month_of

    words = {"janvier": 1, "Févr.": 2, "März": 3, "Mrz": 3, "avr": 4, "mayo": 5, "juin": 6, "juil.": 7, "août": 8, "Sept": 9, "Okt.": 10,
        "novembre": 11, "dic": 12, "Dez": 12, "ene": 1, "xyz": 0}
    assert {word: month_of(word) for word in words} == words


@pytest.mark.slow
def test_a_sum_of_columns_less_one_and_a_meter_that_is_taken_off(tmp_path):
    site, chillers = tmp_path / "site.csv", tmp_path / "chillers.csv"
    site.write_text(lines("time;Press (kW);Oven (kW);Chiller (kW)\n", lambda h: f"{100 + h % 24};50;{20 if h % 24 < 12 else 0}"))
    profile = loaded(site, column="Press + Oven - Chiller")
    assert profile.values[:24].tolist() == pytest.approx([(100 + h + 50 - (20 if h < 12 else 0)) / 1000 for h in range(24)])
    chillers.write_text("time;energy (kWh)\n"
        + "".join(f"{datetime(2025, 1, 1) + timedelta(minutes=15 * q):%Y-%m-%d %H:%M};5\n" for q in range(35040)))
    less = loaded(site, column="Press", less=(chillers,))
    assert less.facts["metered_mwh"] == pytest.approx((100 + 11.5 - 20) * 8.76), "four quarters of 5 kWh are 20 kW"
    assert "chillers.csv was taken off: 175.2 MWh." in said(less)
    more = loaded(site, column="Press", add=(chillers,))
    assert more.facts["metered_mwh"] == pytest.approx((100 + 11.5 + 20) * 8.76)
    with pytest.raises(CaseError, match=r"what is taken off is more than there is: -0\.\d+ MW is left at 2025-01-01 00:00"):
        loaded(chillers, less=(_one_column(tmp_path),))


def _one_column(folder: Path) -> Path:
    path = folder / "large.csv"
    path.write_text(lines("time;load (kW)\n", lambda h: "120"))
    return path


@pytest.fixture
def park(tmp_path: Path, plan) -> Path:  # type: ignore[no-untyped-def]
    folder = tmp_path / "park"
    assert plan("new", str(folder), "--blank", "--region", "eu").code == 0
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("value", "unit", "bill", "told"), [
    ("250", "kWh", 8760, "8,760 MWh, and the bills of electricity in 2025 come to 8,760 MWh (100.0%)"),
    ("1000", "kWh", 8760,
     "(400.0%); that is the intervals of an hour: a power read as energy, or energy read as power; see --unit"),
    ("250", "kW", 8760, "(25.0%); that is the intervals of an hour"),
    ("0.25", "kWh", 8760, "(0.1%); that is a factor of 1000: kW or kWh beside MW or MWh"),
    ("150", "kWh", 8760, "5,256 MWh, and the bills of electricity in 2025 come to 8,760 MWh (60.0%)"),
    ("400", "kWh", 8760, "look at this: 14,016 MWh, and the bills of electricity in 2025 come to 8,760 MWh (160.0%)"),
])
def test_readings_are_held_against_the_bills_and_a_slip_is_named_by_its_factor(park, plan, tmp_path, value, unit, bill, told):
    (park / "bills.csv").write_text(f"supply,year,value,unit\ngrid,2025,{bill},MWh\n")
    path = tmp_path / "m.csv"
    path.write_text(f"time;load ({unit})\n"
        + "".join(f"{datetime(2025, 1, 1) + timedelta(minutes=15 * q):%Y-%m-%d %H:%M};{value}\n" for q in range(35040)))
    result = plan("import", "meter", str(path), "--take", "--park", str(park), "--name", "site", "--demand", "--first-weekday", "0")
    assert result.code == 0, result.out + result.err
    line = next(line for line in (result.out + result.err).splitlines() if "the bills of electricity" in line)
    assert told in line and ("look at this" in line) == ("that is" in told or "look at" in told)


def test_the_row_of_demand_is_written_when_asked_and_never_over_another(park, plan, tmp_path):
    path = _one_column(tmp_path)
    before = (park / "demand.csv").read_text().splitlines()
    args = ("import", "meter", str(path), "--take", "--park", str(park), "--name", "site")
    assert plan(*args, "--demand").code == 0
    after = (park / "demand.csv").read_text().splitlines()
    assert after[: len(before)] == before and after[-1].startswith("site,electricity,") and ",1051.2,MWh,site" in after[-1]
    result = plan(*args, "--demand")
    assert result.code == 2 and "has a column 'site' already" in (result.out + result.err)
    (park / "profiles.csv").write_text((park / "profiles.csv").read_text().replace("site", "other", 1))
    result = plan(*args, "--demand")
    assert result.code == 2 and "demand.csv: has a row of site 2025 already; say --replace, or choose another name" in (
        result.out + result.err)


def test_the_picture_has_a_calendar_of_all_hours(tmp_path):
    from planner.importers.pictures import picture

    drawing = picture(loaded(_one_column(tmp_path)))
    assert drawing.count("data:image/png;base64,") == 1 and drawing.count("<rect") == 9, "the hours, and the colours' scale"
