"""The hand-over to HiGHS: a Pyomo model as a sparse matrix, the matrix by names, presolve with fixed columns, ranges of numbers."""
