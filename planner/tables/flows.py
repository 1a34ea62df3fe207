"""Hourly flows of a solved year, as arrays: the table that energy sums and dispatch are made of."""

from __future__ import annotations

from calendar import isleap
from collections import UserDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from pyomo.core import ConcreteModel, value

from models.inputs import Inputs
from models.inputs.equipment import EquipmentPort
from models.investment.boundary import contract_cost, counts_in_a_rule, is_free, is_used, price_of_size
from models.investment.reserve import demand_of
from models.operation.boundary import generated_by_one, paid_energy
from models.operation.equipment import is_seasonal, present_arcs, present_pairs, present_stores
from models.operation.links import Family, Links, SolvedYear

#: Flows that are no flows but what is so in an hour: they have no sum over the year.
STATES = ("held", "online", "matched", "green_charge", "green_discharge", "green_held", "at_once")


@dataclass(frozen=True)
class DispatchFlow:
    """A flow of every hour. `sign` is +1 where it feeds its balance, -1 where it draws from it, 0 for a state."""

    flow: str
    name: str
    zone: str
    carrier: str
    sign: int
    values: np.ndarray

    @property
    def unit(self) -> str:
        """Unit of an hour of it."""
        if self.flow in ("held", "green_held"):
            return "MWh"
        return "t/h" if self.carrier == "co2" else "MW"


def hourly(variable: Family, index: tuple[str, ...], snapshots: Iterable[int]) -> np.ndarray:
    """Values of a variable over the snapshots, 0 where it has no such index.

    A variable of a year operated in every hour gives its series at once.
    """
    if hasattr(variable, "of_hours"):
        found = variable.of_hours(index)
        return found if len(found) else np.zeros(len([*snapshots]))
    return np.array([variable[*index, t].value if (*index, t) in variable else 0.0 for t in snapshots])


def flows_of_year(year: SolvedYear, inputs: Inputs, y: int, links: Links) -> list[DispatchFlow]:
    """Every flow of the year: ports, stores, supplies, links, demands, and what was curtailed."""
    snapshots = list(inputs.calendar.snapshots)
    return [
        *_equipment(year, inputs, y, links, snapshots),
        *_stores(year, inputs, y, snapshots),
        *_boundary(year, inputs, snapshots),
        *_network(year, inputs, y, snapshots),
        *_demands(year, inputs, y, links, snapshots),
    ]


def _equipment(year: SolvedYear, inputs: Inputs, y: int, links: Links, snapshots: list[int]) -> Iterator[DispatchFlow]:
    conversion, captures = inputs.conversion, inputs.captures
    present = set(inputs.capacity.present[y])
    for k in conversion.converters:
        if k not in present:
            continue
        activity = hourly(year.activity, (k,), snapshots)
        yield from _ports(k, conversion.zone[k], conversion.ports[k], activity, _beside(year, k, conversion.ports[k], snapshots))
        yield from _online(year, inputs, k, conversion.zone[k], conversion.ports[k], snapshots)
        if k in conversion.by_profile:
            out = next((p for p in conversion.ports[k] if p.ratio > 0), None)
            unused = conversion.availability[k] * value(links.capacity[k]) - activity
            if out is not None:
                yield DispatchFlow("curtailed", k, conversion.zone[k], out.carrier, 0, np.maximum(unused, 0) * out.hourly)
    for k in captures.plants:
        pairs = [(p, q) for p, q in present_pairs(inputs, y) if p == k]
        if not pairs:
            continue
        taken = {q: hourly(year.captured, (k, q), snapshots) for _, q in pairs}
        yield from _ports(k, captures.zone[k], captures.ports[k], sum(taken.values(), np.zeros(len(snapshots))))
        yield from _online(year, inputs, k, captures.zone[k], captures.ports[k], snapshots)
        for q, values in taken.items():
            yield DispatchFlow("captured", f"{k} from {q}", captures.zone[k], "co2", 0, values)


def _online(
    year: SolvedYear, inputs: Inputs, k: str, zone: str, ports: Iterable[EquipmentPort], snapshots: list[int]
) -> Iterator[DispatchFlow]:
    """Capacity that is on, of a committed plant; it stands under the carrier that the plant makes first."""
    if k in inputs.commitment.plants:
        carrier = next((port.carrier for port in ports if port.ratio > 0), next(port.carrier for port in ports))
        yield DispatchFlow("online", k, zone, carrier, 0, hourly(year.online, (k,), snapshots))


