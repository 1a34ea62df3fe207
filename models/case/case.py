"""The whole case: everything that was said about a park, checked and unchanged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from pydantic import ConfigDict, SkipValidation

from models.case.base import Record, Row
from models.case.finance import Budget, Park
from models.case.flows import (
    Bill,
    Certificate,
    Chargers,
    Connection,
    Demand,
    EmissionFactor,
    Link,
    Measure,
    Offset,
    Price,
    ProcessEmission,
    Product,
    Response,
    Restoration,
    Saving,
    Session,
    Supply,
    TariffRow,
    Uptake,
)
from models.case.stage import Future, FutureValue, Goal, ParkRule, StageRule, StandardFactor
from models.case.technology import (
    Capture,
    Carrier,
    Committed,
    Cost,
    EquipmentType,
    Kept,
    Limit,
    Port,
    ProfileYear,
    Reserve,
    Site,
    Technology,
)

#: Every table of a park folder, by file name without `.csv`; profiles.csv is read apart.
TABLES: dict[str, type[Row]] = {
    row.table: row
    for row in (
        Technology,
        EquipmentType,
        Port,
        Carrier,
        Cost,
        Capture,
        Site,
        Link,
        Demand,
        Measure,
        Saving,
        ProcessEmission,
        Product,
        Supply,
        Connection,
        Price,
        Bill,
        TariffRow,
        EmissionFactor,
        Certificate,
        Offset,
        Restoration,
        Uptake,
        Budget,
        Limit,
        Committed,
        Reserve,
        StageRule,
        ParkRule,
        StandardFactor,
        ProfileYear,
        Chargers,
        Session,
        Response,
        Future,
        FutureValue,
    )
}


class Assumption(Record):
    """A value that the user did not give and that the run took from elsewhere."""

    table: str
    """Table that it belongs to."""
    name: str
    """What it is of: a type, supply, measure."""
    parameter: str
    """Which figure."""
    year: int | None = None
    """Year of the figure, if it has one."""
    value: str
    """The value taken."""
    unit: str = ""
    """Its unit."""
    source: str = ""
    """Where it comes from."""
    grade: str = ""
    """How far it is to be trusted."""
    note: str = ""
    """Price year, arithmetic, exchange rate applied."""


class Case(Record):
    """A park as it was stated, with what the catalogue filled in. No arithmetic has been done."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True, extra="forbid")

    park: Park
    """What holds for the whole park."""
    goal: Goal | None = None
    """The goal of goal.toml, if there is one."""
    profiles: Mapping[str, np.ndarray] = {}
    """Hourly series by name, each as long as `hours`."""
    hours: int = 24
    """Rows of profiles.csv: 8760 for a real park, another whole number of days for a stylised one."""
    technologies: tuple[Technology, ...] = ()
    types: tuple[EquipmentType, ...] = ()
    ports: tuple[Port, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    costs: tuple[Cost, ...] = ()
    captures: tuple[Capture, ...] = ()
    sites: tuple[Site, ...] = ()
    links: tuple[Link, ...] = ()
    demand: tuple[Demand, ...] = ()
    measures: tuple[Measure, ...] = ()
    savings: tuple[Saving, ...] = ()
    process_emissions: tuple[ProcessEmission, ...] = ()
    products: tuple[Product, ...] = ()
    supplies: tuple[Supply, ...] = ()
    connections: tuple[Connection, ...] = ()
    prices: tuple[Price, ...] = ()
    bills: tuple[Bill, ...] = ()
    tariff: tuple[TariffRow, ...] = ()
    emission_factors: tuple[EmissionFactor, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    offsets: tuple[Offset, ...] = ()
    restoration: tuple[Restoration, ...] = ()
    uptake: tuple[Uptake, ...] = ()
    budget: tuple[Budget, ...] = ()
    limits: tuple[Limit, ...] = ()
    committed: tuple[Committed, ...] = ()
    kept: Kept = Kept()
    """Measures and planting that were decided before the plan; of `plan --keep`."""
    reserves: tuple[Reserve, ...] = ()
    stages: tuple[StageRule, ...] = ()
    rules: tuple[ParkRule, ...] = ()
    standards: tuple[StandardFactor, ...] = ()
    profile_years: tuple[ProfileYear, ...] = ()
    chargers: tuple[Chargers, ...] = ()
    sessions: tuple[Session, ...] = ()
    responses: tuple[Response, ...] = ()
    futures: tuple[Future, ...] = ()
    future_values: tuple[FutureValue, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    """Every value that was filled from the catalogue."""
    warnings: tuple[SkipValidation[str], ...] = ()
    """What is allowed and yet looks wrong."""
    files: Mapping[str, str] = {}
    """Hash of each file that was read, by name."""
    digest: str = ""
    """Hash of everything that was read."""

    @property
    def first_grid(self) -> Supply | None:
        """The grid supply of electricity that is first by name: its coal equivalent is that of electricity."""
        grids = [s for s in self.supplies if s.kind == "grid" and s.carrier == "electricity"]
        return min(grids, key=lambda s: s.supply, default=None)

    def column(self, profile: str, y: int) -> str:
        """Column of profiles.csv whose values a profile has in a year."""
        begun = [row for row in self.profile_years if row.profile == profile and row.year <= y]
        return max(begun, key=lambda row: row.year).column if begun else profile

    def columns(self, y: int) -> tuple[tuple[str, str], ...]:
        """Profiles that have the values of another column in a year, and that column."""
        names = dict.fromkeys(row.profile for row in self.profile_years)
        return tuple((name, column) for name in names if (column := self.column(name, y)) != name)

    def in_year(self, y: int) -> Case:
        """The case with the profiles that it has in a year, in all years."""
        if not self.profile_years:
            return self
        profiles = {**self.profiles, **{name: self.profiles[column] for name, column in self.columns(y)}}
        return self.model_copy(update={"profiles": profiles, "profile_years": ()})
