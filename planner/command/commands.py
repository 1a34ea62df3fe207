"""The commands on finished runs: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.command.options import spoken
from planner.command.said import warn
from planner.language.message import Message
from planner.language.words import COLUMNS, plain
from planner.process.terminal import later, stdout, tell
from planner.tables.place import is_like_one, is_tree, told_from

if TYPE_CHECKING:
    from planner.compare import compare_outputs, comparison_csv, comparison_table, write_comparison
    from planner.export.write import write_export
    from planner.language.language import choose_language
else:  # the same, once they are called
    compare_outputs, comparison_csv, comparison_table, write_comparison = (
        later("planner.compare", name) for name in ("compare_outputs", "comparison_csv", "comparison_table", "write_comparison")
    )
    write_export = later("planner.export.write", "write_export")
    choose_language = later("planner.language.language", "choose_language")


def compare(
    outs: Annotated[list[Path], typer.Argument(help="Output folders of two runs or more, or a folder of runs: a frontier.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the comparison as CSV files and a page.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the comparison as one CSV table.")] = False,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Runs side by side: cost, capital, builds, emissions, stages."""
    spoken = choose_language(language)
    comparison = compare_outputs(outs)
    with told_from(*outs):
        files = write_comparison(comparison, out, spoken) if out is not None else []
        notes, text = comparison.notes(spoken), comparison_csv(comparison)
        table = comparison_table(comparison.called(spoken), spoken)
    if as_csv:
        typer.echo(text, nl=False)
        for note in notes:
            tell(note)
        return
    stdout.print(table, width=min(stdout.width, COLUMNS))
    for note in notes:
        stdout.print("! " + plain(note), width=min(stdout.width, COLUMNS))
    if files:
        tell(f"{out}: " + ", ".join(file.name for file in files), stdout)


def export(
    out: Annotated[Path, typer.Argument(help="Output folder of a run.")],
    format_name: Annotated[
        str, typer.Option("--format", help="iamc: all years; pypsa: a network of one; pypsa-years: of all; mps: the programme.")
    ],
    to: Annotated[Path | None, typer.Option(help="File (iamc, mps) or folder to write; left out: within OUT.")] = None,
    park: Annotated[Path | None, typer.Option(help="The park folder, where it is not where the run found it.")] = None,
    year: Annotated[int | None, typer.Option(help="Year of the network (pypsa); left out: the last one.")] = None,
) -> None:
    """Write a finished run in the form of another tool."""
    with told_from(out):
        written = write_export(out, format_name, to, park, year)
    for note in written.notes:
        tell(note)
    tell(Message("{place}: {words}", place=written.path, words=written.what), stdout)


def catalogue(
    word: Annotated[str, typer.Argument(help="Part of a name, title or carrier; left out: all names by kind.")] = "",
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """What can be chosen, with figures and sources."""
    from planner.command.catalogue import catalogue_lines, catalogue_names

    spoken = choose_language(language)
    lines = list(catalogue_lines(word, spoken) if word else catalogue_names(spoken))
    if not lines:
        raise CaseError.because("catalogue: nothing matches {word}; `plan catalogue` lists every name", word=repr(word))
    for line in lines:
        stdout.print(plain(line), soft_wrap=bool(word))


def report(
    out: Annotated[Path, typer.Argument(help="Output folder of a run.")],
    form: Annotated[
        str,
        typer.Option(
            help="Write an application instead, as a Word file. cn-910: plan for a national zero-carbon park; cn-31: carbon of an "
            "investment project; eed-11: action plan after an energy audit; eu-heat: bid for the EU heat auction."
        ),
    ] = "",
    to: Annotated[Path | None, typer.Option(help="--form: Word file to write; left out: application-FORM.docx within OUT.")] = None,
    details: Annotated[
        Path | None,
        typer.Option(help="--form: what only a person knows; left out: application.toml in the park's folder, if it is there."),
    ] = None,
    park: Annotated[Path | None, typer.Option(help="--form: the park folder, where it is not where the run found it.")] = None,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Make report.html, plan.xlsx and finance.xlsx of a run again from its tables, without solving; or an application (--form).

    Example: plan report run1 --form cn-910 --language zh
    """
    if form:
        from planner.application.commands import application

        application(out, form, to, details, park, language)
        return
    given = {"--to": to, "--details": details, "--park": park}
    if lost := ", ".join(option for option, value in given.items() if value is not None):
        raise CaseError.because("{option}: is of {other}", option=lost, other="--form")
    from planner.answer.page import write_page
    from planner.answer.tree.page import write_tree_page
    from planner.answer.workbook import renew_workbook
    from planner.export.load import renew_finance
    from planner.tables.output import read_output

    told_in, faults = spoken(language)
    faults += [] if is_like_one(out) else [Message("{folder}: is no output of a run", folder=out)]
    if faults:
        raise CaseError(faults)
    if is_tree(out):
        with told_from(out):
            tell(str(write_tree_page(out, told_in)), stdout)
        return
    with told_from(out):
        output = read_output(out)
        warn(output.changed, told_in)
        finance = None
        try:
            finance = renew_finance(output, told_in)
        except CaseError as error:  # it is made from the park, too
            for line in error.complaints:
                tell(Message("finance.xlsx stays as it is: {line}", line=line))
        files = [write_page(out, told_in), renew_workbook(output, told_in), finance]
    for file in files:
        if file is not None:
            tell(str(file), stdout)
