"""Zones, the links between them, and that what is needed in a zone can come there."""

from __future__ import annotations

from collections import Counter

from models.case import Chargers, Demand, EquipmentType, Link, Port, Reserve, Session, Supply, Technology, said_of_orders
from models.case.technology import Carrier
from models.inputs.demand import SessionError, Stay, over_the_end, row_names, stay_of
from models.inputs.equipment import ALL_ZONES, feeders, outages_of
from models.inputs.reserves import may_be_ordered
from models.units import UnitError, factor
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import listed
from planner.park import remarks
from planner.park.checks.keys import ZONED
from planner.park.checks.measures import reached
from planner.park.complaints import is_no, nearest
from planner.park.draft import Draft
from planner.park.rules import CO2

#: The zone of what names none.
PARK = "park"
#: A carrier in a zone, as one name.
_AT = "\0"


def check_network(draft: Draft) -> None:
    """Check the links, and that no carrier is needed where it cannot come from anywhere."""
    if not draft.raw["demand"] and not draft.raw["sessions"] and "demand" not in draft.unreadable:
        draft.complaints.warn("demand.csv", remarks.NO_DEMAND)
    _check_ends(draft)
    is_faulty = draft.faulty & {link.origin for link in draft.rows(Link)}
    if not is_faulty and all(draft.is_sure(kind) for kind in (Technology, Demand, Supply, Link, Port, EquipmentType)):
        _check_carriers(draft)


def _check_ends(draft: Draft) -> None:
    """Warn of an end of a link in which nothing is and from which no other leads on: most often a slip of the pen."""
    if draft.unreadable.intersection(ZONED):
        return
    inhabited = {row.get("zone") or PARK for table in ZONED for row in draft.raw[table]}
    ends = Counter((zone, link.carrier) for link in draft.rows(Link) for zone in (link.from_zone, link.to_zone))
    known = inhabited | {zone for zone, _ in ends}
    for link in draft.rows(Link):
        for zone in (link.from_zone, link.to_zone):
            if zone in inhabited or ends[zone, link.carrier] > 1:
                continue
            near = nearest(zone, sorted(known - {link.from_zone, link.to_zone}))
            remark, hint = (remarks.DEAD_END_NEAR, {"near": repr(near)}) if near else (remarks.DEAD_END, {})
            draft.warn(link, remark, zone=repr(zone), carrier=link.carrier, **hint)


def _check_carriers(draft: Draft) -> None:
    """Every carrier that is needed in a zone is made, bought or brought there; every CO2 captured finds a sink."""
    ways: dict[str, set[str]] = {}
    for link in draft.rows(Link):
        ends = [(link.from_zone, link.to_zone)] + ([(link.to_zone, link.from_zone)] if link.both_ways else [])
        for start, end in ends:
            ways.setdefault(link.carrier + _AT + start, set()).add(link.carrier + _AT + end)
    made, taken = _made(draft), _taken(draft)
    supplied = made.union(*(reached(place, ways) for place in made))
    users: list[Demand | Chargers] = [*(d for d in draft.rows(Demand) if d.value > 0), *draft.rows(Chargers)]
    for row in users:
        if row.carrier + _AT + row.zone not in supplied:
            words = mark("carrier {carrier}: nothing supplies it{where}; a technology, a supply or a link is needed")
            draft.fault(row, words, where=_in(row.zone))
    for technology, port in _ports(draft):
        place = port.carrier + _AT + technology.zone
        can_go = {place, *reached(place, ways)}
        where = _in(technology.zone)
        if port.direction == "in" and place not in supplied and port.carrier != CO2:
            draft.fault(
                technology,
                "technology {technology}: takes {carrier}, which nothing supplies{where}; a technology, a supply or a link is "
                "needed",
                carrier=port.carrier,
                where=where,
            )
        if port.direction == "out" and not can_go & taken:
            if port.carrier == CO2:
                draft.fault(
                    technology,
                    "technology {technology}: makes {carrier}, which nothing takes{where}; a supply of kind sink with a "
                    "max_export is needed, there or over links",
                    carrier=port.carrier,
                    where=where,
                )
            elif not technology.profile:
                remark = remarks.NOWHERE_TO_GO if technology.zone == PARK else remarks.NOWHERE_TO_GO_IN_ZONE
                draft.warn(technology, remark, carrier=port.carrier)


