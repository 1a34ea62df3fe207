"""How park and catalogue meet: what the park names and does not describe comes from the catalogue, by the whole block.

Works on rows of text, before they are understood: a park's row may lack what the catalogue gives. Two ways: rows of the catalogue
that belong to a name are added (`block`: ports of a type, stages of a standard), or blank cells of a row are filled (`cells`: tce
of a fuel, prices of a measure). Whatever is taken is listed as an assumption.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.case import (
    ORDER_COLUMNS,
    TABLES,
    Assumption,
    Certificate,
    EmissionFactor,
    EquipmentType,
    Measure,
    Offset,
    ParkRule,
    Port,
    Restoration,
    Row,
    StageRule,
    StandardFactor,
    Supply,
    Uptake,
)
from models.metrics import OF_RULES
from models.units import UnitError, factor
from planner.language.language import mark
from planner.language.message import Message
from planner.park import faults, remarks
from planner.park.catalogue import HOME_CURRENCY, Catalogue, Exchange, currency_in, in_currency, series_of
from planner.park.complaints import is_no
from planner.park.draft import Draft
from planner.park.fields import REMARKS, columns_of, number
from planner.park.tables import RawRow

_LISTED = Message(faults.LISTED)
#: Rows that are taken for a name: the columns that are listed as assumptions, what each is called, and its unit.
BLOCKS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "ports": (("ratio", "{direction} {carrier}", "{mass} of {carrier} per unit of activity"),),
    "stages": (("limit", "{stage} {metric} {sense}", ""),),
    "rules": (("limit", "{metric} {sense}", ""),),
    "standards": (("factor", "factor of {of}", "t/MWh"), ("tce_per_mwh", "tce_per_mwh of {of}", "tce/MWh")),
    "uptake": (("value", "at age {age}", "t/ha/year"),),
}
#: The park's own choices of what it lists by name: left blank they say something (any year, no group, nothing required).
_CHOICES = ("first_year", "group", "requires", "owner", "year")
LOCATION = "location"


@dataclass
class Filler:
    """What the filling works on: the draft, the catalogue, and the rates between their currencies."""

    draft: Draft
    catalogue: Catalogue
    exchange: Exchange

    def is_given(self, *tables: str) -> bool:
        """True if what the park itself says in these tables could be read."""
        return not self.draft.unreadable.intersection(tables)

    def assume(self, table: str, name: str, parameter: str, row: RawRow, value: str, unit: str = "", note: str = "") -> None:
        """List a value that was taken from the catalogue."""
        notes = "; ".join(text for text in (row.get("note"), note) if text)
        try:
            year = int(number(row.get("year"))) if row.get("year") else None
        except ValueError:
            year = None
        stated = {"name": name, "parameter": parameter, "value": value, "unit": unit, "source": row.get("source")}
        self.draft.assumptions.append(Assumption(table=table, year=year, grade=row.get("grade"), note=notes, **stated))

    def block(self, table: str, name: str, rows: Iterable[RawRow]) -> None:
        """Take rows of the catalogue as they are."""
        for row in rows:
            self.draft.raw[table].append(row)
            of = row.get("fuel") or f"{row.get('supply_kind')} {row.get('carrier')}"
            words = {**row.cells, "of": of, "mass": "t" if row.get("carrier") == "co2" else "MWh"}
            for column, called, unit in BLOCKS[table]:
                value = row.get(column) or ("1" if table == "ports" else "")
                if value or len(BLOCKS[table]) == 1:
                    self.assume(table, name, called.format(**words), row, value, unit.format(**words))

    def named(self, table: str, column: str, name: str) -> None:
        """Take the rows of a name of park.toml, where the park's own table does not state it; a fault where nothing does."""
        own, known = self.draft.names(TABLES[table], column), self.catalogue.names(table, column)
        if name not in own | known:
            key = "standard" if table == "stages" else table
            self.draft.fault("park.toml", is_no(key, name, column, own | known, _LISTED))
        if name not in own:
            self.block(table, name, self.catalogue.rows(table, **{column: name}))

    def cells(self, table: str, name: str, row: RawRow, columns: Iterable[str]) -> RawRow:
        """The catalogue's row with money in the park's currency, its cells in `columns` listed as assumptions."""
        known = columns_of(TABLES[table])
        for column in columns:
            unit, text, remark = known[column].unit, row.get(column), ""
            if "money" in unit:
                text, remark = self.exchange.convert(row, column, HOME_CURRENCY)
                unit = unit.replace("money", self.exchange.currency)
                row = row.having(**{column: text})
            if text:
                self.assume(table, name, column, row, text, unit, remark)
        return row


