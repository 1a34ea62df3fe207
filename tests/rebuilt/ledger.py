"""A second reading of a park folder, and of what a run wrote, that shares no line with the planner.

It reads the tables as text and knows only what design/case.md says of them: where park and catalogue meet, how years
are interpolated, what counts in which scope.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd

CATALOGUE = Path(__file__).parents[2] / "data" / "catalogue"
#: Units of yearly amounts and of factors that the parks of these tests use.
SIZE = {"MWh": 1.0, "MWh/year": 1.0, "GWh": 1e3, "GWh/year": 1e3, "t": 1.0, "t/year": 1.0, "t/MWh": 1.0, "kg/MWh": 1e-3}


@dataclass(frozen=True)
class Factor:
    """What a MWh of a supply holds of CO2, and whether that is biogenic."""

    carbon: float
    biogenic: bool

    @property
    def counted(self) -> float:
        return 0.0 if self.biogenic else self.carbon


@cache
def table(path: Path) -> pd.DataFrame:
    """A CSV as text; empty where there is no such file."""
    if not path.exists():
        return pd.DataFrame()
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


@cache
def results(path: Path) -> pd.DataFrame:
    """A table of results."""
    return pd.read_csv(path)


def number(text: str, default: float) -> float:
    return float(text) if text not in ("", None) else default


def in_year(rows: pd.DataFrame, year: int, column: str = "value", default: float = 0.0) -> float:
    """The figure of a year: linear between the years given, flat outside; a blank year holds always."""
    rows = rows[rows[column] != ""]
    if rows.empty:
        return default
    scale = [SIZE[u] if u else 1.0 for u in rows["unit"]] if "unit" in rows and column == "value" else 1.0
    values = rows[column].astype(float).to_numpy() * scale
    if (rows["year"] == "").any():
        return float(values[0])
    years = rows["year"].astype(int).to_numpy()
    order = np.argsort(years)
    return float(np.interp(year, years[order], values[order]))


class Park:
    """A park folder over the catalogue."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts = tomllib.loads((folder / "park.toml").read_text())
        self.years = range(self.facts["first_year"], self.facts["last_year"] + 1)
        self.accounting = self.facts.get("accounting", "market")

    def own(self, name: str) -> pd.DataFrame:
        return table(self.folder / f"{name}.csv")

    def catalogue(self, name: str) -> pd.DataFrame:
        return table(CATALOGUE / f"{name}.csv")

    @cached_property
    def technologies(self) -> dict[str, dict[str, str]]:
        return {r["technology"]: r for r in self.own("technologies").to_dict("records")}

    @cached_property
    def links(self) -> dict[str, dict[str, str]]:
        return {r["link"]: r for r in self.own("links").to_dict("records")}

    @cached_property
    def supplies(self) -> dict[str, dict[str, str]]:
        """The rows of supplies.csv, what they leave blank filled from their fuel."""
        fuels = {r["supply"]: r for r in self.catalogue("supplies").to_dict("records")}
        found = {}
        for row in self.own("supplies").to_dict("records"):
            fuel = fuels.get(row.get("fuel", ""), {})
            filled = {c: row.get(c) or fuel.get(c, "") for c in ("scope", "green_share", "tce_per_mwh")}
            found[row["supply"]] = {**row, **filled}
        return found

    def type_of(self, asset: str) -> str:
        row = self.technologies.get(asset) or self.links[asset]
        return row.get("type") or asset

    def is_closed(self, kind: str) -> bool:
        """True for a type that the park defines itself: nothing of it comes from the catalogue."""
        types = self.own("types")
        return len(types) > 0 and (types["type"] == kind).any()

    def type_row(self, kind: str) -> dict[str, str]:
        for source in (self.own("types"), self.catalogue("types")):
            if len(source) and (source["type"] == kind).any():
                return source[source["type"] == kind].iloc[0].to_dict()
        return {}

    def ports(self, kind: str) -> list[dict[str, str]]:
        own = self.own("ports")
        if len(own) and (own["type"] == kind).any():
            return own[own["type"] == kind].to_dict("records")
        catalogue = self.catalogue("ports")
        return [] if self.is_closed(kind) else catalogue[catalogue["type"] == kind].to_dict("records")

    def lifetime(self, kind: str) -> int:
        for source in (self.own("costs"), self.catalogue("costs")):
            if len(source):
                found = source[(source["type"] == kind) & (source["parameter"] == "lifetime")]
                if len(found):
                    assert found["unit"].iloc[0] == "year"
                    return int(float(found["value"].iloc[0]))
        raise AssertionError(f"{kind} has no lifetime")

    def lead_time(self, kind: str) -> int:
        return int(number(self.type_row(kind).get("lead_time", ""), 0))

    def works(self, asset: str, ordered: int) -> range:
        kind = self.type_of(asset)
        first = ordered + self.lead_time(kind)
        return range(first, first + self.lifetime(kind))

    def existing(self, asset: str, year: int) -> float:
        row = self.technologies.get(asset) or self.links[asset]
        until = number(row.get("existing_until", ""), self.facts["last_year"])
        return number(row.get("existing", ""), 0.0) if year <= until else 0.0

    def factor(self, supply: str, basis: str, year: int) -> Factor:
        """The factor on a basis: the park's own, else that of the fuel; one without a basis serves both."""
        fuel = self.supplies[supply].get("fuel", "")
        for source, name in ((self.own("emission_factors"), supply), (self.catalogue("emission_factors"), fuel)):
            rows = source[source["supply"] == name] if len(source) and name else pd.DataFrame()
            for wanted in (basis, ""):
                of_basis = rows[rows["basis"] == wanted] if "basis" in rows else rows
                if len(of_basis):
                    is_biogenic = "biogenic" in of_basis and of_basis["biogenic"].iloc[0] == "1"
                    return Factor(in_year(of_basis, year), is_biogenic)
        raise AssertionError(f"{supply} has no {basis} factor")

    def tce(self, supply: str) -> float:
        return number(self.supplies[supply]["tce_per_mwh"], 0.0)

    def tce_electricity(self) -> float:
        grids = [s for s, r in self.supplies.items() if r["kind"] == "grid" and r["carrier"] == "electricity"]
        return self.tce(grids[0]) if grids else 0.0

    def process(self, year: int) -> dict[str, tuple[float, int]]:
        """Tonnes and scope of each process emission."""
        rows = self.own("process_emissions")
        if rows.empty:
            return {}
        return {s: (in_year(own, year), int(own["scope"].iloc[0])) for s, own in rows.groupby("source")}

    def standard(self) -> pd.DataFrame:
        for source in (self.own("stages"), self.catalogue("stages")):
            if len(source) and (source["standard"] == self.facts["standard"]).any():
                return source[source["standard"] == self.facts["standard"]]
        raise AssertionError("the park's standard is nowhere")

    def listed(self, name: str, key: str, item: str) -> dict[str, str]:
        """A row that the park lists by name, what it leaves blank from the catalogue."""
        own = self.own(name)
        row = own[own[key] == item].iloc[0].to_dict()
        catalogue = self.catalogue(name)
        found = catalogue[catalogue[key] == item]
        return {**(found.iloc[0].to_dict() if len(found) else {}), **{c: v for c, v in row.items() if v != ""}}

    def uptake(self, project: str, age: int) -> float:
        """Tonnes that a hectare of that age takes up in a year, the buffer held back."""
        own = self.own("uptake")
        rows = own[own["project"] == project] if len(own) else own
        if rows.empty:
            catalogue = self.catalogue("uptake")
            rows = catalogue[catalogue["project"] == project]
        points = sorted(zip(rows["age"].astype(int), rows["value"].astype(float), strict=True))
        grown = np.interp(age, [a for a, _ in points], [v for _, v in points])
        return float(grown) * (1 - number(self.listed("restoration", "project", project).get("buffer", ""), 0.0))

    def biogenic_share(self, source: str, year: int) -> float:
        """How much of a captured source's CO2 is biogenic or from the air."""
        if source == "air":
            return 1.0
        if source not in self.technologies:
            return 0.0
        counted = carbon = 0.0
        for port in self.ports(self.type_of(source)):
            fuels = [s for s, r in self.supplies.items() if r["carrier"] == port["carrier"] and r["scope"] == "1"]
            if port["direction"] == "in" and fuels:
                factor = self.factor(fuels[0], self.accounting, year)
                carbon += number(port["ratio"], 1.0) * factor.carbon
                counted += number(port["ratio"], 1.0) * factor.counted
        return 1 - counted / carbon


