"""Chapter 2: what energy and CO2 would come to, how the park is supplied, and that the plan meets the standard."""

from __future__ import annotations

import pandas as pd

from planner.answer import series
from planner.answer.composition import told_composition
from planner.answer.proof import proof_sentence
from planner.application.draft import DocumentDraft, Source
from planner.application.notice import by_notice, indices
from planner.application.told import RunTold
from planner.language.language import NONE
from planner.language.words import CARRIERS, EMISSIONS, METRICS, PLANS, STAGES, named, told_metric
from planner.plan import BUSINESS, TARGET

#: Carriers that are no energy; capacity (MW, MWh, t/h) below which equipment is left out of the table.
NO_ENERGY, SMALL = ("co2",), 0.01


def feasibility_chapter(d: DocumentDraft, told: RunTold) -> None:
    """Write it."""
    say = d.language.translate
    d.chapter(say("Feasibility"))
    d.section(say("Trend of energy and CO2"))
    _trend(d, told)
    d.section(say("Integrated supply of energy"))
    _supply(d, told)
    d.section(say("Proof that the standard is met"))
    _proof(d, told)


def _by_year(d: DocumentDraft, told: RunTold, words: str, unit: str, values: pd.Series, decimals: int = 0) -> list[str]:
    """A row: what it is, its unit, and the years that are shown."""
    return [words, unit, *(d.language.number(values.get(y), decimals) for y in told.columns)]


def _trend(d: DocumentDraft, told: RunTold) -> None:
    say = d.language.translate
    energy = told.tables["energy"]
    use = series.over_years(energy[energy["flow"] == "demand"], "carrier").reindex(told.run.output.years, fill_value=0.0)
    rows = [_by_year(d, told, say("use of {carrier}", carrier=named(d.language, CARRIERS, c)), "MWh", use[c]) for c in use]
    items, sources = told.emissions, [Source("energy.csv", "flow = demand")]
    rows.append(_by_year(d, told, say("energy use in coal equivalent"), "tce", items["energy_use"]))
    rows.append(_by_year(d, told, say("gross emissions of the plan"), "t", items["gross"]))
    rows.append(_by_year(d, told, say("net emissions of the plan"), "t", items["net"]))
    rows += [[words, unit, *(number_of(y) for y in told.columns)] for words, unit, number_of in by_notice(d, told)]
    sources.append(Source("emissions.csv", "item = energy_use, gross, net"))
    if BUSINESS in told.plans:
        usual = series.over_years(told.plans[BUSINESS]["emissions"], "item")["gross"]
        rows.append(_by_year(d, told, say("gross emissions of business as usual"), "t", usual))
        sources.append(Source(f"{BUSINESS}/emissions.csv", "item = gross"))
    head = [say("item"), say("unit"), *map(str, told.columns)]
    label = d.grid(say("Energy and CO2 by year"), head, rows, *sources, wide=(3.6, 1, *[1.5] * len(told.columns)))
    first, last = told.columns[0], told.columns[-1]
    d.words(
        say(
            "Gross emissions are {first} t in {year} and {last} t in {end}.",
            first=d.language.number(items["gross"][first]),
            year=first,
            last=d.language.number(items["gross"][last]),
            end=last,
        ),
        label,
    )
    net = series.net_emissions(told.plans).rename(columns={name: named(d.language, PLANS, name) for name in told.plans})
    files = (Source("emissions.csv" if n == TARGET else f"{n}/emissions.csv", "item = net") for n in told.plans)
    d.picture(say("Net emissions of the plans"), "t", net, *files, lines=list(net.columns))


