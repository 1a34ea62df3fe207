"""Location factor of a contract for green power: that of the grid that delivers it, which the catalogue cannot know.

On the location basis power from a grid has the factor of that grid, whatever was contracted. If the park states no factor for a
contract, it gets the location factors of the park's own grid, hourly where the grid has a profile. Without a grid it keeps those of
its fuel.
"""

from __future__ import annotations

from models.case import EmissionFactor, Supply
from planner.park.fill import Filler
from planner.park.tables import RawRow

LOCATION = "location"


def fill_contracts(filler: Filler) -> None:
    """Takes the location factors of its grid for each contract that has those of a fuel of the catalogue."""
    if not filler.is_given("supplies", "emission_factors"):
        return
    factors, supplies = filler.draft.raw[EmissionFactor.table], filler.draft.raw[Supply.table]
    for row in supplies:
        name = row.get("supply")
        own = [f for f in factors if f.get("supply") == name and f.get("basis") == LOCATION]
        if not (_is_power(row) and _is_green(row) and own and all(f.origin.catalogue for f in own)):
            continue
        of_grid = _located(factors, _grid_of(row, supplies))
        if not of_grid:
            continue
        factors[:] = [f for f in factors if f not in own] + [f.having(supply=name, basis=LOCATION) for f in of_grid]
        taken = [a for a in filler.draft.assumptions if (a.table, a.name) == (EmissionFactor.table, name)]
        for a in (a for a in taken if a.parameter.startswith(LOCATION)):
            filler.draft.assumptions.remove(a)
        for f in (f for f in of_grid if f.origin.catalogue):
            text = f"{LOCATION} factor of its grid"
            filler.assume(EmissionFactor.table, name, text, f, f.get("value"), f.get("unit") or "t/MWh")


def _is_power(row: RawRow) -> bool:
    return (row.get("kind"), row.get("carrier")) == ("grid", "electricity")


def _is_green(row: RawRow) -> bool:
    """True of a contract all of whose power is green; a share that is no number is told elsewhere."""
    try:
        return float(row.get("green_share") or 0.0) >= 1.0
    except ValueError:
        return False


def _grid_of(row: RawRow, supplies: list[RawRow]) -> str:
    """The grid of the contract's connection, else of its zone, else the park's first; '' without any."""
    grids = [s for s in supplies if _is_power(s) and not _is_green(s) and s.get("supply")]
    near = [s for column in ("connection", "zone") for s in grids if row.get(column) and s.get(column) == row.get(column)]
    return next((s.get("supply") for s in (*near, *grids)), "")


def _located(factors: list[RawRow], grid: str) -> list[RawRow]:
    """Location factors of a grid: those of that basis, else those of both."""
    own = [f for f in factors if grid and f.get("supply") == grid]
    return [f for f in own if f.get("basis") == LOCATION] or [f for f in own if not f.get("basis")]
