"""profile_years.csv: from a year on a profile has the values of another column; all that names it follows, year by year.

Two hours unless said otherwise, each standing for 4,380; the grid costs 100 CNY/MWh.
"""

import numpy as np
import pytest
from parks import FLAT, Draft, solve_inputs, typical_days

from models.case import ParkRule, ProfileYear, Reserve
from models.inputs import resolve_existing
from planner.days import choose_days
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park

HALF = FLAT / 2


def park(last: int = 2028, hours: int = 24, **fields) -> Draft:
    found = Draft(2026, last, hours=hours, **fields)
    found.demand()
    found.supply()
    return found


def changes(found: Draft, profile: str, column: str, values: list[float], year: int = 2027) -> None:
    """From 2027 on the profile has these values."""
    found.add(ProfileYear(profile=profile, year=year, column=found.profile(column, values)))


def energy_paid(plan) -> dict[int, float]:
    rows = plan.tables["costs"].query("item == 'energy' and name == 'grid'")
    return dict(zip(rows["year"].tolist(), rows["value"].tolist(), strict=True))


def test_what_a_plant_can_give_changes_from_its_year_on():
    """1 MW of sun at 0.5 in 2026: 438,000 of the grid; at 0.8 and 0.4 from 2027 on: 350,400 on average; at 0 from 2028 on: 876,000."""
    found = park()
    found.converter("pv", existing=1.0, profile=found.profile("sun", [0.5]))
    assert found.cost() == pytest.approx(3 * 438_000)
    changes(found, "sun", "better", [0.8, 0.4])
    changes(found, "sun", "none", [0.0], 2028)
    plan = found.solve_twice()
    assert energy_paid(plan) == pytest.approx({2026: 438_000.0, 2027: 350_400.0, 2028: 876_000.0})


def test_an_order_is_worth_what_it_gives_in_later_years():
    """A MW of sun for 3 years, 1,000,000: at 0.3 all the time it saves 788,400; at 0.5 from 2027 on 1,138,800, and it is ordered."""
    found = park()
    found.converter("pv", capital_cost=1_000_000.0, lifetime=3, max_capacity=1.0, until_year=2026,
        profile=found.profile("sun", [0.3]))
    assert found.cost() == pytest.approx(3 * 876_000)
    changes(found, "sun", "better", [0.5])
    assert found.solve_twice().system_cost == pytest.approx(3 * 876_000 - 1_138_800 + 1_000_000)


def test_the_shape_of_a_demand_changes_and_its_energy_does_not():
    """Even in 2026; all in every second hour from 2027 on: 2 MW then, of which a plant of 1 MW gives half."""
    found = park(2027)
    found.rows["demand"].clear()
    found.demand(profile=found.profile("day", [1.0]))
    found.converter("hydro", existing=1.0)
    found.rows["technologies"] = [t.model_copy(update={"profile": found.profile("flow", [1.0])}) for t in found.rows["technologies"]
    ]
    changes(found, "day", "night", [2.0, 0.0])
    plan = found.solve_twice()
    assert energy_paid(plan) == pytest.approx({2026: 0.0, 2027: 438_000.0})


def test_prices_factors_ports_and_contracts_follow():
    """Each doubles, or halves, from 2027 on; what is paid, emitted, needed and contracted is worked out by hand."""
    found = park(2027)
    found.by_the_hour("grid", found.profile("spot", [1.0]), item="energy")
    changes(found, "spot", "dear", [2.0])
    assert energy_paid(found.solve_twice()) == pytest.approx({2026: 876_000.0, 2027: 1_752_000.0})
    found = park(2027)
    found.rows["emission_factors"] = [
        f.model_copy(update={"value": 0.5, "basis": "location"}) for f in found.rows["emission_factors"]]
    found.by_the_hour("grid", found.profile("mix", [1.0]), basis="location")
    changes(found, "mix", "clean", [0.5, 0.25])
    emitted = found.solve_twice().tables["emissions"].query("item == 'scope2_location'")["value"].tolist()
    assert emitted == pytest.approx([0.5 * FLAT, 0.5 * FLAT * 0.375])
    found = park(2027)
    found.demand("warmth", "heat", mwh=FLAT)
    found.converter("pump", {"electricity": -1.0, "heat": 2.0}, existing=2.0, port_profiles={"heat": found.profile("cold", [1.0])})
    changes(found, "cold", "warm", [2.0])
    assert energy_paid(found.solve_twice()) == pytest.approx({2026: 1.5 * 876_000, 2027: 1.25 * 876_000})
    found = park(2027)
    found.supply("farm", price=40.0, profile=found.profile("wind", [0.5]), contract_max=1.0)
    changes(found, "wind", "calm", [0.25])
    plan = found.solve_twice()
    assert energy_paid(plan) == pytest.approx({2026: 438_000.0, 2027: 657_000.0})
    paid = plan.tables["costs"].query("item == 'contract'")["value"].tolist()
    assert paid == pytest.approx([0.5 * 40 * FLAT, 0.25 * 40 * FLAT])


def test_a_store_and_a_demand_charge_see_the_hours_of_their_year():
    """The peak of 1 MW in 2026, of 1.5 MW from 2027 on, at 1,000 CNY/MW/month."""
    found = park(2027)
    found.rows["demand"].clear()
    found.demand(profile=found.profile("day", [1.0]))
    found.rows["prices"].clear()
    found.price("grid", "energy", 100.0, "CNY/MWh")
    found.price("grid", "demand_charge", 1000.0, "CNY/MW/month")
    changes(found, "day", "peaky", [1.5, 0.5])
    peaks = found.solve_twice().tables["costs"].query("item == 'demand_charge'")["value"].tolist()
    assert peaks == pytest.approx([12_000.0, 18_000.0])


