"""Reading a park folder and the catalogue into a Case, with every fault said at once."""

from planner.park.case import read_case
from planner.park.goal import GoalRequest

__all__ = ["GoalRequest", "read_case"]
