"""Options that every command of `plan import` has, and where a finished profile goes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.language.language import Language, choose_language
from planner.language.message import Message
from planner.process.terminal import stderr, stdout, tell

if TYPE_CHECKING:
    from planner.importers.profile import Profile


#: What `--decimal` may be.
DECIMALS = ("comma", "point")
Name = Annotated[str | None, typer.Option(help="Name of the profile; left out: that of the file.")]
Park = Annotated[Path | None, typer.Option(help="Park folder whose profiles.csv gets the profile as a column.")]
Replace = Annotated[bool, typer.Option("--replace", help="Overwrite a column or file of that name.")]
Out = Annotated[Path | None, typer.Option(help="CSV file to write; left out, and without --park: to stdout.")]
Picture = Annotated[Path | None, typer.Option(help="SVG file for the picture, where neither --park nor --out is given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
Spoken = Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")]
Decimal = Annotated[str, typer.Option(help="comma or point: sign of the decimals, where both would do.")]
Despite = Annotated[bool, typer.Option("--despite-heading", help="What --unit says holds, whatever the file says.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say only what should be looked at, and what was written.")]


def commands(words: str) -> typer.Typer:
    """A group of commands, with what it is for."""
    return typer.Typer(
        help=words, add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def capacity_of(text: str) -> float | None:
    """MW of a capacity such as `500kWp`, 0 of none; None of what is no capacity."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kM]W)(?:p|_?peak|el|AC|DC)?", text.strip())
    if not text.strip():
        return 0.0
    return float(found[1]) / (1000 if found[2] == "kW" else 1) if found and float(found[1]) > 0 else None


def choice_of(option: str, value: str, choices: tuple[str, ...]) -> list[str]:
    """What is wrong with an option that is none of its choices."""
    return (
        [Message("{option} {value}: is none of {choices}", option=option, value=value, choices=", ".join(choices))]
        if value and value not in choices
        else []
    )


def within(option: str, value: float | None, least: float, most: float) -> list[str]:
    """What is wrong with a number that is asked for and lies outside."""
    if value is None or least <= value <= most:
        return []
    shown = {"value": f"{value:g}", "least": f"{least:g}", "most": f"{most:g}"}
    return [Message("{option} {value}: is not within {least} to {most}", option=option, **shown)]


def above_zero(option: str, value: float | None, most: float = 1e9) -> list[str]:
    """What is wrong with a number that is asked for and is 0 or less, or far too large."""
    if value is None or 0 < value < most:
        return []
    return [Message("{option} {value}: is not above {least}", option=option, value=f"{value:g}", least="0")]


# --- what is written -------------------------------------------------------------------------------------------------------
# Where a finished profile goes, and what is printed of it.

#: The table of demands, and what tells its rows apart.
DEMAND, DEMAND_KEY = "demand.csv", ("demand", "year")


@dataclass(frozen=True)
class ProfileOutput:
    """Where profiles are written to: a park's profiles.csv, a file, or stdout."""

    park: Path | None
    out: Path | None
    picture: Path | None
    replace: bool
    as_json: bool
    code: str | None
    quiet: bool = False
    is_demand: bool = False

    def language(self) -> Language:
        """The language asked for. Raises CaseError for one that is not there."""
        return choose_language(self.code)

    def weekday(self, asked: int | None) -> tuple[int | None, list[str]]:
        """(weekday of 1 January, faults): the one asked for, else the park's; None where neither says one."""
        if asked is not None and not 0 <= asked <= 6:
            return None, [Message("--first-weekday {asked}: is not 0 (Monday) to 6 (Sunday)", asked=asked)]
        if self.park is None:
            return asked, []
        from planner.importers.write import weekday_of_park

        own = weekday_of_park(self.park)
        if asked is not None and asked != own:
            return None, [
                Message(
                    "--first-weekday {asked}: the park says {own}, and all its profiles share one calendar; change it in park.toml",
                    asked=asked,
                    own=own,
                )
            ]
        return own, []

    def check(self, names: Sequence[str]) -> None:
        """Raise CaseError, before anything is read, where what is to be written cannot be."""
        from planner.importers.write import check_names, check_park
        from planner.park.folder import check_beside

        self.language()
        check_names(names)
        if self.is_demand and self.park is None:
            raise CaseError.because("--demand: writes into a park's demand.csv; say --park, too")
        if self.park is not None and self.out is not None:
            raise CaseError.because("--park, --out: contradict each other; give one")
        if self.park is not None:
            check_park(self.park, names, self.replace)
        if self.picture is not None and self.picture.suffix.lower() != ".svg":
            raise CaseError.because("--picture {path}: is no .svg", path=self.picture)
        for path in (self.out, self.picture):
            if path is not None:
                check_beside(path)
            if path is not None and path.exists() and not self.replace:
                raise CaseError.because("{path}: is there already; choose another name, or say --replace", path=path)


