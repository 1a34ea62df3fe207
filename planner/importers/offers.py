r"""Suppliers' quotations and tenders: lines with a price become rows of a table that a person confirms, and that becomes costs.

.. math::
    r_{in} = 1 / \eta \qquad r_{electricity} = 1 / COP \qquad r_{waste-heat} = 1 - 1 / COP \qquad
    c_y = c_o \frac{k_y}{k_o} \quad y > o \qquad r_{condenser} = s (1 + 1 / COP) = P / Q

η    of what goes in, by the net calorific value  1    c_o  capital cost of the offer, of its year o
COP  heat or cold by what drives it               1    k    capital cost of the catalogue, in the same region, interpolated
s    share of a chiller's condenser heat          1    P, Q condenser heat that is recovered, cold that the chiller makes  MW
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.case import PARAMETERS
from models.errors import CaseError
from models.inputs.finance import over_years
from planner.examples import data_folder
from planner.importers.cost_units import CostFigure, currency_in, in_money_of, in_thousands, tax_in, unit_of_cost, usual_ranges
from planner.importers.dialect import Answers
from planner.importers.profile import Proposal, TableRows, Told
from planner.importers.quantities import STEAM
from planner.importers.source import (
    NUMBER,
    Cell,
    bracketed,
    number_in,
    number_of,
    of_each,
    read_source,
    sign_of,
    text_of,
    under_headings,
)
from planner.importers.words import DATA, headings, term
from planner.importers.write import csv_text, read_unfinished, table_of, write_text
from planner.language.language import mark
from planner.language.message import Message
from planner.park.book import is_book
from planner.park.complaints import Complaints
from planner.park.money import read_money
from planner.process.terminal import stdout, tell

#: What each may be: above the first, at most the second.
WITHIN = {"lifetime": (0.99, 999.0), "efficiency": (0.2, 1.1), "cop": (0.3, 15.0), "tax": (-0.01, 0.99), "price_year": (1989, 2100)}
#: What a row states of its plant beside the price.
STATED = "lifetime", "efficiency", "cop", "condenser_heat"
#: A number with the unit that may stand behind it; `950 kWp x 498 €` has the quantity, too.
_PRICE = re.compile(rf"^\s*(?:({NUMBER})\s*([^\d×*]*?)\s*[x×*]\s*)?({NUMBER})\s*(.*)$")
#: A number that a unit shows to be a measure, and no position or date: it tells the sign of the decimals.
_MEASURED = re.compile(
    rf"(?<![\w.,])({NUMBER})(?= ?(?:[kMG]?W(?:h|p|c)?\b|[kM]VA\b|[%％€$¥￥元万]|EUR\b|MPa\b|bar\b|°C|kg\b|m[²³]|t/h\b))"
)
#: A capacity in an item: `1,000 kW`, `2,5 MW`, `640 kWc`; what a W is of does not count. Boilers are sold by t/h of steam.
_SIZE = re.compile(rf"(?<![\d.,])({NUMBER}) ?(kWh|MWh|kW|MW|t/h)(?:p|c|th|el|e)?\b(?![/·]?h)")
#: Columns of the table that is confirmed. A row without a type is left out; `sum`: a position of one plant, times its quantity.
COLUMNS = "item", "type", "nearest", "parameter", "price", "unit", "quantity", "capacity", *STATED, "sum", "tax", "price_year"

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
        words = mark(
            "{path}: no row has headings of item and price; write its rows by hand under {columns}, and name them with --map (a "
            "published table of technology, parameter, value and unit is read by plan --costs)"
        )
        raise CaseError.because(words, path=path, columns=",".join(COLUMNS))
    priced = [found for cell in of.texts("price", "quantity") if (found := _PRICE.match(cell))]
    amounts = [number for found in priced for number in (found[1], found[3]) if number]
    texts = [*amounts, *(number for cell in table.texts for number in _MEASURED.findall(cell))]
    sign = told.decimal(decimal, amounts, table.file, texts)
    said = next(filter(None, (currency_in(str(cell)) for cell in of.header)), currency)
    scaled, tax, rows, faults = in_thousands(table.texts), tax_in(table.texts), list[dict[str, str]](), list[Message]()
    for cells, line in of.rows:
        item, place = of.text(cells, "item"), f"{path} line {line}: {of.text(cells, 'item')}"
        value, behind, count, measure = price_of(of.cell(cells, "price"), sign)
        if item and re.match(r"\s*[-−]\s*\d", of.text(cells, "price")):
            words = mark("{place}: a price below 0; take what is let off from the price that it is of")
            faults.append(Message(words, place=place))
        if not item or value is None:
            continue
        if count is None:
            count, measure = price_of(of.cell(cells, "quantity"), sign)[:2]
        (kind, near), unit, whole = nearest(item), of.text(cells, "unit"), [text_of(cell) for cell in cells]
        sized, own = (item, f"{of.text(cells, 'quantity')} {unit}", *filter(None, whole)), decimal or sign_of(texts)
        capacity = told.or_ask("decimal", "point", "", lambda: _capacity_in(sized, kind, own, place))  # noqa: B023
        row = {"item": item, "type": kind, "parameter": "capital_cost", "price": f"{value:.10g}", "capacity": capacity}
        row |= {"unit": _unit_text(str(of.header[of.at["price"]]), unit or measure, behind, said, scaled), "tax": f"{tax:g}"}
        row |= {"quantity": "" if count is None else f"{count:.10g}", "nearest": "; ".join(f"{k} ({why})" for k, why in near)}
        rows.append({**row, "price_year": str(year)} | (stated_in(" ".join(whole)) if kind else {}))
    if faults:
        raise CaseError(faults)
    for before, row in itertools.pairwise(rows):
        if term("work").match(row["item"]) and before["type"]:  # work at the plant of the line above is a position of it
            row |= {key: before.get(key, "") for key in ("type", "nearest", "capacity")} | dict.fromkeys(STATED, "")
            row["sum"] = before["sum"] = "yes"
    return csv_text(COLUMNS, rows)


def stated_in(text: str) -> dict[str, str]:
    """What a line states of lifetime (years), efficiency (a share), COP and condenser heat (a share of it, or MW)."""
    found = dict[str, str]()
    for key, (pattern, per) in DATA["stated"].items():
        if match := re.search(pattern, text, re.IGNORECASE):
            number, unit = float(match[1].replace(",", ".")), (*match.groups(), "")[1]
            found[key] = f"{number:g} {unit}" if "w" in unit.lower() else f"{number / per:g}"
    return found


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
    own, inside = unit_of_cost(behind), bracketed(heading).strip()
    if behind and (own is None or own.per or own.piece):
        return behind
    if unit_of_cost(cell) is not None:
        return cell
    money = behind or (inside if unit_of_cost(inside) or re.fullmatch("[A-Z]{3}", inside) else "")
    if not money and scaled:
        return f"{scaled}/{cell or 'piece'} | {currency}/{cell or 'piece'}"
    money = re.sub("[¥￥]", "JPY", money) if currency == "JPY" else money or currency
    return money if "/" in money or not cell else f"{money}/{cell}"


def _capacity_in(texts: Iterable[str], kind: str, sign: str, place: str) -> str:
    """The first capacity in texts: `燃气锅炉 7MW`, or MW of t/h of steam; '' for none. Raises CaseError where it may be two."""
    found = next(filter(None, map(_SIZE.search, texts)), None)
    if found is None:
        return ""
    try:
        size = number_in(found[1], sign)
    except ValueError as error:
        raise CaseError.because("{place}: {words}", place=place, words=error.args[0]) from error
    return f"{STEAM * size:g} MW" if found[2] == "t/h" and "capture" not in kind else f"{size:.10g} {found[2]}"


# --- an offer confirmed ----------------------------------------------------------------------------------------------------


def read_offer(path: Path) -> list[dict[str, str]]:
    """The rows with a type of a confirmed table, with their `place`. Raises CaseError with all that is wrong with it."""
    try:
        table = read_source(path)
    except CaseError as error:
        raise CaseError([Message("--map {fault}", fault=line) for line in error.complaints]) from error
    header, rows = [str(cell).strip() for cell in table.rows[0]], list[dict[str, str]]()
    faults: list[str] = [
        Message("--map {path}: column {name}: is none of {columns}", path=path, name=repr(name), columns=", ".join(COLUMNS))
        for name in header
        if name and name not in COLUMNS
    ]
    for cells, line in zip(table.rows[1:], table.lines[1:], strict=True):
        row = dict.fromkeys(COLUMNS, "") | dict(zip(header, map(text_of, cells), strict=False))
        row["place"] = f"{path} line {line}: {row['item']}"
        if not row["type"]:
            continue
        rows.append(row)
        row["parameter"] = row["parameter"] or "capital_cost"
        if row["parameter"] not in PARAMETERS:
            words = {"parameter": repr(row["parameter"]), "parameters": ", ".join(PARAMETERS)}
            faults.append(Message("{place}: parameter {parameter}: is none of {parameters}", place=row["place"], **words))
        for key, (least, most) in WITHIN.items():
            value = number_of(row[key])
            if (row[key] or key == "price_year") and (value is None or not least < value <= most):
                shown = {"key": key, "text": row[key], "least": f"{least:g}", "most": f"{most:g}"}
                text = mark("{place}: {key} = {text}: is not above {least} and at most {most}")
                faults.append(Message(text, place=row["place"], **shown))
    for key, kind in itertools.product(STATED, dict.fromkeys(row["type"] for row in rows)):
        if len({row[key] for row in rows if row["type"] == kind and row[key]}) > 1:
            faults.append(Message("{path}: {type}: has several of {key}; keep one", path=path, type=kind, key=key))
    if faults:
        raise CaseError(faults)
    return rows


def figures_of(rows: Sequence[Mapping[str, str]], source: str) -> list[CostFigure]:
    """The costs and lifetimes of confirmed rows, positions of one plant added. Raises CaseError with all that cannot be read."""
    figures, faults, summed = list[CostFigure](), list[str](), dict[tuple[str, str], CostFigure]()
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
        if row["lifetime"] and not any((f.type, f.parameter) == (row["type"], "lifetime") for f in figures):
            years = float(row["lifetime"])
            figures.append(CostFigure(row["place"], row["type"], "lifetime", None, years, "year", None, source))
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
    value, count, tax = (number_of(row[key]) for key in ("price", "quantity", "tax"))
    text, size_text, unit = row["unit"], row["capacity"], unit_of_cost(row["unit"])
    if value is None:
        raise ValueError(Message("{price}: is no price", price=repr(row["price"])))
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
    if tax:
        value, note = value / (1 + tax), f"{note}; {tax:g} tax taken off"
    return CostFigure(row["place"], row["type"], row["parameter"], None, value, text, int(float(row["price_year"])), source, note)


def _capacity(capacity: str, text: str) -> tuple[float, str]:
    """(number, unit) of a capacity; ValueError where it is none or can be read in two ways."""
    size = re.fullmatch(rf"({NUMBER}) ?(\S+)", capacity)
    try:
        number = number_in(size[1], "") if size else 0.0
    except ValueError:
        words = mark("capacity {capacity}: may be one or a thousand; write it without a mark, e.g. 1000 kWh")
        raise ValueError(Message(words, capacity=repr(capacity))) from None
    if size is None or number == 0:
        raise ValueError(Message("unit {text}: is the price of a piece; write its capacity, e.g. 2.5 MW", text=repr(text)))
    return number, size[2] if size[2] != "t/h" else "(t/h)"


# --- beside the prices -----------------------------------------------------------------------------------------------------

PORTS = ("type", "carrier", "direction", "ratio", "temperature", "source", "note")
WASTE = "waste-heat"


def ports_of(rows: Sequence[Mapping[str, str]], source: str) -> list[dict[str, str]]:
    """Rows of ports.csv of types whose rows state an efficiency, a COP or condenser heat: those of the catalogue, their inputs
    turned round, and waste heat that comes out. Raises CaseError where a type makes or takes several things, or gives off more than
    it takes."""
    stated = dict[str, dict[str, str]]()
    for row in rows:
        own = stated.setdefault(row["type"], dict(row))
        own |= {key: row[key] for key in (*STATED, "capacity") if row[key]}
    catalogue = table_of(data_folder() / "catalogue" / "ports.csv")[1]

    def read(row: Mapping[str, str]) -> list[dict[str, str]]:
        kind, own = row["type"], [{name: port[name] for name in PORTS} for port in catalogue if port["type"] == row["type"]]
        key = next(key for key in ("efficiency", "cop", "condenser_heat") if row[key])
        driven = [port for port in own if port["direction"] == "in" and port["carrier"] != WASTE]
        if len(driven) != 1 or len([port for port in own if port["direction"] == "out"]) != 1:
            words = mark("{type}: {key} is of one thing made from another; state its ports.csv by hand")
            raise CaseError.because(words, type=kind, key=key)
        value = float(row["efficiency"] or row["cop"] or 1 / float(driven[0]["ratio"]))
        for port in own if key != "condenser_heat" else ():
            if port["direction"] == "in":
                ratio = 1 - 1 / value if port["carrier"] == WASTE else 1 / value
                port |= {"ratio": f"{ratio:.6g}", "source": source, "note": f"{key} {value:g}"}
        if said := row["condenser_heat"]:
            most = 1 + 1 / value
            heat = _condenser(row, most)
            if heat is None or not 0 < heat <= most * 1.0001:
                words = mark(
                    "{place}: condenser_heat = {text}: is no share of the {most} MWh that the condenser gives off for a MWh of "
                    "cold, and no capacity, e.g. 0.8 or 1.2 MW"
                )
                raise CaseError.because(words, place=row["place"], text=repr(said), most=f"{most:.4g}")
            port = dict.fromkeys(PORTS, "") | {"type": kind, "carrier": WASTE, "direction": "out", "ratio": f"{heat:.6g}"}
            own.append(port | {"source": source, "note": f"condenser_heat {said}"})
        return own

    told = [row for row in stated.values() if any(row[key] for key in STATED[1:])]
    return [port for own in of_each(told, read) for port in own]


def _condenser(row: Mapping[str, str], most: float) -> float | None:
    """MWh of condenser heat by one of cold: a share of `most`, or MW by the MW of the plant; None of what is neither."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kM]W)?", row["condenser_heat"])
    if found is None or not found[2]:
        return None if found is None or float(found[1]) > 1 else float(found[1]) * most
    try:
        size, unit = _capacity(row["capacity"], row["unit"])
    except ValueError:
        return None
    of = {"kW": 1e-3, "MW": 1.0}
    return float(found[1]) * of[found[2]] / (size * of[unit]) if unit in of else None


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


