"""The search: the least-cost plan, the least and most of each group, and plans unlike those before; each saved as it is found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from models.errors import SolverError
from models.inputs import resolve
from planner.answer.files import write_run
from planner.clock import Clock
from planner.days import choose_days
from planner.finance.pieces import MEASURE, TECHNOLOGY
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import STATUSES, word
from planner.machine.stopping import Watch, watched
from planner.park.fields import file_name_of
from planner.plan import TARGET, Plan, Run
from planner.planning.base import base_of
from planner.planning.methods import DecomposedMethod, WholeMethod
from planner.planning.repair_loop import RepairLoop
from planner.planning.restored import plan_of
from planner.planning.strategy import BEGIN_DAYS, is_large
from planner.planning.task import Task
from planner.questions.beside import can_open, found_again
from planner.questions.built import cost_on_days
from planner.questions.session import DAMAGED, RunSession, is_cleared, is_whole, read_kept, write_kept
from planner.questions.space import DecomposedSpace, Group, Member, Space, Weights, WholeSpace, budget_of, members_of
from planner.tables.facts import table_in
from planner.tables.place import RUN, SUMMARY, beside, check_place, facts_of
from planner.tables.schema import TABLES

#: The plan of the least cost, and the file that tells what was found.
LEAST, FOUND = "least-cost", "found.json"
#: Below this share of the most that any plan has of a thing, a plan has none of it.
NONE = 0.01
MINIMUM, MAXIMUM, UNLIKE = "least", "most", "unlike"


@dataclass(frozen=True)
class Aim:
    """What one plan is asked for: least or most of a group, or to be unlike those before."""

    what: str
    of: str

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.what}-{file_name_of(self.of)}"


@dataclass(frozen=True)
class KeptPlan:
    """A plan that is saved: how much it has of each member in the year of the deadline, and its cost; `bound` of its aim."""

    name: str
    amounts: Mapping[Member, float]
    cost: float
    bound: float | None

    def sum(self, members: Iterable[Member]) -> float:
        """How much it has of several."""
        return sum(self.amounts.get(m, 0.0) for m in members)


@dataclass
class AlternativesFound:
    """All plans of a search, the least-cost one first; of each aim the bound, and the most that the relaxed budget allows."""

    within: float
    year: int
    plans: list[KeptPlan]
    bounds: dict[str, float | None]
    sizes: dict[str, float | None]

    @property
    def least(self) -> KeptPlan:
        """The plan of the least cost that was found."""
        return self.plans[0]


class AlternativesSearch:
    """A run's park, its plans within a share of the least cost, and the folder where they are saved."""

    def __init__(self, question: RunSession, groups: Sequence[Group], within: float, unlike: int) -> None:
        self.question, self.groups, self.within = question, groups, within
        assert question.case.goal is not None
        self.year = question.case.goal.by
        self.folder = beside(question.out, "-alternatives")
        self.members = members_of(question.case)
        self.aims = [Aim(what, g.name) for g in groups for what in (MINIMUM, MAXIMUM)]
        self.aims += [Aim(UNLIKE, str(i + 1)) for i in range(unlike)]
        self.space: Space | None = None
        key = {
            "case_sha256": question.case.digest,
            "within": within,
            "gap": question.options.gap,
            "days": question.options.days,
            "groups": {g.name: [m.name for m in g.members] for g in groups},
        }
        said = read_kept(self.folder / FOUND, question.told)
        is_same = said.get("of") == json.loads(json.dumps(key))
        #: What is known of each aim: its bound, its size, whether there is a plan.
        self.known: dict[str, Any] = dict(said["found"]) if is_same else {}
        self.key = key

    def found(self) -> AlternativesFound:
        """All plans; those that are not there yet are made. Raises SolverError where there is no plan at all."""
        self.folder.mkdir(exist_ok=True)
        names = [LEAST, *(aim.name for aim in self.aims)]
        if not all(self._is_there(name) for name in names):
            self._make()
        plans = [self._kept(name) for name in names if self.known[name]["planned"]]
        bounds, sizes = ({n: self.known[n].get(what) for n in names} for what in ("bound", "size"))
        return AlternativesFound(self.within, self.year, plans, bounds, sizes)

    def _is_there(self, name: str) -> bool:
        known = self.known.get(name)
        return known is not None and (not known["planned"] or is_whole(self.folder / name))

    # --- making -------------------------------------------------------------------------------------------------------

    def _make(self) -> None:
        """Make what is missing, one plan after the other: what the first teach of the years serves the others."""
        clock = Clock(lambda *_: None, Watch(None))
        with watched(clock.watch):
            self._open(clock)
            for aim in self.aims:
                if self._is_there(aim.name):
                    self._tell(aim, Message("is there already"))
                else:
                    self._extreme(aim)

    def _open(self, clock: Clock) -> None:
        """The least-cost plan, and the space of those that cost little more."""
        case, options = self.question.case, self.question.options
        self.base = case.park.base_emissions or base_of(case)
        days = choose_days(case, case.park.typical_days if options.days is None else options.days)
        inputs = resolve(case, case.goal, self.base, days)
        if days is None and is_large(inputs):
            days = choose_days(case, BEGIN_DAYS)
            inputs = resolve(case, case.goal, self.base, days)
        task = Task(inputs, case.park.currency, options.gap, clock, days, segments=options.segments)
        output = self.question.output
        method = DecomposedMethod(task) if can_open(output, options, inputs) else None
        trial = None if method is None else found_again(output, method)
        self.loop = RepairLoop(case, task, options.method, False, self.base, made=None if trial is None else method)
        bound = output.summary["typical_days"]["bound"] if trial is not None else 0.0
        again = None if method is None or trial is None else plan_of(method, trial, bound)
        plan = self.loop.plan(TARGET) if again is None else self.loop.checked(again)
        if not plan.has_tables:
            raise SolverError.because(
                "{out}: no plan was found again; what costs little more than it is not known", out=self.question.out
            )
        if not self._is_there(LEAST):
            bound = plan.bound if plan.on_days is None else plan.on_days.bound
            self.known = {LEAST: {"bound": bound, "cost": cost_on_days(plan), "planned": True}}
            self._save(LEAST, plan)
        cost = self.known[LEAST]["cost"]
        budget, planned = budget_of(cost, self.within), self.loop.method
        if isinstance(planned, WholeMethod):
            self.space = WholeSpace(planned, budget, self.year)
        else:
            assert isinstance(planned, DecomposedMethod)
            self.space = DecomposedSpace(planned, budget, budget - cost, self.year)

    def _extreme(self, aim: Aim) -> None:
        assert self.space is not None
        weights = self._weights(aim)
        size = self.space.reach({member: abs(w) for member, w in weights.items()})
        found = None if size is None else self.space.extreme(weights, max(size, 1e-6))
        plan = None if found is None or found.plan is None else self.loop.checked(found.plan)
        bound = None if found is None or found.bound == -float("inf") else found.bound
        self.known[aim.name] = {"bound": bound, "size": size, "planned": plan is not None}
        self._save(aim.name, plan)
        is_known = found is not None and found.is_known
        none = Message("a plan found before is as good") if is_known else Message("no plan was found")
        self._tell(aim, word(STATUSES, "feasible") if plan is not None else none)

    def _tell(self, aim: Aim, words: str) -> None:
        """Tell how the search for an aim ended, and which of how many it was."""
        place = Message("{aim} ({number} of {count})", aim=aim.name, number=self.aims.index(aim) + 1, count=len(self.aims))
        self.question.told(place, words)

    def _weights(self, aim: Aim) -> Weights:
        """Of a group 1, or -1 for the most of it; to be unlike: how many plans have a thing, by the most that any has of it
        (Hop, Skip and Jump; Brill, Chang and Hopkins, 1982)."""
        if aim.what != UNLIKE:
            sign = 1.0 if aim.what == MINIMUM else -1.0
            return dict.fromkeys(next(g for g in self.groups if g.name == aim.of).members, sign)
        before = [LEAST, *(a.name for a in self.aims if a.what == UNLIKE and int(a.of) < int(aim.of))]
        plans = [self._kept(name) for name in before if self.known[name]["planned"]]
        return {m: count / most for m, (count, most) in presence(plans, self.members).items() if count}

    def _save(self, name: str, plan: Plan | None) -> None:
        """Save a plan as a run, then tell that it is there."""
        if is_cleared(self.folder / name):
            self.question.told(name, Message(DAMAGED))
        if plan is not None:
            check_place(self.folder / name, RUN)
            question = self.question
            told = self._with_bound(plan)
            run = Run({TARGET: told}, self.base, question.case.park.currency, self.loop.day_count)
            facts = {**question.order.facts(), "change": ["alternative", f"{self.within:g}", name]}
            write_run(run, question.case, self.folder / name, facts, has_report=False)
        write_kept(self.folder / FOUND, {"of": self.key, "found": self.known})

    def _with_bound(self, plan: Plan) -> Plan:
        """With the bound of the least cost, which is one of every plan."""
        bound, cost = self.known[LEAST]["bound"], cost_on_days(plan)
        if bound is None:
            return replace(plan, note="")
        if plan.on_days is None:
            return replace(plan.with_bound(bound, self.question.options.gap), note="")
        return replace(plan, note="").proven_on_days(replace(plan.on_days, cost=cost).with_bound(bound))

    # --- reading back -------------------------------------------------------------------------------------------------

    def _kept(self, name: str) -> KeptPlan:
        folder, said = self.folder / name, facts_of(self.folder / name / SUMMARY)
        cost = said["system_cost"]
        assert isinstance(cost, int | float)
        return KeptPlan(name, amounts_of(folder, self.members, self.year), float(cost), self.known[name]["bound"])


