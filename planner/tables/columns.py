"""Columns and tables of an output as records: kind, unit and what they are; and the columns that many tables have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd


#: Said of a table that leaves rows out.
LEFT_OUT = "A row whose `{amount}` is 0 is left out."

Kind = Literal["text", "whole", "number", "truth", "time"]


@dataclass(frozen=True)
class Column:
    """A column.

    kind  text, whole (a whole number), number, truth (True or False), time (a moment)
    doc   what it is
    unit  of a number: MW, h, 1 …; `unit` where the column of that name says it; money is the park's currency
    may_be_blank  True where a cell may be empty
    """

    name: str
    kind: Kind
    doc: str
    unit: str = ""
    may_be_blank: bool = False


class Table:
    """A table: its name, what it holds, the columns that name a row (none where rows may repeat), all columns in their order;
    and `amount`, the column whose rows of 0 are not written, empty where every row is."""

    def __init__(self, name: str, doc: str, key: tuple[str, ...], *columns: Column, amount: str = "") -> None:
        self.name, self.doc, self.key, self.columns, self.amount = name, doc, key, columns, amount
        self.file = f"{name}.parquet" if name == "dispatch" else f"{name}.csv"

    @property
    def told(self) -> str:
        """What the table holds, and which rows are left out."""
        return f"{self.doc} {LEFT_OUT.format(amount=self.amount)}" if self.amount else self.doc

    def written(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows that are written: without those whose amount is 0, of what does not exist in that year."""
        kept = rows[self.amount].to_numpy() != 0 if self.amount else None
        return rows if kept is None or kept.all() else rows[kept]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)


def text(name: str, doc: str) -> Column:
    """A column of texts."""
    return Column(name, "text", doc)


def truth(name: str, doc: str) -> Column:
    """A column of True and False."""
    return Column(name, "truth", doc)


def whole(name: str, doc: str, unit: str, may_be_blank: bool = False) -> Column:
    """A column of whole numbers."""
    return Column(name, "whole", doc, unit, may_be_blank)


def number(name: str, doc: str, unit: str, may_be_blank: bool = False) -> Column:
    """A column of numbers."""
    return Column(name, "number", doc, unit, may_be_blank)


YEAR = whole("year", "calendar year", "year")
TECHNOLOGY = text("technology", "technology or link")
UNIT = text("unit", "unit of the number before it; in `costs` and `system_cost` the currency")
CAPITAL_COST = number("capital_cost", "money paid for it in that year, grants taken off", "money")
CURRENCY = text("currency", "unit of the money")
ITEM = text("item", "which figure it is, see below")
VALUE = number("value", "the number", "`unit`")
COST = number("cost", "money paid", "money")
SUPPLY = text("supply", "supply of supplies.csv")
DAY = whole("day", "day of the year, from 1", "1")
ZONE = text("zone", "zone, `park` where there are none")
CARRIER = text("carrier", "carrier")
FLOW = text("flow", "kind of flow, see below")
NAME = text("name", "what it is of: a technology, store, supply, link, demand")
HOUR = whole("hour", "snapshot, from 0; with typical days 24 for each day", "1")
NOTE = text("note", "what else is to be known")
AGAINST = text("against", "plan that the target is compared with")
ACCOUNT = text("account", "`all`, `owner`, or of what kind: technology, measure, planting, supply, certificate, credit, other")
#: How days are served with something out.
OUTAGE = (
    YEAR,
    text("technology", "technology that is out, or the outage_group whose technologies are"),
    number("lost", "capacity that is out, of a group the sum", "`unit`"),
    UNIT,
    whole("first_day", "first day of the week, or of the month, 1 to 365", "1"),
    whole("days", "how many days are operated", "1"),
    whole("hours_short", "hours in which not all demand is met", "h"),
    number("energy_short", "demand that is not met", "MWh"),
    number("worst", "most that is not met in an hour", "MW"),
)


# --- decision tables -------------------------------------------------------------------------------------------------------
# The tables of what a plan decides: orders, retirements, measures, and what is signed for a year.

