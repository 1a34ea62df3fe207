"""A plan: the answer as tidy tables, with its status and what is proven of its cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:  # what needs no plan starts without pandas
    import pandas as pd

#: The plans that one run compares.
TARGET, LEAST_COST, REFERENCE, BUSINESS = "target", "least-cost", "reference", "business-as-usual"
PLANS = TARGET, LEAST_COST, REFERENCE, BUSINESS
#: Folder of the target plan on typical days: other plans that were not operated in every hour are compared with that.
ON_DAYS = "on-typical-days"
#: Which rules bind a plan: all, those of rules.csv alone ("lasting"), or none.
BINDS = {TARGET: "all", LEAST_COST: "lasting", REFERENCE: "none", BUSINESS: "none"}
#: Items of costs.csv and system_cost.csv that are capital.
CAPITAL_ITEMS = "capital", "measures", "restoration"
#: What a proof covers: every hour of the profiles, or the typical days that were planned on.
ALL_HOURS, TYPICAL_DAYS = "all hours", "typical days"
#: A cost no further above its bound than this share of the largest term of system_cost.csv is proven at every gap.
ABSOLUTE_GAP = 1e-6
#: By how much a rule may be missed in all hours of a year (share of base emissions, or of what the metric divides by).
HOLDS_WITHIN = 1e-3


def of_item(table: pd.DataFrame, *items: str, above: float | None = None) -> pd.DataFrame:
    """The rows of a table whose `item` is one of these; `above`: and whose `value` is above a number."""
    own = table[table["item"].isin(items)]
    return own if above is None else own[own["value"] > above]


@runtime_checkable
class ByYear(Protocol):
    """Tables of which the hours of a year can be had without those of the others."""

    def dispatch_of(self, y: int) -> pd.DataFrame:
        """The hours of a year, in the order of the whole table."""


@dataclass(frozen=True)
class Difference:
    """One plan less another: system cost (money), and that for each tonne of net emissions less, discounted like money or not.

    None where no tonne is avoided.
    """

    money: float
    per_tonne_discounted: float | None
    per_tonne_undiscounted: float | None

    @property
    def per_tonne(self) -> tuple[float | None, float | None]:
        """Discounted, and not."""
        return self.per_tonne_discounted, self.per_tonne_undiscounted


@dataclass(frozen=True)
class Breach:
    """A rule of a stage in a year, and by how much it is broken or blocks."""

    stage: str
    metric: str
    year: int
    amount: float = 0.0
    unit: str = "t"
    is_outage: bool = False
    """True where all must be served with something out, whose name is `metric`."""
    sense: str = "<="
    """Of the rule: <= where there is too much, >= where there is too little."""


@dataclass(frozen=True)
class Remedy:
    """A remedy of a goal that cannot be met: a number of the park, or the deadline, that would have to be another.

    table, name, parameter  where the park states it; `year` where it holds in one year only
    now, needed, unit       what it is, and the least change that is enough; `needed` None: no change is enough alone
    together                True if it is enough only with others: those of the same system_cost
    system_cost             of the park then, without what the change itself may cost
    """

    table: str
    name: str
    parameter: str
    year: int | None
    now: float
    needed: float | None
    unit: str
    together: bool = False
    system_cost: float | None = None
    note: str = ""

    @property
    def is_enough(self) -> bool:
        """True if the goal can be met this remedy, alone or together."""
        return self.needed is not None


@dataclass(frozen=True)
class OnDays:
    """What the search on typical days ended with. It says nothing of the cost in all hours.

    count       typical days
    cost        system cost on these days; None where there is no plan
    bound, gap  lower bound of the least cost on these days as they are, and (cost - bound) / |cost|; None where none is known
    added       calendar days, from 1, that repairs added; plans with one count and the same days added are of the same days
    raised      True if repairs raised the demand in hours of these days, so that `cost` is not one of the days as they are
    repaired_gap  how far the cost is from the lower bound of the last search, as a share, where that covers only plans that satisfy
                what repairs asked for: cuts, raised demand, tightened rules; None where nothing was asked for
    """

    count: int
    cost: float | None = None
    bound: float | None = None
    gap: float | None = None
    added: tuple[int, ...] = ()
    raised: bool = False
    repaired_gap: float | None = None

    @property
    def of(self) -> tuple[int, tuple[int, ...], bool]:
        """Which days they are: bounds and costs of the same ones compare."""
        return self.count, self.added, self.raised

    @property
    def open_gap(self) -> float:
        """What the last search left open, as a share of the cost; 0 where it is not known."""
        return (self.gap if self.repaired_gap is None else self.repaired_gap) or 0.0

    def with_bound(self, bound: float | None) -> OnDays:
        """The same with a lower bound of the least cost on these days as they are, None: with none."""
        if self.cost is None or bound is None or not math.isfinite(bound):
            return replace(self, bound=None, gap=None)
        bound = min(bound, self.cost)
        return replace(self, bound=bound, gap=relative_gap(self.cost, bound))


@dataclass(frozen=True)
class WholeUnits:
    """What whole units cost more in a year than parts of units would (money, discounted), and the hours of plants in which a part
    is on all the same."""

    cost: float
    parts: int


@dataclass(frozen=True)
class Plan:
    """One plan.

    status       optimal (the system cost in all hours is proven within the gap asked for), feasible (a plan without that proof),
                 infeasible, failed
    system_cost  sum of the table system_cost, None where there is no plan
    bound, gap   proven lower bound of the system cost in all hours, and (system_cost - bound) / |system_cost|; None where there is
                 no such bound
    proof        what is proven of the plan covers ALL_HOURS or TYPICAL_DAYS; None where nothing is proven
    on_days      cost, bound and gap on the typical days; None where every hour was planned
    verified     True if the plan holds in every hour
    repairs      how often it was repaired before it did
    failure      why it does not hold in every hour, where it was found not to
    operated     system cost in all hours of a plan that holds in them, where its tables are of typical days; None of any other
    hourly_gap   by how much of its cost a year might at most be operated more cheaply, capacities fixed and what stores hold as
                 months end
    units        by year that is operated in all hours with whole units of committed plants: what that costs, see `WholeUnits`
    tables       by file name without ending
    outages      how the park is operated with something out, by (year, calendar day from 0, what is out): flows of 24 hours by
                 (flow, name, zone, carrier)
    outage_weeks the same of the weeks of outages.csv, with a flow `unserved`
    days         the same plan on the typical days, where its tables are of all hours: plans of these days compare with it
    seconds      of each step
    note         what ended it early; for a plan that failed, what was tried
    """

    name: str
    status: str
    system_cost: float | None = None
    bound: float | None = None
    gap: float | None = None
    proof: str | None = None
    on_days: OnDays | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    outages: Mapping[tuple[int, int, str], Mapping[tuple[str, str, str, str], Any]] = field(default_factory=dict, repr=False)
    outage_weeks: Mapping[tuple[int, int, str], Mapping[tuple[str, str, str, str], Any]] = field(default_factory=dict, repr=False)
    days: Plan | None = field(default=None, repr=False)
    seconds: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    verified: bool = False
    repairs: int = 0
    failure: str = ""
    operated: float | None = None
    hourly_gap: float | None = None
    units: Mapping[int, WholeUnits] = field(default_factory=dict)

    @property
    def has_tables(self) -> bool:
        """True if there is a plan to look at."""
        return bool(self.tables)

    @property
    def units_cost(self) -> float | None:
        """What whole units cost more than parts of units would (money); None where no year was operated with whole units."""
        return sum(own.cost for own in self.units.values()) if self.units else None

    def beside(self, other: Plan) -> Plan:
        """The plan as it compares with another one: on typical days, where the other is not operated in every hour."""
        return self.days if self.days is not None and other.has_tables and not other.verified else self

    def with_bound(self, bound: float, gap: float) -> Plan:
        """The plan, whose tables are of all hours, with a lower bound of the least cost in all hours.

        It is optimal where its cost is no more than the relative `gap` asked for above the bound, or within ABSOLUTE_GAP.
        """
        cost = self.system_cost
        assert cost is not None
        if not math.isfinite(bound):
            return replace(self, bound=None, gap=None).proven_on_days()
        bound = min(bound, cost)
        status = "optimal" if is_proven(cost, bound, gap, self.tables["system_cost"]) else "feasible"
        return replace(self, status=status, bound=bound, gap=relative_gap(cost, bound), proof=ALL_HOURS)

    def proven_on_days(self, on_days: OnDays | None = None) -> Plan:
        """The plan of which nothing is proven in all hours, with what was found `on_days`, None: what is known of them."""
        found = on_days or self.on_days
        proof = TYPICAL_DAYS if found is not None and found.bound is not None else None
        return replace(self, status="feasible", proof=proof, on_days=found)


def relative_gap(cost: float, bound: float) -> float:
    """How far a cost is above its lower bound, as a share of the cost."""
    return (cost - bound) / max(abs(cost), 1e-9)


def is_proven(cost: float, bound: float, gap: float, terms: pd.DataFrame) -> bool:
    """True if a cost is within the relative gap of its bound, or within ABSOLUTE_GAP of the largest of its `terms`, of 1 at
    least: what is less is noise of the solver."""
    largest = float(terms["value"].abs().max()) if len(terms) else 0.0
    return cost - bound <= max(gap * abs(cost), ABSOLUTE_GAP * max(largest, 1.0))


@dataclass(frozen=True)
class NotKnowing:
    """What a chain of plans, which knows some years ahead only, costs beside the plan that knows all.

    years         known ahead
    cost, least   of the chain, and of the plan that knows all from the start, on the hours that both were planned on (money)
    failed        year in which the chain ends without a plan, and `known` until when all is known there; None: it has one
    """

    years: int
    least: float
    cost: float | None = None
    failed: int | None = None
    known: int | None = None


@dataclass(frozen=True)
class Run:
    """What one run gives: the target plan and those it is compared with.

    base            emissions that the ratios are of (t); nan where the run ended before they were known
    blocking        rules whose single removal makes an unreachable goal reachable
    breaches        where no single rule does: the least total breach and where it falls
    remedies        remedies of an unreachable goal, and cost_without_goal what their costs compare with
    saved           by what the target plan costs less than each other one, both in all hours or on the same typical days
    compared_with   the plan that the others are compared with: reference, or least-cost where that cannot serve
    goal_cost       target against least-cost; None where one of them is missing
    abatement_cost  of each plan against compared_with
    foresight       of a chain of plans: what not knowing costs; its cost of the goal is not known apart from that
    size            rows, columns and nonzeros; `ranges`: least and largest number of each part of the matrix
    warnings        what was seen of the numbers once the model was there
    """

    plans: Mapping[str, Plan]
    base: float
    currency: str
    typical_days: int
    blocking: tuple[Breach, ...] = ()
    breaches: tuple[Breach, ...] = ()
    explanation: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    cost_without_goal: float | None = None
    saved: Mapping[str, float] = field(default_factory=dict)
    compared_with: str = REFERENCE
    goal_cost: Difference | None = None
    abatement_cost: Mapping[str, Difference] = field(default_factory=dict)
    foresight: NotKnowing | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    size: str = ""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def target(self) -> Plan:
        """The plan under the goal."""
        return self.plans[TARGET]

    @property
    def on_days(self) -> Plan | None:
        """The target plan on typical days, where another plan is of these only."""
        days = self.target.days
        return days if any(self.target.beside(plan) is days for plan in self.plans.values()) else None

    def table(self, name: str) -> pd.DataFrame:
        """One table of all plans that have it, below each other; the column `plan` says which."""
        import pandas as pd  # names of plans are asked for without it

        own = [plan.tables[name].assign(plan=key) for key, plan in self.plans.items() if name in plan.tables]
        found = pd.concat(own, ignore_index=True) if own else pd.DataFrame({"plan": []})
        return found[["plan", *(column for column in found.columns if column != "plan")]]
