"""The first screen: the answers to what a person asks first, each under its question: the stages with their
years, what would end the goal, and the plans side by side."""

from __future__ import annotations

from collections.abc import Iterator

from models.metrics import METRICS
from planner.answer import series
from planner.answer.goal_cost import MEANING, PER_TONNE, per_tonne
from planner.answer.hangs_on import GoalPart, called, hangs_on, net_told, told_hangs_on
from planner.answer.page.annex import Report, Section, section
from planner.answer.page.assumptions import how_sure, sure_in_short
from planner.answer.page.remedies import made_of
from planner.answer.page.risks import risks
from planner.answer.page.schedule import first_orders, printed_orders
from planner.answer.page.stages import whose
from planner.answer.page.table import Markup, join, number, table, tag
from planner.answer.page.tiles import costs, costs_in_full
from planner.answer.page.verdict import can_it_be_done, made_in_words, why_not
from planner.answer.proof import gap_columns, told_chain_cost, told_share
from planner.language.words import PLANS, STAGES, STATUSES, named
from planner.plan import REFERENCE, of_item


def answer_section(report: Report) -> Section:
    """Can it be done, what does it cost, what is zero made of, what comes first, how sure is it, what could change it."""
    say = report.language.translate
    if not report.output.has_plan:
        sentences = tag("div", join(tag("p", s) for s in why_not(report)), class_="lead")
        return section("answer", say("The answer"), sentences, whose(report), _stage_strip(report))
    return section(
        "answer",
        say("The answer"),
        tag("div", tag("p", can_it_be_done(report)), _of_chain(report), sure_in_short(report), class_="lead"),
        costs(report),
        whose(report),
        made_in_words(report),
        costs_in_full(report),
        tag(
            "div",
            first_orders(report),
            how_sure(report),
            printed_orders(report),
            risks(report),
            made_of(report),
            _what_would_end_it(report),
            class_="grid first",
        ),
        _stage_strip(report),
        _plans_beside(report),
    )


def _of_chain(report: Report) -> Markup | None:
    """That the plan is a chain of plans, and what not knowing costs it; None of any other plan."""
    language, output = report.language, report.output
    clause = told_chain_cost(language, output.summary, output.currency)
    return tag("p", language.translate("{sentence}.", sentence=clause[:1].upper() + clause[1:])) if clause else None


def _stage_strip(report: Report) -> Markup:
    """The stages in a row, with the years from which they hold, net emissions then, and what is invested until then."""
    language, output = report.language, report.output
    items = [_step(report, year, named(language, STAGES, stage), stage) for stage, year in output.steps]
    if output.has_plan and output.years[0] < output.steps[0][1]:
        items.insert(0, _step(report, output.years[0], language.translate("first year of the plan")))
    if output.has_plan and output.years[-1] > output.steps[-1][1]:
        items.append(_step(report, output.years[-1], language.translate("last year of the plan")))
    return tag("ol", *items, class_="strip", aria_label=language.translate("stages"))


def _step(report: Report, year: int, words: str, class_: str = "") -> Markup:
    return tag(
        "li", tag("span", str(year), class_="year"), tag("span", words), *_then(report, year), class_=f"stage {class_}".strip()
    )


def _then(report: Report, year: int) -> Iterator[Markup]:
    """Net emissions of a year, and all that is invested up to its end."""
    language, output = report.language, report.output
    if output.has_plan and year in output.years:
        net = of_item(output.target["emissions"], "net")
        emissions = net[net["year"] == year]["value"].sum()
        capital = series.capital(output.target).sum(axis=1)
        yield tag(
            "small",
            language.translate(
                "net {net} t CO2e; invested so far {money}",
                net=net_told(language, float(emissions), output.summary["base_emissions"]),
                money=language.money(float(capital[capital.index <= year].sum()), output.currency),
            ),
        )


def _plans_beside(report: Report) -> Markup:
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
        "at the mean emissions of what is bought there in that year; of capture, all CO2 captured is missing. The chart What cuts "
        "emissions counts both otherwise, and says how. Rules that a standard works out with its own factors, of energy or of "
        "shares are not in this table; the margins of those in force stand above."
    )
    caption = tag("figcaption", tag("h3", title), tag("p", note, class_="note"))
    return tag("figure", caption, *content, tag("p", more, class_="note"), class_="ends")


def _rows(report: Report, found: dict[int, list[GoalPart]]) -> list[list[object]]:
    """What is missing, which rules are missed then, and in each year by how much."""
    language, rows = report.language, list[list[object]]()
    for key in dict.fromkeys((part.kind, part.name) for parts in found.values() for part in parts):
        own = {year: next((p for p in parts if (p.kind, p.name) == key), None) for year, parts in found.items()}
        there = [part for part in own.values() if part is not None]
        phrases = dict.fromkeys(METRICS[m].phrase for part in there for m in part.metrics)
        rules = language.translate(", ").join(map(language.translate, phrases)) or language.translate("nothing")
        cells = [
            number(part.over, language.number(part.over)) if part is not None and part.is_missed else number(None, "")
            for part in own.values()
        ]
        rows.append([called(language, there[0]), rules, *cells])
    return rows
