"""Whose zero it is, and what the year of the goal comes to by other standards: a park of one MW worked out by hand."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from parks import Draft
from reading import read

from planner.answer.standing_words import told_gross, told_guidance, told_in_force, told_measured, told_standing
from planner.answer.summary import by_formula, measured, reckoned
from planner.language.language import Language

GOAL = 'target = "zero-carbon"\nby = 2028\n'


def told_beside(language, summary):  # type: ignore[no-untyped-def]
    """What is said of each other standard."""
    return (told_measured(language, own) for own in summary["beside"])



@pytest.fixture
def written(small, written_once, tmp_path):
    """Plans the park; gives the folder of the output."""

    def write(language: str = "en"):
        small.write("goal.toml", GOAL)
        written_once(small.folder, tmp_path / "out", language)
        return tmp_path / "out"

    return write


def by_table(out, item: str, year: int = 2028) -> float:
    rows = pd.read_csv(out / "emissions.csv")
    return float(rows[(rows["year"] == year) & (rows["item"] == item)]["value"].iloc[0])


def test_a_standard_of_the_park_is_called_its_own(written) -> None:
    said = json.loads((written() / "summary.json").read_text())
    assert {r["standing"] for r in said["standing"]["rules"]} == {""}
    words = told_standing(Language(), said)
    assert (words
        == "Whose zero-carbon it is: ladder; the park's own: gross emissions at most 50.0% of the base year, no net emissions.")


@pytest.mark.slow
def test_the_ladder_of_this_project_is_a_proposal_wherever_it_is_told(small, written) -> None:
    (small.folder / "stages.csv").unlink()
    small.edit("park.toml", '"ladder"', '"reduction-ladder"')
    small.edit("offsets.csv", "300,2000", "300,20000")
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,0,20,,sun\nwind,solar,0,20,,even")
    small.write("profiles.csv", "hour,sun,even\n" + "".join(f"{h},{1 if 6 <= h < 18 else 0},1\n" for h in range(24)))
    out = written()
    page = read((out / "report.html").read_text(encoding="utf-8"))
    whose, others = page.all("ul", "checks")[0].text, page.all("ul", "others_told")[0].all("li")
    assert "zero-carbon by 2028, by the rules of Ladder of reductions" in page.text
    assert "offsets (credits and land restored outside the park) at most 10.0% of the base year" in whose
    assert "proposed by this project, set by no authority" in whose and "in force" not in whose
    assert len(others) > 2 and all(len(line.all("summary")[0].text.split()) <= 35 for line in others if line.all("summary"))
    assert "In force: NDRC, MIIT, NEA notice 2025 No. 910, of 2025-06-30." in others[0].text


def test_the_notice_is_in_force_and_what_this_project_adds_to_it_is_not() -> None:
    rules = [{"metric": "intensity", "sense": "<=", "limit": 0.2, "standing": "in force", "issued": "2025-06-30"},
        {"metric": "net_ratio", "sense": "<=", "limit": 0.0, "standing": "proposal", "issued": ""}]
    said = {"target": "zero-carbon", "standing": {"name": "x", "title_en": "Notice", "title_zh": "通知", "rules": rules}}
    assert told_standing(Language(), said) == (
        "Whose zero-carbon it is: Notice; in force, of 2025-06-30: emissions per energy at most 0.20 t/tce; proposed by this project, "
        "set by no authority: no net emissions.")
    assert "现行有效（2025-06-30 发布）" in told_standing(Language("zh"), said)
    assert told_standing(Language(), {"target": "zero-carbon"}) == ""  # an older output


def test_other_standards_are_worked_out_with_their_own_factors(small, written) -> None:
    """With factor 0.8325 of the notice and 0.3 tce a MWh: 0.8325 M / (0.3 (M + G)), M bought and G of the sun (the park's factor: 0.5)."""
    small.edit("park.toml", "base_emissions = 4380.0", 'base_emissions = 4380.0\naccounting = "market"')
    out = written()
    said = {found["name"]: found for found in json.loads((out / "summary.json").read_text())["beside"]}
    bought, sun = by_table(out, "gross") / 0.5, by_table(out, "direct_green")
    assert bought > 0 and sun > 0
    national = said["china-national"]
    value = {r["metric"]: r["value"] for r in national["rules"]}
    assert value["intensity"] == pytest.approx(0.8325 * bought / (0.3 * (bought + sun)))
    assert value["direct_green_share"] == pytest.approx(sun / (bought + sun))
    assert national["energy_use"] == pytest.approx(0.3 * (bought + sun)) and national["least_energy"] == 200_000
    assert not national["met"]
    assert "china-national-large" not in said  # a park of another class
    sbti = {r["metric"]: r["value"] for r in said["sbti"]["rules"]}
    assert sbti["gross_ratio"] == pytest.approx(0.5 * bought / 4380) and sbti["net_ratio"] == pytest.approx(0, abs=1e-6)
    city = said["eu-city"]
    assert {r["metric"]: r["holds"] for r in city["rules"]}["gross_ratio"] == (0.5 * bought / 4380 <= 0.2)
    lines = list(told_beside(Language(), {"beside": list(said.values())}))
    asked = [line for line in lines if "it also asks for scope 3, of which there is only what the park states." in line]
    assert len(asked) == 1 and asked[0].startswith("SBTi Corporate Net-Zero Standard V1: ")
    notice = next(line for line in lines if "national" in line)
    assert (f"not met in 2028, and the park is too small for this class ({0.3 * (bought + sun):,.0f} tce; it begins at 200,000)."
        in notice)
    assert (f"Emissions per energy at most 0.20 t/tce: not met ({value['intensity']:.2f}); direct green supply at least 50.0%: "
        in notice)
    assert "In force: NDRC, MIIT, NEA notice 2025 No. 910, of 2025-06-30." in notice
    assert ("Worked out with the emission factor that the standard fixes (0.8325 t/MWh); the coal equivalent of electricity, 0.30 "
        "tce/MWh, is of general knowledge; all else is this plan's." in notice)
    assert sum("Worked out with" in line for line in lines) == 1
    share = sun / (bought + sun)
    told = told_guidance(Language(), {"beside": list(said.values())})
    assert share < 0.9 and f"clean share of energy at least 90.0%: not met ({100 * share:.1f}%)" in told
    force = told_in_force(Language(), {"beside": list(said.values())})
    assert force == "By the rules in force (China national zero-carbon park, 200 to 1,000 ktce): no."
    assert any("SBTi" in line and "not met in 2028" in line and "at most 10.0% of the base year: not met" in line for line in lines)


def test_a_rule_met_to_its_limit_has_no_margin_and_gross_is_said_by_location_too() -> None:
    """100 t of 1,000 t of the base year where a tenth may be left; 300 t by location."""
    rule = {"metric": "gross_ratio", "sense": "<=", "limit": 0.1, "standing": "proposal", "issued": ""}
    said = {"target": "zero-carbon", "by": 2030, "accounting": "market", "base_emissions": 1000.0,
        "composition": {"year": 2030, "gross": 100.0, "gross_location": 300.0},
        "standing": {"name": "x", "title_en": "Ladder", "title_zh": "", "rules": [rule]}}
    for value, words in ((0.1, "met, no margin (10.0%)"), (0.08, "met (8.0%)"), (0.2, "not met (20.0%)")):
        row = {"year": 2030, "stage": "zero-carbon", "metric": "gross_ratio", "value": value, "holds": value <= 0.1}
        told = told_standing(Language(), said, pd.DataFrame([row]))
        assert f"gross emissions at most 10.0% of the base year: {words}." in told
    unknown = "they would be 300 t. By location those of the base year are not known."
    assert told_gross(Language(), said).endswith(f"By location, without certificates and contracts, {unknown}")
    known = "they would be 300 t. That is 25.0% of those of the base year by location, 1,200 t; by contract these are 1,000 t."
    assert told_gross(Language(), said | {"base_location": 1200.0}).endswith(f"certificates and contracts, {known}")
    usual = pd.DataFrame({"year": 2030, "item": ["scope1", "scope2_location", "scope3"], "value": [100.0, 700.0, 0.0]})
    both = told_gross(Language(), said, usual)
    assert both.endswith("not known. Going on as today they would be 800 t by location then.")
    assert told_gross(Language(), said | {"accounting": "location"}) == ""


@pytest.mark.slow
def test_certificates_count_as_the_notice_counts_them(small, written) -> None:
    """Half of what is bought is greened: the notice's 0.8325 counts for the other half only."""
    small.write("certificates.csv", "certificate,supply,year,price,max_share\ngec,grid,,1,0.5\n")
    out = written()
    said = {found["name"]: found for found in json.loads((out / "summary.json").read_text())["beside"]}
    value = {r["metric"]: r["value"] for r in said["china-national"]["rules"]}
    used, certified, sun = (by_table(out, i) for i in ("electricity_used", "certified", "direct_green"))
    bought = used - sun
    assert certified > 1000 and value["intensity"] == pytest.approx(0.8325 * (bought - certified) / (0.3 * used))
    rest = said["china-national"]["without"]
    assert rest == {"certificates": pytest.approx(0.8325 * bought / (0.3 * used)), "capture": None}
    line = next(line for line in told_beside(Language(), {"beside": list(said.values())}) if "national" in line)
    assert f"Without green certificates emissions per energy would be {rest['certificates']:.2f} t/tce." in line


def test_processes_do_not_hide_what_is_captured() -> None:
    """8,760 MWh of grid, as much gas at 0.2 t, and 1,000 t of a kiln; 1,376 t of gas and kiln are captured. The notice counts the kiln
    and takes off no captured CO2: less than the kiln emits is no reason to be silent about it."""
    park = Draft(base_emissions=1e4, accounting="market")
    park.demand("rooms", "heat")
    park.demand("tools")
    park.supply(price=1.0, kind="grid", scope=2, tce_per_mwh=0.3, factor=0.5)
    park.supply("gas", "gas", price=20.0, factor=0.2)
    park.supply("well", "co2", price=None, max_export=1.0)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=1.0)
    park.process("kiln", 1000.0, capturable=1)
    park.capture("scrubber", {"boiler": 0.5, "kiln": 0.5}, existing=1.0)
    park.rule("gross_ratio", "<=", (4380 + 1376) / 1e4)
    tables = park.solve_twice().tables
    found = measured(park.case(), tables, 2026, "china-national")
    assert found is not None
    index = next(r for r in found["rules"] if r["metric"] == "intensity")
    emitted, energy = 0.8325 * 8760 + 1752 + 1000, 0.3 * 8760
    assert index["value"] == pytest.approx(emitted / energy) and index["ours"] == pytest.approx((emitted - 1376) / energy)
    assert not index["holds"] and not found["met"]
    *_, processes, captured = reckoned(park.case(), tables, 2026, "china-national")
    assert (processes.emitted, captured.emitted) == (pytest.approx(1000), pytest.approx(-1376))


