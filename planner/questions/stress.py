"""A run read back with the park that it was planned for, and stressed: in every leaf of a tree, or with each unit out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from models.case import Case, Uncertainty
from models.errors import CaseError
from models.inputs import TypicalDays, resolve
from models.inputs.calendar import HOURS_OF_YEAR
from models.inputs.reserves import all_months
from models.metrics import OF_RULES
from planner.clock import Clock, Progress
from planner.days import alone, choose_days, join_days
from planner.futures.paths import path_case
from planner.futures.results import InAllHours, TreePlan, Week, plan_tree
from planner.futures.tree import Tree
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.language.words import OPERATING, step_of
from planner.machine.stopping import Stopped, Watch, watched
from planner.park import read_case
from planner.plan import TARGET, Run
from planner.planning.base import base_of
from planner.planning.rerun import Earlier, read_run
from planner.planning.run import Options, plan_park
from planner.planning.task import short_rows
from planner.questions.earned import earned_by_stream, moving_table, saved_by_stream, stores_table
from planner.questions.operate import Stressed, keep_orders, stress
from planner.questions.session import KeptAnswers, Tell
from planner.tables.output import Output, read_output
from planner.tables.place import beside, refuse_kept
from planner.tables.schema import TABLES


@dataclass(frozen=True)
class Stress:
    """A run, its park with the futures that it is tried in, and the options that it was planned with; base emissions (t)."""

    output: Output
    case: Case
    options: Options
    base: float

    def futures(self, regret: bool, tell: Tell) -> pd.DataFrame:
        """stress.csv: the orders in every leaf of the tree, with `regret` beside its least cost. Each is kept when it is there."""
        output, tree = self.output, Tree.of(self.case.futures, self.case.park)
        of = {"case_sha256": self.case.digest, "options": output.facts["options"], "system_cost": output.summary["system_cost"]}
        kept, rows = KeptAnswers(self.folder / "futures.json", of, tell), list[Sequence[Any]]()
        with watched(Watch(None)), threadpool_limits(1, user_api="blas"):
            for name in tree.leaves:
                case = path_case(self.case, tree, name)
                if (key := f"rows {name}") not in kept.facts:
                    found = stress(case, name, tree.probability(name), self.base, output.target)
                    kept.save(**{key: list(_rows(found, output.currency))})
                if regret and (key := f"least {name}") not in kept.facts:
                    known = case.model_copy(update={"park": case.park.model_copy(update={"base_emissions": self.base})})
                    plan = plan_park(known, replace(self.options, compare=False, time_limit=None)).target
                    if plan.status != "failed":
                        kept.save(**{key: plan.system_cost})
                own = kept.facts[f"rows {name}"]
                rows += _with_least(own, kept.facts.get(f"least {name}")) if regret else own
                tell(name, Message(OPERATED_IN_ALL_HOURS))
        return pd.DataFrame(rows, columns=list(TABLES["stress"].names)).astype({"year": "Int64", "value": float})

    @property
    def folder(self) -> Path:
        """Where answers are kept, so that none is sought twice."""
        return beside(self.output.folder, "-questions")

    def table(self, name: str, done: Callable[[object], None]) -> pd.DataFrame:
        """One of OPERATED. Raises CaseError where the orders of the run cannot be kept, or nothing can be operated otherwise."""
        with watched(Watch(None)), threadpool_limits(1, user_api="blas"):
            found = OPERATED[name].made(self, done)
        if found is None:
            raise CaseError.because("{out}: its orders are not those of a plan of this park", out=self.output.folder)
        return found

    def months(self, done: Callable[[object], None]) -> pd.DataFrame | None:
        """stress_outages.csv: every month of every year with each unit out."""
        inputs = resolve(self.case, self.case.goal, self.base, None)
        if not inputs.outages.out:
            raise CaseError.because(
                "--outages: no reserve of the park holds by operation; state operated = 1 and largest_out = 1 in reserves.csv"
            )
        kept = keep_orders(inputs, self.output.target)
        if kept.cost is None:
            return None
        rows, _ = short_rows(kept.model, inputs, all_months(self.case, inputs.years, inputs.outages), done)
        return pd.DataFrame(rows, columns=list(TABLES["stress_outages"].names))


@dataclass(frozen=True)
class OperatedTable:
    """A table of the orders of a run operated otherwise: how it is asked for, made and told of, and what is said of each part of it
    that is `done`; `has_page`: the page shows it."""

    option: str
    made: Callable[[Stress, Callable[[object], None]], pd.DataFrame | None]
    told: Callable[[pd.DataFrame, str, Language], Iterable[str]]
    done: str
    has_page: bool = True


OPERATED = {
    "stress_outages": OperatedTable(
        "--outages", Stress.months, lambda table, *_: short_months(table), mark("{what}: all months are operated"), has_page=False
    ),
    "moving": OperatedTable(
        "--moving",
        lambda own, done: moving_table(own.case, own.base, own.output.target, done),
        saved_by_stream,
        mark("{what}: is operated with moving and without"),
    ),
    "stores": OperatedTable(
        "--stores",
        lambda own, done: stores_table(own.case, own.base, own.output.target, done),
        earned_by_stream,
        mark("{what}: is operated with each store and without"),
    ),
}


def open_stress(out: Path, futures: Path | None, needs_futures: bool) -> Stress:
    """Read a run of one future, and the tree that it is tried in: of a file, or of the park's folder as it is now.

    Raises CaseError where the folder is no run with a plan, its park has changed, or no futures are stated.
    """
    output = read_output(out)
    if not output.has_plan:
        raise CaseError.because("{out}: holds no plan; there is nothing to try", out=out)
    refuse_kept(out, output.facts["options"])
    earlier: Earlier = read_run(out / "run.json", None)
    order = replace(earlier.order, has_futures=False, futures=None)
    replace(earlier, order=order).check()
    case = read_case(order.folder, order.costs, order.goal, futures=futures, has_futures=needs_futures)
    if needs_futures and not case.futures:
        raise CaseError.because(
            "{folder}: states no futures; write futures.csv (`plan new --futures` shows one), or name a tree with --futures FILE",
            folder=order.folder,
        )
    base = case.park.base_emissions or base_of(case.model_copy(update={"futures": (), "future_values": ()}))
    return Stress(output, case, order.options, base)


def short_months(table: pd.DataFrame) -> list[Message]:
    """What is said of the months with a unit out: of each unit the month in which it is missed most."""
    short = table[table["energy_short"] > 0]
    if short.empty:
        return [Message("with any one unit out all demand is met in every month of every year")]
    found = []
    for name, own in short.groupby("technology", sort=False):
        worst = own.loc[own["energy_short"].idxmax()]
        found.append(
            Message(
                "{name} out: {count} of {all} months are short, most that of day {day} in {year}: {energy} MWh, at worst "
                "{power} MW",
                name=name,
                count=len(own),
                all=int((table["technology"] == name).sum()),
                day=int(worst["first_day"]),
                year=int(worst["year"]),
                energy=f"{worst['energy_short']:,.1f}",
                power=f"{worst['worst']:,.2f}",
            )
        )
    return found


# --- table -----------------------------------------------------------------------------------------------------------------
# stress.csv.

#: The line above each future, and the items of its rows where the orders could be kept.
OPERATED_IN_ALL_HOURS, STANDS = mark("operated in all hours"), ("cost", "least_cost", "regret")


def _rows(own: Stressed, currency: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a future."""
    head = own.future, own.probability
    for (kind, name, y), amount, most in own.kept.over:
        yield *head, y, "not_kept", f"{kind} {name}", amount - most, _unit(own, kind, name)
    yield *head, None, "cost", "", own.cost, currency
    for y, year in own.years.items():
        for (carrier, zone), short in year.unserved.items():
            where = f"{carrier} {zone}"
            yield *head, y, "unserved", where, short.energy, "MWh"
            yield *head, y, "unserved_hours", where, short.hours, "h"
            yield *head, y, "unserved_worst", where, short.worst, "MW"
        for (stage, metric, _), amount in year.missed.items():
            yield *head, y, "missed", f"{stage} {metric}", amount, OF_RULES[metric].amount
            if (credit := own.credits(y, metric)) is not None:
                yield *head, y, "credits", f"{stage} {metric} {credit[0]}", amount * credit[1], currency
    for (rule, metric), amount in own.over.items():
        yield *head, None, "missed", f"{rule} {metric}", amount, OF_RULES[metric].amount


