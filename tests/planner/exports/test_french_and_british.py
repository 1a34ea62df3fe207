"""A French cannery and a British bakery from their files: what stopped a reader, or was read wrongly without a word."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import portals
import pytest
from portals import done

WOOD = (110, 105, 98, 80, 60, 55, 50, 40, 55, 85, 100, 112)
MOIS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
GAS = (310, 290, 300, 280, 270, 255, 250, 240, 262, 285, 300, 315)


def french(folder: Path) -> float:
    """A network's load curve by the hour, ends with their offset, beside a code of plausibility, eleven hours missing; deliveries of wood. MWh of electricity."""
    energy = 0.0
    lines = [
        "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite",
        "30002345678901;Courbe de charge;01/01/2025;01/01/2026;PA;CONS;BRUT;kW",
        "Horodate;Valeur;Nature;Pas;Indice de vraisemblance",
    ]
    for time in portals.moments(portals.PARIS, 60):
        power = portals.dairy(time.replace(tzinfo=None))
        energy += power
        end = (time.astimezone(UTC) + timedelta(hours=1)).astimezone(portals.PARIS)
        if not ((time.month, time.day) == (2, 11) and 3 <= time.hour < 14):
            lines.append(f"{end.isoformat()};{1000 * power:.1f};B;PT60M;0".replace(".", ","))
    (folder / "curve.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode("utf-8-sig"))
    rows = [f"{m} 2025;{t};78,00;{portals.comma(t * 78.0, 2)}" for m, t in zip(MOIS, WOOD, strict=True)]
    head = ["Livraisons plaquettes forestières 2025", ";PCI moyen : 3,3 MWh/t", ";", "Mois;Tonnage (t);Prix (€/t);Montant HT (€)"]
    (folder / "wood.csv").write_text("\n".join([*head, *rows, f"Total;{sum(WOOD)};;{portals.comma(sum(WOOD) * 78.0, 2)}"]) + "\n",
        encoding="utf-8")
    return energy


def british(folder: Path) -> float:
    """Half hours in a row whose last column is the day's end, 46 and 50 of them as 48, dashes; a statement of gas without VAT. MWh of electricity."""
    slots = [f"{n // 2:02d}:{n % 2 * 30:02d}" for n in range(1, 48)] + ["00:00"]
    lines = ["Half Hourly Data Report", "Site,Bakery Ltd", "Period,01 Jan 2025 to 31 Dec 2025", "",
        "Reading Date,Meter Serial,Measurement Quantity,Unit," + ",".join(slots) + ",Total"]
    days: dict[date, list[float]] = {}
    for time in portals.moments(ZoneInfo("Europe/London"), 30):
        days.setdefault(time.date(), []).append(500 * portals.dairy(time.replace(tzinfo=None)))
    for day, values in days.items():
        cells = [f"{v:.1f}" for v in values]
        cells = [*cells[:2], "", "", *cells[2:]] if len(cells) == 46 else cells[:4] + cells[6:] if len(cells) == 50 else cells
        if day == date(2025, 7, 8):
            cells[20:31] = ["-"] * 11
        lines.append(",".join([f"{day:%d-%b-%y}", "E13BG04567", "AI", "kWh", *cells, f"{sum(values):.1f}"]))
    (folder / "half-hours.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = ["Gas statement 2025,,,", "", "Period,Calorific Value (MJ/m3),kWh,Charges ex VAT (£),VAT 20% (£)"]
    rows += [
        f'{datetime(2025, m + 1, 1):%b-%y},39.4,"{g * 1000:,}","{g * 41.2:,.2f}","{g * 41.2 * 0.2:,.2f}"' for m, g in enumerate(GAS)
    ]
    (folder / "gas.csv").write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    return sum(map(sum, days.values())) / 1000


def test_a_french_cannery_with_wood_that_has_no_price_yet(plan, tmp_path):
    energy = french(tmp_path)
    done(plan, "new", "p", "--blank", "--region", "eu", "--carriers", "electricity,steam", "--grid", "3MW")
    told = done(plan, "import", "meter", "curve.csv", "--take", "--park", "p", "--name", "machines", "--demand", "--replace")
    assert "Valeur in kW" in told and "11 h were missing (gaps: 1" in told
    read = re.search(r"decimal comma: ([\d,.]+) MWh a year", told)
    assert read is not None and float(read[1].replace(",", "")) == pytest.approx(energy, rel=1e-3)
    with (tmp_path / "p" / "supplies.csv").open("a", encoding="utf-8") as file:
        file.write("wood,biomass,fuel,,,1,biomass-wood\n")
    with (tmp_path / "p" / "technologies.csv").open("a", encoding="utf-8") as file:
        file.write("wood-boiler,biomass-boiler-steam,0.5,,0.5,1,0.5,,,,\n")
    assert "wood: has no energy price" not in done(plan, "import", "bill", "wood.csv", "--take", "--park", "p", "--supply", "wood", "--price")
    assert (tmp_path / "p" / "bills.csv").read_text().count("wood,2025,3135.000") == 1
    assert "wood,energy,2025,23.6364" in (tmp_path / "p" / "prices.csv").read_text()


def test_a_british_bakery_whose_days_end_at_midnight_and_whose_gas_is_ex_vat(plan, tmp_path):
    energy = british(tmp_path)
    done(plan, "new", "p", "--blank", "--region", "eu", "--carriers", "electricity,heat", "--grid", "3MW")
    for file in ("park.toml", "prices.csv", "costs.csv"):  # the currency that the example has
        path = tmp_path / "p" / file
        path.write_text(path.read_text().replace("EUR", "GBP"))
    told = done(plan, "import", "meter", "half-hours.csv", "--take", "--park", "p", "--name", "machines", "--zone", "Europe/London",
        "--demand", "--replace")
    assert "A time is the end of its interval: the first is 00:30, the last midnight." in told
    read = re.search(r"decimal point: ([\d,.]+) MWh a year", told)
    assert read is not None and float(read[1].replace(",", "")) == pytest.approx(energy, rel=1e-3)
    told = done(plan, "import", "bill", "gas.csv", "--take", "--park", "p", "--supply", "gas", "--price", "--demand", "heat", "--heating",
        "gross", "--replace")
    assert "money is Charges ex VAT (£), without VAT" in told and "taken off" not in told
    off = dict(
        re.findall(r"(\w+): [\d,]+ MWh on the bills, [\d,]+ MWh as operated \(([+-][\d.]+)%\)",
            done(plan, "check", "p", "--baseline"))
    )
    assert abs(float(off["gas"])) < 0.1