def test_a_reserve_holds_for_the_highest_hour_and_the_least_ratio_of_its_year():
    """1 MW flat in 2026: a plant of 1 MW is enough. 1.6 MW at most from 2027 on, at a ratio of 0.8 at least: 2 MW."""
    found = park(2027)
    found.rows["demand"].clear()
    found.demand(profile=found.profile("day", [1.0]))
    found.rows["supplies"] = [s.model_copy(update={"carrier": "gas", "kind": "fuel", "scope": 1}) for s in found.rows["supplies"]]
    found.profile("full", [1.0])
    found.converter("plant", {"gas": -1.0, "electricity": 1.0}, capital_cost=1000.0, lifetime=1,
        port_profiles={"electricity": "full"})
    found.add(Reserve(carrier="electricity", margin=0.0))
    changes(found, "day", "peaky", [1.6, 0.4])
    changes(found, "full", "weak", [1.0, 0.8])
    plan = found.solve_twice()
    assert plan.tables["capacity"]["capacity"].tolist() == pytest.approx([1.0, 2.0])
    wanted = plan.tables["reserves"].query("item == 'demand'")["value"].tolist()
    assert wanted == pytest.approx([1.0, 1.6])


def test_matching_hour_by_hour_sees_it():
    """Half of the use must be green in its own hour from 2026 on: sun at 1 in every second hour gives half; at 0.5 from 2027 on 1 MW
    gives a quarter, and 2 MW half of it."""
    found = park(2027)
    found.converter("pv", capital_cost=1000.0, lifetime=1, green=1, profile=found.profile("sun", [1.0, 0.0]))
    found.supply("dump", price=None, max_export=5.0)
    found.rows["prices"] = [p.model_copy(update={"value": 0.001}) for p in found.rows["prices"]]
    found.add(ParkRule(rule="matched", metric="hourly_green_share", sense=">=", limit=0.5))
    changes(found, "sun", "hazy", [0.5, 0.0])
    plan = found.solve_twice()
    assert plan.tables["capacity"]["capacity"].tolist() == pytest.approx([1.0, 2.0])


def test_the_base_year_has_the_values_of_its_year():
    """Base emissions of 2025 with 1 MW of sun at 0.5: 2,190 t at 0.5 t/MWh; where the row is of 2020, at 0.25: 3,285 t."""
    for year, expected in ((2027, 2190.0), (2020, 3285.0)):
        found = park(2027, base_emissions=None)
        found.rows["emission_factors"] = [f.model_copy(update={"value": 0.5}) for f in found.rows["emission_factors"]]
        found.converter("pv", existing=1.0, profile=found.profile("sun", [0.5]))
        changes(found, "sun", "worse", [0.25], year)
        run = plan_park(found.case(), Options(gap=1e-9, compare=False))
        assert float(run.base) == pytest.approx(expected)
    inputs = resolve_existing(found.case())
    assert inputs.conversion.availability["pv"][0] == 0.25


def test_years_with_the_same_columns_share_what_is_compiled_and_others_do_not():
    from planner.solve.year.template import structure_key

    found = park(2029)
    found.converter("pv", existing=1.0, profile=found.profile("sun", [0.5]))
    changes(found, "sun", "better", [0.8], 2028)
    keys = {y: structure_key(found.inputs(), y) for y in range(2026, 2030)}
    assert keys[2026] == keys[2027] != keys[2028] == keys[2029]


def test_on_typical_days_each_year_has_its_columns():
    """Two typical days of 24 hours; sun at 1 on the first and at 0 on the second; half of either from 2027 on."""
    found = park(2027, hours=8760)
    found.converter("pv", existing=1.0, profile=found.profile("sun", [1.0]))
    changes(found, "sun", "half", [0.5])
    days = typical_days([0] * 200 + [1] * 165, sun=[1.0] * 24 + [0.0] * 24, half=[0.5] * 24 + [0.0] * 24)
    plan, case = solve_inputs(found.inputs(days), days), found.case()
    check_plan(case, plan, case.park.base_emissions)
    assert energy_paid(plan) == pytest.approx({2026: 165 * 24 * 100.0, 2027: (365 - 100) * 24 * 100.0})


def test_days_are_chosen_from_all_columns_that_are_used():
    """A windless week in a column that holds from 2027 on marks the days, and its values are there; an unused column is not."""
    found = park(2027, hours=8760)
    random = np.random.default_rng(1)
    found.converter("wind", existing=1.0, profile=found.profile("wind", random.uniform(0.3, 1.0, 8760)))
    calm = random.uniform(0.3, 1.0, 8760)
    calm[24 * 100 : 24 * 107] = 0.0
    found.add(ProfileYear(profile="wind", year=2027, column=found.profile("calm", calm)))
    found.profile("unused", random.uniform(0, 1, 8760))
    days = choose_days(found.case(), 6)
    assert set(days.profiles) == {"wind", "calm"}
    assert days.profiles["calm"].reshape(-1, 24).sum(axis=1).min() == pytest.approx(0.0, abs=1e-9)
    late = choose_days(found.case().model_copy(update={"profile_years": (ProfileYear(profile="wind", year=2020, column="calm"),)}),
        6)
    assert set(late.profiles) == {"calm"}
