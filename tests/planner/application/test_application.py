"""The application as a Word file: opened again, its numbers against the tables of the run; what is left blank; what is refused."""

import builtins
import csv
import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import docx
import pandas as pd
import pytest
from docx.document import Document

from models.case import Certificate, Demand, EmissionFactor, Offset, Port, Supply
from models.case.technology import Carrier
from planner.answer.summary import Reckoned, by_formula
from planner.application.contents import break_even, core, demanded, electrified, evidence, first_heat, heat_hours, index_row
from planner.language.language import Language
from planner.planning import strategy
from planner.tables.output import read_output

FINANCE = "\n[finance]\ninflation = 0.02\ntax_rate = 0.25\n"
BILLS = "supply,year,value,unit\ngrid,2024,9000,MWh\ngrid,2025,8000,MWh\n"
DETAILS = """[applicant]
body = "Tiny administration"
[owners]
park = "Tiny Energy"
[[year]]
year = 2023
energy = 1234
co2 = 4321
[[project]]
name = "pv"
progress = "a roof is rented"
[safeguards]
policy = "first line\\nsecond line"
"""
FORM = ("report", "--form", "cn-910", "out", "--anyway")
ASKED = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--no-verify", "--quiet")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where the run is kept, once it was made."""
    return tmp_path_factory.mktemp("kept") / "out"


@pytest.fixture
def run(plan, small, kept, tmp_path):
    """A finished run of the small park with finance, bills and details, in `out`; planned once."""
    small.edit("park.toml", 'standard = "ladder"\n', 'standard = "ladder"\n' + FINANCE)
    small.edit("supplies.csv", "scope\ngrid,electricity,grid,2,2", "scope,tce_per_mwh\ngrid,electricity,grid,2,2,0.1229")
    small.write("bills.csv", BILLS)
    small.write("application.toml", DETAILS)
    if not kept.exists():
        assert plan.once(*ASKED, "--out", "out").code == 0
        shutil.copytree(tmp_path / "out", kept)
    else:
        shutil.copytree(kept, tmp_path / "out")
    return small


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def grids(document: Document) -> dict[str, list[list[str]]]:
    """Title of each table -> its cells."""
    titles = [p.text for p in document.paragraphs if re.match(r"(Table [\dA-Z]-\d+|表[\dA-Z]-\d+)  ", p.text)]
    assert len(titles) == len(document.tables)
    return {title.split("  ", 1)[1]: [[cell.text for cell in row.cells] for row in table.rows]
        for title, table in zip(titles, document.tables, strict=True)}


def number(text: str) -> float:
    return float(text.replace(",", ""))


@pytest.mark.slow
def test_every_chapter_is_there_and_the_numbers_are_those_of_the_tables(plan, run, tmp_path):
    said = plan.once(*FORM, "--to", "a.docx", "--language", "en")
    assert said.code == 0, said.err
    document = docx.Document(str(tmp_path / "a.docx"))
    chapters = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert [c.split("  ")[0] for c in chapters] == [*(f"Chapter {n}" for n in range(1, 7)), "Annex A", "Annex B"]
    found = grids(document)
    emissions = {(r["item"], r["year"]): float(r["value"]) for r in rows_of(tmp_path / "out" / "emissions.csv")}
    head, *goals = found["Goals by year"]
    assert len({row[0] for row in goals}) == len(goals), "a row twice"
    gross = next(row for row in goals if row[0] == "gross emissions of the plan")
    for year, cell in zip(head[3:], gross[3:], strict=True):
        assert number(cell) == pytest.approx(emissions["gross", year], abs=0.5)
    costs = rows_of(tmp_path / "out" / "costs.csv")
    whole = sum(float(r["value"]) for r in costs if r["item"] in ("capital", "measures", "restoration"))
    projects = found["Key projects up to 2028"]
    assert number(projects[-1][4]) == pytest.approx(whole / 1e6, abs=0.005)
    pv = next(row for row in projects if row[1] == "pv")
    ordered = sum(float(r["capital_cost"]) for r in rows_of(tmp_path / "out" / "investments.csv"))
    assert number(pv[4]) == pytest.approx(ordered / 1e6, abs=0.005) and (pv[2], pv[6]) == ("Tiny Energy", "a roof is rented")


