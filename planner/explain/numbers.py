"""What a park's author can do about numbers: coefficients of very different size, and a supply that makes it unbounded.

Variables and rows of a model in the words of a park's author: the table, the name in it, and what is counted there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from models.case import Case
from models.errors import CaseError
from models.families import TABLES
from models.inputs import Inputs
from models.park import build_park
from planner.explain.words import say_hour
from planner.language.language import mark
from planner.language.message import Message
from planner.machine.freed import paused_garbage_collector
from planner.solve import Coefficients, Matrix, compile_model, unbounded_direction

#: What is said of numbers that lie too far apart.
SPAN = mark(
    "the coefficients of the model span {span}, and above {widest} a solver may lose digits: from {least} to {most}; no figure "
    "need be wrong, and every plan is worked out once more by the ledger"
)
#: Kinds of equipment that are named in one sentence.
NAMED = 3


def span_warnings(found: Coefficients, matrices: Mapping[int, Matrix], inputs: Inputs) -> tuple[str, ...]:
    """A sentence where the numbers of the matrix lie too far apart: which two, and of what."""
    if not found.is_wide or found.least is None or found.most is None:
        return ()

    def of(place: tuple[int, int, int]) -> str:
        key, row, column = place
        matrix = matrices[key]
        return f"{say_component(matrix.columns[column], inputs, key)}; in {say_component(matrix.rows[row], inputs, key)}"

    least, most = (f"{size:.1e} ({of(place)})" for size, place in zip(found.matrix, (found.least, found.most), strict=True))
    return (Message(SPAN, span=f"{found.span:.0e}", widest=f"{found.widest:.0e}", least=least, most=most),)


def earners(inputs: Inputs) -> tuple[tuple[str, int, int], ...]:
    """Supplies without any limit, of their own or shared, whose price is below 0 in some hour: (s, y, the cheapest hour)."""
    supplies, hours = inputs.supplies, len(inputs.calendar.weight)
    found = []
    for s in supplies.importers:
        shared = inputs.connections.import_max.get(inputs.connections.of(s))
        if s in inputs.contracts.most or s in supplies.import_max or s in supplies.import_year_max or shared is not None:
            continue
        for y in (y for y in inputs.years if s in supplies.offered[y]):
            price = inputs.at(y).supplies.hourly_price(s, y, "energy", hours)
            if price.min() < 0:
                found.append((s, y, int(np.argmin(price))))
    return tuple(found)


def refuse_unbounded(case: Case, inputs: Inputs) -> None:
    """Raise CaseError where buying at a price below 0 pays for any amount of equipment that uses it up.

    Only then is the least cost not finite: every other price is at least 0, every export has a limit, and so has what a cost
    below 0 is paid for, or an emission factor below 0 earns. The goal's rules are left out, because the least-cost plan knows none.
    """
    found = earners(inputs)
    if not found:
        return
    inputs = replace(inputs, carbon=replace(inputs.carbon, rules={}))
    with paused_garbage_collector():
        model = build_park(inputs)  # kept: the columns know it only weakly
        matrix = compile_model(model)
    away = unbounded_direction(matrix)
    if away is None:
        return

    def most(variables: Iterable[tuple[str, Any]]) -> dict[str, float]:
        """By name the furthest that one of its variables goes; the furthest first."""
        steps: dict[str, float] = {}
        for name, variable in variables:
            step = float(away[matrix.column[id(variable)]])
            if step > 0:
                steps[name] = max(steps.get(name, 0.0), step)
        return dict(sorted(steps.items(), key=lambda item: -item[1]))

    bought = most((s, v) for y in inputs.years for (s, _), v in model.year[y].imports.items())
    built = most((k, v) for (k, _), v in model.build.items())
    s = max((s for s, _, _ in found), key=lambda s: bought.get(s, 0.0))
    y, t = next((y, t) for name, y, t in found if name == s)
    price = float(inputs.at(y).supplies.hourly_price(s, y, "energy", len(inputs.calendar.weight))[t])
    per, hour = "t" if inputs.supplies.carrier[s] == "co2" else "MWh", say_hour(inputs.calendar.has_typical_days, t)
    used = ", ".join(list(built)[:NAMED])
    origin = next((str(row.origin) for row in case.supplies if row.supply == s and row.origin), "supplies.csv")
    raise CaseError(
        [
            f"{origin}: {s}: has no limit and a price of {price:,.4g} {case.park.currency}/{per} in {y}, {hour}; "
            f"any amount of {used} that uses it up pays for itself, so the problem is unbounded; give max_import"
        ]
    )


def say_unbounded(matrix: Matrix, inputs: Inputs) -> str:
    """The variable that earns most in an unbounded direction, in words."""
    away = unbounded_direction(matrix)
    if away is None:
        return "HiGHS says so, and no direction is found"
    return say_component(matrix.columns[int(np.argmin(matrix.cost * away))], inputs)


def say_component(component: Any, inputs: Inputs, y: int = 0) -> str:
    """`technologies.csv pv, 2030: capacity that works`; `y` is the year of a model that is of one year."""
    parent, block = component.parent_component(), component.parent_block()
    index = component.index()
    parts = index if isinstance(index, tuple) else (index,)
    year = y or (block.index() if block.index() in inputs.years else next((p for p in parts if p in inputs.years), 0))
    names = [p for p in parts if isinstance(p, str)]
    table = TABLES[parent.local_name]
    if table == "technologies" and names[0] in {link for link, _ in inputs.network.arcs}:
        table = "links"
    if table in ("technologies", "supplies") and names[0] in inputs.connections.connections:
        table = "connections"
    of = " ".join([f"{table}.csv"] * bool(table) + (names[:1] if table not in ("", "stages") else names))
    when = f", {year}" if year else ""
    return f"{of or 'the park'}{when}: {parent.doc.rpartition(' [')[0]}"
