"""The stage rules of the year as PyPSA sees them: each a weighted sum of yearly flows that must not pass a constant.

What was decided for the whole year (credits, certificates, restored land) is a number here, as the plan chose it; what
is dispatched (imports, exports, captured CO2, electricity made) is what PyPSA may change.
"""

from __future__ import annotations

import json
from collections.abc import Container, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from models.inputs import Inputs
from models.inputs.equipment import AIR
from models.metrics import OF_RULES
from models.operation.equipment import present_pairs
from models.operation.green_power import converted_groups, direct_green
from planner.export.load import Loaded
from planner.plan import TARGET
from planner.tables.place import META, NETWORK, check_place, writing

# --- pypsa files -----------------------------------------------------------------------------------------------------------
# A PyPSA network as a folder of CSV files, written with pandas alone: `pypsa.Network(folder)` reads it.

#: Kind of component -> name of its file.
FILES = {
    "Carrier": "carriers",
    "Bus": "buses",
    "Generator": "generators",
    "Link": "links",
    "Load": "loads",
    "StorageUnit": "storage_units",
    "GlobalConstraint": "global_constraints",
}
#: An attribute of a component; one that is an array varies over the snapshots.
Value = str | float | None
Attribute = Value | np.ndarray
#: The version of PyPSA whose names are used; it is told of a folder that says none.
PYPSA = "1.0.0"


