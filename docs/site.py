"""What mkdocs does not do by itself: README and the like become pages, the reference is made, formulas become MathML.

GitHub shows the written pages as they stand; the reference is on the site alone.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "docs"))  # last: this file is no `site`
import reference  # noqa: E402

#: Page of the site -> file of the project that it is.
PAGES = {"index.md": "README.md", "contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:|#)([^)]+)\)")
_INLINE = re.compile(r"\$`([^`]*)`\$")
_FENCE = re.compile(r"(^```[^\n]*\n.*?^```$)", re.DOTALL | re.MULTILINE)
_MATH = "```math\n"


def on_files(files: Files, *, config: Any) -> Files:
    """Add the pages of the reference, and those that stand beside the folder of pages."""
    beside = {page: linked((ROOT / source).read_text(encoding="utf-8")) for page, source in PAGES.items()}
    for page, text in (beside | reference.pages()).items():
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The page with its formulas as MathML, which browsers show without a script."""
    return "".join(shown(part) for part in _FENCE.split(markdown))


def shown(part: str) -> str:
    """A block of formulas, a block of code as it stands, or text with formulas in it."""
    if part.startswith(_MATH):
        tex = part.removeprefix(_MATH).removesuffix("```")
        return "\n" + "\n".join(f"<p>{formula(line, 'block')}</p>" for line in lines(tex)) + "\n"
    return part if _FENCE.fullmatch(part) else _INLINE.sub(lambda m: f"<span>{formula(m[1], 'inline')}</span>", part)


def formula(tex: str, display: str) -> str:
    """A formula as MathML in one line."""
    return convert(tex, display=display).replace("\n", " ")


def lines(tex: str) -> list[str]:
    r"""The lines of a formula: `\\` ends one outside of an environment."""
    return [tex.strip()] if r"\begin" in tex else [line.strip() for line in tex.replace("\n", " ").split(r"\\") if line.strip()]


def linked(text: str) -> str:
    """A page with links that hold from the folder of pages; what the site does not have is named without a link."""
    pages = {source: page for page, source in PAGES.items()}

    def target(match: re.Match[str]) -> str:
        place, hash_, anchor = match[2].partition("#")
        page = place.removeprefix("docs/") if place.startswith("docs/") else pages.get(place)
        return f"[{match[1]}]({page}{hash_}{anchor})" if page else match[1]

    return _LINK.sub(target, text)
