r"""Typical days: which days of the year stand for all of them.

Clustering is hierarchical, each cluster shown by its medoid, a real day, scaled so that the mean of the year is kept
(`clustered`). Days that size equipment are kept as they are: the day of the highest demand of each carrier and the day on which
the sun and the wind give least.

Hierarchical clustering of the days of a year, each cluster shown by its medoid, scaled so that the mean of the year is kept.

1. Each series is scaled to [0, 1] over the year. A day is the point of its hours in all series but deratings.
2. Days are joined by Ward's method (Ward, 1963: least increase of the squared distances within clusters), as scipy does it.
3. A cluster is shown by its medoid: the day with the least sum of distances to the others; of equal ones the first.
4. Days that are kept as they are leave their clusters and stand for themselves.
5. In each series the values of the medoids are scaled, so that what all days stand for comes to the sum of the year; what would
   pass 1 stays there, and the rest is shared in proportion to the room that is left.

.. math:: \sum_d n_d\, \hat x_{d,h} = \sum_t x_t, \qquad 0 \le \hat x \le 1

The order of the clusters is that of their medoids in the calendar. This is the method of tsam (Kotzur et al., 2018) with medoids,
and shares are rounded as there: where days are equally near, the last digit decides, and the days are to be those of before.

n  days that a typical day stands for     x  a series, scaled to [0, 1]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from models.case import Case
from models.inputs import TypicalDays
from models.inputs.calendar import HOURS_OF_YEAR
from models.operation.green_power import ELECTRICITY
from models.units import yearly_factor

#: Clusters that are kept beside the sizing days, where there are more of these than half of the days.
LEAST_CLUSTERS = 3
#: Names of the series that mark sizing days begin with a space, which no profile's name does: cells are stripped.
SCARCITY, DEMAND = " scarcity", " demand of {}"


def choose_days(case: Case, count: int) -> TypicalDays | None:
    """`count` typical days of a real park's year; None where every hour stands for itself.

    That is so for 0 days, for 365 or more, and for a stylised profile, whose rows are treated as hourly.
    """
    if case.hours != HOURS_OF_YEAR or count <= 0 or count >= 365:
        return None
    used = _used_profiles(case)
    if used.empty:
        return _one_day()
    extremes = _extremes(case, used)
    room = max((count - 1) // 2, count - LEAST_CLUSTERS)
    sizing = list(extremes.columns)[:room]
    lost = {t.derating for t in case.technologies if t.derating} - {t.profile for t in case.technologies}
    days = _cluster(pd.concat([used, extremes[sizing]], axis=1), count, sizing, set(_in_columns(case, sorted(lost))))
    profiles = {name: days[1][name].clip(0, 1 if name in _availabilities(case) else None).to_numpy() for name in used}
    return TypicalDays(of_day=days[0], drawn=days[2], profiles=profiles)


def join_days(days: TypicalDays, case: Case, joining: Sequence[int]) -> TypicalDays:
    """Typical days that these calendar days (from 0) join, each standing for itself.

    Days that stand for others are scaled so that the mean of the year is kept.
    """
    of_day, count = days.of_day.copy(), len(days.drawn)
    of_day[list(joining)] = count + np.arange(len(joining))
    hours = (np.asarray(joining, dtype=int)[:, None] * 24 + np.arange(24)).ravel()
    profiles = {name: np.concatenate([own, np.asarray(case.profiles[name])[hours]]) for name, own in days.profiles.items()}
    joined = TypicalDays(of_day, np.concatenate([days.drawn, np.asarray(joining, dtype=int)]), profiles)
    stands_for = np.repeat(np.bincount(of_day, minlength=joined.count), 24)
    scaled = np.repeat(~np.isin(np.arange(joined.count), list(alone(joined).values())), 24)
    most = {name: 1.0 if name in _availabilities(case) else None for name in profiles}
    for name, values in profiles.items():
        own = float((stands_for * values)[scaled].sum())
        rest = float(np.sum(case.profiles[name])) - float((stands_for * values)[~scaled].sum())
        if own > 0 and rest > 0:
            profiles[name] = np.where(scaled, np.clip(values * (rest / own), 0.0, most[name]), values)
    return replace(joined, profiles=profiles, added=(*days.added, *joining))


def alone(days: TypicalDays) -> dict[int, int]:
    """Calendar days that are a typical day of their own, and which."""
    count = np.bincount(days.of_day, minlength=days.count)
    return {int(day): int(own) for own, day in enumerate(days.drawn) if count[own] == 1 and days.of_day[day] == own}


def raise_demand(days: TypicalDays, raised: Mapping[tuple[str, int, int], float]) -> TypicalDays:
    """Typical days on which a profile is multiplied in an hour: (profile, typical day, hour of the day) -> factor."""
    profiles = {name: values.copy() for name, values in days.profiles.items()}
    for (name, day, hour), factor in raised.items():
        profiles[name][day * 24 + hour] *= factor
    return replace(days, profiles=profiles, is_raised=days.is_raised or bool(raised))


def _one_day() -> TypicalDays:
    return TypicalDays(of_day=np.zeros(365, dtype=int), drawn=np.zeros(1, dtype=int), profiles={})


def _in_columns(case: Case, profiles: Iterable[str]) -> list[str]:
    """The columns of profiles.csv that these profiles have in some year of the horizon, or in some future."""
    years = range(case.park.first_year, case.park.last_year + 1) if case.profile_years else [case.park.first_year]
    of_futures = [(v.name, v.value) for v in case.future_values if v.changed == "profiles"]
    named = list(profiles)
    later = (column for name in named for profile, column in of_futures if profile == name)
    return list(dict.fromkeys([*(case.column(name, y) for name in named for y in years), *later]))


def _availabilities(case: Case) -> set[str]:
    """Profiles of what plants can give, those of as-generated contracts too."""
    named = {name for t in case.technologies for name in (t.profile, t.derating) if name}
    named |= {s.profile for s in case.supplies if s.is_as_generated}
    return set(_in_columns(case, sorted(named)))


def _of_sun_and_wind(case: Case) -> set[str]:
    """Of these those of technologies and of contracts for electricity: waste heat comes as a process runs, not with the weather."""
    contracts = {s.profile for s in case.supplies if s.is_as_generated and s.carrier == ELECTRICITY}
    return set(_in_columns(case, sorted({t.profile for t in case.technologies if t.profile} | contracts)))


def _used_profiles(case: Case) -> pd.DataFrame:
    types = {t.type_name for t in case.technologies}
    ports = {p.profile for p in case.ports if p.profile and p.type in types}
    demands = _in_columns(case, dict.fromkeys(d.profile for d in case.demand if d.profile))
    inflows = _in_columns(case, sorted({t.inflow_profile for t in case.technologies if t.inflow_profile}))
    names = dict.fromkeys(demands + sorted(_availabilities(case)) + sorted(_in_columns(case, ports)) + inflows)
    index = pd.date_range("2025-01-01", periods=HOURS_OF_YEAR, freq="h")
    return pd.DataFrame({name: case.profiles[name] for name in names}, index=index)


def _extremes(case: Case, used: pd.DataFrame) -> pd.DataFrame:
    """Series whose extreme days are kept, the weightiest first: scarcity, then demand of each carrier by energy.

    Where the shape of a demand changes over the years, those of each time: demand with the columns that it has then.
    """
    years = range(case.park.first_year, case.park.last_year + 1)
    of_times = dict.fromkeys(tuple(case.column(d.profile, y) if d.profile else "" for d in case.demand) for y in years)
    first, *later = (_extremes_of(case, used, columns) for columns in of_times)
    for i, own in enumerate(later, start=2):
        new = [name for name in own if name != SCARCITY and not any(np.array_equal(own[name], first[known]) for known in first)]
        first = pd.concat([first, own[new].rename(columns={name: f"{name} {i}" for name in new})], axis=1)
    return first


def _extremes_of(case: Case, used: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The same at a time; columns: of the shape of each row of demand."""
    found: dict[str, pd.Series] = {}
    energy: dict[str, float] = {}
    renewable = [p for p in used if p in _of_sun_and_wind(case)]
    if renewable:
        found[SCARCITY] = -used[renewable].mean(axis=1)
    for row, column in zip(case.demand, columns, strict=True):
        shape = used[column] / used[column].sum() if column else 1 / HOURS_OF_YEAR
        name = DEMAND.format(row.carrier)
        power = row.value * yearly_factor(row.unit, "MWh") * shape
        hourly = power * pd.Series(1.0, index=used.index)
        found[name] = found[name] + hourly if name in found else hourly
        energy[name] = energy.get(name, 0.0) + float(np.sum(found[name]))
    varying = [name for name in energy if found[name].std() > 1e-9 * found[name].mean()]
    order = [n for n in found if n == SCARCITY] + sorted(varying, key=lambda n: -energy[n])
    return pd.DataFrame({name: found[name] for name in order}, index=used.index)


