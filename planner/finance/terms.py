"""Terms of the statements, the projects of a park, and what the pieces of each project add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.case import Case, Financing
from planner.finance.pieces import MEASURE, OF_ENERGY, PLANTING, TECHNOLOGY, Key, Piece

#: Who pays for what nobody is named for.
PARK = "park"


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
        """Nominal by real money of what a year saves and costs (y); where that is paid at its end, prices rise until then."""
        return (1 + self.finance.inflation) ** (np.array(self.years, dtype=float) - self.price_year)

    @property
    def index_first(self) -> np.ndarray:
        """Nominal by real money of what is paid at the start of a year, as capital is (y): the end of the year before."""
        return self.index / (1 + self.finance.inflation) ** self.at_end

    @property
    def discount(self) -> np.ndarray:
        """Real discount factor, 1 in the first year (y)."""
        return (1 + self.rate) ** -(np.array(self.years, dtype=float) - self.years[0])

    def service(self, waits: int) -> tuple[np.ndarray, np.ndarray]:
        """Debt service of 1 that is borrowed for an order that works so many years later, and interest added to it until then, by
        the years from that of borrowing on: as many as the horizon has."""
        j, grace, tenor = self.finance.interest, self.finance.grace, self.finance.tenor
        paid, waits = tenor - grace, waits if self.finance.capitalised else 0
        level, grown = j / (1 - (1 + j) ** -paid) if j > 0 else 1 / paid, (1 + j) ** waits
        ages = np.arange(len(self.years)) + self.at_end
        served = [0.0 if a <= 0 or a > tenor else j if a <= grace else level for a in ages - waits]
        return grown * np.array(served), np.where((ages >= 1) & (ages <= waits), j * (1 + j) ** (ages - 1.0), 0.0)


@dataclass(frozen=True)
class Project:
    """A project, who owns it, the share of its capital that is given, the years over which it is written off (None: a lifetime that
    no order states), and what it gives in the downside case, as a share of what it is planned with."""

    kind: str
    name: str
    owner: str
    grant: float
    write_off: float
    yields: float = 1.0


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
        found[kind, name] = Project(kind, name, owner, grant, years, finance.yield_p90.get(name, finance.yield_p90.get(of, 1.0)))
    return found


@dataclass(frozen=True)
class Sums:
    """Real money of a project, by year: what its pieces add up to. `bought` is what the plan itself pays for it, `waits` the years
    until that works."""

    capital: np.ndarray
    bought: np.ndarray
    operating: np.ndarray
    beyond: np.ndarray
    waits: np.ndarray

    def with_more(self, of: Sums, times: float) -> Sums:
        """These and other sums so many times."""
        return Sums(
            self.capital + times * of.capital,
            self.bought + times * of.bought,
            self.operating + times * of.operating,
            self.beyond + times * of.beyond,
            np.maximum(self.waits, of.waits),
        )


def sums(
    pieces: Iterable[Piece],
    terms: Terms,
    factors: Mapping[Key, float] | None = None,
    yields: Mapping[tuple[str, str], Project] | None = None,
) -> dict[tuple[str, str], Sums]:
    """(kind, name) -> its sums. `factors` say what a price or capital cost is taken times; left out: as planned. Of the projects in
    `yields` the energy that they give is taken times their share of the downside case."""
    place = {y: i for i, y in enumerate(terms.years)}
    found: dict[tuple[str, str], Sums] = defaultdict(lambda: Sums(*(np.zeros(len(place)) for _ in range(5))))
    for p in pieces:
        own, i = found[p.kind, p.name], place[p.year]
        factor = (factors or {}).get(p.key, 1.0) if p.key else 1.0
        if p.part == "capital":
            own.capital[i] -= factor * p.amount
            own.bought[i] += factor * p.of_plan
            own.waits[i] = max(own.waits[i], p.waits)
            own.beyond[i] += factor * p.beyond
        else:
            is_energy = p.key is not None and p.key[0] in OF_ENERGY and p.kind == TECHNOLOGY
            project = yields.get((p.kind, p.name)) if yields and is_energy else None
            own.operating[i] += factor * p.amount * (project.yields if project else 1.0)
    return dict(found)
