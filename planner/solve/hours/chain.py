"""All hours of a year as one linear programme, with its account and the choices of that year: where nothing else is decided."""

from __future__ import annotations

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import Inputs
from models.operation.links import CHOICES
from planner.solve.handover.matrix import Matrix, compile_model
from planner.solve.hours.repeated import all_hours
from planner.solve.year.joined import Joined, join
from planner.solve.year.template import Template, with_all_assets


class ChainOfHours(Joined):
    """Hours and account of a year, all hours as one chain; `inputs` as they stand there."""

    def __init__(self, inputs: Inputs, y: int) -> None:
        self.inputs = inputs = with_all_assets(inputs)
        super().__init__(inputs, y, Template(inputs, y, all_hours(inputs, y)))

    def with_choices(self, choices: ConcreteModel) -> tuple[np.ndarray, Matrix]:
        """The year joined to its choices (`build_choices`), with their costs; and which columns are a yes or no."""
        own, first = compile_model(choices), self.matrix
        links = self.links().items()
        known = {id(getattr(choices, kind)[name, self.y]): place for (kind, name), place in links if kind in CHOICES}
        is_new = np.array([id(v) not in known for v in own.columns], dtype=bool)
        place = np.array([known.get(id(v), 0) for v in own.columns], dtype=int)
        place[is_new] = len(first.columns) + np.arange(is_new.sum())
        joined = join(first, first.by_rows(), own, place, is_new)
        is_choice = np.zeros(len(joined.columns), dtype=bool)
        is_choice[place] = own.integer
        return is_choice, joined
