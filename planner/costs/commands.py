"""The command that imports cost tables: parse, choose, print; no logic. What computes is imported when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.language.language import mark
from planner.language.words import plain
from planner.process.terminal import stdout
from planner.profiles.options import DECIMALS, Spoken, choice_of

if TYPE_CHECKING:
    from planner.costs.figures import CostFigure
    from planner.profiles.told import Told

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
    from planner.costs.write import region_of, target_of
    from planner.language.language import choose_language
    from planner.profiles.told import Told

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
        from planner.costs.offer import with_decline
        from planner.costs.quote import read_mapping

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
        from planner.profiles.rows import put_rows

        put_rows(park / "ports.csv", PORT_KEY, ports, True)
    for line in told.sentences(spoken):
        stdout.print(plain(line), soft_wrap=True)
    money = {"currency": target.currency, "year": target.year}
    said = spoken.translate("{file}: {count} costs in {currency} of {year}", file=path, count=count, **money)
    stdout.print(plain(said), soft_wrap=True)


def _propose(file: Path, sheet: str, year: int, currency: str, decimal: str) -> Path:
    from planner.costs.propose import proposal
    from planner.profiles.write import put

    path = file.with_name(f"{file.stem}.map.toml")
    if path.exists():
        raise CaseError.because("{path}: is there already; use it with --map, or remove it", path=path)
    put(path, proposal(file, sheet, year, currency, decimal))
    return path


def _ports(
    file: Path, lines: Mapping[str, Mapping[str, str]], park: Path | None, replace: bool, told: Told
) -> list[dict[str, str]]:
    """Rows of ports.csv of what a mapping states of efficiency and COP. Raises CaseError where the park has others of the type."""
    from planner.costs.offer import ports_of
    from planner.profiles.rows import check_rows

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
        from planner.costs.quote import read_mapping, read_quote

        assert mapping is not None
        said = read_mapping(mapping)
        return [figure for file in files for figure in read_quote(file, said, decimal)]
    from planner.costs.names import read_names

    names = read_names(form, mapping, types)
    figures: list[CostFigure] = []
    for file in files:
        if form == "atb":
            from planner.costs.atb import read_atb

            figures += read_atb(file, names, scenario, tuple(d.strip() for d in detail.split(",") if d.strip()), money_of, told)
        else:
            from planner.costs.technology_data import read_technology_data

            figures += read_technology_data(file, names, money_of, year, hours, told)
    names.tell(told)
    if not figures:
        raise CaseError.because("{file}: has no cost of a type that is wanted; say --only or give names with --map", file=files[0])
    return figures
