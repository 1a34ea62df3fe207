"""The finance part of the page says where the income of a store stands, since its account has only what it costs."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from planner.answer.page.finance import _of_stores
from planner.language.language import Language


def report(flows: list[str], asked: int) -> SimpleNamespace:
    """A plan with these flows of energy, of whose stores so many rows were asked for."""
    output = SimpleNamespace(target={"energy": pd.DataFrame({"flow": flows})},
        alone={"stores": pd.DataFrame({"year": [2030] * asked})})
    return SimpleNamespace(language=Language(), output=output)


@pytest.mark.parametrize(("flows", "asked", "words"), [
    (["import", "demand"], 0, ""),
    (["import", "charge", "discharge"], 0, "in those of the supplies: `plan what-if OUT --stores` tells it by stream."),
    (["import", "charge", "discharge"], 3, "is not in its account, but under What stores earn."),
])
def test_a_store_is_told_to_earn_elsewhere(flows, asked, words) -> None:
    told = _of_stores(report(flows, asked))
    assert told.endswith(words) and bool(told) == bool(words)
