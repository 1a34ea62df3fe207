"""Contradictions seen without a solve: each kind with and without it; and none in any park that can be planned."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parks import Draft

from models.park import build_park
from planner.explain.contradictions import find_contradictions
from planner.park import read_case
from planner.plan import Run
from planner.planning.run import Options, plan_park
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver
from planner.solve.whole.whole import Limits, solve_whole

CASES = sorted(p.parent for p in (Path(__file__).parents[1] / "cases").glob("*/park.toml"))


def seen(draft: Draft) -> list[str]:
    return [c.text for c in find_contradictions(draft.inputs())]


def explained(draft: Draft) -> Run:
    run = plan_park(draft.case(), Options(gap=1e-9))
    assert run.target.status == "infeasible"
    return run


def solved(draft: Draft) -> str:
    """What HiGHS says of the whole park."""
    return solve_whole(Solver(compile_model(build_park(draft.inputs()))), Limits()).status.split()[0]


def supplied(grid: float = 0.6, **fields) -> Draft:
    """1 MW is needed in the first half of the day, a third of it in the second."""
    draft = Draft(**fields)
    draft.demand(mwh=8760 * 2 / 3, profile=draft.profile("day", [3.0] * 12 + [1.0] * 12))
    draft.supply(max_import=grid)
    draft.rule("gross_ratio", "<=", 1.0)
    return draft


def test_a_peak_above_all_supply_is_said_with_amounts() -> None:
    draft = supplied()
    draft.converter("engine", existing=0.1)
    draft.store(existing=0.4, full_power_hours=2.0)
    assert seen(draft) == [
        "electricity: 1 MW are needed in 2026, hour 0 of the profiles, with every saving, and all that can be had, built "
        "and paid for gives 0.9 MW (grid 0.6, battery 0.2, engine 0.1)."
    ]
    run = explained(draft)
    assert run.explanation[:2] == ("demand cannot be met even without a goal:", f"  {seen(draft)[0]}")
    assert "solving target" not in run.seconds
    assert run.blocking == run.breaches == ()
    # The store gives 0.4 MWh over the twelve hours of the peak.
    assert [w.needed for w in run.remedies if w.table == "supplies"] == [pytest.approx(0.9 - 0.4 / 12, rel=1e-5)]


RELIEF: dict[str, Callable[[Draft], None]] = {
    "a larger grid": lambda d: d.supply("second", max_import=0.4),
    "a grid without a limit": lambda d: d.supply("second"),
    "equipment that can be built": lambda d: d.converter("engine", capital_cost=1.0, max_capacity=0.4),
    "equipment without a limit": lambda d: d.converter("engine", capital_cost=1.0),
    "a store": lambda d: d.store(capital_cost=1.0, max_capacity=12.0),
    "a saving": lambda d: d.measure("led", {"power": 0.4}),
    "a site": lambda d: (d.site("yard", 0.8), d.converter("engine", capital_cost=1.0, site="yard", area=2.0)),
}


@pytest.mark.parametrize("relief", RELIEF)
def test_what_can_make_up_for_the_peak_is_counted(relief: str) -> None:
    draft = supplied(0.7)
    assert len(seen(draft)) == 1
    RELIEF[relief](draft)
    assert seen(draft) == []


def test_a_store_helps_the_peak_but_not_the_energy_of_the_year() -> None:
    """0.6 MW all year are 5256 MWh where 5840 are needed."""
    draft = supplied()
    draft.store(existing=100.0)
    assert len(seen(draft)) == 1
    draft = supplied(0.7)
    draft.store(existing=100.0)
    assert seen(draft) == []


def test_a_yearly_limit_counts_for_the_energy_of_the_year() -> None:
    draft = Draft()
    draft.demand()
    draft.supply(max_import_year=8000.0)
    assert seen(draft) == [
        "electricity: 8,760 MWh are needed in 2026 with every saving, and all that can be had, built and paid for gives "
        "8,000 MWh (grid 8,000)."
    ]


@pytest.mark.parametrize(("money", "count"), [(399_000.0, 1), (401_000.0, 0)])
def test_a_budget_below_a_measure_that_is_needed(money: float, count: int) -> None:
    """0.4 of the peak must be saved; the measure costs 400,000."""
    draft = supplied()
    draft.measure("led", {"power": 0.4}, 400_000.0)
    draft.budget(2026, money)
    assert len(seen(draft)) == count


@pytest.mark.parametrize(("money", "count"), [(1_990_000.0, 1), (2_010_000.0, 0)])
def test_a_budget_below_the_least_order(money: float, count: int) -> None:
    """No engine is ordered below 2 MW, and a MW costs a million."""
    draft = supplied()
    draft.converter("engine", capital_cost=1e6, max_capacity=5.0, min_build=2.0)
    draft.budget(2026, money)
    assert len(seen(draft)) == count


def kiln(limit: float, metric: str = "net_ratio", **capture: float) -> Draft:
    """A process gives off 876 t/year, a fifth of the base, and half of it can be captured at most."""
    draft = Draft()
    draft.demand()
    draft.supply(factor=0.1)
    draft.process("kiln", 876.0, scope=1, capturable=1)
    draft.capture("scrubber", {"kiln": 0.5}, capital_cost=1.0, **capture)
    draft.supply("storage", "co2", price=None, max_export=9.0)
    draft.rule(metric, "<=", limit)
    return draft


def test_process_emissions_that_cannot_be_captured_are_above_a_gross_limit() -> None:
    draft = kiln(0.05, "gross_ratio")
    text = "gross_ratio of zero-carbon in 2026: 438 t of process emissions cannot be captured, and 219 t are allowed."
    assert seen(draft) == [text]
    run = explained(draft)
    assert [(b.stage, b.metric, b.year) for b in run.blocking] == [("zero-carbon", "gross_ratio", 2026)]
    assert f"  {text}" in run.explanation
    assert seen(kiln(0.11, "gross_ratio")) == []


def test_a_small_capture_plant_captures_less() -> None:
    """0.02 t/h are 175.2 t/year."""
    (text,) = seen(kiln(0.11, "gross_ratio", max_capacity=0.02))
    assert "701 t of process emissions" in text


def test_net_zero_without_offsets_for_process_emissions() -> None:
    draft = kiln(0.0)
    (text,) = seen(draft)
    assert text == (
        "net_ratio of zero-carbon in 2026: 438 t of process emissions cannot be captured, what can make up for them is "
        "nothing, and 0 t may be left."
    )
    assert {b.metric for b in explained(draft).blocking} == {"net_ratio"}


@pytest.mark.parametrize(("volume", "cap", "count"), [(400.0, 1.0, 1), (440.0, 1.0, 0), (440.0, 0.09, 1), (None, 1.0, 0)])
def test_offsets_count_up_to_their_volume_and_the_cap_of_the_rules(volume: float | None, cap: float, count: int) -> None:
    draft = kiln(0.0)
    draft.offset("removals", "removal", 1.0, volume)
    draft.rule("offset_ratio", "<=", cap)
    assert len(seen(draft)) == count


@pytest.mark.parametrize(
    ("fields", "count"),
    [({"max_area": 40.0}, 1), ({"max_area": 44.0}, 0), ({"max_plant": 40.0}, 1), ({"max_plant": 44.0}, 0), ({}, 0)],
)
def test_land_that_cannot_take_up_enough(fields: dict[str, float], count: int) -> None:
    """438 t at 10 t/ha are 43.8 ha."""
    draft = kiln(0.0)
    draft.restoration("forest", {0: 10.0}, inside=1, **fields)
    assert len(seen(draft)) == count


def test_planting_over_years_adds_up_as_it_grows() -> None:
    """By 2028 three plantings of 10 ha take up 20, 10 and 0 t/ha: 300 t; four make 600 t."""
    for by, count in ((2028, 1), (2029, 0)):
        draft = kiln(0.0)
        draft.park = draft.park.model_copy(update={"last_year": by})
        draft.goal(by)
        draft.restoration("forest", {0: 0.0, 3: 30.0}, inside=1, max_plant=10.0)
        assert len(seen(draft)) == count


def test_capture_of_biogenic_co2_is_no_limit_that_is_sure() -> None:
    draft = kiln(0.0)
    draft.capture("air-capture", {"air": 1.0}, capital_cost=1.0)
    assert seen(draft) == []


def test_a_share_of_green_power_where_nothing_green_can_stand() -> None:
    draft = Draft()
    draft.demand()
    draft.supply()
    draft.rule("direct_green_share", ">=", 0.5)
    assert seen(draft) == [
        "direct_green_share of zero-carbon in 2026: 50% is asked for, and the park names no green technology that can stand then."
    ]
    assert [b.metric for b in explained(draft).blocking] == ["direct_green_share"]
    draft.converter("sun", green=1, capital_cost=1.0)
    assert seen(draft) == []


def test_a_share_of_certificates_where_there_are_none() -> None:
    draft = Draft()
    draft.demand()
    draft.supply()
    draft.rule("certificate_share", ">=", 0.5)
    assert len(seen(draft)) == 1
    draft.certificate()
    assert seen(draft) == []


def test_a_contradiction_of_many_years_is_one_sentence() -> None:
    draft = kiln(0.05, "gross_ratio")
    draft.park = draft.park.model_copy(update={"last_year": 2028})
    lines = [line for line in explained(draft).explanation if "cannot be captured" in line]
    assert len(lines) == 1
    assert lines[0].endswith("And in 2 more years.")


# --- never in a park that can be planned ------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_no_shared_case_that_can_be_planned_is_contradicted(folder: Path) -> None:
    case = read_case(folder)
    status = json.loads((folder / "expected.json").read_text())["status"]
    if status == "optimal":
        run = plan_park(case, Options(gap=1e-3, compare=False))
        assert run.target.status == "optimal"


share = st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.9])


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_random_park_that_is_contradicted_cannot_be_planned(data: st.DataObject) -> None:
    """Small parks with all that the bounds look at; where a contradiction is seen, HiGHS must find no plan either."""
    draw = data.draw
    draft = Draft(last=2027)
    draft.demand(profile=draft.profile("day", draw(st.sampled_from([[1.0], [3.0] * 8 + [1.0] * 16]))))
    draft.supply(factor=0.1, max_import=draw(st.sampled_from([0.3, 0.6, 0.9, 1.2, None])))
    draft.measure("led", {"power": draw(share)}, draw(st.sampled_from([0.0, 3e5])))
    draft.converter(
        "engine",
        existing=draw(share),
        capital_cost=1e6,
        lifetime=9,
        max_capacity=1.0,
        lead_time=draw(st.integers(0, 1)),
        min_build=draw(share),
        **draw(st.sampled_from([{}, {"unit_size": 0.2}])),
    )
    draft.converter(
        "sun", green=1, capital_cost=1e6, lifetime=9, max_build=draw(share), profile=draft.profile("sun", [0.0] * 12 + [1.0] * 12)
    )
    draft.store(existing=draw(share), full_power_hours=4.0, charge_efficiency=0.9)
    for y in (2026, 2027):
        if draw(st.booleans()):
            draft.budget(y, draw(st.sampled_from([0.0, 2e5, 5e5, 2e6])))
    draft.process("kiln", draw(st.sampled_from([0.0, 438.0, 876.0])), scope=1, capturable=1)
    draft.capture("scrubber", {"kiln": 0.5}, capital_cost=1.0, lifetime=9, max_capacity=draw(share))
    draft.supply("storage", "co2", price=None, max_export=1.0)
    draft.offset("removals", "removal", 1.0, draw(st.sampled_from([0.0, 300.0, 900.0])))
    draft.restoration(
        "forest", {0: 0.0, 2: 20.0}, inside=draw(st.integers(0, 1)), max_plant=draw(st.sampled_from([5.0, 20.0])), capital_cost=1e3
    )
    draft.rule("gross_ratio", "<=", draw(share))
    draft.rule("net_ratio", "<=", draw(share))
    draft.rule("offset_ratio", "<=", draw(share))
    draft.rule("direct_green_share", ">=", draw(st.sampled_from([0.0, 0.1])))
    draft.goal(draw(st.sampled_from([2026, 2027])))
    if seen(draft):
        assert solved(draft) == "infeasible"
