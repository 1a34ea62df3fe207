"""Matching: the most of each hour's use of electricity that green power of the hour, or of a store, covers, from the flows."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import eye_array, hstack, vstack

from planner.check.contracts import is_generating
from planner.check.figures import ELECTRICITY
from planner.check.flows import Year


def matched_of(year: Year) -> dict[str, float]:
    """Electricity that is used, and what green power covers of it at most (MWh)."""
    figures, count = year.figures, year.hours.count
    use, green = np.zeros(count), np.zeros(count)
    for (flow, _, _, carrier), values in year.flows.items():
        if carrier == ELECTRICITY and flow in ("demand", "in"):
            use = use + values
    for k, kind in figures.of_role("converter").items():
        if kind.green:
            green = green + year.flow("out", k, ELECTRICITY)
    for s in figures.case.supplies:
        if is_generating(s) and s.green_share == 1 and s.carrier == ELECTRICITY:
            green = green + year.flow("import", s.supply)
    stores = [
        s for s, kind in figures.of_role("store").items()
        if any(carrier == ELECTRICITY for _, carrier in figures.ports[s]) and not (kind.seasonal and len(year.hours.of_day))
        and year.flow("charge", s).any()
    ]  # fmt: skip
    return {"hourly_use": year.hours.total(use), "matched": _most(year, use, green, stores)}


def _most(year: Year, use: np.ndarray, green: np.ndarray, stores: list[str]) -> float:
    if not stores:
        return year.hours.total(np.minimum(use, green))
    count, weight = year.hours.count, year.hours.weight
    unit = eye_array(count, format="csr")
    shifted = unit[year.hours.before]
    # What is not matched is to be least: x = use - matched, then the green parts of each store.
    balance, chains, limits, free = [-unit], [], [use], 3 * count
    for s in stores:
        kind = year.figures.types[year.figures.technologies[s].type_name]
        chain = hstack([
            -kind.charge_efficiency * unit, unit * (1 / kind.discharge_efficiency), unit - (1 - kind.standing_loss) * shifted,
        ])
        chains.append(chain)
        balance += [unit, -unit, 0 * unit]
        limits += [np.maximum(year.flow(flow, s), 0.0) for flow in ("charge", "discharge", "held")]
    rows = []
    for i, chain in enumerate(chains):
        blank = eye_array(count, free, format="csr") * 0
        rows.append(hstack([0 * unit, *[blank] * i, chain, *[blank] * (len(stores) - 1 - i)]))
    cost = np.concatenate([weight, np.zeros(free * len(stores))])
    upper = np.concatenate(limits)
    found = linprog(
        cost, A_ub=hstack(balance), b_ub=green - use, A_eq=vstack(rows), b_eq=np.zeros(count * len(stores)),
        bounds=np.column_stack([np.zeros(len(upper)), upper]),
    )  # fmt: skip
    return year.hours.total(use) - float(found.fun) if found.status == 0 else float("nan")
