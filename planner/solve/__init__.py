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

How `planner/planning` uses it: a small park is solved `whole`. A large one is solved by `benders` on typical days (`year`), then
its decisions are fixed and every year is operated in all hours (`hours`); where that does not hold, days are added and it is solved
again. `--hourly` solves `benders` on all hours from the start, beginning at the plan on typical days. `--prove` adds `bound`.

What is proven:

- On typical days the bound of the decomposed method is one of the model of typical days, not of all hours. On all hours it is one
  of all hours. Of a plan made on typical days only `bound` says what any plan costs at least over all hours.
- Commitment is continuous: what is on is a capacity between 0 and all of it; there are no integers in the operation.
- With more integers than `VERY_MANY` (`benders.local_search`) the bound is as a rule that of the relaxed problem.

Words:

account       of a year: its yearly constraints and their cost, without hours: certificates, credits, rules, fed by yearly totals
asset         a technology that stands or may be ordered
assignment    whole numbers of all integers
column        of a matrix; of a restricted master: one operation of a month
contract      a supply of which a capacity is contracted for a year
cut           a Benders cut: a linear lower bound, of a year's cost (optimality cut) or of its least slack (feasibility cut)
incumbent     the best trial of a search so far; with whole integers and without slack it is a plan
lasting rule  a rule that holds whatever the goal, so also in the plans to compare with
link          a linking variable: a decision of the master that the operation of a year is given; its values are a point of the year
order         an investment decision: capacity of a technology, bought in one year
phase 1       the search for a point without slack, in which only slack costs
rule          a limit of a sum over the year, such as net emissions; its row may be violated at a penalty
scheme        one of the ways in which a connection may be charged
slack         unserved demand, surplus, or the violation of a rule; it has a penalty, and a plan has none
stage         a part of the goal with a year from which its rules hold
structure     years of one structure have the same variables and rows and differ in numbers only; they share what is compiled
total         a sum over the hours of a year that the account knows, such as imported energy
trial         a point of the master at which the years are solved
variant       what differs from plan to plan: rules on or off, decisions that may not be taken; data (`Variant`, `YearVariant`)
whole         of numbers: integer; of a method: all years in one programme

A table of symbols has lines "symbol  meaning   unit (indices)"; the unit 1 is a number without one.
"""
