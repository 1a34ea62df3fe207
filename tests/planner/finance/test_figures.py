"""Figures of an account, each worked out by hand; rates of return are found once more with SciPy."""

import numpy as np
import pytest
from money import account, figure, terms
from scipy.optimize import brentq


def test_the_present_value_is_that_of_the_formula_real_and_nominal():
    """−100 now, 60 a year from now, 60 in two: −100 + 60/1.1 + 60/1.21 = 4.1322."""
    given = terms(3, rate=0.1)
    own = account(given, {0: 100.0}, [0.0, 60.0, 60.0])
    assert figure(own, given, "npv").value == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21)
    # Prices of 2024, 2 % a year: money of 2026 is worth 1.0404 times as much in its own.
    given = terms(3, rate=0.1, price_year=2024, inflation=0.02)
    own = account(given, {0: 100.0}, [0.0, 60.0, 60.0])
    real = figure(own, given, "npv").value
    assert real == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21)
    nominal = [-100 * 1.02**2, 60 * 1.02**3, 60 * 1.02**4]
    assert figure(own, given, "npv", "nominal").value == pytest.approx(sum(c / (1.1 * 1.02) ** i for i, c in enumerate(nominal)))
    assert figure(own, given, "npv", "nominal").value == pytest.approx(1.0404 * real)


def test_there_is_one_rate_of_return_with_one_change_of_sign():
    """−100, 60, 60: 100 (1+x)² = 60 (1+x) + 60, so 1+x = (0.6 + √(0.36 + 2.4)) / 2 = 1.1307."""
    given = terms(3, inflation=0.03)
    own = account(given, {0: 100.0}, [0.0, 60.0, 60.0])
    real = figure(own, given, "irr").value
    assert real == pytest.approx((0.6 + np.sqrt(0.36 + 2.4)) / 2 - 1)
    assert figure(own, given, "irr", "nominal").value == pytest.approx((1 + real) * 1.03 - 1)
    # −100, 230, −132 is worth nothing at 10 % and at 20 %.
    given = terms(3)
    own = account(given, {0: 100.0, 2: 132.0}, [0.0, 230.0, 0.0])
    assert all(sum(c / (1 + r) ** i for i, c in enumerate(own.before_tax)) == pytest.approx(0.0) for r in (0.1, 0.2))
    found = figure(own, given, "irr")
    assert found.value is None and found.note == "no unique IRR: cash changes its sign more than once"
    given = terms(3)
    found = figure(account(given, {0: 100.0}, [0.0, -1.0, -1.0]), given, "irr")
    assert found.value is None and found.note == "no IRR: cash never changes sign"
    # 100 received, 110 paid a year later: 10 %.
    given = terms(2)
    found = figure(account(given, {1: 110.0}, [100.0, 0.0]), given, "irr")
    assert found.value == pytest.approx(0.1) and "paid, not earned" in found.note


@pytest.mark.parametrize("seed", range(5))
def test_the_rate_of_return_is_the_one_that_scipy_finds(seed):
    """A rate at which the present value is 0, looked for between −90 % and 1,000 %."""
    dice = np.random.default_rng(seed)
    saved = dice.uniform(5.0, 40.0, 12)
    given = terms(12)
    own = account(given, {0: 100.0 + saved[0], 1: saved[1]}, saved.tolist())
    flow = own.before_tax
    def worth(rate: float) -> float:
        return float((flow * (1 + rate) ** -np.arange(12.0)).sum())
    assert figure(own, given, "irr").value == pytest.approx(brentq(worth, -0.9, 10.0, xtol=1e-14), abs=1e-9)


def test_what_lies_beyond_the_horizon_is_told_apart():
    """100 paid now, 40 of it serve later years; 30 saved now and in each of two years, at 10 %."""
    given = terms(3, rate=0.1, residual_value=0.5)
    own = account(given, {0: 100.0}, [30.0, 30.0, 30.0], beyond=40.0)
    npv = -100 + 30 + 30 / 1.1 + 30 / 1.21
    assert figure(own, given, "npv").value == pytest.approx(npv) and figure(own, given, "value_beyond").value == pytest.approx(20.0)
    assert figure(own, given, "npv_with_beyond").value == pytest.approx(npv + 20.0)
    # As cash of the year after the last: 20 · 1.1³ = 26.62.
    rate = brentq(lambda x: -70 + 30 / (1 + x) + 30 / (1 + x) ** 2 + 26.62 / (1 + x) ** 3, -0.9, 9.0)
    assert figure(own, given, "irr_with_beyond").value == pytest.approx(rate)


def test_payback_counts_years_until_nothing_is_behind_for_good():
    """−100, then 40 a year: −20 after two years, 20 after three. At 10 %: −100 + 36.36 + 33.06 + 30.05 = −0.53; after four 26.8."""
    given = terms(5, rate=0.1)
    own = account(given, {0: 100.0}, [0.0, 40.0, 40.0, 40.0, 40.0])
    assert figure(own, given, "payback").value == 3 and figure(own, given, "payback_discounted", "").value == 4
    given = terms(5)
    assert figure(account(given, {2: 100.0}, [0.0, 0.0, 0.0, 60.0, 60.0]), given, "payback").value == 2
    found = figure(account(given, {2: 100.0}, [0.0, 0.0, 0.0, 10.0, 10.0]), given, "payback")
    assert found.value is None and found.note == "not within the horizon"
    assert figure(account(given, {}, [1.0] * 5), given, "payback").value == 0
    assert figure(account(given, {}, [0.0] * 5), given, "payback").note == "nothing is paid"
    # −100, +20, −50, +200: 130 behind after the third year.
    given = terms(4)
    own = account(given, {0: 100.0, 2: 50.0}, [0.0, 20.0, 0.0, 200.0])
    assert figure(own, given, "peak_funding").value == pytest.approx(130.0)
