"""Rules across tables, one subject a file. Each check adds its complaints to the draft and changes no row."""

from __future__ import annotations

from models.case import Goal
from planner.park.checks.billed import check_billed
from planner.park.checks.bounded import check_negative_costs
from planner.park.checks.capacities import check_full_load
from planner.park.checks.captures import check_captures
from planner.park.checks.committed import check_committed, check_limits
from planner.park.checks.connections import check_connections
from planner.park.checks.costs import check_costs, check_financing, check_swings
from planner.park.checks.equipment import check_equipment
from planner.park.checks.flexibility import check_flexibility, check_responses
from planner.park.checks.futures import check_futures
from planner.park.checks.hours import check_hours
from planner.park.checks.keys import check_alike, check_keys
from planner.park.checks.levels import check_levels
from planner.park.checks.measures import check_cheap_savings, check_measures, check_restoration
from planner.park.checks.network import check_network
from planner.park.checks.plausible import check_plausible
from planner.park.checks.profiles import check_profiles
from planner.park.checks.reserves import check_reserves
from planner.park.checks.shares import check_products, check_shares
from planner.park.checks.sizes import check_sizes
from planner.park.checks.stages import check_rules, check_stages, check_standards
from planner.park.checks.stores import check_stores
from planner.park.checks.supplies import check_supplies
from planner.park.checks.tariff import check_periods, check_tariff
from planner.park.checks.units import check_units
from planner.park.checks.vehicles import check_vehicles
from planner.park.checks.years import check_years
from planner.park.draft import Draft


def check_all(draft: Draft, goal: Goal | None) -> None:
    """Check everything that can be judged."""
    check_keys(draft)
    check_alike(draft)
    check_units(draft)
    check_profiles(draft)
    check_equipment(draft)
    check_full_load(draft)
    check_stores(draft)
    check_limits(draft)
    check_committed(draft)
    check_costs(draft)
    check_swings(draft)
    check_negative_costs(draft)
    check_financing(draft)
    check_levels(draft)
    check_captures(draft)
    check_supplies(draft)
    check_connections(draft)
    check_tariff(draft)
    check_periods(draft)
    check_measures(draft)
    check_products(draft)
    check_flexibility(draft)
    check_responses(draft)
    check_restoration(draft)
    check_vehicles(draft)
    check_network(draft)
    check_reserves(draft)
    check_stages(draft, goal)
    check_rules(draft)
    check_standards(draft)
    check_shares(draft)
    check_futures(draft)
    if not len(draft.complaints):
        check_plausible(draft)
        check_cheap_savings(draft)
        check_billed(draft)
        check_hours(draft)
        check_sizes(draft)
        check_years(draft)
