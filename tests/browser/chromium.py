"""A headless Chromium without a network, driven by selenium."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BROWSER, AXE = os.environ.get("PARKZERO_BROWSER", ""), os.environ.get("PARKZERO_AXE", "")

#: Root may not use the sandbox; the rest keeps Chromium from looking for the network by itself.
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars")
#: No name leads anywhere, but where a server of this machine is opened that one address.
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND"


class Browser:
    """A headless Chromium without a network."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, page: Path, width: int, dark: bool = False, print_: bool = False) -> None:
        """Open a file in a window of a width, in light or dark, on a screen or as it is printed."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.command("Emulation.setEmulatedMedia", media="print" if print_ else "", features=scheme)
        self.driver.get(page.as_uri())

    def command(self, name: str, **values: Any) -> Any:
        """A command of the browser's own protocol."""
        return self.driver.execute_cdp_cmd(name, values)

    def log(self) -> list[str]:
        """What the console has said since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def run(self, script: str, *values: Any) -> Any:
        """What a script in the page returns."""
        return self.driver.execute_script(script, *values)

    def axe(self, only: str = "") -> list[tuple[str, str, list[str]]]:
        """(rule, impact, elements) of all that axe finds, or of what its rules with that tag do."""
        self.driver.set_script_timeout(120)
        self.run(Path(AXE).read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const [only, done] = arguments, asked = only ? {runOnly: {type: 'tag', values: [only]}} : {};"
            "axe.run(document, {resultTypes: ['violations'], ...asked}).then(r => done("
            "r.violations.map(v => [v.id, v.impact, v.nodes.map(n => n.html.slice(0, 200))])))", only,)
        return [tuple(v) for v in found]


@contextmanager
def started(is_offline: bool = True) -> Iterator[Browser]:
    """A browser that reaches nothing; not `is_offline`: nothing but servers of this machine."""
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options as Chrome
    from selenium.webdriver.chrome.service import Service

    options = Chrome()
    for flag in (*FLAGS, NOWHERE if is_offline else f"{NOWHERE}, EXCLUDE 127.0.0.1"):
        options.add_argument(flag)
    options.binary_location = BROWSER
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    beside = shutil.which("chromedriver")
    assert Path(BROWSER).is_file() and beside and Path(AXE).is_file(), "PARKZERO_BROWSER, PARKZERO_AXE or chromedriver is missing"
    driver = webdriver.Chrome(options=options, service=Service(beside))
    try:
        driver.execute_cdp_cmd("Network.enable", {})
        offline = {"offline": is_offline, "latency": 0, "downloadThroughput": 0 if is_offline else -1,
            "uploadThroughput": 0 if is_offline else -1}
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
        yield Browser(driver)
    finally:
        driver.quit()
