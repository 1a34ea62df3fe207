"""Offsets: credits bought for the year, and how much of the restored land's uptake is counted.

A credit is used in the year in which it is bought. Only what is counted enters the ratios.
"""

from __future__ import annotations

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.operation.links import Links


def add_offsets(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Credits within their volume; counted restoration within the uptake.

    .. math::
        0 \le o_i \le \overline{o}_i \qquad 0 \le n_p \le U_p

    for i in OFFSETS, p in RESTORATION PROJECTS.

    o  credits   t (i)     n  counted   t (p)     U  uptake, buffer held back, a link   t (p)
    """
    volume_max, projects = inputs.offsets.volume_max, inputs.restoration.projects

    year.credits = variables(
        inputs.offsets.offsets, bounds=lambda _, o: (0, volume_max.get((o, y))), doc="credits bought and used [t]"
    )
    year.counted = variables(projects, within=NonNegativeReals, doc="uptake of restored land that is counted [t]")

    @rows(year, projects, doc="no more is counted than is taken up [t]")
    def counted_limit(year, p):
        return year.counted[p] <= links.uptake[p]


def outside_projects(inputs: Inputs) -> list[str]:
    """Projects outside the park's boundary: what is counted of them is an offset."""
    return [p for p in inputs.restoration.projects if p not in inputs.restoration.inside]
