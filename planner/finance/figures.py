r"""Figures of an account: present values, rates of return, payback, debt cover, funding.

Cash is dated: :math:`C_t` is what is paid at the start of year t of the horizon, :math:`C_T` what is paid at its end. What
is paid at the end of a year (`timing`) is that of the next date, still in money of its own year.

.. math::
    \text{npv} = \sum_t \delta_t C_t \qquad \text{value beyond} = \varrho \sum_y \delta_y X_y \qquad
    \text{mirr} = (1+r) \left( \frac{\sum_t \delta_t \max(C_t, 0)}{\sum_t \delta_t \max(-C_t, 0)} \right)^{1/(T - t_0)} - 1

C  cash before tax and debt   real money (t)     X  capital that serves years after the horizon   real money (y)
δ  discount factor   1 (t)                       ϱ  residual_value   1
r  discount rate, at which the modified rate borrows and reinvests   1/year     t0  first date with cash

Where all is paid at the start, without grants, and with ϱ = 1, npv and value beyond add up to the difference of system cost.
Nominal present values are nominal cash discounted at (1 + r)(1 + i) − 1, in money of the first date: where prices are of that date
they are the real ones, to the cent; a nominal rate of return is the real one and inflation, (1 + irr)(1 + i) − 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyxirr import irr

from planner.finance.accounts import Account
from planner.finance.terms import Terms
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


@dataclass(frozen=True)
class Dated:
    """Real cash of an account by date (t): before tax, after tax, of the owner; what lies beyond, at its end; and the price index
    of each date, by which nominal cash is real."""

    real: dict[str, np.ndarray]
    beyond: float
    level: np.ndarray


def dated(account: Account, terms: Terms) -> Dated:
    """The cash of an account by date."""
    net = account.grants - account.capital
    parts = {
        "": (net, account.before_tax),
        "_after_tax": (net, account.after_tax),
        "_equity": (net + account.borrowed - account.fees - account.held, account.equity),
    }
    real = {of: by_date(*real_money(first, whole, terms), terms.at_end) for of, (first, whole) in parts.items()}
    beyond = terms.finance.residual_value * float(terms.discount @ account.beyond) / float(by_dates(terms)[-1])
    return Dated(real, beyond, np.append(terms.index_first, terms.index_first[-1] * (1 + terms.finance.inflation)))


def real_money(first: np.ndarray, whole: np.ndarray, terms: Terms) -> tuple[np.ndarray, np.ndarray]:
    """Real money of each year, of nominal: what is paid at its start, and all."""
    at_start = first / terms.index_first
    return at_start, at_start + (whole - first) / terms.index


def by_date(first: np.ndarray, whole: np.ndarray, at_end: bool) -> np.ndarray:
    """Money by date, of that of each year: `first` is paid at its start, what else there is of the `whole` at its end or start."""
    found = np.append(first if at_end else whole, 0.0)
    found[1:] += (whole - first) if at_end else 0.0
    return found


def by_dates(terms: Terms) -> np.ndarray:
    """Real discount factors of all dates: the start of each year, and the end of the last one (t)."""
    return np.append(terms.discount, terms.discount[-1] / (1 + terms.rate))


def present_values(account: Account, terms: Terms) -> dict[str, float]:
    """The real net present values alone: before tax, after tax, of the owner (money)."""
    return {f"npv{of}": float(by_dates(terms) @ real) for of, real in dated(account, terms).real.items()}


def figures(account: Account, terms: Terms) -> list[Figure]:
    """Every figure of an account by the terms of its owner; money's unit is left to the caller (`money`)."""
    cash, rise, delta = dated(account, terms), 1 + terms.finance.inflation, by_dates(terms)
    at_end = np.append(np.zeros(len(terms.years)), cash.beyond)
    worth = {of: float(delta @ real) for of, real in cash.real.items()}
    found: list[Figure] = []
    for basis, level, price, up in (
        ("real", np.ones(len(delta)), 1.0, 1.0),
        ("nominal", cash.level, float(cash.level[0]), rise),
    ):
        money = {f"npv{of}": value for of, value in worth.items()}
        money |= {"value_beyond": cash.beyond * float(delta[-1]), "npv_with_beyond": worth[""] + cash.beyond * float(delta[-1])}
        found += [Figure(name, basis, price * value, "money") for name, value in money.items()]
        for of, real in cash.real.items():
            found += [_return(f"irr{of}", basis, real, up), _modified(f"mirr{of}", basis, real, delta, (1 + terms.rate) * up)]
        found.append(_return("irr_with_beyond", basis, cash.real[""] + at_end, up))
        found.append(_payback("payback", basis, level * cash.real[""], cash.real[""]))
        found.append(Figure("peak_funding", basis, max(0.0, -float(np.cumsum(level * cash.real["_equity"]).min())), "money"))
    found.append(_payback("payback_discounted", "", delta * cash.real[""], cash.real[""]))
    return [*found, *_of_debt(account, terms.finance.tenor)]


