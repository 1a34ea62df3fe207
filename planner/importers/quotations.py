"""Suppliers' quotations and tenders in Excel or CSV, read with a mapping that is proposed here and that a person edits."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.case import PARAMETERS
from models.errors import CaseError
from models.inputs.finance import over_years
from planner.examples import data_folder
from planner.importers.cost_units import CostFigure, currency_in, in_thousands, unit_of_cost
from planner.importers.headings import named_columns
from planner.importers.quantities import CONTENTS
from planner.importers.source import NUMBER, Cell, SourceTable, decimal_of, number_in, number_of, read_source, sign_of
from planner.importers.write import table_of
from planner.language.message import Message
from planner.park.complaints import Complaints
from planner.park.settings import read_toml

# --- words of quotations ---------------------------------------------------------------------------------------------------
# Words of quotations in Chinese, English, German, French and Spanish: headings, equipment, VAT, lifetimes.

#: Words of headings, lower case.
HEADINGS = {
    "item": (
        "设备名称|项目名称|名称|项目|设备|item|description|product|equipment|position|bezeichnung|désignation|"
        "libellé|descripción|concepto|nazwa"
    ),
    "price": (
        "综合单价|含税单价|单价|unit price|unit cost|einzelpreis|e-preis|prix unitaire|pu ht|pu h.t.|pu (|p.u.|"
        "precio unitario|price each|cena jedn|price|preis|prix|precio|价格|报价|rate"
    ),
    "quantity": "数量|台数|quantity|qty|menge|anzahl|qté|quantité|cantidad|uds|ilość|liczba|stk",
    "unit": "计量单位|单位|unit|uom|einheit|unité|unidad|me",
}
_PUMP = "热泵|heat pump|wärmepumpe|pompa ciepła|pompe à chaleur|\\bpac\\b|bomba de calor"
_STEAM = "蒸汽|steam|dampf|vapeur|vapor|1[0-9]{2} ?°c"
_HOT = f"{_STEAM}|\\b\\d+(?:[.,]\\d+)? ?(?:bar|mpa)\\b"
_ELECTRIC = "电锅炉|electric boiler|elektrokessel|chaudière électrique|caldera eléctrica|kocioł elektryczny"
_GAS = "燃气锅炉|gas boiler|gas-fired boiler|gaskessel|chaudière gaz|caldera de gas|kocioł gazowy"
_WASTE = "余热|废热|excess|waste|abwärme|fatale|residual"
#: Words of items, and the type that they most likely mean; the first that is found counts. A heat pump of steam or of 100 °C and
#: more is none of outside air.
GUESSES = (
    ("储能|电池|battery|bess|\\bess\\b|batterie|batería", "battery"),
    (f"(?:{_STEAM}).*(?:{_PUMP})|(?:{_PUMP}).*(?:{_STEAM})", "heat-pump-steam"),
    (f"(?:{_WASTE}).*(?:{_PUMP})|(?:{_PUMP}).*(?:{_WASTE})", "heat-pump-excess-heat"),
    (_PUMP, "heat-pump-air"),
    ("余热锅炉|换热|heat exchanger|wärmetauscher|wärmeübertrager|échangeur|intercambiador", "heat-exchanger"),
    ("光伏|组件|photovolta|\\bpv\\b|solar|屋顶|centrale pv", "solar-rooftop"),
    ("风机|风电|风力|wind|éolien|eólic", "wind-distributed"),
    ("电极锅炉|电蒸汽|electrode|elektroden|electric steam|elektrodampf|chaudière électrique vapeur", "electric-boiler-steam"),
    (f"(?:{_HOT}).*(?:{_ELECTRIC})|(?:{_ELECTRIC}).*(?:{_HOT})", "electric-boiler-steam"),
    (_ELECTRIC, "electric-boiler"),
    ("生物质锅炉|biomass boiler|biomassekessel|hackschnitzel|chaudière biomasse|caldera de biomasa", "biomass-boiler-steam"),
    ("燃气蒸汽|gas steam|gasdampf|dampfkessel|chaudière vapeur|caldera de vapor", "gas-boiler-steam"),
    (f"(?:{_HOT}).*(?:{_GAS})|(?:{_GAS}).*(?:{_HOT})", "gas-boiler-steam"),
    (_GAS, "gas-boiler"),
    ("溴化锂|吸收式|absorption|absorci", "chiller-absorption"),
    ("冷水机|制冷|chiller|kältemaschine|groupe froid|enfriadora", "chiller-electric"),
    ("电解|electroly|elektroly|électroly", "electrolyser"),
    ("燃料电池|fuel cell|brennstoffzelle|pile à combustible", "fuel-cell"),
    ("热电联产|内燃机|chp|cogeneration|bhkw|cogénération|cogeneración", "gas-chp"),
    ("蓄热|热水罐|hot water tank|wärmespeicher|pufferspeicher|ballon", "hot-water-tank"),
)
_WITH_TAX = re.compile(
    r"(?<!不)含税|含[^，,]{0,6}增值税|inkl\.? ?[^,;]{0,12}(?:mwst|ust)|incl\.? ?[^,;]{0,8}vat|vat included|\bttc\b|brutto"
    r"|iva incluido",
    re.IGNORECASE,
)
_RATE = re.compile(r"(\d{1,2}(?:[.,]\d)?)\s*[%％]")
_LIFETIME = re.compile(
    r"(?:寿命|使用年限|design life|lifetime|service life|lebensdauer|nutzungsdauer|durée de vie|vida útil)\D{0,12}(\d{1,2})\s*"
    r"(?:年|years?|jahre?|ans|años|a\b)",
    re.IGNORECASE,
)

_EFFICIENCY = re.compile(
    r"(?:热效率|效率|efficiency|wirkungsgrad|nutzungsgrad|rendement|rendimiento|sprawność|\bη)[^\d%,;]{0,24}"
    r"(\d{2,3}(?:[.,]\d+)?)\s*[%％]",
    re.IGNORECASE,
)
_COP = re.compile(
    r"(?:\bs?cop\b|能效比|制热系数|jahresarbeitszahl|\bjaz\b|leistungszahl|\beer\b)[^\d,;]{0,16}(\d{1,2}(?:[.,]\d+)?)(?! ?[%％])",
    re.IGNORECASE,
)
_STATED = (("lifetime", _LIFETIME, 1), ("efficiency", _EFFICIENCY, 100), ("cop", _COP, 1))
#: Work at a plant that another line is of.
_WORK = re.compile(
    r"安装|调试|运输|montage|inbetriebnahme|installation|commissioning|transport|delivery|mise en service|pose\b|instalación"
    r"|puesta en marcha|montaż|uruchomienie",
    re.IGNORECASE,
)


def tax_in(table: SourceTable) -> float:
    """The rate of VAT that prices hold where a text says that they do and names it; else 0."""
    for row in table.rows:
        for cell in row:
            text = str(cell)
            if _WITH_TAX.search(text) and (found := _RATE.search(text)):
                return float(found[1].replace(",", ".")) / 100
    return 0.0


def stated_in(text: str) -> dict[str, str]:
    """What a line states of lifetime (years), efficiency (a share) and COP, in words of the mapping."""
    found = ((key, pattern.search(text), per) for key, pattern, per in _STATED)
    return {key: f"{float(match[1].replace(',', '.')) / per:g}" for key, match, per in found if match}


def is_work(item: str) -> bool:
    """True of a line of work at a plant, and of no plant itself."""
    return _WORK.match(item.strip()) is not None


# --- beside the prices -----------------------------------------------------------------------------------------------------
# What an offer says beside its prices.
#
# Efficiency and COP of an offer, as ratios of ports.csv: what the catalogue says of the type, its inputs turned round.
#
# .. math::
# r_{in} = 1 / \eta \qquad r_{electricity} = 1 / COP \qquad r_{waste-heat} = 1 - 1 / COP
#
# η  of what goes in, by the net calorific value  1    COP  heat or cold by what drives it  1
#
# The later years of an offer: the path of the catalogue goes on from it.
#
# .. math::
# c_y = c_o \frac{k_y}{k_o} \qquad y > o
#
# c_o  capital cost of the offer, of its year o      k  capital cost of the catalogue, in the same region, interpolated
#
# What the lines of a mapping say beside prices: positions that are added, and lifetimes.

COLUMNS = ("type", "carrier", "direction", "ratio", "temperature", "source", "note")
#: What an efficiency and a COP may be: above the first, at most the second.
WITHIN = {"efficiency": (0.2, 1.1), "cop": (0.3, 15.0)}
WASTE = "waste-heat"


def ports_of(path: Path, given: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """Rows of ports.csv of the types whose lines state an efficiency or a COP. Raises CaseError for what cannot be one."""
    found, faults = dict[str, tuple[str, float]](), list[Message]()
    for item, line in given.items():
        for key, (least, most) in WITHIN.items():
            text, kind = line.get(key, ""), line.get("type", "")
            if not text or not kind:
                continue
            value = number_of(text, "point")
            if value is None or not least < value <= most:
                words = {"item": item, "key": key, "text": text, "least": f"{least:g}", "most": f"{most:g}"}
                faults.append(Message("--map: {item}: {key} = {text}: is not above {least} and at most {most}", **words))
            elif found.setdefault(kind, (key, value)) != (key, value):
                words = {"item": item, "key": key, "text": text, "type": kind}
                faults.append(Message("--map: {item}: {key} = {text}: another stands in a line of {type}", **words))
    rows: list[dict[str, str]] = []
    for kind, (key, value) in found.items():
        own = _catalogue(kind)
        inputs = [row for row in own if row["direction"] == "in" and row["carrier"] != WASTE]
        if len([row for row in own if row["direction"] == "out"]) != 1 or len(inputs) != 1:
            faults.append(
                Message("--map: {type}: {key} is of one thing made from another; state its ports.csv by hand", type=kind, key=key)
            )
            continue
        rows += [_row(row, value, f"quotation {path.name}", f"{key} {value:g}") for row in own]
    if faults:
        raise CaseError(faults)
    return rows


def _row(row: Mapping[str, str], value: float, source: str, note: str) -> dict[str, str]:
    if row["direction"] == "out":
        return {name: row[name] for name in COLUMNS}
    ratio = f"{1 - 1 / value if row['carrier'] == WASTE else 1 / value:.6g}"
    return {name: {"ratio": ratio, "source": source, "note": note}.get(name, row[name]) for name in COLUMNS}


def _catalogue(kind: str) -> list[dict[str, str]]:
    return [row for row in table_of(data_folder() / "catalogue" / "ports.csv")[1] if row["type"] == kind]


def with_decline(figures: Iterable[CostFigure], year: int, region: str = "") -> list[CostFigure]:
    """The figures; a capital cost of all years becomes one by year, from that of its money (else `year`) on, where the catalogue's
    changes over the years."""
    paths = _paths(region)
    made: list[CostFigure] = []
    for figure in figures:
        path = paths.get(figure.type)
        if figure.parameter != "capital_cost" or figure.year is not None or path is None:
            made.append(figure)
            continue
        first = figure.money_year or year
        later = [y for y in sorted(path) if y > first]
        costs = over_years([(y, c) for y, c in path.items()], [first, *later])
        made.append(replace(figure, year=first))
        for y in later:
            ratio = costs[y] / costs[first]
            note = f"{figure.note}; path of the catalogue, {ratio:.4g} of {first}"
            made.append(replace(figure, year=y, value=figure.value * ratio, note=note))
    return made


def _paths(region: str) -> dict[str, dict[int, float]]:
    """Capital costs of the catalogue by type and year, where there are several years: of the region, else of none."""
    found: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for row in table_of(data_folder() / "catalogue" / "costs.csv")[1]:
        if row["parameter"] == "capital_cost" and row["year"]:
            found[row["type"], row["region"]][int(row["year"])] = float(row["value"])
    several = {key: path for key, path in found.items() if len(path) > 1}
    types = {kind for kind, _ in several}
    return {kind: path for kind in types if (path := several.get((kind, region)) or several.get((kind, ""))) is not None}


def summed(figures: Sequence[CostFigure], given: Iterable[Mapping[str, str]]) -> list[CostFigure]:
    """Figures whose line says `sum` are positions of one plant: those of a type and parameter, in one unit, are added."""
    positions: dict[tuple[str, str], list[CostFigure]] = {}
    others: list[CostFigure] = []
    lines = [line for line in given if line.get("sum") == "True"]
    added = {(line["type"], line.get("parameter") or "capital_cost") for line in lines}
    for figure in figures:
        key = figure.type, figure.parameter
        if key in added:
            positions.setdefault(key, []).append(figure)
        else:
            others.append(figure)
    faults = list[Message]()
    for own in positions.values():
        first, total = unit_of_cost(own[0].unit), 0.0
        for figure in own:
            unit = unit_of_cost(figure.unit)
            times = unit.times_to(first) if unit is not None and first is not None else None
            total += figure.value * (times or 0.0)
            if times is None:
                words = {"place": figure.place, "unit": repr(figure.unit), "other": repr(own[0].unit)}
                faults.append(
                    Message("{place}: unit {unit}: positions of one sum are in one unit, and the first is in {other}", **words)
                )
        others.append(replace(own[0], value=total, note="; ".join(f.note for f in own)))
    if faults:
        raise CaseError(faults)
    return others


def lifetimes(path: Path, given: Mapping[str, Mapping[str, str]]) -> list[CostFigure]:
    """Lifetimes that lines state, one a type. Raises CaseError where one is none, or two differ."""
    found: dict[str, str] = {}
    for item, line in given.items():
        years = line.get("lifetime", "")
        if not line.get("type") or not years:
            continue
        if not re.fullmatch(r"\d{1,3}(\.\d+)?", years) or float(years) < 1 or found.setdefault(line["type"], years) != years:
            raise CaseError.because(
                "--map: {item}: lifetime = {years}: is no number of years, or another beside it", item=item, years=years
            )
    source = f"quotation {path.name}"
    return [CostFigure(str(path), kind, "lifetime", None, float(years), "year", None, source) for kind, years in found.items()]


# --- a quotation read ------------------------------------------------------------------------------------------------------

#: A number with the unit that may stand behind it; `950 kWp x 498 €` has the quantity, too.
_PRICE = re.compile(rf"^\s*(?:({NUMBER})\s*([^\d×*]*?)\s*[x×*]\s*)?({NUMBER})\s*(.*)$")
#: A number that a unit shows to be a measure, and no position or date: it tells the sign of the decimals.
_MEASURED = re.compile(
    rf"(?<![\w.,])({NUMBER})(?= ?(?:[kMG]?W(?:h|p|c)?\b|[kM]VA\b|[%％€$¥￥元万]|EUR\b|MPa\b|bar\b|°C|kg\b|m[²³]|t/h\b))"
)
_KEYS = ("sheet", "header", "item", "price", "quantity", "unit", "currency", "price_year", "tax", "lines")
_LINE = ("item", "type", "parameter", "unit", "capacity", "lifetime", "efficiency", "cop", "sum", "note")


@dataclass(frozen=True)
class QuoteMapping:
    """What a person said of a quotation; see `proposal` of propose.py for the file."""

    sheet: str
    header: int
    columns: dict[str, str]
    currency: str
    price_year: int
    tax: float
    lines: dict[str, dict[str, str]]


def read_mapping(path: Path) -> QuoteMapping:
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
    return QuoteMapping(str(given.get("sheet", "")), header, columns, str(given.get("currency", "")), year, float(tax), by_item)


def read_quote(path: Path, mapping: QuoteMapping, decimal: str = "") -> list[CostFigure]:
    """The costs that the mapping names; `decimal` is the sign of the decimals where its text does not show it.

    Raises CaseError with every line that cannot be read.
    """
    table = read_source(path, sheet=mapping.sheet)
    header, rows = _split(table, mapping.header)
    at = _columns(path, header, mapping.columns)
    amounts = amounts_in((cells for cells, _ in rows), at)
    sign = decimal or decimal_of(amounts, table.file, texts_with_units(table, amounts))
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


def texts_with_units(table: SourceTable, amounts: list[str]) -> list[str]:
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
    mapping: QuoteMapping,
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


def _unit_text(heading: str, cell: str, behind: str, mapping: QuoteMapping, scaled: str) -> str:
    """The unit that a price, its heading and the column of units state together: `498 €` and kWp, `单价(万元)` and 台, or 元/W.

    Where none of them names money it is that of the mapping. Raises ValueError where `scaled` may be meant then.
    """
    own = unit_of_cost(behind)
    if behind and (own is None or own.per or own.piece):
        return behind
    if unit_of_cost(cell) is not None:
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


# --- a mapping proposed ----------------------------------------------------------------------------------------------------
# A mapping proposed for a quotation: where the headings stand, which columns hold item, price and unit, and for each line the
# type
# that it is most likely of. What the proposal does not know is left blank there, and left out of the costs.

#: MW of a boiler that gives a tonne of steam an hour.
STEAM = CONTENTS["steam"][0]
#: A capacity in an item: `1,000 kW`, `2,5 MW`, `640 kWc`; what a W is of does not count.
_SIZE = re.compile(rf"(?<![\d.,])({NUMBER}) ?(kWh|MWh|kW|MW|t/h)(?:p|c|th|el|e)?\b(?![/·]?h)")


def proposal(path: Path, sheet: str, year: int, currency: str, decimal: str = "") -> str:
    """A mapping for a quotation, as TOML. Raises CaseError where it has no headings, or a capacity can be read in two ways."""
    table = read_source(path, sheet=sheet)
    found = next((i for i, row in enumerate(table.rows) if _headings(row).keys() >= {"item", "price"}), None)
    if found is None:
        raise CaseError.because(
            "{path}: no row has headings of item and price; write a mapping by hand and name it with --map", path=path
        )
    header = [str(cell).strip() for cell in table.rows[found]]
    at = _headings(table.rows[found])
    said = next(filter(None, map(currency_in, header)), currency)
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
    sign, guesses, faults = (
        decimal or sign_of(texts_with_units(table, amounts_in(table.rows[found + 1 :], at))),
        list[_Guess](),
        list[Message](),
    )
    for cells, line in zip(table.rows[found + 1 :], table.lines[found + 1 :], strict=True):
        item = str(cell_at(cells, at, "item")).strip()
        if not item or all(price_of(cell_at(cells, at, "price"), s)[0] is None for s in ("point", "comma")):
            continue
        kind = next((kind for words, kind in GUESSES if re.search(words, item.lower())), "")
        amount = f"{text_of(cell_at(cells, at, 'quantity'))} {text_of(cell_at(cells, at, 'unit'))}"
        try:
            capacity = _capacity_in(item, kind, sign) or _capacity_in(amount, kind, sign) or '""'
        except ValueError as error:
            faults.append(Message("{place}: {words}", place=f"{path} line {line}: {item}", words=error.args[0]))
            continue
        guesses.append(_Guess(" ".join(map(text_of, cells)), item, kind, capacity))
    if faults:
        raise CaseError(faults)
    return "\n".join([*text, *_lines(guesses)]) + "\n"


@dataclass(frozen=True)
class _Guess:
    """What a line with a price is likely of: its text, item, type, and capacity in TOML."""

    text: str
    item: str
    kind: str
    capacity: str


def _lines(guesses: list[_Guess]) -> list[str]:
    """A table of each line with a price. Work at a plant is a position of the plant of the line above it."""
    text, plant = list[str](), ("", '""')
    for i, own in enumerate(guesses):
        is_position = is_work(own.item) and bool(plant[0])
        guess, capacity = plant = plant if is_position else (own.kind, own.capacity)
        text += ["", "[[lines]]", f"item = {_quoted(own.item)}", f"type = {_quoted(guess)}", 'parameter = "capital_cost"']
        text += ['unit = ""', f"capacity = {capacity}"]
        if guess and (is_position or (i + 1 < len(guesses) and is_work(guesses[i + 1].item))):
            text.append("sum = true")
        if guess and not is_position:
            text += [f'{key} = "{value}"' for key, value in stated_in(own.text).items()]
    return text


def _capacity_in(text: str, guess: str, sign: str) -> str:
    """A capacity that a text states, in TOML: `燃气锅炉 7MW`; '' for none. Boilers are sold by tonnes of steam, and counted in MW.

    Raises ValueError where its number can be read in two ways.
    """
    found = _SIZE.search(text)
    if found is None:
        return ""
    size = number_in(found[1], sign)
    if found[2] == "t/h" and "capture" not in guess:
        return f'"{STEAM * size:g} MW"  # {size:g} t/h of steam at {STEAM:g} MW each'
    return _quoted(f"{size:.10g} {found[2]}")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _headings(row: list[Cell]) -> dict[str, int]:
    """The column of each heading that is wanted, by the words that it has."""
    return named_columns([text if len(text := str(cell).strip().lower()) < 30 else "" for cell in row], HEADINGS)
