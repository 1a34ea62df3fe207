"""Rules of single rows as data: what a word of a table must name, which columns a row may state, how its figures go together.

What looks across tables is code, in `planner.park.checks`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

from models.case import (
    WHOLE_PARK,
    Bill,
    Capture,
    Certificate,
    Chargers,
    Committed,
    Connection,
    Cost,
    Demand,
    EmissionFactor,
    EquipmentType,
    Future,
    FutureValue,
    Limit,
    Link,
    Measure,
    ParkRule,
    Port,
    Price,
    ProcessEmission,
    Product,
    Reserve,
    Response,
    Restoration,
    Row,
    Saving,
    Session,
    Site,
    StageRule,
    StandardFactor,
    Supply,
    TariffRow,
    Technology,
    Uptake,
)
from models.inputs.boundary import ranges
from models.inputs.demand import CHARGER
from models.metrics import CUMULATED, MATCHED
from models.units import UnitError, names_year
from planner.futures.tree import SUBJECTS
from planner.language.language import mark
from planner.language.message import Message
from planner.park import remarks
from planner.park.draft import Draft, name_of, quoted

CO2 = "co2"
#: What is paid for the size of a connection, and the hours of a period of such a charge.
CHARGES = ("demand_charge", "capacity_charge")
PERIOD = ("months", "days", "hours")
#: Stages have these names, so no rule has.
STAGES = get_args(StageRule.model_fields["stage"].annotation)
#: Plants that convert, and those that take CO2.
ACTIVE = ("", "converter", "capture")


def check_rows(draft: Draft) -> None:
    """Complain of each row that breaks a rule of the three tables below."""
    for kind, column, noun, to in NAMES:
        for row in draft.rows(kind):
            if getattr(row, column) not in ("", "*"):
                draft.refer(row, column, noun, *to)
    for kind, columns, what, is_of in ONLY:
        for row in draft.rows(kind):
            stated = [c for c in columns if getattr(row, c) not in ("", None, kind.model_fields[c].default)]
            for column in stated if stated and not is_of(row, draft) else ():
                draft.fault(row, "{given}: is of {what} only; leave it blank", given=_given(row, column), what=Message(what))
    for rule in RULES:
        for kind in rule.kinds:
            for row in draft.rows(kind):
                wrong = rule.wrong(row, draft)
                if wrong:
                    (draft.warn if rule.is_remark else draft.fault)(row, rule.words, **(wrong if isinstance(wrong, dict) else {}))


def _given(row: Row, column: str) -> str:
    value = getattr(row, column)
    return f"{column} {value!r}" if isinstance(value, str) else f"{column} = {quoted(value)}"


# --- names -----------------------------------------------------------------------------------------------------------------

_SUPPLY, _DEMAND, _CONNECTION = (Supply, "supply"), (Demand, "demand"), (Connection, "connection")
_TECHNOLOGY, _MEASURE, _FUTURE = (Technology, "technology"), (Measure, "measure"), (Future, "future")

#: Table, column, what its word is, and where that stands.
NAMES: tuple[tuple[type[Row], str, str, tuple[tuple[type[Row], str], ...]], ...] = (
    (Technology, "site", "site", ((Site, "site"),)),
    (Limit, "technology", "technology or link", (_TECHNOLOGY, (Link, "link"))),
    (Committed, "technology", "technology or link", (_TECHNOLOGY, (Link, "link"))),
    (Capture, "technology", "technology", (_TECHNOLOGY,)),
    (Supply, "connection", "connection", (_CONNECTION,)),
    (Price, "supply", "supply", (_SUPPLY, _CONNECTION)),
    (EmissionFactor, "supply", "supply", (_SUPPLY,)),
    (Bill, "supply", "supply", (_SUPPLY,)),
    (Certificate, "supply", "supply", (_SUPPLY,)),
    (TariffRow, "supply", "supply", (_SUPPLY,)),
    (Saving, "measure", "measure", (_MEASURE,)),
    (Saving, "demand", "demand", (_DEMAND,)),
    (Saving, "adds", "demand", (_DEMAND,)),
    (Response, "demand", "demand", (_DEMAND,)),
    (Product, "tenant", "tenant of the park", ((Demand, "tenant"), (ProcessEmission, "tenant"))),
    (Uptake, "project", "project", ((Restoration, "project"),)),
    (Session, "chargers", "group of chargers.csv", ((Chargers, "chargers"),)),
    (Future, "parent", "future", (_FUTURE,)),
    (FutureValue, "future", "future", (_FUTURE,)),
)


# --- columns ---------------------------------------------------------------------------------------------------------------

def _is_power(row: Any, draft: Draft) -> bool:
    """True of the power of stores."""
    return getattr(row, "type_name", getattr(row, "type", "")) in draft.power_types


def _has_subject(row: FutureValue) -> bool:
    return row.factor is None and row.changed in SUBJECTS and SUBJECTS[row.changed].has_unit


#: Table, columns, what they are of, and whether a row is of that.
ONLY: tuple[tuple[type[Row], tuple[str, ...], str, Callable[[Any, Draft], bool]], ...] = (
    (Technology, ("inflow", "max_cycles"), mark("stores"), lambda r, d: d.role(r) in ("", "store")),
    (Technology, ("profile", "max_hours"), mark("converters and capture plants"), lambda r, d: d.role(r) in ACTIVE),
    (Technology, ("min_hours",), mark("converters"), lambda r, d: d.role(r) in ("", "converter")),
    (Technology, ("profile", "min_hours", "max_hours"), mark("what is not the power of stores"), lambda r, d: not _is_power(r, d)),
    (EquipmentType, ("power_type", "min_level", "initial_level"), mark("stores"), lambda r, d: r.role == "store"),
    (
        EquipmentType,
        ("min_load", "ramp", "commitment", "outage"),
        mark("what is not the power of stores"),
        lambda r, d: not _is_power(r, d),
    ),
    (Port, ("profile",), mark("converters"), lambda r, d: d.role(r) in ("", "converter")),
    (
        Port,
        ("no_load", "per_start"),
        mark("`in` ports of converters without a profile"),
        lambda r, d: d.role(r) in ("", "converter") and r.direction == "in" and not r.profile,
    ),
    (Supply, ("profile", "contract_max", "min_year"), mark("what is imported"), lambda r, d: r.can_import),
    (Supply, ("take",), mark("as-generated contracts"), lambda r, d: r.profile or r.contract_max is not None),
    (Connection, ("existing", "max_capacity", "min_build"), mark("connections with a type"), lambda r, d: r.type),
    (Connection, ("max_import",), mark("connections without a type"), lambda r, d: not r.type),
    (Price, ("profile",), mark("energy and export"), lambda r, d: r.item in ("energy", "export")),
    (Price, (*PERIOD, "period", "ratchet"), mark("a demand_charge"), lambda r, d: r.item == "demand_charge"),
    (Price, ("ratchet",), mark("a charge by the month"), lambda r, d: not _is_yearly(r, d)),
    (
        Price,
        ("scheme",),
        mark("a demand_charge, a capacity_charge or the fixed price of a connection"),
        lambda r, d: r.item in CHARGES or (r.item == "fixed" and r.supply in d.names(Connection, "connection")),
    ),
    (Price, ("low", "high"), mark("energy and export"), lambda r, d: r.item in ("energy", "export")),
    (Cost, ("low", "high"), mark("a capital_cost"), lambda r, d: r.parameter == "capital_cost"),
    (FutureValue, ("scheme",), mark("prices"), lambda r, d: r.changed == "prices"),
    (FutureValue, ("sense",), mark("stages and rules"), lambda r, d: r.changed in ("stages", "rules")),
    (FutureValue, ("factor", "item"), mark("figures, not of profiles"), lambda r, d: r.changed != "profiles"),
    (FutureValue, ("unit",), mark("values of a table with units"), lambda r, d: _has_subject(r)),
    (FutureValue, ("name",), mark("tables that name what their rows are of"), lambda r, d: r.changed != "budget"),
)


def _is_yearly(row: Price, draft: Draft) -> bool:
    try:
        return names_year(row.unit, draft.currency)
    except UnitError:
        return False


# --- rows ------------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class RowRule:
    """What is said of the rows of some tables, in words that their columns fill, where they are wrong.

    `wrong` gives True, or the other values of the words.
    """

    kinds: tuple[type[Row], ...]
    words: str
    wrong: Callable[[Any, Draft], object]
    is_remark: bool = False


def _not_ranges(column: str, first: int, last: int, example: str) -> Callable[[Any, Draft], object]:
    """Whether a column lists no ranges of numbers."""

    def wrong(row: Any, _: Draft) -> object:
        try:
            ranges(getattr(row, column), first, last)
        except ValueError:
            return {"column": column, "text": repr(getattr(row, column)), "first": first, "last": last, "example": example}
        return None

    return wrong


_RANGES = mark("{column} {text}: is no list of ranges within {first}-{last}; write it as {example}")
_LOW = mark("low {low}: is above the value {value}")


def _after_the_end(row: Any, draft: Draft) -> object:
    """Whether a row holds only after the horizon."""
    is_after = draft.park is not None and row.year is not None and row.year > draft.park.last_year
    return {"last_year": draft.park.last_year} if is_after and draft.park else None


RULES = (
    RowRule(
        (Technology,),
        mark("max_growth: needs a growth_base or a signed order, or nothing could ever be ordered"),
        lambda r, d: r.max_growth is not None and not r.growth_base and r.technology not in d.names(Committed, "technology"),
    ),
    RowRule(
        (Technology, Link, Connection),
        mark("existing = {existing}: is above max_capacity {max_capacity}; raise max_capacity or lower existing"),
        lambda r, d: r.max_capacity is not None and r.existing > r.max_capacity and not d.limited(name_of(r)),
    ),
    RowRule(
        (Technology, Link),
        mark("keep = {keep}: is above existing {existing}; keep no more than stands"),
        lambda r, d: r.keep > r.existing,
    ),
    RowRule(
        (Technology, Supply),
        mark("until_year = {until_year}: is before first_year {first_year}, which leaves no year; change one of them"),
        lambda r, d: r.first_year is not None and r.until_year is not None and r.until_year < r.first_year,
    ),
    RowRule(
        (Technology,),
        mark("area = {area}: has no site; name one of sites.csv"),
        lambda r, d: r.area > 0 and not r.site,
    ),
    RowRule(
        (Technology,),
        mark("inflow_profile {inflow_profile}: has no inflow; say in inflow how many MWh a year flow in"),
        lambda r, d: r.inflow_profile and not r.inflow,
    ),
    RowRule(
        (Technology,),
        mark("min_hours = {min_hours}: is above max_hours {max_hours}"),
        lambda r, d: r.max_hours is not None and (r.min_hours or 0.0) > r.max_hours,
    ),
    RowRule(
        (EquipmentType,),
        mark("initial_level = {initial_level}: is below min_level {min_level}; raise it, or leave it blank"),
        lambda r, d: r.role == "store" and r.initial_level is not None and r.initial_level < r.min_level,
    ),
    RowRule(
        (EquipmentType,),
        mark("type {type}: is the power of stores, and must be a converter; it is a {of}"),
        lambda r, d: _is_power(r, d) and r.role != "converter" and {"of": r.role},
    ),
    RowRule(
        (Technology, Link, Connection, EquipmentType),
        mark("type {type}: stands in costs.csv for the whole park; name the type otherwise"),
        lambda r, d: (r.type or name_of(r)) == WHOLE_PARK and {"type": repr(WHOLE_PARK)},
    ),
    RowRule(
        (Port,),
        mark("type {type}: is of the role charger, which has no ports; chargers.csv says what it draws"),
        lambda r, d: d.role(r) == CHARGER,
    ),
    RowRule((Port,), remarks.RATIO_OF_STORE, lambda r, d: d.role(r) == "store" and r.ratio != 1, True),
    RowRule(
        (Supply,),
        mark("{given}: is of an as-generated contract, which needs a {lacking} too"),
        lambda r, d: bool(r.profile) != (r.contract_max is not None)
        and {"given": _given(r, "profile" if r.profile else "contract_max"), "lacking": "contract_max" if r.profile else "profile"},
    ),
    RowRule((Supply,), remarks.CLOSED_SINK, lambda r, d: r.kind == "sink" and not r.max_export, True),
    RowRule((Supply,), remarks.SINK_IMPORTS, lambda r, d: r.kind == "sink" and r.max_import, True),
    RowRule(
        (Supply,),
        mark("scope: is blank; what can be bought needs one (1: burnt here, 2: made elsewhere)"),
        lambda r, d: r.can_import and r.carrier != CO2 and r.scope is None,
    ),
    RowRule(
        (Supply,),
        mark("kind {kind}: co2 cannot be bought; write kind sink, with a max_export"),
        lambda r, d: r.carrier == CO2 and r.kind != "sink",
    ),
    RowRule(
        (Supply,),
        mark("scheme {scheme}: is of a connection, and the supply is behind none; name one"),
        lambda r, d: r.scheme and not r.connection,
    ),
    RowRule(
        (Demand,),
        mark("carrier 'co2': cannot be demanded; only sinks and links take it"),
        lambda r, d: r.carrier == CO2,
    ),
    RowRule(
        (Demand,),
        mark("shift_hours: is blank; say by how many hours what moves may come earlier or later, 1 to 12"),
        lambda r, d: r.shift_share > 0 and r.shift_hours is None,
    ),
    RowRule(
        (Demand,),
        mark("shed_price: is blank; say what is paid for a MWh that goes unserved"),
        lambda r, d: r.shed_share > 0 and r.shed_price is None,
    ),
    RowRule(
        (Demand,),
        mark("shift_share + shed_share = {both}: is above 1; no more than all of a demand can move or be shed"),
        lambda r, d: r.shift_share + r.shed_share > 1 + 1e-9 and {"both": r.shift_share + r.shed_share},
    ),
    RowRule(
        (Response,),
        remarks.NEVER_OFFERED,
        lambda r, d: r.max_offer != 0
        and r.price + r.calls * r.call_price <= r.calls * r.call_cost
        and {"received": r.price + r.calls * r.call_price, "lost": r.calls * r.call_cost},
        True,
    ),
    RowRule(
        (ProcessEmission,),
        mark("value = {value} {in_unit}: is below 0; what takes CO2 up is restoration or an offset"),
        lambda r, d: r.value < 0 and {"in_unit": r.unit},
    ),
    RowRule(
        (Saving,),
        mark("adds {adds}: is the demand that is saved; name another one"),
        lambda r, d: r.adds and r.adds == r.demand,
    ),
    RowRule(
        (Saving,),
        mark("adds_ratio: is blank; say how many MWh are added per MWh saved"),
        lambda r, d: r.adds and r.adds_ratio is None,
    ),
    RowRule(
        (Saving,),
        mark("adds_ratio = {adds_ratio}: adds to nothing; name the demand in adds"),
        lambda r, d: not r.adds and r.adds_ratio is not None,
    ),
    RowRule(
        (Measure,),
        remarks.SAVES_NOTHING,
        lambda r, d: d.is_sure(Saving) and r.measure not in d.names(Saving, "measure"),
        True,
    ),
    RowRule(
        (Restoration,),
        mark("project {project}: has no uptake; give it by age in uptake.csv"),
        lambda r, d: d.knows_names(Uptake) and r.project not in d.names(Uptake, "project"),
    ),
    RowRule(
        (Connection,),
        mark("one_way = 1: needs max_import and max_export, or a type"),
        lambda r, d: r.one_way and not r.type and not (r.max_import and r.max_export),
    ),
    RowRule(
        (Price,),
        mark("item {item}: supply '*' has a price of item carbon only; name the supply"),
        lambda r, d: r.supply == "*" and r.item != "carbon",
    ),
    RowRule(
        (Price,),
        mark(
            "item {item}: {supply} is a connection, which has a demand_charge, a capacity_charge and a fixed price only; "
            "name a supply"
        ),
        lambda r, d: r.supply in d.names(Connection, "connection") and r.item not in (*CHARGES, "fixed"),
    ),
    RowRule((Price, Cost), _LOW, lambda r, d: r.low is not None and r.low > r.value),
    RowRule(
        (Price, Cost),
        mark("high {high}: is below the value {value}"),
        lambda r, d: r.high is not None and r.high < r.value,
    ),
    RowRule((Price, TariffRow), _RANGES, _not_ranges("months", 1, 12, "1-3;12")),
    RowRule((Price, TariffRow), _RANGES, _not_ranges("hours", 0, 23, "8-11;17-21")),
    RowRule(
        (Price,),
        mark("period: is blank; name the hours that months, days and hours tell of"),
        lambda r, d: r.item == "demand_charge" and not r.period and any(getattr(r, column) for column in PERIOD),
    ),
    RowRule(
        (Price,),
        mark("period {period}: has no hours; write months, days or hours, or leave it blank"),
        lambda r, d: r.item == "demand_charge" and r.period and not any(getattr(r, column) for column in PERIOD),
    ),
    RowRule(
        (Cost,),
        mark("parameter {parameter}: type {type} has a fixed_cost only, in money/year"),
        lambda r, d: r.type == WHOLE_PARK and r.parameter != "fixed_cost",
    ),
    RowRule(
        (Cost,),
        mark("basis {basis}: nothing of the whole park is ordered; leave it blank"),
        lambda r, d: r.type == WHOLE_PARK and r.basis == "order",
    ),
    RowRule(
        (Reserve,),
        mark("operated = 1: needs largest_out = 1, since it is operated with a unit out"),
        lambda r, d: r.operated and not r.largest_out,
    ),
    RowRule((Committed,), mark("year = {year}: is after last_year {last_year}; no plan knows of it"), _after_the_end),
    RowRule(
        (ParkRule,),
        mark("year = {year}: is after last_year {last_year}; the rule would never hold"),
        # one of the catalogue that steps up after the horizon holds as it stands before
        lambda r, d: not r.is_of_catalogue and _after_the_end(r, d),
    ),
    RowRule(
        (ParkRule,),
        mark("rule {rule}: is the name of a stage; name the rule otherwise"),
        lambda r, d: r.rule in STAGES,
    ),
    RowRule(
        (ParkRule,),
        mark("sense {sense}: a budget over years is bounded from above; write <="),
        lambda r, d: r.metric in CUMULATED and r.sense != "<=",
    ),
    RowRule(
        (ParkRule,),
        mark("sense {sense}: green power of the hour is bounded from below; write >="),
        lambda r, d: r.metric in MATCHED and r.sense != ">=",
    ),
    RowRule(
        (ParkRule,),
        mark("limit = {limit}: is below 0; no year counts less than 0 in a budget"),
        lambda r, d: r.metric in CUMULATED and r.limit < 0,
    ),
    RowRule(
        (StandardFactor,),
        mark("fuel, supply_kind, carrier: a row names a fuel, or a supply_kind and a carrier"),
        lambda r, d: bool(r.fuel) == bool(r.supply_kind and r.carrier) or (r.fuel and (r.supply_kind or r.carrier)),
    ),
    RowRule(
        (StandardFactor,),
        mark("factor, tce_per_mwh: are blank; a row gives at least one of them"),
        lambda r, d: r.factor is None and r.tce_per_mwh is None,
    ),
    RowRule(
        (FutureValue,),
        mark("factor, value: exactly one of them is needed"),
        lambda r, d: (r.factor is None) == (r.value == ""),
    ),
    RowRule(
        (FutureValue,),
        mark("name: is blank; it says what the figure is of, `*` all of the table"),
        lambda r, d: r.changed != "budget" and not r.name,
    ),
    RowRule(
        (Chargers,),
        mark("chargers {chargers}: are named as what they draw; rename them"),
        lambda r, d: r.chargers == r.carrier,
    ),
    RowRule(
        (Chargers,),
        mark("chargers {chargers}: have no session in sessions.csv"),
        lambda r, d: d.knows_names(Session) and r.chargers not in d.names(Session, "chargers"),
    ),
)
