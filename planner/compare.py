"""Runs side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from models.errors import CaseError
from planner.report.files import is_output


def compare_runs(outs: Sequence[Path]) -> Table:
    """Cost, capital, builds and emissions of the target plans of runs. Raises CaseError where a folder is no output."""
    faults = [f"{out}: is no output of a run" for out in outs if not is_output(out)]
    if faults:
        raise CaseError(faults)
    facts = [_facts(out) for out in outs]
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("")
    for out in outs:
        table.add_column(escape(out.name), justify="right", overflow="fold")
    for name in dict.fromkeys(n for f in facts for n in f):
        table.add_row(escape(name), *(escape(f.get(name, "–")) for f in facts))
    return table


def _facts(out: Path) -> dict[str, str]:
    said: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    found = {
        "park": said["park"],
        "goal": f"{said['target']} by {said['by']}",
        "status": said["status"],
        "money": f"{said['currency']} of {said['price_year']}",
        "system cost, M": _millions(said["system_cost"]),
        "gap": "–" if said["gap"] is None else f"{said['gap']:.3%}",
    }
    if said["system_cost"] is None:
        return found
    costs = pd.read_csv(out / "costs.csv")
    capital = costs[costs["item"].isin(["capital", "measures", "restoration"])].groupby("year")["value"].sum()
    found["capital, M"] = _millions(capital.sum())
    found |= {f"capital {y}, M": _millions(v) for y, v in capital.items() if v > 0}
    built = pd.read_csv(out / "investments.csv").groupby(["technology", "unit"])["build"].sum()
    found |= {f"{k} built, {unit}": f"{v:,.2f}" for (k, unit), v in built.items()}
    emissions = pd.read_csv(out / "emissions.csv").query("item in ('gross', 'net')")
    for y in (emissions["year"].min(), said["by"], emissions["year"].max()):
        own = emissions[emissions["year"] == y].set_index("item")["value"]
        found |= {f"{item} {y}, t": f"{own[item]:,.0f}" for item in ("gross", "net") if item in own}
    return found


def _millions(value: float | None) -> str:
    return "–" if value is None else f"{value / 1e6:,.1f}"
