"""Owners with terms of their own and what one passes on to another, worked out by hand."""

import pytest
from money import figure, terms

from planner.finance.accounts import Account, accounts
from planner.finance.pieces import Piece
from planner.finance.terms import Project, Terms

SERVICE = "Energy Service"
#: A pump of the service: 100 paid, 60 saved in each of two later years. A lamp of the park: 10 paid, 8 saved a year; 2 of the grid.
PIECES = [
    Piece(2026, "technology", "pump", "capital", -100.0, None, 0.0, 100.0),
    Piece(2026, "measure", "led", "capital", -10.0, None, 0.0, 10.0),
    *(Piece(y, "technology", "pump", "operating", 60.0, None) for y in (2027, 2028)),
    *(Piece(y, "measure", "led", "operating", 8.0, None) for y in (2027, 2028)),
    Piece(2027, "supply", "grid", "operating", 2.0, None),
]
PROJECTS = {("technology", "pump"): Project("technology", "pump", SERVICE, 0.0, 2.0),
    ("measure", "led"): Project("measure", "led", "park", 0.0, 2.0)}


def made(given: Terms) -> dict[tuple[str, str], Account]:
    return {(a.kind, a.name): a for a in accounts(PIECES, PROJECTS, given)}


def test_each_owner_has_its_own_terms_and_the_whole_is_their_sum():
    """The service: 80 at 10 % over 2 years, 46.095 a year; tax of 20 % on 60 − 50 − 8. The park borrows nothing, is taxed 50 %."""
    own = {"tax_rate": 0.2, "debt_share": 0.8, "interest": 0.1, "tenor": 2}
    found = made(terms(3, tax_rate=0.5, owners={SERVICE: own}))
    service, park = found["owner", SERVICE], found["owner", "park"]
    level = 80 * 0.1 / (1 - 1.1**-2)
    assert service.borrowed.tolist() == pytest.approx([80.0, 0.0, 0.0])
    assert service.service.tolist() == pytest.approx([0.0, level, level])
    assert service.tax.tolist() == pytest.approx([0.2 * -50, 0.2 * (60 - 50 - 8), 0.2 * (60 - 0.1 * (88 - level))])
    assert park.borrowed.tolist() == [0.0] * 3 and park.tax.tolist() == pytest.approx([0.5 * -5, 0.5 * (10 - 5), 0.5 * 8])
    found = made(terms(3, tax_rate=0.5, owners={SERVICE: {"tax_rate": 0.2}}))
    assert found["technology", "pump"].tax.tolist() == pytest.approx([-10.0, 2.0, 12.0])
    assert found["measure", "led"].tax.tolist() == pytest.approx([-2.5, 1.5, 4.0])
    # Borrowed 80 % of 100 by the service alone: 80 of 110 of the whole. In 2028 all is written off: 60 − 12 and 8 − 4 for 40 of
    # debt.
    given = terms(3, tax_rate=0.5, owners={SERVICE: {"tax_rate": 0.2, "debt_share": 0.8, "tenor": 2}})
    found = made(given)
    whole, service, park = found["all", ""], found["owner", SERVICE], found["owner", "park"]
    assert whole.equity.tolist() == pytest.approx((service.equity + park.equity).tolist())
    assert whole.tax.tolist() == pytest.approx((service.tax + park.tax).tolist())
    assert figure(whole, given, "debt_share", "").value == pytest.approx(80 / 110)
    assert figure(whole, given, "dscr_least", "").value == pytest.approx((48 + 4) / 40)
    # −100 + 60 / 1.1 + 60 / 1.21 of the service; the whole without discount: −110 + 70 + 68.
    given = terms(3, owners={SERVICE: {"discount_rate": 0.1}})
    found = made(given)
    assert figure(found["owner", SERVICE], given.of(SERVICE), "npv").value == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21)
    assert figure(found["all", ""], given.of(""), "npv").value == pytest.approx(28.0)


def test_capital_that_one_owner_saves_does_not_lower_what_another_borrows():
    """The park is spared a boiler of 40; half of what is bought is borrowed, 50 of the service and 5 of the park."""
    spared = Piece(2026, "technology", "boiler", "capital", 40.0, None, 0.0, 0.0)
    found = {(a.kind, a.name): a for a in accounts([*PIECES, spared], PROJECTS, terms(3, debt_share=0.5))}
    assert found["owner", SERVICE].borrowed[0] == pytest.approx(50.0)
    assert found["owner", "park"].borrowed[0] == pytest.approx(5.0) and found["all", ""].borrowed[0] == pytest.approx(55.0)


def test_what_an_owner_passes_on_is_the_parks_and_taxed_there():
    """Of 60 a year the service keeps 70 %: 42; the park has 18 besides its 10 and 8."""
    found = made(terms(3, owners={SERVICE: {"saving_share": 0.7}}))
    assert found["owner", SERVICE].passed.tolist() == pytest.approx([0.0, -18.0, -18.0])
    assert found["owner", "park"].passed.tolist() == pytest.approx([0.0, 18.0, 18.0])
    assert found["owner", SERVICE].equity.tolist() == pytest.approx([-100.0, 42.0, 42.0])
    assert found["owner", "park"].equity.tolist() == pytest.approx([-10.0, 28.0, 26.0])
    assert found["all", ""].passed.tolist() == pytest.approx([0.0] * 3)
    assert found["technology", "pump"].equity.tolist() == pytest.approx([-100.0, 60.0, 60.0])
    # 42 kept, 50 written off: no tax at 20 %, a relief of 1.6. Without interest 100 is paid back by 50 a year: cover 43.6 / 50.
    given = terms(3, owners={SERVICE: {"saving_share": 0.7, "tax_rate": 0.2, "debt_share": 1.0, "tenor": 2}})
    service = made(given)["owner", SERVICE]
    assert service.tax.tolist() == pytest.approx([-10.0, 0.2 * (42 - 50), 0.2 * 42])
    assert figure(service, given.of(SERVICE), "dscr_least", "").value == pytest.approx((42 - 8.4) / 50)


def test_the_park_has_an_account_where_all_projects_are_anothers():
    found = accounts(PIECES[:1] + PIECES[2:4], PROJECTS, terms(3, owners={SERVICE: {"saving_share": 0.5}}))
    assert [(a.kind, a.name) for a in found] == [("all", ""), ("owner", SERVICE), ("owner", "park"), ("technology", "pump")]
    assert found[2].before_tax.tolist() == pytest.approx([0.0, 30.0, 30.0])
