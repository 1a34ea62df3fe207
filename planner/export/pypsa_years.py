"""All years of the plan as one PyPSA network: its investment periods are the years.

The network of each year is made as `pypsa_network` makes it. A piece of equipment that is the same in years that follow each
other stands once, with the first of them as its `build_year` and their number as its `lifetime`; one that changes (more
capacity, another limit) is another component from that year on. Capacities stand as planned: nothing is extendable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.export.load import Loaded
from planner.export.pypsa_network import MetaOfRun, drafted, facts_of_year, held_still, meta_of_run
from planner.export.pypsa_rules import NetworkFiles, Value
from planner.language.message import Message

#: Components that stand for some years; the others are there in all.
STANDING = ("Generator", "Link", "StorageUnit")
#: Limits of the sum over all snapshots: what has one stands for one year only.
OF_ALL_SNAPSHOTS = ("e_sum_max", "e_sum_min")


class YearsNetwork(NetworkFiles):
    """A network whose investment periods are years, of as many snapshots each.

    weight    hours of the year that each snapshot of a year stands for   h (snapshots of a year,)
    discount  factor of each year                                         1 (y)
    """

    def __init__(self, weight: np.ndarray, discount: Mapping[int, float]) -> None:
        super().__init__(weight, True)
        self.discount = discount

    def _times(self) -> dict[str, pd.DataFrame]:
        hours, years = len(self.weight), list(self.discount)
        weight = np.tile(self.weight, len(years))
        places = {"period": np.repeat(years, hours), "timestep": np.tile(np.arange(hours), len(years))}
        weights = {"objective": weight, "stores": 1.0, "generators": weight}
        periods = pd.DataFrame({"objective": list(self.discount.values()), "years": 1.0}, index=pd.Index(years, name="period"))
        return {"snapshots": pd.DataFrame({**places, **weights}), "investment_periods": periods}


class YearsMeta(MetaOfRun):
    """What meta.json says of a network of all years; money is discounted to the first one."""

    years: list[int]
    multi_investment_periods: bool
    cost_of_years: float
    cost_outside_dispatch: float
    not_represented: list[Message]


class Span(NamedTuple):
    """A component and the years in which it is the same: its attributes, and those that vary over the snapshots, by year."""

    name: str
    years: list[int]
    static: dict[str, Value]
    series: dict[str, dict[int, np.ndarray]]


def pypsa_years(run: Loaded) -> tuple[NetworkFiles, YearsMeta]:
    """The network of all years, and what its meta.json says. Money there is discounted to the first year, as PyPSA's objective is.

    Raises CaseError where the tables are of typical days: a store ends each of them as it began, which PyPSA can state of its
    periods only, and these are the years.
    """
    inputs = run.inputs
    if inputs.calendar.has_typical_days:
        raise CaseError.because(
            "--format pypsa-years: the tables of this run are of typical days, which PyPSA states as the periods of one year; "
            "operate the plan in every hour (without --no-verify), or export one year (--format pypsa --year YEAR)"
        )
    discount = {y: inputs.finance.discount[y] for y in inputs.years}
    whole = YearsNetwork(inputs.calendar.weight, discount)
    networks, cost, outside, notes = dict[int, NetworkFiles](), 0.0, 0.0, dict[tuple[str, str], Message]()
    for y in inputs.years:
        draft = drafted(run, y)
        networks[y], facts = draft.network, facts_of_year(draft)
        cost += discount[y] * facts["cost_of_year"]
        outside += discount[y] * facts["cost_outside_dispatch"]
        for line in held_still(draft):  # of what differs by year only in its names, the one with the most
            key = line.template, line.values.get("what", "")
            before = notes.get(key)
            notes[key] = line if before is None or len(line) >= len(before) else before
    _add_places(whole, networks)
    for kind in STANDING:
        for span in _spans(kind, networks):
            series = {a: _over_years(networks, own) for a, own in span.series.items()}
            years = {"build_year": span.years[0], "lifetime": float(len(span.years))}
            whole.add(kind, f"{span.name} {span.years[0]}", **span.static, **series, **years)
    ordered = Message("orders, retirements, measures, budget: capacities and demands stand as planned, none is extendable")
    return whole, {
        **meta_of_run(run),
        "years": list(inputs.years),
        "multi_investment_periods": True,
        "cost_of_years": cost,
        "cost_outside_dispatch": outside,
        "not_represented": [ordered, *notes.values()],
    }


def write_pypsa_years(run: Loaded, folder: Path) -> YearsMeta:
    """Write the network of all years as a folder of CSV files; gives what its meta.json says."""
    network, meta = pypsa_years(run)
    network.write(folder, meta)
    return meta


def _add_places(whole: NetworkFiles, networks: Mapping[int, NetworkFiles]) -> None:
    """What is there in all years: carriers, whose factors are of the rule of a year, buses, loads; and the rules of each year."""
    for y, network in networks.items():
        for name, factors in network.static["Carrier"].items():
            whole.carrier(name, **{f"{rule} {y}": float(factor or 0.0) for rule, factor in factors.items()})
        for name, own in network.static["Bus"].items():
            whole.bus(name, str(own["carrier"]))
        for name, own in network.static["GlobalConstraint"].items():
            rule = f"{name} {y}"
            whole.add("GlobalConstraint", rule, **{**own, "carrier_attribute": rule, "investment_period": y})
    for name in dict.fromkeys(name for network in networks.values() for name in network.static["Load"]):
        having = [network.static["Load"][name] for network in networks.values() if name in network.static["Load"]]
        drawn = {y: own["p_set"][name] for y, own in ((y, _series(n, "Load")) for y, n in networks.items()) if name in own["p_set"]}
        whole.add("Load", name, **having[0], p_set=_over_years(networks, drawn))


def _series(network: NetworkFiles, kind: str) -> dict[str, dict[str, np.ndarray]]:
    """Attribute -> component -> values, of those of a kind that vary over the snapshots."""
    return {attribute: own for (of, attribute), own in network.series.items() if of == kind}


def _spans(kind: str, networks: Mapping[int, NetworkFiles]) -> Iterator[Span]:
    """Each component of a kind with the years in which it is the same."""
    running: dict[str, Span] = {}
    for y, network in networks.items():
        series = _series(network, kind)
        for name, static in network.static[kind].items():
            own = {attribute: {y: values[name]} for attribute, values in series.items() if name in values}
            before = running.get(name)
            if before and before.years[-1] == y - 1 and _is_same(before, static, own):
                before.years.append(y)
                for attribute, values in own.items():
                    before.series[attribute] |= values
            else:
                if before:
                    yield before
                running[name] = Span(name, [y], static, own)
    yield from running.values()


def _is_same(before: Span, static: Mapping[str, Value], varying: Iterable[str]) -> bool:
    limited = any(attribute in static for attribute in OF_ALL_SNAPSHOTS)
    return not limited and before.static == static and set(before.series) == set(varying)


def _over_years(networks: Mapping[int, NetworkFiles], values: Mapping[int, np.ndarray]) -> np.ndarray:
    """Values of all snapshots of all years; 0 in a year of which there are none."""
    return np.concatenate([values[y] if y in values else np.zeros(len(n.weight)) for y, n in networks.items()])
