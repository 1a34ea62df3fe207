"""Supplies, prices, tariff, factors, certificates."""

import pytest

FAULTS = [
    ([("supplies.csv", "store,co2,sink,,3", "store,co2,sink,,")],
     ["technologies.csv line 5: technology 'capture': makes co2, which nothing takes; a supply of kind sink with a max_export is needed, there or over links"]),
    ([("supplies.csv", "store,co2,sink,,3,,", "store,co2,fuel,,3,1,")],
     ["supplies.csv line 4: kind 'fuel': co2 cannot be bought; write kind sink, with a max_export"]),
    ([("supplies.csv", "gas,gas,fuel,,,1,", "gas,gas,fuel,,,,")],
     ["supplies.csv line 3: scope: is blank; what can be bought needs one (1: burnt here, 2: made elsewhere)"]),
    (
        [
            ("supplies.csv", "gas,gas,fuel,,,1,", "gas,gas,fuel,,,1,\ngas2,gas,fuel,,,1,natural-gas"),
            ("emission_factors.csv", "0.202", "0.3"),
            ("prices.csv", "gas,energy", "gas2,energy,2025,3,CNY/MWh\ngas,energy"),
        ],
        ["supplies.csv line 4: supply 'gas2': has another emission factor than 'gas'; gas burnt by 'boiler', whose CO2 is captured, must have one"],
    ),
    ([("supplies.csv", "grid-cn", "grid-china")],
     ["supplies.csv line 2: fuel 'grid-china': is no fuel of the catalogue; did you mean 'grid-cn'? `plan catalogue` lists them all"]),
    ([("supplies.csv", "2,grid-cn", "2,")],
     ["supplies.csv line 2: supply 'grid': has no emission factor; give one in emission_factors.csv (0 to say zero), or name a fuel of the catalogue"]),
    (
        [("emission_factors.csv", "gas,,,0.202,t/MWh", "gas,,,0.202,t/MWh\ngrid,location,,0.5,t/MWh"),
         ("supplies.csv", "2,grid-cn", "2,")],
        ["supplies.csv line 2: supply 'grid': has no market emission factor; give one in emission_factors.csv (0 to say zero), or name a fuel of the catalogue"],
    ),
    ([("emission_factors.csv", "gas,,,", "gass,,,")],
     ["supplies.csv line 3: supply 'gas': has no emission factor; give one in emission_factors.csv (0 to say zero), or name a fuel of the catalogue",
      "emission_factors.csv line 2: supply 'gass': is no supply; did you mean 'gas'?"]),
    ([("emission_factors.csv", "t/MWh", "MWh/t")],
     ["emission_factors.csv line 2: unit 'MWh/t': t/MWh or a unit of that dimension is needed"]),
    ([("prices.csv", "gas,energy,2025,300,CNY/MWh\n", "")],
     ["supplies.csv line 3: supply 'gas': has no energy price; give one in prices.csv, or write max_import = 0"]),
    ([("prices.csv", "gas,energy,2025,300", "gas,energy,2025,-300")],
     ["prices.csv line 5: value = -300 CNY/MWh: is below 0; write what is paid as a positive number"]),
    ([("prices.csv", "gas,energy,2025,300,CNY/MWh", "gas,energy,2025,300,CNY/t")],
     ["prices.csv line 5: unit 'CNY/t': CNY/MWh or a unit of that dimension is needed"]),
    ([("prices.csv", "gas,energy,2025,300,CNY/MWh", "gas,energie,2025,300,CNY/MWh")],
     ["prices.csv line 5: item 'energie': is no item; did you mean 'energy'?"]),
    ([("prices.csv", "*,carbon", "*,energy")],
     ["prices.csv line 7: item 'energy': supply '*' has a price of item carbon only; name the supply"]),
    ([("prices.csv", "gas,energy", "gaz,energy")],
     ["supplies.csv line 3: supply 'gas': has no energy price; give one in prices.csv, or write max_import = 0",
      "prices.csv line 5: supply 'gaz': is no supply; did you mean 'gas'?"]),
    ([("prices.csv", "store,export,2025,-200,CNY/t", "store,demand_charge,2025,200,CNY/kW/month")],
     ["prices.csv line 6: item 'demand_charge': is paid on imports, and 'store' cannot import; remove it"]),
    ([("prices.csv", "CNY/kW/month", "CNY/kW")],
     ["prices.csv line 4: unit 'CNY/kW': CNY/MW/month or a unit of that dimension is needed"]),
    ([("tariff.csv", "grid,energy", "gird,energy")], ["tariff.csv line 2: supply 'gird': is no supply; did you mean 'grid'?"]),
    ([("tariff.csv", "6-8;12-2", "6-8;12-13")],
     ["tariff.csv line 2: months '6-8;12-13': is no list of ranges within 1-12; write it as 1-3;12"]),
    ([("tariff.csv", "8-11;17-21", "8-24")],
     ["tariff.csv line 2: hours '8-24': is no list of ranges within 0-23; write it as 8-11;17-21"]),
    ([("tariff.csv", "weekday", "weekdays")], ["tariff.csv line 2: days 'weekdays': is no kind of day; did you mean 'weekday'?"]),
    ([("certificates.csv", "gec,grid", "gec,gas")],
     ["certificates.csv line 2: supply 'gas': is not of scope 2; certificates green scope 2 only"]),
    ([("certificates.csv", "10,0.5", "10,50")],
     ["certificates.csv line 2: max_share = 50: is above 1; write a share (0.5), not a percentage"]),
]


