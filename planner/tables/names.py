"""What things are called for a person, in both languages, and of what kind they are: the kind gives the colour.

The words are, first found: `title_en` or `title_zh` of the park's row, its `title`, those of its type where the park describes
the type itself, the catalogue's name of its type, the name itself. Names that would be the same are told apart by the park's own
name in brackets.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from models.case import Case, Row
from models.inputs.vehicles import fleet_rows
from planner.tables.schema import TABLES

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
