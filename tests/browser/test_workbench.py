"""The workbench as a visitor uses it: from a blank park to a Word file, in both languages, with the server killed in between."""

from __future__ import annotations

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

from planner.process.child import command_of, environment
from planner.templates.blank import BlankWanted, blank
from planner.templates.write import write_folder

PATIENCE = 300
LANGUAGES = ("en", "zh")
NARROW, WIDE = 390, 1280
#: A block as a spreadsheet of a country with decimal commas copies it: heads, tabs, a cell in quotes, and a slip.
BLOCK = 'demand\tcarrier\tyear\tvalue\tunit\tprofile\tsource\nmachines\telectricity\t2025\tx5\tMWh\tday\t"bills, of ""2025"""\nmachines\telectricity\t2027\t35000,25\tMWh\tday\t\n'


class Served:
    """`plan serve` as a process of its own, and a browser before it."""

    def __init__(self, root: Path, browser: Browser) -> None:
        self.root, self.browser, self.driver = root, browser, browser.driver
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

    def press(self, words: str) -> None:
        """Press the button, or follow the link, that says so."""
        found = self.run(
            "return [...document.querySelectorAll('button, a')].find(e => e.textContent.trim() === arguments[0] && e.offsetParent)", words
        )
        assert found, words
        found.click()

    def fill(self, name: str, value: str) -> None:
        self.run("const e = document.querySelector(`[name='${arguments[0]}']`); e.value = arguments[1];", name, value)

    def paste(self, text: str) -> None:
        """A block from the clipboard into the sheet."""
        self.run(
            "const data = new DataTransfer(); data.setData('text/plain', arguments[0]);"
            "document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));",
            text,
        )

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
        served.run("document.querySelector(`.languages button[value=${arguments[0]}]`).click()", language)
        served.wait(lambda language=language: served.run("return document.documentElement.lang").startswith(language))
        assert served.driver.current_url == served.base + path  # changed in place
        served.wait(lambda: served.run("return !document.querySelector('[aria-busy=true]') && document.readyState === 'complete' && !!document.querySelector(arguments[0])", seen))
        assert served.browser.axe() == [], (path, language)
        assert served.run("return document.documentElement.scrollWidth <= innerWidth"), (path, language)
        served.run("document.querySelector('.languages button[value=en]').click()") if language == "zh" else None
    served.wait(lambda: served.run("return document.documentElement.lang") == "en")
    assert served.browser.log() == []
    served.browser.command("Emulation.setDeviceMetricsOverride", width=WIDE, height=900, deviceScaleFactor=1, mobile=False)


