"""What can be asked of parks and runs with one click each: a command of ours in the queue, with the time that it may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.errors import CaseError
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.output.safe import read_rows
from planner.output.telling import FACTS
from planner.serve.answer import APPLICATIONS, run_of, took
from planner.serve.bench import address, bench_of, changing, language_of, moved, page, text_of
from planner.serve.job import new_name, time_of
from planner.serve.park import park_of


@dataclass(frozen=True)
class Question:
    """A question to a run: the words of its button, what it answers, and how many plans it makes ('' files: that many at least)."""

    kind: str
    words: str
    says: str
    plans: int = 0
    tables: Sequence[str] = ()


QUESTIONS = (
    Question("why-not", mark("Why not?"), mark("at which cost what was not chosen would come in"), 4, ("capacity.csv",)),
    Question("limits", mark("What limits cost"), mark("prices of every rule and limit, and the plan without the dearest ten"), 10),
    Question(
        "worth",
        mark("What projects are worth"),
        mark("what the plan would cost more without each project"),
        1,
        ("investments.csv",),
    ),
    Question("alternatives", mark("What may differ"), mark("least and most of each kind within 2 % of the least cost"), 16),
    Question("abatement", mark("Abatement curve"), mark("a cap that is tightened in eight steps, all decided anew each time"), 9),
)
#: Questions to orders that are kept: in other futures, where the park states some; and with units out.
WATCH = Question(
    "watch", mark("What to watch"), mark("at which cost and prices each order would no longer be right"), 4, ("investments.csv",)
)
OUTAGES = Question("outages", mark("Units out"), mark("all months of all years operated with each unit out, one after the other"))
STRESS = Question("stress", mark("In other futures"), mark("what its orders cost and miss in each future of the park"))
#: Questions that make no plan, and the one that makes the same once more.
APPLICATION = Question(
    "application", mark("Word application"), mark("what an authority asks for, as a Word file")
)
RERUN = Question("rerun", mark("Plan it once more"), mark("the same run from its run.json, compared to the last digit"), 1)
#: Points of a frontier, and years that they lie apart.
POINTS = 5


def estimate(folder: Path, question: Question, language: Language) -> str:
    """About how long a question takes, from what a plan of the run took; '' where that is not known."""
    one = took(folder)
    plans = question.plans
    for name in question.tables:
        if (folder / name).is_file():
            header, rows = read_rows(folder / name)
            at = next((i for i, column in enumerate(header) if column in ("technology", "name")), 0)
            plans *= max(1, len({row[at] for row in rows if row}))
    if not one or not plans:
        return ""
    return language.translate("about {count} plans, {time}", count=plans, time=time_of(one * plans, language))


def questions(request: Request) -> Response:
    """What can be asked of a run, as a part of its page: looking at its tables takes a moment."""
    folder, language = run_of(request), language_of(request)
    name = park_of(bench_of(request).places, folder)
    kept = _of_kept(bench_of(request).places.root / name) if name else []
    asked = (*QUESTIONS, WATCH, *kept, APPLICATION, RERUN)
    found = [(q, estimate(folder, q, language)) for q in asked]
    return page(request, "questions.html", run=folder.name, questions=found, applications=APPLICATIONS)


def _of_kept(park: Path) -> list[Question]:
    """Questions to orders that are kept which the park has tables for: futures, reserves that hold by operation."""
    try:
        holds_by_operation = "operated" in (park / "reserves.csv").read_text(encoding="utf-8", errors="replace").partition("\n")[0]
    except OSError:
        holds_by_operation = False
    return [OUTAGES] * holds_by_operation + [STRESS] * (park / "futures.csv").is_file()


def ask_run(request: Request, form: FormData) -> Response:
    """A question to a run into the queue."""
    bench, folder, kind = bench_of(request), run_of(request), text_of(form, "kind")
    name, code = folder.name, language_of(request).code
    if kind == "rerun":
        out = bench.places.free(f"{name}-again")
        command = ["--rerun", f"{name}/{FACTS}", "--out", out, "--language", code, "--progress", "PROGRESS"]
        return moved(address("job", bench.jobs.add("rerun", name, command, out).id))
    if kind not in {q.kind for q in (*QUESTIONS, WATCH, OUTAGES, STRESS, APPLICATION)}:
        raise CaseError([Message("{name}: is no question that can be asked", name=repr(kind))])
    form_of = text_of(form, "form", "cn-910")
    if form_of not in APPLICATIONS:
        raise CaseError([Message("{name}: is no question that can be asked", name=repr(form_of))])
    special = {"application": ["application", name, "--form", form_of], "outages": ["stress", name, "--outages"]}
    return moved(address("job", bench.jobs.add(kind, name, [*special.get(kind, [kind, name]), "--language", code]).id))


def ask_park(request: Request, form: FormData) -> Response:
    """A question to a park into the queue."""
    bench, name, kind, code = bench_of(request), request.path_params["park"], text_of(form, "kind"), language_of(request).code
    folder = bench.places.park(name)
    if kind == "rank":
        return moved(address("job", bench.jobs.add("rank", name, ["check", name, "--rank", "--language", code]).id))
    if kind == "baseline":
        return moved(address("job", bench.jobs.add("baseline", name, ["baseline", "--park", name, "--language", code]).id))
    if kind != "frontier":
        raise CaseError([Message("{name}: is no question that can be asked", name=repr(kind))])
    case = bench.checks.of(folder).case
    if case is None or case.goal is None:
        raise CaseError([Message("The park has no goal yet.")])
    last = min(case.park.last_year, case.goal.by + 2 * (POINTS - 1))
    years = f"{case.goal.by}..{last}" if last > case.goal.by else f"{case.park.first_year}..{last}"
    out = new_name(bench, bench.places.free(f"{name}-frontier"))
    command = [
        "frontier",
        "--park",
        name,
        "--target",
        case.goal.target,
        "--by",
        years,
        f"--points={POINTS}",
        "--out",
        out,
        "--language",
        code,
    ]
    return moved(address("job", bench.jobs.add("frontier", name, command, out).id))


def compare(request: Request, form: FormData) -> Response:
    """A comparison of runs into the queue."""
    bench = bench_of(request)
    runs = [str(run) for run in form.getlist("run")]
    if len(runs) < 2:
        raise CaseError([Message("choose two runs or more")])
    for run in runs:
        bench.places.run(run)
    out = new_name(bench, bench.places.free("comparison"))
    words = ", ".join(runs)
    return moved(
        address(
            "job",
            bench.jobs.add("compare", words, ["compare", *runs, "--out", out, "--language", language_of(request).code], out).id,
        )
    )


ROUTES = [
    Route("/run/{run}/questions", questions),
    Route("/run/{run}/ask", changing(ask_run), methods=["POST"]),
    Route("/park/{park}/ask", changing(ask_park), methods=["POST"]),
    Route("/compare", changing(compare), methods=["POST"]),
]
