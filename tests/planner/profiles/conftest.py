"""A park that profiles go into."""

import pytest


@pytest.fixture
def park(tmp_path):
    """The option of a park folder that says nothing but its first day, a Sunday, as 2023 has it."""
    (tmp_path / "park").mkdir()
    (tmp_path / "park" / "park.toml").write_text("first_weekday = 6\n")
    return "--park", tmp_path / "park"
