"""Whether a plan is one that the notice of a form asks for: the class of parks, and the figures of the notice's own rules.

The figures are worked out with the factors that the notice fixes, whatever standard the plan keeps.
"""

from __future__ import annotations

from planner.application.told import Told
from planner.report.standing import measured
from planner.report.standing_words import told_measured

#: Form -> standards of the catalogue by whose rules it is judged, one for each class of parks.
STANDARDS = {"cn-910": ("china-national", "china-national-large")}


def told_notice(told: Told, form: str) -> str:
    """A sentence on the class and the rules of the notice in the year of the goal; empty where energy is not known."""
    names = STANDARDS.get(form, ())
    found = [m for name in names if (m := measured(told.case, told.tables, told.by, name)) is not None]
    fits = [m for m in found if m["fits"]]
    return told_measured(told.language, fits[0] if fits else found[0]) if found else ""
