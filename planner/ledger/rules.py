"""Rules of rules.csv: what green plants could generate, every metric and budget from the ledger's own figures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import pandas as pd

from models.case import Case, ParkRule
from models.message import Message
from planner.ledger.compare import Book
from planner.ledger.contracts import contracted, is_generating, is_offered
from planner.ledger.equipment import electricity_made
from planner.ledger.figures import ELECTRICITY, Figures
from planner.ledger.flows import LedgerYear
from planner.ledger.matching import matched_of
from planner.ledger.metrics import BUDGETS, MATCHED, RATIOS, SHARES
from planner.ledger.orders import lines
from planner.ledger.ratio import RatioWords, check_ratio

#: What is compared of a rule.
WORDS = RatioWords(
    limit=Message("limit of a rule"),
    tolerance=Message("tolerance of a rule"),
    numerator=Message("rule of rules.csv"),
    holds=Message("rule that holds"),
    metric=Message("metric of a rule"),
    alone=Message("metric of a rule without a denominator"),
)


def available_of(year: LedgerYear, found: Mapping[str, float]) -> dict[str, float]:
    """What green plants could generate in the year and what became of it (MWh)."""
    figures = year.figures
    could = generated = brought = 0.0
    for k, kind in figures.of_role("converter").items():
        row, key = figures.technologies[k], ("out", ELECTRICITY)
        if kind.green and row.profile and key in figures.ports[k]:
            shape = year.hours.profile(row.profile) * year.hours.profile(figures.port_profiles[k][key])
            could += year.capacity.get(k, 0.0) * figures.ports[k][key] * year.hours.total(shape)
            generated += year.total("out", [k], ELECTRICITY)
    for s in figures.case.supplies:
        if is_generating(s) and s.direct and s.green_share == 1 and s.carrier == ELECTRICITY and is_offered(s, year.y):
            could += contracted(year, s) * year.hours.total(year.hours.profile(s.profile))
            brought += year.total("import", [s.supply])
    exported = year.total("export", [s.supply for s in figures.case.supplies if s.carrier == ELECTRICITY])
    generated += brought
    return {
        "available": could,
        "exported": exported,
        "self_used": generated - exported,
        "curtailed": could - generated,
        "own_supply": electricity_made(year, green_only=True) + brought - exported,
        "electricity_used": found["electricity_used"],
    }


def in_force(case: Case, y: int) -> list[ParkRule]:
    """The row of each rule, metric and sense whose year came last; budgets are apart."""
    found: dict[tuple[str, str, str], ParkRule] = {}
    for row in case.rules:
        key, since = (row.rule, row.metric, row.sense), row.year or case.park.first_year
        known = found.get(key)
        if row.metric not in BUDGETS and since <= y and (known is None or since >= (known.year or case.park.first_year)):
            found[key] = row
    return list(found.values())


def check_rules(year: LedgerYear, found: Mapping[str, float], binds: bool, tolerance: float) -> None:
    """Every rule in force is told with its value; where it `binds`, it holds."""
    rules = in_force(year.figures.case, year.y)
    figures = {**found, **available_of(year, found)} if any(r.metric in SHARES for r in rules) else dict(found)
    figures |= matched_of(year) if any(r.metric in MATCHED for r in rules) else {}
    rows = {(r.rule, r.metric, r.sense): r for r in lines(year.tables["rules"]) if r.metric not in BUDGETS}
    known = {(r.rule, r.metric, r.sense): r for r in rules}
    for key in dict.fromkeys([*rows, *known]):
        if key not in rows or key not in known:
            year.book.equal("rule of rules.csv in force", year.y, " ".join(key), float(key in rows), float(key not in rows))
            continue
        rule, row, name = known[key], rows[key], f"{key[0]} {key[1]}"
        parts = above, below = figures[RATIOS[rule.metric][0]], figures[RATIOS[rule.metric][1]]
        scale = max(abs(above), abs(rule.limit * below), abs(below), 1e-3 * found["base"], 1.0)
        check_ratio(year, WORDS, name, rule, row, parts, scale, binds, tolerance)


def check_budgets(
    book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame], base: float, binds: bool, tolerance: float
) -> None:
    """Every budget over years is told with its sum, a year below 0 as 0; where it `binds`, it is kept."""
    said = {(r.rule, r.metric, int(r.year)): r for r in lines(tables["rules"]) if r.metric in BUDGETS}
    stated = {(row.rule, row.metric, max(row.year or 0, figures.years[0])): row for row in _budgets(figures.case.rules)}
    if not said and not stated:
        return
    emissions = tables["emissions"].set_index(["item", "year"])["value"]
    for key in dict.fromkeys([*said, *stated]):
        name = " ".join(key[:2])
        if key not in said or key not in stated:
            book.equal("budget over years", key[2], name, float(key in said), float(key not in said))
            continue
        years = [y for y in figures.years if y >= key[2]]
        total = math.fsum(max(float(emissions[BUDGETS[key[1]], y]), 0.0) for y in years)
        scale, limit = base * len(years), stated[key].limit
        book.equal("sum of a budget (t)", key[2], name, said[key].value, total, scale)
        within = max(tolerance * scale, 1e-6 * max(1.0, abs(limit)))
        book.equal("tolerance of a budget (t)", key[2], name, said[key].tolerance, within)
        if binds:
            book.at_most("budget over years (t)", key[2], name, total, limit + within, scale)
        if abs(total - limit - within) > 2e-6 * scale:
            book.equal("budget that holds", key[2], name, float(said[key].holds), float(total < limit + within))


def _budgets(rows: Iterable[ParkRule]) -> list[ParkRule]:
    return [row for row in rows if row.metric in BUDGETS]
