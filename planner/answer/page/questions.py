"""Answers to questions that were asked of the run: what projects are worth, what rules cost, why the others were not chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

import pandas as pd
from rich.table import Table

from planner.answer.hangs_on import NAMES, SIDES
from planner.answer.page.remedies import curves
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, explained, join, number, table, tag
from planner.answer.purchase import Titles
from planner.language.language import NONE, Language, mark
from planner.language.words import ACCOUNTS, METRICS, STAGES, named, told_days
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


def limit_in_words(row: object, language: Language) -> str:
    """A rule or limit in words."""
    table, name, parameter = (getattr(row, key) for key in ("table", "name", "parameter"))
    if table == "stages":
        return f"{named(language, STAGES, name)}: {named(language, METRICS, parameter)}"
    if table == RESERVES and name == ALL_RESERVES:
        return language.translate("all reserves together")
    return f"{table}.csv {name} {parameter}".replace("  ", " ")


def _contradictions(rows: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """Projects that are worth something though their own cash loses, or nothing for sure though it gains; the dearest first.

    Worth is a difference of two plans that both meet the goal, own cash one against a plan that need not.
    """
    shown = rows[rows["npv"].notna()] if "instead" in rows else rows[:0]
    for r in shown.reindex(shown["npv"].astype(float).abs().sort_values(ascending=False).index).itertuples(index=False):
        npv, worth, least, most = (number_or_none(v) for v in (r.npv, r.worth, r.least, r.most))
        assert npv is not None
        own = {"project": r.name, "cash": language.money(abs(npv), currency)}
        if worth is None and npv < 0 and r.note:
            yield language.translate("{project}: its own cash loses {cash}, but the goal cannot be met without it.", **own)
        if worth is None or least is None or most is None or not r.instead:
            continue
        told = own | {"worth": language.money(worth, currency), "instead": r.instead}
        told["more"] = language.money(number_or_none(r.instead_cost), currency)
        if npv < 0 < least:
            yield language.translate(
                "{project}: its own cash loses {cash}, and it is worth {worth} to the plan: without it {instead} costs {more} "
                "more.",
                **told,
            )
        elif least <= 0 and npv > max(most, 0.0):
            yield language.translate(
                "{project}: its own cash gains {cash}, and it is worth {worth} to the plan: {instead} takes its place, for {more} "
                "more.",
                **told,
            )


def number_or_none(value: object) -> float | None:
    """The number of a cell; None where it is empty."""
    return None if value is None or value != value else float(str(value))


def changing(row: Any, language: Language) -> str:
    """What changes, and to which side."""
    what = language.translate(NAMES[row.what], name=row.name)
    return language.translate("{what}, {side}", what=what, side=language.translate(SIDES[row.side]))


def called_anew(rows: pd.DataFrame, titles: Titles) -> pd.DataFrame:
    """The rows with titles for names: of what is changed, and of each order, which is told as `name now → then unit`."""

    def told(orders: str) -> str:
        each = (order.rsplit(" → ", 1)[0].rpartition(" ")[0] for order in orders.split("; "))
        return "; ".join(titles.of(name) + order[len(name) :] for name, order in zip(each, orders.split("; "), strict=True))

    rows = rows.fillna({"orders": "", "name": ""})
    return rows.assign(name=rows["name"].map(titles.of), orders=rows["orders"].map(told))


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

#: Question -> its title, and what is to be known of the answer.
TITLES = {
    "worth": mark("What each project is worth"),
    "limit_costs": mark("What rules and limits cost"),
    "why_not": mark("Why not"),
    "abatement": mark("What each tonne costs"),
    SENSITIVITY: mark("What would change, planned anew"),
}
NOTES = {
    "worth": mark(
        "What the plan costs more where a project may not be had and all else is decided anew, on typical days. Where one project "
        "can stand in for another, or needs it, these do not add up; the project's own cash, which does, stands beside it."
    ),
    "limit_costs": mark(
        "The price is what one unit more in that year would save, whole numbers as planned, discounted. The cost is what the plan "
        "would cost less without the rule, limit or reserve in all years, everything decided anew; of a large park it is found "
        "beside its plan, as the note says. Reserves have no price: a unit is out or not."
    ),
    "why_not": mark(
        "The capital cost, of all years in proportion, at which a project that is offered and not chosen would come in, all else "
        "decided anew, on typical days; of what may be bought the price."
    ),
    "abatement": mark(
        "The true curve: the cap on net emissions is tightened in steps and all is decided anew, so each step has its own "
        "cost and says what comes in and what goes out. The naive one: each project alone, beside what the plan without a "
        "goal has, up to the tightest of these caps that it reaches, the cheapest first; what costs more than twice the dearest "
        "step is drawn at the upper edge. The cap stands in place of the goal's rules."
    ),
    SENSITIVITY: mark(
        "Each figure is changed alone. What planning anew gains is found on few typical days, against the plan on these days as it "
        "is, and added to what the run saves with its plan as it is; going on as today is not planned anew. A gain that the gaps "
        "of both plans cover proves nothing. Orders are told as others only where the orders as they are, operated otherwise, cost "
        "more than that. Of other demand reserves are asked of plans made anew only."
    ),
}
CAPTIONS = {
    "worth": mark("What the plan costs more without the project, all else decided anew, on typical days."),
    "limit_costs": mark("The price is of one unit more; the cost is of the whole limit, all else decided anew."),
    "why_not": mark("The capital cost at which a project that is not chosen would come in, on typical days."),
    "abatement": mark("What the next tonne costs as net emissions are capped ever tighter, beside each project alone."),
    SENSITIVITY: mark("Saving with the orders as they are and planned anew, and first orders that would be others."),
}
#: Letters of a line of a heading above numbers.
HEAD = 9
#: A cell: its number, where it is one, and its text.
Cell = tuple[float | None, str]


def questions_section(report: Report) -> Section | None:
    """A table for each question that was asked; None where none was."""
    asked = [name for name in TITLES if name != SENSITIVITY and not report.output.alone[name].empty]
    parts = [question_part(report, name) for name in asked]
    return section("questions", report.language.translate("Questions"), *parts) if parts else None


def question_part(report: Report, name: str) -> Markup:
    """The answer to a question that was asked: what it says, its table, and a picture where it has one."""
    say = report.language.translate
    answer = report.output.alone[name]
    if name == SENSITIVITY:
        answer = called_anew(answer, report.titles)
    head, texts, rows = cells(name, answer, report.output.currency, report.language)
    body = [[text if value is None else number(value, text) for value, text in row] for row in rows]
    caption = tag("figcaption", tag("h3", say(TITLES[name])), tag("p", say(CAPTIONS[name]), class_="note"))
    more = explained(say(NOTES[name]), report.language)
    lines = sentences(name, answer, report.output.currency, report.language)
    lead = join(tag("p", line) for line in lines) or None
    picture = curves(answer, report.output.currency, report.language) if name == "abatement" else None
    return tag("figure", caption, lead, picture, more, table(head, body, texts, say(TITLES[name])), class_="full")


def cells(name: str, rows: pd.DataFrame, currency: str, language: Language) -> tuple[list[str], int, list[list[Cell]]]:
    """Heads, how many of them stand over texts, and the rows."""
    say = language.translate
    told = [rows[c].astype(float) for c in ("worth", "cost", "gain", "saving", "saving_anew") if c in rows]
    largest = float(pd.concat(told or [pd.Series([0.0])]).abs().max())
    unit, size = language.money_unit(currency, None if largest != largest else largest)

    def money(value: object) -> Cell:
        return _number(value, language, size)

    if name == "worth":
        titles = say("capital"), say("worth"), say("at least"), say("at most"), say("own cash, present value")
        head = [say("project of the plan"), say("kind"), *(f"{title} [{unit}]" for title in titles)]
    elif name == "why_not":
        head = [
            say("project or purchase"),
            say("kind"),
            say("unit"),
            say("capital cost or price"),
            say("comes in at"),
            say("share"),
            say("share by reduced costs"),
            say("gain") + f" [{unit}]",
        ]
    elif name == "abatement":
        head = [
            say("curve"),
            say("comes in"),
            say("goes out"),
            say("cut so far") + " [t]",
            say("of which here") + " [t]",
            say("cost") + f" [{unit}]",
            say("cost of a tonne") + f" [{language.currency(currency)}/t]",
            say("at least"),
            say("at most"),
        ]
    elif name == SENSITIVITY:
        head = [say("what changes"), say("orders that would be others"), say("change")]
        head += [f"{title} [{unit}]" for title in (say("saving, plan as it is"), say("planned anew"), say("gained"))]
    else:
        costs = say("cost"), say("at least"), say("at most")
        price = say("price") + f" [{language.currency(currency)}]"
        head = [say("rule or limit"), say("unit"), say("year"), say("now"), price, *(f"{title} [{unit}]" for title in costs)]
    found: list[list[Cell]] = []
    for r in rows.itertuples(index=False):
        if name == "worth":
            own = [(None, r.name), (None, named(language, ACCOUNTS, r.kind))]
            found.append([*own, *map(money, (r.capital_cost, r.worth, r.least, r.most, r.npv))])
        elif name == "why_not":
            own = [(None, r.name), (None, named(language, ACCOUNTS, r.kind)), (None, r.unit)]
            known = (number_or_none(share) for share in (r.factor, getattr(r, "estimate", None)))
            shares = [(share, language.percent(share)) for share in known]
            found.append([*own, _number(r.capital_cost, language), _number(r.needed, language), *shares, money(r.gain)])
        elif name == "abatement":
            own = [(None, say(r.curve)), (None, r.comes_in), (None, r.goes_out)]
            each = r.per_tonne, getattr(r, "per_tonne_least", None), getattr(r, "per_tonne_most", None)
            cut, prices = ([_number(v, language) for v in values] for values in ((r.total, r.cut), each))
            found.append([*own, *cut, money(r.cost), *prices])
        elif name == SENSITIVITY:
            orders = say("{what} ({more})", what=r.orders, more=int(r.year)) if r.orders else ""
            change = number_or_none(r.change), language.percent(number_or_none(r.change), 0)
            found.append([(None, changing(r, language)), (None, orders), change, *map(money, (r.saving, r.saving_anew, r.gained))])
        else:
            own = [(None, limit_in_words(r, language)), (None, r.unit), (None, str(int(r.year)))]
            numbers = _number(r.now, language), _number(r.price, language)
            found.append([*own, *numbers, *map(money, (r.cost, r.least, r.most))])
    notes = rows["note"]
    texts = {"worth": 2, "why_not": 3, "limit_costs": 3, "abatement": 3, SENSITIVITY: 2}[name]
    if (notes.fillna("") != "").any():
        head.append(say("note"))
        parts = [str(note or "").split("; ") if name == "limit_costs" else [str(note or "")] for note in notes]
        told = [say("; ").join(_noted(part, currency, language) for part in own) for own in parts]
        found = [[*row, (None, words)] for row, words in zip(found, told, strict=True)]
    return head, texts, _together(found) if name == "limit_costs" else found


def _noted(words: str, currency: str, language: Language) -> str:
    """A part of a note in words; what a limit costs a tonne in the currency of the run."""
    of_money = re.fullmatch(r"(\S+) money/t", words)
    if of_money is None:
        return language.translate(words)
    return f"{language.number(float(of_money[1]))} {language.currency(currency)}/t"


def _together(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Years of a limit that follow on each other and say the same stand in one row."""
    found: list[tuple[list[Cell], str]] = []
    for row in rows:
        year, other = str(row[2][1]), [text for i, (_, text) in enumerate(row) if i != 2]
        if found:
            before, last = found[-1]
            if [text for i, (_, text) in enumerate(before) if i != 2] == other and int(year) == int(last) + 1:
                first = before[2][1].split("–")[0]
                found[-1] = ([*before[:2], (None, f"{first}–{year}"), *before[3:]], year)
                continue
        found.append((row, year))
    return [row for row, _ in found]


