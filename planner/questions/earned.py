r"""What moving saves: the decisions of a plan operated as planned and with nothing moved, shed or charged later.

.. math::
    s_{i,y} = q_{i,y}(\hat{x}, \text{demand as asked}) - q_{i,y}(\hat{x})

Capacity that is contracted is chosen anew in both, as the charge for it is what a peak costs. As asked, vehicles are charged as
they arrive, whatever the power of their chargers. What the decisions cannot serve then is unserved: they rely on moving.

s  saved   money (i,y)     q  least cost of operating the year, its item i   money     x̂  decisions of the plan
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs import Inputs, resolve
from models.inputs.demand import Flexibility, Vehicles
from models.metrics import OF_RULES
from planner.answer.hangs_on import SWING
from planner.days import choose_days
from planner.language.language import Language
from planner.language.words import CARRIERS, STREAMS, named, told_years
from planner.plan import LEAST_COST, TARGET
from planner.questions.operate import NOTHING, OperatedYear, UnservedEnergy, keep_orders, operates
from planner.tables.output import Tables
from planner.tables.schema import TABLES

#: Item of costs.csv -> its stream; what is not listed is other.
STREAM_OF = {
    "energy": "energy",
    "export": "energy",
    "contract": "energy",
    "shortfall": "energy",
    "variable_cost": "energy",
    "start_cost": "energy",
    "demand_charge": "peak",
    "capacity_charge": "connection",
    "certificates": "green",
    "offsets": "green",
    "carbon": "green",
    "shift": "moving",
    "shed": "moving",
}
#: Shares that are told.
SHARES = ("clean_share", "direct_green_share", "hourly_green_share")
#: Money below this is noise.
NOISE = 1e-2
#: Energy below this (MWh) is not short.
SHORT = 1e-3


def as_asked(inputs: Inputs) -> Inputs:
    """The same with every demand in the hour in which it is asked, and every vehicle charged as it arrives.

    Raises CaseError where that is so already.
    """
    vehicles = inputs.vehicles
    if not (inputs.flexibility.share or inputs.flexibility.shed_share or vehicles.rows):
        raise CaseError.because("--moving: no demand of the park can move, be shed or be charged later")
    fixed = Vehicles(group=vehicles.group, efficiency=vehicles.efficiency)
    return replace(inputs, flexibility=Flexibility(), vehicles=fixed)


def moving_table(case: Case, base: float, tables: Tables, done: Callable[[int], None]) -> pd.DataFrame | None:
    """moving.csv of the plan of these tables, in the park whose base emissions are these (t); None where it cannot be kept."""
    inputs = resolve(case, case.goal, base, None)
    fixed = as_asked(inputs)
    kept = keep_orders(inputs, tables)
    if kept.cost is None:
        return None
    found = dict[int, tuple[OperatedYear, OperatedYear]]()
    planned, unmoved = operates(inputs, holds_contracts=False), operates(fixed, holds_contracts=False)
    for y in inputs.years:
        found[y] = planned.year(kept.model, tables, y), unmoved.year(kept.model, tables, y)
        done(y)
    rows = [row for y, pair in found.items() for row in _differences(y, *pair, case.park.currency)]
    return pd.DataFrame(rows, columns=list(TABLES["moving"].names))


def _differences(y: int, planned: OperatedYear, other: OperatedYear, currency: str) -> Iterator[tuple]:
    """(year, stream, item, name, as planned, otherwise, saved, unit) of what a year costs, its shares, and what is short."""
    for item, name in dict.fromkeys([*planned.terms, *other.terms]):
        now, then = (year.terms.get((item, name), 0.0) for year in (planned, other))
        if max(abs(now), abs(then)) > NOISE:
            yield y, STREAM_OF.get(item, "other"), item, name, now, then, then - now, currency
    for metric in SHARES:
        top, below = OF_RULES[metric].ratio
        if all(year.figures.get(below, 0.0) > NOTHING and top in year.figures for year in (planned, other)):
            now, then = (year.figures[top] / year.figures[below] for year in (planned, other))
            yield y, "share", "share", metric, now, then, then - now, "1"
    nothing = UnservedEnergy(0.0, 0.0, 0.0)
    for carrier, zone in dict.fromkeys([*planned.unserved, *other.unserved]):
        own, rest = (year.unserved.get((carrier, zone), nothing) for year in (planned, other))
        for item, now, then, unit in (
            ("unserved", own.energy, rest.energy, "MWh"),
            ("unserved_worst", own.worst, rest.worst, "MW"),
        ):
            yield y, "short", item, f"{carrier} {zone}", now, then, then - now, unit
    for key in dict.fromkeys([*planned.missed, *other.missed]):
        stage, metric, _ = key
        now, then = (year.missed.get(key, 0.0) for year in (planned, other))
        yield y, "short", "missed", f"{stage} {metric}", now, then, then - now, OF_RULES[metric].amount


def _by_stream(by: Mapping[str, float], currency: str, language: Language) -> str:
    """Money by stream in words."""
    say = language.translate
    told = [(words, by[stream]) for stream, words in STREAMS.items() if abs(by.get(stream, 0.0)) > NOISE]
    return say("; ").join(say("{name} {amount}", name=say(words), amount=language.money(money, currency)) for words, money in told)


def saved_by_stream(table: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """What is said of the table: the saving of all years by stream, and what cannot be served without moving."""
    say, paid = language.translate, table[table["unit"] == currency]
    by: Mapping[str, float] = paid.groupby("stream")["saved"].sum().to_dict()
    years = table["year"].nunique()
    parts = _by_stream(by, currency, language)
    total = language.money(sum(by.values()), currency)
    head = say("moving saves {money} in {years}, not discounted", money=total, years=told_years(language, years))
    yield say("{what}: {words}", what=head, words=parts) if parts else head
    short = table[(table["item"] == "unserved") & (table["saved"] > SHORT)]  # what is short as planned, too, is no matter of moving
    for where, own in short.groupby("name", sort=False):
        carrier, _, zone = str(where).partition(" ")
        worst = own.loc[own["saved"].idxmax()]
        yield say(
            "without moving {carrier} in {zone} is short in {count} of {all} years, most in {year}: {energy} MWh; the money is of "
            "what is served",
            carrier=named(language, CARRIERS, carrier),
            zone=zone,
            count=len(own),
            all=years,
            year=int(worst["year"]),
            energy=language.amount(float(worst["saved"])),
        )


# --- stores ----------------------------------------------------------------------------------------------------------------
# What a store earns: the decisions of a plan operated as planned and with the store standing still.
#
# .. math::
# s_{i,y} = q_{i,y}(\hat{x} - E_k) - q_{i,y}(\hat{x}), \qquad \text{kept} = \sigma\, s, \quad \text{passed} = (1 - \sigma)\, s
#
# Capacity that is contracted is chosen anew in both. Of a reserve it earns no money: its firm MW stand there, and what would be
# short without them.
#
# s  saved  money (i,y)   q  least cost of operating the year, its item i  money   x̂  decisions   E  capacity of store k  MWh
# (k,y)
# σ  saving_share of its owner, 1 where it shares nothing   1


@dataclass(frozen=True)
class Owner:
    """Who a store is of, and the share of what it earns that it keeps."""

    name: str
    keeps: float


def stores_table(case: Case, base: float, tables: Tables, done: Callable[[int], None]) -> pd.DataFrame | None:
    """stores.csv of the plan of these tables; None where its decisions cannot be kept.

    Raises CaseError where the plan has no store.
    """
    inputs = resolve(case, case.goal, base, None)
    stands = tables["capacity"]
    stands = stands[stands["technology"].isin(inputs.storage.stores) & (stands["capacity"] > NOTHING)]
    if stands.empty:
        raise CaseError.because("--stores: the plan has no store")
    kept = keep_orders(inputs, tables)
    if kept.cost is None:
        return None
    owners, operated = _owners(case), operates(inputs, holds_contracts=False)
    required = tables["reserves"]
    rows: list[tuple] = []
    for y in inputs.years:
        mine = stands[stands["year"] == y]
        if mine.empty:
            continue
        planned = operated.year(kept.model, tables, y)
        for name, capacity in zip(mine["technology"], mine["capacity"], strict=True):
            idle = operated.year(kept.model, tables, y, str(name))
            rows += _stores_rows(y, str(name), owners[str(name)], planned, idle, case.park.currency)
            rows += _firm(y, str(name), owners[str(name)], inputs, float(capacity), required)
        done(y)
    return pd.DataFrame(rows, columns=list(TABLES["stores"].names))


def _owners(case: Case) -> dict[str, Owner]:
    terms = case.park.finance.owners if case.park.finance else {}
    shares = {name: own.saving_share for name, own in terms.items()}
    return {t.technology: Owner(t.owner, 1.0 if (s := shares.get(t.owner)) is None else s) for t in case.technologies}


def _stores_rows(y: int, name: str, owner: Owner, planned: OperatedYear, idle: OperatedYear, currency: str) -> Iterator[tuple]:
    sums: dict[tuple[str, str, str], list[float]] = {}
    for _, stream, item, of, now, then, _, unit in _differences(y, planned, idle, currency):
        if item == "unserved_worst":
            continue
        what = "cost" if unit == currency else of if stream == "share" else item if item == "unserved" else of
        own = sums.setdefault((stream, what, unit), [0.0, 0.0])
        own[0] += now
        own[1] += then
    for (stream, what, unit), (now, then) in sums.items():
        saved = now - then if stream == "share" else then - now
        if unit == currency and abs(saved) > NOISE:
            yield y, name, owner.name, stream, what, now, then, saved, owner.keeps * saved, (1 - owner.keeps) * saved, unit
        elif unit != currency and (stream == "short" or abs(saved) > NOTHING):
            yield y, name, owner.name, stream, what, now, then, saved, None, None, unit


def _firm(y: int, name: str, owner: Owner, inputs: Inputs, capacity: float, required: pd.DataFrame) -> Iterator[tuple]:
    """What it counts in each reserve (MW): firm with it and without, and what would be short without."""
    for (carrier, zone), firm in inputs.at(y).reserves.firm.items():
        own = firm.get(name, 0.0) * capacity
        said = required[(required["year"] == y) & (required["carrier"] == carrier) & (required["zone"] == zone)]
        items = dict(zip(said["item"], said["value"], strict=True))
        if own <= NOTHING or "firm" not in items:
            continue
        place, now = f"{carrier} {zone}", float(items["firm"])
        yield y, name, owner.name, "reserve", place, now, now - own, own, None, None, "MW"
        needs = float(items["required"])
        short = max(needs - now, 0.0), max(needs - now + own, 0.0)
        if short[1] > NOTHING:
            yield y, name, owner.name, "short", f"reserve {place}", *short, short[1] - short[0], None, None, "MW"


def earned_by_stream(table: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """What is said of the table: of each store what it earns in all years by stream, who gets it, and what would be short."""
    say = language.translate
    for name, own in table.groupby("technology", sort=False):
        paid = own[own["unit"] == currency]
        by = paid.groupby("stream")["saved"].sum().to_dict()
        parts = _by_stream(by, currency, language)
        values = {
            "name": name,
            "money": language.money(sum(by.values()), currency),
            "years": told_years(language, own["year"].nunique()),
        }
        head = say("{name} earns {money} in {years}, not discounted", **values)
        yield say("{what}: {words}", what=head, words=parts) if parts else head
        passed = float(paid["passed"].sum())
        if abs(passed) > NOISE:
            values = {"owner": own["owner"].iloc[0], "kept": language.money(float(paid["kept"].sum()), currency)}
            yield say("of that {owner} keeps {kept}, and {passed} is the park's", **values, passed=language.money(passed, currency))
        firm = own[own["stream"] == "reserve"]
        for place, mw in firm.groupby("item", sort=False):
            yield say(
                "{name} is {power} MW of the reserve of {place}, which pays nothing by itself",
                name=name,
                power=language.amount(float(mw["saved"].max())),
                place=place,
            )
        short = own[(own["stream"] == "short") & (own["saved"] > NOTHING)]
        for (item, unit), rows in short.groupby(["item", "unit"], sort=False):
            worst = rows.loc[rows["saved"].idxmax()]
            values = {
                "name": name,
                "what": item,
                "unit": unit,
                "years": told_years(language, len(rows)),
                "year": int(worst["year"]),
            }
            amount = language.amount(float(worst["saved"]))
            yield say("without {name} {what} is short in {years}, most in {year}: {amount} {unit}", **values, amount=amount)


# --- demand ----------------------------------------------------------------------------------------------------------------
# Other demand in what could change the saving: the decisions of each plan kept, every year operated with less demand and more.
#
# .. math::
# S(f) = S + \sum_y \delta_y \big( q'_y(f) - q'_y(1) - q_y(f) + q_y(1) \big)
#
# On the days that the plan was made on. Processes and vehicles stay as they are; reserves are not asked, what is short is unserved.
# Where a plan cannot serve it, or its decisions cannot be kept, nothing is told of its money.
#
# S  saving against going on as today   money     q, q'  least cost of operating a year in the plan and in the other one   money
# (y)
# f  factor of all demand   1                     δ  discount (y)


def with_demand(case: Case, factor: float) -> Case:
    """The park with all demand times a factor, and without reserves."""
    rows = tuple(row.model_copy(update={"value": row.value * factor}) for row in case.demand)
    return case.model_copy(update={"demand": rows, "reserves": ()})


def moved_by_demand(
    case: Case, base: float, plans: Mapping[str, Tables], names: Sequence[str], days: int | None
) -> dict[str, list[float | None]]:
    """Plan -> what operating it costs more with less demand, and with more (money, discounted), its decisions kept; None where they
    cannot be, or not all is served."""
    moves = dict[str, list[float | None]]()
    for name in names:
        if name in plans:
            own = _case_of(case, name)
            less, now, more = (_operated(with_demand(own, f), base, plans[name], days) for f in (1 - SWING, 1.0, 1 + SWING))
            moves[name] = [_less(less, now), _less(more, now)]
    return moves


def _case_of(case: Case, name: str) -> Case:
    """The park as a plan has it: rules of the goal bind the target alone, and a baseline buys neither certificates nor credits."""
    if name == TARGET:
        return case
    free = case.model_copy(update={"goal": None})
    if name == LEAST_COST:
        return free
    limits = tuple(row for row in case.limits if row.item != "min_capacity")
    return free.model_copy(update={"rules": (), "certificates": (), "offsets": (), "limits": limits})


def _operated(case: Case, base: float, tables: Tables, days: int | None) -> float | None:
    """What operating the years with the decisions of a plan costs (money, discounted); None where they cannot be kept, or not all
    demand is served."""
    count = case.park.typical_days if days is None else days
    inputs = resolve(case, case.goal, base, choose_days(case, count))
    kept = keep_orders(inputs, tables)
    if kept.cost is None:
        return None
    operated, total = operates(inputs, holds_contracts=False), 0.0
    for y in inputs.years:
        found = operated.year(kept.model, tables, y)
        if found.unserved:
            return None
        total += inputs.finance.discount[y] * found.cost
    return total


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
