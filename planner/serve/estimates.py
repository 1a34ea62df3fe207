r"""About how long a question takes: how many plans it makes, each as long as the plan of the run, or a share of it.

.. math::
    t = t_0 + p \, (t_1 + t_2) / \min(p, l)

t₀  until the command and its processes are there   s     p  plans                          1
t₁  the plan of the run, without its hours          s     l  made at once                   1
t₂  what each reads and writes                      s

A park that one matrix holds is planned anew for each step of a question. Of a large one most steps are found beside its plan, which
is found again first (`planner/frontier/beside.py`): each is a share of a plan, as measured on the example lakeside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.case import Case
from planner.alternatives.groups import groups_by_kind
from planner.frontier.limits import DEAREST
from planner.frontier.purchases import prices_of
from planner.frontier.why_not import offered_costs
from planner.machine.cores import cores
from planner.output.kinds import facts_of
from planner.output.safe import read_rows
from planner.output.telling import FACTS
from planner.rank.figures import assumed_figures

#: Seconds until a command and its processes are there, and those that a plan takes to read the park and to be written.
START, EACH = 5.0, 1.5
#: Plans of a break-even and of a price that is confirmed; of the naive curve for a project; sought to be unlike others; of a curve.
BREAK_EVEN, CONFIRMED, ALONE, UNLIKE, STEPS = 3, 2, 4, 4, 9
#: Share of a plan that a step beside it takes, of a large park.
NEARLY, LIMIT, EXTREME = 0.1, 0.6, 0.25
#: Steps of one plan of a run; that which operates it in every hour; days of a plan for `--rank` as a share of a plan's.
ONE_PLAN = ("resolving inputs", "building", "compiling", "solving target", "reading results", "checking")
IN_HOURS, RANKED = "operating target in every hour", 0.25
#: Tables of what a plan orders, and the column of its name.
ORDERED = {"investments.csv": "technology", "measures.csv": "measure", "restoration.csv": "project"}


@dataclass(frozen=True)
class Took:
    """What a run took: its plan and its operation in every hour (s); whether one matrix holds its park."""

    plan: float
    hours: float
    is_whole: bool

    @classmethod
    def of(cls, run: Path) -> Took | None:
        """As a run tells it; None where it does not."""
        told = facts_of(run / FACTS).get("seconds")
        seconds: Mapping[str, Any] = told if isinstance(told, dict) else {}
        known = {step: float(value) for step, value in seconds.items() if isinstance(value, int | float)}
        plan = sum(known.get(step, 0.0) for step in ONE_PLAN)
        return cls(plan, known.get(IN_HOURS, plan), "compiling" in known) if plan else None


def built(run: Path) -> set[str]:
    """Names of what the plan of a run orders, starts or plants."""
    found: set[str] = set()
    for file, column in ORDERED.items():
        if (run / file).is_file():
            header, rows = read_rows(run / file)
            at = header.index(column) if column in header else 0
            found |= {row[at] for row in rows if row}
    return found


def plans_of(kind: str, case: Case, run: Path, is_whole: bool) -> float:
    """About how many plans a question to a run makes; 0 where that is not known."""
    ordered = built(run)
    others = sum(name not in ordered for _, name in [*offered_costs(case), *prices_of(case)])
    extremes = 2 * len(groups_by_kind(case)) + UNLIKE
    small: Mapping[str, float] = {
        "why-not": 1 + BREAK_EVEN * others,
        "limits": 1 + DEAREST,
        "worth": 1 + len(ordered),
        "watch": 1 + (1 + BREAK_EVEN + CONFIRMED) * len(ordered),
        "alternatives": 1 + extremes,
        "abatement": STEPS + ALONE * others,
        "rerun": 1,
    }
    large: Mapping[str, float] = {
        "why-not": 1 + NEARLY * others,
        "limits": 1 + LIMIT * DEAREST,
        "watch": 1 + len(ordered),
        "alternatives": 1 + EXTREME * extremes,
        "abatement": STEPS,
    }
    return small.get(kind, 0.0) if is_whole else large.get(kind, small.get(kind, 0.0))


def seconds_of(plans: float, each: float, lanes: int) -> float:
    """About how long so many plans take, so many made at once."""
    return START + plans * (each + EACH) / max(1.0, min(plans, lanes))


def lanes_of(kind: str) -> int:
    """Plans that a question makes at once: two that share a core's memory take as long as one after the other."""
    return 1 if kind in ("alternatives", "rerun") else max(1, cores() // 2)


def question(kind: str, case: Case | None, run: Path) -> tuple[int, float] | None:
    """(plans, seconds) of a question to a run; None where that is not known."""
    took = Took.of(run)
    if took is None or case is None:
        return None
    operated = {"stress": len(case.futures), "outages": len(case.technologies), "moving": len(case.demand)}
    if kind in operated:
        return 0, START + max(1, operated[kind]) * (took.hours + EACH)
    plans = plans_of(kind, case, run, took.is_whole)
    return (max(1, round(plans)), seconds_of(plans, took.plan, lanes_of(kind))) if plans else None


def of_park(kind: str, case: Case, run: Path, points: int) -> tuple[int, float] | None:
    """(plans, seconds) of a question to a park, by a run of it."""
    took = Took.of(run)
    if took is None or kind not in ("rank", "frontier"):
        return None
    plans = 1 + 2 * len(assumed_figures(case)) if kind == "rank" else points
    return plans, seconds_of(plans, took.plan * (RANKED if kind == "rank" else 1.0), lanes_of(kind))