def _with_least(rows: Sequence[Sequence[Any]], least: float | None) -> Iterator[Sequence[Any]]:
    """The rows of a future with its least cost, known from the start: of its own plan, or of the kept one where that is cheaper."""
    for row in rows:
        yield row
        future, probability, _, item, _, cost, unit = row
        if item == "cost" and cost is not None and least is not None:
            least = min(least, cost)
            yield future, probability, None, "least_cost", "", least, unit
            yield future, probability, None, "regret", "", cost - least, unit


def _unit(own: Stressed, kind: str, name: str) -> str:
    return (
        own.inputs.capacity.label.get(name, "MW") if kind in ("build", "retire", "contract") else "ha" if kind == "plant" else "1"
    )


def summed(table: pd.DataFrame) -> Message:
    """How many of the futures the orders stand in."""
    stands = table["item"].isin(STANDS).groupby(table["future"]).all()
    return Message("the orders stand in {count} of {all} futures", count=int(stands.sum()), all=len(stands))


# --- weather ---------------------------------------------------------------------------------------------------------------
# A tree whose futures are years of weather: planned on typical days, then operated in all hours of each, and mended.
#
# 1. The plan is made on the typical days.
# 2. Each future is operated in all hours with its decisions (`stress`).
# 3. The seven days in a row of the future and year that leave most energy unserved join the typical days, in all futures; where
# only rules are missed, twice as many typical days are chosen. Back to 1, `ROUNDS` times at most. Where that search ends without a
# plan, as where the time is over, the plan before it is given, with what it misses.
#
# Futures that are known from a year on are not weather: they are planned on the typical days, and `plan what-if --in-futures`
# operates a plan in
# them. The cost of the tree stays that of the typical days; that of all hours stands beside it.

