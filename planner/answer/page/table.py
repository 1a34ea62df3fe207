"""Tables of a page: numbers as the language writes them, and as they stand in the files beside that."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from planner.answer.page.markup import Markup, join, tag
from planner.language.language import NONE, Language

#: A table of more rows scrolls in a box of its own; a shorter one stands as it is.
LONG = 30
#: Most columns of text before those of numbers.
MOST = 6


def number(value: float | None, shown: str) -> Markup:
    """A number: the value of the file for machines, the text for people."""
    if value is None or not math.isfinite(value):
        return tag("span", NONE)
    return tag("data", shown, value=f"{value:.12g}")


def table(
    head: Sequence[object],
    rows: Iterable[Sequence[object]],
    numeric: int,
    label: str,
    class_: str = "",
    total: Sequence[Sequence[object]] = (),
) -> Markup:
    """A table in a box that scrolls. The columns from `numeric` on are aligned as numbers, the first one heads its row; `total`:
    rows of sums, which stay below the others."""
    aligned = f"n{numeric}" if numeric < len(head) else ""
    parts = [
        tag("thead", tag("tr", *(tag("th", cell, scope="col") for cell in head))),
        tag("tbody", join(body := [_row(row) for row in rows])),
        tag("tfoot", join(map(_row, total))) if total else None,
    ]
    whole = tag("table", *parts, class_=f"{class_} {aligned}".strip() or None)
    return scroll(whole, label, "long" if len(body) > LONG else "")


def _row(cells: Sequence[object]) -> Markup:
    first, *rest = cells
    return tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in rest))


def table_css() -> str:
    """The rules by which the columns of numbers stand to the right: said once, and not of every cell."""
    columns = {n: f".n{n}>*>tr>:nth-child(n+{n + 1})" for n in range(1, MOST + 1)}
    return (
        ",".join(columns.values())
        + "{text-align:right;white-space:nowrap}"
        + ",".join(f".n{n}>thead>tr>:nth-child(n+{n + 1})" for n in columns)
        + "{white-space:normal}\n"
    )


def scroll(content: object, label: str, class_: str = "") -> Markup:
    """A box that scrolls where its content is wider than the window, if it is `long` also down; reached by the keyboard."""
    return tag("div", content, class_=f"scroll {class_}".strip(), tabindex=0, role="region", aria_label=label)


def behind(content: object, summary: str) -> Markup:
    """What can be opened: a table behind a chart."""
    return tag("details", tag("summary", summary), content, class_="behind")


def frame_table(
    frame: pd.DataFrame, unit: str, title: str, language: Language, labels: Callable[[str], str] = str, first: str | None = None
) -> Markup:
    """The table behind a chart: the index of the frame down, its series across, `unit` in the corner."""
    say = language.translate
    head = [f"{first or say('year')} [{unit}]", *(labels(str(c)) for c in frame.columns)]
    rows = [
        [str(index), *(number(value, language.amount(value)) for value in row)]
        for index, row in zip(frame.index, frame.to_numpy(dtype=float).tolist(), strict=True)
    ]
    return behind(table(head, rows, 1, title), say("Table: {title}", title=title))