def _beside(year: SolvedYear, k: str, ports: Iterable[EquipmentPort], snapshots: list[int]) -> dict[str, np.ndarray]:
    """What flows in of each carrier beside the activity: of what is on, and as it starts."""
    found: dict[str, np.ndarray] = {}
    for port in ports:
        for per, hours in ((port.no_load, "online"), (port.per_start, "start")):
            if per:
                found[port.carrier] = found.get(port.carrier, 0.0) + per * hourly(getattr(year, hours), (k,), snapshots)
    return found


def _ports(
    k: str, zone: str, ports: Iterable[EquipmentPort], activity: np.ndarray, beside: Mapping[str, np.ndarray] | None = None
) -> Iterator[DispatchFlow]:
    for port in ports:
        direction = "out" if port.ratio > 0 else "in"
        more = 0.0 if beside is None or port.ratio > 0 else beside.get(port.carrier, 0.0)
        yield DispatchFlow(direction, k, zone, port.carrier, 1 if port.ratio > 0 else -1, np.abs(port.hourly) * activity + more)


def _stores(year: SolvedYear, inputs: Inputs, y: int, snapshots: list[int]) -> Iterator[DispatchFlow]:
    storage = inputs.storage
    for s in present_stores(inputs, y):
        place = storage.zone[s], storage.carrier[s]
        yield DispatchFlow("charge", s, *place, -1, hourly(year.charge, (s,), snapshots))
        yield DispatchFlow("discharge", s, *place, 1, hourly(year.discharge, (s,), snapshots))
        held = year.gained if is_seasonal(inputs, s) else year.held
        yield DispatchFlow("held", s, *place, 0, hourly(held, (s,), snapshots))


def _boundary(year: SolvedYear, inputs: Inputs, snapshots: list[int]) -> Iterator[DispatchFlow]:
    supplies = inputs.supplies
    for s in supplies.importers:
        yield DispatchFlow("import", s, supplies.zone[s], supplies.carrier[s], 1, hourly(year.imports, (s,), snapshots))
    for s in supplies.exporters:
        yield DispatchFlow("export", s, supplies.zone[s], supplies.carrier[s], -1, hourly(year.exports, (s,), snapshots))


def _network(year: SolvedYear, inputs: Inputs, y: int, snapshots: list[int]) -> Iterator[DispatchFlow]:
    network = inputs.network
    for a in present_arcs(inputs, y):
        sent = hourly(year.flow, a, snapshots)
        yield DispatchFlow("sent", a[0], network.from_zone[a], network.carrier[a], -1, sent)
        yield DispatchFlow("arrived", a[0], network.to_zone[a], network.carrier[a], 1, sent * network.delivered[a])


def _demands(year: SolvedYear, inputs: Inputs, y: int, links: Links, snapshots: list[int]) -> Iterator[DispatchFlow]:
    """What each demand draws, and vehicles are charged with; of what may move what is asked and what is served, and what is shed,
    beside it."""
    demands, flexibility = inputs.demands, inputs.flexibility
    for u in demands.demands:
        whole = float(value(links.demand[u])) * demands.shape[u]
        drawn, place, beside = whole, (demands.zone[u], demands.carrier[u]), []
        if (u, y) in flexibility.share:
            asked, served = flexibility.share[u, y] * whole, hourly(year.served, (u,), snapshots)
            drawn = (1 - flexibility.share[u, y]) * whole + served
            beside += [DispatchFlow("asked", u, *place, 0, asked), DispatchFlow("served", u, *place, 0, served)]
        if (u, y) in flexibility.shed_share:
            shed = hourly(year.shed, (u,), snapshots)
            drawn = drawn - shed
            beside.append(DispatchFlow("shed", u, *place, 0, shed))
        if u in inputs.vehicles.power:
            drawn = hourly(year.charging, (u,), snapshots)
            beside.append(DispatchFlow("at_once", u, *place, 0, whole))
        yield DispatchFlow("demand", u, *place, -1, drawn)
        yield from beside


# --- dispatch --------------------------------------------------------------------------------------------------------------
# Hourly flows of a plan, held year by year and compressed until they are written or asked for.
#
# As one table they take half a gigabyte of a park with twenty years, and a run has four plans; so held they take a tenth of that.
#
# The moments at which snapshots begin: what other tools join the hourly flows by.

