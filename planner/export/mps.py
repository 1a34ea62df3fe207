"""The programme of a plan as an MPS file, for other solvers: the whole of it on the days that were planned on.

Of a plan for several futures a file each. What is decided, and operated, before it is known which future has come bears the same
name in each of them: who minimises the costs weighed with the probabilities, columns of one name being one column, solves the tree.

The constant of the objective stands on the right-hand side of the cost row with its sign turned, as solvers read it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path

import numpy as np

from models.park import build_park
from planner.export.load import Loaded, planned_inputs
from planner.recourse.merged import Key, key_of
from planner.solve import Matrix, compile_model, modelling
from planner.tables.place import check_target

#: Name of the root in the names of columns.
NOW = "now"


def is_mps(path: Path) -> bool:
    """True for a programme that was exported here: told by its first two lines."""
    try:
        with path.open(encoding="utf-8") as file:
            first, second = file.readline(10_000), file.readline(100)
            return first.startswith("* ") and ", probability " in first and second.startswith("NAME")
    except (OSError, ValueError):
        return False


def write_mps(run: Loaded, path: Path, probability: float = 1.0) -> Matrix:
    """Write the programme of a run, of a future or of the park itself. Raises CaseError where a file stands there that is none of
    ours."""
    check_target(path, f"--to {path}", is_mps)
    with modelling():
        matrix = compile_model(build_park(planned_inputs(run)))
        names = _names(run, matrix)
        rows = _unique([f"{row.parent_block().name or 'park'}.{row.local_name}" for row in matrix.rows])
    with path.open("w", encoding="utf-8", newline="\n") as file:
        what, money = run.output.future or "the park", run.case.park.currency
        file.write(f"* {run.case.park.name}: {what}, probability {probability:.12g}, money {money}\n")
        file.writelines(f"{line}\n" for line in _lines(matrix, names, rows))
    return matrix


def _names(run: Loaded, matrix: Matrix) -> list[str]:
    """Names of the columns: node or future, family, and of what."""
    if run.tree is None:
        return _unique([f"{v.parent_block().name or 'park'}.{v.local_name}" for v in matrix.columns])
    return _unique([_name(key_of(run.tree, run.output.future, variable)) for variable in matrix.columns])


def _name(key: Key) -> str:
    """now.build[pv,2026]; of what is operated with its year: now.import@2026[grid,7]."""
    kind, owner, *rest = key
    undated = rest.pop(0) if kind not in ("decision", "leaf") else ()
    family, path, index = rest
    parts = (*(str(part) for part in undated if part), str(family))  # type: ignore[attr-defined]
    where = "" if path is None else f"@{_listed(path)}"
    return ".".join([str(owner) or NOW, *parts]) + where + f"[{_listed(index)}]"


def _listed(index: Hashable) -> str:
    return ",".join(map(str, index)) if isinstance(index, tuple) else str(index)


def _unique(names: Sequence[str]) -> list[str]:
    """The names without blanks, each once."""
    found: dict[str, int] = {}
    out = []
    for name in names:
        own = re.sub(r"[\s'\"$*]+", "_", name)
        found[own] = found.get(own, 0) + 1
        out.append(own if found[own] == 1 else f"{own}~{found[own]}")
    return out


def _lines(matrix: Matrix, names: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    low, high = matrix.row_lower, matrix.row_upper
    kinds = np.where(low == high, "E", np.where(np.isfinite(high), "L", np.where(np.isfinite(low), "G", "N")))
    yield from ("NAME parkzero", "ROWS", " N cost")
    yield from (f" {kind} {name}" for kind, name in zip(kinds, rows, strict=True))
    yield "COLUMNS"
    yield from _columns(matrix, names, rows)
    yield "RHS"
    if matrix.offset:
        yield f" rhs cost {float(-matrix.offset)!r}"
    sides = np.where(np.isfinite(high), high, np.where(np.isfinite(low), low, 0.0))
    yield from (f" rhs {name} {float(side)!r}" for name, side in zip(rows, sides, strict=True) if side)
    both = np.isfinite(low) & np.isfinite(high) & (low != high)
    yield "RANGES"
    yield from (f" rng {rows[i]} {float(high[i] - low[i])!r}" for i in np.flatnonzero(both).tolist())
    yield "BOUNDS"
    for i, name in enumerate(names):
        yield from _bounds(name, float(matrix.lower[i]), float(matrix.upper[i]))
    yield "ENDATA"


def _columns(matrix: Matrix, names: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    is_whole = False
    for i, name in enumerate(names):
        if bool(matrix.integer[i]) != is_whole:
            is_whole = not is_whole
            yield f" MARKER 'MARKER' '{'INTORG' if is_whole else 'INTEND'}'"
        yield f" {name} cost {float(matrix.cost[i])!r}"
        for k in range(matrix.start[i], matrix.start[i + 1]):
            yield f" {name} {rows[matrix.index[k]]} {float(matrix.value[k])!r}"
    if is_whole:
        yield " MARKER 'MARKER' 'INTEND'"


def _bounds(name: str, lower: float, upper: float) -> Iterator[str]:
    if lower == upper:
        yield f" FX bnd {name} {lower!r}"
        return
    if np.isinf(lower):
        yield f" MI bnd {name}"
    elif lower:
        yield f" LO bnd {name} {lower!r}"
    yield f" UP bnd {name} {upper!r}" if np.isfinite(upper) else f" PL bnd {name}"
