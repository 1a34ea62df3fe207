"""All methods find one optimum of the benchmark park: vintages, cumulated capacity, plain Pyomo, HiGHS alone, ours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.harness import Plan, Size, disagreements, read_sizes, run_all, run_one
from benchmarks.methods import METHODS, run_method
from benchmarks.park import TECHNOLOGIES, write_park
from benchmarks.peers.shared import refuse
from models.errors import CaseError
from models.inputs import resolve
from planner.days import choose_days
from planner.examples import park_folder
from planner.park import read_case

pytestmark = pytest.mark.filterwarnings("ignore")
GAP = 1e-6


def inputs_of(park: Path, days: int):
    case = read_case(park)
    return resolve(case, case.goal, case.park.base_emissions or 1.0, choose_days(case, days))


def test_the_park_is_what_the_benchmark_says_it_is(tmp_path):
    inputs = inputs_of(write_park(tmp_path / "park", 10), 3)
    assert len(inputs.capacity.assets) == len(TECHNOLOGIES) == 13
    assert inputs.offsets.offsets and not inputs.capacity.retirements
    caps = [min(r.limit for r in inputs.carbon.rules[y]) for y in sorted(inputs.carbon.rules)]
    assert caps == sorted(caps, reverse=True) and len(set(caps)) == 3
    refuse(inputs)
    mixed = inputs_of(write_park(tmp_path / "mixed", 10, mixed=True), 3)
    assert len(mixed.measures.measures) == 12 and mixed.capacity.unit_size == {"chp": 2.5}


def test_what_the_peers_do_not_state_is_refused():
    with pytest.raises(ValueError, match=r"early retirement.*demand charges"):
        refuse(inputs_of(park_folder("lakeside"), 1))


@pytest.mark.parametrize("mixed", [False, True], ids=["linear", "mixed"])
def test_all_methods_find_one_optimum(mixed, tmp_path):
    """With whole numbers HiGHS's other algorithms solve the relaxations of one branch and bound: one of them is tried. How days are
    put together is tried without whole numbers."""
    park = write_park(tmp_path / "park", 4, mixed)
    names = [name for name in METHODS if not mixed or name == "highs-simplex" or not name.startswith("highs-")]
    found = {name: run_method(name, park, 1 if mixed else 2, gap=GAP).objective for name in names}
    least = min(found.values())
    assert found == {name: pytest.approx(least, rel=1e-5) for name in names}


def test_peers_and_ours_agree_on_more_years_and_days(tmp_path):
    park = write_park(tmp_path / "park", 5)
    names = ("highs-simplex", "pypsa-cumulated", "parkzero-decomposed")
    found = {name: run_method(name, park, 4, gap=GAP).objective for name in names}
    assert found == {name: pytest.approx(found["highs-simplex"], rel=1e-4) for name in names}


def test_the_cap_is_paid_for(tmp_path):
    """The optimum is the cap's: without it the park costs less by more than what methods may disagree in."""
    park = write_park(tmp_path / "park", 4)
    with_cap = run_method("highs-simplex", park, 2).objective
    (park / "stages.csv").write_text((park / "stages.csv").read_text().replace(",0.", ",1."))
    assert run_method("highs-simplex", park, 2).objective < with_cap * (1 - 1e-3)


def test_a_run_is_a_process_of_its_own_and_says_what_it_took(tmp_path):
    park, size = write_park(tmp_path / "park", 4), Size(4, 1)
    measured = run_one("highs-simplex", park, size, Plan(("highs-simplex",), [size]))
    assert measured["status"] == "ok" and 0 < measured["highs"] < measured["wall"] and measured["memory"] > 50
    assert measured["processor"] > 0 and measured["build"] > 0
    assert "rows" in measured["matrix"]
    assert run_one("pyomo", park, size, Plan(("pyomo",), [size], seconds=0.5))["status"] == "stopped"


def test_the_harness_takes_the_methods_in_turn_and_gives_up_on_one_that_runs_too_long(monkeypatch):
    figures = {"wall": 2.0, "processor": 1.5, "highs": 1.0, "memory": 100.0, "objective": 1e6}
    ran: list[tuple[str, int]] = []

    def run(method, park, size, plan):
        assert (park / "park.toml").is_file()
        ran.append((method, size.years))
        return {"status": "stopped", "wall": 1.0} if method == "pyomo" else {"status": "ok", **figures}

    monkeypatch.setattr("benchmarks.harness.run_one", run)
    lines: list[str] = []
    records = list(run_all(Plan(("highs-simplex", "pyomo", "parkzero-whole"), [Size(4, 1), Size(5, 1)], repeat=2), lines.append))
    turns = [
        ("highs-simplex", 0, "ok"),
        ("pyomo", 0, "stopped"),
        ("parkzero-whole", 0, "ok"),
        ("highs-simplex", 1, "ok"),
        ("parkzero-whole", 1, "ok"),
    ]
    assert [(r["size"], r["method"], r["turn"], r["status"]) for r in records] == [
        (size, *turn) for size in ("4x1", "5x1") for turn in turns
    ]
    assert ran == [(method, years) for years in (4, 5) for method, _, _ in turns]
    assert len(lines) == 10 and "in HiGHS" in lines[0] and "stopped after 1.0 s" in lines[1]


def test_a_wrong_objective_is_told():
    records = [{"size": "4x2", "method": m, "objective": o, "status": "ok"} for m, o in (("pyomo", 1000.0), ("highs-hipo", 1000.2))]
    assert disagreements(records, gap=0.0) == ["4x2 highs-hipo: 1,000 is above 1,000 by more than 0.0001"]
    assert disagreements(records, gap=0.0, agreement=1e-3) == []


def test_sizes_are_read():
    assert [s.name for s in read_sizes("5x12,10x8760")] == ["5x12", "10x8760"]
    assert read_sizes("5x12", mixed=True)[0].name == "5x12 mixed"
    with pytest.raises(ValueError, match="is no size"):
        read_sizes("5by12")


def test_the_days_of_the_peers_are_ours(tmp_path):
    """Peers are given our inputs; what they are given is what our plan says it was planned on."""
    from planner.planning.run import Options, plan_park

    case = read_case(write_park(tmp_path / "park", 4))
    run = plan_park(case, Options(days=2, compare=False, method="whole", verify=False))
    inputs = inputs_of(tmp_path / "park", 2)
    hours = run.target.tables["dispatch"].drop_duplicates(["year", "hour"]).query("year == 2026").sort_values("hour")
    assert np.array_equal(hours["weight"].to_numpy(), inputs.calendar.weight)
    sun = run.target.tables["profiles"].query("profile == 'solar_roof'").sort_values("hour")["value"].to_numpy()
    assert np.array_equal(sun, inputs.conversion.availability["roof-pv"])


def test_a_park_of_other_years_than_it_can_have_is_refused(tmp_path):
    for years in (3, 21):
        with pytest.raises(ValueError, match="4 to 20"):
            write_park(tmp_path / "park", years)
    with pytest.raises(CaseError):
        read_case(tmp_path / "park")
