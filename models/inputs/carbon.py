"""Emissions that no energy causes, what can make up for emissions, and the rules that the stages set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.case import Case, Goal, ParkRule
from models.inputs.finance import each_over_years, horizon_share, whole_years
from models.metrics import CUMULATED, MATCHED, OF_RULES, SHARES
from models.units import yearly_factor


@dataclass(frozen=True)
class Rule:
    """A rule in a year in which it holds.

    stage   the stage that it is of, or the name of a rule of rules.csv
    lasting True for those of rules.csv, which hold whatever the goal
    """

    stage: str
    metric: str
    sense: str
    limit: float
    lasting: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it in a year."""
        return self.stage, self.metric, self.sense

    @property
    def allowance(self) -> str:
        """Name of the yearly allowance of a budget."""
        return f"{self.stage} {self.metric}"


@dataclass(frozen=True)
class BudgetOverYears:
    """A budget of the rule of that name: what a metric comes to from `first` to the end, years below 0 as 0, is no more than the
    limit (t)."""

    rule: Rule
    name: str
    first: int


class BaseEmissions(float):
    """Gross emissions of the base year (t); `standard` are those with the factors of the standard, where these are others,
    `location` those with scope 2 on the location basis, None where they are not known, and `operated` those of the operation at
    least cost, where bills give others."""

    standard: float
    location: float | None
    operated: float | None

    def __new__(cls, own: float, standard: float, location: float | None = None, operated: float | None = None) -> BaseEmissions:
        """All numbers."""
        made = super().__new__(cls, own)
        made.standard, made.location, made.operated = standard, location, operated
        return made

    def __getnewargs__(self) -> tuple[float, float, float | None, float | None]:  # type: ignore[override]
        """What a copy on another machine is made of."""
        return float(self), self.standard, self.location, self.operated


@dataclass(frozen=True)
class Carbon:
    """The inventory outside energy, and what stage rules compare with.

    accounting   basis of scope 2 in the rules, market or location
    base         gross emissions that ratios are of                  t
    stage_base   the same for the rules of stages, with the factors of the standard   t
    process      process emissions by scope                          t (scope,y)
    process_of   the same by source                                  t (q,scope,y)
    rules        rules that hold in each year                        (y) -> tuple of Rule
    budgets      budgets over years, each a rule of every year in it
    """

    accounting: str
    base: float
    process: dict[tuple[int, int], float]
    process_of: dict[tuple[str, int, int], float]
    rules: dict[int, tuple[Rule, ...]]
    budgets: tuple[BudgetOverYears, ...] = ()
    stage_base: float = 0.0

    @property
    def both_bases(self) -> BaseEmissions:
        """The base emissions, of both kinds, as `resolve` takes them."""
        return BaseEmissions(self.base, self.stage_base)

    def base_of(self, rule: Rule) -> float:
        """Gross emissions that a ratio of the rule is of (t)."""
        return self.base if rule.lasting else self.stage_base

    def lasting(self, y: int) -> set[tuple[str, str, str]]:
        """Keys of the rules of a year that hold whatever the goal."""
        return {rule.key for rule in self.rules.get(y, ()) if rule.lasting}

    @property
    def has_lasting(self) -> bool:
        """True if any rule holds whatever the goal."""
        return any(rule.lasting for own in self.rules.values() for rule in own)

    @property
    def counts_available(self) -> bool:
        """True if a rule asks what green plants could generate."""
        return any(rule.metric in SHARES for own in self.rules.values() for rule in own)

    @property
    def numerators(self) -> set[str]:
        """Figures that the rules of any year bound."""
        return {OF_RULES[rule.metric].numerator for own in self.rules.values() for rule in own}

    @property
    def matches_hours(self) -> bool:
        """True if a rule asks how much use is covered by green power of its hour."""
        return any(rule.metric in MATCHED for own in self.rules.values() for rule in own)


@dataclass(frozen=True)
class Offsets:
    """Credits o that can be bought.

    offsets, kind   names; avoidance or removal            (o)
    price           of a credit                            money/t (o,y)
    volume_max      most in a year                         t (o,y); absent = no limit
    """

    offsets: tuple[str, ...]
    kind: dict[str, str]
    price: dict[tuple[str, int], float]
    volume_max: dict[tuple[str, int], float]


@dataclass(frozen=True)
class RestorationProjects:
    """Restoration projects p, planted in years v.

    projects      names; plantings offered are all (p,v)
    kept          years in which a planting is kept up and counts    (p,v) -> tuple of y
    uptake        of a hectare planted in v, buffer held back        t/ha (p,v,y)
    area_max      most kept up at one time                           ha (p); absent = no limit
    plant_max     most planted in a year                             ha (p); absent = no limit
    plant_years   years in which anything may be planted
    planted       what was planted before the plan                   ha (p,v)
    capital_cost  of a hectare                                       money/ha (p)
    seen_share    share of it that the horizon bears                 1 (p,v)
    fixed_cost    of a hectare kept up                               money/ha/year (p)
    inside        projects inside the park's boundary                set of p
    """

    projects: tuple[str, ...]
    kept: dict[tuple[str, int], tuple[int, ...]]
    uptake: dict[tuple[str, int, int], float]
    area_max: dict[str, float]
    plant_max: dict[str, float]
    plant_years: frozenset[int]
    planted: dict[tuple[str, int], float]
    capital_cost: dict[str, float]
    seen_share: dict[tuple[str, int], float]
    fixed_cost: dict[str, float]
    inside: frozenset[str]


