"""Rounding: whole numbers from a relaxed optimum (a primal heuristic), and orders too small to place."""
