"""A sign of progress: a line of the log that knows how far its step is."""

from __future__ import annotations


class Sign(str):
    """English text of the log; everywhere a plain text to who asks no more of it.

    done  share of the step that is done, 0 to 1; None where it is not known
    gap   how far the best plan so far is above the lower bound, as a share of its cost; None where there is no plan yet
    """

    done: float | None
    gap: float | None

    def __new__(cls, text: str, done: float | None = None, gap: float | None = None) -> Sign:
        """The text with what is known."""
        sign = super().__new__(cls, text)
        sign.done, sign.gap = done, gap
        return sign


def after(begin: str, text: str) -> str:
    """The text with something before it; a sign knows as much as before."""
    return Sign(begin + text, text.done, text.gap) if isinstance(text, Sign) else begin + text