@pytest.mark.slow
def test_class_and_index_of_the_notice_are_told_at_the_top_by_its_own_factors(plan, run, tmp_path):
    """The park's standard is another and its coal equivalent 0.1229; the notice has 0.3 tce/MWh and 0.8325 t/MWh."""
    said = plan.once(*FORM, "--to", "a.docx", "--language", "en")
    rows = {r["item"]: float(r["value"]) for r in rows_of(tmp_path / "out" / "emissions.csv") if r["year"] == "2028"}
    used, green = rows["electricity_used"], rows["direct_green"]
    index = 0.8325 * (used - green) / (0.3 * used)
    assert index > 0.2 and rows["certified"] == 0
    first = said.out.splitlines()[0]
    assert (f"not met in 2028, and the park is too small for this class ({0.3 * used:,.0f} tce; it begins at 200,000). "
        f"Emissions per energy at most 0.20 t/tce: not met ({index:.2f})" in first)
    paragraphs = [p.text for p in docx.Document(str(tmp_path / "a.docx")).paragraphs]
    assert first in paragraphs[: paragraphs.index(next(p for p in paragraphs if p.startswith("Chapter 1")))]


def test_rates_of_return_are_those_of_finance_and_the_cash_that_of_cash_flow(plan, run, tmp_path):
    assert plan.once(*FORM, "--to", "a.docx", "--language", "en").code == 0
    found = grids(docx.Document(str(tmp_path / "a.docx")))
    finance = {(r["account"], r["figure"], r["basis"]): r["value"] for r in rows_of(tmp_path / "out" / "finance.csv")
        if r["against"] == "reference"}
    told = {(row[0], row[1]): row[2] for row in found["Figures against reference"]}
    assert number(told["rate of return before tax", "real"].rstrip("%")) / 100 == pytest.approx(
        float(finance["all", "irr", "real"]), abs=5e-4)
    assert number(told["payback before tax", "real"]) == float(finance["all", "payback", "real"])
    title = next(t for t in found if t.startswith("Cash against reference, nominal"))
    head, *rows = found[title]
    flow = {(r["year"], r["item"]): float(r["nominal"]) for r in rows_of(tmp_path / "out" / "cash_flow.csv")
        if (r["against"], r["account"]) == ("reference", "all")}
    column = head.index("before tax")
    assert [number(row[column]) for row in rows] == pytest.approx([flow[row[0], "before_tax"] / 1e6 for row in rows], abs=0.005)


def test_a_plan_that_misses_the_goal_of_the_form_is_refused_or_opens_with_what_would_have_to_change(plan, run, tmp_path):
    """0.3 tce for each MWh of electricity used; the index of the notice may be 0.2 t/tce."""
    said = plan.once("report", "--form", "cn-910", "out", "--to", "a.docx", "--language", "en")
    rows = {r["item"]: float(r["value"]) for r in rows_of(tmp_path / "out" / "emissions.csv") if r["year"] == "2028"}
    used = 0.3 * rows["electricity_used"]
    more = f"energy use is {used:,.0f} tce; the class begins at 200,000: {200_000 - used:,.0f} tce more"
    less = f"{0.8325 * (rows['electricity_used'] - rows['direct_green']) - 0.2 * used:,.0f} t CO2 less in 2028"
    assert said.code == 3 and len(said.err.splitlines()) == 1 and more in said.err and less in said.err
    assert not (tmp_path / "a.docx").exists()
    assert plan.once(*FORM, "--to", "a.docx", "--language", "en").code == 0
    texts = [p.text for p in docx.Document(str(tmp_path / "a.docx")).paragraphs]
    opened = texts.index("The goal is not met: what would have to change")
    assert opened < texts.index("Contents") and texts[opened + 1] == more and less in texts[opened + 2]


