"""Costs of a supplier's quotation written: to a cost table of their own, or into a park's costs.csv, where a series is replaced as
a whole. Published tables in the layout of technology-data are read where they are used, with --costs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import CaseError
from planner.examples import data_folder
from planner.importers.cost_units import CostFigure, in_money_of, usual_ranges
from planner.importers.dialect import Answers
from planner.importers.profile import Proposal, TableRows, Told
from planner.importers.quotations import figures_of, ports_of, proposal, read_offer, with_decline
from planner.importers.write import csv_text, read_unfinished, write_text
from planner.language.language import mark
from planner.language.message import Message
from planner.park.book import is_book
from planner.park.complaints import Complaints
from planner.park.money import Ranges, read_money
from planner.process.terminal import stdout, tell

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
    """Currency and year of the money to write, and the region of the park, '' without one."""

    currency: str
    year: int
    region: str = ""

    def converted(self, figures: Sequence[CostFigure], unusual: bool) -> list[CostFigure]:
        """The figures in this money. Raises CaseError with every fault, and with what is not usual unless that is meant."""
        made = in_money_of(figures, self.currency, self.year, read_money(data_folder() / "catalogue", Complaints()))
        check_series(made)
        if not unusual:
            check_usual(made, usual_ranges(self.currency, self.year), self.currency)
        return made


def target_of(park: Path | None, currency: str, year: int | None) -> Target:
    """What a park and the options say. Raises CaseError where they contradict each other, or the park cannot be read."""
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        raise CaseError.because(
            "--currency {currency}: is no currency; write its ISO code in capitals (CNY, EUR)", currency=currency
        )
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


PRICE_ONLY = mark(
    "{types}: only the price is of the offer; lifetime and efficiency stay those of the catalogue, see ports.csv and costs.csv"
)
OFFERED = mark("{type}: {stated} of the offer is in ports.csv, in place of the catalogue's")
NOT_PUT = mark("{type}: {stated} of the offer is of ports.csv, and is written with --park only")
PROPOSED = mark("{file}: a proposal; look it through, then: plan import costs {quote} --map {file}")


def read_costs_files(files: Sequence[Path], a: Answers, told: Told) -> Proposal | None:
    """Costs of a quotation, with ratios of ports that it states; None where rows were proposed.

    Raises CaseError with all that has to be said.
    """
    target, is_of_park = target_of(a.park, a.currency, a.price_year), a.out is None and a.park is not None
    if a.map_ is None or a.propose:
        with told.asking():
            made = {
                file.with_name(f"{file.stem}.map.csv"): proposal(file, a.sheet, target.year, target.currency, a.decimal, told)
                for file in files
            }
        for path, text in made.items():
            tell(Message(PROPOSED, file=write_text(path, text, a.replace), quote=files[0]), stdout)
        return None
    figures, ports = _offered(files[0], a, target, is_of_park, told)
    tables = [TableRows("ports.csv", ("type",), ports)] if ports and is_of_park else []
    made_of = target.converted(figures, a.unusual)
    if is_of_park and is_book(a.park):
        words = mark("--park {park}: a workbook is not written to; say --out FILE, and plan with --costs FILE")
        raise CaseError.because(words, park=a.park)
    path = a.park / "costs.csv" if is_of_park else a.out or Path(f"{files[0].stem}-costs.csv")
    words = mark("{file}: {count} costs in {currency} of {year}")
    told.say(words, file=path, count=len(made_of), currency=target.currency, year=target.year)
    rows = [TableRows("costs.csv", ("type", "parameter"), cost_table(made_of)), *tables]
    return Proposal("", told, rows=rows, file=(None if is_of_park else path), alone=csv_text(COLUMNS, cost_table(made_of)))


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
