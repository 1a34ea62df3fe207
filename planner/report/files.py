"""The output folder: written beside its place and moved in at the end, so that it is never a mixture."""

from __future__ import annotations

import ctypes
import json
import math
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from models.case import Case
from models.errors import CaseError
from planner import __version__
from planner.plan import TARGET, Breach, Plan, Run
from planner.report.language import ENGLISH, Language
from planner.report.page import write_page
from planner.report.sheets import FORMULA
from planner.report.ways import ways_table
from planner.report.workbook import write_workbook
from planner.solve.highs import SEED

#: The files that mark an output folder; only a folder with both, the second one ours, is ever replaced.
MARK, FACTS = "summary.json", "run.json"
_NUMBER = re.compile(r"[+-]?[0-9.]+([eE][+-]?[0-9]+)?")


def check_output(out: Path) -> None:
    """Raise CaseError where writing to `out` would lose something, or cannot work."""
    try:
        str(out.absolute()).encode()
    except UnicodeEncodeError:
        raise CaseError([f"--out {out}: is no UTF-8, and some tables cannot be written there; name another folder"]) from None
    if out.exists() and not out.is_dir():
        raise CaseError([f"--out {out}: is a file; name a folder"])
    if out.is_dir() and any(out.iterdir()) and not is_output(out):
        raise CaseError([f"--out {out}: holds other files (it is no output of a run); name a new folder"])
    parent = out.absolute().parent
    if not parent.is_dir():
        raise CaseError([f"--out {out}: the folder {parent} does not exist"])
    try:
        Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=parent)).rmdir()
    except OSError as error:
        raise CaseError([f"--out {out}: the folder {parent} cannot be written to ({error.strerror})"]) from error


def is_output(folder: Path) -> bool:
    """True for a folder that a run of ours wrote."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (folder / MARK).is_file() and isinstance(facts, dict) and "parkzero" in facts


def write_run(
    run: Run, case: Case, out: Path, options: Mapping[str, Any], language: Language = ENGLISH
) -> None:
    """Write every table of every plan. The target plan stands in `out`, the others in folders of their names."""
    out = out.absolute()
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        draft.chmod(0o755)
        places = {name: draft if name == TARGET else draft / name for name, plan in run.plans.items() if plan.has_tables}
        with ThreadPoolExecutor() as beside:  # dispatch is written by compiled code
            written = []
            for name, place in places.items():
                place.mkdir(exist_ok=True)
                written.append(beside.submit(_write_dispatch, run.plans[name].tables["dispatch"], place))
            for name, place in places.items():
                _write_tables(run.plans[name], place)
            assumptions = _assumptions(case)
            _write_csv(assumptions, draft / "assumptions.csv")
            if run.ways:
                _write_csv(ways_table(run), draft / "explain.csv")
            if run.target.has_tables:
                write_workbook(run, case, assumptions, draft / "plan.xlsx", language)
            for one in written:
                one.result()
        _write_json(summary(run, case), draft / MARK)
        _write_json(run_facts(run, case, options), draft / FACTS)
        try:
            write_page(draft, language)
        except Exception:  # a mistake in the page must not lose a plan that took hours
            move_in(draft, out)
            raise
        move_in(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def move_in(draft: Path, out: Path) -> None:
    """Put the draft in the place of an older output: in one step where the system can exchange two folders.

    Else in two, and the older output comes back if that is interrupted.
    """
    if not out.exists():
        draft.rename(out)
        return
    if _exchanged(draft, out):
        return  # the draft is the older output now
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    old = aside / out.name
    try:
        out.rename(old)
        draft.rename(out)
    except BaseException:
        if old.exists() and not out.exists():
            old.rename(out)
        raise
    finally:
        if out.exists():
            shutil.rmtree(aside, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot."""
    try:
        exchange = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, at_once = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return exchange(here, os.fsencode(one), here, os.fsencode(other), at_once) == 0


def _assumptions(case: Case) -> pd.DataFrame:
    columns = ["table", "name", "parameter", "year", "value", "unit", "source", "grade", "note"]
    return pd.DataFrame([a.model_dump() for a in case.assumptions], columns=columns).astype({"year": "Int64"})


