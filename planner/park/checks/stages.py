"""Stages: their order, rules that a later stage drops, and the figures that the goal's rules need. Rules of rules.csv: their names
and figures. Factors of standards: what each row is of, and where a park's own figures are others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from itertools import pairwise

from models.case import (
    Assumption,
    Capture,
    EmissionFactor,
    Future,
    FutureValue,
    Goal,
    ParkRule,
    Port,
    ProcessEmission,
    Row,
    StageRule,
    StandardFactor,
    Supply,
    Technology,
)
from models.inputs.finance import over_years, rows_of
from models.metrics import OF_RULES
from models.units import UnitError, factor
from planner.futures.paths import path_tables
from planner.futures.tree import EVERY, FIXED, LIMIT_ITEMS, SUBJECTS, Tree, groups, is_tree, told, tree_faults
from planner.language.language import mark
from planner.language.message import Message
from planner.park import remarks
from planner.park.complaints import is_no
from planner.park.draft import Draft
from planner.park.faults import of
from planner.park.fields import check_file_name, number


def check_stages(draft: Draft, goal: Goal | None) -> None:
    """Check the goal's stages against each other, and what the rules of stages and park divide by."""
    if goal is not None and draft.park is not None:
        rules = [rule for rule in draft.rows(StageRule) if rule.standard == draft.park.standard]
        _warn_of_dropped(goal, rules, draft)
        stages = {stage for stage, _ in goal.steps}
        _check_energy({rule.metric for rule in rules if rule.stage in stages}, draft)
    _check_energy({rule.metric for rule in draft.rows(ParkRule)}, draft)


def _warn_of_dropped(goal: Goal, rules: list[StageRule], draft: Draft) -> None:
    for (earlier, _), (later, _) in pairwise(goal.steps):
        kept = {(rule.metric, rule.sense) for rule in rules if rule.stage == later}
        for rule in rules:
            if rule.stage == earlier and (rule.metric, rule.sense) not in kept:
                draft.warn(rule, remarks.DROPPED, earlier=earlier, later=later)


def _check_energy(metrics: Iterable[str], draft: Draft) -> None:
    """Rules on energy in tce need the tce of everything that can be bought."""
    by_energy = sorted(metric for metric in metrics if OF_RULES[metric].denominator == "energy_use")
    for supply in draft.rows(Supply) if by_energy else ():
        if supply.can_import and supply.tce_per_mwh is None:
            draft.fault(supply, "tce_per_mwh: is blank; the rule on {metric} needs it (0 to say zero)", metric=by_energy[0])
    if by_energy:
        _tell_first_grid(draft)


def _tell_first_grid(draft: Draft) -> None:
    """Say whose coal equivalent is that of electricity, where grid supplies differ in it."""
    grids = sorted((s for s in draft.rows(Supply) if s.kind == "grid" and s.carrier == "electricity"), key=lambda s: s.supply)
    if other := next((s for s in grids[1:] if s.tce_per_mwh != grids[0].tce_per_mwh), None):
        tce, theirs = (f"{s.tce_per_mwh or 0.0:.4g}" for s in (grids[0], other))
        draft.warn(grids[0], remarks.FIRST_GRID, tce=tce, other=repr(other.supply), theirs=theirs)


def check_standards(draft: Draft) -> None:
    """A supply whose own figures differ from the standard's is told."""
    if draft.park is None or not draft.is_sure(Supply) or not draft.is_sure(EmissionFactor):
        return
    rows = [r for r in draft.rows(StandardFactor) if r.standard == draft.park.standard]
    for supply in draft.rows(Supply) if rows else ():
        if supply.can_import:
            _tell(supply, rows_of(rows, supply), draft)


def _tell(supply: Supply, rows: list[StandardFactor], draft: Draft) -> None:
    """Say where the figures of a supply in the first year are others than the standard's."""
    assert draft.park is not None
    y, basis = draft.park.first_year, draft.park.accounting
    stated = [r for r in rows if r.basis == basis] or [r for r in rows if not r.basis]
    given = _in(y, ((r.year, r.factor) for r in stated if r.factor is not None))
    own = _own(supply, basis, y, draft)
    tce = _in(y, dict.fromkeys((r.year, r.tce_per_mwh) for r in rows if r.tce_per_mwh is not None))
    for theirs, ours, unit in ((given, own, "t/MWh"), (tce, supply.tce_per_mwh, "tce/MWh")):
        if theirs is not None and ours is not None and abs(theirs - ours) > 1e-9:
            words = {"own": f"{ours:.4g}", "standard": draft.park.standard, "factor": f"{theirs:.4g}", "unit": unit}
            draft.warn(supply, remarks.OTHER_FACTOR, **words)


