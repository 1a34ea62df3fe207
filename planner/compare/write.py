"""The comparison as CSV: one long table, or a folder with a file for each table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planner.compare.comparison import Comparison
from planner.compare.page import NAME, comparison_page
from planner.language.language import ENGLISH, Language
from planner.tables.files import quoted
from planner.tables.place import COMPARISON, check_place, writing


def comparison_csv(comparison: Comparison) -> str:
    """All tables as one: `table`, every key column, and a column a run."""
    whole = pd.concat([t.assign(table=name) for name, t in comparison.tables.items()], ignore_index=True)
    runs = [run.label for run in comparison.runs]
    keys = ["table", "item", "action", "name", "stage", "metric", "sense", "what", "year", "unit"]
    return _csv(whole[[*keys, *runs]].astype({"year": "Int64"}))


def write_comparison(comparison: Comparison, folder: Path, language: Language = ENGLISH) -> list[Path]:
    """Write each table and the page into the folder; gives the files. Raises CaseError where the folder will not do."""
    check_place(folder, COMPARISON)
    contents = {f"{name}.csv": _csv(table) for name, table in comparison.tables.items()}
    contents[NAME] = comparison_page(comparison, language)
    with writing(folder, COMPARISON) as (new, moved):
        for name, content in contents.items():
            (new / name).write_text(content, encoding="utf-8")
    return [moved.place / name for name in contents]


def _csv(table: pd.DataFrame) -> str:
    shown = table.rename(columns=quoted)
    for column in shown.columns:
        if not pd.api.types.is_numeric_dtype(shown[column]):
            shown[column] = shown[column].map(quoted)
    return shown.to_csv(index=False, float_format="%.12g", lineterminator="\n")
