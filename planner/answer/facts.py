"""Facts: rows that views show and no table has as they stand there: joined, named or summed from the tables of an output.

A fact is a function of the report. The year is a column; what is of money is in the currency of the park. Here are those of what to
do, what it costs, and energy in and out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from planner.answer import series
from planner.answer.caveats import HOURS_GAP, ON_DAYS_GAP, gap_columns
from planner.answer.hangs_on import left_net
from planner.answer.money import MEANING, cumulated, per_tonne, what_to_do, yearly
from planner.answer.page.report import Report
from planner.finance.pieces import GIVEN_UP
from planner.language.language import NONE, Language, mark
from planner.language.words import CARRIERS, COSTS, METRICS, STAGES, STATUSES, STREAMS, named, word
from planner.plan import TARGET

Fact = Callable[[Report], pd.DataFrame]
#: A sentence of a view; with what opens below it; and with what stands before it, in bold.
Told = str | tuple[str, str] | tuple[str, str, str]
FACTS: dict[str, Fact] = {}


def fact(make: Fact) -> Fact:
    """A function whose rows a view may name as its table."""
    FACTS[make.__name__] = make
    return make


def told(make: Callable[[Report], Iterable[Told]]) -> Callable[[Report], Iterable[Told]]:
    """A function whose sentences a view of the kind `words` shows; empty ones are left out. Rows: text, more, what."""

    def rows(report: Report) -> pd.DataFrame:
        lines = [(line, "", "") if isinstance(line, str) else (*line, "")[:3] for line in make(report)]
        return pd.DataFrame([line for line in lines if line[0]], columns=["text", "more", "what"])

    FACTS[make.__name__] = rows
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


@told
def moved_note(report: Report) -> Iterable[Told]:
    """What the pictures and tables of demand that moves leave open; nothing where none does."""
    if not report.output.target["flexibility"].empty:
        yield report.language.translate(
            "Demands are as measures leave them. Where moving costs nothing, what moved is one of many amounts of equal cost."
        )


@told
def charging_note(report: Report) -> Iterable[Told]:
    """What is the same for all vehicles; nothing where none are charged."""
    if not report.output.target["chargers"].empty:
        yield report.language.translate(
            "Vehicles have what they need by the time they leave; where waiting saves nothing, one of many ways is shown."
        )
