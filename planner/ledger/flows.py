"""Flows: the dispatch of one year as arrays, and what its flows come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from models.message import Message
from planner.ledger.compare import Book
from planner.ledger.figures import Figures
from planner.ledger.hours import LedgerHours
from planner.ledger.orders import lines

#: How a flow enters the balance of its zone and carrier.
FEEDS = ("import", "out", "discharge", "arrived")
DRAWS = ("export", "in", "charge", "demand", "sent")

#: What is so in an hour and flows nowhere: it has no sum over the year.
STATES = ("held", "online", "matched", "green_charge", "green_discharge", "green_held", "at_once")

#: (flow, name, zone, carrier)
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class LedgerYear:
    """What all checks of one year read.

    tables    the result tables, of this year alone
    flows     every flow of dispatch                       (flow, name, zone, carrier) -> (t)
    capacity  that the plan says works                     MW, MWh, t/h (k)
    demand    energy that the measures in force leave      MWh (u)
    """

    book: Book
    figures: Figures
    hours: LedgerHours
    y: int
    tables: Mapping[str, pd.DataFrame]
    flows: Mapping[Key, np.ndarray]
    capacity: Mapping[str, float]
    demand: Mapping[str, float]

    @cached_property
    def schemes(self) -> dict[str, list[str]]:
        """What stands in schemes.csv in the year, by connection."""
        found: dict[str, list[str]] = {}
        for r in lines(self.tables["schemes"]):
            found.setdefault(str(r.connection), []).append(str(r.scheme))
        return found

    def flow(self, kind: str, name: str, carrier: str | None = None, zone: str | None = None) -> np.ndarray:
        """A flow of every hour; 0 where dispatch has none."""
        found = np.zeros(self.hours.count)
        for key, values in self.flows.items():
            if key[:2] == (kind, name) and carrier in (None, key[3]) and zone in (None, key[2]):
                found = found + values
        return found

    def total(self, kind: str, names: Iterable[str], carrier: str | None = None) -> float:
        """What a flow of the names comes to in the year (MWh, t)."""
        return sum(self.hours.total(self.flow(kind, name, carrier)) for name in names)

    def said(self, table: str, *keys: str, value: str = "value") -> dict:
        """A column of a table of the year, by its keys."""
        rows = self.tables[table]
        if rows.empty:
            return {}
        names = [map(str, rows[k].tolist()) for k in keys]
        index = zip(*names, strict=True) if len(keys) > 1 else names[0]
        return dict(zip(index, rows[value].to_numpy(float).tolist(), strict=True))


def flows_of(book: Book, hours: LedgerHours, y: int, dispatch: pd.DataFrame) -> dict[Key, np.ndarray]:
    """Dispatch of one year as arrays. Every flow must have every hour once, and each hour its weight."""
    keys = ["flow", "name", "zone", "carrier"]
    texts = [pd.Categorical(dispatch[k].array) for k in keys]
    sizes = [len(text.categories) + 1 for text in texts]
    place = np.ravel_multi_index([text.codes.astype(int) + 1 for text in texts], sizes)
    number, hour = pd.factorize(place)[0], dispatch["hour"].to_numpy()
    step = np.diff(number)
    in_order = ((step > 0) | ((step == 0) & (np.diff(hour) > 0))).all()
    order = np.arange(len(number)) if in_order else np.lexsort((hour, number))
    first = order[np.flatnonzero(np.diff(number[order], prepend=-1))]
    known = [[*map(str, text.categories), "nan"] for text in texts]  # a text that is missing has code -1
    names = list(zip(*([own[code] for code in text.codes[first]] for own, text in zip(known, texts, strict=True)), strict=True))
    hour, wanted = hour[order], np.tile(np.arange(hours.count), len(names))
    if not np.array_equal(hour, wanted):
        book.equal("hours of dispatch", y, "all flows", len(hour), len(wanted))
        book.equal("hours of dispatch that stand in order", y, "all flows", 0.0, 1.0)
        return {}
    weight = dispatch["weight"].to_numpy()[order].reshape(len(names), hours.count) if names else np.zeros((1, hours.count))
    if names:
        worst = int(np.abs(weight - hours.weight).max(axis=1).argmax())
        book.equal_hours("hours that a snapshot stands for", y, names[worst][1], weight[worst], hours.weight)
    values = dispatch["value"].to_numpy()[order].reshape(len(names), hours.count)
    return dict(zip(names, values, strict=True))


def check_places(year: LedgerYear) -> None:
    """Every flow is one that the case knows, in its zone and of its carrier, and is never below 0."""
    known = set(_known(year.figures))
    for (flow, name, zone, carrier), values in year.flows.items():
        label = f"{name} ({zone}, {carrier})"
        if (flow, name, zone, carrier) not in known:
            year.book.equal(
                Message("{flow} that the case does not know", flow=flow), year.y, label, float(np.abs(values).max()), 0.0, noise=0.0
            )
        if flow != "held":  # of a seasonal store it is a gain, which may be below 0
            year.book.at_most_hours(Message("{flow} below 0", flow=flow), year.y, label, -values, 0.0, noise=1e-9)


def _known(figures: Figures) -> Iterable[Key]:
    for k, t in figures.technologies.items():
        role, ports = figures.types[t.type_name].role, figures.ports[k]
        if role == "store":
            carrier = next(carrier for _, carrier in ports)
            for flow in ("charge", "discharge", "held"):
                yield from ((name, k, t.zone, carrier) for name in (flow, f"green_{flow}"))
            continue
        yield from ((direction, k, t.zone, carrier) for direction, carrier in ports)
        yield from (("curtailed", k, t.zone, c) for d, c in ports if d == "out" and t.profile)
        yield from (("online", k, t.zone, c) for _, c in ports)
    for c in figures.case.captures:
        yield "captured", f"{c.technology} from {c.source}", figures.technologies[c.technology].zone, "co2"
    for s in figures.case.supplies:
        if s.can_import:
            yield "import", s.supply, s.zone, s.carrier
        if s.can_export:
            yield "export", s.supply, s.zone, s.carrier
    for link in figures.case.links:
        ends = [(link.from_zone, link.to_zone)] + [(link.to_zone, link.from_zone)] * link.both_ways
        for start, end in ends:
            yield "sent", link.link, start, link.carrier
            yield "arrived", link.link, end, link.carrier
    yield "matched", "electricity", "*", "electricity"
    for d in figures.case.demand:
        yield "demand", d.demand, d.zone, d.carrier
        yield from ((flow, d.demand, d.zone, d.carrier) for flow in ("asked", "served") if d.shift_share)
        yield from ((flow, d.demand, d.zone, d.carrier) for flow in ("shed",) if d.shed_share)
    yield from ((flow, name, zone, carrier) for name, zone, carrier in figures.charged for flow in ("demand", "at_once"))


def check_balances(year: LedgerYear) -> None:
    """In every zone, of every carrier, in every hour, what comes equals what goes.

    A balance may be off by 1e-6 of the largest flow of its place or of the park's largest demand: the decomposed method
    prices unserved power, and leaves up to 2e-7 of the peak of it as noise.
    """
    peak = max((float(v.max()) for (flow, *_), v in year.flows.items() if flow == "demand"), default=0.0)
    places: dict[tuple[str, str], list[np.ndarray]] = {}
    for (flow, _, zone, carrier), values in year.flows.items():
        if flow in FEEDS or flow in DRAWS:
            places.setdefault((zone, carrier), []).append(values if flow in FEEDS else -values)
    for (zone, carrier), signed in places.items():
        comes = np.sum([np.maximum(v, 0.0) for v in signed], axis=0)
        goes = np.sum([np.maximum(-v, 0.0) for v in signed], axis=0)
        year.book.equal_hours("balance", year.y, f"{carrier} in {zone}", comes, goes, scale=peak)


def check_totals(year: LedgerYear) -> None:
    """The yearly sums of energy.csv are dispatch times the hours that each snapshot stands for."""
    found = {
        (flow, name, zone, carrier): year.hours.total(values)
        for (flow, name, zone, carrier), values in year.flows.items()
        if flow not in STATES
    }
    said = year.said("energy", "flow", "name", "zone", "carrier")
    year.book.equal_items("yearly flow", year.y, said, found)


def check_demands(year: LedgerYear) -> None:
    """Each demand is what the measures in force leave, spread over the hours as its profile says, less what moved to other hours or
    was shed, and with what moved there."""
    rows = {d.demand: d for d in reversed(year.figures.case.demand)}
    for name, energy in year.demand.items():
        shape = year.hours.profile(rows[name].profile)
        said, shed = year.flow("demand", name), year.flow("shed", name)
        drawn = energy * shape / year.hours.total(shape) - year.flow("asked", name) + year.flow("served", name) - shed
        year.book.equal("demand of the year", year.y, name, year.hours.total(said + shed), energy)
        year.book.equal_hours("demand", year.y, name, said, drawn)
