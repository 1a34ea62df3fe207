"""The command line: parse, choose, print; no logic."""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Collection
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import CaseError, PlanError
from planner import __version__
from planner.command.options import USAGE, Commands, PlanAsked, asked, pass_on, show, tell_help
from planner.command.run import run_plan
from planner.examples import examples
from planner.language.message import Message
from planner.process.streams import FAILED, STOPPED, OutOfMemory, is_out_of_memory
from planner.process.terminal import asked_language, stderr, stdout, tell

#: The commands: where each stands, as a function or a group of its own. Only those that are called are imported.
COMMANDS = {
    "new": ("planner.templates.commands", "new"),
    "check": ("planner.command.questions", "check"),
    "catalogue": ("planner.command.commands", "catalogue"),
    "import": ("planner.command.commands", "imports"),
    "frontier": ("planner.command.questions", "frontier"),
    "alternatives": ("planner.command.questions", "alternatives"),
    "explain": ("planner.command.questions", "explain"),
    "what-if": ("planner.command.questions", "what_if"),
    "compare": ("planner.command.commands", "compare"),
    "report": ("planner.command.commands", "report"),
    "export": ("planner.command.commands", "export"),
    "serve": ("planner.command.commands", "serve"),
}


def _made(names: Collection[str]) -> typer.Typer:
    """The command line with these commands."""
    root = typer.Typer(
        cls=Commands,
        help="Plan the least-cost way of a park to low-carbon, near-zero-carbon and zero-carbon.",
        add_completion=False,
        pretty_exceptions_enable=False,
        no_args_is_help=False,
        rich_markup_mode=None,
    )
    root.callback(invoke_without_command=True)(plan)
    for name in names:
        module, attribute = COMMANDS[name]
        found = getattr(import_module(module), attribute)
        root.add_typer(found, name=name) if isinstance(found, typer.Typer) else root.command(name=name)(found)
    root.command(name="examples", hidden=True)(list_examples)
    return root


def __getattr__(name: str) -> Any:
    """`app`: the command line with all commands."""
    if name == "app":
        return _made(COMMANDS)
    raise AttributeError(name)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"parkzero {__version__}")
        raise typer.Exit