def stem_of(path: Path) -> str:
    """The name of a file without its ending, as a profile may be named."""
    return re.sub(r'[\s,;\\:*?"<>|]+', "_", path.stem.strip()).lstrip("=+-@.")[:60].strip(". ") or "profile"


def finish(profiles: Sequence[Profile], output: ProfileOutput) -> None:
    """Write the profiles and print what was done: to stdout, or to stderr where the profiles themselves go to stdout."""
    from planner.importers.write import (
        beside_bills,
        check_rows,
        other_calendars,
        put,
        put_rows,
        report,
        table_text,
        write_into,
        write_table,
    )

    language = output.language()
    written: list[Path] = []
    if output.park is not None:
        rows = [profile.demand for profile in profiles] if output.is_demand else []
        if rows:
            check_rows(output.park / DEMAND, DEMAND_KEY, rows, output.replace)
        written = write_into(output.park, profiles, output.replace, language)
        if rows:
            written.append(put_rows(output.park / DEMAND, DEMAND_KEY, rows, output.replace))
    elif output.out is not None:
        written = write_table(output.out, profiles, output.replace, language)
    if output.picture is not None:
        from planner.importers.pictures import picture

        put(output.picture, picture(profiles[0], language))
        written.append(output.picture)
    to_stdout = output.park is None and output.out is None and not output.as_json
    if output.as_json:
        reports = [report(profile, language) for profile in profiles]
        tell(json.dumps(reports[0] if len(reports) == 1 else reports, ensure_ascii=False), stdout)
    console = stderr if to_stdout or output.as_json else stdout
    for profile in profiles:
        for line in _lines(profile, language, output.quiet, output.is_demand):
            tell(line, console)
        for line in beside_bills(profile, output.park, language) if output.park is not None and profile.demand else ():
            tell(f"{profile.name}: {line}", console)
    for path in written:
        tell(str(path), console)
    if output.park is not None and profiles[0].first_weekday is not None:
        for name in other_calendars(output.park, profiles[0].first_weekday):
            tell(language.translate("warning: profile {name} was made for another first_weekday; make it again", name=name))
    if to_stdout:
        import typer

        typer.echo(table_text(profiles), nl=False)


def _lines(profile: Profile, language: Language, quiet: bool, is_written: bool) -> list[str]:
    """What was done, the peaks, and the row of demand.csv where it is not written; `quiet`: only what should be looked at."""
    say = language.translate
    lines = [f"{profile.name}: {text}" for text in profile.told.sentences(language, quiet)]
    if quiet:
        return lines
    if profile.peaks:
        peaks = "; ".join(f"{p.month}: {language.amount(p.interval)} / {language.amount(p.hour)}" for p in profile.peaks)
        minutes = profile.facts.get("minutes")
        lines.append(say("Peaks by month [MW], of {minutes} minutes / of hourly means: {peaks}", minutes=minutes, peaks=peaks))
        ratio = f"{profile.peak_ratio or 1:.4f}"
        lines.append(
            say(
                "Where demand is billed on means of {minutes} minutes, multiply demand_charge by {ratio}.",
                minutes=minutes,
                ratio=ratio,
            )
        )
    if profile.demand and not is_written:
        row = profile.demand
        lines += [say("Row of demand.csv:"), "  " + ",".join(row), "  " + ",".join(str(v) for v in row.values())]
    return lines
