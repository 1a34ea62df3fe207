"""Tariffs as they are written: levels, half hours, parts, holidays and charges become rows whose prices are those by hand."""

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from models.errors import CaseError
from models.units import factor
from planner.importers.profile import Told
from planner.importers.source import read_source
from planner.importers.tariffs import (
    Fuel,
    Tariff,
    days_of,
    hourly_prices,
    profile_of,
    ranged,
    read_tariff,
    tariff_rows,
    unfolded,
    usual_price,
)
from planner.language.language import ENGLISH

GERMAN = """Stromliefervertrag 2025;;;;;
Bestandteil;Monate;Tage;Uhrzeit;Preis;Einheit
HT;;Mo-Fr;6:00-22:00;12,40;ct/kWh
NT;;;;9,15;ct/kWh
Netzentgelt Arbeit;;;;1,82;ct/kWh
Stromsteuer;;;;0,05;ct/kWh
Leistungspreis;;;;102,50;€/kW/a
MwSt;;;;19;%
"""
CHINESE = """江苏省分时电价,,,,
时段名称,月份,时段,电价,单位
尖峰,7-8,14:00-15:00;20:00-21:00,1.148,元/kWh
高峰,12-2;6-8,14:00-22:00,0.9566,元/kWh
高峰,3-5;9-11,15:00-22:00,0.9566,元/kWh
低谷,12-2;6-8,22:30-次日6:00,0.3828,元/kWh
低谷,3-5;9-11,2:00-6:00,0.3828,元/kWh
平段,,其余,0.64,元/kWh
需量电费,,,51.2,元/kW·月
"""


def told_of(tmp_path: Path, text: str, currency: str = "EUR", **more: object) -> tuple[Tariff, list[str]]:
    """The tariff, and what is told of it."""
    path, told = tmp_path / "t.csv", Told()
    path.write_text(text, encoding="utf-8")
    with told.asking():
        tariff = read_tariff(read_source(path), currency, told, **more)  # type: ignore[arg-type]
    return tariff, told.sentences(ENGLISH)


def read(tmp_path: Path, text: str, currency: str = "EUR", **more: object) -> Tariff:
    return told_of(tmp_path, text, currency, **more)[0]


def test_amounts_of_a_tariff_are_asked_for_or_told_by_their_line(tmp_path: Path) -> None:
    text = "name,months,days,hours,price,unit\npeak,,,8:00-20:00,1.148,元/kWh\nvalley,,,,{},元/kWh\n"
    with pytest.raises(CaseError, match=r"'1.148' may hold a decimal point or thousands; say --decimal point or --decimal comma"):
        read(tmp_path, text.format("1.024"), "CNY")
    for said in (read(tmp_path, text.format("1.024"), "CNY", decimal="point"), read(tmp_path, text.format("0.328"), "CNY")):
        assert said.levels["peak"] == pytest.approx(1148)
    _, said = told_of(tmp_path, GERMAN.replace("Stromsteuer;;;;0,05;", "Stromsteuer;;;;0,05 ct;"))
    assert "look at this: line 6, Stromsteuer: '0,05 ct': is no number, and is left out" in said
    tariff = read(tmp_path, GERMAN.replace("€/kW/a", "€/kVA/a"), power_factor=0.95)
    assert tariff.charges == {"demand_charge": (pytest.approx(102_500 / 0.95), "money/MW/year")}


@pytest.mark.parametrize(("unit", "to", "currency", "size"),
    [("ct/kWh", "money/MWh", "EUR", 10), ("Ct/kWh", "money/MWh", "EUR", 10), ("c€/kWh", "money/MWh", "EUR", 10),
     ("p/kWh", "money/MWh", "GBP", 10), ("¢/kWh", "money/MWh", "USD", 10), ("分/kWh", "money/MWh", "CNY", 10),
     ("角/千瓦时", "money/MWh", "CNY", 100), ("元/万kWh", "money/MWh", "CNY", 0.1), ("万kWh", "MWh", "", 10),
     ("元/kW·月", "money/MW/month", "CNY", 1000), ("元/(千瓦·月)", "money/MW/month", "CNY", 1000),
     ("€/kW/Jahr", "money/MW/month", "EUR", 1000 / 12), ("€/kW/an", "money/MW/month", "EUR", 1000 / 12),
     ("€/kW/mois", "money/MW/month", "EUR", 1000)])
