"""The register of all families of variables and rows: one line each says what the rest of the code must know of it.

Asked here is how the hours of a year are cut into months, which columns go with an asset, which integers decide of one, which
decisions futures share, which cost item a variable is paid under, in which table of the park its names stand. A model with a
family that is not here is refused, see `refuse_unregistered`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyomo.core import Block, Constraint, Var

from models.family import row, var
from models.hourly_families import HOURS

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
    row("build_largest", "technologies"),
    row("build_smallest", "technologies"),
    row("build_units", "technologies"),
    row("build_spacing", "technologies"),
    row("build_growth", "technologies"),
    row("keep_limit", "technologies"),
    row("fall_left", "technologies"),
    row("existing_units", "technologies"),
    row("existing_units_limit", "technologies"),
    row("rest_limit", "technologies"),
    row("capacity_sum", "technologies"),
    row("retire_limit", "technologies"),
    row("pool_step", "technologies"),
    row("new_works", "technologies"),
    row("expire_limit", "technologies"),
    row("alive_limit", "technologies"),
    row("retire_in_units", "technologies"),
    row("retire_whole", "technologies"),
    row("retired_once", "technologies"),
    row("given_up_limit", "technologies"),
    row("given_up_retired", "technologies"),
    row("given_up_left", "technologies"),
    row("capacity_limit", "technologies"),
    row("capacity_least", "technologies"),
    row("site_limit", "sites"),
    row("level_power", "technologies"),
    # reserve
    var("peak_demand", "reserves", node="leaf", output="reserves"),
    var("largest_unit", "reserves", node="leaf", output="reserves"),
    var("firm_import", "reserves", node="leaf", output="reserves"),
    var("loss", "technologies", node="leaf", output="outages"),
    var("has_unit", "technologies", node="leaf", decides="rest"),
    var("has_existing_unit", "technologies", node="leaf", decides="rest"),
    row("peak_hour", "reserves"),
    row("reserve_limit", "reserves", output="reserves"),
    row("firm_import_limit", "reserves"),
    row("firm_import_scheme", "reserves"),
    row("unit_works", "technologies"),
    row("existing_unit_left", "technologies"),
    row("each_unit", "reserves"),
    row("unit_lost", "technologies"),
    row("loss_limit", "technologies"),
    var("offer", "responses", node="decision", item="response", output="responses"),
    row("offer_limit", "responses"),
    # measures
    var("adopt", "measures", node="decision", item="measures", output="measures"),
    var("in_force", "measures", node="state", item="measure_cost"),
    var("cut", "demand", node="state"),
    var("demand", "demand", node="state", output="energy"),
    row("in_force_sum", "measures"),
    row("one_of_group", "measures"),
    row("with_required", "measures"),
    row("cut_product", "demand"),
    row("demand_sum", "demand"),
    # restoration
    var("plant", "restoration", node="decision", item="restoration", output="restoration"),
    var("area", "restoration", node="state", item="restoration_cost", output="restoration"),
    var("uptake", "restoration", node="state", output="restoration"),
    row("area_sum", "restoration"),
    row("uptake_sum", "restoration"),
    # connection, budget
    var("pays_capacity", "supplies", node="decision", output="connections"),
    var("contract", "supplies", node="decision", item="contract", output="contracts"),
    var("used", "supplies", node="decision", item="fixed", output="contracts"),
    row("contract_where_used", "supplies"),
    # scheme
    var("scheme", "connections", node="decision", item="fixed", output="schemes"),
    var("scheme_change", "connections", node="decision"),
    row("one_scheme", "connections", output="schemes"),
    row("scheme_begins", "connections"),
    row("scheme_kept", "connections"),
    row("contract_in_force", "supplies"),
    row("used_in_force", "supplies"),
    var("allowance", "rules", node="state", output="rules"),
    row("allowance_limit", "rules", output="rules"),
    var("embodied", "technologies", node="state", output="investments"),
    row("embodied_sum", "technologies", output="investments"),
    row("budget_limit", "budget", output="budget"),
)

#: What is only known of the year as a whole: `add_account` of `models/operation/build.py`. None of its rows is of an hour.
ACCOUNT = (
    row("outage_limit", "technologies"),
    row("hours_least", "technologies"),
    row("hours_most", "technologies"),
    row("cycles_most", "technologies"),
    row("shed_hours_limit", "demand"),
    var("certified", "certificates", item="certificates", output="certificates"),
    row("certificate_limit", "certificates"),
    row("certified_once", "supplies"),
    var("shortfall", "supplies", item="shortfall", output="contracts"),
    row("shortfall_limit", "supplies"),
    var("credits", "offsets", item="offsets", output="offsets"),
    var("counted", "restoration", output="restoration"),
    row("counted_limit", "restoration"),
    var("captured_bought", "technologies", output="emission_sources"),
    row("bought_limit", "technologies"),
    row("taken_limit", "technologies"),
    var("figure", "", item="carbon", output="emissions"),
    row("figure_sum", ""),
    row("stage_rule", "stages", output="stages"),
)

#: The links of a year that is operated apart from the decisions, and what its master adds to these: `models/park.py`.
APART = (
    var("link_capacity", "technologies"),
    var("link_demand", "demand"),
    var("link_uptake", "restoration"),
    var("link_pays_capacity", "supplies"),
    var("link_contract", "supplies"),
    var("link_used", "supplies"),
    var("link_allowance", "rules"),
    var("link_embodied", "technologies"),
    var("link_scheme", "connections"),
    var("link_process", "process_emissions"),
    var("link_inflow", "technologies"),
    var("held", "technologies", "month"),
    row("held_at_month_end", "technologies", "month"),
    row("least_at_month_end", "technologies", "month"),
    row("held_at_year_end", "technologies"),
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
