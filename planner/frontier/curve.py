"""The curve of a frontier: cost of each point, the earliest deadline that can be met, and the knee."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planner.frontier.point import Point
from planner.frontier.points import Frontier
from planner.frontier.work import IMPLIED
from planner.plan import CAPITAL_ITEMS
from planner.tables.output import PLANNED
from planner.tables.place import SUMMARY, facts_of

#: Columns that tell of a plan.
OF_PLAN = ("system_cost", "capital", "net_emissions_last_year", "folder")

#: A curve whose points are all nearer to the straight line between its ends, as a share of the range of costs, has no knee.
LEAST_KNEE = 0.05
#: Columns of frontier.csv.
COLUMNS = (
    "point",
    "status",
    "system_cost",
    "bound",
    "gap",
    "extra_cost",
    "step_cost",
    "capital",
    "net_emissions_last_year",
    "folder",
)


@dataclass(frozen=True)
class Curve:
    """rows: one a point, the loosest first, see COLUMNS; knee: the point after which the curve rises most; None: it has none."""

    frontier: Frontier
    rows: pd.DataFrame
    knee: float | None

    @property
    def tightest(self) -> float | None:
        """The tightest point that was planned; of deadlines the earliest year."""
        planned = self.rows[self.rows["status"].isin(PLANNED)]
        return None if planned.empty else float(planned["point"].iloc[-1])

    @property
    def unmet(self) -> float | None:
        """The loosest point that cannot be met; None where all can."""
        wrong = self.rows[self.rows["status"] == "infeasible"]
        return None if wrong.empty else float(wrong["point"].iloc[0])


def curve(frontier: Frontier, points: Sequence[Point], there: Collection[Path]) -> Curve:
    """The curve of saved points, whose folders are `there`; what was not saved is implied to be out of reach where a looser one is.

    A plan of a tighter point is one of every looser point, and a bound of a looser point is one of every tighter point. So each
    point has the best plan of its own and the tighter ones, whose folder it names, and the highest bound of its own and the looser.

    extra_cost  system cost above that of the loosest point
    step_cost   system cost by the step from the point before: of a year earlier, a tonne less, a unit of money less
    """
    rows: list[tuple[object, ...]] = []
    unmet = False
    for point in points:
        said = facts_of(point.out / SUMMARY) if point.out in there else {}
        status = str(said.get("status") or (IMPLIED if unmet else "failed"))
        unmet = unmet or status == "infeasible"
        if status not in PLANNED:
            rows.append((point.value, status, None, None, None, None, None, None, None, point.out.name))
            continue
        costs = pd.read_csv(point.out / "costs.csv")
        capital = float(costs[costs["item"].isin(CAPITAL_ITEMS)]["value"].sum())
        cost, bound = said["system_cost"], _bound(said)
        rows.append((point.value, status, cost, bound, None, None, None, capital, said["net_emissions_last_year"], point.out.name))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = [c for c in COLUMNS if c not in ("status", "folder")]
    table[numbers] = table[numbers].astype(float)
    planned = table["status"].isin(PLANNED)
    _share(table, planned)
    costs = table.loc[planned, "system_cost"]
    if len(costs):
        table.loc[planned, "extra_cost"] = costs - costs.iloc[0]
        table.loc[planned, "step_cost"] = costs.diff() / -table.loc[planned, "point"].diff()
    return of_table(frontier, table)


def of_table(frontier: Frontier, table: pd.DataFrame) -> Curve:
    """The curve of rows that are worked out already, as frontier.csv has them."""
    own = table[table["status"].isin(PLANNED)]
    return Curve(frontier, table, knee(own["point"].tolist(), own["system_cost"].tolist(), _gap(own)))


def _bound(said: Mapping[str, Any]) -> float | None:
    """The bound of a point's cost: of the hours that its plan was made on, where it was not operated in others."""
    days = said["typical_days"]
    return days["bound"] if isinstance(days, dict) and not said["verified"] else said["bound"]


def _share(table: pd.DataFrame, planned: pd.Series) -> None:
    """Give each planned point the cheapest plan of its own and the tighter ones, the highest bound of its own and the looser ones,
    and the gap between them."""
    best: int | None = None
    for i in reversed(table.index[planned].tolist()):
        if best is not None and table.loc[best, "system_cost"] < table.loc[i, "system_cost"]:
            table.loc[i, list(OF_PLAN)] = table.loc[best, list(OF_PLAN)]
        best = i
    table.loc[planned, "bound"] = table.loc[planned, "bound"].cummax()
    own = table[planned]
    above = (own["system_cost"] - own["bound"]).clip(lower=0.0)
    table.loc[planned, "gap"] = above / own["system_cost"].abs().clip(lower=1e-9)


def _gap(rows: pd.DataFrame) -> float:
    """Differences of cost below this are within what is proven."""
    return float((rows["gap"].fillna(1e-3) * rows["system_cost"].abs()).max()) if len(rows) else 0.0


def knee(points: Sequence[float], costs: Sequence[float], noise: float = 0.0) -> float | None:
    """The point furthest below the straight line between both ends, both axes as shares of their range.

    None with fewer than three points, where costs differ by no more than the noise, and where no point is LEAST_KNEE below it.
    """
    if len(points) < 3 or abs(costs[-1] - costs[0]) <= noise or points[0] == points[-1]:
        return None
    along = [(p - points[0]) / (points[-1] - points[0]) for p in points]
    up = [(c - costs[0]) / (costs[-1] - costs[0]) for c in costs]
    below = [a - u for a, u in zip(along, up, strict=True)]
    best = max(range(len(points)), key=lambda i: below[i])
    return points[best] if below[best] >= LEAST_KNEE else None
