"""How park and catalogue meet."""

import pytest


def taken(case, table):
    return [(a.name, a.parameter, a.year, a.value) for a in case.assumptions if a.table == table]


def test_types_that_the_park_names_and_leaves_open_come_from_the_catalogue_in_the_parks_money(park):
    case = park.read()
    assert [t.type for t in case.types] == ["battery", "gas-boiler", "scrubber", "solar-rooftop"]
    assert ("solar-rooftop", "role", None, "converter") in taken(case, "types")
    assert taken(case, "ports") == [("solar-rooftop", "out electricity", None, "1")]
    assert {a.source for a in case.assumptions if a.table == "types"} == {"a book"}
    assert not [c for c in park.read().costs if c.type == "gas-boiler" and c.parameter == "variable_cost"]
    assert "solar-ground" not in {t.type for t in park.read().types}
    costs = [c for c in case.costs if (c.type, c.parameter) == ("solar-rooftop", "capital_cost")]
    assert [(c.value, c.unit) for c in costs] == [(3200.0, "CNY/kW"), (2400.0, "CNY/kW")]
    notes = [a.note for a in case.assumptions if a.parameter == "capital_cost"]
    assert notes == ["price year 2025; converted from EUR at 8 CNY per EUR (a bank)"] * 2
    assert case.warnings == (
        "catalogue: 2 figures were converted (1 EUR = 8 CNY); see assumptions.csv, and state your own where they matter",)


def test_figures_in_the_parks_own_currency_stay_as_they_are(park):
    for file in ("prices.csv", "costs.csv"):
        park.write(file, (park.folder / file).read_text().replace("CNY", "EUR"))
    park.edit("park.toml", "CNY", "EUR")
    case = park.read()
    assert [c.value for c in case.costs if c.type == "solar-rooftop"][:2] == [400.0, 300.0] and case.warnings == ()


def test_a_conversion_between_two_currencies_goes_over_the_euro(park):
    for file in ("prices.csv", "costs.csv"):
        park.write(file, (park.folder / file).read_text().replace("CNY", "USD"))
    park.edit("park.toml", "CNY", "USD")
    park.add("offsets.csv", "ccer,,,,")
    prices = [o.price for o in park.read().offsets if o.offset == "ccer"]
    assert prices == [pytest.approx(75 * 1.25 / 8), pytest.approx(130 * 1.25 / 8)]


def test_a_currency_without_a_rate_is_a_complaint(park):
    for file in ("prices.csv", "costs.csv"):
        park.write(file, (park.folder / file).read_text().replace("CNY", "SEK"))
    park.edit("park.toml", "CNY", "SEK")
    assert park.complaints() == (
        "park.toml: currency 'SEK': the catalogue's figures are in EUR and it has no exchange rate for SEK; "
        "state the figures in your own tables",)


@pytest.mark.parametrize(("rows", "capital"), [
    (("2025,3000,CNY/kW",), [2400.0, 3000.0]),
    (("2026,3000,CNY/kW",), [2400.0, 3000.0, 3200.0]),
    (("2025,3000,CNY/kW", "2040,2000,CNY/kW"), [2000.0, 3000.0]),
    ((",3000,CNY/kW",), [3000.0])])
def test_what_the_park_states_of_a_cost_leaves_the_catalogues_years_beyond_it(park, rows, capital):
    """The catalogue has 3200 in 2025 and 2400 in 2035: a row without a year is of all years, and between own years own figures count."""
    for row in rows:
        park.add("costs.csv", f"solar-rooftop,capital_cost,{row}")
    own = [(c.parameter, c.value) for c in park.read().costs if c.type == "solar-rooftop"]
    assert sorted(value for parameter, value in own if parameter == "capital_cost") == capital
    assert {("fixed_cost", 2.0), ("lifetime", 25.0)} <= {*own}


def test_a_cost_in_another_kind_of_unit_replaces_the_whole_series(park):
    park.add("costs.csv", "solar-rooftop,fixed_cost,2026,40,CNY/kW/year")
    assert [c.value for c in park.read().costs if (c.type, c.parameter) == ("solar-rooftop", "fixed_cost")] == [40.0]


def test_what_the_park_states_of_ports_replaces_the_whole_block(park):
    park.add("ports.csv", "solar-rooftop,electricity,out,0.9")
    case = park.read()
    assert [p.ratio for p in case.ports if p.type == "solar-rooftop"] == [0.9] and taken(case, "ports") == []