def test_units_of_prices_as_they_are_written(unit, to, currency, size):
    assert factor(unit, to, currency) == pytest.approx(size)


def test_two_levels_with_parts_that_are_added_and_a_charge_of_a_year(tmp_path):
    tariff, told = told_of(tmp_path, GERMAN)
    high, low = 124 + 18.2 + 0.5, 91.5 + 18.2 + 0.5
    prices = hourly_prices(tariff)
    assert prices[3, 0].tolist() == pytest.approx([low] * 6 + [high] * 16 + [low] * 2)
    assert prices[3, 1].tolist() == prices[3, 2].tolist() == pytest.approx([low] * 24)
    assert tariff.charges == {"demand_charge": (pytest.approx(102_500), "money/MW/year")}, (
        "of the year's peak, not of twelve months'")
    assert tariff.levels == pytest.approx({"HT": high, "NT": low}) and "MwSt is left out: prices are without VAT" in told
    assert tariff_rows(prices, "grid") == [
        {"supply": "grid", "item": "energy", "months": "", "days": "weekday", "hours": "0-5;22-23", "factor": f"{low / high:.6g}"},
        {"supply": "grid", "item": "energy", "months": "", "days": "weekend", "hours": "", "factor": f"{low / high:.6g}"}]


def test_the_first_level_holds_half_hours_are_means_and_ranges_wrap(tmp_path):
    tariff = read(tmp_path, CHINESE, "CNY")
    prices = hourly_prices(tariff)
    assert prices[6, 0, 14] == pytest.approx(1148) and prices[5, 0, 14] == pytest.approx(956.6), (
        "7 and 8 have a level above the peak")
    assert (prices[0, 1, 22] == pytest.approx((640 + 382.8) / 2) and prices[0, 1, 23] == pytest.approx(382.8)
        and prices[0, 0, 0] == pytest.approx(382.8))
    assert (prices[3, 0, 1] == pytest.approx(640) and usual_price(prices) == pytest.approx(640)
        and tariff.charges == {"demand_charge": (pytest.approx(51_200), "money/MW/month")})
    back = np.full((12, 2, 24), 640.0)
    from models.inputs.boundary import ranges

    for row in reversed(tariff_rows(prices, "grid")):
        months, hours = sorted(ranges(str(row["months"]), 1, 12)), sorted(ranges(str(row["hours"]), 0, 23))
        back[np.ix_([m - 1 for m in months], [0, 1], hours)] = 640 * float(str(row["factor"]))
    assert back == pytest.approx(prices[:, :2], rel=1e-5) and ranged([0, 1, 2, 5, 22, 23]) == "0-2;5;22-23"


def test_holidays_of_a_year_have_their_own_prices_on_the_calendar_of_the_park(tmp_path):
    text = GERMAN.replace("NT;;;;9,15", "FT;;Feiertag;;5;ct/kWh\nNT;;;;9,15")
    tariff = read(tmp_path, text)
    assert tariff.knows_holidays and not read(tmp_path, GERMAN).knows_holidays
    values = profile_of(hourly_prices(tariff), 2025, "de", date(2025, 1, 1).weekday())
    base, holiday = usual_price(hourly_prices(tariff)), 50 + 18.7
    may = (date(2025, 5, 1) - date(2025, 1, 1)).days
    assert values[24 * may : 24 * may + 24].tolist() == pytest.approx([holiday / base] * 24), "1 May 2025 is a Thursday"
    after = (date(2025, 5, 2) - date(2025, 1, 1)).days
    assert values[24 * after + 12] == pytest.approx(1)
    moved = profile_of(hourly_prices(tariff), 2025, "de", (date(2025, 1, 1).weekday() + 1) % 7)
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(365) if moved[24 * n + 12] == pytest.approx(holiday / base)]
    assert len(days) == 8 and date(2025, 4, 30) in days, (
        "a calendar a weekday ahead has its holidays a day before, and New Year not at all")


