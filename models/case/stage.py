"""Stages of the transition: what each asks for, and the goal that names stages and years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from models.case.base import Name, Record, Row, Unit, Year
from models.metrics import METRICS

if TYPE_CHECKING:
    MetricName = str
else:
    MetricName = Literal[tuple(METRICS)]


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
