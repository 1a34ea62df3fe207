"""What a run says while it works, in words: names of its steps, and what is told of them.

What a run lost on its way and how it went on is a warning of the run, which a page can say in another language.
"""

from __future__ import annotations

from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import PLANS, word

#: Names of steps that stand for themselves.
STEPS = (
    mark("building"),
    mark("building hours"),
    mark("checking"),
    mark("choosing typical days"),
    mark("compiling"),
    mark("explaining"),
    mark("looking for remedies"),
    mark("computing base emissions"),
    mark("model"),
    mark("planning on a few days first"),
    mark("reading hours"),
    mark("reading results"),
    mark("repairing"),
    mark("resolving inputs"),
    mark("warning"),
    mark("writing"),
)
#: The step as which a first plan is told.
FIRST = mark("a first plan")
#: What is solved beside the plans.
FEW_DAYS = "on a few days"
OTHERS = {FEW_DAYS: mark("on a few days")}
#: Steps of one plan.
SOLVING, OPERATING = mark("solving {plan}"), mark("operating {plan} in every hour")
#: On what a plan is planned, before what is told of its solve.
ON_HOURS, ON_DAYS = mark("on every hour: {text}"), mark("on {count} typical days: {text}")
ON_DAY = mark("on one typical day: {text}")
#: The same where repairs ask for more than the case does: the bound is then none of the days as they are.
ON_REPAIRED_DAYS = mark("on {count} typical days as repaired: {text}")
ON_REPAIRED_DAY = mark("on one typical day as repaired: {text}")
#: Phases of a search, before the number of a trial.
PHASES = {
    "all hours": mark("all hours"),
    "extreme point": mark("extreme point"),
    "fewer orders": mark("fewer orders"),
    "fewer plantings": mark("fewer plantings"),
    "inside": mark("inside"),
    "known": mark("known"),
    "large": mark("large"),
    "linear": mark("linear"),
    "relaxed": mark("relaxed"),
    "repair": mark("repair"),
    "whole": mark("whole"),
    "whole numbers": mark("whole numbers"),
    "without slack": mark("without slack"),
}
#: A trial of a search: its phase and number, what is known, and the seconds of the search.
TRIAL = mark("{phase} {count}: bound {bound}, {best}, {seconds} s")
BEST, LEAST_SO_FAR, NO_BEST, NO_BOUND = mark("best {cost}"), mark("least so far {cost}"), mark("best none yet"), mark("none yet")
#: What ended a plan early, and the same before it was operated in every hour.
STOPPED = mark("stopped by {reason}")
#: The reason of a search whose gap gets no smaller, though it is above the one asked for.
NO_SMALLER = "a limit: the gap gets no smaller"
REASONS = {
    "the time limit": mark("the time limit"),
    "a limit": mark("a limit"),
    NO_SMALLER: mark("a limit: the gap gets no smaller"),
}
#: Other work of a search.
REMOVING_SLACK = mark("removing slack, {turn}: {slack} is left")
PHASE_1 = mark("phase 1, {turn}: least slack at least {bound}, found {slack}")
SERVING = mark("{turn}: {energy} MWh not served in {years} years")
REPAIR_TURN = mark("repair, {turn}: {slack} least slack")
OTHER_INTEGERS = mark("the integers need slack; others are sought")
RELAXED = mark("relaxed integers: {cost} in {seconds} s")
NOT_ROUNDED = mark("rounding is not within the gap; branch and bound goes on")
AGAIN = mark("infeasible, says HiGHS; solved again without presolve")
#: A year in every hour.
YEARS = mark("{count} of {years} years: {text}")
UNSERVED = mark("{year} cannot be served, {seconds} s")
OPERATED = mark("{year} at {cost}, within {gap} of its least, {rounds} rounds, {seconds} s")
#: How a plan is changed that does not hold.
OF_PLAN, CHOSEN = mark("{plan}: {text}"), mark("{count} typical days are chosen")
EVERY_HOUR = mark("the plan is made on every hour")
#: What is tried as a remedy.
LATER, TOGETHER = mark("a deadline of {year}"), mark("several together")
#: The size of the numbers that HiGHS is given.
COEFFICIENTS = mark("coefficients: {ranges}")


def step_of(template: str, name: str) -> Message:
    """A step of a plan; its English has the name of the plan as it stands in tables."""
    return Message.known(template.format(plan=name), template, {"plan": word({**PLANS, **OTHERS}, name)})


#: Solving and operating each of the plans that may be made at the same time as the target plan.
BESIDE = frozenset(step_of(template, name) for name in PLANS if name != "target" for template in (SOLVING, OPERATING))


def stopped_by(reason: str) -> Message:
    """That a plan was ended early, and by what."""
    return Message(STOPPED, reason=word(REASONS, reason))


def phase(name: str) -> Message:
    """A phase of a search."""
    return Message(PHASES[name])


#: How a cluster was lost, and what the run did then.
SILENT = mark("the cluster at {address} no longer answered; this machine's cores went on with the rest")
NO_WORKERS = mark("all workers of the cluster at {address} were gone; this machine's cores went on with the rest")
BROKEN = mark("the cluster at {address} broke off; this machine's cores went on with the rest")


SIZE = mark("{rows} rows, {columns} columns, {nonzeros} nonzeros")
OF_YEARS = mark("decisions: {decisions}; {years} years, each about {year}; with decisions given {given}")
OF_MONTHS = mark("decisions: {decisions}; hours of a year, in {months} months: {year}")
