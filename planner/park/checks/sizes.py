"""Sizes that do not fit together: a peak above what can be supplied, capacities and connections far from what could ever be used,
a number that is ten times its neighbour's, signed orders above the limits. Most are slips of the pen, kW for MW."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from models.case import (
    Budget,
    Committed,
    Connection,
    Cost,
    Demand,
    EquipmentType,
    Limit,
    Link,
    Price,
    ProcessEmission,
    Row,
    Saving,
    Site,
    Supply,
    Technology,
    said_of_orders,
)
from models.inputs.capacity import asset_of, limit_of
from models.inputs.finance import CostTable, whole_years
from models.units import UnitError, factor, yearly_factor
from planner.language.language import mark
from planner.park import remarks
from planner.park.draft import Draft, energy_of, grouped, name_of
from planner.park.goal import Use
from planner.park.money import shown

# From where on a figure cannot be, or can hardly be, what was meant: where honest parks do not come near, and the slip surely is.
#: So many times what can ever be used nobody builds; kW for MW is 1000 times.
CAPACITY_TO_USE = 30.0
#: So many times what can ever be used nobody connects; a connection may be that of a district.
IMPORT_TO_USE = 100.0
#: A roof or field that takes so many times what can ever be used; m2 for ha is 10,000 times.
SITE_TO_USE = 100.0
#: Hours of all that can ever be used that a store holds: a month, a seasonal one two years. kWh for MWh is 1000 times.
STORE_HOURS, SEASONAL_HOURS = 730.0, 17_520.0
#: So small a share of what stands ready nobody uses.
USED_TO_READY = 0.003
#: The largest demand by the next: GWh for MWh, or MWh for kWh, is 1000 times, and the two are seldom alike.
DEMAND_TO_NEXT = 1000.0
#: A figure of a series that is so many times its neighbour.
JUMP = 8.0
#: A budget of a year below this share of a year's energy bill buys nothing.
BUDGET_TO_BILL = 1e-3
#: Emissions of processes of the base year by base_emissions, of which they are part; a capture plant may take some of them.
PROCESS_TO_BASE = 1.5
#: A single measure that saves so much of a demand is a large one: it costs more a MWh than what is set right by hand.
LARGE_SAVING = 0.3

#: A size: where it stands, its column, and what it is.
Size = tuple[Row, str, float | None]
#: Capacity columns of technologies.csv, links.csv and connections.csv, in the order in which one is told.
SIZES = ("existing", "max_capacity", "max_build", "min_build", "unit_size", "existing_unit")


def check_sizes(draft: Draft) -> None:
    """Warn of what does not fit together."""
    for kind in (Demand, Price, Cost):
        _check_jumps(draft, kind)
    _check_least(draft)
    _check_cheap_savings(draft)
    demands = sorted(draft.energy.values(), key=lambda pair: pair[0])
    if len(demands) > 1 and demands[-1][0] > DEMAND_TO_NEXT * demands[-2][0]:
        (next_energy, other), (energy, row) = demands[-2:]
        words = {"value": f"{row.value:g} {row.unit}", "next": f"{other.value:g} {other.unit}", "other": repr(other.demand)}
        draft.warn(row, remarks.DEMAND_APART, times=f"{energy / next_energy:,.0f}", **words)
    base, first = draft.park.base_emissions if draft.park else None, dict[str, tuple[float, ProcessEmission]]()
    for own in draft.rows(ProcessEmission):
        first.setdefault(own.source, (own.value * yearly_factor(own.unit, "t"), own))
    total = sum(tonnes for tonnes, own in first.values() if own.scope == 1)
    if base and total > PROCESS_TO_BASE * base:
        largest = max(first.values(), key=lambda pair: pair[0])[1]
        given = f"{largest.value:g} {largest.unit}"
        draft.warn(largest, remarks.PROCESS_ABOVE_BASE, value=given, total=f"{total:,.0f}", base=f"{base:,.0f}")
    if draft.is_sure(Demand) and draft.is_sure(Technology) and draft.is_sure(Supply) and draft.profiles.is_read:
        _check_places(draft)
        _check_capacities(draft)
        _check_budget(draft)


def _check_jumps(draft: Draft, kind: type[Row]) -> None:
    """A figure of the park's own that is many times the one of the year before."""
    series: dict[tuple[str, ...], list[tuple[int, float, Row]]] = defaultdict(list)
    for row in draft.rows(kind):
        year, unit, value = (getattr(row, name) for name in ("year", "unit", "value"))
        if year is not None and not row.is_of_catalogue and value > 0:
            series[(*(str(getattr(row, key)) for key in kind.key), unit)].append((year, value, row))
    for key, points in series.items():
        for (_, first, _), (_, second, row) in pairwise(sorted(points, key=lambda p: p[0])):
            if not 1 / JUMP < second / first < JUMP:
                draft.warn(row, remarks.JUMP, what=" ".join(key[:-1]), before=first)
                break


