"""Savings of a part of a demand, as savings of all of it."""

from __future__ import annotations

from models.case import Saving
from planner.read.draft import Draft


def take_shares(draft: Draft) -> None:
    r"""Each saving of a part of its demand becomes one of the whole; model, ledger and pages know no other.

    .. math:: s = s_p \, p

    s, s_p  saving of the demand, and of the part  1    p  `demand_share`  1
    """
    rows = draft.valid[Saving.table]
    for i, row in enumerate(rows):
        if isinstance(row, Saving) and row.demand_share is not None:
            rows[i] = row.model_copy(update={"saving": row.saving * row.demand_share, "demand_share": None})
