"""The first screen as rows: verdict, decision, four figures, orders by year, and how sure it is, a line each."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer import series
from planner.answer.bank import present_values
from planner.answer.caveats import aside_words, contradicted, told_chain_cost, told_in_one, told_share
from planner.answer.facts import Told, fact, told
from planner.answer.money import (
    COSTS_HELD,
    at_end,
    decision,
    orders_of,
    saved_against,
    told_back,
    told_between,
    told_decision,
    told_timing,
    usual,
)
from planner.answer.page.report import Report
from planner.answer.purchase import estimate_count, told_grades
from planner.answer.standing_words import is_proposal, titled, told_besides, told_gross, told_measured, told_standing, told_whose
from planner.answer.summary import day_count, is_of_all_hours
from planner.answer.sure import amount_of, change_of
from planner.explain.blocking import NOT_IN_HOURS
from planner.language.language import NONE, mark
from planner.language.words import METRICS, PLANS, STAGES, STATUSES, named, told_days
from planner.plan import LEAST_COST

# --- verdict ---------------------------------------------------------------------------------------------------------------


@told
def verdict(report: Report) -> Iterator[Told]:
    """Whether the goal can be met, and of a chain of plans what not knowing costs; without a plan why not."""
    if not report.output.has_plan:
        yield from why_not(report)
        return
    yield from can_it_be_done(report)
    if clause := told_chain_cost(report.language, report.output.summary, report.output.currency):
        yield report.language.translate("{sentence}.", sentence=clause[:1].upper() + clause[1:])


def can_it_be_done(report: Report) -> Iterator[Told]:
    """Yes or no with park, stage and year; where it is yes also by whose rules, and whether and by how much by those in
    force."""
    language, output = report.language, report.output
    say, summary, rules = language.translate, output.summary, output.target["stages"]
    later = {y for y in output.years if y > summary["by"]}
    stays = bool(later) and later <= set(rules[rules["stage"] == summary["target"]]["year"])
    if not rules["holds"].all():
        words = mark("Not as planned: {park} misses a rule of {stage} by {year} in this plan.")
    elif summary.get("hourly_failure"):
        words = mark("Not as planned: {park} cannot be served in every hour in this plan.")
    elif summary.get("operated_cost") is not None:
        words = mark("On typical days {park} is {stage} by {year}, and operated in all hours it is so, too.")
    elif not is_of_all_hours(summary):
        words = mark("On typical days {park} is {stage} by {year}; that it is in all hours was not shown.")
    elif is_proposal(summary):
        until = mark("Yes, by this program's own rules: {stage} by {year}, and so until {last}.")
        words = until if stays else mark("Yes, by this program's own rules: {stage} by {year}.")
    else:
        until = mark("Yes: {park} can be {stage} by {year} and stays so until {last}.")
        words = until if stays else mark("Yes: {park} can be {stage} by {year}.")
    stage = named(language, STAGES, summary["target"])
    yield say(words, park=summary["park"], stage=stage, year=summary["by"], last=output.years[-1])
    if words.startswith("Yes"):
        force = (b for b in summary.get("beside") or () if b["rules"][0].get("standing") == "in force")
        yield told_whose(language, summary, rules), language.sentences(*(told_measured(language, b) for b in force))


def why_not(report: Report) -> Iterator[str]:
    """Sentences of a run without a plan: that it cannot be, by how much, on what that rests, and the cheapest remedy.

    Of a chain of plans it is said first where that ends: who knows all from the start has a plan.
    """
    language, output = report.language, report.output
    say, summary, explanation = language.translate, output.summary, list(output.explanation)
    if summary["status"] != "infeasible":
        yield say("no plan: {status}", status=named(language, STATUSES, summary["status"]))
        yield from map(language.tell, explanation)
        return
    if summary.get("foresight"):
        yield language.tell(explanation.pop(0))
    else:
        stage = named(language, STAGES, summary["target"])
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
    """The first row of explain.csv that is enough alone; else those that are enough together."""
    language, rows = report.language, report.output.explain
    say, enough = language.translate, rows[rows["needed"].notna()]
    together = enough["together"].astype(bool)
    if together.all():
        none = say("No single change that was looked at is enough alone.")
        changes = say("; ").join(_instead(report, row) for _, row in enough.iterrows())
        return language.sentences(none, say("Enough together: {changes}.", changes=changes)) if changes else none
    remedy = enough[~together].iloc[0]
    extra, values = remedy["extra_cost"], {"change": _instead(report, remedy)}
    if pd.isna(extra):
        return say("The cheapest change that is enough alone: {change}.", **values)
    values["cost"] = language.money(abs(extra), report.output.currency)
    if round(extra) < 0:
        return say("The cheapest change that is enough alone: {change}; {cost} less than without a goal.", **values)
    return say("The cheapest change that is enough alone: {change}; {cost} more than without a goal.", **values)


def _instead(report: Report, row: pd.Series) -> str:
    """What would have to change, to which number, and which it is now."""
    unit = "" if row["unit"] in ("year", "1") else f" {row['unit']}"
    values = {key: amount_of(report, row[key], row["unit"]) + unit for key in ("needed", "now")}
    return report.language.translate("{change}, {needed} instead of {now}", change=change_of(report, row), **values)


# --- decision, figures, orders ---------------------------------------------------------------------------------------------

#: Orders that the first screen lists.
MOST = 7


@fact
def approve(report: Report) -> pd.DataFrame:
    """What to approve now, for how much, and when the next decision falls."""
    tables, least = report.output.target, report.output.plans.get(LEAST_COST)
    rows = told_decision(report.language, decision(tables, least), orders_of(tables), tables, report.output.currency)
    return pd.DataFrame(rows, columns=["what", "value", "of"])


@fact
def four_figures(report: Report) -> pd.DataFrame:
    """What is invested; what the goal costs; what the plan saves, and when it is paid back, against one other plan."""
    return pd.DataFrame(_figures(report), columns=["what", "value", "of"])


def _figures(report: Report) -> Iterator[tuple[str, str, str]]:
    language, output, summary = report.language, report.output, report.output.summary
    say, currency = language.translate, output.currency
    with_cash = summary["compared_with"] if not output.alone["finance"].empty else None
    against = with_cash or usual(summary)
    plan = named(language, PLANS, against) if against else ""
    of = say("full price, not discounted")
    if against:
        other = float(series.capital(output.plans[against]).to_numpy().sum())
        of += say("; ") + say("{plan}: {money}", plan=plan, money=language.money(other, currency))
    yield say("To be invested"), language.money(float(series.capital(output.target).to_numpy().sum()), currency), of
    if (goal := summary["goal_cost"]) is not None:
        dear, each = goal["money"] > 0, goal["per_tonne_discounted"]
        of = say("{cost} a tonne", cost=language.money(each, currency)) if dear and each else ""
        of = say("; ").join(filter(None, [told_between(language, summary), of]))
        yield say("The goal costs"), language.money(goal["money"], currency) if dear else say("nothing"), of
    if against is None:
        yield say("The whole plan costs"), language.money(summary["system_cost"], currency), say("discounted")
        return
    saved = saved_against(summary, against)
    words = say("Saves against {plan}", plan=plan) if saved >= 0 else say("Costs more than {plan}", plan=plan)
    worth = present_values(report, with_cash).get("npv_after_tax") if with_cash else None
    bank = say("a bank counts {money}: net present value after tax", money=language.money(worth, currency)) if worth else ""
    yield words, language.money(abs(saved), currency), bank or say("discounted")
    time, when = told_back(language, output.beside(against), output.plans[against], at_end(summary))
    if time:
        of = say("against {plan}, before tax, not discounted", plan=plan)
        yield say("Pays back in"), time, say("; ").join(filter(None, [when, of]))


@told
def savings_bridged(report: Report) -> Iterator[Told]:
    """What is saved against each plan of going on, on one scale, and why the figures of the bank and the sum of cash are others."""
    language, output, summary = report.language, report.output, report.output.summary
    say, known = language.translate, [p for p in ("reference", "business-as-usual") if p in output.plans]
    if not known:
        return
    parts = (
        say("{money} against {plan}", money=language.money(saved_against(summary, p), output.currency), plan=report.plan_name(p))
        for p in known
    )
    yield say(
        "Saved in system cost: {parts}; discounted, and each plan on the same hours. Not discounted and without the value beyond "
        "{last}, the chart of the difference below adds up to another sum; a bank also counts tax, and from the end of each year.",
        parts=say(", ").join(parts),
        last=output.years[-1],
    )


@fact
def schedule(report: Report) -> pd.DataFrame:
    """Every order: its year, what and how much, the years in which it works, what is paid; the dearest of those that are due by the
    next decision stand `first`."""
    language, found = report.language, orders_of(report.output.target)
    now = decision(report.output.target, None)
    due = [o for o in found if now is None or o.year <= (now.then or now.year)]
    first = set(sorted(due, key=lambda o: -o.paid)[:MOST])
    rows = [
        (o.year, o.what, f"{language.amount(o.size)} {o.unit}" if o.unit else NONE, o.works_from, o.works_until, o.paid, o in first)
        for o in found
    ]
    return pd.DataFrame(rows, columns=["year", "what", "size", "works_from", "works_until", "paid", "first"])


@told
def later_contradicts(report: Report) -> Iterator[Told]:
    """Orders that a later stage contradicts."""
    if report.output.has_plan:
        yield told_in_one(contradicted(report.output.target), report.language)


# --- how sure --------------------------------------------------------------------------------------------------------------


@told
def checks(report: Report) -> Iterator[Told]:
    """Six questions about the answer, each with one line; a click opens the details."""
    language, say = report.language, report.language.translate
    asked = (
        (say("Does it hold in every hour?"), _checked),
        (say("Is it the cheapest way?"), _proven),
        (say("What is assumed?"), _assumed),
        (say("Who checked it?"), _checkers),
        (say("By whose rules?"), _whose),
        (say("Which costs are counted?"), _counted),
    )
    for what, tell in asked if report.output.has_plan else asked[4:5]:
        first, *rest = [*filter(None, tell(report))] or [""]
        yield first, language.sentences(*rest), what


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
    """By how much at most another plan that meets the goal could be cheaper, on which hours, and how the search ended."""
    language, facts = report.language, report.output.summary
    say, bound, on_days = language.translate, facts["bound"], facts["typical_days"] if day_count(facts) else None
    if is_of_all_hours(facts) and bound is not None:
        money = language.money(facts["system_cost"] - bound, report.output.currency)
        if facts["gap"] < 5e-7:
            yield say("Counting every hour of every year, no plan that meets the goal is cheaper.")
        else:
            words = mark("Counting every hour of every year, no plan that meets the goal is more than {share} ({money}) cheaper.")
            yield say(words, share=told_share(language, facts["gap"]), money=money)
    elif on_days and on_days["gap"] is not None:
        words = mark("Counting {days} that stand for the year, no plan that meets the goal is more than {share} cheaper.")
        yield say(words, days=told_days(language, day_count(facts)), share=told_share(language, on_days["gap"]))
        yield say("Counting all hours, this is not proven; a plan made on every hour can prove it.")
    else:
        yield say("Not proven: there may be cheaper plans.")
    if facts.get("note"):
        gap = report.output.facts.get("options", {}).get("gap")
        words = mark("The search ended before it came to the {gap} that the settings of this run ask for.")
        yield say("The search was stopped at a limit.") if gap is None else say(words, gap=language.percent(gap, 2))


def _checked(report: Report) -> Iterator[str]:
    """Whether the plan was shown to hold in every hour, with a unit out, too; nothing where the run does not say so."""
    language, output, summary = report.language, report.output, report.output.summary
    say, verified = language.translate, report.output.summary.get("verified")
    if verified is None:
        return
    years = {"first": output.years[0], "last": output.years[-1]}
    if (cost := summary.get("operated_cost")) is not None:
        yield say(
            "✓ Yes: operated in every hour of {first} to {last}, all demand is met and every rule holds, at {cost}. The other "
            "figures here are of typical days.",
            cost=language.money(cost, output.currency),
            **years,
        )
    elif not verified and summary.get("hourly_failure"):
        yield say("✗ No: operated in every hour, it does not serve all demand or misses a rule; summary.json says where.")
    elif not verified:
        yield say("✗ Not shown: that demand is met and every rule holds was not tried in all hours of the year.")
    if cost is not None or not verified:
        return
    yield say("✓ Yes: the plan was operated in every hour of {first} to {last}, and all demand is met.", **years)
    if (more := summary.get("units_cost")) is not None:
        words = mark(
            "Units of plants are on or off, except in hours that a warning names; that costs {cost} more than parts of units would."
        )
        yield say(words, cost=language.money(more, output.currency))
    outages = output.target.get("outages")
    if outages is not None and not outages.empty:
        yield say(
            "With any one unit out it is met on the stress days of {first} to {last}; of the weeks around them that outages.csv "
            "tells up to {hours} h of a week are short.",
            first=int(outages["year"].min()),
            last=output.years[-1],
            hours=int(outages["hours_short"].max()),
        )
    rules = output.target["stages"]
    if len(rules):
        near = rules[series.missed_within(rules)]
        words = mark("Rules of {standard} that hold: {count}.")
        if len(near):
            words = mark("Rules of {standard} that hold: {count}, some within their tolerance of {tolerance} only.")
        values = {"tolerance": language.percent(near["tolerance"].max(), 1)} if len(near) else {}
        count = len(rules[["stage", "metric", "sense"]].drop_duplicates())
        yield say(words, count=count, standard=titled(language, summary["standing"]), **values)


def _assumed(report: Report) -> Iterator[str]:
    """How many figures are not the park's own, how good they are, and that there is one future."""
    language, rows = report.language, report.output.assumptions
    say = language.translate
    if len(rows):
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
    yield of_future(report)


