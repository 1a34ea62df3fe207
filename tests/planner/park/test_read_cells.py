"""Cells: numbers, dates, blanks, units, keys."""

import pytest

FAULTS = [
    ([("demand.csv", "4,GWh/year", "-3,MWh")],
     ["demand.csv line 4: value = -3 MWh: is below 0; write what is used as a positive number"]),
    ([("demand.csv", "4,GWh/year", '"0,5",MWh')],
     ["demand.csv line 4: value = '0,5' MWh: is no number; write a decimal point (0.5)"]),
    ([("demand.csv", "4,GWh/year", '"1,000",MWh')],
     ["demand.csv line 4: value = '1,000' MWh: is no number; write 1000 or 1.000, whichever is meant"]),
    ([("demand.csv", "4,GWh/year", '"0,125",MWh')],
     ["demand.csv line 4: value = '0,125' MWh: is no number; write a decimal point (0.125)"]),
    ([("demand.csv", "4,GWh/year", '"1,000.5",MWh')],
     ["demand.csv line 4: value = '1,000.5' MWh: is no number; write it without separators (1000.5), a decimal point as '.'"]),
    ([("demand.csv", "4,GWh/year", "=2+2,MWh")],
     ["demand.csv line 4: value = '=2+2' MWh: is no number; it is a formula: save the sheet with its values"]),
    ([("demand.csv", "4,GWh/year", "nan,MWh")],
     ["demand.csv line 4: value = 'nan' MWh: is no number; write digits with a decimal point, or leave the cell blank where it may be"]),
    ([("demand.csv", "4,GWh/year", "inf,MWh")],
     ["demand.csv line 4: value = 'inf' MWh: is no number; write digits with a decimal point, or leave the cell blank where it may be"]),
    ([("demand.csv", "4,GWh/year", "1e13,MWh")],
     ["demand.csv line 4: value = 1e13 MWh: is too large; no figure of a park is above 1e12"]),
    ([("demand.csv", "4,GWh/year", ",MWh")], ["demand.csv line 4: value: is blank; it is needed (Energy used in the year)"]),
    ([("demand.csv", "4,GWh/year", "4,MW")], ["demand.csv line 4: unit 'MW': MWh or a unit of that dimension is needed"]),
    ([("demand.csv", "4,GWh/year", "4,GWhh")],
     ["demand.csv line 4: unit 'GWhh': cannot be read; write MWh or a unit of that dimension"]),
    ([("demand.csv", "halls,heat,2025", "halls,heat,2025.5")], ["demand.csv line 4: year = 2025.5: is no whole number"]),
    ([("demand.csv", "halls,heat,2025", "halls,heat,0")],
     ["demand.csv line 4: year = 0: is below 1; write a number of at least 1"]),
    ([("demand.csv", "machines,electricity,2035", "machines,electricity,2025")],
     ["demand.csv line 3: demand 'machines' of 2025: is there already, in line 2; keep one row"]),
    ([("demand.csv", "machines,electricity,2035", "machines,electricity,")],
     ["demand.csv line 3: demand 'machines': a row without a year holds for all years, yet line 2 is of the same name; write the year in each row, or keep one row"]),
    ([("demand.csv", "9000,MWh,day", "9000,MWh,sun")],
     ["demand.csv line 3: profile 'sun': differs from 'day' in line 2; it is the same in all rows of demand 'machines'"]),
    ([("demand.csv", "9000,MWh,day", "9000,MWh,days")],
     ["demand.csv line 3: profile 'days': differs from 'day' in line 2; it is the same in all rows of demand 'machines'",
      "demand.csv line 3: profile 'days': is no profile of profiles.csv; did you mean 'day'?"]),
    ([("demand.csv", "demand,carrier", "demand,carier")],
     ["demand.csv line 1: column 'carier': is no column of demand.csv; did you mean 'carrier'?"]),
    ([("demand.csv", "demand,carrier", "demand,demand")], ["demand.csv line 1: column 'demand': is there twice; remove one"]),
    ([("demand.csv", "halls,heat", "halls,steam")],
     ["demand.csv line 4: carrier 'steam': nothing supplies it; a technology, a supply or a link is needed"]),
    ([("demand.csv", "halls,heat", "halls,co2")],
     ["demand.csv line 4: carrier 'co2': cannot be demanded; only sinks and links take it"]),
    ([("demand.csv", "8760,MWh,day", "8760,MWh,day,x")],
     ["demand.csv line 2: has 7 cells, the header 6; quote a text that has a comma in it, and write numbers with a decimal point"
     ]),
    ([("demand.csv", "8760,MWh,day", "8760,MWh")],
     ["demand.csv line 2: has 5 cells, the header 6; end a row with commas where its last cells are blank"]),
    ([("demand.csv", "machines,electricity,2025", '"machines,electricity,2025')],
     ['demand.csv line 2: cannot be read as CSV (unexpected end of data); look for a quote (") that is not closed']),
]


@pytest.mark.parametrize(("edits", "lines"), FAULTS)
def test_every_fault_of_a_cell_is_said_and_nothing_else(park, edits, lines):
    for file, old, new in edits:
        park.edit(file, old, new)
    assert list(park.complaints()) == lines
