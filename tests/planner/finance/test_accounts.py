"""Accounts year by year: tax, writing off, grants, debt and its cover, worked out by hand."""

import pytest
from money import account, figure, terms

from planner.finance.accounts import accounts
from planner.finance.levelised import Levelised
from planner.finance.pieces import Piece
from planner.finance.statements import Statements, funding
from planner.finance.terms import Project


def test_tax_is_paid_on_what_is_saved_less_what_is_written_off():
    """100 written off over 4 years: 25 a year. At 20 %: (60 − 25) · 0.2 = 7 a year; in the first year −5 come back."""
    given = terms(4, tax_rate=0.2)
    own = account(given, {0: 100.0}, [0.0, 60.0, 60.0, 60.0], write_off=4)
    assert own.depreciation.tolist() == pytest.approx([25.0] * 4) and own.tax.tolist() == pytest.approx([-5.0, 7.0, 7.0, 7.0])
    assert own.after_tax.tolist() == pytest.approx([-95.0, 53.0, 53.0, 53.0])
    # 100 of the first year at 10 % inflation: 50 a year, while a saving of 60 becomes 66.
    given = terms(2, inflation=0.1)
    own = account(given, {0: 100.0}, [60.0, 60.0], write_off=2)
    assert own.depreciation.tolist() == pytest.approx([50.0, 50.0]) and own.operating.tolist() == pytest.approx([60.0, 66.0])
    given = terms(4)
    assert account(given, {0: 100.0}, [0.0] * 4, write_off=2.5).depreciation.tolist() == pytest.approx([40.0, 40.0, 20.0, 0.0])
    # 60 saved, 50 written off, 10 of interest: no profit, no tax. Without debt 0.2 · 10 = 2.
    given = terms(2, debt_share=1.0, interest=0.1, tenor=1, tax_rate=0.2)
    own = account(given, {0: 100.0}, [0.0, 60.0], write_off=2)
    assert own.tax.tolist() == pytest.approx([-10.0, 0.0]) and own.after_tax[1] == pytest.approx(58.0)


def test_debt_is_served_by_equal_payments_after_years_of_grace():
    """80 at 10 % over 2 years: 80 · 0.1 / (1 − 1.1⁻²) = 46.095 a year; interest 8 and 4.190; nothing is left."""
    given = terms(3, debt_share=0.8, interest=0.1, tenor=2)
    own = account(given, {0: 100.0}, [0.0, 60.0, 60.0])
    level = 80 * 0.1 / (1 - 1.1**-2)
    assert own.service.tolist() == pytest.approx([0.0, level, level])
    assert own.interest.tolist() == pytest.approx([0.0, 8.0, 0.1 * (88 - level)])
    assert own.debt.tolist() == pytest.approx([80.0, 88 - level, 0.0], abs=1e-9)
    assert own.cover[1:].tolist() == pytest.approx([60 / level] * 2)
    assert own.equity.tolist() == pytest.approx([-20.0, 60 - level, 60 - level])
    assert figure(own, given, "dscr_least", "").value == pytest.approx(60 / level)
    # The same order of the first year in both plans: 1e-8 of capital is left, and no debt to be covered.
    given = terms(4, debt_share=1.0, tenor=1)
    own = account(given, {0: 1e-8, 1: 100.0}, [0.0, -50.0, 150.0, 0.0])
    assert own.borrowed.tolist() == [0.0, 100.0, 0.0, 0.0] and own.service.tolist() == [0.0, 0.0, 100.0, 0.0]
    assert figure(own, given, "dscr_least", "").value == pytest.approx(1.5)
    # 100 at 10 %, three years, one of grace: 10, then 100 · 0.1 / (1 − 1.1⁻²) = 57.62 twice.
    given = terms(5, debt_share=1.0, interest=0.1, tenor=3, grace=1)
    level = 100 * 0.1 / (1 - 1.1**-2)
    own = account(given, {0: 100.0}, [0.0] * 5)
    assert own.service.tolist() == pytest.approx([0.0, 10.0, level, level, 0.0])
    assert own.debt.tolist() == pytest.approx([100.0, 100.0, 110 - level, 0.0, 0.0], abs=1e-9)
    # 100 with 20 % given: 80 net, half of it borrowed.
    given = terms(2, debt_share=0.5, tenor=1)
    own = account(given, {0: 100.0}, [0.0, 0.0], write_off=2, grant=0.2)
    assert own.grants.tolist() == pytest.approx([20.0, 0.0]) and own.depreciation.tolist() == pytest.approx([40.0, 40.0])
    assert own.borrowed.tolist() == pytest.approx([40.0, 0.0]) and own.equity.tolist() == pytest.approx([-100 + 20 + 40, -40.0])