def plan(
    context: typer.Context,
    target: Annotated[str | None, typer.Option(help="Stage to reach: low-carbon, near-zero-carbon, zero-carbon.")] = None,
    by: Annotated[int | None, typer.Option(help="Year from which the stage holds.")] = None,
    milestone: Annotated[list[str] | None, typer.Option(help="STAGE=YEAR on the way; may be repeated.")] = None,
    park: Annotated[Path | None, typer.Option(help="Park folder or workbook; left out: the built-in example.")] = None,
    costs: Annotated[list[Path] | None, typer.Option(help="Cost table laid over the park's; the last one wins.")] = None,
    days: Annotated[int | None, typer.Option(help="Number of typical days; left out: as the park says.")] = None,
    segments: Annotated[
        int, typer.Option(min=2, max=24, help="Segments of a typical day on which a large park is searched; 24: its hours.")
    ] = 8,
    verify: Annotated[
        str,
        typer.Option(
            help="What is operated in every hour, and repaired: target, or all, with the plans that a large park is compared with."
        ),
    ] = "target",
    no_verify: Annotated[bool, typer.Option("--no-verify", help="Leave a plan made on typical days as it is.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="End with the plan on typical days: not operated in every hour, compared with no other.")
    ] = False,
    hourly: Annotated[bool, typer.Option("--hourly", help="Plan on every hour instead of typical days.")] = False,
    gap: Annotated[
        float | None, typer.Option(help="Relative gap at which a plan counts as optimal; left out: 0.001, of a large park 0.01.")
    ] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds; the best plan so far is given then.")] = None,
    method: Annotated[str, typer.Option(help="whole: one matrix; decomposed: year by year; auto: by size.")] = "auto",
    out: Annotated[Path | None, typer.Option(help="Output folder; left out: plan-PARK here.")] = None,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json instead of tables.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, and one line of result.")] = False,
    details: Annotated[bool, typer.Option("--details", help="All orders, years and figures of the plans.")] = False,
    rerun: Annotated[Path | None, typer.Option(help="run.json of an output: plan that once more.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Output of an earlier run: what it orders before --from is built.")] = None,
    from_year: Annotated[int | None, typer.Option("--from", help="--keep: year from which all is planned anew.")] = None,
    built: Annotated[
        Path | None, typer.Option(help="--keep: what was built; left out: built.csv of the park's folder, if it is there.")
    ] = None,
    progress: Annotated[
        Path | None, typer.Option(help="JSON file that says how far the run is, for another program; it is written anew.")
    ] = None,
    futures: Annotated[Path | None, typer.Option(help="Another futures.csv, with future_values.csv beside it.")] = None,
    no_futures: Annotated[
        bool, typer.Option("--no-futures", help="Plan the park's own tables, whatever futures it states.")
    ] = False,
    objective: Annotated[
        str | None, typer.Option(help="With futures: expected, cvar or regret; left out: as park.toml says.")
    ] = None,
    foresight: Annotated[
        int | None, typer.Option(help="Years known ahead: a chain of plans, and what not knowing the others costs.")
    ] = None,
    step: Annotated[
        int | None, typer.Option(help="--foresight: years whose orders are kept before the next plan; left out: 1.")
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
    asked = PlanAsked(
        milestone=milestone or (),
        costs=costs or (),
        target=target,
        by=by,
        park=park,
        days=days,
        segments=segments,
        verify="none" if no_verify else verify,
        hourly=hourly,
        gap=gap,
        time_limit=time_limit,
        method=method,
        out=out,
        language=language,
        as_json=as_json,
        quiet=quiet,
        details=details,
        rerun=rerun,
        keep=keep,
        from_year=from_year,
        built=built,
        quick=quick,
        progress=progress,
        futures=futures,
        no_futures=no_futures,
        objective=objective,
        foresight=foresight,
        step=step,
    )
    run_plan(asked, context)


def list_examples() -> None:
    """The example parks."""
    for name in examples():
        stdout.print(name)


@cache
def _command(names: tuple[str, ...]) -> Any:
    """The command line as a command; made once, where a process runs it more than once."""
    return typer.main.get_command(_made(names))


def main(began: float | None = None) -> None:
    """Run the command line; every fault is a sentence and an exit code, never a traceback.

    `began` is when the program did, as time.perf_counter tells it: a time limit counts from there.
    """
    try:
        names = tuple(name for name in COMMANDS if name in sys.argv[1:]) or tuple(COMMANDS)
        command = _command(names)
        if (language := asked(sys.argv[1:])) is not None:
            command = typer.main.get_command(_made(names))  # one of its own, whose texts are changed
            tell_help(command, language)
        # Not through the command's own main, which ends a run that is interrupted, or whose reader left, with code 1.
        with command.make_context("plan", sys.argv[1:], obj=began) as context:
            command.invoke(context)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except USAGE as error:
        show(error)
        sys.exit(CaseError.exit_code)
    except CaseError as error:
        _tell(error)
        sys.exit(error.exit_code)
    except PlanError as error:
        for line in error.lines:
            tell(line)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        tell(Message("stopped; nothing was written"))
        sys.exit(STOPPED)
    except OSError as error:  # what the system refuses where nobody looked for it before
        where = f"{error.filename}: " if error.filename is not None else ""
        tell(Message("{where}the system refuses it ({error})", where=where, error=error.strerror or error))
        sys.exit(CaseError.exit_code)
    except Exception as error:  # the last resort: a mistake of ours must not end in a traceback
        if is_out_of_memory(error):
            tell(OutOfMemory().args[0])
            sys.exit(FAILED)
        kind = type(error).__name__
        tell(Message("a mistake in parkzero ({kind}: {error}); please report it{where}", kind=kind, error=error, where=_logged()))
        sys.exit(FAILED)


def _tell(error: CaseError) -> None:
    """Print everything that is wrong, in the language of the command line."""
    for line in error.complaints:
        tell(line)
    language, count = asked_language(), len(error.complaints)
    told = language.translate("{count} faults", count=count) if count > 1 else language.translate("1 fault")
    notes = [language.translate(note) for note in getattr(error, "__notes__", [])]
    stderr.print(language.translate("; ").join([told, *notes]), soft_wrap=True)


def _logged() -> str:
    """Write the traceback of what is being handled to a file of its own, and say where; nothing where none can be written."""
    try:
        with tempfile.NamedTemporaryFile(prefix="plan-", suffix=".log", delete=False) as log:
            log.write(traceback.format_exc().encode("utf-8", "replace"))
    except OSError:
        return ""
    return Message(" with {file}", file=log.name)
