"""What README and the guide quote of runs is what those runs told."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("runs", ROOT / "docs" / "runs.py")
assert SPEC is not None
assert SPEC.loader is not None
runs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(runs)


@pytest.mark.parametrize("page", runs.PAGES)
def test_a_page_quotes_the_kept_runs(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert "<!-- run " in text
    assert runs.filled(text) == text, f"{page} is out of date; run `python docs/build.py`"


@pytest.mark.parametrize("name", runs.RUNS)
def test_a_kept_run_is_of_the_command_that_is_told(name):
    kept = json.loads((ROOT / "docs" / "runs" / f"{name}.json").read_text(encoding="utf-8"))
    assert kept["arguments"] == runs.RUNS[name]
    assert kept["facts"]["verified"]
    assert str(kept["facts"]["by"]) in kept["console"].splitlines()[0]


def test_texts_and_figures_stand_where_a_page_asks_for_them(tmp_path, monkeypatch):
    took = {"wall": 65.2, "cpu": 99.6, "memory": 1.23, "cores": 2}
    plan = {"system_cost": 2.5e6, "typical_days": None}
    facts = {
        "system_cost": 2.5e6,
        "gap": 0.0005,
        "typical_days": None,
        "base_emissions": 1234.4,
        "repairs": 0,
        "goal_cost": {"money": 1e6},
        "goal_cost_range": None,
        "plans": {"least-cost": plan},
        "composition": {"gross": 12.0, "emitted_by_source": {"gas": 7.0}},
    }
    console = "Mill: zero\nPlan found: 2.5\nWhose\nother\nzero-carbon: net 0\nand so\nmore\nThe goal costs 1\nlast\n"
    kept = {"arguments": [], "date": "2026-01-01", "took": took, "console": console, "facts": facts}
    (tmp_path / "mill.json").write_text(json.dumps(kept), encoding="utf-8")
    monkeypatch.setattr(runs, "KEPT", tmp_path)
    page = "It takes <!-- run mill.wall -->?<!-- end --> and costs <!-- run mill.least_cost -->?<!-- end -->.\n\n"
    told = runs.filled(page + "<!-- run mill.answer -->\n```\nold\n```\n\nEnd.\n")
    assert re.sub(r"<!--.*?-->", "", told) == (
        "It takes 1 min 5 s and costs 2.5.\n\n\n```\n"
        "Mill: zero\nPlan found: 2.5\nWhose\n…\nzero-carbon: net 0\nand so\n…\nThe goal costs 1\nlast\n```\n\nEnd.\n"
    )
    with pytest.raises(KeyError, match="unheard"):
        runs.filled("<!-- run mill.unheard -->?<!-- end -->")
    with pytest.raises(KeyError, match="Against the other plans"):
        runs.part("mill", "plans")


def test_a_run_keeps_what_it_told(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "KEPT", tmp_path / "runs")
    monkeypatch.setitem(runs.RUNS, "tiny", ["--park", "tests/cases/d-demand-charge"])
    runs.make(["tiny"])
    kept = json.loads((tmp_path / "runs" / "tiny.json").read_text(encoding="utf-8"))
    assert kept["console"].splitlines()[-1].startswith("Tables in plan-d-demand-charge")
    assert kept["took"]["memory"] > 0.05
    assert kept["took"]["cpu"] > 0.5
    assert runs.figures("tiny")["cost"] == f"{kept['facts']['system_cost'] / 1e6:,.1f}"
