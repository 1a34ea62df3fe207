"""Emissions by source down to net, the limits of the stages, and what cuts them against the reference."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from planner.answer import series
from planner.answer.caveats import aside_words
from planner.answer.hangs_on import composition, told_composition
from planner.answer.money import usual
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import (
    Markup,
    join,
    number,
    table,
    tag,
)
from planner.answer.standing_words import told_besides, told_gross, told_guidance, told_rules, told_standing, verdict
from planner.answer.views import drawn
from planner.language.language import NONE, Language
from planner.language.words import METRICS, STAGES, named, told_metric

# --- footprints ------------------------------------------------------------------------------------------------------------
# Footprints: what each tenant and each product emits, by year; and what is embodied in the orders, beside.


def _embodied(report: Report) -> Markup | None:
    """What is embodied in all orders, and whether it is counted."""
    orders = report.output.target["investments"]
    tonnes = float(orders["embodied"].sum()) if "embodied" in orders else 0.0
    if not tonnes > 0:
        return None
    say, values = report.language.translate, {"tonnes": report.language.amount(tonnes)}
    sources = report.output.target["emission_sources"]
    if (sources["name"].isin(orders["technology"]) & (sources["item"] == "scope3")).any():
        words = say("Making and building what is ordered emits {tonnes} t, counted in scope 3 of the year of each order.", **values)
    else:
        words = say("Making and building what is ordered emits {tonnes} t more, outside the park; no rule counts it.", **values)
    return tag("p", words)


# --- emissions -------------------------------------------------------------------------------------------------------------


def emissions_section(report: Report) -> Section:
    """Two charts: emissions by source, and the wedges of what cuts them; and footprints, where there are any."""
    parts = (
        *drawn("down_to_net", report),
        made_of(report),
        *drawn("what_cuts", report),
        *drawn("footprints", report),
        _embodied(report),
    )
    return section("emissions", report.language.translate("Emissions"), *parts)


def made_of(report: Report) -> Markup:
    """What net emissions are made of in the year of the goal, and in the last year."""
    output, language, summary = report.output, report.language, report.output.summary
    years = [y for y in dict.fromkeys((summary["by"], output.years[-1])) if y in output.years]
    parts = (composition(output.target, summary["accounting"], y) for y in years)
    told = (told_composition(language, own, summary["base_emissions"], summary.get("base_location")) for own in parts)
    return tag("ul", *(tag("li", words) for words in told), class_="made")


# --- rules -----------------------------------------------------------------------------------------------------------------
# Rules: whose zero it is and what others ask, each rule with value and limit in every year, and both books of scope 2.


def whose(report: Report) -> Markup | None:
    """Under which standard the goal is and whose that is, which milestones of the park it leaves out; and in a line each whether
    others are reached: what more there is to say of each can be opened."""
    language, output, say = report.language, report.output, report.language.translate
    summary, aside = output.summary, aside_words(output.warnings, language)
    words = told_standing(language, summary, output.target["stages"] if output.has_plan else None)
    told = [tag("p", language.sentences(words, *aside))] if words or aside else []
    if words:
        usual_ = usual(summary) if output.has_plan else None
        emitted = output.plans[usual_]["emissions"] if usual_ is not None and usual_ in output.plans else None
        more = language.sentences(
            *filter(None, (told_besides(language, summary["standing"]), told_gross(language, summary, emitted)))
        )
        told += [_opened(say("What it asks for besides, and what gross leaves out"), more)] if more else []
        others = [tag("li", _opened(verdict(language, own), told_rules(language, own))) for own in summary.get("beside") or ()]
        told += [tag("ul", *others)] if others else []
        told += [tag("p", guidance)] if (guidance := told_guidance(language, summary)) else []
    return tag("div", *told, class_="whose note") if told else None


def _opened(line: str, words: str) -> Markup:
    """A line that opens all there is to say."""
    return tag("details", tag("summary", line), tag("p", words))


def rules_section(report: Report) -> Section:
    """The rules, and scope 2 in both books."""
    return section("stages", report.language.translate("Stages and rules"), _rules(report), *drawn("both_books", report))


def _rules(report: Report) -> Markup:
    """A row for each rule of the stages, and for each of rules.csv and of the catalogue with where it stands."""
    language, say, tables = report.language, report.language.translate, report.output.target
    if tables["stages"].empty and tables["rules"].empty:
        return tag("p", say("No rule is in force within the horizon."))
    note = language.sentences(
        say("✓ the rule holds, ✗ it does not. A rule holds from the year of its stage until the next stage begins."),
        _tolerances(language, pd.concat([tables["stages"], tables["rules"]])),
    )
    in_force = sorted({*tables["stages"]["year"], *tables["rules"]["year"]})
    stages = _rule_rows(report, tables["stages"], "stage", in_force)
    beyond = _rule_rows(report, tables["rules"], "rule", in_force)
    heads = (say("stage, rule"), say("Every rule by year"), stages), (say("rule"), say("Rules beyond stages"), beyond)
    shown = (table([head, say("limit"), *map(str, in_force)], rows, 1, title, "rules") for head, title, rows in heads if rows)
    return join([tag("p", note, class_="note"), *shown])


def _rule_rows(report: Report, rules: pd.DataFrame, of: str, years: Sequence[int]) -> list[list[object]]:
    """Whose each rule is and its metric, its limit, and its value in each year."""
    language, rows = report.language, list[list[object]]()
    for (whose_, metric, sense, limit), own in rules.groupby([of, "metric", "sense", "limit"], sort=False):
        cells = own.set_index("year")
        shown = [_cell(report, cells.loc[y]) if y in cells.index else NONE for y in years]
        sign = {"<=": "≤", ">=": "≥"}.get(str(sense), str(sense))
        bound = tag("span", f"{sign} ", number(float(limit), told_metric(language, str(metric), float(limit))))
        title = named(language, STAGES, str(whose_)) if of == "stage" else str(whose_)
        source = _source(report, str(whose_), f"{metric} {sense}") if of == "rule" else None
        name = [tag("b", title), tag("br"), named(language, METRICS, str(metric)), tag("small", " ", source) if source else None]
        rows.append([join(name), bound, *shown])
    return rows


def _source(report: Report, rule: str, parameter: str) -> str:
    """The paragraph that a rule of the catalogue comes from; a rule of the park says it in its own table."""
    rows = report.output.alone["assumptions"]
    own = rows[(rows["table"] == "rules") & (rows["name"] == rule) & (rows["parameter"] == parameter)]
    return "; ".join(dict.fromkeys(str(text) for text in own["source"] if isinstance(text, str) and text))


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
