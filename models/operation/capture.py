"""Capture: CO2 taken out of flue gas, out of process gas, or out of the air.

All that is captured leaves through the co2 balance and is stored; leaks of transport and storage are not modelled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import weighted
from models.operation.links import Links


def add_capture(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""CO2 captured of each source, within the plant's capacity and the source's flow.

    .. math::
        \sum_q c_{k,q,t} \le C_k \qquad \sum_k c_{k,q,t} / \rho_{k,q} \le F_{q,t} \qquad
        \Gamma_{k,q} = \sum_t w_t c_{k,q,t}

    for k in CAPTURE PLANTS, q in SOURCES, t in SNAPSHOTS. The flow F of a technology is its activity times the CO2 of
    its fuel in that hour, that of a process is even over the year, the air has no limit.

    c  captured         t/h (k,q,t)     C  capacity, a link   t/h (k)       F  flow of CO2   t/h (q,t)
    Γ  captured_total   t   (k,q)       ρ  rate               1   (k,q)
    """
    captures, snapshots = inputs.captures, list(inputs.calendar.snapshots)
    weight = inputs.calendar.weight.tolist()
    pairs = present_pairs(inputs, y)
    plants = list(dict.fromkeys(k for k, _ in pairs))
    bounded = list(dict.fromkeys(q for _, q in pairs if (q, y) in captures.fuel_co2 or (q, y) in captures.process_co2))
    co2 = {q: np.broadcast_to(captures.co2(q, y), len(snapshots)).tolist() for q in bounded if (q, y) in captures.fuel_co2}
    of_plant = {k: [q for p, q in pairs if p == k] for k in plants}

    year.captured = variables(pairs, snapshots, within=NonNegativeReals, doc="CO2 captured of a source [t/h]")
    year.captured_total = variables(pairs, within=NonNegativeReals, doc="CO2 captured of a source in the year [t]")

    @rows(year, plants, snapshots, doc="no more is captured than the plant can take [t/h]")
    def capture_limit(year, k, t):
        return weighted((1.0, year.captured[k, q, t]) for q in of_plant[k]) <= links.capacity[k]

    @rows(year, bounded, snapshots, doc="no more is captured than the source gives off [t/h]")
    def source_limit(year, q, t):
        """What is captured over the capture rate ≤ CO2 of the process, or of the fuels burnt (t/h, source, t)."""
        taken = [(1 / captures.rate[k, p], year.captured[k, p, t]) for k, p in pairs if p == q]
        if (q, y) in captures.process_co2:
            return weighted(taken) <= (links.process[q] if q in links.process else captures.process_co2[q, y])
        burnt = [(-co2[q][t] * a, v) for a, v in activity_terms(year, inputs, y, q, t)]
        return weighted(taken + burnt) <= 0

    @rows(year, pairs, doc="CO2 captured in the year [t]")
    def capture_total(year, k, q):
        hourly = [(weight[t], year.captured[k, q, t]) for t in snapshots]
        return weighted([*hourly, (-1.0, year.captured_total[k, q])]) == 0


def present_pairs(inputs: Inputs, y: int) -> list[tuple[str, str]]:
    """Plants and sources that can both be there in the year."""
    captures, present = inputs.captures, set(inputs.capacity.present[y])
    return [(k, q) for k, q in captures.pairs if k in present and (q in present or (q, y) not in captures.fuel_co2)]


def activity_terms(year: Block, inputs: Inputs, y: int, k: str, t: int) -> list[tuple[float, Any]]:
    """The activity of a converter or a capture plant in an hour, as terms of a sum."""
    if k in inputs.conversion.zone:
        return [(1.0, year.activity[k, t])] if (k, t) in year.activity else []
    return [(1.0, year.captured[p, q, t]) for p, q in present_pairs(inputs, y) if p == k]
