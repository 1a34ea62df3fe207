"""The IAMC export: the rules of the format, and numbers that are those of the tables."""

from pathlib import Path

import pandas as pd
import pytest
from parks import Draft

from planner.export.iamc import Variables, _money
from planner.export.load import Loaded

PLAN = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out")
INDEX = ["Model", "Scenario", "Region", "Variable", "Unit"]
#: Roots at which sums end: what is above them is of several units, or a difference.
ROOTS = ("Capacity|Electricity", "Primary Energy", "Secondary Energy|Electricity", "Final Energy", "Investment", "Operating Cost",
    "Gross Emissions|CO2", "Carbon Credits")


@pytest.fixture
def exported(plan, small, tmp_path):
    """The small park planned and exported: (table, output folder)."""
    assert plan.once(*PLAN).code == 0
    said = plan.once("export", "out", "--format", "iamc")
    assert said.code == 0, said.err
    assert "out/iamc.csv" in said.out and "4 scenarios" in said.out
    return pd.read_csv(tmp_path / "out" / "iamc.csv"), tmp_path / "out"


def values(table: pd.DataFrame, variable: str, scenario: str = "zero-carbon by 2028") -> list[float]:
    """The row of a variable, by year."""
    row = table[(table["Variable"] == variable) & (table["Scenario"] == scenario)]
    assert len(row) == 1, variable
    return row.iloc[0][["2026", "2027", "2028"]].tolist()


def by_year(path: Path, query: str, column: str = "value") -> list[float]:
    return pd.read_csv(path).query(query).groupby("year")[column].sum().reindex([2026, 2027, 2028], fill_value=0).tolist()


def test_the_table_keeps_the_rules_of_the_format(exported):
    table, _ = exported
    assert list(table.columns) == [*INDEX, "2026", "2027", "2028"] and not table.duplicated(INDEX).any()
    assert not table.duplicated(["Scenario", "Region", "Variable"]).any()  # one unit a variable
    assert table.notna().all(axis=None)
    assert set(table["Scenario"]) == {"zero-carbon by 2028", "least-cost", "reference", "business-as-usual"}
    assert set(table["Region"]) == {"Tiny [Park]"}
    for name in table["Variable"]:
        levels = name.split("|")
        assert all(level and level == level.strip() for level in levels), name


def test_every_level_is_the_sum_of_the_level_below(exported):
    table, _ = exported
    checked = 0
    for scenario, rows in table.groupby("Scenario"):
        own = rows.set_index("Variable")[["2026", "2027", "2028"]]
        for name in own.index:
            below = [n for n in own.index if n.rpartition("|")[0] == name]
            if below and any(name == root or name.startswith(f"{root}|") for root in ROOTS):
                assert own.loc[name].tolist() == pytest.approx(own.loc[below].sum().tolist(), abs=1e-6), (scenario, name)
                checked += 1
    assert checked > 20


def test_the_numbers_are_those_of_the_tables(exported):
    table, out = exported
    assert values(table, "Emissions|CO2") == pytest.approx(by_year(out / "emissions.csv", "item == 'net'"), abs=1e-6)
    assert values(table, "Gross Emissions|CO2") == pytest.approx(by_year(out / "emissions.csv", "item == 'gross'"))
    assert values(table, "Capacity|Electricity|Solar|PV") == pytest.approx(
        by_year(out / "capacity.csv", "technology == 'pv'", "capacity"))
    assert values(table, "Capacity Additions|Electricity|Solar|PV")[0] > 0
    assert values(table, "Final Energy|Electricity") == pytest.approx(by_year(out / "energy.csv", "flow == 'demand'"))
    bought = by_year(out / "energy.csv", "flow == 'import'")
    assert values(table, "Trade|Secondary Energy|Electricity|Volume") == pytest.approx([-v for v in bought])
    capital = by_year(out / "costs.csv", "item in ('capital', 'measures')")
    assert values(table, "Investment") == pytest.approx(capital) and capital[0] > 0
    assert values(table, "Investment|Energy Efficiency") == pytest.approx(by_year(out / "costs.csv", "item == 'measures'"))
    cash = by_year(out / "costs.csv", "item not in ('capital', 'measures')")
    assert values(table, "Operating Cost") == pytest.approx(cash)
    money = table[table["Variable"] == "Investment"]["Unit"].unique()
    assert list(money) == ["CNY_2025/yr"]


def test_what_a_plan_made_of_sun_is_not_in_the_reference(exported):
    table, _ = exported
    assert values(table, "Secondary Energy|Electricity|Solar|PV")[2] == pytest.approx(0.9 * 4380)  # what led leaves, half the hours
    assert values(table, "Secondary Energy|Electricity|Solar|PV", "reference") == [0, 0, 0]


def test_a_park_that_has_changed_since_is_refused(plan, small):
    assert plan.once(*PLAN).code == 0
    small.edit("prices.csv", "500", "600")
    said = plan("export", "out", "--format", "iamc")
    assert said.code == 2 and "has changed since out was made, or is another park: prices.csv; plan" in said.err


def test_the_park_is_found_beside_the_output_from_anywhere(plan, small, tmp_path, monkeypatch):
    assert plan.once(*PLAN).code == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert plan("export", "../out", "--format", "iamc", "--to", "here.csv").code == 0
    assert (tmp_path / "elsewhere" / "here.csv").is_file()
    small.folder.rename(tmp_path / "moved")
    said = plan("export", "../out", "--format", "iamc")
    assert said.code == 2 and "--park DIR" in said.err
    assert plan("export", "../out", "--format", "iamc", "--park", "../moved").code == 0


def test_an_output_without_a_plan_has_nothing_to_export(plan, small):
    small.edit("offsets.csv", "2000", "1")
    assert plan.once(*PLAN).code == 3
    said = plan("export", "out", "--format", "iamc")
    assert said.code == 2 and "holds no plan (status 'infeasible')" in said.err


def test_what_is_paid_for_storing_co2_is_no_energy_sold():
    """A well takes CO2 for 900 a year, and power is sold for 400."""
    park = Draft()
    park.supply(max_export=1.0)
    park.supply("well", "co2", price=None, max_export=1.0)
    rows = [(2026, "export", "well", 900.0), (2026, "export", "grid", -400.0)]
    found = Variables([2026])
    costs = pd.DataFrame(rows, columns=["year", "item", "name", "value"])
    _money(Loaded(None, park.case()), {"costs": costs}, {}, found)  # type: ignore[arg-type]
    told = {variable: series.tolist() for (variable, _), series in found.values.items()}
    assert told == {"Operating Cost": [500.0], "Operating Cost|CO2 Storage": [900.0], "Operating Cost|Energy Sold": [-400.0]}
