"""Forms that are data: a file of data/forms has chapters of parts, and each figure names its file and rows of the run."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from planner.application.draft import DocumentDraft, Source
from planner.application.parts import basis, bid, consumption, hours, products, projects
from planner.application.told import RunTold
from planner.language.language import NONE, Language, mark
from planner.plan import TARGET

FOLDER = Path(__file__).parents[2] / "data" / "forms"
#: Kind of a part -> what writes it, of those that have code of their own.
MADE: Mapping[str, Callable[[DocumentDraft, RunTold, Mapping[str, Any], str], None]] = {
    "basis": basis,
    "bid": bid,
    "consumption": consumption,
    "hours": hours,
    "products": products,
    "projects": projects,
}


@cache
def forms() -> dict[str, dict[str, Any]]:
    """Name of each form -> what its file says."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


def keys_of_forms() -> Iterator[tuple[str, str]]:
    """(table, key) of application.toml of all blanks of all forms."""
    for form in forms().values():
        for chapter in form["chapter"]:
            for part in chapter.get("part", ()):
                if part["kind"] == "blank":
                    yield _place(part["key"])


def write_form(d: DocumentDraft, told: RunTold, name: str) -> str:
    """Write the chapters of a form; gives its title."""
    form, say = forms()[name], d.language.translate
    is_shared = len({(_text(d.language, c["source"]), c["confirmed"]) for c in form["chapter"]}) == 1
    asked = mark("All chapters are asked for by: {source}.") if is_shared else mark("Asked for by: {source}.")
    for n, chapter in enumerate(form["chapter"]):
        d.chapter(_text(d.language, chapter))
        if not (n and is_shared):
            words = say(asked, source=_text(d.language, chapter["source"]))
            doubt = say("Not confirmed: compare it with the official text.")
            d.words(words if chapter["confirmed"] else d.language.sentences(words, doubt))
        for part in chapter["part"]:
            _part(d, told, part)
    title = str(form["title_zh" if d.language.code == "zh" else "title_en"])
    return title.format(park=told.details.texts.get(("park", "title"), told.case.park.name))


def _text(language: Language, said: Mapping[str, Any]) -> str:
    return str(said["zh" if language.code == "zh" else "en"])


def _place(key: str) -> tuple[str, str]:
    """`[review] comparison` as table and key."""
    table, name = key.split("] ")
    return table[1:], name


def _part(d: DocumentDraft, told: RunTold, part: Mapping[str, Any]) -> None:
    title = _text(d.language, part)
    if part["kind"] == "figures":
        _figures(d, told, part["figures"], title)
    elif part["kind"] == "breakdown":
        _breakdown(d, told, part, title)
    elif part["kind"] == "blank":
        said = told.details.texts.get(_place(part["key"]))
        if said:
            d.words(f"{title}: {said}")
        else:
            d.blank_words(title, part["key"])
    else:
        MADE[part["kind"]](d, told, part, title)


def _figures(d: DocumentDraft, told: RunTold, figures: Sequence[Mapping[str, Any]], title: str) -> None:
    """A row for each figure, a column for each year; those of a plan that was not made are left out."""
    rows, sources = [], []
    for figure in figures:
        plan = figure.get("plan", TARGET)
        if plan not in told.run.plans:
            continue
        values = _by_year(told, figure, figure["where"])
        if "over" in figure:
            values = values / _by_year(told, figure, figure["over"]).replace(0.0, float("nan"))
        digits = 3 if "over" in figure else 0
        shown = [d.language.number(values[y], digits) if y in values and pd.notna(values[y]) else NONE for y in told.columns]
        rows.append([_text(d.language, figure), figure["unit"], *shown])
        sources += [_source(figure, figure[key]) for key in ("where", "over") if key in figure]
    say = d.language.translate
    head = [say("item"), say("unit"), *map(str, told.columns)]
    d.grid(title, head, rows, *sources, wide=(3.6, 1, *[1.5] * len(told.columns)))


def _by_year(told: RunTold, figure: Mapping[str, Any], where: Mapping[str, str]) -> pd.Series:
    """The sum of the rows of a file in each year."""
    rows = told.run.plans[figure.get("plan", TARGET)][figure["file"].removesuffix(".csv")]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows.groupby("year")["value"].sum()


def _source(figure: Mapping[str, Any], where: Mapping[str, str]) -> Source:
    plan = figure.get("plan", TARGET)
    file = figure["file"] if plan == TARGET else f"{plan}/{figure['file']}"
    return Source(file, ", ".join(f"{column} = {value}" for column, value in where.items()))


def _breakdown(d: DocumentDraft, told: RunTold, part: Mapping[str, Any], title: str) -> None:
    """The rows of a file by a name, a column for each year; of scope 2 those of the basis of the rules."""
    say, other = d.language.translate, "location" if told.case.park.accounting == "market" else "market"
    rows = told.plans[TARGET][part["file"].removesuffix(".csv")]
    unwanted = [f"scope2_{other}", *(["scope2_certified"] if other == "market" else [])]
    rows = rows[~rows["item"].isin(unwanted)]
    pairs = zip(rows[part["by"]].astype(str), rows["item"].astype(str), strict=True)
    named_rows = [say("less: CO2 captured from {name}", name=n) if item.endswith("_captured") else n for n, item in pairs]
    rows = rows.assign(**{part["by"]: pd.Categorical(named_rows, list(dict.fromkeys(named_rows)))})
    by = rows.pivot_table(index=part["by"], columns="year", values="value", aggfunc="sum", observed=True)
    by = by.reindex(columns=told.columns).fillna(0.0)
    named = zip(by.index, by.to_numpy().tolist(), strict=True)
    cells = [[str(name), part["unit"], *map(d.language.number, own)] for name, own in named if any(own)]
    cells.append([say("sum"), part["unit"], *map(d.language.number, by.sum().tolist())])
    head = [say("source"), say("unit"), *map(str, told.columns)]
    d.grid(title, head, cells, Source(part["file"], f"item ≠ {', '.join(unwanted)}"), wide=(3.6, 1, *[1.5] * len(told.columns)))
