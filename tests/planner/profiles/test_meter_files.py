"""Readings in the files that people have: encodings, separators, units, wide and long tables, workbooks, Green Button."""

import random
from datetime import datetime, timedelta

import numpy as np
import pytest
import xlsxwriter
from meters import loaded, said, text, week, write, year

from models.errors import CaseError

#: 2023 begins on a Sunday: 7 MW at midnight.
FIRST = 7.0


def is_the_week(profile) -> bool:
    """True if every hour of 2023 has the power of its weekday and hour."""
    return np.allclose(profile.values, [value for _, value in year(2023)])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_is_found_out(tmp_path, encoding):
    content = "某公司负荷曲线\n" + text(year(), "数据时间,有功功率(MW)")
    assert is_the_week(loaded(write(tmp_path / "m.csv", content, encoding)))


def test_encodings_that_do_not_fit_are_told(tmp_path):
    path = write(tmp_path / "m.csv", text(year(), "Zeit,Gebäudelast Höchststraße (MW)"), "cp1252")
    assert "Gebäudelast" in said(loaded(path, stamp="start"))
    path = write(tmp_path / "m.csv", text(year(), "时间,功率(MW)"), "gbk")
    with pytest.raises(CaseError, match=r"--encoding utf-8: does not fit"):
        loaded(path, encoding="utf-8")
    with pytest.raises(CaseError, match=r"--encoding klingon: is no encoding"):
        loaded(path, encoding="klingon")


@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_every_separator_is_found_out(tmp_path, separator):
    assert is_the_week(loaded(write(tmp_path / "m.csv", text(year()).replace(",", separator))))


@pytest.mark.parametrize(("unit", "mw"),
    [("kW", 1e-3), ("MW", 1.0), ("kWh", 1e-3), ("MWh", 1.0), ("万kWh", 10.0), ("万千瓦时", 10.0), ("度", 1e-3), ("GJ", 1 / 3.6),
     ("t/h", 0.7), ("t", 0.7), ("m3/h", 0.038931 / 3.6), ("Nm³", 0.038931 / 3.6), ("万m³", 389.31 / 3.6)])
def test_every_unit_of_an_hour_is_so_many_megawatts(tmp_path, unit, mw):
    profile = loaded(write(tmp_path / "m.csv", text(year(power=lambda t: 2.0), f"时间,用量({unit})")))
    assert profile.values == pytest.approx(2 * mw) and profile.demand["value"] == pytest.approx(2 * mw * 8760, abs=0.06)


@pytest.mark.slow
def test_the_energy_of_a_quarter_hour_is_four_times_its_power(tmp_path):
    path = write(tmp_path / "m.csv", text(year(minutes=15, power=lambda t: 250.0), "time,energy (kWh)"))
    assert loaded(path).values == pytest.approx(1.0)  # 250 kWh in 15 minutes
    assert loaded(path, unit="kW", despite_heading=True).values == pytest.approx(0.25)
    path = write(tmp_path / "m.csv", text(year(power=lambda t: 10.0), "time,steam (t/h)"))
    profile = loaded(path, content=0.65)
    assert profile.values == pytest.approx(6.5) and profile.demand["carrier"] == "steam" and "boiler ratings" in said(loaded(path))
    path = write(tmp_path / "m.csv", text(year(), "time,value"))
    with pytest.raises(CaseError, match=r"column 'value': the unit is not told; say it with --unit"):
        loaded(path)
    with pytest.raises(CaseError, match=r"--unit furlong: is no unit of readings"):
        loaded(path, unit="furlong")


def test_the_column_is_asked_for_where_several_could_be_loads(tmp_path):
    
    rows = "\n".join(f"{t:%Y-%m-%d %H:%M},{v:g},{2 * v:g},220.1,0.3" for t, v in year())
    path = write(tmp_path / "m.csv", f"时间,一号表 (MW),二号表 (MW),电压 (V),无功功率 (kvar)\n{rows}\n")
    with pytest.raises(CaseError, match=r"say which with --column: '一号表 .MW.', '二号表 .MW.'"):
        loaded(path)
    assert loaded(path, column="二号").values[0] == pytest.approx(2 * FIRST)
    assert is_the_week(loaded(path, column="2"))
    with pytest.raises(CaseError, match=r"column '三号表': is not there"):
        loaded(path, column="三号表")
    rows = "\n".join(f"{i},{t:%Y-%m-%d %H:%M},{v:g},220.1,0.3" for i, (t, v) in enumerate(year(), start=1))
    assert is_the_week(loaded(write(tmp_path / "m.csv", f"序号,时间,有功功率 (MW),电压 (V),无功功率 (kvar)\n{rows}\n")))


