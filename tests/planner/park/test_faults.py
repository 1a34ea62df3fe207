"""Every fault of a table is said, with its line and what to do, and nothing else.

An edit of a case is (file, what stands there, what is written in its place); with '' a row is added, with None the file is written.
"""

import pytest
from tabled import cases_of

CASES = [(None, *case) for case in cases_of(__file__, "cells", "equipment", "measures", "settings", "supplies")]
NAMED = cases_of(__file__, "faults")


@pytest.mark.parametrize(("edits", "lines"), [pytest.param(*case, id=name) for name, *case in (*CASES, *NAMED)])
def test_every_fault_is_said_and_nothing_else(park, edits, lines):
    for file, old, new in edits:
        if old is None:
            park.write(file, new)
        elif old:
            park.edit(file, old, new)
        else:
            park.add(file, new.rstrip("\n"))
    assert list(park.complaints()) == lines
