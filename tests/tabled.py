"""Tables of cases and parks as data. `cases.txt` beside the tests has a case a line, each a Python literal; `[name]` begins a table."""

import json
from ast import literal_eval
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any


@cache
def _tables(folder: Path) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for line in (folder / "cases.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            rows = found.setdefault(line[1:-1], [])
        elif line:
            rows.append(literal_eval(line))
    return found


def cases_of(file: str, *names: str) -> list[Any]:
    """The cases of these tables beside a test file."""
    return [row for name in names for row in _tables(Path(file).parent)[name]]


def park_of(file: str, name: str) -> dict[str, str]:
    """The files of a park in `parks.txt` beside a test file: `=== name` begins a park, `--- file` a file of it."""
    text = (Path(file).parent / "parks.txt").read_text(encoding="utf-8")
    (own,) = (part for part in text.split("=== ") if part.startswith(f"{name}\n"))
    return dict(part.split("\n", 1) for part in own.split("\n", 1)[1].split("--- ")[1:])


def retell(out: Path, said: dict[str, Any]) -> None:
    """Let summary.json of an output say this, as if the run had written it."""
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    text = json.dumps(said)
    (out / "summary.json").write_text(text, encoding="utf-8")
    facts["tables"]["summary.json"] = sha256(text.encode()).hexdigest()
    (out / "run.json").write_text(json.dumps(facts), encoding="utf-8")
