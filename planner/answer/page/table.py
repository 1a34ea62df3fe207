"""Tables of a page: numbers as the language writes them, and as they stand in the files beside that."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd
from markupsafe import Markup, escape

from planner.answer import series
from planner.language.language import NONE, Language, mark
from planner.tables.output import KINDS

# --- markup ----------------------------------------------------------------------------------------------------------------
# Markup: tags whose text is escaped unless it is markup already. Everything that a case names goes through here.

__all__ = ["Markup", "join", "tag"]

#: Tags that have no content.
EMPTY = ("meta", "br", "hr", "input", "img", "link", "rect", "path", "line", "circle", "polyline", "polygon", "col")


def tag(name: str, /, *children: object, **attributes: object) -> Markup:
    """An element. `class_` and `for_` are written without the underscore, other underscores as hyphens.

    An attribute that is None or False is left out, True is written without a value.
    """
    head = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None and value is not False)
    inner = "".join(escape(child) for child in children if child is not None)
    if not inner and name in EMPTY:
        return Markup(f"<{name}{head}/>")
    return Markup(f"<{name}{head}>{inner}</{name}>")


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def join(parts: Iterable[object], between: str = "") -> Markup:
    """Parts one after the other; what is None is left out."""
    return escape(between).join(escape(part) for part in parts if part is not None)


# --- table -----------------------------------------------------------------------------------------------------------------

#: A table of more rows scrolls in a box of its own; a shorter one stands as it is.
LONG = 30
#: Most columns of text before those of numbers.
MOST = 6


class Number(Markup):
    """A number of a page: the text for people, in `value` that of the file for machines; the cell has it, if it is one."""

    shown: str
    value: str


def number(value: float | None, shown: str) -> Markup:
    """A number: the value of the file for machines, the text for people."""
    if value is None or not math.isfinite(value):
        return Markup(NONE)
    made = Number(tag("data", shown, value=f"{value:.12g}"))
    made.shown, made.value = shown, f"{value:.12g}"
    return made


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
    others = (
        tag("td", c.shown, data_value=c.value, class_=_look(c.shown)) if isinstance(c, Number) else tag("td", c) for c in rest
    )
    return tag("tr", tag("th", first, scope="row"), *others)


def _look(shown: str) -> str | None:
    """The look of a rule that holds or fails."""
    return {"✓": "holds", "✗": "fails"}.get(shown[-1:])


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


# --- findings --------------------------------------------------------------------------------------------------------------
# What a chart shows, in one line for its title; and what else is to be known of it, behind it.

#: From this share on a part reads as 100 %.
ALL = 0.995


def titled(title: str, finding: str = "") -> Markup:
    """The heading of a chart: what it shows, and below what it is of; without a finding what it is of alone."""
    return tag("h3", finding, tag("small", title)) if finding else tag("h3", title)


def explained(words: object, language: Language) -> Markup:
    """How a chart is read, where a caption has no room for it: to be opened on a screen, open on paper."""
    return tag("details", tag("summary", language.translate("How to read this")), tag("p", words, class_="note"), class_="more")


def leading(bars: pd.DataFrame, unit: str, language: Language) -> str:
    """What a chart over the years (index) shows: of one series how much there is in the first and the last year, of several the
    largest in the last year."""
    if bars.empty or not len(bars.columns):
        return ""
    if bars.shape[1] > 1:
        told = most_of(bars.iloc[-1].fillna(0.0), unit, language)
        return language.translate("{year}: {words}", year=bars.index[-1], words=told) if told else ""
    first, last = (language.amount(float(v)) for v in (bars.iloc[0, 0], bars.iloc[-1, 0]))
    values = {"first": first, "last": f"{last} {unit}", "year": bars.index[-1], "first_year": bars.index[0]}
    return language.translate("From {first} in {first_year} to {last} in {year}", **values)


def most_in(yearly: pd.Series, unit: str, language: Language) -> str:
    """The year with the largest part of a sum (index: years), and its share; empty where the sum is 0 or below."""
    total = float(yearly.sum())
    if total <= 0:
        return ""
    values = {"year": yearly.idxmax(), "share": language.percent(float(yearly.max()) / total, 0)}
    return language.translate("Most in {year}: {share} of {total}", total=f"{language.amount(total)} {unit}", **values)


def most_of(parts: pd.Series, unit: str, language: Language) -> str:
    """The largest of parts (index: names) that are above zero and no sum of small ones, and its share of all; or that it is all."""
    together = {series.OTHER, *(language.translate(words) for words in ("other", "other supply"))}
    above = parts[parts > 0]
    own = above[[name not in together for name in above.index]]
    if own.empty:
        return ""
    name, most, total = own.idxmax(), float(own.max()), float(above.sum())
    words = mark("{name} is all: {total}") if most >= ALL * total else mark("{name} is largest: {share} of {total}")
    values = {"name": name, "total": f"{language.amount(total)} {unit}", "share": language.percent(most / total, 0)}
    return language.translate(words, **values)


def highest(hours: pd.DataFrame, unit: str, language: Language) -> str:
    """The highest hour of each series."""
    told = language.translate(", ").join(f"{name} {language.amount(float(hours[name].max()))} {unit}" for name in hours.columns)
    return language.translate("Highest hour: {parts}", parts=told)


def changed(net: pd.Series, year: int, language: Language) -> str:
    """By how much net emissions fall or rise from the first year of the plan to a year; empty where that is no share."""
    if year not in net.index or year == net.index[0] or not float(net.iloc[0]) > 0:
        return ""
    share = 1 - float(net[year]) / float(net.iloc[0])
    decimals = 0 if abs(share) > 0.9995 else 1
    values = {"share": language.percent(abs(share), decimals), "first": net.index[0], "year": year}
    if share >= 0:
        return language.translate("Net emissions fall by {share} from {first} to {year}", **values)
    return language.translate("Net emissions rise by {share} from {first} to {year}", **values)


def added_up(money: pd.Series, unit: str, language: Language) -> str:
    """What is saved, or paid more, by the last year, of a sum that goes on from year to year."""
    end = float(money.iloc[-1])
    values = {"money": f"{language.amount(abs(end))} {unit}", "year": money.index[-1]}
    if end >= 0:
        return language.translate("{money} saved by {year}, not discounted", **values)
    return language.translate("{money} paid more by {year}, not discounted", **values)


# --- palette ---------------------------------------------------------------------------------------------------------------
# Colours of kinds of things: one hue a kind, fixed, in shades for the things of that kind; and colours for all else.
#
# A look is a number: the first are for what has no kind, then come the shades of each kind. The first eight plain colours are
# those of Okabe and Ito. Dark pages take the same hues, lighter.

#: Colours of what has no kind.
PLAIN = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#f0e442",
    "#8a8f98",
    "#b8a9e3",
    "#8c6d46",
    "#a6d96a",
    "#3f6f8f",
    "#e8a7a0",
    "#5b5ea6",
    "#7fd6cb",
    "#a34a28",
)
#: Shades of each kind, the first for the first thing of it.
SHADES = {
    "sun": ("#e6a700", "#f7d264", "#b07d00", "#fbe7ae"),
    "wind": ("#1f9ec9", "#86cde9", "#0d6889", "#c1e5f3"),
    "water": ("#2456b8", "#7499e0", "#153a80", "#b3c8f1"),
    "power": ("#4a6fa5", "#96b0d3", "#2f4a74", "#c6d4e8"),
    "contract": ("#2f9e6e", "#7fcba8", "#1b6747", "#bce4d2"),
    "storage": ("#7a55c7", "#ae96e3", "#513391", "#d5c9f3"),
    "heat": ("#d6453d", "#ec918b", "#962822", "#f5c2be"),
    "cold": ("#23b5b0", "#86d9d5", "#117572", "#c2edeb"),
    "gas": ("#e07b1f", "#f2b27a", "#a0530f", "#f8d7b7"),
    "coal": ("#4a413d", "#857a75", "#2a2422", "#b5aca8"),
    "biomass": ("#6a9a2d", "#a6c876", "#476a1b", "#d0e3b4"),
    "hydrogen": ("#c2449a", "#de93c4", "#842867", "#f0c5e1"),
    "capture": ("#7d3c5d", "#b8879f", "#52243c", "#dcc0ce"),
    "land": ("#2e7d32", "#81b884", "#1a5120", "#bad9bc"),
    "credit": ("#b08a3e", "#d3b985", "#7b5e24", "#e9dabb"),
    "certificate": ("#b07cc6", "#d3b3e1", "#7b4b92", "#e8d7ef"),
    "measure": ("#c98b6b", "#e3baa5", "#915d3e", "#f2d6c8"),
    "demand": ("#8391a0", "#b3bec9", "#586470", "#d1d8df"),
    "other": ("#a0a0a0", "#cacaca", "#767676", "#e0e0e0"),
}
#: How many shades a kind has; number of all looks.
EACH = 4
COUNT = len(PLAIN) + EACH * len(KINDS)
#: Share of white in the colours of a dark page; the same in all, so that shades of a kind stay as far apart.
LIGHTER = 0.3


def looks_of(kind: str | None) -> range:
    """The looks of a kind of thing; the plain ones for what has none."""
    if kind not in KINDS:
        return range(len(PLAIN))
    first = len(PLAIN) + EACH * KINDS.index(kind)
    return range(first, first + EACH)


def colours() -> list[str]:
    """The colour of each look."""
    return [*PLAIN, *(shade for kind in KINDS for shade in SHADES[kind])]


def lighter(colour: str) -> str:
    """A colour for a dark page."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(p + LIGHTER * (255 - p)):02x}" for p in parts)


