"""reserves.csv: reserves of carriers and zones that the park has, and units whose size it states."""

from __future__ import annotations

from models.case import Chargers, Demand, EquipmentType, Link, Port, Reserve, Supply, Technology, said_of_orders
from models.inputs.firm import ALL_ZONES, feeders, outages_of
from models.inputs.outages import may_be_ordered
from planner.language.language import mark
from planner.language.message import Message
from planner.park import remarks
from planner.park.complaints import is_no
from planner.park.draft import Draft

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
            draft.fault(row.origin, is_no("carrier", row.carrier, "carrier of the park", carriers))
        if row.zone != ALL_ZONES and row.zone not in zones:
            draft.fault(row.origin, is_no("zone", row.zone, "zone", zones, Message("`*` stands for all of them")))
    for carrier in sorted({r.carrier for r in draft.rows(Reserve) if r.largest_out}):
        _check_units(carrier, draft)
    _check_operated(draft)


def _check_operated(draft: Draft) -> None:
    """A reserve by operation has the largest unit out, a year in which orders can work, and units of what may be ordered."""
    rows = [r for r in draft.rows(Reserve) if r.operated]
    technologies, ports = draft.rows(Technology), draft.rows(Port)
    for row in rows:
        if not row.largest_out:
            draft.fault(row.origin, "operated = 1: needs largest_out = 1, since it is operated with a unit out")
    out = outages_of(technologies, draft.types.values(), ports, {r.carrier for r in rows})
    counted = {k for group in out.values() for k in group}
    for own in technologies:
        kind = draft.types.get(own.type_name)
        if own.technology in counted and kind and _may_be_ordered(own, draft) and not said_of_orders(own, kind, "unit_size"):
            draft.fault(own.origin, NO_UNIT_SIZE, technology=repr(own.technology))
    first = draft.park.first_year if draft.park else 0
    for row in rows if draft.park and draft.park.may_order(first) else []:
        fed = set(feeders(technologies, draft.types.values(), ports, {row.carrier}))
        leads = [
            draft.types[t.type_name].lead_time
            for t in technologies
            if t.technology in fed and _may_be_ordered(t, draft) and (t.first_year or first) <= first <= (t.until_year or first)
        ]
        if leads and row.year is not None and row.year < first + min(leads):
            draft.warn(row.origin, remarks.OPERATED_EARLY, carrier=row.carrier, year=row.year, first=first + min(leads))


def _may_be_ordered(row: Technology, draft: Draft) -> bool:
    """True if it has a price and a limit leaves room for an order."""
    return may_be_ordered(row, any(draft.costs.get((row.type_name, parameter)) for parameter in ("capital_cost", "annuity")))


def _check_units(carrier: str, draft: Draft) -> None:
    """The size of the units that stand is the park's own, where the largest of them may be out."""
    makes = {p.type for p in draft.rows(Port) if p.carrier == carrier and p.direction == "out"}
    for row in draft.rows(Technology):
        kind = draft.types.get(row.type_name)
        if row.existing > 0 and row.type_name in makes and row.existing_unit is None and kind and kind.existing_unit > 0:
            unit = f"{min(kind.existing_unit, row.existing):g}"
            draft.warn(row.origin, remarks.UNIT_OF_TYPE, technology=repr(row.technology), carrier=carrier, unit=unit)
