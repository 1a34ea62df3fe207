"""What was built before a year: as built.csv says, or what the earlier plan orders before it.

A park in which what was built before a year stands as it was built, and nothing else is ordered in those years.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.case import Case, Committed, Kept, Limit, Row
from models.errors import CaseError, printable
from models.inputs.capacity import assets_of
from planner.futures.paths import in_years
from planner.language.message import Message
from planner.park.complaints import is_no
from planner.plan import Plan
from planner.tables.decisions import ADOPT, BUILD, PLANT, decisions_of
from planner.tables.facts import read_rows
from planner.tables.output import Tables

#: Beside the tables of a park; no plan but one with --keep reads it.
FILE = "built.csv"
COLUMNS = ("technology", "year", "build")
#: All that is paid for it, per capacity; may be left out.
PAID = "capital_cost"
#: Capacity or area below this was not ordered.
NOTHING = 1e-9


@dataclass
class Built:
    """What was built, adopted and planted in the years before a plan, and what of it was retired.

    orders    (asset, year) -> capacity, and money that was paid per capacity (None: as costs.csv says)
    measures  (measure, year)
    planting  (project, year) -> ha
    retired   (technology, year) -> capacity that stood before and was retired
    """

    orders: dict[tuple[str, int], tuple[float, float | None]] = field(default_factory=dict)
    measures: list[tuple[str, int]] = field(default_factory=list)
    planting: dict[tuple[str, int], float] = field(default_factory=dict)
    retired: dict[tuple[str, int], float] = field(default_factory=dict)


def cost_on_days(plan: Plan) -> float:
    """What was found on the hours that were planned on (money)."""
    return float((plan.system_cost if plan.on_days is None else plan.on_days.cost) or 0.0)


def as_planned(tables: Tables, before: int) -> Built:
    """What a plan orders, adopts, plants and retires before a year."""
    found = Built()
    rows = decisions_of(tables)
    rows = rows[(rows["year"] < before) & (rows["value"] > NOTHING) & (rows["ordered"] == 0)]
    for (action, name, year), own in rows.groupby(["action", "name", "year"], sort=False)[["value", "money"]].sum().iterrows():
        order, size = (str(name), int(year)), float(own["value"])
        if action == BUILD:
            found.orders[order] = size, float(own["money"]) / size
        elif action == ADOPT:
            found.measures.append(order)
        else:
            (found.planting if action == PLANT else found.retired)[order] = size
    return found


def read_built(path: Path, case: Case, before: int) -> Built:
    """Read built.csv. Raises CaseError with every fault, a line each."""
    header, rows = read_rows(path)
    file = path.name
    faults: list[str] = [
        Message("{path}: has no column {column}", path=file, column=repr(name)) for name in COLUMNS if name not in header
    ]
    columns = (*COLUMNS, PAID, "note")
    faults += [_of(file, is_no("column", name, Message("column of it"), columns)) for name in header if name not in columns]
    if faults:
        raise CaseError(faults)
    found, seen = Built(), set[tuple[str, int]]()
    for line, cells in enumerate(rows, start=2):
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        name, year, size, paid = row["technology"], _number(row["year"]), _number(row["build"]), _number(row.get(PAID, ""))
        wrong = list(_wrong(row, case, before))
        if not wrong and year is not None and size is not None:
            order = name, int(year)
            if order in seen:
                wrong = [Message("{name} in {year}: is stated twice", name=repr(name), year=row["year"])]
            seen.add(order)
            if any(m.measure == name for m in case.measures):
                found.measures.append(order)
            elif any(r.project == name for r in case.restoration):
                found.planting[order] = size
            else:
                found.orders[order] = size, paid
        faults += [_of(Message("{file} line {line}", file=file, line=line), fault) for fault in wrong]
    if faults:
        raise CaseError(faults)
    return found


def _of(place: str, words: str) -> str:
    return Message("{place}: {words}", place=place, words=words)


def _wrong(row: dict[str, str], case: Case, before: int) -> Iterator[str]:
    """What is wrong with a row."""
    name, first = row["technology"], case.park.first_year
    assets, measures = {asset.name for asset in assets_of(case)}, {m.measure for m in case.measures}
    alone = measures | {r.project for r in case.restoration}
    year, size, paid = _number(row["year"]), _number(row["build"]), _number(row.get(PAID, ""))
    if name not in assets | alone:
        of = Message("technology, link, connection, measure or project of the park")
        yield is_no("technology", printable(name), of, assets | alone)
    if year is None or year != int(year) or not 1 <= year < before:
        yield Message("year = {year}: is no year before {before}", year=row["year"], before=before)
    elif name in alone and year < first:
        yield Message(
            "year = {year}: is before first_year {first}; measures and planting are known from it on",
            year=row["year"],
            first=first,
        )
    if name in measures and size != 1:
        yield Message("build = {build}: is not 1, which a measure is", build=row["build"])
    elif size is None or size <= 0:
        yield Message("build = {build}: is not above 0", build=row["build"])
    if row.get(PAID) and (paid is None or paid < 0 or name not in assets):
        yield Message("{column} = {value}: is no money per capacity of something that is built", column=PAID, value=row[PAID])


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None


def kept_case(case: Case, built: Built, year: int) -> Case:
    """The case from a year on.

    Orders of the years before are signed orders, measures and planting are kept, what was retired of what stood is gone, and
    budgets of those years do not hold: their money is spent. Signed orders of the park of those years are left out, since `built`
    has all.
    """
    first, last = case.park.first_year, case.park.last_year
    orders = tuple(y for y in range(first, last + 1) if y >= year and case.park.may_order(y))
    signed = [c for c in case.committed if not first <= c.year < year]
    signed += [
        Committed(technology=name, year=v, build=size).model_copy(update={"capital_cost": paid})  # it may have earned
        for (name, v), (size, paid) in built.orders.items()
    ]
    planting = tuple((name, v, area) for (name, v), area in sorted(built.planting.items()))
    park = case.park.model_copy(update={"orders": case.park.orders.model_copy(update={"years": orders or (last + 1,)})})
    text = f"{case.digest} kept to {year}: {signed} {sorted(built.measures)} {planting} {sorted(built.retired.items())}"
    return case.model_copy(
        update={
            "park": park,
            "committed": tuple(signed),
            "kept": Kept(measures=tuple(sorted(built.measures)), planting=planting),
            "budget": tuple(b for b in case.budget if b.year >= year),
            "limits": (*case.limits, *_gone(case, built)),
            "digest": hashlib.sha256(text.encode()).hexdigest(),
        }
    )


def _gone(case: Case, built: Built) -> list[Limit]:
    """What stands of what stood, from each retirement on; of what limits.csv says it of, nothing."""
    stated = {row.technology for row in case.limits if row.item == "existing"}
    found = []
    for asset in assets_of(case):
        left = asset.row.existing
        for (name, v), size in sorted(built.retired.items(), key=lambda item: item[0][1]):
            if name == asset.name and name not in stated:
                left = max(0.0, left - size)
                found.append(Limit(technology=name, year=v, item="existing", value=left))
    return found


# --- known -----------------------------------------------------------------------------------------------------------------
# A park of which only the years until one are known: what its tables say of later years is held as in that year.
#
# .. math::
# v(y) = v(\min(y, k))
#
# for prices, costs, demand, emission factors, certificates, credits, emissions of processes and profiles. What the park itself has
# resolved (goal, rules, budget, limits, what stands and what is signed) is known from the start, and so is how long things last.
#
# v  a figure     k  last year that is known

#: Tables that are known for some years only.
TABLES = ("prices", "costs", "demand", "emission_factors", "certificates", "offsets", "process_emissions")
#: A parameter of costs that is known.
LASTS = "lifetime"


def known_until(case: Case, year: int) -> Case:
    """The case in which nothing is known of the years after one."""
    update: dict[str, Any] = {name: _held(case, name, year) for name in TABLES}
    update["profile_years"] = tuple(row for row in case.profile_years if row.year <= year)
    return case.model_copy(update=update)


def _held(case: Case, table: str, year: int) -> tuple[Row, ...]:
    series: dict[tuple[Any, ...], list[Any]] = {}
    for row in getattr(case, table):
        series.setdefault(tuple(getattr(row, c) for c in row.key if c != "year"), []).append(row)
    return tuple(row for rows in series.values() for row in _until(rows, year, case.park.currency))


def _until(rows: list[Any], year: int, currency: str) -> list[Any]:
    """The rows of a series until a year, and what it has in that year."""
    if all(row.year is None or row.year <= year for row in rows) or getattr(rows[0], "parameter", "") == LASTS:
        return rows
    return [*(row for row in rows if row.year is not None and row.year < year), in_years(rows, [year], currency)[year]]
