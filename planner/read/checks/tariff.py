"""Tariffs, and prices at which buying to sell would pay."""

from __future__ import annotations

from itertools import product

from models.case import Price, Supply, TariffRow
from models.inputs.finance import over_years
from models.inputs.supply import ranges
from models.units import UnitError, factor
from planner.read.draft import Draft

_LIMITS = {"months": (1, 12, "1-3;12"), "hours": (0, 23, "8-11;17-21")}


def check_tariff(draft: Draft) -> None:
    """Check the supplies and ranges of the tariff, and warn of an export price above an import price."""
    is_right = True
    for row in draft.rows(TariffRow):
        is_right &= draft.refer(row.origin, ("supply", row.supply), "supply", (Supply, "supply"))
        for column, (first, last, example) in _LIMITS.items():
            text = getattr(row, column)
            try:
                ranges(text, first, last)
            except ValueError:
                is_right = False
                draft.fault(
                    row.origin, f"{column} {text!r}: is no list of ranges within {first}-{last}; write it as {example}"
                )
    if is_right and draft.park is not None and draft.is_sure(Supply):
        _warn_of_arbitrage(draft)


def _warn_of_arbitrage(draft: Draft) -> None:
    """An export price above an import price of the same carrier in the same zone, in some hour of some year."""
    buying = [s for s in draft.rows(Supply) if s.can_import]
    selling = [s for s in draft.rows(Supply) if s.can_export]
    for out, into in product(selling, buying):
        if (out.carrier, out.zone) != (into.carrier, into.zone):
            continue
        received, paid = _by_year(out, "export", draft), _by_year(into, "energy", draft)
        for year in sorted(set(received) & set(paid)):
            gains = [(received[year] * e, paid[year] * i) for e, i in _factors(out.supply, into.supply, draft)]
            best, cost = max(gains, key=lambda pair: pair[0] - pair[1])
            if best > cost + 1e-9:
                draft.warn(
                    out.origin, f"supply {out.supply!r}: sells at {best:g} what {into.supply!r} sells to the park "
                    f"at {cost:g} "
                    f"in some hours of {year} ({draft.currency}); buying to sell would pay, up to the limits",
                )  # fmt: skip
                break


def _by_year(supply: Supply, item: str, draft: Draft) -> dict[int, float]:
    """The price in each year of the horizon; none where a unit cannot be read."""
    assert draft.park is not None
    to = "money/t" if supply.carrier == "co2" else "money/MWh"
    rows = [price for price in draft.rows(Price) if price.supply == supply.supply and price.item == item]
    try:
        points = [(price.year, price.value * factor(price.unit, to, draft.currency)) for price in rows]
    except UnitError:
        return {}
    return over_years(points, range(draft.park.first_year, draft.park.last_year + 1)) if points else {}


def _factors(out: str, into: str, draft: Draft) -> set[tuple[float, float]]:
    """The factors of the export and the import price that occur in one hour."""
    exports = [row for row in draft.rows(TariffRow) if (row.supply, row.item) == (out, "export")]
    imports = [row for row in draft.rows(TariffRow) if (row.supply, row.item) == (into, "energy")]
    times = product(range(1, 13), ("weekday", "weekend"), range(24))
    hours_of = {id(row): (ranges(row.months, 1, 12), ranges(row.hours, 0, 23)) for row in [*exports, *imports]}

    def at(rows: list[TariffRow], month: int, day: str, hour: int) -> float:
        for row in rows:
            months, hours = hours_of[id(row)]
            if month in months and hour in hours and row.days in ("all", "", day):
                return row.factor
        return 1.0

    return {(at(exports, *time), at(imports, *time)) for time in times}
