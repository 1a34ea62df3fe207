"""The workbench as a visitor uses it: from a blank park to a Word file, in both languages, with the server killed in between."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import Browser, started

from planner.process.worker import command_of, environment
from planner.templates.blank import BlankWanted, blank
from planner.templates.write import write_folder

PATIENCE = 300
LANGUAGES = ("en", "zh")
NAMES = {"en": "English", "zh": "中文"}
NARROW, WIDE = 390, 1280
#: A block as a spreadsheet of a country with decimal commas copies it: heads, tabs, a cell in quotes, and a slip.
BLOCK = 'demand\tcarrier\tyear\tvalue\tunit\tprofile\tsource\nmachines\telectricity\t2025\tx5\tMWh\tday\t"bills, of ""2025"""\nmachines\telectricity\t2027\t35000,25\tMWh\tday\t\n'


#: Keys by name: Windows' number, and the text that they type.
KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), " ": (32, " "), "Delete": (46, ""), **{f"Arrow{d}": (37 + i, "") for i, d in enumerate(("Left", "Up", "Right", "Down"))}}
CONTROL, SHIFT = 2, 8
#: Where the focus is: its words, whether it is seen, whether it comes after the last one, and what it is. Within a frame it is the frame's.
STOP = """
const e = document.activeElement, last = window.lastStop;
window.lastStop = e;
if (e === document.body) return ['', true, true, ''];
const style = getComputedStyle(e), box = e.getClientRects()[0] || e.getBoundingClientRect();
const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
const seen = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none' && !!top && (e.contains(top) || top.contains(e));
const words = (e.innerText || e.ariaLabel || '').trim() || (e.labels && e.labels[0] ? e.labels[0].innerText.trim() : '');
const after = !last || last === document.body || !last.isConnected || !!(last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING);
return [words, seen || e.tagName === 'IFRAME', after || last === e, e.outerHTML.slice(0, 200)];
"""
#: What moves while a page is shown, by its path, without what follows a key: kept for the session, since pages come and go.
SHIFTS = """
if (window === top && location.protocol === 'http:') new PerformanceObserver(list => {
  const known = JSON.parse(sessionStorage.shifts || '{}');
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) known[location.pathname] = (known[location.pathname] || 0) + entry.value;
  sessionStorage.shifts = JSON.stringify(known);
}).observe({type: 'layout-shift', buffered: true});
"""


