"""Eighty slips drawn by lot, twenty on each road into a park: table, workbook, sheet of the workbench, meter. None is read in silence."""

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from test_slips import DYEING, said

from models.errors import CaseError
from planner.importers.dialect import Answers
from planner.importers.meters import load_profile
from planner.importers.profile import Questions, Told
from planner.importers.subjects import METER
from planner.language.language import ENGLISH
from planner.park import read_case
from planner.templates.stated import stated
from planner.templates.write import write_book
from planner.workbench.table import check_with

SEED, EACH = 68, 20
#: Tables in which slips are made; the numbers of each that are names of years or of hours are no amounts.
TABLES = ("technologies", "sites", "demand", "measures", "savings", "supplies", "prices", "tariff", "costs", "offsets", "budget")
YEARS, NAMES = ("year",), ("type", "carrier", "profile", "site", "demand", "measure", "supply", "item", "parameter", "kind", "fuel")
UNITS = {"CNY/kWh": "CNY/MWh", "CNY/kW/month": "CNY/MW/month", "MWh": "GWh", "GWh": "MWh", "CNY/kW": "CNY/MW", "CNY/MWh": "CNY/kWh"}


def slips_of(column: str, text: str) -> dict[str, str]:
    """What a person may write in place of a cell."""
    if column == "unit":
        return {"another unit": UNITS[text]} if text in UNITS else {}
    if column in YEARS:
        return {"digits turned": text[0] + text[2] + text[1] + text[3], "two digits": text[2:]} if text else {}
    if column in NAMES:
        return {"letters turned": text[:1] + text[2] + text[1] + text[3:]} if len(text) > 3 and text[1] != text[2] else {}
    try:
        number = float(text)
    except ValueError:
        return {}
    slips = {"minus": f"-{text}", "letter O": text.replace("0", "O", 1) if "0" in text else f"{text}O", "unit written": f"{text} kW"}
    slips["two points"] = f"{text}.0.0"
    if 0 < number < 1:
        slips |= {"comma": text.replace(".", ","), "per cent": f"{100 * number:g}"}
    if number >= 1000:
        slips["thousands"] = f"{number:,.0f}"
    return slips


def drawn(chance: random.Random) -> list[tuple[str, int, str, str, str]]:
    """(table, row, column, slip, text) of as many slips as a road has, no cell and slip twice."""
    found: dict[tuple[str, int, str, str], str] = {}
    while len(found) < EACH:
        table = chance.choice(TABLES)
        lines = [line.split(",") for line in DYEING[f"{table}.csv"].strip().split("\n")]
        row, at = chance.randrange(1, len(lines)), chance.randrange(len(lines[0]))
        if slips := slips_of(lines[0][at], lines[row][at] if at < len(lines[row]) else ""):
            slip = chance.choice(sorted(slips))
            found[table, row, lines[0][at], slip] = slips[slip]
    return [(*key, text) for key, text in found.items()]


def changed(table: str, row: int, column: str, text: str) -> str:
    """The text of a table with one cell replaced."""
    lines = [line.split(",") for line in DYEING[f"{table}.csv"].strip().split("\n")]
    lines[row][lines[0].index(column)] = f'"{text}"' if "," in text else text
    return "\n".join(",".join(line) for line in lines) + "\n"


@pytest.fixture
def dyeing(tmp_path: Path) -> Path:
    folder = tmp_path / "dyeing"
    folder.mkdir()
    for name, text in DYEING.items():
        (folder / name).write_text(text)
    return folder


def through_tables(folder: Path) -> dict[str, tuple[str, ...]]:
    found = {}
    for table, row, column, slip, text in drawn(random.Random(SEED)):
        (folder / f"{table}.csv").write_text(changed(table, row, column, text))
        found[f"{table} {row} {column}: {slip} {text}"] = said(folder)
        (folder / f"{table}.csv").write_text(DYEING[f"{table}.csv"])
    return found


def through_workbook(folder: Path) -> dict[str, tuple[str, ...]]:
    rows, columns = stated(folder)
    path, found = folder.parent / "dyeing.xlsx", {}
    for table, row, column, slip, text in drawn(random.Random(SEED + 1)):
        path.unlink(missing_ok=True)
        write_book(path, rows, ENGLISH, columns)
        book = openpyxl.load_workbook(path)
        sheet = book[table]
        head = next(cells for cells in sheet.iter_rows() if any(str(cell.value).split(" ")[0] == column for cell in cells))
        at = next(cell for cell in head if str(cell.value).split(" ")[0] == column)
        cell = sheet.cell(at.row + row, at.column)
        try:
            cell.value = float(text)
        except ValueError:
            cell.value = text
        book.save(path)
        found[f"{table} {row} {column}: {slip} {text}"] = said(path)
    return found


