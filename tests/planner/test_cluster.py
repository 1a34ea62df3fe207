"""Years solved by the workers of a Dask cluster: the same plan as on this machine, with a worker lost on the way, too."""

import os
import pickle
import shutil
import signal
import socket
import subprocess
import threading
import time

import dask
import pandas as pd
import pytest
from distributed import LocalCluster
from random_parks import random_park
from test_hourly_truth import spiky

from models.case import Future, FutureValue
from planner.machine.stopping import TIME_LIMIT, Stopped, Watch, watched
from planner.planning.run import Options, plan_park
from planner.recourse.run import plan_tree
from planner.solve.cluster import reach, tasks
from planner.solve.cluster.reach import client_of, unusable
from planner.solve.cluster.tls import Tls

GAP = 1e-4


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """However busy the machine is, a cluster that works is not given up."""
    monkeypatch.setattr(reach, "PATIENCE", 120.0)


@pytest.fixture(scope="module")
def address():
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as two:
        yield two.scheduler_address
        client_of(two.scheduler_address, None).close()
        client_of.cache_clear()


def plan(seed: int, **options):
    return plan_park(random_park(seed).case(), Options(gap=GAP, compare=False, method="decomposed", **options)).target


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 23])
def test_a_cluster_finds_the_same_plan(address, seed):
    here, there = plan(seed), plan(seed, scheduler=address)
    assert there.status == here.status == "optimal"
    assert there.gap <= GAP
    assert there.system_cost == pytest.approx(here.system_cost, rel=2 * GAP)


@pytest.mark.slow
def test_all_three_plans_are_the_same(address):
    case = random_park(11).case()
    here = plan_park(case, Options(gap=GAP, method="decomposed")).plans
    there = plan_park(case, Options(gap=GAP, scheduler=address)).plans
    assert here.keys() == there.keys()
    for name, own in here.items():
        assert there[name].system_cost == pytest.approx(own.system_cost, rel=2 * GAP)


@pytest.mark.slow
def test_a_tree_on_a_cluster_costs_what_it_does_here(address):
    """Random parks as above, with two prices of power from the second year on, and a measure of what knowing is worth."""
    park = random_park(5)
    supply, first = park.rows["supplies"][0].supply, park.park.first_year
    for name, factor in (("dear", 2.0), ("cheap", 0.5)):
        park.add(Future(future=name, from_year=first + 1))
        park.add(FutureValue(future=name, changed="prices", name=supply, item="energy", factor=factor))
    options = {"gap": GAP, "compare": False}
    here, there = (
        plan_tree(park.case(), Options(**options, method="whole")),
        plan_tree(park.case(), Options(**options, scheduler=address)),
    )
    assert here.status == there.status == "optimal" and address not in reach.gone
    assert there.expected_cost == pytest.approx(here.expected_cost, rel=2 * GAP)
    assert there.wait_and_see == pytest.approx(here.wait_and_see, rel=2 * GAP) and there.regrets


@pytest.mark.slow
def test_every_hour_on_a_cluster_is_every_hour_here(address):
    case = spiky().case()
    options = {"days": 0, "gap": 1e-2, "compare": False, "method": "decomposed"}
    here = plan_park(case, Options(**options)).target
    there = plan_park(case, Options(**options, scheduler=address)).target
    assert here.status == there.status == "optimal" and there.verified
    assert there.system_cost == pytest.approx(here.system_cost, rel=2e-2)
    assert there.bound <= here.system_cost * (1 + 1e-6)
    assert here.bound <= there.system_cost * (1 + 1e-6)


@pytest.mark.slow
def test_the_years_of_a_lost_worker_are_solved_again(address, monkeypatch):
    """The worker that is lost has the only copy of the inputs, as Dask leaves them after two seconds."""
    ask, killed, asked = tasks._Cluster.ask, [], []

    def ask_and_kill(own, task, arguments):
        asked.append(own.inputs)
        if len(asked) == 2:
            keep_one_copy(own)
            pids = own.client.run(os.getpid, workers=list(holders(own)))
            killed.extend(pids.values())
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
        return ask(own, task, arguments)

    monkeypatch.setattr(tasks._Cluster, "ask", ask_and_kill)
    there = plan(23, scheduler=address)
    here = plan(23)
    assert len(killed) == 1 and len(asked) > 2 and address not in reach.gone
    assert asked[2] is not asked[1], "the inputs were sent again"
    assert there.system_cost == pytest.approx(here.system_cost, rel=2 * GAP)


def holders(own):
    return own.client.who_has([own.inputs])[own.inputs.key]


def keep_one_copy(own):
    """Drop copies of the inputs as Dask's active memory manager does by itself."""
    end = time.monotonic() + 60
    while len(holders(own)) > 1 and time.monotonic() < end:
        own.client.amm.run_once()
        time.sleep(0.1)


