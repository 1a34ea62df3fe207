"""Names within [finance]: kinds of projects, types, measures and projects of the park; and its owners."""

from __future__ import annotations

from models.case import Link, Measure, Restoration, Technology
from planner.language.message import Message
from planner.read.complaints import is_no
from planner.read.draft import Draft

#: Kinds of projects that a financial figure may be stated of.
KINDS = ("technology", "measure", "planting")
#: The owner of what nobody is named for.
PARK = "park"
_NOUN = Message("technology, measure, planting, nor a type, measure or project of the park")


def check_financing(draft: Draft) -> None:
    """Complain of each name that stands for nothing."""
    finance = draft.park.finance if draft.park else None
    if finance is None or not all(draft.knows_names(kind) for kind in (Technology, Link, Measure, Restoration)):
        return
    types = {row.get("type") or row.get(kind.key[0]) for kind in (Technology, Link) for row in draft.raw[kind.table]}
    known = {*KINDS, *types, *draft.names(Measure, "measure"), *draft.names(Restoration, "project")}
    for table, names in (("depreciation", finance.depreciation), ("grants", finance.grants)):
        for name in names:
            if name not in known:
                draft.fault("park.toml", is_no(f"[finance.{table}]", name, _NOUN, known))
    owners = {PARK, *(own for kind in (Technology, Link, Measure, Restoration) for own in draft.names(kind, "owner"))}
    for name in finance.owners:
        if name not in owners:
            draft.fault("park.toml", is_no("[finance.owners]", name, Message("owner of anything in the park"), owners))
