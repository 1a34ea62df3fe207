"""The park that a question plans: without a project, with another cost or price, without a limit or rule, or with a leading
figure at its low or high. `swings.csv` tells the last with the plans as they are."""

from __future__ import annotations

import csv
import math
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from models.case import Case, Certificate, Cost, Link, Offset, Price, Reserve, Row, Technology
from models.inputs.capacity import assets_of
from models.inputs.equipment import ALL_ZONES, outages_of, producers
from models.inputs.finance import CostTable, over_years
from models.inputs.reserves import firm_imports, first_use, in_force
from planner.answer import hangs_on as swings
from planner.answer.hangs_on import DEMAND, NAMES, RATE, SIDES, own_ranges
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
from planner.tables.schema import ALL_RESERVES, OUT, RESERVES

# --- offers ----------------------------------------------------------------------------------------------------------------
# Types of the catalogue that a park does not offer though it has what they take and give; the park with one of them offered.

#: Most that is offered of a type: so many times the mean of all demand; of a store so many hours of that.
TIMES, HOURS = 4.0, 24.0
#: Why a type is not tried.
NEEDS_POWER = mark("{types}: each has its power from a type of its own, which is ordered apart; offer both in technologies.csv")
NEEDS_PROFILE = mark("{types}: each needs a profile of sun, wind or water, which only the park knows; offer it in technologies.csv")
NEEDS_SOURCE = mark("{types}: each needs a source of CO2, which only the park knows; offer it in technologies.csv and captures.csv")
NO_ZONE = mark("{types}: no zone has all that it takes and gives")


def types_not_offered(case: Case) -> list[str]:
    """Converters that take something, and stores, of the catalogue, whose carriers the park has and of which it offers none.

    What needs a profile of weather, or a source of CO2, is left out: only the park knows them.
    """
    return [name for name, reason in _not_offered(case).items() if not reason]


def types_left_out(case: Case) -> dict[str, list[str]]:
    """Reason -> the types that are not offered, though the park has their carriers, and that are not tried for it."""
    found: dict[str, list[str]] = {}
    for name, reason in _not_offered(case).items():
        if reason:
            found.setdefault(reason, []).append(name)
    return found


def _not_offered(case: Case) -> dict[str, str]:
    """Type that is not offered, though the park has its carriers -> why it is not tried; empty where it is."""
    catalogue = read_catalogue(None, Complaints())
    offered = {t.type_name for t in case.technologies} | {t.technology for t in case.technologies}
    there = set().union(*_carriers(case).values())
    found = {}
    for row in catalogue.rows("types"):
        name, role = row.get("type"), row.get("role")
        ports = catalogue.rows("ports", type=name)
        carriers = {port.get("carrier") for port in ports}
        if role == "converter" and not ports:
            continue  # the power of stores, of no use by itself
        if name in offered or role not in ("converter", "store", "capture") or not carriers - {"co2"} <= there:
            continue
        if role == "capture":
            found[name] = NEEDS_SOURCE
        elif role == "converter" and not any(port.get("direction") == "in" for port in ports):
            found[name] = NEEDS_PROFILE
        elif row.get("power_type"):
            found[name] = NEEDS_POWER
        else:
            found[name] = "" if _zone(case, carriers) else NO_ZONE
    return found


def _carriers(case: Case) -> dict[str, set[str]]:
    """Zone -> the carriers that it has."""
    ports = {(p.type, p.carrier) for p in case.ports}
    there: dict[str, set[str]] = {}
    for zone, carrier in [(d.zone, d.carrier) for d in case.demand] + [(s.zone, s.carrier) for s in case.supplies]:
        there.setdefault(zone, set()).add(carrier)
    for t in case.technologies:
        there.setdefault(t.zone, set()).update(carrier for kind, carrier in ports if kind == t.type_name)
    return there


def _zone(case: Case, carriers: set[str]) -> str:
    """The first zone that has all of the carriers; empty where none has."""
    return next((zone for zone, own in _carriers(case).items() if carriers <= own), "")


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
        carriers = {p.get("carrier") for p in catalogue.rows("ports", type=name)}
        hours = HOURS if catalogue.rows("types", type=name)[0].get("role") == "store" else 1.0
        most = TIMES * hours * max(sum(d.value for d in case.demand) / 8760, 1.0)
        own = {"technology": name, "type": name, "zone": _zone(case, carriers), "max_capacity": f"{most:.6g}"}
        head = [*rows[0], *(c for c in own if c not in rows[0] and (c != "zone" or own["zone"] != "park"))]
        body = [[*row, *[""] * (len(head) - len(row))] for row in rows[1:] if any(row)]
        with (copy / "technologies.csv").open("w", encoding="utf-8", newline="") as table:
            csv.writer(table).writerows([head, *body, [own.get(c, "") for c in head]])
        read = read_case(copy, costs, goal)
    return read.model_copy(update={"digest": case.digest, "files": case.files})


