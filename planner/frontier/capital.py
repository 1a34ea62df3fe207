"""The capital cost of a project times a factor, of all years or of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from models.case import Case, Cost, Link, Price, Row, Technology
from models.inputs.assets import assets_of
from models.inputs.costs import CostTable
from models.inputs.finance import over_years
from planner.finance.pieces import MEASURE, PLANTING

R = TypeVar("R", bound=Row)
Y = TypeVar("Y", Price, Cost)
#: What a project costs beside the capital cost of its capacity, or in its place: it changes in the same proportion.
DEARER_TOO = ("project_cost", "annuity")


def rows_with(rows: Iterable[R], key: str, name: str, change: Callable[[R], dict[str, Any]]) -> tuple[R, ...]:
    """Rows of a table, those of a name changed."""
    return tuple(r.model_copy(update=change(r)) if getattr(r, key) == name else r for r in rows)


def times(rows: Sequence[Y], factors: Mapping[int, float], update: Mapping[str, Any]) -> list[Y]:
    """Rows of one series with its figure times the factor of each year, and with other columns as `update` says."""
    if len(set(factors.values())) == 1:
        (factor,) = set(factors.values())
        return [r.model_copy(update={**update, "value": r.value * factor}) for r in rows]
    values = over_years([(r.year, r.value) for r in rows], sorted(factors)) if rows else {}
    return [rows[0].model_copy(update={**update, "year": y, "value": v * factors[y]}) for y, v in values.items()]


def with_capital(case: Case, kind: str, name: str, factor: float | Mapping[int, float]) -> Case:
    """The capital cost of a project, or its annuity, taken times a factor, or times that of each year (of measures and plantings of
    the first); fixed cost stays, also where it is stated in % of it."""
    years = tuple(range(case.park.first_year, case.park.last_year + 1))
    factors = factor if isinstance(factor, Mapping) else dict.fromkeys(years, factor)

    def dearer(row: Any) -> dict[str, Any]:
        return {"capital_cost": row.capital_cost * factors[years[0]]}

    if kind == MEASURE:
        return case.model_copy(update={"measures": rows_with(case.measures, "measure", name, dearer)})
    if kind == PLANTING:
        return case.model_copy(update={"restoration": rows_with(case.restoration, "project", name, dearer)})
    (asset,) = [a for a in assets_of(case) if a.name == name]
    own = f"{asset.type} of {name} alone"
    table = CostTable(case.costs, years, case.park.currency)
    capital = table.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
    basis: Any = "order" if table.is_by_order(asset.type) else ""
    when = {*years, *(c.year for c in case.committed if c.technology == name and basis)}
    fixed = table.fixed_cost(asset.type, asset.per, asset.length, when)
    currency = case.park.currency
    costs = [
        c.model_copy(update={"type": own})
        for c in case.costs
        if c.type == asset.type and c.parameter not in ("capital_cost", "fixed_cost", *DEARER_TOO)
    ]
    for parameter in DEARER_TOO:
        costs += times([c for c in case.costs if (c.type, c.parameter) == (asset.type, parameter)], factors, {"type": own})
    costs += [
        Cost(type=own, parameter="capital_cost", year=y, value=v * factors[y], unit=f"{currency}/({asset.per})")
        for y, v in capital.items()
    ]
    costs += [
        Cost(type=own, parameter="fixed_cost", year=y, value=v, unit=f"{currency}/({asset.per})/year", basis=basis)
        for y, v in fixed.items()
    ]
    update: dict[str, Any] = {
        "costs": (*case.costs, *costs),
        "types": (*case.types, *(t.model_copy(update={"type": own}) for t in case.types if t.type == asset.type)),
        "ports": (*case.ports, *(p.model_copy(update={"type": own}) for p in case.ports if p.type == asset.type)),
    }
    if isinstance(asset.row, Technology):
        update["technologies"] = rows_with(case.technologies, "technology", name, lambda _: {"type": own})
    elif isinstance(asset.row, Link):
        update["links"] = rows_with(case.links, "link", name, lambda _: {"type": own})
    else:
        update["connections"] = rows_with(case.connections, "connection", name, lambda _: {"type": own})
    return case.model_copy(update=update)
