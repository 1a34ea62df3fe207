"""The program from outside: some of the tries of tries.py and inputs.py, and a machine of rules that puts OUT into every state it can think of.

PARKZERO_FUZZ sets how many there are, 1 = as many as all tests try; the quick ones try a fifth.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

import inputs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from slowly import TIMES
from tries import KINDS, attempt, put

from models.errors import CaseError
from planner.tables import place
from planner.tables.drafts import PREFIX
from planner.tables.kinds import RUN
from planner.tables.place import check_place, writing

#: Tries of all tests, those with what others give, and examples of the machine of rules.
TRIES, TRIES_OF_INPUTS, EXAMPLES = 30, 40, 60

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


NAMES = ("notes.txt", "sub/costs.csv", "least-cost/notes.txt", ".DS_Store", "iamc.csv", "Costs.csv", "reference/sub/x")
TABLES = ("costs.csv", "explain.csv", "least-cost/costs.csv", "reference/costs.csv", "plan.xlsx")


class Places(RuleBasedStateMachine):
    """OUT, written again and again among what others do there. `theirs` is what others put there, `version` that of the output."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="outside-"))
        self.out, self.real = self.folder / "out", self.folder / "out"
        self.theirs: dict[Path, str] = {}
        self.version = 0
        self.files: set[str] = set()
        self.is_mount = self.is_whole_step = False

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, files: set[str], breaks: bool) -> Path:
        """Write an output, or break off before it is whole."""
        ismount, exchanged = os.path.ismount, place.exchanged
        with (
            patch.object(os.path, "ismount", lambda path: (self.is_mount and Path(path) == self.real) or ismount(path)),
            patch.object(place, "exchanged", lambda *both: not self.is_whole_step and exchanged(*both)),
            writing(self.out, RUN) as (new, moved),
        ):
            put(new, {name: str(self.version + 1) for name in files} | {"summary.json": "{}", "run.json": '{"parkzero": "1"}'})
            if breaks:
                raise KeyboardInterrupt
        return moved.place

    @rule(files=st.sets(st.sampled_from(TABLES)))
    def a_run_writes(self, files: set[str]) -> None:
        try:
            check_place(self.out, RUN)
        except CaseError:
            assert self.theirs
            assert not self.version
            return
        assert self.write(files, breaks=False) == self.out
        self.version, self.files = self.version + 1, files

    @rule(files=st.sets(st.sampled_from(TABLES)))
    def a_run_is_interrupted(self, files: set[str]) -> None:
        with pytest.raises(KeyboardInterrupt):
            self.write(files, breaks=True)

    @rule(name=st.sampled_from(NAMES), text=st.text("ab", max_size=3))
    def somebody_puts_a_file(self, name: str, text: str) -> None:
        put(self.real, {name: text})
        self.theirs[self.real / name] = text

    @rule(name=st.sampled_from(("theirs.txt", ".parkzero-notes/costs.csv", "beside/costs.csv")))
    def somebody_puts_a_file_beside(self, name: str) -> None:
        put(self.folder, {name: "b"})
        self.theirs[self.folder / name] = "b"

    @rule(name=st.sampled_from(TABLES), inside=st.booleans())
    def a_run_is_killed(self, name: str, inside: bool) -> None:
        home = self.real if inside and self.version else self.real.parent
        put(home / f"{PREFIX}0123abcd", {"lock": "run moving" if inside else "run", f"new/{name}": "half"})

    @precondition(lambda self: self.version and self.real == self.out)
    @rule()
    def somebody_moves_it_and_leaves_a_link(self) -> None:
        (self.folder / "far").mkdir(exist_ok=True)
        self.real = self.out.rename(self.folder / "far" / "out")
        self.out.symlink_to("far/out")
        self.theirs = {self.real / p.relative_to(self.out) if p.is_relative_to(self.out) else p: t for p, t in self.theirs.items()}

    @rule(mount=st.booleans(), slow=st.booleans())
    def the_system_is_another(self, mount: bool, slow: bool) -> None:
        self.is_mount, self.is_whole_step = mount, slow

    @invariant()
    def what_is_not_ours_is_as_it_was(self) -> None:
        assert {path: path.read_text() for path in self.theirs} == self.theirs

    @invariant()
    def the_output_is_whole_and_of_one_run(self) -> None:
        found = {
            p.relative_to(self.real).as_posix(): p.read_text()
            for p in self.real.rglob("*")
            if p.is_file() and p not in self.theirs and PREFIX not in str(p)
        }
        assert self.out.is_symlink() == (self.real != self.out)
        if self.version:
            assert {"summary.json", "run.json"} <= set(found)
            assert {n: t for n, t in found.items() if n in TABLES} == {n: str(self.version) for n in self.files}
        else:
            assert found == {}


TestPlaces = Places.TestCase
TestPlaces.settings = settings(
    max_examples=int(EXAMPLES * TIMES),
    stateful_step_count=20,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
