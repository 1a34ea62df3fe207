"""Whole tasks, such as the plans of a question, on a Dask cluster."""
