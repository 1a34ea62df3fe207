"""Every fault of a table is said, with its line and what to do, and nothing else."""

import pytest
from tabled import cases_of


@pytest.mark.parametrize(("edits", "lines"), cases_of(__file__, "cells", "equipment", "measures", "settings", "supplies"))
def test_every_fault_is_said_and_nothing_else(park, edits, lines):
    for file, old, new in edits:
        park.edit(file, old, new)
    assert list(park.complaints()) == lines