def test_debt_is_sized_so_that_the_worst_year_is_covered():
    """Without interest, 2 years: all of 100 would cost 50 a year; cash of 60 and 30. 30 / (1.5 · 50) = 0.4 of it is borrowed."""
    given = terms(3, cover_ratio=1.5, tenor=2)
    own = account(given, {0: 100.0}, [0.0, 60.0, 30.0])
    assert own.share == pytest.approx(0.4) and own.service.tolist() == pytest.approx([0.0, 20.0, 20.0])
    assert figure(own, given, "dscr_least", "").value == pytest.approx(1.5)
    assert figure(own, given, "dscr_mean", "").value == pytest.approx((3.0 + 1.5) / 2)
    # 100 in the first year and 1 in the third, two years each: 60 / 50, 40 / 50; 60 / 0.5 of the years after it is left out.
    given = terms(6, debt_share=1.0, tenor=2)
    own = account(given, {0: 100.0, 2: 1.0}, [0.0, 60.0, 40.0, 60.0, 60.0, 60.0])
    assert own.cover[1:5].tolist() == pytest.approx([1.2, 0.8, 120.0, 120.0])
    assert figure(own, given, "dscr_mean", "").value == pytest.approx(1.0)
    ample, none = [0.0, 900.0, 900.0], [0.0, 900.0, -1.0]
    assert account(terms(3, cover_ratio=1.5, tenor=2, debt_share=0.7), {0: 100.0}, ample).share == pytest.approx(0.7)
    assert account(terms(3, cover_ratio=1.5, tenor=2), {0: 100.0}, ample).share == pytest.approx(1.0)
    assert account(terms(3, cover_ratio=1.5, tenor=2), {0: 100.0}, none).share == 0.0


def test_owners_are_told_apart_and_add_up_to_the_whole():
    given = terms(2, debt_share=0.5, tenor=1, tax_rate=0.25)
    own = [
        Piece(2026, "technology", "pv", "capital", -100.0, None, 0.0, 100.0),
        Piece(2027, "technology", "pv", "operating", 70.0, None),
        Piece(2026, "measure", "led", "capital", -10.0, None, 0.0, 10.0),
        Piece(2027, "measure", "led", "operating", 30.0, None),
        Piece(2027, "supply", "grid", "operating", 5.0, None),
    ]
    projects = {("technology", "pv"): Project("technology", "pv", "energy-service", 0.0, 10.0),
        ("measure", "led"): Project("measure", "led", "park", 0.0, 5.0)}
    found = {(a.kind, a.name): a for a in accounts(own, projects, given)}
    assert list(found) == [("all", ""), ("owner", "energy-service"), ("owner", "park"), ("technology", "pv"), ("measure", "led"),
        ("supply", "grid")]
    assert found["owner", "energy-service"].before_tax.tolist() == pytest.approx([-100.0, 70.0])
    assert found["owner", "park"].before_tax.tolist() == pytest.approx([-10.0, 35.0])
    assert found["all", ""].before_tax.tolist() == pytest.approx([-110.0, 105.0])
    assert found["all", ""].depreciation.tolist() == pytest.approx([12.0, 12.0])
    assert found["all", ""].equity.tolist() == pytest.approx(
        (found["owner", "energy-service"].equity + found["owner", "park"].equity).tolist())


def test_what_follows_a_price_is_taken_times_it():
    """A saving that follows the price of the grid, at 1.5 times; a capital cost at half: what lies beyond is halved with it."""
    given = terms(1)
    own = [
        Piece(2026, "technology", "pv", "capital", -100.0, ("capital", "pv", 2026), 60.0, 100.0),
        Piece(2026, "technology", "pv", "operating", 40.0, ("energy", "grid", 2026)),
        Piece(2026, "technology", "pv", "operating", -4.0, None),
    ]
    (_, _, pv) = accounts(own, {}, given, {("capital", "pv", 2026): 0.5, ("energy", "grid", 2026): 1.5})
    assert pv.capital.tolist() == [50.0] and pv.beyond.tolist() == [30.0] and pv.operating.tolist() == [56.0]


