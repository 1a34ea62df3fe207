"""When a year is paid: capital at its start and all else at its end, or all at its start; each number worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from money import account, figure, terms
from scipy.optimize import brentq

from planner.answer.money import cumulated, told_back
from planner.language.language import Language

END = {"timing": "end"}


def test_what_is_saved_comes_a_year_later_than_what_is_laid_out_in_its_year():
    """100 at the start of 2026, 60 at the end of 2026 and of 2027, at 10 %: −100 + 60/1.1 + 60/1.21 = 4.1322; all at the start
    −40 + 60/1.1 = 14.5455."""
    late, early = terms(2, rate=0.1, **END), terms(2, rate=0.1)
    own, other = (account(given, {0: 100.0}, [60.0, 60.0]) for given in (late, early))
    assert figure(own, late, "npv").value == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21)
    assert figure(other, early, "npv").value == pytest.approx(-40 + 60 / 1.1) and figure(own, late, "payback").value == 2
    assert figure(other, early, "payback").value == 1
    # 100 x² = 60 x + 60 of x = 1 + rate; all at the start 40 x = 60
    assert figure(own, late, "irr").value == pytest.approx((0.6 + np.sqrt(0.36 + 2.4)) / 2 - 1)
    assert figure(other, early, "irr").value == pytest.approx(0.5)
    assert figure(own, late, "peak_funding").value == pytest.approx(100.0)
    assert figure(other, early, "peak_funding").value == pytest.approx(40.0)


def test_what_is_saved_and_paid_comes_with_the_end_of_its_year():
    """Prices of 2025 and 3 % inflation: 100 at the start of 2026 is 100, 60 at the ends of 2026 and 2027 61.8 and 63.654. Nominal
    and real are worth the same, to the cent, and a nominal rate is the real one and inflation."""
    given = terms(2, rate=0.05, price_year=2025, inflation=0.03, tax_rate=0.25, debt_share=0.5, interest=0.06, tenor=2, fee=0.01,
        reserve_months=6, capital_vat=0.13, working_capital=0.1, **END)
    own = account(given, {0: 100.0}, [60.0, 60.0])
    assert own.capital.tolist() == pytest.approx([100.0, 0.0]) and own.operating.tolist() == pytest.approx([61.8, 63.654])
    assert figure(own, given, "irr").value == pytest.approx((0.6 + np.sqrt(0.36 + 2.4)) / 2 - 1)
    for name in ("npv", "npv_after_tax", "npv_equity"):
        assert round(figure(own, given, name, "nominal").value, 2) == round(figure(own, given, name).value, 2)
    for name in ("irr", "irr_after_tax", "irr_equity", "mirr_equity"):
        rate = figure(own, given, name).value
        assert figure(own, given, name, "nominal").value == pytest.approx((1 + rate) * 1.03 - 1)
    given = terms(3, debt_share=1.0, interest=0.1, tenor=3, grace=1, **END)
    level = 100 * 0.1 / (1 - 1.1**-2)
    own = account(given, {0: 100.0}, [0.0] * 3)
    assert own.service.tolist() == pytest.approx([10.0, level, level])
    assert own.debt.tolist() == pytest.approx([100.0, 110 - level, 0.0], abs=1e-9)
    # 100 now, 30 at the end of each of three years, 40 of it serve later years, half counted, at 10 %.
    given = terms(3, rate=0.1, residual_value=0.5, **END)
    own = account(given, {0: 100.0}, [30.0, 30.0, 30.0], beyond=40.0)
    assert figure(own, given, "value_beyond").value == pytest.approx(20.0)
    assert figure(own, given, "npv_with_beyond").value == pytest.approx(-100 + sum(30 / 1.1**t for t in (1, 2, 3)) + 20.0)
    rate = brentq(lambda x: -100 + 30 / (1 + x) + 30 / (1 + x) ** 2 + (30 + 26.62) / (1 + x) ** 3, -0.9, 9.0)
    assert figure(own, given, "irr_with_beyond").value == pytest.approx(rate)


def test_interest_is_of_the_year_of_borrowing_too_and_service_begins_at_its_end():
    """80 at 10 % over 2 years: 46.095 at the ends of 2026 and 2027; interest 8 and 4.190; nothing is left."""
    given = terms(3, debt_share=0.8, interest=0.1, tenor=2, tax_rate=0.2, **END)
    own = account(given, {0: 100.0}, [60.0, 60.0, 60.0], write_off=2)
    level = 80 * 0.1 / (1 - 1.1**-2)
    assert own.service.tolist() == pytest.approx([level, level, 0.0])
    assert own.interest.tolist() == pytest.approx([8.0, 0.1 * (88 - level), 0.0])
    assert own.debt.tolist() == pytest.approx([88 - level, 0.0, 0.0], abs=1e-9)
    assert own.tax.tolist() == pytest.approx([0.2 * (60 - 50 - 8), 0.2 * (60 - 50 - 0.1 * (88 - level)), 12.0])
    # the owner: −20 now, then 60 − level − 0.4 …
    flow = [-20.0, *(60 - level - t for t in own.tax[:2]), 60 - 12.0]
    rate = brentq(lambda x: sum(c / (1 + x) ** t for t, c in enumerate(flow)), -0.9, 9.0)
    assert figure(own, given, "irr_equity", "nominal").value == pytest.approx(rate)
    assert figure(own, given, "peak_funding", "nominal").value == pytest.approx(20.0)


def test_beside_no_unique_rate_stands_the_modified_one_of_a_spreadsheet():
    """−100, 230, −132 at 10 %: paid 100 + 132/1.21 = 209.09, got 230/1.1 = 209.09; so it is 10 %. At 20 %: 191.667 of 191.667."""
    for rate in (0.1, 0.2):
        given = terms(3, rate=rate)
        own = account(given, {0: 100.0, 2: 132.0}, [0.0, 230.0, 0.0])
        assert figure(own, given, "irr").value is None and figure(own, given, "mirr").value == pytest.approx(rate)
    # At 15 % with three years to the end of the horizon: got 200, paid 100 + 132/1.3225 = 199.811.
    given = terms(3, rate=0.15)
    own = account(given, {0: 100.0, 2: 132.0}, [0.0, 230.0, 0.0])
    assert figure(own, given, "mirr").value == pytest.approx((200 / (100 + 132 / 1.3225)) ** (1 / 3) * 1.15 - 1)
    # Nothing in 2026; 100 at the start of 2027, 60 at the end of 2027 and of 2028: (60 · 1.1 + 60) / 100 over two years.
    given = terms(3, rate=0.1, inflation=0.02, **END)
    own = account(given, {1: 100.0}, [0.0, 60.0, 60.0])
    assert figure(own, given, "mirr").value == pytest.approx(1.26**0.5 - 1)
    assert figure(own, given, "mirr", "nominal").value == pytest.approx(1.26**0.5 * 1.02 - 1)
    assert figure(account(given, {1: 100.0}, [0.0] * 3), given, "mirr").note == "no IRR: cash never changes sign"


def plan(*rows: tuple[int, str, float]) -> dict[str, pd.DataFrame]:
    return {"costs": pd.DataFrame(rows, columns=["year", "item", "value"]), "emissions": pd.DataFrame({"year": [2026, 2027, 2028]})}


def test_the_page_pays_back_as_the_accounts_do():
    """100 of capital more in 2026, 60 a year less from 2026 on: two years, to the end of 2027."""
    target = plan((2026, "capital", 100.0), *((y, "energy", 10.0) for y in (2026, 2027, 2028)))
    other = plan(*((y, "energy", 70.0) for y in (2026, 2027, 2028)))
    assert told_back(Language("en"), target, other, True) == ("2 years", "by 1 January 2028")
    assert told_back(Language("en"), target, other, False) == ("1 year", "in 2027")
    assert told_back(Language("en"), target, target, True) == ("", "")
    assert told_back(Language("en"), other, target, True) == ("not within the horizon", "")
    assert cumulated(target, other, 0.2, True).tolist() == pytest.approx([-50.0, -50 + 60 / 1.44, -50 + 60 / 1.44 + 60 / 1.728])
