"""What it costs: what the plan saves, what the goal takes of that, when money is needed. Discounted and undiscounted are never
in one sum."""

from __future__ import annotations

from collections.abc import Iterator

from planner.answer import series
from planner.answer.goal_cost import IN_SHORT, told_between
from planner.answer.page.bank import present_values
from planner.answer.page.finance_tiles import cover_tile, energy_tile, told_funding
from planner.answer.page.goal_defined import goal_defined
from planner.answer.page.markup import Markup, tag
from planner.answer.page.report import Report
from planner.answer.saving import COSTS, at_end, back, beyond, told_back, told_beyond, told_timing, usual
from planner.language.language import mark
from planner.language.words import PLANS, named
from planner.plan import BUSINESS, LEAST_COST, REFERENCE

#: Years whose capital is told one by one.
YEARS = 4


def costs(report: Report) -> Markup:
    """The question, the answer in a sentence, and a tile for each figure."""
    found = (tag("li", tag("span", what), tag("b", figure), tag("small", of)) for what, figure, of in _tiles(report))
    title = tag("h3", report.language.translate("What does it cost?"))
    return tag("div", title, tag("p", _in_short(report), class_="short"), tag("ul", *found, class_="tiles"), class_="cost")


def costs_in_full(report: Report) -> Markup:
    """Notes below the costs: value beyond the horizon, the value after tax, what the cost of the goal means, and the currency."""
    language, output = report.language, report.output
    summary = output.summary
    note = language.translate(
        COSTS,
        price_year=summary["price_year"],
        first=output.years[0],
        last=output.years[-1],
        rate=language.percent(summary["discount_rate"], 1),
    )
    if usual(summary) is not None:
        note = language.sentences(note, told_timing(language, at_end(summary)))
    return tag("div", _of_the_saving(report), goal_defined(report), tag("p", note, class_="note"), class_="cost")


def _others(report: Report) -> dict[str, float]:
    """System cost of the plans that were made."""
    plans = report.output.summary["plans"]
    return {name: facts["system_cost"] for name, facts in plans.items() if facts["system_cost"] is not None}


def _in_short(report: Report) -> str:
    """What the plan saves or costs against going on as today, and what the goal takes of that."""
    language, summary, currency = report.language, report.output.summary, report.output.currency
    cost, others, today, goal = summary["system_cost"], _others(report), usual(summary), summary["goal_cost"]
    values = {"cost": language.money(cost, currency)}
    if today is None:
        return language.translate("The plan costs {cost}.", **values)
    saved = others[today] - cost
    values |= {"saved": language.money(abs(saved), currency), "plan": _explained(report, today)}
    if goal is None or goal["money"] <= 0:
        less = mark("The plan costs {cost}, {saved} less than {plan}.")
        more = mark("The plan costs {cost}, {saved} more than {plan}.")
        return language.translate(less if saved >= 0 else more, **values)
    values |= {"goal": language.money(goal["money"], currency), "without": language.money(abs(saved + goal["money"]), currency)}
    if saved >= 0:
        words = mark(
            "The plan costs {cost} and saves {saved} against {plan}. Without the goal it would save {without}: the goal costs "
            "{goal}."
        )
    elif saved + goal["money"] >= 0:
        words = mark(
            "The plan costs {cost}, {saved} more than {plan}. Without the goal it would save {without}: the goal costs {goal}."
        )
    else:
        words = mark(
            "The plan costs {cost}, {saved} more than {plan}. Without the goal it would be {without} more: the goal costs {goal}."
        )
    return language.translate(words, **values)


def _of_the_saving(report: Report) -> Markup | None:
    """How much of the saving against going on as today is value beyond the horizon, and what a bank counts; None without both."""
    language, output = report.language, report.output
    summary, today = output.summary, usual(output.summary)
    if today is None:
        return None
    later = told_beyond(language, summary, output.target, output.plans[today], today)
    words = language.sentences(later, _of_a_bank(report, _others(report)[today] - summary["system_cost"], today))
    return tag("p", words, class_="saving") if words else None


def _explained(report: Report, plan: str) -> str:
    """What a plan is called, and in few words what it is: as it is told where it is named first."""
    values = {"plan": named(report.language, PLANS, plan), "meaning": report.language.translate(IN_SHORT[plan])}
    return report.language.translate("{plan} ({meaning})", **values)


