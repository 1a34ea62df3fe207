"""application.toml: what only a person can say of a park, read and checked; every fault is one line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.case import Case, Origin
from models.errors import CaseError, printable
from models.inputs.finance import resolve_standard
from planner.answer import series
from planner.answer.purchase import Titles, titled, titles_of
from planner.answer.standing_words import titled as titled_standard
from planner.answer.summary import PROPOSAL
from planner.application.baseline import BILLS, OPERATION, OWN, PROCESS, Entry, Inventory
from planner.application.document import DocumentDraft, Source
from planner.export.load import Loaded
from planner.language.language import NONE, Language, mark
from planner.language.message import Message
from planner.language.words import CARRIERS, named
from planner.park.complaints import Complaints, is_no
from planner.park.faults import KEY_OF, of
from planner.park.settings import Toml, read_toml
from planner.plan import TARGET
from planner.tables.output import Output, Tables

FILE = "application.toml"
#: Years of which energy and CO2 are told: the base year and those before it.
YEARS = 3
#: Longest text.
MOST_LETTERS = 2_000
#: Tables of texts, and their keys.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "applicant": ("body", "authority", "contact", "telephone", "date"),
    "park": ("title", "location", "area", "boundary", "industries", "enterprises", "output", "feedstock"),
    "tasks": ("energy", "efficiency", "industry", "resources", "infrastructure", "technology", "management", "reform"),
    "indices": ("product_energy", "solid_waste", "residual_heat", "water"),
    "safeguards": ("organisation", "policy", "funding", "operation", "monitoring", "risk"),
}
#: Keys of a [[project]] that are texts.
PROJECT = ("title", "owner", "content", "period", "progress", "meaning")
#: Keys of a [[year]] that are numbers: tce, t CO2.
YEAR = ("energy", "co2")


@dataclass(frozen=True)
class Details:
    """What application.toml says.

    texts     (table, key) -> text
    owners    owner of technologies.csv -> who that is
    projects  project of the plan -> key -> text
    years     year -> key of YEAR -> number
    """

    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    years: Mapping[int, Mapping[str, float]] = field(default_factory=dict)


def read_details(
    path: Path | None,
    park: Path,
    projects: Sequence[str],
    owners: Sequence[str],
    base_year: int,
    of_forms: Iterable[tuple[str, str]] = (),
) -> Details:
    """Read the file that is named, or that of the park's folder; nothing where the folder has none.

    projects  names that a [[project]] may have
    owners    names that [owners] may have
    of_forms  (table, key) of texts that forms ask for beside TEXTS

    Raises CaseError with every fault.
    """
    if path is None:
        path = park / FILE
        if not os.path.lexists(path):
            return Details()
    complaints = Complaints()
    toml = read_toml(path, complaints)
    found = Details() if toml is None else _read(toml, projects, owners, base_year, complaints, _texts(of_forms))
    if len(complaints):
        raise CaseError(list(complaints.lines()))
    return found


def _texts(of_forms: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Tables of texts and their keys, with those of the forms."""
    found = dict(TEXTS)
    for table, key in of_forms:
        found[table] = tuple(dict.fromkeys((*found.get(table, ()), key)))
    return found


def _read(
    toml: Toml,
    projects: Sequence[str],
    known_owners: Sequence[str],
    base_year: int,
    complaints: Complaints,
    known_texts: Mapping[str, tuple[str, ...]],
) -> Details:
    known = (*known_texts, "owners", "project", "year")
    texts: dict[tuple[str, str], str] = {}
    for key in toml.keys:
        if key not in known:
            complaints.add(toml.where(key), is_no("key", key, Message("table of {file}", file=FILE), known))
    for table, keys in known_texts.items():
        for key, value in _table(toml, table, complaints).items():
            if key not in keys:
                complaints.add(toml.where(key), is_no("key", key, Message(KEY_OF, place=f"[{table}]"), keys))
            elif (text := _text(toml, key, value, complaints)) is not None:
                texts[table, key] = text
    owners: dict[str, str] = {}
    for key, value in _table(toml, "owners", complaints).items():
        if key not in known_owners:
            words = is_no("key", printable(key), Message("owner of the park"), known_owners)
            complaints.add(toml.where(key, ("owners",)), of("[owners]", words))
        elif (text := _text(toml, key, value, complaints)) is not None:
            owners[key] = text
    own = dict(_projects(toml, projects, complaints))
    return Details(texts, owners, own, dict(_years(toml, base_year, complaints)))


