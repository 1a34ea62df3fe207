"""Readings of the case that its pages leave open, each by hand, by both methods, with what else it could have been."""

import pytest
from parks import Draft, energy, paid, standing

from models.case import Committed, Limit, ParkRule, Reserve, StandardFactor

GRID = 876_000.0


def park(last: int = 2028, needed=8760.0, **plant) -> Draft:
    """1 MW is needed, from the grid at 876,000 CNY a year; a plant with the same role runs for nothing."""
    found = Draft(2026, last)
    found.demand(mwh=needed)
    found.supply()
    found.converter("plant", **plant)
    return found


def signed(found: Draft, year: int, build: float = 1.0, **fields) -> Draft:
    """An order that is signed."""
    found.add(Committed(technology="plant", year=year, build=build, **fields))
    return found


def test_a_signed_order_without_a_price_pays_the_capital_cost_alone():
    """300,000 of 2026, where a decided order would pay (300,000 + 50,000) x 0.6; what is decided pays just that."""
    kind = {"capital_cost": {2026: 300_000.0, 2027: 100_000.0}, "lifetime": 3, "project_cost": 50_000.0, "grant": 0.4,
        "max_capacity": 1.0}
    plan = signed(park(**kind), 2026).solve_twice()
    assert plan.system_cost == pytest.approx(300_000) and paid(plan, "capital") == pytest.approx(300_000)
    assert park(**kind).solve_twice().system_cost == pytest.approx(0.6 * 350_000)


@pytest.mark.parametrize(("spacing", "ordered"), [(0, 2026), (1, 2027), (2, 2028)])
def test_no_order_lies_nearer_than_the_spacing_to_a_signed_one(spacing, ordered):
    """1 MW is signed for 2026 and 2 are needed, which 1,000 CNY give from any year on: with a spacing of 1 not from 2026 itself."""
    found = signed(park(needed=2 * 8760.0, capital_cost=1000.0, lifetime=9, order_spacing=spacing, max_capacity=2.0), 2026)
    plan = found.solve_twice(1e-5)
    own = plan.tables["investments"].query("committed == 0")
    assert dict(zip(own["year"].tolist(), own["build"].tolist(), strict=True)) == pytest.approx({ordered: 1.0})


@pytest.mark.parametrize(("needed", "stands", "costs"), [
    ({2026: 2.0, 2027: 0.5, 2028: 0.5}, {2026: 2.0, 2027: 0.5, 2028: 0.5}, 0.5),
    ({2026: 1.5, 2027: 0.5, 2028: 0.5}, {2026: 1.5, 2027: 0.5, 2028: 0.5}, 1.0),
    ({2026: 1.5, 2027: 1.0, 2028: 1.0}, {2026: 1.5, 2027: 1.0, 2028: 1.0}, 0.5),
    ({2026: 0.5, 2027: 0.5, 2028: 0.5}, {2026: 0.5, 2027: 0.5, 2028: 0.5}, 1.5),
])
def test_what_is_retired_as_existing_falls_comes_off_what_remains(needed, stands, costs):
    """Of 2 MW 1 is left in 2027. What goes in 2027 goes of that 1 MW; what went in 2026 counts as what falls. 1,000 each MW retired."""
    found = park(needed={y: mw * 8760 for y, mw in needed.items()}, existing=2.0, fixed_cost=100_000.0, retirement_cost=1000.0)
    found.add(Limit(technology="plant", item="existing", year=2027, value=1.0))
    plan = found.solve_twice()
    assert standing(plan, "plant") == pytest.approx(stands)
    assert plan.system_cost == pytest.approx(100_000 * sum(stands.values()) + 1000 * costs)


