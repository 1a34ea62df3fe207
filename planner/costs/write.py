"""Writes imported costs: to a cost table of their own, or into a park's costs.csv, where a series is replaced as a whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from models.errors import CaseError
from planner.costs.figures import CostFigure
from planner.language.message import Message
from planner.profiles.write import put
from planner.read.folder import check_beside

COLUMNS = ("type", "parameter", "year", "value", "unit", "source", "note")


def cost_table(figures: Sequence[CostFigure]) -> list[dict[str, str]]:
    """Rows of costs.csv, by type, parameter and year."""
    order = sorted(figures, key=lambda f: (f.type, f.parameter, f.year or 0))
    return [
        {
            "type": f.type,
            "parameter": f.parameter,
            "year": str(f.year or ""),
            "value": f"{f.value:.6g}" if f.value < 1e6 else f"{f.value:.0f}",
            "unit": f.unit,
            "source": f.source,
            "note": f.note,
        }
        for f in order
    ]


def check_series(figures: Sequence[CostFigure]) -> None:
    """Raise CaseError where two figures are of the same type, parameter and year, or a series mixes units."""
    seen: dict[tuple[str, str, int | None], str] = {}
    faults = []
    for figure in figures:
        key = figure.type, figure.parameter, figure.year
        if key in seen:
            faults.append(
                Message(
                    "{place}: {type} {parameter}: stands in {other} too; keep one",
                    place=figure.place,
                    type=figure.type,
                    parameter=figure.parameter,
                    other=seen[key],
                )
            )
        seen.setdefault(key, figure.place)
    if faults:
        raise CaseError(faults)


def write_costs(figures: Sequence[CostFigure], out: Path, replace: bool) -> Path:
    """Write a cost table of its own. Raises CaseError where that would overwrite something."""
    check_beside(out)
    if out.exists() and not replace:
        raise CaseError.because("{out}: is there already; choose another --out, or say --replace", out=out)
    if not out.absolute().parent.is_dir():
        raise CaseError.because("{out}: the folder {parent} does not exist", out=out, parent=out.absolute().parent)
    put(out, _text(COLUMNS, cost_table(figures)))
    return out


def write_into_park(figures: Sequence[CostFigure], park: Path, replace: bool) -> Path:
    """Lay the figures over the park's costs.csv: each series as a whole. Raises CaseError where one is there already."""
    path, columns, rows = park / "costs.csv", list(COLUMNS), list[dict[str, str]]()
    if path.exists():
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                rows = [{k: v or "" for k, v in row.items() if k} for row in reader]
                columns = [*(reader.fieldnames or ()), *(c for c in COLUMNS if c not in (reader.fieldnames or ()))]
        except (OSError, UnicodeError, csv.Error) as error:
            raise CaseError.because("{path}: cannot be read ({error}); mend it first", path=path, error=error) from error
    series = {(f.type, f.parameter) for f in figures}
    there = sorted({(r.get("type", ""), r.get("parameter", "")) for r in rows} & series)
    if there and not replace:
        raise CaseError(
            [
                Message(
                    "{path}: has {name} {parameter} already; say --replace, or --out FILE",
                    path=path,
                    name=name,
                    parameter=parameter,
                )
                for name, parameter in there
            ]
        )
    kept = [row for row in rows if (row.get("type", ""), row.get("parameter", "")) not in series]
    put(path, _text(columns, [*kept, *cost_table(figures)]))
    return path


def _text(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
