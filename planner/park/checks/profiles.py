"""Profiles: those that are named exist, availabilities are shares, demand shapes and what multiplies ratios are positive."""

from __future__ import annotations

import numpy as np

from models.case import Connection, Demand, EmissionFactor, Origin, Port, Price, ProfileYear, Response, Supply, Technology
from planner.language.language import mark
from planner.language.message import Message
from planner.park import remarks
from planner.park.complaints import is_no
from planner.park.draft import Draft
from planner.park.faults import of
from planner.park.fields import LEAST

_FILE = "profiles.csv"
#: Tables whose column `profile` names a profile.
_NAMING = ("technologies", "supplies", "demand", "prices", "emission_factors", "ports", "responses")


def check_profiles(draft: Draft) -> None:
    """Check every profile for what it is used for."""
    _check_years(draft)
    for technology in draft.rows(Technology):
        for column in _columns(technology.profile, technology.origin, draft):
            _check_availability(column, draft)
        for column in _columns(technology.inflow_profile, technology.origin, draft):
            _check_shape(column, draft)
    for supply in draft.rows(Supply):
        for column in _columns(supply.profile, supply.origin, draft):
            _check_availability(column, draft)
    for demand in draft.rows(Demand):
        for column in _columns(demand.profile, demand.origin, draft):
            _check_shape(column, draft)
    rows: list[Price | EmissionFactor] = [*draft.rows(Price), *draft.rows(EmissionFactor)]
    for row in rows:
        for column in _columns(row.profile, row.origin, draft) if draft.is_sure(Supply) else ():
            _check_sign(row, column, draft)
    for response in draft.rows(Response):
        for column in _columns(response.profile, response.origin, draft):
            _check_calls(response, column, draft)
    for port in draft.rows(Port):
        for column in _columns(port.profile, port.origin, draft):
            _check_ratio(column, draft)


def _check_years(draft: Draft) -> None:
    """profile_years.csv names columns of profiles.csv, and profiles that something has."""
    named = {row.get("profile") for table in _NAMING for row in draft.raw[table]} - {""}
    named |= draft.names(Technology, "inflow_profile")
    sure = not draft.unreadable.intersection(_NAMING)
    for row in draft.rows(ProfileYear):
        profiles = draft.profiles
        for column, name in (("profile", row.profile), ("column", row.column)):
            if profiles.is_read and name not in profiles.names:
                draft.fault(row.origin, is_no(column, name, "profile of profiles.csv", profiles.names))
        if sure and row.profile in profiles.names and row.profile not in named:
            draft.warn(row.origin, remarks.UNUSED_PROFILE, profile=repr(row.profile))


def _columns(name: str, origin: Origin | None, draft: Draft) -> list[str]:
    """The columns of profiles.csv that a profile can have, of those whose numbers could be read."""
    if not name or not _is_there(name, origin, draft):
        return []
    return [column for column in draft.columns_of(name) if column in draft.profiles.series]


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


def _check_calls(row: Response, column: str, draft: Draft) -> None:
    """A contract stands ready in some hour."""
    series = draft.profiles.series[column]
    if len(series) and not (series > 0).any():
        words = mark("profile {profile}: is above 0 in no hour; the contract would never be called")
        draft.fault(row.origin, words, profile=repr(row.profile))


def _check_sign(row: Price | EmissionFactor, column: str, draft: Draft) -> None:
    """What is bought below 0, of money or CO2, has a limit."""
    if draft.profiles.series[column].min() >= 0 or (isinstance(row, Price) and row.item != "energy"):
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
