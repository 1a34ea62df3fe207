"""`plan check`: what can be counted on against the highest hour of a carrier. Heat: 1 MW, in one hour of the day 2 MW."""

import math

import pytest
from parks import Draft

from planner.answer.check import FAR, MUCH, NOTHING, TOO_LITTLE, peaks


def heated(existing: float, **boiler) -> Draft:
    park = Draft(2026, 2027, hours=24)
    park.demand("warmth", "heat", mwh=365 * 25.0, profile=park.profile("shape", [2.0] + [1.0] * 23))
    park.supply("gas", "gas", price=0.0)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0},
        **{"capital_cost": 1.0, "existing": existing, "max_capacity": 9.0} | boiler)
    return park


@pytest.mark.parametrize(("existing", "most", "odd"),
    [(2.0, 9.0, ""), (1.9, 9.0, TOO_LITTLE), (6.1, 9.0, MUCH), (2.0, 1.5, NOTHING), (2.0, 41.0, FAR), (2.0, None, "")])
def test_what_is_odd_is_marked(existing, most, odd):
    (row,) = peaks(heated(existing, max_capacity=most).case())
    assert (row.carrier, row.imports, row.odd) == ("heat", 0.0, odd)
    assert (row.first, row.last, row.firm) == pytest.approx((2.0, 2.0, existing))
    assert row.offered == (math.inf if most is None else most)


def test_imports_and_what_a_profile_gives():
    """0.5 MW come from outside for sure; a collector of 9 MW gives by its profile, nothing for sure."""
    park = heated(1.5)
    park.supply("main", "heat", price=1.0, max_import=0.5)
    park.converter("collector", {"heat": 1.0}, existing=9.0, profile=park.profile("sun", [1.0] * 24))
    (row,) = peaks(park.case())
    assert (row.firm, row.imports, row.odd) == (1.5, 0.5, "")
