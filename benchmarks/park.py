"""The benchmark park, made from the lakeside example: 13 technologies, a cap that falls in three steps, offsets.

Everything in it can be said in PyPSA as well as here, so that objectives can be compared to a thousandth of a percent:

- fixed cost is paid with the capital, for the whole life: with none of it left to save, nothing is retired early, which
  PyPSA's vintages cannot do;
- what may be built is limited by year (max_build), not by what stands;
- no connections, contracts, demand charges, certificates, carbon price, capture, restoration, budget, links or seasonal stores.

With `mixed` it has twelve efficiency measures and CHP units of one size, and is mixed-integer.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pandas as pd

from models.case import Case
from models.inputs import resolve
from models.inputs.finance import CostTable, annuity
from planner.examples import park_folder
from planner.park import read_case

FIRST_YEAR = 2026
#: Lengths of a horizon that can be made   years.
YEARS = range(4, 21)
#: Technology of the example -> most that may be built in a year (empty: no limit).
TECHNOLOGIES: dict[str, float | None] = {
    "roof-pv": 4,
    "field-pv": 5,
    "wind-park": 5,
    "battery": None,
    "hot-water-tank": None,
    "gas-boiler": None,
    "gas-boiler-steam": None,
    "chp": None,
    "heat-exchanger": None,
    "biomass-boiler-steam": None,
    "electric-boiler-steam": None,
    "heat-pump-air": None,
    "chiller-electric": None,
}
SUPPLIES = ("grid", "gas", "biomass", "heat-dump", "steam-vent")
#: Costs that are paid with the capital, or that belong to what the other tools cannot state.
LEFT_OUT = ("capital_cost", "fixed_cost", "start_cost", "project_cost", "retirement_cost")
OFFSETS = ("nature-removal", "durable-removal")
#: Columns of costs.csv.
COST_COLUMNS = ["type", "parameter", "year", "value", "unit", "source"]
#: Tables of the example that are taken as they are.
TAKEN = ("profiles.csv", "demand.csv")
#: Gross emissions of the example's base year (t), as a run of it reports them.
BASE = 102_900.0
#: Most biomass of an hour (MW): the example's 24000 MWh a year, spread evenly.
BIOMASS = 24_000 / 8760
#: The cap is this share of the base in the first year, falls by so much a year, and never below the last.
CAP_FIRST, CAP_FALL, CAP_LAST = 0.75, 0.08, 0.2
#: Most that the grid delivers in an hour (MW).
GRID = 60
#: Columns of supplies.csv that are taken: the others are of contracts and connections, and of yearly limits.
SUPPLY_COLUMNS = [
    "supply",
    "carrier",
    "kind",
    "max_import",
    "max_export",
    "scope",
    "fuel",
    "green_share",
    "tce_per_mwh",
    "title_en",
    "title_zh",
    "note",
]
#: Size of a CHP unit (MW), and most that is built of them in a year, where it is mixed-integer.
CHP_UNIT, CHP_MOST = 2.5, 5.0
#: Measures beside the example's ten: the catalogue's figure for 100 GWh a year, scaled to this park's use; one adds a demand.
MORE_MEASURES = """\
measure,capital_cost,fixed_cost,lifetime,first_year,title,source
boiler-economiser,660000,13200,15,2026,Boiler economiser,"the catalogue's 1.1 million CNY for 100 GWh, for 60 GWh"
infrared-drying,18000000,300000,15,2027,Infrared and heat pump dryers in place of steam,illustrative
"""
MORE_SAVINGS = """\
measure,demand,saving,adds,adds_ratio,source
boiler-economiser,process-steam,0.055,,,the catalogue's measure of that name
infrared-drying,process-steam,0.12,machines,0.35,illustrative
"""


def write_park(folder: Path, years: int, mixed: bool = False) -> Path:
    """Write the park folder for a horizon of so many years (`YEARS`); gives the folder."""
    if years not in YEARS:
        raise ValueError(f"{years} years: {YEARS[0]} to {YEARS[-1]} can be made")
    source = park_folder("lakeside")
    example = read_case(source)
    folder.mkdir(parents=True, exist_ok=True)
    for name in TAKEN:
        shutil.copyfile(source / name, folder / name)
    _settings(folder, years)
    _technologies(folder, source, mixed)
    _boundary(folder, source)
    costs(example).to_csv(folder / "costs.csv", index=False, float_format="%.10g")
    _types(folder, example)
    if mixed:
        for name, more in (("measures.csv", MORE_MEASURES), ("savings.csv", MORE_SAVINGS)):
            rows = pd.concat([pd.read_csv(source / name, dtype=str), pd.read_csv(io.StringIO(more), dtype=str)])
            rows.drop(columns="lead_time", errors="ignore").to_csv(folder / name, index=False)
    return folder


def costs(example: Case) -> pd.DataFrame:
    """Capital cost of every year with the fixed cost of the whole life in it; fixed cost 0."""
    inputs = resolve(example, example.goal, BASE)
    table = CostTable(example.costs, inputs.years, example.park.currency)
    kinds = {t.technology: t.type_name for t in example.technologies if t.technology in TECHNOLOGIES}
    units = {k: f"{example.park.currency}/{'MWh' if k in inputs.storage.zone else 'MW'}" for k in kinds}
    rows: list[tuple] = []
    for k, kind in kinds.items():
        per = "MWh" if k in inputs.storage.zone else "MW"
        capital = table.series(kind, "capital_cost", f"money/{per}")
        fixed = table.fixed_cost(kind, per, None)
        years_paid = annuity(example.park.discount_rate, table.lifetime(kind))
        for y in inputs.years:
            whole = capital[y] + fixed.get(y, 0.0) * years_paid
            rows.append((kind, "capital_cost", y, whole, units[k], "the catalogue's, with the fixed cost of the whole life"))
        rows.append((kind, "fixed_cost", None, 0.0, f"{units[k]}/year", "paid with the capital"))
    frame = pd.DataFrame(rows, columns=COST_COLUMNS)
    return frame.astype({"year": "Int64"})


def _types(folder: Path, example: Case) -> None:
    """The catalogue's types without what the other tools cannot state: ramps, starts, outages, least loads, lead times, a COP of
    each hour (its mean holds), and orders of certain sizes in certain years."""
    wanted = {t.type_name for t in example.technologies if t.technology in TECHNOLOGIES}
    bare: dict[str, float | str | None] = {"ramp": None, "commitment": 0, "outage": 0.0, "min_load": 0.0}
    bare |= {"source_temperature": "", "sink_temperature": None, "carnot_share": None}
    bare |= {"min_build": 0.0, "unit_size": 0.0, "order_spacing": 0, "partial_retirement": 1, "lead_time": 0}
    types = [t.model_copy(update=bare).model_dump(exclude={"origin"}) for t in example.types if t.type in wanted]
    pd.DataFrame(types).dropna(axis=1, how="all").to_csv(folder / "types.csv", index=False)
    ports = [p.model_copy(update={"profile": ""}).model_dump(exclude={"origin"}) for p in example.ports if p.type in wanted]
    pd.DataFrame(ports).dropna(axis=1, how="all").to_csv(folder / "ports.csv", index=False)
    rest = [c for c in example.costs if c.type in wanted and c.parameter not in LEFT_OUT]
    more = pd.DataFrame([(c.type, c.parameter, c.year, c.value, c.unit, c.source) for c in rest], columns=COST_COLUMNS)
    more.astype({"year": "Int64"}).to_csv(folder / "costs.csv", mode="a", header=False, index=False, float_format="%.10g")


def _settings(folder: Path, years: int) -> None:
    last = FIRST_YEAR + years - 1
    low = FIRST_YEAR + 1
    near = low + max(1, years // 3)
    zero = near + max(1, years // 3)
    steps = {"low-carbon": low, "near-zero-carbon": near, "zero-carbon": zero}
    (folder / "park.toml").write_text(
        f"""\
