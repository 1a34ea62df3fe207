"""The output folder of a run: what is written into it."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from models.case import Case
from models.errors import CaseError
from planner import __version__
from planner.answer.hangs_on import own_ranges, swings_table
from planner.answer.loads import GreenPower, loads_of, tariffs_table
from planner.answer.page.page import HOURS, make_hours, make_page
from planner.answer.page.page import NAME as PAGE
from planner.answer.summary import standards_table, summary
from planner.answer.workbook import NAME as WORKBOOK
from planner.answer.workbook import write_workbook
from planner.finance.ends import ends_table
from planner.finance.statements import statements
from planner.language.language import ENGLISH, Language
from planner.language.message import as_json
from planner.machine.resources import SEED, versions
from planner.plan import ON_DAYS, TARGET, ByYear, Plan, Run
from planner.tables.facts import FORMAT
from planner.tables.files import is_formula, quoted
from planner.tables.flows import timestamps
from planner.tables.output import digests, names_table, read_output
from planner.tables.place import FACTS, RUN, SUMMARY, beside, check_place, has_answer, package_text, writing
from planner.tables.place import NAME as PACKAGE
from planner.tables.schema import DISPATCH, TABLES

#: Tables that are written without a row, too: whoever reads outputs looks for them first.
ALWAYS = frozenset(("investments", "capacity", "measures", "emissions", "costs", "system_cost", "stages"))
#: Bytes of an output without its flows, and of a number of the flows: less than is ever needed.
LEAST_BYTES, BYTES_OF_FLOW = 200_000, 2


def check_output(out: Path, case: Case | None = None, is_hourly: bool = True) -> None:
    """Raise CaseError where writing to `out` would lose something, or cannot work: by the size of the case, too."""
    check_place(out, RUN, 0 if case is None else least_bytes(case, is_hourly))


def least_bytes(case: Case, is_hourly: bool) -> int:
    """Bytes that an output of the case has at least: flows of the plans hour by hour, and what every output has."""
    years = case.park.last_year - case.park.first_year + 1
    flows = len(case.technologies) + len(case.demand) + len(case.supplies) + len(case.links)
    hours = 8760 if is_hourly else 24 * case.park.typical_days
    return LEAST_BYTES + 3 * BYTES_OF_FLOW * flows * hours * years


def write_run(
    run: Run, case: Case, out: Path, options: Mapping[str, Any], language: Language = ENGLISH, has_report: bool = True
) -> Path | None:
    """Write every table of every plan. The target plan stands in the folder, the others in folders of their names.

    has_report  False to leave out workbook and page, which `plan report` makes of the tables; they take seconds

    Gives where it stands: `out`, or beside it where somebody else's files came into the way. A run that failed leaves an
    older output alone: it is written to OUT.failed, or nowhere (None). Raises CaseError where nothing can be written.
    """
    place = out
    if run.target.status == "failed" and has_answer(out):
        place = beside(out, ".failed")
        try:
            check_place(place, RUN)
        except CaseError:
            return None
    with writing(place, RUN) as (new, moved):
        mistake = write_into(run, case, new, options, language, has_report)
    if mistake is not None:
        raise mistake
    return moved.place


def write_into(
    run: Run, case: Case, new: Path, options: Mapping[str, Any], language: Language = ENGLISH, has_report: bool = True
) -> Exception | None:
    """Write a run into a folder that is there; gives what went wrong with page or workbook: it must not lose a plan that took
    hours."""
    _write_all(run, case, new, options)
    try:
        if has_report:
            output = read_output(new)
            if run.target.has_tables:
                write_workbook(output, new / WORKBOOK, language)
            (new / PAGE).write_text(make_page(new, language, output), encoding="utf-8")
            if (hours := make_hours(new, language, output)) is not None:
                (new / HOURS).write_text(hours, encoding="utf-8")
    except OSError:
        raise
    except Exception as error:
        return error
    return None


def _write_all(run: Run, case: Case, new: Path, options: Mapping[str, Any]) -> None:
    said = summary(run, case)
    places = {name: new if name == TARGET else new / name for name, plan in run.plans.items() if plan.has_tables}
    with ThreadPoolExecutor() as beside:  # dispatch is written by compiled code
        green, written = GreenPower.of(case), {}
        for name, place in places.items():
            place.mkdir(exist_ok=True)
            written[name] = beside.submit(_write_dispatch, run.plans[name].tables, place, green if name == TARGET else None)
        for name, place in places.items():
            _write_tables(run.plans[name], place)
        if run.on_days is not None:
            (new / ON_DAYS).mkdir(exist_ok=True)
            _write_tables(run.on_days, new / ON_DAYS)
        _write_rows(_assumptions(case), new / "assumptions.csv")
        _write_rows(names_table(case), new / "names.csv")
        if run.remedies:
            write_csv(remedies_table(run), new / "explain.csv")
        if (found := statements(run, case)) is not None:
            for name, table in found.tables().items():
                _write_rows(table, new / f"{name}.csv")
            _write_rows(ends_table(found), new / TABLES["finance_ends"].file)
        if run.target.has_tables:
            plans = {
                name: (run.on_days or plan if name == TARGET else plan).tables
                for name, plan in run.plans.items()
                if plan.has_tables
            }
            years = range(case.park.first_year, case.park.last_year + 1)
            _write_rows(swings_table(said, plans, years, own_ranges(case)), new / "swings.csv")
            _write_rows(standards_table(case, run.target.tables, said["beside"]), new / "standards.csv")
            _write_rows(tariffs_table(case), new / "tariffs.csv")
            _write_rows(green.table(run.target.tables, written[TARGET].result()), new / "green_power.csv")
        for one in written.values():
            one.result()
        for name, place in {TARGET: new, **places}.items():
            title = f"{case.park.name}, {name}"
            (place / PACKAGE).write_text(package_text(place, title, run.currency), encoding="utf-8")
    write_json(said, new / SUMMARY)
    write_json(run_facts(run, case, options) | {"tables": digests(new)}, new / FACTS)


def _assumptions(case: Case) -> pd.DataFrame:
    columns = list(TABLES["assumptions"].names)
    return pd.DataFrame([a.model_dump() for a in case.assumptions], columns=columns).astype({"year": "Int64"})


def _write_tables(plan: Plan, folder: Path) -> None:
    for name in plan.tables:
        if name != "dispatch":
            _write_rows(TABLES[name].written(plan.tables[name]), folder / f"{name}.csv", is_always=name in ALWAYS)


def _write_rows(table: pd.DataFrame, path: Path, is_always: bool = False) -> None:
    """A table as a CSV file; one without a row where it is written always."""
    if is_always or not table.empty:
        write_csv(table, path)


def _write_dispatch(tables: Mapping[str, pd.DataFrame], folder: Path, green: GreenPower | None) -> dict[int, dict[str, float]]:
    """Year by year, each a group of rows; gives what `green` finds in the hours of each. Statistics let a reader skip years and
    hours; of other columns they only take time. Hours and moments follow on each other, so that their differences take next to no
    room."""
    followed, drawn = {"hour": "DELTA_BINARY_PACKED", "timestamp": "DELTA_BINARY_PACKED"}, _drawn(tables)
    found = dict[int, dict[str, float]]()
    with ExitStack() as opened:
        file: pq.ParquetWriter | None = None
        for table in _by_year(tables):
            if green is not None:
                found |= {int(str(y)): green.by_hour(own) for y, own in table.groupby("year")}
            table = table.assign(timestamp=timestamps(table["year"].to_numpy(), table["hour"].to_numpy(), drawn))
            flows = pa.Table.from_pandas(table, preserve_index=False)
            if file is None:
                coded = [str(column) for column in table if column not in (*followed, "value")]
                file = pq.ParquetWriter(
                    folder / DISPATCH.file,
                    flows.schema,
                    write_statistics=["year", "hour"],
                    use_dictionary=coded,
                    column_encoding=followed,
                    compression="zstd",
                )
                opened.enter_context(file)
            file.write_table(flows)
    return found


def _by_year(tables: Mapping[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The hourly flows of one year after the other."""
    if isinstance(tables, ByYear):
        yield from (tables.dispatch_of(y) for y in sorted(set(tables["emissions"]["year"].tolist())))
    else:
        yield tables["dispatch"]


