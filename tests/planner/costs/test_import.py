"""Quotations as suppliers send them, brought into costs.csv."""

import csv
from pathlib import Path

import openpyxl
import pytest


def table(path: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return {(r["type"], r["parameter"], r["year"]): r for r in csv.DictReader(file)}


@pytest.mark.parametrize(("text", "unit"),
    [("EUR/MW_CH4", "EUR/MW"), ("EUR/kW_CH4; and EUR/kW_CH4", "EUR/kW"), ("EUR/kWel", "EUR/kW"), ("EUR/kWh Capacity", "EUR/kWh"),
     ("EUR/MWhth", "EUR/MWh"), ("EUR/(tCO2/h)/km", "EUR/(t/h)/km"), ("EUR/t_CO2/h", "EUR/(t/h)"),
     ("EUR/kW_th - heat output", "EUR/kW"), ("EUR2020/kW", "EUR/kW"), ("$/kW-yr", "USD/kW/year"), ("元/Wp", "CNY/W"),
     ("元/kWh", "CNY/kWh"), ("元/千瓦", "CNY/kW"), ("%/year", "/%/year"), ("EUR/MWh output", "EUR/MWh")])
def test_units_as_others_write_them(text, unit):
    from planner.importers.cost_units import unit_of_cost

    found = unit_of_cost(text)
    assert found is not None and not found.piece and f"{found.currency}/{found.per}" == unit


def test_ten_thousand_yuan_a_piece():
    from planner.importers.cost_units import unit_of_cost

    found = unit_of_cost("万元/台")
    assert found is not None and (found.currency, found.times, found.piece) == ("CNY", 1e4, True)
    assert unit_of_cost("furlong") is None and unit_of_cost("CNY/zloty") is None


@pytest.fixture
def quote(tmp_path):
    """A quotation as suppliers send it: a title, merged remarks, headings in row 4, prices in several units."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "报价单"
    for row in (("某某能源科技有限公司 报价单",), (), ("日期", "2026-10-12"), ("序号", "设备名称", "规格", "单位", "数量", "综合单价", "备注"),
        (1, "屋顶光伏系统", "N型 TOPCon", "元/W", 5_000_000, 2.95, ""), (2, "磷酸铁锂储能系统 2h", "", "元/kWh", 6000, 880, ""),
        (3, "燃气蒸汽锅炉 7MW", "", "万元/台", 2, 210, "含安装"), (4, "监控平台", "", "项", 1, 350000, ""), ("", "合计", "", "", "", "", "")):
        sheet.append(row)
    path = tmp_path / "quote.xlsx"
    book.save(path)
    return path


def test_a_quotation_is_first_mapped_and_then_read(plan, quote, tmp_path):
    """Prices with 13 % tax: 2.95 / 1.13 CNY/W; the boiler's 210 x 10,000 CNY for 7 MW are 300,000 CNY/MW before tax."""
    said = plan("import", "costs", quote, "--price-year", 2026)
    assert said.code == 0 and "quote.map.csv: a proposal" in said.out
    mapping = tmp_path / "quote.map.csv"
    text = mapping.read_text(encoding="utf-8")
    assert "燃气蒸汽锅炉 7MW,gas-boiler-steam,gas-boiler-steam (燃气蒸汽),capital_cost,210,万元/台,2,7 MW,,,,,,0,2026" in text
    mapping.write_text(text.replace(",0,2026", ",0.13,2026"), encoding="utf-8")
    said = plan("import", "costs", quote, "--map", mapping, "--price-year", 2026, "--out", "c.csv")
    assert said.code == 0, said.err
    rows = table(tmp_path / "c.csv")
    assert float(rows["solar-rooftop", "capital_cost", ""]["value"]) == pytest.approx(2.95 / 1.13, rel=1e-4)
    assert rows["solar-rooftop", "capital_cost", ""]["unit"] == "CNY/W"
    assert float(rows["battery", "capital_cost", ""]["value"]) == pytest.approx(880 / 1.13, rel=1e-4)
    assert float(rows["gas-boiler-steam", "capital_cost", ""]["value"]) == pytest.approx(300_000 / 1.13, rel=1e-4)
    assert len(rows) == 3 and "屋顶光伏系统" in rows["solar-rooftop", "capital_cost", ""]["note"]


def test_a_price_of_a_piece_needs_its_capacity(plan, quote, tmp_path):
    plan("import", "costs", quote, "--price-year", 2026)
    mapping = tmp_path / "quote.map.csv"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace(",7 MW,", ",,"), encoding="utf-8")
    said = plan("import", "costs", quote, "--map", mapping)
    assert said.code == 2 and "line 4: 燃气蒸汽锅炉 7MW: unit '万元/台': is the price of a piece" in said.err


