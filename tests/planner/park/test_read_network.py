"""Zones, links, and carriers that cannot come where they are needed."""

import pytest
from tabled import cases_of


@pytest.fixture
def zoned(park):
    """The small park in two zones: the supplies and the equipment in one, the machines in the other."""
    for file, first in (("technologies.csv", "technology"), ("demand.csv", "demand"), ("supplies.csv", "supply")):
        lines = (park.folder / file).read_text().splitlines()
        rows = [f"{line},{'town' if line.startswith('machines') else 'works'}" for line in lines[1:]]
        park.write(file, "\n".join([lines[0] + ",zone", *rows]) + "\n")
        assert lines[0].startswith(first)
    park.write("links.csv",
        "link,carrier,from,to,type,length,max_capacity,min_build,both_ways\nline,electricity,works,town,cable,5,10,,1\n")
    return park


def test_a_park_of_two_zones_is_read_and_its_link_costs_come_from_the_catalogue(zoned):
    case = zoned.read()
    assert [c.unit for c in case.costs if c.type == "cable"] == ["CNY/MW/km", "year"] and case.links[0].from_zone == "works"


def test_a_link_type_with_its_own_capital_cost_and_lifetime_takes_nothing_from_the_catalogue(zoned):
    (zoned.catalogue / "costs.csv").open("a").write("cable,fixed_cost,,2,%/year,a book,,seen\n")
    assert "fixed_cost" in {c.parameter for c in zoned.read().costs if c.type == "cable"}
    zoned.add("costs.csv", "cable,capital_cost,,9,CNY/MW/km")
    zoned.add("costs.csv", "cable,lifetime,,9,year")
    assert "fixed_cost" not in {c.parameter for c in zoned.read().costs if c.type == "cable"}


@pytest.mark.parametrize(("file", "old", "new", "lines"), cases_of(__file__, "network"))
def test_every_fault_of_the_network_is_said(zoned, file, old, new, lines):
    zoned.edit(file, old, new)
    assert list(zoned.complaints()) == lines


def test_what_a_technology_makes_and_nothing_takes_is_a_warning(park):
    park.edit("ports.csv", "battery,electricity", "gas-boiler,steam,out,1\nbattery,electricity")
    assert park.read().warnings[-1] == ("technologies.csv line 3: technology 'boiler': makes steam, which nothing takes; "
        "it can only stand still (a sink with max_export would take it)")


def test_a_zone_exists_where_only_links_name_it(zoned):
    """A junction: a line from the works to it, and one from it to the town."""
    zoned.edit("links.csv", "line,electricity,works,town", "line,electricity,works,yard")
    zoned.add("links.csv", "other,electricity,yard,town,cable,5,10,,1")
    case = zoned.read()
    assert [(link.from_zone, link.to_zone) for link in case.links] == [("works", "yard"), ("yard", "town")]
    assert not any("zone" in line for line in case.warnings)


@pytest.mark.parametrize(("zone", "hint"), [("twon", "; did you mean 'town'?"), ("quarry", "")])
def test_an_end_in_which_nothing_is_and_from_which_nothing_leads_on_is_a_warning(zoned, zone, hint):
    zoned.add("links.csv", f"other,electricity,works,{zone},cable,5,10,,1")
    said = f"links.csv line 3: zone '{zone}': nothing is in it and no other link of electricity ends there, so 'other' is of no use{hint}"
    assert [line for line in zoned.read().warnings if "nothing is in it" in line] == [said]
    zoned.add("links.csv", f"pipe,heat,works,{zone},cable,5,10,,1")
    assert sum("nothing is in it" in line for line in zoned.read().warnings) == 2


@pytest.mark.parametrize(("column", "value", "said"),
    [("min_build", "0.5", "min_build = 0.5"), ("partial_retirement", "0", "partial_retirement = 0")])
def test_a_link_whose_orders_need_a_bound_takes_one_where_its_carrier_is_used(zoned, column, value, said):
    """Of electricity 1.37 MW are demanded, 5 MW sold, and 0.1 of the 3 t/h of CO2 that can leave: four times 6.67 MW."""
    header = f"link,carrier,from,to,type,length,max_capacity,{column}\n"
    zoned.write("links.csv", f"{header}line,electricity,works,town,cable,5,,{value}\n")
    case = zoned.read()
    assert case.links[0].max_build == 27.0
    assert [(a.name, a.value) for a in case.assumptions if (a.table, a.parameter) == ("links", "max_build")] == [("line", "27")]
    zoned.write("links.csv", f"{header}line,steam,works,town,cable,5,,{value}\n")
    assert f"links.csv line 2: {said}: needs a limit of the build; give max_capacity or max_build" in zoned.complaints()
    zoned.write("links.csv", f"{header}line,electricity,works,town,cable,5,9,{value}\n")
    assert zoned.read().links[0].max_build is None


@pytest.fixture
def ordered(zoned):
    """The line stands with 5 MW, and both tables of orders name it."""
    zoned.write("links.csv", "link,carrier,from,to,type,length,existing,max_capacity,max_build,keep,existing_unit\n"
        "line,electricity,works,town,cable,5,5,10,4,2,2.5\n",)
    zoned.write("limits.csv", "technology,year,item,value\nline,2027,max_capacity,9\nline,2028,existing,2.5\n")
    zoned.write("committed.csv", "technology,year,build,capital_cost\nline,2027,3,\nline,2025,1,\n")
    return zoned


def test_links_have_the_columns_and_tables_of_orders(ordered):
    case = ordered.read()
    link = case.links[0]
    assert (link.max_build, link.keep) == (4.0, 2.0)
    assert [(r.technology, r.item, r.value) for r in case.limits] == [("line", "existing", 2.5), ("line", "max_capacity", 9.0)]
    assert [(r.technology, r.build) for r in case.committed] == [("line", 1.0), ("line", 3.0)]


@pytest.mark.parametrize(("file", "old", "new", "lines"), cases_of(__file__, "network, every fault of the orders of a link is said"))
def test_every_fault_of_the_orders_of_a_link_is_said(ordered, file, old, new, lines):
    ordered.edit(file, old, new)
    assert list(ordered.complaints()) == lines


def test_what_is_signed_of_a_link_keeps_within_the_budget(ordered):
    """3 MW of 5 km of the catalogue's cable."""
    price = next(c.value for c in ordered.read().costs if (c.type, c.parameter) == ("cable", "capital_cost"))
    ordered.write("budget.csv", f"year,capital\n2027,{3 * 5 * price - 1}\n")
    (line,) = ordered.complaints()
    assert line.startswith("budget.csv line 2: capital =") and line.endswith("that signed orders of that year cost")
    ordered.write("budget.csv", f"year,capital\n2027,{3 * 5 * price}\n")
    assert ordered.complaints() == ()