@pytest.mark.slow
def test_from_a_blank_park_to_a_word_file_without_a_shell(served):
    looked_at(served, "/", "form")
    served.run("document.querySelector(\"form[action='/new/blank'] [name=name]\").value = 'works'")
    served.press("Begin a blank park")
    served.see("Nothing is wrong")
    looked_at(served, "/park/works", "#assumed")

    # A table that is not needed, the goal, and two years only, so that it is planned at once.
    served.go("/park/works/table/budget")
    served.wait(lambda: served.run("return !!document.querySelector('#sheet .tabulator-row')"))
    served.run("document.querySelector('form[action$=remove]').closest('details').open = true")
    served.press("Take it out")
    served.see("Nothing is wrong")
    served.go("/park/works/goal")
    looked_at(served, "/park/works/goal", "#stages")
    served.fill("by", "2027")
    served.press("Save")
    served.see("Next step")
    served.go("/park/works/settings/park")
    looked_at(served, "/park/works/settings/park", "textarea")
    text = served.run("return document.querySelector('textarea').value").replace("last_year = 2035", "last_year = 2027\nbase_emissions = 30000")
    served.run("document.querySelector('textarea').value = arguments[0]", text)
    served.press("Save")
    served.see("Nothing is wrong")

    # A table that is pasted, with a fault that is mended at its cell.
    served.go("/park/works/table/demand")
    served.wait(lambda: served.run("return !!document.querySelector('#sheet .tabulator-row')"))
    served.paste(BLOCK)
    served.see("1 decimal commas were taken for points")
    served.wait(lambda: served.cells("wrong") == ["x5"])
    assert "x5" not in (served.root / "works" / "demand.csv").read_text()
    served.run("document.querySelector('#list button').click()")
    keys(served, "34300.5")
    served.wait(lambda: served.cells("wrong") == [] and "nothing is wrong here" in served.run("return document.body.innerText"))
    differs = lambda: served.run("return [...document.querySelectorAll('#differences tr')].map(r => [...r.cells].map(c => c.textContent))")  # noqa: E731
    served.run("document.getElementById('differs').open = true")
    value = [row[2:] for row in served.wait(differs) if row[:2] == ["row 1", "value"]]
    assert value == [["34300", "34300.5"]]
    served.press("Undo")
    served.wait(lambda: served.cells("wrong") == ["x5"])
    served.wait(lambda: ["row 1", "value", "34300", "x5"] in differs())
    served.press("Redo")
    served.wait(lambda: served.cells("wrong") == [])
    served.press("Save")
    served.wait(lambda: served.run("return document.getElementById('state').textContent") == "saved")
    assert served.run("return document.getElementById('differs').hidden")
    rows = (served.root / "works" / "demand.csv").read_text().splitlines()
    assert rows[1].startswith("machines,electricity,2025,34300.5,MWh,day") and rows[1].endswith('"bills, of ""2025"""') and rows[2].split(",")[3] == "35000.25"
    looked_at(served, "/park/works/table/demand", "#sheet .tabulator-row")

    # A run: the page is closed and the server killed meanwhile.
    served.go("/park/works/run")
    looked_at(served, "/park/works/run", "form")
    served.press("Begin")
    served.see("works")
    page = served.driver.current_url.removeprefix(served.base)
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
    served.go("/run/works-plan/table/costs?plan=target")
    served.wait(lambda: served.run("return !!document.querySelector('#output .tabulator-row')"))
    assert served.browser.axe() == [] and served.browser.log() == []

    # Another run, begun and stopped; then compared, and written.
    served.go("/park/works/run")
    served.press("Begin")
    served.see("Stop: the best plan so far")
    served.press("Stop: the best plan so far")
    served.wait(lambda: "It has ended." in served.run("return document.body.innerText") or "It was stopped." in served.run("return document.body.innerText"))
    served.go("/run/works-plan")
    served.see("Plan it once more")
    served.press("Plan it once more")
    served.see("It has ended.")
    served.go("/")
    served.run("document.querySelectorAll('input[name=run]').forEach(e => { e.checked = ['works-plan', 'works-plan-again'].includes(e.value); })")
    served.press("Compare the runs that are ticked")
    served.see("It has ended.")
    served.go("/comparison/comparison")
    looked_at(served, "/comparison/comparison", "iframe")
    served.go("/run/works-plan")
    served.see("Word application")
    served.press("Word application")
    served.see("It has ended.")
    served.go("/run/works-plan")
    served.see("application-cn-910.docx")
    beginning = served.driver.execute_async_script(
        "const done = arguments[0]; fetch(document.querySelector('a[href$=\".docx\"]').href).then(a => a.blob()).then(b => b.slice(0, 2).text()).then(done)"
    )
    assert beginning == "PK"
    looked_at(served, "/jobs", "main") if served.go("/jobs") is None else None


def keys(served: Served, text: str) -> None:
    """Typed where the focus is, and Enter."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    served.wait(lambda: served.run("return !!document.activeElement.closest('#sheet')"))
    ActionChains(served.driver).send_keys(text).send_keys(Keys.ENTER).perform()


def test_five_thousand_rows_are_pasted_in_two_seconds(served):
    served.go("/park/mill/table/uptake")
    served.wait(lambda: served.run("return !!document.querySelector('#sheet .tabulator-placeholder')"))
    text = "\n".join(["project\tage\tvalue", *(f"p{i}\t{i % 50}\t{i / 7:.3f}" for i in range(5000))])
    served.browser.command("Performance.enable", timeDomain="threadTicks")
    spent = lambda: {m["name"]: m["value"] for m in served.browser.command("Performance.getMetrics")["metrics"]}["TaskDuration"]  # noqa: E731
    before = spent()
    served.paste(text)
    served.see("5000 rows pasted")
    assert spent() - before < 2.0
    served.run("window.onbeforeunload = null; saved = null")


def test_two_browsers_tell_each_other_of_changes(served):
    served.go("/park/mill/table/sites")
    served.wait(lambda: served.run("return !!document.querySelector('#sheet .tabulator-row')"))
    path = served.root / "mill" / "sites.csv"
    path.write_text(path.read_text() + "other,1\n")
    served.press("Add a row")
    keys(served, "mine")
    served.wait(lambda: served.run("return !document.getElementById('save').disabled"))
    served.press("Save")
    served.see("The table was changed on disk")
    assert "mine" not in path.read_text() and json.dumps(os.listdir(served.root / "mill")).count(".parkzero") == 0
    served.run("saved = null")
