"""Coal equivalent of a grid of electricity that names no fuel and states none: the calorific value of electricity.

It is the same everywhere, so a rule by energy in tce needs no figure of the park for it. Where no rule reads tce it stays out of
the accounts of a plan.
"""

from __future__ import annotations

from models.case import ParkRule, StageRule, Supply
from models.metrics import OF_RULES
from planner.park import remarks
from planner.park.catalogue import Catalogue
from planner.park.fill import Filler
from planner.park.tables import RawRow

ENERGY = "energy_use"


def calorific(catalogue: Catalogue) -> RawRow | None:
    """The catalogue's first grid of electricity that has a coal equivalent."""
    grids = catalogue.rows(Supply.table, kind="grid", carrier="electricity")
    return next((row for row in grids if row.get("tce_per_mwh")), None)


def fill_energy(filler: Filler) -> None:
    """What such a grid counts, where the park's standard or one of its rules is by energy in tce; told as a warning too."""
    park, draft = filler.draft.park, filler.draft
    if park is None or not filler.is_given("supplies"):
        return
    rows = [row for row in draft.raw[StageRule.table] if row.get("standard") == park.standard] + draft.raw[ParkRule.table]
    metrics = sorted({row.get("metric") for row in rows if _is_by_energy(row.get("metric"))})
    found = calorific(filler.catalogue)
    if not metrics or found is None:
        return
    supplies = draft.raw[Supply.table]
    for i, row in enumerate(supplies):
        of_electricity = (row.get("kind"), row.get("carrier")) == ("grid", "electricity")
        if of_electricity and row.get("supply") and not row.get("fuel") and not row.get("tce_per_mwh"):
            filler.take_cells("supplies", row.get("supply"), found, ["tce_per_mwh"])
            supplies[i] = row.having(tce_per_mwh=found.get("tce_per_mwh"))
            draft.warn(
                row.origin, remarks.CALORIFIC, supply=repr(row.get("supply")), tce=found.get("tce_per_mwh"), metric=metrics[0]
            )


def _is_by_energy(metric: str) -> bool:
    return metric in OF_RULES and OF_RULES[metric].denominator == ENERGY