def _supply(d: DocumentDraft, told: RunTold) -> None:
    say, tables = d.language.translate, told.plans[TARGET]
    energy = tables["energy"]
    carriers = [c for c in dict.fromkeys(energy[energy["flow"] == "demand"]["carrier"]) if c not in NO_ENERGY]
    carriers.sort(key=lambda c: c != "electricity")
    for carrier in carriers:
        found = series.sources(tables, carrier)
        name = named(d.language, CARRIERS, carrier)
        rows = [_by_year(d, told, c if c != series.OTHER else say("other"), "MWh", found[c]) for c in found]
        rows.append(_by_year(d, told, say("sum"), "MWh", found.sum(axis=1)))
        given = energy[(energy["carrier"] == carrier) & (energy["flow"] == "export")]
        flows, sold = "out, import", given.groupby("year")["value"].sum()
        if sold.sum() > 1:
            sold = sold.reindex(found.index, fill_value=0.0)
            rows.append(_by_year(d, told, say("less: {what}", what=say("sold and given off")), "MWh", -sold))
            rows.append(_by_year(d, told, say("kept in the park"), "MWh", found.sum(axis=1) - sold))
            flows = "out, import, export"
        source = Source("energy.csv", f"carrier = {carrier}, flow = {flows}")
        head = [say("source"), say("unit"), *map(str, told.columns)]
        d.grid(say("Sources of {carrier}", carrier=name), head, rows, source, wide=(3.6, 1, *[1.5] * len(told.columns)))
        if carrier == "electricity":
            d.picture(
                say("Sources of {carrier}", carrier=name), "GWh", found.rename(columns={series.OTHER: say("other")}) / 1e3, source
            )
    rows = []
    for title, own in tables["capacity"].groupby("technology", sort=False):
        by = own.set_index("year")["capacity"].reindex(told.columns, fill_value=0.0)
        if by.abs().max() >= SMALL:
            rows.append([str(title), str(own["unit"].iloc[0]), *(d.language.amount(v) if v else NONE for v in by)])
    d.grid(
        say("Capacity that works, from {size} on", size=SMALL),
        [say("equipment"), say("unit"), *map(str, told.columns)],
        rows,
        Source("capacity.csv"),
        wide=(3.6, 1, *[1.5] * len(told.columns)),
    )


def _proof(d: DocumentDraft, told: RunTold) -> None:
    say, rules = d.language.translate, told.tables["stages"]
    rows = []
    for (metric, sense, limit), own in rules.groupby(["metric", "sense", "limit"], sort=False):
        by = own.set_index("year")
        at = int(by.index.min())
        worst = by["value"].max() if sense == "<=" else by["value"].min()
        factors = say("of the standard") if by["factors"].iloc[0] == "standard" else say("of the park")
        held = sum(bool(h) for h in by["holds"])
        stages = say(", ").join(named(d.language, STAGES, str(stage)) for stage in dict.fromkeys(own["stage"]))
        rows.append(
            [
                stages,
                named(d.language, METRICS, str(metric)),
                "≤" if sense == "<=" else "≥",
                told_metric(d.language, str(metric), limit),
                f"{at}: {told_metric(d.language, str(metric), by['value'].loc[at])}",
                told_metric(d.language, str(metric), worst),
                say("{held} of {count}", held=held, count=len(by)),
                factors,
            ]
        )
    if rows:
        head = [
            say("stage"),
            say("metric"),
            "",
            say("limit"),
            say("first year"),
            say("worst year"),
            say("years in which it holds"),
            say("factors"),
        ]
        label = d.grid(
            say("Rules of the standard {standard}", standard=told.standard),
            head,
            rows,
            Source("stages.csv"),
            wide=(2, 3, 0.6, 1.3, 2, 1.4, 1.6, 1.6),
        )
    else:
        label = ""
        d.words(say("No rule is in force within the horizon."))
    indices(d, told)
    facts = told.summary["plans"][TARGET]
    is_verified = bool(told.summary["verified"])
    hours = (
        say(
            "The plan was operated in every hour of every year and holds; the program itself worked emissions, rules and money out "
            "once more. Nobody else has checked it."
        )
        if is_verified
        else say("The plan is not shown to hold in every hour; plan it once more without --no-verify before it is handed in.")
    )
    d.words(d.language.sentences(hours, proof_sentence(d.language, facts, told.run.output.currency)), label, "summary.json")
    composed = told_composition(
        d.language, told.summary["composition"], told.summary["base_emissions"], told.summary.get("base_location")
    )
    d.words(say("{sentence}.", sentence=composed[:1].upper() + composed[1:]), _composition(d, told))


def _composition(d: DocumentDraft, told: RunTold) -> str:
    say, parts = d.language.translate, told.summary["composition"]
    words = {
        "certificates": say("certificates"),
        "captured": say("captured"),
        "restoration": say("restored land"),
        "credits": say("credits"),
    }
    number = d.language.number
    rows = [[told.titles.of(name), number(value)] for name, value in parts["emitted_by_source"].items()]
    rows += [[say("less: {what}", what=text), number(-parts[key])] for key, text in words.items() if parts[key]]
    rows.append([named(d.language, EMISSIONS, "net"), number(parts["net"])])
    year = parts["year"]
    sources = Source("summary.json", "composition"), Source("emission_sources.csv", f"year = {year}")
    return d.grid(say("What net emissions of {year} are made of", year=year), [say("source"), "t CO2"], rows, *sources)
