"""Periods and ratchets of demand charges: hours with a name, the same in all rows, and nothing that would not be billed."""

from __future__ import annotations

from models.case import Price
from models.inputs.tariff import ranges
from models.units import UnitError, names_year
from planner.language.language import mark
from planner.read.draft import Draft

#: Columns of the hours of a period.
HOURS = ("months", "days", "hours")
_LIMITS = {"months": (1, 12), "hours": (0, 23)}


def check_periods(draft: Draft) -> None:
    """Check the period and the ratchet of each price."""
    known: dict[tuple[str, str], Price] = {}
    for row in draft.rows(Price):
        stated = [column for column in (*HOURS, "period", "ratchet") if getattr(row, column)]
        if stated and row.item != "demand_charge":
            draft.fault(row.origin, "{column}: is of a demand_charge only; leave it blank", column=stated[0])
        elif row.period or any(getattr(row, column) for column in HOURS):
            _check_period(row, known.setdefault((row.supply, row.period), row), draft)
        if row.ratchet and _is_yearly(row, draft):
            draft.fault(row.origin, "ratchet: is of a charge by the month; one by the year is on the highest of all months already")


def _check_period(row: Price, first: Price, draft: Draft) -> None:
    if not row.period:
        draft.fault(row.origin, "period: is blank; name the hours that months, days and hours tell of")
    elif not any(getattr(row, column) for column in HOURS):
        words = mark("period {period}: has no hours; write months, days or hours, or leave it blank")
        draft.fault(row.origin, words, period=repr(row.period))
    for column, (least, most) in _LIMITS.items():
        try:
            ranges(getattr(row, column), least, most)
        except ValueError:
            words = mark("{column} {text}: is no list of ranges within {first}-{last}; write it as {example}")
            example = "1-3;12" if column == "months" else "8-11;17-21"
            draft.fault(row.origin, words, column=column, text=repr(getattr(row, column)), first=least, last=most, example=example)
    if row.period and row.scheme != first.scheme and any(getattr(row, column) != getattr(first, column) for column in HOURS):
        words = mark("period {period}: has other hours under scheme {scheme}")
        draft.fault(row.origin, words, period=repr(row.period), scheme=repr(first.scheme))


def _is_yearly(row: Price, draft: Draft) -> bool:
    try:
        return names_year(row.unit, draft.currency)
    except UnitError:
        return False
