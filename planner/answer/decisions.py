"""What to do in each year, in words: what is ordered, adopted, planted and retired, those of little capital only counted.

Or in as many lines as there is room for: the dearest years are told at most length. What must not be hidden is told in any case,
also where it takes more lines than there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from rich.cells import cell_len

from planner.language.language import ENGLISH, Language
from planner.plan import CAPITAL_ITEMS, of_item

#: Builds that cost less than this share of a year's capital are only counted ("and 3 more"); those above this share of the
#: capital of all years are never hidden.
SMALL = 0.01
#: Share of all capacity in a unit below which nothing is said of a retirement.
TINY = 0.001


class _Decision(NamedTuple):
    """A decision in words: what is paid, and whether it may be hidden where there is no room."""

    paid: float
    text: str
    may_hide: bool


def what_to_do(tables: Mapping[str, pd.DataFrame], language: Language = ENGLISH, short: bool = False) -> dict[int, Decisions]:
    """Decisions of each year, those of little capital or size only counted.

    A retirement, and an order above a hundredth of the capital of all years, is never hidden. `short`: orders without the year from
    which they work, and the measures of a year, its planted land and what it retires as one decision each.
    """
    say = language.translate
    costs = of_item(tables["costs"], *CAPITAL_ITEMS)
    capital, large = costs.groupby("year")["value"].sum(), SMALL * costs["value"].sum()
    leased = set(of_item(tables["costs"], "annuity", above=0.0)["name"])
    found: dict[int, list[_Decision]] = {}
    small: dict[int, int] = {}
    for r in tables["investments"].itertuples():
        pays_otherwise = r.technology in leased or r.capital_cost < 0
        if not pays_otherwise and r.capital_cost < SMALL * capital.get(r.year, 0.0) and r.capital_cost <= large:
            small[r.year] = small.get(r.year, 0) + 1
        else:
            text = _order(r, language, short)
            found.setdefault(r.year, []).append(_Decision(r.capital_cost, text, r.capital_cost <= large))
    if short:
        for year, decision in _together(tables, costs, large, language):
            found.setdefault(year, []).append(decision)
        return {y: _told(found.get(y, []), small.get(y, 0), float(capital.get(y, 0.0))) for y in sorted({*found, *small})}
    for r in tables["measures"].itertuples():
        found.setdefault(r.year, []).append(_Decision(r.capital_cost, str(r.measure), r.capital_cost <= large))
    planting = costs[costs["item"] == "restoration"].groupby(["year", "name"])["value"].sum()
    for r in of_item(tables["restoration"], "planted", above=0.05).itertuples():
        text = say("plant {project} {area} ha", project=r.project, area=language.amount(r.value))
        paid = planting.get((r.year, r.project), 0.0)
        found.setdefault(r.year, []).append(_Decision(paid, text, paid <= large))
    for year, text in _retired(tables, language):
        found.setdefault(year, []).append(_Decision(-1.0, text, False))
    return {y: _told(found.get(y, []), small.get(y, 0), float(capital.get(y, 0.0))) for y in sorted({*found, *small})}


def _told(decisions: Iterable[_Decision], small: int, capital: float) -> Decisions:
    """The decisions of a year: those that may not be hidden first, each part by what is paid."""
    order = sorted(decisions, key=lambda d: (d.may_hide, -d.paid))
    return Decisions([d.text for d in order], small, capital, sum(not d.may_hide for d in order))


def _together(
    tables: Mapping[str, pd.DataFrame], costs: pd.DataFrame, large: float, language: Language
) -> Iterator[tuple[int, _Decision]]:
    """(year, decision): all measures, all planted land and all that is retired of a year, each by its name where it is alone."""
    say = language.translate
    for year, own in tables["measures"].groupby("year"):
        text = str(own["measure"].iloc[0]) if len(own) == 1 else say("{count} measures", count=len(own))
        money = float(own["capital_cost"].sum())
        yield int(str(year)), _Decision(money, text, money <= large)
    paid = costs[costs["item"] == "restoration"].groupby("year")["value"].sum()
    for year, own in of_item(tables["restoration"], "planted", above=0.05).groupby("year"):
        project = str(own["project"].iloc[0]) if len(own) == 1 else say("{count} projects", count=len(own))
        text = say("plant {project} {area} ha", project=project, area=language.amount(float(own["value"].sum())))
        money = float(paid.get(year, 0.0))
        yield int(str(year)), _Decision(money, text, money <= large)
    for year, text in _retired(tables, language, short=True):
        yield year, _Decision(-1.0, text, False)


def _order(row: Any, language: Language, short: bool = False) -> str:
    """An order of investments.csv in words."""
    say = language.translate
    order = f"{row.technology} {language.amount(row.build)} {row.unit}"
    if row.works_from > row.year and not short:
        order = say("{order} (from {year})", order=order, year=int(row.works_from))
    return say("{order}, committed", order=order) if row.committed else order


def _retired(tables: Mapping[str, pd.DataFrame], language: Language, short: bool = False) -> Iterator[tuple[int, str]]:
    """(year, words) of what is retired of each technology, all its orders together; `short`: of several the largest sum alone.

    Less than a hundredth of the technology, or a thousandth of all that is measured in its unit, is no decision but the least of
    what the solver tells apart.
    """
    standing, gone = tables["capacity"], tables["retirements"]
    most = standing.groupby("technology")["capacity"].max()
    whole = standing.groupby(["unit", "year"])["capacity"].sum().groupby("unit").max()
    own = gone.groupby(["year", "technology", "unit"], sort=False)["retired"].sum().reset_index()
    of_technology, of_unit = (own[c].map(sizes).astype(float).fillna(0.0) for c, sizes in (("technology", most), ("unit", whole)))
    least = np.maximum(SMALL * of_technology, TINY * of_unit)
    for year, rows in own[own["retired"] >= least].groupby("year"):
        rows = rows.sort_values("retired", ascending=False, kind="stable") if short else rows
        named = [f"{r.technology} {language.amount(r.retired)} {r.unit}" for r in rows.itertuples()]
        if short and len(named) > 1:
            named = [language.translate("{size} and {count} more", size=named[0], count=len(named) - 1)]
        sizes = language.translate(", ").join(named)
        yield int(str(year)), language.translate("retire {sizes}", sizes=sizes)


#: Stands between two decisions.
BETWEEN = " · "
#: A year with more than this share of all capital has a row of its own where lines do not do.
DEAR = 0.01


class Decisions(NamedTuple):
    """Decisions of a year.

    named    in words: first those that must not be hidden, then the others, the dearest first
    small    how many more are too small for a word
    capital  of all
    kept     how many of the first must not be hidden
    """

    named: list[str]
    small: int
    capital: float
    kept: int = 0

    def text(self, more: Callable[[int], str], named: int | None = None) -> str:
        """The first `named` of them (all that have words), and how many more there are."""
        shown = self.named[:named]
        left = len(self.named) - len(shown) + self.small
        return BETWEEN.join([*shown, *([more(left)] if left else [])])


def brief(
    years: Mapping[int, Decisions], columns: int, lines: int, more: Callable[[int], str], may_hide: bool = False
) -> list[tuple[list[int], str, float]]:
    """(years, text, capital) of each row; no more than `lines` of `columns` characters together, where that can be.

    A year has one line, or as many as what must not be hidden takes. Lines that are left go one by one to the year with the most
    capital for each line that it has. Where there are more years than lines, those with the least capital share the last row; no
    year of much capital does where what must not be hidden takes more lines than there are, unless anything `may_hide`.
    """
    order = sorted(years, key=lambda y: -years[y].capital)
    splits = [(order[:n], sorted(order[n:])) for n in range(len(order), 0, -1)] or [([], [])]
    sizes = [sum(_least(years[y], columns, more) for y in own) + _shared(years, rest, columns, more)[1] for own, rest in splits]
    whole = sum(year.capital for year in years.values())
    dear = max(0 if may_hide else sum(year.capital > DEAR * whole for year in years.values()), 1)
    kept, rest = next((split for split, size in zip(splits, sizes, strict=True) if size <= lines), splits[-dear])
    text, taken = _shared(years, rest, columns, more)
    room = {y: _least(years[y], columns, more) for y in kept}
    needed = {y: lines_of(years[y].text(more), columns) for y in kept}
    for _ in range(lines - sum(room.values()) - taken):
        waiting = [y for y in kept if room[y] < needed[y]]
        if waiting:
            room[max(waiting, key=lambda y: years[y].capital / room[y])] += 1
    rows = [([y], _fitted(years[y], columns, room[y], more), years[y].capital) for y in sorted(kept)]
    if rest:
        rows.append((rest, text, sum(years[y].capital for y in rest)))
    return rows


def _least(year: Decisions, columns: int, more: Callable[[int], str]) -> int:
    """Lines that a year takes at least."""
    return lines_of(year.text(more, max(year.kept, 1)), columns) if year.kept else 1


def _shared(years: Mapping[int, Decisions], rest: Sequence[int], columns: int, more: Callable[[int], str]) -> tuple[str, int]:
    """What the years that share a row say, and its lines: what must not be hidden by year, all else counted."""
    if not rest:
        return "", 0
    parts = [f"{y} {BETWEEN.join(years[y].named[: years[y].kept])}" for y in rest if years[y].kept]
    left = sum(len(years[y].named) - years[y].kept + years[y].small for y in rest)
    text = BETWEEN.join([*parts, *([more(left)] if left else [])])
    return text, lines_of(text, columns)


def _fitted(year: Decisions, columns: int, lines: int, more: Callable[[int], str]) -> str:
    """As many decisions as the lines hold: at least those that must not be hidden, and one."""
    least = max(year.kept, 1)
    texts = (year.text(more, named) for named in range(len(year.named), least - 1, -1))
    return next((text for text in texts if lines_of(text, columns) <= lines), year.text(more, least))


def lines_of(text: str, columns: int) -> int:
    """Lines that a text takes when it is broken between words, and within those that are longer than a line."""
    lines, used = 1, 0
    for size in map(cell_len, text.split(" ")):
        if used and used + 1 + size > columns:
            lines, used = lines + 1, 0
        used += size + bool(used)
        lines, used = lines + max(used - 1, 0) // columns, (used - 1) % columns + 1 if used else 0
    return lines