def fill_from(catalogue: Catalogue, exchange: Exchange, draft: Draft) -> None:
    """Fill from the catalogue what the park names and does not describe."""
    filler = Filler(draft, catalogue, exchange)
    _fill_equipment(filler)
    _fill_carriers(filler)
    _fill_supplies(filler)
    _fill_contracts(filler)
    for kind in (Measure, Restoration, Offset, Certificate):
        if filler.is_given(kind.table):
            _fill_named(filler, kind)
    if filler.is_given("restoration", "uptake"):
        for project in sorted(draft.names(Restoration, "project") - draft.names(Uptake, "project")):
            filler.block("uptake", project, catalogue.rows("uptake", project=project))
    _fill_rules(filler)
    _fill_energy(filler)
    exchange.warn()


# --- equipment -------------------------------------------------------------------------------------------------------------


def _fill_equipment(filler: Filler) -> None:
    """Types, ports and costs of the types that the park's technologies, links and connections are of."""
    if not filler.is_given("technologies", "types", "links", "connections"):
        return
    draft, raw, catalogue = filler.draft, filler.draft.raw, filler.catalogue
    draft.catalogue_types = catalogue.names("types", "type")
    own = draft.names(EquipmentType, "type")
    wanted = [(row, row.get("type") or row.get("technology")) for row in raw["technologies"]]
    links = ({row.get("type") or row.get("link") for row in raw["links"]} | {row.get("type") for row in raw["connections"]}) - {""}
    # a capital cost, or an annuity, and a lifetime describe the type of a link, which needs no row of types.csv
    given = {series_of(row) for row in raw["costs"] if row.origin.file == "costs.csv"}
    closed = own | {n for n in links if (n, "lifetime") in given and {(n, "capital_cost"), (n, "annuity")} & given}
    for row, name in wanted:
        if name and name not in own | draft.catalogue_types:
            column, noun = ("type", "type") if row.get("type") else ("technology", "type, and its cell type is blank")
            draft.fault(row.origin, is_no(column, name, noun, own | draft.catalogue_types, _LISTED))
    for name in dict.fromkeys([*(name for _, name in wanted), *sorted(links)]):
        if not name or name in closed:
            continue
        # what all technologies of a type say for themselves is not taken from it
        users = [row for row, type_name in wanted if type_name == name]
        stated = {c for c in ORDER_COLUMNS if all(row.get(c) for row in users)}
        for row in catalogue.rows("types", type=name)[:1]:
            columns = [c for c in EquipmentType.columns()[1:] if c not in (*REMARKS, *stated)]
            raw["types"].append(filler.cells("types", name, row, columns))
        if filler.is_given("ports") and name not in draft.names(Port, "type"):
            filler.block("ports", name, catalogue.rows("ports", type=name))
        if filler.is_given("costs"):
            _take_costs(filler, name)


def _take_costs(filler: Filler, name: str) -> None:
    draft, exchange = filler.draft, filler.exchange
    stated: dict[tuple[str, str], list[RawRow]] = {}
    for row in draft.raw["costs"]:
        stated.setdefault(series_of(row), []).append(row)
    for row in filler.catalogue.costs_in(draft.park.region if draft.park else "", name):
        parameter, unit, remark = row.get("parameter"), row.get("unit"), ""
        own = stated.get((name, parameter), [])
        if (own and not _is_beyond(row, own, exchange.currency)) or (parameter == "capital_cost" and (name, "annuity") in stated):
            continue
        if (code := currency_in(unit)) and exchange.currency:
            text, remark = exchange.convert(row, "value", code)
            unit = in_currency(unit, exchange.currency) if remark else unit
            row = row.having(value=text, unit=unit)
            if not remark and code != exchange.currency:
                draft.doubtful["costs"].add(name)
                continue
        draft.raw["costs"].append(row)
        filler.assume("costs", name, parameter, row, row.get("value"), unit, remark)


def _is_beyond(row: RawRow, own: list[RawRow], currency: str) -> bool:
    """True of a year of the catalogue before or after all that the park states of a series, in units of the same kind."""
    years, unit = [other.get("year") for other in own], row.get("unit")
    if not all(text.isdecimal() for text in (*years, row.get("year"))):
        return False
    try:
        factor(in_currency(unit, currency) if currency_in(unit) else unit, own[0].get("unit"), currency)
    except UnitError:
        return False
    return not min(map(int, years)) <= int(row.get("year")) <= max(map(int, years))


