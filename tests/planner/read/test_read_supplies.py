"""Supplies, prices, tariff, factors, certificates."""

import pytest

FAULTS = [
    (
        [("supplies.csv", "store,co2,sink,,3", "store,co2,sink,,")],
        [
            "technologies.csv line 5: technology 'capture': makes co2, which nothing takes; a supply of kind sink with a max_export is needed, there or over links"
        ],
    ),
    (
        [("supplies.csv", "store,co2,sink,,3,,", "store,co2,fuel,,3,1,")],
        ["supplies.csv line 4: kind 'fuel': co2 cannot be bought; write kind sink, with a max_export"],
    ),
    (
        [("supplies.csv", "gas,gas,fuel,,,1,", "gas,gas,fuel,,,,")],
        ["supplies.csv line 3: scope: is blank; what can be bought needs one (1: burnt here, 2: made elsewhere)"],
    ),
    (
        [
            ("supplies.csv", "gas,gas,fuel,,,1,", "gas,gas,fuel,,,1,\ngas2,gas,fuel,,,1,natural-gas"),
            ("emission_factors.csv", "0.202", "0.3"),
            ("prices.csv", "gas,energy", "gas2,energy,2025,3,CNY/MWh\ngas,energy"),
        ],
        [
            "supplies.csv line 4: supply 'gas2': has another emission factor than 'gas'; gas burnt by 'boiler', whose CO2 is captured, must have one"
        ],
    ),
    (
        [("supplies.csv", "grid-cn", "grid-china")],
        [
            "supplies.csv line 2: fuel 'grid-china': is no fuel of the catalogue; did you mean 'grid-cn'? `plan catalogue` lists them all"
        ],
    ),
    (
        [("supplies.csv", "2,grid-cn", "2,")],
        [
            "supplies.csv line 2: supply 'grid': has no emission factor; give one in emission_factors.csv (0 to say zero), or name a fuel of the catalogue"
        ],
    ),
    (
        [
            ("emission_factors.csv", "gas,,,0.202,t/MWh", "gas,,,0.202,t/MWh\ngrid,location,,0.5,t/MWh"),
            ("supplies.csv", "2,grid-cn", "2,"),
        ],
        [
            "supplies.csv line 2: supply 'grid': has no market emission factor; give one in emission_factors.csv (0 to say zero), or name a fuel of the catalogue"
        ],
    ),
    (
        [("emission_factors.csv", "gas,,,", "gass,,,")],
        [
            "supplies.csv line 3: supply 'gas': has no emission factor; give one in emission_factors.csv (0 to say zero), or name a fuel of the catalogue",
            "emission_factors.csv line 2: supply 'gass': is no supply; did you mean 'gas'?",
        ],
    ),
    (
        [("emission_factors.csv", "t/MWh", "MWh/t")],
        ["emission_factors.csv line 2: unit 'MWh/t': t/MWh or a unit of that dimension is needed"],
    ),
    (
        [("prices.csv", "gas,energy,2025,300,CNY/MWh\n", "")],
        ["supplies.csv line 3: supply 'gas': has no energy price; give one in prices.csv, or write max_import = 0"],
    ),
    (
        [("prices.csv", "gas,energy,2025,300", "gas,energy,2025,-300")],
        ["prices.csv line 5: value = -300 CNY/MWh: is below 0; write what is paid as a positive number"],
    ),
    (
        [("prices.csv", "gas,energy,2025,300,CNY/MWh", "gas,energy,2025,300,CNY/t")],
        ["prices.csv line 5: unit 'CNY/t': CNY/MWh or a unit of that dimension is needed"],
    ),
    (
        [("prices.csv", "gas,energy,2025,300,CNY/MWh", "gas,energie,2025,300,CNY/MWh")],
        ["prices.csv line 5: item 'energie': is no item; did you mean 'energy'?"],
    ),
    (
        [("prices.csv", "*,carbon", "*,energy")],
        ["prices.csv line 7: item 'energy': supply '*' has a price of item carbon only; name the supply"],
    ),
    (
        [("prices.csv", "gas,energy", "gaz,energy")],
        [
            "supplies.csv line 3: supply 'gas': has no energy price; give one in prices.csv, or write max_import = 0",
            "prices.csv line 5: supply 'gaz': is no supply; did you mean 'gas'?",
        ],
    ),
    (
        [("prices.csv", "store,export,2025,-200,CNY/t", "store,demand_charge,2025,200,CNY/kW/month")],
        ["prices.csv line 6: item 'demand_charge': is paid on imports, and 'store' cannot import; remove it"],
    ),
    (
        [("prices.csv", "CNY/kW/month", "CNY/kW")],
        ["prices.csv line 4: unit 'CNY/kW': CNY/MW/month or a unit of that dimension is needed"],
    ),
    (
        [("tariff.csv", "grid,energy", "gird,energy")],
        ["tariff.csv line 2: supply 'gird': is no supply; did you mean 'grid'?"],
    ),
    (
        [("tariff.csv", "6-8;12-2", "6-8;12-13")],
        ["tariff.csv line 2: months '6-8;12-13': is no list of ranges within 1-12; write it as 1-3;12"],
    ),
    (
        [("tariff.csv", "8-11;17-21", "8-24")],
        ["tariff.csv line 2: hours '8-24': is no list of ranges within 0-23; write it as 8-11;17-21"],
    ),
    (
        [("tariff.csv", "weekday", "weekdays")],
        ["tariff.csv line 2: days 'weekdays': is no kind of day; did you mean 'weekday'?"],
    ),
    (
        [("certificates.csv", "gec,grid", "gec,gas")],
        ["certificates.csv line 2: supply 'gas': is not of scope 2; certificates green scope 2 only"],
    ),
    (
        [("certificates.csv", "10,0.5", "10,50")],
        ["certificates.csv line 2: max_share = 50: is above 1; write a share (0.5), not a percentage"],
    ),
]


@pytest.mark.parametrize(("edits", "lines"), FAULTS)
def test_every_fault_of_a_supply_is_said_and_nothing_else(park, edits, lines):
    for file, old, new in edits:
        park.edit(file, old, new)
    assert list(park.complaints()) == lines
