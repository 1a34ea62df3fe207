"""Full-load hours of a technology: of a plant that has any, the least below the most, and within what its profile allows."""

from __future__ import annotations

from models.case import Technology
from models.inputs.vehicles import CHARGER
from planner.read.draft import Draft

#: Hours of a year.
YEAR = 8760


def check_full_load(draft: Draft) -> None:
    """Check min_hours and max_hours of each technology."""
    for row in draft.rows(Technology):
        kind = draft.types.get(row.type_name)
        if kind is not None and (row.min_hours or row.max_hours is not None):
            if kind.role == "capture" and row.min_hours:
                draft.fault(row.origin, "min_hours: is of converters only, since a capture plant needs what its sources give off")
            if kind.role in ("store", CHARGER):
                draft.fault(row.origin, "min_hours, max_hours: are of converters and capture plants only; leave them blank")
            committed = kind.ramp is not None or kind.commitment or (kind.type, "start_cost") in draft.costs
            always_on = kind.role == "converter" and not row.profile and not committed
            _check_range(row, kind.min_load if always_on else 0.0, YEAR if row.profile else (1 - kind.outage) * YEAR, draft)


def _check_range(row: Technology, min_load: float, can_run: float, draft: Draft) -> None:
    least, most = row.min_hours or 0.0, YEAR if row.max_hours is None else row.max_hours
    if least > most:
        draft.fault(row.origin, "min_hours = {least}: is above max_hours {most}", least=f"{least:g}", most=f"{most:g}")
    elif min_load * YEAR > most:
        draft.fault(
            row.origin,
            "max_hours = {most}: min_load {load} alone takes {hours} h; lower it, or write commitment = 1",
            most=f"{most:g}",
            load=f"{min_load:g}",
            hours=f"{min_load * YEAR:g}",
        )
    if least > can_run * (1 + 1e-9):
        draft.fault(row.origin, "min_hours = {least}: outage leaves {can} h; lower it", least=f"{least:g}", can=f"{can_run:,.0f}")
    for column in draft.columns_of(row.profile) if row.profile else ():
        can = draft.profiles.mean(column) * YEAR
        if least > can * (1 + 1e-9) and column in draft.profiles.series:
            draft.fault(
                row.origin,
                "min_hours = {least}: profile {column} gives {can} full-load hours; lower it",
                least=f"{least:g}",
                column=repr(column),
                can=f"{can:,.0f}",
            )
            return
