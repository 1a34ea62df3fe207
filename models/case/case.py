"""The whole case, checked and unchanged; and of it what holds for the park as a whole: stages, rules, futures, money, horizon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, get_args

import numpy as np
from pydantic import ConfigDict, Field, SkipValidation

from models.case import flows, technology
from models.case.base import Name, Record, Row, Share, Unit, UnitColumn, Year
from models.metrics import METRICS, OF_RULES

# --- stages ------------------------------------------------------------------------------------------------------------------

if TYPE_CHECKING:
    MetricName = str
    RuleMetric = str
else:
    MetricName = Literal[tuple(METRICS)]
    RuleMetric = Literal[tuple(OF_RULES)]


class StageRule(Row):
    """stages.csv: one rule of one stage of a standard; a stage is all its rows."""

    table: ClassVar[str] = "stages"
    key: ClassVar[tuple[str, ...]] = ("standard", "stage", "metric", "sense")

    standard: Name
    """The standard."""
    stage: Literal["low-carbon", "near-zero-carbon", "zero-carbon"]
    """The stage."""
    order: Annotated[int, Unit("1")]
    """Place of the stage on the way: 1, 2, 3."""
    metric: MetricName
    """What is bounded."""
    sense: Literal["<=", ">="]
    """From above or from below."""
    limit: Annotated[float, Unit("1 or t/tce")]
    """The bound: a share of 1, for intensity t/tce."""
    standing: Literal["in force", "voluntary", "proposal", ""] = ""
    """What the rule is: `in force` (an authority's), `voluntary` (a standard that who wishes keeps), `proposal` (of this project);
    empty: the park's own."""
    issued: str = ""
    """Date of the document that sets it: 2025-06-30."""
    class_from: Annotated[float, Unit("tce"), Field(ge=0)] | None = None
    """Energy use of a year from which on a park is of the class that the rule is for; empty: any. The plan does not use it."""
    class_below: Annotated[float, Unit("tce"), Field(ge=0)] | None = None
    """Energy use of a year below which it is."""


class Goal(Record):
    """The stages to reach and the years from which their rules hold."""

    target: str
    """The stage to reach."""
    by: Year
    """The year from which its rules hold."""
    milestones: dict[str, Year] = Field(default_factory=dict)
    """Stages to reach on the way, with their years."""

    @property
    def steps(self) -> tuple[tuple[str, int], ...]:
        """All (stage, year) in order of the years."""
        return tuple(sorted({**self.milestones, self.target: self.by}.items(), key=lambda s: s[1]))


class ParkRule(Row):
    """rules.csv: a limit that every plan but the reference keeps; a rule is all its rows. A limit holds from its year on, until
    the next row of the same rule, metric and sense (a step); a budget over years is a row of its own."""

    table: ClassVar[str] = "rules"
    key: ClassVar[tuple[str, ...]] = ("rule", "metric", "sense")
    is_step: ClassVar[bool] = True

    rule: Name
    """Name of the rule."""
    metric: RuleMetric
    """What is bounded: a metric of stages.csv, a share of available green power, or what is emitted over years. Ratios to the base
    are worked out with the park's own factors, the base too; those of stages with the standard's."""
    sense: Literal["<=", ">="]
    """From above or from below."""
    year: Year | None = None
    """First year in which it holds, of a budget the first year that is summed; empty = first_year."""
    limit: Annotated[float, Unit("1, t/tce or t")]
    """The bound."""


class StandardFactor(Row):
    """standards.csv: factors of a standard. The rules of its stages are worked out with them; the inventory keeps the park's own.
    A row by fuel goes before one by kind, and one by kind leaves out supplies with green_share 1."""

    table: ClassVar[str] = "standards"
    key: ClassVar[tuple[str, ...]] = ("standard", "fuel", "supply_kind", "carrier", "basis")
    constant: ClassVar[tuple[str, ...]] = ("gases",)

    standard: Name
    """The standard."""
    fuel: str = ""
    """Supplies of this fuel; leave `supply_kind` and `carrier` blank then."""
    supply_kind: Literal["grid", "fuel", ""] = ""
    """Supplies of this kind and `carrier`."""
    carrier: str = ""
    """Carrier of these supplies."""
    basis: Literal["location", "market", ""] = ""
    """Basis of scope 2; empty for both."""
    year: Year | None = None
    """Year of the figures; interpolated between years; empty = all years."""
    factor: Annotated[float, Unit("t/MWh"), Field(ge=0)] | None = None
    """What a MWh bought counts; empty = as in the park."""
    tce_per_mwh: Annotated[float, Unit("tce/MWh"), Field(ge=0)] | None = None
    """Tonnes of coal equivalent per MWh; empty = as in the park."""
    gases: str = ""
    """Gases that the standard counts, in words."""


# --- futures -----------------------------------------------------------------------------------------------------------------

Changed = Literal[
    "prices", "costs", "demand", "emission_factors", "certificates", "offsets", "supplies", "limits", "budget", "process_emissions",
    "stages", "rules", "profiles"
]  # fmt: skip
#: Tables of a park whose figures may differ from future to future.
CHANGED: tuple[str, ...] = get_args(Changed)


class Uncertainty(Record):
    """park.toml, table [futures]: what is minimised where futures.csv states more than one future."""

    objective: Literal["expected", "cvar", "regret"] = "expected"
    """expected: the mean of the costs of all futures, by their probabilities; cvar: weighed against the mean of the worst; regret:
    the largest excess, of any future, above its own least cost."""
    tail: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 0.2
    """With cvar: share of the worst futures, by probability, whose mean counts."""
    weight: Share = 0.5
    """With cvar: weight of that mean; the expected cost has the rest."""
    recourse: Literal["whole"] = "whole"
    """whole: whole numbers are whole in every node."""


class Future(Row):
    """futures.csv: a future that may come. A future that none branches from is a leaf: one way in which all years may go."""

    table: ClassVar[str] = "futures"
    key: ClassVar[tuple[str, ...]] = ("future",)

    future: Name
    """Its name."""
    parent: str = ""
    """Future that it branches from; empty: the park's own tables."""
    from_year: Year | None = None
    """First year in which it differs from its parent and from its siblings: until then nobody knows, and orders are shared; empty:
    it is never known, all orders are shared and only the operation differs (weather)."""
    probability: Annotated[float, Unit("1"), Field(gt=0, le=1)] | None = None
    """Probability, given that its parent comes; left out by all siblings: equal shares."""


class FutureValue(Row):
    """future_values.csv: a figure that differs in a future from what its parent has, from from_year of the future on."""

    table: ClassVar[str] = "future_values"
    key: ClassVar[tuple[str, ...]] = ("future", "changed", "name", "item", "scheme", "sense")

    future: Name
    """The future."""
    # `table` here names the table that is changed; the name of the file stands in the class.
    changed: Annotated[Changed, Field(alias="table")]
    """Table of the park that holds the figure; profiles: profile_years.csv."""
    name: str = ""
    """What the figure is of: the first key of that table, of stages the stage; `*`: every row of that table and item, of carbon
    prices the row `*`; empty for budget."""
    item: str = ""
    """Which figure: item of prices and limits, parameter of costs, basis of emission_factors (empty: both), metric of stages and
    rules, column of certificates, offsets, supplies and budget."""
    scheme: str = ""
    """Prices: scheme of the row."""
    sense: str = ""
    """Stages and rules: sense of the row."""
    year: Year | None = None
    """Year of the figure; empty: all years. Between years it is interpolated; rules, profiles, `existing` and `min_capacity` hold
    from their year on. Years before from_year only serve to interpolate."""
    factor: Annotated[float, Unit("1"), Field(ge=0)] | None = None
    """Times what the parent has in that year."""
    value: Annotated[str, UnitColumn()] = ""
    """In place of a factor: the figure itself; of a profile the column of profiles.csv that takes its place."""
    unit: str = ""
    """Unit of the value; empty where the table has none."""


# --- park.toml ---------------------------------------------------------------------------------------------------------------


class Orders(Record):
    """park.toml, table [orders]: the years in which a decision to invest is taken."""

    years: tuple[Year, ...] = ()
    """Years in which anything is ordered, adopted or planted, in every plan; left out: every year. What is signed, and
    retirement, contracts and credits, may fall in any."""
    early_retirement: bool | None = None
    """Whether what the plan itself orders may be retired before the end of its life; left out: only where that takes few yes-or-no
    decisions. What stands already, and what is signed, may always be."""


#: Terms of [finance] that an owner may have of its own.
LOAN = ("tax_rate", "debt_share", "interest", "tenor", "grace", "cover_ratio")


class OwnTerms(Record):
    """park.toml, tables [finance.owners.NAME]: what holds for one owner in place of [finance]."""

    tax_rate: Annotated[float, Unit("1"), Field(ge=0, lt=1)] | None = None
    """Share of its profit that it pays as tax; left out: as in [finance], as each of the following five."""
    debt_share: Share | None = None
    """Share of what it buys, grants taken off, that it borrows; with cover_ratio the most of it."""
    interest: Annotated[float, Unit("1/year"), Field(ge=0, le=1)] | None = None
    """Interest on its debt per year, nominal."""
    tenor: Annotated[int, Unit("year"), Field(ge=1, le=100)] | None = None
    """Years after the year of borrowing in which its debt is served."""
    grace: Annotated[int, Unit("year"), Field(ge=0, le=99)] | None = None
    """The first of these years, in which interest alone is paid."""
    cover_ratio: Annotated[float, Unit("1"), Field(gt=0, le=100)] | None = None
    """Least ratio of its cash available to its debt service."""
    discount_rate: Annotated[float, Unit("1/year"), Field(ge=0, le=1)] | None = None
    """Real rate at which its cash is discounted; left out: the park's."""
    saving_share: Share | None = None
    """Share of the operating saving of its projects that it keeps; the rest it passes on to the park; left out: all."""


class Financing(Record):
    """park.toml, table [finance]: inflation, tax, debt and grants of financial statements, which are made where it stands. No plan
    changes."""

    inflation: Annotated[float, Unit("1/year"), Field(gt=-0.5, le=1)] = 0.0
    """Rise of all prices per year, from price_year on."""
    tax_rate: Annotated[float, Unit("1"), Field(ge=0, lt=1)] = 0.0
    """Share of the profit that is paid as tax; a loss saves as much, on other profit of the owner."""
    depreciation: dict[str, Annotated[float, Unit("year"), Field(ge=1)]] = Field(default_factory=dict)
    """Table [finance.depreciation]: years over which capital is written off, in equal parts from the year in which it is paid; by
    `technology`, `measure`, `planting`, or the name of a type, measure or project; left out: the lifetime."""
    grants: dict[str, Share] = Field(default_factory=dict)
    """Table [finance.grants]: share of the plan's capital that is given beside what costs.csv says; named as in depreciation."""
    debt_share: Share | None = None
    """Share of what the plan buys, grants taken off, that is borrowed, 0 if left out; with cover_ratio the most of it, 1 if left
    out. It does not depend on what another plan would have bought."""
    interest: Annotated[float, Unit("1/year"), Field(ge=0, le=1)] = 0.0
    """Interest on debt per year, nominal."""
    tenor: Annotated[int, Unit("year"), Field(ge=1, le=100)] = 10
    """Years in which debt is served, the first one a year after it is borrowed."""
    grace: Annotated[int, Unit("year"), Field(ge=0, le=99)] = 0
    """The first of these years, in which interest alone is paid; then equal payments."""
    cover_ratio: Annotated[float, Unit("1"), Field(gt=0, le=100)] | None = None
    """Least ratio of cash available to debt service, in every year: as much is borrowed as it allows, at most debt_share; left out:
    debt_share is borrowed."""
    capitalised: bool = False
    """True: until an order works, the interest on its loan is added to the loan, and tenor and grace begin when it works; left out:
    they begin when the loan is paid out."""
    fee: Annotated[float, Unit("1"), Field(ge=0, lt=1)] = 0.0
    """Share of what is borrowed that the bank takes as the loan is paid out."""
    reserve_months: Annotated[float, Unit("1"), Field(ge=0, le=24)] = 0.0
    """Months of a year's debt service that lie in a reserve account from the start of that year on."""
    capital_vat: Annotated[float, Unit("1"), Field(ge=0, lt=1)] = 0.0
    """Value-added tax on what is bought: paid with it, deducted at the end of the year."""
    working_capital: Annotated[float, Unit("1"), Field(ge=0, le=1)] = 0.0
    """Share of all that was bought that is held as stock and receivables, until the horizon ends."""
    yield_p90: dict[str, Share] = Field(default_factory=dict)
    """Table [finance.yield_p90], of the downside case: what a technology gives in a year that nine of ten exceed, as a share of
    what it is planned with; by technology or type."""
    downside_prices: dict[str, Annotated[float, Unit("1"), Field(ge=0, le=10)]] = Field(default_factory=dict)
    """Table [finance.downside_prices], of the downside case: how many times as high the prices of a supply, certificate or credit
    are."""
    residual_value: Share = 1.0
    """Share that is counted of the value beyond the horizon: of the capital that serves years after last_year."""
    timing: Literal["end", "start"] = "end"
    """When a year is paid: `end`: capital, its grants and loans at the start of the year, all else at its end; `start`: all at its
    start, as in the system cost."""
    owners: dict[str, OwnTerms] = Field(default_factory=dict)
    """Tables [finance.owners.NAME]: terms of one owner, named as in column `owner`, `park` where none is named there."""

    def of_owner(self, owner: str) -> Financing:
        """The terms with those that an owner has of its own."""
        own = self.owners.get(owner, OwnTerms())
        return self.model_copy(update={name: value for name in LOAN if (value := getattr(own, name)) is not None})

    @property
    def most_debt(self) -> float:
        """Most of the capital that may be borrowed (share)."""
        return self.debt_share if self.debt_share is not None else 0.0 if self.cover_ratio is None else 1.0


class Tax(Record):
    """park.toml, table [tax]: value-added tax in the money that the park states."""

    vat: Annotated[float, Unit("1"), Field(ge=0, lt=1)] = 0.0
    """Rate of VAT that prices.csv, costs.csv and bills.csv hold and that is deducted: it is taken off as they are read, where a
    row's own `vat` says no other. Not off carbon prices, nor off what the catalogue gives, which is without."""


class Park(Record):
    """park.toml: what holds for the whole park."""

    name: Name
    """The park's name."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """ISO code of the currency of all money."""
    price_year: Year
    """All money is real, of this year."""
    discount_rate: Annotated[float, Unit("1/year"), Field(ge=0, le=1)]
    """Real discount rate per year, as a fraction of 1; may be given as discount_rate_nominal and inflation."""
    discount_rate_nominal: Annotated[float, Unit("1/year"), Field(ge=0, le=1)] | None = None
    """In place of discount_rate: the nominal rate, as of a bank; (1 + it) / (1 + inflation) - 1 is the real one."""
    inflation: Annotated[float, Unit("1/year"), Field(gt=-0.5, le=1)] | None = None
    """Beside discount_rate_nominal: rise of all prices per year; that of [finance], if it states one, is the same."""
    base_year: Year
    """Year of the emission inventory that stage rules compare with."""
    base_emissions: Annotated[float, Unit("t"), Field(gt=0)] | None = None
    """Gross emissions in base_year; left out: those of the existing park's own operation."""
    first_year: Year
    """First year in which anything can be built."""
    last_year: Year
    """End of the horizon."""
    standard: Name
    """The standard in stages.csv whose stages the goal names."""
    region: Literal["", "cn", "eu", "us"] = ""
    """Region whose costs the catalogue gives where it has some; left out: its mixture, Chinese where known, else European."""
    latitude: Annotated[float, Unit("°"), Field(ge=-90, le=90)] | None = None
    """Where the park lies, in degrees, south below 0; weather of a place far from it is refused. Left out: not known."""
    longitude: Annotated[float, Unit("°"), Field(ge=-180, le=180)] | None = None
    """Where the park lies, in degrees, west below 0; left out: not known."""
    accounting: Literal["market", "location"] = "market"
    """Basis of scope 2 that the stage rules use; both are always reported."""
    typical_days: Annotated[int, Unit("1"), Field(ge=0, le=366)] = 12
    """Typical days that a run begins with; more, or every hour, where they are too far off (over 0.5 %). 0 = every hour."""
    first_weekday: Annotated[int, Unit("1"), Field(ge=0, le=6)] = 0
    """Weekday of the profiles' first day; 0 = Monday."""
    carbon_free_share: Share = 0.0
    """Share of priced emissions that free allowances cover."""
    count_embodied: bool = False
    """True: what is embodied in an order (`embodied` in costs.csv) counts in scope 3 of the year of the order, and so in gross and
    net emissions, in stages and in rules; left out: it stands beside the orders, counted by no rule."""
    rules: tuple[str, ...] = ()
    """Rules of the catalogue that every plan but the reference keeps, besides those of rules.csv."""
    orders: Orders = Orders()
    """The table [orders]."""
    tax: Tax = Tax()
    """The table [tax]."""
    futures: Uncertainty = Uncertainty()
    """The table [futures]."""
    finance: Financing | None = None
    """The table [finance]; left out: no financial statements are made."""

    def may_order(self, year: int) -> bool:
        """True if anything may be ordered, adopted or planted in that year."""
        return not self.orders.years or year in self.orders.years


class Budget(Row):
    """budget.csv: money that may be spent on capital in a year (cash, grants taken off)."""

    table: ClassVar[str] = "budget"
    key: ClassVar[tuple[str, ...]] = ("year",)

    year: Year
    """Year that the limit holds in; a year with no row has no limit."""
    capital: Annotated[float, Unit("money"), Field(ge=0)]
    """Most that may be spent on capital in that year."""


# --- the case ----------------------------------------------------------------------------------------------------------------


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
    technologies: tuple[technology.Technology, ...] = ()
    types: tuple[technology.EquipmentType, ...] = ()
    ports: tuple[technology.Port, ...] = ()
    carriers: tuple[technology.Carrier, ...] = ()
    costs: tuple[technology.Cost, ...] = ()
    captures: tuple[technology.Capture, ...] = ()
    sites: tuple[technology.Site, ...] = ()
    links: tuple[flows.Link, ...] = ()
    demand: tuple[flows.Demand, ...] = ()
    measures: tuple[flows.Measure, ...] = ()
    savings: tuple[flows.Saving, ...] = ()
    process_emissions: tuple[flows.ProcessEmission, ...] = ()
    products: tuple[flows.Product, ...] = ()
    supplies: tuple[flows.Supply, ...] = ()
    connections: tuple[flows.Connection, ...] = ()
    prices: tuple[flows.Price, ...] = ()
    bills: tuple[flows.Bill, ...] = ()
    tariff: tuple[flows.TariffRow, ...] = ()
    emission_factors: tuple[flows.EmissionFactor, ...] = ()
    certificates: tuple[flows.Certificate, ...] = ()
    offsets: tuple[flows.Offset, ...] = ()
    restoration: tuple[flows.Restoration, ...] = ()
    uptake: tuple[flows.Uptake, ...] = ()
    budget: tuple[Budget, ...] = ()
    limits: tuple[technology.Limit, ...] = ()
    committed: tuple[technology.Committed, ...] = ()
    kept: technology.Kept = technology.Kept()
    """Measures and planting that were decided before the plan; of `plan --keep`."""
    reserves: tuple[technology.Reserve, ...] = ()
    stages: tuple[StageRule, ...] = ()
    rules: tuple[ParkRule, ...] = ()
    standards: tuple[StandardFactor, ...] = ()
    profile_years: tuple[technology.ProfileYear, ...] = ()
    chargers: tuple[flows.Chargers, ...] = ()
    sessions: tuple[flows.Session, ...] = ()
    responses: tuple[flows.Response, ...] = ()
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
    def first_grid(self) -> flows.Supply | None:
        """The grid supply of electricity that is first by name: its coal equivalent is that of electricity."""
        grids = [s for s in self.supplies if s.kind == "grid" and s.carrier == "electricity"]
        return min(grids, key=lambda s: s.supply, default=None)

    def in_order(self) -> Case:
        """The same with the rows of every table in the order of what names them, in which a search does not depend on how they were
        written down."""
        tables = {name: rows for name in type(self).model_fields if isinstance(rows := getattr(self, name), tuple) and rows}
        named = {name: rows for name, rows in tables.items() if isinstance(rows[0], Row)}
        ordered = {name: tuple(sorted(rows, key=lambda r: [str(getattr(r, k)) for k in r.key])) for name, rows in named.items()}
        return self.model_copy(update=ordered)

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


#: Every table of a park folder, by file name without `.csv`; profiles.csv is read apart.
TABLES: dict[str, type[Row]] = {
    row.table: row
    for field in Case.model_fields.values()
    for row in get_args(field.annotation)
    if isinstance(row, type) and issubclass(row, Row)
}
