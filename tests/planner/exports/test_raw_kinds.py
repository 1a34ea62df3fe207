"""Two parks from files as they come, in German and Chinese: what a person does beside is the list `BY_HAND`, of which none is a number
turned by hand."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from portals import done

GERMAN = {
    "gas.txt": "Stadtwerke, Jahresaufstellung Erdgas\n\nMonat      Energie (kWh Hs)   Betrag netto (EUR)\n"
    + "".join(f"2025-{m:02d}     {200000 + m},5       {9000 + m},25\n" for m in range(1, 13)),
    "halle2.csv": "Zähler;Wandlerfaktor;Monat;Zählerstand alt;Zählerstand neu (kWh)\n"
    + "".join(f"H2;80;2025-{m:02d};{1000 + 50 * m - 50};{1000 + 50 * m}\n" for m in range(1, 13)),
    "strom.csv": "Bestandteil;Preis;Einheit\nEnergie;9,15;ct/kWh\nNetzentgelt Arbeit;1,82;ct/kWh\nUmlagen;1,28;ct/kWh\nLeistungspreis;102,50;€/kW/a\n",
    "co2.csv": "Jahr;CO2-Preis (EUR/t)\n2025;55\n2030;80\n2035;120\n",
    "vertrag.txt": "Wärmeliefervertrag\n§3 Der Arbeitspreis beträgt 48,50 €/MWh, der Leistungspreis 30 €/kW/a\n"
    "§4 Mindestabnahme 800 MWh im Jahr\n§6 Laufzeit bis 31.12.2030\n",
    "angebot.csv": "Bezeichnung;Menge;Einheit;Einzelpreis netto (EUR)\nGaskessel 10 bar, 2 MW, Wirkungsgrad 94 %;1;Stück;180000\n"
    "Kältemaschine 1 MW, COP 5, Kondensatorwärme 0,9 MW;1;Stück;120000\n",
    "dach.csv": "Halle;Fläche m²;nutzbar\nHalle 1;5000;60 %\nHalle 2;3000;70 %\n",
}
CHINESE = {
    "蒸汽.csv": "月份;用汽量(吨);金额(元 含税9%);备注\n" + "".join(f"2025-{m:02d};500;120000;0.8 MPa\n" for m in range(1, 13)),
    "天然气.csv": "月份;用气量(m³);金额(元 不含税)\n" + "".join(f"2025年{m}月;10000;35000\n" for m in range(1, 13))
    + "注：天然气低位发热量35.59 MJ/m³;;\n",
    "煤.csv": "名称,价格,单位,备注\n原煤,850,元/t,低位发热量 5000 kcal/kg\n",
    "代理购电.csv": "用电分类,电压等级,电度用电价格（元/千瓦时）,其中,,分时电度用电价格（元/千瓦时）,,,容（需）量用电价格\n"
    ",,,代理购电价格,电度输配电价,高峰时段,平时段,低谷时段,最大需量（元/千瓦·月）\n单一制,1-10千伏,0.6,0.4,0.2,0.92,0.6,0.34,\n"
    "两部制,1-10千伏,0.5,0.4,0.1,0.82,0.5,0.24,48\n注：不含税。高峰时段为14:00-22:00，低谷时段为0:00-6:00,,,,,,,,\n",
    "报价.csv": "设备名称,单位,数量,单价(万元)\n燃气蒸汽锅炉 5MW 热效率95%,台,1,300\n离心冷水机 1MW COP 5 冷凝热回收 80%,台,1,80\n",
    "屋顶.csv": "厂房,面积(m²),可利用\n一号,20000,70%\n",
}
#: Rows that name what stands, or figures that a text states: (file of the park, line); none is turned.
BY_HAND = {
    "werk": [("supplies.csv", "heat,heat,fuel,2,,2,heat-purchased-fossil")],
    "工厂": [("supplies.csv", "coal,coal,fuel,,,1,coal"), ("supplies.csv", "steam,steam,fuel,10,,2,steam-purchased-fossil")],
}


def lastgang(path: Path) -> Path:
    """Quarter hours of a German portal, ends of intervals: 600 kW by day and 200 by night."""
    times = (datetime(2025, 1, 1) + timedelta(minutes=15 * (n + 1)) for n in range(35040))
    rows = (f"{t:%d.%m.%Y %H:%M};{600 if 6 < t.hour < 19 else 200},0" for t in times)
    path.write_text("Zeitstempel;Wirkleistung Bezug [kW]\n" + "\n".join(rows) + "\n", encoding="cp1252")
    return path


def made(plan, folder: Path, name: str, files: dict[str, str], *options: str) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    assert plan("new", name, "--blank", *options).code == 0
    for file, line in BY_HAND[name]:
        path = folder / name / file
        path.write_text(path.read_text() + line + "\n")
    return ("--park", name, "--replace", "--take")


def rows_of(path: Path, *keys: str) -> dict[tuple[str, ...], float]:
    return {tuple(row[key] for key in keys): float(row["value" if "value" in row else "ratio"]) for row in csv.DictReader(path.open(encoding="utf-8"))}


@pytest.mark.slow
def test_a_german_works_from_eight_files(plan, tmp_path):
    """Gas 12 x 200 MWh Hs x 0.902; a sub-meter 12 x 50 x 80 kWh; 91.5 + 18.2 + 12.8 EUR/MWh; 0.9 MW of condenser heat by 1 MW."""
    take = made(plan, tmp_path, "werk", GERMAN, "--region", "eu", "--carriers", "electricity,steam,heat,cooling", "--grid", "3MW")
    done(plan, "import", "meter", str(lastgang(tmp_path / "m.csv")), "--name", "site", "--demand", *take)
    done(plan, "import", "bill", "gas.txt", "--supply", "gas", "--demand", "process", "--by", "boiler", "--price", *take)
    done(plan, "import", "shape", "one-shift", "--bills", "halle2.csv", "--name", "hall2", *take)
    done(plan, "import", "tariff", "strom.csv", "--supply", "grid", *take)
    done(plan, "import", "tariff", "co2.csv", "--supply", "*", *take)
    asked = plan("import", "tariff", "vertrag.txt", "--supply", "heat", *take)
    assert asked.code == 2 and all(part in asked.err for part in ("48,50 €/MWh", "800 MWh", "31.12.2030", "min_year", "until_year"))
    figures = tmp_path / "werk" / "figures.csv"
    figures.write_text("name,price,unit\nArbeitspreis,48.5,€/MWh\nLeistungspreis,30,€/kW/a\n")
    done(plan, "import", "tariff", "werk/figures.csv", "--supply", "heat", *take)
    figures.unlink()
    done(plan, "import", "costs", "angebot.csv", "--park", "werk")
    done(plan, "import", "costs", "angebot.csv", "--map", "angebot.map.csv", *take)
    done(plan, "import", "roofs", "dach.csv", *take)
    park = tmp_path / "werk"
    prices = rows_of(park / "prices.csv", "supply", "item", "year")
    assert prices["grid", "energy", "2025"] == pytest.approx(122.5) and prices["*", "carbon", "2035"] == 120
    assert prices["grid", "demand_charge", "2025"] == 102_500 and prices["heat", "demand_charge", "2025"] == 30_000
    assert rows_of(park / "bills.csv", "supply")["gas",] == pytest.approx((12 * 200_000.5 + 78) * 0.902e-3)
    ports = rows_of(park / "ports.csv", "type", "carrier")
    assert ports["chiller-electric", "waste-heat"] == 0.9 and ports["gas-boiler-steam", "gas"] == pytest.approx(1 / 0.94, rel=1e-5)
    assert "nothing wrong" in done(plan, "check", "werk")


@pytest.mark.slow
def test_a_chinese_works_from_six_files(plan, tmp_path):
    """500 t of 0.8 MPa above the air's; 10,000 m³ of 35.59 MJ; 850 CNY by 5.815 MWh; 0.8 x (1 + 1/5) of condenser heat."""
    take = made(plan, tmp_path, "工厂", CHINESE, "--region", "cn", "--carriers", "electricity,steam,cooling", "--grid", "10MW")
    done(plan, "import", "bill", "蒸汽.csv", "--supply", "steam", "--demand", "dyeing", "--price", *take)
    done(plan, "import", "bill", "天然气.csv", "--supply", "gas", "--price", *take)
    done(plan, "import", "tariff", "煤.csv", "--supply", "coal", *take)
    asked = plan("import", "tariff", "代理购电.csv", "--supply", "grid", *take)
    assert asked.code == 2 and 'row = "单一制 1-10千伏"' in asked.err
    done(plan, "import", "tariff", "代理购电.csv", "--supply", "grid", "--row", "两部制", *take)
    done(plan, "import", "costs", "报价.csv", "--park", "工厂")
    done(plan, "import", "costs", "报价.csv", "--map", "报价.map.csv", *take)
    done(plan, "import", "roofs", "屋顶.csv", *take)
    park = tmp_path / "工厂"
    bills = rows_of(park / "bills.csv", "supply")
    assert bills["steam",] == pytest.approx(6000 * (2772.7 - 83.74) / 3600, rel=1e-4)
    assert bills["gas",] == pytest.approx(120_000 * 35.59 / 3600, rel=1e-5)
    prices = rows_of(park / "prices.csv", "supply", "item")
    assert prices["coal", "energy"] == pytest.approx(850 / 5.815) and prices["grid", "energy"] == 500
    assert prices["steam", "energy"] == pytest.approx(120_000 / 1.09 / (500 * (2772.7 - 83.74) / 3600), rel=1e-4)
    assert rows_of(park / "ports.csv", "type", "carrier")["chiller-electric", "waste-heat"] == pytest.approx(0.96)
    assert "nothing wrong" in done(plan, "check", "工厂")
