"""A disk that is full once the plan is made: the result is shown, the sentence says that no file has it, the older output stays."""

import errno
import json
import os
from collections.abc import Callable

import pytest

WANTED = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--no-verify")


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


#: Each writer of an output, the first and the last among them.
WRITERS = ("_write_dispatch", "write_csv", "write_workbook", "write_json", "make_page")


def tables(folder) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("writer", WRITERS)
def test_the_result_is_shown_where_the_disk_is_full_while_it_is_written(small, plan, tmp_path, monkeypatch, writer: str) -> None:
    good = plan(*WANTED)
    before = tables(tmp_path)
    monkeypatch.setattr(f"planner.answer.files.{writer}", full)
    said = plan(*WANTED)
    assert said.code == 4 and said.out.splitlines()[0] == good.out.splitlines()[0] and "What to do in each year" in said.out
    assert "Page and tables in out" in good.out and "tables in" not in said.out
    assert said.err.splitlines()[-2:] == ["--out out: cannot be written (No space left on device); nothing was written",
        "what was found stands in no file: keep what is printed here"]
    assert tables(tmp_path) == before


@pytest.mark.parametrize(("option", "is_whole"),
    [("--quiet", lambda out: "What to do in each year" in out), ("--json", lambda out: json.loads(out)["system_cost"] > 0)])
def test_it_is_shown_whole_however_it_was_to_be_told(
    small, plan, tmp_path, monkeypatch, option: str, is_whole: Callable[[str], bool]
) -> None:
    monkeypatch.setattr("planner.answer.files.write_json", full)
    said = plan(*WANTED, option)
    assert said.code == 4 and is_whole(said.out) and not (tmp_path / "out").exists()
