"""What was assumed: a park planned anew with each figure at its low and at its high, and which of them to get next.

On few typical days, each plan a task of its own. Those of a large park may order any number in place of whole ones, and begin from
what that as assumed has taught (`RelaxedPlans`): of whole ones the gaps would be wider than what a figure changes. Every answer is
kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Lock

import pandas as pd

from models.case import Case
from models.errors import CaseError, PlanError
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.planning.base import base_of
from planner.planning.relaxed import RelaxedPlans
from planner.planning.run import Options, plan_park
from planner.questions.change import Change, changed, with_base
from planner.questions.executor import executor
from planner.questions.figures import AssumedFigure, assumed_figures
from planner.questions.session import KeptAnswers
from planner.tables.decisions import ADOPT, BUILD, decisions_of

#: Relative gap of each plan.
GAP = 1e-4
#: Parameters of costs.csv, and tables, whose figures are costs of decisions alone: no operation depends on them.
COST_OF_DECISIONS = ("capital_cost", "project_cost", "grant", "fixed_cost", "retirement_cost")
OF_DECISIONS = ("measures", "restoration")
#: Orders of so many years, from the first, are compared.
YEARS = 5
#: So many figures are listed as tasks.
TASKS = 10
RELAXED = mark(
    "The park is large, so these plans may order any number in place of whole ones; that as assumed is within {gap} of the least "
    "cost of such a plan."
)

# --- plan ------------------------------------------------------------------------------------------------------------------


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
class AskedPark:
    """A park, the number of typical days, its base emissions (t), and whether its plans are relaxed."""

    case: Case
    days: int
    base: float
    is_large: bool = True


def has_same_years(change: Change) -> bool:
    """True if a park with a figure changed differs from the park as assumed in the cost of decisions alone."""
    _, table, _, parameter, _ = change
    return table in OF_DECISIONS or (table == "costs" and parameter.startswith(COST_OF_DECISIONS))


#: The relaxed plans of the last park of this process, by what they are of.
_plans = dict[tuple[str, int], RelaxedPlans]()


def outcome_of(park: AskedPark, change: Change) -> Outcome:
    """A task: the plan of a park with a figure changed, or as assumed. What the latter has found serves others of its process."""
    logging.getLogger("pyomo").setLevel(logging.CRITICAL)
    as_assumed, same_years = with_base(park.case, park.base), bool(change) and has_same_years(change)
    case = changed(park.case, change) if change else as_assumed
    if same_years or "lifetime" in change:  # what stands emits the same in the base year
        case = with_base(case, park.base)
    try:
        plan = None
        if park.is_large:
            if (of := (park.case.digest, park.days)) not in _plans:
                _plans.clear()
                _plans[of] = RelaxedPlans(park.days)
            if (plans := _plans[of]).known is None and change:
                plans.plan(as_assumed)
            plan = plans.plan(case, same_years)
        whole = plan or plan_park(case, Options(days=park.days, gap=GAP, compare=False, verify=False)).target
    except (CaseError, PlanError):
        return Outcome(None)
    if whole.system_cost is None or not whole.has_tables:
        return Outcome(None, is_relaxed=plan is not None)
    rows = decisions_of(whole.tables)
    rows = rows[rows["action"].isin((BUILD, ADOPT)) & (rows["year"] < case.park.first_year + YEARS)]
    bound = whole.bound if whole.on_days is None else whole.on_days.bound
    gap = 0.0 if bound is None else max(0.0, whole.system_cost - bound)
    return Outcome(float(whole.system_cost), rows.groupby("name", sort=False)["money"].sum().to_dict(), gap, plan is not None)


# --- ranking ---------------------------------------------------------------------------------------------------------------


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
        low, high = (None if o.cost is None or self.base.cost is None else o.cost - self.base.cost for o in (self.low, self.high))
        return low, high

    @property
    def order_change(self) -> float:
        """The largest change of capital in the first years: what is moved to other orders, added or left out (money)."""
        planned = [other.orders for other in (self.low, self.high) if other.cost is not None]
        own = self.base.orders
        return max((sum(abs(o.get(name, 0.0) - own.get(name, 0.0)) for name in {*own, *o}) for o in planned), default=0.0)

    @property
    def weight(self) -> float:
        """What it is ranked by: the larger change of cost, and of orders; a goal lost comes first."""
        changes = [abs(change) for change in self.cost_changes if change is not None]
        return max(changes) + self.order_change if len(changes) == 2 else float("inf")

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


def rank(
    case: Case,
    days: int,
    jobs: int,
    folder: Path,
    tell: Callable[[str], None],
    scheduler: str = "",
) -> tuple[Outcome, list[Ranked]]:
    """The plan as assumed, and the figures, those with an effect on the cost first (`Ranked.has_effect`), by what they change.

    jobs       plans made at once on this machine
    folder     where answers are kept, so that none is sought twice
    scheduler  of a Dask cluster, whose workers plan in place of this machine

    Raises CaseError where the park has no goal, or has no plan with its figures as they are.
    """
    if case.goal is None:
        raise CaseError.because("--assumed: the park has no goal; write goal.toml")
    bare = case.model_copy(update={"assumptions": (), "warnings": ()})
    figures, park = assumed_figures(case), AskedPark(bare, days, bare.park.base_emissions or base_of(bare))
    kept = KeptAnswers(
        folder / "assumed.json",
        {"case_sha256": case.digest, "days": days, "gap": GAP},
        lambda place, words: tell(Message("{place}: {words}", place=place, words=words)),
    )
    tell(Message("planning as assumed; then {count} figures, each at its low and high", count=len(figures)))
    changes = [figure.times(factor) for figure in figures for factor in (figure.low, figure.high)]

    saving = Lock()

    def keep(number: int, answer: Future[Outcome]) -> None:
        """Keep an answer when it is there, and tell of each figure once, at its high."""
        if answer.cancelled() or answer.exception() is not None:
            return
        with saving:
            kept.save(**{" ".join(changes[number]): asdict(answer.result())})
        if number % 2:
            told_of = {"number": number // 2 + 1, "count": len(figures), "figure": told(figures[number // 2])}
            tell(Message("figure {number} of {count}: {figure}", **told_of))

    with executor(jobs, scheduler) as tasks:
        if "" not in kept.facts:
            kept.save(**{"": asdict(tasks.submit(outcome_of, park, ()).result())})
        base = Outcome(**kept.facts[""])
        if base.cost is None:
            raise CaseError.because("--assumed: the goal cannot be met as the park stands; plan it first, which says why")
        park = replace(park, is_large=base.is_relaxed)
        left = {i: change for i, change in enumerate(changes) if " ".join(change) not in kept.facts}
        asked, there = list[Future[Outcome]](), tasks.shared(park)
        for i, change in left.items():
            asked.append(tasks.submit(outcome_of, there, change))
            asked[-1].add_done_callback(partial(keep, i))
        for answer in asked:
            answer.result()
    low, high = ([Outcome(**kept.facts[" ".join(change)]) for change in own] for own in (changes[::2], changes[1::2]))
    ranked = [Ranked(figure, base, *own) for figure, *own in zip(figures, low, high, strict=True)]
    return base, sorted(ranked, key=lambda r: (not r.has_effect, -r.weight))


# --- show ------------------------------------------------------------------------------------------------------------------


def ranking_table(ranked: list[Ranked], everything: bool = False) -> pd.DataFrame:
    """A row a figure: low, assumed and high, the change of cost at low and high, of orders in the first years. Changes below the
    gap are 0. Figures without an effect on the cost have a row only with `everything`."""
    rows = []
    for row in ranked:
        if everything or row.has_effect:
            f, changes = row.figure, (change if row.exceeds_gap(change) else 0.0 for change in row.cost_changes)
            rows.append((told(f), *(f.value * factor for factor in (f.low, 1.0, f.high)), *changes, row.order_change))
    return pd.DataFrame(rows, columns=["figure", "low", "assumed", "high", "cost_low", "cost_high", "orders"])


def left_out(ranked: list[Ranked], currency: str, language: Language, everything: bool = False) -> str:
    """What a change of 0 means, and how many figures the table leaves out; empty where no change is below the gap."""
    hidden = [row for row in ranked if not all(map(row.exceeds_gap, row.cost_changes))]
    if not hidden:
        return ""
    gap = language.money(max(row.gap for row in hidden), currency)
    words = language.translate("0: a change smaller than the gaps of the plans, at most {gap}.", gap=gap)
    count = sum(not row.has_effect for row in ranked)
    if everything or not count:
        return words
    return f"{words} {language.translate('{count} figures with no larger change are not listed (--all lists them).', count=count)}"


def told(figure: AssumedFigure) -> str:
    """A figure by its name, parameter and unit."""
    unit = f" [{figure.unit}]" if figure.unit and figure.table != "ports" else ""
    return f"{figure.name} {figure.parameter}{unit}"


def to_get(ranked: list[Ranked], currency: str, language: Language) -> Iterator[str]:
    """The figures that change something, one line each: what, why in money, and where it is usually found."""
    say = language.translate
    for row in [row for row in ranked if row.has_effect][:TASKS]:
        words = {"figure": told(row.figure), "found": say(row.figure.found)}
        if row.weight == float("inf"):
            yield say("{figure}: at one end the goal cannot be met; look in: {found}", **words)
            continue
        cost = language.money(max(abs(change) for change in row.cost_changes if change is not None), currency)
        text = mark("{figure}: up to {cost} of the cost and {orders} of the first orders hang on it; look in: {found}")
        yield say(text, **words, cost=cost, orders=language.money(row.order_change, currency))
