"""SBTi's standard of two versions: what the year of the goal comes to by each, a park of one MW worked out by hand."""

import json

import pandas as pd
import pytest
from reading import read

from planner.answer.standing_words import told_besides, told_measured, told_standing
from planner.language.language import Language


def told_beside(language, summary):  # type: ignore[no-untyped-def]
    """What is said of each other standard."""
    return (told_measured(language, own) for own in summary["beside"])



@pytest.fixture
def written(small, written_once, tmp_path):
    """Plans the park, to be zero-carbon by 2028 by contract; gives the folder of the output."""
    def write():
        small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
        small.edit("park.toml", "base_emissions = 4380.0", 'base_emissions = 4380.0\naccounting = "market"')
        written_once(small.folder, tmp_path / "out", "en")
        return tmp_path / "out"
    return write


def test_the_second_version_of_sbti_stands_beside_the_first(small, written) -> None:
    """The sun gives half of what is used, and half of what is bought is greened: 0.5 + 0.5 / 2 of it is low-carbon."""
    small.write("certificates.csv", "certificate,supply,year,price,max_share\ngec,grid,,1,0.5\n")
    small.write("supplies.csv", "supply,carrier,kind,max_import,scope,tce_per_mwh\ngrid,electricity,grid,2,2,0.3\n")
    out = written()
    said = {found["name"]: found for found in json.loads((out / "summary.json").read_text())["beside"]}
    rules = {r["metric"]: r for r in said["sbti-v2"]["rules"]}
    assert rules["low_carbon_share"]["value"] == pytest.approx(0.75)
    assert not rules["low_carbon_share"]["holds"] and rules["net_ratio"]["holds"]
    assert set(rules) == {"low_carbon_share", "net_ratio", "avoidance_ratio"}  # the residual is a proposal of this project
    # No certificate is physical, nor in clean energy: half of it is the sun. Each figure says that others quote it.
    factory = {r["metric"]: (r["value"], r["holds"]) for r in said["china-factory"]["rules"]}
    assert factory["own_supply_share"] == (pytest.approx(0.5), True) and factory["clean_share"] == (pytest.approx(0.5), False)
    assert "known second-hand only" in told_besides(Language(), said["china-factory"])
    assert said["sbti"]["title_en"] == "SBTi Corporate Net-Zero Standard V1"
    lines = list(told_beside(Language(), {"beside": list(said.values())}))
    (line,) = (line for line in lines if line.startswith("SBTi Corporate Net-Zero Standard V2.0: not met in 2028."))
    assert "Low-carbon electricity at least 100.0%: not met (75.0%); no net emissions: met (0.0%)" in line
    assert "Voluntary: SBTi Corporate Net-Zero Standard V2.0, of 2026-06-11. Only what has a number in" in line
    chinese = "\n".join(told_beside(Language("zh"), {"beside": [said["sbti-v2"]]}))
    assert chinese.startswith("SBTi 企业净零标准 V2.0：2028 年未达到。低碳电力占用电量比例不低于 100.0%：未达到（75.0%）")
    met = {**said["sbti-v2"], "met": True, "year": 2030}
    assert next(told_beside(Language(), {"beside": [met]})).startswith(
        "SBTi Corporate Net-Zero Standard V2.0: what of it is worked out is met in 2030. Low-carbon")
    assert "科学碳目标倡议（SBTi）《企业净零标准》2.0 版" in chinese and "标准未给出数值" in chinese


@pytest.mark.slow
def test_a_goal_by_the_second_version_of_sbti_has_all_electricity_low_carbon(small, written) -> None:
    """Half of the sun, half greened: gross emissions of 10 % of the base are a proposal, 0 t are left by contract."""
    (small.folder / "stages.csv").unlink()
    small.edit("park.toml", '"ladder"', '"sbti-v2"')
    small.write("certificates.csv", "certificate,supply,year,price,max_share\ngec,grid,,1,1\n")
    out = written()
    rows = pd.read_csv(out / "stages.csv").query("year == 2028").set_index("metric")
    assert rows.loc["low_carbon_share", "value"] == pytest.approx(1.0) and rows["holds"].all()
    items = pd.read_csv(out / "emissions.csv").query("year == 2028").set_index("item")["value"]
    assert items["certified"] == pytest.approx(items["electricity_used"] - items["direct_green"])
    said = json.loads((out / "summary.json").read_text())
    words = told_standing(Language(), said)
    assert "of a voluntary standard, of 2026-06-11: no avoidance credits, low-carbon electricity at least 100.0%, no net emissions; " in words
    assert words.endswith("proposed by this project, set by no authority: gross emissions at most 10.0% of the base year.")
    besides = told_besides(Language(), said["standing"])
    assert "its residual level, which it leaves to pathways" in besides
    page = read((out / "report.html").read_text(encoding="utf-8"))
    assert besides in page.one("answer").text and "SBTi Corporate Net-Zero Standard V1: " in page.one("audit").text
    assert told_besides(Language(), {"name": "sbti-v2", "title_en": "", "title_zh": ""}) == ""  # a park's own of that name
