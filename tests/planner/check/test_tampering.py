"""The ledger works out every number: each figure of each table of a park with every subject is changed in turn, and refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from parks import Draft

from models.case import Case, ParkRule, Reserve
from models.errors import LedgerError
from planner.check import check_plan
from planner.output.tables import COLUMNS
from planner.plan import Plan

FIRST, LAST = 2026, 2028


def whole_park() -> Draft:
    """Three years of four days, two zones, and something of every subject that the tables hold."""
    park = Draft(FIRST, LAST, hours=24, base_emissions=9000.0, discount_rate=0.05, carbon_free_share=0.3)
    sun = park.profile("sun", [0.0] * 7 + [0.3, 0.6, 0.8, 0.9, 1.0, 0.9, 0.8, 0.6, 0.3] + [0.0] * 8)
    shape = park.profile("shape", [1.0] * 8 + [2.0] * 10 + [1.0] * 6)
    park.demand("power", zone="a", mwh={FIRST: 8760.0, LAST: 9000.0}, profile=shape, tenant="works")
    park.demand("warmth", "heat", zone="b", mwh=4380.0)
    park.supply("grid", zone="a", price={FIRST: 100.0, LAST: 110.0}, factor={"location": 0.6, "market": 0.5}, tce_per_mwh=0.12,
                green_share=0.2, max_export=0.5, prices={"demand_charge": 50.0, "export": 20.0, "carbon": 10.0})  # fmt: skip
    park.supply("gas", "gas", zone="b", price=40.0, factor=0.2, tce_per_mwh=0.12, prices={"capacity_charge": 7.0})
    park.supply("wood", "wood", zone="b", price=45.0, factor=0.35, biogenic=1, tce_per_mwh=0.12)
    park.supply("well", "co2", zone="b", price=None, max_export=2.0, prices={"export": -5.0})
    park.price("*", "carbon", 30.0, "CNY/t")
    park.tariff(1.3, hours="8-11;17-21")
    park.certificate("gec", price=2.0, max_share=0.5)
    park.site("roof", 3.0)
    park.converter("pv", zone="a", capital_cost=200_000.0, fixed_cost=2_000.0, lifetime=20, max_capacity=3.0, profile=sun,
                   site="roof", area=1.0, green=1, project_cost=1_000.0, grant=0.1)  # fmt: skip
    park.converter("boiler", {"gas": -1.1, "heat": 1.0}, zone="b", existing=3.0, fixed_cost=500.0, variable_cost=1.0)
    park.converter("oven", {"wood": -1.2, "heat": 1.0}, zone="b", existing=0.2, min_load=0.5)
    park.store(zone="a", capital_cost=1_000.0, lifetime=10, max_capacity=3.0, charge_efficiency=0.9, discharge_efficiency=0.95,
               standing_loss=0.001, full_power_hours=3.0, variable_cost=0.5)  # fmt: skip
    park.capture("scrubber", {"boiler": 0.9, "oven": 0.9, "kiln": 0.8}, {"heat": -0.2}, zone="b", capital_cost=1000.0,
                 lifetime=15, variable_cost=3.0)  # fmt: skip
    park.converter("heater", {"electricity": -1.0, "heat": 0.99}, zone="a", capital_cost=50.0, lifetime=10)
    park.link("pipe", "a", "b", "heat", loss=0.05, existing=1.0, fixed_cost=10.0, variable_cost=0.2)
    park.measure("led", {"power": 0.1}, capital_cost=100.0, lifetime=2, fixed_cost=5.0)
    park.process("kiln", 900.0, capturable=1)
    park.offset("forest-credit", "avoidance", 30.0, 300.0)
    park.offset("biochar", "removal", 120.0)
    park.restoration("wood-lot", {0: 1.0, 2: 5.0}, max_area=60.0, max_plant=20.0, capital_cost=10.0, fixed_cost=1.0, buffer=0.1)
    park.supply("farm", zone="a", price=60.0, factor=0.0, profile=sun, contract_max=0.4, take=0.5, green_share=1, direct=1)
    park.connection("line", zone="a", max_import=0.3)
    park.supply("flat", zone="a", price=99.0, factor=0.5, connection="line", scheme="flat")
    park.supply("stepped", zone="a", price=95.0, factor=0.5, connection="line", scheme="stepped", prices={"fixed": 10.0})
    park.add(Reserve(carrier="heat", zone="b", margin=0.1), ParkRule(rule="law", metric="export_share", sense="<=", limit=0.9))
    park.budget(FIRST, 1e7)
    park.rule("gross_ratio", "<=", 0.6)
    park.rule("net_ratio", "<=", 0.5)
    park.rule("offset_ratio", "<=", 0.2)
    park.rule("direct_green_share", ">=", 0.1)
    park.rule("clean_share", ">=", 0.1)
    park.rule("intensity", "<=", 10.0)
    park.goal(2027)
    return park


@pytest.fixture(scope="module")
def planned() -> tuple[Case, float, Plan]:
    park = whole_park()
    plan = park.solve()
    case = park.case()
    assert case.park.base_emissions is not None
    return case, case.park.base_emissions, plan


def numbers(plan: Plan) -> Iterator[tuple[str, str, int]]:
    """A row of every kind of number: the largest of each (column, item or flow) of every table."""
    for name, table in plan.tables.items():
        kinds = [c for c in ("item", "flow", "kind", "metric") if c in table]
        groups = table.groupby(kinds, observed=True, sort=False) if kinds else [("", table)]
        for _, rows in groups:
            for column in rows.select_dtypes("float"):
                if column != "weight" and len(rows) and np.abs(rows[column]).max() > 1e-6:
                    yield name, column, int(rows[column].abs().idxmax())


def test_the_park_has_something_in_every_table(planned) -> None:
    _, _, plan = planned
    empty = {name for name in COLUMNS if plan.tables[name].empty}
    assert empty <= {"seasonal", "typical_days", "profiles", "retirements", "hourly"}


def test_every_number_of_every_table_is_worked_out_again(planned) -> None:
    case, base, plan = planned
    check_plan(case, plan, base)
    changed = list(numbers(plan))
    assert len(changed) > 60
    missed = []
    for table, column, row in changed:
        wrong: pd.DataFrame = plan.tables[table].copy()
        wrong.loc[row, column] *= 1 + 1e-4
        tampered = replace(plan, tables={**plan.tables, table: wrong})
        try:
            check_plan(case, tampered, base)
        except LedgerError:
            continue
        missed.append((table, column, wrong.loc[row].to_dict()))
    assert missed == []


@pytest.mark.parametrize("table", ["energy", "emissions", "costs", "system_cost", "capacity", "stages", "dispatch"])
def test_a_row_that_is_left_out_is_missed(planned, table) -> None:
    case, base, plan = planned
    whole = plan.tables[table]
    value = next(c for c in ("value", "capacity") if c in whole)
    without = whole.drop(index=whole[value].abs().idxmax())
    with pytest.raises(LedgerError):
        check_plan(case, replace(plan, tables={**plan.tables, table: without}), base)


def test_the_ledger_follows_a_seasonal_store_over_the_calendar() -> None:
    """Two kinds of days, sun in one and none in the other; what is held at the start of each day is told."""
    park = Draft(hours=8760, discount_rate=0.0)
    park.profile("sun", [1.0])
    park.demand("warmth", "heat", mwh=8760.0)
    park.supply("gas", "gas", price=100.0)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=2.0)
    park.converter("collector", {"heat": 1.0}, existing=3.0, profile="sun")
    park.store("pit", "heat", existing=200.0, seasonal=1, standing_loss=1e-4, full_power_hours=24.0, charge_efficiency=0.9)
    case = park.case()
    plan = park.solve_on_days([0] * 5 + [1] * 360, sun=[1.0] * 24 + [0.0] * 24)
    assert len(plan.tables["seasonal"]) == 365
    assert len(plan.tables["typical_days"]) == 365
    for table, column in (("seasonal", "held"), ("typical_days", "typical_day"), ("profiles", "value")):
        wrong = plan.tables[table].copy()
        wrong.loc[2, column] = wrong.loc[2, column] + 1 if column == "typical_day" else wrong.loc[2, column] * 0.99
        with pytest.raises(LedgerError):
            check_plan(case, replace(plan, tables={**plan.tables, table: wrong}), case.park.base_emissions)


def with_dispatch(plan: Plan, dispatch: pd.DataFrame) -> Plan:
    return replace(plan, tables={**plan.tables, "dispatch": dispatch})


ORDERS = {
    "hours backwards in each flow": lambda d: d.sort_values(["flow", "name", "hour"], ascending=[True, True, False], kind="stable"),
    "years the other way round": lambda d: d.iloc[::-1],
    "as it falls": lambda d: d.sample(frac=1.0, random_state=3),
}


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_the_rows_of_dispatch_says_nothing(planned, order):
    case, base, plan = planned
    check_plan(case, with_dispatch(plan, ORDERS[order](plan.tables["dispatch"])), base)


@pytest.mark.parametrize("change", ["gone", "twice", "in place of another"])
def test_every_hour_of_a_flow_stands_in_dispatch_once(planned, change):
    case, base, plan = planned
    dispatch = plan.tables["dispatch"].reset_index(drop=True)
    row = int(np.flatnonzero(dispatch["hour"] == 5)[3])
    if change == "gone":
        spoilt = dispatch.drop(index=row)
    elif change == "twice":
        spoilt = pd.concat([dispatch.iloc[: row + 1], dispatch.iloc[row:]])
    else:
        spoilt = dispatch.assign(hour=dispatch["hour"].where(dispatch.index != row, 6))
    with pytest.raises(LedgerError, match="dispatch"):
        check_plan(case, with_dispatch(plan, spoilt), base)
