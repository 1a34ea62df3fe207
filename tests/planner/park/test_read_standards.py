"""Factors of a standard, of the catalogue and of the park."""

import pytest

from planner.park import read_case

ROW = "ladder,,grid,electricity,,,0.8,0.3,CO2,a notice,,seen\n"
HEAD = "standard,fuel,supply_kind,carrier,basis,year,factor,tce_per_mwh,gases,source,note,grade\n"


@pytest.fixture
def fixed(park):
    """The small park, whose standard fixes a grid factor and a coal equivalent."""
    (park.catalogue / "standards.csv").write_text(HEAD + ROW)
    return park


def test_where_factors_differ_is_told(fixed):
    case = fixed.read()
    assert [r.factor for r in case.standards] == [0.8]
    assert [w for w in map(str, case.warnings) if "worked out" in w] == [
        "supplies.csv line 2: supply 'grid': has 0.6 t/MWh, and the rules of ladder are worked out with 0.8 t/MWh; "
        "the inventory keeps 0.6",
        "supplies.csv line 2: supply 'grid': has 0.1229 tce/MWh, and the rules of ladder are worked out with 0.3 tce/MWh; "
        "the inventory keeps 0.1229",]
    assert [(a.parameter, a.value) for a in case.assumptions if a.table == "standards"] == [("factor of grid electricity", "0.8"),
        ("tce_per_mwh of grid electricity", "0.3")]


def test_a_park_that_states_the_stages_itself_takes_no_factors(fixed):
    stages = "ladder,zero-carbon,3,gross_ratio,<=,0.1\nladder,low-carbon,1,gross_ratio,<=,0.7\n"
    fixed.write("stages.csv", "standard,stage,order,metric,sense,limit\n" + stages)
    assert fixed.read().standards == ()


def test_a_park_with_a_provincial_factor_is_told_what_the_national_standard_works_with(park):
    park.edit("park.toml", 'standard = "ladder"', 'standard = "china-national"')
    park.edit("supplies.csv", "2,grid-cn", "2,grid-jiangsu")
    park.edit("supplies.csv", "gas,gas,fuel,,,1,", "gas,gas,fuel,,,1,natural-gas")
    park.write("technologies.csv", "technology,type,existing,max_capacity\nboiler,gas-boiler,5,8\n")
    for name in ("captures.csv", "sites.csv", "measures.csv", "savings.csv", "restoration.csv", "uptake.csv"):
        (park.folder / name).unlink()
    warned = [str(w) for w in read_case(park.folder).warnings if "china-national" in str(w)]
    assert any("are worked out with 0.8325 t/MWh" in w for w in warned)


