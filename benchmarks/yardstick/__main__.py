"""`python -m benchmarks.yardstick`: does this checkout still answer as it did when the yardstick was frozen?

Ten small parks that between them use every table of a park are planned to a gap of 1e-6 and their tables compared number by number;
`--large` plans the three examples too and compares cost, bound and seconds. A change is told a line each; the exit code is 1 where
small park changed by more than 1e-6 of a number, or a large one costs 0.3 % or takes half of its time more. `--freeze` writes
what is compared with anew: after a fault was mended, with the reason in the commit.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: What is compared of a small park; a large one has several plans of nearly the same cost, so only its summary is.
TABLES = ("investments", "measures", "emissions", "costs", "system_cost", "stages")
SUMMARY = ("status", "system_cost", "bound", "gap")
LARGE = {"lakeside": (), "steelworks": (), "steppe": ()}
COST, SECONDS, NUMBER = 0.003, 1.5, 1e-6


def main() -> int:
    """Plan, compare or freeze; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.yardstick", description=__doc__)
    parser.add_argument("--large", action="store_true", help="the three examples, too: an hour on two cores")
    parser.add_argument("--only", default="", help="parks whose names begin so")
    parser.add_argument("--freeze", action="store_true", help="write what is compared with anew")
    given = parser.parse_args()
    small = {path.name: path for path in sorted((HERE / "parks").iterdir())}
    large = {name: ROOT / "data" / "parks" / name for name in LARGE} if given.large else {}
    changes = []
    for name, park in (small | large).items():
        if not name.startswith(given.only):
            continue
        with tempfile.TemporaryDirectory() as folder:
            seconds = _plan(park, Path(folder) / "out", name in large)
            new = _read(Path(folder) / "out", seconds, name in large)
        frozen = HERE / "frozen" / f"{name}.json"
        if given.freeze:
            frozen.write_text(json.dumps(new, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        old = json.loads(frozen.read_text(encoding="utf-8"))
        lines = list(_slower(old, new) if name in large else _differences(old, new))
        changes += lines
        print(f"{name}: {new['status']} {new['system_cost']:,.2f} gap {new['gap']}, {seconds:.0f} s ({old['seconds']:.0f} before)")
        for line in lines[:20]:
            print(" ", line, flush=True)
    return 1 if changes else 0


def _plan(park: Path, out: Path, is_large: bool) -> float:
    command = [sys.executable, "-m", "planner", "--park", str(park), "--out", str(out), "--quiet"]
    start = time.perf_counter()
    subprocess.run(command if is_large else [*command, "--gap", "1e-6"], cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _read(out: Path, seconds: float, is_large: bool) -> dict:
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    tables = {}
    for name in ("investments",) if is_large else TABLES:
        path = out / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8-sig", newline="") as file:
                tables[name] = sorted(",".join(row.values()) for row in csv.DictReader(file))
    return {key: summary.get(key) for key in SUMMARY} | {"seconds": round(seconds, 1), "tables": tables}


def _slower(old: dict, new: dict) -> Iterator[str]:
    if new["system_cost"] is None or new["system_cost"] > old["system_cost"] * (1 + COST):
        yield f"cost {old['system_cost']} -> {new['system_cost']}"
    if new["seconds"] > SECONDS * old["seconds"]:
        yield f"seconds {old['seconds']} -> {new['seconds']}"


def _differences(old: dict, new: dict) -> Iterator[str]:
    for key in ("status", "system_cost"):
        if not _same(str(old[key]), str(new[key])):
            yield f"{key} {old[key]} -> {new[key]}"
    for name in sorted(old["tables"].keys() | new["tables"].keys()):
        before, after = old["tables"].get(name, []), new["tables"].get(name, [])
        gone, come = [r for r in before if r not in set(after)], [r for r in after if r not in set(before)]
        pairs = zip(gone, come, strict=True) if len(gone) == len(come) else ()
        if len(gone) != len(come) or not all(
            len(a.split(",")) == len(b.split(",")) and all(map(_same, a.split(","), b.split(","))) for a, b in pairs
        ):
            yield f"{name}: {len(gone)} rows {gone[:1]} -> {len(come)} rows {come[:1]}"


def _same(old: str, new: str) -> bool:
    try:
        return math.isclose(float(old), float(new), rel_tol=NUMBER, abs_tol=NUMBER)
    except ValueError:
        return old == new


if __name__ == "__main__":
    sys.exit(main())
