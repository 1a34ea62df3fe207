"""Stages: their order, rules that a later stage drops, and the figures that the goal's rules need. Rules of rules.csv: their names
and figures. Factors of standards: what each row is of, and where a park's own figures are others.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from models.case import EmissionFactor, Goal, ParkRule, StageRule, StandardFactor, Supply
from models.inputs.finance import over_years
from models.inputs.standard import rows_of
from models.metrics import CUMULATED, MATCHED, OF_RULES
from models.units import UnitError, factor
from planner.ledger.metrics import BUDGETS, RATIOS
from planner.park import remarks
from planner.park.draft import Draft


def check_stages(draft: Draft, goal: Goal | None) -> None:
    """Check the standards in stages.csv, and the goal's stages against each other."""
    orders: dict[tuple[str, str], StageRule] = {}
    places: dict[tuple[str, int], str] = {}
    _check_metrics(draft.rows(StageRule), draft)
    for rule in draft.rows(StageRule):
        first = orders.setdefault((rule.standard, rule.stage), rule)
        if rule.order != first.order:
            draft.fault(
                rule.origin,
                "order = {order}: stage {stage} has order {other} in another row; keep one",
                order=rule.order,
                stage=repr(rule.stage),
                other=first.order,
            )
        elif first is rule:
            other = places.setdefault((rule.standard, rule.order), rule.stage)
            if other != rule.stage:
                draft.fault(
                    rule.origin,
                    "order = {order}: is that of stage {other} too; the stages follow each other",
                    order=rule.order,
                    other=repr(other),
                )
    if goal is not None and draft.park is not None:
        rules = [rule for rule in draft.rows(StageRule) if rule.standard == draft.park.standard]
        _warn_of_dropped(goal, rules, draft)
        _check_energy(goal, rules, draft)


def _check_metrics(rules: Iterable[StageRule | ParkRule], draft: Draft) -> None:
    """A metric that the ledger lacks is refused here: it could approve of no plan."""
    for rule in rules:
        if rule.metric not in RATIOS and rule.metric not in BUDGETS:
            draft.fault(
                rule.origin, "metric {metric}: is not worked out by the ledger; no plan could be checked", metric=rule.metric
            )


def _warn_of_dropped(goal: Goal, rules: list[StageRule], draft: Draft) -> None:
    for (earlier, _), (later, _) in pairwise(goal.steps):
        kept = {(rule.metric, rule.sense) for rule in rules if rule.stage == later}
        for rule in rules:
            if rule.stage == earlier and (rule.metric, rule.sense) not in kept:
                draft.warn(rule.origin, remarks.DROPPED, metric=repr(rule.metric), earlier=earlier, later=later)


def _check_energy(goal: Goal, rules: list[StageRule], draft: Draft) -> None:
    """Rules on energy in tce need the tce of everything that can be bought."""
    stages = {stage for stage, _ in goal.steps}
    metrics = sorted({r.metric for r in rules if r.stage in stages and r.metric in ("intensity", "clean_share")})
    if not metrics:
        return
    for supply in draft.rows(Supply):
        if supply.can_import and supply.tce_per_mwh is None:
            draft.fault(
                supply.origin, "tce_per_mwh: is blank; the goal's rule on {metric} needs it (0 to say zero)", metric=metrics[0]
            )
    _tell_first_grid(draft)


def _tell_first_grid(draft: Draft) -> None:
    """Say whose coal equivalent is that of electricity, where grid supplies differ in it."""
    grids = sorted((s for s in draft.rows(Supply) if s.kind == "grid" and s.carrier == "electricity"), key=lambda s: s.supply)
    if other := next((s for s in grids[1:] if s.tce_per_mwh != grids[0].tce_per_mwh), None):
        tce, theirs = (f"{s.tce_per_mwh or 0.0:.4g}" for s in (grids[0], other))
        first, second = repr(grids[0].supply), repr(other.supply)
        draft.warn(grids[0].origin, remarks.FIRST_GRID, supply=first, tce=tce, other=second, theirs=theirs)


#: Stages have these names, so no rule has.
STAGES = ("low-carbon", "near-zero-carbon", "zero-carbon")


