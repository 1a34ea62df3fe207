"""Capture: fossil, biogenic, process and air CO2, and the sink that must take it."""

import pytest
from parks import Draft, emitted, energy

GAS = 8760 * 50.0
"""A year of 1 MW of heat from gas at 50 CNY/MWh; 1752 t at 0.2 t/MWh."""


def boiler(biogenic: int = 0, base: float = 1752.0, sink: dict | None = None, last: int = 2026) -> Draft:
    found = Draft(2026, last, base_emissions=base)
    found.demand("warmth", "heat")
    found.supply("gas", "gas", price=50.0, factor=0.2, biogenic=biogenic)
    found.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=1.0)
    found.supply("store", "co2", price=None, prices={"export": -40.0}, **{"max_export": 10.0, **(sink or {})})
    return found


def scrubber(found: Draft, sources, **fields) -> Draft:
    """A plant at 100,000 CNY for 1 t/h."""
    found.capture("scrubber", sources, **{"capital_cost": 100_000.0} | fields)
    return found


def test_fossil_co2_captured_is_not_emitted_up_to_the_rate():
    found = scrubber(boiler(), {"boiler": 0.9})
    found.rule("gross_ratio", "<=", 0.1)
    plan = found.solve()
    assert emitted(plan, "captured_fossil") == pytest.approx(1576.8) and emitted(plan, "scope1") == pytest.approx(175.2)
    assert energy(plan, "export", "store") == pytest.approx(1576.8)
    assert plan.system_cost == pytest.approx(GAS + 18_000 + 1576.8 * 40)
    found.rule("gross_ratio", "<=", 0.09)
    assert found.try_to_solve().status == "infeasible" and scrubber(boiler(), {"boiler": 0.9}).cost() == pytest.approx(GAS)


def test_two_plants_share_the_co2_of_a_source():
    # Each could take 60 % alone: a / 0.6 + b / 0.6 <= 1, so 60 % in all and not 120 %.
    def found(limit: float) -> Draft:
        park = boiler()
        park.capture("first", {"boiler": 0.6}, existing=1.0)
        park.capture("second", {"boiler": 0.6}, existing=1.0)
        park.rule("gross_ratio", "<=", limit)
        return park
    assert emitted(found(0.4).solve(), "captured_fossil") == pytest.approx(0.6 * 1752)
    assert found(0.39).try_to_solve().status == "infeasible"


def test_biogenic_co2_captured_is_a_removal_and_lowers_no_gross_emissions():
    found = scrubber(boiler(biogenic=1, base=1000.0), {"boiler": 1.0})
    found.process("kiln", 500.0)
    found.rule("net_ratio", "<=", 0.0)
    plan = found.solve()
    assert emitted(plan, "gross") == pytest.approx(500) and emitted(plan, "captured_removals") == pytest.approx(500)
    assert emitted(plan, "net") == pytest.approx(0, abs=1e-6)
    found.rule("gross_ratio", "<=", 0.4)
    assert found.try_to_solve().status == "infeasible"


def test_process_co2_is_captured_evenly_over_the_year():
    # 876 t = 0.1 t/h; half of it: 0.05 t/h, 5000 for the plant.
    found = boiler(base=876.0)
    found.rows["demand"].clear()
    found.process("kiln", 876.0, capturable=1)
    scrubber(found, {"kiln": 0.8})
    found.rule("gross_ratio", "<=", 0.5)
    plan = found.solve()
    assert emitted(plan, "scope1") == pytest.approx(438) and plan.system_cost == pytest.approx(5000 + 438 * 40)
    found.rule("net_ratio", "<=", 0.19)
    assert found.try_to_solve().status == "infeasible"


def test_captured_process_co2_of_scope_3_lowers_scope_3():
    found = boiler(base=876.0)
    found.rows["demand"].clear()
    found.process("quarry", 876.0, capturable=1, scope=3)
    scrubber(found, {"quarry": 1.0})
    found.rule("gross_ratio", "<=", 0.5)
    plan = found.solve()
    assert emitted(plan, "scope3") == pytest.approx(438) and emitted(plan, "scope1") == pytest.approx(0, abs=1e-6)


def test_the_air_has_no_limit_and_needs_its_power():
    # 2000 t a year of removals against 1000 t of base: 2 MWh/t at 100.
    found = Draft(base_emissions=1000.0)
    found.process("kiln", 2000.0)
    found.supply()
    found.supply("store", "co2", price=None, max_export=10.0)
    found.capture("fans", {"air": 1.0}, {"electricity": -2.0}, existing=1.0, variable_cost=7.0)
    found.rule("net_ratio", "<=", 0.0)
    plan = found.solve()
    assert energy(plan, "import", "grid") == pytest.approx(4000) and emitted(plan, "gross") == pytest.approx(2000)
    assert emitted(plan, "captured_removals") == pytest.approx(2000) and plan.system_cost == pytest.approx(2000 * (2 * 100 + 7))


def test_the_sink_and_the_plant_limit_what_can_be_captured():
    for sink, most in (({"max_export": 0.1}, 876.0), ({"max_export_year": 500.0}, 500.0)):
        within, beyond = (scrubber(boiler(sink=sink), {"boiler": 0.9}) for _ in range(2))
        within.rule("gross_ratio", "<=", 1 - most / 1752 + 1e-6)
        beyond.rule("gross_ratio", "<=", 1 - most / 1752 - 1e-3)
        assert emitted(within.solve(), "captured_fossil") == pytest.approx(most, rel=1e-4)
        assert beyond.try_to_solve().status == "infeasible"
    found = scrubber(boiler(), {"boiler": 0.9}, max_capacity=0.1)
    found.rule("gross_ratio", "<=", 0.5)  # 876 t = 0.1 t/h
    assert found.cost() == pytest.approx(GAS + 10_000 + 876 * 40)
    found.rule("net_ratio", "<=", 0.49)
    assert found.try_to_solve().status == "infeasible"


def test_the_plants_own_heat_comes_from_the_boiler_and_emits():
    # Each t captured takes 1 MWh of heat, 0.2 t: of F = 1752 + 0.2 c, c = 0.5 F: c = 876 / 0.9.
    found = boiler()
    found.rows["technologies"].clear()
    found.rows["types"].clear()
    found.rows["ports"].clear()
    found.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=9.0)
    scrubber(found, {"boiler": 0.5}, ports={"heat": -1.0})
    found.rule("gross_ratio", "<=", 876 / 0.9 / 1752 + 1e-9)
    plan = found.solve()
    assert emitted(plan, "captured_fossil") == pytest.approx(876 / 0.9) and emitted(plan, "scope1") == pytest.approx(876 / 0.9)


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
    plan = found.solve()
    assert [emitted(plan, item) for item in ("gross", "captured_removals")] == pytest.approx([0.0, 1500.0])
