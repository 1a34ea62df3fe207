"""What the catalogue offers, in lines for people."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from planner.new import data_folder

Row = dict[str, str]


def catalogue_lines(word: str = "") -> Iterator[str]:
    """Types, fuels, measures, offsets, restoration projects, certificates, standards and rules that match the word."""
    folder = data_folder() / "catalogue"
    ports, costs = _rows(folder, "ports"), _rows(folder, "costs")
    types = {r["type"]: r for r in _rows(folder, "types")}
    for name in dict.fromkeys([*types, *(c["type"] for c in costs)]):
        own = types.get(name, {"type": name, "role": "link", "title": ""})
        flows = [f"{p['carrier']} {p['direction']} {p['ratio']}" for p in ports if p["type"] == name]
        if _matches(word, name, own.get("title", ""), own["role"], *flows):
            yield f"{own['role']} {name}: {own.get('title', '')} ({', '.join(flows) or 'between zones'})"
            for c in costs:
                if c["type"] == name:
                    yield "    " + _figure(c, f"{c['parameter']} {c['year']}".strip(), c["value"], c["unit"])
    yield from _factors(folder, word)
    for table, key, value in (
        ("measures", "measure", "capital_cost"), ("offsets", "offset", "price"), ("certificates", "certificate", "price"),
        ("restoration", "project", "capital_cost"),
    ):  # fmt: skip
        for r in _rows(folder, table):
            if _matches(word, table, r[key], r.get("title", "")):
                yield f"{table}: {r[key]}: " + _figure(r, f"{value} {r.get('year', '')}".strip(), r[value], "")
    for r in _rows(folder, "stages"):
        if _matches(word, "standard", "stages", r["standard"], r["stage"], r["metric"]):
            yield f"standard {r['standard']}: {r['stage']}: {r['metric']} {r['sense']} {r['limit']} ({r['source']}; {r['grade']})"
    for r in _rows(folder, "rules"):
        if _matches(word, "rules", r["rule"], r["metric"]):
            since = f" from {r['year']}" if r["year"] else ""
            yield f"rules {r['rule']}: {r['metric']} {r['sense']} {r['limit']}{since} ({r['source']}; {r['grade']}; {r['note']})"


def _factors(folder: Path, word: str) -> Iterator[str]:
    for r in _rows(folder, "emission_factors"):
        if _matches(word, "fuel", "emission_factors", r["supply"]):
            name = f"factor {r['year']} {r['basis']}".strip()
            yield f"fuel {r['supply']}: " + _figure(r, name, r["value"], r["unit"])


def _figure(row: Row, name: str, value: str, unit: str) -> str:
    remark = "; ".join(t for t in (row.get("source", ""), row.get("grade", ""), row.get("note", "")) if t)
    return f"{name} = {value} {unit}".rstrip() + f" ({remark})"


def _rows(folder: Path, table: str) -> list[Row]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _matches(word: str, *texts: str) -> bool:
    return any(word.lower() in text.lower() for text in texts)