# --- purchases -------------------------------------------------------------------------------------------------------------
# What may be bought: supplies, certificates and credits, each with its price; a park that pays another one, or does without.

#: Kinds of what is bought, and the items of costs.csv that are paid for it in proportion to its price.
ITEMS = {SUPPLY: ("energy", "contract", "shortfall"), CERTIFICATE: ("certificates",), CREDIT: ("offsets",)}
Bought = TypeVar("Bought", Certificate, Offset)


def prices_of(case: Case) -> dict[tuple[str, str], tuple[float, str]]:
    """(kind, name) -> price in the first year in which it may be bought, and its unit; what costs nothing is left out."""
    years = tuple(range(case.park.first_year, case.park.last_year + 1))
    currency = case.park.currency
    found = {}
    for supply in case.supplies:
        when = [y for y in years if supply.is_offered(y)]
        rows = [p for p in case.prices if (p.supply, p.item) == (supply.supply, "energy")]
        if supply.can_import and when and rows:
            found[SUPPLY, supply.supply] = over_years([(p.year, p.value) for p in rows], when)[when[0]], rows[0].unit
    for kind, key, table, unit in (
        (CERTIFICATE, "certificate", case.certificates, f"{currency}/MWh"),
        (CREDIT, "offset", case.offsets, f"{currency}/t"),
    ):
        for name in dict.fromkeys(getattr(row, key) for row in table):
            points = [(row.year, row.price) for row in table if getattr(row, key) == name]
            found[kind, name] = over_years(points, years)[years[0]], unit
    return {who: price for who, price in found.items() if price[0] > 0}


def bought(costs: pd.DataFrame) -> set[tuple[str, str]]:
    """(kind, name) of what a plan pays for, of costs.csv."""
    paid = costs.groupby(["item", "name"])["value"].apply(lambda money: money.abs().max())
    return {(kind, str(name)) for kind, items in ITEMS.items() for (item, name), most in paid.items() if item in items and most > 0}


def with_price(case: Case, kind: str, name: str, factor: float) -> Case:
    """The case with what is bought at its price times a factor; tariffs and profiles of a price stay."""

    def dearer(rows: Iterable[Bought], key: str) -> tuple[Bought, ...]:
        return tuple(r.model_copy(update={"price": r.price * factor}) if getattr(r, key) == name else r for r in rows)

    if kind == CERTIFICATE:
        return case.model_copy(update={"certificates": dearer(case.certificates, "certificate")})
    if kind == CREDIT:
        return case.model_copy(update={"offsets": dearer(case.offsets, "offset")})
    changed = tuple(
        p.model_copy(update={"value": p.value * factor}) if (p.supply, p.item) == (name, "energy") else p for p in case.prices
    )
    return case.model_copy(update={"prices": changed})


def without_purchase(case: Case, kind: str, name: str) -> Case:
    """The case without a certificate or a credit."""
    if kind == CERTIFICATE:
        return case.model_copy(update={"certificates": tuple(c for c in case.certificates if c.certificate != name)})
    return case.model_copy(update={"offsets": tuple(o for o in case.offsets if o.offset != name)})


# --- reserves --------------------------------------------------------------------------------------------------------------
# The reserves of a park as limits: each one that holds, and all of them together. They have no price: a unit is out or not.

#: Said in place of a price: of a unit that is out, of a margin.
NO_PRICE, NO_PRICE_OF_MARGIN = mark("no price: a unit is out or not"), mark("no price: a margin is asked for or not")


def reserve_limits(case: Case) -> list[LimitAsRows]:
    """Each reserve that holds in some year, by carrier and zone; where there are more than one, first all of them together.

    `year` is the first in which it holds; `now` is 1 where a unit may be out, else the highest margin (1). None has rows.
    """
    found: list[LimitAsRows] = []
    for (carrier, zone), name in _names(case).items():
        own = [row for row in case.reserves if (row.carrier, row.zone) == (carrier, zone)]
        held = [(y, row) for y in _years(case) if (row := _holds(own, case, y))]
        if held:
            found.append(_limit(name, held[0][0], [row for _, row in held]))
    if len(found) > 1:
        out = [one for one in found if one.parameter == OUT]
        first = min(one.year or 0 for one in found)
        now = max(one.now for one in out or found)
        found.insert(0, LimitAsRows(RESERVES, ALL_RESERVES, (out or found)[0].parameter, first, now, "1", 1.0, ()))
    return found


