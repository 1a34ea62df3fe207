"""A saved plan found again by the decomposed method: what its tables say is held, and the rest is decided around it.

A question to a run begins from the run's own plan. Its tables have what is ordered, retired, started, planted, contracted and used,
and tariffs, not every decision.

1. The optimum of the master with all of that held, its integers rounded up (such as whether there is a unit at all), and a trial of
   what it gives: in most cases the plan.
2. Where that has slack or costs more (contracts of a run that was operated in every hour are those of all hours), contracts are
   free, and iterations with the whole numbers fixed decide them; slack that is left is removed (`slack_removal`).

Returns the trial; None where none costs as little as the plan did, within the gap. Raises SolverError where HiGHS gives no answer,
and Stopped once the watch in force is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.errors import CaseError
from models.inputs import ANY, EXISTING, Inputs, TypicalDays
from models.inputs.boundary import scheme_key
from planner.examples import found_from, shortest, told_from
from planner.language.message import Message
from planner.park import GoalRequest
from planner.park.catalogue import DEFAULT
from planner.park.folder import Futures, digest, hashes, told_changes
from planner.plan import TARGET, Plan
from planner.planning.methods import DecomposedMethod
from planner.planning.run import Options
from planner.solve import BendersSession, Limits, Master, Trial, Years
from planner.tables.decisions import RETIRE, decisions_of
from planner.tables.facts import Repeatable, check_facts, check_format, read_json
from planner.tables.files import Damaged
from planner.tables.output import Tables
from planner.tables.place import SUMMARY, beside, facts_of

#: An integer this much above a whole number is that number.
WHOLE = 1e-6


def restored(method: DecomposedMethod, tables: Tables, cost: float, gap: float) -> Trial | None:
    """The plan of these tables, whose system cost was `cost` (money) on the same typical days, to within the gap."""
    master = method.master
    places, values, contracts = _held(master, tables)
    search = BendersSession(master, method.searched, Limits(gap), method.task.say(TARGET))
    master.hold(places, values)
    try:
        found = _found(search, gap, cost + gap * abs(cost), contracts)
    finally:
        master.unfix()
        master.restore(places)
    return found


def is_of(said: Mapping[str, Any] | None, days: TypicalDays | None) -> bool:
    """True if the run was planned on as many typical days as these, none added by a repair, and tells cost and bound there."""
    if said is None or days is None or said.get("added") or said.get("raised"):
        return False
    return bool(said["count"] == days.count and said["bound"] is not None)


def plan_of(method: DecomposedMethod, trial: Trial, bound: float) -> Plan | None:
    """A trial as the plan of the method, whose best point it becomes; `bound` of its cost (money). A trial on segments is operated
    on full days first; None where these cannot be served with its whole numbers."""
    assert isinstance(method.years, Years)
    is_joined = method.searched is not method.years
    served = method.served_on_full_days(trial.point, Limits(method.task.gap)) if is_joined else trial
    if served is None:
        return None
    method.best = served.point
    if not is_joined:
        method.years.take(served.operation)
    method.master.matrix.load(served.point)
    method.model.year = {y: year.view() for y, year in method.years.years.items()}
    plan = method.task.as_plan(TARGET, "feasible", bound, method.model)
    return method.told_on_segments(plan, served.cost, bound) if is_joined else plan


def _found(search: BendersSession, gap: float, most: float, contracts: np.ndarray) -> Trial | None:
    """Decide what is not fixed.

    most       what the plan may cost   money
    contracts  columns that are free again once whole numbers are fixed
    """
    master, plan = search.master, search.overall
    master.solver.relax(True)
    answer = master.optimum()
    if answer.status != "optimal":
        return None
    master.fix(np.ceil(answer.values[master.integers] - WHOLE))
    answer = master.optimum()
    if answer.status != "optimal":
        return None
    phase = search.begin(answer.values, "known")
    if plan.cost > most and phase.incumbent is not None:
        master.restore(contracts)
        search.iterate(phase, gap / 2)
        if plan.cost > most and phase.point is not None:
            search.remove_slack(phase.point)
        if plan.cost > most:
            search.polish(phase)
    return plan.incumbent if plan.cost <= most else None


def _held(master: Master, tables: Tables) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns of what a plan orders, retires, starts, plants and contracts, and their values, 0 where it does not; of them the
    columns of contracts."""
    model, column = master.model, master.matrix.column
    found = {column[id(v)]: amount for v, amount in decided(model, master.inputs, tables) if id(v) in column}
    places = np.array(sorted(found), dtype=np.int32)
    values = np.clip([found[place] for place in places.tolist()], master.matrix.lower[places], master.matrix.upper[places])
    return places, values, np.array([column[id(v)] for v in model.contract.values() if id(v) in column], dtype=np.int32)


