"""Offers of four languages: what is proposed, positions that are added, lifetimes, VAT, and the path of later years."""

import csv
from pathlib import Path

import pytest

from planner.importers.cost_units import CostFigure, UnitOfCost, unit_of_cost
from planner.importers.offers import with_decline

GERMAN = """Angebot 2026-117;;;
Alle Preise inkl. 19 % MwSt;;;
Bezeichnung;Menge;Einheit;Einzelpreis (EUR)
Industrie-Wärmepumpe 120 °C, 2 MW, Lebensdauer 20 Jahre;1;Stück;1904000
Montage und Inbetriebnahme Wärmepumpe;1;Stück;238000
Luft-Wasser-Wärmepumpe 500 kW;1;Stück;357000
"""
FRENCH = """Devis;;;
Désignation;Qté;Unité;Prix unitaire HT (EUR)
Pompe à chaleur chaleur fatale 800 kW;1;pièce;640000
Chaudière gaz 3 MW, durée de vie 25 ans;1;pièce;210000
Batterie lithium 2 MWh;1;pièce;620000
"""


def proposed(plan, tmp_path: Path, text: str, name: str):  # type: ignore[no-untyped-def]
    (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    said = plan("import", "costs", f"{name}.csv", "--propose", "--price-year", 2026, "--currency", "EUR")
    assert said.code == 0, said.err
    return rows_of(tmp_path / f"{name}.map.csv")


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.open(encoding="utf-8")))


def test_a_german_offer_with_vat_a_steam_heat_pump_and_an_installation(plan, tmp_path):
    found = proposed(plan, tmp_path, GERMAN, "a")
    assert {line["tax"] for line in found} == {"0.19"} and found[0]["unit"] == "EUR/Stück"
    assert found[0]["nearest"] == ("heat-pump-steam (wärmepumpe, 120 °c); heat-pump-air (wärmepumpe); "
        "heat-pump-excess-heat (wärmepumpe)")
    assert [(line["type"], line["capacity"], line["lifetime"]) for line in found] == [
        ("heat-pump-steam", "2 MW", "20"), ("heat-pump-steam", "2 MW", ""), ("heat-pump-air", "500 kW", "")]
    first, second = (line["item"] for line in found[:2])
    said = plan("import", "costs", "a.csv", "--map", "a.map.csv", "--price-year", 2026, "--currency", "EUR",
        "--out", "c.csv")
    assert said.code == 0, said.err
    rows = {(r["type"], r["parameter"]): r for r in csv.DictReader((tmp_path / "c.csv").open(encoding="utf-8"))}
    assert float(rows["heat-pump-steam", "capital_cost"]["value"]) == pytest.approx((1_904_000 + 238_000) / 1.19 / 2)
    assert float(rows["heat-pump-air", "capital_cost"]["value"]) == pytest.approx(357_000 / 1.19 / 500)
    assert float(rows["heat-pump-steam", "lifetime"]["value"]) == 20 and ("heat-pump-air", "lifetime") not in rows
    assert first in rows["heat-pump-steam", "capital_cost"]["note"] and second in rows["heat-pump-steam", "capital_cost"]["note"]
    assert "heat-pump-air: only the price is of the offer" in said.out


def test_a_french_offer_without_vat(plan, tmp_path):
    found = proposed(plan, tmp_path, FRENCH, "b")
    assert [(line["type"], line["capacity"], line["lifetime"]) for line in found] == [
        ("heat-pump-excess-heat", "800 kW", ""), ("gas-boiler", "3 MW", "25"), ("battery", "2 MWh", "")]


def test_a_french_offer_with_blanks_between_thousands_and_sizes_in_kwc(plan, tmp_path):
    """512,000 EUR of 640 kW are 800 EUR/kW; a heat pump of 468,000 and its installation of 74,000 on 800 kW 677.5 EUR/kW."""
    text = (
        "Poste;Désignation;Qté;Unité;PU HT;Montant HT\n1;Centrale photovoltaïque en toiture 640 kWc;1;forfait;512 000,00;512 000,00\n"
        "2;Pompe à chaleur 800 kW, COP 3,4;1;u;468 000,00;468 000,00\n3;Pose et mise en service pompe à chaleur;1;forfait;74 000,00;74 000,00\n"
        ";Total HT;;;;1 054 000,00\n")
    found = proposed(plan, tmp_path, text, "d")
    assert [line["capacity"] for line in found] == ["640 kW", "800 kW", "800 kW"]
    money = ("--price-year", 2026, "--currency", "EUR", "--out", "d-costs.csv")
    said = plan("import", "costs", "d.csv", "--map", "d.map.csv", *money)
    assert said.code == 0, said.err
    rows = {row["type"]: row for row in csv.DictReader((tmp_path / "d-costs.csv").open(encoding="utf-8"))}
    assert (float(rows["solar-rooftop"]["value"]), float(rows["heat-pump-air"]["value"])) == (800.0, 677.5)


