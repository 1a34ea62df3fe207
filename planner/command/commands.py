"""The commands on finished runs: parse, choose, print; no logic."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.command.options import spoken
from planner.command.run import warn
from planner.examples import data_folder
from planner.importers.commands import import_commands
from planner.language.language import ENGLISH, Language, mark
from planner.language.message import Message
from planner.language.words import COLUMNS, plain
from planner.process.terminal import later, stdout, tell
from planner.tables.place import is_like_one, is_tree, told_from

#: What people have, into a park.
imports = import_commands()


# --- serve -----------------------------------------------------------------------------------------------------------------
# The command that serves the workbench: parse, choose, print; no logic. It alone imports the workbench, once it is called.


def serve(
    folder: Annotated[Path, typer.Argument(help="Folder of parks and runs; left out: the current one.")] = Path(),
    port: Annotated[int, typer.Option(help="Port; 0: any that is free.")] = 0,
    host: Annotated[str, typer.Option(help="Address; another than this machine's own needs --password-file.")] = "127.0.0.1",
    password_file: Annotated[Path | None, typer.Option(help="File with the password that a browser is asked for.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the address in a browser.")] = True,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Open the workbench: parks and runs of a folder in a browser.

    Example: plan serve parks
    """
    from planner.language.language import choose_language

    code = choose_language(language).code
    if not 0 <= port <= 65535:
        raise CaseError.because("--port {port}: is not within 0 to 65535", port=port)
    try:
        from planner.workbench.start import ServeOptions, serve
    except ModuleNotFoundError as error:
        words = Message('plan serve: {package} is not installed; pip install "parkzero[serve]"', package=error.name)
        raise CaseError([words]) from error
    if password_file is not None and host != "127.0.0.1":
        tell(Message("what goes to and from {host} is not encrypted: who listens on the way reads it, and the password", host=host))

    def begun(address: str) -> None:
        tell(Message("The workbench: open this address, which is good for one browser; Ctrl-C ends it."))
        tell(address, stdout)

    serve(ServeOptions(folder, port, host, password_file, browser, code), begun)


# --- catalogue -------------------------------------------------------------------------------------------------------------
# What the catalogue offers, in lines for people: names by kind, or everything that a word matches, with figures and sources.

Row = dict[str, str]
#: Kinds of names, in the order in which they are listed, and what they are called.
KINDS = {
    "type": mark("types of equipment"),
    "link": mark("types of links"),
    "fuel": mark("fuels and grids"),
    "tariff": mark("tariffs"),
    "measure": mark("efficiency measures"),
    "offset": mark("credits"),
    "certificate": mark("certificates"),
    "project": mark("planting"),
    "group": mark("groups of vehicles"),
    "standard": mark("standards"),
    "rule": mark("rules beyond stages"),
}
REGIONS = {"cn": mark("China"), "eu": mark("Europe"), "us": mark("United States")}


def catalogue_names(language: Language = ENGLISH) -> Iterator[str]:
    """Every name that a park can use, a line a kind."""
    titles = _rows(data_folder() / "catalogue", "titles")
    for kind, said in KINDS.items():
        names = [row["name"] for row in titles if row["kind"] == kind]
        yield f"{language.translate(said)} ({len(names)}): {', '.join(names)}"
    yield language.translate("plan catalogue WORD: figures and sources of all that the word is in, a title or a carrier too")


def catalogue_lines(word: str = "", language: Language = ENGLISH) -> Iterator[str]:
    """Types, fuels, measures, offsets, restoration projects, certificates, tariffs, standards and rules that match the word."""
    folder = data_folder() / "catalogue"
    titles = {(r["kind"], r["name"]): r for r in _rows(folder, "titles")}
    yield from _types(folder, word, titles, language)
    yield from _factors(folder, word, titles, language)
    for table, kind, value in (
        ("measures", "measure", "capital_cost"),
        ("offsets", "offset", "price"),
        ("certificates", "certificate", "price"),
        ("restoration", "project", "capital_cost"),
    ):
        for r in _rows(folder, table):
            both = titles.get((kind, r[kind]), {})
            if _matches(word, table, r[kind], *both.values()):
                name = _named(r[kind], both, language)
                yield f"{table}: {name}: " + _figure(r, f"{value} {r.get('year', '')}".strip(), r[value], "")
    for r in _rows(folder, "sessions"):
        both = titles.get(("group", r["group"]), {})
        if _matches(word, "sessions", r["group"], *both.values()):
            stay = f"{r['day']} {r['arrive']}-{r['leave']}"
            figures = f"{r['energy']} {r['unit']}, {r['power']}"
            yield f"sessions: {_named(r['group'], both, language)}: " + _figure(r, stay, figures, "MW")
    for r in _rows(folder, "tariffs"):
        both = titles.get(("tariff", r["tariff"]), {})
        if _matches(word, "tariffs", r["tariff"], *both.values()):
            yield f"tariff {_named(r['tariff'], both, language)}: " + _tariff(r)
    for r in _rows(folder, "stages"):
        both = titles.get(("standard", r["standard"]), {})
        if _matches(word, "standard", "stages", r["standard"], r["stage"], r["metric"], *both.values()):
            yield f"standard {r['standard']}: {r['stage']}: {r['metric']} {r['sense']} {r['limit']} ({r['source']}; {r['grade']})"
    for r in _rows(folder, "rules"):
        both = titles.get(("rule", r["rule"]), {})
        if _matches(word, "rules", r["rule"], r["metric"], *both.values()):
            since = f" from {r['year']}" if r["year"] else ""
            limit = f"{r['metric']} {r['sense']} {r['limit']}{since}"
            yield f"rules {_named(r['rule'], both, language)}: {limit} ({r['source']}; {r['grade']}; {r['note']})"


