"""Zones, the links between them, and that what is needed in a zone can come there."""

from __future__ import annotations

from collections import Counter

from models.case import Chargers, Demand, EquipmentType, Link, Port, Supply, Technology
from planner.language.message import Message
from planner.park import remarks
from planner.park.checks.captures import CO2
from planner.park.checks.equipment import check_existing, check_keep
from planner.park.checks.keys import ZONED
from planner.park.checks.measures import reached
from planner.park.complaints import nearest
from planner.park.draft import Draft

#: The zone of what names none.
PARK = "park"
#: A carrier in a zone, as one name.
_AT = "\0"


def check_network(draft: Draft) -> None:
    """Check the links, and that no carrier is needed where it cannot come from anywhere."""
    if not draft.raw["demand"] and not draft.raw["sessions"] and "demand" not in draft.unreadable:
        draft.complaints.warn("demand.csv", remarks.NO_DEMAND)
    before = len(draft.complaints)
    for link in draft.rows(Link):
        _check_link(link, draft)
    _check_ends(draft)
    if len(draft.complaints) == before and all(
        draft.is_sure(kind) for kind in (Technology, Demand, Supply, Link, Port, EquipmentType)
    ):
        _check_carriers(draft)


def _check_link(link: Link, draft: Draft) -> None:
    if not any(row.get("zone") for table in ZONED for row in draft.raw[table]):
        if not draft.unreadable.intersection(ZONED):
            draft.fault(
                link.origin, "link {link}: the park has no zones; a link needs a column zone in the tables", link=repr(link.link)
            )
    elif link.from_zone == link.to_zone:
        draft.fault(link.origin, "to {zone}: is where the link starts; name another zone", zone=repr(link.to_zone))
    if link.link in draft.names(Technology, "technology"):
        draft.fault(link.origin, "link {link}: is the name of a technology too; rename one of them", link=repr(link.link))
    check_existing(link, draft)
    check_keep(link, draft)
    if link.length is None:
        for parameter in ("capital_cost", "fixed_cost", "variable_cost", "retirement_cost", "annuity"):
            per_km = [cost for cost in draft.costs.get((link.type_name, parameter), []) if "km" in cost.unit]
            if per_km:
                draft.fault(
                    link.origin,
                    "length: is blank; the {parameter} of {type} is per km ({unit})",
                    parameter=parameter,
                    type=repr(link.type_name),
                    unit=per_km[0].unit,
                )


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
            values = {"zone": repr(zone), "carrier": link.carrier, "link": repr(link.link)}
            if near is None:
                draft.warn(link.origin, remarks.DEAD_END, **values)
            else:
                draft.warn(link.origin, remarks.DEAD_END_NEAR, **values, near=repr(near))


def _check_carriers(draft: Draft) -> None:
    """Every carrier that is needed in a zone is made, bought or brought there; every CO2 captured finds a sink."""
    ways: dict[str, set[str]] = {}
    for link in draft.rows(Link):
        ends = [(link.from_zone, link.to_zone)] + ([(link.to_zone, link.from_zone)] if link.both_ways else [])
        for start, end in ends:
            ways.setdefault(link.carrier + _AT + start, set()).add(link.carrier + _AT + end)
    made, taken = _made(draft), _taken(draft)
    supplied = made.union(*(reached(place, ways) for place in made))
    for demand in draft.rows(Demand):
        if demand.value > 0 and demand.carrier + _AT + demand.zone not in supplied:
            draft.fault(
                demand.origin,
                "carrier {carrier}: nothing supplies it{where}; a technology, a supply or a link is needed",
                carrier=repr(demand.carrier),
                where=_in(demand.zone),
            )
    for group in draft.rows(Chargers):
        if group.carrier + _AT + group.zone not in supplied:
            draft.fault(
                group.origin,
                "carrier {carrier}: nothing supplies it{where}; a technology, a supply or a link is needed",
                carrier=repr(group.carrier),
                where=_in(group.zone),
            )
    for technology, port in _ports(draft):
        place = port.carrier + _AT + technology.zone
        can_go = {place, *reached(place, ways)}
        if port.direction == "in" and place not in supplied and port.carrier != CO2:
            draft.fault(
                technology.origin,
                "technology {technology}: takes {carrier}, which nothing supplies{where}; a technology, a supply or a link is "
                "needed",
                technology=repr(technology.technology),
                carrier=port.carrier,
                where=_in(technology.zone),
            )
        if port.direction == "out" and not can_go & taken:
            if port.carrier == CO2:
                draft.fault(
                    technology.origin,
                    "technology {technology}: makes {carrier}, which nothing takes{where}; a supply of kind sink with a "
                    "max_export is needed, there or over links",
                    technology=repr(technology.technology),
                    carrier=port.carrier,
                    where=_in(technology.zone),
                )
            elif not technology.profile:
                only = technology.zone == "park"
                draft.warn(
                    technology.origin,
                    remarks.NOWHERE_TO_GO if only else remarks.NOWHERE_TO_GO_IN_ZONE,
                    technology=repr(technology.technology),
                    carrier=port.carrier,
                    zone=repr(technology.zone),
                )


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
