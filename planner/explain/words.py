"""Failure in the user's words."""

from __future__ import annotations

from collections.abc import Sequence

from models.case import Goal
from planner.plan import Breach

#: What a metric is called in a sentence.
METRICS = {
    "gross_ratio": "gross emissions (gross_ratio)",
    "net_ratio": "net emissions (net_ratio)",
    "avoidance_ratio": "avoidance credits (avoidance_ratio)",
    "offset_ratio": "offsets (offset_ratio)",
    "intensity": "emissions per energy (intensity)",
    "clean_share": "the clean share of energy (clean_share)",
    "direct_green_share": "direct green supply (direct_green_share)",
    "certificate_share": "certificates (certificate_share)",
}


def say_blocking(
    goal: Goal, blocking: Sequence[Breach], breaches: Sequence[Breach], tried: bool = True
) -> tuple[str, ...]:
    """Sentences that name the blocking rules, the years and by how much; `tried`: whether each rule was tried alone."""
    head = f"{goal.target} by {goal.by} cannot be met"
    worst = max(blocking or breaches, key=lambda b: b.amount)
    lines = [f"{head}: {_amount(worst)} too {_much(worst)} in {worst.year} for {METRICS[worst.metric]} of {worst.stage}."]
    if blocking:
        lines.append("Leaving out any one of these rules makes it possible:")
    elif tried:
        lines.append("No single rule blocks it; the least total breach falls on:")
    else:
        lines.append("The plan that comes nearest breaks:")
    for b in blocking or breaches:
        lines.append(f"  {b.year}  {b.stage}: {METRICS[b.metric]}, broken by {_amount(b)}")
    return tuple(lines)


def say_unexplained(goal: Goal) -> tuple[str, ...]:
    """A sentence for a goal whose blocking rules could not be found in time."""
    return (f"{goal.target} by {goal.by} cannot be met; the time did not suffice to find out which rules block it.",)


def _amount(breach: Breach) -> str:
    digits = 0 if breach.amount >= 100 else 1 if breach.amount >= 1 else 4
    return f"{breach.amount:,.{digits}f} {breach.unit}"


def _much(breach: Breach) -> str:
    return "little" if breach.metric in ("clean_share", "direct_green_share") else "much"


def say_unserved(missing: Sequence[tuple[int, str, str, int, float]], typical_days: int) -> tuple[str, ...]:
    """Sentences that say where demand cannot be met."""
    if not missing:
        return ("The park cannot be planned even without a goal: its limits contradict each other.",)
    y, zone, carrier, t, power = missing[0]
    when = f"hour {t % 24} of typical day {t // 24 + 1}" if typical_days else f"hour {t} of the profiles"
    unit = "t/h" if carrier == "co2" else "MW"
    first = f"demand cannot be met even without a goal: {power:,.3g} {unit} of {carrier} are missing in {y}, {when}"
    where = f" (zone {zone})" if zone != "park" else ""
    return (f"{first}{where}; {len(missing)} hours in all.",)
