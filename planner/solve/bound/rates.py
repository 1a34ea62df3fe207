r"""The cost of the hours in years of one structure, split into a constant part and patterns that each year pays at a rate of its
own.

.. math:: c_y = c_0 + \sum_i r_{i,y}\, p_i

The prices of a supply follow one tariff in all years, only their level changes; likewise the variable cost of an asset. With the
sums :math:`Z_i = p_i \cdot v` of an operation v of the hours as variables, the years differ in numbers only: a dual solution of the
hours of one year holds in the others (`cuts`).

Returns `Rates`. Raises nothing.

c  cost of the columns   money (y)     r  rate   money/MWh, money/MW (i,y)     p  pattern, at most 1   1 (i)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from models.dot import dot
from models.inputs import Inputs
from models.operation.cost import unit_costs
from planner.solve.handover.reduced import NONE
from planner.solve.year.template import Template

#: Family and name of what is paid, and which of its patterns.
RateKey = tuple[str, str, int]
#: Rates that differ by less than this (relative) are equal.
SAME = 1e-12


class Rates:
    """The split for the years of one structure.

    constant  the part of the cost of every column that is equal in all years   money
    pattern   of each rate                                                   (i, column)
    of        year -> rates                                          (i,)
    keys      what each rate is of: family, name, and which of its patterns
    """

    def __init__(self, template: Template, years: Sequence[int]) -> None:
        inputs, count = template.inputs, len(template.matrix.columns)
        self.constant = np.zeros(count)
        patterns, rates = [], []
        self.keys: list[RateKey] = []
        for paid, places, by_year in _costs(template, inputs, years):
            for which, (shape, of) in enumerate(split(by_year, years)):
                if np.ptp(of) <= SAME * np.abs(of).max():
                    np.add.at(self.constant, places, of[0] * shape)
                else:
                    patterns.append(sparse.csr_matrix((shape, (np.zeros(len(places), dtype=int), places)), shape=(1, count)))
                    rates.append(of)
                    self.keys.append((*paid, which))
        self.pattern = sparse.vstack(patterns, format="csr") if patterns else sparse.csr_matrix((0, count))
        self.of = {y: np.array([own[i] for own in rates]) for i, y in enumerate(years)}


def split(by_year: dict[int, np.ndarray], years: Sequence[int]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Unit costs by year as one pattern with a rate for each year; as a pattern of each year where the shape changes."""
    size = {y: float(np.abs(own).max(initial=0.0)) for y, own in by_year.items()}
    largest = max(size, key=lambda y: size[y])
    shape = by_year[largest] / (size[largest] or 1.0)
    rate = {y: size[y] if dot(own, shape) >= 0 else -size[y] for y, own in by_year.items()}
    if all(np.allclose(own, rate[y] * shape, rtol=1e-9, atol=1e-9) for y, own in by_year.items()):
        yield shape, np.array([rate.get(y, 0.0) for y in years])
        return
    for y, own in by_year.items():
        yield own / (size[y] or 1.0), np.array([size[y] if z == y else 0.0 for z in years])


def _costs(
    template: Template, inputs: Inputs, years: Sequence[int]
) -> Iterator[tuple[tuple[str, str], np.ndarray, dict[int, np.ndarray]]]:
    """Of each family and name with a unit cost its columns, and their costs by year, without contracted capacity."""
    costs = {y: unit_costs(inputs, y) for y in years}
    for family, series in template.places.items():
        names = dict.fromkeys(name for name, _ in series) if family != "contracted" else {}
        for name in names:
            own = [(places[places != NONE], places != NONE) for paid, places in series if paid == name]
            by_year = {
                y: np.concatenate([costs[y][family][name][there] for _, there in own])
                for y in years
                if name in costs[y].get(family, {})
            }
            if by_year:
                yield (family, str(name)), np.concatenate([places for places, _ in own]), by_year
