"""Chapter 5: cost, revenue, structure of the investment, payback and rate of return."""

from __future__ import annotations

import pandas as pd

from planner.answer import series
from planner.answer.saving import at_end, told_timing
from planner.application.draft import DocumentDraft, Source
from planner.application.told import RunTold
from planner.language.language import NONE, mark
from planner.language.words import BASES, COSTS, FIGURES, PLANS, named
from planner.plan import TARGET

#: Figures of finance.csv that are told, and their basis.
SHOWN = (
    ("npv", "real"),
    ("npv_after_tax", "real"),
    ("value_beyond", "real"),
    ("irr", "real"),
    ("mirr", "real"),
    ("irr_after_tax", "real"),
    ("irr_equity", "nominal"),
    ("payback", "real"),
    ("payback_discounted", ""),
    ("peak_funding", "nominal"),
    ("debt_share", ""),
    ("borrowed", "nominal"),
    ("dscr_least", ""),
)
#: Items of cash_flow.csv that are columns.
CASH = {
    "capital": mark("capital"),
    "operating": mark("operating saving"),
    "grants": mark("grants"),
    "before_tax": mark("before tax"),
    "tax": mark("tax"),
    "borrowed": mark("borrowed"),
    "debt_service": mark("debt service"),
    "equity": mark("cash of the owner"),
}


def economics_chapter(d: DocumentDraft, told: RunTold) -> None:
    """Write it."""
    say = d.language.translate
    d.chapter(say("Economics"))
    d.section(say("Investment and its structure"))
    _structure(d, told)
    d.section(say("Cost and revenue"))
    _costs(d, told)
    d.section(say("Payback and rate of return"))
    finance = told.run.output.alone["finance"]
    if finance.empty:
        what = say("payback, rate of return and funding; the run has none, because park.toml has no table [finance]")
        d.blank_words(what, "park.toml [finance]")
        return
    against = str(told.summary["compared_with"] or finance["against"].iloc[0])
    against = against if against in set(finance["against"]) else str(finance["against"].iloc[0])
    _figures(d, told, against)
    _cash(d, told, against)


def _structure(d: DocumentDraft, told: RunTold) -> None:
    say, unit = d.language.translate, told.money[0]
    capital = series.capital(told.tables)
    until = capital[capital.index <= told.by]
    rows = []
    for item in capital:
        rows.append(
            [
                named(d.language, COSTS, item),
                *_pair(d, told, until[item].sum(), until),
                *_pair(d, told, capital[item].sum(), capital),
            ]
        )
    sums = (_pair(d, told, frame.to_numpy().sum(), frame) for frame in (until, capital))
    rows.append([say("sum"), *(cell for pair in sums for cell in pair)])
    head = [
        say("item"),
        say("up to {year}, {unit}", year=told.by, unit=unit),
        say("share"),
        say("all years, {unit}", unit=unit),
        say("share"),
    ]
    d.grid(
        say("Investment by kind"),
        head,
        rows,
        Source("costs.csv", "item = capital, measures, restoration"),
        wide=(4, 2, 1.5, 2, 1.5),
    )
    d.words(say("Money of constant prices of {year}; grants are taken off.", year=told.case.park.price_year))


def _pair(d: DocumentDraft, told: RunTold, value: float, of: pd.DataFrame) -> list[str]:
    whole = float(of.to_numpy().sum())
    return [told.in_money(value), d.language.percent(value / whole) if whole else NONE]


def _costs(d: DocumentDraft, told: RunTold) -> None:
    say, years = d.language.translate, told.columns
    frame = series.over_years(told.tables["costs"], "item").reindex(years).fillna(0.0)
    rows = [
        [named(d.language, COSTS, item), *(told.in_money(v) for v in frame[item])] for item in frame if frame[item].abs().max() > 0
    ]
    rows.append([say("sum of the plan"), *(told.in_money(v) for v in frame.sum(axis=1))])
    sources = [Source("costs.csv")]
    compared = told.summary["compared_with"]
    if compared in told.run.plans:
        other = series.over_years(told.run.plans[compared]["costs"], "item").sum(axis=1).reindex(years, fill_value=0.0)
        name = named(d.language, PLANS, compared)
        rows.append([say("sum of the plan compared with: {plan}", plan=name), *(told.in_money(v) for v in other)])
        rows.append([say("saved against it"), *(told.in_money(v) for v in other - frame.sum(axis=1))])
        sources.append(Source(f"{compared}/costs.csv"))
    title = say("Cash by year, {unit}; revenue is below 0", unit=told.money[0])
    d.grid(title, [say("item"), *map(str, years)], rows, *sources, wide=(4, *[1.6] * len(years)))
    _plans(d, told)


