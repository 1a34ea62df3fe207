"""A contract for green power has the location factor of the park's own grid, unless the park states one."""

import pytest

from models.case import Case


@pytest.fixture
def contract(park):
    """The small park, whose grid has 0.55 t/MWh by the location, with a contract of a fuel that has 0.43, the country's."""
    park.add("supplies.csv", "green,electricity,grid,5,,,green-power")
    park.add("prices.csv", "green,energy,2025,650,CNY/MWh")
    with (park.catalogue / "supplies.csv").open("a") as file:
        file.write("green-power,electricity,grid,2,1,0.1229,a norm\n")
    with (park.catalogue / "emission_factors.csv").open("a") as file:
        file.write("green-power,location,2025,0.43,t/MWh,0,a country\ngreen-power,market,,0,t/MWh,0,a notice\n")
    return park


def factors(case: Case) -> dict[str, float]:
    return {f.basis: f.value for f in case.emission_factors if f.supply == "green"}


def test_it_has_the_factor_of_the_grid_or_the_parks(contract):
    case = contract.read()
    assert factors(case) == {"location": 0.55, "market": 0.0}
    told = {(a.parameter, a.value, a.source) for a in case.assumptions if (a.table, a.name) == ("emission_factors", "green")}
    assert told == {("location factor of its grid", "0.55", "a ministry"), ("market factor of green-power", "0", "a notice")}
    contract.add("emission_factors.csv", "grid,,2025,0.7,t/MWh")
    case = contract.read()
    assert factors(case) == {"location": 0.7, "market": 0.0}
    assert [a for a in case.assumptions if a.parameter.startswith("location factor of its grid")] == []
    contract.add("emission_factors.csv", "green,location,2025,0.3,t/MWh")
    assert factors(contract.read()) == {"location": 0.3, "market": 0.0}


def test_the_grid_of_its_connection_goes_before_another(contract):
    contract.edit("supplies.csv", "scope,fuel", "scope,fuel,connection")
    for line in ("grid-cn", "natural-gas", "green-power", "store,co2,sink,,3,,"):
        text = (contract.folder / "supplies.csv").read_text()
        if line in text:
            contract.edit("supplies.csv", line, f"{line},{'north' if line == 'green-power' else ''}")
    contract.edit("supplies.csv", "gas,gas,fuel,,,1,", "gas,gas,fuel,,,1,,")
    contract.add("supplies.csv", "north-grid,electricity,grid,5,,2,,north")
    contract.add("prices.csv", "north-grid,energy,2025,640,CNY/MWh")
    contract.add("emission_factors.csv", "north-grid,,2025,0.9,t/MWh")
    contract.write("connections.csv", "connection,zone,carrier,max_import,max_export\nnorth,,electricity,10,\n")
    assert factors(contract.read())["location"] == 0.9
