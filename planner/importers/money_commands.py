"""The commands of bills, costs, tariffs and a park's inventory: parse, choose, print. What computes is imported as it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.importers.options import DECIMALS, Decimal, Spoken, above_zero, choice_of, within
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import plain
from planner.process.terminal import stdout, tell

if TYPE_CHECKING:
    from rich.table import Table

    from planner.importers.bill_amounts import Taken
    from planner.language.language import Language


PRICE_ONLY = mark(
    "{types}: only the price is of the offer; lifetime and efficiency stay those of the catalogue, see ports.csv and costs.csv"
)
OFFERED = mark("{type}: {stated} of the offer is in ports.csv, in place of the catalogue's")
NOT_PUT = mark("{type}: {stated} of the offer is of ports.csv, and is written with --park only")


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
    from planner.importers.bill_amounts import Wanted, taken, write_taken
    from planner.importers.bill_tables import Asked, read_billed
    from planner.importers.shapes import DEGREES, HOLIDAYS, KINDS
    from planner.importers.source import read_source
    from planner.importers.write import read_unpriced, weekday_of_park
    from planner.language.language import choose_language
    from planner.park import read_case

    spoken = choose_language(language)
    kinds = tuple(kind for kind in KINDS if kind not in DEGREES)
    faults = choice_of("--decimal", decimal, DECIMALS) + choice_of("--heating", heating, ("gross", "net"))
    faults += (
        choice_of("--shape", shape, kinds) + choice_of("--holidays", holidays, HOLIDAYS) + above_zero("--content", content, 1e3)
    )
    if vat is not None and not 0 <= vat < 1:
        faults.append(Message("--vat {vat}: is no share from 0 to 1; write 0.13 for 13 %", vat=f"{vat:g}"))
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
        tell(str(path), stdout)


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


def import_costs(
    files: Annotated[list[Path], typer.Argument(help="Files: costs_2025.csv and costs_2030.csv, ATBe.csv, a quotation in xlsx.")],
    form: Annotated[str, typer.Option("--as", help="technology-data, atb or quote.")],
    park: Annotated[Path | None, typer.Option(help="Park folder: its types and money; its costs.csv gets the costs.")] = None,
    out: Annotated[Path | None, typer.Option(help="Cost table to write instead, for --costs.")] = None,
    mapping: Annotated[Path | None, typer.Option("--map", help="quote: the mapping, TOML; else a CSV `name,type`.")] = None,
    only: Annotated[str, typer.Option(help="Types wanted, with commas; left out: those of the park, else all.")] = "",
    currency: Annotated[str, typer.Option(help="Currency to write, where no park says it.")] = "",
    price_year: Annotated[int | None, typer.Option(help="Year of the money to write, where no park says it.")] = None,
    money_of: Annotated[str, typer.Option(help="Year of the money in the file; `column`: that of currency_year.")] = "",
    year: Annotated[int | None, typer.Option(help="technology-data: year of the figures, where the file's name has none.")] = None,
    hours: Annotated[float, typer.Option(help="technology-data: hours of the battery, for its inverter.")] = 2.0,
    scenario: Annotated[str, typer.Option(help="atb: Advanced, Moderate or Conservative.")] = "Moderate",
    detail: Annotated[str, typer.Option(help="atb: classes wanted, with commas, e.g. Class5.")] = "",
    sheet: Annotated[str, typer.Option(help="quote: sheet of the workbook, for the proposal of a mapping.")] = "",
    decimal: Annotated[str, typer.Option(help="quote: comma or point, sign of the decimals, where both would do.")] = "",
    propose: Annotated[bool, typer.Option("--propose", help="quote: write a mapping to be edited, whatever --map says.")] = False,
    decline: Annotated[bool, typer.Option("--decline", help="quote: later years fall as the catalogue's do.")] = False,
    unusual: Annotated[bool, typer.Option("--unusual", help="quote: write costs far from what is usual, too.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite series of the park, or the file.")] = False,
    language: Spoken = None,
) -> None:
    """Costs of a published table or of a supplier's quotation, in the park's money.

    Example: plan import costs costs_2030.csv --as technology-data --money-of 2025 --park mypark
    """
    from planner.importers.cost_tables import read_atb, read_technology_data, region_of, target_of
    from planner.importers.cost_units import read_names
    from planner.importers.profile import Told
    from planner.importers.quotations import ports_of, proposal, read_mapping, read_quote, with_decline
    from planner.importers.write import check_rows, put, put_rows
    from planner.language.language import choose_language

    spoken, told = choose_language(language), Told()
    faults = choice_of("--as", form, ("technology-data", "atb", "quote")) + choice_of("--decimal", decimal, DECIMALS)
    faults += within("--hours", hours, 0.1, 1000)
    if form != "quote" and (propose or decline):
        faults.append(Message("--propose, --decline: are of --as quote"))
    if faults:
        raise CaseError(faults)
    target = target_of(park, currency, price_year, only)
    if form == "quote" and (mapping is None or propose):
        for file in files:
            path = file.with_name(f"{file.stem}.map.toml")
            if path.exists():
                raise CaseError.because("{path}: is there already; use it with --map, or remove it", path=path)
            put(path, proposal(file, sheet, target.year, target.currency, decimal))
            said = mark("{file}: a proposal; look it through, then: plan import costs {quote} --as quote --map {file}")
            tell(spoken.translate(said, file=path, quote=files[0]), stdout)
        return
    ports, table = list[dict[str, str]](), park / "ports.csv" if park is not None and out is None else None
    if form == "quote" and mapping is not None:
        stated = read_mapping(mapping)
        figures = [figure for file in files for figure in read_quote(file, stated, decimal)]
        lived = {f.type for f in figures if f.parameter == "lifetime"}
        performs = {line.get("type", "") for line in stated.lines.values() if line.get("efficiency") or line.get("cop")}
        if priced := sorted({f.type for f in figures if f.parameter == "capital_cost"} - lived - performs):
            told.warn(PRICE_ONLY, types=", ".join(priced))
        figures = with_decline(figures, target.year, region_of(park)) if decline else figures
        ports = ports_of(files[0], stated.lines)
        for kind, note in {row["type"]: row["note"] for row in ports if row["direction"] == "in"}.items():
            (told.say if table else told.warn)(OFFERED if table else NOT_PUT, type=kind, stated=note)
        if table:
            check_rows(table, ("type",), list({row["type"]: row for row in ports}.values()), replace)
    else:
        names, details = read_names(form, mapping, target.types), tuple(filter(None, map(str.strip, detail.split(","))))
        figures = [
            figure
            for file in files
            for figure in (
                read_atb(file, names, scenario, details, money_of, told)
                if form == "atb"
                else read_technology_data(file, names, money_of, year, hours, told)
            )
        ]
        names.tell(told)
        if not figures:
            words = mark("{file}: has no cost of a type that is wanted; say --only or give names with --map")
            raise CaseError.because(words, file=files[0])
    path, count = target.write(figures, park, out, files[0], replace, unusual or form != "quote")
    if ports and table:
        put_rows(table, ("type",), ports, True)  # rows of ports.csv are replaced type by type
    for line in told.sentences(spoken):
        tell(line, stdout)
    money = {"currency": target.currency, "year": target.year}
    tell(spoken.translate("{file}: {count} costs in {currency} of {year}", file=path, count=count, **money), stdout)


def import_tariff(
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
    from planner.importers.shapes import HOLIDAYS
    from planner.importers.source import read_source
    from planner.importers.tariffs import read_tariff, write_tariff
    from planner.importers.write import read_unpriced, weekday_of_park
    from planner.language.language import choose_language
    from planner.park.complaints import is_no

    spoken = choose_language(language)
    faults = choice_of("--decimal", decimal, DECIMALS) + choice_of("--holidays", holidays, HOLIDAYS)
    if faults := [*faults, *within("--power-factor", power_factor, 0.5, 1)]:
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
        tell(str(path), stdout)


def baseline(
    park: Annotated[Path, typer.Option(help="Park folder or workbook.")],
    out: Annotated[Path | None, typer.Option(help="Folder for baseline.csv and baseline.svg; left out: only printed.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the two files.")] = False,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Energy (tce) and emissions of the base year by source, on both bases, against the bills of bills.csv.

    Example: plan check --baseline mypark --out mypark-baseline
    """
    from planner.examples import named
    from planner.importers.baseline import inventory, inventory_csv, inventory_picture, inventory_tables, remarks
    from planner.importers.write import put
    from planner.language.language import choose_language
    from planner.park import read_case
    from planner.park.folder import check_beside

    spoken = choose_language(language)
    files = {} if out is None else {"baseline.csv": out / "baseline.csv", "baseline.svg": out / "baseline.svg"}
    for path in files.values():
        check_beside(path)
    there = [path for path in files.values() if path.exists() and not replace]
    if there:
        raise CaseError([Message("{path}: is there already; choose another --out, or say --replace", path=path) for path in there])
    case = read_case(named(park))
    for warning in case.warnings:
        tell(spoken.translate("warning: {warning}", warning=spoken.tell(warning)))
    found = inventory(case)
    for table in inventory_tables(found, spoken):
        stdout.print(table)
    for line in remarks(found, spoken):
        tell(line, stdout)
    if out is not None:
        try:
            out.mkdir(exist_ok=True)
        except OSError as error:
            raise CaseError.because("--out {out}: cannot be made ({error})", out=out, error=error.strerror) from error
        put(files["baseline.csv"], inventory_csv(found))
        put(files["baseline.svg"], inventory_picture(found, spoken))
        tell(f"{out}: baseline.csv, baseline.svg", stdout)
