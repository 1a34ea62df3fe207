"""committed.csv: what an order must name, and that orders alone keep within max_capacity and budget."""

import pytest

HEADER = "technology,year,build,capital_cost\n"


def test_signed_orders_are_read(park):
    park.write("committed.csv", HEADER + "battery,2025,2,\nbattery,2027,3,1000000\n")
    assert [(c.technology, c.year, c.build, c.capital_cost) for c in park.read().committed] == [("battery", 2025, 2.0, None),
        ("battery", 2027, 3.0, 1e6)]


@pytest.mark.parametrize(("rows", "faults"), [
    ("batery,2026,1,", ["committed.csv line 2: technology 'batery': is no technology or link; did you mean 'battery'?"]),
    ("battery,2026,0,", ["committed.csv line 2: build = 0: is not above 0; write a number above 0"]),
    ("battery,2036,1,", ["committed.csv line 2: year = 2036: is after last_year 2035; no plan knows of it"]),
    ("battery,2027,1,\nbattery,2027,2,",
     ["committed.csv line 3: technology 'battery' of 2027: is there already, in line 2; keep one row"]),
    ("battery,2026,6,0\nbattery,2027,5,0",
     ["committed.csv line 3: 'battery': its signed orders come to 11 in 2027, above max_capacity 10"]),
    ("battery,2026,1,", ["budget.csv line 2: capital = 1e+06: is below the 1,200,000 that signed orders of that year cost"]),
    ("battery,2026,0.5,", []),
])
def test_what_is_wrong_with_a_signed_order_is_said(park, rows, faults):
    park.write("committed.csv", HEADER + rows + "\n")
    assert list(park.complaints()) == faults


def test_an_order_of_what_has_no_lifetime_is_a_fault(park):
    park.add("types.csv", "stove,converter,,")
    park.add("ports.csv", "stove,heat,out,1")
    park.add("technologies.csv", "stove,,1,,0,,,,")
    park.write("committed.csv", HEADER + "stove,2025,1,\n")
    assert list(park.complaints()) == [
        "committed.csv line 2: type 'stove': has no lifetime, which an order needs; give it in costs.csv"]
