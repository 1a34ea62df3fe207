"""committed.csv: what an order must name, and that orders alone keep within max_capacity and budget."""

import pytest
from tabled import cases_of

HEADER = "technology,year,build,capital_cost\n"


def test_signed_orders_are_read(park):
    park.write("committed.csv", HEADER + "battery,2025,2,\nbattery,2027,3,1000000\n")
    assert [(c.technology, c.year, c.build, c.capital_cost) for c in park.read().committed] == [("battery", 2025, 2.0, None),
        ("battery", 2027, 3.0, 1e6)]


@pytest.mark.parametrize(("rows", "faults"), cases_of(__file__, "committed"))
def test_what_is_wrong_with_a_signed_order_is_said(park, rows, faults):
    park.write("committed.csv", HEADER + rows + "\n")
    assert list(park.complaints()) == faults


