"""The generated pages are what docs/build.py makes, and say something of everything."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from whole import whole_park

from models.case import PARAMETERS, TABLES, EquipmentType, Row
from models.metrics import METRICS
from planner.answer.files import write_run
from planner.planning.run import Options, plan_park
from planner.tables import schema
from planner.tables.tables import COLUMNS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
#: Every file of a park folder, as the design lists them.
FILES = (
    "park.toml",
    "goal.toml",
    "profiles.csv",
    "profile_years.csv",
    "chargers.csv",
    "sessions.csv",
    "responses.csv",
    "futures.csv",
    "future_values.csv",
    "technologies.csv",
    "types.csv",
    "ports.csv",
    "captures.csv",
    "carriers.csv",
    "committed.csv",
    "costs.csv",
    "demand.csv",
    "supplies.csv",
    "connections.csv",
    "rules.csv",
    "standards.csv",
    "prices.csv",
    "tariff.csv",
    "emission_factors.csv",
    "certificates.csv",
    "measures.csv",
    "savings.csv",
    "process_emissions.csv",
    "products.csv",
    "offsets.csv",
    "restoration.csv",
    "uptake.csv",
    "sites.csv",
    "limits.csv",
    "reserves.csv",
    "bills.csv",
    "budget.csv",
    "stages.csv",
    "links.csv",
)


def load_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_build", DOCS / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["docs_build"] = module
    spec.loader.exec_module(module)
    return module


build = load_build()
PAGES = build.pages()


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_committed_page_is_what_the_code_says(page):
    committed = (DOCS / page).read_text(encoding="utf-8")
    assert committed == PAGES[page], f"docs/{page} is out of date; run `python docs/build.py`"


def test_every_constant_of_a_search_says_what_it_is():
    every = list(sys.modules["constants"].registered())
    assert len(every) > 150
    assert [f"{one.file}: {one.names}" for one in every if len(one.says) < 15] == []


def test_the_pages_are_the_same_when_made_twice():
    assert build.pages() == PAGES


@pytest.mark.parametrize("file", FILES)
def test_every_file_of_a_park_has_a_section(file):
    assert re.search(rf"^###? {re.escape(file)}$", PAGES["reference.md"], re.MULTILINE)


def test_the_list_of_files_is_the_schema():
    assert {f"{table}.csv" for table in TABLES} | {"park.toml", "goal.toml", "profiles.csv"} == set(FILES)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_of_a_table_is_listed_with_words(table):
    section = PAGES["reference.md"].split(f"### {table}.csv\n")[1].split("\n### ")[0].split("\n## ")[0]
    remarks = PAGES["reference.md"].split("## Remarks\n")[1].split("\n## ")[0]
    for column in TABLES[table].columns():
        home = remarks if column in Row.columns() and f"| `{column}` |" not in section else section
        assert re.search(rf"^\| `{column}` \| \S", home, re.MULTILINE), column


def test_every_parameter_metric_and_role_is_described():
    roles = EquipmentType.model_fields["role"].annotation.__args__
    for name in (*PARAMETERS, *METRICS, *roles):
        assert re.search(rf"^\| `{name}` \| \S", PAGES["reference.md"], re.MULTILINE), name


def test_every_output_table_and_column_is_described():
    for table, columns in ((name, own.names) for name, own in schema.TABLES.items()):
        section = PAGES["outputs.md"].split(f"\n## {table}\n")[1].split("\n## ")[0]
        for column in columns:
            assert re.search(rf"^\| `{column}` \| \S", section, re.MULTILINE), (table, column)


@pytest.mark.parametrize("chapter", ["investment", "operation"])
def test_every_file_of_the_mathematics_has_a_section(chapter):
    for path in sorted((ROOT / "models" / chapter).glob("*.py")):
        if path.stem not in ("__init__", "build"):
            assert f"`models/{chapter}/{path.name}`" in PAGES["mathematics.md"]


def test_no_formula_is_lost_or_left_as_it_stands_in_a_docstring():
    text = PAGES["mathematics.md"]
    assert ".. math::" not in text
    assert ":math:" not in text
    paths = [
        p
        for part in ("models/investment", "models/operation", "planner/finance", "planner/futures", "planner/recourse")
        for p in (ROOT / part).glob("*.py")
    ]
    assert text.count("```math") == sum(p.read_text(encoding="utf-8").count(".. math::") for p in paths)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """The output of the park with every subject, planned on two typical days and operated in every hour of a year."""
    case = whole_park(hours=8760).case()
    folder = tmp_path_factory.mktemp("docs") / "out"
    write_run(plan_park(case, Options(days=2, gap=1e-2, compare=False)), case, folder, {})
    return folder


def test_every_file_of_an_output_folder_is_described(out):
    for path in out.iterdir():
        assert path.is_dir() or f"| `{path.name}` |" in PAGES["outputs.md"], path.name


def test_every_item_of_an_output_table_is_described(out):
    words = {name: set(build.outputs.item_words(name)) for name in COLUMNS}
    words["system_cost"] |= words["costs"]
    words["hourly"] |= words["energy"] | words["emissions"] | words["costs"]
    assert len(pd.read_csv(out / "hourly.csv")), "operated in every hour"
    for name, columns in COLUMNS.items():
        column = {"item", "flow"} & set(columns)
        if column and name != "dispatch":
            assert set(pd.read_csv(out / f"{name}.csv")[column.pop()]) <= words[name], name


def test_every_item_of_costs_that_the_model_can_have_is_described():
    source = (ROOT / "models" / "families.py").read_text(encoding="utf-8")
    assert set(re.findall(r'item="(\w+)"', source)) <= set(build.outputs.item_words("costs"))


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/commands.md",
        "CONTRIBUTING.md",
        "docs/guide.md",
        "docs/profiles.md",
        "docs/costs.md",
        "docs/finance.md",
        "docs/first-park.md",
        "docs/tests.md",
    ],
)
def test_links_of_the_written_pages_lead_somewhere(page):
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        assert target.startswith("http") or (path.parent / target).exists(), target


def test_the_files_of_later_commands_are_described():
    from planner.export.write import FORMATS

    text = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
    later = text[text.index("## Files of later commands") : text.index("## investments")]
    for name in (*(place for place, _ in FORMATS.values()), "certificate.zip", "application-FORM.docx", "found.json", "baseline.csv"):
        assert name in later, name
