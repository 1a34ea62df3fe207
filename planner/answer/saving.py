r"""What a plan saves against another one: over the years of the horizon, as value beyond it, and when it has paid back.

.. math:: S = C' - C \qquad \text{within} = \sum_y \delta_y (P'_y - P_y) \qquad \text{value beyond} = S - \text{within}

C  system cost   money     P  all that is paid in a year   money (y)     δ  discount factor   1 (y)     ' of the other plan

A plan has paid back after as many years from the first payment on as it takes until what it laid out more has come back for good.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.answer import series
from planner.finance.figures import back_after, by_date
from planner.language.language import Language, mark
from planner.language.words import PLANS, named, told_years
from planner.plan import BUSINESS, CAPITAL_ITEMS, REFERENCE
from planner.tables.output import Tables

#: When a year is paid, where a run does not say it.
END = "end"
#: Which costs the system cost holds.
COSTS = mark(
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
