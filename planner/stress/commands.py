"""The command that tries a run in other futures: parse, choose, print; no logic. What computes is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.language.words import plain
from planner.process.streams import STOPPED
from planner.process.terminal import stdout, tell, warn_of_changed
from planner.profiles.options import Spoken
from planner.tables.place import told_from

if TYPE_CHECKING:
    import pandas as pd

    from planner.language.language import Language


def stress(
    out: Annotated[Path, typer.Argument(help="Output folder of a run of one future.")],
    futures: Annotated[
        Path | None, typer.Option(help="futures.csv, with future_values.csv beside it; left out: those of the park's folder.")
    ] = None,
    regret: Annotated[
        bool, typer.Option("--regret", help="Plan each future too: what the orders cost more than its least.")
    ] = False,
    outages: Annotated[
        bool, typer.Option("--outages", help="No futures: all months of all years with each unit out, one after the other.")
    ] = False,
    moving: Annotated[
        bool, typer.Option("--moving", help="No futures: what moving, shedding and waiting to charge save, by stream and year.")
    ] = False,
    stores: Annotated[
        bool, typer.Option("--stores", help="No futures: what each store earns, by stream and year, and who gets it.")
    ] = False,
    demand: Annotated[
        bool, typer.Option("--demand", help="No futures: what 30 % less and more of all demand does to the saving.")
    ] = False,
    language: Spoken = None,
) -> None:
    """What the orders of a run cost in other futures, and what they miss: every leaf is operated in all hours with them kept.

    Writes stress.csv into OUT, or with --outages stress_outages.csv, --moving moving.csv, --stores stores.csv, --demand
    stress_demand.csv.

    Example: plan what-if run1 --futures futures.csv
    """
    from planner.answer.page.page import language_of
    from planner.language.language import choose_language
    from planner.stress.demand import told_demand
    from planner.stress.moving import saved_by_stream
    from planner.stress.run import open_stress, short_months
    from planner.stress.stores import earned_by_stream
    from planner.stress.table import stress_table, summed, told

    spoken = choose_language(language)
    options = {"--outages": outages, "--moving": moving, "--stores": stores, "--demand": demand}
    asked = [name for name, is_on in options.items() if is_on]
    if asked and (futures is not None or regret):
        raise CaseError.because("{option}: is of the run's own park; leave out --futures and --regret", option=asked[0])
    if len(asked) > 1:
        others = ", ".join(asked[1:])
        raise CaseError.because("{option}: is a question of its own; leave out {others}", option=asked[0], others=others)
    with told_from(out):
        opened = open_stress(out, futures, not asked)
    warn_of_changed(opened.output.changed)
    currency, found = opened.case.park.currency, []
    try:
        if moving:
            table = opened.moving(lambda y: tell(Message("{year}: is operated with moving and without", year=y)))
            _write(out, "moving", table, currency, choose_language(language or language_of(out)))
            for line in saved_by_stream(table, currency, spoken):
                stdout.print(plain(line), soft_wrap=True)
            return
        if stores:
            table = opened.stores(lambda y: tell(Message("{year}: is operated with each store and without", year=y)))
            _write(out, "stores", table, currency, choose_language(language or language_of(out)))
            for line in earned_by_stream(table, currency, spoken):
                stdout.print(plain(line), soft_wrap=True)
            return
        if demand:
            table = opened.demand(lambda name: tell(Message("{plan}: is operated with less demand and with more", plan=name)))
            _write(out, "stress_demand", table, currency, choose_language(language or language_of(out)))
            stdout.print(plain(told_demand(table, currency, spoken)), soft_wrap=True)
            return
        if outages:
            table = opened.months(lambda y: tell(Message("{year}: all months are operated", year=y)))
            _write(out, "stress_outages", table, currency)
            for month in short_months(table):
                stdout.print(plain(spoken.tell(month)), soft_wrap=True)
            return
        for own in opened.leaves(regret):
            found.append(own)
            for line in told(own, currency, spoken):
                stdout.print(plain(line), soft_wrap=True)
    except KeyboardInterrupt:
        tell(Message("stopped; nothing was written"))
        raise typer.Exit(STOPPED) from None
    _write(out, "stress", stress_table(found, currency), currency, choose_language(language or language_of(out)))
    stdout.print(plain(spoken.tell(summed(found))), soft_wrap=True)


def _write(out: Path, name: str, table: pd.DataFrame, currency: str, page: Language | None = None) -> None:
    """The table into the output, and its page once more in a language where it shows the table."""
    from planner.answer.page.page import write_page
    from planner.plan import TARGET
    from planner.tables.place import SUMMARY, facts_of, renew, write_file

    path = out / f"{name}.csv"
    write_file(path, str(path), table.to_csv(index=False, float_format="%.12g", lineterminator="\n"), lambda _: True)
    with told_from(out):
        if page is not None:
            write_page(out, page)
        renew(out, f"{facts_of(out / SUMMARY)['park']}, {TARGET}", currency)
