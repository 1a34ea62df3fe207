"""Technologies and their types: references, limits, ports, and the costs without which nothing is built."""

from __future__ import annotations

import numpy as np

from models.case import Committed, Connection, Cost, EquipmentType, Link, Origin, Port, Site, Technology, said_of_orders
from models.inputs.commitment import may_commit
from models.inputs.vehicles import CHARGER
from planner.language.message import Message
from planner.park import remarks
from planner.park.checks.units import is_share_per_year
from planner.park.complaints import is_no
from planner.park.draft import Draft, name_of
from planner.park.faults import LISTED


def check_equipment(draft: Draft) -> None:
    """Check technologies, types and ports, and that what may be built has its costs."""
    signed = {row.technology for row in draft.rows(Committed)}
    for technology in draft.rows(Technology):
        if technology.max_growth is not None and not technology.growth_base and technology.technology not in signed:
            draft.fault(technology.origin, "max_growth: needs a growth_base or a signed order, or nothing could ever be ordered")
        kind = draft.types.get(technology.type_name)
        _check_limits(technology, draft)
        _check_site(technology, draft)
        if kind is not None:
            _check_profile(technology, kind, draft)
            check_ports(kind, draft)
    _check_port_types(draft)
    _check_needed_costs(draft)


def _check_limits(row: Technology, draft: Draft) -> None:
    """Limits of one technology that contradict each other."""
    check_existing(row, draft)
    check_keep(row, draft)
    if row.first_year is not None and row.until_year is not None and row.until_year < row.first_year:
        draft.fault(
            row.origin,
            "until_year = {until_year}: is before first_year {first_year}; write max_build = 0 for what may not be built",
            until_year=row.until_year,
            first_year=row.first_year,
        )


def check_keep(row: Technology | Link, draft: Draft) -> None:
    """No more is kept than stands."""
    if row.keep > row.existing:
        draft.fault(
            row.origin,
            "keep = {keep}: is above existing {existing}; keep no more than stands",
            keep=f"{row.keep:g}",
            existing=f"{row.existing:g}",
        )


def check_existing(row: Technology | Link | Connection, draft: Draft) -> None:
    """What stands is no more than what may stand; by limits.csv it may be for a time."""
    by_year = draft.limited(name_of(row))
    if row.max_capacity is not None and row.existing > row.max_capacity and not by_year:
        draft.fault(
            row.origin,
            "existing = {existing}: is above max_capacity {max_capacity}; raise max_capacity or lower existing",
            existing=f"{row.existing:g}",
            max_capacity=f"{row.max_capacity:g}",
        )


def _check_site(row: Technology, draft: Draft) -> None:
    if row.site:
        draft.refer(row.origin, ("site", row.site), "site", (Site, "site"))
    elif row.area > 0:
        draft.fault(row.origin, "area = {area}: has no site; name one of sites.csv", area=f"{row.area:g}")


def _check_profile(row: Technology, kind: EquipmentType, draft: Draft) -> None:
    if row.profile and kind.role == "store":
        draft.fault(row.origin, "profile {profile}: is of no use to a store; leave it blank", profile=repr(row.profile))
    if row.profile and kind.role == CHARGER:
        draft.fault(row.origin, "profile {profile}: is of no use to chargers; leave it blank", profile=repr(row.profile))
    if row.profile and kind.min_load > 0:
        draft.warn(row.origin, remarks.NO_MIN_LOAD, load=f"{kind.min_load:g}", technology=repr(row.technology))
    _check_commitment(row, kind, draft)


def _check_commitment(row: Technology, kind: EquipmentType, draft: Draft) -> None:
    """Only converters without a profile and capture plants are committed and have outages."""
    starts = (kind.type, "start_cost") in draft.costs
    asked = {"ramp": kind.ramp is not None, "commitment": kind.commitment, "outage": kind.outage > 0, "start_cost": starts}
    fed = any(p.no_load or p.per_start for p in draft.ports.get(kind.type, []))
    if fed and row.profile:
        draft.fault(
            row.origin,
            "profile {profile}: {technology} takes something at no load or as it starts, so it cannot have one",
            profile=repr(row.profile),
            technology=repr(row.technology),
        )
    if not may_commit(row, kind):
        for name in (name for name, is_asked in asked.items() if is_asked):
            draft.warn(row.origin, remarks.NOT_COMMITTED, column=name, technology=repr(row.technology))
        return
    if not fed and not any(asked[name] for name in ("ramp", "commitment", "start_cost")):
        if kind.role == "converter" and kind.min_load + kind.outage > 1:
            draft.fault(
                kind.origin,
                "outage = {outage}: leaves less of the year than min_load = {min_load} asks for; lower one of them, or write "
                "commitment = 1",
                outage=f"{kind.outage:g}",
                min_load=f"{kind.min_load:g}",
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
                kind.origin,
                "type {type}: all its ports are 0 in hour {hour} of the profiles, so that nothing tells what it does there; "
                "with a ramp, a start_cost or commitment a port must flow in every hour",
                type=repr(kind.type),
                hour=rests[0],
            )
            return


