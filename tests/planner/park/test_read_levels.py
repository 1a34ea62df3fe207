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


