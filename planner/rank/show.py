"""The ranking as a table, and as a list of tasks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from rich.table import Table

from planner.clock import Progress as SearchProgress
from planner.language.language import NONE, Language, mark
from planner.language.message import Message
from planner.language.words import Sign, plain
from planner.rank.figures import AssumedFigure
from planner.rank.plan import YEARS
from planner.rank.run import Ranked

#: So many figures are tasks.
TASKS = 10
#: A change of cost below the gap of the plans.
WITHIN_GAP = "~0"
#: Seconds between two lines of the search of the plan as assumed.
EVERY = 3.0
RELAXED = mark(
    "The park is large, so these plans may order any number in place of whole ones; that as assumed is within {gap} of the least "
    "cost of such a plan."
)


def every(tell: Callable[[str], None]) -> SearchProgress:
    """Tells how the search of the plan as assumed goes, every `EVERY` seconds."""
    last = [time.monotonic()]

    def told_of(_: str, detail: str) -> None:
        now = time.monotonic()
        if isinstance(detail, Sign) and now - last[0] >= EVERY:
            last[0] = now
            tell(Message("as assumed: {text}", text=detail.text))

    return told_of


def ranking_table(ranked: Sequence[Ranked], currency: str, language: Language, everything: bool = False) -> Table:
    """A row a figure: low, assumed and high, the change of cost at low and high, and the change of orders in the first years.

    Figures without an effect on the cost have a row only with `everything`; a change below the gap is shown as `WITHIN_GAP`.
    """
    say = language.translate
    title = say("Assumed figures by what they change ({currency})", currency=currency)
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), header_style="dim")
    heads = (
        say("figure"),
        say("low"),
        say("assumed"),
        say("high"),
        say("cost at low"),
        say("cost at high"),
        say("orders of {years} years", years=YEARS),
    )
    for i, head in enumerate(heads):
        table.add_column(head, justify="left" if i == 0 else "right")
    for row in ranked:
        if not (everything or row.has_effect):
            continue
        f = row.figure
        values = (language.amount(f.value * factor) for factor in (f.low, 1.0, f.high))
        changes = (
            NONE if change is None else f"{change:+,.0f}" if row.exceeds_gap(change) else WITHIN_GAP for change in row.cost_changes
        )
        table.add_row(plain(told(f)), *values, *changes, f"{row.order_change:,.0f}")
    return table


def left_out(ranked: Sequence[Ranked], currency: str, language: Language, everything: bool = False) -> str:
    """What `WITHIN_GAP` means, and how many figures the table leaves out; empty where no change is below the gap."""
    hidden = [row for row in ranked if not all(map(row.exceeds_gap, row.cost_changes))]
    if not hidden:
        return ""
    gap = language.money(max(row.gap for row in hidden), currency)
    words = language.translate("{sign}: a change smaller than the gaps of the plans, at most {gap}.", sign=WITHIN_GAP, gap=gap)
    count = sum(not row.has_effect for row in ranked)
    if everything or not count:
        return words
    return f"{words} {language.translate('{count} figures with no larger change are not listed (--all lists them).', count=count)}"


def told(figure: AssumedFigure) -> str:
    """A figure by its name, parameter and unit."""
    unit = f" [{figure.unit}]" if figure.unit and figure.table != "ports" else ""
    return f"{figure.name} {figure.parameter}{unit}"


def tasks(ranked: Sequence[Ranked], currency: str, language: Language) -> list[str]:
    """The figures that change something, one line each: what, why in money, and where it is usually found."""
    say, lines = language.translate, list[str]()
    for row in ranked:
        found = say(row.figure.found)
        if row.low.cost is None or row.high.cost is None:
            lines.append(say("{figure}: at one end the goal cannot be met; look in: {found}", figure=told(row.figure), found=found))
        elif row.has_effect:
            span = max(abs(change) for change in row.cost_changes if change is not None)
            lines.append(
                say(
                    "{figure}: up to {cost} of the cost and {orders} of the first orders hang on it; look in: {found}",
                    figure=told(row.figure),
                    cost=language.money(span, currency),
                    orders=language.money(row.order_change, currency),
                    found=found,
                )
            )
        if len(lines) == TASKS:
            break
    return lines
