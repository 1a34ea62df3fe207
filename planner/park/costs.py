"""Cost tables: our own layout, PyPSA's technology-data layout, and laying tables over each other."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from models.case import PARAMETERS, Cost
from planner.park.complaints import NEARLY, Complaints, nearest
from planner.park.fields import columns_of
from planner.park.headings import without_units
from planner.park.remarks import NO_COSTS_USED, UNUSED_COSTS_NEAR
from planner.park.tables import RawRow, TableSheet, read_sheet, refuse_unknown_columns

#: PyPSA's words for ours; its other parameters (efficiency, CO2 intensity …) are not costs and are left out.
PYPSA = {"investment": "capital_cost", "FOM": "fixed_cost", "VOM": "variable_cost", "lifetime": "lifetime"}
#: Columns of PyPSA's layout beyond ours.
_PYPSA_COLUMNS = ("technology", "further description", "currency_year")


def read_costs(path: Path, file: str, complaints: Complaints, used: Collection[str], currency: str = "") -> list[RawRow] | None:
    """Read a cost table of either layout; of PyPSA's only the rows of the types that the park uses."""
    sheet = read_sheet(path, file, complaints, (*columns_of(Cost), "technology"))
    if sheet is None:
        return None
    if is_pypsa(sheet):
        known = [c for c in columns_of(Cost) if c != "type"]
        refuse_unknown_columns(sheet, [*known, *_PYPSA_COLUMNS], complaints)
        return _from_pypsa(sheet, used, complaints)
    plain = without_units(sheet, columns_of(Cost), currency, complaints)
    if plain is None:
        return None
    refuse_unknown_columns(plain[0], columns_of(Cost), complaints)
    return plain[0].raw_rows()


def is_pypsa(sheet: TableSheet) -> bool:
    """True if the sheet has the layout of PyPSA's technology-data."""
    return {"technology", "parameter", "value"} <= set(sheet.columns) and "type" not in sheet.columns


def _from_pypsa(sheet: TableSheet, used: Collection[str], complaints: Complaints) -> list[RawRow]:
    """The rows that are costs of the park's types, in our words; a warning where there are none."""
    rows = []
    for raw in sheet.raw_rows():
        parameter = PYPSA.get(raw.get("parameter"), raw.get("parameter"))
        if raw.get("technology") not in used or parameter not in PARAMETERS:
            continue
        note = "; ".join(
            f"{name} {raw.get(name)}" if name == "currency_year" else raw.get(name)
            for name in ("note", "further description", "currency_year")
            if raw.get(name)
        )
        cells = {k: v for k, v in raw.cells.items() if k not in _PYPSA_COLUMNS}
        rows.append(RawRow(raw.origin, {**cells, "type": raw.get("technology"), "parameter": parameter, "note": note}))
    _warn_of_slips(rows, sheet, used, complaints)
    others = {raw.get("technology") for raw in sheet.raw_rows()} - {""}
    if others and not rows:
        complaints.warn(sheet.file, NO_COSTS_USED, count=f"{len(others):,}")
    return rows


def _warn_of_slips(rows: list[RawRow], sheet: TableSheet, used: Collection[str], complaints: Complaints) -> None:
    """A technology that is spelt nearly as a type of the park of which the file has nothing is most likely meant."""
    lacking = set(used) - {row.get("type") for row in rows}
    said = set(used)
    for raw in sheet.raw_rows():
        name = raw.get("technology")
        near = None if name in said or not lacking else nearest(name, lacking, NEARLY)
        said.add(name)
        if near is not None:
            complaints.warn(raw.origin, UNUSED_COSTS_NEAR, type=repr(name), near=repr(near))


def lay_over(below: list[RawRow], above: list[RawRow]) -> list[RawRow]:
    """Both tables, where a series of the upper one replaces the whole series of the lower one."""
    replaced = {series_of(row) for row in above}
    return [row for row in below if series_of(row) not in replaced] + above


def series_of(row: RawRow) -> tuple[str, str]:
    """The series that a cost row belongs to."""
    return row.get("type"), row.get("parameter")