@pytest.mark.parametrize(("old", "new", "line"), [
    ("12,40;ct/kWh", "12,40;", "line 3: unit: is not said; write e.g. ct/kWh"),
    ("12,40;ct/kWh", "12,40;$/kWh", "line 3: unit '$/kWh': is in USD, the park's money is EUR"),
    ("6:00-22:00", "6:15-22:00", "line 3: hours '6:15-22:00': are no hours and half hours"),
    ("6:00-22:00", "tags", "line 3: hours 'tags': are no clock times"),
    ("Mo-Fr", "manchmal", "line 3: days 'manchmal': is none of all, weekday, weekend, holiday"),
    ("HT;;", "HT;13;", "line 3: months '13': is no list of months"),
    ("€/kW/a", "€/kVA/a", "line 7: unit '€/kVA/a': is by apparent power; say --power-factor"),
    ("MwSt;;;;19;%", "Leistung;;;;9;€/kW/Monat",
     "line 8: unit '€/kW/Monat': a row above is of a month or a year, this one not"),
    ("NT;;;;9,15", "NT;1-11;;;9,15", "no level holds at 00:00 of workdays in month 12; a row without hours holds for the rest"),
])
def test_what_cannot_be_read_is_told_by_its_line(tmp_path, old, new, line):
    assert old in GERMAN
    with pytest.raises(CaseError) as caught:
        read(tmp_path, GERMAN.replace(old, new, 1))
    assert any(line in complaint for complaint in caught.value.complaints), caught.value.complaints


AGENT = """代理购电工商业用户电价表,,,,,,,,
用电分类,电压等级,电度用电价格（元/千瓦时）,其中,,分时电度用电价格（元/千瓦时）,,,容（需）量用电价格
,,,代理购电价格,电度输配电价,高峰时段,平时段,低谷时段,最大需量（元/千瓦·月）
单一制,1-10千伏,0.6,0.4,0.2,0.92,0.6,0.34,
两部制,1-10千伏,0.5,0.4,0.1,0.82,0.5,0.24,48
,35千伏,0.48,0.4,0.08,0.8,0.48,0.22,48
注：电价表按含税价格公布。高峰时段为14:00-22:00，低谷时段为0:00-6:00、11:00-13:00，其余为平时段。,,,,,,,,
"""
COLUMNS = """Voltage,Day energy (p/kWh),Night energy (p/kWh),Network charge (p/kWh),Levies (p/kWh)
HV,12,8,2.5,1.5
"""


def wide(tmp_path: Path, text: str, row: str = "", periods: str = "", currency: str = "CNY", charge: str = "", **more: float) -> Tariff:
    told, path = Told(), tmp_path / "w.csv"
    path.write_text(text, encoding="utf-8")
    with told.asking():
        return read_tariff(unfolded(read_source(path), row, periods, told, charge), currency, told, **more)


def test_a_short_peak_counts_within_a_long_one(tmp_path):
    """Sharp peak 18 to 20 at 1.5, peak 14 to 22 at 1.2, valley to 6 at 0.6, the rest at 1 CNY/kWh: whatever their order."""
    text = "电压等级,尖峰时段(元/kWh),高峰时段(元/kWh),平时段(元/kWh),低谷时段(元/kWh)\n35千伏,1.5,1.2,1,0.6\n注：不含税\n"
    periods = "尖峰时段 18:00-20:00; 低谷时段 0:00-6:00; 高峰时段 14:00-22:00"
    assert (hourly_prices(wide(tmp_path, text, periods=periods)) / 10)[0, 0, [0, 7, 15, 18, 20]].tolist() == pytest.approx([60, 100, 120, 150, 120])


