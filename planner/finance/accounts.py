r"""Accounts: what a plan saves against another one, year by year, with tax and debt; of the whole, each owner and each project.

Capital, grants and what is borrowed are paid at the start of a year, all else at its end (`timing`: ``end``), or all at its start
(``start``). Nominal money is real money times :math:`I_y = (1+i)^{y - \text{price\_year}}`; where a year is paid at its end, what
is paid at its start has the :math:`I` of the year before. So each date has one price level: nominal and real are worth the same.

.. math::
    N_y = K_y - G_y \qquad T_y = \tau (O_y + P_y - D_y - J_y - c_y) \qquad F_y = O_y + P_y - T_y|_{J = c = 0}
.. math::
    R_y = d \max(A_y - G_y, 0) \qquad S_y = \sum_{v} R_v \, s_{y-v} \qquad B_y = B_{y-1} + J_y - S_y + R_y \qquad c_y = f R_y
.. math::
    E_y = O_y + P_y - N_y - T_y + R_y - S_y - c_y \qquad H_y = v A_y + \tfrac{m}{12} S_y + w \sum_{u \le y} A_u

A loan is of what the plan buys, whatever the other plan would have bought: that one's capital is taken to be the owner's own money.
:math:`J_y = j B_{y-1}` and, paid at the end, :math:`J_y = j (B_{y-1} + R_y)`; :math:`s_a = j` in the g years of grace, which
begin a year after the money came (a = 1; paid at the end, a = 0), then :math:`j / (1 - (1+j)^{-(n-g)})` up to the tenor n, else 0;
`capitalised` they begin when the order works, until when J is added to the loan. H is laid out at the start of a year and back at
its end. With a cover ratio C,
:math:`d = \min(\text{debt\_share}, \min_y F_y / (C S_y|_{d=1}))`, not below 0. Over the years that serve debt

.. math::
    \text{cover}_y = F_y / S_y \qquad
    \text{llcr}_y = \sum_{u=y}^{y+n-1} F_u (1+j)^{-u} \Big/ \sum_{u=y}^{y+n-1} S_u (1+j)^{-u}

of the n years of a loan: cash of later years, in which small loans alone are left, covers none of it.

Terms are those of the owner. An owner that keeps the share :math:`\sigma` of the saving of its projects passes the rest on to the
park: :math:`P_y = -(1 - \sigma) O_y`, and the park's is what all others pass on. P of a project is 0: it is told as a whole. The
account of everything is the sum of those of the owners, as each of them borrows and pays tax for itself.

All nominal money (y):
K  capital above that of the other plan     G  grants     N  net capital           O  operating saving
A  what the plan buys                       c  fees       H  held                  f, v, m, w  fee, VAT, months, stock
D  depreciation                             T  tax        F  cash for debt service  τ  tax_rate   1
R  borrowed                                 S  service    B  debt at the end        J  interest
E  cash of the owner                        j  interest per year     d  share borrowed, 1
P  received from other owners, below 0: passed on
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from planner.finance.pieces import PROJECTS, Key, Piece
from planner.finance.terms import PARK, Project, Sums, Terms, sums

#: Accounts that are none of a project: the whole, and an owner.
WHOLE, OWNER = "all", "owner"
#: Capital below this share of that of the largest year is rounding.
ROUNDING = 1e-9
#: Place of the operating saving among the parts of an account.
OPERATING = 2


@dataclass(frozen=True)
class Account:
    """An account: nominal money of each year, see above, and what lies beyond the horizon.

    kind, name  WHOLE, an owner or a project
    owner       whose terms hold; blank for the whole
    passed      received from other owners; below 0 where it is passed on
    cash        for debt service: operating saving less the tax on it
    bought      what the plan itself pays for what it orders
    fully, served, added  what is borrowed, its service, and the interest added to it, were it all of what is bought less the grants
    share       share of that which is borrowed
    fees, vat, stock, reserve  paid to the bank; VAT, stock and the reserve account that are held over the year
    beyond      real money of each year of payment that serves years after the horizon
    """

    kind: str
    name: str
    owner: str
    capital: np.ndarray
    grants: np.ndarray
    operating: np.ndarray
    passed: np.ndarray
    depreciation: np.ndarray
    beyond: np.ndarray
    bought: np.ndarray
    cash: np.ndarray
    fully: np.ndarray
    served: np.ndarray
    added: np.ndarray
    share: float
    interest: np.ndarray
    tax: np.ndarray
    borrowed: np.ndarray
    service: np.ndarray
    debt: np.ndarray
    fees: np.ndarray
    vat: np.ndarray
    stock: np.ndarray
    reserve: np.ndarray
    cover: np.ndarray
    llcr: np.ndarray

    @property
    def before_tax(self) -> np.ndarray:
        """Cash before tax and debt."""
        return self.operating + self.passed - self.capital + self.grants

    @property
    def after_tax(self) -> np.ndarray:
        """Cash after tax, without debt."""
        return self.cash - self.capital + self.grants

    @property
    def equity(self) -> np.ndarray:
        """Cash of the owner, after tax and debt."""
        return self.before_tax - self.tax + self.borrowed - self.service - self.fees

    @property
    def held(self) -> np.ndarray:
        """What is laid out at the start of a year and is back at its end."""
        return self.vat + self.stock + self.reserve


#: What the owners' accounts add up to in that of everything; the share and the cover are worked out from these.
OF_OWNERS = tuple(field.name for field in fields(Account) if field.type == "np.ndarray" and field.name not in ("cover", "llcr"))


def accounts(
    pieces: Sequence[Piece],
    projects: Mapping[tuple[str, str], Project],
    terms: Terms,
    factors: Mapping[Key, float] | None = None,
    is_downside: bool = False,
) -> list[Account]:
    """The whole, each owner, then each project and each supply, certificate and credit; with the yields of the downside case."""
    parts, owners = _parts(sums(pieces, terms, factors, projects if is_downside else None), projects, terms)
    order = [who for kind in PROJECTS for who in parts if who[0] == kind]
    order += [who for who in parts if who not in order]
    of_owners = _of_owners(parts, owners, terms)
    nothing = np.zeros(len(terms.years))
    of_projects = [_account(*who, projects[who].owner if who in projects else PARK, parts[who], nothing, terms) for who in order]
    return [_together(of_owners, terms), *of_owners, *of_projects]


def whole(flat: Mapping[tuple[str, str], Sums], projects: Mapping[tuple[str, str], Project], terms: Terms) -> Account:
    """The account of everything alone, of the sums of its projects."""
    return _together(_of_owners(*_parts(flat, projects, terms), terms), terms)


#: Nominal money of a project by year: capital, grants, operating saving, depreciation, real money beyond the horizon, what is
#: bought, and the loan on all of it: what is borrowed, served and added.
Parts = dict[tuple[str, str], tuple[np.ndarray, ...]]


def _parts(
    flat: Mapping[tuple[str, str], Sums], projects: Mapping[tuple[str, str], Project], terms: Terms
) -> tuple[Parts, dict[str, list[tuple[str, str]]]]:
    """The parts of each project, and the projects of each owner."""
    first, parts, owners = terms.index_first, Parts(), defaultdict[str, list[tuple[str, str]]](list)
    for who, own in flat.items():
        project = projects.get(who, Project(*who, PARK, 0.0, 1.0))
        capital, bought = own.capital * first, own.bought * first
        grants = project.grant * bought
        written = _written_off(capital - grants, project.write_off)
        loan = _loan(np.maximum(bought - grants, 0.0), own.waits, terms.of(project.owner))
        parts[who] = capital, grants, own.operating * terms.index, written, own.beyond, bought, *loan
        owners[project.owner].append(who)
    if any(terms.passed_on(o) for o in owners):
        owners.setdefault(PARK, [])
    return parts, owners


def _of_owners(parts: Parts, owners: Mapping[str, Sequence[tuple[str, str]]], terms: Terms) -> list[Account]:
    """The account of each owner, with what it passes on or receives."""
    added = {o: _added((parts[who] for who in own), terms) for o, own in sorted(owners.items())}
    passed = {o: -terms.passed_on(o) * own[OPERATING] for o, own in added.items()}
    if PARK in passed:
        passed[PARK] = -_total((p for o, p in passed.items() if o != PARK), terms)
    return [_account(OWNER, o, o, own, passed[o], terms) for o, own in added.items()]


def _total(flows: Iterable[np.ndarray], terms: Terms) -> np.ndarray:
    return sum(flows, np.zeros(len(terms.years)))


def _added(parts: Iterable[tuple[np.ndarray, ...]], terms: Terms) -> tuple[np.ndarray, ...]:
    columns = [*zip(*parts, strict=True)] or [()] * 9
    return tuple(_total(column, terms) for column in columns)


def _written_off(net: np.ndarray, years: float) -> np.ndarray:
    """Equal parts over the years from the year of payment; of the last year the fraction that is left."""
    shares = np.clip(years - np.arange(len(net)), 0.0, 1.0) / years
    return np.convolve(net, shares)[: len(net)]


def _account(kind: str, name: str, owner: str, parts: tuple[np.ndarray, ...], passed: np.ndarray, terms: Terms) -> Account:
    capital, grants, operating, written, beyond, bought, fully, served, added = parts
    own = terms.of(owner)
    finance, saved = own.finance, operating + passed
    cash = saved - finance.tax_rate * (saved - written)
    share, paid = finance.most_debt, served > 0
    if finance.cover_ratio is not None and paid.any():
        share = max(0.0, min(share, float((cash[paid] / served[paid]).min()) / finance.cover_ratio))
    borrowed, service = share * fully, share * served
    debt, interest, before = np.zeros(len(fully)), np.zeros(len(fully)), 0.0
    for i in range(len(fully)):
        interest[i] = finance.interest * (before + own.at_end * borrowed[i])
        before = debt[i] = before + interest[i] - service[i] + borrowed[i]
    fees = finance.fee * borrowed
    tax = finance.tax_rate * (saved - written - interest - fees)
    own_money = capital, grants, operating, passed, written, beyond, bought, cash, fully, served, added
    held = finance.capital_vat * bought, finance.working_capital * np.cumsum(bought), finance.reserve_months / 12 * service
    of_bank = interest, tax, borrowed, service, debt, fees, *held
    return Account(kind, name, owner, *own_money, share, *of_bank, *_covers(cash, service, own))


def _together(owners: Sequence[Account], terms: Terms) -> Account:
    """The account of everything: those of the owners added up."""
    sums = {name: _total((getattr(a, name) for a in owners), terms) for name in OF_OWNERS}
    all_of_it = float(sums["fully"].sum())
    share = float(sums["borrowed"].sum()) / all_of_it if all_of_it > 0 else 0.0
    cover, llcr = _covers(sums["cash"], sums["service"], terms)
    return Account(WHOLE, "", "", share=share, cover=cover, llcr=llcr, **sums)


def _covers(cash: np.ndarray, service: np.ndarray, terms: Terms) -> tuple[np.ndarray, np.ndarray]:
    """Cash by debt service in each year, and of a loan's years from it on what both are worth at the interest, else NaN."""
    worth, tenor = (1 + terms.finance.interest) ** -np.arange(len(cash), dtype=float), terms.finance.tenor
    paid, due = (np.where(service > 0, money, 0.0) * worth for money in (cash, service))
    later = [slice(i, i + tenor) for i in range(len(cash))]
    with np.errstate(divide="ignore", invalid="ignore"):
        each, rest = cash / service, np.array([paid[i].sum() for i in later]) / np.array([due[i].sum() for i in later])
    return tuple(np.where(service > 0, ratio, np.nan) for ratio in (each, rest))  # type: ignore[return-value]


def _loan(fully: np.ndarray, waits: np.ndarray, terms: Terms) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is borrowed of all of it, its service and the interest that is added to it until it works, by year."""
    fully = np.where(fully <= ROUNDING * fully.max(initial=0.0), 0.0, fully)
    served, added = np.zeros(len(fully)), np.zeros(len(fully))
    for wait in set(waits[fully > 0].astype(int).tolist()):
        own = np.where(waits == wait, fully, 0.0)
        for into, each in zip((served, added), terms.service(wait), strict=True):
            into += np.convolve(own, each)[: len(own)]
    return fully, served, added
