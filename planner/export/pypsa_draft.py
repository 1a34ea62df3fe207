"""The network of a year while it is made: what its parts add to, and what they need to know."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import numpy as np

from models.inputs import Inputs
from models.inputs.capture import AIR
from models.operation.capture import present_pairs
from planner.export.load import Loaded
from planner.export.pypsa_files import Attribute, NetworkFiles
from planner.export.pypsa_rules import ROOM, YearRule, rules_of_year
from planner.plan import TARGET


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