def test_later_years_fall_as_the_catalogue_s_do():
    """Batteries of the catalogue: 900 in 2025, 650 in 2030, 535.8 in 2035: of an offer of 1,000 in 2025 these are 722.2 and 595.3."""
    offer = CostFigure("o", "battery", "capital_cost", None, 1000.0, "CNY/kWh", 2025, "offer")
    made = with_decline([offer, CostFigure("o", "battery", "lifetime", None, 12, "year", None, "offer")], 2025)
    values = {figure.year: figure.value for figure in made if figure.parameter == "capital_cost"}
    assert (values[2025] == 1000 and values[2030] == pytest.approx(1000 * 650 / 900)
        and values[2035] == pytest.approx(1000 * 535.8 / 900))
    assert [f.year for f in made if f.parameter == "lifetime"] == [None]
    of_2028 = {
        f.year: f.value for f in with_decline([CostFigure("o", "battery", "capital_cost", None, 750.0, "CNY/kWh", 2028, "o")], 2025)
    }
    assert of_2028[2028] == 750 and of_2028[2030] == pytest.approx(750 * 650 / (900 - 250 * 3 / 5)), (
        "the path is a line between 2025 and 2030")


def test_the_decline_is_asked_for_and_of_offers_only(plan, tmp_path):
    (tmp_path / "o.csv").write_text("item;unit;unit price\nbattery;CNY/kWh;880,5\n", encoding="utf-8")
    assert plan("import", "costs", "o.csv", "--price-year", 2025).code == 0
    args = ("import", "costs", "o.csv", "--map", "o.map.csv", "--price-year", 2025, "--out")
    assert plan(*args, "flat.csv").code == 0 and plan(*args, "path.csv", "--decline").code == 0
    flat, path = (
        [r["year"] for r in csv.DictReader((tmp_path / f"{name}.csv").open(encoding="utf-8"))] for name in ("flat", "path"))
    assert flat == [""] and path[:2] == ["2025", "2030"]


MIXED = """Angebot;;;
Alle Preise inkl. 19 % MwSt;;;
Bezeichnung;Menge;Einheit;Einzelpreis (EUR)
Industrie-Wärmepumpe 120 °C, 2 MW, COP 2,8;1;Stück;1904000
Inbetriebnahme;2;psch;119000
Gaskessel 10 bar, 5 MW, Wirkungsgrad 94,5 %;1;Stück;357000
Elektrokessel 95 °C, 1 MW;1;Stück;119000
"""


def test_a_capacity_may_stand_in_a_column_of_its_own(plan, tmp_path):
    found = proposed(plan, tmp_path, "设备名称,规格型号,数量,单位,单价(万元)\n磷酸铁锂储能系统,5MWh/2.5MW,1,套,310\n电极蒸汽锅炉,10t/h 效率99%,1,台,420\n", "z")
    assert [(line["type"], line["capacity"], line["efficiency"]) for line in found] == [
        ("battery", "5 MWh", ""), ("electric-boiler-steam", "7 MW", "0.99")]


def test_what_is_let_off_and_an_unknown_money_are_refused(plan, tmp_path):
    (tmp_path / "z.csv").write_text("item,unit,price (EUR)\nBattery 2 MWh,set,600000\nDiscount,set,-5000\n")
    said = plan("import", "costs", "z.csv", "--price-year", 2026, "--currency", "EUR")
    assert said.code == 2 and "z.csv line 3: Discount: a price below 0" in said.err
    assert proposed(plan, tmp_path, "item,unit,price (XYZ)\nBattery 2 MWh,set,600000\n", "y")[0]["unit"] == "XYZ/set"


