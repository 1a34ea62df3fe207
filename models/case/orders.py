"""Orders beyond the sizes of an asset: limits by year, what is signed already, and what is held in reserve."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from models.case.base import Flag, Name, Record, Row, Unit, Year


class Limit(Row):
    """limits.csv: limits of a technology or link by year, in place of the column of technologies.csv or links.csv.

    `max_capacity` and `max_build` are interpolated. `existing` and `min_capacity` hold from their year until the next row;
    before the first row holds the column, of `min_capacity` nothing. What was retired early in the years before `existing` falls
    counts as what falls first; what is retired in that year comes off what remains.
    """

    table: ClassVar[str] = "limits"
    key: ClassVar[tuple[str, ...]] = ("technology", "item")

    technology: Name
    """The technology or link that is limited."""
    year: Year | None = None
    """Year of the value; of max_build that of the order; empty = all years."""
    item: Literal["max_capacity", "max_build", "existing", "min_capacity"]
    """Most that may stand, most that may be ordered, what still stands of what did (it may only fall), least that stands."""
    value: Annotated[float, Unit("capacity"), Field(ge=0)]
    """The limit."""


class Committed(Row):
    """committed.csv: orders that are signed; they stand in every plan, and no limit on orders holds for them."""

    table: ClassVar[str] = "committed"
    key: ClassVar[tuple[str, ...]] = ("technology",)

    technology: Name
    """The technology or link that is ordered."""
    year: Year
    """Year of the order; before first_year it is paid already."""
    build: Annotated[float, Unit("capacity"), Field(gt=0)]
    """Capacity ordered."""
    capital_cost: Annotated[float, Unit("money/capacity"), Field(ge=0)] | None = None
    """All that is paid for it; left out: the capital_cost of costs.csv in that year. Neither has a grant or a project_cost."""


class Kept(Record):
    """Measures and planting of the years before a plan that keeps an earlier one (`plan --keep`); no table states it.

    In every plan they are what they were: no measure starts and nothing is planted in those years beside them.
    """

    measures: tuple[tuple[str, int], ...] = ()
    """(measure, year in which it started)."""
    planting: tuple[tuple[str, int, float], ...] = ()
    """(project, year, area planted [ha])."""


class Reserve(Row):
    """reserves.csv: firm capacity of a carrier beside its highest demand, in the target and the least-cost plan.

    Each row holds from its year until the next of its carrier and zone. What a supply can bring for sure counts where its `fixed`
    price is not paid, too.
    """

    table: ClassVar[str] = "reserves"
    is_step: ClassVar[bool] = True
    key: ClassVar[tuple[str, ...]] = ("carrier", "zone")

    carrier: Name
    """The carrier."""
    zone: str = "park"
    """The zone; `*`: all zones as one."""
    year: Year | None = None
    """First year in which it holds; empty: from first_year on."""
    margin: Annotated[float, Unit("1"), Field(ge=0)] = 0.0
    """Share of the year's highest demand that there must be on top of it."""
    largest_out: Flag = 0
    """1: the highest demand must be met with the largest single unit out."""
    operated: Flag = 0
    """1, with largest_out: not sums of firm capacity hold but operation: on each stress day all demand is met in all 24 hours with
    any one unit out, and the margin raises the demand of the carrier on its own stress days. It holds from the row's year on, and
    at the earliest from the first year in which an order of first_year can work."""
