"""Stages: their order, rules that a later stage drops, and the figures that the goal's rules need. Rules of rules.csv: their names
and figures. Factors of standards: what each row is of, and where a park's own figures are others.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise

from models.case import (
    Assumption,
    Capture,
    Demand,
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
from models.metrics import CUMULATED, MATCHED, OF_RULES
from models.units import UnitError, factor
from planner.futures.paths import path_tables
from planner.futures.tree import EVERY, FIXED, LIMIT_ITEMS, SUBJECTS, Tree, groups, is_tree, told, tree_faults
from planner.language.message import Message
from planner.ledger.stages import BUDGETS, RATIOS
from planner.park import remarks
from planner.park.complaints import is_no
from planner.park.draft import Draft
from planner.park.faults import of
from planner.park.fields import check_file_name, number


def check_stages(draft: Draft, goal: Goal | None) -> None:
    """Check the standards in stages.csv, and the goal's stages against each other."""
    orders: dict[tuple[str, str], StageRule] = {}
    places: dict[tuple[str, int], str] = {}
    _check_metrics(draft.rows(StageRule), draft)
    for rule in draft.rows(StageRule):
        first = orders.setdefault((rule.standard, rule.stage), rule)
        if rule.order != first.order:
            draft.fault(
                rule.origin,
                "order = {order}: stage {stage} has order {other} in another row; keep one",
                order=rule.order,
                stage=repr(rule.stage),
                other=first.order,
            )
        elif first is rule:
            other = places.setdefault((rule.standard, rule.order), rule.stage)
            if other != rule.stage:
                draft.fault(
                    rule.origin,
                    "order = {order}: is that of stage {other} too; the stages follow each other",
                    order=rule.order,
                    other=repr(other),
                )
    if goal is not None and draft.park is not None:
        rules = [rule for rule in draft.rows(StageRule) if rule.standard == draft.park.standard]
        _warn_of_dropped(goal, rules, draft)
        _check_energy(goal, rules, draft)


def _check_metrics(rules: Iterable[StageRule | ParkRule], draft: Draft) -> None:
    """A metric that the ledger lacks is refused here: it could approve of no plan."""
    for rule in rules:
        if rule.metric not in RATIOS and rule.metric not in BUDGETS:
            draft.fault(
                rule.origin, "metric {metric}: is not worked out by the ledger; no plan could be checked", metric=rule.metric
            )


def _warn_of_dropped(goal: Goal, rules: list[StageRule], draft: Draft) -> None:
    for (earlier, _), (later, _) in pairwise(goal.steps):
        kept = {(rule.metric, rule.sense) for rule in rules if rule.stage == later}
        for rule in rules:
            if rule.stage == earlier and (rule.metric, rule.sense) not in kept:
                draft.warn(rule.origin, remarks.DROPPED, metric=repr(rule.metric), earlier=earlier, later=later)


def _check_energy(goal: Goal, rules: list[StageRule], draft: Draft) -> None:
    """Rules on energy in tce need the tce of everything that can be bought."""
    stages = {stage for stage, _ in goal.steps}
    metrics = sorted({r.metric for r in rules if r.stage in stages and r.metric in ("intensity", "clean_share")})
    if not metrics:
        return
    for supply in draft.rows(Supply):
        if supply.can_import and supply.tce_per_mwh is None:
            draft.fault(
                supply.origin, "tce_per_mwh: is blank; the goal's rule on {metric} needs it (0 to say zero)", metric=metrics[0]
            )
    _tell_first_grid(draft)


def _tell_first_grid(draft: Draft) -> None:
    """Say whose coal equivalent is that of electricity, where grid supplies differ in it."""
    grids = sorted((s for s in draft.rows(Supply) if s.kind == "grid" and s.carrier == "electricity"), key=lambda s: s.supply)
    if other := next((s for s in grids[1:] if s.tce_per_mwh != grids[0].tce_per_mwh), None):
        tce, theirs = (f"{s.tce_per_mwh or 0.0:.4g}" for s in (grids[0], other))
        first, second = repr(grids[0].supply), repr(other.supply)
        draft.warn(grids[0].origin, remarks.FIRST_GRID, supply=first, tce=tce, other=second, theirs=theirs)


