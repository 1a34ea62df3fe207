"""What each kind of file can be asked, declared once in `subjects.toml`: options of its command, keys of its dialect, and who
reads it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.language.language import mark

#: Choices that are words, and are told in the language of who asks.
WORDS = (
    *(mark("comma"), mark("point"), mark("start"), mark("end"), mark("first"), mark("last"), mark("mean"), mark("sum")),
    *(mark("zero"), mark("keep"), mark("gap"), mark("gross"), mark("net"), mark("rack"), mark("roof")),
)
#: Kinds of answers, and what holds of each where nothing is said.
KINDS: Mapping[str, tuple[type, Any]] = {
    "str": (str, ""),
    "code": (str, None),
    "int": (int, None),
    "float": (float, None),
    "bool": (bool, False),
    "path": (Path, None),
}


@dataclass(frozen=True)
class AnswerKey:
    """One thing that may be said of a file: an option of the command, and a key of the dialect that is kept beside the park.

    kind     str, int, float, bool or Path; `several` of them
    given    what holds where nothing is said; None of a number that may be missing; `...` where it has to be said
    choices  all that it may be
    ends     least and most of a number; `above`: more than 0, and less than this
    is_kept  it is of the form of such files, so that it holds for the next one too
    """

    name: str
    words: str
    kind: type = str
    given: Any = ""
    choices: tuple[str, ...] = ()
    ends: tuple[float, float] | None = None
    above: float = 0.0
    several: bool = False
    is_kept: bool = True
    no: str = ""

    @property
    def parameter(self) -> str:
        """Its name in Python."""
        name = self.name.replace("-", "_")
        return f"{name}_" if name in ("as", "format", "json", "map") else name


@dataclass(frozen=True)
class FileKind:
    """A kind of files: the words of its command, what is read, the function that reads, and what may be said.

    named   key that names the dialect; '' where it is the file
    """

    name: str
    words: str
    argument: str
    of_argument: str
    reader: str
    keys: tuple[AnswerKey, ...]
    several: bool = True
    is_text: bool = False
    named: str = "name"


def _key(name: str, words: str, of: Mapping[str, Any]) -> AnswerKey:
    """A key as `subjects.toml` declares it."""
    kind, none = KINDS[of.get("kind", "str")]
    given = of.get("given", ... if "needed" in of else None if "no" in of else none)
    choices, ends = tuple(of.get("choices", "").split()), tuple(of["ends"]) if "ends" in of else None
    rest = {"choices": choices, "ends": ends, "above": of.get("above", 0.0), "several": of.get("several", False)}
    return AnswerKey(name, words, kind, given, is_kept="once" not in of, no=of.get("no", ""), **rest)


def _declared() -> dict[str, FileKind]:
    """The kinds of files by their names."""
    said = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    kinds = dict[str, FileKind]()
    for name, of in said["kinds"].items():
        keys = tuple(_key(row[1], row[2], row[3] if row[3:] else {}) for row in said["keys"] if name in row[0].split())
        example = of.pop("example", "")
        words = of.pop("words") + (f"\n\nExample: {example}\n" if example else "")
        kinds[name] = FileKind(name, words, keys=keys, **of)
    return kinds


SUBJECTS = METER, SHAPE, SESSIONS, BILL, TARIFF, ROOFS, COSTS = tuple(_declared().values())[:7]
WEATHER = tuple(_declared().values())[7:]