class Served:
    """`plan serve` as a process of its own, and a browser before it, which is used by the keyboard alone."""

    def __init__(self, root: Path, browser: Browser) -> None:
        self.root, self.browser, self.driver = root, browser, browser.driver
        browser.command("Page.addScriptToEvaluateOnNewDocument", source=SHIFTS)
        self.begin()

    def begin(self) -> None:
        """Start the server, and open its address."""
        command = [*command_of("planner"), "serve", str(self.root), "--no-browser", "--language", "en"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment())
        assert self.process.stdout is not None
        address = self.process.stdout.readline().strip()
        self.base = address.partition("/enter")[0]
        self.wait(lambda: self.driver.get(address) or self.driver.current_url == f"{self.base}/")

    def kill(self) -> None:
        """As a system does that has no memory left."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def go(self, path: str) -> None:
        self.driver.get(self.base + path)

    def run(self, script: str, *values: Any) -> Any:
        return self.browser.run(script, *values)

    def wait(self, is_so: Callable[[], Any]) -> Any:
        """What is so at last."""
        until = time.monotonic() + PATIENCE
        while not (found := is_so()):
            assert time.monotonic() < until, self.run("return document.body.innerText")
            time.sleep(0.1)
        return found

    def see(self, words: str) -> None:
        """Wait until the page says these words."""
        self.wait(lambda: words in self.run("return document.body.innerText"))

    def key(self, name: str, held: int = 0, commands: tuple[str, ...] = ()) -> None:
        """A key pressed and let go."""
        code, text = KEYS.get(name) or (ord(name.upper()), name)
        given = {"key": name, "windowsVirtualKeyCode": code, "modifiers": held}
        typed = {"text": text} if text and not held else {}
        self.browser.command("Input.dispatchKeyEvent", type="keyDown" if typed else "rawKeyDown", commands=list(commands), **typed, **given)
        self.browser.command("Input.dispatchKeyEvent", type="keyUp", **given)

    def write(self, text: str) -> None:
        """Text in place of what stands in the field that has the focus."""
        self.key("a", CONTROL, ("selectAll",))
        self.browser.command("Input.insertText", text=text)

    def to(self, words: str) -> None:
        """Tab until the focus is on what says so; it is seen on the way, and goes forward."""
        for _ in range(400):
            self.key("Tab")
            found, seen, after, what = self.run(STOP)
            assert seen and after, (self.driver.current_url, what, seen, after)
            is_field = what.startswith(("<input", "<select", "<textarea"))
            if found == words or (is_field and found.replace("\n", " ").startswith(f"{words} ")):
                return
        raise AssertionError((words, self.driver.current_url))

    def press(self, words: str) -> None:
        """Press the button, or follow the link, that says so."""
        self.to(words)
        self.key("Enter")

    def fill(self, label: str, value: str) -> None:
        """Write into the field of this label."""
        self.to(label)
        self.write(value)

    def paste(self, text: str) -> None:
        """A block from the clipboard into the sheet."""
        self.run("const data = new DataTransfer(); data.setData('text/plain', arguments[0]);"
            "document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));", text,)

    def sheet(self) -> None:
        """Wait until a sheet is there, and put the focus on it."""
        self.wait(lambda: self.run("return !!document.querySelector('#sheet .tabulator-row, #sheet .tabulator-placeholder')"))
        for _ in range(60):
            self.key("Tab")
            assert self.run(STOP)[1:3] == [True, True], self.run(STOP)
            if self.run("return !!document.activeElement.closest('#sheet')"):
                return
        raise AssertionError("the sheet is not reached")

    def click(self, selector: str, place: int) -> None:
        """A click of the mouse on one of the things of the sheet that are called so."""
        where = "const b = document.querySelectorAll(`#sheet ${arguments[0]}`)[arguments[1]].getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]"
        x, y = self.run(where, selector, place)
        for kind in ("mousePressed", "mouseReleased"):
            self.browser.command("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def cells(self, class_: str) -> list[str]:
        return self.run("return [...document.querySelectorAll(`#sheet .tabulator-cell.${arguments[0]}`)].map(c => c.textContent)", class_)


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    with started(is_offline=False) as browser:
        root = tmp_path_factory.mktemp("folder")
        write_folder(root / "mill", blank(BlankWanted("Mill")))
        found = Served(root, browser)
        yield found
        found.kill()


def looked_at(served: Served, path: str, seen: str) -> None:
    """A page in both languages, narrow and wide, light and dark: axe finds nothing, nothing is wider than the window, the console is
    empty."""
    for language in LANGUAGES:
        served.browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if language == "zh" else "light"}])
        width = NARROW if language == "zh" else WIDE
        served.browser.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        if language != "en":
            served.driver.refresh()
            served.press(NAMES[language])
        served.wait(lambda language=language: served.run("return document.documentElement.lang").startswith(language))
        assert served.driver.current_url == served.base + path  # changed in place
        served.wait(lambda: served.run("return !document.querySelector('[aria-busy=true]') && document.readyState === 'complete' && !!document.querySelector(arguments[0])", seen))
        assert served.browser.axe() == [], (path, language)
        assert served.run("return document.documentElement.scrollWidth <= innerWidth"), (path, language)
    served.driver.refresh()
    served.press(NAMES["en"])
    served.wait(lambda: served.run("return document.documentElement.lang") == "en")
    assert served.browser.log() == []
    served.browser.command("Emulation.setDeviceMetricsOverride", width=WIDE, height=900, deviceScaleFactor=1, mobile=False)


@pytest.mark.slow
def test_from_a_blank_park_to_a_word_file_by_the_keyboard_alone(served):
    looked_at(served, "/", "form")
    served.fill("Name of the folder", "works")
    served.press("Begin a blank park")
    served.see("Nothing is wrong")
    looked_at(served, "/park/works", "#assumed")
    # A table that is not needed, the goal, and two years only, so that it is planned at once.
    served.go("/park/works/table/budget")
    served.press("Take this table out of the park")
    served.press("Take it out")
    served.see("Nothing is wrong")
    served.press("Goal")
    served.wait(lambda: served.driver.current_url.endswith("/goal"))
    looked_at(served, "/park/works/settings/goal", "#stages")
    served.fill("by", "2027")
    served.press("Save")
    served.see("Next step")
    served.press("park.toml")
    served.see("As text, with its comments")
    looked_at(served, "/park/works/settings/park", ".keys")
    served.fill("base emissions t", "30000")
    served.fill("last year year *", "2027")
    served.press("Save")
    served.see("Nothing is wrong")
    # A table that is pasted, with a fault that is mended at its cell.
    served.press("demand")
    served.sheet()
    served.paste(BLOCK)
    served.see("1 decimal commas were taken for points")
    served.wait(lambda: served.cells("wrong") == ["x5"])
    assert "x5" not in (served.root / "works" / "demand.csv").read_text()
    fault = served.run("return document.querySelector('#list button').innerText")
    served.press(fault)
    typed(served, "34300.5")
    served.wait(lambda: served.cells("wrong") == [] and "nothing is wrong here" in served.run("return document.body.innerText"))
    differs = lambda: served.run("return [...document.querySelectorAll('#differences tr')].map(r => [...r.cells].map(c => c.textContent))")  # noqa: E731
    served.press(served.run("return document.getElementById('differing').innerText"))
    value = [row[2:] for row in served.wait(differs) if row[:2] == ["row 1", "value"]]
    assert value == [["34300", "34300.5"]]
    served.key("z", CONTROL)
    served.wait(lambda: served.cells("wrong") == ["x5"])
    served.wait(lambda: ["row 1", "value", "34300", "x5"] in differs())
    served.key("y", CONTROL)
    served.wait(lambda: served.cells("wrong") == [])
    # A row added, written into, moved in by arrows, emptied, and taken out.
    served.press("Add a row")
    served.wait(lambda: served.run("return !!document.activeElement.closest('#sheet')"))
    typed(served, "spare")
    served.key("ArrowRight")
    served.see("carrier")
    assert served.run("return document.querySelector('#meaning b').textContent") == "carrier"
    served.key("Delete")
    served.wait(lambda: "spare" in served.run("return document.getElementById('sheet').innerText"))
    served.wait(lambda: not served.run("return document.getElementById('undo').disabled"))
    served.press("Remove rows")
    served.wait(lambda: "spare" not in served.run("return document.getElementById('sheet').innerText"))
    served.key("s", CONTROL)
    served.wait(lambda: served.run("return document.getElementById('state').textContent") == "saved")
    assert served.run("return document.getElementById('differs').hidden")
    rows = (served.root / "works" / "demand.csv").read_text().splitlines()
    assert rows[1].startswith("machines,electricity,2025,34300.5,MWh,day") and rows[1].endswith('"bills, of ""2025"""') and rows[2].split(",")[3] == "35000.25"
    looked_at(served, "/park/works/table/demand", "#sheet .tabulator-row")
    # A run: the page is closed and the server killed meanwhile.
    served.press("Run")
    served.see("How")
    looked_at(served, "/park/works/run", "form")
    served.press("Begin")
    served.see("doing now")
    page = served.driver.current_url.removeprefix(served.base)
    served.see("solving")
    assert shifts(served).get("/park/works", 0) < 0.05, shifts(served)  # what is found out after a page is there moves nothing
    served.driver.get("about:blank")
    served.kill()
    served.begin()
    served.go(page)
    served.see("It has ended.")
    looked_at(served, page, "main")
    served.press("Look at the answer")
    served.see("low-carbon by 2027")
    looked_at(served, "/run/works-plan", ".asked form")
    served.driver.switch_to.frame(served.run("return document.querySelector('iframe')"))
    served.wait(lambda: "My Park" in served.run("return document.body.innerText") or "works" in served.run("return document.body.innerText"))
    served.driver.switch_to.default_content()
    served.press("Tables")
    served.press("costs")
    served.wait(lambda: served.run("return !!document.querySelector('#output .tabulator-row')"))
    served.press("item")  # the head of a column sorts
    served.wait(lambda: served.run("return [...document.querySelectorAll('.tabulator-col')].some(c => c.ariaSort === 'ascending')"))
    assert served.browser.axe() == [] and served.browser.log() == []
    served.run("const word = document.getElementById('filter'); word.value = 'no such row'; word.dispatchEvent(new Event('input'))")
    served.see("0 of ")
    assert served.browser.axe() == []
    # Another run, begun and stopped; then one once more, compared, and written.
    served.go("/park/works/run")
    served.press("Begin")
    served.see("Stop: the best plan so far")
    served.press("Stop: the best plan so far")
    served.wait(lambda: "It has ended." in served.run("return document.body.innerText") or "It was stopped" in served.run("return document.body.innerText"))
    served.go("/run/works-plan")
    served.see("Plan it once more")
    served.press("Ask")
    served.press("Plan it once more")
    served.see("doing now")
    path = served.driver.current_url.removeprefix(served.base)
    served.see("It has ended.")
    assert shifts(served).get(path, 0) < 0.01, shifts(served)  # nothing moves while a run reports
    served.go("/")
    for run in ("works-plan-again", "works-plan"):
        served.to(run)
        served.to("compare")
        served.key(" ")
    served.press("Compare the runs that are ticked")
    served.see("It has ended.")
    served.press("Look at the answer")
    served.wait(lambda: served.run("return !!document.querySelector('iframe')"))
    looked_at(served, "/comparison/comparison", "iframe")
    served.go("/run/works-plan")
    served.see("Word application")
    served.press("Ask")
    served.press("Word application")
    served.see("It has ended.")
    served.press("To the run: report, files, other questions")
    served.see("application-cn-910.docx")
    beginning = served.driver.execute_async_script(
        "const done = arguments[0]; fetch(document.querySelector('a[href$=\".docx\"]').href).then(a => a.blob()).then(b => b.slice(0, 2).text()).then(done)")
    assert beginning == "PK"
    served.press("Queue")
    served.see("One works at a time")
    looked_at(served, "/jobs", "main")