@pytest.mark.slow
def test_earlier_years_are_told_from_bills_and_details_and_a_year_that_nobody_knows_is_blank(plan, run, tmp_path):
    assert plan.once(*FORM, "--to", "a.docx", "--language", "en").code == 0
    rows = {row[0]: row for row in grids(docx.Document(str(tmp_path / "a.docx")))["Energy and CO2 of three years"]}
    # bills: 9,000 MWh of 0.5 t/MWh, at 0.1229 tce/MWh
    assert [number(cell) for cell in rows["2024"][1:4]] == [1106, 4500, pytest.approx(0.5 / 0.1229, abs=5e-4)]
    assert [number(cell) for cell in rows["2025"][1:3]] == [983, 4000]
    assert [number(cell) for cell in rows["2023"][1:3]] == [1234, 4321] and "application.toml" in rows["2023"][4]
    run.edit("application.toml", "[[year]]\nyear = 2023\nenergy = 1234\nco2 = 4321\n", "")
    said = plan(*FORM, "--to", "b.docx", "--language", "en")
    rows = {row[0]: row for row in grids(docx.Document(str(tmp_path / "b.docx")))["Energy and CO2 of three years"]}
    assert rows["2023"][1:3] == ["[to fill in]", "[to fill in]"] and "CO2 of 2023, t ([[year]] year = 2023, co2)" in said.out


def test_every_table_names_its_files_and_every_link_has_its_place(plan, run, tmp_path):
    assert plan.once(*FORM, "--to", "a.docx", "--language", "en").code == 0
    document = docx.Document(str(tmp_path / "a.docx"))
    labels = [p.text.split("  ")[0] for p in document.paragraphs if re.match(r"Table ([1-6]-\d+|B-1)  ", p.text)]
    sources, output = grids(document)["Sources"], read_output(tmp_path / "out")
    empty = {f"{name}.csv" for name, table in {**output.alone, **output.target}.items() if table.empty}  # they have no file
    assert {row[0] for row in sources[1:]} == set(labels)
    for row in sources[1:]:
        for name in re.findall(r"[\w/-]+\.(?:csv|json|toml)", row[2]):
            assert ((tmp_path / "out" / name).is_file() or (tmp_path / "park" / name).is_file()
                or name in ("baseline.csv", "standards.csv", *empty)), name
    xml = document.element.xml
    assert set(re.findall(r'w:anchor="([^"]+)"', xml)) <= set(re.findall(r'<w:bookmarkStart[^>]* w:name="([^"]+)"', xml))


@pytest.mark.slow
def test_without_finance_the_rates_are_blank_and_it_says_why(plan, small, tmp_path):
    assert plan.once(*ASKED, "--out", "out").code == 0
    said = plan(*FORM, "--to", "a.docx", "--language", "en")
    assert said.code == 0 and "park.toml has no table [finance] (park.toml [finance])" in said.out
    found = grids(docx.Document(str(tmp_path / "a.docx")))
    assert not [title for title in found if title.startswith(("Figures against", "Cash against"))]
    # a blank that the list at the end has too
    assert [row[2] for row in found["Blanks"]].count("[safeguards] risk") == 1


def test_a_wrong_application_toml_is_told_with_every_fault_and_nothing_is_written(plan, run, tmp_path):
    run.write("application.toml",
        '[applicant]\nbodi = "x"\ncontact = 3\n[[project]]\nname = "pw"\n[[year]]\nyear = 2019\nco2 = -1\n[owner]\n')
    said = plan(*FORM, "--to", "a.docx")
    assert said.code == 2 and not (tmp_path / "a.docx").exists()
    assert said.err.splitlines() == [
        "application.toml line 2: key 'bodi': is no key of [applicant]; did you mean 'body'?",
        "application.toml line 3: contact = 3: is no text; put it in quotes",
        "application.toml line 4: [[project]] 1: name 'pw': is no project of the plan; write 'led' or 'pv'",
        "application.toml line 6: [[year]] 1: year '2019': is no year that is asked for; write '2023' or '2024' or '2025'",
        "application.toml line 6: [[year]] 1: co2 = -1: is no number of 0 or more",
        "application.toml line 9: key 'owner': is no table of application.toml; did you mean 'owners'?",
        "6 faults",
    ]