def test_factors_scope_and_tce_of_a_fuel_are_taken_under_the_supplys_name(park):
    park.edit("supplies.csv", "gas,gas,fuel,,,1,", "gas,gas,fuel,,,,natural-gas")
    park.write("emission_factors.csv", "supply,basis,year,value,unit\n")
    case = park.read()
    gas = next(s for s in case.supplies if s.supply == "gas")
    assert (gas.scope, gas.green_share, gas.tce_per_mwh) == (1, 0.0, 0.123)
    assert [(f.basis, f.value) for f in case.emission_factors if f.supply == "gas"] == [("", 0.202)]
    assert ("gas", "factor of natural-gas", None, "0.202") in taken(case, "emission_factors")


def test_what_the_park_says_of_a_supply_is_not_replaced(park):
    park.edit("supplies.csv", "scope,fuel", "scope,fuel,green_share")
    for line in ("2,grid-cn", ",1,", "sink,,3,,"):
        park.edit("supplies.csv", line, f"{line},{'0.1' if 'cn' in line else ''}")
    assert [s.green_share for s in park.read().supplies if s.supply == "grid"] == [0.1]


def test_only_the_basis_that_the_park_leaves_open_is_taken(park):
    park.add("emission_factors.csv", "grid,market,2025,0,t/MWh")
    case = park.read()
    assert {(f.basis, f.value) for f in case.emission_factors if f.supply == "grid"} == {("market", 0.0), ("location", 0.55)}


def test_a_factor_without_basis_covers_both(park):
    park.add("emission_factors.csv", "grid,,2025,0.4,t/MWh")
    assert [f.value for f in park.read().emission_factors if f.supply == "grid"] == [0.4]


def test_the_standard_comes_from_the_catalogue_unless_the_park_defines_it(park):
    assert len(park.read().stages) == 4
    park.write("stages.csv",
        "standard,stage,order,metric,sense,limit\nladder,low-carbon,1,gross_ratio,<=,0.9\nladder,zero-carbon,3,gross_ratio,<=,0\n")
    case = park.read()
    assert [rule.limit for rule in case.stages] == [0.9, 0.0] and taken(case, "stages") == []


def test_the_whole_price_series_of_an_offset_is_taken_with_the_parks_volume_laid_over(park):
    park.add("offsets.csv", "ccer,,,,500")
    case = park.read()
    rows = [(o.year, o.kind, o.price, o.max_volume) for o in case.offsets if o.offset == "ccer"]
    assert rows == [(2025, "avoidance", 75.0, 500.0), (2030, "avoidance", 130.0, 500.0)]
    assert ("ccer", "price", 2030, "130") in taken(case, "offsets")


def test_measures_projects_and_certificates_are_filled_but_not_the_parks_choices(park):
    park.edit("measures.csv", "led,100000,0,10,light,", "led,,,10,,")
    led = park.read().measures[0]
    assert (led.capital_cost, led.fixed_cost, led.lifetime) == (6000000.0, 120000.0, 10) and led.first_year is None
    park.add("restoration.csv", "forest,5,,")
    case = park.read()
    forest = next(p for p in case.restoration if p.project == "forest")
    assert (forest.max_area, forest.capital_cost, forest.fixed_cost, forest.buffer) == (5.0, 22500.0, 640.0, 0.1)
    assert [(u.age, u.value) for u in case.uptake if u.project == "forest"] == [(0, 0.5), (10, 8.0)]
    assert ("forest", "at age 10", None, "8") in taken(case, "uptake")
    park.write("certificates.csv", "certificate,supply,year,price,max_share\ngec,grid,,,0.5\n")
    row = park.read().certificates[0]
    assert (row.supply, row.year, row.price, row.max_share) == ("grid", 2025, 5.0, 0.5)


def test_the_catalogue_that_ships_is_read_once_while_it_stays_as_it_is(tmp_path, monkeypatch):
    """What one reader does with its tables is not seen by the next, and a file that changed is read again."""
    from planner.park import catalogue as module
    from planner.park.complaints import Complaints

    def names() -> set[str]:
        return module.read_catalogue(None, Complaints()).names("types", "type")
    (tmp_path / "types.csv").write_text("type,role\nkiln,converter\n")
    monkeypatch.setattr(module, "DEFAULT", tmp_path)
    read, sheets = module.read_sheet, []
    monkeypatch.setattr(module, "read_sheet", lambda path, *rest: sheets.append(path.name) or read(path, *rest))
    module.read_catalogue(None, Complaints()).tables["types"].clear()
    assert names() == {"kiln"} and sheets == ["types.csv"]
    (tmp_path / "types.csv").write_text("type,role\nfurnace,converter\n")
    assert names() == {"furnace"} and len(sheets) == 2
    (tmp_path / "types.csv").write_text("type,role,role\nfurnace,converter,store\n")  # a fault is said to each reader
    for _ in range(2):
        complaints = Complaints()
        module.read_catalogue(None, complaints)
        assert len(complaints)
