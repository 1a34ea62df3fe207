"""Results as a table and a plot in docs/benchmarks.md: medians of runs, and what they are of HiGHS alone and of PyPSA."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.methods import METHODS

MEASURES = ("wall", "processor", "build", "highs", "highs_processor", "memory", "objective")
ALONE = ("highs-simplex", "highs-ipx", "highs-hipo")
PYPSA = ("pypsa-cumulated", "pypsa-vintages")
#: Where the results stand in the page.
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
#: The gap that is asked for where no other is told.
USUAL = 1e-3
#: How each method is drawn: colour, marker; readable in black and white by its marker.
LOOKS = {
    "highs-hipo": ("#0072b2", "o"),
    "highs-ipx": ("#56b4e9", "v"),
    "highs-simplex": ("#999999", "s"),
    "pyomo": ("#e69f00", "D"),
    "pypsa-vintages": ("#d55e00", "X"),
    "pypsa-cumulated": ("#cc79a7", "P"),
    "parkzero-whole": ("#009e73", "<"),
    "parkzero-decomposed": ("#000000", "*"),
}


def medians(records: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Size -> method -> median of each measure over its runs; where none ended, its status and how long it took."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for record in records:
        found.setdefault(record["size"], {}).setdefault(record["method"], {}).setdefault("runs", []).append(record)
    for methods in found.values():
        for cell in methods.values():
            runs = cell.pop("runs")
            ended = [r for r in runs if r["status"] == "ok"]
            if ended:
                cell |= {m: statistics.median(r[m] for r in ended) for m in MEASURES} | {"status": "ok", "count": len(ended)}
            else:
                cell |= {"status": runs[-1]["status"], "wall": runs[-1]["wall"], "count": 0}
    return found


def ratios(methods: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, tuple[float, float]]]:
    """Whole run of each method over HiGHS alone with its best algorithm, and over PyPSA's whole runs: (wall, processor)."""
    alone = [methods[m] for m in ALONE if methods.get(m, {}).get("status") == "ok"]
    against: dict[str, tuple[float, float]] = {}
    if alone:
        against["HiGHS alone"] = (min(c["highs"] for c in alone), min(c["highs_processor"] for c in alone))
    for name in PYPSA:
        if methods.get(name, {}).get("status") == "ok":
            against[name] = (methods[name]["wall"], methods[name]["processor"])
    return {
        m: {name: (cell["wall"] / wall, cell["processor"] / processor) for name, (wall, processor) in against.items()}
        for m, cell in methods.items()
        if cell["status"] == "ok"
    }


def table(sizes: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """The results as Markdown, a table for each size."""
    parts = []
    for size, methods in sizes.items():
        count = max(cell["count"] for cell in methods.values())
        parts.append(f"### {_spelled(size)}\n\nMedian of {count} run{'s' if count != 1 else ''}.\n")
        parts.append(
            "| method | wall, s | processor, s | building, s | in HiGHS, s | memory, MiB | of HiGHS alone | of PyPSA cumulated "
            "| of PyPSA vintages |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        )
        share = ratios(methods)
        for method in (m for m in METHODS if m in methods):
            parts.append(_row(method, methods[method], share.get(method, {})))
        parts.append("")
    return "\n".join(parts)


def _row(method: str, cell: Mapping[str, Any], share: Mapping[str, tuple[float, float]]) -> str:
    if cell["status"] != "ok":
        return f"| `{method}` | {cell['status']} after {cell['wall']:.0f} | | | | | | | |"
    numbers = [f"{cell[m]:.1f}" for m in ("wall", "processor", "build", "highs")] + [f"{cell['memory']:.0f}"]
    shares = ["{:.2f} / {:.2f}".format(*share[n]) if n in share else "" for n in ("HiGHS alone", *PYPSA)]
    return f"| `{method}` | " + " | ".join([*numbers, *shares]) + " |"


def _spelled(size: str) -> str:
    size, _, gap = size.partition(" to ")
    years, _, rest = size.partition("x")
    days, _, mixed = rest.partition(" ")
    what = "8,760 hours" if days == "8760" else f"{days} typical days"
    return f"{years} years × {what}" + (", mixed-integer" if mixed else "") + (f", to a gap of {gap}" if gap else "")


def plot(sizes: Mapping[str, Mapping[str, Mapping[str, Any]]], path: Path) -> None:
    """Wall time of each method by size, as an SVG."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "parkzero"
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(8, 4.5))
    names = list(sizes)
    for method, (colour, marker) in LOOKS.items():
        ended = [(i, sizes[s][method]["wall"]) for i, s in enumerate(names) if sizes[s].get(method, {}).get("status") == "ok"]
        if ended:
            axis.plot(*zip(*ended, strict=True), marker=marker, color=colour, label=method, linewidth=1.2)
    axis.set_xticks(range(len(names)), names)
    axis.set_yscale("log")
    axis.set_xlabel("years x typical days")
    axis.set_ylabel("whole run, s (wall)")
    axis.grid(axis="y", alpha=0.3)
    axis.legend(fontsize=8, frameon=False, ncols=2)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _records(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The runs of a file; a gap that is not the usual one is part of the size."""
    gap = told.get("gap", USUAL)
    return [{**run, "size": run["size"] if gap == USUAL else f"{run['size']} to {100 * gap:g} %"} for run in told["runs"]]


def _order(size: str) -> tuple[int, int, str]:
    """Smaller sizes first."""
    years, _, rest = size.partition("x")
    days, _, more = rest.partition(" ")
    return int(years) * int(days), int(years), more


def write_report(results: Sequence[Path], page: Path) -> None:
    """Put the results of the files between the marks of the page, and the plot beside it."""
    sizes = medians(record for path in results for record in _records(json.loads(path.read_text(encoding="utf-8"))))
    sizes = dict(sorted(sizes.items(), key=lambda item: _order(item[0])))
    text = page.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    picture = page.with_suffix(".svg")
    plot(sizes, picture)
    shown = f"![Wall time of each method by size]({picture.name})\n\n{table(sizes)}"
    page.write_text(f"{head}{BEGIN}\n{shown}\n{END}{tail}", encoding="utf-8")
