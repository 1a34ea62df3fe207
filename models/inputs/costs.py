"""The cost table in internal units, by type and parameter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.case import Cost
from models.inputs.finance import over_years
from models.units import UnitError, factor


class CostTable:
    """The cost table in internal units, by type and parameter."""

    def __init__(self, rows: Iterable[Cost], years: Sequence[int], currency: str) -> None:
        self.currency, self.years = currency, years
        self.rows: dict[tuple[str, str], list] = {}
        for row in rows:
            self.rows.setdefault((row.type, row.parameter), []).append(row)

    def series(
        self, type_name: str, parameter: str, unit: str, per_km: float | None = None, years: Iterable[int] | None = None
    ) -> dict[int, float]:
        """Figures of every year, or of `years`, in `unit`; empty where the table has none.

        A cost per km is multiplied by the length.
        """
        rows = self.rows.get((type_name, parameter), [])
        points = [(r.year, r.value * self._factor(r.unit, unit, per_km)) for r in rows]
        return over_years(points, self.years if years is None else list(years)) if points else {}

    def lifetime(self, type_name: str) -> float:
        """Years that a build lives, a fraction too; 0 where the table has none. The first figure counts."""
        rows = self.rows.get((type_name, "lifetime"), [])
        return rows[0].value * factor(rows[0].unit, "year") if rows else 0.0

    def fixed_cost(self, type_name: str, per: str, per_km: float | None, years: Iterable[int] | None = None) -> dict[int, float]:
        """Money per capacity and year, of every year or of `years`; a figure in %/year is of the capital cost of the same year."""
        rows = self.rows.get((type_name, "fixed_cost"), [])
        asked = list(self.years if years is None else years)
        if not rows:
            return {}
        try:
            share = over_years([(r.year, r.value * factor(r.unit, "1/year")) for r in rows], asked)
        except UnitError:
            return self.series(type_name, "fixed_cost", f"money/({per})/year", per_km, asked)
        capital = self.series(type_name, "capital_cost", f"money/({per})", per_km, asked)
        return {y: share[y] * capital.get(y, 0.0) for y in asked}

    def is_by_order(self, type_name: str) -> bool:
        """True if the fixed cost of a type is that of the year of the order, for all its life."""
        return any(row.basis == "order" for row in self.rows.get((type_name, "fixed_cost"), []))

    def _factor(self, unit: str, to: str, per_km: float | None) -> float:
        if per_km is not None and "km" in unit:
            return factor(unit, f"{to}/km", self.currency) * per_km
        return factor(unit, to, self.currency)