def _plans(d: DocumentDraft, told: RunTold) -> None:
    """System cost and capital of each plan, and what the goal costs."""
    say, unit = d.language.translate, told.money[0]
    capital = {name: float(series.capital(tables).to_numpy().sum()) for name, tables in told.run.plans.items()}
    rows = [
        [named(d.language, PLANS, name), told.in_money(told.summary["plans"][name]["system_cost"]), told.in_money(money)]
        for name, money in capital.items()
    ]
    head = [say("plan"), say("system cost, {unit}", unit=unit), say("capital, {unit}", unit=unit)]
    files = ("costs.csv" if name == TARGET else f"{name}/costs.csv" for name in capital)
    label = d.grid(
        say("Cost of the plans"),
        head,
        rows,
        Source("summary.json", "plans, system_cost"),
        *(Source(file, "item = capital, measures, restoration") for file in files),
        wide=(4, 2, 2),
    )
    d.words(
        say(
            "The system cost is discounted to {year}; capital beyond the horizon is left out of it.", year=told.case.park.first_year
        ),
        label,
    )
    if goal := told.summary["goal_cost"]:
        money = d.language.money(goal["money"], told.run.output.currency)
        d.words(say("The goal costs {money} more than the least cost without it.", money=money), "summary.json, goal_cost")


def _figures(d: DocumentDraft, told: RunTold, against: str) -> None:
    say, rows = d.language.translate, []
    finance = told.run.output.alone["finance"]
    own = finance[(finance["against"] == against) & (finance["account"] == "all")].set_index(["figure", "basis"])
    for figure, basis in SHOWN:
        if (figure, basis) not in own.index:
            continue
        row = own.loc[(figure, basis)]
        value = None if pd.isna(row["value"]) else float(row["value"])
        rows.append(
            [
                named(d.language, FIGURES, figure),
                named(d.language, BASES, basis) if basis else NONE,
                *_told(d, told, figure, value),
                say(str(row["note"])) if row["note"] else "",
            ]
        )
    d.grid(
        say("Figures against {plan}", plan=named(d.language, PLANS, against)),
        [say("figure"), say("price basis"), say("value"), say("unit"), say("note")],
        rows,
        Source("finance.csv", f"against = {against}, account = all"),
        wide=(4, 1.5, 2, 1.8, 3),
    )
    d.words(told_timing(d.language, at_end(told.summary)), "summary.json, timing")


def _told(d: DocumentDraft, told: RunTold, figure: str, value: float | None) -> tuple[str, str]:
    """A figure and its unit."""
    if figure.startswith(("irr", "mirr")) or figure == "debt_share":
        return d.language.percent(value), ""
    if figure.startswith("payback"):
        return d.language.number(value), d.language.translate("in years")
    if figure.startswith("dscr"):
        return d.language.number(value, 2), ""
    return told.in_money(value), told.money[0]


def _cash(d: DocumentDraft, told: RunTold, against: str) -> None:
    say, flow = d.language.translate, told.run.output.alone["cash_flow"]
    own = flow[(flow["against"] == against) & (flow["account"] == "all")]
    by = own.pivot_table(index="year", columns="item", values="nominal", aggfunc="sum")
    by = by.reindex(told.run.output.years).fillna(0.0)
    shown = [item for item in CASH if item in by]
    rows = [[str(year), *(told.in_money(row[item]) for item in shown)] for year, row in by.iterrows()]
    plan = named(d.language, PLANS, against)
    source = Source("cash_flow.csv", f"against = {against}, account = all, column nominal")
    d.grid(
        say("Cash against {plan}, nominal, {unit}", plan=plan, unit=told.money[0]),
        [say("year"), *(say(CASH[i]) for i in shown)],
        rows,
        source,
        wide=(1, *[1.6] * len(shown)),
    )
    if "before_tax" in by:
        added = say("before tax, added up")
        frame = pd.DataFrame({say(CASH["before_tax"]): by["before_tax"], added: by["before_tax"].cumsum()}) / told.money[1]
        d.picture(say("Cash against {plan}", plan=plan), told.money[0], frame, source, lines=[added])
