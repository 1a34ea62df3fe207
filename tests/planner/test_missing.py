"""Why a plan that the target is compared with is missing: by Ctrl-C, for want of time, or of a plan to stand in for it."""

from collections.abc import Mapping

import pandas as pd
import pytest

from planner.answer.caveats import missing_words
from planner.clock import Clock
from planner.language.language import ENGLISH
from planner.machine.stopping import CTRL_C, Watch
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, TARGET, Plan, Run
from planner.planning.compared import NOT_REACHED
from planner.planning.repair_loop import ASKED_MORE

FOUND = {"investments": pd.DataFrame()}


def told(others: Mapping[str, Plan]) -> list[str]:
    run = Run({TARGET: Plan(TARGET, "optimal", 1.0, tables=FOUND), **others}, 0.0, "CNY", 0)
    return list(missing_words(run, ENGLISH))


def failed(name: str, note: str = NOT_REACHED) -> Plan:
    return Plan(name, "failed", note=note)


def test_a_plan_that_is_missing_too_stands_in_for_none() -> None:
    reference, least = failed(REFERENCE), Plan(LEAST_COST, "optimal", 1.0, tables=FOUND)
    (line,) = told({REFERENCE: reference, LEAST_COST: least})
    assert line == "reference: failed (no plan within the time); compared with least-cost"
    assert told({REFERENCE: reference, LEAST_COST: failed(LEAST_COST)}) == [
        f"{name}: failed (no plan within the time)" for name in (REFERENCE, LEAST_COST)]


def test_of_a_run_that_was_stopped_by_hand_no_time_is_told() -> None:
    watch = Watch()
    watch.end(CTRL_C)
    least = failed(LEAST_COST, Clock(lambda *_: None, watch).say_tried())
    assert told({LEAST_COST: least, REFERENCE: failed(REFERENCE)}) == [
        f"{name}: failed (stopped by Ctrl-C)" for name in (LEAST_COST, REFERENCE)]


@pytest.mark.parametrize("name", [BUSINESS, LEAST_COST])
def test_a_plan_that_repairs_leave_no_room_for_is_not_one_without_time(name: str) -> None:
    assert told({name: failed(name, ASKED_MORE)})[0].endswith(f": failed ({ASKED_MORE})")
