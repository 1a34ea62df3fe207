"""Units: every stated figure can be converted, and none is below 0 that may not be."""

from __future__ import annotations

import math
from contextlib import suppress

from models.case import TABLES, Bill, Connection, Cost, Demand, EmissionFactor, Link, Origin, Price, ProcessEmission, Technology
from models.case.technology import MAY_BE_NEGATIVE
from models.units import UnitError, factor, names_year, yearly_factor
from planner.language.language import mark
from planner.language.message import Message
from planner.park.draft import Draft
from planner.park.fields import columns_of, share_hint
from planner.park.headings import units_of, wanted_capacity

#: What a capacity is measured in, by role.
PER = {"converter": "MW", "store": "MWh", "capture": "(t/h)", "charger": "MW"}


def check_units(draft: Draft) -> None:
    """Complain of units that cannot be converted to the ones that the model works in."""
    for demand in draft.rows(Demand):
        _yearly(draft, demand.origin, demand.unit, "MWh")
    for bill in draft.rows(Bill):
        _yearly(draft, bill.origin, bill.unit, "MWh")
    for emission in draft.rows(ProcessEmission):
        _yearly(draft, emission.origin, emission.unit, "t")
        if emission.value < 0:
            _below(draft, emission.origin, emission.value, emission.unit, Message("what takes CO2 up is restoration or an offset"))
    for row in draft.rows(EmissionFactor):
        convertible(draft, row.origin, row.unit, ["t/MWh"])
    _check_prices(draft)
    _check_headings(draft)
    if draft.is_sure(Technology) and draft.is_sure(Link):
        _check_costs(draft)


def _yearly(draft: Draft, origin: Origin | None, unit: str, to: str) -> None:
    try:
        yearly_factor(unit, to)
    except UnitError as error:
        draft.fault(origin, _said(error, to))


def _said(error: UnitError, to: str) -> str:
    """What is wrong with a unit, and which one is needed."""
    text = error.args[0]
    return Message("{text}; write {to} or a unit of that dimension", text=text, to=to) if text.endswith("cannot be read") else text


def convertible(draft: Draft, origin: Origin | None, unit: str, targets: list[str]) -> float | None:
    """The factor to the first target that fits, None with a complaint where none does."""
    if any("money" in target for target in targets) and not draft.currency:
        return None
    if not unit and "1" not in targets:
        wanted = " or ".join(target.replace("money", draft.currency) for target in targets)
        draft.fault(origin, "unit: is blank; write {wanted}, or a unit of that dimension", wanted=wanted)
        return None
    first: UnitError | None = None
    for target in targets:
        try:
            if "/km" not in target or "km" in unit:
                return factor(unit, target, draft.currency)
        except UnitError as error:
            first = first or error
    assert first is not None
    draft.fault(origin, _said(first, targets[0].replace("money", draft.currency)))
    return None


def _below(draft: Draft, origin: Origin | None, value: float, unit: str, advice: str) -> None:
    draft.fault(origin, "{given}: is below 0; {advice}", given=f"value = {value:g} {unit}".rstrip(), advice=advice)


def _check_prices(draft: Draft) -> None:
    carriers = {supply.get("supply"): supply.get("carrier") for supply in draft.raw["supplies"]}
    monthly = {"demand_charge": "money/MW/month", "capacity_charge": "money/MW/month", "carbon": "money/t", "fixed": "money/year"}
    for price in draft.rows(Price):
        is_mass = price.supply == "*" or carriers.get(price.supply) == "co2"
        flows = ["money/t" if is_mass else "money/MWh"]
        if price.supply not in carriers and not is_mass:
            flows = ["money/MWh", "money/t"]
        convertible(draft, price.origin, price.unit, [monthly[price.item]] if price.item in monthly else flows)
        if price.value < 0 and price.item != "export":
            _below(draft, price.origin, price.value, price.unit, Message("write what is paid as a positive number"))
    _check_months_and_years(draft)


def _check_months_and_years(draft: Draft) -> None:
    """A demand charge is paid by the month or by the year in all of its rows."""
    first: dict[tuple[str, str], bool] = {}
    for price in draft.rows(Price):
        with suppress(UnitError):
            if price.item == "demand_charge":
                key, is_yearly = (price.supply, price.scheme), names_year(price.unit, draft.currency)
                if first.setdefault(key, is_yearly) != is_yearly:
                    words = mark("unit {unit}: the rows of a demand_charge are all of a month or all of a year")
                    draft.fault(price.origin, words, unit=repr(price.unit))


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
                    draft.fault(
                        row.origin,
                        "{column}: is in {wanted} here, and its heading says {target}; write {wanted} there, or leave the unit out",
                        column=name,
                        wanted=wanted.replace("money", draft.currency),
                        target=target.replace("money", draft.currency),
                    )


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
                _below(draft, row.origin, row.value, row.unit, Message("write a cost as a positive number"))
            given = convertible(draft, row.origin, row.unit, targets(parameter, per[name]))
            if given is not None:
                _check_value(draft, row, row.value * given)
        if parameter == "fixed_cost" and len({is_share_per_year(row.unit) for row in rows}) > 1:
            draft.fault(
                rows[-1].origin,
                "unit {unit}: the fixed_cost of {name} is in %/year and in money; choose one",
                unit=repr(rows[-1].unit),
                name=repr(name),
            )


def _check_value(draft: Draft, row: Cost, value: float) -> None:
    """Limits of a converted figure."""
    given = f"value = {row.value:g} {row.unit if row.unit != '1' else ''}".rstrip()
    if row.parameter == "lifetime" and row.value >= 0 and math.floor(value + 1e-9) < 1:
        draft.fault(row.origin, "{given}: is less than a year; a lifetime is at least 1", given=given)
    if row.parameter == "grant" and value > 1:
        draft.fault(row.origin, "{given}: is above 1; {hint}", given=given, hint=share_hint(value))
