"""Figures that do not fit together: a peak above what can be supplied, a roof smaller than what stands on it, a tariff row that
no hour reaches, a number that is ten times its neighbour's. Each is a slip of the pen far more often than it is meant."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np

from models.case import Budget, Cost, Demand, Price, ProcessEmission, Row, Site, Supply, TariffRow, Technology
from models.inputs.tariff import ranges
from models.units import UnitError, factor, yearly_factor
from planner.park import remarks
from planner.park.checks.capacities import check_capacities, check_least_builds
from planner.park.checks.places import energy_of, places_of
from planner.park.checks.thresholds import (
    BUDGET_TO_BILL,
    DEMAND_TO_NEXT,
    JUMP,
    PRICE_TO_PRICE,
    PROCESS_TO_BASE,
    SITE_TAKEN,
    USED_TO_READY,
)
from planner.park.draft import Draft


def check_sizes(draft: Draft) -> None:
    """Warn of what does not fit together."""
    _check_sites(draft)
    _check_limits_of_sites(draft)
    _check_tariff(draft)
    for kind in (Demand, Price, Cost):
        _check_jumps(draft, kind)
    check_least_builds(draft)
    _check_demands(draft)
    _check_prices(draft)
    _check_processes(draft)
    if draft.is_sure(Demand) and draft.is_sure(Technology) and draft.is_sure(Supply) and draft.profiles.is_read:
        _check_places(draft)
        _check_budget(draft)


def _check_sites(draft: Draft) -> None:
    taken: dict[str, float] = defaultdict(float)
    for row in draft.rows(Technology):
        if row.site:
            taken[row.site] += row.area * row.existing
    for site in draft.rows(Site):
        if taken[site.site] > site.area * (1 + 1e-9):
            draft.warn(
                site.origin, remarks.SITE_TOO_SMALL, site=repr(site.site), area=f"{site.area:g}", taken=f"{taken[site.site]:g}"
            )


def _check_limits_of_sites(draft: Draft) -> None:
    """A site of which its technologies, all with a limit of their own, can take about half only."""
    for site in draft.rows(Site):
        rows = [row for row in draft.rows(Technology) if row.site == site.site and row.area > 0]
        limits = [row.max_capacity for row in rows]
        if rows and all(limit is not None for limit in limits):
            taken = sum(row.area * (limit or 0.0) for row, limit in zip(rows, limits, strict=True))
            if 0 < taken <= SITE_TAKEN * site.area:
                draft.warn(site.origin, remarks.SITE_HALF_TAKEN, site=repr(site.site), area=f"{site.area:g}", taken=f"{taken:.4g}")


def _check_tariff(draft: Draft) -> None:
    """Rows of a tariff whose hours are all those of rows before, and rows of which a row before takes some hours, at another
    factor, though it is not the more special of the two."""
    above: dict[tuple[str, str], list[tuple[TariffRow, np.ndarray, np.ndarray]]] = defaultdict(list)
    for row in draft.rows(TariffRow):
        try:
            months, hours = ranges(row.months, 1, 12), ranges(row.hours, 0, 23)
        except ValueError:
            continue
        days = {"weekday": [0], "weekend": [1]}.get(row.days, [0, 1])
        stated = np.zeros((12, 2, 24), dtype=bool)
        stated[np.ix_([m - 1 for m in sorted(months)], days, sorted(hours))] = True
        before, open_hours = above[row.supply, row.item], stated.copy()
        for _, _, taken in before:
            open_hours &= ~taken
        others = (o for o in before if o[0].factor != row.factor and (o[2] & stated).any() and (o[1] & ~stated).any())
        other, whole, _ = next(others, (None, stated, stated))
        is_hidden, by = not open_hours.any(), other.origin.line if other is not None and other.origin is not None else 0
        if is_hidden and (other is None or (stated & ~whole).any()):
            draft.warn(row.origin, remarks.NO_HOUR, factor=f"{row.factor:g}")
        elif other is not None:
            words = remarks.HIDDEN_WHOLLY if is_hidden else remarks.HIDDEN
            draft.warn(row.origin, words, factor=f"{row.factor:g}", line=by, other=f"{other.factor:g}")
        before.append((row, stated, open_hours))


def _check_jumps(draft: Draft, kind: type[Row]) -> None:
    """A figure of the park's own that is many times the one of the year before."""
    series: dict[tuple[str, ...], list[tuple[int, float, Row]]] = defaultdict(list)
    for row in draft.rows(kind):
        year, unit, value = (getattr(row, name) for name in ("year", "unit", "value"))
        if year is not None and row.origin is not None and not row.origin.catalogue and value > 0:
            series[(*(str(getattr(row, key)) for key in kind.key), unit)].append((year, value, row))
    for key, points in series.items():
        for (_, first, _), (year, second, row) in pairwise(sorted(points, key=lambda p: p[0])):
            if not 1 / JUMP < second / first < JUMP:
                draft.warn(row.origin, remarks.JUMP, what=" ".join(key[:-1]), value=f"{second:g}", year=year, before=f"{first:g}")
                break


