"""The shape of the code: imports go one way, every number has its unit, nothing names a place or a case."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest
from parks import Draft
from pyomo.core import Constraint, Var

import planner.solve
from models.case import TABLES, Goal, Park
from models.case.base import Record, Row, Unit, UnitColumn
from models.park import build_park

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
FILES = sorted(p for folder in ("models", "planner") for p in (ROOT / folder).rglob("*.py"))
SCHEMA = [*TABLES.values(), Park, Goal]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> set[str]:
    """Dotted names that a file imports, wherever in it; what follows `from x import` is part of the name."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are written in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def importers(folder: str, forbidden: tuple[str, ...]) -> list[str]:
    """`file: module` for each import of something forbidden in the files of a folder (or a single file)."""
    within = [p for p in FILES if name_of(p).startswith(folder)]
    assert within, folder
    return [f"{name_of(p)}: {module}" for p in within for module in sorted(imports(p))
        if any(module == f or module.startswith(f"{f}.") for f in forbidden)]


OUTSIDE = ("planner", "highspy", "typer", "rich", "pandas")
ONE_WAY = {
    "models/": OUTSIDE,
    "models/errors.py": ("models.case", "models.inputs", "models.units", "pyomo"),
    "models/units.py": ("models.case", "models.inputs", "pyomo"),
    "models/case/": ("models.inputs", "models.investment", "models.operation", "models.park", "pyomo"),
    "models/inputs/": ("models.investment", "models.operation", "models.park", "models.linear", "pyomo"),
    "models/operation/": ("models.case", "models.investment", "models.park"),
    "models/investment/": ("models.case", "models.park"),
}


@pytest.mark.parametrize("folder", ONE_WAY)
def test_imports_go_one_way(folder):
    assert importers(folder, ONE_WAY[folder]) == []


def test_one_file_touches_highs():
    assert {text.split(":")[0] for text in importers("", ("highspy",))} == {"planner/solve/handover/solver.py"}


#: What a plan is decided by.
DECIDES = ("models/", "planner/solve/", "planner/futures/", "planner/questions/")


def test_sums_of_products_that_decide_are_the_same_on_every_processor():
    """`float(a @ b)` is BLAS; `dot` is not."""
    found = []
    for path in FILES:
        if name_of(path).startswith(DECIDES):
            found += [f"{name_of(path)}:{node.lineno}" for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "float"
                and any(isinstance(part, ast.BinOp) and isinstance(part.op, ast.MatMult) for part in ast.walk(node))]
    assert found == []


def test_the_ledger_knows_the_case_and_the_tables_alone():
    """Nothing of the mathematics, the solver or the days: only the schema, units, errors, messages and what a plan is."""
    allowed = ("models.case", "models.errors", "models.units", "planner.ledger", "planner.plan")
    ours = importers("planner/ledger/", ("models", "planner", "highspy", "pyomo", "scipy"))
    assert ours
    wrong = [t for t in ours if not any(t.split(": ")[1].startswith(f"{a}.") for a in allowed)]
    assert wrong == []


def test_only_where_plans_are_made_to_hold_the_base_is_found_and_metrics_are_read_is_the_ledger_reached_into():
    within = importers("", ("planner.ledger",))
    assert {text.split(":")[0] for text in within if not text.startswith("planner/ledger/")} == {
        "planner/planning/repair_loop.py", "planner/planning/base.py", "planner/futures/results.py"}


def test_the_workbench_is_imported_by_its_command_alone_once_that_is_called():
    """Its packages need not be installed, and no other command waits for them."""
    within = importers("", ("planner.workbench",))
    assert {text.split(":")[0] for text in within if not text.startswith("planner/workbench/")} == {"planner/command/commands.py"}
    heads = ast.parse((ROOT / "planner/command/commands.py").read_text(encoding="utf-8")).body
    assert not [n for n in heads if isinstance(n, ast.ImportFrom) and str(n.module).startswith("planner.workbench")]
    foreign = ("starlette", "uvicorn", "jinja2", "multipart")
    assert {text.split("/")[1] for text in importers("", foreign)} == {"workbench"}