def amounts_of(folder: Path, members: Sequence[Member], year: int) -> dict[Member, float]:
    """How much a saved plan has of each member in a year."""
    capacity, measures, planted = (table_in(folder, name) for name in ("capacity", "measures", "restoration"))
    there = capacity[capacity["year"] == year].groupby("technology")["capacity"].sum()
    adopted = set(measures[(measures["year"] <= year) & (measures["works_until"] >= year)]["measure"])
    area = planted[(planted["year"] == year) & (planted["item"] == "kept_up")].groupby("project")["value"].sum()
    found = {}
    for member in members:
        if member.kind == TECHNOLOGY:
            found[member] = float(there.get(member.name, 0.0))
        else:
            found[member] = float(member.name in adopted) if member.kind == MEASURE else float(area.get(member.name, 0.0))
    return found


def presence(plans: Sequence[KeptPlan], members: Sequence[Member]) -> dict[Member, tuple[int, float]]:
    """How many of the plans have a thing, and the most that any has of it."""
    found = {}
    for member in members:
        amounts = [plan.amounts[member] for plan in plans]
        most = max(amounts)
        found[member] = (sum(a > NONE * most for a in amounts) if most > 1e-6 else 0, most)
    return found


# --- verdicts --------------------------------------------------------------------------------------------------------------
# What the plans of a search say: of each group and each thing least, most and whether it is sure, out or open; as tables.

