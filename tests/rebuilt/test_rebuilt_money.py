"""Money and capacity rebuilt from the result tables: cash, discounting, budget, what stands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ledger import Output, Park, in_year
from scipy.optimize import linprog

CASH = ("capital", "measures", "restoration")


def value_of_payments(rate: float, count: int) -> float:
    """Value of `count` yearly payments of 1, the first one now."""
    return count if rate == 0 else (1 - (1 + rate) ** -count) / (1 - 1 / (1 + rate))


def borne(park: Park, first_use: int, lifetime: int) -> float:
    """Share of a capital cost that falls within the horizon."""
    rate = park.facts["discount_rate"]
    return value_of_payments(rate, min(lifetime, park.years[-1] - first_use + 1)) / value_of_payments(rate, lifetime)


def test_the_terms_of_the_system_cost_sum_to_it(plans) -> None:
    for _, out in plans:
        assert out.read("system_cost")["value"].sum() == pytest.approx(out.system_cost, rel=1e-6)


def test_the_system_cost_is_the_cash_discounted_and_shared_out(plans) -> None:
    for park, out in plans:
        keys = ["year", "item", "name"]
        cash, counted = (out.read(n).set_index(keys)["value"] for n in ("costs", "system_cost"))
        assert set(cash.index) == set(counted.index)
        for (year, item, name), money in cash.items():
            share = 1.0
            if item == "capital":
                works = park.works(name, year)
                share = borne(park, works[0], len(works))
            elif item in CASH:
                key = {"measures": "measure", "restoration": "project"}[item]
                share = borne(park, year, int(float(park.listed(item, key, name)["lifetime"])))
            discount = (1 + park.facts["discount_rate"]) ** -(year - park.years[0])
            wanted = pytest.approx(money * share * discount, rel=1e-6, abs=1e-3)
            assert counted[year, item, name] == wanted, (year, item, name)


def test_capital_stands_in_the_tables_of_decisions_too(plans) -> None:
    for _, out in plans:
        costs = out.read("costs").set_index(["year", "item", "name"])["value"]
        for table, item, column in (("investments", "capital", "technology"), ("measures", "measures", "measure")):
            for r in out.read(table).to_dict("records"):
                assert r["capital_cost"] == pytest.approx(costs.get((r["year"], item, r[column]), 0.0), rel=1e-9)


def test_cash_for_capital_is_within_the_budget(plans) -> None:
    for park, out in plans:
        costs, budget = out.read("costs"), park.own("budget")
        spent = costs[costs["item"].isin(CASH)].groupby("year")["value"].sum()
        for r in budget.to_dict("records"):
            assert spent.get(int(r["year"]), 0.0) <= float(r["capital"]) * (1 + 1e-6)


def test_capacity_is_what_stood_and_was_built_and_not_retired(plans) -> None:
    for park, out in plans:
        said = out.read("capacity").set_index(["year", "technology"])["capacity"]
        for asset in [*park.technologies, *park.links]:
            stands = np.array([said.get((y, asset), 0.0) for y in park.years])
            assert unexplained(park, out, asset, stands) <= 1e-5 * max(1.0, stands.max()), asset


def unexplained(park: Park, out: Output, asset: str, stands: np.ndarray) -> float:
    """Largest difference to what stands, over the kindest way to say from which cohorts was retired.

    The table of retirements does not name the cohort; a linear programme finds whether there is one that fits.
    """
    years = list(park.years)
    builds, retired = out.read("investments"), out.read("retirements")
    retired = retired[retired["technology"] == asset].groupby("year")["retired"].sum()
    cohorts = [{y: park.existing(asset, y) for y in years}]
    for b in builds[builds["technology"] == asset].itertuples():
        cohorts.append({y: b.build for y in park.works(asset, b.year) if y in park.years})
    gross = np.array([sum(c.get(y, 0.0) for c in cohorts) for y in years])
    if retired.empty:
        return float(np.abs(gross - stands).max())
    pairs = [(i, z) for i, c in enumerate(cohorts) for z in retired.index if c.get(z, 0.0) > 0]
    limits, limit = [], []
    for i, c in enumerate(cohorts):
        limits.append([float(j == i) for j, _ in pairs] + [-1.0])
        limit.append(max(c.values(), default=0.0))
    for z in retired.index:
        row = [float(w == z) for _, w in pairs]
        limits += [[*row, -1.0], [*(-v for v in row), -1.0]]
        limit += [retired[z], -retired[z]]
    for n, y in enumerate(years):
        row = [float(z <= y and cohorts[i].get(y, 0.0) > 0) for i, z in pairs]
        limits += [[*row, -1.0], [*(-v for v in row), -1.0]]
        limit += [gross[n] - stands[n], stands[n] - gross[n]]
    answer = linprog([0.0] * len(pairs) + [1.0], A_ub=np.array(limits), b_ub=np.array(limit))
    return float(answer.fun)


def test_the_charge_for_peaks_is_paid_on_the_peaks_of_dispatch(plans) -> None:
    for _, out in plans:
        connections, d = out.read("connections"), out.dispatch[out.dispatch["flow"] == "import"]
        paid = out.read("costs").query("item == 'demand_charge' and value > 1e-3")
        highest = d.groupby(["year", "name"], observed=True)["value"].max()
        for r in paid.itertuples():
            own = connections.query("item == 'peak' and supply == @r.name and year == @r.year")["value"]
            assert own.max() == pytest.approx(highest[r.year, r.name], rel=1e-6, abs=1e-6)


def test_credits_and_certificates_cost_their_price(plans) -> None:
    for park, out in plans:
        costs = out.read("costs").set_index(["year", "item", "name"])["value"]
        for table, key in (("offsets", "offset"), ("certificates", "certificate")):
            given = park.own(table)
            for r in out.read(table).to_dict("records"):
                price = in_year(given[given[key] == r[key]], r["year"], "price")
                assert r["cost"] == pytest.approx(r["value"] * price, rel=1e-9, abs=1e-6)
                assert costs[r["year"], table, r[key]] == pytest.approx(r["cost"], rel=1e-9, abs=1e-6)


def test_a_carbon_price_is_paid_on_what_is_emitted(plans) -> None:
    for park, out in plans:
        prices = park.own("prices")
        carbon = prices[prices["item"] == "carbon"]
        assert set(carbon["unit"]) <= {f"{out.currency}/t"}
        carbon = carbon.assign(unit="")
        paid: pd.Series = out.read("costs").query("item == 'carbon'").set_index(["year", "name"])["value"]
        free = park.facts.get("carbon_free_share", 0.0)
        for supply, own in carbon.groupby("supply"):
            for y in park.years:
                emitted = out.emissions.loc[y, "scope1"]
                if supply != "*":
                    certified = out.read("certificates").query("supply == @supply and year == @y")["value"].sum()
                    is_market = park.accounting == "market" and park.supplies[supply]["scope"] == "2"
                    bought = out.total(y, "import", [supply]) - (certified if is_market else 0.0)
                    emitted = bought * park.factor(supply, park.accounting, y).counted
                assert paid[y, supply] == pytest.approx(in_year(own, y) * (1 - free) * emitted, rel=1e-6, abs=1e-2)
