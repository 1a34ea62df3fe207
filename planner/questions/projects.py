"""What each project is worth: how much more the plan costs without it. A small park is planned anew; for a large one whole numbers
may be fractions, in the plan with the project and in the one without (`beside`).

.. math::
    w_k = C_{-k} - C

C  least system cost   money     -k  without any order of k

So a project that another can stand in for is worth little, and of two that need each other each is worth what both give; worths
need not add up. Each cost is found within its gap: w lies between (bound without) - (cost with) and (cost without) - (bound with).
Its own cash against the reference may say otherwise: what costs most more without it is named, which is why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from models.errors import CaseError
from planner.finance.pieces import CERTIFICATE, CREDIT
from planner.language.language import mark
from planner.plan import LEAST_COST
from planner.questions.beside import QuestionAnswer, noted
from planner.questions.change import CAP, DROP, ONLY, Change
from planner.questions.not_chosen import offered_costs, prices_of
from planner.questions.session import KIND_OF, RunSession
from planner.tables.decisions import ADOPT, RETIRE, decisions_of
from planner.tables.facts import table_in
from planner.tables.output import read_output
from planner.tables.schema import TABLES


def worth(question: RunSession) -> pd.DataFrame:
    """worth.csv: a row for each project of the plan, the dearest to do without first."""
    currency, built = question.output.currency, question.built()
    with question.at_once() as each:
        base = question.answer(is_local=True)
        answers = each(lambda who: question.answer((DROP, *who), is_local=True), built)
    npv = _npv(question)
    rows: list[tuple] = []
    for who, capital in built.items():
        answer = answers[who]
        more = answer.more_than(base)
        note = noted(more, answer.why_none, answer.note)
        rows.append((*who, capital, *more, npv.get(who), currency, note, *_instead(who[1], answer, base)))
    table = pd.DataFrame(rows, columns=list(TABLES["worth"].names))
    order = table["worth"].astype(float).fillna(float("inf"))
    return table.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _instead(name: str, without: QuestionAnswer, base: QuestionAnswer) -> tuple[str, float | None]:
    """What costs most more without a project (discounted money), itself left out; nothing where nothing does."""
    if not without.is_planned or not base.is_planned:
        return "", None
    now, then = base.paid(), without.paid()
    more = {other: then.get(other, 0.0) - now.get(other, 0.0) for other in {**now, **then} if other not in (name, "*", "")}
    most = max(more, key=lambda other: more[other], default="")
    return (most, more[most]) if most and more[most] > 0 else ("", None)


def _npv(question: RunSession) -> dict[tuple[str, str], float]:
    """Present value of each project's own cash against the reference, where the run has statements."""
    rows = question.output.alone["finance"]
    own = rows[(rows["against"] == "reference") & (rows["figure"] == "npv_with_beyond") & (rows["basis"] == "real")]
    return {(str(kind), str(name)): float(v) for kind, name, v in zip(own["account"], own["name"], own["value"], strict=True)}


# --- abatement -------------------------------------------------------------------------------------------------------------
# The true marginal abatement curve, and the naive one beside it.
#
# The cap on net emissions, which holds from the year of the goal on, is tightened in steps from what the plan without a goal emits
# to what the plan under the goal does. Every step is decided anew, so it costs
#
# .. math::
#     p_i = \frac{C_i - C_{i-1}}{\sum_y \delta_y\, (n_{i-1,y} - n_{i,y})}
#
# C  system cost of the plan found, b  its lower bound   money (i)     n  net emissions   t (i,y)     δ  discount   1 (y)
#
# and names what comes in at it and what goes out; certificates and credits are projects here. A plan need not be the best, so the
# least cost of a tonne lies between b_i - C_{i-1} and C_i - b_{i-1}, each by these tonnes. The naive curve takes each project
# alone, beside what the plan without a goal has, as far as it can tighten the cap, and puts them in the order of their cost of a
# tonne. It adds up what does not add up: of two projects that stand in for each other both count, and of two that need each other
# neither does.

