"""What the names of our own tables are called for a person: statuses, plans, stages, metrics, items, flows.

Names that are not listed here come from a case and stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.markup import escape

from models import metrics
from models.errors import printable
from planner.language.language import Language, mark
from planner.language.message import Message

STATUSES = {"optimal": mark("optimal"), "feasible": mark("feasible"), "infeasible": mark("infeasible"), "failed": mark("failed")}
PLANS = {
    "target": mark("target"),
    "least-cost": mark("least-cost"),
    "reference": mark("reference"),
    "business-as-usual": mark("business as usual"),
}
STAGES = {
    "low-carbon": mark("low-carbon"),
    "near-zero-carbon": mark("near-zero-carbon"),
    "zero-carbon": mark("zero-carbon"),
    "reserve": mark("reserve"),
}
METRICS = {metric.name: metric.title for metric in metrics.OF_RULES.values()}
EMISSIONS = {
    "scope1": mark("scope 1"),
    "scope2_location": mark("scope 2, location basis"),
    "scope2_market": mark("scope 2, market basis"),
    "scope3": mark("scope 3"),
    "gross": mark("gross emissions"),
    "avoidance": mark("avoidance credits"),
    "removal_credits": mark("removal credits"),
    "captured_fossil": mark("fossil CO2 captured"),
    "captured_removals": mark("CO2 of biomass or air captured"),
    "restoration": mark("restored land"),
    "restoration_uptake": mark("uptake of restored land"),
    "certified": mark("certified electricity"),
    "energy_use": mark("energy use"),
    "clean_energy": mark("clean energy"),
    "electricity_used": mark("electricity used"),
    "direct_green": mark("direct green electricity"),
    "net": mark("net emissions"),
    "gross_location": mark("gross emissions, location basis"),
    "net_location": mark("net emissions, location basis"),
    "base": mark("base emissions"),
}
#: Items of emission_sources.csv beside those of emissions.csv.
SOURCES = {
    "scope1_captured": mark("scope 1, captured"),
    "scope3_captured": mark("scope 3, captured"),
    "scope2_certified": mark("scope 2, green certificates"),
}
COSTS = {
    "capital": mark("capital of equipment"),
    "measures": mark("capital of measures"),
    "restoration": mark("planting"),
    "fixed_cost": mark("fixed cost"),
    "retirement_cost": mark("cost of retirement"),
    "annuity": mark("annuities"),
    "value_given_up": mark("value beyond the horizon that retirement gives up"),
    "measure_cost": mark("cost of measures"),
    "restoration_cost": mark("upkeep of land"),
    "energy": mark("energy bought"),
    "export": mark("sold, given away or stored"),
    "demand_charge": mark("demand charge"),
    "capacity_charge": mark("capacity charge"),
    "contract": mark("energy taken by contract"),
    "fixed": mark("yearly fee of a supply or connection"),
    "shortfall": mark("energy paid for and not taken"),
    "variable_cost": mark("running cost"),
    "start_cost": mark("cost of starts"),
    "shift": mark("demand served in another hour"),
    "shed": mark("demand shed by agreement"),
    "response": mark("response contracts"),
    "certificates": mark("green certificates"),
    "offsets": mark("carbon credits"),
    "carbon": mark("carbon price"),
}
#: Streams of what moving saves.
STREAMS = {
    "energy": mark("energy and running"),
    "peak": mark("demand charge"),
    "connection": mark("capacity charge"),
    "green": mark("green share and carbon"),
    "moving": mark("paid for moving and shedding"),
    "other": mark("other"),
}
FIGURES = {
    "npv": mark("net present value before tax"),
    "value_beyond": mark("value beyond the horizon"),
    "npv_with_beyond": mark("net present value with the value beyond"),
    "npv_after_tax": mark("net present value after tax"),
    "npv_equity": mark("net present value of the owner's cash"),
    "irr": mark("rate of return before tax"),
    "irr_with_beyond": mark("rate of return with the value beyond"),
    "irr_after_tax": mark("rate of return after tax"),
    "irr_equity": mark("rate of return of the owner's cash"),
    "mirr": mark("modified rate of return before tax"),
    "mirr_after_tax": mark("modified rate of return after tax"),
    "mirr_equity": mark("modified rate of return of the owner's cash"),
    "payback": mark("payback before tax"),
    "payback_discounted": mark("discounted payback before tax"),
    "peak_funding": mark("peak funding, less purchases avoided"),
    "debt_share": mark("share borrowed"),
    "borrowed": mark("total borrowed"),
    "debt_at_end": mark("debt at the end"),
    "dscr_least": mark("least debt cover"),
    "dscr_mean": mark("mean debt cover while the first loan runs"),
    "llcr": mark("loan life cover of the first loan's years"),
}
BASES = {"real": mark("real"), "nominal": mark("nominal")}
ACCOUNTS = {
    "all": mark("all"),
    "owner": mark("owner"),
    "technology": mark("technology"),
    "measure": mark("measure"),
    "planting": mark("planting"),
    "supply": mark("supply"),
    "certificate": mark("certificate"),
    "credit": mark("credit"),
    "other": mark("other"),
    "type": mark("type of the catalogue"),
}
FLOWS = {
    "in": mark("into equipment"),
    "out": mark("out of equipment"),
    "charge": mark("into stores"),
    "discharge": mark("out of stores"),
    "import": mark("bought"),
    "export": mark("sold"),
    "sent": mark("sent"),
    "arrived": mark("arrived"),
    "demand": mark("demand"),
    "asked": mark("movable demand as asked"),
    "at_once": mark("vehicles, charged at once"),
    "served": mark("movable demand as served"),
    "shed": mark("shed by agreement"),
    "curtailed": mark("curtailed"),
    "captured": mark("captured"),
    "held": mark("held"),
    "online": mark("capacity on"),
    "matched": mark("covered by green power of the hour"),
    "green_charge": mark("green part into stores"),
    "green_discharge": mark("green part out of stores"),
    "green_held": mark("green part held"),
}
#: Carriers whose name has a meaning of its own in the rules, and the usual ones of the catalogue.
CARRIERS = {
    "electricity": mark("electricity"),
    "co2": mark("CO2"),
    "heat": mark("heat"),
    "steam": mark("steam"),
    "cooling": mark("cooling"),
    "gas": mark("gas"),
    "hydrogen": mark("hydrogen"),
    "biomass": mark("biomass"),
    "coal": mark("coal"),
    "waste-heat": mark("waste heat"),
}
#: The zone of a park that states none.
ZONES = {"park": mark("the park")}


def named(language: Language, words: Mapping[str, str], name: str) -> str:
    """A name in the words of the language; as it stands where it is none of ours."""
    return language.translate(words[name]) if name in words else name


def word(words: Mapping[str, str], name: str) -> str:
    """A name as a message, which another language says in its own words; as it stands where it is none of ours."""
    return Message(words[name]) if name in words else name


def listed(names: Sequence[str]) -> str:
    """Names one after the other, as a message: `pv, wind, battery`."""
    first, *others = names
    return Message(mark("{first}, {others}"), first=first, others=listed(others)) if others else first


def told_metric(language: Language, metric: str, value: float) -> str:
    """The value of a rule's metric: a budget over years in t, the intensity in t/tce, any other as a share."""
    if metric.startswith("cumulated"):
        return f"{language.amount(value)} t"
    return language.number(value, 3) if metric == "intensity" else language.percent(value)


