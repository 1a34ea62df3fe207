"""The command that writes an application: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.language.words import plain
from planner.process.terminal import stdout
from planner.tables.place import told_from


def application(
    out: Annotated[Path, typer.Argument(help="Output folder of a run.")],
    form: Annotated[
        str,
        typer.Option(
            help="cn-910: plan for a national zero-carbon park; cn-31: carbon of an investment project; eed-11: action plan after "
            "an energy audit; eu-heat: bid for the EU heat auction."
        ),
    ] = "cn-910",
    to: Annotated[Path | None, typer.Option(help="Word file to write; left out: application-FORM.docx within OUT.")] = None,
    details: Annotated[
        Path | None, typer.Option(help="What only a person knows; left out: application.toml in the park's folder, if it is there.")
    ] = None,
    park: Annotated[Path | None, typer.Option(help="The park folder, where it is not where the run found it.")] = None,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Write the application of a park to an authority as a Word file, from a finished run.

    Example: plan report --form run1 --form cn-910 --language zh
    """
    from planner.application.write import told_blank, write_application
    from planner.language.language import choose_language

    spoken = choose_language(language)
    with told_from(out):
        written = write_application(out, form, spoken, to, details, park)
    say = spoken.translate
    for line in written.notices:
        stdout.print(plain(line), soft_wrap=True)
    for m in written.missing:
        line = say("to fill in, chapter {chapter}: {what} ({key})", chapter=m.chapter, what=told_blank(spoken, m), key=m.key)
        stdout.print(plain(line), soft_wrap=True)
    count = len(written.missing)
    done = say("{tables} tables, {count} blanks", tables=written.tables, count=count)
    stdout.print(plain(f"{written.path}: {done}"), soft_wrap=True)
