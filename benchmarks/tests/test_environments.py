"""Comparing the plans of several environments."""

import json
import os
import random
from pathlib import Path

import pandas as pd

from benchmarks import environments
from benchmarks.environments import Environment, Planned, compare, planned_of, shuffle


def test_rows_come_in_another_order_but_those_whose_order_counts(tmp_path):
    table = pd.DataFrame({"year": range(20), "name": list("abcdefghijklmnopqrst")})
    for name in ("prices", "ports", "profiles"):
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    shuffle(tmp_path, random.Random(1))
    prices, ports, profiles = (pd.read_csv(tmp_path / f"{name}.csv") for name in ("prices", "ports", "profiles"))
    assert not prices.equals(table)
    assert prices.sort_values("year").reset_index(drop=True).equals(table)
    assert ports.equals(table)
    assert profiles[["year", "name"]].equals(table)


def test_orders_and_cost_of_a_run_are_read(tmp_path):
    (tmp_path / "summary.json").write_text(json.dumps({"system_cost": 2e6}), encoding="utf-8")
    pd.DataFrame({"year": [2026], "technology": ["pv"], "build": [1.23456]}).to_csv(tmp_path / "investments.csv", index=False)
    assert planned_of(tmp_path) == Planned(2e6, frozenset({("pv", 2026, "1.235")}))


def test_orders_that_only_one_of_two_plans_has_are_counted(monkeypatch, tmp_path):
    one, other = ("pv", 2026, "1"), ("pv", 2027, "1")
    plans = {"first": Planned(1e6, frozenset({one})), "second": Planned(2e6, frozenset({other}))}
    monkeypatch.setattr(environments, "plan_in", lambda environment, park, options: plans[environment.name])
    assert compare(tmp_path, [], [Environment("first"), Environment("second")]).splitlines()[2:] == [
        "| first | 1.0000 | 1 | 0 |",
        "| second | 2.0000 | 1 | 2 |",
    ]


def test_a_park_is_planned_on_one_core():
    park = Path(__file__).parents[2] / "tests" / "cases" / "d-demand-charge"
    before = os.sched_getaffinity(0)
    assert environments.plan_in(Environment("one core", cores=1), park, []).cost > 0
    assert os.sched_getaffinity(0) == before
