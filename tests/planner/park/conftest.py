"""One small park and one small catalogue as files, for tests that change a line and read them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tabled import park_of

from models.case import Case
from models.errors import CaseError
from planner.park import GoalRequest, read_case

PARK = park_of(__file__, "small")

CATALOGUE = park_of(__file__, "catalogue")


@dataclass
class ParkFolder:
    """A park on disk that a test changes and reads."""

    folder: Path
    catalogue: Path

    def write(self, name: str, text: str | bytes) -> None:
        """Replace a file."""
        content = text.encode() if isinstance(text, str) else text
        (self.folder / name).write_bytes(content)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a piece of a file that must be there."""
        text = (self.folder / name).read_text()
        assert old in text, f"{old!r} is not in {name}"
        (self.folder / name).write_text(text.replace(old, new, 1))

    def add(self, name: str, line: str) -> None:
        """Add a line at the end of a file."""
        with (self.folder / name).open("a") as file:
            file.write(line + "\n")

    def read(self, costs: tuple[Path, ...] = (), goal: GoalRequest | None = None, **futures: Any) -> Case:
        """The case, read with the small catalogue."""
        return read_case(self.folder, costs=costs, goal=goal, catalogue=self.catalogue, **futures)

    def complaints(self, costs: tuple[Path, ...] = (), goal: GoalRequest | None = None) -> tuple[str, ...]:
        """What is wrong with it; () if nothing is."""
        try:
            self.read(costs, goal)
        except CaseError as error:
            return error.complaints
        return ()


@pytest.fixture
def park(tmp_path: Path) -> ParkFolder:
    """The small park, without a fault."""
    for name, files in (("park", PARK), ("catalogue", CATALOGUE)):
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text)
    return ParkFolder(tmp_path / "park", tmp_path / "catalogue")
