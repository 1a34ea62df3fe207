"""Carbon: scopes, gross and net, where every tonne goes, and the energy that metrics are of, from flows and factors.

Captured CO2: what of each source is taken off a scope, what is a removal, and what does not count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.case import Case, StandardFactor, Supply
from models.units import yearly_factor
from planner.ledger.connections import certified, check_limits, check_supplies, credit_figures
from planner.ledger.equipment import (
    AIR,
    captured_of,
    carbon_burnt,
    check_captures,
    check_converters,
    check_links,
    check_sinks,
    check_stores,
    check_vehicles,
    electricity_made,
    fuel_of,
)
from planner.ledger.figures import ELECTRICITY, NOISE, YEARLY, Book, Figures, lines
from planner.ledger.flows import LedgerYear, check_balances, check_demands, check_places, flows_of, hours_in, hours_of


def emissions_of(year: LedgerYear, base: float) -> dict[str, float]:
    """Every figure of the year: items of emissions.csv, and those that metrics need besides."""
    found = _scopes(year) | _energy(year) | {"base": base}
    scope2 = found[f"scope2_{year.figures.park.accounting}"]
    found["gross"] = found["scope1"] + scope2 + found["scope3"]
    kinds = {name: kind for name, (kind, *_) in credit_figures(year.figures).items()}
    credits = year.said("offsets", "offset")
    found["avoidance"] = sum(v for o, v in credits.items() if kinds[o] == "avoidance")
    found["removal_credits"] = sum(v for o, v in credits.items() if kinds[o] == "removal")
    restored = year.said("restoration", "item", "project")
    inside = {p.project: bool(p.inside) for p in year.figures.case.restoration}
    counted = {p: v for (item, p), v in restored.items() if item == "counted"}
    found["restoration"] = sum(counted.values())
    found["restoration_uptake"] = sum(v for (item, _), v in restored.items() if item == "uptake")
    found["offset_volume"] = found["avoidance"] + found["removal_credits"] + sum(v for p, v in counted.items() if not inside[p])
    taken = found["avoidance"] + found["removal_credits"] + found["captured_removals"] + found["restoration"]
    found["net"] = found["gross"] - taken
    found["gross_location"] = found["scope1"] + found["scope2_location"] + found["scope3"]
    found["net_location"] = found["gross_location"] - taken
    return found


def bought(year: LedgerYear, scope: int) -> dict[str, float]:
    """Energy bought of each supply of a scope (MWh)."""
    supplies = year.figures.case.supplies
    return {s.supply: year.total("import", [s.supply]) for s in supplies if s.scope == scope and s.can_import}


def factor(year: LedgerYear, supply: str, basis: str) -> float:
    """Tonnes that a MWh of a supply counts, its profile left out."""
    return year.figures.counted_factor(supply, basis)[year.y]


def counted_imports(year: LedgerYear, supply: str, basis: str) -> float:
    """Tonnes that the imports of a supply of scope 2 count, hour by hour."""
    imports, name = year.flow("import", supply), year.figures.factor_profile(supply, basis)
    column = year.hours.columns.get(name, name)
    shape = year.hours.on_snapshots(year.figures.case.profiles[column]) if name else np.ones(year.hours.count)
    return year.hours.total(imports * shape) * factor(year, supply, basis)


def embodied(year: LedgerYear) -> dict[str, float]:
    """Tonnes embodied in the orders of the year, by what is ordered; none where the park does not count them, nor in the base year,
    which has no orders."""
    figures, found = year.figures, dict[str, float]()
    has_orders = figures.park.count_embodied and "investments" in year.tables
    for r in lines(year.tables["investments"]) if has_orders else ():
        if r.technology in figures.assets:
            tonnes = r.build * figures.cost_of_order(figures.assets[r.technology], "embodied", year.y)
            found[r.technology] = found.get(r.technology, 0.0) + tonnes
    return found


def _scopes(year: LedgerYear) -> dict[str, float]:
    figures, y = year.figures, year.y
    accounting = figures.park.accounting
    fuels = sum(energy * factor(year, s, accounting) for s, energy in bought(year, 1).items())
    process = {scope: sum(t[y] for q, t in figures.process.items() if figures.process_scope[q] == scope) for scope in (1, 3)}
    captured = captured_by_source(year)
    fossil = {scope: sum(c.off for q, c in captured.items() if figures.process_scope.get(q, 1) == scope) for scope in (1, 3)}
    energy, green = bought(year, 2), certified(year)
    return {
        "scope1": fuels + process[1] - fossil[1],
        "scope2_location": sum(counted_imports(year, s, "location") for s in energy),
        "scope2_market": sum(counted_imports(year, s, "market") - green.get(s, 0.0) * factor(year, s, "market") for s in energy),
        "scope3": process[3] - fossil[3] + sum(embodied(year).values()),
        "captured_fossil": fossil[1] + fossil[3],
        "captured_removals": sum(c.removal for c in captured.values()),
    }


def _energy(year: LedgerYear) -> dict[str, float]:
    figures = year.figures
    tce = figures.tce_of_electricity
    electric = {s.supply for s in figures.case.supplies if s.carrier == ELECTRICITY}
    green, made = electricity_made(year, green_only=True), electricity_made(year)
    exported = year.total("export", electric)
    use, clean = green * tce, (green - exported) * tce
    for s in figures.case.supplies:
        imports, exports = year.total("import", [s.supply]), year.total("export", [s.supply])
        use += (imports - exports) * (s.tce_per_mwh or 0.0)
        clean += imports * (s.green_share or 0.0) * (s.tce_per_mwh or 0.0)
    claims = certified(year)
    clear = {s.supply for s in figures.case.supplies if s.carrier == ELECTRICITY and s.green_share == 1}
    direct = {s.supply for s in figures.case.supplies if s.supply in clear and s.is_as_generated and s.direct}
    low = year.total("import", clear) + sum(v for s, v in claims.items() if s in electric - clear)
    return {
        "energy_use": use,
        "clean_energy": clean,
        "direct_green": green - exported,
        "electricity_used": year.total("import", electric) + made - exported,
        "certified": sum(claims.values()),
        "certified_electricity": sum(v for s, v in claims.items() if s in electric),
        "low_carbon": green - exported + low,
        "own_supply": green - exported + year.total("import", direct),
    }


#: Figures of rules that emissions.csv does not tell.
UNTOLD = ("offset_volume", "certified_electricity", "low_carbon", "own_supply")


def check_emissions(year: LedgerYear, found: dict[str, float]) -> None:
    """Items of emissions.csv are the ledger's own."""
    said = year.said("emissions", "item")
    scale = {"energy_use": found["energy_use"], "clean_energy": found["energy_use"]}
    used = found["electricity_used"]
    scale |= {"electricity_used": used, "direct_green": used, "certified": used}
    tonnes = max(abs(found["gross"]), found["captured_fossil"] + abs(found["scope1"]), found["restoration_uptake"])
    for item in dict.fromkeys([*said, *(i for i in found if i not in UNTOLD)]):
        year.book.equal(
            "emissions.csv", year.y, item, said.get(item, 0.0), found.get(item, 0.0), scale.get(item, tonnes), noise=_noise(year)
        )