#: Stages have these names, so no rule has.
STAGES = ("low-carbon", "near-zero-carbon", "zero-carbon")


def check_rules(draft: Draft) -> None:
    """Check every rule by itself, and that what it divides by is stated."""
    _check_metrics(draft.rows(ParkRule), draft)
    for rule in draft.rows(ParkRule):
        if rule.rule in STAGES:
            draft.fault(rule.origin, "rule {rule}: is the name of a stage; name the rule otherwise", rule=repr(rule.rule))
        if rule.metric in CUMULATED and rule.sense != "<=":
            draft.fault(rule.origin, "sense {sense}: a budget over years is bounded from above; write <=", sense=repr(rule.sense))
        if rule.metric in MATCHED and rule.sense != ">=":
            draft.fault(
                rule.origin, "sense {sense}: green power of the hour is bounded from below; write >=", sense=repr(rule.sense)
            )
        if rule.metric in CUMULATED and rule.limit < 0:
            draft.fault(rule.origin, "limit = {limit}: is below 0; no year counts less than 0 in a budget", limit=f"{rule.limit:g}")
        # one of the catalogue that steps up after the horizon holds as it stands before
        if draft.park is not None and rule.year is not None and rule.year > draft.park.last_year and not rule.is_of_catalogue:
            draft.fault(
                rule.origin,
                "year = {year}: is after last_year {last_year}; the rule would never hold",
                year=rule.year,
                last_year=draft.park.last_year,
            )
    _check_energy_of_rules(draft)


def _check_energy_of_rules(draft: Draft) -> None:
    """Rules on energy in tce need the tce of everything that can be bought."""
    metrics = sorted({r.metric for r in draft.rows(ParkRule) if OF_RULES[r.metric].denominator == "energy_use"})
    if metrics:
        _tell_first_grid(draft)
    for supply in draft.rows(Supply) if metrics else ():
        if supply.can_import and supply.tce_per_mwh is None:
            draft.fault(supply.origin, "tce_per_mwh: is blank; the rule on {metric} needs it (0 to say zero)", metric=metrics[0])


def check_standards(draft: Draft) -> None:
    """Each row names a fuel, or a kind and a carrier; a supply whose own figures differ from the standard's is told."""
    for row in draft.rows(StandardFactor):
        by_kind = bool(row.supply_kind) and bool(row.carrier)
        if bool(row.fuel) == by_kind or (row.fuel and (row.supply_kind or row.carrier)):
            draft.fault(row.origin, "fuel, supply_kind, carrier: a row names a fuel, or a supply_kind and a carrier")
        if row.factor is None and row.tce_per_mwh is None:
            draft.fault(row.origin, "factor, tce_per_mwh: are blank; a row gives at least one of them")
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
            draft.warn(
                supply.origin,
                remarks.OTHER_FACTOR,
                supply=repr(supply.supply),
                own=f"{ours:.4g}",
                standard=draft.park.standard,
                factor=f"{theirs:.4g}",
                unit=unit,
            )


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
#: Names of plans beside those of futures, in regret.csv.
PLANS = ("expected", "least regret")
#: Columns that one table alone has.
_OF_TABLES = {"scheme": ("prices",), "sense": ("stages", "rules")}


def check_futures(draft: Draft) -> None:
    """Check futures.csv and future_values.csv; a park without them has nothing to check."""
    rows, values = draft.rows(Future), draft.rows(FutureValue)
    if draft.park is None or not (rows or values):
        return
    for row in rows:
        _check_name(row, draft)
        if row.parent:
            draft.refer(row.origin, ("parent", row.parent), "future", (Future, "future"))
    for where, words in tree_faults(rows, draft.park):
        draft.fault(where, words)
    right = []
    for value in values:
        before = len(draft.complaints)
        draft.refer(value.origin, ("future", value.future), "future", (Future, "future"))
        _check_value(value, draft)
        right += [value] if len(draft.complaints) == before else []
    _check_alike(rows, values, draft)
    if not rows or not is_tree(rows):
        return
    tree = Tree.of(rows, draft.park)
    _check_paths(tree, right, draft)
    draft.assumptions += [
        Assumption(
            table="futures",
            name=name,
            parameter="probability",
            value=f"{tree.given(name):g}",
            unit="1",
            grade="derived",
            note="equal shares: nobody stated how likely it is",
        )
        for name in tree.assumed
    ]


