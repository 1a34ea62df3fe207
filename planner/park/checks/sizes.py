"""Figures that do not fit together: a peak above what can be supplied, a roof smaller than what stands on it, a tariff row that
no hour reaches, a number that is ten times its neighbour's. Each is a slip of the pen far more often than it is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from models.case import (
    TABLES,
    WHOLE_PARK,
    Budget,
    Committed,
    Cost,
    Demand,
    EmissionFactor,
    Origin,
    Port,
    Price,
    ProcessEmission,
    Row,
    Saving,
    Supply,
    TariffRow,
    Technology,
)
from models.case.technology import MAY_BE_NEGATIVE
from models.inputs.boundary import ranges
from models.units import UnitError, factor, yearly_factor
from planner.language.message import Message
from planner.park import remarks
from planner.park.checks.measures import costs_of_saving, places_of
from planner.park.checks.technologies import check_capacities, check_least_builds
from planner.park.draft import Draft
from planner.park.fields import FieldColumn, columns_of
from planner.park.money import shown

# From where on a figure cannot be, or can hardly be, what was meant: where honest parks do not come near, and the slip surely is.
#: So small a share of what stands ready nobody uses.
USED_TO_READY = 0.003
#: The largest demand by the next: GWh for MWh, or MWh for kWh, is 1000 times, and the two are seldom alike.
DEMAND_TO_NEXT = 1000.0
#: A price of energy by another of the same carrier; money/kWh for money/MWh is 1000 times.
PRICE_TO_PRICE = 100.0
#: A figure of a series that is so many times its neighbour.
JUMP = 8.0
#: A budget of a year below this share of a year's energy bill buys nothing.
BUDGET_TO_BILL = 1e-3
#: Emissions of processes of the base year by base_emissions, of which they are part; a capture plant may take some of them.
PROCESS_TO_BASE = 1.5
#: GJ in a MWh.
GJ = 3.6


def check_sizes(draft: Draft) -> None:
    """Warn of what does not fit together."""
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
            draft.warn(row, remarks.NO_HOUR)
        elif other is not None:
            words = remarks.HIDDEN_WHOLLY if is_hidden else remarks.HIDDEN
            draft.warn(row, words, line=by, other=other.factor)
        before.append((row, stated, open_hours))


def _check_jumps(draft: Draft, kind: type[Row]) -> None:
    """A figure of the park's own that is many times the one of the year before."""
    series: dict[tuple[str, ...], list[tuple[int, float, Row]]] = defaultdict(list)
    for row in draft.rows(kind):
        year, unit, value = (getattr(row, name) for name in ("year", "unit", "value"))
        if year is not None and row.origin is not None and not row.origin.catalogue and value > 0:
            series[(*(str(getattr(row, key)) for key in kind.key), unit)].append((year, value, row))
    for key, points in series.items():
        for (_, first, _), (_, second, row) in pairwise(sorted(points, key=lambda p: p[0])):
            if not 1 / JUMP < second / first < JUMP:
                draft.warn(row, remarks.JUMP, what=" ".join(key[:-1]), before=first)
                break


def _check_demands(draft: Draft) -> None:
    """A demand a thousand times the next largest, of the figures that are stated first."""
    if len(draft.energy) < 2:
        return
    (next_energy, other), (energy, row) = sorted(draft.energy.values(), key=lambda pair: pair[0])[-2:]
    if energy > DEMAND_TO_NEXT * next_energy:
        words = {"value": f"{row.value:g} {row.unit}", "next": f"{other.value:g} {other.unit}", "other": repr(other.demand)}
        draft.warn(row, remarks.DEMAND_APART, times=f"{energy / next_energy:,.0f}", **words)


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
            words = {"value": f"{later.value:g} {later.unit}", "price": f"{other.value:g} {other.unit}"}
            draft.warn(later, remarks.PRICE_APART, other=repr(other.supply), times=f"{high / low:,.0f}", carrier=carrier, **words)


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
        given = f"{largest.value:g} {largest.unit}"
        draft.warn(largest, remarks.PROCESS_ABOVE_BASE, value=given, total=f"{total:,.0f}", base=f"{base:,.0f}")


