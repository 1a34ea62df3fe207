"""Cost tables: a type in them that nothing of the park is of is most often a slip of the pen.

What a price or a capital cost may come to at least and at most: beside a value that lies between, of what swings.csv tells.

Names within [finance]: kinds of projects, types, measures and projects of the park; and its owners.
"""

from __future__ import annotations

from models.case import WHOLE_PARK, Connection, Cost, EquipmentType, Link, Measure, Price, Restoration, Technology
from planner.language.message import Message
from planner.park import remarks
from planner.park.checks.units import convertible, is_share_per_year
from planner.park.complaints import is_no, nearest
from planner.park.draft import Draft
from planner.park.folder import used_types


def check_costs(draft: Draft) -> None:
    """Warn of each type in a cost table that nothing of the park is of, once a file; and check those of the whole park."""
    _check_park(draft)
    _check_annuities(draft)
    _check_bases(draft)
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
        if near is None:
            draft.warn(cost.origin, remarks.UNUSED_COSTS, type=repr(cost.type))
        else:
            draft.warn(cost.origin, remarks.UNUSED_COSTS_NEAR, type=repr(cost.type), near=repr(near))


def _check_annuities(draft: Draft) -> None:
    """An annuity takes the place of a capital cost: there is none beside it, nor a share of one."""
    for (name, parameter), rows in draft.costs.items():
        if (name, "annuity") not in draft.costs or not draft.is_sure(Cost, name):
            continue
        if parameter == "capital_cost":
            draft.fault(
                draft.costs[name, "annuity"][0].origin,
                "type {name}: has a capital_cost and an annuity; one takes the place of the other, leave one of them out",
                name=repr(name),
            )
        shares = [row for row in rows if parameter == "fixed_cost" and is_share_per_year(row.unit) and row.value]
        for row in shares[:1]:
            draft.fault(
                draft.costs[name, "annuity"][0].origin,
                "type {name}: has an annuity, and no capital_cost that its fixed_cost of {value} {unit} could be a share of; give "
                "the fixed_cost in money in costs.csv",
                name=repr(name),
                value=f"{row.value:g}",
                unit=row.unit,
            )


def _check_bases(draft: Draft) -> None:
    """`basis` says of which year a fixed cost is paid, the same in all its rows."""
    for (name, parameter), rows in draft.costs.items():
        fixed = draft.costs.get((name, "fixed_cost"), [])
        bases = {row.basis or "year" for row in fixed}
        if parameter == "fixed_cost" and len(bases) > 1:
            draft.fault(
                fixed[-1].origin,
                "basis {basis}: the fixed_cost of {name} has another basis in another row; write the same in all",
                basis=repr(fixed[-1].basis),
                name=repr(name),
            )
        for row in rows:
            if parameter != "fixed_cost" and row.basis and row.basis not in bases:
                draft.fault(
                    row.origin,
                    "basis {basis}: is of a fixed_cost, and this is the {parameter} of {name}; leave it blank here",
                    basis=repr(row.basis),
                    parameter=parameter,
                    name=repr(name),
                )
            elif name == WHOLE_PARK and row.basis == "order":
                draft.fault(
                    row.origin, "basis {basis}: nothing of the whole park is ordered; leave it blank", basis=repr(row.basis)
                )


def _check_park(draft: Draft) -> None:
    """Rows of the type `park` are a fixed cost in money a year, and nothing else has that name."""
    named = [row for row in draft.rows(Technology) if row.type_name == WHOLE_PARK]
    named_links = [row for row in draft.rows(Link) if row.type_name == WHOLE_PARK]
    named_connections = [row for row in draft.rows(Connection) if row.type == WHOLE_PARK]
    for row in (*named, *named_links, *named_connections, *(kind for kind in draft.rows(EquipmentType) if kind.type == WHOLE_PARK)):
        draft.fault(
            row.origin, "type {type}: stands in costs.csv for the whole park; name the type otherwise", type=repr(WHOLE_PARK)
        )
    for cost in draft.rows(Cost):
        if cost.type != WHOLE_PARK:
            continue
        if cost.parameter != "fixed_cost":
            draft.fault(
                cost.origin,
                "parameter {parameter}: type {type} has a fixed_cost only, in money/year",
                parameter=repr(cost.parameter),
                type=repr(WHOLE_PARK),
            )
        else:
            convertible(draft, cost.origin, cost.unit, ["money/year"])


#: What swings.csv tells of, by column.
TOLD = {"item": ("energy", "export"), "parameter": ("capital_cost",)}


def check_swings(draft: Draft) -> None:
    """`low` ≤ `value` ≤ `high`, of a price of energy or a capital cost."""
    for column, rows in (("item", draft.rows(Price)), ("parameter", draft.rows(Cost))):
        for row in rows:
            if row.low is None and row.high is None:
                continue
            what = getattr(row, column)
            if what not in TOLD[column]:
                draft.fault(
                    row.origin,
                    "low, high: are of {told}, and this is {what}; leave them blank here",
                    told=", ".join(TOLD[column]),
                    what=repr(what),
                )
            if row.low is not None and row.low > row.value:
                draft.fault(row.origin, "low {low}: is above the value {value}", low=f"{row.low:g}", value=f"{row.value:g}")
            if row.high is not None and row.high < row.value:
                draft.fault(row.origin, "high {high}: is below the value {value}", high=f"{row.high:g}", value=f"{row.value:g}")


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
    for table, names in (("depreciation", finance.depreciation), ("grants", finance.grants)):
        for name in names:
            if name not in known:
                draft.fault("park.toml", is_no(f"[finance.{table}]", name, _NOUN, known))
    owners = {PARK, *(own for kind in (Technology, Link, Measure, Restoration) for own in draft.names(kind, "owner"))}
    for name in finance.owners:
        if name not in owners:
            draft.fault("park.toml", is_no("[finance.owners]", name, Message("owner of anything in the park"), owners))
