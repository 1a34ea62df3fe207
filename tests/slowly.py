"""What the quick tests leave to all tests: tries beyond the first few, each of which tries once more what a quicker one tries."""

import os
from collections.abc import Iterable
from typing import Any

import pytest

#: Random tries, as a share of what all tests make; see `pytest_configure` in conftest.py.
TIMES = float(os.environ.get("PARKZERO_FUZZ", "1"))


def first(count: int, values: Iterable[Any]) -> list[Any]:
    """The values for `parametrize`, those of several names as tuples; those after the first `count` wait for `-m ""`."""
    return [value if i < count else _slow(value) for i, value in enumerate(values)]


def only(names: Iterable[Any], values: Iterable[Any]) -> list[Any]:
    """The values for `parametrize`; those that are not among `names` wait for `-m ""`."""
    wanted = set(names)
    return [value if value in wanted else _slow(value) for value in values]


def _slow(value: Any) -> Any:
    return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.slow)
