"""How time and memory of the decomposed method grow with days, years and technologies: `python -m benchmarks.growth`.

One of the three is varied at a time, from ten years on 24 typical days with the 13 technologies of the benchmark park; more
technologies are second ones of the same types. Each run is a process of its own; `results/growth.csv` and
`docs/benchmarks-growth.svg` are written anew. `python -m benchmarks.growth --draw` draws the table that is there.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from benchmarks.park import TECHNOLOGIES, write_park

HERE = Path(__file__).parent
RESULTS, PICTURE = HERE / "results" / "growth.csv", HERE.parent / "docs" / "benchmarks-growth.svg"
#: What is varied, and the values that it has; the others stay at `BASE`.
VARIED = {"days": (12, 24, 48), "years": (5, 10, 20), "technologies": (13, 19, 26)}
BASE = {"days": 24, "years": 10, "technologies": 13}
#: Size of a chart   px.
WIDTH, HEIGHT, LEFT, TOP, BELOW = 260, 190, 44, 40, 36


def with_technologies(park: Path, count: int) -> None:
    """Give a park so many technologies: second ones, of which none stands, after its own."""
    table = pd.read_csv(park / "technologies.csv", dtype=str)
    more = table.head(count - len(table)).assign(existing="0", existing_until="")
    more["technology"] += "-second"
    pd.concat([table, more]).to_csv(park / "technologies.csv", index=False)


def measured(size: dict[str, int], folder: Path) -> dict[str, float]:
    """Processor time (s) and memory (MiB) of a run of that size. Raises CalledProcessError where there is no plan."""
    park = write_park(folder / "-".join(map(str, size.values())), size["years"])
    if size["technologies"] > len(TECHNOLOGIES):
        with_technologies(park, size["technologies"])
    words = ["one", "parkzero-decomposed", "--park", str(park), "--days", str(size["days"])]
    child = subprocess.run([sys.executable, "-m", "benchmarks", *words], capture_output=True, text=True, check=True)
    told = json.loads(child.stdout)
    return {"processor": round(told["processor"], 1), "memory": round(told["memory"], 0)}


def runs(folder: Path) -> Iterator[dict[str, float | str]]:
    """A row a run."""
    for varied, values in VARIED.items():
        for value in values:
            row: dict[str, float | str] = {"varied": varied, "value": value, **measured({**BASE, varied: value}, folder)}
            print(row, flush=True)
            yield row


def draw(table: pd.DataFrame, path: Path) -> None:
    """Processor time over each of what is varied, as small charts of one scale."""
    most = float(table["processor"].max())
    charts = [line for i, varied in enumerate(VARIED) for line in _chart(table[table["varied"] == varied], most, varied, WIDTH * i)]
    size = f'width="{WIDTH * len(VARIED)}" height="{HEIGHT}" viewBox="0 0 {WIDTH * len(VARIED)} {HEIGHT}"'
    text = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">', *charts, "</svg>"]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def _chart(table: pd.DataFrame, most: float, varied: str, left: int) -> Iterator[str]:
    last, wide, high = float(table["value"].max()), WIDTH - LEFT - 20, HEIGHT - TOP - BELOW
    x0, y0 = left + LEFT, HEIGHT - BELOW
    points = [(x0 + wide * v / last, y0 - high * p / most) for v, p in zip(table["value"], table["processor"], strict=True)]
    yield f'<text x="{x0}" y="18" font-weight="bold">processor time, s</text>'
    yield f'<path d="M{x0} {y0 - high}V{y0}H{x0 + wide}" fill="none" stroke="#555"/>'
    yield f'<text x="{x0 + wide / 2:.0f}" y="{HEIGHT - 4}" text-anchor="middle">{varied}</text>'
    yield f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="none" stroke="#0072b2" stroke-width="2"/>'
    for (x, y), value, processor in zip(points, table["value"], table["processor"], strict=True):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#0072b2"/>'
        yield f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{processor:.0f}</text>'
        yield f'<text x="{x:.1f}" y="{y0 + 15}" text-anchor="middle">{value}</text>'


def main(words: Sequence[str] | None = None) -> None:
    """Run all, write the table and draw it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--draw", action="store_true", help="draw the table that is there")
    if not parser.parse_args(words).draw:
        with tempfile.TemporaryDirectory() as folder:
            pd.DataFrame(list(runs(Path(folder)))).to_csv(RESULTS, index=False)
    draw(pd.read_csv(RESULTS), PICTURE)


if __name__ == "__main__":
    main()
