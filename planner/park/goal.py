"""The goal: what the command line asks for, else what goal.toml says."""

from __future__ import annotations

import math
import os
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from models.case import (
    PARAMETERS,
    Assumption,
    Cost,
    Demand,
    EquipmentType,
    Goal,
    Limit,
    Link,
    Origin,
    Port,
    ProcessEmission,
    Reserve,
    Saving,
    StageRule,
    Supply,
    Technology,
    said_of_orders,
)
from models.inputs.demand import CHARGER
from models.inputs.equipment import firm_share
from models.units import UnitError, yearly_factor
from planner.language.language import mark
from planner.language.message import Message
from planner.park import faults
from planner.park.complaints import is_no
from planner.park.draft import Draft, name_of
from planner.park.park import TomlTables
from planner.park.remarks import PUT_ASIDE
from planner.park.settings import read_toml

#: A key of goal.toml that once said which plan was wanted.
UNUSED = "plan"
#: A goal before first_year holds from first_year; one due so many years before the base year is a slip of the hand.
LONG_AGO = 10


@dataclass(frozen=True)
class GoalRequest:
    """What the command line asks for; with no target, goal.toml's goal is taken."""

    target: str | None = None
    by: int | None = None
    milestones: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class GoalStep:
    """A stage and a year, and how to speak of it: where it was said, and the words before the fault."""

    stage: str
    year: int
    where: Origin | str
    given: str = ""
    named_at: Origin | str | None = None


def read_goal(folder: Path, request: GoalRequest | None, draft: Draft) -> Goal | None:
    """The resolved goal, checked against the standard and the horizon; None where there is none or it is wrong."""
    before = len(draft.complaints)
    stated = _from_file(folder, draft)
    target, milestones = _from_request(request or GoalRequest(), draft)
    if target is None and stated is not None:
        target = stated[0]
        milestones = list({step.stage: step for step in [*stated[1], *milestones]}.values())
    elif stated is not None:  # a goal of the command line puts the milestones of goal.toml aside
        kept = {(step.stage, step.year) for step in milestones}
        if aside := [f"{step.stage} = {step.year}" for step in stated[1] if (step.stage, step.year) not in kept]:
            draft.warn("goal.toml", PUT_ASIDE, milestones=", ".join(aside))
    elif target is None and milestones and len(draft.complaints) == before:
        draft.fault("--milestone", Message(faults.WAY_TO_NOTHING))
    if target is None or len(draft.complaints) > before:
        return None
    for step in milestones:
        if step.stage == target.stage and step.year != target.year:
            words = mark("{given}is the target's own stage, due in {year}; leave the milestone out")
            draft.fault(step.where, words, given=step.given, year=target.year)
    steps = [step for step in milestones if step.stage != target.stage]
    if not _check_steps([*steps, target], draft) or len(draft.complaints) > before:
        return None
    return Goal(target=target.stage, by=target.year, milestones={step.stage: step.year for step in steps})


def _from_request(request: GoalRequest, draft: Draft) -> tuple[GoalStep | None, list[GoalStep]]:
    """The target and the milestones of the command line."""
    milestones: dict[str, GoalStep] = {}
    for stage, year in request.milestones:
        step = GoalStep(stage, year, f"--milestone {stage}={year}")
        if stage in milestones and milestones[stage].year != year:
            draft.fault(step.where, Message(faults.TWICE, year=milestones[stage].year))
        milestones[stage] = step
    if request.target is not None and request.by is None:
        draft.fault(f"--target {request.target}", Message(faults.NO_YEAR))
    if request.target is None and request.by is not None:
        draft.fault(f"--by {request.by}", Message(faults.NO_STAGE))
    if request.target is None or request.by is None:
        return None, list(milestones.values())
    return GoalStep(request.target, request.by, f"--target {request.target} --by {request.by}"), list(milestones.values())


def _from_file(folder: Path, draft: Draft) -> tuple[GoalStep, list[GoalStep]] | None:
    """The target and the milestones of goal.toml; None where it is absent or wrong."""
    toml = read_toml(folder / "goal.toml", draft.complaints) if os.path.lexists(folder / "goal.toml") else None
    if toml is None:
        return None
    tables = TomlTables(toml, draft.complaints)
    goal = tables.record(Goal, tables.values(Goal, {key: v for key, v in toml.keys.items() if key != UNUSED}, ()), ())
    if not isinstance(goal, Goal):
        return None
    milestones = [GoalStep(name, due, toml.where(name), f"{name} = {due}: ") for name, due in goal.milestones.items()]
    return GoalStep(goal.target, goal.by, toml.where("by"), f"by = {goal.by}: ", toml.where("target")), milestones


