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

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from planner.answer import series
from planner.finance.figures import back_after, by_date
from planner.language.language import ENGLISH, Language, mark
from planner.language.words import told_days, told_years
from planner.plan import BUSINESS, CAPITAL_ITEMS, LEAST_COST, REFERENCE, of_item
from planner.tables.output import Output, Tables

#: Plan -> what it is, beside its name.
MEANING = {
    LEAST_COST: mark("the same park without the goal"),
    REFERENCE: mark("today's kinds of equipment, optimised; no measures, certificates, credits or planting"),
    BUSINESS: mark("today's equipment renewed kind for kind, nothing new"),
}
#: Headings of the cost of a tonne against the plan that a run compares with.
PER_TONNE = (mark("abatement, {currency} a discounted t"), mark("abatement, {currency} a t"))


def per_tonne(facts: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Cost of a tonne of a plan of summary.json against the plan that is compared with: discounted, and not."""
    found = facts.get("abatement_cost") or {}
    return found.get("per_tonne_discounted"), found.get("per_tonne_undiscounted")


def told_goal(language: Language, summary: Mapping[str, Any], has_range: bool = True) -> str:
    """What the goal costs, what that is for a tonne, and (`has_range`) between which amounts it is proven to lie: the same words on
    console and in the workbook. `summary` is that of summary.json; empty without a cost of the goal."""
    if summary["system_cost"] is None or summary["goal_cost"] is None:
        return ""
    between = told_between(language, summary) if has_range else ""
    proven = language.translate("{sentence}.", sentence=between[:1].upper() + between[1:]) if between else ""
    return language.sentences(_goal(language, summary["goal_cost"], summary["currency"]), proven)


def told_between(language: Language, summary: Mapping[str, Any]) -> str:
    """Between which amounts the cost of the goal is proven to lie, as a clause; empty where they read alike or it is nothing."""
    found, currency = goal_range(summary), summary["currency"]
    if found is None or summary["goal_cost"]["money"] <= 0 or found["most"] <= 0:
        return ""
    low, high = (language.money(found[key], currency) for key in ("least", "most"))
    days = told_days(language, found["typical_days"]) if found["typical_days"] else ""
    words = mark("proven on {days}: {low} to {high}") if days else mark("proven: {low} to {high}")
    return language.translate(words, days=days, low=low, high=high) if low != high else ""


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


def usual(summary: Mapping[str, Any]) -> str | None:
    """The plan of going on as today: business as usual, else the reference; None where neither was found."""
    plans = summary["plans"]
    return next((name for name in (BUSINESS, REFERENCE) if plans.get(name, {}).get("system_cost") is not None), None)


def saved_against(summary: Mapping[str, Any], name: str) -> float:
    """By what the target plan costs less than another one that there is (money), both in all hours or on the same typical days."""
    facts = summary["plans"][name]
    return float(facts.get("saved", facts["system_cost"] - summary["system_cost"]))


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


def told_back(language: Language, plan: Tables, other: Tables, late: bool) -> tuple[str, str]:
    """After how many years, and by when, a plan has paid back against another one, not discounted; both empty where nothing is laid
    out first, the second where it does not."""
    first, whole = saved(plan, other)
    cash = by_date(first.to_numpy(), whole.to_numpy(), late)
    years = back_after(cash, cash) if cash.any() else 0.0
    if years is None:
        return language.translate("not within the horizon"), ""
    if not years:
        return "", ""
    begins = next((int(y) for y, money in zip(whole.index, cash, strict=False) if money), int(whole.index[0]))
    time, year = told_years(language, int(years)), int(begins + years)
    words = mark("by 1 January {year}") if late else mark("in {year}")
    return time, language.translate(words, year=year)


def told_timing(output: Output, language: Language) -> str:
    """When a year is paid, and on which hours what is saved is counted."""
    late = mark("Capital is paid at the start of its year, what is saved comes at the end of its year.")
    when = language.translate(late if at_end(output.summary) else mark("All of a year is paid at its start."))
    days = mark("Savings against a plan that was not operated in all hours are those of both on its typical days.")
    return language.sentences(when, language.translate(days) if output.days is not None else "")


# --- decisions -------------------------------------------------------------------------------------------------------------
# What to do in each year, in words: what is ordered, contracted, adopted, planted and retired, the dearest first, those of little
# capital only counted.

#: Orders of less than this share of a year's capital are only counted.
SMALL = 0.01
#: Share of all capacity in a unit below which nothing is said of a retirement.
TINY = 0.001
#: Stands between two decisions.
BETWEEN = " · "


class Decisions(NamedTuple):
    """Decisions of a year: in words, the dearest first, how many more are too small for a word, and the capital of all."""

    named: list[str]
    small: int
    capital: float

    def text(self, language: Language, named: int | None = None) -> str:
        """The first `named` of them (all that have words), and how many more there are."""
        shown = self.named[:named]
        left = len(self.named) - len(shown) + self.small
        return BETWEEN.join([*shown, *([language.translate("and {count} more", count=left)] if left else [])])


def what_to_do(tables: Mapping[str, pd.DataFrame], language: Language = ENGLISH) -> dict[int, Decisions]:
    """Decisions of each year. A contract stands first, in the year from which it is in force; it has no capital."""
    say = language.translate
    costs = of_item(tables["costs"], *CAPITAL_ITEMS)
    capital = costs.groupby("year")["value"].sum()
    leased = set(of_item(tables["costs"], "annuity", above=0.0)["name"])
    found: dict[int, list[tuple[float, str]]] = {}
    small: dict[int, int] = {}
    begun = of_item(tables["contracts"], "contracted", above=0.0).sort_values("year").drop_duplicates("supply")
    for r in begun.itertuples():
        text = say("contract {supply} {size}", supply=r.supply, size=f"{language.amount(r.value)} {r.unit}")
        found.setdefault(r.year, []).append((math.inf, text))
    for r in tables["investments"].itertuples():
        if r.technology not in leased and 0 <= r.capital_cost < SMALL * capital.get(r.year, 0.0):
            small[r.year] = small.get(r.year, 0) + 1
        else:
            found.setdefault(r.year, []).append((r.capital_cost, _order(r, language)))
    for r in tables["measures"].itertuples():
        found.setdefault(r.year, []).append((r.capital_cost, str(r.measure)))
    planting = costs[costs["item"] == "restoration"].groupby(["year", "name"])["value"].sum()
    for r in of_item(tables["restoration"], "planted", above=0.05).itertuples():
        text = say("plant {project} {area} ha", project=r.project, area=language.amount(r.value))
        found.setdefault(r.year, []).append((planting.get((r.year, r.project), 0.0), text))
    for year, text in _retired(tables, language):
        found.setdefault(year, []).append((-1.0, text))
    told = {y: [text for _, text in sorted(own, key=lambda each: -each[0])] for y, own in found.items()}
    return {y: Decisions(told.get(y, []), small.get(y, 0), float(capital.get(y, 0.0))) for y in sorted({*found, *small})}


def _order(row: Any, language: Language) -> str:
    """An order of investments.csv in words."""
    say = language.translate
    order = f"{row.technology} {language.amount(row.build)} {row.unit}"
    if row.works_from > row.year:
        order = say("{order} (from {year})", order=order, year=int(row.works_from))
    return say("{order}, committed", order=order) if row.committed else order


def _retired(tables: Mapping[str, pd.DataFrame], language: Language) -> Iterator[tuple[int, str]]:
    """(year, words) of what is retired of each technology, all its orders together.

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
        sizes = language.translate(", ").join(f"{r.technology} {language.amount(r.retired)} {r.unit}" for r in rows.itertuples())
        yield int(str(year)), language.translate("retire {sizes}", sizes=sizes)


# --- the decision ----------------------------------------------------------------------------------------------------------
# What is to be approved now: the orders of the first year that has any, and how much of them the least-cost plan orders, too.
#
# .. math:: right = \sum_k p_k \min(1,\; b'_k / b_k) \; / \; \sum_k p_k
#
# p  what the orders of now cost   money (k)     b  how much is ordered now, b' how much the least-cost plan orders until the next
# decision   (k)


class Order(NamedTuple):
    """An order, a measure adopted or an area planted: in which year, of what, how much (a measure has no size and no unit), in
    which years it works, what is paid."""

    year: int
    what: str
    size: float
    unit: str
    works_from: int
    works_until: int
    paid: float


def orders_of(tables: Tables) -> list[Order]:
    """All decisions of a plan that are not made yet, by year, the dearest first."""
    costs, last = of_item(tables["costs"], "restoration").groupby(["name", "year"])["value"].sum(), series.years_of(tables)[-1]
    rows = tables["investments"]
    found = [
        Order(int(r.year), r.technology, float(r.build), r.unit, int(r.works_from), int(r.works_until), float(r.capital_cost))
        for r in rows[rows["committed"].astype(float) == 0].itertuples()
    ]
    found += [
        Order(int(r.year), r.measure, 1.0, "", int(r.year), int(r.works_until), float(r.capital_cost))
        for r in tables["measures"].itertuples()
    ]
    found += [
        Order(int(r.year), r.project, float(r.value), r.unit, int(r.year), last, float(costs.get((r.project, r.year), 0.0)))
        for r in of_item(tables["restoration"], "planted", above=0.005).itertuples()
    ]
    return sorted(found, key=lambda order: (order.year, -order.paid, order.what))


class Decision(NamedTuple):
    """What is approved now: in which year, when the next decision falls (None: never), what is paid for either, and which share of
    what is paid now is for what the least-cost plan orders as well (None without that plan)."""

    year: int
    then: int | None
    paid: float
    next_paid: float
    right: float | None


def decision(tables: Tables, least: Tables | None) -> Decision | None:
    """The first decision of a plan; None where there is none."""
    found = orders_of(tables)
    if not found:
        return None
    year = found[0].year
    then = next((o.year for o in found if o.year > year), None)
    now, (paid, later) = [o for o in found if o.year == year], (sum(o.paid for o in found if o.year == y) for y in (year, then))
    if least is None or paid <= 0:
        return Decision(year, then, paid, later, None)
    until, sizes = then or series.years_of(tables)[-1], dict[str, float]()
    for o in orders_of(least):
        if o.year <= until:
            sizes[o.what] = sizes.get(o.what, 0.0) + o.size
    right = sum(o.paid * min(1.0, sizes.get(o.what, 0.0) / o.size) for o in now)
    return Decision(year, then, paid, later, right / paid)


def told_decision(
    language: Language, now: Decision | None, orders: Sequence[Order], tables: Tables, currency: str
) -> Iterator[tuple[str, str, str]]:
    """What to approve now, which contracts to prepare, and what is decided next: each what, how much, and what
    is to be known of it. `orders` names what is approved; none where a table beside it does."""
    say = language.translate
    if now is None:
        yield say("Nothing has to be ordered"), "", ""
        return
    own, of = [o.what for o in orders if o.year == now.year], list[str]()
    if own:
        named = say(", ").join(own[:3])
        of.append(say("{names} and {count} more", names=named, count=len(own) - 3) if len(own) > 3 else named)
    if now.right is not None:
        of.append(say("{share} of it is also in the least-cost plan without the goal", share=language.percent(now.right, 0)))
    yield say("Approve the orders of {year} now", year=now.year), language.money(now.paid, currency), say("; ").join(of)
    begun = of_item(tables["contracts"], "contracted", above=0.0).sort_values("year").drop_duplicates("supply")
    if len(begun):
        size = (f"{r.supply} {language.amount(r.value)} {r.unit}" for r in begun.itertuples())
        signed = (say("{what} ({more})", what=what, more=int(year)) for what, year in zip(size, begun["year"], strict=True))
        yield say("Contracts to prepare"), say(", ").join(signed), ""
    if now.then is not None:
        yield say("Next decision, {year}", year=now.then), language.money(now.next_paid, currency), say("expected, not ordered yet")