def resolve_carbon(case: Case, years: Sequence[int], goal: Goal | None, base: float) -> Carbon:
    """Process emissions and the rules of every year under the goal."""
    stated = (((row.source, row.scope), row.year, row.value * yearly_factor(row.unit, "t")) for row in case.process_emissions)
    process_of, process = each_over_years(stated, years), dict[tuple[int, int], float]()
    for (_, scope, y), value in process_of.items():
        process[scope, y] = process.get((scope, y), 0.0) + value
    return Carbon(
        case.park.accounting,
        base,
        process,
        process_of,
        rules_of_years(case, years, goal),
        budgets_of(case, years),
        base.standard if isinstance(base, BaseEmissions) else base,
    )


def rules_of_years(case: Case, years: Sequence[int], goal: Goal | None) -> dict[int, tuple[Rule, ...]]:
    """The rules of a stage hold from its year until the year before the next stage's, the last to the end; those of rules.csv in
    any case."""
    found: dict[int, tuple[Rule, ...]] = {}
    for stage, since in goal.steps if goal else ():
        rules = tuple(
            Rule(r.stage, r.metric, r.sense, r.limit) for r in case.stages if r.standard == case.park.standard and r.stage == stage
        )
        found.update({y: rules for y in years if y >= since})
    for y in years:
        own = (*_lasting(case, y), *(budget.rule for budget in budgets_of(case, years) if budget.first <= y))
        if own:
            found[y] = (*found.get(y, ()), *own)
    return found


def _lasting(case: Case, y: int) -> list[Rule]:
    """Rules of rules.csv that hold in a year: of each rule, metric and sense the row whose year came last."""
    found: dict[tuple[str, str, str], ParkRule] = {}
    for row in sorted(case.rules, key=lambda r: r.year or 0):
        if row.metric not in CUMULATED and (row.year or y) <= y:
            found[row.rule, row.metric, row.sense] = row
    return [Rule(r.rule, r.metric, r.sense, r.limit, lasting=True) for r in found.values()]


def budgets_of(case: Case, years: Sequence[int]) -> tuple[BudgetOverYears, ...]:
    """The budgets of rules.csv; one that begins after the first year has that in its name."""
    found = []
    for row in case.rules:
        if row.metric in CUMULATED:
            first = max(row.year or years[0], years[0])
            name = row.rule if row.year is None else f"{row.rule} from {row.year}"
            found.append(BudgetOverYears(Rule(name, row.metric, row.sense, row.limit, lasting=True), row.rule, first))
    return tuple(found)


def resolve_offsets(case: Case, years: Sequence[int]) -> Offsets:
    """Prices and volumes of credits in every year."""
    kind: dict[str, str] = {o.offset: o.kind for o in case.offsets}
    price = each_over_years((((o.offset,), o.year, o.price) for o in case.offsets), years)
    volume = each_over_years((((o.offset,), o.year, o.max_volume) for o in case.offsets), years)
    return Offsets(tuple(kind), kind, price, volume)


def resolve_restoration(case: Case, years: Sequence[int]) -> RestorationProjects:
    """Plantings, the uptake of each in every year, and their costs."""
    rows = {p.project: p for p in case.restoration}
    rate = case.park.discount_rate
    kept, uptake, seen = {}, {}, {}
    for name, row in rows.items():
        curve = sorted((u.age, u.value) for u in case.uptake if u.project == name)
        ages, values = [a for a, _ in curve], [v for _, v in curve]
        for v in years:
            kept[name, v] = tuple(y for y in years if v <= y < v + whole_years(row.lifetime))
            seen[name, v] = horizon_share(rate, row.lifetime, v, years[-1])
            for y in kept[name, v]:
                uptake[name, v, y] = float(np.interp(y - v, ages, values)) * (1 - row.buffer)
    return RestorationProjects(
        projects=tuple(rows),
        kept=kept,
        uptake=uptake,
        area_max={p: r.max_area for p, r in rows.items() if r.max_area is not None},
        plant_max={p: r.max_plant for p, r in rows.items() if r.max_plant is not None},
        plant_years=frozenset(y for y in years if case.park.may_order(y)),
        planted={(p, v): area for p, v, area in case.kept.planting if p in rows and v in years},
        capital_cost={p: r.capital_cost for p, r in rows.items()},
        seen_share=seen,
        fixed_cost={p: r.fixed_cost for p, r in rows.items()},
        inside=frozenset(p for p, r in rows.items() if r.inside),
    )
