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

What is proven:

- On typical days the bound of the decomposed method is one of the model of typical days, not of all hours. Of a plan made on
  typical days only `bound` says what any plan costs at least over all hours.
- Commitment is continuous: what is on is a capacity between 0 and all of it; there are no integers in the operation.
- With more integers than `VERY_MANY` (`benders.local_search`) the bound is as a rule that of the relaxed problem.

Words:

account       of a year: the part of its linear programme without hours: certificates, credits, rules, fed by yearly totals
slack         unserved demand, surplus, or the violation of a rule; it has a penalty, and a plan has none
order         an investment decision: capacity of a technology, bought in one year
lasting rule  a rule that holds whatever the goal, so also in the plans to compare with
structure     years of one structure have the same variables and rows and differ in numbers only; they share what is compiled
link          a linking variable: a decision of the master that the operation of a year is given
stage         a part of the goal with a year from which its rules hold
trial         a point of the master at which the years are solved
incumbent     the best point of a search so far; with whole integers and without slack it is a plan
whole         of numbers: integer; of a method: all years in one programme
"""
