"""Committed plants in all hours of a year: months hand over what is on, and find what one matrix of all hours finds."""


from dataclasses import replace

import numpy as np
import pytest
from parks import Draft
from test_hourly_truth import one_matrix

from models.case import Cost
from models.errors import LedgerError, SolverError
from models.inputs import resolve
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver, solve_linear
from planner.solve.hours.months import Hours, LinkValues
from planner.solve.hours.operator import Columns, Operator
from planner.solve.hours.restricted_master import Conditions
from planner.solve.year.template import with_all_assets

HOURS = np.arange(8760)
COLD = 1.2 + 0.8 * np.cos(HOURS / 8760 * 2 * np.pi) + 0.3 * np.sin(HOURS / 31.0)
WORK = 1.0 + 0.5 * ((HOURS % 24 > 7) & (HOURS % 24 < 18)) + 0.1 * np.sin(HOURS / 77.0)
SPOT = 1.0 + 0.6 * np.sin(HOURS / 24 * 2 * np.pi) + 0.3 * np.sin(HOURS / 191.0)


def works(**fields) -> Draft:
    """Heat and power of a CHP that starts at a cost and ramps, a boiler with outages, and capture at the CHP."""
    park = Draft(hours=8760, base_emissions=10_000.0, **fields)
    park.demand("power", mwh=20_000.0, profile=park.profile("work", WORK))
    park.demand("warmth", "heat", 15_000.0, profile=park.profile("cold", COLD))
    park.supply("grid", price=120.0, factor=0.5, max_import=20.0, max_export=2.0, prices={"export": 30.0})
    park.by_the_hour("grid", park.profile("spot", SPOT), item="energy")
    park.supply("gas", "gas", price=30.0, factor=0.2)
    park.supply("steam", "heat", price=90.0)
    park.price("*", "carbon", 80.0, "CNY/t")
    park.supply("well", "co2", price=None, max_export=5.0, prices={"export": -10.0})
    park.converter("chp", {"heat": 1.2, "electricity": 1.0, "gas": -2.5}, existing=1.2, min_load=0.4, ramp=0.15, start_cost=60.0,
        outage=0.1)
    park.converter("boiler", {"heat": 0.9, "gas": -1.0}, existing=1.0, min_load=0.3, start_cost=20.0)
    park.capture("scrubber", {"chp": 0.9}, {"electricity": -0.3}, existing=0.4, ramp=0.1, min_load=0.5, start_cost=30.0)
    park.store(
        "tank", "heat", existing=0.5, full_power_hours=2.0, standing_loss=0.01
    )  # a larger one takes the one matrix four times as long
    return park


def operated(park: Draft, held=None, precise: float = 1e-8, exact: bool = True):
    """The year at what exists, month by month; `exact` as one of many trials."""
    case = park.case()
    inputs = resolve(case, case.goal, 10_000.0)
    operator = Operator(inputs, 2)
    operator.gap = precise
    return operator.operate(inputs.years[0], LinkValues(links_of(inputs), held or {}), {}, Conditions(is_trial=exact))


def links_of(inputs) -> dict:
    y = inputs.years[0]
    links = {("capacity", k): inputs.capacity.existing[k, y] for k in inputs.capacity.present[y]}
    links |= {("demand", u): inputs.demands.energy[u, y] for u in inputs.demands.demands}
    return links | {("process", q): co2 for (q, _), co2 in inputs.captures.process_co2.items()}


def heat(shape, steam=None, **fields) -> Draft:
    """A boiler of 1 MW on gas of 50 CNY/MWh, steam at 90; the same day all year."""
    park = Draft(hours=8760)
    park.demand("warmth", "heat", mwh=sum(shape) * 8760 / len(shape), profile=park.profile("shape", shape))
    park.supply("gas", "gas", price=50.0)
    park.supply("steam", "heat", price=90.0, max_import=steam)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=1.0, **fields)
    return park


#: The step up is at midnight, where months meet; or midnight is in the night.
AT_MIDNIGHT, IN_THE_NIGHT = [1.0] * 12 + [0.2] * 12, [0.2] * 6 + [1.0] * 12 + [0.2] * 6


