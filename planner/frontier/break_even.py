r"""The capital cost at which a project would come in, or the price at which something would be bought: the break-even.

A plan that has the project, whose other cost is R and whose capital in the objective is K at today's capital cost, costs R + f K
with f times it; so does one that buys what it pays K for at today's price. At the break-even of this plan it costs what the plan
without the project does:

.. math::
    f = (C - R) / K

The plans are found one after the other, each at one per cent above the break-even of the one before (Dinkelbach's method), until
none there gains: so the answer is confirmed by a plan on either side, to one per cent. The first is made at one per cent below an
estimate, where there is one; and where nothing comes in there, next to free.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from planner.language.language import mark

#: Share of its capital cost at which a project is next to free; and the share by which a break-even is confirmed.
NEARLY_FREE, WITHIN = 1e-3, 0.01
#: Plans that a break-even may take.
MOST = 12
#: Gain below this share of the system cost is noise.
NOISE = 1e-9
NOT_FREE = mark("does not come in even where it is next to free")
NOT_SURE = mark("not confirmed to one per cent: the gap of the plans is too wide")
BY_A_HAIR = mark("would come in as it is: it was left out within the gap")
UNPLANNED = mark("no plan was found with it")


class Costed(Protocol):
    """A plan, or that there is none: its cost and a bound of the least cost (money; None: not known)."""

    @property
    def cost(self) -> float | None:
        """None where there is no plan."""

    @property
    def bound(self) -> float | None:
        """None where it is not known."""

    def paid_for(self, kind: str, name: str) -> float:
        """Capital of a project that the horizon bears, or what is paid for what is bought, in the objective (money)."""


@dataclass(frozen=True)
class BreakEven:
    """factor  of the capital cost at which it comes in; None: at none. `confirmed`: to WITHIN.

    gain  by how much the system cost is lower with it as it is (money); None where it does not come in
    estimate  of the factor, by reduced costs; None: at none, or not estimated
    """

    factor: float | None
    confirmed: bool
    note: str = ""
    gain: float | None = None
    estimate: float | None = None


def break_even(
    at: Callable[[float], Costed], who: tuple[str, str], base: Costed, begin: float = NEARLY_FREE, estimate: float | None = None
) -> BreakEven:
    """The factor of its capital cost or price at which a project, (kind, name), comes in.

    `at` makes the plan at a factor. The first factor is a little below the estimate; without an estimate it is `begin`.
    """
    found = _found(at, who, base, begin, begin if estimate is None else min(max(begin, (1 - WITHIN) * estimate), 1 - WITHIN))
    return replace(found, estimate=estimate)


def _found(at: Callable[[float], Costed], who: tuple[str, str], base: Costed, begin: float, first: float) -> BreakEven:
    assert base.cost is not None
    best, capital, noise = base.cost, 0.0, NOISE * abs(base.cost)
    tried: float = max(begin, first)
    factor: float | None = None
    for _ in range(MOST):
        plan = at(tried)
        if plan.cost is None:
            return BreakEven(factor, False, UNPLANNED)
        paid = plan.paid_for(*who)
        if paid <= noise:
            best = min(best, plan.cost)
        if paid <= noise or best - plan.cost <= noise:
            if factor is None and tried > begin:  # the estimate is too high
                tried = begin
                continue
            if factor is None:
                return BreakEven(None, True, NOT_FREE)
            sure = plan.bound is not None and best - plan.bound <= WITHIN * tried * capital
            return BreakEven(factor, sure, "" if sure else NOT_SURE)
        capital = paid / tried
        factor = (best - (plan.cost - paid)) / capital
        if factor >= 1.0 > begin:
            return BreakEven(factor, False, BY_A_HAIR)
        tried = (1 + WITHIN) * factor
    return BreakEven(factor, False, NOT_SURE)
