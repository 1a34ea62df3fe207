"""Two languages: every message has its Chinese, with the same placeholders; numbers and money as each locale writes them."""

import ast
import errno
import json
import os
import pickle
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from jinja2 import Environment, nodes

from models.errors import CaseError, SolverError
from models.metrics import KNOWN, OF_RULES
from planner.answer.views import views
from planner.command.cli import app
from planner.command.options import texts
from planner.language.language import LANGUAGES, OF_SYSTEM, Language, choose_language, words
from planner.language.message import Message, as_json, from_json
from planner.park.remarks import NO_DEMAND, PLACE, PLACED
from planner.park.rules import rules
from planner.tables.schema import TABLES

ROOT = Path(__file__).parents[2]
#: Tables and columns are called what their files say.
HEADINGS = {*TABLES, *(column.name for table in TABLES.values() for column in table.columns)}
#: A remark of rules.toml.
NO_MIN_LOAD = "min_load = {load}: does not hold for {technology}, which has a profile"
#: Functions whose first argument is a message; `say` is translate, shortened.
FIRST = ("translate", "say", "mark", "_", "Message", "because", "equal", "at_most", "at_least", "equal_hours", "at_most_hours",
    "equal_items")
#: Functions that say of what first, and the message second.
SECOND = ("fault", "Damaged")


