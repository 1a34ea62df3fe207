"""Tables of a page: numbers as the language writes them, and as they stand in the files beside that."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import pandas as pd

from planner.language.language import NONE, Language
from planner.report.page.markup import Markup, join, tag

#: A table of more rows scrolls in a box of its own; a shorter one stands as it is.
LONG = 30


def number(value: float | None, shown: str) -> Markup:
    """A number: the value of the file for machines, the text for people."""
    if value is None or not math.isfinite(value):
        return tag("span", NONE)
    return tag("data", shown, value=f"{value:.12g}")


def table(head: Sequence[object], rows: Iterable[Sequence[object]], numeric: int, label: str, class_: str = "") -> Markup:
    """A table in a box that scrolls. The columns from `numeric` on are aligned as numbers, the first one heads its row."""
    cells = [tag("th", cell, scope="col", class_="n" if c >= numeric else None) for c, cell in enumerate(head)]
    body = [tag("tr", tag("th", first, scope="row"), *_cells(rest, numeric)) for first, *rest in rows]
    whole = tag("table", tag("thead", tag("tr", *cells)), tag("tbody", join(body)), class_=class_ or None)
    return scroll(whole, label, "long" if len(body) > LONG else "")


def _cells(cells: Iterable[object], numeric: int) -> Iterator[Markup]:
    return (tag("td", cell, class_="n" if c >= numeric else None) for c, cell in enumerate(cells, 1))


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
