"""Contracts: supplies that deliver as a plant generates, and what is paid for having a supply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.case import Case, Supply
from models.inputs.calendar import TypicalDays
from models.inputs.finance import over_years
from models.units import factor


@dataclass(frozen=True)
class Contracts:
    """What binds a supply beyond its limits and prices.

    contracts   as-generated contracts and the years in which they are offered   tuple of (s,y)
    most        most that may be contracted                                MW or t/h (s)
    shape       what a MW contracted generates in each hour                1 (s) -> (snapshots,)
    take        share of what is generated that is paid in any case        1 (s)
    least_paid  bought or paid for in a year at least                      MWh (s); absent = none
    fixed       paid in a year in which the supply is used                 money (s,y); absent = none
    optional    supplies and years whose use is a yes or no; others are used whenever they are offered   tuple of (s,y)
    import_most, export_most   most in an hour where use is a yes or no    MW or t/h (s)
    direct      supplies that come by a line of their own                  set of s
    """

    contracts: tuple[tuple[str, int], ...]
    most: dict[str, float]
    shape: dict[str, np.ndarray]
    take: dict[str, float]
    least_paid: dict[str, float]
    fixed: dict[tuple[str, int], float]
    optional: tuple[tuple[str, int], ...]
    import_most: dict[str, float]
    export_most: dict[str, float]
    direct: frozenset[str]

    def paid_share(self, s: str) -> float:
        """Share of the price that is paid for what is imported, and not for what is generated."""
        return 1 - self.take[s] if s in self.most else 1.0


def resolve_contracts(case: Case, years: Sequence[int], days: TypicalDays | None, existing_only: bool) -> Contracts:
    """Contracts on the snapshots. With `existing_only` as-generated ones that do not say that they had begun are left out."""
    rows = [s for s in case.supplies if s.is_as_generated]
    fixed = {(name, y): money for (name, _, y), money in fixed_prices(case, years).items()}
    offered = {(s.supply, y): s for s in case.supplies for y in years if is_offered(s, y, existing_only)}
    limits = {s.supply: _import_limit(s, case) for s in case.supplies}

    def is_optional(s: Supply, y: int) -> bool:
        is_asked = (s.supply, y) in fixed or (s.min_year is not None and s.is_as_generated)
        return is_asked and limits[s.supply] is not None

    return Contracts(
        contracts=tuple(key for key, s in offered.items() if s.is_as_generated),
        most={s.supply: s.contract_max for s in rows if s.contract_max is not None},
        shape={s.supply: (days.profiles if days else case.profiles)[s.profile] for s in rows},
        take={s.supply: s.take for s in rows},
        least_paid={s.supply: s.min_year for s in case.supplies if s.min_year},
        fixed={key: money for key, money in fixed.items() if key in offered},
        optional=tuple((s.supply, y) for (_, y), s in offered.items() if is_optional(s, y)),
        import_most={s: most for s, most in limits.items() if most is not None},
        export_most={s.supply: s.max_export for s in case.supplies if s.max_export is not None},
        direct=frozenset(s.supply for s in case.supplies if s.direct),
    )


def is_offered(s: Supply, y: int, existing_only: bool) -> bool:
    """True if it imports or exports in the year; an as-generated contract in the base year only if it says that it had begun."""
    has_begun = not s.is_as_generated or s.first_year is not None
    return s.is_offered(y) and (has_begun or not existing_only)


def _import_limit(s: Supply, case: Case) -> float | None:
    """Most that it imports: its own limit, or that of its connection; None where there is no limit."""
    if not s.can_import:
        return 0.0
    behind = [c for c in case.connections if c.connection == s.connection]
    shared = [c.max_capacity if c.type else c.max_import for c in behind]
    found = [most for most in (s.max_import, s.contract_max if s.is_as_generated else None, *shared) if most is not None]
    return min(found, default=None)


def fixed_prices(case: Case, years: Sequence[int]) -> dict[tuple[str, str, int], float]:
    """Money of each year for a supply or a connection (name, scheme, y); the scheme is empty where it is paid under each."""
    points: dict[tuple[str, str], list[tuple[int | None, float]]] = {}
    for p in case.prices:
        if p.item == "fixed":
            money = p.value * factor(p.unit, "money/year", case.park.currency)
            points.setdefault((p.supply, p.scheme), []).append((p.year, money))
    return {(*key, y): money for key, series in points.items() for y, money in over_years(series, years).items()}