def _check_name(row: Future, draft: Draft) -> None:
    """A future has a folder of its name in the output, and its plan is told beside two others."""
    try:
        check_file_name(row.future)
    except ValueError as error:
        draft.fault(row.origin, of(f"future {row.future!r}", error))
    if row.future in PLANS:
        draft.fault(row.origin, "future {future}: is the name of a plan in regret.csv; name it otherwise", future=repr(row.future))


def _check_value(value: FutureValue, draft: Draft) -> None:
    """What a row says by itself."""
    where = value.origin
    if (value.factor is None) == (value.value == ""):
        draft.fault(where, "factor, value: exactly one of them is needed")
    for column, tables in _OF_TABLES.items():
        if getattr(value, column) and value.changed not in tables:
            draft.fault(
                where,
                "{column} {given}: only rows of {tables} have one",
                column=column,
                given=repr(getattr(value, column)),
                tables=", ".join(tables),
            )
    if value.changed == "profiles":
        _check_profile(value, draft)
        return
    if value.value:
        try:
            number(value.value, "")
        except ValueError as error:
            draft.fault(where, of(f"value = {value.value}", error))
    has_unit = value.changed in SUBJECTS and SUBJECTS[value.changed].has_unit
    if value.unit and (not has_unit or value.factor is not None):
        draft.fault(
            where,
            "unit {unit}: {what} has none; leave it blank",
            unit=repr(value.unit),
            what=Message("a factor") if value.factor is not None else f"{value.changed}.csv",
        )
    _check_names(value, draft)


def _check_names(value: FutureValue, draft: Draft) -> None:
    items = LIMIT_ITEMS if value.changed == "limits" else SUBJECTS[value.changed].items
    if value.changed == "costs" and value.item in FIXED:
        draft.fault(value.origin, "item {item}: may not differ from future to future", item=repr(value.item))
    elif items and value.item not in items:
        near = difflib.get_close_matches(value.item, items, 1)
        hint = (
            Message("did you mean {near}?", near=repr(near[0]))
            if near
            else Message("write {choices}", choices=", ".join(i for i in items if i))
        )
        draft.fault(
            value.origin,
            "item {item}: is none of {table} that may differ; {hint}",
            item=repr(value.item),
            table=f"{value.changed}.csv",
            hint=hint,
        )
    elif not items and value.item and value.changed not in ("stages", "rules"):
        draft.fault(
            value.origin,
            "item {item}: {table} has one figure a row; leave it blank",
            item=repr(value.item),
            table=f"{value.changed}.csv",
        )
    if value.changed == "budget" and value.name:
        draft.fault(value.origin, "name {name}: budget.csv is of the park as a whole; leave it blank", name=repr(value.name))
    elif value.changed != "budget" and not value.name:
        draft.fault(value.origin, "name: is blank; it says what the figure is of, `*` all of the table")


def _check_profile(value: FutureValue, draft: Draft) -> None:
    profiles = draft.profiles
    if value.factor is not None:
        draft.fault(value.origin, "factor: a profile has none; write in value the column of profiles.csv that takes its place")
    if value.item or value.unit:
        draft.fault(value.origin, "item, unit: a profile has none; leave them blank")
    for column, name in (("name", value.name), ("value", value.value)):
        if name and profiles.is_read and name not in profiles.names:
            draft.fault(value.origin, is_no(column, name, "profile of profiles.csv", profiles.names))


