"""Both methods on random parks with every feature: the same verdict, the same cost within the gaps, and at caps by a hair."""

from itertools import product

import numpy as np
import pytest
from contract_parks import bound_park
from full_parks import full_park
from parks import Draft
from random_parks import random_park
from slowly import first

from models.case import Case
from models.park import build_park
from planner.plan import Plan
from planner.planning.run import Options, plan_park
from planner.planning.variants import is_asked_more, not_asked_of_reference
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver
from planner.solve.whole.whole import Limits, solve_whole

#: Parks of a test run, and those whose least emissions are looked for, by hand two hundred and more.
PARKS, HAIR = 6, 1
GAPS = 1e-3, 1e-5, 1e-6
EXACT = 1e-7


def planned(case: Case, method: str, gap: float) -> Plan:
    return plan_park(case, Options(gap=gap, method=method, compare=False)).target


@pytest.mark.parametrize("seed", first(3, range(PARKS)))
def test_both_methods_say_the_same_of_a_park_with_every_feature(seed: int) -> None:
    case = full_park(seed).case()
    gap = GAPS[seed % len(GAPS)]
    whole, other = planned(case, "whole", EXACT), planned(case, "decomposed", gap)
    assert other.status == whole.status
    if whole.has_tables:
        cent = 1e-2 + 1e-8 * abs(whole.system_cost)
        assert other.gap <= gap and other.bound <= whole.system_cost + cent and other.system_cost >= whole.bound - cent
        assert other.system_cost <= whole.system_cost + (gap + EXACT) * abs(whole.system_cost) + cent


def test_where_the_reference_is_asked_less_it_stands_for_no_other_plan() -> None:
    """Rows that the variant of the reference leaves out are told by the inputs, too."""
    found = set()
    for seed, (make, field) in product(range(4),
        ((full_park, {}), (bound_park, {}), (random_park, {"max_growth": 0.5}), (random_park, {}))):
        park = make(seed)
        park.rows["technologies"] = [t.model_copy(update=field) for t in park.rows["technologies"]]
        inputs = park.inputs()
        is_less = bool(not_asked_of_reference(build_park(inputs)))
        assert is_asked_more(inputs) >= is_less
        found.add(is_less)
    assert found == {True, False}


def least_ratio(seed: int) -> float:
    """The least that gross emissions of the last year can be, as a share of base."""
    inputs = capped(seed, 10.0).inputs()
    model = build_park(inputs)
    matrix = compile_model(model)
    solver, cost = Solver(matrix), np.zeros(len(matrix.cost))
    cost[matrix.column[id(model.year[inputs.years[-1]].figure["gross"])]] = 1.0
    solver.scale = 1.0
    solver.set_cost(cost)
    answer = solve_whole(solver, Limits(gap=1e-9))
    assert answer.status == "optimal"
    return answer.objective / inputs.carbon.base


def capped(seed: int, limit: float) -> Draft:
    """The park of a seed with that one rule, in its last year."""
    park = full_park(seed)
    park.rows["stages"] = []
    park.rule("gross_ratio", "<=", limit)
    park.goal(park.park.last_year)
    return park


@pytest.mark.parametrize("seed", range(HAIR))
def test_both_methods_say_the_same_by_a_hair_of_the_least_possible(seed: int) -> None:
    least = least_ratio(seed)
    for by in (-1e-4, -1e-6, 1e-6, 1e-4):
        case = capped(seed, least + by * max(abs(least), 0.01)).case()
        found = {method: planned(case, method, 1e-3).status for method in ("whole", "decomposed")}
        assert found == dict.fromkeys(found, "infeasible" if by < 0 else "optimal"), (by, found)