@pytest.mark.parametrize(("edits", "lines"), FAULTS)
def test_every_fault_of_a_supply_is_said_and_nothing_else(park, edits, lines):
    for file, old, new in edits:
        park.edit(file, old, new)
    assert list(park.complaints()) == lines


def by_the_hour(park, table: str, *rows: str) -> None:
    """Give a table a column of profiles, and rows of its own; `dip` is below 0 in one hour, `warm` in none."""
    text = (park.folder / table).read_text().splitlines()
    park.write(table, "\n".join([f"{text[0]},profile", *(f"{row}," for row in text[1:]), *rows]) + "\n")
    hours = (park.folder / "profiles.csv").read_text().splitlines()
    dips = [f"{row},{-1 if i == 3 else 1},{1 + i % 3}" for i, row in enumerate(hours[1:])]
    park.write("profiles.csv", "\n".join([f"{hours[0]},dip,warm", *dips]) + "\n")


def test_a_price_has_a_profile_that_is_there_and_only_where_a_mwh_is_paid(park):
    by_the_hour(park, "prices.csv", "grid,capacity_charge,2025,30,CNY/kW/month,warm", "gas,energy,2030,300,CNY/MWh,warm")
    park.edit("prices.csv", "store,export,2025,-200,CNY/t,", "store,export,2025,-200,CNY/t,wram")
    assert list(park.complaints()) == [
        "prices.csv line 6: profile 'wram': is no profile of profiles.csv; did you mean 'warm'?",
        "prices.csv line 8: profile 'warm': only items energy and export have one, not capacity_charge",
        "prices.csv line 9: profile 'warm': differs from '' in line 5; it is the same in all rows of supply 'gas', item 'energy'",
    ]


def test_a_price_below_0_in_some_hour_needs_a_limit_of_the_import(park):
    by_the_hour(park, "prices.csv")
    park.edit("prices.csv", "gas,energy,2025,300,CNY/MWh,", "gas,energy,2025,300,CNY/MWh,dip")
    park.edit("prices.csv", "grid,energy,2025,600,CNY/MWh,", "grid,energy,2025,600,CNY/MWh,dip")
    assert list(park.complaints()) == [
        "prices.csv line 5: profile 'dip': is below 0 in some hour, and the import of 'gas' has no limit; give it a max_import"]
    park.edit("supplies.csv", "gas,gas,fuel,,", "gas,gas,fuel,9,")
    assert list(park.complaints()) == []


def test_a_factor_has_a_profile_where_it_is_of_scope_2_and_no_certificate_greens_it(park):
    by_the_hour(park, "emission_factors.csv", "grid,market,,0.6,t/MWh,warm", "grid,location,,0.6,t/MWh,dip")
    park.edit("emission_factors.csv", "gas,,,0.202,t/MWh,", "gas,,,0.202,t/MWh,warm")
    assert list(park.complaints()) == [
        "emission_factors.csv line 2: profile 'warm': 'gas' is of scope 1; only factors of scope 2 have a profile",
        "emission_factors.csv line 3: profile 'warm': certificates green 'grid' by the year, so its market factor has none; "
        "give the profile to a row of basis location only",]


def test_buying_to_sell_is_warned_of_in_the_hours_of_the_profiles(park):
    by_the_hour(park, "prices.csv")
    assert not any("buying to sell" in warning for warning in park.read().warnings)
    park.edit("prices.csv", "grid,export,2025,250,CNY/MWh,", "grid,export,2025,250,CNY/MWh,warm")
    assert any("250" not in w and "750" in w for w in park.read().warnings if "buying to sell" in w)
