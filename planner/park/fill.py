"""How park and catalogue meet: what the park names and does not describe comes from the catalogue, by the whole block.

Works on rows of text, before they are understood: a park's row may lack what the catalogue gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.case import (
    ORDER_COLUMNS,
    TABLES,
    Assumption,
    Cost,
    EmissionFactor,
    EquipmentType,
    ParkRule,
    Port,
    StageRule,
    StandardFactor,
    Supply,
)
from models.metrics import OF_RULES
from planner.language.message import Message
from planner.park import faults, remarks
from planner.park.catalogue import HOME_CURRENCY, Catalogue, Exchange, currency_in, in_currency, series_of
from planner.park.complaints import is_no
from planner.park.draft import Draft
from planner.park.fields import REMARKS, columns_of, number
from planner.park.tables import RawRow

# --- fill energy -----------------------------------------------------------------------------------------------------------
# Coal equivalent of a grid of electricity that names no fuel and states none: the calorific value of electricity.
#
# It is the same everywhere, so a rule by energy in tce needs no figure of the park for it. Where no rule reads tce it stays out of
# the accounts of a plan.

ENERGY = "energy_use"


def calorific(catalogue: Catalogue) -> RawRow | None:
    """The catalogue's first grid of electricity that has a coal equivalent."""
    grids = catalogue.rows(Supply.table, kind="grid", carrier="electricity")
    return next((row for row in grids if row.get("tce_per_mwh")), None)


def fill_energy(filler: Filler) -> None:
    """What such a grid counts, where the park's standard or one of its rules is by energy in tce; told as a warning too."""
    park, draft = filler.draft.park, filler.draft
    if park is None or not filler.is_given("supplies"):
        return
    rows = [row for row in draft.raw[StageRule.table] if row.get("standard") == park.standard] + draft.raw[ParkRule.table]
    metrics = sorted({row.get("metric") for row in rows if _is_by_energy(row.get("metric"))})
    found = calorific(filler.catalogue)
    if not metrics or found is None:
        return
    supplies = draft.raw[Supply.table]
    for i, row in enumerate(supplies):
        if _is_power(row) and row.get("supply") and not row.get("fuel") and not row.get("tce_per_mwh"):
            filler.take_cells("supplies", row.get("supply"), found, ["tce_per_mwh"])
            supplies[i] = row.having(tce_per_mwh=found.get("tce_per_mwh"))
            draft.warn(
                row.origin, remarks.CALORIFIC, supply=repr(row.get("supply")), tce=found.get("tce_per_mwh"), metric=metrics[0]
            )


def _is_by_energy(metric: str) -> bool:
    return metric in OF_RULES and OF_RULES[metric].denominator == ENERGY


# --- fill contracts --------------------------------------------------------------------------------------------------------
# Location factor of a contract for green power: that of the grid that delivers it, which the catalogue cannot know.
#
# On the location basis power from a grid has the factor of that grid, whatever was contracted. If the park states no factor for a
# contract, it gets the location factors of the park's own grid, hourly where the grid has a profile. Without a grid it keeps
# those of its fuel.

LOCATION = "location"


def fill_contracts(filler: Filler) -> None:
    """Takes the location factors of its grid for each contract that has those of a fuel of the catalogue."""
    if not filler.is_given("supplies", "emission_factors"):
        return
    factors, supplies = filler.draft.raw[EmissionFactor.table], filler.draft.raw[Supply.table]
    for row in supplies:
        name = row.get("supply")
        own = [f for f in factors if f.get("supply") == name and f.get("basis") == LOCATION]
        if not (_is_power(row) and _is_green(row) and own and all(f.origin.catalogue for f in own)):
            continue
        of_grid = _located(factors, _grid_of(row, supplies))
        if not of_grid:
            continue
        factors[:] = [f for f in factors if f not in own] + [f.having(supply=name, basis=LOCATION) for f in of_grid]
        taken = [a for a in filler.draft.assumptions if (a.table, a.name) == (EmissionFactor.table, name)]
        for a in (a for a in taken if a.parameter.startswith(LOCATION)):
            filler.draft.assumptions.remove(a)
        for f in (f for f in of_grid if f.origin.catalogue):
            text = f"{LOCATION} factor of its grid"
            filler.assume(EmissionFactor.table, name, text, f, f.get("value"), f.get("unit") or "t/MWh")