def _of_a_bank(report: Report, saved: float, today: str) -> str:
    """A sentence where the present value after tax is less than the saving, else what the plan is that finance compares with, where
    that was not named before (as `today`); empty where no cash is reckoned."""
    language, against = report.language, report.output.summary["compared_with"]
    found = present_values(report, against) if against else {}
    worth, rate = found.get("npv_after_tax"), found.get("irr_after_tax")
    plan = named(language, PLANS, against) if against in (today, None) else _explained(report, against)
    if worth is None or worth >= saved:
        is_new = against not in (today, None) and not report.output.alone["finance"].empty
        return language.translate("Figures of finance compare with {plan}.", plan=plan) if is_new else ""
    words = (
        mark(
            "A bank counts less: {worth} net present value after tax, real, against {plan}; how one leads to the other is under "
            "Finance."
        )
        if rate is None
        else mark(
            "A bank counts less: {worth} net present value and {rate} a year of return after tax, both real, against {plan}; how "
            "one leads to the other is under Finance."
        )
    )
    return language.translate(words, worth=language.money(worth, report.output.currency), rate=language.percent(rate), plan=plan)


def _tiles(report: Report) -> Iterator[tuple[str, str, str]]:
    language, output = report.language, report.output
    say, summary, currency = language.translate, output.summary, output.currency
    cost, others, today = summary["system_cost"], _others(report), usual(summary)
    yield from _goal(report)
    if today is None:
        yield say("The whole plan costs"), language.money(cost, currency), say("discounted")
    else:
        heads = {BUSINESS: say("Against business as usual"), REFERENCE: say("Against the reference")}
        words = mark("{money} more") if cost > others[today] else mark("{money} less")
        of = say(
            "{cost} for the plan, {money} for {plan}; both discounted",
            cost=language.money(cost, currency),
            money=language.money(others[today], currency),
            plan=named(language, PLANS, today),
        )
        if later := beyond(summary, output.target, output.plans[today], today):
            of += say("; ") + say(
                "{beyond} of it is value beyond {last}", beyond=language.money(later, currency), last=output.years[-1]
            )
        yield heads[today], say(words, money=language.money(abs(cost - others[today]), currency)), of
        yield from _payback(report, today)
    yield _invested(report)
    against = summary["compared_with"]
    if against and not output.alone["finance"].empty:
        yield from filter(None, (cover_tile(report, against), energy_tile(report)))


def _goal(report: Report) -> Iterator[tuple[str, str, str]]:
    """What the goal itself costs: the plan less the cheapest one without the goal."""
    language, summary = report.language, report.output.summary
    found, say, currency = summary["goal_cost"], language.translate, report.output.currency
    if found is None:
        return
    if found["money"] <= 0:
        yield say("The goal costs"), say("nothing"), say("the cheapest plan that was found without it is no cheaper")
        return
    least = language.money(summary["plans"][LEAST_COST]["system_cost"], currency)
    of = say("more than the cheapest plan found without it ({cost}), both discounted.", cost=least)
    between = told_between(language, summary, currency)
    yield say("The goal costs"), language.money(found["money"], currency), language.sentences(of, between)


def _payback(report: Report, today: str) -> Iterator[tuple[str, str, str]]:
    """After how many years the plan has paid back against going on as today."""
    language, output = report.language, report.output
    rate, late = float(output.summary["discount_rate"]), at_end(output.summary)
    found = back(output.target, output.plans[today], rate, late)
    if found.years == 0:
        return  # nothing is laid out first
    plain, discounted = told_back(language, found, late)
    of = language.translate(
        "From the first payment until what is laid out more than in {plan} is back for good; discounted at {rate}: {discounted}.",
        plan=named(language, PLANS, today),
        rate=language.percent(rate, 1),
        discounted=discounted,
    )
    yield language.translate("Pays back"), plain, of


def _invested(report: Report) -> tuple[str, str, str]:
    """Capital of all years as it is paid, how much of it when, and how much business as usual takes."""
    language, currency, say = report.language, report.output.currency, report.language.translate
    capital = series.capital(report.output.target).sum(axis=1)
    paid = capital[capital > 0]
    if paid.empty:
        return say("To be invested"), language.money(0.0, currency), say("nothing has to be built")
    unit, size = language.money_unit(currency, float(capital.sum()))
    years = say("; ").join(
        say("{year}: {amount}", year=int(str(y)), amount=language.number(v / size, 1)) for y, v in paid.head(YEARS).items()
    )
    of = say("full price as it is paid, not discounted; of it in {years} {unit}", years=years, unit=unit)
    today = usual(report.output.summary)
    if today is not None:
        other = float(series.capital(report.output.plans[today]).to_numpy().sum())
        told = f"{language.number(other / size, 1)} {unit}"
        of += say("; ") + say("{plan}: {money}", plan=named(language, PLANS, today), money=told)
    if against := report.output.summary["compared_with"]:
        plan = named(language, PLANS, against) if against == today else _explained(report, against)
        of += say("; ") + funding if (funding := told_funding(report, against, plan)) else ""
    return say("To be invested"), language.money(float(capital.sum()), currency), of
