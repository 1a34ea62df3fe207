r"""What the plan costs beside the others, in words: the cost of the goal first; each is named for what it is.

Between which amounts the cost of the goal lies, by what is proven of the plan and of the cheapest one without the goal.

.. math:: \max(0, B - C') \;\le\; C^* - C'^* \;\le\; C - B'

Each least cost C* is between the bound B and the cost C of the plan that was found. The goal only adds rules, so it costs at least
nothing. Costs and bounds are of the same hours in both plans: of all hours where both have a bound there, else of typical days, the
same ones as they are: what repairs asked of a plan on these days is no bound of others.

Returns the range, None where a bound is missing. Raises nothing.

C  cost of the plan     B  its lower bound     C*  least cost there is   money     ' of the plan without the goal
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from rich.cells import cell_len

from planner.answer import series
from planner.finance.figures import back_after, by_date
from planner.language.language import ENGLISH, Language, mark
from planner.language.words import PLANS, named, told_days, told_years
from planner.plan import BUSINESS, CAPITAL_ITEMS, LEAST_COST, REFERENCE, TARGET, of_item
from planner.tables.output import Tables

#: Plan -> what it is, beside its name.
MEANING = {
    LEAST_COST: mark("the same park without the goal"),
    REFERENCE: mark("today's kinds of equipment, optimised; no measures, certificates, credits or planting"),
    BUSINESS: mark("today's equipment renewed kind for kind, nothing new"),
}
#: The same in few words, where a plan is named first.
IN_SHORT = {
    LEAST_COST: mark("the same park without the goal"),
    REFERENCE: mark("today's kinds of equipment at least cost"),
    BUSINESS: mark("today's equipment renewed, nothing new"),
}
#: Headings of the cost of a tonne against the plan that a run compares with.
PER_TONNE = (mark("abatement, {currency} a discounted t"), mark("abatement, {currency} a t"))


def per_tonne(facts: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Cost of a tonne of a plan of summary.json against the plan that is compared with: discounted, and not."""
    found = facts.get("abatement_cost") or {}
    return found.get("per_tonne_discounted"), found.get("per_tonne_undiscounted")


def told_costs(language: Language, summary: Mapping[str, Any], has_range: bool = True) -> Iterator[str]:
    """A sentence for the cost of the goal, and one for each other plan that there is. `summary` is that of summary.json.

    has_range  as in `told_goal`
    """
    say, currency = language.translate, summary["currency"]
    costs = {name: facts["system_cost"] for name, facts in summary["plans"].items() if facts["system_cost"] is not None}
    if TARGET not in costs:
        return
    if summary["goal_cost"] is not None:
        yield told_goal(language, summary, has_range)
    for name, words in ((REFERENCE, say(MEANING[REFERENCE])), (BUSINESS, say(MEANING[BUSINESS]))):
        if name not in costs:
            continue
        more = costs[TARGET] - costs[name]
        values = {"money": language.money(abs(more), currency), "plan": words}
        if more > 0:
            yield say("It costs {money} more than {plan}.", **values)
        else:
            yield say("It costs {money} less than {plan}.", **values)


def told_goal(language: Language, summary: Mapping[str, Any], has_range: bool = True) -> str:
    """What the goal costs, what that is for a tonne, and (`has_range`) between which amounts it is proven to lie: the same words on
    console, page and in the workbook. `summary` is that of summary.json, with a cost of the goal."""
    currency = summary["currency"]
    told = _goal(language, summary["goal_cost"], currency), told_between(language, summary, currency) if has_range else ""
    return language.sentences(*(words for words in told if words))


def told_meaning(language: Language) -> str:
    """What the plans to compare with are, in a line."""
    return language.translate("reference: today's kinds of equipment, optimised; business as usual: today's renewed kind for kind")


def told_between(language: Language, summary: Mapping[str, Any], currency: str) -> str:
    """Between which amounts the cost of the goal lies; nothing where they read alike, or the goal costs nothing."""
    found = goal_range(summary)
    if found is None or summary["goal_cost"]["money"] <= 0 or found["most"] <= 0:
        return ""
    low, high = (language.money(found[key], currency) for key in ("least", "most"))
    if low == high:
        return ""
    if found["typical_days"]:
        days = told_days(language, found["typical_days"])
        there = language.money(found["cost"], currency)
        words = mark("On {days} it costs {there}, proven to lie between {low} and {high}.")
        return language.translate(words, days=days, there=there, low=low, high=high)
    return language.translate("In all hours it is proven to cost between {low} and {high}.", low=low, high=high)


