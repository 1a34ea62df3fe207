"""Which change ends a figure of the investor: pencil accounts whose ends are worked out by hand."""

import pytest
from money import FIRST, terms

from models.case import OwnTerms
from planner.finance.accounts import accounts
from planner.finance.ends import ends
from planner.finance.levelised import Levelised
from planner.finance.pieces import Piece
from planner.finance.statements import Statements
from planner.finance.terms import Project


def statements(given, saved: float = 60.0, capital: float = 100.0, other: float = 0.0) -> Statements:
    """A plant of 100 in the first year that saves so much of the grid in each of the two, of which `other` is no price's."""
    own = [Piece(FIRST, "technology", "pv", "capital", -capital, ("capital", "pv", FIRST), 0.0, capital)]
    for y in given.years:
        own.append(Piece(y, "technology", "pv", "operating", saved - other, ("energy", "grid", y)))
        own.append(Piece(y, "technology", "pv", "operating", other, None))
    projects = {("technology", "pv"): Project("technology", "pv", "park", 0.0, 2.0)}
    return Statements(given, "CNY", {"reference": own}, projects, Levelised((), {}), {})


def found(made: Statements) -> dict[tuple[str, str, str], float | None]:
    return {(e.figure, e.kind, e.name): e.ends_at for e in ends(made, "reference")}


def test_figures_end_where_cash_no_longer_pays() -> None:
    """120 saved for 100: a sixth less of the saving, or a fifth more capital, leaves nothing. Two thirds of the saving are the
    grid's, 80: a fourth less of its price."""
    told = found(statements(terms(2), other=20.0))
    assert told["npv_after_tax", "saving", ""] == pytest.approx(-1 / 6, abs=1e-4)
    assert told["npv_after_tax", "capital", "pv"] == told["npv_after_tax", "capital", ""] == pytest.approx(0.2, abs=1e-4)
    assert told["npv_after_tax", "bought", "grid"] == pytest.approx(-0.25, abs=1e-4)
    assert told["npv_equity", "bought", "grid"] == told["npv_after_tax", "bought", "grid"]
    assert {figure for figure, *_ in told} == {"npv_after_tax", "npv_equity"}  # nothing is borrowed
    # Of 60 less 50 written off a fourth is tax, 2.5: 115 for 100. Each point less of the saving takes 0.75: 15 / 90 of it.
    assert found(statements(terms(2, tax_rate=0.25)))["npv_after_tax", "saving", ""] == pytest.approx(-1 / 6, abs=1e-4)
    # 80 borrowed without interest and paid back in the second year, of 100 cash: a fifth less of what is saved, or a fourth more
    # capital and so 100 of debt. 25 % of interest make 100 of the 80: two thirds more than 15 %.
    made = statements(terms(2, debt_share=0.8, tenor=1), saved=100.0)
    told = found(made)
    assert told["dscr_least", "saving", ""] == pytest.approx(-0.2, abs=1e-4)
    assert told["dscr_least", "capital", "pv"] == pytest.approx(0.25, abs=1e-4)
    own = next(e for e in ends(made, "reference") if (e.figure, e.kind) == ("dscr_least", "saving"))
    assert (own.now, own.lower, own.higher) == (pytest.approx(1.25), pytest.approx(0.7 * 1.25), pytest.approx(1.3 * 1.25))
    with_interest = found(statements(terms(2, debt_share=0.8, tenor=1, interest=0.15), saved=100.0))
    assert with_interest["dscr_least", "interest", ""] == pytest.approx(2 / 3, abs=1e-4)
    assert found(statements(terms(2), saved=40.0)) == {}
    told = found(statements(terms(2), saved=400.0, other=390.0))
    assert told["npv_after_tax", "bought", "grid"] is None and told["npv_after_tax", "capital", "pv"] is None
    assert told["npv_after_tax", "saving", ""] == pytest.approx(-7 / 8, abs=1e-4)


def test_a_loan_that_was_sized_by_its_cover_stays_as_it_was_lent() -> None:
    """100 of cash cover 1.25 times what is served: 80 are lent, and stay lent when less is saved: a fifth less covers them once."""
    given = terms(2, debt_share=1.0, cover_ratio=1.25, tenor=1)
    assert accounts(statements(given, saved=100.0).pieces["reference"], {}, given)[0].share == pytest.approx(0.8)
    assert found(statements(given, saved=100.0))["dscr_least", "saving", ""] == pytest.approx(-0.2, abs=1e-4)
    owners = terms(2, tenor=1, owners={"park": OwnTerms(debt_share=1.0, cover_ratio=1.25)})
    assert found(statements(owners, saved=100.0))["dscr_least", "saving", ""] == pytest.approx(-0.2, abs=1e-4)
