"""Cost tables of others, as small excerpts in their real form, brought into costs.csv."""

import csv
from pathlib import Path

import openpyxl
import pytest

TD = "technology,parameter,value,unit,source,further description,currency_year\n"


def table(path: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return {(r["type"], r["parameter"], r["year"]): r for r in csv.DictReader(file)}


@pytest.fixture
def td(tmp_path):
    """An excerpt of an output of technology-data for 2030."""
    path = tmp_path / "costs_2030.csv"
    path.write_text(TD + "solar-rooftop commercial,investment,636.0,EUR/kW_e,DEA,,2019.0\n"
        + "solar-rooftop commercial,FOM,1.6,%/year,DEA,,\n" + "solar-rooftop commercial,lifetime,40,years,DEA,,\n"
        + "battery storage,investment,150,EUR/kWh,DEA,,2015.0\n" + "battery inverter,investment,170,EUR/kW,DEA,,2015.0\n"
        + "direct air capture,investment,6000000,EUR/t_CO2/h,DEA,,2020.0\n"
        + "central air-sourced heat pump,VOM,2.5,EUR/MWh_th,DEA,,2015.0\n" + "gas boiler steam,efficiency,0.93,per unit,DEA,,\n"
        + "nuclear,investment,8000,EUR/kW_e,Lazard,,2023.0\n")
    return path


def test_the_year_of_the_money_must_be_said_since_currency_year_means_two_things(plan, td):
    said = plan("import", "costs", td, "--as", "technology-data")
    assert said.code == 2 and "currency_year can mean two things" in said.err and "--money-of 2025" in said.err


def test_all_values_of_one_year_whatever_currency_year_says(plan, td, tmp_path):
    """Values of EUR 2025 in CNY 2025 at 8.12: 636 x 8.12; battery 150 + 170 / 2 h = 235, x 8.12."""
    said = plan("import", "costs", td, "--as", "technology-data", "--money-of", 2025, "--out", "c.csv")
    assert said.code == 0, said.err
    rows = table(tmp_path / "c.csv")
    assert float(rows["solar-rooftop", "capital_cost", "2030"]["value"]) == pytest.approx(636 * 8.12, rel=1e-5)
    assert rows["solar-rooftop", "capital_cost", "2030"]["unit"] == "CNY/kW"
    assert float(rows["battery", "capital_cost", "2030"]["value"]) == pytest.approx(235 * 8.12, rel=1e-5)
    assert rows["direct-air-capture", "capital_cost", "2030"]["unit"] == "CNY/(t/h)"
    assert (rows["solar-rooftop", "fixed_cost", "2030"]["value"], rows["solar-rooftop", "fixed_cost", "2030"]["unit"]) == ("1.6",
        "%/year")
    assert rows["heat-pump-air", "variable_cost", "2030"]["unit"] == "CNY/MWh"
    assert not any(kind == "gas-boiler-steam" or kind == "nuclear" for kind, _, _ in rows)


def test_each_value_of_its_own_currency_year(plan, td, tmp_path):
    """636 EUR of 2019 are 636 x 128.7 / 104.8 EUR of 2025."""
    assert plan("import", "costs", td, "--as", "technology-data", "--money-of", "column", "--out", "c.csv").code == 0
    row = table(tmp_path / "c.csv")["solar-rooftop", "capital_cost", "2030"]
    assert float(row["value"]) == pytest.approx(636 * 128.7 / 104.8 * 8.12, rel=1e-5)
    assert "prices of 2019 to 2025 by 1.228" in row["note"]


def test_a_file_without_currency_year_asks_for_the_year_of_its_money(plan, tmp_path):
    path = tmp_path / "costs_2030.csv"
    path.write_text("technology,parameter,value,unit,source,further description\nonwind,investment,1035,EUR/kW,DEA,\n")
    said = plan("import", "costs", path, "--as", "technology-data")
    assert said.code == 2 and "has no column currency_year" in said.err and "2015 before 2024" in said.err
    assert plan("import", "costs", path, "--as", "technology-data", "--money-of", 2015, "--out", "c.csv").code == 0
    value = float(table(tmp_path / "c.csv")["wind-onshore", "capital_cost", "2030"]["value"])
    assert value == pytest.approx(1035 * 1.287 * 8.12, rel=1e-5)


def test_a_blank_currency_year_is_a_fault_where_each_value_is_of_its_own(plan, td):
    td.write_text(TD + "onwind,investment,1035,EUR/kW,DEA,,\n")
    said = plan("import", "costs", td, "--as", "technology-data", "--money-of", "column")
    assert said.code == 2 and "line 2: currency_year is blank" in said.err


def test_two_years_make_one_series_and_a_file_without_a_year_asks_for_it(plan, td, tmp_path):
    (tmp_path / "costs_2025.csv").write_text(TD + "onwind,investment,1100,EUR/kW,DEA,,2025\n")
    td.write_text(TD + "onwind,investment,1000,EUR/kW,DEA,,2025\n")
    assert (
        plan("import", "costs", tmp_path / "costs_2025.csv", td, "--as", "technology-data", "--money-of", "column", "--out",
            "c.csv").code
        == 0
    )
    assert [key[2] for key in table(tmp_path / "c.csv")] == ["2025", "2030"]
    (tmp_path / "costs.csv").write_text(td.read_text())
    said = plan("import", "costs", tmp_path / "costs.csv", "--as", "technology-data", "--money-of", 2025)
    assert said.code == 2 and "say --year" in said.err


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
    said = plan("import", "costs", quote, "--as", "quote", "--price-year", 2026)
    assert said.code == 0 and "quote.map.csv: a proposal" in said.out
    mapping = tmp_path / "quote.map.csv"
    text = mapping.read_text(encoding="utf-8")
    assert "燃气蒸汽锅炉 7MW,gas-boiler-steam,gas-boiler-steam (燃气蒸汽),capital_cost,210,万元/台,2,7 MW,,,,,0,2026" in text
    mapping.write_text(text.replace(",0,2026", ",0.13,2026"), encoding="utf-8")
    said = plan("import", "costs", quote, "--as", "quote", "--map", mapping, "--price-year", 2026, "--out", "c.csv")
    assert said.code == 0, said.err
    rows = table(tmp_path / "c.csv")
    assert float(rows["solar-rooftop", "capital_cost", ""]["value"]) == pytest.approx(2.95 / 1.13, rel=1e-4)
    assert rows["solar-rooftop", "capital_cost", ""]["unit"] == "CNY/W"
    assert float(rows["battery", "capital_cost", ""]["value"]) == pytest.approx(880 / 1.13, rel=1e-4)
    assert float(rows["gas-boiler-steam", "capital_cost", ""]["value"]) == pytest.approx(300_000 / 1.13, rel=1e-4)
    assert len(rows) == 3 and "屋顶光伏系统" in rows["solar-rooftop", "capital_cost", ""]["note"]


def test_a_price_of_a_piece_needs_its_capacity(plan, quote, tmp_path):
    plan("import", "costs", quote, "--as", "quote", "--price-year", 2026)
    mapping = tmp_path / "quote.map.csv"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace(",7 MW,", ",,"), encoding="utf-8")
    said = plan("import", "costs", quote, "--as", "quote", "--map", mapping)
    assert said.code == 2 and "line 4: 燃气蒸汽锅炉 7MW: unit '万元/台': is the price of a piece" in said.err


