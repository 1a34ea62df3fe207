"""Rules across tables, one subject a file. Each check adds its complaints to the draft and changes no row."""

from __future__ import annotations

from models.case import Goal
from planner.park.checks.equipment import check_equipment, check_units
from planner.park.checks.hours import check_hours, check_profiles
from planner.park.checks.keys import check_alike, check_examples, check_keys, check_years
from planner.park.checks.measures import (
    check_cheap_savings,
    check_measures,
    check_responses,
)
from planner.park.checks.money import check_billed, check_costs, check_financing, check_negative_costs
from planner.park.checks.network import check_levels, check_network, check_reserves, check_vehicles
from planner.park.checks.sizes import check_plausible, check_sizes
from planner.park.checks.stages import check_captures, check_futures, check_stages, check_standards
from planner.park.checks.supplies import check_tariff
from planner.park.checks.technologies import check_committed, check_limits
from planner.park.draft import Draft
from planner.park.rules import check_rows


def check_all(draft: Draft, goal: Goal | None) -> None:
    """Check everything that can be judged."""
    check_keys(draft)
    check_examples(draft)
    check_alike(draft)
    check_rows(draft)
    check_units(draft)
    check_profiles(draft)
    check_equipment(draft)
    check_limits(draft)
    check_committed(draft)
    check_costs(draft)
    check_negative_costs(draft)
    check_financing(draft)
    check_levels(draft)
    check_captures(draft)
    check_tariff(draft)
    check_measures(draft)
    check_responses(draft)
    check_vehicles(draft)
    check_network(draft)
    check_reserves(draft)
    check_stages(draft, goal)
    check_standards(draft)
    check_futures(draft)
    if not len(draft.complaints):
        check_plausible(draft)
        check_cheap_savings(draft)
        check_billed(draft)
        check_hours(draft)
        check_sizes(draft)
        check_years(draft)