#: Of planner/futures what plans a tree, which stands on planning; what a tree is, parks are read with.
TREE = "planner.futures: master, search, results"
#: Packages and loose files of planner, the ground first: each imports from those before it, and from its own row.
LAYERS = (("language", "machine"), ("plan",), ("ledger",), ("tables",), ("futures",), ("park",), ("solve",),
    ("process", "clock", "days", "examples"), ("explain",), ("planning",), (TREE,), ("finance",), ("answer",), ("compare",),
    ("export",), ("importers", "templates"), ("application", "questions"),
    ("interface", "workbench"), ("command",), ("start",), ("__main__",))
PLACE = {name: i for i, layer in enumerate(LAYERS) for name in layer}


def place(name: str) -> int:
    _, package, *rest = name.split(".")
    return PLACE[TREE if package == "futures" and rest[0] in TREE.split(": ")[1].split(", ") else package]


#: Packages of planner/solve, the ground first: each imports from those before it.
ROOMS = ("handover", "rounding", "whole", "year", "hours", "benders")


@cache
def of_planner() -> list[tuple[str, str]]:
    """(file, file that it imports) of planner, as dotted names; a package is its `__init__`."""
    return list(_of_planner())


def _of_planner() -> Iterator[tuple[str, str]]:
    ours = {name_of(p).removesuffix(".py").replace("/", ".") for p in FILES if name_of(p).startswith("planner/")}
    for name in sorted(ours):
        for module in sorted(imports(ROOT / f"{name.replace('.', '/')}.py")):
            parts = module.split(".")
            longest = (".".join(parts[:n]) for n in range(len(parts), 1, -1))
            found = next((f for m in longest for f in (m, f"{m}.__init__") if f in ours), None)
            if found and found != name:
                yield name, found


def test_every_package_and_loose_file_of_planner_has_its_place_in_the_order():
    assert {name_of(p).split("/")[1].removesuffix(".py") for p in FILES if name_of(p).startswith("planner/")} == {*PLACE,
        "__init__"} - {TREE}


def test_what_is_imported_of_our_own_is_there():
    """Imports inside functions too, which fail only once they are called."""
    tests = sorted((ROOT / "tests").rglob("*.py"))
    modules = {name_of(p).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for p in FILES}
    wrong = []
    for path in (*FILES, *tests):
        for node in ast.walk(tree_of(path)):
            if (isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in ("planner", "models")
                and node.module not in modules):
                wrong.append(f"{name_of(path)}: {node.module}")
    assert wrong == []


def test_packages_of_planner_import_from_those_before_them_only():
    pairs = [(own, other) for own, other in of_planner() if "__init__" not in (own.split(".")[1], other.split(".")[1])]
    assert [f"{own} imports {other}" for own, other in pairs if place(other) > place(own)] == []


def test_packages_of_solve_import_from_those_before_them_only():
    found = {name_of(p).split("/")[2] for p in FILES if name_of(p).startswith("planner/solve/")}
    assert found == {*ROOMS, "__init__.py"}
    inside = [(own, other) for own, other in of_planner() if own.startswith("planner.solve.") and other.startswith("planner.solve.")
    ]
    rooms = [(own, other) for own, other in inside if own != "planner.solve.__init__"]  # the door has names of all
    assert "planner.solve.__init__" not in {other for _, other in rooms} and rooms
    wrong = [f"{own} imports {other}" for own, other in rooms if ROOMS.index(other.split(".")[2]) > ROOMS.index(own.split(".")[2])]
    assert wrong == []


def test_the_engine_is_entered_by_its_door_alone():
    """Outside of planner/solve only names of its door are imported, and each of them is; of the fewer the better."""
    used = {text.split(": ")[1] for text in importers("", ("planner.solve",)) if not text.startswith("planner/solve/")}
    assert used == {f"planner.solve.{name}" for name in planner.solve.__all__} and len(planner.solve.__all__) <= 51