def test_prices_of_a_quotation_have_one_decimal_sign(plan, tmp_path):
    """As text with semicolons: 2.950 CNY/kW and 880; which of the two is meant is asked for."""
    path = tmp_path / "offer.csv"
    path.write_text("item;unit;unit price\nsolar rooftop;CNY/kW;2.950\nbattery;CNY/kWh;880\n", encoding="utf-8")
    said = plan("import", "costs", path, "--price-year", 2026, "--currency", "CNY")
    assert said.code == 2 and "'2.950' may hold a decimal point or thousands; say --decimal point or --decimal comma" in said.err
    for sign, price in (("comma", 2950), ("point", 2.95)):
        money = ("--price-year", 2026, "--currency", "CNY")
        assert plan("import", "costs", path, *money, "--decimal", sign, "--replace").code == 0
        done = plan("import", "costs", path, *money, "--map", "offer.map.csv", "--out", f"{sign}.csv")
        assert done.code == (0 if sign == "comma" else 2), "2.95 CNY/kW is shown before it is written"
        if sign == "point":
            assert "solar-rooftop capital_cost: 2.95 CNY/kW" in done.err and "usual is 930 to" in done.err
            assert not (tmp_path / "point.csv").exists()
            done = plan("import", "costs", path, *money, "--map", "offer.map.csv", "--out", "point.csv", "--unusual")
        assert done.code == 0, done.err
        rows = {row["type"]: float(row["value"]) for row in csv.DictReader((tmp_path / f"{sign}.csv").open(encoding="utf-8"))}
        assert rows == {"solar-rooftop": price, "battery": 880}
    assert "--decimal x: is none of comma, point" in plan("import", "costs", path, "--decimal", "x").err


def test_a_published_table_is_told_how_it_is_read(plan, tmp_path):
    (tmp_path / "costs_2030.csv").write_text("technology,parameter,value,unit\nonwind,investment,1035,EUR/kW\n")
    assert "a published table of technology, parameter, value and unit is read by plan --costs" in plan("import", "costs", "costs_2030.csv").err


def test_a_wrong_mapping_is_told_whole(plan, quote, tmp_path):
    (tmp_path / "m.csv").write_text("prise,item,type,parameter,price,tax,price_year\n,a,b,cost,1,13,26\n")
    said = plan("import", "costs", quote, "--map", "m.csv")
    assert said.code == 2
    for part in ("tax = 13", "'prise'", "price_year = 26", "parameter 'cost'"):
        assert part in said.err


def test_options_that_contradict_the_park_are_told_and_a_workbook_is_not_written_to(plan, small, quote, tmp_path):
    said = plan("import", "costs", quote, "--park", "park", "--currency", "EUR", "--price-year", 2020)
    assert said.code == 2 and "the park's money is CNY" in said.err and "the park's money is of 2025" in said.err
    assert plan("new", "x", "--excel").code == 0 and plan("import", "costs", quote, "--park", "x.xlsx").code == 0
    command = ("import", "costs", quote, "--map", "quote.map.csv", "--park", "x.xlsx")
    assert "a workbook is not written to; say --out FILE" in plan(*command, "--take").err and plan(*command, "--out", "c.csv").code == 0
