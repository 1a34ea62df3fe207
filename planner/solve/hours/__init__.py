"""The operation of a year in every hour: column generation over its months (Dantzig and Wolfe 1960)."""
