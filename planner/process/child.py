"""Processes of our own that a command starts: they import what this process imports, and nothing from the folder that one works in.

Python looks in that folder first where it is asked for a module (`-m`): a file `json.py` in a bundle that somebody sent would run.
"""

from __future__ import annotations

import os
import sys


def command_of(module: str) -> list[str]:
    """What starts a module of ours."""
    return [sys.executable, "-P", "-m", module]


def environment(**more: str) -> dict[str, str]:
    """The environment of this process, with the folders that it imports from."""
    paths = os.pathsep.join(os.path.abspath(path) for path in sys.path)
    return {**os.environ, "PYTHONPATH": paths, **more}