@pytest.mark.parametrize("shape", [AT_MIDNIGHT, IN_THE_NIGHT], ids=["at midnight", "in the night"])
def test_a_month_begins_with_what_the_one_before_has_on(shape):
    # 0.6 MW are started a day, see test_commitment; a month that began with nothing on would start 0.4 MW more, or with all on less.
    year = operated(heat(shape, start_cost=40.0, min_load=0.5))
    assert not year.unserved and not year.coupling_slack
    least = 365 * (14.4 * 50 + 0.6 * 40)
    assert year.lagrangian_bound <= least * (1 + 1e-9)
    assert (year.cost, year.lagrangian_bound) == pytest.approx((least, least), rel=1e-6)
    assert year.terms["start_cost", "boiler"] == pytest.approx(365 * 0.6 * 40, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [AT_MIDNIGHT, IN_THE_NIGHT], ids=["at midnight", "in the night"])
def test_a_ramp_goes_on_from_month_to_month(shape):
    year = operated(heat(shape, ramp=0.1, min_load=0.5))
    short = 2 * (0.38 + 0.28 + 0.18 + 0.08)
    assert (year.cost, year.lagrangian_bound) == pytest.approx((365 * (14.4 * 50 + short * 40),) * 2, rel=1e-6)


@pytest.mark.slow
def test_where_the_year_is_no_trial_each_month_says_what_it_ends_with():
    for park, least in ((heat(IN_THE_NIGHT, start_cost=40.0, min_load=0.5), 365 * (14.4 * 50 + 0.6 * 40)),
        (heat(IN_THE_NIGHT, ramp=0.1, min_load=0.5), 365 * (14.4 * 50 + 2 * 0.92 * 40))):
        year = operated(park, exact=False)
        assert not year.unserved and not year.coupling_slack and year.cost == pytest.approx(least, rel=1e-6)


def test_month_ends_are_fixed_at_what_months_choose(monkeypatch):
    found = {}
    def fix(columns, prices):
        real(columns, prices)
        found["months"] = [(month, month.last) for month in columns.hours.months]
    real = Columns.fix_month_ends
    monkeypatch.setattr(Columns, "fix_month_ends", fix)
    operated(heat(IN_THE_NIGHT, start_cost=40.0, min_load=0.5), exact=False)
    months = [month for month, _ in found["months"]]
    values = np.zeros(12)
    for month, following in zip(months, [*months[1:], months[0]], strict=True):
        lower, upper = month.reduced.bounds(month.at_end[:, 0])
        assert np.array_equal(lower, upper) and lower[0] >= 0.2  # night is served by what is on
        assert np.array_equal(following.reduced.bounds(following.at_start[:, 0]), (lower, upper))
        values[month.month] = lower[0]
    # A month is solved again where it began otherwise than the one before it ends.
    assert all(last is None or last.values[month.at_start[0, 0]] == values[month.month - 1] for month, last in found["months"])


@pytest.mark.slow
def test_months_agree_by_prices_where_the_next_one_needs_more_than_this_one_would_end_with():
    # Without steam the boiler must be at 1 MW as the day begins: 0.4, 0.6 and 0.8 MW before, 0.8, 0.6 and 0.4 after, of which
    # 2.4 MWh a day are too much and go to waste. A month by itself ends with 0.2 MW, and the next cannot begin with 1.
    park = heat(AT_MIDNIGHT, ramp=0.2)
    park.rows["supplies"] = [s for s in park.rows["supplies"] if s.supply != "steam"]
    park.rows["prices"] = [p for p in park.rows["prices"] if p.supply != "steam"]
    park.supply("dump", "heat", price=None, max_export=1.0)
    year = operated(park, exact=False)
    assert not year.unserved and not year.coupling_slack and year.cost == pytest.approx(365 * (14.4 + 2.4) * 50, rel=1e-6)


@pytest.mark.slow
def test_an_outage_is_of_the_whole_year_also_of_what_is_on():
    park = heat([1.0], outage=0.05)
    park.by_the_hour("steam", park.profile("dear", np.where(HOURS < 744, 1.0, 2.0)), item="energy")
    year = operated(park)
    assert (year.cost, year.lagrangian_bound) == pytest.approx((8760 * 50 + 438 * 40,) * 2, rel=1e-6)
    for shape in (AT_MIDNIGHT, IN_THE_NIGHT):
        year = operated(heat(shape, start_cost=3000.0, min_load=0.2, outage=0.1))
        assert (year.cost, year.lagrangian_bound) == pytest.approx((365 * 14.4 * 50 + 438 * 40,) * 2, rel=1e-6)


