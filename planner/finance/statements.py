"""The statements of a run: its target plan against the reference and against the least-cost plan, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.case import Case
from planner.finance.accounts import Account, accounts
from planner.finance.figures import Figure, figures
from planner.finance.levelised import Levelised, levelised
from planner.finance.pieces import NOISE, Key, Piece, Tables, pieces
from planner.finance.terms import Project, Terms, projects_of, terms_of
from planner.plan import LEAST_COST, REFERENCE, TARGET, Run
from planner.tables.schema import TABLES

#: The plans that the target is compared with.
OTHERS = REFERENCE, LEAST_COST
#: Items of cash_flow.csv in their order: what a year of an account has; below 0 is paid.
ITEMS = (
    "capital",
    "grants",
    "operating",
    "passed",
    "before_tax",
    "depreciation",
    "interest",
    "tax",
    "borrowed",
    "debt_service",
    "debt",
    "equity",
)


@dataclass(frozen=True)
class Statements:
    """What the accounts are made of.

    pieces     plan compared with -> pieces of the target against it
    projects   (kind, name) -> project
    plans      name -> tables, of the target and the plans compared with; all of all hours, or of the same typical days
    """

    terms: Terms
    currency: str
    pieces: Mapping[str, list[Piece]]
    projects: Mapping[tuple[str, str], Project]
    levelised: Levelised
    plans: Mapping[str, Tables]

    def accounts(self, against: str, factors: Mapping[Key, float] | None = None) -> list[Account]:
        """The accounts against a plan; `factors` say what a price or capital cost is taken times."""
        return accounts(self.pieces[against], self.projects, self.terms, factors)

    def tables(self) -> dict[str, pd.DataFrame]:
        """finance, cash_flow and levelised."""
        rows: dict[str, list] = {"finance": [], "cash_flow": [], "levelised": []}
        for against in self.pieces:
            for account in self.accounts(against):
                who = (against, account.kind, account.name)
                for f in figures(account, self.terms.of(account.owner)):
                    rows["finance"].append((*who, f.name, f.basis, f.value, self.unit(f), f.note))
                rows["cash_flow"] += [(year, *who, *row, self.currency) for year, *row in _years(account, self.terms)]
        discount = dict(zip(self.terms.years, self.terms.discount.tolist(), strict=True))
        rows["levelised"] = [(c, cost, f"{self.currency}/MWh") for c, cost in sorted(self.levelised.cost(discount).items())]
        return {name: pd.DataFrame(own, columns=list(TABLES[name].names)) for name, own in rows.items()}

    def unit(self, figure: Figure) -> str:
        """Unit of a figure."""
        return self.currency if figure.unit == "money" else figure.unit


def yearly(account: Account) -> dict[str, np.ndarray]:
    """Nominal money of each year by item, as the account's owner sees it: what is paid is below 0; `debt` is what is owed."""
    return {
        "capital": -account.capital,
        "grants": account.grants,
        "operating": account.operating,
        "passed": account.passed,
        "before_tax": account.before_tax,
        "depreciation": -account.depreciation,
        "interest": -account.interest,
        "tax": -account.tax,
        "borrowed": account.borrowed,
        "debt_service": -account.service,
        "debt": account.debt,
        "equity": account.equity,
    }


def _years(account: Account, terms: Terms) -> Iterator[tuple[int, str, float, float]]:
    """Year, item, real and nominal money; items that are 0 in every year are left out."""
    for item, money in yearly(account).items():
        if np.abs(money).max() > NOISE:
            money = np.where(np.abs(money) > NOISE, money, 0.0)
            real = money / terms.index
            yield from ((y, item, float(r), float(n)) for y, r, n in zip(terms.years, real, money, strict=True))


def statements(run: Run, case: Case) -> Statements | None:
    """The statements of a run; None where the park asks for none, or nothing is there to compare."""
    finance = case.park.finance
    if finance is None or not run.target.has_tables:
        return None
    terms = terms_of(case, finance)
    discount = dict(zip(terms.years, terms.discount.tolist(), strict=True))
    target = run.target.tables
    others = [name for name in OTHERS if name in run.plans and run.plans[name].has_tables]
    compared = target if run.on_days is None else run.on_days.tables
    found = {name: pieces(case, compared, run.plans[name].tables, discount) for name in others}
    plans = {TARGET: compared, **{name: run.plans[name].tables for name in others}}
    return Statements(terms, run.currency, found, projects_of(case, finance), levelised(case, target, discount), plans)
