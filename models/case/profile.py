"""Profiles that change over the years: columns of profiles.csv that take each other's place."""

from __future__ import annotations

from typing import ClassVar

from models.case.base import Name, Row, Year


class ProfileYear(Row):
    """profile_years.csv: from a year on a profile has the values of another column of profiles.csv.

    Each row holds from its year until the next of its profile, in the base year too; before the first row the profile has its own
    column. All that names the profile follows.
    """

    table: ClassVar[str] = "profile_years"
    is_step: ClassVar[bool] = True
    key: ClassVar[tuple[str, ...]] = ("profile",)

    profile: Name
    """The profile, a column of profiles.csv."""
    year: Year
    """First year in which it has these values."""
    column: Name
    """Column of profiles.csv that it has them from; its own: as before the first row."""
