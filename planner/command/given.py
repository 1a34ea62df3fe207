"""Which options were given on the command line, and what becomes of those that stand before a subcommand."""

from __future__ import annotations

from typing import Any

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.process.options import given_options

#: Options that may stand beside --rerun.
BESIDE_RERUN = (
    "rerun",
    "out",
    "language",
    "as_json",
    "quiet",
    "details",
    "scheduler",
    "scheduler_ca",
    "scheduler_cert",
    "scheduler_key",
    "progress",
)


def pass_on(context: typer.Context) -> None:
    """Give a subcommand the options that stand before it, where it has such ones; after it they win.

    Raises CaseError where it has none of that name: it would ignore them.
    """
    name, command = context.invoked_subcommand, context.command
    assert name is not None
    sub: Any = command.commands[name]  # type: ignore[attr-defined]
    own = {option: param.name for param in sub.params if param.param_type_name == "option" for option in param.opts}
    given = given_options(context)
    without = [word for word in given if word not in own]
    if without:
        raise CaseError.because(
            "{without}: `plan {name}` has no such option; it has {own}",
            without=", ".join(without),
            name=name,
            own=", ".join(sorted(own)) or Message("none"),
        )
    context.default_map = {name: {own[word]: context.params[param] for word, param in given.items()}}


def refuse_beside_rerun(context: typer.Context) -> None:
    """A repeated run (`--rerun`) keeps its options; only the output, how it is shown, and the scheduler may be given.

    Raises CaseError where another is given.
    """
    given = [word for word, param in given_options(context).items() if param not in BESIDE_RERUN]
    if given:
        raise CaseError.because("--rerun: repeats a run as it was; leave out {given}", given=", ".join(given))
