"""Energy of each year: where each carrier comes from and where it goes, and the flows of a chosen year."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from planner.answer.facts import fact
from planner.answer.page.charts import SIZE, drawing, figure, short, shortened, text_width
from planner.answer.page.report import Report
from planner.answer.page.table import Markup, behind, join, legend, most_of, number, scroll, table, tag
from planner.language.language import Language
from planner.language.words import CARRIERS, named

# --- sankey ----------------------------------------------------------------------------------------------------------------
# A Sankey diagram: nodes in layers, ribbons as wide as what they carry. Laid out here, so that the page needs no script.

Node = tuple[str, str]

#: Width of the picture.
WIDE = 1120.0
#: Width of a node, least gap between two of a layer (nearly three lines of text fit), least height of the picture.
NODE, GAP, HEIGHT = 12.0, 36.0, 420.0
#: Size of the letters on paper, as style.css has it; from one line of a name to the next, and most lines of one.
PRINTED = 15.0
LINE, MOST = PRINTED * 0.95, 4
#: What a name may be broken into.
PIECES = re.compile(r"（?[\u3400-\u9fff][，、）]*|[^\s\u3400-\u9fff，、（）-]+-?[，、）]*\s*|[\s，、（）-]+")
TOP = 12.0
#: Least and most room for the names of the last layer.
NAMES = 80.0, 210.0


class Ribbon(NamedTuple):
    """A flow (MWh) from a node to another; `kind` is its carrier."""

    start: Node
    end: Node
    kind: str
    value: float


@dataclass(frozen=True)
class Graph:
    """Nodes with their names, and ribbons without circles."""

    labels: Mapping[Node, str]
    ribbons: list[Ribbon]

    def size(self, node: Node) -> float:
        """The larger of what comes and what goes."""
        came = sum(r.value for r in self.ribbons if r.end == node)
        went = sum(r.value for r in self.ribbons if r.start == node)
        return max(came, went)


def layers_of(graph: Graph) -> dict[Node, int]:
    """Layer of each node: one after the last of those that feed it; a source stands just before what it feeds first."""
    layer = dict.fromkeys(graph.labels, 0)
    for _ in graph.labels:
        for r in graph.ribbons:
            layer[r.end] = max(layer[r.end], layer[r.start] + 1)
    last = max(layer.values())
    fed = {r.end for r in graph.ribbons}
    feeds = {r.start for r in graph.ribbons}
    for node in layer:
        if node not in fed:
            layer[node] = max(min(layer[r.end] for r in graph.ribbons if r.start == node) - 1, 0)
        elif node not in feeds and node[0] in ("demand", "export", "lost", "back"):
            layer[node] = last
    return layer


def places_of(graph: Graph, layer: Mapping[Node, int], height: float) -> tuple[dict[Node, float], float]:
    """Upper edge of each node, and pixels for a unit of flow. Nodes are ordered by what they are joined to."""
    columns: dict[int, list[Node]] = {}
    for node in sorted(layer, key=lambda n: -graph.size(n)):
        columns.setdefault(layer[node], []).append(node)
    sizes = {n: graph.size(n) for n in layer}
    scale = min((height - GAP * (len(c) - 1)) / sum(sizes[n] for n in c) for c in columns.values())
    top: dict[Node, float] = {}
    for column in columns.values():
        _stack(column, sizes, scale, height, top)
    for turn in range(8):
        for i in sorted(columns, reverse=turn % 2 == 1):
            columns[i].sort(key=lambda n: _pull(graph, n, top, sizes, scale))
            _stack(columns[i], sizes, scale, height, top)
    return top, scale


def _pull(graph: Graph, node: Node, top: Mapping[Node, float], sizes: Mapping[Node, float], scale: float) -> float:
    """Mean height of the nodes that a node is joined to, the wider ribbons counting more."""
    ends = [(r.value, r.end if r.start == node else r.start) for r in graph.ribbons if node in (r.start, r.end)]
    return sum(v * (top[n] + sizes[n] * scale / 2) for v, n in ends) / sum(v for v, _ in ends)


def _stack(column: list[Node], sizes: Mapping[Node, float], scale: float, height: float, top: dict[Node, float]) -> None:
    """Nodes of a layer one below the other, the free height shared out between them."""
    free = height - sum(sizes[n] * scale for n in column)
    gap = min(free / max(len(column), 1), 60.0)
    y = (free - gap * (len(column) - 1)) / 2
    for node in column:
        top[node] = y
        y += sizes[node] * scale + gap


def draw(graph: Graph, looks: Mapping[str, int], label: str, language: Language) -> Markup:
    """The picture."""
    layer = layers_of(graph)
    count = max(layer.values()) + 1
    crowd = max(sum(1 for n in layer if layer[n] == i) for i in range(count))
    height = max(HEIGHT, crowd * (GAP + 7))
    top, scale = places_of(graph, layer, height)
    wanted = max(text_width(_words(graph, n, language), PRINTED) + 6 for n in layer if layer[n] == count - 1)
    room = min(max(wanted, NAMES[0]), NAMES[1])
    step = (WIDE - room - NODE - 2) / max(count - 1, 1)
    x = {n: 1 + layer[n] * step for n in layer}
    ribbons = join(_ribbons(graph, x, top, scale, looks))
    nodes = join(
        _node(graph, n, x[n], top[n] + TOP, scale, room if layer[n] == count - 1 else step - NODE, language) for n in layer
    )
    return drawing(join([ribbons, nodes]), WIDE, height + 2 * TOP, label, "sankey")


def _ribbons(
    graph: Graph, x: Mapping[Node, float], top: Mapping[Node, float], scale: float, looks: Mapping[str, int]
) -> list[Markup]:
    """Ribbons leave and enter their nodes in the order of what they are joined to."""
    leaves, enters = dict(top), dict(top)
    begin = {}
    for r in sorted(graph.ribbons, key=lambda r: top[r.end]):
        begin[id(r)] = leaves[r.start]
        leaves[r.start] += r.value * scale
    drawn = []
    for r in sorted(graph.ribbons, key=lambda r: top[r.start]):
        a, b, thick = begin[id(r)] + TOP, enters[r.end] + TOP, max(r.value * scale, 0.6)
        enters[r.end] += r.value * scale
        x0, x1 = x[r.start] + NODE, x[r.end]
        mid = (x0 + x1) / 2
        path = (
            f"M{short(x0)} {short(a)}C{short(mid)} {short(a)} {short(mid)} {short(b)} {short(x1)} {short(b)}V{short(b + thick)}"
            f"C{short(mid)} {short(b + thick)} {short(mid)} {short(a + thick)} {short(x0)} {short(a + thick)}Z"
        )
        drawn.append(tag("path", d=path, class_=f"s{looks[r.kind]} ribbon"))
    return drawn


def _words(graph: Graph, node: Node, language: Language) -> str:
    return f"{graph.labels[node]} {language.amount(graph.size(node) / 1e3)}"


def _node(graph: Graph, node: Node, x: float, y: float, scale: float, room: float, language: Language) -> Markup:
    size = graph.size(node)
    amount = f" {language.amount(size / 1e3)}"
    tall = max(size * scale, 0.8)
    lines = _lines(graph.labels[node], amount, room - 6)
    first = y + tall / 2 + SIZE * 0.35 - LINE * (len(lines) - 1) / 2
    texts = [
        tag("text", words, x=short(x + NODE + 4), y=short(first + LINE * i), class_="t over", aria_hidden="true")
        for i, words in enumerate(lines)
    ]
    return join([tag("rect", x=short(x), y=short(y), width=NODE, height=short(tall), class_="node"), *texts])


def _lines(name: str, amount: str, room: float) -> list[str]:
    """A name and its amount on no more than MOST lines, as wide as there is room on paper, too; broken after a hyphen, a space or a
    Chinese character. What needs more lines is shortened."""
    lines = [""]
    for piece in [*PIECES.findall(name), amount]:
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), PRINTED) > room:
            lines.append("")
        lines[-1] += piece
    lines = [line.strip() for line in lines]
    if len(lines) <= MOST:
        return [shortened(line, PRINTED, room) for line in lines]
    return [*(shortened(line, PRINTED, room) for line in lines[: MOST - 2]), f"{lines[MOST - 2]}…", amount.strip()]


# --- energy ----------------------------------------------------------------------------------------------------------------

#: Equipment whose flow is below this share of all that comes in is drawn together.
SMALL = 0.006
#: A flow below this share is not drawn.
LEAST = 1e-4
#: Kinds of node that a flow of energy.csv leads from and to.
ENDS = {
    "import": ("supply", "carrier"),
    "out": ("kit", "carrier"),
    "in": ("carrier", "kit"),
    "demand": ("carrier", "demand"),
    "export": ("carrier", "export"),
}
#: From, to, carrier.
Way = tuple[Node, Node, str]


@fact
def energy_flows(report: Report) -> pd.DataFrame:
    """Flows of the year of the goal between supplies, carriers, equipment and demands, zones added up; small equipment together.

    Columns: from, to (as they are called), carrier, value (MWh), start, end (node), year.
    """
    by, years = int(report.output.summary["by"]), report.output.years
    rows, year = report.output.target["energy"], by if by in years else years[-1]
    rows = rows[(rows["year"] == year) & (rows["carrier"] != "co2")]
    made = [
        (_called(report, r.start), _called(report, r.end), r.kind, r.value, r.start, r.end, year)
        for r in _without_circles(_merged(_edges(rows)))
    ]
    return pd.DataFrame(made, columns=["from", "to", "carrier", "value", "start", "end", "year"])


def flows_figure(rows: pd.DataFrame, report: Report) -> Markup:
    """The flows as a picture, with its table behind it."""
    language, say = report.language, report.language.translate
    ribbons = [Ribbon(*own) for own in zip(rows["start"], rows["end"], rows["carrier"], rows["value"], strict=True)]
    labels = dict(zip([*rows["start"], *rows["end"]], [*rows["from"], *rows["to"]], strict=True))
    graph = Graph(labels, ribbons)
    looks = report.styles.of(dict.fromkeys(rows["carrier"]))
    carriers = {c: named(language, CARRIERS, c) for c in looks}
    title = say("Energy flows in {year}", year=int(rows["year"].iloc[0]))
    picture = scroll(draw(graph, looks, f"{title} [GWh]", language), title, "picture")
    cells = [
        (start, end, carriers[c], number(v / 1e3, language.amount(v / 1e3)))
        for start, end, c, v in zip(rows["from"], rows["to"], rows["carrier"], rows["value"], strict=True)
    ]
    listed = table([say("from"), say("to"), say("carrier"), "GWh"], cells, 3, title)
    key = legend((carriers[c], look, False) for c, look in looks.items())
    note = language.sentences(say("Widths are energy in GWh; equipment of small flows is drawn together."), report.zones_note)
    ends = {r.end for r in ribbons}
    brought = pd.Series({name: graph.size(n) / 1e3 for n, name in labels.items() if n not in ends}, dtype=float)
    below, finding = behind(listed, say("Table: {title}", title=title)), most_of(brought, "GWh", language)
    return figure(picture, title, key, below, note=note, class_="full", finding=finding)


def _called(report: Report, node: Node) -> str:
    """What a node is called."""
    (kind, name), say, language = node, report.language.translate, report.language
    words: dict[str, Callable[[], str]] = {
        "lost": lambda: say("losses"),
        "around": lambda: say("surroundings"),
        "carrier": lambda: named(language, CARRIERS, name),
        "small": lambda: say("small, {carrier}", carrier=named(language, CARRIERS, name)),
        "export": lambda: say("{name} (export)", name=name),
        "back": lambda: say("back to {carrier}", carrier=named(language, CARRIERS, name)),
    }
    return words[kind]() if kind in words else name


def _without_circles(edges: Mapping[Way, float]) -> list[Ribbon]:
    """Ribbons without circles: one that leads back ends in a node of its own."""
    ribbons: list[Ribbon] = []
    for (start, end, kind), value in sorted(edges.items(), key=lambda e: -e[1]):
        closes = _reaches(ribbons, end, start)
        ribbons.append(Ribbon(start, ("back", end[1]) if closes else end, kind, value))
    return ribbons


def _reaches(ribbons: list[Ribbon], start: Node, end: Node) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        if node == end:
            return True
        for r in ribbons:
            if r.start == node and r.end not in seen:
                seen.add(r.end)
                waiting.append(r.end)
    return False


def _edges(rows: pd.DataFrame) -> Iterator[Ribbon]:
    """Flows between supplies, carriers, equipment, demands, and the surroundings."""
    total: dict[tuple[str, str, str], float] = {}
    for flow, name, carrier, value in zip(*(rows[c].tolist() for c in ("flow", "name", "carrier", "value")), strict=True):
        total[flow, name, carrier] = total.get((flow, name, carrier), 0.0) + value
    balance: dict[str, float] = {}
    stored: dict[str, float] = {}
    for (flow, name, carrier), value in total.items():
        if flow in ENDS:
            start, end = ((kind, carrier if kind == "carrier" else name) for kind in ENDS[flow])
            yield Ribbon(start, end, carrier, value)
        if flow in ("in", "out"):
            balance[name] = balance.get(name, 0.0) + (value if flow == "in" else -value)
        elif flow in ("charge", "sent", "discharge", "arrived"):
            stored[carrier] = stored.get(carrier, 0.0) + (value if flow in ("charge", "sent") else -value)
    inputs, outputs = ({n: c for (f, n, c), _ in sorted(total.items(), key=lambda t: t[1]) if f == flow} for flow in ("in", "out"))
    for name, left in balance.items():
        if name in inputs and name in outputs and left > 0:
            yield Ribbon(("kit", name), ("lost", ""), inputs[name], left)
        elif name in inputs and left < 0:
            yield Ribbon(("around", ""), ("kit", name), outputs[name], -left)
    for carrier, left in stored.items():
        yield Ribbon(("carrier", carrier), ("lost", ""), carrier, left)


def _merged(edges: Iterable[Ribbon]) -> dict[Way, float]:
    """Edges summed; equipment of small flows is one node for what it gives, and a carrier that one supply brings is that supply."""
    found = list(edges)
    came = sum(e.value for e in found if e.start[0] in ("supply", "around")) or 1.0
    largest: dict[Node, Ribbon] = {}
    fed: dict[Node, set[Node]] = {}
    for e in sorted(found, key=lambda e: (e.start[0] == "kit", e.value)):  # what equipment gives comes after what it takes
        largest[e.start] = largest[e.end] = e
        if e.end[0] == "carrier" and e.value > 0:
            fed.setdefault(e.end, set()).add(e.start)
    through = {n: max(e.value for e in found if n in (e.start, e.end)) for n in largest}
    alone = {c: next(iter(by)) for c, by in fed.items() if len(by) == 1 and next(iter(by))[0] == "supply"}

    def place(node: Node) -> Node:
        if node[0] == "kit" and through[node] < SMALL * came:
            return ("small", largest[node].kind)
        return alone.get(node, node)

    summed: dict[Way, float] = {}
    for e in found:
        way = (place(e.start), place(e.end), e.kind)
        if way[0] != way[1]:
            summed[way] = summed.get(way, 0.0) + e.value
    return {way: value for way, value in summed.items() if value > LEAST * came}
