r"""Accounts: what a plan saves against another one, year by year, with tax and debt; of the whole, each owner and each project.

Capital, grants and what is borrowed are paid at the start of a year, all else at its end (`timing`: ``end``), or all at its start
(``start``). Nominal money is real money times :math:`I_y = (1+i)^{y - \text{price\_year}}`.

.. math::
    N_y = K_y - G_y \qquad T_y = \tau (O_y + P_y - D_y - J_y) \qquad F_y = O_y + P_y - T_y|_{J=0}
.. math::
    R_y = d \max(N_y, 0) \qquad S_y = \sum_{v} R_v \, s_{y-v} \qquad B_y = B_{y-1} + J_y - S_y + R_y
.. math::
    E_y = O_y + P_y - N_y - T_y + R_y - S_y

with :math:`J_y = j B_{y-1}` and, paid at the end, :math:`J_y = j (B_{y-1} + R_y)`; :math:`s_a = j` in the g years of grace, which
begin a year after the money came (a = 1; paid at the end, a = 0), then :math:`j / (1 - (1+j)^{-(n-g)})` up to the tenor n, else 0.
With a cover ratio c,
:math:`d = \min(\text{debt\_share}, \min_y F_y / (c S_y|_{d=1}))`, not below 0.

Terms are those of the owner. An owner that keeps the share :math:`\sigma` of the saving of its projects passes the rest on to the
park: :math:`P_y = -(1 - \sigma) O_y`, and the park's is what all others pass on. P of a project is 0: it is told as a whole. The
account of everything is the sum of those of the owners, as each of them borrows and pays tax for itself.

All nominal money (y):
K  capital above that of the other plan     G  grants     N  net capital           O  operating saving
D  depreciation                             T  tax        F  cash for debt service  τ  tax_rate   1
R  borrowed                                 S  service    B  debt at the end        J  interest
E  cash of the owner                        j  interest per year     d  share borrowed, 1
P  received from other owners, below 0: passed on
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from models.case import Case, Financing
from planner.finance.pieces import MEASURE, PLANTING, PROJECTS, TECHNOLOGY, Key, Piece

#: Accounts that are none of a project: the whole, and an owner.
WHOLE, OWNER = "all", "owner"
#: Who pays for what nobody is named for.
PARK = "park"
#: Capital below this share of that of the largest year is rounding: where two plans place the same order, they differ by as much.
ROUNDING = 1e-9
#: Place of the operating saving among the parts of an account.
OPERATING = 2


@dataclass(frozen=True)
class Terms:
    """Terms of the accounts: those of [finance], what discounts, and the years."""

    finance: Financing
    rate: float
    price_year: int
    years: tuple[int, ...]

    def of(self, owner: str) -> Terms:
        """The terms of an owner; of everything, whose owner is blank, those of [finance]."""
        own = self.finance.owners.get(owner)
        rate = self.rate if own is None or own.discount_rate is None else own.discount_rate
        return replace(self, finance=self.finance.of_owner(owner), rate=rate)

    def passed_on(self, owner: str) -> float:
        """Share of the saving of its projects that an owner passes on to the park."""
        own = self.finance.owners.get(owner)
        return 0.0 if own is None or own.saving_share is None else 1.0 - own.saving_share

    @property
    def at_end(self) -> bool:
        """True if what a year saves and costs is paid at its end, and its capital at its start."""
        return self.finance.timing == "end"

    @property
    def index(self) -> np.ndarray:
        """Nominal by real money (y)."""
        return (1 + self.finance.inflation) ** (np.array(self.years, dtype=float) - self.price_year)

    @property
    def discount(self) -> np.ndarray:
        """Real discount factor, 1 in the first year (y)."""
        return (1 + self.rate) ** -(np.array(self.years, dtype=float) - self.years[0])

    def service(self) -> np.ndarray:
        """Debt service of 1 that is borrowed, by the years from that of borrowing on: as many as the horizon has."""
        j, grace, tenor = self.finance.interest, self.finance.grace, self.finance.tenor
        paid = tenor - grace
        level = j / (1 - (1 + j) ** -paid) if j > 0 else 1 / paid
        ages = np.arange(len(self.years)) + self.at_end
        return np.array([0.0 if a == 0 or a > tenor else j if a <= grace else level for a in ages])


@dataclass(frozen=True)
class Project:
    """A project, who owns it, the share of its capital that is given, and the years over which it is written off (None: a
    lifetime that no order states)."""

    kind: str
    name: str
    owner: str
    grant: float
    write_off: float


@dataclass(frozen=True)
class Account:
    """An account: nominal money of each year, see above, and what lies beyond the horizon.

    kind, name  WHOLE, an owner or a project
    owner       whose terms hold; blank for the whole
    passed      received from other owners; below 0 where it is passed on
    cash        for debt service: operating saving less the tax on it
    fully, served  what is borrowed, and its service, were it all of the net capital
    share       share of the net capital that is borrowed
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
    cash: np.ndarray
    fully: np.ndarray
    served: np.ndarray
    share: float
    interest: np.ndarray
    tax: np.ndarray
    borrowed: np.ndarray
    service: np.ndarray
    debt: np.ndarray
    cover: np.ndarray

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
        return self.before_tax - self.tax + self.borrowed - self.service


