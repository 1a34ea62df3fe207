"""Value beyond the horizon: what is lost of it with each unit that is retired early."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import pairwise

from models.inputs.retirement import ANY

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


def given_up(
    values: Mapping[Part, float], retirements: Iterable[tuple[str, int, int]], whole_units: Container[str]
) -> tuple[dict[Part, float], dict[str, tuple[int, ...]]]:
    """Parts of orders to keep count of, with the value of each; and the orders of an asset, where it must be said which go first.

    values       as `values_beyond` gives them   money/capacity
    whole_units  assets whose orders are retired in whole units, in the order in which they end

    Parts without a value are counted beside parts with one of the same order, and where it must be said which go first: those of
    the least value would, and another one ends first. Orders that are told apart are kept in order by themselves.
    """
    by_order: dict[tuple[str, int], list[float]] = {}
    for (k, v, _), value in values.items():
        by_order.setdefault((k, v), []).append(value)
    first: dict[str, tuple[int, ...]] = {}
    for k in dict.fromkeys(k for k, cohort, _ in retirements if cohort == ANY and k in whole_units):
        years = sorted(v for own, v in by_order if own == k)
        if any(max(by_order[k, u]) > min(by_order[k, v]) for u, v in pairwise(years)):
            first[k] = tuple(years)
    counted = {kv for kv, own in by_order.items() if max(own) > 0 or kv[0] in first}
    return {part: value for part, value in values.items() if part[:2] in counted}, first
