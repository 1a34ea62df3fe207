"""Folder, park, tables: what is read, checked and written through the pages is what the commands read, check and write."""

import html
import io
import json
import os
import signal
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import pytest
from visitors import Client

from models.case import Link
from models.errors import CaseError
from planner.answer.page.diagram import PlantGroup, diagram, scheme_of
from planner.language.language import Language
from planner.park import read_case
from planner.park.book import packed, unpacked
from planner.templates.blank import BlankWanted, blank
from planner.templates.notes import notes
from planner.templates.write import write_book
from planner.workbench import table as sheets

DEMAND = "/park/mill/table/demand"


def test_a_new_park_from_an_example_blank_and_a_workbook(client, root):
    assert client.sends("/new/example", data={"example": "steppe"}).headers["location"] == "/park/steppe"
    blank_one = {"name": "园区", "carrier": ["steam"], "grid": "8MW", "region": "cn"}
    assert client.sends("/new/blank", data=blank_one).headers["location"] == "/park/%E5%9B%AD%E5%8C%BA"
    assert any(d.carrier == "steam" for d in read_case(root / "园区").demand)
    from planner.language.language import ENGLISH

    book = write_book(root / "own.xlsx", blank(BlankWanted("Book", grid=3.0)), ENGLISH).read_bytes()
    assert client.sends("/new/book", files={"book": ("own.xlsx", book)}).headers["location"] == "/park/own"
    assert read_case(root / "own").park.name == "Book" and os.listdir(root / ".workbench" / "uploads") == []
    page = client.get("/").text
    assert "Steppe Data Centre" in page and '<option value="eu"' in page
    assert all(f'href="/park/{name}"' in page for name in ("steppe", "mill", "own", "%E5%9B%AD%E5%8C%BA"))


def test_a_park_is_copied_as_a_scenario_and_deleted(client, root):
    assert 'value="mill-scenario"' in client.get("/park/mill").text
    assert client.sends("/park/mill/copy", data={"name": "mill-scenario"}).headers["location"] == "/park/mill-scenario"
    assert read_case(root / "mill-scenario").digest == read_case(root / "mill").digest
    assert client.sends("/park/mill/copy", data={"name": "mill-scenario"}).status_code == 422
    client.bench.jobs.step = lambda: None
    client.sends("/park/mill-scenario/run", data={"name": "one"})
    for change in ("remove", "rename"):
        assert client.sends(f"/park/mill-scenario/{change}", data={"name": "new"}).status_code == 422
    client.bench.jobs.stop(client.bench.jobs.all()[0])
    assert client.sends("/park/mill-scenario/rename", data={"name": "mill"}).status_code == 422  # is there already
    assert client.sends("/park/mill-scenario/rename", data={"name": "mill-2"}).headers["location"] == "/park/mill-2"
    assert client.sends("/park/mill-2/remove").headers["location"] == "/" and not (root / "mill-2").exists() and not (root / "mill-scenario").exists()
    [kept] = (root / ".workbench" / "removed").iterdir()
    assert read_case(kept).digest == read_case(root / "mill").digest


def test_a_park_is_drawn_and_listed_from_its_tables(client, root):
    """The mill buys electricity and uses it; a roof makes some, a battery takes and gives it."""
    page = client.get("/park/mill/check").text
    assert "<li>electricity, bought: grid</li>" in page and "<li>– → electricity, offered: roof-pv</li>" in page
    assert "<li>electricity → electricity, offered: battery</li>" in page and "<li>electricity, used or sold: machines</li>" in page
    case = client.bench.checks.of(root / "mill").case
    picture = diagram(scheme_of(case), Language())
    # From grid to battery and use, from these and the roof to the demand; three plants between two carriers.
    assert (picture.count("<path"), picture.count("<rect")) == (2 + 3, 3 + 2) and 'aria-label="What the park consists of' in picture
    link = Link(**{"link": "cable", "carrier": "electricity", "from": "a", "to": "b"})
    assert PlantGroup(("electricity",), ("electricity",), (), ("battery", "cable (a → b)")) in scheme_of(case.model_copy(update={"links": (link,)})).groups


