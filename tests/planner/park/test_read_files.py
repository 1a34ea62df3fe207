"""Files as people save them, and files that cannot be read."""

import pytest

from models.errors import CaseError
from planner.park import read_case
from planner.park.complaints import MOST_PER_FILE


def test_the_small_park_has_no_fault(park):
    case = park.read()
    assert case.hours == 24 and set(case.profiles) == {"sun", "day"}
    assert case.goal.steps == (("low-carbon", 2027), ("zero-carbon", 2030))
    assert [(row.value, row.unit) for row in case.demand if row.demand == "halls"] == [(4.0, "GWh/year")]


def test_tables_and_settings_saved_by_excel_are_read(park):
    text = (park.folder / "demand.csv").read_text()
    expected = park.read().demand
    park.write("demand.csv", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert park.read().demand == expected
    text = (park.folder / "park.toml").read_text()
    park.write("park.toml", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert park.read().park.name == "Small Park"


def test_blank_lines_are_skipped_but_counted(park):
    park.edit("demand.csv", "halls,heat,2025,4,GWh/year", "\n,,,,,\nhalls,heat,2025,-4,GWh/year")
    assert park.complaints() == ("demand.csv line 6: value = -4 GWh/year: is below 0; write what is used as a positive number",)


def test_a_cell_of_several_lines_keeps_the_line_numbers_true(park):
    park.edit("demand.csv", "unit,profile\n", "unit,profile,note\n")
    park.edit("demand.csv", "8760,MWh,day", '8760,MWh,day,"two\nlines"')
    park.edit("demand.csv", "9000,MWh,day", "-9,MWh,day,")
    park.edit("demand.csv", "4,GWh/year,", "4,GWh/year,,")
    assert park.complaints() == ("demand.csv line 4: value = -9 MWh: is below 0; write what is used as a positive number",)


def test_other_files_nameless_columns_and_remarks_are_left_alone(park):
    text = (park.folder / "sites.csv").read_text()
    park.write("sites.csv", text.replace("\n", ",,\n"))
    assert park.complaints() == ()
    park.write("sites.csv", "site,area,source,note,title,grade\nroofs,3,a,b,c,d\n")
    assert park.read().sites[0].title == "c"
    park.write("notes.txt", "x")
    park.write("plan.xlsx", b"\0")
    (park.folder / "old").mkdir()
    (park.folder / "old" / "some.csv").write_text("x")
    assert park.complaints() == ()


@pytest.mark.parametrize(("content", "line"), [
    (b"", "sites.csv: is empty; write a header row or remove the file"),
    (b"site;area\nroofs;3\n",
     'sites.csv line 1: cells are separated by semicolons; separate them by commas (in Excel: "CSV UTF-8")'),
    (b"site\tarea\nroofs\t3\n",
     'sites.csv line 1: cells are separated by tabs; separate them by commas (in Excel: "CSV UTF-8")'),
    ("site,area\nroofs,3\nDächer,3\n".encode("latin-1"),
     'sites.csv line 3: is not UTF-8; save it as UTF-8 (in Excel: "CSV UTF-8")'),
    ("site,area\nroofs,3\n".encode("utf-16"), 'sites.csv line 1: is not UTF-8; save it as UTF-8 (in Excel: "CSV UTF-8")'),
    (b"site,area\nroofs,3\0\n", 'sites.csv: holds NUL bytes: it is no text; save it as UTF-8 (in Excel: "CSV UTF-8")'),
    (b"site,area,\nroofs,3,x\n", "sites.csv line 1: column 3 has no name; name it in the header or remove it"),
    (b"site,area,area\nroofs,3,4\n", "sites.csv line 1: column 'area': is there twice; remove one"),
])
def test_a_file_that_cannot_be_read_is_one_complaint_and_hides_what_follows_from_it(park, content, line):
    park.write("sites.csv", content)
    assert park.complaints() == (line,)


@pytest.mark.parametrize("table",
    ["technologies", "types", "ports", "costs", "demand", "supplies", "prices", "emission_factors", "measures", "savings",
     "captures", "process_emissions", "restoration", "uptake", "stages", "links"])
def test_any_unreadable_table_is_one_complaint(park, table):
    park.write(f"{table}.csv", "a;b\n1;2\n")
    assert len(park.complaints()) == 1


def test_a_folder_named_like_a_table_is_refused(park):
    (park.folder / "sites.csv").unlink()
    (park.folder / "sites.csv").mkdir()
    assert park.complaints() == ("sites.csv: is a folder; a file is needed",)


def test_a_broken_link_is_said_to_lead_to_nothing(park):
    (park.folder / "sites.csv").unlink()
    (park.folder / "sites.csv").symlink_to(park.folder / "nowhere.csv")
    assert park.complaints() == ("sites.csv: is a link to nothing",)


def test_an_unknown_table_names_the_nearest_and_hides_what_follows_from_it(park):
    (park.folder / "technologies.csv").rename(park.folder / "technology.csv")
    assert park.complaints() == ("technology.csv: is no table of a park; did you mean 'technologies.csv'?",)


def test_a_missing_settings_file_is_said(park):
    (park.folder / "park.toml").unlink()
    assert park.complaints() == ("park.toml: is missing; every park folder has one (`plan new DIR` starts a folder)",)


def test_a_missing_folder_or_catalogue_or_a_file_in_its_place_is_told(tmp_path, park):
    with pytest.raises(CaseError, match="is missing; name the folder of a park"):
        read_case(tmp_path / "none")
    (tmp_path / "file").write_text("x")
    with pytest.raises(CaseError, match="is no folder; name the folder that holds"):
        read_case(tmp_path / "file")
    with pytest.raises(CaseError, match="the catalogue is a folder of CSV tables"):
        read_case(park.folder, catalogue=tmp_path / "none")


def test_all_faults_are_said_at_once_in_order_of_files_and_lines(park):
    park.edit("park.toml", "discount_rate = 0.06", "discount_rate = 6")
    park.edit("technologies.csv", "roof,solar-rooftop", "roof,solarroof")
    park.edit("demand.csv", "4,GWh/year", "-3,MWh")
    park.edit("demand.csv", "8760,MWh", "8760,MW")
    park.edit("captures.csv", "capture,kiln", "capture,klin")
    park.edit("savings.csv", "led,machines", "led,machine")
    park.edit("profiles.csv", "7,0.5,2", "7,,2")
    park.edit("goal.toml", "by = 2030", 'by = "soon"')
    assert park.complaints() == (
        "park.toml line 4: discount_rate = 6: is above 1; write a share (0.06), not a percentage",
        "technologies.csv line 2: type 'solarroof': is no type; did you mean 'solar-rooftop'? `plan catalogue` lists them all",
        "profiles.csv: sun: 23 values; 24 hourly values are needed, the first one missing is in line 9",
        "demand.csv line 2: unit 'MW': MWh or a unit of that dimension is needed",
        "demand.csv line 4: value = -3 MWh: is below 0; write what is used as a positive number",
        "goal.toml line 2: by = 'soon': is no number; write it without quotes, with a decimal point",
        "savings.csv line 2: demand 'machine': is no demand; did you mean 'machines'?",
        "captures.csv line 3: source 'klin': is no technology, process emission or 'air'; did you mean 'kiln'?",
    )


def test_a_file_full_of_faults_is_cut_short_with_a_count(park):
    park.write("budget.csv", "year,capital\n" + "2026,x\n" * (MOST_PER_FILE + 40))
    lines = park.complaints()
    assert len(lines) == MOST_PER_FILE + 1 and lines[-1] == "budget.csv: 40 more faults; put these right first"


@pytest.mark.parametrize("unit", ["1/0", "((((", "MWh**99**99", "%%", "MWh/", "°", "x" * 500])
def test_a_unit_that_nobody_can_read_is_a_complaint_and_no_crash(park, unit):
    park.edit("demand.csv", "4,GWh/year", f"4,{unit}")
    (line,) = park.complaints()
    assert line.startswith("demand.csv line 4: unit ")


def test_a_profile_of_a_million_rows_is_refused_without_being_read_to_the_end(park):
    park.write("profiles.csv", "hour,sun,day\n" + "".join(f"{h},0.5,1\n" for h in range(1_000_000)))
    assert park.complaints() == ("profiles.csv: has more than 8,784 rows; this is no table of a park",)


def test_the_digest_changes_with_any_file(park):
    first = park.read().digest
    assert park.read().digest == first
    park.add("budget.csv", "2027,5")
    second = park.read().digest
    (park.catalogue / "uptake.csv").write_text("project,age,value\n")
    assert len({first, second, park.read().digest}) == 3
