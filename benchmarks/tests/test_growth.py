"""The table of growth is drawn as it is, and a park with more technologies has second ones."""

import pandas as pd

from benchmarks.growth import VARIED, draw, with_technologies
from benchmarks.park import TECHNOLOGIES, write_park


def test_second_technologies_stand_after_the_first_and_none_of_them_is_there(tmp_path):
    park = write_park(tmp_path / "park", 5)
    with_technologies(park, 15)
    table = pd.read_csv(park / "technologies.csv", dtype=str)
    assert len(table) == 15 and len(TECHNOLOGIES) == 13
    assert list(table["technology"][13:]) == ["roof-pv-second", "field-pv-second"]
    assert list(table["existing"][13:]) == ["0", "0"] and list(table["type"][13:]) == list(table["type"][:2])


def test_each_of_what_is_varied_has_a_chart_with_its_values(tmp_path):
    rows = [{"varied": name, "value": v, "processor": 10.0 + v, "memory": 1.0} for name, values in VARIED.items() for v in values]
    draw(pd.DataFrame(rows), tmp_path / "growth.svg")
    text = (tmp_path / "growth.svg").read_text()
    assert text.count("<polyline") == 3
    assert all(f">{name}<" in text for name in VARIED) and all(f">{10 + v}<" in text for values in VARIED.values() for v in values)