def _own(supply: Supply, basis: str, y: int, draft: Draft) -> float | None:
    rows = [f for f in draft.rows(EmissionFactor) if f.supply == supply.supply]
    rows = [f for f in rows if f.basis == basis] or [f for f in rows if not f.basis] or rows
    try:
        return _in(y, ((f.year, 0.0 if f.biogenic else f.value * factor(f.unit, "t/MWh")) for f in rows))
    except UnitError:
        return None


def _in(y: int, points: Iterable[tuple[int | None, float]]) -> float | None:
    found = list(points)
    return over_years(found, [y])[y] if found else None


# --- futures ---------------------------------------------------------------------------------------------------------------
# Futures: the tree holds together, and each figure that differs is one that the park states, in a unit that fits.

#: Tables that a path is made of.
NEEDED = (*SUBJECTS, "limits", "technologies", "links", "types", "profile_years")


def check_futures(draft: Draft) -> None:
    """Check futures.csv and future_values.csv; a park without them has nothing to check."""
    rows, values = draft.rows(Future), draft.rows(FutureValue)
    if draft.park is None or not (rows or values):
        return
    for row in rows:
        _check_name(row, draft)
    tree_faults(rows, draft.park, draft.fault)
    for value in values:
        _check_value(value, draft)
    right = [value for value in values if value.origin not in draft.faulty]
    _check_alike(rows, values, draft)
    if not rows or not is_tree(rows):
        return
    tree = Tree.of(rows, draft.park)
    _check_paths(tree, right, draft)
    note = "equal shares: nobody stated how likely it is"
    for name in tree.assumed:
        share = f"{tree.given(name):g}"
        draft.assumptions.append(
            Assumption(table="futures", name=name, parameter="probability", value=share, unit="1", grade="derived", note=note)
        )


def _check_name(row: Future, draft: Draft) -> None:
    """A future has a folder of its name in the output."""
    try:
        check_file_name(row.future)
    except ValueError as error:
        draft.fault(row, of(f"future {row.future!r}", error))


def _check_value(value: FutureValue, draft: Draft) -> None:
    """A figure is a number, a profile a column of profiles.csv, and an item one that the table has."""
    if value.changed == "profiles":
        for column, name in (("name", value.name), ("value", value.value)):
            if name and draft.profiles.is_read and name not in draft.profiles.names:
                draft.fault(value, is_no(column, name, "profile of profiles.csv", draft.profiles.names))
        return
    if value.value:
        try:
            number(value.value, "")
        except ValueError as error:
            draft.fault(value, of(f"value = {value.value}", error))
    items = LIMIT_ITEMS if value.changed == "limits" else SUBJECTS[value.changed].items
    table = f"{value.changed}.csv"
    if value.changed == "costs" and value.item in FIXED:
        draft.fault(value, "item {item}: may not differ from future to future")
    elif items and value.item not in items:
        choices = [item for item in items if item]
        draft.fault(value, is_no("item", value.item, Message("figure of {table} that may differ", table=table), choices))
    elif not items and value.item and value.changed not in ("stages", "rules"):
        draft.fault(value, "item {item}: {table} has one figure a row; leave it blank", table=table)


def _check_alike(rows: list[Future], values: list[FutureValue], draft: Draft) -> None:
    """All rows of a figure state factors, or all values; and no two figures of a future are the same one."""
    for row in rows:
        for group in groups(values, row.future):
            if len({v.factor is None for v in group}) > 1:
                words = mark("{figure}: some rows state a factor and some a value; write one of them in all")
                draft.fault(group[-1], words, figure=repr(told(group[0])))
            if group[0].name != EVERY:
                continue
            for other in groups(values, row.future):
                is_same = (other[0].changed, other[0].item) == (group[0].changed, group[0].item)
                if other[0].name != EVERY and is_same and group[0].item != "carbon":
                    words = mark("{figure}: is changed by the row of `*` too; keep one of them")
                    draft.fault(other[0], words, figure=repr(told(other[0])))


def _check_paths(tree: Tree, values: list[FutureValue], draft: Draft) -> None:
    """What no row by itself shows: the figures of each path, made as they will be planned."""
    assert draft.park is not None
    if any(table in draft.unreadable or draft.doubtful.get(table) for table in NEEDED):
        return
    tables: dict[str, list[Row]] = {table: draft.valid[table] for table in NEEDED}
    with suppress(UnitError):  # of the park's own tables, told where these are checked
        for leaf in tree.leaves:
            path_tables(tables, draft.park, tree, values, leaf, draft.fault)


# --- captures --------------------------------------------------------------------------------------------------------------
# Capture of CO2: which plants take it, from what, and that the carrier co2 is used for nothing else.