@pytest.mark.slow
def test_a_file_of_somebody_else_stays_and_one_of_ours_is_written_anew_until_it_was_edited(plan, run, tmp_path):
    other = tmp_path / "other.docx"
    other.write_bytes(b"mine")
    said = plan(*FORM, "--to", "other.docx")
    assert said.code == 2 and "is a file already" in said.err and other.read_bytes() == b"mine"
    assert plan(*FORM, "--to", "a.docx").code == plan(*FORM, "--to", "a.docx").code == 0
    document = docx.Document(str(tmp_path / "a.docx"))
    document.add_paragraph("written by a person")
    document.save(str(tmp_path / "a.docx"))
    edited = (tmp_path / "a.docx").read_bytes()
    said = plan(*FORM, "--to", "a.docx")
    assert said.code == 2 and (tmp_path / "a.docx").read_bytes() == edited


def test_options_that_will_not_do_are_refused(plan, run, tmp_path, monkeypatch):
    assert "is none of cn-31, cn-910, eed-11, eu-heat; did you mean 'cn-910'?" in plan("report", "--form", "cn910", "out").err
    assert "let it end in .docx" in plan(*FORM, "--to", "a.doc").err
    assert "--details none.toml: is missing" in plan(*FORM, "--to", "a.docx", "--details", "none.toml").err
    shutil.move(tmp_path / "park", tmp_path / "moved")
    assert "is not at" in plan(*FORM, "--to", "a.docx").err
    assert plan(*FORM, "--to", "a.docx", "--park", "moved").code == 0
    found = builtins.__import__
    def without(name, *others):
        if name == "docxtpl":
            raise ImportError(name)
        return found(name, *others)
    monkeypatch.setattr(builtins, "__import__", without)
    said = plan(*FORM, "--to", "b.docx")
    assert said.code == 2 and 'pip install "parkzero[word]"' in said.err


def test_all_indices_of_the_notice_are_worked_out_stated_or_blank(plan, run, tmp_path):
    run.write("application.toml", DETAILS + '[indices]\nwater = "91 % in 2025"\n')
    said = plan(*FORM, "--to", "a.docx", "--language", "en")
    found = grids(docx.Document(str(tmp_path / "a.docx")))
    rows = {row[0]: row[1:] for row in found["Indices of the notice, annexes 3 and 4"]}
    items = {r["item"]: float(r["value"]) for r in rows_of(tmp_path / "out" / "emissions.csv") if r["year"] == "2028"}
    index = 0.8325 * (items["electricity_used"] - items["direct_green"]) / (0.3 * items["electricity_used"])
    assert rows["emissions per energy, t/tce"][:4] == ["core", "≤ 0.20 t/tce", f"{index:.2f} t/tce", "no"]
    green = items["direct_green"] / items["electricity_used"]
    assert rows["clean share of energy"][1:3] == ["≥ 90.0%", f"{100 * green:.1f}%"]
    _, *terms = found["How the core index of 2028 comes about"]
    whole = {row[0]: (number(row[5]), number(row[7])) for row in terms}
    assert whole["sum as the notice counts"] == (pytest.approx(0.3 * items["electricity_used"], abs=0.5),
        pytest.approx(0.8325 * (items["electricity_used"] - items["direct_green"]), abs=0.5))
    assert whole["sum, factors of the park"] == tuple(pytest.approx(items[i], abs=0.5) for i in ("energy_use", "gross"))
    by_year = {row[0]: row[2:] for row in found["Energy and CO2 by year"]}
    assert by_year["gross CO2 per energy, factors of the notice"][-1] == f"{index:.3f}"
    graded = {row[0]: row[1] for row in found["How good the figures are"]}
    assert graded["share of what is paid for energy, discounted, at estimated prices"] == "0%"
    assert rows["reuse of industrial water"][2] == "91 % in 2025"
    assert [rows[name][2] for name in rows if name.startswith(("use of", "energy per"))] == ["[to fill in]"] * 3
    assert "use of industrial solid waste ([indices] solid_waste)" in said.out
    rules = [tuple(row[1:4]) for row in found["Rules of the standard ladder"]]
    assert len(rules) == len({*rules})