# --- an offer written ------------------------------------------------------------------------------------------------------
# Costs as a table of their own, or in a park's costs.csv, where a series is replaced as a whole. Published tables in the layout of
# technology-data are read where they are used, with --costs.

UNUSUAL = mark(
    "{place}: {type} {parameter}: {value} {unit} ({note}): usual is {low} to {high}; look at number, unit and capacity, or say "
    "--unusual to write it"
)
PRICE_ONLY = mark(
    "{types}: only the price is of the offer; lifetime and efficiency stay those of the catalogue, see ports.csv and costs.csv"
)
OFFERED = mark("{type}: {stated} of the offer is in ports.csv, in place of the catalogue's")
NOT_PUT = mark("{type}: {stated} of the offer is of ports.csv, and is written with --park only")
PROPOSED = mark("{file}: a proposal; look it through, then: plan import costs {quote} --map {file}")
COSTS = ("type", "parameter", "year", "value", "unit", "source", "note")
#: Money where neither a park nor an option says another.
CURRENCY, YEAR = "CNY", 2025


@dataclass(frozen=True)
class Target:
    """Currency and year of the money to write, and the region of the park, '' without one."""

    currency: str
    year: int
    region: str = ""


def target_of(park: Path | None, currency: str, year: int | None) -> Target:
    """What a park and the options say. Raises CaseError where they contradict each other, or the park cannot be read."""
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        words = mark("--currency {currency}: is no currency; write its ISO code in capitals (CNY, EUR)")
        raise CaseError.because(words, currency=currency)
    if park is None:
        return Target(currency or CURRENCY, year or YEAR)
    own, faults = read_unfinished(park).park, list[str]()
    if currency and currency != own.currency:
        words = mark("--currency {currency}: the park's money is {own}; leave the option out")
        faults.append(Message(words, currency=currency, own=own.currency))
    if year is not None and year != own.price_year:
        words = mark("--price-year {year}: the park's money is of {price_year}; leave the option out")
        faults.append(Message(words, year=year, price_year=own.price_year))
    if faults:
        raise CaseError(faults)
    return Target(own.currency, own.price_year, own.region)


