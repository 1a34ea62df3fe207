r"""Suppliers' quotations and tenders: lines with a price become rows of a table that a person confirms, and that becomes costs.

.. math::
    r_{in} = 1 / \eta \qquad r_{electricity} = 1 / COP \qquad r_{waste-heat} = 1 - 1 / COP \qquad
    c_y = c_o \frac{k_y}{k_o} \quad y > o

η    of what goes in, by the net calorific value  1    c_o  capital cost of the offer, of its year o
COP  heat or cold by what drives it               1    k    capital cost of the catalogue, in the same region, interpolated
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from models.case import PARAMETERS
from models.errors import CaseError
from models.inputs.finance import over_years
from planner.examples import data_folder
from planner.importers.cost_units import CostFigure, currency_in, in_thousands, unit_of_cost
from planner.importers.profile import Told
from planner.importers.quantities import CONTENTS
from planner.importers.source import (
    NUMBER,
    Cell,
    SourceTable,
    decimal_of,
    number_in,
    number_of,
    read_source,
    sign_of,
    under_headings,
)
from planner.importers.words import DATA, headings, term
from planner.importers.write import csv_text, table_of
from planner.language.language import mark
from planner.language.message import Message

#: What each may be: above the first, at most the second.
WITHIN = {"lifetime": (0.99, 999.0), "efficiency": (0.2, 1.1), "cop": (0.3, 15.0), "tax": (-0.01, 0.99), "price_year": (1989, 2100)}
#: A number with the unit that may stand behind it; `950 kWp x 498 €` has the quantity, too.
_PRICE = re.compile(rf"^\s*(?:({NUMBER})\s*([^\d×*]*?)\s*[x×*]\s*)?({NUMBER})\s*(.*)$")
#: A number that a unit shows to be a measure, and no position or date: it tells the sign of the decimals.
_MEASURED = re.compile(
    rf"(?<![\w.,])({NUMBER})(?= ?(?:[kMG]?W(?:h|p|c)?\b|[kM]VA\b|[%％€$¥￥元万]|EUR\b|MPa\b|bar\b|°C|kg\b|m[²³]|t/h\b))"
)
#: A capacity in an item: `1,000 kW`, `2,5 MW`, `640 kWc`; what a W is of does not count. Boilers are sold by t/h of steam.
_SIZE = re.compile(rf"(?<![\d.,])({NUMBER}) ?(kWh|MWh|kW|MW|t/h)(?:p|c|th|el|e)?\b(?![/·]?h)")
STEAM = CONTENTS["steam"][0]
#: Columns of the table that is confirmed. A row without a type is left out; `sum`: a position of one plant, times its quantity.
COLUMNS = (
    *("item", "type", "nearest", "parameter", "price", "unit", "quantity", "capacity"),
    *("lifetime", "efficiency", "cop", "sum", "tax", "price_year"),
)

# --- an offer proposed -----------------------------------------------------------------------------------------------------


def nearest(text: str) -> tuple[str, list[tuple[str, str]]]:
    """(likeliest type of a line, '' where it names no plant; the three nearest types, each with the words that speak for it)."""
    plain = text.lower()
    met = next(((found, types) for words, types in DATA["plants"] if (found := re.search(words, plain))), None)
    if met is None:
        of = next(((found[0], types) for words, types in DATA["unnamed"] if (found := re.search(words, plain))), ("", ()))
        return "", [(kind, of[0]) for kind in of[1]]
    own = [(kind, re.search(more, plain) if more else None, not more) for kind, more in met[1]]
    own.sort(key=lambda one: (one[1] is None, not one[2]))
    return own[0][0], [(kind, ", ".join((met[0][0], *([also[0]] if also else [])))) for kind, also, _ in own[:3]]


def proposal(path: Path, sheet: str, year: int, currency: str, decimal: str, told: Told) -> str:
    """The table to be confirmed, as CSV; what can be read in two ways is asked. Raises CaseError where it has no headings."""
    table = read_source(path, sheet=sheet)
    of = under_headings(table, headings("offer"), ("item", "price"))
    if of is None:
        raise CaseError.because(
            "{path}: no row has headings of item and price; write its rows by hand under {columns}, and name them with --map (a "
            "published table of technology, parameter, value and unit is read by plan --costs)",
            path=path,
            columns=",".join(COLUMNS),
        )
    amounts = [
        number
        for row, _ in of.rows
        for key in ("price", "quantity")
        if isinstance(cell := of.cell(row, key), str) and (found := _PRICE.match(cell))
        for number in (found[1], found[3])
        if number
    ]
    texts = [*amounts, *(n for row in table.rows for cell in row if isinstance(cell, str) for n in _MEASURED.findall(cell))]
    sign = decimal or told.or_ask("decimal", "point", "point", lambda: decimal_of(amounts, table.file, texts))
    said = next(filter(None, (currency_in(str(cell)) for cell in of.header)), currency)
    scaled, tax, rows = in_thousands(cell for row in table.rows for cell in row), tax_in(table), list[dict[str, str]]()
    faults = list[Message]()
    for cells, line in of.rows:
        item = str(of.cell(cells, "item")).strip()
        value, behind, count, measure = price_of(of.cell(cells, "price"), sign)
        if item and re.match(r"\s*[-−]\s*\d", str(of.cell(cells, "price"))):
            words = mark("{place}: a price below 0; take what is let off from the price that it is of")
            faults.append(Message(words, place=f"{path} line {line}: {item}"))
        if not item or value is None:
            continue
        kind, near = nearest(item)
        of_unit = text_of(of.cell(cells, "unit"))
        if count is None:
            count, measure = price_of(of.cell(cells, "quantity"), sign)[:2]
        amount = f"{text_of(of.cell(cells, 'quantity'))} {of_unit}"
        read = partial(
            _capacity_in,
            (item, amount, *filter(None, map(text_of, cells))),
            kind,
            decimal or sign_of(texts),
            f"{path} line {line}: {item}",
        )
        capacity = told.or_ask("decimal", "point", "", read)
        row = {"item": item, "type": kind, "parameter": "capital_cost", "price": f"{value:.10g}", "capacity": capacity}
        row |= {"unit": _unit_text(str(of.header[of.at["price"]]), of_unit or measure, behind, said, scaled), "tax": f"{tax:g}"}
        row |= {"quantity": "" if count is None else f"{count:.10g}", "nearest": "; ".join(f"{k} ({why})" for k, why in near)}
        rows.append({**row, "price_year": str(year)} | (stated_in(" ".join(map(text_of, cells))) if kind else {}))
    if faults:
        raise CaseError(faults)
    for before, row in itertools.pairwise(rows):
        if term("work").match(row["item"]) and before["type"]:  # work at the plant of the line above is a position of it
            row |= {key: before.get(key, "") for key in ("type", "nearest", "capacity")} | {"sum": "yes"}
            row |= dict.fromkeys(DATA["stated"], "")
            before["sum"] = "yes"
    return csv_text(COLUMNS, rows)


def tax_in(table: SourceTable) -> float:
    """The rate of VAT that prices hold where a text says that they do and names it; else 0."""
    for text in (str(cell) for row in table.rows for cell in row):
        if term("prices with VAT").search(text) and (found := re.search(r"(\d{1,2}(?:[.,]\d)?)\s*[%％]", text)):
            return float(found[1].replace(",", ".")) / 100
    return 0.0


def stated_in(text: str) -> dict[str, str]:
    """What a line states of lifetime (years), efficiency (a share) and COP."""
    found = ((key, re.search(pattern, text, re.IGNORECASE), per) for key, (pattern, per) in DATA["stated"].items())
    return {key: f"{float(match[1].replace(',', '.')) / per:g}" for key, match, per in found if match}


def text_of(cell: Cell) -> str:
    """A cell as text; a number without an exponent."""
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell).strip()


def price_of(cell: Cell, sign: str) -> tuple[float | None, str, float | None, str]:
    """(number, unit that stands behind it, quantity, its unit) of a price; `sign` of the decimals in text."""
    if isinstance(cell, float):
        return cell, "", None, ""
    found = _PRICE.match(str(cell))
    if found is None:
        return None, "", None, ""
    return number_of(found[3], sign), found[4].strip(), number_of(found[1] or "", sign), (found[2] or "").strip()


def _unit_text(heading: str, cell: str, behind: str, currency: str, scaled: str) -> str:
    """The unit that a price, its heading and the column of units state together: `498 €` and kWp, `单价(万元)` and 台, or 元/W.

    Where none of them names money it is `currency`; where the file names money in thousands (`scaled`), one of the two has to be
    chosen, and both are written.
    """
    own = unit_of_cost(behind)
    if behind and (own is None or own.per or own.piece):
        return behind
    if unit_of_cost(cell) is not None:
        return cell
    inside = re.search(r"[(（\[]([^)）\]]+)[)）\]]", heading)
    money = behind or (
        inside[1].strip() if inside and (unit_of_cost(inside[1].strip()) or re.fullmatch("[A-Z]{3}", inside[1])) else ""
    )
    if not money and scaled:
        return f"{scaled}/{cell or 'piece'} | {currency}/{cell or 'piece'}"
    money = re.sub("[¥￥]", "JPY", money) if currency == "JPY" else money or currency
    return money if "/" in money or not cell else f"{money}/{cell}"


def _capacity_in(texts: Iterable[str], kind: str, sign: str, place: str) -> str:
    """The first capacity in texts: `燃气锅炉 7MW`, or MW of t/h of steam; '' for none. Raises CaseError where it may be two."""
    for found in filter(None, map(_SIZE.search, texts)):
        try:
            size = number_in(found[1], sign)
        except ValueError as error:
            raise CaseError.because("{place}: {words}", place=place, words=error.args[0]) from error
        if found[2] == "t/h" and "capture" not in kind:
            return f"{STEAM * size:g} MW"
        return f"{size:.10g} {found[2]}"
    return ""


# --- an offer confirmed ----------------------------------------------------------------------------------------------------


def read_offer(path: Path) -> list[dict[str, str]]:
    """The rows with a type of a confirmed table, with their `place`. Raises CaseError with all that is wrong with it."""
    try:
        table = read_source(path)
    except CaseError as error:
        raise CaseError([Message("--map {fault}", fault=line) for line in error.complaints]) from error
    header = [str(cell).strip() for cell in table.rows[0]]
    faults: list[str] = [
        Message("--map {path}: column {name}: is none of {columns}", path=path, name=repr(name), columns=", ".join(COLUMNS))
        for name in header
        if name and name not in COLUMNS
    ]
    rows = list[dict[str, str]]()
    for cells, line in zip(table.rows[1:], table.lines[1:], strict=True):
        row = dict.fromkeys(COLUMNS, "") | dict(zip(header, map(text_of, cells), strict=False))
        row["place"] = f"{path} line {line}: {row['item']}"
        if not row["type"]:
            continue
        row["parameter"] = row["parameter"] or "capital_cost"
        if row["parameter"] not in PARAMETERS:
            words = {"parameter": repr(row["parameter"]), "parameters": ", ".join(PARAMETERS)}
            faults.append(Message("{place}: parameter {parameter}: is none of {parameters}", place=row["place"], **words))
        for key, (least, most) in WITHIN.items():
            value = number_of(row[key], "point")
            if (row[key] or key == "price_year") and (value is None or not least < value <= most):
                shown = {"key": key, "text": row[key], "least": f"{least:g}", "most": f"{most:g}"}
                faults.append(
                    Message("{place}: {key} = {text}: is not above {least} and at most {most}", place=row["place"], **shown)
                )
        rows.append(row)
    for key in ("lifetime", "efficiency", "cop"):
        for kind in dict.fromkeys(row["type"] for row in rows):
            if len({row[key] for row in rows if row["type"] == kind and row[key]}) > 1:
                faults.append(Message("{path}: {type}: has several of {key}; keep one", path=path, type=kind, key=key))
    if faults:
        raise CaseError(faults)
    return rows


def figures_of(rows: Sequence[Mapping[str, str]], source: str) -> list[CostFigure]:
    """The costs and lifetimes of confirmed rows. Raises CaseError with every row that cannot be read."""
    figures, faults = list[CostFigure](), list[str]()
    summed: dict[tuple[str, str], CostFigure] = {}
    for row in rows:
        try:
            figure = _figure(row, source)
            key = figure.type, figure.parameter
            if not row["sum"]:
                figures.append(figure)
            elif (first := summed.setdefault(key, figure)) is not figure:
                summed[key] = _added(first, figure)
        except ValueError as error:
            faults.append(Message("{place}: {words}", place=row["place"], words=error.args[0]))
        if row["lifetime"]:
            life = CostFigure(row["place"], row["type"], "lifetime", None, float(row["lifetime"]), "year", None, source)
            figures += [] if any((f.type, f.parameter) == (life.type, "lifetime") for f in figures) else [life]
    if faults:
        raise CaseError(faults)
    return [*figures, *summed.values()]


def _added(first: CostFigure, other: CostFigure) -> CostFigure:
    """Positions of one plant, added. Raises ValueError where they are not in one unit."""
    unit, to = unit_of_cost(other.unit), unit_of_cost(first.unit)
    times = unit.times_to(to) if unit is not None and to is not None else None
    if times is None:
        words = {"unit": repr(other.unit), "other": repr(first.unit)}
        raise ValueError(Message("unit {unit}: positions of one sum are in one unit, and the first is in {other}", **words))
    return replace(first, value=first.value + other.value * times, note=f"{first.note}; {other.note}")


def _figure(row: Mapping[str, str], source: str) -> CostFigure:
    """The cost of one row; of a position quantity times price by the capacity of the plant: 950 kWp at 498 €/kWp, or two pieces.

    Raises ValueError where there is none.
    """
    value, count, text, size_text = (
        number_of(row["price"], "point"),
        number_of(row["quantity"], "point"),
        row["unit"],
        row["capacity"],
    )
    if value is None:
        raise ValueError(Message("{price}: is no price", price=repr(row["price"])))
    unit = unit_of_cost(text)
    if unit is None or (not unit.currency and row["parameter"] not in ("fixed_cost", "lifetime", "grant")):
        raise ValueError(Message("unit {text}: is no unit of a cost; write one, e.g. CNY/kW", text=repr(text)))
    note = f"{row['item']}: {value:g} {text}"
    times = count if row["sum"] and unit.currency and count is not None and count > 0 else 1.0
    is_whole = unit.piece or (not unit.per and bool(size_text))
    if is_whole or times != 1:
        size, per = _capacity(size_text, text)
        plant, by = unit_of_cost(f"{unit.currency}/{per}"), 1.0 if is_whole else None
        if not is_whole and plant is not None:
            by = replace(unit, per=unit.per.removesuffix("/year"), times=1.0).times_to(plant)
        if by is None:
            raise ValueError(Message("unit {text}: its quantity is none of the capacity, {per}", text=repr(text), per=per))
        note = f"{note} of {size_text}" if times == 1 else f"{times:g} x {note} of {size_text}"
        # quantity / capacity, both in the unit of the capacity; a piece is of all of it
        value *= times / size * unit.times if is_whole else times / (by * size)
        text = f"{unit.currency}/{per}" if is_whole else text
    if tax := number_of(row["tax"], "point"):
        value, note = value / (1 + tax), f"{note}; {tax:g} tax taken off"
    return CostFigure(row["place"], row["type"], row["parameter"], None, value, text, int(float(row["price_year"])), source, note)


def _capacity(capacity: str, text: str) -> tuple[float, str]:
    """(number, unit) of a capacity; ValueError where it is none or can be read in two ways."""
    size = re.fullmatch(rf"({NUMBER}) ?(\S+)", capacity)
    try:
        number = number_in(size[1], "") if size else 0.0
    except ValueError:
        words = Message(
            "capacity {capacity}: may be one or a thousand; write it without a mark, e.g. 1000 kWh", capacity=repr(capacity)
        )
        raise ValueError(words) from None
    if size is None or number == 0:
        raise ValueError(Message("unit {text}: is the price of a piece; write its capacity, e.g. 2.5 MW", text=repr(text)))
    return number, size[2] if size[2] != "t/h" else "(t/h)"


# --- beside the prices -----------------------------------------------------------------------------------------------------

PORTS = ("type", "carrier", "direction", "ratio", "temperature", "source", "note")
WASTE = "waste-heat"


def ports_of(rows: Sequence[Mapping[str, str]], source: str) -> list[dict[str, str]]:
    """Rows of ports.csv of types whose rows state an efficiency or a COP: those of the catalogue, their inputs turned round.

    Raises CaseError where a type makes or takes several things.
    """
    made, faults, catalogue = list[dict[str, str]](), list[str](), table_of(data_folder() / "catalogue" / "ports.csv")[1]
    stated = {row["type"]: (key, float(row[key])) for key in ("efficiency", "cop") for row in rows if row[key]}
    for kind, (key, value) in stated.items():
        own = [port for port in catalogue if port["type"] == kind]
        driven = [port for port in own if port["direction"] == "in" and port["carrier"] != WASTE]
        if len(driven) != 1 or len([port for port in own if port["direction"] == "out"]) != 1:
            words = Message("{type}: {key} is of one thing made from another; state its ports.csv by hand", type=kind, key=key)
            faults.append(words)
        for port in own:
            if port["direction"] == "in":
                ratio = 1 - 1 / value if port["carrier"] == WASTE else 1 / value
                port = {**port, "ratio": f"{ratio:.6g}", "source": source, "note": f"{key} {value:g}"}
            made.append({name: port[name] for name in PORTS})
    if faults:
        raise CaseError(faults)
    return made


def with_decline(figures: Iterable[CostFigure], year: int, region: str = "") -> list[CostFigure]:
    """The figures; a capital cost of all years becomes one by year, from that of its money (else `year`) on, where the catalogue's
    changes over the years."""
    paths: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for row in table_of(data_folder() / "catalogue" / "costs.csv")[1]:
        if row["parameter"] == "capital_cost" and row["year"]:
            paths[row["type"], row["region"]][int(row["year"])] = float(row["value"])
    several = {key: path for key, path in paths.items() if len(path) > 1}
    made: list[CostFigure] = []
    for figure in figures:
        path = several.get((figure.type, region)) or several.get((figure.type, ""))
        if figure.parameter != "capital_cost" or figure.year is not None or path is None:
            made.append(figure)
            continue
        first = figure.money_year or year
        later = [y for y in sorted(path) if y > first]
        costs = over_years(list(path.items()), [first, *later])
        made.append(replace(figure, year=first))
        for y in later:
            ratio = costs[y] / costs[first]
            note = f"{figure.note}; path of the catalogue, {ratio:.4g} of {first}"
            made.append(replace(figure, year=y, value=figure.value * ratio, note=note))
    return made
