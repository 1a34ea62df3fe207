"""How sure the answer is, as rows: what could change it, what was asked of the run, what else would do, why a goal cannot be met,
and what the plan rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from models.metrics import METRICS as MEASURED
from planner.answer import series
from planner.answer.caveats import proof_sentence
from planner.answer.facts import Told, fact, told
from planner.answer.hangs_on import NAMES, RATE, SELLING, SIDES, SWING, called, hangs_on, saving_of, told_hangs_on
from planner.answer.page.report import Report
from planner.answer.purchase import Titles, uncertain_capital, uncertain_energy
from planner.answer.summary import day_count
from planner.explain.blocking import LISTED, worst_first
from planner.explain.explanation import ALL_STAGES, LIMITS
from planner.language.language import Language, mark
from planner.language.words import METRICS, NEEDED, PLANS, STAGES, named, told_days
from planner.tables.schema import ALL_RESERVES, RESERVES, TABLES

# --- risks -----------------------------------------------------------------------------------------------------------------

#: From this share of its budget on, a year has reached it; most parts that are named.
REACHED, NAMED = 0.995, 4


@told
def risks(report: Report) -> Iterator[Told]:
    """Figures of low grade and their largest parts, spending limits that are reached, and what is short with a unit out."""
    language, say, tables = report.language, report.language.translate, report.output.target
    comma, money = say(", "), report.language.money
    share, paid = uncertain_capital(report.output, report.titles)
    if share > 0:
        yield say(
            "{share} of what is invested from {first} to {last} has prices of general knowledge, or that the park marks as "
            "estimates; the largest: {largest}: ask for quotes.",
            share=language.percent(share, 0),
            first=report.output.years[0],
            last=report.output.years[-1],
            largest=comma.join(f"{name} {money(float(v), report.output.currency)}" for name, v in paid.head(NAMED).items()),
        )
    share, parts = uncertain_energy(report.output, report.titles)
    if share > 0:
        yield say(
            "{share} of what is paid for energy, discounted, rests on prices that the park marks as estimates ({parts}): ask for "
            "quotes.",
            share=language.percent(share, 0),
            parts=comma.join(f"{name} {language.percent(part, 0)}" for name, part in parts.head(NAMED).items()),
        )
    budget = tables["budget"].set_index("year")["budget"]
    spent = series.capital(tables).sum(axis=1).reindex(budget.index).fillna(0.0)
    reached = [y for y in budget.index if budget[y] > 0 and spent[y] >= REACHED * budget[y]]
    if reached:
        limits = (say("{what} ({more})", what=int(y), more=money(float(budget[y]), report.output.currency)) for y in reached)
        yield say("The spending limit of {years} is reached: with a higher one the plan may cost less.", years=comma.join(limits))
    outages, reserves = tables.get("outages"), tables.get("reserves")
    if outages is not None and not outages.empty:
        short = outages[outages["hours_short"] > 0]
        worst = short.loc[short["energy_short"].idxmax()] if len(short) else None
        if worst is not None:
            yield say(
                "With a unit of {name} out {hours} hours of a week of {year} are not served in full ({worst} MW at worst).",
                name=str(worst["technology"]),
                hours=int(worst["hours_short"]),
                year=int(worst["year"]),
                worst=f"{worst['worst']:.3g}",
            )
    elif reserves is None or reserves.empty:
        yield say("No reserve is stated: the plan does not cover the outage of a unit.")


#: How many swings are told, and what a supply is called of which both is in a plan.
MOST_SWINGS, BOTH = 10, {"bought": mark("{name}, bought"), "sold": mark("{name}, sold")}


@fact
def swings_told(report: Report) -> pd.DataFrame:
    """What moves the saving against going on as today most, each figure changed alone: the saving and the cost of the goal with it
    lower and higher, and the change that ends the saving. Nothing without a saving."""
    language, rows = report.language, report.output.alone["swings"]
    against = saving_of(report.output.summary)
    if against is None or rows.empty:
        return pd.DataFrame()
    rows = rows[(np.arange(len(rows)) < MOST_SWINGS) | (rows["what"] == SELLING)]
    names = [_swing_name(report, r, rows) for r in rows.itertuples(index=False)]
    ends = [f"{v:+.0%}" if pd.notna(v) else "" for v in rows["ends_at"]]
    low, high = (rows[c].astype(float) for c in ("saving_low", "saving_high"))
    text = [" – ".join(language.number(v / report.money[1], 1) for v in sorted(pair)) for pair in zip(low, high, strict=True)]
    of = {"low": low.fillna(against[1]), "high": high.fillna(against[1]), "at": against[1]}
    return rows.assign(name=names, ends=ends, text=text, least=of["at"], most=of["at"], **of)


def _swing_name(report: Report, swing: Any, rows: pd.DataFrame) -> str:
    """What a swing is called, with the shares by which it changes where they are its own."""
    language, say = report.language, report.language.translate
    name = report.titles.of(str(swing.name))
    if swing.what == RATE:
        rate = float(report.output.summary["discount_rate"])
        low, high = (language.percent((1 + share) * rate, 1) for share in (swing.low, swing.high))
        return say("discount rate ({low}, {high})", low=low, high=high)
    has_both = set(rows[rows["name"] == swing.name]["what"]) >= set(BOTH)
    what = say("{name}, capital", name=name) if swing.what == "capital" else say(BOTH[swing.what], name=name) if has_both else name
    if abs(swing.low + SWING) <= 1e-9 and abs(swing.high - SWING) <= 1e-9:
        return what
    return say("{what} ({low}, {high})", what=what, low=f"{swing.low:+.0%}", high=f"{swing.high:+.0%}")


@told
def goal_hangs_on(report: Report) -> Iterator[Told]:
    """Without which one thing the goal is missed; nothing where nothing is taken off."""
    output, summary = report.output, report.output.summary
    yield told_hangs_on(
        report.language, hangs_on(output.target, summary["accounting"], summary["target"], summary["by"]), summary["by"]
    )


@fact
def ends_of_goal(report: Report) -> pd.DataFrame:
    """What the goal hangs on: which rules are missed without it, and by how many tonnes in the year of the goal and in the last."""
    output, language, summary = report.output, report.language, report.output.summary
    years = list(dict.fromkeys((summary["by"], output.years[-1])))
    parts = {year: hangs_on(output.target, summary["accounting"], summary["target"], year) for year in years}
    if not parts[years[0]] or not any(part.is_missed for own in parts.values() for part in own):
        return pd.DataFrame()
    made = []
    for key in dict.fromkeys((part.kind, part.name) for own in parts.values() for part in own):
        there = {year: part for year, own in parts.items() for part in own if (part.kind, part.name) == key}
        phrases = dict.fromkeys(MEASURED[m].phrase for part in there.values() for m in part.metrics)
        rules = language.translate(", ").join(map(language.translate, phrases)) or language.translate("nothing")
        over = [there[y].over if y in there and there[y].is_missed else None for y in (years[0], years[-1])]
        made.append((called(language, next(iter(there.values()))), rules, *over))
    return pd.DataFrame(made, columns=["part", "rules", "over", "over_last"]).astype({"over": float, "over_last": float})


# --- if it comes otherwise -------------------------------------------------------------------------------------------------


@fact
def stress_told(report: Report) -> pd.DataFrame:
    """A row a future: the rules that are missed, the cost, how much more that is than its least, and what is unserved."""
    say, made = report.language.translate, []
    for future, own in report.output.alone["stress"].groupby("future", sort=False):
        values = {item: part["value"].sum(min_count=1) for item, part in own.groupby("item")}
        kept = [say("cannot be kept")] if pd.isna(values.get("cost")) else []
        words = [
            f"{row.name}{'' if pd.isna(row.year) else f' {int(row.year)}'}: {report.language.amount(row.value)} {row.unit}"
            for row in own[own["item"].isin(("not_kept", "missed"))].itertuples(index=False)
        ]
        cost = None if kept else values.get("cost")
        made.append((future, ", ".join([*kept, *words]) or "–", cost, values.get("regret"), values.get("unserved", 0.0)))
    numbers = ("cost", "regret", "unserved")
    return pd.DataFrame(made, columns=["future", "missed", *numbers]).astype(dict.fromkeys(numbers, float))


@fact
def foresight_told(report: Report) -> pd.DataFrame:
    """What the orders of each year cost more than if all had been known then, and which would have been others."""
    rows, say, amount = report.output.alone["foresight"], report.language.translate, report.language.amount
    others: dict[int, list[str]] = {}
    for r in rows[(rows["item"] != "cost") & ((rows["value"] - rows["if_known"]).abs() > 1e-6)].itertuples(index=False):
        words = {"item": say(r.item), "name": r.name, "year": int(r.year), "amount": amount(r.value), "known": amount(r.if_known)}
        others.setdefault(r.decided, []).append(say("{item} {name} in {year}: {amount}, if all were known {known}", **words))
    rows = rows[rows["item"] == "cost"]
    orders = ["; ".join(others.get(year, [])) for year in rows["decided"]]
    return rows.assign(more=rows["value"] - rows["if_known"].fillna(0.0), orders=orders)


@fact
def assumed(report: Report) -> pd.DataFrame:
    """Assumed figures by what they change, as `plan what-if --assumed` has just found."""
    return report.output.alone["assumed"]


# --- questions -------------------------------------------------------------------------------------------------------------


@fact
def limit_costs_told(report: Report) -> pd.DataFrame:
    """Each rule or limit in words; years that follow on each other and say the same stand in one row."""
    language, rows = report.language, report.output.alone["limit_costs"]
    limits = [limit_in_words(r, language) for r in rows.itertuples(index=False)]
    notes = [_limit_note(str(note or ""), report.output.currency, language) for note in rows["note"].fillna("")]
    own = rows.assign(limit=limits, note=notes)[["limit", "unit", "year", "now", "price", "cost", "least", "most", "note"]]
    made = list[dict[str, Any]]()
    for row in own.to_dict("records"):
        year, rest = int(row["year"]), {k: v for k, v in row.items() if k != "year" and v == v}
        if made and made[-1]["rest"] == rest and made[-1]["last"] == year - 1:
            made[-1] |= {"last": year, "year": f"{made[-1]['first']}–{year}"}
        else:
            made.append({**row, "year": str(year), "first": year, "last": year, "rest": rest})
    return pd.DataFrame(made, columns=list(own.columns))


def limit_in_words(row: object, language: Language) -> str:
    """A rule or limit in words."""
    table, name, parameter = (getattr(row, key) for key in ("table", "name", "parameter"))
    if table == "stages":
        return f"{named(language, STAGES, name)}: {named(language, METRICS, parameter)}"
    if table == RESERVES and name == ALL_RESERVES:
        return language.translate("all reserves together")
    return f"{table}.csv {name} {parameter}".replace("  ", " ")


def _limit_note(note: str, currency: str, language: Language) -> str:
    """The parts of a note in words; what a limit costs a tonne in the currency of the run."""

    def part(words: str) -> str:
        of_money = re.fullmatch(r"(\S+) money/t", words)
        return f"{language.number(float(of_money[1]))} {language.currency(currency)}/t" if of_money else language.translate(words)

    return language.translate("; ").join(part(words) for words in note.split("; ") if words)


#: Share of a limit that is asked for, and how many limits of each kind are told.
MORE, RELIEFS = 0.1, 3
#: What is said of a limit: what more of it saves, its price at the margin where the park was not planned without it, or that more
#: of it alone saves nothing.
SAVES = mark("{share} more of {limit} would save about {money}.")
MARGINAL = mark("{limit}: at the margin, whole numbers as planned, one unit more has a price of {price} in {year}.")
VAIN = mark("More of {limit} alone would save nothing, whatever its price: another limit binds as well, and has to give, too.")


def sentences(name: str, rows: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """What is said beside the table of a question, on the page and in a terminal; nothing of a table without a row."""
    asked = {"worth": _contradictions, "sensitivity": _others_anew, "limit_costs": _of_limits}
    if name in asked and len(rows):
        yield from asked[name](rows, currency, language)


def _of_limits(rows: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """Of reserves what they cost; of limits what a little more of the dearest would save: what to ask for first; not of rules.

    A price says so, but no more is saved than the plan without the limit does: another limit may bind as well. Where the park was
    not planned without a limit, its price is told as what it is, one at the margin.
    """
    held = rows[rows["table"] == RESERVES].dropna(subset=["cost", "least", "most"]).head(1)
    if len(held):  # all of them, where there are more than one
        names = rows[(rows["table"] == RESERVES) & (rows["name"] != ALL_RESERVES)]["name"]
        figures = {key: language.money(max(float(held[key].iloc[0]), 0.0), currency) for key in ("cost", "least", "most")}
        words = mark("Reserves of {carriers} cost {cost} (at least {least}, at most {most}).")
        yield language.translate(words, carriers=language.translate(", ").join(names), **figures)
    limits = rows[~rows["table"].isin(("stages", "rules", RESERVES)) & (rows["now"] > 0)]
    keys = [limits[key] for key in ("table", "name", "parameter")]
    priced, saved = (own.groupby(keys, sort=False).sum() for own in _reliefs(limits))
    is_lifted = limits["cost"].notna().groupby(keys, sort=False).any()
    groups = (
        (SAVES, saved[(saved > 0) & is_lifted]),
        (MARGINAL, priced[(priced > 0) & ~is_lifted]),
        (VAIN, priced[(saved <= 0) & is_lifted]),
    )
    for words, of in groups:
        for who, money in of.sort_values(ascending=False, kind="stable").head(RELIEFS).items():
            own = [r for r in limits.itertuples(index=False) if (r.table, r.name, r.parameter) == who]
            row = max(own, key=lambda r: float(r.price))
            yield language.translate(
                words,
                limit=limit_in_words(row, language),
                share=language.percent(MORE, 0),
                money=language.money(float(money), currency),
                price=f"{language.amount(float(row.price))} {language.currency(currency)}/{row.unit}",
                year=int(row.year),
            )
    if len(groups[1][1]):
        yield language.translate(
            "A price at the margin is no saving: what more of such a limit saves is known once the park is planned without it "
            "(`plan explain --rules OUT --dearest N`)."
        )


def _reliefs(limits: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What `MORE` of each limit and year would save at its price, at most what the plan saves without the limit (money).

    The years of a limit are taken together; each year of a budget is a limit by itself.
    """
    priced = (MORE * limits["price"] * limits["now"]).astype(float)
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
        npv, is_known = float(r.npv), bool(pd.notna([r.worth, r.least, r.most]).all()) and isinstance(r.instead, str) and r.instead
        own = {"project": r.name, "cash": language.money(abs(npv), currency)}
        if pd.isna(r.worth) and npv < 0 and r.note == NEEDED:
            words = mark("{project}: its own cash against the reference loses {cash}, but the goal cannot be met without it.")
        elif is_known and npv < 0 < r.least:
            words = mark(
                "{project}: its own cash against the reference loses {cash}, and it is worth {worth} to the plan: without it "
                "{instead} costs {more} more."
            )
        elif is_known and r.least <= 0 and npv > max(r.most, 0.0):
            words = mark(
                "{project}: its own cash against the reference gains {cash}, and it is worth {worth} to the plan: {instead} takes "
                "its place, for {more} more."
            )
        else:
            continue
        worth, more = (language.money(None if pd.isna(v) else float(v), currency) for v in (r.worth, r.instead_cost))
        yield language.translate(words, worth=worth, more=more, instead=r.instead, **own)


