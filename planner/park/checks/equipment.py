"""Technologies and their types: references, limits, ports, and the costs without which nothing is built."""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np

from models.case import (
    TABLES,
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
    Technology,
    said_of_orders,
)
from models.case.technology import MAY_BE_NEGATIVE
from models.inputs.equipment import may_commit
from models.units import UnitError, factor, names_year, yearly_factor
from planner.language.language import mark
from planner.language.message import Message
from planner.park import remarks
from planner.park.complaints import is_no
from planner.park.draft import Draft
from planner.park.faults import LISTED
from planner.park.fields import columns_of, share_hint, units_of, wanted_capacity


def check_equipment(draft: Draft) -> None:
    """Check technologies with their types, ports, and that what may be built has its costs."""
    known = draft.names(EquipmentType, "type") | draft.catalogue_types
    for port in draft.rows(Port) if draft.knows_names(EquipmentType) else ():
        if port.type not in known:
            draft.fault(port, is_no("type", port.type, "type", known, Message(LISTED)))
    for technology in draft.rows(Technology):
        kind = draft.types.get(technology.type_name)
        if kind is not None:
            _check_commitment(technology, kind, draft)
            check_ports(kind, draft)
            if kind.power_type and kind.role == "store":
                _check_power(technology, kind, known, draft)
    for kind in draft.types.values() if draft.power_types else ():
        _check_power_type(kind, draft)
    for row in draft.rows(Technology):
        if row.type_name in draft.types:
            _check_costs_of(row, Message("max_capacity, max_build or a site"), draft)
    for link in draft.rows(Link):
        _check_costs_of(link, Message("max_capacity or max_build"), draft)
    for connection in draft.rows(Connection):
        if connection.type:
            _check_costs_of(connection, "max_capacity", draft)


def _check_commitment(row: Technology, kind: EquipmentType, draft: Draft) -> None:
    """Only converters without a profile and capture plants are committed and have outages."""
    if row.profile and kind.min_load > 0:
        draft.warn(row, remarks.NO_MIN_LOAD, load=kind.min_load)
    starts = (kind.type, "start_cost") in draft.costs
    asked = {"ramp": kind.ramp is not None, "commitment": kind.commitment, "outage": kind.outage > 0, "start_cost": starts}
    fed = any(p.no_load or p.per_start for p in draft.ports.get(kind.type, []))
    if fed and row.profile:
        draft.fault(row, "profile {profile}: {technology} takes something at no load or as it starts, so it cannot have one")
    if not may_commit(row, kind):
        for name in (name for name, is_asked in asked.items() if is_asked):
            draft.warn(row, remarks.NOT_COMMITTED, column=name)
        return
    if not fed and not any(asked[name] for name in ("ramp", "commitment", "start_cost")):
        if kind.role == "converter" and kind.min_load + kind.outage > 1:
            draft.fault(
                kind,
                "outage = {outage}: leaves less of the year than min_load = {min_load} asks for; lower one of them, or write "
                "commitment = 1",
            )
        return
    ports = draft.ports.get(kind.type, [])
    years = range(draft.park.first_year, draft.park.last_year + 1) if draft.park else ()
    for names in dict.fromkeys(tuple(draft.column(port.profile, y) for port in ports if port.profile) for y in years):
        series = [draft.profiles.series.get(name) for name in names]
        if not ports or len(series) != len(ports) or any(s is None for s in series):
            continue
        rests = np.flatnonzero(np.max(np.array(series), axis=0) <= 0)
        if len(rests):
            draft.fault(
                kind,
                "type {type}: all its ports are 0 in hour {hour} of the profiles, so that nothing tells what it does there; "
                "with a ramp, a start_cost or commitment a port must flow in every hour",
                hour=rests[0],
            )
            return


def check_ports(kind: EquipmentType, draft: Draft) -> None:
    """The ports that a type of its role needs."""
    if not draft.is_sure(Port, kind.type):
        return
    ports = draft.ports.get(kind.type, [])
    if ports and all(p.no_load or p.per_start for p in ports):
        draft.fault(kind, "type {type}: all its ports have no_load or per_start; one must flow with the activity alone")
    carriers = sorted({port.carrier for port in ports})
    if kind.role == "store" and len(carriers) != 1:
        text = f"has {len(carriers)} ({', '.join(carriers)})" if carriers else Message("has none")
        draft.fault(kind, "store {type}: {text}; a store has one carrier in its ports in ports.csv", text=text)
    captures = any(p.carrier == "co2" and p.direction == "out" and p.ratio == 1 for p in ports)
    if kind.role == "capture" and not captures:
        draft.fault(kind, "capture {type}: has no out port of carrier co2 with ratio 1; add it in ports.csv")
    if kind.role == "converter" and not ports and kind.type not in draft.power_types:
        draft.fault(kind, "converter {type}: has no ports; say in ports.csv what flows in and out")


