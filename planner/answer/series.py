"""Series over the years: what charts show, made from the tables of a plan.

Each is a frame with the years as its index and one column a series. The year is the index everywhere, so that frames
of several plans can be laid over each other.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planner.plan import CAPITAL_ITEMS
from planner.tables.output import Tables

#: Name of the series that the smaller ones are summed to.
OTHER = "other"
#: Most series that a chart shows by name.
MOST = 10


def over_years(rows: pd.DataFrame, column: str, value: str = "value") -> pd.DataFrame:
    """Sums by year and by the values of a column, in the order in which these first appear; 0 where there are none."""
    years, at_year = np.unique(rows["year"].to_numpy(), return_inverse=True)
    names = rows[column].tolist()
    place = {name: i for i, name in enumerate(dict.fromkeys(names))}
    sums = np.zeros((len(years), len(place)))
    at_name = np.array([place[name] for name in names], dtype=int)
    np.add.at(sums, (at_year, at_name), np.nan_to_num(rows[value].to_numpy(dtype=float), nan=0.0, posinf=np.inf, neginf=-np.inf))
    return pd.DataFrame(sums, pd.Index(years, name="year"), list(place))


def largest(frame: pd.DataFrame, most: int = MOST) -> pd.DataFrame:
    """The columns that are ever above 0, largest first; beyond `most`, the smaller ones are summed to `other`."""
    highest = np.fmax.reduce(np.abs(frame.to_numpy(dtype=float)), axis=0, initial=0.0)
    peaks = dict(zip(frame.columns, highest.tolist(), strict=True))
    least = 1e-6 * max([*peaks.values(), 1e-9])
    names = [name for name in sorted(peaks, key=lambda name: -peaks[name]) if peaks[name] > least]
    if len(names) <= most:
        return frame[names]
    shown = frame[names[: most - 1]].copy()
    shown[OTHER] = frame[names[most - 1 :]].sum(axis=1)
    return shown


def years_of(tables: Tables) -> list[int]:
    """Every year of the plan."""
    return sorted(set(tables["emissions"]["year"].tolist()))


def emissions(tables: Tables, accounting: str) -> pd.DataFrame:
    """Emissions by scope on the basis of the rules, and `net` (t)."""
    items = over_years(tables["emissions"], "item")
    scopes = items[["scope1", f"scope2_{accounting}", "scope3"]]
    kept = [name for name in scopes if scopes[name].abs().max() > 0]
    return scopes[kept].assign(net=items["net"])


def net_emissions(plans: Mapping[str, Tables]) -> pd.DataFrame:
    """Net emissions of several plans (t)."""
    return pd.DataFrame({name: over_years(tables["emissions"], "item")["net"] for name, tables in plans.items()})


def capital(tables: Tables) -> pd.DataFrame:
    """Capital as it is paid, by kind (money)."""
    costs, years = tables["costs"], years_of(tables)
    rows = zip(costs["year"].tolist(), costs["item"].tolist(), costs["value"].tolist(), strict=True)
    paid: dict[str, dict[int, float]] = {}
    known = set(years)
    for year, item, value in rows:
        if item in CAPITAL_ITEMS and year in known:
            paid.setdefault(item, dict.fromkeys(years, 0.0))[year] += value
    columns = {item: list(by_year.values()) for item, by_year in paid.items()}
    return pd.DataFrame(columns, pd.Index(years, name="year"), list(paid), dtype=float)


def missed_within(rules: pd.DataFrame) -> pd.Series:
    """Of each row of stages.csv whether its limit is missed and the rule holds only within its tolerance."""
    above = rules["value"].to_numpy(dtype=float) - rules["limit"].to_numpy(dtype=float)
    over = np.where(rules["sense"] == "<=", above, -above)
    return pd.Series((over > 0) & rules["holds"].to_numpy(dtype=bool), rules.index)
