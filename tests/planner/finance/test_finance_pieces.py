"""Pieces: what each project gains is worked out by hand in small parks, and adds up to the difference of the plans in all of them."""

from collections import defaultdict

import pytest
from full_parks import full_park
from parks import Draft
from slowly import first

from models.case import Financing
from planner.finance.pieces import pieces
from planner.finance.statements import statements
from planner.plan import LEAST_COST, REFERENCE, TARGET
from planner.planning.run import Options, plan_park


def gained(park: Draft, against: str = REFERENCE) -> dict[tuple[str, str, str, int], float]:
    """(kind, name, part, year) -> money, of what is not 0."""
    run, case = park.run(), park.case()
    found: dict[tuple[str, str, str, int], float] = defaultdict(float)
    discount = {y: (1 + park.park.discount_rate) ** -(y - park.park.first_year)
        for y in range(park.park.first_year, park.park.last_year + 1)}
    for p in pieces(case, run.target.tables, run.plans[against].tables, discount):
        found[p.kind, p.name, p.part, p.year] += p.amount
    return {key: value for key, value in found.items() if abs(value) > 0.01}


def powered() -> Draft:
    """8,760 MWh of electricity a year from a grid at 100 CNY/MWh."""
    park = Draft(base_emissions=4380.0)
    park.demand("machines", mwh=8760.0)
    park.supply("grid", price=100.0, factor=0.5)
    return park


def test_a_plant_gains_what_its_electricity_would_have_cost_less_its_annuity():
    """A quarter of 876,000, less 1,000 of capital and 50 of fixed cost a MW."""
    park = powered()
    park.converter("hydro", {"electricity": 1.0}, capital_cost=4000.0, fixed_cost=200.0, lifetime=10, max_capacity=0.25)
    assert gained(park) == pytest.approx(
        {("technology", "hydro", "capital", 2026): -1000.0, ("technology", "hydro", "operating", 2026): 219000.0 - 50.0})
    # A quarter of 876,000, less a lease of 1,000 and 50 of fixed cost; no capital.
    park = powered()
    park.converter("hydro", {"electricity": 1.0}, annuity=4000.0, fixed_cost=200.0, lifetime=10, max_capacity=0.25)
    assert gained(park) == pytest.approx({("technology", "hydro", "operating", 2026): 219000.0 - 1000.0 - 50.0})


def test_a_measure_gains_the_energy_that_it_saves_less_what_it_adds():
    """A tenth of 8,760 MWh, then a fifth of what is left: 876 and 1,576.8 MWh at 100."""
    park = powered()
    park.measure("led", {"machines": 0.1}, capital_cost=1.0)
    park.measure("drives", {"machines": 0.2}, capital_cost=2.0)
    found = gained(park)
    assert found["measure", "led", "operating", 2026] == pytest.approx(87600.0)
    assert found["measure", "drives", "operating", 2026] == pytest.approx(157680.0) and len(found) == 4
    # All 876 MWh of heat at 50 are saved, and a third as much electricity is drawn at 100: 43,800 − 29,200.
    park = powered()
    park.demand("warmth", "heat", mwh=876.0)
    park.supply("pipe", "heat", price=50.0, factor=0.1)
    park.measure("dryer", {"warmth": 1.0}, capital_cost=1.0, adds="machines", adds_ratio=1 / 3)
    assert gained(park)["measure", "dryer", "operating", 2026] == pytest.approx(43800.0 - 29200.0)
    # As above: what the vehicles draw, 10 MWh a day, costs the same in both plans.
    park = powered()
    park.hours = 24
    park.chargers()
    park.session("18:00", "06:00", 10.0, 1.0)
    park.converter("hydro", {"electricity": 1.0}, capital_cost=4000.0, fixed_cost=200.0, lifetime=10, max_capacity=0.25)
    assert gained(park) == pytest.approx(
        {("technology", "hydro", "capital", 2026): -1000.0, ("technology", "hydro", "operating", 2026): 219000.0 - 50.0})


def test_a_heat_pump_gains_the_heat_of_the_boiler_less_its_own_electricity():
    """Heat from gas at 50 by a boiler of 0.8: 62.5. From the pump: 100/4 = 25. 876 MWh gain 37.5 each; the boiler hands on what it got."""
    park = powered()
    park.demand("warmth", "heat", mwh=876.0)
    park.supply("gas", "gas", price=50.0, factor=0.2)
    park.converter("boiler", {"gas": -1.25, "heat": 1.0}, existing=1.0)
    park.converter("pump", {"electricity": -0.25, "heat": 1.0}, capital_cost=1.0, lifetime=10, max_capacity=0.1)
    found = gained(park)
    assert found == pytest.approx(
        {("technology", "pump", "operating", 2026): 876 * 37.5, ("technology", "pump", "capital", 2026): -0.1})


