"""The command line: parse, choose, print; no logic."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import CaseError, PlanError
from planner import __version__
from planner.alternatives.commands import alternatives
from planner.application.commands import application
from planner.baseline.commands import baseline
from planner.command.commands import catalogue, compare, export
from planner.command.given import pass_on, refuse_beside_rerun
from planner.command.optional import PROVEN, Commands, prove_faults
from planner.costs.commands import app as costs_app
from planner.frontier.ask import abatement, limits, why_not, worth
from planner.frontier.commands import frontier
from planner.language.plain import plain
from planner.output.telling import is_like_one, told_from
from planner.parks.new import examples, park_folder
from planner.process.ending import Interrupted, ended_at_last, ended_by_hand, within
from planner.process.later import later
from planner.process.room import OutOfMemory, is_out_of_memory
from planner.process.terminal import stderr, stdout
from planner.profiles.commands import app as profiles
from planner.rank.commands import check
from planner.solve.machine.stopping import CTRL_C, Watch
from planner.solve.machine.versions import versions
from planner.templates.commands import new

if TYPE_CHECKING:
    from models.case import Case
    from planner.keep.run import plan_kept, read_keep, told_kept, write_changes
    from planner.language.language import Language, choose_language
    from planner.output.output import read_output
    from planner.plan import Run
    from planner.planning.rerun import Order, read_run
    from planner.planning.run import Options, plan_park
    from planner.read import GoalRequest, read_case
    from planner.report.console import print_run
    from planner.report.files import check_output, write_run
    from planner.report.page import write_page
    from planner.report.progress import parts_of, show_progress
    from planner.report.proof import told_proof
    from planner.report.summary import plan_facts, summary
    from planner.report.workbook import renew_workbook
    from planner.solve.cluster.years import unusable
else:  # the same, once they are called
    GoalRequest, read_case = (later("planner.read", name) for name in ("GoalRequest", "read_case"))
    plan_kept, read_keep, told_kept, write_changes = (
        later("planner.keep.run", name) for name in ("plan_kept", "read_keep", "told_kept", "write_changes")
    )
    print_run = later("planner.report.console", "print_run")
    check_output, write_run = (later("planner.report.files", name) for name in ("check_output", "write_run"))
    Language, choose_language = (later("planner.language.language", name) for name in ("Language", "choose_language"))
    write_page = later("planner.report.page", "write_page")
    read_output = later("planner.output.output", "read_output")
    renew_workbook = later("planner.report.workbook", "renew_workbook")
    parts_of, show_progress = (later("planner.report.progress", name) for name in ("parts_of", "show_progress"))
    told_proof = later("planner.report.proof", "told_proof")
    plan_facts, summary = (later("planner.report.summary", name) for name in ("plan_facts", "summary"))
    Order, read_run = (later("planner.planning.rerun", name) for name in ("Order", "read_run"))
    Options, plan_park = (later("planner.planning.run", name) for name in ("Options", "plan_park"))
    unusable = later("planner.solve.cluster.years", "unusable")

#: Exit codes are a contract: 0 planned, 2 the case is wrong, 3 the goal cannot be met, 4 the solver failed.
UNREACHABLE, FAILED = 3, 4
#: Least time limit: the start of the program counts too.
LEAST_LIMIT = 5
#: Most: a year. Timers of the system end somewhere.
MOST_LIMIT = 31_536_000

#: Said where the output could not be written.
ONLY_HERE = "what was found stands in no file: keep what is printed here"

#: What the command line itself refuses: an option that is none, a number that is none.
USAGE: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")

app = typer.Typer(
    cls=Commands,
    help="Plan the least-cost way of a park to low-carbon, near-zero-carbon and zero-carbon.",
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=False, rich_markup_mode=None,
)  # fmt: skip


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"parkzero {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def plan(
    context: typer.Context,
    target: Annotated[str | None, typer.Option(help="Stage to reach: low-carbon, near-zero-carbon, zero-carbon.")] = None,
    by: Annotated[int | None, typer.Option(help="Year from which the stage holds.")] = None,
    milestone: Annotated[list[str] | None, typer.Option(help="STAGE=YEAR on the way; may be repeated.")] = None,
    park: Annotated[Path | None, typer.Option(help="Park folder or workbook; left out: the built-in example.")] = None,
    costs: Annotated[list[Path] | None, typer.Option(help="Cost table laid over the park's; the last one wins.")] = None,
    days: Annotated[int | None, typer.Option(help="Number of typical days; left out: as the park says.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify/--no-verify", help="Operate a plan made on typical days in every hour, and repair it.")
    ] = True,
    prove: Annotated[
        float | None,
        typer.Option(
            metavar="[GAP]", help=f"Prove how near the cost in all hours is to the least possible; a share, {PROVEN:g} if left out."
        ),
    ] = None,
    yardstick: Annotated[
        bool, typer.Option("--yardstick", help="Say what the plan costs more than one whose orders are of any size and year.")
    ] = False,
    hourly: Annotated[bool, typer.Option("--hourly", help="Plan on every hour instead of typical days.")] = False,
    gap: Annotated[float, typer.Option(help="Relative gap at which a plan counts as optimal.")] = 1e-3,
    time_limit: Annotated[float | None, typer.Option(help="Seconds; the best plan so far is given then.")] = None,
    method: Annotated[str, typer.Option(help="whole: one matrix; decomposed: year by year; auto: by size.")] = "auto",
    scheduler: Annotated[
        str, typer.Option(help="Address of a Dask scheduler whose workers solve the years, e.g. tcp://HOST:8786.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="Output folder; left out: plan-PARK here.")] = None,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json instead of tables.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, and one line of result.")] = False,
    rerun: Annotated[Path | None, typer.Option(help="run.json of an output: plan that once more.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Output of an earlier run: what it orders before --from is built.")] = None,
    from_year: Annotated[int | None, typer.Option("--from", help="--keep: year from which all is planned anew.")] = None,
    built: Annotated[
        Path | None, typer.Option(help="--keep: what was built; left out: built.csv of the park's folder, if it is there.")
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")] = False,
) -> None:
    """Plan a park: what to build, save, capture, plant and buy in which year.

    Example: plan --target zero-carbon --by 2030
    """
    if context.invoked_subcommand is not None:
        pass_on(context)
        return
    if len(sys.argv) <= 1:
        typer.echo(context.get_help())
        raise typer.Exit
    faults = [*_option_faults(days, hourly, gap, time_limit, method), *prove_faults(prove, verify)]
    faults += ["--from, --built: are of --keep; name the run that is kept"] if keep is None and (from_year or built) else []
    spoken, language_faults = _language(language)
    goal, goal_faults = _goal(target, by, milestone or [])
    faults += [*language_faults, *goal_faults]
    earlier, warnings = None, list[str]()
    if rerun is not None:
        refuse_beside_rerun(context)
        earlier = read_run(rerun, out)
        earlier.check()
        order, warnings = earlier.order, earlier.other_versions(versions())
        faults += _option_faults(order.options.days, False, order.options.gap, order.options.time_limit, order.options.method)
    else:
        folder = park if park is not None else park_folder()
        where = out if out is not None else Path(f"plan-{folder.resolve().name.removesuffix('.xlsx') or 'park'}")
        options = Options(
            days=0 if hourly else days, gap=gap, time_limit=time_limit, method=method, verify=verify,
            prove=0.0 if prove is None and verify else prove, scheduler=scheduler, yardstick=yardstick,
        )
        order = Order(folder, tuple(costs or ()), goal, options, where)
    watch = Watch(None if faults else order.options.time_limit, context.obj)
    with ended_by_hand(watch), ended_at_last(watch, is_program=context.obj is not None):
        if scheduler:
            faults += within(watch, lambda: _scheduler_faults(scheduler, order.options.method), "reaching the cluster")
        if earlier is not None:
            order, lost = within(watch, lambda: earlier.solved_by(scheduler), "reaching the cluster")
            warnings += lost
        case = within(watch, lambda: _read(order, faults), "reading the park")
        kept = None if keep is None else read_keep(keep, from_year, built, order.folder, case)
        if not quiet:
            _say_before(case, order, warnings, spoken)
        with show_progress(stderr, quiet, spoken, parts_of(order.options.verify, bool(order.options.prove))) as progress:
            if kept is None:
                run = plan_park(case, order.options, progress, watch)
            else:
                case, found = plan_kept(case, kept, order.options, progress, watch)
                run = found.run
            if watch.reason == CTRL_C and not run.target.has_tables:
                raise Interrupted
            progress("writing", str(order.out))
            place, unwritten = None, list[str]()
            try:
                place = write_run(run, case, order.out, {**order.facts(), **(kept.facts(order.out) if kept else {})}, spoken)
                if kept is not None and place is not None:
                    write_changes(found, place)
            except CaseError as error:  # the disk is full by now: a plan that took hours is worth showing
                unwritten = [*error.complaints, ONLY_HERE]
    if place != order.out and not unwritten:
        _say_elsewhere(order.out, place)
    if not quiet:
        _warn(run.warnings, spoken)
    if earlier is not None and not quiet and place is not None:
        stderr.print(plain(f"{order.out}: {earlier.compared(place)}"), soft_wrap=True)
    _show(run, case, None if unwritten else place or order.out, as_json, quiet and not unwritten, spoken)
    for line in told_kept(spoken, found, kept, run.currency) if kept is not None and not (quiet or as_json) else []:
        stdout.print(plain(line), soft_wrap=True)
    for line in unwritten:
        stderr.print(plain(line), soft_wrap=True)
    if run.target.status == "infeasible" and not unwritten:
        raise typer.Exit(UNREACHABLE)
    if unwritten or not run.target.has_tables:
        raise typer.Exit(FAILED)


def _say_elsewhere(out: Path, place: Path | None) -> None:
    """The output does not stand where it was to."""
    if place is None:
        stderr.print(plain(f"{out}: keeps the older output; nothing was written of what was tried"), soft_wrap=True)
    elif place.name.endswith(".failed"):
        stderr.print(plain(f"{out}: keeps the older output; what was tried is in {place}"), soft_wrap=True)
    else:
        stderr.print(plain(f"{out}: somebody else's files are there by now; the output is in {place}"), soft_wrap=True)


def _warn(warnings: Sequence[str], language: Language) -> None:
    for warning in warnings:
        stderr.print(plain(language.translate("warning: {warning}", warning=language.tell(warning))), soft_wrap=True)


def _say_before(case: Case, order: Order, warnings: Sequence[str], language: Language) -> None:
    """Warnings, and what a person would not expect."""
    _warn((*case.warnings, *warnings), language)
    if order.goal.target is not None and (order.folder / "goal.toml").is_file():
        stderr.print("the goal is the command line's; goal.toml and its milestones are not used", soft_wrap=True)


def _read(order: Order, faults: list[str]) -> Case:
    """The case; every fault of options, output folder and case is told at once."""
    try:
        check_output(order.out)
    except CaseError as error:
        faults = [*faults, *error.complaints]
    else:
        faults = [*faults, *_within(order)]
    try:
        case = read_case(order.folder, order.costs, order.goal)
    except CaseError as error:
        raise _unwritten([*faults, *error.complaints]) from error
    if case.goal is None:
        faults = [*faults, "--target, --by: are missing, and the park has no goal.toml; e.g. --target zero-carbon --by 2030"]
    if faults:
        raise _unwritten(faults)
    try:
        check_output(order.out, case, order.options.verify or order.options.days == 0)
    except CaseError as error:
        raise _unwritten([*error.complaints]) from error
    return case


def _within(order: Order) -> list[str]:
    """What is read must not lie in the folder that is written."""
    out = Path(os.path.realpath(order.out))
    return [
        f"--out {order.out}: {path}, which is read, lies in it; name another folder"
        for path in (order.folder, *order.costs) if Path(os.path.realpath(path)).is_relative_to(out)
    ]  # fmt: skip


def _unwritten(faults: list[str]) -> CaseError:
    error = CaseError(faults)
    error.add_note("nothing was written")
    return error


def _option_faults(days: int | None, hourly: bool, gap: float, time_limit: float | None, method: str) -> list[str]:
    faults = []
    if days is not None and hourly:
        faults.append("--days, --hourly: contradict each other; give one")
    if days is not None and not 0 <= days <= 366:
        faults.append(f"--days {days}: is not within 0 to 366 (0 = every hour)")
    if method not in ("auto", "whole", "decomposed"):
        faults.append(f"--method {method}: is none of auto, whole, decomposed")
    if not 0 <= gap < 1:
        faults.append(f"--gap {gap:g}: is not within 0 to 1; write a share (0.001)")
    if time_limit is not None and not time_limit >= LEAST_LIMIT:
        faults.append(f"--time-limit {time_limit:g}: is not at least {LEAST_LIMIT} seconds; starting takes up to three of them")
    if time_limit is not None and time_limit > MOST_LIMIT:
        faults.append(f"--time-limit {time_limit:g}: is above a year of seconds; leave it out for a run without limit")
    return faults


def _scheduler_faults(address: str, method: str) -> list[str]:
    if method == "whole":
        return ["--scheduler, --method whole: contradict each other; a cluster solves the years of the decomposed method"]
    return [fault] if (fault := unusable(address)) else []


def _language(code: str | None) -> tuple[Language, list[str]]:
    try:
        return choose_language(code), []
    except CaseError as error:
        return Language(), list(error.complaints)


def _goal(target: str | None, by: int | None, milestones: list[str]) -> tuple[GoalRequest, list[str]]:
    steps, faults = [], []
    for text in milestones:
        stage, _, year = text.partition("=")
        if not re.fullmatch("[0-9]{4}", year.strip()):
            faults.append(f"--milestone {text}: is not STAGE=YEAR, e.g. low-carbon=2027")
        else:
            steps.append((stage.strip(), int(year)))
    return GoalRequest(target, by, tuple(steps)), faults


def _show(run: Run, case: Case, out: Path | None, as_json: bool, quiet: bool, language: Language) -> None:
    """Print the result; `out` is where the tables are, None: nowhere."""
    if as_json:
        as_ascii = not stdout.encoding.startswith("utf")  # JSON can say every character in ASCII
        typer.echo(json.dumps(summary(run, case), indent=1, ensure_ascii=as_ascii))
    elif quiet:
        goal = case.goal
        assert goal is not None
        plan = run.target
        cost = "" if plan.system_cost is None else f", {told_proof(language, plan_facts(plan), run.currency)}"
        stdout.print(plain(f"{goal.target} by {goal.by}: {plan.status}{cost}; {out}"), soft_wrap=True)
        for line in run.explanation:
            stdout.print(plain(language.tell(line)), soft_wrap=True)
    else:
        print_run(run, case, stdout, out, language)


app.command()(check)
app.command()(new)
app.command()(baseline)
app.command()(catalogue)
app.command()(compare)
app.command()(export)
app.command()(application)
app.add_typer(profiles, name="profiles")
app.add_typer(costs_app, name="costs")
app.command()(frontier)
app.command()(worth)
app.command()(limits)
app.command(name="why-not")(why_not)
app.command()(abatement)
app.command()(alternatives)


@app.command()
def report(
    out: Annotated[Path, typer.Argument(help="Output folder of a run.")],
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Make report.html and plan.xlsx of a run again from its tables, without solving."""
    spoken, faults = _language(language)
    faults += [] if is_like_one(out) else [f"{out}: is no output of a run"]
    if faults:
        raise CaseError(faults)
    with told_from(out):
        files = [write_page(out, spoken), renew_workbook(read_output(out), spoken)]
    for file in files:
        if file is not None:
            stdout.print(plain(file), soft_wrap=True)


