"""The ranking as a table, and as a list of tasks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from rich.table import Table

from planner.clock import Progress as SearchProgress
from planner.language.language import NONE, Language, mark
from planner.language.message import Message
from planner.language.plain import plain
from planner.language.sign import Sign
from planner.rank.figures import AssumedFigure
from planner.rank.plan import YEARS
from planner.rank.run import Ranked

#: So many figures are tasks.
TASKS = 10
#: A change of cost that is not told from none.
ABOUT_NONE = "~0"
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
    """A row a figure: low, assumed and high, change of cost at either, and of the orders of the first years; of the figures whose
    cost is told from the plan as assumed, or of all. A change that is not told from none is `ABOUT_NONE`."""
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
        if not (everything or row.is_told_apart):
            continue
        f = row.figure
        values = (language.amount(f.value * factor) for factor in (f.low, 1.0, f.high))
        changes = (
            NONE if change is None else f"{change:+,.0f}" if row.is_told(change) else ABOUT_NONE for change in row.cost_changes
        )
        table.add_row(plain(told(f)), *values, *changes, f"{row.order_change:,.0f}")
    return table


def left_out(ranked: Sequence[Ranked], currency: str, language: Language, everything: bool = False) -> str:
    """What `ABOUT_NONE` and the figures that the table leaves out are; empty where there are none."""
    untold = [row for row in ranked if not all(map(row.is_told, row.cost_changes))]
    if not untold:
        return ""
    gap = language.money(max(row.gap for row in untold), currency)
    words = language.translate("{sign}: a change below what the two plans are known to, at most {gap}.", sign=ABOUT_NONE, gap=gap)
    count = sum(not row.is_told_apart for row in ranked)
    if everything or not count:
        return words
    return f"{words} {language.translate('Of {count} figures both are, and the table leaves them out (--all: all).', count=count)}"


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
        elif row.is_told_apart:
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
