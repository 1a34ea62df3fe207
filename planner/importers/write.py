"""What is written into a park and beside it: rows of its tables, profiles with pictures and reports."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from models.case import Park, Port, Supply, Technology
from models.errors import CaseError
from models.units import UnitError, yearly_factor
from planner.importers.pictures import picture
from planner.importers.profile import HOURS, WEEKDAYS, Profile, Proposal
from planner.importers.source import of_each
from planner.language.language import ENGLISH, Language, mark
from planner.language.message import Message
from planner.park.book import is_book, opened
from planner.park.case import fill
from planner.park.complaints import Complaints, is_no
from planner.park.draft import Draft, understand_rows
from planner.park.fields import check_file_name
from planner.park.folder import check_beside, check_folder, read_tables
from planner.park.park import read_park
from planner.park.remarks import EXAMPLE
from planner.tables.place import write_file


def put(path: Path, content: str | bytes) -> None:
    """Write a file whole, then put it in its place. Raises CaseError where the folder cannot be written to."""
    write_file(path, str(path), content, lambda _: True)


def table_of(path: Path, is_even: bool = False) -> tuple[list[str], list[dict[str, str]]]:
    """(columns, rows) of a table; nothing where there is none. Raises CaseError where it cannot be read, where a row has more cells
    than the heading and, of a table that has to be even, fewer."""
    if not path.exists():
        return [], []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
    except (OSError, UnicodeError, csv.Error) as error:
        raise CaseError.because("{path}: cannot be read ({error}); mend it first", path=path, error=error) from error
    for line, row in enumerate(rows, start=2):
        if None in row or (is_even and None in row.values()):
            words = mark(
                "{path}: line {line}: has another number of cells than the heading; mend it first (`plan check` tells more)"
            )
            raise CaseError.because(words, path=path, line=line)
    return list(reader.fieldnames or ()), [{name: cell or "" for name, cell in row.items()} for row in rows]


def _key(row: Mapping[str, object], key: Sequence[str]) -> tuple[str, ...]:
    """What tells a row apart; a price without an item is one of energy."""
    return tuple(str(row.get(name, "")) or ("energy" if name == "item" else "") for name in key)


def check_rows(path: Path, key: Sequence[str], rows: Sequence[Mapping[str, object]], replace: bool) -> None:
    """Raise CaseError where the table has a row of the same key that is no example, and it is not to be replaced."""
    known = {_key(row, key) for row in table_of(path)[1] if not row.get("source", "").startswith(EXAMPLE)}
    taken = dict.fromkeys(own for row in rows if (own := _key(row, key)) in known)
    if taken and not replace:
        words = mark("{path}: has a row of {name} already; say --replace, or choose another name")
        raise CaseError([Message(words, path=path, name=" ".join(own).strip()) for own in taken])


def put_rows(
    path: Path,
    key: Sequence[str],
    rows: Sequence[Mapping[str, object]],
    replace: bool,
    instead: Sequence[Mapping[str, object]] = (),
) -> Path:
    """Put rows into a table, in place of those with the same key, or with one of `instead`. Raises CaseError as `check_rows`."""
    check_rows(path, key, rows, replace)
    columns, there = table_of(path)
    new = [{name: str(value) for name, value in row.items()} for row in rows]
    keys = {_key(row, key) for row in (*new, *instead)}
    kept = [row for row in there if _key(row, key) not in keys]
    names = [*columns, *dict.fromkeys(name for row in new for name in row if name not in columns)]
    if kept != there or new:
        put(path, csv_text(names, [*kept, *new]))
    return path


def csv_text(columns: Collection[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV under these columns; a cell that a row lacks is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@dataclass(frozen=True)
class Unfinished:
    """What importers need of a park, finished or not: its money and calendar, supplies and equipment; `faults` of their rows."""

    park: Park
    supplies: tuple[Supply, ...]
    technologies: tuple[Technology, ...]
    ports: tuple[Port, ...]
    faults: tuple[str, ...] = ()

    def supply(self, name: str) -> Supply:
        """The supply of a name. Raises CaseError where there is none."""
        found = next((supply for supply in self.supplies if supply.supply == name), None)
        if found is None:
            missing = is_no("--supply", name, Message("supply of the park"), [s.supply for s in self.supplies])
            row = Message("of what is bought supplies.csv needs a row first: supply, carrier, kind, scope, fuel; then import again")
            raise CaseError(self.faults or [missing, row])
        return found


def read_unfinished(park: Path) -> Unfinished:
    """A park whatever else is still missing of it. Raises CaseError where park.toml cannot be read."""
    draft = Draft(Complaints())
    with opened(park) as book:
        check_folder(book.folder)
        draft.park = read_park(book.folder, draft.complaints)
        if draft.park is None:
            raise CaseError(draft.complaints.lines())
        read_tables(book.folder, (), draft)
        fill(draft, None)
        understand_rows(draft)
    wrong = tuple(line for line in draft.complaints.lines() if line.startswith(f"{Supply.table}.csv"))
    supplies, technologies, ports = draft.rows(Supply), draft.rows(Technology), draft.rows(Port)
    return Unfinished(draft.park, tuple(supplies), tuple(technologies), tuple(ports), wrong)


def stem_of(path: Path) -> str:
    """The name of a file without its ending, as a profile may be named."""
    return re.sub(r'[\s,;\\:*?"<>|]+', "_", path.stem.strip()).lstrip("=+-@.")[:60].strip(". ") or "profile"


# --- a proposal taken ------------------------------------------------------------------------------------------------------


def check_proposal(proposal: Proposal, park: Path, replace: bool) -> None:
    """Raise CaseError with all of a proposal that is in the park already, where it is not to be replaced."""
    names = [profile.name for profile in proposal.profiles]
    checks = [partial(check_names, names), partial(check_park, park, names, replace)] if names else []
    checks += [partial(check_rows, park / r.table, r.key, [*r.rows, *r.instead], replace or r.is_change) for r in proposal.rows]
    of_each(checks, lambda check: check())


def take(proposal: Proposal, park: Path, replace: bool, language: Language) -> list[Path]:
    """Put a proposal into the park, after all of it is checked; gives the files."""
    check_proposal(proposal, park, replace)
    files = write_into(park, proposal.profiles, replace, language) if proposal.profiles else []
    return [*files, *(put_rows(park / r.table, r.key, r.rows, True, r.instead) for r in proposal.rows)]


# --- profiles --------------------------------------------------------------------------------------------------------------

FILE = "profiles.csv"
#: Hours of the profiles of one day, which may stand for every day of a year.
DAY = 24
#: Folder of a park in which pictures and reports of its profiles stand.
BESIDE = "profiles"


def check_names(names: Iterable[str]) -> None:
    """Raise CaseError for a name that no profile may have."""
    faults = [Message("--name hour: is the column that numbers the hours")] if "hour" in [*names] else []
    for name in names:
        try:
            check_file_name(name)
        except ValueError as error:
            faults.append(Message("{place}: {words}", place=f"--name {name!r}", words=error.args[0]))
    if faults:
        raise CaseError(faults)


def weekday_of_park(park: Path) -> int:
    """`first_weekday` of a park, 0 where it states none. Raises CaseError where it cannot be read."""
    path = park / "park.toml"
    if is_book(park):
        raise CaseError.because(
            "{park}: is a workbook, and a profile is a column of a park folder; `plan new DIR --from {park}` makes one of it",
            park=park,
        )
    if not path.is_file():
        raise CaseError.because("{park}: is no park folder, it has no park.toml (`plan new DIR` starts one)", park=park)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("first_weekday", 0)
    except (tomllib.TOMLDecodeError, UnicodeError, OSError) as error:
        raise CaseError.because("{path}: cannot be read ({error})", path=path, error=error) from error
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= 6:
        raise CaseError.because("{path}: first_weekday = {found}: is not 0 (Monday) to 6 (Sunday)", path=path, found=found)
    return found


def check_park(park: Path, names: Sequence[str], replace: bool) -> None:
    """Raise CaseError where the profiles cannot be put into the park's profiles.csv."""
    weekday_of_park(park)
    columns, rows = table_of(park / FILE, is_even=True)
    if columns and "hour" not in columns:
        raise CaseError.because("{path}: has no column 'hour'; mend it first (`plan check` tells more)", path=park / FILE)
    if not replace and (there := [name for name in names if name in columns]):
        words = mark("{file}: has a column {name} already; choose another --name, or say --replace")
        raise CaseError([Message(words, file=park / FILE, name=repr(name)) for name in there])
    if rows and len(rows) not in (DAY, HOURS):
        words = mark("{file}: has {count} hours and is of a stylised park; {needed} are needed beside a profile of a year")
        raise CaseError.because(words, file=park / FILE, count=len(rows), needed=HOURS)