def test_a_row_of_a_wide_table_of_prices_has_hours_of_its_notes_and_parts_once(tmp_path, plan):
    """The periods are of the whole price, 0.5 = 0.4 + 0.1, so nothing is added; where no column is the whole, 12 + 2.5 + 1.5 p are 160 GBP/MWh."""
    tariff = wide(tmp_path, AGENT, "两部制 1-10千伏", vat=0.13)
    assert hourly_prices(tariff)[5, 0, [0, 6, 11, 14]] * 1.13 == pytest.approx([240, 500, 240, 820])
    assert tariff.charges == {"demand_charge": (pytest.approx(48_000 / 1.13), "money/MW/month")}
    both = AGENT.replace("（元/千瓦·月）\n", "（元/千瓦·月）,变压器容量（元/千瓦·月）\n").replace("0.24,48\n", "0.24,48,30\n").replace("（元/千瓦时）", "")
    both = both.replace("电价表,", "电价表（单位：元/千瓦时）,")  # the unit of all prices stands above, and one of two charges is paid
    with pytest.raises(CaseError, match="of which one is paid; say --charge"):
        wide(tmp_path, both, "两部制 1-10千伏")
    assert wide(tmp_path, both, "两部制 1-10千伏", charge="capacity").charges == {"capacity_charge": (pytest.approx(30_000), "money/MW/month")}
    assert hourly_prices(wide(tmp_path, both, "两部制 1-10千伏", charge="demand"))[5, 0, 0] == pytest.approx(240)
    composed = hourly_prices(wide(tmp_path, COLUMNS, periods="night 23:00-7:00", currency="GBP"))
    assert composed[0, 0, [0, 7, 22, 23]].tolist() == pytest.approx([120, 160, 160, 120])
    for text, row, piece in ((AGENT, "两部制", "several rows of prices; say which with --row: 两部制 1-10千伏; 两部制 35千伏"),
        (AGENT.replace("0.5,0.4,0.1", "0.5,0.4,0.01"), "两部制 1-10千伏", "line 5: the parts come to 0.4100"),
        (COLUMNS, "", "the hours of Night energy are not told; say the periods with --periods")):
        with pytest.raises(CaseError, match=piece):
            wide(tmp_path, text, row)
    assert plan("new", "mine", "--blank").code == 0
    said = plan("import", "tariff", "w.csv", "--park", "mine", "--supply", "grid")
    assert said.code == 2 and "--periods" in said.err
    (tmp_path / "w.csv").write_text(AGENT, encoding="utf-8")
    said = plan("import", "tariff", "w.csv", "--park", "mine", "--supply", "grid")
    assert 'for example: vat = 0.13, row = "单一制 1-10千伏"' in said.err and "its prices hold VAT; say its rate" in said.err


def test_a_tariff_goes_into_a_park_is_shown_and_goes_over_another_only_when_asked(plan, tmp_path):
    assert plan("new", "mine", "--blank", "--region", "eu").code == 0
    (tmp_path / "t.csv").write_text(GERMAN)
    args = ("import", "tariff", "t.csv", "--take", "--park", "mine", "--supply", "grid")
    done = plan(*args)
    assert done.code == 0, "what stands there is an example of a blank park"
    refused = plan(*args)
    assert refused.code == 2 and "prices.csv: has a row of grid energy already; say --replace" in refused.err
    assert plan(*args, "--replace").code == 0
    for line in (
        "line 3, HT: 12.4 ct/kWh is 124 EUR/MWh, energy",
        "line 5, Netzentgelt Arbeit: 1.82 ct/kWh is 18.2 EUR/MWh, added at every hour",
        "line 7, Leistungspreis: 102.5 €/kW/a is 102500 EUR/MW/year, demand_charge",
    ):
        assert line in done.out
    rows = list(csv.DictReader((tmp_path / "mine" / "prices.csv").open()))
    assert [(r["item"], float(r["value"]), r["unit"]) for r in rows if r["supply"] == "grid"] == [("energy", 142.7, "EUR/MWh"),
        ("demand_charge", 102_500, "EUR/MW/year")]
    assert plan("check", "mine").code == 0


@pytest.mark.parametrize(("old", "new", "piece"), [
    ("", "", ""),
    ("0.9566,元/kWh", "0.9566,元/MWh", "look at this: 高峰: 0.9566 CNY/MWh: usual is 80 to"),
    ("0.9566,元/kWh", "956.6,元/kWh", "look at this: 高峰: 9.566e+05 CNY/MWh: usual is 80 to"),
    ("0.9566,元/kWh", "0.9566,ct/kWh", "look at this: 高峰: 9.566 CNY/MWh: usual is 80 to"),
    ("22:30-次日6:00", "21:30-次日6:00", "look at this: 低谷: some of its hours are of 高峰 too, which goes first"),
])
def test_a_slip_of_a_tariff_is_pointed_out_and_an_honest_one_is_not(plan, tmp_path, old, new, piece):
    assert plan("new", "mine", "--blank").code == 0
    (tmp_path / "t.csv").write_text(CHINESE.replace(old, new), encoding="utf-8")
    said = plan("import", "tariff", "t.csv", "--park", "mine", "--supply", "grid")
    assert said.code == 0 and piece in said.out and (bool(piece) or "look at this" not in said.out), said.out