@pytest.mark.parametrize(("certified", "told"), [(1000.0, "1,000"), (0.0, "")])
def test_the_core_index_is_told_as_the_notice_counts_it_where_co2_is_captured(certified, told):
    """470 t of the grid less 200 t captured over 1,000 tce; 1,000 MWh certified would emit 0.5 t each."""
    terms = [Reckoned("grid", 940 + certified, 0.0, certified, 1.0, 1000.0, 0.5, 470.0),
        Reckoned("", 0.0, 0.0, 0.0, 0.0, 0.0, None, -200.0)]
    found = core(Language(), terms)
    assert (found["emitted"], found["energy"], found["index"], found["certified"]) == ("470", "1,000", "0.47", told)
    assert found["uncertified"] == ("0.97" if told else "0.47")
    assert (found["captured"], found["taken_off"], found["index_taken_off"]) == ("200", "270", "0.27")


def test_the_index_of_the_notice_is_its_own_count_where_co2_is_captured():
    """0.15 of at most 0.20 with captured CO2 taken off, 0.30 as the notice counts: not met."""
    rule = {"metric": "intensity", "sense": "<=", "limit": 0.2, "value": 0.15, "holds": True}
    draft = SimpleNamespace(language=Language(), say=Language().translate)
    asked = ["emissions per energy, t/tce", "core", "≤ 0.20 t/tce"]
    assert [index_row(draft, r) for r in by_formula([rule], {"certificates": None, "capture": 0.3})] == [
        [*asked, "0.30 t/tce (0.15 with captured CO2 taken off)", "no", "worked out"]]
    assert [index_row(draft, r) for r in by_formula([rule], {})] == [[*asked, "0.15 t/tce", "yes", "worked out"]]


def test_what_certificates_credits_biomass_and_storage_rest_on_is_printed_or_blank():
    """Of what the plan uses: certificates of the year from the province, unregistered credits, pellets whose origin is shown."""
    rows = SimpleNamespace(
        certificates=[Certificate(certificate="gec", supply="grid", price=5, vintage="year of use", region="Jiangsu", year=y)
            for y in (2026, 2030)],
        offsets=[Offset(offset=name, kind="removal", price=9) for name in ("wood", "unused")],
        supplies=[Supply(supply="pellets", carrier="biomass", kind="fuel", evidence="FSC"), Supply(supply="store", carrier="co2", kind="sink"),
            Supply(supply="gas", carrier="gas", kind="fuel")],
        emission_factors=[EmissionFactor(supply="pellets", value=0.4, biogenic=1), EmissionFactor(supply="gas", value=0.2)])
    energy = [("import", "pellets", 100.0), ("import", "pellets", 50.0), ("import", "gas", 7.0), ("export", "store", 30.0)]
    tables = {"energy": pd.DataFrame(energy, columns=["flow", "name", "value"]),
        "certificates": pd.DataFrame({"certificate": ["gec"], "value": [2000.0]}),
        "offsets": pd.DataFrame({"offset": ["wood"], "value": [12.0]})}
    missing: list[tuple[str, str]] = []
    f = SimpleNamespace(case=rows, tables=tables, titles=SimpleNamespace(of=str.title), language=Language(), say=Language().translate,
        fill_in=lambda what, key, of: missing.append((key, of)) or "[to fill in]")
    assert evidence(f) == [["Gec", "2,000 MWh", "vintage: year of use; region: Jiangsu"],
        ["Wood", "12 t", "registry: [to fill in]"], ["Pellets", "150 MWh", "evidence: FSC"], ["Store", "30 t", "evidence: [to fill in]"]]
    assert missing == [("offsets.csv registry", "wood"), ("supplies.csv evidence", "store")]
    f.tables = {name: t[:0] for name, t in tables.items()}
    assert evidence(f) == []


