"""The answer: can it be done, what does it cost, what comes first; and the stages with their years."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.language.words import METRICS, PLANS, STAGES, STATUSES, named
from planner.report import series
from planner.report.goal_cost import PER_TONNE, per_tonne
from planner.report.page.first import first_orders, tiles
from planner.report.page.made_of import made_of
from planner.report.page.markup import Markup, join, kept_whole, tag
from planner.report.page.remedies import amount_of, change_of
from planner.report.page.report import Report, Section, section
from planner.report.page.risks import risks
from planner.report.page.table import number, table
from planner.report.proof import gap_columns, proof_sentence
from planner.report.summary import is_of_all_hours


def answer_section(report: Report) -> Section:
    """The first screen: the verdict, what it costs, what zero is made of, what comes first, and what it rests on."""
    say = report.language.translate
    if not report.output.has_plan:
        sentences = tag("div", join(tag("p", s) for s in _why_not(report)), class_="lead")
        return section("answer", say("The answer"), sentences, _stage_strip(report))
    return section(
        "answer", say("The answer"),
        tag("div", tag("p", kept_whole(_can_it_be_done(report))), class_="lead"),
        verdict(report),
        tiles(report),
        tag("div", made_of(report), first_orders(report), _rests_on(report), class_="grid first"),
        _stage_strip(report),
        _plans(report),
    )  # fmt: skip


def verdict(report: Report) -> Markup | None:
    """Whether the plan was shown to hold in every hour; nothing where the run does not say so."""
    say, verified = report.language.translate, report.output.summary.get("verified")
    if not report.output.has_plan or verified is None:
        return None
    if verified:
        words = say(
            "Verified hour by hour: in every hour of every year demand is met, and every rule of the stages holds within its "
            "tolerance."
        )
        return tag("p", tag("span", "✓ ", aria_hidden="true"), words, class_="verified")
    return tag("p", say("This plan is unverified: it was not shown to hold in every hour."), class_="warning")


def _rests_on(report: Report) -> Markup:
    say = report.language.translate
    return tag("div", tag("h3", say("What it rests on")), tag("ul", *(tag("li", words) for words in risks(report))), class_="risks")


def _can_it_be_done(report: Report) -> str:
    language, output = report.language, report.output
    say, summary = language.translate, output.summary
    values = {"park": summary["park"], "stage": named(language, STAGES, summary["target"]), "year": summary["by"]}
    rules = output.target["stages"]
    if not rules["holds"].all():
        return say("Not as planned: {park} misses a rule of {stage} by {year} in this plan.", **values)
    if summary.get("hourly_failure"):
        return say("Not as planned: {park} cannot be served in every hour in this plan.", **values)
    proof = proof_sentence(language, summary, output.currency)
    stopped = say("The search was stopped at a limit.") if summary.get("note") else ""
    if is_of_all_hours(summary):
        return language.sentences(say("Yes: {park} can be {stage} by {year}.", **values), proof, stopped)
    shown = say("On typical days {park} is {stage} by {year}; that it is in all hours was not shown.", **values)
    return language.sentences(shown, proof, stopped)


def _why_not(report: Report) -> Iterator[str]:
    """Sentences of a run without a plan: that it cannot be, by how much, and the cheapest remedy."""
    language, output = report.language, report.output
    say, summary = language.translate, output.summary
    stage = named(language, STAGES, summary["target"])
    if summary["status"] != "infeasible":
        yield say("no plan: {status}", status=named(language, STATUSES, summary["status"]))
        yield from summary.get("explanation", [])
        return
    yield say("No: {park} cannot be {stage} by {year}.", park=summary["park"], stage=stage, year=summary["by"])
    missed = [*(summary.get("breaches") or []), *(summary.get("blocking") or [])]
    if not missed:
        yield from summary.get("explanation", [])
        return
    worst = max(missed, key=lambda b: float(b["amount"]))
    yield say(
        "What comes nearest misses by {amount} {unit} in {year}: {metric}.", amount=language.amount(worst["amount"]),
        unit=worst["unit"], year=worst["year"], metric=named(language, METRICS, worst["metric"]),
    )  # fmt: skip
    yield _cheapest_way(report)


def _cheapest_way(report: Report) -> str:
    """The first row of explain.csv that is enough alone."""
    language, rows = report.language, report.output.explain
    say = language.translate
    alone = rows[rows["needed"].notna() & ~rows["together"].astype(bool)]
    if alone.empty:
        return say("No single change that was looked at is enough alone.")
    remedy = alone.iloc[0]
    now, needed = (amount_of(report, remedy[key], remedy["unit"]) for key in ("now", "needed"))
    unit = "" if remedy["unit"] in ("year", "1") else f" {remedy['unit']}"
    values = {"change": change_of(report, remedy), "needed": needed + unit, "now": now + unit}
    if pd.isna(remedy["extra_cost"]):
        return say("The cheapest change that is enough alone: {change}, {needed} instead of {now}.", **values)
    return say(
        "The cheapest change that is enough alone: {change}, {needed} instead of {now}; {cost} more than without a goal.",
        cost=language.money(remedy["extra_cost"], report.output.currency), **values,
    )  # fmt: skip


def _stage_strip(report: Report) -> Markup:
    """The stages in a row, with the years from which they hold."""
    language, output = report.language, report.output
    items = [_step(year, named(language, STAGES, stage), stage) for stage, year in output.steps]
    if output.has_plan and output.years[0] < output.steps[0][1]:
        items.insert(0, _step(output.years[0], language.translate("first year")))
    if output.has_plan and output.years[-1] > output.steps[-1][1]:
        items.append(_step(output.years[-1], language.translate("last year")))
    return tag("ol", *items, class_="strip", aria_label=language.translate("stages"))


def _step(year: int, words: str, class_: str = "") -> Markup:
    return tag("li", tag("span", str(year), class_="year"), tag("span", words), class_=f"stage {class_}".strip())


def _plans(report: Report) -> Markup:
    """The plans of the run side by side."""
    language, output = report.language, report.output
    say, (unit, size) = language.translate, report.money
    gaps = gap_columns(output.summary["plans"])
    head = [say("plan"), say("status"), say("system cost") + f" [{unit}]", say("capital") + f" [{unit}]",
            say("net in last year, t"),
            *map(say, gaps), *(say(head, currency=language.currency(output.currency)) for head in PER_TONNE)]  # fmt: skip
    truths = {True: "✓ " + say("verified"), False: say("unverified")}
    says_so = any("verified" in facts for facts in output.summary["plans"].values())
    if says_so:
        head.insert(2, say("hour by hour"))
    rows: list[list[object]] = []
    for name, facts in output.summary["plans"].items():
        status = named(language, STATUSES, facts["status"])
        if name not in output.plans:
            rows.append([named(language, PLANS, name), status, *["–"] * (len(head) - 2)])
            continue
        capital = float(series.capital(output.plans[name]).to_numpy().sum())
        net = facts.get("net_emissions_last_year")
        rows.append([
            named(language, PLANS, name), status, *[truths.get(facts.get("verified"), "–")] * says_so,
            number(facts["system_cost"], language.number(facts["system_cost"] / size, 1)),
            number(capital, language.number(capital / size, 1)),
            number(net, language.number(net)),
            *(number(own[name], language.percent(own[name], 3)) for own in gaps.values()),
            *(number(each, language.number(each)) for each in per_tonne(facts)),
        ])  # fmt: skip
    return table(head, rows, 2 + says_so, say("Against the other plans"), "plans")
