"""finance.xlsx of an output made once more, from its tables and the park that was planned."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from planner.answer.finance_workbook import NAME, write_finance
from planner.export.load import load_run
from planner.finance.statements import statements
from planner.language.language import Language
from planner.plan import Plan, Run
from planner.tables.output import Output
from planner.tables.place import write_file


def renew_finance(output: Output, language: Language) -> Path | None:
    """Write finance.xlsx again; None where the run has none.

    Raises CaseError where the park is gone or has changed since.
    """
    path = output.folder / NAME
    if not os.path.lexists(path):
        return None
    loaded = load_run(output.folder, needs_dispatch=False)
    plans = {name: Plan(name, output.summary["plans"][name]["status"], tables=tables) for name, tables in output.plans.items()}
    run = Run(plans, float(output.summary["base_emissions"]), output.currency, 0)
    if (found := statements(run, loaded.case)) is None:
        return None
    made = BytesIO()
    write_finance(found, made, language)
    write_file(path, str(path), made.getvalue(), lambda _: True)
    return path