def _cluster(data: pd.DataFrame, count: int, sizing: list[str], lost: set[str]) -> tuple[np.ndarray, pd.DataFrame, np.ndarray]:
    """Typical day of each day, values on the typical days, and the calendar day that each of them was.

    `sizing`: series whose hardest day is kept as it is. `lost`: names of deratings, which take no part in the clustering.
    A day that sizes two things, or stands for a cluster too, is one day: clusters are then added until there are as
    many days as asked for. Where one more gives two days more, the least of the sizing days is given up.
    """
    clusters = max(1, count - len(sizing))
    while clusters <= count:
        of_day, drawn, values = _aggregate(data, clusters, sizing, lost)
        if len(drawn) == count:
            return of_day, pd.DataFrame(values, columns=data.columns), drawn
        if len(drawn) > count:
            break
        clusters += count - len(drawn)
    return _cluster(data.drop(columns=sizing[-1]), count, sizing[:-1], lost)


def _aggregate(data: pd.DataFrame, clusters: int, sizing: list[str], lost: set[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Clusters and the sizing days: the one with the highest hour of a demand, the one with the highest mean of scarcity."""
    marks = np.array([name in sizing for name in data])
    by_day = {name: data[name].to_numpy().reshape(-1, 24) for name in data.columns[marks]}
    kept = [int((values.mean(axis=1) if name == SCARCITY else values.max(axis=1)).argmax()) for name, values in by_day.items()]
    # Sizing series only mark days. Frost follows from the outside temperature, which other series show already. Neither may move
    # the clusters.
    weights = np.where(marks | data.columns.isin(lost), 1e-3, 1.0)
    return clustered(data.to_numpy(dtype=float), weights, clusters, kept, ~marks)


HOURS = 24
#: Distances are compared to so many decimals: the order in which sums are made decides no day.
DECIMALS = 10
#: Passes of step 5 at most, and its relative tolerance.
PASSES, TOLERANCE = 20, 1e-6


def clustered(
    series: np.ndarray, weights: np.ndarray, clusters: int, kept: Iterable[int], scales: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Typical day of each day (days,), the calendar day that each typical day was, and values (hours of the typical days, series).

    series   values (hours, series), whole days        weights  of the series in distances
    clusters  number of clusters
    kept     calendar days that stand for themselves, behind the clusters; none that a cluster is shown by anyway
    scales   True for series whose mean is kept
    """
    from scipy.cluster import hierarchy  # here, since a park of few days needs none of it

    low, span = series.min(axis=0), np.ptp(series, axis=0)
    factor = 1.0 / np.where(span > 0, span, 1.0)
    shares = series * factor - low * factor
    days = shares.reshape(-1, HOURS, series.shape[1])
    points = (days * weights).transpose(0, 2, 1).reshape(len(days), -1)
    label = hierarchy.cut_tree(hierarchy.ward(points), n_clusters=clusters)[:, 0]
    medoids = {c: _medoid(points, np.flatnonzero(label == c)) for c in np.unique(label)}
    shown = sorted(medoids.values())
    alone = [day for day in dict.fromkeys(kept) if day not in shown]
    of_day = np.array([shown.index(medoids[c]) for c in label])
    of_day[alone] = len(shown) + np.arange(len(alone))
    drawn = np.array([*shown, *alone], dtype=int)
    values, stands_for = days[drawn], np.bincount(of_day).astype(float)
    for s in np.flatnonzero(scales):
        rest = days[:, :, s].sum() - values[len(shown) :, :, s].sum()
        values[: len(shown), :, s] = _filled(values[: len(shown), :, s], stands_for[: len(shown), None], rest)
    return of_day, drawn, (low + values * span).reshape(-1, series.shape[1])


def _medoid(points: np.ndarray, members: np.ndarray) -> int:
    """The member with the least sum of distances to all members."""
    from scipy.spatial.distance import cdist

    distances = cdist(points[members], points[members]).sum(axis=0)
    return int(members[np.argmin(np.round(distances, DECIMALS))])


def _filled(values: np.ndarray, weights: np.ndarray, total: float) -> np.ndarray:
    """Values in [0, 1], scaled so that their weighted sum is the total, as near as that can be."""
    now = float((weights * values).sum())
    filled = np.clip(values * (total / now) if now > 0 and total > 0 else values, 0.0, 1.0)
    for _ in range(PASSES):
        lacking = total - float((weights * filled).sum())
        room = 1.0 - filled if lacking > 0 else filled
        most = float((weights * room).sum())
        if abs(lacking) <= TOLERANCE * max(abs(total), 1.0) or most <= 0:
            break
        filled = np.clip(filled + np.sign(lacking) * min(abs(lacking) / most, 1.0) * room, 0.0, 1.0)
    return filled
