"""Whether a plan is one that the notice of a form asks for: the class of parks, and the figures of the notice's own rules.

The figures are worked out with the factors that the notice fixes, whatever standard the plan keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.application.details import FILE
from planner.application.draft import DocumentDraft, Source
from planner.application.told import RunTold
from planner.language.language import NONE, mark
from planner.language.words import METRICS, named
from planner.report.standing import GUIDED, figures, measured
from planner.report.standing_words import told_measured

#: Form -> standards of the catalogue by whose rules it is judged, one for each class of parks.
STANDARDS = {"cn-910": GUIDED}
#: Share of clean energy that annex 3 asks for, as a guidance index.
CLEAN = 0.9
#: Guidance indices that no plan of energy tells: key of [indices] -> what it is, and what annex 3 asks for.
STATED: Mapping[str, tuple[str, str]] = {
    "product_energy": (mark("energy per product of the companies"), mark("level 2 of its limit or better")),
    "solid_waste": (mark("use of industrial solid waste"), "≥ 80 %"),
    "residual_heat": (mark("use of residual heat, cold and pressure"), "≥ 50 %"),
    "water": (mark("reuse of industrial water"), "≥ 80 %"),
}


def told_future(told: RunTold) -> str:
    """A sentence where the run is the path of one future of several; empty of any other."""
    if not told.run.future:
        return ""
    words = mark("This is the plan of one future of several, {future}: what it orders once that is known is not decided yet.")
    return told.language.translate(words, future=told.run.future)


def told_notice(told: RunTold, form: str) -> str:
    """A sentence on the class and the rules of the notice in the year of the goal; empty where energy is not known."""
    found = _judged(told, form)
    return told_measured(told.language, found) if found else ""


def indices(d: DocumentDraft, told: RunTold) -> None:
    """A table of all indices of annexes 3 and 4: by the factors of the notice, stated in application.toml, or blank."""
    say, found = d.language.translate, _judged(told, "cn-910")
    rows = []
    for rule in found["rules"] if found else ():
        kind = say("core") if rule["metric"] == "intensity" else say("in principle")
        words = named(d.language, METRICS, rule["metric"])
        rows.append(_row(d, (words, kind), _amount(d, rule, "limit"), _amount(d, rule, "value"), rule["holds"]))
    if found:
        values = figures(told.case, told.tables, told.by, found["name"])
        share = values["clean_energy"] / values["energy_use"] if values["energy_use"] > 0 else 0.0
        words = named(d.language, METRICS, "clean_share")
        rows.append(_row(d, (words, say("guidance")), "≥ 90 %", d.language.percent(share, 1), share >= CLEAN))
    for key, (words, asked) in STATED.items():
        value = told.details.texts.get(("indices", key)) or d.fill_in(say(words), f"[indices] {key}")
        rows.append([say(words), say("guidance"), asked if asked.startswith("≥") else say(asked), value, NONE, FILE])
    head = [say("index"), say("kind"), say("asked for"), str(told.by), say("met"), say("from")]
    energy = Source("energy.csv", f"year = {told.by}, flow = import, export")
    sources = Source("emissions.csv", f"year = {told.by}"), energy, Source(FILE, "[indices]")
    d.grid(say("Indices of the notice, annexes 3 and 4"), head, rows, *sources, wide=(3.4, 1.6, 2, 1.6, 1, 2.4))
    if not found:
        d.words(say("What the plan comes to by the notice is not known: no supply states a coal equivalent."))


def _judged(told: RunTold, form: str) -> dict[str, Any] | None:
    """The class of the park, and what the plan comes to by its rules; of a park below all classes the smallest."""
    names = STANDARDS.get(form, ())
    found = [m for name in names if (m := measured(told.case, told.tables, told.by, name)) is not None]
    fits = [m for m in found if m["fits"]]
    return next(iter(fits or found), None)


def _row(d: DocumentDraft, index: tuple[str, str], asked: str, value: str, holds: bool) -> list[str]:
    say = d.language.translate
    return [*index, asked, value, say("yes") if holds else say("no"), say("worked out")]


def _amount(d: DocumentDraft, rule: Mapping[str, Any], key: str) -> str:
    amount = f"{d.language.number(rule[key], 2)} t/tce" if rule["metric"] == "intensity" else d.language.percent(rule[key], 1)
    sign = {"<=": "≤ ", ">=": "≥ "}[rule["sense"]]
    return f"{sign}{amount}" if key == "limit" else amount
