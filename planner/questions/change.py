r"""A change of a park, for a question: Case -> Case, named in words.

What is done stands first, then what it is done to, and last its value:

    ("drop", kind, name)                         no order of a project, no purchase; what stands and what is signed stays
    ("only", "kind:name", …)                     no order, start, planting or purchase of anything else
    ("capital", kind, name, factor)              its capital cost (or annuity), or the price of what is bought, times a factor
    ("offer", type, factor)                      a type of the catalogue may be ordered, its capital cost times a factor
    ("lift", table, name, parameter, year)       without a limit, rule or reserve; the year is that of a budget, else empty
    ("swing", what, name, side)                  a leading figure at its low or its high, as swings.csv tells it
    ("assumed", table, name, parameter, factor)  what was assumed of a figure times a factor; what the park states stays
    ("by", year)                                 the goal by another year
    ("cap", tonnes)                              net emissions below it as the only rule, from the year of the goal on
    ("budget", money)                            capital that may be spent in each year

.. math::
    v'(y) = f(y)\, v(y)

v  a figure   v'  as changed     f  factor (y)
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from models.case import Budget, Case, Cost, Price, Reserve, StageRule
from models.inputs.capacity import assets_of
from models.inputs.equipment import ALL_ZONES
from models.inputs.finance import CostTable
from planner.answer.hangs_on import DEMAND, NAMES, RATE, SIDES, own_ranges
from planner.answer.hangs_on import SWING as SHARE
from planner.explain.elastic import LARGEST, LimitAsRows
from planner.finance.pieces import CERTIFICATE, CREDIT, MEASURE, PLANTING, SUPPLY, TECHNOLOGY
from planner.futures.paths import in_years
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import ACCOUNTS, STATUSES, word
from planner.park import GoalRequest, read_case
from planner.park.book import opened
from planner.park.catalogue import read_catalogue
from planner.park.complaints import Complaints
from planner.tables.schema import ALL_RESERVES, RESERVES

#: A change as words.
Change = tuple[str, ...]
DROP, CAPITAL, LIFT, OFFER, ONLY, SWING, ASSUMED = "drop", "capital", "lift", "offer", "only", "swing", "assumed"
#: What a frontier varies: a deadline, a cap on net emissions in t a year, a yearly budget of capital.
BY, CAP, BUDGET = "by", "cap", "budget"
#: What is done, in words.
VERBS = {DROP: mark("drop"), CAPITAL: mark("capital"), LIFT: mark("lift"), OFFER: mark("offer"), ONLY: mark("only")}
#: Kinds of what is bought, and the items of costs.csv that are paid for it in proportion to its price.
ITEMS = {SUPPLY: ("energy", "contract", "shortfall"), CERTIFICATE: ("certificates",), CREDIT: ("offsets",)}
#: Kind -> table, its column with the name, and that with the capital cost or price.
TABLE_OF = {
    MEASURE: ("measures", "measure", "capital_cost"),
    PLANTING: ("restoration", "project", "capital_cost"),
    CERTIFICATE: ("certificates", "certificate", "price"),
    CREDIT: ("offsets", "offset", "price"),
}
#: Limits of which an order or an outlet needs a finite one: they become LARGEST times as much.
NEEDED = ("max_capacity", "max_build", "max_export", "contract_max")
#: Item of prices.csv of what is bought, and of what is sold.
SIDE_OF_PRICE = {"bought": "energy", "sold": "export"}
#: What a project costs beside the capital cost of its capacity, or in its place: it changes in the same proportion.
DEARER_TOO = ("project_cost", "annuity")
#: Most that is offered of a type: so many times the mean of all demand; of a store so many hours of that.
TIMES, HOURS = 4.0, 24.0
Y = TypeVar("Y", Price, Cost)


def told_change(change: Change) -> Message:
    """The words of a change as a message."""
    if not change:
        return Message("as it is")
    what, *of = change
    if what == SWING:
        of_what = Message(NAMES[of[0]], name=of[1]) if of[1] else Message(NAMES[of[0]])
        return Message("{what}, {side}", what=of_what, side=Message(SIDES[of[2]]))
    if what in (DROP, CAPITAL):
        of[0] = word(ACCOUNTS, of[0])
    told = of[-1]
    for part in reversed(of[:-1]):
        told = Message("{first} {others}", first=part, others=told)
    return Message("{what} {of}", what=word(VERBS, what), of=told)


def told_status(status: str, is_known: bool) -> str:
    """The status of a plan as a message, and that it was there already."""
    said = word(STATUSES, status)
    return Message("{status}, is there already", status=said) if is_known else said


def lift(limit: LimitAsRows) -> Change:
    """The change that does without a limit; a rule is lifted in all its steps."""
    return LIFT, limit.table, limit.name, limit.parameter, str(limit.year) if limit.table == "budget" else ""


def changed(case: Case, change: Change) -> Case:
    """The case with a change; a deadline stands in the goal, and an offer is read before (`offered`)."""
    what, *of = change
    makes: Mapping[str, Callable[..., Case]] = {
        DROP: without,
        ONLY: _with_only,
        CAPITAL: lambda case, kind, name, factor: _dearer(case, kind, name, float(factor)),
        OFFER: lambda case, name, factor: _dearer(case, TECHNOLOGY, name, float(factor)),
        LIFT: _lifted,
        SWING: _swung,
        ASSUMED: _assumed,
        CAP: lambda case, cap: _capped(case, float(cap)),
        BUDGET: lambda case, money: _with_budget(case, float(money)),
        BY: lambda case, _: case,
    }
    return makes[what](case, *of)


def years_of(case: Case) -> range:
    """The years that are planned."""
    return range(case.park.first_year, case.park.last_year + 1)


def with_base(case: Case, base: float) -> Case:
    """The case with known base emissions (t)."""
    return case.model_copy(update={"park": case.park.model_copy(update={"base_emissions": base})})


# --- rows ------------------------------------------------------------------------------------------------------------------


def _rows_with(case: Case, table: str, is_meant: Callable[[Any], bool], change: Callable[[Any], dict[str, Any]]) -> Case:
    """The case with the rows of a table that are meant changed."""
    rows = (row.model_copy(update=change(row)) if is_meant(row) else row for row in getattr(case, table))
    return case.model_copy(update={table: tuple(rows)})


def times(case: Case, table: str, column: str, factor: float, is_meant: Callable[[Any], bool] = lambda _: True) -> Case:
    """The case with a column of the rows that are meant times a factor."""
    return _rows_with(case, table, is_meant, lambda row: {column: getattr(row, column) * factor})


def _named(key: str, name: str) -> Callable[[Any], bool]:
    return lambda row: getattr(row, key) == name


def _with_rows(case: Case, table: str, keeps: Callable[[Any], bool]) -> Case:
    """The case with those rows of a table alone."""
    return case.model_copy(update={table: tuple(filter(keeps, getattr(case, table)))})


# --- without ---------------------------------------------------------------------------------------------------------------


def without(case: Case, kind: str, name: str) -> Case:
    """No order of a technology or link, no start of a measure, no planting, nor a certificate or credit; what stands and what is
    signed stays."""
    never = {"first_year": case.park.last_year + 1}
    if kind in (CERTIFICATE, CREDIT):
        table, key, _ = TABLE_OF[kind]
        return _with_rows(case, table, lambda row: getattr(row, key) != name)
    if kind == MEASURE:
        return _rows_with(case, "measures", _named("measure", name), lambda _: never)
    if kind == PLANTING:
        return _rows_with(case, "restoration", _named("project", name), lambda _: {"max_area": 0.0})
    if any(t.technology == name for t in case.technologies):
        return _rows_with(case, "technologies", _named("technology", name), lambda _: never)
    case = _with_rows(case, "limits", lambda row: (row.technology, row.item) != (name, "max_build"))
    return _rows_with(case, "links", _named("link", name), lambda _: {"max_build": 0.0})


def _with_only(case: Case, *few: str) -> Case:
    """Connections to the outside stay as they are."""
    projects = [(TECHNOLOGY, t.technology) for t in case.technologies] + [(TECHNOLOGY, link.link) for link in case.links]
    projects += [(kind, getattr(row, key)) for kind, (table, key, _) in TABLE_OF.items() for row in getattr(case, table)]
    for kind, name in dict.fromkeys(projects):
        if f"{kind}:{name}" not in few:
            case = without(case, kind, name)
    return case


def _lifted(case: Case, table: str, name: str, parameter: str, year: str) -> Case:
    """A limit that an order needs becomes many times as much."""
    if table == RESERVES:
        return without_reserves(case, name)
    if table == "stages":
        own = case.park.standard, name, parameter
        return _with_rows(case, table, lambda row: (row.standard, row.stage, row.metric) != own)
    if table == "rules":
        return _with_rows(case, table, lambda row: (row.rule, row.metric) != (name, parameter))
    if table == "budget":
        return _with_rows(case, table, lambda row: str(row.year) != year)
    if table == "sites":
        return _rows_with(case, table, _named("site", name), lambda row: {"area": row.area * LARGEST + 1.0})

    def more(row: Any) -> dict[str, Any]:
        most = getattr(row, parameter)
        return {parameter: most * LARGEST if parameter in NEEDED and most is not None else None}

    case = times(case, "limits", "value", LARGEST, lambda row: (row.technology, row.item) == (name, parameter))
    return _rows_with(case, table, _named(type(getattr(case, table)[0]).key[0], name), more)


def without_reserves(case: Case, name: str) -> Case:
    """The case without a reserve, in all its years, or without all of them."""
    gone = reserves_of(case, name)
    return _with_rows(case, "reserves", lambda row: row not in gone)


def reserves_of(case: Case, name: str) -> list[Reserve]:
    """The rows of a reserve, or of all of them."""
    names = reserve_names(case)
    return [row for row in case.reserves if name in (ALL_RESERVES, names[row.carrier, row.zone])]


def reserve_names(case: Case) -> dict[tuple[str, str], str]:
    """(carrier, zone) of each reserve and its name: the carrier, with the zone where that is neither `park` nor the only one."""
    places = dict.fromkeys((row.carrier, row.zone) for row in case.reserves)
    carriers = [carrier for carrier, _ in places]
    alone = {carrier for carrier in carriers if carriers.count(carrier) == 1}
    return {
        (carrier, zone): carrier if zone == "park" or (zone == ALL_ZONES and carrier in alone) else f"{carrier} ({zone})"
        for carrier, zone in places
    }


def _with_budget(case: Case, money: float) -> Case:
    """In place of budget.csv."""
    return case.model_copy(update={"budget": tuple(Budget(year=y, capital=money) for y in years_of(case))})


def _capped(case: Case, cap: float) -> Case:
    """The base emissions are known."""
    assert case.goal is not None and case.park.base_emissions is not None
    own = case.park.standard, case.goal.target
    old = next(row for row in case.stages if (row.standard, row.stage) == own)
    limit = cap / case.park.base_emissions
    rule = StageRule(standard=old.standard, stage=old.stage, order=old.order, metric="net_ratio", sense="<=", limit=limit)
    return case.model_copy(update={"stages": (*(row for row in case.stages if (row.standard, row.stage) != own), rule)})


# --- figures ---------------------------------------------------------------------------------------------------------------


def _swung(case: Case, what: str, name: str, side: str) -> Case:
    """Of a price or a capital cost as far as its rows say, else by `SHARE`."""
    at = list(SIDES).index(side)
    share = (-SHARE, SHARE)[at]
    if what == RATE:
        return case.model_copy(
            update={"park": case.park.model_copy(update={"discount_rate": (1 + share) * case.park.discount_rate})}
        )
    if what == DEMAND:
        return times(case, "demand", "value", 1 + share)
    own = own_ranges(case).get((what, name))
    factors: Mapping[int, float] = {y: 1 + (share if own is None else own[y][at]) for y in years_of(case)}
    if what == "capital":
        return _dearer(case, MEASURE if any(m.measure == name for m in case.measures) else TECHNOLOGY, name, factors)
    moved = [p for p in case.prices if (p.supply, p.item) == (name, SIDE_OF_PRICE[what])]
    rows = (p for p in case.prices if p not in moved)
    return case.model_copy(update={"prices": (*rows, *_in_proportion(moved, factors, {}, case.park.currency))})


def _assumed(case: Case, table: str, name: str, parameter: str, factor: str) -> Case:
    """In all its years; a lifetime stays at least a year."""
    carrier = parameter.removeprefix("in ")
    kinds: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
        "costs": ("value", lambda r: r.is_of_catalogue and (r.type, r.parameter) == (name, parameter)),
        "emission_factors": ("value", lambda r: r.is_of_catalogue and r.supply == name),
        "ports": ("ratio", lambda r: r.is_of_catalogue and (r.type, r.direction, r.carrier) == (name, "in", carrier)),
        **{own: (column, _named(key, name)) for own, key, column in TABLE_OF.values()},
    }
    column, is_meant = kinds[table]
    least = 1.0 if parameter == "lifetime" else 0.0
    return _rows_with(case, table, is_meant, lambda row: {column: max(getattr(row, column) * float(factor), least)})


def _in_proportion(rows: Sequence[Y], factors: Mapping[int, float], update: Mapping[str, Any], currency: str) -> list[Y]:
    """Rows of one series with its figure times the factor of each year, and with other columns as `update` says."""
    if len(set(factors.values())) == 1:
        (factor,) = set(factors.values())
        return [r.model_copy(update={**update, "value": r.value * factor}) for r in rows]
    found = in_years(rows, sorted(factors), currency) if rows else {}
    return [row.model_copy(update={**update, "value": row.value * factors[y]}) for y, row in found.items()]


def _dearer(case: Case, kind: str, name: str, factor: float | Mapping[int, float]) -> Case:
    """The case with the capital cost (or annuity) of a project, or the price of a supply, times a factor (or that of each year;
    for measures and plantings that of the first).

    What does not change: fixed cost, even where it is stated in % of the capital cost; tariffs and profiles of a price."""
    years = tuple(years_of(case))
    factors = factor if isinstance(factor, Mapping) else dict.fromkeys(years, factor)
    if kind == SUPPLY:
        return times(case, "prices", "value", factors[years[0]], lambda p: (p.supply, p.item) == (name, "energy"))
    if kind in TABLE_OF:
        table, key, column = TABLE_OF[kind]
        return times(case, table, column, factors[years[0]], _named(key, name))
    (asset,) = [a for a in assets_of(case) if a.name == name]
    own, currency = f"{asset.type} of {name} alone", case.park.currency
    table_of_costs = CostTable(case.costs, years, currency)
    capital = table_of_costs.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
    basis: Any = "order" if table_of_costs.is_by_order(asset.type) else ""
    when = {*years, *(c.year for c in case.committed if c.technology == name and basis)}
    fixed = table_of_costs.fixed_cost(asset.type, asset.per, asset.length, when)
    theirs = [c for c in case.costs if c.type == asset.type]
    costs = [c.model_copy(update={"type": own}) for c in theirs if c.parameter not in ("capital_cost", "fixed_cost", *DEARER_TOO)]
    for parameter in DEARER_TOO:
        costs += _in_proportion([c for c in theirs if c.parameter == parameter], factors, {"type": own}, currency)
    per = f"{currency}/({asset.per})"
    costs += [Cost(type=own, parameter="capital_cost", year=y, value=v * factors[y], unit=per) for y, v in capital.items()]
    costs += [Cost(type=own, parameter="fixed_cost", year=y, value=v, unit=f"{per}/year", basis=basis) for y, v in fixed.items()]
    case = case.model_copy(update={"costs": (*case.costs, *costs)})
    for table in ("types", "ports"):
        again = (row.model_copy(update={"type": own}) for row in getattr(case, table) if row.type == asset.type)
        case = case.model_copy(update={table: (*getattr(case, table), *again)})
    for table, key in (("technologies", "technology"), ("links", "link"), ("connections", "connection")):
        case = _rows_with(case, table, _named(key, name), lambda _: {"type": own})
    return case


# --- offers ----------------------------------------------------------------------------------------------------------------


def carriers_of(case: Case) -> dict[str, set[str]]:
    """Zone -> the carriers that it has."""
    ports = {(p.type, p.carrier) for p in case.ports}
    there: dict[str, set[str]] = {}
    for zone, carrier in [(d.zone, d.carrier) for d in case.demand] + [(s.zone, s.carrier) for s in case.supplies]:
        there.setdefault(zone, set()).add(carrier)
    for t in case.technologies:
        there.setdefault(t.zone, set()).update(carrier for kind, carrier in ports if kind == t.type_name)
    return there


def zone_with(case: Case, carriers: Iterable[str]) -> str:
    """The first zone that has all of the carriers; empty where none has."""
    return next((zone for zone, own in carriers_of(case).items() if own.issuperset(carriers)), "")


def offered(folder: Path, costs: tuple[Path, ...], goal: GoalRequest, case: Case, name: str) -> Case:
    """The park with a type of the catalogue offered, read anew with all that the catalogue says of it.

    Raises CaseError where the park cannot have it.
    """
    with opened(folder) as book, tempfile.TemporaryDirectory(prefix="parkzero-") as place:
        copy = shutil.copytree(book.folder, Path(place) / "park")
        rows = [["technology"]]
        if (copy / "technologies.csv").is_file():
            with (copy / "technologies.csv").open(encoding="utf-8-sig", newline="") as table:
                rows = list(csv.reader(table)) or rows
        catalogue = read_catalogue(None, Complaints())
        zone = zone_with(case, {p.get("carrier") for p in catalogue.rows("ports", type=name)})
        hours = HOURS if catalogue.rows("types", type=name)[0].get("role") == "store" else 1.0
        most = TIMES * hours * max(sum(d.value for d in case.demand) / 8760, 1.0)
        own = {"technology": name, "type": name, "zone": zone, "max_capacity": f"{most:.6g}"}
        head = [*rows[0], *(c for c in own if c not in rows[0] and (c != "zone" or zone != "park"))]
        body = [[*row, *[""] * (len(head) - len(row))] for row in rows[1:] if any(row)]
        with (copy / "technologies.csv").open("w", encoding="utf-8", newline="") as table:
            csv.writer(table).writerows([head, *body, [own.get(c, "") for c in head]])
        read = read_case(copy, costs, goal)
    return read.model_copy(update={"digest": case.digest, "files": case.files})
