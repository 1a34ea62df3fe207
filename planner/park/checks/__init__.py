"""Rules across tables, one subject a file. Each check adds its complaints to the draft and changes no row."""

from __future__ import annotations

from planner.park.checks.equipment import check_equipment, check_negative_costs, check_units
from planner.park.checks.hours import check_hours, check_profiles
from planner.park.checks.keys import check_alike, check_costs, check_examples, check_financing, check_keys
from planner.park.checks.measures import check_measures
from planner.park.checks.network import check_levels, check_network, check_reserves, check_vehicles
from planner.park.checks.prices import check_billed, check_prices
from planner.park.checks.sizes import check_orders, check_sizes
from planner.park.checks.stages import check_captures, check_futures, check_stages
from planner.park.checks.usual import check_usual
from planner.park.draft import Draft
from planner.park.rules import check_rows

#: What is wrong, and what is allowed and yet looks wrong: the latter is asked of a park without a fault.
FAULTS = (
    check_keys, check_examples, check_alike, check_rows, check_units, check_profiles, check_equipment, check_orders, check_costs,
    check_negative_costs, check_financing, check_levels, check_captures, check_measures, check_vehicles, check_network,
    check_reserves, check_stages, check_futures,
)  # fmt: skip
REMARKS = (check_usual, check_prices, check_billed, check_hours, check_sizes)


def check_all(draft: Draft) -> None:
    """Check everything that can be judged."""
    for check in FAULTS:
        check(draft)
    for check in REMARKS if not len(draft.complaints) else ():
        check(draft)
