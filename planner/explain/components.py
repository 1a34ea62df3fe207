"""Variables and rows of a model in the words of a park's author: the table, the name in it, and what is counted there."""

from __future__ import annotations

from typing import Any

from models.inputs import Inputs

_FAMILIES = {
    "technologies": "build is_built units retire capacity link_capacity activity charge discharge held gained at_start fullest "
    "emptiest captured captured_total build_largest build_smallest build_units capacity_sum retire_limit capacity_limit "
    "ordered expire pool_step expire_limit alive_limit new_works captured_bought taken_limit bought_limit "
    "activity_limit least_activity storage_balance held_limit storage_power_limit day_gain calendar_chain fullest_day "
    "held_at_month_end emptiest_day seasonal_held_limit seasonal_held_least capture_limit source_limit capture_total",
    "links": "flow flow_limit",
    "sites": "site_limit",
    "supplies": "imports exports imported exported peak day_peak contracted pays_capacity link_pays_capacity import_total "
    "export_total month_peak day_peak_limit contract_limit peak_where_paid contract_where_paid certified_once basis_kept",
    "certificates": "certified certificate_limit",
    "demand": "demand link_demand demand_sum cut cut_product",
    "measures": "adopt in_force in_force_sum one_of_group with_required",
    "restoration": "plant area uptake link_uptake counted area_sum uptake_sum counted_limit",
    "offsets": "credits",
    "budget": "budget_limit",
    "process_emissions": "link_process",
    "stages": "stage_rule",
    "": "nothing balance figure figure_sum converted converted_total",
}
#: Table of a park's folder in which the names of a family of variables or rows stand; '' = the park as a whole.
TABLES = {family: table for table, families in _FAMILIES.items() for family in families.split()}


def say_component(component: Any, inputs: Inputs, y: int = 0) -> str:
    """`technologies.csv pv, 2030: capacity that works`; `y` is the year of a model that is of one year."""
    parent, block = component.parent_component(), component.parent_block()
    index = component.index()
    parts = index if isinstance(index, tuple) else (index,)
    year = y or (block.index() if block.index() in inputs.years else next((p for p in parts if p in inputs.years), 0))
    names = [p for p in parts if isinstance(p, str)]
    table = TABLES[parent.local_name]
    if table == "technologies" and names[0] in {link for link, _ in inputs.network.arcs}:
        table = "links"
    of = " ".join([f"{table}.csv"] * bool(table) + (names[:1] if table not in ("", "stages") else names))
    when = f", {year}" if year else ""
    return f"{of or 'the park'}{when}: {parent.doc.rpartition(' [')[0]}"
