"""park.toml and goal.toml."""

import tomllib


def test_a_blank_park_of_any_name_is_read_with_that_name(plan, tmp_path):
    """Quotes and backslashes of a name stay what they are in park.toml."""
    name = '<script>alert("1")</script> \\ "x\''
    assert plan("new", "attack", "--blank", "--name", name).code == 0
    assert tomllib.loads((tmp_path / "attack" / "park.toml").read_text(encoding="utf-8"))["name"] == name
    assert plan("check", "attack").code == 0
