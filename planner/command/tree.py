"""`plan` of a park that states futures: planned as one tree, written and told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from models.errors import CaseError
from planner.command.options import PlanAsked
from planner.language.message import Message
from planner.machine.stopping import CTRL_C, Watch
from planner.process.streams import FAILED, UNREACHABLE
from planner.process.terminal import Interrupted, later, stderr, stdout, tell
from planner.tables.place import TREE, beside, check_place

if TYPE_CHECKING:
    from models.case import Case
    from planner.answer.progress import parts_of, show_progress
    from planner.answer.tree.console import print_tree
    from planner.answer.tree.facts import tree_summary
    from planner.answer.tree.write import write_tree
    from planner.keep.built import kept_case
    from planner.keep.run import Keep
    from planner.language.language import Language
    from planner.planning.rerun import RunOrder
    from planner.recourse.result import TreePlan
    from planner.recourse.run import plan_tree
    from planner.stress.weather import is_weather, plan_weather
else:  # the same, once they are called
    kept_case = later("planner.keep.built", "kept_case")
    plan_tree = later("planner.recourse.run", "plan_tree")
    parts_of, show_progress = (later("planner.answer.progress", name) for name in ("parts_of", "show_progress"))
    print_tree = later("planner.answer.tree.console", "print_tree")
    tree_summary = later("planner.answer.tree.facts", "tree_summary")
    write_tree = later("planner.answer.tree.write", "write_tree")
    is_weather, plan_weather = (later("planner.stress.weather", name) for name in ("is_weather", "plan_weather"))

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
