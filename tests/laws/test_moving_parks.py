"""Laws of demand that moves or is shed, on random small parks."""

from itertools import pairwise

import pytest
from moving_parks import moving_park
from random_parks import GAP, cost_of, plan_of
from slowly import first

PARKS, FREER = 5, 2
LOOSE = 1e-3


@pytest.mark.parametrize("seed", first(2, range(PARKS)))
def test_decomposed_is_whole_within_the_gaps_where_demand_moves(seed: int) -> None:
    case = moving_park(seed).case()
    whole, other = plan_of(case), plan_of(case, LOOSE, "decomposed")
    assert other.bound <= whole.system_cost * (1 + 1e-7) and other.system_cost >= whole.bound * (1 - 1e-7)
    assert other.system_cost <= whole.system_cost * (1 + LOOSE + GAP)


@pytest.mark.parametrize("seed", first(1, range(FREER)))
def test_more_freedom_never_costs_more(seed: int) -> None:
    """None of it, what the park has, longer, more of it, and at no cost; of what is shed its hours may be more."""
    park = moving_park(seed)
    rows = park.rows["demand"]
    def with_rows(*, share: float = 1.0, longer: int = 0, cost: float = 1.0, hours: float = 1.0) -> float:
        park.rows["demand"] = [
            row.model_copy(
                update={"shift_share": share * row.shift_share, "shed_share": min(share, 1.0) * row.shed_share,
                    "shift_hours": row.shift_hours and row.shift_hours + longer, "shift_cost": cost * row.shift_cost,
                    "shed_hours": row.shed_hours and row.shed_hours * hours}
            )
            for row in rows
        ]
        return cost_of(park.case())
    costs = [with_rows(share=0.0), with_rows(), with_rows(longer=1), with_rows(longer=1, cost=0.0, hours=2.0)]
    assert all(later <= sooner * (1 + 3 * GAP) for sooner, later in pairwise(costs)), costs
    for row in rows:
        assert row.shift_share + row.shed_share <= 1
    if all(row.shift_power is None for row in rows):
        assert with_rows(share=1.1, longer=1) <= costs[2] * (1 + 3 * GAP)
