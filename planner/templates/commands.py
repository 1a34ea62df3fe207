"""The command that starts parks: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.examples import BUILT_IN, new_park
from planner.language.message import Message
from planner.process.terminal import given_options, later, stdout, tell
from planner.tables.place import beside

if TYPE_CHECKING:
    from planner.templates.examples import add_futures, example_futures
    from planner.templates.variants import add_variants, check_variants
else:  # the same, once they are called
    add_futures, example_futures = (later("planner.templates.examples", name) for name in ("add_futures", "example_futures"))
    add_variants, check_variants = (later("planner.templates.variants", name) for name in ("add_variants", "check_variants"))

#: Options that say what a blank park is; an example has all of it already.
OF_BLANK = ("name", "carriers", "grid", "region", "tariff", "processes", "notes")
#: Options that lay tables over those of an example.
OF_EXAMPLE = ("flexible",)


def new(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder, or with --excel workbook, to make.")],
    example: Annotated[str | None, typer.Option("--from", help="Example, or workbook, to start from; left out: lakeside.")] = None,
    is_blank: Annotated[bool, typer.Option("--blank", help="A row of each table that a first park needs.")] = False,
    excel: Annotated[bool, typer.Option("--excel", help="A blank park as one workbook, a sheet a table.")] = False,
    name: Annotated[str, typer.Option(help="Blank park: its name.")] = "",
    carriers: Annotated[str, typer.Option(help="Blank park: electricity, steam, heat, cooling; with commas.")] = "electricity",
    grid: Annotated[str, typer.Option(help="Blank park: connection to the grid, e.g. 20MW.")] = "10MW",
    region: Annotated[str, typer.Option(help="Blank park: cn, eu or us: currency, examples of prices, whose costs.")] = "cn",
    tariff: Annotated[str, typer.Option(help="Blank park: a tariff of the catalogue, e.g. jiangsu-10kv.")] = "",
    processes: Annotated[bool, typer.Option("--processes", help="Blank park: batches, a mill with a silo, cold rooms.")] = False,
    notes: Annotated[str, typer.Option(help="--excel: language of its notes: en, zh or de; left out: that of --language.")] = "",
    futures: Annotated[bool, typer.Option("--futures", help="Example futures too: futures.csv and future_values.csv.")] = False,
    flexible: Annotated[bool, typer.Option("--flexible", help="Example whose demand moves: lorries, frozen goods.")] = False,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Start a park: a folder from an example, or a blank one, as a folder or a workbook.

    Example: plan new mypark --excel --carriers electricity,steam --grid 20MW
    """
    given = given_options(context)
    if folder.suffix.lower() == ".xlsx" and not excel:
        raise CaseError.because(
            "{folder}: is the name of a workbook; add --excel for a blank park as a workbook, or name a folder", folder=folder
        )
    if not (is_blank or excel):
        if lost := [word for word, param in given.items() if param in OF_BLANK]:
            raise CaseError.because("{options}: only of a blank park; say --blank or --excel, too", options=", ".join(lost))
        asked = ["flexible"] if flexible else []
        check_variants(example or BUILT_IN, asked)
        made = new_park(folder, example or BUILT_IN)
        made += add_variants(made[0].parent, example or BUILT_IN, asked)
        if futures:
            made += add_futures(made[0].parent, example or BUILT_IN)
        tell(
            Message("{folder}: {count} files from '{example}'", folder=folder, count=len(made), example=example or BUILT_IN), stdout
        )
        tell(Message("Edit them, then: plan check {folder}; plan --park {folder}", folder=folder), stdout)
        return
    if lost := [word for word, param in given.items() if param in OF_EXAMPLE]:
        raise CaseError.because("{options}: only of an example; leave out --blank and --excel", options=", ".join(lost))
    from planner.templates.notes import NOTES

    if notes and notes not in NOTES:
        raise CaseError.because("--notes {code}: is none of {languages}", code=notes, languages=", ".join(NOTES))
    if notes and not excel:
        raise CaseError.because("--notes: stand in a workbook; say --excel, too")
    if example is not None:
        raise CaseError.because("--from: an example is no blank park; leave out --blank and --excel")
    from planner.language.language import choose_language
    from planner.templates.blank import blank, wanted_of
    from planner.templates.examples import tariff_rows, with_processes
    from planner.templates.write import write_book, write_folder

    wanted = wanted_of(name if "--name" in given else folder.stem, carriers, grid, region)
    tables = with_processes(blank(wanted), wanted) if processes else blank(wanted)
    if tariff:
        money = {row["key"]: row["value"] for row in tables["park"]}
        prices, hours = tariff_rows(tariff, "grid", money["currency"], int(money["price_year"]))
        tables["prices"] = [*prices, *(row for row in tables["prices"] if row["supply"] != "grid")]
        tables["tariff"] = hours
        tables["bills"] = [{**row, "cost": ""} for row in tables["bills"]]  # what it costs by this tariff is not worked out
    if futures:
        settings = {row["key"]: row["value"] for row in tables["park"]}
        tables |= example_futures("grid", int(settings["first_year"]), int(settings["last_year"]))
    if excel:
        folder = folder if folder.suffix.lower() == ".xlsx" else beside(folder, ".xlsx")
        write_book(folder, tables, choose_language(language), noted=notes)
        tell(Message("{folder}: {count} sheets, each with an example row", folder=folder, count=len(tables)), stdout)
    else:
        made = write_folder(folder, tables)
        tell(Message("{folder}: {count} files, each table with an example row", folder=folder, count=len(made)), stdout)
    tell(Message("Replace the examples, then: plan check {folder}; plan --park {folder}", folder=folder), stdout)