def test_an_example_is_called_by_its_name_unless_something_of_that_name_is_there(plan, tmp_path):
    assert plan("check", "lakeside").code == 0
    checked = plan("check", "steelworks")
    assert checked.code == 0 and "nothing wrong (22 technologies" in checked.out
    (tmp_path / "lakeside").mkdir()
    assert plan("check", "lakeside").code == 2 and plan("check", "atlantis").code == 2


def test_holidays_make_a_profile_and_the_park_is_read(plan, tmp_path):
    assert plan("new", "mine", "--blank", "--region", "eu").code == 0
    (tmp_path / "t.csv").write_text(GERMAN.replace("NT;;;;9,15", "FT;;Feiertag;;5;ct/kWh\nNT;;;;9,15"))
    assert plan("import", "tariff", "t.csv", "--take", "--park", "mine", "--supply", "grid", "--holidays", "de", "--replace").code == 0
    assert "tariff-grid" in (tmp_path / "mine" / "profiles.csv").read_text().splitlines()[0]
    assert (tmp_path / "mine" / "tariff.csv").read_text() == "supply,item,months,days,hours,factor,source\n"
    assert plan("check", "mine").code == 0


def test_a_path_of_prices_by_year_and_a_price_by_the_tonne(plan, tmp_path):
    """850 CNY/t at 5,000 kcal/kg, 5.815 MWh/t, are 146.17 CNY/MWh; a unit that is none is told by its line."""
    coal = "名称,价格,单位,备注\n原煤,850,元/t,低位发热量 5000 kcal/kg\n"
    tariff = read(tmp_path, coal, "CNY", fuel=Fuel("coal"))
    assert tariff.levels == {"原煤": pytest.approx(850 / (5000 * 1.163e-3))}
    assert plan("new", "mine", "--blank", "--region", "eu").code == 0
    args = ("import", "tariff", "t.csv", "--take", "--park", "mine", "--supply", "grid", "--replace")
    (tmp_path / "t.csv").write_text("Jahr;Preis (ct/kWh)\n2025;12,5\n2030;11\n", encoding="utf-8")
    assert plan(*args).code == 0
    rows = list(csv.DictReader((tmp_path / "mine" / "prices.csv").open()))
    assert [(r["year"], r["value"], r["unit"]) for r in rows if (r["supply"], r["item"]) == ("grid", "energy")] == [
        ("2025", "125", "EUR/MWh"), ("2030", "110", "EUR/MWh")]
    assert plan("check", "mine").code == 0
    (tmp_path / "t.csv").write_text("Jahr;Preis (ct/kWh)\n2025;12,5\nspäter;11\n", encoding="utf-8")
    assert "line 3: 'später 11': is no year and price" in plan(*args).err


def test_the_text_of_a_contract_is_asked_for_its_four_figures(tmp_path):
    with pytest.raises(CaseError, match=r"energy price and its capacity or power price .*min_year .*until_year .*says: §3 .* 4,85 ct/kWh \| §6 Laufzeit"):
        read(tmp_path, "Liefervertrag\n§3 Der Arbeitspreis beträgt 4,85 ct/kWh\n§4 Zahlung monatlich\n§6 Laufzeit bis 31.12.2027\n", "EUR")


