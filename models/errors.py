"""What the user can put right, as one tree; each error knows the exit code that it ends a run with.

A developer's mistake is an `assert` or a `ValueError`, never one of these.
"""

from __future__ import annotations

from collections.abc import Iterable


class PlanError(Exception):
    """Anything that ends a run with a sentence instead of a plan."""

    exit_code = 4


class CaseError(PlanError):
    """The case is wrong. Carries every complaint, one line each."""

    exit_code = 2

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(self.complaints))


class SolverError(PlanError):
    """The solver gave no answer; the message says what was tried."""

    exit_code = 4
