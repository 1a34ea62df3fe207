"""Connections: what supplies share, and the most that can sensibly be imported."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pyomo.core import Block

from models.components import rows
from models.inputs import Inputs
from models.linear import weighted
from models.operation.links import Links


def add_connections(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""What the supplies behind a connection import together, and export together, is within its limit or its capacity.

    .. math::
        \sum_{s \in c} m_{s,t} \le \overline{m}_c, \quad \sum_{s \in c} x_{s,t} \le \overline{x}_c, \qquad
        \sum_{s \in c} m_{s,t} \le C_c, \quad \sum_{s \in c} x_{s,t} \le C_c
    .. math::
        \frac{1}{\overline{m}_c} \sum_{s \in c} m_{s,t} + \frac{1}{\overline{x}_c} \sum_{s \in c} x_{s,t} \le 1, \qquad
        \sum_{s \in c} (m_{s,t} + x_{s,t}) \le C_c

    for c in CONNECTIONS, t in SNAPSHOTS; the first two where it has a limit, the others where its capacity is an investment;
    the last line where it works one way at a time: the convex hull of either way.

    m  imports, x  exports   MW, t/h (s,t)     C  capacity, a link   MW, t/h (c)
    """
    connections, snapshots = inputs.connections, list(inputs.calendar.snapshots)
    members = {"import": connections.importers, "export": connections.exporters}
    flows = {"import": year.imports, "export": year.exports}
    limits = {"import": connections.import_max, "export": connections.export_max}
    limited = [(c, way) for c in connections.connections for way in limits if c in limits[way] and members[way][c]]
    sized = [(c, way) for c in connections.connections for way in limits if c in connections.sized and members[way][c]]

    present = set(inputs.capacity.present[y])

    def together(c: str, way: str, t: int) -> Iterator[tuple[float, Any]]:
        return ((1.0, flows[way][s, t]) for s in members[way][c])

    @rows(year, limited, snapshots, doc="supplies behind a connection share its limit [MW]")
    def connection_limit(year, c, way, t):
        return weighted(together(c, way, t)) <= limits[way][c]

    @rows(year, sized, snapshots, doc="supplies behind a connection share its capacity [MW]")
    def connection_capacity(year, c, way, t):
        return weighted([*together(c, way, t), (-1.0, links.capacity[c] if c in present else 0.0)]) <= 0

    both = [c for c in connections.one_way if members["import"][c] and members["export"][c]]

    @rows(year, both, snapshots, doc="imports and exports of an hour share the connection [1, MW]")
    def connection_one_way(year, c, t):
        """Of a type: imports + exports ≤ capacity (MW); else their shares of the limits ≤ 1 (1, c, t)."""
        if c in connections.sized:
            own = [*together(c, "import", t), *together(c, "export", t)]
            return weighted([*own, (-1.0, links.capacity[c] if c in present else 0.0)]) <= 0
        shares = [(1.0 / limit, way) for limit, way in zip(connections.one_way[c], limits, strict=True) if limit > 0]
        return weighted((share, v) for share, way in shares for _, v in together(c, way, t)) <= 1


def import_bound(inputs: Inputs, b: str) -> float:
    """An import (MW) that no sensible plan exceeds, of a supply or of all behind a connection: its limit, else a multiple of all
    that can pull power.

    What pulls is demand at its peak, what may be exported or stored as CO2, and process CO2 that may be captured.
    """
    demands, supplies, connections = inputs.demands, inputs.supplies, inputs.connections
    pulls = [max(demands.energy[u, y] for y in inputs.years) * demands.shape[u].max() for u in demands.demands]
    pulls += [supplies.export_max[e] for e in supplies.exporters]
    pulls += [max(inputs.captures.process_co2.values(), default=0.0)]
    payer = supplies.payer[b]
    own = sum(min(supplies.import_max.get(s, math.inf), inputs.contracts.most.get(s, math.inf)) for s in supplies.billed[b])
    shared = [connections.import_max.get(c, math.inf) for c in (payer, connections.of(payer))]
    sized = [c for c in (payer, connections.of(payer)) if c in connections.sized]
    shared += [max(inputs.capacity.max_capacity.get((c, y), math.inf) for y in inputs.years) for c in sized]
    return min(own, *shared, 20.0 * float(sum(pulls)))