def shifts(served: Served) -> dict[str, float]:
    """How much each page has moved, by path, since the server began: the port is another then."""
    return json.loads(served.run("return sessionStorage.shifts || '{}'"))


def typed(served: Served, text: str) -> None:
    """Written into the cell that is chosen, as in a spreadsheet: the first letter begins it, Enter ends it."""
    served.wait(lambda: served.run("return !!document.activeElement.closest('#sheet')"))
    served.key(text[0])
    served.wait(lambda: served.run("return document.activeElement.tagName") == "INPUT")
    served.browser.command("Input.insertText", text=text[1:])
    served.key("Enter")


def test_five_thousand_rows_are_pasted_in_two_seconds(served):
    served.go("/park/mill/table/uptake")
    served.wait(lambda: served.run("return !!document.querySelector('#sheet .tabulator-placeholder')"))
    assert served.browser.log() == []  # of a sheet without a row, too
    text = "\n".join(["project\tage\tvalue", *(f"p{i}\t{i % 50}\t{i / 7:.3f}" for i in range(5000))])
    served.browser.command("Performance.enable", timeDomain="threadTicks")
    spent = lambda: {m["name"]: m["value"] for m in served.browser.command("Performance.getMetrics")["metrics"]}["TaskDuration"]  # noqa: E731
    before = spent()
    served.paste(text)
    served.see("5000 rows pasted")
    assert spent() - before < 2.0
    before = spent()
    served.click(".tabulator-col:not(.rownum)", 2)  # a whole column: what is chosen is its first cell, told at once
    assert served.run("return document.querySelector('#meaning b').textContent") == "value" and spent() - before < 2.0
    served.run("window.onbeforeunload = null; saved = null")


