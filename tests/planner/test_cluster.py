"""Years solved by the workers of a Dask cluster: the same plan as on this machine, with a worker lost on the way, too."""

import os
import signal

import pytest
from distributed import LocalCluster
from random_parks import random_park
from test_hourly_truth import spiky

from planner.run import Options, plan_park
from planner.solve import cluster as ours
from planner.solve.cluster import client_of, unreachable

GAP = 1e-4
#: One cluster at a time.
pytestmark = pytest.mark.xdist_group("cluster")


@pytest.fixture(scope="module")
def address():
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as two:
        yield two.scheduler_address
        client_of(two.scheduler_address).close()
        client_of.cache_clear()


def plan(seed: int, **options):
    return plan_park(random_park(seed).case(), Options(gap=GAP, compare=False, method="decomposed", **options)).target


@pytest.mark.parametrize("seed", [5, 23])
def test_a_cluster_finds_the_same_plan(address, seed):
    here, there = plan(seed), plan(seed, scheduler=address)
    assert there.status == here.status == "optimal"
    assert there.gap <= GAP
    assert there.system_cost == pytest.approx(here.system_cost, rel=2 * GAP)


def test_all_three_plans_are_the_same(address):
    case = random_park(11).case()
    here = plan_park(case, Options(gap=GAP, method="decomposed")).plans
    there = plan_park(case, Options(gap=GAP, scheduler=address)).plans
    assert here.keys() == there.keys()
    for name, own in here.items():
        assert there[name].system_cost == pytest.approx(own.system_cost, rel=2 * GAP)


def test_every_hour_on_a_cluster_is_every_hour_here(address):
    case = spiky().case()
    options = {"days": 0, "gap": 1e-2, "compare": False, "method": "decomposed"}
    here = plan_park(case, Options(**options)).target
    there = plan_park(case, Options(**options, scheduler=address)).target
    assert here.status == there.status == "optimal" and there.verified
    assert there.system_cost == pytest.approx(here.system_cost, rel=2e-2)
    assert there.bound <= here.system_cost * (1 + 1e-6)
    assert here.bound <= there.system_cost * (1 + 1e-6)


def test_the_years_of_a_lost_worker_are_solved_again(address, monkeypatch):
    ask, killed = ours._Cluster.ask, []

    def ask_and_kill(own, task, asked):
        if len(killed) == 0 and ask_and_kill.calls == 2:
            pids = own.client.run(os.getpid)
            killed.append(next(iter(pids.values())))
            os.kill(killed[0], signal.SIGKILL)
        ask_and_kill.calls += 1
        return ask(own, task, asked)

    ask_and_kill.calls = 0
    monkeypatch.setattr(ours._Cluster, "ask", ask_and_kill)
    there = plan(23, scheduler=address)
    here = plan(23)
    assert killed and ask_and_kill.calls > 3
    assert there.system_cost == pytest.approx(here.system_cost, rel=2 * GAP)


def test_a_scheduler_that_does_not_answer_is_said_in_one_line(monkeypatch):
    monkeypatch.setattr(ours, "REACH", 0.3)
    fault = unreachable("tcp://127.0.0.1:9")
    assert fault.startswith("--scheduler tcp://127.0.0.1:9: no scheduler answers there")
    assert "\n" not in fault
    assert "no scheduler answers" in unreachable("nonsense://x")
