"""Plans made on typical days and operated in every hour: the operation is the least-cost one, and plans are repaired."""

import json
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from parks import Draft
from pyomo.environ import Block, ConcreteModel, Objective

from models.case import ParkRule
from models.errors import SolverError
from models.inputs import resolve
from models.linear import weighted
from models.operation import Links, build_operation
from planner.answer.summary import summary
from planner.days import alone, choose_days, join_days, raise_demand
from planner.plan import BUSINESS, TYPICAL_DAYS
from planner.planning import verify
from planner.planning.methods import WholeMethod
from planner.planning.repair_loop import tightened
from planner.planning.run import Options, plan_park
from planner.planning.strategy import HOURLY_COLUMNS
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver, solve_linear
from planner.solve.hours.months import LinkValues, Month
from planner.solve.hours.operator import PHASE_1, Operator
from planner.solve.hours.restricted_master import Conditions, RestrictedMaster
from planner.solve.year.subproblem import RULE_WEIGHT

HOURS = np.arange(8760)
SUN = np.clip(np.sin((HOURS % 24 - 6) / 12 * np.pi), 0, 1) * (0.6 - 0.4 * np.cos(HOURS / 8760 * 2 * np.pi))
COLD = 1.0 + 0.8 * np.cos(HOURS / 8760 * 2 * np.pi) + 0.2 * np.sin(HOURS / 77.0)
WORK = 1.0 + 0.5 * ((HOURS % 24 > 7) & (HOURS % 24 < 18)) + 0.1 * np.sin(HOURS / 31.0)


def works(last: int | None = None, heat: str = "all", **prices) -> Draft:
    """Power and heat, sun, a battery, a heat pump, a boiler, a stove with biomass that is short in the year, and a tank. With a
    last year most of that is still to be bought. With "some" of the heat there is neither stove nor tank, which take most of the
    time of the one matrix; with "none" there is power alone."""
    park = Draft(hours=8760, base_emissions=10_000.0, last=last)
    def size(existing: float, cost: float) -> dict[str, float]:
        return {"existing": existing} if last is None else {"capital_cost": cost, "lifetime": 20, "max_capacity": 40.0}
    park.profile("sun", SUN)
    park.profile("cold", COLD)
    park.profile("work", WORK)
    park.demand("power", mwh=20_000.0, profile="work")
    park.supply("grid", price=600.0, factor=0.5, max_import=20.0, prices=prices)
    park.tariff(1.5, hours="9-20", item="energy")
    park.converter("pv", profile="sun", **size(6.0, 3e6))
    park.store("battery", full_power_hours=2, charge_efficiency=0.95, discharge_efficiency=0.95, **size(4.0, 5e5))
    park.offset("planting", "removal", price=900.0)
    if heat == "none":
        return park
    park.demand("warmth", "heat", 10_000.0, profile="cold")
    park.supply("gas", "gas", price=400.0, factor=0.2)
    park.converter("pump", {"heat": 3.0, "electricity": -1.0}, **size(0.4, 2.5e6))
    park.converter("boiler", {"heat": 0.9, "gas": -1.0}, **size(3.0, 3e5))
    if heat == "all":
        park.supply("chips", "biomass", price=200.0, factor=0.4, biogenic=1, max_import_year=3000.0)
        park.converter("stove", {"heat": 0.8, "biomass": -1.0}, existing=1.5)
        park.store("tank", "heat", full_power_hours=3, standing_loss=0.01, **size(6.0, 3e4))
    return park


CASES = {"free": ({}, None, {}), "rule": ({}, 0.0, {}), "peaks": ({"demand_charge": 30_000.0}, None, {}),
    "choice": ({"demand_charge": 40_000.0, "capacity_charge": 30_000.0}, None, {("pays_capacity", "grid"): 1.0}),
    "shared": ({}, None, {("contract", "field"): 4.0, ("used", "field"): 1.0, ("used", "line"): 1.0})}


def share(park: Draft) -> None:
    """Behind the connection of the grid a contract with a least energy of the year and a supply with a fee; they share a peak."""
    park.rows["supplies"] = [s.model_copy(update={"connection": "bay"}) if s.supply == "grid" else s for s in park.rows["supplies"]]
    park.connection("bay", max_import=6.0, max_export=2.0)
    park.price("bay", "demand_charge", 20_000.0, "CNY/MW/month")
    park.supply("field", price=300.0, profile="sun", contract_max=5.0, take=0.7, min_year=6000.0, connection="bay")
    park.supply("line", price=500.0, max_import=1.0, max_export=1.0, connection="bay", prices={"fixed": 1e5, "export": 200.0})


