"""The tables of an output: every column with its kind, its unit and what it is.

This is the one list of them: runs write by it, outputs are read back by it, docs/outputs.md is made from it, and the names of
tables and columns are the headings of workbook and page, translated where a language has a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "whole", "number", "truth", "time"]


@dataclass(frozen=True)
class Column:
    """A column.

    kind  text, whole (a whole number), number, truth (True or False), time (a moment)
    doc   what it is
    unit  of a number: MW, h, 1 …; `unit` where the column of that name says it; money is the park's currency
    may_be_blank  True where a cell may be empty
    is_later  True where outputs of older versions do not have it
    """

    name: str
    kind: Kind
    doc: str
    unit: str = ""
    may_be_blank: bool = False
    is_later: bool = False


class Table:
    """A table: its name, what it holds, the columns that name a row (none where rows may repeat), all columns in their order; and
    whether outputs of older versions do not have it."""

    def __init__(self, name: str, doc: str, key: tuple[str, ...], *columns: Column, is_later: bool = False) -> None:
        self.name, self.doc, self.key, self.columns, self.is_later = name, doc, key, columns, is_later
        self.file = f"{name}.parquet" if name == "dispatch" else f"{name}.csv"

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
CURRENCY = Column("currency", "text", "unit of the money", is_later=True)
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

#: Every table that a run may write.
TABLES: Mapping[str, Table] = {table.name: table for table in (
    Table(
        "investments",
        "What is ordered in which year.",
        ("technology", "year", "committed"),
        YEAR, TECHNOLOGY, number("build", "capacity ordered", "`unit`"), UNIT, CAPITAL_COST,
        whole("works_from", "first year in which the order works: year of the order and lead time", "year"),
        whole(
            "works_until", "last year in which it works, unless it is retired before; it may lie after the horizon", "year"
        ),
        whole("committed", "1 if the order was committed before the plan, else 0", "1"), CURRENCY,
    ),
    Table(
        "retirements",
        "What is retired before the end of its life.",
        ("year", "technology", "ordered"),
        YEAR, TECHNOLOGY, whole("ordered", "year in which it was ordered, 0 for what stood before", "year"),
        number("retired", "capacity retired", "`unit`"), UNIT,
    ),
    Table(
        "capacity",
        "What works in each year.",
        ("technology", "year"),
        YEAR, TECHNOLOGY, number("capacity", "capacity that works", "`unit`"), UNIT,
    ),
    Table(
        "reserves",
        "What is held in reserve of each carrier that reserves.csv names.",
        ("carrier", "zone", "item", "year"),
        YEAR, CARRIER, text("zone", "zone, `*` for all zones as one"), ITEM, VALUE, UNIT,
    ),
    Table(
        "measures",
        "Which efficiency measures start in which year.",
        ("measure", "year"),
        YEAR, text("measure", "measure of measures.csv"), CAPITAL_COST,
        whole("works_until", "last year in which it saves; it may lie after the horizon", "year"), CURRENCY,
    ),
    Table(
        "restoration",
        "What is planted, and what it takes up.",
        ("project", "item", "year"),
        YEAR, text("project", "project of restoration.csv"), ITEM, VALUE, UNIT,
    ),
    Table(
        "offsets",
        "Credits bought. A credit is used in the year in which it is bought.",
        ("offset", "year"),
        YEAR, text("offset", "credit of offsets.csv"), text("kind", "avoidance or removal"), VALUE, UNIT, COST, CURRENCY,
    ),
    Table(
        "certificates",
        "Imports that certificates green.",
        ("certificate", "year"),
        YEAR, text("certificate", "certificate of certificates.csv"), SUPPLY, VALUE, UNIT, COST,
        CURRENCY,
    ),
    Table(
        "connections",
        "Highest imports and contracted capacities that are paid for.",
        ("supply", "scheme", "item", "month", "year"),
        YEAR, text("supply", "supply of supplies.csv, or connection of connections.csv"),
        text("scheme", "scheme under which it is paid; empty where it is paid under each"),
        ITEM, text("month", "1 to 12, or `all`"), VALUE, UNIT,
    ),
    Table(
        "schemes",
        "The tariff scheme that is in force at a connection.",
        ("connection", "year"),
        YEAR, text("connection", "connection of connections.csv"), text("scheme", "scheme in force"),
    ),
    Table(
        "contracts",
        "What contracts generate, deliver and cost; of supplies with an as-generated contract, a least energy of the year or a "
        "fixed price.",
        ("supply", "item", "year"),
        YEAR, SUPPLY, ITEM, VALUE, UNIT,
    ),
    Table(
        "tenants",
        "What each tenant of demand.csv uses, which green power in which month, and its share of costs and emissions; only where a "
        "demand has a tenant. The rows without a tenant are of all other use; the rows of an item add up to what the park has.",
        ("tenant", "item", "month", "year"),
        YEAR, text("tenant", "tenant of demand.csv; empty: demands without one, and what equipment uses"), ITEM,
        text("month", "1 to 12, or `all`"), VALUE, UNIT, is_later=True,
    ),
    Table(
        "seasonal",
        "What seasonal stores hold as each calendar day begins; only where the tables are of typical days.",
        ("technology", "day", "year"),
        YEAR, TECHNOLOGY, DAY, number("held", "energy in the store", "`unit`"), UNIT,
    ),
    Table(
        "energy",
        "Flows of the year by zone and carrier. In each zone and carrier, what comes equals what goes.",
        ("zone", "carrier", "flow", "name", "year"),
        YEAR, ZONE, CARRIER, FLOW, NAME, VALUE, UNIT,
    ),
    Table(
        "emissions",
        "Emissions, what makes up for them, and the energy that the metrics are of.",
        ("item", "year"),
        YEAR, ITEM, VALUE, UNIT,
    ),
    Table(
        "emission_sources",
        "Where the emissions come from: tonnes of each supply and process, and what capture and certificates take off, "
        "below 0. The rows of a scope add up to its item of `emissions`.",
        ("source", "item", "year"),
        YEAR, text("source", "supply, process, certificate, or technology whose CO2 is captured"), ITEM, VALUE, UNIT,
    ),
    Table(
        "costs",
        "Cash: what is paid in the year, not discounted. Capital stands in full in the year in which it is paid, grants "
        "taken off.",
        ("item", "name", "year"),
        YEAR, ITEM, NAME, VALUE, UNIT,
    ),
    Table(
        "system_cost",
        "The terms of the objective: discounted, and of capital only the share that falls within the horizon. They add up"
        " to the system cost.",
        ("item", "name", "year"),
        YEAR, ITEM, NAME, VALUE, UNIT,
    ),
    Table(
        "budget",
        "What may be spent on capital in a year; a year without a limit is absent.",
        ("year",),
        YEAR, number("budget", "most that may be spent on capital, grants taken off", "money"), UNIT,
    ),
    Table(
        "stages",
        "Every rule in force, its value and its limit.",
        ("stage", "metric", "sense", "year"),
        YEAR, text("stage", "stage in force"), text("metric", "metric of the rule"),
        number("value", "the number", "1; intensity t/tce", may_be_blank=True), text("sense", "`<=` or `>=`"),
        number("limit", "the bound", "1; intensity t/tce", may_be_blank=True),
        number(
            "tolerance",
            "by how much the limit may be missed and the rule still holds, in the unit of the limit: 0.001 in all hours "
            "(for a ratio to base emissions 0.1 % of these), else that of the solver, 1e-6", "1; intensity t/tce",
            may_be_blank=True,
        ),
        truth("holds", "True if the rule holds within the tolerance"),
        text("factors", "whose emission factors and coal equivalents it is worked out with: `standard` or `park`"),
    ),
    Table(
        "rules",
        "Every rule of `rules.csv` in force in each year, and every budget over years, under its first year.",
        ("rule", "metric", "sense", "year"),
        YEAR, text("rule", "rule of rules.csv or of the catalogue"), text("metric", "metric that it bounds"),
        number("value", "the metric; of a budget its sum over the years, a year below 0 as 0; empty where what it divides by is 0",
               "unit of the limit", may_be_blank=True),
        text("sense", "`<=` or `>=`"), number("limit", "its limit", "1, t/tce for intensity, t for a budget"),
        number("tolerance", "within which it holds", "unit of the limit"),
        truth("holds", "True if it holds within the tolerance"),
    ),
    Table(
        "hourly",
        "What the plan's yearly numbers were on typical days and what they come to in every hour; `item` is the flow or "
        "item of the table that it names; empty where the plan was not operated in every hour.",
        (),
        YEAR, text("table", "table in which the number stands"), ITEM, NAME,
        number("typical_days", "what it was on typical days", "`unit`"),
        number("hourly", "what it is in every hour", "`unit`"), number("difference", "the second less the first", "`unit`"),
        UNIT,
    ),
    Table(
        "typical_days",
        "Which typical day stands for each day of the year; empty where the tables are of every hour.",
        ("day",),
        DAY,
        whole(
            "typical_day",
            "typical day that stands for it, from 0; its hours in `dispatch` are 24 from 24 times that number", "1",
        ),
    ),
    Table(
        "planned_days",
        "Which typical day stood for each day of the year when the plan was decided: kept where the tables are of every hour, too; "
        "empty where it was decided on every hour.",
        ("day",),
        DAY, whole("typical_day", "typical day that stood for it, from 0", "1"),
        whole("drawn", "day of the year, from 1, that the typical day was", "1"), is_later=True,
    ),
    Table(
        "planned_profiles",
        "Profiles on the typical days on which the plan was decided; empty where it was decided on every hour.",
        ("profile", "hour"),
        HOUR, text("profile", "profile of profiles.csv"), number("value", "the number", "1"), is_later=True,
    ),
    Table(
        "profiles",
        "Profiles on the typical days; empty where the tables are of every hour.",
        ("profile", "hour"),
        HOUR, text("profile", "profile of profiles.csv"), number("value", "the number", "1"),
    ),
    Table(
        "dispatch",
        "Every flow of every hour, or of every hour of the typical days.",
        (),
        YEAR, HOUR, number("weight", "hours of the year that it stands for", "h"), FLOW, NAME, ZONE, CARRIER, VALUE, UNIT,
        Column("timestamp", "time", "when the hour begins, in the park's time all year round; of a typical day on the calendar day "
               "that it was; 29 February is left out", is_later=True),
    ),
    Table(
        "assumptions",
        "Every figure that the run took from the catalogue, with its source and grade.",
        (),
        text("table", "table of the catalogue"), text("name", "row of that table"),
        text("parameter", "column or parameter of it"),
        whole("year", "calendar year; empty where it holds in all years", "year", may_be_blank=True),
        text("value", "the figure, or a word"), text("unit", "its unit"), text("source", "where it is from"),
        text("grade", "how good the source is"), NOTE,
    ),
    Table(
        "finance",
        "Only where park.toml has a table [finance]: figures of the target plan against the reference and the least-cost plan; of "
        "all of it, of each owner, and of each project, supply, certificate and credit.",
        ("against", "account", "name", "figure", "basis"),
        AGAINST, ACCOUNT, text("name", "whose: an owner, a project, a supply; empty for all"),
        text("figure", "which figure it is, see below"),
        text("basis", "`real` (money of price_year), `nominal`; empty where it is neither"),
        number("value", "the number; above 0 where the target plan is better", "`unit`", may_be_blank=True),
        text("unit", "unit of the number before it"), NOTE,
    ),
    Table(
        "cash_flow",
        "Only where park.toml has a table [finance]: the accounts year by year; what is paid is below 0. An item that is 0 in "
        "every year is left out.",
        ("against", "account", "name", "item", "year"),
        YEAR, AGAINST, ACCOUNT, text("name", "whose: an owner, a project, a supply; empty for all"), ITEM,
        number("real", "in money of price_year", "`unit`"), number("nominal", "in money of the year", "`unit`"), UNIT,
    ),
    Table(
        "levelised",
        "Only where park.toml has a table [finance]: what a MWh of each carrier that end uses draw costs in the target plan, "
        "discounted over the years: all that is paid for energy, equipment and carbon, traced through everything that converts it.",
        ("carrier",),
        CARRIER, VALUE, UNIT,
    ),
    Table(
        "names",
        "What the things of the park are called for a person, in both languages, and of what kind they are.",
        ("name",),
        text("name", "its name in the tables"), text("type", "name under which the catalogue knows it"),
        text("kind", "kind of thing, which gives its colour: sun, wind, water, power, storage, heat, cold, gas and so on"),
        text("carrier", "carrier that it gives, holds, carries or uses; empty where there is none"),
        text("title_en", "what it is called in English"), text("title_zh", "what it is called in Chinese"),
    ),
    Table(
        "worth",
        "Only once `plan worth OUT` was asked: what the plan costs more without a project, everything else decided anew.",
        ("kind", "name"),
        text("kind", "technology (links too), measure, planting"), text("name", "project of the plan"),
        number("capital_cost", "money paid for it in all years, grants taken off", "money"),
        number("worth", "system cost without it less that with it", "money", may_be_blank=True),
        number("least", "what it is worth at least, by the bounds of both plans", "money", may_be_blank=True),
        number("most", "what it is worth at most", "money", may_be_blank=True),
        number("npv", "net present value of its own cash against the reference, as in `finance`", "money", may_be_blank=True),
        UNIT, NOTE,
    ),
    Table(
        "limit_costs",
        "Only once `plan limits OUT` was asked: what each rule and limit costs.",
        ("table", "name", "parameter", "year"),
        text("table", "table of the park folder where the number stands"),
        text("name", "row of that table; of `stages` the stage"),
        text("parameter", "column of that table; of `stages` and `rules` the metric"),
        whole("year", "calendar year in which it binds", "year"),
        number("now", "what it is", "`unit`"), text("unit", "unit of the number before it; 1 for a rule's ratio"),
        number("price", "what one unit more of it in that year would save, whole numbers as planned; discounted", "money/`unit`"),
        number(
            "cost", "what the plan would cost less without it, everything decided anew; empty but of the dearest ten", "money",
            may_be_blank=True,
        ),
        number("least", "what that is at least, by the bounds of both plans", "money", may_be_blank=True),
        number("most", "what that is at most", "money", may_be_blank=True), NOTE,
    ),
    Table(
        "why_not",
        "Only once `plan why-not OUT` was asked: at which capital cost a project that is offered and not chosen would come in, and "
        "at which price a supply, certificate or credit that is not bought.",
        ("kind", "name"),
        text("kind", "technology (links too), measure, planting; supply, certificate, credit; type: of the catalogue, not offered"),
        text("name", "project that is offered and not chosen, or the type"),
        number("capital_cost", "what it costs in the first year in which it may be ordered; of what is bought its price", "`unit`"),
        number("needed", "what it may cost to come in; empty where it does at no cost", "`unit`", may_be_blank=True),
        number("factor", "the second by the first; costs of all years change in this proportion", "1", may_be_blank=True),
        text("unit", "unit of both costs"),
        number("gain", "of a type that is not offered, how much less the plan costs with it as it is", "money", may_be_blank=True),
        truth("confirmed", "True if plans on either side confirm it to one per cent"), NOTE,
    ),
    Table(
        "abatement",
        "Only once `plan abatement OUT` was asked: the true marginal abatement curve, step by step, and the naive one, project "
        "by project.",
        ("curve", "name"),
        text("curve", "true: everything decided anew at each step of the cap; naive: each project alone"),
        text("name", "of the true curve the cap in t a year, of the naive one the project"),
        number("total", "net emissions cut so far, of a year from that of the goal on", "t", may_be_blank=True),
        number("cut", "of which this step or project cuts", "t"),
        number("cost", "system cost of it", "money", may_be_blank=True),
        number("per_tonne", "the same by its tonnes of all years, discounted like money", "money/t", may_be_blank=True),
        text("comes_in", "projects, certificates and credits that come in at it, joined by a semicolon"),
        text("goes_out", "projects that the plan before had, and this one has not"), UNIT, NOTE,
    ),
    Table(
        "alternatives",
        "Only once `plan alternatives OUT` was asked: the least and the most of each group in every plan that costs little more "
        "than the least.",
        ("group",),
        text("group", "name of the group: a kind, or as the table of groups says"),
        text("unit", "unit of the amounts; of measures 1, which counts them"),
        whole("year", "calendar year in which it is counted: that of the deadline", "year"),
        number("amount", "how much of it the plan of the least cost has", "`unit`"),
        number("least", "least that a plan that was found has", "`unit`"),
        number("least_bound", "no such plan has less; empty where that is not known", "`unit`", may_be_blank=True),
        number("most", "most that a plan that was found has", "`unit`"),
        number("most_bound", "no such plan has more; empty where that is not known", "`unit`", may_be_blank=True),
        text("verdict", "sure: in every such plan, proven; out: in none, proven; in all or in none of those found; open"),
        text("members", "names of what is in the group, joined by a semicolon"),
    ),
    Table(
        "alternative_plans",
        "The plans that `plan alternatives OUT` found, each saved as a run.",
        ("plan",),
        text("plan", "name of the plan, and of its folder in OUT-alternatives"),
        number("system_cost", "its system cost, on the days of the search", "money"),
        number("extra_cost", "by how much that is above the least that was found", "money"),
        number("share", "the same as a share of it", "1"),
        whole("unlike", "1, 2, … of a handful as different from each other as possible; empty: not of it", "1", may_be_blank=True),
        UNIT,
    ),
    Table(
        "alternative_parts",
        "What the plans that `plan alternatives OUT` found have in the year of the deadline.",
        ("kind", "name"),
        text("kind", "technology (links too), measure, planting"), text("name", "what it is"), UNIT,
        number("amount", "how much of it the plan of the least cost has; of a measure 1 or 0", "`unit`"),
        number("least", "least that a plan that was found has", "`unit`"),
        number("most", "most that a plan that was found has", "`unit`"),
        whole("plans", "how many of the plans that were found have it", "1"),
        text("verdict", "as in `alternatives`"),
    ),
    Table(
        "changes",
        "Only of a plan with `--keep`: what is ordered otherwise than in the earlier plan, and the terms of the system cost that "
        "are others than with the earlier plan kept as it was.",
        ("what", "item", "name", "year"),
        text("what", "`order`: of the earlier plan and this one; `cost`: of the earlier kept at prices of now and of this"),
        text("item", "build, adopt, plant, retire; of a cost the item of `system_cost`"),
        text("name", "what it is of"), whole("year", "year of the order; empty of a cost", "year", may_be_blank=True),
        number("before", "what it was", "`unit`"), number("now", "what it is", "`unit`"),
        number("change", "the second less the first", "`unit`"), text("unit", "unit of the numbers before it"),
    ),
    Table(
        "explain",
        "Only where the goal cannot be met: the remedies, each a number that would have to be another. Those that are "
        "enough alone come first, the cheapest before the dearer, the rules' own numbers after the rest; then those that "
        "are enough only together; then the limits of which no amount is enough alone. A large park is looked at on two "
        "typical days of some years, with fractions for whole numbers.",
        (),
        text("table", "table of the park folder where the number stands, or `goal`"),
        text(
            "name", "row of that table: a supply, technology, link, site, credit, project, rule; of `stages` and `goal` the stage"
        ),
        text("parameter", "column of that table; of `stages` and `rules` the metric, of `goal` the year `by`"),
        whole("year", "calendar year of the number; empty where it holds in all years", "year", may_be_blank=True),
        number("now", "what it is; of credits, in the year of the deadline", "`unit`"),
        number("needed", "what is enough: the least change; empty where none is enough", "`unit`", may_be_blank=True),
        text("unit", "unit of `now` and `needed`; 1 for a rule's ratio"),
        truth("together", "True if it is enough only with the others that are marked so"),
        number(
            "system_cost",
            "system cost of the park with this change; what the change itself costs is not in it", "money", may_be_blank=True,
        ),
        number("extra_cost", "how much that is above the system cost without a goal", "money", may_be_blank=True), NOTE,
    ),
)}  # fmt: skip

#: The hourly flows, the only table that is no CSV.
DISPATCH = TABLES["dispatch"]
#: Tables of the run, and of each plan.
#: Answers to questions that are asked of a run once it is there.
OF_QUESTIONS = tuple(
    TABLES[name] for name in (
        "worth", "limit_costs", "why_not", "abatement", "alternatives", "alternative_plans", "alternative_parts",
    )
)  # fmt: skip
OF_FINANCE = (TABLES["finance"], TABLES["cash_flow"], TABLES["levelised"])
OF_RUNS = (TABLES["assumptions"], TABLES["names"], TABLES["explain"], TABLES["changes"], *OF_FINANCE, *OF_QUESTIONS)
OF_PLANS = tuple(table for table in TABLES.values() if table not in OF_RUNS)
#: Columns of each table of a plan.
COLUMNS: Mapping[str, tuple[str, ...]] = {table.name: table.names for table in OF_PLANS}
