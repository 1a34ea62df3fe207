"""Answers to questions that were asked of the run: what projects are worth, what rules cost, why the others were not chosen."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer.facts import called_anew, changing, limit_in_words
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, join, tag
from planner.answer.views import drawn
from planner.language.language import Language
from planner.language.words import NEEDED, told_days
from planner.tables.schema import ALL_RESERVES, OUT, RESERVES

# --- question sentences ----------------------------------------------------------------------------------------------------
# What is said below the table of a question: what a little more of a limit would save, why a project is worth something to the
# plan though its own cash loses, or nothing though it gains, and with which figures the first orders would be others.

#: The question that is shown with what could change the plan.
SENSITIVITY = "sensitivity"
#: Share of a limit that is asked for, and how many limits.
MORE, RELIEFS = 0.1, 3


def sentences(name: str, rows: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """Of reserves what they cost. Of limits what a little more of the dearest would save: what to ask for first; not of rules.

    A price says so, but no more is saved than the plan without the limit does: another limit may bind as well. Where the park was
    not planned without a limit, its price is told as what it is, one at the margin.
    Of projects why the worth of some is not what their own cash says.
    """
    if name == "worth":
        yield from _contradictions(rows, currency, language)
    if name == SENSITIVITY:
        yield from _others_anew(rows, currency, language)
    if name != "limit_costs":
        return
    yield from _reserves(rows[rows["table"] == RESERVES], currency, language)
    limits = rows[~rows["table"].isin(("stages", "rules", RESERVES)) & (rows["now"] > 0)]
    keys = ["table", "name", "parameter"]
    priced, saved = (own.groupby([limits[key] for key in keys], sort=False).sum() for own in _reliefs(limits))
    is_lifted = limits["cost"].notna().groupby([limits[key] for key in keys], sort=False).any()
    dearest = saved[(saved > 0) & is_lifted].sort_values(ascending=False, kind="stable").head(RELIEFS)
    vain = priced[(saved <= 0) & is_lifted].sort_values(ascending=False, kind="stable").head(RELIEFS)
    marginal = priced[(priced > 0) & ~is_lifted].sort_values(ascending=False, kind="stable").head(RELIEFS)
    for who, money in (*dearest.items(), *marginal.items(), *vain.items()):
        own = [r for r in limits.itertuples(index=False) if (r.table, r.name, r.parameter) == who]
        row = max(own, key=lambda r: float(r.price))
        limit = limit_in_words(row, language)
        if who in marginal:
            yield language.translate(
                "{limit}: at the margin, whole numbers as planned, one unit more has a price of {price} in {year}.",
                limit=limit,
                price=f"{language.amount(float(row.price))} {language.currency(currency)}/{row.unit}",
                year=int(row.year),
            )
        elif who in dearest:
            words = {"limit": limit, "share": language.percent(MORE, 0), "money": language.money(float(money), currency)}
            yield language.translate("{share} more of {limit} would save about {money}.", **words)
        else:
            others = _others(limits, who, priced, set(vain.index), language)
            if not others:
                yield language.translate(
                    "More of {limit} alone would save nothing, whatever its price: another limit binds as well, and has to give, "
                    "too.",
                    limit=limit,
                )
                continue
            yield language.translate(
                "More of {limit} alone would save nothing, whatever its price: it binds together with {others}, one of which has "
                "to give, too.",
                limit=limit,
                others=language.translate(", ").join(others),
            )
    if len(marginal):
        yield language.translate(
            "A price at the margin is no saving: what more of such a limit saves is known once the park is planned without it "
            "(`plan explain --rules OUT --dearest N`)."
        )


def _reserves(rows: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """What the reserves of a park cost, all of them together. Fewer reserves never cost more, so that is 0 at least."""
    if rows.empty:
        return
    own = rows[rows["name"] != ALL_RESERVES]
    held = rows.iloc[0]  # all of them, where there are more than one
    figures = [number_or_none(held[key]) for key in ("cost", "least", "most")]
    cost, least, most = (language.money(None if v is None else max(v, 0.0), currency) for v in figures)
    if None in figures:
        return
    words = {"carriers": language.translate(", ").join(own["name"]), "cost": cost, "least": least, "most": most}
    if float(held["cost"]) <= 0 < float(held["most"]):
        yield language.translate("The reserves of {carriers} cost at most {most}: no cheaper plan without them was found.", **words)
    elif (own["parameter"] == OUT).all():
        yield language.translate(
            "Serving {carriers} with any one unit out costs {cost} (at least {least}, at most {most}).", **words
        )
    elif (own["parameter"] != OUT).all():
        yield language.translate(
            "The margin of firm capacity for {carriers} costs {cost} (at least {least}, at most {most}).", **words
        )
    else:
        yield language.translate("The reserves of {carriers} together cost {cost} (at least {least}, at most {most}).", **words)


def _others(
    limits: pd.DataFrame, who: tuple[str, str, str], priced: pd.Series, vain: set[tuple[str, str, str]], language: Language
) -> list[str]:
    """What else has a price in years in which a limit has one: what saves nothing alone either, or else the dearest."""
    is_own = (limits["table"] == who[0]) & (limits["name"] == who[1]) & (limits["parameter"] == who[2])
    years = set(limits[is_own & (limits["price"] > 0)]["year"])
    beside = limits[~is_own & limits["year"].isin(years) & (limits["price"] > 0)]
    keys = list(dict.fromkeys(zip(beside["table"], beside["name"], beside["parameter"], strict=True)))
    alike = [key for key in keys if key in vain] or keys
    dearest = sorted(alike, key=lambda key: -float(priced[key]))[:RELIEFS]
    rows = {(r.table, r.name, r.parameter): r for r in beside.itertuples(index=False)}
    return [limit_in_words(rows[key], language) for key in dearest]


def _reliefs(limits: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What `MORE` of each limit and year would save by its price, and no more than the plan without the limit does (money).

    Of a year in which it is not known what that saves, nothing. A budget is done without year by year, another limit in all its
    years, whose share of what that saves is that of their prices.
    """
    priced = (MORE * limits["now"] * limits["price"]).astype(float)
    cost, least, most = (limits[key].astype(float) for key in ("cost", "least", "most"))
    keys = [limits["table"], limits["name"], limits["parameter"], limits["year"].where(limits["table"] == "budget", 0)]
    whole = priced.groupby(keys).transform("sum")
    # What is saved without the limit is found within the gap of two plans: it is nothing where the price is disproven and 0 is not.
    is_vain = cost.isna() | (cost <= 0) | ((whole > most) & (least <= 0))
    capped = priced.where(~(whole > cost), priced / whole * cost)
    return priced, capped.where(~is_vain, 0.0)


