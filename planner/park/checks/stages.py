"""Stages that drop rules of earlier ones, figures beside those of a standard, futures that form a tree, and what takes CO2."""

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
    Port,
    ProcessEmission,
    Row,
    StageRule,
    StandardFactor,
    Supply,
    Technology,
)
from models.inputs.finance import over_years, rows_of
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


def check_stages(draft: Draft) -> None:
    """Warn of each rule of a stage that a later one of the goal drops, and of figures that are others than the standard's."""
    if draft.park is None:
        return
    rules = [rule for rule in draft.rows(StageRule) if rule.standard == draft.park.standard]
    for (earlier, _), (later, _) in pairwise(draft.goal.steps if draft.goal else ()):
        kept = {(rule.metric, rule.sense) for rule in rules if rule.stage == later}
        for rule in rules:
            if rule.stage == earlier and (rule.metric, rule.sense) not in kept:
                draft.warn(rule, remarks.DROPPED, earlier=earlier, later=later)
    if not draft.is_sure(Supply) or not draft.is_sure(EmissionFactor):
        return
    y, basis = draft.park.first_year, draft.park.accounting
    factors = [row for row in draft.rows(StandardFactor) if row.standard == draft.park.standard]
    for supply in draft.rows(Supply) if factors else ():
        rows, own = rows_of(factors, supply), [f for f in draft.rows(EmissionFactor) if f.supply == supply.supply]
        on_basis = [r for r in rows if r.basis == basis] or [r for r in rows if not r.basis]
        own = [f for f in own if f.basis == basis] or [f for f in own if not f.basis] or own
        theirs = _in(y, ((r.year, r.factor) for r in on_basis if r.factor is not None))
        tce = _in(y, dict.fromkeys((r.year, r.tce_per_mwh) for r in rows if r.tce_per_mwh is not None))
        with suppress(UnitError):
            ours = _in(y, ((f.year, 0.0 if f.biogenic else f.value * factor(f.unit, "t/MWh")) for f in own))
            for given, stated, unit in ((theirs, ours, "t/MWh"), (tce, supply.tce_per_mwh, "tce/MWh")):
                if supply.can_import and given is not None and stated is not None and abs(given - stated) > 1e-9:
                    words = {"own": f"{stated:.4g}", "standard": draft.park.standard, "factor": f"{given:.4g}", "unit": unit}
                    draft.warn(supply, remarks.OTHER_FACTOR, **words)


def _in(y: int, points: Iterable[tuple[int | None, float]]) -> float | None:
    found = list(points)
    return over_years(found, [y])[y] if found else None


# --- futures ---------------------------------------------------------------------------------------------------------------

#: Tables that a path is made of.
NEEDED = (*SUBJECTS, "limits", "technologies", "links", "types", "profile_years")


def check_futures(draft: Draft) -> None:
    """The tree holds together, and each figure that differs is one that the park states, in a unit that fits."""
    rows, values = draft.rows(Future), draft.rows(FutureValue)
    if draft.park is None or not (rows or values):
        return
    for row in rows:  # a future has a folder of its name in the output
        try:
            check_file_name(row.future)
        except ValueError as error:
            draft.fault(row, of(f"future {row.future!r}", error))
    tree_faults(rows, draft.park, draft.fault)
    for value in values:
        _check_value(value, draft)
    right = [value for value in values if value.origin not in draft.faulty]
    _check_groups(rows, values, draft)
    if not is_tree(rows):
        return
    tree = Tree.of(rows, draft.park)
    if not any(table in draft.unreadable or draft.doubtful.get(table) for table in NEEDED):
        tables: dict[str, list[Row]] = {table: draft.valid[table] for table in NEEDED}
        with suppress(UnitError):  # of the park's own tables, told where these are checked
            for leaf in tree.leaves:
                path_tables(tables, draft.park, tree, right, leaf, draft.fault)
    note = "equal shares: nobody stated how likely it is"
    for name in tree.assumed:
        share = f"{tree.given(name):g}"
        draft.assumptions.append(
            Assumption(table="futures", name=name, parameter="probability", value=share, unit="1", grade="derived", note=note)
        )


def _check_value(value: FutureValue, draft: Draft) -> None:
    """A figure is a number, a profile a column of profiles.csv, and an item one that the table has."""
    if value.changed == "profiles":
        for column, name in (("name", value.name), ("value", value.value)):
            if name and draft.profiles.is_read and name not in draft.profiles.names:
                draft.fault(value, is_no(column, name, "profile of profiles.csv", draft.profiles.names))
        return
    try:
        number(value.value or "0", "")
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


def _check_groups(rows: list[Future], values: list[FutureValue], draft: Draft) -> None:
    """All rows of a figure state factors, or all values; and no two figures of a future are the same one."""
    for row in rows:
        own = groups(values, row.future)
        every = {(group[0].changed, group[0].item) for group in own if group[0].name == EVERY} - {("prices", "carbon")}
        for group in own:
            if len({v.factor is None for v in group}) > 1:
                words = mark("{figure}: some rows state a factor and some a value; write one of them in all")
                draft.fault(group[-1], words, figure=repr(told(group[0])))
            if group[0].name != EVERY and (group[0].changed, group[0].item) in every:
                words = mark("{figure}: is changed by the row of `*` too; keep one of them")
                draft.fault(group[0], words, figure=repr(told(group[0])))


# --- captures --------------------------------------------------------------------------------------------------------------

AIR = "air"


def check_captures(draft: Draft) -> None:
    """The source of a capture plant is the air, a technology that burns a fuel, or a process whose CO2 can be taken."""
    technologies = {row.technology: row for row in draft.rows(Technology)}
    names, processes = draft.names(Technology, "technology"), draft.names(ProcessEmission, "source")
    for row in draft.rows(Capture):
        if row.source in technologies and row.source not in processes:
            _check_flue_gas(row, technologies[row.source], draft)
        elif row.source not in names | processes | {AIR} and draft.is_sure(Technology) and draft.is_sure(ProcessEmission):
            noun = Message("technology, process emission or 'air'")
            draft.fault(row, is_no("source", row.source, noun, names | processes | {AIR}))


def _check_flue_gas(row: Capture, source: Technology, draft: Draft) -> None:
    """The source burns something, and what it burns has one emission factor."""
    kind = draft.types.get(source.type_name)
    if kind is None or not draft.is_sure(Supply) or not draft.is_sure(Port, kind.type):
        return
    if kind.role != "converter":
        draft.fault(row, "source {source}: is a {role}; only a converter burns a fuel", role=kind.role)
        return
    taken = [port for port in draft.ports.get(kind.type, []) if port.direction == "in"]
    bought = [s for s in draft.rows(Supply) if s.carrier in {port.carrier for port in taken} and s.can_import]
    fuels = [s for s in bought if s.scope == 1]
    if draft.ports.get(kind.type) and not any(s.scope in (1, None) for s in bought):
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
        if any(value for _, value, _ in contents[0]) and draft.is_sure(EmissionFactor) and draft.is_sure(Technology):
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
    """The emission factor of a supply by year, in t/MWh; none where a unit cannot be read, which is told elsewhere."""
    rows = [row for row in draft.rows(EmissionFactor) if row.supply == supply]
    with suppress(UnitError):
        return {(row.year, round(row.value * factor(row.unit, "t/MWh"), 9), row.biogenic) for row in rows}
    return set()