def notice(value: float, without: dict[str, float | None], green: float = 0.5509) -> dict[str, object]:
    """What a year comes to by the notice: emissions per energy, less captured CO2, and the share of direct green supply."""
    said = {"standing": "in force", "issued": "2025-06-30", "source": "Notice"}
    index = {"metric": "intensity", "sense": "<=", "limit": 0.2, "value": value, "holds": value <= 0.2, **said}
    share = {"metric": "direct_green_share", "sense": ">=", "limit": 0.5, "value": green, "holds": green >= 0.5, **said}
    rules = by_formula([index, share], without)
    found = {"name": "china-national", "title_en": "Notice", "title_zh": "通知", "year": 2030, "least_energy": None}
    return {**found, "met": all(r["holds"] for r in rules), "rules": rules, "guidance": [], "factors": [], "without": without}


def test_the_count_of_the_notice_comes_first_where_co2_is_captured() -> None:
    """0.27 with capture and certificates, 0.51 without certificates, 0.71 without both: the notice, which counts certificates at 0
    and has no term for captured CO2, counts 0.27 + 0.71 - 0.51 = 0.47."""
    said = {"beside": [notice(0.27, {"certificates": 0.51, "capture": 0.71})]}
    (line,) = told_beside(Language(), said)
    index = (
        "missions per energy at most 0.20 t/tce: not met (0.47 as the notice counts, which takes off no captured CO2; 0.27 with it "
        "taken off, as this program counts)")
    assert f"Notice: not met in 2030. E{index}; direct green supply" in line
    assert (
        "Electricity with green certificates has no emissions as the notice counts; with those of the grid emissions per energy would "
        "be 0.71 t/tce, or 0.51 with captured CO2 taken off." in line)
    assert told_in_force(Language(), said) == "By the rules in force (Notice): no."
    assert "未达到（按通知口径为 0.47，不扣减捕集的 CO2；按本程序口径扣减后为 0.27）" in next(told_beside(Language("zh"), said))
    (bare,) = told_beside(Language(), {"beside": [notice(0.27, {"certificates": None, "capture": 0.4})]})
    assert "not met (0.40 as the notice counts" in bare and "green certificates" not in bare


