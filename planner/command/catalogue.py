"""What the catalogue offers, in lines for people: names by kind, or everything that a word matches, with figures and sources."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from planner.language.language import ENGLISH, Language, mark
from planner.parks.new import data_folder

Row = dict[str, str]
#: Kinds of names, in the order in which they are listed, and what they are called.
KINDS = {
    "type": mark("types of equipment"),
    "link": mark("types of links"),
    "fuel": mark("fuels and grids"),
    "tariff": mark("tariffs"),
    "measure": mark("efficiency measures"),
    "offset": mark("credits"),
    "certificate": mark("certificates"),
    "project": mark("planting"),
    "group": mark("groups of vehicles"),
    "standard": mark("standards"),
    "rule": mark("rules beyond stages"),
}
REGIONS = {"cn": mark("China"), "eu": mark("Europe"), "us": mark("United States")}


def catalogue_names(language: Language = ENGLISH) -> Iterator[str]:
    """Every name that a park can use, a line a kind."""
    titles = _rows(data_folder() / "catalogue", "titles")
    for kind, said in KINDS.items():
        names = [row["name"] for row in titles if row["kind"] == kind]
        yield f"{language.translate(said)} ({len(names)}): {', '.join(names)}"
    yield language.translate("plan catalogue WORD: figures and sources of all that the word is in, a title or a carrier too")


def catalogue_lines(word: str = "", language: Language = ENGLISH) -> Iterator[str]:
    """Types, fuels, measures, offsets, restoration projects, certificates, tariffs, standards and rules that match the word."""
    folder = data_folder() / "catalogue"
    titles = {(r["kind"], r["name"]): r for r in _rows(folder, "titles")}
    yield from _types(folder, word, titles, language)
    yield from _factors(folder, word, titles, language)
    for table, kind, value in (
        ("measures", "measure", "capital_cost"),
        ("offsets", "offset", "price"),
        ("certificates", "certificate", "price"),
        ("restoration", "project", "capital_cost"),
    ):
        for r in _rows(folder, table):
            both = titles.get((kind, r[kind]), {})
            if _matches(word, table, r[kind], *both.values()):
                name = _named(r[kind], both, language)
                yield f"{table}: {name}: " + _figure(r, f"{value} {r.get('year', '')}".strip(), r[value], "")
    for r in _rows(folder, "sessions"):
        both = titles.get(("group", r["group"]), {})
        if _matches(word, "sessions", r["group"], *both.values()):
            stay = f"{r['day']} {r['arrive']}-{r['leave']}"
            figures = f"{r['energy']} {r['unit']}, {r['power']}"
            yield f"sessions: {_named(r['group'], both, language)}: " + _figure(r, stay, figures, "MW")
    for r in _rows(folder, "tariffs"):
        both = titles.get(("tariff", r["tariff"]), {})
        if _matches(word, "tariffs", r["tariff"], *both.values()):
            yield f"tariff {_named(r['tariff'], both, language)}: " + _tariff(r)
    for r in _rows(folder, "stages"):
        both = titles.get(("standard", r["standard"]), {})
        if _matches(word, "standard", "stages", r["standard"], r["stage"], r["metric"], *both.values()):
            yield f"standard {r['standard']}: {r['stage']}: {r['metric']} {r['sense']} {r['limit']} ({r['source']}; {r['grade']})"
    for r in _rows(folder, "rules"):
        both = titles.get(("rule", r["rule"]), {})
        if _matches(word, "rules", r["rule"], r["metric"], *both.values()):
            since = f" from {r['year']}" if r["year"] else ""
            limit = f"{r['metric']} {r['sense']} {r['limit']}{since}"
            yield f"rules {_named(r['rule'], both, language)}: {limit} ({r['source']}; {r['grade']}; {r['note']})"


def _types(folder: Path, word: str, titles: dict[tuple[str, str], Row], language: Language) -> Iterator[str]:
    ports, costs = _rows(folder, "ports"), _rows(folder, "costs")
    types = {r["type"]: r for r in _rows(folder, "types")}
    between = language.translate("between zones")
    for name in dict.fromkeys([*types, *(c["type"] for c in costs)]):
        role = types[name]["role"] if name in types else "link"
        both = titles.get(("type" if name in types else "link", name), {})
        flows = [f"{p['carrier']} {p['direction']} {p['ratio']}" for p in ports if p["type"] == name]
        if not _matches(word, name, role, *both.values(), *flows):
            continue
        yield f"{role} {_named(name, both, language)} ({', '.join(flows) or between})"
        for c in costs:
            if c["type"] == name:
                where = f" [{language.translate(REGIONS[c['region']])}]" if c.get("region") else ""
                yield "    " + _figure(c, f"{c['parameter']} {c['year']}".strip() + where, c["value"], c["unit"])


def _factors(folder: Path, word: str, titles: dict[tuple[str, str], Row], language: Language) -> Iterator[str]:
    for r in _rows(folder, "emission_factors"):
        both = titles.get(("fuel", r["supply"]), {})
        if _matches(word, "fuel", "emission_factors", r["supply"], *both.values()):
            name = f"factor {r['year']} {r['basis']}".strip()
            yield f"fuel {_named(r['supply'], both, language)}: " + _figure(r, name, r["value"], r["unit"])


def _named(name: str, both: Row, language: Language) -> str:
    """A name with its title in the language."""
    title = both.get("title_zh" if language.code == "zh" else "title", "")
    return f"{name} ({title})" if title else name


def _tariff(row: Row) -> str:
    """A price of a tariff, or the hours in which it is multiplied."""
    if row["factor"]:
        times = "; ".join(f"{key} {row[key]}" for key in ("months", "days", "hours") if row[key])
        return _figure(row, f"{row['item']} {times}", f"x {row['factor']}", "").replace("= x", "x")
    return _figure(row, row["item"], row["value"], row["unit"])


def _figure(row: Row, name: str, value: str, unit: str) -> str:
    remark = "; ".join(t for t in (row.get("source", ""), row.get("grade", ""), row.get("note", "")) if t)
    return f"{name} = {value} {unit}".rstrip() + f" ({remark})"


def _rows(folder: Path, table: str) -> list[Row]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _matches(word: str, *texts: str) -> bool:
    return any(word.lower() in text.lower() for text in texts)