name = "Benchmark park"
currency = "CNY"
price_year = 2025
discount_rate = 0.06
base_year = 2025
base_emissions = {BASE}
first_year = {FIRST_YEAR}
last_year = {last}
standard = "falling-cap"
typical_days = 12
first_weekday = 2
""",
        encoding="utf-8",
    )
    (folder / "goal.toml").write_text(
        f"""\
target = "zero-carbon"
by = {zero}

[milestones]
low-carbon = {low}
near-zero-carbon = {near}
""",
        encoding="utf-8",
    )
    rows = ["standard,stage,order,metric,sense,limit"]
    for order, (stage, year) in enumerate(steps.items(), 1):
        cap = max(CAP_LAST, CAP_FIRST - CAP_FALL * (year - FIRST_YEAR))
        rows.append(f"falling-cap,{stage},{order},net_ratio,<=,{cap:.4g}")
    (folder / "stages.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _technologies(folder: Path, source: Path, mixed: bool) -> None:
    table = pd.read_csv(source / "technologies.csv", dtype=str, keep_default_na=False)
    table = table[table["technology"].isin(TECHNOLOGIES)].set_index("technology").loc[list(TECHNOLOGIES)].reset_index()
    table = table[["technology", "type", "existing", "existing_until", "profile"]]
    table["max_build"] = ["" if TECHNOLOGIES[k] is None else str(TECHNOLOGIES[k]) for k in table["technology"]]
    if mixed:
        is_chp = table["technology"] == "chp"
        table["unit_size"] = ["" if not own else str(CHP_UNIT) for own in is_chp]
        table.loc[is_chp, "max_build"] = str(CHP_MOST)
    table.to_csv(folder / "technologies.csv", index=False)


def _boundary(folder: Path, source: Path) -> None:
    supplies = pd.read_csv(source / "supplies.csv", dtype=str, keep_default_na=False)
    supplies = supplies[supplies["supply"].isin(SUPPLIES)][SUPPLY_COLUMNS]
    supplies.loc[supplies["supply"] == "grid", "max_import"] = str(GRID)
    supplies.loc[supplies["supply"] == "biomass", "max_import"] = f"{BIOMASS:.6g}"
    supplies.to_csv(folder / "supplies.csv", index=False)
    prices = pd.read_csv(source / "prices.csv", dtype=str, keep_default_na=False)
    prices = prices[prices["supply"].isin(SUPPLIES) & prices["item"].isin(["energy", "export"])]
    prices.to_csv(folder / "prices.csv", index=False)
    tariff = pd.read_csv(source / "tariff.csv", dtype=str, keep_default_na=False)
    tariff[tariff["supply"] == "grid"].to_csv(folder / "tariff.csv", index=False)
    offsets = pd.read_csv(source / "offsets.csv", dtype=str, keep_default_na=False)
    offsets[offsets["offset"].isin(OFFSETS)].to_csv(folder / "offsets.csv", index=False)
