"""An output folder read back: summary, facts and tables, as a run wrote them."""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from models.case import Case, Row
from models.errors import CaseError
from models.inputs.demand import fleet_rows
from planner.language.message import Message, from_json
from planner.plan import ON_DAYS, PLANS, REFERENCE, TARGET
from planner.tables.facts import (
    RunFacts,
    check_dispatch,
    check_facts,
    check_format,
    empty_table,
    faults_of_years,
    read_json,
    read_table,
)
from planner.tables.files import Damaged
from planner.tables.place import FACTS, RUN, SUMMARY, is_like_one, is_tree, leaf_folders
from planner.tables.schema import DISPATCH, OF_PLANS, OF_RUNS, TABLES

# --- written ---------------------------------------------------------------------------------------------------------------
# Whether the tables of an output are still those that the run wrote: run.json has the SHA-256 of each.
#
# A person may change a number in a table and make the page again; the page then says which table was changed. Files that other
# commands add later are not compared. Returns names of files; Raises OSError where one cannot be read.


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of summary.json and of each table of each plan that stands in an output, by its path there."""
    files = [SUMMARY, *(table.file for table in TABLES.values())]
    paths = [folder / own / name for own in ("", *PLANS, ON_DAYS) for name in files]
    return {path.relative_to(folder).as_posix(): _digest(path) for path in paths if path.is_file()}


def changed_since(folder: Path, written: Mapping[str, str]) -> list[str]:
    """The files whose content is no longer that of `written` (path -> SHA-256, as `digests`). Missing files are left out: reading
    an output refuses those that it needs."""
    known = (name for name in written if RUN.owns(name))  # whoever wrote run.json has no other file looked at
    return [name for name in known if (folder / name).is_file() and _digest(folder / name) != written[name]]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- names -----------------------------------------------------------------------------------------------------------------
# What things are called for a person, in both languages, and of what kind they are: the kind gives the colour.
#
# The words are, first found: `title_en` or `title_zh` of the park's row, its `title`, those of its type where the park describes
# the type itself, the catalogue's name of its type, the name itself. Names that would be the same are told apart by the park's own
# name in brackets.

#: Titles of the catalogue; the short ones, where there are any, are for pictures and lists.
FILE = Path(__file__).parents[2] / "data" / "catalogue" / "titles.csv"
#: What a title there is of -> table of a park that names it; links are called by their types.
TABLE_OF = {
    "type": "types",
    "link": "types",
    "fuel": "supplies",
    "measure": "measures",
    "offset": "offsets",
    "project": "restoration",
    "certificate": "certificates",
}
#: Kinds of things, each with a colour of its own.
KINDS = (
    "sun",
    "wind",
    "water",
    "power",
    "contract",
    "storage",
    "heat",
    "cold",
    "gas",
    "coal",
    "biomass",
    "hydrogen",
    "capture",
    "land",
    "credit",
    "certificate",
    "measure",
    "demand",
    "other",
)
#: Kind of what gives a carrier, where the catalogue does not know the type.
OF_CARRIERS = {
    "electricity": "power",
    "heat": "heat",
    "steam": "heat",
    "waste-heat": "heat",
    "cooling": "cold",
    "gas": "gas",
    "coal": "coal",
    "diesel": "coal",
    "biomass": "biomass",
    "hydrogen": "hydrogen",
    "co2": "capture",
}
_CHINESE = re.compile("[\u4e00-\u9fff]")


class Words(NamedTuple):
    """Kind and titles of a name of the catalogue."""

    kind: str
    title_en: str
    title_zh: str


@cache
def catalogue_names() -> dict[tuple[str, str], Words]:
    """(table, name) -> kind and titles; links stand under `types`."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            (TABLE_OF[r["kind"]], r["name"]): Words(r["look"], r["short"] or r["title"], r["short_zh"] or r["title_zh"])
            for r in csv.DictReader(file)
            if r["kind"] in TABLE_OF
        }


