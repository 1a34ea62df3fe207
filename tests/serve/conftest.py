"""A workbench on a folder of its own with one small park, and a browser that is known to it."""

import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace

import pytest
from visitors import Client

from planner.command import cli
from planner.templates.blank import BlankWanted, blank
from planner.templates.write import write_folder
from planner.workbench import imports
from planner.workbench.bench import Bench, Sessions
from planner.workbench.places import Places


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the blank park `mill`."""
    write_folder(tmp_path / "mill", blank(BlankWanted("Mill")))
    return tmp_path


@pytest.fixture
def stranger(root: Path) -> Client:
    """A browser that nobody knows."""
    return Client(Bench(Places(root), Sessions(8123)))


@pytest.fixture
def client(stranger: Client) -> Client:
    """A browser that has opened the address."""
    return stranger.enters()


@pytest.fixture
def at_once(monkeypatch, capsys) -> None:
    """Commands that look at a file are run in this process: nothing is started for them."""
    def run(command, cwd, **_):
        monkeypatch.setattr(sys, "argv", ["plan", *command[command.index("planner") + 1 :]])
        capsys.readouterr()
        try:
            with chdir(cwd):
                cli.main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(command, code, said.out.encode(), said.err.encode())
    monkeypatch.setattr(imports, "subprocess", SimpleNamespace(run=run, DEVNULL=None, TimeoutExpired=subprocess.TimeoutExpired))
