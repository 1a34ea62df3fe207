"""limits.csv: limits by year are of a technology or link, contradict neither each other nor what stands, which only falls."""

from __future__ import annotations

from models.case import Limit, Link, Technology, said_of_orders
from models.inputs.limits import limit_of
from planner.read.draft import Draft, name_of

#: Tables of what may be limited by year and signed, and the columns of their names.
ORDERED = ((Technology, "technology"), (Link, "link"))


def check_limits(draft: Draft) -> None:
    """Check the rows of limits.csv."""
    assets: list[Technology | Link] = [*draft.rows(Technology), *draft.rows(Link)]
    rows = {name_of(row): row for row in assets}
    named: dict[str, list[Limit]] = {}
    for limit in draft.rows(Limit):
        if draft.refer(limit.origin, ("technology", limit.technology), "technology or link", *ORDERED):
            named.setdefault(limit.technology, []).append(limit)
    for name, limits in named.items():
        if name in rows and draft.is_sure(Limit, name):
            _check_falls(rows[name], limits, draft)
            _check_least(rows[name], limits, draft)


def _check_falls(row: Technology | Link, limits: list[Limit], draft: Draft) -> None:
    """What stands may only fall, by whole units where it stands in units."""
    kind = draft.types.get(row.type_name)
    unit = said_of_orders(row, kind, "existing_unit") if kind or row.existing_unit is not None else 0.0
    before = row.existing
    for limit in sorted((x for x in limits if x.item == "existing"), key=lambda x: x.year or 0):
        fallen = before - limit.value
        if fallen < 0:
            draft.fault(
                limit.origin,
                "value = {value}: is above the {before} that stood before; existing may only fall",
                value=f"{limit.value:g}",
                before=f"{before:g}",
            )
        elif unit and limit.value > 0 and abs(fallen / unit - round(fallen / unit)) > 1e-6:
            draft.fault(
                limit.origin,
                "value = {value}: is {fallen} below {before}, no whole number of units of {unit} (existing_unit)",
                value=f"{limit.value:g}",
                fallen=f"{fallen:g}",
                before=f"{before:g}",
                unit=f"{unit:g}",
            )
        before = limit.value


def _check_least(row: Technology | Link, limits: list[Limit], draft: Draft) -> None:
    """No more must stand than may."""
    if draft.park is None:
        return
    years = range(draft.park.first_year, draft.park.last_year + 1)
    most = limit_of(limits, "max_capacity", row.max_capacity, years)
    for y, least in limit_of(limits, "min_capacity", None, years).items():
        if least > most.get(y, least) * (1 + 1e-9):
            own = next(x for x in reversed(limits) if x.item == "min_capacity")
            draft.fault(
                own.origin,
                "min_capacity: is {least} in {y}, above max_capacity {most}; lower it or raise that",
                least=f"{least:g}",
                y=y,
                most=f"{most[y]:g}",
            )
            return