#: Share of what any step has of a project below which a step has none of it; share of the cut below which nothing is to be cut.
NONE, NOTHING = 0.01, 1e-6
#: A project that alone cannot reach the first step is asked for this share of it.
LITTLE = 0.1
TRUE, NAIVE = mark("true"), mark("naive")
CUTS_NOTHING = mark("cuts next to nothing alone")
#: Kind and name of a project.
Who = tuple[str, str]


@dataclass(frozen=True)
class CapStep:
    """A plan under a cap.

    cost, least  system cost and its lower bound, None where none is known                      money
    tonnes       net emissions of all years, discounted                                         t
    net          most net emissions of a year from that of the goal on                          t
    amounts      of each project; certificates and credits are projects here
    """

    cap: float
    cost: float
    least: float | None
    tonnes: float
    net: float
    amounts: Mapping[Who, float]


def abatement(question: RunSession, points: int, naive: bool = True) -> pd.DataFrame:
    """abatement.csv: the steps of the true curve, the loosest first, then the projects of the naive one, the cheapest first.

    Raises CaseError where the goal cuts nothing.
    """
    caps = _caps(question, points)
    with question.at_once() as each:
        steps = [*each(lambda cap: _step(question, cap), caps).values()]
        if steps[0] is None:
            raise CaseError.because(
                "{out}: no plan was found with the loosest cap; there is nothing to compare with", out=question.out
            )
        first, rows = steps[0], _true_rows(steps)
        if naive:
            there = [who for who, amount in first.amounts.items() if amount > 0]
            bought = [who for who in prices_of(question.case) if who[0] in (CERTIFICATE, CREDIT)]
            others = [who for who in [*offered_costs(question.case), *bought] if who not in there]
            rows += _naive_rows(each(lambda who: _alone(question, who, there, caps, first), others), first)
    currency = question.output.currency
    return pd.DataFrame([(*row[:-1], currency, row[-1]) for row in rows], columns=list(TABLES["abatement"].names))


def _caps(question: RunSession, points: int) -> list[float]:
    """Caps from what the plan without a goal emits in its worst year from that of the goal on, to what the plan under it does."""
    if LEAST_COST not in question.output.plans:
        if question.output.facts["options"].get("quick"):
            raise CaseError.because("{out}: has no plan without a goal to begin from; plan it without --quick", out=question.out)
        raise CaseError.because("{out}: has no plan without a goal to begin from; plan it again", out=question.out)
    by = question.output.summary["by"]
    most, least = (_net(question.output.plans[name]["emissions"], by) for name in (LEAST_COST, "target"))
    least = max(least, 0.0)
    if most - least <= NOTHING * max(abs(most), 1.0):
        raise CaseError.because(
            "{out}: the plan without a goal emits as little from {by} on; there is no curve", out=question.out, by=by
        )
    return [float(f"{most - (most - least) * i / points:.9g}") for i in range(points + 1)]


def _net(emissions: pd.DataFrame, by: int) -> float:
    """Most net emissions of a year from that of the goal on."""
    return float(emissions[(emissions["item"] == "net") & (emissions["year"] >= by)]["value"].max())


def _step(question: RunSession, cap: float, change: Change = ()) -> CapStep | None:
    """The plan under a cap; None where there is none."""
    assert question.case.goal is not None
    answer = question.answer((CAP, f"{cap:.9g}"), *([change] if change else []))
    if answer.cost is None or answer.folder is None:
        return None
    emissions = table_in(answer.folder, "emissions")
    net, first = emissions[emissions["item"] == "net"], question.case.park.first_year
    discount = (1 + question.case.park.discount_rate) ** -(net["year"] - first)
    by, tonnes = question.case.goal.by, float((net["value"] * discount).sum())
    return CapStep(cap, answer.cost, answer.bound, tonnes, _net(emissions, by), _amounts(answer.folder, by))


