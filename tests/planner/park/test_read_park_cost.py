"""costs.csv, type park: what its rows must be, and that nothing else has the name."""



def test_a_fixed_cost_of_the_park_is_read_without_a_warning(park):
    park.add("costs.csv", "park,fixed_cost,,2,MCNY/year")
    case = park.read()
    assert [c.value for c in case.costs if c.type == "park"] == [2.0] and not any("park" in warning for warning in case.warnings)


