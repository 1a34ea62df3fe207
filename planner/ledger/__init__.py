"""The independent ledger: a second calculation of every number of a plan, without the mathematics of `models`."""

from planner.ledger.base import check_base
from planner.ledger.compare import Disagreement
from planner.ledger.hours import LedgerHours, hours_of
from planner.ledger.ledger import Ledger, check_plan

__all__ = ["Disagreement", "Ledger", "LedgerHours", "check_base", "check_plan", "hours_of"]
