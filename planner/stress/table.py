"""stress.csv, and what it says in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from models.metrics import OF_RULES
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.language.words import CARRIERS, METRICS, STAGES, ZONES, named, word
from planner.stress.leaf import Stressed
from planner.tables.schema import TABLES

#: Rules of a future that are told one by one on the console, the largest first.
MOST = 5
#: What is kept, by the name of its variable.
KINDS = {
    "build": mark("order"),
    "is_built": mark("order"),
    "retire": mark("retirement"),
    "adopt": mark("measure"),
    "plant": mark("planting"),
    "contract": mark("contract"),
    "used": mark("use of a supply"),
    "scheme": mark("scheme of a connection"),
    "pays_capacity": mark("charge for contracted capacity"),
}
NOT_KEPT = mark("the orders cannot be kept: they go beyond what this future allows")


def stress_table(found: Sequence[Stressed], currency: str) -> pd.DataFrame:
    """The rows, future by future."""
    rows = [row for own in found for row in _rows(own, currency)]
    return pd.DataFrame(rows, columns=list(TABLES["stress"].names))


def _rows(own: Stressed, currency: str) -> Iterator[tuple]:
    head = own.future, own.probability
    for (kind, name, y), amount, most in own.kept.over:
        yield *head, y, "not_kept", f"{kind} {name}", amount - most, _unit(own, kind, name)
    if own.cost is None:
        yield *head, None, "cost", "", None, currency
        return
    yield *head, None, "cost", "", own.cost, currency
    if own.least is not None:
        yield *head, None, "least_cost", "", own.least, currency
        yield *head, None, "regret", "", own.cost - own.least, currency
    for y, year in own.years.items():
        for (carrier, zone), short in year.unserved.items():
            where = f"{carrier} {zone}"
            yield *head, y, "unserved", where, short.energy, "MWh"
            yield *head, y, "unserved_hours", where, short.hours, "h"
            yield *head, y, "unserved_worst", where, short.worst, "MW"
        for (stage, metric, _), amount in year.missed.items():
            yield *head, y, "missed", f"{stage} {metric}", amount, OF_RULES[metric].amount
            if (credit := own.credits(y, metric)) is not None:
                yield *head, y, "credits", f"{stage} {metric} {credit[0]}", amount * credit[1], currency
    for (rule, metric), amount in own.over.items():
        yield *head, None, "missed", f"{rule} {metric}", amount, OF_RULES[metric].amount


def _unit(own: Stressed, kind: str, name: str) -> str:
    return (
        own.inputs.capacity.label.get(name, "MW") if kind in ("build", "retire", "contract") else "ha" if kind == "plant" else "1"
    )


def told(own: Stressed, currency: str, language: Language) -> list[str]:
    """What is said of a future, a line each."""
    say = language.translate
    head = say("{future} ({share})", future=own.future, share=language.percent(own.probability, 0))
    if own.cost is None:
        return [say("{what}: {words}", what=head, words=say(NOT_KEPT)), *("  " + line for line in _over(own, language))]
    parts = [say("costs {cost}", cost=language.money(own.cost, currency))]
    if own.least is not None:
        parts.append(say("{money} more than the least, had it been known", money=language.money(own.cost - own.least, currency)))
    if own.holds:
        parts.append(say("all demand is met and every rule is kept"))
    lines = [say("{what}: {words}", what=head, words=say("; ").join(parts))]
    return [*lines, *("  " + line for line in (*_unserved(own, language), *_missed(own, currency, language)))]


def _over(own: Stressed, language: Language) -> Iterator[str]:
    for (kind, name, y), amount, most in own.kept.over[:MOST]:
        yield language.translate(
            "{year} {kind} {name}: {amount} is decided, {most} is possible",
            year=y,
            kind=language.translate(KINDS[kind]),
            name=name,
            amount=language.amount(amount),
            most=language.amount(most),
        )


def _unserved(own: Stressed, language: Language) -> Iterator[str]:
    places = dict.fromkeys(key for year in own.years.values() for key in year.unserved)
    for carrier, zone in places:
        years = {y: year.unserved[carrier, zone] for y, year in own.years.items() if (carrier, zone) in year.unserved}
        worst = max(years, key=lambda y: years[y].energy)
        yield language.translate(
            "{carrier} in {zone} is short in {count} of {all} years, most in {year}: {energy} MWh in {hours} hours, at worst "
            "{power} MW",
            carrier=named(language, CARRIERS, carrier),
            zone=named(language, ZONES, zone),
            count=len(years),
            all=len(own.years),
            year=worst,
            energy=language.amount(years[worst].energy),
            hours=language.amount(years[worst].hours),
            power=language.amount(years[worst].worst),
        )


def _missed(own: Stressed, currency: str, language: Language) -> Iterator[str]:
    say = language.translate
    rules = dict.fromkeys(key for year in own.years.values() for key in year.missed)
    for key in list(rules)[:MOST]:
        stage, metric, _ = key
        years = {y: year.missed[key] for y, year in own.years.items() if key in year.missed}
        worst, unit = max(years, key=lambda y: years[y]), OF_RULES[metric].amount
        line = say(
            "{metric} of {stage} is missed in {count} of {all} years, most in {year}: by {amount} {unit}",
            metric=say(word(METRICS, metric)),
            stage=say(word(STAGES, stage)),
            count=len(years),
            all=len(own.years),
            year=worst,
            amount=language.amount(years[worst]),
            unit=unit,
        )
        credits = [own.credits(y, metric) for y in years]
        if all(credits):
            total = sum(
                own.inputs.finance.discount[y] * years[y] * credit[1] for y, credit in zip(years, credits, strict=True) if credit
            )
            more = say("credits for all of it would cost {money}, discounted", money=language.money(total, currency))
            line = say("{first}; {others}", first=line, others=more)
        yield line
    for (rule, metric), amount in own.over.items():
        yield say(
            "{metric} of {stage} is missed by {amount} {unit} over the years",
            metric=say(word(METRICS, metric)),
            stage=rule,
            amount=language.amount(amount),
            unit=OF_RULES[metric].amount,
        )


def summed(found: Sequence[Stressed]) -> Message:
    """How many of the futures the orders stand in."""
    held = [own.future for own in found if own.holds]
    return Message("the orders stand in {count} of {all} futures", count=len(held), all=len(found))
