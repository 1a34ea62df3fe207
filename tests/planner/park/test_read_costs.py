"""Cost files laid over a park, and PyPSA's layout; building for nothing."""

import shutil

from planner.examples import data_folder

PYPSA = """technology,parameter,value,unit,source,further description,currency_year
solar-rooftop,investment,500,CNY/kW_e,a paper,note,2020
solar-rooftop,FOM,1.5,%/year,a paper,,2020
solar-rooftop,VOM,0.01,CNY/MWh_e,a paper,,2020
solar-rooftop,lifetime,30,years,a paper,,
solar-rooftop,efficiency,0.2,per unit,a paper,,
nuclear,investment,-1,nonsense,a paper,,
"""


def figures(case, name):
    return {c.parameter: (c.value, c.unit) for c in case.costs if c.type == name}


def test_pypsas_layout_is_read_as_it_is(park, tmp_path):
    (tmp_path / "costs_2030.csv").write_text(PYPSA)
    case = park.read(costs=(tmp_path / "costs_2030.csv",))
    assert figures(case, "solar-rooftop") == {"capital_cost": (500.0, "CNY/kW_e"), "fixed_cost": (1.5, "%/year"),
        "variable_cost": (0.01, "CNY/MWh_e"), "lifetime": (30.0, "years")}
    assert figures(case, "nuclear") == {}
    assert {row.note for row in case.costs if row.type == "solar-rooftop" and row.parameter == "lifetime"} == {""}


def test_pypsas_layout_serves_as_the_parks_own_table(park):
    park.write("costs.csv", PYPSA + "battery,investment,900,CNY/kWh,,,\nbattery,lifetime,10,years,,,\n"
        "gas-boiler,investment,9,CNY/kW,,,\ngas-boiler,lifetime,20,years,,,\n"
        "scrubber,investment,9,CNY/(t/h),,,\nscrubber,lifetime,20,years,,,\n",)
    assert figures(park.read(), "battery")["capital_cost"] == (900.0, "CNY/kWh")


def test_the_last_cost_file_wins_by_whole_series_also_for_a_closed_type(park, tmp_path):
    header = "type,parameter,year,value,unit\n"
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(header + "battery,capital_cost,2026,1000,CNY/kWh\nbattery,capital_cost,2030,800,CNY/kWh\n")
    second.write_text(header + "battery,capital_cost,,700,CNY/kWh\n")
    assert [c.value for c in park.read((first,)).costs if c.type == "battery"] == [1000.0, 800.0, 12.0]
    assert [c.value for c in park.read((first, second)).costs if c.type == "battery"] == [700.0, 12.0]
    assert [c.value for c in park.read((second, first)).costs if c.type == "battery"] == [1000.0, 800.0, 12.0]


def test_a_cost_file_in_another_currency_is_refused(park, tmp_path):
    file = tmp_path / "eu.csv"
    file.write_text(PYPSA.replace("CNY", "EUR"))
    assert park.complaints(costs=(file,)) == (
        f"{file} line 2: unit 'EUR/kW_e': is in EUR, the park's money is CNY; currencies are never converted silently",
        f"{file} line 4: unit 'EUR/MWh_e': is in EUR, the park's money is CNY; currencies are never converted silently")


def test_a_type_of_a_cost_table_that_nothing_uses_is_said_once_with_the_one_that_is_near(park, tmp_path):
    file = tmp_path / "offers.csv"
    rows = "gas-boler,capital_cost,,1,CNY/kW\ngas-boler,lifetime,,9,year\nfusion,capital_cost,,1,CNY/kW\n"
    file.write_text("type,parameter,year,value,unit\n" + rows)
    unused = "no technology or link of the park is of this type, so its costs are not used"
    said = [warning for warning in park.read((file,)).warnings if "costs" in warning]
    assert said == [f"{file} line 2: type 'gas-boler': {unused}; did you mean 'gas-boiler'?",
        f"{file} line 4: type 'fusion': {unused}"]
    assert not [warning for warning in park.read().warnings if unused in warning]


def test_pypsas_layout_may_have_technologies_that_nothing_uses_as_long_as_one_is_used(park, tmp_path):
    file = tmp_path / "costs_2030.csv"
    file.write_text(PYPSA)
    assert not [warning for warning in park.read((file,)).warnings if "states costs" in warning]
    file.write_text(PYPSA.replace("solar-rooftop", "solar"))
    assert f"{file}: states costs of 2 technologies, and none of them is a type that the park uses" in park.read((file,)).warnings


def test_a_cost_file_that_is_missing_or_misnames_a_column_or_repeats_a_year_is_one_complaint(park, tmp_path):
    file = tmp_path / "none.csv"
    assert park.complaints(costs=(file,)) == (f"{file}: is missing",)
    file = tmp_path / "c.csv"
    file.write_text("technology,parameter,value,unit,currency_yaer\n")
    assert park.complaints(costs=(file,)) == (
        f"{file} line 1: column 'currency_yaer': is no column of c.csv; did you mean 'currency_year'?",)
    file.write_text("type,parameter,year,value,unit\n" + "battery,capital_cost,2026,1000,CNY/kWh\n" * 2)
    assert park.complaints(costs=(file,)) == (
        f"{file} line 3: type 'battery', parameter 'capital_cost' of 2026: is there already, in line 2; keep one row",)


def free(park):
    return [w for w in park.read().warnings if "capital_cost" in w]


def test_a_capital_cost_of_0_is_told_once_for_all_types(park):
    shutil.copy(data_folder() / "catalogue" / "ranges.csv", park.catalogue)
    assert free(park) == []
    park.edit("costs.csv", "battery,capital_cost,2025,1200,", "battery,capital_cost,2025,0,")
    park.edit("costs.csv", "gas-boiler,capital_cost,2025,500,", "gas-boiler,capital_cost,2025,0,")
    park.add("costs.csv", "gas-boiler,capital_cost,2035,0,CNY/kW")
    assert free(park) == [
        "costs.csv line 2: value = 0: is the capital_cost of 'gas-boiler', 'battery' (2 in all), so building costs nothing; "
        "write what it costs if it does"]
