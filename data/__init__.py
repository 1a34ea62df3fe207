"""Data that ships with the planner: the catalogue and the example parks."""
