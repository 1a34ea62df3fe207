"""Planning anew with each figure at its low and at its high, on few typical days, in as many processes as there are cores.

Of a large park each plan begins from what that as assumed found, and differs within its gap with what was planned before it.

Or on the workers of a Dask cluster, each plan a task; what a cluster that is lost has not answered is planned here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from threading import Lock
from typing import Any

from rich.table import Table

from models.case import Case
from models.errors import CaseError, PlanError
from planner.clock import Progress
from planner.clock import Progress as SearchProgress
from planner.language.language import NONE, Language, mark
from planner.language.message import Message
from planner.language.words import Sign, plain
from planner.machine.resources import cores as cores_of_this_process
from planner.plan import Plan
from planner.planning.base_of import base_of
from planner.planning.relaxed import Differs, RelaxedPlans
from planner.planning.run import Options, plan_park
from planner.questions.change import changed, with_base
from planner.questions.executor import executor
from planner.questions.figures import AssumedFigure, assumed_figures
from planner.solve import Tls, cluster_answers
from planner.tables.decisions import ADOPT, BUILD, decisions_of

# --- plan ------------------------------------------------------------------------------------------------------------------
# One plan of a ranking: its system cost, and what it orders in the first years.
#
# Of a large park it is made with any numbers for whole ones, from what is known (`RelaxedPlans`).

#: Relative gap of each plan.
GAP = 1e-4
#: Parameters of costs.csv, and tables, whose figures are costs of decisions alone: no operation depends on them.
COST_OF_DECISIONS = ("capital_cost", "project_cost", "grant", "fixed_cost", "retirement_cost")
OF_DECISIONS = ("measures", "restoration")
#: Orders of so many years, from the first, are compared.
YEARS = 5


@dataclass(frozen=True)
class Outcome:
    """A plan made anew: its system cost, None where there is none, and the capital ordered in the first years by name.

    gap         of the plan (money); changes of the cost below it are not told apart
    is_relaxed  whole numbers may be any
    """

    cost: float | None
    orders: Mapping[str, float] = field(default_factory=dict)
    gap: float = 0.0
    is_relaxed: bool = False


@dataclass(frozen=True)
class Ranking:
    """What every plan of a ranking begins from: the case, the number of typical days, its base emissions (t), and as text what the
    plan as assumed of a large park found (`RelaxedPlans`)."""

    case: Case
    days: int
    base: float
    warm: str = ""

    @cached_property
    def _relaxed(self) -> RelaxedPlans:
        """The relaxed plans, that as assumed the first of them."""
        found = RelaxedPlans(self.days, self.warm)
        found.plan(with_base(self.case, self.base))
        return found

    @staticmethod
    def differs(figure: AssumedFigure) -> Differs:
        """In what a park with that figure changed differs from the park as assumed."""
        if figure.table in OF_DECISIONS or (figure.table == "costs" and figure.parameter.startswith(COST_OF_DECISIONS)):
            return Differs.COST_OF_DECISIONS
        return Differs.COSTS if figure.table == "costs" else Differs.ANYTHING

    def outcome(self, figure: AssumedFigure, factor: float) -> Outcome:
        """The plan with a figure changed."""
        case, differs = changed(self.case, figure.times(factor)), self.differs(figure)
        if differs is Differs.COST_OF_DECISIONS or figure.parameter == "lifetime":  # what stands emits the same in the base year
            case = with_base(case, self.base)
        try:
            if self.warm:
                plan = self._relaxed.plan(case, differs)
                assert plan is not None, "a figure does not change how large a park is"
                return _outcome(plan, case, is_relaxed=True)
            return _outcome(_whole(case, self.days), case)
        except (CaseError, PlanError):
            return Outcome(None)


def as_assumed(ranking: Ranking, progress: Progress) -> tuple[Outcome, Ranking]:
    """The plan as assumed, and what the others begin from."""
    case, relaxed = with_base(ranking.case, ranking.base), RelaxedPlans(ranking.days)
    try:
        plan = relaxed.plan(case, progress=progress)
        if plan is None:
            return _outcome(_whole(case, ranking.days), case), ranking
        return _outcome(plan, case, is_relaxed=True), replace(ranking, warm=relaxed.warm.as_text())
    except (CaseError, PlanError):
        return Outcome(None), ranking


def _whole(case: Case, days: int) -> Plan:
    return plan_park(case, Options(days=days, gap=GAP, compare=False, verify=False)).target


def _outcome(plan: Plan, case: Case, is_relaxed: bool = False) -> Outcome:
    if plan.system_cost is None or not plan.has_tables:
        return Outcome(None, is_relaxed=is_relaxed)
    rows = decisions_of(plan.tables)
    rows = rows[rows["action"].isin((BUILD, ADOPT)) & (rows["year"] < case.park.first_year + YEARS)]
    orders = rows.groupby("name", sort=False)["money"].sum().to_dict()
    found = plan.bound if plan.on_days is None else plan.on_days.bound
    gap = 0.0 if found is None else max(0.0, plan.system_cost - found)
    return Outcome(float(plan.system_cost), orders, gap, is_relaxed)


#: A figure, and by what factor it changes.
Job = tuple[AssumedFigure, float]
#: A process plans one park at a time.
_planning = Lock()
#: What every plan begins from, in a process that has planned one.
_begun: dict[tuple[str, int, str], Ranking] = {}


def outcome_of(ranking: Ranking, *job: Any) -> Outcome:
    """A task: one plan of a changed case. What the first one has found serves the others of its process."""
    logging.getLogger("pyomo").setLevel(logging.CRITICAL)
    with _planning:
        return _begun.setdefault((ranking.case.digest, ranking.days, ranking.warm), ranking).outcome(*job)


# --- run -------------------------------------------------------------------------------------------------------------------

#: Told of what is tried next: the number of the figure, how many there are, and the figure; None, 0: the plan as assumed.
RankProgress = Callable[[int, int, AssumedFigure | None], None]


@dataclass(frozen=True)
class Ranked:
    """A figure with its plans at low and high, against the plan as assumed."""

    figure: AssumedFigure
    base: Outcome
    low: Outcome
    high: Outcome

    @property
    def cost_changes(self) -> tuple[float | None, float | None]:
        """System cost at low and at high less that as assumed (money)."""
        return self._change(self.low), self._change(self.high)

    @property
    def order_change(self) -> float:
        """The largest change of capital in the first years: what is moved to other orders, added or left out (money)."""
        return (
            max(_moved(self.base.orders, other.orders) for other in (self.low, self.high) if other.cost is not None)
            if self._any
            else 0.0
        )

    @property
    def weight(self) -> float:
        """What it is ranked by: the larger change of cost, and of orders; a goal lost comes first."""
        if self.low.cost is None or self.high.cost is None:
            return float("inf")
        return max(abs(change) for change in self.cost_changes if change is not None) + self.order_change

    @property
    def gap(self) -> float:
        """What cannot be told from no change: the gap asked for, or those that the plans have (money)."""
        return max(GAP * abs(self.base.cost or 0.0), self.base.gap + max(self.low.gap, self.high.gap))

    def exceeds_gap(self, change: float | None) -> bool:
        """True if a change of cost is larger than the gaps of the two plans; also of None, where there is no plan."""
        return change is None or abs(change) > self.gap

    @property
    def has_effect(self) -> bool:
        """True if the cost changes by more than the gap, or there is no plan, at the low or at the high."""
        return any(map(self.exceeds_gap, self.cost_changes))

    @property
    def _any(self) -> bool:
        return self.low.cost is not None or self.high.cost is not None

    def _change(self, other: Outcome) -> float | None:
        return None if other.cost is None or self.base.cost is None else other.cost - self.base.cost


def _moved(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    return sum(abs(second.get(name, 0.0) - first.get(name, 0.0)) for name in {*first, *second})


def rank(
    case: Case,
    days: int,
    cores: int = 0,
    progress: RankProgress = lambda *_: None,
    cluster: tuple[str, Tls | None] | None = None,
    lost: Callable[[str], None] = lambda _: None,
    search: Progress = lambda *_: None,
) -> tuple[Outcome, list[Ranked]]:
    """The plan as assumed, and the figures, those with an effect on the cost first (`Ranked.has_effect`), by what they change.

    cores     processes; 0: as many as there are cores, 1: this one alone
    progress  called as each plan begins that is made on this machine
    cluster   address of a Dask scheduler, and its encryption: its workers plan in place of this machine
    lost      told how the cluster was lost
    search    called while the plan as assumed is searched

    Raises CaseError where the park has no goal, or no plan even as assumed.
    """
    if case.goal is None:
        raise CaseError.because("--rank: the park has no goal; write goal.toml")
    bare = case.model_copy(update={"assumptions": (), "warnings": ()})
    figures = assumed_figures(case)
    progress(0, len(figures), None)
    base, ranking = as_assumed(Ranking(bare, days, bare.park.base_emissions or base_of(bare)), search)
    if base.cost is None:
        raise CaseError.because("--rank: the goal cannot be met as the park stands; plan it first, which says why")
    jobs = [(figure, factor) for figure in figures for factor in (figure.low, figure.high)]

    def begins(job: int) -> None:
        """Told of each figure once, at its low."""
        if job % 2 == 0:
            progress(job // 2 + 1, len(figures), figures[job // 2])

    found = {} if cluster is None else cluster_answers(outcome_of, ranking, dict(enumerate(jobs)), cluster, lost)
    left = [job for job in range(len(jobs)) if job not in found]
    if left:
        own = [jobs[job] for job in left]
        found |= zip(left, _all(ranking, own, cores or cores_of_this_process(), lambda i: begins(left[i])), strict=True)
    ranked = [Ranked(figure, base, found[2 * i], found[2 * i + 1]) for i, figure in enumerate(figures)]
    return base, sorted(ranked, key=lambda r: (not r.has_effect, -r.weight))


def _all(ranking: Ranking, jobs: list[Job], cores: int, begins: Callable[[int], None]) -> list[Outcome]:
    with executor(min(cores, len(jobs))) as tasks:
        asked = [tasks.submit(outcome_of, ranking, *job, begins=partial(begins, i)) for i, job in enumerate(jobs)]
        return [own.result() for own in asked]


# --- show ------------------------------------------------------------------------------------------------------------------
# The ranking as a table, and as a list of tasks.

#: So many figures are tasks.
TASKS = 10
#: A change of cost below the gap of the plans.
WITHIN_GAP = "~0"
#: Seconds between two lines of the search of the plan as assumed.
EVERY = 3.0
RELAXED = mark(
    "The park is large, so these plans may order any number in place of whole ones; that as assumed is within {gap} of the least "
    "cost of such a plan."
)


def every(tell: Callable[[str], None]) -> SearchProgress:
    """Tells how the search of the plan as assumed goes, every `EVERY` seconds."""
    last = [time.monotonic()]

    def told_of(_: str, detail: str) -> None:
        now = time.monotonic()
        if isinstance(detail, Sign) and now - last[0] >= EVERY:
            last[0] = now
            tell(Message("as assumed: {text}", text=detail.text))

    return told_of


def ranking_table(ranked: Sequence[Ranked], currency: str, language: Language, everything: bool = False) -> Table:
    """A row a figure: low, assumed and high, the change of cost at low and high, and the change of orders in the first years.

    Figures without an effect on the cost have a row only with `everything`; a change below the gap is shown as `WITHIN_GAP`.
    """
    say = language.translate
    title = say("Assumed figures by what they change ({currency})", currency=currency)
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), header_style="dim")
    heads = (
        say("figure"),
        say("low"),
        say("assumed"),
        say("high"),
        say("cost at low"),
        say("cost at high"),
        say("orders of {years} years", years=YEARS),
    )
    for i, head in enumerate(heads):
        table.add_column(head, justify="left" if i == 0 else "right")
    for row in ranked:
        if not (everything or row.has_effect):
            continue
        f = row.figure
        values = (language.amount(f.value * factor) for factor in (f.low, 1.0, f.high))
        changes = (
            NONE if change is None else f"{change:+,.0f}" if row.exceeds_gap(change) else WITHIN_GAP for change in row.cost_changes
        )
        table.add_row(plain(told(f)), *values, *changes, f"{row.order_change:,.0f}")
    return table


def left_out(ranked: Sequence[Ranked], currency: str, language: Language, everything: bool = False) -> str:
    """What `WITHIN_GAP` means, and how many figures the table leaves out; empty where no change is below the gap."""
    hidden = [row for row in ranked if not all(map(row.exceeds_gap, row.cost_changes))]
    if not hidden:
        return ""
    gap = language.money(max(row.gap for row in hidden), currency)
    words = language.translate("{sign}: a change smaller than the gaps of the plans, at most {gap}.", sign=WITHIN_GAP, gap=gap)
    count = sum(not row.has_effect for row in ranked)
    if everything or not count:
        return words
    return f"{words} {language.translate('{count} figures with no larger change are not listed (--all lists them).', count=count)}"


def told(figure: AssumedFigure) -> str:
    """A figure by its name, parameter and unit."""
    unit = f" [{figure.unit}]" if figure.unit and figure.table != "ports" else ""
    return f"{figure.name} {figure.parameter}{unit}"


def tasks(ranked: Sequence[Ranked], currency: str, language: Language) -> list[str]:
    """The figures that change something, one line each: what, why in money, and where it is usually found."""
    say, lines = language.translate, list[str]()
    for row in ranked:
        found = say(row.figure.found)
        if row.low.cost is None or row.high.cost is None:
            lines.append(say("{figure}: at one end the goal cannot be met; look in: {found}", figure=told(row.figure), found=found))
        elif row.has_effect:
            span = max(abs(change) for change in row.cost_changes if change is not None)
            lines.append(
                say(
                    "{figure}: up to {cost} of the cost and {orders} of the first orders hang on it; look in: {found}",
                    figure=told(row.figure),
                    cost=language.money(span, currency),
                    orders=language.money(row.order_change, currency),
                    found=found,
                )
            )
        if len(lines) == TASKS:
            break
    return lines
