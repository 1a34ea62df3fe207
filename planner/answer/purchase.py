"""Purchase in a few lines of the console: schemes by year, contracts, and whether the rules beyond stages hold."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer.series import Tables
from planner.language.language import Language


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
