"""Runs side by side: of one park under several goals and prices, or of several parks."""

from planner.compare.comparison import Comparison, compare_outputs
from planner.compare.show import comparison_table
from planner.compare.write import comparison_csv, write_comparison

__all__ = ["Comparison", "compare_outputs", "comparison_csv", "comparison_table", "write_comparison"]
