"""What can be asked of parks and runs with one click each: a command of ours in the queue, with the time that it may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isclose
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
from planner.questions.figures import assumed_figures
from planner.questions.not_chosen import offered_costs, prices_of
from planner.questions.rules import DEAREST, OF_LARGE, reserve_limits
from planner.questions.sensitivity import MOST
from planner.questions.space import groups_by_kind
from planner.tables.output import PLANNED
from planner.tables.place import FACTS, SUMMARY, facts_of
from planner.workbench.answer import FORMS, run_of
from planner.workbench.bench import Bench, address, bench_of, changing, language_of, moved, page, text_of, with_point
from planner.workbench.job import time_of
from planner.workbench.jobs import BETWEEN, check_options
from planner.workbench.park import made_of, park_of, rows_in
from planner.workbench.places import is_name

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
# which is found again first (`planner/questions/beside.py`): each is a share of a plan, as measured on the example lakeside.

#: Seconds until a command and its processes are there, and those that a plan takes to read the park and to be written.
START, EACH = 5.0, 1.0
#: How many plans are made: for a break-even; for an order that is watched; for a project alone; for alternatives of each group;
#: for a curve. Seconds to write a plan that comes from the matrix of the one before it.
BREAK_EVEN, WATCHED, ALONE, UNLIKE, STEPS, KEPT = 2, 4, 4, 4, 9, 0.4
#: Share of a plan that a step beside it takes, of a large park.
NEARLY, LIMIT, EXTREME = 0.1, 0.6, 0.25
#: Steps of one plan of a run; that which operates it in every hour; a plan on two typical days as a share of a plan.
ONE_PLAN = ("resolving inputs", "building", "compiling", "solving target", "reading results", "checking")
SOLVING, IN_HOURS, RANKED = "solving target", "operating target in every hour", 0.25
#: Seconds of a plan for each technology and year, and the whole run by its plan: of lakeside's 25 in 20 years 150 s and 270 s.
BY_SIZE, WHOLE = 0.3, 1.8
#: Tables of what a plan orders, and the column of its name.
ORDERED = {"investments.csv": "technology", "measures.csv": "measure", "restoration.csv": "project"}


@dataclass(frozen=True)
class Took:
    """What a run took, its plan, of which to solve it, and its operation in every hour (s); whether one matrix holds its park."""

    whole: float
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
        steps = sum(known.values()), plan, known.get(SOLVING, plan), known.get(IN_HOURS, plan)
        return cls(*steps, "compiling" in known) if plan else None


def built(run: Path) -> set[str]:
    """Names of what the plan of a run orders, starts or plants."""
    return {row[column] for file, column in ORDERED.items() for row in rows_in(run / file)}


def used_up(case: Case, run: Path) -> int:
    """Limits that the plan of a run reaches, so that they may have a price: equipment of which no more may stand, and rules."""
    most = {row.technology: row.max_capacity for row in case.technologies}
    rows: list[tuple[str, str, Any]]
    rows = [(row["technology"], row["capacity"], most.get(row["technology"])) for row in rows_in(run / "capacity.csv")]
    for file, of in (("stages.csv", "stage"), ("rules.csv", "rule")):
        rows += [(f"{row[of]} {row['metric']}", row["value"], row["limit"]) for row in rows_in(run / file)]
    return len({name for name, value, limit in rows if float(limit or 0) and isclose(float(value), float(limit), rel_tol=1e-5)})


def plans_of(kind: str, case: Case, run: Path, took: Took) -> float:
    """Estimate how many plans are made to answer a question to a run, which took so long; 0 where that is not known.

    A question makes a plan for each of its steps after a first one; of a large park most steps are a share of a plan.
    """
    ordered = built(run)
    others = sum(name not in ordered for _, name in [*offered_costs(case), *prices_of(case)])
    limits = min(DEAREST if took.is_whole else OF_LARGE, used_up(case, run)) + len(reserve_limits(case))
    figures = 1 + min(MOST, len(rows_in(run / "swings.csv")) or MOST)
    # kind: first plans, steps, plans of a step of a small park and of a large one
    steps: dict[str, tuple[float, int, float, float]] = {
        "why-not": (1, others, BREAK_EVEN, NEARLY),
        "limits": (1, limits, 1, LIMIT),
        "worth": (1, len(ordered), 1, 1),
        "watch": (1, len(ordered), WATCHED, 1),
        "alternatives": (1, 2 * len(groups_by_kind(case)) + UNLIKE, (took.solve + KEPT) / took.plan, EXTREME),
        "abatement": (STEPS, others, ALONE, 0),
        "sensitivity": (RANKED, 2 * figures, RANKED, RANKED),
        "rerun": (1, 0, 0, 0),
    }
    first, count, small, large = steps.get(kind, (0, 0, 0, 0))
    return first + count * (small if took.is_whole else large)


def seconds_of(kind: str, plans: float, each: float) -> float:
    """About how long so many plans take. Two that share a core's memory take as long as one after the other."""
    lanes = 1 if kind in ("alternatives", "rerun") else max(1, cores() // 2)
    return START + plans * (each + EACH) / max(1.0, min(plans, lanes))


def time_of_question(kind: str, case: Case | None, run: Path | None) -> tuple[int, float] | None:
    """(plans, seconds) of a question to a run, or to the park that it is of; None where that is not known."""
    took = Took.of(run) if run is not None else None
    if took is None or case is None or run is None:
        return None
    operated = {"stress": len(case.futures), "outages": len(case.technologies), "moving": len(case.demand)}
    if kind in operated:
        return 0, START + max(1, operated[kind]) * (took.hours + EACH)
    of_park = {"rank": 1 + 2 * len(assumed_figures(case)) if kind == "rank" else 0, "frontier": POINTS}
    plans = of_park[kind] if kind in of_park else plans_of(kind, case, run, took)
    each = took.plan * (RANKED if kind == "rank" else 1.0)
    return (max(1, round(plans)), seconds_of(kind, plans, each)) if plans else None


def times_of_run(bench: Bench, name: str, case: Case) -> dict[str, float]:
    """About how long a run of each kind takes (s): by the newest run of the park, else by the size of the park."""
    runs = (Took.of(folder) for kind, _, folder in made_of(bench.places, name) if kind == "run")
    took = next((own for own in runs if own), None)
    years = case.park.last_year - case.park.first_year + 1
    plan = took.plan if took else BY_SIZE * years * len(case.technologies)
    whole = took.whole if took and took.whole > plan else plan * WHOLE
    return {"plan": START + whole, "few": START + plan * RANKED, "quick": START + plan}


# --- ask -------------------------------------------------------------------------------------------------------------------

#: Options of a run that are typed.
ASKED = ("days", "time-limit", "objective", "foresight", "step")
#: Questions to a run; those to orders that are kept, which make no plan of their own. What they are called stands in words.html.
QUESTIONS = ("why-not", "limits", "worth", "alternatives", "sensitivity", "abatement", "watch")
OF_KEPT = ("outages", "stress", "moving")
#: Questions to a park.
OF_PARKS = ("baseline", "rank", "frontier")
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


def ask_plan(request: Request) -> Response:
    """The page on which a run is begun."""
    bench, name = bench_of(request), request.path_params["park"]
    folder = bench.places.park(name)
    found = bench.checks.of(folder)
    before = next((run for kind, run, _ in made_of(bench.places, name) if kind == "run"), "")
    takes = times_of_run(bench, name, found.case) if found.case else {}
    return page(
        request,
        "plan.html",
        park=name,
        goal=found.case.goal if found.case else None,
        faults=len(found.faults),
        name=bench.free(f"{name}-plan"),
        working=bench.jobs.not_ended(),
        before=before,
        takes={kind: time_of(seconds, language_of(request)) for kind, seconds in takes.items()},
        has_futures=(folder / "futures.csv").is_file(),
    )


def begin_plan(request: Request, form: FormData) -> Response:
    """A run into the queue."""
    bench, name = bench_of(request), request.path_params["park"]
    folder = bench.places.park(name)
    out = new_name(bench, text_of(form, "name") or bench.free(f"{name}-plan"))
    kind = text_of(form, "kind", "plan")
    options = {option: value for option in ASKED if (value := with_point(text_of(form, option)))}
    is_of_one = kind == "quick" or "foresight" in options
    if text_of(form, "no-futures") == "1" or (is_of_one and (folder / "futures.csv").is_file()):
        options["no-futures"] = ""
    if kind == "quick":
        options["quick"] = ""
    if kind != "few":
        return _queued(request, "quick" if kind == "quick" else "plan", name, out, options)
    check_options(options)
    options.pop("days", "")
    few = new_name(bench, bench.free(f"{out}-few"))
    first = _queued(request, "few", name, few, {**options, "days": "2", "no-verify": ""})
    _queued(request, "plan", name, out, options)
    return first


def new_name(bench: Bench, name: str) -> str:
    """The name of what a job makes. Raises CaseError where it is none, or something has it."""
    if not is_name(name):
        raise CaseError([Message("{name}: is no name that a file or folder may have here", name=repr(name))])
    if bench.places.within(name).exists() or name in bench.jobs.to_come():
        raise CaseError([Message("{folder}: is there already; name a new folder", folder=name)])
    return name


def questions(request: Request) -> Response:
    """What can be asked of a run, as a part of its page: looking at its park takes a moment."""
    bench, folder, language = bench_of(request), run_of(request), language_of(request)
    name = park_of(bench.places, folder)
    case = bench.checks.of(bench.places.park(name)).case if name else None
    refused = refusal(folder, language)
    kept = [] if refused and refusal(folder, language, needs_futures=False) else _of_kept(case)
    has_least = (folder / LEAST_COST).is_dir()  # from which the curve begins; a first rough plan has none
    asked = kept if refused else [*(q for q in QUESTIONS if q != "abatement" or has_least), *kept, "application", "rerun"]
    if facts_of(folder / SUMMARY).get("status") not in PLANNED:  # nothing but the same once more
        asked, refused = ([] if refused else ["rerun"]), refused or language.translate("There is no plan to ask about.")
    return _shown(request, ("run", folder.name), asked, case, folder, refused)


def questions_of_park(request: Request) -> Response:
    """What can be asked of a park, as a part of its page."""
    bench, name = bench_of(request), request.path_params["park"]
    case = bench.checks.of(bench.places.park(name)).case
    run = next((folder for _, _, folder in made_of(bench.places, name)), None)
    asked = [] if case is None else [q for q in OF_PARKS if q == "baseline" or case.goal is not None]
    refused = language_of(request).translate("Nothing can be asked of a park with faults.") if case is None else ""
    return _shown(request, ("park", name), asked, case, run, refused)


def _shown(request: Request, of: tuple[str, str], asked: list[str], case: Case | None, run: Path | None, refused: str) -> Response:
    takes = {kind: told(time_of_question(kind, case, run), language_of(request)) for kind in asked}
    return page(request, "questions.html", where=address(*of, "ask"), questions=takes, refused=refused)


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


def _of_kept(case: Case | None) -> list[str]:
    """Questions to orders that are kept which the park has tables for."""
    if case is None:
        return []
    holds_by_operation = any(reserve.operated for reserve in case.reserves)
    can_move = bool(case.chargers) or any(row.shift_share or row.shed_share for row in case.demand)
    return [q for q, is_so in zip(OF_KEPT, (holds_by_operation, bool(case.futures), can_move), strict=True) if is_so]


def ask_run(request: Request, form: FormData) -> Response:
    """A question to a run into the queue."""
    bench, name, kind = bench_of(request), run_of(request).name, text_of(form, "kind")
    application = text_of(form, "form", "cn-910")
    if kind not in (*QUESTIONS, *OF_KEPT, "application", "rerun") or application not in FORMS:
        raise _no_question(kind)
    out = bench.free(f"{name}-again") if kind == "rerun" else ""
    return _queued(request, kind, name, out, {"form": application, "anyway": ""} if kind == "application" else {})


def ask_park(request: Request, form: FormData) -> Response:
    """A question to a park into the queue."""
    bench, name, kind = bench_of(request), request.path_params["park"], text_of(form, "kind")
    folder = bench.places.park(name)
    if kind not in OF_PARKS:
        raise _no_question(kind)
    if kind != "frontier":
        return _queued(request, kind, name)
    case = bench.checks.of(folder).case
    if case is None or case.goal is None:
        raise CaseError([Message("The park has no goal yet.")])
    last = min(case.park.last_year, case.goal.by + 2 * (POINTS - 1))
    years = f"{case.goal.by}..{last}" if last > case.goal.by else f"{case.park.first_year}..{last}"
    options = {"target": case.goal.target, "by": years, "points": str(POINTS)}
    return _queued(request, kind, name, new_name(bench, bench.free(f"{name}-frontier")), options)


def _no_question(kind: str) -> CaseError:
    return CaseError([Message("{name}: is no question that can be asked", name=repr(kind))])


def _queued(request: Request, kind: str, of: str, out: str = "", options: Mapping[str, str] | None = None) -> Response:
    job = bench_of(request).jobs.add(kind, of, out, options, language_of(request).code)
    return moved(address("job", job.id))


def compare(request: Request, form: FormData) -> Response:
    """A comparison of runs into the queue."""
    bench = bench_of(request)
    runs = [str(run) for run in form.getlist("run")]
    if len(runs) < 2:
        raise CaseError([Message("choose two runs or more")])
    for run in runs:
        bench.places.run(run)
    out = new_name(bench, bench.free("comparison"))
    return _queued(request, "compare", BETWEEN.join(runs), out)


ROUTES = [
    Route("/park/{park}/run", ask_plan),
    Route("/park/{park}/run", changing(begin_plan), methods=["POST"]),
    Route("/run/{run}/questions", questions),
    Route("/park/{park}/questions", questions_of_park),
    Route("/run/{run}/ask", changing(ask_run), methods=["POST"]),
    Route("/park/{park}/ask", changing(ask_park), methods=["POST"]),
    Route("/compare", changing(compare), methods=["POST"]),
]
