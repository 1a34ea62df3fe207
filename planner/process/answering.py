"""What a process of `Worker` does: `python -m planner.process.answering MODULE:FUNCTION` answers each order by the function."""

import sys
from importlib import import_module

from planner.process.worker import answer_orders

if __name__ == "__main__":
    module, _, function = sys.argv[1].partition(":")
    answer_orders(getattr(import_module(module), function))
