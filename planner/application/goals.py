"""Chapter 3: the goal, its stages, and what is done in which year."""

from __future__ import annotations

from planner.answer import series
from planner.answer.decisions import what_to_do
from planner.application.draft import DocumentDraft, Source
from planner.application.notice import by_notice
from planner.application.told import RunTold
from planner.language.language import NONE
from planner.language.words import EMISSIONS, METRICS, STAGES, named, told_metric
from planner.plan import TARGET

#: Items of emissions.csv that the goals are told of, and the unit.
ITEMS = (("gross", "t"), ("net", "t"), ("energy_use", "tce"), ("direct_green", "MWh"), ("electricity_used", "MWh"))


def goals_chapter(d: DocumentDraft, told: RunTold) -> None:
    """Write it."""
    say = d.language.translate
    d.chapter(say("Goals"))
    d.section(say("Goal and stages"))
    _goal(d, told)
    d.section(say("Roadmap"))
    _roadmap(d, told)
    d.section(say("Timetable"))
    _timetable(d, told)


def _goal(d: DocumentDraft, told: RunTold) -> None:
    say = d.language.translate
    steps = [say("{stage} by {year}", stage=named(d.language, STAGES, s), year=y) for s, y in told.run.output.steps]
    label = _table(d, told)
    d.words(
        say(
            "With {base} as the base year the park is to reach {steps}, by the standard {standard}.",
            base=told.base_year,
            steps=say(", ").join(steps),
            standard=told.standard,
        ),
        label,
    )


def _table(d: DocumentDraft, told: RunTold) -> str:
    say, number, past = d.language.translate, d.language.number, told.past(told.base_year)
    years, items = told.columns, told.emissions
    before = {"gross": past.co2, "energy_use": past.energy}
    words = {item: named(d.language, EMISSIONS, item) for item, _ in ITEMS} | {"gross": say("gross emissions of the plan")}
    rows = [[words[i], unit, number(before.get(i)), *(number(items[i].get(y)) for y in years)] for i, unit in ITEMS]
    ratios = [told.ratio(items["gross"].get(y), items["energy_use"].get(y)) for y in years]
    rows.append([say("gross CO2 per energy, factors of the park"), "t/tce", told.ratio(past.co2, past.energy), *ratios])
    base = float(summary) if (summary := told.summary["base_emissions"]) else 0.0
    rows += [[title, unit, NONE, *(of(y) for y in years)] for title, unit, of in by_notice(d, told)]
    shares = [d.language.percent(items["gross"].get(y, 0.0) / base) if base else NONE for y in years]
    rows.append([say("gross emissions of base"), "%", d.language.percent(1.0) if base else NONE, *shares])
    rules = told.tables["stages"]
    for (metric, factors), own in rules.groupby(["metric", "factors"], sort=False):
        if base and (metric, factors) == ("gross_ratio", "park"):
            continue  # the row above has it, of all years
        by = own.drop_duplicates("year").set_index("year")["value"]
        title = named(d.language, METRICS, str(metric))
        first = NONE
        if factors == "standard":
            title = say("{metric}, factors of the standard", metric=title)
            if metric == "intensity":
                first = told.ratio(past.ruled, past.ruled_energy)
        cells = [told_metric(d.language, str(metric), by[y]) if y in by.index else NONE for y in years]
        rows.append([title, "t/tce" if metric == "intensity" else "%", first, *cells])
    head = [say("item"), say("unit"), say("{year} (base)", year=told.base_year), *map(str, years)]
    return d.grid(
        say("Goals by year"),
        head,
        rows,
        Source("emissions.csv", "item = " + ", ".join(i for i, _ in ITEMS)),
        Source("stages.csv"),
        Source("summary.json", "base_emissions"),
        wide=(3.6, 1, *[1.5] * (len(years) + 1)),
    )


def _roadmap(d: DocumentDraft, told: RunTold) -> None:
    say, basis = d.language.translate, told.case.park.accounting
    frame = series.emissions(told.tables, basis)
    names = [name for name in frame if name != "net"]
    words = {name: named(d.language, EMISSIONS, name) for name in frame}
    source = Source("emissions.csv", "item = " + ", ".join([*names, "net"]))
    label = d.picture(say("Emissions by year"), "t", frame.rename(columns=words), source, lines=[words["net"]])
    cut = told.emissions["gross"]
    d.words(
        say(
            "In {year} gross emissions are {gross} t, net emissions {net} t.",
            year=told.by,
            gross=d.language.number(cut.get(told.by)),
            net=d.language.number(told.emissions["net"].get(told.by)),
        ),
        label,
    )


def _timetable(d: DocumentDraft, told: RunTold) -> None:
    say = d.language.translate
    rows = []
    for year, decisions in what_to_do(told.plans[TARGET], d.language).items():
        if year > told.by and not decisions.named:
            continue
        words = decisions.text(lambda count: say("and {count} more", count=count), 8 if year <= told.by else 3)
        rows.append([str(year), words, told.in_money(decisions.capital)])
    head = [say("year"), say("build, adopt, plant, retire"), say("capital, {unit}", unit=told.money[0])]
    d.grid(
        say("What is ordered in each year"),
        head,
        rows,
        Source("investments.csv"),
        Source("measures.csv"),
        Source("restoration.csv"),
        Source("retirements.csv"),
        Source("costs.csv", "item = capital, measures, restoration"),
        wide=(1, 9, 2),
    )
