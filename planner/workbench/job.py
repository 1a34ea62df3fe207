"""Pages of jobs: a run begun, how far it is, stopped; and the queue."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from planner.language.language import Language, mark
from planner.language.message import Message, from_json
from planner.language.words import PLANS
from planner.tables.place import has_answer, is_output
from planner.workbench.bench import Bench, address, bench_of, changing, language_of, moved, page
from planner.workbench.jobs import ENDED, LOST, PLANNED, WAITING, WORKING, Job
from planner.workbench.park import made_of

#: Questions to a run whose answer stays with it in a table of another name.
TABLES_OF = {"limits": "limit_costs", "outages": "stress_outages"}
#: Seconds between looks at a job that works, and lines shown of what it says.
EVERY, LINES = 0.5, 12


def job(request: Request) -> Response:
    """The page of a job."""
    bench = bench_of(request)
    found = bench.jobs.get(request.path_params["job"])
    state, code, is_stopping = bench.jobs.state(found), bench.jobs.code(found), bench.jobs.is_stopping(found)
    return page(
        request,
        "job.html",
        job=found,
        state=state,
        now=facts_of(bench, found, language_of(request)),
        code=code,
        answers=_answers(bench, found) if state == ENDED else [],
        park=found.of if (bench.places.root / found.of / "park.toml").is_file() else "",
        run=found.of if found.of in bench.places.runs() else "",
        is_stopping=is_stopping,
        keeps_best=found.kind in PLANNED,
        said=bench.jobs.said(found, "stdout") if state == ENDED else "",
        faults=lines_of(bench, found)[-40:] if state in (ENDED, LOST) and code != 130 else [],
        ahead=sum(other.id < found.id for other in bench.jobs.not_ended()) if state == WAITING else 0,
        before=_before(bench, found) if state == ENDED else "",
    )


def _before(bench: Bench, job: Job) -> str:
    """The run of the same park that was planned before what a job has made, to compare with; '' where there is none."""
    if job.kind not in ("plan", "few", "quick"):
        return ""
    made = [name for kind, name, folder in made_of(bench.places, job.of) if kind == "run" and has_answer(folder)]
    return next((name for name in made if name not in (job.out, f"{job.out}-few")), "") if job.out in made else ""


def _answers(bench: Bench, job: Job) -> list[tuple[str, str]]:
    """Where what a job has made is looked at: (words, address) of each place, the first one first. What an earlier job has left
    is no answer of one that has failed."""
    places, say = bench.places, mark("Look at the answer")
    if job.out in places.runs() and is_output(places.root / job.out):
        words = say if has_answer(places.root / job.out) else mark("What was tried, and why it failed")
        return [(words, address("run", job.out))]
    for kind, known in (("set", places.sets()), ("comparison", places.comparisons())):
        if job.out in known:
            return [(say, address(kind, job.out))]
    if job.kind == "baseline" and (places.root / job.of / "park.toml").is_file():
        return [(mark("How far today's park is from its goal"), address("park", job.of, "settings", "goal"))]
    if job.of not in places.runs():
        return []
    table = TABLES_OF.get(job.kind, job.kind.replace("-", "_"))
    is_there = bench.jobs.has_written(job, places.root / job.of / f"{table}.csv")
    tables = [(say, address("run", job.of, "table", table))] if is_there else []
    return [*tables, (mark("To the run: report, files, other questions"), address("run", job.of))]


def lines_of(bench: Bench, job: Job) -> list[str]:
    """What its command has said on the way, and what was wrong."""
    return [line for line in bench.jobs.said(job, "stderr").splitlines() if line.strip()]


def facts_of(bench: Bench, job: Job, language: Language) -> dict[str, Any]:
    """How far a job is, in words and numbers."""
    facts = bench.jobs.progress(job)
    gap, left, state = facts.get("gap"), facts.get("left"), bench.jobs.state(job)
    beginning = language.translate("beginning …") if state == WORKING else ""
    return {
        "state": state,
        "done": round(float(facts.get("done", 0.0)), 3),
        "lines": "\n".join(lines_of(bench, job)[-LINES:]),
        "step": told(facts.get("step", ""), language) or beginning,
        "detail": told(facts.get("detail", ""), language),
        "gap": "" if gap is None else language.percent(max(gap, 0.0), 2),
        "left": "" if left is None else time_of(left, language),
        "is_stopping": bench.jobs.is_stopping(job),
    }


def told(text: Any, language: Language) -> str:
    """A sign of a run in a language."""
    try:
        own = from_json(text)
    except (KeyError, TypeError, AttributeError):
        return ""
    return language.tell(own) if isinstance(own, Message) else language.translate(PLANS.get(own, own))


def time_of(seconds: float, language: Language) -> str:
    """About so long, in two digits."""
    say = language.translate
    if seconds < 90:
        return say("{count} s", count=max(10 * round(seconds / 10), 10))
    return say("{count} min", count=round(seconds / 60)) if seconds < 5400 else say("{count} h", count=f"{seconds / 3600:.1f}")


def events(request: Request) -> Response:
    """Signs of a job as they come, until it ends."""
    bench, language = bench_of(request), language_of(request)
    found = bench.jobs.get(request.path_params["job"])

    async def signs() -> AsyncIterator[str]:
        """The progress as server-sent events, until the job ends."""
        last = ""
        while True:
            facts = facts_of(bench, found, language)
            if (now := json.dumps(facts, ensure_ascii=False)) != last:
                last = now
                yield f"data: {now}\n\n"
            if facts["state"] in (ENDED, LOST):
                return
            await asyncio.sleep(EVERY)

    return StreamingResponse(signs(), media_type="text/event-stream")


def stop(request: Request, form: FormData) -> Response:
    """The best plan so far."""
    bench = bench_of(request)
    found = bench.jobs.get(request.path_params["job"])
    bench.jobs.stop(found)
    return moved(address("job", found.id))


def forget(request: Request, form: FormData) -> Response:
    """Take a job off the list; what it made stays."""
    bench = bench_of(request)
    bench.jobs.forget(bench.jobs.get(request.path_params["job"]))
    return moved("/jobs")


def jobs(request: Request) -> Response:
    """The queue, and what has ended."""
    bench = bench_of(request)
    return page(request, "jobs.html", jobs=[*reversed(bench.jobs.all())])


ROUTES = [
    Route("/jobs", jobs),
    Route("/job/{job}", job),
    Route("/job/{job}/events", events),
    Route("/job/{job}/stop", changing(stop), methods=["POST"]),
    Route("/job/{job}/forget", changing(forget), methods=["POST"]),
]