def _table(toml: Toml, name: str, complaints: Complaints) -> dict[str, Any]:
    given = toml.keys.get(name, {})
    if isinstance(given, dict):
        return given
    complaints.add(toml.where(name), Message('{name}: is no table; write [{name}] and below it `key = "text"`', name=name))
    return {}


def _list(toml: Toml, name: str, complaints: Complaints) -> list[dict[str, Any]]:
    given = toml.keys.get(name, [])
    if isinstance(given, list) and all(isinstance(row, dict) for row in given):
        return given
    complaints.add(toml.where(name), Message("{name}: is no list of tables; write [[{name}]] above each", name=name))
    return []


def _text(toml: Toml, key: str, value: object, complaints: Complaints) -> str | None:
    if not isinstance(value, str):
        complaints.add(
            toml.where(key), Message("{key} = {value}: is no text; put it in quotes", key=key, value=printable(str(value)))
        )
    elif not value.strip():
        complaints.add(toml.where(key), Message("{key}: is empty; leave the key out where nothing is to be said", key=key))
    elif len(value) > MOST_LETTERS:
        complaints.add(
            toml.where(key),
            Message("{key}: has {count} characters; at most {most}", key=key, count=f"{len(value):,}", most=f"{MOST_LETTERS:,}"),
        )
    else:
        return "\n".join(printable(line, longest=None) for line in value.strip().splitlines())
    return None


def _projects(toml: Toml, known: Sequence[str], complaints: Complaints) -> Iterator[tuple[str, dict[str, str]]]:
    seen: set[str] = set()
    for n, row in enumerate(_list(toml, "project", complaints), start=1):
        name = row.get("name")
        where = _nth(toml, "project", n)
        if not isinstance(name, str):
            complaints.add(where, Message('[[project]] {n}: has no name; write `name = "…"`, a project of the plan', n=n))
        elif name not in known:
            complaints.add(where, of(f"[[project]] {n}", is_no("name", printable(name), Message("project of the plan"), known)))
        elif name in seen:
            complaints.add(where, Message("[[project]] {n}: name {name}: is stated twice", n=n, name=repr(name)))
        texts: dict[str, str] = {}
        for key, value in row.items():
            if key not in ("name", *PROJECT):
                complaints.add(
                    where, of(f"[[project]] {n}", is_no("key", key, Message(KEY_OF, place="[[project]]"), ("name", *PROJECT)))
                )
            elif key != "name" and (text := _text(toml, key, value, complaints)) is not None:
                texts[key] = text
        if isinstance(name, str):
            seen.add(name)
            yield name, texts


def _years(toml: Toml, base_year: int, complaints: Complaints) -> Iterator[tuple[int, dict[str, float]]]:
    seen: set[int] = set()
    first = base_year - YEARS + 1
    for n, row in enumerate(_list(toml, "year", complaints), start=1):
        year, where = row.get("year"), _nth(toml, "year", n)
        if type(year) is not int or not first <= year <= base_year:
            complaints.add(
                where,
                Message(
                    "[[year]] {n}: year {year}: is not within {first} to {base_year}",
                    n=n,
                    year=printable(str(year)),
                    first=first,
                    base_year=base_year,
                ),
            )
            year = 0
        elif year in seen:
            complaints.add(where, Message("[[year]] {n}: year {year}: is stated twice", n=n, year=year))
        numbers: dict[str, float] = {}
        for key, value in row.items():
            if key not in ("year", *YEAR):
                complaints.add(where, of(f"[[year]] {n}", is_no("key", key, Message(KEY_OF, place="[[year]]"), ("year", *YEAR))))
            elif key != "year":
                if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
                    complaints.add(where, f"[[year]] {n}: {key} = {printable(str(value))}: is no number of 0 or more")
                else:
                    numbers[key] = float(value)
        seen.add(year)
        yield year, numbers