FRENCH = """Poste horosaisonnier;Mois;Jours;Heures;Prix;Unité
Pointe;décembre à février;lundi à samedi;9h-11h et 18h-20h;14,82;c€/kWh
HPH;novembre à mars;lundi à samedi;6h-22h;9,95;c€/kWh
HCH;novembre à mars;;;7,10;c€/kWh
HPB;avril à octobre;lundi à samedi;6h-22h;7,45;c€/kWh
HCB;avril à octobre;;;5,60;c€/kWh
Accise sur l'électricité;;;;2,05;c€/kWh
"""
BRITISH = """Charge,Months,Days,Times,Rate,Unit
Day,All,All,07:00-24:00,22.85,p/kWh
Night,All,All,00:00-07:00,16.42,p/kWh
Evening,All,Mon-Fri,18:00-20:00,30,p/kWh
DUoS Red,All,Monday to Friday,16:00-19:30,6.31,p/kWh
DUoS Amber,All,Mon-Fri,07:30-16:00; 19:30-22:00,1.12,p/kWh
DUoS Green,All,All,other times,0.25,p/kWh
Climate Change Levy,All,All,,0.801,p/kWh
Availability,All,All,,7.0,p/kVA/day
"""


def test_saturdays_that_are_like_workdays_make_a_profile_and_months_have_names(tmp_path, plan):
    tariff = read(tmp_path, FRENCH)
    prices = hourly_prices(tariff)
    high, low = 148.2 + 20.5, 71 + 20.5
    assert prices[0, 0, [8, 9, 11, 22]].tolist() == pytest.approx([99.5 + 20.5, high, 99.5 + 20.5, low])
    assert prices[0, 3].tolist() == pytest.approx(prices[0, 0].tolist()) and prices[0, 1].tolist() == pytest.approx([low] * 24)
    assert prices[2, 0, 9] == pytest.approx(120) and prices[9, 3, 9] == pytest.approx(95) and prices[10, 3, 9] == pytest.approx(120)
    assert tariff.knows_saturdays and not read(tmp_path, GERMAN).knows_saturdays
    (tmp_path / "t.csv").write_text(FRENCH, encoding="utf-8")
    assert plan("new", "p", "--blank", "--region", "eu", "--carriers", "electricity", "--grid", "2MW").code == 0
    assert plan("import", "tariff", "t.csv", "--take", "--park", "p", "--supply", "grid", "--replace").code == 0


def test_parts_with_hours_are_added_there_their_rest_elsewhere_and_a_level_without_an_hour_is_told(tmp_path):
    tariff, told = told_of(tmp_path, BRITISH, "GBP", power_factor=0.95)
    prices = hourly_prices(tariff)
    day, levy = 228.5, 8.01
    assert prices[5, 0, [3, 8, 16, 19, 22]].tolist() == pytest.approx(
        [164.2 + levy + 2.5, day + levy + 11.2, day + levy + 63.1, day + levy + (63.1 + 11.2) / 2, day + levy + 2.5])
    assert prices[5, 1, 16] == prices[5, 3, 16] == pytest.approx(day + levy + 2.5) and not tariff.knows_saturdays
    assert tariff.charges == {"capacity_charge": (pytest.approx(70 / 0.95 * 730 / 24), "money/MW/month")}
    assert "look at this: Evening: no hour is left for it; the rows above hold at all of its hours" in told
    assert "line 5, DUoS Red: 6.31 p/kWh is 63.1 GBP/MWh, added at its hours" in told


@pytest.mark.parametrize(("text", "workdays", "saturdays", "sundays", "holidays"),
    [("Mo-Fr", 1, 0, 0, 0), ("lunes a viernes", 1, 0, 0, 0), ("lundi à samedi", 1, 1, 0, 0),
     ("Samstag, Sonntag und Feiertage", 0, 1, 1, 1), ("周一至周五", 1, 0, 0, 0), ("dimanche et jours fériés", 0, 0, 1, 1),
     ("sobota", 0, 1, 0, 0), ("Sa-So", 0, 1, 1, 0), ("周末", 0, 1, 1, 0), ("All", 1, 1, 1, 1)])
def test_days_as_six_languages_write_them(text, workdays, saturdays, sundays, holidays):
    assert days_of(text).tolist() == [bool(workdays), bool(sundays), bool(holidays), bool(saturdays)]


@pytest.mark.parametrize("text", ["Mon, Wed", "some day", "Mon-Fri-Sun"])
def test_days_that_are_no_kind_of_days_are_refused(text):
    with pytest.raises(ValueError, match="days"):
        days_of(text)
