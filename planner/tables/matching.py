"""Green power in the hour of its use, of a dispatch as it stands: the most of each hour's use that it covers.

The optimum may cover less where more is of no use; what is reported is the most (see `add_matching` of models/operation).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from models.inputs import Inputs
from models.operation.capture import present_pairs
from models.operation.matching import ELECTRICITY, green_contracts, green_stores
from models.operation.network import present_arcs
from models.operation.solved import SolvedYear
from models.operation.storage import present_stores
from planner.tables.flows import DispatchFlow, hourly
from planner.tables.tenants import tenants_of

#: Stands for the zone of what is told of all zones together.
ALL_ZONES = "*"
#: What a store does of which a part may be green.
PARTS = ("charge", "discharge", "held")


def matched_flows(year: SolvedYear, inputs: Inputs, y: int) -> list[DispatchFlow]:
    """The most electricity that green power covers in each hour, and the green part of stores; none where neither a rule nor a
    tenant asks for it."""
    if not inputs.carbon.matches_hours and not tenants_of(inputs):
        return []
    matched, parts = most_matched(year, inputs, y)
    zone = inputs.storage.zone
    found = [DispatchFlow("matched", ELECTRICITY, ALL_ZONES, ELECTRICITY, 0, matched)]
    return found + [DispatchFlow(f"green_{part}", s, zone[s], ELECTRICITY, 0, values) for (s, part), values in parts.items()]


def most_matched(year: SolvedYear, inputs: Inputs, y: int) -> tuple[np.ndarray, dict[tuple[str, str], np.ndarray]]:
    """The most that green power covers of the use of each hour (MW), and of each store the green part of what it does."""
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
    stores = [s for s in green_stores(inputs, y) if hourly(year.charge, (s,), snapshots).any()]
    if not stores:
        return np.minimum(np.maximum(use, 0.0), made), {}
    return _with_stores(year, inputs, np.maximum(use, 0.0), made, stores)


def _with_stores(
    year: SolvedYear, inputs: Inputs, use: np.ndarray, made: np.ndarray, stores: list[str]
) -> tuple[np.ndarray, dict[tuple[str, str], np.ndarray]]:
    """The linear programme of the green parts of the stores: matched, then charge, discharge and held of each."""
    count, weight, storage = len(use), inputs.calendar.weight, inputs.storage
    one, before = (
        sparse.identity(count, format="csr"),
        sparse.csr_matrix((np.ones(count), (np.arange(count), inputs.calendar.before)), shape=(count, count)),
    )
    zero, most, kept, steps = sparse.csr_matrix((count, count)), [use], [one], []
    for i, s in enumerate(stores):
        most += [hourly(getattr(year, family), (s,), list(range(count))) for family in PARTS]
        kept += [one, -one, zero]
        left = one - (1 - storage.standing_loss[s]) * before
        own = [-storage.charge_efficiency[s] * one, one / storage.discharge_efficiency[s], left]
        steps.append([zero, *[zero] * 3 * i, *own, *[zero] * 3 * (len(stores) - 1 - i)])
    from scipy.optimize import linprog  # here, since few parks match hours

    found = linprog(
        -np.concatenate([weight, np.zeros(3 * len(stores) * count)]),
        A_ub=sparse.hstack(kept),
        b_ub=made,
        A_eq=sparse.bmat(steps),
        b_eq=np.zeros(len(stores) * count),
        bounds=np.stack([np.zeros(len(most) * count), np.maximum(np.concatenate(most), 0.0)], axis=1),
    )
    assert found.status == 0, found.message
    series = found.x.reshape(-1, count)
    names = [(s, part) for s in stores for part in PARTS]
    return series[0], dict(zip(names, series[1:], strict=True))
