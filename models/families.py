"""The register of all families of variables and rows: one line each says what the rest of the code must know of it.

Everything that treats families differently asks here: how the hours of a year are cut into months, which columns go with an
asset, which cost item a variable is paid under, in which table of the park its names stand. A model with a family that is not
here is refused, see `refuse_unregistered`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pyomo.core import Constraint, Var
from pyomo.environ import Block

#: How often a family stands in a year: the last index is a snapshot, a billing month or a day; `once` has no such index.
Each = Literal["hour", "month", "day", "once"]
#: What rows tie together: hours that follow one another, all hours of a month, all days, or all hours of a year.
Tie = Literal["", "hours", "month", "days", "year"]
#: How months know what the one before ended with.
Carried = Literal["", "decided", "priced"]


@dataclass(frozen=True)
class Family:
    """A family of variables or rows, under its name in the model.

    table     of the park's folder, in which the names of its index stand; '' = the park as a whole
    each      how often it stands in a year
    is_row    True for rows
    ties      rows: what of the year they tie together at most; '' if each is of its own hour or month, or of none
    of_asset  variables of the hours: the first index is an asset, so without the asset it is 0
    is_total  variables of the hours: a sum over the year, which is all that the account of the year knows of the hours
    carried   variables of the hours: what it is as a month ends is where the next one begins; `decided` for the months before
              these are solved, or `priced` like a sum over the year, of those that a row of the next month has
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
    carried: Carried = ""
    item: str = ""
    output: str = ""


def _var(name: str, table: str, each: Each = "once", **told) -> Family:
    return Family(name, table, each, **told)


def _row(name: str, table: str, each: Each = "once", **told) -> Family:
    return Family(name, table, each, is_row=True, **told)


#: The decisions over the years: `models/investment`.
DECISIONS = (
    _var("nothing", ""),
    # capacity
    _var("build", "technologies", item="capital", output="investments"),
    _var("is_built", "technologies"),
    _var("units", "technologies"),
    _var("retire", "technologies", item="retirement_cost", output="retirements"),
    _var("capacity", "technologies", item="fixed_cost", output="capacity"),
    _var("ordered", "technologies"),
    _var("expire", "technologies"),
    _var("retire_units", "technologies"),
    _var("expire_units", "technologies"),
    _var("is_expiring", "technologies"),
    _var("is_retired", "technologies"),
    _var("fall", "technologies"),
    _var("is_falling", "technologies"),
    _var("retire_existing", "technologies"),
    _var("retire_rest", "technologies"),
    _row("build_largest", "technologies"),
    _row("build_smallest", "technologies"),
    _row("build_units", "technologies"),
    _row("build_spacing", "technologies"),
    _row("keep_limit", "technologies"),
    _row("fall_left", "technologies"),
    _row("existing_units", "technologies"),
    _row("existing_units_limit", "technologies"),
    _row("rest_limit", "technologies"),
    _row("capacity_sum", "technologies"),
    _row("retire_limit", "technologies"),
    _row("pool_step", "technologies"),
    _row("new_works", "technologies"),
    _row("expire_limit", "technologies"),
    _row("alive_limit", "technologies"),
    _row("retire_in_units", "technologies"),
    _row("expire_in_units", "technologies"),
    _row("expire_left", "technologies"),
    _row("retire_whole", "technologies"),
    _row("retired_once", "technologies"),
    _row("capacity_limit", "technologies"),
    _row("capacity_least", "technologies"),
    _row("site_limit", "sites"),
    # reserve
    _var("peak_demand", "reserves", output="reserves"),
    _var("largest_unit", "reserves", output="reserves"),
    _var("firm_import", "reserves", output="reserves"),
    _var("has_unit", "technologies"),
    _var("has_existing_unit", "technologies"),
    _row("peak_hour", "reserves"),
    _row("reserve_limit", "reserves", output="reserves"),
    _row("firm_import_limit", "reserves"),
    _row("firm_import_scheme", "reserves"),
    _row("unit_works", "technologies"),
    _row("existing_unit_left", "technologies"),
    _row("each_unit", "reserves"),
    # measures
    _var("adopt", "measures", item="measures", output="measures"),
    _var("in_force", "measures", item="measure_cost"),
    _var("cut", "demand"),
    _var("demand", "demand", output="energy"),
    _row("in_force_sum", "measures"),
    _row("one_of_group", "measures"),
    _row("with_required", "measures"),
    _row("cut_product", "demand"),
    _row("demand_sum", "demand"),
    # restoration
    _var("plant", "restoration", item="restoration", output="restoration"),
    _var("area", "restoration", item="restoration_cost", output="restoration"),
    _var("uptake", "restoration", output="restoration"),
    _row("area_sum", "restoration"),
    _row("uptake_sum", "restoration"),
    # connection, budget
    _var("pays_capacity", "supplies", output="connections"),
    # contract
    _var("contract", "supplies", item="contract", output="contracts"),
    _var("used", "supplies", item="fixed", output="contracts"),
    _row("contract_where_used", "supplies"),
    # scheme
    _var("scheme", "connections", item="fixed", output="schemes"),
    _var("scheme_change", "connections"),
    _row("one_scheme", "connections", output="schemes"),
    _row("scheme_begins", "connections"),
    _row("scheme_kept", "connections"),
    _row("contract_in_force", "supplies"),
    _row("used_in_force", "supplies"),
    # allowance
    _var("allowance", "rules", output="rules"),
    _row("allowance_limit", "rules", output="rules"),
    _row("budget_limit", "budget", output="budget"),
)