def decided(model: ConcreteModel, inputs: Inputs, tables: Tables) -> list[tuple[Any, float]]:
    """Variables of what a plan orders, retires, starts, plants and contracts, and of its tariffs, with their values; 0 where it
    does not."""
    known = _amounts(tables)
    ordered = {key: known.get(("build", *key), 0.0) for key in model.build}
    amounts = [(v, ordered[key]) for key, v in model.build.items()]
    amounts += [(v, float(ordered[key] > 0)) for key, v in model.is_built.items()]
    amounts += [(v, _retired(tables, *key)) for key, v in model.retire.items()]
    amounts += [(v, known.get((family.local_name, *key), 0.0)) for family in _plain(model) for key, v in family.items()]
    return amounts + _tariffs(model, inputs, tables)


def _plain(model: ConcreteModel) -> tuple[Any, ...]:
    return model.adopt, model.plant, model.contract, model.used


def _tariffs(model: ConcreteModel, inputs: Inputs, tables: Tables) -> list[tuple[Any, float]]:
    """Variables of the schemes in force, and of what is paid for contracted capacity, with their values."""
    connections, supplies = inputs.connections, inputs.supplies
    in_force = {(scheme_key(r.connection, r.scheme), int(r.year)) for r in tables["schemes"].itertuples()}
    rows = tables["connections"][(tables["connections"]["item"] == "contracted") & (tables["connections"]["value"] > 0)]
    paid = {(str(r.name), str(r.scheme), int(r.year)) for r in rows.itertuples(index=False)}
    found = [(v, float(key in in_force)) for key, v in model.scheme.items()]
    for (b, y), v in model.pays_capacity.items():
        key = supplies.bill_scheme.get(b)
        scheme = "" if key is None else connections.scheme_in(key)
        found.append((v, float((supplies.payer[b], scheme, y) in paid)))
    return found


def contracted(inputs: Inputs, tables: Tables, y: int) -> dict[str, float]:
    """Charge -> capacity that a plan pays for in a year, of the charges on contracted capacity (MW)."""
    supplies, rows = inputs.supplies, tables["connections"]
    own = rows[(rows["item"] == "contracted") & (rows["year"] == y)]
    paid = {(str(r.name), str(r.scheme)): float(r.value) for r in own.itertuples(index=False)}
    found = {}
    for b, of in supplies.charge_of.items():
        key = supplies.bill_scheme.get(b)
        if of == b:
            found[b] = paid.get((supplies.payer[b], "" if key is None else inputs.connections.scheme_in(key)), 0.0)
    return found


def _retired(tables: Tables, asset: str, cohort: int, year: int) -> float:
    """How much of a cohort a plan retires in a year."""
    rows = tables["retirements"]
    own = rows[(rows["technology"] == asset) & (rows["year"] == year)]
    is_own = own["ordered"] > 0 if cohort == ANY else own["ordered"] == (0 if cohort == EXISTING else cohort)
    return float(own[is_own]["retired"].sum())


def _amounts(tables: Tables) -> dict[tuple[str, str, int], float]:
    """(what, name, year) -> how much a plan orders, starts (1), plants or contracts, and whether it uses a supply (1)."""
    found: dict[tuple[str, str, int], float] = {}
    for r in decisions_of(tables).itertuples(index=False):
        if r.action != RETIRE and not r.signed:
            key = r.action, r.name, int(r.year)
            found[key] = found.get(key, 0.0) + float(r.value)
    for item, kind in (("contracted", "contract"), ("used", "used")):
        own = tables["contracts"][tables["contracts"]["item"] == item]
        found |= {(kind, str(r.supply), int(r.year)): float(r.value) for r in own.itertuples()}
    return found


# --- rerun -----------------------------------------------------------------------------------------------------------------
# Repeating a run from its run.json: the same park, goal and options, and what may make the answer another one.

#: Of the answer, what a repeated run is compared by; numbers are the same within this share.
COMPARED, SAME = ("status", "system_cost", "bound"), 1e-6


@dataclass(frozen=True)
class RunOrder:
    """What is to be planned: a park, cost tables laid over it, a goal, how, where to write, and which futures: of another file than
    the park's, or none."""

    folder: Path
    costs: tuple[Path, ...]
    goal: GoalRequest
    options: Options
    out: Path
    futures: Path | None = None
    has_futures: bool = True

    def facts(self) -> dict[str, Any]:
        """What run.json says of it."""
        return {
            "park": told_from(self.folder, self.out),
            "costs": [told_from(c, self.out) for c in self.costs],
            "target": self.goal.target,
            "by": self.goal.by,
            "milestones": [list(m) for m in self.goal.milestones],
            **asdict(self.options),
            **({} if self.futures is None else {"futures": told_from(self.futures, self.out)}),
            **({} if self.has_futures else {"has_futures": False}),
        }

    def hashes(self) -> dict[str, str]:
        """Of all files that it reads, as they are now."""
        return hashes(self.folder, self.costs, DEFAULT, Futures(self.futures, self.has_futures))


