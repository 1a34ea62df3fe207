"""What a bank and an authority look for first where a park states its [finance]: the least cover of the debt, and how much money
and energy the plan asks for."""

from __future__ import annotations

import pandas as pd

from planner.answer.page.bank import covers
from planner.answer.page.ends import ends_of, nearest, told_end
from planner.answer.page.report import Report
from planner.finance.ends import COVER
from planner.language.words import CARRIERS, PLANS, named

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