#: In every plan, in no plan: proven; in all, in none of those found; in some.
SURE, OUT, IN_ALL, IN_NONE, OPEN = mark("sure"), mark("out"), mark("in all found"), mark("in none found"), mark("open")
#: Plans of the handful.
HANDFUL = 5


def verdict(least: float, most: float, least_bound: float | None, most_bound: float | None, size: float) -> str:
    """The word for an amount that lies between two numbers that were found, and two that were proven.

    `size` is the most that the budget allows with whole numbers relaxed: below one per cent of it nothing is told apart from none.
    """
    none = max(NONE * most, 1e-6)
    if least_bound is not None and least_bound > none:
        return SURE
    if most_bound is not None and most <= 1e-6 and most_bound <= max(NONE * size, 1e-6):
        return OUT
    return IN_ALL if least > none else IN_NONE if most <= 1e-6 else OPEN


def limits_of(found: AlternativesFound, group: Group) -> tuple[float, float | None, float, float | None, float]:
    """Least and most of a group in the plans found, each with its bound; and the most that the relaxed budget allows."""
    sums = [plan.sum(group.members) for plan in found.plans]
    low, high = (found.bounds[Aim(what, group.name).name] for what in (MINIMUM, MAXIMUM))
    least, most = min(sums), max(sums)
    size = found.sizes[Aim(MAXIMUM, group.name).name] or 0.0
    return least, None if low is None else min(max(low, 0.0), least), most, None if high is None else max(-high, most), size