def _check_demands(draft: Draft) -> None:
    """A demand a thousand times the next largest, of the figures that are stated first."""
    first: dict[str, tuple[float, Demand]] = {}
    for row in draft.rows(Demand):
        energy = energy_of(row)
        if energy:
            first.setdefault(row.demand, (energy, row))
    if len(first) < 2:
        return
    (next_energy, other), (energy, row) = sorted(first.values(), key=lambda pair: pair[0])[-2:]
    if energy > DEMAND_TO_NEXT * next_energy:
        draft.warn(
            row.origin,
            remarks.DEMAND_APART,
            value=f"{row.value:g} {row.unit}",
            demand=repr(row.demand),
            times=f"{energy / next_energy:,.0f}",
            other=repr(other.demand),
            next=f"{other.value:g} {other.unit}",
        )


def _check_prices(draft: Draft) -> None:
    """A price of energy many times another of the same carrier, of the park's own that are stated first."""
    carriers = {supply.supply: supply.carrier for supply in draft.rows(Supply)}
    first: dict[str, dict[str, tuple[float, Price]]] = defaultdict(dict)
    for row in draft.rows(Price):
        carrier = carriers.get(row.supply)
        if row.item != "energy" or carrier in (None, "co2") or row.value <= 0 or row.origin is None or row.origin.catalogue:
            continue
        try:
            value = row.value * factor(row.unit, "money/MWh", draft.currency) * draft.profiles.mean(row.profile)
        except UnitError:
            continue
        if value <= 0:
            continue
        first[carrier].setdefault(row.supply, (value, row))
    for carrier, prices in first.items():
        (low, cheap), (high, dear) = (end(prices.values(), key=lambda pair: pair[0]) for end in (min, max))
        if high > PRICE_TO_PRICE * low:
            later = max(cheap, dear, key=lambda row: row.origin.line if row.origin else 0)
            other = cheap if later is dear else dear
            draft.warn(
                later.origin,
                remarks.PRICE_APART,
                value=f"{later.value:g} {later.unit}",
                supply=repr(later.supply),
                other=repr(other.supply),
                price=f"{other.value:g} {other.unit}",
                times=f"{high / low:,.0f}",
                carrier=carrier,
            )


def _check_processes(draft: Draft) -> None:
    """Emissions of processes that are more than the base emissions, of which they are part."""
    base = draft.park.base_emissions if draft.park else None
    if not base:
        return
    first: dict[str, tuple[float, ProcessEmission]] = {}
    for row in draft.rows(ProcessEmission):
        try:
            first.setdefault(row.source, (row.value * yearly_factor(row.unit, "t"), row))
        except UnitError:
            return
    total = sum(tonnes for tonnes, row in first.values() if row.scope == 1)
    if total > PROCESS_TO_BASE * base:
        largest = max(first.values(), key=lambda pair: pair[0])[1]
        draft.warn(
            largest.origin,
            remarks.PROCESS_ABOVE_BASE,
            value=f"{largest.value:g} {largest.unit}",
            total=f"{total:,.0f}",
            base=f"{base:,.0f}",
        )


def _check_places(draft: Draft) -> None:
    places = places_of(draft)
    for (zone, carrier), place in places.items():
        peak, year = place.peak
        if not place.rows or peak <= 0:
            continue
        where = place.rows[0].origin
        said = carrier if zone == "park" else f"{carrier} in {zone}"
        if peak > place.most * (1 + 1e-6):
            draft.warn(where, remarks.PEAK_TOO_HIGH, carrier=said, peak=f"{peak:.4g}", year=-year, most=f"{place.most:.4g}")
        elif (first := float(place.demand[min(place.demand)].max())) > place.today * (1 + 1e-6):
            draft.warn(where, remarks.PEAK_TODAY, carrier=said, peak=f"{first:.4g}", most=f"{place.today:.4g}")
        mean = float(np.mean([series.mean() for series in place.demand.values()]))
        used = mean + place.takers + place.charged + place.out + place.linked
        if used < USED_TO_READY * place.standing:
            draft.warn(where, remarks.USED_TOO_LITTLE, carrier=said, mean=f"{used:.3g}", ready=f"{place.standing:.4g}")
    check_capacities(draft, places)


def _check_budget(draft: Draft) -> None:
    """A budget that is next to nothing beside a year's energy bill."""
    carriers = {s.supply: s.carrier for s in draft.rows(Supply)}
    prices: dict[str, float] = {}
    for price in draft.rows(Price):
        if price.item == "energy" and carriers.get(price.supply, "co2") != "co2" and draft.currency:
            try:
                value = price.value * factor(price.unit, "money/MWh", draft.currency)
            except UnitError:
                return
            carrier = carriers[price.supply]
            prices[carrier] = min(prices.get(carrier, np.inf), value)
    energy: dict[str, tuple[str, float]] = {}
    for demand in draft.rows(Demand):
        try:
            energy.setdefault(demand.demand, (demand.carrier, demand.value * yearly_factor(demand.unit, "MWh")))
        except UnitError:
            return
    bill = sum(amount * prices.get(carrier, 0.0) for carrier, amount in energy.values())
    for row in draft.rows(Budget):
        if 0 < row.capital < BUDGET_TO_BILL * bill:
            draft.warn(row.origin, remarks.TOKEN_BUDGET, capital=f"{row.capital:g}", bill=f"{bill:.3g}", currency=draft.currency)
            return
