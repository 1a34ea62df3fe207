"""A sentence that knows its template and its values, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.errors import Message

__all__ = ["Message", "as_json", "from_json"]


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
