"""Series over the years, as charts show them."""

import pandas as pd
import pytest

from planner.answer.series import over_years


def test_sums_stand_by_year_and_in_the_order_in_which_names_appear():
    rows = pd.DataFrame({"year": [2027, 2026, 2027, 2027], "item": ["wind", "sun", "sun", "wind"], "value": [1.0, 2.0, 4.0, 8.0]})
    frame = over_years(rows, "item")
    assert list(frame.columns) == ["wind", "sun"] and list(frame.index) == [2026, 2027]
    assert frame.to_numpy().tolist() == [[0.0, 2.0], [9.0, 4.0]]


@pytest.mark.parametrize("kind", ["object", "category"])
def test_a_number_that_is_missing_counts_as_none_and_no_rows_give_no_columns(kind):
    rows = pd.DataFrame({"year": [2026, 2026], "item": pd.Series(["sun", "sun"], dtype=kind), "value": [None, 3.0]})
    assert over_years(rows, "item").to_numpy().tolist() == [[3.0]] and over_years(rows[:0], "item").shape == (0, 0)