#: A block pasted into a table, the columns and the rows that then stand in its sheet, and what is said.
HEADED = [
    ("futures", "future\tprobability\ncalm\t0.25\nstorm\t0.75", ["future", "probability"], [["calm", "0.25"], ["storm", "0.75"]], "2 rows pasted · new columns: probability"),
    ("futures", "future\tmood\tprobability\ncalm\tgood\t0.25", ["future", "probability"], [["calm", "0.25"]], "1 rows pasted · new columns: probability · left out, for they name no column of this table: mood"),
    ("futures", "Probability\n0.25\n0.75", ["future", "probability"], [["", "0.25"], ["", "0.75"]], "2 rows pasted · new columns: probability"),
    ("futures", "future\t概率\t\ncalm\t0.25\t9", ["future", "probability"], [["calm", "0.25"]], "1 rows pasted · new columns: probability · 1 columns without a heading were left out"),
    ("futures", "probability\nfuture", ["future"], [["probability"], ["future"]], "2 rows pasted"),
    ("future_values", "future\ttable\tname\titem\tfactor\ncalm\tprices\tgas\tprice\t1,5", ["future", "table", "name", "item", "scheme", "sense", "year", "value", "unit", "factor"],
     [["calm", "prices", "gas", "price", "", "", "", "", "", "1.5"]], "1 rows pasted · 1 decimal commas were taken for points · new columns: factor"),
    ("sites", "site\troof\nhall\t9", ["site", "area"], [["hall", "4"]], "1 rows pasted · left out, for they name no column of this table: roof"),
    ("sites", "site\tarea [m2]\nhall\t9", ["site", "area"], [["hall", "9"]], "1 rows pasted · numbers were not converted from the unit of area [m2]: the sheet has another"),
    ("supplies", "supply\tmax_export_year [kWh]\ngrid\t7", ["supply", "carrier", "kind", "max_import", "max_export", "scope", "fuel", "max_export_year [kWh]"], None, "1 rows pasted · new columns: max_export_year [kWh]"),
]


