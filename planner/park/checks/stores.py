"""Stores: power that is ordered apart, levels, and what flows in of itself."""

from __future__ import annotations

from models.case import Cost, EquipmentType, Port, Technology
from planner.language.message import Message
from planner.park.complaints import is_no
from planner.park.draft import Draft
from planner.park.faults import LISTED

#: Columns of types.csv that mean something for stores alone.
OF_STORES = ("power_type", "min_level", "initial_level")
#: Columns of types.csv, and parameters of costs.csv, of what converts: power of stores does not.
OF_CONVERTERS = ("min_load", "ramp", "commitment", "outage")
#: Columns of technologies.csv of what has an activity.
OF_ACTIVE = ("profile", "min_hours", "max_hours")
OF_ACTIVITY = ("variable_cost", "start_cost")


def check_stores(draft: Draft) -> None:
    """Columns of stores, and the technologies that are their power."""
    for row in draft.rows(Technology):
        kind = draft.types.get(row.type_name)
        if kind is None:
            continue
        _check_inflow(row, kind, draft)
        if kind.power_type and kind.role == "store":
            _check_power(row, kind, draft)
        asked = [column for column in OF_ACTIVE if getattr(row, column) not in ("", None)] if kind.type in draft.power_types else []
        for column in asked:
            draft.fault(row.origin, "{column}: is of no use to the power of stores; leave it blank", column=column)
    for kind in draft.types.values():
        _check_type(kind, draft)


def _check_inflow(row: Technology, kind: EquipmentType, draft: Draft) -> None:
    if row.inflow and kind.role != "store":
        draft.fault(row.origin, "inflow = {inflow}: only stores have an inflow; leave it blank", inflow=f"{row.inflow:g}")
    if row.max_cycles is not None and kind.role != "store":
        draft.fault(row.origin, "max_cycles: only stores have cycles; leave it blank")
    if row.inflow_profile and not row.inflow:
        draft.fault(
            row.origin,
            "inflow_profile {profile}: has no inflow; say in inflow how many MWh a year flow in",
            profile=repr(row.inflow_profile),
        )


def _check_power(row: Technology, kind: EquipmentType, draft: Draft) -> None:
    """A store whose type leaves its power to another one has that in its zone."""
    known = {t.type for t in draft.types.values()} | draft.catalogue_types
    if kind.power_type not in known:
        if draft.knows_names(EquipmentType):
            draft.fault(kind.origin, is_no("power_type", kind.power_type, "type", known, Message(LISTED)))
    elif draft.is_sure(Technology) and (kind.power_type, row.zone) not in {(t.type_name, t.zone) for t in draft.rows(Technology)}:
        draft.fault(
            row.origin,
            "store {store}: its power is of type {type}, and {zone} has no technology of it; add one to technologies.csv",
            store=repr(row.technology),
            type=repr(kind.power_type),
            zone=repr(row.zone),
        )


def _check_type(kind: EquipmentType, draft: Draft) -> None:
    if kind.role != "store":
        for column in OF_STORES:
            if getattr(kind, column):
                draft.fault(
                    kind.origin,
                    "{column}: only stores have one; {type} is a {role}",
                    column=column,
                    type=repr(kind.type),
                    role=kind.role,
                )
    elif kind.initial_level is not None and kind.initial_level < kind.min_level:
        draft.fault(
            kind.origin,
            "initial_level = {level}: is below min_level {least}; raise it, or leave it blank",
            level=f"{kind.initial_level:g}",
            least=f"{kind.min_level:g}",
        )
    if kind.type not in draft.power_types:
        return
    asked = [column for column in OF_CONVERTERS if getattr(kind, column)]
    if draft.is_sure(Cost, kind.type):
        asked += [name for name in OF_ACTIVITY if any(c.value for c in draft.costs.get((kind.type, name), []))]
    asked += ["ports"] if draft.is_sure(Port, kind.type) and draft.ports.get(kind.type) else []
    for name in asked:
        draft.fault(
            kind.origin,
            "type {type}: is the power of stores, which has no {column}; leave it out",
            type=repr(kind.type),
            column=name,
        )
    if kind.role != "converter":
        draft.fault(
            kind.origin,
            "type {type}: is the power of stores, and must be a converter; it is a {role}",
            type=repr(kind.type),
            role=kind.role,
        )
