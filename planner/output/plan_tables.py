"""The tables of each plan: what is decided, how it is operated, what it emits and costs."""

from __future__ import annotations

from planner.output.columns import (
    CAPITAL_COST,
    CARRIER,
    COST,
    CURRENCY,
    DAY,
    FLOW,
    HOUR,
    ITEM,
    NAME,
    SUPPLY,
    TECHNOLOGY,
    UNIT,
    VALUE,
    YEAR,
    ZONE,
    Column,
    Table,
    number,
    text,
    truth,
    whole,
)

#: In the order in which docs/outputs.md has them.
PLAN_TABLES: tuple[Table, ...] = (
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
        Column("embodied", "number", "emissions of making and building it; of scope 3 of its year where park.toml has "
               "`count_embodied`", "t", is_later=True),
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
        amount="capacity",
    ),
    Table(
        "reserves",
        "What is held in reserve of each carrier that reserves.csv names.",
        ("carrier", "zone", "item", "year"),
        YEAR, CARRIER, text("zone", "zone, `*` for all zones as one"), ITEM, VALUE, UNIT,
    ),
    Table(
        "outages",
        "How the weeks of the stress days are served with each unit out, in each year in which a capacity changes; of parks with a "
        "reserve that is `operated`, in the target plan.",
        ("technology", "first_day", "year"),
        YEAR, text("technology", "technology that is out, or the outage_group whose technologies are"),
        number("lost", "capacity that is out, of a group the sum", "`unit`"), UNIT,
        whole("first_day", "first day of the week, 1 to 365", "1"), whole("days", "how many days are operated", "1"),
        whole("hours_short", "hours in which not all demand is met", "h"), number("energy_short", "demand that is not met", "MWh"),
        number("worst", "most that is not met in an hour", "MW"),
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
        amount="value",
    ),
    Table(
        "offsets",
        "Credits bought. A credit is used in the year in which it is bought.",
        ("offset", "year"),
        YEAR, text("offset", "credit of offsets.csv"), text("kind", "avoidance or removal"), VALUE, UNIT, COST, CURRENCY,
        amount="value",
    ),
    Table(
        "certificates",
        "Imports that certificates green.",
        ("certificate", "year"),
        YEAR, text("certificate", "certificate of certificates.csv"), SUPPLY, VALUE, UNIT, COST,
        CURRENCY,
        amount="value",
    ),
    Table(
        "connections",
        "Highest imports and contracted capacities that are paid for.",
        ("name", "scheme", "period", "item", "month", "year"),
        YEAR, Column("name", "text", "supply of supplies.csv, or connection of connections.csv", was="supply"),
        text("scheme", "scheme under which it is paid; empty where it is paid under each"),
        text("period", "hours of which the highest is billed; empty: all"), ITEM, text("month", "1 to 12, or `all`"), VALUE, UNIT,
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
        "chargers",
        "What the vehicles of each group of chargers.csv are charged with.",
        ("chargers", "item", "year"),
        YEAR, text("chargers", "group of chargers.csv"), ITEM, VALUE, UNIT, is_later=True,
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
        "footprints",
        "Emissions that each tenant and each product of products.csv bears; only where a demand or a process has a tenant, or "
        "products are stated. The rows without a product are of the tenant as a whole, and add up to what the park has.",
        ("tenant", "product", "item", "year"),
        YEAR, text("tenant", "tenant of demand.csv or process_emissions.csv; empty: all other use"),
        text("product", "product of products.csv; empty: all that the tenant does"), ITEM, VALUE, UNIT, is_later=True,
    ),
    Table(
        "flexibility",
        "What moved to other hours, and what was shed, of demands of which demand.csv lets a part move or be shed.",
        ("demand", "item", "year"),
        YEAR, text("demand", "demand of demand.csv"), ITEM, VALUE, UNIT, is_later=True,
    ),
    Table(
        "responses",
        "What stands ready to be called off under each contract of responses.csv, and what that brings.",
        ("response", "item", "year"),
        YEAR, text("response", "contract of responses.csv"), ITEM, VALUE, UNIT, is_later=True,
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
        amount="value",
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
        ("name", "item", "year"),
        YEAR, Column("name", "text", "supply, process, certificate, or technology whose CO2 is captured", was="source"),
        ITEM, VALUE, UNIT,
        amount="value",
    ),
    Table(
        "costs",
        "Cash: what is paid in the year, not discounted. Capital stands in full in the year in which it is paid, grants "
        "taken off.",
        ("item", "name", "year"),
        YEAR, ITEM, NAME, VALUE, UNIT,
        amount="value",
    ),
    Table(
        "system_cost",
        "The terms of the objective: discounted, and of capital only the share that falls within the horizon. They add up"
        " to the system cost.",
        ("item", "name", "year"),
        YEAR, ITEM, NAME, VALUE, UNIT,
        amount="value",
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
)  # fmt: skip
