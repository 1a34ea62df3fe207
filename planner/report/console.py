"""The console: what a person wants to see at the end of a run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from models.case import Case
from planner.plan import LEAST_COST, REFERENCE, TARGET, Plan, Run

#: Builds that cost less than this share of a year's capital are only counted ("and 3 small").
SMALL = 0.01


def print_run(run: Run, case: Case, console: Console, out: Path | None) -> None:
    """The answer: status, investments by year, stages by year, cost against the reference."""
    goal = case.goal
    assert goal is not None
    console.print(f"[bold]{escape(case.park.name)}[/]: {goal.target} by {goal.by} ({case.park.standard})")
    plan = run.target
    if not plan.has_tables:
        for line in run.explanation or (f"no plan: {plan.status}",):
            console.print(escape(line), soft_wrap=True)
        return
    console.print(_status(plan, run.currency))
    console.print(_investments(plan, run.currency))
    console.print(_stages(plan, run.base))
    console.print(_costs(run))
    for name in (LEAST_COST, REFERENCE):
        if name in run.plans and not run.plans[name].has_tables:
            console.print(f"{name}: {run.plans[name].status}" + _why_not(name, run.plans[name].status))
    if out is not None:
        console.print(f"Tables in {escape(str(out))}: summary.json, investments.csv, emissions.csv, stages.csv, costs.csv, …")


def _why_not(name: str, status: str) -> str:
    if status != "infeasible":
        return " (no plan within the time); compared with least-cost" if name == REFERENCE else " (no plan within the time)"
    return " (without new kinds of equipment the demand cannot be met); compared with least-cost"


def _status(plan: Plan, currency: str) -> str:
    gap = "" if plan.gap is None else f", gap {plan.gap:.3%}"
    stopped = " (stopped at a limit)" if plan.status == "feasible" else ""
    return f"{plan.status}{stopped}: system cost {money(plan.system_cost)} {currency}{gap}"


def money(value: float | None) -> str:
    """Money in millions."""
    return "–" if value is None else f"{value / 1e6:,.1f} M"


def amount(value: float) -> str:
    """A size with three significant figures."""
    return f"{value + 0.0:,.0f}" if abs(value) >= 100 else f"{value + 0.0:.3g}"


def _table(title: str, columns: Iterable[tuple[str, str]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), header_style="dim")
    for name, justify in columns:
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return table


def _investments(plan: Plan, currency: str) -> Table:
    columns = [("year", "left"), ("build, adopt, plant, retire", "left"), (f"M {currency}", "right")]
    table = _table("What to do in each year", columns)
    for year, (things, capital) in sorted(what_to_do(plan).items()):
        table.add_row(str(year), escape(" · ".join(things)), f"{capital / 1e6:,.1f}")
    if not table.rows:
        table.add_row("", "nothing is built", "")
    return table


def what_to_do(plan: Plan) -> dict[int, tuple[list[str], float]]:
    """Decisions of each year in words, the dearest first, and the capital they need; small ones are only counted."""
    tables = plan.tables
    capital = tables["costs"].query("item in ('capital', 'measures', 'restoration')").groupby("year")["value"].sum()
    found: dict[int, list[tuple[float, str]]] = {}
    small: dict[int, int] = {}
    for r in tables["investments"].itertuples():
        if r.capital_cost < SMALL * capital.get(r.year, 0.0):
            small[r.year] = small.get(r.year, 0) + 1
        else:
            found.setdefault(r.year, []).append((r.capital_cost, f"{r.technology} {amount(r.build)} {r.unit}"))
    for r in tables["measures"].itertuples():
        found.setdefault(r.year, []).append((r.capital_cost, str(r.measure)))
    for r in tables["restoration"].query("item == 'planted' and value > 0.05").itertuples():
        found.setdefault(r.year, []).append((0.0, f"plant {r.project} {amount(r.value)} ha"))
    standing = tables["capacity"].groupby("technology")["capacity"].max()
    for r in tables["retirements"].itertuples():
        if r.retired >= SMALL * standing.get(r.technology, 0.0):
            found.setdefault(r.year, []).append((-1.0, f"retire {r.technology} {amount(r.retired)} {r.unit}"))
    words = {}
    for y in {*found, *small}:
        texts = [text for _, text in sorted(found.get(y, []), key=lambda o: -o[0])]
        words[y] = (texts + ([f"and {small[y]} small"] if y in small else []), float(capital.get(y, 0.0)))
    return words


def _stages(plan: Plan, base: float) -> Table:
    table = _table(
        f"How emissions fall (t; base {base:,.0f})",
        [("year", "left"), ("stage", "left"), ("gross", "right"), ("of base", "right"), ("offsets, removals", "right"),
         ("net", "right"), ("rules", "left")],
    )  # fmt: skip
    emissions = plan.tables["emissions"].pivot_table(index="year", columns="item", values="value")
    rules = plan.tables["stages"]
    for year in _shown_years(emissions.index.tolist(), rules):
        row, own = emissions.loc[year], rules[rules["year"] == year]
        stage = own["stage"].iloc[0] if len(own) else "–"
        made_up = row["gross"] - row["net"]
        table.add_row(
            str(year), stage, f"{row['gross']:,.0f}", f"{row['gross'] / base:.1%}", _tonnes(made_up), _tonnes(row["net"]),
            _holds(own),
        )  # fmt: skip
    return table


def _tonnes(value: float) -> str:
    """Whole tonnes; a trace below zero is no minus."""
    return f"{round(value) + 0:,d}"


def _holds(rules: pd.DataFrame) -> str:
    if rules.empty:
        return ""
    failed = rules[~rules["holds"].astype(bool)]
    if failed.empty:
        return f"{len(rules)} hold"
    return "[red]FAILS: " + ", ".join(failed["metric"]) + "[/]"


def _shown_years(years: list[int], rules: pd.DataFrame) -> list[int]:
    """All years of a short horizon; of a long one the first, the last, each fifth, and where a stage begins."""
    if len(years) <= 10:
        return years
    begins = rules.groupby("stage")["year"].min().tolist() if len(rules) else []
    keep = {years[0], years[-1], *begins, *(b - 1 for b in begins), *(y for y in years if y % 5 == 0)}
    return [y for y in years if y in keep]


def _costs(run: Run) -> Table:
    unit = run.currency
    table = _table(
        "Against the other plans",
        [("plan", "left"), (f"system cost, M {unit}", "right"), (f"capital, M {unit}", "right"), ("net in last year, t", "right"),
         ("gap", "right"), (f"abatement, {unit}/t", "right")],
    )  # fmt: skip
    for name in (TARGET, LEAST_COST, REFERENCE):
        plan = run.plans.get(name)
        if plan is None or not plan.has_tables:
            continue
        capital = plan.tables["costs"].query("item in ('capital', 'measures', 'restoration')")["value"].sum()
        net = plan.tables["emissions"].query("item == 'net'")["value"].iloc[-1]
        abatement = run.abatement_cost.get(name)
        assert plan.system_cost is not None
        table.add_row(
            name, f"{plan.system_cost / 1e6:,.1f}", f"{capital / 1e6:,.1f}", _tonnes(net),
            "–" if plan.gap is None else f"{plan.gap:.3%}", "–" if abatement is None else f"{abatement:,.0f}",
        )  # fmt: skip
    return table
