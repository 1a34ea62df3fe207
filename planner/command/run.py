"""The run of the command line: what was asked becomes an order, is read, planned, written and told."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from models.errors import CaseError
from planner.command.options import (
    PlanAsked,
    contradictions,
    goal_of,
    option_faults,
    refuse_beside_rerun,
    spoken,
)
from planner.command.said import say_before, say_elsewhere, say_result, warn
from planner.command.tree import is_tree_asked, objective_faults, refuse_with_futures, refuse_without_futures, run_tree
from planner.language.message import Message
from planner.machine.resources import versions
from planner.machine.stopping import CTRL_C, Watch
from planner.parks.new import named, park_folder
from planner.process.streams import FAILED, UNREACHABLE
from planner.process.terminal import Interrupted, ended_at_last, ended_by_hand, later, stderr, stdout, tell, within
from planner.tables.place import check_file, facts_of

if TYPE_CHECKING:
    from models.case import Case
    from planner.answer.files import check_output, write_run
    from planner.answer.progress import parts_of, show_progress
    from planner.keep.foresight import Chain, Foresight, foresight_faults, plan_chain, told_chain, write_chain
    from planner.keep.run import Keep, KeptRun, in_its_node, plan_kept, read_keep, said_of_node, told_kept, write_changes
    from planner.language.language import Language
    from planner.park import GoalRequest, read_case
    from planner.plan import Run
    from planner.planning.rerun import Earlier, RunOrder, read_run
    from planner.planning.run import Options, plan_park
else:  # the same, once they are called
    read_case = later("planner.park", "read_case")
    in_its_node, plan_kept, read_keep, said_of_node, told_kept, write_changes = (
        later("planner.keep.run", name)
        for name in ("in_its_node", "plan_kept", "read_keep", "said_of_node", "told_kept", "write_changes")
    )
    Foresight, foresight_faults, plan_chain, told_chain, write_chain = (
        later("planner.keep.foresight", name)
        for name in ("Foresight", "foresight_faults", "plan_chain", "told_chain", "write_chain")
    )
    check_output, write_run = (later("planner.answer.files", name) for name in ("check_output", "write_run"))
    parts_of, show_progress = (later("planner.answer.progress", name) for name in ("parts_of", "show_progress"))
    RunOrder, read_run = (later("planner.planning.rerun", name) for name in ("RunOrder", "read_run"))
    Options, plan_park = (later("planner.planning.run", name) for name in ("Options", "plan_park"))

#: Said where the output could not be written.
ONLY_HERE = Message("what was found stands in no file: keep what is printed here")


@dataclass(frozen=True)
class RunToBegin:
    """What a run is to do: its order, the run that it repeats, what is warned of, and what is wrong with the options."""

    order: RunOrder
    language: Language
    faults: Sequence[str]
    earlier: Earlier | None = None
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Done:
    """What a run has made.

    place      folder of its output; None where nothing was written
    unwritten  why it could not be
    keep, kept what was kept of an earlier run, and the plan that keeps it
    chain      plans that know some years ahead, and how many
    """

    run: Run
    case: Case
    place: Path | None
    unwritten: Sequence[str]
    keep: Keep | None
    kept: KeptRun | None
    chain: Chain | None = None


def run_plan(asked: PlanAsked, context: typer.Context) -> None:
    """Plan what was asked. Raises CaseError for what is wrong with options and park, and typer.Exit where there is no plan."""
    begun = _begin(asked, context)
    done = _plan(asked, begun, context)
    _tell(asked, begun, done)
    has_output = not done.unwritten
    if done.run.target.status == "infeasible" and has_output:
        raise typer.Exit(UNREACHABLE)
    if not has_output or not done.run.target.has_tables:
        raise typer.Exit(FAILED)


def _begin(asked: PlanAsked, context: typer.Context) -> RunToBegin:
    """The order, from the options or from the run.json that is repeated; faults of options are told later, with the park's."""
    faults = option_faults(asked.days, asked.hourly, asked.gap, asked.time_limit, asked.method)
    faults += [*objective_faults(asked), *foresight_faults(asked.foresight, asked.step)]
    faults += contradictions(asked, context)
    if asked.keep is None and (asked.from_year or asked.built):
        faults.append(Message("--from, --built: are of --keep; name the run that is kept"))
    language, language_faults = spoken(asked.language)
    goal, goal_faults = goal_of(asked.target, asked.by, asked.milestone)
    if asked.progress is not None:
        faults += _file_faults(asked.progress)
    faults += [*language_faults, *goal_faults]
    if asked.rerun is None:
        order = _order(asked, goal)
        faults += refuse_with_futures(asked) if asked.keep is None and is_tree_asked(order) else []
        return RunToBegin(order, language, faults)
    refuse_beside_rerun(context)
    earlier = read_run(asked.rerun, asked.out)
    earlier.check()
    own = earlier.order.options
    faults += option_faults(own.days, False, own.gap, own.time_limit, own.method)
    return RunToBegin(earlier.order, language, faults, earlier, earlier.other_versions(versions()))


def _file_faults(path: Path) -> list[str]:
    """Why the file of `--progress` cannot stand where it is to."""
    try:
        check_file(path, f"--progress {path}", lambda old: facts_of(old).get("parkzero") == "progress")
    except CaseError as error:
        return [*error.complaints]
    return []


