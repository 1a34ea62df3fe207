"""Columns of an account in finance.xlsx, and the numbers in them as planned."""

from __future__ import annotations

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from planner.finance.accounts import Account
from planner.finance.figures import dated
from planner.finance.terms import Terms
from planner.language.language import mark

#: Cash below this has no sign: half a cent.
CENT = "0.005"
#: 1 where what a year saves and costs is paid at its end.
AT_END = 'IF(timing="start",0,1)'
#: Columns of an account, in their order, and what they are called.
COLUMNS = {
    "against": mark("against"),
    "account": mark("account"),
    "name": mark("name"),
    "owner": mark("owner"),
    "year": mark("year"),
    "index": mark("price index"),
    "discount": mark("discount factor"),
    "capital": mark("capital"),
    "grants": mark("grants"),
    "operating": mark("operating saving"),
    "passed": mark("received from other owners"),
    "depreciation": mark("depreciation"),
    "fully": mark("borrowed, were it all"),
    "served": mark("debt service, were it all"),
    "cash": mark("cash for debt service"),
    "room": mark("cash by debt service, were it all"),
    "share": mark("share borrowed"),
    "borrowed": mark("borrowed"),
    "service": mark("debt service"),
    "interest": mark("interest"),
    "debt": mark("debt at the end"),
    "tax": mark("tax"),
    "before_tax": mark("before tax"),
    "after_tax": mark("after tax, without debt"),
    "equity": mark("cash of the owner"),
    "cover": mark("debt cover"),
    "beyond": mark("value beyond the horizon, real"),
    "real": mark("before tax, real"),
    "real_beyond": mark("and the value beyond, real"),
    "real_after": mark("after tax, real"),
    "real_equity": mark("cash of the owner, real"),
    "dated": mark("before tax, by date"),
    "dated_beyond": mark("and the value beyond, by date"),
    "dated_after": mark("after tax, by date"),
    "dated_equity": mark("cash of the owner, by date"),
    "sum_nominal": mark("before tax, added up"),
    "sum_real": mark("real, added up"),
    "sum_discounted": mark("discounted, added up"),
    "sum_equity": mark("cash of the owner, added up"),
    "sum_real_equity": mark("cash of the owner, real, added up"),
    "sign": mark("sign before tax, real"),
    "sign_beyond": mark("sign with the value beyond, real"),
    "sign_after": mark("sign after tax, real"),
    "sign_equity": mark("sign of the owner's cash, real"),
    "sign_dated": mark("sign before tax"),
    "sign_dated_beyond": mark("sign with the value beyond"),
    "sign_dated_after": mark("sign after tax"),
    "sign_dated_equity": mark("sign of the owner's cash"),
}
#: Column of cash by date -> that of its sign.
SIGNS = {
    "real": "sign",
    "real_beyond": "sign_beyond",
    "real_after": "sign_after",
    "real_equity": "sign_equity",
    "dated": "sign_dated",
    "dated_beyond": "sign_dated_beyond",
    "dated_after": "sign_dated_after",
    "dated_equity": "sign_dated_equity",
}
#: Columns that have a date more than there are years: the end of the last one.
BY_DATE = (
    "index",
    "discount",
    *SIGNS,
    "sum_nominal",
    "sum_real",
    "sum_discounted",
    "sum_equity",
    "sum_real_equity",
    *SIGNS.values(),
)
#: Columns that the account of everything adds up of its owners'.
OF_OWNERS = (
    "capital",
    "grants",
    "operating",
    "passed",
    "depreciation",
    "beyond",
    "fully",
    "served",
    "cash",
    "borrowed",
    "service",
    "interest",
    "debt",
    "tax",
)
#: Columns of text.
TEXTS = ("against", "account", "name", "owner")
AT = {name: xl_col_to_name(c) for c, name in enumerate(COLUMNS)}


def values(account: Account, terms: Terms) -> dict[str, np.ndarray]:
    """The numbers of an account by column: what its formulas give as planned; of what is by date one number more."""
    rise, cash = 1 + terms.finance.inflation, dated(account, terms)
    index = terms.index[0] * rise ** np.arange(len(terms.years) + 1)
    delta = np.append(terms.discount, terms.discount[-1] / (1 + terms.rate))
    at_end = np.append(np.zeros(len(terms.years)), cash.beyond)
    flows = {
        **{f"real{_SHORT[of]}": flow for of, flow in cash.real.items()},
        "real_beyond": cash.real[""] + at_end,
        **{f"dated{_SHORT[of]}": flow for of, flow in cash.nominal.items()},
        "dated_beyond": cash.nominal[""] + at_end * index,
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(account.served > 0, account.cash / account.served, np.nan)
    return {
        **{name: getattr(account, name) for name in (*OF_OWNERS, "before_tax", "after_tax", "equity", "cover")},
        **flows,
        "index": index,
        "discount": delta,
        "room": room,
        "share": np.full(len(terms.years), account.share),
        "sum_nominal": np.cumsum(flows["dated"]),
        "sum_real": np.cumsum(flows["real"]),
        "sum_discounted": np.cumsum(delta * flows["real"]),
        "sum_equity": np.cumsum(flows["dated_equity"]),
        "sum_real_equity": np.cumsum(flows["real_equity"]),
        **{sign: _signs(flows[name]) for name, sign in SIGNS.items()},
    }


#: Cash of a figure -> end of the name of its columns.
_SHORT = {"": "", "_after_tax": "_after", "_equity": "_equity"}


def _signs(flow: np.ndarray) -> np.ndarray:
    """The sign of each year's cash, of the year before where it has none."""
    found, before = np.zeros(len(flow)), 0.0
    for i, cash in enumerate(flow):
        before = found[i] = before if abs(cash) < float(CENT) else float(np.sign(cash))
    return found