#: What the owners' accounts add up to in that of everything; the share and the cover are worked out from these.
OF_OWNERS = tuple(field.name for field in fields(Account) if field.name not in ("kind", "name", "owner", "share", "cover"))


def terms_of(case: Case, finance: Financing) -> Terms:
    """The terms of a park."""
    park = case.park
    return Terms(finance, park.discount_rate, park.price_year, tuple(range(park.first_year, park.last_year + 1)))


def projects_of(case: Case, finance: Financing) -> dict[tuple[str, str], Project]:
    """The projects of the park: (kind, name) -> project."""
    lifetimes: dict[str, float] = {}
    for cost in case.costs:
        if cost.parameter == "lifetime":
            lifetimes.setdefault(cost.type, cost.value)
    rows = [(TECHNOLOGY, t.technology, t.type_name, t.owner, lifetimes.get(t.type_name)) for t in case.technologies]
    rows += [(TECHNOLOGY, link.link, link.type_name, link.owner, lifetimes.get(link.type_name)) for link in case.links]
    rows += [(TECHNOLOGY, c.connection, c.type, PARK, lifetimes.get(c.type)) for c in case.connections if c.type]
    rows += [(MEASURE, m.measure, m.measure, m.owner, m.lifetime) for m in case.measures]
    rows += [(PLANTING, p.project, p.project, p.owner, p.lifetime) for p in case.restoration]
    found = {}
    for kind, name, of, owner, lifetime in rows:
        grant = finance.grants.get(of, finance.grants.get(kind, 0.0))
        years = finance.depreciation.get(of, finance.depreciation.get(kind, lifetime or 1.0))
        found[kind, name] = Project(kind, name, owner, grant, years)
    return found


@dataclass(frozen=True)
class Sums:
    """Real money of a project, by year: what its pieces add up to."""

    capital: np.ndarray
    granted: np.ndarray
    operating: np.ndarray
    beyond: np.ndarray


def sums(pieces: Iterable[Piece], terms: Terms, factors: Mapping[Key, float] | None = None) -> dict[tuple[str, str], Sums]:
    """(kind, name) -> its sums. `factors` say what a price or capital cost is taken times; left out: as planned."""
    place = {y: i for i, y in enumerate(terms.years)}
    found: dict[tuple[str, str], Sums] = defaultdict(lambda: Sums(*(np.zeros(len(place)) for _ in range(4))))
    for p in pieces:
        own, i = found[p.kind, p.name], place[p.year]
        factor = (factors or {}).get(p.key, 1.0) if p.key else 1.0
        if p.part == "capital":
            own.capital[i] -= factor * p.amount
            own.granted[i] += factor * p.of_plan
            own.beyond[i] += factor * p.beyond
        else:
            own.operating[i] += factor * p.amount
    return dict(found)


