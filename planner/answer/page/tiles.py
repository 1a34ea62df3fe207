"""What it costs: what the plan saves, what the goal takes of that, when money is needed. Discounted and undiscounted are never
in one sum."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer import series
from planner.answer.caveats import aside_words, told_share
from planner.answer.money import (
    COSTS,
    IN_SHORT,
    at_end,
    back,
    beyond,
    goal_range,
    told_back,
    told_between,
    told_beyond,
    told_goal,
    told_timing,
    usual,
)
from planner.answer.page.annex import Report, Section, section
from planner.answer.page.charts import YearChart
from planner.answer.page.finance import covers, ends_of, nearest, present_values, told_end
from planner.answer.page.table import Markup, join, number, table, tag
from planner.answer.standing_words import told_beside, told_besides, told_gross, told_guidance, told_short, told_standing
from planner.finance.ends import COVER
from planner.language.language import NONE, Language, mark
from planner.language.words import CARRIERS, EMISSIONS, METRICS, PLANS, STAGES, named, told_metric
from planner.plan import BUSINESS, LEAST_COST, REFERENCE

# --- goal defined ----------------------------------------------------------------------------------------------------------
# What the goal costs: told and defined in one place of the page, to which all else refers.


def goal_defined(report: Report) -> Markup | None:
    """The sentence that console and workbook have, what its figures are, and what the range of the tile rests on; None where
    the goal costs nothing, or where that is not known."""
    language, output = report.language, report.output
    summary, say = output.summary, language.translate
    if summary["goal_cost"] is None or summary["goal_cost"]["money"] <= 0:
        return None
    of = say(
        "The first amount is by how much the plans found with the goal and without it differ, all costs of {first} to {last} "
        "discounted; a tonne is one of net CO2e that the goal avoids.",
        first=output.years[0],
        last=output.years[-1],
    )
    return tag("p", language.sentences(told_goal(language, summary, has_range=False), of, *_range(report)), class_="goal")


def _range(report: Report) -> list[str]:
    """On what the range rests, and that it is of typical days only where it is; nothing without one."""
    language, found = report.language, goal_range(report.output.summary)
    if found is None or found["most"] <= 0:
        return []
    say, shares = (
        language.translate,
        {"one": told_share(language, found["gap"]), "other": told_share(language, found["gap_without_goal"])},
    )
    told = [say("The range is what the gaps of both plans leave open: {one} with the goal, {other} without it.", **shares)]
    if found["typical_days"]:
        middle = language.money(found["cost"], report.output.currency)
        told.append(
            say("It is of typical days, on which the plans found differ by {middle}; of all hours none is proven.", middle=middle)
        )
    return told


# --- finance tiles ---------------------------------------------------------------------------------------------------------
# What a bank and an authority look for first where a park states its [finance]: the least cover of the debt, and how much money
# and energy the plan asks for.

#: MWh of a GWh.
GWH = 1e3
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


def energy_tile(report: Report) -> Tile | None:
    """What end uses draw in the year of the goal, by carrier, and what is bought for it; None where nothing is drawn then."""
    language, output, say = report.language, report.output, report.language.translate
    year, energy = output.summary["by"], output.target["energy"]
    drawn = energy[(energy["flow"] == "demand") & (energy["carrier"] != "co2")]
    own = drawn[drawn["year"] == year].groupby("carrier", observed=True)["value"].sum().sort_values(ascending=False)
    own = own[own > 0]
    if own.empty:
        return None
    bought = energy[(energy["flow"] == "import") & (energy["carrier"] != "co2") & (energy["year"] == year)]["value"].sum()
    last = output.years[-1]
    told = [
        say(", ").join(f"{named(language, CARRIERS, str(carrier))} {_gwh(report, value)}" for carrier, value in own.items()),
        say("what end uses draw, after measures"),
        say("{amount} GWh come from supplies (grid, fuels, contracts, waste heat)", amount=_gwh(report, float(bought))),
    ]
    if last != year:
        told.append(say("{year}: {amount}", year=last, amount=_gwh(report, float(drawn[drawn["year"] == last]["value"].sum()))))
    return say("Energy demand of {year}", year=year), f"{_gwh(report, float(own.sum()))} GWh", say("; ").join(told)


def _gwh(report: Report, energy: float) -> str:
    return report.language.number(energy / GWH, 1)


# --- tiles -----------------------------------------------------------------------------------------------------------------

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


# --- stages ----------------------------------------------------------------------------------------------------------------
# Stages: each rule with value and limit in every year, standards in full, both books of scope 2, how far the hours agree.

# --- standards -------------------------------------------------------------------------------------------------------------
# Whose zero it is: the standard of the goal and a line for each other one; and all that is to be said of them, with the rules.

#: Anchor of all that is said of standards.
NAME = "standards"


def whose(report: Report) -> Markup | None:
    """Under which standard the goal is and whose that is, which milestones of the park it leaves out; and in a line each whether
    others are reached. Without a plan, which has no section of rules, all that there is to say."""
    language, output = report.language, report.output
    aside = aside_words(output.warnings, language)
    if not output.has_plan:
        told = [*(tag("p", words) for words in aside), *_in_full(report)]
        return tag("div", *told, class_="whose note") if told else None
    words = told_standing(language, output.summary, output.target["stages"])
    told = [tag("p", language.sentences(words, *aside), *_link(report, bool(words)))] if words or aside else []
    if words and (others := [tag("li", line) for line in told_short(language, output.summary)]):
        told += [tag("p", language.translate("By other standards:")), tag("ul", *others)]
    return tag("div", *told, class_="whose note") if told else None


def _link(report: Report, has_more: bool) -> Iterator[object]:
    """A link to all else that is said, where there is more."""
    if has_more:
        words = report.language.translate("Dates, sources and what is not worked out: under Stages and rules.")
        yield from (" ", tag("a", words, href=f"#{NAME}"))


def standards(report: Report) -> Markup | None:
    """All that is said of the standard of the goal and of each other one; None for an output that does not say it."""
    told = list(_in_full(report))
    if not told:
        return None
    return tag(
        "div", tag("h3", report.language.translate("Whose standard it is, and what others ask")), *told, id=NAME, class_=NAME
    )


def _in_full(report: Report) -> Iterator[Markup]:
    """Paragraphs: the standard of the goal, what is left out of gross emissions; each other standard; guiding indicators."""
    language, output = report.language, report.output
    summary = output.summary
    words = told_standing(language, summary, output.target["stages"] if output.has_plan else None)
    if not words:
        return
    besides = told_besides(language, summary["standing"])
    yield tag("p", language.sentences(*filter(None, (words, besides, told_gross(language, summary, _usual(report))))))
    if others := [tag("li", line) for line in told_beside(language, summary)]:
        yield join([tag("p", language.translate("By other standards:")), tag("ul", *others)])
    if guidance := told_guidance(language, summary):
        yield tag("p", guidance)


def _usual(report: Report) -> pd.DataFrame | None:
    """Emissions of going on as today; None where that was not found."""
    today = usual(report.output.summary) if report.output.has_plan else None
    return report.output.plans[today]["emissions"] if today is not None and today in report.output.plans else None


# --- stages ----------------------------------------------------------------------------------------------------------------


def stages_section(report: Report) -> Section:
    """The rules, standards in full, and scope 2 in both books."""
    return section("stages", report.language.translate("Stages and rules"), _rules(report), standards(report), _books(report))


def _rules(report: Report) -> Markup:
    """A row for each rule, a column for each year in which any holds."""
    language, rules = report.language, report.output.target["stages"]
    say = language.translate
    if rules.empty:
        return tag("p", say("No rule is in force within the horizon."))
    years = sorted(set(rules["year"]))
    rows = []
    for (stage, metric, sense, limit), own in rules.groupby(["stage", "metric", "sense", "limit"], sort=False):
        cells = own.set_index("year")
        shown = [_cell(report, cells.loc[y]) if y in cells.index else NONE for y in years]
        sign = {"<=": "≤", ">=": "≥"}.get(str(sense), str(sense))
        bound = tag("span", f"{sign} ", number(float(limit), told_metric(report.language, str(metric), float(limit))))
        name = join([tag("b", named(language, STAGES, str(stage))), tag("br"), named(language, METRICS, str(metric))])
        rows.append([name, bound, *shown])
    head = [say("stage, rule"), say("limit"), *map(str, years)]
    note = language.sentences(
        say("✓ the rule holds, ✗ it does not. A rule holds from the year of its stage until the next stage begins."),
        _tolerances(language, rules),
    )
    return join([tag("p", note, class_="note"), table(head, rows, 1, say("Every rule by year"), "rules")])


def _tolerances(language: Language, rules: pd.DataFrame) -> str:
    """By how much rules may be missed and are, where any is; empty where none is."""
    near = rules[series.missed_within(rules)]
    if near.empty:
        return ""
    return language.translate(
        "≈✓ the limit is missed, by no more than the tolerance of {tolerance} (1, of intensity t/tce).",
        tolerance=language.amount(near["tolerance"].max()),
    )


def _cell(report: Report, rule: pd.Series) -> Markup:
    mark, words = ("✓", "holds") if rule["holds"] else ("✗", "fails")
    near = "≈" if series.missed_within(rule.to_frame().T).all() else ""
    shown = told_metric(report.language, str(rule["metric"]), float(rule["value"]))
    return tag("span", number(float(rule["value"]), shown), f" {near}{mark}", class_=words)


def _books(report: Report) -> Markup:
    """Scope 2 on both bases, and gross emissions on each."""
    say = report.language.translate
    items = series.over_years(report.output.target["emissions"], "item").reindex(report.output.years)
    rest = items["scope1"] + items["scope3"]
    frame = pd.DataFrame(
        {
            named(report.language, EMISSIONS, "scope2_location"): items["scope2_location"],
            named(report.language, EMISSIONS, "scope2_market"): items["scope2_market"],
            say("gross emissions, location basis"): rest + items["scope2_location"],
            say("gross emissions, market basis"): rest + items["scope2_market"],
        }
    )
    basis = say("location") if report.output.summary.get("accounting") == "location" else say("market")
    note = say("The rules use the {basis} basis; both books are always kept.", basis=basis)
    last = items.iloc[-1]
    finding = say(
        "In {year} scope 2 is {location} t by location, {market} t by market",
        year=items.index[-1],
        location=report.language.number(float(last["scope2_location"])),
        market=report.language.number(float(last["scope2_market"])),
    )
    title = say("Scope 2 in both books")
    return report.chart(YearChart(title, "t CO2e", lines=frame, note=note, height=280, finding=finding))
