"""The hours laid out from three in Pyomo are those that Pyomo builds one by one: every column, row, coefficient and bound."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engineer_parks import worn_park
from moving_parks import moving_park
from parks import Draft
from random_parks import random_park
from vehicle_parks import vehicle_park
from yearly_parks import yearly_park

from models.case import ParkRule
from models.inputs import Inputs, resolve
from models.park import build_hours
from planner.park import read_case
from planner.solve.handover.matrix import Matrix, Named, name_model
from planner.solve.hours.all_hours import AllHours, all_hours
from planner.solve.hours.months import Hours
from planner.solve.year.template import Template, with_all_assets

CASES = sorted(p.parent for p in (Path(__file__).parents[1] / "cases").glob("*/park.toml"))


def columns_of(named: Named) -> dict[tuple, int]:
    """(family, index) -> column of the matrix."""
    found = {(family, *index, t): place for family, own in named.series.items() for index, places in own.items()
        for t, place in enumerate(places.tolist())}
    found |= {(family, index): place for family, own in named.single.items() for index, place in own.items()}
    return {key: place for key, place in found.items() if place >= 0}


def rows_of(matrix: Matrix, order: np.ndarray) -> list[tuple]:
    """Each row as what stands in it in columns of that order, and its sides."""
    rows = matrix.by_rows()[:, order]
    rows.sort_indices()
    sides = zip(matrix.row_lower.tolist(), matrix.row_upper.tolist(), strict=True)
    values, which = np.unique(rows.data, return_inverse=True)  # few are different
    texts = np.array([f"{v:.12g}" for v in values.tolist()], dtype=object)[which].tolist()
    places = rows.indices.tolist()
    cells = zip(rows.indptr[:-1].tolist(), rows.indptr[1:].tolist(), strict=True)
    return [(tuple(places[a:b]), tuple(texts[a:b]), *own) for (a, b), own in zip(cells, sides, strict=True)]


def assert_same(inputs: Inputs) -> AllHours:
    inputs = with_all_assets(inputs)
    y = inputs.years[-1]
    laid, whole = all_hours(inputs, y), name_model(build_hours(inputs, y), len(inputs.calendar.weight))
    ours, theirs = columns_of(laid), columns_of(whole)
    names = sorted(theirs, key=str)
    assert ours.keys() == theirs.keys() and len(laid.matrix.columns) == len(whole.matrix.columns) == len(names)
    here, there = (np.array([places[name] for name in names]) for places in (ours, theirs))
    assert np.array_equal(laid.matrix.lower[here], whole.matrix.lower[there])
    assert np.array_equal(laid.matrix.upper[here], whole.matrix.upper[there])
    our_rows, their_rows = rows_of(laid.matrix, here), rows_of(whole.matrix, there)
    assert Counter(our_rows) == Counter(their_rows)
    balances, others = (dict(zip(n.balances, n.balance_rows.tolist(), strict=True)) for n in (laid, whole))
    assert {key: our_rows[row] for key, row in balances.items()} == {key: their_rows[row] for key, row in others.items()}
    assert [int(laid.hour_of_row[row]) for row in balances.values()] == [t for _, _, t in balances]
    hours = {c.name: int(c.index()[-1]) for family in ("storage_balance", "month_peak") for c in family_of(whole, family)}
    found = Counter((row, hours[c.name]) for row, c in zip(their_rows, whole.matrix.rows, strict=True) if c.name in hours)
    families = [c.parent_component().local_name for c in laid.matrix.rows]
    assert found == Counter((row, t) for row, t, family in zip(our_rows, laid.hour_of_row.tolist(), families, strict=True)
        if family in ("storage_balance", "month_peak"))
    return laid


def family_of(named: Named, family: str) -> list[Any]:
    """The rows of a family of Pyomo's."""
    return list(getattr(named.model.year, family).values())


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_the_hours_of_every_case_are_those_of_pyomo(folder: Path) -> None:
    case = read_case(folder)
    assert_same(resolve(case, case.goal, 1000.0, None))


@pytest.mark.parametrize("seed", range(20))
def test_the_hours_of_random_parks_are_those_of_pyomo(seed: int) -> None:
    assert_same((random_park, moving_park, worn_park)[seed % 3](seed).inputs())


