"""Facts: rows that views show and no table has as they stand there: joined, named or summed from the tables of an output.

A fact is a function of the report. The year is a column; what is of money is in the currency of the park.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from models.metrics import METRICS as MEASURED
from planner.answer import series
from planner.answer.caveats import HOURS_GAP, ON_DAYS_GAP, gap_columns
from planner.answer.hangs_on import (
    NAMES,
    RATE,
    SELLING,
    SIDES,
    SWING,
    called,
    hangs_on,
    left_net,
    saving_of,
)
from planner.answer.money import MEANING, cumulated, per_tonne, saved_against, usual, what_to_do, yearly
from planner.answer.page.report import Report
from planner.answer.purchase import Titles
from planner.explain.blocking import LISTED, worst_first
from planner.explain.explanation import ALL_STAGES, LIMITS
from planner.finance.ends import BOUGHT, CAPITAL_COST, CARBON, INTEREST, SAVING, SOLD
from planner.finance.figures import BORROWS, NOT_UNIQUE
from planner.finance.pieces import GIVEN_UP
from planner.finance.terms import PARK
from planner.language.language import NONE, Language, mark
from planner.language.words import BASES, CARRIERS, COSTS, FIGURES, METRICS, STAGES, STATUSES, STREAMS, named, word
from planner.plan import CAPITAL_ITEMS, TARGET
from planner.tables.schema import ALL_RESERVES, RESERVES

Fact = Callable[[Report], pd.DataFrame]
FACTS: dict[str, Fact] = {}


def fact(make: Fact) -> Fact:
    """A function whose rows a view may name as its table."""
    FACTS[make.__name__] = make
    return make


def as_rows(frame: pd.DataFrame, drawn: str = "bar", **more: Any) -> pd.DataFrame:
    """A frame over the years as rows: year, series, value, and how it is drawn."""
    return frame.rename_axis("year").reset_index().melt("year", var_name="series").assign(drawn=drawn, **more)


# --- what to do ------------------------------------------------------------------------------------------------------------


@fact
def capacities(report: Report) -> pd.DataFrame:
    """Capacity by carrier, electricity first; what makes two carriers, as a CHP does, stands in both, as its flows stand to each
    other. Lines and pipes are of the kind `link`."""
    rows, energy = report.output.target["capacity"], report.output.target["energy"]
    links = rows["technology"].isin(energy[energy["flow"].isin(["sent", "arrived"])]["name"])
    rows = rows.assign(
        carrier=rows["technology"].map(lambda name: report.titles.carriers.get(name, "")),
        kind=links.map({True: "link", False: "kit"}),
    )
    made = energy[energy["flow"] == "out"].groupby(["name", "carrier"], observed=True)["value"].sum()
    beside = []
    for (name, carrier), own in rows[(rows["unit"] == "MW") & ~links].groupby(["technology", "carrier"], sort=False):
        out = made[made.index.get_level_values("name") == name].droplevel("name")
        first = float(out.get(carrier, 0.0))
        for other, value in out.drop(carrier, errors="ignore").items() if first > 0 else ():
            if other != "co2" and value > 0:
                beside.append(own.assign(carrier=other, capacity=own["capacity"] * value / first))
    order = {c: i for i, c in enumerate(report.carriers(energy))}
    return pd.concat([rows, *beside]).sort_values("carrier", key=lambda c: c.map(order).fillna(len(order)), kind="stable")


@fact
def capital(report: Report) -> pd.DataFrame:
    """Capital by year and kind, and the budget."""
    tables, say = report.output.target, report.language.translate
    budget = tables["budget"].set_index("year")[["budget"]].rename(columns={"budget": say("budget")}).astype(float)
    frame = series.capital(tables).rename(columns={name: say(words) for name, words in COSTS.items()})
    return pd.concat([as_rows(frame), as_rows(budget, "limit")])


@fact
def decisions(report: Report) -> pd.DataFrame:
    """Decisions of each year in words, and their capital."""
    years = what_to_do(report.output.target, report.language)
    rows = [(year, own.text(report.language), own.capital) for year, own in years.items()]
    return pd.DataFrame(rows, columns=["year", "decided", "capital"])


# --- what it costs ---------------------------------------------------------------------------------------------------------


@fact
def difference(report: Report) -> pd.DataFrame:
    """What the plan saves against the other in each year, and added up, not discounted; nothing without that plan."""
    output, other, say = report.output, report.output.compared, report.language.translate
    if other is None or other is output.target:
        return pd.DataFrame()
    against = output.summary["compared_with"]
    target = output.beside(against)
    saved = pd.DataFrame({say("saved in the year"): yearly(other) - yearly(target)}).reindex(output.years)
    whole = pd.DataFrame({say("added up"): cumulated(target, other).reindex(output.years)})
    return pd.concat([as_rows(saved), as_rows(whole, "line")]).assign(against=against)


#: What the row of the target plan on typical days is for.
ALIKE = mark("of the same days as the unverified plans, with which it compares; --verify all operates these in every hour, too")


@fact
def plans_beside(report: Report) -> pd.DataFrame:
    """A row for each plan: what it costs, what is invested, net emissions in the last year, what is proven, cost of a tonne."""
    language, summary, plans = report.language, report.output.summary, report.output.plans
    gaps, made = gap_columns(summary["plans"]), []
    truths = {True: "✓ " + language.translate("verified"), False: language.translate("unverified")}
    for name, facts in summary["plans"].items():
        row: dict[str, Any] = {"plan": name, "meaning": language.translate(MEANING[name]) if name in MEANING else ""}
        if any("verified" in own for own in summary["plans"].values()):
            row["verified"] = truths.get(facts.get("verified"), NONE)
        if name not in plans:
            made.append({**row, "meaning": language.translate(STATUSES[facts["status"]])})
            continue
        net = float(plans[name]["emissions"].query("item == 'net'")["value"].iloc[-1])
        row |= {"cost": facts["system_cost"], "capital": float(series.capital(plans[name]).to_numpy().sum())}
        row |= {"net": left_net(net, summary["base_emissions"]), "gap_days": gaps.get(ON_DAYS_GAP, {}).get(name)}
        row |= {"gap": gaps.get(HOURS_GAP, {}).get(name), **dict(zip(("discounted", "per_tonne"), per_tonne(facts), strict=True))}
        made.append(row)
        if name == TARGET and (days := report.output.days) is not None:
            cost, meaning = float(days["system_cost"]["value"].sum()), language.translate(ALIKE)
            made.append(
                {"plan": language.translate("target on typical days"), "cost": cost, "capital": row["capital"], "meaning": meaning}
            )
    numbers = ["cost", "capital", "net", "gap_days", "gap", "discounted", "per_tonne"]
    return pd.DataFrame(made, columns=["plan", "verified", *numbers, "meaning"]).astype(dict.fromkeys(numbers, float))


@fact
def retired_early(report: Report) -> pd.DataFrame:
    """What is retired before the end of its life, of which order and when, and the value beyond the horizon that is given up."""
    language, tables = report.language, report.output.target
    costs, rows = tables["system_cost"], tables["retirements"]
    lost = costs[costs["item"] == GIVEN_UP].groupby(["name", "year"])["value"].sum()
    made = []
    for (name, ordered, unit), own in rows.groupby(["technology", "ordered", "unit"], sort=False):
        sizes = (language.translate("{what} ({more})", what=language.amount(r.retired), more=int(r.year)) for r in own.itertuples())
        of = str(int(ordered)) if ordered else language.translate("stood before")
        made.append((name, language.translate("; ").join(sizes), unit, of, float(lost.get((name, ordered), 0.0)) or None))
    return pd.DataFrame(made, columns=["name", "retired", "unit", "ordered", "value"]).astype({"value": float})


# --- energy in and out -----------------------------------------------------------------------------------------------------

#: What feeds a balance and what draws from it; stores and links only by what they lose.
GIVES, TAKES = ("import", "out"), ("in", "demand", "export")
LOSES = {"charge": 1.0, "sent": 1.0, "discharge": -1.0, "arrived": -1.0}
#: Series of a side of a carrier's chart.
SIDE = 7


@fact
def balance(report: Report) -> pd.DataFrame:
    """Supply of each carrier above zero, use below; in each year they are the same."""
    say, energy, made = report.language.translate, report.output.target["energy"], []
    for carrier in report.carriers(energy):
        rows = energy[energy["carrier"] == carrier]
        size, unit = (1.0, "t") if carrier == "co2" else (1e3, "GWh")
        drawn = rows[rows["flow"].isin(TAKES)]
        gives = report.over_years(rows[rows["flow"].isin(GIVES)], "name", most=SIDE)
        takes = -report.over_years(drawn, "name", most=SIDE)
        takes = takes.rename(columns={**{c: report.taken(c, drawn) for c in takes if c in gives}, series.OTHER: say("other use")})
        frame = pd.concat([gives.rename(columns={series.OTHER: say("other supply")}), takes], axis=1) / size
        lost = rows[rows["flow"].isin(list(LOSES))]
        signed = (lost["value"] * lost["flow"].map(LOSES).astype(float)).groupby(lost["year"]).sum() / size
        if signed.abs().max() > 1e-6 * max(frame.abs().to_numpy().max(initial=0.0), 1e-9):
            frame[say("lost in stores and links")] = -signed.reindex(frame.index, fill_value=0.0)
        long = frame.rename_axis("year").reset_index().melt("year", var_name="name")
        made.append(long.assign(carrier=carrier, unit=unit))
    return pd.concat(made) if made else pd.DataFrame()


@fact
def schemes_in_force(report: Report) -> pd.DataFrame:
    """Connection, scheme, and years that follow on each other with the same scheme."""
    return scheme_ranges(report.output.target["schemes"])


def scheme_ranges(rows: pd.DataFrame) -> pd.DataFrame:
    """A row for each connection, scheme and range of years."""
    rows = rows.sort_values(["connection", "year"], kind="stable")
    new = (rows["connection"] != rows["connection"].shift()) | (rows["scheme"] != rows["scheme"].shift())
    new |= rows["year"] != rows["year"].shift() + 1
    made = []
    for _, own in rows.groupby(new.cumsum()):
        first, last = int(own["year"].iloc[0]), int(own["year"].iloc[-1])
        made.append((own["connection"].iloc[0], own["scheme"].iloc[0], f"{first}–{last}" if last > first else str(first)))
    return pd.DataFrame(made, columns=["connection", "scheme", "years"])


#: Items of connections.csv and costs.csv, in their order.
CHARGES = ("peak", "contracted", "demand_charge", "capacity_charge", "fixed")


@fact
def charges(report: Report) -> pd.DataFrame:
    """The highest peak of the months of each year, what is contracted, and what both cost beside yearly fees of connections."""
    tables = report.output.target
    rows, costs = tables["connections"], tables["costs"]
    highest = rows.groupby(["name", "item", "unit", "year"], sort=False)["value"].max().reset_index()
    is_of_contract = costs["name"].isin(tables["contracts"]["supply"])  # a fee in the cost of its contract
    paid = costs[costs["item"].isin(CHARGES) & ~((costs["item"] == "fixed") & is_of_contract)]
    both = pd.concat([highest, paid], ignore_index=True) if len(highest) else paid
    place = {name: i for i, name in enumerate(dict.fromkeys(both["name"]))}
    both = both.sort_values("item", key=lambda items: items.map({i: n for n, i in enumerate(CHARGES)}), kind="stable")
    return both.sort_values("name", key=lambda names: names.map(place), kind="stable")


@fact
def moving_saved(report: Report) -> pd.DataFrame:
    """What moving saves by stream; green shares and what is missed, as planned and with nothing moved."""
    language, rows = report.language, report.output.alone["moving"]
    say, paid = language.translate, rows[rows["stream"].isin(list(STREAMS))]
    made = []
    for stream in [s for s in STREAMS if (paid["stream"] == s).any()]:
        own = paid[paid["stream"] == stream]
        made.append(own.assign(item=say("saved: {stream}", stream=say(STREAMS[stream])), value=own["saved"]))
    if len(paid):
        made.append(paid.assign(item=say("saved in all"), value=paid["saved"]))
    rest, words = (
        rows[~rows["stream"].isin(list(STREAMS))],
        {
            "share": mark("share"),
            "unserved": mark("unserved"),
            "unserved_worst": mark("unserved at worst"),
            "missed": mark("rule missed"),
        },
    )
    for column, label in (("planned", mark("as planned")), ("unmoved", mark("with nothing moved"))):
        told = [
            say("{what}, {name}: {how}", what=say(words[item]), name=_missed_name(language, item, str(name)), how=say(label))
            for item, name in zip(rest["item"], rest["name"], strict=True)
        ]
        made.append(rest.assign(item=told, value=rest[column].fillna(0.0)))
    return pd.concat(made)[["item", "unit", "year", "value"]]


def _missed_name(language: Language, item: str, name: str) -> str:
    """A metric, a stage and metric, or a carrier and zone in words."""
    if item == "share":
        return language.translate(word(METRICS, name))
    if item == "missed":
        first, _, rest = name.rpartition(" ")
        return f"{language.translate(word(STAGES, first))} {language.translate(word(METRICS, rest))}"
    first, _, rest = name.partition(" ")
    return f"{named(language, CARRIERS, first)} {rest}"


@fact
def loads(report: Report) -> pd.DataFrame:
    """Energy, highest hour and load factor of each demand, as run.json has them."""
    rows = (report.output.facts.get("loads") or {}).get("demands", [])
    return pd.DataFrame([{**row, "quiet": ", ".join(row["quiet"])} for row in rows])


@fact
def bills(report: Report) -> pd.DataFrame:
    """What was billed."""
    return pd.DataFrame((report.output.facts.get("loads") or {}).get("bills", []))


@fact
def tariff_hours(report: Report) -> pd.DataFrame:
    """Prices of tariffs.csv by the hour, one series for each kind of months and days."""
    rows, say = report.output.alone["tariffs"], report.language.translate
    words = [
        say("{months} ({days})", months=months, days=say(days)) if days != "all" else months
        for months, days in zip(rows["months"], rows["days"], strict=True)
    ]
    unit = f"{report.language.currency(report.output.currency)}/MWh"
    return rows.assign(year=rows["hour"], series=[say("months {which}", which=w) for w in words], value=rows["price"], unit=unit)


# --- how sure --------------------------------------------------------------------------------------------------------------


@fact
def stress_told(report: Report) -> pd.DataFrame:
    """A row a future: the rules that are missed, the cost, how much more that is than its least, and what is unserved."""
    say, made = report.language.translate, []
    for future, own in report.output.alone["stress"].groupby("future", sort=False):
        values = {item: part["value"].sum(min_count=1) for item, part in own.groupby("item")}
        told = [say("cannot be kept")] if pd.isna(values.get("cost")) else []
        rows = own[own["item"].isin(("not_kept", "missed"))]
        words = []
        for row in rows.itertuples(index=False):
            year = "" if pd.isna(row.year) else f" {int(row.year)}"
            words.append(f"{row.name}{year}: {report.language.amount(row.value)} {row.unit}")
        made.append(
            (
                future,
                ", ".join([*told, *words]) or "–",
                None if told else values.get("cost"),
                values.get("regret"),
                values.get("unserved", 0.0),
            )
        )
    frame = pd.DataFrame(made, columns=["future", "missed", "cost", "regret", "unserved"])
    return frame.astype(dict.fromkeys(("cost", "regret", "unserved"), float))


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
def limit_costs_told(report: Report) -> pd.DataFrame:
    """Each rule or limit in words; years that follow on each other and say the same stand in one row."""
    language, rows = report.language, report.output.alone["limit_costs"]
    limits = [limit_in_words(r, language) for r in rows.itertuples(index=False)]
    notes = [_limit_note(str(note or ""), report.output.currency, language) for note in rows["note"].fillna("")]
    told = rows.assign(limit=limits, note=notes)[["limit", "unit", "year", "now", "price", "cost", "least", "most", "note"]]
    made = list[dict[str, Any]]()
    for row in told.to_dict("records"):
        year, rest = int(row["year"]), {k: v for k, v in row.items() if k != "year" and v == v}
        if made and made[-1]["rest"] == rest and made[-1]["last"] == year - 1:
            made[-1] |= {"last": year, "year": f"{made[-1]['first']}–{year}"}
        else:
            made.append({**row, "year": str(year), "first": year, "last": year, "rest": rest})
    return pd.DataFrame(made, columns=list(told.columns))


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

    def told(orders: str) -> str:
        each = (order.rsplit(" → ", 1)[0].rpartition(" ")[0] for order in orders.split("; "))
        return "; ".join(titles.of(name) + order[len(name) :] for name, order in zip(each, orders.split("; "), strict=True))

    rows = rows.fillna({"orders": "", "name": ""})
    return rows.assign(name=rows["name"].map(titles.of), orders=rows["orders"].map(told))


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


@fact
def groups(report: Report) -> pd.DataFrame:
    """Groups of alternatives.csv as a person calls them: kinds in the language, names that a table gave as they are."""
    rows = report.output.alone["alternatives"]
    return rows.assign(group=[group_name(str(name), report.language) for name in rows["group"]])


def group_name(name: str, language: Language) -> str:
    """A group as a person calls it."""
    head, _, rest = name.partition(" ")
    return f"{language.translate(KINDS[head]) if head in KINDS else head} {rest}".strip()


@fact
def group_ranges(report: Report) -> pd.DataFrame:
    """Least and most of each group in the plans found, as shares of the most that is proven, split at the cheapest plan."""
    language, rows = report.language, report.output.alone["alternatives"]
    made = []
    for r in rows.itertuples(index=False):
        most = float(r.most if pd.isna(r.most_bound) else r.most_bound)
        least = float(r.least if pd.isna(r.least_bound) else r.least_bound)
        of = [v / max(most, 1e-9) for v in (r.least, r.most, r.amount, least, most)]
        told = f"{language.amount(r.least)} – {language.amount(r.most)}  {language.translate(str(r.verdict))}"
        made.append((f"{group_name(str(r.group), language)} [{r.unit}]", *of, told))
    return pd.DataFrame(made, columns=["name", "low", "high", "at", "least", "most", "text"])


@fact
def abatement_steps(report: Report) -> pd.DataFrame:
    """The steps of the true curve that have a cost: what comes in, the cost of a tonne between its bounds, the tonnes cut."""
    language, rows = report.language, report.output.alone["abatement"]
    rows = rows[rows["per_tonne"].notna() & rows["total"].notna() & (rows["curve"] == "true")]
    made = []
    for r in rows.fillna({"comes_in": ""}).to_dict("records"):
        ends = (r["per_tonne"] if pd.isna(r.get(c)) else r[c] for c in ("per_tonne_least", "per_tonne_most"))
        told = language.translate("{cut} t of {total} t", cut=language.amount(r["cut"]), total=language.amount(r["total"]))
        cost = float(r["per_tonne"])
        made.append((r["comes_in"] or str(r["name"]), min(cost, 0.0), max(cost, 0.0), 0.0, *ends, told))
    return pd.DataFrame(made, columns=["name", "low", "high", "at", "least", "most", "text"])


#: How many swings are told.
MOST_SWINGS = 10
#: What a supply is called of which both is in a plan.
BOTH = {"bought": mark("{name}, bought"), "sold": mark("{name}, sold")}


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
    told = [" – ".join(language.number(v / report.money[1], 1) for v in sorted(pair)) for pair in zip(low, high, strict=True)]
    of = {"low": low.fillna(against[1]), "high": high.fillna(against[1]), "at": against[1]}
    return rows.assign(name=names, ends=ends, text=told, least=of["at"], most=of["at"], **of)


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


@fact
def assumed(report: Report) -> pd.DataFrame:
    """Assumed figures by what they change, as `plan what-if --assumed` has just found."""
    return report.output.alone["assumed"]


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
        note = (
            language.translate(ALL_STAGES, years=int(r.needed - r.now))
            if r.table == "goal" and is_enough and r.note
            else r.note or ""
        )
        unit = language.translate("year") if r.unit == "year" else r.unit
        enough = language.translate(words[bool(r.together) if is_enough else None])
        made.append(
            (change_of(report, r), r.year, now, needed, unit, enough, r.extra_cost, note, "enough" if is_enough else "rest")
        )
    columns = ["change", "year", "now", "needed", "unit", "enough", "extra_cost", "note", "of"]
    return pd.DataFrame(made, columns=columns)


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


# --- money of the bank -----------------------------------------------------------------------------------------------------


@fact
def stores_earned(report: Report) -> pd.DataFrame:
    """What a store earns by stream and in all, what its owner keeps and passes on, its share of a reserve, what would be short."""
    rows = report.output.alone["stores"]
    if rows.empty:
        return rows
    say, paid = report.language.translate, rows[rows["unit"] == report.output.currency]
    streams = paid.assign(item=[say(STREAMS[s]) for s in paid["stream"]], value=paid["saved"])
    streams = streams.sort_values("stream", key=lambda s: s.map({name: i for i, name in enumerate(STREAMS)}), kind="stable")
    made = [streams, paid.assign(item=say("earned in all"), value=paid["saved"])]
    owned = paid[paid.groupby("technology")["passed"].transform(lambda p: p.abs().sum()) > 0]
    made.append(owned.assign(item=[say("{owner} keeps", owner=o) for o in owned["owner"]], value=owned["kept"]))
    made.append(owned.assign(item=say("passed on to the park"), value=owned["passed"]))
    words = {"reserve": mark("of the reserve of {place}"), "short": mark("short without it: {place}")}
    firm = rows[rows["stream"].isin(list(words))]
    told = [say(words[stream], place=place) for stream, place in zip(firm["stream"], firm["item"], strict=True)]
    made.append(firm.assign(item=told, value=firm["saved"]))
    return pd.concat(made)[["technology", "item", "unit", "year", "value"]]


#: Items of cash_flow.csv that are drawn.
CASH = {
    "capital": mark("capital"),
    "operating": mark("operating saving"),
    "grants": mark("grants"),
    "tax": mark("tax"),
    "borrowed": mark("borrowed"),
    "debt_service": mark("debt service"),
}


@fact
def cash(report: Report) -> pd.DataFrame:
    """The whole's nominal cash of each year by item, and the owner's, added up too, against each plan."""
    say, rows = report.language.translate, report.output.alone["cash_flow"]
    rows, made = rows[rows["account"] == "all"], list[pd.DataFrame]()
    for against, own in rows.groupby("against", sort=False):
        bars = own[own["item"].isin(list(CASH))]
        made.append(bars.assign(series=bars["item"].map({k: say(v) for k, v in CASH.items()}), drawn="bar"))
        equity = own[own["item"] == "equity"]
        equity = (equity if len(equity) else bars).groupby("year")["nominal"].sum().reindex(report.output.years, fill_value=0.0)
        for words, values in ((say("cash of the owner"), equity), (say("cash of the owner, added up"), equity.cumsum())):
            frame = pd.DataFrame({"year": values.index, "nominal": values.to_numpy()})
            made.append(frame.assign(series=words, drawn="line", against=against))
    return pd.concat(made).assign(unit=report.output.currency) if made else rows


@fact
def owners_cash(report: Report) -> pd.DataFrame:
    """The cash of each owner and of all, where there are several."""
    rows = report.output.alone["cash_flow"]
    own = rows[(rows["account"] == "owner") & (rows["item"] == "equity")]
    if own["name"].nunique() < 2:
        return own[:0]
    every = own.groupby(["against", "year"], sort=False)["nominal"].sum().reset_index()
    whole = every.assign(series=report.language.translate("all owners"), drawn="line")
    return pd.concat([own.assign(series=own["name"], drawn="bar"), whole]).assign(unit=report.output.currency)


def present_values(report: Report, against: str) -> dict[str, float]:
    """Figure -> its real value, of everything."""
    rows = report.output.alone["finance"]
    own = rows[(rows["against"] == against) & (rows["account"] == "all") & (rows["basis"] == "real")]
    return {str(r.figure): float(r.value) for r in own.itertuples() if pd.notna(r.value)}


@fact
def bridge(report: Report) -> pd.DataFrame:
    """From the saving in system cost to the present value of the owner's cash, a row for each step, against each plan."""
    say, summary, made = report.language.translate, report.output.summary, list[tuple[str, str, float]]()
    plans: Mapping[str, Any] = summary["plans"]
    for against in dict.fromkeys(report.output.alone["finance"]["against"]):
        figures, other = present_values(report, against), plans.get(against, {}).get("system_cost")
        if other is None or not {"npv", "value_beyond", "npv_after_tax", "npv_equity"} <= set(figures):
            continue
        npv, taxed, own, beyond = (figures[f] for f in ("npv", "npv_after_tax", "npv_equity", "value_beyond"))
        plan, saving, today = report.plan_name(against), saved_against(summary, against), usual(summary)
        if today is not None and today != against and against == summary["compared_with"]:
            saved, usually = saved_against(summary, today), report.plan_name(today)
            made.append((against, say("saved against {plan}", plan=usually), saved))
            made.append((against, say("less: {plan} is dearer than {other} by", plan=usually, other=plan), saving - saved))
        steps = {
            say("saved against {plan}", plan=plan): saving,
            say("less: value beyond {last}", last=report.output.years[-1]): -beyond,
            say("savings discounted from the end of their year, and grants"): npv - saving + beyond,
            say("net present value before tax"): npv,
            say("tax"): taxed - npv,
            say("net present value after tax"): taxed,
            say("loan"): own - taxed,
            say("net present value of the owner's cash"): own,
        }
        made += [(against, words, value) for words, value in steps.items()]
    return pd.DataFrame(made, columns=["against", "step", "value"])


