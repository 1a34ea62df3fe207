"""Green power in the hour of its use, of a dispatch as it stands: the most of each hour's use that it covers.

The optimum may cover less where more is of no use; what is reported is the most (see `add_matching` of models/operation).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from models.inputs import Inputs
from models.operation.capture import present_pairs
from models.operation.matching import ELECTRICITY, green_contracts, green_stores
from models.operation.network import present_arcs
from models.operation.storage import present_stores
from planner.output.flows import hourly


def most_matched(year: Any, inputs: Inputs, y: int) -> float:
    """The most electricity of the year that green power covers in the hour of its use (MWh)."""
    snapshots = list(inputs.calendar.snapshots)
    made, use = np.zeros(len(snapshots)), np.zeros(len(snapshots))
    for k in inputs.conversion.converters:
        if k in inputs.capacity.present[y]:
            power = inputs.conversion.net(k, ELECTRICITY, out_only=True) * hourly(year.activity, (k,), snapshots)
            use += power
            made += power if k in inputs.conversion.green else 0.0
    supplies, storage = inputs.supplies, inputs.storage
    for s in supplies.importers:
        if supplies.carrier[s] == ELECTRICITY:
            power = hourly(year.imports, (s,), snapshots)
            use += power
            made += power if s in green_contracts(inputs) else 0.0
    for s in supplies.exporters:
        use -= hourly(year.exports, (s,), snapshots) if supplies.carrier[s] == ELECTRICITY else 0.0
    for s in (s for s in present_stores(inputs, y) if storage.carrier[s] == ELECTRICITY):
        use += hourly(year.discharge, (s,), snapshots) - hourly(year.charge, (s,), snapshots)
    for a in (a for a in present_arcs(inputs, y) if inputs.network.carrier[a] == ELECTRICITY):
        use -= (1 - inputs.network.delivered[a]) * hourly(year.flow, a, snapshots)
    for k, q in present_pairs(inputs, y):
        ratio = sum(p.ratio for p in inputs.captures.ports[k] if p.carrier == ELECTRICITY and p.ratio > 0)
        use += ratio * hourly(year.captured, (k, q), snapshots) if ratio else 0.0
    weight = inputs.calendar.weight
    stores = [s for s in green_stores(inputs, y) if hourly(year.charge, (s,), snapshots).any()]
    if not stores:
        return float(weight @ np.minimum(np.maximum(use, 0.0), made))
    return _with_stores(year, inputs, np.maximum(use, 0.0), made, stores)


def _with_stores(year: Any, inputs: Inputs, use: np.ndarray, made: np.ndarray, stores: list[str]) -> float:
    """The linear programme of the green parts of the stores: matched, then charge, discharge and held of each."""
    count, weight, storage = len(use), inputs.calendar.weight, inputs.storage
    one, before = sparse.identity(count, format="csr"), sparse.csr_matrix(
        (np.ones(count), (np.arange(count), inputs.calendar.before)), shape=(count, count)
    )  # fmt: skip
    zero, most, kept, steps = sparse.csr_matrix((count, count)), [use], [one], []
    for i, s in enumerate(stores):
        most += [hourly(getattr(year, family), (s,), list(range(count))) for family in ("charge", "discharge", "held")]
        kept += [one, -one, zero]
        left = one - (1 - storage.standing_loss[s]) * before
        own = [-storage.charge_efficiency[s] * one, one / storage.discharge_efficiency[s], left]
        steps.append([zero, *[zero] * 3 * i, *own, *[zero] * 3 * (len(stores) - 1 - i)])
    found = linprog(
        -np.concatenate([weight, np.zeros(3 * len(stores) * count)]),
        A_ub=sparse.hstack(kept), b_ub=made, A_eq=sparse.bmat(steps), b_eq=np.zeros(len(stores) * count),
        bounds=np.stack([np.zeros(len(most) * count), np.maximum(np.concatenate(most), 0.0)], axis=1),
    )  # fmt: skip
    assert found.status == 0, found.message
    return -float(found.fun)
