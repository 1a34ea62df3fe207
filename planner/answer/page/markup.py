"""Markup: tags whose text is escaped unless it is markup already. Everything that a case names goes through here."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

__all__ = ["Markup", "join", "tag"]

#: Tags that have no content.
EMPTY = ("meta", "br", "hr", "input", "img", "link", "rect", "path", "line", "circle", "polyline", "polygon", "col")


def tag(name: str, /, *children: object, **attributes: object) -> Markup:
    """An element. `class_` and `for_` are written without the underscore, other underscores as hyphens.

    An attribute that is None or False is left out, True is written without a value.
    """
    head = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None and value is not False)
    inner = "".join(escape(child) for child in children if child is not None)
    if not inner and name in EMPTY:
        return Markup(f"<{name}{head}/>")
    return Markup(f"<{name}{head}>{inner}</{name}>")


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def join(parts: Iterable[object], between: str = "") -> Markup:
    """Parts one after the other; what is None is left out."""
    return escape(between).join(escape(part) for part in parts if part is not None)