def _table(figures: Iterable[CostFigure], target: Target, unusual: bool) -> list[dict[str, str]]:
    """Rows of costs.csv, by type, parameter and year, in the money of the target.

    Raises CaseError with every figure that cannot be read or stands twice, and, unless that is meant, with each outside its usual
    range: a slip of unit, capacity or decimal mark is seen before it is written.
    """
    made = in_money_of(figures, target.currency, target.year, read_money(data_folder() / "catalogue", Complaints()))
    ranges, seen, faults = usual_ranges(target.currency, target.year), dict[tuple[str, str, int | None], str](), list[str]()
    for f in made:
        if (other := seen.setdefault((f.type, f.parameter, f.year), f.place)) != f.place:
            words = mark("{place}: {type} {parameter}: stands in {other} too; keep one")
            faults.append(Message(words, place=f.place, type=f.type, parameter=f.parameter, other=other))
        found = ranges.outside("costs", [f.type], f.parameter, f.value, f.unit, target.currency) if f.value else None
        if found and not unusual:
            value, usual = found
            shown = {"value": f"{value:.6g}", "low": f"{usual.low:.3g}", "high": f"{usual.high:.3g}", "unit": usual.unit}
            faults.append(Message(UNUSUAL, place=f.place, type=f.type, parameter=f.parameter, note=f.note, **shown))
    if faults:
        raise CaseError(faults)
    rows = []
    for f in sorted(made, key=lambda f: (f.type, f.parameter, f.year or 0)):
        value_text = f"{f.value:.6g}" if f.value < 1e6 else f"{f.value:.0f}"
        cells = (f.type, f.parameter, str(f.year or ""), value_text, f.unit, f.source, f.note)
        rows.append(dict(zip(COSTS, cells, strict=True)))
    return rows


