"""What it is worth to know which future comes, and to have thought of futures, with what the bounds leave open."""

from __future__ import annotations

from planner.answer.tree.told import WrittenTree
from planner.language.language import Language, mark

#: What knowing is worth, and having thought of futures.
KNOWING = mark("To know now which future comes would be worth {money} (EVPI): no study of it should cost more.")
ABOUT = mark(
    "To know now which future comes would be worth about {money}, between {least} and {most} (EVPI; neither the plan nor those of "
    "single futures are proven closer): no study of it should cost more."
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
THINKING_ABOUT = mark(
    "To plan for the mean future and adapt later would cost about {money} more than this plan, between {least} and {most} (VSS; "
    "neither of the two is proven closer): what it is worth to have thought of futures."
)
SAME_FOUND = mark(
    "To plan for the mean future and adapt later would cost nothing more than this plan as far as was found, at most {most} (VSS)."
)
SAME = mark("To plan for the mean future and adapt later would cost nothing more than this plan (VSS).")
STUCK = mark(
    "The first orders of a plan for the mean future cannot be kept in every future: whoever plans so is stuck in one of them."
)
MEANT = mark(
    "EVPI: expected value of perfect information. VSS: value of the stochastic solution, that is of a plan that knows of several "
    "futures."
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
    lines, can_be_kept = [_told(tree, "evpi", (NOTHING, NOTHING_FOUND, KNOWING, ABOUT), language)], block["mean_plan_can_be_kept"]
    if can_be_kept is not None:
        lines.append(_told(tree, "vss", (SAME, SAME_FOUND, THINKING, THINKING_ABOUT), language) if can_be_kept else say(STUCK))
    return [*lines, say(MEANT)]


def is_nothing(tree: WrittenTree, money: float) -> bool:
    """True for an amount that is below what can be told from none."""
    return money < NONE_OF_IT * abs(tree.block["expected_cost"])


def _told(tree: WrittenTree, name: str, words: tuple[str, str, str, str], language: Language) -> str:
    """A value with what the bounds leave of it; words of none, of none as far as was found, of an amount, of about that amount."""
    say, value = language.translate, float(tree.block[name])
    least, most = (float(end) for end in tree.block.get(f"{name}_range") or (value, value))
    nothing, nothing_found, amount, about = words
    is_open = most - least > max(OPEN * abs(value), CLOSE * abs(tree.block["expected_cost"]))
    shown = {end: language.money(number, tree.currency) for end, number in (("money", value), ("least", least), ("most", most))}
    if is_nothing(tree, value):
        return say(nothing_found, most=shown["most"]) if is_open else say(nothing)
    return say(about, **shown) if is_open else say(amount, money=shown["money"])
