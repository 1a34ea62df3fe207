"""What it costs: what the plan saves, what the goal takes of that, when money is needed. Discounted and undiscounted are never
in one sum."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer import series
from planner.answer.caveats import gap_columns, told_share
from planner.answer.hangs_on import net_told
from planner.answer.money import (
    COSTS_HELD,
    IN_SHORT,
    MEANING,
    PER_TONNE,
    at_end,
    beyond,
    cumulated,
    per_tonne,
    told_back,
    told_between,
    told_timing,
    usual,
    yearly,
)
from planner.answer.page.charts import YearChart
from planner.answer.page.finance import covers, ends_of, nearest, present_values, told_end
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, added_up, join, number, table, tag
from planner.finance.ends import COVER
from planner.language.language import mark
from planner.language.words import COSTS, PLANS, STATUSES, named
from planner.plan import BUSINESS, LEAST_COST, REFERENCE

# --- finance tiles ---------------------------------------------------------------------------------------------------------
# What a bank looks for first where a park states its [finance]: the least cover of the debt, and how much money the plan asks for.

#: A tile: what it is of, the figure, and what the figure is.
Tile = tuple[str, str, str]


def figures_of_all(report: Report, against: str) -> dict[str, float]:
    """Figures of everything against a plan that have no basis or are nominal; empty where there is no [finance]."""
    rows = report.output.alone["finance"]
    own = rows[(rows["against"] == against) & (rows["account"] == "all") & (rows["basis"] != "real")]
    return {str(r.figure): float(r.value) for r in own.itertuples() if pd.notna(r.value)}


def cover_tile(report: Report, against: str) -> Tile | None:
    """The least debt cover with its year, and what would end it; None where no debt is served."""
    language, say = report.language, report.language.translate
    least = figures_of_all(report, against).get(COVER)
    if least is None:
        return None
    by_year = covers(report, against)["cover"]
    figure = language.number(least, 2)
    if len(by_year):
        figure = say("{cover} in {year}", cover=figure, year=int(by_year.idxmin()))
    plan = named(language, PLANS, against)
    parts = [say("of the worst year: cash that the plan saves against {plan}, after tax, divided by debt service", plan=plan)]
    rows = ends_of(report, against)
    ended = nearest(rows[rows["figure"] == COVER])
    if len(ended):
        parts.append(say("it falls to 1.00 with this alone: {change}", change=told_end(report, next(ended.itertuples()))))
    return say("Least debt cover"), figure, say("; ").join(parts)


def told_funding(report: Report, against: str, plan: str) -> str:
    """What is borrowed, and the most that the owner puts up, against a plan, in words `plan`; empty where there is no
    [finance]."""
    found, currency = figures_of_all(report, against), report.output.currency
    if "borrowed" not in found or "peak_funding" not in found:
        return ""
    return report.language.translate(
        "against {plan}, {borrowed} is borrowed and the owner puts up at most {own} (both nominal)",
        plan=plan,
        borrowed=report.language.money(found["borrowed"], currency),
        own=report.language.money(found["peak_funding"], currency),
    )


# --- tiles -----------------------------------------------------------------------------------------------------------------


def costs(report: Report) -> Markup:
    """A tile for each figure, and below them which costs they hold."""
    language, output = report.language, report.output
    found = (tag("li", tag("span", what), tag("b", figure), tag("small", of)) for what, figure, of in _tiles(report))
    note = language.translate(
        COSTS_HELD,
        price_year=output.summary["price_year"],
        first=output.years[0],
        last=output.years[-1],
        rate=language.percent(output.summary["discount_rate"], 1),
    )
    note = language.sentences(note, told_timing(language, at_end(output.summary)))
    return tag("div", tag("ul", *found, class_="tiles"), tag("p", note, class_="note"), class_="cost")


def _others(report: Report) -> dict[str, float]:
    """System cost of the plans that were made."""
    plans = report.output.summary["plans"]
    return {name: facts["system_cost"] for name, facts in plans.items() if facts["system_cost"] is not None}


def _explained(report: Report, plan: str) -> str:
    """What a plan is called, and in few words what it is: as it is told where it is named first."""
    values = {"plan": named(report.language, PLANS, plan), "meaning": report.language.translate(IN_SHORT[plan])}
    return report.language.translate("{plan} ({meaning})", **values)


def _of_a_bank(report: Report, saved: float, today: str) -> str:
    """A clause where the present value after tax is less than the saving, else what the plan is that finance compares with, where
    that was not named before (as `today`); empty where no cash is reckoned."""
    language, against = report.language, report.output.summary["compared_with"]
    found = present_values(report, against) if against else {}
    worth, rate = found.get("npv_after_tax"), found.get("irr_after_tax")
    plan = named(language, PLANS, against) if against in (today, None) else _explained(report, against)
    if worth is None or worth >= saved:
        is_new = against not in (today, None) and not report.output.alone["finance"].empty
        return language.translate("figures of finance compare with {plan}", plan=plan) if is_new else ""
    words = (
        mark(
            "a bank counts less: {worth} net present value after tax, real, against {plan}; how one leads to the other is under "
            "Finance"
        )
        if rate is None
        else mark(
            "a bank counts less: {worth} net present value and {rate} a year of return after tax, both real, against {plan}; how "
            "one leads to the other is under Finance"
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
            plan=_explained(report, today),
        )
        if later := beyond(summary, output.target, output.plans[today], today):
            of += say("; ") + say(
                "{beyond} of it is value beyond {last}", beyond=language.money(later, currency), last=output.years[-1]
            )
        if counted := _of_a_bank(report, others[today] - cost, today):
            of += say("; ") + counted
        yield heads[today], say(words, money=language.money(abs(cost - others[today]), currency)), of
        yield from _payback(report, today)
    yield _invested(report)
    against = summary["compared_with"]
    if against and not output.alone["finance"].empty:
        yield from filter(None, [cover_tile(report, against)])


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
    each = found["per_tonne_discounted"]
    a_tonne = say("{cost} for each tonne of net CO2e that it avoids.", cost=language.money(each, currency)) if each else ""
    between = told_between(language, summary, currency)
    yield say("The goal costs"), language.money(found["money"], currency), language.sentences(of, a_tonne, between)


def _payback(report: Report, today: str) -> Iterator[tuple[str, str, str]]:
    """After how many years the plan has paid back against going on as today."""
    language, output = report.language, report.output
    told = told_back(language, output.target, output.plans[today], at_end(output.summary))
    of = language.translate(
        "From the first payment until what is laid out more than in {plan} is back for good, not discounted.",
        plan=named(language, PLANS, today),
    )
    if told:
        yield language.translate("Pays back"), told, of


def _invested(report: Report) -> tuple[str, str, str]:
    """Capital of all years as it is paid, and how much business as usual takes."""
    language, currency, say = report.language, report.output.currency, report.language.translate
    capital = series.capital(report.output.target).sum(axis=1)
    paid = capital[capital > 0]
    if paid.empty:
        return say("To be invested"), language.money(0.0, currency), say("nothing has to be built")
    unit, size = language.money_unit(currency, float(capital.sum()))
    of = say("full price as it is paid, not discounted")
    today = usual(report.output.summary)
    if today is not None:
        other = float(series.capital(report.output.plans[today]).to_numpy().sum())
        told = f"{language.number(other / size, 1)} {unit}"
        of += say("; ") + say("{plan}: {money}", plan=named(language, PLANS, today), money=told)
    if against := report.output.summary["compared_with"]:
        plan = named(language, PLANS, against) if against == today else _explained(report, against)
        of += say("; ") + funding if (funding := told_funding(report, against, plan)) else ""
    return say("To be invested"), language.money(float(capital.sum()), currency), of


# --- costs ------------------------------------------------------------------------------------------------------------------
# Cost of each year by kind, and what the plan costs more or less than the one that it is compared with, added up.


def costs_section(report: Report) -> Section:
    """Two charts, cost by kind and the difference to the other plan; and all plans side by side."""
    return section("costs", report.language.translate("Costs"), _by_kind(report), _difference(report), plans_beside(report))


def _by_kind(report: Report) -> Markup:
    say, (unit, size) = report.language.translate, report.money
    rows = report.output.target["costs"]
    words = {**{name: say(text) for name, text in COSTS.items()}, series.OTHER: say("other")}
    total = pd.DataFrame({say("total"): yearly(report.output.target).reindex(report.output.years) / size})
    bars = report.over_years(rows, "item", most=14) / size
    note = say("Paid in the year, not discounted; capital stands in full in the year in which it is paid.")
    return report.chart(YearChart(say("Cost of each year by kind"), unit, bars, total, labels=words, note=note, height=360))


def _difference(report: Report) -> Markup | None:
    """What the plan saves against the other in each year, and added up, not discounted."""
    output, other = report.output, report.output.compared
    say, (unit, size) = report.language.translate, report.money
    if other is None or other is output.target:
        return None
    name = named(report.language, PLANS, output.summary["compared_with"])
    whole = cumulated(output.target, other).reindex(output.years) / size
    bars = pd.DataFrame({say("saved in the year"): yearly(other) - yearly(output.target)}).reindex(output.years) / size
    return report.chart(
        YearChart(
            say("Difference to the {plan} plan", plan=name),
            unit,
            bars,
            pd.DataFrame({say("added up"): whole}),
            note=say("Above zero the plan costs less than the {plan} plan.", plan=name),
            finding=added_up(whole, unit, report.language),
        )
    )


def plans_beside(report: Report) -> Markup:
    """A row for each plan, and what the ratios divide."""
    language, output = report.language, report.output
    say, (unit, size) = language.translate, report.money
    gaps = gap_columns(output.summary["plans"])
    last = output.years[-1]
    head = [
        say("plan"),
        say("all costs, discounted [{unit}]", unit=unit),
        say("to be invested, not discounted [{unit}]", unit=unit),
        say("net in {year}, t", year=last),
        *map(say, gaps),
        *(say(head, currency=language.currency(output.currency)) for head in PER_TONNE),
    ]
    truths = {True: "✓ " + say("verified"), False: say("unverified")}
    says_so = any("verified" in facts for facts in output.summary["plans"].values())
    if says_so:
        head.insert(1, say("hour by hour"))
    rows: list[list[object]] = []
    for name, facts in output.summary["plans"].items():
        what = (
            join([named(language, PLANS, name), tag("small", say(MEANING[name]))])
            if name in MEANING
            else named(language, PLANS, name)
        )
        if name not in output.plans:
            rows.append([join([what, tag("small", named(language, STATUSES, facts["status"]))]), *["–"] * (len(head) - 1)])
            continue
        capital = float(series.capital(output.plans[name]).to_numpy().sum())
        net = facts.get("net_emissions_last_year")
        rows.append(
            [
                what,
                *[truths.get(facts.get("verified"), "–")] * says_so,
                number(facts["system_cost"], language.number(facts["system_cost"] / size, 1)),
                number(capital, language.number(capital / size, 1)),
                number(net, net_told(language, net, output.summary["base_emissions"])),
                *(number(own[name], told_share(language, own[name])) for own in gaps.values()),
                *(number(each, language.number(each)) for each in per_tonne(facts)),
            ]
        )
    title = say("Against the other plans")
    against = named(language, PLANS, output.summary["compared_with"] or REFERENCE)
    note = say(
        "Abatement: how much more the plan costs than the plan that it is compared with ({plan}), discounted, for each tonne of "
        "net emissions less; tonnes discounted like money, or not. It is not the cost of the goal, which stands above.",
        plan=against,
    )
    return join([tag("h3", title), table(head, rows, 1 + says_so, title, "plans"), tag("p", note, class_="note")])
