"""The methods against each other and against plain enumeration, on random small parks."""

from itertools import product

import pytest
from random_parks import FIRST, GAP, cost_of, plan_of, random_park
from slowly import first

from models.case import Case

PARKS = 20
ENUMERATED = 4
LOOSE = 1e-3


@pytest.mark.parametrize("fives", first(1, range(PARKS // 5)))
def test_decomposed_is_whole_within_the_gaps(fives: int) -> None:
    for seed in range(5 * fives, 5 * fives + 5):
        case = random_park(seed).case()
        whole, other = plan_of(case), plan_of(case, LOOSE, "decomposed")
        assert other.gap <= LOOSE
        assert other.bound <= whole.system_cost * (1 + 1e-7), seed
        assert other.system_cost >= whole.bound * (1 - 1e-7), seed
        assert other.system_cost <= whole.system_cost * (1 + LOOSE + GAP), seed


def annuity(rate: float, payments: int) -> float:
    return sum((1 + rate) ** -i for i in range(payments))


def borne(case: Case, v: int, lifetime: int) -> float:
    """Discounted share of a capital cost of year v that the horizon bears."""
    rate = case.park.discount_rate
    share = annuity(rate, min(lifetime, case.park.last_year - v + 1)) / annuity(rate, lifetime)
    return share * (1 + rate) ** -(v - case.park.first_year)


def by_hand(case: Case, starts: dict[str, int | None]) -> tuple[Case, float]:
    """The case with measures done by hand from the years given: what is left to be used, and what they cost."""
    years = range(case.park.first_year, case.park.last_year + 1)
    cost, left = 0.0, {(d.demand, y): 1.0 for d in case.demand for y in years}
    for m in case.measures:
        v = starts[m.measure]
        if v is None:
            continue
        cost += m.capital_cost * borne(case, v, m.lifetime)
        for y in (y for y in years if v <= y < v + m.lifetime):
            cost += m.fixed_cost * (1 + case.park.discount_rate) ** -(y - case.park.first_year)
            for s in (s for s in case.savings if s.measure == m.measure):
                left[s.demand, y] *= 1 - s.saving
    demand = tuple(d.model_copy(update={"year": y, "value": left[d.demand, y] * d.value}) for d in case.demand for y in years)
    return case.model_copy(update={"measures": (), "savings": (), "demand": demand}), cost


@pytest.mark.parametrize("seed", first(2, range(ENUMERATED)))
def test_whole_is_the_best_of_all_that_can_be_enumerated(seed: int) -> None:
    """Two years, measures that outlive them, a heat pump with a cost per order: every yes and no tried by itself."""
    park = random_park(seed)
    park.park = park.park.model_copy(update={"last_year": FIRST + 1})
    case = park.case()
    case = case.model_copy(update={
        "goal": case.goal.model_copy(update={"by": FIRST + 1}),
        "demand": tuple(d.model_copy(update={"year": None}) for d in {d.demand: d for d in case.demand}.values()),
        "measures": tuple(m.model_copy(update={"lifetime": 5, "capital_cost": 0.2 * m.capital_cost}) for m in case.measures),
        "technologies": tuple(t.model_copy(update={"min_build": 0.0, "unit_size": None}) for t in case.technologies),
    })
    pump = [t for t in case.technologies if t.technology == "heat-pump"]
    fee = next((c.value for c in case.costs if (c.type, c.parameter) == ("heat-pump", "project_cost")), 0.0)
    free = case.model_copy(update={"costs": tuple(c for c in case.costs if c.parameter != "project_cost")})
    costs = []
    for starts in product([None, FIRST, FIRST + 1], repeat=len(case.measures)):
        done, paid = by_hand(free, dict(zip([m.measure for m in case.measures], starts, strict=True)))
        for orders in product([False, True], repeat=2 if pump else 0):
            window = [FIRST + i for i, yes in enumerate(orders) if yes]
            limits = {"first_year": min(window), "until_year": max(window)} if window else {"max_build": 0.0}
            tried = done.model_copy(
                update={"technologies": tuple(t.model_copy(update=limits) if t in pump else t for t in done.technologies)})
            fees = sum(fee * borne(case, v, 20) for v in window)
            costs.append(cost_of(tried) + paid + fees)
    assert (len(costs) > 1 or not (case.measures or pump)) and cost_of(case) == pytest.approx(min(costs), rel=2 * GAP)
