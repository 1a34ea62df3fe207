"""PyPSA dispatches the exported year at our cost: on every shared case, shortened example parks, and random small parks."""

from __future__ import annotations

import json
import logging
import re
import shutil
from pathlib import Path

import pypsa
import pytest
from conftest import CASES, ROOT
from random_parks import random_park

from models.case import Case
from planner.answer.files import write_run
from planner.export.load import Loaded
from planner.export.pypsa_network import pypsa_network
from planner.export.write import write_export
from planner.park import GoalRequest
from planner.planning.run import Options, plan_park
from planner.tables.output import read_output

pytestmark = pytest.mark.filterwarnings("ignore")
SHARED = sorted(f.parent for f in CASES.glob("*/expected.json") if json.loads(f.read_text())["status"] == "optimal")
#: Example park -> base emissions (t). They are stated, for to work them out takes longer than the plan; tests/rebuilt does.
EXAMPLES = {"lakeside": 103_000, "steelworks": 73_000}
GOAL = GoalRequest("near-zero-carbon", 2030)


def shortened(name: str, folder: Path, first: int = 2028, base: int | None = None) -> Path:
    """A copy of an example park whose horizon is from `first` to 2030."""
    shutil.copytree(ROOT / "data" / "parks" / name, folder)
    text = (folder / "park.toml").read_text()
    for key, now in (("first_year", str(first)), ("last_year", "2030" if base is None else f"2030\nbase_emissions = {base}")):
        text, count = re.subn(rf"^{key} = \d+", f"{key} = {now}", text, flags=re.MULTILINE)
        assert count == 1, key
    (folder / "park.toml").write_text(text)
    return folder


def as_exported(case: Case) -> Case:
    """Plants that are never out, start and stop as they like and have no least load, and stores of any number of cycles. The export
    leaves all of it out, and says so: what it costs is no error of it.

    With outages steelworks pays 6 % more in 2030: what its capture misses while it is out is made up for by dearer measures. With
    365 cycles of its battery lakeside pays 0.3 % more, and 0.1 % with starts and least loads of an engine.
    """
    free = {"outage": 0.0, "commitment": 0, "ramp": None, "min_load": 0.0}
    return case.model_copy(
        update={
            "types": tuple(t.model_copy(update=free) for t in case.types),
            "costs": tuple(c for c in case.costs if c.parameter != "start_cost"),
            "technologies": tuple(t.model_copy(update={"max_cycles": None}) for t in case.technologies),
        }
    )


@pytest.fixture(scope="module")
def example(planned_folder, tmp_path_factory):
    """An example park (`as_exported`), planned, written as a network and dispatched once: folder of the network, the network, its whole cost."""
    made: dict[str, tuple[Path, pypsa.Network, float]] = {}

    def found(name: str) -> tuple[Path, pypsa.Network, float]:
        if name not in made:
            folder = tmp_path_factory.mktemp("parks")
            options = Options(days=2, gap=5e-2, compare=False, verify=False)
            out = planned_folder(shortened(name, folder / name, base=EXAMPLES[name]), options, GOAL, as_exported)
            written = write_export(out, "pypsa", folder / "network")
            made[name] = (written.path, *dispatched(written.path))
        return made[name]

    return found


@pytest.fixture(scope="module")
def verified(planned_folder, tmp_path_factory) -> Path:
    """Output folder of two years of lakeside, planned once on two days and operated in 8,760 hours (`as_exported`)."""
    park = shortened("lakeside", tmp_path_factory.mktemp("verified") / "lakeside", first=2029)
    return planned_folder(park, Options(days=2, gap=1e-2, compare=False), GoalRequest("low-carbon", 2030), as_exported)


def dispatched(folder: Path) -> tuple[pypsa.Network, float]:
    """The network as PyPSA dispatched it, and the whole operating cost of the year."""
    logging.getLogger("pypsa").setLevel(logging.ERROR)
    logging.getLogger("linopy").setLevel(logging.ERROR)
    network = pypsa.Network(folder)
    periods = {"multi_investment_periods": True} if network.meta["multi_investment_periods"] else {}
    status = network.optimize(solver_name="highs", solver_options={"output_flag": False}, **periods)
    assert status == ("ok", "optimal")
    return network, network.objective + network.meta["cost_outside_dispatch"]


def is_what_we_pay(cost: float, ours: float, rel: float, is_committed: bool) -> bool:
    """Whether PyPSA pays what we pay; without starts, ramps and outages, which the export leaves out and says so, no more."""
    return cost <= ours * (1 + rel) and ((is_committed and cost >= 0.95 * ours) or cost >= ours * (1 - rel))


