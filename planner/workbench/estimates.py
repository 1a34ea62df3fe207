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
from planner.frontier.changes import DROP
from planner.frontier.limits import DEAREST, OF_LARGE
from planner.frontier.purchases import prices_of
from planner.frontier.reserves import reserve_limits
from planner.frontier.why_not import offered_costs
from planner.machine.resources import cores
from planner.rank.figures import assumed_figures
from planner.sensitivity.anew import MOST
from planner.tables.facts import read_rows
from planner.tables.place import FACTS, beside, facts_of

#: Seconds until a command and its processes are there, and those that a plan takes to read the park and to be written.
START, EACH = 5.0, 1.0
#: Plans of a break-even (one where nothing comes in, three where it turns) and of a price that is confirmed (none or two); of the
#: naive curve for a project; sought to be unlike others; of a curve.
BREAK_EVEN, CONFIRMED, ALONE, UNLIKE, STEPS = 2, 1, 4, 4, 9
#: Seconds in which a plan is kept that is found in the matrix of the one before it.
KEPT = 0.4
#: Share of a plan that a step beside it takes, of a large park.
NEARLY, LIMIT, EXTREME = 0.1, 0.6, 0.25
#: Steps of one plan of a run; that which operates it in every hour; days of a plan for `--rank` as a share of a plan's.
ONE_PLAN = ("resolving inputs", "building", "compiling", "solving target", "reading results", "checking")
SOLVING, IN_HOURS, RANKED = "solving target", "operating target in every hour", 0.25
#: Where plans of questions are kept, and how near to a limit is at it.
QUESTIONS, NEAR = "-questions", 1e-5
#: Tables of what a plan orders, and the column of its name.
ORDERED = {"investments.csv": "technology", "measures.csv": "measure", "restoration.csv": "project"}


@dataclass(frozen=True)
class Took:
    """What a run took: its plan, of which to solve it, and its operation in every hour (s); whether one matrix holds its park."""

    plan: float
    solve: float
    hours: float
    is_whole: bool

    @classmethod
    def of(cls, run: Path) -> Took | None:
        """As a run tells it; None where it does not."""
        told = facts_of(run / FACTS).get("seconds")
        seconds: Mapping[str, Any] = told if isinstance(told, dict) else {}
        known = {step: float(value) for step, value in seconds.items() if isinstance(value, int | float)}
        plan = sum(known.get(step, 0.0) for step in ONE_PLAN)
        return cls(plan, known.get(SOLVING, plan), known.get(IN_HOURS, plan), "compiling" in known) if plan else None


def built(run: Path) -> set[str]:
    """Names of what the plan of a run orders, starts or plants."""
    found: set[str] = set()
    for file, column in ORDERED.items():
        if (run / file).is_file():
            header, rows = read_rows(run / file)
            at = header.index(column) if column in header else 0
            found |= {row[at] for row in rows if row}
    return found


def used_up(case: Case, run: Path) -> int:
    """Limits that the plan of a run reaches, so that they may have a price: equipment of which no more may stand, and rules."""
    most = {row.technology: row.max_capacity for row in case.technologies if row.max_capacity}
    found = {row["technology"] for row in _rows(run / "capacity.csv") if _is_at(row["capacity"], most.get(row["technology"], 0.0))}
    for file, of in (("stages.csv", "stage"), ("rules.csv", "rule")):
        found |= {f"{row[of]} {row['metric']}" for row in _rows(run / file) if _is_at(row["value"], row["limit"])}
    return len(found)


def _is_at(value: str, most: str | float) -> bool:
    """True for a number that is as much as there may be, which is something."""
    return bool(most) and float(most) != 0.0 and abs(float(value) - float(most)) <= NEAR * abs(float(most))


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    header, rows = read_rows(path)
    return [dict(zip(header, row, strict=False)) for row in rows]


def saved(run: Path, beginning: str) -> int:
    """Plans of earlier questions to a run whose names begin so: they are found again."""
    folder = beside(run, QUESTIONS)
    return sum(path.name.startswith(beginning) for path in folder.iterdir()) if folder.is_dir() else 0


def plans_of(kind: str, case: Case, run: Path, is_whole: bool) -> float:
    """Estimate how many plans are made to answer a question to a run; 0 where that is not known."""
    ordered = built(run)
    others = sum(name not in ordered for _, name in [*offered_costs(case), *prices_of(case)])
    extremes = 2 * len(groups_by_kind(case)) + UNLIKE
    without = max(0, len(ordered) - saved(run, DROP))
    reserves = len(reserve_limits(case))
    small: Mapping[str, float] = {
        "why-not": 1 + BREAK_EVEN * others,
        "limits": 1 + min(DEAREST, used_up(case, run)) + reserves,
        "worth": 1 + without,
        "watch": 1 + without + (BREAK_EVEN + CONFIRMED) * len(ordered),
        "alternatives": 1 + extremes,
        "abatement": STEPS + ALONE * others,
        "sensitivity": RANKED * (1 + 2 * (1 + min(MOST, len(_rows(run / "swings.csv")) or MOST))),
        "rerun": 1,
    }
    large: Mapping[str, float] = {
        "why-not": 1 + NEARLY * others,
        "limits": 1 + LIMIT * (min(OF_LARGE, used_up(case, run)) + reserves),
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
    if kind == "alternatives" and took.is_whole:  # one process, which builds the park once
        return round(plans), START + took.plan + EACH + (plans - 1) * (took.solve + KEPT)
    return (max(1, round(plans)), seconds_of(plans, took.plan, lanes_of(kind))) if plans else None


def of_park(kind: str, case: Case, run: Path, points: int) -> tuple[int, float] | None:
    """(plans, seconds) of a question to a park, by a run of it."""
    took = Took.of(run)
    if took is None or kind not in ("rank", "frontier"):
        return None
    plans = 1 + 2 * len(assumed_figures(case)) if kind == "rank" else points
    return plans, seconds_of(plans, took.plan * (RANKED if kind == "rank" else 1.0), lanes_of(kind))
