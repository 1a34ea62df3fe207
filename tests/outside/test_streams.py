"""Streams: whatever becomes of stdout and stderr, the plan is written and the exit code is the contract's."""

import io
import json
import os
import subprocess
import sys

import pytest
from slowly import first

from planner.answer.files import ALWAYS
from planner.process.streams import Lenient
from planner.tables.schema import COLUMNS

PLAN = ("--park", "park", "--out", "out")
KINDS = ("full", "closed", "broken")
#: What an output holds: tables, page, workbook, JSON files, and a folder of each other plan. A table without a row has no file.
FILES = {f"{name}.csv" for name in ALWAYS} | {"dispatch.parquet", "plan.xlsx", "report.html", "hours.html", "run.json",
    "summary.json", "datapackage.json", "least-cost", "reference", "business-as-usual"}
TABLES = {f"{name}.csv" for name in (*COLUMNS, "assumptions", "names", "swings", "standards", "green_power", "tariffs")}


@pytest.mark.parametrize(("out", "err"),
    first(2, [("full", "full"), ("broken", "null"), ("closed", "closed"), ("broken", "broken")]))
def test_a_plan_is_written_whatever_becomes_of_the_streams(run, tmp_path, out, err) -> None:
    assert run(*PLAN, stdout=out, stderr=err).code == 0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written >= FILES and written - FILES <= TABLES
    assert not [p for p in (tmp_path / "out").rglob("*.csv") if b"solving" in p.read_bytes()]


@pytest.mark.parametrize("kind", KINDS)
def test_exit_codes_are_the_contracts_where_nothing_can_be_said(run, tmp_path, kind) -> None:
    for arguments, code in ((("--version",), 0), (("--help",), 0), (("--nope",), 2), (("--park", "nowhere"), 2),
        (("catalogue",), 0), (("check", "park"), 0), (("new", "made"), 0), (("new", "made"), 2), (("compare", "x"), 2),
        (("report", "x"), 2), (("export", "x", "--format", "iamc"), 2)):
        assert run(*arguments, stdout=kind, stderr=kind).code == code, arguments


def test_what_a_full_disk_took_of_the_words_is_said(run) -> None:
    assert (
        run("catalogue", stdout="full").err == "what was printed is not whole: stdout cannot be written (No space left on device)\n"
    )


@pytest.mark.parametrize("encoding", first(1, ["ascii", "latin-1"]))
def test_what_a_terminal_cannot_show_is_replaced(run, tmp_path, encoding) -> None:
    (tmp_path / "park" / "park.toml").write_text((tmp_path / "park" / "park.toml").read_text().replace("Tiny [Park]", "零碳园区"),
        encoding="utf-8")
    said = run(*PLAN, "--language", "zh", encoding=encoding)
    assert said.code == 0 and "?????2028 ????? (ladder)" in said.out
    assert json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["park"] == "零碳园区"
    said = run(*PLAN, "--language", "zh", "--json", encoding=encoding)
    assert json.loads(said.out)["park"] == "零碳园区"


def test_a_stream_that_fails_is_dropped_and_says_why() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")
    stream = Lenient(Full())
    assert [stream.write("a"), stream.write("b")] == [1, 1] and stream.fault is not None and stream.fault.errno == 28
    assert not stream.isatty()
    nothing = Lenient(None)
    nothing.write("a")
    nothing.flush()
    with pytest.raises(OSError, match="Bad file descriptor"):
        nothing.fileno()


#: What the environment may hold, and how the run of the small park ends. These are read when Python or a package starts.
ENVIRONMENTS = (({"PYTHONOPTIMIZE": "2"}, 2), (
    {"OMP_NUM_THREADS": "x", "OPENBLAS_NUM_THREADS": "-1", "PYTHONWARNINGS": "error", "LC_ALL": "C", "COLUMNS": "x",
     "TERM": "none"},
    0,
))


@pytest.mark.parametrize(("environment", "code"), ENVIRONMENTS)
def test_an_odd_environment_ends_in_a_plan_or_in_a_sentence(run, tmp_path, environment, code) -> None:
    command = [sys.executable, "-c", "from planner.start import main; main()", *PLAN, "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr and (tmp_path / "out").exists() == (code == 0)
    assert len((done.stdout + done.stderr).splitlines()) == 1