def _write_tables(plan: Plan, folder: Path) -> None:
    for name, table in plan.tables.items():
        if name != "dispatch":
            _write_csv(table, folder / f"{name}.csv")


def _write_dispatch(table: pd.DataFrame, folder: Path) -> None:
    """Statistics let a reader skip years and hours; of other columns they only take time."""
    table.to_parquet(folder / "dispatch.parquet", index=False, write_statistics=["year", "hour"])


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    shown = table.copy()
    for column in shown.columns:
        if not pd.api.types.is_numeric_dtype(shown[column]):
            shown[column] = shown[column].map(_as_text)
    shown.to_csv(path, index=False, float_format="%.12g", lineterminator="\n")


def _as_text(cell: Any) -> Any:
    """Text that a spreadsheet does not take for a formula: names never begin like one, remarks and sources may."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) and not _NUMBER.fullmatch(cell) else cell


def _write_json(content: Any, path: Path) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def summary(run: Run, case: Case) -> dict[str, Any]:
    """What summary.json says."""
    goal = case.goal
    assert goal is not None
    return {
        "park": case.park.name,
        **_plan_facts(run.target),
        "target": goal.target,
        "by": goal.by,
        "milestones": dict(goal.milestones),
        "standard": case.park.standard,
        "currency": run.currency,
        "price_year": case.park.price_year,
        "discount_rate": case.park.discount_rate,
        "accounting": case.park.accounting,
        "base_year": case.park.base_year,
        "base_emissions": _finite(run.base),
        "typical_days": run.typical_days,
        "compared_with": run.compared_with if run.compared_with in run.plans else None,
        "blocking": [_breach_facts(b) for b in run.blocking],
        "breaches": [_breach_facts(b) for b in run.breaches],
        "explanation": list(run.explanation),
        "plans": {
            name: {**_plan_facts(plan), "abatement_cost": run.abatement_cost.get(name)} for name, plan in run.plans.items()
        },
        "warnings": [*case.warnings, *run.warnings],
    }


def _plan_facts(plan: Plan) -> dict[str, Any]:
    facts = {"status": plan.status, "system_cost": plan.system_cost, "bound": plan.bound, "gap": plan.gap}
    if plan.has_tables:
        net = plan.tables["emissions"].query("item == 'net'")
        facts["net_emissions_last_year"] = float(net["value"].iloc[-1])
        facts["verified"] = plan.verified
        facts["repairs"] = plan.repairs
        if plan.planned_cost is not None:
            facts["planned_cost"] = plan.planned_cost
            facts["hourly_gap"] = plan.hourly_gap
        if plan.failure:
            facts["hourly_failure"] = plan.failure
    if plan.note:
        facts["note"] = plan.note
    return {k: _finite(v) for k, v in facts.items()}


def _finite(value: Any) -> Any:
    """None for a number that is none: JSON has no NaN and no Infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _breach_facts(breach: Breach) -> dict[str, Any]:
    return {"stage": breach.stage, "metric": breach.metric, "year": breach.year, "amount": breach.amount, "unit": breach.unit}


def versions() -> dict[str, str]:
    """Versions of the planner and of everything that its numbers depend on."""
    packages = ("pyomo", "highspy", "highspy-extras", "numpy", "pandas", "pydantic", "pint", "tsam")
    return {"parkzero": __version__, "python": platform.python_version(), **{p: version(p) for p in packages}}


def run_facts(run: Run, case: Case, options: Mapping[str, Any]) -> dict[str, Any]:
    """What run.json says: hashes, versions, options, size and seconds; enough to repeat the run."""
    return {
        "parkzero": __version__,
        "case_sha256": case.digest,
        "files": dict(case.files),
        "options": dict(options),
        "seeds": {"highs": SEED},
        "versions": versions(),
        "machine": {"system": platform.system(), "processor": platform.machine()},
        "matrix": run.size,
        "coefficients": {name: list(ends) for name, ends in run.ranges.items()},
        "seconds": {name: round(s, 3) for name, s in run.seconds.items()},
    }