def one_matrix(inputs, y, links) -> ConcreteModel:
    """The operation of a year at what is given to it, built as for the whole method."""
    given = {kind: {name: amount for (k, name), amount in links.items() if k == kind} for kind, _ in links}
    model = ConcreteModel()
    model.year = Block()
    build_operation(model.year, inputs, y, Links(**given))
    model.cost = Objective(expr=weighted((1.0, term) for term in model.year.cost_terms.values()))
    return model


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rule", "peaks", "choice", "shared"])
def test_months_and_account_find_what_one_matrix_of_all_hours_finds(name):
    """The free park is the one under a rule without it."""
    prices, limit, chosen = CASES[name]
    # What is shared, and what peaks and contracts are of, is power: stove and tank are in the parks that are free or under a rule.
    park = works(heat={"free": "all", "rule": "all", "shared": "none"}.get(name, "some"), **prices)
    if name == "shared":
        share(park)
    if limit is not None:
        park.rule("net_ratio", "<=", limit)
    case = park.case()
    inputs = resolve(case, case.goal, 10_000.0)
    (y,) = inputs.years
    links = {("capacity", k): inputs.capacity.existing[k, y] for k in inputs.capacity.present[y]}
    links |= {("demand", u): inputs.demands.energy[u, y] for u in inputs.demands.demands} | chosen
    model = one_matrix(inputs, y, links)
    matrix, block = compile_model(model), model.year
    whole = solve_linear(Solver(matrix), simplex=True)  # with all decisions fixed the quickest
    least = whole.objective
    operator = Operator(inputs, 2)
    # The stores hold as months end what they hold in the one matrix, so that both are the same problem.
    matrix.load(whole.values)
    ends = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) * 24 - 1
    held = {(s, m): block.held[s, int(t)].value for s in inputs.storage.stores for m, t in enumerate(ends)}
    year = operator.operate(y, LinkValues(links, held), {})
    assert not year.unserved and year.cost == pytest.approx(least, rel=4e-4) and year.lagrangian_bound <= least * (1 + 1e-6)
    assert year.lagrangian_bound == pytest.approx(least, rel=4e-4)
    view = operator.view(y, year)
    bought = view.imports.of_hours(("grid",))
    assert bought.sum() == pytest.approx(year.account.imported["grid"].value, rel=1e-6)
    if name == "shared":
        together = sum(view.imports.of_hours((s,)) for s in ("grid", "field", "line"))
        assert view.peak["bay", 0].value == pytest.approx(together[:744].max())
    if name == "choice":
        assert view.contracted["grid"].value == pytest.approx(bought.max())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["choice", "rule"])
def test_the_default_plan_of_a_year_is_near_the_best_of_all_hours(name):
    """It costs nowhere less than that optimum's bound, and at most 0.7 % more, or the run warns that its days misjudge the cost.
    The free park and what is shared would be the one under a rule once more, and peaks are one of what is chosen from.

    With the choice of schemes the plan costs 0.65 % more than the optimum on its days. Plans of that cost differ in all hours: other last digits
    of the days' values, and HiGHS 1.15 and 1.16, gave 0.46, 0.52, 0.54, 0.56 and 0.65 %.
    """
    prices, limit, _ = CASES[name]
    park = works(last=2026, heat="none", **prices)
    park.park = park.park.model_copy(update={"typical_days": 12})  # as a park that says nothing
    if limit is not None:
        park.rule("net_ratio", "<=", limit)
    run = plan_park(park.case(), Options(compare=False))
    plan = run.target
    best = plan_park(park.case(), Options(days=0, compare=False, method="whole", gap=1e-5)).target
    assert plan.verified and best.bound <= plan.system_cost
    is_near = plan.system_cost <= best.system_cost * (1 + 7e-3)
    assert is_near or any("typical days" in str(text) for text in run.warnings), (plan.system_cost, best.system_cost)


def taxed():
    """Inputs of a year of power from the grid or the sun, with carbon paid for and no rule, and what is given to it."""
    park = Draft(hours=8760, base_emissions=10_000.0)
    park.profile("sun", SUN)
    park.demand(mwh=8760.0)
    park.supply(factor=0.5, prices={"carbon": 80.0})
    park.converter("pv", profile="sun", existing=1.0)
    case = park.case()
    inputs = resolve(case, case.goal, 10_000.0)
    return inputs, inputs.years[0], LinkValues({("capacity", "pv"): 1.0, ("demand", "power"): 8760.0}, {})


def test_months_are_not_asked_again_at_prices_that_the_account_confirms(monkeypatch):
    """Without rules the account pays what it pays whatever the months do: at its own prices the first proposals are the best."""
    inputs, y, given = taxed()
    solved = []
    optimum = Solver.optimum
    monkeypatch.setattr(Solver, "optimum", lambda solver, what, duals=True: (solved.append(what), optimum(solver, what, duals))[1])
    operator = Operator(inputs, 2)
    first = operator.operate(y, given, {})
    assert sum("month" in what for what in solved) == 24  # at no prices, and at those of the account
    assert first.prices["imported", ("grid",)] == pytest.approx(0.5 * 80.0)
    solved.clear()
    again = operator.operate(y, given, first.prices)
    assert sum("month" in what for what in solved) == 12 and again.cost == pytest.approx(first.cost, rel=1e-9)
    assert again.lagrangian_bound == pytest.approx(again.cost, rel=1e-9)


