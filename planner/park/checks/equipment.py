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
from planner.park.draft import Draft
from planner.park.fields import columns_of, share_hint, units_of, wanted_capacity
from planner.park.rules import can_be


def check_equipment(draft: Draft) -> None:
    """What runs by starts has a flow in every hour, and orders that ask for a yes or no have a limit."""
    for row in draft.rows(Technology):
        kind = draft.types.get(row.type_name)
        if kind is not None and may_commit(row, kind):
            _check_flows(kind, draft)
        if kind is not None:
            _check_limit(row, Message("max_capacity, max_build or a site"), draft)
    for link in draft.rows(Link):
        _check_limit(link, Message("max_capacity or max_build"), draft)
    for connection in draft.rows(Connection):
        if connection.type:
            _check_limit(connection, "max_capacity", draft)


def _check_flows(kind: EquipmentType, draft: Draft) -> None:
    """Of what is committed a port flows in every hour."""
    ports = draft.ports.get(kind.type, [])
    is_fed, starts = any(p.no_load or p.per_start for p in ports), (kind.type, "start_cost") in draft.costs
    years = range(draft.park.first_year, draft.park.last_year + 1) if draft.park else ()
    if not (is_fed or starts or kind.commitment or kind.ramp is not None):
        return
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


def _check_limit(row: Technology | Link | Connection, limits: str, draft: Draft) -> None:
    """The limits that a yes to an order needs: of a least size, a spacing or a project cost."""
    name, kind = row.type_name, draft.types.get(row.type_name)
    if not draft.may_be_built(row) or draft.has_limit(row):
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
        if parameter == "fixed_cost" and len({can_be(row.unit, "1/year") for row in rows}) > 1:
            draft.fault(rows[-1], "unit {unit}: the fixed_cost of {type} is in %/year and in money; choose one")
