"""Solving: the hand-over to HiGHS and the methods built on it."""
