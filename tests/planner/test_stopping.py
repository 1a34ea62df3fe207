"""Ctrl-C gives the best plan so far; a kill at any moment leaves the old output or a new one, never half of one."""

import json
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
import weakref
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

import pandas as pd
import pytest

from planner import start
from planner.plan import LEAST_COST
from planner.process import terminal as ending

GOAL = ("--park", "park", "--target", "zero-carbon", "--by", "2028", "--out", "out")


def press_ctrl_c(after: float) -> None:
    """As a terminal does it: the process gets the signal while it works."""
    def press() -> None:
        time.sleep(after)
        os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=press, daemon=True).start()


@pytest.fixture
def ctrl_c_is_heard():
    """A shell starts what runs in the background with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_in_a_callback_where_python_cannot_pass_it_on_is_not_lost_nor_printed(monkeypatch, capsys, ctrl_c_is_heard):
    from planner.process import streams

    class Thing:
        pass
    def pressed(_: object) -> None:
        raise KeyboardInterrupt
    monkeypatch.setattr(sys, "unraisablehook", streams.hook)
    things = [Thing()]
    reference = weakref.ref(things[0], pressed)
    def work() -> None:
        things.clear()
        until = time.monotonic() + 10
        while time.monotonic() < until:  # a sleep of ten seconds would be slept to its end
            time.sleep(0.01)
        raise AssertionError("it was lost")
    with pytest.raises(KeyboardInterrupt):
        work()
    assert reference() is None and capsys.readouterr().err == ""


@pytest.fixture
def slow_least_cost(monkeypatch):
    """The target is planned; then the least-cost plan takes for ever, in Python."""
    from planner.planning.methods import WholeMethod

    solved = WholeMethod._solved
    def slow(self, name: str):
        if name == LEAST_COST:
            press_ctrl_c(0.1)
            while True:
                time.sleep(0.01)
        return solved(self, name)
    monkeypatch.setattr(WholeMethod, "_solved", slow)


def test_ctrl_c_gives_the_plan_so_far(small, plan, slow_least_cost, tmp_path) -> None:
    said = plan(*GOAL)
    assert said.code == 0, said.err
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["status"] == "optimal" and summary["plans"]["least-cost"]["status"] == "failed"
    assert "until Ctrl-C" in summary["plans"]["least-cost"]["note"]
    assert summary["plans"]["reference"]["note"] == "not reached within the time"


def test_ctrl_c_while_the_target_is_planned_gives_the_best_trial(small, plan, monkeypatch, tmp_path) -> None:
    """The decomposed method, interrupted once it knows a plan."""
    from planner.solve.benders import trials

    keep = trials.Trials._keep
    def kept(self, trial) -> None:
        keep(self, trial)
        if self.overall.incumbent is not None:
            os.kill(os.getpid(), signal.SIGINT)
            while True:
                time.sleep(0.01)
    monkeypatch.setattr(trials.Trials, "_keep", kept)
    said = plan(*GOAL, "--method", "decomposed", "--gap", "1e-9")
    assert said.code == 0, said.err
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["note"] == "stopped by Ctrl-C" and summary["system_cost"] > 0
    assert summary["status"] == ("optimal" if summary["gap"] <= 1e-9 else "feasible")  # the first plan may be the best one


def test_ctrl_c_before_any_plan_writes_nothing(small, plan, monkeypatch, tmp_path) -> None:
    def build(_) -> None:
        press_ctrl_c(0.1)
        while True:
            time.sleep(0.01)
    monkeypatch.setattr("planner.planning.methods.build_park", build)
    said = plan(*GOAL)
    assert said.code == 130 and said.err.rstrip().endswith("stopped; nothing was written")
    assert {p.name for p in tmp_path.iterdir()} == {"park"}


def test_ctrl_c_twice_stops_at_once(small, plan, monkeypatch, tmp_path) -> None:
    """Reading the tables of a plan is not interrupted by the first."""
    def read(*_) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)  # two that come at once are one
        os.kill(os.getpid(), signal.SIGINT)
        while True:
            time.sleep(0.01)
    monkeypatch.setattr("planner.planning.task.plan_tables", read)
    said = plan(*GOAL)
    assert said.code == 130 and said.err.rstrip().endswith("stopped; nothing was written")
    assert {p.name for p in tmp_path.iterdir()} == {"park"}


def test_ctrl_c_while_writing_writes_to_the_end(small, plan, monkeypatch, tmp_path) -> None:
    from planner.command import run

    write = run.write_run
    def slowly(*arguments) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        write(*arguments)
    monkeypatch.setattr(run, "write_run", slowly)
    assert plan(*GOAL).code == 0 and (tmp_path / "out" / "summary.json").exists()


#: Processes of their own, forked from one that has imported the program once for all of them.
OWN = multiprocessing.get_context("forkserver")
OWN.set_forkserver_preload(["planner.planning.rerun", "planner.answer.files", "planner.answer.console", "planner.answer.console"])


def _run(folder: Path, log: Path) -> None:
    """The program, within its own process: nothing to read on stdout, its progress in a pipe that has a name."""
    os.chdir(folder)
    for number, path in ((1, os.devnull), (2, log)):
        os.dup2(os.open(path, os.O_WRONLY), number)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    sys.argv = ["plan", *GOAL]
    from planner.start import main

    main()


def begun(folder: Path) -> tuple[BaseProcess, TextIO]:
    """A run that has just begun, and what it says on stderr."""
    log = folder / "log"
    log.unlink(missing_ok=True)
    os.mkfifo(log)
    run = OWN.Process(target=_run, args=(folder, log), daemon=True)
    run.start()
    return run, log.open()


def ended(run: BaseProcess) -> int | None:
    run.join(60)
    return run.exitcode


def test_ctrl_c_in_a_process_of_its_own_leaves_no_traceback_and_no_draft(small, tmp_path) -> None:
    run, says = begun(tmp_path)
    for line in says:
        if line.startswith("choosing typical days"):
            break
    assert run.pid is not None
    os.kill(run.pid, signal.SIGINT)
    said = says.read()
    assert ended(run) in (0, 130) and "Traceback" not in said and not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


#: Kills: after which line of the log, and within how many seconds from it. Most while it writes, when it matters.
KILLS = (*[("choosing", 0.3)] * 2, *[("solving", 0.3)] * 2, *[("writing", 0.3)] * 5, *[("writing", 0.6)] * 3)


def test_a_kill_at_any_moment_leaves_the_old_output_or_a_new_one(small, tmp_path) -> None:
    """The output that stood there is whole, or a new whole one."""
    run, says = begun(tmp_path)
    says.read()
    assert ended(run) == 0
    chance = random.Random(5)
    for number, (stage, seconds) in enumerate(KILLS):
        small.edit("costs.csv", f"{5000 - number},CNY/kW", f"{4999 - number},CNY/kW")
        run, says = begun(tmp_path)
        for line in says:
            if line.startswith(stage):
                break
        time.sleep(chance.uniform(0.0, seconds))
        run.kill()
        ended(run)
        says.close()
        assert_whole(tmp_path / "out")


def assert_whole(out: Path) -> None:
    """Every file of the output is there and from one and the same run."""
    summary = json.loads((out / "summary.json").read_text())
    for name, facts in summary["plans"].items():
        folder = out if name == "target" else out / name
        assert pd.read_csv(folder / "system_cost.csv")["value"].sum() == pytest.approx(facts["system_cost"])
        assert len(pd.read_parquet(folder / "dispatch.parquet"))
    assert (out / "plan.xlsx").stat().st_size and json.loads((out / "run.json").read_text())["case_sha256"]


class Ended(BaseException):
    """The program was ended with a code."""


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def ends(monkeypatch) -> None:
    """os._exit raises instead."""
    def end(code: int) -> None:
        raise Ended(code)
    monkeypatch.setattr(os, "_exit", end)


@pytest.mark.parametrize("where", ["_running_for", "too_small"])
def test_ctrl_c_before_the_command_line_is_there_is_a_sentence_and_a_code(ends, monkeypatch, capfd, where: str) -> None:
    monkeypatch.setattr(start.streams, "secure", lambda: None)
    monkeypatch.setattr(start.sys, "unraisablehook", start.sys.unraisablehook)
    monkeypatch.setattr(start, where, interrupted)
    with pytest.raises(Ended, match="130"):
        start.main()
    assert capfd.readouterr().err == "stopped; nothing was written\n"


def test_ctrl_c_while_the_program_leaves_changes_nothing(ends, monkeypatch) -> None:
    monkeypatch.setattr(ending, "close", interrupted)
    with pytest.raises(Ended, match="3"):
        ending.leave(3)
