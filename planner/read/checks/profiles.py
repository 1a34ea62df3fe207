"""Profiles: those that are named exist, availabilities are shares, demand shapes and what multiplies ratios are positive."""

from __future__ import annotations

import numpy as np

from models.case import Connection, Demand, EmissionFactor, Origin, Port, Price, Supply, Technology
from planner.language.message import Message
from planner.read.complaints import is_no
from planner.read.draft import Draft
from planner.read.faults import of
from planner.read.fields import LEAST

_FILE = "profiles.csv"


def check_profiles(draft: Draft) -> None:
    """Check every profile for what it is used for."""
    for technology in draft.rows(Technology):
        if technology.profile and _is_there(technology.profile, technology.origin, draft):
            _check_availability(technology.profile, draft)
    for supply in draft.rows(Supply):
        if supply.profile and _is_there(supply.profile, supply.origin, draft):
            _check_availability(supply.profile, draft)
    for demand in draft.rows(Demand):
        if demand.profile and _is_there(demand.profile, demand.origin, draft):
            _check_shape(demand.profile, draft)
    rows: list[Price | EmissionFactor] = [*draft.rows(Price), *draft.rows(EmissionFactor)]
    for row in rows:
        if row.profile and _is_there(row.profile, row.origin, draft) and draft.is_sure(Supply):
            _check_sign(row, draft)
    for port in draft.rows(Port):
        if port.profile and _is_there(port.profile, port.origin, draft):
            _check_ratio(port.profile, draft)


def _is_there(name: str, origin: Origin | None, draft: Draft) -> bool:
    """True if the profile's numbers could be read; a complaint if there is no such profile."""
    profiles = draft.profiles
    if profiles.is_read and name not in profiles.names:
        draft.fault(origin, is_no("profile", name, "profile of profiles.csv", profiles.names))
    return name in profiles.series


def _check_availability(name: str, draft: Draft) -> None:
    series = draft.profiles.series[name]
    _first(name, series < 0, Message("is below 0; an availability is a share of the capacity, from 0 to 1"), draft)
    _first(name, series > 1, Message("is above 1; an availability is a share of the capacity, from 0 to 1"), draft)


def _check_shape(name: str, draft: Draft) -> None:
    series = draft.profiles.series[name]
    _first(name, series < 0, Message("is below 0; the shape of a demand is of positive numbers"), draft)
    if len(series) and (series >= 0).all() and series.max() < LEAST:
        draft.fault(_FILE, "{name}: is 0 in every hour; the shape of a demand needs a number above 0", name=name)


def _check_ratio(name: str, draft: Draft) -> None:
    series = draft.profiles.series[name]
    _first(name, series < 0, Message("is below 0; a port flows one way: what multiplies its ratio is 0 or above"), draft)
    if len(series) and (series >= 0).all() and series.max() < LEAST:
        draft.fault(_FILE, "{name}: is 0 in every hour; what multiplies a ratio needs a number above 0", name=name)


def _check_sign(row: Price | EmissionFactor, draft: Draft) -> None:
    """What is bought below 0, of money or CO2, has a limit."""
    if draft.profiles.series[row.profile].min() >= 0 or (isinstance(row, Price) and row.item != "energy"):
        return
    for supply in draft.rows(Supply):
        if supply.supply == row.supply and supply.can_import and not _has_limit(supply, draft):
            draft.fault(
                row.origin,
                "profile {profile}: is below 0 in some hour, and the import of {supply} has no limit; give it a max_import",
                profile=repr(row.profile),
                supply=repr(row.supply),
            )


def _has_limit(supply: Supply, draft: Draft) -> bool:
    """True if what it imports has a limit of its own, of its contract or of its connection."""
    limits = [supply.max_import, supply.max_import_year, supply.contract_max]
    limits += [c.max_capacity if c.type else c.max_import for c in draft.rows(Connection) if c.connection == supply.connection]
    return any(limit is not None for limit in limits)


def _first(name: str, wrong: np.ndarray, text: str, draft: Draft) -> None:
    """Complain of the first hour that is wrong, and say how many are."""
    at = np.flatnonzero(wrong)
    if len(at):
        value = draft.profiles.series[name][at[0]]
        words = Message("{words} ({count} hours are wrong)", words=text, count=len(at)) if len(at) > 1 else text
        draft.fault(Origin(_FILE, draft.profiles.lines[at[0]]), of(f"{name} = {value:g}", words))
