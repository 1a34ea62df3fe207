"""Example parks, new park folders, and where a run finds its park again."""
