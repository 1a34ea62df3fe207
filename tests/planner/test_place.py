"""Where an output is written: nothing of somebody else's is deleted or overwritten, and the older output stays till the new one is whole."""

import errno
import os
import re
import shutil
import stat
from pathlib import Path

import pytest

from models.errors import CaseError
from planner.answer.page.page import NAME as PAGE
from planner.plan import TARGET, Plan, Run
from planner.tables.accounts import COLUMNS
from planner.tables.place import COMPARISON, NETWORK, RUN, check_place, writing

OURS = {"summary.json": "{}", "run.json": '{"parkzero": "1"}', "costs.csv": "new", "least-cost/costs.csv": "new"}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def everything(folder: Path) -> dict[str, str]:
    """Every file and link below a folder, hidden ones too."""
    found = [p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir()]
    return {p.relative_to(folder).as_posix(): os.readlink(p) if p.is_symlink() else p.read_text() for p in found}


def put(out: Path, files: dict[str, str] = OURS) -> Path:
    """Write files as an output of a run; gives where it stands."""
    with writing(out, RUN) as (new, moved):
        write(new, files)
    return moved.place


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """An older output, with a table that the new one does not have."""
    out = tmp_path / "out"
    write(out, {**OURS, "costs.csv": "old", "explain.csv": "old", "reference/costs.csv": "old"})
    return out


def test_the_names_that_are_ours_are_those_of_every_table_and_file() -> None:
    for name in COLUMNS:
        file = f"{name}.parquet" if name == "dispatch" else f"{name}.csv"
        assert all(RUN.owns(f"{folder}{file}") for folder in ("", "least-cost/", "reference/", "business-as-usual/")), file
    for name in ("summary.json", "run.json", "plan.xlsx", PAGE, "assumptions.csv", "explain.csv"):
        assert RUN.owns(name)
    for name in ("notes.txt", "park/costs.csv", "least-cost/notes.txt", "least-cost/run.json", "costs.csv.bak", "Costs.csv"):
        assert not RUN.owns(name)
    assert NETWORK.owns("loads-p_set.csv") and not NETWORK.owns("prices.csv")
    assert COMPARISON.owns("costs.csv") and not COMPARISON.owns("summary.json")


def test_an_older_output_is_replaced_and_nothing_is_left_of_it(older, tmp_path) -> None:
    assert put(older) == older and everything(tmp_path) == {f"out/{name}": text for name, text in OURS.items()}


@pytest.mark.parametrize("name", ["notes.txt", "least-cost/notes.txt", "park/costs.csv", ".DS_Store", "link.csv", "summary.json"])
def test_a_folder_that_holds_files_of_others_is_refused_and_left_as_it_is(older, name) -> None:
    if name in ("link.csv", "summary.json"):
        (older / name).unlink(missing_ok=True)
        (older / name).symlink_to(older.parent)
    else:
        write(older, {name: "theirs"})
    with pytest.raises(CaseError, match=r"--out .*out: holds files of others \(.+\); name a new folder"):
        check_place(older, RUN)
    before = everything(older)
    assert put(older) == older.with_name("out.new") and everything(older) == before, "they came while the run was at work"
    assert put(older) == older.with_name("out.new2") and everything(older.with_name("out.new2")) == OURS


def test_what_other_commands_made_of_the_older_output_goes_with_it(older) -> None:
    write(older, {"iamc.csv": "i", "plan.mps": "m", "application-cn-910.docx": "a", "pypsa/loads.csv": "l", "worth.csv": "w"})
    check_place(older, RUN)
    assert put(older) == older and everything(older) == OURS


def test_a_mount_point_is_refused(older, monkeypatch) -> None:
    """It can be neither renamed nor exchanged."""
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == older)
    with pytest.raises(CaseError, match="is a mount point; name a folder within it"):
        check_place(older, RUN)


def test_drafts_of_killed_runs_are_deleted_and_those_that_live_are_not(tmp_path) -> None:
    theirs = {".parkzero-notes/costs.csv": "n", ".parkzero-x/new/costs.csv": "n"}
    write(tmp_path, {**theirs, ".parkzero-12345678/new/costs.csv": "half"})
    with writing(tmp_path / "other", RUN) as (new, _):
        write(new, OURS)
        put(tmp_path / "out")
        assert everything(new) == OURS
    assert everything(tmp_path) == {f"{out}/{n}": text for out in ("out", "other") for n, text in OURS.items()} | theirs


def test_a_link_to_a_folder_stays_a_link(older, tmp_path) -> None:
    (tmp_path / "far").mkdir()
    real = older.rename(tmp_path / "far" / "out")
    older.symlink_to("far/out")
    assert check_place(older, RUN) == real and put(older) == older and os.readlink(older) == "far/out" and everything(real) == OURS
    assert [p.name for p in (tmp_path / "far").iterdir()] == ["out"]


@pytest.mark.parametrize("target", ["nowhere", "out"])
def test_a_link_to_nothing_or_to_itself_is_refused(tmp_path, target) -> None:
    (tmp_path / "out").symlink_to(target)
    with pytest.raises(CaseError, match=r"is a link to nothing|cannot be used"):
        check_place(tmp_path / "out", RUN)


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o002])
def test_the_umask_is_kept(tmp_path, umask) -> None:
    before = os.umask(umask)
    try:
        put(tmp_path / "out")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o777 & ~umask
    assert stat.S_IMODE((tmp_path / "out" / "costs.csv").stat().st_mode) == 0o666 & ~umask


