"""Rules beyond the stages of a standard: what a law, a contract or the park itself asks for, whatever the goal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from models.case.base import Name, Row, Unit, Year
from models.metrics import OF_RULES

if TYPE_CHECKING:
    RuleMetric = str
else:
    RuleMetric = Literal[tuple(OF_RULES)]


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