def test_no_two_classes_have_one_name():
    """Whoever reads a name knows which class is meant, and finds it by searching for it."""
    where: dict[str, list[str]] = {}
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef):
                where.setdefault(node.name, []).append(name_of(path))
    assert {name: files for name, files in where.items() if len(files) > 1} == {}


def test_no_files_of_planner_import_each_other_in_a_circle():
    """Whoever imports a file of another package imports that package's `__init__` before."""
    ahead: dict[str, set[str]] = {}
    for own, other in of_planner():
        doors = {f"{other[:at]}.__init__" for at, sign in enumerate(other) if sign == "." and not own.startswith(other[: at + 1])}
        ahead.setdefault(own, set()).update({other, *doors})
    while free := {name for name in {*ahead, *(n for own in ahead.values() for n in own)} if not ahead.get(name)}:
        ahead = {name: left for name, own in ahead.items() if (left := own - free)}
        if not ahead:
            break
    assert ahead == {}


def fields() -> Iterator[tuple[str, type[Record], str, Any]]:
    """Every field that a person can state: its own name, its record, and its type with all annotations."""
    for record in SCHEMA:
        hints = get_type_hints(record, include_extras=True)
        for field in record.model_fields:
            if field != "origin":
                yield f"{record.__name__}.{field}", record, field, hints[field]


def is_number(hint: Any) -> bool:
    """True if a number can stand in it."""
    if get_origin(hint) in (Annotated, Union, UnionType, dict):
        return any(is_number(part) for part in get_args(hint))
    return hint in (int, float)


def has_unit(hint: Any) -> bool:
    """True if it, or a part of it, carries a unit."""
    parts = get_args(hint)
    return any(isinstance(part, Unit | UnitColumn) or has_unit(part) for part in parts)


def test_every_number_of_the_schema_has_a_unit():
    numbers = {name: has_unit(hint) for name, _, _, hint in fields() if is_number(hint)}
    assert len(numbers) > 50 and [name for name, known in numbers.items() if not known] == []


def test_a_unit_in_a_column_has_that_column():
    for name, record, field, hint in fields():
        for part in _metadata(hint):
            if isinstance(part, UnitColumn):
                assert part.column in record.model_fields, name
                assert field != part.column


def _metadata(hint: Any) -> Iterator[Any]:
    for part in get_args(hint):
        yield part
        yield from _metadata(part)


def test_every_field_of_the_schema_is_described():
    missing = [name for name, record, field, _ in fields() if not record.model_fields[field].description]
    assert missing == []


def test_every_key_and_constant_of_a_table_is_a_column_of_it():
    for table, row in TABLES.items():
        assert issubclass(row, Row) and row.table == table
        assert {*row.key, *row.constant} <= {*row.model_fields}, table


def test_every_variable_and_constraint_has_a_doc_that_ends_in_a_unit():
    park = Draft()
    park.demand()
    park.supply()
    model = build_park(park.inputs())
    components = [c for block in (model, model.year[2026]) for c in block.component_objects((Var, Constraint), descend_into=False)]
    assert len(components) > 60
    wrong = [c.name for c in components if not re.search(r"\S \[[^\[\]]+\]$", c.doc or "")]
    assert wrong == []


def test_every_module_and_every_public_function_and_class_has_a_docstring():
    missing = []
    for path in FILES:
        tree = tree_of(path)
        nodes = [(name_of(path), tree)]
        nodes += [(f"{name_of(path)}: {n.name}", n) for n in tree.body
            if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
        missing += [name for name, node in nodes if not ast.get_docstring(node)]
    assert missing == []


def test_no_file_names_the_place_where_it_was_written():
    found = [name_of(p) for p in FILES if re.search(r"/work/|\.library", p.read_text(encoding="utf-8"))]
    assert found == []


def test_no_file_names_a_shared_case():
    if not CASES.is_dir():
        pytest.skip("tests/cases is not there")
    names = [p.name for p in CASES.iterdir() if p.is_dir() and "-" in p.name]
    texts = {p: p.read_text(encoding="utf-8") for p in FILES}
    assert [f"{name_of(p)}: {name}" for p, text in texts.items() for name in names if name in text] == []
