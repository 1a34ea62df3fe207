"""Capture plants, and the CO2 of the sources that they can take it from: the air, processes, and converters that burn a fuel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.case import Case, Technology
from models.inputs.costs import CostTable
from models.inputs.equipment import EquipmentPort, of_role, ports_of, variable_cost_of
from models.inputs.finance import over_years
from models.units import factor, yearly_factor

#: Stands for the air as a source of CO2.
AIR = "air"


@dataclass(frozen=True)
class Captures:
    """Capture plants k and the sources q of CO2 that they can take.

    plants, zone, ports   names; where each stands; flows per t captured        (k)
    pairs                 who can take from whom                                tuple of (k,q)
    rate                  share of the source's CO2 that can be taken           1 (k,q)
    fuel_co2              CO2 per activity of a source that burns fuel          t/MWh (q,y)
    fuel_shape            multiplies it                                         1 (q) -> (snapshots,); absent = always 1
    removal_share         share of a source's CO2 that is biogenic or air       1 (q,y)
    own_share             share of a source's CO2 that is of a carrier made in the park too, and counted as `own_fuel` says;
                          removal_share has none of it                          1 (q,carrier,y)
    own_makers            of such a carrier, True if what makes it is biogenic  (carrier)
    process_co2           CO2 of a source that is a process                     t/h (q,y)
    process_scope         scope in which that process counts                    (q)
    variable_cost         of CO2 captured                                       money/t (k,y); absent = 0
    """

    plants: tuple[str, ...]
    zone: dict[str, str]
    ports: dict[str, tuple[EquipmentPort, ...]]
    pairs: tuple[tuple[str, str], ...]
    rate: dict[tuple[str, str], float]
    fuel_co2: dict[tuple[str, int], float]
    fuel_shape: dict[str, np.ndarray]
    removal_share: dict[tuple[str, int], float]
    own_share: dict[tuple[str, str, int], float]
    own_makers: dict[str, bool]
    process_co2: dict[tuple[str, int], float]
    process_scope: dict[str, int]
    variable_cost: dict[tuple[str, int], float]

    def co2(self, q: str, y: int) -> float | np.ndarray:
        """CO2 per activity of a source that burns fuel (t/MWh), of each snapshot where the ports of its fuels have a shape."""
        return self.fuel_co2[q, y] * self.fuel_shape[q] if q in self.fuel_shape else self.fuel_co2[q, y]


def resolve_captures(case: Case, years: Sequence[int], profiles: Mapping[str, np.ndarray]) -> Captures:
    """Capture plants, and the CO2 that each of their sources gives off."""
    rows = of_role(case, "capture")
    fuel_shape: dict[str, np.ndarray] = {}
    fuel_co2, removal_share, process_co2, scope = {}, {}, {}, {}
    own_share: dict[tuple[str, str, int], float] = {}
    makers = own_fuels(case)
    technologies = {t.technology: t for t in case.technologies}
    for q in dict.fromkeys(c.source for c in case.captures):
        if q in technologies:
            fuels = _co2_of_fuels(case, technologies[q], years)
            shapes = [p.shape for p in ports_of(case, technologies[q].type_name, profiles) if p.ratio < 0 and p.carrier in fuels]
            if shapes and shapes[0] is not None:  # the same at all of its fuels, see the checks of the case
                fuel_shape[q] = shapes[0]
            for y in years:
                fuel_co2[q, y] = total = sum(co2[y] for co2, _ in fuels.values())
                biogenic = sum(co2[y] for c, (co2, is_biogenic) in fuels.items() if is_biogenic and c not in makers)
                removal_share[q, y] = biogenic / total if total else 0.0
                own_share |= {(q, c, y): co2[y] / total for c, (co2, _) in fuels.items() if c in makers and total}
        elif q == AIR:
            removal_share |= {(q, y): 1.0 for y in years}
        else:
            emitted = [e for e in case.process_emissions if e.source == q]
            scope[q] = emitted[0].scope
            for y, tonnes in over_years([(e.year, e.value * yearly_factor(e.unit, "t")) for e in emitted], years).items():
                process_co2[q, y] = tonnes / 8760
                removal_share[q, y] = 0.0
    return Captures(
        plants=tuple(r.technology for r in rows),
        zone={r.technology: r.zone for r in rows},
        ports={r.technology: ports_of(case, r.type_name) for r in rows},
        pairs=tuple((c.technology, c.source) for c in case.captures),
        rate={(c.technology, c.source): c.rate for c in case.captures},
        fuel_co2=fuel_co2,
        fuel_shape=fuel_shape,
        removal_share=removal_share,
        own_share=own_share,
        own_makers=makers,
        process_co2=process_co2,
        process_scope=scope,
        variable_cost=variable_cost_of(rows, CostTable(case.costs, years, case.park.currency), "money/t"),
    )


def own_fuels(case: Case) -> dict[str, bool]:
    """Carriers with CO2 that converters of the park make too, and True if their makers are biogenic.

    Not those that are biogenic wherever they come from: nothing of them is counted when it is bought, and all that is captured
    is a removal.
    """
    found: dict[str, bool] = {}
    bought = {s.carrier: s.supply for s in reversed(case.supplies) if s.scope == 1 and s.can_import}
    for technology in of_role(case, "converter"):
        ports = ports_of(case, technology.type_name)
        from_biomass = any(p.ratio < 0 and _is_biogenic(case, bought[p.carrier]) for p in ports if p.carrier in bought)
        for made in (p.carrier for p in ports if p.ratio > 0 and p.carrier in bought):
            found[made] = found.get(made, True) and from_biomass
    return {c: biogenic for c, biogenic in found.items() if not (biogenic and _is_biogenic(case, bought[c]))}


def _is_biogenic(case: Case, supply: str) -> bool:
    return any(f.biogenic for f in case.emission_factors if f.supply == supply)


def _co2_of_fuels(case: Case, source: Technology, years: Sequence[int]) -> dict[str, tuple[dict[int, float], bool]]:
    """CO2 per activity of each carrier that the source burns (t/MWh by year), and whether what is bought of it is biogenic."""
    found: dict[str, tuple[dict[int, float], bool]] = {}
    for port in ports_of(case, source.type_name):
        fuels = [s for s in case.supplies if s.carrier == port.carrier and s.scope == 1 and s.can_import]
        if port.ratio > 0 or not fuels:
            continue
        rows = [f for f in case.emission_factors if f.supply == fuels[0].supply]
        content = over_years([(f.year, f.value * factor(f.unit, "t/MWh")) for f in rows], years)
        found[port.carrier] = {y: -port.ratio * content[y] for y in years}, bool(rows[0].biogenic)
    return found
