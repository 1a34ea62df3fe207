"""Two more parks from their files to a baseline: a Polish dairy and an American plating works, without a conversion by hand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import portals
import pytest
from portals import apart, done

from models.errors import CaseError
from planner.importers.source import decode

MONTHS = ("styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień", "październik", "listopad",
    "grudzień")
GAS = (1450, 1320, 1240, 1010, 860, 800, 780, 790, 850, 1020, 1230, 1420)
THERMS = (38000, 35000, 30000, 22000, 15000, 12000, 11000, 11500, 13000, 19000, 27000, 36000)


def pl(value: float, digits: int = 3) -> str:
    """1 234,567"""
    return f"{value:,.{digits}f}".replace(",", " ").replace(".", ",")


def months() -> Iterator[tuple[int, datetime, datetime]]:
    for m in range(12):
        first = datetime(2025, m + 1, 1)
        yield m, first, datetime(2025 + m // 11, (m + 1) % 12 + 1, 1) - timedelta(days=1)


def polish(folder: Path) -> float:
    """The files of the dairy; MWh of electricity."""
    energy = [0.0] * 12
    lines = ["Portal Odbiorcy – zestawienie danych pomiarowych", "Punkt poboru (PPE):;590322400000123456",
        "Okres:;01.01.2025 - 31.12.2025", "Mnożna:;1 (uwzględniona)", "",
        "Data;Godzina;Energia czynna pobrana [kWh];Energia bierna [kvarh];Status"]
    for time in portals.moments(ZoneInfo("Europe/Warsaw"), 60):
        used = 1000 * portals.dairy(time.replace(tzinfo=None))
        energy[time.month - 1] += used
        if (time.month, time.day) == (3, 18) and 9 <= time.hour < 15:
            continue  # a gap
        hour = "3A" if time.fold and time.month == 10 else str(time.hour + 1)
        lines.append(f"{time:%d.%m.%Y};{hour};{pl(used)};{pl(used / 5)};R")
    (folder / "meter.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1250"))
    rows = [f"{m} 2025;{pl(v, 0)};{pl(v * 0.62, 2)};{pl(v * 0.62 * 0.23, 2)};{pl(v * 0.62 * 1.23, 2)}"
        for m, v in zip(MONTHS, energy, strict=True)]
    total = f"Razem;{pl(sum(energy), 0)};{pl(sum(energy) * 0.62, 2)};;"
    head = "Zestawienie faktur za energię elektryczną 2025;;;;\r\n\r\nMiesiąc;Zużycie [kWh];Wartość netto [zł];VAT 23% [zł];Wartość brutto [zł]\r\n"
    (folder / "power.csv").write_bytes((head + "\r\n".join([*rows, total]) + "\r\n").encode("cp1250"))
    rows = [
        f"{a:%d.%m.%Y}-{b:%d.%m.%Y};{pl(GAS[m] * 1000 / 11.3, 0)};{pl(GAS[m] * 1000, 0)};{pl(GAS[m] * 210, 2)};{pl(GAS[m] * 210 * 1.23, 2)}"
        for m, a, b in months()]
    head = "Faktury za paliwo gazowe;;;;\r\n\r\nOkres rozliczeniowy;Ilość [m3];Ilość [kWh] (ciepło spalania);Wartość netto [PLN];Wartość brutto [PLN]\r\n"
    (folder / "gas.csv").write_bytes((head + "\r\n".join(rows) + "\r\n").encode("cp1250"))
    tariff = ["strefa;miesiące;dni;godziny;cena;jednostka", "szczyt przedpołudniowy;1-12;dni robocze;7-13;0,70;zł/kWh",
        "szczyt popołudniowy;10-3;dni robocze;16-21;0,85;zł/kWh", "szczyt popołudniowy;4-9;dni robocze;19-22;0,85;zł/kWh",
        "pozostałe godziny;;;;0,52;zł/kWh", "opłata sieciowa zmienna;;;;0,06;zł/kWh", "moc umowna;;;;22;zł/kW/miesiąc"]
    (folder / "tariff.csv").write_text("\n".join(tariff) + "\n", encoding="utf-8")
    return sum(energy) / 1000


def american(folder: Path) -> float:
    """The files of the plating works; MWh of electricity."""
    energy = [0.0] * 12
    lines = ["Utility Interval Data Export", "Account Number,0812345678", "Meter Number,G98765432",
        "Data Range,1/1/2025 - 12/31/2025", "", "Usage Date,Start Time,End Time,Usage (kWh),Estimated"]
    for time in portals.moments(ZoneInfo("America/Chicago"), 60):
        used = 1000 * portals.textile(time.replace(tzinfo=None)) / 4
        energy[time.month - 1] += 4 * used
        if (time.month, time.day) == (6, 11) and 13 <= time.hour < 16:
            continue  # a gap
        for quarter in range(4):
            start, end = time + timedelta(minutes=15 * quarter), time + timedelta(minutes=15 * (quarter + 1))
            value = f'"{used:,.2f}"' if used >= 1000 else f"{used:.2f}"
            lines.append(f"{start.month}/{start.day}/{start.year},{start:%I:%M %p},{end:%I:%M %p},{value},N")
    (folder / "meter.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = ["Electric Billing History", "Account,0812345678", "", "Read Date,Days,Usage (kWh),Billed Demand (kW),Total Charges ($)"]
    for m, first, last in months():
        read = last + timedelta(days=1)
        rows.append(
            f'{read.month}/{read.day}/{read.year},{(read - first).days},"{energy[m]:,.0f}","4,021","${energy[m] * 0.09:,.2f}"')
    (folder / "power.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rows = ["Natural Gas Statements,,,", "", "Service From,Service To,Usage (therms),Amount ($)"]
    rows += [
        f'{a.month}/{a.day}/{a.year},{b.month}/{b.day}/{b.year},"{THERMS[m]:,}","${THERMS[m] * 0.62:,.2f}"' for m, a, b in months()]
    rows.append(f'Total,,"{sum(THERMS):,}","${sum(THERMS) * 0.62:,.2f}"')
    (folder / "gas.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return sum(energy) / 1000


@pytest.mark.slow
def test_a_polish_dairy_from_four_files(plan, tmp_path):
    energy = polish(tmp_path)
    done(plan, "new", "p", "--blank", "--region", "eu", "--carriers", "electricity,steam", "--grid", "4MW")
    for file in ("park.toml", "prices.csv", "costs.csv"):  # the currency that the example has
        path = tmp_path / "p" / file
        path.write_text(path.read_text().replace("EUR", "PLN"))
    assert f"sum    {1000 * energy:,.0f}" in done(plan, "import", "bill", "power.csv", "--take", "--park", "p", "--supply", "grid", "--replace")
    told = done(plan, "import", "meter", "meter.csv", "--take", "--park", "p", "--name", "machines", "--zone", "Europe/Warsaw", "--demand",
        "--replace")
    assert "(100.0%)" in told and "6 h were missing (gaps: 1" in told and "decimal comma" in told
    assert "0.902 of the gross calorific value" in done(plan, "import", "bill", "gas.csv", "--take", "--park", "p", "--supply", "gas",
        "--demand", "steam", "--price", "--replace")
    told = done(plan, "import", "tariff", "tariff.csv", "--take", "--park", "p", "--supply", "grid", "--replace")
    assert "szczyt popołudniowy: 910 PLN/MWh" in told and "is 60 PLN/MWh, added at every hour" in told
    assert "capacity_charge" in (tmp_path / "p" / "prices.csv").read_text() and "nothing wrong" in done(plan, "check", "p")
    off = apart(done(plan, "check", "p", "--baseline"))
    assert off.keys() == {"grid", "gas"} and all(abs(share) < 2 for share in off.values()), off


@pytest.mark.slow
def test_an_american_plating_works_from_three_files(plan, tmp_path):
    american(tmp_path)
    done(plan, "new", "p", "--blank", "--region", "us", "--carriers", "electricity,heat", "--grid", "8MW")
    told = done(plan, "import", "bill", "power.csv", "--take", "--park", "p", "--supply", "grid", "--price", "--replace")
    assert "Bills of grid, 2025" in told and "VAT" not in told
    told = done(plan, "import", "meter", "meter.csv", "--take", "--park", "p", "--name", "machines", "--zone", "America/Chicago", "--demand",
        "--replace")
    assert "(100.0%)" in told and "3 h were missing (gaps: 1" in told
    done(plan, "import", "bill", "gas.csv", "--take", "--park", "p", "--supply", "gas", "--demand", "heat", "--price", "--replace")
    assert "nothing wrong" in done(plan, "check", "p")
    off = apart(done(plan, "check", "p", "--baseline"))
    assert off.keys() == {"grid", "gas"} and all(abs(share) < 2 for share in off.values()), off


@pytest.mark.parametrize(("text", "encoding"),
    [("Ciepło spalania; Zużycie", "cp1250"), ("Wärme in m³; ¿Año? œuvre; 5 Nm³/h", "cp1252")])
def test_windows_1250_is_told_by_signs_within_words(text, encoding):
    assert decode(text.encode(encoding), "f") == (text, encoding)
    with pytest.raises(CaseError):
        decode(text.encode(encoding), "f", "utf-8")
