"""Captured CO2: what of each source is taken off a scope, what is a removal, and what does not count."""

from __future__ import annotations

from dataclasses import dataclass

from planner.check.equipment import AIR, captured_of, carbon_burnt, fuel_of
from planner.check.figures import Figures
from planner.check.flows import LedgerYear


@dataclass
class Captured:
    """Tonnes captured of a source in the year.

    off, removal, uncounted   taken off its scope, a removal, neither: all of it
    of_own_fuel               the part of the last two that is of fuels made in the park
    """

    off: float = 0.0
    removal: float = 0.0
    uncounted: float = 0.0
    of_own_fuel: float = 0.0


def captured_by_source(year: LedgerYear) -> dict[str, Captured]:
    """Each source's tonnes.

    Of a fuel that the park makes too, what is captured in the year goes against the bought part of it first, up to what scope 1
    counts of that; the rest is a removal where it is made of biomass.
    """
    figures = year.figures
    found = {q: Captured() for q in captured_of(year)}
    of_fuel: dict[str, dict[str, float]] = {}
    for q, tonnes in captured_of(year).items():
        if q == AIR:
            found[q].removal = tonnes
        elif q not in figures.technologies:
            found[q].off = tonnes
        else:
            burnt = carbon_burnt(year, q)
            total = sum(burnt.values())
            for carrier, part in burnt.items() if total else ():
                of_fuel.setdefault(carrier, {})[q] = tonnes * part / total
    for carrier, by_source in of_fuel.items():
        fuel, is_made = fuel_of(figures, carrier), bool(makers(figures, carrier))
        _, is_biogenic = figures.carbon_content(fuel, figures.park.accounting)
        of_biomass = made_of_biomass(figures, carrier) if is_made else is_biogenic
        most = counted_when_bought(year, carrier) if is_made else 0.0 if is_biogenic else sum(by_source.values())
        share = min(1.0, most / sum(by_source.values())) if sum(by_source.values()) > 0 else 0.0
        for q, tonnes in by_source.items():
            rest = (1 - share) * tonnes
            found[q].off += share * tonnes
            found[q].removal += rest if of_biomass else 0.0
            found[q].uncounted += 0.0 if of_biomass else rest
            if is_made:
                found[q].of_own_fuel += rest
    return found


def counted_when_bought(year: LedgerYear, carrier: str) -> float:
    """Tonnes that scope 1 counts of what is bought of a carrier."""
    figures, accounting = year.figures, year.figures.park.accounting
    fuels = [s.supply for s in figures.case.supplies if s.carrier == carrier and s.scope == 1 and s.can_import]
    return sum(year.total("import", [s]) * figures.counted_factor(s, accounting)[year.y] for s in fuels)


def makers(figures: Figures, carrier: str) -> list[str]:
    """Converters with an out port of the carrier."""
    return [k for k in figures.of_role("converter") if ("out", carrier) in figures.ports[k]]


def made_of_biomass(figures: Figures, carrier: str) -> bool:
    """True if every maker of a carrier takes a fuel with a biogenic factor."""

    def is_of_biomass(k: str) -> bool:
        fuels = [fuel_of(figures, c) for direction, c in figures.ports[k] if direction == "in"]
        return any(figures.carbon_content(fuel, figures.park.accounting)[1] for fuel in fuels if fuel)

    return all(is_of_biomass(k) for k in makers(figures, carrier))
