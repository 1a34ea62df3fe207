"""Costs below 0, a premium or a payment: something must bound what is so paid for, else the best plan is without end."""

from __future__ import annotations

from collections.abc import Iterator

from models.case import Chargers, Connection, Cost, Demand, EquipmentType, Link, Port, Supply, Technology, said_of_orders
from models.case.technology import MAY_BE_NEGATIVE
from planner.language.message import Message
from planner.park.draft import Draft, name_of

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
                draft.fault(below[0].origin, "{given}: is below 0, {words}", given=given, words=words)


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
