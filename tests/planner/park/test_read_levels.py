"""Levels of heat: ports against the temperatures of carriers, and heat pumps whose COP follows from theirs."""

import pytest

DELIVERS = (
    "technologies.csv line 3: technology 'boiler': 'gas-boiler' delivers heat of 110 °C at most, and heat has 130 °C (carriers.csv)"
)


def with_temperature(park, in_gas: str = "", out_heat: str = "") -> None:
    """The boiler with temperatures of its ports."""
    lines = (park.folder / "ports.csv").read_text().splitlines()
    told = {"gas-boiler,gas,in": in_gas, "gas-boiler,heat,out": out_heat}
    filled = [f"{line},{'temperature' if i == 0 else next((t for start, t in told.items() if line.startswith(start)), '')}"
        for i, line in enumerate(lines)]
    park.write("ports.csv", "\n".join(filled) + "\n")


def test_a_port_delivers_at_most_its_temperature(park):
    with_temperature(park, out_heat="110")
    park.write("carriers.csv", "carrier,temperature,return\nheat,110,60\n")
    (heat,) = park.read().carriers
    assert (heat.temperature, heat.return_) == (110.0, 60.0)
    park.write("carriers.csv", "carrier,temperature\nheat,130\n")
    (fault,) = park.complaints()
    assert fault.startswith(DELIVERS)


def test_a_port_needs_at_least_its_temperature_and_what_would_do_is_named(park):
    with_temperature(park, in_gas="60")
    park.write("carriers.csv", "carrier,temperature\ngas,50\n")
    (fault,) = park.complaints()
    assert "'gas-boiler' needs gas of 60 °C, and gas has 50 °C" in fault and "would do" in fault


def test_the_catalogue_tells_the_temperature_that_a_park_does_not_state(park):
    (park.catalogue / "carriers.csv").write_text("carrier,temperature,source,grade\nheat,80,a book,seen\nsteam,175,a book,seen\n")
    case = park.read()
    assert [(c.carrier, c.temperature) for c in case.carriers] == [("heat", 80.0)]
    (told,) = [a for a in case.assumptions if a.table == "carriers"]
    assert (told.name, told.parameter, told.value, told.unit, told.source) == ("heat", "temperature", "80", "°C", "a book")
    with_temperature(park, out_heat="70")
    assert "delivers heat of 70 °C at most, and heat has 80 °C" in park.complaints()[0]


def with_pump(park, source: str, electricity: str = "") -> None:
    """A heat pump to 80 °C at half of the best COP, with ratios of its ports where they are given."""
    lines = (park.folder / "types.csv").read_text().splitlines()
    columns = "source_temperature,sink_temperature,carnot_share"
    head = lines[0].split(",")
    own = ["pump" if c == "type" else "converter" if c == "role" else "" for c in head]
    types = [f"{lines[0]},{columns}", *(f"{line},,," for line in lines[1:]), ",".join([*own, source, "80", "0.5"])]
    park.write("types.csv", "\n".join(types) + "\n")
    ports = (park.folder / "ports.csv").read_text().splitlines()
    assert ports[0] == "type,carrier,direction,ratio"
    park.write("ports.csv", "\n".join([*ports, "pump,heat,out,1", f"pump,electricity,in,{electricity}"]) + "\n")
    technologies = (park.folder / "technologies.csv").read_text().splitlines()
    park.write("technologies.csv", "\n".join([*technologies, "pump,pump,1,,0" + "," * (technologies[0].count(",") - 4)]) + "\n")


def ratio(park, carrier: str = "electricity") -> float:
    return next(p.ratio for p in park.read().ports if p.type == "pump" and p.carrier == carrier)


def test_a_heat_pump_has_its_ratio_from_its_temperatures_unless_the_park_states_it(park):
    """Half of the best COP from 30 to 80 °C: 0.5 x 353.15 / 50 = 3.5315."""
    with_pump(park, "30")
    assert ratio(park) == pytest.approx(1 / 3.5315)


def test_a_ratio_that_the_park_states_is_kept(park):
    with_pump(park, "30", electricity="0.25")
    assert ratio(park) == 0.25


def test_the_source_of_a_heat_pump_may_have_a_profile(park):
    """The ratio of each hour is (80 - T) / (0.5 x 353.15)."""
    name = next(iter(park.read().profiles))
    source = park.read().profiles[name]
    with_pump(park, name)
    case = park.read()
    port = next(p for p in case.ports if p.type == "pump" and p.carrier == "electricity")
    assert port.ratio * case.profiles[port.profile] == pytest.approx((80 - source) / (0.5 * 353.15))


@pytest.mark.parametrize(("source", "fault"), [
    ("80", "source_temperature = 80: is not below sink_temperature = 80, so nothing is to be lifted"),
    ("warm", "source_temperature 'warm': is neither a number nor a profile of profiles.csv"),
    ("", "heat pump: source_temperature is missing; source_temperature, sink_temperature and carnot_share go together"),
])
def test_what_is_wrong_with_the_temperatures_of_a_heat_pump_is_said(park, source, fault):
    with_pump(park, source)
    assert any(fault in line for line in park.complaints())


def test_a_demand_needs_a_carrier_that_is_warm_or_cold_enough(park):
    """Heat of 80 °C serves halls at 60 and no baths at 90; water of 12 °C, which comes back at 18, cools no room at 8."""
    lines = (park.folder / "demand.csv").read_text().splitlines()
    name = lines[1].split(",")[0]
    carrier = lines[1].split(",")[1]
    for needed, levels, said in (("60", "80,50", ""), ("90", "80,50", "needs 90 °C, and"), ("8", "12,18", "needs 8 °C at most"),
        ("15", "12,18", ""), ("8", "12,", "needs 8 °C at most")):
        told = [
            f"{line},{'temperature' if i == 0 else needed if line.startswith(name + ',') else ''}" for i, line in enumerate(lines)]
        park.write("demand.csv", "\n".join(told) + "\n")
        park.write("carriers.csv", f"carrier,temperature,return\n{carrier},{levels}\nother,120,90\n")
        found = park.complaints()
        assert [said in text for text in found] == ([True] if said else [])
        assert ("these carriers would do: other" in "".join(found)) == (needed == "90")
