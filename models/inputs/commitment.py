"""Commitment: plants that stand on or off in part, how fast they change, and how much of the year they are not available."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.case import Case, EquipmentType, Technology
from models.inputs.costs import CostTable


@dataclass(frozen=True)
class Commitment:
    """Committed plants k: converters without a profile, and capture plants, whose type asks for it.

    plants      all of them, in the order of technologies.csv
    min_load    least activity per capacity that is on                  1 (k); absent = 0
    ramp        change of activity in an hour per capacity that is on   1/h (k); absent = any
    start_cost  of capacity that is started                             money/capacity (k,y); absent = 0
    fed         those into which something flows as they start or while they are on   set of k
    starting    those of them into which something flows as they start                set of k
    outage      share of the year in which a plant is not available, of plants that are not committed too   1 (k); absent = 0
    min_hours, max_hours   least and most full-load hours of a year, of every converter and capture plant   h (k); absent = any
    """

    plants: tuple[str, ...]
    min_load: dict[str, float]
    ramp: dict[str, float]
    start_cost: dict[tuple[str, int], float]
    outage: dict[str, float]
    min_hours: dict[str, float]
    max_hours: dict[str, float]
    fed: frozenset[str] = frozenset()
    starting: frozenset[str] = frozenset()

    def relaxed(self) -> Commitment:
        """Plants of which any part runs as it likes, but those that take more than goes with their activity: the operation of a
        year costs no more."""
        return replace(
            self,
            plants=tuple(k for k in self.plants if k in self.fed),
            min_load={k: value for k, value in self.min_load.items() if k in self.fed},
            ramp={k: value for k, value in self.ramp.items() if k in self.fed},
            start_cost={(k, y): value for (k, y), value in self.start_cost.items() if k in self.fed},
        )


def may_commit(row: Technology, kind: EquipmentType) -> bool:
    """True for converters without a profile and for capture plants."""
    return kind.role == "capture" or (kind.role == "converter" and not row.profile)


def is_committed(case: Case, row: Technology, kind: EquipmentType) -> bool:
    """True if a technology may be committed and its type asks for it: by `ramp`, a `start_cost`, what a port takes beside the
    activity, or `commitment` itself."""
    has_cost = any((c.type, c.parameter) == (kind.type, "start_cost") for c in case.costs)
    is_fed = any(p.type == kind.type and (p.no_load or p.per_start) for p in case.ports)
    return may_commit(row, kind) and (kind.ramp is not None or has_cost or is_fed or kind.commitment == 1)


def resolve_commitment(case: Case, years: Sequence[int]) -> Commitment:
    """Who is committed, and with which figures."""
    types = {t.type: t for t in case.types}
    kinds = {row.technology: (row, types[row.type_name]) for row in case.technologies}
    committed = {k: kind for k, (row, kind) in kinds.items() if is_committed(case, row, kind)}
    fed = {p.type for p in case.ports if p.no_load or p.per_start}
    starting = {p.type for p in case.ports if p.per_start}
    table, cost = CostTable(case.costs, years, case.park.currency), {}
    for k, kind in committed.items():
        unit = "money/(t/h)" if kind.role == "capture" else "money/MW"
        cost.update({(k, y): value for y, value in table.series(kind.type, "start_cost", unit).items() if value})
    return Commitment(
        plants=tuple(committed),
        min_load={k: kind.min_load for k, kind in committed.items() if kind.min_load > 0},
        ramp={k: kind.ramp for k, kind in committed.items() if kind.ramp is not None},
        start_cost=cost,
        outage={k: kind.outage for k, (row, kind) in kinds.items() if kind.outage > 0 and may_commit(row, kind)},
        min_hours={k: row.min_hours for k, (row, _) in kinds.items() if row.min_hours},
        max_hours={k: row.max_hours for k, (row, _) in kinds.items() if row.max_hours is not None},
        fed=frozenset(k for k, kind in committed.items() if kind.type in fed),
        starting=frozenset(k for k, kind in committed.items() if kind.type in starting),
    )