def _check_alike(rows: list[Future], values: list[FutureValue], draft: Draft) -> None:
    """All rows of a figure state factors, or all values; and no two figures of a future are the same one."""
    for row in rows:
        for group in groups(values, row.future):
            if len({v.factor is None for v in group}) > 1:
                draft.fault(
                    group[-1].origin,
                    "{figure}: some rows state a factor and some a value; write one of them in all",
                    figure=repr(told(group[0])),
                )
            if group[0].name != EVERY:
                continue
            for other in groups(values, row.future):
                if (
                    other[0].name != EVERY
                    and (other[0].changed, other[0].item) == (group[0].changed, group[0].item)
                    and group[0].item != "carbon"
                ):
                    draft.fault(
                        other[0].origin, "{figure}: is changed by the row of `*` too; keep one of them", figure=repr(told(other[0]))
                    )


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
CO2 = "co2"


def check_captures(draft: Draft) -> None:
    """Check the capture plants, their sources, and the rules of the carrier co2."""
    for row in draft.rows(Capture):
        _check_plant(row, draft)
        _check_source(row, draft)
    if draft.is_sure(Capture):
        served = draft.names(Capture, "technology")
        for technology in draft.rows(Technology):
            kind = draft.types.get(technology.type_name)
            if kind and kind.role == "capture" and technology.technology not in served:
                draft.fault(
                    technology.origin,
                    "technology {technology}: takes CO2 from nothing; name its sources in captures.csv",
                    technology=repr(technology.technology),
                )
    _check_co2(draft)


def _check_plant(row: Capture, draft: Draft) -> None:
    if not draft.refer(row.origin, ("technology", row.technology), "technology", (Technology, "technology")):
        return
    for plant in draft.rows(Technology):
        kind = draft.types.get(plant.type_name)
        if plant.technology == row.technology and kind and kind.role != "capture":
            draft.fault(
                row.origin,
                "technology {technology}: is a {role}; a technology of role capture is needed",
                technology=repr(row.technology),
                role=kind.role,
            )


def _check_source(row: Capture, draft: Draft) -> None:
    """A source is the air, a technology that burns a fuel, or a process whose CO2 can be taken."""
    technologies, processes = draft.names(Technology, "technology"), draft.names(ProcessEmission, "source")
    if row.source == AIR:
        return
    if row.source in technologies and row.source in processes:
        draft.fault(
            row.origin,
            "source {source}: is a technology and a process emission; give one of them another name",
            source=repr(row.source),
        )
    elif row.source in technologies:
        _check_flue_gas(row, draft)
    elif row.source in processes:
        for emission in draft.rows(ProcessEmission):
            if emission.source == row.source and not emission.capturable:
                draft.fault(
                    row.origin,
                    "source {source}: is not capturable; write capturable = 1 in process_emissions.csv",
                    source=repr(row.source),
                )
    elif draft.is_sure(Technology) and draft.is_sure(ProcessEmission):
        choices = technologies | processes | {AIR}
        draft.fault(row.origin, is_no("source", row.source, Message("technology, process emission or 'air'"), choices))


