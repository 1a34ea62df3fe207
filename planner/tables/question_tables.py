"""The tables of questions that are answered by planning once more with a change: what decisions, limits and figures are worth."""

from __future__ import annotations

from planner.tables.columns import CURRENCY, NOTE, UNIT, Column, Table, number, text, truth, whole

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
