"""How sure the answer is, in one place: what is proven, what is only checked, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator

from planner.language.language import mark
from planner.language.words import told_days
from planner.plan import LEAST_COST
from planner.report.page.grades import told_grades, uncertain_capital
from planner.report.page.markup import Markup, join, kept_whole, tag
from planner.report.page.report import Report
from planner.report.proof import told_share
from planner.report.summary import Facts, day_count, is_of_all_hours

#: What is asked for to learn of a bound over all hours.
PROVE = mark("Run again with --prove to learn how far at most a cheaper plan could be.")


def how_sure(report: Report) -> Markup:
    """A heading and three parts, in plain words."""
    say = report.language.translate
    parts = (
        (say("Proven"), "", _proven(report)), (say("Checked"), _looks(report), _checked(report)),
        (say("Assumed"), "", _assumed(report)),
    )  # fmt: skip
    told = ((what, class_, report.language.sentences(*sentences)) for what, class_, sentences in parts)
    rows = (join([tag("dt", what), tag("dd", kept_whole(words), class_=class_ or None)]) for what, class_, words in told if words)
    return tag("div", tag("h3", say("How sure is this?")), tag("dl", *rows), class_="sure")


def _proven(report: Report) -> Iterator[str]:
    """By how much at most another plan that meets the goal could be cheaper, and on which hours that is so."""
    language, facts = report.language, report.output.summary
    say, currency = language.translate, report.output.currency
    bound, on_days = facts["bound"], facts["typical_days"] if day_count(facts) else None
    if is_of_all_hours(facts) and bound is not None:
        share, money = told_share(language, facts["gap"]), language.money(facts["system_cost"] - bound, currency)
        yield say("Counting every hour of every year, no plan that meets the goal is more than {share} ({money}) cheaper.",
                  share=share, money=money)  # fmt: skip
        between = mark("So the goal costs between {low} and {high}."), mark("So the goal costs at most {high}.")
        yield from _goal(report, *between, *((plan["system_cost"], plan["bound"]) for plan in _pair(facts)))
    elif on_days and on_days["gap"] is not None:
        days, share = told_days(language, day_count(facts)), told_share(language, on_days["gap"])
        yield say("Searched on {days} in place of all hours: there no plan that meets the goal is more than {share} cheaper.",
                  days=days, share=share)  # fmt: skip
        each = [plan["typical_days"] or {} for plan in _pair(facts)]
        between = (
            mark("So the goal costs between {low} and {high} on these days."),
            mark("So the goal costs at most {high} on these days."),
        )
        yield from _goal(report, *between, *((own.get("cost"), own.get("bound")) for own in each))
        yield say("For all hours of the year this is not proven.")
        yield say(PROVE)
    else:
        yield say("Nothing of the cost: there may be cheaper plans.")
        if on_days:
            yield say(PROVE)
    if facts.get("note"):
        gap = report.output.facts.get("options", {}).get("gap")
        words = mark("The search ended before it came to the {gap} that was asked for.")
        yield say("The search was stopped at a limit.") if gap is None else say(words, gap=language.percent(gap, 2))


def _pair(facts: Facts) -> tuple[Facts, ...]:
    """The plan and the cheapest one without the goal, where both are there."""
    least = facts["plans"].get(LEAST_COST)
    return (facts, least) if facts["goal_cost"] is not None and least else ()


def _goal(report: Report, between: str, most: str, *plans: tuple[float | None, float | None]) -> Iterator[str]:
    """Between which amounts the cost of the goal lies, in the words of `between`, or of `most` where it may be nothing; from
    (cost, lower bound) of the plan and of the cheapest one without the goal."""
    if len(plans) < 2 or None in (*plans[0], *plans[1]):
        return
    (cost, bound), (least, least_bound) = plans
    low, high = max(bound - least, 0.0), cost - least_bound  # type: ignore[operator]
    if high > 0:
        values = {key: report.language.money(value, report.output.currency) for key, value in (("low", low), ("high", high))}
        yield report.language.translate(between if low > 0 else most, **values)


def _looks(report: Report) -> str:
    facts = report.output.summary
    verified = facts.get("verified")
    return "" if verified is None else "verified" if verified and not facts.get("hourly_failure") else "warning"


def _checked(report: Report) -> Iterator[str]:
    """Whether the plan was shown to hold in every hour; nothing where the run does not say so."""
    say, output = report.language.translate, report.output
    if output.summary.get("verified") is None:
        return
    if output.summary["verified"]:
        yield say(
            "✓ The plan was operated in every hour of {first} to {last}: demand is met, and every rule holds within its tolerance.",
            first=output.years[0], last=output.years[-1],
        )  # fmt: skip
    else:
        yield say("✗ Not every hour: that demand is met and every rule holds in all hours of the year was not shown.")


def _assumed(report: Report) -> Iterator[str]:
    """How many figures are not the park's own, how good they are, and that there is one future."""
    language, rows = report.language, report.output.assumptions
    say = language.translate
    if len(rows):
        yield say("{count} figures are of the catalogue and not of the park: {grades}.", count=language.number(len(rows)),
                  grades=told_grades(language, rows))  # fmt: skip
        share, _ = uncertain_capital(report)
        if share > 0:
            yield say("{share} of what is invested rests on the last kind.", share=language.percent(share, 0))
    else:
        yield say("All figures are the park's own.")
    yield say("The future is taken as known: one path of prices, demands and weather.")