def test_a_loan_is_of_what_is_bought_and_grows_until_it_works():
    """120 is bought where the other plan buys 20; 10 % of it is given: 54 borrowed of 108, whatever that one buys. Two years at 10 %
    until it works: 54 · 1.21 = 65.34, served in two equal parts from the third year's end on; 2 % of 54 is the fee."""
    given = terms(4, debt_share=0.5, interest=0.1, tenor=2, capitalised=True, fee=0.02, reserve_months=6, capital_vat=0.1,
        working_capital=0.05, timing="end")
    project = {("technology", "pv"): Project("technology", "pv", "park", 0.1, 10.0)}
    own = [Piece(2026, "technology", "pv", "capital", -100.0, None, 0.0, 120.0, 2)]
    own += [Piece(y, "technology", "pv", "operating", 80.0, None) for y in (2028, 2029)]
    (found, *_) = accounts(own, project, given)
    level = 65.34 * 0.1 / (1 - 1.1**-2)
    assert found.borrowed.tolist() == pytest.approx([54.0, 0.0, 0.0, 0.0])
    assert found.service.tolist() == pytest.approx([0.0, 0.0, level, level])
    assert found.debt.tolist() == pytest.approx([59.4, 65.34, 65.34 * 1.1 - level, 0.0], abs=1e-9)
    assert found.equity.tolist() == pytest.approx([-100 + 12 + 54 - 1.08, 0.0, 80 - level, 80 - level])
    assert found.cover[2] == found.llcr[2] == pytest.approx(80 / level)
    money = {name: values.tolist() for name, values in funding(found).items()}
    assert money["vat"][0] == money["vat_back"][1] == pytest.approx(12.0) and money["stock"] == pytest.approx([6.0, 0.0, 0.0, 0.0])
    assert money["reserve"] == pytest.approx([0.0, 0.0, level / 2, 0.0])
    assert money["interest_added"] == pytest.approx([5.4, 5.94, 0.0, 0.0])
    assert money["loan"] == pytest.approx([59.4, 5.94, 0.0, 0.0])
    assert money["own_money"] == pytest.approx([120 + 12 + 1.08 + 6 - 12 - 54, -12.0, level / 2, 0.0])
    # A year of 40 covers half of what one of 120 does: worth in the first year 40 and 120 / 1.1, of twice the service.
    given = terms(3, debt_share=1.0, interest=0.1, tenor=2, timing="end")
    found = account(given, {0: 100.0}, [40.0, 120.0, 0.0])
    each = found.service[0]
    assert found.llcr[:2].tolist() == pytest.approx([(40 + 120 / 1.1) / (each + each / 1.1), 120 / each])
    # 1 more in the third year: the 900 of it cover nothing of the loan of 100.
    found = account(given, {0: 100.0, 2: 1.0}, [40.0, 120.0, 900.0])
    assert found.llcr[0] == pytest.approx((40 + 120 / 1.1) / (each + each / 1.1))


def test_the_downside_has_less_yield_and_other_prices_and_the_loan_as_planned():
    """100 of energy a year at 0.9 of the yield and 0.8 of the price; 10 of what no price is; cover 110 / 50 falls to 82 / 50."""
    given = terms(3, debt_share=1.0, tenor=2, cover_ratio=1.1, yield_p90={"pv": 0.9}, downside_prices={"grid": 0.8}, grants={"pv": 0.2})
    pieces = [Piece(2026, "technology", "pv", "capital", -125.0, None, 0.0, 125.0)]
    for y in (2027, 2028):
        pieces += [Piece(y, "technology", "pv", "operating", 100.0, ("energy", "grid", y)),
            Piece(y, "technology", "pv", "operating", 10.0, None)]
    projects = {("technology", "pv"): Project("technology", "pv", "park", 0.2, 10.0, 0.9)}
    made = Statements(given, "CNY", {"reference": pieces}, projects, Levelised((), {}), {})
    assert made.cases == ("planned", "downside", "without grants")
    rows = made.tables()["finance_cases"].set_index(["case", "figure", "basis"])["value"]
    assert rows["planned", "dscr_least", ""] == pytest.approx(110 / 50)
    assert rows["downside", "dscr_least", ""] == rows["downside", "llcr", ""] == pytest.approx(82 / 50)
    assert rows["downside", "npv_after_tax", "real"] == pytest.approx(-100 + 164)
    assert rows["without grants", "borrowed", "nominal"] == pytest.approx(125.0)