def _check_places(draft: Draft) -> None:
    places = places_of(draft)
    for (zone, carrier), place in places.items():
        peak, year = place.peak
        if not place.rows or peak <= 0:
            continue
        where = place.rows[0]
        said = carrier if zone == "park" else f"{carrier} in {zone}"
        if peak > place.most * (1 + 1e-6):
            draft.warn(where, remarks.PEAK_TOO_HIGH, carrier=said, peak=f"{peak:.4g}", year=-year, most=f"{place.most:.4g}")
        elif (first := float(place.demand[min(place.demand)].max())) > place.today * (1 + 1e-6):
            draft.warn(where, remarks.PEAK_TODAY, carrier=said, peak=f"{first:.4g}", most=f"{place.today:.4g}")
        mean = float(np.mean([series.mean() for series in place.demand.values()]))
        used = mean + place.takers + place.charged + place.out + place.linked
        if used < USED_TO_READY * place.standing:
            draft.warn(where, remarks.USED_TOO_LITTLE, carrier=said, mean=f"{used:.3g}", ready=f"{place.standing:.4g}")
    check_capacities(draft)


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
    bill = sum(energy * prices.get(row.carrier, 0.0) for energy, row in draft.energy.values())
    for budget in draft.rows(Budget):
        if 0 < budget.capital < BUDGET_TO_BILL * bill:
            draft.warn(budget, remarks.TOKEN_BUDGET, bill=f"{bill:.3g}", currency=draft.currency)
            return


# --- plausible -------------------------------------------------------------------------------------------------------------
# Figures outside of what they usually are: each figure that the park itself states, against the ranges of the catalogue.

#: A figure: where it stands, table, names to look under, parameter, value, unit, what it is called.
Figure = tuple[Row | Origin | str, str, Sequence[str], str, float, str, str]


#: So many names are said in full.
MOST_NAMES = 3


def check_plausible(draft: Draft) -> None:
    """Warn of each figure of the park that lies outside its range, once a series; and once of all that is built for nothing."""
    _check_free(draft)
    said = set()
    for where, table, names, parameter, value, unit, what in _figures(draft):
        origin = where.origin if isinstance(where, Row) else where
        if origin is None or (isinstance(origin, Origin) and origin.catalogue):
            continue
        found = draft.ranges.outside(table, names, parameter, value, unit, draft.currency)
        series = (origin.file if isinstance(origin, Origin) else origin, table, tuple(names), parameter)
        if found is None or series in said:
            continue
        said.add(series)
        converted, own = found
        given = f"{value:g} {unit}".rstrip("1").rstrip()
        also = f" ({converted:.4g} {own.unit})" if own.unit not in (unit, "1") and f"{converted:.6g}" != f"{value:.6g}" else ""
        remark, meant = remarks.BELOW_USUAL if converted < own.low else remarks.ABOVE_USUAL, {}
        is_fuel = (table, parameter) == ("prices", "energy") and names[-1] != "electricity"
        if is_fuel and converted < own.low <= converted * GJ <= own.high:
            remark, meant = remarks.PER_GJ, {"meant": f"{draft.currency}/GJ"}
        if own.unit in ("1", "1/h") and 1 < converted <= 100 * own.high and own.low <= converted / 100:
            remark, meant = remarks.PERCENT, {"meant": f"{converted / 100:g}"}
        words = {"low": shown(own.low), "high": shown(own.high), "unit": "" if own.unit == "1" else f" {own.unit}", **meant}
        draft.warn(origin, remark, what=what, value=f"{given}{also}", source=own.source, **words)