def read_costs_files(files: Sequence[Path], a: Answers, told: Told) -> Proposal | None:
    """Costs of a quotation, with ratios of ports that it states; None where rows were proposed.

    Raises CaseError with all that has to be said.
    """
    target, is_of_park = target_of(a.park, a.currency, a.price_year), a.out is None and a.park is not None
    if a.map_ is None or a.propose:
        with told.asking():
            made = {file: proposal(file, a.sheet, target.year, target.currency, a.decimal, told) for file in files}
        for file, text in made.items():
            path = write_text(file.with_name(f"{file.stem}.map.csv"), text, a.replace)
            tell(Message(PROPOSED, file=path, quote=files[0]), stdout)
        return None
    rows, source = read_offer(a.map_), f"quotation {files[0].name}"
    figures, ports = figures_of(rows, source), ports_of(rows, source)
    stated = {row["type"] for row in rows if any(row[key] for key in STATED)}
    if priced := sorted({f.type for f in figures if f.parameter == "capital_cost"} - stated):
        told.warn(PRICE_ONLY, types=", ".join(priced))
    for kind, note in {(port["type"], port["note"]): None for port in ports if port["source"] == source}:
        (told.say if is_of_park else told.warn)(OFFERED if is_of_park else NOT_PUT, type=kind, stated=note)
    table = _table(with_decline(figures, target.year, target.region) if a.decline else figures, target, a.unusual)
    if is_of_park and is_book(a.park):
        words = mark("--park {park}: a workbook is not written to; say --out FILE, and plan with --costs FILE")
        raise CaseError.because(words, park=a.park)
    path = a.park / "costs.csv" if is_of_park else a.out or Path(f"{files[0].stem}-costs.csv")
    words = mark("{file}: {count} costs in {currency} of {year}")
    told.say(words, file=path, count=len(table), currency=target.currency, year=target.year)
    tables = [TableRows("costs.csv", ("type", "parameter"), table)]
    tables += [TableRows("ports.csv", ("type",), ports)] if ports and is_of_park else []
    return Proposal("", told, rows=tables, file=None if is_of_park else path, alone=csv_text(COSTS, table))
