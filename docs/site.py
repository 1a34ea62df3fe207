"""What mkdocs does not do with our pages by itself: README and the like become pages of the site, formulas become MathML.

GitHub shows the same files as they stand, so nothing is written for the site alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent
#: Page of the site -> file of the project that it is.
PAGES = {"index.md": "README.md", "contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:|#)([^)]+)\)")
_INLINE = re.compile(r"\$`([^`]*)`\$")
_FENCE = re.compile(r"(^```[^\n]*\n.*?^```$)", re.DOTALL | re.MULTILINE)
_MATH = "```math\n"


def on_files(files: Files, *, config: Any) -> Files:
    """Add the pages that stand beside the folder of pages."""
    for page, source in PAGES.items():
        files.append(File.generated(config, page, content=linked((ROOT / source).read_text(encoding="utf-8"))))
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

    def target(found: re.Match[str]) -> str:
        place, hash_, anchor = found[2].partition("#")
        if place.startswith("docs/"):
            return f"[{found[1]}]({place.removeprefix('docs/')}{hash_}{anchor})"
        return f"[{found[1]}]({pages[place]}{hash_}{anchor})" if place in pages else found[1]

    return _LINK.sub(target, text)