def covers(report: Report, against: str) -> pd.DataFrame:
    r"""How far the cash of each year covers the debt service, of the years that serve debt; nominal money.

    .. math:: cover_y = (O_y - T_y + \tau (J_y + c_y)) / D_y

    O  operating saving, T  tax, J  interest, c  fees, D  debt service   (y)     τ  tax rate

    Columns: operating, tax as it would be without the interest (below 0), cash, service (above 0), cover. Empty where owners have
    terms of their own or none are told.
    """
    terms, rows = report.output.summary.get("financing"), report.output.alone["cash_flow"]
    names = ["operating", "tax", "cash", "service", "cover"]
    if not terms or terms["owners"]:
        return pd.DataFrame(columns=names)
    own = rows[(rows["against"] == against) & (rows["account"] == "all")]
    by = own.pivot_table(index="year", columns="item", values="nominal", aggfunc="sum").fillna(0.0)
    served = by[by["debt_service"] < 0] if "debt_service" in by else by[:0]
    none = pd.Series(0.0, index=served.index)
    tax = served.get("tax", none) + terms["tax_rate"] * (served.get("interest", none) + served.get("fees", none))
    operating = served.get("operating", none)
    service = -served.get("debt_service", none)
    return pd.DataFrame(dict(zip(names, (operating, tax, operating + tax, service, (operating + tax) / service), strict=True)))


