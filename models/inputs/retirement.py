"""Early retirement: what is offered when, of which orders, and in what pieces."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.case import Case, Connection, Technology
from models.inputs.assets import Asset
from models.inputs.commitment import is_committed
from models.inputs.limits import AssetLimits

#: The cohort of what stood before the horizon.
EXISTING = 0
#: Stands in a retirement for all orders of an asset that are not told apart: those retire first that end first.
ANY = -1
#: Less than this share of a unit is no rest.
NO_REST = 1e-9


@dataclass(frozen=True)
class Pieces:
    """In what pieces is retired what stood, and what was ordered.

    keep           what stood and may not be retired                               capacity (k,y); absent = 0
    existing_unit  what stood is retired in these units, and one of the rest       capacity (k); absent = any part
    whole_orders   assets whose orders are retired whole or not at all             set of k
    whole_units    assets whose orders are retired in whole units                  set of k
    """

    keep: dict[tuple[str, int], float]
    existing_unit: dict[str, float]
    whole_orders: frozenset[str]
    whole_units: frozenset[str]

    def units_of(self, k: str, existing: float) -> tuple[int, float]:
        """Units of what stood, and the rest that is no unit."""
        unit = self.existing_unit[k]
        count = math.floor(existing / unit + NO_REST)
        rest = existing - count * unit
        return count, rest if rest > NO_REST * unit else 0.0


def offered(
    retiring: list[str],
    apart: set[str],
    works: Mapping[tuple[str, int], tuple[int, ...]],
    begins: Mapping[tuple[str, int], int],
    present: Mapping[int, tuple[str, ...]],
    earning: Container[tuple[str, int]] = (),
) -> Iterator[tuple[str, int, int]]:
    """What may be retired when: (asset, cohort or ANY, year).

    retiring  assets for which it can pay     apart  those of them whose orders are told apart
    begins    the first year of each order, offered or signed, outside the horizon too
    earning   orders with a capital cost below 0, which are not retired early

    Nothing that was ordered is retired in the year in which it begins to work; what stood before may be from the first year on.
    Where orders are retired in any part or in units of one size, and retirement costs nothing, it is never better to retire what
    would work longer: so it need not be said of which order; what is given up beyond the horizon is counted apart, see
    `add_given_up`. What stood before is told apart always: it may end after what is
    ordered.
    """
    for k in retiring:
        yield from ((k, EXISTING, y) for y in works[k, EXISTING])
        orders = [v for own, v in begins if own == k]
        if k in apart:
            yield from ((k, v, y) for v in orders for y in works[k, v] if y > begins[k, v] and (k, v) not in earning)
        else:
            yield from ((k, ANY, y) for y in present if any(y in works[k, v] for v in orders))


def can_pay(asset: Asset, limits: AssetLimits, case: Case, years: Sequence[int], *, saves: bool, frees_area: bool) -> bool:
    """Retiring early is offered only where it can pay: it `saves` a fixed cost, ends a minimum load, or frees a limit, an area or
    what falls.

    Connections are not retired. What retirement costs, such as the value beyond the horizon, makes it pay nowhere else.
    """
    row = asset.row
    if isinstance(row, Connection):
        return False
    loads = (
        isinstance(row, Technology)
        and not row.profile
        and any(
            t.type == asset.type and t.role == "converter" and t.min_load > 0 and not is_committed(case, row, t) for t in case.types
        )
    )
    most = limits.max_capacity
    falls = any(most[y] < most.get(y - 1, most[y]) for y in most)
    frees = frees_area or falls or (bool(most) and any(asset.allowed(y) and limits.may_order(y) for y in years))
    return saves or loads or frees
