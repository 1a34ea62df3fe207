"""The console: what a person wants to see at the end of a run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
from rich.console import Console, RenderableType
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from models.case import Case
from planner.answer import series
from planner.answer.caveats import contradicted, missing_words, told_chain_cost, told_in_one, told_of, told_proof
from planner.answer.hangs_on import composition, hangs_on, net_told, told_composition, told_hangs_on
from planner.answer.money import decision, told_decision, told_goal, what_to_do
from planner.answer.purchase import titles_in, told_purchase
from planner.answer.standing_words import is_proposal, told_besides, told_standing, told_whose
from planner.answer.summary import Facts, plan_facts, summary
from planner.answer.views import console_table, in_language, views
from planner.clock import Progress as Tell
from planner.language import words as progress
from planner.language.language import ENGLISH, NONE, Language
from planner.language.message import Message, as_json
from planner.language.terminal import titled_table
from planner.language.words import BESIDE, COLUMNS, FIRST, LINES, NO_SMALLER, PLANS, STAGES, STATUSES, Sign, named, plain, step_of
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, Plan, Run
from planner.tables.output import Output, names_table
from planner.tables.place import put

# --- progress --------------------------------------------------------------------------------------------------------------
# What the run is doing: on a terminal one line that changes and goes away at the end, in a log one plain line for each phase.

#: The step of a warning, each of which is told.
WARNING = "warning"
#: Seconds between signs of one step in a file.
EVERY = 0.5


@contextmanager
def show_progress(
    console: Console,
    quiet: bool = False,
    language: Language = ENGLISH,
    parts: Mapping[str, float] | None = None,
    file: Path | None = None,
) -> Iterator[Tell]:
    """Give what a run tells its progress to; nothing is shown if quiet.

    parts  step -> its part of the run, in the order of the steps; left out: those of a run that operates every hour
    file   where the last sign stands for another program, too
    """
    parts = parts_of(True) if parts is None else parts
    share = Share(parts)
    if file is not None:
        with show_progress(console, quiet, language, parts) as shown:
            yield _Filed(shown, Share(parts), file)
    elif quiet:
        yield lambda *_: None
    elif console.is_terminal:
        told = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1))
        display = Progress(SpinnerColumn(), TimeElapsedColumn(), told, console=console, transient=True, expand=True)
        with display:
            yield _Line(display, share, language)
    else:
        yield _Lines(console, share, language)


class _Lines:
    """A line for each step, and within the search of a plan for each of its phases; how far the run is stands at the end."""

    def __init__(self, console: Console, share: Share, language: Language) -> None:
        self.console, self.share, self.language = console, share, language
        #: The last step, and phases of it so far: of the target plan (False), and of the plans to compare with (True).
        self.last: dict[bool, tuple[str, set[str]]] = {}

    def __call__(self, step: str, detail: str) -> None:
        """A sign of the run."""
        self.share.take(step, detail)
        before, told = self.last.get(step in BESIDE, ("", set()))
        part = _part(detail)
        if step == before and part in told and step != WARNING:
            return
        self.last[step in BESIDE] = step, ({part} if step != before else told | {part})
        line = f"{_told(step, self.language)} {_told(detail, self.language)}".strip()
        if isinstance(detail, Sign):
            line += " · " + self.share.told(self.language)
        self.console.print(plain(line), soft_wrap=True)


def _part(detail: str) -> str:
    """What a line is told once of within a step: the phase of a trial, the form of another sentence, a plain text as it is."""
    message = detail.text if isinstance(detail, Sign) else detail
    inner = message.values.get("text") if isinstance(message, Message) else None
    for own in (inner, message):
        if isinstance(own, Message):
            return str(own.values.get("phase", own.template))
    return str(message)


class _Line:
    """One line that changes: how far the run is, its step, and the last that was said of it. A first plan stays above it."""

    def __init__(self, display: Progress, share: Share, language: Language) -> None:
        self.display, self.share, self.language = display, share, language
        self.task = display.add_task("", total=None)

    def __call__(self, step: str, detail: str) -> None:
        """A sign of the run."""
        self.share.take(step, detail)
        line = plain(f"{_told(step, self.language)} {_told(detail, self.language)}".strip())
        if step == FIRST:
            self.display.console.print(line, highlight=False, soft_wrap=True)
            return
        self.display.update(self.task, description=f"{plain(self.share.told(self.language))} · {line}")


class _Filed:
    """Signs that are told on, and the last of them in a file: step, what is said of it, the share of the run that is done, the
    seconds that the rest may take, and the gap."""

    def __init__(self, tell: Tell, share: Share, file: Path) -> None:
        self.tell, self.share, self.file = tell, share, file
        self.last, self.since = "", -EVERY

    def __call__(self, step: str, detail: str) -> None:
        """A sign of the run."""
        self.tell(step, detail)
        self.share.take(step, detail)
        now = self.share.clock()
        if step == self.last and now - self.since < EVERY:
            return
        self.last, self.since = step, now
        own = detail.text if isinstance(detail, Sign) else detail
        facts = {
            "parkzero": "progress",
            "step": as_json(step),
            "detail": as_json(own),
            "done": self.share.done,
            "left": self.share.left,
            "gap": self.share.gap,
            "seconds": now - self.share.began,
        }
        with suppress(OSError):  # a run goes on where nobody can be told
            put(self.file, json.dumps(facts))


def _told(text: str, language: Language) -> str:
    """A step or what is said of it in the language, where that has words for it."""
    own = text.text if isinstance(text, Sign) else text
    return language.tell(own) if isinstance(own, Message) else language.translate(PLANS.get(own, own))


#: Weights of what comes before the first plan, and of writing, where solving the target plan has the weight 30. Both use one core
#: only, so that they take longer than their processor time tells.
BEFORE, WRITING = 8.0, 6.0


#: The same of each plan: solving it, and operating it in every hour. Measured on the example parks.
SOLVING = dict(zip(PLANS, (30.0, 18.0, 5.0, 1.0), strict=True))


OPERATING = dict(zip(PLANS, (32.0, 12.0, 4.0, 4.0), strict=True))


#: The step after a plan is solved.
CHECKING = "checking"


#: Nothing is said of the rest before so much is done.
TOLD_FROM = 0.05


def parts_of(is_verified: bool) -> Mapping[str, float]:
    """Step -> its part of a run, in the order of the steps."""
    found = {"choosing typical days": BEFORE}
    for name in PLANS:
        found[step_of(progress.SOLVING, name)] = SOLVING[name]
        if is_verified:
            found[step_of(progress.OPERATING, name)] = OPERATING[name]
    return {**found, "writing": WRITING}


class Share:
    """The share that is done: of the steps so far, and of the one of now. It never falls: a plan that is repaired is solved once
    more within the share that it had.

    weights  step -> its part of the run, in the order of the steps
    clock    seconds, from any moment on
    """

    def __init__(self, weights: Mapping[str, float], clock: Callable[[], float] = time.monotonic) -> None:
        self.weights, self.clock = weights, clock
        self.began = clock()
        self.done = 0.0
        self.gap: float | None = None
        #: Of each step: the share that is done, and the gap.
        self._done: dict[str, float] = {}
        self._gaps: dict[str, float] = {}
        #: The step that runs: under False of the target plan, under True of the plans to compare with.
        self._last: dict[bool, str] = {}

    def take(self, step: str, detail: str) -> None:
        """A sign of the run."""
        if step in self.weights:
            own = getattr(detail, "done", None) or 0.0
            self._done |= dict.fromkeys(self._before(step), 1.0) | {step: max(own, self._done.get(step, 0.0))}
        elif step == CHECKING and detail in PLANS:
            self._done[step_of(progress.SOLVING, detail)] = 1.0
        done = sum(self.weights[name] * share for name, share in self._done.items() if name in self.weights)
        self.done = max(self.done, done / sum(self.weights.values()))
        if step != self._last.get(step in BESIDE):
            self._gaps.pop(step, None)  # a gap is of one search
        self._last[step in BESIDE] = step
        if isinstance(detail, Sign) and detail.gap is not None:
            self._gaps[step] = min(detail.gap, self._gaps.get(step, detail.gap))
        self.gap = self._gaps.get(step)

    def _before(self, step: str) -> list[str]:
        """The steps that are over once a step begins: those before it that belong to the same of two, target plan or other plans.
        The other plans come in any order: what has begun before is over."""
        names = list(self.weights)
        if step == names[-1]:
            return names[:-1]
        if step not in BESIDE:
            return [name for name in names[: names.index(step)] if name not in BESIDE]
        begun = list(self._done)
        return [name for name in (begun[: begun.index(step)] if step in begun else begun) if name in BESIDE]

    @property
    def left(self) -> float | None:
        """Seconds that the rest may take; None while little is known."""
        return (self.clock() - self.began) * (1 - self.done) / self.done if TOLD_FROM <= self.done < 1 else None

    def told(self, language: Language = ENGLISH) -> str:
        """The share done, about how long the rest takes, and the gap where there is a plan."""
        say = language.translate
        parts = [say("{share} % done", share=int(100 * self.done))]
        if (seconds := self.left) is not None:
            parts.append(say("about {time} left", time=_time(seconds)))
        if self.gap is not None:
            parts.append(say("gap {gap}", gap=f"{max(self.gap, 0.0):.3%}"))
        return say(", ").join(parts)


def _time(seconds: float) -> str:
    """Seconds, minutes or hours, in two digits."""
    if seconds < 90:
        return f"{max(10 * round(seconds / 10), 10)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


# --- console ---------------------------------------------------------------------------------------------------------------

#: Years whose orders are told, and how many of each.
SOON, MOST = 2, 3
#: Least years whose emissions are told of a long horizon.
FEW = 4


def print_run(
    run: Run, case: Case, console: Console, out: Path | None, language: Language = ENGLISH, details: bool = False
) -> None:
    """The answer: whether there is a plan, what it costs and what is proven, whose standard it keeps, orders, emissions, plans.

    details  all orders that matter however many lines they take, more years, and what other lines explain
    """
    say = language.translate
    goal = case.goal
    assert goal is not None
    head = say("{stage} by {year}", stage=named(language, STAGES, goal.target), year=goal.by)
    name, standard = f"[bold]{plain(case.park.name)}[/]", plain(case.park.standard)
    console.print(say("{what}: {words}", what=name, words=plain(head)) + f" ({standard})")
    plan = run.target
    if not plan.has_tables:
        lines = run.explanation or (say("no plan: {status}", status=named(language, STATUSES, plan.status)),)
        for line in lines[: LINES - 2]:
            console.print(plain(language.tell(line)), soft_wrap=True)
        if len(lines) > LINES - 2:
            console.print(plain(told_of(language, say("and {count} more", count=len(lines) - LINES + 2), "summary.json")))
        return
    width = min(console.width, COLUMNS)
    facts = summary(run, case)
    status = [_status(plan, run.currency, language), told_chain_cost(language, facts, run.currency)]
    whose = told_whose(language, facts, plan.tables["stages"]) if is_proposal(facts) and not details else ""
    before = [plain(say("; ").join(filter(None, status))), plain(whose or told_standing(language, facts))]
    called = _called(plan, case, language)
    if details and (besides := told_besides(language, facts["standing"])):
        before.append(plain(besides))
    least = run.plans.get(LEAST_COST)
    now = decision(called.tables, _called(least, case, language).tables if least is not None and least.has_tables else None)
    decided = told_decision(language, now, [], called.tables, run.currency)
    before.append(plain(language.sentences(*(_decision(language, *own) for own in decided))))
    for part in (
        *before,
        _investments(called, run.currency, language, details),
        *_after(run, case, called, facts, language, details),
        *_where(out, language, details),
    ):
        console.print(part, width=width)


def _after(run: Run, case: Case, called: Plan, facts: Facts, language: Language, details: bool) -> Iterator[RenderableType]:
    """What stands below the orders: what a later stage contradicts, emissions, what zero is made of, other plans, costs."""
    if beside := told_in_one(contradicted(called.tables), language):
        yield plain(beside)
    yield _stages(run.target, run.base, language, details)
    if details:
        yield from (plain(words) for words in _made_of(run.target, case, run.base, language))
    assert case.goal is not None
    if details and (hanging := hangs_on(called.tables, case.park.accounting, case.goal.target, case.goal.by)):
        yield plain(told_hangs_on(language, hanging, case.goal.by))
    bought, rules = [plain(words) for words in told_purchase(called.tables, language)], called.tables["rules"]
    yield from bought if details else bought[-1:] if not rules["holds"].astype(bool).all() else []
    days = None if run.on_days is None else run.on_days.tables
    left = {BUSINESS} if REFERENCE in run.plans and not details else set()
    shown = {**facts, "plans": {name: own for name, own in facts["plans"].items() if name not in left}}
    output = Output(Path(), shown, {}, {name: plan.tables for name, plan in run.plans.items() if plan.has_tables}, {}, days)
    table = console_table("plans", output, {}, language, details)
    table.title, table.title_justify = in_language(views()["plans"].title, language), "left"
    table.title_style, table.header_style = "bold", "dim"
    yield table
    if REFERENCE in run.plans and facts["goal_cost"] is not None:
        yield plain(told_goal(language, facts, details))
    yield from (plain(words) for words in missing_words(run, language))


def _where(out: Path | None, language: Language, details: bool) -> Iterator[str]:
    """Where the tables are, and how more is told."""
    say = language.translate
    if out is not None:
        files = "report.html, plan.xlsx, " + ("summary.json, investments.csv, stages.csv, costs.csv, …" if details else "…")
        told = told_of(language, say("Page and tables in {folder}", folder=out), files)
        yield plain(told if details else told + say("; ") + say("--details tells more"))


def _decision(language: Language, what: str, value: str, of: str) -> str:
    """What is decided, for how much, and what is to be known of it, as a sentence."""
    told = told_of(language, what, value) if value else what
    return language.translate("{sentence}.", sentence=language.translate("{what} ({more})", what=told, more=of) if of else told)


def _called(plan: Plan, case: Case, language: Language) -> Plan:
    """The plan with what its things are called by people, as on the page; the tables have their names."""
    titles = titles_in(names_table(case), language)
    return replace(plan, tables={name: titles.table(plan.tables[name]) for name in plan.tables if name != "dispatch"})


def _made_of(plan: Plan, case: Case, base: float, language: Language) -> Iterator[str]:
    """What the net emissions are made of in each year in which a stage begins."""
    assert case.goal is not None
    for stage, year in case.goal.steps:
        if year in set(plan.tables["emissions"]["year"]):
            told = told_composition(
                language, composition(plan.tables, case.park.accounting, year), base, getattr(base, "location", None)
            )
            yield told_of(language, named(language, STAGES, stage), told)


def _status(plan: Plan, currency: str, language: Language) -> str:
    """That there is a plan, what it costs, what is proven of it, and whether it holds in every hour."""
    say = language.translate
    found = say("Plan found")
    if plan.note and not plan.failure:
        has_ended = NO_SMALLER in plan.note
        found += f" ({say('the search ended above the gap asked for') if has_ended else say('stopped at a limit')})"
    return told_of(language, found, say("; ").join((told_proof(language, plan_facts(plan), currency), _truth(plan, say))))


def _truth(plan: Plan, say: Callable[..., str]) -> str:
    """Whether the plan holds in every hour."""
    if plan.failure:
        return say("does not hold in every hour, see summary.json")
    if not plan.verified:
        return say("unverified: not shown to hold in every hour")
    if plan.repairs == 1:
        return say("holds in every hour after one repair")
    if plan.repairs:
        return say("holds in every hour after {count} repairs", count=plan.repairs)
    return say("holds in every hour")


def _investments(plan: Plan, currency: str, language: Language, details: bool) -> Table:
    """Decisions of the first two years that have any, and the capital of all later ones; with details all of all years."""
    say = language.translate
    unit, size = language.money_unit(currency, plan.system_cost)
    table = titled_table(say("What to do in each year"), (say("year"), say("build, adopt, plant, retire"), unit), texts=(0, 1))
    years = what_to_do(plan.tables, language)
    for n, (year, own) in enumerate(years.items()):
        if details or n < SOON:
            text = own.text(language, None if details else MOST)
            table.add_row(str(year), plain(text), language.number(own.capital / size, 1))
    if not details and (later := [*years.values()][SOON:]):
        words = say("and {count} more", count=sum(len(own.named) + own.small for own in later))
        table.add_row(say("after that"), plain(words), language.number(sum(own.capital for own in later) / size, 1))
    if not table.rows:
        table.add_row("", say("nothing is built"), "")
    return table


def _stages(plan: Plan, base: float, language: Language, details: bool) -> Table:
    say = language.translate
    title = say("How emissions fall (t; base {tonnes})", tonnes=language.number(base))
    heads = say("year"), say("stage"), say("gross"), say("of base"), say("offsets, removals"), say("net"), say("rules")
    table = titled_table(title, heads, texts=(0, 1, 6))
    emissions = plan.tables["emissions"].pivot_table(index="year", columns="item", values="value")
    rules = plan.tables["stages"]
    for year in _shown_years(emissions.index.tolist(), rules, details):
        row, own = emissions.loc[year], rules[rules["year"] == year]
        stage = named(language, STAGES, own["stage"].iloc[0]) if len(own) else NONE
        gross, made_up = row["gross"], language.number(row["gross"] - row["net"])
        cells = language.number(gross), language.percent(gross / base), made_up, net_told(language, row["net"], base)
        table.add_row(str(year), plain(stage), *cells, _holds(own, language))
    return table


def _holds(rules: pd.DataFrame, language: Language) -> str:
    if rules.empty:
        return ""
    failed = rules[~rules["holds"].astype(bool)]
    near = rules[series.missed_within(rules)]
    if failed.empty and len(near):
        within = language.amount(near["tolerance"].max())
        return language.translate("{count} hold, {near} within {tolerance}", count=len(rules), near=len(near), tolerance=within)
    if failed.empty:
        return language.translate("{count} hold", count=len(rules))
    return "[red]" + told_of(language, language.translate("FAILS"), ", ".join(failed["metric"])) + "[/]"


def _shown_years(years: list[int], rules: pd.DataFrame, details: bool) -> list[int]:
    """All years of a short horizon, or with details; of a long one the first, the last, where a stage begins, and what halves the
    longest time between them until there are four."""
    if details or len(years) <= 5:
        return years
    shown = sorted({years[0], years[-1], *(rules.groupby("stage")["year"].min().tolist() if len(rules) else [])})
    while len(shown) < FEW:
        longest = max(pairwise(shown), key=lambda pair: pair[1] - pair[0])
        shown = sorted([*shown, sum(longest) // 2])
    return shown