def _goal(language: Language, found: Mapping[str, Any], currency: str) -> str:
    say, money = language.translate, found["money"]
    if money <= 0:
        return say("The goal costs nothing: the least-cost plan without it is no cheaper, within what is proven.")
    values = {"money": language.money(money, currency), "currency": language.currency(currency)}
    if found["per_tonne_discounted"] is None or found["per_tonne_undiscounted"] is None:
        return say("The goal costs {money} more than the least cost without it.", **values)
    each = {key: language.number(found[f"per_tonne_{key}"]) for key in ("discounted", "undiscounted")}
    return say(
        "The goal costs {money} more than the least cost without it: {discounted} {currency} a discounted tonne, {undiscounted} an "
        "undiscounted one.",
        **values,
        **each,
    )


def goal_range(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The range of `summary.json`: the typical days that it is of (0: all hours), what the plans found differ by, the least and the
    most, and the gap of either plan."""
    other = facts["plans"].get(LEAST_COST)
    if facts["goal_cost"] is None or other is None:
        return None
    pair = facts, other
    days, cost, bound, gap = 0, *_all(pair, "system_cost", "bound", "gap")
    if None in bound:
        own = [plan["typical_days"] or {"count": 0} for plan in pair]
        days = own[0]["count"]
        if not days or len({(plan["count"], *(plan.get("added") or ())) for plan in own}) > 1:
            return None
        cost, bound, gap = _all(own, "cost", "bound", "gap")
    if None in (*cost, *bound):
        return None
    low, high = max(bound[0] - cost[1], 0.0), max(cost[0] - bound[1], 0.0)
    return {"typical_days": days, "cost": cost[0] - cost[1], "least": low, "most": high, "gap": gap[0], "gap_without_goal": gap[1]}


def _all(pair: tuple[Mapping[str, Any], ...] | list[Any], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(plan.get(key) for plan in pair) for key in keys]


# --- saving ----------------------------------------------------------------------------------------------------------------
# What a plan saves against another one: over the years of the horizon, as value beyond it, and when it has paid back.
#
# .. math:: S = C' - C \qquad \text{within} = \sum_y \delta_y (P'_y - P_y) \qquad \text{value beyond} = S - \text{within}
#
# C  system cost   money     P  all that is paid in a year   money (y)     δ  discount factor   1 (y)     ' of the other plan
#
# A plan has paid back after as many years from the first payment on as it takes until what it laid out more has come back for
# good.

#: When a year is paid, where a run does not say it.
END = "end"
#: Which costs the system cost holds.
COSTS_HELD = mark(
    "All costs of {first} to {last} (energy, equipment, measures, certificates, credits, planting, CO2), real, in prices of "
    "{price_year}, discounted to {first} at {rate} a year; of equipment that lasts beyond {last}, only the share of its life "
    "until then. Figures are rounded."
)
#: Share of a saving that may be value beyond the horizon unsaid.
LITTLE = 0.01


@dataclass(frozen=True)
class Back:
    """Years from the first payment until a plan has paid back, not discounted and discounted; None: not within the horizon.

    year, later  the calendar years in which, or at the end of which, that is
    """

    years: float | None
    discounted: float | None
    year: int | None
    later: int | None


def usual(summary: Mapping[str, Any]) -> str | None:
    """The plan of going on as today: business as usual, else the reference; None where neither was found."""
    plans = summary["plans"]
    return next((name for name in (BUSINESS, REFERENCE) if plans.get(name, {}).get("system_cost") is not None), None)


def at_end(summary: Mapping[str, Any]) -> bool:
    """True if what a year saves is paid at its end, and its capital at its start."""
    return summary.get("timing", END) == END


def yearly(tables: Tables) -> pd.Series:
    """All that is paid in each year (money)."""
    return _by_year(tables["costs"], series.years_of(tables))


def _by_year(costs: pd.DataFrame, years: Sequence[int], items: Collection[str] | None = None) -> pd.Series:
    """What costs.csv comes to in each of these years (money); `items`: only these."""
    paid = dict.fromkeys(years, 0.0)
    for year, item, value in zip(costs["year"].tolist(), costs["item"].tolist(), costs["value"].tolist(), strict=True):
        if year in paid and (items is None or item in items):
            paid[year] += value
    return pd.Series(paid, index=pd.Index(years, name="year"), dtype=float, name="value")


def saved(plan: Tables, other: Tables) -> tuple[pd.Series, pd.Series]:
    """What a plan costs less than another one in each year (money): of its capital, and all together."""
    years = series.years_of(plan)
    capital = [_by_year(tables["costs"], years, CAPITAL_ITEMS) for tables in (other, plan)]
    return capital[0] - capital[1], (yearly(other) - yearly(plan)).reindex(years).fillna(0.0)


def cumulated(plan: Tables, other: Tables, rate: float = 0.0, late: bool = False) -> pd.Series:
    """What a plan has cost less than another one until the end of each year, discounted to the start of the first one (money);
    `late` if what is no capital is paid at the end of its year."""
    first, whole = saved(plan, other)
    delta = (1.0 + rate) ** -(whole.index - whole.index.min()).astype(float)
    rest = (whole - first) / ((1.0 + rate) if late else 1.0)
    return ((first + rest) * delta).cumsum()


def within(plan: Tables, other: Tables, rate: float) -> float:
    """What a plan saves in the years of the horizon, discounted as the system cost is (money)."""
    return float(cumulated(plan, other, rate).iloc[-1])


def back(plan: Tables, other: Tables, rate: float, late: bool) -> Back:
    """When a plan has paid back against another one."""
    first, whole = saved(plan, other)
    cash = by_date(first.to_numpy(), whole.to_numpy(), late)
    discount = (1.0 + rate) ** -pd.RangeIndex(len(cash)).to_numpy().astype(float)
    found = [back_after(flow, cash) if cash.any() else 0.0 for flow in (cash, cash * discount)]
    begins = next((int(y) for y, money in zip(whole.index, cash, strict=False) if money), int(whole.index[0]))
    years = [None if n is None else int(begins + n - late) for n in found]
    return Back(found[0], found[1], years[0], years[1])


def told_back(language: Language, found: Back, late: bool) -> tuple[str, str]:
    """When it has paid back, not discounted and discounted, in words."""
    say = language.translate

    def told(years: float | None, year: int | None) -> str:
        if not years:
            return say("not within the horizon") if years is None else say("at once")
        time = told_years(language, int(years))
        if late and year is not None:
            return say("{time}, by 1 January {year}", time=time, year=year + 1)
        return say("{time}, in {year}", time=time, year=year)

    return told(found.years, found.year), told(found.discounted, found.later)


def told_timing(language: Language, late: bool) -> str:
    """When a year is paid."""
    if late:
        return language.translate("Capital is paid at the start of its year, what is saved comes at the end of its year.")
    return language.translate("All of a year is paid at its start.")


def beyond(summary: Mapping[str, Any], plan: Tables, other: Tables, name: str) -> float:
    """What of a saving against another plan is value beyond the horizon (money); 0 where nothing is saved or that is little."""
    money = float(summary["plans"][name]["system_cost"] - summary["system_cost"])
    found = money - within(plan, other, float(summary["discount_rate"]))
    return found if money > 0 and found >= LITTLE * money else 0.0


def told_beyond(language: Language, summary: Mapping[str, Any], plan: Tables, other: Tables, name: str) -> str:
    """How much of a saving is value beyond the horizon, and what it is without it; nothing where it is little."""
    if not (later := beyond(summary, plan, other, name)):
        return ""
    until = float(summary["plans"][name]["system_cost"] - summary["system_cost"]) - later
    values = {
        "beyond": language.money(later, summary["currency"]),
        "within": language.money(abs(until), summary["currency"]),
        "last": int(series.years_of(plan)[-1]),
        "plan": named(language, PLANS, name),
    }
    if until < 0:
        return language.translate(
            "{beyond} of what it saves against {plan} is value beyond {last}: equipment that goes on working, whose capital the "
            "system cost leaves to the years after. In the years until then it costs {within} more.",
            **values,
        )
    return language.translate(
        "{beyond} of what it saves against {plan} is value beyond {last}: equipment that goes on working, whose capital the "
        "system cost leaves to the years after. In the years until then it saves {within}.",
        **values,
    )


# --- decisions -------------------------------------------------------------------------------------------------------------
# What to do in each year, in words: what is ordered, adopted, planted and retired, those of little capital only counted.
#
# Or in as many lines as there is room for: the dearest years are told at most length. What must not be hidden is told in any
# case,
# also where it takes more lines than there are.

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