AIR = "air"


def check_captures(draft: Draft) -> None:
    """Check the sources of the capture plants."""
    technologies = {row.technology: row for row in draft.rows(Technology)}
    for row in draft.rows(Capture):
        _check_source(row, technologies, draft)


def _check_source(row: Capture, technologies: dict[str, Technology], draft: Draft) -> None:
    """A source is the air, a technology that burns a fuel, or a process whose CO2 can be taken."""
    names, processes = draft.names(Technology, "technology"), draft.names(ProcessEmission, "source")
    if row.source == AIR:
        return
    if row.source in technologies and row.source not in processes:
        _check_flue_gas(row, technologies[row.source], draft)
    elif row.source not in names | processes and draft.is_sure(Technology) and draft.is_sure(ProcessEmission):
        choices = names | processes | {AIR}
        draft.fault(row, is_no("source", row.source, Message("technology, process emission or 'air'"), choices))


def _check_flue_gas(row: Capture, source: Technology, draft: Draft) -> None:
    """The source burns something, and what it burns has one emission factor."""
    kind = draft.types.get(source.type_name)
    if kind is None or not draft.is_sure(Supply) or not draft.is_sure(Port, kind.type):
        return
    if kind.role != "converter":
        draft.fault(row, "source {source}: is a {role}; only a converter burns a fuel", role=kind.role)
        return
    taken = [port for port in draft.ports.get(kind.type, []) if port.direction == "in"]
    burnt = {port.carrier for port in taken}
    fuels = [s for s in draft.rows(Supply) if s.carrier in burnt and s.scope == 1 and s.can_import]
    unclear = [s for s in draft.rows(Supply) if s.carrier in burnt and s.scope is None and s.can_import]
    if not fuels and not unclear and draft.ports.get(kind.type):
        draft.fault(row, "source {source}: burns nothing that is bought with scope 1; it has no CO2 to take")
    shapes = {p.profile for p in taken if p.carrier in {f.carrier for f in fuels}}
    if len(shapes) > 1:
        draft.fault(
            row,
            "source {source}: burns fuels at ports of different profiles ({names}); whose CO2 is captured cannot be told "
            "apart; give these ports one profile",
            names=", ".join(repr(name) if name else "none" for name in sorted(shapes)),
        )
    for carrier in sorted({fuel.carrier for fuel in fuels}):
        suppliers = [fuel for fuel in fuels if fuel.carrier == carrier]
        contents = [_content(fuel.supply, draft) for fuel in suppliers]
        if any(value for _, value, _ in contents[0]):
            _check_own_fuel(row, carrier, draft)
        for fuel, content in zip(suppliers, contents, strict=True):
            if content != contents[0] and all(draft.is_sure(EmissionFactor, f.supply) for f in suppliers):
                draft.fault(
                    fuel,
                    "supply {supply}: has another emission factor than {other}; {carrier} burnt by {source}, whose CO2 is "
                    "captured, must have one",
                    other=repr(suppliers[0].supply),
                    carrier=carrier,
                    source=repr(row.source),
                )


def _check_own_fuel(row: Capture, carrier: str, draft: Draft) -> None:
    """A burnt carrier that is bought is not made in the park too, unless it is biogenic either way."""
    if not draft.is_sure(EmissionFactor) or not draft.is_sure(Technology):
        return

    def biogenic(carriers: Collection[str]) -> set[int]:
        """What the factors of what is bought of these carriers say."""
        fuels = {s.supply for s in draft.rows(Supply) if s.carrier in carriers and s.scope == 1 and s.can_import}
        return {f.biogenic for f in draft.rows(EmissionFactor) if f.supply in fuels}

    for technology in draft.rows(Technology):
        ports = draft.ports.get(technology.type_name, []) if draft.role(technology) == "converter" else []
        into = {p.carrier for p in ports if p.direction == "in"}
        if any((p.carrier, p.direction) == (carrier, "out") for p in ports) and not (biogenic({carrier}) == biogenic(into) == {1}):
            draft.fault(
                row,
                "source {source}: burns {carrier}, which {maker} makes too; what is captured of either cannot be told apart unless "
                "both are biogenic; give what is made a name of its own, with a boiler that burns it",
                source=repr(row.source),
                carrier=carrier,
                maker=repr(technology.technology),
            )


def _content(supply: str, draft: Draft) -> set[tuple[int | None, float, int]]:
    """The emission factor of a supply by year, in t/MWh."""
    found = set()
    for row in draft.rows(EmissionFactor):
        if row.supply == supply:
            try:
                found.add((row.year, round(row.value * factor(row.unit, "t/MWh"), 9), row.biogenic))
            except UnitError:
                continue
    return found
