r"""What could change the saving, with the plans as they are: each leading price, the capital of the large orders and the discount
rate, three tenths lower and higher, and the change that would end the saving.

.. math:: saving(x) = S + x\,(B' - B), \qquad x_0 = -S / (B' - B)

of all that is bought of a supply, of what is sold, and of the capital of a technology, in all years together. At another discount
rate each row of the system cost is discounted anew, and the share of a capital cost that the horizon bears is that of this rate.

S  saving against going on as today   money    B, B'  bill in the plan and in the other one, discounted   money
x  share by which a price changes     1        x0  the one at which nothing is saved; told where it is -1 to 1          1

The cost of the goal is reckoned in the same way, against the least-cost plan. Demand is left out: it needs a new plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models.inputs.finance import annuity
from planner.output.schema import TABLES
from planner.plan import LEAST_COST, TARGET
from planner.report.saving import usual

#: Items of system_cost that are in proportion to a price of a supply: of what is bought, and of what is sold; and of capital.
BOUGHT, SOLD, CAPITAL = ("energy", "contract"), ("export",), ("capital", "measures")
#: What changes in proportion, and its items.
KINDS = {"bought": BOUGHT, "sold": SOLD, "capital": CAPITAL}
RATE = "discount_rate"
#: By which share each changes, and from which share of the saving on it is told.
SWING, LITTLE = 0.3, 0.01

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Swing:
    """What changes (of KINDS, or RATE) and of what, the saving with it lower and higher, the change that ends the saving (None:
    none from -1 to 1), and what the goal costs more then (None: not known)."""

    kind: str
    name: str
    low: float
    high: float
    ends: float | None
    goal: tuple[float, float] | None

    def widest(self, saving: float) -> float:
        """By how much it moves the saving at most (money)."""
        return max(abs(self.low - saving), abs(self.high - saving))


def saving_of(summary: Mapping[str, Any]) -> tuple[str, float] | None:
    """The plan of going on as today and what is saved against it; None where nothing is."""
    today = usual(summary)
    saving = 0.0 if today is None else summary["plans"][today]["system_cost"] - summary["system_cost"]
    return None if today is None or saving <= 0 else (today, saving)


def goal_of(summary: Mapping[str, Any], plans: Mapping[str, Tables]) -> float | None:
    """What the goal costs, against the least-cost plan (money); None where there is none."""
    cost = summary["plans"].get(LEAST_COST, {}).get("system_cost") if LEAST_COST in plans else None
    return None if cost is None else summary["system_cost"] - cost


def swings_of(summary: Mapping[str, Any], plans: Mapping[str, Tables], years: Sequence[int]) -> list[Swing]:
    """What moves the saving by more than little, the widest first; none without a saving."""
    against = saving_of(summary)
    if against is None or against[0] not in plans:
        return []
    today, saving = against
    own, other, least = plans[TARGET], plans[today], plans.get(LEAST_COST)
    found = [*_proportional(saving, own, other, least), *_rate(summary, years, saving, own, other, least)]
    return [s for s in sorted(found, key=lambda s: -s.widest(saving)) if s.widest(saving) > LITTLE * saving]


def swings_table(summary: Mapping[str, Any], plans: Mapping[str, Tables], years: Sequence[int]) -> pd.DataFrame:
    """swings.csv."""
    goal, rows = goal_of(summary, plans), []
    for s in swings_of(summary, plans, years):
        costs = [None, None] if goal is None or s.goal is None else [goal + more for more in s.goal]
        rows.append((s.kind, s.name, SWING, s.low, s.high, s.ends, *costs, summary["currency"]))
    return pd.DataFrame(rows, columns=list(TABLES["swings"].names))


def _proportional(saving: float, own: Tables, other: Tables, least: Tables | None) -> Iterator[Swing]:
    """What changes in proportion: bills and capital."""
    for kind, items in KINDS.items():
        more = None if least is None else moved(own, least, items)
        for name, each in moved(other, own, items).items():
            step = None if more is None else SWING * float(more.get(name, 0.0))
            ends = -saving / each if each and abs(saving / each) <= 1 else None
            moves = None if step is None else (-step, step)
            yield Swing(kind, str(name), saving - SWING * each, saving + SWING * each, ends, moves)


def _rate(
    summary: Mapping[str, Any], years: Sequence[int], saving: float, own: Tables, other: Tables, least: Tables | None
) -> Iterator[Swing]:
    """The discount rate."""
    rate, last = float(summary["discount_rate"]), int(years[-1])
    if rate <= 0:
        return
    changes, plans = [], {"own": own, "other": other} | ({} if least is None else {"least": least})
    for factor in (1 - SWING, 1 + SWING):
        new = factor * rate
        costs = {n: rediscounted(plan, rate, new, last) - rediscounted(plan, rate, rate, last) for n, plan in plans.items()}
        changes.append((costs["other"] - costs["own"], costs["own"] - costs["least"] if "least" in costs else None))
    (low, less), (high, more) = changes
    yield Swing(RATE, "", saving + low, saving + high, None, None if less is None or more is None else (less, more))


def rediscounted(plan: Tables, rate: float, new: float, last: int) -> float:
    """The system cost of a plan at another discount rate (money)."""
    rows = plan["system_cost"]
    first = int(rows["year"].min()) if len(rows) else 0
    used = {("capital", str(r.technology), int(r.year)): (int(r.works_from), int(r.works_until))
            for r in plan["investments"].itertuples(index=False)}  # fmt: skip
    used |= {("measures", str(r.measure), int(r.year)): (int(r.year), int(r.works_until))
             for r in plan["measures"].itertuples(index=False)}  # fmt: skip
    total = 0.0
    for r in rows.itertuples(index=False):
        share = 1.0
        if span := used.get((str(r.item), str(r.name), int(r.year))):
            share = _borne(new, *span, last) / _borne(rate, *span, last)
        total += float(r.value) * share * ((1 + rate) / (1 + new)) ** (int(r.year) - first)
    return total


def _borne(rate: float, begins: int, ends: int, last: int) -> float:
    """Share of a capital cost that the horizon bears; all of it where it ends before it begins."""
    if ends < begins:
        return 1.0
    return annuity(rate, max(min(ends, last) - begins + 1, 0)) / annuity(rate, ends - begins + 1) or 1.0


def moved(other: Tables, plan: Tables, items: tuple[str, ...] = (*BOUGHT, *SOLD)) -> pd.Series:
    """Bills of each supply, or capital of each technology, in the other plan less those in the plan (money, discounted)."""
    bills = [t["system_cost"][t["system_cost"]["item"].isin(items)].groupby("name")["value"].sum() for t in (other, plan)]
    found = bills[0].sub(bills[1], fill_value=0.0)
    return found.reindex(found.abs().sort_values(ascending=False).index)