def test_a_scheduler_that_does_not_answer_is_said_in_one_line(monkeypatch):
    monkeypatch.setattr(reach, "REACH", 0.3)
    fault = unusable("tcp://127.0.0.1:9")
    assert fault.startswith("--scheduler tcp://127.0.0.1:9: no scheduler answers there")
    assert "\n" not in fault
    assert "no scheduler answers" in unusable("nonsense://x")


def test_a_listener_that_never_speaks_is_no_scheduler(monkeypatch):
    monkeypatch.setattr(reach, "REACH", 0.3)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        assert "no scheduler answers" in unusable(f"tcp://127.0.0.1:{deaf.getsockname()[1]}")


def test_the_limit_of_a_run_ends_a_call_that_does_not_return():
    """Whatever patience is left: the watch says so."""
    watch = Watch(None)
    watch.end(TIME_LIMIT)
    with watched(watch), pytest.raises(Stopped):
        reach.answer_of(threading.Event().wait)


@pytest.mark.slow
def test_workers_with_other_versions_are_refused(address, monkeypatch):
    assert unusable(address) == ""
    monkeypatch.setattr("planner.machine.versions.__version__", "9.9")
    fault = unusable(address)
    assert "worker tcp://127.0.0.1:" in fault and "has parkzero" in fault and "instead of 9.9" in fault


@pytest.fixture
def own():
    """A cluster that a test may break."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=":0") as two:
        yield two
        with dask.config.set({"distributed.comm.timeouts.connect": "0.2s"}):  # a dead scheduler is not told for 30 s to end
            two.close()
    client_of.cache_clear()
    reach.gone.clear()


def break_after(monkeypatch, calls, broken):
    """Break something before the cluster is asked for the cuts of that trial; returns how often it was asked. Patience is short from the
    call before on alone: a machine that is busy must not make a healthy cluster look lost."""
    ask, asked = tasks._Cluster._submit, []

    def submit(self, *arguments):
        asked.append(1)
        if len(asked) == calls:
            broken()
        answer = ask(self, *arguments)
        if len(asked) == calls - 1:
            monkeypatch.setattr(reach, "PATIENCE", 1.0)
        return answer

    monkeypatch.setattr(tasks._Cluster, "_submit", submit)
    monkeypatch.setattr(reach, "PATIENCE", 600.0)
    return asked


def planned_on(cluster, seed=23):
    return plan_park(
        random_park(seed).case(), Options(gap=GAP, compare=False, method="decomposed", scheduler=cluster.scheduler_address)
    )


def test_where_all_workers_are_gone_this_machine_goes_on_and_says_so(own, monkeypatch):
    asked = break_after(monkeypatch, 3, lambda: scaled_to_none(own))
    run = planned_on(own)
    assert len(asked) == 3
    assert run.target.system_cost == pytest.approx(plan(23).system_cost, rel=2 * GAP)
    assert run.warnings[-1].startswith(f"all workers of the cluster at {own.scheduler_address} were gone")


def test_where_the_scheduler_dies_this_machine_goes_on_and_says_so(own, monkeypatch):
    address = own.scheduler_address
    asked = break_after(monkeypatch, 3, lambda: own.sync(own.scheduler.close))
    run = planned_on(own)
    assert len(asked) == 3
    assert run.target.system_cost == pytest.approx(plan(23).system_cost, rel=2 * GAP)
    assert f"the cluster at {address}" in run.warnings[-1] and "this machine's cores went on" in run.warnings[-1]


def test_a_scheduler_that_falls_silent_is_left_and_not_asked_again(own, monkeypatch):
    """Nor does what is built later in the run try it."""
    never = threading.Event()
    asked = break_after(monkeypatch, 2, never.wait)
    run = planned_on(own)
    never.set()
    assert len(asked) == 2
    assert run.warnings[-1].startswith(f"the cluster at {own.scheduler_address} no longer answered")
    again = planned_on(own)
    assert len(asked) == 2 and again.target.status == "optimal"


def scaled_to_none(cluster):
    """End all workers, and wait until the scheduler knows."""
    for worker in list(cluster.workers.values()):
        cluster.sync(worker.close, nanny=True)


@pytest.mark.slow
def test_the_points_of_a_frontier_are_planned_by_a_cluster_and_found_again_without(address, plan, small, tmp_path):
    """The small park is planned whole here, year by year there: the costs agree, and what one has planned the other does not."""
    said = plan("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2027..2028", "--jobs", 1, "--scheduler", address)
    assert said.code == 0, said.err
    here = plan("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2027..2028", "--jobs", 1, "--out", "here")
    there, own = (pd.read_csv(tmp_path / name / "frontier.csv") for name in ("frontier-park", "here"))
    assert there["system_cost"].tolist() == pytest.approx(own["system_cost"].tolist(), rel=2e-3)
    again = plan("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2027..2028", "--jobs", 1)
    assert here.code == again.code == 0 and again.err.count("is there already") == 2


def test_a_frontier_without_a_cluster_at_the_address_is_refused(plan, small):
    said = plan("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2027..2028", "--scheduler", "nowhere")
    assert said.code == 2 and "no scheduler answers there" in said.err


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Certificate of an authority, one of its own with its key, and one of another authority."""
    folder = tmp_path_factory.mktemp("tls")
    for name in ("ca", "other"):
        made = f"req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN={name} -keyout {name}.key -out {name}.pem"
        subprocess.run(["openssl", *made.split()], cwd=folder, check=True, capture_output=True)
    for made in (
        "req -newkey rsa:2048 -nodes -subj /CN=park -keyout key.pem -out asked.pem",
        "x509 -req -days 30 -in asked.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem",
        "rsa -aes128 -passout pass:secret -in key.pem -out locked.pem",
    ):
        subprocess.run(["openssl", *made.split()], cwd=folder, check=True, capture_output=True)
    return folder


