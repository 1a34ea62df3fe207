"""Files taken in: what is recognised, what would change, corrected, taken; each by the command that does the same in a shell."""

import os
import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.errors import CaseError
from planner.importers.write import put as put_profile
from planner.park import read_case
from planner.tables.place import put
from planner.workbench import imports
from planner.workbench import places as lock
from planner.workbench.imports import READERS

METER = "/park/mill/import/meter/"
BILLS = "Monat;Energie [kWh];Betrag [CNY]\n" + "".join(
    f"{month:02}.2025;{100_000 + month};{9_000 + month},50\n" for month in range(1, 13))
TARIFF = """name;months;days;hours;price;unit
HT;;Mo-Fr;6:00-22:00;1.148;CNY/kWh
NT;;;;0.64;CNY/kWh
"""
OFFER = "item;unit;unit price\nbattery;CNY/kWh;880.5\n"


def files_of(root):
    return {path.name: path.read_bytes() for path in (root / "mill").iterdir() if path.is_file()}


def sent(client, kind, name, text):
    """The address on which a file is looked at."""
    return client.sends("/park/mill/import", data={"kind": kind}, files={"file": (name, text.encode())}).headers["location"]


@pytest.mark.slow
def test_readings_are_looked_at_corrected_and_taken(client, root):
    begin = datetime(2025, 1, 1)
    lines = [f"{begin + timedelta(hours=h):%d.%m.%Y %H:%M};{300 + h % 24},5" for h in range(8760)]
    went = sent(client, "meter", "meter 1.csv", "\n".join(["Time;Power", *lines]))
    assert went.startswith(METER)
    before = files_of(root)
    assert 'class="faults"' in client.get(went).text  # no unit is told
    right = client.get(f"{went}?unit=kW&demand=1&name=hall_1").text
    assert 'class="warnings"' in right and "8760 values of Power in kW" in right and "decimal comma" in right
    assert (
        "new columns: hall_1" in right and "rows that come: 1, that go: 0" in right and "<td>hall_1</td>" in right
    )  # of demand.csv
    assert client.get(f"{went}/picture").headers["content-type"] == "image/svg+xml" and files_of(root) == before
    assert (client.sends(f"{went}/take", data={"name": "hall_1", "unit": "kW", "demand": "1"}).headers["location"]
        == "/park/mill/table/profiles")
    assert read_case(root / "mill").profiles["hall_1"].sum() > 0 and client.get(went).status_code == 404
    assert "hall_1" in [demand.demand for demand in read_case(root / "mill").demand]
    assert os.listdir(root / ".workbench" / "imports") == []


def test_column_unit_and_clock_of_a_meter_are_corrected(client, root, at_once):
    """Two meters in one file, no unit, and each time the end of its hour: Hall takes 100 kW in the first hour of a day, 123 kW in the last."""
    begin = datetime(2025, 1, 1)
    lines = [f"{begin + timedelta(hours=h + 1):%Y-%m-%d %H:%M};1000;{100 + h % 24}" for h in range(8760)]
    went = sent(client, "meter", "meters.csv", "\n".join(["Time;Main;Hall", *lines]))
    before = files_of(root)
    assert 'class="faults"' in client.get(went).text  # no unit is told
    page = client.get(f"{went}?unit=kW").text  # in words of the page, not of the command
    assert ('class="faults"' in page and "say which with “Column of the values”: &#39;Main&#39;, &#39;Hall&#39;" in page
        and "--column" not in page)
    right = "name=hall&unit=kW&column=Hall&stamp=end&demand=1"
    page = client.get(f"{went}?{right}").text
    assert ("8760 values of Hall in kW" in page and 'name="column" value="Hall"' in page and "new columns: hall" in page
        and files_of(root) == before)
    assert '<option value="end" selected>' in page
    heads = re.findall(r"<(?:th[^>]*>✓ ([^<]+)<|td>(?=<))", page.partition("<thead><tr>")[2].partition("</tr>")[0])
    assert heads == ["time of the reading", "", "values"] and "<td>1000</td>" in page  # of the first rows of the file; Main is none of it
    assert client.sends(f"{went}/take", data=dict(part.split("=") for part in right.split("&"))).status_code == 303
    case = read_case(root / "mill")
    hall = case.profiles["hall"]
    assert hall[1] / hall[0] == pytest.approx(101 / 100, abs=1e-4) and hall[23] / hall[0] == pytest.approx(1.23, abs=1e-4)
    assert [d.value for d in case.demand if d.demand == "hall"] == [pytest.approx(111.5 * 8760 / 1000, rel=1e-4)]


