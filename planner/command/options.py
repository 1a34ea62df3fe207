"""The options of `plan`, as they were given, and what is wrong with them.

Which were given on the command line, what becomes of those that stand before a subcommand, and of those whose value is missing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.process.terminal import asked_language, days_faults, gap_faults, given_options, later, tell

if TYPE_CHECKING:
    from planner.language.language import Language, choose_language
    from planner.park import GoalRequest
else:  # the same, once they are called
    GoalRequest = later("planner.park", "GoalRequest")
    Language, choose_language = (later("planner.language.language", name) for name in ("Language", "choose_language"))

#: Least time limit: the start of the program counts too.
LEAST_LIMIT = 5
#: Most: a year. Timers of the system end somewhere.
MOST_LIMIT = 31_536_000


@dataclass(frozen=True)
class PlanAsked:
    """The options of `plan` as they were given, under the names of its parameters."""

    target: str | None
    by: int | None
    milestone: Sequence[str]
    park: Path | None
    costs: Sequence[Path]
    days: int | None
    segments: int
    verify: str
    hourly: bool
    gap: float | None
    time_limit: float | None
    method: str
    out: Path | None
    language: str | None
    as_json: bool
    quiet: bool
    details: bool
    quick: bool
    rerun: Path | None
    keep: Path | None
    from_year: int | None
    built: Path | None
    progress: Path | None = None
    futures: Path | None = None
    no_futures: bool = False
    objective: str | None = None
    foresight: int | None = None
    step: int | None = None


def option_faults(days: int | None, hourly: bool, gap: float | None, time_limit: float | None, method: str) -> list[str]:
    """What is wrong with options that a run may repeat, a sentence each."""
    faults: list[str] = []
    if days is not None and hourly:
        faults.append(Message("--days, --hourly: contradict each other; give one"))
    faults += days_faults(days)
    if method not in ("auto", "whole", "decomposed"):
        faults.append(Message("--method {method}: is none of auto, whole, decomposed", method=method))
    faults += gap_faults(gap)
    if time_limit is not None and not time_limit >= LEAST_LIMIT:
        faults.append(
            Message(
                "--time-limit {time_limit}: is not at least {least} seconds; starting takes up to three of them",
                time_limit=f"{time_limit:g}",
                least=LEAST_LIMIT,
            )
        )
    if time_limit is not None and time_limit > MOST_LIMIT:
        faults.append(
            Message(
                "--time-limit {time_limit}: is above a year of seconds; leave it out for a run without limit",
                time_limit=f"{time_limit:g}",
            )
        )
    return faults


#: Options of which one must go, and what is said of them.
PAIRS = (
    ("--foresight", "--keep"),
    ("--foresight", "--quick"),
    ("--no-futures", "--futures"),
    ("--no-futures", "--objective"),
    ("--verify", "--no-verify"),
)
LEAVE_ONE = mark("{one}, {other}: contradict each other; leave one out")
#: What a quick run does not do, whatever the size of the park.
NOT_QUICK = {
    "--verify": mark("--quick, --verify: contradict each other; a quick run is not operated in every hour"),
    "--hourly": mark("--quick, --hourly: contradict each other; a quick run is planned on typical days"),
    "--days": mark("--quick, --days 0: contradict each other; a quick run is planned on typical days"),
}


def contradictions(asked: PlanAsked, context: typer.Context) -> list[str]:
    """What was given and cannot stand together, a line each."""
    given = given_options(context)
    faults: list[str] = [Message(LEAVE_ONE, one=one, other=other) for one, other in PAIRS if one in given and other in given]
    if asked.verify not in ("target", "all", "none"):
        faults.append(
            Message("--verify {verify}: is none of target, all; --no-verify operates no plan in every hour", verify=asked.verify)
        )
    if asked.quick:
        against = [option for option in NOT_QUICK if option in given and (option != "--days" or asked.days == 0)]
        faults += [Message(NOT_QUICK[option]) for option in against]
    return faults


def spoken(code: str | None) -> tuple[Language, list[str]]:
    """The language asked for, and what is wrong with it."""
    try:
        return choose_language(code), []
    except CaseError as error:
        return Language(), list(error.complaints)


def goal_of(target: str | None, by: int | None, milestones: Sequence[str]) -> tuple[GoalRequest, list[str]]:
    """The goal asked for, and what is wrong with its milestones."""
    steps: list[tuple[str, int]] = []
    faults: list[str] = []
    for text in milestones:
        stage, _, year = text.partition("=")
        if not re.fullmatch("[0-9]{4}", year.strip()):
            faults.append(Message("--milestone {text}: is not STAGE=YEAR, e.g. low-carbon=2027", text=text))
        else:
            steps.append((stage.strip(), int(year)))
    return GoalRequest(target, by, tuple(steps)), faults


#: Options that may stand beside --rerun.
BESIDE_RERUN = (
    "rerun",
    "out",
    "language",
    "as_json",
    "quiet",
    "details",
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
    """A repeated run (`--rerun`) keeps its options; only the output and how it is shown may be given.

    Raises CaseError where another is given.
    """
    given = [word for word, param in given_options(context).items() if param not in BESIDE_RERUN]
    if given:
        raise CaseError.because("--rerun: repeats a run as it was; leave out {given}", given=", ".join(given))


#: Commands of before -> what they are now.
RENAMED = {
    "profiles load": "import meter",
    "profiles shape": "import shape",
    "profiles sessions": "import sessions",
    "profiles pv": "import weather pv",
    "profiles wind": "import weather wind",
    "profiles temperature": "import weather temperature",
    "profiles heat-pump": "import weather heat-pump",
    "profiles": "import",
    "bills": "import bill",
    "tariff": "import tariff",
    "costs": "import costs",
    "baseline": "check --baseline",
    "application": "report --form",
    "worth": "explain --projects",
    "why-not": "explain --not-chosen",
    "limits": "explain --rules",
    "watch": "explain --signs",
    "check --rank": "what-if --assumed",
    "sensitivity": "what-if",
    "stress": "what-if --in-futures",
    "abatement": "frontier --abatement",
}


class Commands(TyperGroup):
    """Commands; another option is never taken for a value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments as they are meant."""
        return super().parse_args(ctx, up_to_missing(self, args))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called; one of before answers with what it is now."""
        for old, new in RENAMED.items():
            first, *more = old.split()
            if args[0] == first and {*more} <= {*args}:
                tell(Message("plan {old} is now plan {new}", old=old, new=new))
                raise typer.Exit(CaseError.exit_code)
        return super().resolve_command(ctx, args)


def up_to_missing(command: Any, args: Sequence[str]) -> list[str]:
    """All arguments; where an option is followed by another option in place of its value, only those up to the first of the two.

    Click would take the other option for the value: `--out --quiet` would write a folder of that name. Where nothing
    follows, it says that the value is missing.
    """
    i = 0
    while i + 1 < len(args):
        options = [param for param in command.params if param.param_type_name == "option"]
        valued = {name for option in options if not (option.is_flag or option.count) for name in option.opts}
        if args[i] in valued:
            if args[i + 1] in {"--help", *(name for option in options for name in (*option.opts, *option.secondary_opts))}:
                return list(args[: i + 1])
            i += 1
        else:
            command = (getattr(command, "commands", None) or {}).get(args[i], command)
        i += 1
    return list(args)


# --- help ------------------------------------------------------------------------------------------------------------------
# Help in the language of the person: texts of commands and options, and the words around them.
#
# What the command line itself refuses, in the language of the person: an option that is none, a number that is none.

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