def has_commitment(case: Case) -> bool:
    """True if plants start, ramp or are out."""
    return any(t.commitment or t.ramp is not None or t.outage for t in case.types) or any(
        c.parameter == "start_cost" for c in case.costs
    )


@pytest.mark.parametrize("case", SHARED, ids=lambda p: p.name)
def test_pypsa_pays_what_we_pay_on_a_shared_case(case, planned_folder, tmp_path):
    written = write_export(planned_folder(case), "pypsa", tmp_path / "network")
    network, cost = dispatched(written.path)
    assert cost == pytest.approx(network.meta["cost_of_year"], rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("name", EXAMPLES)
def test_pypsa_pays_what_we_pay_on_an_example_park(name, example):
    _, network, cost = example(name)
    assert network.objective > 0.1 * network.meta["cost_of_year"]  # most of the cost is really dispatched
    assert cost == pytest.approx(network.meta["cost_of_year"], rel=1e-4)


def test_pypsa_pays_what_we_pay_over_all_hours_of_a_verified_plan(verified, tmp_path):
    """The plan is made on two days and its tables are of 8,760 hours, so the network has as many snapshots and no periods.

    PyPSA chooses what stores hold as a month ends, which our operation of all hours is given: it may be a little cheaper. And our
    operation of a year is within `hourly_gap` of its least cost, as the summary says, where PyPSA has an optimum.
    """
    said = json.loads((verified / "summary.json").read_text())
    assert said["verified"] and said["hourly_gap"] <= 1e-3  # a tenth of the gap asked for
    network, cost = dispatched(write_export(verified, "pypsa", tmp_path / "network").path)
    assert not network.meta["multi_investment_periods"]
    assert len(network.snapshots) == 8760 and network.snapshot_weightings["objective"].eq(1.0).all()
    assert network.objective > 0.1 * network.meta["cost_of_year"]
    ours = network.meta["cost_of_year"]
    assert ours * (1 - 1e-3 - said["hourly_gap"]) <= cost <= ours * (1 + 1e-6), (cost / ours - 1, said["hourly_gap"])


def busiest(network: pypsa.Network, kind: str) -> list[str]:
    """All rules, or the link or store that carries most energy in the dispatched network."""
    if kind == "GlobalConstraint":
        return network.global_constraints.index.tolist()
    flows = network.links_t.p0 if kind == "Link" else network.storage_units_t.p
    return [str(flows.abs().sum().idxmax())]


@pytest.mark.parametrize(("name", "kind"), [("steelworks", "GlobalConstraint"), ("lakeside", "Link"), ("lakeside", "StorageUnit")])
def test_each_part_of_the_network_matters(name, kind, example):
    """Without rules it is cheaper, without the busiest link or store it is dearer or impossible: agreement is no accident."""
    path, whole, _ = example(name)
    less = pypsa.Network(path)
    keyword = {"multi_investment_periods": True, "solver_name": "highs", "solver_options": {"output_flag": False}}
    for part in busiest(whole, kind):
        less.remove(kind, part)
    _, condition = less.optimize(**keyword)
    if kind == "GlobalConstraint":
        assert condition == "optimal" and less.objective < whole.objective * (1 - 1e-3)
    else:
        assert condition != "optimal" or less.objective > whole.objective * (1 + 1e-5)


@pytest.mark.parametrize("seed", range(1, 7))
def test_pypsa_pays_what_we_pay_on_a_random_park(seed, tmp_path):
    case = random_park(seed).case()
    run = plan_park(case, Options(gap=1e-6, compare=False))
    write_run(run, case, tmp_path / "out", {}, has_report=False)
    written, meta = pypsa_network(Loaded(read_output(tmp_path / "out"), case))
    written.write(tmp_path / "network", meta)
    network, cost = dispatched(tmp_path / "network")
    assert is_what_we_pay(cost, network.meta["cost_of_year"], 1e-5, has_commitment(case))


@pytest.mark.parametrize("case", SHARED, ids=lambda p: p.name)
def test_pypsa_pays_what_we_pay_in_every_year_of_a_shared_case(case, planned_folder, tmp_path):
    out = planned_folder(case)
    for year in sorted(read_output(out).years):
        network, cost = dispatched(write_export(out, "pypsa", tmp_path / str(year), year=year).path)
        assert cost == pytest.approx(network.meta["cost_of_year"], rel=1e-3, abs=1e-3)