def test_a_stated_multiplier_or_content_is_asked_for(tmp_path):
    rows = "\n".join(f"{t:%Y-%m-%d %H:%M},{v:g},300" for t, v in year())
    path = write(tmp_path / "m.csv", f"时间,功率 (kW),倍率\n{rows}\n")
    with pytest.raises(CaseError, match=r"states a multiplier of 300; say --times 300 .* --times 1"):
        loaded(path)
    assert loaded(path, times=300).values[0] == pytest.approx(FIRST * 0.3)
    assert loaded(path, times=1).values[0] == pytest.approx(FIRST * 1e-3)
    path = write(tmp_path / "g.csv", "天然气低位发热量 35.59 MJ/m³\n" + text(year(power=lambda t: 100), "时间,用气量(m3)"))
    with pytest.raises(CaseError, match=r"says 35.59 MJ/m³; say --content 0.009886 if a m³ holds that, net MWh"):
        loaded(path)
    assert loaded(path, content=0.009886).values[0] == pytest.approx(0.9886)


def wide(ratios: list[str], head: str = "日期,户号,综合倍率") -> str:
    """A row a day and meter, 96 columns; each meter shows 1 kW all year."""
    clocks = ",".join(f"{m // 60:02d}:{m % 60:02d}" for m in range(0, 1440, 15))
    days = [datetime(2023, 1, 1) + timedelta(days=n) for n in range(365)]
    rows = [f"{day:%Y-%m-%d},M{n},{ratio}" + ",1" * 96 for day in days for n, ratio in enumerate(ratios)]
    return "\n".join(["单位：kW", f"{head},{clocks}", *rows]) + "\n"


@pytest.mark.slow
def test_each_meter_of_a_wide_file_has_its_own_multiplier(tmp_path):
    """1 kW x 20,000 and 1 kW x 100 are 20.1 MW; the multiplier of both was lost with --doubled sum."""
    path = write(tmp_path / "m.csv", wide(["20000", "100"]))
    for times in (None, 20000.0):
        with pytest.raises(CaseError, match=r"states multipliers of 100, 20000; say --times column .* --times 1"):
            loaded(path, doubled="sum", times=times)
    assert loaded(path, doubled="sum", times="column").values == pytest.approx([20.1] * 8760)
    assert loaded(path, doubled="sum", times=1).values == pytest.approx([2e-3] * 8760)
    alike = write(tmp_path / "n.csv", wide(["200,100,20000"], "日期,户号,CT倍率,PT倍率,综合倍率"))
    with pytest.raises(CaseError, match=r"states a multiplier of 20000; say --times 20000"):
        loaded(alike)
    for ratio, words in (("20.000", "is 20 or 20000"), ("2000/5", "is no number")):
        with pytest.raises(CaseError, match=f"its multiplier '{ratio}': .*{words}.*say --times"):
            loaded(write(tmp_path / "o.csv", wide([ratio])))
        assert loaded(tmp_path / "o.csv", times=20000).values[0] == pytest.approx(20)
    with pytest.raises(CaseError, match=r"its multiplier 'CT倍率 200 PT倍率 100': .*is no number; say --times"):
        loaded(write(tmp_path / "q.csv", wide(["200,100"], "日期,户号,CT倍率,PT倍率")))
    with pytest.raises(CaseError, match=r"--times column: states no multiplier"):
        loaded(write(tmp_path / "p.csv", wide(["1"])), times="column")


def test_one_meter_of_a_file_of_several_is_taken(tmp_path):
    
    rows = "\n".join(f"{meter},{t:%Y-%m-%d %H:%M},{v * meter:g}" for t, v in year() for meter in (1, 2))
    path = write(tmp_path / "m.csv", f"表号,时间,功率 (MW)\n{rows}\n")
    with pytest.raises(CaseError, match=r"2023-01-01 00:00 has the values 7 and 14 .8760 times have several.*--only.*--doubled"):
        loaded(path)
    assert is_the_week(loaded(path, only="表号=1"))
    assert loaded(path, doubled="sum").values[0] == pytest.approx(3 * FIRST)
    with pytest.raises(CaseError, match=r"no row has it; there are 1, 2"):
        loaded(path, only="表号=7")