def without_reserves(case: Case, name: str) -> Case:
    """The case without a reserve, in all its years, or without all of them."""
    gone = _rows(case, name)
    return case.model_copy(update={"reserves": tuple(row for row in case.reserves if row not in gone)})


def bound_by(case: Case, name: str) -> set[str]:
    """Technologies that a reserve, or all of them, can bind: what makes its carrier in its zone and, where it is operated, what may
    be out."""
    rows = _rows(case, name)
    alike = {case.columns(y): case.in_year(y) for y in _years(case)}
    made = {k for own in alike.values() for row in rows for k in producers(own, row.carrier, row.zone)}
    out = outages_of(case.technologies, case.types, case.ports, {row.carrier for row in rows if row.operated})
    return made | {k for group in out.values() for k in group}


def note_of(limit: LimitAsRows) -> str:
    """Why it has no price."""
    return NO_PRICE if limit.parameter == OUT else NO_PRICE_OF_MARGIN


def _limit(name: str, first: int, rows: list[Reserve]) -> LimitAsRows:
    has_out = any(row.largest_out for row in rows)
    parameter, now = (OUT, 1.0) if has_out else ("margin", max(row.margin for row in rows))
    return LimitAsRows(RESERVES, name, parameter, first, now, "1", 1.0, ())


def _holds(rows: list[Reserve], case: Case, y: int) -> Reserve | None:
    """The row in force in a year, where it asks for something: not before orders can work, nor where imports have no limit."""
    row = in_force(rows, y)
    if row is None:
        return None
    if row.operated:
        return row if y >= first_use(case, row.carrier) else None
    return None if math.isinf(firm_imports(case, row.carrier, row.zone, y)[""]) else row


def _rows(case: Case, name: str) -> list[Reserve]:
    """The rows of a reserve, or of all of them."""
    names = _names(case)
    return [row for row in case.reserves if name in (ALL_RESERVES, names[row.carrier, row.zone])]


def _names(case: Case) -> dict[tuple[str, str], str]:
    """(carrier, zone) of each reserve and its name: the carrier, with the zone where that is neither `park` nor the only one."""
    places = dict.fromkeys((row.carrier, row.zone) for row in case.reserves)
    carriers = [carrier for carrier, _ in places]
    alone = {carrier for carrier in carriers if carriers.count(carrier) == 1}
    return {
        (carrier, zone): carrier if zone == "park" or (zone == ALL_ZONES and carrier in alone) else f"{carrier} ({zone})"
        for carrier, zone in places
    }


def _years(case: Case) -> Iterator[int]:
    yield from range(case.park.first_year, case.park.last_year + 1)


# --- changes ---------------------------------------------------------------------------------------------------------------

#: A change as words: what is done, then to what.
Change = tuple[str, ...]
#: What can be done: leave out all orders of a project; take its capital cost, or the price of what is bought, times a number; lift
#: a limit or a rule; offer a type of the catalogue, its capital cost times a number; offer some projects only; take a leading
#: figure at its low or its high.
DROP, CAPITAL, LIFT, OFFER, ONLY, SWING = "drop", "capital", "lift", "offer", "only", "swing"
#: What is done, in words.
VERBS = {DROP: mark("drop"), CAPITAL: mark("capital"), LIFT: mark("lift"), OFFER: mark("offer"), ONLY: mark("only")}
#: The table whose rows are lifted year by year.
BY_YEAR = "budget"
#: Limits of which an order or an outlet needs a finite one: they become LARGEST times as much.
NEEDED = ("max_capacity", "max_build", "max_export", "contract_max")
#: Item of prices.csv of what is bought, and of what is sold.
SIDE_OF_PRICE = {"bought": "energy", "sold": "export"}
R = TypeVar("R", bound=Row)
Y = TypeVar("Y", Price, Cost)
#: What a project costs beside the capital cost of its capacity, or in its place: it changes in the same proportion.
DEARER_TOO = ("project_cost", "annuity")


def told_change(change: Change) -> Message:
    """The words of a change as a message."""
    if not change:
        return Message("as it is")
    what, *of = change
    if what == SWING:
        return _told_swing(*of)
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
    year = str(limit.year) if limit.table == BY_YEAR else ""
    return LIFT, limit.table, limit.name, limit.parameter, year


