"""What things are called, in both languages, and of what kind they are."""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from planner.answer.page.table import COUNT, Styles, colours, looks_of
from planner.answer.purchase import Titles, titled
from planner.tables.output import KINDS, Output, catalogue_names, names_table

CATALOGUE = Path(__file__).parents[2] / "data" / "catalogue"
KEYS = {"types": "type", "supplies": "supply", "measures": "measure", "restoration": "project", "offsets": "offset",
    "certificates": "certificate"}


@pytest.mark.parametrize(("table", "key"), KEYS.items())
def test_everything_that_the_catalogue_offers_has_a_name_in_both_languages_and_a_kind(table, key):
    with (CATALOGUE / f"{table}.csv").open(encoding="utf-8") as file:
        offered = {row[key] for row in csv.DictReader(file)}
    named = {name: words for (of, name), words in catalogue_names().items() if of == table}
    assert offered - set(named) == set()
    for words in named.values():
        assert words.kind in KINDS and words.title_en and re.search("[\u4e00-\u9fff]", words.title_zh)


@pytest.fixture
def names(small):
    def made(**cells: dict[str, str]) -> dict[str, dict[str, str]]:
        for table, rows in cells.items():
            small.write(f"{table}.csv", rows)
        from planner.park import read_case

        return names_table(read_case(small.folder)).set_index("name").to_dict("index")
    return made


def test_the_parks_own_titles_go_first_each_in_its_language(names):
    measures = (
        "measure,capital_cost,lifetime,title,title_en,title_zh\nled-lighting,100,10,,,\nmine,100,10,Own,,自己的\nboth,1,10,,A,\n")
    found = names(measures=measures, savings="measure,demand,saving\n")
    assert (found["led-lighting"]["title_en"], found["led-lighting"]["title_zh"]) == ("LED lighting", "LED照明改造")
    assert (found["mine"]["title_en"], found["mine"]["title_zh"]) == ("Own", "自己的")
    assert (found["both"]["title_en"], found["both"]["title_zh"]) == ("A", "both")


@pytest.mark.parametrize(("titles", "en", "zh"),
    [("Our panels,,", "Our panels", "Our panels"), ("自家光伏,,", "自家光伏", "自家光伏"), ("Our panels,,自家光伏", "Our panels", "自家光伏"),
     (",Our panels,", "Our panels", "屋顶光伏"), (",,", "Rooftop PV", "屋顶光伏")])
def test_the_parks_own_title_of_a_type_goes_before_the_catalogues(names, small, titles, en, zh):
    """The type has the name of one of the catalogue and is described by the park itself."""
    for file in ("technologies.csv", "ports.csv", "costs.csv"):
        small.edit(file, "solar", "solar-rooftop")
    small.edit("costs.csv", "solar,lifetime", "solar-rooftop,lifetime")
    types = f"type,role,green,title,title_en,title_zh\nsolar-rooftop,converter,1,{titles}\n"
    words = catalogue_names()["types", "solar-rooftop"]
    found = names(types=types)["pv"]
    assert (found["title_en"], found["title_zh"]) == (en.replace("Rooftop PV", words.title_en), zh.replace("屋顶光伏", words.title_zh))
    named = names(technologies="technology,type,existing,max_capacity,profile,title\npv,solar-rooftop,0,1,sun,South roof\n")["pv"]
    assert (named["title_en"], named["title_zh"]) == ("South roof",
        zh.replace("屋顶光伏", words.title_zh) if re.search("[\u4e00-\u9fff]", zh) else "South roof")


def test_two_things_with_one_title_are_told_apart_by_their_names(names):
    measures = "measure,capital_cost,lifetime,title\na,100,10,Same\nb,100,10,Same\n"
    found = names(measures=measures, savings="measure,demand,saving\n")
    assert (found["a"]["title_en"], found["b"]["title_en"]) == ("Same (a)", "Same (b)")


def test_a_kind_has_colours_of_its_own_in_every_chart():
    styles = Styles({"Roof": "sun", "Field": "sun", "Mill": "wind"})
    first, second = styles.of(["Field", "Mill"]), styles.of(["Mill", "Field", "Roof", "thing"])
    assert first["Field"] == second["Field"] in looks_of("sun") and second["Roof"] in looks_of("sun")
    assert second["Mill"] in looks_of("wind") and second["thing"] in looks_of(None) and len(set(second.values())) == 4
    assert len(set(colours())) == COUNT


def test_a_plan_on_typical_days_has_titles_for_names_as_the_others_have():
    rows = {"energy": pd.DataFrame({"name": ["pv"]})}
    output = titled(Output(Path(), {}, {}, {"target": rows}, {}, rows), Titles({"pv": "Rooftop PV"}, {}, {}, {}))
    assert output.plans["target"]["energy"]["name"].tolist() == output.days["energy"]["name"].tolist() == ["Rooftop PV"]
