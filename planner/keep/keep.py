"""A park in which what was built before a year stands as it was built, and nothing else is ordered in those years."""

from __future__ import annotations

import hashlib

from models.case import Case, Committed, Kept, Limit
from models.inputs.assets import assets_of
from planner.keep.built import Built


def kept_case(case: Case, built: Built, year: int) -> Case:
    """The case from a year on.

    Orders of the years before are signed orders, measures and planting are kept, what was retired of what stood is gone, and
    budgets of those years do not hold: their money is spent. Signed orders of the park of those years are left out, since `built`
    has all.
    """
    first, last = case.park.first_year, case.park.last_year
    orders = tuple(y for y in range(first, last + 1) if y >= year and case.park.may_order(y))
    signed = [c for c in case.committed if not first <= c.year < year]
    signed += [
        Committed(technology=name, year=v, build=size).model_copy(update={"capital_cost": paid})  # it may have earned
        for (name, v), (size, paid) in built.orders.items()
    ]
    planting = tuple((name, v, area) for (name, v), area in sorted(built.planting.items()))
    park = case.park.model_copy(update={"orders": case.park.orders.model_copy(update={"years": orders or (last + 1,)})})
    text = f"{case.digest} kept to {year}: {signed} {sorted(built.measures)} {planting} {sorted(built.retired.items())}"
    return case.model_copy(
        update={
            "park": park,
            "committed": tuple(signed),
            "kept": Kept(measures=tuple(sorted(built.measures)), planting=planting),
            "budget": tuple(b for b in case.budget if b.year >= year),
            "limits": (*case.limits, *_gone(case, built)),
            "digest": hashlib.sha256(text.encode()).hexdigest(),
        }
    )


def _gone(case: Case, built: Built) -> list[Limit]:
    """What stands of what stood, from each retirement on; of what limits.csv says it of, nothing."""
    stated = {row.technology for row in case.limits if row.item == "existing"}
    found = []
    for asset in assets_of(case):
        left = asset.row.existing
        for (name, v), size in sorted(built.retired.items(), key=lambda item: item[0][1]):
            if name == asset.name and name not in stated:
                left = max(0.0, left - size)
                found.append(Limit(technology=name, year=v, item="existing", value=left))
    return found