def _check_power(row: Technology, kind: EquipmentType, known: set[str], draft: Draft) -> None:
    """A store whose type leaves its power to another one has that in its zone."""
    if kind.power_type not in known:
        if draft.knows_names(EquipmentType):
            draft.fault(kind, is_no("power_type", kind.power_type, "type", known, Message(LISTED)))
    elif draft.is_sure(Technology) and (kind.power_type, row.zone) not in {(t.type_name, t.zone) for t in draft.rows(Technology)}:
        draft.fault(
            row,
            "store {technology}: its power is of type {type}, and {zone} has no technology of it; add one to technologies.csv",
            type=repr(kind.power_type),
        )


def _check_power_type(kind: EquipmentType, draft: Draft) -> None:
    """The power of stores has neither costs of an activity nor ports."""
    if kind.type not in draft.power_types:
        return
    asked = ["ports"] if draft.is_sure(Port, kind.type) and draft.ports.get(kind.type) else []
    if draft.is_sure(Cost, kind.type):
        asked += [n for n in ("variable_cost", "start_cost") if any(c.value for c in draft.costs.get((kind.type, n), []))]
    for name in asked:
        draft.fault(kind, "type {type}: is the power of stores, which has no {column}; leave it out", column=name)


def _check_costs_of(row: Technology | Link | Connection, limits: str, draft: Draft) -> None:
    """Costs of what may be built, and the limits that a yes to an order needs: of a least size, a spacing or a project cost."""
    name, kind = row.type_name, draft.types.get(row.type_name)
    is_sure, prices = draft.is_sure(Cost, name), {(name, "capital_cost"), (name, "annuity")} & set(draft.costs)
    for cost in draft.costs.get((name, "fixed_cost"), []) if is_sure and not prices else ():
        if cost.value and is_share_per_year(cost.unit):
            words = mark("value = {value} {per}: is a share of a capital_cost, and {type} has none; give it in costs.csv")
            draft.fault(cost, words, per=cost.unit)
    if not draft.may_be_built(row):
        return
    lacking = [] if prices else ["capital_cost"]
    for parameter in [*lacking, *([] if (name, "lifetime") in draft.costs else ["lifetime"])] if is_sure else ():
        draft.fault(
            row,
            "type {name}: has no {parameter}; give it in costs.csv, or {otherwise}",
            name=repr(name),
            parameter=parameter,
            otherwise=Message("write max_capacity = existing if it may not grow")
            if isinstance(row, Connection)
            else Message("write max_build = 0 if it may not be built"),
        )
    if draft.has_limit(row):
        return
    given = {column: said_of_orders(row, kind, column) for column in ("min_build", "order_spacing")}
    given = {column: size for column, size in given.items() if size > (column == "order_spacing")}
    if isinstance(row, Link) and not row.partial_retirement:
        given["partial_retirement"] = 0.0
    projects = draft.costs.get((name, "project_cost"), [])
    if any(cost.value > 0 for cost in projects) and all(cost.value >= 0 for cost in projects):
        given["project_cost"] = projects[0].value
    for column, size in given.items():
        words = mark("{column} = {size}: needs a limit of the build; give {limits}")
        draft.fault(row, words, column=column, size=float(size), limits=limits)


# --- units -----------------------------------------------------------------------------------------------------------------
# Units: every stated figure can be converted, and none is below 0 that may not be.

#: What a capacity is measured in, by role.
PER = {"converter": "MW", "store": "MWh", "capture": "(t/h)", "charger": "MW"}


#: Tables whose rows state a unit of a year, and what it is of.
_OF_A_YEAR: tuple[tuple[type[Row], str], ...] = ((Demand, "MWh"), (Bill, "MWh"), (ProcessEmission, "t"), (Product, "t"))
#: What is paid for items of prices.csv that are no flows.
_OF_ITEMS = {"demand_charge": "money/MW/month", "capacity_charge": "money/MW/month", "carbon": "money/t", "fixed": "money/year"}


def check_units(draft: Draft) -> None:
    """Complain of units that cannot be converted to the ones that the model works in."""
    for table, to in _OF_A_YEAR:
        for row in draft.rows(table):
            try:
                yearly_factor(row.unit, to)  # type: ignore[attr-defined]
            except UnitError as error:
                draft.fault(row, _said(error, to))
    for row in draft.rows(EmissionFactor):
        convertible(draft, row, ["t/MWh"])
    _check_prices(draft)
    _check_headings(draft)
    if draft.is_sure(Technology) and draft.is_sure(Link):
        _check_costs(draft)


def _said(error: UnitError, to: str) -> str:
    """What is wrong with a unit, and which one is needed."""
    text = error.args[0]
    return Message("{text}; write {to} or a unit of that dimension", text=text, to=to) if text.endswith("cannot be read") else text


