"""What a run warns of its target plan: bounds taken for granted that its orders reach, power that only crosses a connection, stores
that charge and discharge in one hour, and plants of which a part of a unit is on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from models.case import Case, said_of_orders
from planner.language.language import mark
from planner.language.message import Message
from planner.plan import Plan

#: Said of each technology whose order is as large as a bound that the reader took (`planner/park/goal.py`).
REACHED = mark(
    "{table}.csv: {technology}: an order in {year} is as large as the bound of {most} {unit} that was taken; "
    "state a max_capacity, max_build or site, for a larger one may be cheaper"
)
#: Share of what is imported over a connection, or charged into a store, in a year that may cross it unsaid.
FEW = 0.01
#: A part of a unit below this is none.
IN_FULL = 1e-3
CROSSING = mark(
    "connection {connection}: {energy} of the {imported} MWh that come in over it in {year} cross it in hours in which as much "
    "goes out{worth}, at average prices of the year; {remedy}"
)
DEARER = mark(", and cost about {money} {currency} more than that earns")
CHEAPER = mark(", and cost about {money} {currency} less than that earns")
SHARE = mark("with one_way = 1 in connections.csv both ways of an hour share the limits")
SHARED = mark("one_way = 1 lets both ways of an hour share the limits, and does not keep it to one way")
#: A linear model lets a store do both in one hour, which loses energy; a rule on emissions per unit of energy can want that.
BURNT = mark(
    "store {store}: {energy} of the {charged} MWh that it is charged with in {year} leave it in the same hours, which no store "
    "does; what is lost so counts as energy used, on which a rule may rest: state the cycles of its warranty as max_cycles in "
    "technologies.csv, and do not sign its cycles or that rule without a look"
)
#: Commitment is linear.
BELOW = mark(
    "technology {technology}: in {hours} of the {of} hours of {year} in which it runs, it runs below the least load of whole units "
    "of {unit}, as its commitment is linear; look at the fuel and the starts of these hours before you sign them"
)


def plan_warnings(case: Case, plan: Plan) -> Iterator[Message]:
    """A sentence each; none of a plan without tables."""
    if plan.has_tables:
        yield from assumed_bounds_reached(case, plan)
        yield from crossing_warnings(case, plan)
        yield from burning_warnings(plan)
        yield from unit_warnings(case, plan)


def assumed_bounds_reached(case: Case, plan: Plan) -> Iterator[Message]:
    """A sentence on each technology of which an order of the plan is as large as a bound that nobody stated."""
    taken = [a for a in case.assumptions if a.table in ("technologies", "links") and a.parameter == "max_build"]
    for a in taken:
        own = plan.tables["investments"]
        orders = own[(own["technology"] == a.name) & (own["committed"] == 0) & (own["build"] >= float(a.value) * (1 - 1e-6))]
        for year in orders["year"].tolist()[:1]:
            yield Message(REACHED, table=a.table, technology=a.name, year=year, most=f"{float(a.value):g}", unit=a.unit)


def crossing_warnings(case: Case, plan: Plan) -> Iterator[Message]:
    """A sentence on each connection over which more than `FEW` of what is imported comes in while as much goes out, of the year in
    which most does."""
    members = {c.connection: [s.supply for s in case.supplies if s.connection == c.connection] for c in case.connections}
    one_way = {c.connection for c in case.connections if c.one_way}
    if not any(members.values()):
        return
    dispatch = plan.tables["dispatch"]
    for connection, names in members.items():
        own = dispatch[dispatch["name"].isin(names) & dispatch["flow"].isin(["import", "export"])]
        found = _crossing(own)
        if found is None:
            continue
        year, crossing, imported = found
        if crossing > FEW * imported:
            bought = _price(plan, names, year, ("energy", "contract"), "import")
            money = crossing * (bought - _price(plan, names, year, ("export",), "export"))
            yield Message(
                CROSSING,
                connection=repr(connection),
                energy=f"{crossing:,.0f}",
                imported=f"{imported:,.0f}",
                year=year,
                worth=Message(CHEAPER if money < 0 else DEARER, money=f"{abs(money):,.0f}", currency=case.park.currency),
                remedy=Message(SHARED if connection in one_way else SHARE),
            )


def burning_warnings(plan: Plan) -> Iterator[Message]:
    """A sentence on each store of which more than `FEW` of what it is charged with leaves it in the same hour, of the year in which
    most does."""
    dispatch = plan.tables["dispatch"]
    both = dispatch[dispatch["flow"].isin(["charge", "discharge"])]
    for store, own in both.groupby("name", observed=True):
        found = _crossing(own, "charge", "discharge")
        if found is not None and found[1] > FEW * found[2]:
            year, burnt, charged = found
            yield Message(BURNT, store=repr(str(store)), energy=f"{burnt:,.0f}", charged=f"{charged:,.0f}", year=year)


def unit_warnings(case: Case, plan: Plan) -> Iterator[Message]:
    """A sentence on each committed plant in units that in more than `FEW` of the hours in which it runs does less than the least
    load of as many whole units as it takes, of the year with most such hours."""
    types, dispatch = {t.type: t for t in case.types}, plan.tables["dispatch"]
    committed = set(dispatch.loc[dispatch["flow"] == "online", "name"].astype(str))
    for row in case.technologies:
        kind = types[row.type_name]
        sizes = [size for column in ("unit_size", "existing_unit") if (size := said_of_orders(row, kind, column)) > 0]
        out = next((p for p in case.ports if (p.type, p.direction) == (kind.type, "out")), None)
        if row.technology not in committed or not sizes or not kind.min_load or row.derating or out is None or out.profile:
            continue
        own = dispatch[(dispatch["name"] == row.technology) & (dispatch["flow"] == "out") & (dispatch["carrier"] == out.carrier)]
        units = own["value"].to_numpy(dtype=float) / (out.ratio * min(sizes))
        years, hours = own["year"].astype(int), own["weight"].astype(float)
        runs = hours.where(units > IN_FULL, 0.0).groupby(years).sum()
        is_below = units < kind.min_load * np.ceil(units - IN_FULL) - IN_FULL
        below = hours.where((units > IN_FULL) & is_below, 0.0).groupby(years).sum()
        if len(below) and below.max() > FEW * runs[below.idxmax()]:
            told = {"hours": f"{below.max():,.0f}", "of": f"{runs[below.idxmax()]:,.0f}", "year": int(below.idxmax())}
            yield Message(BELOW, technology=repr(row.technology), unit=f"{min(sizes):g} {kind.capacity_unit or 'MW'}", **told)


def _crossing(own: pd.DataFrame, one: str = "import", other: str = "export") -> tuple[int, float, float] | None:
    """The year in which most of one flow is matched by the other in the same hour (MWh), and all of that flow in it."""
    if own.empty:
        return None
    by = own.assign(flow=own["flow"].astype(str)).groupby(["year", "hour", "weight", "flow"], observed=True)
    both = by["value"].sum().unstack()
    both = both.reindex(columns=[one, other]).fillna(0.0)
    weight = both.index.get_level_values("weight").to_numpy(dtype=float)
    year = both.index.get_level_values("year").to_numpy(dtype=int)
    crossing = pd.Series(weight * np.minimum(both[one], both[other]).to_numpy()).groupby(year).sum()
    whole = pd.Series(weight * both[one].to_numpy()).groupby(year).sum()
    most = int(crossing.idxmax())
    return most, float(crossing[most]), float(whole[most])


def _price(plan: Plan, names: list[str], year: int, items: tuple[str, ...], flow: str) -> float:
    """What a MWh of these supplies costs, or earns, on average of the year (money/MWh)."""
    costs, energy = plan.tables["costs"], plan.tables["energy"]
    money = costs[(costs["year"] == year) & costs["name"].isin(names) & costs["item"].isin(items)]["value"].sum()
    amount = energy[(energy["year"] == year) & energy["name"].isin(names) & (energy["flow"] == flow)]["value"].sum()
    return abs(float(money)) / float(amount) if amount else 0.0
