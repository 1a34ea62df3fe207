"""Commitment: what is on, minimum load of what is on, starts that cost, ramps, and outages, each by hand, with and without."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from parks import GAP, Draft, energy, paid

import planner.planning.run
from models.errors import LedgerError
from models.inputs import resolve
from planner.ledger import equipment
from planner.ledger.figures import Book
from planner.planning.base import base_emissions
from planner.planning.run import Options, plan_park

#: Heat of 1 MW for half a day, and of 0.2 MW for the other half: 14.4 MWh a day.
HALVES = [1.0] * 12 + [0.2] * 12
DAY = 365


def heat(shape=HALVES, other: float | None = 90.0, **fields) -> Draft:
    """A boiler of 1 MW on gas of 50 CNY/MWh; steam at 90, or at `other`, can be bought as well."""
    park = Draft()
    park.demand("warmth", "heat", mwh=sum(shape) * 8760 / len(shape), profile=park.profile("shape", shape))
    park.supply("gas", "gas", price=50.0, factor=0.2)
    if other is not None:
        park.supply("steam", "heat", price=other)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, **({"existing": 1.0} | fields))
    return park


def on(plan) -> np.ndarray:
    """Capacity that is on in every hour, most first."""
    rows = plan.tables["dispatch"].query("flow == 'online'").sort_values("hour")
    return rows["value"].to_numpy()


def test_a_minimum_load_holds_for_what_is_on():
    # Half load of what stands leaves 0.4 MW for the 0.2 MW of the night: 0.6 MW are retired and bought by day. Half load of what is
    # on leaves all of it: 0.2 to 0.4 MW are on at night.
    assert heat(min_load=0.5).cost() == pytest.approx(DAY * (14.4 * 50 + 12 * 0.6 * 40))
    plan = heat(min_load=0.5, commitment=1).solve()
    assert plan.system_cost == pytest.approx(14.4 * DAY * 50)
    assert (on(plan)[12:] <= 0.4 + 1e-9).all() and (on(plan)[12:] >= 0.2 - 1e-9).all()


def test_starts_cost_what_is_started_in_their_year_and_are_saved_where_dear():
    assert heat(start_cost=40.0, commitment=1).cost() == pytest.approx(14.4 * DAY * 50)
    # With half load they are on for 0.1 of 0.2: 0.6 MW are started a day, for 40 a MW.
    plan = heat(start_cost=40.0, min_load=0.5).solve()
    assert plan.system_cost == pytest.approx(14.4 * DAY * 50 + 0.6 * 40 * DAY)
    assert paid(plan, "start_cost") == pytest.approx(0.6 * 40 * DAY)
    assert paid(plan, "start_cost", table="system_cost") == pytest.approx(0.6 * 40 * DAY)
    plan = heat(start_cost=600.0, min_load=0.5).solve()
    assert plan.system_cost == pytest.approx(DAY * (12 * (0.4 * 50 + 0.6 * 90) + 12 * 0.2 * 50))
    assert paid(plan, "start_cost") == pytest.approx(0.0, abs=1e-6)
    park = heat(start_cost={2026: 40.0, 2028: 60.0}, min_load=0.5)
    park.park = park.park.model_copy(update={"last_year": 2028})
    plan = park.solve()
    assert [paid(plan, "start_cost", y) / (0.6 * DAY) for y in (2026, 2027, 2028)] == pytest.approx([40, 50, 60])


def test_a_ramp_holds_back_what_is_on_and_what_starts():
    plan = heat(ramp=0.2).solve()
    short = (0.6 + 0.4 + 0.2) * 2
    assert plan.system_cost == pytest.approx(DAY * (14.4 * 50 + short * 40))
    assert energy(plan, "import", "steam") == pytest.approx(short * DAY)
    plan = heat(ramp=0.1, min_load=0.5).solve()
    rises = np.array([0.2 + 0.4 + 0.02 + 0.1 * h for h in range(6)])
    short = 2 * np.maximum(1.0 - rises, 0.0).sum()
    assert energy(plan, "import", "steam") == pytest.approx(short * DAY, rel=1e-6)
    assert heat(ramp=1.0).cost() == pytest.approx(14.4 * DAY * 50)
    assert heat(ramp=1.0, other=None).cost() == pytest.approx(14.4 * DAY * 50)
    assert heat(ramp=0.2, other=None).try_to_solve().status == "infeasible"
    plan = heat(existing=0.7, ramp=1.0).solve()
    assert on(plan).max() <= 0.7 + 1e-6 and energy(plan, "import", "steam") == pytest.approx(0.3 * 12 * DAY)


def test_an_outage_leaves_less_of_the_year_of_what_is_built_or_on():
    assert heat([1.0]).cost() == pytest.approx(8760 * 50)
    plan = heat([1.0], outage=0.1).solve()
    assert plan.system_cost == pytest.approx(8760 * 50 + 876 * 40)
    assert heat(outage=0.1).cost() == pytest.approx(14.4 * DAY * 50)  # 14.4 of 21.6 MWh a day: there is time enough
    # A start is so dear that what is on stays on all year, idle at night. By activity, 14.4 of 21.6 MWh a day, nothing would be
    # missing; but more than 0.9 of 1 MW may not stay on: 0.1 MW are bought by day. Not committed, nothing is.
    plan = heat(start_cost=3000.0, min_load=0.2, outage=0.1).solve_twice()
    assert plan.system_cost == pytest.approx(DAY * (14.4 * 50 + 12 * 0.1 * 40)) and on(plan) == pytest.approx(np.full(24, 0.9))
    assert heat(start_cost=3000.0, min_load=0.2).cost() == pytest.approx(DAY * 14.4 * 50)
    assert heat(min_load=0.2, outage=0.1).cost() == pytest.approx(DAY * 14.4 * 50)
    plan = heat([1.0], existing=0.0, capital_cost=60.0, outage=0.2).solve()
    assert plan.system_cost == pytest.approx(8760 * 50 + 60 * 1.25)
    park = heat(start_cost=3000.0, min_load=0.2, outage=0.1)
    park.park = park.park.model_copy(update={"base_emissions": None})
    assert base_emissions(park.case()) == pytest.approx(0.2 * (14.4 - 1.2) * DAY)


def test_an_outage_of_what_is_on_counts_each_day_that_a_typical_day_stands_for():
    park = heat(start_cost=3000.0, min_load=0.2, outage=0.1)
    park.hours = 8760
    park.profile("shape", [1.0])
    # 165 days ask for 1 MW in every hour, 200 for 0.2 MW by night: 876 MWh fewer are on, all of them on the 200 days, where half of
    # what is off would have run.
    park.rows["demand"] = [row.model_copy(update={"value": 200 * 14.4 + 165 * 24}) for row in park.rows["demand"]]
    plan = park.solve_on_days([0] * 200 + [1] * 165, shape=[*HALVES, *[1.0] * 24])
    assert plan.system_cost == pytest.approx((200 * 14.4 + 165 * 24) * 50 + 438 * 40, rel=1e-9)


def scrubber(**fields) -> Draft:
    """Process CO2 of 1 t/h at 100 CNY/t, a plant that can capture it for power that is free by day and dear at night."""
    park = Draft()
    park.process(tonnes=8760.0, capturable=1)
    park.price("*", "carbon", 100.0, "CNY/t")
    park.supply(price=1000.0, max_import=5.0)
    park.by_the_hour("grid", park.profile("spot", [0.0] * 12 + [1.0] * 12), item="energy")
    park.supply("well", "co2", price=None, max_export=2.0)
    park.capture("scrubber", {"kiln": 1.0}, {"electricity": -0.5}, existing=1.0, **fields)
    return park


def test_a_capture_plant_stops_where_power_is_dear_unless_it_cannot():
    # By day it saves 100 a tonne, at night it would cost 500: 12 t a day.
    assert scrubber().cost() == pytest.approx(DAY * 12 * 100)
    # A start of 3000 a t/h is dearer than the 12 h of a day are worth (1200).
    assert scrubber(start_cost=3000.0, min_load=0.4).cost() == pytest.approx(DAY * 24 * 100)
    # One of 200 is worth it; one of 200 with a ramp of a quarter an hour loses 0.75 + 0.5 + 0.25 t at both ends.
    assert scrubber(start_cost=200.0, min_load=0.4).cost() == pytest.approx(DAY * (12 * 100 + 200))
    assert scrubber(ramp=0.25).cost() == pytest.approx(DAY * (12 * 100 + 2 * 1.5 * 100))


def test_a_typical_day_is_a_chain_whose_starts_count_for_every_day():
    park = heat(start_cost=1000.0, min_load=1.0)
    park.hours = 8760
    park.profile("shape", [1.0])
    plan = park.solve_on_days([0] * 200 + [1] * 165, shape=[1.0] * 24 + [0.2] * 24)
    assert paid(plan, "start_cost") == pytest.approx(0.0, abs=1e-6) and plan.system_cost == pytest.approx(sum(HALVES) * DAY * 50)
    park = heat(start_cost=40.0, min_load=0.5)
    park.hours = 8760
    park.profile("shape", [1.0])
    plan = park.solve_on_days([0] * 365, shape=HALVES)
    assert plan.system_cost == pytest.approx(14.4 * DAY * 50 + 0.6 * 40 * DAY)


def test_base_emissions_know_of_starts_and_a_plant_with_a_profile_has_none():
    park = heat(ramp=0.2)
    park.park = park.park.model_copy(update={"base_emissions": None})
    assert base_emissions(park.case()) == pytest.approx(0.2 * (14.4 - 2.4) * DAY)
    park = heat(ramp=0.2, start_cost=40.0, commitment=1, outage=0.3, min_load=0.5, profile="sun")
    park.profile("sun", [1.0])
    plan = park.solve()
    assert plan.system_cost == pytest.approx(14.4 * DAY * 50) and "online" not in set(plan.tables["dispatch"]["flow"])
    assert scrubber(outage=0.75).cost() == pytest.approx(DAY * (24 - 6) * 100)
    # Where a start is dear, a quarter of it stays on all year, and captures by day.
    plan = scrubber(outage=0.75, start_cost=3000.0).solve_twice()
    assert plan.system_cost == pytest.approx(DAY * (24 - 12 / 4) * 100)


PARKS = {
    "starts": lambda: heat(start_cost=40.0, min_load=0.5),
    "ramp": lambda: heat(ramp=0.1, min_load=0.5),
    "outage": lambda: heat([1.0], existing=0.0, capital_cost=60.0, outage=0.2),
    "capture": lambda: scrubber(ramp=0.25, start_cost=20.0, min_load=0.3, outage=0.7),
    "outage of what is on": lambda: heat(start_cost=3000.0, min_load=0.2, outage=0.1),
}


@pytest.mark.parametrize("name", PARKS)
def test_both_methods_find_the_same(name):
    costs = {method: plan_park(PARKS[name]().case(), Options(gap=GAP, compare=False, method=method)).target.system_cost
        for method in ("whole", "decomposed")}
    assert costs["decomposed"] == pytest.approx(costs["whole"], rel=1e-6)


@pytest.mark.parametrize(("name", "field", "quantity"),
    [("starts", "min_load", "minimum load of what is on"), ("starts", "start_cost", "costs.csv"),
     ("ramp", "ramp", "within the ramp"), ("outage", "outage", "outages"), ("capture", "outage", "outages"),
     ("outage of what is on", "outage", "outages"), ("capture", "ramp", "within the ramp")])
def test_the_ledger_refuses_another_figure(name, field, quantity, monkeypatch):
    def resolve_wrongly(*args):
        inputs = resolve(*args)
        factor = {"min_load": 0.9, "start_cost": 1.01, "ramp": 1.2, "outage": 0.9}[field]
        wrong = {key: factor * own for key, own in getattr(inputs.commitment, field).items()}
        return replace(inputs, commitment=replace(inputs.commitment, **{field: wrong}))
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
    with pytest.raises(LedgerError) as caught:
        PARKS[name]().solve()
    assert any(quantity in d.quantity for d in caught.value.disagreements), caught.value.disagreements


@pytest.mark.parametrize(("first", "is_right"), [(0.5, True), (0.55, False)])
def test_what_starts_begins_at_its_least_load_and_does_not_ramp_beside_it(first, is_right):
    """The ledger: 1 MW starts in the second of three hours."""
    kind, on = SimpleNamespace(min_load=0.5, ramp=0.1), np.array([0.0, 1.0, 1.0])
    figures = SimpleNamespace(types={"boiler": kind}, technologies={"plant": SimpleNamespace(type_name="boiler", derating="")})
    hours = SimpleNamespace(before=np.array([2, 0, 1]), profile=lambda _: 1.0)
    year = SimpleNamespace(figures=figures, book=Book(), y=2026, flow=lambda *_: on, hours=hours)
    equipment._check_plant(year, "plant", np.array([0.0, first, 0.5]), 1.0)
    assert (year.book.disagreements == []) is is_right


@pytest.mark.parametrize(("unit", "told"), [(0.0, False), (0.2, False), (1.0, True)])
def test_a_plant_that_runs_below_the_least_load_of_a_whole_unit_is_told(unit, told):
    """0.2 MW at night: below half of a unit of 1 MW, not of one of 0.2."""
    park = heat(min_load=0.5, commitment=1, existing_unit=unit)
    said = [str(text) for text in plan_park(park.case(), Options(gap=GAP, compare=False)).warnings if "least load" in str(text)]
    assert len(said) == told and all("in 4,380 of the 8,760 hours of 2026" in text for text in said)