@pytest.mark.parametrize(("table", "block", "columns", "rows", "words"), HEADED)
def test_a_heading_row_names_columns_that_the_sheet_does_not_show_yet(served, table, block, columns, rows, words):
    """A future is called "calm", not "future"; its probability has a column; what names none is said."""
    served.go(f"/park/mill/table/{table}")
    served.wait(lambda: served.run("return !!document.querySelector('#sheet .tabulator-row, #sheet .tabulator-placeholder')"))
    served.paste(block)
    served.wait(lambda: "pasted" in served.run("return document.getElementById('state').textContent"))
    found = served.run("return [document.getElementById('state').textContent, sent().columns, sent().rows]")
    served.run("window.onbeforeunload = null; saved = null")
    assert found[:2] == [words, columns] and rows in (None, found[2])


def test_what_is_told_of_a_sheet_moves_nothing(served):
    served.go("/park/mill/table/demand")
    served.sheet()
    at = lambda: served.run("return document.getElementById('sheet').offsetTop")  # noqa: E731
    served.see("nothing is wrong here")
    before = at()
    served.paste(BLOCK)
    served.see("1 decimal commas were taken for points")
    served.wait(lambda: served.cells("wrong") == ["x5"])
    assert at() == before
    served.run("window.onbeforeunload = null; saved = null")
    # What a column means may be long: the sheet stays under the pointer, and what is told is of the cell that was chosen.
    served.go("/park/mill/table/prices")
    served.sheet()
    before = at()
    for place, name in ((1, "item"), (0, "supply"), (2, "year"), (1, "item")):
        served.click(".tabulator-row .tabulator-cell:not(.rownum)", place)
        assert (served.run("return document.querySelector('#meaning b').textContent"), at()) == (name, before)


def test_profiles_are_drawn_at_once_and_follow_the_cell_and_what_is_written_into_it(served):
    served.browser.log()
    served.go("/park/mill/table/profiles")
    served.sheet()
    drawn = lambda: served.run("return [document.querySelector('#drawing figcaption')?.textContent, document.querySelector('#drawing polyline')?.getAttribute('points')]")  # noqa: E731
    title, line = drawn()
    assert title == "day, hour by hour" and line.count(",") == 24
    served.click(".tabulator-row .tabulator-cell:not(.rownum)", 2)
    assert drawn()[0] == "sun, hour by hour" and drawn()[1] != line
    assert "used by technologies" in served.run("return document.getElementById('meaning').textContent")
    served.click(".tabulator-row .tabulator-cell:not(.rownum)", 1)
    assert drawn() == [title, line]
    typed(served, "0.01")
    assert drawn()[1] != line  # without waiting for the check
    served.key("z", CONTROL)
    served.wait(lambda: drawn() == [title, line])
    looked_at(served, "/park/mill/table/profiles", "#drawing svg")


def test_two_browsers_tell_each_other_and_a_second_workbench_reads_only(served):
    path, first = served.root / "mill" / "sites.csv", served.driver.current_window_handle
    served.go("/park/mill/table/sites")
    served.sheet()
    served.press("Add a row")
    typed(served, "mine")
    served.wait(lambda: not served.run("return document.getElementById('save').disabled"))
    # Another browser saves meanwhile.
    served.driver.switch_to.new_window("tab")
    served.go("/park/mill/table/sites")
    served.sheet()
    served.press("Add a row")
    typed(served, "other")
    served.key("s", CONTROL)
    served.wait(lambda: served.run("return document.getElementById('state').textContent") == "saved")
    # A second workbench on the folder, opened beside: everything is seen, nothing can be changed.
    second = Served(served.root, served.browser)
    served.see("here everything is read only")
    assert not served.run("return document.querySelectorAll('form[action^=\"/new\"]').length")
    second.go("/park/mill/table/sites")
    second.wait(lambda: "other" in second.run("return document.getElementById('sheet').innerText"))
    assert second.run("return [...document.querySelectorAll('.tools button')].every(b => b.disabled)")
    second.kill()
    served.driver.close()
    served.driver.switch_to.window(first)
    served.key("s", CONTROL)
    served.see("The table was changed on disk")
    assert "mine" not in path.read_text() and "other" in path.read_text() and ".parkzero" not in str(os.listdir(served.root / "mill"))
    served.run("saved = null")