def write_into(park: Path, profiles: Sequence[Profile], replace: bool, language: Language = ENGLISH) -> list[Path]:
    """Put the profiles into the park: columns of profiles.csv, pictures and reports beside; gives what was written.

    The table is written whole and then put in place, so that it is never half a table. Every other column stays as it is
    to the letter; where the park has the profiles of one day only, that day is repeated over the year. Raises CaseError as
    `check_park`.
    """
    check_park(park, [p.name for p in profiles], replace)
    path = park / FILE
    columns, rows = table_of(path, is_even=True)
    if len(rows) in (0, DAY):
        rows = [{**(rows[hour % DAY] if rows else {}), "hour": str(hour)} for hour in range(HOURS)]
    for profile in profiles:
        for row, value in zip(rows, profile.values, strict=True):
            row[profile.name] = _cell(value)
    put(path, csv_text(dict.fromkeys([*(columns or ["hour"]), *(p.name for p in profiles)]), rows))
    folder = park / BESIDE
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise CaseError.because("{folder}: cannot be made ({error})", folder=folder, error=error.strerror) from error
    written = [path]
    for profile in profiles:
        report_of = json.dumps(report(profile, language), indent=1, ensure_ascii=False) + "\n"
        for ending, content in (("svg", picture(profile, language)), ("json", report_of)):
            put(folder / f"{profile.name}.{ending}", content)
            written.append(folder / f"{profile.name}.{ending}")
    return written


