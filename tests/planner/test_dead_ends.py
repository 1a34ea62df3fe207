"""Commands that ended in a traceback, hung, or left something in the way for good: each ends in a line, and the way is free."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pandas as pd
import pytest

GOAL = ("--park", "park", "--target", "zero-carbon", "--by", 2028)


def lines(said) -> list[str]:
    """What a command that was refused said."""
    assert said.code == 2, said.err
    assert "mistake" not in said.err
    return said.err.splitlines()


# --- costs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "said"), [
    ("x\n5\n", "column 'x': is none of item, type"),
    ("item,type,price,unit,tax,price_year\nPV,solar-rooftop,3,CNY/W,13,2025\n", "tax = 13: is not above"),
    ("item,type,price,unit,price_year\nPV,solar-rooftop,3,CNY/W,nan\n", "price_year = nan: is not above"),
    ("item,type,price,unit,price_year\nPV,solar-rooftop,3,CNY/W,\n", "price_year = : is not above"),
])
def test_a_mapping_that_is_none_is_said(plan, tmp_path, text, said):
    (tmp_path / "quote.csv").write_text("item,price,unit\nPV,3000,CNY/kW\n")
    (tmp_path / "map.csv").write_text(text)
    assert said in lines(plan("import", "costs", "quote.csv", "--map", "map.csv"))[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
@pytest.mark.parametrize("kind", ["/dev/zero", "FIFO", "folder"])
def test_a_mapping_that_never_ends_is_not_waited_for(plan, tmp_path, kind):
    (tmp_path / "quote.csv").write_text("item,price,unit\nPV,3000,CNY/kW\n")
    path = Path("/dev/zero") if kind == "/dev/zero" else tmp_path / "map"
    os.mkfifo(path) if kind == "FIFO" else path.mkdir() if kind == "folder" else None
    assert lines(plan("import", "costs", "quote.csv", "--map", path))[0].startswith(f"--map {path}: ")


# --- profiles ---------------------------------------------------------------------------------------------------------

LOAD = ("import", "meter", "meter.csv", "--year", 2025)
PARK = ("--park", "park")


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e400"])
@pytest.mark.parametrize(
    ("command", "option"),
    [
        *[(("import", "weather", "heat-pump", "w.epw", "--sink", "60"), o)
            for o in ("--source", "--quality", "--approach", "--highest", "--rated", "--sink")],
        *[(("import", "weather", "pv", "w.epw"), o) for o in ("--tilt", "--azimuth", "--losses", "--dc-ac", "--coefficient")],
        *[(("import", "weather", "wind", "w.epw"), o) for o in ("--mean-speed", "--hub", "--height", "--exponent", "--rated", "--losses")],
        *[(LOAD, o) for o in ("--times", "--content", "--longest-gap")],
        *[(("import", "shape", "office", "--year", "2025", "--energy", "9MWh"), o) for o in ("--base", "--floor", "--content")],
    ],
    ids=lambda part: part if isinstance(part, str) else part[1],
)
def test_a_number_that_is_none_is_refused_by_every_option(plan, tmp_path, command, option, number):
    (tmp_path / "meter.csv").write_text("value [kW]\n" + "5\n" * 8760)
    (tmp_path / "w.epw").write_text("LOCATION,x\n")
    (tmp_path / "park").mkdir()
    (tmp_path / "park" / "park.toml").write_text("")
    said = plan(*command, f"{option}={number}", *PARK, "--take")
    assert lines(said)[0].startswith(f"{option} "), said.err
    assert [path.name for path in (tmp_path / "park").iterdir()] == ["park.toml"]


@pytest.mark.parametrize("sink", ["1e9", "-300", "60:nan,70:60", "60:60,inf:70", "60:", ":", ",", "60:1:2", "0:500"])
def test_a_temperature_that_no_heat_has_is_refused(small, plan, tmp_path, sink):
    (tmp_path / "w.epw").write_text("LOCATION,x\n")
    assert lines(plan("import", "weather", "heat-pump", "w.epw", f"--sink={sink}", *PARK))[0].startswith(f"--sink {sink}: is no temperature")


@pytest.mark.parametrize("year", [99_999, 0, -5, 1899, 2301])
def test_a_year_that_no_calendar_has_is_refused(plan, tmp_path, year):
    (tmp_path / "meter.csv").write_text("value [kW]\n" + "5\n" * 8760)
    assert lines(plan("import", "meter", "meter.csv", f"--year={year}", *PARK))[0] == f"--year {year}: is not within 1900 to 2300"


def spoilt_zip(path: Path, how: str) -> None:
    """An archive of one file that cannot be unpacked."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("../../data.csv" if how == "leads out" else "data.csv", "valid_time,t2m\n" * 1000)
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    if how == "encrypted":
        content[6] |= 1
        content[at + 8] |= 1
    elif how == "another method":
        content[8:10] = content[at + 10 : at + 12] = (99).to_bytes(2, "little")
    elif how == "damaged":
        content[60:70] = bytes(range(200, 210))
    elif how == "half":
        del content[len(content) // 2 :]
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["encrypted", "another method", "damaged", "half", "leads out"])
def test_an_archive_that_cannot_be_unpacked_is_said_and_nothing_is_unpacked(small, plan, tmp_path, how):
    spoilt_zip(tmp_path / "era5.zip", how)
    first = lines(plan("import", "weather", "pv", "era5.zip", "--zone", "Asia/Shanghai", *PARK))[0]
    assert first.startswith("era5.zip: ") and {path.name for path in tmp_path.iterdir()} == {"era5.zip", "park"}
    assert not (tmp_path.parent.parent / "data.csv").exists()


