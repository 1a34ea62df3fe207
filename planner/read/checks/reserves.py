"""reserves.csv: reserves of carriers and zones that the park has, and units whose size it states."""

from __future__ import annotations

from models.case import Demand, EquipmentType, Link, Port, Reserve, Supply, Technology
from models.inputs.firm import ALL_ZONES
from planner.language.message import Message
from planner.read import remarks
from planner.read.complaints import is_no
from planner.read.draft import Draft


def check_reserves(draft: Draft) -> None:
    """Every reserve is of a carrier that something gives or needs, in a zone of the park or in all of them."""
    if not all(draft.is_sure(kind) for kind in (Technology, Demand, Supply, Port, EquipmentType)):
        return
    types = {t.type_name for t in draft.rows(Technology)}
    carriers = {d.carrier for d in draft.rows(Demand)} | {s.carrier for s in draft.rows(Supply)}
    carriers |= {p.carrier for p in draft.rows(Port) if p.type in types}
    zones = {t.zone for t in draft.rows(Technology)} | {d.zone for d in draft.rows(Demand)} | {s.zone for s in draft.rows(Supply)}
    zones |= {zone for link in draft.rows(Link) for zone in (link.from_zone, link.to_zone)}
    for row in draft.rows(Reserve):
        if row.carrier not in carriers:
            draft.fault(row.origin, is_no("carrier", row.carrier, "carrier of the park", carriers))
        if row.zone != ALL_ZONES and row.zone not in zones:
            draft.fault(row.origin, is_no("zone", row.zone, "zone", zones, Message("`*` stands for all of them")))
    for carrier in sorted({r.carrier for r in draft.rows(Reserve) if r.largest_out}):
        _check_units(carrier, draft)


def _check_units(carrier: str, draft: Draft) -> None:
    """The size of the units that stand is the park's own, where the largest of them may be out."""
    makes = {p.type for p in draft.rows(Port) if p.carrier == carrier and p.direction == "out"}
    for row in draft.rows(Technology):
        kind = draft.types.get(row.type_name)
        if row.existing > 0 and row.type_name in makes and row.existing_unit is None and kind and kind.existing_unit > 0:
            unit = f"{min(kind.existing_unit, row.existing):g}"
            draft.warn(row.origin, remarks.UNIT_OF_TYPE, technology=repr(row.technology), carrier=carrier, unit=unit)
