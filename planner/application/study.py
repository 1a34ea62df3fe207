"""Chapter 2: what energy and CO2 would come to, how the park is supplied, and that the plan meets the standard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from models.case.base import Row
from planner.answer import series
from planner.answer.caveats import proof_sentence
from planner.answer.hangs_on import told_composition
from planner.answer.money import at_end, told_timing, what_to_do
from planner.answer.standing_words import told_measured
from planner.answer.summary import GUIDED, Reckoned, figures, measured, reckoned
from planner.application.details import FILE, RunTold
from planner.application.document import DocumentDraft, Source
from planner.language.language import NONE, mark
from planner.language.words import BASES, CARRIERS, COSTS, EMISSIONS, FIGURES, METRICS, PLANS, STAGES, named, told_metric
from planner.plan import BUSINESS, TARGET

# --- notice ----------------------------------------------------------------------------------------------------------------
# notice.

# --- notice ----------------------------------------------------------------------------------------------------------------
# Whether a plan is one that the notice of a form asks for: the class of parks, and the figures of the notice's own rules.
#
# The figures are worked out with the factors that the notice fixes, whatever standard the plan keeps.

#: Form -> standards of the catalogue by whose rules it is judged, one for each class of parks.
STANDARDS = {"cn-910": GUIDED}
#: Guidance indices that no plan of energy tells: key of [indices] -> what it is, and what annex 3 asks for.
STATED: Mapping[str, tuple[str, str]] = {
    "product_energy": (mark("energy per product of the companies"), mark("level 2 of its limit or better")),
    "solid_waste": (mark("use of industrial solid waste"), "≥ 80 %"),
    "residual_heat": (mark("use of residual heat, cold and pressure"), "≥ 50 %"),
    "water": (mark("reuse of industrial water"), "≥ 80 %"),
}

#: What the terms without a name are, from the last one on.
OTHERS = (mark("less: captured fossil CO2"), mark("processes and other emissions"), mark("own green power"))


def told_future(told: RunTold) -> str:
    """A sentence where the run is the path of one future of several; empty of any other."""
    if not told.run.output.future:
        return ""
    words = mark("This is the plan of one future of several, {future}: what it orders once that is known is not decided yet.")
    return told.language.translate(words, future=told.run.output.future)


def told_notice(told: RunTold, form: str) -> str:
    """A sentence on the class and the rules of the notice in the year of the goal; empty where energy is not known."""
    found = _judged(told, form)
    return told_measured(told.language, found) if found else ""


def by_notice(d: DocumentDraft, told: RunTold) -> Iterator[tuple[str, str, Callable[[int], str]]]:
    """Rows of a table by year: energy, gross emissions and core index by the factors of the notice; none where none is known."""
    say, number, found = d.language.translate, d.language.number, _judged(told, "cn-910")
    if not found or told.case.park.standard == found["name"]:
        return
    values = {y: figures(told.case, told.tables, y, found["name"]) for y in told.columns}
    yield say("energy use, factors of the notice"), "tce", lambda y: number(values[y]["energy_use"])
    yield say("gross emissions, factors of the notice"), "t", lambda y: number(values[y]["gross"])
    captured = {y: -reckoned(told.case, told.tables, y, found["name"])[-1].emitted for y in told.columns}
    if any(captured.values()):
        words = say("CO2 per energy as the notice counts, captured CO2 not taken off")
        yield words, "t/tce", lambda y: told.ratio(values[y]["gross"] + captured[y], values[y]["energy_use"])
    words = say("gross CO2 per energy, factors of the notice")
    yield words, "t/tce", lambda y: told.ratio(values[y]["gross"], values[y]["energy_use"])


def indices(d: DocumentDraft, told: RunTold) -> None:
    """A table of all indices of annexes 3 and 4: by the factors of the notice, stated in application.toml, or blank."""
    say, found = d.language.translate, _judged(told, "cn-910")
    rows = [index_row(d, rule) for rule in found["rules"]] if found else []
    for rule in found["guidance"] if found else ():
        words = named(d.language, METRICS, rule["metric"])
        rows.append(_row(d, (words, say("guidance")), _amount(d, rule, "limit"), _amount(d, rule, "value"), rule["holds"]))
    for key, (words, asked) in STATED.items():
        value = told.details.texts.get(("indices", key)) or d.fill_in(say(words), f"[indices] {key}")
        rows.append([say(words), say("guidance"), asked if asked.startswith("≥") else say(asked), value, NONE, FILE])
    head = [say("index"), say("kind"), say("asked for"), str(told.by), say("met"), say("from")]
    energy = Source("energy.csv", f"year = {told.by}, flow = import, export")
    sources = Source("emissions.csv", f"year = {told.by}"), energy, Source(FILE, "[indices]")
    d.grid(say("Indices of the notice, annexes 3 and 4"), head, rows, *sources, wide=(3.4, 1.6, 2, 1.6, 1, 2.4))
    if found:
        derivation(d, told, found)
    else:
        d.words(say("What the plan comes to by the notice is not known: no supply states a coal equivalent."))


def index_row(d: DocumentDraft, rule: Mapping[str, Any]) -> list[str]:
    """A rule with its limit, what it comes to as the notice counts, and whether that meets it."""
    kind = d.language.translate(mark("core") if rule["metric"] == "intensity" else mark("in principle"))
    words = named(d.language, METRICS, rule["metric"])
    return _row(d, (words, kind), _amount(d, rule, "limit"), _reached(d, rule), rule["holds"])


def derivation(d: DocumentDraft, told: RunTold, found: Mapping[str, Any]) -> None:
    """Numerator, denominator and factors of the core index, row by row, beside the park's own; and what it rests on."""
    say, number, year = d.language.translate, d.language.number, told.by
    terms = reckoned(told.case, told.tables, year, found["name"])
    energy, emitted = sum(t.tce for t in terms), sum(t.emitted for t in terms)
    captured = terms[-1].emitted
    rows = []
    for after, t in zip(reversed(range(len(terms))), terms, strict=True):
        name = told.titles.of(t.name) if t.name else say(OTHERS[after])
        sizes = [number(v) if v else NONE for v in (t.bought, t.sold, t.certified)]
        factor = NONE if t.factor is None else number(t.factor, 4)
        each = number(t.each, 4) if t.each else NONE
        if captured and not after:  # the notice counts up to here: it has no term for captured CO2
            rows.append([say("sum as the notice counts"), "", "", "", "", number(energy), "", number(emitted - captured)])
        if t.tce or t.emitted or t.certified:
            rows.append([name, *sizes, each, number(t.tce), factor, number(t.emitted)])
    whole = say("sum with captured CO2 taken off") if captured else say("sum as the notice counts")
    rows.append([whole, "", "", "", "", number(energy), "", number(emitted)])
    own = told.emissions.loc[year]
    rows.append([say("sum, factors of the park"), "", "", "", "", number(own["energy_use"]), "", number(own["gross"])])
    head = [say("source"), say("bought or made, MWh"), say("sold, MWh"), say("certified, MWh")]
    head += ["tce/MWh", "tce", "t/MWh", say("CO2, t")]
    label = d.grid(
        say("How the core index of {year} comes about", year=year),
        head,
        rows,
        Source("energy.csv", f"year = {year}, flow = import, export"),
        Source("certificates.csv", f"year = {year}"),
        Source("emission_sources.csv", f"year = {year}"),
        Source("emissions.csv", f"year = {year}, item = gross, energy_use, direct_green"),
        wide=(3, 1.5, 1.4, 1.5, 1.2, 1.4, 1.2, 1.5),
    )
    d.words(d.language.sentences(*_rests_on(d, terms, (energy, emitted, captured))), label)


