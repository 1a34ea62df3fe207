"""Futures: the tree holds together, and each figure that differs is one that the park states, in a unit that fits."""

from __future__ import annotations

import difflib
from contextlib import suppress

from models.case import Assumption, Future, FutureValue, Row
from models.units import UnitError
from planner.futures.figures import EVERY, FIXED, LIMIT_ITEMS, SUBJECTS, groups, told
from planner.futures.paths import path_tables
from planner.futures.tree import Tree, is_tree, tree_faults
from planner.language.message import Message
from planner.park.complaints import is_no
from planner.park.draft import Draft
from planner.park.faults import of
from planner.park.fields import number
from planner.park.file_names import check_file_name

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
