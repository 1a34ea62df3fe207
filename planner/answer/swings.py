r"""What could change the saving, with the plans as they are: each leading price, the capital of the large orders and the discount
rate, three tenths lower and higher or as low and as high as its rows say, and the change that would end the saving.

.. math:: saving(x) = S + \sum_y x_y\,(B'_y - B_y), \qquad x_0 = -S / \sum_y (B'_y - B_y)

of all that is bought of a supply, of what is sold, and of the capital of a technology. At another discount rate each row of the
system cost is discounted anew, and the share of a capital cost that the horizon bears is that of this rate.

S  saving against going on as today   money    B, B'  bill of a year in the plan and in the other one, discounted   money (y)
x  share by which a price changes     1 (y)    x0  the one at which nothing is saved; told where it is -1 to 1      1

The cost of the goal is reckoned in the same way, against the least-cost plan. Other demand takes an operation of each year, which
`plan what-if --demand` adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models.case import Case, Cost, Price
from models.case.base import SWING
from models.inputs.finance import annuity, over_years
from planner.answer.saving import usual
from planner.language.language import mark
from planner.plan import LEAST_COST, TARGET
from planner.tables.output import Tables
from planner.tables.schema import TABLES

#: Items of system_cost that are in proportion to a price of a supply: of what is bought, and of what is sold; and of capital.
BOUGHT, SOLD, CAPITAL = ("energy", "contract", "shortfall"), ("export",), ("capital", "measures", "value_given_up")
#: What changes in proportion, and its items.
SELLING = "sold"
KINDS = {"bought": BOUGHT, SELLING: SOLD, "capital": CAPITAL}
RATE, DEMAND = "discount_rate", "demand"
#: From which share of the saving on a swing is told; what is sold always is.
LITTLE = 0.01

#: The sides of a figure, as in the columns of swings.csv.
LOW, HIGH = "low", "high"
SIDES = {LOW: mark("lower"), HIGH: mark("higher")}
#: What swings.csv calls what changes, in words.
NAMES = {
    "bought": mark("{name}, bought"),
    "sold": mark("{name}, sold"),
    "capital": mark("{name}, capital"),
    RATE: mark("discount rate"),
    DEMAND: mark("all demand"),
}

#: (what changes, of what) -> year -> shares by which it is lower, below 0, and higher.
Ranges = Mapping[tuple[str, str], Mapping[int, tuple[float, float]]]


@dataclass(frozen=True)
class Swing:
    """What changes (of KINDS, RATE or DEMAND) and of what; `shares` by which it is lower (below 0) and higher, the saving then, the
    change that ends the saving (None: none from -1 to 1), and what the goal costs more then. None: not known."""

    kind: str
    name: str
    shares: tuple[float, float]
    savings: tuple[float | None, float | None]
    ends: float | None = None
    goal: tuple[float | None, float | None] = (None, None)

    def widest(self, saving: float) -> float:
        """By how much it moves the saving at most (money)."""
        return max((abs(s - saving) for s in self.savings if s is not None), default=0.0)


def own_ranges(case: Case) -> dict[tuple[str, str], dict[int, tuple[float, float]]]:
    """How far each price and capital cost of a park may fall and rise, where its rows say so."""
    park, found = case.park, dict[tuple[str, str], dict[int, tuple[float, float]]]()
    years = range(park.first_year, park.last_year + 1)
    rows: dict[tuple[str, str], list[Price | Cost]] = {}
    for kind, item in (("bought", "energy"), ("sold", "export")):
        for supply in case.supplies:
            rows[kind, supply.supply] = [p for p in case.prices if (p.supply, p.item) == (supply.supply, item)]
    assets = [(t.technology, t.type_name) for t in case.technologies] + [(k.link, k.type_name) for k in case.links]
    for name, of in (*assets, *((c.connection, c.type) for c in case.connections)):
        rows["capital", name] = [c for c in case.costs if (c.type, c.parameter) == (of, "capital_cost")]
    for key, own in rows.items():
        if any(r.low is not None or r.high is not None for r in own):
            now = over_years([(r.year, r.value) for r in own], years)
            low = over_years([(r.year, (1 - SWING) * r.value if r.low is None else r.low) for r in own], years)
            high = over_years([(r.year, (1 + SWING) * r.value if r.high is None else r.high) for r in own], years)
            found[key] = {y: (low[y] / now[y] - 1, high[y] / now[y] - 1) if now[y] else (0.0, 0.0) for y in years}
    return found


def saving_of(summary: Mapping[str, Any]) -> tuple[str, float] | None:
    """The plan of going on as today and what is saved against it; None where nothing is."""
    today = usual(summary)
    saving = 0.0 if today is None else summary["plans"][today]["system_cost"] - summary["system_cost"]
    return None if today is None or saving <= 0 else (today, saving)


def goal_of(summary: Mapping[str, Any], plans: Mapping[str, Tables]) -> float | None:
    """What the goal costs, against the least-cost plan (money); None where there is none."""
    cost = summary["plans"].get(LEAST_COST, {}).get("system_cost") if LEAST_COST in plans else None
    return None if cost is None else summary["system_cost"] - cost


def swings_of(summary: Mapping[str, Any], plans: Mapping[str, Tables], years: Sequence[int], ranges: Ranges) -> list[Swing]:
    """Figures that move the saving noticeably, and prices of all that is sold, the widest range first; empty without a saving."""
    against = saving_of(summary)
    if against is None or against[0] not in plans:
        return []
    today, saving = against
    own, other, least = plans[TARGET], plans[today], plans.get(LEAST_COST)
    found = [*_proportional(saving, own, other, least, ranges), *_rate(summary, years, saving, own, other, least)]
    told = [s for s in found if s.widest(saving) > (0.0 if s.kind == SELLING else LITTLE * saving)]
    return sorted(told, key=lambda s: -s.widest(saving))


def with_demand_row(alone: Tables) -> pd.DataFrame:
    """swings.csv of a run with the row for all demand, where that was asked."""
    rows, asked = alone["swings"], alone.get("stress_demand")
    return rows if asked is None or asked.empty else pd.concat([rows, asked], ignore_index=True)


def swings_table(summary: Mapping[str, Any], plans: Mapping[str, Tables], years: Sequence[int], ranges: Ranges) -> pd.DataFrame:
    """swings.csv."""
    return rows_of(summary, plans, swings_of(summary, plans, years, ranges))


def rows_of(summary: Mapping[str, Any], plans: Mapping[str, Tables], swings: Sequence[Swing]) -> pd.DataFrame:
    """Swings as rows of swings.csv."""
    goal, rows = goal_of(summary, plans), []
    for s in swings:
        costs = [None if goal is None or more is None else goal + more for more in s.goal]
        rows.append((s.kind, s.name, *s.shares, *s.savings, s.ends, *costs, summary["currency"]))
    return pd.DataFrame(rows, columns=list(TABLES["swings"].names))


def _proportional(saving: float, own: Tables, other: Tables, least: Tables | None, ranges: Ranges) -> Iterator[Swing]:
    """What changes in proportion: bills and capital."""
    for kind, items in KINDS.items():
        bills = [None if plan is None else _bills(plan, items) for plan in (own, other, least)]
        mine, theirs, cheapest = (pd.DataFrame() if b is None else b for b in bills)
        for name in sorted({*mine.index, *theirs.index}):
            each, then, best = (_of(b, name) for b in (mine, theirs, cheapest))
            less = then.sub(each, fill_value=0.0)
            if not less.any():
                continue
            shares = [pd.Series({y: _shares_of(ranges, kind, name, int(y))[side] for y in less.index}) for side in (0, 1)]
            told = _told(shares, each.abs().add(then.abs(), fill_value=0.0))
            low, high = (saving + float((share * less).sum()) for share in shares)
            total = float(less.sum())
            ends = -saving / total if total and abs(saving / total) <= 1 else None
            more = each.sub(best, fill_value=0.0)
            moves = (
                None
                if least is None
                else tuple(sum(_shares_of(ranges, kind, name, int(y))[side] * v for y, v in more.items()) for side in (0, 1))
            )
            yield Swing(kind, str(name), told, (low, high), ends, (None, None) if moves is None else (moves[0], moves[1]))


def change_of(
    plan: Tables, summary: Mapping[str, Any], years: Sequence[int], ranges: Ranges, what: str, name: str, side: int
) -> float:
    """What a plan costs more as it is (money, discounted) with a price or capital cost, or the discount rate, lower (side 0) or
    higher (side 1)."""
    if what == RATE:
        rate, last = float(summary["discount_rate"]), int(years[-1])
        new = (1 + (-SWING, SWING)[side]) * rate
        return rediscounted(plan, rate, new, last) - rediscounted(plan, rate, rate, last)
    bills = _of(_bills(plan, KINDS[what]), name)
    return sum(_shares_of(ranges, what, name, int(y))[side] * float(v) for y, v in bills.items())


def _shares_of(ranges: Ranges, kind: str, name: str, y: int) -> tuple[float, float]:
    return ranges.get((kind, name), {}).get(y, (-SWING, SWING))


def _told(shares: Sequence[pd.Series], weight: pd.Series) -> tuple[float, float]:
    """Shares that differ by year as one: weighed with what is paid in both plans."""
    low, high = (float((s * weight).sum() / weight.sum()) for s in shares)
    return low, high


def _bills(plan: Tables, items: tuple[str, ...]) -> pd.DataFrame:
    """What is paid under these items (money, discounted): a row for each name, a column for each year."""
    rows = plan["system_cost"]
    return rows[rows["item"].isin(items)].pivot_table(index="name", columns="year", values="value", aggfunc="sum", fill_value=0.0)


def _of(bills: pd.DataFrame, name: str) -> pd.Series:
    return bills.loc[name] if name in bills.index else pd.Series(dtype=float)


def _rate(
    summary: Mapping[str, Any], years: Sequence[int], saving: float, own: Tables, other: Tables, least: Tables | None
) -> Iterator[Swing]:
    """The discount rate."""
    rate, last = float(summary["discount_rate"]), int(years[-1])
    if rate <= 0:
        return
    changes, plans = [], {"own": own, "other": other} | ({} if least is None else {"least": least})
    now = {n: rediscounted(plan, rate, rate, last) for n, plan in plans.items()}
    for factor in (1 - SWING, 1 + SWING):
        new = factor * rate
        costs = {n: rediscounted(plan, rate, new, last) - now[n] for n, plan in plans.items()}
        changes.append((costs["other"] - costs["own"], costs["own"] - costs["least"] if "least" in costs else None))
    (low, less), (high, more) = changes
    yield Swing(RATE, "", (-SWING, SWING), (saving + low, saving + high), None, (less, more))


def rediscounted(plan: Tables, rate: float, new: float, last: int) -> float:
    """The system cost of a plan at another discount rate (money)."""
    rows = [*_rows(plan, "system_cost", "item", "name", "year", "value")]
    first = min((int(year) for _, _, year, _ in rows), default=0)
    orders = _rows(plan, "investments", "technology", "year", "works_from", "works_until")
    used = {("capital", str(k), int(year)): (int(begins), int(ends)) for k, year, begins, ends in orders}
    adopted = _rows(plan, "measures", "measure", "year", "works_until")
    used |= {("measures", str(m), int(year)): (int(year), int(ends)) for m, year, ends in adopted}
    total = 0.0
    for item, name, year, value in rows:
        share = 1.0
        if span := used.get((str(item).replace("value_given_up", "capital"), str(name), int(year))):
            now, then = _borne(rate, *span, last), _borne(new, *span, last)
            share = then / now if item in ("capital", "measures") else (1 - then) / (1 - now) if now < 1 else 1.0
        total += float(value) * share * ((1 + rate) / (1 + new)) ** (int(year) - first)
    return total


def _rows(plan: Tables, name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Columns of a table, row by row."""
    return zip(*(plan[name][column].tolist() for column in columns), strict=True)


def _borne(rate: float, begins: int, ends: int, last: int) -> float:
    """Share of a capital cost that the horizon bears; all of it where it ends before it begins."""
    if ends < begins:
        return 1.0
    return annuity(rate, max(min(ends, last) - begins + 1, 0)) / annuity(rate, ends - begins + 1) or 1.0
