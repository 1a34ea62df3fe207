"""The command that says what to watch: parse, choose, print; no logic. What computes is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import CaseError
from planner.frontier.ask import Gap, Jobs, Out, resumable, tell_done
from planner.language.message import Message
from planner.language.words import plain
from planner.process.terminal import gap_faults, jobs_faults, stdout, warn_of_changed
from planner.profiles.options import Spoken
from planner.tables.place import told_from

if TYPE_CHECKING:
    import pandas as pd

    from planner.language.language import Language


def watch(
    out: Out,
    costs: Annotated[Path | None, typer.Option(help="New costs.csv, laid over the park's: is each order still right?")] = None,
    prices: Annotated[Path | None, typer.Option(help="New prices.csv, in place of the park's.")] = None,
    gap: Gap = None,
    jobs: Jobs = 0,
    language: Spoken = None,
) -> None:
    """What to watch: the capital cost, and the prices, at which each order of a run is no longer part of a least-cost plan.

    Writes watch.csv into OUT; each plan is saved in OUT-questions and not made twice. With new tables: verdicts.csv, whether each
    order is still right, to be asked again, or no longer, without planning anew.

    Example: plan explain --signs run1 --prices prices-2027.csv
    """
    from planner.frontier.question import RunQuestion
    from planner.language.language import choose_language
    from planner.machine.resources import cores
    from planner.watch.turns import watch as turns
    from planner.watch.verdicts import new_case, verdicts

    spoken = choose_language(language)
    missing: list[str] = [
        Message("{option} {file}: is not there", option=option, file=file)
        for option, file in (("--costs", costs), ("--prices", prices))
        if file is not None and not file.is_file()
    ]
    if faults := [*missing, *jobs_faults(jobs), *gap_faults(gap)]:
        raise CaseError(faults)

    with told_from(out):
        question = RunQuestion(out, gap, jobs or cores(), tell_done)
    warn_of_changed(question.output.changed)
    if costs is not None or prices is not None:
        table = verdicts(question, new_case(question, costs, prices))
        _write(question, "verdicts", table)
        lines = _verdicts(table, spoken)
    else:
        with resumable(question.folder):
            table = turns(question)
        _write(question, "watch", table)
        lines = _turns(table, spoken)
    for line in lines:
        stdout.print(plain(line), soft_wrap=True)


def _write(question: Any, name: str, table: pd.DataFrame) -> None:
    from planner.answer.page.page import language_of, write_page
    from planner.language.language import choose_language
    from planner.plan import TARGET
    from planner.tables.place import renew, write_file

    path = question.out / f"{name}.csv"
    write_file(path, str(path), table.to_csv(index=False, float_format="%.12g", lineterminator="\n"), lambda _: True)
    with told_from(question.out):
        write_page(question.out, choose_language(language_of(question.out)))
        renew(question.out, f"{question.output.summary['park']}, {TARGET}", question.output.currency)


def _turns(table: pd.DataFrame, language: Language) -> list[str]:
    say, lines = language.translate, []
    for row in table.itertuples(index=False):
        values = {"name": row.name, "note": say(row.note) if row.note else ""}
        if row.turns is None or row.turns != row.turns:
            line = say("{name}: stays at any capital cost ({note})", **values) if row.note else say("{name}: stays", **values)
        else:
            values |= {"now": language.amount(float(row.now)), "turns": language.amount(float(row.turns)), "unit": row.unit}
            if row.price:
                line = say("{name}: goes out where {price} costs {turns} {unit}, now {now}", **values, price=row.price)
            else:
                line = say("{name}: goes out at a capital cost of {turns} {unit}, now {now}", **values)
            line = f"{line} ({values['note']})" if row.note else line
        lines.append(line)
    return lines or [say("the plan orders nothing")]


def _verdicts(table: pd.DataFrame, language: Language) -> list[str]:
    say = language.translate
    lines = [say("{what}: {words}", what=row.name, words=say(row.verdict)) for row in table.itertuples(index=False)]
    return lines or [say("the plan orders nothing")]
