"""Value-added tax: taken off the money that the park states, as it is read, so that all else is without.

.. math::
    v = v_{stated} / (1 + \\tau)

τ is the rate of the row, else that of [tax]. What the catalogue gives holds none. A carbon price holds none unless its row says so.
"""

from __future__ import annotations

from collections import Counter

from models.case import Bill, Cost, FutureValue, Origin, Price
from planner.park import remarks
from planner.park.draft import Draft
from planner.park.fields import is_number

#: Parameters of costs.csv that are money; fixed_cost is, where its unit is no percentage.
MONEY = ("capital_cost", "project_cost", "fixed_cost", "variable_cost", "retirement_cost", "start_cost", "annuity")


def take_off_vat(draft: Draft) -> None:
    """Prices, costs and what bills come to without VAT; says off how many figures it was taken."""
    common = draft.park.tax.vat if draft.park else 0.0
    counts: Counter[tuple[str, float]] = Counter()
    _take_off_futures(draft, common, counts)
    for kind, column in ((Price, "value"), (Cost, "value"), (Bill, "cost")):
        rows = draft.valid[kind.table]
        for i, row in enumerate(rows):
            rate = _rate(row, common)
            stated = getattr(row, column)
            if rate and stated:
                held = {c: v / (1 + rate) for c in (column, "low", "high") if (v := getattr(row, c, None)) is not None}
                rows[i] = row.model_copy(update={**held, "vat": None})
                counts[f"{kind.table}.csv", rate] += 1
    for (table, rate), count in sorted(counts.items()):
        draft.warn(table, remarks.VAT_TAKEN_OFF, rate=f"{100 * rate:g}", count=count)


def _rate(row: object, common: float) -> float:
    """The rate that a row's money holds; 0 of what is no money and of what the catalogue gives."""
    origin: Origin | None = getattr(row, "origin", None)
    if not isinstance(row, Price | Cost | Bill) or origin is None or origin.catalogue:
        return 0.0
    if isinstance(row, Cost) and (row.parameter not in MONEY or row.unit.startswith("%")):
        return 0.0
    if row.vat is not None:
        return row.vat
    return 0.0 if isinstance(row, Price) and row.item == "carbon" else common


def _take_off_futures(draft: Draft, common: float, counts: Counter[tuple[str, float]]) -> None:
    """Off the values of futures as off the figures that they take the place of."""
    rows = draft.valid[FutureValue.table]
    for i, row in enumerate(rows):
        assert isinstance(row, FutureValue)
        if row.changed not in ("prices", "costs") or not is_number(row.value):
            continue
        like = [r for r in draft.valid[row.changed] if _is_meant(r, row)]
        rate = max((_rate(r, common) for r in like), default=0.0)
        if rate:
            rows[i] = row.model_copy(update={"value": repr(float(row.value) / (1 + rate))})
            counts[f"{FutureValue.table}.csv", rate] += 1


def _is_meant(row: object, value: FutureValue) -> bool:
    """True if the row is of the name and item of a value."""
    if isinstance(row, Price):
        return value.name in ("*", row.supply) and (row.item, row.scheme) == (value.item, value.scheme)
    return isinstance(row, Cost) and value.name in ("*", row.type) and row.parameter == value.item