class Thing(NamedTuple):
    """A thing of the case.

    row      its row in the park's table
    table, of   table and name under which the catalogue knows it
    carrier  what it gives, holds or carries, '' where that is none
    kind     where the catalogue does not know it
    """

    name: str
    row: Row
    table: str
    of: str
    carrier: str
    kind: str


def names_table(case: Case) -> pd.DataFrame:
    """names.csv: a row for each thing of the case, with its kind, its carrier and its titles."""
    rows: dict[str, tuple[str, ...]] = {}
    types = {t.type: t for t in case.types if not t.is_of_catalogue}
    for thing in _things(case):
        words = catalogue_names().get((thing.table, thing.of), Words("", "", ""))
        if thing.table == "types" and (own := types.get(thing.of)):
            words = Words(words.kind, own.title_en or own.title or words.title_en, own.title_zh or own.title or words.title_zh)
        rows.setdefault(
            thing.name,
            (
                thing.name,
                thing.of,
                words.kind or thing.kind,
                thing.carrier,
                thing.row.title_en or _own(thing.row.title, words.title_en, is_chinese=False) or thing.name,
                thing.row.title_zh or _own(thing.row.title, words.title_zh, is_chinese=True) or thing.name,
            ),
        )
    return pd.DataFrame(_told_apart([*rows.values()]), columns=list(TABLES["names"].names))


def _own(title: str, of_type: str, is_chinese: bool) -> str:
    """The park's title; that of the type where the first is in the other language and the second is not."""
    fits, type_fits = (bool(_CHINESE.search(text)) == is_chinese for text in (title, of_type))
    return title if title and (not of_type or fits or not type_fits) else of_type