def of_future(report: Report) -> str:
    """That the future is taken as known; on the page of one future of a plan for several, that it is one."""
    say, future = report.language.translate, (report.output.facts.get("options") or {}).get("future")
    if not future:
        return say("The future is taken as known: one path of prices, demands and weather.")
    return say(
        "This is the path of one future of several, {future}: orders before it is known are shared with the others, and chosen "
        "for all of them. The page of all futures is report.html two folders above.",
        future=future,
    )


def _whose(report: Report) -> Iterator[str]:
    """By whose rules; what they are and come to, what they ask for besides, and what gross leaves out."""
    language, output, summary = report.language, report.output, report.output.summary
    rules = told_standing(language, summary, output.target["stages"] if output.has_plan else None)
    aside = aside_words(output.warnings, language)
    if not rules:
        yield from aside
        return
    yield titled(language, summary["standing"])
    yield from (rules, *aside)
    if output.has_plan:
        today = usual(summary)
        emitted = output.plans[today]["emissions"] if today is not None and today in output.plans else None
        yield from (told_besides(language, summary["standing"]), told_gross(language, summary, emitted))
        yield (
            language.translate("What it comes to by other standards stands with emissions and rules.")
            if summary.get("beside")
            else ""
        )


def _counted(report: Report) -> Iterator[str]:
    """Which costs the figures hold."""
    language, output = report.language, report.output
    values = {"price_year": output.summary["price_year"], "first": output.years[0], "last": output.years[-1]}
    values["rate"] = language.percent(output.summary["discount_rate"], 1)
    yield language.translate("All of {first} to {last}, discounted at {rate}, in prices of {price_year}.", **values)
    yield language.translate(COSTS_HELD, **values)
    yield told_timing(output, language)