@pytest.mark.slow
def test_a_capture_plant_is_handed_over_by_source():
    park = Draft(hours=8760)
    park.process(tonnes=4380.0, capturable=1)
    park.process("oven", tonnes=4380.0, capturable=1)
    park.price("*", "carbon", 100.0, "CNY/t")
    park.supply(price=1000.0, max_import=5.0)
    park.by_the_hour("grid", park.profile("spot", [0.0] * 6 + [1.0] * 12 + [0.0] * 6), item="energy")
    park.supply("well", "co2", price=None, max_export=2.0)
    park.capture("scrubber", {"kiln": 1.0, "oven": 1.0}, {"electricity": -0.5}, existing=1.0, ramp=0.25)
    year = operated(park)  # 8760 t at 100 less 12 h a day, of which a ramp takes 0.75 + 0.5 + 0.25 t at both ends
    assert (year.cost, year.lagrangian_bound) == pytest.approx((365 * (12 * 100 + 2 * 1.5 * 100),) * 2, rel=1e-6)


def test_what_a_month_is_not_told_of_the_one_before_is_refused(monkeypatch):
    """A row that knows of the hour before, with a column that nothing carries: it would be dropped without a word."""
    monkeypatch.setattr("planner.solve.hours.months.PRICED_AT_MONTH_END", ())
    with pytest.raises(SolverError, match="columns that no part has"):
        operated(heat(AT_MIDNIGHT, start_cost=40.0, min_load=0.5))


def test_only_what_crosses_the_month_is_copied():
    inputs = with_all_assets(heat(AT_MIDNIGHT, start_cost=40.0, min_load=0.5).inputs())
    hours = Hours(inputs, 2026)
    assert {total[1][0] for total in hours.totals if total[0] == "coupled"} == {"online boiler"}
    assert sum(total[0] == "coupled" for total in hours.totals) == 12
    assert not [t for t in Hours(with_all_assets(heat(AT_MIDNIGHT).inputs()), 2026).totals if t[0] == "coupled"]


@pytest.mark.slow
def test_a_plan_on_typical_days_is_operated_with_starts_and_ramps_of_all_hours():
    park = heat(IN_THE_NIGHT, start_cost=40.0, min_load=0.5, ramp=0.5)
    park.profile("shape", np.where(HOURS % 24 < 12, 1.0, 0.2) + 0.2 * np.sin(HOURS / 8760 * 2 * np.pi))
    park.park = park.park.model_copy(update={"typical_days": 4})
    plan = plan_park(park.case(), Options(gap=1e-4, compare=False)).target
    assert plan.verified
    case = park.case()
    check_plan(case, plan, 4380.0, 1e-3)


@pytest.mark.slow
def test_months_find_what_one_matrix_of_all_hours_finds():
    case = works().case()
    inputs = resolve(case, case.goal, 10_000.0)
    (y,) = inputs.years
    links = links_of(inputs)
    model = one_matrix(inputs, y, links)
    matrix, block = compile_model(model), model.year
    whole = solve_linear(Solver(matrix), simplex=True)  # with all decisions fixed the quickest
    matrix.load(whole.values)
    ends = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) * 24 - 1
    held = {(s, m): block.held[s, int(t)].value for s in inputs.storage.stores for m, t in enumerate(ends)}
    year = operated(works(), held, 3e-4)
    assert not year.unserved and not year.coupling_slack and year.cost == pytest.approx(whole.objective, rel=4e-4)
    assert year.lagrangian_bound <= whole.objective * (1 + 1e-6)
    assert year.lagrangian_bound == pytest.approx(whole.objective, rel=4e-4)


