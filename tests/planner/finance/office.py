"""Workbooks recalculated by LibreOffice, as a person's spreadsheet would: every formula, whatever number stands in its cell."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

#: LibreOffice; None where it is not installed.
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
#: Settings of a profile of its own: recalculate always when a workbook is opened.
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculated(paths: Sequence[Path], folder: Path) -> list[Workbook]:
    """The workbooks with the numbers that LibreOffice finds; `folder` is one to work in."""
    profile, out = folder / "profile", folder / "recalculated"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    options = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir", str(out)]
    done = subprocess.run([str(OFFICE), *options, *map(str, paths)], capture_output=True, text=True, timeout=900, check=False)
    assert all((out / path.name).is_file() for path in paths), done.stderr
    return [openpyxl.load_workbook(out / path.name, data_only=True) for path in paths]