def test_rows_dates_and_holes_as_people_write_them(tmp_path):
    clocks = [f"{(i + 1) // 4}:{(i + 1) % 4 * 15:02d}" for i in range(96)]
    assert clocks[0] == "0:15" and clocks[-1] == "24:00"
    days = [datetime(2023, 1, 1) + timedelta(days=d) for d in range(365)]
    rows = "\n".join(f"{d:%Y-%m-%d}," + ",".join(f"{week(d + timedelta(minutes=15 * i)):g}" for i in range(96)) for d in days)
    profile = loaded(write(tmp_path / "m.csv", f"单位：MW\n日期,{','.join(clocks)}\n{rows}\n", "gbk"))
    assert is_the_week(profile) and "end of its interval: the first is 00:15" in said(profile)
    rows = "\n".join(f"{t:%d.%m.%Y};{t:%H:%M};{v:g}".replace(",", ".") for t, v in year())
    assert is_the_week(loaded(write(tmp_path / "m.csv", f"Datum;Uhrzeit;Last (MW)\n{rows}\n")))
    rows = list(year())
    marks = ["", "--", "NULL", "无数据", "NaN"]
    lines = [f"{t:%Y-%m-%d %H:%M},{marks[i % 5] if 1000 <= i < 1005 else f'{v:g}'}" for i, (t, v) in enumerate(rows)]
    profile = loaded(write(tmp_path / "m.csv", "time,load (MW)\n" + "\n".join(lines) + "\n合计,35000\n"))
    assert is_the_week(profile) and "5 h were missing (gaps: 1," in said(profile)
    rows = list(year())
    assert is_the_week(loaded(write(tmp_path / "m.csv", text(reversed(rows)))))
    random.Random(1).shuffle(rows)
    assert is_the_week(loaded(write(tmp_path / "m.csv", text(rows))))
    content = text(year()).replace("2023-01-01 05:00,7.05", "2023-01-01 05:00,7.o5")
    with pytest.raises(CaseError, match=r"line 7: '7.o5': is no number"):
        loaded(write(tmp_path / "m.csv", content))


def workbook(path, sheets):
    """An xlsx with the sheets, name -> rows; dates are written as dates."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    book.close()
    return path


def test_sheets_of_a_workbook_are_read_joined_or_asked_for(tmp_path):
    rows = [["某公司"], ["时间", "有功功率(MW)"], *([t, v] for t, v in year())]
    assert is_the_week(loaded(workbook(tmp_path / "m.xlsx", {"负荷": rows})))
    rows = [["time", "load (MW)"], *([t, v] for t, v in year())]
    path = workbook(tmp_path / "m.xls", {"notes": [["made by the portal"]], "data": rows, "empty": []})
    with pytest.raises(CaseError, match=r"has several sheets; say which with --sheet, or --sheet all: notes, data"):
        loaded(path)
    assert is_the_week(loaded(path, sheet="data"))
    with pytest.raises(CaseError, match=r"--sheet Data1: is no sheet; there are notes, data, empty"):
        loaded(path, sheet="Data1")
    months = {f"{m}月": [["时间", "有功功率(MW)"], *([t, v] for t, v in year() if t.month == m)] for m in range(1, 13)}
    assert is_the_week(loaded(workbook(tmp_path / "m.xlsx", {**months, "empty": []}), sheet="all"))
    with pytest.raises(CaseError, match="--sheet all: is no workbook"):
        loaded(write(tmp_path / "m.csv", text(year())), sheet="all")
    # Of dd/mm/yyyy a spreadsheet of the United States makes dates up to the 12th, day and month changed, and leaves the rest text.
    rows = [[datetime(t.year, t.day, t.month, t.hour) if t.day <= 12 else f"{t:%d/%m/%Y %H:%M}", v] for t, v in year()]
    with pytest.raises(CaseError, match=r"a spreadsheet took day for month where it could"):
        loaded(workbook(tmp_path / "m.xlsx", {"data": [["time", "load (MW)"], *rows]}))
    with pytest.raises(CaseError, match=r"is a web page, whatever its name says"):
        loaded(write(tmp_path / "m.xls", "<html><table><tr><td>2023-01-01</td></tr></table></html>"))


def test_green_button_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(CaseError, match=r"is XML, such as Green Button; take the portal's CSV"):
        loaded(write(tmp_path / "m.xml", '<?xml version="1.0"?><feed xmlns:espi="http://naesb.org/espi"></feed>'))


def test_everything_that_is_not_certain_is_asked_at_once(tmp_path):
    """Two columns, no unit, 1,234 of either sign, day or month, start or end, and values below 0: one answer for all."""
    rows = "\n".join(f"{(t + timedelta(hours=1)):%d/%m/%Y %H:%M};{'-1,234' if i % 9 else '1,234'};5" for i, (t, _) in enumerate(year(until=datetime(2023, 12, 11, 12)))
                     if t.day < 12)
    with pytest.raises(CaseError) as caught:
        loaded(write(tmp_path / "m.csv", f"time;a;b\n{rows}\n"))
    assert {word for line in caught.value.complaints for word in line.split() if word.startswith("--")} >= {"--column:", "--unit,", "--decimal", "--order", "--stamp"}
    assert caught.value.examples.keys() >= {"column", "unit", "decimal", "order", "stamp"}


@pytest.mark.parametrize("content", ["", "\n\n", "hello", "a,b\nc,d\n"])
def test_a_file_without_readings_is_a_fault(tmp_path, content):
    with pytest.raises(CaseError, match=r"is empty|no row with a time and a number"):
        loaded(write(tmp_path / "m.csv", content))
