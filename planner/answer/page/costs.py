"""What it costs: what the plan saves, what the goal takes of that, when money is needed. Discounted and undiscounted are never
in one sum."""

from __future__ import annotations

import pandas as pd

from planner.answer import series
from planner.answer.caveats import gap_columns, told_share
from planner.answer.hangs_on import net_told
from planner.answer.money import (
    MEANING,
    PER_TONNE,
    cumulated,
    per_tonne,
    yearly,
)
from planner.answer.page.charts import YearChart
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, added_up, join, number, table, tag
from planner.answer.views import drawn
from planner.language.words import PLANS, STATUSES, named
from planner.plan import REFERENCE

# --- costs ------------------------------------------------------------------------------------------------------------------
# Cost of each year by kind, and what the plan costs more or less than the one that it is compared with, added up.


def costs_section(report: Report) -> Section:
    """Two charts, cost by kind and the difference to the other plan; and all plans side by side."""
    return section(
        "costs", report.language.translate("Costs"), *drawn("costs_by_kind", report), _difference(report), plans_beside(report)
    )


def _difference(report: Report) -> Markup | None:
    """What the plan saves against the other in each year, and added up, not discounted."""
    output, other = report.output, report.output.compared
    say, (unit, size) = report.language.translate, report.money
    if other is None or other is output.target:
        return None
    name = named(report.language, PLANS, output.summary["compared_with"])
    target = output.beside(output.summary["compared_with"])
    whole = cumulated(target, other).reindex(output.years) / size
    bars = pd.DataFrame({say("saved in the year"): yearly(other) - yearly(target)}).reindex(output.years) / size
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
    if output.days is not None:
        cost = language.money(float(output.days["system_cost"]["value"].sum()), output.currency)
        note += " " + say(
            "Plans that are unverified are of typical days; what is told against them is of the same days, on which the target "
            "plan costs {cost}. --verify all operates them in every hour, too.",
            cost=cost,
        )
    return join([tag("h3", title), table(head, rows, 1 + says_so, title, "plans"), tag("p", note, class_="note")])
