"""Suppliers' quotations and tenders in Excel or CSV, read with a mapping that a person edits.

Without a mapping one is proposed: where the headings stand, which columns hold item, price and unit, and for each line the
type that it is most likely of. What the proposal does not know is left blank there, and left out of the costs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from models.case import PARAMETERS
from models.errors import CaseError
from planner.costs.figures import CostFigure
from planner.costs.offer import lifetimes, summed
from planner.costs.quote_words import GUESSES, HEADINGS, cop_in, efficiency_in, is_work, lifetime_in, tax_in
from planner.costs.units import CURRENCIES, PIECES, unit_of_cost
from planner.language.message import Message
from planner.park.complaints import Complaints
from planner.park.park import read_toml
from planner.profiles.numbers import decimal_of, number_of
from planner.profiles.quantities import CONTENTS
from planner.profiles.source import Cell, SourceTable, read_source

#: MW of a boiler that gives a tonne of steam an hour.
STEAM = CONTENTS["steam"][0]
#: A number with the unit that may stand behind it.
_PRICE = re.compile(r"^\s*(\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d+)?|[\d,.]+)\s*(.*)$")
#: A capacity in an item: `1,000 kW`, `2,5 MW`, `640 kWc`; what a W is of does not count.
_SIZE = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[, \u00a0\u202f]\d{3})+|\d+(?:\.\d+|,\d{1,2})?) ?(kWh|MWh|kW|MW|t/h)(?:p|c|th|el|e)?\b(?![/·]?h)"
)
_KEYS = ("sheet", "header", "item", "price", "quantity", "unit", "currency", "price_year", "tax", "lines")
_LINE = ("item", "type", "parameter", "unit", "capacity", "lifetime", "efficiency", "cop", "sum", "note")


@dataclass(frozen=True)
class Mapping:
    """What a person said of a quotation; see `proposal` for the file."""

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
    prices = [cells[at["price"]] for cells, _ in rows if at["price"] < len(cells)]
    texts = [found[1] for cell in prices if isinstance(cell, str) and (found := _PRICE.match(cell))]
    sign = decimal or decimal_of(texts, table.separator, table.file)
    figures, faults, met = [], [], set()
    for cells, line in rows:
        item = str(cells[at["item"]]).strip() if at["item"] < len(cells) else ""
        own = mapping.lines.get(item)
        if own is None or not own.get("type"):
            continue
        met.add(item)
        place = f"{path} line {line}"
        try:
            figures.append(_figure(place, item, cells, at, header, own, mapping, sign))
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


def proposal(path: Path, sheet: str, year: int, currency: str) -> str:
    """A mapping for a quotation, as TOML. Raises CaseError where no row of headings is found."""
    table = read_source(path, sheet=sheet)
    found = next((i for i, row in enumerate(table.rows) if _headings(row).keys() >= {"item", "price"}), None)
    if found is None:
        raise CaseError.because(
            "{path}: no row has headings of item and price; write a mapping by hand and name it with --map", path=path
        )
    header = [str(cell).strip() for cell in table.rows[found]]
    at = {key: header.index(text) for key, text in _headings(table.rows[found]).items()}
    said = next((code for word, code in CURRENCIES.items() for cell in header if word in cell), currency)
    text = [
        '# What a quotation says, in words of costs.csv. A line whose type is "" is left out.',
        f"sheet = {_quoted(sheet)}",
        f"header = {table.lines[found]}  # row of the headings",
        *(f"{key} = {_quoted(header[at[key]] if key in at else '')}  # heading of the column" for key in HEADINGS),
        f"currency = {_quoted(said)}",
        f"price_year = {year}  # year of its money",
        f"tax = {tax_in(table)}  # value-added tax that its prices hold and that is to be taken off: 0.13",
        "",
        "# type: of `plan catalogue` or your types.csv. parameter: capital_cost, project_cost, fixed_cost, variable_cost.",
        '# unit: where the file has none or another is meant, e.g. "CNY/kW". capacity: of a piece, e.g. "2.5 MW", "10 MWh".',
        "# sum = true: a position of one plant, times its quantity; those of a type are added, each by the capacity of the plant.",
        "# lifetime: years. efficiency (0.92) and cop (3.1) become ratios of ports.csv, with --park.",
    ]
    guesses = list[tuple[list[Cell], str, str]]()
    for cells, _ in zip(table.rows[found + 1 :], table.lines[found + 1 :], strict=True):
        item = str(cells[at["item"]]).strip() if at["item"] < len(cells) else ""
        if not item or at["price"] >= len(cells) or all(_price(cells[at["price"]], s)[0] is None for s in ("point", "comma")):
            continue
        guesses.append((cells, item, next((kind for words, kind in GUESSES if re.search(words, item.lower())), "")))
    return "\n".join([*text, *_lines(guesses)]) + "\n"


def _lines(guesses: list[tuple[list[Cell], str, str]]) -> list[str]:
    """A table of each line with a price. Work at a plant is a position of the plant of the line above it."""
    text, plant = list[str](), ("", '""')
    for i, (cells, item, own) in enumerate(guesses):
        is_position = is_work(item) and bool(plant[0])
        guess, capacity = plant = plant if is_position else (own, _capacity_in(item, own))
        text += ["", "[[lines]]", f"item = {_quoted(item)}", f"type = {_quoted(guess)}", 'parameter = "capital_cost"']
        text += ['unit = ""', f"capacity = {capacity}"]
        if guess and (is_position or (i + 1 < len(guesses) and is_work(guesses[i + 1][1]))):
            text.append("sum = true")
        said = " ".join(str(c) for c in cells)
        for key, stated in (("lifetime", lifetime_in(said)), ("efficiency", efficiency_in(said)), ("cop", cop_in(said))):
            if stated and guess and not is_position:
                text.append(f'{key} = "{stated}"')
    return text


def _capacity_in(item: str, guess: str) -> str:
    """A capacity that an item's name states, in TOML: `燃气锅炉 7MW`. Boilers are sold by tonnes of steam, and counted in MW."""
    found = _SIZE.search(item)
    if found is None:
        return '""'
    size = re.sub(r"[, \u00a0\u202f](?=\d{3})", "", found[1]).replace(",", ".")
    if found[2] == "t/h" and "capture" not in guess:
        return f'"{STEAM * float(size):g} MW"  # {size} t/h of steam at {STEAM:g} MW each'
    return _quoted(f"{size} {found[2]}")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _headings(row: list[Cell]) -> dict[str, str]:
    """The heading of each column that is wanted, by the words that it has."""
    texts = [str(cell).strip() for cell in row]
    found: dict[str, str] = {}
    for key, words in HEADINGS.items():
        for word in words:
            heading = next((t for t in texts if word in t.lower() and t not in found.values() and len(t) < 30), None)
            if heading is not None:
                found[key] = heading
                break
    return found


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