def _noise(year: LedgerYear) -> float:
    """What a yearly sum may be off where there is next to nothing (t, tce, MWh): what the tables leave out of each flow, or what
    the solver lets pass in each hour; a fuel emits less than 1 t/MWh."""
    return max(NOISE * (1 + len(year.flows)), YEARLY)


def sources_of(year: LedgerYear) -> dict[tuple[str, str], float]:
    """(source, item) -> tonnes: emissions before capture and certificates, and what these take off, below 0."""
    figures, accounting = year.figures, year.figures.park.accounting
    found = {(s, "scope1"): energy * factor(year, s, accounting) for s, energy in bought(year, 1).items()}
    for s in bought(year, 2):
        found |= {(s, f"scope2_{basis}"): counted_imports(year, s, basis) for basis in ("location", "market")}
    claims = year.said("certificates", "certificate")
    for c, supply in {c.certificate: c.supply for c in figures.case.certificates}.items():
        if supply in bought(year, 2) and c in claims:
            found[c, "scope2_certified"] = -claims[c] * factor(year, supply, "market")
    found |= {(q, f"scope{figures.process_scope[q]}"): tonnes[year.y] for q, tonnes in figures.process.items()}
    found |= {(k, "scope3"): tonnes for k, tonnes in embodied(year).items() if tonnes}
    for q, captured in captured_by_source(year).items():
        found[q, f"scope{figures.process_scope.get(q, 1)}_captured"] = -captured.off
    return found


def check_sources(year: LedgerYear) -> None:
    """emission_sources.csv is the ledger's own; its rows of a scope add up to the item of emissions.csv."""
    said, found = year.said("emission_sources", "name", "item"), sources_of(year)
    tonnes = max((abs(v) for v in found.values()), default=0.0)
    noise = _noise(year)
    for key in dict.fromkeys([*said, *found]):
        name = " ".join(key)
        year.book.equal("emission_sources.csv", year.y, name, said.get(key, 0.0), found.get(key, 0.0), tonnes, noise)
    items = year.said("emissions", "item")
    for scope in ("scope1", "scope2_location", "scope2_market", "scope3"):
        parts = (scope, f"{scope}_captured", "scope2_certified" if scope == "scope2_market" else "")
        total = sum(v for (_, item), v in said.items() if item in parts)
        within = NOISE * (1 + len(year.flows)) * (1 + len(said))
        year.book.equal("sum of emission_sources.csv", year.y, scope, total, items.get(scope, 0.0), tonnes, within)