def test_an_offer_gives_efficiency_and_cop_quantities_and_fitting_types_without_a_change_by_hand(plan, tmp_path):
    """(1.904 M + 2 x 0.119 M) / 1.19 / 2 MW are 900,000 EUR/MW; COP 2.8 takes 1/2.8 of electricity and 1 - 1/2.8 of waste heat, 94.5 % 1/0.945 of gas."""
    assert plan("new", "p", "--blank", "--region", "eu", "--carriers", "electricity,steam,heat").code == 0
    found = proposed(plan, tmp_path, MIXED, "m")
    assert [(line["type"], line["cop"], line["efficiency"], line["sum"]) for line in found] == [
        ("heat-pump-steam", "2.8", "", "yes"), ("heat-pump-steam", "", "", "yes"), ("gas-boiler-steam", "", "0.945", ""),
        ("electric-boiler", "", "", "")]
    load = ("import", "costs", "m.csv", "--map", "m.map.csv", "--take", "--park", "p")
    said = plan(*load)
    assert said.code == 0, said.err
    assert ("heat-pump-steam: cop 2.8 of the offer is in ports.csv" in said.out
        and "electric-boiler: only the price is of the offer" in said.out)
    with (tmp_path / "p" / "costs.csv").open(encoding="utf-8") as file:
        costs = {(r["type"], r["parameter"]): float(r["value"]) for r in csv.DictReader(file) if r["source"].startswith("quotation")
        }
    assert costs["heat-pump-steam", "capital_cost"] / costs["gas-boiler-steam", "capital_cost"] == pytest.approx(900_000 / 60_000,
        rel=1e-5)
    with (tmp_path / "p" / "ports.csv").open(encoding="utf-8") as file:
        ports = {(r["type"], r["carrier"]): float(r["ratio"]) for r in csv.DictReader(file)}
    assert ports == {("heat-pump-steam", "steam"): 1, ("heat-pump-steam", "electricity"): pytest.approx(1 / 2.8, rel=1e-5),
        ("heat-pump-steam", "waste-heat"): pytest.approx(1 - 1 / 2.8, rel=1e-5), ("gas-boiler-steam", "steam"): 1,
        ("gas-boiler-steam", "gas"): pytest.approx(1 / 0.945, rel=1e-5)}
    assert plan("check", "p").code == 0
    again = plan(*load, "--replace")
    assert again.code == 0 and plan(*load).code == 2
    edited(tmp_path / "m.map.csv", {0: {"cop": "28"}, 3: {"type": "gas-chp", "efficiency": "0.4"}})
    wrong = plan(*load, "--replace").err
    assert "cop = 28: is not above 0.3 and at most 15" in wrong
    edited(tmp_path / "m.map.csv", {0: {"cop": "2.8"}})
    assert "gas-chp: efficiency is of one thing made from another" in plan(*load, "--replace").err


