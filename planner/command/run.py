"""The run of the command line: what was asked becomes an order, is read, planned, written and told."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from models.errors import CaseError
from planner.command.options import PlanAsked, contradictions, goal_of, option_faults, refuse_beside_rerun, spoken
from planner.examples import named, park_folder
from planner.language.message import Message
from planner.language.words import COLUMNS, STAGES, STATUSES, word
from planner.machine.resources import versions
from planner.machine.stopping import CTRL_C, Watch
from planner.process.streams import FAILED, UNREACHABLE
from planner.process.terminal import Interrupted, ended_at_last, ended_by_hand, later, stderr, stdout, tell, within
from planner.tables.place import TREE, beside, check_file, check_place, facts_of

# --- said ------------------------------------------------------------------------------------------------------------------
# What is said around a run: warnings, what a person would not expect, where the output is, and the result.

if TYPE_CHECKING:
    from models.case import Case
    from planner.answer.caveats import told_proof
    from planner.answer.console import print_run
    from planner.answer.summary import chain_facts, plan_facts, summary
    from planner.command.options import PlanAsked
    from planner.language.language import Language
    from planner.plan import Run
    from planner.planning.rerun import RunOrder
else:  # the same, once they are called
    print_run = later("planner.answer.console", "print_run")
    told_proof = later("planner.answer.caveats", "told_proof")
    chain_facts, plan_facts, summary = (later("planner.answer.summary", name) for name in ("chain_facts", "plan_facts", "summary"))


def say_elsewhere(out: Path, place: Path | None) -> None:
    """The output does not stand where it was to."""
    if place is None:
        tell(Message("{out}: keeps the older output; nothing was written of what was tried", out=out))
    elif place.name.endswith(".failed"):
        tell(Message("{out}: keeps the older output; what was tried is in {place}", out=out, place=place))
    else:
        tell(Message("{out}: somebody else's files are there by now; the output is in {place}", out=out, place=place))


def warn(warnings: Sequence[str], language: Language) -> None:
    """Print warnings."""
    for warning in warnings:
        tell(language.translate("warning: {warning}", warning=language.tell(warning)))


def say_before(case: Case, order: RunOrder, warnings: Sequence[str], language: Language) -> None:
    """Warnings, and what a person would not expect."""
    warn((*case.warnings, *warnings), language)
    if order.goal.target is not None and (order.folder / "goal.toml").is_file():
        text = language.translate("the goal is the command line's; goal.toml is not used")
        stderr.print(text, soft_wrap=True)


def say_result(asked: PlanAsked, run: Run, case: Case, out: Path | None, language: Language, compared: str) -> None:
    """Print the result: as JSON, in one line, or all of it.

    out       where the tables are; None: nowhere, then it is told in full
    compared  whether the numbers are those of the run that is repeated; in the one line it stands, too
    """
    if compared and (asked.as_json or not asked.quiet):
        tell(Message("{place}: {words}", place=out, words=compared))
    if asked.as_json:
        as_ascii = not stdout.encoding.startswith("utf")  # JSON can say every character in ASCII
        typer.echo(json.dumps(summary(run, case), indent=1, ensure_ascii=as_ascii))
    elif asked.quiet and out is not None:
        assert case.goal is not None
        goal, plan = case.goal, run.target
        status = word(STATUSES, plan.status)
        if plan.system_cost is not None:
            facts = plan_facts(plan) | chain_facts(run)
            status = Message("{status}, {proof}", status=status, proof=told_proof(language, facts, run.currency))
        stage, year = word(STAGES, goal.target), goal.by
        where = Message("{place}: {words}", place=out, words=compared) if compared else out
        tell(Message("{stage} by {year}: {status}; {out}", stage=stage, year=year, status=status, out=where), stdout)
        for line in run.explanation:
            tell(language.tell(line), stdout)
    else:
        print_run(run, case, stdout, out, language, asked.details)


# --- tree ------------------------------------------------------------------------------------------------------------------
# `plan` of a park that states futures: planned as one tree, written and told.

if TYPE_CHECKING:
    from models.case import Case
    from planner.answer.console import parts_of, show_progress
    from planner.answer.tree import print_tree
    from planner.answer.tree_files import tree_summary, write_tree
    from planner.futures.results import TreePlan, plan_tree
    from planner.language.language import Language
    from planner.planning.rerun import RunOrder
    from planner.questions.built import kept_case
    from planner.questions.keep import Keep
    from planner.questions.stress import is_weather, plan_weather
else:  # the same, once they are called
    kept_case = later("planner.questions.built", "kept_case")
    plan_tree = later("planner.futures.results", "plan_tree")
    console_table = later("planner.answer.views", "console_table")
    Output = later("planner.tables.output", "Output")
    parts_of, show_progress = (later("planner.answer.console", name) for name in ("parts_of", "show_progress"))
    print_tree = later("planner.answer.tree", "print_tree")
    tree_summary, write_tree = (later("planner.answer.tree_files", name) for name in ("tree_summary", "write_tree"))
    is_weather, plan_weather = (later("planner.questions.stress", name) for name in ("is_weather", "plan_weather"))

OBJECTIVES = ("expected", "cvar", "regret")


def objective_faults(asked: PlanAsked) -> list[str]:
    """What is wrong with the options of futures."""
    faults: list[str] = []
    if asked.objective is not None and asked.objective not in OBJECTIVES:
        faults.append(Message("--objective {objective}: is none of expected, cvar, regret", objective=asked.objective))
    return faults


def refuse_without_futures(asked: PlanAsked) -> None:
    """Raise CaseError where an option of futures was given and there are none."""
    if asked.objective is not None:
        raise CaseError.because("--objective: chooses between plans for several futures, and there are none; leave it out")


def refuse_with_futures(asked: PlanAsked) -> list[str]:
    """Options that a plan for several futures does not have."""
    given = {
        "--quick": asked.quick,
        "--foresight": asked.foresight is not None,
    }
    words = ", ".join(option for option, is_given in given.items() if is_given)
    return (
        [Message("{options}: not of a park with futures; add --no-futures to plan its own tables", options=words)] if words else []
    )


def tree_place(asked: PlanAsked, order: RunOrder) -> Path:
    """Where the plan is written; raises CaseError where it cannot be."""
    place = order.out if asked.out is not None else beside(order.out, "-futures")
    check_place(place, TREE)
    return place


def is_tree_asked(order: RunOrder) -> bool:
    """True where a park has futures, as far as can be seen before it is read."""
    return order.has_futures and (order.futures is not None or (order.folder / "futures.csv").is_file())


def run_tree(asked: PlanAsked, case: Case, order: RunOrder, watch: Watch, language: Language, keep: Keep | None = None) -> None:
    """Plan, write and tell. Raises CaseError for what is wrong, and typer.Exit where there is no plan."""
    if faults := refuse_with_futures(asked):
        raise CaseError(faults)
    place = tree_place(asked, order)
    case = case if keep is None else kept_case(case, keep.built, keep.year)
    terms = case.park.futures if asked.objective is None else case.park.futures.model_copy(update={"objective": asked.objective})
    with show_progress(stderr, asked.quiet, language, parts_of(False), asked.progress) as progress:
        make = plan_weather if is_weather(case, order.options) else plan_tree
        plan: TreePlan = make(case, order.options, progress, watch, terms)
        if watch.reason == CTRL_C and not plan.costs:
            raise Interrupted
        progress("writing", str(place))
        kept = (lambda _: {}) if keep is None else keep.facts
        place = write_tree(plan, place, lambda out: {**replace(order, out=out).facts(), **kept(out)}, language)
    if not asked.quiet:
        for text in plan.warnings:
            tell(language.translate("warning: {warning}", warning=language.tell(text)))
    if asked.as_json:
        typer.echo(json.dumps(tree_summary(plan), indent=1, ensure_ascii=not stdout.encoding.startswith("utf")))
    else:
        print_tree(place, stdout, language, asked.quiet)
    if plan.status in ("infeasible", "failed"):
        raise typer.Exit(UNREACHABLE if plan.status == "infeasible" else FAILED)


# --- run -------------------------------------------------------------------------------------------------------------------

if TYPE_CHECKING:
    from models.case import Case
    from planner.answer.console import parts_of, show_progress
    from planner.answer.files import check_output, write_run
    from planner.answer.views import console_table
    from planner.language.language import Language
    from planner.park import GoalRequest, read_case
    from planner.plan import Run
    from planner.planning.rerun import Earlier, RunOrder, read_run
    from planner.planning.run import Options, plan_park
    from planner.questions.foresight import Chain, Foresight, chain_table, foresight_faults, plan_chain, write_chain
    from planner.questions.keep import Keep, KeptRun, in_its_node, plan_kept, read_keep, said_of_node, told_kept, write_changes
    from planner.tables.output import Output
else:  # the same, once they are called
    read_case = later("planner.park", "read_case")
    in_its_node, plan_kept, read_keep, said_of_node, told_kept, write_changes = (
        later("planner.questions.keep", name)
        for name in ("in_its_node", "plan_kept", "read_keep", "said_of_node", "told_kept", "write_changes")
    )
    Foresight, chain_table, foresight_faults, plan_chain, write_chain = (
        later("planner.questions.foresight", name)
        for name in ("Foresight", "chain_table", "foresight_faults", "plan_chain", "write_chain")
    )
    check_output, write_run = (later("planner.answer.files", name) for name in ("check_output", "write_run"))
    console_table = later("planner.answer.views", "console_table")
    Output = later("planner.tables.output", "Output")
    parts_of, show_progress = (later("planner.answer.console", name) for name in ("parts_of", "show_progress"))
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
        segments=asked.segments,
        gap=1e-3 if asked.gap is None else asked.gap,
        is_wide=asked.gap is None,
        time_limit=asked.time_limit,
        method=asked.method,
        verify=asked.verify != "none",
        verify_all=asked.verify == "all",
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
                run = plan_park(case, order.options, progress, watch)
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
    if done.chain is not None and run.target.has_tables and not (asked.quiet or asked.as_json):
        table, output = chain_table(done.chain), Output(Path(), {"currency": run.currency}, {}, {}, {})
        stdout.print(console_table("foresight", output, {"foresight": table}, language), width=min(stdout.width, COLUMNS))
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
