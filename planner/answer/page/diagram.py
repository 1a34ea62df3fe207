"""A drawing of a park from its tables: what is bought, what turns a carrier into another, stores, links, and what is used or sold.

Carriers stand at the left as they are bought or taken, and at the right as they are made, used or sold; between them what takes the
one and gives the other. It shows no quantities, and nothing of hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from models.case import Case
from planner.answer.page.charts import drawing, figure, short, shortened
from planner.answer.page.report import Report
from planner.answer.page.table import Markup, join, tag
from planner.language.language import Language
from planner.language.words import CARRIERS, named

#: Sizes: width of the whole, of a box of carriers and of one of plants; height of a line, space between boxes; size of letters.
WIDTH, CARRIER, PLANT, LINE, SPACE, SIZE = 940.0, 200.0, 260.0, 17.0, 12.0, 12.0
#: Lines in a box at most, and colours of carriers.
MOST, COLOURS = 8, 6
#: Given by what burns a fuel, too: drawn of what captures or carries it alone.
CO2 = "co2"


@dataclass(frozen=True)
class PlantGroup:
    """Plants, stores or links that take and give the same: names of those that stand, and of those that are offered."""

    takes: tuple[str, ...]
    gives: tuple[str, ...]
    standing: tuple[str, ...]
    offered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scheme:
    """What is drawn: carrier -> connections over which it is bought; plants; carrier -> demands, and connections over which it is
    sold or given away."""

    sources: dict[str, list[str]]
    groups: list[PlantGroup]
    uses: dict[str, list[str]]


#: What a plant takes and gives.
Ways = tuple[tuple[str, ...], tuple[str, ...]]


def scheme_of(case: Case) -> Scheme:
    """A park as its tables have it: plants, stores, links and groups of chargers by what they take and give."""
    roles = {kind.type: kind.role for kind in case.types}
    found: dict[Ways, dict[str, bool]] = {}
    for row in case.technologies:
        role, own = roles.get(row.type_name), [port for port in case.ports if port.type == row.type_name]
        own = [port for port in own if port.carrier != CO2 or role == "capture"]
        takes, gives = ({p.carrier for p in own if role == "store" or p.direction == way} for way in ("in", "out"))
        _put(found, takes, gives, row.technology, row.existing > 0)
    for link in case.links:
        _put(found, [link.carrier], [link.carrier], f"{link.link} ({link.from_zone} → {link.to_zone})", link.existing > 0)
    for group in case.chargers:
        _put(found, [group.carrier], [], group.chargers, True)
    bought = [(s.carrier, s.supply) for s in case.supplies if s.can_import]
    used = [(d.carrier, d.demand) for d in case.demand]
    return Scheme(
        _by_carrier(bought), _groups(found), _by_carrier([*used, *((s.carrier, s.supply) for s in case.supplies if s.can_export)])
    )


def scheme_of_energy(energy: pd.DataFrame) -> Scheme:
    """A plan as its table of energy has it: what runs in its first year stands, what runs later only is drawn as offered."""
    flows = energy[energy["value"].abs() > 0]
    first, found = flows["year"].min(), dict[Ways, dict[str, bool]]()
    for name, own in flows[flows["flow"].isin((*TAKES, *GIVES))].groupby("name", observed=True):
        takes, gives = (own.loc[own["flow"].isin(ways), "carrier"].unique() for ways in (TAKES, GIVES))
        _put(found, takes, gives, str(name), bool((own["year"] == first).any()))
    bought, used = (
        flows[flows["flow"].isin(ways)][["carrier", "name"]].itertuples(index=False, name=None)
        for ways in (("import",), ("demand", "export"))
    )
    return Scheme(_by_carrier(bought), _groups(found), _by_carrier(used))


#: Flows of the table of energy with which a plant, a store or a link takes and gives.
TAKES, GIVES = ("in", "charge", "sent"), ("out", "discharge", "arrived")


def _put(found: dict[Ways, dict[str, bool]], takes: Iterable[str], gives: Iterable[str], name: str, stands: bool) -> None:
    found.setdefault((tuple(sorted({*takes})), tuple(sorted({*gives}))), {})[name] = stands


def _groups(found: dict[Ways, dict[str, bool]]) -> list[PlantGroup]:
    return [
        PlantGroup(takes, gives, tuple(n for n in names if names[n]), tuple(n for n in names if not names[n]))
        for (takes, gives), names in sorted(found.items())
    ]


def _by_carrier(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    by: dict[str, dict[str, None]] = {}
    for carrier, name in pairs:
        by.setdefault(carrier, {})[name] = None
    return {carrier: [*names] for carrier, names in by.items()}


def scheme_figure(energy: pd.DataFrame, report: Report) -> Markup:
    """The drawing of a plan on its page."""
    say, scheme = report.language.translate, scheme_of_energy(energy)
    runs, later = sum(len(g.standing) for g in scheme.groups), sum(len(g.offered) for g in scheme.groups)
    year = energy["year"].min()
    finding = say("{runs} plants, stores and links run in {year}, {later} more later", runs=runs, later=later, year=year)
    note = say("Left: bought or taken. Right: made, used or sold. Dashed and grey: runs only after the first year.")
    picture = tag("div", diagram(scheme, report.language), class_="scheme")
    return figure(picture, say("What the park consists of"), note=note, finding=finding)


def drawn_alone(case: Case, language: Language) -> str:
    """The drawing of a park as an SVG file of its own."""
    text = str(diagram(scheme_of(case), language))
    return text.replace("<svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" font-family="sans-serif"', 1).replace(
        ">", f">{ALONE}", 1
    )


#: What a file of its own needs in place of the style sheet of the page.
ALONE = (
    "<style>text{font-size:12px;fill:#1b1f24}.name{font-weight:700}.soft{fill:#4d5763}.box{fill:#f3f5f7;stroke:#4d5763}"
    ".plant{fill:#fff;stroke:#1b1f24}.offered{stroke-dasharray:4 3}.flow{fill:none;stroke-width:2}.l0{stroke:#005a9c}"
    ".l1{stroke:#c2410c}.l2{stroke:#0b6e4f}.l3{stroke:#7a2f8f}.l4{stroke:#4d5763}.l5{stroke:#8a5a00}</style>"
)


def diagram(scheme: Scheme, language: Language) -> Markup:
    """The park as a picture."""
    say, sources, uses = language.translate, scheme.sources, scheme.uses
    direct = dict.fromkeys(carrier for carrier in uses if carrier in sources)
    groups = [*scheme.groups, *(PlantGroup((c,), (c,), (say("used as it is bought"),)) for c in direct)]
    left = dict.fromkeys([*sources, *(c for g in groups for c in g.takes)])
    right = dict.fromkeys([*uses, *(c for g in groups for c in g.gives)])
    order = {carrier: number for number, carrier in enumerate(dict.fromkeys([*left, *right]))}
    groups.sort(key=lambda g: sum(order[c] for c in (*g.takes, *g.gives)) / max(1, len(g.takes) + len(g.gives)))
    bought, plants, used = (
        [Box(named(language, CARRIERS, c), sources.get(c, [])) for c in left],
        [Box("", g.standing, g.offered) for g in groups],
        [Box(named(language, CARRIERS, c), uses.get(c, [])) for c in right],
    )
    height = max(sum(box.height + SPACE for box in own) for own in (bought, plants, used)) + SPACE
    start, end, last = (WIDTH - PLANT) / 2, (WIDTH + PLANT) / 2, WIDTH - CARRIER
    columns = ((0.0, CARRIER, bought), (start, PLANT, plants), (last, CARRIER, used))
    tops = [_tops(own, height) for _, _, own in columns]
    taken, middles, given = (
        [y + box.height / 2 for y, box in zip(ys, own, strict=True)] for ys, (_, _, own) in zip(tops, columns, strict=True)
    )
    y_of, y_to = dict(zip(left, taken, strict=True)), dict(zip(right, given, strict=True))
    drawn = []
    for group, y in zip(groups, middles, strict=True):
        drawn += [_line(CARRIER, y_of[c], start, y, order[c]) for c in group.takes]
        drawn += [_line(end, y, last, y_to[c], order[c]) for c in group.gives]
    for ys, (x, width, own) in zip(tops, columns, strict=True):
        drawn += [box.drawn(x, y, width) for y, box in zip(ys, own, strict=True)]
    return drawing(join(drawn), WIDTH, height, say("What the park consists of; the list below says the same"), "of-park")


@dataclass(frozen=True)
class Box:
    """A box: its title, and names below it; those that are only offered are drawn lighter."""

    title: str
    names: Sequence[str]
    offered: Sequence[str] = ()

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(text, class) of each line; where there are too many, how many more there are."""
        rows = [(self.title, "t name")] if self.title else []
        rows += [*((name, "t") for name in self.names), *((name, "t soft") for name in self.offered)]
        return rows if len(rows) <= MOST else [*rows[: MOST - 1], (f"+ {len(rows) - MOST + 1}", "t soft")]

    @property
    def height(self) -> float:
        """As its lines need it."""
        return LINE * len(self.lines) + 8

    def drawn(self, x: float, y: float, width: float) -> Markup:
        """The box with its lines."""
        class_ = "box" if self.title else "box plant" if self.names else "box plant offered"
        size = {"width": short(width), "height": short(self.height), "rx": 3}
        texts = (
            tag("text", shortened(text, SIZE, width - 16), x=short(x + 8), y=short(y + LINE * (row + 1)), class_=own)
            for row, (text, own) in enumerate(self.lines)
        )
        return tag("g", tag("rect", x=short(x), y=short(y), class_=class_, **size), *texts)


def _tops(boxes: Sequence[Box], height: float) -> list[float]:
    """Where boxes begin that share a height evenly."""
    free = (height - sum(box.height for box in boxes)) / (len(boxes) + 1)
    return [free * (i + 1) + sum(box.height for box in boxes[:i]) for i in range(len(boxes))]


def _line(x: float, y: float, to: float, down: float, colour: int) -> Markup:
    middle = short((x + to) / 2)
    path = f"M{short(x)} {short(y)} C{middle} {short(y)} {middle} {short(down)} {short(to)} {short(down)}"
    return tag("path", d=path, class_=f"flow l{colour % COLOURS}")
