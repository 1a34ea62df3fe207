"""Futures: what is not known when the first orders are placed."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from models.case.base import Name, Record, Row, Share, Unit, UnitColumn, Year

Changed = Literal[
    "prices",
    "costs",
    "demand",
    "emission_factors",
    "certificates",
    "offsets",
    "supplies",
    "limits",
    "budget",
    "process_emissions",
    "stages",
    "rules",
    "profiles",
]
#: Tables of a park whose figures may differ from future to future.
CHANGED: tuple[str, ...] = get_args(Changed)


class Uncertainty(Record):
    """park.toml, table [futures]: what is minimised where futures.csv states more than one future."""

    objective: Literal["expected", "cvar", "regret"] = "expected"
    """expected: the mean of the costs of all futures, by their probabilities; cvar: weighed against the mean of the worst; regret:
    the largest excess, of any future, above its own least cost."""
    tail: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 0.2
    """With cvar: share of the worst futures, by probability, whose mean counts."""
    weight: Share = 0.5
    """With cvar: weight of that mean; the expected cost has the rest."""
    recourse: Literal["whole", "relaxed"] = "whole"
    """relaxed: whole numbers that are decided after the first branching may be any number; the result says so."""


class Future(Row):
    """futures.csv: a future that may come. A future that none branches from is a leaf: one way in which all years may go."""

    table: ClassVar[str] = "futures"
    key: ClassVar[tuple[str, ...]] = ("future",)

    future: Name
    """Its name."""
    parent: str = ""
    """Future that it branches from; empty: the park's own tables."""
    from_year: Year | None = None
    """First year in which it differs from its parent and from its siblings: until then nobody knows, and orders are shared; empty:
    it is never known, all orders are shared and only the operation differs (weather)."""
    probability: Annotated[float, Unit("1"), Field(gt=0, le=1)] | None = None
    """Probability, given that its parent comes; left out by all siblings: equal shares."""


class FutureValue(Row):
    """future_values.csv: a figure that differs in a future from what its parent has, from from_year of the future on."""

    table: ClassVar[str] = "future_values"
    key: ClassVar[tuple[str, ...]] = ("future", "changed", "name", "item", "scheme", "sense")

    future: Name
    """The future."""
    # `table` here names the table that is changed; the name of the file stands in the class.
    changed: Annotated[Changed, Field(alias="table")]
    """Table of the park that holds the figure; profiles: profile_years.csv."""
    name: str = ""
    """What the figure is of: the first key of that table, of stages the stage; `*`: every row of that table and item, of carbon
    prices the row `*`; empty for budget."""
    item: str = ""
    """Which figure: item of prices and limits, parameter of costs, basis of emission_factors (empty: both), metric of stages and
    rules, column of certificates, offsets, supplies and budget."""
    scheme: str = ""
    """Prices: scheme of the row."""
    sense: str = ""
    """Stages and rules: sense of the row."""
    year: Year | None = None
    """Year of the figure; empty: all years. Between years it is interpolated; rules, profiles, `existing` and `min_capacity` hold
    from their year on. Years before from_year only serve to interpolate."""
    factor: Annotated[float, Unit("1"), Field(ge=0)] | None = None
    """Times what the parent has in that year."""
    value: Annotated[str, UnitColumn()] = ""
    """In place of a factor: the figure itself; of a profile the column of profiles.csv that takes its place."""
    unit: str = ""
    """Unit of the value; empty where the table has none."""