def _rests_on(d: DocumentDraft, terms: Sequence[Reckoned], sums: tuple[float, float, float]) -> Iterator[str]:
    """The index as the notice counts, which takes off no captured CO2; without certificates; and with captured CO2 taken off."""
    say, number, (energy, emitted, captured) = d.language.translate, d.language.number, sums
    counted = emitted - captured
    values = {"emitted": number(counted), "energy": number(energy), "index": number(counted / energy, 2)}
    yield say("The core index is {emitted} t / {energy} tce = {index} t/tce.", **values)
    certified, more = sum(t.certified for t in terms if t.factor), sum((t.factor or 0.0) * t.certified for t in terms)
    if certified > 0:
        yield say(
            "It counts {amount} MWh of green certificates at 0, as the notice does (annex 4); without them it would be {index}.",
            amount=number(certified),
            index=number((counted + more) / energy, 2),
        )
    if captured < 0:
        yield say(
            "The notice has no term for captured CO2: the core index takes off none. With {amount} t of captured fossil CO2 taken "
            "off it would be {emitted} t / {energy} tce = {index}. Whether captured CO2 counts is for the authority to say.",
            amount=number(-captured),
            emitted=number(emitted),
            energy=number(energy),
            index=number(emitted / energy, 2),
        )


def _judged(told: RunTold, form: str) -> dict[str, Any] | None:
    """The class of the park, and what the plan comes to by its rules; of a park below all classes the smallest."""
    names = STANDARDS.get(form, ())
    found = [m for name in names if (m := measured(told.case, told.tables, told.by, name)) is not None]
    fits = [m for m in found if m["fits"]]
    return next(iter(fits or found), None)


def _row(d: DocumentDraft, index: tuple[str, str], asked: str, value: str, holds: bool) -> list[str]:
    say = d.language.translate
    return [*index, asked, value, say("yes") if holds else say("no"), say("worked out")]