#: The hours of a year and the sums over them: `add_hours` of `models/operation/build.py`.
HOURS = (
    _var("nothing", ""),
    # conversion
    _var("activity", "technologies", "hour", of_asset=True, carried="priced", item="variable_cost", output="energy"),
    _row("activity_limit", "technologies", "hour"),
    _row("least_activity", "technologies", "hour"),
    # storage
    _var("charge", "technologies", "hour", of_asset=True, output="energy"),
    _var("discharge", "technologies", "hour", of_asset=True, item="variable_cost", output="energy"),
    _var("held", "technologies", "hour", of_asset=True, carried="decided", output="dispatch"),
    _row("storage_balance", "technologies", "hour", ties="hours"),
    _row("held_limit", "technologies", "hour"),
    _row("storage_power_limit", "technologies", "hour"),
    # seasonal: on typical days only
    _var("gained", "technologies", "hour", of_asset=True, output="dispatch"),
    _var("at_start", "technologies", "day", of_asset=True, output="seasonal"),
    _var("fullest", "technologies", "day", of_asset=True),
    _var("emptiest", "technologies", "day", of_asset=True),
    _row("day_gain", "technologies", "hour", ties="hours"),
    _row("calendar_chain", "technologies", "day", ties="days"),
    _row("fullest_day", "technologies", "day", ties="days"),
    _row("emptiest_day", "technologies", "day", ties="days"),
    _row("seasonal_held_limit", "technologies", "hour", ties="days"),
    _row("seasonal_held_least", "technologies", "hour", ties="days"),
    # network
    _var("flow", "links", "hour", of_asset=True, item="variable_cost", output="energy"),
    _row("flow_limit", "links", "hour"),
    # capture
    _var("captured", "technologies", "hour", of_asset=True, carried="priced", item="variable_cost", output="energy"),
    _var("captured_total", "technologies", is_total=True, output="emission_sources"),
    _row("capture_limit", "technologies", "hour"),
    _row("source_limit", "technologies", "hour"),
    _row("capture_total", "technologies", ties="year"),
    # commitment
    _var("online", "technologies", "hour", of_asset=True, carried="priced", output="dispatch"),
    _var("start", "technologies", "hour", of_asset=True, item="start_cost"),
    _var("stop", "technologies", "hour", of_asset=True),
    _var("worked", "technologies", is_total=True),
    _row("online_limit", "technologies", "hour"),
    _row("running_limit", "technologies", "hour"),
    _row("running_least", "technologies", "hour"),
    _row("online_step", "technologies", "hour", ties="hours"),
    _row("ramp_up", "technologies", "hour", ties="hours"),
    _row("ramp_down", "technologies", "hour", ties="hours"),
    _row("worked_total", "technologies", ties="year"),
    # supply
    _var("imports", "supplies", "hour", item="energy", output="energy"),
    _var("exports", "supplies", "hour", item="export", output="energy"),
    _var("imported", "supplies", is_total=True, item="carbon", output="energy"),
    _var("exported", "supplies", is_total=True, output="energy"),
    _var("factored", "supplies", is_total=True, output="emission_sources"),
    _row("import_total", "supplies", ties="year"),
    _row("export_total", "supplies", ties="year"),
    _row("factor_total", "supplies", ties="year"),
    # connection
    _row("connection_limit", "connections", "hour"),
    _row("connection_capacity", "connections", "hour"),
    # contract
    _row("contract_import", "supplies", "hour"),
    _row("used_import", "supplies", "hour"),
    _row("used_export", "supplies", "hour"),
    _row("scheme_import", "supplies", "hour"),
    _row("scheme_export", "supplies", "hour"),
    _var("peak", "supplies", "month", item="demand_charge", output="connections"),
    _var("day_peak", "supplies", "day"),
    _var("contracted", "supplies", item="capacity_charge", output="connections"),
    _row("day_peak_limit", "supplies", "hour", ties="days"),
    _row("month_peak", "supplies", "hour", ties="year"),
    _row("contract_limit", "supplies", "hour", ties="year"),
    _row("peak_where_paid", "supplies", "month"),
    _row("contract_where_paid", "supplies", ties="year"),
    _row("peak_in_force", "supplies", "month"),
    _row("charge_in_force", "supplies", ties="year"),
    # balance, electricity of converters
    _row("balance", "", "hour", output="energy"),
    _var("converted", "", is_total=True, output="emissions"),
    _row("converted_total", "", ties="year"),
    # matching: where a rule asks for it
    _var("matched", "", "hour"),
    _var("green_charge", "technologies", "hour", of_asset=True),
    _var("green_discharge", "technologies", "hour", of_asset=True),
    _var("green_held", "technologies", "hour", of_asset=True, carried="priced"),
    _var("matching", "", is_total=True, output="rules"),
    _row("matched_limit", "", "hour"),
    _row("green_limit", "", "hour"),
    _row("green_step", "technologies", "hour", ties="hours"),
    _row("green_charge_limit", "technologies", "hour"),
    _row("green_discharge_limit", "technologies", "hour"),
    _row("green_held_limit", "technologies", "hour"),
    _row("matching_total", "", ties="year"),
)