def _types(folder: Path, word: str, titles: dict[tuple[str, str], Row], language: Language) -> Iterator[str]:
    ports, costs = _rows(folder, "ports"), _rows(folder, "costs")
    types = {r["type"]: r for r in _rows(folder, "types")}
    between = language.translate("between zones")
    for name in dict.fromkeys([*types, *(c["type"] for c in costs)]):
        role = types[name]["role"] if name in types else "link"
        both = titles.get(("type" if name in types else "link", name), {})
        flows = [f"{p['carrier']} {p['direction']} {p['ratio']}" for p in ports if p["type"] == name]
        if not _matches(word, name, role, *both.values(), *flows):
            continue
        yield f"{role} {_named(name, both, language)} ({', '.join(flows) or between})"
        for c in costs:
            if c["type"] == name:
                where = f" [{language.translate(REGIONS[c['region']])}]" if c.get("region") else ""
                yield "    " + _figure(c, f"{c['parameter']} {c['year']}".strip() + where, c["value"], c["unit"])


def _factors(folder: Path, word: str, titles: dict[tuple[str, str], Row], language: Language) -> Iterator[str]:
    for r in _rows(folder, "emission_factors"):
        both = titles.get(("fuel", r["supply"]), {})
        if _matches(word, "fuel", "emission_factors", r["supply"], *both.values()):
            name = f"factor {r['year']} {r['basis']}".strip()
            yield f"fuel {_named(r['supply'], both, language)}: " + _figure(r, name, r["value"], r["unit"])


def _named(name: str, both: Row, language: Language) -> str:
    """A name with its title in the language."""
    title = both.get("title_zh" if language.code == "zh" else "title", "")
    return f"{name} ({title})" if title else name


def _tariff(row: Row) -> str:
    """A price of a tariff, or the hours in which it is multiplied."""
    if row["factor"]:
        times = "; ".join(f"{key} {row[key]}" for key in ("months", "days", "hours") if row[key])
        return _figure(row, f"{row['item']} {times}", f"x {row['factor']}", "").replace("= x", "x")
    return _figure(row, row["item"], row["value"], row["unit"])


def _figure(row: Row, name: str, value: str, unit: str) -> str:
    remark = "; ".join(t for t in (row.get("source", ""), row.get("grade", ""), row.get("note", "")) if t)
    return f"{name} = {value} {unit}".rstrip() + f" ({remark})"


def _rows(folder: Path, table: str) -> list[Row]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _matches(word: str, *texts: str) -> bool:
    return any(word.lower() in text.lower() for text in texts)


# --- commands --------------------------------------------------------------------------------------------------------------

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
    format_name: Annotated[str, typer.Option("--format", help="iamc: all years; pypsa: a network of one; mps: the programme.")],
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
    anyway: Annotated[bool, typer.Option("--anyway", help="--form: also where its goal is not met.")] = False,
    finance: Annotated[bool, typer.Option("--finance", help="Make finance.xlsx, too: the statements as formulas.")] = False,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Make report.html and plan.xlsx of a run again from its tables, without solving; finance.xlsx or an application if asked for.

    Example: plan report run1 --form cn-910 --language zh
    """
    if form and finance:
        raise CaseError.because("--finance: is made with page and workbook; leave out --form")
    if form:
        from planner.application.write import write_application

        write_application(out, form, to, details, park, anyway, language)
        return
    given = {"--to": to, "--details": details, "--park": park, "--anyway": anyway or None}
    if lost := ", ".join(option for option, value in given.items() if value is not None):
        raise CaseError.because("{option}: is of {other}", option=lost, other="--form")
    from planner.answer.page.page import write_page
    from planner.answer.tree import write_tree_page
    from planner.answer.workbook import renew_workbook
    from planner.export.load import make_finance
    from planner.tables.output import read_output

    told_in, faults = spoken(language)
    faults += [] if is_like_one(out) else [Message("{folder}: is no output of a run", folder=out)]
    if faults:
        raise CaseError(faults)
    if is_tree(out) and not finance:
        with told_from(out):
            tell(str(write_tree_page(out, told_in)), stdout)
        return
    with told_from(out):
        output = read_output(out)
        warn(output.changed, told_in)
        files: list[Path | None] = [make_finance(output, told_in)] if finance else []
        files += [write_page(out, told_in), renew_workbook(output, told_in)]
    for file in files:
        if file is not None:
            tell(str(file), stdout)
