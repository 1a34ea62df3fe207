"""A plan that keeps what was built: the old plan read, the park with what stands, both planned, and what changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs.capacity import assets_of, resolve_capacity
from planner.clock import Progress
from planner.examples import told_from
from planner.futures.paths import node_case
from planner.futures.tree import Tree
from planner.language.language import Language
from planner.language.message import Message
from planner.language.words import COSTS, named
from planner.machine.stopping import Watch
from planner.plan import TARGET, Plan, Run
from planner.planning.run import Options, plan_park
from planner.questions.built import FILE, Built, as_planned, cost_on_days, kept_case, read_built
from planner.tables.decisions import decisions_of
from planner.tables.output import Output, Tables, read_output
from planner.tables.place import renew, write_file
from planner.tables.schema import TABLES

# --- changes ---------------------------------------------------------------------------------------------------------------
# What changed against an earlier plan, and why in money: orders, and terms of the system cost.

ORDER, COST = "order", "cost"
#: Sizes and shares of the cost below which nothing changed.
SAME_SIZE, SAME_COST = 1e-3, 1e-6
#: Changes that are named.
NAMED = 6


def changes_table(old: Tables, new: Plan, held: Plan, year: int) -> pd.DataFrame:
    """changes.csv: orders from a year on, by year; terms of the cost where the earlier plan can be kept, the largest first."""
    rows = [*_orders(old, new.tables, year)]
    if held.has_tables:
        rows += sorted(_costs(held.tables, new.tables), key=lambda row: -abs(row[6]))
    table = pd.DataFrame(rows, columns=list(TABLES["changes"].names))
    return table.astype({"year": "Int64"})


Row = tuple[str, str, str, int | None, float, float, float, str]


def _orders(old: Tables, new: Tables, year: int) -> Iterator[Row]:
    sums = [decisions_of(tables).groupby(["year", "action", "name", "unit"])["value"].sum().to_dict() for tables in (old, new)]
    for key in sorted({*sums[0], *sums[1]}):
        v, action, name, unit = key
        before, now = (own.get(key, 0.0) for own in sums)
        if v >= year and abs(now - before) > SAME_SIZE:
            yield ORDER, action, name, v, before, now, now - before, unit


def _costs(held: Tables, new: Tables) -> Iterator[Row]:
    terms = [t["system_cost"].groupby(["item", "name"], sort=False)["value"].sum() for t in (held, new)]
    unit = str(new["system_cost"]["unit"].iloc[0]) if len(new["system_cost"]) else ""
    whole = max(float(t.abs().sum()) for t in terms)
    for item, name in dict.fromkeys([*terms[0].index, *terms[1].index]):
        before, now = (float(t.get((item, name), 0.0)) for t in terms)
        if abs(now - before) > SAME_COST * whole:
            yield COST, str(item), str(name), None, before, now, now - before, unit


def told_changes(language: Language, table: pd.DataFrame, currency: str) -> list[str]:
    """The orders that moved and the terms that changed most, a line each."""
    say = language.translate
    actions = {"build": say("build"), "adopt": say("adopt"), "plant": say("plant"), "retire": say("retire")}
    lines = []
    orders = table[table["what"] == ORDER]
    for r in orders.head(NAMED).itertuples():
        sizes = {"before": language.amount(r.before), "now": language.amount(r.now), "unit": "" if r.unit == "1" else f" {r.unit}"}
        words = {"year": r.year, "action": actions[r.item], "name": r.name, **sizes}
        lines.append(say("{year}: {action} {name}: {before} becomes {now}{unit}", **words))
    if len(orders) > NAMED:
        lines.append(say("and {count} more", count=len(orders) - NAMED))
    for r in table[table["what"] == COST].head(NAMED).itertuples():
        change = language.money(abs(r.change), currency)
        words = {"item": named(language, COSTS, r.item), "name": r.name, "change": change}
        more, less = say("{item}, {name}: {change} more", **words), say("{item}, {name}: {change} less", **words)
        lines.append(more if r.change > 0 else less)
    return lines


# --- run -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keep:
    """An earlier run that is kept, the year from which all is planned anew, and the file of what was built; None: as planned."""

    output: Output
    year: int
    file: Path | None
    built: Built

    def facts(self, out: Path) -> dict[str, Any]:
        """What run.json says of it."""
        file = None if self.file is None else told_from(self.file, out)
        return {"keep": told_from(self.output.folder, out), "from": self.year, "built": file}


@dataclass(frozen=True)
class KeptRun:
    """What came of it.

    run      the new plan
    held     the earlier plan, all its orders kept, at the prices of now; without a plan where it cannot be kept
    stays    True if the earlier plan as a whole is within the gap and is the plan
    changes  changes.csv; None where there is no plan
    """

    run: Run
    held: Plan
    stays: bool
    changes: pd.DataFrame | None


def read_keep(out: Path, year: int | None, built: Path | None, park: Path, case: Case) -> Keep:
    """Read the earlier run and what was built. Raises CaseError with every fault."""
    if year is None:
        raise CaseError.because("--keep: needs --from YEAR, from which all is planned anew; e.g. --from 2027")
    output = read_output(out)
    faults: list[str] = []
    if not output.has_plan:
        faults.append(Message("--keep {out}: holds no plan; there is nothing to keep", out=out))
    first, last = case.park.first_year, case.park.last_year
    if not first < year <= last:
        faults.append(
            Message(
                "--from {year}: is not within {first} to {last}, the years of the park after its first",
                year=year,
                first=first + 1,
                last=last,
            )
        )
    if output.has_plan and output.currency != case.park.currency:
        faults.append(
            Message("--keep {out}: is in {given}, the park in {own}", out=out, given=output.currency, own=case.park.currency)
        )
    if faults:
        raise CaseError(faults)
    file = built if built is not None else park / FILE if os.path.lexists(park / FILE) else None
    found = as_planned(output.target, year) if file is None else read_built(file, case, year)
    faults = [*([] if file is not None else _unknown(found, case, out)), *_of_another(output, case, out)]
    if faults:
        raise CaseError(faults)
    return Keep(output, year, file, found)


def in_its_node(case: Case, keep: Keep) -> tuple[Case, str]:
    """The park in the node that the earlier run has reached in the year from which all is planned anew, with what it built; and the
    future of that node, empty where it is not known yet which one has come. Where no future branches from it, it states none."""
    out, tree = keep.output.folder, Tree.of(case.futures, case.park)
    name = keep.output.facts["options"].get("future")
    if name not in tree.leaves:
        raise CaseError.because(
            "--keep {out}: is of none of the futures {futures}; name the folder of one of them, e.g. "
            "OUT/futures/{first}, or add --no-futures",
            out=out,
            futures=", ".join(map(repr, tree.leaves)),
            first=tree.leaves[0],
        )
    node = tree.node(name, keep.year)
    return node_case(case, tree, node), node


def said_of_node(node: str) -> Message:
    """Which future has come."""
    if node:
        return Message("{future} has come: its figures hold, and what branches from it is open", future=node)
    return Message("which future comes is still open")


def _unknown(built: Built, case: Case, out: Path) -> list[str]:
    """Orders of the earlier plan that the park does not know any more."""
    first = case.park.first_year
    early = dict.fromkeys((name, v) for name, v in (*built.measures, *built.planting) if v < first)
    gone: list[str] = [
        Message(
            "--keep {out}: orders {name}, which the park does not have any more; state {file}", out=out, name=repr(name), file=FILE
        )
        for name in _not_had(built, case)
    ]
    past = [
        Message(
            "--keep {out}: {name} in {year} is before first_year {first} of the park; measures and planting are kept from it on",
            out=out,
            name=name,
            year=year,
            first=first,
        )
        for name, year in early
    ]
    return [*gone, *past]


def _not_had(built: Built, case: Case) -> list[str]:
    """What was ordered, adopted or planted that the park does not have."""
    known = {*(a.name for a in assets_of(case)), *(m.measure for m in case.measures), *(r.project for r in case.restoration)}
    names = dict.fromkeys(name for name, *_ in (*built.orders, *built.measures, *built.planting))
    return [name for name in names if name not in known]


def _of_another(output: Output, case: Case, out: Path) -> list[str]:
    """Why the earlier run is of another park: one of another name that orders or retires what this one does not have, or begins in
    another year. A park may be renamed, its first year may move on and what is gone may be left out, but not all of it at once."""
    park, own = str(output.summary["park"]), case.park.name
    if park == own:
        return []
    whole, stood = _whole(output, case), {a.name for a in assets_of(case)}
    names = [*_not_had(whole, case), *dict.fromkeys(name for name, _ in whole.retired if name not in stood)]
    faults: list[str] = [
        Message(
            "--keep {out}: is of the park {park} and has {name}, which this one, {own}, does not have; name a run of this park",
            out=out,
            park=repr(park),
            name=repr(name),
            own=repr(own),
        )
        for name in dict.fromkeys(names)
    ]
    if (begins := output.years[0]) != case.park.first_year:
        faults.append(
            Message(
                "--keep {out}: is of the park {park}, which begins in {begins}, and this one, {own}, in {first}; "
                "name a run of this park",
                out=out,
                park=repr(park),
                begins=begins,
                own=repr(own),
                first=case.park.first_year,
            )
        )
    return faults


def _whole(output: Output, case: Case) -> Built:
    """All that the earlier run orders within the years of the park."""
    return as_planned(output.target, case.park.last_year + 1)


def _held_plan(case: Case, whole: Case, keep: Keep, options: Options, progress: Progress, watch: Watch | None) -> Plan:
    """The earlier plan with all its orders; none where it orders later what the park does not offer any more."""
    if lost := _not_had(_whole(keep.output, case), case):
        names = ", ".join(map(repr, lost))
        note = Message("it orders {names}, which the park does not have any more", names=names)
        return Plan(TARGET, "infeasible", note=note)
    quick = replace(options, compare=False, verify=False)
    return plan_park(whole, quick, progress, watch).target


def plan_kept(case: Case, keep: Keep, options: Options, progress: Progress, watch: Watch | None = None) -> tuple[Case, KeptRun]:
    """Plan what is left to decide; gives the case that was planned, too.

    The earlier plan is held at first: all its orders from the year on are orders too, and only its operation is found. So it is
    known what it costs now. Then all of them are planned anew; the earlier plan stays where it is within the gap of that.
    """
    own, whole = kept_case(case, keep.built, keep.year), _held(case, keep)
    held = _held_plan(case, whole, keep, options, progress, watch)
    run = plan_park(own, options, progress, watch)
    stays = run.target.has_tables and _is_within(held, run.target, options.gap)
    if stays:
        own, run = whole, plan_park(whole, options, progress, watch)
    table = changes_table(keep.output.target, run.target, held, keep.year) if run.target.has_tables else None
    return own, KeptRun(run, held, stays, table)


def _is_within(held: Plan, best: Plan, gap: float) -> bool:
    """True if a plan costs no more than the gap above the best, both on the same hours."""
    if not held.has_tables or (held.on_days is None) != (best.on_days is None):
        return False
    counts = {None if plan.on_days is None else plan.on_days.count for plan in (held, best)}
    return len(counts) == 1 and cost_on_days(held) <= cost_on_days(best) + gap * abs(cost_on_days(best))


def _held(case: Case, keep: Keep) -> Case:
    """The park with what was built, and with all that the earlier plan orders from the year on, paid at the prices of now."""
    old, built = _whole(keep.output, case), keep.built
    capacity = resolve_capacity(case, range(case.park.first_year, case.park.last_year + 1))

    def price(order: tuple[str, int], size: float) -> float | None:
        if order not in capacity.capital_cost:
            return None
        return capacity.own_share[order] * (capacity.capital_cost[order] + capacity.project_cost[order] / size)

    later = Built(
        {**built.orders, **{o: (size, price(o, size)) for o, (size, _) in old.orders.items() if o[1] >= keep.year}},
        [*built.measures, *(a for a in old.measures if a[1] >= keep.year)],
        {**built.planting, **{a: area for a, area in old.planting.items() if a[1] >= keep.year}},
        built.retired,
    )
    return kept_case(case, later, case.park.last_year + 1)


def told_kept(language: Language, kept: KeptRun, keep: Keep, currency: str) -> list[str]:
    """What is kept, what the earlier plan would cost now, and what changed; a line each."""
    say, run, built = language.translate, keep.output.folder, keep.built
    count = len(built.orders) + len(built.measures) + len(built.planting)
    as_said = str(keep.file) if keep.file is not None else say("as {run} orders them", run=run)
    lines = [say("Orders kept before {year}: {count} ({how})", count=count, year=keep.year, how=as_said)]
    held, target = kept.held, kept.run.target
    if not held.has_tables:
        lines.append(say("{run} cannot be kept as it is: {status}", run=run, status=held.note or say(held.status)))
    elif held.system_cost is not None:
        lines.append(say("{run} kept as it is costs {cost} now", run=run, cost=language.money(cost_on_days(held), currency)))
        if target.has_tables and (held.on_days is None) == (target.on_days is None) and not kept.stays:
            less = language.money(cost_on_days(held) - cost_on_days(target), currency)
            lines.append(say("The new plan costs {money} less", money=less))
    if kept.stays:
        lines.append(say("{run} costs no more than the gap above the least: it stays", run=run))
    elif kept.changes is not None and not (kept.changes["what"] == ORDER).any():
        lines.append(say("The orders are those of {run}", run=run))
    return lines + (told_changes(language, kept.changes, currency) if kept.changes is not None else [])


def write_changes(kept: KeptRun, out: Path, park: str) -> None:
    """Write changes.csv into the output of the park of that name, and describe it in datapackage.json."""
    if kept.changes is not None:
        path = out / TABLES["changes"].file
        write_file(path, str(path), kept.changes.to_csv(index=False, float_format="%.12g", lineterminator="\n"), lambda _: True)
        renew(out, f"{park}, {TARGET}", kept.run.currency)
