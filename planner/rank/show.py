"""The ranking as a table, and as a list of tasks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from planner.language.language import NONE, Language
from planner.language.plain import plain
from planner.rank.figures import AssumedFigure
from planner.rank.plan import GAP, YEARS, Outcome
from planner.rank.run import Ranked

#: So many figures are tasks.
TASKS = 10


def ranking_table(ranked: Sequence[Ranked], currency: str, language: Language) -> Table:
    """A row a figure: low, assumed and high, change of cost at either, and of the orders of the first years."""
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
        f = row.figure
        values = (language.amount(f.value * factor) for factor in (f.low, 1.0, f.high))
        changes = (NONE if change is None else f"{change:+,.0f}" for change in row.cost_changes)
        table.add_row(plain(told(f)), *values, *changes, f"{row.order_change:,.0f}")
    return table


def told(figure: AssumedFigure) -> str:
    """A figure by its name, parameter and unit."""
    unit = f" [{figure.unit}]" if figure.unit and figure.table != "ports" else ""
    return f"{figure.name} {figure.parameter}{unit}"


def tasks(base: Outcome, ranked: Sequence[Ranked], currency: str, language: Language) -> list[str]:
    """The figures that change something, one line each: what, why in money, and where it is usually found."""
    say, lines, least = language.translate, [], GAP * abs(base.cost or 0.0)
    for row in ranked:
        found = say(row.figure.found)
        if row.low.cost is None or row.high.cost is None:
            lines.append(say("{figure}: at one end the goal cannot be met; look in: {found}", figure=told(row.figure), found=found))
        elif row.weight > least:
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
