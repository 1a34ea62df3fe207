"""Make docs/reference.md, mathematics.md, outputs.md and constants.md from the code: `python docs/build.py`.

The schema, the docstrings and the column lists are the text; words.toml adds the sentences that stand in none of them. What README
and the guide quote of runs is put into them, too, see runs.py: `python docs/build.py --runs [NAME…]` makes these runs again first.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))
sys.path.append(str(HERE))  # last: docs/site.py is no `site`

import constants  # noqa: E402
import mathematics  # noqa: E402
import outputs  # noqa: E402
import reference  # noqa: E402
import runs  # noqa: E402
from as_markdown import WORDS  # noqa: E402


def pages() -> dict[str, str]:
    """Every generated page, file name -> text."""
    return {
        "reference.md": _page("Reference: what a park states", "reference", reference.parts()),
        "mathematics.md": _page("Mathematics", "mathematics", mathematics.parts()),
        "outputs.md": _page("Outputs: what a run writes", "outputs", outputs.parts()),
        "constants.md": _page("Constants of the searches", "constants", constants.parts()),
    }


def _page(title: str, words: str, parts: Iterable[str]) -> str:
    head = f"# {title}\n\n<!-- Made by `python docs/build.py`; change the docstrings or words.toml, not this page. -->"
    return "\n\n".join([head, WORDS["pages"][words].strip(), *(p.strip() for p in parts)]) + "\n"


def main(arguments: Sequence[str]) -> None:
    """Write the pages; with --runs after the runs that they quote, all of them or those named."""
    if "--runs" in arguments:
        runs.make(arguments[arguments.index("--runs") + 1 :] or runs.RUNS)
    written = {f"{HERE.name}/{name}": text for name, text in pages().items()}
    written |= {name: runs.filled((ROOT / name).read_text(encoding="utf-8")) for name in runs.PAGES}
    for name, text in written.items():
        (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
        print(name)


if __name__ == "__main__":
    main(sys.argv[1:])
