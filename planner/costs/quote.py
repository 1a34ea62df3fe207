"""Suppliers' quotations and tenders in Excel or CSV, read with a mapping that a person edits (propose.py proposes one)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from models.case import PARAMETERS
from models.errors import CaseError
from planner.costs.figures import CostFigure
from planner.costs.offer import lifetimes, summed
from planner.costs.quote_words import HEADINGS
from planner.costs.units import PIECES, in_thousands, unit_of_cost
from planner.language.message import Message
from planner.park.complaints import Complaints
from planner.park.settings import read_toml
from planner.profiles.numbers import NUMBER, decimal_of, number_in, number_of, sign_of
from planner.profiles.source import Cell, SourceTable, read_source

#: A number with the unit that may stand behind it; `950 kWp x 498 €` has the quantity, too.
_PRICE = re.compile(rf"^\s*(?:({NUMBER})\s*([^\d×*]*?)\s*[x×*]\s*)?({NUMBER})\s*(.*)$")
#: A number that a unit shows to be a measure, and no position or date: it tells the sign of the decimals.
_MEASURED = re.compile(
    rf"(?<![\w.,])({NUMBER})(?= ?(?:[kMG]?W(?:h|p|c)?\b|[kM]VA\b|[%％€$¥￥元万]|EUR\b|MPa\b|bar\b|°C|kg\b|m[²³]|t/h\b))"
)
_KEYS = ("sheet", "header", "item", "price", "quantity", "unit", "currency", "price_year", "tax", "lines")
_LINE = ("item", "type", "parameter", "unit", "capacity", "lifetime", "efficiency", "cop", "sum", "note")


@dataclass(frozen=True)
class Mapping:
    """What a person said of a quotation; see `proposal` of propose.py for the file."""

    sheet: str
    header: int
    columns: dict[str, str]
    currency: str
    price_year: int
    tax: float
    lines: dict[str, dict[str, str]]


def read_mapping(path: Path) -> Mapping:
    """The mapping of a file. Raises CaseError with everything that is wrong with it."""
    complaints = Complaints()
    toml = read_toml(path, complaints)
    if toml is None:
        raise CaseError([Message("--map {path}: {words}", path=path, words=line) for line in complaints.lines()])
    given = toml.keys
    faults = [
        Message("--map {path}: key {key}: is none of {keys}", path=path, key=repr(key), keys=", ".join(_KEYS))
        for key in given
        if key not in _KEYS
    ]
    lines = given.get("lines", [])
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        faults.append(Message("--map {path}: lines: is no list of tables; write [[lines]] above each", path=path))
        lines = []
    for i, line in enumerate(lines, start=1):
        faults += [
            Message(
                "--map {path}: line {line}: key {key}: is none of {keys}", path=path, line=i, key=repr(key), keys=", ".join(_LINE)
            )
            for key in line
            if key not in _LINE
        ]
        if line.get("type") and line.get("parameter", "capital_cost") not in PARAMETERS:
            faults.append(
                Message(
                    "--map {path}: line {line}: parameter {parameter}: is none of {parameters}",
                    path=path,
                    line=i,
                    parameter=repr(line["parameter"]),
                    parameters=", ".join(PARAMETERS),
                )
            )
    header, tax, year = given.get("header", 1), given.get("tax", 0), given.get("price_year")
    if type(header) is not int or header < 1:
        faults.append(Message("--map {path}: header = {header}: is no row number", path=path, header=repr(header)))
    if type(tax) not in (int, float) or not 0 <= tax < 1:
        faults.append(Message("--map {path}: tax = {tax}: is no share (0.13)", path=path, tax=repr(tax)))
    if type(year) is not int or not 1990 <= year <= 2100:
        faults.append(Message("--map {path}: price_year = {year}: is no year", path=path, year=repr(year)))
    if faults:
        raise CaseError(faults)
    columns = {key: str(given.get(key, "")) for key in HEADINGS}
    by_item = {str(line.get("item", "")).strip(): {k: str(v).strip() for k, v in line.items()} for line in lines}
    assert isinstance(year, int)
    return Mapping(str(given.get("sheet", "")), header, columns, str(given.get("currency", "")), year, float(tax), by_item)


def read_quote(path: Path, mapping: Mapping, decimal: str = "") -> list[CostFigure]:
    """The costs that the mapping names; `decimal` is the sign of the decimals where its text does not show it.

    Raises CaseError with every line that cannot be read.
    """
    table = read_source(path, sheet=mapping.sheet)
    header, rows = _split(table, mapping.header)
    at = _columns(path, header, mapping.columns)
    amounts = amounts_in((cells for cells, _ in rows), at)
    sign = decimal or decimal_of(amounts, "", table.file, sign_of(measured(table, amounts)))
    scaled = in_thousands(cell for row in table.rows for cell in row)
    figures, faults, met = [], [], set()
    for cells, line in rows:
        item = str(cell_at(cells, at, "item")).strip()
        own = mapping.lines.get(item)
        if own is None or not own.get("type"):
            continue
        met.add(item)
        place = f"{path} line {line}"
        try:
            figures.append(_figure(place, item, cells, at, header, own, mapping, sign, scaled))
        except ValueError as error:
            faults.append(Message("{place}: {words}", place=f"{place}: {item}", words=error.args[0]))
    named = {item for item, line in mapping.lines.items() if line.get("type")}
    faults += [
        Message("{path}: {item}: stands in the mapping and in no line of the file", path=path, item=item)
        for item in sorted(named - met)
    ]
    if faults:
        raise CaseError(faults)
    return [*summed(figures, mapping.lines.values()), *lifetimes(path, mapping.lines)]


def cell_at(cells: list[Cell], at: dict[str, int], key: str) -> Cell:
    """The cell of a column; '' where the row or the file has none."""
    return cells[at[key]] if at.get(key, len(cells)) < len(cells) else ""


def text_of(cell: Cell) -> str:
    """A cell as text; a number without an exponent."""
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell).strip()


def measured(table: SourceTable, amounts: list[str]) -> list[str]:
    """Numbers that tell the sign of the decimals: those of text with a unit behind them, and prices and quantities."""
    cells = [cell for row in table.rows for cell in row if isinstance(cell, str)]
    return [*amounts, *(number for cell in cells for number in _MEASURED.findall(cell))]


def amounts_in(rows: Iterable[list[Cell]], at: dict[str, int]) -> list[str]:
    """The numbers of prices and quantities that are text."""
    cells = [cell for row in rows for key in ("price", "quantity") if isinstance(cell := cell_at(row, at, key), str)]
    return [number for cell in cells if (found := _PRICE.match(cell)) for number in (found[1], found[3]) if number]


def _split(table: SourceTable, header: int) -> tuple[list[str], list[tuple[list[Cell], int]]]:
    if header not in table.lines:
        raise CaseError.because(
            "{file}: row {row}: is blank; header in the mapping names the row of the headings", file=table.file, row=header
        )
    at = table.lines.index(header)
    return [str(cell).strip() for cell in table.rows[at]], list(zip(table.rows[at + 1 :], table.lines[at + 1 :], strict=True))


def _columns(path: Path, header: list[str], wanted: dict[str, str]) -> dict[str, int]:
    faults = [
        Message(
            "{path}: column {column}: is none of {columns}", path=path, column=repr(text), columns=", ".join(h for h in header if h)
        )
        for key, text in wanted.items()
        if (text or key not in ("unit", "quantity")) and text not in header
    ]
    if faults:
        raise CaseError(faults)
    return {key: header.index(text) for key, text in wanted.items() if text}


def price_of(cell: Cell, sign: str) -> tuple[float | None, str, float | None, str]:
    """(number, unit that stands behind it, quantity, its unit) of a price; `sign` of the decimals in text."""
    if isinstance(cell, float):
        return cell, "", None, ""
    found = _PRICE.match(str(cell))
    if found is None:
        return None, "", None, ""
    return number_of(found[3], sign), found[4].strip(), number_of(found[1] or "", sign), (found[2] or "").strip()


def _figure(
    place: str,
    item: str,
    cells: list[Cell],
    at: dict[str, int],
    header: list[str],
    own: dict[str, str],
    mapping: Mapping,
    sign: str,
    scaled: str,
) -> CostFigure:
    """The cost of one line; ValueError says why there is none.

    Of lines that are summed it is quantity times price by the capacity of the plant: 950 kWp at 498 €/kWp, or two pieces.
    `scaled` is money in thousands that the file names: it may be meant where nothing says what a price is in.
    """
    price = cell_at(cells, at, "price")
    value, behind, count, measure = price_of(price, sign)
    if value is None:
        raise ValueError(Message("{price}: is no price", price=repr(str(price))))
    if count is None:
        count, measure = price_of(cell_at(cells, at, "quantity"), sign)[:2]
    text = own.get("unit") or _unit_text(
        header[at["price"]], text_of(cell_at(cells, at, "unit")) or measure, behind, mapping, scaled
    )
    text = re.sub("[¥￥]", "JPY", text) if mapping.currency == "JPY" else text
    unit = unit_of_cost(text)
    if unit is None or (not unit.currency and own.get("parameter") not in ("fixed_cost", "lifetime", "grant")):
        raise ValueError(Message('unit {text}: is no unit of a cost; say it in the mapping, e.g. unit = "CNY/kW"', text=repr(text)))
    note = f"{item}: {value:g} {text}"
    times = count if own.get("sum") == "True" and unit.currency and count is not None and count > 0 else 1.0
    is_whole = unit.piece or (not unit.per and bool(own.get("capacity")))
    if is_whole or times != 1:
        size, per = _capacity(own.get("capacity", ""), text)
        plant = unit_of_cost(f"{unit.currency}/{per}")
        by = (
            1.0
            if is_whole
            else None
            if plant is None
            else replace(unit, per=unit.per.removesuffix("/year"), times=1.0).times_to(plant)
        )
        if by is None:
            raise ValueError(Message("unit {text}: its quantity is none of the capacity, {per}", text=repr(text), per=per))
        note = f"{note} of {own['capacity']}" if times == 1 else f"{times:g} x {note} of {own['capacity']}"
        # quantity / capacity, both in the unit of the capacity; a piece is of all of it
        share = times / size if is_whole else times / (by * size)
        value, text = value * share * (unit.times if is_whole else 1.0), f"{unit.currency}/{per}" if is_whole else text
    if mapping.tax:
        value, note = value / (1 + mapping.tax), f"{note}; {mapping.tax:g} tax taken off"
    source = f"quotation {Path(place.rsplit(' line ', 1)[0]).name}"
    parameter = own.get("parameter") or "capital_cost"
    return CostFigure(place, own["type"], parameter, None, value, text, mapping.price_year, source, note)


def _capacity(capacity: str, text: str) -> tuple[float, str]:
    """(number, unit) of a capacity in the mapping; ValueError where it is none or can be read in two ways."""
    size = re.fullmatch(rf"({NUMBER}) ?(\S+)", capacity)
    try:
        number = number_in(size[1], "") if size else 0.0
    except ValueError:
        words = Message(
            'capacity = "{capacity}": may be one or a thousand; write it without a mark, e.g. "1000 kWh"', capacity=capacity
        )
        raise ValueError(words) from None
    if size is None or number == 0:
        raise ValueError(
            Message(
                'unit {text}: is the price of a piece; say its capacity in the mapping, e.g. capacity = "2.5 MW"', text=repr(text)
            )
        )
    return number, size[2] if size[2] != "t/h" else "(t/h)"


def _unit_text(heading: str, cell: str, behind: str, mapping: Mapping, scaled: str) -> str:
    """The unit that a price, its heading and the column of units state together: `498 €` and kWp, `单价(万元)` and 台, or 元/W.

    Where none of them names money it is that of the mapping. Raises ValueError where `scaled` may be meant then.
    """
    own = unit_of_cost(behind)
    if behind and (own is None or own.per or own.piece):
        return behind
    if unit_of_cost(cell) is not None and not any(cell.lower() == piece for piece in PIECES):
        return cell
    inside = re.search(r"[(（\[]([^)）\]]+)[)）\]]", heading)
    money = behind or (inside[1].strip() if inside and unit_of_cost(inside[1].strip()) else "")
    if not money and scaled:
        words = {"scaled": repr(scaled), "unit": f"{scaled}/{cell or 'piece'}", "other": f"{mapping.currency}/{cell or 'piece'}"}
        raise ValueError(
            Message(
                'its price names no money, and the file says {scaled}; say in the mapping unit = "{unit}" or "{other}"', **words
            )
        )
    money = money or mapping.currency
    return money if "/" in money or not cell else f"{money}/{cell}"
