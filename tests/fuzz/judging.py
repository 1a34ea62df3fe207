"""What is demanded of a spoilt park: printable complaints of one line each, or numbers that can be planned with."""

import dataclasses
import math
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import CaseError
from models.inputs import resolve
from planner.park import read_case

#: Characters of a printed line at most.
LONGEST = 1_000
#: Lines that one park may be answered with at most.
MOST_LINES = 2_000


def judge(folder: Path) -> str:
    """Read the park and resolve its inputs: "refused" or "accepted". AssertionError where the answer is not fit to print."""
    complaints: tuple[str, ...] | None = None
    try:
        case = read_case(folder)
    except CaseError as error:
        complaints = error.complaints
    if complaints is not None:
        assert 0 < len(complaints) <= MOST_LINES
        for line in complaints:
            assert_printable(line)
        return "refused"
    for line in case.warnings:
        assert_printable(line)
    if case.goal is not None:
        inputs = resolve(case, case.goal, case.park.base_emissions or 1.0)
        for where, number in numbers_of(inputs, "inputs"):
            assert not math.isnan(number), f"{where} is no number"
    return "accepted"


def assert_printable(line: str) -> None:
    """One line of text that a terminal shows as it is."""
    bad = [c for c in line if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in "\u202a\u202b\u202d\u202e"]
    assert not bad, f"not printable: {bad[:3]!r} in {line[:200]!r}"
    assert line.strip()
    assert len(line) <= LONGEST, f"{len(line)} characters: {line[:100]!r}"


def numbers_of(part: Any, where: str) -> Iterator[tuple[str, float]]:
    """Every number in the inputs, and where it stands."""
    if isinstance(part, bool | str) or part is None:
        return
    if isinstance(part, int | float):
        yield where, float(part)
    elif isinstance(part, np.ndarray):
        if part.dtype.kind == "f" and part.size:
            yield where, float(part.sum())
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield from numbers_of(getattr(part, field.name), f"{where}.{field.name}")
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from numbers_of(value, f"{where}[{key}]")
    elif isinstance(part, list | tuple):
        for value in part:
            yield from numbers_of(value, where)
