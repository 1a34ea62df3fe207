"""Connections that supplies share: names, limits, and the supplies behind them."""

from __future__ import annotations

from models.case import Connection, Link, Price, Supply, Technology
from planner.park.checks.equipment import check_existing
from planner.park.checks.supplies import CHARGES
from planner.park.draft import Draft

#: What a connection with a type has, and no other.
_OF_A_TYPE = ("existing", "max_capacity", "min_build")


def check_connections(draft: Draft) -> None:
    """Check the connections, and that each supply is behind one of its own carrier and zone."""
    rows = {c.connection: c for c in draft.rows(Connection)}
    for supply in draft.rows(Supply):
        if supply.connection and draft.refer(
            supply.origin, ("connection", supply.connection), "connection", (Connection, "connection")
        ):
            _check_place(supply, rows.get(supply.connection), draft)
    for price in draft.rows(Price):
        if price.scheme and price.item not in CHARGES and not (price.item == "fixed" and price.supply in rows):
            draft.fault(
                price.origin,
                "scheme {scheme}: is of a demand_charge, a capacity_charge or the fixed price of a connection only; leave it blank",
                scheme=repr(price.scheme),
            )
    for connection in rows.values():
        _check_name(connection, draft)
        if connection.one_way and not connection.type and not (connection.max_import and connection.max_export):
            draft.fault(connection.origin, "one_way = 1: needs max_import and max_export, or a type")
        _check_size(connection, draft)
        _check_charges(connection, draft)
        _check_schemes(connection, draft)
    _check_lost_schemes(draft)


def _check_place(supply: Supply, connection: Connection | None, draft: Draft) -> None:
    for column in ("carrier", "zone") if connection else ():
        own, shared = getattr(supply, column), getattr(connection, column)
        if own != shared:
            draft.fault(
                supply.origin,
                "connection {connection}: has {column} {shared}, and the supply {own}; they are the same",
                connection=repr(supply.connection),
                column=column,
                shared=repr(shared),
                own=repr(own),
            )


def _check_name(connection: Connection, draft: Draft) -> None:
    for kind, column in ((Supply, "supply"), (Technology, "technology"), (Link, "link")):
        if connection.connection in draft.names(kind, column):
            draft.fault(
                connection.origin,
                "connection {connection}: is the name of a {column} too; rename one of them",
                connection=repr(connection.connection),
                column=column,
            )


def _check_size(connection: Connection, draft: Draft) -> None:
    if connection.type:
        if connection.max_import is not None:
            draft.fault(
                connection.origin,
                "max_import = {max_import}: stands beside a type, whose capacity is the limit; leave one of them blank",
                max_import=f"{connection.max_import:g}",
            )
        check_existing(connection, draft)
        return
    for column in _OF_A_TYPE:
        value = getattr(connection, column)
        if value:
            draft.fault(
                connection.origin,
                "{column} = {value}: is of a connection with a type only; name one, or give max_import",
                column=column,
                value=f"{value:g}",
            )


def _check_charges(connection: Connection, draft: Draft) -> None:
    """A charge is paid on imports."""
    behind = [s for s in draft.rows(Supply) if s.connection == connection.connection]
    if any(s.can_import for s in behind) or not draft.is_sure(Supply):
        return
    for price in draft.rows(Price):
        if price.supply == connection.connection and price.item in CHARGES:
            draft.fault(
                price.origin,
                "item {item}: is paid on imports, and no supply behind {supply} imports; remove it",
                item=repr(price.item),
                supply=repr(price.supply),
            )


def _check_schemes(connection: Connection, draft: Draft) -> None:
    """A connection with schemes has a limit: what is not in force is closed."""
    behind = [s for s in draft.rows(Supply) if s.connection == connection.connection]
    payers = {connection.connection, *(s.supply for s in behind)}
    named = [s.scheme for s in behind] + [p.scheme for p in draft.rows(Price) if p.supply in payers]
    limit = connection.max_capacity if connection.type else connection.max_import
    if any(named) and limit is None:
        lacking = "max_capacity" if connection.type else "max_import"
        draft.fault(connection.origin, "{lacking}: is blank; a connection with schemes needs a limit", lacking=lacking)


def _check_lost_schemes(draft: Draft) -> None:
    """A scheme is of a connection."""
    at = {s.supply: s.connection for s in draft.rows(Supply)}
    for supply in draft.rows(Supply):
        if supply.scheme and not supply.connection:
            draft.fault(
                supply.origin,
                "scheme {scheme}: is of a connection, and the supply is behind none; name one",
                scheme=repr(supply.scheme),
            )
    for price in draft.rows(Price):
        if price.scheme and price.supply in at and not at[price.supply]:
            draft.fault(
                price.origin,
                "scheme {scheme}: is of a connection, and {supply} is behind none; name one",
                scheme=repr(price.scheme),
                supply=repr(price.supply),
            )
