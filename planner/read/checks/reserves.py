"""reserves.csv: reserves of carriers and zones that the park has."""

from __future__ import annotations

from models.case import Demand, EquipmentType, Port, Reserve, Supply, Technology
from models.inputs.firm import ALL_ZONES
from planner.language.message import Message
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
    for row in draft.rows(Reserve):
        if row.carrier not in carriers:
            draft.fault(row.origin, is_no("carrier", row.carrier, "carrier of the park", carriers))
        if row.zone != ALL_ZONES and row.zone not in zones:
            draft.fault(row.origin, is_no("zone", row.zone, "zone", zones, Message("`*` stands for all of them")))
