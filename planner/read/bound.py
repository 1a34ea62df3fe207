"""Bounds of orders that nobody stated: a yes-or-no needs one, and where the catalogue asks for it the park need not know."""

from __future__ import annotations

import math

import numpy as np

from models.case import Assumption, Cost, Demand, EquipmentType, ProcessEmission, Reserve, Supply, Technology, said_of_orders
from models.units import UnitError, yearly_factor
from planner.read.draft import Draft

#: So many times what the park uses in its highest hour can be ordered at once: more than pays.
TIMES = 4.0
#: Hours of that which a store can hold at least, where its own power fills it sooner.
HOURS = 24.0
#: CO2 of a MWh of fuel, at most (t).
CO2_OF_FUEL = 0.4
#: What assumptions.csv says of such a bound.
NOTE = (
    "bound of one order, which a yes-or-no needs and the park does not state: {times:g} times what the park needs in its highest "
    "hour; max_capacity, max_build or a site takes its place"
)


def take_bounds(draft: Draft) -> None:
    """Give a max_build to technologies without any limit whose orders need one for what the park itself does not ask for.

    That is a least size, a spacing or a project cost of the catalogue, retirement of orders in whole, or a unit that may be out.
    """
    rows = draft.rows(Technology)
    for i, row in enumerate(rows):
        kind = draft.types.get(row.type_name)
        if kind is None or draft.has_limit(row) or not draft.may_be_built(row) or not _needs_bound(row, kind, draft):
            continue
        most = _rounded(max(_most(row, kind, draft), *(10 * said_of_orders(row, kind, c) for c in ("min_build", "unit_size"))))
        rows[i] = row.model_copy(update={"max_build": most})
        unit = kind.capacity_unit or {"converter": "MW", "store": "MWh", "capture": "t/h"}[kind.role]
        draft.assumptions.append(
            Assumption(
                table="technologies", name=row.technology, parameter="max_build", value=f"{most:g}", unit=unit,
                grade="derived", note=NOTE.format(times=TIMES),
            )
        )  # fmt: skip


def _needs_bound(row: Technology, kind: EquipmentType, draft: Draft) -> bool:
    asks = [c for c, none in (("min_build", 0), ("order_spacing", 1)) if said_of_orders(row, kind, c) > none]
    is_ours = kind.origin is not None and kind.origin.catalogue
    if any(getattr(row, c) is not None or not is_ours for c in asks):
        return False  # the park itself asks: it is told to state a limit
    projects = [cost for cost in draft.costs.get((kind.type, "project_cost"), []) if cost.value > 0]
    if any(not _of_catalogue(cost) for cost in projects):
        return False
    counted = any(r.largest_out for r in draft.rows(Reserve)) and said_of_orders(row, kind, "unit_size") > 0
    return bool(asks or projects) or counted or not said_of_orders(row, kind, "partial_retirement")


def _of_catalogue(row: Cost) -> bool:
    return row.origin is not None and row.origin.catalogue


def _most(row: Technology, kind: EquipmentType, draft: Draft) -> float:
    """Capacity that serves all that is needed in the highest hour, so many times."""
    power, energy = _need(draft)
    if kind.role == "store":
        held = power * max(kind.full_power_hours, HOURS)
        return TIMES * (max(held, energy / TIMES) if kind.seasonal else held)
    if kind.role == "capture":
        process = sum(e.value * _factor(e.unit, "t") / 8760 for e in draft.rows(ProcessEmission))
        return TIMES * (process + CO2_OF_FUEL * power)
    ports = draft.ports.get(kind.type, [])
    ratio = max((p.ratio for p in ports if p.direction == "out"), default=1.0)
    shape = draft.profiles.series.get(row.profile)
    share = float(np.mean(shape)) if shape is not None and len(shape) else 1.0
    return TIMES * power / ratio / max(share, 0.01)


def _need(draft: Draft) -> tuple[float, float]:
    """Highest hour of all demands and exports together (MW), and the energy of all demands in a year (MWh)."""
    energy: dict[str, float] = {}
    peak: dict[str, float] = {}
    for row in draft.rows(Demand):
        own = row.value * _factor(row.unit, "MWh")
        shape = draft.profiles.series.get(row.profile)
        mean = float(np.mean(shape)) if shape is not None and len(shape) else 0.0
        highest = float(np.max(shape)) / mean if shape is not None and mean > 0 else 1.0
        energy[row.demand] = max(energy.get(row.demand, 0.0), own)
        peak[row.demand] = max(peak.get(row.demand, 0.0), own / 8760 * highest)
    sold = sum(s.max_export or 0.0 for s in draft.rows(Supply) if s.carrier != "co2")
    return (sum(peak.values()) + sold) or 1.0, sum(energy.values()) or 8760.0


def _factor(unit: str, to: str) -> float:
    try:
        return yearly_factor(unit, to)
    except UnitError:
        return 1.0  # complained of elsewhere


def _rounded(size: float) -> float:
    """The next number with two digits."""
    step = 10.0 ** (math.floor(math.log10(size)) - 1)
    return round(math.ceil(size / step - 1e-9) * step, 9)