def test_peaks_and_contracts_count_at_their_price():
    """A battery moves 6 MWh a day: it gains nothing by energy at a flat price; the peak of 2 MW at 1,000 CNY/MW/month becomes 1."""
    park = Draft()
    park.demand(mwh=8760.0, profile=park.profile("two", [2.0, 0.0]))
    park.supply("grid", price=100.0, factor=0.0, prices={"demand_charge": 1000.0})
    park.store(capital_cost=1.0, lifetime=10, max_capacity=10.0)
    found = gained(park)
    assert found["supply", "grid", "operating", 2026] == pytest.approx(12 * 1000.0)
    assert not [key for key in found if key[:3] == ("technology", "battery", "operating")]
    # All power comes by a contract at 60, as it is generated; a tenth that is saved is 876 MWh at 60.
    park = Draft()
    park.profile("flat", [1.0] * 24)
    park.demand("machines")
    park.supply("sun", price=60.0, profile="flat", contract_max=8.0, take=1.0)
    park.measure("led", {"machines": 0.1}, capital_cost=1.0)
    found = gained(park)
    assert found["measure", "led", "operating", 2026] == pytest.approx(876 * 60.0)
    assert not [key for key in found if key[0] in ("other", "supply")]


def test_a_carbon_price_on_all_of_scope_1_is_borne_by_what_burns_and_saved_by_what_replaces_it():
    """Gas at 50 with 0.2 t/MWh and 100 CNY/t costs 70; a solar collector saves 876 MWh of heat from a boiler of 1.0."""
    park = Draft()
    park.demand("warmth", "heat", mwh=8760.0)
    park.supply("gas", "gas", price=50.0, factor=0.2)
    park.price("*", "carbon", 100.0, "CNY/t")
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=1.0)
    park.converter("collector", {"heat": 1.0}, capital_cost=1.0, lifetime=10, max_capacity=0.1)
    assert gained(park)["technology", "collector", "operating", 2026] == pytest.approx(876 * 70.0)


def test_a_capture_plant_gains_the_carbon_price_less_what_storing_costs():
    """1,000 t of the kiln, 900 captured: 900 · (80 − 30); the store takes what it is paid and gains nothing."""
    park = Draft()
    park.process("kiln", 1000.0, capturable=1)
    park.price("*", "carbon", 80.0, "CNY/t")
    park.supply("well", "co2", price=None, max_export=10.0, prices={"export": -30.0})
    park.capture("scrubber", {"kiln": 0.9}, capital_cost=1.0, lifetime=10, max_capacity=1.0)
    found = gained(park)
    assert found["technology", "scrubber", "operating", 2026] == pytest.approx(900 * 50.0)
    assert not [key for key in found if key[0] in ("supply", "other")]


def test_what_is_retired_early_leaves_no_value_beyond_the_horizon():
    """A plant of four years in a horizon of three has a fourth of its 300,000 beyond it; scrapped after a year it has none."""
    for later, beyond in ((0.0, 0.0), (8760.0, 75_000.0)):
        park = Draft(2026, 2028)
        park.demand(mwh={2026: 8760.0, 2027: later})
        park.supply()
        park.converter("plant", capital_cost=300_000.0, lifetime=4, fixed_cost=40_000.0)
        run, case = park.run(), park.case()
        other = run.plans[REFERENCE]
        found = pieces(case, run.target.tables, other.tables, dict.fromkeys((2026, 2027, 2028), 1.0))
        assert sum(p.beyond for p in found) == pytest.approx(beyond)
        assert sum(p.amount + p.beyond for p in found) == pytest.approx(other.system_cost - run.target.system_cost)


@pytest.mark.parametrize("seed", first(2, range(5)))
def test_pieces_add_up_to_the_difference_of_what_is_paid_and_of_system_cost(seed):
    """Of random parks with every feature: year by year in cash, and with what lies beyond in system cost."""
    park = full_park(seed)
    case = park.case()
    run = plan_park(case, Options(gap=1e-6))
    years = range(park.park.first_year, park.park.last_year + 1)
    discount = {y: (1 + park.park.discount_rate) ** -(y - years[0]) for y in years}
    for against in (REFERENCE, LEAST_COST):
        if TARGET not in run.plans or not run.plans[TARGET].has_tables or not run.plans.get(against, run.target).has_tables:
            continue
        plan, other = run.target, run.plans[against]
        found = pieces(case, plan.tables, other.tables, discount)
        paid = [p.tables["costs"].groupby("year")["value"].sum() for p in (other, plan)]
        for y in years:
            assert sum(p.amount for p in found if p.year == y) == pytest.approx(paid[0].get(y, 0.0) - paid[1].get(y, 0.0), abs=0.05)
        worth = sum(discount[p.year] * (p.amount + p.beyond) for p in found)
        assert worth == pytest.approx(other.system_cost - plan.system_cost, abs=0.05)


def test_statements_are_made_only_where_the_park_asks_for_them():
    park = powered()
    run, case = park.run(), park.case()
    assert statements(run, case) is None
    asked = case.model_copy(update={"park": case.park.model_copy(update={"finance": Financing()})})
    assert set(statements(run, asked).tables()) == {"finance", "cash_flow", "finance_cases", "funding", "levelised"}