def words_of(path: Path) -> Iterator[ast.expr]:
    """What the code gives such a function as its message."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            at = 0 if name in FIRST else 1 if name in SECOND else len(node.args)
            yield from node.args[at : at + 1]


FILES = sorted(path for folder in ("planner", "models") for path in (ROOT / folder).rglob("*.py"))


def words_of_template(path: Path) -> Iterator[str]:
    """What a template of the workbench says: `say("…")`, `mark("…")`."""
    for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("say", "mark") and isinstance(call.args[0], nodes.Const):
            yield call.args[0].value


TEMPLATES = sorted((ROOT / "planner" / "workbench" / "templates").glob("*.html"))


@cache
def messages() -> tuple[str, ...]:
    """Every message of the program: those of the code, help, what metrics are called, and names of columns."""
    found = {words.value for path in FILES for words in words_of(path)
        if isinstance(words, ast.Constant) and isinstance(words.value, str)}
    found |= {words for path in TEMPLATES for words in words_of_template(path)}
    for view in views().values():
        cells = ([*text.split(":", 2), "", ""][:3] for text in (*view.columns, *view.rows))
        found |= {(own[2] or own[0]).partition(" [")[0] for own in cells} | {*view.items.values(), *view.blank.values()}
    found |= {row[2] for table in ("only", "faults", "remarks") for row in rules()[table]}
    found |= {row[7] for row in rules()["figures"]} - {"{type} {parameter}", "{supply} {item}"}
    help_ = {getattr(thing, name) for thing, name in texts(typer.main.get_command(app))}
    return tuple(
        sorted(help_ | found | {words for metric in OF_RULES.values() for words in (metric.title, metric.phrase)} | {f.words for f in KNOWN.values() if f.words} | HEADINGS))


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_message_has_its_chinese_and_none_is_left_over():
    chinese = words("zh")
    assert [m for m in messages() if not chinese.get(m, "").strip()] == [] and [m for m in chinese if m not in messages()] == []


def test_placeholders_are_the_same_in_both_languages():
    assert {m: t for m, t in words("zh").items() if placeholders(m) != placeholders(t)} == {}


def test_every_view_has_its_words_in_both_languages():
    told = [words for v in views().values() for words in (v.title, v.note, v.more, v.finding) if isinstance(words, list) and words]
    assert all(zh and placeholders(en) == placeholders(zh) and en != zh for en, zh in told)


def test_chinese_has_its_own_punctuation_and_no_space_between_sentences():
    half = re.compile(r"[\u4e00-\u9fff][:,;()?!]|[:,;()?!][\u4e00-\u9fff]")
    assert [text for text in words("zh").values() if half.search(text)] == [] and Language("zh").sentences("一。", "", "二。") == "一。二。"
    assert Language("en").sentences("One.", "", "Two.") == "One. Two."


def test_money_stands_beside_chinese_words_without_a_space_and_units_of_letters_with_one():
    language = Language("zh")
    values = {"name": "天然气", "share": "22%"}
    words = "{name} is largest: {share} of {total}"
    assert language.translate(words, total=language.money(5.2e8, "CNY"), **values) == "天然气最多，占 52,000 万元的 22%"
    assert language.translate(words, total="290 GWh", **values) == "天然气最多，占 290 GWh 的 22%"


def test_a_message_is_told_in_each_language_within_another_and_after_it_is_read_back():
    assert Language("zh").translate("no such message {n}", n=3) == "no such message 3"
    assert Language("en").translate("system cost") == "system cost" and Language("zh").translate("system cost") == "系统成本"
    said = Message(NO_MIN_LOAD, load=0.4, technology="'pv'")
    assert said == "min_load = 0.4: does not hold for 'pv', which has a profile" and Language("en").tell(said) == said
    assert Language("zh").tell(said) == words("zh")[NO_MIN_LOAD].format(load="0.4", technology="'pv'") != said
    said = Message(PLACED, place=Message(PLACE, file="supplies.csv", line=3), words=Message(NO_DEMAND))
    assert said == "supplies.csv line 3: states no demand, so nothing has to be supplied"
    assert Language("zh").tell(said) == f"supplies.csv 第 3 行：{words('zh')[NO_DEMAND]}"
    said = Message(PLACED, place="a {braces} file", words=Message(NO_DEMAND))
    back = from_json(json.loads(json.dumps(as_json(said))))
    assert (back, Language("zh").tell(back)) == (said, Language("zh").tell(said))
    assert from_json(as_json("plain {text}")) == "plain {text}" == Language("zh").tell("plain {text}")


@pytest.mark.parametrize(("variable", "value", "code"),
    [("LANGUAGE", "zh_CN:en", "zh"), ("LC_ALL", "zh_CN.UTF-8", "zh"), ("LANG", "de_DE.UTF-8", "en"), ("LANG", "C.UTF-8", "en"),
     ("LC_MESSAGES", "", "en")])
def test_the_environment_chooses_where_nothing_is_asked(monkeypatch, variable, value, code):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    assert choose_language().code == code and choose_language("en").code == "en"


def test_a_message_of_a_file_is_only_filled_where_its_template_is_one_of_ours_and_all_its_values_are_there():
    for template in ("{x.__class__}", "{x:>999999999}", NO_MIN_LOAD):
        assert Language("zh").tell(Message.known("as it was", template, {"x": "1"})) == "as it was"


def test_an_unknown_language_is_a_fault_that_names_the_others():
    with pytest.raises(CaseError, match=r"--language fr: is none of en, zh"):
        choose_language("fr")


def test_numbers_shares_and_money_are_written_as_the_locale_does():
    en, zh = (Language(code) for code in LANGUAGES)
    assert en.number(1234567.891, 1) == zh.number(1234567.891, 1) == "1,234,567.9" and en.number(-0.2) == "0"
    assert en.number(None) == en.percent(float("nan")) == "–"
    assert [en.amount(v) for v in (1234.5, 99.96, 10.4179, 0.012345, 0)] == ["1,234", "100", "10.4", "0.0123", "0"]
    assert en.percent(0.0871) == zh.percent(0.0871) == "8.7%" and en.money(1305170093.1, "CNY") == "1,305.2 M CNY"
    assert zh.money(1305170093.1, "CNY") == "130,517 万元" and zh.money(2.5e6, "EUR", 1) == "250.0 万欧元"


def test_help_is_told_in_the_language_that_is_asked_for(plan, monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    english = plan("--help").out
    chinese = plan("--language", "zh", "--help").out
    assert "Options:" in english and "Stage to reach" in english and "选项：" in chinese and "要达到的阶段" in chinese
    assert not re.search(r"Usage|Options|Commands|Show this", chinese) and plan("--help").out == english
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert plan("--help").out == chinese and ("参数：" in plan("frontier", "--help").out or "选项：" in plan("frontier", "--help").out)
    assert "Usage" in plan("report", "--language=en", "--help").out


@pytest.mark.slow
def test_a_warning_of_a_run_is_told_in_the_language_that_is_asked_for(plan, small):
    small.edit("measures.csv", "led,100000,0,10\n", "led,100000,0,10\nidle,1,0,10\n")
    asked = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--no-verify")
    assert "warning: measures.csv line 3: measure 'idle': saves nothing" in plan(*asked, "--out", "one").err
    assert "警告：measures.csv 第 3 行：节能措施 'idle' 没有任何节约" in plan(*asked, "--out", "two", "--language", "zh").err


def test_what_the_command_line_refuses_is_told_in_the_language_that_is_asked_for(plan):
    for asked, told in ((("--targte", "x"), "错误：--targte：没有该选项；是否指 --target？"), (("--days", "a"), "错误：--days：不是整数"),
        (("--gap", "a"), "错误：--gap：不是数字"), (("check", "--all"), "错误：缺少 "),
        (("--days", 999, "--method", "x"), "--days 999：不在 0 到 366 之间（0 为全部小时）")):
        said = plan("--language", "zh", *asked)
        assert said.code == 2 and told in said.err
    assert "Error: No such option: --targte" in plan("--targte", "x").err


def test_an_error_carries_messages_that_another_process_can_tell_too():
    error = CaseError.because("{path}: is empty", path="a {braces} file")
    assert str(error) == "a {braces} file: is empty"
    (line,) = pickle.loads(pickle.dumps(error.lines))
    assert Language("zh").tell(line) == "a {braces} file：为空" and SolverError("two\nlines").lines == ("two", "lines")
    assert (Language("zh").tell(SolverError.because("{what}: HiGHS stopped with status {status}", what="x", status="'y'").lines[0])
        != "x")


@pytest.mark.slow
def test_faults_and_steps_are_told_in_the_language_that_is_asked_for(plan, small):
    asked = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--no-verify", "--language", "zh")
    steps = plan(*asked, "--out", "one").err
    assert "求解目标方案" in steps and "读取结果 照常方案" in steps and "solving" not in steps
    small.edit("technologies.csv", "pv,solar,0", "pv,solarpv,0")
    (small.folder / "demand.csv").write_text("")
    said = plan(*asked, "--out", "two")
    assert said.code == 2 and "demand.csv：是空文件；请写入表头行或删除该文件" in said.err
    assert "type 'solarpv'：不是类型；是否指 'solar'？`plan catalogue` 列出全部" in said.err and "处错误；未写出任何内容" in said.err
    assert "demand.csv: is empty; write a header row or remove the file" in plan(*asked[:-2], "--out", "two").err


def test_what_the_system_refuses_is_told_in_the_language_that_is_asked_for():
    refused = Message("{path}: cannot be read ({error})", path="run.json", error=os.strerror(errno.ENOENT))
    assert Language("zh").tell(refused).endswith("（文件或目录不存在）") and Language().tell(refused) == str(refused)
    names = (errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ENOSPC, errno.EROFS)
    assert sorted(map(os.strerror, names)) == sorted(OF_SYSTEM)
