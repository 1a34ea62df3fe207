"""What a figure that was assumed is, and its unit, in a language: assumptions.csv has both in English words of ours."""

from __future__ import annotations

import re

from planner.language.language import Language, mark
from planner.language.words import CARRIERS, named

#: A flow of equipment, and an emission factor by its basis.
_FLOW = re.compile(r"(?P<unit>MWh|t) of (?P<carrier>\S+) per unit of activity")
_FACTOR = re.compile(r"(?:(?P<basis>location|market) )?factor of (?P<supply>.+)")
_OF_BASIS = {
    None: mark("factor of {supply}"),
    "location": mark("location factor of {supply}"),
    "market": mark("market factor of {supply}"),
}


def told_unit(language: Language, unit: str) -> str:
    """The unit of a figure; as it stands where it has no words."""
    found = _FLOW.fullmatch(unit)
    if found is None:
        return unit
    carrier = named(language, CARRIERS, found["carrier"])
    return language.translate("{unit} of {carrier} per unit of activity", unit=found["unit"], carrier=carrier)


def told_parameter(language: Language, parameter: str) -> str:
    """What a figure is; as it stands where it is the name of a column or of a parameter."""
    found = _FACTOR.fullmatch(parameter)
    return parameter if found is None else language.translate(_OF_BASIS[found["basis"]], supply=found["supply"])
