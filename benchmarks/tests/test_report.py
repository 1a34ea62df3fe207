"""The page of results: medians, ratios, and a table that says what did not end."""

from __future__ import annotations

import json

import pytest

from benchmarks.report import medians, ratios, table, write_report


def record(method: str, wall: float, highs: float, status: str = "ok", turn: int = 0) -> dict:
    numbers = {
        "processor": 1.1 * wall,
        "build": 1.0,
        "highs": highs,
        "highs_processor": 1.1 * highs,
        "memory": 100.0,
        "objective": 5.0,
    }
    return {"method": method, "size": "10x12", "turn": turn, "status": status, "wall": wall, **(numbers if status == "ok" else {})}


RUNS = [
    record("highs-simplex", 30.0, 25.0),
    record("highs-hipo", 12.0, 10.0),
    record("highs-hipo", 60.0, 50.0, turn=1),
    record("highs-hipo", 13.0, 11.0, turn=2),
    record("pypsa-cumulated", 22.0, 11.0),
    record("parkzero-decomposed", 5.5, 4.0),
    record("pypsa-vintages", 400.0, 0.0, status="stopped"),
]


def test_medians_and_ratios():
    sizes = medians(RUNS)
    assert sizes["10x12"]["highs-hipo"]["wall"] == 13.0 and sizes["10x12"]["highs-hipo"]["count"] == 3
    share = ratios(sizes["10x12"])
    assert share["parkzero-decomposed"] == {
        "HiGHS alone": pytest.approx((0.5, 0.5)),
        "pypsa-cumulated": pytest.approx((0.25, 0.25)),
    }
    assert "pypsa-vintages" not in share


def test_the_table_says_what_did_not_end():
    text = table(medians(RUNS))
    assert "### 10 years × 12 typical days" in text
    assert "| `pypsa-vintages` | stopped after 400 |" in text
    assert "| `parkzero-decomposed` | 5.5 | 6.1 | 1.0 | 4.0 | 100 | 0.50 / 0.50 | 0.25 / 0.25 |  |" in text


def test_another_gap_than_the_usual_one_is_told(tmp_path):
    page, results = tmp_path / "page.md", []
    page.write_text("<!-- results -->\n<!-- end of results -->\n", encoding="utf-8")
    for gap in (1e-3, 2e-3):
        results.append(tmp_path / f"{gap}.json")
        results[-1].write_text(json.dumps({"gap": gap, "runs": [record("parkzero-decomposed", 5.0, 4.0)]}), encoding="utf-8")
    write_report(results, page)
    text = page.read_text(encoding="utf-8")
    assert "### 10 years × 12 typical days\n" in text
    assert "### 10 years × 12 typical days, to a gap of 0.2 %\n" in text


def test_the_page_keeps_its_text_and_gets_its_results(tmp_path):
    page, results = tmp_path / "page.md", tmp_path / "r.json"
    page.write_text("before\n<!-- results -->\nold\n<!-- end of results -->\nafter\n")
    results.write_text(json.dumps({"runs": RUNS}))
    write_report([results], page)
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert "![Wall time of each method by size](page.svg)" in text
    assert (tmp_path / "page.svg").read_text().count("parkzero-decomposed") >= 1
    write_report([results], page)
    assert page.read_text() == text
