"""A sentence that knows its template and its values, so that another language fills its own words with the same values."""

from __future__ import annotations

from collections.abc import Mapping

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
