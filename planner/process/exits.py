"""Exit codes of the command line, which are a contract; 0 is a plan, or an answer."""

from __future__ import annotations

#: What is given is wrong; the goal cannot be met; the solver, or the program, failed; stopped from outside.
WRONG, UNREACHABLE, FAILED, STOPPED = 2, 3, 4, 130
