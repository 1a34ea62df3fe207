"""Bills in the tables that accountants keep: any carrier, unit, language; what was converted by which figure; into a park."""

from pathlib import Path

import portals
import pytest

from models.errors import CaseError
from planner.importers.bills import Asked, Billed, read_billed
from planner.importers.profile import Told
from planner.importers.quantities import amount_of
from planner.importers.source import read_source
from planner.language.language import ENGLISH

SPANISH_GAS = sum(portals.SPANISH_GAS)


def billed(path: Path, **asked: object) -> Billed:
    told = Told()
    with told.asking():
        return read_billed(read_source(path), Asked(**asked), told)  # type: ignore[arg-type]


def table(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def months(head: str, cells: str = "{m};100;12") -> str:
    return head + "\n" + "".join(cells.format(m=m) + "\n" for m in range(1, 13))


def test_bills_of_three_countries_as_they_come(tmp_path):
    found = billed(portals.spanish_power_bills(tmp_path / "b.xlsx"))
    assert found.unit == "kWh" and found.heading == "Consumo total (kWh)" and found.year == 2025 and len(found.amounts) == 12
    assert found.amounts.sum() / 1000 == pytest.approx(sum(portals.by_month(portals.dairy, portals.MADRID)), rel=1e-5)
    assert found.money is not None and found.spent is not None and found.spent.heading == "Base imponible (€)"
    first = found.amounts[0]
    assert found.money[0] == pytest.approx((5200 + first * 0.118) * 1.0511, abs=0.02)
    assert (found.spent.basis, found.spent.tax, found.spent.currency) == ("net", 0.21, "EUR")
    found = billed(portals.spanish_gas_bills(tmp_path / "g.csv"))
    assert found.heading == "Consumo (kWh PCS)" and found.year == 2025
    assert found.amounts.tolist() == pytest.approx([1000 * e for e in portals.SPANISH_GAS])
    assert amount_of(found.unit, "gas", found.texts, "", None).times == pytest.approx(0.902e-3)
    found = billed(portals.chinese_power_bills(tmp_path / "b.xlsx"))
    assert found.unit == "万kWh" and found.heading == "总电量(万kWh)" and found.year == 2025
    assert amount_of(found.unit, "electricity", found.texts, "", None).times == pytest.approx(10)
    assert found.amounts.sum() * 10 == pytest.approx(sum(portals.by_month(portals.textile, minutes=15)), rel=1e-5)
    assert found.spent is not None and (found.spent.basis, found.spent.tax, found.spent.times) == ("gross", 0.13, 1e4)
    steam = billed(portals.chinese_steam_bills(tmp_path / "s.csv"))
    assert steam.amounts.tolist() == list(portals.CHINESE_STEAM) and steam.unit == "吨"
    # 0.8 MPa above the air's are 0.9 MPa: between 2768.3 and 2777.1 kJ/kg, less 83.74 of water of 20 °C
    assert amount_of(steam.unit, "steam", steam.texts, "", None).times == pytest.approx((2772.7 - 83.74) / 3600, rel=1e-4)
    gas = billed(portals.chinese_gas_bills(tmp_path / "g.csv"))
    assert gas.unit == "万m3" and amount_of(gas.unit, "gas", gas.texts, "", None).times == pytest.approx(1e4 * 35.6 / 3600)


def test_readings_of_two_meters_with_their_multipliers_are_amounts_of_months(tmp_path):
    """(1,250 - 1,200) x 80 + (350 - 300) x 40 kWh are 6,000 of each month."""
    text = "表号,倍率,月份,上期示数,本期示数(kWh)\n" + "".join(
        f"{meter},{ratio},2025-{m:02d},{first + 50 * m - 50},{first + 50 * m}\n" for meter, ratio, first in (("A", 80, 1200), ("B", 40, 300)) for m in range(1, 13))
    found = billed(table(tmp_path / "a.csv", text))
    assert found.amounts.tolist() == [6000] * 12 and found.unit == "kWh" and found.year == 2025
    with pytest.raises(CaseError, match="the register fell from 1200 to 125;"):
        billed(table(tmp_path / "b.csv", text.replace("1200,1250", "1200,125")))
    stated = text.replace("示数(kWh)\n", "示数,电量(kWh)\n").replace(",1200,1250\n", ",1200,1250,40000\n")
    with pytest.raises(CaseError, match="line 2: 40,000 is stated, and the readings come to 4,000"):
        billed(table(tmp_path / "c.csv", stated))


def test_money_with_its_vat_behind_a_comma_is_money(tmp_path):
    found = billed(table(tmp_path / "a.csv", months("月份;用汽量(吨);金额（元，含税9%）")))
    assert found.spent is not None and (found.spent.basis, found.spent.tax, found.spent.currency) == ("gross", 0.09, "CNY")


def test_slips_of_a_row_of_bills_are_told(tmp_path):
    text = months("month;kWh;cost (EUR)")
    with pytest.raises(CaseError, match=r"a.csv line 14: is line 6 again; keep one"):
        billed(table(tmp_path / "a.csv", text + "5;100;12\n"))
    for change, piece in (("7;100000;12", "The highest amount, 100,000, is 1,000 times the next"), ("7;100;12\n7;90;11",
        "Months with more rows than others, which are added: 7.")):
        told = Told()
        read_billed(read_source(table(tmp_path / "b.csv", text.replace("7;100;12", change))), Asked(), told)
        assert any(piece in line for line in told.sentences(ENGLISH))


def test_a_sum_of_money_that_is_not_that_of_its_rows_is_told(tmp_path):
    text = months("month;kWh;cost (EUR)") + "total;1200;{}\n"
    assert billed(table(tmp_path / "a.csv", text.format(144))).money.sum() == 144
    with pytest.raises(CaseError, match=r"column 'cost .EUR.': its rows come to 144, its sum says 160"):
        billed(table(tmp_path / "a.csv", text.format(160)))


def test_a_point_before_three_digits_is_asked_for_unless_money_beside_it_settles_it(tmp_path):
    def path(money):
        return table(tmp_path / "b.csv", months("Month,Energy (MWh),Cost (EUR)", "{m}/2025,1.234," + money))
    with pytest.raises(CaseError, match=r"'1.234' may hold a decimal point or thousands; say --decimal point or --decimal comma"):
        billed(path("617"))
    assert billed(path("617"), decimal="comma").amounts[0] == 1234
    assert billed(path("617.25")).amounts[0] == 1.234 and billed(path('"617,25"')).amounts[0] == 1234


@pytest.mark.parametrize(("unit", "carrier", "texts", "times"),
    [("kWh", "gas", ["Verbrauch (kWh Hs)"], 0.902e-3), ("kWh", "gas", ["Energie (kWh)", "Brennwert 11,2 kWh/m³"], 0.902e-3),
     ("kWh", "gas", ["Energie kWh Hi"], 1e-3), ("kWh", "electricity", ["kWh"], 1e-3),
     ("MMBtu", "gas", ["MMBtu HHV"], 0.293071 * 0.902), ("therms", "gas", ["gross"], 0.0293071 * 0.902),
     ("m³", "gas", [], 0.038931 / 3.6), ("Nm3", "gas", ["Brennwert: 11.4 kWh/m³"], 11.4e-3 * 0.902),
     ("万m³", "gas", ["低位热值 8500 kcal/m3"], 1e4 * 8500 * 1.163e-6), ("t", "coal", [], 20.908 / 3.6),
     ("吨", "coal", ["低位发热量 5000 kcal/kg"], 5000 * 1.163e-3), ("tce", "coal", [], 8.141), ("吨标煤", "coal", [], 8.141),
     ("t", "steam", [], 0.7), ("t", "steam", ["10 bar"], (2777.1 + 0.1 / 0.5 * (2791.0 - 2777.1) - 83.74) / 3600),
     ("GJ", "heat", [], 1 / 3.6)])
def test_units_of_each_kind_by_hand(unit, carrier, texts, times):
    assert amount_of(unit, carrier, texts, "", None).times == pytest.approx(times, rel=1e-5)


def test_notes_under_a_table_and_in_its_rows_are_read_and_two_of_them_are_asked_about(tmp_path):
    """35.59 MJ/m³ are 9.886 kWh; 0,8 MPa are 0.8 and not 8; of a note of 38.931 MJ/m³ only 38.931 can be meant."""
    text = months("月份;用量({unit});备注", "{m}月;100;{{remark}}")
    gas = billed(table(tmp_path / "g.csv", text.format(unit="m³", remark="") + "注：天然气低位发热量35.59 MJ/m³;;\n"), year=2025)
    assert amount_of(gas.unit, "gas", gas.texts, "", None).times == pytest.approx(35.59 / 3600)
    for remark, note in (("", "注：蒸汽压力0.8 MPa;;\n"), ("0,8 MPa", "")):
        steam = billed(table(tmp_path / "s.csv", text.format(unit="吨", remark=remark) + note), year=2025)
        said = amount_of(steam.unit, "steam", steam.texts, "", None)
        assert said.times == pytest.approx((2772.7 - 83.74) / 3600, rel=1e-4) and "no pressure is named" not in str(said.why)
    assert amount_of("m³", "gas", ["38.931 MJ/m³"], "", None).times == pytest.approx(38.931 / 3600)
    with pytest.raises(CaseError, match=r"says 0.8 MPa and 1.2 MPa; say which with --content, MWh in a t, e.g. --content 0.7469"):
        amount_of("t", "steam", ["0.8~1.2 MPa"], "", None)
    assert amount_of("t", "steam", ["0.8~1.2 MPa"], "", 0.75).times == 0.75


def test_what_is_said_of_heating_and_content_goes_before_the_file_and_each_figure_is_told():
    assert amount_of("kWh", "gas", ["kWh"], "gross", None).times == pytest.approx(0.902e-3)
    own = amount_of("t", "straw", [], "", 4.1)
    assert own.times == 4.1 and own.why == ("a t has 4.1 MWh, as --content says",)
    assert amount_of("m³", "gas", [], "", None).why == (
        "a m³ of gas has 0.010814 MWh, the usual net calorific value; see --content",)
    assert "gross or the net calorific value is not said" in amount_of("kWh", "gas", ["Verbrauch (kWh)"], "", None).why[0]
    with pytest.raises(CaseError, match="what a t of straw holds is not known; say --content"):
        amount_of("t", "straw", [], "", None)
    with pytest.raises(CaseError, match="unit 'kW': is none of energy, fuel or steam"):
        amount_of("kW", "gas", [], "", None)


def test_sums_parts_and_years_of_bills(tmp_path):
    text = months("Monat;Verbrauch (kWh);Kosten netto (€)")
    assert billed(table(tmp_path / "a.csv", text + "Summe;1200;144\n"), year=2025).amounts.sum() == 1200
    with pytest.raises(CaseError, match=r"its rows come to 1,200, its sum says 1,300; is a row missing or misread\?"):
        billed(table(tmp_path / "b.csv", text + "Summe;1300;144\n"), year=2025)
    found = billed(table(tmp_path / "a.csv", months("Mois;HP (kWh);HC (kWh)", "{m};70;30")), year=2025)
    assert found.amounts.tolist() == [100.0] * 12 and found.heading == "HP (kWh)"
    short = "\n".join(months("Mois;HP (kWh);HC (kWh)", "2025-{m:02d};70;30").splitlines()[:-1]) + "\n"
    with pytest.raises(CaseError, match="has 11 amounts of 2025; a year has 12 months, 4 quarters, 365 days, or one amount"):
        billed(table(tmp_path / "b.csv", short))
    four = "\n".join(months("Mois;HP (kWh)", "2025-{m:02d};70").splitlines()[:5]) + "\n"
    with pytest.raises(CaseError, match="has 4 amounts of 2025"):  # four months are no quarters
        billed(table(tmp_path / "b.csv", four))
    found = billed(table(tmp_path / "a.csv", "Jahresübersicht 2024;;\nJahr;Gas (MWh Hs);Betrag brutto (k€)\n2024;4.200,5;310,2\n"))
    assert (found.year, found.amounts.tolist(), found.unit) == (2024, [4200.5], "MWh")
    assert (
        found.money is not None and found.money.tolist() == [310200.0] and found.spent is not None and found.spent.basis == "gross")
    text = "单位：万元\n" + months("月份;用量(kWh);电费")
    with pytest.raises(CaseError, match=r"column '电费': names no money, and the file says '万元'; write .*, e.g. 电费\(万元\)"):
        billed(table(tmp_path / "b.csv", text), year=2025, cost="电费")
    paid = billed(table(tmp_path / "c.csv", text.replace("电费", "电费(万元)")), year=2025).money
    assert paid is not None and paid[0] == 120_000


@pytest.fixture
def park(tmp_path: Path, plan) -> Path:  # type: ignore[no-untyped-def]
    assert plan("new", "mine", "--blank", "--region", "eu", "--carriers", "electricity,steam", "--grid", "3MW").code == 0
    return tmp_path / "mine"


def test_gas_becomes_a_bill_a_price_and_steam_through_the_boiler_that_stands(park, plan, tmp_path):
    path = portals.spanish_gas_bills(tmp_path / "g.csv")
    result = plan("import", "bill", str(path), "--take", "--park", str(park), "--supply", "gas", "--demand", "process", "--price",
        "--replace")
    assert result.code == 0, result.err
    energy = SPANISH_GAS * 0.902
    rows = {name: (park / f"{name}.csv").read_text().splitlines() for name in ("bills", "prices", "demand")}
    assert rows["bills"][-1].startswith(f"gas,2025,{energy:.3f},MWh,{SPANISH_GAS * 46:.2f}")
    assert f"gas,energy,2025,{46 / 0.902:.6g},EUR/MWh,bills g.csv; mean of the year" in rows["prices"][-1]
    assert rows["demand"][-1].startswith(f"process,steam,2025,{energy * 0.93:.1f},MWh,process"), "the boiler makes 0.93 of one"
    assert (
        "0.902 of the gross calorific value is the net one" in result.out and "boiler makes 0.93 MWh of steam of one" in result.out)
    again = plan("import", "bill", str(path), "--take", "--park", str(park), "--supply", "gas")
    assert again.code == 2 and "bills.csv: has a row of gas 2025 already" in again.err


def test_bills_and_tariffs_go_into_a_park_that_lacks_what_they_do_not_need(park, plan, tmp_path):
    """A demand without a profile and a supply without a price are `plan check`'s; a row of supplies.csv that is none is told."""
    (park / "prices.csv").unlink()
    (park / "demand.csv").write_text("demand,carrier,year,value,unit,profile\nhalls,electricity,2025,9,GWh,not-yet\n")
    bill = table(tmp_path / "b.csv", months("Monat;Verbrauch (kWh)", "2025-{m:02d};100"))
    tariff = table(tmp_path / "t.csv", "name;price;unit\nArbeitspreis;12,5;ct/kWh\n")
    commands = [("import", kind, str(path), "--take", "--park", str(park), "--supply", "grid", "--replace")
        for kind, path in (("bill", bill), ("tariff", tariff))]
    assert plan("check", str(park)).code == 2 and [plan(*command).code for command in commands] == [0, 0]
    assert "of what is bought supplies.csv needs a row first" in plan(*commands[0][:-2], "steam").err
    (park / "supplies.csv").write_text("supply,carrier,kind,max_import\ngrid,electricity,grid,3x\n")
    assert all("supplies.csv line 2: max_import = '3x'" in plan(*command).err for command in commands)


def test_a_list_of_roofs_is_the_area_of_a_site(park, plan, tmp_path):
    """1,850 m² x 60 % + 4,200 x 0.75 + 640 x 40 % are 4,516 m², of which 1,110 face south; m2 and per cent as they are written."""
    text = "Gebäude;Fläche m²;nutzbar;Ausrichtung\nSudhaus;1850;60 %;Süd\nLager;4200;0,75;Ost\nBüro;640;40%;Ost\nSumme;6690;;\n"
    command = ("import", "roofs", str(table(tmp_path / "r.csv", text)), "--park", str(park), "--replace", "--decimal", "comma")
    assert plan(*command, "--take").code == 0 and (park / "sites.csv").read_text().splitlines()[-1].startswith("roofs,0.4516")
    south = plan(*command, "--only", "Ausrichtung=Süd", "--name", "south", "--take")
    assert south.code == 0 and (park / "sites.csv").read_text().splitlines()[-1].startswith("south,0.111"), south.err
    table(tmp_path / "r.csv", text.replace("60 %", "160 %").replace("nutzbar", "x") )
    assert "no column says which share is usable" in plan(*command).err
    table(tmp_path / "r.csv", text.replace("60 %", "160 %"))
    assert "line 2: 'Sudhaus 1850 160 % Süd': needs an area above 0" in plan(*command).err


def test_vat_is_taken_off_by_the_rate_of_the_file_or_of_the_option_and_asked_for_where_none_is_known(park, plan, tmp_path):
    path = table(tmp_path / "b.csv", months("Monat;Verbrauch (kWh);Kosten brutto (€)", "2025-{m:02d};100;119"))
    args = ("import", "bill", str(path), "--take", "--park", str(park), "--supply", "grid", "--replace")
    assert "column 'Kosten brutto (€)': holds VAT; say its rate" in plan(*args).err and plan(*args, "--vat", "0.19").code == 0
    assert (park / "bills.csv").read_text().splitlines()[-1] == "grid,2025,1.200,MWh,1200.00,bills b.csv"
    assert plan(*args, "--vat", "0").code == 0
    assert (park / "bills.csv").read_text().splitlines()[-1] == "grid,2025,1.200,MWh,1428.00,bills b.csv"
    (park / "imports" / "bill-grid.toml").unlink()  # says vat = 0.19
    unsaid = table(tmp_path / "c.csv", months("Monat;Verbrauch (kWh);Kosten (€)", "2025-{m:02d};100;119"))
    assert ("whether Kosten (€) holds VAT is not said"
        in plan("import", "bill", str(unsaid), "--take", "--park", str(park), "--supply", "grid", "--replace").out)


def test_what_cannot_be_taken_is_refused_with_a_line_and_nothing_is_written(park, plan, tmp_path):
    before = {p.name: p.read_bytes() for p in park.iterdir()}
    path = portals.chinese_gas_bills(tmp_path / "g.csv")
    for more, line in (
        (("--supply", "gsa"), "--supply 'gsa': is no supply of the park"),
        (("--supply", "gas"), "column '气费(万元)': is in CNY, the park's money is EUR"),
        (("--supply", "gas", "--vat", "13"), "--vat 13: is no share from 0 to 1; write 0.13 for 13 %"),
        (("--supply", "gas", "--by", "boiler"), "--by: says what serves a demand; say --demand, too"),
        (("--supply", "gas", "--shape", "four-shift"), "--shape four-shift: is none of"),
        (("--supply", "gas", "--column", "电"), "column '电': is not there"),
    ):
        result = plan("import", "bill", str(path), "--take", "--park", str(park), *more)
        assert result.code == 2 and line in result.err, (more, result.err)
    assert {p.name: p.read_bytes() for p in park.iterdir()} == before


def test_bills_ask_all_at_once_and_a_kept_unit_does_not_hide_another(park, plan, tmp_path):
    """Neither unit, year nor rate of VAT is said; then a unit is kept, and the next file's heading says another."""
    path = table(tmp_path / "b.csv", months("Monat;Verbrauch;Kosten brutto (€)", "{m};100;119"))
    args = ("import", "bill", str(path), "--park", str(park), "--supply", "grid", "--replace")
    err = plan(*args, "--column", "Verbrauch").err
    assert all(word in err for word in ("say it with --unit", "say --year", "say its rate, e.g. --vat 0.13")) and "that would answer" in err
    assert plan(*args, "--column", "Verbrauch", "--unit", "kWh", "--year", "2025", "--vat", "0.19", "--take").code == 0
    table(path, months("Monat;Verbrauch (MWh);Kosten brutto (€)", "{m};100;119"))
    assert "the file says MWh, --unit says kWh" in plan(*args, "--year", "2025", "--column", "Verbrauch (MWh)").err


def test_bills_aligned_by_blanks_are_read_and_a_row_that_lacks_a_cell_is_refused(tmp_path):
    rows = [f"2025-{m:02d}     {1000 + m},5       {200 + m},25" for m in range(1, 13)]
    head = ["Stadtwerke, Jahresaufstellung", "", "Monat      Energie (kWh)   Betrag netto (EUR)"]
    found = billed(table(tmp_path / "b.txt", "\n".join([*head, *rows]) + "\n"))
    assert found.amounts.sum() == pytest.approx(12 * 1000.5 + 78) and found.money is not None and found.money[0] == 201.25
    rows[4] = "2025-05     1005,5"
    with pytest.raises(CaseError, match="line 8: has fewer cells than the other rows"):
        billed(table(tmp_path / "c.txt", "\n".join([*head, *rows]) + "\n"))
