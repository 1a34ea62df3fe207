"""What a park's carriers and technologies are called in the variable names of the IAMC.

The names follow the variable list of the IAMC common definitions where that list has a word. What it has no word for is
named after the type in the park: `hot-water-tank` becomes `Hot Water Tank`.
"""

from __future__ import annotations

import numpy as np

from models.case import Case, Technology

#: Carrier -> (as a final or secondary energy carrier, as a source of another).
CARRIERS = {
    "electricity": ("Electricity", "Electricity"),
    "heat": ("Heat", "Heat"),
    "steam": ("Heat", "Heat"),
    "cooling": ("Cooling", "Cooling"),
    "gas": ("Gases", "Gas"),
    "natural-gas": ("Gases", "Gas"),
    "biogas": ("Gases|Biomass", "Biomass"),
    "biomass": ("Solids|Biomass", "Biomass"),
    "coal": ("Solids|Coal", "Coal"),
    "oil": ("Liquids", "Oil"),
    "diesel": ("Liquids", "Oil"),
    "hydrogen": ("Hydrogen", "Hydrogen"),
    "co2": ("CO2", "CO2"),
}
#: Word in the type's name -> source, for what runs on no carrier; the first that is found counts.
WEATHER = (
    ("solar", "Solar"),
    ("offshore", "Wind|Offshore"),
    ("wind", "Wind|Onshore"),
    ("hydrogen", "Hydrogen"),
    ("hydro", "Hydro"),
    ("geothermal", "Geothermal"),
    ("ocean", "Ocean"),
    ("tidal", "Ocean"),
    ("nuclear", "Nuclear"),
)
OTHER = "Other"
#: Heat per electricity above which heat is lifted and not made.
HEAT_PUMP = 1.2


def carrier_name(carrier: str) -> str:
    """A carrier as final or secondary energy."""
    return CARRIERS.get(carrier, (titled(carrier), ""))[0]


def source_name(carrier: str) -> str:
    """A carrier as what another is made of, or as primary energy."""
    return CARRIERS.get(carrier, ("", titled(carrier)))[1]


def titled(name: str) -> str:
    """`hot-water-tank` as `Hot Water Tank`; a bar would begin a new level of the variable."""
    words = name.replace("|", " ").replace("-", " ").replace("_", " ").split()
    return " ".join(w if w.isupper() else w[:1].upper() + w[1:] for w in words)


def _mean(case: Case, profile: str) -> float:
    """The mean of a profile over all years; 1 where none is named."""
    years = range(case.park.first_year, case.park.last_year + 1)
    return float(np.mean([case.profiles[case.column(profile, y)].mean() for y in years])) if profile else 1.0


class Equipment:
    """What a technology makes, and of what, in the words of the IAMC."""

    def __init__(self, case: Case, row: Technology) -> None:
        ports = [p for p in case.ports if p.type == row.type_name]
        self.type = row.type_name
        self.role = next(t.role for t in case.types if t.type == row.type_name)
        mean = {p: _mean(case, p.profile) for p in ports}
        self.outputs = {p.carrier: p.ratio * mean[p] for p in ports if p.direction == "out"}
        self.inputs = {p.carrier: p.ratio * mean[p] for p in ports if p.direction == "in"}

    def source(self, output: str) -> str | None:
        """What that output is made of; None where it was the same carrier before (a heat exchanger)."""
        if not self.inputs:
            found = next((source for word, source in WEATHER if word in self.type.lower()), OTHER)
            return "Solar|PV" if (found, output) == ("Solar", "electricity") else found
        first = next((c for c in self.inputs if c != "electricity"), "electricity")
        if carrier_name(first) == carrier_name(output):
            return None
        if first == "electricity" and carrier_name(output) == "Heat":
            lifts = self.outputs[output] > HEAT_PUMP * self.inputs[first]
            return "Electricity|Heat Pumps" if lifts else "Electricity|Boilers"
        return source_name(first)

    @property
    def main(self) -> str:
        """The output that its capital is booked under: electricity where it makes any, else the largest."""
        if "electricity" in self.outputs or not self.outputs:
            return "electricity"
        return max(self.outputs, key=lambda c: self.outputs[c])

    @property
    def investment(self) -> str:
        """Where its capital is booked below `Investment`."""
        if self.role == "capture":
            return f"Carbon Capture|{titled(self.type)}"
        if self.role == "store":
            return f"Energy Supply|{carrier_name(self.main)}|Storage|{titled(self.type)}"
        return f"Energy Supply|{carrier_name(self.main)}|{self.source(self.main) or OTHER}"
