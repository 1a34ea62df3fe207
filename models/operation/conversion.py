"""Conversion: every converter has one activity; each port carries a ratio of it, which may differ from hour to hour.

That ratio is the same at part load. Starts and ramps, where a type has them, are those of `commitment`.
"""

from __future__ import annotations

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.operation.links import Links


def add_conversion(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Activity between the minimum load and what the capacity and the weather allow.

    .. math::
        \underline{\ell}_k C_k \le a_{k,t} \le \alpha_{k,t} C_k

    for k in CONVERTERS, t in SNAPSHOTS in which k can run.

    a  activity       MW (k,t)     C  capacity, a link   MW (k)
    α  availability   1  (k,t)     ℓ  min_load           1  (k), without a profile only
    """
    conversion, snapshots = inputs.conversion, inputs.calendar.snapshots
    present = set(inputs.capacity.present[y])
    converters = [k for k in conversion.converters if k in present]
    active = [(k, t) for k in converters for t in conversion.active(k, snapshots)]
    loaded = [(k, t) for k in converters if k in conversion.min_load for t in snapshots]
    always = [1.0] * len(snapshots)
    most = {k: conversion.availability[k].tolist() if k in conversion.availability else always for k in converters}

    year.activity = variables(active, within=NonNegativeReals, doc="activity of each converter [MW]")

    @rows(year, active, doc="no more activity than capacity and weather allow [MW]")
    def activity_limit(year, k, t):
        return year.activity[k, t] <= most[k][t] * links.capacity[k]

    @rows(year, loaded, doc="no less activity than the minimum load [MW]")
    def least_activity(year, k, t):
        return year.activity[k, t] >= conversion.min_load[k] * links.capacity[k]
