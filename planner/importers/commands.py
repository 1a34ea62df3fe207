"""The commands of `plan import`, made of what subjects declare: parse, read, show what was recognised, take it.

What computes is imported as a command runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import CaseError
from planner.importers.dialect import Answers, dialect_text, line_of
from planner.importers.subjects import SUBJECTS, WEATHER, AnswerKey, FileKind
from planner.language.language import choose_language, mark
from planner.language.message import Message
from planner.process.terminal import stdout, tell

if TYPE_CHECKING:
    import numpy as np

    from planner.importers.profile import Profile, Proposal
    from planner.language.language import Language

NOT_YET = mark("Nothing is written yet: look it through, then say --take.")
RECOGNISED = mark("How it is read, kept in {path} for the next file: {lines}")
KEPT = mark("As {path} says: {lines}")
ANSWERS = mark("lines of {path} that would answer, for example: {lines}")


def group(words: str) -> typer.Typer:
    """A group of commands, with what it is for."""
    return typer.Typer(
        help=words, add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def import_commands() -> typer.Typer:
    """`plan import` with a command a subject."""
    app, sky = (
        group("Bring meters, weather, bills, tariffs and costs into a park."),
        group("Profiles of sun, wind, temperature and heat pumps from weather files."),
    )
    for subject in SUBJECTS:
        app.command(name=subject.name)(command_of(subject))
    for subject in WEATHER:
        sky.command(name=subject.name)(command_of(subject))
    app.add_typer(sky, name="weather")
    return app


def command_of(subject: FileKind) -> Callable[..., None]:
    """The command of a subject as Typer reads it: by signature and annotations."""

    def own(**given: Any) -> None:
        run(subject, given)

    of = list[Path] if subject.several else str if subject.is_text else Path
    parameters = [
        Parameter(subject.argument, Parameter.KEYWORD_ONLY, annotation=Annotated[of, typer.Argument(help=subject.of_argument)])
    ]
    parameters += [_option(key) for key in subject.keys]
    own.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    own.__annotations__ = {p.name: p.annotation for p in parameters}
    own.__name__, own.__doc__ = subject.name, subject.words
    return own


def _option(key: AnswerKey) -> Parameter:
    names = [f"--{key.name}/--{key.no}" if key.no else f"--{key.name}"]
    kind: Any = key.kind if key.given not in (None, ...) or key.given is ... else key.kind | None
    kind, default = (list[key.kind] | None, None) if key.several else (kind, Parameter.empty if key.given is ... else key.given)  # type: ignore[name-defined]
    return Parameter(
        key.parameter, Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, typer.Option(*names, help=key.words)]
    )


def run(subject: FileKind, given: dict[str, Any]) -> None:
    """Read a file and show what it would bring; write it where that is asked. Raises CaseError with all that has to be said."""
    from planner.importers.profile import Questions, Told
    from planner.importers.write import stem_of

    language = choose_language(given.get("language"))
    argument = given.pop(subject.argument)
    files = argument if subject.several else [argument]
    title = str(given.get(subject.named) or stem_of(Path(files[0]))).replace("*", "all")
    answers, told = (
        Answers(subject, {key: ([] if value is None and key in ("add", "less") else value) for key, value in given.items()}, title),
        Told(),
    )
    if faults := answers.faults():
        raise CaseError(faults)
    if answers.used:
        told.say(KEPT, path=answers.path, lines=", ".join(line_of(key, value) for key, value in answers.used.items()))
    module, _, name = subject.reader.partition(":")
    try:
        proposal: Proposal | None = getattr(import_module(module), name)(files if subject.several else files[0], answers, told)
    except Questions as asked:
        if answers.path is None:
            raise
        kept = {key.name for key in subject.keys if key.is_kept}
        lines = ", ".join(line_of(key, example) for key, example in asked.examples.items() if key in kept)
        raise CaseError([*asked.complaints, Message(ANSWERS, path=answers.path, lines=lines)]) from asked
    if proposal is not None:
        finish(proposal, answers, Path(files[0]).name, language)


def finish(proposal: Proposal, answers: Answers, file: str, language: Language) -> None:
    """Show a proposal, and write it: into the park where it is taken, or into the file that is named."""
    from planner.importers.write import beside_bills, check_proposal, other_calendars, put, take, write_text

    values, profiles, park = answers.values, proposal.profiles, answers.values["park"]
    is_of_park, replace, written = proposal.file is None, bool(values.get("replace")), list[Path]()
    is_taken = is_of_park and bool(values["take"])
    if is_of_park:
        check_proposal(proposal, park, replace)
    elif proposal.file is not None:
        written = [write_text(proposal.file, proposal.alone, replace)]
    kept = answers.text(proposal.notes.recognised)
    if is_taken:
        written = take(proposal, park, replace, language)
        if answers.path is not None and kept:
            answers.path.parent.mkdir(exist_ok=True)
            put(answers.path, dialect_text(kept, file))
    if proposal.shown is not None:
        stdout.print(proposal.shown)
    quiet, is_demand = bool(values.get("quiet")), bool(values.get("demand"))
    for line in proposal.notes.sentences(language, quiet) if not profiles or profiles[0].told is not proposal.notes else ():
        tell(f"{proposal.title}: {line}" if proposal.title else line, stdout)
    for profile in profiles:
        for line in _lines(profile, language, quiet, is_demand):
            tell(line, stdout)
        for line in beside_bills(profile, park, language) if profile.demand else ():
            tell(f"{profile.name}: {line}", stdout)
    for path in written:
        tell(str(path), stdout)
    if profiles and profiles[0].first_weekday is not None:
        for name in other_calendars(park, profiles[0].first_weekday):
            tell(language.translate("warning: profile {name} was made for another first_weekday; make it again", name=name))
    if is_of_park and not is_taken:
        if kept and answers.path is not None:
            lines = ", ".join(line_of(key, value) for key, value in kept.items())
            tell(language.translate(RECOGNISED, path=answers.path, lines=lines), stdout)
        tell(language.translate(NOT_YET), stdout)


def _lines(profile: Profile, language: Language, quiet: bool, is_written: bool) -> list[str]:
    """What was done, the peaks, and the row of demand.csv where it is not written; `quiet`: only what should be looked at."""
    say = language.translate
    lines = [f"{profile.name}: {text}" for text in profile.told.sentences(language, quiet)]
    if quiet:
        return lines
    shown = {
        "months": bars(profile.values.reshape(365, 24)[:360].reshape(12, -1)),
        "hours": bars(profile.values.reshape(365, 24).T),
    }
    lines.append(f"{profile.name}: {say('Months of the year {months}, hours of the day {hours}, by their means', **shown)}")
    if profile.peaks:
        peaks = "; ".join(f"{p.month}: {language.amount(p.interval)} / {language.amount(p.hour)}" for p in profile.peaks)
        minutes, ratio = profile.facts.get("minutes"), f"{profile.peak_ratio or 1:.4f}"
        lines.append(say("Peaks by month [MW], of {minutes} minutes / of hourly means: {peaks}", minutes=minutes, peaks=peaks))
        words = mark("Where demand is billed on means of {minutes} minutes, multiply demand_charge by {ratio}.")
        lines.append(say(words, minutes=minutes, ratio=ratio))
    if profile.demand and not is_written:
        row = profile.demand
        lines += [say("Row of demand.csv:"), "  " + ",".join(row), "  " + ",".join(str(v) for v in row.values())]
    return lines


def bars(parts: np.ndarray) -> str:
    """The means of parts (n, m) as n bars, from 0 or the lowest to the highest: a picture for a console."""
    means = parts.mean(axis=1)
    low, high = min(0.0, float(means.min())), float(means.max())
    return "".join("▁▂▃▄▅▆▇█"[round(7 * (m - low) / (high - low)) if high > low else 0] for m in means.tolist())


def check_output(answers: Answers, names: Sequence[str]) -> None:
    """Raise CaseError, before anything is read, where the park cannot get profiles of these names."""
    from planner.importers.write import check_names, check_park

    check_names(names)
    check_park(answers.park, names, answers.replace)


def weekday_of(answers: Answers, asked: int | None = None) -> int:
    """Weekday of the park's 1 January. Raises CaseError where another is asked for."""
    from planner.importers.write import weekday_of_park

    if asked is not None and not 0 <= asked <= 6:
        raise CaseError.because("--first-weekday {asked}: is not 0 (Monday) to 6 (Sunday)", asked=asked)
    own = weekday_of_park(answers.park)
    if asked not in (None, own):
        words = mark(
            "--first-weekday {asked}: the park says {own}, and all its profiles share one calendar; change it in park.toml"
        )
        raise CaseError.because(words, asked=asked, own=own)
    return own
