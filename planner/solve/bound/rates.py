r"""What the hours of like years cost, split into what all of them pay alike and what each pays at a rate of its own.

.. math:: c_y = c_0 + \sum_i r_{i,y}\, p_i

Prices of a supply follow one tariff in all years, and only their level changes; so does what running an asset costs. The sums
:math:`Z_i = p_i \cdot v` of a way v to operate the hours are then known to the year's account like what is bought, and the hours
of two years have nothing of their own left: what one year's dual solution says holds for the other.

c  cost of the columns   money (y)     r  rate   money/MWh, money/MW (i,y)     p  pattern, at most 1   1 (i)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from models.inputs import Inputs
from models.operation.cost import unit_costs
from planner.solve.handover.reduced import NONE
from planner.solve.year.template import Template

#: Rates that differ by less (relative) are one.
SAME = 1e-12


class Rates:
    """The split for the years that one template serves.

    constant  cost of every column that is the same in all of them   money
    pattern   of what is paid at a rate of the year                  (i, column)
    of        year -> rates                                          (i,)
    """

    def __init__(self, template: Template, years: Sequence[int]) -> None:
        inputs, count = template.inputs, len(template.matrix.columns)
        self.constant = np.zeros(count)
        patterns, rates = [], []
        for places, by_year in _costs(template, inputs, years):
            for shape, of in split(by_year, years):
                if np.ptp(of) <= SAME * np.abs(of).max():
                    np.add.at(self.constant, places, of[0] * shape)
                else:
                    patterns.append(sparse.csr_matrix((shape, (np.zeros(len(places), dtype=int), places)), shape=(1, count)))
                    rates.append(of)
        self.pattern = sparse.vstack(patterns, format="csr") if patterns else sparse.csr_matrix((0, count))
        self.of = {y: np.array([own[i] for own in rates]) for i, y in enumerate(years)}


def split(by_year: dict[int, np.ndarray], years: Sequence[int]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """What something costs in each year as one shape and a rate a year; as a shape a year where the shape changes."""
    size = {y: float(np.abs(own).max(initial=0.0)) for y, own in by_year.items()}
    largest = max(size, key=lambda y: size[y])
    shape = by_year[largest] / (size[largest] or 1.0)
    rate = {y: size[y] if float(own @ shape) >= 0 else -size[y] for y, own in by_year.items()}
    if all(np.allclose(own, rate[y] * shape, rtol=1e-9, atol=1e-9) for y, own in by_year.items()):
        yield shape, np.array([rate.get(y, 0.0) for y in years])
        return
    for y, own in by_year.items():
        yield own / (size[y] or 1.0), np.array([size[y] if z == y else 0.0 for z in years])


def _costs(template: Template, inputs: Inputs, years: Sequence[int]) -> Iterator[tuple[np.ndarray, dict[int, np.ndarray]]]:
    """Of each thing that is paid for in the hours its columns, and what they cost in each year, contracts left out."""
    costs = {y: unit_costs(inputs, y) for y in years}
    for family, series in template.places.items():
        names = dict.fromkeys(name for name, _ in series) if family != "contracted" else {}
        for name in names:
            own = [(places[places != NONE], places != NONE) for paid, places in series if paid == name]
            by_year = {
                y: np.concatenate([costs[y][family][name][there] for _, there in own])
                for y in years if name in costs[y].get(family, {})
            }  # fmt: skip
            if by_year:
                yield np.concatenate([places for places, _ in own]), by_year