def _in(zone: str) -> str:
    return "" if zone == "park" else Message(" in zone {zone}", zone=repr(zone))


def _ports(draft: Draft) -> list[tuple[Technology, Port]]:
    """Technologies that can stand, other than stores, with each of their ports."""
    found = []
    for technology in draft.rows(Technology):
        kind = draft.types.get(technology.type_name)
        if kind and kind.role != "store" and draft.can_stand(technology):
            found += [(technology, port) for port in draft.ports.get(kind.type, [])]
    return found


def _made(draft: Draft) -> set[str]:
    """Where each carrier comes from; a store without an inflow only gives back what it was given."""
    made = {port.carrier + _AT + technology.zone for technology, port in _ports(draft) if port.direction == "out"}
    rows = [row for row in draft.rows(Technology) if row.inflow and draft.can_stand(row)]
    made |= {port.carrier + _AT + row.zone for row in rows for port in draft.ports.get(row.type_name, [])}
    return made | {s.carrier + _AT + s.zone for s in draft.rows(Supply) if s.can_import}


def _taken(draft: Draft) -> set[str]:
    """Where each carrier goes to."""
    taken = {port.carrier + _AT + technology.zone for technology, port in _ports(draft) if port.direction == "in"}
    taken |= {demand.carrier + _AT + demand.zone for demand in draft.rows(Demand)}
    taken |= {group.carrier + _AT + group.zone for group in draft.rows(Chargers)}
    return taken | {s.carrier + _AT + s.zone for s in draft.rows(Supply) if s.can_export}


# --- levels ----------------------------------------------------------------------------------------------------------------
# Levels of heat: no port and no demand needs more than its carrier has, and no port delivers less.

NEEDS = mark("technology {technology}: {type} needs {carrier} of {needed} °C, and {carrier} has {has} °C (carriers.csv){hint}")
DELIVERS = mark(
    "technology {technology}: {type} delivers {carrier} of {given} °C at most, and {carrier} has {has} °C (carriers.csv){hint}"
)
WOULD_DO = mark("; these types would do: {types}")
NONE_WOULD_DO = mark("; no type of the park or the catalogue would do: give this heat a carrier of its own")
TOO_COLD = mark("demand {demand}: needs {needed} °C, and {carrier} has {has} °C (carriers.csv){hint}")
TOO_WARM = mark("demand {demand}: needs {needed} °C at most, and {carrier} has {has} °C (carriers.csv){hint}")
THESE_CARRIERS = mark("; these carriers would do: {carriers}")
NO_CARRIER = mark("; no carrier would do: give it one of its own")
#: Types that are named at most.
MOST = 6


def check_levels(draft: Draft) -> None:
    """The ports of each technology, and each demand, against the temperatures of its carriers."""
    if draft.is_sure(Demand) and draft.is_sure(Carrier):
        _check_demands(draft)
    if not all(draft.is_sure(kind) for kind in (Technology, EquipmentType, Port, Carrier)):
        return
    level = {row.carrier: row.temperature for row in draft.rows(Carrier) if row.temperature is not None}
    ports: dict[str, list[Port]] = {}
    for port in (*draft.rows(Port), *draft.known_ports):
        ports.setdefault(port.type, []).append(port)
    for row in draft.rows(Technology):
        for port in ports.get(row.type_name, []):
            if port.carrier in level and not _fits(port, level):
                _complain(row, port, level, ports, draft)


def _check_demands(draft: Draft) -> None:
    """Heat that is too cold for a demand, and cold that is too warm; the first row of each demand tells of all."""
    carriers = {row.carrier: row for row in draft.rows(Carrier) if row.temperature is not None}
    for row in {d.demand: d for d in reversed(draft.rows(Demand))}.values():
        own = carriers.get(row.carrier)
        if row.temperature is None or own is None or _serves(own, row.temperature, own.cools):
            continue
        others = [name for name, c in carriers.items() if c.cools == own.cools and _serves(c, row.temperature, own.cools)]
        draft.fault(
            row,
            TOO_WARM if own.cools else TOO_COLD,
            needed=f"{row.temperature:g}",
            carrier=row.carrier,
            has=f"{own.temperature:g}",
            hint=Message(THESE_CARRIERS, carriers=listed(others[:MOST])) if others else Message(NO_CARRIER),
        )


