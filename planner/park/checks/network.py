"""What flows: that what is needed in a zone can come there at its temperature, reserves by operation, and vehicles that can be
charged while they are there."""

from __future__ import annotations

from collections import Counter

from models.case import Chargers, Demand, EquipmentType, Link, Port, Reserve, Session, Supply, Technology, said_of_orders
from models.case.technology import Carrier
from models.inputs.demand import SessionError, over_the_end, row_names, stay_of
from models.inputs.equipment import feeders, outages_of
from models.inputs.reserves import may_be_ordered
from models.units import UnitError, factor
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import listed
from planner.park import remarks
from planner.park.checks.measures import reached
from planner.park.complaints import nearest
from planner.park.draft import Draft, grouped
from planner.park.rules import CO2, ZONED

#: The zone of what names none.
PARK = "park"
#: A carrier in a zone, as one name.
_AT = "\0"


def check_network(draft: Draft) -> None:
    """Check the links, and that no carrier is needed where it cannot come from anywhere."""
    if not draft.raw["demand"] and not draft.raw["sessions"] and "demand" not in draft.unreadable:
        draft.complaints.warn("demand.csv", remarks.NO_DEMAND)
    if not draft.unreadable.intersection(ZONED):
        _check_ends(draft)
    is_faulty = draft.faulty & {link.origin for link in draft.rows(Link)}
    if not is_faulty and all(draft.is_sure(kind) for kind in (Technology, Demand, Supply, Link, Port, EquipmentType)):
        _check_carriers(draft)


def _check_ends(draft: Draft) -> None:
    """Warn of an end of a link in which nothing is and from which no other leads on: most often a slip of the pen."""
    inhabited = {row.get("zone") or PARK for table in ZONED for row in draft.raw[table]}
    ends = Counter((zone, link.carrier) for link in draft.rows(Link) for zone in (link.from_zone, link.to_zone))
    known = inhabited | {zone for zone, _ in ends}
    for link in draft.rows(Link):
        for zone in (link.from_zone, link.to_zone):
            if zone not in inhabited and ends[zone, link.carrier] == 1:
                near = nearest(zone, sorted(known - {link.from_zone, link.to_zone}))
                remark, hint = (remarks.DEAD_END_NEAR, {"near": repr(near)}) if near else (remarks.DEAD_END, {})
                draft.warn(link, remark, zone=repr(zone), carrier=link.carrier, **hint)


def _check_carriers(draft: Draft) -> None:
    """Every carrier that is needed in a zone is made, bought or brought there; every CO2 captured finds a sink."""
    links = draft.rows(Link)
    ends = [(link.carrier, link.from_zone, link.to_zone) for link in links]
    ends += [(link.carrier, link.to_zone, link.from_zone) for link in links if link.both_ways]
    ways = grouped((carrier + _AT + start, carrier + _AT + end) for carrier, start, end in ends)
    standing = [row for row in draft.rows(Technology) if draft.can_stand(row)]
    ports = [(row, p) for row in standing if draft.role(row) not in ("", "store") for p in draft.ports.get(row.type_name, [])]
    # a store without an inflow only gives back what it was given
    inflows = [(row, p) for row in standing if row.inflow for p in draft.ports.get(row.type_name, [])]
    made = {p.carrier + _AT + row.zone for row, p in (*(own for own in ports if own[1].direction == "out"), *inflows)}
    made |= {s.carrier + _AT + s.zone for s in draft.rows(Supply) if s.can_import}
    users: list[Demand | Chargers] = [*draft.rows(Demand), *draft.rows(Chargers)]
    taken = {p.carrier + _AT + row.zone for row, p in ports if p.direction == "in"} | {u.carrier + _AT + u.zone for u in users}
    taken |= {s.carrier + _AT + s.zone for s in draft.rows(Supply) if s.can_export}
    supplied = made.union(*(reached(place, ways) for place in made))
    for user in users:
        if user.carrier + _AT + user.zone not in supplied and (isinstance(user, Chargers) or user.value > 0):
            words = mark("carrier {carrier}: nothing supplies it{where}; a technology, a supply or a link is needed")
            draft.fault(user, words, where=_in(user.zone))
    for row, port in ports:
        place, told = port.carrier + _AT + row.zone, {"carrier": port.carrier, "where": _in(row.zone)}
        if port.direction == "in":
            if place not in supplied and port.carrier != CO2:
                draft.fault(
                    row,
                    "technology {technology}: takes {carrier}, which nothing supplies{where}; a technology, a supply or a link is "
                    "needed",
                    **told,
                )
        elif not {place, *reached(place, ways)} & taken:
            if port.carrier == CO2:
                draft.fault(
                    row,
                    "technology {technology}: makes {carrier}, which nothing takes{where}; a supply of kind sink with a "
                    "max_export is needed, there or over links",
                    **told,
                )
            elif not row.profile:
                remark = remarks.NOWHERE_TO_GO if row.zone == PARK else remarks.NOWHERE_TO_GO_IN_ZONE
                draft.warn(row, remark, carrier=port.carrier)


def _in(zone: str) -> str:
    return "" if zone == PARK else Message(" in zone {zone}", zone=repr(zone))


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
#: Names that are told at most.
MOST = 6