def _price(cell: Cell, sign: str) -> tuple[float | None, str]:
    """(number, unit that stands behind it); `sign` of the decimals in text."""
    if isinstance(cell, float):
        return cell, ""
    found = _PRICE.match(str(cell))
    return (number_of(found[1], sign), found[2].strip()) if found else (None, "")


def _figure(
    place: str,
    item: str,
    cells: list[Cell],
    at: dict[str, int],
    header: list[str],
    own: dict[str, str],
    mapping: Mapping,
    sign: str,
) -> CostFigure:
    """The cost of one line; ValueError says why there is none."""
    value, behind = _price(cells[at["price"]], sign) if at["price"] < len(cells) else (None, "")
    if value is None:
        raise ValueError(Message("{price}: is no price", price=repr(str(cells[at["price"]]))))
    cell = str(cells[at["unit"]]).strip() if "unit" in at and at["unit"] < len(cells) else ""
    text = own.get("unit") or behind or _unit_text(header[at["price"]], cell, mapping.currency)
    unit = unit_of_cost(text)
    if unit is None or (not unit.currency and own.get("parameter") not in ("fixed_cost", "lifetime", "grant")):
        raise ValueError(Message('unit {text}: is no unit of a cost; say it in the mapping, e.g. unit = "CNY/kW"', text=repr(text)))
    note = f"{item}: {value:g} {text}"
    if own.get("sum") == "True" and at.get("quantity", len(cells)) < len(cells):  # so many pieces of the one plant
        count = _price(cells[at["quantity"]], sign)[0]
        if count is not None and count > 0 and count != 1:
            value, note = value * count, f"{count:g} x {note}"
    if unit.piece or (not unit.per and own.get("capacity")):
        size = re.fullmatch(r"(\d+(?:\.\d+)?) ?(\S+)", own.get("capacity", ""))
        if size is None or float(size[1]) == 0:
            raise ValueError(
                Message(
                    'unit {text}: is the price of a piece; say its capacity in the mapping, e.g. capacity = "2.5 MW"',
                    text=repr(text),
                )
            )
        value, per = value * unit.times / float(size[1]), size[2] if size[2] != "t/h" else "(t/h)"
        text, note = f"{unit.currency}/{per}", f"{note} of {own['capacity']}"
    if mapping.tax:
        value, note = value / (1 + mapping.tax), f"{note}; {mapping.tax:g} tax taken off"
    source = f"quotation {Path(place.rsplit(' line ', 1)[0]).name}"
    parameter = own.get("parameter") or "capital_cost"
    return CostFigure(place, own["type"], parameter, None, value, text, mapping.price_year, source, note)


def _unit_text(heading: str, cell: str, currency: str) -> str:
    """The unit that the heading of the prices and the column of units state together: `单价(万元)` and 台, or 元/W."""
    if unit_of_cost(cell) is not None and not any(cell.lower() == piece for piece in PIECES):
        return cell
    inside = re.search(r"[(（\[]([^)）\]]+)[)）\]]", heading)
    money = inside[1].strip() if inside and unit_of_cost(inside[1].strip()) else currency
    return money if "/" in money or not cell else f"{money}/{cell}"