def _nth(toml: Toml, name: str, n: int) -> Origin | str:
    """Line of the n-th table of a list."""
    lines = toml.lines_of(f"[[{name}]]")
    return Origin(toml.file, lines[n - 1]) if n <= len(lines) else toml.file


# --- told ------------------------------------------------------------------------------------------------------------------
# What the chapters are told from: the run, its park, what a person said, and the inventory of the years before the plan.

#: Most years that are the columns of a table.
MOST_YEARS = 6


@dataclass(frozen=True)
class YearBefore:
    """Energy and CO2 of a year before the plan; None where nobody knows.

    energy, co2          tce and t with the park's own factors
    ruled_energy, ruled  the same with those of the standard; None too where it fixes none
    origin               bills, operation (of the base year), details, or '' where nothing is known
    """

    energy: float | None = None
    co2: float | None = None
    ruled_energy: float | None = None
    ruled: float | None = None
    origin: str = ""


@dataclass(frozen=True)
class RunTold:
    """A run and all that is said beside it.

    inventory  None where the base year can neither be operated nor is billed
    """

    run: Loaded
    language: Language
    details: Details
    inventory: Inventory | None

    @property
    def case(self) -> Case:
        """The park."""
        return self.run.case

    @property
    def summary(self) -> Mapping[str, Any]:
        """What summary.json says."""
        return self.run.summary

    @cached_property
    def titles(self) -> Titles:
        """What things are called."""
        return titles_of(self.run.output, self.language)

    @cached_property
    def titled(self) -> Output:
        """The output with titles for names."""
        return titled(self.run.output, self.titles)

    @property
    def standard(self) -> str:
        """What the standard of the goal is called; of one that is this project's proposal that it is no official one."""
        found = self.summary.get("standing") or {"name": self.case.park.standard, "title_en": "", "title_zh": "", "rules": ()}
        name, own = titled_standard(self.language, found), {r["standing"] for r in found["rules"]} == {PROPOSAL}
        words = mark("{standard} (a proposal of this program, not an official standard)")
        return self.language.translate(words, standard=name) if own else name

    @cached_property
    def plans(self) -> Mapping[str, Tables]:
        """Tables of the plans, with titles for names."""
        return self.titled.plans

    @property
    def tables(self) -> Tables:
        """Tables of the target plan, as they were written."""
        return self.run.plans[TARGET]

    @property
    def by(self) -> int:
        """The year of the goal."""
        return int(self.summary["by"])

    @property
    def base_year(self) -> int:
        """The base year."""
        return self.case.park.base_year

    @cached_property
    def columns(self) -> list[int]:
        """Years of the plan that are shown: the first, those of the stages, the last, and some between."""
        years = self.run.output.years
        kept = {years[0], years[-1], *(year for _, year in self.run.output.steps if year in years)}
        for year in years:
            if year % 5 == 0 and len(kept) < MOST_YEARS:
                kept.add(year)
        return sorted(kept)

    @cached_property
    def money(self) -> tuple[str, float]:
        """Unit of money, and how much it is."""
        return self.language.money_unit(self.run.output.currency, self.summary["system_cost"])

    def in_money(self, value: float | None) -> str:
        """An amount in that unit, to ten thousand of the currency or finer."""
        return self.language.number(None if value is None else value / self.money[1], 2 if self.money[1] == 1e6 else 0)

    @cached_property
    def emissions(self) -> pd.DataFrame:
        """emissions.csv of the target plan, a column an item."""
        return series.over_years(self.tables["emissions"], "item")

    def past(self, year: int) -> YearBefore:
        """What is known of the base year or a year before it: what a person said, else bills, else the operation."""
        said = self.details.years.get(year, {})
        found = self.recorded(year)
        if said:
            co2, energy = said.get("co2", found.co2), said.get("energy", found.energy)
            return YearBefore(energy, co2, None, None, "details")
        return found

    def recorded(self, year: int) -> YearBefore:
        """What bills or the operation say of a year."""
        entries = self.entries(year)
        if not entries:
            return YearBefore()
        energy = sum(e.tce for e in entries) or None  # the park states no coal equivalent
        co2 = sum(getattr(e, self.case.park.accounting) for e in entries)
        kinds = {e.kind for e in entries}
        ruled = self._ruled(entries, year)
        return YearBefore(energy, co2, *ruled, BILLS if BILLS in kinds else OPERATION)

    def entries(self, year: int) -> Sequence[Entry]:
        """The inventory of a year; none where it says nothing of its energy."""
        entries = self.inventory.best(year) if self.inventory is not None else []
        return entries if any(e.kind in (BILLS, OPERATION) for e in entries) else []

    def _ruled(self, entries: Sequence[Entry], year: int) -> tuple[float | None, float | None]:
        """Energy and CO2 with the factors of the standard."""
        standard = resolve_standard(self.case, [year])
        if not standard.applies:
            return None, None
        basis, energy, co2 = self.case.park.accounting, 0.0, 0.0
        for e in entries:
            own = getattr(e, basis)
            factor = standard.factor.get((e.source, basis, year))
            co2 += own if factor is None else factor * e.energy
            each = standard.tce_electricity.get(year) if e.kind == OWN else standard.tce.get((e.source, year))
            energy += e.tce if each is None else each * e.energy
        return energy, co2

    @property
    def past_years(self) -> range:
        """The base year and those before it that an authority asks for."""
        return range(self.base_year - YEARS + 1, self.base_year + 1)

    def ratio(self, co2: float | None, energy: float | None) -> str:
        """t of CO2 a tce."""
        return NONE if not energy or co2 is None else self.language.number(co2 / energy, 3)