#: Times that a plan which does not hold is made again.
ROUNDS = 4
#: Days that join together, and days of the year.
WEEK, YEAR = 7, 365
#: Most typical days that are chosen where a rule is missed.
MOST_DAYS = 48
AGAIN = mark("{words}; its seven days join the typical days, and the plan is made again")
KEPT = mark("the search on more days ended without a plan: this is the one before it, which does not hold in all hours")
MORE = mark("{future}: a rule is missed in all hours; planned again on {count} typical days")


def is_weather(case: Case, options: Options) -> bool:
    """True where a plan is to be operated in all hours of futures that are never known."""
    return options.verify and case.hours == HOURS_OF_YEAR and any(row.from_year is None for row in case.futures)


def plan_weather(case: Case, options: Options, progress: Progress, watch: Watch, terms: Uncertainty) -> TreePlan:
    """The plan of a tree with futures that are never known, which holds in all hours of each where one is found."""
    count = case.park.typical_days if options.days is None else options.days
    chosen, joined, warnings = choose_days(case, count), list[int](), list[str]()
    before: TreePlan | None = None
    for turn in range(ROUNDS + 1):
        days = None if chosen is None else _joined(chosen, case, joined)
        plan = plan_tree(case, options, progress, watch, terms, days=days)
        if before is not None and plan.status == "failed":
            kept = replace(before, ended=plan.ended, time_limit=plan.time_limit)
            return replace(kept, warnings=(*warnings, *before.warnings, Message(KEPT)))
        if days is None or chosen is None or not plan.runs or watch.is_over():
            return replace(plan, warnings=(*warnings, *plan.warnings))
        try:
            hours, joining = _operated(plan, Clock(progress, watch))
        except Stopped:
            note = Message("the time was over before the plan was operated in all hours of each weather")
            return replace(plan, warnings=(*warnings, *plan.warnings, note))
        runs = {own.future: _said(plan.runs[own.future], own) for own in hours}
        before = plan = replace(plan, in_all_hours=hours, runs=runs)
        failing = next((own for own in hours if not own.holds), None)
        if failing is None or turn == ROUNDS:
            break
        more = choose_days(case, 2 * chosen.count) if joining is None and 2 * chosen.count <= MOST_DAYS else None
        if joining is not None:
            joined += [day for day in joining.days if day not in joined]
            warnings.append(Message(AGAIN, words=joining.told()))
        elif more is not None:
            chosen = more
            warnings.append(Message(MORE, future=failing.future, count=more.count))
        else:
            break
    return replace(plan, warnings=(*warnings, *plan.warnings))


def _joined(days: TypicalDays, case: Case, joined: list[int]) -> TypicalDays:
    own = alone(days)
    return join_days(days, case, [day for day in joined if day not in own]) if joined else days


def _operated(plan: TreePlan, clock: Clock) -> tuple[tuple[InAllHours, ...], Week | None]:
    """The plan in all hours of each leaf, and the week that breaks it most."""
    found, worst = [], None
    with watched(clock.watch), threadpool_limits(1, user_api="blas"):
        for name, run in plan.runs.items():
            with clock.step(step_of(OPERATING, name)):
                own = stress(plan.leaf_cases[name], name, plan.probability[name], run.base, run.target.tables)
            weeks = tuple(_weeks(own))
            found.append(InAllHours(name, own.cost, own.holds, weeks, tuple(_weather_missed(own))))
            hardest = max(weeks, key=lambda week: week.energy, default=None)
            if hardest is not None and (worst is None or hardest.energy > worst.energy):
                worst = hardest
    return tuple(found), worst


def _said(run: Run, own: InAllHours) -> Run:
    """The run of a leaf, whose target plan says what came of it in all hours."""
    target = replace(run.target, failure=own.failure, operated=own.cost if own.holds else None)
    return replace(run, plans={**run.plans, TARGET: target})


def _weeks(own: Stressed) -> Iterator[Week]:
    """Of each year and carrier with unserved energy, the seven days in a row with most of it."""
    for y, year in own.years.items():
        for (carrier, zone), short in year.unserved.items():
            by_day = [short.by_day.get(day, 0.0) for day in range(YEAR)]
            first = max(range(YEAR - WEEK + 1), key=lambda day: sum(by_day[day : day + WEEK]))
            yield Week(own.future, y, carrier, zone, first, short.energy)


def _weather_missed(own: Stressed) -> Iterator[tuple[int, str, str, float]]:
    for y, year in own.years.items():
        for (stage, metric, _), amount in year.missed.items():
            yield y, stage, metric, amount
    for (stage, metric), amount in own.over.items():
        yield own.inputs.years[-1], stage, metric, amount
