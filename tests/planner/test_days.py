"""Typical days: how many, which are kept, and what of the year they keep."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from models.case import Case
from models.inputs import TypicalDays, resolve
from planner.days import choose_days
from planner.park import read_case

PARKS = Path(__file__).parents[2] / "data" / "parks"
COUNTS = (1, 2, 3, 5, 8, 12, 18, 24)


@pytest.fixture(scope="module", params=["lakeside", "steelworks"])
def case(request: pytest.FixtureRequest) -> Case:
    return read(request.param)


@cache
def read(name: str) -> Case:
    return read_case(PARKS / name)


@cache
def chosen_once(name: str, count: int) -> TypicalDays | None:
    return choose_days(read(name), count)


def chosen(case: Case, count: int) -> TypicalDays:
    """Days of an example park; those of one number are chosen once."""
    days = chosen_once(next(name for name in ("lakeside", "steelworks") if read(name) is case), count)
    assert days is not None
    return days


def renewables(case: Case) -> list[str]:
    return sorted({t.profile for t in case.technologies if t.profile})


def demand_of(case: Case, carrier: str) -> np.ndarray:
    """Power of a carrier's demands over the year, in the first year that each is given."""
    total = np.zeros(8760)
    first = {d.demand: d for d in reversed(case.demand)}
    for d in first.values():
        if d.carrier == carrier:
            shape = np.asarray(case.profiles[d.profile]) if d.profile else np.ones(8760)
            total += d.value * shape / shape.sum()
    return total


def main_carrier(case: Case) -> str:
    """The carrier with the largest demand that varies."""
    carriers = {d.carrier for d in case.demand}
    varying = [c for c in carriers if np.std(demand_of(case, c)) > 1e-9]
    return max(varying, key=lambda c: demand_of(case, c).sum())


@pytest.mark.parametrize("count", COUNTS)
def test_typical_days_are_as_many_as_asked_for_and_keep_the_year(case, count) -> None:
    days = chosen(case, count)
    assert days.count == count and len(days.drawn) == count and set(days.of_day) == set(range(count))
    assert all(len(values) == 24 * count for values in days.profiles.values())
    inputs = resolve(case, case.goal, 1.0, chosen(case, count))
    assert len(inputs.calendar.weight) == 24 * count and inputs.calendar.weight.sum() == 8760.0
    assert (inputs.calendar.weight >= 1).all()
    weight = np.repeat(np.bincount(days.of_day), 24)
    for name in renewables(case):
        mean = float(weight @ days.profiles[name]) / 8760
        assert mean == pytest.approx(float(np.mean(case.profiles[name])), rel=0.01), name
        assert 0 <= days.profiles[name].min() <= days.profiles[name].max() <= 1
    for u in inputs.demands.demands:
        assert inputs.calendar.total(inputs.demands.shape[u]) == pytest.approx(1.0, rel=1e-12)


