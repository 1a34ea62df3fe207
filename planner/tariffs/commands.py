"""The commands on tariffs: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.language.words import plain
from planner.process.terminal import stdout, tell
from planner.profiles.options import DECIMALS, Decimal, Spoken, choice_of


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

    Example: plan import tariff tariff.csv --park mypark --supply grid
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