def told_years(language: Language, count: int) -> str:
    """So many years, in words."""
    return language.translate("1 year") if count == 1 else language.translate("{count} years", count=language.number(count))


def told_days(language: Language, count: int) -> str:
    """On how many typical days was planned, in words; 0 is every hour."""
    if count == 1:
        return language.translate("one typical day")
    return language.translate("{count} typical days", count=count) if count else language.translate("every hour")


# --- sign ------------------------------------------------------------------------------------------------------------------
# A sign of progress: a line of the log that knows how far its step is.


class Sign(str):
    """English text of the log; everywhere a plain text to who asks no more of it.

    text  what it was made of: a Message, which another language tells in its own words, or a plain text
    done  share of the step that is done, 0 to 1; None where it is not known
    gap   how far the best plan so far is above the lower bound, as a share of its cost; None where there is no plan yet
    """

    text: str
    done: float | None
    gap: float | None

    def __new__(cls, text: str, done: float | None = None, gap: float | None = None) -> Sign:
        """The text with what is known."""
        sign = super().__new__(cls, text)
        sign.text, sign.done, sign.gap = text, done, gap
        return sign


def put_into(template: str, text: str, **values: object) -> str:
    """A text within the words of a template, as its `{text}`; a sign knows as much as before."""
    told = Message(template, text=text.text if isinstance(text, Sign) else text, **values)
    return Sign(told, text.done, text.gap) if isinstance(text, Sign) else told


# --- plain -----------------------------------------------------------------------------------------------------------------
# Text for the console as it stands: neither the terminal nor rich takes anything of it for an instruction.

#: What is printed at the end of a run fits in so many columns and lines; with --details in more lines.
COLUMNS, LINES = 100, 30


def plain(text: object) -> str:
    """One printable line, with nothing in it that rich would take for markup."""
    return escape(printable(str(text), longest=None))


# --- progress --------------------------------------------------------------------------------------------------------------
# What a run says while it works, in words: names of its steps, and what is told of them.
#
# What a run lost on its way and how it went on is a warning of the run, which a page can say in another language.

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
    mark("reading hours"),
    mark("reading results"),
    mark("repairing"),
    mark("resolving inputs"),
    mark("warning"),
    mark("writing"),
)
#: The step as which a first plan is told.
FIRST = mark("a first plan")
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
RELAXED = mark("relaxed integers: {cost} in {seconds} s")
NOT_ROUNDED = mark("rounding is not within the gap; branch and bound goes on")
AGAIN = mark("infeasible, says HiGHS; solved again without presolve")
#: A year in every hour.
YEARS = mark("{count} of {years} years: {text}")
UNSERVED = mark("{year} cannot be served, {seconds} s")
#: Why a project has no worth.
NEEDED = mark("the goal cannot be met without it")
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
    return Message.known(template.format(plan=name), template, {"plan": word(PLANS, name)})


#: Solving and operating each of the plans that may be made at the same time as the target plan.
BESIDE = frozenset(step_of(template, name) for name in PLANS if name != "target" for template in (SOLVING, OPERATING))


def stopped_by(reason: str) -> Message:
    """That a plan was ended early, and by what."""
    return Message(STOPPED, reason=word(REASONS, reason))


def phase(name: str) -> Message:
    """A phase of a search."""
    return Message(PHASES[name])


SIZE = mark("{rows} rows, {columns} columns, {nonzeros} nonzeros")
OF_YEARS = mark("decisions: {decisions}; {years} years, each about {year}; with decisions given {given}")
OF_MONTHS = mark("decisions: {decisions}; hours of a year, in {months} months: {year}")
