"""A PyPSA network as a folder of CSV files, written with pandas alone: `pypsa.Network(folder)` reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from planner.tables.kinds import META, NETWORK
from planner.tables.place import check_place, writing

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
