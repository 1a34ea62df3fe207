"""Which format is written where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.export.iamc import write_iamc
from planner.export.load import Loaded, load_run, write_mps
from planner.export.pypsa_network import drafted, facts_of_year, held_still, meta_of_run, pypsa_network
from planner.export.pypsa_rules import NetworkFiles, Value
from planner.language.language import mark
from planner.language.message import Message
from planner.tables.place import is_tree, leaf_folders

# --- pypsa years -----------------------------------------------------------------------------------------------------------
# All years of the plan as one PyPSA network: its investment periods are the years.
#
# The network of each year is made as `pypsa_network` makes it. A piece of equipment that is the same in years that follow each
# other stands once, with the first of them as its `build_year` and their number as its `lifetime`; one that changes (more
# capacity, another limit) is another component from that year on. Capacities stand as planned: nothing is extendable.

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


class Span(NamedTuple):
    """A component and the years in which it is the same: its attributes, and those that vary over the snapshots, by year."""

    name: str
    years: list[int]
    static: dict[str, Value]
    series: dict[str, dict[int, np.ndarray]]


def pypsa_years(run: Loaded) -> tuple[NetworkFiles, dict[str, Any]]:
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
    networks, cost, outside, notes = dict[int, NetworkFiles](), 0.0, 0.0, dict[str, Message]()
    for y in inputs.years:
        draft = drafted(run, y)
        networks[y], facts = draft.network, facts_of_year(draft)
        cost += discount[y] * facts["cost_of_year"]
        outside += discount[y] * facts["cost_outside_dispatch"]
        for line in held_still(draft):  # of what differs by year only in its names, the one with the most
            notes[line.template] = max(line, notes.get(line.template, line), key=len)
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


# --- write -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """What was written: where, what it is in a few words, and what it leaves out, a line each."""

    path: Path
    what: str
    notes: tuple[str, ...] = ()


def write_export(out: Path, format_name: str, to: Path | None = None, park: Path | None = None, year: int | None = None) -> Written:
    """Write the run of an output folder. Raises CaseError for a format, folder, place or year that will not do."""
    if format_name not in FORMATS:
        near = get_close_matches(format_name, FORMATS, 1)
        hint = Message("; did you mean {near}?", near=repr(near[0])) if near else ""
        raise CaseError.because(
            "--format {format}: is none of {formats}{hint}", format=format_name, formats=", ".join(FORMATS), hint=hint
        )
    place, write = FORMATS[format_name]
    if year is not None and format_name not in OF_A_YEAR:
        raise CaseError.because(
            "--year {year}: is of no use beside --format {format}, which has all years", year=year, format=format_name
        )
    if format_name == "mps" and is_tree(out):
        return _mps_of_tree(out, to, park)
    path = out / place if to is None else to
    if not path.absolute().parent.is_dir() and out.is_dir():
        raise CaseError.because("--to {path}: the folder {parent} does not exist", path=path, parent=path.absolute().parent)
    run = load_run(out, park)
    if year is not None and year not in run.inputs.years:
        raise CaseError.because(
            "--year {year}: is no year of the plan; it has {first} to {last}",
            year=year,
            first=run.inputs.years[0],
            last=run.inputs.years[-1],
        )
    try:
        written = write(run, path, year)
        return replace(written, notes=(*_warnings(run), *written.notes))
    except OSError as error:
        raise CaseError.because("--to {path}: cannot be written ({error})", path=path, error=error.strerror or error) from error


def _warnings(run: Loaded) -> list[Message]:
    """A note for each table of the run that was changed since."""
    return [Message("warning: {warning}", warning=words) for words in run.output.changed]


def _iamc(run: Loaded, path: Path, _: int | None) -> Written:
    if path.is_dir():
        raise CaseError.because("--to {path}: is a folder; name a file", path=path)
    rows = write_iamc(run, path)
    what = Message("{rows} rows in the IAMC format ({scenarios} scenarios)", rows=rows, scenarios=len(run.plans))
    return Written(path, what)


def _pypsa(run: Loaded, path: Path, year: int | None) -> Written:
    network, meta = pypsa_network(run, year)
    how = "n.optimize(multi_investment_periods=True)" if network.periods else "n.optimize()"
    what = mark("the year {year} as a PyPSA network: n = pypsa.Network({path}); {how}")
    return _network(path, network, meta, Message(what, year=meta["year"], path=repr(str(path)), how=how))


def _pypsa_years(run: Loaded, path: Path, _: int | None) -> Written:
    network, meta = pypsa_years(run)
    first, last = meta["years"][0], meta["years"][-1]
    how = f"n = pypsa.Network({str(path)!r}); n.optimize(multi_investment_periods=True)"
    what = mark("the years {first} to {last} as the investment periods of a PyPSA network: {how}")
    return _network(path, network, meta, Message(what, first=first, last=last, how=how))


def _network(path: Path, network: NetworkFiles, meta: Mapping[str, Any], what: Message) -> Written:
    network.write(path, meta)
    return Written(path, what, tuple(Message("not represented: {line}", line=line) for line in meta["not_represented"]))


def _mps(run: Loaded, path: Path, _: int | None) -> Written:
    if path.is_dir():
        raise CaseError.because("--to {path}: is a folder; name a file", path=path)
    matrix = write_mps(run, path)
    return Written(path, Message("the programme on the days that were planned on ({size})", size=matrix.size))


def _mps_of_tree(out: Path, to: Path | None, park: Path | None) -> Written:
    """A file for each future, in a folder."""
    folder = to or out / "mps"
    if folder.exists() and not folder.is_dir():
        raise CaseError.because("--to {path}: is a file; name a folder", path=folder)
    runs = [load_run(leaf, park, needs_dispatch=False) for leaf in leaf_folders(out)]
    if not runs:
        raise CaseError.because("{out}: holds no plan; there is nothing to export", out=out)
    try:
        folder.mkdir(exist_ok=True)
        for run in runs:
            assert run.tree is not None
            write_mps(run, folder / f"{run.output.future}.mps", run.tree.probability(run.output.future))
    except OSError as error:
        raise CaseError.because("--to {path}: cannot be written ({error})", path=folder, error=error.strerror or error) from error
    words = Message(
        "{count} files, one a future; columns of one name are one column, and probabilities stand in the first line",
        count=len(runs),
    )
    return Written(folder, words, tuple(line for run in runs for line in _warnings(run)))


#: Format -> where it is written within OUT, and how.
FORMATS: dict[str, tuple[str, Callable[[Loaded, Path, int | None], Written]]] = {
    "iamc": ("iamc.csv", _iamc),
    "pypsa": ("pypsa", _pypsa),
    "pypsa-years": ("pypsa-years", _pypsa_years),
    "mps": ("plan.mps", _mps),
}
#: Formats that are of one year.
OF_A_YEAR = ("pypsa",)
