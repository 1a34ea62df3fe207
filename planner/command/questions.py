"""The commands that ask a finished run a question: parse, choose, print; no logic. What computes is imported when it runs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.command.options import option_faults
from planner.examples import named, park_folder
from planner.language.message import Message
from planner.language.words import COLUMNS, plain, told_days
from planner.process.streams import FAILED, STOPPED, UNREACHABLE
from planner.process.terminal import (
    dearest_faults,
    gap_faults,
    jobs_faults,
    points_faults,
    stdout,
    tell,
    warn_of_changed,
)
from planner.tables.place import check_place, told_from, write_file

if TYPE_CHECKING:
    import pandas as pd

    from planner.questions.frontier import Frontier
    from planner.questions.session import RunSession


Spoken = Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")]
Out = Annotated[Path, typer.Argument(help="Output folder of a run.")]
Gap = Annotated[float | None, typer.Option(help="Relative gap of each plan; left out: that of the run.")]
Jobs = Annotated[int, typer.Option(help="Plans made at once; 0: as many as there are cores.")]
Scheduler = Annotated[
    str, typer.Option(help="Dask scheduler (tcp://HOST:PORT) whose workers plan. Dask asks nobody who they are: trust that host.")
]


def explain(
    out: Out,
    projects: Annotated[bool, typer.Option("--projects", help="What each project is worth: the plan without it.")] = False,
    not_chosen: Annotated[bool, typer.Option("--not-chosen", help="At which cost what was not chosen would come in.")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="What each rule, limit and reserve costs.")] = False,
    signs: Annotated[bool, typer.Option("--signs", help="At which cost and prices each order would no longer be right.")] = False,
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="--not-chosen: types of the catalogue that are not offered, too.")
    ] = False,
    dearest: Annotated[
        int | None,
        typer.Option(
            help="--rules: limits that the park is planned without, the dearest first, beside each reserve; left out: 10, of a "
            "large park 3 and all reserves together; 0: prices alone."
        ),
    ] = None,
    costs: Annotated[Path | None, typer.Option(help="--signs: new costs.csv, laid over the park's: is it still right?")] = None,
    prices: Annotated[Path | None, typer.Option(help="--signs: new prices.csv, in place of the park's.")] = None,
    gap: Gap = None,
    jobs: Jobs = 0,
    scheduler: Scheduler = "",
    language: Spoken = None,
) -> None:
    """Why the plan is as it is: what its projects are worth, what was not chosen, what rules cost, what would turn an order.

    Writes worth.csv, why_not.csv, limit_costs.csv, or watch.csv (with new tables verdicts.csv) into OUT and shows it on the page;
    each plan is saved in OUT-questions and not made twice.

    Example: plan explain run1 --projects
    """
    asked = {"--projects": projects, "--not-chosen": not_chosen, "--rules": rules, "--signs": signs}
    if sum(asked.values()) != 1:
        raise CaseError.because("{options}: are one question each; give one", options=", ".join(asked))
    of = {
        "--catalogue": (catalogue, "--not-chosen"),
        "--dearest": (dearest is not None, "--rules"),
        "--costs": (costs is not None, "--signs"),
        "--prices": (prices is not None, "--signs"),
    }
    if faults := [Message("{option}: is of {other}", option=o, other=q) for o, (given, q) in of.items() if given and not asked[q]]:
        raise CaseError(faults)
    run = OfRun(out, gap, jobs, scheduler, language)
    if signs:
        _watch(run, costs, prices)
    elif projects:
        from planner.questions.projects import worth

        ask(run, "worth", worth)
    elif not_chosen:
        from planner.questions.not_chosen import why_not

        ask(run, "why_not", lambda session: why_not(session, catalogue), may_lack_plan=catalogue)
    else:
        from planner.questions.rules import limit_costs

        ask(run, "limit_costs", lambda session: limit_costs(session, dearest), faults=dearest_faults(dearest))


def what_if(
    out: Annotated[Path, typer.Argument(help="Output folder of a run; with --assumed a park.")],
    in_futures: Annotated[bool, typer.Option("--in-futures", help="Its orders in the futures of the park's folder.")] = False,
    futures: Annotated[
        Path | None, typer.Option(help="Its orders in the futures of this futures.csv, with future_values.csv beside it.")
    ] = None,
    regret: Annotated[
        bool, typer.Option("--regret", help="With futures: plan each too: what the orders cost more than its least.")
    ] = False,
    outages: Annotated[
        bool, typer.Option("--outages", help="All months of all years with each unit out, one after the other.")
    ] = False,
    moving: Annotated[
        bool, typer.Option("--moving", help="What moving, shedding and waiting to charge save, by stream and year.")
    ] = False,
    stores: Annotated[bool, typer.Option("--stores", help="What each store earns, by stream and year, and who gets it.")] = False,
    assumed: Annotated[
        bool, typer.Option("--assumed", help="Plan a park with each assumed figure at its low and high, and rank them.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="--assumed: all figures.")] = False,
    days: Annotated[int, typer.Option(help="Typical days of each plan: more take longer and tell more surely.")] = 2,
    gap: Gap = None,
    jobs: Jobs = 0,
    scheduler: Scheduler = "",
    language: Spoken = None,
) -> None:
    """What other prices, costs, demands and futures would do to a plan.

    Without an option: each leading price, capital cost, the discount rate and demand at its low and high, planned anew. With
    futures, outages, moving or stores: the orders of the run as they are, operated otherwise.

    Writes sensitivity.csv, stress.csv, stress_outages.csv, moving.csv or stores.csv into OUT.

    Example: plan what-if run1 --days 4
    """
    faults = [] if 1 <= days <= 366 else [Message("--days {days}: is not within 1 to 366", days=days)]
    operated = {"stress_outages": outages, "moving": moving, "stores": stores}
    if assumed:
        _rank(out, futures, everything, days, jobs, scheduler, language, faults)
    elif in_futures or futures or regret or any(operated.values()):
        if scheduler:
            raise CaseError.because("--scheduler: is of what is planned anew; the orders of a run are operated here")
        _stress(out, futures, regret, [name for name, is_on in operated.items() if is_on], language)
    else:
        from planner.questions.sensitivity import sensitivity

        ask(OfRun(out, gap, jobs, scheduler, language), "sensitivity", sensitivity, faults=faults, days=days)


def tell_done(change: str, status: str) -> None:
    """Says how a plan ended."""
    tell(Message("{place}: {words}", place=change, words=status))


@contextmanager
def resumable(folder: Path) -> Iterator[None]:
    """Where Ctrl-C ends what makes plans into the folder: says that they stay. Raises typer.Exit then."""
    try:
        yield
    except KeyboardInterrupt:
        tell(Message("stopped; the plans in {folder} stay, and the same command goes on with the others", folder=folder))
        raise typer.Exit(STOPPED) from None


@dataclass(frozen=True)
class OfRun:
    """What is asked: the output of a run, the gap of each plan, who plans, and the language."""

    out: Path
    gap: float | None
    jobs: int
    scheduler: str
    language: str | None


def ask(
    run: OfRun,
    name: str,
    answer: Callable[[RunSession], pd.DataFrame],
    may_lack_plan: bool = False,
    faults: Sequence[str] = (),
    days: int | None = None,
) -> None:
    """Ask, write the table and the page, print the table and what it says. `days`: typical days of each plan; None: those of the
    run."""
    from planner.answer.sure import sentences
    from planner.answer.views import console_table
    from planner.language.language import choose_language
    from planner.machine.resources import cores
    from planner.questions.session import RunSession

    spoken = choose_language(run.language)
    if faults := [*faults, *jobs_faults(run.jobs), *gap_faults(run.gap)]:
        raise CaseError(faults)
    with told_from(run.out):
        session = RunSession(run.out, run.gap, run.jobs or cores(), tell_done, may_lack_plan, days, run.scheduler)
    warn_of_changed(session.output.changed)
    with resumable(session.folder):
        table = answer(session)
    write(run.out, {name: table}, run.language)
    stdout.print(console_table(name, session.output, {name: table}, spoken), width=min(stdout.width, COLUMNS))
    for line in sentences(name, table, session.output.currency, spoken):
        tell(line, stdout)


def write(out: Path, tables: Mapping[str, pd.DataFrame], language: str | None, has_page: bool = True) -> None:
    """The tables into the output, and its page once more: as it is, unless another language is asked for."""
    from planner.answer.page.page import language_of, write_page
    from planner.language.language import choose_language
    from planner.plan import TARGET
    from planner.tables.place import SUMMARY, facts_of, renew, write_file

    for name, table in tables.items():
        text = table.to_csv(index=False, float_format="%.12g", lineterminator="\n")
        write_file(out / f"{name}.csv", str(out / f"{name}.csv"), text, lambda _: True)
    with told_from(out):
        if has_page:
            write_page(out, choose_language(language or language_of(out)))
        said = facts_of(out / SUMMARY)
        renew(out, f"{said['park']}, {TARGET}", str(said["currency"]))


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
    gap: Annotated[float | None, typer.Option(help="Relative gap of each point; left out: as of a plan, or of the run.")] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds of each point; its best plan so far is given then.")] = None,
    jobs: Annotated[int, typer.Option(help="Points planned at once; 0: as many as there are cores.")] = 0,
    scheduler: Scheduler = "",
    out: Annotated[Path | None, typer.Option(help="Folder of the points; left out: frontier-PARK here.")] = None,
    language: Spoken = None,
) -> None:
    """A park planned to many deadlines, caps or budgets: what each costs, the knee, the earliest year that can be met.

    Each point is saved as a run, in a folder of --out; what is there already is not planned again.

    Example: plan frontier --target zero-carbon --by 2028..2040
    """
    if of_run is not None:
        from planner.questions.projects import abatement

        def curves(session: RunSession) -> pd.DataFrame:
            asked = not session.is_large if naive is None else naive
            if naive is None and not asked:
                tell(
                    Message(
                        "the naive curve takes some plans for each project of this large park and is left out; --naive makes it"
                    )
                )
            return abatement(session, points or 8, asked)

        faults = points_faults(8 if points is None else points)
        ask(OfRun(of_run, gap, jobs, scheduler, language), "abatement", curves, faults=faults)
        return
    if not target or not by:
        raise CaseError.because("--target, --by: are missing; e.g. --target zero-carbon --by 2028..2040")
    points, is_wide, gap = 12 if points is None else points, gap is None, 1e-3 if gap is None else gap
    from planner.language.language import choose_language
    from planner.machine.resources import cores
    from planner.park import GoalRequest, read_case
    from planner.planning.run import Options
    from planner.questions.change import BY
    from planner.questions.frontier import FRONTIER, console_table, curve, sentences, work, write_frontier
    from planner.questions.session import Plans, Point

    spoken = choose_language(language)
    faults = [*option_faults(days, False, gap, time_limit, "auto"), *jobs_faults(jobs)]
    folder = named(park) if park is not None else park_folder()
    given = _frontier(by, cap, budget, points, faults, lambda: _park_faults(folder, tuple(costs or ()), target, by))
    place = out if out is not None else Path(f"frontier-{folder.resolve().name or 'park'}")
    options = Options(days=days, gap=gap, time_limit=time_limit, compare=False, verify=verify, is_wide=is_wide)
    goal = GoalRequest(target, int(given.values[0]) if given.what == BY else int(by), ())
    own = given.points(Point(folder, tuple(costs or ()), goal, options, place, (), spoken.code))
    case = read_case(folder, tuple(costs or ()), goal)
    check_place(place, FRONTIER)
    if case.futures:
        words = Message("the futures of the park are not planned here; each point is of the park's own tables")
        tell(Message("warning: {warning}", warning=words))
    place.mkdir(exist_ok=True)

    with resumable(place):
        there = work(own, Plans(case.digest, jobs or cores(), tell_done, scheduler))
    found = curve(given, own, there)
    write_frontier(found, place, case.park.name, case.park.currency, spoken)
    stdout.print(console_table(found, case.park.currency, spoken), width=min(stdout.width, COLUMNS))
    for line in sentences(found, case.park.currency, spoken):
        tell(line, stdout)
    if found.tightest is None:
        raise typer.Exit(UNREACHABLE if found.unmet is not None else FAILED)


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
    from planner.questions.change import BUDGET, BY, CAP
    from planner.questions.frontier import frontier

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


_SHARE = re.compile(r"\s*(\d+(?:\.\d*)?(?:[eE]-?\d+)?)\s*(%?)\s*")


def alternatives(
    out: Annotated[Path, typer.Argument(help="Output folder of a run.")],
    within: Annotated[str, typer.Option(help="How much more than the least a plan may cost: 2% or 0.02.")] = "2%",
    groups: Annotated[Path | None, typer.Option(help="Table `group,name` of what is counted together; left out: by kind.")] = None,
    plans: Annotated[int, typer.Option(help="Plans that are sought to be unlike those before, beside the extremes.")] = 4,
    gap: Annotated[float | None, typer.Option(help="Relative gap of the least cost; left out: that of the run.")] = None,
    language: Spoken = None,
) -> None:
    """What may differ among all plans that cost little more than the least: least and most of each group, what is sure and out.

    Writes alternatives.csv, alternative_plans.csv and alternative_parts.csv into OUT and shows them on the page; each plan is saved
    in OUT-alternatives and not made twice.

    Example: plan alternatives run1 --within 2%
    """
    from planner.answer.views import console_table
    from planner.language.language import choose_language
    from planner.questions.alternatives import AlternativesSearch, group_table, part_table, plan_table
    from planner.questions.session import RunSession
    from planner.questions.space import groups_by_kind, read_groups

    spoken, share = choose_language(language), _share(within, plans, gap)

    with told_from(out):
        question = RunSession(out, gap, 1, tell_done)
    warn_of_changed(question.output.changed)
    own = groups_by_kind(question.case) if groups is None else read_groups(groups, question.case)
    search = AlternativesSearch(question, own, share, plans)
    with resumable(search.folder):
        found = search.found()
    tables = {
        "alternatives": group_table(found, own),
        "alternative_plans": plan_table(found, question.case.park.currency),
        "alternative_parts": part_table(found, own, search.members),
    }
    write(out, tables, language)
    stdout.print(console_table("groups", question.output, tables, spoken), width=min(stdout.width, COLUMNS))


def _share(within: str, plans: int, gap: float | None) -> float:
    """`--within` as a share of 1. Raises CaseError with all that is wrong with the options."""
    said = _SHARE.fullmatch(within)
    share = math.nan if said is None else float(said[1]) * (0.01 if said[2] else 1.0)
    faults: list[str] = (
        [] if 0 < share <= 1 else [Message("--within {within}: is no share above 0 and up to 1; write 2% or 0.02", within=within)]
    )
    faults += [] if plans >= 0 else [Message("--plans {plans}: is below 0", plans=plans)]
    faults += gap_faults(gap)
    if faults:
        raise CaseError(faults)
    return share


def check(
    folder: Annotated[Path, typer.Argument(help="Park folder or workbook.")],
    costs: Annotated[list[Path] | None, typer.Option(help="Cost table laid over the park's; the last one wins.")] = None,
    futures: Annotated[Path | None, typer.Option(help="Another futures.csv, with future_values.csv beside it.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every value that was assumed, with its source.")] = False,
    is_described: Annotated[
        bool, typer.Option("--datapackage", help="Write datapackage.json into the folder: its tables described to other tools.")
    ] = False,
    is_baseline: Annotated[
        bool,
        typer.Option("--baseline", help="Energy (tce) and emissions of the base year by source, against bills.csv."),
    ] = False,
    drawing: Annotated[Path | None, typer.Option(help="Draw the park (carriers, plants, links) into this SVG file.")] = None,
    out: Annotated[Path | None, typer.Option(help="--baseline: CSV file for its rows; left out: only printed.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="--baseline: overwrite the file.")] = False,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Read a park and say everything that is wrong and everything that was assumed; or what it uses and emits today (--baseline).

    Example: plan check mypark --baseline --out baseline.csv
    """
    from planner.answer.check import print_check
    from planner.examples import named
    from planner.language.language import choose_language
    from planner.park import read_case

    spoken, faults = choose_language(language), list[str]()
    if is_baseline:
        from planner.application.baseline import show_baseline

        show_baseline(folder, out, replace, language)
        return
    if out is not None or replace:
        faults.append(Message("{option}: is of {other}", option="--out, --replace", other="--baseline"))
    if is_described and not folder.is_dir():
        faults.append(Message("--datapackage: {folder} is no folder; it describes the tables of a folder", folder=folder))
    if faults:
        raise CaseError(faults)
    if is_described:
        from planner.tables.place import check_file
        from planner.templates.datapackage import FILE, datapackage_text, is_ours

        check_file(folder / FILE, f"--datapackage: {folder / FILE}", is_ours)
    folder = named(folder)
    case = read_case(folder, tuple(costs or ()), futures=futures)
    print_check(case, folder, stdout, everything, spoken)
    if drawing is not None:
        from planner.answer.page.diagram import drawn_alone

        write_file(drawing, f"--drawing: {drawing}", drawn_alone(case, spoken), lambda path: path.suffix == ".svg")
        tell(str(drawing), stdout)
    if is_described:
        write_file(folder / FILE, f"--datapackage: {folder / FILE}", datapackage_text(folder), is_ours)
        stdout.print(plain(f"{folder / FILE}"), soft_wrap=True)


