"""The commands that ask a finished run a question: parse, choose, print; no logic. What computes is imported when it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.language.words import COLUMNS
from planner.process.streams import STOPPED
from planner.process.terminal import dearest_faults, gap_faults, jobs_faults, points_faults, stdout, tell, warn_of_changed
from planner.profiles.options import Spoken
from planner.tables.place import told_from

if TYPE_CHECKING:
    import pandas as pd

    from planner.frontier.question import RunQuestion

Out = Annotated[Path, typer.Argument(help="Output folder of a run.")]
Gap = Annotated[float | None, typer.Option(help="Relative gap of each plan; left out: that of the run.")]
Jobs = Annotated[int, typer.Option(help="Plans made at once; 0: as many as there are cores.")]


def worth(out: Out, gap: Gap = None, jobs: Jobs = 0, language: Spoken = None) -> None:
    """What each project of a plan is worth: what the plan costs more where it may not be had, all else decided anew.

    Writes worth.csv into OUT and shows it on the page; each plan is saved in OUT-questions and not made twice.
    """
    from planner.frontier.worth import worth as answer

    ask(out, gap, jobs, language, "worth", answer)


def limits(
    out: Out,
    dearest: Annotated[
        int | None,
        typer.Option(
            help="Limits that the park is planned without, the dearest first, beside each reserve; left out: 10, of a large "
            "park 3 and all reserves together; 0: prices alone."
        ),
    ] = None,
    gap: Gap = None,
    jobs: Jobs = 0,
    language: Spoken = None,
) -> None:
    """What each rule, limit and reserve costs: prices by year, and what the plan costs less without the dearest or a reserve.

    Writes limit_costs.csv into OUT and shows it on the page; each plan is saved in OUT-questions and not made twice.
    """
    from planner.frontier.limits import limit_costs as answer

    ask(out, gap, jobs, language, "limit_costs", lambda question: answer(question, dearest), faults=dearest_faults(dearest))


def why_not(
    out: Out,
    catalogue: Annotated[bool, typer.Option("--catalogue", help="Types of the catalogue that are not offered, too.")] = False,
    gap: Gap = None,
    jobs: Jobs = 0,
    language: Spoken = None,
) -> None:
    """Why not: the capital cost, or price, at which each project that is offered and not chosen would come in.

    Of a goal that cannot be met, with --catalogue: the types that are not offered with which it can be.

    Writes why_not.csv into OUT and shows it on the page; each plan is saved in OUT-questions and not made twice.
    """
    from planner.frontier.why_not import why_not as answer

    ask(out, gap, jobs, language, "why_not", lambda question: answer(question, catalogue), may_lack_plan=catalogue)


def abatement(
    out: Out,
    points: Annotated[int, typer.Option(help="Steps of the cap.")] = 8,
    naive: Annotated[
        bool | None, typer.Option("--naive/--no-naive", help="The naive curve, each project alone; left out: of small parks only.")
    ] = None,
    gap: Gap = None,
    jobs: Jobs = 0,
    language: Spoken = None,
) -> None:
    """The true marginal abatement curve: a cap tightened in steps, all decided anew, beside the naive one of each project alone.

    Writes abatement.csv into OUT and shows it on the page; each plan is saved in OUT-questions and not made twice.
    """
    from planner.frontier.abatement import abatement as answer
    from planner.frontier.abatement import is_quick

    def curves(question: RunQuestion) -> pd.DataFrame:
        asked = is_quick(question) if naive is None else naive
        if naive is None and not asked:
            tell(Message("the naive curve takes some plans for each project of this large park and is left out; --naive makes it"))
        return answer(question, points, asked)

    ask(out, gap, jobs, language, "abatement", curves, faults=points_faults(points))


def tell_done(change: str, status: str) -> None:
    """Says how a plan ended."""
    tell(Message("{place}: {words}", place=change, words=status))


@contextmanager
def resumable(folder: Path) -> Iterator[None]:
    """Where Ctrl-C ends what makes plans into the folder: says that they stay. Raises typer.Exit then."""
    try:
        yield
    except KeyboardInterrupt:
        tell(Message("stopped; the plans in {folder} stay, and the same command goes on with the others", folder=folder))
        raise typer.Exit(STOPPED) from None


def ask(
    out: Path,
    gap: float | None,
    jobs: int,
    language: str | None,
    name: str,
    answer: Callable[[RunQuestion], pd.DataFrame],
    may_lack_plan: bool = False,
    faults: Sequence[str] = (),
    days: int | None = None,
) -> None:
    """Ask, write the table and the page, print the table. `days`: typical days of each plan; None: those of the run."""
    from planner.answer.page.page import language_of, write_page
    from planner.answer.page.question_sentences import sentences
    from planner.answer.page.questions import console_table
    from planner.frontier.question import RunQuestion
    from planner.language.language import choose_language
    from planner.machine.resources import cores
    from planner.plan import TARGET
    from planner.tables.place import renew, write_file

    spoken = choose_language(language)
    if faults := [*faults, *jobs_faults(jobs), *gap_faults(gap)]:
        raise CaseError(faults)

    with told_from(out):
        question = RunQuestion(out, gap, jobs or cores(), tell_done, may_lack_plan, days)
    warn_of_changed(question.output.changed)
    with resumable(question.folder):
        table = answer(question)
    text = table.to_csv(index=False, float_format="%.12g", lineterminator="\n")
    write_file(out / f"{name}.csv", str(out / f"{name}.csv"), text, lambda _: True)
    with told_from(out):
        write_page(out, choose_language(language or language_of(out)))  # as it is, unless another language is asked for
        renew(out, f"{question.output.summary['park']}, {TARGET}", question.output.currency)
    stdout.print(console_table(name, table, question.output.currency, spoken), width=min(stdout.width, COLUMNS))
    for line in sentences(name, table, question.output.currency, spoken):
        tell(line, stdout)
