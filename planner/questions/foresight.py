r"""A chain of plans, each of which knows some years ahead only, and what not knowing the others costs, step by step.

Step s is planned in year t_s with what is known until :math:`t_s + N - 1` (`known`); its orders of the M years from t_s on are
kept, whatever comes. Once the last year is known all the rest is kept, and costs nothing more. With C_s the least cost, all years
known, of a plan that keeps the orders of the first s steps, the orders of step s cost

.. math::
    C_s - C_{s-1} \ge 0, \qquad \sum_s (C_s - C_{s-1}) = C_{chain} - C_0

more than those of who knows all, C_0 being the plan that knows all from the start. All C are found within the gap.

What is proven of a chain is what is proven of the plan that knows all: the bound of its last step is of that step alone, in which
all that was ordered before is held. The plans to compare with are those of who knows all, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from models.case import Case
from models.inputs.finance import resolve_finance
from planner.answer.page.page import language_of, write_page
from planner.clock import Progress
from planner.language.language import choose_language, mark
from planner.language.message import Message
from planner.machine.stopping import Watch
from planner.plan import LEAST_COST, TARGET, NotKnowing, Plan, Run
from planner.planning.base import base_of
from planner.planning.compared import abatement
from planner.planning.run import Options, plan_park
from planner.questions.built import Built, as_planned, cost_on_days, kept_case, known_until
from planner.tables.decisions import decisions_of
from planner.tables.place import renew, write_file
from planner.tables.schema import TABLES

#: Amounts that differ by a smaller share are the same.
SAME = 1e-6
#: What was decided: item, name, year -> amount.
Decided = dict[tuple[str, str, int], float]
#: Said of a chain that ends without a plan.
ENDED = mark(
    "The chain of plans (years known ahead: {count}) ends in {year}, with all known until {known} and its orders before kept: "
    "there is no plan. Knowing all from the start there is one. Of the chain in {year}:"
)


@dataclass(frozen=True)
class ForesightStep:
    """A step of the chain.

    year, known, until   planned in, all is known until, the last year whose orders are kept
    decided, if_known    its orders, and those of who knows all, with the steps before kept
    cost    what its orders cost more   money
    """

    year: int
    known: int
    until: int
    decided: Decided
    if_known: Decided
    cost: float


@dataclass(frozen=True)
class Chain:
    """The chain.

    run, case  of the last step, whose plan has the orders of all; without a plan where one step has none
    steps      those that were planned;   least  cost of the plan that knows all   money
    failed     year of the step that has no plan; None: each has one, or not even who knows all has one
    """

    run: Run
    case: Case
    steps: Sequence[ForesightStep] = ()
    least: float = 0.0
    failed: int | None = None


@dataclass(frozen=True)
class Foresight:
    """How many years ahead are known, and of how many the orders are kept."""

    years: int
    step: int = 1

    def facts(self) -> dict[str, int]:
        """What run.json says of it."""
        return {"foresight": self.years, "step": self.step}


def foresight_faults(foresight: int | None, step: int | None) -> list[str]:
    """What is wrong with the options."""
    if foresight is None:
        return [] if step is None else [Message("--step: is of --foresight; say how many years ahead are known")]
    faults: list[str] = []
    if foresight < 1:
        faults.append(Message("--foresight {years}: is below 1; the year of the orders itself is known", years=foresight))
    elif step is not None and not 1 <= step <= foresight:
        faults.append(
            Message(
                "--step {step}: is not within 1 to {years}, the years that are known; orders are kept of known years only",
                step=step,
                years=foresight,
            )
        )
    return faults


def plan_chain(case: Case, wanted: Foresight, options: Options, progress: Progress, watch: Watch | None = None) -> Chain:
    """Plan step by step. Raises what `plan_park` does."""
    base = case.park.base_emissions or base_of(case)
    case = case.model_copy(update={"park": case.park.model_copy(update={"base_emissions": base})})
    quick = replace(options, compare=False, verify=False)
    best = plan_park(case, quick, progress, watch)
    if not best.target.has_tables:
        return Chain(best, case)
    cost = least = cost_on_days(best.target)
    built, steps, at, last = Built(), list[ForesightStep](), case.park.first_year, case.park.last_year
    while True:
        known = min(at + wanted.years - 1, last)
        is_last = known == last
        until = last if is_last else at + wanted.step - 1
        own = kept_case(known_until(case, known), built, at) if steps else known_until(case, known)
        last_options = replace(options, compare=False) if steps else options
        run = plan_park(own, last_options if is_last else quick, progress, watch)
        if not run.target.has_tables:
            return _ended(run, own, steps, NotKnowing(wanted.years, least, failed=at, known=known))
        before, built = cost, as_planned(run.target.tables, until + 1)
        decided, if_known = _decided(run.target, at, until), _decided(best.target, at, until)
        if not is_last and not _are_same(decided, if_known):
            best = plan_park(kept_case(case, built, until + 1), quick, progress, watch)
            if not best.target.has_tables:
                return _ended(best, case, steps, NotKnowing(wanted.years, least, failed=until + 1, known=last))
            cost = cost_on_days(best.target)
        steps.append(ForesightStep(at, known, until, decided, if_known, cost - before))
        if is_last:
            if len(steps) > 1:
                is_over = watch is not None and watch.is_over()
                run = _beside(run, None if is_over else plan_park(case, options, progress, watch), case, options)
            told = NotKnowing(wanted.years, least, least + sum(step.cost for step in steps))
            return Chain(replace(run, foresight=told), own, steps, least)
        at = until + 1


def _ended(run: Run, case: Case, steps: Sequence[ForesightStep], told: NotKnowing) -> Chain:
    """The chain that ends without a plan, though who knows all from the start has one: said before why."""
    words = Message(ENDED, count=told.years, year=told.failed, known=told.known)
    run = replace(run, explanation=(words, *run.explanation), foresight=told)
    return Chain(run, case, steps, told.least, told.failed)


def _beside(run: Run, known: Run | None, case: Case, options: Options) -> Run:
    """The last step of a chain beside the plan that knows all from the start: with its bound, and the plans that it is compared
    with; without both where there is none."""
    target = run.target
    if known is None or not known.target.has_tables:
        return replace(run, plans={TARGET: _bounded(target, None, options)}, compared_with=LEAST_COST)
    plans = {**known.plans, TARGET: _bounded(target, known.target, options)}
    finance = resolve_finance(case, range(case.park.first_year, case.park.last_year + 1))
    return replace(
        run,
        plans=plans,
        compared_with=known.compared_with,
        abatement_cost=abatement(plans, known.compared_with, finance.discount),
    )


def _bounded(target: Plan, known: Plan | None, options: Options) -> Plan:
    """The plan with what is proven of the plan that knows all, which costs no more: in all hours, and on the same typical days."""
    days = target.on_days
    if days is not None:
        own = known.on_days if known is not None else None
        days = replace(days, repaired_gap=None).with_bound(own.bound if own is not None and own.of == days.of else None)
    plan = replace(target, bound=None, gap=None).proven_on_days(days)
    is_whole = plan.verified or days is None
    return plan.with_bound(known.bound, options.gap) if is_whole and known and known.bound is not None else plan


def _decided(plan: Plan, first: int, until: int) -> Decided:
    rows = decisions_of(plan.tables)
    rows = rows[rows["year"].between(first, until) & (rows["value"] > SAME) & (rows["ordered"] == 0)]
    found: Decided = rows.groupby(["action", "name", "year"], sort=False)["value"].sum().to_dict()
    return found


def _are_same(one: Decided, other: Decided) -> bool:
    pairs = [(one.get(key, 0.0), other.get(key, 0.0)) for key in (*one, *other)]
    return all(abs(a - b) <= SAME * max(1.0, abs(a), abs(b)) for a, b in pairs)


def write_chain(chain: Chain, out: Path) -> None:
    """Write foresight.csv into the output, and describe it in datapackage.json."""
    if chain.run.target.has_tables:
        path = out / TABLES["foresight"].file
        text = chain_table(chain).to_csv(index=False, float_format="%.12g", lineterminator="\n")
        write_file(path, str(path), text, lambda _: True)
        write_page(out, choose_language(language_of(out)))
        renew(out, f"{chain.case.park.name}, {TARGET}", chain.run.currency)


def chain_table(chain: Chain) -> pd.DataFrame:
    """foresight.csv: of each step what its orders cost more, then the orders."""
    tables = chain.run.target.tables
    units = {str(r.technology): str(r.unit) for name in ("investments", "retirements") for r in tables[name].itertuples()}
    rows: list[tuple] = []
    for step in chain.steps:
        head = step.year, step.known
        rows.append((*head, "cost", "", None, step.cost, 0.0, chain.run.currency))
        for key in sorted(dict.fromkeys((*step.decided, *step.if_known)), key=lambda key: (key[2], key[0], key[1])):
            item, name, y = key
            unit = "ha" if item == "plant" else "1" if item == "adopt" else units.get(name, "MW")
            rows.append((*head, item, name, y, step.decided.get(key, 0.0), step.if_known.get(key, 0.0), unit))
    return pd.DataFrame(rows, columns=list(TABLES["foresight"].names))