@app.command(name="examples", hidden=True)
def list_examples() -> None:
    """The example parks."""
    for name in examples():
        stdout.print(name)


@cache
def _command() -> Any:
    """The command line as a command; made once, where a process runs it more than once."""
    return typer.main.get_command(app)


def main(began: float | None = None) -> None:
    """Run the command line; every fault is a sentence and an exit code, never a traceback.

    `began` is when the program did, as time.perf_counter tells it: a time limit counts from there.
    """
    try:
        command = _command()
        # Not through the command's own main, which ends a run that is interrupted, or whose reader left, with code 1.
        with command.make_context("plan", sys.argv[1:], obj=began) as context:
            command.invoke(context)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except USAGE as error:
        error.show()
        sys.exit(CaseError.exit_code)
    except CaseError as error:
        for line in error.complaints:
            stderr.print(plain(line), soft_wrap=True)
        count = len(error.complaints)
        notes = getattr(error, "__notes__", [])
        stderr.print("; ".join([f"{count} fault{'s' if count > 1 else ''}", *notes]), soft_wrap=True)
        sys.exit(error.exit_code)
    except PlanError as error:
        for line in str(error).splitlines():
            stderr.print(plain(line), soft_wrap=True)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        stderr.print("stopped; nothing was written")
        sys.exit(130)
    except OSError as error:  # what the system refuses where nobody looked for it before
        where = f"{error.filename}: " if error.filename is not None else ""
        stderr.print(plain(f"{where}the system refuses it ({error.strerror or error})"), soft_wrap=True)
        sys.exit(CaseError.exit_code)
    except Exception as error:  # the last resort: a mistake of ours must not end in a traceback
        if is_out_of_memory(error):
            stderr.print(plain(str(OutOfMemory())), soft_wrap=True)
            sys.exit(FAILED)
        kind = type(error).__name__
        stderr.print(plain(f"a mistake in parkzero ({kind}: {error}); please report it{_logged()}"), soft_wrap=True)
        sys.exit(FAILED)


def _logged() -> str:
    """Write the traceback of what is being handled to a file of its own, and say where; nothing where none can be written."""
    try:
        with tempfile.NamedTemporaryFile(prefix="plan-", suffix=".log", delete=False) as log:
            log.write(traceback.format_exc().encode("utf-8", "replace"))
    except OSError:
        return ""
    return f" with {log.name}"