def _is_power(row: RawRow) -> bool:
    return (row.get("kind"), row.get("carrier")) == ("grid", "electricity")


def _is_green(row: RawRow) -> bool:
    """True of a contract all of whose power is green; a share that is no number is told elsewhere."""
    try:
        return float(row.get("green_share") or 0.0) >= 1.0
    except ValueError:
        return False


def _grid_of(row: RawRow, supplies: list[RawRow]) -> str:
    """The grid of the contract's connection, else of its zone, else the park's first; '' without any."""
    grids = [s for s in supplies if _is_power(s) and not _is_green(s) and s.get("supply")]
    near = [s for column in ("connection", "zone") for s in grids if row.get(column) and s.get(column) == row.get(column)]
    return next((s.get("supply") for s in (*near, *grids)), "")


def _located(factors: list[RawRow], grid: str) -> list[RawRow]:
    """Location factors of a grid: those of that basis, else those of both."""
    own = [f for f in factors if grid and f.get("supply") == grid]
    return [f for f in own if f.get("basis") == LOCATION] or [f for f in own if not f.get("basis")]


# --- fill ------------------------------------------------------------------------------------------------------------------

_LISTED = Message(faults.LISTED)


@dataclass
class Filler:
    """What the filling works on: the draft, the catalogue, and the rates between their currencies."""

    draft: Draft
    catalogue: Catalogue
    exchange: Exchange

    @property
    def region(self) -> str:
        """The park's region, '' where it states none."""
        return self.draft.park.region if self.draft.park else ""

    def is_given(self, *tables: str) -> bool:
        """True if what the park itself says in these tables could be read."""
        return not self.draft.unreadable.intersection(tables)

    def assume(self, table: str, name: str, parameter: str, row: RawRow, value: str, unit: str = "", note: str = "") -> None:
        """List a value that was taken from the catalogue."""
        remarks = "; ".join(text for text in (row.get("note"), note) if text)
        stated = {"name": name, "parameter": parameter, "value": value, "unit": unit, "source": row.get("source")}
        own = Assumption(table=table, year=_year(row.get("year")), grade=row.get("grade"), note=remarks, **stated)
        self.draft.assumptions.append(own)

    def take_limits(self, table: str, name: str, rows: list[RawRow], words: str) -> None:
        """Take rows of stages or rules, their limits listed as assumptions in words of their cells."""
        for row in rows:
            self.draft.raw[table].append(row)
            self.assume(table, name, words.format(**row.cells), row, row.get("limit"))

    def take_cells(self, table: str, name: str, row: RawRow, columns: Iterable[str]) -> RawRow:
        """The catalogue's row with money in the park's currency, its cells in `columns` listed as assumptions."""
        known = columns_of(TABLES[table])
        for column in columns:
            unit = known[column].unit
            text, remark = row.get(column), ""
            if "money" in unit:
                text, remark = self.exchange.convert(row, column, HOME_CURRENCY)
                unit = unit.replace("money", self.exchange.currency)
                row = row.having(**{column: text})
            if text:
                self.assume(table, name, column, row, text, unit, remark)
        return row


def _year(text: str) -> int | None:
    try:
        return int(number(text)) if text else None
    except ValueError:
        return None


def fill_equipment(filler: Filler) -> None:
    """Types, ports and costs of the types that the park's technologies, links and connections are of."""
    if not filler.is_given("technologies", "types", "links", "connections"):
        return
    raw = filler.draft.raw
    filler.draft.catalogue_types = filler.catalogue.names("types", "type")
    own = filler.draft.names(EquipmentType, "type")
    wanted = [(row, row.get("type") or row.get("technology")) for row in raw["technologies"]]
    links = {row.get("type") or row.get("link") for row in raw["links"]} - {""}
    links |= {row.get("type") for row in raw["connections"]} - {""}
    closed = own | _described_links(filler, links)
    for row, name in wanted:
        if name and name not in own and not filler.catalogue.rows("types", type=name):
            choices = own | filler.draft.catalogue_types
            column, noun = ("type", "type") if row.get("type") else ("technology", "type, and its cell type is blank")
            filler.draft.fault(row.origin, is_no(column, name, noun, choices, _LISTED))
    for name in dict.fromkeys([*(name for _, name in wanted), *sorted(links)]):
        if name and name not in closed:
            users = [row for row, own in wanted if own == name]
            _take_type(filler, name, users)
            _take_ports(filler, name)
            _take_costs(filler, name)


