"""Tabs that need no script: radio buttons whose panels the style sheet shows; reached and changed by the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from planner.answer.page.markup import Markup, tag

#: Most tabs that the style sheet knows.
MOST_TABS = 30


def tabs(name: str, label: str, panels: Sequence[tuple[str, object]], chosen: int = 0) -> Markup:
    """Panels of which one is seen. `name` is an id of the page; a single panel has no tab."""
    if len(panels) == 1:
        return tag("div", panels[0][1])
    assert len(panels) <= MOST_TABS
    parts: list[Markup] = []
    for i, (title, _) in enumerate(panels):
        parts.append(tag("input", type="radio", name=name, id=f"{name}-{i}", checked=i == chosen))
        parts.append(tag("label", title, for_=f"{name}-{i}"))
    parts += [tag("div", content, class_="panel") for _, content in panels]
    return tag("div", *parts, class_="tabs", role="group", aria_label=label)


def tabs_css() -> str:
    """The rules by which a chosen tab shows its panel."""
    pairs = (f".tabs>input:nth-of-type({i}):checked~.panel:nth-of-type({i})" for i in range(1, MOST_TABS + 1))
    return ",".join(pairs) + "{display:block}\n"
