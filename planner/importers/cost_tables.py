"""Cost tables of others brought into the layout of costs.csv: PyPSA's technology-data, and suppliers' quotations.

technology-data has one file a year (`costs_2030.csv`), or our year column beside its own.

`currency_year` has had two meanings. Until May 2026 it is the year of the money in the *source* of a figure, while all values
stand in one year already: EUR 2020, since release 0.14 EUR 2025. Since then it is the year of the value. Before 2024 there is
no such column: EUR 2015. Only the person knows which release a file is of, so `money_of` says it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import CaseError
from planner.examples import data_folder
from planner.importers.cost_units import CostFigure, CostNames, in_money_of, read_names, unit_of_cost, usual_ranges
from planner.importers.dialect import Answers
from planner.importers.profile import Proposal, TableRows, Told
from planner.importers.quotations import figures_of, ports_of, proposal, read_offer, with_decline
from planner.importers.source import number_of, of_each, read_source
from planner.importers.write import csv_text, read_unfinished, write_text
from planner.language.language import mark
from planner.language.message import Message
from planner.park.book import is_book
from planner.park.catalogue import PYPSA
from planner.park.complaints import Complaints
from planner.park.money import Ranges, read_money
from planner.process.terminal import stdout, tell

COLUMN = "column"
_TECHNOLOGY_DATA_COLUMNS = ("technology", "parameter", "value", "unit")
#: Types whose cost is that of energy and of power: hours at which the power part is added.
_POWER_PART = {"battery inverter": "battery"}
_OPTIONS = Message(
    "say --money-of 2025 (all values are of that year: 2020 in releases before 0.14, 2025 from then on, 2015 before 2024), "
    "or --money-of column (each value is of its currency_year)"
)


def read_technology_data(
    path: Path, names: CostNames, money_of: str, year: int | None, hours: float, told: Told
) -> list[CostFigure]:
    """The costs of the types that `names` knows. `hours` are those of the battery, at which its inverter is added.

    Raises CaseError where the year of the money, or the year of the figures, is not said.
    """
    header, rows = _lines(path, _TECHNOLOGY_DATA_COLUMNS, mark("{path}: has no column {lacking}; it is no file of technology-data"))
    found = re.search(r"(20\d\d)", path.stem)
    of_file = year if year is not None else int(found[1]) if found else None
    if of_file is None and "year" not in header:
        raise CaseError.because("{path}: does not say which year its figures are of; say --year, e.g. --year 2030", path=path)
    _check_money_of(path, money_of, "currency_year" in header)
    return _with_inverter(_figures(path, rows, names, of_file, money_of), hours, told)


def _lines(path: Path, needed: Sequence[str], without: str) -> tuple[list[str], list[tuple[dict[str, str], int]]]:
    """(headings, rows by heading with their lines). Raises CaseError in the words `without` where a column is not there."""
    table = read_source(path)
    header = [str(cell).strip() for cell in table.rows[0]]
    if lacking := [column for column in needed if column not in header]:
        raise CaseError.because(without, path=path, lacking=", ".join(lacking))
    texts = ([str(cell).strip() for cell in cells] for cells in table.rows[1:])
    rows = [dict.fromkeys(header, "") | dict(zip(header, cells, strict=False)) for cells in texts]
    return header, list(zip(rows, table.lines[1:], strict=True))


def _check_money_of(path: Path, asked: str, has_column: bool) -> None:
    """Raise CaseError where the year of the money is not said, or cannot be read of the file."""
    if asked not in ("", COLUMN) and not re.fullmatch(r"(19|20)\d\d", asked):
        raise CaseError.because("--money-of {asked}: is neither a year nor 'column'", asked=asked)
    if not has_column and asked in ("", COLUMN):
        raise CaseError.because("{path}: has no column currency_year; {options}", path=path, options=_OPTIONS)
    if not asked:
        raise CaseError.because("{path}: its column currency_year can mean two things; {options}", path=path, options=_OPTIONS)


def _figures(
    path: Path, rows: list[tuple[dict[str, str], int]], names: CostNames, year: int | None, money_of: str
) -> list[CostFigure]:
    figures, faults = list[CostFigure](), list[str]()
    for row, line in rows:
        parameter, name = PYPSA.get(row["parameter"]), row["technology"]
        kind = names.type_of(name)
        if parameter is None or kind is None:
            continue
        place, unit, value = f"{path} line {line}", unit_of_cost(row["unit"]), number_of(row["value"], "point")
        if value is None:
            faults.append(Message("{place}: value {value}: is no number", place=place, value=repr(row["value"])))
            continue
        has_money = unit is not None and bool(unit.currency)
        money = number_of(row.get("currency_year", "") if money_of == COLUMN else money_of, "point") if has_money else None
        if has_money and money is None:
            faults.append(Message("{place}: currency_year is blank; write it, or {options}", place=place, options=_OPTIONS))
        stated = number_of(row.get("year", ""), "point")
        note = "; ".join(t for t in (name, row.get("further description", "")) if t and t != "nan")
        source, of = f"PyPSA/technology-data: {row.get('source', '') or 'no source'}", int(stated) if stated else year
        money_year = None if money is None else int(money)
        figures.append(CostFigure(place, kind, parameter, of, value, row["unit"], money_year, source, note))
    if faults:
        raise CaseError(faults[:20])
    return figures


def _with_inverter(figures: list[CostFigure], hours: float, told: Told) -> list[CostFigure]:
    """The power part of a battery added to its energy part; of several names for one type the first."""
    part = [f for f in figures if f.note.split(";")[0] in _POWER_PART]
    rest, seen = list[CostFigure](), dict[tuple[str, str, int | None], str]()
    for figure in figures:
        if figure in part:
            continue
        name, series = figure.note.split(";")[0], (figure.type, figure.parameter, figure.year)
        if seen.setdefault(series, name) == name:
            rest.append(figure)
    for i, figure in enumerate(rest):
        power = [p for p in part if (p.type, p.parameter, p.year) == (figure.type, "capital_cost", figure.year)]
        if figure.parameter == "capital_cost" and power:
            other = power[0]
            per_hour = other.value / hours * _same_unit(other.unit, figure.unit)
            note = f"{figure.note}; {figure.value:g} + {other.value:g} / {hours:g} h of power"
            rest[i] = CostFigure(**{**vars(figure), "value": figure.value + per_hour, "note": note})
            told.say(mark("The battery's power part is added at {hours} h of full power."), hours=f"{hours:g}")
    return rest


def _same_unit(power: str, energy: str) -> float:
    """kW beside kWh, MW beside MWh: thousands where they differ."""
    return {("k", "M"): 1e3, ("M", "k"): 1e-3}.get((power.partition("/")[2][:1], energy.partition("/")[2][:1]), 1.0)


# --- costs written ---------------------------------------------------------------------------------------------------------
# Writes imported costs: to a cost table of their own, or into a park's costs.csv, where a series is replaced as a whole.
#
# Where they go: in which money, of which types, into which file.

UNUSUAL = mark(
    "{place}: {type} {parameter}: {value} {unit} ({note}): usual is {low} to {high}; look at number, unit and capacity, or say "
    "--unusual to write it"
)
COLUMNS = ("type", "parameter", "year", "value", "unit", "source", "note")


def cost_table(figures: Sequence[CostFigure]) -> list[dict[str, str]]:
    """Rows of costs.csv, by type, parameter and year."""
    rows = []
    for f in sorted(figures, key=lambda f: (f.type, f.parameter, f.year or 0)):
        value = f"{f.value:.6g}" if f.value < 1e6 else f"{f.value:.0f}"
        rows.append(dict(zip(COLUMNS, (f.type, f.parameter, str(f.year or ""), value, f.unit, f.source, f.note), strict=True)))
    return rows


def check_series(figures: Sequence[CostFigure]) -> None:
    """Raise CaseError where two figures are of the same type, parameter and year."""
    seen, faults = dict[tuple[str, str, int | None], str](), list[str]()
    for f in figures:
        key = f.type, f.parameter, f.year
        if key in seen:
            words = mark("{place}: {type} {parameter}: stands in {other} too; keep one")
            faults.append(Message(words, place=f.place, type=f.type, parameter=f.parameter, other=seen[key]))
        seen.setdefault(key, f.place)
    if faults:
        raise CaseError(faults)


def check_usual(figures: Sequence[CostFigure], ranges: Ranges, currency: str) -> None:
    """Raise CaseError with each figure outside its range: a slip of unit, capacity or decimal mark is seen before it is written."""
    faults = list[str]()
    for f in figures:
        found = ranges.outside("costs", [f.type], f.parameter, f.value, f.unit, currency) if f.value else None
        if found:
            value, usual = found
            words = {"value": f"{value:.6g}", "low": f"{usual.low:.3g}", "high": f"{usual.high:.3g}", "unit": usual.unit}
            faults.append(Message(UNUSUAL, place=f.place, type=f.type, parameter=f.parameter, note=f.note, **words))
    if faults:
        raise CaseError(faults)


#: Money where neither a park nor an option says another.
CURRENCY, YEAR = "CNY", 2025


@dataclass(frozen=True)
class Target:
    """Currency and year of the money to write, the types wanted (none: all), and the region of the park, '' without one."""

    currency: str
    year: int
    types: frozenset[str]
    region: str = ""

    def converted(self, figures: Sequence[CostFigure], unusual: bool) -> list[CostFigure]:
        """The figures in this money. Raises CaseError with every fault, and with what is not usual unless that is meant."""
        made = in_money_of(figures, self.currency, self.year, read_money(data_folder() / "catalogue", Complaints()))
        check_series(made)
        if not unusual:
            check_usual(made, usual_ranges(self.currency, self.year), self.currency)
        return made


def target_of(park: Path | None, currency: str, year: int | None, only: str) -> Target:
    """What a park and the options say. Raises CaseError where they contradict each other, or the park cannot be read."""
    wanted = frozenset(t.strip() for t in only.split(",") if t.strip())
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        raise CaseError.because(
            "--currency {currency}: is no currency; write its ISO code in capitals (CNY, EUR)", currency=currency
        )
    if park is None:
        return Target(currency or CURRENCY, year or YEAR, wanted)
    found = read_unfinished(park)
    own, faults = found.park, list[str]()
    if currency and currency != own.currency:
        words = mark("--currency {currency}: the park's money is {own}; leave the option out")
        faults.append(Message(words, currency=currency, own=own.currency))
    if year is not None and year != own.price_year:
        words = mark("--price-year {year}: the park's money is of {price_year}; leave the option out")
        faults.append(Message(words, year=year, price_year=own.price_year))
    if faults:
        raise CaseError(faults)
    return Target(own.currency, own.price_year, wanted or found.types, own.region)


PRICE_ONLY = mark(
    "{types}: only the price is of the offer; lifetime and efficiency stay those of the catalogue, see ports.csv and costs.csv"
)
OFFERED = mark("{type}: {stated} of the offer is in ports.csv, in place of the catalogue's")
NOT_PUT = mark("{type}: {stated} of the offer is of ports.csv, and is written with --park only")
PROPOSED = mark("{file}: a proposal; look it through, then: plan import costs {quote} --as quote --map {file}")


def read_costs_files(files: Sequence[Path], a: Answers, told: Told) -> Proposal | None:
    """Costs of published tables or of a quotation, with ratios of ports that an offer states; None where rows were proposed.

    Raises CaseError with all that has to be said.
    """
    if a.as_ != "quote" and (a.propose or a.decline):
        raise CaseError.because("--propose, --decline: are of --as quote")
    target = target_of(a.park, a.currency, a.price_year, a.only)
    is_of_park, tables = a.out is None and a.park is not None, list[TableRows]()
    if a.as_ == "quote" and (a.map_ is None or a.propose):
        with told.asking():
            made = {file.with_name(f"{file.stem}.map.csv"): _proposed(file, a, target, told) for file in files}
        for path, text in made.items():
            tell(Message(PROPOSED, file=write_text(path, text, a.replace), quote=files[0]), stdout)
        return None
    if a.as_ == "quote":
        figures, ports = _offered(files[0], a, target, is_of_park, told)
        tables += [TableRows("ports.csv", ("type",), ports)] if ports and is_of_park else []
    else:
        names = read_names(a.as_, a.map_, target.types)
        found = of_each(files, lambda file: read_technology_data(file, names, a.money_of, a.year, a.hours, told))
        figures = [figure for own in found for figure in own]
        names.tell(told)
        if not figures:
            words = mark("{file}: has no cost of a type that is wanted; say --only or give names with --map")
            raise CaseError.because(words, file=files[0])
    made_of = target.converted(figures, a.unusual or a.as_ != "quote")
    if is_of_park and is_book(a.park):
        words = mark("--park {park}: a workbook is not written to; say --out FILE, and plan with --costs FILE")
        raise CaseError.because(words, park=a.park)
    path = a.park / "costs.csv" if is_of_park else a.out or Path(f"{files[0].stem}-costs.csv")
    words = mark("{file}: {count} costs in {currency} of {year}")
    told.say(words, file=path, count=len(made_of), currency=target.currency, year=target.year)
    rows = [TableRows("costs.csv", ("type", "parameter"), cost_table(made_of)), *tables]
    return Proposal("", told, rows=rows, file=(None if is_of_park else path), alone=csv_text(COLUMNS, cost_table(made_of)))


def _proposed(file: Path, a: Answers, target: Target, told: Told) -> str:
    return proposal(file, a.sheet, target.year, target.currency, a.decimal, told)


def _offered(file: Path, a: Answers, target: Target, is_of_park: bool, told: Told) -> tuple[list[CostFigure], list[dict[str, str]]]:
    """(costs, rows of ports.csv) of the confirmed rows of a quotation."""
    rows, source = read_offer(a.map_), f"quotation {file.name}"
    figures, ports = figures_of(rows, source), ports_of(rows, source)
    stated = {row["type"] for row in rows if row["lifetime"] or row["efficiency"] or row["cop"]}
    if priced := sorted({f.type for f in figures if f.parameter == "capital_cost"} - stated):
        told.warn(PRICE_ONLY, types=", ".join(priced))
    for kind, note in {row["type"]: row["note"] for row in ports if row["direction"] == "in"}.items():
        (told.say if is_of_park else told.warn)(OFFERED if is_of_park else NOT_PUT, type=kind, stated=note)
    return with_decline(figures, target.year, target.region) if a.decline else figures, ports
