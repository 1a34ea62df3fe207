"""A Sankey diagram: nodes in layers, ribbons as wide as what they carry. Laid out here, so that the page needs no script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from planner.answer.page.frame import SIZE, drawing
from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.scale import short, shortened, text_width
from planner.language.language import Language

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


@dataclass(frozen=True)
class Ribbon:
    """A flow from a node to another; `kind` is what it is of."""

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


def draw(graph: Graph, looks: Mapping[str, int], labels: Mapping[str, str], label: str, language: Language) -> Markup:
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
    ribbons = join(_ribbons(graph, x, top, scale, looks, labels, language))
    nodes = join(
        _node(graph, n, x[n], top[n] + TOP, scale, room if layer[n] == count - 1 else step - NODE, language) for n in layer
    )
    return drawing(join([ribbons, nodes]), WIDE, height + 2 * TOP, label, "sankey")


def _ribbons(
    graph: Graph,
    x: Mapping[Node, float],
    top: Mapping[Node, float],
    scale: float,
    looks: Mapping[str, int],
    labels: Mapping[str, str],
    language: Language,
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
        said = f"{graph.labels[r.start]} → {graph.labels[r.end]}: {language.amount(r.value / 1e3)} GWh ({labels[r.kind]})"
        drawn.append(tag("path", tag("title", said), d=path, class_=f"s{looks[r.kind]} ribbon"))
    return drawn


def _words(graph: Graph, node: Node, language: Language) -> str:
    return f"{graph.labels[node]} {language.amount(graph.size(node) / 1e3)}"


def _node(graph: Graph, node: Node, x: float, y: float, scale: float, room: float, language: Language) -> Markup:
    size = graph.size(node)
    amount = f" {language.amount(size / 1e3)}"
    said = tag("title", f"{graph.labels[node]}{amount} GWh")
    tall = max(size * scale, 0.8)
    lines = _lines(graph.labels[node], amount, room - 6)
    first = y + tall / 2 + SIZE * 0.35 - LINE * (len(lines) - 1) / 2
    texts = [
        tag("text", words, x=short(x + NODE + 4), y=short(first + LINE * i), class_="t over", aria_hidden="true")
        for i, words in enumerate(lines)
    ]
    return join([tag("rect", said, x=short(x), y=short(y), width=NODE, height=short(tall), class_="node"), *texts])


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
