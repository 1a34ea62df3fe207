"""The register of the tables of an output: every column with its kind, its unit and what it is.

Runs write by it, outputs are read back by it, the page of outputs and the data dictionary of each output are made from it, and the
names of tables and columns are the headings of workbook and page, translated where a language has a word. The tables themselves
stand in `plan_tables`, `run_tables` and `question_tables`, those of several futures here.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.tables.columns import CAPITAL_COST, ITEM, UNIT, VALUE, YEAR, Column, Table, number, text
from planner.tables.finance_tables import FINANCE_TABLES
from planner.tables.plan_tables import PLAN_TABLES
from planner.tables.run_tables import RUN_TABLES

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
