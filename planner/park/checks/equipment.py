"""Units and limits of equipment: every stated figure can be converted, no cost is below 0 that may not be, what is so paid for is
bounded, and an order that asks for a yes or no has a limit."""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np

from models.case import (
    TABLES,
    WHOLE_PARK,
    Bill,
    Connection,
    Cost,
    Demand,
    EmissionFactor,
    EquipmentType,
    Link,
    Port,
    Price,
    ProcessEmission,
    Product,
    Row,
    Supply,
    Technology,
    said_of_orders,
)
from models.case.technology import MAY_BE_NEGATIVE
from models.inputs.equipment import may_commit
from models.units import UnitError, factor, names_year, yearly_factor
from planner.language.language import mark
from planner.language.message import Message
from planner.park.draft import Draft, name_of
from planner.park.fields import columns_of, share_hint, units_of, wanted_capacity
from planner.park.rules import CO2, PER, can_be

#: What may be ordered, and the limits that it can have.
Asset = Technology | Link | Connection
LIMITS = {
    Technology: mark("max_capacity, max_build or a site"),
    Link: mark("max_capacity or max_build"),
    Connection: "max_capacity",
}
#: Tables whose rows state a unit of a year, and what it is of.
_OF_A_YEAR: tuple[tuple[type[Row], str], ...] = ((Demand, "MWh"), (Bill, "MWh"), (ProcessEmission, "t"), (Product, "t"))
#: What is paid for items of prices.csv that are no flows.
_OF_ITEMS = {"demand_charge": "money/MW/month", "capacity_charge": "money/MW/month", "carbon": "money/t", "fixed": "money/year"}


def _assets(draft: Draft) -> list[Asset]:
    return [*draft.rows(Technology), *draft.rows(Link), *(c for c in draft.rows(Connection) if c.type)]


def check_equipment(draft: Draft) -> None:
    """What runs by starts has a flow in every hour, and orders that ask for a yes or no have a limit."""
    for kind in {row.type_name: kind for row in draft.rows(Technology) if (kind := draft.types.get(row.type_name))}.values():
        if any(may_commit(row, kind) for row in draft.rows(Technology) if row.type_name == kind.type):
            _check_flows(kind, draft)
    for row in _assets(draft):
        kind = draft.types.get(row.type_name)
        if not draft.may_be_built(row) or draft.has_limit(row):
            continue
        given = {column: said_of_orders(row, kind, column) for column in ("min_build", "order_spacing")}
        given = {column: size for column, size in given.items() if size > (column == "order_spacing")}
        if isinstance(row, Link) and not row.partial_retirement:
            given["partial_retirement"] = 0.0
        projects = draft.costs.get((row.type_name, "project_cost"), [])
        if any(cost.value > 0 for cost in projects) and all(cost.value >= 0 for cost in projects):
            given["project_cost"] = projects[0].value
        for column, size in given.items():
            words = mark("{column} = {size}: needs a limit of the build; give {limits}")
            draft.fault(row, words, column=column, size=float(size), limits=Message(LIMITS[type(row)]))


def _check_flows(kind: EquipmentType, draft: Draft) -> None:
    """Of what is committed a port flows in every hour."""
    ports = draft.ports.get(kind.type, [])
    is_asked = any(p.no_load or p.per_start for p in ports) or (kind.type, "start_cost") in draft.costs or kind.commitment
    series = [np.min(shapes, axis=0) for p in ports if p.profile and (shapes := draft.series_of(p.profile))]
    if (is_asked or kind.ramp is not None) and ports and len(series) == len(ports):
        rests = np.flatnonzero(np.max(series, axis=0) <= 0)
        if len(rests):
            draft.fault(
                kind,
                "type {type}: all its ports are 0 in hour {hour} of the profiles, so that nothing tells what it does there; "
                "with a ramp, a start_cost or commitment a port must flow in every hour",
                hour=rests[0],
            )


# --- units -----------------------------------------------------------------------------------------------------------------


def check_units(draft: Draft) -> None:
    """Complain of units that cannot be converted to the ones that the model works in, and of costs that cannot be."""
    for table, to in _OF_A_YEAR:
        for row in draft.rows(table):
            try:
                yearly_factor(row.unit, to)  # type: ignore[attr-defined]
            except UnitError as error:
                draft.fault(row, _said(error, to))
    for own in draft.rows(EmissionFactor):
        _convertible(draft, own, ["t/MWh"])
    _check_prices(draft)
    _check_headings(draft)
    per = _capacities(draft) if draft.is_sure(Technology) and draft.is_sure(Link) else {}
    for (name, parameter), rows in draft.costs.items():
        for cost in rows:
            if name == WHOLE_PARK and parameter == "fixed_cost":
                _convertible(draft, cost, ["money/year"])
            elif name in per:
                _check_cost(cost, _targets(parameter, per[name]), draft)
        if name in per and parameter == "fixed_cost" and len({can_be(cost.unit, "1/year") for cost in rows}) > 1:
            draft.fault(rows[-1], "unit {unit}: the fixed_cost of {type} is in %/year and in money; choose one")


