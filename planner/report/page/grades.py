"""How good the figures of the catalogue are, and how much capital rests on those that nobody has looked up."""

from __future__ import annotations

import pandas as pd

from planner.language.language import Language, mark
from planner.report import series
from planner.report.page.report import Report

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
    "general knowledge": mark("{count} estimated from experience"),
}
#: Grade of figures that nobody has looked up.
UNCERTAIN = "general knowledge"


def told_grades(language: Language, figures: pd.DataFrame) -> str:
    """How many figures of assumptions.csv there are of each grade, in words."""
    counts = figures["grade"].value_counts()
    told = [language.translate(words, count=language.number(counts[g])) for g, words in COUNTED.items() if g in counts]
    return language.translate(", ").join(told)


def uncertain_capital(report: Report) -> tuple[float, pd.Series]:
    """Share of all capital, as it is paid, whose figure is general knowledge; and that capital by what it is of, the most first."""
    tables, known = report.output.target, report.output.assumptions
    known = known[known["grade"] == UNCERTAIN]
    types = set(known[(known["table"] == "costs") & (known["parameter"] == "capital_cost")]["name"])
    measures = set(known[(known["table"] == "measures") & (known["parameter"] == "capital_cost")]["name"])
    builds, adopted = tables["investments"], tables["measures"]
    builds = builds[builds["technology"].map(lambda title: report.titles.types.get(title, title)).isin(types)]
    adopted = adopted[adopted["measure"].map(lambda title: report.titles.types.get(title, title)).isin(measures)]
    paid = pd.concat([
        builds.groupby("technology")["capital_cost"].sum(), adopted.groupby("measure")["capital_cost"].sum(),
    ]).sort_values(ascending=False)  # fmt: skip
    whole = float(series.capital(tables).to_numpy().sum())
    return (float(paid.sum()) / whole if whole > 0 else 0.0), paid[paid > 0]
