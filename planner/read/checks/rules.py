"""Rules of rules.csv: names, and the figures that they need."""

from __future__ import annotations

from models.case import ParkRule, Supply
from models.metrics import CUMULATED, MATCHED, OF_RULES
from planner.read.draft import Draft

#: Stages have these names, so no rule has.
STAGES = ("low-carbon", "near-zero-carbon", "zero-carbon")


def check_rules(draft: Draft) -> None:
    """Check every rule by itself, and that what it divides by is stated."""
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
        if draft.park is not None and rule.year is not None and rule.year > draft.park.last_year and not _is_packed(rule):
            draft.fault(
                rule.origin,
                "year = {year}: is after last_year {last_year}; the rule would never hold",
                year=rule.year,
                last_year=draft.park.last_year,
            )
    _check_energy(draft)


def _is_packed(rule: ParkRule) -> bool:
    """True of a row of the catalogue: a rule that steps up after the horizon holds as it stands before."""
    return rule.origin is not None and rule.origin.catalogue


def _check_energy(draft: Draft) -> None:
    """Rules on energy in tce need the tce of everything that can be bought."""
    metrics = sorted({r.metric for r in draft.rows(ParkRule) if OF_RULES[r.metric].denominator == "energy_use"})
    for supply in draft.rows(Supply) if metrics else ():
        if supply.can_import and supply.tce_per_mwh is None:
            draft.fault(supply.origin, "tce_per_mwh: is blank; the rule on {metric} needs it (0 to say zero)", metric=metrics[0])
