"""Stochastic plans that others publish: the least costs of SDDP.jl's generation expansion and of GridPath's tests."""

import pytest
from parks import Draft
from published import (
    BUILD,
    FIRST,
    HIGH,
    LOW,
    MIDDLE,
    PUBLISHED,
    TREE,
    TWIN,
    YEARS_OF_A_PERIOD,
    branch,
    by_hand,
    expansion,
    loaded,
    two_zones,
)

from planner.futures.master import make_leaves, merged, operations_of
from planner.futures.search import DecomposedTree
from planner.futures.tree import ROOT, Tree
from planner.solve import Limits

GAP = 1e-6


def first_orders(park: Draft, cost: float) -> list[tuple[str, int, float]]:
    """The least expected cost is this one; what is ordered before the first branching."""
    case = park.case()
    tree = Tree.of(case.futures, case.park)
    leaves = make_leaves(case, tree, 1.0, None)
    whole = merged(tree, leaves)
    found = DecomposedTree(whole, operations_of(tree, leaves)).expected(Limits(GAP), str)
    assert found.objective == pytest.approx(cost, rel=2 * GAP) and found.bound <= cost * (1 + 1e-9)
    now = [(key[4], found.values[i]) for i, key in enumerate(whole.keys) if key[:3] == ("decision", ROOT, "build")]
    return sorted((name, y, round(value, 6)) for (name, y), value in now if value > 1e-6)


@pytest.mark.slow
def test_generation_expansion_of_five_stages_and_five_whole_units():
    """Three units are ordered in the first stage, for a demand of 2.5; what follows costs what it does by hand, 2,079,457.1, of
    which the published bound, 2.078860e6, is within 1,000."""
    assert by_hand() == pytest.approx(PUBLISHED, abs=1e3)
    assert first_orders(expansion(), by_hand()) == [("unit", FIRST, 3.0)] and BUILD == 1e4


def test_identical_branches_cost_what_one_future_does():
    """17 MW of new CCGT in the first period and 3 MW of line (`two_zones`), with one future and with two that are the same."""
    park = two_zones(2)
    loaded(park, {FIRST: LOW, FIRST + 1: HIGH})
    assert YEARS_OF_A_PERIOD * park.cost() == pytest.approx(TWIN, abs=1e-2)
    twins = two_zones(2)
    loaded(twins, {FIRST: LOW})
    for name in ("one", "other"):
        branch(twins, name, "", FIRST + 1, 0.5, HIGH)
    assert first_orders(twins, TWIN / YEARS_OF_A_PERIOD) == [("line", FIRST, 3.0), ("new ccgt", FIRST, 17.0)]


def test_a_tree_of_three_stages():
    """Loads stay or rise in the second period and part once more in the third."""
    park = two_zones(3)
    loaded(park, {FIRST: LOW})
    for name, loads in (("low", LOW), ("high", HIGH)):
        branch(park, name, "", FIRST + 1, 0.5, loads)
    for name, parent, loads in (("lower", "low", LOW), ("rising", "low", MIDDLE), ("falling", "high", MIDDLE),
        ("higher", "high", HIGH)):
        branch(park, name, parent, FIRST + 2, 0.5, loads)
    assert first_orders(park, TREE / YEARS_OF_A_PERIOD)