def test_a_measure_saves_its_share_of_what_the_park_states():
    """8 GWh in 2026 and 12 GWh in 2030 are 10,000 MWh in 2028; a demand without a year is the same in all."""
    rows = [Demand(demand="lines", carrier="electricity", year=y, value=v, unit="GWh") for y, v in ((2026, 8.0), (2030, 12.0))]
    case = SimpleNamespace(demand=[*rows, Demand(demand="halls", carrier="heat", value=500.0)])
    assert demanded(case, "lines", 2028) == pytest.approx(10_000) and demanded(case, "halls", 2028) == 500


def test_the_premium_is_what_is_paid_more_over_discounted_tonnes():
    # 1,000 more at a rate of 10 %, and 10 t less in each of two years: 1,000 / (10 + 10 / 1.1).
    assert break_even(1000.0, {2027: 10.0, 2028: 10.0}, 2027, 0.1) == pytest.approx(52.381, abs=1e-3)
    assert break_even(-5.0, {2027: 10.0}, 2027, 0.1) == 0.0 and break_even(1000.0, {2027: 0.0}, 2027, 0.1) is None


def test_the_premium_is_paid_from_the_first_order_that_makes_heat_of_electricity():
    """A sun of 2027 and a boiler of 2029 that makes steam of electricity: 2029. Without the boiler any order counts, else the plan."""
    rows = [("in", "electricity", "boiler"), ("out", "steam", "boiler"), ("out", "electricity", "sun")]
    energy = pd.DataFrame(rows, columns=["flow", "carrier", "name"])
    orders = pd.DataFrame([("sun", 2027), ("boiler", 2029)], columns=["technology", "works_from"])
    case = SimpleNamespace(carriers=[Carrier.model_validate({"carrier": "steam", "temperature": 175})], ports=[])
    for rows, year in ((2, 2029), (1, 2027), (0, 2026)):
        assert first_heat(case, {"energy": energy, "investments": orders[:rows]}, [2026]) == year


def test_heat_is_what_has_the_temperature_of_heat_whatever_its_name():
    """8,760 MWh of steam by 2 MW are 4,380 hours; deep cold, hydrogen, cooling water of 25 °C and compressed air are no heat; ports
    deliver the carrier called hot at 90 °C."""
    stated = {"steam": {"temperature": 175}, "deep-cold": {"temperature": -25}, "cooling-water": {"temperature": 25, "return": 35}}
    rows = [Carrier.model_validate({"carrier": name, **of}) for name, of in stated.items()]
    ports = [Port(type="t", carrier="hot", direction="out", ratio=1, temperature=90),
        Port(type="t", carrier="air", direction="out", ratio=1)]
    made = {"steam": 8760.0, "deep-cold": 500.0, "cooling-water": 500.0, "hot": 876.0, "air": 9.0, "hydrogen": 9.0,
        "electricity": 9.0}
    flows = [("in", "electricity", f"makes-{c}", 1.0) for c in made] + [("out", c, f"makes-{c}", mwh) for c, mwh in made.items()]
    energy = pd.DataFrame(flows, columns=["flow", "carrier", "name", "value"]).assign(year=2030)
    stands = pd.DataFrame({"technology": [f"makes-{c}" for c in made], "capacity": 2.0, "year": 2030})
    f = SimpleNamespace(by=2030, tables={"energy": energy, "capacity": stands}, titles=SimpleNamespace(of=str), language=Language(),
        case=SimpleNamespace(carriers=rows, ports=ports))
    grid = heat_hours(f)
    assert [row[0] for row in grid] == ["makes-hot", "makes-steam"] and grid[1][3:] == ["4,380", "4,380", "8,760"]
    assert electrified(f.case, f.tables, 2030)[1] == ["air", "cooling-water", "deep-cold", "hydrogen"]