def through_workbench(folder: Path) -> dict[str, tuple[str, ...]]:
    found = {}
    for table, row, column, slip, text in drawn(random.Random(SEED + 2)):
        checked = check_with(folder, f"{table}.csv", changed(table, row, column, text))
        lines = [ENGLISH.tell(remark.text) for remark in (*checked.faults, *checked.warnings)]
        found[f"{table} {row} {column}: {slip} {text}"] = tuple(line for line in lines if not line.startswith("catalogue"))
    return found


def meter_of(chance: random.Random, slip: str) -> tuple[str, str]:
    """(text of a meter's file of hours with one slip, what is asked for beside it)."""
    start, at = datetime(2025, 1, 1), chance.randrange(200, 8000)
    times = [f"{start + timedelta(hours=h):%Y-%m-%d %H:%M}" for h in range(8760)]
    values = [f"{400 + 200 * (h % 24 in range(7, 19)) + h % 7}" for h in range(8760)]
    head = "time;power [kW]"
    match slip:
        case "letter O":
            values[at] = values[at][:-1] + "O"
        case "spike":
            values[at] = "600000"
        case "minus":
            values[at] = "-" + values[at]
        case "doubled":
            times[at] = times[at - 1]
        case "gap of days":
            del times[at : at + 100], values[at : at + 100]
        case "no unit":
            head = "time;value"
        case "day and month":
            times = [f"{1 + h // 24 % 12:02d}/{1 + h // 288 % 12:02d}/2025 {h % 24:02d}:00" for h in range(8760)]
        case "not a whole year":
            times, values = times[:-1500], values[:-1500]
        case "thousands":
            values = [f"1.{value}" for value in values]
        case "register":
            values = [f"{100000 + 500 * h}" for h in range(8760)]
    return head + "\n" + "".join(f"{time};{value}\n" for time, value in zip(times, values, strict=True)), slip


METERS = ("letter O", "spike", "minus", "doubled", "gap of days", "no unit", "day and month", "not a whole year", "thousands", "register")


def through_meter(folder: Path) -> dict[str, tuple[str, ...]]:
    chance, found = random.Random(SEED + 3), {}
    for number in range(EACH):
        text, slip = meter_of(chance, METERS[number % len(METERS)])
        path, told = folder.parent / "meter.csv", Told()
        path.write_text(text)
        try:
            load_profile([path], "hall", Answers(METER, {}), told)
        except (CaseError, Questions) as error:
            found[f"meter {number}: {slip}"] = tuple(ENGLISH.tell(line) for line in error.complaints)
            continue
        found[f"meter {number}: {slip}"] = tuple(ENGLISH.tell(line) for line, is_warning in told.lines if is_warning)
    return found


#: Where it is, and what to do: a line, a cell or an option; a word after `;`, what is usual, or what is meant.
PLACE = re.compile(r"line \d+|cell [A-Z]+\d+|row \d+|meter\.csv")
CURE = re.compile(r";|\?|usual|--\w|give|write|say")
ROADS: tuple[Callable[[Path], dict[str, tuple[str, ...]]], ...] = (through_tables, through_workbook, through_workbench, through_meter)


def test_of_eighty_slips_none_is_read_in_silence(dyeing):
    found = {f"{road.__name__}: {name}": lines for road in ROADS for name, lines in road(dyeing).items()}
    assert len(found) == len(ROADS) * EACH
    assert [name for name, lines in found.items() if not lines] == []
    cured = [name for name, lines in found.items() if any(PLACE.search(line) and CURE.search(line) for line in lines)]
    assert len(cured) >= 72, sorted({*found} - {*cured})


def test_the_park_without_a_slip_says_nothing_on_any_road(dyeing):
    rows, columns = stated(dyeing)
    assert said(dyeing) == said(write_book(dyeing.parent / "own.xlsx", rows, ENGLISH, columns)) == ()
    assert read_case(dyeing).park.name == "Dyeing Park"
