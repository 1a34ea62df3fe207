"""What the command line itself refuses, in the language of the person: an option that is none, a number that is none."""

from __future__ import annotations

from typing import Any

import typer

from planner.command.help import in_words
from planner.language.message import Message
from planner.process.terminal import asked_language, tell

#: What Typer and Click raise for it; `show` prints it in English.
USAGE: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def show(error: Any) -> None:
    """Print what is refused and how the command is called: in English as Click does, else in the words of the language."""
    if asked_language().code == "en":
        error.show()
        return
    context = getattr(error, "ctx", None)
    if context is not None:
        typer.echo(in_words(context.get_usage()), err=True)
        tell(Message("`{command} --help` says more", command=context.command_path))
    tell(Message("wrong: {words}", words=_told(error)))


def _told(error: Any) -> str:
    """What is refused; in Click's own English where it is none of the usual slips."""
    kind, param = type(error).__name__, getattr(error, "param", None)
    if kind == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        hint = Message("; did you mean {near}?", near=near) if near else ""
        return Message("{option}: is no option{hint}", option=error.option_name, hint=hint)
    if kind == "BadOptionUsage":
        return Message("{option}: needs a value", option=error.option_name)
    if param is None:
        return str(error.format_message())
    name = param.get_error_hint().strip("'")
    if kind == "MissingParameter":
        return Message("{name}: is missing", name=name)
    numbers = {"int": Message("is no whole number"), "float": Message("is no number")}
    return Message("{place}: {words}", place=name, words=numbers.get(_wanted(error).partition("_")[0], error.message))


def _wanted(error: Any) -> str:
    """The kind of value that was expected, by its name in pydantic, such as `int_parsing`; empty where it is not known."""
    faults = getattr(error.__cause__, "errors", None)
    return str(faults()[0]["type"]) if callable(faults) else ""
