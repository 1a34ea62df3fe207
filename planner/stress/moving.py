r"""What moving saves: the decisions of a plan operated as planned and with nothing moved, shed or charged later.

.. math::
    s_{i,y} = q_{i,y}(\hat{x}, \text{demand as asked}) - q_{i,y}(\hat{x})

Capacity that is contracted is chosen anew in both, as the charge for it is what a peak costs. As asked, vehicles are charged as
they arrive, whatever the power of their chargers. What the decisions cannot serve then is unserved: they rely on moving.

s  saved   money (i,y)     q  least cost of operating the year, its item i   money     x̂  decisions of the plan
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs import Inputs, resolve
from models.inputs.flexibility import Flexibility
from models.inputs.vehicles import Vehicles
from models.metrics import OF_RULES
from planner.language.language import Language
from planner.language.words import CARRIERS, STREAMS, named, told_years
from planner.stress.leaf import keep_orders
from planner.stress.operated import NOTHING, OperatedYear, UnservedEnergy, operates
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
    rows = [row for y, pair in found.items() for row in _rows(y, *pair, case.park.currency)]
    return pd.DataFrame(rows, columns=list(TABLES["moving"].names))


def _rows(y: int, planned: OperatedYear, unmoved: OperatedYear, currency: str) -> Iterator[tuple]:
    for item, name in dict.fromkeys([*planned.terms, *unmoved.terms]):
        own = planned.terms.get((item, name), 0.0), unmoved.terms.get((item, name), 0.0)
        if max(map(abs, own)) > NOISE:
            yield y, STREAM_OF.get(item, "other"), item, name, *own, own[1] - own[0], currency
    for metric in SHARES:
        top, below = OF_RULES[metric].ratio
        if all(year.figures.get(below, 0.0) > NOTHING and top in year.figures for year in (planned, unmoved)):
            first, other = (year.figures[top] / year.figures[below] for year in (planned, unmoved))
            yield y, "share", "share", metric, first, other, other - first, "1"
    nothing = UnservedEnergy(0.0, 0.0, 0.0)
    for carrier, zone in dict.fromkeys([*planned.unserved, *unmoved.unserved]):
        now, then = (year.unserved.get((carrier, zone), nothing) for year in (planned, unmoved))
        where = f"{carrier} {zone}"
        yield y, "short", "unserved", where, now.energy, then.energy, then.energy - now.energy, "MWh"
        yield y, "short", "unserved_worst", where, now.worst, then.worst, then.worst - now.worst, "MW"
    for key in dict.fromkeys([*planned.missed, *unmoved.missed]):
        stage, metric, _ = key
        own = planned.missed.get(key, 0.0), unmoved.missed.get(key, 0.0)
        yield y, "short", "missed", f"{stage} {metric}", *own, own[1] - own[0], OF_RULES[metric].amount


def saved_by_stream(table: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """What is said of the table: the saving of all years by stream, and what cannot be served without moving."""
    say, paid = language.translate, table[table["unit"] == currency]
    by: Mapping[str, float] = paid.groupby("stream")["saved"].sum().to_dict()
    years = table["year"].nunique()
    parts = [
        say("{name} {amount}", name=say(words), amount=language.money(by[stream], currency))
        for stream, words in STREAMS.items()
        if stream in by and abs(by[stream]) > NOISE
    ]
    total = language.money(sum(by.values()), currency)
    head = say("moving saves {money} in {years}, not discounted", money=total, years=told_years(language, years))
    yield say("{what}: {words}", what=head, words=say("; ").join(parts)) if parts else head
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
