"""What a run begins from and leaves behind, for a run of a like park.

Returns decisions, cuts and base emissions. Raises nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from models.inputs.carbon import BaseEmissions
from planner.planning.methods import DecomposedMethod, Method
from planner.solve import Years, YearsWarmStart


@dataclass
class WarmStart:
    """Decisions that a run begins from and leaves behind, of a park that differs in its goal or in limits; None: from nothing.

    Only the decomposed method on typical days makes use of them. So it does of what was found of the `years`: cuts that still hold,
    bases; and of the base emissions of cases, by their digest.
    """

    best: np.ndarray | None = None
    years: YearsWarmStart = field(default_factory=YearsWarmStart)
    base: dict[str, BaseEmissions] = field(default_factory=dict)
    is_kept: bool = True

    def give_cuts_to(self, method: Method) -> None:
        """Give a method that has solved nothing yet the cuts that hold for it."""
        if self.is_kept and isinstance(method, DecomposedMethod) and isinstance(method.searched, Years):
            for cuts in self.years.apply_to(method.searched):
                method.master.cuts.add(cuts)

    def learn(self, method: Method) -> None:
        """Take over what a method has found."""
        if self.is_kept and isinstance(method, DecomposedMethod) and isinstance(method.searched, Years):
            self.years.collect_from(method.searched)
