"""The comparison as CSV: one long table, or a folder with a file for each table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from models.errors import CaseError
from planner.compare.comparison import Comparison
from planner.report.language import ENGLISH, Language
from planner.report.page.compare import NAME, comparison_page
from planner.report.sheets import FORMULA

#: Files that a folder of comparisons may hold; with any other it is left alone.
OURS = frozenset({*(f"{n}.csv" for n in ("runs", "costs", "capital", "builds", "emissions", "stages")), NAME})


def comparison_csv(comparison: Comparison) -> str:
    """All tables as one: `table`, every key column, and a column a run."""
    whole = pd.concat([t.assign(table=name) for name, t in comparison.tables.items()], ignore_index=True)
    runs = [run.label for run in comparison.runs]
    keys = ["table", "item", "action", "name", "stage", "metric", "sense", "what", "year", "unit"]
    return _csv(whole[[*keys, *runs]].astype({"year": "Int64"}))


def check_folder(folder: Path) -> None:
    """Raise CaseError where writing to the folder would lose something, or cannot work."""
    if folder.exists() and not folder.is_dir():
        raise CaseError([f"--out {folder}: is a file; name a folder"])
    if folder.is_dir() and any(p.name not in OURS for p in folder.iterdir()):
        raise CaseError([f"--out {folder}: holds other files; name a new folder"])
    if not folder.absolute().parent.is_dir():
        raise CaseError([f"--out {folder}: the folder {folder.absolute().parent} does not exist"])


def write_comparison(comparison: Comparison, folder: Path, language: Language = ENGLISH) -> list[Path]:
    """Write each table and the page into the folder; gives the files. Raises CaseError where the folder will not do."""
    check_folder(folder)
    try:
        folder.mkdir(exist_ok=True)
        written = []
        for name, table in comparison.tables.items():
            (folder / f"{name}.csv").write_text(_csv(table), encoding="utf-8")
            written.append(folder / f"{name}.csv")
        page = folder / NAME
        page.write_text(comparison_page(comparison, language), encoding="utf-8")
        written.append(page)
    except OSError as error:
        raise CaseError([f"--out {folder}: cannot be written to ({error.strerror or error})"]) from error
    return written


def _csv(table: pd.DataFrame) -> str:
    shown = table.rename(columns=_as_text)
    for column in shown.columns:
        if not pd.api.types.is_numeric_dtype(shown[column]):
            shown[column] = shown[column].map(_as_text)
    return shown.to_csv(index=False, float_format="%.12g", lineterminator="\n")


def _as_text(cell: Any) -> Any:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