def check_levels(draft: Draft) -> None:
    """The ports of each technology, and each demand, against the temperatures of its carriers."""
    levels = {row.carrier: row for row in draft.rows(Carrier) if row.temperature is not None}
    level = {name: row.temperature for name, row in levels.items() if row.temperature is not None}

    def serves(carrier: Carrier, needed: float) -> bool:
        return level[carrier.carrier] <= needed if carrier.cools else level[carrier.carrier] >= needed

    def fits(port: Port) -> bool:
        has, own = level.get(port.carrier), port.temperature
        return has is None or own is None or (own <= has if port.direction == "in" else own >= has)

    if draft.is_sure(Demand) and draft.is_sure(Carrier):
        for row in {d.demand: d for d in reversed(draft.rows(Demand))}.values():  # the first row of each demand tells of all
            own = levels.get(row.carrier)
            if own is None or row.temperature is None or serves(own, row.temperature):
                continue
            others = [name for name, c in levels.items() if c.cools == own.cools and serves(c, row.temperature)]
            hint = Message(THESE_CARRIERS, carriers=listed(others[:MOST])) if others else Message(NO_CARRIER)
            words, values = TOO_WARM if own.cools else TOO_COLD, {"needed": row.temperature, "has": level[row.carrier]}
            draft.fault(row, words, carrier=row.carrier, hint=hint, **values)
    if not all(draft.is_sure(kind) for kind in (Technology, EquipmentType, Port, Carrier)):
        return
    ports = grouped((port.type, port) for port in (*draft.rows(Port), *draft.known_ports))
    made = {name: next((p.carrier for p in own if p.direction == "out"), "") for name, own in ports.items()}
    for technology in draft.rows(Technology):
        for port in ports.get(technology.type_name, []):
            if fits(port) or port.temperature is None:
                continue
            alike = [n for n, own in ports.items() if n != port.type and made[n] == made[port.type] and len(own) > 1]
            others = [name for name in alike if all(fits(p) for p in ports[name])]
            hint = Message(WOULD_DO, types=listed(others[:MOST])) if others else Message(NONE_WOULD_DO)
            words, given = (NEEDS, "needed") if port.direction == "in" else (DELIVERS, "given")
            values = {given: port.temperature, "has": level[port.carrier]}
            draft.fault(technology, words, type=repr(port.type), carrier=port.carrier, hint=hint, **values)


# --- reserves --------------------------------------------------------------------------------------------------------------

#: Of what may be ordered in any size an order would be one unit.
NO_UNIT_SIZE = mark(
    "technology {technology}: may be out where a reserve is operated and may be ordered in any size, so that an order would be one "
    "unit; write its unit_size, or max_build = 0 where it is not ordered"
)


def check_reserves(draft: Draft) -> None:
    """A reserve by operation has a year in which orders can work, and units of what may be ordered."""
    rows = [r for r in draft.rows(Reserve) if r.operated]
    if draft.park is None or not rows or not all(draft.is_sure(kind) for kind in (Technology, Demand, Supply, Port, EquipmentType)):
        return
    technologies, ports, types = draft.rows(Technology), draft.rows(Port), draft.types
    ordered = {
        row.technology: types[row.type_name]
        for row in technologies
        if row.type_name in types
        and may_be_ordered(row, any(draft.costs.get((row.type_name, parameter)) for parameter in ("capital_cost", "annuity")))
    }
    out = outages_of(technologies, types.values(), ports, {r.carrier for r in rows})
    counted = {k for group in out.values() for k in group}
    for own in technologies:
        if own.technology in counted & ordered.keys() and not said_of_orders(own, ordered[own.technology], "unit_size"):
            draft.fault(own, NO_UNIT_SIZE)
    first = draft.park.first_year
    for row in rows if draft.park.may_order(first) else []:
        fed = ordered.keys() & set(feeders(technologies, types.values(), ports, {row.carrier}))
        at_first = [t for t in technologies if t.technology in fed and (t.first_year or first) <= first <= (t.until_year or first)]
        works = first + min((ordered[t.technology].lead_time for t in at_first), default=0)
        if at_first and row.year is not None and row.year < works:
            draft.warn(row, remarks.OPERATED_EARLY, carrier=row.carrier, first=works)


# --- vehicles --------------------------------------------------------------------------------------------------------------

#: Rows of sessions.csv are planned one by one; more than so many take too long.
MOST_SESSIONS = 200
#: By how much energy may be above what can be charged: clock times are whole minutes.
CLEAR = 1e-9


def check_vehicles(draft: Draft) -> None:
    """Every session is in time and gets its energy while it is there; chargers can draw what is charged at once."""
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
        _check_session(session, groups.get(session.chargers), draft)
    for group in groups.values():
        peak = next((c.peak for c in draft.charged if c.group == group.chargers), 0.0)
        if not group.flexible and group.max_power is not None and peak > group.max_power * (1 + CLEAR):
            words = mark("max_power = {max_power}: charged at once, the vehicles draw {peak} MW; raise it, or write flexible = 1")
            draft.fault(group, words, peak=f"{peak:.4g}")
    # no row has the name of a demand, no group that of a carrier: both stand beside each other in the tables
    names, demands = row_names([s.chargers for s in sessions]), draft.names(Demand, "demand")
    count = Counter(names)
    for name, session in zip(names, sessions, strict=True):
        if name in demands or count[name] > 1:
            words = mark("chargers {name}: a demand or another group has that name, too; rename one of them")
            draft.fault(session, words, name=repr(name))


def _check_session(session: Session, group: Chargers | None, draft: Draft) -> None:
    hours = draft.profiles.hours
    try:
        stay = stay_of(session)
        needed = session.energy * factor(session.unit, "MWh") / (group.efficiency if group else 1.0)
    except (SessionError, UnitError) as error:
        draft.fault(session, error.args[0])
        return
    if not session.day and stay.date * 24 + stay.start >= hours:
        draft.fault(session, "arrive {arrive}: is after the end of the profiles, which have {hours} hours", hours=hours)
        return
    if 24 * stay.date >= hours:
        draft.fault(session, "day {day}: is after the end of the profiles")
        return
    stay = over_the_end(stay, hours)
    most = session.power * stay.hours
    if group is not None and needed > most * (1 + CLEAR):
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
