"""Stores in tables: power apart, levels and inflows, and what is said of those that cannot be."""

TYPES = "type,role,power_type,min_level,initial_level,full_power_hours\npacks,store,inverter,0.1,0.5,\ninverter,converter,,,,\n"
TECHNOLOGIES = "technology,type,existing,max_build,inflow,inflow_profile\npacks,packs,4,0,100,day\ninverter,inverter,1,0,,\n"
PORTS = "type,carrier,direction,ratio\npacks,heat,out,1\n"


def laid(park, types: str = TYPES, technologies: str = TECHNOLOGIES, ports: str = PORTS) -> None:
    """The rows beside those of the park."""
    for name, text in (("types", types), ("technologies", technologies), ("ports", ports)):
        head, *rows = (park.folder / f"{name}.csv").read_text().splitlines()
        own, *added = text.splitlines()
        columns = list(dict.fromkeys([*head.split(","), *own.split(",")]))
        made = [dict(zip(head.split(","), row.split(","), strict=True)) for row in rows]
        made += [dict(zip(own.split(","), row.split(","), strict=True)) for row in added]
        lines = [",".join(row.get(c, "") for c in columns) for row in made]
        park.write(f"{name}.csv", "\n".join([",".join(columns), *lines]) + "\n")


def test_power_levels_and_inflow_are_read(park):
    laid(park)
    case = park.read()
    kind = next(t for t in case.types if t.type == "packs")
    row = next(t for t in case.technologies if t.technology == "packs")
    assert (kind.power_type, kind.min_level, kind.initial_level) == ("inverter", 0.1, 0.5)
    assert (row.inflow, row.inflow_profile) == (100.0, "day")


def test_each_fault_is_one_line(park):
    types = TYPES.replace("0.1,0.5", "0.6,0.5").replace("inverter,converter,,,", "inverter,converter,,0.2,")
    laid(park, types, TECHNOLOGIES.replace("inverter,1,0,,", "inverter,1,0,5,"), PORTS + "inverter,heat,out,1\n")
    told = " | ".join(park.complaints())
    for words in ("initial_level = 0.5: is below min_level 0.6", "min_level = 0.2: is of stores of energy only",
        "type 'inverter': is the power of stores, which has no ports", "inflow = 5: is of stores of energy only"):
        assert words in told


def test_the_power_stands_in_the_zone_of_the_store(park):
    laid(park, technologies=TECHNOLOGIES.replace("inverter,inverter", "inverter,gas-boiler"))
    told = "store 'packs': its power is of type 'inverter', and 'park' has no technology of it; add one to technologies.csv"
    assert any(told in fault for fault in park.complaints())


def test_a_power_type_is_a_type(park):
    laid(park, TYPES.replace("inverter,0.1", "invertor,0.1"))
    assert any("power_type 'invertor'" in fault and "inverter" in fault for fault in park.complaints())
