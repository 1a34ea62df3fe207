"""What the user can put right, as one tree; each error knows the exit code that it ends a run with.

What an error says are Messages where another language is to say it, too. A developer's mistake is an `assert` or a
`ValueError`, never one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, Self

from models.message import Message, line_of


class PlanError(Exception):
    """Anything that ends a run with a sentence instead of a plan."""

    exit_code = 4

    @classmethod
    def because(cls, template: str, /, **values: object) -> Self:
        """The error that says one sentence: a template that the values fill."""
        return cls(Message(template, **values))

    @property
    def lines(self) -> tuple[str, ...]:
        """What is printed of it, a line each; a Message can be told in another language."""
        said = self.args[0] if self.args else ""
        return (said,) if isinstance(said, Message) else tuple(str(said).splitlines())


class CaseError(PlanError):
    """The case is wrong. Carries every complaint, one printable line each."""

    exit_code = 2

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(line_of(line) for line in complaints)
        super().__init__("\n".join(self.complaints))

    @classmethod
    def because(cls, template: str, /, **values: object) -> Self:
        """The error with one complaint: a template that the values fill."""
        return cls([Message(template, **values)])

    @property
    def lines(self) -> tuple[str, ...]:
        """Every complaint."""
        return self.complaints


class SolverError(PlanError):
    """The solver gave no answer; the message says what was tried."""

    exit_code = 4


class Disagrees(Protocol):
    """A number that the ledger found to be another."""

    @property
    def told(self) -> str:
        """The two numbers, and of what they are."""


class LedgerError(PlanError):
    """The independent ledger found other numbers than the model. Carries every disagreement; the first 20 are shown."""

    exit_code = 4
    SHOWN = 20

    def __init__(self, plan: str, disagreements: Sequence[Disagrees]) -> None:
        self.plan, self.disagreements = plan, tuple(disagreements)
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> tuple[str, ...]:
        """What is wrong, and the first disagreements."""
        count = len(self.disagreements)
        head = (
            Message("the {plan} plan disagrees with the ledger in 1 number; a fault of the program", plan=self.plan)
            if count == 1
            else Message(
                "the {plan} plan disagrees with the ledger in {count} numbers; a fault of the program", plan=self.plan, count=count
            )
        )
        shown = [d.told for d in self.disagreements[: self.SHOWN]]
        more = [Message("and {count} more", count=count - self.SHOWN)] if count > self.SHOWN else []
        return (head, *shown, *more)
