"""What can be asked of parks and runs with one click each: a command of ours in the queue, with the time that it may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.case import Case
from models.errors import CaseError
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.machine.resources import cores
from planner.plan import LEAST_COST
from planner.planning.rerun import read_run
from planner.questions.change import DROP
from planner.questions.figures import assumed_figures
from planner.questions.not_chosen import offered_costs, prices_of
from planner.questions.rules import DEAREST, OF_LARGE, reserve_limits
from planner.questions.sensitivity import MOST
from planner.questions.space import groups_by_kind
from planner.tables.facts import read_rows
from planner.tables.output import PLANNED
from planner.tables.place import FACTS, SUMMARY, beside, facts_of
from planner.workbench.answer import APPLICATIONS, run_of
from planner.workbench.bench import address, bench_of, changing, language_of, moved, page, text_of
from planner.workbench.job import new_name, time_of
from planner.workbench.jobs import BETWEEN
from planner.workbench.park import made_of, park_of

# --- estimates -------------------------------------------------------------------------------------------------------------
# About how long a question takes: how many plans it makes, each as long as the plan of the run, or a share of it.
#
# .. math::
# t = t_0 + p \, (t_1 + t_2) / \min(p, l)
#
# t₀  until the command and its processes are there   s     p  plans                          1
# t₁  the plan of the run, without its hours          s     l  made at once                   1
# t₂  what each reads and writes                      s
#
# A park that one matrix holds is planned anew for each step of a question. Of a large one most steps are found beside its plan,
# which
# is found again first (`planner/questions/beside.py`): each is a share of a plan, as measured on the example lakeside.

#: Seconds until a command and its processes are there, and those that a plan takes to read the park and to be written.
START, EACH = 5.0, 1.0
#: Plans of a break-even (one where nothing comes in, three where it turns) and of a price that is confirmed (none or two); of the
#: naive curve for a project; sought to be unlike others; of a curve.
BREAK_EVEN, CONFIRMED, ALONE, UNLIKE, STEPS = 2, 1, 4, 4, 9
#: Seconds in which a plan is kept that is found in the matrix of the one before it.
KEPT = 0.4
#: Share of a plan that a step beside it takes, of a large park.
NEARLY, LIMIT, EXTREME = 0.1, 0.6, 0.25
#: Steps of one plan of a run; that which operates it in every hour; days of a plan for `--rank` as a share of a plan's.
ONE_PLAN = ("resolving inputs", "building", "compiling", "solving target", "reading results", "checking")
SOLVING, IN_HOURS, RANKED = "solving target", "operating target in every hour", 0.25
#: Where plans of questions are kept, and how near to a limit is at it.
OF_QUESTIONS, NEAR = "-questions", 1e-5
#: Tables of what a plan orders, and the column of its name.
ORDERED = {"investments.csv": "technology", "measures.csv": "measure", "restoration.csv": "project"}


@dataclass(frozen=True)
class Took:
    """What a run took: its plan, of which to solve it, and its operation in every hour (s); whether one matrix holds its park."""

    plan: float
    solve: float
    hours: float
    is_whole: bool

    @classmethod
    def of(cls, run: Path) -> Took | None:
        """As a run tells it; None where it does not."""
        told = facts_of(run / FACTS).get("seconds")
        seconds: Mapping[str, Any] = told if isinstance(told, dict) else {}
        known = {step: float(value) for step, value in seconds.items() if isinstance(value, int | float)}
        plan = sum(known.get(step, 0.0) for step in ONE_PLAN)
        return cls(plan, known.get(SOLVING, plan), known.get(IN_HOURS, plan), "compiling" in known) if plan else None


def built(run: Path) -> set[str]:
    """Names of what the plan of a run orders, starts or plants."""
    found: set[str] = set()
    for file, column in ORDERED.items():
        if (run / file).is_file():
            header, rows = read_rows(run / file)
            at = header.index(column) if column in header else 0
            found |= {row[at] for row in rows if row}
    return found


def used_up(case: Case, run: Path) -> int:
    """Limits that the plan of a run reaches, so that they may have a price: equipment of which no more may stand, and rules."""
    most = {row.technology: row.max_capacity for row in case.technologies if row.max_capacity}
    found = {row["technology"] for row in _rows(run / "capacity.csv") if _is_at(row["capacity"], most.get(row["technology"], 0.0))}
    for file, of in (("stages.csv", "stage"), ("rules.csv", "rule")):
        found |= {f"{row[of]} {row['metric']}" for row in _rows(run / file) if _is_at(row["value"], row["limit"])}
    return len(found)


def _is_at(value: str, most: str | float) -> bool:
    """True for a number that is as much as there may be, which is something."""
    return bool(most) and float(most) != 0.0 and abs(float(value) - float(most)) <= NEAR * abs(float(most))


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    header, rows = read_rows(path)
    return [dict(zip(header, row, strict=False)) for row in rows]


def saved(run: Path, beginning: str) -> int:
    """Plans of earlier questions to a run whose names begin so: they are found again."""
    folder = beside(run, OF_QUESTIONS)
    return sum(path.name.startswith(beginning) for path in folder.iterdir()) if folder.is_dir() else 0


def plans_of(kind: str, case: Case, run: Path, is_whole: bool) -> float:
    """Estimate how many plans are made to answer a question to a run; 0 where that is not known."""
    ordered = built(run)
    others = sum(name not in ordered for _, name in [*offered_costs(case), *prices_of(case)])
    extremes = 2 * len(groups_by_kind(case)) + UNLIKE
    without = max(0, len(ordered) - saved(run, DROP))
    reserves = len(reserve_limits(case))
    small: Mapping[str, float] = {
        "why-not": 1 + BREAK_EVEN * others,
        "limits": 1 + min(DEAREST, used_up(case, run)) + reserves,
        "worth": 1 + without,
        "watch": 1 + without + (BREAK_EVEN + CONFIRMED) * len(ordered),
        "alternatives": 1 + extremes,
        "abatement": STEPS + ALONE * others,
        "sensitivity": RANKED * (1 + 2 * (1 + min(MOST, len(_rows(run / "swings.csv")) or MOST))),
        "rerun": 1,
    }
    large: Mapping[str, float] = {
        "why-not": 1 + NEARLY * others,
        "limits": 1 + LIMIT * (min(OF_LARGE, used_up(case, run)) + reserves),
        "watch": 1 + len(ordered),
        "alternatives": 1 + EXTREME * extremes,
        "abatement": STEPS,
    }
    return small.get(kind, 0.0) if is_whole else large.get(kind, small.get(kind, 0.0))


def seconds_of(plans: float, each: float, lanes: int) -> float:
    """About how long so many plans take, so many made at once."""
    return START + plans * (each + EACH) / max(1.0, min(plans, lanes))


def lanes_of(kind: str) -> int:
    """Plans that a question makes at once: two that share a core's memory take as long as one after the other."""
    return 1 if kind in ("alternatives", "rerun") else max(1, cores() // 2)


def plan_seconds_of(kind: str, case: Case | None, run: Path) -> tuple[int, float] | None:
    """(plans, seconds) of a question to a run; None where that is not known."""
    took = Took.of(run)
    if took is None or case is None:
        return None
    operated = {"stress": len(case.futures), "outages": len(case.technologies), "moving": len(case.demand)}
    if kind in operated:
        return 0, START + max(1, operated[kind]) * (took.hours + EACH)
    plans = plans_of(kind, case, run, took.is_whole)
    if kind == "alternatives" and took.is_whole:  # one process, which builds the park once
        return round(plans), START + took.plan + EACH + (plans - 1) * (took.solve + KEPT)
    return (max(1, round(plans)), seconds_of(plans, took.plan, lanes_of(kind))) if plans else None


def park_seconds_of(kind: str, case: Case, run: Path, points: int) -> tuple[int, float] | None:
    """(plans, seconds) of a question to a park, by a run of it."""
    took = Took.of(run)
    if took is None or kind not in ("rank", "frontier"):
        return None
    plans = 1 + 2 * len(assumed_figures(case)) if kind == "rank" else points
    return plans, seconds_of(plans, took.plan * (RANKED if kind == "rank" else 1.0), lanes_of(kind))


# --- ask -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """A question that can be asked of a run: the text of its button, and what the answer tells."""

    kind: str
    words: str
    says: str


QUESTIONS = (
    Question("why-not", mark("Why not?"), mark("at which cost what was not chosen would come in")),
    Question("limits", mark("What limits cost"), mark("prices of rules and limits, and the plan without the dearest or a reserve")),
    Question("worth", mark("What projects are worth"), mark("what the plan would cost more without each project")),
    Question("alternatives", mark("What may differ"), mark("least and most of each kind within 2 % of the least cost")),
    Question("sensitivity", mark("What could change it"), mark("leading figures low and high, planned anew on two typical days")),
    Question("abatement", mark("Abatement curve"), mark("a cap that is tightened in eight steps, all decided anew each time")),
    Question("watch", mark("What to watch"), mark("at which cost and prices each order would no longer be right")),
)
#: Questions to orders that are kept: in other futures, where the park states some; with units out; where demand may move.
OUTAGES = Question("outages", mark("Units out"), mark("all months of all years operated with each unit out, one after the other"))
STRESS = Question("stress", mark("In other futures"), mark("what its orders cost and miss in each future of the park"))
MOVING = Question("moving", mark("Demand that moves"), mark("what moving, shedding and waiting to charge save, by stream and year"))
#: Questions that make no plan, and the one that makes the same once more.
APPLICATION = Question("application", mark("Word application"), mark("what an authority asks for, as a Word file"))
RERUN = Question("rerun", mark("Plan it once more"), mark("the same run again: are status, cost and bound the same"))
#: Questions to a park.
OF_PARKS = (
    Question(
        "baseline",
        mark("Inventory of the base year"),
        mark("energy and emissions by source, against the bills: how far today's park is"),
    ),
    Question(
        "rank",
        mark("What assumed figures change"),
        mark("a plan at the low and high of each, on two typical days: which to get next; two plans for each figure"),
    ),
    Question("frontier", mark("Frontier of deadlines"), mark("five deadlines, a plan each: what each costs")),
)
UNASKED = mark(
    "Nothing can be asked of this run: its park is not here, or it is a chain of plans that keeps orders "
    "which its park does not state."
)
#: Points of a frontier, and years that they lie apart.
POINTS = 5


def told(found: tuple[int, float] | None, language: Language) -> str:
    """About how long a question takes, in words; '' where that is not known."""
    if found is None:
        return ""
    count, seconds = found
    if count < 2:
        return language.translate(mark("one plan, {time}") if count else mark("about {time}"), time=time_of(seconds, language))
    return language.translate("about {count} plans, {time}", count=count, time=time_of(seconds, language))


def questions(request: Request) -> Response:
    """What can be asked of a run, as a part of its page: looking at its park takes a moment."""
    bench, folder, language = bench_of(request), run_of(request), language_of(request)
    name = park_of(bench.places, folder)
    case = bench.checks.of(bench.places.park(name)).case if name else None
    refused = refusal(folder, language)
    kept = [] if refused and refusal(folder, language, needs_futures=False) else _of_kept(case)
    has_least = (folder / LEAST_COST).is_dir()  # from which the curve begins; a first rough plan has none
    own = [q for q in QUESTIONS if q.kind != "abatement" or has_least]
    asked = kept if refused else [*own, *kept, APPLICATION, RERUN]
    if facts_of(folder / SUMMARY).get("status") not in PLANNED:  # nothing but the same once more
        asked, refused = ([] if refused else [RERUN]), refused or language.translate("There is no plan to ask about.")
    found = [(q, told(plan_seconds_of(q.kind, case, folder), language)) for q in asked]
    where = address("run", folder.name, "ask")
    return page(request, "questions.html", where=where, questions=found, applications=APPLICATIONS, refused=refused)


def refusal(run: Path, language: Language, needs_futures: bool = True) -> str:
    """Why no question can be put to a run, as the command would say at its end; empty where one can.

    needs_futures  False for a question that tries the run's orders in other futures than those that it was planned for
    """
    try:
        earlier = read_run(run / FACTS, None)
    except CaseError:
        return language.translate(UNASKED)
    order = earlier.order if needs_futures else replace(earlier.order, has_futures=False, futures=None)
    try:
        replace(earlier, order=order).check()
    except CaseError:
        return language.translate("The park was changed since {run}: plan it again, on a few days first.", run=run.name)
    return ""


def questions_of_park(request: Request) -> Response:
    """What can be asked of a park, as a part of its page."""
    bench, name, language = bench_of(request), request.path_params["park"], language_of(request)
    case = bench.checks.of(bench.places.park(name)).case
    run = next((folder for _, _, folder in made_of(bench.places, name)), None)
    asked = [] if case is None else [q for q in OF_PARKS if q.kind == "baseline" or case.goal is not None]
    takes = {q: None if case is None or run is None else park_seconds_of(q.kind, case, run, POINTS) for q in asked}
    found = [(q, told(own, language)) for q, own in takes.items()]
    where = address("park", name, "ask")
    refused = language.translate("Nothing can be asked of a park with faults.") if case is None else ""
    return page(request, "questions.html", where=where, questions=found, applications=APPLICATIONS, refused=refused)


def _of_kept(case: Case | None) -> list[Question]:
    """Questions to orders that are kept which the park has tables for."""
    if case is None:
        return []
    holds_by_operation = any(reserve.operated for reserve in case.reserves)
    can_move = bool(case.chargers) or any(row.shift_share or row.shed_share for row in case.demand)
    return [q for q, is_so in ((OUTAGES, holds_by_operation), (STRESS, bool(case.futures)), (MOVING, can_move)) if is_so]


def ask_run(request: Request, form: FormData) -> Response:
    """A question to a run into the queue."""
    bench, folder, kind = bench_of(request), run_of(request), text_of(form, "kind")
    name, code = folder.name, language_of(request).code
    if kind == "rerun":
        return moved(address("job", bench.jobs.add("rerun", name, bench.free(f"{name}-again"), {}, code).id))
    if kind not in {q.kind for q in (*QUESTIONS, OUTAGES, STRESS, MOVING, APPLICATION)}:
        raise CaseError([Message("{name}: is no question that can be asked", name=repr(kind))])
    form_of = text_of(form, "form", "cn-910")
    if form_of not in APPLICATIONS:
        raise CaseError([Message("{name}: is no question that can be asked", name=repr(form_of))])
    options = {"form": form_of, "anyway": ""} if kind == "application" else {}
    return moved(address("job", bench.jobs.add(kind, name, "", options, code).id))


def ask_park(request: Request, form: FormData) -> Response:
    """A question to a park into the queue."""
    bench, name, kind, code = bench_of(request), request.path_params["park"], text_of(form, "kind"), language_of(request).code
    folder = bench.places.park(name)
    if kind in ("rank", "baseline"):
        return moved(address("job", bench.jobs.add(kind, name, "", {}, code).id))
    if kind != "frontier":
        raise CaseError([Message("{name}: is no question that can be asked", name=repr(kind))])
    case = bench.checks.of(folder).case
    if case is None or case.goal is None:
        raise CaseError([Message("The park has no goal yet.")])
    last = min(case.park.last_year, case.goal.by + 2 * (POINTS - 1))
    years = f"{case.goal.by}..{last}" if last > case.goal.by else f"{case.park.first_year}..{last}"
    out = new_name(bench, bench.free(f"{name}-frontier"))
    options = {"target": case.goal.target, "by": years, "points": str(POINTS)}
    return moved(address("job", bench.jobs.add("frontier", name, out, options, code).id))


def compare(request: Request, form: FormData) -> Response:
    """A comparison of runs into the queue."""
    bench = bench_of(request)
    runs = [str(run) for run in form.getlist("run")]
    if len(runs) < 2:
        raise CaseError([Message("choose two runs or more")])
    for run in runs:
        bench.places.run(run)
    out = new_name(bench, bench.free("comparison"))
    return moved(address("job", bench.jobs.add("compare", BETWEEN.join(runs), out, {}, language_of(request).code).id))


ROUTES = [
    Route("/run/{run}/questions", questions),
    Route("/park/{park}/questions", questions_of_park),
    Route("/run/{run}/ask", changing(ask_run), methods=["POST"]),
    Route("/park/{park}/ask", changing(ask_park), methods=["POST"]),
    Route("/compare", changing(compare), methods=["POST"]),
]
