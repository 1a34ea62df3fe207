"""What is held in reserve: firm capacity, the highest demand, the largest unit and what they require."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from pyomo.core import ConcreteModel, value

from models.inputs import EXISTING, Inputs
from models.investment.builds import order
from models.investment.reserve import demand_of, needed
from models.investment.retirement import standing
from models.linear import weighted
from planner.tables.retirements import NOISE, Retirement


def reserve_rows(model: ConcreteModel, inputs: Inputs, gone: Sequence[Retirement]) -> Iterator[tuple]:
    """Rows of reserves.csv (year, carrier, zone, item, value, unit); `gone` is all that is retired early."""
    reserves = inputs.reserves
    for carrier, zone, y in sorted(reserves.margin, key=lambda place: place[2]):
        place, firm = (carrier, zone, y), inputs.at(y).reserves.firm[carrier, zone]
        stands = {k: share for k, share in firm.items() if (k, y) in model.capacity}
        given = math.fsum(share * model.capacity[k, y].value for k, share in stands.items()) + reserves.imports[place]
        for index, most in reserves.over.items():
            if index[:3] == place:
                given += min(most, *_firm_over(model, inputs, y, index))
        peaks = inputs.at(y).reserves.peaks[carrier, zone]
        used = ([a * needed(inputs, u, y) * value(demand_of(model, inputs, u, y)) for u, a in hour.items()] for hour in peaks)
        highest = max(map(math.fsum, used), default=0.0)
        highest += math.fsum(model.offer[r, y].value for r in inputs.responses.firm_of(peaks[0] if peaks else {}))
        units = (share * size for k, share in stands.items() for size in units_of(model, inputs, gone, k, y))
        largest = max(units, default=0.0)
        required = (1 + reserves.margin[place]) * highest + (largest if place in reserves.largest_out else 0.0)
        items = {"firm": given, "demand": highest, "largest_unit": largest, "required": required}
        yield from ((y, carrier, zone, item, amount, "MW") for item, amount in items.items())


def _firm_over(model: ConcreteModel, inputs: Inputs, y: int, index: tuple[str, str, int, str]) -> Iterator[float]:
    """Limits of the firm imports over a connection (MW): its capacity, and the scheme in force."""
    connection = index[3]
    if connection in inputs.connections.sized:
        yield model.capacity[connection, y].value if (connection, y) in model.capacity else 0.0
    if index in inputs.reserves.under:
        yield math.fsum(most * round(model.scheme[key, y].value) for key, most in inputs.reserves.under[index].items())


def units_of(model: ConcreteModel, inputs: Inputs, gone: Sequence[Retirement], k: str, y: int) -> Iterator[float]:
    """Size of each unit of an asset that stands in a year."""
    capacity = inputs.capacity
    stood = value(weighted(standing(model, inputs, k, y)))
    if (k, y) in capacity.existing:
        yield from _stood(model, inputs, k, y, stood)
    orders = [v for own, v in capacity.lasts if own == k and y in capacity.works[k, v]]
    if k in capacity.unit_size:
        works = model.capacity[k, y].value - stood
        yield capacity.unit_size[k] if works > NOISE * (1 + len(orders)) else 0.0
        return
    for v in orders:
        lost = math.fsum(size for z, own, ordered, size in gone if (own, ordered) == (k, v) and z <= y)
        sizes = [float(a * value(b)) for a, b in order(model, inputs, k, v)] or [0.0]
        yield max(*(size - lost for size in sizes), (math.fsum(sizes) - lost) / len(sizes))  # of the larger first


def _stood(model: ConcreteModel, inputs: Inputs, k: str, y: int, stood: float) -> Iterator[float]:
    """What is left of what stood: its units and the rest beside them, or all of it where it has no units."""
    pieces, capacity = inputs.capacity.pieces, inputs.capacity
    if k not in pieces.existing_unit:
        yield stood
        return
    _, rest = pieces.units_of(k, capacity.existing[k, capacity.works[k, EXISTING][0]])
    if any(q.value > 0.5 for (own, z), q in model.retire_rest.items() if own == k and z <= y):
        rest = 0.0
    yield rest
    yield pieces.existing_unit[k] if stood - rest > 10 * NOISE else 0.0