def accounts(
    pieces: Sequence[Piece], projects: Mapping[tuple[str, str], Project], terms: Terms, factors: Mapping[Key, float] | None = None
) -> list[Account]:
    """The whole, each owner, then each project and each supply, certificate and credit."""
    flat, index = sums(pieces, terms, factors), terms.index
    parts: dict[tuple[str, str], tuple[np.ndarray, ...]] = {}
    owners: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for who, own in flat.items():
        project = projects.get(who, Project(*who, PARK, 0.0, 1.0))
        capital, grants = own.capital * index, project.grant * own.granted * index
        written = _written_off(capital - grants, project.write_off)
        parts[who] = capital, grants, own.operating * index, written, own.beyond
        owners[project.owner].append(who)
    order = [who for kind in PROJECTS for who in parts if who[0] == kind]
    order += [who for who in parts if who not in order]
    if any(terms.passed_on(o) for o in owners):
        owners.setdefault(PARK, [])
    added = {o: _added((parts[who] for who in own), terms) for o, own in sorted(owners.items())}
    passed = {o: -terms.passed_on(o) * own[OPERATING] for o, own in added.items()}
    if PARK in passed:
        passed[PARK] = -_total((p for o, p in passed.items() if o != PARK), terms)
    of_owners = [_account(OWNER, o, o, own, passed[o], terms) for o, own in added.items()]
    nothing = np.zeros(len(terms.years))
    of_projects = [_account(*who, projects[who].owner if who in projects else PARK, parts[who], nothing, terms) for who in order]
    return [_together(of_owners, terms), *of_owners, *of_projects]


def _total(flows: Iterable[np.ndarray], terms: Terms) -> np.ndarray:
    return sum(flows, np.zeros(len(terms.years)))


def _added(parts: Iterable[tuple[np.ndarray, ...]], terms: Terms) -> tuple[np.ndarray, ...]:
    columns = [*zip(*parts, strict=True)] or [()] * 5
    return tuple(_total(column, terms) for column in columns)


def _written_off(net: np.ndarray, years: float) -> np.ndarray:
    """Equal parts over the years from the year of payment; of the last year the fraction that is left."""
    found = np.zeros(len(net))
    for v, money in enumerate(net):
        for a in range(len(net) - v):
            found[v + a] += money * max(min(years - a, 1.0), 0.0) / years
    return found


def _account(kind: str, name: str, owner: str, parts: tuple[np.ndarray, ...], passed: np.ndarray, terms: Terms) -> Account:
    capital, grants, operating, written, beyond = parts
    own = terms.of(owner)
    finance, saved = own.finance, operating + passed
    cash = saved - finance.tax_rate * (saved - written)
    fully = np.maximum(capital - grants, 0.0)
    fully[fully <= ROUNDING * fully.max(initial=0.0)] = 0.0
    service_fully = np.convolve(fully, own.service())[: len(fully)]
    share = finance.most_debt
    served = service_fully > 0
    if finance.cover_ratio is not None and served.any():
        share = max(0.0, min(share, float((cash[served] / service_fully[served]).min()) / finance.cover_ratio))
    borrowed, service = share * fully, share * service_fully
    debt, interest, before = np.zeros(len(fully)), np.zeros(len(fully)), 0.0
    for i in range(len(fully)):
        interest[i] = finance.interest * (before + own.at_end * borrowed[i])
        before = debt[i] = before + interest[i] - service[i] + borrowed[i]
    tax = finance.tax_rate * (saved - written - interest)
    own_money = capital, grants, operating, passed, written, beyond, cash, fully, service_fully
    of_bank = interest, tax, borrowed, service, debt
    return Account(kind, name, owner, *own_money, share, *of_bank, _cover(cash, service))


def _together(owners: Sequence[Account], terms: Terms) -> Account:
    """The account of everything: those of the owners added up."""
    sums = {name: _total((getattr(a, name) for a in owners), terms) for name in OF_OWNERS}
    all_of_it = float(sums["fully"].sum())
    share = float(sums["borrowed"].sum()) / all_of_it if all_of_it > 0 else 0.0
    return Account(WHOLE, "", "", share=share, cover=_cover(sums["cash"], sums["service"]), **sums)


def _cover(cash: np.ndarray, service: np.ndarray) -> np.ndarray:
    """Cash by debt service in each year; NaN where none is served."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(service > 0, cash / service, np.nan)
