"""Orders and retirements in pieces: the optimum of small random parks is that of all that can be tried one by one.

One technology and a grid. What stood comes in units and a rest, some of it must be kept, and it falls as the park says. Orders are
of one size: in units, or one whole order a year. Every choice is tried by following the rules as they are told, without equations.
"""

import itertools
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from parks import Draft
from slowly import first

from models.case import Committed, Limit, Reserve
from planner.planning.run import Options, plan_park

YEARS = range(2026, 2030)
PRICE = 8760 * 100.0


@dataclass(frozen=True)
class Small:
    """A park drawn at random."""

    demand: tuple[float, ...]
    existing: tuple[float, ...]
    unit: float
    keep: float
    size: float
    in_units: bool
    life: int
    lead: int
    spacing: int
    signed: tuple[int, float, float] | None
    capital: tuple[float, ...]
    fixed: float
    gone: float
    most: float
    rises: float = 0.0
    annuity: float | None = None

    def fixed_of(self, v: int) -> float:
        """Fixed cost of the year of an order, where each keeps its own: it rises or falls every year."""
        return self.fixed * (1 + self.rises * (v - YEARS[0]))

    def draft(self) -> Draft:
        park = Draft(YEARS[0], YEARS[-1])
        park.demand(mwh={y: d * 8760 for y, d in zip(YEARS, self.demand, strict=True)})
        park.supply()
        sizes = {"unit_size": self.size} if self.in_units else {"min_build": self.size, "max_build": self.size}
        fixed = {y: self.fixed_of(y) for y in (YEARS[0] - 1, *YEARS)}
        own = {"fixed_cost": fixed, "basis": "order"} if self.rises else {"fixed_cost": self.fixed}
        capital = {"capital_cost": dict(zip(YEARS, self.capital, strict=True))}
        own |= capital if self.annuity is None else {"annuity": self.annuity}
        park.converter("plant", existing=self.existing[0], existing_unit=self.unit, keep=self.keep, lifetime=self.life,
            lead_time=self.lead, **own, retirement_cost=self.gone, partial_retirement=0, order_spacing=self.spacing,
            max_capacity=self.most, **sizes)
        for y, before, after in zip(YEARS[1:], self.existing, self.existing[1:], strict=False):
            if after < before:
                park.add(Limit(technology="plant", year=y, item="existing", value=after))
        if self.signed:
            paid = None if self.annuity is not None else self.signed[2]
            park.add(Committed(technology="plant", year=self.signed[0], build=self.signed[1], capital_cost=paid))
        return park


def drawn(seed: int) -> Small:
    dice = np.random.default_rng(seed)
    unit, whole = 0.5, int(dice.integers(0, 3))
    existing = [whole * unit + (0.25 if dice.random() < 0.5 else 0.0)]
    for _ in YEARS[1:]:
        falls = unit if dice.random() < 0.3 and existing[-1] >= unit else 0.0
        existing.append(existing[-1] - falls)
    in_units = bool(dice.random() < 0.6)
    if in_units:  # all comes in steps of half a MW: so does what is best retired of an order, in whatever part
        unit, existing = 2 * unit, [2 * size for size in existing]
    signed = (int(dice.integers(2025, 2028)), float(dice.choice([0.5, 1.0 if in_units else 0.75]))) if dice.random() < 0.4 else None
    return Small(demand=tuple(round(2 * float(d)) / 2 if in_units else float(d) for d in _demand(dice)), existing=tuple(existing),
        unit=unit, keep=min(existing[0], float(dice.choice([0.0, 0.0, 0.5]))), size=0.5, in_units=in_units,
        life=int(dice.integers(2, 5)), lead=int(dice.integers(0, 2)), spacing=int(dice.choice([0, 2])),
        signed=signed and (*signed, float(dice.choice([0.0, 4e5]))), capital=_prices(dice), fixed=float(dice.uniform(0, 5e5)),
        gone=float(dice.choice([0.0, dice.uniform(0, 3e5)])), most=float(dice.choice([1.5, 2.0])) + (signed[1] if signed else 0.0))


def _demand(dice: np.random.Generator) -> np.ndarray:
    return dice.uniform(0, 1.6, len(YEARS)) * (dice.random(len(YEARS)) < 0.8)


