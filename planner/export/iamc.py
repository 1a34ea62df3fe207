"""The plan in the long format of the IAMC: model, scenario, region, variable, unit, and a column a year.

A row is a variable whose name is a path, `Capacity|Electricity|Solar|PV`; every level above a row is there too, as the
sum of what is below it. Zones of a park are summed. Equipment that gives out the carrier that it takes in (a heat
exchanger) makes no secondary energy. Each plan of the run is a scenario.

What a park's carriers and technologies are called in the variable names of the IAMC.

The names follow the variable list of the IAMC common definitions where that list has a word. What it has no word for is
named after the type in the park: `hot-water-tank` becomes `Hot Water Tank`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from models.case import Case, Technology
from planner import __version__
from planner.export.load import Loaded
from planner.park.folder import check_beside
from planner.plan import TARGET
from planner.tables.output import Tables
from planner.tables.place import check_target, write_file

#: What a park has -> its name in the variables: `carriers`, `weather`, `emissions`, `operating`.
NAMES = tomllib.loads(files("planner.export").joinpath("iamc.toml").read_text(encoding="utf-8"))
OTHER = "Other"
#: Heat per electricity above which heat is lifted and not made.
HEAT_PUMP = 1.2


def carrier_name(carrier: str) -> str:
    """A carrier as final or secondary energy."""
    return NAMES["carriers"].get(carrier, (titled(carrier), ""))[0]


def source_name(carrier: str) -> str:
    """A carrier as what another is made of, or as primary energy."""
    return NAMES["carriers"].get(carrier, ("", titled(carrier)))[1]


def titled(name: str) -> str:
    """`hot-water-tank` as `Hot Water Tank`; a bar would begin a new level of the variable."""
    words = name.replace("|", " ").replace("-", " ").replace("_", " ").split()
    return " ".join(w if w.isupper() else w[:1].upper() + w[1:] for w in words)


def _mean(case: Case, profile: str) -> float:
    """The mean of a profile over all years; 1 where none is named."""
    years = range(case.park.first_year, case.park.last_year + 1)
    return float(np.mean([case.profiles[case.column(profile, y)].mean() for y in years])) if profile else 1.0


class Equipment:
    """What a technology makes, and of what, in the words of the IAMC."""

    def __init__(self, case: Case, row: Technology) -> None:
        ports = [p for p in case.ports if p.type == row.type_name]
        self.type = row.type_name
        self.role = next(t.role for t in case.types if t.type == row.type_name)
        mean = {p: _mean(case, p.profile) for p in ports}
        self.outputs = {p.carrier: p.ratio * mean[p] for p in ports if p.direction == "out"}
        self.inputs = {p.carrier: p.ratio * mean[p] for p in ports if p.direction == "in"}

    def source(self, output: str) -> str | None:
        """What that output is made of; None where it was the same carrier before (a heat exchanger)."""
        if not self.inputs:
            found = next((source for word, source in NAMES["weather"].items() if word in self.type.lower()), OTHER)
            return "Solar|PV" if (found, output) == ("Solar", "electricity") else found
        first = next((c for c in self.inputs if c != "electricity"), "electricity")
        if carrier_name(first) == carrier_name(output):
            return None
        if first == "electricity" and carrier_name(output) == "Heat":
            lifts = self.outputs[output] > HEAT_PUMP * self.inputs[first]
            return "Electricity|Heat Pumps" if lifts else "Electricity|Boilers"
        return source_name(first)

    @property
    def main(self) -> str:
        """The output that its capital is booked under: electricity where it makes any, else the largest."""
        if "electricity" in self.outputs or not self.outputs:
            return "electricity"
        return max(self.outputs, key=lambda c: self.outputs[c])

    @property
    def investment(self) -> str:
        """Where its capital is booked below `Investment`."""
        if self.role == "capture":
            return f"Carbon Capture|{titled(self.type)}"
        if self.role == "store":
            return f"Energy Supply|{carrier_name(self.main)}|Storage|{titled(self.type)}"
        return f"Energy Supply|{carrier_name(self.main)}|{self.source(self.main) or OTHER}"


#: Columns before the years, as the format wants them.
COLUMNS = ("Model", "Scenario", "Region", "Variable", "Unit")
#: What is paid where CO2 leaves, or comes, over a supply: no energy.
CO2_STORAGE = "CO2 Storage"
#: Table, its column, and the root and the unit's ending of its variables.
CAPACITIES = (("capacity", "capacity", "Capacity", ""), ("investments", "build", "Capacity Additions", "/yr"))


class Variables:
    """Variables of one plan while they are summed up."""

    def __init__(self, years: list[int]) -> None:
        self.years = years
        self.values: dict[tuple[str, str], pd.Series] = {}

    def add(self, root: str, below: str, unit: str, rows: pd.DataFrame, column: str = "value", factor: float = 1.0) -> None:
        """Add rows of a table, summed by year, to `root|below` and to every level from there up to the root."""
        series = factor * rows.groupby("year")[column].sum().reindex(self.years, fill_value=0.0)
        levels = below.split("|") if below else []
        for depth in range(len(levels) + 1):
            key = ("|".join([root, *levels[:depth]]), unit)
            self.values[key] = self.values[key] + series if key in self.values else series


def iamc_table(run: Loaded) -> pd.DataFrame:
    """All plans of the run as one table; what one plan has and another has not is 0 in the other."""
    park = run.case.park
    years = list(range(park.first_year, park.last_year + 1))
    known = {name: _variables(run, tables, years).values for name, tables in run.plans.items()}
    nothing, rows = pd.Series(0.0, index=years), []
    for name, found in known.items():
        scenario = f"{run.summary['target']} by {run.summary['by']}" if name == TARGET else name
        scenario += f", {run.output.future}" if run.output.future else ""
        for variable, unit in sorted({key for own in known.values() for key in own}):
            series = found.get((variable, unit), nothing)
            rows.append((f"parkzero {__version__}", scenario, park.name, variable, unit, *series.tolist()))
    return pd.DataFrame(rows, columns=[*COLUMNS, *map(str, years)])


def write_iamc(run: Loaded, path: Path) -> int:
    """Write the table as CSV; gives the number of its rows. Raises CaseError where a file stands there that is none of ours."""
    check_beside(path)
    check_target(path, f"--to {path}", is_iamc)
    table = iamc_table(run)
    write_file(path, f"--to {path}", table.to_csv(index=False, float_format="%.12g", lineterminator="\n"), is_iamc)
    return len(table)


def is_iamc(path: Path) -> bool:
    """True for a table that was exported here: told by its header and its first row."""
    try:
        with path.open(encoding="utf-8") as table:
            return table.readline(10_000).startswith(",".join(COLUMNS)) and table.readline(1_000).startswith("parkzero ")
    except (OSError, ValueError):
        return False


def _variables(run: Loaded, tables: Tables, years: list[int]) -> Variables:
    found = Variables(years)
    known = {t.technology: Equipment(run.case, t) for t in run.case.technologies}
    _capacities(run, tables, known, found)
    _energy(run, tables, known, found)
    _emissions(run, tables, found)
    _money(run, tables, known, found)
    return found


def _capacities(run: Loaded, tables: Tables, known: Mapping[str, Equipment], found: Variables) -> None:
    carriers = _carried(run)
    for table, column, root, per in CAPACITIES:
        for name, rows in tables[table].groupby("technology", sort=False):
            if name in carriers:
                unit = "t CO2/h" if carriers[name] == "co2" else "MW"
                found.add(f"{root}|Transmission|{carrier_name(carriers[name])}", "", unit + per, rows, column)
                continue
            kind = known[str(name)]
            if kind.role == "capture":
                found.add(f"{root}|Carbon Capture", titled(kind.type), "t CO2/h" + per, rows, column)
            elif kind.role == "store":
                found.add(f"Storage {root}|{carrier_name(kind.main)}", titled(kind.type), "MWh" + per, rows, column)
            else:
                for carrier, ratio in kind.outputs.items():
                    source = kind.source(carrier)
                    if source is not None:
                        found.add(f"{root}|{carrier_name(carrier)}", source, "MW" + per, rows, column, ratio)


def _carried(run: Loaded) -> dict[str, str]:
    """What links carry, and connections to the outside whose size is a decision: both are lines and pipes."""
    return {link.link: link.carrier for link in run.case.links} | {c.connection: c.carrier for c in run.case.connections}


def _energy(run: Loaded, tables: Tables, known: Mapping[str, Equipment], found: Variables) -> None:
    kinds = {s.supply: s.kind for s in run.case.supplies}
    for (flow, name, carrier), rows in tables["energy"].groupby(["flow", "name", "carrier"], sort=False):
        if carrier == "co2":
            continue  # what is captured is told by the emissions
        if flow == "demand":
            found.add("Final Energy", carrier_name(carrier), "MWh/yr", rows)
        elif flow == "out":
            source = known[name].source(carrier)
            if source is not None:
                found.add(f"Secondary Energy|{carrier_name(carrier)}", source, "MWh/yr", rows)
            if source is not None and not known[name].inputs:
                found.add("Primary Energy", source.removesuffix("|PV"), "MWh/yr", rows)
        elif flow == "import" and kinds[name] == "fuel":
            found.add("Primary Energy", source_name(carrier), "MWh/yr", rows)
        elif flow in ("import", "export") and kinds[name] != "sink":
            sign = 1.0 if flow == "export" else -1.0
            found.add(f"Trade|Secondary Energy|{carrier_name(carrier)}|Volume", "", "MWh/yr", rows, factor=sign)


def _emissions(run: Loaded, tables: Tables, found: Variables) -> None:
    items = dict(list(tables["emissions"].groupby("item")))
    for item, (root, *below) in NAMES["emissions"].items():
        found.add(root, "|".join(below), "t CO2/yr", items[item])
    found.add("Gross Emissions|CO2", "Scope 2", "t CO2/yr", items[f"scope2_{run.case.park.accounting}"])
    found.add("Carbon Removal|Geological Storage", "", "t CO2/yr", items["captured_removals"])


def _money(run: Loaded, tables: Tables, known: Mapping[str, Equipment], found: Variables) -> None:
    unit = f"{run.case.park.currency}_{run.case.park.price_year}/yr"
    carriers, stores = _carried(run), {s.supply for s in run.case.supplies if s.carrier == "co2"}
    for (item, name), rows in tables["costs"].groupby(["item", "name"], sort=False):
        if item in NAMES["operating"]:
            is_stored = item in ("energy", "export") and name in stores
            found.add("Operating Cost", CO2_STORAGE if is_stored else NAMES["operating"][item], unit, rows)
        elif item == "capital" and name in carriers:
            found.add("Investment", f"Energy Supply|Transmission|{carrier_name(carriers[name])}", unit, rows)
        else:
            place = {"measures": "Energy Efficiency", "restoration": "Land Use"}
            found.add("Investment", known[name].investment if item == "capital" else place[item], unit, rows)