OF_DECISIONS: tuple[Table, ...] = (
    Table(
        "investments",
        "What is ordered in which year.",
        ("technology", "year", "committed"),
        YEAR,
        TECHNOLOGY,
        number("build", "capacity ordered", "`unit`"),
        UNIT,
        CAPITAL_COST,
        whole("works_from", "first year in which the order works: year of the order and lead time", "year"),
        whole("works_until", "last year in which it works, unless it is retired before; it may lie after the horizon", "year"),
        whole("committed", "1 if the order was committed before the plan, else 0", "1"),
        CURRENCY,
        Column(
            "embodied",
            "number",
            "emissions of making and building it; of scope 3 of its year where park.toml has `count_embodied`",
            "t",
        ),
    ),
    Table(
        "retirements",
        "What is retired before the end of its life.",
        ("year", "technology", "ordered"),
        YEAR,
        TECHNOLOGY,
        whole("ordered", "year in which it was ordered, 0 for what stood before", "year"),
        number("retired", "capacity retired", "`unit`"),
        UNIT,
    ),
    Table(
        "capacity",
        "What works in each year.",
        ("technology", "year"),
        YEAR,
        TECHNOLOGY,
        number("capacity", "capacity that works", "`unit`"),
        UNIT,
        amount="capacity",
    ),
    Table(
        "reserves",
        "What is held in reserve of each carrier that reserves.csv names.",
        ("carrier", "zone", "item", "year"),
        YEAR,
        CARRIER,
        text("zone", "zone, `*` for all zones as one"),
        ITEM,
        VALUE,
        UNIT,
    ),
    Table(
        "outages",
        "How the weeks of the stress days are served with each unit out, in each year in which a capacity changes; of parks with a "
        "reserve that is `operated`, in the target plan.",
        ("technology", "first_day", "year"),
        *OUTAGE,
    ),
    Table(
        "measures",
        "Which efficiency measures start in which year.",
        ("measure", "year"),
        YEAR,
        text("measure", "measure of measures.csv"),
        CAPITAL_COST,
        whole("works_until", "last year in which it saves; it may lie after the horizon", "year"),
        CURRENCY,
    ),
    Table(
        "restoration",
        "What is planted, and what it takes up.",
        ("project", "item", "year"),
        YEAR,
        text("project", "project of restoration.csv"),
        ITEM,
        VALUE,
        UNIT,
        amount="value",
    ),
    Table(
        "offsets",
        "Credits bought. A credit is used in the year in which it is bought.",
        ("offset", "year"),
        YEAR,
        text("offset", "credit of offsets.csv"),
        text("kind", "avoidance or removal"),
        VALUE,
        UNIT,
        COST,
        CURRENCY,
        amount="value",
    ),
    Table(
        "certificates",
        "Imports that certificates green.",
        ("certificate", "year"),
        YEAR,
        text("certificate", "certificate of certificates.csv"),
        SUPPLY,
        VALUE,
        UNIT,
        COST,
        CURRENCY,
        amount="value",
    ),
    Table(
        "connections",
        "Highest imports and contracted capacities that are paid for.",
        ("name", "scheme", "period", "item", "month", "year"),
        YEAR,
        text("name", "supply of supplies.csv, or connection of connections.csv"),
        text("scheme", "scheme under which it is paid; empty where it is paid under each"),
        text("period", "hours of which the highest is billed; empty: all"),
        ITEM,
        text("month", "1 to 12, or `all`"),
        VALUE,
        UNIT,
    ),
    Table(
        "schemes",
        "The tariff scheme that is in force at a connection.",
        ("connection", "year"),
        YEAR,
        text("connection", "connection of connections.csv"),
        text("scheme", "scheme in force"),
    ),
    Table(
        "contracts",
        "What contracts generate, deliver and cost; of supplies with an as-generated contract, a least energy of the year or a "
        "fixed price.",
        ("supply", "item", "year"),
        YEAR,
        SUPPLY,
        ITEM,
        VALUE,
        UNIT,
    ),
)


# --- plan tables -----------------------------------------------------------------------------------------------------------
# The tables of each plan: what is decided, how it is operated, what it emits and costs.

