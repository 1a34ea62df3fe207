r"""Bills against what the park states: energy against the demands that it serves, money against prices, tariff and charges.

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
from models.inputs.calendar import months_of_hours
from models.inputs.finance import over_years
from models.inputs.tariff import ranges
from models.units import UnitError, factor, yearly_factor
from planner.language.message import Message
from planner.park import remarks
from planner.park.checks.places import energy_of
from planner.park.checks.thresholds import BILL_ENERGY, BILL_MONEY, GROSS_TO_NET, LIKE_A_SLIP, VAT_RATES
from planner.park.draft import Draft

HOURS = 8760
#: Steps from a demand back to what is bought: heat, its boiler's steam, the steam's gas.
STEPS = 4
FUELS = ("gas", "biogas", "lpg", "hydrogen", "diesel", "coal", "biomass")


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
        if supply is None:
            continue
        try:
            billed = bill.value * yearly_factor(bill.unit, "MWh")
        except UnitError:
            continue
        rivals = [s for s in supplies.values() if s.carrier == supply.carrier and s.can_import and s.is_offered(park.base_year)]
        needed = energy.get(supply.carrier)
        if needed is not None and len(rivals) == 1 and billed > 0:
            _compare_energy(bill, supply, billed, needed, draft)
        if bill.cost and billed > 0 and len(rivals) == 1:
            _compare_money(bill, supply, billed, draft)


def _compare_energy(bill: Bill, supply: Supply, billed: float, needed: float, draft: Draft) -> None:
    ratio = max(needed, 0.0) / billed
    if abs(ratio - 1) <= BILL_ENERGY:
        return
    hint = _hint_of_energy(ratio, supply.carrier)
    words = {"supply": repr(supply.supply), "billed": f"{billed:,.0f}", "needed": f"{needed:,.0f}", "ratio": f"{ratio:.3g}"}
    if hint is None:
        draft.warn(bill.origin, remarks.BILL_APART, **words)
    else:
        draft.warn(bill.origin, remarks.BILL_SLIP, hint=hint, **words)


def _hint_of_energy(ratio: float, carrier: str) -> Message | None:
    """What a ratio of demands to a bill is the mark of."""
    if carrier in FUELS and _is_near(ratio, (GROSS_TO_NET, 1 / GROSS_TO_NET)):
        return Message(remarks.HINT_GROSS)
    if _is_near(ratio, (2.0, 0.5, 4.0, 0.25)):
        return Message(remarks.HINT_INTERVAL)
    if _is_near(ratio, (1e3, 1e-3)):
        return Message(remarks.HINT_THOUSAND)
    if carrier == "steam" and _is_near(ratio, (1 / 0.7, 1 / 0.75, 0.7, 0.75)):
        return Message(remarks.HINT_TONNES)
    if ratio > 5 or ratio < 0.2:
        return Message(remarks.HINT_MULTIPLIER)
    return None


def _is_near(ratio: float, marks: Sequence[float]) -> bool:
    return any(abs(ratio / mark - 1) <= LIKE_A_SLIP for mark in marks)


def _needed(draft: Draft, year: int) -> dict[str, float | None]:
    """MWh of each carrier that the demands of a year come to, served by what stands; None where that is not clear."""
    own: dict[str, float] = defaultdict(float)
    points: dict[str, list[tuple[int | None, float]]] = defaultdict(list)
    carriers: dict[str, str] = {}
    for row in draft.rows(Demand):
        energy = energy_of(row)
        if energy is None:
            return {}
        points[row.demand].append((row.year, energy))
        carriers[row.demand] = row.carrier
    for name, found in points.items():
        own[carriers[name]] += over_years(found, [year])[year]
    needed: dict[str, float | None] = dict(own)
    bought = {s.carrier for s in draft.rows(Supply) if s.can_import}
    generated, makers = _plants(draft)
    for carrier, amount in generated.items():
        if (have := needed.get(carrier)) is not None:
            needed[carrier] = have - amount
    asked = [(carrier, energy) for carrier, energy in needed.items() if energy]
    for _ in range(STEPS):
        more: list[tuple[str, float]] = []
        for carrier, energy in asked:
            ways = makers.get(carrier, set())
            clear = len(ways) == 1 and carrier not in bought
            for source, share in ways:
                if not clear:
                    needed[source] = None
                elif needed.get(source, 0.0) is not None and energy is not None:
                    needed[source] = (needed.get(source) or 0.0) + energy * share
                    more.append((source, energy * share))
            if not clear:
                needed[carrier] = None if ways else needed.get(carrier)
        asked = more
    return needed


def _plants(draft: Draft) -> tuple[dict[str, float], dict[str, set[tuple[str, float]]]]:
    """(MWh that plants without an input generate, by carrier; of each carrier its ways: (carrier it is made of, MWh of one))."""
    generated: dict[str, float] = defaultdict(float)
    makers: dict[str, set[tuple[str, float]]] = defaultdict(set)
    for row in draft.rows(Technology):
        ports = draft.ports.get(row.type_name, [])
        kind = draft.types.get(row.type_name)
        outs = [p for p in ports if p.direction == "out" and p.carrier != "co2"]
        ins = [p for p in ports if p.direction == "in"]
        if row.existing <= 0 or kind is None or kind.role != "converter":
            continue
        for out in outs:
            if not ins:
                generated[out.carrier] += row.existing * draft.profiles.mean(row.profile) * out.ratio * HOURS
            for port in ins:
                # of two products, or of two inputs, nothing follows: each way is another
                share = round(port.ratio / out.ratio, 9) if len(outs) == len(ins) == 1 else -len(makers[out.carrier]) - 1.0
                makers[out.carrier].add((port.carrier, share))
    return generated, makers


def _compare_money(bill: Bill, supply: Supply, billed: float, draft: Draft) -> None:
    expected = expected_cost(supply, billed, bill.year, draft)
    if not expected or bill.cost is None:
        return
    ratio = bill.cost / expected
    if abs(ratio - 1) <= BILL_MONEY:
        return
    words = {
        "supply": repr(supply.supply),
        "cost": f"{bill.cost:,.0f}",
        "expected": f"{expected:,.0f}",
        "currency": draft.currency,
        "ratio": f"{ratio:.3g}",
    }
    hint = _hint_of_money(ratio, supply.carrier, draft.currency)
    if hint is None:
        draft.warn(bill.origin, remarks.COST_APART, **words)
    else:
        draft.warn(bill.origin, remarks.COST_SLIP, hint=hint, **words)


def _hint_of_money(ratio: float, carrier: str, currency: str) -> Message | None:
    """What a ratio of a bill's cost to what the park's prices make of it is the mark of."""
    if carrier in FUELS and _is_near(ratio, (GROSS_TO_NET, 1 / GROSS_TO_NET)):
        return Message(remarks.HINT_GROSS)
    rates = VAT_RATES["CNY" if currency == "CNY" else ""]
    rate = min(rates, key=lambda own: abs(ratio / (1 + own) - 1))
    if abs(ratio / (1 + rate) - 1) <= LIKE_A_SLIP:
        return Message(remarks.HINT_VAT, rate=f"{100 * rate:g}")
    below = min(rates, key=lambda own: abs(ratio * (1 + own) - 1))
    if abs(ratio * (1 + below) - 1) <= LIKE_A_SLIP:
        return Message(remarks.HINT_VAT_IN_PRICES, rate=f"{100 * below:g}")
    if carrier in ("steam", "coal", "biomass") and (0.6 <= ratio <= 1.5 or 4 <= ratio <= 8 or 1 / 8 <= ratio <= 1 / 4):
        return Message(remarks.HINT_PER_TONNE)
    if _is_near(ratio, (1e3, 1e-3)):
        return Message(remarks.HINT_THOUSAND)
    return None


def expected_cost(supply: Supply, billed: float, year: int, draft: Draft) -> float | None:
    """What a year's energy costs by prices, tariff and charges, at the load of its demands; None where that is not clear."""
    rows = [p for p in draft.rows(Price) if p.supply == supply.supply]
    behind = [p for p in draft.rows(Price) if supply.connection and p.supply == supply.connection]
    shared = [s for s in draft.rows(Supply) if supply.connection and s.connection == supply.connection]
    is_open = any(p.scheme or p.profile or p.period or p.ratchet or p.item == "capacity_charge" for p in (*rows, *behind))
    if is_open or len(shared) > 1 or supply.profile or supply.min_year:
        return None
    try:
        price = _of_year([p for p in rows if p.item == "energy"], "money/MWh", year, draft)
        peak, fixed = (
            sum(_of_year([p for p in own if p.item == item], unit, year, draft) or 0.0 for own in (rows, behind))
            for item, unit in (("demand_charge", "money/MW/month"), ("fixed", "money/year"))
        )
    except UnitError:
        return None
    if not price:
        return None
    load = _load(supply.carrier, draft)
    share = billed / (load.sum() * HOURS / len(load))
    return billed * price * mean_factor(supply.supply, load, draft) + peak * share * _peaks(load) + fixed


