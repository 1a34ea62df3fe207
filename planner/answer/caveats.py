"""What stands and what may stand against the highest demand of each carrier, for `plan check`: an engineer's first look."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from models.case import Case
from models.inputs.demand import yearly_energy
from models.inputs.firm import ALL_ZONES, producers
from models.inputs.outages import demand_shapes, may_be_ordered
from models.inputs.reserves import firm_imports
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.language.words import CARRIERS, PLANS, STAGES, STATUSES, named, stopped_by
from planner.machine.stopping import CTRL_C
from planner.park.remarks import PUT_ASIDE
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, TARGET, Plan, Run
from planner.planning.repair_loop import ASKED_MORE

#: More than so many times the highest demand is worth a look, of what stands for sure and of what may be ordered.
STANDS, OFFERED = 3.0, 20.0
#: What is odd of a carrier.
SHORT = mark("less for sure than the highest hour")
MUCH = mark("more than three times the highest hour stands")
FAR = mark("more than twenty times the highest hour may stand")
NOTHING = mark("nothing offered reaches the highest hour of the last year")


@dataclass(frozen=True)
class Peak:
    """A carrier of which something is demanded: highest hour before measures in the first and the last year, and what can be
    counted on: of what stands in the first year, of imports then, and if all that is offered is ordered; MW, inf without a limit.
    """

    carrier: str
    temperature: float | None
    first: float
    last: float
    firm: float
    imports: float
    offered: float

    @property
    def odd(self) -> str:
        """What is worth a look."""
        if self.firm + self.imports < self.first * (1 - 1e-9):
            return SHORT
        if self.firm > STANDS * max(self.first, self.last) > 0:
            return MUCH
        if self.offered + self.imports < self.last * (1 - 1e-9):
            return NOTHING
        if math.isfinite(self.offered) and self.offered > OFFERED * max(self.first, self.last) > 0:
            return FAR
        return ""


def peaks(case: Case) -> list[Peak]:
    r"""Highest hours and capacities of each carrier with a demand, all zones as one.

    .. math:: \max_t \sum_u D_{u,y} \pi_{u,t} \qquad \sum_k \phi_k S_k \qquad \sum_k \phi_k \overline{C}_k

    D  demand  MWh (u,y)    π  shape  1/h (u,t)    φ  firm, times the ratio  MW/capacity (k)    S  existing    C̅  max_capacity
    """
    first, last = case.park.first_year, case.park.last_year
    temperature = {row.carrier: row.temperature for row in case.carriers}
    highest = {y: _highest(case, y) for y in (first, last)}
    bought = {c.type for c in case.costs if c.parameter in ("capital_cost", "annuity")}
    found = []
    for carrier in highest[first]:
        share = producers(case.in_year(first), carrier, ALL_ZONES)
        own = [(share[row.technology], row) for row in case.technologies if row.technology in share]
        stands = [phi * row.existing for phi, row in own if row.existing_until is None or row.existing_until >= first]
        offered = [
            phi * (math.inf if row.max_capacity is None else row.max_capacity)
            if may_be_ordered(row, row.type_name in bought)
            else phi * row.existing * (row.existing_until is None)
            for phi, row in own
        ]
        imports = math.fsum(firm_imports(case, carrier, ALL_ZONES, first).values())
        found.append(
            Peak(
                carrier,
                temperature.get(carrier),
                highest[first][carrier],
                highest[last][carrier],
                math.fsum(stands),
                imports,
                math.fsum(offered),
            )
        )
    return found


def _highest(case: Case, y: int) -> dict[str, float]:
    """Highest hour of each carrier that is demanded, in a year (MW)."""
    own, energy = case.in_year(y), yearly_energy(case, (y,))
    carriers = {d.demand: d.carrier for d in case.demand}
    load: dict[str, np.ndarray] = {}
    for u, shape in demand_shapes(own).items():
        if u in carriers:
            load[carriers[u]] = load.get(carriers[u], np.zeros(case.hours)) + energy[u, y] * shape
    return {carrier: float(values.max()) for carrier, values in load.items()}


# --- aside -----------------------------------------------------------------------------------------------------------------
# Milestones of the park that are no part of a plan, in words for its page: its goal is the command line's.

def aside_of(text: str) -> str | None:
    """The milestones that a warning says are not used, `low-carbon = 2027`; None of any other warning."""
    words = text.values.get("words") if isinstance(text, Message) else None
    return str(words.values["milestones"]) if isinstance(words, Message) and words.template == PUT_ASIDE else None


def aside_words(warnings: Iterable[str], language: Language) -> list[str]:
    """The park's own milestones, which do not bind this plan since the goal comes from the command line."""
    say, lines = language.translate, []
    for milestones in filter(None, map(aside_of, warnings)):
        told = []
        for one in milestones.split(", "):
            stage, _, year = one.partition(" = ")
            told.append(say("{stage} by {year}", stage=named(language, STAGES, stage), year=year))
        words = mark(
            "The milestones that the park states are not required of this plan, and whether it meets them was not looked at: "
            "{milestones}."
        )
        lines.append(say(words, milestones=say(", ").join(told)))
    return lines


