"""A sentence that knows its template and its values, so that another language fills its own words with the same values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.errors import printable


class Message(str):
    """English text, made of a template and values; everywhere a plain text to who asks no more of it.

    template  English words with `{name}` where a value stands; marked for translation where it is written
    values    text of each, or a Message, which is translated too
    """

    template: str
    values: Mapping[str, str]

    def __new__(cls, template: str, /, **values: object) -> Message:
        """Fill the template. A value that is no text yet is told as Python does."""
        own = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
        return cls.known(printable(template.format(**own), longest=None), template, own)

    @classmethod
    def known(cls, text: str, template: str, values: Mapping[str, str]) -> Message:
        """A message whose English text is there already; nothing is filled."""
        message = super().__new__(cls, text)
        message.template, message.values = template, values
        return message

    def shortened(self) -> Message:
        """The same, its English text no longer than a printed line."""
        return Message.known(printable(self), self.template, self.values)


def as_json(text: str) -> str | dict[str, Any]:
    """A text as JSON: a Message with its template and values."""
    if not isinstance(text, Message):
        return text
    return {"text": str(text), "template": text.template, "values": {name: as_json(v) for name, v in text.values.items()}}


def from_json(facts: str | Mapping[str, Any]) -> str:
    """The text that `as_json` told."""
    if isinstance(facts, str):
        return facts
    return Message.known(facts["text"], facts["template"], {name: from_json(v) for name, v in facts["values"].items()})
