"""Bounds of orders that the reader took (see `planner/read/bound.py`) and that a plan reaches."""

from __future__ import annotations

from collections.abc import Iterator

from models.case import Case
from planner.language.language import mark
from planner.language.message import Message
from planner.plan import Plan

#: Said of each technology.
REACHED = mark(
    "{table}.csv: {technology}: an order in {year} is as large as the bound of {most} {unit} that was taken; "
    "state a max_capacity, max_build or site, for a larger one may be cheaper"
)


def reached_bounds(case: Case, plan: Plan) -> Iterator[Message]:
    """A sentence on each technology of which an order of the plan is as large as a bound that nobody stated."""
    taken = [a for a in case.assumptions if a.table in ("technologies", "links") and a.parameter == "max_build"]
    for a in taken if plan.has_tables else ():
        own = plan.tables["investments"]
        orders = own[(own["technology"] == a.name) & (own["committed"] == 0) & (own["build"] >= float(a.value) * (1 - 1e-6))]
        for year in orders["year"].tolist()[:1]:
            yield Message(REACHED, table=a.table, technology=a.name, year=year, most=f"{float(a.value):g}", unit=a.unit)
