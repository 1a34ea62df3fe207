"""The program from outside: some of the tries of tries.py and inputs.py.

PARKZERO_FUZZ sets how many there are, 1 = as many as all tests try; the quick ones try a fifth.
"""

from pathlib import Path

import inputs
import pytest
from slowly import TIMES
from tries import KINDS, attempt

#: Tries of all tests, and those with what others give.
TRIES, TRIES_OF_INPUTS = 30, 40

pytestmark = pytest.mark.xdist_group("outside")


@pytest.mark.parametrize("first", range(len(KINDS)), ids=sorted(KINDS))
def test_nothing_of_others_is_touched_and_every_end_is_one_of_the_contract(server, good, first) -> None:
    for number in range(first, int(TRIES * TIMES), len(KINDS)):
        attempt(server, number, good)


@pytest.fixture(scope="session")
def prepared(server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small park with its output and the answers to every question."""
    folder = tmp_path_factory.mktemp("prepared")
    inputs.prepare(server, folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("first", range(len(inputs.KINDS)), ids=sorted(inputs.KINDS))
def test_whatever_others_give_every_end_is_one_of_the_contract(server, prepared, first) -> None:
    for number in range(first, TRIES_OF_INPUTS, len(inputs.KINDS)):
        inputs.attempt(server, number, prepared)