def files(folder, *names):
    return tuple(None if name is None else folder / name for name in names)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates")
def test_a_scheduler_is_reached_by_tls_with_certificates_of_one_authority(certificates, monkeypatch):
    """And by nobody without one: Dask itself asks for no password."""
    from distributed import Security

    own = {
        "tls_ca_file": certificates / "ca.pem",
        **dict.fromkeys(("tls_scheduler_cert", "tls_worker_cert", "tls_client_cert"), certificates / "cert.pem"),
    }
    own |= dict.fromkeys(("tls_scheduler_key", "tls_worker_key", "tls_client_key"), certificates / "key.pem")
    security = Security(require_encryption=True, **{name: str(file) for name, file in own.items()})
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0", protocol="tls://", security=security
    ) as one:
        address = one.scheduler_address
        tls, faults = Tls.of(address, files(certificates, "ca.pem", "cert.pem", "key.pem"))
        assert faults == []
        assert unusable(address, tls) == ""
        client_of(address, tls).close()
        client_of.cache_clear()
        monkeypatch.setattr(reach, "REACH", 1.0)
        stranger = Tls(*(str(certificates / name) for name in ("other.pem", "other.pem", "other.key")))
        assert "no scheduler answers there" in unusable(address, stranger)
        assert "no scheduler answers there" in unusable(address.replace("tls://", "tcp://"))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates")
@pytest.mark.parametrize(
    ("address", "names", "said"),
    [
        ("tls://host:1", (None, None, None), "needs --scheduler-ca, --scheduler-cert, --scheduler-key, too"),
        ("tls://host:1", ("ca.pem", None, "key.pem"), "needs --scheduler-cert, too"),
        ("tcp://host:1", ("ca.pem", None, None), "--scheduler-ca: are of --scheduler tls://HOST:PORT"),
        (
            "",
            ("ca.pem", "cert.pem", "key.pem"),
            "--scheduler-ca, --scheduler-cert, --scheduler-key: are of --scheduler tls://HOST:PORT",
        ),
        ("tls://host:1", ("none.pem", "cert.pem", "key.pem"), "none.pem: is no file"),
        ("tls://host:1", ("key.pem", "cert.pem", "key.pem"), "key.pem: holds no certificate in PEM"),
        ("tls://host:1", ("ca.pem", "other.pem", "key.pem"), "are no certificate in PEM and its key without a password"),
        ("tls://host:1", ("ca.pem", "cert.pem", "locked.pem"), "are no certificate in PEM and its key without a password"),
    ],
)
def test_what_is_wrong_with_the_files_of_a_connection_is_said(certificates, address, names, said):
    tls, (fault,) = Tls.of(address, files(certificates, *names))
    assert tls is None
    assert fault.endswith(said)


def test_a_run_says_what_is_wrong_with_its_connection_and_connects_to_nobody(small, plan, tmp_path, monkeypatch):
    monkeypatch.setattr("planner.command.options.unusable", lambda *_: pytest.fail("connected"))
    for command in (("--park", "park"), ("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2027..2028")):
        said = plan(*command, "--scheduler", "tls://127.0.0.1:9", "--scheduler-ca", "no.pem")
        assert said.code == 2
        assert "--scheduler tls://127.0.0.1:9: needs --scheduler-cert, --scheduler-key, too" in said.err
        assert plan(*command, "--scheduler-key", "no.pem").code == 2


def test_a_point_in_another_process_has_the_files_of_its_connection(small):
    from planner.frontier.point import Point

    tls = Tls("/a.pem", "/b.pem", "/c.pem")
    point = Point(small.folder, (), "zero-carbon", 2028, Options(scheduler="tls://host:1", tls=tls), small.folder.parent / "p")
    assert pickle.loads(pickle.dumps(point)).options == point.options
    assert "tls" not in point.facts(), "files of a machine stand in no output"
