"""Where a command speaks: results to stdout, the rest to stderr."""

from __future__ import annotations

import os

from rich.console import Console

from planner.language.plain import COLUMNS

stderr = Console(stderr=True, highlight=False)
stdout = Console(highlight=False, soft_wrap=False)
if not stdout.is_terminal and "COLUMNS" not in os.environ:
    stdout.width = COLUMNS  # a file has no width of its own
