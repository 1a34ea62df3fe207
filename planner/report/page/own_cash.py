"""Why a project is worth something to the plan though its own cash loses, or nothing though it gains."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.language.language import Language


def contradictions(rows: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """Projects that are worth something though their own cash loses, or nothing for sure though it gains; the dearest first.

    Worth is a difference of two plans that both meet the goal, own cash one against a plan that need not.
    """
    shown = rows[rows["npv"].notna()] if "instead" in rows else rows[:0]
    for r in shown.reindex(shown["npv"].astype(float).abs().sort_values(ascending=False).index).itertuples(index=False):
        npv, worth, least, most = (number_or_none(v) for v in (r.npv, r.worth, r.least, r.most))
        assert npv is not None
        own = {"project": r.name, "cash": language.money(abs(npv), currency)}
        if worth is None and npv < 0 and r.note:
            yield language.translate("{project}: its own cash loses {cash}, but the goal cannot be met without it.", **own)
        if worth is None or least is None or most is None or not r.instead:
            continue
        told = own | {"worth": language.money(worth, currency), "instead": r.instead}
        told["more"] = language.money(number_or_none(r.instead_cost), currency)
        if npv < 0 < least:
            yield language.translate(
                "{project}: its own cash loses {cash}, and it is worth {worth} to the plan: without it {instead} costs {more} "
                "more.",
                **told,
            )
        elif least <= 0 and npv > max(most, 0.0):
            yield language.translate(
                "{project}: its own cash gains {cash}, and it is worth {worth} to the plan: {instead} takes its place, for {more} "
                "more.",
                **told,
            )


def number_or_none(value: object) -> float | None:
    """The number of a cell; None where it is empty."""
    return None if value is None or value != value else float(str(value))