@fact
def finance_cases(report: Report) -> pd.DataFrame:
    """Figures of a bank in each case against each plan, where the park states another case than the plan."""
    language, rows = report.language, report.output.alone["finance_cases"]
    if rows["case"].nunique() < 2:
        return rows[:0]
    rows = rows[rows["basis"] != "real"]
    texts = []
    for figure, value, unit in zip(rows["figure"], rows["value"], rows["unit"], strict=True):
        told = language.percent(value) if "irr" in figure else language.number(value, 2)
        texts.append(NONE if pd.isna(value) else told if unit == "1" else language.money(value, unit))
    cases = [language.translate(TOLD_CASES[case]) for case in rows["case"]]
    named_cases = [f"{case}, {report.plan_name(plan)}" for case, plan in zip(cases, rows["against"], strict=True)]
    figures = [named(language, FIGURES, name) for name in rows["figure"]]
    return pd.DataFrame({"figure": figures, "case": named_cases, "value": rows["value"], "text": texts})


@fact
def cover_by_year(report: Report) -> pd.DataFrame:
    """`covers` of each plan as rows."""
    made = []
    for against in dict.fromkeys(report.output.alone["cash_flow"]["against"]):
        long = covers(report, against).rename_axis("year").reset_index().melt("year", var_name="item")
        made.append(long.assign(against=against, unit=long["item"].map(lambda i: "1" if i == "cover" else report.output.currency)))
    return pd.concat(made) if made else pd.DataFrame()