def test_bills_a_tariff_and_an_offer_are_taken_as_the_commands_take_them(client, root, at_once):
    mine = root / "mill" / "bills.csv"  # an example of a blank park would be replaced without a word
    mine.write_text(mine.read_text().replace("example: write your own", "mine"))
    before = files_of(root)
    went = sent(client, "bills", "bills.csv", BILLS)
    wrong = client.get(went).text  # what is wrong, by the name of the park's table, and not only how much
    assert 'class="faults"' in wrong and "<li>bills.csv: has a row of grid 2025 already" in wrong
    page = client.get(f"{went}?replace=1").text
    assert 'class="warnings"' in page and "rows that come: " in page and '<option value="grid" selected>' in page
    assert client.get(f"{went}?replace=1&vat=much").status_code == 422
    tariff = sent(client, "tariff", "tariff.csv", TARIFF)
    assert 'class="warnings"' in client.get(f"{tariff}?replace=1").text
    offer = sent(client, "offer", "offer.csv", OFFER)
    page = client.get(offer).text
    assert "Say of each line what it is of" in page and "<legend>battery</legend>" in page and "Take it into the park" not in page
    assert files_of(root) == before
    # The questions stand beside the sheet, whose columns are marked: a field for each figure of each line, with the nearest types.
    assert '✓ price</th>' in page and "battery-packs (battery)" in page and "<textarea" not in page
    lines = dict(re.findall(r'name="(line-[^"]+)" value="([^"]*)"', page)) | {"line-type": "battery", "line-sum": ""}
    assert client.sends(f"{offer}/map", data={**lines, "line-price": ["1", "2"]}).status_code == 422
    again = client.sends(f"{offer}/map", data={**lines, "line-price": "880,5"}).headers["location"]
    page = client.get(again).text
    assert "rows that come: 1, that go: 0" in page and "880.5" in page
    assert client.sends(f"{went}/take", data={"supply": "grid", "replace": "1"}).headers["location"] == "/park/mill/table/bills"
    assert client.sends(f"{tariff}/take", data={"supply": "grid", "replace": "1"}).headers["location"] == "/park/mill/table/prices"
    assert client.sends(f"{offer}/take", data={}).headers["location"] == "/park/mill/table/costs"
    case = read_case(root / "mill")
    assert [round(bill.value) for bill in case.bills if bill.supply == "grid"] == [
        sum(100 + month / 1000 for month in range(1, 13)).__round__()]
    assert "880.5" in (root / "mill" / "costs.csv").read_text()


def epw() -> str:
    """A typical year in which it is as many °C warm as the month has a number; no sun, no wind."""
    head = ["LOCATION,Wuxi,-,CHN,X,583540,31.5,120.3,8.0,4.0", *(f"LINE {i},0" for i in range(2, 9))]
    hours = (datetime(2023, 1, 1) + timedelta(hours=h) for h in range(8760))
    rest = "5,60,101325,0,0,300,0,0,0,0,0,0,0,180,0,5,5,9999,99999,9,999999999,0,0.1,0,88,0.2,0,0"
    return "\n".join([*head, *(f"{t.year},{t.month},{t.day},{t.hour + 1},60,?9,{t.month},{rest}" for t in hours)]) + "\n"


@pytest.mark.slow
def test_weather_is_looked_at_corrected_and_taken(client, root, at_once):
    before = files_of(root)
    went = sent(client, "temperature", "wuxi.epw", epw())
    page = client.get(went).text
    assert ('class="warnings"' in page and "new columns: wuxi" in page and "2023, latitude 31.5, longitude 120.3" in page
        and '<img class="picture"' in page)
    assert 'class="faults"' in client.get(f"{went}?year=1987").text  # a year that the file does not have
    assert client.get(f"{went}?zone=a;b").status_code == 422
    assert 'class="warnings"' in client.get(f"{went}?name=air&zone=Asia/Tokyo").text  # a clock an hour earlier
    assert files_of(root) == before
    assert (
        client.sends(f"{went}/take", data={"name": "air", "zone": "Asia/Tokyo"}).headers["location"] == "/park/mill/table/profiles")
    air = read_case(root / "mill").profiles["air"]
    assert len(air) == 8760 and air[12] == 1 and air[24 * 200] == 7
    pump = sent(client, "heat-pump", "wuxi.epw", epw())
    assert "new columns: cop" in client.get(f"{pump}?name=cop&sink=55").text
    client.sends(f"{pump}/take", data={"name": "cop", "sink": "55", "quality": "0.4"})
    cop = read_case(root / "mill").profiles["cop"]
    # A share of Carnot's figure, between 5 K above the sink and 5 K below the source, which is 1 °C warm.
    assert cop[12] == pytest.approx(0.4 * (60 + 273.15) / (60 - (1 - 5)), abs=1e-4) and cop[24 * 200] > cop[12]


