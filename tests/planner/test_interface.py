"""The examples of docs/python.md, run as they stand on a park of one day: every line that they show is the one that comes."""

import doctest
import re
from pathlib import Path

import pandas as pd
import pytest

import planner
from planner.answer.files import write_run
from planner.planning.run import Options, plan_park

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.slow
def test_the_examples_of_the_page_give_what_the_page_shows(small, plan, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small.folder.rename(tmp_path / "mypark")
    assert plan("--park", "mypark", "--target", "zero-carbon", "--by", 2027, "--out", "out", "--quiet").code == 0
    blocks = re.findall(r"```python\n(>>>.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert len(blocks) > 6
    page = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    said: list[str] = []
    found = doctest.DocTestRunner(optionflags=FLAGS).run(page, out=said.append)
    assert found.failed == 0, "".join(said)
    assert found.attempted > 15


def test_every_name_that_the_package_promises_is_there_and_no_other():
    assert all(callable(getattr(planner, name)) for name in planner.__all__) and set(planner.__all__) <= set(dir(planner))
    assert not hasattr(planner, "no_such_name")


def test_a_command_keeps_words_as_python_s_and_a_notebook_s_pandas_is_left_alone(small, plan):
    with pd.option_context("mode.string_storage", "pyarrow"):
        planner.read_park(small.folder, "zero-carbon", 2028)
        assert pd.get_option("mode.string_storage") == "pyarrow"
        assert plan("--park", "park", "--target", "zero-carbon", "--by", 2028, "--no-verify", "--quiet").code == 0
        assert pd.get_option("mode.string_storage") == "python"


@pytest.mark.slow
def test_words_of_arrow_give_the_same_files_as_python_s(small, tmp_path):
    """All other tests keep words as a command does; a notebook has Arrow's."""
    made = {}
    for storage in ("pyarrow", "python"):
        with pd.option_context("mode.string_storage", storage):
            case = planner.read_park(small.folder, "zero-carbon", 2028)
            write_run(plan_park(case, Options(gap=1e-6)), case, tmp_path / storage, {})
        made[storage] = {path.relative_to(tmp_path / storage): path.read_bytes() for path in (tmp_path / storage).rglob("*.csv")}
        assert (tmp_path / storage / "report.html").is_file()
    assert len(made["python"]) > 20 and made["pyarrow"] == made["python"]