def _check_flue_gas(row: Capture, draft: Draft) -> None:
    """The source burns something, and what it burns has one emission factor."""
    source = next((t for t in draft.rows(Technology) if t.technology == row.source), None)
    kind = draft.types.get(source.type_name) if source else None
    if kind is None or not draft.is_sure(Supply) or not draft.is_sure(Port, kind.type):
        return
    if kind.role != "converter":
        draft.fault(
            row.origin, "source {source}: is a {role}; only a converter burns a fuel", source=repr(row.source), role=kind.role
        )
        return
    burnt = {port.carrier for port in draft.ports.get(kind.type, []) if port.direction == "in"}
    fuels = [s for s in draft.rows(Supply) if s.carrier in burnt and s.scope == 1 and s.can_import]
    unclear = [s for s in draft.rows(Supply) if s.carrier in burnt and s.scope is None and s.can_import]
    if not fuels and not unclear and draft.ports.get(kind.type):
        draft.fault(
            row.origin, "source {source}: burns nothing that is bought with scope 1; it has no CO2 to take", source=repr(row.source)
        )
    shapes = {p.profile for p in draft.ports.get(kind.type, []) if p.direction == "in" and p.carrier in {f.carrier for f in fuels}}
    if len(shapes) > 1:
        names = ", ".join(repr(name) if name else "none" for name in sorted(shapes))
        draft.fault(
            row.origin,
            "source {source}: burns fuels at ports of different profiles ({names}); whose CO2 is captured cannot be told "
            "apart; give these ports one profile",
            source=repr(row.source),
            names=names,
        )
    for carrier in sorted({fuel.carrier for fuel in fuels}):
        suppliers = [fuel for fuel in fuels if fuel.carrier == carrier]
        contents = [_content(fuel.supply, draft) for fuel in suppliers]
        if any(value for _, value, _ in contents[0]):
            _check_own_fuel(row, carrier, draft)
        for fuel, content in zip(suppliers, contents, strict=True):
            if content != contents[0] and all(draft.is_sure(EmissionFactor, f.supply) for f in suppliers):
                draft.fault(
                    fuel.origin,
                    "supply {supply}: has another emission factor than {other}; {carrier} burnt by {source}, whose CO2 is "
                    "captured, must have one",
                    supply=repr(fuel.supply),
                    other=repr(suppliers[0].supply),
                    carrier=carrier,
                    source=repr(row.source),
                )


def _check_own_fuel(row: Capture, carrier: str, draft: Draft) -> None:
    """What makes a burnt carrier in the park is all biogenic or not at all, and the factors of what goes in say so."""
    if not draft.is_sure(EmissionFactor) or not draft.is_sure(Technology):
        return
    advice = Message("give what goes in a supply of scope 1 with an emission factor, biogenic 1 or 0")
    kinds: dict[str, set[int]] = {}
    for technology in draft.rows(Technology):
        kind, ports = draft.types.get(technology.type_name), draft.ports.get(technology.type_name, [])
        if kind and kind.role == "converter" and any((p.carrier, p.direction) == (carrier, "out") for p in ports):
            into = {p.carrier for p in ports if p.direction == "in"}
            fuels = {s.supply for s in draft.rows(Supply) if s.carrier in into and s.scope == 1 and s.can_import}
            kinds[technology.technology] = {f.biogenic for f in draft.rows(EmissionFactor) if f.supply in fuels}
    unsaid = sorted(name for name, known in kinds.items() if not known)
    where = Message("source {source}: burns {carrier}, which the park makes too", source=repr(row.source), carrier=carrier)
    if unsaid:
        draft.fault(
            row.origin,
            "{where}; nothing says whether what {carrier} makes is biogenic; {advice}",
            where=where,
            carrier=repr(unsaid[0]),
            advice=advice,
        )
    elif len(set().union(*kinds.values())) > 1:
        names = ", ".join(repr(name) for name in sorted(kinds))
        draft.fault(
            row.origin,
            "{where} ({names}), of biomass and of something else; what is captured of it cannot be told apart; let them make "
            "carriers of different names",
            where=where,
            names=names,
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


def _check_co2(draft: Draft) -> None:
    """Only capture plants feed co2, only sinks and links take it."""
    used = {technology.type_name for technology in draft.rows(Technology)}
    for name in sorted(used & set(draft.types)):
        for port in draft.ports.get(name, []):
            is_captured = draft.types[name].role == "capture" and port.direction == "out"
            if port.carrier == CO2 and not is_captured:
                draft.fault(
                    port.origin, "carrier 'co2': only capture plants feed it, only sinks and links take it; remove this port"
                )
    for demand in draft.rows(Demand):
        if demand.carrier == CO2:
            draft.fault(demand.origin, "carrier 'co2': cannot be demanded; only sinks and links take it")
    for supply in draft.rows(Supply):
        if supply.carrier == CO2 and supply.kind != "sink":
            draft.fault(
                supply.origin, "kind {kind}: co2 cannot be bought; write kind sink, with a max_export", kind=repr(supply.kind)
            )
