"""Solving, in packages. Each imports from those before it only:

handover   a model as a sparse matrix, given to HiGHS
rounding   whole numbers from a relaxed optimum
whole      investment and all years as one mixed-integer programme
year       the operation of a year on typical days, a Benders subproblem
hours      the operation of a year in every hour, by column generation over its months
benders    the decomposed method: master with accounts, pool of cuts, in-out trials, phases

This file is the door: whoever is outside of `planner/solve` imports from here alone, and says what is to be solved, from where
and how far; cuts, trial points and phases of a search stay inside. Each name has a use outside that no other name serves:

a problem      `compile_model` makes a `Matrix` of a Pyomo model, `modelling` being in force; a `Variant` changes its bounds, to
               `INFINITY` where it has none; `rounding` gives whole numbers near a point, `settle_orders` what the gap leaves open;
               `measure` (`Coefficients`) and `unbounded_direction` say what ails it; `write_model` writes it as an MPS file;
               `LARGE` parts the methods
its solution   a `Solver` holds a matrix and its basis; `solve_linear`, `solve_from_basis` and `solve_whole` (within `Limits`) give
               an `Answer`
by years       the oracle is a `YearSet`: `Years` on typical days (each a `Year` of a `Template`, all of one `YearVariant`;
               `SharedYears` of several parks) or `HourlyYears` on all hours. It tells the price of each `Total`.
               `solve_decomposed` asks it, from a start, with a `Master` of the decisions, and gives a `Result`, with `Bounds`
               while it goes on. `by_segments` joins hours to `segments_of` days (each a `SegmentedTemplate`)
around a plan  a `BendersSession` keeps a master and its cuts from question to question: it makes a `Trial` of a point, or a `Phase`
               of many
in all hours   an `Operator` operates years at `LinkValues` (`CONTRACTED` among them), under `Conditions`: an `Operation`, with what
               is `Unserved`; a `ChainOfHours` is one year as one matrix, `OutageDays` (each an `OutageDay`) those with a unit out

How `planner/planning` uses it: a small park is solved `whole`. A large one is solved by `benders` on typical days (`year`), then
its decisions are fixed and every year is operated in all hours (`hours`); where a year then has unserved demand or breaks a rule,
it is solved again with those days, or with more. `--hourly` solves `benders` on all hours from the start, beginning
at the plan on typical days. Which bound is proven in each of these ways:

- On typical days the bound of the decomposed method is one of the model of typical days, not of all hours. On all hours it is one
  of all hours.
- Commitment is continuous: what is on is a capacity between 0 and all of it; there are no integers in the operation.
- With more integers than `MOST_SEARCHED` (`benders.integer_phase`) not all of them are searched: the bound is that of a branch and
  bound over the large orders, all other integers relaxed.

Words:

account       of a year: its yearly constraints and their cost, without hours: certificates, credits, rules, fed by yearly totals;
              the accounts of all years are in the master
activity      what a converter does in an hour, in its first flow
asset         a technology that stands or may be ordered; also just technology
assignment    whole numbers of all integers
column        of a matrix; of a restricted master: one operation of a month
contract      a supply of which a capacity is contracted for a year
cut           a Benders cut: a linear lower bound, of a year's cost (optimality cut) or of its least slack (feasibility cut); or of
              the least unserved energy with a unit out, which may have any column of the master (feasibility cut, too; `KeptRow`)
decision      what the master decides: orders, retirements, choices of tariffs, uptake of measures and projects
goal          the stage to reach and its year
held          energy in a store at the end of an hour; of a variable: fixed in a search
hours         of a year: its hourly constraints, on typical days or in every hour; together with the account they are its operation
incumbent     the cheapest trial of a phase so far, perhaps with slack or fractions; of a whole search the best plan
lasting rule  a rule that holds whatever the goal, so also in the plans to compare with
pool          of cuts of the hours of all years (`benders.pool`)
segment       hours of a typical day that share one value of each flow (`year.segments`)
link          a linking variable: a decision of the master that the operation of a year is given; its values are a point of the year
month end     the last hour of a month, where months touch: what stores hold then, commitment and activity
neighbourhood of whole numbers: those that differ from them in some integers only
order         an investment decision: capacity of a technology, bought in one year
phase 1       the search for a point without slack, in which only slack costs
plan          a point with whole integers and no slack, at which all rows of the master hold, and the operation of all years there
point         values of all variables of the master, or of the links of one year
relaxed       of integers: they may be fractions; of a point: solved in this way
rule          a limit of a sum over the year, such as net emissions; its row may be violated at a penalty
scheme        one of the ways in which a connection may be charged
slack         unserved demand, surplus, or the violation of a rule; it has a penalty, and a plan has none
stage         a part of the goal with a year from which its rules hold
structure     years of one structure have the same variables and rows and differ in numbers only; they share what is compiled
total         a sum over the hours of a year that the account knows, such as imported energy
trial         a point of the master at which the years are solved
variant       what differs from plan to plan: rules on or off, decisions that may not be taken; data: `Variant` of a matrix,
              `YearVariant` of the years, `Conditions` of one year in every hour
watch         the time limit of the run, and whatever else ends it (`planner.machine.stopping`); it is in force in all of `solve`
whole         of numbers: integer; of a method: all years in one programme

A table of symbols has lines "symbol  meaning   unit (indices)"; the unit 1 is a number without one.
"""

