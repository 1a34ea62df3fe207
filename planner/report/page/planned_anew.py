"""What is said of a plan made anew with each leading figure at its low and its high (sensitivity.csv)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from planner.language.language import Language
from planner.language.words import told_days
from planner.report.swings import NAMES, SIDES
from planner.report.titles import Titles


def changing(row: Any, language: Language) -> str:
    """What changes, and to which side."""
    what = language.translate(NAMES[row.what], name=row.name)
    return language.translate("{what}, {side}", what=what, side=language.translate(SIDES[row.side]))


def called_anew(rows: pd.DataFrame, titles: Titles) -> pd.DataFrame:
    """The rows with titles for names: of what is changed, and of each order, which is told as `name now → then unit`."""

    def told(orders: str) -> str:
        each = (order.rsplit(" → ", 1)[0].rpartition(" ")[0] for order in orders.split("; "))
        return "; ".join(titles.of(name) + order[len(name) :] for name, order in zip(each, orders.split("; "), strict=True))

    rows = rows.fillna({"orders": "", "name": ""})
    return rows.assign(name=rows["name"].map(titles.of), orders=rows["orders"].map(told))


def others_anew(rows: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """With which changes the first orders would be others, with which the goal cannot be met; and what the gap covers."""
    say = language.translate
    found = list(rows.fillna({"orders": "", "name": ""}).itertuples(index=False))
    others = [changing(r, language) for r in found if r.orders]
    if others:
        year = next(int(r.year) for r in found if r.orders)
        yield say("Orders of {year} would be others with: {changes}.", year=year, changes=say("; ").join(others))
    else:
        yield say("With none of these would the first orders be others, as far as the gap tells.")
    if unmet := [changing(r, language) for r in found if r.status == "infeasible"]:
        yield say("The goal cannot be met with: {changes}.", changes=say("; ").join(unmet))
    gap = language.money(float(rows["gap"].max()), currency)
    if pd.notna(days := rows["days"].max()):
        yield say("Planned on {days}; up to {money} is within the gap.", days=told_days(language, int(days)), money=gap)
    else:
        yield say("Up to {money} is within the gap.", money=gap)
