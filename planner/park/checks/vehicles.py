"""sessions.csv and chargers.csv: times that can be, energy that can be charged in them, and chargers that can draw it."""

from __future__ import annotations

from collections import Counter

from models.case import Chargers, Demand, EquipmentType, Session, Technology
from models.inputs.vehicles import CHARGER, SessionError, Stay, over_the_end, row_names, stay_of
from models.units import UnitError, factor
from planner.language.language import mark
from planner.park.draft import Draft

#: Rows of sessions.csv are planned one by one; more than so many take too long.
MOST_SESSIONS = 200
#: By how much energy may be above what can be charged: clock times are whole minutes.
CLEAR = 1e-9


def check_vehicles(draft: Draft) -> None:
    """Check every session by itself, then every group of chargers."""
    sessions = draft.rows(Session)
    if len(sessions) > MOST_SESSIONS:
        draft.fault(
            sessions[MOST_SESSIONS].origin,
            "there are {count} rows, and {most} is the most that are planned; put sessions that "
            "are alike into one row with `number`, as `plan import sessions` does",
            count=len(sessions),
            most=MOST_SESSIONS,
        )
        return
    groups = {c.chargers: c for c in reversed(draft.rows(Chargers))}
    for session in sessions:
        is_known = draft.refer(session.origin, ("chargers", session.chargers), "group of chargers.csv", (Chargers, "chargers"))
        stay = _stay(session, draft)
        if stay is not None and is_known and session.chargers in groups:
            _check_energy(session, stay, groups[session.chargers], draft)
    if draft.is_sure(Technology) and draft.is_sure(EquipmentType):
        _check_technologies(groups, draft)
    for group in groups.values():
        _check_group(group, draft)
    _check_names(sessions, draft)


def _stay(session: Session, draft: Draft) -> Stay | None:
    try:
        stay = stay_of(session)
    except SessionError as error:
        draft.fault(session.origin, error.args[0])
        return None
    hours = draft.profiles.hours
    if not session.day and stay.date * 24 + stay.start >= hours:
        words = mark("arrive {text}: is after the end of the profiles, which have {hours} hours")
        draft.fault(session.origin, words, text=session.arrive, hours=hours)
        return None
    if 24 * stay.date >= hours:
        draft.fault(session.origin, "day {text}: is after the end of the profiles", text=repr(session.day))
        return None
    return over_the_end(stay, hours)


def _check_energy(session: Session, stay: Stay, group: Chargers, draft: Draft) -> None:
    """A vehicle gets what it needs while it is there."""
    try:
        needed = session.energy * factor(session.unit, "MWh") / group.efficiency
    except UnitError as error:
        draft.fault(session.origin, error.args[0])
        return
    most = session.power * stay.hours
    if needed > most * (1 + CLEAR):
        draft.fault(
            session.origin,
            "energy = {energy} {unit}: {needed} MWh are drawn for it at an efficiency of {efficiency}, and {power} MW for {hours} "
            "h are {most} MWh; lower it, or let it stay longer",
            energy=f"{session.energy:g}",
            unit=session.unit,
            needed=f"{needed:.4g}",
            efficiency=f"{group.efficiency:g}",
            power=f"{session.power:g}",
            hours=f"{stay.hours:.4g}",
            most=f"{most:.4g}",
        )


def _check_group(group: Chargers, draft: Draft) -> None:
    if group.chargers not in draft.names(Session, "chargers") and draft.knows_names(Session):
        draft.fault(group.origin, "chargers {name}: have no session in sessions.csv", name=repr(group.chargers))
    peak = next((c.peak for c in draft.charged if c.group == group.chargers), 0.0)
    if not group.flexible and group.max_power is not None and peak > group.max_power * (1 + CLEAR):
        draft.fault(
            group.origin,
            "max_power = {power}: charged at once, the vehicles draw {peak} MW; raise it, or write flexible = 1",
            power=f"{group.max_power:g}",
            peak=f"{peak:.4g}",
        )


def _check_technologies(groups: dict[str, Chargers], draft: Draft) -> None:
    """A technology of chargers has the name and the zone of its group, and a group that has one states no max_power."""
    for row in draft.rows(Technology):
        kind, group = draft.types.get(row.type_name), groups.get(row.technology)
        if kind is None or (kind.role != CHARGER and group is None):
            continue
        name = repr(row.technology)
        if kind.role != CHARGER:
            words = mark("chargers {name}: are a technology of another role in technologies.csv; rename one of them")
            draft.fault(group.origin if group else None, words, name=name)
        elif group is None and draft.knows_names(Chargers) and row.technology not in draft.names(Chargers, "chargers"):
            words = mark("technology {name}: is of the role charger, and no group of chargers.csv has its name")
            draft.fault(row.origin, words, name=name)
        elif group is not None and group.zone != row.zone:
            words = mark("zone {zone}: technology {name} stands in {other}; write the same zone in both")
            draft.fault(group.origin, words, zone=repr(group.zone), name=name, other=repr(row.zone))
        elif group is not None and group.max_power is not None:
            words = mark("max_power = {power}: technology {name} limits these chargers; leave it blank, or write existing there")
            draft.fault(group.origin, words, power=f"{group.max_power:g}", name=name)
        if kind.role == CHARGER and (kind.type, "variable_cost") in draft.costs:
            words = mark("type {name}: is of the role charger, which has no variable_cost; add it to the price of what it draws")
            draft.fault(draft.costs[kind.type, "variable_cost"][0].origin, words, name=repr(kind.type))


def _check_names(sessions: list[Session], draft: Draft) -> None:
    """No row has the name of a demand, no group that of a carrier: both stand beside each other in the tables."""
    names, demands = row_names([s.chargers for s in sessions]), draft.names(Demand, "demand")
    count = Counter(names)
    for name, session in zip(names, sessions, strict=True):
        if name in demands or count[name] > 1:
            words = mark("chargers {name}: a demand or another group has that name, too; rename one of them")
            draft.fault(session.origin, words, name=repr(name))
    for group in draft.rows(Chargers):
        if group.chargers == group.carrier:
            draft.fault(group.origin, "chargers {name}: are named as what they draw; rename them", name=repr(group.chargers))