from __future__ import annotations

from planner.solve.benders.decomposed import BendersSession, solve_decomposed
from planner.solve.benders.integer_phase import MOST_SEARCHED
from planner.solve.benders.master import Master
from planner.solve.benders.pool import CutRows
from planner.solve.benders.trials import Bounds, Phase, Result, Trial
from planner.solve.handover.matrix import INFINITY, Matrix, Variant, compile_model, modelling
from planner.solve.handover.numerics import Coefficients, measure, unbounded_direction
from planner.solve.handover.solver import LARGE, Answer, Solver, solve_from_basis, solve_linear, write_model
from planner.solve.hours.all_hours import ChainOfHours
from planner.solve.hours.months import CONTRACTED, LinkValues
from planner.solve.hours.operator import Operation, Operator, Unserved
from planner.solve.hours.restricted_master import Conditions
from planner.solve.hours.years import HourlyYears
from planner.solve.rounding.rounding import rounding, settle_orders
from planner.solve.whole.whole import Limits, solve_whole
from planner.solve.year.outages import KeptRow, OutageCuts, OutageDay, OutageDays
from planner.solve.year.segments import SegmentedTemplate, by_segments, segments_of
from planner.solve.year.subproblem import YearSet, YearVariant
from planner.solve.year.template import Template, Total
from planner.solve.year.year import Year
from planner.solve.year.years import SharedYears, Years

__all__ = [
    "CONTRACTED",
    "INFINITY",
    "LARGE",
    "MOST_SEARCHED",
    "Answer",
    "BendersSession",
    "Bounds",
    "ChainOfHours",
    "Coefficients",
    "Conditions",
    "CutRows",
    "HourlyYears",
    "KeptRow",
    "Limits",
    "LinkValues",
    "Master",
    "Matrix",
    "Operation",
    "Operator",
    "OutageCuts",
    "OutageDay",
    "OutageDays",
    "Phase",
    "Result",
    "SegmentedTemplate",
    "SharedYears",
    "Solver",
    "Template",
    "Total",
    "Trial",
    "Unserved",
    "Variant",
    "Year",
    "YearSet",
    "YearVariant",
    "Years",
    "by_segments",
    "compile_model",
    "measure",
    "modelling",
    "rounding",
    "segments_of",
    "settle_orders",
    "solve_decomposed",
    "solve_from_basis",
    "solve_linear",
    "solve_whole",
    "unbounded_direction",
    "write_model",
]