def _check_steps(steps: list[GoalStep], draft: Draft) -> bool:
    """True if every step is a stage of the standard, within the horizon, and they follow each other."""
    park = draft.park
    if park is None:
        return False
    for step in steps:
        if step.year > park.last_year:
            words = mark("{given}is after last_year {last_year}; choose an earlier year or a later last_year")
            draft.fault(step.where, words, given=step.given, last_year=park.last_year)
        elif step.year < park.base_year - LONG_AGO:
            words = mark("{given}is long before base_year {base_year}; choose {first_year} or later")
            draft.fault(step.where, words, given=step.given, base_year=park.base_year, first_year=park.first_year)
    order: dict[str, int] = {rule.stage: rule.order for rule in draft.rows(StageRule) if rule.standard == park.standard}
    if not order or not draft.is_sure(StageRule, park.standard):
        return False
    unknown = [step for step in steps if not _is_stage(step, set(order), park.standard, draft)]
    ordered = sorted((step for step in steps if step.stage in order), key=lambda step: order[step.stage])
    for earlier, later in pairwise(ordered):
        if later.year <= earlier.year:
            words = mark("{given}{later} is due before {earlier} ({year}), which comes first; change a year")
            if later.year == earlier.year:
                words = mark("{given}{later} and {earlier} are both due in {year}; leave one out")
            draft.fault(later.where, words, given=later.given, later=later.stage, earlier=earlier.stage, year=earlier.year)
    return not unknown


def _is_stage(step: GoalStep, stages: set[str], standard: str, draft: Draft) -> bool:
    """True if the standard has the stage."""
    if step.stage in stages:
        return True
    noun = Message(faults.STAGE_OF, standard=repr(standard))
    if step.named_at is not None:
        draft.fault(step.named_at, is_no("target", step.stage, noun, stages))
    else:
        draft.fault(step.where, "{given}{words}", given=step.given, words=is_no("stage", step.stage, noun, stages))
    return False


# --- bound -----------------------------------------------------------------------------------------------------------------
# Bounds of orders that nobody stated: a yes-or-no needs one, and where it follows from what is used it need not be stated.
#
# What a park can use of each carrier at one time: demands, sales, and what its technologies take to serve them.

#: So many times what the park uses in its highest hour can be ordered at once: more than pays.
TIMES = 4.0
#: Hours of that which a store can hold at least, where its own power fills it sooner.
HOURS = 24.0
#: CO2 of a MWh of fuel, at most (t).
CO2_OF_FUEL = 0.4
#: What assumptions.csv says of such a bound.
NOTE = (
    "bound of one order, which a yes-or-no needs and the park does not state: {times:g} times what the park needs in its highest "
    "hour; max_capacity, max_build or a site takes its place"
)


def take_bounds(draft: Draft) -> None:
    """Give a max_build to technologies and links without any limit whose orders need one.

    That is for a least size, a spacing or a project cost, retirement of orders in whole, or a unit that may be out. Where the park
    itself asks for it, what it can use of each carrier must be known, and nothing of it may earn by its size alone: else it is told
    to state a limit.
    """
    use = Use(draft)
    technologies, links = draft.rows(Technology), draft.rows(Link)
    for i, row in enumerate(technologies):
        kind = draft.types.get(row.type_name)
        if kind is None or draft.has_limit(row) or not draft.may_be_built(row) or not _needs_bound(row, kind, draft):
            continue
        most = _used_most(row, kind, draft, use) if _is_own_ask(row, kind, draft) else _most(row, kind, draft)
        unit = kind.capacity_unit or {"converter": "MW", "store": "MWh", "capture": "t/h", "charger": "MW"}[kind.role]
        if size := _taken(row, kind, most, unit, draft):
            technologies[i] = row.model_copy(update={"max_build": size})
    for i, link in enumerate(links):
        if draft.has_limit(link) or not draft.may_be_built(link) or not _link_needs_bound(link, draft):
            continue
        most = TIMES * use.of(link.carrier) / (1 - link.loss)
        if size := _taken(link, None, most, "t/h" if link.carrier == "co2" else "MW", draft):
            links[i] = link.model_copy(update={"max_build": size})


