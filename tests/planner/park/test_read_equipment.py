"""Technologies, types, ports, costs, captures."""

import pytest

FAULTS = [
    (
        [("technologies.csv", "roof,solar-rooftop", "roof,solarroof")],
        ["technologies.csv line 2: type 'solarroof': is no type; did you mean 'solar-rooftop'? `plan catalogue` lists them all"],
    ),
    (
        [("technologies.csv", "roof,solar-rooftop", "roof,")],
        [
            "technologies.csv line 2: technology 'roof': is no type, and its cell type is blank; write 'battery' or 'gas-boiler' or 'scrubber' or 'solar-ground' or 'solar-rooftop'; `plan catalogue` lists them all"
        ],
    ),
    (
        [("types.csv", "battery,store,0.95", "battery,store,95")],
        ["types.csv line 3: charge_efficiency = 95: is above 1; write a share (0.95), not a percentage"],
    ),
    (
        [("types.csv", "battery,store,0.95", "battery,store,0")],
        ["types.csv line 3: charge_efficiency = 0: is not above 0; write a number above 0"],
    ),
    ([("types.csv", "battery,store", "battery,stores")], ["types.csv line 3: role 'stores': is no role; did you mean 'store'?"]),
    (
        [("technologies.csv", "boiler,gas-boiler,5,8", "boiler,gas-boiler,9,8")],
        ["technologies.csv line 3: existing = 9: is above max_capacity 8; raise max_capacity or lower existing"],
    ),
    (
        [("technologies.csv", "roof,solar-rooftop,0,,,,sun,roofs", "roof,solar-rooftop,0,,,,sun,roof")],
        ["technologies.csv line 2: site 'roof': is no site; did you mean 'roofs'?"],
    ),
    ([("technologies.csv", "sun,roofs", "sun,")], ["technologies.csv line 2: area = 1: has no site; name one of sites.csv"]),
    (
        [("technologies.csv", "sun,roofs", "sunn,roofs")],
        ["technologies.csv line 2: profile 'sunn': is no profile of profiles.csv; did you mean 'sun'?"],
    ),
    (
        [("technologies.csv", "battery,,0,10,,,,", "battery,,0,10,,,sun,")],
        ["technologies.csv line 4: profile 'sun': is of no use to a store; leave it blank"],
    ),
    (
        [("costs.csv", "battery,lifetime,,12,year\n", "")],
        [
            "technologies.csv line 4: type 'battery': has no lifetime; give it in costs.csv, or write max_build = 0 if it may not be built"
        ],
    ),
    (
        [("costs.csv", "battery,lifetime,,12,year", "battery,lifetime,,0.5,year")],
        ["costs.csv line 6: value = 0.5 year: is less than a year; a lifetime is at least 1"],
    ),
    (
        [("costs.csv", "battery,lifetime,,12,year", "battery,lifetimes,,12,year")],
        ["costs.csv line 6: parameter 'lifetimes': is no parameter; did you mean 'lifetime'?"],
    ),
    (
        [("costs.csv", "2025,2,%/year", "2025,3%,")],
        ["costs.csv line 3: value = '3%': is no number; write 3, and the unit %/year in the column of units"],
    ),
    (
        [("costs.csv", "battery,lifetime,,12,year", "battery,lifetime,,12,year\nbattery,grant,,30%,1")],
        ["costs.csv line 7: value = '30%' 1: is no number; write a share (0.3)"],
    ),
    (
        [("technologies.csv", "boiler,gas-boiler,5,8", "boiler,gas-boiler,5,8%")],
        ["technologies.csv line 3: max_capacity = '8%': is no number; write a number without a sign"],
    ),
    (
        [("costs.csv", "gas-boiler,capital_cost,2025,500,CNY/kW\n", "")],
        [
            "costs.csv line 2: value = 2 %/year: is a share of a capital_cost, and 'gas-boiler' has none; give it in costs.csv",
            "technologies.csv line 3: type 'gas-boiler': has no capital_cost; give it in costs.csv, or write max_build = 0 if it may not be built",
        ],
    ),
    (
        [("costs.csv", "1200,CNY/kWh", "1200,CNY/kW")],
        ["costs.csv line 5: unit 'CNY/kW': CNY/MWh or a unit of that dimension is needed"],
    ),
    (
        [("costs.csv", "1200,CNY/kWh", "1200,EUR/kWh")],
        ["costs.csv line 5: unit 'EUR/kWh': is in EUR, the park's money is CNY; currencies are never converted silently"],
    ),
    ([("costs.csv", "1200,CNY/kWh", "1200,")], ["costs.csv line 5: unit: is blank; write CNY/MWh, or a unit of that dimension"]),
    (
        [("costs.csv", "battery,capital_cost,2025,1200", "battery,retirement_cost,,-1,CNY/kWh\nbattery,capital_cost,2025,1200")],
        ["costs.csv line 5: value = -1 CNY/kWh: is below 0; write a cost as a positive number"],
    ),
    (
        [("costs.csv", "battery,lifetime,,12,year", "battery,lifetime,,12,year\nbattery,grant,,30,1")],
        ["costs.csv line 7: value = 30: is above 1; write a share (0.3), not a percentage"],
    ),
    (
        [("costs.csv", "gas-boiler,lifetime", "gas-boiler,fixed_cost,2030,9,CNY/kW/year\ngas-boiler,lifetime")],
        ["costs.csv line 4: unit 'CNY/kW/year': the fixed_cost of 'gas-boiler' is in %/year and in money; choose one"],
    ),
    (
        [("ports.csv", "gas-boiler,gas,in,1.1\ngas-boiler,heat,out,1\n", "")],
        [
            "types.csv line 2: converter 'gas-boiler': has no ports; say in ports.csv what flows in and out",
            "demand.csv line 4: carrier 'heat': nothing supplies it; a technology, a supply or a link is needed",
        ],
    ),
    (
        [("ports.csv", "battery,electricity,in,1", "battery,electricity,in,1\nbattery,heat,out,1")],
        ["types.csv line 3: store 'battery': has 2 (electricity, heat); a store has one carrier in its ports in ports.csv"],
    ),
    (
        [("ports.csv", "battery,electricity,in,1\n", "")],
        ["types.csv line 3: store 'battery': has none; a store has one carrier in its ports in ports.csv"],
    ),
    (
        [("ports.csv", "scrubber,co2,out,1", "scrubber,co2,out,2")],
        ["types.csv line 4: capture 'scrubber': has no out port of carrier co2 with ratio 1; add it in ports.csv"],
    ),
    (
        [("ports.csv", "gas-boiler,heat,out,1", "gas-boiler,heat,out,1\ngas-boiler,co2,out,0.2")],
        ["ports.csv line 4: carrier 'co2': only capture plants feed it, only sinks and links take it; remove this port"],
    ),
    (
        [("ports.csv", "gas-boiler,heat,out,1", "gas-boiler,heat,out,1\ngas-boler,co2,out,0.2")],
        ["ports.csv line 4: type 'gas-boler': is no type; did you mean 'gas-boiler'? `plan catalogue` lists them all"],
    ),
    (
        [("captures.csv", "capture,boiler", "captur,boiler")],
        ["captures.csv line 2: technology 'captur': is no technology; did you mean 'capture'?"],
    ),
    (
        [("captures.csv", "capture,boiler", "battery,boiler")],
        ["captures.csv line 2: technology 'battery': is a store; a technology of role capture is needed"],
    ),
    (
        [("captures.csv", "capture,boiler", "capture,boilr")],
        ["captures.csv line 2: source 'boilr': is no technology, process emission or 'air'; did you mean 'boiler'?"],
    ),
    (
        [("captures.csv", "capture,boiler", "capture,roof")],
        ["captures.csv line 2: source 'roof': burns nothing that is bought with scope 1; it has no CO2 to take"],
    ),
    (
        [("captures.csv", "capture,boiler", "capture,battery")],
        ["captures.csv line 2: source 'battery': is a store; only a converter burns a fuel"],
    ),
    (
        [("captures.csv", "capture,boiler,0.9\ncapture,kiln,0.9\n", "")],
        ["technologies.csv line 5: technology 'capture': takes CO2 from nothing; name its sources in captures.csv"],
    ),
    (
        [("process_emissions.csv", "t,1,1", "t,1,0")],
        ["captures.csv line 3: source 'kiln': is not capturable; write capturable = 1 in process_emissions.csv"],
    ),
    (
        [("process_emissions.csv", "1000,t", "-1000,t")],
        ["process_emissions.csv line 2: value = -1000 t: is below 0; what takes CO2 up is restoration or an offset"],
    ),
    (
        [("process_emissions.csv", "1000,t", "1000,MWh")],
        ["process_emissions.csv line 2: unit 'MWh': t or a unit of that dimension is needed"],
    ),
]


@pytest.mark.parametrize(("edits", "lines"), FAULTS)
def test_every_fault_of_equipment_is_said_and_nothing_else(park, edits, lines):
    for file, old, new in edits:
        park.edit(file, old, new)
    assert list(park.complaints()) == lines
