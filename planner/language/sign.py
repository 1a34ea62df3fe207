"""A sign of progress: a line of the log that knows how far its step is."""

from __future__ import annotations

from planner.language.message import Message


class Sign(str):
    """English text of the log; everywhere a plain text to who asks no more of it.

    text  what it was made of: a Message, which another language tells in its own words, or a plain text
    done  share of the step that is done, 0 to 1; None where it is not known
    gap   how far the best plan so far is above the lower bound, as a share of its cost; None where there is no plan yet
    """

    text: str
    done: float | None
    gap: float | None

    def __new__(cls, text: str, done: float | None = None, gap: float | None = None) -> Sign:
        """The text with what is known."""
        sign = super().__new__(cls, text)
        sign.text, sign.done, sign.gap = text, done, gap
        return sign


def put_into(template: str, text: str, **values: object) -> str:
    """A text within the words of a template, as its `{text}`; a sign knows as much as before."""
    told = Message(template, text=text.text if isinstance(text, Sign) else text, **values)
    return Sign(told, text.done, text.gap) if isinstance(text, Sign) else told