def check_ports(kind: EquipmentType, draft: Draft) -> None:
    """The ports that a type of its role needs."""
    if not draft.is_sure(Port, kind.type):
        return
    ports = draft.ports.get(kind.type, [])
    for port in ports:
        if port.profile and kind.role != "converter":
            draft.fault(
                port.origin,
                "profile {profile}: only ports of converters have one; {type} is a {role}",
                profile=repr(port.profile),
                type=repr(kind.type),
                role=kind.role,
            )
        if (port.no_load or port.per_start) and (kind.role != "converter" or port.direction == "out" or port.profile):
            draft.fault(
                port.origin,
                "no_load, per_start: only in ports of converters, without a profile, take more than goes with the activity; leave "
                "them blank",
            )
    if any(p.no_load or p.per_start for p in ports) and all(p.no_load or p.per_start for p in ports):
        draft.fault(
            kind.origin,
            "type {type}: all its ports have no_load or per_start; one must flow with the activity alone",
            type=repr(kind.type),
        )
    carriers = sorted({port.carrier for port in ports})
    if kind.role == "store":
        if len(carriers) != 1:
            text = f"has {len(carriers)} ({', '.join(carriers)})" if carriers else Message("has none")
            draft.fault(
                kind.origin,
                "store {type}: {text}; a store has one carrier in its ports in ports.csv",
                type=repr(kind.type),
                text=text,
            )
        for port in ports:
            if port.ratio != 1:
                draft.warn(port.origin, remarks.RATIO_OF_STORE, ratio=f"{port.ratio:g}")
    elif kind.role == "capture":
        if not any(p.carrier == "co2" and p.direction == "out" and p.ratio == 1 for p in ports):
            draft.fault(
                kind.origin,
                "capture {type}: has no out port of carrier co2 with ratio 1; add it in ports.csv",
                type=repr(kind.type),
            )
    elif kind.role == CHARGER:
        for port in ports:
            draft.fault(
                port.origin,
                "type {type}: is of the role charger, which has no ports; chargers.csv says what it draws",
                type=repr(kind.type),
            )
    elif not ports and kind.type not in draft.power_types:
        draft.fault(kind.origin, "converter {type}: has no ports; say in ports.csv what flows in and out", type=repr(kind.type))


def _check_port_types(draft: Draft) -> None:
    known = draft.names(EquipmentType, "type") | draft.catalogue_types
    if not draft.knows_names(EquipmentType):
        return
    for port in draft.rows(Port):
        if port.type not in known:
            draft.fault(port.origin, is_no("type", port.type, "type", known, Message(LISTED)))


def _check_needed_costs(draft: Draft) -> None:
    """Costs of what may be built, and the limits that a build of a least size needs."""
    for row in draft.rows(Technology):
        kind = draft.types.get(row.type_name)
        if kind is None:
            continue
        _check_shares(row.type_name, draft)
        if draft.may_be_built(row):
            _check_built(row.origin, row.type_name, Message("write max_build = 0 if it may not be built"), draft)
            _check_bounded(row, Message("max_capacity, max_build or a site"), draft)
    for link in draft.rows(Link):
        _check_shares(link.type_name, draft)
        if draft.may_be_built(link):
            _check_built(link.origin, link.type_name, Message("write max_build = 0 if it may not be built"), draft)
            _check_bounded(link, Message("max_capacity or max_build"), draft)
    for connection in (c for c in draft.rows(Connection) if c.type):
        _check_shares(connection.type, draft)
        if draft.may_be_built(connection):
            _check_built(connection.origin, connection.type, Message("write max_capacity = existing if it may not grow"), draft)
            _check_bounded(connection, "max_capacity", draft)


def _check_built(origin: Origin | None, name: str, otherwise: str, draft: Draft) -> None:
    if not draft.is_sure(Cost, name):
        return
    for parameter in ("capital_cost", "lifetime"):
        is_leased = parameter == "capital_cost" and (name, "annuity") in draft.costs
        if (name, parameter) not in draft.costs and not is_leased:
            draft.fault(
                origin,
                "type {name}: has no {parameter}; give it in costs.csv, or {otherwise}",
                name=repr(name),
                parameter=parameter,
                otherwise=otherwise,
            )


def _check_shares(name: str, draft: Draft) -> None:
    """A fixed cost in %/year is a share of a capital cost."""
    rows = draft.costs.get((name, "fixed_cost"), [])
    if not draft.is_sure(Cost, name) or {(name, "capital_cost"), (name, "annuity")} & set(draft.costs):
        return
    for row in rows:
        if row.value and is_share_per_year(row.unit):
            draft.fault(
                row.origin,
                "value = {value} {unit}: is a share of a capital_cost, and {name} has none; give it in costs.csv",
                value=f"{row.value:g}",
                unit=row.unit,
                name=repr(name),
            )


def _check_bounded(row: Technology | Link | Connection, limits: str, draft: Draft) -> None:
    """Of a yes to an order: its least size, project cost and spacing need a limit; what the catalogue asks for has one."""
    if draft.has_limit(row):
        return
    kind = draft.types.get(row.type_name)
    for column, none in (("min_build", 0), ("order_spacing", 1)):
        size = said_of_orders(row, kind, column)
        if size > none:
            draft.fault(
                row.origin,
                "{column} = {size}: needs a limit of the build; give {limits}",
                column=column,
                size=f"{size:g}",
                limits=limits,
            )
    if isinstance(row, Link) and not row.partial_retirement:
        draft.fault(
            row.origin,
            "{column} = {size}: needs a limit of the build; give {limits}",
            column="partial_retirement",
            size="0",
            limits=limits,
        )
    projects = draft.costs.get((row.type_name, "project_cost"), [])
    if any(cost.value > 0 for cost in projects) and all(cost.value >= 0 for cost in projects):
        draft.fault(
            row.origin,
            "type {type}: has a project_cost, which needs a limit of the build; give {limits}",
            type=repr(row.type_name),
            limits=limits,
        )
