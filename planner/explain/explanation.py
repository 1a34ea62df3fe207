"""The explanation of an unreachable goal: which rules block it, and the remedies; a large park on a few typical days."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from models.case import Case
from models.inputs import Inputs, resolve
from models.inputs.outages import Outages
from models.park import build_park
from planner.clock import Clock
from planner.days import choose_days
from planner.explain.blocking import find_blocking, least_loads_in_the_way, missing
from planner.explain.elastic import Elastic
from planner.explain.remedies import RemedySearch
from planner.explain.remedy_words import NO_REMEDIES_SOON, NO_TIME_FOR_REMEDIES, say_remedies
from planner.explain.words import say_blocking, say_least_capacity, say_least_loads, say_unexplained, say_unserved
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import listed
from planner.machine.freed import paused_garbage_collector
from planner.machine.stopping import Stopped
from planner.plan import Breach, Run
from planner.solve import compile_model

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
