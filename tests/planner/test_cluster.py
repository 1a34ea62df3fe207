"""Tasks on the workers of a Dask cluster: answered with a worker lost on the way, too, and ended in one line where it is lost."""

import os
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster

from models.errors import CaseError, SolverError
from planner.questions import executor as tasks
from planner.questions.executor import executor


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """However busy the machine is, a cluster that works is not given up."""
    monkeypatch.setattr(tasks, "PATIENCE", 120.0)
    monkeypatch.setattr(tasks, "LOOK", 0.2)


@pytest.fixture(scope="module")
def address():
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as two:
        yield two.scheduler_address


def times(shared: int, number: int) -> int:
    """A task."""
    return shared * number


def kills_once(shared: int, number: int, mark: Path) -> int:
    """A task whose worker is lost the first time."""
    with suppress(FileExistsError):
        mark.touch(exist_ok=False)
        os.kill(os.getpid(), signal.SIGKILL)
    return shared * number


def folder_of(_: object) -> str:
    return os.getcwd()


def raises(number: int) -> float:
    if number < 0:
        raise SolverError.because("is below 0")
    return 10 / number


def faults_of(address: str) -> str:
    """What is said of a cluster that cannot be used."""
    with pytest.raises(CaseError) as said, executor(1, address):
        pass
    return "\n".join(said.value.complaints)


@pytest.mark.slow
def test_the_tasks_of_a_lost_worker_are_done_again(address, tmp_path):
    with executor(1, address) as own:
        shared = own.shared(10)
        asked = [own.submit(kills_once, shared, i, tmp_path / "killed") for i in range(4)]
        assert [task.result() for task in asked] == [0, 10, 20, 30] and (tmp_path / "killed").exists()


@pytest.mark.slow
def test_tasks_are_done_in_the_folder_of_who_asks_which_all_workers_must_see(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with executor(1, address) as own:
        assert own.submit(folder_of, 0).result() == str(tmp_path)
    monkeypatch.setattr(os, "getcwd", lambda: "/nowhere")
    assert "does not see /nowhere; share it at the same path" in faults_of(address)


@pytest.mark.slow
def test_what_a_task_raises_for_the_user_is_raised_and_its_faults_end_the_question(address):
    with executor(1, address) as own:
        assert own.submit(raises, 5).result() == 2.0
        with pytest.raises(SolverError, match=r"^is below 0$"):
            own.submit(raises, -1).result()
        with pytest.raises(SolverError, match=r"broke off .ZeroDivisionError: .*the same command goes on"):
            own.submit(raises, 0).result()


def test_a_scheduler_that_does_not_answer_is_said_in_one_line(monkeypatch):
    monkeypatch.setattr(tasks, "REACH", 0.3)
    fault = faults_of("tcp://127.0.0.1:9")
    assert fault.startswith("--scheduler tcp://127.0.0.1:9: no scheduler answers there") and "\n" not in fault
    assert "no scheduler answers" in faults_of("nonsense://x")


def test_a_listener_that_never_speaks_is_no_scheduler(monkeypatch):
    monkeypatch.setattr(tasks, "REACH", 0.3)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        assert "no scheduler answers" in faults_of(f"tcp://127.0.0.1:{deaf.getsockname()[1]}")


@pytest.mark.slow
def test_workers_with_other_versions_are_refused(address, monkeypatch):
    monkeypatch.setattr("planner.machine.resources.__version__", "9.9")
    fault = faults_of(address)
    assert "worker tcp://127.0.0.1:" in fault and "has parkzero" in fault and "instead of 9.9" in fault


@pytest.fixture
def own():
    """A cluster that a test may break."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=":0") as two:
        yield two
        with dask.config.set({"distributed.comm.timeouts.connect": "0.2s"}):  # a dead scheduler is not told for 30 s to end
            two.close()


def test_where_all_workers_are_gone_or_the_scheduler_dies_the_question_ends_and_it_is_said(own, monkeypatch):
    monkeypatch.setattr(tasks, "PATIENCE", 1.0)
    with executor(1, own.scheduler_address) as there:
        assert there.submit(times, 10, 2).result() == 20
        for worker in list(own.workers.values()):
            own.sync(worker.close, nanny=True)
        with pytest.raises(SolverError, match=r"broke off .all its workers are gone"):
            there.submit(times, 10, 2).result()
        assert "it has no workers; start some with: dask worker" in faults_of(own.scheduler_address)
        left = there.submit(times, 10, 2)
        own.sync(own.scheduler.close)
        with pytest.raises(SolverError, match=f"the cluster at {own.scheduler_address} broke off"):
            left.result()


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
    ):
        subprocess.run(["openssl", *made.split()], cwd=folder, check=True, capture_output=True)
    return folder


def tls(folder: Path, authority: str, certificate: str, key: str) -> dict[str, str]:
    """Dask's own configuration of an encrypted connection."""
    ends = {f"{end}.{what}": str(folder / file) for end in ("client", "scheduler", "worker") for what, file in
        (("cert", certificate), ("key", key))}
    return {f"distributed.comm.tls.{name}": file for name, file in {"ca-file": str(folder / authority), **ends}.items()}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates")
def test_a_scheduler_is_reached_by_tls_with_the_certificates_of_dasks_configuration(certificates, monkeypatch):
    """And by nobody without one: Dask itself asks for no password."""
    with dask.config.set(tls(certificates, "ca.pem", "cert.pem", "key.pem")), LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0", protocol="tls://"
    ) as one:
        with executor(1, one.scheduler_address) as there:
            assert there.submit(times, 10, 2).result() == 20
        monkeypatch.setattr(tasks, "REACH", 1.0)
        with dask.config.set(tls(certificates, "other.pem", "other.pem", "other.key")):
            assert "no scheduler answers there" in faults_of(one.scheduler_address)
        assert "no scheduler answers there" in faults_of(one.scheduler_address.replace("tls://", "tcp://"))