def _contradictions(rows: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """Projects that are worth something though their own cash loses, or nothing for sure though it gains; the dearest first.

    Worth is a difference of two plans that both meet the goal, own cash one against a plan that need not.
    """
    shown = rows[rows["npv"].notna()] if "instead" in rows else rows[:0]
    for r in shown.reindex(shown["npv"].astype(float).abs().sort_values(ascending=False).index).itertuples(index=False):
        npv, worth, least, most = (number_or_none(v) for v in (r.npv, r.worth, r.least, r.most))
        assert npv is not None
        own = {"project": r.name, "cash": language.money(abs(npv), currency)}
        if worth is None and npv < 0 and r.note == NEEDED:
            yield language.translate(
                "{project}: its own cash against the reference loses {cash}, but the goal cannot be met without it.", **own
            )
        if worth is None or least is None or most is None or not r.instead:
            continue
        told = own | {"worth": language.money(worth, currency), "instead": r.instead}
        told["more"] = language.money(number_or_none(r.instead_cost), currency)
        if npv < 0 < least:
            yield language.translate(
                "{project}: its own cash against the reference loses {cash}, and it is worth {worth} to the plan: without it "
                "{instead} costs {more} more.",
                **told,
            )
        elif least <= 0 and npv > max(most, 0.0):
            yield language.translate(
                "{project}: its own cash against the reference gains {cash}, and it is worth {worth} to the plan: {instead} takes "
                "its place, for {more} more.",
                **told,
            )


def number_or_none(value: object) -> float | None:
    """The number of a cell; None where it is empty."""
    return None if value is None or value != value else float(str(value))


def _others_anew(rows: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """With which changes the first orders would be others, with which the goal cannot be met; and what the gap covers."""
    say = language.translate
    found = list(rows.fillna({"orders": "", "name": ""}).itertuples(index=False))
    others = [changing(r, language) for r in found if r.orders]
    if others:
        year = next(int(r.year) for r in found if r.orders)
        yield say("Orders of {year} would be others with: {changes}.", year=year, changes=say("; ").join(others))
    else:
        yield say("With none of these would the first orders be others, as far as the gap tells.")
    if unmet := [changing(r, language) for r in found if r.status == "infeasible"]:
        yield say("The goal cannot be met with: {changes}.", changes=say("; ").join(unmet))
    gap = language.money(float(rows["gap"].max()), currency)
    if pd.notna(days := rows["days"].max()):
        yield say("Planned on {days}; up to {money} is within the gap.", days=told_days(language, int(days)), money=gap)
    else:
        yield say("Up to {money} is within the gap.", money=gap)


# --- questions -------------------------------------------------------------------------------------------------------------

#: Questions that a part of the page of their own answers, in its order.
ASKED = ("worth", "limit_costs", "why_not", "abatement")


def questions_section(report: Report) -> Section | None:
    """A table for each question that was asked; None where none was."""
    parts = [question_part(report, name) for name in ASKED if not report.output.alone[name].empty]
    return section("questions", report.language.translate("Questions"), *parts) if parts else None


def question_part(report: Report, name: str) -> Markup:
    """The answer to a question that was asked: what it says, its table, and a picture where it has one."""
    rows, currency = report.output.alone[name], report.output.currency
    rows = called_anew(rows, report.titles) if name == SENSITIVITY else rows
    lead = (tag("p", line) for line in sentences(name, rows, currency, report.language))
    pictures = drawn("abatement_drawn", report) if name == "abatement" else ()
    return join([*lead, *pictures, *drawn(name, report)])