def _others_anew(rows: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """With which changes the first orders would be others, with which the goal cannot be met; and what the gap covers."""
    say = language.translate
    found = list(rows.fillna({"orders": "", "name": ""}).itertuples(index=False))
    if others := [r for r in found if r.orders]:
        changes = say("; ").join(changing(r, language) for r in others)
        yield say("Orders of {year} would be others with: {changes}.", year=int(others[0].year), changes=changes)
    else:
        yield say("With none of these would the first orders be others, as far as the gap tells.")
    if unmet := [changing(r, language) for r in found if r.status == "infeasible"]:
        yield say("The goal cannot be met with: {changes}.", changes=say("; ").join(unmet))
    gap, days = language.money(float(rows["gap"].max()), currency), rows["days"].max()
    planned = told_days(language, int(days)) if pd.notna(days) else say("every hour")
    yield say("Planned on {days}; up to {money} is within the gap.", days=planned, money=gap)


def _says(name: str) -> None:
    """The fact of what is said beside a question."""

    def make(report: Report) -> Iterator[Told]:
        rows = report.output.alone[name]
        rows = called_anew(rows, report.titles) if name == "sensitivity" else rows
        yield from sentences(name, rows, report.output.currency, report.language)

    make.__name__ = f"{name}_says"
    told(make)


for _name in ("worth", "sensitivity", "limit_costs"):
    _says(_name)


@fact
def sensitivity_told(report: Report) -> pd.DataFrame:
    """What changes, and the first orders that would be others, by their titles."""
    language, rows = report.language, called_anew(report.output.alone["sensitivity"], report.titles)
    orders = [
        language.translate("{what} ({more})", what=r.orders, more=int(r.year)) if r.orders else ""
        for r in rows.itertuples(index=False)
    ]
    return rows.assign(change_of=[changing(r, language) for r in rows.itertuples(index=False)], orders=orders)


def changing(row: Any, language: Language) -> str:
    """What changes, and to which side."""
    what = language.translate(NAMES[row.what], name=row.name)
    return language.translate("{what}, {side}", what=what, side=language.translate(SIDES[row.side]))


def called_anew(rows: pd.DataFrame, titles: Titles) -> pd.DataFrame:
    """The rows with titles for names: of what is changed, and of each order, which is told as `name now → then unit`."""

    def orders_called(orders: str) -> str:
        each = (order.rsplit(" → ", 1)[0].rpartition(" ")[0] for order in orders.split("; "))
        return "; ".join(titles.of(name) + order[len(name) :] for name, order in zip(each, orders.split("; "), strict=True))

    rows = rows.fillna({"orders": "", "name": ""})
    return rows.assign(name=rows["name"].map(titles.of), orders=rows["orders"].map(orders_called))


@fact
def abatement_steps(report: Report) -> pd.DataFrame:
    """The steps of the true curve that have a cost: what comes in, the cost of a tonne between its bounds, the tonnes cut."""
    language, rows = report.language, report.output.alone["abatement"]
    rows = rows[rows["per_tonne"].notna() & rows["total"].notna() & (rows["curve"] == "true")]
    made = []
    for r in rows.fillna({"comes_in": ""}).to_dict("records"):
        ends = (r["per_tonne"] if pd.isna(r.get(c)) else r[c] for c in ("per_tonne_least", "per_tonne_most"))
        text = language.translate("{cut} t of {total} t", cut=language.amount(r["cut"]), total=language.amount(r["total"]))
        cost = float(r["per_tonne"])
        made.append((r["comes_in"] or str(r["name"]), min(cost, 0.0), max(cost, 0.0), 0.0, *ends, text))
    return pd.DataFrame(made, columns=["name", "low", "high", "at", "least", "most", "text"])


# --- what else would do ----------------------------------------------------------------------------------------------------

#: Kinds, as a person calls groups of them.
KINDS = {
    "sun": mark("sun"),
    "wind": mark("wind"),
    "water": mark("water"),
    "power": mark("power"),
    "storage": mark("storage"),
    "heat": mark("heat"),
    "cold": mark("cold"),
    "gas": mark("gas"),
    "coal": mark("coal"),
    "biomass": mark("biomass"),
    "hydrogen": mark("hydrogen"),
    "capture": mark("capture"),
    "land": mark("land"),
    "measure": mark("measures"),
    "planting": mark("planting"),
    "other": mark("other"),
    "contract": mark("contracts"),
}


def group_name(name: str, language: Language) -> str:
    """A group as a person calls it: its kind in the language; a name that a table gave as it is."""
    head, _, rest = name.partition(" ")
    return f"{language.translate(KINDS[head]) if head in KINDS else head} {rest}".strip()


@fact
def groups(report: Report) -> pd.DataFrame:
    """Groups of alternatives.csv as a person calls them."""
    rows = report.output.alone["alternatives"]
    return rows.assign(group=[group_name(str(name), report.language) for name in rows["group"]])


@fact
def group_ranges(report: Report) -> pd.DataFrame:
    """Least and most of each group in the plans found, as shares of the most that is proven, split at the cheapest plan."""
    language, made = report.language, []
    for r in groups(report).itertuples(index=False):
        most = float(r.most if pd.isna(r.most_bound) else r.most_bound)
        least = float(r.least if pd.isna(r.least_bound) else r.least_bound)
        of = [v / max(most, 1e-9) for v in (r.least, r.most, r.amount, least, most)]
        text = f"{language.amount(r.least)} – {language.amount(r.most)}  {language.translate(str(r.verdict))}"
        made.append((f"{r.group} [{r.unit}]", *of, text))
    return pd.DataFrame(made, columns=["name", "low", "high", "at", "least", "most", "text"])


@told
def alternatives_say(report: Report) -> Iterator[Told]:
    """How many plans, and what is in all and in none of them."""
    say, language = report.language.translate, report.language
    found, plans, parts = (report.output.alone[n] for n in ("alternatives", "alternative_plans", "alternative_parts"))
    if found.empty:
        return
    most = language.percent(float(plans["share"].max()), 2)
    yield say("Plans found that cost at most {share} more than the least: {count}.", count=len(plans), share=most)
    for verdict, words in (
        ("sure", mark("In every such plan in {year}, proven: {names}.")),
        ("in all found", mark("In all plans found in {year}: {names}.")),
        ("out", mark("In no such plan in {year}, proven: {names}.")),
        ("in none found", mark("In no plan found in {year}: {names}.")),
    ):
        if names := [report.titles.of(str(n)) for n in parts[parts["verdict"] == verdict]["name"]]:
            yield say(words, year=int(found["year"].iloc[0]), names=", ".join(names))


# --- a goal that cannot be met ---------------------------------------------------------------------------------------------


@fact
def blocking(report: Report) -> pd.DataFrame:
    """Rules of which any one blocks the goal, or the least breach of all; those that break most stand first."""
    summary = report.output.summary
    key = "blocking" if summary.get("blocking") else "breaches"
    rows = sorted(summary.get(key) or (), key=lambda b: worst_first(b["amount"], b["year"]))
    return pd.DataFrame([{**b, "of": key if n < LISTED else "others"} for n, b in enumerate(rows)])


@fact
def remedies(report: Report) -> pd.DataFrame:
    """What would have to change, by how much, and whether that is enough."""
    language, rows = report.language, report.output.explain
    words = {True: mark("only with the others"), False: mark("alone"), None: mark("no")}
    made = []
    for _, r in rows.iterrows():
        is_enough = pd.notna(r.needed)
        now, needed = (amount_of(report, v, r.unit) if pd.notna(v) else "–" for v in (r.now, r.needed))
        is_late = r.table == "goal" and is_enough and r.note
        note = language.translate(ALL_STAGES, years=int(r.needed - r.now)) if is_late else r.note or ""
        unit = language.translate("year") if r.unit == "year" else r.unit
        enough = language.translate(words[bool(r.together) if is_enough else None])
        of = "enough" if is_enough else "rest"
        made.append((change_of(report, r), r.year, now, needed, unit, enough, r.extra_cost, note, of))
    return pd.DataFrame(made, columns=["change", "year", "now", "needed", "unit", "enough", "extra_cost", "note", "of"])


@told
def no_remedy(report: Report) -> Iterator[Told]:
    """That nothing was found, where nothing was."""
    rows, say = report.output.explain, report.language.translate
    if rows.empty:
        yield say("No remedy was found within the time, or none was looked for.")
    elif rows["needed"].isna().all():
        yield say("No amount of any one number is enough.")


@told
def as_said(report: Report) -> Iterator[Told]:
    """The explanation of the run, line by line."""
    yield from map(report.language.tell, report.output.explanation)


def change_of(report: Report, row: pd.Series) -> str:
    """What would have to change, in words: `a larger connection for grid`; the columns of explain.csv where there are none."""
    language, name = report.language, str(row["name"])
    if row["table"] in ("stages", "rules"):
        metric = named(language, METRICS, str(row["parameter"]))
        return language.translate("a looser rule of {stage}: {metric}", stage=named(language, STAGES, name), metric=metric)
    words = LIMITS.get((str(row["table"]), str(row["parameter"])))
    if words is None:
        return f"{name} {row['parameter']}".strip()
    name = named(language, STAGES, name) if row["table"] == "goal" else report.titles.of(name)
    return language.translate(words, name=name, year="" if pd.isna(row["year"]) else int(row["year"]))


def amount_of(report: Report, value: float, unit: str) -> str:
    """A number of explain.csv; a year is no amount."""
    return str(int(value)) if unit == "year" and value == value else report.language.amount(value)


# --- what the plan rests on ------------------------------------------------------------------------------------------------


@told
def hours_rest_on(report: Report) -> Iterator[Told]:
    """How the plan does in all hours, and what it costs on the days that it was planned on, in full days, and in all hours."""
    say, language, summary = report.language.translate, report.language, report.output.summary
    days, count = summary.get("typical_days") or {}, day_count(summary)
    if not count:
        yield say("The plan was made on every hour.")
        return
    if report.output.hourly.empty:
        yield say(
            "The plan was made on {days}. A few days can miss the hour that sizes the equipment: plan with more days, or on every "
            "hour, before anything is ordered.",
            days=told_days(language, count),
        )
        return
    yield say(
        "The plan was made on typical days and operated again over all hours of each year, capacities fixed; hourly.csv has both."
    )
    if repairs := summary.get("repairs"):
        yield say("Times that it was repaired until it held: {count}.", count=repairs)
    planned, cost, full = days.get("cost"), summary.get("system_cost"), report.output.days
    if not planned or cost is None:
        return
    money = {"planned": language.money(planned, report.output.currency), "cost": language.money(cost, report.output.currency)}
    yield say("On typical days it cost {planned}; over all hours it costs {cost}.", **money)
    if full is not None:
        there = language.money(float(full["system_cost"]["value"].sum()), report.output.currency)
        words = mark(
            "With the orders as they are in the end, and every hour of the typical days in place of a few segments of each, it "
            "costs {full} on these days: that is what is compared with the plans that are not operated in all hours."
        )
        yield say(words, full=there)


#: What the model leaves out, as the README says it, beside what is said of the future.
LEFT_OUT = (
    mark(
        "Efficiencies are fixed ratios, whatever the load. Orders are chosen with starts, least load and ramps of parts of a "
        "plant; outages are hours of the year; only stores that state a fade wear."
    ),
    mark("Networks are transport with a loss: no voltage, pressure, temperature or delay."),
    mark("A measure saves the same share in every hour; there is no rebound."),
    mark("What is captured stays stored. Exports earn money and no emission credit."),
    mark("Emissions of making equipment are not counted; scope 3 is only what the park states."),
)


@told
def left_out(report: Report) -> Iterator[Told]:
    """What is not modelled."""
    yield from map(report.language.translate, LEFT_OUT)


@told
def warnings(report: Report) -> Iterator[Told]:
    """Warnings in the language of the page; names in them stay as the park has them."""
    yield from map(report.language.tell, report.output.warnings)


@fact
def run_told(report: Report) -> pd.DataFrame:
    """Versions, gaps and what else is needed to repeat the run."""
    language, facts = report.language, report.output.facts
    say, plans = language.translate, report.output.summary["plans"]
    told_ = {
        named(language, PLANS, name): proof_sentence(language, plan, report.output.currency)
        for name, plan in plans.items()
        if plan["system_cost"] is not None
    }
    told_ |= {say("seconds of the run"): language.number(sum(facts.get("seconds", {}).values()), 1)}
    told_ |= {"parkzero": facts.get("parkzero", "")} | {k: str(v) for k, v in facts.get("versions", {}).items()}
    told_ |= {say("size"): language.tell(report.output.size), say("hash of the case"): str(facts.get("case_sha256", ""))}
    return pd.DataFrame(told_.items(), columns=["what", "value"])


@fact
def files_beside(report: Report) -> pd.DataFrame:
    """The tables and workbooks that stand beside the page."""
    names = ["plan.xlsx", "finance.xlsx", *(table.file for table in TABLES.values() if table.file.endswith(".csv"))]
    return pd.DataFrame({"file": [name for name in names if (report.output.folder / name).is_file()]})


@fact
def hours_linked(report: Report) -> pd.DataFrame:
    """The page of all weeks and carriers, where hours were kept."""
    return pd.DataFrame({"file": ["hours.html"] if (report.output.folder / "dispatch.parquet").is_file() else []})
