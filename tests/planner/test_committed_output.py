"""A run with signed orders: its tables, and that they are read back, reported, compared and repeated."""

import csv

import pytest


@pytest.mark.slow
def test_signed_orders_are_told_apart_and_the_output_is_read_back(small, plan, tmp_path) -> None:
    """Two orders of 2026, of which one is signed, and one signed before the horizon."""
    small.write("committed.csv", "technology,year,build,capital_cost\npv,2024,0.2,\npv,2026,0.1,4000000\n")
    said = plan("--park", small.folder, "--target", "zero-carbon", "--by", 2027, "--out", "out")
    assert said.code == 0 and "pv 0.1 MW, committed" in said.out
    with (tmp_path / "out" / "investments.csv").open() as file:
        rows = [(r["year"], r["build"], r["capital_cost"], r["works_from"], r["committed"]) for r in csv.DictReader(file)]
    assert rows[:2] == [("2024", "0.2", "0", "2024", "1"), ("2026", "0.1", "400000", "2026", "1")]
    assert [row[-1] for row in rows[2:]] == ["0"]
    for command in (("report", "out", "--language", "zh"), ("compare", "out", "out"), ("export", "out", "--format", "iamc")):
        assert plan(*command).code == 0
    assert plan("--rerun", "out/run.json").code == 0
