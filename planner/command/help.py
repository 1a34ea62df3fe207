"""Help in the language of the person: texts of commands and options, and the words around them.

What the command line itself refuses, in the language of the person: an option that is none, a number that is none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import typer

from planner.language.message import Message
from planner.process.terminal import asked_language, later, tell

choose_language = later("planner.language.language", "choose_language")

#: Words of the frame, longest first.
FRAME = {
    "Show this message and exit.": "显示本说明并退出。",
    "Arguments:": "参数：",
    "Commands:": "命令：",
    "Options:": "选项：",
    "[default:": "[默认：",
    "[required]": "[必填]",
    "Usage: ": "用法：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
}
#: Columns of a page of Chinese help: its letters are two wide.
WIDTH = 60


def texts(command: Any) -> Iterator[tuple[Any, str]]:
    """(command or option, name of its attribute) of every text of a command line and of the commands within it."""
    for name in ("help", "short_help", "epilog"):
        if getattr(command, name, None):
            yield command, name
    for option in command.params:
        if getattr(option, "help", None):
            yield option, "help"
    for own in (getattr(command, "commands", None) or {}).values():
        yield from texts(own)


def asked(arguments: Sequence[str]) -> Any:
    """The language in which help is asked for; None where that is English, or nobody asks: then nothing is loaded."""
    is_asked = not arguments or "--help" in arguments
    if not is_asked or not any("zh" in word.lower() for word in (*arguments, *os.environ.values())):
        return None
    said = next((words for i, word in enumerate(arguments) if (words := _language(arguments, i, word))), None)
    language = choose_language(said if said in (None, "en", "zh") else None)
    return None if language.code == "en" else language


def tell_help(command: Any, language: Any) -> None:
    """Put the texts of a command line into a language."""
    for thing, name in list(texts(command)):
        setattr(thing, name, language.translate(getattr(thing, name)))
    _frame(command)


def _first(text: str) -> str:
    """What a list of commands says of one: its first paragraph. Click would cut Chinese, which has no spaces, down to nothing."""
    return text.partition("\n\n")[0]


def _language(arguments: Sequence[str], i: int, word: str) -> str | None:
    """What `--language zh` or `--language=zh` at a place says."""
    if word == "--language":
        return arguments[i + 1] if i + 1 < len(arguments) else None
    return word.removeprefix("--language=") if word.startswith("--language=") else None


def _frame(command: Any) -> None:
    """Let a command and those within it tell their help in the words of the frame."""
    own: Callable[[Any], str] = command.get_help
    command.short_help = _first(command.help or "")
    command.get_help = lambda context: in_words(own(context))
    command.context_settings = {**(command.context_settings or {}), "terminal_width": WIDTH}
    for within in (getattr(command, "commands", None) or {}).values():
        _frame(within)


def in_words(text: str) -> str:
    """A text of the frame in Chinese words."""
    for english, chinese in FRAME.items():
        text = text.replace(english, chinese)
    return text


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
