"""What does not exist in a year has no row in the written tables: readers take an absent row for 0."""

from pathlib import Path

import pandas as pd
import pytest

from planner.answer import series
from planner.answer.money import cumulated
from planner.tables.facts import table_in
from planner.tables.output import read_output
from planner.tables.schema import LEFT_OUT, OF_PLANS, TABLES

GOAL = ("--park", "park", "--target", "zero-carbon", "--by", "2028")
#: Tables that leave rows out, and the column that is looked at.
AMOUNTS = {"capacity": "capacity", "restoration": "value", "offsets": "value", "certificates": "value", "energy": "value",
    "emission_sources": "value", "costs": "value", "system_cost": "value"}


@pytest.fixture
def out(small, plan, tmp_path) -> Path:
    """An output of the small park."""
    plan(*GOAL, "--out", "out")
    return tmp_path / "out"


@pytest.mark.slow
def test_what_does_not_exist_has_no_row_and_what_is_asked_of_every_year_has_one(out):
    assert {table.name: table.amount for table in OF_PLANS if table.amount} == AMOUNTS
    for name, amount in AMOUNTS.items():
        assert (table_in(out, name)[amount] != 0).all(), name
    emissions = pd.read_csv(out / "emissions.csv")
    assert (emissions.groupby("item")["year"].nunique() == emissions["year"].nunique()).all() and (emissions["value"] == 0).any()


def test_the_rows_that_are_left_out_are_those_of_nothing(written_once, small, tmp_path):
    small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
    run = written_once(small.folder, tmp_path / "out")
    read = read_output(tmp_path / "out").target
    for name, amount in AMOUNTS.items():
        whole, keys = run.target.tables[name], list(TABLES[name].key)
        assert read[name][amount].sum() == pytest.approx(whole[amount].sum())
        there = whole[whole[amount] != 0]
        assert sorted(map(tuple, read[name][keys].to_numpy().tolist())) == sorted(map(tuple, there[keys].to_numpy().tolist()))
    assert sum(len(run.target.tables[name]) - len(read[name]) for name in AMOUNTS) > 10


@pytest.mark.slow
def test_the_data_dictionary_says_which_rows_are_left_out(out):
    said = (out / "datapackage.json").read_text()
    for name, amount in AMOUNTS.items():
        is_there = (out / TABLES[name].file).exists()
        assert TABLES[name].told.endswith(LEFT_OUT.format(amount=amount)) and (TABLES[name].told in said) is is_there


def test_a_year_in_which_nothing_is_paid_costs_nothing():
    def plan(paid: dict[int, float]) -> dict[str, pd.DataFrame]:
        costs = pd.DataFrame([(y, "energy", "grid", v, "CNY") for y, v in paid.items()], columns=list(TABLES["costs"].names))
        emissions = pd.DataFrame([(y, "net", 0.0, "t") for y in (2026, 2027)], columns=list(TABLES["emissions"].names))
        return {"costs": costs, "emissions": emissions}
    saved = cumulated(plan({2026: 4.0}), plan({2026: 1.0, 2027: 5.0}))
    assert saved.to_dict() == {2026: -3.0, 2027: 2.0}
    assert series.capital(plan({})).empty or not series.capital(plan({})).to_numpy().any()
