"""What the goal costs: told and defined in one place of the page, to which all else refers."""

from __future__ import annotations

from planner.answer.goal_cost import goal_range, told_goal
from planner.answer.page.markup import Markup, tag
from planner.answer.page.report import Report
from planner.answer.proof import told_share


def goal_defined(report: Report) -> Markup | None:
    """The sentence that console and workbook have, what its figures are, and what the range of the tile rests on; None where
    the goal costs nothing, or where that is not known."""
    language, output = report.language, report.output
    summary, say = output.summary, language.translate
    if summary["goal_cost"] is None or summary["goal_cost"]["money"] <= 0:
        return None
    of = say(
        "The first amount is by how much the plans found with the goal and without it differ, all costs of {first} to {last} "
        "discounted; a tonne is one of net CO2e that the goal avoids.",
        first=output.years[0],
        last=output.years[-1],
    )
    return tag("p", language.sentences(told_goal(language, summary, has_range=False), of, *_range(report)), class_="goal")


def _range(report: Report) -> list[str]:
    """On what the range rests, and that it is of typical days only where it is; nothing without one."""
    language, found = report.language, goal_range(report.output.summary)
    if found is None or found["most"] <= 0:
        return []
    say, shares = (
        language.translate,
        {"one": told_share(language, found["gap"]), "other": told_share(language, found["gap_without_goal"])},
    )
    told = [say("The range is what the gaps of both plans leave open: {one} with the goal, {other} without it.", **shares)]
    if found["typical_days"]:
        middle = language.money(found["cost"], report.output.currency)
        told.append(
            say("It is of typical days, on which the plans found differ by {middle}; of all hours none is proven.", middle=middle)
        )
    return told
