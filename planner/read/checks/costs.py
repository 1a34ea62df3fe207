"""Cost tables: a type in them that nothing of the park is of is most often a slip of the pen."""

from __future__ import annotations

from models.case import Cost, Link, Technology
from planner.read import remarks
from planner.read.complaints import nearest
from planner.read.draft import Draft
from planner.read.folder import used_types


def check_costs(draft: Draft) -> None:
    """Warn of each type in a cost table that no technology or link is of, once a file."""
    if not draft.knows_names(Technology) or not draft.knows_names(Link):
        return
    used = used_types(draft)
    said = set()
    for cost in draft.rows(Cost):
        assert cost.origin is not None, "the reader gives every row its origin"
        place = cost.origin.file, cost.type
        if cost.type in used or place in said:
            continue
        said.add(place)
        near = nearest(cost.type, used)
        if near is None:
            draft.warn(cost.origin, remarks.UNUSED_COSTS, type=repr(cost.type))
        else:
            draft.warn(cost.origin, remarks.UNUSED_COSTS_NEAR, type=repr(cost.type), near=repr(near))
