"""The statements of a run: its target plan against the reference and against the least-cost plan, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

import numpy as np
import pandas as pd

from models.case import Case, OwnTerms
from planner.finance.accounts import OWNER, Account, accounts
from planner.finance.figures import Figure, figures, real_money
from planner.finance.levelised import Levelised, levelised
from planner.finance.pieces import KINDS, NOISE, PROJECTS, Key, Piece, Tables, pieces
from planner.finance.terms import Project, Terms, projects_of, terms_of
from planner.plan import LEAST_COST, REFERENCE, TARGET, Run
from planner.tables.schema import TABLES

#: The plans that the target is compared with.
OTHERS = REFERENCE, LEAST_COST
#: Items that are paid at the start of a year, and those that are no money.
FIRST, RATIOS = ("capital", "grants", "borrowed", "bought", "fees", "held"), ("cover", "llcr")
#: Figures of finance.csv that are told of each case, and the cases: as planned; the yields and prices of the downside, with the
#: loan as planned; without any grant.
OF_CASES = ("npv_after_tax", "npv_equity", "irr_after_tax", "irr_equity", "borrowed", "dscr_least", "dscr_mean", "llcr")
PLANNED, DOWNSIDE, UNGRANTED = CASES = "planned", "downside", "without grants"


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

    def accounts(self, against: str, factors: Mapping[Key, float] | None = None, case: str = PLANNED) -> list[Account]:
        """The accounts against a plan; `factors` say what a price or capital cost is taken times."""
        own, projects, terms, times = self.pieces[against], self.projects, self.terms, dict(factors or {})
        if case == UNGRANTED:
            projects = {who: replace(project, grant=0.0) for who, project in projects.items()}
        if case == DOWNSIDE:
            terms = as_lent(terms, accounts(own, projects, terms, factors))
            lower = terms.finance.downside_prices
            times |= {p.key: times.get(p.key, 1.0) * lower[p.key[1]] for p in own if is_price(p.key) and p.key[1] in lower}
        return accounts(own, projects, terms, times, case == DOWNSIDE)

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that the park states something for."""
        finance = self.terms.finance
        return (
            PLANNED,
            *([DOWNSIDE] if finance.yield_p90 or finance.downside_prices else []),
            *([UNGRANTED] if any(project.grant for project in self.projects.values()) else []),
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """finance, cash_flow, finance_cases, funding and levelised."""
        rows: dict[str, list] = {"finance": [], "cash_flow": [], "finance_cases": [], "funding": [], "levelised": []}
        for against in self.pieces:
            for account in self.accounts(against):
                who = (against, account.kind, account.name)
                for f in figures(account, self.terms.of(account.owner)):
                    rows["finance"].append((*who, f.name, f.basis, f.value, self.unit(f), f.note))
                rows["cash_flow"] += [(year, *who, *row) for year, *row in _years(account, self.terms, self.currency)]
            for case in self.cases:
                account = self.accounts(against, case=case)[0]
                for f in figures(account, self.terms.of(account.owner)):
                    if f.name in OF_CASES:
                        rows["finance_cases"].append((case, against, f.name, f.basis, f.value, self.unit(f)))
                if case != DOWNSIDE:
                    money = [(i, v) for i, v in funding(account).items() if np.abs(v).max() > NOISE]
                    own = ((case, against, y, item, float(v[i])) for i, y in enumerate(self.terms.years) for item, v in money)
                    rows["funding"] += [(*row, self.currency) for row in own]
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
        "bought": account.bought,
        "fees": -account.fees,
        "held": account.held,
        "cover": account.cover,
        "llcr": account.llcr,
    }


def funding(account: Account) -> dict[str, np.ndarray]:
    """Uses and sources of funds of each year, nominal money (y): what is laid out for what the plan itself buys, and where it comes
    from. Reserve and stock are what is added to them, VAT is back a year later; the uses are the sum of the sources."""
    uses = {
        "bought": account.bought,
        "vat": account.vat,
        "fees": account.fees,
        "interest_added": account.share * account.added,
        "reserve": np.diff(account.reserve, prepend=0.0),
        "stock": np.diff(account.stock, prepend=0.0),
    }
    back = np.append(0.0, account.vat[:-1])
    given = {"grants": account.grants, "loan": account.borrowed + uses["interest_added"], "vat_back": back}
    return {**uses, **given, "own_money": sum(uses.values()) - sum(given.values())}


def is_price(key: Key | None) -> TypeGuard[Key]:
    """True of a price, not a capital cost."""
    return key is not None and KINDS.get(key[0]) not in PROJECTS


def as_lent(terms: Terms, planned: Sequence[Account]) -> Terms:
    """The terms with the shares that are borrowed as planned, whatever the cash is."""
    shares, finance = {a.owner: a.share for a in planned if a.kind == OWNER}, terms.finance
    own = {
        owner: finance.owners.get(owner, OwnTerms()).model_copy(update={"debt_share": share, "cover_ratio": None})
        for owner, share in shares.items()
    }
    return replace(terms, finance=finance.model_copy(update={"cover_ratio": None, "owners": own}))


def _years(account: Account, terms: Terms, currency: str) -> Iterator[tuple[int, str, float, float, str]]:
    """Year, item, real and nominal money, unit; items that are 0 in every year are left out, and ratios where there are none."""
    net = account.grants - account.capital
    mixed = {"before_tax": net, "equity": net + account.borrowed - account.fees}
    for item, money in yearly(account).items():
        if item in RATIOS:
            yield from ((y, item, float(v), float(v), "1") for y, v in zip(terms.years, money, strict=True) if not np.isnan(v))
        elif np.abs(money).max() > NOISE:
            money = np.where(np.abs(money) > NOISE, money, 0.0)
            _, real = real_money(money if item in FIRST else mixed.get(item, 0.0 * money), money, terms)
            yield from ((y, item, float(r), float(n), currency) for y, r, n in zip(terms.years, real, money, strict=True))


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
