"""What the user can put right, as one tree; each error knows the exit code that it ends a run with.

A developer's mistake is an `assert` or a `ValueError`, never one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: Characters of a printed line; of a longer one the middle is left out.
LONGEST = 600


def printable(text: str, longest: int | None = LONGEST) -> str:
    """The text as one line that a terminal shows and does not obey: what is no printable character is escaped."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape").decode() for c in text)
    if longest is not None and len(text) > longest:
        text = f"{text[: longest * 2 // 3]} … {text[-longest // 3 :]}"
    return text


class PlanError(Exception):
    """Anything that ends a run with a sentence instead of a plan."""

    exit_code = 4


class CaseError(PlanError):
    """The case is wrong. Carries every complaint, one printable line each."""

    exit_code = 2

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(printable(line) for line in complaints)
        super().__init__("\n".join(self.complaints))


class SolverError(PlanError):
    """The solver gave no answer; the message says what was tried."""

    exit_code = 4


class BoundError(PlanError):
    """A lower bound lies above what a plan costs: one of the two is wrong, a fault of the program."""

    exit_code = 4


class LedgerError(PlanError):
    """The independent ledger found other numbers than the model. Carries every disagreement; the first 20 are shown."""

    exit_code = 4
    SHOWN = 20

    def __init__(self, plan: str, disagreements: Sequence[object]) -> None:
        self.plan, self.disagreements = plan, tuple(disagreements)
        count = len(self.disagreements)
        lines = [
            f"the {plan} plan disagrees with the ledger in {count} number{'s' if count > 1 else ''}; a fault of the program",
            *(str(d) for d in self.disagreements[: self.SHOWN]),
        ]
        if count > self.SHOWN:
            lines.append(f"and {count - self.SHOWN} more")
        super().__init__("\n".join(lines))
