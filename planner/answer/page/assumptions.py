"""What the plan rests on: figures taken from the catalogue, what is not modelled, versions, gap, hourly differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from planner.answer import series
from planner.answer.caveats import proof_sentence, told_share
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, join, table, tag
from planner.answer.purchase import estimate_count, told_grades
from planner.answer.standing_words import titled
from planner.answer.summary import day_count, is_of_all_hours
from planner.language.language import mark
from planner.language.words import PLANS, named, told_days
from planner.tables.schema import TABLES

# --- sure ------------------------------------------------------------------------------------------------------------------
# How sure the answer is, in one place: what is proven, what is only checked, what is assumed.


def how_sure(report: Report, more: Iterable[Markup | None] = ()) -> Markup:
    """A line each: whether the plan holds in every hour, what is proven, what is assumed, who checked it, and `more`."""
    say = report.language.translate
    parts = (
        (say("Does it hold in every hour?"), [*_checked(report)]),
        (say("Is it the cheapest way?"), [*_proven(report)]),
        (say("What is assumed?"), [*_assumed(report)]),
        (say("Who checked it?"), [*_checkers(report)]),
    )
    rows = []
    for what, (first, *rest) in ((what, told) for what, told in parts if told):
        line = join([tag("b", what), " ", first])
        rows.append(tag("li", tag("details", tag("summary", line), tag("p", report.language.sentences(*rest))) if rest else line))
    return tag("ul", *rows, *(tag("li", line) for line in more if line), class_="checks", id="sure")


def _checkers(report: Report) -> Iterator[str]:
    """What has worked the numbers out once more, and that no person is meant by it."""
    say = report.language.translate
    yield say("Not checked by anybody outside.")
    yield say("This program works emissions, rules and money of every plan out a second time, apart from the optimiser.")
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
    yield from _whole_units(report)
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


def _whole_units(report: Report) -> Iterator[str]:
    """What it costs that no part of a unit is on; nothing where no plant is in units."""
    cost = report.output.summary.get("units_cost")
    if cost is not None:
        words = mark(
            "Units of plants are on or off, except in hours that a warning names; that costs {cost} more than parts of units would."
        )
        yield report.language.translate(words, cost=report.language.money(cost, report.output.currency))


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
            "{grades}; assumptions.csv has each with its source.",
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


# --- assumptions -----------------------------------------------------------------------------------------------------------

#: What the model leaves out, as the README says it.
LEFT_OUT = (
    mark("The future is taken as known: one path of prices, demands and weather."),
    mark(
        "Efficiencies are fixed ratios, whatever the load. Orders are chosen with starts, least load and ramps of parts of a "
        "plant; outages are hours of the year; only stores that state a fade wear."
    ),
    mark("Networks are transport with a loss: no voltage, pressure, temperature or delay."),
    mark("A measure saves the same share in every hour; there is no rebound."),
    mark("What is captured stays stored. Exports earn money and no emission credit."),
    mark("Emissions of making equipment are not counted; scope 3 is only what the park states."),
)


def assumptions_section(report: Report) -> Section:
    """Tables and lists, no chart."""
    parts = [_hourly(report), _left_out(report), _warnings(report), _run(report)]
    return section("assumptions", report.language.translate("What the plan rests on"), *parts)


def files_section(report: Report) -> Section:
    """The tables that stand beside the page."""
    say, folder = report.language.translate, report.output.folder
    names = [table.file for table in TABLES.values() if (folder / table.file).is_file() and table.file.endswith(".csv")]
    links = (tag("li", tag("a", name, href=name)) for name in ["plan.xlsx", "finance.xlsx", *names] if (folder / name).is_file())
    return section("files", say("Files beside this page"), tag("ul", *links, class_="files"))


def _hourly(report: Report) -> Markup:
    """How the plan does in all hours, where it was operated over them."""
    say, rows, summary = report.language.translate, report.output.hourly, report.output.summary
    head = tag("h3", say("Hours"))
    if rows.empty and not day_count(summary):
        return join([head, tag("p", say("The plan was made on every hour."))])
    if rows.empty:
        words = say(
            "The plan was made on {days}. A few days can miss the hour that sizes the equipment: plan with more "
            "days, or on every hour, before anything is ordered.",
            days=told_days(report.language, day_count(summary)),
        )
        return join([head, tag("p", words)])
    note = report.language.sentences(
        say(
            "The plan was made on typical days and operated again over all hours of each year, capacities fixed; hourly.csv has "
            "both."
        ),
        _repairs(summary.get("repairs") or 0, say),
        _cost_of_hours(report),
    )
    return join([head, tag("p", note)])


def _repairs(count: int, say: Callable[..., str]) -> str:
    """A sentence on how often the plan was repaired; empty if it was not."""
    if count == 1:
        return say("It was repaired once until it held.")
    return say("It was repaired {count} times until it held.", count=count) if count else ""


def _cost_of_hours(report: Report) -> str:
    """What the plan cost on typical days beside what it costs over all hours."""
    language, summary = report.language, report.output.summary
    planned, cost = (summary.get("typical_days") or {}).get("cost"), summary.get("system_cost")
    if not planned or cost is None:
        return ""
    say, more = language.translate, (cost - planned) / abs(planned)
    values = {
        "planned": language.money(planned, report.output.currency),
        "cost": language.money(cost, report.output.currency),
        "share": language.percent(abs(more), 2),
    }
    if more < 0:
        return say("On typical days it cost {planned}; over all hours it costs {cost}, {share} less.", **values)
    return say("On typical days it cost {planned}; over all hours it costs {cost}, {share} more.", **values)


def _left_out(report: Report) -> Markup:
    say, one = report.language.translate, of_future(report)
    lines = [one or say(LEFT_OUT[0]), *(say(text) for text in LEFT_OUT[1:])]
    return join([tag("h3", say("What is not modelled")), tag("ul", *(tag("li", line) for line in lines))])


def _warnings(report: Report) -> Markup | None:
    """Warnings in the language of the page; names in them stay as the park has them."""
    found = report.output.warnings
    if not found:
        return None
    said = (report.language.tell(warning) for warning in found)
    return join([tag("h3", report.language.translate("Warnings")), tag("ul", *(tag("li", words) for words in said))])


def _run(report: Report) -> Markup:
    """Versions, gaps and what else is needed to repeat the run."""
    say = report.language.translate
    head = [say("what"), say("value")]
    return join([tag("h3", say("The run")), table(head, _facts(report), 2, say("The run"), "figures")])


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    language, facts = report.language, report.output.facts
    say = language.translate
    for name, plan in report.output.summary["plans"].items():
        if plan["system_cost"] is not None:
            yield named(language, PLANS, name), proof_sentence(language, plan, report.output.currency)
    seconds = sum(facts.get("seconds", {}).values())
    yield say("seconds of the run"), language.number(seconds, 1)
    versions = {"parkzero": facts.get("parkzero", ""), **facts.get("versions", {})}
    yield from ((name, str(version)) for name, version in versions.items())
    yield say("size"), language.tell(report.output.size)
    yield say("hash of the case"), str(facts.get("case_sha256", ""))