@pytest.mark.parametrize("seed", range(4))
def test_the_hours_of_a_year_have_the_profiles_of_that_year(seed: int) -> None:
    assert_same(yearly_park(seed).inputs())


@pytest.mark.parametrize("seed", range(3))
def test_the_hours_of_parks_with_vehicles_are_those_of_pyomo(seed: int) -> None:
    assert_same(vehicle_park(seed).inputs())


def real_year() -> Draft:
    """A year of 8,760 hours with what knows of months, of the hour before, or of the end of the year; the rest is in the parks above."""
    random = np.random.default_rng(1)
    park = Draft(2026, 2026, hours=8760)
    park.demand("power", mwh=9e3, profile=park.profile("day", random.uniform(0.0, 2.0, 8760).round(3).tolist()))
    park.supply("grid", prices={"demand_charge": 50.0, "capacity_charge": 40.0}, max_export=1.0, max_import=9.0)
    park.supply("gas", "gas", prices={"capacity_charge": 7.0})
    sun = np.maximum(0.0, np.sin(np.arange(8760) * np.pi / 12)).round(3)
    park.converter("solar", capital_cost=600.0, profile=park.profile("sun", sun.tolist()), green=1)
    flue = {"gas": park.profile("part load", random.uniform(0.9, 1.3, 8760).round(3).tolist())}
    park.converter("chp", {"gas": -2.5, "electricity": 1.0}, existing=1.0, min_load=0.4, port_profiles=flue)
    park.converter("turbine", {"gas": -3.0, "electricity": 1.0}, existing=2.0, min_load=0.3, ramp=0.5, outage=0.1, start_cost=6.0)
    park.by_the_hour("grid", park.profile("mix", random.uniform(-0.2, 2.0, 8760).round(2).tolist()))
    park.store("battery", capital_cost=300.0, standing_loss=0.01, full_power_hours=4.0, charge_efficiency=0.9)
    park.chargers("depot", max_power=2.0)
    park.session("18:30", "06:15", 3.0, 1.0, day="weekday")
    park.session("8755.5", "9", 2.0, 1.0, day="")
    park.add(ParkRule(rule="law", metric="hourly_green_share", sense=">=", limit=0.1))
    return park


def test_the_hours_of_a_real_year_are_those_of_pyomo_and_know_their_month() -> None:
    laid = assert_same(real_year().inputs())
    assert {b for _, b in laid.single["peak"]} == set(range(12))
    hours = Hours(with_all_assets(real_year().inputs()), 2026)
    hours.leave_out(frozenset())
    rows = np.bincount(hours.hour_of_row[hours.hour_of_row >= 0], minlength=8760)
    assert rows.min() >= 10  # as many in each hour, but for the dark
    assert hours.hour_of_row[hours.sum_rows].max() == -1


def test_what_only_hours_can_differ_in_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that grows otherwise from hour to hour is none that three hours tell."""
    inputs = with_all_assets(random_park(0).inputs())
    monkeypatch.setattr("planner.solve.hours.all_hours.PROBE", np.array([0.0, 0.5, 0.8]))
    with pytest.raises(AssertionError, match="from hour to hour"):
        all_hours(inputs, inputs.years[0])


def test_a_template_knows_laid_out_hours_as_it_knows_pyomos() -> None:
    inputs = with_all_assets(random_park(0).inputs())
    whole, laid = Template(inputs, 2026), Template(inputs, 2026, all_hours(inputs, 2026))
    assert whole.links.keys() == laid.links.keys() and whole.totals == laid.totals
    ours, theirs = columns_of(laid.named), columns_of(whole.named)
    here, there = (np.array([places[name] for name in sorted(theirs, key=str)]) for places in (ours, theirs))
    assert np.allclose(laid.summing[:, here].toarray(), whole.summing[:, there].toarray(), rtol=1e-12, atol=0)
    for own in (whole, laid):
        assert all(own.rows[own.sum_row[total], place] for total, place in zip(own.totals, own.total_places, strict=True))
        assert sorted(own.sum_row.values()) == sorted(own.sum_rows.tolist())
