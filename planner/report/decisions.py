"""What to do in each year, in words: what is ordered, adopted, planted and retired, those of little capital only counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from planner.language.language import ENGLISH, Language
from planner.plan import of_item
from planner.report.brief import Decisions
from planner.report.series import CAPITAL

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
    costs = of_item(tables["costs"], *CAPITAL)
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
