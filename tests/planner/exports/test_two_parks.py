"""Two parks from their files to a baseline: a Spanish dairy and a Chinese textile works, without a conversion by hand.

What a person does beside is written out: rows that name what stands (`EDITS`). No number of a file is turned by hand.
"""

import csv
from pathlib import Path

import portals
import pytest
from portals import apart, done

#: Lines that a person adds or replaces: (file, old or '' for a line at the end, new).
EDITS = {
    "dairy": [("technologies.csv", "gas-boiler-steam,2.85,,0.57,3.42,0.57", "gas-boiler-steam,2,,1,4,1")],
    "textile": [("supplies.csv", "", "steam,steam,fuel,10,,2,steam-purchased-fossil"),
        ("prices.csv", "", "steam,energy,2025,200,CNY/MWh,contract")],
}


def made(plan, folder: Path, name: str, *options: str) -> Path:  # type: ignore[no-untyped-def]
    assert plan("new", name, "--blank", *options).code == 0
    for file, old, new in EDITS[name]:
        path = folder / name / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text + new + "\n")
    return folder / name


@pytest.mark.slow
def test_a_spanish_dairy_from_three_exports(plan, tmp_path):
    park = made(plan, tmp_path, "dairy", "--region", "eu", "--carriers", "electricity,steam", "--grid", "3MW")
    meter, power, gas = (portals.spanish_meter(tmp_path / "m.csv"), portals.spanish_power_bills(tmp_path / "p.xlsx"),
        portals.spanish_gas_bills(tmp_path / "g.csv"))
    done(plan, "import", "bill", str(power), "--take", "--park", "dairy", "--supply", "grid", "--price", "--replace")
    told = done(plan, "import", "meter", str(meter), "--take", "--park", "dairy", "--name", "machines", "--zone", "Europe/Madrid", "--demand",
        "--replace")
    assert "the bills of electricity in 2025 come to 9,007 MWh (100.0%)" in told
    done(plan, "import", "bill", str(gas), "--take", "--park", "dairy", "--supply", "gas", "--demand", "steam", "--price", "--replace")
    assert "nothing wrong" in done(plan, "check", "dairy")
    off = apart(done(plan, "check", "dairy", "--baseline"))
    assert off.keys() == {"grid", "gas"} and all(abs(share) < 2 for share in off.values()), off
    rows = {row["supply"]: row for row in csv.DictReader((park / "bills.csv").open())}
    assert float(rows["gas"]["value"]) == pytest.approx(sum(portals.SPANISH_GAS) * 0.902)


@pytest.mark.slow
def test_a_chinese_textile_works_from_four_exports(plan, tmp_path):
    park = made(plan, tmp_path, "textile", "--region", "cn", "--carriers", "electricity,heat", "--grid", "15MW", "--tariff",
        "jiangsu-10kv")
    files = {
        name: make(tmp_path / file)
        for name, file, make in (("meter", "m.csv", portals.chinese_meter), ("grid", "p.xlsx", portals.chinese_power_bills),
            ("steam", "s.csv", portals.chinese_steam_bills), ("gas", "g.csv", portals.chinese_gas_bills))
    }
    done(plan, "import", "bill", str(files["grid"]), "--take", "--park", "textile", "--supply", "grid", "--replace")
    told = done(plan, "import", "meter", str(files["meter"]), "--take", "--park", "textile", "--name", "machines", "--demand", "--replace")
    assert "states a multiplier of 6,000" in told and "(100.0%)" in told
    done(plan, "import", "bill", str(files["gas"]), "--take", "--park", "textile", "--supply", "gas", "--demand", "heat", "--price", "--vat",
        "0.09", "--replace")
    done(plan, "import", "bill", str(files["steam"]), "--take", "--park", "textile", "--supply", "steam", "--demand", "dyeing", "--price",
        "--vat", "0.09", "--replace")
    assert "nothing wrong" in done(plan, "check", "textile")
    off = apart(done(plan, "check", "textile", "--baseline"))
    assert off.keys() == {"grid", "gas", "steam"} and all(abs(share) < 2 for share in off.values()), off
    rows = {row["supply"]: row for row in csv.DictReader((park / "bills.csv").open())}
    assert float(rows["gas"]["cost"]) == pytest.approx(sum(portals.CHINESE_GAS) * 36200 / 1.09, rel=1e-6)
