"""Who is let in, from where, and to what: every refusal is tried beside the same request that is taken."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from visitors import HOST, Client

from models.errors import CaseError
from planner.language.language import Language
from planner.templates.stated import stated
from planner.templates.write import write_book
from planner.workbench import guard
from planner.workbench import places as lock
from planner.workbench.bench import Bench, Sessions, password_of
from planner.workbench.jobs import LOST
from planner.workbench.places import Holder, Places, is_name
from planner.workbench.start import ServeOptions, check_host, folder_of, serve

EXAMPLE = {"example": "steppe", "name": "copy"}


def test_a_token_lets_one_browser_in_once(stranger, root):
    assert stranger.get("/").headers["location"] == "/enter"
    token = stranger.bench.sessions.token()
    first = stranger.get(f"/enter?token={token}")
    cookie = first.headers["set-cookie"]
    assert cookie.startswith("parkzero_8123=") and "HttpOnly" in cookie and "SameSite=strict" in cookie and token not in cookie
    assert stranger.get("/").status_code == 200
    other = Client(stranger.bench)
    assert other.get(f"/enter?token={token}").status_code == 401 and other.get("/park/mill").status_code == 303
    assert (asked := other.get("/enter")).status_code == 200 and "not known yet" in asked.text and "set-cookie" not in asked.headers
    assert other.sends("/new/example", data=EXAMPLE).status_code == 401
    other.cookies.set("parkzero_8123", "guessed")
    assert other.get("/park/mill").status_code == 303 and not (root / "copy").exists()


def test_another_browser_gets_an_address_of_its_own(client):
    page = client.sends("/another").text
    token = page.split("/enter?token=")[1].split("<")[0]
    other = Client(client.bench)
    assert other.get(f"/enter?token={token}").status_code == 303
    assert other.get("/park/mill").status_code == client.get("/park/mill").status_code == 200


@pytest.mark.parametrize("host",
    ["evil.example", "evil.example:8123", "127.0.0.1", "127.0.0.1:8124", "localhost:8123.evil.example", ""])
def test_another_name_that_leads_here_is_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 421 and client.get("/").status_code == 200


@pytest.mark.parametrize("headers",
    [{}, {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": f"https://{HOST}"}, {"sec-fetch-site": "cross-site"},
     {"sec-fetch-site": "same-site", "origin": f"http://{HOST}"}, {"sec-fetch-site": "none"},
     {"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:9"}])
def test_what_no_page_of_ours_sends_changes_nothing(client, root, headers):
    assert client.post("/new/example", data=EXAMPLE, headers=headers).status_code == 403 and not (root / "copy").exists()


def test_what_a_page_of_ours_sends_is_taken(client, root):
    assert client.sends("/new/example", data=EXAMPLE).headers["location"] == "/park/copy"
    assert (root / "copy" / "park.toml").is_file()
    assert client.post("/language", data={"code": "zh", "back": "/"}, headers={"origin": f"http://{HOST}"}).status_code == 303


def test_other_methods_and_frames_of_others_are_refused(client):
    assert [client.request(m, "/", headers={"origin": f"http://{HOST}"}).status_code for m in ("PUT", "DELETE", "PATCH", "OPTIONS")
    ] == [405] * 4
    assert client.get("/park/mill", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}).status_code == 403


def test_every_answer_says_what_a_browser_may_do_with_it(client):
    for path in ("/", "/park/mill", "/static/workbench.js", "/nowhere", "/park/mill/zip", "/park/mill/table/demand/data"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, path
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert client.get("/park/mill/zip").headers["content-disposition"].startswith("attachment")


def test_no_page_has_a_script_or_a_style_in_it(client):
    for path in ("/", "/park/mill", "/park/mill/check", "/park/mill/table/demand", "/park/mill/settings/park", "/nowhere"):
        text = client.get(path).text
        assert "<style" not in text and " style=" not in text and " onclick" not in text and "javascript:" not in text
        assert text.count("<script") == text.count("<script src=")


def test_a_request_that_is_too_large_is_refused_before_it_is_read(client, monkeypatch):
    client.app.most = 5_000
    assert client.sends("/new/blank", data={"name": "x" * 6_000}).status_code == 413
    def parts():
        yield from [b"x" * 1_000] * 6
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.sends("/new/blank", content=parts(), headers=form).status_code == 413
    assert client.sends("/new/blank", data={"name": "x" * 600}).status_code == 422 and guard.MOST_BYTES < 60_000_000


@pytest.mark.parametrize("name",
    ["..", ".", "", "a/b", "a\\b", "/etc", ".hidden", "a\0", "-option", "con", "COM1.txt", "x" * 81, "a\nb", "end ", "a:b"])
def test_a_name_that_is_a_path_an_option_or_a_device_is_none(root, name):
    assert not is_name(name)
    with pytest.raises(CaseError):
        Places(root).within(name)


def test_a_name_is_of_any_language(root):
    assert [Places(root).within(name).name for name in ("园区 一", "Parc (2)", "run-1.2")] == ["园区 一", "Parc (2)", "run-1.2"]


@pytest.mark.parametrize("path",
    ["/park/..%2F..", "/park/%2e%2e", "/park/mill%2F..%2Fmill", "/park/mill/table/..%2Fpark", "/park/mill/table/..%2F..%2Fetc",
     "/static/..%2Fapp.py", "/static/%2e%2e/app.py", "/park/.workbench"])
def test_no_path_leads_out_of_the_folder(client, path):
    found = client.get(path)
    assert found.status_code == 404 and "import" not in found.text


def test_a_link_out_of_the_folder_is_not_followed(client, root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "park.toml").write_text('name = "secret"\n')
    (outside / "secret.csv").write_text("demand,secret-cell\n1,2\n")
    (root / "away").symlink_to(outside)
    assert client.get("/park/away").status_code == 404 and "away" not in client.get("/").text
    (root / "mill" / "sites.csv").unlink(missing_ok=True)
    (root / "mill" / "sites.csv").symlink_to(outside / "secret.csv")
    for path in ("/park/mill", "/park/mill/check", "/park/mill/table/sites/data", "/park/mill/zip"):
        found = client.get(path)
        assert found.status_code == 404 and "secret-cell" not in found.text, path


def test_a_job_that_comes_with_a_folder_is_shown_and_never_run(client, root, monkeypatch):
    """Whatever it says of itself: that it waits, that it works, what its command is."""
    begun = []
    monkeypatch.setattr("subprocess.Popen", lambda words, **_: (begun.append(words), SimpleNamespace(poll=lambda: 0, pid=0))[1])
    fields = {"kind": "plan", "of": "mill", "out": "mill-plan", "options": {"scheduler": "tcp://h:1"}, "language": "en"}
    odd = "[" * 50_000, '{"kind": []}', json.dumps({**fields, "of": "../x"}), json.dumps({**fields, "out": "/x"}), "\0", "9" * 9_999
    told = [json.dumps({**fields, "command": ["--out", "/x"], "created": 0, "root": "/"}), *odd]
    for number, text in enumerate(told):
        folder = root / ".workbench" / "jobs" / f"2026-{number}"
        folder.mkdir(parents=True)
        for file, own in (("job.json", text), ("process", f"{os.getpid()}"), ("progress.json", '{"gap": "x", "done": []}')):
            (folder / file).write_text(own)
    client.bench.jobs.step()
    assert begun == [] and "was interrupted" in client.get("/jobs").text and client.get("/job/2026-0").status_code == 200
    assert [client.bench.jobs.state(job) for job in client.bench.jobs.all()] == [LOST]
    for way in ("stop", "forget"):
        assert client.sends(f"/job/2026-0/{way}").status_code == 303 and begun == []
    client.sends("/park/mill/run", data={"name": "one"})  # what is asked for here is not held up
    assert len(begun) == 1 and "--out=one" in begun[0]
    with pytest.raises(KeyError):
        client.bench.jobs.add("plan", "mill", "two", {"scheduler": "tcp://h:1"})


def test_what_the_workbench_keeps_is_no_link(client, root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (root / ".workbench").symlink_to(outside)
    assert client.sends("/park/mill/run", data={"name": "one"}).status_code == 404
    with pytest.raises(CaseError, match=r"^.workbench: is a link"):
        serve(ServeOptions(root, has_browser=False), print)
    (root / ".workbench").unlink()
    (root / ".workbench" / "jobs").mkdir(parents=True)
    for make in (lambda path: path.symlink_to(outside / "x"), lambda path: os.mkfifo(path)):
        make(path := root / ".workbench" / "jobs" / "a")
        with pytest.raises(CaseError, match=r"^.workbench/jobs/a: is a link, or no file"):
            serve(ServeOptions(root, has_browser=False), print)
        path.unlink()
    assert not list(outside.iterdir())


def test_an_example_is_none_of_the_files_of_this_machine(client, root, tmp_path_factory):
    path = tmp_path_factory.mktemp("outside") / "secret.xlsx"
    rows, columns = stated(root / "mill")
    write_book(path, rows, Language("en"), columns)
    assert client.sends("/new/example", data={"example": str(path), "name": "copy"}).status_code == 422
    assert not (root / "copy").exists()


def test_what_a_park_says_of_itself_is_text(client, root):
    text = (root / "mill" / "park.toml").read_text().replace('name = "Mill"', "name = '<script>alert(1)</script>'")
    (root / "mill" / "park.toml").write_text(text)
    (root / "mill" / "demand.csv").write_text("demand,carrier,value,unit\n<img src=x onerror=alert(1)>,electricity,x,MWh\n")
    assert "&lt;script&gt;alert(1)" in client.get("/").text
    for path in ("/", "/park/mill", "/park/mill/check"):
        assert "<script>alert" not in client.get(path).text and "<img src=x" not in client.get(path).text
    data = client.get("/park/mill/table/demand/data")
    assert data.headers["content-type"] == "application/json" and data.json()["rows"][0][0].startswith("<img")


def test_a_language_leads_back_to_a_page_of_ours_only(client):
    backs = {back: client.sends("/language", data={"code": "zh", "back": back}).headers["location"]
        for back in ("/park/mill", "//evil.example", "https://evil.example", "/\\evil.example")}
    assert backs == {"/park/mill": "/park/mill", "//evil.example": "/", "https://evil.example": "/", "/\\evil.example": "/"}
    assert '<html lang="zh-CN">' in client.get("/").text and "新建园区" in client.get("/").text


def test_one_writes_and_the_second_reads_until_the_first_is_gone(tmp_path):
    """A process that is killed keeps nobody out; one that lives does, whatever stands in the file."""
    asked = "import sys, time; from pathlib import Path; from planner.workbench.places import take; print(take(Path(sys.argv[1])), flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", asked, str(tmp_path)], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout.readline() == "None\n"
        assert lock.take(tmp_path) == Holder(socket.gethostname(), first.pid)
        (tmp_path / "lock").write_text("no json")
        assert lock.take(tmp_path) == Holder("", 0)
        lock.release(tmp_path)  # not ours to give back
        assert lock.take(tmp_path) is not None
        first.kill()
    assert lock.take(tmp_path) is None and lock.take(tmp_path) == Holder(socket.gethostname(), os.getpid())
    lock.release(tmp_path)
    assert lock.take(tmp_path) is None
    lock.release(tmp_path)


def test_who_reads_only_changes_nothing(root):
    client = Client(Bench(Places(root), Sessions(8123), other=Holder("desk", 7))).enters()
    for path, data in (("/new/example", EXAMPLE), ("/new/blank", {"name": "x"}), ("/park/mill/table/demand/remove", {}),
        ("/park/mill/settings/park", {"text": "x"})):
        assert client.sends(path, data=data).status_code == 422
    assert client.sends("/park/mill/table/demand/save", json={"columns": [], "rows": [], "version": ""}).status_code == 422
    assert not (root / "copy").exists() and (root / "mill" / "demand.csv").is_file()
    page = client.get("/").text
    assert "desk" in page and 'action="/new/' not in page


def test_a_password_of_a_file_of_ones_own_opens_it(tmp_path, root):
    file = tmp_path / "password"
    file.write_text("correct horse battery\n")
    file.chmod(0o644)
    with pytest.raises(CaseError, match="others can read it"):
        password_of(file)
    file.chmod(0o600)
    client = Client(Bench(Places(root), Sessions(8123, password_of(file)), is_open=True))
    assert client.sends("/enter", data={"password": "wrong"}).status_code == 401
    assert client.sends("/enter", data={"password": "correct horse battery"}).status_code == 401  # too soon after the last
    client.bench.sessions._asked -= 2
    assert client.sends("/enter", data={"password": "correct horse battery"}).headers["location"] == "/"
    assert "not encrypted" in client.get("/").text
    file.write_text("short")
    with pytest.raises(CaseError, match="at least 12"):
        password_of(file)
    assert Sessions(1).say("") is None


def test_only_this_machine_is_served_without_a_password(tmp_path):
    assert not check_host(ServeOptions(tmp_path)) and not check_host(ServeOptions(tmp_path, host="::1"))
    for host, words in (("192.168.1.20", "add --password-file"), ("0.0.0.0", "every address"), ("name", "is no address")):
        with pytest.raises(CaseError, match=words):
            check_host(ServeOptions(tmp_path, host=host))
    assert check_host(ServeOptions(tmp_path, host="192.168.1.20", password_file=Path("p")))
    (tmp_path / "park.toml").touch()
    with pytest.raises(CaseError, match="is a park itself"):
        folder_of(tmp_path)
    with pytest.raises(CaseError, match="is no folder"):
        folder_of(tmp_path / "nowhere")
