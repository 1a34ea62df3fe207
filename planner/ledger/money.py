"""Money: cash of each year from prices and quantities, then discounted and, for capital, shared out over the horizon."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.message import Message
from planner.ledger.boundary import certificate_figures, certified, credit_figures
from planner.ledger.carbon import bought, counted_imports, factor
from planner.ledger.commitment import started
from planner.ledger.compare import NOISE, Book
from planner.ledger.connections import charges, paid_contracts, paid_peaks, scheme_in_force
from planner.ledger.contracts import contracted, is_generating, used
from planner.ledger.equipment import activity_of
from planner.ledger.figures import Figures, LedgerAsset
from planner.ledger.flexibility import noise_of_moves, shift_cash
from planner.ledger.flows import LedgerYear
from planner.ledger.hours import price_shape
from planner.ledger.measures import adoptions, in_force, restoration_items
from planner.ledger.orders import Builds, lines, works
from planner.ledger.response import response_cash

#: (item, name) -> money
Cash = dict[tuple[str, str], float]
CAPITAL = ("capital", "measures", "restoration")
FLOWS = ("energy", "export")


def annuity(rate: float, payments: float) -> float:
    """Value of yearly payments of 1, the first one now, the last one in part."""
    whole = int(payments + 1e-9)
    part = max(payments - whole, 0.0) / (1 + rate) ** whole
    return part + (whole if rate == 0 else (1 - (1 + rate) ** -whole) * (1 + rate) / rate)


def horizon_share(figures: Figures, first_use: int, lifetime: float) -> float:
    """Share of a capital cost that falls within the horizon."""
    used = min(lifetime, figures.park.last_year - first_use + 1)
    return annuity(figures.park.discount_rate, used) / annuity(figures.park.discount_rate, lifetime) if used > 0 else 0.0


def discount(figures: Figures, y: int) -> float:
    """Value in the first year of money of a year."""
    return 1.0 / (1.0 + figures.park.discount_rate) ** (y - figures.park.first_year)


def capital_of(figures: Figures, asset: LedgerAsset, y: int, size: float) -> float:
    """What an order costs in its year, grants taken off."""
    price, project, grant = (figures.cost(asset, p).get(y, 0.0) for p in ("capital_cost", "project_cost", "grant"))
    return (1 - grant) * (price * size + (project if size > 0 else 0.0))


def committed_capital(figures: Figures, asset: LedgerAsset, v: int, size: float) -> float:
    """What an order that was signed costs in its year: nothing before the horizon, no grant and no project cost."""
    stated = {(c.technology, c.year): c.capital_cost for c in figures.case.committed}.get((asset.name, v))
    price = figures.cost(asset, "capital_cost").get(v, 0.0) if stated is None else stated
    return price * size if v in figures.years else 0.0


def fixed_cost(figures: Figures, asset: LedgerAsset, builds: Builds, y: int, capacity: float) -> float:
    """What is paid in a year to keep capacity: at the price of that year, or what is left of each order at that of its own year,
    and what stood before at that of first_year."""
    if not figures.pays_by_order(asset):
        return figures.cost(asset, "fixed_cost").get(y, 0.0) * capacity
    paid, stood = 0.0, capacity
    for (k, v), size in builds.ordered.items():
        if k == asset.name and y in works(figures, asset, v):
            left = size - math.fsum(gone for (own, w, z), gone in builds.retired.items() if (own, w) == (k, v) and z <= y)
            paid += figures.cost_of_order(asset, "fixed_cost", v) * left
            stood -= left
    return paid + figures.cost_of_order(asset, "fixed_cost", figures.park.first_year) * stood


def decisions_cash(figures: Figures, tables: Mapping[str, pd.DataFrame], builds: Builds, y: int) -> Cash:
    """Capital of a year and the cost of owning what stands, is in force and is kept up."""
    cash: Cash = {}
    for (k, v), size in builds.decided.items():
        if v == y and k in figures.assets:
            cash["capital", k] = capital_of(figures, figures.assets[k], y, size)
    for (k, v), size in builds.committed.items():
        if v == y and k in figures.assets:
            cash["capital", k] = cash.get(("capital", k), 0.0) + committed_capital(figures, figures.assets[k], y, size)
    for r in lines(tables["capacity"]):
        if r.year == y and r.technology in figures.assets:
            cash["fixed_cost", r.technology] = fixed_cost(figures, figures.assets[r.technology], builds, y, r.capacity)
    for (k, v), size in builds.ordered.items():
        if k in figures.assets and y in works(figures, figures.assets[k], v):
            price = figures.cost_of_order(figures.assets[k], "annuity", v)
            cash["annuity", k] = cash.get(("annuity", k), 0.0) + price * size
    for (k, _, z), size in builds.retired.items():
        if z == y and k in figures.assets:
            price = figures.cost(figures.assets[k], "retirement_cost").get(y, 0.0)
            cash["retirement_cost", k] = cash.get(("retirement_cost", k), 0.0) + price * size
    cash["fixed_cost", "park"] = figures.park_cost[y]
    for m in in_force(figures, tables, y):
        cash["measure_cost", m.measure] = m.fixed_cost
    rows = {m.measure: m for m in figures.case.measures}
    for name, v in adoptions(tables):
        if v == y and name in rows:
            cash["measures", name] = rows[name].capital_cost
    said = restoration_items(tables)
    for p in figures.case.restoration:
        cash["restoration", p.project] = p.capital_cost * said.get(("planted", p.project, y), 0.0)
        cash["restoration_cost", p.project] = p.fixed_cost * said.get(("kept_up", p.project, y), 0.0)
    return cash | response_cash(figures, tables, y)


def operating_cash(year: LedgerYear, scope1: float) -> Cash:
    """What is paid in the year for energy, connections, running equipment, certificates, credits and emissions."""
    return _boundary(year) | _running(year) | shift_cash(year) | _papers(year) | _carbon_price(year, scope1)


def _boundary(year: LedgerYear) -> Cash:
    cash: Cash = {}
    peaks, contracts = paid_peaks(year), paid_contracts(year)
    for s in year.figures.case.supplies:
        prices = {i: year.figures.price(s.supply, i).get(year.y, 0.0) for i in FLOWS}
        for item, flow, sign in (("energy", "import", 1.0), ("export", "export", -1.0)):
            series = year.flow(flow, s.supply)
            if series.any():
                shape = price_shape(year.figures.case, s.supply, item, year.hours)
                paid = 1 - s.take if item == "energy" and is_generating(s) else 1.0
                cash[item, s.supply] = paid * sign * prices[item] * year.hours.total(series * shape)
        if is_generating(s):
            shape = price_shape(year.figures.case, s.supply, "energy", year.hours) * year.hours.profile(s.profile)
            cash["contract", s.supply] = s.take * prices["energy"] * contracted(year, s) * year.hours.total(shape)
        cash["fixed", s.supply] = year.figures.price(s.supply, "fixed").get(year.y, 0.0) * used(year, s)
        short = year.said("contracts", "supply", "item").get((s.supply, "shortfall"), 0.0)
        cash["shortfall", s.supply] = prices["energy"] * short
    for c in year.figures.case.connections:
        asked_for = {"", scheme_in_force(year, c.connection)}
        fees = [year.figures.price(c.connection, "fixed", scheme).get(year.y, 0.0) for scheme in asked_for]
        cash["fixed", c.connection] = math.fsum(fees)
    for name, scheme, period in charges(year):
        months = math.fsum(m.times * peaks.get((name, scheme, period, m.label), 0.0) for m in year.hours.months)
        if year.figures.has_yearly_charge(name, scheme, period):
            months = 12 * peaks.get((name, scheme, period, "all"), 0.0)  # the price is of a month
        on = {"demand_charge": months} | ({} if period else {"capacity_charge": 12 * contracts.get((name, scheme), 0.0)})
        for item, billed in on.items():
            price = year.figures.price(name, item, scheme, period).get(year.y, 0.0)
            cash[item, name] = cash.get((item, name), 0.0) + price * billed
    return cash


def _running(year: LedgerYear) -> Cash:
    cash: Cash = {}
    for name, asset in year.figures.assets.items():
        price = year.figures.cost(asset, "variable_cost").get(year.y, 0.0)
        if price:
            cash["variable_cost", name] = price * year.hours.total(_run(year, name))
        if name in year.figures.technologies and year.figures.is_committed(name):
            price = year.figures.cost(asset, "start_cost").get(year.y, 0.0)
            cash["start_cost", name] = price * year.hours.total(started(year, name))
    return cash


def _run(year: LedgerYear, name: str) -> np.ndarray:
    """What a variable cost is paid on: activity, discharge, what is sent."""
    if name not in year.figures.technologies:
        return year.flow("sent", name)
    is_store = year.figures.types[year.figures.technologies[name].type_name].role == "store"
    return year.flow("discharge", name) if is_store else activity_of(year, name)


def _papers(year: LedgerYear) -> Cash:
    cash: Cash = {}
    credits, certificates = credit_figures(year.figures), certificate_figures(year.figures)
    for table, key, price in (
        ("offsets", "offset", {o: p for o, (_, p, _) in credits.items()}),
        ("certificates", "certificate", {c: p for c, (_, p, _) in certificates.items()}),
    ):
        costs = year.said(table, key, value="cost")
        for name, quantity in year.said(table, key).items():
            cash[table, name] = quantity * price[name][year.y]
            year.book.equal(Message("cost in {table}.csv", table=table), year.y, name, costs[name], cash[table, name])
    return cash


def _carbon_price(year: LedgerYear, scope1: float) -> Cash:
    figures, cash = year.figures, {}
    paid_share = 1 - figures.park.carbon_free_share
    accounting = figures.park.accounting
    green = certified(year)
    for scope in (1, 2):
        for s, energy in bought(year, scope).items():
            price = figures.price(s, "carbon").get(year.y, 0.0)
            off = green.get(s, 0.0) * factor(year, s, "market") if scope == 2 and accounting == "market" else 0.0
            emitted = counted_imports(year, s, accounting) if scope == 2 else energy * factor(year, s, accounting)
            cash["carbon", s] = price * paid_share * (emitted - off)
    cash["carbon", "*"] = figures.price("*", "carbon").get(year.y, 0.0) * paid_share * scope1
    return cash


def in_system_cost(figures: Figures, y: int, cash: Cash) -> Cash:
    """The same terms as the objective counts them."""
    lifetimes = {m.measure: m.lifetime for m in figures.case.measures}
    lifetimes |= {p.project: p.lifetime for p in figures.case.restoration}
    counted: Cash = {}
    for (item, name), money in cash.items():
        share = 1.0
        if item == "capital":
            asset = figures.assets[name]
            share = horizon_share(figures, y + asset.lead_time, figures.lifetime(asset))
        elif item in CAPITAL:
            share = horizon_share(figures, y, lifetimes[name])
        counted[item, name] = discount(figures, y) * share * money
    return counted


def earned_by_orders(figures: Figures, builds: Builds, y: int) -> float:
    """What orders of a year with a capital cost below 0 come to, which count nothing in the budget."""
    earned = 0.0
    for (k, v), size in builds.decided.items():
        if v == y and k in figures.assets and figures.cost(figures.assets[k], "capital_cost").get(y, 0.0) < 0:
            earned += capital_of(figures, figures.assets[k], y, size)
    for (k, v), size in builds.committed.items():
        if v == y and k in figures.assets:
            earned += min(0.0, committed_capital(figures, figures.assets[k], y, size))
    return earned


def check_costs(year: LedgerYear, cash: Cash, lost: Cash, builds: Builds) -> None:
    """costs.csv and system_cost.csv of the year, term by term, and capital within the budget; `lost` is what `given_up` gives."""
    figures, y = year.figures, year.y
    noise = _noise(year, cash)
    year.book.equal_items("costs.csv", y, year.said("costs", "item", "name"), cash, noise=noise)
    counted = in_system_cost(figures, y, cash) | {key: discount(figures, y) * money for key, money in lost.items()}
    year.book.equal_items("system_cost.csv", y, year.said("system_cost", "item", "name"), counted, noise=noise)
    spent = math.fsum(v for (item, _), v in cash.items() if item in CAPITAL) - earned_by_orders(figures, builds, y)
    allowed = {str(row.year): row.capital for row in figures.case.budget if row.year == y}
    year.book.equal_items("budget.csv", y, year.said("budget", "year", value="budget"), allowed)
    for limit in allowed.values():
        year.book.at_most("capital within the budget", y, "all capital", spent, limit)


def _noise(year: LedgerYear, cash: Cash) -> Cash:
    """What a term may be off beside its own 1e-6: orders too small to be listed, and the tolerance of emissions."""
    figures, y = year.figures, year.y
    found = {("capital", k): NOISE * abs(capital_of(figures, a, y, 1.0)) for k, a in figures.assets.items()}
    for k, a in figures.assets.items():  # a little of each order may be listed in a later year than it is retired in
        found["retirement_cost", k] = NOISE * (1 + len(figures.years)) * figures.cost(a, "retirement_cost").get(y, 0.0)
        found["annuity", k] = NOISE * sum(abs(figures.cost_of_order(a, "annuity", v)) for v in figures.years)
        if figures.pays_by_order(a):
            prices = [abs(figures.cost_of_order(a, "fixed_cost", v)) for v in figures.years]
            found["fixed_cost", k] = NOISE * (1 + len(figures.years)) * sum(prices)
        # what is on may be off by 1e-7 in every hour, which counts as a start
        hours = year.hours.total(np.ones(year.hours.count))
        found["start_cost", k] = 0.1 * NOISE * hours * figures.cost(a, "start_cost").get(y, 0.0)
    found |= noise_of_moves(year)
    tonnes = 1 + sum(energy * factor(year, s, figures.park.accounting) for n in (1, 2) for s, energy in bought(year, n).items())
    for item, name in cash:
        if item == "carbon":
            found[item, name] = NOISE * tonnes * figures.price(name, "carbon").get(y, 0.0)
    return found


def check_capital_columns(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame]) -> None:
    """The money beside orders and adoptions is what costs.csv says of them."""
    for r in lines(tables["investments"]):
        if r.technology in figures.assets:
            cost = committed_capital if r.committed else capital_of
            found = cost(figures, figures.assets[r.technology], int(r.year), r.build)
            book.equal("capital_cost in investments.csv", int(r.year), r.technology, r.capital_cost, found)
            built = r.build * figures.cost_of_order(figures.assets[r.technology], "embodied", int(r.year))
            book.equal("embodied in investments.csv", int(r.year), r.technology, r.embodied, built)
            years = works(figures, figures.assets[r.technology], int(r.year))
            book.equal("first year of an order", int(r.year), r.technology, r.works_from, years.start, noise=0.0)
            book.equal("last year of an order", int(r.year), r.technology, r.works_until, years.stop - 1, noise=0.0)
    rows = {m.measure: m for m in figures.case.measures}
    for r in lines(tables["measures"]):
        if r.measure in rows:
            book.equal("capital_cost in measures.csv", int(r.year), r.measure, r.capital_cost, rows[r.measure].capital_cost)