class NetworkFiles:
    """Components while they are gathered.

    weight   hours of the year that each snapshot stands for              h (snapshots,)
    periods  True where days stand for others: each day is then a period of its own, so that stores end it as it began
    """

    def __init__(self, weight: np.ndarray, periods: bool) -> None:
        self.weight, self.periods = weight, periods
        self.static: dict[str, dict[str, dict[str, Value]]] = {kind: {} for kind in FILES}
        self.series: dict[tuple[str, str], dict[str, np.ndarray]] = {}

    def add(self, kind: str, name: str, **attributes: Attribute) -> None:
        """Add a component; an attribute that is an array varies over the snapshots."""
        assert name not in self.static[kind], f"two {kind}s named {name}"
        self.static[kind][name] = {}
        for attribute, value in attributes.items():
            if isinstance(value, np.ndarray):
                self.series.setdefault((kind, attribute), {})[name] = value
            else:
                self.static[kind][name][attribute] = value

    def bus(self, name: str, carrier: str) -> str:
        """The bus of that name, made when first asked for."""
        if name not in self.static["Bus"]:
            self.carrier(carrier)
            self.add("Bus", name, carrier=carrier, unit="t/h" if carrier == "co2" else "MW")
        return name

    def carrier(self, name: str, **factors: float) -> str:
        """The carrier of that name, made when first asked for; factors are what a unit of it counts in each rule."""
        self.static["Carrier"].setdefault(name, {}).update(factors)
        return name

    def write(self, folder: Path, meta: Mapping[str, object]) -> None:
        """Write all files beside the folder and move them in. Raises CaseError where the folder holds anything else."""
        check_place(folder, NETWORK)
        with writing(folder, NETWORK) as (new, _):
            named = pd.DataFrame({"name": [meta.get("park", "")], "pypsa_version": [PYPSA]})
            for name, table in {"network": named, **self._tables()}.items():
                table.to_csv(new / f"{name}.csv", float_format="%.12g", lineterminator="\n")
            (new / META).write_text(json.dumps(meta, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def _times(self) -> dict[str, pd.DataFrame]:
        """Snapshots with their weights, and the investment periods where there are any."""
        count = len(self.weight)
        weights = pd.DataFrame({"objective": self.weight, "stores": 1.0, "generators": self.weight})
        if not self.periods:
            weights.index.name = "snapshot"
            return {"snapshots": weights}
        places = pd.DataFrame({"period": np.arange(count) // 24, "timestep": np.arange(count) % 24})
        days = pd.Index(range(count // 24), name="period")
        return {
            "snapshots": pd.concat([places, weights], axis=1),
            "investment_periods": pd.DataFrame({"objective": 1.0, "years": 1.0}, index=days),
        }

    def _tables(self) -> dict[str, pd.DataFrame]:
        found = self._times()
        for kind, file in FILES.items():
            if self.static[kind]:
                names, rows = list(self.static[kind]), list(self.static[kind].values())
                found[file] = pd.DataFrame(rows, index=pd.Index(names, name="name"))
        found["carriers"] = found["carriers"].fillna(0.0)
        for (kind, attribute), columns in self.series.items():
            found[f"{FILES[kind]}-{attribute}"] = pd.DataFrame(columns)
        return found


# --- pypsa rules -----------------------------------------------------------------------------------------------------------

#: Room that a rule is given, as a share of its terms: the plan's numbers are rounded in the files.
ROOM = 1e-6
#: A yearly flow: ("import", supply), ("export", supply), ("made", converter), ("captured", plant, source).
Flow = tuple[Hashable, ...]


@dataclass
class Sum:
    """A weighted sum of yearly flows and a constant."""

    terms: dict[Flow, float] = field(default_factory=dict)
    constant: float = 0.0

    def add(self, other: Sum, factor: float = 1.0) -> Sum:
        """Add another sum, multiplied; gives itself."""
        for flow, value in other.terms.items():
            self.terms[flow] = self.terms.get(flow, 0.0) + factor * value
        self.constant += factor * other.constant
        return self


@dataclass(frozen=True)
class YearRule:
    """A rule: the terms, `<=` or `>=`, and the constant that they are compared with, a little room included."""

    name: str
    terms: dict[Flow, float]
    sense: str
    constant: float


def rules_of_year(run: Loaded, y: int, pairs: list[tuple[str, str]]) -> list[YearRule]:
    """Every rule of the year that the dispatch can change; `pairs` are the capture plants and sources that are there."""
    figures = _figures(run, y, pairs)
    found = []
    for rule in run.inputs.carbon.rules.get(y, ()):
        if not set(OF_RULES[rule.metric].ratio) <= set(figures) or (run.inputs.standard.applies and not rule.lasting):
            continue  # budgets over years, matching by the hour, rules with the factors of a standard
        above, below = (figures[name] for name in OF_RULES[rule.metric].ratio)
        total = Sum().add(above).add(below, -rule.limit)
        terms = {flow: value for flow, value in total.terms.items() if abs(value) > 1e-12}
        if terms:
            size = abs(above.constant) + abs(rule.limit * below.constant) + run.inputs.carbon.base
            room = ROOM * size * (1 if rule.sense == "<=" else -1)
            name = f"{rule.stage + '_' if rule.lasting else ''}{rule.metric}_{'max' if rule.sense == '<=' else 'min'}"
            found.append(YearRule(name, terms, rule.sense, room - total.constant))
    return found


def planned(run: Loaded, y: int, table: str, name: str, query: str = "") -> dict[str, float]:
    """Volumes of the year that the plan chose, by name."""
    rows = run.plans["target"][table]
    rows = rows[rows["year"] == y]
    rows = rows.query(query) if query else rows
    return {str(k): float(v) for k, v in zip(rows[name], rows["value"], strict=True)}


def _figures(run: Loaded, y: int, pairs: list[tuple[str, str]]) -> dict[str, Sum]:
    """The yearly figures that ratios are of, as sums of flows."""
    carbon = run.inputs.carbon
    scopes = _scopes(run, y, pairs)
    gross = Sum()
    for scope in scopes.values():
        gross.add(scope)
    kind = run.inputs.offsets.kind
    credits = planned(run, y, "offsets", "offset")
    bought = {n: sum(v for o, v in credits.items() if kind[o] == n) for n in ("avoidance", "removal")}
    counted = planned(run, y, "restoration", "project", "item == 'counted'")
    removed = Sum({("captured", k, q): run.inputs.captures.removal_share[q, y] for k, q in pairs}, sum(counted.values()))
    outside = sum(v for p, v in counted.items() if p not in run.inputs.restoration.inside)
    net = Sum(constant=-sum(bought.values())).add(gross).add(removed, -1.0)
    return {
        "gross": gross,
        "net": net,
        "base": Sum(constant=carbon.base),
        "avoidance": Sum(constant=bought["avoidance"]),
        "offset_volume": Sum(constant=bought["avoidance"] + bought["removal"] + outside),
        **_energy(run, y),
        **_available(run, y),
    }


def _scopes(run: Loaded, y: int, pairs: list[tuple[str, str]]) -> dict[int, Sum]:
    inputs, supplies = run.inputs, run.inputs.supplies
    market = inputs.carbon.accounting == "market"
    factor = supplies.market if market else supplies.location
    found = {n: Sum(constant=inputs.carbon.process.get((n, y), 0.0)) for n in (1, 2, 3)}
    for s in supplies.importers:
        found[supplies.scope[s]].terms["import", s] = factor[s, y] * _weighed(run, y, s)
    for k, q in pairs:
        scope = inputs.captures.process_scope.get(q, 1)
        found[scope].terms["captured", k, q] = run.inputs.captures.removal_share[q, y] - 1
    if market:
        for c, volume in planned(run, y, "certificates", "certificate").items():
            if supplies.scope.get(supplies.certificate_supply[c]) == 2:
                found[2].constant -= volume * supplies.market[supplies.certificate_supply[c], y]
    return found


def _weighed(run: Loaded, y: int, s: str) -> float:
    """What the profile of a supply's factor multiplies its imports by over the year, as the plan has them."""
    supplies, weight = run.inputs.supplies, run.inputs.calendar.weight
    profile = supplies.factor_profile.get((s, run.inputs.carbon.accounting))
    if profile is None:
        return 1.0
    rows = run.dispatch(y).query("flow == 'import' and name == @s").sort_values("hour")
    imports = rows["value"].to_numpy() if len(rows) else np.ones(len(weight))
    total = float(weight @ imports)
    return float((weight * imports) @ supplies.factor_shape[profile]) / total if total > 0 else 1.0


def _energy(run: Loaded, y: int) -> dict[str, Sum]:
    supplies, conversion = run.inputs.supplies, run.inputs.conversion
    electric = {s for s in supplies.supplies if supplies.carrier[s] == "electricity"}
    tce = supplies.tce_electricity
    bought = [s for s in supplies.importers if s in electric]
    exported = Sum({("export", s): 1.0 for s in supplies.exporters if s in electric})
    made = Sum({("made", k): 1.0 for k in conversion.converters})
    green = Sum({("made", k): 1.0 for k in conversion.converters if k in conversion.green})
    use = Sum({("import", s): supplies.tce[s] for s in supplies.importers})
    use.add(Sum({("export", s): -supplies.tce[s] for s in supplies.exporters})).add(green, tce)
    clean = Sum({("import", s): supplies.green_share[s] * supplies.tce[s] for s in supplies.importers})
    certified = planned(run, y, "certificates", "certificate")
    claimed = [(supplies.certificate_supply[c], v) for c, v in certified.items() if supplies.certificate_supply[c] in electric]
    clear = [s for s in bought if supplies.green_share[s] == 1]
    low = Sum({("import", s): 1.0 for s in clear}, constant=sum(v for s, v in claimed if s not in clear))
    return {
        "energy_use": use,
        "clean_energy": clean.add(green, tce).add(exported, -tce),
        "electricity_used": Sum({("import", s): 1.0 for s in bought}).add(made).add(exported, -1.0),
        "direct_green": Sum().add(green).add(exported, -1.0),
        "certified_electricity": Sum(constant=sum(v for _, v in claimed)),
        "low_carbon": low.add(green).add(exported, -1.0),
        "own_supply": Sum({("import", s): 1.0 for s in direct_green(run.inputs)}).add(green).add(exported, -1.0),
    }


def _available(run: Loaded, y: int) -> dict[str, Sum]:
    """What green plants and direct green contracts could generate, as planned, and what becomes of it."""
    inputs, weight = run.inputs, run.inputs.calendar.weight
    conversion, supplies, contracts = inputs.conversion, inputs.supplies, inputs.contracts
    capacity = planned_capacity(run, y)
    contracted = planned(run, y, "contracts", "supply", "item == 'contracted'")
    direct, plants = direct_green(inputs), sorted(converted_groups(inputs).get("varying", ()))
    could = sum(
        capacity.get(k, 0.0) * float(weight @ (conversion.availability[k] * conversion.net(k, "electricity", out_only=True)))
        for k in plants
    )
    could += sum(contracted.get(s, 0.0) * float(weight @ contracts.shape[s]) for s in direct)
    brought = Sum({("import", s): 1.0 for s in direct})
    sold = [s for s in supplies.exporters if supplies.carrier[s] == "electricity"]
    exported = Sum({("export", s): 1.0 for s in sold})
    generated = Sum({("made", k): 1.0 for k in plants}).add(brought)
    return {
        "available": Sum(constant=could),
        "exported": exported,
        "self_used": Sum().add(generated).add(exported, -1.0),
        "curtailed": Sum(constant=could).add(generated, -1.0),
    }


def planned_capacity(run: Loaded, y: int) -> dict[str, float]:
    """What works in the year, as planned (MW, MWh, t/h)."""
    rows = run.plans["target"]["capacity"].query(f"year == {y}")
    return dict(zip(rows["technology"].astype(str), rows["capacity"].astype(float), strict=True))


def left_out(run: Loaded, y: int, pairs: list[tuple[str, str]]) -> list[str]:
    """Rules of the year that the network does not state."""
    known = set(_figures(run, y, pairs))
    lasting = [r for r in run.inputs.carbon.rules.get(y, ()) if r.lasting and not set(OF_RULES[r.metric].ratio) <= known]
    return [f"{r.stage} {r.metric}" for r in lasting]


# --- pypsa draft -----------------------------------------------------------------------------------------------------------
# The network of a year while it is made: what its parts add to, and what they need to know.


@dataclass
class LinkDraft:
    """A link while its ports are gathered.

    attributes  of PyPSA, in the order of their columns
    p_nom       most that flows into its first port                               MW, t/h
    per         flow into its first port per unit of activity of what it stands for
    """

    attributes: dict[str, Attribute]
    p_nom: float
    per: float = 1.0

    def port(self, bus: str, efficiency: float | np.ndarray) -> None:
        """One more port: what flows out there per flow into the first one, below 0 for what flows in."""
        n = sum(name.startswith("bus") for name in self.attributes)
        self.attributes[f"bus{n}"] = bus
        self.attributes["efficiency" if n == 1 else f"efficiency{n}"] = efficiency


class NetworkDraft:
    """The network while it is made, and what its parts need to know.

    capacity   what works in the year, with a millionth of room   MW, MWh, t/h (k)
    rules      stage rules that the dispatch can change
    behind     bus of a supply behind a connection that is a link of the network   (s, import or export)
    """

    def __init__(self, run: Loaded, y: int) -> None:
        self.run, self.inputs, self.year = run, run.inputs, y
        rows = run.plans[TARGET]["capacity"].query(f"year == {y}")
        self.capacity = {
            str(k): float(c) * (1 + ROOM) for k, c in zip(rows["technology"], rows["capacity"], strict=True) if c > 1e-9
        }
        self.pairs = pairs_of_year(run.inputs, y, self.capacity)
        self.rules: list[YearRule] = rules_of_year(run, y, self.pairs)
        self.behind: dict[tuple[str, str], str] = {}
        self.network = NetworkFiles(run.inputs.calendar.weight, run.inputs.calendar.has_typical_days)
        self.flows = {
            key: own.sort_values("hour")["value"].to_numpy()
            for key, own in run.dispatch(y).groupby(["flow", "name"], observed=True)
        }

    def bus(self, zone: str, carrier: str) -> str:
        """The bus of a carrier in a zone."""
        return self.network.bus(f"{zone} {carrier}", carrier)

    def bus_of(self, s: str, way: str) -> str:
        """The bus of a supply: that of its connection, else that of its carrier in its zone."""
        return self.behind.get((s, way)) or self.bus(self.inputs.supplies.zone[s], self.inputs.supplies.carrier[s])

    def counts(self, *flow: str) -> dict[str, float]:
        """What a unit of a flow counts in each rule; empty where no rule knows it."""
        return {r.name: r.terms[flow] for r in self.rules if flow in r.terms}

    def count(
        self, link: LinkDraft, name: str, efficiency: float | np.ndarray, factors: dict[str, float], cost: float = 0.0
    ) -> None:
        """A port of a link whose flow counts in rules or costs something, and goes nowhere."""
        bus = self.network.bus(f"counted {name}", "counted")
        link.port(bus, efficiency)
        carrier = self.network.carrier(f"counted {name}", **factors)
        most = float(np.max(np.abs(efficiency))) * link.p_nom * (1 + ROOM)
        self.network.add("Generator", f"counted {name}", bus=bus, sign=-1.0, p_nom=most, carrier=carrier, marginal_cost=cost)


def pairs_of_year(inputs: Inputs, y: int, capacity: Container[str]) -> list[tuple[str, str]]:
    """Capture plants that stand, and the sources of theirs that give off CO2."""
    captures = inputs.captures
    return [
        (k, q)
        for k, q in present_pairs(inputs, y)
        if k in capacity and (q == AIR or captures.process_co2.get((q, y)) or (q in capacity and captures.fuel_co2.get((q, y))))
    ]
