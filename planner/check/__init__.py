"""The independent ledger: a second calculation of every number of a plan, without the mathematics of `models`."""

from planner.check.base import check_base
from planner.check.compare import Disagreement
from planner.check.hours import LedgerHours, hours_of
from planner.check.ledger import Ledger, check_plan

__all__ = ["Disagreement", "Ledger", "LedgerHours", "check_base", "check_plan", "hours_of"]
