"""What the names of our own tables are called for a person: statuses, plans, stages, metrics, items, flows.

Names that are not listed here come from a case and stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.markup import escape

from models import metrics
from models.message import printable
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
    "payback": mark("payback"),
    "payback_discounted": mark("discounted payback"),
    "peak_funding": mark("peak funding"),
    "debt_share": mark("share borrowed"),
    "borrowed": mark("borrowed"),
    "debt_at_end": mark("debt at the end"),
    "dscr_least": mark("least debt cover"),
    "dscr_mean": mark("mean debt cover"),
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
COLUMNS, LINES, DETAILED = 100, 30, 40


def plain(text: object) -> str:
    """One printable line, with nothing in it that rich would take for markup."""
    return escape(printable(str(text), longest=None))