def _prices(dice: np.random.Generator) -> tuple[float, ...]:
    """A price that stays, or halves from year to year: an early order then has more value beyond the horizon than a late one."""
    first, falls = float(dice.uniform(1e5, 1.5e6)), bool(dice.random() < 0.4)
    return tuple(first * (0.3**i if falls else 1.0) for i in range(len(YEARS)))


def least(small: Small) -> float:
    """The cost of the cheapest of all plans."""
    found = np.inf
    is_alike = small.annuity is None and len(set(small.capital)) == 1
    most = 2 if is_alike else 4  # units of one order that can pay
    for counts in itertools.product(range(most + 1 if small.in_units else 2), repeat=len(YEARS)):
        if cost := _cost_of_orders(small, counts):
            found = min(found, cost)
    return found


def _cost_of_orders(small: Small, counts: tuple[int, ...]) -> float | None:
    """The orders with the best retirements; None where they may not be made."""
    ordered = {v: n * small.size for v, n in zip(YEARS, counts, strict=True) if n}
    signed = [small.signed[0]] if small.signed else []
    for v in ordered:
        if v + small.lead > YEARS[-1] or any(abs(v - w) < small.spacing for w in [*(o for o in ordered if o != v), *signed]):
            return None
    capital = sum(_price(small, v) * size * _share(small, v) for v, size in ordered.items())
    if small.signed:
        capital += _price_of_signed(small) * small.signed[1] * _share(small, small.signed[0])
    cohorts = dict(ordered)
    if small.signed:
        if small.signed[0] in cohorts and not small.in_units:
            return None
        cohorts[small.signed[0]] = cohorts.get(small.signed[0], 0.0) + small.signed[1]
    return _with(small, ordered, cohorts, capital)


def _price(small: Small, v: int) -> float:
    return small.capital[v - YEARS[0]] if small.annuity is None else 0.0


def _price_of_signed(small: Small) -> float:
    assert small.signed
    return small.signed[2] if small.signed[0] in YEARS and small.annuity is None else 0.0


def _share(small: Small, v: int) -> float:
    """Share of the life of an order that lies within the horizon."""
    return min(small.life, YEARS[-1] - v - small.lead + 1) / small.life


def _lost(small: Small, ordered: dict[int, float], v: int, left: float, after: float) -> float:
    """Value beyond the horizon of what is retired of an order, of which `left` is left before and `after` after it: of what was
    signed and what was decided of the same year the cheaper first."""
    parts = [(_price(small, v), ordered[v])] if v in ordered else []
    if small.signed and small.signed[0] == v:
        parts.append((_price_of_signed(small), small.signed[1]))
    gone, stays, lost = sum(size for _, size in parts) - left, left - after, 0.0
    for price, size in sorted(parts):
        skipped = min(gone, size)
        taken = min(stays, size - skipped)
        gone, stays, lost = gone - skipped, stays - taken, lost + price * taken
    return lost * (1 - _share(small, v))


def _with(small: Small, ordered: dict[int, float], cohorts: dict[int, float], capital: float) -> float | None:
    if small.annuity is not None:
        years = ((v, y) for v in cohorts for y in YEARS if v + small.lead <= y < v + small.lead + small.life)
        capital += sum(small.annuity * cohorts[v] for v, _ in years)
    count = int(small.existing[0] / small.unit + 1e-9)
    rest = small.existing[0] - count * small.unit
    begins = {v: v + small.lead for v in cohorts}
    @cache
    def best(i: int, stood: float, units: int, rests: int, left: tuple[tuple[int, float], ...]) -> float:
        """Cost from year i on: what stands of what stood, units and rests of it not yet retired, what is left of orders."""
        if i == len(YEARS):
            return 0.0
        y, found = YEARS[i], np.inf
        here = min(stood, small.existing[i])
        alive = [(v, size) for v, size in left if begins[v] <= y < begins[v] + small.life and size > 0]
        old = [(v, size) for v, size in alive if begins[v] < y]
        for n, m in itertools.product(range(units + 1), range(rests + 1)):
            gone = n * small.unit + m * rest
            stands = here - gone
            if stands < min(small.keep, small.existing[i]) - 1e-9 or stands < -1e-9:
                continue
            for after in _retired(small, old):
                retired = gone + sum(size for _, size in old) - sum(size for _, size in after)
                kept = dict(left) | {v: 0.0 for v, _ in old} | dict(after)
                capacity = stands + sum(kept[v] for v, _ in alive)
                if capacity > small.most + 1e-9:
                    continue
                fixed = small.fixed_of(YEARS[0]) * stands + sum(small.fixed_of(v) * kept[v] for v, _ in alive)
                paid = fixed + PRICE * max(0.0, small.demand[i] - capacity) + small.gone * retired
                paid += sum(_lost(small, ordered, v, size, dict(after).get(v, 0.0)) for v, size in old)
                later = best(i + 1, round(stands, 9), units - n, rests - m, tuple(sorted(kept.items())))
                found = min(found, paid + later)
        return found
    cost = capital + best(0, small.existing[0], count, int(rest > 0), tuple(sorted(cohorts.items())))
    return cost if np.isfinite(cost) else None