# --- what stands in the way -------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("check", "--baseline", "park", "--out", "park/base.csv"),
        ("import", "costs", "o.csv", "--map", "m.csv", "--out", "park/offer.csv"),
        ("export", "out", "--format", "iamc", "--to", "park/iamc.csv"),
    ],
    ids=["baseline", "costs", "export"],
)
def test_a_table_is_not_written_among_those_of_a_park(small, plan, tmp_path, command):
    """The park was refused from then on: `baseline.csv: is no table of a park`."""
    (tmp_path / "meter.csv").write_text("value [kW]\n" + "5\n" * 8760)
    (tmp_path / "m.csv").write_text("item,type,price,unit,price_year\nPV,solar-rooftop,4000,CNY/kW,2025\n")
    if command[0] == "export":
        assert plan.once(*GOAL, "--out", "out", "--no-verify").code == 0
    before = {path.name for path in small.folder.iterdir()}
    assert "park is the folder of a park, and a table that is none of its own has it refused" in lines(plan(*command))[0]
    assert {path.name for path in small.folder.iterdir()} == before and plan("check", "park").code == 0


def test_a_table_that_a_park_may_have_is_written_into_it(small, plan, tmp_path):
    (small.folder / "costs.csv").unlink()
    (tmp_path / "m.csv").write_text("item,type,price,unit,price_year\nPV,solar-rooftop,4000,CNY/kW,2025\n")
    said = plan("import", "costs", "o.csv", "--map", "m.csv", "--out", "park/costs.csv")
    assert said.code == 0, said.err


@pytest.mark.parametrize("text",
    ["mine", "{}", '{"name": "x", "profile": "tabular-data-package", "resources": [], "licenses": []}', "[1]"])
def test_another_s_description_of_a_park_is_not_overwritten(small, plan, text):
    file = small.folder / "datapackage.json"
    file.write_text(text)
    assert "is a file already, and none that was made here" in lines(plan("check", "park", "--datapackage"))[0]
    assert file.read_text() == text


def test_our_own_description_of_a_park_is_written_again(small, plan):
    """Also one of a version that did not say who made it."""
    file = small.folder / "datapackage.json"
    assert plan("check", "park", "--datapackage").code == 0
    made = json.loads(file.read_text())
    assert made.pop("generator") == "parkzero"
    file.write_text(json.dumps(made))
    small.edit("park.toml", "Tiny [Park]", "Other")
    assert plan("check", "park", "--datapackage").code == 0 and json.loads(file.read_text())["title"] == "Other"


# --- export -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["iamc", "pypsa"])
def test_a_run_with_a_connection_whose_size_is_a_decision_is_exported(small, plan, tmp_path, form):
    """1 MW all year: 0.9 MW and more come by the line, of 1,000 CNY/kW, less what the sun gives."""
    small.write("connections.csv", "connection,carrier,type,existing,max_capacity\nline,electricity,wire,0,5\n")
    small.write("supplies.csv", "supply,carrier,kind,max_import,scope,connection\ngrid,electricity,grid,2,2,line\n")
    small.write("costs.csv", (small.folder / "costs.csv").read_text()
        + "wire,capital_cost,,1000,CNY/kW\nwire,fixed_cost,,1,%/year\nwire,lifetime,,30,year\n",)
    said = plan(*GOAL, "--out", "out", "--no-verify")
    assert said.code == 0, said.err
    said = plan("export", "out", "--format", form)
    assert said.code == 0, said.err
    if form == "iamc":
        rows = pd.read_csv(tmp_path / "out" / "iamc.csv").set_index(["Scenario", "Variable"])["2026"]
        capacity = pd.read_csv(tmp_path / "out" / "capacity.csv").query("technology == 'line' and year == 2026")["capacity"].item()
        capital = (pd.read_csv(tmp_path / "out" / "costs.csv")
            .query("name == 'line' and item == 'capital' and year == 2026")["value"] .item())
        assert rows["zero-carbon by 2028", "Capacity|Transmission|Electricity"] == pytest.approx(capacity)
        assert rows["zero-carbon by 2028", "Capacity Additions|Transmission|Electricity"] == pytest.approx(capacity)
        assert (rows["zero-carbon by 2028", "Investment|Energy Supply|Transmission|Electricity"] == pytest.approx(capital)
            == capacity * 1e6)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
