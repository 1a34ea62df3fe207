"""A workbench on a folder of its own with one small park, and a browser that is known to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from visitors import Client

from planner.serve.bench import Bench
from planner.serve.places import Places
from planner.serve.session import Sessions
from planner.templates.blank import Wanted, blank
from planner.templates.write import write_folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the blank park `mill`."""
    write_folder(tmp_path / "mill", blank(Wanted("Mill")))
    return tmp_path


@pytest.fixture
def stranger(root: Path) -> Client:
    """A browser that nobody knows."""
    return Client(Bench(Places(root), Sessions(8123)))


@pytest.fixture
def client(stranger: Client) -> Client:
    """A browser that has opened the address."""
    return stranger.enters()
