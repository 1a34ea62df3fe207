"""Frames of charts: axes end where the values do, and an hour stands at one place in pictures one above the other."""

import re

import pandas as pd
import pytest

from planner.answer.page.charts import YearChart, frame_of, year_figure
from planner.answer.page.table import Styles
from planner.language.language import ENGLISH


@pytest.mark.parametrize(("low", "high"),
    [(0.0, 103.0), (-4.0, 103.0), (-103.0, 4.0), (0.0, 0.0), (-7.0, 3e9), (2.0, 3.0), (-3.0, -2.0)])
def test_a_frame_holds_its_values_and_wastes_little(low: float, high: float) -> None:
    frame = frame_of(900, 320, low, high, 5, ENGLISH)
    assert frame.low <= min(low, 0.0) and frame.high >= max(high, 0.0)
    assert (frame.y(frame.low), frame.y(frame.high)) == pytest.approx((frame.bottom, frame.top))
    assert len(frame.marks) >= 2 and 0.0 in frame.marks and all(frame.low <= v <= frame.high for v in frame.marks)
    if high > low:
        assert (max(high, 0.0) - min(low, 0.0)) / (frame.high - frame.low) > 0.9


def test_flows_and_what_is_held_stand_one_above_the_other_in_steps() -> None:
    """Two hours of 1 MW above 0, then -1 MW: two areas of one step each; 100,000 MWh held begin at the same place."""
    hours = [f"07-15 {h:02d}:00" for h in range(4)]
    flows = YearChart("F", "MW", bars=pd.DataFrame({"a": [1.0, 1.0, 0.0, -1.0]}, hours), wide=True)
    held = YearChart("H", "MWh", lines=pd.DataFrame({"c": [100_000.0] * 4}, hours), wide=True)
    one, two = (str(year_figure(chart, Styles({}), ENGLISH)) for chart in (flows, held))
    assert re.findall(r'data-left="([^"]+)"', one) == re.findall(r'data-left="([^"]+)"', two) == ["60"]
    above, below = re.findall(r'<path d="(M[^"]+Z)" class="s0"', one)
    assert above.count("V") == 2 and below.count("V") == 2 and "<table" not in one + two
