"""Early retirement: what is offered when, of which orders, and in what pieces.

Value beyond the horizon: what is lost of it with each unit that is retired early.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
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
    whole_units    assets whose signed orders are retired in whole units           set of k
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
    Where orders are retired in any part, and retirement costs nothing, it is never better to retire what
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


#: Parts of an order: what the plan decides, and what was signed before.
DECIDED, SIGNED = "decided", "signed"
#: An asset, the year of an order, and DECIDED or SIGNED.
Part = tuple[str, int, str]


def paid_for_units(
    capital_cost: Mapping[tuple[str, int], float],
    own_share: Mapping[tuple[str, int], float],
    committed_cost: Mapping[tuple[str, int], float],
    committed: Mapping[tuple[str, int], float],
) -> dict[Part, float]:
    """What is paid for a unit of each part of an order, grants taken off (money/capacity); arguments as in `Capacity`."""
    paid = {(k, v, DECIDED): own_share[k, v] * price for (k, v), price in capital_cost.items()}
    return paid | {(k, v, SIGNED): committed_cost[k, v] / size for (k, v), size in committed.items() if size}


def values_beyond(
    paid: Mapping[Part, float],
    share: Mapping[tuple[str, int], float],
    lasts: Mapping[tuple[str, int], tuple[int, int]],
    retirements: Iterable[tuple[str, int, int]],
    last: int,
) -> dict[Part, float]:
    r"""Value beyond the horizon of a unit, :math:`(1 - \varphi) \max(\kappa, 0)`, of each part of an order that may be retired and
    else works to the last year.

    paid   κ, for a unit, grants taken off   money/capacity     share  φ, that the horizon bears; absent = all of it   1 (k,v)
    lasts  first and last year in which an order works          retirements  what may be retired when, as `offered` says it
    """
    told = {(k, cohort) for k, cohort, _ in retirements}
    found: dict[Part, float] = {}
    for (k, v, part), price in paid.items():
        first, until = lasts[k, v]
        if first < last <= until and ((k, ANY) in told or (k, v) in told):
            found[k, v, part] = (1 - share.get((k, v), 1.0)) * max(price, 0.0)
    return found


def given_up(values: Mapping[Part, float]) -> dict[Part, float]:
    """Parts of orders to keep count of, with the value of each (`values_beyond`, money/capacity): parts without a value are counted
    beside parts with one of the same order."""
    counted = {part[:2] for part, value in values.items() if value > 0}
    return {part: value for part, value in values.items() if part[:2] in counted}