def test_prices_of_a_quotation_have_one_decimal_sign(plan, tmp_path):
    """As text with semicolons: 2.950 CNY/kW and 880; which of the two is meant is asked for."""
    path = tmp_path / "offer.csv"
    path.write_text("item;unit;unit price\nsolar rooftop;CNY/kW;2.950\nbattery;CNY/kWh;880\n", encoding="utf-8")
    said = plan("import", "costs", path, "--as", "quote", "--price-year", 2026, "--currency", "CNY")
    assert said.code == 2 and "'2.950' may hold a decimal point or thousands; say --decimal point or --decimal comma" in said.err
    for sign, price in (("comma", 2950), ("point", 2.95)):
        money = ("--as", "quote", "--price-year", 2026, "--currency", "CNY")
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
    assert "--decimal x: is none of comma, point" in plan("import", "costs", path, "--as", "quote", "--decimal", "x").err


def test_a_wrong_mapping_is_told_whole(plan, quote, tmp_path):
    (tmp_path / "m.csv").write_text("prise,item,type,parameter,price,tax,price_year\n,a,b,cost,1,13,26\n")
    said = plan("import", "costs", quote, "--as", "quote", "--map", "m.csv")
    assert said.code == 2
    for part in ("tax = 13", "'prise'", "price_year = 26", "parameter 'cost'"):
        assert part in said.err


def test_a_park_gets_the_costs_of_its_own_types_and_a_slip_is_named(plan, small, tmp_path):
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,0,1,,sun\nstore,battery,0,2,,")
    small.edit("types.csv", "solar,converter,,1", "solar,converter,,1\nbattery,store,0.95,")
    small.edit("ports.csv", "solar,electricity,out,1", "solar,electricity,out,1\nbattery,electricity,in,1")
    (tmp_path / "costs_2030.csv").write_text(TD
        + "batery,investment,150,EUR/kWh,offer,,2025\nsolar,investment,600,EUR/kW,offer,,2025\nonwind,investment,1000,EUR/kW,DEA,,2025\n")
    arguments = ("import", "costs", "costs_2030.csv", "--as", "technology-data", "--money-of", "column", "--take", "--park", "park")
    said = plan(*arguments)
    assert said.code == 2 and "has a row of solar capital_cost already" in said.err
    said = plan(*arguments, "--replace")
    assert said.code == 0, said.err
    assert "look at this: batery: is no type of the park and is left out; did you mean battery?" in said.out
    rows = table(small.folder / "costs.csv")
    assert float(rows["solar", "capital_cost", "2030"]["value"]) == pytest.approx(600 * 8.12, rel=1e-5)
    assert ("solar", "lifetime", "") in rows and ("solar", "capital_cost", "") not in rows


def test_options_that_contradict_the_park_are_told(plan, small, td):
    said = plan("import", "costs", td, "--as", "technology-data", "--money-of", 2025, "--take", "--park", "park", "--currency", "EUR",
        "--price-year", 2020)
    assert said.code == 2 and "the park's money is CNY" in said.err and "the park's money is of 2025" in said.err
    assert plan("import", "costs", td, "--as", "excel").code == 2 and plan("import", "costs", "gone.csv", "--as", "quote").code == 2


def test_a_workbook_says_types_and_money_and_is_not_written_to(plan, td, tmp_path):
    assert plan("new", "x", "--excel").code == 0
    arguments = ("import", "costs", td, "--as", "technology-data", "--money-of", 2025, "--take", "--park", "x.xlsx")
    assert "a workbook is not written to; say --out FILE" in plan(*arguments).err and plan(*arguments, "--out", "c.csv").code == 0
    assert {kind for kind, _, _ in table(tmp_path / "c.csv")} == {"solar-rooftop", "battery"}
    assert plan("check", "x.xlsx", "--costs", "c.csv").code == 0