@pytest.mark.slow
def test_the_decomposed_method_on_every_hour_finds_the_least_cost_and_proves_it():
    park = heat(IN_THE_NIGHT, start_cost=40.0, min_load=0.5, outage=0.2)
    park.rows["technologies"] = [t.model_copy(update={"existing": 0.0}) for t in park.rows["technologies"]]
    park.add(Cost(type="boiler", parameter="capital_cost", value=1000.0, unit="CNY/MW"))
    park.add(Cost(type="boiler", parameter="lifetime", value=1.0, unit="year"))
    plan = plan_park(park.case(), Options(gap=1e-4, compare=False, method="decomposed")).target
    least = 365 * (14.4 * 50 + 0.6 * 40) + 1000
    assert plan.status == "optimal" and plan.system_cost == pytest.approx(least, rel=2e-4) and plan.bound <= least * (1 + 1e-7)
    assert plan.bound >= least * (1 - 2e-4)


#: Heat by day and by night, what may be bought of steam at once, hours a day in which a part of the boiler of 1 MW stays on.
@pytest.mark.parametrize(("night", "steam", "parts"), [(0.2, 1.0, 0), (0.3, 1.0, 0), (0.3, 0.1, 12), (0.6, 1.0, 0)])
def test_a_unit_is_on_or_off_in_every_hour(night, steam, parts):
    """Least load 0.5 MW: for less by night the boiler is off, and steam at 90 in place of gas at 50 warms. Rounded to the nearest,
    0.3 MW is 1 MW on, whose 0.2 MW too much have no use; 0.1 MW of steam is too little, so that these days stay as they are."""
    park = heat([1.0] * 12 + [night] * 12, steam, commitment=1, min_load=0.5, existing_unit=1.0)
    run = plan_park(park.case(), Options(days=2, compare=False))
    plan, dispatch = run.target, run.target.tables["dispatch"]
    on = dispatch[(dispatch["flow"] == "online") & (dispatch["name"] == "boiler")]["value"].to_numpy()
    more = night * 40.0 * 4380 if night < 0.5 and not parts else 0.0
    assert plan.verified and plan.units_cost == pytest.approx(more, abs=1.0)
    assert ((on > 1e-6) & (on < 1 - 1e-6)).sum() == parts * 365
    assert any("least load" in str(text) for text in run.warnings) is bool(parts)
    if not parts:  # the ledger: one hour of half a unit
        online = dispatch.index[(dispatch["flow"] == "online") & (dispatch["name"] == "boiler")]
        dispatch.loc[online[0], "value"] -= 0.05
        with pytest.raises(LedgerError) as caught:
            check_plan(park.case(), replace(plan, tables={**plan.tables, "dispatch": dispatch}), run.base)
        assert any("part of a unit" in d.quantity for d in caught.value.disagreements), caught.value.disagreements


def test_units_are_on_no_longer_than_the_plant_is_available():
    """Half of the boiler of 1 MW all year is all that an outage of a half leaves on; all of it is on in as many hours as that makes,
    and gives 0.5 MW in them. In the others steam at 90 warms in place of gas at 50."""
    park = heat([0.5] * 24, 1.0, commitment=1, min_load=0.5, existing_unit=1.0, outage=0.5)
    plan = plan_park(park.case(), Options(days=2, compare=False)).target
    rows = plan.tables["dispatch"]
    on = rows[(rows["flow"] == "online") & (rows["name"] == "boiler")]["value"].to_numpy()
    assert plan.verified and plan.units_cost == pytest.approx(0.5 * 40.0 * 4380, rel=1e-3)
    assert (on > 0.5).sum() == pytest.approx(4380, abs=12) and ((on > 1e-6) & (on < 1 - 1e-6)).sum() == 0


def test_a_capture_is_on_in_whole_units_where_what_it_takes_from_is():
    """A CHP of 1 MW is on or off; of the capture of 0.4 t/h, in units of 0.2, no unit is on where its least load is not given off."""
    park = works()
    units = {"chp": {"existing_unit": 1.2}, "scrubber": {"existing_unit": 0.2}}
    park.rows["technologies"] = [t.model_copy(update=units.get(t.technology, {})) for t in park.rows["technologies"]]
    plan = plan_park(park.case(), Options(days=2, compare=False)).target
    dispatch = plan.tables["dispatch"]
    own = {name: dispatch[(dispatch["flow"] == "online") & (dispatch["name"] == name)]["value"].to_numpy() for name in ("chp", "scrubber")}
    assert plan.verified and plan.units_cost > 0
    for name, unit in (("chp", 1.2), ("scrubber", 0.2)):
        assert np.abs(own[name] / unit - np.round(own[name] / unit)).max() < 1e-5