#: What is only known of the year as a whole: `add_account` of `models/operation/build.py`. None of its rows is of an hour.
ACCOUNT = (
    _row("outage_limit", "technologies"),
    _var("certified", "certificates", item="certificates", output="certificates"),
    _row("certificate_limit", "certificates"),
    _row("certified_once", "supplies"),
    _var("shortfall", "supplies", item="shortfall", output="contracts"),
    _row("shortfall_limit", "supplies"),
    _var("credits", "offsets", item="offsets", output="offsets"),
    _var("counted", "restoration", output="restoration"),
    _row("counted_limit", "restoration"),
    _var("captured_bought", "technologies", output="emission_sources"),
    _row("bought_limit", "technologies"),
    _row("taken_limit", "technologies"),
    _var("figure", "", item="carbon", output="emissions"),
    _row("figure_sum", ""),
    _row("stage_rule", "stages", output="stages"),
)

#: The links of a year that is operated apart from the decisions, and what its master adds to these: `models/park.py`.
APART = (
    _var("link_capacity", "technologies"),
    _var("link_demand", "demand"),
    _var("link_uptake", "restoration"),
    _var("link_pays_capacity", "supplies"),
    _var("link_contract", "supplies"),
    _var("link_used", "supplies"),
    _var("link_allowance", "rules"),
    _var("link_scheme", "connections"),
    _var("link_process", "process_emissions"),
    _var("held", "technologies", "month"),
    _row("held_at_month_end", "technologies", "month"),
    _row("choice_kept", "supplies"),
)

ALL = (*DECISIONS, *HOURS, *ACCOUNT, *APART)
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
CARRIED = tuple(family.name for family in HOURS if family.carried == "decided")
PRICED = tuple(family.name for family in HOURS if family.carried == "priced")
#: Variable of the hours -> item of the costs that it is paid under; what the account pays for its sums is not among them.
ITEMS = {family.name: family.item for family in HOURS if family.item and not family.is_total}

_KNOWN = {(family.name, family.is_row) for family in ALL}


def refuse_unregistered(model: Block) -> None:
    """Raise ValueError where the model, or a block of it, has a family that is not in the register."""
    unknown = sorted(set(_families(model)) - _KNOWN)
    if unknown:
        told = ", ".join(f"{'rows' if is_row else 'variables'} {name}" for name, is_row in unknown)
        raise ValueError(f"not in models/families.py: {told}")


def _families(model: Block) -> Iterator[tuple[str, bool]]:
    for kind in (Var, Constraint):
        for component in model.component_objects(kind, descend_into=True):
            yield component.local_name, kind is Constraint
