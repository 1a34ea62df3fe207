r"""Prices, tariffs and bills that do not fit together: rows of a tariff that no hour reaches, prices at which buying to sell would
pay, and bills against what the park states.

.. math::
    Q_c = \sum_d D_d + \sum_{c'} Q_{c'} / \eta_{c c'} - G_c \qquad
    C = Q\, p\, \frac{\sum_t l_t f_t}{\sum_t l_t} + k \sum_m \max_{t \in m} l_t \frac{Q}{\sum_t l_t} + F

D  demands of a carrier in the base year  MWh      η  of the one kind of plant that makes c' of c  MWh/MWh  G  own generation  MWh
l  load of the carrier's demands          MW (t)   f  factor of the tariff  1 (t)    p  price of energy  money/MWh
k  demand charge  money/MW/month                    F  fixed prices  money

Where several kinds of plants or supplies serve a carrier nothing is compared: only the operation knows which of them did
(`plan check --baseline`). The hours of a profile of some days are those of every day of the year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from models.case import Bill, Demand, Price, Supply, TariffRow, Technology
from models.inputs.boundary import ranges
from models.inputs.calendar import months_of_hours
from models.inputs.finance import over_years
from models.units import UnitError, factor, yearly_factor
from planner.language.message import Message
from planner.park import remarks
from planner.park.draft import HOURS, Draft, energy_of, grouped

# From where on a figure cannot be, or can hardly be, what was meant: where honest parks do not come near, and the slip surely is.
#: A price of energy by another of the same carrier; money/kWh for money/MWh is 1000 times.
PRICE_TO_PRICE = 100.0
#: Energy of a bill may be so far from the demands, plants as the catalogue has them; gross for net calorific value is a tenth.
BILL_ENERGY = 0.08
#: Money of a bill by prices, tariff and charges: the load of a demand is not that of the meter. VAT is 6 to 22 %.
BILL_MONEY = 0.07
#: A ratio is the mark of a slip where it is so near to it.
LIKE_A_SLIP = 0.015
#: Gross by net calorific value, of natural gas.
GROSS_TO_NET = 1.108
#: Rates of VAT: China 13, 9; elsewhere Germany 19, France and Britain 20, Spain 21, Italy 22, Poland 23, Sweden 25.
VAT_RATES = {"CNY": (0.13, 0.09), "": (0.19, 0.20, 0.21, 0.22, 0.23, 0.25)}
FUELS = ("gas", "biogas", "lpg", "hydrogen", "diesel", "coal", "biomass")
#: Steps from a demand back to what is bought: heat, its boiler's steam, the steam's gas.
STEPS = 4


def check_prices(draft: Draft) -> None:
    """Warn of rows of a tariff without an hour, of prices far apart, and of those at which buying to sell would pay."""
    _check_hidden(draft)
    carriers = {supply.supply: supply.carrier for supply in draft.rows(Supply)}
    first: dict[str, dict[str, tuple[float, Price]]] = {"energy": {}, "export": {}}
    for row in draft.rows(Price):
        value = _per_mwh(row, draft) if row.item in first else None
        if value is not None:
            first[row.item].setdefault(row.supply, (value, row))
    own = {name: pair for name, pair in first["energy"].items() if pair[0] > 0 and not pair[1].is_of_catalogue}
    for carrier, pairs in grouped((carriers.get(name, "co2"), pair) for name, pair in own.items()).items():
        (low, cheap), (high, dear) = (end(pairs, key=lambda pair: pair[0]) for end in (min, max))
        if high > PRICE_TO_PRICE * low and carrier != "co2":
            other, later = sorted((cheap, dear), key=lambda row: row.origin.line if row.origin else 0)
            words = {"value": f"{later.value:g} {later.unit}", "price": f"{other.value:g} {other.unit}"}
            draft.warn(later, remarks.PRICE_APART, other=repr(other.supply), times=f"{high / low:,.0f}", carrier=carrier, **words)
    swapped = set()
    for supply, (value, row) in first["export"].items():
        paid, other = first["energy"].get(supply, (0.0, row))
        if value > paid > 0:
            swapped.add(supply)
            draft.warn(row, remarks.SWAPPED, value=f"{row.value:g} {row.unit}", energy=f"{other.value:g} {other.unit}")
    _check_arbitrage(swapped, draft)


def _per_mwh(row: Price, draft: Draft) -> float | None:
    """The price of a MWh, with the mean of its profile; None where its unit is of none."""
    try:
        return row.value * factor(row.unit, "money/MWh", draft.currency) * draft.profiles.mean(row.profile)
    except UnitError:
        return None


def _check_hidden(draft: Draft) -> None:
    """Rows of a tariff whose hours are all those of rows before, and rows of which a row before takes some hours, at another
    factor, though it is not the more special of the two."""
    above: dict[tuple[str, str], list[tuple[TariffRow, np.ndarray, np.ndarray]]] = defaultdict(list)
    for row in draft.rows(TariffRow):
        months, hours = ranges(row.months, 1, 12), ranges(row.hours, 0, 23)
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
            draft.warn(row, remarks.HIDDEN_WHOLLY if is_hidden else remarks.HIDDEN, line=by, other=other.factor)
        before.append((row, stated, open_hours))


def _check_arbitrage(swapped: set[str], draft: Draft) -> None:
    """An export price above the cheapest import price of the same carrier in the same zone, in some hour of some year."""
    assert draft.park is not None
    years = range(draft.park.first_year, draft.park.last_year + 1)
    for here in grouped(((supply.carrier, supply.zone), supply) for supply in draft.rows(Supply)).values():
        selling = [s for s in here if s.can_export and s.supply not in swapped]
        paid = [(s, _hourly(s, "energy", years, draft)) for s in here if s.can_import] if selling else []
        for out in selling if paid else ():
            received = _hourly(out, "export", years, draft)
            found = next(
                (
                    (y, other, price[t], own[y][t])
                    for y, price in received.items()
                    for other, own in paid
                    if y in own and (price > own[y] + 1e-9).any()
                    for t in [int(np.argmax(price - own[y]))]
                ),
                None,
            )
            if found is not None:
                year, other, price, cheapest = found
                words = {"price": float(price), "cheapest": float(cheapest), "year": year, "currency": draft.currency}
                draft.warn(out, remarks.BUY_TO_SELL, other=repr(other.supply), **words)


def _hourly(supply: Supply, item: str, years: range, draft: Draft) -> dict[int, np.ndarray]:
    """The price in each hour of the years in which the supply is offered; none where a unit cannot be read."""
    rows = [price for price in draft.rows(Price) if (price.supply, price.item) == (supply.supply, item)]
    price = _over(rows, "money/t" if supply.carrier == "co2" else "money/MWh", years, draft)
    factors = draft.tariff(supply.supply, item, draft.profiles.hours if any(p.profile for p in draft.rows(Price)) else HOURS)
    found = {}
    for y in (y for y in price if supply.is_offered(y)):
        found[y] = price[y] * factors
        for column in {draft.column(row.profile, y) for row in rows if row.profile} & set(draft.profiles.series):
            found[y] = found[y] * draft.profiles.series[column]
    return found


def _over(rows: Sequence[Price], to: str, years: Sequence[int], draft: Draft) -> dict[int, float]:
    """A price in each year; none without rows, or where a unit cannot be read."""
    try:
        points = [(p.year, p.value * factor(p.unit, to, draft.currency)) for p in rows]
    except UnitError:
        return {}
    return over_years(points, years) if points else {}


# --- bills -----------------------------------------------------------------------------------------------------------------


def check_billed(draft: Draft) -> None:
    """Warn of bills of the base year that do not go with demands, or with prices."""
    park = draft.park
    bills = [b for b in draft.rows(Bill) if park is not None and b.year == park.base_year]
    if park is None or not bills or not (draft.is_sure(Demand) and draft.is_sure(Technology) and draft.is_sure(Supply)):
        return
    energy = _needed(draft, park.base_year)
    supplies = {s.supply: s for s in draft.rows(Supply)}
    for bill in bills:
        supply = supplies.get(bill.supply)
        rivals = [
            s for s in supplies.values() if supply and s.carrier == supply.carrier and s.can_import and s.is_offered(bill.year)
        ]
        try:
            billed = bill.value * yearly_factor(bill.unit, "MWh")
        except UnitError:
            continue
        if supply is None or len(rivals) != 1 or billed <= 0:
            continue
        needed = energy.get(supply.carrier)
        if needed is not None and abs((ratio := max(needed, 0.0) / billed) - 1) > BILL_ENERGY:
            values: dict[str, object] = {"billed": f"{billed:,.0f}", "needed": f"{needed:,.0f}", "ratio": f"{ratio:.3g}"}
            hint = _hint(ratio, supply.carrier)
            draft.warn(bill, remarks.BILL_SLIP if hint else remarks.BILL_APART, **values, **({"hint": hint} if hint else {}))
        expected = _expected_cost(supply, billed, bill.year, draft) if bill.cost else 0.0
        if bill.cost and expected and abs((ratio := bill.cost / expected) - 1) > BILL_MONEY:
            values = {"cost": f"{bill.cost:,.0f}", "expected": f"{expected:,.0f}", "ratio": f"{ratio:.3g}"}
            hint = _hint_of_money(ratio, supply.carrier, draft.currency)
            remark = remarks.COST_SLIP if hint else remarks.COST_APART
            draft.warn(bill, remark, currency=draft.currency, **values, **({"hint": hint} if hint else {}))


#: What a ratio of demands to a bill is the mark of: of which carriers, where it is near to which ratios.
_HINTS: tuple[tuple[tuple[str, ...], tuple[float, ...], str], ...] = (
    (FUELS, (GROSS_TO_NET, 1 / GROSS_TO_NET), remarks.HINT_GROSS),
    ((), (2.0, 0.5, 4.0, 0.25), remarks.HINT_INTERVAL),
    ((), (1e3, 1e-3), remarks.HINT_THOUSAND),
    (("steam",), (1 / 0.7, 1 / 0.75, 0.7, 0.75), remarks.HINT_TONNES),
)


def _hint(ratio: float, carrier: str) -> Message | None:
    """What a ratio of demands to a bill is the mark of."""
    for carriers, marks, hint in _HINTS:
        if (not carriers or carrier in carriers) and _is_near(ratio, marks):
            return Message(hint)
    return Message(remarks.HINT_MULTIPLIER) if ratio > 5 or ratio < 0.2 else None


def _hint_of_money(ratio: float, carrier: str, currency: str) -> Message | None:
    """What a ratio of a bill's cost to what the park's prices make of it is the mark of."""
    if carrier in FUELS and _is_near(ratio, (GROSS_TO_NET, 1 / GROSS_TO_NET)):
        return Message(remarks.HINT_GROSS)
    for times, hint in ((ratio, remarks.HINT_VAT), (1 / ratio, remarks.HINT_VAT_IN_PRICES)):
        rate = min(VAT_RATES["CNY" if currency == "CNY" else ""], key=lambda own: abs(times / (1 + own) - 1))
        if _is_near(times, (1 + rate,)):
            return Message(hint, rate=f"{100 * rate:g}")
    if carrier in ("steam", "coal", "biomass") and (0.6 <= ratio <= 1.5 or 4 <= ratio <= 8 or 1 / 8 <= ratio <= 1 / 4):
        return Message(remarks.HINT_PER_TONNE)
    return Message(remarks.HINT_THOUSAND) if _is_near(ratio, (1e3, 1e-3)) else None


def _is_near(ratio: float, marks: Sequence[float]) -> bool:
    return any(abs(ratio / mark - 1) <= LIKE_A_SLIP for mark in marks)


def _needed(draft: Draft, year: int) -> dict[str, float | None]:
    """MWh of each carrier that the demands of a year come to, served by what stands; None where that is not clear."""
    carriers = {row.demand: row.carrier for row in draft.rows(Demand)}
    needed: dict[str, float | None] = {}
    for name, rows in grouped((row.demand, row) for row in draft.rows(Demand)).items():
        points = [(row.year, energy) for row in rows if (energy := energy_of(row)) is not None]
        if len(points) < len(rows):
            return {}
        needed[carriers[name]] = (needed.get(carriers[name]) or 0.0) + over_years(points, [year])[year]
    bought = {s.carrier for s in draft.rows(Supply) if s.can_import}
    makers: dict[str, set[tuple[str, float]]] = defaultdict(set)  # of each carrier its ways: (what it is made of, MWh of one)
    for row in draft.rows(Technology):
        ports = draft.ports.get(row.type_name, []) if row.existing > 0 and draft.role(row) == "converter" else []
        ins = [p for p in ports if p.direction == "in"]
        outs = [p for p in ports if p.direction == "out" and p.carrier != "co2"]
        for out in outs:
            have = needed.get(out.carrier)
            if not ins and have is not None:
                needed[out.carrier] = have - row.existing * draft.profiles.mean(row.profile) * out.ratio * HOURS
            for port in ins:
                # of two products, or of two inputs, nothing follows: each way is another
                share = round(port.ratio / out.ratio, 9) if len(outs) == len(ins) == 1 else -len(makers[out.carrier]) - 1.0
                makers[out.carrier].add((port.carrier, share))
    asked = [(carrier, energy) for carrier, energy in needed.items() if energy]
    for _ in range(STEPS):
        more: list[tuple[str, float]] = []
        for carrier, energy in asked:
            ways = makers.get(carrier, set())
            is_clear = len(ways) == 1 and carrier not in bought
            for source, share in ways:
                if not is_clear:
                    needed[source] = None
                elif (have := needed.get(source, 0.0)) is not None:
                    needed[source] = have + energy * share
                    more.append((source, energy * share))
            if ways and not is_clear:
                needed[carrier] = None
        asked = more
    return needed


def _expected_cost(supply: Supply, billed: float, year: int, draft: Draft) -> float | None:
    """What a year's energy costs by prices, tariff and charges, at the load of its demands; None where that is not clear."""
    rows = [p for p in draft.rows(Price) if p.supply == supply.supply]
    behind = [p for p in draft.rows(Price) if supply.connection and p.supply == supply.connection]
    shared = [s for s in draft.rows(Supply) if supply.connection and s.connection == supply.connection]
    is_open = any(p.scheme or p.profile or p.period or p.ratchet or p.item == "capacity_charge" for p in (*rows, *behind))
    if is_open or len(shared) > 1 or supply.profile or supply.min_year:
        return None

    def price(item: str, unit: str, own: Sequence[Price]) -> float:
        return _over([p for p in own if p.item == item], unit, [year], draft).get(year, 0.0)

    energy = price("energy", "money/MWh", rows)
    peak, fixed = (
        sum(price(item, unit, own) for own in (rows, behind))
        for item, unit in (("demand_charge", "money/MW/month"), ("fixed", "money/year"))
    )
    if not energy:
        return None
    loads = [draft.load(row, used) for used, row in draft.energy.values() if row.carrier == supply.carrier]
    load = np.sum(loads, axis=0) if loads else np.ones(max(draft.profiles.hours, 24))
    months = months_of_hours(HOURS) if len(load) == HOURS else None
    peaks = 12 * load.max() if months is None else sum(load[months == m].max() for m in range(1, 13))
    whole = np.resize(load, HOURS)
    mean_factor = float((whole * draft.tariff(supply.supply, "energy")).sum() / whole.sum())
    return billed * energy * mean_factor + peak * float(peaks) * billed / (load.sum() * HOURS / len(load)) + fixed