# --- assumed ---------------------------------------------------------------------------------------------------------------
# What a figure that was assumed is, and its unit, in a language: assumptions.csv has both in English words of ours.

#: A flow of equipment, and an emission factor by its basis.
_FLOW = re.compile(r"(?P<unit>MWh|t) of (?P<carrier>\S+) per unit of activity")
_FACTOR = re.compile(r"(?:(?P<basis>location|market) )?factor of (?P<supply>.+)")
_OF_BASIS = {
    None: mark("factor of {supply}"),
    "location": mark("location factor of {supply}"),
    "market": mark("market factor of {supply}"),
}


def told_unit(language: Language, unit: str) -> str:
    """The unit of a figure; as it stands where it has no words."""
    found = _FLOW.fullmatch(unit)
    if found is None:
        return unit
    carrier = named(language, CARRIERS, found["carrier"])
    return language.translate("{unit} of {carrier} per unit of activity", unit=found["unit"], carrier=carrier)


def told_parameter(language: Language, parameter: str) -> str:
    """What a figure is; as it stands where it is the name of a column or of a parameter."""
    found = _FACTOR.fullmatch(parameter)
    return parameter if found is None else language.translate(_OF_BASIS[found["basis"]], supply=found["supply"])


# --- missing ---------------------------------------------------------------------------------------------------------------
# Why a plan that the target is compared with is missing, and what stands in for it.

def missing_words(run: Run, language: Language) -> Iterator[str]:
    """A line for each plan that the target is compared with and that there is none of."""
    say = language.translate
    by_hand = any(CTRL_C in plan.note for plan in run.plans.values())
    for plan in run.plans.values():
        if plan.name == TARGET or plan.has_tables:
            continue
        reason = _unproven(plan, by_hand, language) if plan.status != "infeasible" else _impossible(plan, language)
        line = _of(language, named(language, PLANS, plan.name), named(language, STATUSES, plan.status))
        line += f" ({reason})" if reason else ""
        has_other = LEAST_COST in run.plans and run.plans[LEAST_COST].has_tables
        yield line + say("; ") + say("compared with least-cost") if plan.name == REFERENCE and has_other else line


def _unproven(plan: Plan, by_hand: bool, language: Language) -> str:
    """Why none was found, though that is not proven; `by_hand`: the run was ended with Ctrl-C."""
    if plan.note and (plan.name == BUSINESS or plan.note == ASKED_MORE):
        return language.tell(plan.note)
    return language.tell(stopped_by(CTRL_C)) if by_hand else language.translate("no plan within the time")


def _impossible(plan: Plan, language: Language) -> str:
    """Why there is none."""
    say = language.translate
    if plan.name == REFERENCE:
        return say("without new kinds of equipment the demand cannot be met")
    if plan.name != BUSINESS:
        return ""
    reason = say("today's equipment, renewed kind for kind within its limits and the budget, cannot meet the demand")
    return _of(language, reason, plan.note) if plan.note else reason


def _of(language: Language, what: str, words: str) -> str:
    return language.translate("{what}: {words}", what=what, words=words)