@pytest.mark.slow
def test_forms_of_data_have_figures_of_the_run_and_say_what_is_not_confirmed(plan, run, tmp_path):
    for form in ("cn-31", "eed-11", "eu-heat"):
        for language in ("en", "zh"):
            said = plan("report", "--form", form, "out", "--anyway", "--to", f"{form}-{language}.docx", "--language", language)
            assert said.code == 0, said.err
    emitted = {(r["item"], r["year"]): float(r["value"]) for r in rows_of(tmp_path / "out" / "emissions.csv")}
    usual = {(r["item"], r["year"]): float(r["value"]) for r in rows_of(tmp_path / "out" / "business-as-usual" / "emissions.csv")}
    review = docx.Document(str(tmp_path / "cn-31-en.docx"))
    head, *rows = grids(review)["The plan beside business as usual"]
    assert [number(c) for c in rows[0][2:]] == pytest.approx([emitted["gross", y] for y in head[2:]], abs=0.5)
    assert [number(c) for c in rows[1][2:]] == pytest.approx([usual["gross", y] for y in head[2:]], abs=0.5)
    said = [p.text for p in review.paragraphs]
    assert sum("Not confirmed" in text for text in said) == sum("All chapters are asked for by" in text for text in said) == 1
    assert "products.csv" in [row[2] for row in grids(review)["Blanks"]]
    audit = grids(docx.Document(str(tmp_path / "eed-11-en.docx")))
    # 8,000 and 9,000 MWh are billed: 28.8 and 32.4 TJ, above 10 and below 85.
    assert [row[1] for row in audit["Energy of the last three years"][2:]] == ["32.4", "28.8"]
    assert "an energy audit" in "".join(p.text for p in docx.Document(str(tmp_path / "eed-11-en.docx")).paragraphs)
    finance = {(r["name"], r["figure"], r["basis"]): r["value"] for r in rows_of(tmp_path / "out" / "finance.csv")
        if r["against"] == "reference"}
    pv = next(row for row in audit["Measures with investment and payback"] if row[0] == "pv")
    assert number(pv[4]) == pytest.approx(float(finance["pv", "payback", "real"]), abs=0.5)
    bid = {
        row[0]: row[2] for row in grids(docx.Document(str(tmp_path / "eu-heat-en.docx")))["Premium at which the plan breaks even"]}
    assert bid["direct emissions abated in these years"] == "0"
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    more = summary["system_cost"] - summary["plans"]["business-as-usual"]["system_cost"]
    assert number(next(v for k, v in bid.items() if k.startswith("what the plan costs more"))) * 1e6 == pytest.approx(more, abs=5e3)
    for form in ("cn-31", "eed-11", "eu-heat"):
        text = "".join(p.text for p in docx.Document(str(tmp_path / f"{form}-zh.docx")).paragraphs)
        assert "【待填】" in text and not re.search(r"as above|the same|编制依据：[A-Z]", text)


def test_plans_are_compared_on_the_same_days(plan, small, tmp_path, monkeypatch):
    """The target is operated in all hours, the others are not; what it costs more is a difference on typical days."""
    sun = (f"{h},{(5 < h % 24 < 19) * (0.8 + h // 24 % 7 / 30):.2f}" for h in range(8760))
    small.write("profiles.csv", "\n".join(("hour,sun", *sun, "")))
    monkeypatch.setattr(strategy, "LARGE", 0)
    asked = [a for a in ASKED if a != "--no-verify"]
    assert plan(*asked, "--days", 2, "--out", "out").code == 0
    for form in ("cn-910", "eu-heat"):
        assert plan("report", "--form", form, "out", "--anyway", "--to", f"{form}.docx").code == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    days, usual = summary["typical_days"]["cost"], summary["plans"]["business-as-usual"]
    assert abs(days - summary["system_cost"]) > 1e4 and usual["saved"] == pytest.approx(usual["system_cost"] - days)
    bid = grids(docx.Document(str(tmp_path / "eu-heat.docx")))["Premium at which the plan breaks even"]
    assert number(bid[1][2]) * 1e6 == pytest.approx(-usual["saved"], abs=5e3)
    rows = next(g for title, g in grids(docx.Document(str(tmp_path / "cn-910.docx"))).items() if "target on typical days" in str(g))
    own = {row[0]: number(row[1]) * 1e6 for row in rows[1:]}
    assert own["target on typical days"] == pytest.approx(days, abs=5e3) and own["target"] == pytest.approx(summary["system_cost"], abs=5e3)
