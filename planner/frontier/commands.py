"""The command of a frontier: parse, choose, print; no logic. What computes is imported when it runs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.language.words import COLUMNS
from planner.parks.new import named, park_folder
from planner.process.streams import FAILED, STOPPED, UNREACHABLE
from planner.process.terminal import days_faults, gap_faults, jobs_faults, stdout, tell
from planner.profiles.options import Spoken

if TYPE_CHECKING:
    from planner.frontier.point import Point
    from planner.frontier.points import Frontier


def frontier(
    target: Annotated[str, typer.Option(help="Stage to reach: low-carbon, near-zero-carbon, zero-carbon.")] = "",
    by: Annotated[str, typer.Option(help="Years of the deadline, FROM..TO; one year beside --cap or --budget.")] = "",
    of_run: Annotated[
        Path | None,
        typer.Option("--abatement", help="Output folder of a run: its abatement curve, a cap tightened in steps."),
    ] = None,
    naive: Annotated[
        bool | None,
        typer.Option("--naive/--no-naive", help="--abatement: each project alone, too; left out: of small parks only."),
    ] = None,
    cap: Annotated[str, typer.Option(help="Net emissions allowed from that year on, t a year, FROM..TO; the only rule.")] = "",
    budget: Annotated[str, typer.Option(help="Capital that may be spent in each year, FROM..TO.")] = "",
    points: Annotated[int | None, typer.Option(help="Points, both ends among them; left out: 12, of an abatement curve 8.")] = None,
    park: Annotated[Path | None, typer.Option(help="Park folder; left out: the built-in example.")] = None,
    costs: Annotated[list[Path] | None, typer.Option(help="Cost table laid over the park's; the last one wins.")] = None,
    days: Annotated[int | None, typer.Option(help="Number of typical days; left out: as the park says.")] = None,
    verify: Annotated[bool, typer.Option("--verify/--no-verify", help="Operate each plan in every hour.")] = False,
    gap: Annotated[float | None, typer.Option(help="Relative gap of each point; left out: 0.001, or that of the run.")] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds of each point; its best plan so far is given then.")] = None,
    jobs: Annotated[int, typer.Option(help="Points planned at once; 0: as many as there are cores.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder of the points; left out: frontier-PARK here.")] = None,
    language: Spoken = None,
) -> None:
    """A park planned to many deadlines, caps or budgets: what each costs, the knee, the earliest year that can be met.

    Each point is saved as a run, in a folder of --out; what is there already is not planned again. Points are compared by cost, so
    none is searched for the fewest orders; plan --by YEAR does that for the one that is chosen.

    Example: plan frontier --target zero-carbon --by 2028..2040
    """
    if of_run is not None:
        from planner.frontier.ask import abatement

        abatement(of_run, 8 if points is None else points, naive, gap, jobs, language)
        return
    if not target or not by:
        raise CaseError.because("--target, --by: are missing; e.g. --target zero-carbon --by 2028..2040")
    points, gap = 12 if points is None else points, 1e-3 if gap is None else gap
    from planner.frontier.curve import curve
    from planner.frontier.files import check_place, write_frontier
    from planner.frontier.saved import DAMAGED
    from planner.frontier.show import console_table, sentences
    from planner.frontier.work import work
    from planner.language.language import choose_language
    from planner.language.words import STATUSES, word
    from planner.machine.resources import cores
    from planner.park import GoalRequest, read_case

    spoken = choose_language(language)
    faults = [*days_faults(days), *gap_faults(gap), *jobs_faults(jobs), *_limit_faults(time_limit)]
    folder = named(park) if park is not None else park_folder()
    given = _frontier(by, cap, budget, points, faults, lambda: _park_faults(folder, tuple(costs or ()), target, by))
    place = out if out is not None else Path(f"frontier-{folder.resolve().name or 'park'}")
    how = days, gap, verify, time_limit
    own = _points(given, folder, tuple(costs or ()), target, by, how, place, spoken.code)
    case = read_case(folder, tuple(costs or ()), GoalRequest(target, own[0].order.goal.by, ()))
    check_place(place)
    if case.futures:
        words = Message("the futures of the park are not planned here; each point is of the park's own tables")
        tell(Message("warning: {warning}", warning=words))
    place.mkdir(exist_ok=True)

    def say(point: Point, status: str, known: bool) -> None:
        told = Message("is there already") if known else Message(DAMAGED) if status == DAMAGED else word(STATUSES, status)
        tell(Message("{place}: {words}", place=point.out.name, words=told))

    try:
        there = work(own, case.digest, jobs or cores(), say)
    except KeyboardInterrupt:
        tell(Message("stopped; the points in {place} stay, and the same command goes on with the others", place=place))
        raise typer.Exit(STOPPED) from None
    found = curve(given, own, there)
    write_frontier(found, place, case.park.name, case.park.currency, spoken)
    stdout.print(console_table(found, case.park.currency, spoken), width=min(stdout.width, COLUMNS))
    for line in sentences(found, case.park.currency, spoken):
        tell(line, stdout)
    if found.tightest is None:
        raise typer.Exit(UNREACHABLE if found.unmet is not None else FAILED)


def _limit_faults(time_limit: float | None) -> list[str]:
    if time_limit is None or 0 < time_limit < math.inf:
        return []
    return [Message("--time-limit {seconds}: is no number of seconds above 0", seconds=f"{time_limit:g}")]


def _park_faults(folder: Path, costs: tuple[Path, ...], target: str, by: str) -> list[str]:
    """What is wrong with the park, and with the stage if `by` has a year in it; all faults of a command are told at once."""
    from planner.park import GoalRequest, read_case

    years = re.findall(r"\b\d{4}\b", by)
    try:
        read_case(folder, costs, GoalRequest(target, int(years[0])) if years else None)
    except CaseError as error:
        return [*error.complaints]
    return []


def _frontier(by: str, cap: str, budget: str, points: int, faults: list[str], beside: Callable[[], list[str]]) -> Frontier:
    """What is varied. Raises CaseError for all that is wrong with it, the faults of other options and, `beside`, of the park."""
    from planner.frontier.points import BUDGET, BY, CAP, frontier

    asked = [(what, text) for what, text in ((CAP, cap), (BUDGET, budget)) if text]
    given = None
    if len(asked) > 1:
        faults = [*faults, Message("--cap, --budget: one is varied at a time; give one")]
    if asked and not (by.strip().isdigit() and len(by.strip()) == 4):
        words = Message("--by {by}: is no year; beside --{option} the deadline is one year", by=by, option=asked[0][0])
        faults = [*faults, words]
    try:
        given = frontier(*(asked[0] if asked else (BY, by)), points)
    except ValueError as error:
        faults = [*faults, *error.args]
    if faults or given is None:
        raise CaseError([*faults, *beside()])
    return given


def _points(
    given: Frontier,
    folder: Path,
    costs: tuple[Path, ...],
    target: str,
    by: str,
    how: tuple[int | None, float, bool, float | None],
    place: Path,
    language: str,
) -> list[Point]:
    from planner.frontier.point import Point
    from planner.planning.run import Options

    days, gap, verify, time_limit = how
    options = Options(days=days, gap=gap, time_limit=time_limit, compare=False, verify=verify, fewest_orders=False)
    year = int(by) if by.strip().isdigit() else 0
    return [
        Point(folder, costs, target, year, options, place / given.name(value), given.what, value, language=language)
        for value in given.values
    ]
