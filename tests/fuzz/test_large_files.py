"""Files far larger than any park's: refused or read in bounded time, with a bounded number of complaints."""

import csv
import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from judging import assert_printable, judge
from slowly import first
from test_spoilt_parks import EXAMPLES

from models.errors import CaseError
from planner.park import read_case

#: Seconds of processor time, for what takes one or two.
SOON = 30.0
#: Complaints of one file, with the line that counts the rest.
MOST = 51


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def rows_of(name: str) -> list[list[str]]:
    own = EXAMPLES["lakeside" if name in EXAMPLES["lakeside"] else "steelworks"][name]
    return list(csv.reader(io.StringIO(own.decode())))


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[str, bytes], tuple[str, ...]]:
    """Puts a file into an example park and gives the complaints; fails if reading takes long or prints what it should not."""
    def read(name: str, content: bytes) -> tuple[str, ...]:
        park = "lakeside" if name in EXAMPLES["lakeside"] else "steelworks"
        for file, own in {**EXAMPLES[park], name: content}.items():
            (tmp_path / file).write_bytes(own)
        began = time.process_time()
        with pytest.raises(CaseError) as error:
            read_case(tmp_path)
        assert time.process_time() - began < SOON
        for line in error.value.complaints:
            assert_printable(line)
        own = [line for line in error.value.complaints if line.startswith(name)]
        assert len(own) <= MOST
        return tuple(own)
    return read


@pytest.mark.parametrize("name", first(1, ["technologies.csv", "prices.csv", "profiles.csv"]))
def test_a_million_rows_are_refused(refused, name) -> None:
    head, *_ = rows_of(name)
    rows = as_csv([["1"] * len(head)]) * 1_000_000
    assert any("has more than" in line for line in refused(name, as_csv([head]) + rows))
    assert len(refused(name, as_csv([head]) + b"1\n" * 1_000_000)) > 1  # too few cells in each of them


@pytest.mark.parametrize("name", ["technologies.csv", "links.csv", "supplies.csv", "measures.csv", "demand.csv"])
def test_twenty_thousand_names_are_refused_with_their_number(refused, name) -> None:
    head, first, *_ = rows_of(name)
    rows = [[f"{first[0]}{i}", *first[1:]] for i in range(19_000)]
    (line,) = refused(name, as_csv([head, *rows]))
    assert line == f"{name}: names 19,000 in column {head[0]!r}; at most 1,000 can be planned"


@pytest.mark.parametrize("name", first(2, ["savings.csv", "ports.csv", "prices.csv", "captures.csv"]))
def test_twenty_thousand_faults_are_counted_and_fifty_are_shown(refused, name) -> None:
    head, first, *_ = rows_of(name) if name != "ports.csv" else [["type", "carrier", "direction", "ratio"], ["x", "y", "out", "1"]]
    rows = [[*(f"{cell}-{i % 900}" for cell in first[:2]), *first[2:-1], f"{first[-1]}x"] for i in range(19_000)]
    lines = refused(name, as_csv([head, *rows]))
    assert len(lines) == MOST and lines[-1].endswith("more faults; put these right first")


@pytest.mark.slow
def test_a_thousand_things_of_a_kind_are_read_in_time(tmp_path) -> None:
    """What compares each thing with each other must not take for ever: supplies with supplies, links, technologies."""
    for file, own in EXAMPLES["steelworks"].items():
        (tmp_path / file).write_bytes(own)
    for name in ("technologies.csv", "links.csv", "supplies.csv"):
        head, *rows = rows_of(name)
        more = [[f"{rows[0][0]}{i}", *rows[0][1:]] for i in range(900)]
        (tmp_path / name).write_bytes(as_csv([head, *rows, *more]))
    began = time.process_time()
    judge(tmp_path)
    assert time.process_time() - began < SOON


def test_a_chain_and_a_circle_of_requirements_are_followed_to_the_end(refused) -> None:
    head, first, *_ = rows_of("measures.csv")
    at = head.index("requires")
    ring = [[f"m{i}", *first[1:]] for i in range(900)]
    for i, row in enumerate(ring):
        row[at] = f"m{(i + 1) % 900}"
    lines = refused("measures.csv", as_csv([head, *ring]))
    assert sum("break the circle" in line for line in lines) == MOST - 1


def test_a_cell_of_forty_megabytes_is_refused(refused) -> None:
    content = EXAMPLES["lakeside"]["demand.csv"] + b'"' + b"x" * 40_000_000 + b'",electricity,,2025,1,MWh,\n'
    assert any("field larger than field limit" in line for line in refused("demand.csv", content))


@pytest.mark.parametrize("sign", [b",", b"\n", b"\r", b",\n"])
def test_a_file_of_nothing_but_signs_is_refused_before_it_is_taken_apart(refused, monkeypatch, sign) -> None:
    monkeypatch.setattr(csv, "reader",
        lambda text, **_: pytest.fail("taken apart") if len(text.getvalue()) > 1_000_000 else iter(()))
    (line,) = refused("prices.csv", sign * (49_000_000 // len(sign)))
    assert " commas; no table of a park has as many columns" in line or "has more than 2,000,000 lines" in line


def test_a_file_of_a_hundred_megabytes_is_refused_unread(refused, tmp_path, monkeypatch) -> None:
    opened: list[str] = []
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path.name) or read_bytes(path))
    with (tmp_path / "tariff.csv").open("wb") as file:
        file.truncate(100_000_000)
    for name, own in EXAMPLES["lakeside"].items():
        if name != "tariff.csv":
            (tmp_path / name).write_bytes(own)
    with pytest.raises(CaseError) as error:
        read_case(tmp_path)
    assert "tariff.csv: is larger than 50 MB; no file of a park or of a run is" in error.value.complaints and "tariff.csv" not in opened


@pytest.mark.parametrize(
    "text",
    ["x = " + "[\n" * 200_000, "x = " + "[" * 900, "x = " + "1" * 900, "a." * 450 + "b = 1", 'x = "' + "y" * 900_000 + '"',
     "a.b = 1\n" * 9],
    ids=["brackets in lines", "brackets", "digits", "dots", "letters", "keys twice"],
)
def test_settings_without_end_are_refused(refused, text) -> None:
    (line, *_) = refused("park.toml", EXAMPLES["lakeside"]["park.toml"] + b"\n" + text.encode() + b"\n")
    assert line.startswith("park.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_a_file_that_never_ends_is_not_waited_for(tmp_path) -> None:
    for name, own in EXAMPLES["lakeside"].items():
        if name != "budget.csv":
            (tmp_path / name).write_bytes(own)
    os.mkfifo(tmp_path / "budget.csv")
    with pytest.raises(CaseError) as error:
        read_case(tmp_path)
    assert "budget.csv: is no file" in error.value.complaints