def check_rules(draft: Draft) -> None:
    """Check every rule by itself, and that what it divides by is stated."""
    _check_metrics(draft.rows(ParkRule), draft)
    for rule in draft.rows(ParkRule):
        if rule.rule in STAGES:
            draft.fault(rule.origin, "rule {rule}: is the name of a stage; name the rule otherwise", rule=repr(rule.rule))
        if rule.metric in CUMULATED and rule.sense != "<=":
            draft.fault(rule.origin, "sense {sense}: a budget over years is bounded from above; write <=", sense=repr(rule.sense))
        if rule.metric in MATCHED and rule.sense != ">=":
            draft.fault(
                rule.origin, "sense {sense}: green power of the hour is bounded from below; write >=", sense=repr(rule.sense)
            )
        if rule.metric in CUMULATED and rule.limit < 0:
            draft.fault(rule.origin, "limit = {limit}: is below 0; no year counts less than 0 in a budget", limit=f"{rule.limit:g}")
        # one of the catalogue that steps up after the horizon holds as it stands before
        if draft.park is not None and rule.year is not None and rule.year > draft.park.last_year and not rule.is_of_catalogue:
            draft.fault(
                rule.origin,
                "year = {year}: is after last_year {last_year}; the rule would never hold",
                year=rule.year,
                last_year=draft.park.last_year,
            )
    _check_energy_of_rules(draft)


def _check_energy_of_rules(draft: Draft) -> None:
    """Rules on energy in tce need the tce of everything that can be bought."""
    metrics = sorted({r.metric for r in draft.rows(ParkRule) if OF_RULES[r.metric].denominator == "energy_use"})
    if metrics:
        _tell_first_grid(draft)
    for supply in draft.rows(Supply) if metrics else ():
        if supply.can_import and supply.tce_per_mwh is None:
            draft.fault(supply.origin, "tce_per_mwh: is blank; the rule on {metric} needs it (0 to say zero)", metric=metrics[0])


def check_standards(draft: Draft) -> None:
    """Each row names a fuel, or a kind and a carrier; a supply whose own figures differ from the standard's is told."""
    for row in draft.rows(StandardFactor):
        by_kind = bool(row.supply_kind) and bool(row.carrier)
        if bool(row.fuel) == by_kind or (row.fuel and (row.supply_kind or row.carrier)):
            draft.fault(row.origin, "fuel, supply_kind, carrier: a row names a fuel, or a supply_kind and a carrier")
        if row.factor is None and row.tce_per_mwh is None:
            draft.fault(row.origin, "factor, tce_per_mwh: are blank; a row gives at least one of them")
    if draft.park is None or not draft.is_sure(Supply) or not draft.is_sure(EmissionFactor):
        return
    rows = [r for r in draft.rows(StandardFactor) if r.standard == draft.park.standard]
    for supply in draft.rows(Supply) if rows else ():
        if supply.can_import:
            _tell(supply, rows_of(rows, supply), draft)


def _tell(supply: Supply, rows: list[StandardFactor], draft: Draft) -> None:
    """Say where the figures of a supply in the first year are others than the standard's."""
    assert draft.park is not None
    y, basis = draft.park.first_year, draft.park.accounting
    stated = [r for r in rows if r.basis == basis] or [r for r in rows if not r.basis]
    given = _in(y, ((r.year, r.factor) for r in stated if r.factor is not None))
    own = _own(supply, basis, y, draft)
    tce = _in(y, dict.fromkeys((r.year, r.tce_per_mwh) for r in rows if r.tce_per_mwh is not None))
    for theirs, ours, unit in ((given, own, "t/MWh"), (tce, supply.tce_per_mwh, "tce/MWh")):
        if theirs is not None and ours is not None and abs(theirs - ours) > 1e-9:
            draft.warn(
                supply.origin,
                remarks.OTHER_FACTOR,
                supply=repr(supply.supply),
                own=f"{ours:.4g}",
                standard=draft.park.standard,
                factor=f"{theirs:.4g}",
                unit=unit,
            )


def _own(supply: Supply, basis: str, y: int, draft: Draft) -> float | None:
    rows = [f for f in draft.rows(EmissionFactor) if f.supply == supply.supply]
    rows = [f for f in rows if f.basis == basis] or [f for f in rows if not f.basis] or rows
    try:
        return _in(y, ((f.year, 0.0 if f.biogenic else f.value * factor(f.unit, "t/MWh")) for f in rows))
    except UnitError:
        return None


def _in(y: int, points: Iterable[tuple[int | None, float]]) -> float | None:
    found = list(points)
    return over_years(found, [y])[y] if found else None
