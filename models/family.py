"""What is told of one family of variables or rows. All of them stand in the register, `models/families.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: How often a family stands in a year: the last index is a snapshot, a billing month or a day; `once` has no such index.
Each = Literal["hour", "month", "day", "once"]
#: What rows tie together: hours that follow one another, all hours of a month, all days, or all hours of a year.
Tie = Literal["", "hours", "month", "days", "year"]
#: How a month knows what the one before ended with.
MonthEnd = Literal["", "decided", "priced", "zero"]
#: What an integer decides of an asset: whether and how many are ordered or retired, of what is ordered or of what stands already;
#: the rest follows from these.
Decides = Literal["", "order", "retirement", "existing", "rest"]
#: Of a tree of futures: decided at a node; what the decisions up to a node make of the park; of a leaf by itself.
Node = Literal["", "decision", "state", "leaf"]


@dataclass(frozen=True)
class Family:
    """A family of variables or rows, under its name in the model.

    table     of the park's folder, in which the names of its index stand; '' = the park as a whole
    each      how often it stands in a year
    is_row    True for rows
    ties      rows: what of the year they tie together at most; '' if each is of its own hour or month, or of none
    of_asset  variables of the hours: the first index is an asset, so without the asset it is 0
    is_total  variables of the hours: a sum over the year, which is all that the account of the year knows of the hours
    month_end  variables of the hours: what it is as a month ends is where the next one begins; `decided` for the months before
              these are solved, or `priced` like a sum over the year, of those that a row of the next month has; `zero` is priced,
              and 0 where months are solved first with what is priced there fixed
    decides   integers of the years whose first index is an asset: what they decide of it; a search of some integers has all of an
              asset together
    node      variables: with which futures of a tree it is shared; each of the years has it, of the hours what is signed for a year
    item      variables: item of costs.csv that it is paid under; '' if it costs nothing
    output    table of the output in which its value, or what a row is about, is told; '' if nowhere
    """

    name: str
    table: str
    each: Each = "once"
    is_row: bool = False
    ties: Tie = ""
    of_asset: bool = False
    is_total: bool = False
    month_end: MonthEnd = ""
    decides: Decides = ""
    node: Node = ""
    item: str = ""
    output: str = ""


def var(name: str, table: str, each: Each = "once", **told) -> Family:
    """A family of variables."""
    return Family(name, table, each, **told)


def row(name: str, table: str, each: Each = "once", **told) -> Family:
    """A family of rows."""
    return Family(name, table, each, is_row=True, **told)