def palette_css() -> str:
    """Variables and classes of the looks: `--kN` its colour, `.sN` what is filled with it."""
    light = "".join(f"--k{i}:{c};" for i, c in enumerate(colours()))
    dark = "".join(f"--k{i}:{lighter(c)};" for i, c in enumerate(colours()))
    classes = "".join(f".s{i}{{fill:var(--k{i})}}" for i in range(COUNT))
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}@media print{{:root{{{light}}}}}{classes}\n"


# --- styles ----------------------------------------------------------------------------------------------------------------
# Looks of series: a colour of its kind for each.

#: Dashes of lines.
DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 2", "1 4")


class Styles:
    """Gives every name a look of its kind, the same in all charts of a page as far as two of one chart do not collide.

    kinds  name -> kind of thing; what has none takes the plain looks
    """

    def __init__(self, kinds: Mapping[str, str] | None = None) -> None:
        self.kinds = dict(kinds or {})
        #: How many names of each kind have a look.
        self._counts: dict[str | None, int] = {}
        #: Name -> the name whose look it has too: what a thing takes beside what it gives.
        self._same: dict[str, str] = {}
        #: Looks of each name, the one it has wherever it can first, then those that it had where that was taken.
        self._liked: dict[str, list[int]] = {}
        for name in self.kinds:
            self._know(name)

    def of(self, names: Iterable[str]) -> dict[str, int]:
        """Number of the look of each name of a chart, all different while there are no more things than looks.

        Of two that want the same look the one that was on the page first has it; nobody else's is taken instead.
        """
        wanted = list(dict.fromkeys(names))
        looks = self._of(dict.fromkeys(self._same.get(name, name) for name in wanted))
        return {name: looks[self._same.get(name, name)] for name in wanted}

    def named(self, looks: Mapping[str, int]) -> dict[str, int]:
        """The looks that a legend names: a thing that gives and takes stands there once."""
        return {name: look for name, look in looks.items() if self._same.get(name) not in looks}

    def _of(self, shown: Mapping[str, None]) -> dict[str, int]:
        """Looks of things, each of its own."""
        for name in shown:
            self._know(name)
        known = [name for name in self._liked if name in shown]
        taken: dict[str, int] = {}
        for name in known:
            if self._liked[name][0] not in taken.values():
                taken[name] = self._liked[name][0]
        for name in known:
            if name not in taken:
                taken[name] = self._other(name, set(taken.values()))
        return {name: taken[name] for name in shown}

    def _know(self, name: str) -> None:
        """Give a name the next look of its kind, if it has none."""
        if name not in self._liked:
            kind = self.kinds.get(name)
            looks, count = looks_of(kind), self._counts.get(kind, 0)
            self._liked[name], self._counts[kind] = [looks[count % len(looks)]], count + 1

    def like(self, name: str, other: str) -> None:
        """A name has the look of another one: it is the same thing on the other side of zero."""
        self._same[name] = other

    def _other(self, name: str, taken: set[int]) -> int:
        """A look for a name whose own one is taken: one that it had before, else a free one."""
        liked = self._liked[name]
        free = [i for i in (*liked, *looks_of(self.kinds.get(name)), *range(COUNT)) if i not in taken]
        if free and free[0] not in liked:
            liked.append(free[0])
        return free[0] if free else liked[0]


def swatch(look: int, line: bool = False) -> Markup:
    """A sample of a look for a legend."""
    mark = (
        tag("line", x1=0, y1=7, x2=22, y2=7, class_=f"l l{look}", stroke_dasharray=DASHES[look % len(DASHES)] or None)
        if line
        else tag("rect", x=4, y=0, width=14, height=14, class_=f"s{look}")
    )
    return tag("svg", mark, class_="swatch", viewBox="0 0 22 14", width=22, height=14, aria_hidden="true")


def legend(entries: Iterable[tuple[str, int, bool]], *more: Markup | None) -> Markup:
    """A list of (label, look, is a line), and `more` of its items."""
    return tag("ul", *(tag("li", swatch(look, line), label) for label, look, line in entries), *more, class_="legend")
