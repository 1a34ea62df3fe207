"""Tasks on the workers of a Dask cluster: answered with a worker lost on the way, too, and given up where the cluster is lost."""

import os
import shutil
import signal
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster

import planner.solve
from planner.machine.stopping import TIME_LIMIT, Stopped, Watch, watched
from planner.solve.cluster import tasks
from planner.solve.cluster.tasks import Tls, client_of, cluster_answers, unusable


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """However busy the machine is, a cluster that works is not given up."""
    monkeypatch.setattr(tasks, "PATIENCE", 120.0)


@pytest.fixture(scope="module")
def address():
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as two:
        yield two.scheduler_address
        client_of(two.scheduler_address, None).close()
        client_of.cache_clear()


def times(shared: int, number: int) -> int:
    """A task."""
    return shared * number


def kills_once(shared: int, number: int, mark: Path) -> int:
    """A task whose worker is lost the first time."""
    with suppress(FileExistsError):
        mark.touch(exist_ok=False)
        os.kill(os.getpid(), signal.SIGKILL)
    return shared * number


ASKED = {i: (i,) for i in range(4)}
DONE = {i: 10 * i for i in range(4)}


@pytest.mark.slow
def test_the_tasks_of_a_lost_worker_are_done_again(address, tmp_path):
    asked = {i: (i, tmp_path / "killed") for i in range(4)}
    assert cluster_answers(kills_once, 10, asked, (address, None), pytest.fail) == DONE and (tmp_path / "killed").exists()


def raises(shared: int, number: int) -> int:
    return shared // number


@pytest.mark.slow
def test_what_a_task_raises_is_left_to_who_asks(address):
    told: list[str] = []
    assert cluster_answers(raises, 10, {0: (0,), 1: (1,)}, (address, None), told.append) == {1: 10} and len(told) == 1


def test_a_scheduler_that_does_not_answer_is_said_in_one_line(monkeypatch):
    monkeypatch.setattr(tasks, "REACH", 0.3)
    fault = unusable("tcp://127.0.0.1:9")
    assert fault.startswith("--scheduler tcp://127.0.0.1:9: no scheduler answers there") and "\n" not in fault
    assert "no scheduler answers" in unusable("nonsense://x")


def test_a_listener_that_never_speaks_is_no_scheduler(monkeypatch):
    monkeypatch.setattr(tasks, "REACH", 0.3)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        assert "no scheduler answers" in unusable(f"tcp://127.0.0.1:{deaf.getsockname()[1]}")


def test_the_limit_of_a_run_ends_a_call_that_does_not_return():
    """Whatever patience is left: the watch says so."""
    watch = Watch(None)
    watch.end(TIME_LIMIT)
    with watched(watch), pytest.raises(Stopped):
        tasks.answer_of(threading.Event().wait)


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


def test_where_all_workers_are_gone_or_the_scheduler_dies_nothing_is_answered_and_it_is_said(own, monkeypatch):
    told: list[str] = []
    cluster = own.scheduler_address, None
    assert cluster_answers(times, 10, ASKED, cluster, pytest.fail) == DONE
    monkeypatch.setattr(tasks, "PATIENCE", 1.0)
    scaled_to_none(own)
    assert cluster_answers(times, 10, ASKED, cluster, told.append) == {} and f"the cluster at {cluster[0]}" in told[0]
    own.sync(own.scheduler.close)
    assert cluster_answers(times, 10, ASKED, cluster, told.append) == {} and "this machine's cores went on" in told[1]


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
        assert faults == [] and unusable(address, tls) == ""
        client_of(address, tls).close()
        client_of.cache_clear()
        monkeypatch.setattr(tasks, "REACH", 1.0)
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
    assert tls is None and fault.endswith(said)


def test_a_check_says_what_is_wrong_with_its_connection_and_connects_to_nobody(small, plan, monkeypatch):
    monkeypatch.setattr(planner.solve, "unusable", lambda *_: pytest.fail("connected"))
    said = plan("what-if", "park", "--assumed", "--scheduler", "tls://127.0.0.1:9", "--scheduler-ca", "no.pem")
    assert said.code == 2 and "--scheduler tls://127.0.0.1:9: needs --scheduler-cert, --scheduler-key, too" in said.err
    assert plan("what-if", "park", "--assumed", "--scheduler-key", "no.pem").code == 2
