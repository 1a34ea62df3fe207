"""The command that checks a park, and the question that ranks what it assumes: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.language.words import plain, told_days
from planner.process.terminal import jobs_faults, stdout, tell

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


def check(
    folder: Annotated[Path, typer.Argument(help="Park folder or workbook.")],
    costs: Annotated[list[Path] | None, typer.Option(help="Cost table laid over the park's; the last one wins.")] = None,
    futures: Annotated[Path | None, typer.Option(help="Another futures.csv, with future_values.csv beside it.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every value that was assumed, with its source.")] = False,
    is_described: Annotated[
        bool, typer.Option("--datapackage", help="Write datapackage.json into the folder: its tables described to other tools.")
    ] = False,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder for pictures of each demand, profile and tariff: SVG, PNG, a page.")
    ] = None,
    is_baseline: Annotated[
        bool,
        typer.Option("--baseline", help="Energy (tce) and emissions of the base year by source, against bills.csv."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="--baseline: folder for baseline.csv and baseline.svg; left out: only printed.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="--baseline: overwrite the two files.")] = False,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Read a park and say everything that is wrong and everything that was assumed; or what it uses and emits today (--baseline).

    Example: plan check mypark --baseline --out mypark-baseline
    """
    from planner.answer.check import print_check
    from planner.language.language import choose_language
    from planner.park import read_case
    from planner.parks.new import named

    spoken, faults = choose_language(language), list[str]()
    if is_baseline:
        from planner.baseline.commands import baseline

        baseline(folder, out, replace, language)
        return
    if out is not None or replace:
        faults.append(Message("{option}: is of {other}", option="--out, --replace", other="--baseline"))
    if is_described and not folder.is_dir():
        faults.append(Message("--datapackage: {folder} is no folder; it describes the tables of a folder", folder=folder))
    if pictures is not None:
        from planner.profiles.park_pictures import check_pictures, write_pictures

        faults += check_pictures(pictures)
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


def rank_assumed(
    folder: Path,
    futures: Path | None,
    everything: bool,
    days: int,
    cores: int,
    scheduler: str,
    files: tuple[Path | None, Path | None, Path | None],
    language: str | None,
) -> None:
    """Plan a park anew with each assumed figure at its low and its high, and print them by what they change."""
    from planner.language.language import choose_language
    from planner.park import read_case
    from planner.parks.new import named

    spoken, faults = choose_language(language), [*jobs_faults(cores)]
    if not 1 <= days <= 366:
        faults.append(Message("--days {days}: is not within 1 to 366", days=days))
    tls = None
    if scheduler or any(files):
        from planner.solve import Tls, unusable

        tls, tls_faults = Tls.of(scheduler, files)
        faults += tls_faults
        if not faults and (fault := unusable(scheduler, tls)):
            faults.append(fault)
    if faults:
        raise CaseError(faults)
    case = read_case(named(folder), futures=futures)
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