#: In the order in which the page of outputs has them.
PLAN_TABLES: tuple[Table, ...] = (
    *OF_DECISIONS,
    Table(
        "chargers",
        "What the vehicles of each group of chargers.csv are charged with.",
        ("chargers", "item", "year"),
        YEAR,
        text("chargers", "group of chargers.csv"),
        ITEM,
        VALUE,
        UNIT,
    ),
    Table(
        "tenants",
        "What each tenant of demand.csv uses, which green power in which month, and its share of costs and emissions; only where a "
        "demand has a tenant. The rows without a tenant are of all other use; the rows of an item add up to what the park has.",
        ("tenant", "item", "month", "year"),
        YEAR,
        text("tenant", "tenant of demand.csv; empty: demands without one, and what equipment uses"),
        ITEM,
        text("month", "1 to 12, or `all`"),
        VALUE,
        UNIT,
    ),
    Table(
        "footprints",
        "Emissions that each tenant and each product of products.csv bears; only where a demand or a process has a tenant, or "
        "products are stated. The rows without a product are of the tenant as a whole, and add up to what the park has.",
        ("tenant", "product", "item", "year"),
        YEAR,
        text("tenant", "tenant of demand.csv or process_emissions.csv; empty: all other use"),
        text("product", "product of products.csv; empty: all that the tenant does"),
        ITEM,
        VALUE,
        UNIT,
    ),
    Table(
        "flexibility",
        "What moved to other hours, and what was shed, of demands of which demand.csv lets a part move or be shed.",
        ("demand", "item", "year"),
        YEAR,
        text("demand", "demand of demand.csv"),
        ITEM,
        VALUE,
        UNIT,
    ),
    Table(
        "responses",
        "What stands ready to be called off under each contract of responses.csv, and what that brings.",
        ("response", "item", "year"),
        YEAR,
        text("response", "contract of responses.csv"),
        ITEM,
        VALUE,
        UNIT,
    ),
    Table(
        "seasonal",
        "What seasonal stores hold as each calendar day begins; only where the tables are of typical days.",
        ("technology", "day", "year"),
        YEAR,
        TECHNOLOGY,
        DAY,
        number("held", "energy in the store", "`unit`"),
        UNIT,
    ),
    Table(
        "energy",
        "Flows of the year by zone and carrier. In each zone and carrier, what comes equals what goes.",
        ("zone", "carrier", "flow", "name", "year"),
        YEAR,
        ZONE,
        CARRIER,
        FLOW,
        NAME,
        VALUE,
        UNIT,
        amount="value",
    ),
    Table(
        "emissions",
        "Emissions, what makes up for them, and the energy that the metrics are of.",
        ("item", "year"),
        YEAR,
        ITEM,
        VALUE,
        UNIT,
    ),
    Table(
        "emission_sources",
        "Where the emissions come from: tonnes of each supply and process, and what capture and certificates take off, "
        "below 0. The rows of a scope add up to its item of `emissions`.",
        ("name", "item", "year"),
        YEAR,
        text("name", "supply, process, certificate, or technology whose CO2 is captured"),
        ITEM,
        VALUE,
        UNIT,
        amount="value",
    ),
    Table(
        "costs",
        "Cash: what is paid in the year, not discounted. Capital stands in full in the year in which it is paid, grants taken off.",
        ("item", "name", "year"),
        YEAR,
        ITEM,
        NAME,
        VALUE,
        UNIT,
        amount="value",
    ),
    Table(
        "system_cost",
        "The terms of the objective: discounted, and of capital only the share that falls within the horizon. They add up"
        " to the system cost.",
        ("item", "name", "year"),
        YEAR,
        ITEM,
        NAME,
        VALUE,
        UNIT,
        amount="value",
    ),
    Table(
        "budget",
        "What may be spent on capital in a year; a year without a limit is absent.",
        ("year",),
        YEAR,
        number("budget", "most that may be spent on capital, grants taken off", "money"),
        UNIT,
    ),
    Table(
        "stages",
        "Every rule in force, its value and its limit.",
        ("stage", "metric", "sense", "year"),
        YEAR,
        text("stage", "stage in force"),
        text("metric", "metric of the rule"),
        number("value", "the number", "1; intensity t/tce", may_be_blank=True),
        text("sense", "`<=` or `>=`"),
        number("limit", "the bound", "1; intensity t/tce", may_be_blank=True),
        number(
            "tolerance",
            "by how much the limit may be missed and the rule still holds, in the unit of the limit: 0.001 in all hours "
            "(for a ratio to base emissions 0.1 % of these), else that of the solver, 1e-6",
            "1; intensity t/tce",
            may_be_blank=True,
        ),
        truth("holds", "True if the rule holds within the tolerance"),
        text("factors", "whose emission factors and coal equivalents it is worked out with: `standard` or `park`"),
        number("numerator", "what the metric divides, with these factors", "t, tce or MWh"),
        number("denominator", "what it is divided by, with these factors", "t, tce or MWh"),
    ),
    Table(
        "rules",
        "Every rule of `rules.csv` in force in each year, and every budget over years, under its first year.",
        ("rule", "metric", "sense", "year"),
        YEAR,
        text("rule", "rule of rules.csv or of the catalogue"),
        text("metric", "metric that it bounds"),
        number(
            "value",
            "the metric; of a budget its sum over the years, a year below 0 as 0; empty where what it divides by is 0",
            "unit of the limit",
            may_be_blank=True,
        ),
        text("sense", "`<=` or `>=`"),
        number("limit", "its limit", "1, t/tce for intensity, t for a budget"),
        number("tolerance", "within which it holds", "unit of the limit"),
        truth("holds", "True if it holds within the tolerance"),
    ),
    Table(
        "hourly",
        "What the plan's yearly numbers were on typical days and what they come to in every hour; `item` is the flow or "
        "item of the table that it names; empty where the plan was not operated in every hour.",
        (),
        YEAR,
        text("table", "table in which the number stands"),
        ITEM,
        NAME,
        number("typical_days", "what it was on typical days", "`unit`"),
        number("hourly", "what it is in every hour", "`unit`"),
        number("difference", "the second less the first", "`unit`"),
        UNIT,
    ),
    Table(
        "typical_days",
        "Which typical day stands for each day of the year; empty where the tables are of every hour.",
        ("day",),
        DAY,
        whole(
            "typical_day", "typical day that stands for it, from 0; its hours in `dispatch` are 24 from 24 times that number", "1"
        ),
    ),
    Table(
        "planned_days",
        "Which typical day stood for each day of the year when the plan was decided: kept where the tables are of every hour, too; "
        "empty where it was decided on every hour.",
        ("day",),
        DAY,
        whole("typical_day", "typical day that stood for it, from 0", "1"),
        whole("drawn", "day of the year, from 1, that the typical day was", "1"),
    ),
    Table(
        "planned_profiles",
        "Profiles on the typical days on which the plan was decided; empty where it was decided on every hour.",
        ("profile", "hour"),
        HOUR,
        text("profile", "profile of profiles.csv"),
        number("value", "the number", "1"),
    ),
    Table(
        "profiles",
        "Profiles on the typical days; empty where the tables are of every hour.",
        ("profile", "hour"),
        HOUR,
        text("profile", "profile of profiles.csv"),
        number("value", "the number", "1"),
    ),
    Table(
        "dispatch",
        "Every flow of every hour, or of every hour of the typical days.",
        (),
        YEAR,
        HOUR,
        number("weight", "hours of the year that it stands for", "h"),
        FLOW,
        NAME,
        ZONE,
        CARRIER,
        VALUE,
        UNIT,
        Column(
            "timestamp",
            "time",
            "when the hour begins, in the park's time all year round; of a typical day on the calendar day "
            "that it was; 29 February is left out",
        ),
    ),
)


