"""Tasks on the workers of a Dask cluster: answered with a worker lost on the way, too, and given up where the cluster is lost."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import dask
import pytest
from distributed import LocalCluster

import planner.solve
from planner.machine.stopping import TIME_LIMIT, Stopped, Watch, watched
from planner.solve.cluster import reach, tasks
from planner.solve.cluster.reach import client_of, unusable
from planner.solve.cluster.tasks import ClusterAsked
from planner.solve.cluster.tls import Tls


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


def times(inputs: int, _key: str, number: int, by: int) -> int:
    """A task."""
    return inputs * by + number


ASKED = {i: (i,) for i in range(4)}
DONE = {i: 11 * i for i in range(4)}


@pytest.mark.slow
def test_the_tasks_of_a_lost_worker_are_done_again(address):
    """The worker that is lost has the only copy of the inputs, as Dask leaves them after two seconds."""
    asked = ClusterAsked(10, address, None, pytest.fail)
    assert asked.ask(times, ASKED) == DONE
    own = asked.cluster
    keep_one_copy(own)
    sent = own.inputs
    for pid in own.client.run(os.getpid, workers=list(holders(own))).values():
        os.kill(pid, signal.SIGKILL)
    assert asked.ask(times, ASKED) == DONE and address not in reach.gone
    assert own.inputs is not sent, "the inputs were sent again"


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
    assert fault.startswith("--scheduler tcp://127.0.0.1:9: no scheduler answers there") and "\n" not in fault
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
    monkeypatch.setattr("planner.machine.resources.__version__", "9.9")
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


def lost(monkeypatch, cluster, broken):
    """What the cluster is asked, and what is told, once it has answered and something was broken; patience is short from then on."""
    told: list[str] = []
    asked = ClusterAsked(10, cluster.scheduler_address, None, told.append)
    assert asked.ask(times, ASKED) == DONE and told == []
    monkeypatch.setattr(reach, "PATIENCE", 1.0)
    broken()
    return asked, told


def test_where_all_workers_are_gone_nothing_is_answered_and_it_is_said(own, monkeypatch):
    asked, told = lost(monkeypatch, own, lambda: scaled_to_none(own))
    assert asked.ask(times, ASKED) == {} and told[0].startswith(f"all workers of the cluster at {own.scheduler_address} were gone")


def test_where_the_scheduler_dies_nothing_is_answered_and_it_is_said(own, monkeypatch):
    address = own.scheduler_address
    asked, told = lost(monkeypatch, own, lambda: own.sync(own.scheduler.close))
    assert asked.ask(times, ASKED) == {} and f"the cluster at {address}" in told[0] and "this machine's cores went on" in told[0]


def test_a_scheduler_that_falls_silent_is_left_and_not_asked_again(own, monkeypatch):
    """Nor does what is asked later try it."""
    never = threading.Event()
    asked, told = lost(monkeypatch, own, lambda: monkeypatch.setattr(tasks._Cluster, "_submit", lambda *_: never.wait()))
    assert asked.ask(times, ASKED) == {}
    never.set()
    assert told == [f"the cluster at {own.scheduler_address} no longer answered; this machine's cores went on with the rest"]
    assert ClusterAsked(10, own.scheduler_address, None, pytest.fail).ask(times, ASKED) == {}


def scaled_to_none(cluster):
    """End all workers, and wait until the scheduler knows."""
    for worker in list(cluster.workers.values()):
        cluster.sync(worker.close, nanny=True)


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

    own = {"tls_ca_file": certificates / "ca.pem",
        **dict.fromkeys(("tls_scheduler_cert", "tls_worker_cert", "tls_client_cert"), certificates / "cert.pem")}
    own |= dict.fromkeys(("tls_scheduler_key", "tls_worker_key", "tls_client_key"), certificates / "key.pem")
    security = Security(require_encryption=True, **{name: str(file) for name, file in own.items()})
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0", protocol="tls://",
        security=security) as one:
        address = one.scheduler_address
        tls, faults = Tls.of(address, files(certificates, "ca.pem", "cert.pem", "key.pem"))
        assert faults == [] and unusable(address, tls) == ""
        client_of(address, tls).close()
        client_of.cache_clear()
        monkeypatch.setattr(reach, "REACH", 1.0)
        stranger = Tls(*(str(certificates / name) for name in ("other.pem", "other.pem", "other.key")))
        assert "no scheduler answers there" in unusable(address, stranger)
        assert "no scheduler answers there" in unusable(address.replace("tls://", "tcp://"))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates")
@pytest.mark.parametrize(("address", "names", "said"), [
    ("tls://host:1", (None, None, None), "needs --scheduler-ca, --scheduler-cert, --scheduler-key, too"),
    ("tls://host:1", ("ca.pem", None, "key.pem"), "needs --scheduler-cert, too"),
    ("tcp://host:1", ("ca.pem", None, None), "--scheduler-ca: are of --scheduler tls://HOST:PORT"),
    ("", ("ca.pem", "cert.pem", "key.pem"),
     "--scheduler-ca, --scheduler-cert, --scheduler-key: are of --scheduler tls://HOST:PORT"),
    ("tls://host:1", ("none.pem", "cert.pem", "key.pem"), "none.pem: is no file"),
    ("tls://host:1", ("key.pem", "cert.pem", "key.pem"), "key.pem: holds no certificate in PEM"),
    ("tls://host:1", ("ca.pem", "other.pem", "key.pem"), "are no certificate in PEM and its key without a password"),
    ("tls://host:1", ("ca.pem", "cert.pem", "locked.pem"), "are no certificate in PEM and its key without a password"),
])
def test_what_is_wrong_with_the_files_of_a_connection_is_said(certificates, address, names, said):
    tls, (fault,) = Tls.of(address, files(certificates, *names))
    assert tls is None and fault.endswith(said)


def test_a_check_says_what_is_wrong_with_its_connection_and_connects_to_nobody(small, plan, monkeypatch):
    monkeypatch.setattr(planner.solve, "unusable", lambda *_: pytest.fail("connected"))
    said = plan("what-if", "park", "--assumed", "--scheduler", "tls://127.0.0.1:9", "--scheduler-ca", "no.pem")
    assert said.code == 2 and "--scheduler tls://127.0.0.1:9: needs --scheduler-cert, --scheduler-key, too" in said.err
    assert plan("what-if", "park", "--assumed", "--scheduler-key", "no.pem").code == 2
