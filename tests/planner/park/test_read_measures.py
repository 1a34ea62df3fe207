"""Measures, savings, offsets, restoration, budget."""

import pytest

FAULTS = [
    ([("offsets.csv", "120,200", "120,")],
     ["offsets.csv line 3: max_volume: is blank, other rows of 'credits' give it; write it in each (a large number for no limit)"
     ]),
    ([("offsets.csv", "credits,avoidance,2035", "credits,removal,2035")],
     ["offsets.csv line 3: kind 'removal': differs from 'avoidance' in line 2; it is the same in all rows of offset 'credits'"]),
    ([("offsets.csv", "credits,avoidance,2025,80", "credits,avoidence,2025,80")],
     ["offsets.csv line 2: kind 'avoidence': is no kind; did you mean 'avoidance'?"]),
    ([("uptake.csv", "wood,0,1\nwood,10,8\n", "")],
     ["restoration.csv line 2: project 'wood': has no uptake; give it by age in uptake.csv"]),
    ([("uptake.csv", "wood,10", "woods,10")], ["uptake.csv line 3: project 'woods': is no project; did you mean 'wood'?"]),
    ([("measures.csv", "led,100000,0", "led,100000,3%")],
     ["measures.csv line 2: fixed_cost = '3%' CNY/year: is no number; write an amount in CNY/year, not a percentage"]),
    ([("savings.csv", "led,machines,0.05", "led,machines,5%")],
     ["savings.csv line 2: saving = '5%': is no number; write a share (0.05)"]),
    ([("savings.csv", "led,machines", "lid,machines")], ["savings.csv line 2: measure 'lid': is no measure; did you mean 'led'?"]),
    ([("savings.csv", "led,machines", "led,machine")],
     ["savings.csv line 2: demand 'machine': is no demand; did you mean 'machines'?"]),
    ([("savings.csv", "machines,0.3", "machine,0.3")],
     ["savings.csv line 5: adds 'machine': is no demand; did you mean 'machines'?"]),
    ([("savings.csv", "machines,0.3", "machines,")],
     ["savings.csv line 5: adds_ratio: is blank; say how many MWh are added per MWh saved"]),
    ([("savings.csv", "machines,0.3", ",0.3")], ["savings.csv line 5: adds_ratio = 0.3: adds to nothing; name the demand in adds"]),
    ([("savings.csv", "machines,0.3", "halls,0.3")],
     ["savings.csv line 5: adds 'halls': is the demand that is saved; name another one"]),
    ([("savings.csv", "led,machines,0.05,,", "led,machines,0.05,halls,1")],
     ["savings.csv line 2: adds 'halls': what is saved on 'halls' is added to 'machines' in turn; break the circle",
      "savings.csv line 5: adds 'machines': what is saved on 'machines' is added to 'halls' in turn; break the circle"]),
    ([("savings.csv", "led,machines,0.05", "led,machines,5")],
     ["savings.csv line 2: saving = 5: is above 1; write a share (0.05), not a percentage"]),
    ([("measures.csv", "10,,insulation", "10,,insolation")],
     ["measures.csv line 4: requires 'insolation': is no measure; did you mean 'insulation'?"]),
    ([("measures.csv", "10,,insulation", "10,,sealing")],
     ["measures.csv line 4: requires 'sealing': is the measure itself; remove it"]),
    ([("measures.csv", "200000,0,20,,", "200000,0,20,,sealing")],
     ["measures.csv line 4: requires 'insulation': these measures require 'sealing' in turn; break the circle",
      "measures.csv line 5: requires 'sealing': these measures require 'insulation' in turn; break the circle"]),
    ([("measures.csv", "10,,insulation", "10,light,led")],
     ["measures.csv line 4: requires 'led': 'led' and 'sealing' are of group 'light', of which one at most is in force; change the group or what is required"]),
    ([("measures.csv", "10,,insulation", "10,,led;sensors")],
     ["measures.csv line 4: requires 'led;sensors': 'sensors' and 'led' are of group 'light', of which one at most is in force; change the group or what is required"]),
    ([("measures.csv", "led,100000,0,10", "led,100000,0,0")],
     ["measures.csv line 2: lifetime = 0: is below 1; write a number of at least 1"]),
    ([("measures.csv", "led,100000,0,10", "insulation,100000,0,10")],
     ["measures.csv line 5: measure 'insulation': is there already, in line 2; keep one row",
      "savings.csv line 2: measure 'led': is no measure; write 'insulation' or 'sealing' or 'sensors'"]),
    ([("budget.csv", "2026,1000000", "2026,1000000\n2026,5")],
     ["budget.csv line 3: year 2026: is there already, in line 2; keep one row"]),
]


@pytest.mark.parametrize(("edits", "lines"), FAULTS)
def test_every_fault_of_a_measure_or_offset_is_said_and_nothing_else(park, edits, lines):
    for file, old, new in edits:
        park.edit(file, old, new)
    assert list(park.complaints()) == lines
