"""README.md and the pages tell the truth: their commands exist and run, and the standards and exit codes they name are real."""

import csv
import re
import shlex
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from planner import __version__
from planner.command import cli
from planner.command.run import FAILED, UNREACHABLE
from planner.examples import examples
from planner.planning.rerun import RunOrder

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {"README.md": README} | {p.name: p.read_text(encoding="utf-8") for p in sorted((ROOT / "docs").glob("*.md"))}
RUNNING = PAGES["commands.md"]
#: Commands of the README that are over in a second or two, run as they stand.
CHEAP = ("new", "check", "catalogue")


def fences(text: str) -> list[list[str]]:
    """Lines of each block of commands, which names no language."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [block.strip("\n").splitlines() for language, block in blocks if not language]


def commands(text: str) -> list[list[str]]:
    """Arguments of every `plan …` in blocks and in code within sentences."""
    lines = [part.strip() for block in fences(text) for line in block for part in line.split("&&")]
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    words = [shlex.split(line) for line in lines if re.match(r"(?:\S*/)?plan\s", line)]
    return [w[1:] for w in words]


COMMANDS = [(page, words) for page, text in PAGES.items() for words in commands(text)]


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
        printed = capsys.readouterr()
        return code, printed.out + printed.err
    return call


@pytest.mark.parametrize(("page", "words"), COMMANDS, ids=lambda value: value if isinstance(value, str) else " ".join(value))
def test_every_command_and_its_options_exist(page, words) -> None:
    command = typer.main.get_command(cli.app)
    rest = list(words)
    while rest and not rest[0].startswith("-") and hasattr(command, "commands"):
        assert rest[0] in command.commands, f"plan {' '.join(words)}: {rest[0]} is no command"
        command = command.commands[rest.pop(0)]
    known = {text for p in command.params for text in (*p.opts, *p.secondary_opts)} | {"--help"}
    assert {w.split("=")[0] for w in rest if w.startswith("--")} <= known


@pytest.mark.parametrize("words", [w for _, w in COMMANDS if "--target" in w and w[0].startswith("-")], ids=" ".join)
def test_every_command_that_plans_is_understood(run, monkeypatch, words) -> None:
    """Parsed as it stands, and stopped before its park is read."""
    asked = {}
    def stop(order: RunOrder, faults: list[str]) -> None:
        asked.update(goal=order.goal, faults=faults)
        raise KeyboardInterrupt
    monkeypatch.setattr("planner.command.run._read", stop)
    code, printed = run(*words)
    assert code == 130, printed
    assert asked["faults"] == [] and asked["goal"].target == words[words.index("--target") + 1]


def test_the_cheap_commands_of_the_readme_run_as_they_stand(run, tmp_path) -> None:
    words = [w for w in commands(README) if w[0] in CHEAP and len(w) > 1]
    assert {w[0] for w in words} == set(CHEAP)
    run("new", "mypark")
    for command in words:
        if command[0] == "new":
            (tmp_path / command[1]).unlink(missing_ok=True)
        code, printed = run(*command)
        assert code == 0, (command, printed)
        assert printed.strip()


def test_the_commands_of_the_first_blocks_are_those_of_the_project() -> None:
    """One installs into a new environment and runs the example; the other installs and runs the tests."""
    first, second = (block[0] for block in fences(README)[:2])
    assert first == "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/plan --target zero-carbon --by 2030"
    assert second == 'python3 -m venv .venv && .venv/bin/pip install ".[test]" && .venv/bin/python -m pytest'
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "plan" in project["scripts"] and any(name.startswith("pytest") for name in project["optional-dependencies"]["test"])


def test_the_standards_exit_codes_examples_and_version_that_are_named_are_real() -> None:
    with (ROOT / "data" / "catalogue" / "stages.csv").open(encoding="utf-8") as file:
        known = {row["standard"] for row in csv.DictReader(file)}
    rows = [line.split("|")[1] for line in RUNNING.split("## Stages and standards")[1].splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([\w-]+)`", row)} == known
    codes = {int(c) for c in re.findall(r"^\| (\d+) \|", RUNNING.split("## Exit codes")[1], re.MULTILINE)}
    assert codes == {0, 2, UNREACHABLE, FAILED, 130}
    for name in re.findall(r"--from ([a-z]\w*)\b(?!\.)", "".join(PAGES.values())):
        assert name in examples(), name
    assert set(re.findall(r"version (\d+\.\d+\.\d+)", README)) == {__version__}
