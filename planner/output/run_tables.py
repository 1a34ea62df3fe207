"""The tables of a run beside those of its plans: assumptions, finance, answers to questions, changes, remedies."""

from __future__ import annotations

from planner.output.columns import (
    ACCOUNT,
    AGAINST,
    CARRIER,
    CURRENCY,
    ITEM,
    NOTE,
    UNIT,
    VALUE,
    YEAR,
    Column,
    Table,
    number,
    text,
    truth,
    whole,
)  # fmt: skip
from planner.output.question_tables import OF_DECISIONS

#: In the order in which docs/outputs.md has them.
RUN_TABLES: tuple[Table, ...] = (
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
    *OF_DECISIONS,
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
        "watch",
        "Only once `plan watch OUT` was asked: at which capital cost, and at which price, an order is no longer part of a "
        "least-cost plan.",
        ("kind", "name", "by", "price"),
        text("kind", "technology (links too), measure, planting"), text("name", "project of the plan"),
        text("by", "capital, or the kind of price: supply, certificate, credit"), text("price", "whose price; empty of capital"),
        number("now", "capital cost of the first year in which it may be ordered, or price", "`unit`", may_be_blank=True),
        number("turns", "where it goes out; empty where it never does", "`unit`", may_be_blank=True),
        number("factor", "the second by the first; figures of all years change in this proportion", "1", may_be_blank=True),
        text("unit", "unit of both"), number("worth", "system cost without it less that with it", "money", may_be_blank=True),
        truth("confirmed", "True if plans on either side confirm it to one per cent"), NOTE, CURRENCY,
    ),
    Table(
        "verdicts",
        "Only once `plan watch OUT` was asked with new costs or prices: whether each order is still right.",
        ("kind", "name"),
        text("kind", "technology (links too), measure, planting"), text("name", "project of the plan"),
        text("verdict", "still right, ask again, no longer"),
        number("kept", "what the plan costs at the new tables; empty where it misses something", "money", may_be_blank=True),
        number("without", "what the plan without the project costs at them", "money", may_be_blank=True),
        number("least_without", "no plan without it costs less at them", "money", may_be_blank=True), CURRENCY,
    ),
    Table(
        "foresight",
        "Only of a plan with `--foresight`: what is decided in each step of the chain, and what it costs not to know more.",
        ("decided", "item", "name", "year"),
        whole("decided", "year in which it is decided", "year"), whole("known_until", "last year that is known then", "year"),
        text("item", "build, adopt, plant, retire; cost: what the orders of the step cost more than if all were known"),
        text("name", "what it is of"), whole("year", "year of the order; empty of a cost", "year", may_be_blank=True),
        number("value", "what is decided", "`unit`"),
        number("if_known", "what would be, if all were known from then on", "`unit`"), text("unit", "unit of both numbers"),
    ),
    Table(
        "stress",
        "Only once `plan stress OUT` was asked: what the orders of the run cost in each future, kept as they are, and what they "
        "miss there.",
        ("future", "year", "item", "name"),
        text("future", "future of futures.csv that none branches from"), number("probability", "how likely it is", "1"),
        whole("year", "calendar year; empty: of all years", "year", may_be_blank=True),
        text(
            "item", "cost, least_cost, regret: discounted; unserved, unserved_hours, unserved_worst: demand; missed: a rule; "
            "credits: what it would cost to keep it with the cheapest; not_kept: what is decided beyond what the future allows",
        ),
        text("name", "what it is of: carrier and zone, stage and metric, order"),
        number("value", "the number; of a cost empty where the orders cannot be kept", "`unit`", may_be_blank=True), UNIT,
    ),
    Table(
        "stress_outages",
        "Only once `plan stress OUT --outages` was asked: as `outages`, of all months of all years.",
        ("technology", "first_day", "year"),
        YEAR, text("technology", "technology that is out, or the outage_group whose technologies are"),
        number("lost", "capacity that is out, of a group the sum", "`unit`"), UNIT,
        whole("first_day", "first day of the month, 1 to 365", "1"), whole("days", "how many days are operated", "1"),
        whole("hours_short", "hours in which not all demand is met", "h"), number("energy_short", "demand that is not met", "MWh"),
        number("worst", "most that is not met in an hour", "MW"),
    ),
    Table(
        "moving",
        "Only once `plan stress OUT --moving` was asked: what is paid for operation and what is missed in each year, as planned "
        "and with nothing moved, shed or charged later; decisions as they are, contracted capacity chosen anew in both.",
        ("stream", "item", "name", "year"),
        YEAR, text("stream", "energy, peak, connection, green, moving, other: money; share: green shares; short: what is missed"),
        text("item", "item of costs.csv; share; unserved: energy; unserved_worst: most at once; missed: a rule"),
        text("name", "what it is of: supply, technology, demand; carrier and zone; stage and metric"),
        number("planned", "as planned", "`unit`"), number("unmoved", "with nothing moved", "`unit`"),
        number("saved", "unmoved less planned; below 0: more with moving", "`unit`"), UNIT,
    ),
    Table(
        "stores",
        "Only once `plan stress OUT --stores` was asked: what each store earns: each year operated with it idle, and as planned.",
        ("technology", "stream", "item", "year"),
        YEAR, text("technology", "the store"), text("owner", "whose it is"),
        text("stream", "energy, peak, connection, green, moving, other: money; share; reserve: firm capacity; short: missed"),
        text("item", "cost; share; carrier and zone; unserved, metric, reserve"), number("planned", "as planned", "`unit`"),
        number("idle", "with it idle", "`unit`"), number("saved", "idle less planned; of share and reserve the reverse", "`unit`"),
        Column("kept", "number", "what its owner keeps, by its `saving_share`", "money", True),
        Column("passed", "number", "what it passes on to the park", "money", True), UNIT,
    ),
    Table(
        "swings",
        "What could change the saving against going on as today, with the plans as they are: each price that is bought or sold at, "
        "the capital of each technology and the discount rate, 30 % lower and higher in all years, or as `low` and `high` of its "
        "rows say; the widest first. Without rows where nothing is saved. `plan stress OUT --demand` adds all demand.",
        ("what", "name"),
        text("what", "bought, sold, capital, discount_rate, demand"), text("name", "supply, technology, measure; else empty"),
        Column("low", "number", "share by which it is lower, below 0, in the mean of what is paid", "1", True, True),
        Column("high", "number", "share by which it is higher", "1", True, True),
        number("saving_low", "what is saved with it lower; of demand empty where not all is served", "money", may_be_blank=True),
        number("saving_high", "what is saved with it higher", "money", may_be_blank=True),
        number("ends_at", "change at which nothing is saved; empty where it is not within -1 to 1", "1", may_be_blank=True),
        number("goal_low", "what the goal costs with it lower", "money", may_be_blank=True),
        number("goal_high", "what the goal costs with it higher", "money", may_be_blank=True), CURRENCY, is_later=True,
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
        number("extra_cost", "how much that is above the system cost without a goal", "money", may_be_blank=True), NOTE, CURRENCY,
    ),
)  # fmt: skip