def _serves(carrier: Carrier, needed: float, cools: bool) -> bool:
    assert carrier.temperature is not None
    return carrier.temperature <= needed if cools else carrier.temperature >= needed


def _fits(port: Port, level: dict[str, float]) -> bool:
    if port.temperature is None or port.carrier not in level:
        return True
    has = level[port.carrier]
    return port.temperature <= has if port.direction == "in" else port.temperature >= has


def _complain(row: Technology, port: Port, level: dict[str, float], ports: dict[str, list[Port]], draft: Draft) -> None:
    made = next((p.carrier for p in ports[row.type_name] if p.direction == "out"), "")
    others = [
        name
        for name, own in ports.items()
        if name != row.type_name
        and next((p.carrier for p in own if p.direction == "out"), "") == made
        and len(own) > 1
        and all(_fits(p, level) for p in own)
    ]
    hint = Message(WOULD_DO, types=listed(others[:MOST])) if others else Message(NONE_WOULD_DO)
    words, given = (NEEDS, "needed") if port.direction == "in" else (DELIVERS, "given")
    values = {"type": repr(row.type_name), "carrier": port.carrier, "hint": hint, given: f"{port.temperature:g}"}
    draft.fault(row, words, has=level[port.carrier], **values)


# --- reserves --------------------------------------------------------------------------------------------------------------
# reserves.csv: reserves of carriers and zones that the park has, and units whose size it states.

#: Of what may be ordered in any size an order would be one unit.
NO_UNIT_SIZE = mark(
    "technology {technology}: may be out where a reserve is operated and may be ordered in any size, so that an order would be one "
    "unit; write its unit_size, or max_build = 0 where it is not ordered"
)


def check_reserves(draft: Draft) -> None:
    """Every reserve is of a carrier that something gives or needs, in a zone of the park or in all of them."""
    if not all(draft.is_sure(kind) for kind in (Technology, Demand, Supply, Port, EquipmentType)):
        return
    types = {t.type_name for t in draft.rows(Technology)}
    carriers = {d.carrier for d in draft.rows(Demand)} | {s.carrier for s in draft.rows(Supply)}
    carriers |= {p.carrier for p in draft.rows(Port) if p.type in types}
    zones = {t.zone for t in draft.rows(Technology)} | {d.zone for d in draft.rows(Demand)} | {s.zone for s in draft.rows(Supply)}
    carriers |= {c.carrier for c in draft.rows(Chargers)}
    zones |= {c.zone for c in draft.rows(Chargers)}
    zones |= {zone for link in draft.rows(Link) for zone in (link.from_zone, link.to_zone)}
    for row in draft.rows(Reserve):
        if row.carrier not in carriers:
            draft.fault(row, is_no("carrier", row.carrier, "carrier of the park", carriers))
        if row.zone != ALL_ZONES and row.zone not in zones:
            draft.fault(row, is_no("zone", row.zone, "zone", zones, Message("`*` stands for all of them")))
    _check_operated(draft)


def _check_operated(draft: Draft) -> None:
    """A reserve by operation has a year in which orders can work, and units of what may be ordered."""
    rows = [r for r in draft.rows(Reserve) if r.operated]
    technologies, ports = draft.rows(Technology), draft.rows(Port)
    out = outages_of(technologies, draft.types.values(), ports, {r.carrier for r in rows})
    counted = {k for group in out.values() for k in group}
    for own in technologies:
        kind = draft.types.get(own.type_name)
        if own.technology in counted and kind and _may_be_ordered(own, draft) and not said_of_orders(own, kind, "unit_size"):
            draft.fault(own, NO_UNIT_SIZE)
    first = draft.park.first_year if draft.park else 0
    for row in rows if draft.park and draft.park.may_order(first) else []:
        fed = set(feeders(technologies, draft.types.values(), ports, {row.carrier}))
        leads = [
            draft.types[t.type_name].lead_time
            for t in technologies
            if t.technology in fed and _may_be_ordered(t, draft) and (t.first_year or first) <= first <= (t.until_year or first)
        ]
        if leads and row.year is not None and row.year < first + min(leads):
            draft.warn(row, remarks.OPERATED_EARLY, carrier=row.carrier, first=first + min(leads))


