"""Kinds of folders that a command writes: the names of their files, and how a folder of ours is told from another's.

A name tells what is ours within such a folder; one that holds anything else is not written to.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from planner.plan import PLANS
from planner.tables.schema import OF_PLANS, OF_RUNS, TREE_TABLES
from planner.tables.telling import FACTS, SUMMARY

#: The page of a comparison, the facts of an exported network.
PAGE, META = "compare.html", "meta.json"
#: Folder of the outputs of the futures of a plan for several.
LEAVES = "futures"
#: No file that marks a folder is larger.
MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Kind:
    """A kind of folder.

    option  where a person names it
    files   pattern of the paths of its files, within it
    is_one  True for a folder that was written as one
    later   the same of files that other commands make of it: they go with it
    """

    option: str
    files: re.Pattern[str]
    is_one: Callable[[Path], bool]
    later: re.Pattern[str] = re.compile("(?!)")

    def owns(self, path: str) -> bool:
        """True for the path of a file that we write in such a folder."""
        return self.files.fullmatch(path) is not None

    def told(self, place: Path) -> str:
        """The place as complaints begin."""
        return f"{self.option} {place}".strip()


def facts_of(path: Path) -> dict[str, object]:
    """A JSON file of ours as it stands; empty where it is none, or none that can be read."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return {}
        facts = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def is_output(folder: Path) -> bool:
    """True for a folder that a run of ours wrote."""
    return "parkzero" in facts_of(folder / FACTS) and _is_file(folder / SUMMARY)


def has_answer(folder: Path) -> bool:
    """True for the output of a run that found a plan or proved that there is none; False where the run failed."""
    return is_output(folder) and facts_of(folder / SUMMARY).get("status") != "failed"


def is_tree(folder: Path) -> bool:
    """True for a folder that holds a plan for several futures."""
    return "futures" in facts_of(folder / SUMMARY) and not os.path.lexists(folder / FACTS)


def leaf_folders(tree: Path) -> list[Path]:
    """The outputs of the futures of a plan for several."""
    inside = tree / LEAVES
    return sorted(filter(is_output, inside.iterdir())) if inside.is_dir() else []


def _is_comparison(folder: Path) -> bool:
    """Told by its page and the first columns of its table of runs."""
    try:
        if not _is_file(folder / PAGE) or not _is_file(folder / "runs.csv"):
            return False
        with (folder / "runs.csv").open(encoding="utf-8") as table:
            return table.readline(1_000).startswith("item,unit,") and table.readline(1_000).startswith("park,")
    except (OSError, ValueError):
        return False


def _is_network(folder: Path) -> bool:
    return "parkzero" in facts_of(folder / META)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


_PLAN = "|".join(re.escape(table.file) for table in OF_PLANS)
_RUN = "|".join(map(re.escape, (*(table.file for table in OF_RUNS), SUMMARY, FACTS, "plan.xlsx", "finance.xlsx", "report.html")))
_OTHERS = "|".join(map(re.escape, PLANS[1:]))
_PARTS = "carriers|buses|generators|links|loads|storage_units|global_constraints"

_OF_RUN = f"(({_OTHERS})/)?({_PLAN}|datapackage\\.json)|{_RUN}"
_OF_TREE = "|".join(re.escape(table.file) for table in TREE_TABLES)
_NETWORK = rf"meta\.json|(network|snapshots|investment_periods|({_PARTS})(-[a-z_0-9]+)?)\.csv"
_LATER = rf"iamc\.csv|plan\.mps|application-[a-z0-9-]+\.docx|pypsa(-years)?/({_NETWORK})"

RUN = Kind("--out", re.compile(_OF_RUN), is_output, re.compile(_LATER))
#: A plan for several futures: its tables, and below `futures` the output of each.
TREE = Kind(
    "--out",
    re.compile(f"{_OF_TREE}|summary\\.json|report\\.html|{LEAVES}/([^/]+/)?({_OF_RUN})"),
    is_tree,
    re.compile(rf"mps/[^/]+\.mps|{LEAVES}/[^/]+/({_LATER})"),
)
COMPARISON = Kind("--out", re.compile(r"(runs|costs|capital|builds|emissions|stages)\.csv|compare\.html"), _is_comparison)
NETWORK = Kind("--to", re.compile(_NETWORK), _is_network)
PARK = Kind("", re.compile(r"[A-Za-z_]+\.(csv|toml|md)|datapackage\.json"), lambda _: False)
