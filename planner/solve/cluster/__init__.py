"""The years of the decomposed method on a Dask cluster."""
