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


