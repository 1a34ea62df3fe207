"""The links: all that the operation of a year knows of the decisions over the years.

With the whole method the links are the investment model's own variables; with the decomposed method they are
variables of the year, fixed at a trial point, whose reduced costs are a cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from pyomo.core import Block, Var
from pyomo.core.expr.numvalue import NumericValue

#: A variable or an expression of a model, or a number.
Given: TypeAlias = NumericValue | float
#: Decisions of a year, by name and year, that its operation is given besides capacities, demands and uptake.
CHOICES = ("pays_capacity", "contract", "contracted", "used", "allowance", "scheme", "embodied")
#: Every kind of link that is decided, by its name in `Links`; in a year that is operated apart its variables are `link_` with that
#: name.
KINDS = ("capacity", "demand", "uptake", *CHOICES)
#: Kinds that are stated and never decided: links of hours alone, so that hours of years that differ in them are compiled once.
STATED = ("inflow", "process")


@dataclass(frozen=True)
class Links:
    """What a year is given; each value is a variable, an expression or a number.

    capacity        capacity of each asset that can have any     MW, MWh, t/h (k)
    demand          energy of each end use after measures        MWh (u)
    uptake          uptake of each restoration project           t (p)
    pays_capacity   1 if a supply pays for contracted capacity   1 (s), where it may choose
    contract        capacity of an as-generated contract         MW (s)
    contracted      capacity contracted, where it is one for several futures   MW (b)
    used            1 if a supply is used                        1 (s), where it is a yes or no
    allowance       what the year may use of a budget of CO2     t (b)
    embodied        embodied in the orders of the year           t (one name)
    scheme          1 if a scheme of a connection is in force    1 (σ)
    inflow          into each store, mean of the year, where another than the inputs' own is meant   MW (s)
    process         CO2 of each process, where another than the inputs' own is meant   t/h (q)
    """

    capacity: Mapping[str, Given]
    demand: Mapping[str, Given]
    uptake: Mapping[str, Given] = field(default_factory=dict)
    pays_capacity: Mapping[str, Given] = field(default_factory=dict)
    contract: Mapping[str, Given] = field(default_factory=dict)
    contracted: Mapping[str, Given] = field(default_factory=dict)
    used: Mapping[str, Given] = field(default_factory=dict)
    allowance: Mapping[str, Given] = field(default_factory=dict)
    scheme: Mapping[str, Given] = field(default_factory=dict)
    embodied: Mapping[str, Given] = field(default_factory=dict)
    inflow: Mapping[str, Given] = field(default_factory=dict)
    process: Mapping[str, Given] = field(default_factory=dict)

    def decided(self) -> Iterator[tuple[tuple[str, str], Given]]:
        """(kind, name) and what is given, of the kinds that are decided."""
        for kind in KINDS:
            for name, given in getattr(self, kind).items():
                yield (kind, name), given


def link_variables(year: Block, further: Sequence[str] = ()) -> Iterator[tuple[tuple[str, str], Var]]:
    """(kind, name) and the variable of a year that is operated apart, of every link that is decided; and of `further` kinds."""
    for kind in (*KINDS, *further):
        for name, variable in getattr(year, f"link_{kind}").items():
            yield (kind, name), variable


# --- a solved year, as tables and checks read it -----------------------------------------------------------------------------
# The Pyomo block of a year, or arrays that look like one (`YearView`).

#: The variables of a family by their index, each with its `value`.
Family = Mapping[Any, Any]


class SolvedYear(Protocol):
    """A solved year; its other attributes are the families of variables of the year, by name.

    cost_terms  (item, name) -> a number, or a Pyomo expression that has one   money
    """

    @property
    def cost_terms(self) -> dict[tuple[str, str], Any]:
        """The cost terms of the year."""

    def __getattr__(self, name: str, /) -> Family: ...