#: What the cases are called.
TOLD_CASES = {"planned": mark("as planned"), "downside": mark("downside"), "without grants": mark("without grants")}
#: Figures that a bank asks for, and their basis.
BANK = {
    "npv": "real",
    "value_beyond": "real",
    "npv_after_tax": "real",
    "npv_equity": "real",
    "irr": "real",
    "irr_after_tax": "real",
    "irr_equity": "nominal",
    "peak_funding": "nominal",
    "borrowed": "nominal",
    "dscr_least": "",
    "llcr": "",
}


@fact
def bank_figures(report: Report) -> pd.DataFrame:
    """Figures of everything and of each owner against each plan; beside a rate of return that is not unique the modified one."""
    language, rows, made = report.language, report.output.alone["finance"], []
    several = {f"m{figure}": BANK.get(figure, "") for figure in rows[rows["note"] == NOT_UNIQUE]["figure"]}
    owners = rows[rows["account"] == "owner"]["name"].nunique()
    rows = rows[(rows["account"] == "all") | ((rows["account"] == "owner") & (owners > 1))]
    for r in rows.itertuples(index=False):
        if {**BANK, **several}.get(str(r.figure)) != (r.basis or ""):
            continue
        value = None if pd.isna(r.value) or r.note == BORROWS else float(r.value)
        is_rate, is_cover = "irr" in r.figure, r.unit == "1"
        text = (
            language.percent(value)
            if is_rate
            else language.number(value, 2)
            if is_cover
            else language.money(value, report.output.currency)
        )
        basis = named(language, BASES, r.basis or "nominal")
        who = "" if r.account == "all" else language.translate("the park") if r.name == PARK else report.titles.of(r.name)
        title = f"{who} {named(language, FIGURES, r.figure)} [{basis}]".strip()
        made.append((title, report.plan_name(r.against), value, text if value is not None else NONE))
    return pd.DataFrame(made, columns=["figure", "plan", "value", "text"])