def _described_links(filler: Filler, links: set[str]) -> set[str]:
    """Types of links and connections that the park describes itself: a capital cost, or an annuity, and a lifetime are enough, no
    types row."""
    given = {series_of(row) for row in filler.draft.raw["costs"] if row.origin.file == "costs.csv"}
    return {n for n in links if (n, "lifetime") in given and {(n, "capital_cost"), (n, "annuity")} & given}


def _take_type(filler: Filler, name: str, users: list[RawRow]) -> None:
    """The type's row; what all technologies of it say for themselves is not taken from it."""
    stated = {c for c in ORDER_COLUMNS if users and all(row.get(c) for row in users)} if users else set(ORDER_COLUMNS)
    for row in filler.catalogue.rows("types", type=name)[:1]:
        columns = [c for c in EquipmentType.columns()[1:] if c not in (*REMARKS, *stated)]
        filler.draft.raw["types"].append(filler.take_cells("types", name, row, columns))


def _take_ports(filler: Filler, name: str) -> None:
    if not filler.is_given("ports") or name in filler.draft.names(Port, "type"):
        return
    for row in filler.catalogue.rows("ports", type=name):
        filler.draft.raw["ports"].append(row)
        carrier, direction = row.get("carrier"), row.get("direction")
        unit = f"{'t' if carrier == 'co2' else 'MWh'} of {carrier} per unit of activity"
        filler.assume("ports", name, f"{direction} {carrier}", row, row.get("ratio") or "1", unit)


def _take_costs(filler: Filler, name: str) -> None:
    if not filler.is_given("costs"):
        return
    given = {series_of(row) for row in filler.draft.raw["costs"]}
    for row in filler.catalogue.costs_in(filler.region, name):
        takes_its_place = row.get("parameter") == "capital_cost" and (name, "annuity") in given
        if series_of(row) in given or takes_its_place:
            continue
        code, unit, remark = currency_in(row.get("unit")), row.get("unit"), ""
        if code and filler.exchange.currency:
            text, remark = filler.exchange.convert(row, "value", code)
            unit = in_currency(unit, filler.exchange.currency) if remark else unit
            row = row.having(value=text, unit=unit)
            if not remark and code != filler.exchange.currency:
                filler.draft.doubtful["costs"].add(name)
                continue
        filler.draft.raw[Cost.table].append(row)
        filler.assume("costs", name, row.get("parameter"), row, row.get("value"), unit, remark)


def fill_carriers(filler: Filler) -> None:
    """Temperatures of the carriers at the park's ports, supplies and demands that it does not state."""
    raw = filler.draft.raw
    given = filler.draft.names(Port, "type")
    filler.draft.known_ports = [
        Port(
            type=row.get("type"),
            carrier=row.get("carrier"),
            direction="in" if row.get("direction") == "in" else "out",
            temperature=float(row.get("temperature")) if row.get("temperature") else None,
        )
        for row in filler.catalogue.rows("ports")
        if row.get("type") not in given and row.get("carrier")
    ]
    if not filler.is_given("carriers", "ports", "demand", "supplies"):
        return
    stated = {row.get("carrier") for row in raw["carriers"] if row.get("temperature")}
    types = {row.get("type") or row.get("technology") for row in raw["technologies"]}
    used = [row.get("carrier") for table in ("demand", "supplies") for row in raw[table]]
    used += [row.get("carrier") for row in raw["ports"] if row.get("type") in types]
    for name in dict.fromkeys(used):
        for row in filler.catalogue.rows("carriers", carrier=name)[:1] if name and name not in stated else ():
            own = [i for i, given in enumerate(raw["carriers"]) if given.get("carrier") == name]
            filler.assume("carriers", name, "temperature", row, row.get("temperature"), "°C")
            if own:
                raw["carriers"][own[0]] = raw["carriers"][own[0]].having(temperature=row.get("temperature"))
            else:
                raw["carriers"].append(row)


