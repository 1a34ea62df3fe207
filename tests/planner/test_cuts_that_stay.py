"""Which cuts of the master stay: feasibility cuts for good, optimality cuts as long as they are active now and then."""

from dataclasses import replace

import numpy as np
from parks import Draft

from models.park import build_master
from planner.solve.benders.master import Master
from planner.solve.benders.pool import IDLE, NOT_AGED
from planner.solve.year.subproblem import Cut, HoursCut, SlackCut
from planner.solve.year.years import Years


def test_a_feasibility_cut_that_was_active_once_stays_for_good() -> None:
    """Plant and grid: the cut asks for 0.5 MW of the plant, which is not worth its price, so it is active at first; then 1 MW is
    required by a bound."""
    park = Draft()
    park.demand()
    park.supply()
    park.converter("plant", capital_cost=1e8, max_capacity=5.0, lifetime=20)
    inputs = park.inputs()
    years = Years(inputs, 1)
    master = Master(inputs, build_master(inputs), years)
    (y,), links = inputs.years, years.years[inputs.years[0]].links
    plant = np.array([float(link == ("capacity", "plant")) for link in links])
    master.cuts.add_feasibility([(y, SlackCut(np.zeros(len(links)), 0.5, -plant, 0.0, 0.5))])
    place = master.links[y][plant > 0]
    assert master.optimum().values[place] == 0.5
    master.solver.set_bounds(place, np.array([1.0]), np.array([5.0]))
    for _ in range(IDLE + 2):
        assert master.optimum().values[place] == 1.0
    assert [row.idle for row in master.cuts.rows] == [NOT_AGED]
    master.restore(place)
    assert master.optimum().values[place] == 0.5


def test_a_cut_that_is_inactive_for_long_goes_and_an_active_one_stays() -> None:
    """Of two cuts of one year the lower one is never active: it is dropped after more than `IDLE` solves, not before."""
    park = Draft()
    park.demand()
    park.supply()
    inputs = park.inputs()
    years = Years(inputs, 1)
    master = Master(inputs, build_master(inputs), years)
    (y,), links = inputs.years, years.years[inputs.years[0]].links
    flat, there = np.zeros(len(links)), np.zeros(len(links))
    year = years.years[y]
    totals, fixed = np.zeros(len(year.joined.template.totals)), np.zeros(len(year.fixed))
    for value in (1e6, 2e6):
        hours = HoursCut(value, fixed, totals, totals)
        master.cuts.add({y: Cut(there, value, flat, 0.0, 0.0, value, hours)})
    dearer = master.optimum().value
    for _ in range(IDLE - 1):
        master.optimum()
    assert master.cuts.count == 2
    master.optimum()
    assert master.cuts.count == 1 and [row.idle for row in master.cuts.rows] == [0] and master.optimum().value == dearer


def test_a_park_that_emitted_nothing_has_rules_too() -> None:
    park = Draft()
    park.demand()
    park.supply()
    park.rule("net_ratio", "<=", 1.0)
    inputs = park.inputs()
    years = Years(replace(inputs, carbon=replace(inputs.carbon, base=0.0)), 1)
    (year,) = years.years.values()
    assert np.isfinite(year.slack_size).all()
