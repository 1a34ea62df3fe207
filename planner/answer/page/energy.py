"""Energy of each year: where each carrier comes from and where it goes, and the flows of a chosen year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from planner.answer import series
from planner.answer.page.bars import YearChart
from planner.answer.page.findings import most_of
from planner.answer.page.frame import figure
from planner.answer.page.markup import Markup, tag
from planner.answer.page.report import Report, Section, section
from planner.answer.page.sankey import Graph, Node, Ribbon, draw
from planner.answer.page.styles import legend
from planner.answer.page.table import behind, number, scroll, table
from planner.answer.page.tabs import MOST_TABS, tabs
from planner.language.words import CARRIERS, named

#: What feeds a balance and what draws from it; stores and links only by what they lose.
GIVES, TAKES = ("import", "out"), ("in", "demand", "export")
#: Series of a side of a carrier's chart.
MOST = 7
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


def energy_section(report: Report) -> Section:
    """A chart for each carrier, and the flows as a Sankey diagram."""
    say = report.language.translate
    energy = report.output.target["energy"]
    charts = [_carrier(report, energy[energy["carrier"] == c], c) for c in report.carriers(energy)]
    note = tag("p", report.zones_note, class_="note") if report.zones_note else None
    return section("energy", say("Energy"), note, tag("div", *charts, class_="grid"), _flow_years(report))


def _carrier(report: Report, rows: pd.DataFrame, carrier: str) -> Markup:
    """Supply above zero, use below; in each year they are the same."""
    say, language = report.language.translate, report.language
    size, unit = (1.0, "t") if carrier == "co2" else (1e3, "GWh")
    gives = report.over_years(rows[rows["flow"].isin(GIVES)], "name", most=MOST)
    drawn = rows[rows["flow"].isin(TAKES)]
    takes = report.over_years(drawn, "name", most=MOST)
    gives = gives.rename(columns={series.OTHER: say("other supply")})
    takes = takes.rename(columns={**{c: report.taken(c, drawn) for c in takes if c in gives}, series.OTHER: say("other use")})
    bars = pd.concat([gives, -takes], axis=1) / size
    lost = _lost(report, rows) / size
    if lost.abs().max() > 1e-6 * max(bars.abs().to_numpy().max(initial=0.0), 1e-9):
        bars[say("lost in stores and links")] = -lost
    title = say("Supply and use: {carrier}", carrier=named(language, CARRIERS, carrier))
    return report.chart(YearChart(title, unit, bars, half=True, height=330))


def _lost(report: Report, rows: pd.DataFrame) -> pd.Series:
    """What stores and links lose in each year."""
    signs = {"charge": 1.0, "sent": 1.0, "discharge": -1.0, "arrived": -1.0}
    own = rows[rows["flow"].isin(list(signs))]
    signed = own["value"] * own["flow"].map(signs).astype(float)  # of no rows, map gives a column of text
    return signed.groupby(own["year"]).sum().reindex(report.output.years, fill_value=0.0)


class _Edge(NamedTuple):
    """A flow (MWh) between two nodes; `kind` is its carrier."""

    start: Node
    end: Node
    kind: str
    value: float


def _flow_years(report: Report) -> Markup | None:
    """The Sankey diagram of every year; of a long horizon those in which a stage begins, and of the first and of the last year."""
    language, years = report.language, report.output.years
    say = language.translate
    wanted = years
    if len(years) > MOST_TABS:
        wanted = sorted({years[0], years[-1], *(y for _, y in report.output.steps if y in years)})[-MOST_TABS:]
    panels = [(str(y), _flows(report, y)) for y in wanted]
    chosen = next((i for i, y in enumerate(wanted) if y == report.output.summary["by"]), len(wanted) - 1)
    return tabs("flows", say("Year of the energy flows"), panels, chosen)


def _flows(report: Report, year: int) -> Markup | None:
    say = report.language.translate
    rows = report.output.target["energy"]
    graph = _graph_of(rows[(rows["year"] == year) & (rows["carrier"] != "co2")], _NodeNames(report))
    if not graph.ribbons:
        return None
    looks = report.styles.of(dict.fromkeys(r.kind for r in graph.ribbons))
    labels = {c: named(report.language, CARRIERS, c) for c in looks}
    title = say("Energy flows in {year}", year=year)
    picture = scroll(draw(graph, looks, labels, f"{title} [GWh]", report.language), title, "picture")
    cells = [
        (graph.labels[r.start], graph.labels[r.end], labels[r.kind], number(r.value / 1e3, report.language.amount(r.value / 1e3)))
        for r in graph.ribbons
    ]
    listed = table([say("from"), say("to"), say("carrier"), "GWh"], cells, 3, title)
    key = legend((labels[c], look, False) for c, look in looks.items())
    note = say("Widths are energy in GWh; equipment of small flows is drawn together.")
    ends = {r.end for r in graph.ribbons}
    brought = pd.Series({name: graph.size(n) / 1e3 for n, name in graph.labels.items() if n not in ends}, dtype=float)
    below, finding = behind(listed, say("Table: {title}", title=title)), most_of(brought, "GWh", report.language)
    return figure(picture, title, key, below, note=note, class_="full", finding=finding)


@dataclass(frozen=True)
class _NodeNames:
    """What the nodes that are none of the case's names are called."""

    report: Report

    def __call__(self, node: Node) -> str:
        kind, name = node
        say = self.report.language.translate
        words = {"lost": say("losses"), "around": say("surroundings")}
        if kind == "carrier":
            return named(self.report.language, CARRIERS, name)
        if kind == "small":
            return say("small, {carrier}", carrier=named(self.report.language, CARRIERS, name))
        if kind == "export":
            return say("{name} (export)", name=name)
        if kind == "back":
            return say("back to {carrier}", carrier=named(self.report.language, CARRIERS, name))
        return words.get(kind, name)