# --- base ------------------------------------------------------------------------------------------------------------------
# Chapter 1: the park, its energy and CO2 of the base year and the years before, and what stands.

#: Key of [park] -> what it is.
PARK = {
    "title": mark("name in full"),
    "location": mark("where it lies"),
    "area": mark("area"),
    "boundary": mark("boundary"),
    "industries": mark("leading industries"),
    "enterprises": mark("enterprises"),
    "output": mark("output value of the base year"),
}
APPLICANT = {
    "body": mark("applicant"),
    "authority": mark("authority in charge"),
    "contact": mark("person to contact"),
    "telephone": mark("telephone"),
    "date": mark("date of the application"),
}
#: Where a year's figures come from.
ORIGINS = {
    BILLS: mark("bills, bills.csv"),
    OPERATION: mark("worked out: operation of what stands"),
    "details": mark("stated, application.toml"),
}
#: What a source of energy is: by scope, or made here.
USES = {1: mark("fuel"), 2: mark("bought energy"), 3: mark("scope 3")}


def base_chapter(d: DocumentDraft, told: RunTold) -> None:
    """Write it."""
    say = d.language.translate
    d.chapter(say("Present state of the park"))
    d.section(say("The park"))
    _park(d, told)
    d.section(say("Energy and CO2 of {year}", year=told.base_year))
    _sources(d, told)
    d.section(say("Energy and CO2 of the last three years"))
    _base_years(d, told)
    d.section(say("What stands"))
    _standing(d, told)


def _park(d: DocumentDraft, told: RunTold) -> None:
    say, texts = d.language.translate, told.details.texts
    rows, blank = [[say("name in park.toml"), told.case.park.name, "park.toml"]], []
    for table, keys in (("park", PARK), ("applicant", APPLICANT)):
        for key, words in keys.items():
            if text := texts.get((table, key)):
                rows.append([say(words), text, FILE])
            else:
                d.fill_in(say(words), f"[{table}] {key}")
                blank.append(say(words))
    d.grid(
        say("Facts about the park"),
        [say("item"), say("content"), say("stated in")],
        rows,
        Source("park.toml", "name"),
        Source(FILE, "[park], [applicant]"),
        wide=(3, 7, 2.5),
    )
    d.not_stated(blank)