def test_what_cannot_be_a_new_park_is_told_and_leaves_nothing(client, root):
    before = sorted(os.listdir(root))
    for path, given, words in (
        ("/new/example", {"data": {"example": "nowhere", "name": "new"}}, "is no example park"),
        ("/new/example", {"data": {"example": "steppe", "name": "mill"}}, "is there already"),
        ("/new/example", {"data": {"example": "steppe", "name": "../up"}}, "is no name that a park may have"),
        ("/new/blank", {"data": {"name": "new", "grid": "much", "region": "cn"}}, "is no power"),
        ("/new/book", {"files": {"book": ("a.exe", b"MZ")}}, "is no file of .xlsx"),
        ("/new/book", {"files": {"book": ("../../a.xlsx", b"PK no workbook"), "name": (None, "new")}}, "/a.xlsx: cannot be read"),
        ("/new/book", {"data": {"name": "new"}}, "no file was chosen"),
        ("/new/book", {"files": {"book": ("a.zip", b"PK")}}, "a.zip: cannot be unpacked"),
        ("/new/book", {"files": {"book": ("a.zip", packed({"park.toml": b"", "b/park.toml": b""}))}}, "holds 2 parks"),
    ):
        answer = client.sends(path, **given)
        assert answer.status_code == 422 and words in answer.text, (path, answer.text)
        assert "Traceback" not in answer.text
    assert sorted(name for name in os.listdir(root) if name != ".workbench") == before


def test_a_zip_bomb_in_place_of_a_workbook_is_refused(client, root):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 6_000_000)
    answer = client.sends("/new/book", files={"book": ("bomb.xlsx", made.getvalue())})
    assert answer.status_code == 422 and "unpacks without end" in answer.text and not (root / "bomb").exists()


def test_a_fault_stands_at_its_cell_as_the_command_words_it(client, root):
    path = root / "mill" / "demand.csv"
    header, *rows = path.read_text().splitlines()
    columns = header.split(",")
    cells = dict(zip(columns, rows[0].split(","), strict=True))
    path.write_text(
        "\n".join(
            [header, "", ",".join(cells.values()),
             ",".join({**cells, "demand": "b", "value": "12,5 x"}.values()).replace("12,5 x", '"12,5 x"')]
        )
        + "\n"
    )
    with pytest.raises(CaseError, match=r"demand\.csv") as told:
        read_case(root / "mill")
    [line] = told.value.complaints
    data = client.get(f"{DEMAND}/data").json()
    assert [row[0] for row in data["rows"]] == [cells["demand"], "b"] and data["lines"] == [3, 4]
    [remark] = [r for r in data["remarks"] if r["kind"] == "fault"]
    assert (remark["row"], remark["column"]) == (1, "value") and line == f"demand.csv line 4: {remark['words']}"
    client.cookies.set("parkzero_language", "zh")
    assert "value = " in (zh := client.get(f"{DEMAND}/data").json()["remarks"][0]["words"]) and zh != remark["words"]


def sheet(client: Client) -> dict:
    data = client.get(f"{DEMAND}/data").json()
    return {"version": data["version"], "columns": [c["name"] for c in data["columns"]], "rows": data["rows"]}


def test_a_sheet_is_checked_without_being_saved_and_saved_as_it_stands(client, root):
    path, given = root / "mill" / "demand.csv", sheet(client)
    before, at = path.read_bytes(), given["columns"].index("value")
    given["rows"].append(["", *[""] * (len(given["columns"]) - 1)])  # blank rows count for places, and are not written
    given["rows"].append([*given["rows"][0]])
    given["rows"][-1][0], given["rows"][-1][at] = "b", "x"
    found = client.sends(f"{DEMAND}/check", json=given).json()
    assert [(r["row"], r["column"]) for r in found["remarks"] if r["kind"] == "fault"] == [(len(given["rows"]) - 1, "value")]
    assert path.read_bytes() == before and not found["can_plan"]
    given["rows"][-1][at] = "12.5"
    assert client.sends(f"{DEMAND}/check", json=given).json()["can_plan"]
    saved = client.sends(f"{DEMAND}/save", json=given).json()
    assert saved["version"] == sheets.version_of(path) != given["version"]
    assert [d.value for d in read_case(root / "mill").demand if d.demand == "b"] == [12.5]
    assert [p.name for p in (root / "mill").iterdir() if p.name.startswith(".")] == []


def test_a_table_that_was_changed_on_disk_is_told_and_not_overwritten(client, root):
    first, second = sheet(client), sheet(Client(client.bench).enters())
    first["rows"][0][0] = "one"
    second["rows"][0][0] = "two"
    assert client.sends(f"{DEMAND}/save", json=second).status_code == 200
    answer = client.sends(f"{DEMAND}/save", json=first)
    assert answer.status_code == 409 and "somebody else" in answer.json()["faults"][0]
    assert "two" in (root / "mill" / "demand.csv").read_text() and "one," not in (root / "mill" / "demand.csv").read_text()
    text = {"text": 'name = "x"', "version": "another", "anyway": "1"}
    assert "somebody else" in client.sends("/park/mill/settings/park", data=text).text
    assert 'name = "Mill"' in (root / "mill" / "park.toml").read_text()


