"""Value beyond the horizon that early retirement gives up: of each order the part of its price that the horizon does not bear."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from planner.check.figures import Figures, LedgerAsset
from planner.check.money import Cash, committed_capital, horizon_share
from planner.check.orders import Builds


def given_up(figures: Figures, tables: Mapping[str, pd.DataFrame], y: int) -> Cash:
    """Of the orders of a year, by asset, not discounted; nothing of what stood, and nothing in cash."""
    builds = Builds(tables)
    retired: dict[str, float] = {}
    for (k, v, _), size in builds.retired.items():
        if v == y and k in figures.assets:
            retired[k] = retired.get(k, 0.0) + size
    return {("value_given_up", k): _of_order(figures, figures.assets[k], y, builds, size) for k, size in retired.items()}


def _of_order(figures: Figures, asset: LedgerAsset, v: int, builds: Builds, retired: float) -> float:
    """Of what is retired of an order (money): of what was decided and what was signed in the same year the cheaper goes first."""
    price, grant = (figures.cost(asset, parameter).get(v, 0.0) for parameter in ("capital_cost", "grant"))
    paid = [
        (max((1 - grant) * price, 0.0), builds.decided.get((asset.name, v), 0.0)),
        (max(committed_capital(figures, asset, v, 1.0), 0.0), builds.committed.get((asset.name, v), 0.0)),
    ]
    lost, left = [], retired
    for each, size in sorted(paid):
        lost.append(each * min(size, left))
        left -= min(size, left)
    return (1 - horizon_share(figures, v + asset.lead_time, figures.lifetime(asset))) * math.fsum(lost)
