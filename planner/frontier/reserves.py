"""The reserves of a park as limits: each one that holds, and all of them together. They have no price: a unit is out or not."""

from __future__ import annotations

import math
from collections.abc import Iterator

from models.case import Case, Reserve
from models.inputs.firm import ALL_ZONES, outages_of, producers
from models.inputs.outages import first_use
from models.inputs.reserves import firm_imports, in_force
from planner.explain.elastic import LimitAsRows
from planner.language.language import mark
from planner.tables.schema import ALL_RESERVES, OUT, RESERVES

#: Said in place of a price: of a unit that is out, of a margin.
NO_PRICE, NO_PRICE_OF_MARGIN = mark("no price: a unit is out or not"), mark("no price: a margin is asked for or not")


def reserve_limits(case: Case) -> list[LimitAsRows]:
    """Each reserve that holds in some year, by carrier and zone; where there are more than one, first all of them together.

    `year` is the first in which it holds; `now` is 1 where a unit may be out, else the highest margin (1). None has rows.
    """
    found: list[LimitAsRows] = []
    for (carrier, zone), name in _names(case).items():
        own = [row for row in case.reserves if (row.carrier, row.zone) == (carrier, zone)]
        held = [(y, row) for y in _years(case) if (row := _holds(own, case, y))]
        if held:
            found.append(_limit(name, held[0][0], [row for _, row in held]))
    if len(found) > 1:
        out = [one for one in found if one.parameter == OUT]
        first = min(one.year or 0 for one in found)
        now = max(one.now for one in out or found)
        found.insert(0, LimitAsRows(RESERVES, ALL_RESERVES, (out or found)[0].parameter, first, now, "1", 1.0, ()))
    return found


def without_reserves(case: Case, name: str) -> Case:
    """The case without a reserve, in all its years, or without all of them."""
    gone = _rows(case, name)
    return case.model_copy(update={"reserves": tuple(row for row in case.reserves if row not in gone)})


def bound_by(case: Case, name: str) -> set[str]:
    """Technologies that a reserve, or all of them, can bind: what makes its carrier in its zone and, where it is operated, what may
    be out."""
    rows = _rows(case, name)
    alike = {case.columns(y): case.in_year(y) for y in _years(case)}
    made = {k for own in alike.values() for row in rows for k in producers(own, row.carrier, row.zone)}
    out = outages_of(case.technologies, case.types, case.ports, {row.carrier for row in rows if row.operated})
    return made | {k for group in out.values() for k in group}


def note_of(limit: LimitAsRows) -> str:
    """Why it has no price."""
    return NO_PRICE if limit.parameter == OUT else NO_PRICE_OF_MARGIN


def _limit(name: str, first: int, rows: list[Reserve]) -> LimitAsRows:
    has_out = any(row.largest_out for row in rows)
    parameter, now = (OUT, 1.0) if has_out else ("margin", max(row.margin for row in rows))
    return LimitAsRows(RESERVES, name, parameter, first, now, "1", 1.0, ())


def _holds(rows: list[Reserve], case: Case, y: int) -> Reserve | None:
    """The row in force in a year, where it asks for something: not before orders can work, nor where imports have no limit."""
    row = in_force(rows, y)
    if row is None:
        return None
    if row.operated:
        return row if y >= first_use(case, row.carrier) else None
    return None if math.isinf(firm_imports(case, row.carrier, row.zone, y)[""]) else row


def _rows(case: Case, name: str) -> list[Reserve]:
    """The rows of a reserve, or of all of them."""
    names = _names(case)
    return [row for row in case.reserves if name in (ALL_RESERVES, names[row.carrier, row.zone])]


def _names(case: Case) -> dict[tuple[str, str], str]:
    """(carrier, zone) of each reserve and its name: the carrier, with the zone where that is neither `park` nor the only one."""
    places = dict.fromkeys((row.carrier, row.zone) for row in case.reserves)
    carriers = [carrier for carrier, _ in places]
    alone = {carrier for carrier in carriers if carriers.count(carrier) == 1}
    return {
        (carrier, zone): carrier if zone == "park" or (zone == ALL_ZONES and carrier in alone) else f"{carrier} ({zone})"
        for carrier, zone in places
    }


def _years(case: Case) -> Iterator[int]:
    yield from range(case.park.first_year, case.park.last_year + 1)