def test_of_two_saves_of_one_version_at_once_the_second_is_refused(client, root, monkeypatch):
    path, given, write = root / "mill" / "demand.csv", sheet(client), sheets.write_file
    monkeypatch.setattr(sheets, "write_file", lambda *of: (time.sleep(0.3), write(*of)))  # both have looked before one writes
    def save(name):
        rows = [[name, *given["rows"][0][1:]], *given["rows"][1:]]
        return client.sends(f"{DEMAND}/save", json={**given, "rows": rows}).status_code
    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(("one", "two"), pool.map(save, ("one", "two")), strict=True))
    assert sorted(answers.values()) == [200, 409]
    assert all((f"{name}," in path.read_text()) is (status == 200) for name, status in answers.items())


def test_a_save_that_is_broken_off_leaves_the_table_whole(client, root, monkeypatch):
    path, given = root / "mill" / "demand.csv", sheet(client)
    before = path.read_bytes()
    given["rows"][0][0] = "one"
    def killed(self, target):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr("pathlib.Path.replace", killed)
    answer = client.sends(f"{DEMAND}/save", json=given)
    assert answer.status_code == 422 and "No space left" in answer.json()["faults"][0] and path.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed while it saves")
def test_a_server_that_is_killed_while_it_saves_leaves_the_table_whole(client, root):
    path, given = root / "mill" / "demand.csv", sheet(client)
    before = path.read_bytes()
    if (child := os.fork()) == 0:  # killed as the new file is about to take the place of the old one
        try:
            Path.replace = os.replace = os.rename = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
            sheets.save_sheet(path, "demand\n", given["version"])
        except BaseException as error:  # it must not go on as a second worker of the tests
            os.write(2, repr(error).encode())
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert path.read_bytes() == before and sheet(client)["version"] == given["version"]
    assert "Nothing is wrong" in client.get("/park/mill/check").text  # what it left is no fault of the park
    given["rows"][0][0] = "one"
    assert client.sends(f"{DEMAND}/save", json=given).status_code == 200 and b"one," in path.read_bytes()
    assert all(name.startswith("mill/") and not name.startswith("mill/.")
        for name in zipfile.ZipFile(io.BytesIO(client.get("/park/mill/zip").content)).namelist())


@pytest.mark.parametrize("given",
    [None, [], {"rows": []}, {"columns": ["a"], "rows": [[1]]}, {"columns": ["a"], "rows": ["a"]}, {"columns": [1], "rows": []},
     {"columns": ["a"] * 501, "rows": []}, {"columns": ["a"], "rows": [["x" * 10_001]]},
     {"columns": ["a"], "rows": [["a"]] * 20_001}])
def test_what_is_no_sheet_is_refused(client, root, given):
    before = (root / "mill" / "demand.csv").read_bytes()
    answer = client.sends(f"{DEMAND}/save", json=given)
    assert answer.status_code == 422 and answer.json()["faults"]
    assert client.sends(f"{DEMAND}/save", content=b"{not json", headers={"content-type": "application/json"}).status_code == 422
    assert (
        client.sends(f"{DEMAND}/save", content=json.dumps(sheet(client)).encode(),
            headers={"content-type": "text/plain"}).status_code
        == 422
    )
    assert (root / "mill" / "demand.csv").read_bytes() == before


def test_cells_come_back_as_they_were_written(client, root):
    path = root / "mill" / "sites.csv"
    odd = ["=1+1", 'a "quoted" name', "a, b", "x\ny", "屋顶"]
    given = {"version": sheets.version_of(path), "columns": ["site", "area", "note"],
        "rows": [[f"s{i}", "1", text] for i, text in enumerate(odd)]}
    assert client.sends("/park/mill/table/sites/save", json=given).status_code == 200
    assert [row[2] for row in client.get("/park/mill/table/sites/data").json()["rows"]] == odd
    assert client.sends("/park/mill/table/sites/remove").status_code == 303
    assert not path.exists() and len(os.listdir(root / ".workbench" / "removed")) == 1


def test_settings_are_checked_before_they_are_saved(client, root):
    path = root / "mill" / "goal.toml"
    page = client.get("/park/mill/settings/goal")
    assert "target" in page.text
    wrong = {"text": "target = zero", "version": sheets.version_of(path)}
    answer = client.sends("/park/mill/settings/goal", data=wrong)
    assert answer.status_code == 422 and "is no TOML" in answer.text and "target = zero" in answer.text
    assert "low-carbon" in path.read_text()
    right = {"text": 'target = "low-carbon"\r\nby = 2029', "version": sheets.version_of(path)}
    assert client.sends("/park/mill/settings/goal", data=right).status_code == 303
    assert path.read_text() == 'target = "low-carbon"\nby = 2029\n'


