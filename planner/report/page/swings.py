r"""What could change the saving, with the plans as they are: each leading price, the capital of the large orders and the discount
rate, three tenths lower and higher, and the change that would end the saving.

.. math:: saving(x) = S + x\,(B' - B), \qquad x_0 = -S / (B' - B)

of all that is bought of a supply, of what is sold, and of the capital of a technology, in all years together. At another discount
rate each row of the system cost is discounted anew, and the share of a capital cost that the horizon bears is that of this rate.

S  saving against going on as today   money    B, B'  bill in the plan and in the other one, discounted   money
x  share by which a price changes     1        x0  the one at which nothing is saved; told where it is -1 to 1          1

What the goal costs changes alike, against the least-cost plan. Other demand takes a plan made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from models.inputs.finance import annuity
from planner.language.language import Language, mark
from planner.language.words import PLANS, named
from planner.plan import LEAST_COST
from planner.report.page.markup import Markup, join, tag
from planner.report.page.report import Report
from planner.report.page.table import number, table
from planner.report.page.tornado import tornado
from planner.report.saving import usual

#: Items of system_cost that are in proportion to a price of a supply: of what is bought, and of what is sold.
BOUGHT, SOLD = ("energy", "contract"), ("export",)
#: Items of the capital of orders and measures.
CAPITAL = ("capital", "measures")
#: By which share each changes, how many are told, and from which share of the saving on.
SWING, MOST, LITTLE = 0.3, 10, 0.01
#: What a supply is called of which both is in a plan.
BOTH = {"bought": mark("{name}, bought"), "sold": mark("{name}, sold")}

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Swing:
    """What changes, the saving with it lower and higher, the change that ends the saving (None: none from -1 to 1), and what the
    goal costs more then (None: not known)."""

    name: str
    low: float
    high: float
    ends: float | None
    goal: tuple[float, float] | None
    is_price: bool = True


def swings(report: Report) -> Markup:
    """Sentences on what would end the saving, a picture and a table of what moves it most; nothing without a saving."""
    language, output = report.language, report.output
    say, costs = language.translate, {n: p["system_cost"] for n, p in output.summary["plans"].items()}
    today = usual(output.summary)
    if today is None or (saving := costs[today] - output.summary["system_cost"]) <= 0:
        return Markup("")
    own, other, least = output.target, output.plans[today], output.plans.get(LEAST_COST)
    goal = None if least is None or costs.get(LEAST_COST) is None else output.summary["system_cost"] - costs[LEAST_COST]
    found = [*_proportional(language, saving, own, other, least), *_rate(report, saving, other, least)]
    found = sorted(found, key=lambda s: -max(abs(s.low - saving), abs(s.high - saving)))
    found = [s for s in found if max(abs(s.low - saving), abs(s.high - saving)) > LITTLE * saving][:MOST]
    if not found:
        return Markup("")
    title = say("Saving against {plan} if one thing changes by {share}, plans as they are", plan=named(language, PLANS, today),
                share=f"{SWING:.0%}")  # fmt: skip
    note = say("Other demand, and orders that would be others then, take a plan made anew.")
    bars = [(s.name, s.low, s.high) for s in found]
    picture = tornado(bars, saving, report.money, language, title)
    return join([tag("p", language.sentences(*_ends(language, found), note)), picture, _table(report, found, goal, title)])


def _proportional(language: Language, saving: float, own: Tables, other: Tables, least: Tables | None) -> Iterator[Swing]:
    """What changes in proportion: bills and capital."""
    bills = {key: moved(other, own, items) for key, items in (("bought", BOUGHT), ("sold", SOLD), ("capital", CAPITAL))}
    more = {key: None if least is None else moved(own, least, items)
            for key, items in (("bought", BOUGHT), ("sold", SOLD), ("capital", CAPITAL))}  # fmt: skip
    for key, rows in bills.items():
        for name, each in rows.items():
            if key != "capital" and name in bills["sold"].index and name in bills["bought"].index:
                told = language.translate(BOTH[key], name=name)
            else:
                told = language.translate("{name}, capital", name=name) if key == "capital" else str(name)
            ends = -saving / each if each and abs(saving / each) <= 1 else None
            goal = more[key]
            step = None if goal is None else SWING * float(goal.get(name, 0.0))
            moves = None if step is None else (-step, step)
            yield Swing(told, saving - SWING * each, saving + SWING * each, ends, moves, key != "capital")


def _rate(report: Report, saving: float, other: Tables, least: Tables | None) -> Iterator[Swing]:
    """The discount rate."""
    output, rate = report.output, float(report.output.summary["discount_rate"])
    if rate <= 0:
        return
    last = int(output.years[-1])
    changes = []
    for factor in (1 - SWING, 1 + SWING):
        costs = {name: rediscounted(plan, rate, factor * rate, last) - rediscounted(plan, rate, rate, last)
                 for name, plan in (("own", output.target), ("other", other), ("least", least)) if plan is not None}  # fmt: skip
        changes.append((costs["other"] - costs["own"], costs["own"] - costs["least"] if "least" in costs else None))
    language = report.language
    told = language.translate("discount rate ({low}, {high})", low=language.percent((1 - SWING) * rate, 1),
                              high=language.percent((1 + SWING) * rate, 1))  # fmt: skip
    (low, less), (high, more) = changes
    yield Swing(told, saving + low, saving + high, None, None if less is None or more is None else (less, more), False)


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


def _ends(language: Language, found: list[Swing]) -> list[str]:
    """What would end the saving in words: falls of prices, rises of prices; or that no price does."""
    say, ends = language.translate, {s.name: s.ends for s in found if s.ends is not None and s.is_price}
    falls, rises = (
        say(", ").join(f"{name} {x:+.0%}" for name, x in ends.items() if (x < 0) is falling) for falling in (True, False)
    )
    return [
        say("Falls of a price that would end the saving, all else as it is: {prices}.", prices=falls) if falls else "",
        say("Rises of a price that would end it: {prices}.", prices=rises) if rises else "",
        "" if ends else say("No single price that falls to nothing or doubles ends the saving, all else as it is."),
    ]


def _table(report: Report, found: list[Swing], goal: float | None, title: str) -> Markup:
    """What moves the saving most, and what the goal costs then."""
    language, say, (unit, size) = report.language, report.language.translate, report.money
    sides = [f"{s * SWING:+.0%}" for s in (-1, 1)]
    head = [say("what changes"), *(say("saving at {change}, {unit}", change=side, unit=unit) for side in sides), say("ends at")]
    if goal is not None:
        head += [say("the goal costs at {change}, {unit}", change=side, unit=unit) for side in sides]
    rows = []
    for s in found:
        cells = [number(v, language.number(v / size, 1)) for v in (s.low, s.high)]
        costs = [] if goal is None else [number(goal + v, language.number((goal + v) / size, 1)) for v in s.goal or (0.0, 0.0)]
        rows.append([s.name, *cells, f"{s.ends:+.0%}" if s.ends is not None else "–", *costs])
    return table(head, rows, 1, title)


def moved(other: Tables, plan: Tables, items: tuple[str, ...] = (*BOUGHT, *SOLD)) -> pd.Series:
    """Bills of each supply, or capital of each technology, in the other plan less those in the plan (money, discounted)."""
    bills = [t["system_cost"][t["system_cost"]["item"].isin(items)].groupby("name")["value"].sum() for t in (other, plan)]
    found = bills[0].sub(bills[1], fill_value=0.0)
    return found.reindex(found.abs().sort_values(ascending=False).index)
