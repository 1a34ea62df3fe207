"""The small park in a folder of its own, and `plan` as a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from good_folder import make_good, make_park

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class Ended:
    """How a process ended: exit code (below 0: by a signal, None: never), and what it said where that went to files."""

    code: int | None
    out: str = ""
    err: str = ""


class Server:
    """Starts commands; one at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, str(HERE / "server.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env={**os.environ, "PYTHONPATH": str(ROOT), "LANGUAGE": "en"})

    def run(self, folder: Path, *arguments: str, **more: Any) -> Ended:
        """Run `plan` with arguments in a folder; see server.child for what more may be said."""
        assert self.process.stdin is not None and self.process.stdout is not None
        said = {name: folder / f".said-{name}" for name in ("stdout", "stderr")}
        command = {"arguments": arguments, "folder": str(folder), **{n: str(p) for n, p in said.items()}, **more}
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        code = json.loads(self.process.stdout.readline())["code"]
        texts = {}
        for name, path in said.items():
            texts[name] = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
            path.unlink(missing_ok=True)
        return Ended(code, texts["stdout"], texts["stderr"])

    def close(self) -> None:
        """End it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(300)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def run(server: Server, tmp_path: Path) -> Callable[..., Ended]:
    """Runs `plan` in tmp_path, where the small park is the folder `park`."""
    make_park(tmp_path / "park")
    return lambda *arguments, **more: server.run(tmp_path, *arguments, **more)


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small park and a whole output of it."""
    folder = tmp_path_factory.mktemp("good")
    make_good(folder)
    return folder
