"""Connections that supplies share."""

import pytest
from tabled import cases_of


@pytest.fixture
def connected(park):
    """The small park with its grid behind a connection, and the charge of it in the connection's name."""
    park.edit("supplies.csv", "scope,fuel\n", "scope,fuel,connection\n")
    park.edit("supplies.csv", "grid-cn\ngas,gas,fuel,,,1,\nstore,co2,sink,,3,,",
        "grid-cn,line\ngas,gas,fuel,,,1,,\nstore,co2,sink,,3,,,")
    park.write("connections.csv", "connection,carrier,max_import,max_export,type,existing,max_capacity\nline,electricity,15,4,,,\n")
    park.edit("prices.csv", "grid,demand_charge", "line,demand_charge")
    return park


def test_a_connection_is_read_with_its_charge(connected):
    case = connected.read()
    assert case.connections[0].max_import == 15 and {s.connection for s in case.supplies if s.supply == "grid"} == {"line"}


def test_the_costs_of_a_connection_with_a_type_come_from_the_catalogue(connected):
    (connected.catalogue / "costs.csv").open("a").write(
        "bay,capital_cost,,50,EUR/kW,a book,,seen\nbay,lifetime,,40,year,a book,,seen\n")
    connected.edit("connections.csv", "line,electricity,15,4,,,", "line,electricity,,4,bay,2,30")
    assert [c.unit for c in connected.read().costs if c.type == "bay"] == ["CNY/kW", "year"]


@pytest.mark.parametrize(("file", "old", "new", "lines"), cases_of(__file__, "connections"))
def test_every_fault_of_a_connection_is_said(connected, file, old, new, lines):
    connected.edit(file, old, new)
    assert list(connected.complaints()) == lines


@pytest.fixture
def schemed(connected):
    """The grid under one scheme, and the charge of the connection too."""
    for file, header, rows in (("supplies.csv", "fuel,connection", ",line"), ("prices.csv", "value,unit", "CNY/kW/month")):
        lines = (connected.folder / file).read_text().splitlines()
        changed = [lines[0] + ",scheme"] + [line + (",two-part" if rows in line else ",") for line in lines[1:]]
        assert header in lines[0]
        connected.write(file, "\n".join(changed) + "\n")
    return connected


def test_schemes_are_read(schemed):
    case = schemed.read()
    assert {s.scheme for s in case.supplies if s.supply == "grid"} == {"two-part"}
    assert [p.scheme for p in case.prices if p.item == "demand_charge"] == ["two-part"]


@pytest.mark.parametrize(("file", "old", "new", "line"), cases_of(__file__, "connections, every fault of a scheme is said"))
def test_every_fault_of_a_scheme_is_said(schemed, file, old, new, line):
    schemed.edit(file, old, new)
    assert list(schemed.complaints()) == [line]
