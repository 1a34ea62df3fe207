r"""What each project is worth: what the plan costs more where it may not be had, everything else decided anew.

.. math::
    w_k = C_{-k} - C

C  least system cost   money     -k  without any order of k

So a project that another can stand in for is worth little, and of two that need each other each is worth what both give; worths
need not add up. Each cost is found within its gap: w lies between (bound without) - (cost with) and (cost without) - (bound with).
Its own cash against the reference may say otherwise: what costs most more without it is named, which is why.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from planner.frontier.changes import DROP
from planner.frontier.question import QuestionAnswer, RunQuestion
from planner.language.language import mark
from planner.tables.schema import TABLES

#: What is said of a project without which there is no plan.
NEEDED = mark("the goal cannot be met without it")
#: What is said where the search gave nothing.
NO_ANSWER = mark("no plan was found without it")


def worth(question: RunQuestion) -> pd.DataFrame:
    """worth.csv: a row for each project of the plan, the dearest to do without first."""
    currency, built = question.output.currency, question.built()
    with question.pool as pool, ThreadPoolExecutor(pool.jobs) as threads, pool.ended():
        base = question.answer()
        answers = dict(zip(built, threads.map(lambda who: question.answer((DROP, *who)), built), strict=True))
    npv = _npv(question)
    rows = [
        (
            *who,
            capital,
            *_worth(answers[who], base),
            npv.get(who),
            currency,
            _note(answers[who]),
            *_instead(who[1], answers[who], base),
        )
        for who, capital in built.items()
    ]
    table = pd.DataFrame(rows, columns=list(TABLES["worth"].names))
    order = table["worth"].astype(float).fillna(float("inf"))
    return table.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _worth(without: QuestionAnswer, base: QuestionAnswer) -> tuple[float | None, float | None, float | None]:
    """Worth, and what it is at least and at most by the bounds."""
    if without.cost is None or base.cost is None:
        return None, None, None
    least = None if without.bound is None else without.bound - base.cost
    most = None if base.bound is None else without.cost - base.bound
    return without.cost - base.cost, least, most


def _instead(name: str, without: QuestionAnswer, base: QuestionAnswer) -> tuple[str, float | None]:
    """What costs most more without a project (discounted money), itself left out; nothing where nothing does."""
    if not without.is_planned or not base.is_planned:
        return "", None
    more = without.paid().sub(base.paid(), fill_value=0.0).drop([name, "*", ""], errors="ignore")
    if more.empty or more.max() <= 0:
        return "", None
    return str(more.idxmax()), float(more.max())


def _note(without: QuestionAnswer) -> str:
    if without.is_planned:
        return ""
    return NEEDED if without.status == "infeasible" else NO_ANSWER


def _npv(question: RunQuestion) -> dict[tuple[str, str], float]:
    """Present value of each project's own cash against the reference, where the run has statements."""
    rows = question.output.alone["finance"]
    own = rows[(rows["against"] == "reference") & (rows["figure"] == "npv_with_beyond") & (rows["basis"] == "real")]
    return {(str(kind), str(name)): float(v) for kind, name, v in zip(own["account"], own["name"], own["value"], strict=True)}
