"""Runs that pages quote: made by `python docs/build.py --runs [NAME…]`, kept in runs/, and put into the pages by each build.

A run is made in a process of its own, as the command makes it (`python docs/runs.py ARGUMENTS`), and told as the command does.
Kept are this text and the figures of the run: money, shares, and what it took of time and memory, where that was measured on an
idle machine. So a figure in a page is one that was printed, and no page quotes two versions of a run.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planner.answer.proof import told_share
from planner.language.language import ENGLISH

HERE = Path(__file__).parent
KEPT = HERE / "runs"
WORDS: dict[str, Any] = tomllib.loads((HERE / "runs.toml").read_text(encoding="utf-8"))
RUNS = {name: own["arguments"] for name, own in WORDS.items() if name != "parts"}
#: Pages that quote runs.
PAGES = ("README.md", "docs/commands.md", "docs/guide.md")
_BLOCK = re.compile(r"(<!-- run (\w+)\.(\w+) -->\n+```\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)
_FIGURE = re.compile(r"(<!-- run (\w+)\.(\w+) -->)(?!\n)(.*?)(<!-- end -->)")
#: What is kept of summary.json.
FACTS = (
    "park",
    "status",
    "system_cost",
    "bound",
    "gap",
    "proof",
    "typical_days",
    "verified",
    "repairs",
    "hourly_gap",
    "target",
    "by",
    "standard",
    "base_emissions",
    "composition",
    "goal_cost",
    "goal_cost_range",
    "plans",
)
#: Columns of what a run prints.
COLUMNS = 100


def filled(page: str) -> str:
    """The page with the kept texts and figures in their places. Raises KeyError for one that no run has."""
    page = _BLOCK.sub(lambda found: found[1] + part(found[2], found[3]) + found[5], page)
    return _FIGURE.sub(lambda found: found[1] + figures(found[2])[found[3]] + found[5], page)


def part(name: str, which: str) -> str:
    """Lines of what a run printed; of several pieces those between are told by `…`. Raises KeyError where a piece is not there."""
    kept = _kept(name)
    lines = kept["console"].splitlines()
    told = [list(_piece(lines, begins, most)) for begins, most in WORDS["parts"][which]]
    return "\n…\n".join("\n".join(own) for own in told) + "\n"


def _piece(lines: list[str], begins: str, most: int) -> Iterable[str]:
    """At most so many lines from the one that begins so, to the end of a table."""
    first = next((i for i, line in enumerate(lines) if line.startswith(begins)), None)
    if first is None:
        raise KeyError(f"no line begins with {begins!r}")
    return (line.rstrip() for line in lines[first : first + most])


def figures(run: str) -> Mapping[str, str]:
    """Every figure of a run as a page shows it, by name."""
    kept = _kept(run)
    facts, took = kept["facts"], kept["took"]
    plans, goal, between, days = facts["plans"], facts["goal_cost"], facts["goal_cost_range"], facts["typical_days"]
    made = facts["composition"]
    found = {
        "date": kept["date"],
        "cost": _millions(facts["system_cost"]),
        "gap": _share(days["gap"] if days else facts["gap"]),
        "goal": _millions(goal["money"]),
        "base": f"{facts['base_emissions']:,.0f}",
        "repairs": str(facts["repairs"]),
    }
    if took:
        minutes, seconds = divmod(round(took["wall"]), 60)
        found["wall"] = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
        found |= {"cpu": f"{took['cpu']:,.0f}", "memory": f"{took['memory']:.1f}"}
    for name, own in plans.items():
        key = name.replace("-", "_")
        found[key] = _millions(own["system_cost"])
        if own["typical_days"]:
            found[f"days_{key}"] = _millions(own["typical_days"]["cost"])
    found |= {key: f"{value:,.0f}" for key, value in made.items() if isinstance(value, float)}
    found |= {key: f"{value:,.0f}" for key, value in made["emitted_by_source"].items()}
    found |= {f"goal_{end}": _millions(between[end]) for end in ("least", "most")} if between else {}
    return found


def _millions(money: float) -> str:
    return f"{money / 1e6:,.1f}"


def _share(share: float | None) -> str:
    """As the console tells it: rounded up."""
    return "none" if share is None else told_share(ENGLISH, share)


def _kept(name: str) -> dict[str, Any]:
    return dict(json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8")))


def make(names: Iterable[str]) -> None:
    """Make runs again and keep what they told. Raises CalledProcessError where one fails, and keeps the one before."""
    KEPT.mkdir(exist_ok=True)
    for name in names:
        print(f"{name}: plan {' '.join(RUNS[name])}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            child = subprocess.Popen([sys.executable, __file__, folder, *RUNS[name]], cwd=HERE.parent)
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                raise subprocess.CalledProcessError(child.returncode, name)
            told = json.loads((Path(folder) / "told.json").read_text(encoding="utf-8"))
            wall = time.perf_counter() - began
        took = {"wall": round(wall, 1), "cpu": round(used.ru_utime + used.ru_stime, 1), "memory": round(used.ru_maxrss / 1e6, 2)}
        took["cores"] = len(os.sched_getaffinity(0))
        kept = {"arguments": RUNS[name], "date": datetime.now(UTC).date().isoformat(), "took": took, **told}
        (KEPT / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(took, flush=True)


def _run(folder: Path, arguments: list[str]) -> None:
    """The run itself: what it writes lies in the folder, what it tells in told.json of it."""
    sys.path.insert(0, str(HERE.parent))
    from rich.console import Console

    from planner.command import said as command
    from planner.start import main

    told: dict[str, Any] = {}
    show = command.print_run

    def keep(run: Any, case: Any, console: Console, out: Path | None, *rest: Any) -> None:
        text = io.StringIO()
        own = Console(file=text, width=COLUMNS, color_system=None)
        show(run, case, own, Path(f"plan-{out.name}") if out is not None else None, *rest)
        told["console"], facts = text.getvalue(), command.summary(run, case)
        told["facts"] = {name: facts[name] for name in FACTS if name in facts}
        (folder / "told.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    command.print_run = keep
    name = arguments[arguments.index("--park") + 1].rsplit("/", 1)[-1] if "--park" in arguments else "lakeside"
    sys.argv = ["plan", *arguments, "--out", str(folder / name), "--language", "en"]
    main()


if __name__ == "__main__":
    _run(Path(sys.argv[1]), sys.argv[2:])