def _reached(d: DocumentDraft, rule: Mapping[str, Any]) -> str:
    """What a rule comes to: as the notice counts, with this program's count behind it where that is another."""
    if rule.get("ours") is None:
        return _amount(d, rule, "value")
    ours = d.language.number(rule["ours"], 2)
    return d.language.translate("{value} ({ours} with captured CO2 taken off)", value=_amount(d, rule, "value"), ours=ours)


def _amount(d: DocumentDraft, rule: Mapping[str, Any], key: str) -> str:
    amount = f"{d.language.number(rule[key], 2)} t/tce" if rule["metric"] == "intensity" else d.language.percent(rule[key], 1)
    sign = {"<=": "≤ ", ">=": "≥ "}[rule["sense"]]
    return f"{sign}{amount}" if key == "limit" else amount


# --- study -----------------------------------------------------------------------------------------------------------------

#: Carriers that are no energy; capacity (MW, MWh, t/h) below which equipment is left out of the table.
NO_ENERGY, SMALL = ("co2",), 0.01
#: Column that says what something rests on -> its words.
EVIDENCE = {
    "vintage": mark("generated"),
    "region": mark("region"),
    "registry": mark("registry"),
    "evidence": mark("evidence"),
}


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
    evidence(d, told)


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


def evidence(d: DocumentDraft, told: RunTold) -> None:
    """What is behind the certificates, credits, biomass and CO2 storage of the plan: as the park states it, else blank."""
    say, case, tables = d.language.translate, told.case, told.tables
    grown, energy = {row.supply for row in case.emission_factors if row.biogenic}, tables["energy"]
    bought, given = (energy[energy["flow"] == flow].groupby("name")["value"].sum() for flow in ("import", "export"))
    greened, credited = (tables[t].groupby(n)["value"].sum() for t, n in (("certificates", "certificate"), ("offsets", "offset")))
    used: list[tuple[Row, str, pd.Series, str, dict[str, str]]] = []
    used += [(c, c.certificate, greened, "MWh", {"vintage": c.vintage, "region": c.region}) for c in case.certificates]
    used += [(o, o.offset, credited, "t", {"registry": o.registry}) for o in case.offsets]
    used += [(s, s.supply, bought, "MWh", {"evidence": s.evidence}) for s in case.supplies if s.supply in grown]
    used += [(s, s.supply, given, "t", {"evidence": s.evidence}) for s in case.supplies if s.carrier == "co2"]
    rows = {}
    for row, name, amounts, unit, stated in used:
        if amounts.get(name, 0.0) <= SMALL or name in rows:
            continue
        parts = []
        for column, words in stated.items():
            title = say(EVIDENCE[column])
            shown = words or d.fill_in(title, f"{row.table}.csv {column}", name)
            parts.append(say("{column}: {stated}", column=title, stated=shown))
        rows[name] = [told.titles.of(name), f"{d.language.number(amounts[name])} {unit}", say("; ").join(parts)]
    if rows:
        head = [say("source"), say("sum of all years"), say("what it rests on")]
        files = ("certificates", "value"), ("offsets", "value"), ("energy", "flow = import, export")
        sources = (Source(f"{name}.csv", what) for name, what in files)
        d.grid(say("Certificates, credits, biomass and CO2 storage"), head, list(rows.values()), *sources, wide=(3, 2, 6))


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


# --- goals -----------------------------------------------------------------------------------------------------------------
# Chapter 3: the goal, its stages, and what is done in which year.

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
    say = d.language.translate
    cut = told.emissions["gross"]
    d.words(
        say(
            "In {year} gross emissions are {gross} t, net emissions {net} t.",
            year=told.by,
            gross=d.language.number(cut.get(told.by)),
            net=d.language.number(told.emissions["net"].get(told.by)),
        ),
        "emissions.csv",
    )


def _timetable(d: DocumentDraft, told: RunTold) -> None:
    say = d.language.translate
    rows = []
    for year, decisions in what_to_do(told.plans[TARGET], d.language).items():
        if year > told.by and not decisions.named:
            continue
        words = decisions.text(d.language, 8 if year <= told.by else 3)
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


# --- economics -------------------------------------------------------------------------------------------------------------
# Chapter 5: cost, revenue, structure of the investment, payback and rate of return.

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
        if told.run.output.days is not None:
            own = series.over_years(told.run.output.beside(compared)["costs"], "item").sum(axis=1).reindex(years, fill_value=0.0)
            rows.append([say("sum of the plan on the typical days of that one"), *(told.in_money(v) for v in own)])
        else:
            own = frame.sum(axis=1)
        rows.append([say("saved against it"), *(told.in_money(v) for v in other - own)])
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
