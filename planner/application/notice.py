"""Whether a plan is one that the notice of a form asks for: the class of parks, and the figures of the notice's own rules.

The figures are worked out with the factors that the notice fixes, whatever standard the plan keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from planner.answer.standing import GUIDED, Reckoned, figures, measured, reckoned
from planner.answer.standing_words import told_measured
from planner.application.details import FILE
from planner.application.draft import DocumentDraft, Source
from planner.application.told import RunTold
from planner.language.language import NONE, mark
from planner.language.words import METRICS, named

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
