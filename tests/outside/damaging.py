"""Ways to damage a file of an output."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

Damage = Callable[[Path], None]


def content(new: bytes | str) -> Damage:
    """Put other bytes in its place."""
    return lambda path: path.write_bytes(new.encode() if isinstance(new, str) else new) and None  # type: ignore[func-returns-value]


def bytes_of(change: Callable[[bytes], bytes]) -> Damage:
    """Change its bytes."""
    def damage(path: Path) -> None:
        path.write_bytes(change(path.read_bytes()))
    return damage


def replaced_by(make: Callable[[Path], None]) -> Damage:
    """Remove the file and make something else of its name."""
    def damage(path: Path) -> None:
        path.unlink()
        make(path)
    return damage


def keys(change: Callable[[dict[str, Any]], Any]) -> Damage:
    """Change the keys of a JSON file."""
    def damage(path: Path) -> None:
        found = json.loads(path.read_text(encoding="utf-8"))
        changed = change(found)
        path.write_text(json.dumps(found if changed is None else changed), encoding="utf-8")
    return damage


def without(*names: str) -> Damage:
    """Take a key out, within keys."""
    def change(found: dict[str, Any]) -> None:
        for name in names[:-1]:
            found = found[name]
        found.pop(names[-1], None)
    return keys(change)


def having(value: Any, *names: str) -> Damage:
    """Give a key another value."""
    def change(found: dict[str, Any]) -> None:
        for name in names[:-1]:
            found = found[name]
        found[names[-1]] = value
    return keys(change)


def table(change: Callable[[pd.DataFrame], pd.DataFrame | None]) -> Damage:
    """Change the rows of a CSV file."""
    def damage(path: Path) -> None:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        changed = change(frame)
        (frame if changed is None else changed).to_csv(path, index=False, lineterminator="\n")
    return damage


def cell(column: str, value: str, row: int = 0) -> Damage:
    """Put another text into a cell."""
    def change(frame: pd.DataFrame) -> None:
        frame.loc[row % max(len(frame), 1), column] = value
    return table(change)


def parquet(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Damage:
    """Change the hourly flows."""
    return lambda path: change(pd.read_parquet(path)).to_parquet(path, index=False)


#: What may stand in the place of any file.
ANY: dict[str, Damage] = {
    "missing": lambda path: path.unlink(),
    "empty": content(b""),
    "noise": content(bytes(range(256)) * 20),
    "one byte less": bytes_of(lambda old: old[:-1]),
    "the first half": bytes_of(lambda old: old[: len(old) // 2]),
    "NUL bytes": bytes_of(lambda old: b"\0" * len(old)),
    "no UTF-8": bytes_of(lambda old: b"\xff\xfe" + old),
    "a folder": replaced_by(lambda path: path.mkdir()),
    "a FIFO": replaced_by(lambda path: os.mkfifo(path)),
    "a link to nothing": replaced_by(lambda path: path.symlink_to("nowhere")),
    "a link to itself": replaced_by(lambda path: path.symlink_to(path.name)),
    "/dev/zero": replaced_by(lambda path: path.symlink_to("/dev/zero")),
    "another file of the run": lambda path: (
        shutil.copy(path.parent / ("stages.csv" if path.suffix == ".csv" else "costs.csv"), path) and None
    ),  # type: ignore[func-returns-value]
}
JSON: dict[str, Damage] = {"a list": content("[1, 2]"), "a number": content("1" * 5_000),
    "nested": content('{"a":' * 20_000 + "1" + "}" * 20_000), "nested lists": content('{"a":' + "[" * 100 + "]" * 100 + "}"),
    "NaN": content('{"status": NaN}'), "no keys": content("{}"), "null": content("null"),
    "a key twice": bytes_of(lambda old: b'{"status": 1, ' + old.lstrip()[1:])}
CSV: dict[str, Damage] = {
    "only a header": table(lambda frame: frame.iloc[:0]),
    "a column lost": table(lambda frame: frame.iloc[:, 1:]),
    "a column renamed": table(lambda frame: frame.rename(columns={frame.columns[-1]: "other"})),
    "a column twice": bytes_of(lambda old: b"\n".join(line + b"," + line.split(b",")[0] for line in old.splitlines())),
    "a cell more": bytes_of(lambda old: old.replace(b"\n", b",1\n", 2).replace(b",1\n", b"\n", 1)),
    "a cell less": bytes_of(lambda old: old.rpartition(b",")[0]),
    "a quote": bytes_of(lambda old: old.replace(b",", b',"', 1)),
    "semicolons": bytes_of(lambda old: old.replace(b",", b";")),
    "rows twice": table(lambda frame: pd.concat([frame, frame])),
    "a year of letters": cell("year", "soon"),
    "a year of 400 digits": cell("year", "1" * 400),
    "a year of another century": cell("year", "1800"),
    "half a year": cell("year", "2026.5"),
    "a year too late": cell("year", "2090"),
    "a value of letters": cell("value", "much"),
    "a value without end": cell("value", "1e400"),
    "a value that is none": cell("value", "nan"),
    "an empty value": cell("value", ""),
    "an item that is none": cell("item", "<script>"),
    "a year lost": table(lambda frame: frame[frame["year"] != frame["year"].iloc[0]] if "year" in frame and len(frame) else frame),
    "the order of rows": table(lambda frame: frame.iloc[::-1]),
}
PARQUET: dict[str, Damage] = {
    "no rows": parquet(lambda frame: frame.iloc[:0]),
    "a column lost": parquet(lambda frame: frame.drop(columns="name")),
    "texts for numbers": parquet(lambda frame: frame.assign(value="x")),
    "numbers for texts": parquet(lambda frame: frame.assign(carrier=1.0)),
    "numbers that are none": parquet(lambda frame: frame.assign(value=float("nan"))),
    "numbers without end": parquet(lambda frame: frame.assign(value=float("inf"))),
    "another year": parquet(lambda frame: frame.assign(year=2090)),
    "a year lost": parquet(lambda frame: frame[frame["year"] != frame["year"].min()]),
    "the first row alone": parquet(lambda frame: frame.iloc[:1]),
    "every second row": parquet(lambda frame: frame.iloc[::2]),
    "rows turned round": parquet(lambda frame: frame.iloc[::-1]),
    "rows twice": parquet(lambda frame: pd.concat([frame, frame])),
}
#: Values that a key may get.
VALUES: tuple[Any, ...] = (None, "x", "", -1, 0, 1e300, 10**400, True, [], {}, ["x"], {"x": 1}, [[]], "\x1b[31m", "<b>")