def _told_apart(rows: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The rows, with the name in brackets behind each title that two of them have."""
    english, chinese = (Counter(row[i] for row in rows) for i in (4, 5))
    for name, of, kind, carrier, en, zh in rows:
        yield (
            name,
            of,
            kind,
            carrier,
            f"{en} ({name})" if english[en] > 1 and en != name else en,
            f"{zh}（{name}）" if chinese[zh] > 1 and zh != name else zh,
        )


def _things(case: Case) -> Iterator[Thing]:
    carriers = {t.type: _carrier(case, t.type) for t in case.types}
    roles = {t.type: t.role for t in case.types}
    for t in case.technologies:
        carrier = carriers.get(t.type_name, "")
        kind = {"store": "storage", "capture": "capture"}.get(roles.get(t.type_name, ""), OF_CARRIERS.get(carrier, "other"))
        yield Thing(t.technology, t, "types", t.type_name, carrier, kind)
    for link in case.links:
        yield Thing(link.link, link, "types", link.type_name, link.carrier, OF_CARRIERS.get(link.carrier, "other"))
    for s in case.supplies:
        yield Thing(s.supply, s, "supplies", s.fuel or s.supply, s.carrier, OF_CARRIERS.get(s.carrier, "other"))
    for c in case.connections:
        table, of = ("types", c.type) if c.type else ("connections", c.connection)
        yield Thing(c.connection, c, table, of, c.carrier, OF_CARRIERS.get(c.carrier, "other"))
    for d in case.demand:
        yield Thing(d.demand, d, "demand", d.demand, d.carrier, "demand")
    equipment = {t.technology for t in case.technologies}
    for r in fleet_rows(case):
        if r.name not in equipment:
            yield Thing(r.name, r.chargers, "chargers", r.chargers.chargers, r.chargers.carrier, "demand")
    named: tuple[tuple[tuple[Row, ...], str], ...] = (
        (case.measures, "measure"),
        (case.restoration, "land"),
        (case.offsets, "credit"),
        (case.certificates, "certificate"),
        (case.process_emissions, "other"),
        (case.responses, "contract"),
    )
    for rows, kind in named:
        for row in rows:
            name = getattr(row, row.key[0])
            yield Thing(name, row, row.table, name, "", kind)


def _carrier(case: Case, type_name: str) -> str:
    """What a type gives: the flow out of it whose ratio is 1, else its first one; CO2 of what only captures."""
    ports = [p for p in case.ports if p.type == type_name]
    ports.sort(key=lambda p: (p.direction != "out", p.carrier == "co2", p.ratio != 1.0))
    return ports[0].carrier if ports else ""


# --- output ----------------------------------------------------------------------------------------------------------------

Tables = Mapping[str, pd.DataFrame]
#: Statuses with a plan.
PLANNED = ("optimal", "feasible")
#: Most folders of futures that a complaint names.
NAMED = 4


@dataclass(frozen=True)
class Output:
    """What a run wrote.

    summary, facts   summary.json and run.json
    plans            name -> tables, of the plans that have any, the target plan first
    days             tables of the target plan on typical days, where other plans are of these only
    alone            tables of the run, without a row where they were not written
    """

    folder: Path
    summary: Mapping[str, Any]
    facts: Mapping[str, Any]
    plans: Mapping[str, Tables]
    alone: Tables
    days: Tables | None = None

    def beside(self, name: str) -> Tables:
        """Tables of the target plan as it compares with another one: of typical days, where that is of these only."""
        return self.target if self.days is None or self.summary["plans"][name].get("verified") else self.days

    @property
    def assumptions(self) -> pd.DataFrame:
        """Figures from the catalogue."""
        return self.alone["assumptions"]

    @property
    def names(self) -> pd.DataFrame:
        """What things are called."""
        return self.alone["names"]

    @property
    def explain(self) -> pd.DataFrame:
        """Remedies of a goal that cannot be met."""
        return self.alone["explain"]

    @property
    def target(self) -> Tables:
        """Tables of the target plan; to be asked for only where there is one."""
        return self.plans[TARGET]

    @property
    def hourly(self) -> pd.DataFrame:
        """Typical days and all hours of the target plan; without a row where it was not operated in all hours."""
        return self.target["hourly"] if self.has_plan else empty_table(TABLES["hourly"])

    @property
    def size(self) -> str:
        """How large the model was."""
        return from_json(self._messages["matrix"]) if self._messages else str(self.facts.get("matrix", ""))

    @property
    def warnings(self) -> list[str]:
        """What was warned of, as messages where the run told of what they were made; and which tables were changed since."""
        return [*self._said("warnings"), *self.changed]

    @property
    def changed(self) -> list[str]:
        """A sentence for each file that is no longer what the run wrote."""
        return [Message("{file}: was changed after the run; what stands there now is told", file=name) for name in self._changed]

    @cached_property
    def _changed(self) -> list[str]:
        return changed_since(self.folder, self.facts["tables"])

    def check_unchanged(self) -> None:
        """Raise CaseError with a line for each file that is no longer what the run wrote: of what others sign."""
        if self._changed:
            raise CaseError(
                [
                    Message("{file}: was changed after the run; plan the park again first", file=self.folder / name)
                    for name in self._changed
                ]
            )

    @property
    def explanation(self) -> list[str]:
        """Why there is no plan, as messages where the run told of what they were made."""
        return self._said("explanation")

    def _said(self, key: str) -> list[str]:
        """Sentences of summary.json, with what run.json knows of how they were made."""
        known = {str(m): m for m in map(from_json, self._messages.get(key) or [])}
        return [known.get(str(text), str(text)) for text in self.summary.get(key) or []]

    @property
    def _messages(self) -> Mapping[str, Any]:
        return self.facts.get("messages") or {}

    @property
    def has_plan(self) -> bool:
        """True if there is a target plan."""
        return TARGET in self.plans

    @property
    def compared(self) -> Tables | None:
        """Tables of the plan that the target is compared with."""
        return self.plans.get(self.summary.get("compared_with") or REFERENCE)

    @property
    def years(self) -> list[int]:
        """Every year of the target plan."""
        return sorted(set(self.target["emissions"]["year"].tolist()))

    @property
    def currency(self) -> str:
        """The park's currency."""
        return str(self.summary["currency"])

    @property
    def future(self) -> str:
        """The future of several that it is the path of; empty where its park has one only."""
        return str(self.facts["options"].get("future", ""))

    @property
    def steps(self) -> list[tuple[str, int]]:
        """(stage, year) of the goal, in order of the years."""
        named = {**self.summary.get("milestones", {}), self.summary["target"]: self.summary["by"]}
        return sorted(named.items(), key=lambda step: step[1])


def read_output(folder: Path, needs_dispatch: bool = False) -> Output:
    """Read an output folder back. Raises CaseError with every file that is missing or not what a run writes.

    needs_dispatch  the hourly flows of the target plan must be there
    """
    if not is_like_one(folder):
        raise CaseError.because("{folder}: is no output of a run", folder=folder)
    if is_tree(folder):
        raise CaseError([_of_several(folder)])
    faults: list[CaseError] = []
    said: dict[str, dict[str, Any]] = {}
    for name in (FACTS, SUMMARY):
        try:
            said[name] = read_json(folder / name)
        except Damaged as error:
            faults.append(error)
    if FACTS in said:
        check_format(folder / FACTS, said[FACTS])
        faults += check_facts(folder / FACTS, said[FACTS], RunFacts)
    if not faults and said[FACTS]["tables"].get(SUMMARY) != _digest(folder / SUMMARY):
        faults.append(Damaged(folder / SUMMARY, "was changed after the run; plan the park again"))
    if faults:
        raise _all(faults)
    summary = said[SUMMARY]
    plans: dict[str, Tables] = {}

    def of_plan(name: str, needs_dispatch: bool = False) -> Tables:
        written = {table.name for table in OF_PLANS if Path(name, table.file).as_posix() in said[FACTS]["tables"]}
        return _plan(folder / name, written, needs_dispatch, faults)

    for name in PLANS:
        status = summary["status"] if name == TARGET else summary["plans"].get(name, {}).get("status")
        if status in PLANNED:
            plans[name] = of_plan("" if name == TARGET else name, needs_dispatch and name == TARGET)
    has_days = any(Path(path).parent.name == ON_DAYS for path in said[FACTS]["tables"])
    days = of_plan(ON_DAYS) if has_days else None
    alone = {table.name: _table(folder, table.name, faults, may_be_absent=True) for table in OF_RUNS}
    if faults:
        raise _all(faults)
    return Output(folder, summary, said[FACTS], plans, alone, days)


def _of_several(folder: Path) -> Message:
    """That a plan for several futures was named where one path is needed, and which folders these are."""
    leaves = leaf_folders(folder)
    if not leaves:
        return Message("{folder}: is a plan for several futures that holds no plan; see its report.html", folder=folder)
    named = ", ".join(map(str, leaves[:NAMED]))
    if len(leaves) > NAMED:
        named = Message("{names} and {count} more", names=named, count=len(leaves) - NAMED)
    return Message(
        "{folder}: is a plan for several futures; name the folder of one of them ({names}), or for a question a run with "
        "--no-futures",
        folder=folder,
        names=named,
    )


def _plan(folder: Path, written: set[str], needs_dispatch: bool, faults: list[CaseError]) -> Tables:
    """The tables of a plan; those that the run did not write have no row."""
    before = len(faults)
    tables = {t.name: _table(folder, t.name, faults, t.name not in written) for t in OF_PLANS if t is not DISPATCH}
    if len(faults) > before:
        return tables
    faults += faults_of_years(tables, folder)
    if len(faults) == before and (needs_dispatch or os.path.lexists(folder / DISPATCH.file)):
        try:
            check_dispatch(folder / DISPATCH.file, sorted(set(tables["emissions"]["year"])))
        except Damaged as error:
            faults.append(error)
    return tables


def _table(folder: Path, name: str, faults: list[CaseError], may_be_absent: bool = False) -> pd.DataFrame:
    table = TABLES[name]
    path = folder / table.file
    if may_be_absent and not path.exists() and not path.is_symlink():
        return empty_table(table)
    try:
        return read_table(path, table)
    except Damaged as error:
        faults.append(error)
        return empty_table(table)


def _all(faults: list[CaseError]) -> CaseError:
    return CaseError([line for fault in faults for line in fault.complaints])
