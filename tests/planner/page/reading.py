"""Reads a page back: its tables with the numbers that stand behind them, its charts with their marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from planner.answer.page.charts import YearChart
from planner.answer.page.report import Report
from planner.answer.views import shown, views
from planner.language.language import ENGLISH
from planner.tables.output import read_output

VOID = {"meta", "link", "br", "hr", "input", "img", "rect", "path", "line", "circle", "polyline", "polygon", "col"}


@dataclass
class Element:
    """An element with what is in it, in order: elements and pieces of text."""

    name: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    inside: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.inside)

    def all(self, name: str, class_: str | None = None) -> list[Element]:
        """Every element of a name (and class) inside, in the order of the page."""
        found = []
        for part in self.inside:
            if isinstance(part, Element):
                if part.name == name and (class_ is None or class_ in (part.attributes.get("class") or "").split()):
                    found.append(part)
                found += part.all(name, class_)
        return found

    def one(self, id_: str) -> Element:
        """The element with an id."""
        (found,) = [e for e in self.everything() if e.attributes.get("id") == id_]
        return found

    def everything(self) -> list[Element]:
        return [e for part in self.inside if isinstance(part, Element) for e in (part, *part.everything())]


class Reader(HTMLParser):
    """Builds the elements; an element that is closed out of turn is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        if tag not in VOID or not self.get_starttag_text().endswith("/>"):
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(page: str) -> Element:
    """The page as elements."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert len(reader.open) == 1
    return reader.open[0]


def cell(element: Element) -> float | str:
    """The number behind a cell, or its text."""
    if "data-value" in element.attributes:
        return float(str(element.attributes["data-value"]))
    numbers = element.all("data")
    return float(str(numbers[0].attributes["value"])) if len(numbers) == 1 and numbers[0].text == element.text else element.text


def rows(table: Element) -> list[list[float | str]]:
    """The cells of a table, headings first."""
    return [[cell(c) for c in row.inside if isinstance(c, Element)] for row in table.all("tr")]


def title_of(heading: Element) -> str:
    """What a chart is of: below what it shows, where its heading has both."""
    below = heading.all("small")
    return below[0].text if below else heading.text


def captions(page: Element) -> list[str]:
    """The paragraphs of all captions."""
    return [p.text for caption in page.all("figcaption") for p in caption.all("p")]


def is_short(words: str) -> bool:
    """At most twenty words; in Chinese forty characters."""
    is_chinese = any("\u3400" <= c <= "\u9fff" for c in words)
    return len(words) <= 40 if is_chinese else len(words.split()) <= 20


def chart_table(section: Element, title: str) -> list[list[float | str]]:
    """The rows of the table behind the chart of a title."""
    (found,) = [f for f in section.all("figure") if [title_of(h) for h in f.all("h3")] == [title]]
    (behind,) = found.all("details", "behind")
    (table,) = behind.all("table")
    return rows(table)


def column(table: list[list[float | str]], heading: str) -> dict[str, float]:
    """First cell -> number of a column of a table."""
    c = table[0].index(heading)
    return {str(row[0]): float(row[c]) for row in table[1:]}


def charts_of_hours(folder: Path, view: str) -> list[YearChart]:
    """The charts of a view over hours, which have no table on the page."""
    return [each for each in shown(views()[view], Report(read_output(folder), ENGLISH)) if isinstance(each, YearChart)]
