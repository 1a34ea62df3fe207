"""The hand-over to HiGHS: a Pyomo model as a sparse matrix, the matrix by names, presolve of given columns, ranges of numbers."""
