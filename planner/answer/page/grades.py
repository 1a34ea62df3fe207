"""How good the figures of the catalogue are, and how much capital rests on those that nobody has looked up."""

from __future__ import annotations

import pandas as pd

from planner.answer import series
from planner.answer.purchase import UNCERTAIN, Titles
from planner.language.language import Language, mark
from planner.tables.output import Output

#: How good a figure of the catalogue is, the best first.
GRADES = {
    "seen": mark("seen in its source"),
    "derived": mark("derived from a source"),
    "general knowledge": mark("of general knowledge"),
}
#: How many figures there are of a grade.
COUNTED = {
    "seen": mark("{count} read in their source"),
    "derived": mark("{count} worked out from a source"),
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