@fact
def projects(report: Report) -> pd.DataFrame:
    """Present values and the rate of return of each project that can be seen, and which plan buys it."""
    say, rows, size = report.language.translate, report.output.alone["finance"], report.money[1]
    rows = rows[~rows["account"].isin(["all", "owner"]) & (rows["basis"] == "real")]
    words = {
        (True, False): mark("bought only here"),
        (False, True): mark("avoided: only {plan} buys it"),
        (True, True): mark("bought in both"),
        (False, False): mark("neither buys it"),
    }
    made = []
    for (against, account, name), own in rows.groupby(["against", "account", "name"], sort=False):
        values = dict(zip(own["figure"], own["value"].where(own["note"] != BORROWS), strict=True))
        if max(abs(values["npv"]), abs(values["value_beyond"])) < 5e-4 * size:
            continue
        title, paid = report.titles.of(str(name)), []
        for tables in (report.output.target, report.output.plans[str(against)]):
            costs = tables["costs"]
            paid.append(float(costs[costs["item"].isin(CAPITAL_ITEMS) & (costs["name"] == title)]["value"].sum()) > 0)
        is_bought = account in ("technology", "measure", "planting")
        told = say(words[paid[0], paid[1]], plan=report.plan_name(str(against))) if is_bought else ""
        made.append((against, title, account, told, *(values.get(f) for f in ("npv", "npv_after_tax", "irr_after_tax"))))
    numbers = ["npv", "npv_after_tax", "irr_after_tax"]
    return pd.DataFrame(made, columns=["against", "name", "account", "bought", *numbers]).astype(dict.fromkeys(numbers, float))


