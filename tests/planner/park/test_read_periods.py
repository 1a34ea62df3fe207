"""prices.csv `period`, `months`, `days`, `hours`, `ratchet`: of demand charges, with hours, the same in all rows."""


def test_periods_and_ratchets_that_cannot_be(park):
    text = """supply,item,year,value,unit,period,months,days,hours,ratchet
grid,energy,2025,600,CNY/MWh,,,,,0.5
grid,demand_charge,2025,40,CNY/kW/month,,6-8,,,
grid,demand_charge,2025,41,CNY/kW/month,peak,,,8-30,
grid,demand_charge,2025,42,CNY/kW/month,night,,,,
grid,demand_charge,2025,43,CNY/kW/month,noon,,,11-13,
grid,demand_charge,2030,44,CNY/kW/month,noon,,,12-13,
gas,energy,2025,300,CNY/MWh,,,,,
gas,demand_charge,2025,9,CNY/kW/year,,,,,0.5
"""
    park.write("prices.csv", text)
    assert list(park.complaints()) == [
        "prices.csv line 2: ratchet = 0.5: is of a demand_charge only; leave it blank",
        "prices.csv line 3: period: is blank; name the hours that months, days and hours tell of",
        "prices.csv line 4: hours '8-30': is no list of ranges within 0-23; write it as 8-11;17-21",
        "prices.csv line 5: period 'night': has no hours; write months, days or hours, or leave it blank",
        "prices.csv line 7: hours '12-13': differs from '11-13' in line 6; it is the same in all rows of supply 'grid', item 'demand_charge', period 'noon'",
        "prices.csv line 9: ratchet = 0.5: is of a charge by the month only; leave it blank",
    ]
