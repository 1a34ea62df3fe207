"""`--prove`: a lower bound of what the plan costs in all hours."""

import sys

import numpy as np
import pandas as pd
import pytest
from parks import Draft
from typer.testing import CliRunner

from models.errors import SolverError
from planner.clock import Clock
from planner.command.cli import app
from planner.command.options import with_gap
from planner.language.sign import Sign
from planner.machine.stopping import Stopped, Watch
from planner.plan import TARGET, Plan
from planner.planning import prove
from planner.planning.run import Options, plan_park

HOURS = np.arange(8760)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["--prove"], ["--prove", "0.01"]),
        (["--prove", "0.02"], ["--prove", "0.02"]),
        (["--prove=0.02", "--quiet"], ["--prove=0.02", "--quiet"]),
        (["--prove", "--quiet"], ["--prove", "0.01", "--quiet"]),
        (["--quiet"], ["--quiet"]),
    ],
)
def test_the_gap_of_a_proof_may_be_left_out(given, meant):
    assert with_gap(given) == meant


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--prove", "0"], "--prove 0: is not within 1e-05 to 0.2; write a share (0.01 for 1 %)"),
        (["--prove", "0.5"], "--prove 0.5: is not within 1e-05 to 0.2"),
        (["--prove", "5"], "--prove 5: is not within 1e-05 to 0.2"),
        (["--prove", "nan"], "--prove nan: is not within 1e-05 to 0.2"),
        (["--prove", "--no-verify"], "--prove, --no-verify: contradict each other"),
    ],
)
def test_a_proof_that_means_nothing_is_refused(options, said, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["plan", *options])
    result = CliRunner().invoke(app, ["--target", "zero-carbon", "--by", "2030", *options])
    assert said in str(result.exception)


@pytest.mark.parametrize(
    ("ends", "seconds", "bound", "note"),
    [
        (None, None, 99.5, ""),
        (Stopped(), None, 99.5, "stopped by the time limit"),
        (SolverError("HiGHS gave no answer"), None, 99.5, ""),
        (None, 0.0, None, "stopped by the time limit"),
    ],
)
def test_a_proof_that_ends_early_leaves_the_plan_and_the_bound_so_far(ends, seconds, bound, note, monkeypatch):
    class Ended:
        bound = 99.5

        def __init__(self, *_):
            pass

        def run(self, *_):
            if ends is not None:
                raise ends

    monkeypatch.setattr(prove, "LowerBound", Ended)
    plan = Plan(TARGET, "feasible", 100.0, tables={"system_cost": pd.DataFrame({"value": [100.0]})})
    evidence = prove.Evidence(None, None, {}, {}, {})
    proven = prove.prove(plan, evidence, 0.01, Clock(lambda *_: None, Watch()), seconds)
    assert (proven.bound, proven.note) == (bound, note)
    assert proven.status == ("feasible" if bound is None else "optimal")


def sunny(last: int = 2027) -> Draft:
    """Sun, a battery and the grid for two years, of which the second is dearer; the best sizes depend on the weather of each day."""
    park = Draft(hours=8760, last=last, base_emissions=6000.0)
    clouds = 0.6 + 0.4 * np.sin(HOURS // 24 * 2.4)
    park.profile("sun", np.clip(np.sin((HOURS % 24 - 6) / 12 * np.pi), 0, 1) * clouds)
    park.demand(mwh=8760.0)
    park.supply("grid", price={2026: 100.0, 2027: 140.0}, factor=0.5)
    park.tariff(1.5, hours="16-21", item="energy")
    park.converter("pv", profile="sun", capital_cost=1.2e6, lifetime=20, max_capacity=10.0)
    park.store(full_power_hours=2, capital_cost=2e5, lifetime=10, max_capacity=20.0)
    return park


def test_a_plan_made_on_typical_days_is_proven_over_all_hours_when_asked_for():
    case, said = sunny(2026).case(), []  # one year: a second one more than doubles what the one matrix takes
    least = plan_park(case, Options(days=0, compare=False, method="whole", gap=1e-6)).target.system_cost
    for method in ("whole", "decomposed"):
        options = Options(days=12, compare=False, prove=0.02, method=method)
        plan = plan_park(case, options, lambda *line: said.append(line)).plans[TARGET]
        assert plan.verified
        assert plan.bound <= least * (1 + 1e-7) <= plan.system_cost * (1 + 2e-6)
        assert plan.gap <= 0.02
        assert plan.status == "optimal"
    assert any(name == "proving target" and "bound" in text and isinstance(text, Sign) and text.gap for name, text in said)


def test_what_takes_next_to_no_time_is_proven_unasked(monkeypatch):
    options = Options(days=4, compare=False, prove=0.0)
    plan = plan_park(sunny().case(), options).target
    assert plan.bound <= plan.system_cost
    assert plan.gap <= 0.05
    assert plan.status == "feasible"  # to the gap of the search that is not proven
    monkeypatch.setattr("planner.planning.strategy.UNASKED_COLUMNS", 1000)
    assert plan_park(sunny().case(), options).target.bound is None


def test_without_being_asked_for_no_bound_of_all_hours_is_told():
    plan = plan_park(sunny().case(), Options(days=4, compare=False)).target
    assert plan.verified
    assert plan.status == "feasible"
    assert plan.bound is None


@pytest.mark.parametrize(("gap", "tried"), [(0.01, [()]), (1e-3, [("stove",)])])
def test_commitment_is_left_out_of_a_proof_that_is_coarse(gap, tried, monkeypatch):
    """A stove that starts at a cost beside steam that is bought."""
    park = Draft(hours=8760)
    park.demand("warmth", "heat", 16_000.0, profile=park.profile("day", 1.0 + (HOURS % 24 > 7)))
    park.supply("steam", "heat", price=9.0)
    park.supply("chips", "wood", price=5.0)
    park.converter("stove", {"heat": 0.9, "wood": -1.0}, existing=0.2, start_cost=1.0, min_load=0.5)
    lower, of = prove.LowerBound, []
    monkeypatch.setattr(prove, "LowerBound", lambda inputs, *rest: of.append(inputs.commitment.plants) or lower(inputs, *rest))
    plan = plan_park(park.case(), Options(days=2, compare=False, prove=gap)).target
    assert of == tried
    assert plan.status == "optimal" and plan.gap <= gap
    assert plan.bound <= plan.system_cost