#: What changes where it is nothing of a name, and where it is of one.
TOGETHER = {
    SAVING: mark("the whole operating saving"),
    CAPITAL_COST: mark("all capital costs"),
    CARBON: mark("CO2 price"),
    INTEREST: mark("interest on debt"),
}
EACH = {BOUGHT: mark("price of {name}"), SOLD: mark("{name}, sold"), CAPITAL_COST: mark("{name}, capital")}
#: Most changes that are told.
MOST_ENDS = 12


@fact
def ends_of_figures(report: Report) -> pd.DataFrame:
    """Which change of a price or cost ends a figure of the investor, the nearest first, against each plan."""
    say, rows, made = report.language.translate, report.output.alone["finance_ends"].fillna({"name": ""}), []
    rows = rows[rows["ends_at"].notna()]
    least = rows["ends_at"].abs().groupby([rows["against"], rows["what"], rows["name"]]).min().sort_values()
    for against in dict.fromkeys(rows["against"]):
        for _, what, name in [key for key in least.index if key[0] == against][:MOST_ENDS]:
            called_ = say(EACH[what] if name else TOGETHER[what], name=report.titles.of(name))
            own = rows[(rows["against"] == against) & (rows["what"] == what) & (rows["name"] == name)]
            made += [
                (against, called_, named(report.language, FIGURES, r.figure), None, f"{r.ends_at:+.0%}") for r in own.itertuples()
            ]
    return pd.DataFrame(made, columns=["against", "what", "figure", "value", "text"])
