"""The tables of a plan for several futures: the futures, what is ordered in which node, and what it costs to be wrong."""

from __future__ import annotations

from planner.output.columns import CAPITAL_COST, ITEM, UNIT, VALUE, YEAR, Table, number, text

#: In the order in which docs/outputs.md has them.
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
