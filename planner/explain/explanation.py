"""The explanation of an unreachable goal: which rules block it, and the remedies; a large park on a few typical days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from models.case import Case
from models.errors import CaseError
from models.families import TABLES
from models.inputs import Inputs, resolve
from models.inputs.outages import Outages
from models.park import build_park
from planner.clock import Clock
from planner.days import choose_days
from planner.explain.blocking import (
    find_blocking,
    least_loads_in_the_way,
    missing,
    say_blocking,
    say_hour,
    say_least_capacity,
    say_least_loads,
    say_unexplained,
    say_unserved,
)
from planner.explain.elastic import Elastic
from planner.explain.remedies import NO_REMEDIES_SOON, NO_TIME_FOR_REMEDIES, RemedySearch, say_remedies
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import listed
from planner.machine.resources import paused_garbage_collector
from planner.machine.stopping import Stopped
from planner.plan import Breach, Run
from planner.solve import Coefficients, Matrix, compile_model, unbounded_direction

# --- numbers ---------------------------------------------------------------------------------------------------------------
# What a park's author can do about numbers: coefficients of very different size, and a supply that makes it unbounded.
#
# Variables and rows of a model in the words of a park's author: the table, the name in it, and what is counted there.

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


# --- explanation -----------------------------------------------------------------------------------------------------------

#: Seconds that blocking rules, and then the remedies, may take: a person waits for them. Work that does not look at the time is
#: ended after so many times as many.
BLOCKING_SECONDS, WAYS_SECONDS, ENDED_AFTER = 10.0, 20.0, 1.25
#: Typical days on which a large park is explained, and on which its remedies are sought.
DAYS, WAY_DAYS = 3, 2
#: Years after the deadline that are operated where not all are.
AFTER = (0, 1, 2, 4, 8)
#: On what the remedies were computed.
ON_HOURS, ON_ONE_DAY, ON_DAYS = mark("on every hour"), mark("on 1 typical day"), mark("on {count} typical days")
OF_YEARS, OF_ALL_YEARS = mark("{days} of {years}"), mark("{days} of all years")
AS_FRACTIONS = mark("{basis}, whole numbers as fractions")


def explain(case: Case, clock: Clock, inputs: Inputs, broken: tuple[Breach, ...], run: Run, large: bool) -> Run:
    """The run with its reasons: what blocks, and the remedies.

    `broken` are the rules that the solve itself had to break, where it knows them.
    """
    try:
        most = ENDED_AFTER * BLOCKING_SECONDS
        run = clock.watch.guarded(lambda: _reasons(case, clock, inputs, broken, run, large), most)
    except Stopped:
        goal = case.goal
        assert goal is not None
        words = say_blocking(goal, (), broken, tried=False) if broken else say_unexplained(goal)
        run = replace(run, breaches=broken, explanation=words)
    begun: list[tuple[RemedySearch, int]] = []
    with suppress(Stopped), clock.step("looking for remedies"), paused_garbage_collector():
        clock.watch.guarded(lambda: _seek(case, clock, inputs, run, large, begun), most=ENDED_AFTER * WAYS_SECONDS)
    if not begun or not begun[0][0].has_begun:
        no_remedies = NO_TIME_FOR_REMEDIES if clock.watch.limit is not None else NO_REMEDIES_SOON
        return replace(run, explanation=(*run.explanation, Message(no_remedies)))
    search, typical_days = begun[0]
    found = search.found()
    text = say_remedies(found, run.currency, _basis(search.elastic, typical_days))
    return replace(run, remedies=found.remedies, cost_without_goal=found.cost_without_goal, explanation=(*run.explanation, *text))


def _reasons(case: Case, clock: Clock, inputs: Inputs, broken: tuple[Breach, ...], run: Run, large: bool) -> Run:
    """The run with what blocks."""
    with clock.step("explaining"), paused_garbage_collector():
        return _blocking(case, clock, inputs, broken, run, large)


def _blocking(case: Case, clock: Clock, inputs: Inputs, broken: tuple[Breach, ...], run: Run, large: bool) -> Run:
    goal = case.goal
    assert goal is not None
    if len({b.year for b in broken}) > 1 and large:
        # No rule is tried alone where the nearest plan breaks rules of several years.
        return replace(run, breaches=broken, explanation=say_blocking(goal, (), broken, tried=False))
    small, typical_days = inputs, run.typical_days
    if large:
        small, typical_days = _on_days(case, inputs, run, DAYS)
    model = build_park(small)
    matrix = compile_model(model)
    blocking, breaches = find_blocking(matrix, model, small, min(clock.left(0.5) or BLOCKING_SECONDS, BLOCKING_SECONDS))
    if large and broken:
        breaches = broken
    if blocking or breaches:
        text = say_blocking(goal, blocking, breaches)
    else:
        unserved, least = missing(matrix, model, small.years)
        loads = [] if unserved or least else least_loads_in_the_way(small)
        text = say_unserved(unserved, typical_days) if unserved or not (loads or least) else ()
        text = (*text, *say_least_capacity(least, small.capacity), *(say_least_loads(loads) if loads else ()))
    return replace(run, blocking=blocking, breaches=breaches, explanation=text)


def _on_days(case: Case, inputs: Inputs, run: Run, count: int) -> tuple[Inputs, int]:
    """The inputs on so many typical days, and how many there are; as they are where they have no more."""
    days = choose_days(case, count) if not 0 < run.typical_days <= count else None
    small = resolve(case, case.goal, run.base, days) if days else inputs
    return replace(small, outages=Outages()), days.count if days else run.typical_days


def _seek(case: Case, clock: Clock, inputs: Inputs, run: Run, large: bool, begun: list[tuple[RemedySearch, int]]) -> None:
    """Look for remedies; the search is put into `begun`, with its number of typical days, so that what it has found by then is told
    where it is ended."""
    since, small, typical_days, years = clock.watch.elapsed(), inputs, run.typical_days, inputs.years
    if large:
        small, typical_days = _on_days(case, inputs, run, WAY_DAYS)
        years = chosen_years(case, inputs.years)
    elastic = Elastic(small, case, years)
    left = WAYS_SECONDS - (clock.watch.elapsed() - since)  # building it took some
    seconds = min(clock.left() or left, left)
    begun.append((RemedySearch(elastic, seconds, lambda text: clock.progress("looking for remedies", text)), typical_days))
    begun[0][0].run()


def chosen_years(case: Case, years: Sequence[int]) -> tuple[int, ...]:
    """Years that stand for all: the first and the last, those of the stages, and some after the deadline."""
    goal = case.goal
    assert goal is not None
    wanted = {years[0], years[-1], *(since for _, since in goal.steps), *(goal.by + n for n in AFTER)}
    return tuple(y for y in years if y in wanted)


def _basis(elastic: Elastic, typical_days: int) -> str:
    """On what the remedies were computed."""
    days = Message(ON_HOURS if not typical_days else ON_ONE_DAY if typical_days == 1 else ON_DAYS, count=typical_days)
    few = len(elastic.years) < len(elastic.inputs.years)
    basis = Message(OF_YEARS, days=days, years=listed(list(map(str, elastic.years)))) if few else Message(OF_ALL_YEARS, days=days)
    has_integers = bool(elastic.matrix.integer.any())
    return Message(AS_FRACTIONS, basis=basis) if has_integers and not elastic.exact else basis
