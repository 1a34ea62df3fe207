"""Frontiers: one park planned to many deadlines, caps or budgets, each point a saved run."""
