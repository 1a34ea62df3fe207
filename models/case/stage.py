"""Stages of the transition: what each asks for, and the goal that names stages and years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, get_args

from pydantic import Field

from models.case.base import Name, Record, Row, Share, Unit, UnitColumn, Year
from models.metrics import METRICS, OF_RULES

if TYPE_CHECKING:
    MetricName = str
    RuleMetric = str
else:
    MetricName = Literal[tuple(METRICS)]
    RuleMetric = Literal[tuple(OF_RULES)]


class StageRule(Row):
    """stages.csv: one rule of one stage of a standard; a stage is all its rows."""

    table: ClassVar[str] = "stages"
    key: ClassVar[tuple[str, ...]] = ("standard", "stage", "metric", "sense")

    standard: Name
    """The standard."""
    stage: Literal["low-carbon", "near-zero-carbon", "zero-carbon"]
    """The stage."""
    order: Annotated[int, Unit("1")]
    """Place of the stage on the way: 1, 2, 3."""
    metric: MetricName
    """What is bounded."""
    sense: Literal["<=", ">="]
    """From above or from below."""
    limit: Annotated[float, Unit("1 or t/tce")]
    """The bound: a share of 1, for intensity t/tce."""
    standing: Literal["in force", "voluntary", "proposal", ""] = ""
    """What the rule is: `in force` (an authority's), `voluntary` (a standard that who wishes keeps), `proposal` (of this project);
    empty: the park's own."""
    issued: str = ""
    """Date of the document that sets it: 2025-06-30."""
    class_from: Annotated[float, Unit("tce"), Field(ge=0)] | None = None
    """Energy use of a year from which on a park is of the class that the rule is for; empty: any. The plan does not use it."""
    class_below: Annotated[float, Unit("tce"), Field(ge=0)] | None = None
    """Energy use of a year below which it is."""


class Goal(Record):
    """The stages to reach and the years from which their rules hold."""

    target: str
    """The stage to reach."""
    by: Year
    """The year from which its rules hold."""
    milestones: dict[str, Year] = Field(default_factory=dict)
    """Stages to reach on the way, with their years."""

    @property
    def steps(self) -> tuple[tuple[str, int], ...]:
        """All (stage, year) in order of the years."""
        return tuple(sorted({**self.milestones, self.target: self.by}.items(), key=lambda s: s[1]))


# --- rule ------------------------------------------------------------------------------------------------------------------
# Rules beyond the stages of a standard: what a law, a contract or the park itself asks for, whatever the goal.

class ParkRule(Row):
    """rules.csv: a limit that every plan but the reference keeps; a rule is all its rows. A limit holds from its year on, until
    the next row of the same rule, metric and sense (a step); a budget over years is a row of its own."""

    table: ClassVar[str] = "rules"
    key: ClassVar[tuple[str, ...]] = ("rule", "metric", "sense")
    is_step: ClassVar[bool] = True

    rule: Name
    """Name of the rule."""
    metric: RuleMetric
    """What is bounded: a metric of stages.csv, a share of available green power, or what is emitted over years. Ratios to the base
    are worked out with the park's own factors, the base too; those of stages with the standard's."""
    sense: Literal["<=", ">="]
    """From above or from below."""
    year: Year | None = None
    """First year in which it holds, of a budget the first year that is summed; empty = first_year."""
    limit: Annotated[float, Unit("1, t/tce or t")]
    """The bound."""


# --- standard --------------------------------------------------------------------------------------------------------------
# What the rules of a standard are worked out with, where it fixes factors of its own.

class StandardFactor(Row):
    """standards.csv: factors of a standard. The rules of its stages are worked out with them; the inventory keeps the park's own.
    A row by fuel goes before one by kind, and one by kind leaves out supplies with green_share 1."""

    table: ClassVar[str] = "standards"
    key: ClassVar[tuple[str, ...]] = ("standard", "fuel", "supply_kind", "carrier", "basis")
    constant: ClassVar[tuple[str, ...]] = ("gases",)

    standard: Name
    """The standard."""
    fuel: str = ""
    """Supplies of this fuel; leave `supply_kind` and `carrier` blank then."""
    supply_kind: Literal["grid", "fuel", ""] = ""
    """Supplies of this kind and `carrier`."""
    carrier: str = ""
    """Carrier of these supplies."""
    basis: Literal["location", "market", ""] = ""
    """Basis of scope 2; empty for both."""
    year: Year | None = None
    """Year of the figures; interpolated between years; empty = all years."""
    factor: Annotated[float, Unit("t/MWh"), Field(ge=0)] | None = None
    """What a MWh bought counts; empty = as in the park."""
    tce_per_mwh: Annotated[float, Unit("tce/MWh"), Field(ge=0)] | None = None
    """Tonnes of coal equivalent per MWh; empty = as in the park."""
    gases: str = ""
    """Gases that the standard counts, in words."""


# --- future ----------------------------------------------------------------------------------------------------------------
# Futures: what is not known when the first orders are placed.

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
