"""The dialect of a kind of files: what a person said of one and what was recognised, kept beside the park for the next one."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.errors import CaseError
from planner.importers.subjects import AnswerKey, FileKind
from planner.language.message import Message

#: Folder of a park in which the dialects of its files stand.
FOLDER = "imports"


class Answers:
    """What is said of a file: by option, else by the dialect in the park, else what holds where nothing is said.

    Each key of the subject is an attribute. Raises CaseError with all that none of them may be.
    """

    def __init__(self, subject: FileKind, given: Mapping[str, Any], title: str = "") -> None:
        park = given.get("park")
        self.path = Path(park) / FOLDER / f"{subject.name}-{title}.toml" if park and title and Path(park).is_dir() else None
        self.subject, self.keys = subject, {key.parameter: key for key in subject.keys}
        self.kept = read_dialect(self.path, subject) if self.path is not None and self.path.is_file() else {}
        said = {name: value for name, value in given.items() if name in self.keys and value != _none(self.keys[name])}
        self.values = {name: _none(key) for name, key in self.keys.items()} | self.kept | said

        self.used = {self.keys[name].name: value for name, value in self.kept.items() if name not in said}

    def __getattr__(self, name: str) -> Any:
        return self.values[name]

    def without(self, *names: str) -> Answers:
        """The same without what is said of these keys."""
        return Answers(self.subject, self.values | {name: _none(self.keys[name]) for name in names})

    def faults(self) -> list[str]:
        """What is wrong with each answer by itself."""
        return [fault for name, value in self.values.items() for fault in fault_of(self.keys[name], value)]

    def text(self, recognised: Mapping[str, object]) -> dict[str, object]:
        """What the dialect says: of keys that hold for the next file too, what was said, else what was recognised."""
        said = {n: v for n, v in self.values.items() if v is not None and v != _none(self.keys[n])}
        known = {n.replace("-", "_"): v for n, v in recognised.items() if v not in (None, "")}
        return {key.name: (known | said)[n] for n, key in self.keys.items() if key.is_kept and n in known | said}


def _none(key: AnswerKey) -> Any:
    """What a key has where nothing is said of it."""
    return [] if key.several else None if key.given is ... else key.given


def fault_of(key: AnswerKey, value: Any) -> list[str]:
    """What is wrong with an answer: no choice, or a number out of its range."""
    option = f"--{key.name}"
    if key.choices and value and value not in key.choices:
        return [Message("{option} {value}: is none of {choices}", option=option, value=value, choices=", ".join(key.choices))]
    if value is not None and key.above and not 0 < value < key.above:
        return [Message("{option} {value}: is not above {least}", option=option, value=f"{value:g}", least="0")]
    if value is not None and key.ends and not key.ends[0] <= value <= key.ends[1]:
        shown = {"value": f"{value:g}", "least": f"{key.ends[0]:g}", "most": f"{key.ends[1]:g}"}
        return [Message("{option} {value}: is not within {least} to {most}", option=option, **shown)]
    return []


def read_dialect(path: Path, subject: FileKind) -> dict[str, Any]:
    """Answers that a dialect holds. Raises CaseError where a key is none of the subject, or a value is of another kind."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError.because("{path}: cannot be read ({error})", path=path, error=error) from error
    keys = {key.name: key for key in subject.keys if key.is_kept}
    faults: list[str] = []
    for name, value in found.items():
        if name not in keys:
            faults.append(Message("{path}: key {key}: is none of {keys}", path=path, key=repr(name), keys=", ".join(keys)))
        elif not isinstance(value, (int, float) if keys[name].kind is float else keys[name].kind):
            faults.append(Message("{path}: {key} = {value}: cannot be read", path=path, key=name, value=repr(value)))
    if faults:
        raise CaseError(faults)
    return {keys[name].parameter: value for name, value in found.items()}


def line_of(key: str, value: object) -> str:
    """A line of a dialect: `unit = "kWh"`."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def dialect_text(answers: Mapping[str, object], file: str) -> str:
    """The file of a dialect."""
    head = (
        f"# How {file} was read, and how the next file of its kind is. Edit or delete a line, or give the option, which goes first."
    )
    return "\n".join([head, *(line_of(key, value) for key, value in answers.items())]) + "\n"