def changed(case: Case, change: Change) -> Case:
    """The case with a change.

    A change is one of (DROP, kind, name), (CAPITAL, kind, name, factor), (ONLY, kind:name, …), (SWING, what, name, side) and
    (LIFT, table, name, parameter, year); the year is empty except for a budget.
    """
    what, *of = change
    if what == DROP:
        return without(case, *of)
    if what == ONLY:
        return with_only(case, of)
    if what == SWING:
        return _swung(case, *of)
    if what == CAPITAL and of[0] in ITEMS:
        return with_price(case, of[0], of[1], float(of[2]))
    if what == CAPITAL:
        return _with_capital(case, of[0], of[1], float(of[2]))
    if what == OFFER:  # the case offers it already
        return _with_capital(case, TECHNOLOGY, of[0], float(of[1]))
    return lifted(case, *of)


def without(case: Case, kind: str, name: str) -> Case:
    """No order of a technology or link, no start of a measure, no planting, nor a certificate or credit; what stands and what is
    signed stays."""
    if kind in (CERTIFICATE, CREDIT):
        return without_purchase(case, kind, name)
    never = {"first_year": case.park.last_year + 1}
    if kind == MEASURE:
        return case.model_copy(update={"measures": _rows_with(case.measures, "measure", name, lambda _: never)})
    if kind == PLANTING:
        return case.model_copy(update={"restoration": _rows_with(case.restoration, "project", name, lambda _: {"max_area": 0.0})})
    if any(t.technology == name for t in case.technologies):
        return case.model_copy(update={"technologies": _rows_with(case.technologies, "technology", name, lambda _: never)})
    limits = tuple(r for r in case.limits if (r.technology, r.item) != (name, "max_build"))
    return case.model_copy(update={"links": _rows_with(case.links, "link", name, lambda _: {"max_build": 0.0}), "limits": limits})


def with_only(case: Case, kept: Iterable[str]) -> Case:
    """No order, start or planting, certificate or credit but of what is kept, as kind:name; connections to the outside stay as they
    are."""
    projects = [(TECHNOLOGY, t.technology) for t in case.technologies] + [(TECHNOLOGY, link.link) for link in case.links]
    projects += [(MEASURE, m.measure) for m in case.measures] + [(PLANTING, p.project) for p in case.restoration]
    projects += [(CERTIFICATE, c.certificate) for c in case.certificates] + [(CREDIT, o.offset) for o in case.offsets]
    few = set(kept)
    for kind, name in dict.fromkeys(projects):
        if f"{kind}:{name}" not in few:
            case = without(case, kind, name)
    return case


def lifted(case: Case, table: str, name: str, parameter: str, year: str) -> Case:
    """Without a limit, a rule, or a reserve in all its years; a limit that an order needs becomes many times as much."""
    if table == RESERVES:
        return without_reserves(case, name)
    if table == "stages":
        rules = [r for r in case.stages if (r.standard, r.stage, r.metric) != (case.park.standard, name, parameter)]
        return case.model_copy(update={"stages": tuple(rules)})
    if table == "rules":
        own = [r for r in case.rules if (r.rule, r.metric) != (name, parameter)]
        return case.model_copy(update={"rules": tuple(own)})
    if table == "budget":
        return case.model_copy(update={"budget": tuple(b for b in case.budget if str(b.year) != year)})
    if table == "sites":
        return case.model_copy(update={"sites": _rows_with(case.sites, "site", name, lambda s: {"area": s.area * LARGEST + 1.0})})
    rows = getattr(case, table)
    key = type(rows[0]).key[0]

    def more(row: Any) -> dict[str, Any]:
        most = getattr(row, parameter)
        return {parameter: most * LARGEST if parameter in NEEDED and most is not None else None}

    yearly = [r for r in case.limits if (r.technology, r.item) == (name, parameter)]
    higher = [r.model_copy(update={"value": r.value * LARGEST}) for r in yearly]
    kept = [r for r in case.limits if r not in yearly]
    return case.model_copy(update={table: _rows_with(rows, key, name, more), "limits": (*kept, *higher)})


def _told_swing(what: str, name: str, side: str) -> Message:
    """What changes, to which side, as a message."""
    of = Message(NAMES[what], name=name) if name else Message(NAMES[what])
    return Message("{what}, {side}", what=of, side=Message(SIDES[side]))