def edited(path: Path, cells: dict[int, dict[str, str]]) -> None:
    """The confirmed rows with some cells written anew."""
    rows = [{**row, **cells.get(n, {})} for n, row in enumerate(rows_of(path))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


THOUSANDS = """Bezeichnung;Menge;Einheit;Einzelpreis
Batteriespeicher 1.000 kWh / 2.000 kW;1;Stück;{price}
"""


def imported(plan, tmp_path: Path, name: str, *more: object):  # type: ignore[no-untyped-def]
    """What the import of an offer with its mapping says."""
    money = ("--price-year", 2026, "--currency", "EUR", "--out", f"{name}-costs.csv", "--replace")
    return plan("import", "costs", f"{name}.csv", "--map", f"{name}.map.csv", *money, *more)


def test_a_thousand_with_one_mark_is_asked_for_unless_the_file_settles_it(plan, tmp_path):
    """312,000.50 EUR for 1,000 kWh are 312 EUR/kWh; with whole euros nothing says whether 1.000 is one or a thousand."""
    assert proposed(plan, tmp_path, THOUSANDS.format(price="312.000,50 €"), "a")[0]["capacity"] == "1000 kWh"
    assert imported(plan, tmp_path, "a").code == 0
    rows = list(csv.DictReader((tmp_path / "a-costs.csv").open(encoding="utf-8")))
    assert float(rows[0]["value"]) == pytest.approx(312.0005, rel=1e-5)
    (tmp_path / "b.csv").write_text(THOUSANDS.format(price="312000 €"), encoding="utf-8")
    propose = ("import", "costs", "b.csv", "--propose", "--price-year", 2026, "--currency", "EUR")
    asked = plan(*propose)
    assert asked.code == 2 and "'1.000': is 1 or 1000; say --decimal comma or --decimal point" in asked.err
    assert plan(*propose, "--decimal", "comma").code == 0
    mapping = tmp_path / "b.map.csv"
    assert rows_of(mapping)[0]["capacity"] == "1000 kWh"
    edited(mapping, {0: {"capacity": "1.000 kWh"}})
    assert "capacity '1.000 kWh': may be one or a thousand" in imported(plan, tmp_path, "b").err
    edited(mapping, {0: {"capacity": "1 kWh"}})
    shown = imported(plan, tmp_path, "b")
    assert shown.code == 2 and "battery capital_cost: 312000 EUR/kWh" in shown.err and not (tmp_path / "b-costs.csv").exists()
    assert imported(plan, tmp_path, "b", "--unusual").code == 0


@pytest.mark.parametrize("price", ["498,00 €", "498,00 €/kWp", "950 kWp × 498,00 €"])
def test_quantity_times_price_and_a_lump_sum_are_one_plant(plan, tmp_path, price):
    """950 kWp x 498 EUR and 28,500 EUR of work are 528 EUR/kWp, whichever cell names the kWp."""
    text = f"Bezeichnung;Menge;Einheit;Einzelpreis\nPV-Anlage Dach;950;kWp;{price}\nMontage PV;1;psch;28.500,00 EUR\n"
    found = proposed(plan, tmp_path, text, "pv")
    assert [(line["capacity"], line["sum"]) for line in found] == [("950 kW", "yes")] * 2
    assert imported(plan, tmp_path, "pv").code == 0
    rows = list(csv.DictReader((tmp_path / "pv-costs.csv").open(encoding="utf-8")))
    assert [(float(row["value"]), row["unit"]) for row in rows] == [(pytest.approx(528), "EUR/kW")]


CHINESE = """名称,单位,数量,单价,{total},备注
燃气锅炉 7MW,台,2,210,420,{remark}
"""


@pytest.mark.parametrize(("total", "remark"), [("总价", "万元/台"), ("总价（万元）", "")])
def test_ten_thousands_in_a_remark_or_another_heading_are_asked_for(plan, tmp_path, total, remark):
    """210 of 万元 for 7 MW are 300 CNY/kW; of 元 they would be 0.03."""
    (tmp_path / "c.csv").write_text(CHINESE.format(total=total, remark=remark), encoding="utf-8")
    money = ("--price-year", 2026, "--currency", "CNY")
    assert plan("import", "costs", "c.csv", *money).code == 0
    load = ("import", "costs", "c.csv", "--map", "c.map.csv", *money, "--out", "c-costs.csv")
    asked = plan(*load)
    assert asked.code == 2 and "unit '万元/台 | CNY/台': is no unit of a cost" in asked.err
    edited(tmp_path / "c.map.csv", {0: {"unit": "万元/台"}})
    assert plan(*load).code == 0
    row = next(csv.DictReader((tmp_path / "c-costs.csv").open(encoding="utf-8")))
    assert (row["value"], row["unit"]) == ("300000", "CNY/MW")


def test_signs_and_codes_of_one_currency_are_one_unit():
    assert {unit_of_cost(f"{money}/kW") for money in ("¥", "￥", "元", "CNY", "RMB", "人民币")} == {UnitOfCost("CNY", "kW")}
    assert {unit_of_cost(f"{money}/kWp") for money in ("€", "EUR", "Euro", "EURO")} == {UnitOfCost("EUR", "kW")}


def test_a_line_that_names_steam_and_no_plant_is_asked_about_with_the_three_nearest_types(plan, tmp_path):
    (row,) = proposed(plan, tmp_path, "Bezeichnung;Menge;Einheit;Einzelpreis\nDampferzeugung 8 bar, 2 MW;1;Stück;900000\n", "s")
    assert row["type"] == "" and row["nearest"] == (
        "heat-pump-steam (dampf); electric-boiler-steam (dampf); gas-boiler-steam (dampf)")


@pytest.mark.parametrize(("stated", "ratio"), [("Kondensatorwärme 80 %", 0.8 * 1.2), ("condenser heat 1.5 MW", 0.75), ("冷凝热回收 80%", 0.8 * 1.2), ("", None)])
def test_condenser_heat_of_a_chiller_is_waste_heat_of_its_type(plan, tmp_path, stated, ratio):
    """COP 5 gives off 1.2 MWh for one of cold; 80 % of them are 0.96, and 1.5 MW of a chiller of 2 MW 0.75."""
    assert plan("new", "p", "--blank", "--region", "eu", "--carriers", "electricity,cooling").code == 0
    (row,) = proposed(plan, tmp_path, f"item;unit;price\nChiller 2 MW, COP 5, {stated};set;240000 EUR\n", "c")
    assert row["type"] == "chiller-electric" and bool(row["condenser_heat"]) == bool(stated)
    load = ("import", "costs", "c.csv", "--map", "c.map.csv", "--take", "--park", "p", "--replace")
    assert plan(*load).code == 0
    ports = {(r["carrier"], r["direction"]): float(r["ratio"]) for r in rows_of(tmp_path / "p" / "ports.csv")}
    assert ports["electricity", "in"] == 0.2 and ports.get(("waste-heat", "out")) == (ratio and pytest.approx(ratio))
    edited(tmp_path / "c.map.csv", {0: {"condenser_heat": "3 MW"}})
    assert "condenser_heat = '3 MW': is no share of the 1.2 MWh" in plan(*load).err
