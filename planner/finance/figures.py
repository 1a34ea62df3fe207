r"""Figures of an account: present values, rates of return, payback, debt cover, funding.

.. math::
    \text{npv} = \sum_y \delta_y C_y \qquad \text{value beyond} = \varrho \sum_y \delta_y X_y

C  cash before tax and debt   real money (y)     X  capital that serves years after the horizon   real money (y)
δ  discount factor   1 (y)                       ϱ  residual_value   1

Without grants, and with ϱ = 1, npv and value beyond add up to the difference of system cost. Nominal values are those of the first
year's money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyxirr import irr

from planner.finance.accounts import Account, Terms
from planner.language.language import mark

#: Money below this is 0: half a cent.
CENT = 0.005
#: Why there is no rate of return.
NO_IRR, NOT_UNIQUE = mark("no IRR: cash never changes sign"), mark("no unique IRR: cash changes its sign more than once")
NOT_FOUND = mark("no IRR was found")
#: What an IRR is of cash that comes before it goes.
BORROWS = mark("receives first and pays later: the rate is paid, not earned")


@dataclass(frozen=True)
class Figure:
    """A figure of an account; None where there is none, with a note that says why.

    basis  `real`, `nominal`; empty where it is neither
    """

    name: str
    basis: str
    value: float | None
    unit: str
    note: str = ""


def figures(account: Account, terms: Terms) -> list[Figure]:
    """Every figure of an account by the terms of its owner; money's unit is left to the caller (`money`)."""
    index, delta = terms.index, terms.discount
    flows = {"": account.before_tax, "_after_tax": account.after_tax, "_equity": account.equity}
    beyond = terms.finance.residual_value * float(delta @ account.beyond)
    at_end = beyond / (delta[-1] / (1 + terms.rate))
    found: list[Figure] = []
    for basis, rise, worth in (("real", 0.0, 1.0), ("nominal", terms.finance.inflation, float(index[0]))):
        for of, nominal in flows.items():
            found.append(Figure(f"npv{of}", basis, worth * float(delta @ (nominal / index)), "money"))
            if not of:
                found.append(Figure("value_beyond", basis, worth * beyond, "money"))
                found.append(Figure("npv_with_beyond", basis, found[-2].value + found[-1].value, "money"))  # type: ignore[operator]
        for of, nominal in flows.items():
            found.append(_return(f"irr{of}", basis, nominal / index, rise))
            if not of:
                found.append(_return("irr_with_beyond", basis, np.append(nominal / index, at_end), rise))
        found.append(_payback("payback", basis, account.before_tax / (index if basis == "real" else 1.0), account.before_tax))
        equity = account.equity / (index if basis == "real" else 1.0)
        found.append(Figure("peak_funding", basis, max(0.0, -float(np.cumsum(equity).min())), "money"))
    found.append(_payback("payback_discounted", "", delta * account.before_tax / index, account.before_tax))
    return [*found, *_of_debt(account)]


def _of_debt(account: Account) -> list[Figure]:
    """Of the loan, nominal."""
    cover = account.cover[~np.isnan(account.cover)]
    none = "" if len(cover) else "no debt is served"
    return [
        Figure("debt_share", "", account.share if account.borrowed.any() else 0.0, "1"),
        Figure("borrowed", "nominal", float(account.borrowed.sum()), "money"),
        Figure("debt_at_end", "nominal", float(account.debt[-1]), "money"),
        Figure("dscr_least", "", float(cover.min()) if len(cover) else None, "1", none),
        Figure("dscr_mean", "", float(cover.mean()) if len(cover) else None, "1", none),
    ]


def changes_of_sign(flow: np.ndarray) -> int:
    """How often cash changes its sign; what is less than half a cent has none."""
    signs = np.sign(flow[np.abs(flow) >= CENT])
    return int((signs[1:] != signs[:-1]).sum())


def _return(name: str, basis: str, real: np.ndarray, rise: float) -> Figure:
    """The rate of return; only where cash changes its sign once is it told."""
    count = changes_of_sign(real)
    if count != 1:
        return Figure(name, basis, None, "1", NO_IRR if count == 0 else NOT_UNIQUE)
    rate = irr(real.tolist())
    if rate is None:
        return Figure(name, basis, None, "1", NOT_FOUND)
    note = BORROWS if real[np.abs(real) >= CENT][0] > 0 else ""
    return Figure(name, basis, (1 + rate) * (1 + rise) - 1, "1", note)


def _payback(name: str, basis: str, flow: np.ndarray, cash: np.ndarray) -> Figure:
    """Years from the first one with cash until what was paid is back for good."""
    there = np.flatnonzero(np.abs(cash) >= CENT)
    if not len(there):
        return Figure(name, basis, None, "year", "nothing is paid")
    behind = np.flatnonzero(np.cumsum(flow) < -CENT)
    if not len(behind):
        return Figure(name, basis, 0.0, "year")
    if behind[-1] + 1 == len(flow):
        return Figure(name, basis, None, "year", "not within the horizon")
    return Figure(name, basis, float(behind[-1] + 1 - there[0]), "year")
