"""Futures: the tree of what may come, and the park that each of its leaves is. Without a solver and without files."""