def _of_debt(account: Account, tenor: int) -> list[Figure]:
    """Of the loan, nominal. The mean cover is that of the life of the first loan, as a bank takes it: later years, in which small
    loans alone are left, owe little and would only raise it."""
    cover = account.cover[~np.isnan(account.cover)]
    served = np.flatnonzero(~np.isnan(account.cover))
    early = cover[served < served[0] + tenor] if len(served) else cover
    none = "" if len(cover) else "no debt is served"
    return [
        Figure("debt_share", "", account.share if account.borrowed.any() else 0.0, "1"),
        Figure("borrowed", "nominal", float(account.borrowed.sum()), "money"),
        Figure("debt_at_end", "nominal", float(account.debt[-1]), "money"),
        Figure("dscr_least", "", float(cover.min()) if len(cover) else None, "1", none),
        Figure("dscr_mean", "", float(early.mean()) if len(early) else None, "1", none),
        Figure("llcr", "", float(account.llcr[served[0]]) if len(served) else None, "1", none),
    ]


def changes_of_sign(flow: np.ndarray) -> int:
    """How often cash changes its sign; what is less than half a cent has none."""
    signs = np.sign(flow[np.abs(flow) >= CENT])
    return int((signs[1:] != signs[:-1]).sum())


def _return(name: str, basis: str, flow: np.ndarray, rise: float) -> Figure:
    """The rate of return of real cash, times the rise of prices; only where cash changes its sign once is it told."""
    count = changes_of_sign(flow)
    if count != 1:
        return Figure(name, basis, None, "1", NO_IRR if count == 0 else NOT_UNIQUE)
    rate = irr(flow.tolist())
    if rate is None:
        return Figure(name, basis, None, "1", NOT_FOUND)
    note = BORROWS if flow[np.abs(flow) >= CENT][0] > 0 else ""
    return Figure(name, basis, (1 + rate) * rise - 1, "1", note)


def _modified(name: str, basis: str, flow: np.ndarray, factors: np.ndarray, rise: float) -> Figure:
    """The modified rate of return: what comes in is laid by at the discount rate until the horizon ends."""
    worth = np.where(np.abs(flow) >= CENT, factors * flow, 0.0)
    got, paid = float(worth[worth > 0].sum()), -float(worth[worth < 0].sum())
    if min(got, paid) < CENT:
        return Figure(name, basis, None, "1", NO_IRR)
    years = len(flow) - 1 - int(np.flatnonzero(np.abs(flow) >= CENT)[0])
    return Figure(name, basis, (got / paid) ** (1 / max(years, 1)) * rise - 1, "1")


def _payback(name: str, basis: str, flow: np.ndarray, cash: np.ndarray) -> Figure:
    """Years from the first date with cash until what was paid is back for good."""
    if not (np.abs(cash) >= CENT).any():
        return Figure(name, basis, None, "year", "nothing is paid")
    years = back_after(flow, cash)
    return Figure(name, basis, years, "year", "" if years is not None else "not within the horizon")


def back_after(flow: np.ndarray, cash: np.ndarray) -> float | None:
    """Years from the first date with `cash` until the sum of `flow` stays at 0 or above; None where it does not by the end."""
    behind = np.flatnonzero(np.cumsum(flow) < -CENT)
    if not len(behind):
        return 0.0
    if behind[-1] + 1 == len(flow):
        return None
    return float(behind[-1] + 1 - np.flatnonzero(np.abs(cash) >= CENT)[0])