def _rank(
    folder: Path,
    futures: Path | None,
    everything: bool,
    days: int,
    jobs: int,
    scheduler: str,
    language: str | None,
    faults: Sequence[str],
) -> None:
    """Plan a park anew with each assumed figure at its low and its high, and print them by what they change."""
    from planner.examples import named
    from planner.language.language import choose_language
    from planner.park import read_case

    spoken = choose_language(language)
    if faults := [*faults, *jobs_faults(jobs)]:
        raise CaseError(faults)
    case = read_case(named(folder), futures=futures)
    from planner.answer.views import console_table
    from planner.machine.resources import cores
    from planner.questions.assumed import RELAXED, left_out, rank, ranking_table, to_get
    from planner.tables.output import Output
    from planner.tables.place import beside

    place = beside(Path(named(folder).resolve().name), "-questions")
    with resumable(place):
        base, ranked = rank(case, days, jobs or cores(), place, tell, scheduler)
    output, table = Output(Path(), {"currency": case.park.currency}, {}, {}, {}), ranking_table(ranked, everything)
    stdout.print(plain(spoken.translate("Assumed figures by what they change ({currency})", currency=case.park.currency)))
    stdout.print(console_table("assumed", output, {"assumed": table}, spoken), width=min(stdout.width, COLUMNS))
    if words := left_out(ranked, case.park.currency, spoken, everything):
        stdout.print(plain(words), soft_wrap=True)
    lines = list(to_get(ranked, case.park.currency, spoken))
    stdout.print(plain(spoken.translate("What to get next:") if lines else spoken.translate("No assumed figure changes the plan.")))
    for number, line in enumerate(lines, start=1):
        stdout.print(plain(f"{number}. {line}"), soft_wrap=True)
    if base.is_relaxed:
        stdout.print(plain(spoken.translate(RELAXED, gap=spoken.money(base.gap, case.park.currency))), soft_wrap=True)
    stdout.print(
        plain(
            spoken.translate(
                "Each plan is on {days} and not operated in every hour: an order of magnitude.", days=told_days(spoken, days)
            )
        )
    )