# --- finance tables --------------------------------------------------------------------------------------------------------
# The tables of the business case, which a run has where park.toml has a table [finance].

#: In the order in which the page of outputs has them.
FINANCE_TABLES: tuple[Table, ...] = (
    Table(
        "finance",
        "Only where park.toml has a table [finance]: figures of the target plan against the reference and the least-cost plan; of "
        "all of it, of each owner, and of each project, supply, certificate and credit.",
        ("against", "account", "name", "figure", "basis"),
        AGAINST,
        ACCOUNT,
        text("name", "whose: an owner, a project, a supply; empty for all"),
        text("figure", "which figure it is, see below"),
        text("basis", "`real` (money of price_year), `nominal`; empty where it is neither"),
        number("value", "the number; above 0 where the target plan is better", "`unit`", may_be_blank=True),
        text("unit", "unit of the number before it"),
        NOTE,
    ),
    Table(
        "cash_flow",
        "Only where park.toml has a table [finance]: the accounts year by year; what is paid is below 0. An item that is 0 in "
        "every year is left out.",
        ("against", "account", "name", "item", "year"),
        YEAR,
        AGAINST,
        ACCOUNT,
        text("name", "whose: an owner, a project, a supply; empty for all"),
        ITEM,
        number("real", "in money of price_year", "`unit`"),
        number("nominal", "in money of the year", "`unit`"),
        UNIT,
    ),
    Table(
        "levelised",
        "Only where park.toml has a table [finance]: what a MWh of each carrier that end uses draw costs in the target plan, "
        "discounted over the years: all that is paid for energy, equipment and carbon, traced through everything that converts it.",
        ("carrier",),
        CARRIER,
        VALUE,
        UNIT,
    ),
    Table(
        "finance_ends",
        "Only where park.toml has a table [finance]: which change of one thing, in all years and all else as planned, ends a "
        "figure of all of `finance`: at which a net present value is 0, or the cash of a year just covers its debt service. A "
        "figure that is missed as planned has no row.",
        ("against", "figure", "what", "name"),
        AGAINST,
        text("figure", "`npv_after_tax`, `npv_equity` (real), `dscr_least`"),
        text("what", "bought, sold, capital (of all where `name` is empty), carbon, saving (all that operation saves), interest"),
        text("name", "supply, certificate, credit, technology, measure, project; else empty"),
        number("now", "the figure as planned", "`unit`"),
        number("limit", "what it is not to fall below", "`unit`"),
        number("lower", "the figure with it 30 % lower; empty where there is none then", "`unit`", may_be_blank=True),
        number("higher", "the figure with it 30 % higher", "`unit`", may_be_blank=True),
        number("ends_at", "share by which it changes until the figure is at its limit; empty: none from -1 to 1", "1", True),
        text("unit", "unit of the figure"),
    ),
)