def check_carbon_balance(year: LedgerYear, found: dict[str, float]) -> None:
    """Every tonne that comes in (fuels, processes, air) is emitted or stored."""
    figures, accounting = year.figures, year.figures.park.accounting
    content = {s: figures.carbon_content(s, accounting) for s in bought(year, 1)}
    fuels = {s: energy * content[s][0].get(year.y, 0.0) for s, energy in bought(year, 1).items()}
    biogenic = sum(t for s, t in fuels.items() if content[s][1])
    captured = captured_by_source(year)
    of_biomass = sum(c.removal for q, c in captured.items() if q != AIR)
    air = captured[AIR].removal if AIR in captured else 0.0
    came = sum(fuels.values()) + sum(t[year.y] for t in figures.process.values()) + air
    burnt = found["scope1"] + found["scope3"] - sum(embodied(year).values())
    left = burnt + biogenic - of_biomass + sum(captured_of(year).values())
    year.book.equal("carbon that leaves, of what came (t)", year.y, "all carbon", left, came)


def check_counted(year: LedgerYear, found: dict[str, float], room: float) -> None:
    """Restoration is counted as far as the year's rules allow; `room` is what they leave outside the park (t)."""
    restored = year.said("restoration", "item", "project")
    inside = {p.project: bool(p.inside) for p in year.figures.case.restoration}
    for is_inside in (True, False):
        mine = [p for p in inside if inside[p] == is_inside]
        counted, grown = (sum(restored.get((i, p), 0.0) for p in mine) for i in ("counted", "uptake"))
        most = grown if is_inside else min(grown, max(room, 0.0))
        where = "inside" if is_inside else "outside"
        scale = 0.0 if math.isinf(room) else abs(room)
        year.book.equal("restoration that is counted (t)", year.y, where, counted, most, max(scale, found["base"] * 1e-3))


@dataclass
class Captured:
    """Tonnes captured of a source in the year: taken off its scope, and a removal."""

    off: float = 0.0
    removal: float = 0.0


def captured_by_source(year: LedgerYear) -> dict[str, Captured]:
    """Each source's tonnes: of air and of what is biogenic a removal."""
    figures, found = year.figures, dict[str, Captured]()
    for q, tonnes in captured_of(year).items():
        if q not in figures.technologies:
            found[q] = Captured(removal=tonnes) if q == AIR else Captured(off=tonnes)
            continue
        burnt = carbon_burnt(year, q)
        total = sum(burnt.values())
        of_biomass = sum(t for c, t in burnt.items() if figures.carbon_content(fuel_of(figures, c), figures.park.accounting)[1])
        share = of_biomass / total if total else 0.0
        found[q] = Captured((1 - share) * tonnes if total else 0.0, share * tonnes)
    return found


# --- standard --------------------------------------------------------------------------------------------------------------
# Factors of a standard: the figures of its rules, worked out with them.


def applies(case: Case) -> bool:
    """True if the park's standard fixes factors of its own."""
    return any(r.standard == case.park.standard for r in case.standards)


def _rows(case: Case, s: Supply) -> list[StandardFactor]:
    """The rows of a supply: of its fuel, or, unless it is all green, of its kind and carrier."""
    own = [r for r in case.standards if r.standard == case.park.standard]
    named = [r for r in own if r.fuel and r.fuel == s.fuel]
    alike = [r for r in own if not r.fuel and r.supply_kind == s.kind and r.carrier == s.carrier]
    return named or ([] if s.green_share == 1 else alike)


def _factor(figures: Figures, s: Supply, basis: str, y: int) -> float | None:
    rows = _rows(figures.case, s)
    rows = [r for r in rows if r.basis == basis] or [r for r in rows if r.basis == ""]
    return figures.series((r.year, r.factor) for r in rows if r.factor is not None).get(y)


def _tce(figures: Figures, s: Supply, y: int) -> float:
    rows = [r for r in _rows(figures.case, s) if r.tce_per_mwh is not None]
    own = s.tce_per_mwh or 0.0
    return figures.series((r.year, r.tce_per_mwh or 0.0) for r in rows).get(y, own)


