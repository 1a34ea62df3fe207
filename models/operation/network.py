"""Networks: power that flows through a link between two zones, less its loss.

Flows are transport only: voltage, pressure and temperature are not modelled, nor is the time that heat takes.
"""

from __future__ import annotations

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.operation.links import Links


def add_network(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""The flow sent along each arc.

    .. math::
        0 \le f_{a,t} \le C_{l(a)}

    for a in ARCS, t in SNAPSHOTS; the one capacity holds for each direction.

    f  flow   MW (a,t)     C  capacity, a link   MW (l)
    """
    arcs, snapshots = present_arcs(inputs, y), list(inputs.calendar.snapshots)

    year.flow = variables(arcs, snapshots, within=NonNegativeReals, doc="power sent along an arc [MW]")

    @rows(year, arcs, snapshots, doc="no more is sent than the link can carry [MW]")
    def flow_limit(year, name, zone, t):
        return year.flow[name, zone, t] <= links.capacity[name]


def present_arcs(inputs: Inputs, y: int) -> list[tuple[str, str]]:
    """Arcs of links that can have capacity in the year."""
    present = set(inputs.capacity.present[y])
    return [a for a in inputs.network.arcs if a[0] in present]