def _stress(out: Path, futures: Path | None, regret: bool, asked: Sequence[str], language: str | None) -> None:
    """What the orders of a run cost in other futures, and what they miss: every leaf is operated in all hours with them kept."""
    from planner.answer.views import console_table
    from planner.language.language import choose_language
    from planner.questions.stress import OPERATED, open_stress, summed

    spoken, options = choose_language(language), [OPERATED[name].option for name in asked]
    if asked and (futures is not None or regret):
        raise CaseError.because("{option}: is of the run's own park; leave out --futures and --regret", option=options[0])
    if len(asked) > 1:
        others = ", ".join(options[1:])
        raise CaseError.because("{option}: is a question of its own; leave out {others}", option=options[0], others=others)
    with told_from(out):
        opened = open_stress(out, futures, not asked)
    warn_of_changed(opened.output.changed)
    currency = opened.case.park.currency
    if asked:
        (name,), own = asked, OPERATED[asked[0]]
        table = opened.table(name, lambda what: tell(Message(own.done, what=what)))
        write(out, {name: table}, language, has_page=own.has_page)
        for line in own.told(table, currency, spoken):
            tell(line, stdout)
        return
    with resumable(opened.folder):
        table = opened.futures(regret, tell_done)
    write(out, {"stress": table}, language)
    stdout.print(console_table("stress", opened.output, {"stress": table}, spoken), width=min(stdout.width, COLUMNS))
    tell(summed(table), stdout)


def _watch(run: OfRun, costs: Path | None, prices: Path | None) -> None:
    """What to watch: the capital cost, and the prices, at which each order of a run is no longer part of a least-cost plan."""
    from planner.questions.signs import new_case, verdicts, watch

    missing = [
        Message("{option} {file}: is not there", option=option, file=file)
        for option, file in (("--costs", costs), ("--prices", prices))
        if file is not None and not file.is_file()
    ]
    if costs is None and prices is None:
        ask(run, "watch", watch)
    else:

        def judged(session: RunSession) -> pd.DataFrame:
            return verdicts(session, new_case(session, costs, prices))

        ask(run, "verdicts", judged, faults=missing)