def _taken(row: Technology | Link, kind: EquipmentType | None, most: float, unit: str, draft: Draft) -> float:
    """The bound of an order, noted as an assumption; 0 where there is none."""
    if not 0 < most < math.inf:
        return 0.0
    name = name_of(row)
    least = [limit.value for limit in draft.rows(Limit) if (limit.technology, limit.item) == (name, "min_capacity")]
    sizes = [10 * said_of_orders(row, kind, c) for c in ("min_build", "unit_size")]
    size = _rounded(max(most, *sizes, *(2 * value for value in least)))
    note, value = NOTE.format(times=TIMES), f"{size:g}"
    draft.assumptions.append(
        Assumption(table=row.table, name=name, parameter="max_build", value=value, unit=unit, grade="derived", note=note)
    )
    return size


def _asks(row: Technology, kind: EquipmentType) -> list[str]:
    return [c for c, none in (("min_build", 0), ("order_spacing", 1)) if said_of_orders(row, kind, c) > none]


def _projects(type_name: str, draft: Draft) -> list[Cost]:
    return [cost for cost in draft.costs.get((type_name, "project_cost"), []) if cost.value]


def _needs_bound(row: Technology, kind: EquipmentType, draft: Draft) -> bool:
    counted = any(r.largest_out for r in draft.rows(Reserve)) and said_of_orders(row, kind, "unit_size") > 0
    asked = bool(_asks(row, kind) or _projects(kind.type, draft)) or counted or not said_of_orders(row, kind, "partial_retirement")
    return asked and not _earns(kind.type, draft)


def _link_needs_bound(link: Link, draft: Draft) -> bool:
    asked = link.min_build > 0 or not link.partial_retirement or bool(_projects(link.type_name, draft))
    return asked and not _earns(link.type_name, draft)


def _earns(type_name: str, draft: Draft) -> bool:
    """True if some cost is below 0: what is so paid for nothing but a stated limit bounds."""
    return any(cost.value < 0 for parameter in PARAMETERS for cost in draft.costs.get((type_name, parameter), []))


def _is_own_ask(row: Technology, kind: EquipmentType, draft: Draft) -> bool:
    """True if the park itself asks for a yes or no to its orders, and not its type of the catalogue."""
    is_ours = kind.is_of_catalogue
    stated = any(getattr(row, c) is not None or not is_ours for c in _asks(row, kind))
    return stated or any(not cost.is_of_catalogue for cost in _projects(kind.type, draft))


def _used_most(row: Technology, kind: EquipmentType, draft: Draft, use: Use) -> float:
    """Capacity for so many times all that the park can use of what it makes, and for the reserves that it counts in."""
    if kind.role == CHARGER:
        return TIMES * sum(c.peak for c in draft.charged if c.group == row.technology)
    outs = [p for p in draft.ports.get(kind.type, []) if p.direction == "out"]
    if kind.type in draft.power_types:
        return TIMES * sum(use.of(carrier) for carrier in draft.power_types[kind.type])
    if kind.role == "store":
        power = use.of(outs[0].carrier if outs else draft.ports[kind.type][0].carrier) if draft.ports.get(kind.type) else 0.0
        return TIMES * power * max(kind.full_power_hours, 8760.0 / TIMES if kind.seasonal else HOURS)
    shape = draft.profiles.series.get(row.profile)
    share = max(float(np.mean(shape)), 0.01) if shape is not None and len(shape) else 1.0
    margin = {r.carrier: 1.0 + r.margin for r in sorted(draft.rows(Reserve), key=lambda r: r.margin)}
    firm = firm_share(row, kind)
    found = [0.0]
    for port in outs:
        used = use.of(port.carrier) / port.ratio
        held = 2 * margin.get(port.carrier, 0.0) * used / firm if firm > 0 else 0.0
        found.append(max(TIMES * used / share, held))
    return max(found)


def _most(row: Technology, kind: EquipmentType, draft: Draft) -> float:
    """Capacity that serves all that is needed in the highest hour, so many times."""
    if kind.role == CHARGER:
        return TIMES * sum(c.peak for c in draft.charged if c.group == row.technology)
    power, energy = _need(draft)
    if kind.role == "store":
        held = power * max(kind.full_power_hours, HOURS)
        return TIMES * (max(held, energy / TIMES) if kind.seasonal else held)
    if kind.role == "capture":
        process = sum(e.value * _factor(e.unit, "t") / 8760 for e in draft.rows(ProcessEmission))
        return TIMES * (process + CO2_OF_FUEL * power)
    ports = draft.ports.get(kind.type, [])
    ratio = max((p.ratio for p in ports if p.direction == "out"), default=1.0)
    shapes = draft.series_of(row.profile)
    share = min((float(np.mean(shape)) for shape in shapes), default=1.0)
    return TIMES * power / ratio / max(share, 0.01)


