"""Cost tables: a type in them that nothing of the park is of is most often a slip of the pen.

What a price or a capital cost may come to at least and at most: beside a value that lies between, of what swings.csv tells.

Names within [finance]: kinds of projects, types, measures and projects of the park; and its owners.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from models.case import (
    WHOLE_PARK,
    Bill,
    Certificate,
    Chargers,
    Connection,
    Cost,
    Demand,
    EquipmentType,
    Link,
    Measure,
    Offset,
    Port,
    Price,
    Restoration,
    Supply,
    Technology,
    said_of_orders,
)
from models.case.technology import MAY_BE_NEGATIVE
from models.inputs.calendar import months_of_hours
from models.inputs.finance import over_years
from models.units import UnitError, factor, yearly_factor
from planner.language.message import Message
from planner.park import remarks
from planner.park.checks.equipment import convertible
from planner.park.complaints import is_no, nearest
from planner.park.draft import HOURS, Draft, energy_of, name_of
from planner.park.folder import used_types

# From where on a figure cannot be, or can hardly be, what was meant: where honest parks do not come near, and the slip surely is.
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


def check_costs(draft: Draft) -> None:
    """Warn of each type in a cost table that nothing of the park is of, once a file; and check those of the whole park."""
    for cost in draft.rows(Cost):
        if cost.type == WHOLE_PARK and cost.parameter == "fixed_cost":
            convertible(draft, cost, ["money/year"])
    if not draft.knows_names(Technology) or not draft.knows_names(Link):
        return
    used = used_types(draft)
    said = set()
    for cost in draft.rows(Cost):
        assert cost.origin is not None, "the reader gives every row its origin"
        place = cost.origin.file, cost.type
        if cost.type in (*used, WHOLE_PARK) or place in said:
            continue
        said.add(place)
        near = nearest(cost.type, used)
        remark, hint = (remarks.UNUSED_COSTS_NEAR, {"near": repr(near)}) if near else (remarks.UNUSED_COSTS, {})
        draft.warn(cost, remark, **hint)


#: Kinds of projects that a financial figure may be stated of.
KINDS = ("technology", "measure", "planting")
#: The owner of what nobody is named for.
PARK = "park"
_NOUN = Message("technology, measure, planting, nor a type, measure or project of the park")


def check_financing(draft: Draft) -> None:
    """Complain of each name that stands for nothing."""
    finance = draft.park.finance if draft.park else None
    if finance is None or not all(draft.knows_names(kind) for kind in (Technology, Link, Measure, Restoration)):
        return
    types = {row.get("type") or row.get(kind.key[0]) for kind in (Technology, Link) for row in draft.raw[kind.table]}
    known = {*KINDS, *types, *draft.names(Measure, "measure"), *draft.names(Restoration, "project")}
    priced = {own for kind in (Supply, Certificate, Offset) for own in draft.names(kind, kind.key[0])}
    of_technology, of_price = Message("technology nor type of the park"), Message("supply, certificate nor credit of the park")
    for table, names, which, noun in (
        ("depreciation", finance.depreciation, known, _NOUN),
        ("grants", finance.grants, known, _NOUN),
        ("yield_p90", finance.yield_p90, types | draft.names(Technology, "technology"), of_technology),
        ("downside_prices", finance.downside_prices, priced, of_price),
    ):
        for name in names:
            if name not in which:
                draft.fault("park.toml", is_no(f"[finance.{table}]", name, noun, which))
    owners = {PARK, *(own for kind in (Technology, Link, Measure, Restoration) for own in draft.names(kind, "owner"))}
    for name in finance.owners:
        if name not in owners:
            draft.fault("park.toml", is_no("[finance.owners]", name, Message("owner of anything in the park"), owners))


# --- bounded ---------------------------------------------------------------------------------------------------------------
# Costs below 0, a premium or a payment: something must bound what is so paid for, else the best plan is without end.

#: The cost of what runs; the others are of an order or of capacity.
OF_RUNNING = "variable_cost"
#: A carrier in a zone.
Node = tuple[str, str]


def check_negative_costs(draft: Draft) -> None:
    """Complain of costs below 0 where nothing bounds what is so paid for, and of orders of nothing that would earn."""
    named = (Technology, Link, Connection, EquipmentType, Port, Supply, Demand, Cost)
    if not any(cost.value < 0 for cost in draft.rows(Cost)) or not all(draft.is_sure(kind) for kind in named):
        return
    told: set[tuple[str, str]] = set()
    running = _Flows(draft)
    for row in _assets(draft):
        for parameter in MAY_BE_NEGATIVE:
            below = [cost for cost in draft.costs.get((row.type_name, parameter), []) if cost.value < 0]
            if not below or (row.type_name, parameter) in told:
                continue
            words = _lacking(row, parameter, draft, running)
            if words is not None:
                told.add((row.type_name, parameter))
                given = f"value = {below[0].value:g} {below[0].unit}".rstrip()
                draft.fault(below[0], "{given}: is below 0, {words}", given=given, words=words)


def _lacking(row: _Asset, parameter: str, draft: Draft, running: _Flows) -> Message | None:
    """What is missing beside a cost below 0 of a technology, link or connection."""
    if isinstance(row.row, Technology):
        limits: str = Message("max_capacity, max_build or a site")
    else:
        limits = Message("max_capacity or max_build") if isinstance(row.row, Link) else "max_capacity"
    if parameter == OF_RUNNING:
        if running.is_bounded(row.name):
            return None
        return Message(
            "and nothing bounds what {name} does; give {limits}, or max_import or max_export of what it takes or gives",
            name=repr(row.name),
            limits=limits,
        )
    if not row.may_grow:
        return None
    kind = draft.types.get(row.type_name)
    if parameter == "project_cost" and not any(said_of_orders(row.row, kind, c) > 0 for c in ("min_build", "unit_size")):
        return Message("and an order of {name} of next to nothing would earn it; give min_build or unit_size", name=repr(row.name))
    if row.is_limited:
        return None
    return Message("and nothing bounds how much of {name} is ordered; give {limits}", name=repr(row.name), limits=limits)


class _Asset:
    """A technology, link or connection: whether it may grow, and whether something limits how far."""

    def __init__(self, row: Technology | Link | Connection, draft: Draft) -> None:
        self.row, self.name, self.type_name = row, name_of(row), row.type_name
        self.may_grow, self.is_limited = draft.may_be_built(row), draft.has_limit(row)
        self.is_bounded = self.is_limited or not self.may_grow


def _assets(draft: Draft) -> list[_Asset]:
    sized = [c for c in draft.rows(Connection) if c.type]
    rows: list[Technology | Link | Connection] = [*draft.rows(Technology), *draft.rows(Link), *sized]
    return [_Asset(row, draft) for row in rows]


class _Flows:
    """What can run without end. A flow is bounded by its own limit, or where all else that comes into a node, or all that leaves
    it, is: balances are equalities. A store bounds nothing: it only takes what it loses."""

    def __init__(self, draft: Draft) -> None:
        self.assets = {asset.name: asset for asset in _assets(draft)}
        self.into: dict[Node, list[str]] = {}
        self.out_of: dict[Node, list[str]] = {}
        self.nodes_of: dict[str, set[Node]] = {}
        self.bounded: set[str] = set()
        self._boundary(draft)
        for row in draft.rows(Technology):
            self._technology(row, draft)
        for link in draft.rows(Link):
            ends = [(link.from_zone, link.to_zone)] + ([(link.to_zone, link.from_zone)] if link.both_ways else [])
            for start, end in ends:
                self._flow(link.link, start, link.carrier, is_out=True)
                self._flow(link.link, end, link.carrier, is_out=False)
            if self.assets[link.link].is_bounded:
                self.bounded.add(link.link)
        self._spread()

    def is_bounded(self, name: str) -> bool:
        """True if what an asset does in an hour is bounded."""
        asset = self.assets[name]
        return asset.is_bounded or (isinstance(asset.row, Technology) and name in self.bounded)

    def _flow(self, name: str, zone: str, carrier: str, *, is_out: bool, bounds: bool = True) -> None:
        (self.out_of if is_out else self.into).setdefault((zone, carrier), []).append(name)
        self.nodes_of.setdefault(name, set()).update({(zone, carrier)} if bounds else set())

    def _boundary(self, draft: Draft) -> None:
        """Demands, processes and supplies; the latter by their own limit or that of their connection."""
        behind = {c.connection: c for c in draft.rows(Connection)}
        for supply in draft.rows(Supply):
            shared = behind.get(supply.connection)
            most = [supply.max_import, supply.contract_max, shared and (shared.max_capacity if shared.type else shared.max_import)]
            if supply.can_import:
                self._flow(f"import {supply.supply}", supply.zone, supply.carrier, is_out=False, bounds=False)
                self.bounded |= {f"import {supply.supply}"} if any(limit is not None for limit in most) else set()
            if supply.can_export:
                self._flow(f"export {supply.supply}", supply.zone, supply.carrier, is_out=True, bounds=False)
                self.bounded |= {f"export {supply.supply}"} if supply.max_export is not None else set()
        for demand in draft.rows(Demand):
            self._flow(f"demand {demand.demand}", demand.zone, demand.carrier, is_out=True, bounds=False)
            self.bounded.add(f"demand {demand.demand}")
        for group in draft.rows(Chargers):
            self._flow(f"chargers {group.chargers}", group.zone, group.carrier, is_out=True, bounds=False)
            self.bounded.add(f"chargers {group.chargers}")

    def _technology(self, row: Technology, draft: Draft) -> None:
        kind, name = draft.types.get(row.type_name), row.technology
        if self.assets[name].is_bounded:
            self.bounded.add(name)
        for port in draft.ports.get(row.type_name, []):
            if kind is not None and kind.role == "store":
                loses = kind.charge_efficiency * kind.discharge_efficiency < 1 or kind.standing_loss > 0
                if loses:
                    self._flow(name, row.zone, port.carrier, is_out=True, bounds=False)
                return
            series = draft.profiles.series.get(port.profile) if port.profile else None
            always = series is None or float(series.min()) > 0
            self._flow(name, row.zone, port.carrier, is_out=port.direction == "in", bounds=always)

    def _spread(self) -> None:
        """Bound what runs between bounded nodes, until nothing more is found."""
        while True:
            nodes = set(self._bounded_nodes())
            found = {name for name, own in self.nodes_of.items() if own & nodes} - self.bounded
            if not found:
                return
            self.bounded |= found

    def _bounded_nodes(self) -> Iterator[Node]:
        for node in {*self.into, *self.out_of}:
            if any(all(name in self.bounded for name in side.get(node, ())) for side in (self.into, self.out_of)):
                yield node


# --- billed ----------------------------------------------------------------------------------------------------------------
# Bills against what the park states: energy against the demands that it serves, money against prices, tariff and charges.
#
# .. math::
# Q_c = \sum_d D_d + \sum_{c'} Q_{c'} / \eta_{c c'} - G_c \qquad
# C = Q\, p\, \frac{\sum_t l_t f_t}{\sum_t l_t} + k \sum_m \max_{t \in m} l_t \frac{Q}{\sum_t l_t} + F
#
# D  demands of a carrier in the base year  MWh      η  of the one kind of plant that makes c' of c  MWh/MWh  G  own generation
# MWh
# l  load of the carrier's demands          MW (t)   f  factor of the tariff  1 (t)    p  price of energy  money/MWh
# k  demand charge  money/MW/month                    F  fixed prices  money
#
# Where several kinds of plants or supplies serve a carrier nothing is compared: only the operation knows which of them did
# (`plan check --baseline`). The hours of a profile of some days are those of every day of the year.

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
    words: dict[str, object] = {"billed": f"{billed:,.0f}", "needed": f"{needed:,.0f}", "ratio": f"{ratio:.3g}"}
    draft.warn(bill, remarks.BILL_SLIP if hint else remarks.BILL_APART, **words, **({"hint": hint} if hint else {}))


#: What a ratio of demands to a bill is the mark of: of which carriers, where it is near to which ratios.
_HINTS: tuple[tuple[tuple[str, ...], tuple[float, ...], str], ...] = (
    (FUELS, (GROSS_TO_NET, 1 / GROSS_TO_NET), remarks.HINT_GROSS),
    ((), (2.0, 0.5, 4.0, 0.25), remarks.HINT_INTERVAL),
    ((), (1e3, 1e-3), remarks.HINT_THOUSAND),
    (("steam",), (1 / 0.7, 1 / 0.75, 0.7, 0.75), remarks.HINT_TONNES),
)


def _hint_of_energy(ratio: float, carrier: str) -> Message | None:
    """What a ratio of demands to a bill is the mark of."""
    for carriers, marks, hint in _HINTS:
        if (not carriers or carrier in carriers) and _is_near(ratio, marks):
            return Message(hint)
    return Message(remarks.HINT_MULTIPLIER) if ratio > 5 or ratio < 0.2 else None


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
    words: dict[str, object] = {"cost": f"{bill.cost:,.0f}", "expected": f"{expected:,.0f}", "ratio": f"{ratio:.3g}"}
    hint = _hint_of_money(ratio, supply.carrier, draft.currency)
    remark = remarks.COST_SLIP if hint else remarks.COST_APART
    draft.warn(bill, remark, currency=draft.currency, **words, **({"hint": hint} if hint else {}))


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
    loads = [draft.load(row, energy) for energy, row in draft.energy.values() if row.carrier == carrier]
    return np.sum(loads, axis=0) if loads else np.ones(max(draft.profiles.hours, 24))


def _peaks(load: np.ndarray) -> float:
    """Sum of the highest hours of twelve months, MW."""
    if len(load) != HOURS:
        return 12 * float(load.max())
    months = months_of_hours(HOURS)
    return float(sum(load[months == m].max() for m in range(1, 13)))


def mean_factor(supply: str, load: np.ndarray, draft: Draft) -> float:
    """The mean factor of a tariff, weighted with a load; of a load of some days as if every day of the year were these."""
    whole = np.resize(load, HOURS)
    return float((whole * draft.tariff(supply, "energy")).sum() / whole.sum())