def _may_be_ordered(row: Technology, draft: Draft) -> bool:
    """True if it has a price and a limit leaves room for an order."""
    return may_be_ordered(row, any(draft.costs.get((row.type_name, parameter)) for parameter in ("capital_cost", "annuity")))


# --- vehicles --------------------------------------------------------------------------------------------------------------
# sessions.csv and chargers.csv: times that can be, energy that can be charged in them, and chargers that can draw it.

#: Rows of sessions.csv are planned one by one; more than so many take too long.
MOST_SESSIONS = 200
#: By how much energy may be above what can be charged: clock times are whole minutes.
CLEAR = 1e-9


def check_vehicles(draft: Draft) -> None:
    """Check every session by itself, then every group of chargers."""
    sessions = draft.rows(Session)
    if len(sessions) > MOST_SESSIONS:
        words = mark(
            "there are {count} rows, and {most} is the most that are planned; put sessions that are alike into one row with "
            "`number`, as `plan import sessions` does"
        )
        draft.fault(sessions[MOST_SESSIONS], words, count=len(sessions), most=MOST_SESSIONS)
        return
    groups = {c.chargers: c for c in reversed(draft.rows(Chargers))}
    for session in sessions:
        stay = _stay(session, draft)
        if stay is not None and session.chargers in groups:
            _check_energy(session, stay, groups[session.chargers], draft)
    for group in groups.values():
        _check_group(group, draft)
    _check_names(sessions, draft)


def _stay(session: Session, draft: Draft) -> Stay | None:
    try:
        stay = stay_of(session)
    except SessionError as error:
        draft.fault(session, error.args[0])
        return None
    hours = draft.profiles.hours
    if not session.day and stay.date * 24 + stay.start >= hours:
        draft.fault(session, "arrive {arrive}: is after the end of the profiles, which have {hours} hours", hours=hours)
        return None
    if 24 * stay.date >= hours:
        draft.fault(session, "day {day}: is after the end of the profiles")
        return None
    return over_the_end(stay, hours)


def _check_energy(session: Session, stay: Stay, group: Chargers, draft: Draft) -> None:
    """A vehicle gets what it needs while it is there."""
    try:
        needed = session.energy * factor(session.unit, "MWh") / group.efficiency
    except UnitError as error:
        draft.fault(session, error.args[0])
        return
    most = session.power * stay.hours
    if needed > most * (1 + CLEAR):
        draft.fault(
            session,
            "energy = {energy} {in_unit}: {needed} MWh are drawn for it at an efficiency of {efficiency}, and {power} MW for "
            "{hours} h are {most} MWh; lower it, or let it stay longer",
            in_unit=session.unit,
            needed=f"{needed:.4g}",
            efficiency=group.efficiency,
            hours=f"{stay.hours:.4g}",
            most=f"{most:.4g}",
        )


def _check_group(group: Chargers, draft: Draft) -> None:
    peak = next((c.peak for c in draft.charged if c.group == group.chargers), 0.0)
    if not group.flexible and group.max_power is not None and peak > group.max_power * (1 + CLEAR):
        words = mark("max_power = {max_power}: charged at once, the vehicles draw {peak} MW; raise it, or write flexible = 1")
        draft.fault(group, words, peak=f"{peak:.4g}")


def _check_names(sessions: list[Session], draft: Draft) -> None:
    """No row has the name of a demand, no group that of a carrier: both stand beside each other in the tables."""
    names, demands = row_names([s.chargers for s in sessions]), draft.names(Demand, "demand")
    count = Counter(names)
    for name, session in zip(names, sessions, strict=True):
        if name in demands or count[name] > 1:
            words = mark("chargers {name}: a demand or another group has that name, too; rename one of them")
            draft.fault(session, words, name=repr(name))
