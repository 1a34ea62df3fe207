"""A future that changes nothing changes nothing: the inputs of its leaf are those of the park, whatever columns its tables have."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from full_parks import full_park
from parks import Draft

from models.case import Future, FutureValue, Row
from models.inputs import resolve
from planner.answer.hangs_on import own_ranges
from planner.futures.paths import path_case
from planner.futures.tree import LIMIT_ITEMS, SUBJECTS, SUPPLY_ITEMS, Tree
from planner.questions.built import known_until


@pytest.mark.parametrize("seed", range(12))
def test_a_future_that_changes_nothing_changes_nothing(seed):
    park, dice = full_park(seed), np.random.default_rng(seed)
    for kind in (subject.kind for subject in SUBJECTS.values() if subject.kind.is_yearly() and not subject.kind.is_step):
        if kind.table != "budget":
            park.rows[kind.table] = [row for one in series(park.rows[kind.table]) for row in with_columns(one, park, dice)]
    first = park.case().park.first_year
    since = int(dice.integers(first, park.case().park.last_year + 1))
    park.add(Future(future="same", from_year=since))
    for value in dict.fromkeys(unchanged(park, since == first)):
        park.add(FutureValue(future="same", changed=value[0], name=value[1], item=value[2], scheme=value[3], factor=1.0))
    case = park.case()
    leaf = path_case(case, Tree.of(case.futures, case.park), "same")
    assert any(getattr(leaf, table) != getattr(case, table) for table in ("demand", "prices"))
    differ(resolve(leaf, leaf.goal, 1e4), resolve(case, case.goal, 1e4), "inputs")
    differ(own_ranges(leaf), own_ranges(case), "ranges")
    held = known_until(case, case.park.last_year)
    differ(resolve(held, held.goal, 1e4), resolve(case, case.goal, 1e4), "all known")


def series(rows: list[Any]) -> list[list[Any]]:
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        found.setdefault(tuple(getattr(row, c) for c in row.key if c != "year"), []).append(row)
    return list(found.values())


def with_columns(rows: list[Any], park: Draft, dice: np.random.Generator) -> list[Any]:
    """The series in three years, one before and one after the horizon, with numbers in some of the cells of every column."""
    first, found = rows[0], []
    numbers = [name for name, field in type(first).model_fields.items()
        if "float" in str(field.annotation) and name not in (*first.key, *first.constant, "year")]
    flexible = {"shift_hours": 2, "shed_price": 9.0} if first.table == "demand" else {}
    for year in (2024, 2027, 2035):
        row = first.model_copy(update={"year": year, **flexible})
        for name in numbers:
            before = getattr(row, name)
            if name in ("low", "high") and dice.uniform() < 0.5:
                row = row.model_copy(update={name: row.value * (0.8 if name == "low" else 1.2)})
            elif name not in ("low", "high") and (before or dice.uniform() < 0.5):
                row = valid(row, name, float(dice.uniform(0.2, 0.45)), before)
        found.append(row)
    return found


def valid(row: Row, name: str, number: float, before: float | None) -> Row:
    """The row with a number in a column: a multiple of what it has, a share, or one above 1 where it allows no share."""
    for tried in (before * (1 + number) if before and before > 1 else number, 1 + number):
        try:
            return type(row).model_validate({**row.model_dump(), name: tried})
        except ValueError:
            continue
    raise AssertionError(f"{row.table} {name}")


def unchanged(park: Draft, is_first: bool):
    """Every figure of the park that a future may change."""
    rows = park.rows
    yield from (("prices", r.supply, r.item, r.scheme) for r in rows["prices"] if not r.period)
    yield from (("costs", r.type, r.parameter, "") for r in rows["costs"] if r.parameter != "lifetime")
    yield from (("demand", r.demand, "", "") for r in rows["demand"])
    yield from (("emission_factors", r.supply, r.basis, "") for r in rows["emission_factors"])
    yield from (("process_emissions", r.source, "", "") for r in rows["process_emissions"])
    yield from (("rules", r.rule, r.metric, "") for r in rows["rules"])
    yield from (("budget", "", "capital", "") for r in rows["budget"][:1])
    for table, items in (("certificates", ("price", "max_share")), ("offsets", ("price", "max_volume"))):
        for own in series(rows[table]):
            yield from ((table, getattr(own[0], table[:-1]), i, "") for i in items if all(getattr(r, i) is not None for r in own))
    if is_first:
        yield from (("supplies", r.supply, i, "") for r in rows["supplies"] for i in SUPPLY_ITEMS if getattr(r, i) is not None)
    assets = {r.technology: r for r in rows["technologies"]} | {r.link: r for r in rows["links"]}
    yield from (("limits", n, i, "") for n, r in assets.items() for i in LIMIT_ITEMS if getattr(r, i, None) is not None)


def differ(one: Any, other: Any, where: str) -> None:
    """Fails where two inputs are not the same, and says where."""
    if is_dataclass(one) and not isinstance(one, type):
        for field in fields(one):
            differ(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, Mapping):
        assert one.keys() == other.keys(), where
        for key in one:
            differ(one[key], other[key], f"{where}[{key!r}]")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), where
        for i, pair in enumerate(zip(one, other, strict=True)):
            differ(*pair, f"{where}[{i}]")
    elif isinstance(one, float | np.ndarray):
        assert np.asarray(one) == pytest.approx(np.asarray(other), rel=1e-9, abs=1e-12), where
    elif not isinstance(one, Row):
        assert one == other, where
