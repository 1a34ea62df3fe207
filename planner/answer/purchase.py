"""Purchase in a few lines of the console: schemes by year, contracts, and whether the rules beyond stages hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from models.case import TABLES, Case
from models.case.base import Row
from planner.answer import series
from planner.answer.series import Tables
from planner.language.language import Language, mark
from planner.tables.output import Output


def told_purchase(tables: Tables, language: Language) -> Iterator[str]:
    """A line for each connection with schemes, one for each as-generated contract, one for the rules."""
    say = language.translate
    for name, own in tables["schemes"].groupby("connection", sort=False):
        yield say("{connection}: scheme {schemes}", connection=str(name), schemes=", ".join(_spans(own)))
    contracts = tables["contracts"]
    for name, own in contracts[contracts["item"].isin(["contracted", "generated", "taken"])].groupby("supply", sort=False):
        most = own.groupby("item")["value"].max()
        sums = own.groupby("item")["value"].sum()
        if most.get("contracted", 0.0) > 0:
            share = 1 - sums["taken"] / sums["generated"] if sums.get("generated", 0.0) > 0 else 0.0
            yield say(
                "{supply}: up to {size} MW contracted, {share} of what is generated is curtailed",
                supply=str(name),
                size=language.amount(most["contracted"]),
                share=language.percent(share),
            )
    rules = tables["rules"]
    if len(rules):
        holds = rules["holds"].astype(bool)
        failed = rules[~holds]
        names = ", ".join(dict.fromkeys(f"{r.rule} {r.metric} {r.year}" for r in failed.itertuples()))
        told = say("{count} hold", count=int(holds.sum())) if failed.empty else say("{rules} do not hold", rules=names)
        yield say("rules beyond stages: {told}", told=told)


def _spans(rows: pd.DataFrame) -> Iterator[str]:
    """`2026–2030 name` for each run of years under one scheme."""
    rows = rows.sort_values("year")
    for _, own in rows.groupby((rows["scheme"] != rows["scheme"].shift()).cumsum()):
        first, last = int(own["year"].min()), int(own["year"].max())
        yield f"{own['scheme'].iloc[0]} {first}" + (f"–{last}" if last > first else "")


# --- estimates -------------------------------------------------------------------------------------------------------------
# Which rows of a park's own tables are estimates: their grade, source or note says so, in either language.

#: Grade of figures that nobody has looked up.
UNCERTAIN = "general knowledge"
#: What a source or a note says of such a figure.
_SAID = re.compile(r"\bgeneral knowledge\b|\billustrative\b|\bestimate[sd]?\b|经验|示意|估计|估算|暂估", re.IGNORECASE)


def estimates(case: Case) -> list[dict[str, str]]:
    """Table, name and parameter ('' for the whole row) of each; the same of several years once. What the catalogue filled in is
    graded in assumptions.csv and is not here."""
    rows = [(table, row) for table in TABLES for row in getattr(case, table)]
    own = [(table, row) for table, row in rows if not row.is_of_catalogue]
    found = dict.fromkeys(
        (table, str(getattr(row, row.key[0], "")) if row.key else "", *(str(getattr(row, c, "")) for c in ("parameter", "item")))
        for table, row in own
        if is_estimate(row)
    )
    return [{"table": table, "name": name, "parameter": parameter or item} for table, name, parameter, item in found]


def is_estimate(row: Row) -> bool:
    """True if grade, source or note says so."""
    return row.grade.strip().lower() == UNCERTAIN or any(_SAID.search(text) for text in (row.source, row.note))


def estimate_count(summary: Mapping[str, Any]) -> int:
    """How many rows a summary.json lists as estimates: the one count that page, application and file tell."""
    return len(summary.get("estimates") or ())


# --- titles ----------------------------------------------------------------------------------------------------------------
# Things by their titles: the tables of an output with what things are called for a person in place of their names.

#: Columns of the tables of a plan that name things of the case.
NAMED = ("technology", "measure", "project", "demand", "offset", "certificate", "supply", "connection", "name")


@dataclass(frozen=True)
class Titles:
    """What things are called.

    words  name -> title in the language of the page
    kinds  title -> kind of thing, which gives its colour
    carriers  title -> carrier that it gives, holds, carries or uses
    types  title -> name under which the catalogue knows it
    """

    words: Mapping[str, str]
    kinds: Mapping[str, str]
    carriers: Mapping[str, str]
    types: Mapping[str, str]

    def of(self, name: str) -> str:
        """The title of a name; the name where it has none."""
        return self.words.get(name, name)

    def table(self, rows: pd.DataFrame) -> pd.DataFrame:
        """A table of a plan with titles for names."""
        if rows.empty:
            return rows
        changed = {}
        for column in NAMED:
            if column in rows:
                text = rows[column]
                if isinstance(text.dtype, pd.CategoricalDtype):
                    changed[column] = text.cat.rename_categories(self.of)
                else:
                    changed[column] = text.map(lambda name: self.words.get(name, name))
        return rows.assign(**changed) if changed else rows


def titles_of(output: Output, language: Language) -> Titles:
    """The titles that the run wrote."""
    return titles_in(output.names, language)


def titles_in(names: pd.DataFrame, language: Language) -> Titles:
    """The titles of a table as names.csv is one."""
    column = "title_zh" if language.code == "zh" else "title_en"
    words = dict(zip(names["name"], names[column], strict=True))
    kinds, carriers, types = (
        {words[name]: value for name, value in zip(names["name"], names[c], strict=True)} for c in ("kind", "carrier", "type")
    )
    return Titles(words, kinds, carriers, types)


def titled(output: Output, titles: Titles) -> Output:
    """The output with titles for names in the tables of its plans, on typical days, too."""

    def of(tables: Tables) -> Tables:
        return {name: titles.table(rows) for name, rows in tables.items()}

    days = None if output.days is None else of(output.days)
    return replace(output, plans={name: of(tables) for name, tables in output.plans.items()}, days=days)


# --- grades ----------------------------------------------------------------------------------------------------------------
# How good the figures of the catalogue are, and how much capital rests on those that nobody has looked up.

#: How good a figure of the catalogue is, the best first.
GRADES = {
    "seen": mark("seen in its source"),
    "derived": mark("derived from a source"),
    "second-hand": mark("as others quote its source"),
    "general knowledge": mark("of general knowledge"),
}
#: How many figures there are of a grade.
COUNTED = {
    "seen": mark("{count} read in their source"),
    "derived": mark("{count} worked out from a source"),
    "second-hand": mark("{count} as others quote their source"),
    "general knowledge": mark("{count} of general knowledge"),
}
#: Table of a figure -> item of costs.csv that is paid by it.
CAPITAL = {"costs": "capital", "measures": "measures", "restoration": "restoration"}


def told_grades(language: Language, figures: pd.DataFrame) -> str:
    """How many figures of assumptions.csv there are of each grade, in words."""
    counts = figures["grade"].value_counts()
    told = [language.translate(words, count=language.number(counts[g])) for g, words in COUNTED.items() if g in counts]
    return language.translate(", ").join(told)


def uncertain_capital(output: Output, titles: Titles) -> tuple[float, pd.Series]:
    """Share of all capital of an output with titles for names, as it is paid, whose figure is an estimate: of general knowledge in
    the catalogue, or marked so in the park's own tables; and that capital by what it is of, the most first."""
    tables, costs, paid = output.target, output.target["costs"], []
    for table, item in CAPITAL.items():
        if names := _estimated(output, table):
            rows = costs[costs["item"] == item]
            known = rows["name"].map(lambda title: titles.types.get(title, title))
            paid.append(rows[known.isin(names)].groupby("name")["value"].sum())
    if not paid:
        return 0.0, pd.Series(dtype=float)
    found = pd.concat(paid).sort_values(ascending=False)
    whole = float(series.capital(tables).to_numpy().sum())
    return (float(found.sum()) / whole if whole > 0 else 0.0), found[found > 0]


def uncertain_energy(output: Output, titles: Titles) -> tuple[float, pd.Series]:
    """Share of what supplies cost, discounted, of those whose price of energy is an estimate in the park's own prices.csv; and what
    they cost in shares of the whole, the most first. A row of supplies.csv states how much there is, and no price."""
    rows = output.target["system_cost"]
    paid = rows[rows["item"].isin(("energy", "contract"))].groupby("name")["value"].sum()
    paid = paid[paid > 0]
    own = output.summary.get("estimates") or ()
    marked = {titles.of(e["name"]) for e in own if (e["table"], e["parameter"]) == ("prices", "energy")}
    found = paid[paid.index.isin(marked)].sort_values(ascending=False)
    return (float(found.sum() / paid.sum()), found / paid.sum()) if len(found) else (0.0, found)


def _estimated(output: Output, table: str) -> set[str]:
    """Names in a table, as the catalogue or the park has them, whose capital cost is an estimate."""
    known, own = output.assumptions, output.summary.get("estimates") or ()
    known = known[(known["grade"] == UNCERTAIN) & (known["table"] == table) & (known["parameter"] == "capital_cost")]
    return {*known["name"], *(e["name"] for e in own if e["table"] == table and e["parameter"] in ("", "capital_cost"))}
