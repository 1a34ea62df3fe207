"""What the user can put right, as one tree; each error knows the exit code that it ends a run with.

What an error says are Messages where another language is to say it, too. A developer's mistake is an `assert` or a
`ValueError`, never one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

# --- messages ----------------------------------------------------------------------------------------------------------------

#: Characters of a printed line; of a longer one the middle is left out.
LONGEST = 600


def printable(text: str, longest: int | None = LONGEST) -> str:
    """The text as one line that a terminal shows and does not obey: what is no printable character is escaped."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape").decode() for c in text)
    if longest is not None and len(text) > longest:
        text = f"{text[: longest * 2 // 3]} … {text[-longest // 3 :]}"
    return text


class Message(str):
    """English text, made of a template and values; everywhere a plain text to who asks no more of it.

    template  English words with `{name}` where a value stands; written in place, or marked for translation where it is a constant
    values    text of each, or a Message, which is translated too
    """

    template: str
    values: Mapping[str, str]

    def __new__(cls, template: str, /, **values: object) -> Message:
        """Fill the template. A value that is no text yet is told as Python does."""
        own = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
        return cls.known(printable(template.format(**own), longest=None), template, own)

    def __reduce__(self) -> tuple[object, ...]:
        """A copy in another process is the same: its template is not filled again."""
        return Message.known, (str(self), self.template, dict(self.values))

    @classmethod
    def known(cls, text: str, template: str, values: Mapping[str, str]) -> Message:
        """A message whose English text is there already; nothing is filled."""
        message = super().__new__(cls, text)
        message.template, message.values = template, values
        return message

    def shortened(self) -> Message:
        """The same, its English text no longer than a printed line."""
        return Message.known(printable(self), self.template, self.values)


def line_of(text: str) -> str:
    """A text as one printed line; a Message stays one."""
    return text.shortened() if isinstance(text, Message) else printable(text)


# --- errors ------------------------------------------------------------------------------------------------------------------


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

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy in another process has the same complaints."""
        return type(self), (self.complaints,), self.__dict__

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


class LedgerError(PlanError):
    """The independent ledger found other numbers than the model. Carries every disagreement, `told` in words; 20 are shown."""

    exit_code = 4
    SHOWN = 20

    def __init__(self, plan: str, disagreements: Sequence[Any]) -> None:
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