@pytest.mark.parametrize(("kind", "said"),
    [("/dev/zero", "is no file"), ("FIFO", "is no file"), ("folder", "is a folder"), ("latin-1", "is not UTF-8"), ("a quote", "")])
def test_groups_that_never_end_are_not_waited_for(small, plan, tmp_path, kind, said):
    """`--groups /dev/zero` hung."""
    from models.errors import CaseError
    from planner.park import read_case
    from planner.questions.space import read_groups

    path = Path("/dev/zero") if kind == "/dev/zero" else tmp_path / "groups"
    if kind == "FIFO":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind != "/dev/zero":
        path.write_bytes(b"group,name\n\xe4,pv\n" if kind == "latin-1" else b'group,name\n"' + b"x" * 200_000)
    case = read_case(small.folder)
    with pytest.raises(CaseError) as error:
        read_groups(path, case)
    assert error.value.complaints[0].startswith("--groups ") and said in error.value.complaints[0]


# --- workbook ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value",
    ["cn-green-direct", "cn-green-direct; own", "own, cn-green-direct", "own、cn-green-direct", "", "nonsense"])
def test_rules_of_the_catalogue_are_named_in_a_workbook(value):
    """The hint of an unknown key recommended `rules`, which was then refused as no list."""
    from planner.park.settings import settings_text

    found = tomllib.loads(settings_text("park", [["key", "value"], ["rules", value]], "CNY", [])).get("rules", [])
    assert sorted(found) == sorted(part.strip() for part in value.replace(",", ";").replace("、", ";").split(";") if part.strip())


# --- application.toml -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "said"), [
    ('[owners]\ntennant = "A Ltd"\n',
     "application.toml line 2: [owners]: key 'tennant': is no owner of the park; did you mean 'tenant'?"),
    ('[owners]\n"公司" = "A Ltd"\n', "[owners]: key '公司': is no owner of the park"),
    ('[owner]\npark = "A Ltd"\n', "key 'owner': is no table of application.toml; did you mean 'owners'?"),
    ('title = "x"\n', "application.toml line 1: key 'title': is no table of application.toml"),
    ('[park]\nname = "x"\n', "key 'name': is no key of [park]"),
    ('[park.more]\ntitle = "x"\n', "key 'more': is no key of [park]"),
    ('[[project]]\nname = "pv"\ncost = "x"\n', "[[project]] 1: key 'cost': is no key of [[project]]"),
    ("[[year]]\nyear = 2025\nco3 = 1\n", "[[year]] 1: key 'co3': is no key of [[year]]"),
])
def test_what_application_toml_does_not_have_is_refused(small, text, said):
    from models.errors import CaseError
    from planner.application.details import read_details

    small.write("application.toml", text)
    with pytest.raises(CaseError) as error:
        read_details(None, small.folder, ("pv",), ("park", "tenant"), 2025)
    assert said in error.value.complaints[0]


def test_the_owners_that_a_park_names_may_be_told_of(small):
    from planner.application.contents import owners_of
    from planner.application.details import read_details
    from planner.park import read_case

    small.write("technologies.csv", "technology,type,existing,max_capacity,profile,owner\npv,solar,0,1,sun,tenant\n")
    small.write("application.toml", '[owners]\ntenant = "A Ltd"\npark = "B Ltd"\n')
    owners = owners_of(read_case(small.folder))
    assert owners == ["park", "tenant"]
    assert read_details(None, small.folder, (), owners, 2025).owners == {"tenant": "A Ltd", "park": "B Ltd"}


@pytest.mark.slow
def test_a_process_that_reads_a_device_is_not_waited_for(tmp_path):
    """As a user has it: a process of its own that has ten seconds and ends in one."""
    (tmp_path / "quote.csv").write_text("item,price,unit\nPV,3000,CNY/kW\n")
    words = ["import", "costs", "quote.csv", "--map", "/dev/zero"]
    done = subprocess.run([sys.executable, "-c", "from planner.command.cli import main; main()", *words], cwd=tmp_path,
        capture_output=True, text=True, check=False, timeout=120, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})
    assert done.returncode == 2 and "Traceback" not in done.stderr
