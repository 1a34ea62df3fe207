"""Failure in the user's words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.case import Goal
from models.metrics import OF_RULES
from planner.explain.blocking import RESERVE
from planner.explain.contradictions import Contradiction
from planner.explain.remedies import HELPS, Remedies
from planner.language.language import mark
from planner.plan import Breach, Remedy

#: How a sentence begins where no rule is at fault.
NO_GOAL = "demand cannot be met even without a goal"
#: Said where the time was over before the remedies were known.
NO_TIME_FOR_REMEDIES = "the time was over before remedies were found; a longer --time-limit finds them"
#: The same without a limit: what a person waits for is limited.
NO_REMEDIES_SOON = "no remedies were found in the time that is kept for them; try another year, or larger limits, yourself"
#: What a metric is called in a sentence.
PHRASES = {metric.name: f"{metric.phrase} ({metric.name})" for metric in OF_RULES.values()}


def say_blocking(
    goal: Goal, blocking: Sequence[Breach], breaches: Sequence[Breach], tried: bool = True
) -> tuple[str, ...]:
    """Sentences that name the blocking rules, the years and by how much; `tried`: whether each rule was tried alone."""
    head = f"{goal.target} by {goal.by} cannot be met"
    worst = max(blocking or breaches, key=lambda b: b.amount)
    lines = [f"{head}: {_amount(worst)} too {_much(worst)} in {worst.year} for {_rule(worst)}."]
    if blocking:
        lines.append("Leaving out any one of these rules makes it possible:")
    elif tried:
        lines.append("No single rule blocks it; the least total breach falls on:")
    else:
        lines.append("The plan that comes nearest breaks:")
    for b in blocking or breaches:
        lines.append(f"  {b.year}  {_broken(b)}, broken by {_amount(b)}")
    return tuple(lines)


def _rule(breach: Breach) -> str:
    if breach.stage == RESERVE:
        return f"the {RESERVE} of {breach.metric}"
    return f"{PHRASES[breach.metric]} of {breach.stage}"


def _broken(breach: Breach) -> str:
    if breach.stage == RESERVE:
        return f"{RESERVE}: firm capacity of {breach.metric}"
    return f"{breach.stage}: {PHRASES[breach.metric]}"


def say_unexplained(goal: Goal) -> tuple[str, ...]:
    """A sentence for a goal whose blocking rules could not be found in time."""
    return (f"{goal.target} by {goal.by} cannot be met; the time did not suffice to find out which rules block it.",)


def _amount(breach: Breach) -> str:
    digits = 0 if breach.amount >= 100 else 1 if breach.amount >= 1 else 4
    return f"{breach.amount:,.{digits}f} {breach.unit}"


def _much(breach: Breach) -> str:
    return "little" if breach.stage == RESERVE or OF_RULES[breach.metric].sense == ">=" else "much"


def say_unserved(missing: Sequence[tuple[int, str, str, int, float]], typical_days: int) -> tuple[str, ...]:
    """Sentences that say where demand cannot be met."""
    if not missing:
        return ("The park cannot be planned even without a goal: its limits contradict each other.",)
    y, zone, carrier, t, power = missing[0]
    when = f"hour {t % 24} of typical day {t // 24 + 1}" if typical_days else f"hour {t} of the profiles"
    unit = "t/h" if carrier == "co2" else "MW"
    first = f"{NO_GOAL}: {power:,.3g} {unit} of {carrier} are missing in {y}, {when}"
    where = f" (zone {zone})" if zone != "park" else ""
    return (f"{first}{where}; {len(missing)} hours in all.",)


def say_least_loads(loads: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    """A sentence that says whose min_load keeps the park from having a plan."""
    names = " and ".join(f"{name} (min_load = {share:g})" for name, share in loads)
    runs, others = ("runs", "it") if len(loads) == 1 else ("run", "them")
    return (
        f"The park cannot be planned even without a goal: {names} {runs} in every hour at no less than this share of what stands, "
        f"and no use is found for so much; with a min_load of 0 for {others} there is a plan. An order is not retired in the year "
        "in which it begins to work.",
    )


def say_seen(seen: Sequence[Contradiction]) -> tuple[str, ...]:
    """Contradictions that were seen without a solve; one sentence for each kind, however many years it is of."""
    if not seen:
        return ()
    head = () if any(c.breach is None for c in seen) else ("Seen without a solve:",)
    first: dict[tuple, list[Contradiction]] = {}
    for c in seen:
        key = (c.text,) if c.breach is None else (c.breach.stage, c.breach.metric)
        first.setdefault(key, []).append(c)
    lines = [f"  {own[0].text}" + (f" And in {len(own) - 1} more years." if len(own) > 1 else "") for own in first.values()]
    return (*head, *lines)


#: What a limit is called in a sentence, by table and parameter.
LIMITS = {
    ("supplies", "max_import"): mark("a larger connection for {name}"),
    ("supplies", "contract_max"): mark("a larger contract {name}"),
    ("supplies", "max_import_year"): mark("more {name} in a year"),
    ("supplies", "max_export"): mark("a larger outlet over {name}"),
    ("supplies", "max_export_year"): mark("more sent over {name} in a year"),
    ("technologies", "max_capacity"): mark("more {name}"),
    ("technologies", "max_build"): mark("faster building of {name}"),
    ("links", "max_capacity"): mark("a larger link {name}"),
    ("connections", "max_import"): mark("a larger connection {name}"),
    ("connections", "max_export"): mark("a larger outlet over {name}"),
    ("connections", "max_capacity"): mark("a larger connection {name}"),
    ("sites", "area"): mark("more room on {name}"),
    ("budget", "capital"): mark("a larger budget in {year}"),
    ("offsets", "max_volume"): mark("more credits of {name}"),
    ("restoration", "max_area"): mark("more land for {name}"),
    ("restoration", "max_plant"): mark("faster planting of {name}"),
    ("goal", "by"): mark("a later deadline for {name}"),
}
#: Tables of rules.
RULES = ("stages", "rules")
#: Names of limits that are listed in one sentence.
LISTED = 8


def say_remedies(found: Remedies, currency: str, basis: str) -> tuple[str, ...]:
    """Sentences that name the remedies with amounts and costs; `basis` says what they were computed on."""
    lines = []
    enough = [w for w in found.remedies if w.is_enough]
    alone = [w for w in enough if not w.together]
    if alone:
        lines.append(f"Remedies, each enough alone ({basis}):")
        lines += [f"  {_remedy(w, found, currency)}" for w in alone]
    elif found.remedies:
        lines.append(f"No single change{' that was tried' if found.untried else ''} is enough ({basis}).")
    for cost in dict.fromkeys(w.system_cost for w in enough if w.together):
        lines.append("  together:" if alone else "Enough only together:")
        group = [w for w in enough if w.together and w.system_cost == cost]
        lines += [f"  {_change(w)}" for w in group]
        lines.append(f"  {_money(cost, found, currency)}")
    if enough:
        lines.append("System cost is that of the park; what the change itself costs (land, a new line) comes on top.")
    weak = [_limit(w) for w in found.remedies if w.note == HELPS and w.table not in RULES]
    if weak:
        rest = f" and {len(weak) - LISTED} more (explain.csv)" if len(weak) > LISTED else ""
        lines.append(f"Not enough alone, however much: {', '.join(weak[:LISTED])}{rest}.")
    if found.untried:
        lines.append(f"The time did not suffice to try {found.untried} other limit{'s' if found.untried > 1 else ''}.")
    return tuple(lines)


def _remedy(remedy: Remedy, found: Remedies, currency: str) -> str:
    return f"{_change(remedy)}; {_money(remedy.system_cost, found, currency)}"


def _change(remedy: Remedy) -> str:
    assert remedy.needed is not None
    if remedy.table == "goal":
        note = f" ({remedy.note})" if remedy.note else ""
        return f"{_limit(remedy)}: {remedy.needed:.0f} instead of {remedy.now:.0f}{note}"
    if remedy.table in RULES:
        when = f" from {remedy.year}" if remedy.year is not None else ""
        return f"{_limit(remedy)}{when}: {figure(remedy.needed, remedy.needed > remedy.now)} instead of {remedy.now:g}"
    return f"{_limit(remedy)}: {figure(remedy.needed)} instead of {remedy.now:,.10g} {remedy.unit}"


def _limit(remedy: Remedy) -> str:
    if remedy.table in RULES:
        return f"a looser rule of {remedy.name} on {PHRASES[remedy.parameter]}"
    return LIMITS[remedy.table, remedy.parameter].format(name=remedy.name, year=remedy.year)


def _money(cost: float | None, found: Remedies, currency: str) -> str:
    if cost is None:
        return "cost not computed in the time"
    without = found.cost_without_goal
    over = "" if without is None else f", {_fitting(cost - without)} more than without a goal"
    return f"system cost {_fitting(cost)} {currency}{over}"


def _fitting(money: float) -> str:
    """An amount in millions, or as it is where it is small."""
    return f"{money / 1e6:,.1f} M" if abs(money) >= 1e5 else f"{money:,.0f}"


def figure(value: float, up: bool = True) -> str:
    """Four significant figures, rounded to the side on which it is enough."""
    if value == 0:
        return "0"
    digits = 3 - math.floor(math.log10(abs(value)))
    step = 10.0**-digits
    round_off = math.ceil if up else math.floor
    near = round_off(value / step + (-1e-4 if up else 1e-4)) * step
    text = f"{near:,.{max(0, digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