class Output:
    """What a run wrote of one plan."""

    def __init__(self, folder: Path, summary: Path) -> None:
        self.folder = folder
        said = json.loads(summary.read_text())
        self.goal = [*((s, y) for s, y in said["milestones"].items()), (said["target"], said["by"])]
        self.base = said["base_emissions"]
        self.currency = said["currency"]
        self.typical_days = said["typical_days"]
        self.has_goal = folder == summary.parent
        self.system_cost = (said if self.has_goal else said["plans"][folder.name])["system_cost"]

    @cached_property
    def dispatch(self) -> pd.DataFrame:
        texts = dict.fromkeys(("flow", "name", "zone", "carrier"), str)
        return pd.read_parquet(self.folder / "dispatch.parquet").astype(texts)

    def read(self, name: str) -> pd.DataFrame:
        return results(self.folder / f"{name}.csv")

    @cached_property
    def energy(self) -> pd.DataFrame:
        return self.read("energy")

    @cached_property
    def emissions(self) -> pd.DataFrame:
        """Items as columns, years as rows."""
        return self.read("emissions").pivot_table(index="year", columns="item", values="value", sort=False)

    def total(self, year: int, flow: str, names: Iterable[str] | None = None, carrier: str | None = None) -> float:
        """Yearly sum of a flow."""
        rows = self.energy[(self.energy["year"] == year) & (self.energy["flow"] == flow)]
        if names is not None:
            rows = rows[rows["name"].isin(list(names))]
        if carrier is not None:
            rows = rows[rows["carrier"] == carrier]
        return float(rows["value"].sum())

    def captured(self, year: int) -> dict[str, float]:
        """Tonnes captured of each source."""
        rows = self.energy[(self.energy["year"] == year) & (self.energy["flow"] == "captured")]
        found: dict[str, float] = {}
        for r in rows.itertuples():
            source = r.name.split(" from ")[1]
            found[source] = found.get(source, 0.0) + r.value
        return found
