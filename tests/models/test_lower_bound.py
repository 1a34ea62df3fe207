"""The lower bound over all hours of all years: never above the least cost, and near it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from parks import Draft
from pyomo.environ import ConcreteModel, Var
from slowly import first

from models.case import Price, Reserve
from models.errors import BoundError
from models.inputs import Inputs, resolve
from models.inputs.connection import scheme_key
from models.inputs.outages import Outages
from models.park import build_park
from planner.machine.stopping import Stopped, Watch, watched
from planner.solve.bound.cuts import HoursCut
from planner.solve.bound.lower_bound import KnownPlan, LowerBound, link_values
from planner.solve.bound.outer_solver import OuterSolver
from planner.solve.bound.rates import split
from planner.solve.bound.total_limits import total_limits
from planner.solve.handover.answer import Answer
from planner.solve.handover.linear import solve_linear
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver
from planner.solve.hours.operator import Conditions, Operator

HOURS = np.arange(8760)
ENDS = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) * 24 - 1


def resolved(park: Draft) -> Inputs:
    case = park.case()
    return resolve(case, case.goal, case.park.base_emissions)


def solved_whole(inputs: Inputs) -> tuple[float, dict[tuple[str, Any], float]]:
    """Least cost of all years in all hours as one matrix without whole numbers, and its decisions."""
    model = build_park(inputs)
    matrix = compile_model(model)
    assert not matrix.integer.any()
    answer = solve_linear(Solver(matrix), simplex=True)
    assert answer.status == "optimal"
    matrix.load(answer.values)
    return answer.objective, decisions_of(model, inputs)


def decisions_of(model: ConcreteModel, inputs: Inputs) -> dict[tuple[str, Any], float]:
    found = {
        (own.local_name, index): float(v.value or 0.0)
        for own in model.component_objects(Var, descend_into=False)
        for index, v in own.items()
    }
    for y in inputs.years:
        for s in inputs.storage.stores:
            found |= {("held", (s, m, y)): float(model.year[y].held[s, int(t)].value or 0.0) for m, t in enumerate(ENDS)}
    return found


def lower_of(inputs: Inputs, cost: float, gap: float, decisions: Mapping[tuple[str, Any], float] | None = None) -> LowerBound:
    return LowerBound(inputs, Operator(inputs, 1), KnownPlan(decisions or {}, {}, {}, cost, {}), gap, print)


def wind_or_grid() -> Draft:
    """1 MW in every hour; a turbine that works in every other hour saves 4380 h of 100 CNY/MWh and costs 20,000 CNY/MW."""
    park = Draft(hours=8760)
    park.profile("gusts", [1.0, 0.0])
    park.demand()
    park.supply()
    park.converter("turbine", profile="gusts", capital_cost=20_000.0, max_capacity=5.0)
    return park


LEAST = 20_000 + 4380 * 100


def test_the_bound_is_the_least_cost_where_the_plan_is_the_best():
    lower = lower_of(
        resolved(wind_or_grid()), LEAST, 1e-4, {("build", ("turbine", 2026)): 1.0, ("capacity", ("turbine", 2026)): 1.0}
    )
    assert lower.run() == pytest.approx(LEAST, rel=1e-4)
    assert lower.bound <= LEAST


def test_a_plan_that_is_far_from_the_best_does_not_lift_the_bound():
    lower = lower_of(resolved(wind_or_grid()), 876_000.0, 1e-3)  # it builds nothing
    assert lower.run() == pytest.approx(LEAST, rel=1e-3)
    assert lower.bound <= LEAST


def heated(is_held: bool) -> Draft:
    """2 MW of heat in every hour from boilers of 1 MW for 1000 CNY; a third where all is served with any one unit out."""
    park = Draft(hours=8760)
    park.demand("warmth", "heat", mwh=2 * 8760.0)
    park.supply("gas", "gas", price=0.0)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, capital_cost=1000.0, max_capacity=20.0, unit_size=1.0)
    if is_held:
        park.add(Reserve(carrier="heat", largest_out=1, operated=1))
    return park


@pytest.mark.parametrize(("is_held", "least"), [(False, 2000.0), (True, 3000.0)])
def test_the_bound_counts_what_operations_with_a_unit_out_ask_for(is_held, least):
    lower = lower_of(resolved(heated(is_held)), least, 1e-4)
    assert lower.run() == pytest.approx(least, rel=1e-4)
    assert lower.bound <= least


def test_a_bound_above_what_a_plan_is_said_to_cost_is_a_fault_of_the_program():
    lower = lower_of(resolved(wind_or_grid()), 0.9 * LEAST, 1e-3)
    with pytest.raises(BoundError, match="above the cost of a plan"):
        lower.run()


def test_work_that_is_ended_leaves_the_bound_so_far(monkeypatch):
    lower, watch = lower_of(resolved(wind_or_grid()), 876_000.0, 1e-6), Watch()
    priced = lower.price

    def price(*args):
        if lower.iterations == 2:
            watch.end("the time limit")
        return priced(*args)

    monkeypatch.setattr(lower, "price", price)
    with watched(watch), pytest.raises(Stopped):
        watch.guarded(lambda: lower.run())
    assert 0 < lower.bound <= LEAST


def test_a_scheme_that_is_not_in_force_promises_nothing_for_a_fraction_of_it():
    """1 MW behind a connection of 50 MW, by its peak at 1000 CNY/MW a month, or by what is contracted at 1200.

    At the plan, by the peak, nothing is contracted; one MW of it would save that peak. Where the first cut said so of the other
    scheme, a fiftieth of which lets 1 MW be contracted, the bound began far below the plan.
    """
    park = Draft(hours=8760, last=2027)
    park.demand()
    park.supply("grid", price=100.0, connection="line")
    park.connection("line", max_import=50.0, scheme_years=1)
    for scheme, item, price in (("by-peak", "demand_charge", 1000.0), ("by-contract", "capacity_charge", 1200.0)):
        park.add(*(Price(supply="line", item=item, scheme=scheme, year=y, value=price, unit="CNY/MW/month") for y in (2026, 2027)))
    least = 2 * (876_000 + 12 * 1000)
    chosen = {("scheme", (scheme_key("line", "by-peak"), y)): 1.0 for y in (2026, 2027)}
    lower = lower_of(resolved(park), least, 1e-6, chosen)
    lower.run(trials=0)
    assert lower.bound == pytest.approx(least, rel=1e-5)


@pytest.mark.parametrize("failing", [2, 99])
def test_other_units_are_tried_where_there_is_no_optimum_and_the_end_is_told(failing, monkeypatch, capsys):
    """HiGHS ended in an error on steep cuts, and found the optimum with the objective in other units; the proof ended without a word."""
    lower = lower_of(resolved(wind_or_grid()), 876_000.0, 1e-3)
    lower.run(trials=0)
    bound, simplex = lower.bound, lower.solver.simplex
    run, scale, runs = simplex.run, simplex.scale, []

    def often_fails(duals: bool = True):
        runs.append(simplex.scale)
        return Answer("failed", np.zeros(0), 0.0, 0.0, 0.0) if len(runs) <= failing else run(duals)

    monkeypatch.setattr(simplex, "run", often_fails)
    lower.run(trials=0)
    assert lower.bound == pytest.approx(bound)
    assert runs[2] == pytest.approx(scale * 2.0**-5)
    assert ("without an optimum" in capsys.readouterr().out) == (failing == 99)


def dearer_grid() -> Draft:
    """The same for two years, of which the second has dearer power."""
    park = Draft(hours=8760, last=2027)
    park.profile("gusts", [1.0, 0.0])
    park.demand()
    park.supply(price={2026: 100.0, 2027: 120.0})
    park.converter("turbine", profile="gusts", capital_cost=20_000.0, max_capacity=5.0)
    return park


def park_of(seed: int) -> Draft:
    """Sun, a battery, a boiler and a heat pump for a year or two, whose prices change; with charges or rules or neither."""
    dice = np.random.default_rng(seed)
    last = 2025 + int(dice.integers(1, 3))
    park = Draft(hours=8760, last=last, base_emissions=6000.0, discount_rate=0.05)
    park.profile("sun", np.clip(np.sin((HOURS % 24 - 6) / 12 * np.pi), 0, 1) * (0.6 - 0.4 * np.cos(HOURS / 8760 * 2 * np.pi)))
    park.profile("work", 1.0 + dice.uniform(0, 1) * (HOURS % 24 > 7) + dice.uniform(0, 0.3, 8760))
    park.demand("power", mwh=12_000.0, profile="work")
    series = {2026: 80.0, last: float(dice.uniform(60, 120))} if last > 2026 else 80.0
    prices = [{}, {"demand_charge": 2000.0}, {"capacity_charge": 1500.0}][seed % 3]
    park.supply("grid", price=series, factor=0.5, prices=prices)
    park.tariff(float(dice.uniform(1.2, 2.0)), hours="9-20", item="energy")
    park.converter("pv", profile="sun", capital_cost=float(dice.uniform(4e5, 9e5)), lifetime=20, max_capacity=10.0)
    park.store(full_power_hours=2, charge_efficiency=0.95, capital_cost=1e5, lifetime=10, max_capacity=20.0)
    if seed % 2:
        park.rule("net_ratio", "<=", 0.5)
        park.offset("planting", "removal", price=60.0)
    return park


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_bound_of_random_parks_is_below_the_optimum_of_all_hours_and_near_it(seed):
    inputs = resolved(park_of(seed))
    least, decisions = solved_whole(inputs)
    if seed:  # the dearer of the two to solve is tried once
        lower = lower_of(inputs, least * 1.01, 5e-3, decisions)  # said to be dearer, so that the bound has room to be wrong
        lower.run()
        assert lower.bound <= least * (1 + 1e-7)
    lower = lower_of(inputs, least, 5e-3, decisions)
    assert lower.run() >= least * (1 - 5e-3)
    assert lower.bound <= least * (1 + 1e-7)


@pytest.mark.parametrize("seed", first(1, range(3)))
def test_the_bound_of_random_parks_with_any_unit_out_is_below_the_optimum_and_near_it(seed):
    dice = np.random.default_rng(seed)
    park = Draft(hours=8760, discount_rate=0.05)
    park.demand("warmth", "heat", mwh=6000.0, profile=park.profile("work", dice.uniform(0.3, 1.0, 8760)))
    park.supply("grid", price=float(dice.uniform(60, 120)))
    park.supply("gas", "gas", price=float(dice.uniform(20, 60)))
    park.converter("boiler", {"heat": 0.9, "gas": -1.0}, capital_cost=float(dice.uniform(2e4, 6e4)), max_capacity=9.0)
    park.converter("pump", {"heat": 3.0, "electricity": -1.0}, capital_cost=float(dice.uniform(1e5, 9e5)), max_capacity=9.0)
    park.add(Reserve(carrier="heat", largest_out=1, operated=1, margin=0.1))
    inputs = resolved(park)
    least, decisions = solved_whole(inputs)
    without = lower_of(replace(inputs, outages=Outages()), least, 1e-3, decisions)
    assert without.run() < least * (1 - 5e-3)
    lower = lower_of(inputs, least, 1e-3, decisions)
    assert lower.run() >= least * (1 - 1e-3)
    assert lower.bound <= least * (1 + 1e-7)


@pytest.mark.parametrize("seed", first(2, range(5)))
def test_no_operation_of_any_year_is_below_a_cut_found_at_another(seed):
    inputs = resolved(park_of(seed))
    dice, lower = np.random.default_rng(seed), lower_of(inputs, 1e9, 1e-2)
    outline, operator = lower.outer, lower.operator

    def decided() -> np.ndarray:
        """Any capacities, and stores that hold something as months end."""
        values, built = np.zeros(len(outline.matrix.cost)), {}
        for y, places in outline.places.items():
            for (kind, key), place in zip(lower.hours[y].linking, places.linking.tolist(), strict=True):
                if kind == "capacity":
                    values[place] = built[y, key] = dice.uniform(0, 10)
            for (kind, key), place in zip(lower.hours[y].linking, places.linking.tolist(), strict=True):
                if kind == "held":
                    values[place] = dice.uniform(0, 0.5) * built[y, key[0]]
        return values

    cuts = []
    for y in inputs.years:
        hours = lower.hours[y]
        prices, contracted = dice.uniform(-20, 60, len(hours.totals)), dice.uniform(0, 3, len(hours.contracts))
        cuts.append(lower.price(y, decided(), prices, contracted))

    for z in inputs.years:
        values, hours, places = decided(), lower.hours[z], outline.places[z]
        operated = operator.operate(z, link_values(hours, outline.links_at(z, values)), {}, Conditions(is_trial=True))
        assert operated.slack <= 1e-6
        way = operated.values
        values[places.rated] = lower.rates[z].pattern @ way
        values[places.money] = lower.rates[z].constant @ way + lower.rates[z].of[z] @ values[places.rated]
        values[places.totals] = way[hours.total_places]
        values[places.contracts] = way[hours.contract_places]
        assert values[places.money] == pytest.approx(lower.cost[z] @ way)
        for cut in cuts:
            assert cut.violation(places, values) <= 1e-6 * abs(lower.cost[z] @ way)


def test_a_total_is_no_more_than_its_equipment_can_bring_to_it():
    hours = lower_of(resolved(wind_or_grid()), LEAST, 1e-3).hours[2026]
    most = dict(zip(hours.totals, total_limits(hours), strict=True))
    given = list(hours.linking)
    # Nothing else takes power up: the grid gives no more than the demand, the turbine that of every other hour.
    for total, share in ((("imported", ("grid",)), 1.0), (("converted", ("all",)), 0.5)):
        assert most[total].constant == 0.0
        assert most[total].slope == pytest.approx([share * (link == ("demand", "power")) for link in given])


def test_a_cost_is_one_shape_at_a_rate_a_year_or_a_shape_a_year():
    hour = np.array([1.0, 2.0])
    (one,) = split({2026: 10 * hour, 2027: 15 * hour}, [2026, 2027])
    assert one[0] == pytest.approx(hour / 2)
    assert one[1] == pytest.approx([20.0, 30.0])
    two = list(split({2026: hour, 2027: hour[::-1]}, [2026, 2027]))
    for y, own in ((0, hour), (1, hour[::-1])):
        assert sum(rate[y] * shape for shape, rate in two) == pytest.approx(own)


def test_a_cut_keeps_its_money_beside_slopes_of_unserved_demand():
    """HiGHS drops coefficients below 1e-9, so a row scaled by slopes of 1e11 said nothing of the cost of its year."""
    inputs = resolved(wind_or_grid())
    lower = lower_of(inputs, LEAST, 1e-4)
    free = lower.solver.optimum().objective
    hours, turbine = lower.hours[2026], [i for i, link in enumerate(lower.hours[2026].linking) if link == ("capacity", "turbine")]
    slope = np.zeros(len(hours.linking))
    slope[turbine] = -1e11
    none = np.zeros(len(hours.totals))
    cut = HoursCut(lower.rates[2026].of[2026] * 0.0, none, np.zeros(len(hours.contracts)), slope, 7e11)
    lower.solver.cuts.add(2026, cut)
    assert lower.solver.optimum().objective == pytest.approx(free + 2e11, rel=1e-6)


def test_a_cut_of_the_year_itself_has_no_sum_that_is_paid_at_rates():
    """Sums and cost of a year could grow together at no cost but for rounding, and HiGHS called such rows unbounded."""
    lower = lower_of(resolved(dearer_grid()), 2e6, 1e-4)
    own, other = lower.outer.places[2026], lower.outer.places[2027]
    rates = lower.rates[2026].of[2026]
    assert len(rates) and (rates != other.rates).any()
    assert not lower.outer.matrix.cost[own.rated].any()
    none = np.zeros(len(lower.hours[2026].totals))
    cut = HoursCut(rates, none, np.zeros(len(own.contracts)), np.zeros(len(own.linking)), 0.0)
    (columns, factors, _), (_, others, _) = cut.row(own), cut.row(other)
    at_sums = np.isin(columns, own.rated)
    assert not factors[at_sums].any()
    assert others[at_sums] == pytest.approx(rates - other.rates)


def test_units_of_columns_change_no_bound():
    lower = lower_of(resolved(dearer_grid()), 2e6, 1e-4)
    lower.run(2)
    unit = lower.solver.unit
    assert unit.max() > 1.0 and (unit[: lower.outer.decisions] == 1.0).all()
    plain = OuterSolver(lower.outer, lower.hours, 0.0, np.ones(len(unit)))
    for structure, cuts in lower.solver.cuts.cuts.items():
        for cut in cuts:
            plain.cuts.add(next(y for y, own in plain.cuts.structure.items() if own == structure), cut)
    assert plain.optimum().objective == pytest.approx(lower.solver.optimum().objective, rel=1e-6)


def nights(park: Draft) -> tuple[float, float]:
    """Two years of heat, 1 MW by day and 0.2 MW by night, of a boiler whose gas and starts have other prices in the second; what
    they cost at least without and with starts."""
    park.demand("warmth", "heat", mwh=365 * 14.4, profile=park.profile("shape", [0.2] * 6 + [1.0] * 12 + [0.2] * 6))
    park.supply("gas", "gas", price={2026: 50.0, 2027: 60.0})
    park.supply("steam", "heat", price=90.0)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=1.0, min_load=0.5, start_cost={2026: 40.0, 2027: 30.0})
    return 365 * 14.4 * (50.0 + 60.0), 365 * (14.4 * (50.0 + 60.0) + 0.6 * (40.0 + 30.0))  # 0.6 MW are started a day


#: Decisions of that park.
STANDS = {("capacity", ("boiler", y)): 1.0 for y in (2026, 2027)}


def test_a_bound_with_commitment_goes_on_from_the_one_without():
    park = Draft(hours=8760, last=2027)
    without, least = nights(park)
    inputs = resolved(park)
    quick = lower_of(replace(inputs, commitment=inputs.commitment.relaxed()), least, 1e-4, STANDS)
    assert quick.run(is_first=True) == pytest.approx(without, rel=1e-5)
    both = {own.keys[0] for own in quick.rates.values()}
    assert both == {("imports", "gas", 0)}
    lower = LowerBound(inputs, Operator(inputs, 1), quick.known, 1e-4, print, quick.warm_start())
    assert {tuple(own.keys) for own in lower.rates.values()} == {(("start", "boiler", 0), ("imports", "gas", 0))}
    assert lower.solver.optimum().objective == pytest.approx(without, rel=1e-5)  # before any trial of its own
    assert lower.run() == pytest.approx(least, rel=1e-4)
    assert lower.bound <= least * (1 + 1e-7)


def test_a_bound_takes_no_cuts_of_other_years_and_none_of_what_it_does_not_know():
    park = Draft(hours=8760, last=2027)
    nights(park)
    lower = lower_of(resolved(park), 6e5, 1e-4, STANDS)
    lower.run(1)
    found = lower.warm_start()
    ((names, cuts),) = found.cuts
    for other in (replace(names, years=(2026,)), replace(names, totals=[*names.totals, ("imported", ("coal",))])):
        fresh = lower_of(resolved(park), 6e5, 1e-4)
        longer = [replace(cut, prices=np.append(cut.prices, 1.0)[: len(other.totals)]) for cut in cuts]
        replace(found, cuts=[(other, longer)]).give(fresh.solver.cuts, fresh._cut_names())
        assert not any(fresh.solver.cuts.cuts.values())


def test_a_bound_takes_no_cut_that_pays_for_activity_where_outages_are_of_what_is_on():
    park = Draft(hours=8760, last=2027)
    nights(park)
    park.rows["types"] = [row.model_copy(update={"outage": 0.1}) for row in park.rows["types"]]
    inputs = resolved(park)
    plain = replace(inputs, commitment=inputs.commitment.relaxed())
    lower = lower_of(plain, 6e5, 1e-4, STANDS)
    lower.run(1)
    found = lower.warm_start()
    ((names, cuts),) = found.cuts
    place = list(names.totals).index(("worked", ("boiler",)))
    for price, taken in ((1.0, len(cuts)), (-1.0, 0)):
        changed = [replace(cut, prices=np.where(np.arange(len(cut.prices)) == place, price, cut.prices)) for cut in cuts]
        fresh = lower_of(inputs, 6e5, 1e-4)
        replace(found, cuts=[(names, changed)]).give(fresh.solver.cuts, fresh._cut_names())
        assert sum(len(own) for own in fresh.solver.cuts.cuts.values()) == taken
