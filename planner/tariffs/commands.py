"""The commands on tariffs: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.language.plain import plain
from planner.process.terminal import stdout, tell
from planner.profiles.options import DECIMALS, Decimal, Spoken, choice_of, commands

app = commands("Tariffs as they are written, into a park; and drawn.")


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="Table of a tariff: level, months, days, hours, price, unit; CSV, xlsx, xls.")],
    park: Annotated[Path, typer.Option(help="Park folder whose prices.csv and tariff.csv get rows.")],
    supply: Annotated[str, typer.Option(help="Supply of the park that it is of.")],
    year: Annotated[int | None, typer.Option(help="Year of the prices, and of holidays; left out: the base year.")] = None,
    holidays: Annotated[str, typer.Option(help="cn or de, where the tariff has prices of holidays; none: as weekends.")] = "none",
    power_factor: Annotated[float | None, typer.Option(help="kW of a kVA, where charges are by kVA.")] = None,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook.")] = "",
    decimal: Decimal = "",
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite prices and tariff of the supply.")] = False,
    language: Spoken = None,
) -> None:
    """A tariff with levels in money, parts that are added and charges, as prices.csv and tariff.csv.

    Example: plan tariff load tariff.csv --park mypark --supply grid
    """
    from planner.language.language import choose_language
    from planner.park.complaints import is_no
    from planner.profiles.shapes import HOLIDAYS
    from planner.profiles.source import read_source
    from planner.profiles.unpriced import read_unpriced
    from planner.profiles.write import weekday_of_park
    from planner.tariffs.read import read_tariff
    from planner.tariffs.write import write_tariff

    spoken = choose_language(language)
    faults = choice_of("--decimal", decimal, DECIMALS) + choice_of("--holidays", holidays, HOLIDAYS)
    if power_factor is not None and not 0.5 <= power_factor <= 1:
        faults.append(Message("--power-factor {value}: is not within 0.5 to 1", value=f"{power_factor:g}"))
    if faults:
        raise CaseError(faults)
    weekday_of_park(park)
    case = read_unpriced(park, supply)
    if supply not in {s.supply for s in case.supplies}:
        raise CaseError([is_no("--supply", supply, Message("supply of the park"), [s.supply for s in case.supplies])])
    tariff = read_tariff(read_source(file, sheet=sheet), case.park.currency, decimal, power_factor)
    files = write_tariff(tariff, case, park, supply, year or case.park.base_year, holidays, file, replace, spoken)
    for name, price in tariff.levels.items():
        tell(f"{name}: {spoken.amount(price)} {case.park.currency}/MWh", stdout)
    for line in tariff.said:
        tell(spoken.tell(line), stdout)
    for path in files:
        stdout.print(plain(str(path)), soft_wrap=True)


@app.command()
def show(
    park: Annotated[Path, typer.Argument(help="Park folder or workbook.")],
    supply: Annotated[str, typer.Option(help="Supply; left out: each that has a tariff.")] = "",
    out: Annotated[Path | None, typer.Option(help="SVG file for the picture of the one supply.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the picture.")] = False,
    language: Spoken = None,
) -> None:
    """The price of each hour of the day by month, as the park states it.

    Example: plan tariff show mypark --supply grid --out tariff.svg
    """
    from planner.answer.loads import has_tariff, prices_of
    from planner.language.language import choose_language
    from planner.park import read_case
    from planner.park.complaints import is_no
    from planner.park.folder import check_beside
    from planner.parks.new import named
    from planner.profiles.picture import tariff_picture
    from planner.profiles.write import put
    from planner.tariffs.show import tariff_tables

    spoken = choose_language(language)
    if out is not None:
        check_beside(out)
        if out.suffix.lower() != ".svg":
            raise CaseError.because("--out {path}: is no .svg", path=out)
        if out.exists() and not replace:
            raise CaseError.because("{path}: is there already; choose another --out, or say --replace", path=out)
    case = read_case(named(park))
    found = {
        s.supply: prices
        for s in case.supplies
        if (s.supply == supply if supply else has_tariff(case, s)) and (prices := prices_of(case, s)) is not None
    }
    if supply and not found:
        raise CaseError([is_no("--supply", supply, Message("supply with a price"), [s.supply for s in case.supplies])])
    if not found:
        tell(Message("{park}: no supply has a tariff", park=park), stdout)
    if out is not None and len(found) != 1:
        raise CaseError.because("--out: a picture is of one supply; say --supply")
    for name, prices in found.items():
        for table in tariff_tables(name, prices, case.park.currency, spoken):
            stdout.print(table)
        if out is not None:
            put(out, tariff_picture(name, prices, case.park.currency, spoken))
            stdout.print(plain(str(out)), soft_wrap=True)
