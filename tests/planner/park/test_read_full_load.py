"""technologies.csv `min_hours`, `max_hours`: of plants that have any, in order, and within what the sun allows."""

ROWS = {"roof": "roof,solar-rooftop,0,,,,sun,roofs,1", "boiler": "boiler,gas-boiler,5,8,,,,,", "battery": "battery,,0,10,,,,,"}


def with_hours(park, **hours: str) -> None:
    """Least and most hours of the technologies named, as cells."""
    text = ["technology,type,existing,max_capacity,max_build,min_build,profile,site,area,min_hours,max_hours"]
    text += [f"{row},{hours.get(name, ',')}" for name, row in ROWS.items()]
    park.write("technologies.csv", "\n".join([*text, "capture,scrubber,0,2,,,,,,,\n"]))


def test_hours_that_cannot_be(park):
    """The sun of this park is half up for 11 of 24 hours: 2007.5 full-load hours."""
    with_hours(park, roof="5000,", boiler="4000,3000", battery=",100")
    assert list(park.complaints()) == [
        "technologies.csv line 2: min_hours = 5000: profile 'sun' gives 2,008 full-load hours; lower it",
        "technologies.csv line 3: min_hours = 4000: is above max_hours 3000",
        "technologies.csv line 4: max_hours = 100: is of converters and capture plants only; leave it blank",
    ]


def test_an_outage_leaves_fewer_hours(park):
    with_hours(park, boiler="8000,")
    assert list(park.complaints()) == []
    text = (park.folder / "types.csv").read_text().replace("role,charge", "role,outage,charge").replace("er,,", "er,0.1,,")
    park.write("types.csv", text.replace("store,", "store,,").replace("capture,,", "capture,,,"))
    assert list(park.complaints()) == ["technologies.csv line 3: min_hours = 8000: outage leaves 7,884 h; lower it"]


def test_a_least_load_that_takes_more_than_the_most_hours(park):
    with_hours(park, boiler=",3000")
    assert list(park.complaints()) == []
    park.edit("types.csv", "gas-boiler,converter,,", "gas-boiler,converter,,0.5")
    assert list(park.complaints()) == [
        "technologies.csv line 3: max_hours = 3000: min_load 0.5 alone takes 4380 h; lower it, or write commitment = 1"]