def _check_cost(cost: Cost, targets: list[str], draft: Draft) -> None:
    given = f"value = {cost.value:g} {cost.unit if cost.unit != '1' else ''}".rstrip()
    if cost.value < 0 and cost.parameter not in MAY_BE_NEGATIVE:
        draft.fault(cost, "{given}: is below 0; write a cost as a positive number", given=given)
    times = _convertible(draft, cost, targets)
    if times is not None and cost.parameter == "lifetime" and cost.value >= 0 and math.floor(cost.value * times + 1e-9) < 1:
        draft.fault(cost, "{given}: is less than a year; a lifetime is at least 1", given=given)
    if times is not None and cost.parameter == "grant" and cost.value * times > 1:
        draft.fault(cost, "{given}: is above 1; {hint}", given=given, hint=share_hint(cost.value * times))


def _said(error: UnitError, to: str) -> str:
    """What is wrong with a unit, and which one is needed."""
    text = error.args[0]
    return Message("{text}; write {to} or a unit of that dimension", text=text, to=to) if text.endswith("cannot be read") else text


def _convertible(draft: Draft, row: EmissionFactor | Price | Cost, targets: list[str]) -> float | None:
    """The factor of a row's unit to the first target that fits, None with a complaint where none does."""
    shown = [target.replace("money", draft.currency) for target in targets]
    if any("money" in target for target in targets) and not draft.currency:
        return None
    if not row.unit and "1" not in targets:
        draft.fault(row, "unit: is blank; write {wanted}, or a unit of that dimension", wanted=" or ".join(shown))
        return None
    errors = []
    for target in targets:
        try:
            if "/km" not in target or "km" in row.unit:
                return factor(row.unit, target, draft.currency)
        except UnitError as error:
            errors.append(error)
    draft.fault(row, _said(errors[0], shown[0]))
    return None


def _check_prices(draft: Draft) -> None:
    carriers = {supply.get("supply"): supply.get("carrier") for supply in draft.raw["supplies"]}
    charges: dict[tuple[str, str], bool] = {}
    for price in draft.rows(Price):
        flows = ["money/MWh"] if price.supply in carriers else ["money/MWh", "money/t"]
        flows = ["money/t"] if price.supply == "*" or carriers.get(price.supply) == CO2 else flows
        _convertible(draft, price, [_OF_ITEMS[price.item]] if price.item in _OF_ITEMS else flows)
        with suppress(UnitError):
            if price.item == "demand_charge":
                is_yearly = names_year(price.unit, draft.currency)
                if charges.setdefault((price.supply, price.scheme), is_yearly) != is_yearly:
                    draft.fault(price, "unit {unit}: the rows of a demand_charge are all of a month or all of a year")


def _check_headings(draft: Draft) -> None:
    """Complain of rows whose capacity is of another dimension than the heading says: MW under `existing [kWh]`."""
    roles = {name: kind.role for name, kind in draft.types.items()}
    of_row = {t.technology: roles.get(t.type_name, "") for t in draft.rows(Technology)}
    for table, headed in draft.headed.items():
        columns = columns_of(TABLES[table])
        for name, target in headed.items():
            several = units_of(columns[name])
            for row in draft.raw[table] if len(several) > 1 and " or " not in columns[name].unit else ():
                role = roles.get(row.get("type"), "") if table == "types" else of_row.get(row.get("technology"), "")
                if not row.get(name) or not (role or row.get("carrier")):
                    continue
                capacity = wanted_capacity(row.get("carrier"), role)
                wanted = next(unit for unit in several if _is_per(unit, capacity))
                if wanted != target:
                    words = mark(
                        "{column}: is in {wanted} here, and its heading says {target}; write {wanted} there, or leave the unit out"
                    )
                    units = {"wanted": wanted.replace("money", draft.currency), "target": target.replace("money", draft.currency)}
                    draft.fault(row.origin, words, column=name, **units)


def _is_per(unit: str, capacity: str) -> bool:
    """True of the unit of a column that is of such a capacity: `ha/(t/h)` or `t/year` of t/h, `MWh/year` of MW."""
    also = {"MW": ("MWh/year",), "(t/h)": ("t/h", "t/year")}.get(capacity, ())
    return unit == capacity or unit in also or unit.endswith(f"/{capacity}")