def _check_cheap_savings(draft: Draft) -> None:
    """A large saving for less money than one has ever been had for: 0.5 for 0.05."""
    for name, rows in grouped((row.measure, row) for row in draft.rows(Saving) if not row.adds).items():
        row, ratio = max(rows, key=lambda saving: saving.saving), draft.cost_of_saving(name)
        if row.saving < LARGE_SAVING or ratio <= 0 or draft.ranges.outside("savings", (), "saving", row.saving, "1", ""):
            continue
        found = draft.ranges.outside("measures", ("large",), "per_saved", ratio, f"{draft.currency}/MWh", draft.currency)
        if found is not None and found[0] < found[1].low:
            own = found[1]
            words = {"low": shown(own.low), "high": shown(own.high), "unit": f" {own.unit}", "source": own.source}
            value, share = f"{ratio:.3g} {draft.currency}", {"percent": 10 * row.saving, "share": row.saving / 10}
            draft.warn(row, remarks.CHEAP_SAVING, value=value, **share, **words)


def _check_least(draft: Draft) -> None:
    """Warn of least sizes and units that are more than may stand or be ordered, so that no order is possible."""
    sites = {site.site: site.area for site in draft.rows(Site)}
    by_year = grouped(((limit.technology, limit.item), limit.value) for limit in draft.rows(Limit))
    sized = [c for c in draft.rows(Connection) if c.type]
    rows: list[Technology | Link | Connection] = [*draft.rows(Technology), *draft.rows(Link), *sized]
    for row in rows:
        limits = [max(by_year.get((name_of(row), c), [getattr(row, c, None) or 0.0])) for c in ("max_capacity", "max_build")]
        if isinstance(row, Technology) and row.site in sites and row.area > 0:
            limits.append(sites[row.site] / row.area)
        most = min((limit for limit in limits if limit), default=math.inf)
        kind = draft.types.get(row.type_name)
        for column in ("min_build", "unit_size") if isinstance(row, Technology) else ("min_build",):
            least = said_of_orders(row, kind, column)
            if least > most * (1 + 1e-9) and draft.may_be_built(row):
                draft.warn(row, remarks.ABOVE_MOST, column=column, least=float(least), most=float(most))


# --- places ----------------------------------------------------------------------------------------------------------------


class Place:
    """A carrier in a zone [MW]: its demand by year (MW by hour), the most that can be made and bought of it, what stands ready,
    what serves it today, and what can take it, leave over a supply or link, and be drawn by vehicles at once."""

    def __init__(self) -> None:
        self.demand: dict[int, np.ndarray] = {}
        self.most = self.standing = self.today = self.takers = 0.0
        self.rows: list[Demand] = []


def _places(draft: Draft) -> dict[tuple[str, str], Place]:
    """The places by (zone, carrier)."""
    places: dict[tuple[str, str], Place] = defaultdict(Place)
    for demand in draft.rows(Demand):
        place, year, energy = places[demand.zone, demand.carrier], demand.year or 0, energy_of(demand)
        if energy is not None:
            place.rows.append(demand)
            place.demand[year] = place.demand.get(year, 0.0) + draft.load(demand, energy)
    for c in draft.charged:
        places[c.zone, c.carrier].takers += c.peak
    for supply in draft.rows(Supply):
        place = places[supply.zone, supply.carrier]
        place.takers += supply.max_export or 0.0
        if supply.can_import:
            most = np.inf if supply.max_import is None else supply.max_import
            place.most, place.today = place.most + most, place.today + most
            place.standing += supply.max_import or 0.0
    for row in draft.rows(Technology):
        _add_technology(places, row, draft)
    for link in draft.rows(Link):
        for zone in (link.from_zone, link.to_zone) if draft.can_stand(link) else ():
            place = places[zone, link.carrier]
            place.most = place.today = place.takers = np.inf
    return places


def _add_technology(places: dict[tuple[str, str], Place], row: Technology, draft: Draft) -> None:
    kind = draft.types.get(row.type_name)
    for port in draft.ports.get(row.type_name, []) if kind is not None and draft.can_stand(row) else ():
        place = places[row.zone, port.carrier]
        if kind is not None and kind.role == "store":
            power = [t for t in draft.rows(Technology) if kind.power_type and (t.type_name, t.zone) == (kind.power_type, row.zone)]
            hours = 1.0 if kind.power_type else kind.full_power_hours
            for own in power if kind.power_type else [row]:
                place.most += _most_of(own, draft) / hours
                place.today += own.existing / hours
        elif port.direction == "out":
            place.most += _most_of(row, draft) * port.ratio
            place.standing += row.existing * port.ratio
            place.today += row.existing * port.ratio
        else:
            place.takers += _most_of(row, draft) * port.ratio


