"""The plans of the run side by side: status, cost, capital, net emissions, gaps, cost of a tonne."""

from __future__ import annotations

from planner.language.words import PLANS, STATUSES, named
from planner.plan import REFERENCE
from planner.report import series
from planner.report.composition import net_told
from planner.report.goal_cost import MEANING, PER_TONNE, per_tonne
from planner.report.page.markup import Markup, join, tag
from planner.report.page.report import Report
from planner.report.page.table import number, table
from planner.report.proof import gap_columns, told_share


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
        "net emissions less; tonnes discounted like money, or not.",
        plan=against,
    )
    return join([tag("h3", title), table(head, rows, 1 + says_so, title, "plans"), tag("p", note, class_="note")])
