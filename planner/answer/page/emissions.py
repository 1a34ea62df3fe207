"""Emissions by source down to net, the limits of the stages, and what cuts them against the reference."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from models import metrics
from planner.answer import series
from planner.answer.hangs_on import hangs_on
from planner.answer.page.areas import WedgeChart, wedge_figure
from planner.answer.page.bars import YearChart
from planner.answer.page.cuts import CAPTURED, WORDS, cuts
from planner.answer.page.findings import changed
from planner.answer.page.footprints import footprints
from planner.answer.page.markup import Markup
from planner.answer.page.report import Report, Section, section
from planner.language.language import mark
from planner.language.words import EMISSIONS, METRICS, PLANS, named
from planner.plan import REFERENCE

#: What makes up for emissions, as items of emissions.csv.
MADE_UP = ("captured_removals", "restoration", "removal_credits", "avoidance")
#: Part of what would end the goal -> on which basis it is counted there, and here.
BASES = {
    "contract": mark(
        "{what}, {year}: {there} t there, at the mean emissions of what is bought from the grid in the plan; {here} t here, at "
        "what a MWh emits in the reference."
    ),
    "capture": mark(
        "Captured CO2, {year}: {there} t there, all that is captured; {here} t here, less what the energy of the capture plant "
        "emits in the reference."
    ),
}
#: In the column `factors` of stages.csv: the rule uses the factors of its standard, not those of the park.
OF_STANDARD = "standard"
#: Metrics whose limit can be drawn in tonnes, each with the figure that the limit is a share of.
LIMITS = {m.name: m.denominator for m in metrics.METRICS.values() if m.numerator in ("gross", "net")}


def emissions_section(report: Report) -> Section:
    """Two charts: emissions by source, and the wedges of what cuts them; and footprints, where there are any."""
    return section("emissions", report.language.translate("Emissions"), _by_source(report), _wedges(report), footprints(report))


def sources(report: Report, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tonnes by source on the basis of the rules, what is taken off and made up for below 0; the sum is net."""
    say = report.language.translate
    rows, scope2 = tables["emission_sources"], f"scope2_{report.output.summary.get('accounting', 'market')}"
    emitted = report.over_years(rows[rows["item"].isin(["scope1", scope2, "scope3"])], "name", most=8)
    taken = {say(EMISSIONS["captured_fossil"]): rows["item"].str.endswith("_captured")}
    if scope2 == "scope2_market":
        taken[say("green certificates")] = rows["item"] == "scope2_certified"
    items = series.over_years(tables["emissions"], "item").reindex(report.output.years, fill_value=0.0)
    parts = {name: rows[mask].groupby("year")["value"].sum().reindex(emitted.index, fill_value=0.0) for name, mask in taken.items()}
    parts |= {say(EMISSIONS[item]): -items[item] for item in MADE_UP if item in items}
    below = pd.DataFrame(parts, index=emitted.index)
    kept = [c for c in below if below[c].abs().max() > 1e-6 * max(emitted.to_numpy().max(initial=0.0), 1.0)]
    return pd.concat([emitted, below[kept]], axis=1)


def net_lines(report: Report) -> pd.DataFrame:
    """Net emissions of the target and of the reference."""
    names = {"target": report.output.target}
    if report.output.compared is not None:
        names[report.output.summary.get("compared_with") or REFERENCE] = report.output.compared
    net = series.net_emissions(names).reindex(report.output.years)
    say, language = report.language.translate, report.language
    return net.rename(columns={n: say("net, {plan}", plan=named(language, PLANS, n)) for n in net})


def stage_limits(report: Report) -> pd.DataFrame:
    """Limits in tonnes of the rules in force, by year; NaN in years without such a rule.

    Rules with the factors of their standard are left out: the emissions in the picture are worked out with those of the park.
    """
    tables = report.output.target
    items = series.over_years(tables["emissions"], "item")
    rules = tables["stages"]
    rules = rules[rules["factors"] != OF_STANDARD]
    found = {}
    for (metric, sense), own in rules[rules["metric"].isin(list(LIMITS))].groupby(["metric", "sense"], sort=False):
        of = items[LIMITS[str(metric)]].reindex(own["year"]).to_numpy()
        name = report.language.translate("limit: {metric}", metric=named(report.language, METRICS, str(metric)))
        label = name if sense == "<=" else f"{name} ({sense})"
        found[label] = pd.Series(own["limit"].to_numpy(dtype=float) * of, index=own["year"].to_numpy())
    return pd.DataFrame(found, index=report.output.years)


def _by_source(report: Report) -> Markup:
    say, items = report.language.translate, series.over_years(report.output.target["emissions"], "item")
    lines = net_lines(report)
    rules = report.output.target["stages"]
    left_out = (rules["metric"].isin(list(LIMITS)) & (rules["factors"] == OF_STANDARD)).any()
    note = say(
        "Bars above zero are emitted, bars below are taken off. Gross is what is emitted less fossil CO2 captured and green "
        "certificates, net is what is left in the end. A limit, in red, is of one of these two lines, not of the bars."
    )
    more = say("Limits that the standard works out with its own factors are not drawn; the table of the stages has them.")
    lines[say("gross, {plan}", plan=named(report.language, PLANS, "target"))] = items["gross"].reindex(lines.index)
    by = int(report.output.summary["by"])
    return report.chart(
        YearChart(
            say("Emissions by source, down to net"),
            "t CO2e",
            sources(report, report.output.target),
            lines,
            stage_limits(report),
            {series.OTHER: say("other")},
            height=360,
            note=say("Above zero emitted, below taken off; red limits are of gross or net."),
            more=report.language.sentences(note, more if left_out else ""),
            finding=changed(items["net"], by, report.language),
        )
    )


def _wedges(report: Report) -> Markup | None:
    language, output = report.language, report.output
    say, other = language.translate, output.compared
    if other is None or other is output.target:
        return None
    found = cuts(output.target, other, output.summary.get("accounting", "market"))
    if found.empty or not found.abs().to_numpy().any():
        return None
    net = net_lines(report)
    chart = WedgeChart(
        say("What cuts emissions"),
        "t CO2e",
        found.rename(columns={c: say(t) for c, t in {**EMISSIONS, **WORDS}.items()}),
        net.iloc[:, 1],
        net.iloc[:, 0],
        language.sentences(
            say(
                "From the emissions of the reference down to those of the plan. A decision cuts what the energy that it gives, "
                "less what it takes, would have emitted in the reference in that year."
            ),
            told_otherwise(report, found),
        ),
    )
    return wedge_figure(chart, report.styles, language)


def told_otherwise(report: Report, found: pd.DataFrame) -> str:
    """Why contracts and capture stand with other tonnes under what would end the goal, with both of the year of the goal; empty
    where neither does."""
    language, summary = report.language, report.output.summary
    by, told = int(summary["by"]), []
    if by not in found.index:
        return ""
    for part in hangs_on(report.output.target, summary.get("accounting", "market"), summary["target"], by):
        name = CAPTURED if part.kind == "capture" else part.name
        if name in found and part.kind in BASES:
            values = {"there": language.number(max(part.gross, part.net)), "here": language.number(float(found[name][by]))}
            told.append((BASES[part.kind], values | {"what": language.translate(WORDS[name]) if name in WORDS else name}))
    words = [language.translate(basis, year=by, **values) for basis, values in told]
    head = language.translate("Under What would end the goal both stand with other tonnes:")
    only = language.translate("Under What would end the goal it stands with other tonnes:")
    return language.sentences(head if len(words) > 1 else only, *words) if words else ""