def _most_of(row: Technology, draft: Draft) -> float:
    """The most that can stand of a technology at one time; infinite where nothing limits it."""
    most = np.inf if row.max_capacity is None else row.max_capacity
    for site in draft.rows(Site):
        if site.site == row.site and row.area > 0:
            most = min(most, site.area / row.area)
    return max(row.existing, most if draft.may_be_built(row) else 0.0)


def _check_places(draft: Draft) -> None:
    """Demands above what can be had, and next to nothing beside what stands ready."""
    for (zone, carrier), place in _places(draft).items():
        peak, year = max(((float(series.max()), -year) for year, series in place.demand.items()), default=(0.0, 0))
        if peak <= 0:
            continue
        where, said = place.rows[0], carrier if zone == "park" else f"{carrier} in {zone}"
        first = float(place.demand[min(place.demand)].max())
        if peak > place.most * (1 + 1e-6):
            draft.warn(where, remarks.PEAK_TOO_HIGH, carrier=said, peak=f"{peak:.4g}", year=-year, most=f"{place.most:.4g}")
        elif first > place.today * (1 + 1e-6):
            draft.warn(where, remarks.PEAK_TODAY, carrier=said, peak=f"{first:.4g}", most=f"{place.today:.4g}")
        used = float(np.mean([series.mean() for series in place.demand.values()])) + place.takers
        if used < USED_TO_READY * place.standing:
            draft.warn(where, remarks.USED_TOO_LITTLE, carrier=said, mean=f"{used:.3g}", ready=f"{place.standing:.4g}")


# --- capacities ------------------------------------------------------------------------------------------------------------


def _check_capacities(draft: Draft) -> None:
    """Warn of sizes that do not go with what can be used."""
    with_sales, own = Use(draft), Use(draft, is_sold=False)
    stated: dict[str, list[Size]] = defaultdict(list)
    for limit in draft.rows(Limit):
        stated[limit.technology].append((limit, "value", limit.value))
    for order in draft.rows(Committed):
        stated[order.technology].append((order, "build", order.build))
    on_site: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    areas = {site.site: site.area for site in draft.rows(Site)}
    for row in draft.rows(Technology):
        kind, ports = draft.types.get(row.type_name), draft.ports.get(row.type_name, [])
        if kind is None or kind.role == "capture":
            continue
        if kind.role == "store":
            use, unit = max((with_sales.of(port.carrier) for port in ports), default=0.0), "kWh"
            most = (SEASONAL_HOURS if kind.seasonal else STORE_HOURS) * use
        else:
            outs = [with_sales.of(p.carrier) / p.ratio for p in ports if p.direction == "out" and p.carrier != "co2"]
            use, unit = max(outs, default=0.0), "kW"
            most = CAPACITY_TO_USE * use
        _tell_first([*_sizes(row, SIZES), *stated[row.technology]], most, use, unit, row.technology, draft)
        if row.site in areas and row.area > 0 and kind.role == "converter":
            on_site[row.site].append((areas[row.site] / row.area, use, row.technology))
    for link in draft.rows(Link):
        use = with_sales.of(link.carrier)
        _tell_first([*_sizes(link, SIZES), *stated[link.link]], IMPORT_TO_USE * use, use, "kW", link.link, draft)
    for connection in draft.rows(Connection):
        use = own.of(connection.carrier)
        sizes = _sizes(connection, ("max_import", *SIZES))
        _tell_first(sizes, IMPORT_TO_USE * use, use, "kW", connection.connection, draft)
    for supply in draft.rows(Supply):
        use = own.of(supply.carrier) if supply.carrier != "co2" else 0.0
        _tell_first(_sizes(supply, ("max_import", "contract_max")), IMPORT_TO_USE * use, use, "kW", supply.supply, draft)
        _tell_first(_sizes(supply, ("min_year",)), 8760 * use, use, "kWh", supply.supply, draft)
    for site in draft.rows(Site):
        if on_site[site.site] and all(0 < SITE_TO_USE * use < fits for fits, use, _ in on_site[site.site]):
            fits, use, name = min(on_site[site.site])
            words = {"fits": f"{fits:.4g}", "technology": repr(name), "use": f"{use:.3g}", "smaller": site.area / 10_000}
            draft.warn(site, remarks.SITE_TOO_LARGE, **words)