def _swung(case: Case, what: str, name: str, side: str) -> Case:
    """The case with a figure at its low or its high: of a price or a capital cost as far as its rows say, else by SWING."""
    at = list(SIDES).index(side)
    share = (-swings.SWING, swings.SWING)[at]
    if what == RATE:
        park = case.park.model_copy(update={"discount_rate": (1 + share) * case.park.discount_rate})
        return case.model_copy(update={"park": park})
    if what == DEMAND:
        rows = tuple(row.model_copy(update={"value": row.value * (1 + share)}) for row in case.demand)
        return case.model_copy(update={"demand": rows})
    years = range(case.park.first_year, case.park.last_year + 1)
    own = own_ranges(case).get((what, name))
    factors: Mapping[int, float] = {y: 1 + (share if own is None else own[y][at]) for y in years}
    if what == "capital":
        kind = MEASURE if any(m.measure == name for m in case.measures) else TECHNOLOGY
        return _with_capital(case, kind, name, factors)
    moved = [p for p in case.prices if (p.supply, p.item) == (name, SIDE_OF_PRICE[what])]
    kept = tuple(p for p in case.prices if p not in moved)
    return case.model_copy(update={"prices": (*kept, *_times(moved, factors, {}, case.park.currency))})


def _rows_with(rows: Iterable[R], key: str, name: str, change: Callable[[R], dict[str, Any]]) -> tuple[R, ...]:
    """Rows of a table, those of a name changed."""
    return tuple(r.model_copy(update=change(r)) if getattr(r, key) == name else r for r in rows)


def _times(rows: Sequence[Y], factors: Mapping[int, float], update: Mapping[str, Any], currency: str) -> list[Y]:
    """Rows of one series with its figure times the factor of each year, and with other columns as `update` says."""
    if len(set(factors.values())) == 1:
        (factor,) = set(factors.values())
        return [r.model_copy(update={**update, "value": r.value * factor}) for r in rows]
    found = in_years(rows, sorted(factors), currency) if rows else {}
    return [row.model_copy(update={**update, "value": row.value * factors[y]}) for y, row in found.items()]


def _with_capital(case: Case, kind: str, name: str, factor: float | Mapping[int, float]) -> Case:
    """The capital cost of a project, or its annuity, taken times a factor, or times that of each year (of measures and plantings of
    the first); fixed cost stays, also where it is stated in % of it."""
    years = tuple(range(case.park.first_year, case.park.last_year + 1))
    factors = factor if isinstance(factor, Mapping) else dict.fromkeys(years, factor)

    def dearer(row: Any) -> dict[str, Any]:
        return {"capital_cost": row.capital_cost * factors[years[0]]}

    if kind == MEASURE:
        return case.model_copy(update={"measures": _rows_with(case.measures, "measure", name, dearer)})
    if kind == PLANTING:
        return case.model_copy(update={"restoration": _rows_with(case.restoration, "project", name, dearer)})
    (asset,) = [a for a in assets_of(case) if a.name == name]
    own = f"{asset.type} of {name} alone"
    table = CostTable(case.costs, years, case.park.currency)
    capital = table.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
    basis: Any = "order" if table.is_by_order(asset.type) else ""
    when = {*years, *(c.year for c in case.committed if c.technology == name and basis)}
    fixed = table.fixed_cost(asset.type, asset.per, asset.length, when)
    currency = case.park.currency
    costs = [
        c.model_copy(update={"type": own})
        for c in case.costs
        if c.type == asset.type and c.parameter not in ("capital_cost", "fixed_cost", *DEARER_TOO)
    ]
    for parameter in DEARER_TOO:
        rows = [c for c in case.costs if (c.type, c.parameter) == (asset.type, parameter)]
        costs += _times(rows, factors, {"type": own}, currency)
    costs += [
        Cost(type=own, parameter="capital_cost", year=y, value=v * factors[y], unit=f"{currency}/({asset.per})")
        for y, v in capital.items()
    ]
    costs += [
        Cost(type=own, parameter="fixed_cost", year=y, value=v, unit=f"{currency}/({asset.per})/year", basis=basis)
        for y, v in fixed.items()
    ]
    update: dict[str, Any] = {
        "costs": (*case.costs, *costs),
        "types": (*case.types, *(t.model_copy(update={"type": own}) for t in case.types if t.type == asset.type)),
        "ports": (*case.ports, *(p.model_copy(update={"type": own}) for p in case.ports if p.type == asset.type)),
    }
    if isinstance(asset.row, Technology):
        update["technologies"] = _rows_with(case.technologies, "technology", name, lambda _: {"type": own})
    elif isinstance(asset.row, Link):
        update["links"] = _rows_with(case.links, "link", name, lambda _: {"type": own})
    else:
        update["connections"] = _rows_with(case.connections, "connection", name, lambda _: {"type": own})
    return case.model_copy(update=update)