@dataclass(frozen=True)
class Earlier:
    """An earlier run: its run.json, what it says, what it was to plan, and its summary, which the new run may replace."""

    file: Path
    facts: Mapping[str, Any]
    order: RunOrder
    summary: Mapping[str, Any]

    def check(self) -> None:
        """Raise CaseError where the park, or the catalogue, is another one than then; the files that differ are named."""
        now, then = self.order.hashes(), self.facts["files"]
        if then == now and digest(now) == self.facts["case_sha256"]:
            return
        raise CaseError.because(
            "{folder}: has changed since {file} was written ({names}); plan it anew instead of again",
            folder=self.order.folder,
            file=self.file,
            names=told_changes(then, now),
        )

    def compared(self, out: Path) -> str:
        """Whether the output that was written now has the status, cost and bound of the earlier one, in words."""
        folder, now = self.file.parent, facts_of(out / SUMMARY)
        name = Message("what stood in {folder} before", folder=folder) if folder.resolve() == out.resolve() else str(folder)
        for item in COMPARED:
            one, other = self.summary.get(item), now.get(item)
            numbers = [v for v in (one, other) if isinstance(v, float | int)]
            if one != other and (len(numbers) < 2 or not isclose(*numbers, rel_tol=SAME)):
                return Message("another {item} than {name}: {now}, then {then}", item=item, name=name, now=other, then=one)
        return Message("the same as {name}: status, cost and bound", name=name)

    def other_versions(self, versions: Mapping[str, str]) -> list[str]:
        """A sentence for each package that is of another version now."""
        then = self.facts["versions"]
        return [
            Message(
                "{file}: was made with {name} {then}, {now} is here; numbers may differ",
                file=self.file,
                name=name,
                then=then[name],
                now=versions[name],
            )
            for name in then
            if name in versions and then[name] != versions[name]
        ]


def read_run(file: Path, out: Path | None) -> Earlier:
    """Read a run.json. Raises CaseError where it is none, or what it names is not there any more."""
    try:
        file.stat()
        facts = read_json(file)
    except OSError as error:
        raise CaseError.because(
            "--rerun {file}: cannot be read ({error}); name the run.json of an output", file=file, error=error.strerror
        ) from None
    except Damaged as error:
        raise CaseError(
            [Message("--rerun {fault}; name the run.json of an output", fault=line) for line in error.complaints]
        ) from None
    check_format(file, facts)
    folder = file.absolute().parent
    try:
        said = facts["options"]
        if "frontier" in said or "change" in said:
            raise CaseError.because(
                "--rerun {file}: is of a park that was changed for a question; ask the question again", file=file
            )
        if "keep" in said:
            raise CaseError.because(
                "--rerun {file}: is of a plan that keeps {kept}; plan it with --keep again", file=file, kept=said["keep"]
            )
        if "foresight" in said:
            raise CaseError.because(
                "--rerun {file}: is of a chain of plans that know {count} years ahead; plan it with --foresight again",
                file=file,
                count=said["foresight"],
            )
        if "future" in said:
            raise CaseError.because(
                "{file}: is of one future, {future}, of a plan for several, and cannot be planned by itself; plan the park again, "
                "or with --no-futures for a run of its own tables",
                file=file,
                future=repr(said["future"]),
            )
        goal = GoalRequest(said["target"], said["by"], tuple((str(s), int(y)) for s, y in said["milestones"]))
        options = _options(said, file)
        told, costs = str(said["park"]), [str(c) for c in said["costs"]]
        _ = facts["case_sha256"], dict(facts["files"]), dict(facts["versions"])
    except KeyError as error:
        raise CaseError.because("--rerun {file}: cannot be repeated; it does not say its {error}", file=file, error=error) from None
    except (TypeError, ValueError, AttributeError):
        what = Message("goal and options are not of the kind that a run writes")
        raise CaseError.because(
            "--rerun {file}: is no run.json of ours ({what}); name the run.json of an output", file=file, what=what
        ) from None
    if faults := check_facts(file, facts, Repeatable):
        raise CaseError([Message("--rerun {fault}", fault=line) for fault in faults for line in fault.complaints])
    order = RunOrder(
        found_from(told, folder, Message("the park")),
        tuple(found_from(c, folder, Message("the cost table")) for c in costs),
        goal,
        options,
        out or shortest(beside(folder, "-again")),
        has_futures=bool(said.get("has_futures", True)),
    )
    return Earlier(file, facts, order, facts_of(file.parent / SUMMARY))


def _options(said: Mapping[str, Any], file: Path) -> Options:
    """The options that a run.json states.

    Raises KeyError where one is missing, CaseError where one is of another kind.
    """
    kinds = {
        "days": int | None,
        "gap": float | int,
        "time_limit": float | int | None,
        "compare": bool,
        "method": str,
        "verify": bool,
        "verify_all": bool,
        "fewest_orders": bool,
        "quick": bool,
        "segments": int,
        "is_wide": bool,
    }
    said = {"segments": 24, "is_wide": False, "verify_all": True, **said}  # as runs were made before these were options
    for name, kind in kinds.items():
        if not isinstance(said[name], kind):
            raise CaseError.because(
                "--rerun {file}: is no run.json of ours ({name} is {value}); name the run.json of an output",
                file=file,
                name=name,
                value=repr(said[name]),
            )
    return Options(**{name: said[name] for name in kinds})
