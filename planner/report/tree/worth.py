"""What it is worth to know which future comes, and to have thought of futures, with what the bounds leave open."""

from __future__ import annotations

from planner.language.language import Language, mark
from planner.report.tree.told import WrittenTree

#: What knowing is worth, and having thought of futures.
KNOWING = mark("To know now which future comes would be worth {money} (EVPI): no study of it should cost more.")
ABOUT = mark(
    "To know now which future comes would be worth about {money}, at most {most} (EVPI; neither the plan nor those of single "
    "futures are proven closer): no study of it should cost more."
)
NOTHING = mark("To know now which future comes would be worth nothing (EVPI): the first orders are right in each of them.")
NOTHING_FOUND = mark(
    "To know now which future comes would be worth nothing as far as was found, at most {most} (EVPI): no study of it should cost "
    "more."
)
THINKING = mark(
    "To plan for the mean future and adapt later would cost {money} more than this plan (VSS): what it is worth to have thought of "
    "futures."
)
SAME = mark("To plan for the mean future and adapt later would cost nothing more than this plan (VSS).")
STUCK = mark(
    "The first orders of a plan for the mean future cannot be kept in every future: whoever plans so is stuck in one of them."
)
NOT_TOLD = mark(
    "Whole numbers after the first branching are relaxed, so neither the value of knowing nor that of having thought of it is told."
)
#: Shares of the expected cost below which a value is nothing, and below which what bounds leave open is not told.
NONE_OF_IT, CLOSE = 1e-6, 1e-5
#: What is open is told from this share of the value on.
OPEN = 0.05


def worth_words(tree: WrittenTree, language: Language) -> list[str]:
    """The value of knowing, and of having thought of it."""
    say, block = language.translate, tree.block
    if block["evpi"] is None:
        return [say(NOT_TOLD)] if block["recourse"] == "relaxed" else []
    lines = [_knowing(tree, language)]
    can_be_kept = block["mean_plan_can_be_kept"]
    if can_be_kept is None:
        return lines
    if not can_be_kept:
        return [*lines, say(STUCK)]
    if is_nothing(tree, block["vss"]):
        return [*lines, say(SAME)]
    return [*lines, say(THINKING, money=language.money(block["vss"], tree.currency))]


def is_nothing(tree: WrittenTree, money: float) -> bool:
    """True for an amount that is below what can be told from none."""
    return money < NONE_OF_IT * abs(tree.block["expected_cost"])


def _knowing(tree: WrittenTree, language: Language) -> str:
    say, evpi = language.translate, float(tree.block["evpi"])
    found = tree.block.get("evpi_range")
    most = evpi if found is None else float(found[1])
    is_open = most - evpi > max(OPEN * evpi, CLOSE * abs(tree.block["expected_cost"]))
    shown, limit = (language.money(value, tree.currency) for value in (evpi, most))
    if is_nothing(tree, evpi):
        return say(NOTHING_FOUND, most=limit) if is_open else say(NOTHING)
    return say(ABOUT, money=shown, most=limit) if is_open else say(KNOWING, money=shown)
