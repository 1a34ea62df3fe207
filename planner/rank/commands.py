"""The command that checks a park, and ranks what it assumes: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.language.plain import plain
from planner.language.words import told_days
from planner.process.options import given_options
from planner.process.terminal import stdout, tell

if TYPE_CHECKING:
    from planner.rank.figures import AssumedFigure

#: Files of an encrypted connection to a Dask scheduler.
Authority = Annotated[
    Path | None,
    typer.Option("--scheduler-ca", help="--scheduler tls://…: certificate of the authority that both sides are of, PEM."),
]
Certificate = Annotated[Path | None, typer.Option("--scheduler-cert", help="--scheduler tls://…: our own certificate, PEM.")]
Key = Annotated[
    Path | None, typer.Option("--scheduler-key", help="--scheduler tls://…: key of that certificate, PEM, without a password.")
]

#: Options of `--rank` alone.
OF_RANK = ("days", "cores", "scheduler", "scheduler_ca", "scheduler_cert", "scheduler_key")


def check(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Park folder or workbook.")],
    costs: Annotated[list[Path] | None, typer.Option(help="Cost table laid over the park's; the last one wins.")] = None,
    futures: Annotated[Path | None, typer.Option(help="Another futures.csv, with future_values.csv beside it.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every value that was assumed, with its source; --rank: all figures.")
    ] = False,
    is_described: Annotated[
        bool, typer.Option("--datapackage", help="Write datapackage.json into the folder: its tables described to other tools.")
    ] = False,
    is_ranked: Annotated[
        bool, typer.Option("--rank", help="Plan anew with each assumed figure at its low and high, and rank them.")
    ] = False,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder for pictures of each demand, profile and tariff: SVG, PNG, a page.")
    ] = None,
    days: Annotated[int, typer.Option(help="--rank: typical days of each plan.")] = 2,
    cores: Annotated[int, typer.Option(help="--rank: processes; 0: as many as there are cores.")] = 0,
    scheduler: Annotated[
        str, typer.Option(help="--rank: Dask scheduler whose workers plan. Dask asks nobody who they are: trust that host.")
    ] = "",
    scheduler_ca: Authority = None,
    scheduler_cert: Certificate = None,
    scheduler_key: Key = None,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Read a park and say everything that is wrong and everything that was assumed."""
    from planner.answer.check import print_check
    from planner.language.language import choose_language
    from planner.park import read_case
    from planner.parks.new import named

    spoken, faults = choose_language(language), list[str]()
    if not is_ranked and (lost := [word for word, param in given_options(context).items() if param in OF_RANK]):
        faults.append(Message("{options}: only of --rank; say --rank, too", options=", ".join(lost)))
    if not 1 <= days <= 366:
        faults.append(Message("--days {days}: is not within 1 to 366", days=days))
    if not 0 <= cores <= 1024:
        faults.append(Message("--cores {cores}: is not within 0 to 1024", cores=cores))
    if is_described and not folder.is_dir():
        faults.append(Message("--datapackage: {folder} is no folder; it describes the tables of a folder", folder=folder))
    if pictures is not None:
        from planner.profiles.park_pictures import check_pictures, write_pictures

        faults += check_pictures(pictures)
    tls = None
    if scheduler or scheduler_ca or scheduler_cert or scheduler_key:
        from planner.solve import Tls, unusable

        tls, tls_faults = Tls.of(scheduler, (scheduler_ca, scheduler_cert, scheduler_key))
        faults += tls_faults
        if not faults and (fault := unusable(scheduler, tls)):
            faults.append(fault)
    if faults:
        raise CaseError(faults)
    if is_described:
        from planner.tables.place import check_file, write_file
        from planner.templates.datapackage import FILE, datapackage_text, is_ours

        check_file(folder / FILE, f"--datapackage: {folder / FILE}", is_ours)
    folder = named(folder)
    case = read_case(folder, tuple(costs or ()), futures=futures)
    print_check(case, folder, stdout, everything, spoken)
    if pictures is not None:
        files, lines = write_pictures(case, pictures, spoken)
        for line in lines:
            stdout.print(plain(line), soft_wrap=True)
        stdout.print(plain(f"{pictures}: {', '.join(file.name for file in files)}"), soft_wrap=True)
    if is_described:
        write_file(folder / FILE, f"--datapackage: {folder / FILE}", datapackage_text(folder), is_ours)
        stdout.print(plain(f"{folder / FILE}"), soft_wrap=True)
    if not is_ranked:
        return
    from planner.rank.run import Cluster, rank
    from planner.rank.show import RELAXED, every, left_out, ranking_table, tasks, told

    def progress(number: int, of: int, figure: AssumedFigure | None) -> None:
        if figure is None:
            tell(Message("planning as assumed; then {count} figures, each at its low and high", count=of))
        else:
            tell(Message("figure {number} of {count}: {figure}", number=number, count=of, figure=told(figure)))

    cluster = None if not scheduler else Cluster(scheduler, tls, tell)
    base, ranked = rank(case, days, cores, progress, cluster, every(tell))
    stdout.print(ranking_table(ranked, case.park.currency, spoken, everything))
    if words := left_out(ranked, case.park.currency, spoken, everything):
        stdout.print(plain(words), soft_wrap=True)
    lines = tasks(ranked, case.park.currency, spoken)
    stdout.print(plain(spoken.translate("What to get next:") if lines else spoken.translate("No assumed figure changes the plan.")))
    for number, line in enumerate(lines, start=1):
        stdout.print(plain(f"{number}. {line}"), soft_wrap=True)
    if base.is_relaxed:
        stdout.print(plain(spoken.translate(RELAXED, gap=spoken.money(base.gap, case.park.currency))), soft_wrap=True)
    stdout.print(
        plain(
            spoken.translate(
                "Each plan is on {days} and not operated in every hour: an order of magnitude.", days=told_days(spoken, days)
            )
        )
    )
