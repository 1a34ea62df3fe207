"""Every method on every size, each run in a process of its own, the methods in turn so that all see the same machine."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.park import write_park

ROOT = Path(__file__).parents[1]
#: Objectives of one size agree to this share, beside the gap of what is solved to a gap.
AGREEMENT = 1e-4
#: What stands for a method that cannot be run on a size.
STOPPED, FAILED = "stopped", "failed"


@dataclass(frozen=True)
class Size:
    """Years and typical days (365 and more: every hour), linear or mixed-integer."""

    years: int
    days: int
    mixed: bool = False

    @property
    def name(self) -> str:
        """`10x12`; with every hour `10x8760`."""
        return f"{self.years}x{self.days if self.days < 365 else 8760}" + (" mixed" if self.mixed else "")


def read_sizes(text: str, mixed: bool = False) -> list[Size]:
    """Sizes of a list like `5x12,10x8760`. Raises ValueError where it is none."""
    sizes = []
    for part in text.split(","):
        years, by, days = part.strip().partition("x")
        if not (years.isdigit() and by and days.isdigit()):
            raise ValueError(f"{part!r}: is no size; write YEARSxDAYS, e.g. 10x12, or 10x8760 for every hour")
        sizes.append(Size(int(years), int(days), mixed))
    return sizes


@dataclass(frozen=True)
class Plan:
    """What is to be run: methods, sizes, how often, with which gap, and within which seconds and MiB of each run."""

    methods: Sequence[str]
    sizes: Sequence[Size]
    repeat: int = 3
    gap: float = 1e-3
    seconds: float | None = None
    memory: float | None = None


def run_all(plan: Plan, tell: Callable[[str], None]) -> Iterable[dict[str, Any]]:
    """A record for each run, as soon as it is over. What has failed or run out of its limits once is not run again."""
    gone: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory() as place:
        for size in plan.sizes:
            park = write_park(Path(place) / f"{size.years}-{size.mixed}", size.years, size.mixed)
            for turn in range(plan.repeat):
                for method in plan.methods:
                    if (method, size.name) in gone:
                        continue
                    record = {"method": method, "size": size.name, "turn": turn, **run_one(method, park, size, plan)}
                    if record["status"] != "ok":
                        gone.add((method, size.name))
                    tell(_line(record))
                    yield record


def run_one(method: str, park: Path, size: Size, plan: Plan) -> dict[str, Any]:
    """Run a method in a process of its own; gives what it measured, or why it did not end."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "benchmarks",
        "one",
        method,
        "--park",
        str(park),
        "--days",
        str(size.days),
        "--gap",
        str(plan.gap),
    ]
    if plan.memory is not None:
        command += ["--memory", str(plan.memory)]
    began = time.perf_counter()
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=plan.seconds, check=False, cwd=ROOT)
    except subprocess.TimeoutExpired:
        return {"status": STOPPED, "wall": time.perf_counter() - began}
    wall = time.perf_counter() - began
    if said.returncode:
        lines = said.stderr.strip().splitlines() or [f"exit code {said.returncode}"]
        return {"status": FAILED, "wall": wall, "error": lines[-1][:300]}
    return {"status": "ok", **json.loads(said.stdout.splitlines()[-1]), "wall": wall}


def _line(record: dict[str, Any]) -> str:
    head = f"{record['size']} {record['method']} #{record['turn'] + 1}:"
    if record["status"] != "ok":
        return f"{head} {record['status']} after {record['wall']:.1f} s {record.get('error', '')}".rstrip()
    return (
        f"{head} {record['wall']:.1f} s wall, {record['processor']:.1f} s processor, {record['highs']:.1f} s in HiGHS, "
        f"{record['memory']:.0f} MiB, objective {record['objective']:,.0f}"
    )


def disagreements(records: Iterable[dict[str, Any]], gap: float, agreement: float = AGREEMENT) -> list[str]:
    """Methods whose objective is further from the least of their size than the gap and the agreement allow."""
    found = []
    done = [r for r in records if r["status"] == "ok"]
    for size in dict.fromkeys(r["size"] for r in done):
        own = [r for r in done if r["size"] == size]
        least = min(r["objective"] for r in own)
        for r in own:
            has_gap = r["method"] == "parkzero-decomposed" or "mixed" in size
            allowed = agreement + (gap if has_gap else 0.0)
            if r["objective"] > least + allowed * abs(least):
                found.append(f"{size} {r['method']}: {r['objective']:,.0f} is above {least:,.0f} by more than {allowed:g}")
    return found