def test_months_that_were_freed_are_made_anew_and_others_leave_out_what_is_absent():
    inputs, y, given = taxed()
    operator = Operator(inputs, 1)
    first = operator.operate(y, given, {})
    operator.free_solvers()
    assert [hours.months for hours in operator.templates.known.values()] == [[]]
    assert operator.operate(y, given, first.prices).cost == pytest.approx(first.cost, rel=1e-9)
    operator.absent = frozenset({"pv"})
    assert operator.operate(y, LinkValues({("demand", "power"): 8760.0}, {}), first.prices).cost > first.cost


@pytest.mark.slow
def test_plans_side_by_side_have_their_months_one_after_the_other(monkeypatch):
    """Whoever operates a plan is alone with its months, and leaves none."""
    park, seen, operate = Draft(hours=8760, base_emissions=10_000.0), [], Operator.operate
    park.demand(mwh=8760.0)
    park.supply(factor=0.5)
    def watched(*given):
        other = threading.Thread(target=lambda: seen.append(verify._MONTHS.acquire(blocking=False)))
        other.start()
        other.join()
        return operate(*given)
    monkeypatch.setattr(Operator, "operate", watched)
    assert plan_park(park.case(), Options(days=1, compare=False)).target.verified and seen and not any(seen)
    assert not verify._MONTHS.locked()


def test_the_last_proposals_before_the_most_rounds_are_in_the_mix(monkeypatch):
    """The account did not know of them: an IndexError."""
    inputs, y, given = taxed()
    least = Operator(inputs, 2).operate(y, given, {}).cost
    monkeypatch.setattr("planner.solve.hours.operator.ROUNDS", 1)
    year = Operator(inputs, 2).operate(y, given, {})
    assert year.rounds == 1 and year.cost == pytest.approx(least, rel=1e-9)


def test_nothing_is_paid_for_what_is_less_than_the_tolerance_of_the_solver(monkeypatch):
    """A demand charge of 40,000 on 6e-11 MW: 2.4e-6 were in the costs of a plan, and no import was in its flows."""
    park = Draft(hours=8760, base_emissions=10_000.0)
    park.demand(mwh=8760.0)
    park.supply(price=100.0)
    park.supply("dear", price=900.0, prices={"demand_charge": 40_000.0})
    case = park.case()
    inputs = resolve(case, case.goal, 10_000.0)
    (y,), solve = inputs.years, Month.solve
    operator = Operator(inputs, 2)
    imports = operator.hours(y).series["imports"]["dear",]
    def noisy(month, prices):
        column = solve(month, prices)
        return replace(column, values=np.where(np.isin(month.columns, imports), 6e-11, column.values))
    monkeypatch.setattr(Month, "solve", noisy)
    operation = operator.operate(y, LinkValues({("demand", "power"): 8760.0}, {}), {})
    assert operation.values[imports].max() == 6e-11 and operator.view(y, operation).imports.of_hours(("dear",)).max() == 0.0
    assert operation.terms["demand_charge", "dear"] == 0.0


def test_a_plant_without_capacity_does_no_work_within_the_tolerance_of_the_solver(monkeypatch):
    """1.4e-6 t/h were captured by a plant that has no capacity in the year, which the ledger refuses."""
    inputs, y, _ = taxed()
    given, optimum = LinkValues({("capacity", "pv"): 0.0, ("demand", "power"): 8760.0}, {}), Solver.optimum
    def rough(solver, what, duals=True):
        answer = optimum(solver, what, duals)
        return replace(answer, values=answer.values + 1.4e-6) if "month" in what else answer
    monkeypatch.setattr(Solver, "optimum", rough)
    operator = Operator(inputs, 2)
    operation = operator.operate(y, given, {})
    assert operator.view(y, operation).activity.of_hours(("pv",)).max() == 0.0


def test_a_share_below_the_tolerance_of_the_solver_is_none():
    """Of 5,000 t captured in a column a share of 1e-9 would be listed in some hours and not in others."""
    master = SimpleNamespace(values=np.array([0.25, 0.75, 6e-11, 1.0, -1e-12]), shares_at=[[0, 1, 2], [3, 4]])
    assert [own.tolist() for own in RestrictedMaster.shares(master)] == [[0.25, 0.75, 0.0], [1.0, 0.0]]


def test_what_a_year_of_hours_misses_at_least_costs_nothing_else():
    """1 MW is needed and 0.9 MW can be bought, at whatever price: a tenth of the peak is missing in 8,760 hours."""
    park = Draft(hours=8760, base_emissions=10_000.0)
    park.demand(mwh=8760.0)
    park.supply(price=1e4, max_import=0.9)
    inputs = resolve(park.case(), park.case().goal, 10_000.0)
    given = LinkValues({("demand", "power"): 8760.0}, {})
    year = Operator(inputs, 2).operate(2026, given, {}, Conditions(is_trial=True, phase_1=True))
    assert year.cost / PHASE_1 == pytest.approx(876.0) and year.lagrangian_bound / PHASE_1 == pytest.approx(876.0)
    assert year.slack == pytest.approx(0.1)


