"""Variants of an example park: folders of only what differs, laid over its tables."""

from __future__ import annotations

import csv
from pathlib import Path

from models.case import TABLES
from models.errors import CaseError
from planner.examples import data_folder
from planner.importers.write import csv_text
from planner.templates.blank import Row

#: The variant that any example has, if only by two futures that differ in a price; others have it stated.
FUTURES = "futures"
#: What names a row of the hours.
HOUR = ("hour",)


def variant_folder(example: str, variant: str) -> Path | None:
    """Where a variant of an example is, if there is one."""
    folder = data_folder() / "variants" / example / variant
    return folder if folder.is_dir() else None


def examples_with(variant: str) -> list[str]:
    """The examples that have a variant of that name."""
    return sorted(folder.parent.name for folder in (data_folder() / "variants").glob(f"*/{variant}"))


def check_variants(example: str, variants: list[str]) -> None:
    """Raises CaseError where an example has no such variant, before anything is written."""
    for variant in variants:
        if variant_folder(example, variant) is None:
            raise CaseError.because(
                "--{variant}: '{example}' has no such variant; {examples} has one",
                variant=variant,
                example=example,
                examples=", ".join(examples_with(variant)),
            )


def add_variants(folder: Path, example: str, variants: list[str]) -> list[Path]:
    """Lay variants of an example over a park that was made from it, one after the other; gives the files that are new."""
    return [file for variant in variants if (own := variant_folder(example, variant)) for file in add_variant(folder, own)]


def add_variant(folder: Path, variant: Path) -> list[Path]:
    """Lay the tables of a variant over those of a park; gives the files that are new."""
    new = []
    for path in sorted(variant.glob("*.csv")):
        own = folder / path.name
        if own.exists():
            lay_over(own, path)
        else:
            own.write_bytes(path.read_bytes())
            new.append(own)
    return new


def lay_over(own: Path, over: Path) -> None:
    """Rows and columns of a table laid over another: a row of the same key and year takes the cells that are laid over it, other
    rows come after those that are there, and a column that was not there is empty elsewhere."""
    columns, rows = _read(own)
    more, laid = _read(over)
    kind = TABLES.get(own.stem)
    key = HOUR if kind is None else (*kind.key, "year") if kind.key else ()
    place = {tuple(row.get(name, "") for name in key): row for row in rows} if key else {}
    for row in laid:
        told = place.get(tuple(row.get(name, "") for name in key))
        if told is None:
            rows.append(row)
        else:
            told.update(row)
    own.write_text(csv_text([*dict.fromkeys([*columns, *more])], rows), encoding="utf-8", newline="")


def _read(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        return list(reader.fieldnames or ()), rows
