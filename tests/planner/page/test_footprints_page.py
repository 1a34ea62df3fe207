"""Footprints on the page: what is said of two standards that ask for them, and a table of what is other than 0."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from reading import read, rows

from planner.answer.page.emissions import footprints
from planner.language.language import Language


def report(language: str = "en") -> SimpleNamespace:
    """A works that makes cement: 900 t of scope 1 in 2026, none in 2027, and no certificates."""
    said = [
        (year, "works", "cement", item, "t", value)
        for year in (2026, 2027)
        for item, value in (("scope1", 900.0 * (year == 2026)), ("certificates", 0.0))
    ]
    tables = {
        "footprints": pd.DataFrame(said, columns=["year", "tenant", "product", "item", "unit", "value"]),
        "investments": pd.DataFrame({"technology": [], "build": []}),
        "emission_sources": pd.DataFrame({"name": [], "item": []}),
    }
    return SimpleNamespace(language=Language(language), output=SimpleNamespace(target=tables, years=[2026, 2027]))


def test_only_what_is_other_than_nothing_has_a_row() -> None:
    (table,) = read(str(footprints(report()))).all("table")
    assert rows(table) == [["tenant", "product", "what", "2026", "2027"], ["works", "cement", "scope 1 [t]", 900.0, 0.0]]


@pytest.mark.parametrize(("language", "words"),
    [("en", ("Whether indirect emissions count depends on the good: Annex II", "That is not judged here; look up the CN codes")),
     ("zh", ("间接排放是否计入因产品而异：该条例附件二所列产品只计直接排放", "本页不作判断，请按产品的 CN 编码查对"))])
def test_of_which_goods_indirect_emissions_count_is_not_judged(language, words) -> None:
    (note,) = read(str(footprints(report(language)))).all("p", "note")
    assert all(each in note.text for each in words) and "2023/956" in note.text