def test_firm_imports_count_where_the_yearly_fee_is_not_paid():
    """1 MW of heat with a margin of a half: the boiler of 1 MW stands, and a supply of 0.5 MW for 5,000 a year that nobody uses."""
    costs = []
    for most in (0.5, 0.4):
        found = Draft()
        found.demand("warmth", "heat")
        found.supply("gas", "gas", price=1.0)
        found.converter("boiler", {"heat": 1.0, "gas": -1.0}, existing=1.0, capital_cost=700.0, max_capacity=9.0)
        found.supply("town", "heat", price=10.0, max_import=most, prices={"fixed": 5_000.0})
        found.add(Reserve(carrier="heat", margin=0.5))
        plan = found.solve_twice()
        assert paid(plan, "fixed") == pytest.approx(0)
        costs.append(plan.system_cost)
    assert costs == pytest.approx([8760, 8760 + 0.1 * 700])


@pytest.mark.parametrize("owed",
    [{"prices": {"fixed": 50_000.0}}, {"min_year": 8760.0}, {"prices": {"fixed": 50_000.0}, "min_year": 8760.0}])
def test_a_supply_of_a_scheme_that_is_not_in_force_owes_nothing(owed):
    """A supply that is offered is used, and owes what it asks for; but not under another scheme than its own."""
    found = Draft()
    found.demand()
    found.connection("line", max_import=5.0)
    found.supply("flat", price=100.0, connection="line", scheme="flat", **owed)
    found.supply("cheap", price=90.0, connection="line", scheme="other")
    plan = found.solve_twice()
    assert plan.system_cost == pytest.approx(0.9 * GRID) and paid(plan, "fixed") == pytest.approx(0)
    assert paid(plan, "shortfall") == pytest.approx(0)
    # Sold under each scheme, the least energy of the year alone is owed whatever is bought; a fee makes its use a choice.
    found.rows["supplies"][0] = found.rows["supplies"][0].model_copy(update={"scheme": ""})
    assert found.solve_twice().system_cost == pytest.approx(0.9 * GRID if "prices" in owed else GRID)


@pytest.mark.parametrize(("size", "most", "sold"), [(2.0, 0.5, 0.5), (0.3, 0.5, 0.3), (2.0, None, 1.0)])
def test_capacity_and_max_export_of_a_connection_both_bind(size, most, sold):
    """1 MW more than is needed can be sold: over a connection of 2 MW that lets out 0.5, or of 0.3 MW."""
    found = Draft()
    found.demand(mwh=8760.0)
    found.converter("plant", existing=2.0)
    found.converter("waste", {"electricity": -1.0}, existing=9.0)
    found.supply("grid", price=100.0, max_export=1.0, connection="line", prices={"export": 50.0})
    found.connection("line", existing=size, max_capacity=size, capital_cost=1.0, max_export=most)
    plan = found.solve_twice()
    assert energy(plan, "export", "grid") == pytest.approx(sold * 8760) and plan.system_cost == pytest.approx(-50 * sold * 8760)


def test_ratios_of_rules_are_of_the_parks_own_factors_those_of_stages_of_the_standards():
    """1 MW from two grids of 0.5 MW, one with 0.5 t/MWh at 100, one with 1 t/MWh at 90, and sun at 114; the standard has 0.8 for
    both. Half of the base is allowed. Own: 6,570 t in the base, so 3,285 t, which gain most in the grid with less CO2: 6,570 MWh.
    The standard's: 7,008 t, so 3,504 t, which are 4,380 MWh of either, and the one is cheaper."""
    energies = []
    for kind in ("rule", "stage"):
        found = Draft(base_emissions=None)
        found.demand()
        found.supply(factor={"location": 0.5, "market": 0.5})
        found.supply("dirty", price=90.0, max_import=0.5, factor={"location": 1.0, "market": 1.0})
        found.converter("pv", capital_cost=1e6, max_capacity=3.0, profile=found.profile("sun", [1.0]), green=1)
        found.add(StandardFactor(standard="pencil", supply_kind="grid", carrier="electricity", factor=0.8))
        if kind == "rule":
            found.add(ParkRule(rule="own", metric="gross_ratio", sense="<=", limit=0.5))
        else:
            found.rule("gross_ratio", "<=", 0.5)
        plan = found.solve_twice()
        energies.append((energy(plan, "import", "grid"), energy(plan, "import", "dirty")))
    assert energies == [pytest.approx((6570, 0)), pytest.approx((0, 4380))]
