"""The plans that one run compares, and the abatement cost."""

import pytest
from parks import Draft, adopted, built, emitted

YEAR = 876_000.0


def park(last: int = 2026, **wind) -> Draft:
    """1 MW, 4380 t a year; wind at 800,000 a MW and year, cheaper than the grid."""
    found = Draft(2026, last, **({"discount_rate": wind.pop("rate")} if "rate" in wind else {}))
    found.demand()
    found.supply(factor=0.5)
    found.converter("wind", **{"capital_cost": 800_000.0, "green": 1} | wind)
    return found


def costs(found: Draft) -> dict[str, float | None]:
    return {name: plan.system_cost for name, plan in found.run().plans.items()}


def test_the_reference_builds_what_is_marked_for_it_or_exists():
    assert costs(park()) == pytest.approx({"target": 800_000, "least-cost": 800_000, "reference": YEAR, "business-as-usual": YEAR})
    assert costs(park(reference=1))["reference"] == pytest.approx(800_000)
    assert costs(park(existing=0.5))["reference"] == pytest.approx(400_000)
    assert costs(park(existing=0.5, reference=0))["reference"] == pytest.approx(YEAR / 2)
    found = park(capital_cost=1_000_000.0)
    found.rule("gross_ratio", "<=", 0.5)
    assert costs(found) == pytest.approx(
        {"target": 500_000 + YEAR / 2, "least-cost": YEAR, "reference": YEAR, "business-as-usual": YEAR})


def test_the_reference_has_no_measures_credits_certificates_or_land():
    # All of them would pay: the measure by itself, the others through a carbon price and an upkeep below nothing.
    found = Draft()
    found.demand()
    found.supply(factor=0.5, prices={"carbon": 100.0})
    found.measure("lights", {"power": 0.5})
    found.certificate(price=1.0)
    run = found.run()
    assert adopted(run.plans["least-cost"]) == [(2026, "lights")]
    assert run.plans["least-cost"].system_cost == pytest.approx(4380 * 101) and adopted(run.plans["reference"]) == []
    assert run.plans["reference"].system_cost == pytest.approx(YEAR + 4380 * 100)
    assert emitted(run.plans["reference"], "certified") == pytest.approx(0)


def test_a_reference_that_cannot_serve_is_told_and_no_cost_is_made_up():
    found = Draft()
    found.demand()
    found.supply(max_import=0.5)
    found.converter("wind", capital_cost=800_000.0)
    run = found.run()
    assert run.plans["reference"].status == "infeasible" and run.plans["target"].status == "optimal"


def test_abatement_cost_is_money_over_tonnes_both_discounted():
    found = park(capital_cost=1_000_000.0)
    found.rule("gross_ratio", "<=", 0.5)
    run = found.run()
    assert run.abatement_cost["target"].per_tonne_discounted == pytest.approx((500_000 - 438_000) / 2190)
    assert run.abatement_cost["least-cost"].per_tonne == (None, None)
    assert park().run().abatement_cost["least-cost"].per_tonne_discounted == pytest.approx((800_000 - YEAR) / 4380)
    found = park(last=2027, rate=0.1, capital_cost={2026: 900_000.0, 2027: 1_000_000.0})
    found.rule("gross_ratio", "<=", 0.0)
    extra, tonnes = 24_000 + 124_000 / 1.1, 4380 + 4380 / 1.1
    assert found.run().abatement_cost["target"].per_tonne_discounted == pytest.approx(extra / tonnes)


def test_a_goal_out_of_reach_names_what_blocks_it():
    found = park(max_capacity=0.4)
    found.rule("gross_ratio", "<=", 0.5)
    run = found.run()
    assert run.target.status == "infeasible"
    (breach,) = run.blocking
    assert (breach.stage, breach.metric, breach.year) == ("zero-carbon", "gross_ratio", 2026)
    assert breach.amount == pytest.approx(0.1 * 4380)


def test_the_parts_of_the_system_cost_add_up():
    run = park(fixed_cost=1000.0).run()
    for plan in run.plans.values():
        assert plan.tables["system_cost"]["value"].sum() == pytest.approx(plan.system_cost)
        assert plan.bound == pytest.approx(plan.system_cost)
    assert built(run.target, "wind") == pytest.approx({2026: 1.0})
