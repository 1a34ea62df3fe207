"""How far rows of sessions.csv promise more than vehicles can, against a linear programme of each vehicle and hour.

    python -m benchmarks.vehicles

A draw is a day with 40 lorries and 120 cars, each with its own times, energy and power, a price of each hour and a charge on
the peak. It is charged three ways: vehicle by vehicle, which is the truth; as the rows that `plan profiles sessions` makes
of it; and as one band of all lorries and one of all cars, the plain sums of their curves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from models.case import Chargers
from models.inputs.demand import Band, FleetRow, one_session, stay_of
from planner.importers.sessions import ChargingStay, group_sessions

DRAWS, LORRIES, CARS, HOURS = 25, 40, 120, 24
#: Money a MW of the day's highest hour.
PEAK = 100.0
ALIKE = Chargers(chargers="g", efficiency=1.0)


def draw(random: np.random.Generator) -> list[list[ChargingStay]]:
    """Lorries that come home in the evening, of which a third are there at noon too; cars of commuters and visitors."""
    lorries, cars = [], []
    for _ in range(LORRIES):
        start, hours, power = random.normal(18.5, 1.5), random.normal(11, 1.5), random.choice([0.04, 0.06, 0.15])
        if random.random() < 1 / 3:
            start, hours = random.normal(11.5, 1.0), random.uniform(1.5, 4)
        lorries.append(_stay(random, start, hours, power, random.uniform(0.05, 0.3)))
    for _ in range(CARS):
        start, hours = random.normal(8.3, 0.8), random.normal(8.5, 1.0)
        if random.random() < 0.25:
            start, hours = random.uniform(9, 16), random.uniform(0.7, 3)
        cars.append(_stay(random, start, hours, random.choice([0.0037, 0.007, 0.011]), random.uniform(0.004, 0.03)))
    return [lorries, cars]


def _stay(random: np.random.Generator, start: float, hours: float, power: float, energy: float) -> ChargingStay:
    start, hours = round(60 * (start % 24)) / 60, round(60 * float(np.clip(hours, 0.5, 23))) / 60
    return ChargingStay(start, hours, min(energy, 0.95 * power * hours), power, day="all")


def vehicle_bands(stays: Sequence[ChargingStay]) -> Iterator[Band]:
    """The band of each vehicle, on 24 hours that close on themselves."""
    for stay in stays:
        for row in group_sessions([stay], "g", 1.0, 0.01).rows:
            yield on_a_day(row)


def on_a_day(row) -> Band:
    """The band of a row on the day."""
    one, found = one_session(FleetRow("g", row, ALIKE), stay_of(row)), np.zeros((3, HOURS))
    for own, values in zip(found, (one.at_once, one.power, one.room), strict=True):
        np.add.at(own, np.arange(len(values)) % HOURS, values)
    return Band(*found)


def together(bands: Sequence[Band]) -> Band:
    """The sum of bands."""
    return Band(*(np.sum([getattr(b, name) for b in bands], axis=0) for name in ("at_once", "power", "room")))


def cost_of(bands: Sequence[Band], price: np.ndarray, base: np.ndarray) -> float:
    """Least cost of the day: energy at the price of each hour, and the highest hour with the rest of the park."""
    n, t = len(bands), np.arange(HOURS)
    size = 2 * n * HOURS + 1
    cost, upper = np.zeros(size), np.full(size, np.inf)
    rows, cols, data, right = [], [], [], []
    for i, band in enumerate(bands):
        charge, behind = 2 * i * HOURS + t, (2 * i + 1) * HOURS + t
        cost[charge], upper[charge], upper[behind] = price, band.power, band.room
        rows += [i * HOURS + t] * 3
        cols += [behind, behind[t - 1], charge]
        data += [np.ones(HOURS), -np.ones(HOURS), np.ones(HOURS)]
        right.append(band.at_once)
    cost[-1] = PEAK
    step = sparse.csr_matrix((np.concatenate(data), (np.concatenate(rows), np.concatenate(cols))), shape=(n * HOURS, size))
    charges = np.concatenate([2 * i * HOURS + t for i in range(n)])
    ones, places = np.concatenate([np.ones(n * HOURS), -np.ones(HOURS)]), np.concatenate([charges, np.full(HOURS, size - 1)])
    peak = sparse.csr_matrix((ones, (np.concatenate([np.tile(t, n), t]), places)), shape=(HOURS, size))
    bounds = np.stack([np.zeros(size), upper], axis=1)
    found = linprog(cost, A_ub=peak, b_ub=-base, A_eq=step, b_eq=np.concatenate(right), bounds=bounds, method="highs")
    assert found.status == 0, found.message
    return float(found.fun)


def main() -> None:
    """Print, of each way, by how many percent of the cost it promises too much: median, best and worst of the draws."""
    random = np.random.default_rng(1)
    off: dict[str, list[float]] = {"rows": [], "sums": [], "at once": []}
    counts = []
    for _ in range(DRAWS):
        groups = draw(random)
        price = np.round(random.uniform(20, 120, HOURS), 1)
        base = 1.0 + np.clip(np.sin((np.arange(HOURS) - 7) / 12 * np.pi), 0, 1) * random.uniform(0, 2)
        each = [list(vehicle_bands(own)) for own in groups]
        truth = cost_of([b for own in each for b in own], price, base)
        rows = [[on_a_day(row) for row in group_sessions(own, "g", 1.0, 0.01).rows] for own in groups]
        counts.append(sum(map(len, rows)))
        sums = [together(own) for own in each]
        fixed = [Band(b.at_once, b.power, 0 * b.room) for b in sums]
        for name, bands in (("rows", [b for own in rows for b in own]), ("sums", sums), ("at once", fixed)):
            off[name].append(100 * (truth - cost_of(bands, price, base)) / truth)
    print(f"{DRAWS} draws, {LORRIES} lorries and {CARS} cars, {min(counts)} to {max(counts)} rows")
    for name, values in off.items():
        print(f"{name:8} too good by {np.median(values):6.2f} % (median), {min(values):6.2f} to {max(values):6.2f} %")


if __name__ == "__main__":
    main()