def _retired(small: Small, old: list[tuple[int, float]]):
    """What may be left of the orders that worked before: whole orders; of orders in units any part, in steps of `size`."""
    if not small.in_units:
        for kept in itertools.product([True, False], repeat=len(old)):
            yield tuple(order for order, stays in zip(old, kept, strict=True) if stays)
        return
    steps = [np.arange(0.0, size + 1e-9, small.size).tolist() for _, size in old]
    for left in itertools.product(*steps):
        yield tuple((v, size) for (v, _), size in zip(old, left, strict=True))


def by_order(seed: int) -> Small:
    """The park of a seed with a fixed cost that each order keeps for all its life, or an annuity, or both."""
    dice = np.random.default_rng([seed, 2])
    yearly = float(dice.uniform(5e4, 4e5)) if dice.random() < 0.5 else None
    rises = float(dice.uniform(-0.3, 0.8)) if yearly is None or dice.random() < 0.5 else 0.0
    return replace(drawn(seed), rises=rises, annuity=yearly, fixed=float(dice.uniform(5e4, 5e5)))


@cache
def optimum(seed):
    """Of both methods the same is asked."""
    return least(drawn(seed))


@cache
def optimum_by_order(seed):
    return least(by_order(seed))


@pytest.mark.parametrize("method", ["whole", "decomposed"])
@pytest.mark.parametrize("seed", first(3, range(8)))
def test_the_same_where_each_order_is_paid_for_by_itself(seed, method):
    plan = plan_park(by_order(seed).draft().case(), Options(gap=1e-9, method=method, compare=False)).target
    assert plan.status == "optimal" and plan.system_cost == pytest.approx(optimum_by_order(seed), rel=1e-7, abs=1.0)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
@pytest.mark.parametrize("seed", first(3, range(8)))
def test_the_optimum_is_that_of_all_that_can_be_tried(seed, method):
    plan = plan_park(drawn(seed).draft().case(), Options(gap=1e-9, method=method, compare=False)).target
    assert plan.status == "optimal" and plan.system_cost == pytest.approx(optimum(seed), rel=1e-7, abs=1.0)


@pytest.mark.parametrize("seed", first(2, range(8)))
def test_both_methods_agree_where_a_reserve_is_held_too(seed):
    """The parks above, with 1 MW of imports; firm capacity beside them is to meet the highest demand, the largest unit out."""
    small = drawn(seed)
    found = []
    for method in ("whole", "decomposed"):
        park = small.draft()
        park.rows["supplies"] = [s.model_copy(update={"max_import": 0.6}) for s in park.rows["supplies"]]
        park.supply("dear", price=1000.0, carrier="electricity")
        park.rows["supplies"][-1] = park.rows["supplies"][-1].model_copy(update={"max_import": 0.4, "kind": "fuel", "scope": 1})
        park.add(Reserve(carrier="electricity", largest_out=seed % 2, margin=0.1 * (seed % 3)))
        plan = plan_park(park.case(), Options(gap=1e-9, method=method, compare=False)).target
        found.append((plan.status, plan.system_cost))
    (status, cost), (other, same) = found
    assert status == other and status in ("optimal", "infeasible")
    assert cost is None or cost == pytest.approx(same, rel=1e-7, abs=1.0)
