"""Solving, in rooms. Each imports from those before it only:

machine    cores that may be used, the time limit, versions
handover   a model as a sparse matrix, given to HiGHS
rounding   whole numbers from a relaxed optimum
whole      investment and all years as one mixed-integer programme
year       the operation of a year on typical days, a Benders subproblem
hours      the operation of a year in every hour, by column generation over its months
bound      a lower bound over all hours of all years
benders    the decomposed method: master, cuts, level set, phases
cluster    the years on the workers of a Dask cluster
"""
