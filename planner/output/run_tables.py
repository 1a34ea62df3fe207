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
    Table,
    number,
    text,
    truth,
    whole,
)

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
            "cost", "what the plan would cost less without it, everything decided anew or, as `note` says, beside the plan; empty "
            "but of the dearest ten", "money", may_be_blank=True,
        ),
        number("least", "what that is at least, by the bounds of both plans", "money", may_be_blank=True),
        number("most", "what that is at most; beside the plan, with the whole numbers that stay", "money", may_be_blank=True), NOTE,
        CURRENCY,
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
        number(
            "estimate", "the factor as reduced costs estimate it, whole numbers of all else as planned; empty where none is known",
            "1", may_be_blank=True,
        ),
        text("unit", "unit of both costs"),
        number("gain", "of a type that is not offered, how much less the plan costs with it as it is", "money", may_be_blank=True),
        truth("confirmed", "True if plans on either side confirm it to one per cent"), NOTE, CURRENCY,
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
        number("extra_cost", "how much that is above the system cost without a goal", "money", may_be_blank=True), NOTE, CURRENCY,
    ),
)  # fmt: skip
