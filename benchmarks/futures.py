"""How a plan for several futures grows with their number: time and memory, as one programme and by decomposition.

    python -m benchmarks.futures --counts 1,2,4,8 --days 1 --years 4
    python -m benchmarks.futures --park mypark --counts 4 --days 12 --methods decomposed

The park is that of the benchmarks with other peers, unless one is named. From the second year on each future has its own prices of
power and gas, spread evenly from 0.6 to 1.6 of those of the park. Each run is a `plan` of its own, without the plans that are
compared, whose time and memory are measured; `results/futures.csv` and `results/futures.svg` are written anew, or with
`--table` that table in `results` alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from benchmarks.park import YEARS, write_park
from planner.examples import named

HERE = Path(__file__).parent
RESULTS, PICTURE = HERE / "results" / "futures.csv", HERE / "results" / "futures.svg"
LEAST, MOST = 0.6, 1.6
#: Size of each chart, and the colours of the methods.
WIDTH, HEIGHT, COLOURS = 400, 250, ("#0a5c9e", "#b8480b", "#3d7a2a")


def with_futures(park: Path, count: int) -> Path:
    """Write that many futures into the folder of a park."""
    year = tomllib.loads((park / "park.toml").read_text(encoding="utf-8"))["first_year"] + 1
    prices = pd.read_csv(park / "prices.csv")
    bought = [name for name in ("grid", "gas") if name in set(prices.loc[prices["item"] == "energy", "supply"])]
    rows, values = ["future,from_year"], ["future,table,name,item,factor"]
    for i in range(count):
        factor = LEAST + (MOST - LEAST) * (i + 0.5) / count
        rows.append(f"future-{i + 1},{year}")
        values += [f"future-{i + 1},prices,{name},energy,{factor:.4f}" for name in bought]
    (park / "futures.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (park / "future_values.csv").write_text("\n".join(values) + "\n", encoding="utf-8")
    return park


def measured(park: Path, out: Path, method: str, days: int, gap: float) -> dict[str, float | str]:
    """Wall time, processor time and peak memory of a run, and what it found."""
    words = ["--park", str(park), "--out", str(out), "--method", method, "--days", str(days), "--gap", str(gap), "--quiet"]
    if not (park / "goal.toml").is_file():
        words += ["--target", "zero-carbon", "--by", "2030"]
    began = time.perf_counter()
    child = os.posix_spawn(sys.executable, [sys.executable, "-m", "planner", *words], os.environ)
    _, status, used = os.wait4(child, 0)
    found: dict[str, float | str] = {
        "wall": time.perf_counter() - began,
        "processor": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / 1024,
        "code": os.waitstatus_to_exitcode(status),
        "expected_cost": float("nan"),
        "gap": float("nan"),
    }
    summary = out / "summary.json"
    if summary.is_file():
        block = json.loads(summary.read_text(encoding="utf-8"))["futures"]
        found |= {name: block[name] if block[name] is not None else float("nan") for name in ("expected_cost", "gap")}
    return found


def runs(arguments: argparse.Namespace) -> Iterator[dict[str, float | str]]:
    """All runs, one after the other."""
    for count in arguments.counts:
        for method in arguments.methods:
            with tempfile.TemporaryDirectory() as folder:
                own = Path(folder, "park")
                if arguments.park is None:
                    write_park(own, arguments.years)
                else:
                    shutil.copytree(named(arguments.park), own)
                with_futures(own, count)
                found = measured(own, Path(folder, "out"), method, arguments.days, arguments.gap)
                row = {"futures": count, "method": method, **found}
            print(" ".join(f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value}" for name, value in row.items()))
            yield row


def draw(table: pd.DataFrame, path: Path) -> None:
    """Processor time and memory over the number of futures, as two small charts."""
    parts = [
        *_chart(table, "processor", 1.0, "processor time [s]", 0),
        *_chart(table, "memory", 1 / 1024, "peak memory [GB]", WIDTH),
    ]
    size = f'width="{2 * WIDTH}" height="{HEIGHT}" viewBox="0 0 {2 * WIDTH} {HEIGHT}"'
    text = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">', *parts, "</svg>"]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def _chart(table: pd.DataFrame, column: str, factor: float, title: str, left: int) -> Iterator[str]:
    """A line for each method."""
    most, last = float(table[column].max()) * factor, float(table["futures"].max())
    x0, y0, wide, high = left + 50, HEIGHT - 35, WIDTH - 80, HEIGHT - 75
    yield f'<text x="{x0}" y="18" font-weight="bold">{title}</text>'
    yield f'<path d="M{x0} {y0 - high}V{y0}H{x0 + wide}" fill="none" stroke="#555"/>'
    yield f'<text x="{x0 - 6}" y="{y0 - high + 4}" text-anchor="end">{most:.3g}</text>'
    yield f'<text x="{x0 - 6}" y="{y0 + 4}" text-anchor="end">0</text>'
    for count in sorted(set(table["futures"])):
        yield f'<text x="{x0 + wide * count / last:.1f}" y="{y0 + 16}" text-anchor="middle">{count}</text>'
    yield f'<text x="{x0 + wide / 2}" y="{y0 + 31}" text-anchor="middle">futures</text>'
    for i, (method, own) in enumerate(table.groupby("method", sort=False)):
        points = [(x0 + wide * f / last, y0 - high * v * factor / most) for f, v in zip(own["futures"], own[column], strict=True)]
        line, colour = " ".join(f"{x:.1f},{y:.1f}" for x, y in points), COLOURS[i % len(COLOURS)]
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
        yield f'<text x="{x0 + 10}" y="{40 + 15 * i}" fill="{colour}">{method}</text>'


def main(words: Sequence[str] | None = None) -> None:
    """Run all, write the table and draw it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.futures", description=__doc__)
    listed = lambda text: [int(part) for part in text.split(",")]  # noqa: E731
    parser.add_argument("--counts", type=listed, default=[1, 2, 4, 8])
    parser.add_argument("--methods", type=lambda text: text.split(","), default=["decomposed"])
    parser.add_argument("--park", type=Path, default=None)
    parser.add_argument("--years", type=int, default=4)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--table", default=RESULTS.name, help="a file in results")
    arguments = parser.parse_args(words)
    if arguments.park is None and arguments.years not in YEARS:
        parser.exit(2, f"--years {arguments.years}: {YEARS[0]} to {YEARS[-1]} years can be made\n")
    table = pd.DataFrame(list(runs(arguments)))
    path = RESULTS.with_name(arguments.table)
    path.parent.mkdir(exist_ok=True)
    table.to_csv(path, index=False, float_format="%.6g", lineterminator="\n")
    if path == RESULTS:
        draw(table[table["code"] == 0], PICTURE)


if __name__ == "__main__":
    main()