def gross_of(year: LedgerYear, gross: float) -> float:
    """Gross emissions (t) with the factors of the standard, from those with the park's own."""
    figures, basis, green = year.figures, year.figures.park.accounting, certified(year)
    for scope in (1, 2):
        for name, energy in bought(year, scope).items():
            given = _factor(figures, figures.supplies[name], basis, year.y)
            if given is None:
                continue
            own = energy * factor(year, name, basis) if scope == 1 else counted_imports(year, name, basis)
            not_counted = green.get(name, 0.0) if scope == 2 and basis == "market" else 0.0
            gross += given * (energy - not_counted) - (own - not_counted * factor(year, name, basis))
    return gross


def of_standard(year: LedgerYear, found: Mapping[str, float], base: float) -> dict[str, float]:
    """The figures of the year with the factors of the standard; as they are where it fixes none."""
    if not applies(year.figures.case):
        return dict(found)
    figures, y = year.figures, year.y
    gross = gross_of(year, found["gross"])
    grids = [s for s in figures.case.supplies if s.kind == "grid" and s.carrier == ELECTRICITY]
    tce = _tce(figures, grids[0], y) if grids else 0.0
    green = electricity_made(year, green_only=True)
    use, clean = green * tce, green * tce
    for s in figures.case.supplies:
        imports, exports = year.total("import", [s.supply]), year.total("export", [s.supply])
        use += _tce(figures, s, y) * (imports - exports)
        clean += _tce(figures, s, y) * (s.green_share or 0.0) * imports
        clean -= tce * exports if s.carrier == ELECTRICITY else 0.0
    more = {"gross": gross, "net": found["net"] + gross - found["gross"], "energy_use": use, "clean_energy": clean}
    return {**found, **more, "base": base}


# --- base ------------------------------------------------------------------------------------------------------------------
# The base year: its emissions, worked out again from its operation hour by hour.

#: Tables of what no base year has, with the columns that are looked at.
NOTHING = {"certificates": ("certificate", "supply"), "offsets": ("offset", "kind"), "restoration": ("item", "project")}


def check_base(case: Case, base: float, dispatch: pd.DataFrame) -> None:
    """Base emissions (t) that a park does not state, from the dispatch of its base year: what exists, serving all demands before
    measures, with the factors of that year, without certificates, credits and land. Of a supply with a bill of that year the
    imports are then brought to what is billed, hour by hour in proportion.

    That the operation is the one of least cost is not worked out again. Raises LedgerError where anything disagrees.
    """
    y, book = case.park.base_year, Book()
    figures, hours = Figures(case, (y,)), hours_in(hours_of(case, {}), case, y)
    year = LedgerYear(
        book,
        figures,
        hours,
        y,
        {name: pd.DataFrame(columns=[*keys, "value"]) for name, keys in NOTHING.items()},
        flows=flows_of(book, hours, y, dispatch),
        capacity={k: asset.row.existing for k, asset in figures.assets.items()},
        demand={u: energy[y] for u, energy in figures.demand.items()},
    )
    for check in (
        check_places,
        check_balances,
        check_demands,
        check_converters,
        check_stores,
        check_captures,
        check_sinks,
        check_links,
        check_supplies,
        check_limits,
        check_vehicles,
    ):
        check(year)
    for s in case.supplies:
        if s.is_as_generated and s.first_year is None:
            book.at_most_hours("imports of a contract that had not begun", y, s.supply, year.flow("import", s.supply), 0.0)
    emitted = emissions_of(year, base)
    if bills := [bill for bill in case.bills if bill.year == y]:
        operated = emitted["gross"]
        book.equal("base emissions as operated (t)", y, "the park", getattr(base, "operated", None) or 0.0, operated)
        flows = dict(year.flows)
        for bill in bills:
            supply, energy = figures.supplies[bill.supply], bill.value * yearly_factor(bill.unit, "MWh")
            flow = year.flow("import", bill.supply)
            shape = flow if flow.any() else np.ones(hours.count)
            flows["import", bill.supply, supply.zone, supply.carrier] = shape * (energy / hours.total(shape))
        year = replace(year, flows=flows, read={})
        emitted = emissions_of(year, base)
    found = emitted["gross"]
    book.equal("base emissions (t)", y, "the park", base, found)
    book.equal("base emissions of the standard (t)", y, "the park", getattr(base, "standard", base), gross_of(year, found), found)
    location = sum(emitted[item] for item in ("scope1", "scope2_location", "scope3"))
    if (said := getattr(base, "location", None)) is not None:
        book.equal("base emissions by location (t)", y, "the park", said, location, found)
    book.close("base year")
