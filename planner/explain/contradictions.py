"""Contradictions that no solve is needed for: what is asked for is above all that the park can have.

Only what is sure is said: every bound holds whatever is decided, so that a park that can be planned is never refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.dot import dot
from models.inputs import Inputs, Rule
from planner.explain.possible import least_demand, least_gross, most_capacity, most_removed, most_supply
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import CARRIERS, STAGES, listed, word
from planner.plan import Breach

#: Relative and absolute excess below which nothing is said: rounding, and the tolerance of the solver.
CLEAR, TRACE = 1e-5, 1e-5
#: Names listed in one sentence.
LISTED = 5
#: Which hour a snapshot is.
HOUR_OF_DAY, HOUR_OF_PROFILES = mark("hour {hour} of typical day {day}"), mark("hour {hour} of the profiles")
#: More of an asset must stand than can.
LEAST = mark(
    "{name}: {least} {unit} must stand in {year} (min_capacity of limits.csv), and what stands and all that can "
    "be ordered and paid for until then is {most} {unit}."
)
#: More of a carrier is needed than can be had, in an hour or in a year; and of what.
SHORT_IN_HOUR = mark(
    "{carrier}: {needed} {unit} are needed in {year}, {hour}, with every saving, and all that can be had, built and paid for gives "
    "{most} {unit}{source}."
)
SHORT_IN_YEAR = mark(
    "{carrier}: {needed} {unit} are needed in {year} with every saving, and all that can be had, built and paid for gives "
    "{most} {unit}{source}."
)
IN_ZONE, AMOUNT = mark("{carrier} in zone {zone}"), mark("{name} {amount}")
SOURCE, SOURCE_AND_MORE = mark(" ({names})"), mark(" ({names} and {count} more)")
#: A rule that process emissions, or the lack of anything green, put out of reach.
OF_STAGE = mark("{metric} of {stage} in {year}")
GROSS = mark("{rule}: {gross} t of process emissions cannot be captured, and {allowed} t are allowed.")
NET = mark(
    "{rule}: {gross} t of process emissions cannot be captured, what can make up for them is {removed}, and {allowed} t may be "
    "left."
)
NO_REMOVAL = mark("nothing")
NO_GREEN = mark("{rule}: {share} is asked for, and the park names no green technology that can stand then.")
NO_CERTIFICATE = mark("{rule}: {share} is asked for, and the park names no certificate.")


@dataclass(frozen=True)
class Contradiction:
    """A sentence; and the rule that it puts out of reach, None where the demand itself cannot be served."""

    text: str
    breach: Breach | None = None


def find_contradictions(inputs: Inputs) -> tuple[Contradiction, ...]:
    """All that is seen without a solve, in words: demand first, then rules year by year."""
    served = [c for place in _places(inputs) for c in _of_supply(inputs, *place)]
    served += _of_least(inputs)
    ruled = [c for y in inputs.years for rule in inputs.carbon.rules.get(y, ()) for c in _of_rule(inputs, y, rule)]
    return (*served, *ruled)


def _places(inputs: Inputs) -> list[tuple[str, str]]:
    demands = inputs.demands
    return list(dict.fromkeys((demands.zone[u], demands.carrier[u]) for u in demands.demands))


def _of_least(inputs: Inputs) -> Iterator[Contradiction]:
    """For each asset the first year in which its least capacity is above the most that can stand."""
    said: set[str] = set()
    for (k, y), least in sorted(inputs.capacity.min_capacity.items(), key=lambda item: item[0][1]):
        most = most_capacity(inputs, k, y)
        if k not in said and _is_above(least, most):
            said.add(k)
            unit = inputs.capacity.label[k]
            yield Contradiction(Message(LEAST, name=k, least=f"{least:,.4g}", unit=unit, year=y, most=f"{most:,.4g}"))


def _is_above(needed: float, most: float) -> bool:
    return needed > most * (1 + CLEAR) + TRACE


# --- demand above all supply ------------------------------------------------------------------------------------------


def _of_supply(inputs: Inputs, zone: str, carrier: str) -> Iterator[Contradiction]:
    """The worst year in which the peak, or the energy of the year, is above all that can be had."""
    peaks = [_shortage(inputs, y, zone, carrier, of_year=False) for y in inputs.years]
    short = max(peaks, key=lambda s: s.missing)
    if _is_above(short.needed, short.most):
        yield Contradiction(short.say(inputs, zone, carrier))
        return
    short = max((_shortage(inputs, y, zone, carrier, of_year=True) for y in inputs.years), key=lambda s: s.missing)
    if _is_above(short.needed, short.most):
        yield Contradiction(short.say(inputs, zone, carrier))


@dataclass(frozen=True)
class _Shortage:
    """What is needed and what can be had at most: in an hour (MW), or in the year (MWh) where `hour` is None."""

    y: int
    hour: int | None
    needed: float
    most: float
    by_name: dict[str, float]

    @property
    def missing(self) -> float:
        return self.needed - self.most

    def say(self, inputs: Inputs, zone: str, carrier: str) -> str:
        """How much is needed, and how much can be had at most, of what."""
        unit = ("t/h" if carrier == "co2" else "MW") if self.hour is not None else ("t" if carrier == "co2" else "MWh")
        of = word(CARRIERS, carrier)
        values = {
            "carrier": of if zone == "park" else Message(IN_ZONE, carrier=of, zone=zone),
            "unit": unit,
            "year": self.y,
            "needed": f"{self.needed:,.4g}",
            "most": f"{self.most:,.4g}",
            "source": self._source(),
        }
        if self.hour is None:
            return Message(SHORT_IN_YEAR, **values)
        return Message(SHORT_IN_HOUR, hour=say_hour(inputs.calendar.has_typical_days, self.hour), **values)

    def _source(self) -> str:
        """What gives how much, the most first."""
        given = sorted(self.by_name.items(), key=lambda item: -item[1])
        if not given:
            return ""
        names = listed([Message(AMOUNT, name=name, amount=f"{amount:,.4g}") for name, amount in given[:LISTED]])
        more = len(given) - LISTED
        return Message(SOURCE_AND_MORE, names=names, count=more) if more > 0 else Message(SOURCE, names=names)


def _shortage(inputs: Inputs, y: int, zone: str, carrier: str, *, of_year: bool) -> _Shortage:
    inputs = inputs.at(y)
    demands, weight = inputs.demands, inputs.calendar.weight
    here = [
        u
        for u in demands.demands
        if (demands.zone[u], demands.carrier[u]) == (zone, carrier) and (of_year or u not in inputs.vehicles.power)
    ]
    needed = sum((_sure_of(inputs, u, y, of_year=of_year) * demands.shape[u] for u in here), np.zeros(len(weight)))
    given = most_supply(inputs, y, zone, carrier, of_year=of_year)
    most = sum(given.values(), np.zeros(len(weight)))
    if of_year:
        total = dot(weight, needed), dot(weight, most)
        return _Shortage(y, None, *total, {name: dot(weight, own) for name, own in given.items()})
    t = int(np.argmax(needed - most))
    return _Shortage(y, t, float(needed[t]), float(most[t]), {name: float(own[t]) for name, own in given.items()})


def _sure_of(inputs: Inputs, u: str, y: int, *, of_year: bool) -> float:
    """Energy of a demand (MWh) that cannot be shed; of an hour, that cannot move either."""
    flexibility = inputs.flexibility
    free = flexibility.shed_share.get((u, y), 0.0) + (0.0 if of_year else flexibility.share.get((u, y), 0.0))
    return least_demand(inputs, u, y) * max(0.0, 1.0 - free)


def say_hour(on_typical_days: bool, t: int) -> Message:
    """Which hour a snapshot is."""
    return Message(HOUR_OF_DAY, hour=t % 24, day=t // 24 + 1) if on_typical_days else Message(HOUR_OF_PROFILES, hour=t)


# --- rules out of reach -----------------------------------------------------------------------------------------------


def _of_rule(inputs: Inputs, y: int, rule: Rule) -> Iterator[Contradiction]:
    """A rule that process emissions, or the lack of anything green, put out of reach."""
    allowed, gross = rule.limit * inputs.carbon.base_of(rule), least_gross(inputs, y)
    values = {"rule": _name(rule, y), "gross": f"{gross:,.0f}", "allowed": f"{allowed:,.0f}"}
    if rule.metric == "gross_ratio" and rule.sense == "<=" and _is_above(gross, allowed):
        yield Contradiction(Message(GROSS, **values), Breach(rule.stage, rule.metric, y, gross - allowed))
    if rule.metric == "net_ratio" and rule.sense == "<=" and gross > 0:
        removed = most_removed(inputs, y)
        net = gross - sum(removed.values())
        if _is_above(net, allowed):
            names = [Message(AMOUNT, name=name, amount=f"{amount:,.0f} t") for name, amount in removed.items() if amount > 0]
            text = Message(NET, removed=listed(names) if names else Message(NO_REMOVAL), **values)
            yield Contradiction(text, Breach(rule.stage, rule.metric, y, net - allowed))
    lacking = {"direct_green_share": _lacks_green, "certificate_share": _lacks_certificates}.get(rule.metric)
    if lacking is not None and rule.sense == ">=" and rule.limit > TRACE:
        used = _least_electricity(inputs, y)
        if used > TRACE and lacking(inputs, y):
            words = NO_GREEN if rule.metric == "direct_green_share" else NO_CERTIFICATE
            text = Message(words, rule=_name(rule, y), share=f"{rule.limit:.0%}")
            yield Contradiction(text, Breach(rule.stage, rule.metric, y, rule.limit * used, "MWh"))


def _name(rule: Rule, y: int) -> Message:
    return Message(OF_STAGE, metric=rule.metric, stage=word(STAGES, rule.stage), year=y)


def _least_electricity(inputs: Inputs, y: int) -> float:
    """Electricity (MWh) that is imported and converted, less exported, at least: what the demands need."""
    ports = inputs.captures.ports.values()
    if any(p.carrier == "electricity" and p.ratio > 0 for own in ports for p in own):
        return 0.0  # it would not be counted
    demands = inputs.demands
    return sum(_sure_of(inputs, u, y, of_year=True) for u in demands.demands if demands.carrier[u] == "electricity")


def _lacks_green(inputs: Inputs, y: int) -> bool:
    green = inputs.conversion.green & set(inputs.capacity.present[y])
    return all(most_capacity(inputs, k, y) <= 0 for k in green)


def _lacks_certificates(inputs: Inputs, y: int) -> bool:
    supplies = inputs.supplies
    offered = set(supplies.importers) & supplies.offered[y]
    return not any(
        supplies.certificate_share[c, y] > 0 and supplies.certificate_supply[c] in offered for c in supplies.certificates
    )
