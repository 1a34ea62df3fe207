"""--yardstick: what a plan that can be ordered costs more than the same park with orders of any size, in any year, and no reserve."""

import pytest
from parks import Draft

from models.case import Reserve
from planner.answer.goal_cost import told_costs
from planner.answer.summary import summary
from planner.language.language import Language
from planner.planning.run import Options, plan_park


def park(**plant) -> Draft:
    """1 MW of heat in each of two years; the plant costs 1000 a MW and lives a year, a neighbour's heat is dear."""
    found = Draft(2026, 2027)
    found.demand("warmth", "heat")
    found.supply("neighbour", "heat", max_import=9.0, price=1.0, until_year=2026)
    found.supply("gas", "gas", price=0.0)
    found.converter("plant", {"heat": 1.0, "gas": -1.0}, **{"capital_cost": 1000.0, "max_capacity": 9.0} | plant)
    return found


def measured(draft: Draft, **options):
    return plan_park(draft.case(), Options(**{"gap": 1e-9, "compare": False, "yardstick": True} | options))


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_units_and_a_project_cost_are_what_it_costs(method):
    """Units of 0.8 MW, two a year, and 100 for each order: 2 x 1700 in place of 2 x 1000."""
    run = measured(park(unit_size=0.8, project_cost=100.0), method=method)
    assert (run.yardstick.cost, run.yardstick.least) == pytest.approx((3400, 2000))
    assert run.yardstick.share == pytest.approx(0.7)
    assert run.yardstick.typical_days == 0


def test_a_spacing_and_a_reserve_are_part_of_it():
    spaced = park(order_spacing=2)
    assert measured(spaced).yardstick.share == pytest.approx((1000 + 8760) / 2000 - 1)
    held = park()
    held.add(Reserve(carrier="heat", year=2027, margin=0.5))
    assert measured(held).yardstick.share == pytest.approx(0.25)


def test_lines_that_are_retired_whole_are_part_of_it():
    """4 MW stand in two lines, 1 MW is needed in 2026 alone: 2 x 50,000 in place of 50,000, and 876,000 for the energy."""
    found = Draft(2026, 2027)
    found.demand(zone="works", mwh={2026: 8760.0, 2027: 0.0})
    found.supply("grid", zone="harbour")
    found.link(
        "cable", "harbour", "works", existing=4.0, existing_unit=2.0, fixed_cost=50_000.0, max_capacity=4.0, partial_retirement=0
    )
    assert measured(found).yardstick.share == pytest.approx(976 / 926 - 1)


def test_what_is_kept_of_a_line_is_part_of_it():
    """3 of 4 MW are kept, 1 is needed in 2026 alone: 6 x 50,000 in place of 50,000, and 876,000 for the energy."""
    found = Draft(2026, 2027)
    found.demand(zone="works", mwh={2026: 8760.0, 2027: 0.0})
    found.supply("grid", zone="harbour")
    found.link("cable", "harbour", "works", existing=4.0, keep=3.0, fixed_cost=50_000.0)
    assert measured(found).yardstick.share == pytest.approx(1176 / 926 - 1)


def test_a_park_that_asks_for_nothing_costs_no_more():
    assert measured(park()).yardstick.share == pytest.approx(0.0, abs=1e-9)


def test_it_is_found_only_where_it_is_asked_for_and_told_in_words():
    draft = park(unit_size=0.8)
    assert measured(draft, yardstick=False).yardstick is None
    run, case = measured(draft, compare=True), draft.case()
    facts = summary(run, case)
    assert facts["yardstick"]["share"] == pytest.approx(0.6)
    assert "Practical orders cost 60 % more than the theoretical least." in list(told_costs(Language("en"), facts))
