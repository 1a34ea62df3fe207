"""The register of the tables of an output: every column with its kind, its unit and what it is.

Runs write by it, outputs are read back by it, docs/outputs.md and the data dictionary of each output are made from it, and the
names of tables and columns are the headings of workbook and page, translated where a language has a word. The tables themselves
stand in `plan_tables`, `run_tables` and `question_tables`.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.output.columns import Column, Table
from planner.output.plan_tables import PLAN_TABLES
from planner.output.run_tables import RUN_TABLES
from planner.output.tree_tables import TREE_TABLES

__all__ = ["COLUMNS", "DISPATCH", "OF_FINANCE", "OF_PLANS", "OF_QUESTIONS", "OF_RUNS", "TABLES", "TREE_TABLES", "Column", "Table"]

#: Every table that a run may write.
TABLES: Mapping[str, Table] = {table.name: table for table in (*PLAN_TABLES, *RUN_TABLES, *TREE_TABLES)}

#: The hourly flows, the only table that is no CSV.
DISPATCH = TABLES["dispatch"]
#: Answers to questions that are asked of a run once it is there.
OF_QUESTIONS = tuple(
    TABLES[name] for name in (
        "worth", "limit_costs", "why_not", "abatement", "alternatives", "alternative_plans", "alternative_parts",
        "sensitivity", "stress", "stress_outages", "moving", "stores", "watch", "verdicts",
    )
)  # fmt: skip
#: The accounts of the business case.
OF_FINANCE = (TABLES["finance"], TABLES["cash_flow"], TABLES["levelised"])
#: Tables of the run, and of each plan.
OF_RUNS = (
    *(TABLES[name] for name in ("assumptions", "names", "explain", "swings", "changes", "foresight")), *OF_FINANCE, *OF_QUESTIONS,
)  # fmt: skip
OF_PLANS = tuple(table for table in TABLES.values() if table not in OF_RUNS and table not in TREE_TABLES)
#: Columns of each table of a plan.
COLUMNS: Mapping[str, tuple[str, ...]] = {table.name: table.names for table in OF_PLANS}