def test_days_of_the_highest_demand_and_of_least_sun_are_kept(case) -> None:
    days, power = chosen(case, 12), demand_of(case, main_carrier(case))
    assert int(power.argmax()) // 24 in days.drawn
    days = chosen(case, 12)
    supply = np.mean([np.asarray(case.profiles[p]) for p in renewables(case)], axis=0)
    assert int(supply.reshape(365, 24).sum(axis=1).argmin()) in days.drawn
    # A drawn day stands for itself.
    assert [int(days.of_day[d]) for d in days.drawn] == list(range(12))
    billing = resolve(case, case.goal, 1.0, days).calendar.billing
    assert len(billing) == 12
    january = {t // 24 for t in billing[0][1]}
    assert january == set(days.of_day[:31].tolist())


def test_the_highest_demand_is_not_averaged_away(case) -> None:
    inputs, carrier = resolve(case, case.goal, 1.0, chosen(case, 12)), main_carrier(case)
    y = case.park.first_year
    names = [u for u in inputs.demands.demands if inputs.demands.carrier[u] == carrier]
    whole = resolve(case, case.goal, 1.0, None)
    peaks = [sum(i.demands.energy[u, y] * i.demands.shape[u] for u in names).max() for i in (inputs, whole)]
    assert peaks[0] == pytest.approx(peaks[1], rel=0.03)


def test_the_same_days_are_chosen_again(case) -> None:
    one, two = chosen(case, 8), choose_days(case, 8)
    assert two is not None and (one.of_day == two.of_day).all() and (one.drawn == two.drawn).all()
    assert all((one.profiles[p] == two.profiles[p]).all() for p in one.profiles)


def test_frost_does_not_choose_other_days_and_keeps_its_own_sum() -> None:
    """13 days of lakeside were 4 % cheaper than its hours where frost drew the clusters to the winter."""
    case, hours = read("lakeside"), np.arange(8760)
    frost = np.where((hours < 1500) | (hours > 8000), 0.6 + 0.3 * (hours % 24 > 8), 1.0)
    derated = [t.model_copy(update={"derating": "ice"}) if t.technology == "heat-pump-air" else t for t in case.technologies]
    found = choose_days(case.model_copy(update={"technologies": tuple(derated), "profiles": {**case.profiles, "ice": frost}}), 8)
    assert found is not None and found.drawn.tolist() == chosen(case, 8).drawn.tolist()
    stands_for = np.repeat(np.bincount(found.of_day), 24)
    assert stands_for @ found.profiles["ice"] == pytest.approx(frost.sum(), rel=1e-3) and found.profiles["ice"].max() <= 1


@pytest.mark.parametrize("count", [0, -1, 365, 366, 1000])
def test_every_hour_stands_for_itself_where_no_days_are_asked_for(case, count) -> None:
    assert choose_days(case, count) is None


def test_a_stylised_profile_has_no_typical_days(small) -> None:
    assert choose_days(read_case(small.folder), 3) is None


def test_a_park_without_profiles_needs_one_day(small) -> None:
    small.edit("technologies.csv", "sun", "")
    small.write("profiles.csv", "hour,unused\n" + "".join(f"{h},1\n" for h in range(8760)))
    days = choose_days(read_case(small.folder), 6)
    assert days is not None and days.count == 1


def test_a_tariff_is_the_mean_of_the_days_that_a_day_stands_for(case) -> None:
    days = chosen(case, 4)
    inputs = resolve(case, case.goal, 1.0, days)
    hourly = resolve(case, case.goal, 1.0, None)
    for key, shape in inputs.supplies.shape.items():
        assert inputs.calendar.total(shape) == pytest.approx(hourly.supplies.shape[key].sum(), rel=1e-9)


def test_a_profile_may_bear_any_name(small) -> None:
    """The series that mark the days to keep have names of their own."""
    small.edit("technologies.csv", "sun", "scarcity")
    small.edit("demand.csv", "MWh,", "MWh,demand of electricity")
    rows = "".join(f"{h},{(h % 24) / 24 * (h % 7) / 7},{1 + h % 5}\n" for h in range(8760))
    small.write("profiles.csv", "hour,scarcity,demand of electricity\n" + rows)
    days = choose_days(read_case(small.folder), 6)
    assert days is not None and set(days.profiles) == {"scarcity", "demand of electricity"} and days.count == 6


@pytest.mark.parametrize("profile", [lambda h: 0, lambda h: 0.5, lambda h: int(h == 4000), lambda h: (h % 24) / 24])
def test_days_can_be_chosen_from_profiles_that_hardly_vary(small, profile) -> None:
    small.write("profiles.csv", "hour,sun\n" + "".join(f"{h},{profile(h)}\n" for h in range(8760)))
    case = read_case(small.folder)
    for count in (1, 2, 5):
        days = choose_days(case, count)
        assert days is not None and days.count == count
        mean = float(np.repeat(np.bincount(days.of_day), 24) @ days.profiles["sun"]) / 8760
        assert mean == pytest.approx(float(np.mean(case.profiles["sun"])), rel=0.01, abs=1e-9)