def _need(draft: Draft) -> tuple[float, float]:
    """Highest hour of all demands and exports together (MW), and the energy of all demands in a year (MWh)."""
    energy: dict[str, float] = {}
    for row in draft.rows(Demand):
        energy[row.demand] = max(energy.get(row.demand, 0.0), row.value * _factor(row.unit, "MWh"))
    sold = sum(s.max_export or 0.0 for s in draft.rows(Supply) if s.carrier != "co2")
    charged = sum(c.peak for c in draft.charged)
    return (sum(_peaks(draft).values()) + charged + sold) or 1.0, sum(energy.values()) or 8760.0


def _peaks(draft: Draft) -> dict[str, float]:
    """Highest hour of each demand (MW)."""
    peak: dict[str, float] = {}
    for row in draft.rows(Demand):
        shapes = [shape for shape in draft.series_of(row.profile) if np.mean(shape) > 0]
        highest = max((float(np.max(shape) / np.mean(shape)) for shape in shapes), default=1.0)
        peak[row.demand] = max(peak.get(row.demand, 0.0), row.value * _factor(row.unit, "MWh") / 8760 * highest)
    return peak


def _factor(unit: str, to: str) -> float:
    try:
        return yearly_factor(unit, to)
    except UnitError:
        return 1.0  # complained of elsewhere


def _rounded(size: float) -> float:
    """The next number with two digits."""
    step = 10.0 ** (math.floor(math.log10(size)) - 1)
    return round(math.ceil(size / step - 1e-9) * step, 9)


#: Ways from carrier to carrier that are followed at most; a park with more has no bound.
MOST_WAYS = 10_000


class Use:
    """The most of each carrier that is of use in an hour (MW, t/h of co2).

    It is what is demanded and sold of it, and of what is made of it as much again: for each way from carrier to carrier that comes
    to none twice, what is used at its end times what is taken for it on the way. What goes in a circle only loses.
    """

    def __init__(self, draft: Draft, is_sold: bool = True) -> None:
        self.own = _own(draft, is_sold)
        self.ways = _ways(draft)
        self.left = MOST_WAYS

    def of(self, carrier: str, seen: frozenset[str] = frozenset()) -> float:
        """The most that is of use of a carrier. inf where there are too many ways."""
        self.left = self.left - 1 if seen else MOST_WAYS
        if self.left < 0:
            return float("inf")
        seen = seen | {carrier}
        onward = [(taken, made) for made, taken in self.ways[carrier].items() if made not in seen]
        return self.own.get(carrier, 0.0) + sum(taken * self.of(made, seen) for taken, made in onward)


def _own(draft: Draft, is_sold: bool) -> dict[str, float]:
    """Highest hour of the demands of each carrier, with what measures add to them, and what can leave, CO2 always."""
    peak, carrier = _peaks(draft), {row.demand: row.carrier for row in draft.rows(Demand)}
    found: dict[str, float] = defaultdict(float)
    for name, most in peak.items():
        found[carrier[name]] += most
    for c in draft.charged:
        found[c.carrier] += c.peak
    for saving in draft.rows(Saving):
        if saving.adds in carrier:
            found[carrier[saving.adds]] += abs(saving.saving * (saving.adds_ratio or 0.0)) * peak.get(saving.demand, 0.0)
    for supply in draft.rows(Supply):
        found[supply.carrier] += (supply.max_export or 0.0) * (is_sold or supply.carrier == "co2")
    return found


def _ways(draft: Draft) -> dict[str, dict[str, float]]:
    """carrier -> another that is made of it -> the most of the first that is taken for one of the other."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for kind in {row.type_name for row in draft.rows(Technology)}:
        if kind not in draft.types or draft.types[kind].role == "store":
            continue
        ports = draft.ports.get(kind, [])
        for taken in (p for p in ports if p.direction == "in"):
            for made in (p for p in ports if p.direction == "out"):
                least = _shape(draft, made)[0]
                if least > 0:
                    ratio = taken.ratio * _shape(draft, taken)[1] / (made.ratio * least)
                    found[taken.carrier][made.carrier] = max(found[taken.carrier].get(made.carrier, 0.0), ratio)
    return found


def _shape(draft: Draft, port: Port) -> tuple[float, float]:
    """The least above 0 and the most of what multiplies the ratio of a port."""
    shapes = [series for series in draft.series_of(port.profile) if (series > 0).any()]
    if not shapes:
        return 1.0, 1.0
    return min(float(series[series > 0].min()) for series in shapes), max(float(series.max()) for series in shapes)