def _capacities(draft: Draft) -> dict[str, list[str]]:
    """What the capacity of each type that the park uses is measured in; per km too for links."""
    used = {row.type_name for row in draft.rows(Technology)}
    found = {name: [PER[kind.role]] for name, kind in draft.types.items() if name in used}
    for link in draft.rows(Link):
        per = wanted_capacity(link.carrier)
        found[link.type_name] = [per, f"{per}/km"]
    for connection in draft.rows(Connection):
        found.setdefault(connection.type, [wanted_capacity(connection.carrier)])
    return found


def _targets(parameter: str, per: list[str]) -> list[str]:
    """The units that a cost may be stated in, the plainest first."""
    flow = "t" if per[0] == "(t/h)" else "MWh"
    return {
        "capital_cost": [f"money/{p}" for p in per],
        "project_cost": ["money"],
        "grant": ["1"],
        "fixed_cost": [*(f"money/{p}/year" for p in per), "1/year"],
        "variable_cost": [f"money/{flow}", *([f"money/{flow}/km"] if len(per) > 1 else [])],
        "lifetime": ["year"],
        "retirement_cost": [f"money/{p}" for p in per],
        "start_cost": [f"money/{per[0]}"],
        "annuity": [f"money/{p}/year" for p in per],
        "embodied": [f"t/{p}" for p in per],
    }[parameter]


# --- costs below 0 ---------------------------------------------------------------------------------------------------------
# A premium or a payment: something must bound what is so paid for, else the best plan is without end.

#: The cost of what runs; the others are of an order or of capacity.
OF_RUNNING = "variable_cost"


def check_negative_costs(draft: Draft) -> None:
    """Complain of costs below 0 where nothing bounds what is so paid for, and of orders of nothing that would earn."""
    named = (Technology, Link, Connection, EquipmentType, Port, Supply, Demand, Cost)
    if not all(draft.is_sure(kind) for kind in named):
        return
    for row in _assets(draft):
        for parameter in MAY_BE_NEGATIVE:
            below = [cost for cost in draft.costs.get((row.type_name, parameter), []) if cost.value < 0]
            words = _lacking(row, parameter, draft) if below else ""
            if words:
                given = f"value = {below[0].value:g} {below[0].unit}".rstrip()
                words = Message(words, name=repr(name_of(row)), limits=Message(LIMITS[type(row)]))
                draft.fault(below[0], "{given}: is below 0, {words}", given=given, words=words)


def _lacking(row: Asset, parameter: str, draft: Draft) -> str:
    """What is missing beside a cost below 0 of a technology, link or connection; '' where nothing is."""
    is_limited, kind = draft.has_limit(row) or not draft.may_be_built(row), draft.types.get(row.type_name)
    if parameter == OF_RUNNING:
        if is_limited or (isinstance(row, Technology) and draft.role(row) != "store" and _is_bounded(row, draft)):
            return ""
        return mark("and nothing bounds what {name} does; give {limits}, or max_import or max_export of what it takes or gives")
    is_ordered_in_parts = not any(said_of_orders(row, kind, c) > 0 for c in ("min_build", "unit_size"))
    if parameter == "project_cost" and is_ordered_in_parts and draft.may_be_built(row):
        return mark("and an order of {name} of next to nothing would earn it; give min_build or unit_size")
    return "" if is_limited else mark("and nothing bounds how much of {name} is ordered; give {limits}")


def _is_bounded(row: Technology, draft: Draft) -> bool:
    """True if a carrier that it takes comes from limited imports and plants only, or one that it makes goes to demands, limited
    exports and plants only: balances are equalities. What flows over a link, or into a store with losses, bounds nothing."""
    plants = [(own, port) for own in draft.rows(Technology) for port in draft.ports.get(own.type_name, [])]
    behind = {c.connection: c.max_capacity if c.type else c.max_import for c in draft.rows(Connection)}
    linked = {(zone, link.carrier) for link in draft.rows(Link) for zone in (link.from_zone, link.to_zone)}
    for port in draft.ports.get(row.type_name, []):
        shapes = draft.series_of(port.profile)
        if (row.zone, port.carrier) in linked or any(float(shape.min()) <= 0 for shape in shapes):
            continue
        other_way = "out" if port.direction == "in" else "in"
        here = [s for s in draft.rows(Supply) if (s.zone, s.carrier) == (row.zone, port.carrier)]
        if port.direction == "in":
            limits = [s.max_import if s.max_import is not None else behind.get(s.connection) for s in here if s.can_import]
        else:
            limits = [s.max_export for s in here if s.can_export]
        others = {own.technology: own for own, p in plants if (own.zone, p.carrier) == (row.zone, port.carrier)}
        stores = [own for own in others.values() if draft.role(own) == "store"]
        across = [own for own, p in plants if own.technology in others and (p.carrier, p.direction) == (port.carrier, other_way)]
        if None in limits or (stores and port.direction == "out"):
            continue
        if all(own is row or own in stores or draft.has_limit(own) or not draft.may_be_built(own) for own in across):
            return True
    return False