def _amounts(folder: Path, by: int) -> dict[Who, float]:
    """How much of each project a plan has ordered, started or planted up to the year of the goal, and buys from it on."""
    rows = decisions_of(read_output(folder).target)
    rows = rows[(rows["action"] != RETIRE) & ~rows["signed"].astype(bool) & (rows["year"] <= by)]
    sums = rows.groupby(["action", "name"])["value"].sum()
    found = {(KIND_OF[str(action)], str(name)): 1.0 if action == ADOPT else float(v) for (action, name), v in sums.items()}
    for kind, table, name in ((CERTIFICATE, "certificates", "certificate"), (CREDIT, "offsets", "offset")):
        rows = table_in(folder, table)
        sums = rows[rows["year"] >= by].groupby(name)["value"].sum()
        found |= {(kind, str(n)): float(v) for n, v in sums.items() if v > NOTHING}
    return found


def _true_rows(steps: Sequence[CapStep | None]) -> list[tuple]:
    """A row a step: cut so far, tonnes of the step, its cost and that of a tonne, what comes in and goes out."""
    there = [step for step in steps if step is not None]
    most: dict[Who, float] = {}
    for step in there:
        most |= {who: max(most.get(who, 0.0), amount) for who, amount in step.amounts.items()}
    rows = []
    for before, step in pairwise(there):
        old, new = ({who for who, a in s.amounts.items() if a > NONE * most[who]} for s in (before, step))
        names = ["; ".join(name for _, name in sorted(found)) for found in (new - old, old - new)]
        cost, tonnes = step.cost - before.cost, before.tonnes - step.tonnes
        each = cost / tonnes if tonnes > NOTHING else None
        between = _between(before, step, tonnes)
        rows.append((TRUE, f"{step.cap:.6g}", there[0].cap - step.cap, before.cap - step.cap, cost, each, *between, *names, ""))
    return rows


def _between(before: CapStep, step: CapStep, tonnes: float) -> tuple[float | None, float | None]:
    """Least and most that a tonne of a step may cost by the bounds of both plans; None without a bound, or where nothing is cut."""
    if tonnes <= NOTHING:
        return None, None
    least = None if step.least is None else (step.least - before.cost) / tonnes
    return least, None if before.least is None else (step.cost - before.least) / tonnes


def _alone(question: RunSession, who: Who, there: Sequence[Who], caps: Sequence[float], first: CapStep) -> CapStep | None:
    """The plan with one project more than the first, at the tightest cap that it reaches alone; None: it reaches next to none."""
    change = (ONLY, *(":".join(one) for one in [*there, who]))
    low, high, found = 0, len(caps), None
    while high - low > 1:  # caps[low] is reached, caps[high] is not
        middle = (low + high) // 2
        step = _step(question, caps[middle], change)
        low, high, found = (middle, high, step) if step is not None else (low, middle, found)
    if found is None:
        found = _step(question, float(f"{caps[0] - LITTLE * (caps[0] - caps[1]):.9g}"), change)
    return found if found is None or first.tonnes - found.tonnes > NOTHING else None


def _naive_rows(found: Mapping[Who, CapStep | None], first: CapStep) -> list[tuple]:
    """A row a project: the tonnes that it cuts alone, added up in the order of their cost; what cuts nothing last."""
    costs = {who: (step.cost - first.cost) / (first.tonnes - step.tonnes) for who, step in found.items() if step is not None}
    rows: list[tuple] = []
    total = 0.0
    for who in sorted(costs, key=lambda w: costs[w]):
        step = found[who]
        assert step is not None
        cut = first.cap - step.cap
        total += cut
        between = _between(first, step, first.tonnes - step.tonnes)
        rows.append((NAIVE, who[1], total, cut, step.cost - first.cost, costs[who], *between, who[1], "", ""))
    return rows + [(NAIVE, who[1], None, 0.0, *[None] * 4, who[1], "", CUTS_NOTHING) for who in found if who not in costs]
