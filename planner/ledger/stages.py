"""Stages: the rules in force in each year, and every metric from the ledger's own figures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from models.case import Case, ParkRule, StageRule
from models.errors import Message
from planner.ledger.carbon import applies, check_counted
from planner.ledger.connections import contracted, matched_of
from planner.ledger.figures import ELECTRICITY, YEARLY, Book, Figures, lines
from planner.ledger.flows import LedgerYear

# --- metrics ---------------------------------------------------------------------------------------------------------------
# What the ledger divides for each metric: its own table, apart from that of the model.

#: Metric -> numerator and denominator, figures of a year as the ledger works them out.
METRICS = {
    "gross_ratio": ("gross", "base"),
    "net_ratio": ("net", "base"),
    "avoidance_ratio": ("avoidance", "base"),
    "offset_ratio": ("offset_volume", "base"),
    "intensity": ("gross", "energy_use"),
    "clean_share": ("clean_energy", "energy_use"),
    "direct_green_share": ("direct_green", "electricity_used"),
    "certificate_share": ("certified_electricity", "electricity_used"),
    "low_carbon_share": ("low_carbon", "electricity_used"),
    "own_supply_share": ("own_supply", "electricity_used"),
}
#: Shares of rules.csv: figures of `available_of`.
SHARES = {
    "self_use_share": ("self_used", "available"),
    "export_share": ("exported", "available"),
    "curtailed_share": ("curtailed", "available"),
}
#: Shares of green power in the hour of its use: figures of `matched_of`.
MATCHED = {"hourly_green_share": ("matched", "hourly_use")}
RATIOS = {**METRICS, **SHARES, **MATCHED}
#: Budgets over years: item of emissions.csv.
BUDGETS = {"cumulated_gross": "gross", "cumulated_net": "net"}


# --- ratio -----------------------------------------------------------------------------------------------------------------
# A rule as a ratio: its limit, its tolerance, whether it holds, and its metric, of a stage or of rules.csv.


class RatioWords(NamedTuple):
    """What is compared, by name."""

    limit: str
    tolerance: str
    numerator: str
    holds: str
    metric: str
    alone: str


def check_ratio(
    year: LedgerYear,
    words: RatioWords,
    name: str,
    rule: ParkRule | StageRule,
    row: Any,
    parts: tuple[float, float],
    scale: float,
    binds: bool,
    tolerance: float,
) -> None:
    """A row of a table of rules against the rule, whose metric divides `parts`, numerator by denominator; where it `binds`, the
    rule is kept.

    The rows of the model are in tonnes, tce or MWh (`scale`): that is where the tolerance stands. `YEARLY` of it may come from
    what the solver lets pass in each hour: a limit of 0 is kept by 1e-8 MW in every hour too.
    """
    book, (above, below) = year.book, parts
    book.equal(words.limit, year.y, name, row.limit, rule.limit)
    within = max(tolerance, 1e-6 * max(1.0, abs(rule.limit)))
    book.equal(words.tolerance, year.y, name, row.tolerance, within, noise=0.0)
    bound = rule.limit * below + tolerance * abs(below) * (1 if rule.sense == "<=" else -1)
    slack = bound - above if rule.sense == "<=" else above - bound
    if binds:
        compare = book.at_most if rule.sense == "<=" else book.at_least
        compare(words.numerator, year.y, Message("{name} (numerator)", name=name), above, bound, scale, noise=YEARLY)
    if abs(slack) > 2e-6 * scale + YEARLY:  # nearer to the limit, either answer is right
        book.equal(words.holds, year.y, name, float(row.holds), float(slack > 0))
    if abs(below) > 1e-6 * scale:
        book.equal(words.metric, year.y, name, row.value, above / below, scale / abs(below))
    elif not math.isnan(row.value) and abs(below) <= 1e-9:
        book.equal(words.alone, year.y, name, row.value, math.nan)


# --- rules -----------------------------------------------------------------------------------------------------------------
# Rules of rules.csv: what green plants could generate, every metric and budget from the ledger's own figures.

#: What is compared of a rule.
RULE_WORDS = RatioWords(
    limit=Message("limit of a rule"),
    tolerance=Message("tolerance of a rule"),
    numerator=Message("rule of rules.csv"),
    holds=Message("rule that holds"),
    metric=Message("metric of a rule"),
    alone=Message("metric of a rule without a denominator"),
)


def available_of(year: LedgerYear) -> dict[str, float]:
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
        if s.is_as_generated and s.direct and s.green_share == 1 and s.carrier == ELECTRICITY and s.is_offered(year.y):
            could += contracted(year, s) * year.hours.total(year.hours.profile(s.profile))
            brought += year.total("import", [s.supply])
    exported = year.total("export", [s.supply for s in figures.case.supplies if s.carrier == ELECTRICITY])
    generated += brought
    return {
        "available": could,
        "exported": exported,
        "self_used": generated - exported,
        "curtailed": could - generated,
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
    figures = {**found, **available_of(year)} if any(r.metric in SHARES for r in rules) else dict(found)
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
        check_ratio(year, RULE_WORDS, name, rule, row, parts, scale, binds, tolerance)


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


# --- stages ----------------------------------------------------------------------------------------------------------------

#: What is compared of a rule of a stage.
STAGE_WORDS = RatioWords(
    limit=Message("limit of a stage"),
    tolerance=Message("tolerance of a stage"),
    numerator=Message("stage rule"),
    holds=Message("stage rule that holds"),
    metric=Message("metric of a stage"),
    alone=Message("metric of a stage without a denominator"),
)


def rules_in_force(case: Case, y: int) -> list[StageRule]:
    """Rules of the stage whose year came last; none before the first."""
    steps = {**(case.goal.milestones if case.goal else {}), **({case.goal.target: case.goal.by} if case.goal else {})}
    since = [(when, stage) for stage, when in steps.items() if when <= y]
    if not since:
        return []
    stage = max(since)[1]
    return [r for r in case.stages if (r.standard, r.stage) == (case.park.standard, stage)]


def check_stages(year: LedgerYear, found: dict[str, float], binds: bool, tolerance: float) -> None:
    """Every rule in force is told with its value; under the goal (`binds`) every one holds."""
    rules = rules_in_force(year.figures.case, year.y)
    rows = {(r.stage, r.metric, r.sense): r for r in lines(year.tables["stages"])}
    for key in dict.fromkeys([*rows, *((r.stage, r.metric, r.sense) for r in rules)]):
        if key not in rows or key not in {(r.stage, r.metric, r.sense) for r in rules}:
            year.book.equal("rule of a stage in force", year.y, " ".join(key), float(key in rows), float(key not in rows))
    for rule in rules:
        row = rows.get((rule.stage, rule.metric, rule.sense))
        if row is not None:
            _check_rule(year, rule, row, found, binds, tolerance)
    if binds:
        asked: list[StageRule | ParkRule] = [*rules, *in_force(year.figures.case, year.y)]
        _check_restoration(year, asked, found)


def _check_rule(year: LedgerYear, rule: StageRule, row, found: dict[str, float], binds: bool, tolerance: float) -> None:
    base, name = found["base"], f"{rule.stage} {rule.metric}"
    parts = above, below = found[RATIOS[rule.metric][0]], found[RATIOS[rule.metric][1]]
    fixed = applies(year.figures.case)
    year.book.equal("factors of the standard", year.y, name, float(row.factors == "standard"), float(fixed), noise=0.0)
    scale = max(abs(above), abs(rule.limit * below), 1e-3 * base, 1.0)
    year.book.equal("numerator of a rule of a stage", year.y, name, row.numerator, above, scale, noise=YEARLY)
    year.book.equal("denominator of a rule of a stage", year.y, name, row.denominator, below, max(abs(below), scale), noise=YEARLY)
    check_ratio(year, STAGE_WORDS, name, rule, row, parts, scale, binds, tolerance)


def _check_restoration(year: LedgerYear, rules: Sequence[StageRule | ParkRule], found: dict[str, float]) -> None:
    if any(r.sense == ">=" and r.metric in ("net_ratio", "offset_ratio") for r in rules):
        return  # such a rule can ask that less be counted
    limits = [r.limit * found["base"] for r in rules if r.metric == "offset_ratio"]
    room = min(limits, default=math.inf) - found["avoidance"] - found["removal_credits"]
    check_counted(year, found, room)