def convertible(draft: Draft, row: EmissionFactor | Price | Cost, targets: list[str]) -> float | None:
    """The factor of a row's unit to the first target that fits, None with a complaint where none does."""
    unit = row.unit
    if any("money" in target for target in targets) and not draft.currency:
        return None
    if not unit and "1" not in targets:
        wanted = " or ".join(target.replace("money", draft.currency) for target in targets)
        draft.fault(row, "unit: is blank; write {wanted}, or a unit of that dimension", wanted=wanted)
        return None
    first: UnitError | None = None
    for target in targets:
        try:
            if "/km" not in target or "km" in unit:
                return factor(unit, target, draft.currency)
        except UnitError as error:
            first = first or error
    assert first is not None
    draft.fault(row, _said(first, targets[0].replace("money", draft.currency)))
    return None


def _given(row: Cost) -> str:
    return f"value = {row.value:g} {row.unit if row.unit != '1' else ''}".rstrip()


def _check_prices(draft: Draft) -> None:
    carriers = {supply.get("supply"): supply.get("carrier") for supply in draft.raw["supplies"]}
    charges: dict[tuple[str, str], bool] = {}
    for price in draft.rows(Price):
        is_mass = price.supply == "*" or carriers.get(price.supply) == "co2"
        flows = ["money/t" if is_mass else "money/MWh"]
        if price.supply not in carriers and not is_mass:
            flows = ["money/MWh", "money/t"]
        convertible(draft, price, [_OF_ITEMS[price.item]] if price.item in _OF_ITEMS else flows)
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
            if len(several) == 1 or " or " in columns[name].unit:
                continue
            for row in draft.raw[table]:
                thing = row.get("technology") or row.get("type")
                role = roles.get(thing, "") if table == "types" else of_row.get(thing, "")
                if not row.get(name) or not (role or row.get("carrier")):
                    continue
                wanted = wanted_capacity(row.get("carrier"), role)
                wanted = next(unit for unit in several if _is_per(unit, wanted))
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


def capacities(draft: Draft) -> dict[str, list[str]]:
    """What the capacity of each type that the park uses is measured in; per km too for links."""
    found: dict[str, list[str]] = {}
    for technology in draft.rows(Technology):
        kind = draft.types.get(technology.type_name)
        if kind is not None:
            found[kind.type] = [PER[kind.role]]
    for link in draft.rows(Link):
        per = "(t/h)" if link.carrier == "co2" else "MW"
        found[link.type_name] = [per, f"{per}/km"]
    for connection in draft.rows(Connection):
        if connection.type:
            found.setdefault(connection.type, ["(t/h)" if connection.carrier == "co2" else "MW"])
    return found


def targets(parameter: str, per: list[str]) -> list[str]:
    """The units that a cost may be stated in, the plainest first."""
    flow = "t" if per[0] == "(t/h)" else "MWh"
    return {
        "capital_cost": [f"money/{p}" for p in per],
        "project_cost": ["money"],
        "grant": ["1"],
        "fixed_cost": [*(f"money/{_with_year(p)}" for p in per), "1/year"],
        "variable_cost": [f"money/{flow}", *([f"money/{flow}/km"] if len(per) > 1 else [])],
        "lifetime": ["year"],
        "retirement_cost": [f"money/{p}" for p in per],
        "start_cost": [f"money/{per[0]}"],
        "annuity": [f"money/{_with_year(p)}" for p in per],
        "embodied": [f"t/{p}" for p in per],
    }[parameter]


def _with_year(per: str) -> str:
    return f"{per}/year"


def is_share_per_year(unit: str) -> bool:
    """True of `%/year`: a fixed cost stated as a share of the capital cost."""
    try:
        return factor(unit, "1/year") > 0
    except UnitError:
        return False


def _check_costs(draft: Draft) -> None:
    per = capacities(draft)
    for (name, parameter), rows in draft.costs.items():
        if name not in per:
            continue
        for row in rows:
            if row.value < 0 and parameter not in MAY_BE_NEGATIVE:
                draft.fault(row, "{given}: is below 0; write a cost as a positive number", given=_given(row))
            times = convertible(draft, row, targets(parameter, per[name]))
            if times is not None and parameter == "lifetime" and row.value >= 0 and math.floor(row.value * times + 1e-9) < 1:
                draft.fault(row, "{given}: is less than a year; a lifetime is at least 1", given=_given(row))
            if times is not None and parameter == "grant" and row.value * times > 1:
                draft.fault(row, "{given}: is above 1; {hint}", given=_given(row), hint=share_hint(row.value * times))
        if parameter == "fixed_cost" and len({is_share_per_year(row.unit) for row in rows}) > 1:
            draft.fault(rows[-1], "unit {unit}: the fixed_cost of {type} is in %/year and in money; choose one")
