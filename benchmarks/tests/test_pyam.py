"""pyam reads the IAMC export, its sums hold there, and its units convert."""

from __future__ import annotations

import pandas as pd
import pyam
import pytest
from conftest import CASES

from planner.export.write import write_export

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(params=["e-chp-boiler-and-dump", "k-co2-capture", "q-two-zones"])
def table(request, planned_folder, tmp_path):
    """The IAMC table of a shared case, as pyam reads it."""
    path = write_export(planned_folder(CASES / request.param), "iamc", tmp_path / "iamc.csv").path
    return pyam.IamDataFrame(path), pd.read_csv(path)


def test_pyam_reads_every_row(table):
    read, written = table
    assert len(read.timeseries()) == len(written)
    assert read.timeseries().to_numpy().sum() == pytest.approx(written.iloc[:, 5:].to_numpy().sum())
    assert read.variable == sorted(written["Variable"].unique())


def test_the_levels_add_up_for_pyam(table):
    read, _ = table
    checked = 0
    for name in (
        "Capacity|Electricity",
        "Capacity|Heat",
        "Final Energy",
        "Primary Energy",
        "Investment",
        "Operating Cost",
        "Gross Emissions|CO2",
        "Carbon Capture",
        "Carbon Credits",
    ):
        below = read.filter(variable=f"{name}|*", level=0)
        if not below.empty:
            assert read.check_aggregate(name, rtol=1e-6, atol=1e-6) is None, name
            checked += 1
    assert checked > 4


def test_pyam_converts_the_units(table):
    read, _ = table
    for variable, given, wanted, factor in (
        ("Final Energy", "MWh/yr", "EJ/yr", 3.6e-9),
        ("Emissions|CO2", "t CO2/yr", "Mt CO2/yr", 1e-6),
    ):
        own = read.filter(variable=variable)
        before, after = own.data["value"], own.convert_unit(given, wanted).data["value"]
        assert after.to_numpy() == pytest.approx(factor * before.to_numpy())