FORM = "/park/mill/settings/park"


class Fields(HTMLParser):
    """What stands in the fields of a form, by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._choice, self._select = False, ""
        self.feed(page.partition('class="keys"')[2].partition("</form>")[0])

    def handle_starttag(self, tag, attrs):
        own = dict(attrs)
        if tag in ("input", "select") and own.get("type") is None:
            self.found[own["name"]] = own.get("value", "")
            self._select = own["name"]
        self._choice = tag == "option" and "selected" in own

    def handle_data(self, data):
        if self._choice:
            self.found[self._select] = data


def keys_of(page: str) -> dict[str, str]:
    return Fields(page).found


def test_keys_of_a_park_are_set_and_cleared_in_a_form_and_its_comments_stay(client, root):
    path = root / "mill" / "park.toml"
    path.write_text(path.read_text() + "\n# Terms of the bank.\n[finance]\ntax_rate = 0.25  # of companies\n")
    before, shown = path.read_text(), keys_of(client.get(FORM).text)
    assert (shown["finance.tax_rate"], shown["currency"], shown["region"], shown["orders.years"]) == ("0.25", "CNY", "cn", "")
    assert (client.sends(f"{FORM}/keys", data={"version": sheets.version_of(path), **shown}).status_code == 303
        and path.read_text() == before)
    stated = {"finance.tax_rate": "0,2", "finance.interest": "4 %", "finance.depreciation:name": ["measure", "", ""],
        "finance.depreciation:value": ["8", "", ""], "finance.owners:name": "park", 'finance.owners."".tenor': "7",
        "orders.years": "2026, 2030", "tax.vat": "13%", "futures.objective": "cvar", "count_embodied": "true",
        "rules": "cn-green-direct"}
    assert client.sends(f"{FORM}/keys", data={"version": sheets.version_of(path), **shown, **stated}).status_code == 303
    park = read_case(root / "mill").park
    assert park.finance is not None and (park.finance.tax_rate, park.finance.interest, park.finance.depreciation) == (0.2, 0.04,
        {"measure": 8.0})
    assert (park.finance.owners["park"].tenor, park.orders.years, park.tax.vat, park.futures.objective) == (7, (2026, 2030), 0.13,
        "cvar")
    assert (park.count_embodied and park.rules == ("cn-green-direct",) and "# Terms of the bank." in path.read_text()
        and "# of companies" in path.read_text())
    # Emptied, a key is left out, and its table with its last one.
    shown = keys_of(client.get(FORM).text)
    assert shown["finance.owners.park.tenor"] == "7" and (shown["futures.objective"], shown["count_embodied"]) == ("cvar", "true")
    gone = {name: "" for name in shown if name.startswith(("finance", "tax", "futures", "orders"))} | {"rules": "",
        "count_embodied": ""}
    assert client.sends(f"{FORM}/keys", data={"version": sheets.version_of(path), **shown, **gone}).status_code == 303
    assert path.read_text().strip() == before.partition("[finance]")[0].strip() and read_case(root / "mill").park.finance is None


def test_a_fault_stands_at_its_key_as_the_command_words_it_in_both_languages(client, root):
    path = root / "mill" / "park.toml"
    before, shown = path.read_text(), keys_of(client.get(FORM).text)
    wrong = {**shown, "version": sheets.version_of(path), "finance.owners:name": "park", 'finance.owners."".tax_rate': "1.5",
        "orders.years": "soon", "last_year": ""}
    page = client.sends(f"{FORM}/keys", data=wrong)
    assert page.status_code == 422 and path.read_text() == before and "Not saved; faults: 3" in page.text
    path.write_text(page.text.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0].replace("&#34;", '"'))
    with pytest.raises(CaseError, match=r"park\.toml") as told:
        read_case(root / "mill")
    for line, field in zip(told.value.complaints, ("last_year", "orders.years", "finance.owners.park.tax_rate"), strict=True):
        at = page.text.partition(f'name="{field}"')[2].partition('class="key"')[0]
        assert 'aria-invalid="true"' in at and html.escape(line.partition(": ")[2], quote=False) in at.replace("&#39;",
            "'").replace("&#34;", '"')
        assert field.rpartition(".")[2] in line
    again = keys_of(page.text)  # what was typed stands there, and can be mended
    mended = {**again, "version": sheets.version_of(path), "finance.owners.park.tax_rate": "0.15", "orders.years": "2027",
        "last_year": "2035"}
    assert (client.sends(f"{FORM}/keys", data=mended).status_code == 303
        and read_case(root / "mill").park.finance.owners["park"].tax_rate == 0.15)
    assert client.sends(f"{FORM}/keys", data={**mended, "version": "old"}).status_code == 409
    assert ("is stated of no name"
        in client.sends(f"{FORM}/keys", data={"version": sheets.version_of(path), 'finance.owners."".tenor': "3"}).text)
    client.cookies.set("parkzero_language", "zh")
    assert notes("zh")["Interest on debt per year, nominal."] in client.get(FORM).text and "留空" in client.get(FORM).text


def test_a_park_comes_out_as_a_zip_file_of_its_own_files(client, root):
    (root / "mill" / "private.key").write_text("secret")
    archive = zipfile.ZipFile(io.BytesIO(client.get("/park/mill/zip").content))
    assert "mill/park.toml" in archive.namelist() and "mill/private.key" not in archive.namelist()
    back = client.sends("/new/book", files={"book": ("mill 2.zip", packed({**unpacked(client.get("/park/mill/zip").content),
        "mill/private.key": b"x", "mill/../../up.csv": b"x", "other/demand.csv": b"x"}))})
    assert back.headers["location"] == "/park/mill%202" and read_case(root / "mill 2").digest == read_case(root / "mill").digest
    assert {path.name for path in (root / "mill 2").iterdir()} == {Path(name).name for name in archive.namelist()}


def test_a_park_comes_out_as_a_workbook_and_comes_back_the_same(client, root):
    long = "0.12345678901234567"  # more digits than a cell of a workbook has
    path = root / "mill" / "demand.csv"
    header, first, *_ = path.read_text().splitlines()
    cells = dict(zip(header.split(","), first.split(","), strict=True))
    path.write_text(
        "\n".join([
            header + ",zone",
            *(",".join({**cells, "demand": name, "value": value}.values()) + ",007"
                for name, value in (("a b", "12.5"), ("1e3", long))),
        ])
        + "\n"
    )
    (root / "mill" / "goal.toml").write_text('target = "zero-carbon"\nby = 2033\n[milestones]\nlow-carbon = 2031\n')
    book = client.get("/park/mill/book")
    assert book.headers["content-disposition"].startswith("attachment") and book.content[:2] == b"PK"
    assert client.sends("/new/book", files={"book": ("back.xlsx", book.content)}).headers["location"] == "/park/back"
    assert (root / "back" / "demand.csv").read_text().splitlines()[2].split(",")[:4:3] == ["1e3", long]
    own, again = sheet_of(root / "mill", client), sheet_of(root / "back", client)
    assert own == again and own["demand"][-1][-1] == "007" and "low-carbon" in (root / "back" / "goal.toml").read_text()
    assert 'href="/park/mill/book"' in client.get("/park/mill").text
    path.write_text(header + "\nonly one cell\n")
    told = client.get("/park/mill/book")
    assert told.status_code == 422 and "demand.csv" in told.text


def sheet_of(folder, client):
    """Rows of every table of a park, as its pages show them."""
    tables = [path.stem for path in sorted(folder.glob("*.csv"))]
    return {table: client.get(f"/park/{folder.name}/table/{table}/data").json()["rows"] for table in tables}


def test_a_drop_down_offers_the_park_s_own_names(client, root):
    def offered(table: str) -> dict[str, list[str]]:
        data = client.get(f"/park/mill/table/{table}/data").json()
        return {column["name"]: column["choices"] for column in [*data["columns"], *data["others"]]}
    demand = offered("demand")
    [names, profiles] = [
        [*dict.fromkeys(row[i] for row in sheet(client)["rows"])] for i in (0, sheet(client)["columns"].index("profile"))]
    assert set(profiles) <= set(demand["profile"]) and "hour" not in demand["profile"] and "electricity" in demand["carrier"]
    assert demand["demand"] == []  # here it gets its name
    assert offered("savings")["demand"] == names and offered("prices")["supply"] == offered("bills")["supply"] != []
    assert demand["unit"] == [] and demand["source"] == []
    (root / "mill" / "types.csv").write_text("type,role\nkiln,converter\n")
    (root / "mill" / "connections.csv").write_text("connection,zone\nwest line,west\n")
    assert "kiln" in offered("technologies")["type"] and "solar-rooftop" in offered("technologies")["type"]
    assert "west line" in offered("prices")["supply"] and "west" in offered("links")["from"]
    (root / "mill" / "connections.csv").write_text('connection,zone\n"west')
    assert "west line" not in offered("prices")["supply"]