@pytest.mark.parametrize("names", [("a.csv", "a.csv"), ("#1 a,b.csv", "，1 a＃b.CSV"), ("‮x.csv", "…x.csv"), ("con.csv", "con.csv")])
def test_files_whose_names_are_one_or_differ_in_signs_are_all_kept(client, root, names):
    files = [("file", (name, f"{number}".encode())) for number, name in enumerate(names)]
    went = client.sends("/park/mill/import", data={"kind": "meter"}, files=files).headers["location"]
    there = (root / ".workbench" / "imports" / went.rpartition("/")[2]).iterdir()
    assert sorted(path.read_text() for path in there) == ["0", "1"]


def test_a_full_disk_leaves_nothing_half_written(client, root, monkeypatch):
    write = Path.write_text
    def full(self, text, **how):
        write(self, text[:1], **how)
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(Path, "write_text", full)
    assert client.sends("/park/mill/run", data={"name": "one"}).status_code == 422
    assert list((root / ".workbench").rglob("*")) == [root / ".workbench" / "jobs"]
    for what in (lambda: put(root / "x", "12"), lambda: lock.take(root)):
        with pytest.raises(OSError, match="No space"):
            what()
    monkeypatch.setattr(Path, "write_bytes", lambda path, _: full(path, "12"))
    with pytest.raises(CaseError, match="No space"):
        put_profile(root / "x", "12")
    assert sorted(path.name for path in root.iterdir()) == [".workbench", "mill"]


def test_a_file_that_takes_too_long_is_told_and_not_taken(client, root, monkeypatch):
    went, before = sent(client, "meter", "m.csv", "time;kW\n"), files_of(root)
    def run(command, timeout, **_):
        raise subprocess.TimeoutExpired(command, timeout)
    monkeypatch.setattr(imports.subprocess, "run", run)
    assert "the file takes longer than 120 s to read" in (page := client.get(went).text) and "Take it into the park" not in page
    assert "120 s" in client.sends(f"{went}/take", data={"name": "a"}).text and files_of(root) == before


def test_what_is_no_file_of_readings_is_refused(client, root, at_once):
    assert client.sends("/park/mill/import", files={"file": ("a.exe", b"MZ")}).status_code == 422
    assert client.sends("/park/mill/import", data={"kind": "--help"}, files={"file": ("a.csv", b"x")}).status_code == 422
    assert client.sends("/park/mill/import", data={"kind": "meter"}).status_code == 422
    went = sent(client, "meter", "a.csv", "x")
    assert client.get(f"{went}?order=xyz").status_code == client.get(f"{went}?zone=a;b").status_code == 422
    assert client.sends(f"{went}/take", data={"name": "--help", "unit": "kW"}).status_code == 422
    assert client.sends(f"{went}/map", data={"line-type": "x"}).status_code == 404
    assert client.sends(f"{went}/leave").status_code == 303 and client.get(went).status_code == 404
    for path in (f"{METER}..%2F..", "/park/mill/import/nothing/x", f"{METER}nothing/picture"):
        assert client.get(path).status_code == 404
    assert os.listdir(root / ".workbench" / "imports") == []


def test_a_list_of_roofs_becomes_the_area_of_a_site(client, root):
    """1,200 and 800 m², half of the second one usable: 0.16 ha."""
    went = sent(client, "roofs", "roofs.csv", "name,area [m2],usable share\nHall A,1200,1\nHall B,800,0.5\n")
    assert 'class="warnings"' in (seen := client.get(f"{went}?name=halls").text) and "0.16 ha usable" in seen
    assert client.sends(f"{went}/take", data={"name": "halls"}).headers["location"] == "/park/mill/table/sites"
    assert {site.site: site.area for site in read_case(root / "mill").sites}["halls"] == pytest.approx(0.16)


@pytest.mark.parametrize("kind", READERS)
def test_every_correction_is_an_option_of_its_command(kind):
    from typer.main import get_command

    from planner.command.cli import app

    reader, command = READERS[kind], get_command(app)
    for word in reader.command:
        command = command if word.startswith("--") else command.commands[word]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {f"--{field.option}" for field in reader.fields} <= known
    assert not [field for field in reader.fields if field.given and field.choices and field.given not in field.choices]
