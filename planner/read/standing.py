"""Units of what stands that only the catalogue says: they are left out where limits.csv lets it fall by other amounts."""

from __future__ import annotations

from itertools import pairwise

from models.case import Limit, Technology
from planner.read import remarks
from planner.read.draft import Draft

#: A share of a unit that is none.
NOISE = 1e-6


def leave_out_units(draft: Draft) -> None:
    """Let any part be retired of what stands and falls by no whole number of the units of its catalogue type, and warn."""
    rows, amounts = draft.rows(Technology), _amounts(draft)
    for i, row in enumerate(rows):
        kind = draft.types.get(row.type_name)
        is_ours = kind is not None and kind.origin is not None and kind.origin.catalogue
        if kind is None or not is_ours or row.existing_unit is not None or not kind.existing_unit:
            continue
        if row.technology in amounts and not is_in_units([row.existing, *amounts[row.technology]], kind.existing_unit):
            rows[i] = row.model_copy(update={"existing_unit": 0.0})
            draft.warn(row.origin, remarks.NO_UNIT, technology=repr(row.technology), unit=f"{kind.existing_unit:g}")


def is_in_units(amounts: list[float], unit: float) -> bool:
    """True if each amount is below the one before by a whole number of units, or is 0."""
    falls = [(before - after) / unit for before, after in pairwise(amounts) if after > 0]
    return all(abs(fall - round(fall)) <= NOISE for fall in falls)


def _amounts(draft: Draft) -> dict[str, list[float]]:
    """What stands of each technology by limits.csv, the first year first."""
    found: dict[str, list[float]] = {}
    for limit in sorted(draft.rows(Limit), key=lambda limit: limit.year or 0):
        if limit.item == "existing":
            found.setdefault(limit.technology, []).append(limit.value)
    return found