def _order(asked: PlanAsked, goal: GoalRequest) -> RunOrder:
    folder = named(asked.park) if asked.park is not None else park_folder()
    where = asked.out if asked.out is not None else Path(f"plan-{folder.resolve().name.removesuffix('.xlsx') or 'park'}")
    options = Options(
        days=0 if asked.hourly else asked.days,
        gap=asked.gap,
        time_limit=asked.time_limit,
        method=asked.method,
        verify=asked.verify,
        quick=asked.quick,
    )
    return RunOrder(folder, tuple(asked.costs), goal, options, where, asked.futures, not asked.no_futures)


def _plan(asked: PlanAsked, begun: RunToBegin, context: typer.Context) -> Done:
    """Read the park, plan it and write the output."""
    order, warnings, faults = begun.order, list(begun.warnings), list(begun.faults)
    watch = Watch(None if faults else order.options.time_limit, context.obj)
    with ended_by_hand(watch), ended_at_last(watch, is_program=context.obj is not None):
        faults += _within(order.out, [path for path in (asked.keep, asked.built) if path is not None])
        case = within(watch, lambda: _read(order, faults), Message("reading the park"))
        keep = None if asked.keep is None else read_keep(asked.keep, asked.from_year, asked.built, order.folder, case)
        if not asked.quiet:
            say_before(case, order, [*warnings, *(keep.output.changed if keep else ())], begun.language)
        if keep is not None and case.futures:
            case, node = in_its_node(case, keep)
            if not asked.quiet:
                tell(said_of_node(node))
        if case.futures:
            run_tree(asked, case, order, watch, begun.language, keep)
            raise typer.Exit
        refuse_without_futures(asked)
        parts = parts_of(order.options.verify)
        with show_progress(stderr, asked.quiet, begun.language, parts, asked.progress) as progress:
            kept, chain = None, None
            if asked.foresight is not None:
                chain = plan_chain(case, _foresight(asked), order.options, progress, watch)
                run, case = chain.run, chain.case
            elif keep is None:
                run = plan_park(case, order.options, progress, watch, tells_first=not asked.quiet)
            else:
                case, kept = plan_kept(case, keep, order.options, progress, watch)
                run = kept.run
            if watch.reason == CTRL_C and not run.target.has_tables:
                raise Interrupted
            progress("writing", str(order.out))
            return _write(Done(run, case, None, (), keep, kept, chain), asked, order, begun.language)


def _foresight(asked: PlanAsked) -> Foresight:
    return Foresight(asked.foresight or 1, asked.step or 1)


def _write(done: Done, asked: PlanAsked, order: RunOrder, language: Language) -> Done:
    """Write the output; where that fails, say why beside the plan."""
    try:
        facts = {**order.facts(), **(done.keep.facts(order.out) if done.keep else {})}
        facts |= _foresight(asked).facts() if done.chain is not None else {}
        place = write_run(done.run, done.case, order.out, facts, language)
        if done.kept is not None and place is not None:
            write_changes(done.kept, place, done.case.park.name)
        if done.chain is not None and place is not None:
            write_chain(done.chain, place)
    except CaseError as error:  # the disk is full by now: a plan that took hours is worth showing
        return replace(done, unwritten=[*error.complaints, ONLY_HERE])
    return replace(done, place=place)


def _tell(asked: PlanAsked, begun: RunToBegin, done: Done) -> None:
    """Print the result, and where it stands."""
    out, run, language = begun.order.out, done.run, begun.language
    if done.place != out and not done.unwritten:
        say_elsewhere(out, done.place)
    if not asked.quiet:
        warn(run.warnings, language)
    compared = begun.earlier.compared(done.place) if begun.earlier is not None and done.place is not None else ""
    say_result(asked, run, done.case, None if done.unwritten else done.place or out, language, compared)
    if done.keep is not None and done.kept is not None and not (asked.quiet or asked.as_json):
        for line in told_kept(language, done.kept, done.keep, run.currency):
            tell(line, stdout)
    if done.chain is not None and not (asked.quiet or asked.as_json):
        for line in told_chain(done.chain, _foresight(asked), language, run.currency, begun.order.options.gap):
            tell(line, stdout)
    for line in done.unwritten:
        tell(line)


def _read(order: RunOrder, faults: list[str]) -> Case:
    """The case; every fault of options, output folder and case is told at once. The output of a tree is looked at later."""
    try:
        if not is_tree_asked(order):
            check_output(order.out)
    except CaseError as error:
        faults = [*faults, *error.complaints]
    else:
        faults = [*faults, *_within(order.out, (order.folder, *order.costs))]
    try:
        case = read_case(order.folder, order.costs, order.goal, futures=order.futures, has_futures=order.has_futures)
    except CaseError as error:
        raise _unwritten([*faults, *error.complaints]) from error
    if case.goal is None:
        missing = Message("--target, --by: are missing, and the park has no goal.toml; e.g. --target zero-carbon --by 2030")
        faults = [*faults, missing]
    if faults:
        raise _unwritten(faults)
    if case.futures:
        return case
    try:
        check_output(order.out, case, order.options.verify or order.options.days == 0)
    except CaseError as error:
        raise _unwritten([*error.complaints]) from error
    return case


def _within(place: Path, paths: Sequence[Path]) -> list[str]:
    """What is read must not lie in the folder that is written."""
    out = Path(os.path.realpath(place))
    return [
        Message("--out {out}: {path}, which is read, lies in it; name another folder", out=place, path=path)
        for path in paths
        if Path(os.path.realpath(path)).is_relative_to(out)
    ]


def _unwritten(faults: list[str]) -> CaseError:
    error = CaseError(faults)
    error.add_note(Message("nothing was written"))
    return error
