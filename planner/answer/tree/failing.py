"""Why there is no plan for all futures and what to do then, and what must be settled before anything of a plan is ordered."""

from __future__ import annotations

from planner.answer.proof import told_share
from planner.answer.standing_words import told_standing
from planner.answer.tree.told import WrittenTree, standard_title
from planner.explain.blocking import NOT_IN_HOURS
from planner.language.language import Language, mark
from planner.language.words import told_days
from planner.machine.stopping import CTRL_C, TIME_LIMIT

ALONE = mark("The goal cannot be met in these futures, even if they were known from the start: {names}.")
TOGETHER = mark(
    "Each future by itself has a plan that meets the goal, but no orders that they share until one is known do so in all of them: "
    "that is proven."
)
TIME = mark("The time limit of {seconds} s was reached before a plan was found that meets the goal in all futures.")
STOPPED = mark("The run was stopped before a plan was found that meets the goal in all futures.")
SOLVER = mark("The solver ended without a plan, and without a proof that there is none.")
UNTRIED = mark("Of these futures not even a plan of their own was found in time: {names}.")
#: What to do next.
MORE_TIME = mark("Next: plan again with more time (--time-limit), or on fewer typical days (--days).")
LESS = mark("Next: plan again on fewer typical days (--days), or one future alone (--no-futures) to see whether it has a plan.")
EASIER = mark(
    "Next: a later year of the goal, a lower stage, or what these futures lack; --no-futures plans the park's own tables."
)
#: What stands on top of a plan that may not hold.
NOT_CHECKED = mark(
    "Not yet checked over a full year: the plan is made on typical days only ({count}); whether all demand is met and all rules "
    "hold on the other days is not known."
)
BEFORE_SIGNING = mark(
    "Before signing: plan again on more typical days (--days). And plan without futures (--no-futures): such a plan is operated in "
    "every hour and repaired where it fails; `plan what-if --in-futures` on it operates its orders in all hours of every "
    "future. Compare "
    "its orders of this year with those below."
)
NOT_YET = mark("Do not order on this yet: {reason}.")


def failure_words(tree: WrittenTree, language: Language) -> list[str]:
    """The reason, and the next step."""
    say, summary = language.translate, tree.summary
    covers = [say(NOT_IN_HOURS, count=summary["typical_days"])] if summary["typical_days"] else []
    if summary["blocking"]:
        return [say(ALONE, names=say(", ").join(summary["blocking"])), *covers, say(EASIER)]
    if summary["status"] == "infeasible":
        return [say(TOGETHER), *covers, say(EASIER)]
    reasons = {TIME_LIMIT: TIME, CTRL_C: STOPPED}
    limit = summary["time_limit"]
    words = reasons.get(summary["ended"], SOLVER)
    words = STOPPED if words is TIME and limit is None else words
    lines = [say(words, seconds=language.amount(limit)) if words is TIME else say(words)]
    if summary["alone_failed"]:
        lines.append(say(UNTRIED, names=say(", ").join(summary["alone_failed"])))
    return [*lines, say(MORE_TIME if summary["ended"] else LESS)]


def not_yet(tree: WrittenTree, language: Language) -> list[str]:
    """What speaks against ordering: futures whose demand or rules are not kept in all hours, or that were not operated in them."""
    say, hours = language.translate, tree.summary.get("in_all_hours", [])
    is_weather = any(row["from_year"] is None for row in tree.summary["differs"].values())
    if failing := [own["future"] for own in hours if not own["holds"]]:
        reason = say("in all hours demand is not met or a rule is missed in {names}", names=say(", ").join(failing))
        return [say(NOT_YET, reason=reason), say("What is missed stands under “In all hours of each weather”.")]
    if hours or not tree.summary["typical_days"]:
        return []
    if is_weather:
        reason = say("it holds on typical days, and was not operated in all hours")
        return [say(NOT_YET, reason=reason), say("Next: plan again without --no-verify, and with more time where that is out.")]
    return [say(NOT_CHECKED, count=tree.summary["typical_days"]), say(BEFORE_SIGNING)]


def checked_words(tree: WrittenTree, language: Language) -> str:
    """What is proven of the plan and on which hours, and whether it was operated in all of them, as a clause."""
    say, hours, count = language.translate, tree.summary.get("in_all_hours", []), tree.summary["typical_days"]
    gap = told_share(language, tree.block["gap"])
    if not count:
        return say("proven within {gap} in all hours", gap=gap)
    proof = say("proven within {gap} on {days}", gap=gap, days=told_days(language, count))
    failing = say(", ").join(own["future"] for own in hours if not own["holds"])
    if failing:
        truth = say("in all hours demand is not met or a rule is missed in {names}", names=failing)
    else:
        truth = say("holds in all hours of each future") if hours else say("not operated in all hours")
    return say("; ").join([proof, truth])


def goal_words(tree: WrittenTree, language: Language, stage: str) -> list[str]:
    """Goal and standard, and in which futures it is reached."""
    say, hours = language.translate, tree.summary.get("in_all_hours", [])
    lines = [say("Goal: {stage}, by the standard {standard}.", stage=stage, standard=standard_title(tree, language))]
    lines += [words] if (words := told_standing(language, tree.summary)) else []
    failing = [own["future"] for own in hours if not own["holds"]]
    names = [leaf["name"] for leaf in tree.leaves if leaf["name"] not in failing]
    count = len(tree.leaves)
    if not failing:
        days = tree.summary["typical_days"] and not hours
        words = (
            mark("The plan reaches it in all {count} futures, on typical days.")
            if days
            else mark("The plan reaches it in all {count} futures.")
        )
        lines.append(say(words, count=count))
    elif names:
        lines.append(say("All rules are kept in all hours in {names} only.", names=say(", ").join(names)))
    return lines