def _fill_carriers(filler: Filler) -> None:
    """Temperatures of the carriers at the park's ports, supplies and demands that it does not state."""
    raw, given = filler.draft.raw, filler.draft.names(Port, "type")
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
    for name in dict.fromkeys(name for name in used if name and name not in stated):
        for row in filler.catalogue.rows("carriers", carrier=name)[:1]:
            filler.assume("carriers", name, "temperature", row, row.get("temperature"), "°C")
            own = [i for i, given in enumerate(raw["carriers"]) if given.get("carrier") == name]
            if own:
                raw["carriers"][own[0]] = raw["carriers"][own[0]].having(temperature=row.get("temperature"))
            else:
                raw["carriers"].append(row)


# --- rules -----------------------------------------------------------------------------------------------------------------


def _fill_rules(filler: Filler) -> None:
    """Stages of the standard that the park chose, the factors that it fixes, and the rules that park.toml names."""
    park, draft = filler.draft.park, filler.draft
    if park is not None and filler.is_given("stages"):
        filler.named("stages", "standard", park.standard)
        own = {row.get("standard") for row in draft.raw["stages"] if not row.origin.catalogue}
        if filler.is_given("standards") and park.standard not in own | draft.names(StandardFactor, "standard"):
            filler.block("standards", park.standard, filler.catalogue.rows("standards", standard=park.standard))
    for name in park.rules if park is not None and filler.is_given("rules") else ():
        filler.named("rules", "rule", name)


def calorific(catalogue: Catalogue) -> RawRow | None:
    """The catalogue's first grid of electricity that has a coal equivalent: the calorific value, the same everywhere."""
    grids = catalogue.rows("supplies", kind="grid", carrier="electricity")
    return next((row for row in grids if row.get("tce_per_mwh")), None)


def _fill_energy(filler: Filler) -> None:
    """Coal equivalent of a grid of electricity that names no fuel and states none, where the park's standard or one of its rules is
    by energy in tce; told as a warning too. Where none is it stays out of the accounts of a plan."""
    park, draft = filler.draft.park, filler.draft
    if park is None or not filler.is_given("supplies"):
        return
    rows = [row for row in draft.raw[StageRule.table] if row.get("standard") == park.standard] + draft.raw[ParkRule.table]
    named = {row.get("metric") for row in rows} & OF_RULES.keys()
    metric = min((name for name in named if OF_RULES[name].denominator == "energy_use"), default="")
    found = calorific(filler.catalogue)
    for i, row in enumerate(draft.raw[Supply.table]) if metric and found is not None else ():
        name, tce = row.get("supply"), found.get("tce_per_mwh") if found else ""
        if found and _is_power(row) and name and not row.get("fuel") and not row.get("tce_per_mwh"):
            filler.cells("supplies", name, found, ["tce_per_mwh"])
            draft.raw[Supply.table][i] = row.having(tce_per_mwh=tce)
            draft.warn(row.origin, remarks.CALORIFIC, supply=repr(name), tce=tce, metric=metric)


# --- supplies --------------------------------------------------------------------------------------------------------------


def _fill_supplies(filler: Filler) -> None:
    """Scope, tce, green share and emission factors of the supplies that name a fuel."""
    if not filler.is_given("supplies"):
        return
    draft, catalogue = filler.draft, filler.catalogue
    fuels = catalogue.names("supplies", "supply") | catalogue.names("emission_factors", "supply")
    rows = draft.raw["supplies"]
    for i, row in enumerate(rows):
        fuel, name = row.get("fuel"), row.get("supply")
        if fuel and name and fuel not in fuels:
            draft.fault(row.origin, is_no("fuel", fuel, "fuel of the catalogue", fuels, _LISTED))
            draft.doubtful["emission_factors"].add(name)
        if not fuel or not name or fuel not in fuels:
            continue
        for found in catalogue.rows("supplies", supply=fuel)[:1]:
            blank = [c for c in ("scope", "green_share", "tce_per_mwh") if not row.get(c) and found.get(c)]
            filler.cells("supplies", name, found, blank)
            rows[i] = row.having(**{c: found.get(c) for c in blank})
        if row.get("kind") != "sink" and filler.is_given("emission_factors"):
            _take_factors(filler, name, fuel)


def _take_factors(filler: Filler, name: str, fuel: str) -> None:
    """The fuel's emission factors on the bases that the park does not give."""
    factors = filler.draft.raw["emission_factors"]
    given = {row.get("basis") for row in factors if row.get("supply") == name}
    if "" in given or given >= {LOCATION, "market"}:
        return
    for row in filler.catalogue.rows("emission_factors", supply=fuel):
        basis = row.get("basis") or (("market" if LOCATION in given else LOCATION) if given else "")
        if row.get("basis") not in given:
            factors.append(row.having(supply=name, basis=basis))
            what = f"{basis} factor of {fuel}".strip()
            filler.assume("emission_factors", name, what, row, row.get("value"), row.get("unit") or "t/MWh")


