"""The pages as a site: links and anchors lead somewhere, the generated reference has everything, formulas need no script."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from models.case import PARAMETERS, TABLES, EquipmentType, Row
from models.metrics import METRICS
from planner.tables import schema

ROOT = Path(__file__).parents[2]
REFERENCE = runpy.run_path(str(ROOT / "docs" / "reference.py"))
PAGES = REFERENCE["pages"]()


def section(page: str, heading: str) -> str:
    """The text below a heading, down to the next one of its rank or above."""
    return re.split(rf"^#{{1,{heading.index(' ')}}} ", PAGES[page].split(f"\n{heading}\n")[1], flags=re.MULTILINE)[0]


@pytest.mark.slow
def test_the_site_builds_with_every_link_and_fetches_nothing(tmp_path):
    pytest.importorskip("material")
    pytest.importorskip("latex2mathml")
    env = {"NO_MKDOCS_2_WARNING": "1", "PATH": "", "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env)
    assert built.returncode == 0, built.stderr
    asked = re.compile(r"""(?:src|href)=["']?(https?://[^"'> ]+)""")
    for page in (tmp_path / "site").rglob("*.html"):
        assert asked.findall(re.sub(r"<a\b[^>]*>", "", page.read_text(encoding="utf-8"))) == [], page.name
    formulas = (tmp_path / "site" / "mathematics.html").read_text(encoding="utf-8")
    assert formulas.count('display="block"') >= PAGES["mathematics.md"].count("```math") > 20
    assert "```math" not in formulas and "$`" not in formulas


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_of_a_park_is_listed_with_words(table):
    listed, remarks = section("reference.md", f"### {table}.csv"), section("reference.md", "## Remarks")
    for column in TABLES[table].columns():
        home = remarks if column in Row.columns() and f"| `{column}` |" not in listed else listed
        assert re.search(rf"^\| `{column}` \| \S", home, re.MULTILINE), column


def test_every_parameter_metric_and_role_has_words():
    roles = EquipmentType.model_fields["role"].annotation.__args__
    for name in (*PARAMETERS, *METRICS, *roles):
        assert re.search(rf"^\| `{name}` \| \S", PAGES["reference.md"], re.MULTILINE), name


def test_every_column_of_an_output_and_item_of_costs_has_words():
    for table, columns in ((name, own.names) for name, own in schema.TABLES.items()):
        for column in columns:
            assert re.search(rf"^\| `{column}` \| \S", section("outputs.md", f"## {table}"), re.MULTILINE), (table, column)
    source = (ROOT / "models" / "families.py").read_text(encoding="utf-8")
    assert set(re.findall(r'item="(\w+)"', source)) <= set(REFERENCE["item_words"]("costs"))


def test_every_file_of_the_mathematics_has_a_section_and_no_formula_is_lost():
    text = PAGES["mathematics.md"]
    for path in (p for part in ("models/investment", "models/operation") for p in (ROOT / part).glob("*.py")):
        assert f"`{path.relative_to(ROOT).as_posix()}`" in text, path
    assert ".. math::" not in text and ":math:" not in text


def test_a_number_that_a_comment_cites_is_that_of_a_decision():
    pages = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(n) for n in re.findall(r"^## (\d+) ", pages, re.MULTILINE)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1)) and len(numbers) <= 40
    for path in (p for room in ("models", "planner", "benchmarks", "tests") for p in (ROOT / room).rglob("*.py")):
        cited = re.findall(r"\b(?:[Dd]ecision|[Rr]ecord) (\d+)", path.read_text(encoding="utf-8"))
        assert {int(n) for n in cited} <= set(numbers), path
