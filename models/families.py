"""The register of all families of variables and rows: what the rest of the code must know of each.

Asked here is how the hours of a year are cut into months, which columns go with an asset, which integers decide of one, which
decisions futures share, which cost item a variable is paid under, in which table of the park its names stand. A model with a
family that is not here is refused, see `refuse_unregistered`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pyomo.core import Block, Constraint, Var

#: How often a family stands in a year: the last index is a snapshot, a billing month or a day; `once` has no such index.
Each = Literal["hour", "month", "day", "once"]
#: What rows tie together: hours that follow one another, all hours of a month, all days, or all hours of a year.
Tie = Literal["", "hours", "month", "days", "year"]
#: How a month knows what the one before ended with.
MonthEnd = Literal["", "decided", "priced", "zero"]
#: What an integer decides of an asset: whether and how many are ordered or retired, of what is ordered or of what stands already;
#: the rest follows from these.
Decides = Literal["", "order", "retirement", "existing", "rest"]
#: Of a tree of futures: decided at a node; what the decisions up to a node make of the park; of a leaf by itself.
Node = Literal["", "decision", "state", "leaf"]


@dataclass(frozen=True)
class Family:
    """A family of variables or rows, under its name in the model.

    table     of the park's folder, in which the names of its index stand; '' = the park as a whole
    each      how often it stands in a year
    is_row    True for rows
    ties      rows: what of the year they tie together at most; '' if each is of its own hour or month, or of none
    of_asset  variables of the hours: the first index is an asset, so without the asset it is 0
    is_total  variables of the hours: a sum over the year, which is all that the account of the year knows of the hours
    month_end  variables of the hours: what it is as a month ends is where the next one begins; `decided` for the months before
              these are solved, or `priced` like a sum over the year, of those that a row of the next month has; `zero` is priced,
              and 0 where months are solved first with what is priced there fixed
    decides   integers of the years whose first index is an asset: what they decide of it; a search of some integers has all of an
              asset together
    node      variables: with which futures of a tree it is shared; each of the years has it, of the hours what is signed for a year
    item      variables: item of costs.csv that it is paid under; '' if it costs nothing
    output    table of the output in which its value, or what a row is about, is told; '' if nowhere
    """

    name: str
    table: str
    each: Each = "once"
    is_row: bool = False
    ties: Tie = ""
    of_asset: bool = False
    is_total: bool = False
    month_end: MonthEnd = ""
    decides: Decides = ""
    node: Node = ""
    item: str = ""
    output: str = ""


def var(name: str, table: str, each: Each = "once", **told) -> Family:
    """A family of variables."""
    return Family(name, table, each, **told)


def row(name: str, table: str, each: Each = "once", **told) -> Family:
    """A family of rows."""
    return Family(name, table, each, is_row=True, **told)


def variables_of(names: str, table: str) -> tuple[Family, ...]:
    """Families of variables that are alike."""
    return tuple(var(name, table) for name in names.split())


def rows_of(names: str, table: str, each: Each = "once", ties: Tie = "") -> tuple[Family, ...]:
    """Families of rows that are alike."""
    return tuple(row(name, table, each, ties=ties) for name in names.split())


#: The hours of a year and the sums over them: `add_hours` of `models/operation/__init__.py`.
HOURS = (
    var("nothing", ""),
    # conversion
    var("activity", "technologies", "hour", of_asset=True, month_end="priced", item="variable_cost", output="energy"),
    *rows_of("activity_limit least_activity", "technologies", "hour"),
    # storage
    var("charge", "technologies", "hour", of_asset=True, output="energy"),
    var("discharge", "technologies", "hour", of_asset=True, item="variable_cost", output="energy"),
    var("held", "technologies", "hour", of_asset=True, month_end="decided", output="dispatch"),
    row("storage_balance", "technologies", "hour", ties="hours"),
    *rows_of("held_limit held_least held_at_end storage_power_limit shared_power_limit", "technologies", "hour"),
    # seasonal: on typical days only
    var("gained", "technologies", "hour", of_asset=True, output="dispatch"),
    var("at_start", "technologies", "day", of_asset=True, output="seasonal"),
    var("fullest", "technologies", "day", of_asset=True),
    var("emptiest", "technologies", "day", of_asset=True),
    row("day_gain", "technologies", "hour", ties="hours"),
    *rows_of("calendar_chain fullest_day emptiest_day seasonal_start", "technologies", "day", ties="days"),
    *rows_of("seasonal_held_limit seasonal_held_least", "technologies", "hour", ties="days"),
    # network
    var("flow", "links", "hour", of_asset=True, item="variable_cost", output="energy"),
    row("flow_limit", "links", "hour"),
    # capture
    var("captured", "technologies", "hour", of_asset=True, month_end="priced", item="variable_cost", output="energy"),
    var("captured_total", "technologies", is_total=True, output="emission_sources"),
    *rows_of("capture_limit source_limit", "technologies", "hour"),
    row("capture_total", "technologies", ties="year"),
    # commitment
    var("online", "technologies", "hour", of_asset=True, month_end="priced", output="dispatch"),
    var("start", "technologies", "hour", of_asset=True, item="start_cost"),
    var("stop", "technologies", "hour", of_asset=True),
    var("worked", "technologies", is_total=True),
    *rows_of("online_limit running_limit running_least start_limit", "technologies", "hour"),
    *rows_of("online_step ramp_up ramp_down", "technologies", "hour", ties="hours"),
    *rows_of("worked_total ran_total", "technologies", ties="year"),
    var("ran", "technologies", is_total=True),
    # supply
    var("imports", "supplies", "hour", item="energy", output="energy"),
    var("exports", "supplies", "hour", item="export", output="energy"),
    var("imported", "supplies", is_total=True, item="carbon", output="energy"),
    var("exported", "supplies", is_total=True, output="energy"),
    var("factored", "supplies", is_total=True, output="emission_sources"),
    *rows_of("import_total export_total factor_total", "supplies", ties="year"),
    # connection
    *rows_of("connection_limit connection_capacity connection_one_way", "connections", "hour"),
    # contract
    *rows_of("contract_import used_import used_export scheme_import scheme_export", "supplies", "hour"),
    var("peak", "supplies", "month", item="demand_charge", output="connections"),
    var("day_peak", "supplies", "day"),
    var("contracted", "supplies", node="decision", item="capacity_charge", output="connections"),
    row("day_peak_limit", "supplies", "hour", ties="days"),
    *rows_of("month_peak contract_limit", "supplies", "hour", ties="year"),
    row("contracted_for_all", "supplies", ties="year"),
    *rows_of("peak_where_paid peak_in_force", "supplies", "month"),
    *rows_of("contract_where_paid charge_in_force", "supplies", ties="year"),
    # flexibility
    var("served", "demand", "hour", output="energy"),
    var("ahead", "demand", "hour", month_end="zero"),
    var("moved", "demand", "hour", item="shift", output="flexibility"),
    var("shed", "demand", "hour", item="shed", output="energy"),
    var("shed_energy", "demand", is_total=True, output="flexibility"),
    row("ahead_step", "demand", "hour", ties="hours"),
    *rows_of("owed_limit ahead_limit served_limit moved_least shed_limit", "demand", "hour"),
    row("shed_total", "demand", ties="year"),
    # vehicles
    var("charging", "sessions", "hour", output="energy"),
    var("behind", "sessions", "hour", month_end="priced"),
    var("drawn", "chargers", "hour", of_asset=True, output="chargers"),
    row("charging_step", "sessions", "hour", ties="hours"),
    *rows_of("charging_limit behind_limit", "sessions", "hour"),
    row("drawn_limit", "chargers", "hour"),
    # balance, electricity of converters
    row("balance", "", "hour", output="energy"),
    var("converted", "", is_total=True, output="emissions"),
    row("converted_total", "", ties="year"),
    # matching: where a rule asks for it
    var("matched", "", "hour"),
    var("green_charge", "technologies", "hour", of_asset=True),
    var("green_discharge", "technologies", "hour", of_asset=True),
    var("green_held", "technologies", "hour", of_asset=True, month_end="priced"),
    var("matching", "", is_total=True, output="rules"),
    *rows_of("matched_limit green_limit", "", "hour"),
    row("green_step", "technologies", "hour", ties="hours"),
    *rows_of("green_charge_limit green_discharge_limit green_held_limit", "technologies", "hour"),
    row("matching_total", "", ties="year"),
)


#: Variables and rows of the decisions over the years: `models/investment`.
INVESTMENT = (
    var("nothing", "", node="leaf"),
    # capacity
    var("build", "technologies", node="decision", item="capital", output="investments"),
    var("is_built", "technologies", node="decision", decides="order"),
    var("units", "technologies", node="decision", decides="order"),
    var("retire", "technologies", node="decision", item="retirement_cost", output="retirements"),
    var("capacity", "technologies", node="state", item="fixed_cost", output="capacity"),
    var("ordered", "technologies", node="state"),
    var("expire", "technologies", node="state"),
    var("is_retired", "technologies", node="leaf", decides="retirement"),
    var("retire_units", "technologies", node="decision", decides="retirement"),
    var("fall", "technologies", node="leaf"),
    var("is_falling", "technologies", node="leaf", decides="rest"),
    var("retire_existing", "technologies", node="state", decides="existing"),
    var("retire_rest", "technologies", node="leaf", decides="existing"),
    var("given_up", "technologies", node="leaf", item="value_given_up", output="retirements"),
    *rows_of(
        "build_largest build_smallest build_units build_spacing build_growth keep_limit fall_left existing_units "
        "existing_units_limit rest_limit capacity_sum retire_limit pool_step new_works expire_limit alive_limit retire_in_units "
        "retire_whole retired_once given_up_limit given_up_retired given_up_left capacity_limit capacity_least level_power",
        "technologies",
    ),
    row("site_limit", "sites"),
    # reserve
    var("peak_demand", "reserves", node="leaf", output="reserves"),
    var("largest_unit", "reserves", node="leaf", output="reserves"),
    var("firm_import", "reserves", node="leaf", output="reserves"),
    var("loss", "technologies", node="leaf", output="outages"),
    var("has_unit", "technologies", node="leaf", decides="rest"),
    var("has_existing_unit", "technologies", node="leaf", decides="rest"),
    var("has_line", "connections", node="leaf", decides="rest"),
    row("line_lost", "connections", output="outages"),
    *rows_of("peak_hour firm_import_limit firm_import_scheme each_unit", "reserves"),
    row("reserve_limit", "reserves", output="reserves"),
    *rows_of("unit_works existing_unit_left unit_lost loss_limit", "technologies"),
    var("offer", "responses", node="decision", item="response", output="responses"),
    row("offer_limit", "responses"),
    # measures
    var("adopt", "measures", node="decision", item="measures", output="measures"),
    var("in_force", "measures", node="state", item="measure_cost"),
    var("cut", "demand", node="state"),
    var("demand", "demand", node="state", output="energy"),
    *rows_of("in_force_sum one_of_group with_required", "measures"),
    *rows_of("cut_product demand_sum", "demand"),
    # restoration
    var("plant", "restoration", node="decision", item="restoration", output="restoration"),
    var("area", "restoration", node="state", item="restoration_cost", output="restoration"),
    var("uptake", "restoration", node="state", output="restoration"),
    *rows_of("area_sum uptake_sum", "restoration"),
    # connection, budget
    var("pays_capacity", "supplies", node="decision", output="connections"),
    var("contract", "supplies", node="decision", item="contract", output="contracts"),
    var("contracted", "supplies", node="decision", output="connections"),
    var("used", "supplies", node="decision", item="fixed", output="contracts"),
    *rows_of("contract_where_used contracted_where_chosen", "supplies"),
    # scheme
    var("scheme", "connections", node="decision", item="fixed", output="schemes"),
    var("scheme_change", "connections", node="decision"),
    row("one_scheme", "connections", output="schemes"),
    *rows_of("scheme_begins scheme_kept", "connections"),
    *rows_of("contract_in_force used_in_force", "supplies"),
    var("allowance", "rules", node="state", output="rules"),
    row("allowance_limit", "rules", output="rules"),
    var("embodied", "technologies", node="state", output="investments"),
    row("embodied_sum", "technologies", output="investments"),
    row("budget_limit", "budget", output="budget"),
)

#: What is only known of the year as a whole: `add_account` of `models/operation/__init__.py`. None of its rows is of an hour.
ACCOUNT = (
    *rows_of("outage_limit hours_least hours_most cycles_most", "technologies"),
    row("shed_hours_limit", "demand"),
    var("certified", "certificates", item="certificates", output="certificates"),
    row("certificate_limit", "certificates"),
    *rows_of("certified_once shortfall_limit", "supplies"),
    var("shortfall", "supplies", item="shortfall", output="contracts"),
    var("credits", "offsets", item="offsets", output="offsets"),
    var("counted", "restoration", output="restoration"),
    row("counted_limit", "restoration"),
    var("figure", "", item="carbon", output="emissions"),
    row("figure_sum", ""),
    row("stage_rule", "stages", output="stages"),
)

#: The links of a year that is operated apart from the decisions, and what its master adds to these: `models/park.py`.
APART = (
    *variables_of("link_capacity link_embodied link_inflow", "technologies"),
    var("link_demand", "demand"),
    var("link_uptake", "restoration"),
    *variables_of("link_pays_capacity link_contract link_contracted link_used", "supplies"),
    var("link_allowance", "rules"),
    var("link_scheme", "connections"),
    var("link_process", "process_emissions"),
    row("choice_kept", "supplies"),
)

ALL = (*INVESTMENT, *HOURS, *ACCOUNT, *APART)
#: Name of a family -> table of a park's folder in which the names of its index stand; '' = the park as a whole.
TABLES = {family.name: family.table for family in ALL}
#: Variables of the hours that the account of the year knows: sums over the year.
TOTALS = tuple(family.name for family in HOURS if family.is_total)
#: Variables of the hours that have a series over them; those that have none, sums over the year left out; those of a month.
HOURLY = tuple(family.name for family in HOURS if not family.is_row and family.each == "hour")
NOT_HOURLY = tuple(family.name for family in HOURS if not family.is_row and family.each != "hour" and not family.is_total)
MONTHLY = tuple(family.name for family in HOURS if not family.is_row and family.each == "month")
#: Variables of the hours that are 0 without their asset; those by which a month begins as the one before ended, by how it knows.
OF_ASSETS = tuple(family.name for family in HOURS if family.of_asset)
DECIDED_AT_MONTH_END = tuple(family.name for family in HOURS if family.month_end == "decided")
PRICED_AT_MONTH_END = tuple(family.name for family in HOURS if family.month_end in ("priced", "zero"))
#: Of the latter those that are 0 as a month ends, where what is priced there is fixed first.
ZERO_AT_MONTH_END = tuple(family.name for family in HOURS if family.month_end == "zero")
#: Integers that decide of an asset: of its orders, of what stands already, of all its retirements, what follows, and all of them.
OF_ORDERS = tuple(family.name for family in INVESTMENT if family.decides == "order")
OF_EXISTING = tuple(family.name for family in INVESTMENT if family.decides == "existing")
OF_RETIREMENTS = (*(family.name for family in INVESTMENT if family.decides == "retirement"), *OF_EXISTING)
FOLLOWING = tuple(family.name for family in INVESTMENT if family.decides == "rest")
INTEGERS_OF_ASSETS = tuple(family.name for family in INVESTMENT if family.decides)
#: Variable of the hours -> item of the costs that it is paid under; what the account pays for its sums is not among them.
ITEMS = {family.name: family.item for family in HOURS if family.item and not family.is_total}
#: Variable of the years -> with which futures of a tree it is shared; variables in the operation of a year that are decided.
NODES = {family.name: family.node for family in INVESTMENT if family.node}
SIGNED = tuple(family.name for family in HOURS if family.node == "decision")


def refuse_unregistered(model: Block) -> None:
    """Raise ValueError where the model, or a block of it, has a family that is not in the register."""
    unknown = sorted(set(_families(model)) - {(family.name, family.is_row) for family in ALL})
    if unknown:
        told = ", ".join(f"{'rows' if is_row else 'variables'} {name}" for name, is_row in unknown)
        raise ValueError(f"not in models/families.py: {told}")


def _families(model: Block) -> Iterator[tuple[str, bool]]:
    for kind in (Var, Constraint):
        for component in model.component_objects(kind, descend_into=True):
            yield component.local_name, kind is Constraint