def test_a_charge_of_capacity_is_no_slack():
    """1 MW of the grid at a capacity charge serves all: nothing is missing, though the capacity is to be paid."""
    park = Draft(hours=8760, base_emissions=10_000.0)
    park.demand(mwh=8760.0)
    park.supply(prices={"capacity_charge": 30_000.0})
    inputs = resolve(park.case(), park.case().goal, 10_000.0)
    year = Operator(inputs, 2).operate(2026, LinkValues({("demand", "power"): 8760.0}, {}), {},
        Conditions(is_trial=True, phase_1=True))
    assert (year.cost, year.lagrangian_bound) == (0.0, 0.0)


def test_a_rule_that_a_year_of_hours_breaks_counts_as_in_typical_days():
    """4,380 t where a rule allows 4,000: 0.038 of the base, which counts two hundredfold."""
    park = Draft(hours=8760, base_emissions=10_000.0)
    park.demand(mwh=8760.0)
    park.supply(factor=0.5)
    park.rule("net_ratio", "<=", 0.4)
    inputs = resolve(park.case(), park.case().goal, 10_000.0)
    year = Operator(inputs, 2).operate(2026, LinkValues({("demand", "power"): 8760.0}, {}), {},
        Conditions(is_trial=True, phase_1=True))
    assert sum(year.violations.values()) == pytest.approx(380.0) and year.slack == pytest.approx(0.038 * RULE_WEIGHT)
    assert year.cost / PHASE_1 == pytest.approx(0.038 * RULE_WEIGHT)


def test_an_account_that_its_basis_fails_is_solved_anew(monkeypatch):
    inputs, y, given = taxed()
    right = Operator(inputs, 2).operate(y, given, {})
    run, failed = Solver.run, []
    def runs(solver, duals=True):
        answer = run(solver, duals)
        if len(solver.matrix.columns) < 300 and not failed:  # the account, not a month
            failed.append(answer)
            return replace(answer, status="feasible")
        return answer
    monkeypatch.setattr(Solver, "run", runs)
    assert Operator(inputs, 2).operate(y, given, {}).cost == pytest.approx(right.cost, rel=1e-9) and failed


def spiky(**fields) -> Draft:
    """1 MW of heat but on one day, when it is 3 MW; boilers are bought."""
    park = Draft(hours=8760)
    shape = np.ones(8760)
    shape[24 * 40 : 24 * 41] = 3.0
    park.profile("cold", shape)
    park.demand("warmth", "heat", float(shape.sum()), profile="cold")
    park.supply("gas", "gas", price=10.0, factor=0.2)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, capital_cost=1000.0, **fields)
    park.rule("net_ratio", "<=", 1.0)
    return park


@pytest.mark.slow
def test_a_day_that_typical_days_do_not_know_joins_them():
    case = spiky().case()
    plain = plan_park(case, Options(days=1, verify=False, compare=False)).target
    held = plan_park(case, Options(days=1, compare=False))
    assert not plain.verified and plain.bound is None and plain.on_days.cost == plain.system_cost
    assert plain.tables["investments"]["build"].sum() < 1.1
    assert held.target.verified and held.target.status == "feasible" and held.target.bound is None
    assert held.target.repairs == 1 and held.typical_days == 2
    assert held.target.tables["investments"]["build"].sum() == pytest.approx(3.0, rel=1e-3)
    energy = held.target.tables["energy"]
    assert energy.query("flow == 'demand'")["value"].sum() == pytest.approx(8760 + 48, rel=1e-9)


@pytest.mark.slow
def test_all_tables_are_of_every_hour_and_the_differences_are_told():
    plan = plan_park(spiky().case(), Options(days=2, compare=False)).target
    assert plan.verified and len(plan.tables["dispatch"]["hour"].unique()) == 8760 and plan.tables["typical_days"].empty
    hourly = plan.tables["hourly"]
    now = plan.tables["system_cost"].groupby(["item", "name"])["value"].sum()
    told = hourly[hourly["table"] == "system_cost"].groupby(["item", "name"])[["typical_days", "hourly", "difference"]].sum()
    assert told["hourly"].sum() == pytest.approx(now.sum(), rel=1e-9)
    assert told["hourly"].sum() == pytest.approx(plan.system_cost, rel=1e-9)
    assert told["typical_days"].sum() == pytest.approx(plan.on_days.cost, rel=1e-9)
    off = hourly["difference"] - (hourly["hourly"] - hourly["typical_days"])
    assert (off.abs() <= 1e-9 * hourly["hourly"].abs()).all()  # less than that is rounding, and told as 0


