"""How sure the answer is, in one place: what is proven, what is only checked, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator

from planner.answer import series
from planner.answer.estimates import estimate_count
from planner.answer.page.grades import told_grades
from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report
from planner.answer.proof import told_share
from planner.answer.standing_words import titled
from planner.answer.summary import day_count, is_of_all_hours
from planner.language.language import mark
from planner.language.words import told_days

#: Who checked a plan beside this program, and what it does itself.
OUTSIDE = mark("Not checked by anybody outside.")
TWICE = mark("This program works emissions, rules and money of every plan out a second time, apart from the optimiser.")


def how_sure(report: Report) -> Markup:
    """A heading and three parts, in plain words."""
    say = report.language.translate
    parts = (
        (say("Can it be done?"), _looks(report), _checked(report)),
        (say("Is it the cheapest way?"), "", _proven(report)),
        (say("What is assumed?"), "", _assumed(report)),
        (say("Who checked it?"), "", _checkers(report)),
    )
    told = ((what, class_, report.language.sentences(*sentences)) for what, class_, sentences in parts)
    rows = (join([tag("dt", what), tag("dd", words, class_=class_ or None)]) for what, class_, words in told if words)
    return tag("div", tag("h3", say("How sure is this?")), tag("dl", *rows), class_="sure", id="sure")


def sure_in_short(report: Report) -> Markup:
    """A line each: whether the plan holds in every hour, what is proven, and who checked it; with a link to all else."""
    say = report.language.translate
    outside = join([report.language.sentences(say(OUTSIDE), say(TWICE)), tag("a", say("How sure is this?"), href="#sure")], " ")
    lines = (
        (say("Does it hold in every hour?"), next(_checked(report), "")),
        (say("Is it the cheapest way?"), report.language.sentences(*_bounded(report))),
        (say("Who checked it?"), outside),
    )
    rows = (tag("li", tag("b", what), " ", words) for what, words in lines if words)
    return tag("ul", *rows, class_="checks")


def _checkers(report: Report) -> Iterator[str]:
    """What has worked the numbers out once more, and that no person is meant by it."""
    say = report.language.translate
    yield say(OUTSIDE)
    yield say(TWICE)
    yield say(
        "It shows that emissions, rules, cost and bound follow from what was put in; not that the prices and demands put in are "
        "right."
    )


def _proven(report: Report) -> Iterator[str]:
    """What is proven, and how the search ended where it did before its time."""
    language, facts = report.language, report.output.summary
    yield from _bounded(report)
    gap = report.output.facts.get("options", {}).get("gap")
    if facts.get("note"):
        words = mark("The search ended before it came to the {gap} that the settings of this run ask for.")
        yield (
            language.translate("The search was stopped at a limit.")
            if gap is None
            else language.translate(words, gap=language.percent(gap, 2))
        )


def _bounded(report: Report) -> Iterator[str]:
    """By how much at most another plan that meets the goal could be cheaper, and on which hours that is so."""
    language, facts = report.language, report.output.summary
    say, currency = language.translate, report.output.currency
    bound, on_days = facts["bound"], facts["typical_days"] if day_count(facts) else None
    if is_of_all_hours(facts) and bound is not None:
        share, money = told_share(language, facts["gap"]), language.money(facts["system_cost"] - bound, currency)
        if facts["gap"] < 5e-7:
            yield say("Counting every hour of every year, no plan that meets the goal is cheaper.")
        else:
            yield say(
                "Counting every hour of every year, no plan that meets the goal is more than {share} ({money}) cheaper.",
                share=share,
                money=money,
            )
    elif on_days and on_days["gap"] is not None:
        days, share = told_days(language, day_count(facts)), told_share(language, on_days["gap"])
        yield say(
            "Counting {days} that stand for the year, no plan that meets the goal is more than {share} cheaper.",
            days=days,
            share=share,
        )
        yield say("Counting all hours, this is not proven; a plan made on every hour can prove it.")
    else:
        yield say("Not proven: there may be cheaper plans.")


def _looks(report: Report) -> str:
    facts = report.output.summary
    verified = facts.get("verified")
    if facts.get("operated_cost") is not None:
        return "verified"
    return "" if verified is None else "verified" if verified and not facts.get("hourly_failure") else "warning"


def _checked(report: Report) -> Iterator[str]:
    """Whether the plan was shown to hold in every hour; nothing where the run does not say so."""
    language, output = report.language, report.output
    say = language.translate
    if output.summary.get("verified") is None:
        return
    years = {"first": output.years[0], "last": output.years[-1]}
    if (cost := output.summary.get("operated_cost")) is not None:
        yield say(
            "✓ Yes: operated in every hour of {first} to {last}, all demand is met and every rule holds, at {cost}. The other "
            "figures here are of typical days.",
            cost=language.money(cost, output.currency),
            **years,
        )
        return
    if output.summary.get("hourly_failure") and not output.summary["verified"]:
        yield say("✗ No: operated in every hour, it does not serve all demand or misses a rule; summary.json says where.")
        return
    if not output.summary["verified"]:
        yield say("✗ Not shown: that demand is met and every rule holds was not tried in all hours of the year.")
        return
    yield say("✓ Yes: the plan was operated in every hour of {first} to {last}, and all demand is met.", **years)
    yield from _with_a_unit_out(report)
    rules = output.target["stages"]
    if len(rules):
        near = rules[series.missed_within(rules)]
        words = (
            mark("The {count} rules of {standard} hold.")
            if near.empty
            else mark("The {count} rules of {standard} hold, some of them within their tolerance of {tolerance}.")
        )
        if len(rules[["stage", "metric", "sense"]].drop_duplicates()) == 1:
            words = (
                mark("The rule of {standard} holds.")
                if near.empty
                else mark("The rule of {standard} holds, within its tolerance of {tolerance}.")
            )
        values = {
            "count": len(rules[["stage", "metric", "sense"]].drop_duplicates()),
            "standard": titled(language, output.summary["standing"]),
            "tolerance": language.percent(near["tolerance"].max(), 1) if len(near) else "",
        }
        yield say(words, **values)
        if output.summary.get("beside"):
            yield say("Other standards: see above.")


def _with_a_unit_out(report: Report) -> Iterator[str]:
    """On which days all demand is met with a unit out, too: in the hours of the year nothing is; nothing where no reserve asks."""
    outages, say = report.output.target.get("outages"), report.language.translate
    if outages is None or outages.empty:
        return
    first, last, hours = int(outages["year"].min()), report.output.years[-1], int(outages["hours_short"].max())
    if hours:
        yield say(
            "With any one unit out it is met on the stress days of {first} to {last}, but not in all of the weeks around them that "
            "outages.csv tells: up to {hours} h of a week are short.",
            first=first,
            last=last,
            hours=hours,
        )
    else:
        yield say(
            "With any one unit out it is met on the stress days of {first} to {last}; 0 h are short of the weeks around them that "
            "outages.csv tells.",
            first=first,
            last=last,
        )


def _assumed(report: Report) -> Iterator[str]:
    """How many figures are not the park's own, how good they are, and that there is one future."""
    language, rows = report.language, report.output.assumptions
    say = language.translate
    if len(rows) == 1:
        yield say("One figure is not the park's own but of the program's catalogue: {grades}.", grades=told_grades(language, rows))
    elif len(rows):
        yield say(
            "{count} figures (prices, lifetimes, efficiencies and so on) are not the park's own but of the program's catalogue: "
            "{grades}.",
            count=language.number(len(rows)),
            grades=told_grades(language, rows),
        )
    else:
        yield say("All figures are the park's own.")
    if own := estimate_count(report.output.summary):
        words = mark("Rows of the park's own tables that it marks as estimates or illustrative: {count}.")
        yield say(words, count=language.number(own))
    yield of_future(report) or say("The future is taken as known: one path of prices, demands and weather.")


def of_future(report: Report) -> str:
    """On the page of one future of a plan for several: that it is one; empty on any other."""
    future = (report.output.facts.get("options") or {}).get("future")
    if not future:
        return ""
    return report.language.translate(
        "This is the path of one future of several, {future}: orders before it is known are shared with the others, and chosen "
        "for all of them. The page of all futures is report.html two folders above.",
        future=future,
    )