def _fill_contracts(filler: Filler) -> None:
    """Location factor of a contract for green power: that of the grid that delivers it, which the catalogue cannot know.

    On the location basis power from a grid has the factor of that grid, whatever was contracted. If the park states no factor for
    a contract, it gets the location factors of the park's own grid, hourly where the grid has a profile. Without a grid it keeps
    those of its fuel.
    """
    draft = filler.draft
    factors, supplies = draft.raw[EmissionFactor.table], draft.raw[Supply.table]
    for row in supplies if filler.is_given("supplies", "emission_factors") else ():
        name = row.get("supply")
        own = [f for f in factors if f.get("supply") == name and f.get("basis") == LOCATION]
        grids = [s for s in supplies if _is_power(s) and not _is_green(s) and s.get("supply")]
        near = [s for column in ("connection", "zone") for s in grids if row.get(column) and s.get(column) == row.get(column)]
        grid = next((s.get("supply") for s in (*near, *grids)), "")
        of_grid = [f for f in factors if grid and f.get("supply") == grid and f.get("basis") in (LOCATION, "")]
        of_grid = [f for f in of_grid if f.get("basis")] or of_grid
        if not (_is_power(row) and _is_green(row) and own and of_grid and all(f.origin.catalogue for f in own)):
            continue
        factors[:] = [f for f in factors if f not in own] + [f.having(supply=name, basis=LOCATION) for f in of_grid]
        draft.assumptions[:] = [
            a
            for a in draft.assumptions
            if (a.table, a.name) != (EmissionFactor.table, name) or not a.parameter.startswith(LOCATION)
        ]
        for f in (f for f in of_grid if f.origin.catalogue):
            what = f"{LOCATION} factor of its grid"
            filler.assume(EmissionFactor.table, name, what, f, f.get("value"), f.get("unit") or "t/MWh")


def _is_power(row: RawRow) -> bool:
    return (row.get("kind"), row.get("carrier")) == ("grid", "electricity")


def _is_green(row: RawRow) -> bool:
    """True of a contract all of whose power is green; a share that is no number is told elsewhere."""
    try:
        return float(row.get("green_share") or 0.0) >= 1.0
    except ValueError:
        return False


# --- what is listed by name ------------------------------------------------------------------------------------------------


def _fill_named(filler: Filler, kind: type[Row]) -> None:
    """Fill what all of the park's rows of a name leave blank from the catalogue's rows of that name."""
    rows, key = filler.draft.raw[kind.table], kind.key[0]
    filled: dict[str, list[RawRow]] = {}
    for name in dict.fromkeys(row.get(key) for row in rows):
        own = [row for row in rows if row.get(key) == name]
        found = filler.catalogue.rows(kind.table, **{key: name}) if name else []
        filled[name] = _filled(filler, kind, name, own, found) if found else own
    rows[:] = [row for own in filled.values() for row in own]


def _filled(filler: Filler, kind: type[Row], name: str, own: list[RawRow], found: list[RawRow]) -> list[RawRow]:
    """The park's rows of one name with their blank cells filled; the catalogue's whole series where no row has a price, with what
    the park gives laid over it."""
    columns = [c for c in columns_of(kind) if c not in (*REMARKS, *_CHOICES, kind.key[0])]
    blank = [c for c in columns if not any(row.get(c) for row in own)]
    if kind.is_yearly() and "price" in blank:
        for column in set(columns) - set(blank):
            if len({row.get(column) for row in own}) > 1:
                words = mark("price: is blank in all rows of {name} while {column} differs among them; give the prices")
                filler.draft.fault(own[0].origin, words, name=repr(name), column=column)
                return own
        over = {column: own[0].get(column) for column in columns if column not in blank}
        taken = [filler.cells(kind.table, name, row, blank) for row in found]
        return [RawRow(own[0].origin, {**row.cells, **over, kind.key[0]: name}) for row in taken]
    is_constant = not kind.is_yearly() or len({tuple(row.get(c) for c in blank) for row in found}) == 1
    filled: list[RawRow] = []
    for row in own:
        if filled and is_constant:  # what is the same in all years is listed once
            source = filled[0]
        else:
            source = filler.cells(kind.table, name, min(found, key=lambda other: _years_apart(other, row)), blank)
        filled.append(row.having(**{c: source.get(c) for c in blank if source.get(c)}))
    return filled


def _years_apart(found: RawRow, own: RawRow) -> float:
    try:
        return abs(float(found.get("year")) - float(own.get("year")))
    except ValueError:
        return 0.0
