"""The result of a solve by the decomposed method."""

from __future__ import annotations

from dataclasses import dataclass

from planner.solve.benders.bounds import Bounds, End, Phase


@dataclass
class Result(Bounds):
    """What a solve ends with.

    incumbent   the best plan; where the goal cannot be met, the point with the least penalty found
    bound       lower bound of what any plan costs   money
    status      optimal, feasible (a plan that is not proven within the gap), infeasible, failed
    end         why the last phase ended
    trials      how many were made
    """

    status: str = "failed"
    end: End = End.FAILED
    trials: int = 0

    @property
    def is_stalled(self) -> bool:
        """True if the last phase ended because its bounds did not improve any more."""
        return self.end is End.STALLED

    @classmethod
    def of(cls, bounds: Bounds, status: str, end: End = End.FAILED, trials: int = 0) -> Result:
        """The result with these bounds."""
        return cls(bounds.incumbent, bounds.bound, status, bounds.end if isinstance(bounds, Phase) else end, trials)

    @classmethod
    def stopped(cls, plan: Bounds) -> Result:
        """The result of a solve that was stopped: the best plan so far, if there is one."""
        return cls.of(plan, "failed" if plan.incumbent is None else "feasible")