def _check_free(draft: Draft) -> None:
    """A capital cost of 0 is allowed: what is paid otherwise, or is no matter of money, has none."""
    free = [cost for cost in draft.rows(Cost) if cost.parameter == "capital_cost" and cost.value == 0]
    own = [cost for cost in free if cost.origin is not None and not cost.origin.catalogue]
    names = list(dict.fromkeys(cost.type for cost in own))
    if names:
        shown = ", ".join(repr(name) for name in names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
        draft.warn(own[0], remarks.FREE, names=shown, count=len(names))


def _figures(draft: Draft) -> Iterator[Figure]:
    yield from _declared(draft)
    yield from _costs(draft)
    yield from _signed(draft)
    carriers = {supply.supply: supply.carrier for supply in draft.rows(Supply)}
    fuels = {supply.supply: supply.fuel for supply in draft.rows(Supply)}
    for price in draft.rows(Price):
        carrier = carriers.get(price.supply, "")
        names: tuple[str, ...] = (f"{carrier} {draft.currency}", carrier)
        value = price.value
        if draft.ranges.outside("prices", names, price.item, value, price.unit, draft.currency):
            value *= draft.profiles.mean(price.profile)  # a profile may hold the money, and the value be 1
            names = (fuels.get(price.supply, ""), *names)  # waste heat of any level may be had for nothing
        yield price, "prices", names, price.item, value, price.unit, f"{price.supply} {price.item}"
    for row in draft.rows(EmissionFactor):
        if row.value:
            what = Message("{supply} emission factor", supply=row.supply)
            yield row, "emission_factors", (carriers.get(row.supply, ""),), "value", row.value, row.unit, what
    for measure, ratio in costs_of_saving(draft):
        what = Message("{measure} capital_cost by what it saves in a year", measure=measure.measure)
        yield measure, "measures", (), "per_saved", ratio, f"{draft.currency}/MWh", what
    yield from _equipment(draft)
    yield from _of_park(draft)


def _declared(draft: Draft) -> Iterator[Figure]:
    """Columns of a fixed unit that ranges.csv has a range of; what is left blank or is 0 says nothing."""
    for table, parameter in dict.fromkeys((table, parameter) for table, _, parameter in draft.ranges.rows):
        column = columns_of(TABLES[table]).get(parameter) if table in TABLES else None
        for row in draft.valid[table] if column is not None and column.unit else ():
            value = getattr(row, parameter)
            if value and column and not (isinstance(row, Saving) and row.adds):
                name = getattr(row, row.key[0] if row.key else row.columns()[0])
                yield row, table, (getattr(row, "type_name", ""),), parameter, value, _unit(column, draft), f"{name} {parameter}"


def _unit(column: FieldColumn, draft: Draft) -> str:
    return column.unit.replace("money", draft.currency or "money").replace("capacity", "MW")


def _costs(draft: Draft) -> Iterator[Figure]:
    for cost in draft.rows(Cost):
        kind = draft.types.get(cost.type)
        names = (cost.type, kind.role) if kind else (cost.type,)
        is_paid_to_the_park = cost.value < 0 and cost.parameter in MAY_BE_NEGATIVE
        if cost.type != WHOLE_PARK and not is_paid_to_the_park and (cost.value or cost.parameter == "lifetime"):
            yield cost, "costs", names, cost.parameter, cost.value, cost.unit or "1", f"{cost.type} {cost.parameter}"


def _signed(draft: Draft) -> Iterator[Figure]:
    """What is paid for signed orders, as the capital cost of their types."""
    types = {row.technology: row.type_name for row in draft.rows(Technology)}
    for order in draft.rows(Committed):
        kind = draft.types.get(types.get(order.technology, ""))
        if kind is not None and order.capital_cost:
            per = {"converter": "MW", "store": "MWh", "capture": "(t/h)", "charger": "MW"}[kind.role]
            names, what = (kind.type, kind.role), Message("{technology} capital_cost", technology=order.technology)
            yield order, "costs", names, "capital_cost", order.capital_cost, f"{draft.currency}/{per}", what


def _equipment(draft: Draft) -> Iterator[Figure]:
    """Weather of technologies, and what comes out of a type by what goes in."""
    for row in draft.rows(Technology):
        for column in draft.columns_of(row.profile) if row.profile else ():
            series = draft.profiles.series.get(column)
            if series is None or not len(series):
                continue
            what = Message("{technology} mean of profile {profile}", technology=row.technology, profile=column)
            yield row, "technologies", (row.type_name,), "mean_availability", float(series.mean()), "1", what
    for kind, ports in draft.ports.items():
        if draft.types.get(kind) is None or draft.types[kind].role != "converter":
            continue
        efficiency = _efficiency(ports)
        if efficiency is not None:
            takes = max((p for p in ports if p.direction == "in"), key=lambda p: p.ratio).carrier
            yield ports[0], "ports", (takes,), "efficiency", efficiency, "MWh/MWh", Message("{type} efficiency", type=kind)


def _of_park(draft: Draft) -> Iterator[Figure]:
    """Figures of park.toml, of [finance], its owners and what it says by name; what is left blank or is 0 says nothing."""
    park = draft.park
    if park is None:
        return
    yield draft.where("discount_rate"), "park", (), "discount_rate", park.discount_rate, "1/year", "discount_rate"
    total = sum(energy for energy, _ in draft.energy.values())
    if park.base_emissions and total > 0:
        what, ratio = Message("base_emissions by the energy of all demands"), park.base_emissions / total
        yield draft.where("base_emissions"), "park", (), "emissions_per_energy", ratio, "t/MWh", what
    owners = park.finance.owners if park.finance else {}
    for within, terms in [((), park.finance), *((("owners", name), terms) for name, terms in owners.items())]:
        for name, column in columns_of(type(terms)).items() if terms else ():
            value, table = getattr(terms, name), ("finance", *within)
            for key, number in value.items() if isinstance(value, dict) and name != "owners" else ():
                where = draft.where(key, (*table, name))
                yield where, "finance", (), name, number, "year" if name == "depreciation" else "1", f"finance.{name}.{key}"
            if isinstance(value, float | int) and value:
                yield draft.where(name, table), "finance", within[1:], name, value, _unit(column, draft), ".".join((*table, name))


def _efficiency(ports: list[Port]) -> float | None:
    """Energy out by energy in; None without ports in."""
    taken = sum(p.ratio for p in ports if p.direction == "in" and p.carrier != "co2")
    given = sum(p.ratio for p in ports if p.direction == "out" and p.carrier != "co2")
    return given / taken if taken > 0 and given > 0 else None