def test_a_rule_that_is_met_by_our_count_alone_is_not_met_in_force() -> None:
    said = {"beside": [notice(0.15, {"certificates": None, "capture": 0.3})]}
    words = (
        "missions per energy at most 0.20 t/tce: not met as the notice counts, which takes off no captured CO2 (0.30); met only with it "
        "taken off, as this program counts (0.15)")
    (line,) = told_beside(Language(), said)
    assert line.startswith(f"Notice: not met in 2030. E{words}; direct")
    assert told_in_force(Language(), said) == "By the rules in force (Notice): no."
    fine = {"beside": [notice(0.1, {"certificates": None, "capture": 0.15})]}
    assert told_in_force(Language(), fine) == "By the rules in force (Notice): yes."
    assert (
        "met (0.15 as the notice counts, which takes off no captured CO2; 0.10 with it taken off, as this program counts; 0.05 t/tce to "
        "spare: ends with 33.3% more emissions)" in next(told_beside(Language(), fine)))


def test_a_goal_by_the_notice_says_that_it_is_met_by_our_count_alone() -> None:
    own = notice(0.15, {"certificates": None, "capture": 0.3})
    said = {"target": "near-zero-carbon", "by": 2030, "standing": own}
    rows = [(2030, "near-zero-carbon", r["metric"], r.get("ours", r["value"]), True) for r in own["rules"]]
    stages = pd.DataFrame(rows, columns=["year", "stage", "metric", "value", "holds"])
    assert told_in_force(Language(), said, stages) == "By the rules in force (Notice): no."
    assert "(0.30); met only with it taken off, as this program counts (0.15)" in told_standing(Language(), said, stages)
    assert told_in_force(Language(), said | {"standing": {**own, "without": {}}}, stages) == ""


