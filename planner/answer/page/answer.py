"""The first screen: what a person asks first; and how sure that is: what could change it, and what would end the goal."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from models.metrics import METRICS as MEASURED
from planner.answer import series
from planner.answer.caveats import told_chain_cost
from planner.answer.hangs_on import GoalPart, called, composition, hangs_on, told_composition, told_hangs_on
from planner.answer.page.assumptions import how_sure
from planner.answer.page.costs import costs
from planner.answer.page.emissions import net_chart, whose
from planner.answer.page.questions import SENSITIVITY, question_part
from planner.answer.page.remedies import amount_of, change_of
from planner.answer.page.report import Report, Section, section
from planner.answer.page.schedule import capital_chart, first_orders
from planner.answer.page.swings import swings
from planner.answer.page.table import Markup, join, number, table, tag
from planner.answer.purchase import uncertain_capital, uncertain_energy
from planner.answer.standing_words import is_proposal, titled, told_in_force
from planner.answer.summary import is_of_all_hours
from planner.explain.blocking import NOT_IN_HOURS
from planner.language.language import mark
from planner.language.words import METRICS, STAGES, STATUSES, named

# --- verdict ---------------------------------------------------------------------------------------------------------------
# The verdict: whether the goal can be met and what makes net emissions as low as it asks, or why it cannot.


def can_it_be_done(report: Report) -> str:
    """Yes or no with park, stage and year, by whose rules, and whether by those in force."""
    language, output = report.language, report.output
    say, summary = language.translate, output.summary
    values = {"park": summary["park"], "stage": named(language, STAGES, summary["target"]), "year": summary["by"]}
    if not output.target["stages"]["holds"].all():
        return say("Not as planned: {park} misses a rule of {stage} by {year} in this plan.", **values)
    if summary.get("hourly_failure"):
        return say("Not as planned: {park} cannot be served in every hour in this plan.", **values)
    if summary.get("operated_cost") is not None:
        return say("On typical days {park} is {stage} by {year}, and operated in all hours it is so, too.", **values)
    if not is_of_all_hours(summary):
        return say("On typical days {park} is {stage} by {year}; that it is in all hours was not shown.", **values)
    if is_proposal(summary):
        yes = mark("Yes by this program's own rules ({standard}): {park} can be {stage} by {year} and stays so until {last}.")
        yes = yes if stays(report) else mark("Yes by this program's own rules ({standard}): {park} can be {stage} by {year}.")
        values |= {"standard": titled(language, summary["standing"])}
    else:
        yes = mark("Yes: {park} can be {stage} by {year} and stays so until {last}.")
        yes = yes if stays(report) else mark("Yes: {park} can be {stage} by {year}.")
    told = [say(yes, last=output.years[-1], **values), told_in_force(language, summary, output.target["stages"])]
    return language.sentences(*filter(None, told))


def stays(report: Report) -> bool:
    """True if the rules of the goal are in force, and hold, in every year after that of the goal, and there is one."""
    summary, later = report.output.summary, [y for y in report.output.years if y > report.output.summary["by"]]
    rules = report.output.target["stages"]
    return bool(later) and set(later) <= set(rules[rules["stage"] == summary["target"]]["year"])


def why_not(report: Report) -> Iterator[str]:
    """Sentences of a run without a plan: that it cannot be, by how much, on what that rests, and the cheapest remedy.

    Of a chain of plans it is said first where that ends: who knows all from the start has a plan.
    """
    language, output = report.language, report.output
    say, summary = language.translate, output.summary
    stage = named(language, STAGES, summary["target"])
    if summary["status"] != "infeasible":
        yield say("no plan: {status}", status=named(language, STATUSES, summary["status"]))
        yield from map(language.tell, output.explanation)
        return
    explanation = list(output.explanation)
    if summary.get("foresight"):
        yield language.tell(explanation.pop(0))
    else:
        yield say("No: {park} cannot be {stage} by {year}.", park=summary["park"], stage=stage, year=summary["by"])
    missed = [*(summary.get("breaches") or []), *(summary.get("blocking") or [])]
    if not missed:
        yield from map(language.tell, explanation)
        return
    worst = max(missed, key=lambda b: float(b["amount"]))
    yield say(
        "What comes nearest misses by {amount} {unit} in {year}: {metric}.",
        amount=language.amount(worst["amount"]),
        unit=worst["unit"],
        year=worst["year"],
        metric=named(language, METRICS, worst["metric"]),
    )
    yield from (language.tell(text) for text in explanation if getattr(text, "template", "") == NOT_IN_HOURS)
    yield _cheapest_way(report)


def _cheapest_way(report: Report) -> str:
    """The first row of explain.csv that is enough alone."""
    language, rows = report.language, report.output.explain
    say = language.translate
    alone = rows[rows["needed"].notna() & ~rows["together"].astype(bool)]
    if alone.empty:
        together = [_instead(report, row) for _, row in rows[rows["together"].astype(bool) & rows["needed"].notna()].iterrows()]
        if together:
            return say(
                "No single change that was looked at is enough alone. Enough together: {changes}.", changes=say("; ").join(together)
            )
        return say("No single change that was looked at is enough alone.")
    remedy = alone.iloc[0]
    values = {"change": _instead(report, remedy)}
    if pd.isna(remedy["extra_cost"]):
        return say("The cheapest change that is enough alone: {change}.", **values)
    extra = float(remedy["extra_cost"])
    values["cost"] = language.money(abs(extra), report.output.currency)
    if round(extra) < 0:
        return say("The cheapest change that is enough alone: {change}; {cost} less than without a goal.", **values)
    return say("The cheapest change that is enough alone: {change}; {cost} more than without a goal.", **values)


def _instead(report: Report, row: pd.Series) -> str:
    """What would have to change, to which number, and which it is now."""
    needed, now = (amount_of(report, row[key], row["unit"]) for key in ("needed", "now"))
    unit = "" if row["unit"] in ("year", "1") else f" {row['unit']}"
    return report.language.translate(
        "{change}, {needed} instead of {now}", change=change_of(report, row), needed=needed + unit, now=now + unit
    )


# --- risks -----------------------------------------------------------------------------------------------------------------
# What could change the answer: figures that move the saving most, prices that may rise, figures of low grade, spending limits
# that are reached, no reserve.

#: From this share of its budget on, a year has reached it.
REACHED = 0.995
#: Most parts that are named.
NAMED = 4


def risks(report: Report) -> Markup:
    """A heading, a sentence for each, and what moves the saving most."""
    say = report.language.translate
    anew = None if report.output.alone[SENSITIVITY].empty else question_part(report, SENSITIVITY)
    found = [*_figures(report), *_of_energy(report), *_budgets(report), *_reserve(report)]
    listed = tag("ul", *(tag("li", words) for words in found))
    return tag("div", tag("h3", say("What could change it?")), listed, swings(report), anew, class_="risks")


def _figures(report: Report) -> Iterator[str]:
    """The share of what is invested whose figure is an estimate, of the catalogue or of the park, and the largest parts of it."""
    language, years = report.language, report.output.years
    share, paid = uncertain_capital(report.output, report.titles)
    if share <= 0:
        return
    largest = (f"{name} {language.money(float(money), report.output.currency)}" for name, money in paid.head(NAMED).items())
    yield language.translate(
        "{share} of what is invested from {first} to {last} has prices of general knowledge, or that the park marks as estimates; "
        "the largest: {largest}: ask for quotes.",
        share=language.percent(share, 0),
        first=years[0],
        last=years[-1],
        largest=language.translate(", ").join(largest),
    )


def _of_energy(report: Report) -> Iterator[str]:
    """The share of what is paid for energy whose price is an estimate of the park, and the largest parts of it."""
    language, (share, parts) = report.language, uncertain_energy(report.output, report.titles)
    if share > 0:
        say = language.translate
        told = (f"{name} {language.percent(part, 0)}" for name, part in parts.head(NAMED).items())
        yield say(
            "{share} of what is paid for energy, discounted, rests on prices that the park marks as estimates ({parts}): ask for "
            "quotes.",
            share=language.percent(share, 0),
            parts=say(", ").join(told),
        )


def _budgets(report: Report) -> Iterator[str]:
    """Years in which as much is spent as may be."""
    tables, say = report.output.target, report.language.translate
    budget = tables["budget"].set_index("year")["budget"]
    paid = series.capital(tables).sum(axis=1).reindex(budget.index).fillna(0.0)
    reached = [y for y in budget.index if budget[y] > 0 and paid[y] >= REACHED * budget[y]]
    if reached:
        money = report.language.money
        limits = (say("{what} ({more})", what=int(y), more=money(float(budget[y]), report.output.currency)) for y in reached)
        told = say(", ").join(limits)
        yield say("The spending limit of {years} is reached: with a higher one the plan may cost less.", years=told)


def _reserve(report: Report) -> Iterator[str]:
    reserves = report.output.target.get("reserves")
    outages = report.output.target.get("outages")
    if outages is not None and not outages.empty:
        short = outages[outages["hours_short"] > 0]
        if len(short):
            worst = short.loc[short["energy_short"].idxmax()]
            yield report.language.translate(
                "With a unit of {name} out {hours} hours of a week of {year} are not served in full ({worst} MW at worst).",
                name=str(worst["technology"]),
                hours=int(worst["hours_short"]),
                year=int(worst["year"]),
                worst=f"{worst['worst']:.3g}",
            )
    elif reserves is None or reserves.empty:
        yield report.language.translate("No reserve is stated: the plan does not cover the outage of a unit.")


# --- answer ----------------------------------------------------------------------------------------------------------------


def answer_section(report: Report) -> Section:
    """Can it be done, what does it cost, when is it paid and what is left, what comes first, whose zero it is."""
    say = report.language.translate
    if not report.output.has_plan:
        sentences = tag("div", join(tag("p", s) for s in why_not(report)), class_="lead")
        return section("answer", say("The answer"), sentences, whose(report))
    return section(
        "answer",
        say("The answer"),
        tag("div", tag("p", can_it_be_done(report)), _of_chain(report), class_="lead"),
        costs(report),
        tag("div", net_chart(report), capital_chart(report), first_orders(report), class_="grid"),
        _made_of(report),
        how_sure(report),
        whose(report),
    )


def _made_of(report: Report) -> Markup:
    """What net emissions are made of in the year of the goal, and in the last year."""
    output, language, summary = report.output, report.language, report.output.summary
    years = [y for y in dict.fromkeys((summary["by"], output.years[-1])) if y in output.years]
    parts = (composition(output.target, summary["accounting"], y) for y in years)
    told = (told_composition(language, own, summary["base_emissions"], summary.get("base_location")) for own in parts)
    return tag("ul", *(tag("li", words) for words in told), class_="made")


def risks_section(report: Report) -> Section:
    """What could change the answer, and what would end the goal."""
    return section("risks", report.language.translate("How sure is this?"), risks(report), _what_would_end_it(report))


def _of_chain(report: Report) -> Markup | None:
    """That the plan is a chain of plans, and what not knowing costs it; None of any other plan."""
    language, output = report.language, report.output
    clause = told_chain_cost(language, output.summary, output.currency)
    return tag("p", language.translate("{sentence}.", sentence=clause[:1].upper() + clause[1:])) if clause else None


def _what_would_end_it(report: Report) -> Markup | None:
    """A row for each part, in the year of the goal and in the last year; None where nothing is taken off."""
    output, language, say = report.output, report.language, report.language.translate
    summary, by = output.summary, output.summary["by"]
    years = list(dict.fromkeys((by, output.years[-1])))
    found = {year: hangs_on(output.target, summary["accounting"], summary["target"], year) for year in years}
    if not found[by]:
        return None
    title, content = say("What would end the goal"), [tag("p", told_hangs_on(language, found[by], by))]
    note = say("One thing missing at a time, all else as planned, nothing ordered in its place.")
    if any(part.is_missed for parts in found.values() for part in parts):
        head = [say("if missing"), say("missed then"), *(say("{year}: by t", year=year) for year in years)]
        content = [table(head, _rows(report, found), 2, title)]
    more = say(
        "What could be decided instead, `plan what-if` and `plan explain --projects` find out. A contract's power is taken "
        "from the grid, "
        "at the mean emissions of what is bought there in that year; of capture, all CO2 captured is missing. Rules that a "
        "standard works out with its own factors, of energy or of shares are not in this table; the margins of those in force "
        "stand above."
    )
    caption = tag("figcaption", tag("h3", title), tag("p", note, class_="note"))
    return tag("figure", caption, *content, tag("p", more, class_="note"), class_="ends")


def _rows(report: Report, found: dict[int, list[GoalPart]]) -> list[list[object]]:
    """What is missing, which rules are missed then, and in each year by how much."""
    language, rows = report.language, list[list[object]]()
    for key in dict.fromkeys((part.kind, part.name) for parts in found.values() for part in parts):
        own = {year: next((p for p in parts if (p.kind, p.name) == key), None) for year, parts in found.items()}
        there = [part for part in own.values() if part is not None]
        phrases = dict.fromkeys(MEASURED[m].phrase for part in there for m in part.metrics)
        rules = language.translate(", ").join(map(language.translate, phrases)) or language.translate("nothing")
        cells = [
            number(part.over, language.number(part.over)) if part is not None and part.is_missed else number(None, "")
            for part in own.values()
        ]
        rows.append([called(language, there[0]), rules, *cells])
    return rows