def _sources(d: DocumentDraft, told: RunTold) -> None:
    say, number, year = d.language.translate, d.language.number, told.base_year
    entries = sorted(told.entries(year), key=lambda e: -e.tce)
    if not entries:
        d.blank_words(say("energy and CO2 of {year} by source", year=year), "bills.csv")
    else:
        rows = []
        for e in entries:
            use = say("made here") if e.kind == OWN else say("process") if e.kind == PROCESS else say(USES.get(e.scope, "fuel"))
            co2 = number(getattr(e, told.case.park.accounting))
            carrier = named(d.language, CARRIERS, e.carrier) if e.carrier else NONE
            rows.append([told.titles.of(e.source), carrier, use, number(e.energy), number(e.tce), co2])
        past = told.past(year)
        energy = sum(e.energy for e in entries)
        if past.origin == "details":
            past = told.recorded(year)
        rows.append([say("sum"), "", "", number(energy), number(past.energy), number(past.co2)])
        source = _origin(told, year)
        d.grid(
            say("Energy and CO2 of {year} by source", year=year),
            [say("source"), say("carrier"), say("use"), "MWh", "tce", say("CO2, t")],
            rows,
            *source,
            wide=(3, 2, 2, 2, 2, 2),
        )
    feedstock = told.details.texts.get(("park", "feedstock"))
    if feedstock:
        d.words(feedstock)
    else:
        d.blank_words(say("fuel used as feedstock, and losses of conversion outside the plan"), "[park] feedstock")


def _origin(told: RunTold, year: int) -> list[Source]:
    """The files that an inventory of a year is from."""
    kinds = {e.kind for e in told.entries(year)}
    say, found = told.language.translate, []
    if BILLS in kinds:
        found.append(Source("bills.csv", f"year = {year}"))
    if worked_out := [kind for kind in (OPERATION, OWN) if kind in kinds]:
        found.append(Source("plan check --baseline, baseline.csv", f"year = {year}, kind = {', '.join(worked_out)}"))
    if PROCESS in kinds:
        found.append(Source("process_emissions.csv", say("interpolated to {year}", year=year)))
    return found


def _base_years(d: DocumentDraft, told: RunTold) -> None:
    say, number = d.language.translate, d.language.number
    known = {year: told.past(year) for year in told.past_years}
    is_ruled = any(p.ruled is not None for p in known.values())
    rows, sources = [], list[Source]()
    for year, p in known.items():
        cells = [str(year)]
        for key, value in (("energy", p.energy), ("co2", p.co2)):
            missing = say("energy of {year}, tce", year=year) if key == "energy" else say("CO2 of {year}, t", year=year)
            cells.append(number(value) if value is not None else d.fill_in(missing, f"[[year]] year = {year}, {key}"))
        cells.append(told.ratio(p.co2, p.energy))
        if is_ruled:
            cells += [number(p.ruled_energy), number(p.ruled), told.ratio(p.ruled, p.ruled_energy)]
        rows.append([*cells, say(ORIGINS[p.origin]) if p.origin else NONE])
        if p.origin:
            sources += [Source(FILE, f"[[year]] year = {year}")] if p.origin == "details" else _origin(told, year)
    head = [say("year"), say("energy, tce"), say("CO2, t"), say("CO2 per energy, t/tce")]
    if is_ruled:
        head += [say("energy by the standard, tce"), say("CO2 by the standard, t"), say("by the standard, t/tce")]
        sources.append(Source("standards.csv", f"standard = {told.case.park.standard}"))
    d.grid(say("Energy and CO2 of three years"), [*head, say("from")], rows, *sources, wide=(1.2, *[1.8] * (len(head) - 1), 2.6))
    if is_ruled:
        by_standard = say(
            "The figures by the standard are worked out with the factors and coal equivalents that {standard} fixes; the others "
            "with the park's own.",
            standard=told.standard,
        )
        d.words(by_standard)


def _standing(d: DocumentDraft, told: RunTold) -> None:
    say = d.language.translate
    standing = [t for t in told.case.technologies if t.existing > 0]
    if not standing:
        d.words(say("Of the plan's equipment nothing stands yet (technologies.csv, column existing)."))
        return
    stood = pd.concat([told.tables["retirements"], told.tables["capacity"]])  # what is retired at once works in no year
    units = dict(zip(stood["technology"], stood["unit"], strict=True))
    rows = [
        [
            told.titles.of(t.technology),
            d.language.amount(t.existing),
            units.get(t.technology, ""),
            str(t.existing_until) if t.existing_until else NONE,
        ]
        for t in standing
    ]
    d.grid(
        say("Equipment that stands"),
        [say("equipment"), say("capacity"), say("unit"), say("works until")],
        rows,
        Source("technologies.csv", "existing, existing_until"),
        wide=(4, 2, 1.5, 2),
    )
