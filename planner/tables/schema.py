"""The register of the tables of an output: every column with its kind, its unit and what it is.

Runs write by it, outputs are read back by it, the page of outputs and the data dictionary of each output are made from it, and the
names of tables and columns are the headings of workbook and page, translated where a language has a word. The tables themselves
stand in `plan_tables`, `run_tables` and `question_tables`, those of several futures here.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.tables.columns import (
    CAPITAL_COST,
    CURRENCY,
    FINANCE_TABLES,
    ITEM,
    NOTE,
    OUTAGE,
    PLAN_TABLES,
    UNIT,
    VALUE,
    YEAR,
    Column,
    Table,
    number,
    text,
    truth,
    whole,
)

# --- question tables -------------------------------------------------------------------------------------------------------
# The tables of questions that are answered by planning once more with a change: what decisions, limits and figures are worth.

#: What stands in limit_costs.csv for reserves: the table, the name of all of them together, and the parameter of a unit out.
RESERVES, ALL_RESERVES, OUT = "reserves", "*", "largest_out"
#: In the order in which the page of outputs has them.
OF_DECISIONS: tuple[Table, ...] = (
    Table(
        "worth",
        "Only once `plan explain --projects OUT` was asked: what the plan costs more without a project, everything else "
        "decided anew.",
        ("kind", "name"),
        text("kind", "technology (links too), measure, planting"),
        text("name", "project of the plan"),
        number("capital_cost", "money paid for it in all years, grants taken off", "money"),
        number("worth", "system cost without it less that with it", "money", may_be_blank=True),
        number("least", "what it is worth at least, by the bounds of both plans", "money", may_be_blank=True),
        number("most", "what it is worth at most", "money", may_be_blank=True),
        number("npv", "net present value of its own cash against the reference, as in `finance`", "money", True),
        UNIT,
        NOTE,
        Column("instead", "text", "what costs most more without it: technology, measure, planting, supply, credit"),
        Column("instead_cost", "number", "how much more that costs without it, discounted", "money", True),
    ),
    Table(
        "limit_costs",
        "Only once `plan explain --rules OUT` was asked: what each rule, limit and reserve costs.",
        ("table", "name", "parameter", "year"),
        text("table", "table of the park folder where the number stands"),
        text(
            "name",
            "row of that table; of `stages` the stage; of `reserves` the carrier, with its zone, or `*` for all of them together",
        ),
        text("parameter", "column of that table; of `stages` and `rules` the metric"),
        whole("year", "calendar year in which it binds; of a reserve the first one in which it holds", "year"),
        number("now", "what it is", "`unit`"),
        text("unit", "unit of the number before it; 1 for a rule's ratio"),
        number(
            "price",
            "what one unit more of it in that year would save, whole numbers as planned; discounted; empty of reserves, which have "
            "none",
            "money/`unit`",
            may_be_blank=True,
        ),
        number(
            "cost",
            "what the plan would cost less without it, everything decided anew or, as `note` says, beside the plan; empty "
            "but of the dearest ones and of reserves",
            "money",
            may_be_blank=True,
        ),
        number("least", "what that is at least, by the bounds of both plans", "money", may_be_blank=True),
        number("most", "what that is at most; beside the plan, with the whole numbers that stay", "money", True),
        NOTE,
        CURRENCY,
    ),
    Table(
        "why_not",
        "Only once `plan explain --not-chosen OUT` was asked: at which capital cost a project that is offered and not chosen "
        "would come in, and "
        "at which price a supply, certificate or credit that is not bought.",
        ("kind", "name"),
        text("kind", "technology (links too), measure, planting; supply, certificate, credit; type: of the catalogue, not offered"),
        text("name", "project that is offered and not chosen, or the type"),
        number("capital_cost", "what it costs in the first year in which it may be ordered; of what is bought its price", "`unit`"),
        number("needed", "what it may cost to come in; empty where it does at no cost", "`unit`", may_be_blank=True),
        number("factor", "the second by the first; costs of all years change in this proportion", "1", may_be_blank=True),
        number(
            "estimate",
            "the factor as reduced costs estimate it, whole numbers of all else as planned; empty where none is known",
            "1",
            may_be_blank=True,
        ),
        text("unit", "unit of both costs"),
        number("gain", "of a type that is not offered, how much less the plan costs with it as it is", "money", may_be_blank=True),
        truth("confirmed", "True if plans on either side confirm it to one per cent"),
        NOTE,
        CURRENCY,
    ),
    Table(
        "sensitivity",
        "Only once `plan what-if OUT` was asked: what is saved with each leading figure at its low and its high, with the plan "
        "as it is and planned anew on few typical days, and which first orders would be others.",
        ("what", "name", "side"),
        text("what", "bought, sold, capital, discount_rate, demand"),
        text("name", "supply, technology, measure; else empty"),
        text("side", "low, high"),
        number("change", "share by which it changes, in the mean of what is paid", "1"),
        text("status", "of the plan made anew"),
        number("saving", "against going on as today, the plan as it is, as in `swings`; empty where not known", "money", True),
        number("saving_anew", "the same with the plan made anew", "money", may_be_blank=True),
        number("gained", "what planning anew gains on these days; empty where orders cannot be kept", "money", may_be_blank=True),
        number("gap", "what the gaps of both plans cover: a gain within it proves nothing", "money"),
        whole("days", "typical days of both plans; empty of a park without hours of a year", "1", may_be_blank=True),
        whole("year", "first year in which the plan orders, of the next column", "year", may_be_blank=True),
        text("orders", "orders of that year that would be others: name, size as planned → planned anew, unit; of a measure 0, 1"),
        NOTE,
        CURRENCY,
    ),
    Table(
        "abatement",
        "Only once `plan frontier --abatement OUT` was asked: the true marginal abatement curve, step by step, and the naive "
        "one, project "
        "by project.",
        ("curve", "name"),
        text("curve", "true: everything decided anew at each step of the cap; naive: each project alone"),
        text("name", "of the true curve the cap in t a year, of the naive one the project"),
        number("total", "net emissions cut so far, of a year from that of the goal on", "t", may_be_blank=True),
        number("cut", "of which this step or project cuts", "t"),
        number("cost", "system cost of it", "money", may_be_blank=True),
        number("per_tonne", "the same by its tonnes of all years, discounted like money", "money/t", may_be_blank=True),
        number("per_tonne_least", "least that it may be by the bounds of both plans", "money/t", may_be_blank=True),
        number("per_tonne_most", "most that it may be", "money/t", may_be_blank=True),
        text("comes_in", "projects, certificates and credits that come in at it, joined by a semicolon"),
        text("goes_out", "projects that the plan before had, and this one has not"),
        UNIT,
        NOTE,
    ),
)


# --- run tables ------------------------------------------------------------------------------------------------------------
# The tables of a run beside those of its plans: assumptions, finance, answers to questions, changes, remedies.

#: Columns of what could change the saving.
SWUNG = (
    text("what", "bought, sold, capital, discount_rate, demand"),
    text("name", "supply, technology, measure; else empty"),
    Column("low", "number", "share by which it is lower, below 0, in the mean of what is paid", "1", True),
    Column("high", "number", "share by which it is higher", "1", True),
    number("saving_low", "what is saved with it lower; of demand empty where not all is served", "money", may_be_blank=True),
    number("saving_high", "what is saved with it higher", "money", may_be_blank=True),
    number("ends_at", "change at which nothing is saved; empty where it is not within -1 to 1", "1", may_be_blank=True),
    number("goal_low", "what the goal costs with it lower", "money", may_be_blank=True),
    number("goal_high", "what the goal costs with it higher", "money", may_be_blank=True),
    CURRENCY,
)
#: In the order in which the page of outputs has them.
RUN_TABLES: tuple[Table, ...] = (
    Table(
        "assumptions",
        "Every figure that the run took from the catalogue, with its source and grade.",
        (),
        text("table", "table of the catalogue"),
        text("name", "row of that table"),
        text("parameter", "column or parameter of it"),
        whole("year", "calendar year; empty where it holds in all years", "year", may_be_blank=True),
        text("value", "the figure, or a word"),
        text("unit", "its unit"),
        text("source", "where it is from"),
        text("grade", "how good the source is"),
        NOTE,
    ),
    *FINANCE_TABLES,
    Table(
        "names",
        "What the things of the park are called for a person, in both languages, and of what kind they are.",
        ("name",),
        text("name", "its name in the tables"),
        text("type", "name under which the catalogue knows it"),
        text("kind", "kind of thing, which gives its colour: sun, wind, water, power, storage, heat, cold, gas and so on"),
        text("carrier", "carrier that it gives, holds, carries or uses; empty where there is none"),
        text("title_en", "what it is called in English"),
        text("title_zh", "what it is called in Chinese"),
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
        text("kind", "technology (links too), measure, planting"),
        text("name", "what it is"),
        UNIT,
        number("amount", "how much of it the plan of the least cost has; of a measure 1 or 0", "`unit`"),
        number("least", "least that a plan that was found has", "`unit`"),
        number("most", "most that a plan that was found has", "`unit`"),
        whole("plans", "how many of the plans that were found have it", "1"),
        text("verdict", "as in `alternatives`"),
    ),
    Table(
        "watch",
        "Only once `plan explain --signs OUT` was asked: at which capital cost, and at which price, an order is no longer "
        "part of a "
        "least-cost plan.",
        ("kind", "name", "by", "price"),
        text("kind", "technology (links too), measure, planting"),
        text("name", "project of the plan"),
        text("by", "capital, or the kind of price: supply, certificate, credit"),
        text("price", "whose price; empty of capital"),
        number("now", "capital cost of the first year in which it may be ordered, or price", "`unit`", may_be_blank=True),
        number("turns", "where it goes out; empty where it never does", "`unit`", may_be_blank=True),
        number("factor", "the second by the first; figures of all years change in this proportion", "1", may_be_blank=True),
        text("unit", "unit of both"),
        number("worth", "system cost without it less that with it", "money", may_be_blank=True),
        truth("confirmed", "True if plans on either side confirm it to one per cent"),
        NOTE,
        CURRENCY,
    ),
    Table(
        "verdicts",
        "Only once `plan explain --signs OUT` was asked with new costs or prices: whether each order is still right.",
        ("kind", "name"),
        text("kind", "technology (links too), measure, planting"),
        text("name", "project of the plan"),
        text("verdict", "still right, ask again, no longer"),
        number("kept", "what the plan costs at the new tables; empty where it misses something", "money", may_be_blank=True),
        number("without", "what the plan without the project costs at them", "money", may_be_blank=True),
        number("least_without", "no plan without it costs less at them", "money", may_be_blank=True),
        CURRENCY,
    ),
    Table(
        "foresight",
        "Only of a plan with `--foresight`: what is decided in each step of the chain, and what it costs not to know more.",
        ("decided", "item", "name", "year"),
        whole("decided", "year in which it is decided", "year"),
        whole("known_until", "last year that is known then", "year"),
        text("item", "build, adopt, plant, retire; cost: what the orders of the step cost more than if all were known"),
        text("name", "what it is of"),
        whole("year", "year of the order; empty of a cost", "year", may_be_blank=True),
        number("value", "what is decided", "`unit`"),
        number("if_known", "what would be, if all were known from then on", "`unit`"),
        text("unit", "unit of both numbers"),
    ),
    Table(
        "stress",
        "Only once `plan what-if --in-futures OUT` was asked: what the orders of the run cost in each future, kept as they "
        "are, and what they "
        "miss there.",
        ("future", "year", "item", "name"),
        text("future", "future of futures.csv that none branches from"),
        number("probability", "how likely it is", "1"),
        whole("year", "calendar year; empty: of all years", "year", may_be_blank=True),
        text(
            "item",
            "cost, least_cost, regret: discounted; unserved, unserved_hours, unserved_worst: demand; missed: a rule; "
            "credits: what it would cost to keep it with the cheapest; not_kept: what is decided beyond what the future allows",
        ),
        text("name", "what it is of: carrier and zone, stage and metric, order"),
        number("value", "the number; of a cost empty where the orders cannot be kept", "`unit`", may_be_blank=True),
        UNIT,
    ),
    Table(
        "stress_outages",
        "Only once `plan what-if OUT --outages` was asked: as `outages`, of all months of all years.",
        ("technology", "first_day", "year"),
        *OUTAGE,
    ),
    Table(
        "stress_demand",
        "Only once `plan what-if OUT --demand` was asked: as `swings`, of all demand, 30 % lower and higher, operated with the "
        "orders as they are.",
        ("what", "name"),
        *SWUNG,
    ),
    Table(
        "moving",
        "Only once `plan what-if OUT --moving` was asked: what is paid for operation and what is missed in each year, as planned "
        "and with nothing moved, shed or charged later; decisions as they are, contracted capacity chosen anew in both.",
        ("stream", "item", "name", "year"),
        YEAR,
        text("stream", "energy, peak, connection, green, moving, other: money; share: green shares; short: what is missed"),
        text("item", "item of costs.csv; share; unserved: energy; unserved_worst: most at once; missed: a rule"),
        text("name", "what it is of: supply, technology, demand; carrier and zone; stage and metric"),
        number("planned", "as planned", "`unit`"),
        number("unmoved", "with nothing moved", "`unit`"),
        number("saved", "unmoved less planned; below 0: more with moving", "`unit`"),
        UNIT,
    ),
    Table(
        "stores",
        "Only once `plan what-if OUT --stores` was asked: what each store earns: each year operated with it idle, and as planned.",
        ("technology", "stream", "item", "year"),
        YEAR,
        text("technology", "the store"),
        text("owner", "whose it is"),
        text("stream", "energy, peak, connection, green, moving, other: money; share; reserve: firm capacity; short: missed"),
        text("item", "cost; share; carrier and zone; unserved, metric, reserve"),
        number("planned", "as planned", "`unit`"),
        number("idle", "with it idle", "`unit`"),
        number("saved", "idle less planned; of share and reserve the reverse", "`unit`"),
        Column("kept", "number", "what its owner keeps, by its `saving_share`", "money", True),
        Column("passed", "number", "what it passes on to the park", "money", True),
        UNIT,
    ),
    Table(
        "swings",
        "What could change the saving against going on as today, with the plans as they are: each price that is bought or sold at, "
        "the capital of each technology and the discount rate, 30 % lower and higher in all years, or as `low` and `high` of its "
        "rows say; the widest first. Without rows where nothing is saved. All demand stands in "
        "`stress_demand`.",
        ("what", "name"),
        *SWUNG,
    ),
    Table(
        "changes",
        "Only of a plan with `--keep`: what is ordered otherwise than in the earlier plan, and the terms of the system cost that "
        "are others than with the earlier plan kept as it was.",
        ("what", "item", "name", "year"),
        text("what", "`order`: of the earlier plan and this one; `cost`: of the earlier kept at prices of now and of this"),
        text("item", "build, adopt, plant, retire; of a cost the item of `system_cost`"),
        text("name", "what it is of"),
        whole("year", "year of the order; empty of a cost", "year", may_be_blank=True),
        number("before", "what it was", "`unit`"),
        number("now", "what it is", "`unit`"),
        number("change", "the second less the first", "`unit`"),
        text("unit", "unit of the numbers before it"),
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
            "system cost of the park with this change; what the change itself costs is not in it",
            "money",
            may_be_blank=True,
        ),
        number("extra_cost", "how much that is above the system cost without a goal", "money", may_be_blank=True),
        NOTE,
        CURRENCY,
    ),
)


# --- schema ----------------------------------------------------------------------------------------------------------------

__all__ = ["COLUMNS", "DISPATCH", "OF_FINANCE", "OF_PLANS", "OF_QUESTIONS", "OF_RUNS", "TABLES", "TREE_TABLES", "Column", "Table"]

#: Of a plan for several futures: the futures, what is ordered in which node, and what it costs to be wrong.
TREE_TABLES: tuple[Table, ...] = (
    Table(
        "futures",
        "Only of a plan for several futures: figures of each, on the path of its leaf, and of all together: the expected cost, and "
        "what knowing (`evpi`) and having thought of futures (`vss`) are worth, with the least and the most that bounds leave.",
        ("future", "item"),
        text("future", "future of futures.csv that none branches from; empty: all together"),
        number("probability", "how likely it is", "1"),
        ITEM,
        VALUE,
        UNIT,
    ),
    Table(
        "commit",
        "Only of a plan for several futures: what is ordered, once for the node that it is ordered in.",
        ("node", "year", "item"),
        text("node", "future whose years it is ordered in; empty: the root, which all futures share"),
        YEAR,
        text("item", "technology, measure, project, link, contract"),
        number("build", "how much of it is ordered", "`unit`"),
        UNIT,
        CAPITAL_COST,
        text("when", "`now`: in the root; else the first year of the node, in which it is known that this future comes"),
        number("share", "probability of the futures in which this order is placed", "1"),
    ),
    Table(
        "regret",
        "Only of a plan for several futures: what each plan costs in each future, its first orders kept, and the least cost of "
        "that future, had it been known from the start.",
        ("plan", "future"),
        text("plan", "`expected`: of the least expected cost; `least regret`; or the future whose own first orders are kept"),
        text("future", "the future that comes"),
        number("cost", "system cost; empty where the orders cannot be kept in that future", "money", may_be_blank=True),
        number("least_cost", "system cost of the future's own plan", "money"),
        number("regret", "the first less the second", "money", may_be_blank=True),
    ),
)
#: Every table that a run may write.
TABLES: Mapping[str, Table] = {table.name: table for table in (*PLAN_TABLES, *RUN_TABLES, *TREE_TABLES)}

#: The hourly flows, the only table that is no CSV.
DISPATCH = TABLES["dispatch"]
#: Answers to questions that are asked of a run once it is there.
OF_QUESTIONS = tuple(
    TABLES[name]
    for name in (
        "worth",
        "limit_costs",
        "why_not",
        "abatement",
        "alternatives",
        "alternative_plans",
        "alternative_parts",
        "sensitivity",
        "stress",
        "stress_outages",
        "stress_demand",
        "moving",
        "stores",
        "watch",
        "verdicts",
    )
)
#: The accounts of the business case.
OF_FINANCE = tuple(TABLES[table.name] for table in FINANCE_TABLES)
#: Tables of the run, and of each plan.
OF_RUNS = (
    *(TABLES[name] for name in ("assumptions", "names", "explain", "swings", "changes", "foresight")),
    *OF_FINANCE,
    *OF_QUESTIONS,
)
OF_PLANS = tuple(table for table in TABLES.values() if table not in OF_RUNS and table not in TREE_TABLES)
#: Columns of each table of a plan.
COLUMNS: Mapping[str, tuple[str, ...]] = {table.name: table.names for table in OF_PLANS}
