"""Names that become names of files: none leads out of the folder that it is of, on any system."""

import pytest

from planner.park.fields import check_file_name, file_name_of
from planner.questions.alternatives import Aim

#: Each leads elsewhere, or is a device or hidden, on one system or another.
BAD = ("", " ", ".", "..", "...", "../x", "../../x", "/x", "/", "a/b", "a/../b", "..\\x", "\\x", "\\\\host\\share", "a\\b", "C:x",
    "C:\\x", "c:", "a:b", ".x", ".profiles", "x.", "x. ", " x", "x ", "a\nb", "a\0b", "a\tb", "a\rb", "CON", "con", "Con.csv",
    "aux", "NUL", "nul.txt", "PRN", "COM1", "com9.csv", "LPT1", "lpt¹", "CONIN$", "CON .txt", "x" * 101, "气" * 70, "a\u202eb", "=x",
    "-x", "@x")
GOOD = ("machines", "屋顶光伏", "Öfen Süd", "steam 2", "a.b", "a-b_c", "CONE", "console", "com10", "common", "solar (roof)", "50 %",
    "蒸汽" * 30, "x..y", "a [b] <c>")


@pytest.mark.parametrize("name", BAD, ids=[ascii(name)[:20] for name in BAD])
def test_a_name_that_is_a_path_or_a_device_is_refused(name):
    with pytest.raises(ValueError, match=r".") as error:
        check_file_name(name)
    assert str(error.value.args[0]).isprintable()


@pytest.mark.parametrize("name", GOOD, ids=[ascii(name)[:20] for name in GOOD])
def test_a_name_in_any_language_may_name_a_file(name):
    check_file_name(name)


@pytest.mark.parametrize("name", [*BAD, *GOOD], ids=[ascii(name)[:20] for name in (*BAD, *GOOD)])
def test_of_any_text_a_name_of_a_file_can_be_made(name):
    made = f"x-{file_name_of(name)}"
    check_file_name(made.rstrip("."))
    assert "/" not in made and "\\" not in made


def test_two_texts_have_two_names():
    """A blank and a dash of two groups were the same dash."""
    assert len({Aim("least", name).name for name in ("a b", "a-b", "a/b", "a_b", "A" * 70 + "1", "A" * 70 + "2")}) == 6
    assert Aim("least", "solar").name == "least-solar"


@pytest.mark.parametrize("name", [name for name in BAD if name.isprintable()], ids=ascii)
@pytest.mark.parametrize("command", ["meter", "shape"])
def test_a_profile_of_such_a_name_is_not_written(small, plan, tmp_path, command, name):
    """`--name ../../x` wrote x.svg and x.json two folders above the park, over whatever stood there."""
    (tmp_path / "meter.csv").write_text("value [kW]\n" + "5\n" * 8760)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    own = ("meter", "meter.csv", "--year", 2025) if command == "meter" else ("shape", "office", "--energy", "10MWh", "--year", 2025)
    said = plan("import", *own, "--take", "--park", "park", f"--name={name}")
    if name:
        assert said.code == 2 and said.err.startswith(f"--name {name!r}: ")
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    else:
        assert said.code == 0, "left out: that of the file or the kind"


@pytest.mark.parametrize("name", ["屋顶光伏", "Öfen Süd"])
def test_a_profile_may_have_a_name_in_any_language(small, plan, tmp_path, name):
    said = plan("import", "shape", "office", "--energy", "10MWh", "--year", 2025, "--take", "--park", "park", "--name", name)
    assert said.code == 0, said.err
    assert {path.name for path in (tmp_path / "park" / "profiles").iterdir()} == {f"{name}.svg", f"{name}.json"}


@pytest.mark.parametrize("file", ["CON.csv", ".meter.csv", "a:b.csv", "a\\b.csv", f"{'气' * 60}.csv", "...csv"])
def test_a_profile_that_is_named_after_a_file_has_a_name_of_a_file(small, plan, tmp_path, file):
    (tmp_path / file).write_text("value [kW]\n" + "5\n" * 8760)
    said = plan("import", "meter", f"./{file}", "--year", 2025, "--take", "--park", "park")
    assert said.code == (2 if file.startswith("CON") else 0), said.err