def _number(value: object, language: Language, size: float = 1.0) -> Cell:
    known = number_or_none(value)
    return (None, NONE) if known is None else (known, language.amount(known / size))


def _orders_below(head: list[str], body: list[list[Cell]], language: Language) -> tuple[list[str], list[list[Cell]]]:
    """Orders that would be others as a note below: a list of them may be long, and beside it nothing else could be read."""
    note = language.translate("note")
    has_note, has_orders, rows = head[-1] == note, any(row[1][1] for row in body), []
    for what, (_, orders), *numbers in body:
        said = [language.translate("orders that would be others: {orders}", orders=orders)] if orders else []
        said += [numbers.pop()[1]] if has_note else []
        rows.append([what, *numbers, *([(None, "\n".join(said))] if has_note or has_orders else [])])
    return [head[0], *head[2:], *([note] if has_orders and not has_note else [])], rows


def console_table(name: str, rows: pd.DataFrame, currency: str, language: Language) -> Table:
    """The table of a terminal: no number is cut, and notes stand below it, by number."""
    head, texts, body = cells(name, rows, currency, language)
    if name == "why_not":  # the page and the table have the estimate beside what was confirmed
        head, body = [*head[:6], *head[7:]], [[*row[:6], *row[7:]] for row in body]
    if name == SENSITIVITY:
        head, body, texts = *_orders_below(head, body, language), texts - 1
    lines, notes = [[text for _, text in row] for row in body], list[str]()
    is_chinese = language.code == "zh"
    wide = HEAD // 2 if is_chinese else HEAD
    if head[-1] == language.translate("note"):
        told = [[note for note in row[-1].split("\n") if note] for row in lines]
        notes = list(dict.fromkeys(note for own in told for note in own))
        marks = [", ".join(str(notes.index(note) + 1) for note in own) for own in told]
        lines = [[*row[:-1], f"({mark})" if mark else ""] for row, mark in zip(lines, marks, strict=True)]
    below = [f"({i}) {note}" for i, note in enumerate(notes, start=1)]
    shown = Table(box=None, pad_edge=False, caption="\n".join(below) or None, caption_justify="left")
    for i, title in enumerate(head):
        if i < texts:
            shown.add_column(title, justify="left", overflow="fold", no_wrap=i > 0 and name != "abatement")
        else:
            shown.add_column("\n".join(wrap(title, wide, break_long_words=is_chinese)), justify="right", no_wrap=True)
    for row in lines:
        shown.add_row(*row)
    return shown
