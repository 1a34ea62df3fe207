"""The command that takes bills into a park: parse, choose, print; no logic."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.importers.options import DECIMALS, Decimal, Spoken, choice_of
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import plain
from planner.process.terminal import stdout, tell

if TYPE_CHECKING:
    from rich.table import Table

    from planner.importers.bill_amounts import Taken
    from planner.importers.cost_units import CostFigure
    from planner.importers.profile import Told
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
    from planner.importers.bill_amounts import Wanted, taken, write_taken
    from planner.importers.bill_tables import Asked, read_billed
    from planner.importers.shapes import DEGREES, HOLIDAYS, KINDS
    from planner.importers.source import read_source
    from planner.importers.write import read_unpriced, weekday_of_park
    from planner.language.language import choose_language
    from planner.park import read_case

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


# --- commands --------------------------------------------------------------------------------------------------------------
# The command that imports cost tables: parse, choose, print; no logic. What computes is imported when it runs.

PRICE_ONLY = mark(
    "{types}: only the price is of the offer; lifetime and efficiency stay those of the catalogue, see ports.csv and costs.csv"
)
#: Rows of ports.csv are replaced type by type.
PORT_KEY = ("type",)
FORMS = ("technology-data", "atb", "quote")


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
    from planner.importers.cost_tables import region_of, target_of
    from planner.importers.profile import Told
    from planner.language.language import choose_language

    spoken, told = choose_language(language), Told()
    if form not in FORMS:
        raise CaseError.because("--as {form}: is none of {forms}", form=form, forms=", ".join(FORMS))
    if faults := choice_of("--decimal", decimal, DECIMALS):
        raise CaseError(faults)
    if not 0 < hours < 1000:
        raise CaseError.because("--hours {hours}: is not within 0 to 1000", hours=f"{hours:g}")
    target = target_of(park, currency, price_year, only)
    if form != "quote" and (propose or decline):
        raise CaseError.because("--propose, --decline: are of --as quote")
    if form == "quote" and (mapping is None or propose):
        written = [_propose(file, sheet, target.year, target.currency, decimal) for file in files]
        for file in written:
            said = spoken.translate(
                "{file}: a proposal; look it through, then: plan import costs {quote} --as quote --map {file}",
                file=file,
                quote=files[0],
            )
            stdout.print(plain(said), soft_wrap=True)
        return
    figures = _read(files, form, mapping, target.types, told, money_of, year, hours, scenario, detail, decimal)
    ports: list[dict[str, str]] = []
    if form == "quote":
        from planner.importers.quotations import read_mapping, with_decline

        assert mapping is not None

        lived = {f.type for f in figures if f.parameter == "lifetime"}
        stated = read_mapping(mapping)
        performs = {line.get("type", "") for line in stated.lines.values() if line.get("efficiency") or line.get("cop")}
        priced = sorted({f.type for f in figures if f.parameter == "capital_cost"} - lived - performs)
        if priced:
            told.warn(PRICE_ONLY, types=", ".join(priced))
        figures = with_decline(figures, target.year, region_of(park)) if decline else figures
        ports = _ports(files[0], stated.lines, park if out is None else None, replace, told)
    path, count = target.write(figures, park, out, files[0], replace, unusual or form != "quote")
    if ports and park is not None and out is None:
        from planner.importers.write import put_rows

        put_rows(park / "ports.csv", PORT_KEY, ports, True)
    for line in told.sentences(spoken):
        stdout.print(plain(line), soft_wrap=True)
    money = {"currency": target.currency, "year": target.year}
    said = spoken.translate("{file}: {count} costs in {currency} of {year}", file=path, count=count, **money)
    stdout.print(plain(said), soft_wrap=True)


def _propose(file: Path, sheet: str, year: int, currency: str, decimal: str) -> Path:
    from planner.importers.quotations import proposal
    from planner.importers.write import put

    path = file.with_name(f"{file.stem}.map.toml")
    if path.exists():
        raise CaseError.because("{path}: is there already; use it with --map, or remove it", path=path)
    put(path, proposal(file, sheet, year, currency, decimal))
    return path


def _ports(
    file: Path, lines: Mapping[str, Mapping[str, str]], park: Path | None, replace: bool, told: Told
) -> list[dict[str, str]]:
    """Rows of ports.csv of what a mapping states of efficiency and COP. Raises CaseError where the park has others of the type."""
    from planner.importers.quotations import ports_of
    from planner.importers.write import check_rows

    rows = ports_of(file, lines)
    for kind, note in {row["type"]: row["note"] for row in rows if row["direction"] == "in"}.items():
        if park is None:
            told.warn(
                mark("{type}: {stated} of the offer is of ports.csv, and is written with --park only"), type=kind, stated=note
            )
        else:
            told.say(mark("{type}: {stated} of the offer is in ports.csv, in place of the catalogue's"), type=kind, stated=note)
    if park is not None:
        check_rows(park / "ports.csv", PORT_KEY, list({row["type"]: row for row in rows}.values()), replace)
    return rows


def _read(
    files: list[Path],
    form: str,
    mapping: Path | None,
    types: frozenset[str],
    told: Told,
    money_of: str,
    year: int | None,
    hours: float,
    scenario: str,
    detail: str,
    decimal: str,
) -> list[CostFigure]:
    if form == "quote":
        from planner.importers.quotations import read_mapping, read_quote

        assert mapping is not None
        said = read_mapping(mapping)
        return [figure for file in files for figure in read_quote(file, said, decimal)]
    from planner.importers.cost_units import read_names

    names = read_names(form, mapping, types)
    figures: list[CostFigure] = []
    for file in files:
        if form == "atb":
            from planner.importers.cost_tables import read_atb

            figures += read_atb(file, names, scenario, tuple(d.strip() for d in detail.split(",") if d.strip()), money_of, told)
        else:
            from planner.importers.cost_tables import read_technology_data

            figures += read_technology_data(file, names, money_of, year, hours, told)
    names.tell(told)
    if not figures:
        raise CaseError.because("{file}: has no cost of a type that is wanted; say --only or give names with --map", file=files[0])
    return figures


# --- commands --------------------------------------------------------------------------------------------------------------
# The commands on tariffs: parse, choose, print; no logic.


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


# --- commands --------------------------------------------------------------------------------------------------------------
# The command that tells a park's inventory: parse, choose, print; no logic.


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
