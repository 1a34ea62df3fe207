"""The park that a question plans: without a project, with another cost or price, without a limit or rule, or with a leading
figure at its low or high. `swings.csv` tells the last with the plans as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from models.case import Case, Cost, Link, Price, Row, Technology
from models.inputs.assets import assets_of
from models.inputs.costs import CostTable
from planner.answer import swings
from planner.answer.swings import DEMAND, NAMES, RATE, SIDES, own_ranges
from planner.explain.elastic import LARGEST, LimitAsRows
from planner.finance.pieces import CERTIFICATE, CREDIT, MEASURE, PLANTING, TECHNOLOGY
from planner.frontier.purchases import ITEMS, with_price, without_purchase
from planner.frontier.reserves import without_reserves
from planner.futures.series import in_years
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import ACCOUNTS, STATUSES, word
from planner.tables.schema import RESERVES

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
