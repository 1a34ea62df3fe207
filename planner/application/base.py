"""Chapter 1: the park, its energy and CO2 of the base year and the years before, and what stands."""

from __future__ import annotations

import pandas as pd

from planner.application.details import FILE
from planner.application.draft import DocumentDraft, Source
from planner.application.told import RunTold
from planner.baseline.inventory import BILLS, OPERATION, OWN, PROCESS
from planner.language.language import NONE, mark
from planner.language.words import CARRIERS, named

#: Key of [park] -> what it is.
PARK = {
    "title": mark("name in full"),
    "location": mark("where it lies"),
    "area": mark("area"),
    "boundary": mark("boundary"),
    "industries": mark("leading industries"),
    "enterprises": mark("enterprises"),
    "output": mark("output value of the base year"),
}
APPLICANT = {
    "body": mark("applicant"),
    "authority": mark("authority in charge"),
    "contact": mark("person to contact"),
    "telephone": mark("telephone"),
    "date": mark("date of the application"),
}
#: Where a year's figures come from.
ORIGINS = {
    BILLS: mark("bills, bills.csv"),
    OPERATION: mark("worked out: operation of what stands"),
    "details": mark("stated, application.toml"),
}
#: What a source of energy is: by scope, or made here.
USES = {1: mark("fuel"), 2: mark("bought energy"), 3: mark("scope 3")}


def base_chapter(d: DocumentDraft, told: RunTold) -> None:
    """Write it."""
    say = d.language.translate
    d.chapter(say("Present state of the park"))
    d.section(say("The park"))
    _park(d, told)
    d.section(say("Energy and CO2 of {year}", year=told.base_year))
    _sources(d, told)
    d.section(say("Energy and CO2 of the last three years"))
    _years(d, told)
    d.section(say("What stands"))
    _standing(d, told)


def _park(d: DocumentDraft, told: RunTold) -> None:
    say, texts = d.language.translate, told.details.texts
    rows, blank = [[say("name in park.toml"), told.case.park.name, "park.toml"]], []
    for table, keys in (("park", PARK), ("applicant", APPLICANT)):
        for key, words in keys.items():
            if text := texts.get((table, key)):
                rows.append([say(words), text, FILE])
            else:
                d.fill_in(say(words), f"[{table}] {key}")
                blank.append(say(words))
    d.grid(
        say("Facts about the park"),
        [say("item"), say("content"), say("stated in")],
        rows,
        Source("park.toml", "name"),
        Source(FILE, "[park], [applicant]"),
        wide=(3, 7, 2.5),
    )
    d.not_stated(blank)


def _sources(d: DocumentDraft, told: RunTold) -> None:
    say, number, year = d.language.translate, d.language.number, told.base_year
    entries = sorted(told.entries(year), key=lambda e: -e.tce)
    if not entries:
        d.blank_words(say("energy and CO2 of {year} by source", year=year), "bills.csv")
    else:
        rows = []
        for e in entries:
            use = say("made here") if e.kind == OWN else say("process") if e.kind == PROCESS else say(USES.get(e.scope, "fuel"))
            co2 = number(getattr(e, told.case.park.accounting))
            carrier = named(d.language, CARRIERS, e.carrier) if e.carrier else NONE
            rows.append([told.titles.of(e.source), carrier, use, number(e.energy), number(e.tce), co2])
        past = told.past(year)
        energy = sum(e.energy for e in entries)
        if past.origin == "details":
            past = told.recorded(year)
        rows.append([say("sum"), "", "", number(energy), number(past.energy), number(past.co2)])
        source = _origin(told, year)
        d.grid(
            say("Energy and CO2 of {year} by source", year=year),
            [say("source"), say("carrier"), say("use"), "MWh", "tce", say("CO2, t")],
            rows,
            *source,
            wide=(3, 2, 2, 2, 2, 2),
        )
        frame = pd.DataFrame({"tce": [e.tce for e in entries]}, index=[told.titles.of(e.source) for e in entries])
        d.picture(say("Energy of {year} by source", year=year), "tce", frame, *source)
    feedstock = told.details.texts.get(("park", "feedstock"))
    if feedstock:
        d.words(feedstock)
    else:
        d.blank_words(say("fuel used as feedstock, and losses of conversion outside the plan"), "[park] feedstock")


def _origin(told: RunTold, year: int) -> list[Source]:
    """The files that an inventory of a year is from."""
    kinds = {e.kind for e in told.entries(year)}
    say, found = told.language.translate, []
    if BILLS in kinds:
        found.append(Source("bills.csv", f"year = {year}"))
    if worked_out := [kind for kind in (OPERATION, OWN) if kind in kinds]:
        found.append(Source("plan check --baseline, baseline.csv", f"year = {year}, kind = {', '.join(worked_out)}"))
    if PROCESS in kinds:
        found.append(Source("process_emissions.csv", say("interpolated to {year}", year=year)))
    return found


def _years(d: DocumentDraft, told: RunTold) -> None:
    say, number = d.language.translate, d.language.number
    known = {year: told.past(year) for year in told.past_years}
    is_ruled = any(p.ruled is not None for p in known.values())
    rows, sources = [], list[Source]()
    for year, p in known.items():
        cells = [str(year)]
        for key, value in (("energy", p.energy), ("co2", p.co2)):
            missing = say("energy of {year}, tce", year=year) if key == "energy" else say("CO2 of {year}, t", year=year)
            cells.append(number(value) if value is not None else d.fill_in(missing, f"[[year]] year = {year}, {key}"))
        cells.append(told.ratio(p.co2, p.energy))
        if is_ruled:
            cells += [number(p.ruled_energy), number(p.ruled), told.ratio(p.ruled, p.ruled_energy)]
        rows.append([*cells, say(ORIGINS[p.origin]) if p.origin else NONE])
        if p.origin:
            sources += [Source(FILE, f"[[year]] year = {year}")] if p.origin == "details" else _origin(told, year)
    head = [say("year"), say("energy, tce"), say("CO2, t"), say("CO2 per energy, t/tce")]
    if is_ruled:
        head += [say("energy by the standard, tce"), say("CO2 by the standard, t"), say("by the standard, t/tce")]
        sources.append(Source("standards.csv", f"standard = {told.case.park.standard}"))
    d.grid(say("Energy and CO2 of three years"), [*head, say("from")], rows, *sources, wide=(1.2, *[1.8] * (len(head) - 1), 2.6))
    if is_ruled:
        by_standard = say(
            "The figures by the standard are worked out with the factors and coal equivalents that {standard} fixes; the others "
            "with the park's own.",
            standard=told.standard,
        )
        d.words(by_standard)


def _standing(d: DocumentDraft, told: RunTold) -> None:
    say = d.language.translate
    standing = [t for t in told.case.technologies if t.existing > 0]
    if not standing:
        d.words(say("Of the plan's equipment nothing stands yet (technologies.csv, column existing)."))
        return
    stood = pd.concat([told.tables["retirements"], told.tables["capacity"]])  # what is retired at once works in no year
    units = dict(zip(stood["technology"], stood["unit"], strict=True))
    rows = [
        [
            told.titles.of(t.technology),
            d.language.amount(t.existing),
            units.get(t.technology, ""),
            str(t.existing_until) if t.existing_until else NONE,
        ]
        for t in standing
    ]
    d.grid(
        say("Equipment that stands"),
        [say("equipment"), say("capacity"), say("unit"), say("works until")],
        rows,
        Source("technologies.csv", "existing, existing_until"),
        wide=(4, 2, 1.5, 2),
    )
