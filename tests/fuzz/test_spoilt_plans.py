"""Spoilt parks all the way through the command line: exit code 2 with printable lines, or a plan, or why there is none."""

import contextlib
import io
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import assert_printable
from slowly import TIMES
from spoiling import WAYS, Files, Spoil
from tabled import park_of

from planner.command import cli

SMALL = park_of(str(Path(__file__).parents[1] / "planner" / "conftest.py"), "small")
PARK: Files = {**{name: text.encode() for name, text in SMALL.items()},
    "goal.toml": b'target = "zero-carbon"\nby = 2028\n[milestones]\nlow-carbon = 2026\n'}
#: Ways that leave most of the park whole, so that many of the parks can be planned.
MILD = [way for way in WAYS if "cell" in way or "column" in way or "row" in way or way == "setting"]
def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """`plan` with arguments, in this process."""
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["plan", *arguments]
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv = before
    return code, out.getvalue(), err.getvalue()


@settings(max_examples=int(25 * TIMES), derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(spoils=st.lists(
    st.builds(Spoil, st.sampled_from(sorted(MILD)), st.integers(0, 30), st.integers(0, 200), st.integers(0, 30),
        st.integers(0, 60)),
    min_size=1,
    max_size=2,
))
def test_a_spoilt_park_ends_in_words_or_in_a_plan(spoils: list[Spoil]) -> None:
    files = PARK
    for spoil in spoils:
        files = spoil.apply(files)
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "park").mkdir()
        for name, content in files.items():
            (folder / "park" / name).write_bytes(content)
        code, said, told = run(folder, "--park", "park", "--out", "out", "--time-limit", "60")
        assert code in (0, 2, 3), f"exit code {code}: {told[-500:]}"
        for line in (said + told).splitlines():
            if line.strip():
                assert_printable(line)
        assert (folder / "out" / "summary.json").exists() == (code != 2)
        if code == 2:
            assert "nothing was written" in told
    finally:
        shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="file names are text there")
@pytest.mark.parametrize("name", ["pa\nrk", "pa\x1b[31mrk", "[bold]park", "-park", "公园 (1)", "pa\udcffrk"])
def test_a_folder_may_have_any_name(tmp_path, name) -> None:
    """Names of folders are not the case's: they are taken as they are, and printed so that a terminal does not obey them."""
    folder = tmp_path / name
    folder.mkdir()
    for file, content in PARK.items():
        (folder / file).write_bytes(content)
    for arguments in (("check", f"./{name}"), ("--park", f"./{name}", "--out", f"./{name}-out"), ("compare", f"./{name}-out"),
        ("--park", f"./{name}-none"), ("new", f"./{name}"), ("catalogue", name), ("--park", f"./{name}", "--target", name)):
        code, said, told = run(tmp_path, *arguments)
        assert code in (0, 2), told
        for line in (said + told).splitlines():
            if line.strip():
                assert_printable(line)