def group_table(found: AlternativesFound, groups: Sequence[Group]) -> pd.DataFrame:
    """alternatives.csv."""
    rows = []
    for g in groups:
        least, low, most, high, size = limits_of(found, g)
        said = verdict(least, most, low, high, size)
        names = "; ".join(m.name for m in g.members)
        rows.append((g.name, g.unit, found.year, found.least.sum(g.members), least, low, most, high, said, names))
    return pd.DataFrame(rows, columns=list(TABLES["alternatives"].names))


def part_table(found: AlternativesFound, groups: Sequence[Group], members: Sequence[Member]) -> pd.DataFrame:
    """alternative_parts.csv; what is alone in its group is proven with it."""
    alone = {g.members[0]: g for g in groups if len(g.members) == 1}
    rows = []
    for m in members:
        amounts = [plan.amounts[m] for plan in found.plans]
        least, most = min(amounts), max(amounts)
        _, low, _, high, size = limits_of(found, alone[m]) if m in alone else (0.0, None, 0.0, None, 0.0)
        count = sum(a > max(NONE * most, 1e-6) for a in amounts)
        rows.append((m.kind, m.name, m.unit, found.least.amounts[m], least, most, count, verdict(least, most, low, high, size)))
    return pd.DataFrame(rows, columns=list(TABLES["alternative_parts"].names))


def plan_table(found: AlternativesFound, currency: str) -> pd.DataFrame:
    """alternative_plans.csv: the least-cost plan first."""
    least, few = found.least.cost, handful(found.plans)
    places = {name: i for i, name in enumerate(few, start=1)}
    size = max(abs(least), 1e-9)
    rows = [(p.name, p.cost, p.cost - least, (p.cost - least) / size, places.get(p.name), currency) for p in found.plans]
    return pd.DataFrame(rows, columns=list(TABLES["alternative_plans"].names)).astype({"unlike": "Int64"})


def handful(plans: Sequence[KeptPlan]) -> list[str]:
    """The least-cost plan, then one after the other that whose nearest of those before is furthest from it.

    The distance of two plans is the sum of what they differ in, each as a share of the most that any plan has of it.
    """
    most = {m: max(p.amounts[m] for p in plans) for m in plans[0].amounts}

    def distance(a: KeptPlan, b: KeptPlan) -> float:
        return sum(abs(a.amounts[m] - b.amounts[m]) / top for m, top in most.items() if top > 1e-6)

    chosen, left = [plans[0]], list(plans[1:])
    assert chosen[0].name == LEAST
    while left and len(chosen) < HANDFUL:
        furthest = max(left, key=lambda p: min(distance(p, c) for c in chosen))
        if min(distance(furthest, c) for c in chosen) <= NONE:
            break
        chosen.append(furthest)
        left.remove(furthest)
    return [p.name for p in chosen]