def test_an_index_of_the_notice_that_holds_says_its_margin_and_what_ends_it() -> None:
    """55.09 % of 50 %: 5.09 points; 50 / 55.09 is 9.2 % less green power, 55.09 / 50 10.2 % more electricity. 0.15 of 0.20: a third
    more emissions. A limit that is reached has no margin, one of a voluntary standard is not told."""
    (line,) = told_beside(Language(), {"beside": [notice(0.15, {})]})
    spare = "(55.1%; 5.1 points to spare: ends with 9.2% less directly supplied green power, or 10.2% more use of electricity)"
    assert f"direct green supply at least 50.0%: met {spare}." in line
    assert "E" + "missions per energy at most 0.20 t/tce: met (0.15; 0.05 t/tce to spare: ends with 33.3% more emissions);" in line
    chinese = next(told_beside(Language("zh"), {"beside": [notice(0.15, {})]}))
    assert "达到（55.1%；裕度 5.1 个百分点：直供绿电减少 9.2%，或用电量增加 10.2%，即不再达到）" in chinese
    (tight,) = told_beside(Language(), {"beside": [notice(0.2, {}, green=0.5)]})
    assert "met, no margin (0.20)" in tight and "met, no margin (50.0%)" in tight and "to spare" not in tight
    other = notice(0.15, {})
    other["rules"] = [{**rule, "standing": "voluntary"} for rule in other["rules"]]
    assert "to spare" not in next(told_beside(Language(), {"beside": [other]}))
    own = {"target": "near-zero-carbon", "by": 2030, "standing": notice(0.15, {})}
    stages = pd.DataFrame([(2030, "near-zero-carbon", "direct_green_share", 0.5509, True)],
        columns=["year", "stage", "metric", "value", "holds"])
    assert f"direct green supply at least 50.0%: met {spare}" in told_standing(Language(), own, stages)


def test_a_goal_by_the_notice_keeps_what_its_index_would_be_without_certificates(small, written) -> None:
    """All that is bought is greened, in place of 0.8325 t/MWh of it, over 0.3 tce a MWh used."""
    (small.folder / "stages.csv").unlink()
    small.edit("park.toml", '"ladder"', '"china-national"')
    small.edit("park.toml", "base_emissions = 4380.0", 'base_emissions = 4380.0\naccounting = "market"')
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,0,20,,sun\nwind,solar,0,0.6,,even")
    small.write("profiles.csv", "hour,sun,even\n" + "".join(f"{h},{1 if 6 <= h < 18 else 0},1\n" for h in range(24)))
    small.write("certificates.csv", "certificate,supply,year,price,max_share\ngec,grid,,1,1\n")
    out = written()
    said = json.loads((out / "summary.json").read_text())["standing"]
    used, sun = (by_table(out, i) for i in ("electricity_used", "direct_green"))
    assert said["name"] == "china-national" and used - sun > 1000
    assert said["without"] == {"certificates": pytest.approx(0.8325 * (used - sun) / (0.3 * used)), "capture": None}
