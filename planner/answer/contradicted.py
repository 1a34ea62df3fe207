"""Orders that a later stage contradicts: what stands still from its first year on, or is retired then, before its time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from planner.language.language import Language, mark
from planner.language.words import STAGES, named

#: Of its most energy of a year, less than this share is none.
STILL = 0.01
#: Years by which a life must go on beyond the stage.
LEFT = 2
#: What is said beside an order.
STANDS_STILL = mark("stands still from {year} on ({stage}), good until {until}")
GOES = mark("retired in {year} ({stage}), good until {until}")


class Contradicted(NamedTuple):
    """An order: its technology and year, the year from which it is not used any more, the stage that begins then, the last year of
    its life, and whether it is retired then or stands still."""

    technology: str
    ordered: int
    year: int
    stage: str
    until: int
    is_retired: bool

    def told(self, language: Language) -> str:
        """What is said beside the order."""
        words = GOES if self.is_retired else STANDS_STILL
        return language.translate(words, year=self.year, stage=named(language, STAGES, self.stage), until=self.until)


def contradicted(tables: Mapping[str, pd.DataFrame]) -> list[Contradicted]:
    r"""Orders of a plan that made or took energy before a stage and none of it, or are retired, from the stage's first year on.

    .. math::
        E_{k,y} \le 0.01 \max_z E_{k,z} \;\; \forall y \ge y_s

    for k what is ordered before the first year y_s of a later stage s and would work two years or more beyond it.

    E  energy out, of a plant that gives none what it takes   MWh (k,y)
    """
    begins = tables["stages"].groupby("stage")["year"].min().sort_values()
    used = _used(tables["energy"])
    found = []
    for r in tables["investments"].itertuples():
        own = used.get(str(r.technology))
        for stage, year in ((str(s), int(y)) for s, y in begins.items()):
            if own is None or not r.works_from < year <= r.works_until - LEFT:
                continue
            little = STILL * max(own.values())
            before, after = ([value for y, value in own.items() if (y >= year) == is_later] for is_later in (False, True))
            if max(before, default=0.0) > little and max(after, default=0.0) <= little:
                gone = tables["retirements"]
                gone = gone[(gone["technology"] == r.technology) & (gone["ordered"] == r.year) & (gone["year"] == year)]
                retired = float(gone["retired"].sum()) >= 0.5 * r.build
                found.append(Contradicted(str(r.technology), int(r.year), year, stage, int(r.works_until), retired))
                break
    return found


def told_beside(tables: Mapping[str, pd.DataFrame], language: Language) -> dict[tuple[str, int], str]:
    """(technology, year of the order) -> what is said beside it."""
    return {(c.technology, c.ordered): c.told(language) for c in contradicted(tables)}


def told_in_one(found: Iterable[Contradicted], language: Language) -> str:
    """All of them in a sentence, the first three by name; empty without any."""
    own = list(found)
    parts = [f"{c.technology} {c.ordered} ({c.told(language)})" for c in own[:3]]
    if len(own) > 3:
        parts.append(language.translate("and {count} more", count=len(own) - 3))
    return language.translate("A later stage contradicts: {orders}.", orders="; ".join(parts)) if own else ""


def _used(energy: pd.DataFrame) -> dict[str, dict[int, float]]:
    """Energy of each technology by year, 0 where none is listed: what it gives, else what it takes."""
    rows = list(zip(*(energy[column].tolist() for column in ("name", "flow", "carrier", "year", "value")), strict=True))
    years = sorted(set(energy["year"].tolist()))
    found: dict[str, dict[int, float]] = {}
    for flows in (("in", "captured"), ("out", "discharge")):  # what is given has the last word
        sums: dict[str, dict[int, float]] = {}
        for name, flow, carrier, year, value in rows:
            if flow in flows and carrier != "co2":
                sums.setdefault(str(name), dict.fromkeys(years, 0.0))[year] += value
        found |= sums
    return found
