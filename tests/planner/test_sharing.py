"""Years of one structure: one begins from the basis of another, and one year's changes are not another's."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from random_parks import random_park

from planner.solve.year.subproblem import YearVariant
from planner.solve.year.year import Year
from planner.solve.year.years import Years, rounds_of


@pytest.mark.parametrize("count", [1, 2, 3, 4, 16, 20])
def test_years_begin_from_the_basis_of_a_year_near_them_that_is_solved(count) -> None:
    years = list(range(2026, 2026 + count))
    solved: set[int] = set()
    rounds = rounds_of(years)
    assert rounds[0] == dict.fromkeys((years[0], years[-1]))
    for own in rounds:
        assert not solved & set(own) and {near for near in own.values() if near is not None} <= solved
        solved |= set(own)
    assert solved == set(years) and all(y - near <= 1 for y, near in rounds[-1].items() if near is not None)


def test_what_is_forbidden_in_one_year_is_not_in_another() -> None:
    years = Years(random_park(17).inputs()).years.values()
    one, two = next(pair for pair in pairwise(years) if pair[0].structure == pair[1].structure)
    before = two.reduced.upper.copy()
    barred = np.isin(one.reduced.columns, one.joined.columns_of("figure"))
    assert barred.any()
    one.set_variant(YearVariant(barred=("figure",)))
    assert not one.reduced.upper[barred].any() and np.array_equal(two.reduced.upper, before)


def points(years: Years, share: float) -> dict[int, np.ndarray]:
    """Some links of every year; the same for the same share."""
    return {y: np.full(len(year.links), 50.0 * share) for y, year in years.years.items()}


@pytest.mark.parametrize("seed", [3, 29, 40])
def test_years_that_rested_or_were_barred_at_work_cut_as_new_ones(seed: int) -> None:
    """Those at work go on from their HiGHS; each new one has been asked nothing before."""
    inputs = random_park(seed).inputs()
    at_work = Years(inputs)
    at_work.cuts(points(at_work, 1.0))
    for share, rests, change in (
        (0.0, False, lambda terms: replace(terms, penalty_factor=20.0)),  # nothing is built, so that much is missing
        (0.2, False, lambda terms: replace(terms, binds="none")),
        (0.7, False, lambda terms: replace(terms, barred=("credits", "certified"))),
        (0.7, True, lambda terms: terms),  # what is given is that of before, so that only a new start tells it to HiGHS
    ):
        at_work.set_variant(change(at_work.variant))
        if rests:
            at_work.free_solvers()
        found = at_work.cuts(points(at_work, share))
        assert share or any(cut.slack > 0.01 for cut in found.values())
        for y in inputs.years:
            alone = Year(inputs, y)
            alone.set_variant(at_work.variant)
            assert found[y].value == pytest.approx(alone.cut(points(at_work, share)[y]).value, rel=1e-7, abs=1e-3)