def fill_stages(filler: Filler) -> None:
    """The stages of the standard that the park chose, where its own stages.csv does not define it."""
    park = filler.draft.park
    if park is None or not filler.is_given("stages"):
        return
    own = filler.draft.names(StageRule, "standard")
    if park.standard in own:
        return
    found = filler.catalogue.rows("stages", standard=park.standard)
    if not found:
        choices = own | filler.catalogue.names("stages", "standard")
        filler.draft.fault("park.toml", is_no("standard", park.standard, "standard", choices, _LISTED))
    filler.take_limits("stages", park.standard, found, "{stage} {metric} {sense}")


def fill_standards(filler: Filler) -> None:
    """The factors that the park's standard fixes, where the park states neither its stages nor its factors."""
    park = filler.draft.park
    if park is None or not filler.is_given("stages", "standards"):
        return
    stages = {row.get("standard") for row in filler.draft.raw["stages"] if not row.origin.catalogue}
    if park.standard in stages | filler.draft.names(StandardFactor, "standard"):
        return
    for row in filler.catalogue.rows("standards", standard=park.standard):
        filler.draft.raw["standards"].append(row)
        of = row.get("fuel") or f"{row.get('supply_kind')} {row.get('carrier')}"
        for column, unit in (("factor", "t/MWh"), ("tce_per_mwh", "tce/MWh")):
            if row.get(column):
                filler.assume("standards", park.standard, f"{column} of {of}", row, row.get(column), unit)


def fill_rules(filler: Filler) -> None:
    """The rules that park.toml names, where the park's own rules.csv does not state them."""
    park = filler.draft.park
    if park is None or not filler.is_given("rules"):
        return
    own, known = filler.draft.names(ParkRule, "rule"), filler.catalogue.names("rules", "rule")
    for name in park.rules:
        if name not in own | known:
            filler.draft.fault("park.toml", is_no("rules", name, "rule", own | known, _LISTED))
        if name not in own:
            filler.take_limits("rules", name, filler.catalogue.rows("rules", rule=name), "{metric} {sense}")


def fill_supplies(filler: Filler) -> None:
    """Scope, tce, green share and emission factors of the supplies that name a fuel."""
    if not filler.is_given("supplies"):
        return
    fuels = filler.catalogue.names("supplies", "supply") | filler.catalogue.names("emission_factors", "supply")
    rows = filler.draft.raw[Supply.table]
    for i, row in enumerate(rows):
        fuel, name = row.get("fuel"), row.get("supply")
        if not fuel or not name:
            continue
        if fuel not in fuels:
            filler.draft.fault(row.origin, is_no("fuel", fuel, "fuel of the catalogue", fuels, _LISTED))
            filler.draft.doubtful[EmissionFactor.table].add(name)
            continue
        for found in filler.catalogue.rows("supplies", supply=fuel)[:1]:
            blank = [c for c in ("scope", "green_share", "tce_per_mwh") if not row.get(c) and found.get(c)]
            filler.take_cells("supplies", name, found, blank)
            rows[i] = row = row.having(**{c: found.get(c) for c in blank})
        if row.get("kind") != "sink":
            _take_factors(filler, name, fuel)


def _take_factors(filler: Filler, name: str, fuel: str) -> None:
    """The fuel's emission factors on the bases that the park does not give."""
    if not filler.is_given("emission_factors"):
        return
    given = {row.get("basis") for row in filler.draft.raw["emission_factors"] if row.get("supply") == name}
    if "" in given or given >= {"location", "market"}:
        return
    for row in filler.catalogue.rows("emission_factors", supply=fuel):
        basis = row.get("basis")
        if basis in given:
            continue
        if not basis and given:
            basis = "market" if "location" in given else "location"
        filler.draft.raw["emission_factors"].append(row.having(supply=name, basis=basis))
        text = f"{basis} factor of {fuel}" if basis else f"factor of {fuel}"
        filler.assume("emission_factors", name, text, row, row.get("value"), row.get("unit") or "t/MWh")