def _sizes(row: Row, columns: Sequence[str]) -> list[Size]:
    return [(row, column, getattr(row, column, None)) for column in columns]


def _tell_first(sizes: Sequence[Size], most: float, use: float, unit: str, name: str, draft: Draft) -> None:
    """Tell the first size that is above `most`."""
    for row, column, value in sizes:
        if 0 < most < np.inf and value and value > most:
            words: dict[str, object] = {"column": column, "size": value, "use": f"{use:.3g}", "unit": unit, "smaller": value / 1000}
            draft.warn(row, remarks.TOO_LARGE, name=repr(name), **words)
            return


def _check_budget(draft: Draft) -> None:
    """A budget that is next to nothing beside a year's energy bill."""
    carriers = {s.supply: s.carrier for s in draft.rows(Supply)}
    prices: dict[str, float] = {}
    for price in draft.rows(Price):
        carrier = carriers.get(price.supply, "co2")
        if price.item == "energy" and carrier != "co2":
            prices[carrier] = min(prices.get(carrier, np.inf), price.value * factor(price.unit, "money/MWh", draft.currency))
    bill = sum(energy * prices.get(row.carrier, 0.0) for energy, row in draft.energy.values())
    for budget in draft.rows(Budget):
        if 0 < budget.capital < BUDGET_TO_BILL * bill:
            draft.warn(budget, remarks.TOKEN_BUDGET, bill=f"{bill:.3g}", currency=draft.currency)
            return


# --- orders ----------------------------------------------------------------------------------------------------------------


def check_orders(draft: Draft) -> None:
    """Signed orders alone keep within limit and budget; what stands by limits.csv only falls."""
    types = draft.types
    assets = {t.technology: asset_of(t, types[t.type_name]) for t in draft.rows(Technology) if t.type_name in types}
    if draft.knows_names(EquipmentType):
        assets |= {link.link: asset_of(link, types.get(link.type_name)) for link in draft.rows(Link)}
    limits, orders = grouped((limit.technology, limit) for limit in draft.rows(Limit)), draft.rows(Committed)
    own: list[Technology | Link] = [*draft.rows(Technology), *draft.rows(Link)]
    for row in own:
        if draft.is_sure(Limit, name_of(row)):
            _check_falls(row, limits.get(name_of(row), []), draft)
    is_right = not draft.faulty & {order.origin for order in orders} and all(order.technology in assets for order in orders)
    if not is_right or draft.park is None or not draft.is_sure(Committed) or not draft.is_sure(Cost):
        return
    years = range(draft.park.first_year, draft.park.last_year + 1)
    paid: dict[int, float] = defaultdict(float)
    try:
        table = CostTable(draft.rows(Cost), years, draft.currency)
        for name, rows in grouped((order.technology, order) for order in orders).items():
            asset = assets[name]
            lead, lifetime = asset.lead_time, whole_years(table.lifetime(asset.type))
            for y, most in limit_of(limits.get(name, []), "max_capacity", asset.row.max_capacity, years).items():
                works = math.fsum(o.build for o in rows if o.year + lead <= y < o.year + lead + lifetime)
                if works > most * (1 + 1e-9):
                    words = mark("{technology}: its signed orders come to {works} in {y}, above max_capacity {most}")
                    draft.fault(rows[-1], words, works=works, y=y, most=most)
                    break
            capital = table.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
            for o in rows:
                paid[o.year] += o.build * (capital.get(o.year, 0.0) if o.capital_cost is None else o.capital_cost)
    except UnitError:  # told where units are checked
        return
    for budget in draft.rows(Budget):
        if budget.year in years and paid[budget.year] > budget.capital * (1 + 1e-9):
            words = mark("capital = {capital}: is below the {paid} that signed orders of that year cost")
            draft.fault(budget, words, paid=f"{paid[budget.year]:,.0f}")


def _check_falls(row: Technology | Link, limits: list[Limit], draft: Draft) -> None:
    """What stands may only fall, by whole units where it stands in units."""
    kind = draft.types.get(row.type_name)
    unit = said_of_orders(row, kind, "existing_unit") if kind or row.existing_unit is not None else 0.0
    before = row.existing
    for limit in sorted((x for x in limits if x.item == "existing"), key=lambda x: x.year or 0):
        fallen = before - limit.value
        if fallen < 0:
            draft.fault(limit, "value = {value}: is above the {before} that stood before; existing may only fall", before=before)
        elif unit and limit.value > 0 and abs(fallen / unit - round(fallen / unit)) > 1e-6:
            words = mark("value = {value}: is {fallen} below {before}, no whole number of units of {unit} (existing_unit)")
            draft.fault(limit, words, fallen=fallen, before=before, unit=float(unit))
        before = limit.value