def _graph_of(rows: pd.DataFrame, names: _NodeNames) -> Graph:
    """Nodes and ribbons (MWh) of a year's rows of energy.csv; zones are added up."""
    ribbons = _without_circles(_merged(_edges(rows)))
    nodes = dict.fromkeys(n for r in ribbons for n in (r.start, r.end))
    return Graph({n: names(n) for n in nodes}, ribbons)


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


def _edges(rows: pd.DataFrame) -> Iterator[_Edge]:
    """Flows between supplies, carriers, equipment, demands, and the surroundings."""
    total: dict[tuple[str, str, str], float] = {}
    for flow, name, carrier, value in zip(*(rows[c].tolist() for c in ("flow", "name", "carrier", "value")), strict=True):
        total[flow, name, carrier] = total.get((flow, name, carrier), 0.0) + value
    balance: dict[str, float] = {}
    stored: dict[str, float] = {}
    for (flow, name, carrier), value in total.items():
        if flow in ENDS:
            start, end = ((kind, carrier if kind == "carrier" else name) for kind in ENDS[flow])
            yield _Edge(start, end, carrier, value)
        if flow in ("in", "out"):
            balance[name] = balance.get(name, 0.0) + (value if flow == "in" else -value)
        elif flow in ("charge", "sent", "discharge", "arrived"):
            stored[carrier] = stored.get(carrier, 0.0) + (value if flow in ("charge", "sent") else -value)
    inputs, outputs = ({n: c for (f, n, c), _ in sorted(total.items(), key=lambda t: t[1]) if f == flow} for flow in ("in", "out"))
    for name, left in balance.items():
        if name in inputs and name in outputs and left > 0:
            yield _Edge(("kit", name), ("lost", ""), inputs[name], left)
        elif name in inputs and left < 0:
            yield _Edge(("around", ""), ("kit", name), outputs[name], -left)
    for carrier, left in stored.items():
        yield _Edge(("carrier", carrier), ("lost", ""), carrier, left)


def _merged(edges: Iterable[_Edge]) -> dict[Way, float]:
    """Edges summed; equipment of small flows is one node for what it gives, and a carrier that one supply brings is that supply."""
    found = list(edges)
    came = sum(e.value for e in found if e.start[0] in ("supply", "around")) or 1.0
    largest: dict[Node, _Edge] = {}
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
