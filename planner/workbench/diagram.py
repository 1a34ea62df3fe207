"""A drawing of a park from its tables: what is bought, what turns a carrier into another, stores, links, and what is used or sold.

Carriers stand at the left as they are bought or taken, and at the right as they are made, used or sold; between them what takes the
one and gives the other. It shows no quantities, and nothing of hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.case import Case
from planner.answer.page.charts import drawing, short, shortened
from planner.answer.page.table import Markup, join, tag
from planner.language.language import Language

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


def groups_of(case: Case) -> list[PlantGroup]:
    """All plants, stores, links and groups of chargers of a park, by what they take and give."""
    roles = {kind.type: kind.role for kind in case.types}
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, bool]] = {}

    def add(takes: Iterable[str], gives: Iterable[str], name: str, stands: bool) -> None:
        found.setdefault((tuple(sorted({*takes})), tuple(sorted({*gives}))), {})[name] = stands

    for row in case.technologies:
        role, own = roles.get(row.type_name), [port for port in case.ports if port.type == row.type_name]
        own = [port for port in own if port.carrier != CO2 or role == "capture"]
        takes, gives = ({p.carrier for p in own if role == "store" or p.direction == way} for way in ("in", "out"))
        add(takes, gives, row.technology, row.existing > 0)
    for link in case.links:
        add([link.carrier], [link.carrier], f"{link.link} ({link.from_zone} → {link.to_zone})", link.existing > 0)
    for group in case.chargers:
        add([group.carrier], [], group.chargers, True)
    return [
        PlantGroup(takes, gives, tuple(n for n in names if names[n]), tuple(n for n in names if not names[n]))
        for (takes, gives), names in sorted(found.items())
    ]


def sources_of(case: Case) -> dict[str, list[str]]:
    """Carrier -> connections over which it is bought."""
    return _by_carrier([(s.carrier, s.supply) for s in case.supplies if s.can_import])


def uses_of(case: Case) -> dict[str, list[str]]:
    """Carrier -> demands for it, and connections over which it is sold or given away."""
    used, sold = [(d.carrier, d.demand) for d in case.demand], [(s.carrier, s.supply) for s in case.supplies if s.can_export]
    return _by_carrier([*used, *sold])


def _by_carrier(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    return {carrier: [*dict.fromkeys(name for own, name in pairs if own == carrier)] for carrier in dict(pairs)}


def diagram(case: Case, language: Language) -> Markup:
    """The park as a picture."""
    say, sources, uses = language.translate, sources_of(case), uses_of(case)
    direct = dict.fromkeys(d.carrier for d in case.demand if d.carrier in sources)
    groups = [*groups_of(case), *(PlantGroup((c,), (c,), (say("used as it is bought"),)) for c in direct)]
    left = dict.fromkeys([*sources, *(c for g in groups for c in g.takes)])
    right = dict.fromkeys([*uses, *(c for g in groups for c in g.gives)])
    order = {carrier: number for number, carrier in enumerate(dict.fromkeys([*left, *right]))}
    groups.sort(key=lambda g: sum(order[c] for c in (*g.takes, *g.gives)) / max(1, len(g.takes) + len(g.gives)))
    bought, plants, used = (
        [Box(say(c), sources.get(c, [])) for c in left],
        [Box("", g.standing, g.offered) for g in groups],
        [Box(say(c), uses.get(c, [])) for c in right],
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
