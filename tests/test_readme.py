"""README.md and docs/commands.md tell the truth: their commands exist and run, and the files, standards and exit codes they name are real."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from models.case import TABLES
from planner import __version__
from planner.command import cli
from planner.command.run import FAILED, UNREACHABLE
from planner.parks.new import examples
from planner.planning.rerun import RunOrder

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {page: (ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "docs/commands.md", "docs/guide.md")}
RUNNING = PAGES["docs/commands.md"]
CASE = ROOT / "tests" / "cases" / "a-pv-or-grid"
#: Commands that are over in a second or two, run as they stand (in an empty folder, where `plan new` comes first).
CHEAP = ("new", "check", "catalogue", "--version", "--help")


def fences(text: str) -> list[list[str]]:
    """Lines of each fenced block."""
    return [block.strip("\n").splitlines() for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)]


def commands(text: str) -> list[list[str]]:
    """Arguments of every `plan …` in fenced blocks and in code within sentences."""
    shown = [line for block in fences(text) for line in block if not line.startswith(" ")]
    lines = [part.strip() for line in shown for part in line.split("&&")]
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    words = [shlex.split(line) for line in lines if re.match(r"(?:\S*/)?plan\s", line)]
    return [w[1:] for w in words]


def options_of(words: list[str]) -> set[str]:
    """Options of the command of `plan` that these words begin with, a command of a command too; of `plan` itself where none is named."""
    command = typer.main.get_command(cli.app)
    for word in words:
        if word not in getattr(command, "commands", {}):
            break
        command = command.commands[word]
    return {text for p in command.params for text in (*p.opts, *p.secondary_opts)} | {"--help"}


COMMANDS = [(page, words) for page, text in PAGES.items() for words in commands(text)]
SUBCOMMANDS = set(typer.main.get_command(cli.app).commands)


@pytest.fixture
def run(monkeypatch, capsys, tmp_path) -> Callable[..., tuple[int, str]]:
    """Runs `plan` in tmp_path; gives its exit code and all that it printed."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["plan", *words])
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = stop.code or 0
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def test_there_are_commands_to_test() -> None:
    assert {words[0] for page, words in COMMANDS if page == "README.md"} >= {"--target", "--park", "new", "check", "compare"}
    assert {words[0] for page, words in COMMANDS if page == "docs/commands.md"} >= {"--park", "new", "check", "compare", "report"}


@pytest.mark.parametrize(("page", "words"), COMMANDS, ids=lambda value: value if isinstance(value, str) else " ".join(value))
def test_every_command_uses_options_that_exist(page, words) -> None:
    assert words[0] in SUBCOMMANDS or words[0].startswith("-"), f"plan {words[0]} is no command"
    used = {w.split("=")[0] for w in words if w.startswith("--")}
    assert used <= options_of(words)


@pytest.mark.parametrize("words", [w for _, w in COMMANDS if "--target" in w and w[0].startswith("-")], ids=" ".join)
def test_every_command_that_plans_is_understood(run, monkeypatch, words) -> None:
    """Parsed as it stands, and stopped before its park is read."""
    asked = {}

    def stop(order: RunOrder, faults: list[str]) -> None:
        asked.update(goal=order.goal, faults=faults)
        raise KeyboardInterrupt

    monkeypatch.setattr("planner.command.run._read", stop)
    code, said = run(*words)
    assert code == 130, said
    assert asked["faults"] == []
    assert asked["goal"].target == words[words.index("--target") + 1]


@pytest.mark.parametrize("page", PAGES)
def test_the_cheap_commands_run_as_they_stand(run, tmp_path, page) -> None:
    for words in [w for p, w in COMMANDS if p == page and w[0] in CHEAP]:
        if words in (["new"], ["check"]):
            continue  # the name of a command in a sentence
        if words[0] == "check":
            run("new", words[1])
        if words[0] == "new":
            shutil.rmtree(tmp_path / words[1], ignore_errors=True)
        code, said = run(*words)
        assert code == 0, (words, said)
        assert said.strip()


def test_the_commands_of_the_first_block_are_those_of_the_project() -> None:
    """It installs into a new environment and runs the example; the second installs and runs the tests."""
    first, second = (block[0] for block in fences(README)[:2])
    assert first.startswith("python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/plan ")
    assert second == 'python3 -m venv .venv && .venv/bin/pip install ".[test]" && .venv/bin/python -m pytest'
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "plan" in project["scripts"]
    assert any(name.startswith("pytest") for name in project["optional-dependencies"]["test"])


def test_what_comes_out_is_what_the_readme_names(run, tmp_path) -> None:
    """Every file that the table of outputs names is written of a park with finance, and every file that is written is named."""
    park = shutil.copytree(CASE, tmp_path / "park")
    (park / "park.toml").write_text((park / "park.toml").read_text() + "\n[finance]\n")
    code, said = run("--park", str(park), "--out", "out", "--quiet")
    assert code == 0, said
    section = RUNNING.split("## What comes out")[1].split("\n## ")[0]
    named = set(re.findall(r"`([\w.-]+/?)`", section))
    written = {p.name + "/" * p.is_dir() for p in (tmp_path / "out").iterdir()}
    assert named == written


def test_the_console_names_the_tables_that_the_readme_shows(run, tmp_path) -> None:
    code, said = run("--park", str(CASE), "--out", "out")
    assert code == 0
    shown = next("\n".join(b) for b in fences(RUNNING) if "Against the other plans" in b)
    for title in ("What to do in each year", "How emissions fall (t", "Against the other plans"):
        assert title in shown
        assert title in said
    for line in shown.splitlines():
        heading = line.split()[
            : 1 if line.split()[:1] == ["plan"] else 2
        ]  # beside the plan stand units, which differ from park to park
        if heading[:1] in (["year"], ["plan"]):
            assert any(printed.split()[: len(heading)] == heading for printed in said.splitlines()), line


def test_the_lines_that_the_readme_shows_are_those_of_the_whole_answer() -> None:
    shown = next(b for b in fences(README) if "…" in b)
    whole = next(b for b in fences(RUNNING) if "Against the other plans" in b)
    assert set(shown) - {"…"} <= set(whole)


def test_the_files_of_a_park_folder_are_all_named() -> None:
    section = RUNNING.split("## What a park folder holds")[1].split("\n## ")[0]
    named = set(re.findall(r"`([\w.-]+\.(?:csv|toml))`", section))
    assert named == {f"{table}.csv" for table in TABLES} | {"profiles.csv", "park.toml", "goal.toml"}


def test_the_standards_that_are_named_are_those_of_the_catalogue() -> None:
    with (ROOT / "data" / "catalogue" / "stages.csv").open(encoding="utf-8") as file:
        known = {row["standard"] for row in csv.DictReader(file)}
    section = RUNNING.split("## Stages and standards")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([\w-]+)`", row)} == known


def test_the_exit_codes_are_those_of_the_program() -> None:
    section = RUNNING.split("## Exit codes")[1].split("\n## ")[0]
    codes = {int(c) for c in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)}
    assert codes == {0, 2, UNREACHABLE, FAILED, 130}


def test_examples_and_version_that_are_named_are_there() -> None:
    for name in re.findall(r"--from ([\w.]+)", README + RUNNING):
        assert name in examples() or name == "mypark.xlsx"
    assert set(re.findall(r"version (\d+\.\d+\.\d+)", README)) == {__version__}
