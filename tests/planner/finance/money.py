"""Pencil accounts: pieces and terms drawn by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.case import Financing
from planner.finance.accounts import Account, accounts
from planner.finance.figures import Figure, figures
from planner.finance.pieces import Piece
from planner.finance.terms import Project, Terms

FIRST = 2026


def terms(years: int, rate: float = 0.0, price_year: int = FIRST, **finance: Any) -> Terms:
    """Terms of so many years, all paid at the start, with no inflation, tax or debt unless said otherwise."""
    return Terms(Financing(**{"timing": "start", **finance}), rate, price_year, tuple(range(FIRST, FIRST + years)))


def account(
    given: Terms,
    capital: Mapping[int, float],
    operating: Sequence[float],
    beyond: float = 0.0,
    write_off: float = 10.0,
    grant: float = 0.0,
) -> Account:
    """The account of one project: capital by year from the first (0), saving of every year, value beyond of the first order."""
    years = given.years
    own = [Piece(years[i], "technology", "pv", "capital", -money, None, beyond if i == 0 else 0.0, money)
        for i, money in capital.items()]
    own += [Piece(y, "technology", "pv", "operating", money, None) for y, money in zip(years, operating, strict=True)]
    projects = {("technology", "pv"): Project("technology", "pv", "park", grant, write_off)}
    return accounts(own, projects, given)[-1]


def figure(own: Account, given: Terms, name: str, basis: str = "real") -> Figure:
    """One figure."""
    (found,) = [f for f in figures(own, given) if (f.name, f.basis) == (name, basis)]
    return found