def _drawn(tables: Mapping[str, pd.DataFrame]) -> np.ndarray | None:
    """Day of the year, from 0, that each typical day of the tables was; None where they are of every hour."""
    if tables["typical_days"].empty:
        return None
    return tables["planned_days"].drop_duplicates("typical_day").sort_values("typical_day")["drawn"].to_numpy(dtype=int) - 1


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """A table as a CSV file."""
    if table.empty:
        path.write_text(",".join(map(str, table.columns)) + "\n", encoding="utf-8", newline="\n")
        return
    texts = [column for column, kind in table.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]
    changed = {str(column): table[column].map(quoted) for column in texts if any(map(is_formula, table[column]))}
    (table.assign(**changed) if changed else table).to_csv(path, index=False, float_format="%.12g", lineterminator="\n")


def write_json(content: Any, path: Path) -> None:
    """Facts as a JSON file."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def run_facts(run: Run, case: Case, options: Mapping[str, Any]) -> dict[str, Any]:
    """What run.json says: hashes, versions, options, size and seconds; enough to repeat the run."""
    return {
        "parkzero": __version__,
        "format": FORMAT,
        "case_sha256": case.digest,
        "files": dict(case.files),
        "options": dict(options),
        "seeds": {"highs": SEED},
        "versions": versions(),
        "machine": {"system": platform.system(), "processor": platform.machine()},
        "matrix": run.size,
        "coefficients": {name: list(ends) for name, ends in run.ranges.items()},
        "seconds": {name: round(s, 3) for name, s in run.seconds.items()},
        "messages": {
            "matrix": as_json(run.size),
            "warnings": [as_json(text) for text in (*case.warnings, *run.warnings)],
            "explanation": [as_json(text) for text in run.explanation],
        },
        **({"loads": found} if (found := loads_of(case)) else {}),
    }


#: Columns of explain.csv.
REMEDY_COLUMNS = TABLES["explain"].names


def remedies_table(run: Run) -> pd.DataFrame:
    """One row a limit that was looked at: those that are enough alone, then together, then those that are not enough."""
    rows = []
    for remedy in run.remedies:
        known = remedy.system_cost is not None and run.cost_without_goal is not None
        extra = remedy.system_cost - run.cost_without_goal if known else None  # type: ignore[operator]
        rows.append(
            (
                remedy.table,
                remedy.name,
                remedy.parameter,
                remedy.year,
                remedy.now,
                remedy.needed,
                remedy.unit,
                remedy.together,
                remedy.system_cost,
                extra,
                remedy.note,
                run.currency,
            )
        )
    table = pd.DataFrame(rows, columns=list(REMEDY_COLUMNS))
    table["year"] = table["year"].astype("Int64")
    return table