def _of_year(rows: Sequence[Price], to: str, year: int, draft: Draft) -> float | None:
    if not rows:
        return None
    return over_years([(p.year, p.value * factor(p.unit, to, draft.currency)) for p in rows], [year])[year]


def _load(carrier: str, draft: Draft) -> np.ndarray:
    """The load of the demands of a carrier, MW by hour; flat where it has none, or none with a profile."""
    hours = max(draft.profiles.hours, 24)
    total, seen = np.zeros(hours), set[str]()
    for row in draft.rows(Demand):
        energy = energy_of(row)
        if row.carrier != carrier or row.demand in seen or not energy:
            continue
        seen.add(row.demand)
        shape = draft.profiles.series.get(draft.column(row.profile, row.year or 0)) if row.profile else None
        shape = np.ones(hours) if shape is None or len(shape) != hours or shape.sum() <= 0 else shape
        total += energy * shape / (shape.sum() * HOURS / hours)
    return total if total.sum() > 0 else np.ones(hours)


def _peaks(load: np.ndarray) -> float:
    """Sum of the highest hours of twelve months, MW."""
    if len(load) != HOURS:
        return 12 * float(load.max())
    months = months_of_hours(HOURS)
    return float(sum(load[months == m].max() for m in range(1, 13)))


def mean_factor(supply: str, load: np.ndarray, draft: Draft) -> float:
    """The mean factor of a tariff, weighted with a load; of a load of some days as if every day of the year were these."""
    weekday = draft.park.first_weekday if draft.park else 0
    whole = load if len(load) == HOURS else np.resize(load, HOURS)
    clock = np.arange(HOURS)
    month, hour, weekend = months_of_hours(HOURS), clock % 24, (clock // 24 + weekday) % 7 >= 5
    factors = np.ones(HOURS)
    for row in reversed([r for r in draft.rows(TariffRow) if (r.supply, r.item) == (supply, "energy")]):
        months, hours = list(ranges(row.months, 1, 12)), list(ranges(row.hours, 0, 23))
        days = {"weekday": ~weekend, "weekend": weekend}.get(row.days, np.ones(HOURS, dtype=bool))
        factors[np.isin(month, months) & np.isin(hour, hours) & days] = row.factor
    return float((whole * factors).sum() / whole.sum())
