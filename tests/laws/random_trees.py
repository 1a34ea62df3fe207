"""Random trees of tiny parks, and the laws that every one of them keeps.

`PYTHONPATH=tests/models python tests/laws/random_trees.py 200` tries so many, `… 95 200` seeds 95 to 199.
"""

import math
import sys
from collections.abc import Sequence

import numpy as np
from parks import Draft

from models.case import Future, FutureValue, Uncertainty
from planner.futures.master import make_leaves, merged, operations_of
from planner.futures.results import TreePlan, plan_tree
from planner.futures.search import DecomposedTree
from planner.futures.tree import Tree
from planner.planning.run import Options
from planner.solve.whole.whole import Limits

GAP = 1e-6
#: Figures that a future changes: table, name, item.
FIGURES = (("prices", "grid", "energy"), ("demand", "power", ""), ("costs", "pv", "capital_cost"), ("limits", "pv", "max_capacity"))
FIRST, LAST = 2026, 2029


def random_tree(seed: int, **futures: int) -> Draft:
    """1 MW from a grid, PV in the day, by the unit or not, a store and a measure; two or three futures, one of which may branch."""
    dice = np.random.default_rng(seed)
    park = Draft(FIRST, LAST, discount_rate=float(dice.choice([0.0, 0.05])), base_emissions=4380.0)
    park.profile("sun", [0.0] * 8 + [0.9] * 8 + [0.0] * 8)
    park.demand()
    park.supply(price=float(dice.uniform(60, 140)), factor=0.5)
    unit = float(dice.choice([0.0, 0.4]))
    park.converter("pv", profile="sun", capital_cost=float(dice.uniform(4e5, 1.2e6)), lifetime=int(dice.integers(2, 6)),
        max_capacity=2.0, unit_size=unit)
    park.store(capital_cost=float(dice.uniform(5e4, 4e5)), lifetime=4, max_capacity=2.0, full_power_hours=2.0)
    park.measure("led", {"power": 0.1}, capital_cost=float(dice.uniform(5e4, 3e5)), lifetime=4)
    if dice.uniform() < 0.5:
        park.offset("credits", "removal", float(dice.uniform(50, 300)))
        park.rule("net_ratio", "<=", float(dice.uniform(0.3, 0.9)))
        park.goal(2028)
    year = int(dice.integers(FIRST + 1, LAST + 1)) if dice.uniform() < 0.75 else None
    names = [f"future {i}" for i in range(int(dice.integers(2, 4)))]
    for name in names:
        park.add(Future(future=name, from_year=year))
        _differ(park, name, dice)
    if dice.uniform() < 0.4 and (year is None or year < LAST):
        for name in ("left", "right"):
            park.add(Future(future=name, parent=names[0], from_year=None if year is None else year + 1))
            _differ(park, name, dice)
    return park


def _differ(park: Draft, name: str, dice: np.random.Generator) -> None:
    for i in dice.choice(len(FIGURES), size=int(dice.integers(1, 3)), replace=False):
        table, of, item = FIGURES[int(i)]
        park.add(FutureValue(future=name, changed=table, name=of, item=item, factor=float(dice.uniform(0.3, 2.5))))


def planned(park: Draft, **terms: object) -> TreePlan:
    return plan_tree(park.case(), Options(gap=GAP, compare=False), terms=Uncertainty(**terms))


def optimum(park: Draft) -> float:
    """The least expected cost, and nothing else."""
    case = park.case()
    tree = Tree.of(case.futures, case.park)
    leaves = make_leaves(case, tree, 4380.0, None)
    found = DecomposedTree(merged(tree, leaves), operations_of(tree, leaves)).expected(Limits(GAP), str)
    return found.expected({leaf.name: leaf.probability for leaf in leaves})


def check_laws(seed: int) -> None:
    """WS ≤ SP ≤ EEV; bound ≤ cost; the least regret is no plan's larger one; cvar lies between mean and worst; knowing a year sooner
    never costs more; a twin of a future changes nothing."""
    park = random_tree(seed)
    plan = planned(park)
    assert plan.status == "optimal", (seed, plan.status)
    within = 1e-5 * max(1.0, abs(plan.expected_cost))
    assert plan.wait_and_see <= plan.expected_optimum + within, seed
    assert plan.expected_optimum <= plan.mean_cost + within, seed
    assert plan.bound <= plan.expected_cost + within, seed
    assert all(cost >= plan.best_bound[name] - within for name, cost in plan.costs.items()), seed
    largest = {p: max(r.regret for r in plan.regrets if r.plan == p) for p in dict.fromkeys(r.plan for r in plan.regrets)}
    assert all(largest["least regret"] <= value + within for value in largest.values() if math.isfinite(value)), (seed, largest)
    assert plan.expected_cost - within <= plan.cvar <= max(plan.costs.values()) + within, seed
    _check_sooner(park, plan, seed, within)
    _check_twin(park, plan, seed, within)


def _check_sooner(park: Draft, plan: TreePlan, seed: int, within: float) -> None:
    years = {row.from_year for row in park.rows["futures"] if row.parent == ""}
    (year,) = years
    if year is None or year <= FIRST + 1 or any(row.parent for row in park.rows["futures"]):
        return
    sooner = random_tree(seed)
    sooner.rows["futures"] = [row.model_copy(update={"from_year": year - 1}) for row in sooner.rows["futures"]]
    rows: Sequence[FutureValue] = sooner.rows["future_values"]
    # factors run linearly between years: 1 in the year before, then what it was
    sooner.rows["future_values"] = [
        row.model_copy(update={"year": y, "factor": f}) for row in rows for y, f in ((year - 1, 1.0), (year, row.factor))]
    assert optimum(sooner) <= plan.expected_cost + within, seed


def _check_twin(park: Draft, plan: TreePlan, seed: int, within: float) -> None:
    """The last future once more, each with half of its probability."""
    rows = [row for row in park.rows["futures"] if not row.parent]
    last, share = rows[-1], 1.0 / len(rows)
    twins = random_tree(seed)
    twins.rows["futures"] = [
        row.model_copy(update={"probability": 0.5 * share if row.future == last.future else share}) if not row.parent else row
        for row in twins.rows["futures"]] + [last.model_copy(update={"future": "twin", "probability": 0.5 * share})]
    twins.rows["future_values"] += [
        row.model_copy(update={"future": "twin"}) for row in park.rows["future_values"] if row.future == last.future]
    assert abs(optimum(twins) - plan.expected_cost) <= within, seed


if __name__ == "__main__":
    for number in range(*map(int, sys.argv[1:])):
        check_laws(number)
        print(number, end=" ", flush=True)
    print("all laws hold")
