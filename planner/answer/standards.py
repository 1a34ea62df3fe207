"""What the catalogue has of standards: their rules, the factors that they fix, and what they are called; a rule by the formula of
its notice. Raises nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from models.case import StageRule, StandardFactor
from models.case.base import Row
from planner.tables.output import FILE

#: Within this share of a limit a rule is met: what holds in all hours within a thousandth.
WITHIN = 1e-3

CATALOGUE = FILE.parent
_Row = TypeVar("_Row", bound=Row)


@cache
def rules_of_catalogue() -> tuple[StageRule, ...]:
    """Rules of all standards of the catalogue."""
    return tuple(_read(StageRule))


@cache
def factors_of_catalogue() -> tuple[StandardFactor, ...]:
    """Factors that the standards of the catalogue fix."""
    return tuple(_read(StandardFactor))


def _read(kind: type[_Row]) -> Iterator[_Row]:
    """The rows of a table of the catalogue."""
    path: Path = CATALOGUE / f"{kind.table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield kind.model_validate({c: v for c, v in row.items() if v != "" and c in kind.columns()})


@cache
def titles_of_standard(standard: str) -> dict[str, str]:
    """What a standard of the catalogue is called."""
    with FILE.open(encoding="utf-8", newline="") as file:
        found = [r for r in csv.DictReader(file) if (r["kind"], r["name"]) == ("standard", standard)]
    return {"title_en": found[0]["title"], "title_zh": found[0]["title_zh"]} if found else {"title_en": "", "title_zh": ""}


def by_formula(rules: Sequence[Mapping[str, Any]], less: Mapping[str, float | None]) -> list[dict[str, Any]]:
    """Rules with the value that their notice's own formula gives, and whether that holds. It has no term for captured CO2: where
    some is taken off emissions per energy, that value is `ours`, a remark beside it.

    `less` is what the value is without certificates, and without capture too (`without`).
    """
    bare, told = less.get("capture"), [dict(rule) for rule in rules]
    for rule in told:
        if rule["metric"] == "intensity" and rule.get("value") is not None and bare is not None:
            ours, certified = rule["value"], less.get("certificates")
            rule["value"] = value = ours + bare - (ours if certified is None else certified)
            rule |= {"holds": value <= rule["limit"] * (1 + WITHIN), "ours": ours}
    return told