def write_text(path: Path, text: str, replace: bool) -> Path:
    """Write a table of its own. Raises CaseError where that would overwrite something, or stand among the tables of a park."""
    check_beside(path)
    if path.exists() and not replace:
        raise CaseError.because("{out}: is there already; choose another --out, or say --replace", out=path)
    if not path.absolute().parent.is_dir():
        raise CaseError.because("{out}: the folder {parent} does not exist", out=path, parent=path.absolute().parent)
    put(path, text)
    return path


def report(profile: Profile, language: Language = ENGLISH) -> dict[str, object]:
    """What is known of a profile: figures, calendar, peaks, the row of demand.csv, and what was done."""
    facts: dict[str, object] = {"profile": profile.name, "unit": profile.unit}
    if profile.first_weekday is not None:
        facts |= {"first_weekday": profile.first_weekday, "first_day": WEEKDAYS[profile.first_weekday]}
    facts |= profile.facts
    if profile.demand:
        facts["demand_row"] = profile.demand
    if profile.peaks:
        facts["peak_ratio"] = round(profile.peak_ratio or 1.0, 4)
        facts["peaks_mw"] = [{"month": p.month, "interval": round(p.interval, 6), "hour": round(p.hour, 6)} for p in profile.peaks]
    facts["done"] = profile.told.sentences(language)
    return facts


def other_calendars(park: Path, first_weekday: int) -> list[str]:
    """Names of profiles of the park that were made to start on another weekday."""
    found = []
    for path in sorted((park / BESIDE).glob("*.json")):
        try:
            other = json.loads(path.read_text(encoding="utf-8")).get("first_weekday")
        except (OSError, ValueError, AttributeError):
            continue
        if other is not None and other != first_weekday:
            found.append(path.stem)
    return found


def _cell(value: float) -> str:
    """Six significant figures, without an exponent."""
    text = f"{value:.6g}"
    return text if "e" not in text else f"{value:.9f}".rstrip("0").rstrip(".")


# --- beside the bills ------------------------------------------------------------------------------------------------------
# What a park's bills say of the energy that a meter read: a slip of unit, interval or multiplier shows there first.

#: Readings may differ so much from a bill that is of the same: other days of reading, losses of a transformer.
APART = 0.03
#: A factor that is a slip is met so nearly.
NEAR = 0.04
THOUSAND = mark("a factor of 1000: kW or kWh beside MW or MWh")
INTERVAL = mark("the intervals of an hour: a power read as energy, or energy read as power; see --unit")
MULTIPLIER = mark("the multiplier that the file states; see --times")


def beside_bills(profile: Profile, park: Path, language: Language) -> list[str]:
    """What the bills of the profile's year say of its energy; nothing where the park has none of its carrier."""
    carrier, year = profile.demand.get("carrier"), profile.demand.get("year")
    energy = float(str(profile.facts.get("energy_mwh", 0.0)))
    supplies = {row.get("supply", "") for row in table_of(park / "supplies.csv")[1] if row.get("carrier") == carrier}
    billed = 0.0
    for row in table_of(park / "bills.csv")[1]:
        if row.get("supply") in supplies and row.get("year") == str(year):
            try:
                billed += float(row.get("value", "")) * yearly_factor(row.get("unit") or "MWh", "MWh")
            except (ValueError, UnitError):
                return []
    if billed <= 0 or energy <= 0:
        return []
    ratio = energy / billed
    words = {"energy": language.number(energy), "billed": language.number(billed), "carrier": str(carrier), "year": year}
    told = language.translate(
        "{energy} MWh, and the bills of {carrier} in {year} come to {billed} MWh ({share})", share=f"{ratio:.1%}", **words
    )
    if abs(ratio - 1) <= APART:
        return [told]
    if hint := _hint(ratio, profile):
        return [language.translate("look at this: {sentence}; that is {hint}", sentence=told, hint=language.translate(hint))]
    return [language.translate("look at this: {sentence}", sentence=told) if ratio > 1 else told]


def _hint(ratio: float, profile: Profile) -> str:
    """What a ratio of readings to bills is the mark of; '' where it may well be that of a part of the site."""
    minutes, stated = float(str(profile.facts.get("minutes", 60))), float(str(profile.facts.get("multiplier", 1.0)))
    hints = ((60 / minutes, INTERVAL), (stated, MULTIPLIER), (1000.0, THOUSAND))
    near = (hint for by, hint in hints if by > 1 and any(abs(ratio / own - 1) <= NEAR for own in (by, 1 / by)))
    return next(near, "")
