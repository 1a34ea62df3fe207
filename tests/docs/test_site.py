"""The pages as a site: every page has its place, links and anchors lead somewhere, formulas are shown without a script."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from planner.language.language import words
from planner.language.words import PLANS, STAGES, STATUSES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NAV = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]


RECORDS = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site, built as the pipeline does."""
    pytest.importorskip("material")
    pytest.importorskip("latex2mathml")
    folder = tmp_path_factory.mktemp("site")
    said = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"NO_MKDOCS_2_WARNING": "1", "PATH": "", "HOME": str(folder)},
    )
    assert said.returncode == 0, said.stderr
    return folder


def test_every_page_has_its_place():
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - {f"decisions/{name}" for name in RECORDS}
    assert pages - set(re.findall(r": ?(\S+\.md)", NAV)) == set()


def test_the_site_fetches_nothing_from_elsewhere(site):
    asked = re.compile(r"""(?:src|href)=["']?(https?://[^"'> ]+)""")
    for page in site.glob("*.html"):
        links = set(asked.findall(re.sub(r"<a\b[^>]*>", "", page.read_text(encoding="utf-8"))))
        assert links == set(), page.name


def test_formulas_are_mathml_and_none_is_left_as_it_stands_in_the_page(site):
    page = (site / "mathematics.html").read_text(encoding="utf-8")
    count = (DOCS / "mathematics.md").read_text(encoding="utf-8").count("```math")
    assert page.count('display="block"') >= count > 20
    assert "```math" not in page and "$`" not in page and not re.search(r">\\[a-z]", page)


def test_the_chinese_of_plans_statuses_and_stages_is_that_of_the_reports():
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.M)
    told = dict(pair for english, chinese in rows for pair in zip(english.split(", "), chinese.split("、"), strict=False))
    told = {english: chinese.replace("（方案）", "方案") for english, chinese in told.items()}  # 目标（方案）: 目标方案 or 目标
    names = {*PLANS.values(), *STATUSES.values(), *STAGES.values()} & set(told)
    assert len(names) >= 6
    assert {name: told[name] for name in names} == {name: words("zh")[name] for name in names}
