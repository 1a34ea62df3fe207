r"""What the operation of the base year pays for a supply, by part, and what may explain that its bill is another.

.. math::
    C_s = \sum_t w_t\, x_{s,t}\, p_{s,t} + k_s \sum_m \max_{t \in m} x_{s,t} + 12\, \kappa_s \max_t x_{s,t} + F_s

x  import of an hour  MW (s,t)   w  hours that it stands for  h (t)     p  price with tariff and profile  money/MWh (s,t)
k  demand charge      money/MW/month   κ  capacity charge  money/MW/month   F  fixed price  money/year

Of a demand and a capacity charge, and of schemes, the cheapest is paid. Charges of a connection are those of its one supply that
imports. Where several do, their bills divide them in a way of their own: what they pay is added, with charges on the sum of their
hours, and held against the sum of their bills.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.case import Case, Price
from models.inputs import Inputs
from models.inputs.calendar import months_of_hours
from models.inputs.finance import over_years
from models.units import factor
from planner.language.language import mark
from planner.language.message import Message
from planner.park.checks.equipment import GROSS_TO_NET, LIKE_A_SLIP, VAT_RATES
from planner.park.checks.money import FUELS
from planner.park.remarks import HINT_GROSS, HINT_VAT, HINT_VAT_IN_PRICES

#: A bill's money may be so far from the operation's before it is pointed at.
APART = 0.05
#: Words of the parts.
PARTS = {
    "energy": mark("energy"),
    "demand_charge": mark("demand charge"),
    "capacity_charge": mark("capacity charge"),
    "fixed": mark("fixed price"),
}


@dataclass(frozen=True)
class Paid:
    """What the operation pays for a supply [money]: by part, and its energy at the price without a tariff."""

    parts: Mapping[str, float]
    flat: float

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.parts.values())


def paid(case: Case, inputs: Inputs, dispatch: pd.DataFrame, supply: str, year: int) -> Paid | None:
    """What the operation of a year pays for a supply; None where it has no price, or its connection serves several."""
    supplies = inputs.supplies
    own = dispatch[(dispatch["name"] == supply) & (dispatch["flow"] == "import")].sort_values("hour")
    if (supply, year) not in supplies.price or own.empty:
        return None
    row = next(s for s in case.supplies if s.supply == supply)
    shared = {s.supply for s in case.supplies if s.connection and s.connection == row.connection} - {supply}
    imports = set(dispatch[dispatch["flow"] == "import"]["name"].astype(str))
    if shared & imports:
        return None
    flows, weights = own["value"].to_numpy(), own["weight"].to_numpy()
    prices = supplies.hourly_price(supply, year, "energy", len(flows))
    parts = {"energy": float(flows @ (weights * prices))}
    if any(p.period or p.ratchet for p in case.prices if p.supply in (supply, row.connection)):
        return None
    parts |= _charges(case, supply, row.connection, flows, year)
    return Paid(parts, float(flows @ weights) * supplies.price[supply, year])


def paid_together(
    case: Case, inputs: Inputs, dispatch: pd.DataFrame, connection: str, year: int
) -> tuple[tuple[str, ...], Paid] | None:
    r"""What the operation of a year pays for the supplies of a connection of which several import: their names, and the sum.

    .. math:: \sum_{s} \sum_t w_t\, x_{s,t}\, p_{s,t} + k \sum_m \max_{t \in m} \sum_s x_{s,t} + \sum_s F_s

    None where fewer than two import, one has no price, or a charge is of a period of hours or has a ratchet.
    """
    bought = dispatch[dispatch["flow"] == "import"].sort_values("hour")
    rows = [s for s in case.supplies if s.connection == connection and (bought["name"] == s.supply).any()]
    flows = {s.supply: bought[bought["name"] == s.supply] for s in rows}
    hours = {name: own["value"].to_numpy() for name, own in flows.items()}
    rows = [s for s in rows if hours[s.supply].any()]
    if len(rows) < 2 or any((s.supply, year) not in inputs.supplies.price for s in rows):
        return None
    if any(p.period or p.ratchet for p in case.prices if p.supply in (connection, *flows)):
        return None
    parts, flat = defaultdict[str, float](float), 0.0
    for s in rows:
        own, weights = hours[s.supply], flows[s.supply]["weight"].to_numpy()
        parts["energy"] += float(own @ (weights * inputs.supplies.hourly_price(s.supply, year, "energy", len(own))))
        flat += float(own @ weights) * inputs.supplies.price[s.supply, year]
        for name, value in _charges(case, s.supply, "", own, year).items():
            parts[name] += value
    total = np.sum([hours[s.supply] for s in rows], axis=0)
    for name, value in _charges(case, connection, "", total, year, {s.scheme for s in rows if s.scheme}).items():
        parts[name] += value
    return tuple(s.supply for s in rows), Paid(dict(parts), flat)


def _charges(
    case: Case, supply: str, connection: str, flows: np.ndarray, year: int, schemes: Collection[str] = ()
) -> dict[str, float]:
    """Charges of the cheapest scheme, or of one of those that are in use, each on its basis, and fixed prices; those above 0."""
    rows = [p for p in case.prices if p.supply == supply or (connection and p.supply == connection)]
    months = months_of_hours(len(flows))
    peaks = [float(flows[months == m].max()) for m in sorted(set(months.tolist()))]
    demand = sum(peaks) * 12 / len(peaks)
    found: list[dict[str, float]] = []
    for scheme in dict.fromkeys(p.scheme for p in rows if p.scheme and (not schemes or p.scheme in schemes)) or ("",):
        own = [p for p in rows if p.scheme in ("", scheme)]
        by_demand = _sum(own, "demand_charge", "money/MW/month", year, case) * demand
        by_capacity = _sum(own, "capacity_charge", "money/MW/month", year, case) * 12 * float(flows.max())
        both = by_demand > 0 and by_capacity > 0
        charges = {
            "demand_charge": by_demand,
            "capacity_charge": by_capacity,
            "fixed": _sum(own, "fixed", "money/year", year, case),
        }
        if both:
            charges.pop("capacity_charge" if by_demand <= by_capacity else "demand_charge")
        found.append(charges)
    cheapest = min(found, key=lambda charges: sum(charges.values()))
    return {name: value for name, value in cheapest.items() if value}


def _sum(rows: list[Price], item: str, unit: str, year: int, case: Case) -> float:
    """The prices of an item in a year, each series by supply and scheme."""
    series: dict[tuple[str, str], list[tuple[int | None, float]]] = {}
    for p in rows:
        if p.item == item:
            series.setdefault((p.supply, p.scheme), []).append((p.year, p.value * factor(p.unit, unit, case.park.currency)))
    return sum(over_years(points, [year])[year] for points in series.values())


def explained(billed: float, paid: Paid, energy: float, carrier: str, currency: str) -> Message | None:
    """The likeliest reason why a bill and the operation differ in cost; None where no known reason fits within LIKE_A_SLIP.

    energy  energy of the bill divided by that of the operation
    """
    charge = paid.parts.get("demand_charge", 0.0) + paid.parts.get("capacity_charge", 0.0)
    rest = paid.total - charge
    found: list[tuple[float, Message]] = []

    def may(expected: float, why: Message) -> None:
        if expected > 0:
            found.append((abs(billed / expected - 1), why))

    if abs(energy - 1) > 2 * LIKE_A_SLIP:
        may(paid.total * energy, Message("it is as far off as the energy"))
    for rate in VAT_RATES["CNY" if currency == "CNY" else ""]:
        for by in dict.fromkeys((1.0, energy)):
            may(paid.total * by * (1 + rate), Message(HINT_VAT, rate=f"{100 * rate:g}"))
            may(paid.total * by / (1 + rate), Message(HINT_VAT_IN_PRICES, rate=f"{100 * rate:g}"))
    if carrier in FUELS:
        for ratio in (GROSS_TO_NET, 1 / GROSS_TO_NET):
            may(paid.total * ratio, Message(HINT_GROSS))
    if charge:
        may(rest, Message("the bill has no charge on power"))
        may(rest + charge / 12, Message("the charge on power is that of a year, stated as by the month"))
        may(rest + charge * 12, Message("the charge on power is that of a month, stated as by the year"))
    may(paid.flat + paid.total - paid.parts["energy"], Message("the bill is as without the tariff's hours"))
    distance, why = min(found, key=lambda pair: pair[0])
    return why if distance <= LIKE_A_SLIP else None
