"""docs/first-park.md: its commands are run in their order, and what it shows is what is said."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from planner.command import cli

PAGE = (Path(__file__).parents[2] / "docs" / "first-park.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```([^\n]*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def say(monkeypatch, capsys, tmp_path):
    """Runs a line of the page in an empty folder; gives code and all that was printed."""
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(line: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", line.split())
        capsys.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def test_the_tutorial_is_what_happens(say, tmp_path):
    hours = (datetime(2025, 1, 1) + timedelta(hours=hour) for hour in range(8760))
    (tmp_path / "meter.csv").write_text(
        "time,kW\n" + "".join(f"{hour:%Y-%m-%d %H:%M},{7000 + 1000 * (8 <= hour.hour < 18)}\n" for hour in hours)
    )
    heard, commands = "", 0
    for kind, text in BLOCKS:
        if not kind:
            for line in text.splitlines():
                code, heard = say(line)
                assert code == 0, heard
                commands += 1
        elif kind.startswith("text fault"):
            _, _, sheet, cell, value = kind.split()
            book = openpyxl.load_workbook("mypark.xlsx")
            book[sheet][cell] = float(value)
            book.save("spoilt.xlsx")
            _, told = say("plan check spoilt.xlsx")
            assert text.strip().replace("mypark.xlsx", "spoilt.xlsx") in told
        else:
            assert text.strip() in heard
    assert commands == 4 + 2, "four to a plan, two for a meter"
    assert "machines" in (tmp_path / "mypark" / "profiles.csv").read_text().splitlines()[0]
    assert (tmp_path / "run1" / "report.html").is_file() and (tmp_path / "mypark-baseline" / "baseline.svg").is_file()


def test_the_sheets_that_the_page_names_are_those_of_the_workbook():
    from planner.templates.columns import FIRST

    named = {name.strip() for row in re.findall(r"^\| ([a-z, ]+) \|", PAGE, re.MULTILINE) for name in row.split(",")} - {"sheet"}
    assert named == {*FIRST, "park"}
