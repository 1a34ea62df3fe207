"""Fuel made in the park: its CO2 is counted where the carrier enters, and what is captured goes against that first.

1 MW of heat from a boiler that burns gas of 0.2 t/MWh: 1752 t a year, of which 0.9 can be captured. The base is 1000 t.
"""

from dataclasses import replace

import pytest
from parks import Draft, emitted, energy, planned

from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park


def park(digester: float = 10.0, gas: float = 200.0, hours: int = 24, **manure) -> Draft:
    """Gas is bought at 200, or made of manure at 1; power for the capture plant at 100."""
    found = Draft(base_emissions=1000.0, hours=hours)
    found.demand("warm", "heat", mwh=8760.0)
    found.supply("gas", "gas", price=gas, factor=0.2)
    found.supply("manure", "manure", price=1.0, **{"factor": 0.0, "biogenic": 1} | manure)
    found.supply("grid", price=100.0, factor=0.0)
    found.supply("well", "co2", price=None, max_export=10.0)
    found.converter("digester", {"gas": 1.0, "manure": -1.0}, existing=digester)
    found.converter("boiler", {"heat": 1.0, "gas": -1.0}, existing=10.0)
    found.capture("ccs", {"boiler": 0.9}, {"electricity": -0.01}, existing=1.0)
    return found


def captured(plan) -> float:
    return energy(plan, "captured", "ccs from boiler")


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_what_is_captured_of_own_gas_is_a_removal_and_lowers_no_emissions(method):
    """All gas is made of manure: nothing is counted, and 500 t captured are 500 t removed. Gross was -500 t."""
    found = park()
    found.rule("net_ratio", "<=", -0.5)
    plan = planned(found, method)
    assert energy(plan, "import", "gas") == pytest.approx(0.0) and captured(plan) == pytest.approx(500)
    assert [emitted(plan, item) for item in ("scope1", "gross", "captured_fossil", "captured_removals", "net")] == pytest.approx(
        [0.0, 0.0, 0.0, 500.0, -500.0])
    assert plan.system_cost == pytest.approx(8760 + 500 * 0.01 * 100)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_what_is_captured_goes_against_the_bought_part_first(method):
    """Half of the gas is bought: 876 t. Of 1200 t captured 876 are taken off, and 324 are a removal."""
    found = park(digester=0.5)
    found.rule("net_ratio", "<=", -0.324)
    plan = planned(found, method)
    assert captured(plan) == pytest.approx(1200)
    assert [emitted(plan, item) for item in ("scope1", "gross", "captured_fossil", "captured_removals", "net")] == pytest.approx(
        [0.0, 0.0, 876.0, 324.0, -324.0])
    sources = plan.tables["emission_sources"].query("name == 'boiler'")
    assert dict(zip(sources["item"], sources["value"], strict=True)) == pytest.approx({"scope1_captured": -876.0})


def test_a_little_capture_is_all_taken_off_even_where_nothing_asks_for_it():
    """100 t are captured for a net rule; gross falls by them, though the rule alone would let them be a removal."""
    found = park(digester=0.5)
    found.rule("net_ratio", "<=", 0.776)
    plan = planned(found)
    assert [emitted(plan, item) for item in ("gross", "captured_fossil", "captured_removals", "net")] == pytest.approx(
        [776.0, 100.0, 0.0, 776.0])


def test_a_gross_limit_is_met_by_capture_up_to_what_is_bought():
    found = park(digester=0.5)
    found.rule("gross_ratio", "<=", 0.1)
    plan = planned(found)
    assert captured(plan) == pytest.approx(776) and emitted(plan, "gross") == pytest.approx(100)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_of_gas_made_of_coal_no_more_counts_than_the_bought_part(method):
    """Coal of 0.4 t/MWh makes half of the gas: 1752 t, and 876 t of the bought half. Capture takes 876 t off at most."""
    found = park(digester=0.5, factor=0.4, biogenic=0)
    found.rule("gross_ratio", "<=", 1.752)
    plan = planned(found, method)
    assert captured(plan) == pytest.approx(876) and emitted(plan, "captured_removals") == pytest.approx(0.0)
    # With less coal more is bought, and all of that is captured: 0.4 t/MWh x 2500 MWh of coal are left.
    found.rule("net_ratio", "<=", 1.0)
    plan = planned(found, method)
    assert energy(plan, "import", "manure") == pytest.approx(2500) and captured(plan) == pytest.approx(0.2 * 6260)


def test_bought_fuel_alone_counts_as_before():
    """A digester that does not exist and cannot be built: 1752 t are bought and 1576.8 t captured."""
    found = park(digester=0.0)
    found.rule("gross_ratio", "<=", 0.1752)
    plan = planned(found)
    assert captured(plan) == pytest.approx(1576.8) and emitted(plan, "gross") == pytest.approx(175.2)


def test_biogas_that_is_biogenic_when_bought_and_made_is_a_removal_when_captured():
    found = Draft(base_emissions=1000.0)
    found.demand("warm", "heat", mwh=8760.0)
    found.supply("biogas", "gas", price=200.0, factor=0.2, biogenic=1)
    found.supply("manure", "manure", price=1.0, factor=0.0, biogenic=1)
    found.supply("well", "co2", price=None, max_export=10.0, prices={"export": -1.0})
    found.converter("digester", {"gas": 1.0, "manure": -1.0}, existing=0.5)
    found.converter("boiler", {"heat": 1.0, "gas": -1.0}, existing=10.0)
    found.capture("ccs", {"boiler": 0.9}, existing=1.0)
    found.rule("net_ratio", "<=", -1.5)
    plan = planned(found)
    assert [emitted(plan, item) for item in ("gross", "captured_removals")] == pytest.approx([0.0, 1500.0])


def test_the_base_year_counts_own_gas_the_same():
    """Capture pays there: a carbon price of 50 t on scope 1. Half of the gas is bought, 876 t, and all of that is captured."""
    found = park(digester=0.5)
    found.park = found.park.model_copy(update={"base_emissions": None})
    found.price("*", "carbon", 50.0, "CNY/t")
    found.process("kiln", 10.0)
    assert found.run().base == pytest.approx(10.0)


@pytest.mark.slow
def test_on_typical_days_and_in_every_hour_the_same_is_counted():
    found = park(digester=0.5, hours=8760)
    found.rule("net_ratio", "<=", -0.324)
    for options in (Options(gap=1e-9, days=2, method="decomposed", compare=False), Options(gap=1e-9, days=2, compare=False)):
        plan = plan_park(found.case(), options).target
        assert plan.verified
        assert [emitted(plan, item) for item in ("gross", "captured_fossil", "captured_removals")] == pytest.approx(
            [0.0, 876.0, 324.0], rel=1e-3, abs=1e-3)


def test_the_ledger_refuses_own_gas_that_is_taken_off():
    found = park(digester=0.5)
    found.rule("net_ratio", "<=", -0.324)
    plan, case = planned(found), found.case()
    emissions = plan.tables["emissions"].copy()
    for item, change in (("scope1", -100.0), ("gross", -100.0), ("captured_fossil", 100.0), ("captured_removals", -100.0)):
        emissions.loc[emissions["item"] == item, "value"] += change
    with pytest.raises(LedgerError, match="captured_removals"):
        check_plan(case, replace(plan, tables={**plan.tables, "emissions": emissions}), 1000.0)
