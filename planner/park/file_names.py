"""Names that become names of files: one rule for all of them, which holds on every system.

A name names a file in the folder that it is of and nowhere else: it has no part of a path in it, and nothing that another system
takes for a device.
"""

from __future__ import annotations

import hashlib
import re

from planner.park import faults
from planner.park.faults import fault
from planner.park.fields import check_name

#: Signs that divide a path on one system or another, or end the name of a drive.
SIGNS = "/ \\ :"
#: Names that Windows takes for devices, whatever ending follows.
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
#: Bytes of the longest name: most systems allow 255, and an ending and that of a draft are added.
MOST_BYTES = 200
#: Characters that are kept of a text of which a name is made.
KEPT = 60


def check_file_name(text: str) -> None:
    """ValueError where a name cannot be one of a file: a path on some system, hidden, or a device."""
    check_name(text)
    size = len(text.encode("utf-8", "replace"))
    if size > MOST_BYTES:
        raise ValueError(fault(faults.LONG_FILE_NAME, count=size, most=MOST_BYTES))
    if not text.strip() or text.strip(". ") != text or set(text) & set(SIGNS.split()) or _DEVICE.fullmatch(text):
        raise ValueError(fault(faults.NO_FILE_NAME, signs=SIGNS))


def file_name_of(text: str, always: bool = False) -> str:
    """A name of a file for any text: letters, digits and `.-_` of it, and a digest where that is not all of it, or `always`."""
    kept = "".join(c if c.isalnum() or c in ".-_" else "_" for c in text)[:KEPT]
    if kept == text and not always:
        return text
    return f"{kept}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"
