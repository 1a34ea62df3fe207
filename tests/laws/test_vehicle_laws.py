"""Laws of vehicles on random small parks: both methods agree, and what may be chosen never costs more."""

import pytest
from random_parks import GAP, cost_of, plan_of
from vehicle_parks import vehicle_park

LOOSE = 1e-3


@pytest.mark.parametrize("seed", range(3))
def test_decomposed_is_whole_within_the_gaps_with_vehicles(seed: int) -> None:
    case = vehicle_park(seed).case()
    whole, other = plan_of(case), plan_of(case, LOOSE, "decomposed")
    assert other.bound <= whole.system_cost * (1 + 1e-7)
    assert whole.bound * (1 - 1e-7) <= other.system_cost <= whole.system_cost * (1 + LOOSE + GAP)


@pytest.mark.parametrize("seed", [0])
def test_less_choice_never_costs_less(seed: int) -> None:
    """At once is one way of charging; a session that ends sooner, and one that must be split, are others."""
    case = vehicle_park(seed).case()
    cost = cost_of(case)
    at_once = tuple(c.model_copy(update={"flexible": 0}) for c in case.chargers)
    assert cost <= cost_of(case.model_copy(update={"chargers": at_once})) * (1 + 2 * GAP)
    free = tuple(c.model_copy(update={"max_power": None, "flexible": 1}) for c in case.chargers)
    assert cost_of(case.model_copy(update={"chargers": free})) <= cost * (1 + 2 * GAP)
    halves = tuple(s.model_copy(update={"number": s.number / 2}) for s in case.sessions for _ in range(2))
    assert cost_of(case.model_copy(update={"sessions": halves})) == pytest.approx(cost, rel=3 * GAP)
