"""The command that takes bills into a park: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.language.words import plain
from planner.process.terminal import stdout, tell
from planner.profiles.options import DECIMALS, Decimal, Spoken, choice_of

if TYPE_CHECKING:
    from rich.table import Table

    from planner.bills.take import Taken
    from planner.language.language import Language

HEATING = ("gross", "net")


def bills(
    file: Annotated[Path, typer.Argument(help="Table of bills, by month or of a year: CSV, xlsx, xls.")],
    park: Annotated[Path, typer.Option(help="Park folder whose tables get rows.")],
    supply: Annotated[str, typer.Option(help="Supply of the park that they are of.")],
    demand: Annotated[str, typer.Option(help="Demand that they become, with a profile of that name.")] = "",
    by: Annotated[str, typer.Option(help="Technology that serves the demand; left out: the one that stands.")] = "",
    shape: Annotated[str, typer.Option(help="--demand: shape of its hours, as in plan import shape.")] = "continuous",
    holidays: Annotated[str, typer.Option(help="--demand: cn, de or none.")] = "none",
    price: Annotated[bool, typer.Option("--price", help="Put the mean price into prices.csv, too.")] = False,
    vat: Annotated[float | None, typer.Option(help="Rate of the VAT in the money, taken off; 0 to keep it.")] = None,
    heating: Annotated[str, typer.Option(help="gross or net calorific value, where the file does not say which.")] = "",
    content: Annotated[float | None, typer.Option(help="MWh of the net calorific value in a t or m³.")] = None,
    column: Annotated[str, typer.Option(help="Column of the energy.")] = "",
    cost: Annotated[str, typer.Option(help="Column of the money.")] = "",
    unit: Annotated[str, typer.Option(help="Unit of the energy, where no heading says it.")] = "",
    year: Annotated[int | None, typer.Option(help="Year of the bills, where several or none are told.")] = None,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook.")] = "",
    decimal: Decimal = "",
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite rows and a profile that are there.")] = False,
    language: Spoken = None,
) -> None:
    """Bills to bills.csv, and if asked to a demand and a price, with what was converted by which figure.

    Example: plan import bill gas.xlsx --park mypark --supply gas --demand process-steam --price
    """
    from planner.bills.read import Asked, read_billed
    from planner.bills.take import Wanted, taken, write_taken
    from planner.language.language import choose_language
    from planner.park import read_case
    from planner.profiles.shapes import DEGREES, HOLIDAYS, KINDS
    from planner.profiles.source import read_source
    from planner.profiles.unpriced import read_unpriced
    from planner.profiles.write import weekday_of_park

    spoken = choose_language(language)
    kinds = tuple(kind for kind in KINDS if kind not in DEGREES)
    faults = choice_of("--decimal", decimal, DECIMALS) + choice_of("--heating", heating, HEATING)
    faults += choice_of("--shape", shape, kinds) + choice_of("--holidays", holidays, HOLIDAYS)
    if vat is not None and not 0 <= vat < 1:
        faults.append(Message("--vat {vat}: is no share from 0 to 1; write 0.13 for 13 %", vat=f"{vat:g}"))
    if content is not None and not 0 < content < 1e3:
        faults.append(Message("--content {content}: is not above 0", content=f"{content:g}"))
    if by and not demand:
        faults.append(Message("--by: says what serves a demand; say --demand, too"))
    if faults:
        raise CaseError(faults)
    weekday_of_park(park)
    billed = read_billed(read_source(file, sheet=sheet), Asked(column, cost, unit, year, decimal))
    case = read_unpriced(park, supply) if price else read_case(park)
    found = taken(billed, Wanted(supply, demand, by, shape, holidays, price, vat, heating, content), case, file)
    files = write_taken(found, park, replace, spoken)
    stdout.print(_table(found, billed.amounts.tolist(), spoken))
    for line in found.said:
        tell(f"{supply}: {spoken.tell(line)}", stdout)
    for sentence in found.profile.told.sentences(spoken) if found.profile is not None else ():
        tell(f"{demand}: {sentence}", stdout)
    for path in files:
        stdout.print(plain(str(path)), soft_wrap=True)


def _table(taken: Taken, amounts: list[float], language: Language) -> Table:
    """Months with what was billed, its energy and its money; the sum below."""
    from rich.table import Table

    say = language.translate
    title = say("Bills of {supply}, {year}", supply=str(taken.bill["supply"]), year=taken.year)
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), header_style="dim")
    table.add_column(say("month"))
    for head in (taken.amount.unit, "MWh", *([say("cost")] if taken.money is not None else [])):
        table.add_column(plain(head), justify="right")
    money = [] if taken.money is None else taken.money.tolist()
    for i, (amount, energy) in enumerate(zip(amounts, taken.energy.tolist(), strict=True)):
        month = str(i + 1) if len(amounts) > 1 else str(taken.year)
        table.add_row(month, language.amount(amount), language.amount(energy), *(language.number(m) for m in money[i : i + 1]))
    if len(amounts) > 1:
        sums = [language.amount(sum(amounts)), language.amount(float(taken.energy.sum()))]
        table.add_row(say("sum"), *sums, *([language.number(sum(money))] if money else []), style="bold")
    return table