def test_the_rights_of_an_older_folder_are_kept(older) -> None:
    older.chmod(0o750)
    put(older)
    assert stat.S_IMODE(older.stat().st_mode) == 0o750


def test_a_full_disk_is_refused_before_any_work_and_writes_nothing_later(older, tmp_path) -> None:
    with pytest.raises(CaseError, match=r"--out .*out: 1,000,000,000,000 MB are needed there at least, and .* MB are free"):
        check_place(older, RUN, 10**18)
    before = everything(tmp_path)
    def fill_the_disk() -> None:
        with writing(older, RUN) as (new, _):
            write(new, {"costs.csv": "half"})
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(CaseError, match=re.escape("cannot be written (No space left on device); nothing was written")):
        fill_the_disk()
    assert everything(tmp_path) == before


GOAL = ("--target", "zero-carbon", "--by", 2028)


@pytest.fixture
def failing(monkeypatch):
    """A run that ends without a plan."""
    monkeypatch.setattr("planner.command.run.plan_park",
        lambda *_, **__: Run({TARGET: Plan(TARGET, "failed", note="failed: tried")}, 4380.0, "CNY", 0))


def test_a_run_that_fails_leaves_the_older_output_and_says_where_it_wrote(small, plan, tmp_path, failing) -> None:
    write(tmp_path / "out", {**OURS, "summary.json": '{"status": "optimal"}'})
    before = everything(tmp_path)
    said = plan("--park", "park", *GOAL, "--out", "out")
    assert said.code == 4 and "out: keeps the older output; what was tried is in out.failed" in said.err
    found = everything(tmp_path)
    assert {n: t for n, t in found.items() if not n.startswith("out.failed/")} == before
    assert {"out.failed/summary.json", "out.failed/run.json"} <= set(found)


def test_a_run_that_fails_writes_nothing_where_it_has_no_place(small, plan, tmp_path, failing) -> None:
    write(tmp_path, {**{f"out/{n}": t for n, t in OURS.items()}, "out.failed/notes.txt": "n"})
    before = everything(tmp_path)
    said = plan("--park", "park", *GOAL, "--out", "out")
    assert (said.code, everything(tmp_path)) == (4, before)
    assert "out: keeps the older output; nothing was written of what was tried" in said.err


def test_a_cost_table_within_the_output_is_refused(small, plan, tmp_path) -> None:
    write(tmp_path / "out", OURS | {"costs.csv": "type,parameter,year,value,unit\n"})
    (tmp_path / "other").symlink_to("out")
    before = everything(tmp_path)
    for out in ("out", "other"):
        said = plan("--park", "park", *GOAL, "--out", out, "--costs", "out/costs.csv")
        assert said.code == 2 and f"--out {out}: out/costs.csv, which is read, lies in it; name another folder" in said.err
    assert everything(tmp_path) == before


OTHERS = (
    (("compare", "one", "one", "--out", "theirs"), "--out theirs: holds files of others (costs.csv)"),
    (("compare", "one", "one", "--out", "link"), "--out link: is a link to nothing"),
    (("export", "one", "--format", "iamc", "--to", "theirs/costs.csv"), "is a file already, and none that was made here"),
    (("export", "one", "--format", "iamc", "--to", "link"), "--to link: is a link"),
    (("export", "one", "--format", "pypsa", "--to", "theirs"), "--to theirs: holds files of others"),
    (("report", "one"), "report.html: is a link"),
    (("new", "theirs"), "theirs: is there already"),
    (("new", "link"), "link: is a link to nothing"),
)


@pytest.mark.slow
def test_other_commands_are_as_careful_and_replace_what_is_theirs(small, plan, tmp_path) -> None:
    assert plan("--park", "park", *GOAL, "--out", "one", "--no-verify", "--quiet").code == 0
    write(tmp_path, {"theirs/costs.csv": "mine", "secret": "s"})
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "one" / PAGE).unlink()
    (tmp_path / "one" / PAGE).symlink_to(tmp_path / "secret")
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    for arguments, words in OTHERS:
        said = plan(*arguments)
        assert (said.code, words in said.err) == (2, True), said.err
        assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before
    (tmp_path / "one" / PAGE).unlink()
    for _ in range(2):
        assert plan("compare", "one", "one", "--out", "side").code == 0 and plan("export", "one", "--format", "iamc").code == 0
        assert plan("export", "one", "--format", "pypsa").code == 0 and plan("report", "one").code == 0
    assert {p: p.read_bytes() for p in before if p.parent.name != "one"} == {
        p: c for p, c in before.items() if p.parent.name != "one"}


def test_a_disk_that_is_too_full_is_told_before_planning(small, plan, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 10))
    said = plan("--park", "park", *GOAL, "--out", "out")
    assert said.code == 2 and "MB are needed there at least, and 0.0 MB are free" in said.err and "solving" not in said.err


@pytest.mark.slow
def test_a_disk_that_fills_up_while_writing_leaves_the_older_output(small, plan, tmp_path, monkeypatch) -> None:
    assert plan("--park", "park", *GOAL, "--out", "out", "--no-verify").code == 0
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    for name in ("write_csv", "_write_dispatch", "write_workbook", "write_json"):
        with monkeypatch.context() as patched:
            patched.setattr(f"planner.answer.files.{name}", full)
            said = plan("--park", "park", *GOAL, "--out", "out", "--no-verify")
        assert said.code == 4  # the plan is made by then, and shown: see test_unwritten.py
        assert "--out out: cannot be written (No space left on device); nothing was written" in said.err
        assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before
