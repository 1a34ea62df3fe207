"""A park of one day and three years, small enough to be planned in a tenth of a second, and a way to run `plan`."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tabled import park_of

from planner.answer.files import write_run
from planner.command import cli
from planner.language.language import Language
from planner.park import read_case
from planner.plan import Run
from planner.planning.run import Options, plan_park

#: 1 MW all year from a grid of 0.5 t/MWh; the sun gives 12 hours a day; a measure saves a tenth; credits can be bought.
SMALL = park_of(__file__, "small")


@dataclass
class SmallPark:
    """The park on disk, to be changed by a test."""

    folder: Path

    def write(self, name: str, content: str | bytes) -> None:
        """Replace a file."""
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a piece of a file that must be there."""
        text = (self.folder / name).read_text()
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))


@pytest.fixture
def small(tmp_path: Path) -> SmallPark:
    """The park without a fault, in the folder `park` of tmp_path."""
    made = SmallPark(tmp_path / "park")
    made.folder.mkdir()
    for name, text in SMALL.items():
        made.write(name, text)
    return made


@pytest.fixture(scope="session")
def written_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Plans a park and writes its output to a folder; a park that was planned before is not planned again, and its output is copied."""
    known: dict[tuple[object, ...], tuple[Run, Path]] = {}
    def write(park: Path, out: Path, language: str = "en") -> Run:
        key = (language, *((path.name, path.read_bytes()) for path in sorted(park.iterdir())))
        if key in known:
            run, kept = known[key]
            shutil.rmtree(out, ignore_errors=True)
            shutil.copytree(kept, out)
            return run
        case = read_case(park)
        run, kept = plan_park(case, Options(gap=1e-6)), tmp_path_factory.mktemp("kept") / "out"
        write_run(run, case, out, {}, Language(language))
        shutil.copytree(out, kept)
        known[key] = run, kept
        return run
    return write


@dataclass(frozen=True)
class Said:
    """What a command ended with."""

    code: int
    out: str
    err: str


#: (arguments, content of the folder) of a command -> what it said, and a copy of the folder after it.
Known = dict[tuple[object, ...], tuple[Said, Path]]


@pytest.fixture(scope="session")
def known_commands() -> Known:
    """What `plan.once` has run."""
    return {}


@dataclass(frozen=True)
class Command:
    """`plan` in the folder of a test."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    known: Known
    make_folder: Callable[[str], Path]

    def __call__(self, *arguments: object) -> Said:
        """Run it with arguments, as the console script does."""
        self.monkeypatch.setattr(sys, "argv", ["plan", *map(str, arguments)])
        self.capsys.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
        captured = self.capsys.readouterr()
        return Said(code, captured.out, captured.err)

    def once(self, *arguments: object) -> Said:
        """The same, for a test that goes on from what the command leaves. The same arguments in a folder of the same content are run
        once by a worker, and what they left is copied: not for a test that changes how the program works, nor one of the command itself."""
        assert Path.cwd() == self.folder, "elsewhere the same arguments may mean something else"
        files = (path for path in sorted(self.folder.rglob("*")) if path.is_file())
        key = (*map(str, arguments), *((path.relative_to(self.folder), path.read_bytes()) for path in files))
        if key not in self.known:
            said, kept = self(*arguments), self.make_folder("kept")
            shutil.copytree(self.folder, kept, symlinks=True, dirs_exist_ok=True)
            self.known[key] = said, kept
            return said
        said, kept = self.known[key]
        shutil.copytree(kept, self.folder, symlinks=True, dirs_exist_ok=True)
        return said


@pytest.fixture
def plan(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    known_commands: Known,
    tmp_path_factory: pytest.TempPathFactory,
) -> Command:
    """Runs `plan` with arguments in tmp_path."""
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return Command(tmp_path, monkeypatch, capsys, known_commands, tmp_path_factory.mktemp)