#: Compresses best of the codecs that cost no time worth mentioning.
CODEC = "zstd"
#: Columns of text of a flow, in the order in which a flow's key has them.
TEXTS = "flow", "name", "zone", "carrier", "unit"


class Dispatch:
    """Flows of all years.

    weight  hours that each snapshot stands for
    """

    def __init__(self, weight: np.ndarray) -> None:
        self.weight = weight
        #: Of each year: flow, name, zone, carrier, unit of every flow; and the values of all of them, one flow after the other.
        self.keys: dict[int, list[tuple[str, ...]]] = {}
        self.packed: dict[int, bytes] = {}
        #: Of each column of text the code of each text, and the texts in that order; of the years that are known.
        self._kinds: dict[int, tuple[dict[str, int], pd.CategoricalDtype]] = {}

    def add(self, y: int, flows: Sequence[DispatchFlow]) -> None:
        """The flows of one more year."""
        self._kinds.clear()
        self.keys[y] = [(f.flow, f.name, f.zone, f.carrier, f.unit) for f in flows]
        values = np.concatenate([np.zeros(0), *(f.values for f in flows)])
        self.packed[y] = pa.compress(values.tobytes(), codec=CODEC, asbytes=True)

    def table(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """Every flow of these years, else of all, hour by hour below each other; texts are codes of the same texts in any year."""
        hours, own = len(self.weight), list(self.keys) if years is None else list(years)
        count = sum(len(self.keys[y]) for y in own)
        codes = {column: self._repeated(number, own) for number, column in enumerate(TEXTS)}
        columns = {
            "year": np.repeat(np.array(own, dtype=np.int16), [hours * len(self.keys[y]) for y in own]),
            "hour": np.tile(np.arange(hours, dtype=np.int32), count),
            "weight": np.tile(self.weight, count),
            **{column: codes[column] for column in TEXTS[:-1]},
            "value": np.concatenate([np.zeros(0), *(self._values(y) for y in own)]),
            "unit": codes["unit"],
        }
        return pd.DataFrame(columns, copy=False)

    def _values(self, y: int) -> np.ndarray:
        size = 8 * len(self.weight) * len(self.keys[y])
        return np.frombuffer(pa.decompress(self.packed[y], decompressed_size=size, codec=CODEC, asbytes=True))

    def _repeated(self, number: int, years: Sequence[int]) -> pd.Categorical:
        """A column of text: the part of each key at this place, in every hour."""
        if number not in self._kinds:
            texts = dict.fromkeys(key[number] for keys in self.keys.values() for key in keys)
            self._kinds[number] = {text: code for code, text in enumerate(texts)}, pd.CategoricalDtype(list(texts))
        kinds, kind = self._kinds[number]
        codes = np.array([kinds[key[number]] for y in years for key in self.keys[y]], dtype=np.min_scalar_type(-1 - len(kinds)))
        return pd.Categorical.from_codes(np.repeat(codes, len(self.weight)), dtype=kind)


class Tables(UserDict[str, pd.DataFrame]):
    """Tables of a plan by name. That of the hours is made whenever it is asked for, and that of a year alone can be had."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], dispatch: Dispatch) -> None:
        super().__init__(tables)
        self.data["dispatch"] = dispatch  # asked for, it is a table

    def __getitem__(self, name: str) -> pd.DataFrame:
        found = super().__getitem__(name)
        return found.table() if isinstance(found, Dispatch) else found

    def dispatch_of(self, y: int) -> pd.DataFrame:
        """The hours of a year."""
        found = self.data["dispatch"]
        return found.table([y]) if isinstance(found, Dispatch) else found[found["year"] == y]


#: Hours before 29 February, a day that the model does not have.
BEFORE_LEAP_DAY = 59 * 24


def timestamps(years: np.ndarray, hours: np.ndarray, drawn: np.ndarray | None = None) -> np.ndarray:
    """When each snapshot begins, in the park's time all year round; a leap year has no 29 February.

    years   calendar year of each row   (rows,)
    hours   snapshot of each row, from 0   (rows,)
    drawn   day of the year, from 0, that each typical day was; None: snapshots are hours of the year   (days,)
    """
    found = np.empty(len(years), dtype="datetime64[s]")
    for year in np.unique(years):
        own = years == year
        hour = np.arange(hours[own].max() + 1)
        if drawn is not None:
            hour = drawn[hour // 24] * 24 + hour % 24
        if isleap(int(year)):
            hour = hour + 24 * (hour >= BEFORE_LEAP_DAY)
        moments = np.datetime64(f"{year:04d}-01-01T00", "s") + hour * np.timedelta64(3600, "s")
        found[own] = moments[hours[own]]
    return found


# --- flexibility -----------------------------------------------------------------------------------------------------------
# Demand that moves: rows of flexibility.csv (what moved and what was shed), chargers.csv (what vehicles are charged with) and
# responses.csv: what stands ready to be called off in a year, and what that brings.


def flexibility_rows(
    flows: Sequence[DispatchFlow], inputs: Inputs, y: int, currency: str
) -> Iterator[tuple[int, str, str, float, str]]:
    """Year, demand, item, value and unit, of each demand of which a part may move or be shed in the year."""
    flexibility, total = inputs.flexibility, inputs.calendar.total
    none = np.zeros(len(inputs.calendar.weight))
    known = {(f.flow, f.name): f.values for f in flows if f.flow in ("demand", "asked", "served", "shed")}
    for u in dict.fromkeys([*flexibility.movable(y), *flexibility.sheddable(y)]):
        asked, served, shed = (known.get((flow, u), none) for flow in ("asked", "served", "shed"))
        moved = total(np.maximum(served - asked, 0.0))
        paid = flexibility.cost.get((u, y), 0.0) * moved + flexibility.shed_price.get((u, y), 0.0) * total(shed)
        yield y, u, "asked", total(asked), "MWh"
        yield y, u, "moved", moved, "MWh"
        yield y, u, "shed", total(shed), "MWh"
        yield y, u, "cost", paid, currency
        yield y, u, "highest_served", float(served.max(initial=0.0)), "MW"
        yield y, u, "peak_less", _less_at_peak(known, inputs, u), "MW"


def _less_at_peak(known: dict[tuple[str, str], np.ndarray], inputs: Inputs, u: str) -> float:
    """By how much the highest hour of all demands of a carrier in a zone is lower than if all came as it is asked (MW), vehicles as
    they charge."""
    demands, none = inputs.demands, np.zeros(len(inputs.calendar.weight))
    here = [v for v in demands.demands if (demands.zone[v], demands.carrier[v]) == (demands.zone[u], demands.carrier[u])]
    drawn = sum((known["demand", v] for v in here), none)
    signs = {"asked": 1, "served": -1, "shed": 1}
    back = sum((sign * known.get((flow, v), none) for v in here for flow, sign in signs.items()), none)
    return float((drawn + back).max() - drawn.max())


DELIVERED, PEAK = "delivered", "peak"


def charger_rows(flows: Sequence[DispatchFlow], inputs: Inputs) -> Iterator[tuple[str, str, float, str]]:
    """Chargers, item, value and unit: energy in the vehicles, and the highest hour of what the group draws."""
    vehicles, drawn = inputs.vehicles, dict[str, np.ndarray]()
    for f in flows:
        if f.flow == "demand" and f.name in vehicles.group:
            g = vehicles.group[f.name]
            drawn[g] = drawn.get(g, 0.0) + f.values
    for g, power in drawn.items():
        yield g, DELIVERED, vehicles.efficiency[g] * inputs.calendar.total(power), "MWh"
        yield g, PEAK, float(power.max()), "MW"


OFFERED, POSSIBLE, CALLED, RECEIVED, LOST = "offered", "possible", "called", "received", "lost"


def response_rows(model: ConcreteModel, inputs: Inputs, currency: str) -> Iterator[tuple[int, str, str, float, str]]:
    """Year, response, item, value and unit, of every contract and year."""
    responses = inputs.responses
    for r, y in sorted(responses.least, key=lambda key: key[1]):
        offered = model.offer[r, y].value
        possible = responses.least[r, y] * value(demand_of(model, inputs, responses.demand[r], y))
        called = responses.calls[r, y] * offered
        yield y, r, OFFERED, offered, "MW"
        yield y, r, POSSIBLE, min(possible, responses.most.get((r, y), possible)), "MW"
        yield y, r, CALLED, called, "MWh"
        yield y, r, RECEIVED, responses.price[r, y] * offered + responses.call_price[r, y] * called, currency
        yield y, r, LOST, responses.call_cost[r, y] * called, currency


# --- contracts -------------------------------------------------------------------------------------------------------------
# Contracts of a solved year: what they generate, deliver and cost; and the least and the most of those that cost nothing.

#: Items of the costs of a year that are those of a contract.
PAID = ("energy", "contract", "fixed", "shortfall")


def contract_rows(
    model: ConcreteModel, year: SolvedYear, inputs: Inputs, y: int, currency: str
) -> list[tuple[str, str, float, str]]:
    """(supply, item, value, unit) of the year, of every supply offered in it that has a contract."""
    contracts, supplies = inputs.contracts, inputs.supplies
    names = [s for s in supplies.supplies if s in contracts.most or s in contracts.least_paid or (s, y) in contracts.fixed]
    costs = contract_cost(model, inputs, y) | year.cost_terms
    rows: list[tuple[str, str, float, str]] = []
    for s in (s for s in names if s in supplies.offered[y]):
        power, energy = ("t/h", "t") if supplies.carrier[s] == "co2" else ("MW", "MWh")
        taken = year.imported[s].value if s in supplies.importers else 0.0
        contracted = 0.0
        if s in contracts.most:
            contracted = model.contract[s, y].value
            generated = contracted * generated_by_one(inputs, s)
            rows += [(s, "contracted", contracted, power), (s, "generated", generated, energy)]
            rows += [(s, "curtailed", max(generated - taken, 0.0), energy)]
        if s in supplies.importers:
            paid = sum(a * v for a, v in paid_energy(inputs, s, contracted, taken))
            rows += [(s, "taken", taken, energy), (s, "paid_energy", paid, energy)]
        if s in year.shortfall:
            rows.append((s, "shortfall", year.shortfall[s].value, energy))
        if (s, y) in model.used:
            rows.append((s, "used", float(round(value(is_used(model, inputs, s, y)))), "1"))
        rows.append((s, "cost", sum(float(value(costs[item, s])) for item in PAID if (item, s) in costs), currency))
    return rows


def contract_least(model: ConcreteModel, inputs: Inputs) -> None:
    """Of contracts that cost nothing by themselves, contract what is imported and no more.

    Not where the energy that they generate counts in a rule of the year.
    """
    for s, y in inputs.contracts.contracts:
        if not price_of_size(inputs, s, y) and not counts_in_a_rule(inputs, s, y):
            contract = model.contract[s, y]
            contract.set_value(min(least_for(inputs, s, model.year[y]), contract.value), skip_validation=True)


def free_contracts(model: ConcreteModel, inputs: Inputs, y: int) -> dict[str, float]:
    """The most that can be contracted in a year (MW, t/h) of supplies whose contract is free: operations may take as much, and what
    they take is contracted afterwards."""
    free = [s for s, when in inputs.contracts.contracts if when == y and is_free(inputs, s, y)]
    return {s: inputs.contracts.most[s] * float(value(is_used(model, inputs, s, y))) for s in free}


def contract_at_least(model: ConcreteModel, y: int, least: Mapping[str, float]) -> None:
    """Raise the contracts of a year that are below these amounts (MW, t/h)."""
    for s, amount in least.items():
        if amount > model.contract[s, y].value:
            model.contract[s, y].set_value(amount, skip_validation=True)


def least_for(inputs: Inputs, s: str, year: SolvedYear) -> float:
    """The least contract that gives what is imported in a year (MW, t/h)."""
    shape, imports = inputs.contracts.shape[s], hourly(year.imports, (s,), inputs.calendar.snapshots)
    return max(0.0, float(np.max(np.divide(imports, shape, out=np.zeros(len(shape)), where=shape > 0), initial=0.0)))


def charge_rows(model: ConcreteModel, inputs: Inputs, y: int, b: str, figure: tuple) -> list[tuple]:
    """(year, supply, scheme, period, item, month, value, unit) of a charge; none under a scheme that is not in force."""
    key = inputs.supplies.bill_scheme.get(b)
    if key is not None and model.scheme[key, y].value < 0.5:
        return []
    return [
        (
            y,
            inputs.supplies.payer[b],
            "" if key is None else inputs.connections.scheme_in(key),
            inputs.supplies.period.get(b, ""),
            *figure,
        )
    ]