def sunny_every_second_day(limit: float = 0.72) -> Draft:
    """Sun of the typical day every day is too much of it: the cap on gas holds on the day, and not in the year."""
    park = Draft(hours=8760)
    park.profile("sun", np.where(HOURS // 24 % 2 == 0, 1.0, 0.0) * (HOURS % 24 > 11))
    park.demand("power", mwh=8760.0)
    park.supply("grid", price=100.0, factor=0.5)
    park.converter("pv", capital_cost=10_000.0, profile="sun")
    park.store(capital_cost=50_000.0, lifetime=1)
    park.rule("gross_ratio", "<=", limit)
    return park


@pytest.mark.slow
def test_a_rule_that_typical_days_meet_and_hours_do_not_is_repaired():
    plan = plan_park(sunny_every_second_day().case(), Options(days=1, compare=False)).target
    assert plan.verified
    stages = plan.tables["stages"]
    assert stages["holds"].all() and stages["value"].max() <= 0.72 + 1e-3
    assert stages["limit"].unique().tolist() == [0.72] and stages["tolerance"].unique().tolist() == [1e-3]


def test_prices_at_which_a_month_is_unbounded_are_left(monkeypatch):
    asked = []
    def operated(self, y, given, prices, conditions, fixes_month_ends):
        asked.append(dict(prices))
        if prices:
            raise SolverError("unbounded")
        return "operated"
    monkeypatch.setattr(Operator, "_operate", operated)
    assert Operator.__new__(Operator).operate(2026, {}, {"co2": -1e9}, Conditions(is_trial=True)) == "operated"
    assert asked == [{"co2": -1e9}, {}]


def test_a_month_without_an_optimum_leaves_no_other_at_work(monkeypatch):
    """The year is tried again with the same months: one still being solved was taken for a run that was stopped."""
    inputs, y, given = taxed()
    least = Operator(inputs, 2).operate(y, given, {}).cost
    told, solve, begun = [], Month.solve, threading.Event()
    def solved(month, prices):
        if prices.max() < 1e6:
            told.append("again")
        elif month.month == 0:
            begun.wait(10.0)
            raise SolverError("unbounded")
        elif not begun.is_set():
            begun.set()
            time.sleep(1.0)
            told.append("ended")
        return solve(month, np.minimum(prices, 1e3))
    monkeypatch.setattr(Month, "solve", solved)
    assert Operator(inputs, 2).operate(y, given, {("imported", ("grid",)): 1e7}).cost == pytest.approx(least, rel=1e-9)
    assert told[0] == "ended"


def test_a_month_is_solved_at_the_costs_of_its_year_and_of_the_prices():
    """HiGHS is given the costs that changed, and has all of them: of the first prices, of a year with others, of other prices."""
    inputs, y, given = taxed()
    hours = Operator(inputs, 1).hours(y)
    cost, _ = hours.cost_of(inputs, y)
    month = hours.months[0]
    for factor, price in ((1.0, 0.0), (1.0, 50.0), (2.0, 50.0), (2.0, 0.0)):
        hours.set_year(given, y, factor * cost, 1e5, is_trial=False)
        prices = np.full(len(hours.priced), price)
        month.solve(prices)
        wanted = factor * cost[month.columns] + prices @ month.sums
        had = np.array(month.solver.object.getLp().col_cost_)[: len(wanted)] / month.solver.scale
        assert had == pytest.approx(wanted, rel=1e-12)
    assert (prices @ month.sums == 0).all() and (50.0 * np.ones(len(prices)) @ month.sums != 0).any()


def test_a_rule_has_its_whole_penalty_from_the_first_round_on():
    """Half of what the grid emits may be emitted: clean power costs 1,400 CNY/MWh more, so a tonne 2,800 CNY. That is less than a
    tenth of the penalty. At a twentieth of it the rule would be broken first, to the gap, and then anew."""
    park = Draft(hours=8760, base_emissions=4380.0)
    park.profile("work", WORK)
    park.demand(mwh=8760.0, profile="work")
    park.supply("grid", price=100.0, factor=0.5)
    park.supply("clean", price=1500.0)
    park.rule("net_ratio", "<=", 0.5)
    inputs = resolve(park.case(), park.case().goal, 4380.0)
    year = Operator(inputs, 2).operate(2026, LinkValues({("demand", "power"): 8760.0}, {}), {})
    assert year.cost == pytest.approx(4380 * 100.0 + 4380 * 1500.0, rel=1e-6)
    assert year.prices["imported", ("grid",)] == pytest.approx(1400.0, rel=1e-6)
    assert year.rounds <= 6  # 7 from a twentieth on


@pytest.mark.slow
def test_a_rule_of_the_park_that_typical_days_meet_and_hours_do_not_is_repaired():
    park = sunny_every_second_day()
    (stage,) = park.rows.pop("stages")
    park.add(ParkRule(rule="law", metric=stage.metric, sense=stage.sense, limit=stage.limit))
    park.rule("net_ratio", "<=", 10.0)
    plan = plan_park(park.case(), Options(days=1, compare=False)).target
    assert plan.verified and plan.repairs >= 1 and plan.tables["rules"]["value"].max() <= 0.72 + 1e-3


@pytest.mark.slow
def test_a_rule_that_is_missed_by_little_is_drawn_tighter(monkeypatch):
    """Strong wind is too much now and then: 2 % of the park's energy is bought on the typical day, and 2.47 % in all hours."""
    park = Draft(hours=8760)
    park.profile("wind", np.where(HOURS // 24 % 2 == 0, 0.515, 0.485))
    park.demand("power", mwh=8760.0)
    park.supply("grid", price=100.0, factor=0.5)
    park.converter("turbine", capital_cost=5e6, profile="wind")
    park.rule("gross_ratio", "<=", 0.02)
    monkeypatch.setattr("planner.planning.repair_loop.MARGIN", 2.2)  # half of what is tightened is lost to the strong wind
    told = []
    plan = plan_park(park.case(), Options(days=1, compare=False), lambda *words: told.append(words)).target
    assert [words for step, words in told if step == "repairing"] == [
        "target: gross_ratio of zero-carbon is missed by 0.47% in 2026"]
    assert plan.verified and plan.repairs == 1
    days = plan.on_days  # other days than before, and a rule that is tighter than the park's: nothing is known of them as they are
    assert (days.count, len(days.added), days.raised, days.bound) == (3, 2, False, None) and days.repaired_gap <= 1e-3
    assert 0.019 < plan.tables["stages"]["value"].max() <= 0.02 + 1e-3
    assert plan.tables["stages"]["limit"].unique().tolist() == [0.02]


@pytest.mark.slow
def test_a_rule_is_drawn_tighter_than_the_orders_could_keep_it_operated_otherwise():
    """Wind of 1.2 MW, of which every second day half blows too much: 0.6 MW on the typical day, 0.53 in all hours. The limit of
    0.3 MW of grid asks for 0.1 MW of the plant there, or of the dear supply; drawn tighter by 1.2 times the 0.07 MW that are
    missed, the supply would do, which all hours use up."""
    park = Draft(hours=8760, base_emissions=8760.0)
    park.profile("wind", np.where(HOURS // 24 % 2 == 0, 0.95, 0.05))
    park.demand("power", mwh=8760.0)
    park.supply("grid", price=100.0, factor=1.0)
    park.supply("dear", price=300.0, max_import=0.1)
    park.converter("turbine", existing=1.2, profile="wind")
    park.converter("plant", capital_cost=1.5e6)
    park.rule("gross_ratio", "<=", 0.3)
    told = []
    plan = plan_park(park.case(), Options(days=1, compare=False, method="decomposed"), lambda *words: told.append(words)).target
    assert len([words for step, words in told if step == "repairing"]) == 1 == plan.repairs
    assert plan.verified and plan.tables["stages"]["value"].max() <= 0.3 + 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("margin", [30.0, 0.1], ids=["drawn too tight", "drawn too little tighter"])
def test_days_that_are_too_few_to_tell_of_a_rule_become_more(monkeypatch, margin):
    monkeypatch.setattr("planner.planning.repair_loop.MARGIN", margin)
    told = []
    plan = plan_park(sunny_every_second_day().case(), Options(days=1, compare=False), lambda *words: told.append(words)).target
    assert plan.verified and plan.repairs == 2
    said = [words for step, words in told if step == "repairing" and "chosen" in words]
    assert said == ["3 typical days are chosen"]
    assert plan.tables["stages"]["value"].max() <= 0.72 + 1e-3 and plan.tables["stages"]["limit"].unique().tolist() == [0.72]


@pytest.mark.slow
def test_a_small_park_without_a_plan_on_more_days_is_planned_on_every_hour(monkeypatch):
    monkeypatch.setattr("planner.planning.repair_loop.MARGIN", 30.0)
    monkeypatch.setattr("planner.planning.repair_loop.MOST_DAYS", 1)
    run = plan_park(sunny_every_second_day().case(), Options(days=1, compare=False))
    assert run.target.verified and not run.typical_days and run.target.tables["stages"]["value"].max() <= 0.72 + 1e-3


def test_a_missed_rule_is_drawn_tighter_whichever_way_it_looks_and_the_tables_tell_the_case_s_limit():
    park = Draft()
    park.demand("power", mwh=8760.0)
    park.supply("grid", price=100.0, factor=0.5)
    park.rule("net_ratio", "<=", 0.5)
    park.rule("clean_share", ">=", 0.2)
    carbon = park.inputs().carbon
    (y,) = carbon.rules
    stage = carbon.rules[y][0].stage
    now = tightened(carbon, {(y, stage, "net_ratio"): 0.03, (y, stage, "clean_share"): 0.02})
    assert {r.metric: r.limit for r in now.rules[y]} == pytest.approx({"net_ratio": 0.47, "clean_share": 0.22})
    assert {r.metric: r.limit for r in carbon.rules[y]} == {"net_ratio": 0.5, "clean_share": 0.2}


@pytest.mark.slow
def test_a_limit_of_the_year_that_typical_days_keep_and_hours_do_not_is_repaired():
    """Sun every second day: on the typical day it halves what is bought, in the year less, since nothing carries it over."""
    park = Draft(hours=8760)
    park.profile("sun", np.where(HOURS // 24 % 2 == 0, 1.0, 0.0) * (HOURS % 24 > 11))
    park.demand("power", mwh=8760.0)
    park.supply("grid", price=100.0, max_import_year=6000.0)
    park.converter("pv", capital_cost=10_000.0, profile="sun")
    park.store(capital_cost=50_000.0, lifetime=1)
    plan = plan_park(park.case(), Options(days=1, compare=False)).target
    assert plan.verified and plan.repairs
    bought = plan.tables["energy"].query("flow == 'import'")["value"].sum()
    assert bought <= 6000.0 * (1 + 1e-6)


@pytest.mark.slow
def test_what_a_limit_of_the_year_forbids_is_unserved_and_not_bought():
    park = works()
    park.rows["supplies"] = [
        s.model_copy(update={"max_import_year": 5000.0} if s.supply == "grid" else {}) for s in park.rows["supplies"]]
    case = park.case()
    inputs = resolve(case, case.goal, 10_000.0)
    (y,) = inputs.years
    links = {("capacity", k): inputs.capacity.existing[k, y] for k in inputs.capacity.present[y]}
    links |= {("demand", u): inputs.demands.energy[u, y] for u in inputs.demands.demands}
    year = Operator(inputs, 2).operate(y, LinkValues(links, {}), {})
    assert year.account.imported["grid"].value <= 5000.0 * (1 + 1e-6) and year.unserved and not year.coupling_slack


def test_without_verification_every_place_says_so(tmp_path):
    case = spiky().case()
    run = plan_park(case, Options(days=1, verify=False))
    facts = summary(run, case)
    assert facts["verified"] is False
    assert all(plan["verified"] is False for plan in facts["plans"].values() if plan["system_cost"] is not None)
    assert json.dumps(facts)


def test_a_plan_made_on_every_hour_is_verified_as_it_is():
    park = spiky()
    plan = plan_park(park.case(), Options(days=0, compare=False)).target
    assert plan.verified and plan.repairs == 0 and plan.on_days is None


def test_days_join_as_themselves():
    case = spiky().case()
    days = choose_days(case, 1)
    assert days is not None
    joined = join_days(days, case, [40, 7])
    assert joined.count == 3 and joined.of_day[40] == 1 and joined.of_day[7] == 2 and (joined.profiles["cold"][24:48] == 3.0).all()
    assert alone(joined) == {40: 1, 7: 2}
    raised = raise_demand(joined, {("cold", 1, 5): 1.5})
    assert raised.profiles["cold"][24 + 5] == 4.5 and joined.profiles["cold"][24 + 5] == 3.0


@pytest.mark.slow
def test_a_plan_that_no_joined_day_mends_is_made_on_every_hour(monkeypatch):
    monkeypatch.setattr("planner.planning.strategy.REPAIRS", 0)
    plan = plan_park(spiky().case(), Options(days=1, compare=False)).target
    assert plan.verified and plan.status == "optimal" and plan.repairs == 1
    assert plan.tables["investments"]["build"].sum() == pytest.approx(3.0, rel=1e-3)


@pytest.mark.slow
def test_a_goal_that_no_hours_can_meet_is_out_of_reach_though_typical_days_meet_it():
    run = plan_park(spiky(max_capacity=2.0).case(), Options(days=1, compare=False))
    assert run.target.status == "infeasible" and not run.target.has_tables and run.target.repairs
    assert "1 MW of heat are missing in 2026, hour 960 of the profiles; hours in all: 24." in run.explanation[0]


def tank_park(base: float = 0.8, peak: float = 1.4, **tank) -> Draft:
    """A boiler of 1 MW, and a tank: of one cold day it serves what the boiler cannot, and is charged on the days before it."""
    park = Draft(hours=8760)
    load = np.full(8760, base)
    load[40 * 24 + 6 : 40 * 24 + 20] = peak
    park.demand("warm", "heat", mwh=float(load.sum()), profile=park.profile("cold", load))
    park.supply("gas", "gas", price=10.0)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, existing=1.0)
    park.store("tank", "heat", existing=12.0, **{"standing_loss": 0.001, "full_power_hours": 4.0} | tank)
    return park


@pytest.mark.slow
def test_a_day_that_cannot_end_as_it_began_makes_no_park_impossible():
    """14 hours of 1.4 MW and 10 of 0.8: the boiler alone would charge 2 MWh on that day, and 5.6 are needed."""
    run = plan_park(tank_park().case(), Options(days=4, compare=False))
    assert run.target.verified and run.target.status == "optimal" and not run.target.tables["investments"]["build"].any()


def test_a_large_park_that_cannot_be_planned_on_typical_days_says_that_all_hours_were_not_tried(monkeypatch):
    monkeypatch.setattr("planner.planning.strategy.HOURLY_COLUMNS", 0)
    run = plan_park(tank_park().case(), Options(days=4, compare=False))
    assert (run.target.status, run.target.proof) == ("infeasible", TYPICAL_DAYS)
    assert "on typical days (4); that no plan does so in all hours is not proven" in run.explanation[-1]


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "status"), [(HOURLY_COLUMNS, "optimal"), (0, "failed")])
def test_business_as_usual_is_not_called_impossible_for_what_stores_hold_on_typical_days(monkeypatch, columns, status):
    """Four hours of 1.6 MW as February begins, before which the tank need not be empty as the typical days have it."""
    monkeypatch.setattr("planner.planning.strategy.HOURLY_COLUMNS", columns)
    found = []
    monkeypatch.setattr("planner.planning.run._compare", lambda *given: found.append(given[4].plan(BUSINESS)) or given[5])
    park = tank_park(0.8, 0.8, standing_loss=0.01)
    park.profiles["cold"][31 * 24 : 31 * 24 + 4] = 1.6
    plan_park(park.case(), Options(days=2))
    (usual,) = found
    assert usual.status == status
    if status == "failed":
        assert "with what stores hold as months end as on the typical days" in usual.note


@pytest.mark.slow
def test_a_plan_that_no_repair_makes_hold_says_why(monkeypatch):
    monkeypatch.setattr("planner.planning.strategy.REPAIRS", 0)
    solve = WholeMethod.plan
    monkeypatch.setattr(WholeMethod, "plan", lambda own, name: solve(own, name) if own.task.days else own.task.no_plan(name))
    case = spiky().case()
    run = plan_park(case, Options(days=1, compare=False))
    assert run.target.status == "feasible" and not run.target.verified and run.target.has_tables
    assert "MW of heat in park cannot be had in 2026 on day 41, hour" in run.target.failure
    assert summary(run, case)["hourly_failure"] == run.target.failure


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rule", "choice"])
def test_what_a_decision_costs_more_is_a_cut_that_no_operation_is_below(name):
    prices, limit, chosen = CASES[name]
    park = works(**prices)
    if limit is not None:
        park.rule("net_ratio", "<=", limit)
    inputs = park.inputs()
    (y,) = inputs.years
    links = {("capacity", k): inputs.capacity.existing[k, y] for k in inputs.capacity.present[y]}
    links |= {("demand", u): inputs.demands.energy[u, y] for u in inputs.demands.demands} | chosen
    held = {(s, m): 0.3 * links["capacity", s] for s in inputs.storage.stores for m in range(12)}
    operator = Operator(inputs, 2)
    def operate(links, held):
        return operator.operate(y, LinkValues(links, held), {}, Conditions(is_trial=True))
    def cut(links, held):
        now = {**links, **{("held", key): amount for key, amount in held.items()}}
        return year.lagrangian_bound + sum(slope * (now[key] - here[key]) for key, slope in year.slope.items() if key in here)
    year = operate(links, held)
    here = {**links, **{("held", key): amount for key, amount in held.items()}}
    assert {key for key, slope in year.slope.items() if abs(slope) > 1e-6} >= {("capacity", "pv"), ("demand", "warmth")}
    assert any(abs(year.slope["held", ("tank", m)]) > 1e-3 for m in range(12))
    random = np.random.default_rng(7)
    for reach in (0.02, 0.5):
        size = random.uniform(1 - reach, 1 + reach, len(links)).tolist()
        other = {key: links[key] * (1 if key[0] == "pays_capacity" else by) for key, by in zip(links, size, strict=True)}
        full = {(s, m): other["capacity", s] * random.uniform(0, 1 if reach > 0.1 else 0.6) for s, m in held}
        now, below = operate(other, full), cut(other, full)
        assert now.cost >= below * (1 - 1e-7)
        if reach < 0.1:
            assert now.cost - below <= 5e-3 * now.cost  # and it is no cut far below


@pytest.mark.slow
def test_every_hour_by_months_finds_what_one_matrix_finds():
    park = works(last=2026, heat="none")
    park.rule("net_ratio", "<=", 0.35)
    case = park.case()
    months = plan_park(case, Options(days=0, compare=False, method="decomposed", gap=2e-3)).target
    whole = plan_park(case, Options(days=0, compare=False, method="whole", gap=1e-4)).target
    assert months.status == whole.status == "optimal" and months.verified and months.gap <= 2e-3
    assert months.bound <= whole.system_cost * (1 + 1e-6)
    assert whole.system_cost * (1 - 1e-4) <= months.system_cost <= whole.system_cost * (1 + 2e-3)


def test_a_limit_of_the_year_that_the_first_prices_miss_far_takes_few_rounds():
    """Chips for 3,000 of 8,760 MWh, dearer than the grid by night; at the first prices all is made of them. The duals of what is
    beyond the limit, at its high penalty, say nothing of the price that keeps to it."""
    park = Draft(hours=8760, base_emissions=10_000.0)
    park.demand(mwh=8760.0)
    park.supply("chips", price=200.0, max_import_year=3000.0)
    park.supply("grid", price=100.0)
    park.tariff(4.0, hours="9-20", item="energy", supply="grid")
    inputs = resolve(park.case(), park.case().goal, 10_000.0)
    year = Operator(inputs, 2).operate(2026, LinkValues({("demand", "power"): 8760.0}, {}), {("imported", ("chips",)): -900.0})
    assert year.cost == pytest.approx(3000.0 * 200.0 + 1380.0 * 400.0 + 4380.0 * 100.0, rel=1e-6) and year.rounds <= 6
    assert not year.coupling_slack
